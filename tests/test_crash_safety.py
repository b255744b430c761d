"""Whoever pulls the plug in the middle of an import finds all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import SectionVerdict
from compliance.app import assemble
from compliance.comments import Comment
from compliance.config import Settings
from compliance.entry import State
from compliance.findings import Finding
from compliance.journal import JournalRecord, verify
from compliance.people import Organisation
from registers.processing import ProcessingActivity, Purpose

ROWS = 5_000
HOUSE = Path(__file__).parent.parent


BEGUN = 1_000_000
"""So many bytes of the unit of work lie in the log of the database when it is killed."""


def kill_within(subject: str, file: Path, variables: dict[str, str]) -> None:
    """Imports *file* and kills the program once a large part of it is written and nothing is committed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "compliance.cli", "import", subject, file],
        cwd=HOUSE,
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
    )
    # A large unit of work flows into the log of the database long before it is committed.
    log = Path(variables["NACHWEIS_DATA"]) / "nachweis.db-wal"
    while process.poll() is None and not (log.exists() and log.stat().st_size > BEGUN):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def test_an_import_that_is_killed_leaves_all_or_nothing(wardersund_template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nachweis"
    shutil.copytree(wardersund_template, folder)
    database = folder / "nachweis.db"
    variables = {"NACHWEIS_DATABASE": f"sqlite:///{database}", "NACHWEIS_DATA": str(folder)}
    table = tmp_path / "bestand.csv"
    table.write_text(
        "Bezeichnung;Zwecke\n" + "".join(f"Verfahren {row};Zweck {row}\n" for row in range(ROWS)),
        encoding="utf-8",
    )

    kill_within("processing-activities", table, variables)

    site = assemble(Settings.from_environ(variables))
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with site.database.reading(organisation) as session:
        mine = ProcessingActivity.name.like("Verfahren %")
        imported = session.scalars(select(ProcessingActivity.id).where(mine)).all()
        states = set(session.scalars(select(ProcessingActivity.state).where(mine)))
        found = {
            "parts": session.scalar(
                select(func.count()).select_from(Purpose).where(Purpose.parent_id.in_(imported[:500]))
            ),
            "findings": len(
                set(session.scalars(select(Finding.entry_id).where(Finding.entry_id.in_(imported[:500]))))
            ),
            "records": session.scalar(
                select(func.count())
                .select_from(JournalRecord)
                .where(JournalRecord.organisation_id == organisation, JournalRecord.action == "import")
            ),
        }
    verified = verify(site.database)
    site.database.engine.dispose()
    whole = len(imported) == ROWS
    assert len(imported) in (0, ROWS)
    assert states <= {State.IMPORTED}
    assert found == {"parts": 500 * whole, "findings": 500 * whole, "records": ROWS * whole}
    assert verified.breaks == ()


COMMENTS = 10_000


def test_an_assessment_whose_import_is_killed_is_there_whole_or_not_at_all(
    wardersund_template: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "nachweis"
    shutil.copytree(wardersund_template, folder)
    database = folder / "nachweis.db"
    variables = {"NACHWEIS_DATABASE": f"sqlite:///{database}", "NACHWEIS_DATA": str(folder)}
    file = tmp_path / "pia.json"
    comment = {"reference_to": 111, "created_at": "2024-03-05T10:00:00.000Z"}
    comments = [comment | {"description": f"{number} " + "Frage " * 100} for number in range(COMMENTS)]
    answer = {"reference_to": 214, "data": {"text": "Wird geprüft."}}
    evaluation = {"reference_to": "1.1", "status": 3}
    pia = {
        "pia": {"name": "Gewaltsam beendet"}, "answers": [answer], "measures": [],
        "evaluations": [evaluation], "comments": comments,
    }  # fmt: skip
    file.write_text(json.dumps(pia), encoding="utf-8")

    kill_within("dpia", file, variables)

    site = assemble(Settings.from_environ(variables))
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with site.database.reading(organisation) as session:
        mine = session.scalars(select(Dpia.id).where(Dpia.name == "Gewaltsam beendet")).all()
        found = {
            "comments": session.scalar(
                select(func.count()).select_from(Comment).where(Comment.text.like("Zu Frage 111 %"))
            ),
            "answers": session.scalar(
                select(func.count()).select_from(DpiaAnswer).where(DpiaAnswer.text == "Wird geprüft.")
            ),
            "verdicts": session.scalar(
                select(func.count()).select_from(SectionVerdict).where(SectionVerdict.parent_id.in_(mine))
            ),
        }
    verified = verify(site.database)
    site.database.engine.dispose()
    whole = len(mine)
    assert whole in (0, 1)
    assert found == {"comments": COMMENTS * whole, "answers": whole, "verdicts": whole}
    assert verified.breaks == ()
