"""The demo city shows what the public sees: published activities, and a notice that is out of date."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select

from compliance.app import assemble, create_app
from compliance.config import Settings
from compliance.demo.publications import PUBLIC_NAME
from compliance.entry import everything
from compliance.people import Organisation
from registers.notices import PublishedNotice, notice_hash
from registers.processing import ProcessingActivity
from registers.publication import Publication


def test_some_activities_are_public_and_one_of_two_notices_is_out_of_date(
    wardersund_template: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(wardersund_template, tmp_path / "wardersund"))
    site = assemble(
        Settings.from_environ(
            {"NACHWEIS_DATABASE": f"sqlite:///{folder / 'nachweis.db'}", "NACHWEIS_DATA": str(folder)}
        )
    )
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with site.database.reading(organisation) as session:
        public = session.scalars(select(Publication)).all()
        notices = session.scalars(select(PublishedNotice)).all()
        query = select(ProcessingActivity).options(*everything(ProcessingActivity))
        activities = {activity.id: activity for activity in session.scalars(query)}
        stale = [notice.content != notice_hash(activities[notice.activity_id]) for notice in notices]
    page = create_app(site).test_client().get(f"/public/{PUBLIC_NAME}/register")
    site.database.engine.dispose()

    assert sorted(stale) == [False, True]
    assert len(public) >= 3
    assert all(activities[decision.activity_id].name in page.text for decision in public)
