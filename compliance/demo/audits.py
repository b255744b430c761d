"""Policies and audits of the demo city: one audit is finished and followed up, one is planned."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.audit_sample import Wish, adjust_sample, propose_sample
from assessments.grundschutz.audits import Audit, AuditFinding, AuditKind, Grade
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.policies import Policy, PolicyKind
from assessments.grundschutz.unused import exclude
from compliance.access import Identity
from compliance.database import Actor, today
from compliance.entry import everything
from compliance.web.site import Site
from registers.measures import Measure
from registers.objects import TargetObject

_Find = Callable[[type[Any], str], Any]
_DOMAIN: Final = "Kernverwaltung"


def load_audits(site: Site, organisation: uuid.UUID, by: Identity) -> None:
    """Adds them to a city whose information domain is checked and analysed already."""
    content = tomllib.loads(files(__package__).joinpath("audits.toml").read_text(encoding="utf-8"))
    with site.database.writing(organisation, actor=Actor(by.name, by.person_id)) as session:
        session.info["action"] = "demo"
        query = select(InformationDomain).where(InformationDomain.name == _DOMAIN)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        session.add_all(_policy(data, domain) for data in content["policies"])
        for data in content["unused"]:
            exclude(session, domain, dict.fromkeys(data["modules"], data["reason"]), by=by)
        for data in content["audits"]:
            audit = _audit(data, domain, _finder(session))
            session.add(audit)
            # The sample depends on the running number, so the audit is stored before it is completed.
            session.flush()
            propose_sample(session, audit, by=by)
            session.flush()
            if reason := data.get("dropped"):
                adjust_sample(audit, {audit.modules[-1].id: Wish(checked=False, reason=reason)}, by=by)
            audit.done_on = _day(data, "done")
            session.flush()


def _finder(session: Session) -> _Find:
    return lambda model, name: session.scalars(select(model).where(model.name == name)).one()


def _day(data: Mapping[str, Any], name: str) -> date | None:
    return today() + timedelta(days=data[name]) if name in data else None


def _policy(data: Mapping[str, Any], domain: InformationDomain) -> Policy:
    return Policy(
        kind=PolicyKind[data["kind"]],
        unit=domain.unit,
        approved_on=_day(data, "approved"),
        next_review=_day(data, "review"),
        **{name: data[name] for name in ("name", "content", "source", "edition", "owner", "approved_by")},
    )


def _audit(data: Mapping[str, Any], domain: InformationDomain, find: _Find) -> Audit:
    return Audit(
        name=data["name"],
        domain=domain,
        unit=domain.unit,
        kind=AuditKind[data["kind"]],
        scope=data["scope"],
        auditors=data["auditors"],
        interviewees=data.get("interviewees", ""),
        planned_for=_day(data, "planned"),
        papers_on=_day(data, "papers"),
        begun_on=_day(data, "begun"),
        conclusion=data.get("conclusion", ""),
        report_source=data.get("report", ""),
        findings=[_finding(row, find) for row in data["findings"]],
    )


def _finding(data: Mapping[str, Any], find: _Find) -> AuditFinding:
    return AuditFinding(
        text=data["text"],
        grade=Grade[data["grade"]],
        concerns=data.get("concerns", ""),
        target=find(TargetObject, data["target"]) if "target" in data else None,
        responsible=data.get("responsible", ""),
        until=_day(data, "until"),
        measure=find(Measure, data["measure"]) if "measure" in data else None,
        done_on=_day(data, "done"),
        evidence=data.get("evidence", ""),
    )
