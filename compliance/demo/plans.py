"""The implementation plan of the demo city: under way, with one measure to take over, and its faults."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.plan import plan_of
from assessments.grundschutz.plan_control_steps import draw_up_controls
from assessments.grundschutz.plan_controls import planned_controls
from assessments.grundschutz.plan_steps import Draft, draw_up
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.people import Role
from compliance.web.site import Site
from registers.measures import Measure, Progress

_AMOUNTS: Final = ("staff_once", "material_once", "staff_yearly", "material_yearly")
_DAYS: Final = {"planned_from": "from", "planned_until": "until", "implemented_on": "done"}


def load_plans(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Adds it to a city whose information domain is checked already."""
    content = tomllib.loads(files(__package__).joinpath("plan.toml").read_text(encoding="utf-8"))
    isb = people[Role.ISB]
    with site.database.writing(organisation, actor=Actor(isb.name, isb.person_id)) as session:
        query = select(InformationDomain).where(InformationDomain.name == content["domain"])
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        drawn = _drawn_up(session, domain, content["measures"], isb)
        for data in content["measures"]:
            _say(drawn[data["name"]], data, drawn)
        _for_control(session, domain, content["control"], isb)
        session.info["action"] = "demo"


def _drawn_up(
    session: Session, domain: InformationDomain, entries: list[dict[str, Any]], by: Identity
) -> dict[str, Measure]:
    missing = [group.requirement for group in plan_of(session, domain).unplanned]
    drafts = [
        Draft(
            tuple(each.id for each in missing if each.module in data["modules"]),
            data["name"],
            data.get("responsible", ""),
            today() + timedelta(days=data["until"]),
        )
        for data in entries
    ]
    return {measure.name: measure for measure in draw_up(session, domain, drafts, by=by)}


def _for_control(session: Session, domain: InformationDomain, data: dict[str, Any], by: Identity) -> None:
    """Draws up the measure that one control of the city's service instruction waits for."""
    wanted = [one.answer_id for one in planned_controls(session, domain).unmet if one.label == data["label"]]
    [measure] = draw_up_controls(session, domain, wanted, by=by)
    _say(measure, data, {})


def _say(measure: Measure, data: dict[str, Any], others: Mapping[str, Measure]) -> None:
    measure.progress = Progress[data.get("progress", "PLANNED")]
    measure.evidence = data.get("evidence", "")
    measure.budget = data.get("budget", "")
    measure.depends_on = [others[name] for name in data.get("after", ())]
    for name in _AMOUNTS:
        setattr(measure, name, data.get(name))
    for name, key in _DAYS.items():
        if key in data:
            setattr(measure, name, today() + timedelta(days=data[key]))
