"""What an audit checks about the care taken over every processor: selection, audits, measures, secrets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from compliance.fields import Span, TimeUnit, is_empty
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation
from registers.periods import after
from registers.processor_rules import ACTIVITIES, is_used, used
from registers.processors import AuditKind, AuditResult, Processor, ProcessorAudit

RULES: Final = RuleBook(Processor)

AUDIT_LASTS: Final = Span(24, TimeUnit.M)
MEASURES_LAST: Final = Span(24, TimeUnit.M)


def _is_older(day: date, span: Span, today: date) -> bool:
    return after(day, span) < today


def _audited(held_on: date) -> Processor:
    audit = ProcessorAudit(held_on=held_on, kind=AuditKind.DOCUMENTS, result=AuditResult.PASSED)
    processor = Processor(name="Kommunales Rechenzentrum Nord", audits=[audit])
    processor.derive()
    return processor


@RULES.rule(
    "AVV-006",
    Severity.WARNING,
    "Art. 28 Abs. 1, Abs. 3 lit. h DSGVO",
    field="audits",
    says=Text(
        "Die Garantien des Auftragsverarbeiters sind nicht geprüft, oder die Prüfung ist überfällig.",
        "The guarantees of the processor have not been checked, or the check is overdue.",
    ),
    remedy=Text(
        "Zertifikate, Berichte oder Auskünfte prüfen oder vor Ort kontrollieren und das Ergebnis als Zeile "
        "eintragen; ohne anderen Termin gilt eine Prüfung zwei Jahre.",
        "Review certificates, reports or statements or audit on site, and enter the result as a row; unless "
        "another date is set, a check holds for two years.",
    ),
    reads=(ACTIVITIES,),
    breaks=lambda: used(_audited(date(2023, 5, 2))),
    keeps=lambda: used(_audited(date(2025, 5, 2))),
)
def _guarantees_are_checked(processor: Processor, situation: Situation) -> Iterable[Hit]:
    if is_used(situation) and _audit_is_due(processor, situation.today):
        yield Hit()


def _audit_is_due(processor: Processor, today: date) -> bool:
    if processor.last_audit is None:
        return True
    if processor.next_audit is not None:
        return processor.next_audit < today
    return _is_older(processor.last_audit, AUDIT_LASTS, today)


@RULES.rule(
    "AVV-007",
    Severity.ERROR,
    "§ 80 Abs. 1 SGB X",
    field="social_data_notice",
    says=Text(
        "Der Auftrag umfasst Sozialdaten, aber eine rechtzeitige Anzeige an die Rechts- oder Fachaufsicht "
        "ist nicht belegt.",
        "The commission includes social data, but timely notice to the supervising authority is not shown.",
    ),
    remedy=Text(
        "Den Auftrag vor der Erteilung der Rechts- oder Fachaufsicht anzeigen und den Tag eintragen; eine "
        "öffentliche Stelle als Auftragsverarbeiter zeigt ihn auch ihrer eigenen Aufsicht an. Eine versäumte "
        "Anzeige nachholen und den Grund vermerken.",
        "Give notice of the commission to the supervising authority before the award and enter the day; a "
        "public processor notifies its own authority as well. Make up for a late notice and note the reason.",
    ),
    breaks=lambda: Processor(name="Druckzentrum Nord eG", social_data=True, signed_on=date(2025, 1, 20)),
    keeps=lambda: Processor(
        name="Druckzentrum Nord eG",
        social_data=True,
        signed_on=date(2025, 1, 20),
        social_data_notice=date(2024, 11, 12),
    ),
)
def _social_data_are_notified(processor: Processor, _: Situation) -> Iterable[Hit]:
    if processor.social_data is not True:
        return
    notified, awarded = processor.social_data_notice, processor.awarded_on or processor.signed_on
    if notified is None or (awarded is not None and notified >= awarded):
        yield Hit()


@RULES.rule(
    "AVV-011",
    Severity.WARNING,
    "Art. 28 Abs. 3 lit. c, Art. 32 Abs. 1 lit. d DSGVO",
    field="measures",
    says=Text(
        "Die technischen und organisatorischen Maßnahmen des Auftragsverarbeiters liegen nicht vor oder sind "
        "älter als zwei Jahre.",
        "The technical and organisational measures of the processor are not at hand or older than two years.",
    ),
    remedy=Text(
        "Die aktuelle Fassung anfordern, prüfen und mit Fundstelle und Datum eintragen.",
        "Request the current version, check it and enter it with file reference and date.",
    ),
    reads=(ACTIVITIES,),
    breaks=lambda: used(
        Processor(name="Druckzentrum Nord eG", measures="Anlage 2", measures_date=date(2021, 12, 13))
    ),
    keeps=lambda: used(
        Processor(name="Druckzentrum Nord eG", measures="Anlage 2", measures_date=date(2025, 11, 24))
    ),
)
def _measures_are_recent(processor: Processor, situation: Situation) -> Iterable[Hit]:
    if not is_used(situation):
        return
    dated = processor.measures_date
    if is_empty(processor.measures) or dated is None or _is_older(dated, MEASURES_LAST, situation.today):
        yield Hit()


@RULES.rule(
    "AVV-012",
    Severity.WARNING,
    "Art. 33 Abs. 2 DSGVO",
    field="breach_contact",
    says=Text(
        "Es ist nicht festgehalten, wen man beim Auftragsverarbeiter wegen einer Datenschutzverletzung "
        "erreicht.",
        "It is not recorded whom to reach at the processor about a personal data breach.",
    ),
    remedy=Text(
        "Die Meldestelle erfragen und eintragen; auch nachts und am Wochenende muss jemand antworten.",
        "Ask for the contact and enter it; somebody must answer at night and on weekends too.",
    ),
    reads=(ACTIVITIES,),
    breaks=lambda: used(Processor(name="Druckzentrum Nord eG")),
    keeps=lambda: used(Processor(name="Druckzentrum Nord eG", breach_contact="notfall@druck.example")),
)
def _breaches_have_a_contact(processor: Processor, situation: Situation) -> Iterable[Hit]:
    if is_used(situation) and is_empty(processor.breach_contact):
        yield Hit()
