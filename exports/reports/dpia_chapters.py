"""An impact assessment in the order of its catalogue: each question, its answer, and what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from assessments.described.wording import in_language
from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.questions import Asked, AskedChapter, Questionnaire, catalogues
from compliance.language import Text, shown_day
from exports.document import Block, Heading, Note, Prose

Held: TypeAlias = Mapping[str, Callable[[], Iterable[Block]]]
"""What the assessment holds besides answers, by the name under which catalogues include it."""


def chapters(asked: Questionnaire, held: Held, language: str) -> Iterator[Block]:
    """The chapters of the catalogue with their answers, then what none includes and what is left over."""
    for chapter in asked.chapters:
        yield Heading(chapter.chapter.title[language])
        yield from _answers(chapter, language)
        for name in chapter.chapter.includes:
            yield from _within(chapter.chapter.title[language], [*held[name]()])
    included = {name for chapter in asked.chapters for name in chapter.chapter.includes}
    for name in held:
        if name not in included:
            yield from held[name]()
    if asked.left_over:
        yield Heading(_LEFT_OVER[language])
        for answer in asked.left_over:
            yield Heading(_once_asked(answer, language), 2)
            yield Prose(answer.text)
    catalogue = asked.catalogue
    said = _MADE_WITH.format(version=catalogue.version, source=catalogue.source)
    yield Note(catalogue.title[language], said[language])


def _within(title: str, blocks: list[Block]) -> Iterable[Block]:
    """*blocks* under the chapter called *title*, whose heading they need not repeat."""
    if blocks and blocks[0] == Heading(title):
        return blocks[1:]
    return map(_deeper, blocks)


def _deeper(block: Block) -> Block:
    return Heading(block.text, min(block.level + 1, 4)) if isinstance(block, Heading) else block


def _answers(chapter: AskedChapter, language: str) -> Iterator[Block]:
    for one in chapter.asked:
        if one.answered or one.question.expected:
            yield Heading(_heading(one, language), 2)
            # Measures in words may have come here from an activity.
            yield Prose(in_language(one.text.strip(), language) or _UNANSWERED[language])
            if one.answered and one.origin and one.origin.taken:
                yield Prose(_source(one, language))


def _heading(one: Asked, language: str) -> str:
    title = f" ({one.part_title})" if one.part_title else ""
    return one.question.ask[language] + title


def _source(one: Asked, language: str) -> str:
    taken = one.origin.taken if one.origin else None
    if taken is None:
        return ""
    said = _STALE if one.stale else _SOURCE
    on = shown_day(taken.taken_on, language) if taken.taken_on else ""
    return said.format(source=taken.source, day=on)[language]


def _once_asked(answer: DpiaAnswer, language: str) -> str:
    wordings = (one.questions.get(answer.question) for one in catalogues().values())
    asked = next((question.ask[language] for question in wordings if question), answer.question)
    return f"{asked} ({answer.part_title})" if answer.part_title else asked


_UNANSWERED = Text("Nicht beantwortet.", "Not answered.")
_SOURCE = Text("Quelle: {source}, Stand {day}.", "Source: {source}, as of {day}.")
_STALE = Text(
    "Quelle: {source}, Stand {day}; die Quelle hat sich seither geändert.",
    "Source: {source}, as of {day}; the source has changed since.",
)
_LEFT_OVER = Text("Antworten auf frühere Fragen", "Answers to former questions")
_MADE_WITH = Text("Fassung {version}. Grundlage: {source}.", "Version {version}. Based on: {source}.")
