"""Which files are taken, and whether a file is what its name says.

A name ends in what a file claims to be; the content proves it. Whatever runs when it is
opened is refused: programs, scripts, pages with scripts, and office documents with macros.
Nothing is unpacked to disk, and no more than a few chunks are in memory.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final, TypeAlias

import filetype

from compliance.errors import Refused
from compliance.fields import Term
from compliance.language import Text

_CHUNK: Final = 256 * 1024
_HEAD: Final = 8192
_MOST_MEMBERS: Final = 10_000
_DIRECTORY: Final = 4 * 1024 * 1024
"""No office document needs a longer list of its members, in bytes."""
_UNPACKED: Final = 256 * 1024 * 1024
"""No office document within the limit of size is larger when unpacked, in bytes."""
_RATIO: Final = 200
_SMALL: Final = 8 * 1024 * 1024
"""Up to here, unpacked, a high ratio does no harm."""


class FileKind(Term):
    """What can be attached to an entry."""

    PDF = Text("PDF", "PDF")
    PNG = Text("PNG-Bild", "PNG image")
    JPEG = Text("JPEG-Bild", "JPEG image")
    GIF = Text("GIF-Bild", "GIF image")
    WEBP = Text("WebP-Bild", "WebP image")
    TIFF = Text("TIFF-Bild", "TIFF image")
    BMP = Text("BMP-Bild", "BMP image")
    HEIC = Text("HEIC-Bild", "HEIC image")
    DOCX = Text("Word-Dokument", "Word document")
    XLSX = Text("Excel-Tabelle", "Excel workbook")
    PPTX = Text("PowerPoint-Präsentation", "PowerPoint presentation")
    ODT = Text("OpenDocument-Text", "OpenDocument text")
    ODS = Text("OpenDocument-Tabelle", "OpenDocument spreadsheet")
    ODP = Text("OpenDocument-Präsentation", "OpenDocument presentation")
    DOC = Text("Word-Dokument (97–2003)", "Word document (97–2003)")
    XLS = Text("Excel-Tabelle (97–2003)", "Excel workbook (97–2003)")
    PPT = Text("PowerPoint-Präsentation (97–2003)", "PowerPoint presentation (97–2003)")
    TEXT = Text("Text", "Text")
    CSV = Text("CSV-Tabelle", "CSV table")
    JSON = Text("JSON", "JSON")
    EML = Text("E-Mail", "E-mail")
    MSG = Text("E-Mail (Outlook)", "E-mail (Outlook)")
    SIGNATURE = Text("Signierte Datei oder Signatur", "Signed file or signature")


Check: TypeAlias = Callable[[BinaryIO], Text | None]
"""Says what is wrong with a content, or nothing."""


@dataclass(frozen=True)
class Format:
    """How a kind of file is named, served and recognised."""

    endings: tuple[str, ...]
    mimetype: str
    check: Check


def kind_of(name: str, stream: BinaryIO) -> FileKind:
    """What the file called *name* is.

    Raises :class:`Refused`, naming the file, if such files are not taken or its content is another.
    """
    ending = PurePath(name).suffix.removeprefix(".").lower()
    kind = _BY_ENDING.get(ending)
    if kind is None:
        raise Refused(_NOT_TAKEN.format(name=name, endings=", ".join(ENDINGS)))
    if wrong := FORMATS[kind].check(stream):
        raise Refused(wrong.format(name=name, kind=kind.text, ending=ending))
    return kind


# --- Recognised by their first bytes -------------------------------------------------------------


def _signed_by(*mimetypes: str) -> Check:
    """Begins as one of these types begins."""

    def check(stream: BinaryIO) -> Text | None:
        head = bytearray(_head(stream))
        return None if any(filetype.get_type(mime=one).match(head) for one in mimetypes) else _OTHER

    return check


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(_HEAD)


_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
"""The object identifier of signed data in CMS (RFC 5652)."""


def _is_signature(stream: BinaryIO) -> Text | None:
    head = _head(stream)[:64]
    encoded = head[:1] == b"\x30" and _SIGNED_DATA in head
    armoured = re.match(rb"-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----", head)
    return None if encoded or armoured else _OTHER


# --- Text ----------------------------------------------------------------------------------------

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_WIDE_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_ACTIVE: Final = re.compile(
    r"\s*<\s*(html|head|body|svg|script|iframe|title|style|table|a|img)\b|\s*(#!|<[?%!])", re.IGNORECASE
)


def _is_text(stream: BinaryIO) -> Text | None:
    """Has no control characters and does not begin like a page or a script."""
    head = _head(stream)
    wide = _wide_encoding(head)
    begins = head.decode(wide or "utf-8", "replace").removeprefix("\ufeff")
    if _ACTIVE.match(begins):
        return _SCRIPT
    return _OTHER if any(_has_control(chunk, wide) for chunk in _chunks(stream)) else None


def _wide_encoding(head: bytes) -> str:
    """The encoding by which two bytes make a character, if a mark at the beginning says so."""
    return {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2], "")


def _has_control(chunk: bytes, wide: str) -> bool:
    if wide:
        return bool(_WIDE_CONTROL.search(chunk.decode(wide, "replace")))
    return bool(_CONTROL.search(chunk))


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def _is_json(stream: BinaryIO) -> Text | None:
    begins = _head(stream).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return _is_text(stream) if begins in b'{["' and begins else _OTHER


_HEADER: Final = re.compile(rb"[!-9;-~]+:[^\r\n]*(\r?\n[ \t][^\r\n]*)*\r?\n")
_HEADERS_OF_MAIL: Final = re.compile(
    rb"^(from|date|received|message-id|mime-version):", re.IGNORECASE | re.MULTILINE
)


def _is_mail(stream: BinaryIO) -> Text | None:
    """Begins with headers (RFC 5322), among them one that only a message has."""
    head = _head(stream).removeprefix(b"\xef\xbb\xbf")
    place = 0
    while found := _HEADER.match(head, place):
        place = found.end()
    if not _HEADERS_OF_MAIL.search(head, 0, place):
        return _OTHER
    return _OTHER if any(b"\0" in chunk for chunk in _chunks(stream)) else None


# --- Zip containers ------------------------------------------------------------------------------

_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_ACTIVE_MEMBERS: Final = re.compile(
    r"(vbaproject\.bin|\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|html?|svg))$"
    r"|^(basic|scripts)/",
    re.IGNORECASE,
)
_BROKEN_ZIP: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, RuntimeError, OSError, ValueError),
)


def _packed(folder: str) -> Check:
    """An Office Open XML container (ISO/IEC 29500) with its document in *folder*."""

    def belongs(container: zipfile.ZipFile) -> bool:
        names = container.namelist()
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)

    return _container(belongs)


def _open_document(mimetype: str) -> Check:
    """An OpenDocument container (ISO/IEC 26300), which names its type in its first member."""

    def belongs(container: zipfile.ZipFile) -> bool:
        if "mimetype" not in container.namelist():
            return False
        with container.open("mimetype") as member:
            named: bytes = member.read(200)
        return named.strip() == mimetype.encode()

    return _container(belongs)


def _container(belongs: Callable[[zipfile.ZipFile], bool]) -> Check:
    def check(stream: BinaryIO) -> Text | None:
        if not _has_short_directory(stream):
            return _OTHER
        try:
            with zipfile.ZipFile(stream) as container:
                return _wrong_inside(container, _size(stream)) or (None if belongs(container) else _OTHER)
        except _BROKEN_ZIP:
            return _OTHER

    return check


def _has_short_directory(stream: BinaryIO) -> bool:
    """Whether the list of members at the end fits into memory; it is read as a whole later."""
    if _head(stream)[:4] != b"PK\x03\x04":
        return False
    stream.seek(-min(_size(stream), 65_557), 2)
    tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22 or b"PK\x06\x07" in tail:
        return False
    members, length = struct.unpack_from("<HI", tail, place + 10)
    return bool(members <= _MOST_MEMBERS and length <= _DIRECTORY)


def _size(stream: BinaryIO) -> int:
    return stream.seek(0, 2)


def _wrong_inside(container: zipfile.ZipFile, size: int) -> Text | None:
    members = container.infolist()
    most = min(_UNPACKED, max(_SMALL, size * _RATIO))
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > most:
        return _BOMB
    if any(member.flag_bits & 1 for member in members):
        return _LOCKED
    if any(_ACTIVE_MEMBERS.search(member.filename) for member in members):
        return _MACROS
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        return _OTHER
    running = [member for member in members if _runs(container, member)]
    return _MACROS if running else None


def _runs(container: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether *member* is a program. It is read to its end, where a false size or checksum shows."""
    with container.open(member) as content:
        head = content.read(_CHUNK)
        while content.read(_CHUNK):
            pass
    return bytes(head).startswith(_PROGRAMS)


