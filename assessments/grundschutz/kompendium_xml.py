"""Reads the official XML file of the Kompendium (DocBook 5), which carries the wordings the index lacks.

The file comes from outside: its size, its number of elements and their depth are limited,
and document type declarations, which the official file does not have, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from assessments.grundschutz.kompendium import (
    EDITION,
    LAYER_IDS,
    NAME,
    Catalogue,
    Layer,
    Level,
    Module,
    Order,
    Requirement,
    TargetType,
    Threat,
    UnreadableCatalogue,
    edition_2023,
    in_reading_order,
    merge,
    reading_order,
    split_roles,
)
from compliance.language import Text

MAX_BYTES: Final = 16 * 1024 * 1024
"""The official file has 3.2 million bytes."""
MAX_ELEMENTS: Final = 200_000
"""The official file has 26,718 elements."""
MAX_DEPTH: Final = 64
"""The official file is 11 elements deep."""
MAX_LINE: Final = 1_000
"""Characters of a heading or a cell of a table; the longest one of the official file has 171."""

_NAMESPACE: Final = "{http://docbook.org/ns/docbook}"
_BOOK, _INFO, _CHAPTER, _SECTION, _TITLE, _TABLE, _ROW, _CELL, _BULLETS, _NUMBERS, _ITEM = (
    _NAMESPACE + name
    for name in (
        "book",
        "info",
        "chapter",
        "section",
        "title",
        "informaltable",
        "tr",
        "td",
        "itemizedlist",
        "orderedlist",
        "listitem",
    )
)
_CHAPTERS: Final = (
    "Vorwort",
    f"Neues im {NAME}",
    "IT-Grundschutz – Basis für Informationssicherheit",
    "Schichtenmodell und Modellierung",
    "Rollen",
    "Glossar",
    "Elementare Gefährdungen",
)
"""The chapters of the official file beside those of the layers."""
_LINE_BREAK: Final = "\u2028"
_LAYER_TITLE: Final = re.compile(rf"({'|'.join(LAYER_IDS)}) (.+)")
_MODULE_TITLE: Final = re.compile(rf"((?:{'|'.join(LAYER_IDS)})(?:\.[0-9]{{1,3}})+) (.+)")
_THREAT_TITLE: Final = re.compile(r"(G 0\.[0-9]+) (.+)")
_HEADING: Final = re.compile(
    rf"(?P<module>(?:{'|'.join(LAYER_IDS)})(?:\.[0-9]{{1,3}})+)\.?A(?P<number>[0-9]{{1,3}})"
    r" (?P<title>.+) \((?P<level>[BSH])\)(?: ?\[(?P<roles>.+)\])?"
)
_EDITION: Final = re.compile(rf"Edition (\d{{4}}) des {NAME}s")
_TARGET_TYPES: Final = {target_type.label.de: target_type for target_type in TargetType}
_ENDED_EARLY: Final = frozenset(
    errors.codes[message]
    for message in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_REMEDY: Final = Text(
    " Es wurde nichts übernommen. Bitte die XML-Datei des Kompendiums, Edition 2023, unverändert von der "
    "Website des BSI herunterladen und erneut einlesen.",
    " Nothing was imported. Please download the XML file of the Kompendium, Edition 2023, unchanged from the "
    "website of the BSI and import it again.",
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What the heading of a requirement says."""

    module: str
    """As printed; one release of the file prints a wrong one, so the enclosing section decides."""
    number: int
    title: str
    level: Level
    roles: tuple[str, ...]


def with_wordings(data: bytes) -> Catalogue:
    """The index of Edition 2023 with the wordings of the official file in *data*.

    Raises UnreadableCatalogue where the file cannot be read or is not this edition.
    """
    return merge(edition_2023(), parse(data))


