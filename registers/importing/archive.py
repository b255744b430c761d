"""Looks into a packed file before anything in it is read, so that no file can exhaust or mislead a parser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO, Final
from zipfile import ZipFile, ZipInfo

from compliance.errors import Refused
from compliance.language import Text

LARGEST_FILE: Final = 50 * 1024 * 1024
_LARGEST_UNPACKED: Final = 300 * 1024 * 1024
_MOST_MEMBERS: Final = 5_000
_STEEPEST: Final = 200
"""How many times its packed size a member may unpack to; spreadsheets stay below thirty."""
_NEVER_STEEP: Final = 5 * 1024 * 1024
"""Members up to this size may be packed as well as they can be."""
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 120
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_packed(content: bytes) -> bool:
    """Whether *content* is a ZIP archive, as workbooks since 2007 are."""
    return content.startswith(b"PK\x03\x04")


def check_workbook(content: bytes, name: str) -> None:
    """Lets the workbook *name* pass if reading it is safe.

    Raises :class:`Refused` for what is too large or packed too densely, what has a
    password, and what declares document types, which can name other files or grow
    without end and which no spreadsheet writes. Macros and links to other files are
    allowed, because nothing of them is read.
    """
    if len(content) > LARGEST_FILE:
        raise Refused(too_large(name))
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_sizes(members, name)
            for member in members:
                _check_declarations(archive, member, name)
    except Refused:
        raise
    except Exception as error:  # a damaged archive fails in every way that there is
        raise Refused(NO_WORKBOOK.format(file=name)) from error


def check_kind(content: bytes, name: str) -> None:
    """Raises :class:`Refused` for workbooks of before 2007 and for those with a password."""
    if content.startswith(_OLD_OFFICE):
        raise Refused(_OLD_WORKBOOK.format(file=name))


def without_empty_rows(content: bytes, name: str, most: int) -> bytes:
    """*content* without rows in which no cell has a value; a million of them may be formatted.

    Other rows keep their numbers. Raises :class:`Refused` where more than *most* rows are left.
    """
    with ZipFile(io.BytesIO(content)) as source:
        sheets = {member: source.read(member) for member in source.namelist() if "worksheets/" in member}
        long = {member: data for member, data in sheets.items() if data.count(b"<row ") > _MANY_ROWS}
        if not long:
            return content
        shorter = {member: _without_empty_rows(data) for member, data in long.items()}
        if any(data.count(b"<row ") > most for data in shorter.values()):
            raise Refused(_TOO_LONG.format(file=name, limit=most))
        out = io.BytesIO()
        with ZipFile(out, "w") as target:
            for member in source.namelist():
                target.writestr(member, shorter.get(member) or source.read(member))
    return out.getvalue()


def _without_empty_rows(sheet: bytes) -> bytes:
    # A row without a number counts from the one above, which must then stay; other marks may hold anything.
    if _UNNUMBERED.search(sheet) or b"<!" in sheet:
        return sheet
    return _EMPTY_ROW.sub(b"", sheet)


_MANY_ROWS: Final = 10_000
_UNNUMBERED: Final = re.compile(rb"<row(?![^>]*\sr=)[ />]")
_EMPTY_ROW: Final = re.compile(
    rb"<row\s[^>]*(?:(?<=/)>|(?<!/)>(?:<c\s[^>]*(?<=/)>|<c\s[^>]*(?<!/)></c>|\s)*</row>)"
)


def merged_cells(content: bytes, member: str) -> list[str]:
    """The ranges of cells that are merged on the sheet in *member*, such as ``C5:C7``, in their order."""
    with ZipFile(io.BytesIO(content)) as archive, archive.open(member.removeprefix("/")) as sheet:
        found = (match[1].decode() for piece in _pieces(sheet) for match in _MERGED.finditer(piece))
        return list(dict.fromkeys(found))


def has_formulas(content: bytes) -> bool:
    """Whether a cell on any sheet is calculated."""
    with ZipFile(io.BytesIO(content)) as archive:
        for member in (name for name in archive.namelist() if "worksheets/" in name):
            with archive.open(member) as sheet:
                if any(map(_FORMULA.search, _pieces(sheet))):
                    return True
    return False


_MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,40}?ref=[\"']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"
)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")


def too_large(name: str) -> Text:
    """Why the file *name* is not even opened."""
    return _TOO_LARGE.format(file=name, limit=LARGEST_FILE // 1024 // 1024)


def _check_sizes(members: list[ZipInfo], name: str) -> None:
    # No member can unpack to more than it says: reading stops there.
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _LARGEST_UNPACKED:
        raise Refused(too_large(name))
    for member in members:
        steep = member.file_size > _STEEPEST * max(member.compress_size, 1)
        if steep and member.file_size > _NEVER_STEEP:
            raise Refused(_BOMB.format(file=name))


def _check_declarations(archive: ZipFile, member: ZipInfo, name: str) -> None:
    if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    with archive.open(member) as source:
        if any(mark in piece for piece in _pieces(source) for mark in _DECLARATIONS):
            raise Refused(_DECLARES.format(file=name))


_DECLARATIONS: Final = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    """What *source* holds, in pieces that overlap, so that no word is torn apart."""
    end = b""
    while piece := source.read(_PIECE):
        yield end + piece
        end = piece[-_OVERLAP:]


NO_WORKBOOK: Final = Text(
    "Die Datei „{file}“ lässt sich nicht als Excel-Arbeitsmappe lesen; vielleicht ist sie beschädigt oder "
    "mit einem Kennwort geschützt.",
    "The file “{file}” cannot be read as an Excel workbook; perhaps it is damaged or has a password.",
)
_TOO_LARGE: Final = Text(
    "Die Datei „{file}“ ist zu groß; höchstens {limit} MB lassen sich einlesen. Teilen Sie sie auf.",
    "The file “{file}” is too large; at most {limit} MB can be read. Please split it.",
)
_TOO_LONG: Final = Text(
    "Die Datei „{file}“ hat mehr als {limit} Zeilen. Teilen Sie sie auf.",
    "The file “{file}” has more than {limit} rows. Please split it.",
)
_BOMB: Final = Text(
    "Die Datei „{file}“ ist so dicht gepackt wie keine gewöhnliche Arbeitsmappe und wird nicht geöffnet. "
    "Speichern Sie sie in Excel oder LibreOffice neu.",
    "The file “{file}” is packed more densely than any ordinary workbook and is not opened. "
    "Please save it again in Excel or LibreOffice.",
)
_DECLARES: Final = Text(
    "Die Datei „{file}“ enthält eine Dokumenttyp-Deklaration, wie sie keine Tabellenkalkulation schreibt, "
    "und wird nicht geöffnet.",
    "The file “{file}” contains a document type declaration, which no spreadsheet writes, and is not opened.",
)
_OLD_WORKBOOK: Final = Text(
    "Die Datei „{file}“ ist eine Arbeitsmappe im Format vor Excel 2007 oder hat ein Kennwort. "
    "Speichern Sie sie ohne Kennwort als XLSX.",
    "The file “{file}” is a workbook in the format before Excel 2007 or has a password. "
    "Please save it as XLSX without a password.",
)
