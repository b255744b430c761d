"""Parts of the report on an impact assessment that it has only where they apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assessments.dpia.dpia import Dpia
from assessments.dpia.fundamental_rights import automated, high_risk
from compliance.fields import Kind, fields, is_empty, sections, shown
from compliance.language import Text
from exports.document import Block, Column, Facts, Grid, Heading, Prose
from registers.processing import ProcessingActivity


def conditions(dpia: Dpia, language: str) -> Iterator[Block]:
    """The conditions of the approval with their owner, their day and what became of them."""
    if dpia.imposed:
        names = ("text", "owner", "due", "met_on", "evidence")
        title = fields(Dpia)["imposed"].label[language]
        yield _grid(dpia.imposed, names, (3, 1.5, 1, 1, 1.5), title, "A", language)


def consultation(dpia: Dpia, language: str) -> Iterator[Block]:
    """What was asked of the supervisory authority, and what it answered."""
    if dpia.consulted_on is None:
        return
    title, names = _section("consultation")
    yield Heading(title[language])
    yield _facts(dpia, [name for name in names if name != "authority_questions"], language)
    if dpia.authority_questions:
        asked = ("question", "asked_on", "answered_on", "answer")
        label = fields(Dpia)["authority_questions"].label[language]
        yield _grid(dpia.authority_questions, asked, (2.5, 1, 1, 2.5), label, "F", language)


def automation(dpia: Dpia, language: str) -> Iterator[Block]:
    """How far machines decide, by activity; and for high-risk AI what it means for fundamental rights."""
    found = automated(dpia.activities)
    if found:
        yield Heading(AUTOMATION[language])
        columns = [Column(_ACTIVITY[language], 2)]
        columns += [
            Column(fields(ProcessingActivity)[name].label[language], 1.2) for name in AUTOMATION_FIELDS
        ]
        rows = [(str(one), *_answers(one, AUTOMATION_FIELDS, language)) for one in found]
        yield Grid(tuple(columns), rows, AUTOMATION[language])
    if high_risk(dpia.activities) or dpia.high_risk_ai:
        title, names = _section("fundamental_rights")
        yield Heading(title[language])
        yield _facts(dpia, [name for name in names if name != "high_risk_ai"], language)


def public_summary(dpia: Dpia, language: str) -> Iterator[Block]:
    """What was written for the public, whether it is published or not; nothing while nothing is written."""
    title, names = _section("public")
    written = [name for name in names if getattr(dpia, name).strip()]
    if written:
        yield Heading(title[language])
    for name in written:
        yield Heading(fields(Dpia)[name].label[language], 2)
        yield Prose(getattr(dpia, name))


def _section(name: str) -> tuple[Text, tuple[str, ...]]:
    return next((group.title, names) for group, names in sections(Dpia).items() if group.name == name)


def _facts(dpia: Dpia, names: Sequence[str], language: str) -> Facts:
    specs = fields(Dpia)
    wanted = [name for name in names if _is_said(specs[name], getattr(dpia, name))]
    words = _answers(dpia, wanted, language)
    return Facts(
        tuple(
            (specs[name].label[language], text or _UNSTATED[language])
            for name, text in zip(wanted, words, strict=True)
        )
    )


def _is_said(spec: Kind, value: object) -> bool:
    """Whether a reader misses the answer: it is given, or the law asks for it."""
    return spec.expected or not is_empty(value)


def _grid(
    parts: Sequence[object],
    names: Sequence[str],
    widths: Sequence[float],
    caption: str,
    letter: str,
    language: str,
) -> Grid:
    specs = fields(type(parts[0]))
    columns = [Column(specs[name].label[language], width) for name, width in zip(names, widths, strict=True)]
    rows = [
        (f"{letter}{number}", *(text or "–" for text in _answers(part, names, language)))
        for number, part in enumerate(parts, start=1)
    ]
    return Grid((Column(_NUMBER[language], 0.6), *columns), rows, caption)


def _answers(thing: object, names: Sequence[str], language: str) -> list[str]:
    specs = fields(type(thing))
    return [shown(specs[name], getattr(thing, name), language) for name in names]


AUTOMATION: Final = Text(
    "Künstliche Intelligenz und automatisierte Entscheidungen",
    "Artificial intelligence and automated decisions",
)
AUTOMATION_FIELDS: Final = ("ai_class", "automation_level", "automated_decision", "automated_basis")
"""What an activity says about machines that decide."""
_ACTIVITY: Final = Text("Verarbeitungstätigkeit", "Processing activity")
_NUMBER: Final = Text("Nr.", "No.")
_UNSTATED: Final = Text("Nicht angegeben", "Not stated")
