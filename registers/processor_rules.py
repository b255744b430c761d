"""What an audit checks about the contract with every processor, Art. 28 GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, inspect, or_, select

from compliance.database import Query, folded
from compliance.entry import State
from compliance.fields import is_empty
from compliance.language import Text
from compliance.rules import Asks, Case, Hit, Reads, RuleBook, Severity, Situation, named, opening
from registers.countries import COUNTRIES
from registers.processing import DataCategory, ProcessingActivity, Regime, Secrecy, Stage
from registers.processors import (
    Authorisation,
    ContractState,
    Instrument,
    Processor,
    SubProcessor,
)

RULES: Final = RuleBook(Processor)

ACTIVITIES: Final = Reads("ProcessingActivity", "processors", ("stage", "state", "secrecy", "regime"))


def _activities(situation: Situation) -> list[Any]:
    """What is known of the activities that use the processor and have not ended."""
    using = situation.near.get("ProcessingActivity", ())
    return [one for one in using if one.state is not State.ENDED and one.stage is not Stage.RETIRED]


def is_used(situation: Situation) -> bool:
    """Whether an activity that has not ended names the judged processor."""
    return bool(_activities(situation))


def _is_in_operation(situation: Situation) -> bool:
    return any(one.stage is Stage.OPERATION for one in _activities(situation))


def used(processor: Processor, stage: Stage = Stage.OPERATION) -> Case:
    """An example: *processor* works for an activity at *stage*."""
    activity = ProcessingActivity(name="Lohn- und Gehaltsabrechnung", stage=stage, state=State.DRAFT)
    return Case(processor, Situation(date(2026, 3, 2), near={"ProcessingActivity": [activity]}))


def _is_by_law(processor: Processor) -> bool:
    return processor.instrument is Instrument.STATUTE


def is_bound(processor: Processor) -> bool:
    """Whether a contract or another legal instrument is named; a law only by where it is found.

    A row of its columns will do.
    """
    chosen = processor.instrument is not None and not _is_by_law(processor)
    return chosen or bool(processor.document.strip())


@RULES.rule(
    "AVV-001",
    Severity.ERROR,
    "Art. 28 Abs. 3 DSGVO",
    field="instrument",
    says=Text(
        "Der Auftragsverarbeiter wird eingesetzt, aber weder ein Vertrag noch ein anderes Rechtsinstrument "
        "ist genannt.",
        "The processor is used, but neither a contract nor another legal instrument is named.",
    ),
    remedy=Text(
        "Den Vertrag zur Auftragsverarbeitung schließen und mit Fundstelle eintragen. Beruht der Auftrag "
        "auf Gesetz, Verordnung oder Satzung, die Vorschrift als Fundstelle nennen.",
        "Conclude the processing contract and enter it with its file reference. Where the processing is "
        "based on a statute, regulation or by-law, name the provision as the reference.",
    ),
    reads=(ACTIVITIES,),
    breaks=lambda: used(Processor(name="Lohnbüro Küste GmbH")),
    keeps=lambda: used(
        Processor(
            name="Zweckverband Kommunale IT",
            instrument=Instrument.STATUTE,
            document="§ 4 der Verbandssatzung",
        )
    ),
)
def _processor_is_bound(processor: Processor, situation: Situation) -> Iterable[Hit]:
    if is_used(situation) and not is_bound(processor):
        yield Hit()


@RULES.rule(
    "AVV-002",
    Severity.ERROR,
    "Art. 28 Abs. 3, 9 DSGVO",
    field="contract_state",
    says=Text(
        "Eine Verarbeitung ist in Betrieb, aber der Vertrag mit dem Auftragsverarbeiter gilt nicht: Er ist "
        "noch nicht unterzeichnet oder schon beendet.",
        "A processing activity is in operation, but the contract with the processor is not in force: it has "
        "not been signed yet or has already ended.",
    ),
    remedy=Text(
        "Den Vertrag unterzeichnen oder erneuern und Stand und Laufzeit nachtragen; andernfalls darf der "
        "Auftragsverarbeiter die Daten nicht weiter verarbeiten.",
        "Sign or renew the contract and update its state and term; otherwise the processor must not "
        "continue to process the data.",
    ),
    reads=(ACTIVITIES,),
    breaks=lambda: used(
        Processor(
            name="Druckzentrum Nord eG",
            instrument=Instrument.CONTRACT,
            contract_state=ContractState.SIGNED,
            signed_on=date(2021, 12, 13),
            valid_until=date(2025, 12, 31),
        )
    ),
    keeps=lambda: used(
        Processor(
            name="Druckzentrum Nord eG",
            instrument=Instrument.CONTRACT,
            contract_state=ContractState.SIGNED,
            signed_on=date(2025, 11, 24),
            valid_until=date(2029, 12, 31),
        )
    ),
)
def _contract_is_in_force(processor: Processor, situation: Situation) -> Iterable[Hit]:
    if _is_in_operation(situation) and is_bound(processor) and not in_force(processor, situation.today):
        yield Hit()


def in_force(processor: Processor, today: date) -> bool:
    """Whether the contract of *processor* holds on that day; a row of its columns will do."""
    if processor.valid_until is not None and processor.valid_until < today:
        return False
    match processor.contract_state:
        case ContractState.SIGNED:
            return True
        case ContractState.TERMINATED:
            # Notice has been given, but the contract still runs to the end of its term.
            return processor.valid_until is not None
        case ContractState.EXPIRED:
            return False
        case ContractState.DRAFT | ContractState.REVIEW | None:
            # Nobody signs a law.
            return _is_by_law(processor)


_CLAUSES: Final = "abcdefgh"


def _with_clauses(confirmed: str) -> Processor:
    return Processor(
        name="Aktenvernichtung Ostsee GmbH",
        instrument=Instrument.STANDARD_CLAUSES,
        **{f"clause_{letter}": letter in confirmed for letter in _CLAUSES},
    )


@RULES.rule(
    "AVV-003",
    Severity.ERROR,
    "Art. 28 Abs. 3 Satz 2 lit. a bis h DSGVO",
    field="clause_a",
    says=Text(
        "Nicht bestätigt ist, dass der Vertrag diese Inhalte nach Art. 28 Abs. 3 regelt: {letters}.",
        "It is not confirmed that the contract provides for these contents of Art. 28 (3): {letters}.",
    ),
    remedy=Text(
        "Den Vertrag anhand der Prüfliste lesen und jeden Punkt bestätigen; fehlende Inhalte nachverhandeln.",
        "Read the contract against the checklist and confirm each item; renegotiate what is missing.",
    ),
    breaks=lambda: _with_clauses("abcef"),
    keeps=lambda: _with_clauses(_CLAUSES),
)
def _clauses_are_confirmed(processor: Processor, _: Situation) -> Iterable[Hit]:
    open_clauses = [letter for letter in _CLAUSES if getattr(processor, f"clause_{letter}") is not True]
    if open_clauses:
        yield Hit(words={"letters": ", ".join(open_clauses)})


@RULES.rule(
    "AVV-004",
    Severity.WARNING,
    "Art. 28 Abs. 3 Satz 1 DSGVO",
    field="subject_matter",
    says=Text(
        "Zum Inhalt des Auftrags ist „{field}“ nicht angegeben.",
        "On the contents of the commission, “{field}” is not given.",
    ),
    remedy=Text(
        "Gegenstand, Dauer, Art und Zweck der Verarbeitung, Art der Daten und Kategorien betroffener "
        "Personen aus dem Vertrag übernehmen; endet der Vertrag nicht an einem Tag, unbestimmte Laufzeit "
        "bejahen.",
        "Take over subject matter, duration, nature and purpose of the processing, type of data and "
        "categories of data subjects from the contract; if it ends on no given day, say that the term is "
        "indefinite.",
    ),
    breaks=lambda: Processor(name="Druckzentrum Nord eG", instrument=Instrument.CONTRACT),
    keeps=lambda: Processor(
        name="Druckzentrum Nord eG",
        instrument=Instrument.CONTRACT,
        subject_matter="Druck und Versand von Bescheiden",
        data="Namen, Anschriften, Inhalte der Bescheide; Abgabenpflichtige",
        indefinite=True,
    ),
)
def _contents_are_given(processor: Processor, _: Situation) -> Iterable[Hit]:
    if not is_bound(processor):
        return
    for name in ("subject_matter", "data"):
        if is_empty(getattr(processor, name)):
            yield Hit(words={"field": name})
    has_term = processor.valid_until is not None or processor.indefinite is True
    if not has_term and not _is_by_law(processor):
        yield Hit(words={"field": "valid_until"})


# --- Further processors --------------------------------------------------------------------------


def _with_chain(authorisation: Authorisation | None, **facts: Any) -> Processor:
    link = SubProcessor(company="Nachtdienst GmbH", task="Störungsdienst", country=COUNTRIES["DE"], **facts)
    return Processor(name="Kommunales Rechenzentrum Nord", authorisation=authorisation, sub_processors=[link])


@RULES.rule(
    "AVV-005",
    Severity.ERROR,
    "Art. 28 Abs. 2, 4 DSGVO",
    field="sub_processors",
    says=Text(
        "Zu weiteren Auftragsverarbeitern fehlt eine tragfähige Angabe: „{field}“ bei „{what}“.",
        "On further processors, a sound statement is missing: “{field}” for “{what}”.",
    ),
    remedy=Text(
        "Im Vertrag nachsehen, ob und wie weitere Auftragsverarbeiter genehmigt sind, und die ganze Kette "
        "auflisten; bei Einzelgenehmigung jede mit ihrem Datum. Ohne Genehmigung den Einsatz untersagen.",
        "Check in the contract whether and how further processors are authorised, and list the whole chain; "
        "with specific authorisation, each with its date. Without authorisation, forbid their use.",
    ),
    breaks=lambda: _with_chain(Authorisation.NONE),
    keeps=lambda: _with_chain(Authorisation.SPECIFIC, approved_on=date(2025, 10, 6)),
)
def _chain_is_authorised(processor: Processor, _: Situation) -> Iterable[Hit]:
    links = processor.sub_processors
    match processor.authorisation:
        case None | Authorisation.NONE:
            lacks = dict.fromkeys(links, "authorisation")
        case Authorisation.SPECIFIC:
            lacks = {link: "approved_on" for link in links if link.approved_on is None}
        case Authorisation.GENERAL:
            lacks = {}
            if not links and not processor.no_sub_processors:
                words = {"field": "sub_processors", "what": opening(processor.name)}
                yield Hit(words=words, severity=Severity.WARNING)
    for link, what in named(links):
        if link in lacks:
            yield Hit(link, {"field": lacks[link], "what": what})
        if link.works_for and not _names_another(link, links):
            yield Hit(link, {"field": "works_for", "what": what}, Severity.WARNING)


def _names_another(link: SubProcessor, links: Iterable[SubProcessor]) -> bool:
    """Whether the company for which *link* works is in the list, written alike or without its seat."""
    wanted = folded(link.works_for)
    return any(folded(other.company).startswith(wanted) for other in links if other is not link)


# --- What the contract covers --------------------------------------------------------------------


def _sensitive_data() -> Query:
    """Special categories and criminal-offence data of the activities for which the processors work."""
    links: Any = inspect(ProcessingActivity).relationships["processors"].secondary
    activity, row = ProcessingActivity, DataCategory
    mine, source = links.c.organisation_id, links.c.source_id
    return (
        select(links.c.target_id, row.special, row.criminal)
        .distinct()
        .join(row, (row.organisation_id == mine) & (row.parent_id == source))
        .join(activity, (activity.organisation_id == mine) & (activity.id == source))
        .where(
            mine == bindparam("organisation"),
            links.c.target_id.in_(bindparam("ids", expanding=True)),
            or_(row.special.is_(True), row.criminal.is_(True)),
            activity.state != State.ENDED,
            activity.stage.is_distinct_from(Stage.RETIRED),
        )
    )


SENSITIVE: Final = Asks("DataCategory", _sensitive_data)


def _with_health_data(**facts: Any) -> Case:
    health = DataCategory(text="Atteste", special=True)
    processor = Processor(name="Scanstelle Küste GmbH", instrument=Instrument.CONTRACT, **facts)
    return Case(processor, Situation(date(2026, 3, 2), near={"DataCategory": [health]}))


@RULES.rule(
    "AVV-008",
    Severity.WARNING,
    "Art. 28 Abs. 3 Satz 1 DSGVO",
    field="data",
    says=Text(
        "Nach den Verarbeitungstätigkeiten, für die der Auftragsverarbeiter arbeitet, müsste „{field}“ mit "
        "„ja“ beantwortet sein.",
        "According to the processing activities for which the processor works, “{field}” should be answered "
        "“yes”.",
    ),
    remedy=Text(
        "Im Vertrag nachsehen, ob diese Daten zum Auftrag gehören, und die Angabe ergänzen. Nennt der "
        "Vertrag sie nicht, ihn erweitern oder dem Auftragsverarbeiter diese Daten nicht überlassen.",
        "Check in the contract whether these data belong to the commission, and complete the statement. If "
        "the contract does not name them, extend it or do not entrust these data to the processor.",
    ),
    reads=(ACTIVITIES, SENSITIVE),
    breaks=_with_health_data,
    keeps=lambda: _with_health_data(special_data=True),
)
def _contract_covers_the_data(processor: Processor, situation: Situation) -> Iterable[Hit]:
    rows = situation.near.get("DataCategory", ())
    needed = {
        "special_data": any(row.special for row in rows),
        "criminal_data": any(row.criminal for row in rows),
        "social_data": any(_is_social(one) for one in _activities(situation)),
    }
    for name, is_needed in needed.items():
        if is_needed and getattr(processor, name) is not True:
            yield Hit(words={"field": name})


def _is_social(activity: Any) -> bool:
    return activity.regime is Regime.SOCIAL or Secrecy.SOCIAL in activity.secrecy


ENDS_SOON: Final = timedelta(days=90)


@RULES.rule(
    "AVV-009",
    Severity.HINT,
    "Art. 28 Abs. 3 Satz 1 DSGVO",
    field="valid_until",
    says=Text(
        "Der Vertrag endet innerhalb von 90 Tagen, aber Verarbeitungstätigkeiten setzen weiter auf den "
        "Auftragsverarbeiter.",
        "The contract ends within 90 days, but processing activities continue to rely on the processor.",
    ),
    remedy=Text(
        "Verlängern, neu vergeben oder die Tätigkeiten umstellen; beim Wechsel Rückgabe oder Löschung der "
        "Daten verlangen.",
        "Renew, tender anew or change the activities; when changing, demand return or erasure of the data.",
    ),
    reads=(ACTIVITIES,),
    breaks=lambda: used(Processor(name="Druckzentrum Nord eG", valid_until=date(2026, 4, 30))),
    keeps=lambda: used(Processor(name="Druckzentrum Nord eG", valid_until=date(2028, 12, 31))),
)
def _contract_does_not_end_soon(processor: Processor, situation: Situation) -> Iterable[Hit]:
    ends = processor.valid_until
    if ends is None or not is_used(situation):
        return
    if situation.today <= ends and ends - situation.today <= ENDS_SOON:
        yield Hit()
