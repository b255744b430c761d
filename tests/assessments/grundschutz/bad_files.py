"""Files that no installation should swallow: each with where it is sent, and what is said about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.assessments.grundschutz import wiba_workbooks
from tests.assessments.grundschutz.cross_tables import tables, workbook
from tests.assessments.grundschutz.oscal_documents import catalogue, control, profile, stable, written
from tests.assessments.grundschutz.wiba_workbooks import DOCUMENTATION

OFFICIAL: Final = Path(__file__).parents[3].parent / "shared" / "data" / "bsi" / "XML_Kompendium_2023.xml"
TEXTS: Final = "/grundschutz/catalogue"
WIBA: Final = "/wiba/"
OSCAL: Final = "/catalogues/"
OWN: Final = "/catalogues/own/"
_BACKUP, _ERASURE = "CON.3 Datensicherungskonzept", "CON.6 Löschen und Vernichten"


@dataclass(frozen=True)
class Bad:
    """One bad file."""

    name: str
    address: str
    """The page that takes such files."""
    file: str
    content: Callable[[], bytes]
    said: tuple[str, str]
    """What the refusal holds in German and in English."""
    official: bool = False
    """Made of the official file, which may not be there."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the command line wants besides the file."""
        return ("--title", "Profil", "--edition", "1") if self.address == OWN else ()


@cache
def _kompendium() -> str:
    return OFFICIAL.read_text(encoding="utf-8")


def _cut(opening: str, closing: str) -> Callable[[], bytes]:
    """The official file without everything from *opening* up to *closing*."""

    def content() -> bytes:
        text = _kompendium()
        start = text.rindex("<section", 0, text.index(opening))
        end = text.rindex("<section", start + 1, text.index(closing, start))
        return (text[:start] + text[end:]).encode()

    return content


def _swapped() -> bytes:
    """The titles of two modules changed places."""
    text = _kompendium()
    first, second = f"<title>{_BACKUP}</title>", f"<title>{_ERASURE}</title>"
    assert first in text
    assert second in text
    return text.replace(first, "§").replace(second, first).replace("§", second).encode()


def _exchanged(before: str, after: str) -> Callable[[], bytes]:
    def content() -> bytes:
        assert before in _kompendium()
        return _kompendium().replace(before, after).encode()

    return content


def _shifted(cells: dict[str, Any], sheet: str, *, header: bool) -> Callable[[], bytes]:
    """A workbook in which one sheet is shifted by a column, with or without its header."""

    def content() -> bytes:
        rows = [list(row) for row in cells[sheet]]
        for row in rows[0 if header else 1 :]:
            row.insert(1, None)
        return workbook(cells | {sheet: rows})

    return content


def _crosses_shifted() -> bytes:
    """Every cross stands under the threat to its left; the first ones under the last."""
    cells = tables()
    for row in cells["KRT_SYS.1.1.xlsx"][1:]:
        row[3:-1] = [*row[4:-1], row[3]]
    return workbook(cells)


def _laughs() -> bytes:
    declared = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    return f"<!DOCTYPE book [<!ENTITY a0 'ha'>{declared}]><book>&a11;</book>".encode()


def _circle() -> bytes:
    params = [
        {"id": f"p{number}", "values": [f"{{{{ insert: param, p{(number + 1) % 20} }}}}" * 3]}
        for number in range(20)
    ]
    prose = "{{ insert: param, p0 }}"
    return written(catalogue(control("c", prose=prose, params=params)))


def _profile_of_itself() -> bytes:
    root = profile({"href": "#1"})
    resource = {"uuid": "1", "rlinks": [{"href": "bad.json"}]}
    root["profile"]["back-matter"] = {"resources": [resource]}
    return written(root)


def _fifty_megabytes() -> bytes:
    control_ = json.dumps(control("c", prose="x" * 1000)).encode()
    return b'{"catalog": {"groups": [{"controls": [' + b",".join([control_] * 50_000) + b"]}]}}"


