"""Whether what data protection says about erasure is carried by the check of an information domain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, bindparam, inspect, or_, select

from assessments.grundschutz.check import UNMET, RequirementAnswer
from assessments.grundschutz.domain import InformationDomain
from compliance.database import Query
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Follows, Heeds, Hit, Reads, RuleBook, Severity, Situation
from registers.objects import ObjectStatus, TargetObject
from registers.processing import DataCategory, ProcessingActivity, Stage
from registers.retention import ErasureStep, ErasureWay, RetentionRule

RULES: Final = RuleBook(InformationDomain)

BACKUP: Final = "CON.3"
"""The module Datensicherungskonzept."""
ERASURE: Final = "CON.6"
"""The module Löschen und Vernichten."""
LOGGING: Final = "OPS.1.1.5"
"""The module Protokollierung."""

_MOST_NAMED: Final = 5
_IDS: Final[Any] = bindparam("ids", expanding=True)
_ORGANISATION: Final[Any] = bindparam("organisation")

_MODULES: Final = Reads("Assignment", "domain", ("module_id", "target_id", "relevant"))
_OBJECT: Final = Heeds("TargetObject", ("status", "personal_data"))


# --- Who erases here -----------------------------------------------------------------------------


def _members() -> Any:
    return inspect(InformationDomain).relationships["objects"].secondary


def _used() -> Any:
    return inspect(ProcessingActivity).relationships["objects"].secondary


def _activities_with_rules() -> Query:
    """For each domain the activities in use that rest on its objects and say when data are erased."""
    members, used = _members(), _used()
    has_rule = (
        select(DataCategory.id)
        .where(
            DataCategory.organisation_id == ProcessingActivity.organisation_id,
            DataCategory.parent_id == ProcessingActivity.id,
            or_(DataCategory.retention_rule_id.is_not(None), DataCategory.period.is_not(None)),  # type: ignore[attr-defined]
        )
        .exists()
    )
    here = and_(used.c.organisation_id == members.c.organisation_id, used.c.target_id == members.c.target_id)
    its = and_(
        ProcessingActivity.organisation_id == used.c.organisation_id,
        ProcessingActivity.id == used.c.source_id,
    )
    query = select(members.c.source_id, ProcessingActivity.number).join(used, here)
    return (
        query.join(ProcessingActivity, its)
        .where(
            members.c.organisation_id == _ORGANISATION,
            members.c.source_id.in_(_IDS),
            ProcessingActivity.state != State.ENDED,
            or_(ProcessingActivity.stage.is_(None), ProcessingActivity.stage != Stage.RETIRED),
            has_rule,
        )
        .distinct()
        .order_by(ProcessingActivity.number)
    )


def _domains_of_activities() -> Query:
    members, used = _members(), _used()
    here = and_(used.c.organisation_id == members.c.organisation_id, used.c.target_id == members.c.target_id)
    query = select(members.c.source_id).join(used, here)
    return query.where(members.c.organisation_id == _ORGANISATION, used.c.source_id.in_(_IDS)).distinct()


def _unmet() -> Query:
    """For each domain what the check finds missing of the two modules."""
    of_these = (RequirementAnswer.requirement_id.startswith(f"{module}.A") for module in (BACKUP, ERASURE))
    return (
        select(RequirementAnswer.domain_id, RequirementAnswer.requirement_id)
        .where(
            RequirementAnswer.organisation_id == _ORGANISATION,
            RequirementAnswer.domain_id.in_(_IDS),
            RequirementAnswer.status.in_(UNMET),
            or_(*of_these),
        )
        .distinct()
    )


def _log_rules() -> Query:
    """For each domain the rules of erasure by which logs on one of its objects, or everywhere, are erased."""
    members = _members()
    here = or_(ErasureStep.system_id.is_(None), ErasureStep.system_id == members.c.target_id)  # type: ignore[attr-defined]
    its = and_(
        RetentionRule.organisation_id == ErasureStep.organisation_id,
        RetentionRule.id == ErasureStep.parent_id,
    )
    query = select(members.c.source_id, RetentionRule.number)
    query = query.join(ErasureStep, and_(ErasureStep.organisation_id == members.c.organisation_id, here))
    return (
        query.join(RetentionRule, its)
        .where(
            members.c.organisation_id == _ORGANISATION,
            members.c.source_id.in_(_IDS),
            ErasureStep.way == ErasureWay.LOG,
            RetentionRule.state != State.ENDED,
        )
        .distinct()
    )


def _every_domain() -> Query:
    """A rule of erasure may concern any domain, before and after it is changed."""
    both = InformationDomain.organisation_id == RetentionRule.organisation_id
    query = select(InformationDomain.id).join(RetentionRule, both)
    return query.where(RetentionRule.organisation_id == _ORGANISATION, RetentionRule.id.in_(_IDS)).distinct()


# Any answer that is saved judges its domain again, see GSC-001.
_UNMET: Final = Asks("unmet requirements of CON.3 and CON.6", _unmet)
# A changed row changes its entry, so that every saving counts.
_ACTIVITIES: Final = Follows(
    "ProcessingActivity", _activities_with_rules, ("changed_at",), _domains_of_activities
)
_LOGS: Final = Follows("RetentionRule", _log_rules, ("changed_at",), _every_domain)


# --- Rules ---------------------------------------------------------------------------------------


def _domain(*, answers: Sequence[str] = (), logs: bool = True, personal: bool = True) -> Case:
    """An example: one system that an activity with a rule of erasure uses; *answers* are not met."""
    system = TargetObject(number=4, name="Wohngeldverfahren", personal_data=personal)
    modules = [
        SimpleNamespace(module_id=each, target_id=None, relevant=True) for each in (BACKUP, ERASURE, LOGGING)
    ]
    near = {
        "Assignment": modules,
        _UNMET.name: [SimpleNamespace(requirement_id=each) for each in answers],
        "ProcessingActivity": [SimpleNamespace(number=7)],
        "RetentionRule": [SimpleNamespace(number=3)] if logs else [],
    }
    domain = InformationDomain(name="Kernverwaltung", objects=[system])
    return Case(domain, Situation(date(2026, 3, 2), near=near))


def _applied(situation: Situation) -> set[str]:
    rows = situation.near.get(_MODULES.model, ())
    return {row.module_id for row in rows if row.relevant is not False}


def _named(designations: Sequence[str]) -> str:
    """As many as a reader takes in."""
    return ", ".join([*designations[:_MOST_NAMED], *(["…"] if len(designations) > _MOST_NAMED else [])])


@RULES.rule(
    "XGS-005",
    Severity.WARNING,
    "IT-Grundschutz-Kompendium Edition 2023, CON.3, CON.6",
    field="objects",
    says=Text(
        "Verarbeitungen mit Löschregel beruhen auf diesem Verbund ({what}), doch zu Datensicherung und "
        "Löschen ist nicht umgesetzt: {ids}.",
        "Activities with rules of erasure rest on this domain ({what}), but of backup and erasure this is "
        "not implemented: {ids}.",
    ),
    remedy=Text(
        "Setzen Sie um, was der Check vermisst: Erst dann ist gesichert, dass Löschregeln auch in Systemen, "
        "auf Datenträgern und in Sicherungen wirken.",
        "Implement what the check misses: only then do rules of erasure take effect in systems, on media and "
        "in backups.",
    ),
    breaks=lambda: _domain(answers=("CON.6.A1",)),
    keeps=_domain,
    reads=(_MODULES, _UNMET, _ACTIVITIES),
)
def _erasure_is_implemented(_domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """One finding for each of the two modules; one that was excluded for a reason is not objected to.

    A domain that is not modelled at all yet is the matter of GSC-003.
    """
    activities = [
        ProcessingActivity.designate(row.number) for row in situation.near.get(_ACTIVITIES.name, ())
    ]
    assigned = {row.module_id: row.relevant for row in situation.near.get(_MODULES.model, ())}
    if not activities or not assigned:
        return
    unmet = {row.requirement_id for row in situation.near.get(_UNMET.name, ())}
    for module in (BACKUP, ERASURE):
        missing = [each for each in unmet if each.startswith(f"{module}.A")]
        if module not in assigned:
            yield Hit(words={"what": _named(activities), "ids": module})
        elif assigned[module] is not False and missing:
            ids = sorted(missing, key=lambda each: int(each.rpartition(".A")[2]))
            yield Hit(words={"what": _named(activities), "ids": _named(ids)})


@RULES.rule(
    "XGS-009",
    Severity.WARNING,
    "Art. 5 Abs. 1 lit. e DSGVO, IT-Grundschutz-Kompendium Edition 2023, OPS.1.1.5",
    field="objects",
    says=Text(
        "Protokolle enthalten hier personenbezogene Daten ({what}), aber keine Löschregel sagt, wann sie "
        "gelöscht werden.",
        "Logs hold personal data here ({what}), but no rule of erasure says when they are erased.",
    ),
    remedy=Text(
        "Legen Sie unter „Löschregeln“ eine Regel für Protokolldaten an, mit einem Schritt „Umlauf der "
        "Protokolle“ für diese Systeme oder ohne System für alle.",
        "Create a rule for log data under “Rules of erasure”, with a step “Rotation of logs” for these "
        "systems, or without a system for all.",
    ),
    breaks=lambda: _domain(logs=False),
    keeps=_domain,
    reads=(_MODULES, _LOGS),
    heeds=(_OBJECT,),
)
def _logs_are_erased(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """Where people work with personal data, what they do is logged with their name."""
    personal = [
        target.designation
        for target in sorted(domain.objects, key=lambda target: target.number or 0)
        if target.personal_data and target.status is not ObjectStatus.RETIRED
    ]
    if personal and LOGGING in _applied(situation) and not situation.near.get(_LOGS.name):
        yield Hit(words={"what": _named(personal)})