# --- Compound files of older office programs ([MS-CFB]) ------------------------------------------

_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST_SECTOR: Final = 0xFFFFFFFA
_MACRO_STORAGES: Final = {"Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"}


def _compound(*names: str) -> Check:
    """A compound file with one of the streams *names*, and without macros."""

    def check(stream: BinaryIO) -> Text | None:
        try:
            found = _stored_names(stream)
        except (struct.error, IndexError):
            return _OTHER
        if not found & set(names):
            return _OTHER
        return _MACROS if found & _MACRO_STORAGES else None

    return check


def _stored_names(stream: BinaryIO) -> set[str]:
    """The names of everything stored in a compound file; empty if it is none."""
    head = _head(stream)
    if head[:8] != _COMPOUND or head[30:32] not in (b"\x09\x00", b"\x0c\x00"):
        return set()
    compound = _Compound(stream, head, 1 << head[30])
    return {name for sector in compound.directory() for name in _names_in(sector)}


@dataclass(frozen=True)
class _Compound:
    """A compound file, read sector by sector."""

    stream: BinaryIO
    head: bytes
    sector: int
    """Length of a sector in bytes."""

    def directory(self) -> Iterator[bytes]:
        """The sectors of the directory, in order; each is visited once, whatever the chain says."""
        tables = list(self._tables())
        (place,) = struct.unpack_from("<I", self.head, 48)
        seen: set[int] = set()
        while place < _LAST_SECTOR and place not in seen and len(seen) < _MOST_MEMBERS:
            seen.add(place)
            yield self._read(place)
            table, index = divmod(place, self.sector // 4)
            (place,) = struct.unpack_from("<I", self._read(tables[table]), index * 4)

    def _tables(self) -> Iterator[int]:
        """Where the sectors that chain the others are: the first 109 in the head, the rest in a chain."""
        yield from struct.unpack_from("<109I", self.head, 76)
        place, count = struct.unpack_from("<2I", self.head, 68)
        for _ in range(min(count, _MOST_MEMBERS)):
            if place >= _LAST_SECTOR:
                return
            *tables, place = struct.unpack_from(f"<{self.sector // 4}I", self._read(place))
            yield from tables

    def _read(self, place: int) -> bytes:
        self.stream.seek((place + 1) * self.sector)
        return self.stream.read(self.sector)


def _names_in(sector: bytes) -> Iterator[str]:
    for start in range(0, len(sector) - 127, 128):
        (length,) = struct.unpack_from("<H", sector, start + 64)
        if sector[start + 66] and 2 <= length <= 64:
            yield sector[start : start + length - 2].decode("utf-16-le", "replace")


# --- All of them ---------------------------------------------------------------------------------

_MS: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."

FORMATS: Final[dict[FileKind, Format]] = {
    FileKind.PDF: Format(("pdf",), "application/pdf", _signed_by("application/pdf")),
    FileKind.PNG: Format(("png",), "image/png", _signed_by("image/png", "image/apng")),
    FileKind.JPEG: Format(("jpg", "jpeg"), "image/jpeg", _signed_by("image/jpeg")),
    FileKind.GIF: Format(("gif",), "image/gif", _signed_by("image/gif")),
    FileKind.WEBP: Format(("webp",), "image/webp", _signed_by("image/webp")),
    FileKind.TIFF: Format(("tif", "tiff"), "image/tiff", _signed_by("image/tiff")),
    FileKind.BMP: Format(("bmp",), "image/bmp", _signed_by("image/bmp")),
    FileKind.HEIC: Format(("heic",), "image/heic", _signed_by("image/heic")),
    FileKind.DOCX: Format(("docx",), f"{_MS}wordprocessingml.document", _packed("word/")),
    FileKind.XLSX: Format(("xlsx",), f"{_MS}spreadsheetml.sheet", _packed("xl/")),
    FileKind.PPTX: Format(("pptx",), f"{_MS}presentationml.presentation", _packed("ppt/")),
    FileKind.ODT: Format(("odt",), f"{_ODF}text", _open_document(f"{_ODF}text")),
    FileKind.ODS: Format(("ods",), f"{_ODF}spreadsheet", _open_document(f"{_ODF}spreadsheet")),
    FileKind.ODP: Format(("odp",), f"{_ODF}presentation", _open_document(f"{_ODF}presentation")),
    FileKind.DOC: Format(("doc",), "application/msword", _compound("WordDocument")),
    FileKind.XLS: Format(("xls",), "application/vnd.ms-excel", _compound("Workbook", "Book")),
    FileKind.PPT: Format(("ppt",), "application/vnd.ms-powerpoint", _compound("PowerPoint Document")),
    FileKind.TEXT: Format(("txt",), "text/plain", _is_text),
    FileKind.CSV: Format(("csv",), "text/csv", _is_text),
    FileKind.JSON: Format(("json",), "application/json", _is_json),
    FileKind.EML: Format(("eml",), "message/rfc822", _is_mail),
    FileKind.MSG: Format(("msg",), "application/vnd.ms-outlook", _compound("__properties_version1.0")),
    FileKind.SIGNATURE: Format(("p7s", "p7m"), "application/pkcs7-mime", _is_signature),
}
_BY_ENDING: Final = {ending: kind for kind, one in FORMATS.items() for ending in one.endings}
ENDINGS: Final = tuple(_BY_ENDING)
"""How the names of the files end that are taken."""

_NOT_TAKEN = Text(
    "„{name}“: Dateien dieser Art werden nicht angenommen. Angenommen werden: {endings}.",
    "“{name}”: files of this kind are not accepted. Accepted are: {endings}.",
)
_OTHER = Text(
    "„{name}“: Der Inhalt passt nicht zur Endung .{ending} ({kind}), oder die Datei ist beschädigt.",
    "“{name}”: the content does not match the ending .{ending} ({kind}), or the file is damaged.",
)
_SCRIPT = Text(
    "„{name}“: Die Datei enthält eine Webseite oder ein Skript und wird nicht angenommen.",
    "“{name}”: the file contains a web page or a script and is not accepted.",
)
_MACROS = Text(
    "„{name}“: Die Datei enthält Makros oder Programme. Speichern Sie sie ohne Makros oder als PDF.",
    "“{name}”: the file contains macros or programs. Save it without macros or as a PDF.",
)
_LOCKED = Text(
    "„{name}“: Die Datei ist mit einem Kennwort verschlüsselt und lässt sich nicht prüfen.",
    "“{name}”: the file is encrypted with a password and cannot be checked.",
)
_BOMB = Text(
    "„{name}“: Die Datei würde entpackt unverhältnismäßig groß und wird nicht angenommen.",
    "“{name}”: the file would become disproportionately large when unpacked and is not accepted.",
)
