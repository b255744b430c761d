"""The words that renderers add, and how values are written for a reader, in German and English."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from exports.document import Cell
from exports.text import clean

ZONE = ZoneInfo("Europe/Berlin")
"""The legal time in Germany, in which every moment is printed."""


@dataclass(frozen=True)
class Words:
    """Everything a renderer says on its own account, in one language."""

    locale: str
    page: str
    of: str
    as_of: str
    clock: str
    version: str
    fingerprint: str
    info: str
    warning: str
    error: str
    no_entries: str
    entry: str
    entries: str
    continued: str
    report: str
    columns: str
    lists: str
    organisation: str
    created: str
    sheet: str
    see_sheet: str
    column: str
    help: str
    basis: str
    choices: str
    total: str
    shortened: str
    yes: str
    no: str
    date_format: str
    moment_format: str
    not_offered: str

    def severity(self, name: str) -> str:
        """The word for the severity of a note; unknown names count as information."""
        return {"warning": self.warning, "error": self.error}.get(name, self.info)

    def count(self, number: int) -> str:
        """How many entries, in words."""
        return self.no_entries if number == 0 else f"{number} {self.entry if number == 1 else self.entries}"


_DE = Words(
    locale="de-DE",
    page="Seite",
    of="von",
    as_of="Stand",
    clock=" Uhr",
    version="Version",
    fingerprint="Prüfsumme des Inhalts (SHA-256)",
    info="Hinweis",
    warning="Warnung",
    error="Fehler",
    no_entries="Keine Einträge.",
    entry="Eintrag",
    entries="Einträge",
    continued="Fortsetzung",
    report="Bericht",
    columns="Spalten",
    lists="Listen",
    organisation="Stelle",
    created="Stand",
    sheet="Tabellenblatt",
    see_sheet="siehe Tabellenblatt",
    column="Spalte",
    help="Erläuterung",
    basis="Grundlage",
    choices="Auswahl",
    total="Summe",
    shortened="gekürzt, vollständiger Text in PDF und JSON",
    yes="ja",
    no="nein",
    date_format="dd.mm.yyyy",
    moment_format="dd.mm.yyyy hh:mm",
    not_offered="Dieser Wert steht nicht in der Auswahl.",
)

_EN = Words(
    locale="en-GB",
    page="Page",
    of="of",
    as_of="As of",
    clock="",
    version="Version",
    fingerprint="Checksum of the content (SHA-256)",
    info="Note",
    warning="Warning",
    error="Error",
    no_entries="No entries.",
    entry="entry",
    entries="entries",
    continued="continued",
    report="Report",
    columns="Columns",
    lists="Lists",
    organisation="Organisation",
    created="As of",
    sheet="Sheet",
    see_sheet="see sheet",
    column="Column",
    help="Explanation",
    basis="Basis",
    choices="Choices",
    total="Total",
    shortened="shortened, full text in PDF and JSON",
    yes="yes",
    no="no",
    date_format="yyyy-mm-dd",
    moment_format="yyyy-mm-dd hh:mm",
    not_offered="This value is not among the choices.",
)


def words(language: str) -> Words:
    """The words in ``de`` or ``en``; German, the authority, for anything else."""
    return _EN if language == "en" else _DE


def local(moment: datetime) -> datetime:
    """The moment on the clocks in Germany, without zone; one without zone is taken as it is."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(ZONE).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)


def shown(cell: Cell, language: str, *, grouped: bool = True) -> str:
    """The value as a reader writes it; nothing for an open one.

    German: ``ja``, ``23.11.2026``, ``23.11.2026 14:05``, ``1.234,5``.
    English: ``yes``, ``2026-11-23``, ``2026-11-23 14:05``, ``1,234.5``.
    Without ``grouped``, thousands are not separated, as files for machines want it.
    """
    match cell:
        case str():
            return clean(cell)
        case None:
            return ""
        case bool():
            return words(language).yes if cell else words(language).no
        case int():
            return _number(format(cell, ","), language, grouped)
        case float():
            return _number(format(cell, ",.15g"), language, grouped) if math.isfinite(cell) else str(cell)
        case datetime():
            moment = local(cell)
            return f"{_day(moment, language)} {moment:%H:%M}"
        case date():
            return _day(cell, language)


def _day(day: date, language: str) -> str:
    iso = f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    return iso if language == "en" else f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def _number(text: str, language: str, grouped: bool) -> str:
    if not grouped:
        text = text.replace(",", "")
    return text if language == "en" else text.translate({ord(","): ".", ord("."): ","})
