"""Every way in which a word that can be chosen may be written in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any, Final

from compliance.database import folded
from compliance.fields import Words
from registers.importing.synonyms import WORDS


def bare(text: str) -> str:
    """What of a word counts when it is compared."""
    return folded(text).strip(" .,;:*•–-")


@cache
def known_words(words: Words) -> Mapping[str, Any]:
    """Every way to say a word: wording, stored name, beginning of the wording, article it cites."""
    known: dict[str, Any] = {}
    for level in (_full_names, _short_names, _cited_articles):
        found: dict[str, Any] = {}
        twice = set()
        for word in words:
            for name in level(word):
                if found.setdefault(name, word) is not word:
                    twice.add(name)
        known |= {name: word for name, word in found.items() if name not in twice and name not in known}
    return known


def _full_names(word: Any) -> set[str]:
    names = {word.name, word.name.replace("_", " "), word.text.de, word.text.en}
    elsewhere = (WORDS.get(key, ()) for key in (word.name, f"{type(word).__name__}.{word.name}"))
    return {bare(name) for name in (*names, *chain.from_iterable(elsewhere))}


def _short_names(word: Any) -> set[str]:
    """„Einwilligung“ for „Einwilligung, Art. 6 Abs. 1 lit. a“."""
    return {bare(re.split(r", | \(", wording)[0]) for wording in (word.text.de, word.text.en)}


def _cited_articles(word: Any) -> set[str]:
    return set(citations(word.text.de))


_CITED: Final = re.compile(
    r"\bart(?:\.|ikel|icle)?\s*([0-9]+)\s*"
    r"(?:\(\s*([0-9]+)\s*\)|(?:abs(?:\.|atz)?|para(?:\.|graph)?)\s*([0-9]+)|\b(i{1,3}|iv)\b)\s*"
    r"(?:(?:ua(?:\.|bs\.?)?|unterabsatz|s(?:\.|atz)?)\s*[0-9]+\s*,?\s*)*"
    r"(?:\(\s*([a-z])\s*\)|(?:lit(?:\.|tera)?|buchst(?:\.|abe)?|point)\s*\(?([a-z])\b\)?|\s?\b([a-z])\b)",
    re.IGNORECASE,
)
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_AROUND_CITATIONS: Final = re.compile(
    r"\b(?:EU-)?(?:DS-?GVO|GDPR)\b|\bi\.\s?V\.\s?m\.|\bin (?:Verbindung mit|conjunction with)\b",
    re.IGNORECASE,
)


def citations(text: str) -> Iterator[str]:
    """The provisions cited down to the letter, however they are written."""
    for found in _CITED.finditer(text):
        article, bracketed, paragraph, roman, *letters = found.groups()
        number = bracketed or paragraph or _ROMAN[roman.lower()]
        yield f"art {article} {number} {next(filter(None, letters)).lower()}"


def beyond_citations(text: str) -> str:
    """What *text* says besides citing provisions of the GDPR; nothing if those are mere connections."""
    beyond = " ".join(_AROUND_CITATIONS.sub(" ", _CITED.sub(" ", text)).split()).strip(" ,;.–-()")
    return beyond if any(character.isalnum() for character in beyond) else ""
