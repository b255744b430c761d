"""What changes after impact assessments of the demo city were released, and a review that is finished."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.dpia import Dpia
from assessments.dpia.review import answer, begin, finish, open_reasons
from compliance.access import Identity
from compliance.database import Actor
from compliance.entry import class_called, everything
from compliance.fields import Choice, References, fields
from compliance.people import Role
from compliance.web.site import Site


def load_reviews(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Lets people change what released assessments rest on, and the project lead review one of them."""
    content = tomllib.loads(files(__package__).joinpath("reviews.toml").read_text(encoding="utf-8"))
    lead = people[Role.PROJECT_LEAD]
    for data in content["changes"]:
        _in_hands_of(site, organisation, people[Role[data["by"]]], _change, data)
    for data in content["reviews"]:
        for step in (_begin, _answer, _finish):
            _in_hands_of(site, organisation, lead, step, data)
    for data in content["later_changes"]:
        _in_hands_of(site, organisation, people[Role[data["by"]]], _change, data)
    for data in content["begun"]:
        _in_hands_of(site, organisation, lead, _begin, data)
    for data in content["adapted"]:
        _in_hands_of(site, organisation, people[Role[data["by"]]], _change, data)


def _in_hands_of(site: Site, organisation: uuid.UUID, who: Identity, step: Any, data: dict[str, Any]) -> None:
    with site.database.writing(organisation, actor=Actor(who.name, who.person_id)) as session:
        step(session, data, who)


def _called(session: Session, class_name: str, name: str) -> Any:
    model = class_called(class_name)
    return session.scalars(select(model).where(model.name == name).options(*everything(model))).one()


def _change(session: Session, data: dict[str, Any], _by: Identity) -> None:
    entry = _called(session, data["register"], data["name"])
    specs = fields(type(entry))
    for name in data.keys() - {"by", "register", "name"}:
        match specs[name]:
            case Choice() as spec:
                setattr(entry, name, next(word for word in spec.words if word.name == data[name]))
            case References() as spec:
                setattr(entry, name, [_called(session, spec.target, each) for each in data[name]])
            case _:
                setattr(entry, name, data[name])


def _begin(session: Session, data: dict[str, Any], lead: Identity) -> None:
    begin(session, _called(session, Dpia.__name__, data["dpia"]), by=lead, told=data["told"])


def _answer(session: Session, data: dict[str, Any], lead: Identity) -> None:
    dpia = _called(session, Dpia.__name__, data["dpia"])
    for reason in open_reasons(session, dpia):
        assert reason.occasion is not None  # noqa: S101 -- every reason has one
        given = data["answers"][reason.occasion.name]
        answer(session, dpia, reason, given["influence"], given["explanation"], by=lead)


def _finish(session: Session, data: dict[str, Any], lead: Identity) -> None:
    finish(session, _called(session, Dpia.__name__, data["dpia"]), data["conclusion"], None, by=lead)
