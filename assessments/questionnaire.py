"""Catalogues of questions as dated data: what is asked and why, who answers, what a new version changes.

Nothing here knows what is assessed. A question may be answered by a field of
the assessed entry, may be asked again for each of several things such as a
purpose, and may arise only under a condition; an assessment gives these names
their meaning.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from compliance.language import Text
from compliance.people import Role


@dataclass(frozen=True)
class Question:
    """One question in plain words, with the ground on which it is asked."""

    id: str
    """Stays the same in every version and catalogue as long as the question means the same."""
    ask: Text
    help: Text
    basis: str
    """Source in law or standard, as it is cited."""
    who: Role
    """Who usually knows the answer."""
    field: str = ""
    """Name of the field of the assessed entry that holds the answer; empty where the answer stands alone."""
    each: str = ""
    """Name of what the question is asked for again and again; empty where it is asked once."""
    only: str = ""
    """Name of the fact without which the question does not arise."""
    expected: bool = True
    """An audit asks for it."""


@dataclass(frozen=True)
class Chapter:
    """Questions under one heading, and the parts of the assessment that belong there."""

    id: str
    title: Text
    questions: tuple[Question, ...]
    includes: tuple[str, ...] = ()
    """Names that the assessment gives to what it holds besides answers, such as its risks."""


@dataclass(frozen=True)
class Catalogue:
    """One version of a set of questions."""

    id: str
    version: str
    title: Text
    published: date
    source: str
    chapters: tuple[Chapter, ...]

    @property
    def key(self) -> str:
        """Identifies this version among all."""
        return f"{self.id}/{self.version}"

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by id, in reading order."""
        return {question.id: question for chapter in self.chapters for question in chapter.questions}


@dataclass(frozen=True)
class Comparison:
    """What moving from one catalogue to another means for somebody who has begun to answer."""

    new: tuple[Question, ...]
    changed: tuple[tuple[Question, Question], ...]
    """Old and new wording of questions that keep their answers."""
    gone: tuple[Question, ...]


def compare(old: Catalogue, new: Catalogue) -> Comparison:
    """What *new* asks beyond *old*, asks in other words, and does not ask any more."""
    before, after = old.questions, new.questions
    return Comparison(
        new=tuple(question for id, question in after.items() if id not in before),
        changed=tuple(
            (before[id], question)
            for id, question in after.items()
            if id in before and _wording(before[id]) != _wording(question)
        ),
        gone=tuple(question for id, question in before.items() if id not in after),
    )


def _wording(question: Question) -> tuple[Text, Text, str]:
    return question.ask, question.help, question.basis


# --- Reading -------------------------------------------------------------------------------------


def read(text: str, *, known: Sequence[Catalogue] = ()) -> Catalogue:
    """The catalogue that *text*, a TOML document, describes.

    A question of which only the id is given is the one of the catalogue that
    ``builds_on`` names, which must be among *known*. Raises :class:`KeyError` for
    what is missing and :class:`ValueError` for what is there twice or unknown.
    """
    data = tomllib.loads(text)
    base = {catalogue.key: catalogue for catalogue in known}
    shared = base[data["builds_on"]].questions if "builds_on" in data else {}
    chapters = tuple(_chapter(one, shared) for one in data["chapters"])
    asked = [question.id for chapter in chapters for question in chapter.questions]
    for names in (asked, [chapter.id for chapter in chapters]):
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"There twice: {', '.join(sorted(twice))}.")
    return Catalogue(
        id=data["id"],
        version=data["version"],
        title=_text(data["title"]),
        published=data["published"],
        source=data["source"],
        chapters=chapters,
    )


def _chapter(data: Mapping[str, Any], shared: Mapping[str, Question]) -> Chapter:
    questions = tuple(_question(one, shared) for one in data.get("questions", ()))
    return Chapter(data["id"], _text(data["title"]), questions, tuple(data.get("includes", ())))


def _question(data: Mapping[str, Any], shared: Mapping[str, Question]) -> Question:
    if set(data) == {"id"}:
        return shared[data["id"]]
    return Question(**dict(_values(data)))


def _values(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        match name:
            case "ask" | "help":
                yield name, _text(value)
            case "who":
                yield name, Role[value]
            case "id" | "basis" | "field" | "each" | "only" | "expected":
                yield name, value
            case _:
                raise ValueError(f"A question has no {name}.")


def _text(data: Mapping[str, str]) -> Text:
    return Text(data["de"], data["en"])
