"""What the data protection officer must not lose sight of in inspections and cases of the authority."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from compliance.entry import State
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation, hits
from registers.authority_cases import AuthorityCase
from registers.inspections import Defect, Inspection, InspectionFinding

CASE_RULES: Final = RuleBook(AuthorityCase)
INSPECTION_RULES: Final = RuleBook(Inspection)


@CASE_RULES.rule(
    "AUF-001",
    Severity.ERROR,
    "Art. 31, Art. 58 Abs. 1 DSGVO",
    field="answer_by",
    says=Text(
        "Die von der Aufsichtsbehörde gesetzte Frist ist verstrichen, ohne dass geantwortet wurde.",
        "The deadline set by the supervisory authority has passed without an answer.",
    ),
    remedy=Text(
        "Unverzüglich antworten oder eine Verlängerung vereinbaren und die neue Frist eintragen.",
        "Answer without delay, or agree an extension and enter the new deadline.",
    ),
    breaks=lambda: AuthorityCase(name="Anforderung des Verzeichnisses", answer_by=date(2026, 2, 27)),
    keeps=lambda: AuthorityCase(
        name="Anforderung des Verzeichnisses", answer_by=date(2026, 2, 27), answered_on=date(2026, 2, 25)
    ),
)
def _authority_is_answered(case: AuthorityCase, situation: Situation) -> Iterable[Hit]:
    if case.answer_by is not None and case.answer_by < situation.today and case.answered_on is None:
        yield Hit()


@CASE_RULES.rule(
    "AUF-002",
    Severity.WARNING,
    "Art. 31, Art. 38 Abs. 6 DSGVO",
    field="answered_on",
    says=Text(
        "Die Antwort ist versandt, aber nicht von der Leitung unterzeichnet oder danach geändert.",
        "The answer was sent, but management has not signed it or it was changed afterwards.",
    ),
    remedy=Text(
        "Den Vorgang zur Prüfung geben und von der Leitung unterzeichnen lassen; die Datenschutzbeauftragte "
        "antwortet nicht für den Verantwortlichen.",
        "Submit the case and have management sign it; the data protection officer does not answer for the "
        "controller.",
    ),
    breaks=lambda: AuthorityCase(name="Beschwerde Newsletter", answered_on=date(2026, 2, 25)),
    keeps=lambda: AuthorityCase(
        name="Beschwerde Newsletter", answered_on=date(2026, 2, 25), state=State.RELEASED
    ),
)
def _controller_signs(case: AuthorityCase, _: Situation) -> Iterable[Hit]:
    signed = case.state in (State.RELEASED, State.ENDED) and case.changed_since_release is not True
    if case.answered_on is not None and not signed:
        yield Hit()


_GRAVE: Final = frozenset({Defect.SEVERE, Defect.MODERATE})


@INSPECTION_RULES.rule(
    "KON-001",
    Severity.WARNING,
    "Art. 39 Abs. 1 lit. b, Art. 24 Abs. 1 DSGVO",
    field="defects",
    says=Text(
        "Der Mangel „{what}“ ist offen, und die Frist zur Abhilfe fehlt oder ist verstrichen.",
        "The deficiency “{what}” is open, and its term is missing or has passed.",
    ),
    remedy=Text(
        "Nachsehen, ob abgeholfen wurde, und den Tag eintragen; sonst eine neue Frist setzen und die Leitung "
        "unterrichten.",
        "Check whether it was put right and enter the day; else set a new term and inform management.",
    ),
    breaks=lambda: Inspection(
        name="Kontrolle Bürgeramt",
        defects=[InspectionFinding(text="Akten offen am Schalter", severity=Defect.SEVERE)],
    ),
    keeps=lambda: Inspection(
        name="Kontrolle Bürgeramt",
        defects=[
            InspectionFinding(text="Akten offen am Schalter", severity=Defect.SEVERE, until=date(2026, 6, 30))
        ],
    ),
)
def _deficiencies_are_followed_up(inspection: Inspection, situation: Situation) -> Iterable[Hit]:
    def neglected(defect: InspectionFinding) -> bool:
        late = defect.until is None or defect.until < situation.today
        return defect.done_on is None and defect.severity in _GRAVE and late

    return hits(inspection.defects, neglected)
