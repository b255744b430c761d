"""What an audit checks wherever data may leave the European Economic Area, Art. 44 to 49 GDPR.

The same duty holds for the recipients of an activity, for the places and further
processors of a processor, and for what is done on behalf of others, so each rule
stands in all three books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from compliance.language import Text
from compliance.rules import Hit, Rule, RuleBook, Severity, Situation, called, named, opening
from registers.commissioned import (
    CommissionedProcessing,
    CommissionedSubProcessor,
    CommissionedTransfer,
)
from registers.countries import COUNTRIES, EEA, adequate
from registers.processing import LegalBasis, ProcessingActivity, Recipient, RecipientKind, Regime
from registers.processors import ProcessingLocation, Processor, SubProcessor
from registers.transfers import (
    CLOSED_TO_PUBLIC_POWERS,
    SccModule,
    TiaResult,
    Transfer,
    TransferBasis,
)

_ACTIVITIES: Final = RuleBook(ProcessingActivity)
_PROCESSORS: Final = RuleBook(Processor)
_COMMISSIONS: Final = RuleBook(CommissionedProcessing)

Row: TypeAlias = (
    Recipient | ProcessingLocation | SubProcessor | CommissionedTransfer | CommissionedSubProcessor
)
RowCheck: TypeAlias = Callable[[Transfer, Situation], Iterable[Hit]]
Facts: TypeAlias = Callable[[], dict[str, Any]]


def _transfer_rule(
    id: str,
    source: str,
    *,
    says: Text,
    remedy: Text,
    breaks: Facts,
    keeps: Facts,
    fiscal: Severity | None = None,
) -> Callable[[RowCheck], RowCheck]:
    """Adds the decorated check to all books; *breaks* and *keeps* say what the example row holds.

    *fiscal* is how it weighs in an activity that seems to exercise no public powers.
    """

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
        )(lambda activity, situation: _in_activity(activity, situation, check, fiscal))
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
        _COMMISSIONS.rule(
            id,
            Severity.ERROR,
            source,
            field="transfers",
            says=says,
            remedy=remedy,
            breaks=lambda: _school_hosting(breaks()),
            keeps=lambda: _school_hosting(keeps()),
        )(lambda commission, situation: _in_commission(commission, situation, check))
        return check

    return add


def _in_activity(
    activity: ProcessingActivity, situation: Situation, check: RowCheck, fiscal: Severity | None
) -> Iterable[Hit]:
    # Chapter V of the GDPR does not govern transfers under the Law Enforcement Directive.
    if activity.regime is Regime.POLICE:
        return
    weight = fiscal if _is_fiscal(activity) else None
    for hit in _in_rows(activity.recipients, situation, check):
        yield replace(hit, severity=weight) if weight else hit


_FISCAL: Final = frozenset({LegalBasis.CONSENT, LegalBasis.CONTRACT, LegalBasis.LEGITIMATE_INTERESTS})


def _is_fiscal(activity: ProcessingActivity) -> bool:
    """Whether no purpose rests on a task or duty of public law."""
    return bool(activity.purposes) and all(one.legal_basis in _FISCAL for one in activity.purposes)


def _in_commission(
    commission: CommissionedProcessing, situation: Situation, check: RowCheck
) -> Iterable[Hit]:
    yield from _in_rows(commission.transfers, situation, check)
    yield from _in_rows(commission.sub_processors, situation, check)


def _in_processor(processor: Processor, situation: Situation, check: RowCheck) -> Iterable[Hit]:
    yield from _in_rows(processor.locations, situation, check)
    yield from _in_rows(processor.sub_processors, situation, check)
    # The basis for the seat is given with a place in the same country. While there is none,
    # the seat is judged as a place about which nothing else is known.
    if processor.country not in {place.country for place in processor.locations}:
        for hit in check(ProcessingLocation(country=processor.country), situation):
            yield replace(hit, words={"what": opening(processor.name), **hit.words})


def _in_rows(rows: Sequence[Row], situation: Situation, check: RowCheck) -> Iterable[Hit]:
    for position, row in enumerate(rows, start=1):
        for hit in check(row, situation):
            yield replace(hit, part=row, words={"what": called(row, position), **hit.words})


def _video_conferences(facts: dict[str, Any]) -> ProcessingActivity:
    provider = Recipient(text="Anbieter der Videokonferenz", kind=RecipientKind.COMPANY, **facts)
    return ProcessingActivity(name="Online-Sprechstunde des Bauamts", recipients=[provider])


def _citizen_portal(facts: dict[str, Any]) -> Processor:
    support = SubProcessor(company="Support Services Ltd.", task="Störungsdienst in der Nacht", **facts)
    return Processor(name="Kommunales Rechenzentrum Nord", country=COUNTRIES["DE"], sub_processors=[support])


def _school_hosting(facts: dict[str, Any]) -> CommissionedProcessing:
    relay = CommissionedTransfer(text="Vermittlung der Videokonferenzen", **facts)
    return CommissionedProcessing(name="Lernplattform des Schulverbands", transfers=[relay])


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
def _transfer_has_basis(row: Transfer, _: Situation) -> Iterable[Hit]:
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
def _adequacy_is_in_force(row: Transfer, situation: Situation) -> Iterable[Hit]:
    country = _third_country(row)
    if (
        country
        and row.transfer_basis is TransferBasis.ADEQUACY
        and adequate(country, situation.today) is None
    ):
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
def _certification_is_valid(row: Transfer, situation: Situation) -> Iterable[Hit]:
    country = _third_country(row)
    if not country or row.transfer_basis is not TransferBasis.ADEQUACY:
        return
    decision = adequate(country, situation.today)
    if decision and decision.certified_only and not _certified(row, situation.today):
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
        "Modul und Datum der vereinbarten Klauseln eintragen. Recht und Praxis des Ziellandes bewerten, "
        "Datum und Ergebnis angeben und zusätzliche Maßnahmen nennen, wo das Ergebnis sie verlangt. Ohne "
        "gleichwertigen Schutz ist die Übermittlung auszusetzen.",
        "Enter module and date of the agreed clauses. Assess law and practice of the country, give date and "
        "result, and name supplementary measures where the result requires them. Without equivalent "
        "protection the transfer must be suspended.",
    ),
    breaks=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.SCC},
    keeps=lambda: {
        "country": COUNTRIES["IN"],
        "transfer_basis": TransferBasis.SCC,
        "scc_module": SccModule.C2P,
        "scc_date": date(2025, 6, 16),
        "tia_date": date(2025, 5, 28),
        "tia_result": TiaResult.EQUIVALENT,
    },
)
def _clauses_are_documented(row: Transfer, _: Situation) -> Iterable[Hit]:
    if not _third_country(row) or row.transfer_basis is not TransferBasis.SCC:
        return
    if row.scc_module is None:
        yield Hit(words={"field": "scc_module"})
    if row.scc_date is None:
        yield Hit(words={"field": "scc_date"})
    if row.tia_date is None:
        yield Hit(words={"field": "tia_date"}, severity=Severity.WARNING)
    elif row.tia_result is None:
        yield Hit(words={"field": "tia_result"}, severity=Severity.WARNING)
    elif row.tia_result is not TiaResult.EQUIVALENT and not row.supplementary_measures:
        yield Hit(words={"field": "supplementary_measures"})


@_transfer_rule(
    "TRF-005",
    "Art. 46 Abs. 2 lit. c DSGVO, Beschluss (EU) 2021/914",
    says=Text(
        "„{what}“ stützt sich auf Standardvertragsklauseln von 2010 oder früher, die nicht mehr gelten.",
        "“{what}” relies on standard contractual clauses of 2010 or earlier, which are no longer valid.",
    ),
    remedy=Text(
        "Die Klauseln von 2021 im passenden Modul vereinbaren und die Bewertung nach Klausel 14 vornehmen; "
        "bis dahin nichts übermitteln.",
        "Agree the clauses of 2021 in the right module and carry out the assessment under clause 14; "
        "transfer nothing until then.",
    ),
    breaks=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.SCC_BEFORE_2021},
    keeps=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.SCC},
)
def _clauses_are_in_force(row: Transfer, _: Situation) -> Iterable[Hit]:
    if _third_country(row) and row.transfer_basis is TransferBasis.SCC_BEFORE_2021:
        yield Hit()


@_transfer_rule(
    "TRF-006",
    "Art. 49 Abs. 3 DSGVO",
    fiscal=Severity.WARNING,
    says=Text(
        "„{what}“ stützt sich auf eine Ausnahme nach Art. 49, die Behörden in Ausübung ihrer hoheitlichen "
        "Befugnisse nicht offensteht.",
        "“{what}” relies on a derogation under Art. 49 that is not open to public authorities exercising "
        "their public powers.",
    ),
    remedy=Text(
        "Garantien nach Art. 46 vereinbaren oder die Ausnahme nach Art. 49 Abs. 1 lit. d bis g prüfen. Wird "
        "die Behörde hier nicht hoheitlich tätig, das in der Beurteilung der Ausnahme begründen.",
        "Agree safeguards under Art. 46 or examine the derogations under Art. 49 (1) (d) to (g). If the "
        "authority exercises no public powers here, give reasons in the assessment of the derogation.",
    ),
    breaks=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.CONSENT},
    keeps=lambda: {"country": COUNTRIES["IN"], "transfer_basis": TransferBasis.PUBLIC_INTEREST},
)
def _derogation_is_open(row: Transfer, situation: Situation) -> Iterable[Hit]:
    if situation.is_authority and _third_country(row) and row.transfer_basis in CLOSED_TO_PUBLIC_POWERS:
        yield Hit()


@_PROCESSORS.rule(
    "TRF-008",
    Severity.HINT,
    "Art. 28 Abs. 1, Art. 48 DSGVO",
    field="access_assessed_on",
    says=Text(
        "Die Konzernmutter von „{what}“ sitzt in einem Drittland; ob sie oder dortige Behörden Zugriff "
        "verlangen können, ist nicht bewertet.",
        "The parent company of “{what}” is in a third country; whether it or the authorities there can "
        "demand access has not been assessed.",
    ),
    remedy=Text(
        "Bewerten, welches Recht den Zugriff erlaubt und was technisch und vertraglich davor schützt, und "
        "das Datum der Bewertung eintragen.",
        "Assess which law permits access and what protects against it technically and by contract, and "
        "enter the date of the assessment.",
    ),
    breaks=lambda: Processor(name="Cloud Deutschland GmbH", parent_country=COUNTRIES["US"]),
    keeps=lambda: Processor(
        name="Cloud Deutschland GmbH",
        parent_country=COUNTRIES["US"],
        access_assessed_on=date(2026, 1, 20),
    ),
)
def _access_by_parents_is_assessed(processor: Processor, _: Situation) -> Iterable[Hit]:
    if _is_open(processor):
        yield Hit(words={"what": opening(processor.name)})
    for link, what in named(processor.sub_processors):
        if _is_open(link):
            yield Hit(link, {"what": what})


def _is_open(company: Processor | SubProcessor) -> bool:
    country = company.parent_country
    return country is not None and country.name not in EEA and company.access_assessed_on is None


RULES: Final[tuple[Rule[Any], ...]] = (*_ACTIVITIES, *_PROCESSORS, *_COMMISSIONS)
