"""Finds out which column of a table answers which question of a register."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from compliance.database import folded
from compliance.entry import Entry
from compliance.errors import Refused
from compliance.fields import Kind, Line, Prose, Reference, References, Rows, fields
from compliance.language import Text
from registers.importing.synonyms import COMMON, NUMBER_WORDS, STATE_WORDS, SYNONYMS

NUMBER: Final = "@number"
"""Stands for the running number, by which an entry that exists is known again."""
STATE: Final = "@state"
"""Stands for the state, which no file can set."""


@dataclass(frozen=True)
class Column:
    """One column of the file and what it answers."""

    index: int
    header: str
    target: str
    """Name of a field; ``purposes.norm`` is a field of each row; empty if the column is left out."""

    @property
    def field(self) -> str:
        return self.target.partition(".")[0]

    @property
    def inner(self) -> str:
        """The field inside the rows of :attr:`field`, if it is not the first one."""
        return self.target.partition(".")[2]


@dataclass(frozen=True)
class Target:
    """Something that a column can answer."""

    path: str
    label: Text


def targets(model: type[Entry]) -> tuple[Target, ...]:
    """Everything that a column of a table for *model* can answer, in the order of the form."""
    return (Target(NUMBER, _NUMBER), *_fields(model))


@cache
def _fields(model: type[Entry]) -> tuple[Target, ...]:
    found = []
    for name, spec in fields(model).items():
        if spec.fixed:
            continue
        found.append(Target(name, spec.label))
        if isinstance(spec, Rows):
            found += [
                Target(f"{name}.{inner}", _INNER.format(field=spec.label, inner=kind.label))
                for inner, kind in inner_fields(spec).items()
            ]
    return tuple(found)


def first_inner(spec: Rows) -> str:
    """The field of a row that a cell with nothing but words fills."""
    return next(name for name, kind in fields(spec.part).items() if isinstance(kind, Line | Prose))


def inner_fields(spec: Rows) -> dict[str, Kind]:
    """The fields of a row that a column of their own can fill, besides the first."""
    first = first_inner(spec)
    return {
        name: kind
        for name, kind in fields(spec.part).items()
        if name != first and not isinstance(kind, Reference | References | Rows)
    }


# --- Names of columns ----------------------------------------------------------------------------


def key(text: str) -> str:
    """What of a column's name counts: letters and digits, whatever their case."""
    return "".join(character for character in folded(text) if character.isalnum())


@cache
def _known(model: type[Entry]) -> Mapping[str, str]:
    """Every name of a column that is known, with what it stands for; the surer name comes first."""
    known: dict[str, str] = {}
    for name, path in (*_own_names(model), *_agreed_names(model), *_names_inside(model)):
        known.setdefault(key(name), path)
    return known


def _own_names(model: type[Entry]) -> Iterator[tuple[str, str]]:
    for target in _fields(model):
        for name in (target.path, target.label.de, target.label.en):
            yield name, target.path


def _agreed_names(model: type[Entry]) -> Iterator[tuple[str, str]]:
    yield from ((word, NUMBER) for word in NUMBER_WORDS)
    paths = {target.path for target in _fields(model)}
    for words in (SYNONYMS.get(model.slug, {}), COMMON):
        for path, names in words.items():
            if path in paths:
                yield from ((name, path) for name in names.split())
    yield from ((word, STATE) for word in STATE_WORDS)


def _names_inside(model: type[Entry]) -> Iterator[tuple[str, str]]:
    """Labels of the fields of rows, where only one kind of row has them."""
    labels = [
        (key(label), name if inner == first_inner(spec) else f"{name}.{inner}")
        for name, spec in fields(model).items()
        if isinstance(spec, Rows)
        for inner, kind in fields(spec.part).items()
        if not isinstance(kind, Reference)
        for label in {kind.label.de, kind.label.en}
    ]
    often = Counter(label for label, _path in labels)
    return ((label, path) for label, path in labels if often[label] == 1)


def score(model: type[Entry], words: Sequence[str]) -> int:
    """How many of *words* are names of columns for *model*."""
    return len({_known(model)[found] for found in map(key, words) if found in _known(model)})


# --- Matching ------------------------------------------------------------------------------------


