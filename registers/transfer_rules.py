"""What an audit checks wherever data may leave the European Economic Area, Art. 44 to 49 GDPR.

The same duty holds for the recipients of an activity and for the places and
further processors of a processor, so each rule stands in both books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from compliance.findings import Hit, Rule, RuleBook, Severity, Situation, named, opening
from compliance.language import Text
from registers.countries import COUNTRIES, EEA, adequate
from registers.processing import ProcessingActivity, Recipient, RecipientKind, Regime
from registers.processors import ProcessingLocation, Processor, SubProcessor
from registers.transfers import SccModule, Transfer, TransferBasis

_ACTIVITIES: Final = RuleBook(ProcessingActivity)
_PROCESSORS: Final = RuleBook(Processor)

Row: TypeAlias = Recipient | ProcessingLocation | SubProcessor
RowCheck: TypeAlias = Callable[[Transfer, date], Iterable[Hit]]
Facts: TypeAlias = Callable[[], dict[str, Any]]


def _transfer_rule(
    id: str, source: str, *, says: Text, remedy: Text, breaks: Facts, keeps: Facts
) -> Callable[[RowCheck], RowCheck]:
    """Adds the decorated check to both books; *breaks* and *keeps* say what the example row holds."""

    def add(check: RowCheck) -> RowCheck:
        _ACTIVITIES.rule(
            id,
            Severity.ERROR,
            source,
            field="recipients",
            says=says,
            remedy=remedy,
            breaks=lambda: _video_conferences(breaks()),
            keeps=lambda: _video_conferences(keeps()),
        )(lambda activity, situation: _in_activity(activity, situation, check))
        _PROCESSORS.rule(
            id,
            Severity.ERROR,
            source,
            field="locations",
            says=says,
            remedy=remedy,
            breaks=lambda: _citizen_portal(breaks()),
            keeps=lambda: _citizen_portal(keeps()),
        )(lambda processor, situation: _in_processor(processor, situation, check))
        return check

    return add


def _in_activity(activity: ProcessingActivity, situation: Situation, check: RowCheck) -> Iterable[Hit]:
    # Chapter V of the GDPR does not govern transfers under the Law Enforcement Directive.
    if activity.regime is Regime.POLICE:
        return ()
    return _in_rows(activity.recipients, situation, check)


def _in_processor(processor: Processor, situation: Situation, check: RowCheck) -> Iterable[Hit]:
    yield from _in_rows(processor.locations, situation, check)
    yield from _in_rows(processor.sub_processors, situation, check)
    # The basis for the seat is given with a place in the same country. While there is none,
    # the seat is judged as a place about which nothing else is known.
    if processor.country not in {place.country for place in processor.locations}:
        for hit in check(ProcessingLocation(country=processor.country), situation.today):
            yield replace(hit, words={"what": opening(processor.name), **hit.words})


def _in_rows(rows: Sequence[Row], situation: Situation, check: RowCheck) -> Iterable[Hit]:
    for row, what in named(rows):
        for hit in check(row, situation.today):
            yield replace(hit, part=row, words={"what": what, **hit.words})


def _video_conferences(facts: dict[str, Any]) -> ProcessingActivity:
    provider = Recipient(text="Anbieter der Videokonferenz", kind=RecipientKind.COMPANY, **facts)
    return ProcessingActivity(name="Online-Sprechstunde des Bauamts", recipients=[provider])


def _citizen_portal(facts: dict[str, Any]) -> Processor:
    support = SubProcessor(company="Support Services Ltd.", task="Störungsdienst in der Nacht", **facts)
    return Processor(name="Kommunales Rechenzentrum Nord", country=COUNTRIES["DE"], sub_processors=[support])


def _third_country(row: Transfer) -> str | None:
    """Code of the country if it is known and outside the EEA."""
    if row.country is None or row.country.name in EEA:
        return None
    return row.country.name


@_transfer_rule(
    "TRF-001",
    "Art. 44 DSGVO",
    says=Text(
        "„{what}“ liegt außerhalb des Europäischen Wirtschaftsraums, aber die Grundlage der Übermittlung "
        "fehlt.",
        "“{what}” is outside the European Economic Area, but the basis of the transfer is missing.",
    ),
    remedy=Text(
        "In der Zeile „Grundlage der Übermittlung“ wählen: zuerst Angemessenheitsbeschluss, dann Garantien "
        "nach Art. 46, Ausnahmen nach Art. 49 zuletzt. Für den Sitz eines Auftragsverarbeiters einen Ort "
        "der Verarbeitung in diesem Land mit seiner Grundlage anlegen.",
        "Choose the “Basis of the transfer” in the row: first an adequacy decision, then safeguards under "
        "Art. 46, derogations under Art. 49 last. For the seat of a processor, add a place of processing in "
        "that country with its basis.",
    ),
    breaks=lambda: {"country": COUNTRIES["IN"]},
    keeps=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.SCC},
)
def _transfer_has_basis(row: Transfer, _: date) -> Iterable[Hit]:
    if _third_country(row) and row.transfer_basis is None:
        yield Hit()


@_transfer_rule(
    "TRF-002",
    "Art. 45 DSGVO",
    says=Text(
        "„{what}“ stützt sich auf einen Angemessenheitsbeschluss, aber für das Land gilt keiner.",
        "“{what}” relies on an adequacy decision, but none is in force for the country.",
    ),
    remedy=Text(
        "Eine andere Grundlage wählen, in der Regel Garantien nach Art. 46, oder die Übermittlung "
        "einstellen.",
        "Choose another basis, usually safeguards under Art. 46, or stop the transfer.",
    ),
    breaks=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.ADEQUACY},
    keeps=lambda: {"country": COUNTRIES["CH"], "transfer_basis": TransferBasis.ADEQUACY},
)
def _adequacy_is_in_force(row: Transfer, today: date) -> Iterable[Hit]:
    country = _third_country(row)
    if country and row.transfer_basis is TransferBasis.ADEQUACY and adequate(country, today) is None:
        yield Hit()


_CERTIFICATION_LASTS: Final = timedelta(days=365)
"""Companies certify themselves anew every year."""


@_transfer_rule(
    "TRF-003",
    "Art. 45 DSGVO, Beschluss (EU) 2023/1795",
    says=Text(
        "„{what}“ stützt sich auf das EU-US Data Privacy Framework, aber eine gültige Zertifizierung des "
        "Unternehmens ist nicht nachgewiesen.",
        "“{what}” relies on the EU-US Data Privacy Framework, but a valid certification of the company is "
        "not shown.",
    ),
    remedy=Text(
        "Das Unternehmen in der Liste des Data Privacy Framework nachsehen, prüfen, ob die Zertifizierung "
        "diese Daten umfasst, und beide Daten eintragen: nachgesehen am, gültig bis. Ist es nicht gelistet, "
        "eine andere Grundlage wählen.",
        "Look the company up in the Data Privacy Framework list, check that the certification covers these "
        "data, and enter both dates: looked up on, valid until. If it is not listed, choose another basis.",
    ),
    breaks=lambda: {"country": COUNTRIES["US"], "transfer_basis": TransferBasis.ADEQUACY},
    keeps=lambda: {
        "country": COUNTRIES["US"],
        "transfer_basis": TransferBasis.ADEQUACY,
        "dpf_checked": date(2026, 2, 10),
        "dpf_until": date(2026, 9, 30),
    },
)
def _certification_is_valid(row: Transfer, today: date) -> Iterable[Hit]:
    country = _third_country(row)
    if not country or row.transfer_basis is not TransferBasis.ADEQUACY:
        return
    decision = adequate(country, today)
    if decision and decision.certified_only and not _certified(row, today):
        yield Hit()


def _certified(row: Transfer, today: date) -> bool:
    if row.dpf_checked is None:
        return False
    if row.dpf_until is not None:
        return today <= row.dpf_until
    return today - row.dpf_checked <= _CERTIFICATION_LASTS


@_transfer_rule(
    "TRF-004",
    "Art. 46 Abs. 2 lit. c DSGVO, Klausel 14 im Anhang des Beschlusses (EU) 2021/914",
    says=Text(
        "„{what}“ stützt sich auf Standarddatenschutzklauseln, aber „{field}“ ist nicht angegeben.",
        "“{what}” relies on standard contractual clauses, but “{field}” is not given.",
    ),
    remedy=Text(
        "Modul und Datum der vereinbarten Klauseln eintragen. Recht und Praxis des Ziellandes bewerten und "
        "das Datum der Bewertung angeben.",
        "Enter module and date of the agreed clauses. Assess law and practice of the country and give the "
        "date of the assessment.",
    ),
    breaks=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.SCC},
    keeps=lambda: {
        "country": COUNTRIES["IN"],
        "transfer_basis": TransferBasis.SCC,
        "scc_module": SccModule.C2P,
        "scc_date": date(2025, 6, 16),
        "tia_date": date(2025, 5, 28),
    },
)
def _clauses_are_documented(row: Transfer, _: date) -> Iterable[Hit]:
    if not _third_country(row) or row.transfer_basis is not TransferBasis.SCC:
        return
    if row.scc_module is None:
        yield Hit(words={"field": "scc_module"})
    if row.scc_date is None:
        yield Hit(words={"field": "scc_date"})
    if row.tia_date is None:
        yield Hit(words={"field": "tia_date"}, severity=Severity.WARNING)


RULES: Final[tuple[Rule[Any], ...]] = (*_ACTIVITIES, *_PROCESSORS)
