"""What stands in an assessment because it stood elsewhere: whence it comes, and whether somebody has looked.

A template, a finished assessment or a scenario says what is usual, not what is true here.
So each statement, answer, risk and measure that was copied counts as open until a
person has changed or confirmed it. What it was copied from may change later; that
changes nothing here, because only its number and version are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect
from sqlalchemy.orm import Mapped, object_session

from compliance.database import today
from compliance.entry import Part
from compliance.fields import Term, choice, day, fields, line
from compliance.language import Text, shown_day

if TYPE_CHECKING:
    from assessments.dpia.dpia import Dpia


class CopiedKind(Term):
    """What was copied."""

    STATEMENT = Text("Angabe", "Statement")
    ANSWER = Text("Antwort", "Answer")
    RISK = Text("Risiko", "Risk")
    MEASURE = Text("Maßnahme", "Measure")


_GROUND = "Art. 35 Abs. 7, Art. 5 Abs. 2 DSGVO"


class Copied(Part, of="Dpia"):
    """One statement, answer, risk or measure with its source, until confirmed not one's own."""

    kind: Mapped[CopiedKind | None] = choice(
        CopiedKind,
        "Art",
        "Kind",
        help=Text("Was übernommen wurde.", "What was copied."),
        basis=_GROUND,
        fixed=True,
    )
    place: Mapped[str] = line(
        "Stelle",
        "Place",
        length=80,
        help=Text(
            "Feld, Frage oder Kennung des Risikos oder der Maßnahme.",
            "Field, question, or key of the risk or measure.",
        ),
        basis="intern",
        fixed=True,
    )
    source_key: Mapped[str] = line(
        "Kennung der Quelle",
        "Key of the source",
        length=40,
        help=Text("Nummer des Eintrags, aus dem es stammt.", "Number of the entry it comes from."),
        basis=_GROUND,
        fixed=True,
    )
    source: Mapped[str] = line(
        "Quelle",
        "Source",
        help=Text("Wie der Eintrag hieß, aus dem es stammt.", "What the entry it comes from was called."),
        basis=_GROUND,
        fixed=True,
    )
    source_version: Mapped[str] = line(
        "Fassung der Quelle",
        "Version of the source",
        length=20,
        help=Text("Fassung, die übernommen wurde.", "Version that was copied."),
        basis=_GROUND,
        fixed=True,
    )
    taken_on: Mapped[date | None] = day(
        "Übernommen am",
        "Copied on",
        help=Text("Tag der Übernahme.", "Day it was copied."),
        basis=_GROUND,
        fixed=True,
    )
    confirmed_on: Mapped[date | None] = day(
        "Bestätigt am",
        "Confirmed on",
        help=Text("Tag, an dem jemand es geprüft oder geändert hat.", "Day somebody checked or changed it."),
        basis=_GROUND,
        fixed=True,
    )
    confirmed_by: Mapped[str] = line(
        "Bestätigt von",
        "Confirmed by",
        help=Text("Wer es geprüft oder geändert hat.", "Who checked or changed it."),
        basis=_GROUND,
        personal=True,
        fixed=True,
    )

    @property
    def called(self) -> str:
        """The source as people name it, such as „DSFA-0002 Videoschutz am Busbahnhof“."""
        return f"{self.source_key} {self.source}".strip()

    @property
    def version_words(self) -> Text:
        """The version in words: a counter, or the day of a wording that comes with the program."""
        return version_words(self.source_version)


@dataclass(frozen=True)
class Origin:
    """From where something is copied."""

    key: str
    title: str
    version: str

    def note(self, kind: CopiedKind, place: str, on: date) -> Copied:
        """The row that says so at *place*."""
        return Copied(
            kind=kind,
            place=place,
            source_key=self.key,
            source=self.title[:200],
            source_version=self.version,
            taken_on=on,
        )


