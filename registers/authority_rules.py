"""What an audit checks on the front sheet of the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from compliance.entry import State
from compliance.fields import is_empty
from compliance.findings import Case, Hit, RuleBook, Severity, Situation, surveys
from compliance.language import Text
from registers.authority import Authority
from registers.commissioned import CommissionedProcessing

RULES: Final = RuleBook(Authority)

_CONTROLLER: Final = ("name", "head", "street", "town", "telephone", "email")
_OFFICER: Final = ("officer", "officer_address", "officer_email")


def _complete(**others: Any) -> Authority:
    return Authority(
        **{
            "name": "Stadt Musterhafen",
            "head": "Bürgermeisterin Dr. Anna Beispiel",
            "street": "Rathausplatz 1",
            "town": "23999 Musterhafen",
            "telephone": "04599 100-0",
            "email": "rathaus@musterhafen.example",
            "officer": "Jens Muster",
            "officer_address": "Rathausplatz 1, 23999 Musterhafen",
            "officer_email": "datenschutz@musterhafen.example",
            **others,
        }
    )


@RULES.rule(
    "VVT-011",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. a DSGVO",
    field="name",
    says=Text(
        "Im Vorblatt fehlt unter „{section}“ die Angabe „{field}“.",
        "The front sheet lacks “{field}” under “{section}”.",
    ),
    remedy=Text(
        "Im Vorblatt Namen und Kontaktdaten des Verantwortlichen und der Datenschutzbeauftragten "
        "vervollständigen.",
        "Complete the names and contact details of the controller and the data protection officer on the "
        "front sheet.",
    ),
    breaks=lambda: Case(_complete(officer="", officer_email="")),
    keeps=lambda: Case(_complete()),
)
def _master_data_are_complete(authority: Authority, situation: Situation) -> Iterable[Hit]:
    for name in (*_CONTROLLER, *_officer_fields(authority, situation)):
        if is_empty(getattr(authority, name)):
            yield Hit(words={"field": name})


def _officer_fields(authority: Authority, situation: Situation) -> tuple[str, ...]:
    # Every authority designates an officer, Art. 37 (1) (a); a company perhaps does not have to.
    designated = any(not is_empty(getattr(authority, name)) for name in _OFFICER)
    return _OFFICER if situation.is_authority or designated else ()


_COMMISSIONS: Final = surveys(Authority, CommissionedProcessing, ("state",))


def _with_commissions(*commissions: CommissionedProcessing) -> Case:
    situation = Situation(date(2026, 3, 2), near={"CommissionedProcessing": commissions})
    return Case(_complete(acts_as_processor=True), situation)


@RULES.rule(
    "PRR-001",
    Severity.ERROR,
    "Art. 30 Abs. 2 DSGVO",
    field="acts_as_processor",
    says=Text(
        "Die Organisation verarbeitet Daten im Auftrag anderer, aber das Verzeichnis nach Art. 30 Abs. 2 ist "
        "leer.",
        "The organisation processes data on behalf of others, but the record under Art. 30 (2) is empty.",
    ),
    remedy=Text(
        "Unter „Verarbeitungen im Auftrag“ je Leistung einen Eintrag mit den Verantwortlichen anlegen, für "
        "die sie erbracht wird.",
        "Under “Processing on behalf of others”, create an entry for each service with the controllers for "
        "which it is provided.",
    ),
    reads=(_COMMISSIONS,),
    breaks=_with_commissions,
    keeps=lambda: _with_commissions(
        CommissionedProcessing(name="IT-Betrieb für den Schulverband", state=State.DRAFT)
    ),
)
def _commissions_are_recorded(authority: Authority, situation: Situation) -> Iterable[Hit]:
    entries = situation.near.get("CommissionedProcessing", ())
    if authority.acts_as_processor and not any(one.state is not State.ENDED for one in entries):
        yield Hit()
