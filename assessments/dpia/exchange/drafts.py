"""What a file holds, before anything is stored: assessment, conversation, and what became of the rest."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange.markup import text_of
from assessments.dpia.from_source import FromSource
from compliance.entry import Part
from compliance.errors import Refused
from compliance.fields import Term, fields, tidy_line
from compliance.language import Text

LONGEST: Final = 200_000
"""Characters of one text; more is no answer that a person wrote."""
_MOST: Final = 10_000
"""Entries of one list."""


class Fate(Term):
    """What became of a part of the file that no field takes as it is."""

    KEPT = Text("Unter „Aus der Quelle übernommen“ behalten", "Kept under “Kept from the source”")
    CLEANED = Text("Bereinigt", "Cleaned")
    LEFT = Text("Nicht übernommen", "Not taken over")


@dataclass(frozen=True)
class Notice:
    """One line of the report on an import."""

    place: str
    """Where in the file."""
    fate: Fate
    text: Text


@dataclass(frozen=True)
class DraftComment:
    """A comment of the file."""

    text: str
    written_at: datetime | None
    author: str = ""
    """Empty where the file does not say."""


@dataclass(frozen=True)
class Link:
    """An entry that the file refers to."""

    name: str
    """Of the field."""
    target: str
    """Name of its class."""
    id: uuid.UUID
    title: str
    part: Part | None = None
    """The row that refers to it; ``None`` where the assessment itself does."""


@dataclass
class Draft:
    """Everything a file says."""

    dpia: Dpia
    format: Text
    answers: list[DpiaAnswer] = field(default_factory=list)
    """To questions that no field of the assessment answers; they belong to none yet."""
    comments: list[DraftComment] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    """Entries of the organisation that are still to be found."""

    def note(self, place: str, fate: Fate, text: Text) -> None:
        """Adds a line to the report."""
        self.notices.append(Notice(tidy_line(place)[:200], fate, text))

    def keep(self, key: str, label: Text, words: str, *, place: str = "", why: Text | None = None) -> None:
        """Keeps *words* that no field takes, under *key*.

        *place* is where they stood, unless the key says it; *why* what a reader should know of it.
        """
        words = words.strip()
        if not words:
            return
        key = tidy_line(key)[:190]
        taken = {row.reference for row in self.dpia.from_source}
        # An ordinal tells apart what stands twice in the file.
        reference = next(
            name for name in (key, *(f"{key}#{n}" for n in range(2, _MOST))) if name not in taken
        )
        row = FromSource(reference=reference, label=tidy_line(label.de)[:200], text=words)
        self.dpia.from_source.append(row)
        self.note(place or key, Fate.KEPT, why or label)

    def text(self, value: Any, place: str) -> str:
        """The text of *value*, cleaned. Raises :class:`Refused` if it is no text."""
        found, dropped = text_of(_written(value, place))
        if dropped:
            self.note(place, Fate.CLEANED, _DROPPED.format(names=", ".join(sorted(dropped))))
        return found

    def line(self, value: Any, place: str) -> str:
        """The same on one line."""
        return tidy_line(self.text(value, place))

    def fitted(self, owner: type[Any], name: str, words: str, key: str, place: str = "") -> str:
        """*words* as far as the line *name* of *owner* holds them; else the whole is kept under *key*."""
        spec: Any = fields(owner)[name]
        if len(words) <= spec.length:
            return words
        self.keep(key, spec.label, words, place=place, why=_TOO_LONG.format(field=spec.label.de))
        return words[: spec.length - 1].rstrip() + "…"


def _written(value: Any, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise Refused(_NO_TEXT.format(place=place))
    text = str(value) if not isinstance(value, bool) else str(value).lower()
    if len(text) > LONGEST:
        raise Refused(_TOO_MUCH_TEXT.format(place=place, limit=LONGEST))
    return text


def objects(value: Any, place: str) -> list[dict[str, Any]]:
    """The objects of the list at *place*; none where it is missing. Raises :class:`Refused`."""
    found = listed(value, place)
    for number, each in enumerate(found):
        if not isinstance(each, dict):
            raise Refused(_NO_OBJECT.format(place=f"{place}[{number}]"))
    return found


def listed(value: Any, place: str) -> list[Any]:
    """The list at *place*; empty where it is missing. Raises :class:`Refused`."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(_NO_LIST.format(place=place))
    if len(value) > _MOST:
        raise Refused(_TOO_MANY.format(place=place, limit=_MOST))
    return value


def an_object(value: Any, place: str) -> dict[str, Any]:
    """The object at *place*. Raises :class:`Refused`."""
    if not isinstance(value, dict):
        raise Refused(_NO_OBJECT.format(place=place))
    return value


def strange(given: dict[str, Any], known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Keys of *given* that are not *known* and say something, with what they say."""
    for key, value in given.items():
        if key not in known and value not in (None, "", [], {}):
            said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if len(said) > LONGEST:
                raise Refused(_TOO_MUCH_TEXT.format(place=tidy_line(key)[:100], limit=LONGEST))
            yield tidy_line(key)[:100] or "?", said


_DROPPED: Final = Text(
    "Nicht lesbarer Inhalt entfernt ({names}); der Text ist erhalten.",
    "Content that is no text was removed ({names}); the text is kept.",
)
_TOO_LONG: Final = Text(
    "Zu lang für das Feld „{field}“; dort gekürzt, hier ganz.",
    "Too long for the field “{field}”; shortened there, whole here.",
)
_NO_TEXT: Final = Text(
    "An der Stelle {place} steht kein Text. Bitte prüfen Sie die Datei dort.",
    "There is no text at {place}. Please check the file there.",
)
_NO_OBJECT: Final = Text(
    "An der Stelle {place} steht kein Objekt. Bitte prüfen Sie die Datei dort.",
    "There is no object at {place}. Please check the file there.",
)
_NO_LIST: Final = Text(
    "An der Stelle {place} steht keine Liste. Bitte prüfen Sie die Datei dort.",
    "There is no list at {place}. Please check the file there.",
)
_TOO_MANY: Final = Text(
    "Die Liste {place} hat mehr als {limit} Einträge und gehört zu keiner Folgenabschätzung.",
    "The list {place} has more than {limit} entries and belongs to no impact assessment.",
)
_TOO_MUCH_TEXT: Final = Text(
    "Der Text an der Stelle {place} hat mehr als {limit} Zeichen.",
    "The text at {place} has more than {limit} characters.",
)
