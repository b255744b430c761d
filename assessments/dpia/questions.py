"""Which questions an impact assessment is made of, how far they are answered, and whence each text comes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from sqlalchemy.orm import Session

from assessments.dpia.answers import DpiaAnswer, Place, answers_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import (
    Provenance,
    Suggestion,
    Taken,
    TakenText,
    TakeoverState,
    outdated,
    prefilled,
    sources_of,
)
from assessments.dpia.register_answers import facts_of, known, purposes
from assessments.questionnaire import Catalogue, Chapter, Question, read
from compliance.errors import NotFound
from compliance.language import Text
from registers.processing import ProcessingActivity

_SHIPPED: Final = ("nachweis-2026-1", "edpb-2026-1.0")
"""From the oldest to the newest; the first is that of assessments which name none."""


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Every version that is shipped, by key; none is ever taken away, because assessments keep theirs."""
    found: dict[str, Catalogue] = {}
    for name in _SHIPPED:
        file = files(__package__) / "catalogues" / f"{name}.toml"
        catalogue = read(file.read_text(encoding="utf-8"), known=tuple(found.values()))
        found[catalogue.key] = catalogue
    return found


def catalogue_called(key: str) -> Catalogue:
    """The catalogue with that key. Raises :class:`NotFound`."""
    try:
        return catalogues()[key]
    except KeyError as error:
        raise NotFound(_NO_CATALOGUE) from error


def catalogue_of(dpia: Dpia) -> Catalogue:
    """The questions that *dpia* is made with."""
    return catalogue_called(dpia.catalogue) if dpia.catalogue else next(iter(catalogues().values()))


@dataclass(frozen=True)
class Asked:
    """One question as it is put, with its answer and where that comes from."""

    question: Question
    part: str
    """Key of the purpose for which it is asked; empty where it is asked once."""
    part_title: str
    text: str
    version: int
    """Of the stored answer, or of the assessment where a field holds it; 0 where nothing is stored."""
    answer: DpiaAnswer | None
    origin: Provenance | None

    @property
    def place(self) -> Place:
        return self.question.id, self.part

    @property
    def answered(self) -> bool:
        return bool(self.text.strip())

    @property
    def missing(self) -> bool:
        """An audit asks for it and finds nothing."""
        return self.question.expected and not self.answered

    @property
    def suggestion(self) -> Suggestion | None:
        """What the record says now."""
        return self.origin.suggestion if self.origin else None

    @property
    def stale(self) -> bool:
        return self.origin is not None and self.origin.state is TakeoverState.STALE

    @property
    def to_confirm(self) -> bool:
        """The record has answered already; a person only has to confirm it."""
        return not self.answered and self.suggestion is not None


@dataclass(frozen=True)
class AskedChapter:
    """One chapter with the questions that arise in it."""

    chapter: Chapter
    asked: tuple[Asked, ...]

    @property
    def expected(self) -> int:
        return sum(one.question.expected for one in self.asked)

    @property
    def answered(self) -> int:
        return self.expected - len(self.missing)

    @property
    def missing(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if one.missing)

    @property
    def stale(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if one.stale)


@dataclass(frozen=True)
class Questionnaire:
    """Everything that is asked about one assessment, and what was answered."""

    catalogue: Catalogue
    chapters: tuple[AskedChapter, ...]
    left_over: tuple[DpiaAnswer, ...]
    """Answers to what is not asked any more; they stay readable."""

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for chapter in self.chapters for one in chapter.asked)

    @property
    def expected(self) -> int:
        return sum(chapter.expected for chapter in self.chapters)

    @property
    def answered(self) -> int:
        return sum(chapter.answered for chapter in self.chapters)

    @property
    def next(self) -> Asked | None:
        """The first question that an audit would miss, or else whose source has changed."""
        return next((one for one in self.asked if one.missing), None) or next(
            (one for one in self.asked if one.stale), None
        )

    def at(self, place: Place) -> Asked:
        """The question at *place*. Raises :class:`NotFound` where it does not arise."""
        for one in self.asked:
            if one.place == place:
                return one
        raise NotFound(_NO_QUESTION)

    def chapter_of(self, asked: Asked) -> AskedChapter:
        return next(chapter for chapter in self.chapters if asked in chapter.asked)

    def around(self, place: Place) -> tuple[Asked | None, Asked | None]:
        """The questions before and after the one at *place*."""
        places = [one.place for one in self.asked]
        at = places.index(place)
        before = self.asked[at - 1] if at else None
        return before, (self.asked[at + 1] if at + 1 < len(places) else None)


def questionnaire(session: Session, dpia: Dpia, catalogue: Catalogue | None = None) -> Questionnaire:
    """What is asked about *dpia*, which is loaded whole; by its own catalogue unless another is given."""
    return ask(catalogue or catalogue_of(dpia), dpia, sources_of(session, dpia), answers_of(session, dpia))


def ask(
    catalogue: Catalogue,
    dpia: Dpia,
    activities: Sequence[ProcessingActivity],
    answers: Mapping[Place, DpiaAnswer],
) -> Questionnaire:
    """The questions of *catalogue* that arise for *activities*, which are loaded with their rows."""
    holding = facts_of(activities)
    offered = prefilled(activities)
    things = {"purpose": purposes(activities)}

    def parts(question: Question) -> Mapping[str, str]:
        if not question.each:
            return {"": ""}
        # Before the purposes are known the question is put once.
        return things[question.each] or {"": ""}

    def one(question: Question, part: str, title: str) -> Asked:
        if question.field:
            taken = next((row for row in dpia.taken_over if row.statement == question.field), None)
            text, suggestion = getattr(dpia, question.field), offered.get(question.field)
            return Asked(
                question, part, title, text, dpia.version or 0, None, _origin(text, taken, suggestion)
            )
        answer = answers.get((question.id, part))
        text, suggestion = answer.text if answer else "", known(question.id, activities, part)
        origin = _origin(text, _taken(answer), suggestion)
        return Asked(question, part, title, text, answer.version if answer else 0, answer, origin)

    chapters = tuple(
        AskedChapter(
            chapter,
            tuple(
                one(question, part, title)
                for question in chapter.questions
                if not question.only or question.only in holding
                for part, title in parts(question).items()
            ),
        )
        for chapter in catalogue.chapters
    )
    places = {asked.place for chapter in chapters for asked in chapter.asked}
    left = tuple(answer for place, answer in answers.items() if place not in places and answer.text)
    return Questionnaire(catalogue, chapters, left)


def _taken(answer: DpiaAnswer | None) -> Taken | None:
    if answer is None or not answer.fingerprint:
        return None
    return TakenText(answer.source, answer.fingerprint, answer.taken_text, answer.taken_on)


def _origin(text: str, taken: Taken | None, suggestion: Suggestion | None) -> Provenance | None:
    if taken is None and suggestion is None:
        return None
    if taken is None:
        state = TakeoverState.OFFERED
    elif outdated(taken, suggestion):
        state = TakeoverState.STALE
    else:
        state = TakeoverState.CURRENT if text == taken.text else TakeoverState.ADAPTED
    return Provenance(state, suggestion, taken)


def part_key(text: str) -> str:
    """The key of a purpose as it stands in an address. Raises :class:`NotFound`."""
    try:
        return uuid.UUID(hex=text).hex if text else ""
    except ValueError as error:
        raise NotFound(_NO_QUESTION) from error


_NO_CATALOGUE = Text("Diesen Fragenkatalog gibt es nicht.", "There is no such catalogue of questions.")
_NO_QUESTION = Text("Diese Frage stellt sich hier nicht.", "This question does not arise here.")
