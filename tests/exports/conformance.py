"""What a PDF must look like inside to be PDF/A-2a and PDF/UA-1, as far as its structure shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from defusedxml import ElementTree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_BLOCKS = {"Document", "Part", "Sect", "Div", "Caption", "P", "Figure", "BlockQuote", "TOC", "TOCI"}
_INLINE = {"Link", "Span", "Note", "Reference", "Quote"}
_HEADINGS = {"H1", "H2", "H3", "H4", "H5", "H6"}
_PARTS = {"L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH", "TD"}
_ROLES = _BLOCKS | _INLINE | _HEADINGS | _PARTS
_CHILDREN = {
    "Table": {"Caption", "THead", "TBody", "TR"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"Caption", "LI", "L"},
    "LI": {"Lbl", "LBody"},
}
_SHOWING_TEXT = {"Tj", "TJ", "'", '"'}
_PAINTING = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "INLINE IMAGE"} | _SHOWING_TEXT


def problems(source: Path | str | bytes) -> list[str]:
    """Everything found in the file that PDF/A-2a or PDF/UA-1 forbids; empty for a good one."""
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    with pikepdf.open(BytesIO(data)) as pdf:
        checks = (
            _syntax(pdf, data),
            _catalog(pdf),
            _metadata(pdf),
            *[_fonts_embedded(page.get("/Resources"), f"page {number}") for number, page in _pages(pdf)],
            _structure(pdf),
        )
        return [problem for check in checks for problem in check]


def _pages(pdf: pikepdf.Pdf) -> Iterator[tuple[int, Any]]:
    return ((number, page.obj) for number, page in enumerate(pdf.pages, 1))


def _syntax(pdf: pikepdf.Pdf, data: bytes) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "the file is encrypted"
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", data):
        yield "the header lacks its comment of four high bytes"
    if "/ID" not in pdf.trailer:
        yield "the trailer has no ID"
    if re.search(rb"[^\r\n]endstream", data):
        yield "a stream has no line end before endstream"
    yield from (f"syntax: {message}" for message in pdf.check_pdf_syntax())


def _catalog(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if not _get(root, "/MarkInfo", "/Marked"):
        yield "the catalog does not say that the file is tagged"
    if not str(root.get("/Lang", "")):
        yield "the catalog names no language"
    if not _get(root, "/ViewerPreferences", "/DisplayDocTitle"):
        yield "readers are not told to show the title"
    intents = [intent for intent in root.get("/OutputIntents", []) if intent.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1 or "/DestOutputProfile" not in intents[0]:
        yield "there is not exactly one output intent with a profile"
    for forbidden in ("/AA", "/OpenAction", "/JavaScript"):
        if forbidden in root:
            yield f"the catalog has {forbidden}"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if "/Metadata" not in root:
        yield "there is no metadata packet"
        return
    packet = ElementTree.fromstring(root.Metadata.read_bytes())
    expected = {
        "{http://www.aiim.org/pdfa/ns/id/}part": "2",
        "{http://www.aiim.org/pdfa/ns/id/}conformance": "A",
        "{http://www.aiim.org/pdfua/ns/id/}part": "1",
    }
    for name, value in expected.items():
        if packet.findtext(f".//{name}") != value:
            yield f"the metadata do not say {name} = {value}"
    prefixes = packet.findall(".//{http://www.aiim.org/pdfa/ns/schema#}prefix")
    if [prefix.text for prefix in prefixes] != ["pdfuaid"]:
        yield "the metadata do not describe the schema of PDF/UA"
    title = packet.findtext(f".//{{http://purl.org/dc/elements/1.1/}}title/{_RDF}Alt/{_RDF}li") or ""
    if not title.strip():
        yield "the metadata have no title"
    info: Any = pdf.trailer.get("/Info", {})
    if str(info.get("/Title", title)) != title:
        yield "the title differs between information dictionary and metadata"


def _fonts_embedded(resources: Any, place: str) -> Iterator[str]:
    for name, font in (resources or {}).get("/Font", {}).items():
        descriptor = font.get("/FontDescriptor", {})
        if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"{place}: font {name} is not embedded"
        if "/ToUnicode" not in font:
            yield f"{place}: font {name} has no map to Unicode"


def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if "/StructTreeRoot" not in root:
        yield "there is no structure tree"
        return
    tree = _Tree(root.StructTreeRoot)
    yield from tree.problems()
    for number, page in _pages(pdf):
        content = _Content(page, number)
        yield from content.problems
        yield from _parents(tree, page, number, content.marks)


def _parents(tree: _Tree, page: Any, number: int, marks: list[int]) -> Iterator[str]:
    """The marks on a page and the elements they belong to, in both directions."""
    place = f"page {number}"
    if page.get("/Tabs") != "/S":
        yield f"{place}: the order of tabs does not follow the structure"
    if sorted(marks) != list(range(len(marks))):
        yield f"{place}: marks are not numbered once each from 0"
    owners = tree.parents.get(int(page.get("/StructParents", -1)))
    if marks and owners is None:
        yield f"{place}: the page is missing in the parent tree"
        return
    if len(owners or []) != len(marks):
        yield f"{place}: {len(marks)} marks but {len(owners or [])} parents"
    for mark, owner in enumerate(owners or []):
        if tree.contents.get((page.objgen, mark)) != owner.objgen:
            yield f"{place}: mark {mark} is not content of its parent"
    told = sum(1 for where, _ in tree.contents if where == page.objgen)
    if told != len(marks):
        yield f"{place}: the structure tells {told} marks of {len(marks)}"
    for annotation in page.get("/Annots", []):
        if "/StructParent" not in annotation or not str(annotation.get("/Contents", "")):
            yield f"{place}: an annotation has no place in the structure or no description"


class _Tree:
    """The structure tree, read once."""

    def __init__(self, root: Any) -> None:
        self.parents = dict(_numbers(root.get("/ParentTree", {})))
        self.contents: dict[tuple[Any, int], Any] = {}
        self._problems: list[str] = []
        self._level = 0
        kids = _kids(root)
        if [str(kid.get("/S")) for kid in kids] != ["/Document"]:
            self._problems.append("the root does not hold exactly one document")
        for kid in kids:
            self._visit(kid, root, "StructTreeRoot")
        if self._level == 0:
            self._problems.append("there is no heading")

    def problems(self) -> Iterator[str]:
        yield from self._problems

    def _visit(self, element: Any, parent: Any, above: str) -> None:
        role = str(element.S)[1:]
        if role not in _ROLES:
            self._problems.append(f"unknown role {role}")
        if element.get("/P") is None or element.P.objgen != parent.objgen:
            self._problems.append(f"{role} does not name its parent")
        if above in _CHILDREN and role not in _CHILDREN[above]:
            self._problems.append(f"{role} stands in {above}")
        self._check(element, role)
        for kid in _kids(element):
            self._kid(element, kid, role)
        if role in {"Table", "THead", "TBody"}:
            self._check_rows(element, role)

    def _kid(self, element: Any, kid: Any, role: str) -> None:
        if isinstance(kid, int):
            self._content(element, element.get("/Pg"), kid)
        elif kid.get("/Type") == "/MCR":
            self._content(element, kid.get("/Pg", element.get("/Pg")), int(kid.MCID))
        elif "/S" in kid:
            self._visit(kid, element, role)

    def _content(self, element: Any, page: Any, mark: int) -> None:
        if page is None:
            self._problems.append("content without a page")
            return
        if (page.objgen, mark) in self.contents:
            self._problems.append(f"mark {mark} belongs to two elements")
        self.contents[page.objgen, mark] = element.objgen

    def _check(self, element: Any, role: str) -> None:
        if role in _HEADINGS:
            level = int(role[1])
            if level > self._level + 1:
                self._problems.append(f"{role} follows a heading of level {self._level}")
            self._level = level
        if role == "TH" and _get(element, "/A", "/Scope") not in {"/Row", "/Column", "/Both"}:
            self._problems.append("a header cell has no scope")
        if role == "Figure":
            if not str(element.get("/Alt", "")).strip():
                self._problems.append("a figure has no alternative text")
            if len(_get(element, "/A", "/BBox") or ()) != 4:
                self._problems.append("a figure has no bounding box")

    def _check_rows(self, element: Any, role: str) -> None:
        parts = _kids(element)
        if role == "Table":
            rows = [row for part in parts if part.S in {"/THead", "/TBody"} for row in _kids(part)]
            rows += [part for part in parts if part.S == "/TR"]
            if len({sum(_get(cell, "/A", "/ColSpan") or 1 for cell in _kids(row)) for row in rows}) != 1:
                self._problems.append("the rows of a table differ in their number of cells")
            captions = [index for index, part in enumerate(parts) if part.S == "/Caption"]
            if captions not in ([], [0], [len(parts) - 1]):
                self._problems.append("the caption of a table is neither first nor last")
        elif not parts:
            self._problems.append(f"{role} is empty")


class _Content:
    """The marks in the content of a page, and what is drawn outside of them or cannot be read."""

    def __init__(self, page: Any, number: int) -> None:
        self.marks: list[int] = []
        self.problems: list[str] = []
        self._place = f"page {number}"
        self._read(page, page.get("/Resources"), outer="")

    def _read(self, stream: Any, resources: Any, outer: str) -> None:
        """Follow the operators; ``outer`` is what the stream as a whole is part of."""
        open_marks: list[str] = []
        readable: set[int] | None = None
        for instruction in pikepdf.parse_content_stream(stream):
            operands, name = instruction.operands, str(instruction.operator)
            if name in {"BDC", "BMC"}:
                open_marks.append(self._opened(operands, [outer, *open_marks]))
            elif name == "EMC":
                if not open_marks:
                    self._complain("a mark is closed that was not opened")
                else:
                    open_marks.pop()
            elif name in _PAINTING and not any([outer, *open_marks]):
                self._complain(f"{name} is neither tagged nor an artifact")
            if name == "Tf":
                readable = _readable(resources.Font[str(operands[0])])
            elif name in _SHOWING_TEXT:
                self._check_codes(operands, readable)
            elif name == "Do":
                self._form(resources.XObject[str(operands[0])], next(filter(None, [outer, *open_marks]), ""))
        if open_marks:
            self._complain("a mark is not closed")

    def _opened(self, operands: Any, around: list[str]) -> str:
        if str(operands[0]) == "/Artifact":
            if "tagged" in around:
                self._complain("an artifact stands within tagged content")
            return "artifact"
        mark = operands[1].get("/MCID") if len(operands) > 1 else None
        if mark is None:
            return ""
        if any(around):
            self._complain("tagged content stands within other marked content")
        self.marks.append(int(mark))
        return "tagged"

    def _form(self, form: Any, around: str) -> None:
        if form.get("/Subtype") == "/Form":
            self.problems += _fonts_embedded(form.get("/Resources"), f"{self._place}, form")
            self._read(form, form.get("/Resources"), around)

    def _check_codes(self, operands: Any, readable: set[int] | None) -> None:
        if readable is None:
            self._complain("text is shown without a font")
            return
        for operand in operands:
            parts = operand if isinstance(operand, pikepdf.Array) else [operand]
            for part in parts:
                if isinstance(part, pikepdf.String) and not set(bytes(part)) <= readable:
                    self._complain("text is shown that cannot be mapped to Unicode")

    def _complain(self, what: str) -> None:
        self.problems.append(f"{self._place}: {what}")


def _readable(font: Any) -> set[int]:
    """The codes of a simple font for which the map to Unicode has a character."""
    if "/ToUnicode" not in font:
        return set()
    pairs = re.findall(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]+)>", font.ToUnicode.read_bytes())
    forbidden = {b"0000", b"feff", b"fffe"}
    return {int(code, 16) for code, value in pairs if len(value) % 4 == 0 and value.lower() not in forbidden}


def _numbers(node: Any) -> Iterator[tuple[int, Any]]:
    pairs = list(node.get("/Nums", []))
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        yield int(key), value
    for kid in node.get("/Kids", []):
        yield from _numbers(kid)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _get(thing: Any, *names: str) -> Any:
    for name in names:
        if thing is None or name not in thing:
            return None
        thing = thing.get(name)
    return str(thing) if isinstance(thing, pikepdf.Name) else thing
