"""What a confirmed threshold analysis rests on, and what became of it since.

Whoever confirms the pre-answered questions confirms them against the record and the
lists of that day. Both are remembered, so that a change of either can be shown.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.published_lists import PublishedList, new_versions, versions_for
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_known import Known, signs, together
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import by_number
from compliance.fields import fields
from compliance.language import Text
from registers.authority_lists import AuthorityListItem, Place, counts, place_of
from registers.processing import ProcessingActivity

CONFIRM: Final = "confirm answers"
"""What the journal calls it."""
ITEM_FACTS: Final = (
    "id",
    "name",
    "land",
    "sector",
    "item_number",
    "list_version",
    "valid_from",
    "valid_until",
    "state",
)
"""What is read of an entry of an own list."""


@dataclass(frozen=True)
class Ground:
    """What the record says yes to in one question."""

    mark: str
    why: Text


@dataclass(frozen=True)
class Basis:
    """What the proposals rest on at one moment."""

    answers: Mapping[str, Ground] = field(default_factory=dict)
    """By question."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """Version of each shipped list, by series."""
    own: Mapping[str, str] = field(default_factory=dict)
    """What each entry of the organisation's own lists says, by its id."""

    def to_json(self) -> str:
        """The basis as it is stored."""
        answers = {name: [each.mark, each.why.de, each.why.en] for name, each in self.answers.items()}
        return json.dumps({"answers": answers, "lists": dict(self.lists), "own": dict(self.own)})

    @classmethod
    def from_json(cls, text: str) -> Basis | None:
        """The basis that :meth:`to_json` wrote; ``None`` where nothing was confirmed."""
        if not text:
            return None
        data = json.loads(text)
        answers = {name: Ground(mark, Text(de, en)) for name, (mark, de, en) in data["answers"].items()}
        return cls(answers, data["lists"], data["own"])


def basis_of(
    activity: Known | None,
    items: Iterable[Any],
    place: Place,
    on: date,
    lists: Sequence[PublishedList] | None = None,
) -> Basis:
    """What an analysis of *activity* rests on, with the own list *items*, at *place* on that day."""
    found = list(signs(activity)) if activity is not None else []
    answers = {}
    for name in dict.fromkeys(sign.question for sign in found):
        here = [sign for sign in found if sign.question == name]
        answers[name] = Ground(" ".join(s.mark for s in here), together(s.why for s in here))
    return Basis(
        answers,
        versions_for(place.land, on, lists),
        {item.id.hex: _said(item) for item in items if _counts(item, place, on)},
    )


def _counts(item: Any, place: Place, on: date) -> bool:
    return item.state.name != "ENDED" and counts(
        place,
        on,
        listed_land=item.land,
        sector=item.sector,
        valid_from=item.valid_from,
        valid_until=item.valid_until,
    )


def _said(item: Any) -> str:
    numbered = f"Nr. {item.item_number}: {item.name}" if item.item_number else item.name
    return f"{numbered} ({item.list_version})" if item.list_version else numbered


# --- What changed --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One question to which the record says something else than at the confirmation."""

    question: str
    before: Text | None
    now: Text | None

    @property
    def label(self) -> Text:
        return fields(ThresholdAnalysis)[self.question].label


@dataclass(frozen=True)
class ListChange:
    """What is new in a list, or no longer in it."""

    title: Text
    added: tuple[Text, ...]
    gone: tuple[Text, ...]


def changed_answers(before: Basis, now: Basis) -> tuple[Change, ...]:
    """The questions to which the record answers something else, in the order in which they are asked."""
    named = {**before.answers, **now.answers}
    order = list(fields(ThresholdAnalysis))
    return tuple(
        Change(name, _why(before, name), _why(now, name))
        for name in sorted(named, key=order.index)
        if _mark(before, name) != _mark(now, name)
    )


def _mark(basis: Basis, name: str) -> str | None:
    ground = basis.answers.get(name)
    return ground.mark if ground else None


def _why(basis: Basis, name: str) -> Text | None:
    ground = basis.answers.get(name)
    return ground.why if ground else None


def changed_lists(
    before: Basis, now: Basis, lists: Sequence[PublishedList] | None = None
) -> tuple[ListChange, ...]:
    """What is new in the lists since *before*."""
    found = [
        ListChange(new.title, new.added, new.gone) for new in new_versions(before.lists, now.lists, lists)
    ]
    said, says = set(before.own.values()), set(now.own.values())
    if said != says:
        added = tuple(Text(text, text) for text in sorted(says - said))
        gone = tuple(Text(text, text) for text in sorted(said - says))
        found.append(ListChange(AuthorityListItem.title, added, gone))
    return tuple(found)


# --- With a database -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Review:
    """How an analysis stands to the record and the lists of today."""

    confirmed: bool
    answers: tuple[Change, ...]
    lists: tuple[ListChange, ...]

    @property
    def is_due(self) -> bool:
        """Whether the analysis has to be checked again."""
        return bool(self.answers or self.lists)


def review(session: Session, analysis: ThresholdAnalysis) -> Review:
    """What changed since *analysis* was confirmed."""
    before = Basis.from_json(analysis.basis)
    if before is None:
        return Review(False, (), ())
    now = _present_basis(session, analysis.activity, analysis.organisation_id)
    return Review(True, changed_answers(before, now), changed_lists(before, now))


def fingerprint(session: Session, activity: ProcessingActivity | None, organisation_id: uuid.UUID) -> str:
    """Stands for what the proposals about *activity* rest on, so that nobody confirms what they never saw."""
    basis = _present_basis(session, activity, organisation_id)
    return hashlib.sha256(basis.to_json().encode()).hexdigest()


def _present_basis(
    session: Session, activity: ProcessingActivity | None, organisation_id: uuid.UUID
) -> Basis:
    whole = by_number(session, ProcessingActivity, activity.number) if activity is not None else None
    items = session.execute(select(*(getattr(AuthorityListItem, name) for name in ITEM_FACTS)))
    return basis_of(whole, items, place_of(session, organisation_id), today())


def confirm(session: Session, analysis: ThresholdAnalysis, *, by: Identity) -> None:
    """Records that *by* checked the answers against the record and the lists as they are now.

    Raises :class:`compliance.errors.Forbidden` without the right to edit.
    """
    demand(by, Permission.EDIT, analysis)
    analysis.basis = _present_basis(session, analysis.activity, analysis.organisation_id).to_json()
    analysis.confirmed_by = by.name
    analysis.confirmed_on = today()
    session.info["action"] = CONFIRM
