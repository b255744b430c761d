"""Sentences about measures, for requirements of IT-Grundschutz that are met.

The sentences are curated, in our own words, and each belongs to one letter of Art. 32 (1)
GDPR and to goals of the Standard-Datenschutzmodell. They name what is done. They never say
that it is enough: whether Art. 32 GDPR is met is judged by people, for each processing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from assessments.grundschutz.kompendium import edition_2023, reading_order
from compliance.language import Text, day_words
from registers.measures import Duty, Goal

LETTERS: Final[Mapping[str, Duty]] = {
    "a": Duty.ENCRYPTION,
    "b": Duty.RESILIENCE,
    "c": Duty.RECOVERY,
    "d": Duty.REVIEW,
}
"""The letters of Art. 32 (1) GDPR."""


@dataclass(frozen=True)
class Sentence:
    """One measure in plain words; it holds where one of its requirements is met and none is unmet."""

    key: str
    requirements: tuple[str, ...]
    duty: Duty
    goals: tuple[Goal, ...]
    text: Text

    @property
    def with_goals(self) -> Text:
        """The sentence with the goals it serves in brackets."""
        said = Text(self.text.de.removesuffix("."), self.text.en.removesuffix("."))
        goals = (", ".join(goal.text[language] for goal in self.goals) for language in ("de", "en"))
        de, en = goals
        return Text(f"{said.de} ({de}).", f"{said.en} ({en}).")


@dataclass(frozen=True)
class Said:
    """What can be said under one letter of Art. 32 (1) GDPR."""

    duty: Duty
    sentences: tuple[Sentence, ...]

    @property
    def heading(self) -> Text:
        return _heading(self.duty)


def _heading(duty: Duty) -> Text:
    letter, _bracket, rest_de = duty.text.de.partition(") ")
    rest_en = duty.text.en.partition(") ")[2]
    return Text(f"Art. 32 Abs. 1 lit. {letter} DSGVO – {rest_de}", f"Art. 32 (1) ({letter}) GDPR – {rest_en}")


@dataclass(frozen=True)
class Words:
    """Everything that can be said of some requirements that are met."""

    by_letter: tuple[Said, ...]
    subjects: tuple[str, ...]
    """Official titles of the modules for which there is no sentence of our own."""

    def __bool__(self) -> bool:
        return bool(self.by_letter or self.subjects)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(one for said in self.by_letter for one in said.sentences)

    def text(self, language: str, on: date) -> str:
        """The description as it enters the record; *on* is the day whose state it gives."""
        return "\n".join(self._lines(language, on)) if self else ""

    def _lines(self, language: str, on: date) -> Iterator[str]:
        yield _OPENING.format(day=day_words(on))[language]
        for said in self.by_letter:
            yield f"\n{said.heading[language]}:"
            yield from (f"– {one.with_goals[language]}" for one in said.sentences)
        if self.subjects:
            yield "\n" + _FURTHER.format(subjects="; ".join(self.subjects))[language]


def in_language(text: str, language: str) -> str:
    """*text* of a record with every line of ours in *language*.

    The record is kept in German. What people wrote or changed stays as they wrote it.
    """
    if language == "de":
        return text
    return "\n".join(_line_in(line, language) for line in text.splitlines())


def _line_in(line: str, language: str) -> str:
    if known := _lines_of_ours().get(line):
        return known[language]
    if opened := _OPENED.fullmatch(line):
        day = date(*(int(opened[part]) for part in ("year", "month", "day")))
        return _OPENING.format(day=day_words(day))[language]
    if more := _ADDED.fullmatch(line):
        return _FURTHER.format(subjects=more["subjects"])[language]
    return line


@cache
def _lines_of_ours() -> Mapping[str, Text]:
    """What :meth:`Words.text` writes, by its German, but for the lines that name days or modules."""
    headings = (Text(f"{said.de}:", f"{said.en}:") for said in map(_heading, LETTERS.values()))
    said = (Text(f"– {one.with_goals.de}", f"– {one.with_goals.en}") for one in sentences())
    return {line.de: line for line in (*headings, *said)}


@cache
def sentences() -> tuple[Sentence, ...]:
    """Every sentence, in the order in which they are said."""
    content = files(__package__).joinpath("measures.toml").read_text(encoding="utf-8")
    return tuple(map(_sentence, tomllib.loads(content)["measures"]))


def _sentence(entry: Mapping[str, Any]) -> Sentence:
    return Sentence(
        entry["key"],
        tuple(entry["requirements"]),
        LETTERS[entry["letter"]],
        tuple(Goal[name] for name in entry["goals"]),
        Text(entry["de"], entry["en"]),
    )


def together_with(requirements: Collection[str]) -> frozenset[str]:
    """*requirements* and those of which a sentence speaks in the same breath."""
    wanted = frozenset(requirements)
    near = (one.requirements for one in sentences() if not wanted.isdisjoint(one.requirements))
    return wanted.union(*near)


def words_for(requirements: Collection[str]) -> Words:
    """What can be said where exactly *requirements* are met; unknown ones say nothing."""
    met = set(requirements)
    holding = [one for one in sentences() if not met.isdisjoint(one.requirements)]
    by_letter = (Said(duty, tuple(_by_goal(holding, duty))) for duty in LETTERS.values())
    return Words(tuple(said for said in by_letter if said.sentences), tuple(_subjects(met, holding)))


def _by_goal(holding: Iterable[Sentence], duty: Duty) -> list[Sentence]:
    """The sentences under one letter, by the goal they serve first."""
    order = list(Goal)
    return sorted((one for one in holding if one.duty is duty), key=lambda one: order.index(one.goals[0]))


def _subjects(met: Iterable[str], holding: Iterable[Sentence]) -> Iterator[str]:
    """The titles of modules of which something is met that no sentence speaks of."""
    spoken = {module_of(each) for one in holding for each in one.requirements if each in met}
    known = {module.id for module in edition_2023().modules}
    silent = {module_of(each) for each in met} - spoken
    for module_id in sorted(silent & known, key=reading_order):
        yield edition_2023().module(module_id).title


def module_of(requirement_id: str) -> str:
    """The id of the module to which the requirement belongs: SYS.1.1 for SYS.1.1.A6."""
    return requirement_id.rpartition(".A")[0]


_OPENING: Final = Text(
    "Umgesetzte Maßnahmen nach dem IT-Grundschutz-Check der eingesetzten Anwendungen und Systeme, "
    "Stand {day}.",
    "Measures implemented according to the IT-Grundschutz check of the applications and systems used, "
    "as of {day}.",
)
_FURTHER: Final = Text(
    "Weitere umgesetzte Anforderungen des IT-Grundschutzes betreffen: {subjects}.",
    "Further requirements of IT-Grundschutz that are implemented concern: {subjects}.",
)
_OPENED: Final = re.compile(
    re.escape(_OPENING.de).replace(r"\{day\}", r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})")
)
_ADDED: Final = re.compile(re.escape(_FURTHER.de).replace(r"\{subjects\}", "(?P<subjects>.+)"))
