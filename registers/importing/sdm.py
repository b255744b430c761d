"""Measures of the Standard-Datenschutzmodell (SDM) from its published files.

The files differ in the order and the names of their columns: the first is called
„Ebene“ or „Nr.“, „PDCA“ has variants, and there are four, five or six of them. What
every row has is an identifier such as M60.P03 and the wording of the measure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.database import folded
from compliance.entry import everything
from compliance.errors import Refused
from compliance.fields import fields, plain, tidy, tidy_line
from compliance.language import Text
from registers.measures import Goal, Measure, MeasureKind, Origin, generic_measures

ATTRIBUTION: Final = (
    "Datenschutzmodell, SDM-Bausteine, Datenlizenz Deutschland – Namensnennung – Version 2.0 (dl-de/by-2-0)"
)
"""What the licence asks to be said wherever a measure of the SDM is shown."""

IDENTIFIER: Final = re.compile(r"M(?P<module>\d{2})\.(?P<component>[DSP])\d{2}", re.ASCII)


@dataclass(frozen=True)
class SdmMeasure:
    """One measure as its file states it."""

    id: str
    text: str
    phases: str = ""
    """Letters of plan, do, check, act."""
    need: str = ""
    """Protection need from which on it is meant, where the module says so."""
    edition: str = ""


_MODULES: Final = {
    "11": ("Aufbewahren", (Goal.AVAILABILITY, Goal.INTEGRITY)),
    "41": ("Planen und Spezifizieren", (Goal.TRANSPARENCY,)),
    "42": ("Dokumentieren", (Goal.TRANSPARENCY,)),
    "43": ("Protokollieren", (Goal.TRANSPARENCY,)),
    "50": ("Trennen", (Goal.UNLINKABILITY,)),
    "51": ("Zugriffe regeln", (Goal.CONFIDENTIALITY, Goal.INTEGRITY)),
    "60": ("Löschen", (Goal.INTERVENABILITY, Goal.MINIMISATION)),
    "61": ("Berichtigen", (Goal.INTERVENABILITY,)),
    "62": ("Einschränken der Verarbeitung", (Goal.INTERVENABILITY,)),
}
"""Modules by number with the goals they serve first of all."""

_COMPONENTS: Final = {
    "D": MeasureKind.TECHNICAL,
    "S": MeasureKind.TECHNICAL,
    "P": MeasureKind.ORGANISATIONAL,
}
"""Data and systems are protected by technology, processes by organisation."""


def read_sdm(content: bytes, name: str) -> tuple[SdmMeasure, ...]:
    """The measures in one file. Raises :class:`Refused`, naming file and row, for what is no such file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_NOT_UTF8.format(file=name)) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [[tidy(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise Refused(_NOT_CSV.format(file=name, row=reader.line_num)) from error
    if not rows:
        raise Refused(_NO_COLUMNS.format(file=name))
    columns = _columns(rows[0], name)
    found = tuple(
        _measure(row, columns, name, position) for position, row in enumerate(rows[1:], start=2) if any(row)
    )
    _demand_each_once(found, name)
    return found


@dataclass(frozen=True)
class _Columns:
    """Where in a row each statement stands; -1 where the file lacks it."""

    id: int
    text: int
    phases: int
    need: int
    edition: int


def _columns(header: Sequence[str], name: str) -> _Columns:
    folded_names = [folded(word) for word in header]

    def where(*beginnings: str) -> int:
        return next((at for at, word in enumerate(folded_names) if word.startswith(beginnings)), -1)

    columns = _Columns(
        id=where("nr"),
        text=where("massnahme"),
        phases=where("pdca", "p, d"),
        need=where("datenschutzrisiko", "normal"),
        edition=where("gueltig"),
    )
    if columns.id < 0 or columns.text < 0:
        raise Refused(_NO_COLUMNS.format(file=name))
    return columns


def _measure(row: Sequence[str], columns: _Columns, name: str, position: int) -> SdmMeasure:
    def cell(at: int) -> str:
        return tidy_line(row[at]) if 0 <= at < len(row) else ""

    identifier = cell(columns.id).upper()
    text = _without_stray_quote(cell(columns.text).rstrip(" ,;"))
    if IDENTIFIER.fullmatch(identifier) is None or not text:
        raise Refused(_NO_MEASURE.format(file=name, row=position))
    phases = ", ".join(re.findall(r"[PDCA]", cell(columns.phases)))
    return SdmMeasure(identifier, text, phases, cell(columns.need), cell(columns.edition))


def _without_stray_quote(text: str) -> str:
    """A quotation mark that nothing closes is left over from making the file."""
    return text.strip('"') if text.count('"') % 2 else text


def _demand_each_once(measures: Iterable[SdmMeasure], name: str) -> None:
    seen: set[str] = set()
    for measure in measures:
        if measure.id in seen:
            raise Refused(_TWICE.format(file=name, id=measure.id))
        seen.add(measure.id)


@dataclass(frozen=True)
class LibraryImport:
    """What an import of templates did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        return self.created + self.changed + self.unchanged


def import_sdm(session: Session, measures: Iterable[SdmMeasure]) -> LibraryImport:
    """Takes *measures* into the library; those that are there by their identifier are brought up to date."""
    return _keep(session, [_template(measure) for measure in measures])


def import_generic(session: Session) -> LibraryImport:
    """Takes the generic measures of the program into the library."""
    return _keep(session, generic_measures())


_KEPT: Final = ("name", "description", "kind", "goals", "duties", "sdm_module", "attribution")


def _keep(session: Session, templates: Sequence[Measure]) -> LibraryImport:
    session.info["action"] = "import"
    known = {measure.key: measure for measure in _library(session)}
    created = changed = 0
    for template in templates:
        there = known.get(template.key)
        if there is None:
            session.add(template)
            known[template.key] = template
            created += 1
        elif _update(there, template):
            changed += 1
    return LibraryImport(created, changed, len(templates) - created - changed)


def _library(session: Session) -> Sequence[Measure]:
    query = select(Measure).where(Measure.library.is_(True)).options(*everything(Measure))
    return session.scalars(query).all()


def _update(there: Measure, template: Measure) -> bool:
    specs = fields(Measure)

    def differs(name: str) -> bool:
        return bool(plain(specs[name], getattr(there, name)) != plain(specs[name], getattr(template, name)))

    differing = [name for name in _KEPT if differs(name)]
    for name in differing:
        setattr(there, name, getattr(template, name))
    return bool(differing)


def _template(measure: SdmMeasure) -> Measure:
    module, component = measure.id[1:3], measure.id[4]
    title, goals = _MODULES.get(module, ("", ()))
    return Measure(
        name=_title(measure.text),
        description="\n".join(_details(measure, title)),
        kind=_COMPONENTS[component],
        goals=goals,
        sdm_module=measure.id,
        library=True,
        origin=Origin.SDM,
        key=measure.id,
        attribution=ATTRIBUTION,
    )


_TITLE_LENGTH: Final = 200


def _title(text: str) -> str:
    if len(text) <= _TITLE_LENGTH:
        return text
    return f"{text[: _TITLE_LENGTH - 1].rsplit(' ', 1)[0].rstrip(' ,;')}…"


def _details(measure: SdmMeasure, module: str) -> Iterator[str]:
    yield measure.text
    facts = (
        (f"Baustein {measure.id[1:3]}", module),
        ("PDCA", measure.phases),
        ("Ab Datenschutzrisiko", measure.need),
        ("Fassung", measure.edition),
    )
    yield "; ".join(f"{label}: {words}" for label, words in facts if words)


_NOT_UTF8 = Text("{file}: Die Datei ist nicht in UTF-8.", "{file}: the file is not in UTF-8.")
_NOT_CSV = Text("{file}, Zeile {row}: Das ist kein CSV.", "{file}, row {row}: this is not CSV.")
_NO_COLUMNS = Text(
    "{file}: Die Spalten „Nr.“ und „Maßnahme“ der SDM-Bausteine fehlen.",
    "{file}: the columns “Nr.” and “Maßnahme” of the SDM modules are missing.",
)
_NO_MEASURE = Text(
    "{file}, Zeile {row}: Hier steht keine Maßnahme mit einer Kennung wie M60.P03.",
    "{file}, row {row}: there is no measure with an identifier such as M60.P03.",
)
_TWICE = Text("{file}: Die Kennung {id} kommt zweimal vor.", "{file}: the identifier {id} occurs twice.")