BAD: Final = (
    Bad(
        "an external entity",
        TEXTS,
        "bad.xml",
        lambda: (
            b'<?xml version="1.0"?>\n<!DOCTYPE book [<!ENTITY a SYSTEM "file:///etc/passwd">]><book>&a;</book>'
        ),
        ("in Zeile 2 eine Dokumenttyp-Deklaration", "document type declaration (DOCTYPE) in line 2"),
    ),
    Bad(
        "billion laughs",
        TEXTS,
        "bad.xml",
        _laughs,
        ("in Zeile 1 eine Dokumenttyp-Deklaration", "document type declaration (DOCTYPE) in line 1"),
    ),
    Bad(
        "a wrong namespace",
        TEXTS,
        "bad.xml",
        _exchanged('"http://docbook.org/ns/docbook"', '"http://docbook.org/ns/docbuch"'),
        ("falschen Namensraum „http://docbook.org/ns/docbuch“", "namespace “http://docbook.org/ns/docbuch”"),
        official=True,
    ),
    Bad(
        "a missing chapter",
        TEXTS,
        "bad.xml",
        _exchanged("<title>Elementare Gefährdungen</title>", "<title>Gefährdungen</title>"),
        ("fehlt das Kapitel „Elementare Gefährdungen“", "“Elementare Gefährdungen” is missing"),
        official=True,
    ),
    Bad(
        "a missing module",
        TEXTS,
        "bad.xml",
        _cut(f"<title>{_BACKUP}</title>", f"<title>{_ERASURE}</title>"),
        ("CON.3", "CON.3"),
        official=True,
    ),
    Bad(
        "a missing chapter that is only for readers",
        TEXTS,
        "bad.xml",
        _exchanged("<title>Glossar</title>", "<title>Wörter</title>"),
        ("fehlt das Kapitel „Glossar“", "“Glossar” is missing"),
        official=True,
    ),
    Bad("swapped modules", TEXTS, "bad.xml", _swapped, ("CON.3", "CON.6"), official=True),
    Bad(
        "parameters in a circle",
        OSCAL,
        "bad.json",
        _circle,
        ("Der Parameter „p0“ setzt mehr als 200 andere ein", "parameter “p0”"),
    ),
    Bad(
        "two parameters that put in each other",
        OSCAL,
        "bad.json",
        lambda: written(
            catalogue(
                control(
                    "c",
                    params=[
                        {"id": "p", "values": ["{{ insert: param, q }}"]},
                        {"id": "q", "values": ["{{ insert: param, p }}"]},
                    ],
                )
            )
        ),
        ("Bei c verweisen Parameter im Kreis: p → q → p", "At c parameters refer in a circle: p → q → p"),
    ),
    Bad(
        "a profile of itself",
        OSCAL,
        "bad.json",
        _profile_of_itself,
        ("profile.imports[0]", "profile.imports[0]"),
    ),
    Bad(
        "a missing id",
        OSCAL,
        "bad.json",
        lambda: written(catalogue(control("c1"), {"title": "Ohne Kennung"})),
        ("catalog.groups[0].controls[1]", "catalog.groups[0].controls[1]"),
    ),
    Bad(
        "a UUID twice",
        OSCAL,
        "bad.json",
        lambda: written(catalogue(control("c1", props=stable(1)), control("c2", props=stable(1)))),
        ("catalog.groups[0].controls[1]", "catalog.groups[0].controls[1]"),
    ),
    Bad(
        "an id twice",
        OSCAL,
        "bad.json",
        lambda: written(catalogue(control("c1"), control("c1"))),
        ("catalog.groups[0].controls[1]", "catalog.groups[0].controls[1]"),
    ),
    Bad(
        "fifty megabytes",
        OSCAL,
        "bad.json",
        _fifty_megabytes,
        ("Die Datei ist größer als 32 MB", "The file is larger than 32 MB"),
    ),
    Bad(
        "cross-references shifted by a column",
        TEXTS,
        "bad.xlsx",
        _shifted(tables(), "KRT_SYS.1.1.xlsx", header=True),
        ("Blatt „KRT_SYS.1.1.xlsx“, Zeile 1, Spalte B", "Sheet “KRT_SYS.1.1.xlsx”, row 1, column B"),
    ),
    Bad(
        "cross-references shifted under their header",
        TEXTS,
        "bad.xlsx",
        _shifted(tables(), "KRT_SYS.1.1.xlsx", header=False),
        ("Blatt „KRT_SYS.1.1.xlsx“, Zeile 2, Spalte ", "Sheet “KRT_SYS.1.1.xlsx”, row 2, column "),
    ),
    Bad(
        "crosses shifted under their header",
        TEXTS,
        "bad.xlsx",
        _crosses_shifted,
        ("Blatt „KRT_SYS.1.1.xlsx“, Zeile 2: Ab hier stehen die Kreuze anders", "row 2: from here on"),
    ),
    Bad(
        "questions of WiBA shifted under their header",
        WIBA,
        "bad.xlsx",
        _shifted(wiba_workbooks.questions(), DOCUMENTATION, header=False),
        (f"Blatt „{DOCUMENTATION}“, Zeile 2, Spalte B", f"Sheet “{DOCUMENTATION}”, row 2, column B"),
    ),
    Bad(
        "a profile shifted by a column",
        OWN,
        "bad.csv",
        lambda: b"Baustein;Stufe\nCON.2;B\n;ORP.1;B\n",
        ("Zeile 3", "Row 3"),
    ),
)
