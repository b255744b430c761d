"""What communication links need, and which of them are critical (BSI standard 200-2), as a chapter of A.2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assessments.grundschutz.protection import LEVELS, NEEDED, level, needed
from compliance.fields import fields, shown
from compliance.language import Text
from exports.document import Block, Cell, Column, Grid, Heading, Prose
from registers.connections import Connection
from registers.protection import ProtectionNeed, SecurityValue

_RAISED: Final = (ProtectionNeed.HIGH, ProtectionNeed.VERY_HIGH)


def chapter(connections: Sequence[Connection], language: str) -> Iterator[Block]:
    """The *connections* of a domain with their ends, what these need, and why a link is critical."""
    yield Heading(Connection.title[language])
    if not connections:
        yield Prose(_NONE[language])
        return
    yield Prose(_METHOD[language])
    columns = (
        Column(_ID[language], 0.9),
        Column(Connection.one[language], 2),
        Column(_ENDS[language], 2.6),
        *(Column(value.text[language], 1) for value in SecurityValue),
        Column(fields(Connection)["encryption"].label[language], 1.4),
        Column(_CRITICAL[language], 2.4),
    )
    rows = [_row(one, language) for one in connections]
    yield Grid(columns, rows, caption=Connection.title[language])


def _row(connection: Connection, language: str) -> tuple[Cell, ...]:
    needs = {value: carried(connection, value) for value in SecurityValue}
    ends = (str(end) for end in (connection.start, connection.end) if end is not None)
    return (
        connection.designation,
        connection.name,
        " – ".join(filter(None, (*ends, connection.partner))),
        *((need.text if need else _UNKNOWN)[language] for need in needs.values()),
        shown(fields(Connection)["encryption"], connection.encryption, language),
        "; ".join(reason[language] for reason in critical(connection)) or _NOT_CRITICAL[language],
    )


def carried(connection: Connection, value: SecurityValue) -> ProtectionNeed | None:
    """What both ends of *connection* need, which is the lower of two; ``None`` where one is unknown."""
    ends = [end for end in (connection.start, connection.end) if end is not None]
    return LEVELS[min((level(needed(end, value)) for end in ends), default=0)]


def critical(connection: Connection) -> Iterator[Text]:
    """Why *connection* is critical: it leads outside, or carries what needs more than normal protection."""
    if connection.external:
        yield _OUTSIDE
    for value in NEEDED:
        need = carried(connection, value)
        if need in _RAISED and need is not None:
            yield Text(f"{value.text.de} {need.text.de.lower()}", f"{value.text.en} {need.text.en.lower()}")


_NONE: Final = Text("Es sind keine Verbindungen erfasst.", "No connections are recorded.")
_METHOD: Final = Text(
    "Was über eine Verbindung läuft, braucht so viel Schutz, wie beide Enden gemeinsam brauchen. Kritisch "
    "ist eine Verbindung, die nach außen führt oder in einem Grundwert mehr als normalen Schutz braucht.",
    "What passes over a link needs as much protection as both ends have in common. A link is critical where "
    "it leads outside or needs more than normal protection in one of the values.",
)
_ID: Final = Text("Kennung", "Identifier")
_ENDS: Final = Text("Von – nach", "From – to")
_CRITICAL: Final = Text("Kritisch, weil", "Critical because")
_NOT_CRITICAL: Final = Text("nicht kritisch", "not critical")
_OUTSIDE: Final = Text("führt nach außen", "leads outside")
_UNKNOWN: Final = Text("nicht bestimmt", "not determined")
