"""The forms on a page, and whatever somebody, or some program, could send by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from flask import Flask
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException

from compliance.web.gate import TRAP
from tests.pages import Element, Page

Body: TypeAlias = MultiDict[str, Any]
File: TypeAlias = tuple[str, bytes]
"""Name and content."""

PLAIN: Final[Mapping[str, str]] = {
    "": "Nach Rücksprache.",
    "date": "2026-12-01",
    "datetime-local": "2026-03-02T09:30",
    "number": "3",
    "email": "jemand@stadt.example",
}
"""What a person writes, by the type of the input."""
ODD: Final = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1.000",
        "1,5",
        "9" * 40,
        "²",
        "yes",
        "no",
        "\x00",
        "\r\n",
        "|",
        "{}",
        "[1]",
        "null",
    ),
    *("31.12.2026", "2026-02-30", "2030-01-01", "0001-01-01", "9999-12-31", "9999-12-31T23:59"),
    *("00000000-0000-0000-0000-000000000000", "=1+1", "<script>", "a" * 3000, "\U0001f600", "\u202e"),
)
NO_FILE: Final[File] = ("", b"")
TABLE: Final[File] = ("liste.csv", "Bezeichnung;Zwecke\nFundbüro;Verwahren\n".encode())
FILES: Final[tuple[File, ...]] = (
    NO_FILE,
    *((f"leer.{ending}", b"") for ending in ("csv", "xlsx", "json")),
    TABLE,
    ("folgen.json", b'{"pia": {"name": "Ausleihe"}}'),
    ("katalog.json", b'{"catalog": {}}'),
    ("bild.pdf", b"%PDF-1.4\n%%EOF"),
    ("mappe.xlsx", b"PK\x03\x04 no workbook"),
)


@dataclass(frozen=True)
class Control:
    """One thing on a form that can be filled in."""

    name: str
    type: str
    shown: tuple[str, ...]
    """What a browser sends for it if nobody touches it."""
    offered: tuple[str, ...]
    """What else it lets choose."""


@dataclass(frozen=True)
class Sheet:
    """A form as it lies on a page."""

    page: str
    action: str
    controls: tuple[Control, ...]
    files: tuple[str, ...]


# --- Finding them -------------------------------------------------------------------------------


def kind_of(app: Flask, address: str, method: str) -> str:
    """What pages or forms have in common that differ only in a number or a key."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/"):
        return ""
    try:
        endpoint, values = app.url_map.bind("localhost").match(parts.path, method)
    except HTTPException:
        return ""
    told = ("slug",) if endpoint in ("entries.show", "entries.edit") else ("step", "what")
    return " ".join((endpoint, *(str(values[name]) for name in told if name in values)))


def endpoint_of(kind: str) -> str:
    """The endpoint that takes what is sent by forms of that kind."""
    return kind.partition(" ")[0]


def sheets(address: str, page: Page) -> Iterator[Sheet]:
    """The forms of *page*, each once for every address to which it, its buttons or its drafts are sent."""
    inputs = page.all("input", "select", "textarea", "button")
    for form in page.all("form"):
        if form["method"].lower() != "post":
            continue
        own = [
            one for one in inputs if one.within("form") is form or (form["id"] and one["form"] == form["id"])
        ]
        own = [one for one in own if one.within("template") is None]
        files = tuple(one["name"] for one in own if one["type"] == "file")
        drafts = (form["data-autosave"], form["data-keep"])
        actions = (form["action"] or address, *drafts, *(one["formaction"] for one in own))
        for action in dict.fromkeys(filter(None, actions)):
            yield Sheet(address, action, tuple(_controls(own)), files)


def _controls(own: list[Element]) -> Iterator[Control]:
    named: dict[str, list[Element]] = {}
    for one in own:
        if one.tag in ("input", "select", "textarea", "button") and one["name"] and one["type"] != "file":
            named.setdefault(one["name"], []).append(one)
    for name, elements in named.items():
        shown = tuple(value for one in elements for value in _sent(one))
        offered = tuple(dict.fromkeys(value for one in elements for value in _offered(one)))
        yield Control(name, elements[0]["type"], shown, offered)


def _sent(element: Element) -> list[str]:
    match element.tag:
        case "textarea":
            return [element.text.removeprefix("\n")]
        case "select":
            options = _offered(element)
            chosen = [one["value"] for one in element.inside if "selected" in one.attributes]
            return (chosen or options)[:1]
        case "input" if (
            element["type"] not in ("checkbox", "radio", "submit") or "checked" in element.attributes
        ):
            return [element["value"]]
    return []


def _offered(element: Element) -> list[str]:
    if element.tag == "select":
        return [one["value"] for one in element.inside if one.tag == "option"]
    return [element["value"]]


# --- Filling them in -----------------------------------------------------------------------------


@st.composite
def bodies(draw: st.DrawFn, sheet: Sheet) -> Body:
    """Something that somebody, or some program, could send by the form *sheet*."""
    body: Body = MultiDict()
    untouched = draw(st.integers(0, 2))
    for control in sheet.controls:
        odd = control.name != "csrf" and draw(st.integers(0, 3)) > untouched
        body.setlist(control.name, draw(_answers(control)) if odd else list(control.shown))
    for place, name in enumerate(sheet.files):
        file_name, content = draw(st.sampled_from(FILES if place == 0 else (NO_FILE, NO_FILE, *FILES)))
        body.add(name, FileStorage(BytesIO(content), file_name))
    return body


def filled(sheet: Sheet, file: File = TABLE) -> Body:
    """*sheet* with an answer wherever it lacks one, and *file*, by default the one that most forms take."""
    body: Body = MultiDict()
    for control in sheet.controls:
        body.setlist(control.name, list(_shown_or_written(control)))
    for name in sheet.files[:1]:
        file_name, content = file
        body.add(name, FileStorage(BytesIO(content), file_name))
    return body


def _shown_or_written(control: Control) -> tuple[str, ...]:
    """What a person who leaves nothing empty sends for *control*, not seeing what is hidden."""
    if control.type == "hidden" or control.name == TRAP or any(control.shown):
        return control.shown
    written = PLAIN.get(control.type, PLAIN[""])
    return (next(filter(None, control.offered), written),)


def _answers(control: Control) -> st.SearchStrategy[list[str]]:
    fitting = st.sampled_from((*control.offered, *PLAIN.values()))
    return st.lists(fitting | fitting | st.sampled_from(ODD) | st.text(max_size=20), max_size=2)
