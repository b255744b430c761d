"""What the record already knows about single questions of an assessment, and which questions arise at all.

The statements are data, not wording of the application, and are written in German.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from assessments.dpia.prefill import Suggestion, suggest
from compliance.fields import fields, shown
from registers.countries import EEA
from registers.processing import (
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Subjects,
)


def _said(thing: object, *names: str) -> list[str]:
    """The answers of *thing* to *names* in words; unanswered ones are left out."""
    specs = fields(type(thing))
    return [words for name in names if (words := shown(specs[name], getattr(thing, name), "de"))]


def _labelled(thing: object, *names: str) -> Iterator[str]:
    specs = fields(type(thing))
    for name in names:
        if words := shown(specs[name], getattr(thing, name), "de"):
            yield f"{specs[name].label.de}: {words}"


def _item(text: str, *details: str) -> str:
    said = "; ".join(detail for detail in details if detail)
    return f"– {text} ({said})" if said else f"– {text}"


def _actors(activity: ProcessingActivity) -> Iterator[str]:
    if activity.unit is not None:
        yield f"– Fachlich verantwortlich: {activity.unit}"
    for other in activity.joint_controllerships:
        yield f"– Gemeinsam verantwortlich: {other}"
    for processor in activity.processors:
        yield _item(f"Auftragsverarbeiter: {processor}", processor.service)


def _contracts(activity: ProcessingActivity) -> Iterator[str]:
    for processor in activity.processors:
        signed = "".join(f"unterzeichnet am {words}" for words in _said(processor, "signed_on"))
        until = "".join(f"bis {words}" for words in _said(processor, "valid_until"))
        yield _item(str(processor), *_said(processor, "instrument", "contract_state"), signed, until)


def _sub_processors(activity: ProcessingActivity) -> Iterator[str]:
    for processor in activity.processors:
        for sub in processor.sub_processors:
            yield _item(f"{sub.company} für {processor}", *_said(sub, "task", "country"))
        if processor.no_sub_processors:
            yield f"– {processor}: setzt niemanden ein"


def _transfers(activity: ProcessingActivity) -> Iterator[str]:
    for name, row in _abroad(activity):
        yield _item(name, *_said(row, "country", "transfer_basis", "tia_result", "supplementary_measures"))
    if activity.transfer_note:
        yield activity.transfer_note


def _abroad(activity: ProcessingActivity) -> Iterator[tuple[str, Any]]:
    """Whoever receives data outside the EEA: its name and the row that says on what basis."""
    rows: list[tuple[str, Any]] = [(recipient.text, recipient) for recipient in activity.recipients]
    for processor in activity.processors:
        rows += [(f"{sub.company} für {processor}", sub) for sub in processor.sub_processors]
    yield from ((name, row) for name, row in rows if row.country and row.country.name not in EEA)


def _protection_needs(activity: ProcessingActivity) -> Iterator[str]:
    for thing in activity.objects:
        needs = list(_labelled(thing, "needed_c", "needed_i", "needed_a"))
        if needs:
            yield _item(str(thing), *needs)


def _special(activity: ProcessingActivity) -> Iterator[str]:
    for category in activity.data:
        if category.special:
            yield _item(category.text, *_said(category, "exception", "exception_norm"))


def _fields(*names: str) -> Callable[[ProcessingActivity], Iterator[str]]:
    return lambda activity: _labelled(activity, *names)


Lines: TypeAlias = Callable[[ProcessingActivity], Iterator[str]]

_KNOWN: Final[Mapping[str, Lines]] = {
    "actors": _actors,
    "contracts": _contracts,
    "sub_processors": _sub_processors,
    "joint_control": lambda activity: (f"– {other}" for other in activity.joint_controllerships),
    "transfers": _transfers,
    "protection_needs": _protection_needs,
    "special_data": _special,
    "information": _fields("notice", "notice_link", "informed_of_sources", "notice_exemption"),
    "consent": _fields("consent", "parental_consent"),
    "change_of_purpose": _fields("change_reason"),
    "automated": _fields("automated_basis", "automated_safeguards", "automated_logic"),
    "ai_use": _fields("ai_class", "automation_level"),
    "phase_collection": _fields("sources", "source_details"),
    "phase_deletion": _fields("erasure", "erasure_concept", "backup_period"),
}

KNOWN: Final = (*_KNOWN, "purpose_basis")
"""Ids of the questions about which the record has something to say."""


def known(question: str, activities: Sequence[ProcessingActivity], part: str = "") -> Suggestion | None:
    """What *activities* say to the question, for the purpose *part* where it is asked for each."""
    lines = _of_purpose(part) if question == "purpose_basis" else _KNOWN.get(question)
    # Each statement says all it rests on, so that its lines are its facts.
    return suggest(question, lines, lines, activities) if lines else None


def _of_purpose(part: str) -> Lines:
    def lines(activity: ProcessingActivity) -> Iterator[str]:
        for purpose in activity.purposes:
            if purpose.id.hex == part and (purpose.legal_basis or purpose.provision):
                yield ", ".join(filter(None, (*_said(purpose, "legal_basis"), purpose.provision)))

    return lines


def purposes(activities: Iterable[ProcessingActivity]) -> Mapping[str, str]:
    """The purposes for which questions are asked again, by their key."""
    return {
        purpose.id.hex: purpose.text
        for activity in activities
        for purpose in activity.purposes
        if purpose.text
    }


# --- Which questions arise -----------------------------------------------------------------------


def _rests_on(purpose: Purpose, basis: LegalBasis) -> bool:
    return purpose.legal_basis is basis


_FACTS: Final[Mapping[str, Callable[[ProcessingActivity], Any]]] = {
    "ai": lambda activity: activity.ai,
    "automated": lambda activity: activity.automated_decision,
    "change_of_purpose": lambda activity: activity.change_of_purpose,
    "children": lambda activity: Subjects.CHILDREN in activity.subjects,
    "consent": lambda activity: any(_rests_on(one, LegalBasis.CONSENT) for one in activity.purposes),
    "joint": lambda activity: activity.joint_controllerships,
    "processors": lambda activity: activity.processors,
    "special": lambda activity: any(category.special for category in activity.data),
    "third_country": lambda activity: activity.third_country or any(_abroad(activity)),
}

FACTS: Final = frozenset(_FACTS)
"""Names of the conditions under which questions arise."""


def facts_of(activities: Sequence[ProcessingActivity]) -> frozenset[str]:
    """Which of :data:`FACTS` hold for *activities*."""
    return frozenset(name for name, holds in _FACTS.items() if any(map(holds, activities)))
