"""Text with markup from other tools, as plain text and back.

Paragraphs, lists, headings, table rows and the addresses of links survive as text;
scripts, styles, frames and everything invisible go.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from compliance.fields import tidy, tidy_line

BULLET: Final = "– "

_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "main", "nav", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead",
))  # fmt: skip
_RAW: Final = {
    name: re.compile(rf"</{name}(?![a-z])[^>]*>?", re.IGNORECASE)
    for name in ("script", "style", "iframe", "noembed", "noframes", "template")
}
"""Elements whose contents nobody reads, by what ends them."""
_PICTURES: Final = frozenset((
    "applet", "audio", "canvas", "embed", "frame", "img", "math", "object", "svg", "video",
))  # fmt: skip
"""Elements that show something other than text."""
_SAFE: Final = re.compile(r"(?:https?|mailto|tel):\S+", re.IGNORECASE)
_LOOKS_LIKE_MARKUP: Final = re.compile(r"<[a-zA-Z/!?]|&[a-zA-Z#]")
_NAME: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*)")
_ATTRIBUTE: Final = re.compile(r"""\b(href|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)


def text_of(value: str) -> tuple[str, frozenset[str]]:
    """The text of *value*, with its structure, and the names of elements that were dropped.

    What holds no markup keeps its lines.
    """
    if _LOOKS_LIKE_MARKUP.search(value) is None:
        return _normal(value), frozenset()
    reader = _Reader()
    for token in _tokens(value):
        reader.take(token)
    return reader.text(), frozenset(reader.dropped)


def line_of(value: str) -> tuple[str, frozenset[str]]:
    """The same on one line, for names and titles."""
    text, dropped = text_of(value)
    return tidy_line(text), dropped


def markup_of(text: str) -> str:
    """*text* as markup that :func:`text_of` reads as the same text: paragraphs, lines and lists."""
    return "".join(_blocks(_normal(text)))


def plain_of(text: str) -> str:
    """*text* for a place without markup; escaped only where it would be read as markup."""
    return text if text_of(text)[0] == text else html.escape(text, quote=False)


def _normal(text: str) -> str:
    """*text* with single spaces and at most one empty line between its lines."""
    lines = [" ".join(line.split()) for line in tidy(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _blocks(text: str) -> Iterator[str]:
    for block in text.split("\n\n"):
        pending: list[str] = []
        kind = ""
        for line in block.split("\n"):
            is_item = line.startswith(BULLET) and line != BULLET
            wanted = "ul" if is_item else "p"
            if pending and wanted != kind:
                yield _block(kind, pending)
                pending = []
            kind = wanted
            pending.append(html.escape(line.removeprefix(BULLET) if is_item else line, quote=False))
        if any(pending):
            yield _block(kind, pending)


def _block(kind: str, lines: list[str]) -> str:
    if kind == "ul":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(lines) + "</p>"


# --- Markup in pieces ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Token:
    """A run of text, or a tag."""

    text: str
    tag: str = ""
    ends: bool = False


def _tokens(source: str) -> Iterator[_Token]:
    """The pieces of *source*, in time proportional to its length however it is broken.

    The parser of the standard library needs the square of it for tags that never end.
    """
    position, trusted = 0, True
    while (start := source.find("<", position)) >= 0:
        yield _Token(html.unescape(source[position:start]))
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            position = len(source) if end < 0 else end + 3
            continue
        name = _NAME.match(source, start)
        if name is None and not source.startswith(("<!", "<?", "</"), start):
            yield _Token("<")
            position = start + 1
            continue
        end = _end_of_tag(source, start) if trusted else -1
        if end < 0:
            # A quote never closes: from here on, the next bracket ends a tag.
            trusted = False
            end = source.find(">", start)
        if end < 0:
            yield _Token(html.unescape(source[start:]))
            return
        position = end + 1
        if name is None:
            continue
        tag, ends = name[1].lower(), source.startswith("</", start)
        yield _Token(source[name.end() : end], tag, ends)
        if tag in _RAW and not ends:
            closing = _RAW[tag].search(source, position)
            position = closing.end() if closing else len(source)
    yield _Token(html.unescape(source[position:]))


_QUOTE_OR_END: Final = re.compile("[>\"']")


def _end_of_tag(source: str, start: int) -> int:
    """Where the tag that begins at *start* ends, a bracket in quotes aside; -1 if it does not."""
    position = start
    while found := _QUOTE_OR_END.search(source, position):
        if found[0] == ">":
            return found.start()
        position = source.find(found[0], found.end()) + 1
        if not position:
            return -1
    return -1


class _Reader:
    """Collects what a reader of the markup would see."""

    def __init__(self) -> None:
        self.dropped: set[str] = set()
        self._said: list[str] = []
        self._lists: list[int | None] = []
        """Of each open list, the last number given; ``None`` where items have none."""
        self._open_link: tuple[int, str] | None = None
        self._begins_line = True

    def text(self) -> str:
        """Everything taken in."""
        return _normal("".join(self._said))

    def take(self, token: _Token) -> None:
        """Takes in the next piece."""
        if not token.tag:
            self._say(re.sub(r"\s+", " ", token.text))
        elif token.tag in ("ul", "ol"):
            self._list(token)
        elif token.tag == "a":
            self._link(token)
        elif token.tag in _RAW or token.tag in _PICTURES:
            self.dropped.add(token.tag)
            self._say(f" {_attributes(token.text).get('alt', '')} ")
        elif token.tag in _BLOCKS:
            self._say("\n" if self._lists else "\n\n")
        elif not token.ends:
            self._say(self._beginning(token.tag))

    def _beginning(self, tag: str) -> str:
        match tag:
            case "li":
                return ("" if self._begins_line else "\n") + self._mark()
            case "br" | "tr":
                return "\n"
            case "td" | "th":
                return " " if self._begins_line else " | "
            case _:
                return ""

    def _list(self, token: _Token) -> None:
        within = len(self._lists) > 0
        if not token.ends:
            self._lists.append(0 if token.tag == "ol" else None)
        elif self._lists:
            self._lists.pop()
            within = len(self._lists) > 0
        if not within:
            self._say("\n\n")
        elif not self._begins_line:
            self._say("\n")

    def _link(self, token: _Token) -> None:
        if not token.ends:
            self._open_link = len(self._said), _attributes(token.text).get("href", "").strip()
            return
        if self._open_link is None:
            return
        start, address = self._open_link
        self._open_link = None
        if _SAFE.fullmatch(address) is None:
            self.dropped |= {"a"} if address and not address.startswith(("#", "/")) else set()
        elif address.removeprefix("mailto:") not in "".join(self._said[start:]):
            self._say(f" ({address})")

    def _mark(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return BULLET
        self._lists[-1] = number + 1
        return f"{number + 1}. "

    def _say(self, piece: str) -> None:
        self._said.append(piece)
        if shown := piece.rstrip(" "):
            self._begins_line = shown.endswith("\n")


def _attributes(inside: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(inside)
    return {each[1].lower(): html.unescape(each[2] or each[3] or each[4] or "") for each in found}
