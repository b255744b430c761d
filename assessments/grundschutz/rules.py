"""What an audit would object to in the modelling and the check of an information domain."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.grundschutz.check import Gap, Given, RequirementAnswer, Status, gap_moved
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.objects import ObjectStatus, TargetObject

RULES: Final = RuleBook(InformationDomain)

_MODULES: Final = Reads("Assignment", "domain", ("id", "module_id", "target_id", "relevant", "reason"))
# Which of them count is said by the extent of the check, which may leave out what was answered before.
_GAPS: Final = Reads(
    "RequirementAnswer",
    "domain",
    ("assignment_id", "requirement_id", "adopted", "gap"),
    narrow=lambda query: query.where(RequirementAnswer.gap != Gap.NONE.value),
    moved=gap_moved,
)


def _answered(given: Given) -> Case:
    server = TargetObject(id=uuid.UUID(int=1), name="Fachverfahrensserver", status=ObjectStatus.OPERATION)
    assignment = _assigned()
    row = SimpleNamespace(
        assignment_id=assignment.id, requirement_id="SYS.1.1.A1", adopted=None, gap=given.gap
    )
    gaps = [row] if given.gap else []
    domain = InformationDomain(name="Kernverwaltung", objects=[server])
    near = {"Assignment": [assignment], "RequirementAnswer": gaps}
    return Case(domain, Situation(date(2026, 3, 2), near=near))


@RULES.rule(
    "GSC-001",
    Severity.ERROR,
    "BSI-Standard 200-2, IT-Grundschutz-Check",
    field="objects",
    says=Text(
        "{place}, Baustein {module}: Anforderungen gelten als entbehrlich, ohne dass begründet ist, warum.",
        "{place}, module {module}: requirements are called unnecessary without a reason.",
    ),
    remedy=Text(
        "Begründen Sie im IT-Grundschutz-Check, warum die Anforderung entbehrlich ist und was den "
        "Gefährdungen stattdessen entgegenwirkt.",
        "State in the IT-Grundschutz check why the requirement is unnecessary and what counters the "
        "threats instead.",
    ),
    breaks=lambda: _answered(Given(Status.UNNECESSARY)),
    keeps=lambda: _answered(Given(Status.UNNECESSARY, reason="Das System hat keine Netzanbindung.")),
    reads=(_MODULES, _GAPS),
)
def unnecessary_needs_a_reason(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """An auditor accepts „entbehrlich“ only with its reason."""
    return _modules_with(domain, situation, Gap.REASON)


@RULES.rule(
    "GSC-002",
    Severity.WARNING,
    "BSI-Standard 200-2, Umsetzungsplanung",
    field="objects",
    says=Text(
        "{place}, Baustein {module}: Zu offenen Anforderungen fehlt, wer sie bis wann umsetzt.",
        "{place}, module {module}: for unmet requirements it is not said who implements them by when.",
    ),
    remedy=Text(
        "Tragen Sie zu jeder Anforderung mit „teilweise“ oder „nein“ Zuständigkeit und Datum ein.",
        "Enter a responsible person and a date for every requirement with “partially” or “no”.",
    ),
    breaks=lambda: _answered(Given(Status.PARTIAL, responsible="Amt 11")),
    keeps=lambda: _answered(Given(Status.PARTIAL, responsible="Amt 11", due=date(2026, 9, 30))),
    reads=(_MODULES, _GAPS),
)
def unmet_needs_a_plan(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """What is not met belongs into the implementation plan (Realisierungsplan)."""
    return _modules_with(domain, situation, Gap.PLAN)


def _modules_with(domain: InformationDomain, situation: Situation, gap: Gap) -> Iterator[Hit]:
    """One hit for each applied module; naming each requirement would bury the reader."""
    extent, requirement = domain.extent, edition_2023().requirement
    guilty = {
        row.assignment_id
        for row in situation.near.get("RequirementAnswer", ())
        if row.gap == gap and extent.asks(requirement(row.requirement_id), adopted=row.adopted is True)
    }
    for row in situation.near.get("Assignment", ()):
        if row.id in guilty and row.relevant is not False:
            yield Hit(words={"place": _place(domain, row.target_id), "module": row.module_id})


def _modelled(*assignments: Any, status: ObjectStatus = ObjectStatus.OPERATION) -> Case:
    server = TargetObject(id=uuid.UUID(int=1), name="Fachverfahrensserver", status=status)
    domain = InformationDomain(name="Kernverwaltung", objects=[server])
    return Case(domain, Situation(date(2026, 3, 2), near={"Assignment": assignments}))


def _assigned(*, relevant: bool = True, reason: str = "") -> Any:
    return SimpleNamespace(
        id=uuid.UUID(int=2),
        module_id="SYS.1.1",
        target_id=uuid.UUID(int=1),
        relevant=relevant,
        reason=reason,
    )


@RULES.rule(
    "GSC-003",
    Severity.WARNING,
    "BSI-Standard 200-2, Modellierung",
    field="objects",
    says=Text(
        "{place} gehört zum Informationsverbund, aber kein Baustein wird darauf angewendet.",
        "{place} belongs to the information domain, but no module is applied to it.",
    ),
    remedy=Text(
        "Ordnen Sie einen Baustein zu. Passt keiner, braucht das Zielobjekt eine Risikoanalyse.",
        "Assign a module. If none fits, the target object needs a risk analysis.",
    ),
    breaks=_modelled,
    keeps=lambda: _modelled(_assigned()),
    reads=(_MODULES,),
)
def objects_need_modules(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """What is in scope is modelled, except processes, to which no module applies, and what is out of use."""
    if not domain.is_modelled:
        return
    modelled = {row.target_id for row in situation.near.get("Assignment", ()) if row.relevant is not False}
    for target in sorted(domain.objects, key=lambda target: target.number or 0):
        if target.takes_modules and target.id not in modelled:
            yield Hit(words={"place": target.designation})


@RULES.rule(
    "GSC-004",
    Severity.ERROR,
    "BSI-Standard 200-2, Modellierung",
    field="objects",
    says=Text(
        "{place}: Der Baustein {module} wird nicht angewendet, ohne dass begründet ist, warum.",
        "{place}: the module {module} is not applied, and no reason is given.",
    ),
    remedy=Text(
        "Begründen Sie in der Modellierung, warum der Baustein nicht angewendet wird.",
        "State in the modelling why the module is not applied.",
    ),
    breaks=lambda: _modelled(_assigned(relevant=False)),
    keeps=lambda: _modelled(_assigned(relevant=False, reason="Der Server ist eine virtuelle Maschine.")),
    reads=(_MODULES,),
)
def exclusion_needs_a_reason(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """A module that is not applied is justified."""
    for row in situation.near.get("Assignment", ()):
        if row.relevant is False and not row.reason:
            yield Hit(words={"place": _place(domain, row.target_id), "module": row.module_id})


def _place(domain: InformationDomain, target_id: uuid.UUID | None) -> str:
    """The running number of a target object, or of the domain where a module applies to the whole."""
    if target_id is None:
        return domain.designation
    return next(
        (target.designation for target in domain.objects if target.id == target_id), domain.designation
    )
