"""What an audit checks about every processor that works for the authority, Art. 28 GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from compliance.entry import State
from compliance.findings import Case, Hit, Reads, RuleBook, Severity, Situation
from compliance.language import Text
from registers.processing import ProcessingActivity, Stage
from registers.processors import ContractState, Instrument, Processor

RULES: Final = RuleBook(Processor)

_ACTIVITIES: Final = Reads("ProcessingActivity", "processors", ("stage", "state"))


def _activities(situation: Situation) -> list[Any]:
    """What is known of the activities that use the processor and have not ended."""
    using = situation.near.get("ProcessingActivity", ())
    return [one for one in using if one.state is not State.ENDED and one.stage is not Stage.RETIRED]


def _is_used(situation: Situation) -> bool:
    return bool(_activities(situation))


def _is_in_operation(situation: Situation) -> bool:
    return any(one.stage is Stage.OPERATION for one in _activities(situation))


def _used(processor: Processor, stage: Stage = Stage.OPERATION) -> Case:
    activity = ProcessingActivity(name="Lohn- und Gehaltsabrechnung", stage=stage, state=State.DRAFT)
    return Case(processor, Situation(date(2026, 3, 2), near={"ProcessingActivity": [activity]}))


def _is_by_law(processor: Processor) -> bool:
    return processor.instrument is Instrument.STATUTE


def _is_bound(processor: Processor) -> bool:
    """Whether a contract or another legal instrument is named; a law only by where it is found."""
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
    reads=(_ACTIVITIES,),
    breaks=lambda: _used(Processor(name="Lohnbüro Küste GmbH")),
    keeps=lambda: _used(
        Processor(
            name="Zweckverband Kommunale IT",
            instrument=Instrument.STATUTE,
            document="§ 4 der Verbandssatzung",
        )
    ),
)
def _processor_is_bound(processor: Processor, situation: Situation) -> Iterable[Hit]:
    if _is_used(situation) and not _is_bound(processor):
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
    reads=(_ACTIVITIES,),
    breaks=lambda: _used(
        Processor(
            name="Druckzentrum Nord eG",
            instrument=Instrument.CONTRACT,
            contract_state=ContractState.SIGNED,
            signed_on=date(2021, 12, 13),
            valid_until=date(2025, 12, 31),
        )
    ),
    keeps=lambda: _used(
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
    if _is_in_operation(situation) and _is_bound(processor) and not _in_force(processor, situation.today):
        yield Hit()


def _in_force(processor: Processor, today: date) -> bool:
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
