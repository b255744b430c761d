"""Tells from its content what a file is, so that nobody has to know where it has to go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePath
from typing import Final

from assessments.grundschutz.cross_reference_tables import is_cross_references
from assessments.grundschutz.library import is_oscal
from assessments.grundschutz.mapping_library import is_mapping
from assessments.grundschutz.oscal import refusal
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.wiba_tables import is_links, is_questions
from compliance.errors import Refused
from compliance.language import Text
from registers.importing.archive import check_kind, is_packed
from registers.importing.sheets import Sheet, read_sheets


class Kind(Enum):
    """What a file can be."""

    WORDINGS = auto()
    """The XML file of the Kompendium."""
    REFERENCES = auto()
    """Its cross-reference tables."""
    WIBA = auto()
    """The questions of WiBA, or their mapping to the Kompendium."""
    CATALOGUE = auto()
    """A catalogue or profile in OSCAL."""
    MAPPING = auto()
    """A mapping in OSCAL."""
    TABLE = auto()
    """Any other table: a catalogue or profile of the authority itself."""


@dataclass(frozen=True)
class Arrival:
    """A file with what it is, not yet read any further."""

    kind: Kind
    source: Source
    sheets: tuple[Sheet, ...] = ()
    """Of a workbook."""


_WORKBOOKS: Final[Mapping[Kind, Callable[[Sequence[Sheet]], bool]]] = {
    Kind.WIBA: lambda sheets: is_questions(sheets) or is_links(sheets),
    Kind.REFERENCES: is_cross_references,
}
_TABLES: Final = frozenset({".csv", ".xlsx", ".xlsm"})
_BEGINNING: Final = 4_096
_XML: Final = re.compile(rb"\s*(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*\x00?<")
_OSCAL_XML: Final = re.compile(rb"""["']http://csrc\.nist\.gov/ns/oscal""")
_OSCAL_YAML: Final = re.compile(rb"(?:^|\n)(?:catalog|profile|mapping-collection):\s")


def recognised(source: Source) -> Arrival:
    """What the file *source* is.

    Raises :class:`Refused` for a workbook that cannot be read, for OSCAL written in XML or YAML, and for
    what is no file of a catalogue at all.
    """
    data, beginning = source.data, source.data[:_BEGINNING]
    check_kind(data, source.name)
    if is_packed(data):
        sheets = read_sheets(data, source.name)
        kinds = (kind for kind, is_of_kind in _WORKBOOKS.items() if is_of_kind(sheets))
        return Arrival(next(kinds, Kind.TABLE), source, sheets)
    if PurePath(source.name).suffix.lower() in _TABLES:
        return Arrival(Kind.TABLE, source)
    if is_oscal(data):
        return Arrival(Kind.MAPPING if is_mapping(source) else Kind.CATALOGUE, source)
    for notation, pattern in (("XML", _OSCAL_XML), ("YAML", _OSCAL_YAML)):
        if pattern.search(beginning):
            raise refusal(
                "Die Datei „{file}“ enthält OSCAL als {notation}. Gelesen wird OSCAL als JSON; "
                "BSI und NIST bieten jeden Katalog auch so an.",
                "The file “{file}” holds OSCAL as {notation}. What is read is OSCAL as JSON; "
                "BSI and NIST offer each catalogue like that as well.",
                file=source.name,
                notation=notation,
            )
    if not _XML.match(beginning):
        raise Refused(_UNKNOWN.format(file=source.name))
    return Arrival(Kind.WORDINGS, source)


_UNKNOWN: Final = Text(
    "Die Datei „{file}“ ist keine Datei eines Katalogs. Gelesen werden die XML-Datei des Kompendiums, die "
    "Arbeitsmappen des BSI (XLSX), OSCAL (JSON) und eigene Tabellen (CSV, XLSX). Es wurde nichts übernommen.",
    "The file “{file}” is no file of a catalogue. What is read are the XML file of the Kompendium, the "
    "workbooks of the BSI (XLSX), OSCAL (JSON) and tables of your own (CSV, XLSX). Nothing was imported.",
)
