"""From which template, finished assessment or scenario an assessment was begun, and what is unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assessments.dpia.copied import Copied, copy_sources, unconfirmed
from assessments.dpia.dpia import Dpia
from compliance.entry import is_template
from compliance.fields import fields
from compliance.language import Text
from exports.document import Block, Column, Grid, Heading, Note


def origins(dpia: Dpia, language: str) -> Iterator[Block]:
    """Each source with its version and how much came from it; nothing where *dpia* was begun empty."""
    sources = copy_sources(dpia)
    if not sources:
        return
    specs, title = fields(Copied), fields(Dpia)["copied"].label[language]
    columns = (
        Column(specs["source"].label[language], 4),
        Column(specs["source_version"].label[language], 2),
        Column(specs["taken_on"].label[language], 1.5),
        Column(_COUNT[language], 1),
        Column(_WAITING[language], 1.5),
    )
    rows = [(one.called, one.version[language], one.taken_on, one.count, one.waiting) for one in sources]
    yield Heading(title)
    yield Grid(columns, rows, title)
    waiting = len(unconfirmed(dpia))
    if waiting and not is_template(dpia):
        yield Note(title, _OPEN.format(count=waiting)[language], "warning")


_COUNT: Final = Text("Angaben", "Statements")
_WAITING: Final = Text("Davon unbestätigt", "Not confirmed")
_OPEN: Final = Text(
    "Noch nicht bestätigt: {count}. Was aus einer Vorlage, einer anderen Abschätzung oder einem Szenario "
    "stammt, ist an diesem Vorhaben zu prüfen.",
    "Not confirmed yet: {count}. What comes from a template, another assessment or a scenario has to be "
    "checked against this project.",
)