def parse(data: bytes) -> Catalogue:
    """The catalogue in the file *data*: all facts and wordings, but neither values nor cross-references.

    Raises UnreadableCatalogue; the facts are not yet compared with the index, see ``merge``.
    """
    book = _tree(data)
    _check_book(book)
    for title in _CHAPTERS:
        _chapter(book, title)
    layers: list[Layer] = []
    modules: list[Module] = []
    requirements: list[Requirement] = []
    modelling = dict(_modelling(book))
    for chapter in book.findall(_CHAPTER):
        if match := _match(_LAYER_TITLE, chapter):
            layers.append(Layer(match[1], match[2]))
            for section in chapter.findall(_SECTION):
                module = _module(section, modelling)
                if module.layer != match[1]:
                    raise _refusal(
                        "Der Baustein {module} steht im Kapitel „{title}“.",
                        "The module {module} stands in the chapter “{title}”.",
                        module=module.id,
                        title=_short(_title(chapter)),
                    )
                modules.append(module)
                requirements.extend(_requirements(section, module.id))
    _check_unique(module.id for module in modules)
    _check_unique(requirement.id for requirement in requirements)
    return Catalogue(
        name=NAME,
        edition=EDITION,
        layers=tuple(layers),
        modules=tuple(sorted(modules, key=lambda module: reading_order(module.id))),
        requirements=in_reading_order(requirements),
        threats=tuple(_threats(book)),
    )


def parse_heading(text: str) -> Heading | None:
    """What the heading of a requirement says; None where the text is not such a heading.

    The dot before the number may be missing and a role may contain a comma in brackets.
    """
    match = _HEADING.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    return Heading(
        module=match["module"],
        number=int(match["number"]),
        title=match["title"].strip(),
        level=Level(match["level"]),
        roles=split_roles(match["roles"] or ""),
    )


class _LimitExceeded(Exception):
    """The document has more elements, or deeper ones, than any release of the Kompendium."""


