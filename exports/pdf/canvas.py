"""A canvas whose every mark is either tagged or an artifact, written as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from exports.document import Document
from exports.fonts import faces, runs
from exports.pdf import metadata
from exports.pdf.structure import Element, Packed, Structure
from exports.typesetting import Style
from exports.wording import words

# Colours given as text are otherwise evaluated as Python.
setattr(rl_config, "toColorCanUse", None)  # noqa: B010 (the stubs know it as text only)
rl_config.invariant = 1


class _Catalog(pdfdoc.PDFCatalog):
    __NoDefault__ = [*pdfdoc.PDFCatalog.__NoDefault__, "OutputIntents"]
    __Refs__ = ["Dests", "Outlines", "Pages", "Metadata"]


class _Page(pdfdoc.PDFPage):
    __NoDefault__ = [*pdfdoc.PDFPage.__NoDefault__, "StructParents", "Tabs"]


class _File(pdfdoc.PDFDocument):
    """The objects of a file; pages get their number before they are drawn, so that tags can name them."""

    Catalog: Any
    Pages: Any
    Outlines: Any
    page_number: int
    parents_key: int

    def new_number(self) -> int:
        """A number for an object that is written by someone else."""
        self.objectcounter += 1
        return self.objectcounter

    def reference(self, thing: pdfdoc.PDFObject) -> bytes:
        """The words by which other objects refer to this one, which gets a number if it has none."""
        register: Any = self.Reference
        text: bytes = register(thing).format(self)
        return text

    def addPage(self, page: Any) -> None:
        """Take in a finished page, already compressed."""
        content = zlib.compress(page.stream.encode("ascii"))
        page.stream = None
        page.__class__ = _Page
        page.Contents = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"Filter": "/FlateDecode"}), content)
        page.StructParents = self.parents_key
        page.Tabs = "/S"
        page.__InternalName__ = name = self.thisPageName()
        self.idToObjectNumberAndVersion[name] = (self.page_number, 0)
        self.numberToId[self.page_number] = name
        self.idToObject[name] = page
        self.Pages.addPage(page)
        self.pageCounter += 1
        self.inObject = None


class TaggedCanvas(Canvas):
    """Pages of one document; the caller tags what it draws with :meth:`tagged` and :meth:`artifact`."""

    _code: list[str]
    _doc: _File

    def __init__(self, document: Document, size: tuple[float, float]) -> None:
        language = words(document.language).locale
        settings: dict[str, Any] = {"initialFontName": faces(False)[0].fontName, "lang": language}
        super().__init__(
            io.BytesIO(), pagesize=size, pageCompression=1, invariant=1, pdfVersion=(1, 7), **settings
        )
        # The canvas makes these two itself and offers no way to hand in others.
        self._doc.__class__ = _File
        self._doc.Catalog.__class__ = _Catalog
        self._document = document
        self._encoders = {bold: _Encoder(bold, self._doc) for bold in (False, True)}
        self.structure = Structure(self._doc.new_number)

    def begin_page(self) -> None:
        """Start a page; nothing may be drawn before."""
        self._doc.page_number = self._doc.new_number()
        self.structure.start_page(self._doc.page_number)

    def end_page(self) -> None:
        """Finish the page begun."""
        self._doc.parents_key = self.structure.end_page()
        self.showPage()

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn meanwhile is content of the element."""
        self.emit(f"/{element.role} <</MCID {self.structure.mark(element)}>> BDC")
        yield
        self.emit("EMC")

    @contextmanager
    def artifact(self, kind: str = "") -> Iterator[None]:
        """What is drawn meanwhile is decoration or repetition, such as ``Pagination``."""
        self.emit(f"/Artifact <</Type/{kind}>> BDC" if kind else "/Artifact BMC")
        yield
        self.emit("EMC")

    def emit(self, *operators: str) -> None:
        """Append operators of the page description as they are."""
        self._code.extend(operators)

    def show(self, line: str, style: Style) -> str:
        """The operators that show one drawable line at the current place."""
        return self._encoders[style.bold].operators(line, style.size)

    def text(self, x: float, y: float, lines: list[str], style: Style) -> None:
        """Draw lines one below the other; y is the base line of the first."""
        self.emit(f"q {rgb(style.colour)} rg", self.text_object(x, y, lines, style), "Q")

    def text_object(self, x: float, y: float, lines: list[str], style: Style) -> str:
        """The operators for some lines in the current colour."""
        shown = " T* ".join([self.show(line, style) for line in lines])
        return f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {style.leading:.2f} TL {shown} ET"

    def write(self, out: BinaryIO, identity: str) -> None:
        """Write the file; the identity, such as a checksum, makes its two identifiers."""
        catalog = self._doc.Catalog
        root = self.structure.finish()
        for face in self._doc.delayedFonts:
            face.addObjects(self._doc)
        self.setViewerPreference("DisplayDocTitle", "true")
        catalog.StructTreeRoot = f"{root} 0 R".encode("ascii")
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        profile = self._doc.reference(metadata.colour_profile())
        catalog.OutputIntents = pdfdoc.PDFArray([metadata.output_intent(profile)])
        catalog.Metadata = metadata.xmp(self._document)
        information = metadata.information(self._document)
        self._doc.reference(catalog)
        self._doc.reference(information)
        self._doc.Outlines.prepare(self._doc, self)
        if self._doc.Outlines.ready < 0:
            catalog.Outlines = None
        _Writer(self._doc, self.structure.packed, out).write(information, identity)


