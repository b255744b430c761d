"""What people of the demo city sent without an account, and what became of some of it."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from assessments.dpia.prescan import PreScan
from assessments.dpia.prescan_access import open_link
from assessments.dpia.prescan_outcome import arrive, decline, take_on
from compliance.access import Identity
from compliance.database import Actor
from compliance.entry import everything
from compliance.fields import Choice, Choices, answer, fields
from compliance.people import Role
from compliance.web.site import Site


def load_prescans(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Opens the address of the city, lets pre-scans arrive, and takes one on and declines one."""
    officer = people[Role.DSB]
    told = tomllib.loads(files("compliance.demo").joinpath("prescans.toml").read_text("utf-8"))["scans"]
    arrived = []
    with site.database.writing(organisation, actor=Actor("Vorprüfung ohne Anmeldung")) as session:
        session.info["action"] = "arrive"
        open_link(session, organisation)
        arrived = [(arrive(session, _scan(one)).id, one) for one in told]
    with site.database.writing(organisation, actor=Actor(officer.name, officer.person_id)) as session:
        for id, one in arrived:
            scan = session.get_one(PreScan, (organisation, id), options=everything(PreScan))
            _decide(session, scan, one, officer)


def _scan(told: Mapping[str, Any]) -> PreScan:
    specs = fields(PreScan)
    return PreScan(
        **{
            name: _value(specs[name], value)
            for name, value in told.items()
            if name in specs and name != "fate"
        }
    )


def _value(spec: Any, value: Any) -> Any:
    match spec:
        case Choice():
            return answer(spec.words, value)
        case Choices():
            return tuple(answer(spec.words, name) for name in value)
        case _:
            return value


def _decide(session: Session, scan: PreScan, told: Mapping[str, Any], officer: Identity) -> None:
    match told.get("fate"):
        case "TAKEN":
            session.info["action"] = "take on"
            take_on(session, scan, [scan.name], by=officer)
        case "DECLINED":
            session.info["action"] = "decline"
            decline(session, scan, told["reason"], by=officer)
        case _:
            pass