def match(model: type[Entry], headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    """What each column answers: as *mapping* says, otherwise by its name; each question once.

    Raises :class:`Refused` if *mapping* names a column or a field that does not exist,
    or the same field twice.
    """
    chosen = _chosen(model, headers, mapping)
    taken = {path for path in chosen.values() if path}
    columns = []
    for index, header in enumerate(headers):
        target = chosen[index] if index in chosen else _next_free(model, header, taken)
        taken.add(target)
        columns.append(Column(index, header, target))
    return checked(tuple(columns))


def _next_free(model: type[Entry], header: str, taken: set[str]) -> str:
    found = _known(model).get(key(header), "")
    if found in taken and key(header) in map(key, STATE_WORDS):
        # In a register with a field of that name, the state is the second column called so.
        found = STATE
    return "" if found in taken else found


def _chosen(model: type[Entry], headers: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    places: dict[str, int] = {}
    for index, header in enumerate(headers):
        places.setdefault(key(header), index)
    chosen = {}
    for header, wanted in mapping.items():
        if key(header) not in places:
            raise Refused(_NO_COLUMN.format(column=header, columns=", ".join(filter(None, headers))))
        chosen[places[key(header)]] = _path(model, header, wanted)
    return chosen


def _path(model: type[Entry], header: str, wanted: str) -> str:
    if wanted in ("", "-"):
        return ""
    paths = {target.path for target in targets(model)}
    found = wanted if wanted in paths else _known(model).get(key(wanted), "")
    if not found:
        raise Refused(_NO_FIELD.format(column=header, field=wanted, fields=", ".join(sorted(paths))))
    return found


def assigned(model: type[Entry], headers: Sequence[str], wanted: Sequence[str]) -> tuple[Column, ...]:
    """Columns of which *wanted* says, one by one, what they answer. Raises :class:`Refused` as above."""
    paths = {target.path for target in targets(model)} | {"", STATE}
    filled = [*wanted, *[""] * len(headers)]
    columns = [
        Column(index, header, filled[index] if filled[index] in paths else "")
        for index, header in enumerate(headers)
    ]
    return checked(tuple(columns))


def checked(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """*columns* themselves. Raises :class:`Refused` if two of them answer the same question."""
    seen: dict[str, Column] = {}
    for column in columns:
        if column.target and column.target in seen:
            raise Refused(
                _TWICE.format(one=seen[column.target].header, two=column.header, field=column.target)
            )
        seen[column.target] = column
    return columns


def read_mapping(content: bytes, name: str) -> dict[str, str]:
    """The mapping file *name*: JSON or TOML with ``"column" = "field"``. Raises :class:`Refused`."""
    try:
        text = content.decode("utf-8-sig")
        found: Any = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_NO_MAPPING.format(file=name, reason=_NO_PAIRS)) from error
    if not (isinstance(found, dict) and all(isinstance(value, str) for value in found.values())):
        raise Refused(_NO_MAPPING.format(file=name, reason=_NO_PAIRS))
    return found


_NUMBER: Final = Text("Laufende Nummer", "Running number")
_INNER: Final = Text("{field} – {inner}", "{field} – {inner}")
_NO_COLUMN: Final = Text(
    "Die Zuordnung nennt eine Spalte „{column}“, die es in der Datei nicht gibt. Vorhanden sind: {columns}.",
    "The mapping names a column “{column}” that the file does not have. There are: {columns}.",
)
_NO_FIELD: Final = Text(
    "Die Zuordnung der Spalte „{column}“ nennt ein unbekanntes Feld „{field}“. Bekannt sind: {fields}.",
    "The mapping of the column “{column}” names an unknown field “{field}”. Known are: {fields}.",
)
_TWICE: Final = Text(
    "Die Spalten „{one}“ und „{two}“ sind beide dem Feld „{field}“ zugeordnet. Wählen Sie eine von beiden.",
    "The columns “{one}” and “{two}” are both matched to the field “{field}”. Please choose one of them.",
)
_NO_MAPPING: Final = Text(
    "Die Zuordnungsdatei „{file}“ lässt sich nicht lesen: {reason}",
    "The mapping file “{file}” cannot be read: {reason}",
)
_NO_PAIRS: Final = Text(
    'Erwartet werden Paare aus Spalte und Feld als TOML oder JSON, zum Beispiel "Zweck" = "purposes".',
    'Pairs of column and field are expected as TOML or JSON, such as "Zweck" = "purposes".',
)
