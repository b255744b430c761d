"""Reads JSON from strangers: every fault is named with its place, and nothing is guessed."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import IO, Any, Final, NoReturn

from compliance.errors import Refused
from compliance.fields import tidy_line
from compliance.language import Text

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file; the largest assessments known are below one megabyte."""
DEEPEST: Final = 64
"""Levels of nesting."""
MOST_VALUES: Final = 200_000
"""Objects and lists of a file; each takes many times the memory that it takes in the file."""
MOST_COMMAS: Final = 2_000_000
"""Commas of a file, so that neither small values without end fill the memory."""


def load(file: IO[bytes], name: str) -> bytes:
    """The content of *file*, of which never more is read than a file may have. Raises :class:`Refused`."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(_TOO_LARGE.format(file=tidy_line(name)[-200:], limit=LARGEST // 1024 // 1024))
    return content


def loads(content: bytes, name: str) -> Any:
    """The value that the file *name* holds.

    Raises :class:`Refused` for what is too large, holds too much, is no UTF-8, no JSON,
    nested too deeply, or ambiguous because a key stands twice in one object.
    """
    if len(content) > LARGEST:
        raise Refused(_TOO_LARGE.format(file=name, limit=LARGEST // 1024 // 1024))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refused(_NOT_UTF_8.format(file=name, line=line, byte=error.start)) from error
    if text.count("[") + text.count("{") > MOST_VALUES or text.count(",") > MOST_COMMAS:
        raise Refused(_TOO_MANY.format(file=name, limit=MOST_VALUES))
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
    except _AmbiguousError as error:
        raise Refused(_TWICE.format(file=name, key=tidy_line(str(error))[:100])) from error
    except _BadNumberError as error:
        raise Refused(_NO_NUMBER.format(file=name, number=tidy_line(str(error))[:40])) from error
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise Refused(_BROKEN.format(file=name, **place)) from error
    except RecursionError as error:
        raise Refused(_TOO_DEEP.format(file=name, limit=DEEPEST)) from error
    if _is_deeper(value, DEEPEST):
        raise Refused(_TOO_DEEP.format(file=name, limit=DEEPEST))
    return value


class _AmbiguousError(Exception):
    """A key stands twice."""


class _BadNumberError(Exception):
    """A number that JSON does not know, or that no field can hold."""


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise _AmbiguousError(key)
            seen.add(key)
    return found


def _no_number(text: str) -> NoReturn:
    raise _BadNumberError(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _BadNumberError(text)
    return number


def _whole(text: str) -> int:
    if len(text) > 30:
        raise _BadNumberError(text)
    return int(text)


def _is_deeper(value: Any, limit: int) -> bool:
    level = [value]
    for _depth in range(limit):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _within(outer)]
        if not level:
            return False
    return True


def _within(value: dict[str, Any] | list[Any]) -> Sequence[Any]:
    return list(value.values()) if isinstance(value, dict) else value


_TOO_LARGE: Final = Text(
    "„{file}“ ist größer als {limit} MB. Bitte prüfen Sie, ob es die richtige Datei ist.",
    "“{file}” is larger than {limit} MB. Please check whether it is the right file.",
)
_NOT_UTF_8: Final = Text(
    "„{file}“ ist keine Textdatei in UTF-8: Zeile {line} (Byte {byte}) ist nicht zu lesen. "
    "Bitte speichern Sie die Datei als UTF-8 oder exportieren Sie sie noch einmal.",
    "“{file}” is no text file in UTF-8: line {line} (byte {byte}) cannot be read. "
    "Please save the file as UTF-8 or export it again.",
)
_BROKEN: Final = Text(
    "„{file}“ ist kein gültiges JSON: Zeile {line}, Spalte {column}. "
    "Vielleicht ist die Datei unvollständig; bitte exportieren Sie sie noch einmal.",
    "“{file}” is no valid JSON: line {line}, column {column}. "
    "Perhaps the file is incomplete; please export it again.",
)
_TWICE: Final = Text(
    "In „{file}“ steht der Schlüssel „{key}“ in einem Objekt zweimal; welcher Wert gilt, ist offen. "
    "Bitte entfernen Sie einen der beiden.",
    "In “{file}” the key “{key}” stands twice in one object; which value counts is open. "
    "Please remove one of the two.",
)
_NO_NUMBER: Final = Text(
    "In „{file}“ steht die Zahl „{number}“, die es in JSON nicht gibt oder die zu groß ist.",
    "“{file}” holds the number “{number}”, which JSON does not know or which is too large.",
)
_TOO_MANY: Final = Text(
    "„{file}“ enthält mehr als {limit} Angaben und damit keine Folgenabschätzung.",
    "“{file}” holds more than {limit} statements and so is no impact assessment.",
)
_TOO_DEEP: Final = Text(
    "„{file}“ ist tiefer als {limit} Ebenen verschachtelt und damit keine Folgenabschätzung.",
    "“{file}” is nested deeper than {limit} levels and so is no impact assessment.",
)
