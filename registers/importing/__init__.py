"""Import of an existing register from a CSV or XLSX file.

First the file is read, its columns are matched and a plan is made, which changes
nothing. Carrying it out is one unit of work, so that nothing is half-imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from compliance.entry import Entry
from compliance.errors import Refused
from compliance.language import Text
from registers.connections import Connection
from registers.importing import columns as _columns
from registers.importing import dpv
from registers.importing import tables as _tables
from registers.importing.archive import LARGEST_FILE, too_large
from registers.importing.carrying import carry_out
from registers.importing.columns import NUMBER, STATE, Column, Target, assigned, targets
from registers.importing.known import Known, known
from registers.importing.planning import May, everything_allowed, plan
from registers.importing.plans import (
    Alteration,
    Change,
    Creation,
    Leftover,
    PartDraft,
    Plan,
    Refusal,
    Unchanged,
    made,
)
from registers.importing.tables import Row, Table, packed, unpacked, words_of
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project
from registers.services import Service

__all__ = [
    "IMPORTABLE",
    "NUMBER",
    "STATE",
    "Alteration",
    "Change",
    "Column",
    "Creation",
    "Known",
    "Leftover",
    "May",
    "PartDraft",
    "Plan",
    "Refusal",
    "Row",
    "Table",
    "Target",
    "Unchanged",
    "assigned",
    "carry_out",
    "everything_allowed",
    "known",
    "made",
    "match_columns",
    "packed",
    "plan",
    "prepare",
    "read_mapping",
    "read_table",
    "targets",
    "unpacked",
    "words_of",
]

IMPORTABLE: Final[Mapping[str, type[Entry]]] = {
    model.slug: model for model in (ProcessingActivity, Processor, TargetObject, Connection, Project, Service)
}
"""The registers that a file can be imported into, by slug."""


def read_table(model: type[Entry], source: bytes | Path, name: str = "") -> Table:
    """The table in a CSV, XLSX or Turtle file with entries of *model*; *name* is what messages call the file.

    Raises :class:`Refused`, naming the file, if it cannot be read.
    """
    content, called = _content(source, name)
    if dpv.is_turtle(content, called):
        if model is not ProcessingActivity:
            raise Refused(_NO_RDF.format(file=called))
        return dpv.read(content, called)
    return _tables.read(content, called, partial(_columns.score, model))


def read_mapping(source: bytes | Path, name: str = "") -> dict[str, str]:
    """A mapping file, JSON or TOML: column by column the field it answers, such as ``purposes.norm``.

    Raises :class:`Refused`, naming the file.
    """
    return _columns.read_mapping(*_content(source, name))


def _content(source: bytes | Path, name: str) -> tuple[bytes, str]:
    if isinstance(source, bytes):
        return source, name or "–"
    called = name or source.name
    try:
        if source.stat().st_size > LARGEST_FILE:
            raise Refused(too_large(called))
        return source.read_bytes(), called
    except OSError as error:
        raise Refused(_UNREADABLE.format(file=called, reason=error.strerror or "")) from error


def match_columns(
    model: type[Entry], headers: Sequence[str], mapping: Mapping[str, str] | None = None
) -> tuple[Column, ...]:
    """What each column answers: as *mapping* says, otherwise by German and English names.

    Raises :class:`Refused` if *mapping* names what does not exist.
    """
    return _columns.match(model, headers, mapping or {})


def prepare(
    session: Session,
    model: type[Entry],
    table: Table,
    columns: Sequence[Column],
    may: May = everything_allowed,
) -> Plan:
    """What importing *table* would do to what *session* sees; changes nothing.

    To be carried out by the same session. Raises :class:`Refused` if no column holds
    a name or a running number.
    """
    return plan(model, table, columns, known(session, model, table, columns), may)


_NO_RDF: Final = Text(
    "Die Datei „{file}“ enthält Verarbeitungstätigkeiten und lässt sich nur in deren Verzeichnis einlesen.",
    "The file “{file}” contains processing activities and can be read into their record only.",
)
_UNREADABLE: Final = Text(
    "Die Datei „{file}“ lässt sich nicht öffnen: {reason}", "The file “{file}” cannot be opened: {reason}"
)
