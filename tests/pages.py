"""What a page says about itself, and what is wrong with it: structure, labels, tokens and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_NAMING = frozenset(("for", "aria-labelledby", "aria-describedby", "aria-controls"))
_UNSEEN = ("hidden", "submit", "button", "image", "reset")


@dataclass(eq=False)
class Element:
    """One element with the elements around it."""

    tag: str
    attributes: dict[str, str]
    above: tuple[Element, ...]
    _page: Page
    _begin: Place
    _end: Place | None = None
    """Not known before it is closed."""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @cached_property
    def text(self) -> str:
        """Its words with those of everything inside it."""
        return "".join(self._page.words[self._begin.words : self._end.words if self._end else None])

    @cached_property
    def inside(self) -> list[Element]:
        """Every element inside it, in the order of the page."""
        return self._page.elements[self._begin.elements : self._end.elements if self._end else None]

    def within(self, tag: str) -> Element | None:
        """The nearest *tag* around it."""
        return next((element for element in reversed(self.above) if element.tag == tag), None)


class Place(NamedTuple):
    """How much of a page lies before something."""

    elements: int
    words: int


_MARKUP = re.compile(
    r"""
      (?P<words> [^<]+ )
    | </ (?P<closed> [a-zA-Z][-\w]* ) \s* >
    | < (?P<opened> [a-zA-Z][-\w]* )
        (?P<attributes> (?: \s+ [^\s"'<>/=]+ (?: = (?: "[^"]*" | '[^']*' ) )? )* )
        \s* (?P<empty> / )? >
    | <!-- .*? -->
    | <!doctype [^>]* >
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
"""What pages consist of, as the templates write it: strictly, with every value in quotes."""
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:=(?:"([^"]*)"|'([^']*)'))?""")


class Page:
    """A page as a list of elements. Raises :class:`AssertionError` if it is no clean markup."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.elements: list[Element] = []
        self.words: list[str] = []
        """What stands between the tags, piece by piece."""
        self._open: list[Element] = []
        self.unclosed: list[str] = []
        self._read()
        self.unclosed += [element.tag for element in self._open]

    def _read(self) -> None:
        end = 0
        for piece in _MARKUP.finditer(self.source):
            assert piece.start() == end, f"no markup: {self.source[end : end + 100]}"
            end = piece.end()
            words, closed, opened, attributes, empty = piece.groups()
            if words:
                self.words.append(unescape(words))
            elif closed:
                self._close(closed.lower())
            elif opened:
                self._begin(opened.lower(), attributes)
                if empty:
                    self._close(opened.lower())
        assert end == len(self.source), f"no markup: {self.source[end : end + 100]}"

    @property
    def _here(self) -> Place:
        return Place(len(self.elements), len(self.words))

    def _begin(self, tag: str, attributes: str) -> None:
        begin = Place(len(self.elements) + 1, len(self.words))
        given = {name.lower(): unescape(one or other) for name, one, other in _ATTRIBUTE.findall(attributes)}
        element = Element(tag, given, tuple(self._open), self, begin)
        self.elements.append(element)
        if tag in _VOID:
            element._end = begin
        else:
            self._open.append(element)

    def _close(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unclosed.append(tag)
        while self._open:
            closed = self._open.pop()
            closed._end = self._here
            if closed.tag == tag:
                break

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    @property
    def main(self) -> str:
        """The words of the page without header and menu."""
        return " ".join(next((one.text for one in self.all("main")), "").split())

    def value(self, name: str) -> str:
        """What stands in the first input called *name*."""
        found = next(one for one in self.all("input", "textarea", "select") if one["name"] == name)
        if found.tag == "select":
            chosen = (one for one in found.inside if one.tag == "option" and "selected" in one.attributes)
            return next((one["value"] for one in chosen), "")
        return found.text.removeprefix("\n") if found.tag == "textarea" else found["value"]

    def sent(self) -> list[tuple[str, str]]:
        """What a browser sends when the form that edits an entry is submitted as it stands."""
        inputs = (one for one in self.elements if _in_editor(one) and one.within("template") is None)
        return [pair for element in inputs for pair in _sent(element)]


def _in_editor(element: Element) -> bool:
    form = element.within("form")
    if form is None:
        return False
    return "data-autosave" in form.attributes or any("compare" in one["class"] for one in form.inside)


def _sent(element: Element) -> Iterator[tuple[str, str]]:
    match element.tag:
        case "textarea":
            yield element["name"], element.text.removeprefix("\n")
        case "select":
            options = [one for one in element.inside if one.tag == "option"]
            chosen = next((one for one in options if "selected" in one.attributes), options[0])
            yield element["name"], chosen["value"]
        case "input" if element["name"] and _counts(element):
            yield element["name"], element["value"]


def _counts(element: Element) -> bool:
    return element["type"] not in ("checkbox", "radio", "submit") or "checked" in element.attributes


@lru_cache(maxsize=1)
def page_of(source: str) -> Page:
    """The page that *source* holds: whoever asks for one just checked need not wait for it twice."""
    return Page(source)


# --- Faults --------------------------------------------------------------------------------------


def faults(app: Flask, page: Page) -> list[str]:
    """Everything that is wrong with *page*, in words."""
    return [*_structure(page), *_labels(page), *_policy(page), *_forms(page), *_links(app, page)]


def _structure(page: Page) -> Iterator[str]:
    if not page.source.lstrip().lower().startswith("<!doctype html>"):
        yield "no doctype"
    if page.unclosed:
        yield f"elements not closed in order: {page.unclosed}"
    if [html["lang"] for html in page.all("html")] not in (["de"], ["en"]):
        yield "no language"
    titles = [title.text.strip() for title in page.all("title") if title.within("svg") is None]
    if len(titles) != 1 or not titles[0] or titles[0].startswith("–"):
        yield f"titles: {titles}"
    headings = [" ".join(heading.text.split()) for heading in page.all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"main headings: {headings}"
    if len(page.all("main")) != 1:
        yield "not exactly one main"
    ids = Counter(element["id"] for element in page.elements if "id" in element.attributes)
    yield from (f"id {name!r} occurs {count} times" for name, count in ids.items() if count > 1)
    for element in page.elements:
        for name in _NAMING & element.attributes.keys():
            for target in element[name].split():
                if target not in ids:
                    yield f"{name}={target!r} of {element.tag} {element['name']!r} names nothing"


def _labels(page: Page) -> Iterator[str]:
    labelled = {label["for"] for label in page.all("label") if label.text.strip()}
    for element in page.all("input", "select", "textarea"):
        if element.tag == "input" and element["type"] in _UNSEEN:
            continue
        around = element.within("label")
        named = element["aria-label"].strip() or element["aria-labelledby"]
        if not (named or (around and around.text.strip()) or element["id"] in labelled):
            yield f"{element.tag} {element['name']!r} has no label"
        if (
            element["type"] == "radio"
            and element.within("fieldset") is None
            and not element["aria-describedby"]
        ):
            yield f"radio {element['name']!r} belongs to no group"
    for group in page.all("fieldset"):
        if not any(one.tag == "legend" and one.text.strip() for one in group.inside):
            yield f"fieldset {group['id']!r} has no legend"
    for element in page.all("button", "a"):
        if "href" not in element.attributes and element.tag == "a":
            yield f"link {element.text.strip()!r} leads nowhere"
        pictures = any(one["alt"] for one in element.inside if one.tag == "img")
        if not (element.text.strip() or element["aria-label"] or pictures):
            yield f"{element.tag} {element['name'] or element['href']!r} has no words"
    for image in page.all("img"):
        if "alt" not in image.attributes:
            yield f"image {image['src']!r} has no words"


def _policy(page: Page) -> Iterator[str]:
    for element in page.elements:
        if "style" in element.attributes:
            yield f"style= on {element.tag}"
        if any(name.startswith("on") for name in element.attributes):
            yield f"handler on {element.tag}"
    yield from ("inline style" for _style in page.all("style"))
    yield from ("inline script" for script in page.all("script") if not script["src"])


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if form.within("form"):
            yield "form inside a form"
        tokens = [one for one in form.inside if one["name"] == "csrf" and len(one["value"]) == 64]
        if form["method"].lower() == "post" and len(tokens) != 1:
            yield f"form to {form['action']!r} carries {len(tokens)} tokens"


def _links(app: Flask, page: Page) -> Iterator[str]:
    ids = {element["id"] for element in page.elements}
    wanted = [(element["href"], "GET") for element in page.all("a", "link")]
    wanted += [(element["src"], "GET") for element in page.all("script", "img")]
    wanted += [(form["action"], form["method"].upper() or "GET") for form in page.all("form")]
    for address, method in wanted:
        if address.startswith("#") and address[1:] not in ids:
            yield f"{address} leads to nothing on the page"
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            yield f"{address} leads out of the house"
        elif parts.path and not _leads_somewhere(app, parts.path, method):
            yield f"{method} {address} leads nowhere"


@lru_cache(maxsize=10_000)
def _leads_somewhere(app: Flask, path: str, method: str) -> bool:
    try:
        endpoint, values = app.url_map.bind("localhost").match(path, method)
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    folder = Path(app.static_folder or "")
    return endpoint != "static" or (folder / str(values["filename"])).is_file()