class _Encoder(dict[int, str]):
    """What stands for each character in the page description, where the first face's first subset has it."""

    _FOREIGN = "\x00"

    def __init__(self, bold: bool, file: _File) -> None:
        self._bold = bold
        self._file = file
        self._face = faces(bold)[0]

    def operators(self, line: str, size: float) -> str:
        encoded = line.translate(self)
        if self._FOREIGN not in encoded:
            name = self._face.getSubsetInternalName(0, self._file)
            return f"{name} {size:.2f} Tf ({encoded}) Tj"
        return " ".join(
            [
                f"{face.getSubsetInternalName(subset, self._file)} {size:.2f} Tf ({_escaped(codes)}) Tj"
                for face, text in runs(line, self._bold)
                for subset, codes in face.splitString(text, self._file)
            ]
        )

    def __missing__(self, code: int) -> str:
        self[code] = encoded = self._encoded(chr(code))
        return encoded

    def _encoded(self, character: str) -> str:
        ((face, text),) = runs(character, self._bold)
        ((subset, codes),) = face.splitString(text, self._file)
        return _escaped(codes) if face is self._face and subset == 0 else self._FOREIGN


def _escaped(codes: bytes) -> str:
    return "".join([_ESCAPES[code] for code in codes])


_ESCAPES = [chr(code) if 32 <= code < 127 and code not in b"()\\" else f"\\{code:03o}" for code in range(256)]


def rgb(colour: str) -> str:
    """Operands for a colour such as ``#1a3f6f``."""
    return " ".join(f"{int(colour[start : start + 2], 16) / 255:.3f}" for start in (1, 3, 5))


_END_OF_STREAM = b"endstream\nendobj\n"


class _Writer:
    """Writes the objects one after another, then where each of them lies."""

    _PLAIN, _PACKED = 1, 2

    def __init__(self, file: _File, packed: Packed, out: BinaryIO) -> None:
        self._file = file
        self._packed = packed
        self._out = out
        self._offset = 0
        self._places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}

    def write(self, information: pdfdoc.PDFDictionary, identity: str) -> None:
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._write_objects()
        for numbers, data, first in self._packed.full:
            self._write_packed(numbers, data, first)
        self._write_places(information, identity)

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)

    def _write_objects(self) -> None:
        """Write what the canvas made; writing one object can bring forth others."""
        number = 0
        while number < self._file.objectcounter:
            number += 1
            name = self._file.numberToId.get(number)
            if name is None:
                continue
            data = pdfdoc.PDFIndirectObject(name, self._file.idToObject[name]).format(self._file)
            self._places[number] = (self._PLAIN, self._offset, 0)
            if data.endswith(_END_OF_STREAM):
                # PDF/A wants a line end before the keyword, which ReportLab omits (ISO 19005-2, 6.1.7.1).
                data = data[: -len(_END_OF_STREAM)] + b"\n" + _END_OF_STREAM
            self._put(data)

    def _write_packed(self, numbers: array[int], data: bytes, first: int) -> None:
        stream = self._file.new_number()
        for index, number in enumerate(numbers):
            self._places[number] = (self._PACKED, stream, index)
        self._write_stream(stream, f"/Type/ObjStm/N {len(numbers)}/First {first}", data)

    def _write_stream(self, number: int, entries: str, data: bytes) -> None:
        self._places[number] = (self._PLAIN, self._offset, 0)
        head = f"{number} 0 obj\n<<{entries}/Filter/FlateDecode/Length {len(data)}>>\nstream\n"
        self._put(head.encode("ascii"))
        self._put(data)
        self._put(b"\nendstream\nendobj\n")

    def _write_places(self, information: pdfdoc.PDFDictionary, identity: str) -> None:
        number = self._file.new_number()
        start = self._offset
        self._places[number] = (self._PLAIN, start, 0)
        places = [self._places.get(entry, (0, 0, 0)) for entry in range(number + 1)]
        table = b"".join([struct.pack(">BIH", *place) for place in places])
        root = self._file.reference(self._file.Catalog).decode("ascii")
        info = self._file.reference(information).decode("ascii")
        name = hashlib.sha256(identity.encode("ascii")).hexdigest()[:32]
        entries = f"/Type/XRef/Size {number + 1}/W[1 4 2]/Root {root}/Info {info}/ID[<{name}><{name}>]"
        self._write_stream(number, entries, zlib.compress(table))
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)
