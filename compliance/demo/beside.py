"""Files and comments at entries of the invented city."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.access import Identity
from compliance.attachments import attach, take_in
from compliance.comments import write_comment
from compliance.database import Actor
from compliance.entry import Entry
from compliance.people import Role
from compliance.web.site import Site


def load_beside(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Adds them to a city whose registers are there, each in the name of whoever it comes from."""
    content = tomllib.loads(files(__package__).joinpath("beside.toml").read_text(encoding="utf-8"))
    for data in content["files"]:
        _attach(site, organisation, data, people[Role[data["by"]]])
    for data in content["comments"]:
        by = people[Role[data["by"]]]
        with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
            write_comment(session, _entry(site, session, data), data["text"], by=by)


def _attach(site: Site, organisation: uuid.UUID, data: Mapping[str, Any], by: Identity) -> None:
    stream = BytesIO(data["text"].lstrip().encode())
    taken = take_in(site.vault, organisation, data["file"], stream)
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        attach(session, site.vault, _entry(site, session, data), taken, stream, by=by)


def _entry(site: Site, session: Session, data: Mapping[str, Any]) -> Entry:
    model = site.register(data["register"])
    return session.scalars(select(model).where(model.name == data["name"])).one()