class _Builder(TreeBuilder):
    """Builds the tree, keeps line breaks, and stops where the document outgrows its limits."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = 0
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.elements += 1
        self._depth += 1
        if self.elements > MAX_ELEMENTS or self._depth > MAX_DEPTH:
            raise _LimitExceeded
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)

    def pi(self, target: str, text: str | None = None, /) -> None:  # type: ignore[override]
        if target == "linebreak":
            self.data(_LINE_BREAK)


def _tree(content: bytes) -> Element:
    if len(content) > MAX_BYTES:
        raise _refusal(
            "Die Datei ist größer als {limit} MB; die Datei des BSI hat etwa 3 MB.",
            "The file is larger than {limit} MB; the file of the BSI has about 3 MB.",
            limit=MAX_BYTES // 1024**2,
        )
    if not content.strip():
        raise _refusal("Die Datei ist leer.", "The file is empty.")
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ParseError as error:
        raise _not_well_formed(error, builder.elements) from error
    except DefusedXmlException as error:
        raise _declares(error, parser.parser.CurrentLineNumber) from error
    except _LimitExceeded as error:
        raise _refusal(
            "Die Datei ist weit umfangreicher oder tiefer verschachtelt als das Kompendium.",
            "The file is far larger or more deeply nested than the Kompendium.",
        ) from error
    except (LookupError, ValueError) as error:
        raise _refusal(
            "Die Zeichenkodierung, die die Datei angibt, ist unbekannt.",
            "The character encoding that the file declares is unknown.",
        ) from error
    return root


def _not_well_formed(error: ParseError, elements: int) -> UnreadableCatalogue:
    line, column = error.position
    if error.code in _ENDED_EARLY and elements:
        return _refusal(
            "Die Datei ist unvollständig: Sie bricht in Zeile {line} ab, bevor das Dokument zu Ende ist.",
            "The file is incomplete: it breaks off in line {line} before the document ends.",
            line=line,
        )
    if not elements:
        return _refusal("Die Datei ist keine XML-Datei.", "The file is not an XML file.")
    return _refusal(
        "Die Datei ist kein gültiges XML: Zeile {line}, Spalte {column}.",
        "The file is not well-formed XML: line {line}, column {column}.",
        line=line,
        column=column + 1,
    )


def _declares(error: DefusedXmlException, line: int) -> UnreadableCatalogue:
    if isinstance(error, DTDForbidden) and error.name.lower() == "html":
        return _refusal(
            "Die Datei ist eine Webseite (HTML) und nicht die XML-Datei des Kompendiums.",
            "The file is a web page (HTML), not the XML file of the Kompendium.",
        )
    return _refusal(
        "Die Datei enthält in Zeile {line} eine Dokumenttyp-Deklaration (DOCTYPE), die es in der Datei des "
        "BSI nicht gibt; aus Sicherheitsgründen wird sie nicht gelesen.",
        "The file contains a document type declaration (DOCTYPE) in line {line}, which the file of the BSI "
        "does not have; it is not read for reasons of security.",
        line=line,
    )


def _check_book(book: Element) -> None:
    if book.tag != _BOOK and book.tag.rpartition("}")[2] == "book":
        raise _refusal(
            "Das oberste Element „book“ steht im falschen Namensraum „{found}“; erwartet wird „{expected}“.",
            "The topmost element “book” stands in the wrong namespace “{found}”; expected is “{expected}”.",
            found=_short(book.tag.rpartition("}")[0].lstrip("{")) or "–",
            expected=_NAMESPACE.strip("{}"),
        )
    if book.tag != _BOOK:
        raise _refusal(
            "Die Datei ist kein DocBook-Buch; ihr oberstes Element heißt „{name}“.",
            "The file is not a DocBook book; its topmost element is “{name}”.",
            name=_short(book.tag.rpartition("}")[2]),
        )
    info = book.find(_INFO)
    title = "" if info is None else _title(info)
    if title != NAME:
        raise _refusal(
            "Das Buch in der Datei heißt „{title}“ und nicht „{name}“.",
            "The book in the file is titled “{title}”, not “{name}”.",
            title=_short(title),
            name=NAME,
        )
    _check_edition(_EDITION.search(_joined(_chapter(book, f"Neues im {NAME}"))))


def _check_edition(stated: re.Match[str] | None) -> None:
    if stated is None:
        raise _refusal(
            "Die Datei sagt im Kapitel „Neues im {name}“ nicht, welche Edition sie enthält.",
            "The file does not say in its chapter “Neues im {name}” which edition it contains.",
            name=NAME,
        )
    if stated[1] != EDITION:
        raise _refusal(
            "Die Datei enthält die Edition {found}; eingelesen werden kann die Edition {edition}.",
            "The file contains Edition {found}; the edition that can be imported is {edition}.",
            found=stated[1],
            edition=EDITION,
        )


def _modelling(book: Element) -> Iterator[tuple[str, tuple[Order, TargetType]]]:
    """Order and target type by module id; the titles in this table differ from those of the modules."""
    for row in _chapter(book, "Schichtenmodell und Modellierung").iter(_ROW):
        cells = [_line(cell) for cell in row.iter(_CELL)]
        if len(cells) == 3 and (match := _MODULE_TITLE.fullmatch(cells[0])):
            if cells[1] not in set(Order) or cells[2] not in _TARGET_TYPES:
                raise _refusal(
                    "Bearbeitungsreihenfolge oder Zielobjekttyp des Bausteins {module} sind nicht lesbar: "
                    "„{order}“, „{type}“.",
                    "Order of implementation or type of target object of the module {module} cannot be read: "
                    "“{order}”, “{type}”.",
                    module=match[1],
                    order=_short(cells[1]),
                    type=_short(cells[2]),
                )
            yield match[1], (Order(cells[1]), _TARGET_TYPES[cells[2]])


def _threats(book: Element) -> Iterator[Threat]:
    for section in _chapter(book, "Elementare Gefährdungen").findall(_SECTION):
        if match := _match(_THREAT_TITLE, section):
            yield Threat(match[1], match[2])


def _module(section: Element, modelling: dict[str, tuple[Order, TargetType]]) -> Module:
    match = _match(_MODULE_TITLE, section)
    if match is None or match[1] not in modelling:
        raise _refusal(
            "Der Abschnitt „{title}“ ist kein Baustein oder fehlt in der Tabelle der Zielobjekttypen.",
            "The section “{title}” is not a module or is missing in the table of target object types.",
            title=_short(_title(section)),
        )
    demands = _part(section, "Anforderungen", match[1])
    description = _part(section, "Beschreibung", match[1])
    responsible, other_roles = _responsibilities(demands)
    order, target_type = modelling[match[1]]
    return Module(
        id=match[1],
        title=match[2],
        layer=match[1].partition(".")[0],
        order=order,
        target_type=target_type,
        responsible=responsible,
        other_roles=other_roles,
        introduction=_text(_part(description, "Einleitung", match[1])),
        objective=_text(_part(description, "Zielsetzung", match[1])),
        scope=_text(_part(description, "Abgrenzung und Modellierung", match[1])),
    )


def _responsibilities(demands: Element) -> tuple[str, tuple[str, ...]]:
    """The role responsible in general, and the others, from the first table of the section."""
    table = demands.find(_TABLE)
    rows = [] if table is None else [[_line(cell) for cell in row.iter(_CELL)] for row in table.iter(_ROW)]
    roles = {row[0]: split_roles(row[1]) for row in rows if len(row) == 2 and row[1] != "Keine"}
    responsible = roles.get("Grundsätzlich zuständig", ())
    return ", ".join(responsible), roles.get("Weitere Zuständigkeiten", ())


def _requirements(module: Element, module_id: str) -> Iterator[Requirement]:
    for level in _part(module, "Anforderungen", module_id).findall(_SECTION):
        for section in level.findall(_SECTION):
            yield _requirement(section, module_id)


def _requirement(section: Element, module_id: str) -> Requirement:
    heading = parse_heading(_title(section))
    if heading is None:
        raise _refusal(
            "Die Überschrift „{title}“ im Baustein {module} ist nicht die einer Anforderung.",
            "The heading “{title}” in the module {module} is not that of a requirement.",
            title=_short(_title(section)),
            module=module_id,
        )
    return Requirement(
        id=f"{module_id}.A{heading.number}",
        module=module_id,
        number=heading.number,
        title=heading.title,
        level=heading.level,
        roles=heading.roles,
        text=_text(section),
    )


def _check_unique(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise _refusal("{id} kommt zweimal vor.", "{id} occurs twice.", id=each)
        seen.add(each)


def _chapter(book: Element, title: str) -> Element:
    for chapter in book.findall(_CHAPTER):
        if _title(chapter) == title:
            return chapter
    raise _refusal(
        "In der Datei fehlt das Kapitel „{title}“.",
        "The chapter “{title}” is missing in the file.",
        title=title,
    )


def _part(section: Element, title: str, module_id: str) -> Element:
    for part in section.findall(_SECTION):
        if _title(part) == title:
            return part
    raise _refusal(
        "Im Baustein {module} fehlt der Abschnitt „{title}“.",
        "In the module {module} the section “{title}” is missing.",
        module=module_id,
        title=title,
    )


def _match(pattern: re.Pattern[str], section: Element) -> re.Match[str] | None:
    return pattern.fullmatch(_title(section))


def _title(section: Element) -> str:
    title = section.find(_TITLE)
    return "" if title is None else _line(title)


def _line(element: Element) -> str:
    """A title or the cell of a table, which is short."""
    text = _joined(element)
    if len(text) > MAX_LINE:
        raise _refusal(
            "Eine Überschrift oder Tabellenzelle ist ungewöhnlich lang: „{text}“.",
            "A heading or cell of a table is unusually long: “{text}”.",
            text=_short(text),
        )
    return text


def _joined(element: Element) -> str:
    """All text of an element on one line; line breaks and no-break spaces become spaces."""
    return " ".join("".join(element.itertext()).split())


def _text(section: Element) -> str:
    """The wording as plain text: an empty line parts paragraphs, items begin with ``- `` or ``1. ``."""
    return "\n\n".join(_blocks(section))


def _blocks(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag in (_TITLE, _SECTION):
            continue
        block = _list(child) if child.tag in (_BULLETS, _NUMBERS) else _paragraph(child)
        if block:
            yield block


def _paragraph(element: Element) -> str:
    lines = (" ".join(line.split()) for line in "".join(element.itertext()).split(_LINE_BREAK))
    return "\n".join(line for line in lines if line)


def _list(element: Element) -> str:
    lines = []
    for number, item in enumerate(element.findall(_ITEM), start=1):
        marker = f"{number}. " if element.tag == _NUMBERS else "- "
        lines.append(marker + "\n".join(_blocks(item)).replace("\n", "\n" + " " * len(marker)))
    return "\n".join(lines)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _refusal(german: str, english: str, **values: str | int) -> UnreadableCatalogue:
    text = Text(german, english).format(**values)
    return UnreadableCatalogue(Text(text.de + _REMEDY.de, text.en + _REMEDY.en))
