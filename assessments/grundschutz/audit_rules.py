"""What an audit would object to in audits: their samples, their follow-up, and how ready the domain is."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Final, TypeAlias

from dateutil.relativedelta import relativedelta
from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from assessments.grundschutz.audits import Audit, AuditFinding, AuditKind, Grade, SampledModule
from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.readiness import Readiness, assess
from assessments.grundschutz.sampling import CYCLE_YEARS, extent, shortfall
from compliance.database import Query
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Heeds, Hit, RuleBook, Severity, Situation, hits
from registers.measures import Measure, Progress

RULES: Final = RuleBook(Audit)

_FOLLOW_UP: Final = "Referenzdokument A.0.5, Lenkung von Korrektur- und Vorbeugungsmaßnahmen"
_SCHEME: Final = "Auditierungsschema der ISO-27001-Zertifizierung auf Basis von IT-Grundschutz"
_AUDIT: Final = "DER.3.1 Audits und Revisionen"
_TODAY: Final = date(2026, 3, 2)
_DEVIATIONS: Final = (Grade.SEVERE, Grade.MINOR)
_IN_EFFECT: Final = (Progress.IMPLEMENTED, Progress.CHECKED)


# --- Findings and their follow-up ----------------------------------------------------------------


def _found(**facts: Any) -> Audit:
    facts = {"text": "Sicherungen werden nie zurückgespielt.", "grade": Grade.MINOR} | facts
    return Audit(name="Internes Audit", kind=AuditKind.INTERNAL, findings=[AuditFinding(**facts)])


def _is_open(finding: AuditFinding) -> bool:
    return finding.done_on is None


@RULES.rule(
    "AUD-001",
    Severity.WARNING,
    _FOLLOW_UP,
    field="findings",
    says=Text(
        "Abweichung „{what}“: Es fehlt, wer sie bis wann abstellt.",
        "Deviation “{what}”: it is not said who puts it right by when.",
    ),
    remedy=Text(
        "Tragen Sie zu jeder Abweichung Zuständigkeit und Frist ein.",
        "Enter a responsible post and a date for every deviation.",
    ),
    breaks=lambda: _found(responsible="Bereich Informationstechnik"),
    keeps=lambda: _found(responsible="Bereich Informationstechnik", until=date(2026, 6, 30)),
)
def _deviations_are_planned(audit: Audit, _: Situation) -> Iterator[Hit]:
    """A recommendation may be left alone; a deviation may not."""
    yield from hits(
        audit.findings,
        lambda one: one.grade in _DEVIATIONS and _is_open(one) and not (one.responsible and one.until),
    )


@RULES.rule(
    "AUD-002",
    Severity.WARNING,
    _FOLLOW_UP,
    field="findings",
    says=Text(
        "Feststellung „{what}“ ist noch offen, obwohl die Frist abgelaufen ist.",
        "Finding “{what}” is still open although its term has passed.",
    ),
    remedy=Text(
        "Stellen Sie die Abweichung ab und halten Sie den Nachweis fest, oder vereinbaren Sie eine neue "
        "Frist.",
        "Put the deviation right and record the evidence, or agree on a new date.",
    ),
    breaks=lambda: _found(responsible="Amt 11", until=date(2026, 2, 1)),
    keeps=lambda: _found(responsible="Amt 11", until=date(2026, 2, 1), done_on=date(2026, 1, 20)),
)
def _findings_are_put_right_in_time(audit: Audit, situation: Situation) -> Iterator[Hit]:
    yield from hits(
        audit.findings, lambda one: _is_open(one) and one.until is not None and one.until < situation.today
    )


@RULES.rule(
    "AUD-003",
    Severity.WARNING,
    _FOLLOW_UP,
    field="findings",
    says=Text(
        "Abweichung „{what}“ gilt als abgestellt, aber der Nachweis fehlt.",
        "Deviation “{what}” is said to be put right, but the evidence is missing.",
    ),
    remedy=Text(
        "Geben Sie an, wo belegt ist, dass die Abweichung abgestellt ist.",
        "State where it is shown that the deviation is put right.",
    ),
    breaks=lambda: _found(done_on=date(2026, 1, 20)),
    keeps=lambda: _found(done_on=date(2026, 1, 20), evidence="Protokoll der Rücksicherung vom 16.01.2026"),
)
def _ends_are_shown(audit: Audit, _: Situation) -> Iterator[Hit]:
    yield from hits(
        audit.findings,
        lambda one: one.grade in _DEVIATIONS and one.done_on is not None and not one.evidence,
    )


@RULES.rule(
    "AUD-004",
    Severity.HINT,
    _FOLLOW_UP,
    field="findings",
    says=Text(
        "Die Maßnahme zur Feststellung „{what}“ ist umgesetzt, die Feststellung aber noch offen.",
        "The measure for the finding “{what}” is in effect, but the finding is still open.",
    ),
    remedy=Text(
        "Bestätigen Sie die Wirkung und schließen Sie die Feststellung mit Datum und Nachweis.",
        "Confirm the effect, and close the finding with date and evidence.",
    ),
    breaks=lambda: _found(measure=Measure(name="Rücksicherung üben", progress=Progress.IMPLEMENTED)),
    keeps=lambda: _found(measure=Measure(name="Rücksicherung üben", progress=Progress.PLANNED)),
    heeds=(Heeds("Measure", ("progress",)),),
)
def _effective_measures_end_findings(audit: Audit, _: Situation) -> Iterator[Hit]:
    yield from hits(
        audit.findings,
        lambda one: _is_open(one) and one.measure is not None and one.measure.progress in _IN_EFFECT,
    )


@RULES.rule(
    "AUD-005",
    Severity.WARNING,
    _AUDIT,
    field="begun_on",
    says=Text(
        "Das Audit war für den {day} geplant und hat noch nicht begonnen.",
        "The audit was planned for {day} and has not begun yet.",
    ),
    remedy=Text(
        "Tragen Sie den Beginn nach oder vereinbaren Sie einen neuen Termin.",
        "Enter when it began, or agree on a new date.",
    ),
    breaks=lambda: Audit(name="Internes Audit", planned_for=date(2026, 2, 2)),
    keeps=lambda: Audit(name="Internes Audit", planned_for=date(2026, 2, 2), begun_on=date(2026, 2, 3)),
)
def _audits_take_place(audit: Audit, situation: Situation) -> Iterator[Hit]:
    day = audit.planned_for
    if day is not None and day < situation.today and _is_coming(audit) and audit.begun_on is None:
        yield Hit(words={"day": day.isoformat()})


@RULES.rule(
    "AUD-006",
    Severity.WARNING,
    _AUDIT,
    field="conclusion",
    says=Text(
        "Das Audit ist abgeschlossen, aber „{field}“ fehlt.",
        "The audit is completed, but “{field}” is missing.",
    ),
    remedy=Text(
        "Halten Sie das Gesamtergebnis fest und wo der Prüfbericht liegt.",
        "Record the overall result and where the audit report is found.",
    ),
    breaks=lambda: Audit(name="Internes Audit", done_on=date(2026, 2, 6)),
    keeps=lambda: Audit(
        name="Internes Audit",
        done_on=date(2026, 2, 6),
        conclusion="Das ISMS wirkt; eine geringfügige Abweichung.",
        report_source="10.21-4/2026",
    ),
)
def _results_are_recorded(audit: Audit, _: Situation) -> Iterator[Hit]:
    if audit.done_on is not None:
        for name in ("conclusion", "report_source"):
            if not getattr(audit, name):
                yield Hit(words={"field": name})


# --- The sample ----------------------------------------------------------------------------------


def _of_these(query: Any) -> Query:
    mine = (
        Audit.organisation_id == bindparam("organisation"),
        Audit.id.in_(bindparam("ids", expanding=True)),
    )
    found: Query = query.where(*mine)
    return found


def _assignments() -> Query:
    columns = (Assignment.id, Assignment.module_id, Assignment.relevant, Assignment.reason)
    query = select(Audit.id.label("audit_id"), *columns)
    return _of_these(query.join(Assignment, Assignment.domain_id == Audit.domain_id))


def _answers() -> Query:
    """Only before the audit takes place: afterwards its readiness is history."""
    query = select(
        Audit.id,
        RequirementAnswer.assignment_id,
        RequirementAnswer.requirement_id,
        RequirementAnswer.status,
        RequirementAnswer.adopted,
        RequirementAnswer.answered_on,
    ).join(RequirementAnswer, RequirementAnswer.domain_id == Audit.domain_id)
    return _of_these(query.where(Audit.planned_for.is_not(None), Audit.done_on.is_(None)))


def _earlier() -> Query:
    earlier = aliased(Audit)
    query = (
        select(Audit.id, earlier.done_on, SampledModule.checked)
        .join(earlier, (earlier.domain_id == Audit.domain_id) & (earlier.id != Audit.id))
        .join(SampledModule, SampledModule.parent_id == earlier.id)
    )
    return _of_these(query.where(earlier.done_on.is_not(None)))


_MODULES: Final = Asks("modules in scope", _assignments)
_ANSWERS: Final = Asks("answers in scope", _answers)
_EARLIER: Final = Asks("earlier samples", _earlier)


def _assigned(module_id: str, *, relevant: bool = True, reason: str = "") -> Any:
    return SimpleNamespace(
        id=uuid.uuid5(uuid.NAMESPACE_OID, module_id), module_id=module_id, relevant=relevant, reason=reason
    )


_SIX: Final = ("ISMS.1", "ORP.1", "CON.3", "OPS.1.1.3", "SYS.1.1", "INF.2")


def _sampled(*modules: str) -> Case:
    audit = Audit(
        name="Zertifizierungsaudit",
        kind=AuditKind.CERTIFICATION,
        modules=[SampledModule(module_id=module, checked=True) for module in modules],
    )
    return Case(audit, Situation(_TODAY, near={_MODULES.name: [_assigned(each) for each in _SIX]}))


def _shortfall(audit: Audit, situation: Situation) -> tuple[int, bool]:
    """What the sample lacks; nothing before it is drawn, and where the scheme prescribes none."""
    wanted = extent(audit.kind, _in_cycle(audit, situation), audit.sample_size)
    if not wanted.binding or not (audit.modules or audit.begun_on or audit.done_on):
        return 0, False
    applied = [row.module_id for row in situation.near.get(_MODULES.name, ()) if row.relevant is not False]
    return shortfall([row.module_id for row in audit.drawn], applied, wanted)


def _in_cycle(audit: Audit, situation: Situation) -> int:
    until = audit.planned_for or situation.today
    since = until - relativedelta(years=CYCLE_YEARS)
    rows = situation.near.get(_EARLIER.name, ())
    return sum(since < row.done_on <= until and row.checked is not False for row in rows)


@RULES.rule(
    "AUD-007",
    Severity.WARNING,
    _SCHEME,
    field="modules",
    says=Text(
        "Der Stichprobe fehlen Bausteine zum geforderten Umfang: {count}.",
        "The sample lacks modules to the size that is asked for: {count}.",
    ),
    remedy=Text(
        "Nehmen Sie weitere Bausteine auf oder lassen Sie die Stichprobe neu vorschlagen.",
        "Add modules, or have the sample proposed again.",
    ),
    breaks=lambda: _sampled(*_SIX[:4]),
    keeps=lambda: _sampled(*_SIX),
    reads=(_MODULES, _EARLIER),
)
def _samples_are_large_enough(audit: Audit, situation: Situation) -> Iterator[Hit]:
    missing, _ = _shortfall(audit, situation)
    if missing:
        yield Hit(words={"count": str(missing)})


@RULES.rule(
    "AUD-008",
    Severity.WARNING,
    _SCHEME,
    field="modules",
    says=Text(
        "Die Stichprobe enthält ISMS.1 Sicherheitsmanagement nicht.", "The sample does not contain ISMS.1."
    ),
    remedy=Text(
        "Nehmen Sie ISMS.1 auf; der Baustein gehört in jede Stichprobe.",
        "Add ISMS.1; the module belongs into every sample.",
    ),
    breaks=lambda: _sampled(*_SIX[1:]),
    keeps=lambda: _sampled(*_SIX),
    reads=(_MODULES, _EARLIER),
)
def _samples_contain_the_management(audit: Audit, situation: Situation) -> Iterator[Hit]:
    _, lacks = _shortfall(audit, situation)
    if lacks:
        yield Hit()


# --- Whether the domain is ready -----------------------------------------------------------------

_SOON: Final = timedelta(days=90)
_PAPERS_BEFORE: Final = timedelta(days=30)


def _is_coming(audit: Audit) -> bool:
    return audit.planned_for is not None and audit.done_on is None and audit.state is not State.ENDED


def _weight(audit: Audit, situation: Situation) -> Severity:
    """Half a year ahead a gap is worth knowing; in the last three months it is in the way."""
    is_soon = audit.planned_for is not None and audit.planned_for <= situation.today + _SOON
    return Severity.WARNING if is_soon else Severity.HINT


def _planned(answers: tuple[Any, ...] = (), *, assigned: tuple[Any, ...] = (), **facts: Any) -> Case:
    domain = InformationDomain(name="Kernverwaltung", approach=Approach.BASIC)
    audit = Audit(name="Internes Audit", domain=domain, planned_for=date(2026, 4, 13), **facts)
    near = {_MODULES.name: assigned, _ANSWERS.name: answers}
    return Case(audit, Situation(_TODAY, near=near))


def _all() -> tuple[Any, ...]:
    """Every module of the Kompendium: one applied, all others excluded."""
    return tuple(
        _assigned(module.id, relevant=module.id == "CON.2", reason="Kommt im Verbund nicht vor.")
        for module in edition_2023().modules
    )


def _answered(status: Status, on: date = date(2026, 1, 15)) -> tuple[Any, ...]:
    return (
        SimpleNamespace(
            assignment_id=_assigned("CON.2").id,
            requirement_id="CON.2.A1",
            status=status,
            adopted=None,
            answered_on=on,
        ),
    )


_Objection: TypeAlias = Callable[[Readiness], dict[str, str] | None]


def _unready(audit: Audit, situation: Situation, objection: _Objection) -> Iterator[Hit]:
    if not _is_coming(audit) or audit.domain is None:
        return
    modules = situation.near.get(_MODULES.name, ())
    answers = situation.near.get(_ANSWERS.name, ())
    words = objection(assess(audit.domain.extent, modules, answers, situation.today))
    if words:
        yield Hit(words=words, severity=_weight(audit, situation))


_READS: Final = (_MODULES, _ANSWERS)
_HEEDS: Final = (Heeds("InformationDomain", ("approach", "profile_asks")),)


def _counted(count: int) -> dict[str, str] | None:
    return {"count": str(count)} if count else None


@RULES.rule(
    "AUD-009",
    Severity.WARNING,
    "BSI-Standard 200-2, IT-Grundschutz-Check",
    field="domain",
    says=Text(
        "Vor dem Audit sind noch Anforderungen ohne Umsetzungsstatus: {count}.",
        "Before the audit there still are requirements without a status: {count}.",
    ),
    remedy=Text(
        "Beantworten Sie im IT-Grundschutz-Check jede Anforderung der angewendeten Bausteine.",
        "Answer every requirement of the applied modules in the IT-Grundschutz check.",
    ),
    breaks=lambda: _planned(assigned=_all()),
    keeps=lambda: _planned(_answered(Status.YES), assigned=_all()),
    reads=_READS,
    heeds=_HEEDS,
)
def _everything_is_answered(audit: Audit, situation: Situation) -> Iterator[Hit]:
    yield from _unready(audit, situation, lambda found: _counted(found.unanswered))


@RULES.rule(
    "AUD-010",
    Severity.WARNING,
    "BSI-Standard 200-2, Basis-Anforderungen",
    field="domain",
    says=Text(
        "Vor dem Audit sind Basis-Anforderungen nicht oder nur teilweise erfüllt: {count}.",
        "Before the audit there are basic requirements that are not met, or only in part: {count}.",
    ),
    remedy=Text(
        "Setzen Sie die Basis-Anforderungen vorrangig um; was sie mit MUSS verlangen, lässt sich nicht "
        "als Risiko übernehmen.",
        "Implement the basic requirements first; what they demand with MUSS cannot be accepted as a risk.",
    ),
    breaks=lambda: _planned(_answered(Status.PARTIAL), assigned=_all()),
    keeps=lambda: _planned(_answered(Status.YES), assigned=_all()),
    reads=_READS,
    heeds=_HEEDS,
)
def _basic_requirements_are_met(audit: Audit, situation: Situation) -> Iterator[Hit]:
    yield from _unready(audit, situation, lambda found: _counted(found.unmet))


@RULES.rule(
    "AUD-011",
    Severity.WARNING,
    _SCHEME,
    field="domain",
    says=Text(
        "Vor dem Audit sind Antworten älter als zwölf Monate: {count}.",
        "Before the audit there are answers older than twelve months: {count}.",
    ),
    remedy=Text(
        "Sehen Sie die Anforderungen noch einmal durch und bestätigen Sie die Antworten.",
        "Go through the requirements once more and confirm the answers.",
    ),
    breaks=lambda: _planned(_answered(Status.YES, date(2024, 11, 4)), assigned=_all()),
    keeps=lambda: _planned(_answered(Status.YES), assigned=_all()),
    reads=_READS,
    heeds=_HEEDS,
)
def _answers_are_fresh(audit: Audit, situation: Situation) -> Iterator[Hit]:
    yield from _unready(audit, situation, lambda found: _counted(found.outdated))


@RULES.rule(
    "AUD-012",
    Severity.WARNING,
    "BSI-Standard 200-2, Modellierung; Referenzdokument A.3",
    field="domain",
    says=Text(
        "Vor dem Audit sind Bausteine weder angewendet noch begründet ausgeschlossen: {count}.",
        "Before the audit there are modules neither applied nor excluded for a reason: {count}.",
    ),
    remedy=Text(
        "Begründen Sie unter „Nicht verwendete Bausteine“, warum sie nicht gebraucht werden.",
        "State under “Unused modules” why they are not needed.",
    ),
    breaks=lambda: _planned(_answered(Status.YES), assigned=_all()[:-1]),
    keeps=lambda: _planned(_answered(Status.YES), assigned=_all()),
    reads=_READS,
    heeds=_HEEDS,
)
def _unused_modules_are_explained(audit: Audit, situation: Situation) -> Iterator[Hit]:
    yield from _unready(audit, situation, lambda found: _counted(len(found.unexplained)))


@RULES.rule(
    "AUD-013",
    Severity.WARNING,
    _SCHEME,
    field="papers_on",
    says=Text(
        "Das Audit beginnt am {day}, und die Referenzdokumente sind dafür noch nicht erzeugt.",
        "The audit begins on {day}, and the reference documents have not been issued for it yet.",
    ),
    remedy=Text(
        "Geben Sie A.0 bis A.6 unter „Referenzdokumente“ aus und tragen Sie den Tag ein.",
        "Issue A.0 to A.6 under “Reference documents”, and enter the day.",
    ),
    breaks=lambda: Audit(name="Überwachungsaudit", planned_for=date(2026, 3, 16)),
    keeps=lambda: Audit(name="Überwachungsaudit", planned_for=date(2026, 3, 16), papers_on=date(2026, 2, 27)),
)
def _papers_are_issued(audit: Audit, situation: Situation) -> Iterator[Hit]:
    day = audit.planned_for
    if day is None or not _is_coming(audit) or audit.papers_on is not None:
        return
    if day <= situation.today + _PAPERS_BEFORE:
        yield Hit(words={"day": day.isoformat()})
