"""Files of every kind that is taken and of kinds that are not, built by hand."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

_ODF: Final = "application/vnd.oasis.opendocument."


def packed(members: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of *members*, in that order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return out.getvalue()


def office(folder: str, **more: bytes) -> bytes:
    """An Office Open XML container; *more* members by name, with ``__`` for a dot."""
    members = {"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<document/>" * 50}
    return packed(members | {name.replace("__", "."): content for name, content in more.items()})


def open_document(kind: str) -> bytes:
    return packed({"mimetype": f"{_ODF}{kind}".encode(), "content.xml": b"<office/>"})


def compound(*names: str) -> bytes:
    """A compound file with nothing but empty streams called *names*."""
    sector = 512
    entries = [_entry("Root Entry", 5), *(_entry(name, 2) for name in names)]
    while len(entries) % 4:
        entries.append(bytes(128))
    directory = b"".join(entries)
    count = len(directory) // sector
    # Sector 0 chains the others; the directory follows it.
    chain = [0xFFFFFFFD, *range(2, count + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *([0xFFFFFFFF] * (128 - len(chain))))
    head = bytearray(sector)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<2I", head, 44, 1, 1)
    struct.pack_into("<I", head, 56, 4096)
    struct.pack_into("<2I", head, 60, 0xFFFFFFFE, 0)
    struct.pack_into("<2I", head, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", head, 76, 0, *([0xFFFFFFFF] * 108))
    return bytes(head) + table + directory


def _entry(name: str, kind: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1) + bytes(60)


def png() -> bytes:
    """A red point."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


MAIL: Final = (
    b"Received: from mail.example\r\n by post.stadt.example; Mon, 2 Mar 2026 09:00:00 +0100\r\n"
    b"From: Ayla Demir <demir@stadt.example>\r\nSubject: Vertrag\r\n\r\nAnbei der Vertrag.\r\n"
)
SIGNATURE: Final = bytes.fromhex("308006092a864886f70d010702a0803080020101") + bytes(40)

TAKEN: Final[dict[str, bytes]] = {
    "pdf": b"%PDF-1.7\n1 0 obj\n<</Length 2>>stream\n\x00\x01\nendstream\nendobj\ntrailer\n<<>>\n%%EOF\n",
    "png": png(),
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(40),
    "jpeg": b"\xff\xd8\xff\xe1\x00\x10Exif" + bytes(40),
    "gif": b"GIF89a" + bytes(20),
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(20),
    "tif": b"II*\x00\x08\x00\x00\x00" + bytes(20),
    "tiff": b"MM\x00*\x00\x00\x00\x08" + bytes(20),
    "bmp": b"BM" + bytes(60),
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(40),
    "docx": office("word"),
    "xlsx": office("xl"),
    "pptx": office("ppt"),
    "odt": open_document("text"),
    "ods": open_document("spreadsheet"),
    "odp": open_document("presentation"),
    "doc": compound("WordDocument", "1Table"),
    "xls": compound("Workbook"),
    "ppt": compound("Current User", "PowerPoint Document"),
    "txt": "Löschung bestätigt am 2. März.\n".encode(),
    "csv": "Name;Frist\nMüller;10 Jahre\n".encode("cp1252"),
    "json": b'\xef\xbb\xbf{"frist": "10 Jahre"}\n',
    "eml": MAIL,
    "msg": compound("__properties_version1.0", "__substg1.0_0037001F"),
    "p7s": SIGNATURE,
    "p7m": b"-----BEGIN PKCS7-----\nMIAGCSqGSIb3DQEHAqCAMIACAQEx\n-----END PKCS7-----\n",
}
"""One small file for each ending."""

_PAGE: Final = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
_VECTOR: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
_PROGRAM: Final = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(100)

REFUSED: Final[dict[str, tuple[str, bytes]]] = {
    "a program": ("setup.exe", _PROGRAM),
    "a program called a PDF": ("rechnung.pdf", _PROGRAM),
    "a program called a text": ("liesmich.txt", _PROGRAM),
    "a program of another system": ("werkzeug.txt", b"\x7fELF\x02\x01\x01" + bytes(50)),
    "a page": ("seite.html", _PAGE),
    "a page called a text": ("seite.txt", b"\xef\xbb\xbf \n" + _PAGE),
    "a page in another encoding": ("seite.txt", b"\xff\xfe" + _PAGE.decode().encode("utf-16-le")),
    "a page called a table": ("liste.csv", b"<table><tr><td>1</td></tr></table>"),
    "a page called a PDF": ("seite.pdf", _PAGE),
    "a vector graphic": ("bild.svg", _VECTOR),
    "a vector graphic called an image": ("bild.png", _VECTOR),
    "a vector graphic called a text": ("bild.txt", b'<?xml version="1.0"?>' + _VECTOR),
    "a script": ("skript.sh", b"#!/bin/sh\nrm -rf /\n"),
    "a script called a text": ("skript.txt", b"#!/bin/sh\nrm -rf /\n"),
    "a script of a server": ("skript.csv", b"<?php system($_GET['c']); ?>"),
    "a shortcut": ("vertrag.lnk", b"L\x00\x00\x00"),
    "an archive": ("alles.zip", packed({"a.txt": b"a"})),
    "an archive called a document": ("alles.docx", packed({"a.txt": b"a"})),
    "a table called a document": ("tabelle.docx", office("xl")),
    "an image called another": ("bild.jpg", png()),
    "an image called a PDF": ("bild.pdf", png()),
    "no ending": ("README", b"Text"),
    "only an ending": (".pdf", b"Text"),
    "JSON that is none": ("daten.json", b"frist = 10"),
    "a mail that is none": ("post.eml", b"Guten Tag,\r\nanbei der Vertrag.\r\n"),
    "a signature that is none": ("vertrag.p7s", b"\x30\x82\x01\x00" + bytes(60)),
    "macros": ("formular.docx", office("word", vbaProject__bin=b"\xcc\x61")),
    "macros in an older document": ("formular.doc", compound("WordDocument", "Macros")),
    "macros of another program": (
        "formular.odt",
        packed({"mimetype": f"{_ODF}text".encode(), "Basic/Standard/Module1.xml": b"<m/>"}),
    ),
    "a program inside a document": ("brief.docx", office("word", image__png=_PROGRAM)),
    "a script inside a document": ("brief.docx", office("word", start__js=b"alert(1)")),
    "half a document": ("brief.docx", office("word")[:-30]),
    "half an older document": ("brief.doc", compound("WordDocument")[:600]),
}
"""What must not be taken: name and content."""


def bomb(unpacked: int) -> bytes:
    """A document of a few kilobytes that becomes *unpacked* bytes."""
    return office("word", sheet__xml=bytes(unpacked))


def with_false_size(content: bytes) -> bytes:
    """A document whose directory says of each member that it is small."""
    out = bytearray(content)
    place = out.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", out, place + 24, 1)
        place = out.find(b"PK\x01\x02", place + 4)
    return bytes(out)
