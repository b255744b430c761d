"""What an impact assessment can take over from its processing activities, and whether that still stands.

The statements are data, not wording of the application, and are written in German.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assessments.dpia.dpia import Dpia
from assessments.dpia.participation import Voice, expected
from assessments.dpia.taken_over import TakenOver
from compliance.entry import everything
from compliance.fields import Kind, Reference, References, Rows, Term, answers, fields, plain, shown
from compliance.journal import canonical
from compliance.language import Text
from registers.processing import DataCategory, ProcessingActivity
from registers.processors import Processor


@dataclass(frozen=True)
class Suggestion:
    """A statement that follows from processing activities."""

    statement: str
    """Name of the field of the impact assessment."""
    text: str
    sources: tuple[str, ...]
    """The activities it comes from, by number."""
    fingerprint: str
    """SHA-256 of the answers it rests on; independent of how they are worded."""


class Taken(Protocol):
    """What was taken over, wherever it is kept."""

    @property
    def source(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def taken_on(self) -> date | None: ...


@dataclass(frozen=True)
class TakenText:
    """What was taken over, where no row of the assessment keeps it."""

    source: str
    fingerprint: str
    text: str
    taken_on: date | None


class TakeoverState(Term):
    """What became of a suggestion."""

    OFFERED = Text("Vorschlag liegt vor", "Suggestion available")
    CURRENT = Text("Übernommen", "Adopted")
    ADAPTED = Text("Angepasst übernommen", "Adopted with changes")
    STALE = Text("Quelle seither geändert", "Source changed since")


@dataclass(frozen=True)
class Provenance:
    """Where the text of one field comes from."""

    state: TakeoverState
    suggestion: Suggestion | None
    """What the source says now; ``None`` if it says nothing any more."""
    taken: Taken | None
    """What was taken over, and when."""


def sources_of(session: Session, dpia: Dpia) -> Sequence[ProcessingActivity]:
    """The activities of *dpia* with everything that suggestions are made of, by number."""
    ids = [activity.id for activity in dpia.activities]
    query = select(ProcessingActivity).where(ProcessingActivity.id.in_(ids))
    chain = selectinload(ProcessingActivity.processors)
    options = (*everything(ProcessingActivity), chain.selectinload(Processor.sub_processors))
    return session.scalars(query.options(*options).order_by(ProcessingActivity.number)).all()


def voices_of(session: Session, dpia: Dpia) -> list[Voice]:
    """The voices that *dpia* should hear, given its activities."""
    return [one.voice for one in expected(sources_of(session, dpia))]


def prefilled(activities: Sequence[ProcessingActivity]) -> dict[str, Suggestion]:
    """What *activities* say, by field name of the impact assessment; needs them with their rows."""
    made = (_suggestion(statement, activities) for statement in _STATEMENTS)
    return {suggestion.statement: suggestion for suggestion in made if suggestion}


def take_over(dpia: Dpia, suggestion: Suggestion, *, on: date, text: str | None = None) -> None:
    """Writes *suggestion* into its field, or *text* where a person adapted it, and remembers the source."""
    setattr(dpia, suggestion.statement, suggestion.text if text is None else text)
    taken = _taken(dpia, suggestion.statement)
    if taken is None:
        taken = TakenOver(statement=suggestion.statement)
        dpia.taken_over.append(taken)
    taken.source = ", ".join(suggestion.sources)
    taken.fingerprint = suggestion.fingerprint
    taken.text = suggestion.text
    taken.taken_on = on


def stale(taken: TakenOver, activities: Sequence[ProcessingActivity]) -> bool:
    """Whether *activities* say something else than when it was taken over."""
    return outdated(taken, _suggestion(taken.statement, activities))


def outdated(taken: Taken, suggestion: Suggestion | None) -> bool:
    """Whether the source now says something else than what was *taken*."""
    # The text alone would change with our wording, the answers alone also where the text leaves them out.
    return suggestion is None or (
        suggestion.fingerprint != taken.fingerprint and suggestion.text != taken.text
    )


def provenance(dpia: Dpia, activities: Sequence[ProcessingActivity]) -> dict[str, Provenance]:
    """Where the text of each field comes from, as far as *activities* have a say in it."""
    offered = prefilled(activities)
    found: dict[str, Provenance] = {}
    for statement in _STATEMENTS:
        taken, suggestion = _taken(dpia, statement), offered.get(statement)
        if taken is not None or suggestion is not None:
            found[statement] = Provenance(_state(dpia, taken, suggestion), suggestion, taken)
    return found


def _state(dpia: Dpia, taken: TakenOver | None, suggestion: Suggestion | None) -> TakeoverState:
    if taken is None:
        return TakeoverState.OFFERED
    if outdated(taken, suggestion):
        return TakeoverState.STALE
    same = getattr(dpia, taken.statement) == taken.text
    return TakeoverState.CURRENT if same else TakeoverState.ADAPTED


def _taken(dpia: Dpia, statement: str) -> TakenOver | None:
    return next((taken for taken in dpia.taken_over if taken.statement == statement), None)


# --- From answers to statements ------------------------------------------------------------------

_SPECS: Final = fields(ProcessingActivity)


def _suggestion(statement: str, activities: Sequence[ProcessingActivity]) -> Suggestion | None:
    names, lines = _STATEMENTS[statement]
    return suggest(statement, lines, lambda activity: _facts(activity, names), activities)


def suggest(
    statement: str,
    lines: Callable[[ProcessingActivity], Iterator[str]],
    rests_on: Callable[[ProcessingActivity], Iterable[Any]],
    activities: Sequence[ProcessingActivity],
) -> Suggestion | None:
    """What *activities* say in *lines*, and what that *rests_on* as data; ``None`` if they say nothing."""
    said = {activity: list(lines(activity)) for activity in activities}
    speaking = [activity for activity, its_lines in said.items() if its_lines]
    if not speaking:
        return None
    paragraphs = (_paragraph(activity, said[activity], len(activities) > 1) for activity in speaking)
    facts = [[activity.designation, *rests_on(activity)] for activity in speaking]
    return Suggestion(
        statement,
        "\n\n".join(paragraphs),
        tuple(activity.designation for activity in speaking),
        hashlib.sha256(canonical(facts).encode()).hexdigest(),
    )


def _paragraph(activity: ProcessingActivity, lines: list[str], titled: bool) -> str:
    return "\n".join([f"{activity}:", *lines] if titled else lines)


def _facts(activity: ProcessingActivity, names: tuple[str, ...]) -> Iterator[Any]:
    for name in names:
        yield _plain(_SPECS[name], getattr(activity, name))


def _plain(spec: Kind, value: Any) -> Any:
    """An answer as data; what it refers to by title, because the statement says the title."""
    match spec:
        case Rows():
            return [answers(row) for row in value]
        case Reference():
            return str(value or "")
        case References():
            return [[str(target), *_state_of(target)] for target in value]
        case _:
            return plain(spec, value)


def _state_of(target: Any) -> Iterator[str]:
    """What statements say of something referred to besides its title."""
    for name in _TOLD.get(type(target).__name__, ()):
        yield shown(fields(type(target))[name], getattr(target, name), "de")


_TOLD: Final = {
    "TargetObject": ("kind", "location"),
    "Processor": ("country", "contract_state"),
    "Measure": ("progress",),
}


def _said(activity: ProcessingActivity, name: str) -> str:
    return shown(_SPECS[name], getattr(activity, name), "de")


def _labelled(activity: ProcessingActivity, *names: str) -> Iterator[str]:
    """The answers to *names*, each behind its label; unanswered ones are left out."""
    for name in names:
        if words := _said(activity, name):
            yield f"{_SPECS[name].label.de}: {words}"


def _with_details(text: str, *details: str) -> str:
    said = "; ".join(detail for detail in details if detail)
    return f"– {text} ({said})" if said else f"– {text}"


def _description(activity: ProcessingActivity) -> Iterator[str]:
    if activity.description:
        yield activity.description
    yield from _labelled(activity, "stage", "scale")


def _purposes(activity: ProcessingActivity) -> Iterator[str]:
    for purpose in activity.purposes:
        if purpose.text:
            yield f"– {purpose.text}"


def _persons_and_data(activity: ProcessingActivity) -> Iterator[str]:
    yield from _labelled(activity, "subjects", "other_subjects", "sources")
    for category in activity.data:
        marks = (_mark(category, "special"), _mark(category, "criminal"))
        yield _with_details(category.text, *marks)
    for recipient in activity.recipients:
        kind = recipient.kind.text.de if recipient.kind else ""
        yield _with_details(f"Empfänger: {recipient.text}", kind, recipient.reason)
    if activity.no_recipients:
        yield "Empfänger: keine"


def _mark(category: DataCategory, name: str) -> str:
    return fields(DataCategory)[name].label.de if getattr(category, name) else ""


def _assets(activity: ProcessingActivity) -> Iterator[str]:
    for thing in activity.objects:
        yield _with_details(str(thing), thing.kind.text.de if thing.kind else "", thing.location)
    if activity.ai:
        yield "– Künstliche Intelligenz im Sinne der Verordnung (EU) 2024/1689"
    yield from _labelled(activity, "ai_class", "automation_level")


def _lawfulness(activity: ProcessingActivity) -> Iterator[str]:
    for purpose in activity.purposes:
        basis = purpose.legal_basis.text.de if purpose.legal_basis else ""
        if basis or purpose.provision:
            yield _with_details(purpose.text or "Zweck ohne Bezeichnung", basis, purpose.provision)
    for category in activity.data:
        exception = category.exception.text.de if category.exception else ""
        norms = (exception and f"Ausnahme: {exception}", category.exception_norm, category.criminal_norm)
        if any(norms):
            yield _with_details(category.text, *norms)
    yield from _labelled(activity, "change_reason", "secrecy")


def _storage(activity: ProcessingActivity) -> Iterator[str]:
    for category in activity.data:
        period = category.period.shown("de") if category.period else category.criteria
        start = category.start_event or (category.start_type.text.de if category.start_type else "")
        if period:
            yield _with_details(f"{category.text}: {period}", start, category.period_norm)
    yield from _labelled(activity, "erasure", "erasure_concept", "backup_period")


def _rights(activity: ProcessingActivity) -> Iterator[str]:
    yield from _labelled(activity, "notice", "notice_link", "consent")


def _processors(activity: ProcessingActivity) -> Iterator[str]:
    for processor in activity.processors:
        country = processor.country.text.de if processor.country else ""
        state = processor.contract_state.text.de if processor.contract_state else ""
        yield _with_details(f"Auftragsverarbeiter: {processor}", country, state and f"Vertrag: {state}")
    yield from _labelled(activity, "third_country", "transfer_note")
    for recipient in activity.recipients:
        basis = recipient.transfer_basis.text.de if recipient.transfer_basis else ""
        if basis:
            country = recipient.country.text.de if recipient.country else ""
            yield _with_details(recipient.text, country, basis)


def _measures(activity: ProcessingActivity) -> Iterator[str]:
    if activity.measures:
        yield activity.measures
    for measure in activity.measures_used:
        yield _with_details(str(measure), measure.progress.text.de if measure.progress else "")
    yield from _labelled(activity, "security_concept", "access_concept")


_Lines = Callable[[ProcessingActivity], Iterator[str]]

_STATEMENTS: Final[dict[str, tuple[tuple[str, ...], _Lines]]] = {
    "description": (("description", "stage", "scale"), _description),
    "purposes": (("purposes",), _purposes),
    "data": (
        ("subjects", "other_subjects", "sources", "data", "recipients", "no_recipients"),
        _persons_and_data,
    ),
    "assets": (("objects", "ai", "ai_class", "automation_level"), _assets),
    "lawfulness": (("purposes", "data", "change_reason", "secrecy"), _lawfulness),
    "storage_limitation": (("data", "erasure", "erasure_concept", "backup_period"), _storage),
    "rights": (("notice", "notice_link", "consent"), _rights),
    "processors": (("processors", "third_country", "transfer_note", "recipients"), _processors),
    "existing_measures": (("measures", "measures_used", "security_concept", "access_concept"), _measures),
}
"""For each field of the assessment: the fields of the activity it rests on, and how they are put."""

RESTS_ON: Final = frozenset(name for names, _lines in _STATEMENTS.values() for name in names)
"""Names of the fields of activities that any statement rests on."""
PREFILLED: Final = tuple(_STATEMENTS)
"""Names of the fields that can be taken over."""
