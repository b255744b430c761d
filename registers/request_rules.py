"""What an audit checks about every request of a data subject, Art. 12 and 15 to 22 GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation
from registers.objects import TargetObject
from registers.processing import LegalBasis
from registers.requests import Result, Right, SubjectRequest

RULES: Final = RuleBook(SubjectRequest)

_ARRIVED: Final = date(2026, 1, 15)
"""Its period ends on Monday 2026-02-16."""


def _example(**values: Any) -> SubjectRequest:
    """The example as it lies in the register, with its deadlines."""
    request = SubjectRequest(**({"name": "Auskunft Melderegister", "received": _ARRIVED} | values))
    request.derive()
    return request


def _seen(request: SubjectRequest, on: date) -> Case:
    return Case(request, Situation(on))


@RULES.rule(
    "DSR-001",
    Severity.ERROR,
    "Art. 12 Abs. 3 DSGVO",
    field="sent_on",
    says=Text(
        "Die Frist ist abgelaufen, ohne dass geantwortet oder die Frist verlängert wurde.",
        "The period has ended without an answer or an extension.",
    ),
    remedy=Text(
        "Sofort antworten und die Gründe der Verzögerung nennen; nachträglich verlängern lässt sich die "
        "Frist nicht.",
        "Answer at once and give the reasons for the delay; the period cannot be extended afterwards.",
    ),
    breaks=lambda: _seen(_example(), date(2026, 2, 17)),
    keeps=lambda: _seen(_example(), date(2026, 2, 16)),
)
def _is_answered_in_time(request: SubjectRequest, situation: Situation) -> Iterable[Hit]:
    # While a question is open the period rests.
    if request.is_open and not request.paused and request.ends and situation.today > request.ends:
        yield Hit()


@RULES.rule(
    "DSR-002",
    Severity.ERROR,
    "Art. 12 Abs. 3 Satz 2, 3 DSGVO",
    field="extension_notice",
    says=Text(
        "Die Verlängerung wurde nach dem ersten Monat oder ohne Gründe mitgeteilt.",
        "The extension was told after the first month or without reasons.",
    ),
    remedy=Text(
        "Gründe eintragen. Wurde zu spät verlängert, gilt die ursprüngliche Frist: sofort antworten.",
        "Enter the reasons. If it was extended too late, the original period holds: answer at once.",
    ),
    breaks=lambda: _example(extension_notice=date(2026, 2, 20), extension_reason="Umfangreiche Altakten"),
    keeps=lambda: _example(extension_notice=date(2026, 2, 9), extension_reason="Umfangreiche Altakten"),
)
def _extension_is_told_in_time(request: SubjectRequest, _: Situation) -> Iterable[Hit]:
    told = request.extension_notice
    if told and (not request.extension_reason.strip() or (request.due_on and told > request.due_on)):
        yield Hit()


_REFUSALS: Final = frozenset({Result.PARTLY, Result.REFUSED, Result.UNFOUNDED})


@RULES.rule(
    "DSR-003",
    Severity.ERROR,
    "Art. 12 Abs. 4 DSGVO",
    field="remedies",
    says=Text(
        "Dem Antrag wird nicht oder nicht ganz gefolgt, aber „{field}“ ist offen.",
        "The request is not or not fully followed, but “{field}” is open.",
    ),
    remedy=Text(
        "Die Gründe nennen und auf Beschwerde bei der Aufsichtsbehörde und gerichtlichen Rechtsbehelf "
        "hinweisen.",
        "Give the reasons and point out the complaint to the authority and the judicial remedy.",
    ),
    breaks=lambda: _example(result=Result.REFUSED, reasons="Die Angaben unterliegen dem Steuergeheimnis."),
    keeps=lambda: _example(
        result=Result.REFUSED, reasons="Die Angaben unterliegen dem Steuergeheimnis.", remedies=True
    ),
)
def _refusal_names_remedies(request: SubjectRequest, _: Situation) -> Iterable[Hit]:
    if request.result not in _REFUSALS:
        return
    if request.remedies is not True:
        yield Hit(words={"field": "remedies"})
    if not request.reasons.strip():
        yield Hit(words={"field": "reasons"})


_CHECK_LASTS: Final = timedelta(days=10)


@RULES.rule(
    "DSR-004",
    Severity.WARNING,
    "Art. 12 Abs. 6 DSGVO",
    field="identity_cleared",
    says=Text(
        "Die Prüfung der Identität ist seit mehr als zehn Tagen offen.",
        "The check of identity has been open for more than ten days.",
    ),
    remedy=Text(
        "Nachfassen oder einen einfacheren Weg anbieten, die Identität zu klären.",
        "Follow up, or offer a simpler way to make the identity certain.",
    ),
    breaks=lambda: _seen(_example(identity_asked=date(2026, 1, 16)), date(2026, 2, 2)),
    keeps=lambda: _seen(_example(identity_asked=date(2026, 1, 16)), date(2026, 1, 20)),
)
def _identity_is_cleared(request: SubjectRequest, situation: Situation) -> Iterable[Hit]:
    asked, cleared = request.identity_asked, request.identity_cleared
    if request.is_open and asked and cleared is None and situation.today - asked > _CHECK_LASTS:
        yield Hit()


_PORTABLE: Final = frozenset({LegalBasis.CONSENT, LegalBasis.CONTRACT})
_OBJECTIONABLE: Final = frozenset({LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTERESTS})


@RULES.rule(
    "DSR-005",
    Severity.WARNING,
    "Art. 20 Abs. 1, 3, Art. 21 Abs. 1 DSGVO",
    field="result",
    says=Text(
        "Das Ergebnis passt nicht zur Rechtsgrundlage der Tätigkeiten: Übertragbarkeit gibt es nur bei "
        "Einwilligung oder Vertrag, und ein Widerspruch gegen lit. e oder f wird nur bei zwingenden Gründen "
        "abgelehnt.",
        "The result does not fit the legal basis of the activities: portability exists for consent or "
        "contract only, and an objection against (e) or (f) is refused on compelling grounds only.",
    ),
    remedy=Text(
        "Rechtsgrundlagen der Tätigkeiten prüfen und das Ergebnis überdenken oder die zwingenden Gründe "
        "bestätigen.",
        "Check the legal bases of the activities and reconsider the result, or confirm the compelling "
        "grounds.",
    ),
    breaks=lambda: _example(
        rights=(Right.PORTABILITY,), result=Result.GRANTED, bases=(LegalBasis.PUBLIC_TASK,)
    ),
    keeps=lambda: _example(rights=(Right.PORTABILITY,), result=Result.GRANTED, bases=(LegalBasis.CONSENT,)),
)
def _result_fits_the_basis(request: SubjectRequest, _: Situation) -> Iterable[Hit]:
    bases = set(request.bases)
    ported = Right.PORTABILITY in request.rights and request.result is Result.GRANTED
    denied = Right.OBJECTION in request.rights and request.result in (Result.REFUSED, Result.UNFOUNDED)
    without_ground = bool(bases & _OBJECTIONABLE) and request.compelling is not True
    if (ported and bases and not bases & _PORTABLE) or (denied and without_ground):
        yield Hit()


@RULES.rule(
    "DSR-006",
    Severity.WARNING,
    "Art. 15 Abs. 1 DSGVO",
    field="searched",
    says=Text(
        "Es ist geantwortet oder entschieden, aber „{what}“ ist nicht durchsucht.",
        "There is an answer or a decision, but “{what}” was not searched.",
    ),
    remedy=Text(
        "Das System durchsuchen und ankreuzen, gegebenenfalls die Antwort ergänzen.",
        "Search the system and tick it; supplement the answer where needed.",
    ),
    breaks=lambda: _example(
        rights=(Right.ACCESS,),
        result=Result.GRANTED,
        unsearched=[TargetObject(name="Fachverfahren Wohngeld")],
    ),
    keeps=lambda: _example(rights=(Right.ACCESS,), result=Result.GRANTED),
)
def _every_system_is_searched(request: SubjectRequest, _: Situation) -> Iterable[Hit]:
    asks = Right.ACCESS in request.rights
    decided = request.sent_on is not None or request.result not in (None, Result.WITHDRAWN)
    if asks and decided:
        yield from (Hit(words={"what": system.name}) for system in request.unsearched)
