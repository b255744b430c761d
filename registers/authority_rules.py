"""What an audit checks on the front sheet of the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from compliance.entry import State
from compliance.fields import is_empty
from compliance.language import Text
from compliance.people import Role
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation, surveys
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


# --- The officer's position ----------------------------------------------------------------------

_DAY: Final = date(2026, 3, 2)


@RULES.rule(
    "GOV-001",
    Severity.ERROR,
    "Art. 37 Abs. 1 lit. a, Abs. 7 DSGVO",
    field="officer_appointed",
    says=Text(
        "Benennung und Meldung der Datenschutzbeauftragten sind nicht nachgewiesen: „{field}“ fehlt.",
        "Designation and reporting of the data protection officer are not shown: “{field}” is missing.",
    ),
    remedy=Text(
        "Die Datenschutzbeauftragte benennen, ihre Kontaktdaten der Aufsichtsbehörde mitteilen und beide "
        "Tage im Vorblatt eintragen.",
        "Designate the data protection officer, report the contact details to the supervisory authority, "
        "and enter both days on the front sheet.",
    ),
    breaks=lambda: Case(_complete(officer_appointed=date(2024, 5, 1))),
    keeps=lambda: Case(_complete(officer_appointed=date(2024, 5, 1), officer_reported=date(2024, 5, 6))),
)
def _officer_is_designated(authority: Authority, situation: Situation) -> Iterable[Hit]:
    if _officer_fields(authority, situation):
        for name in ("officer_appointed", "officer_reported"):
            if is_empty(getattr(authority, name)):
                yield Hit(words={"field": name})


@dataclass(frozen=True)
class _Held:
    """A role that somebody holds, for examples."""

    person_id: str
    role: Role
    until: date | None = None


_ROLES: Final = Reads("Membership", "organisation_id", ("person_id", "role", "until"), at="organisation_id")
_CONFLICTS: Final = (
    ("officer_manages", Role.MANAGEMENT, Severity.ERROR),
    ("officer_runs_it", None, Severity.ERROR),
    ("officer_is_isb", Role.ISB, Severity.WARNING),
)
"""Offices by the field that states them, with the role of this program that goes with them."""


@RULES.rule(
    "GOV-003",
    Severity.ERROR,
    "Art. 38 Abs. 6 DSGVO",
    field="officer_manages",
    says=Text(
        "Die Datenschutzbeauftragte überwacht sich in einer anderen Aufgabe selbst: „{field}“.",
        "The data protection officer supervises themselves in another task: “{field}”.",
    ),
    remedy=Text(
        "Die Aufgaben verschiedenen Personen übertragen und die Rollen der Zugänge trennen.",
        "Assign the tasks to different persons and separate the roles of their accounts.",
    ),
    reads=(_ROLES,),
    breaks=lambda: Case(
        _complete(), Situation(_DAY, near={"Membership": [_Held("a", Role.DSB), _Held("a", Role.MANAGEMENT)]})
    ),
    keeps=lambda: Case(
        _complete(), Situation(_DAY, near={"Membership": [_Held("a", Role.DSB), _Held("b", Role.MANAGEMENT)]})
    ),
)
def _officer_has_no_conflict(authority: Authority, situation: Situation) -> Iterable[Hit]:
    roles = _roles_of_officers(situation)
    for name, role, severity in _CONFLICTS:
        if getattr(authority, name) is True or role in roles:
            yield Hit(words={"field": name}, severity=severity)


def _roles_of_officers(situation: Situation) -> set[Role]:
    """Everything that somebody with the role of the officer is besides, today."""
    held: defaultdict[Any, set[Role]] = defaultdict(set)
    for one in situation.near.get("Membership", ()):
        if one.until is None or one.until >= situation.today:
            held[one.person_id].add(one.role)
    return {role for roles in held.values() if Role.DSB in roles for role in roles}


@dataclass(frozen=True)
class _Checked:
    """The last check of the journal, for examples."""

    breaks: int


_CHECKS: Final = Reads("ChainCheck", "organisation_id", ("breaks",), at="organisation_id")


@RULES.rule(
    "GOV-004",
    Severity.ERROR,
    "Art. 5 Abs. 2 DSGVO",
    field="name",
    says=Text(
        "Die letzte Prüfung des Journals hat {breaks} fehlende oder veränderte Einträge gefunden.",
        "The last check of the journal found {breaks} records that are missing or were altered.",
    ),
    remedy=Text(
        "Mit „nachweis journal verify“ nachsehen, welche Einträge es sind, eine frühere Datensicherung "
        "vergleichen und den Vorfall der Leitung melden.",
        "See with “nachweis journal verify” which records they are, compare an earlier backup, and report "
        "the incident to management.",
    ),
    reads=(_CHECKS,),
    breaks=lambda: Case(_complete(), Situation(_DAY, near={"ChainCheck": [_Checked(2)]})),
    keeps=lambda: Case(_complete(), Situation(_DAY, near={"ChainCheck": [_Checked(0)]})),
)
def _journal_is_whole(_: Authority, situation: Situation) -> Iterable[Hit]:
    found = sum(one.breaks for one in situation.near.get("ChainCheck", ()))
    if found:
        yield Hit(words={"breaks": str(found)})


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
