"""The business impact analysis of the demo city: processes of the core administration and what they need."""

from __future__ import annotations

import tomllib
import uuid
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from compliance.access import Identity
from compliance.database import Actor
from compliance.entry import everything
from compliance.people import Unit
from compliance.release import keeping_release
from compliance.web.site import Site
from registers.continuity import Damage, DamageAfter
from registers.objects import ObjectKind, ObjectStatus, TargetObject


def load_continuity(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    """Adds processes to the information domain, and recovery times to its objects."""
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        session.info["action"] = "demo"
        query = select(TargetObject).options(*everything(TargetObject))
        targets = {target.name: target for target in session.scalars(query)}
        for name, reached in _content()["recovery"].items():
            # Released objects of the demo city stay released.
            with keeping_release(targets[name]):
                targets[name].rta_hours = reached["rta"]
                targets[name].loss_hours = reached.get("loss")
        processes = [_process(session, data, targets) for data in _content()["processes"]]
        session.add_all(processes)
        domain = session.scalars(
            select(InformationDomain).limit(1).options(*everything(InformationDomain))
        ).one()
        domain.objects = [*domain.objects, *processes]


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("continuity.toml").read_text(encoding="utf-8"))


def _process(session: Session, data: dict[str, Any], targets: dict[str, TargetObject]) -> TargetObject:
    curve = zip(_content()["horizons"], data["damages"], data["reasons"], strict=True)
    return TargetObject(
        name=data["name"],
        kind=ObjectKind.PROCESS,
        status=ObjectStatus.OPERATION,
        unit=session.scalars(select(Unit).where(Unit.key == data["unit"])).one(),
        owner=data["owner"],
        description=data["description"],
        personal_data=True,
        depends_on=[targets[name] for name in data["depends_on"]],
        damage_over_time=[
            DamageAfter(after_hours=hours, damage=Damage[damage], reason=reason)
            for hours, damage, reason in curve
        ],
        mta_hours=data.get("mta"),
        rto_hours=data.get("rto"),
        rpo_hours=data.get("rpo"),
        emergency_level=data.get("emergency_level", ""),
    )