def version_words(version: str) -> Text:
    """*version* as people say it."""
    try:
        wording = date.fromisoformat(version)
    except ValueError:
        return _VERSION.format(version=version)
    return Text(*(_WORDING[code].format(day=shown_day(wording, code)) for code in ("de", "en")))


def place_of(question: str, part: str) -> str:
    """The place of an answer."""
    return f"{question}/{part}" if part else question


def row_at(dpia: Dpia, kind: CopiedKind, place: str) -> Copied | None:
    """Whence what stands at *place* was copied, if it was; the latest time."""
    found = (row for row in reversed(dpia.copied) if row.kind is kind and row.place == place)
    return next(found, None)


def unconfirmed(dpia: Dpia) -> tuple[Copied, ...]:
    """What was copied into *dpia*, still stands there, and nobody has looked at."""
    return tuple(row for row in dpia.copied if row.confirmed_on is None and _stands(dpia, row))


def _stands(dpia: Dpia, row: Copied) -> bool:
    match row.kind:
        case CopiedKind.STATEMENT:
            return bool(str(getattr(dpia, row.place, "")).strip())
        case CopiedKind.RISK | CopiedKind.MEASURE:
            return part_at(dpia, row) is not None
        case _:
            return True


def part_at(dpia: Dpia, row: Copied) -> Any:
    """The risk or the measure that *row* is about; ``None`` once it was removed."""
    parts: Sequence[Any] = dpia.risks if row.kind is CopiedKind.RISK else dpia.measures
    return next((part for part in parts if part.key == row.place), None)


def confirm(dpia: Dpia, kind: CopiedKind, place: str, *, by: str) -> int:
    """Notes that *by* has looked at what stands at *place*; returns how many rows that settles."""
    waiting = [row for row in unconfirmed(dpia) if row.kind is kind and row.place == place]
    for row in waiting:
        row.confirmed_on, row.confirmed_by = today(), by[:200]
    return len(waiting)


# --- Who changes something has looked at it ------------------------------------------------------


def note_changes(dpia: Dpia) -> None:
    """Confirms what a person has changed since it was copied; called before each save."""
    session = object_session(dpia)
    if session is None or not inspect(dpia).persistent:
        return
    actor = session.info.get("actor")
    for row in unconfirmed(dpia):
        if inspect(row).persistent and _has_changed(dpia, row):
            row.confirmed_on, row.confirmed_by = today(), actor.name[:200] if actor else ""


def _has_changed(dpia: Dpia, row: Copied) -> bool:
    match row.kind:
        case CopiedKind.STATEMENT:
            return _moved(dpia, (row.place,))
        case CopiedKind.RISK | CopiedKind.MEASURE:
            part = part_at(dpia, row)
            return inspect(part).persistent and _moved(part, _asked(type(part)))
        case _:
            return False


def _moved(thing: Any, names: Sequence[str]) -> bool:
    known = inspect(thing).attrs
    return any(known[name].history.has_changes() for name in names)


def _asked(part: type[Any]) -> tuple[str, ...]:
    return tuple(name for name, spec in fields(part).items() if not spec.fixed)


# --- Sources -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CopySource:
    """One source with what came from it."""

    called: str
    version: Text
    taken_on: date | None
    count: int
    waiting: int


def copy_sources(dpia: Dpia) -> tuple[CopySource, ...]:
    """Everything *dpia* was copied from, in the order in which that happened."""
    waiting = set(unconfirmed(dpia))
    groups: dict[tuple[str, str, date | None], list[Copied]] = {}
    for row in dpia.copied:
        groups.setdefault((row.called, row.source_version, row.taken_on), []).append(row)
    return tuple(
        CopySource(called, version_words(version), on, len(rows), sum(row in waiting for row in rows))
        for (called, version, on), rows in groups.items()
    )


_VERSION: Final = Text("Fassung {version}", "version {version}")
_WORDING: Final = Text("Fassung vom {day}", "wording of {day}")
