"""Proposes modules for an object of the structure analysis, from its kind and the words that describe it.

A proposal is a help for the modelling and decides nothing; the table behind it is ``data/proposals.csv``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from assessments.grundschutz.kompendium import edition_2023
from compliance.language import Text

KINDS: Final = (
    "information_domain",
    "application",
    "it_system",
    "ics",
    "iot",
    "network",
    "building",
    "room",
)
"""The kinds of object for which there are modules."""

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_OTHERWISE: Final = "otherwise"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A module that may be modelled on an object, and why."""

    module_id: str
    reason: Text
    conditional: bool = False
    """Whether the module applies only under the condition that the reason names."""

    @property
    def source(self) -> Text:
        """What the Kompendium says about the use of the module: its order and type of target object."""
        module = edition_2023().module(self.module_id)
        return _SOURCE.format(order=module.order.value, type=module.target_type.label)


_SOURCE: Final = Text(
    "Kompendium, Schichtenmodell und Modellierung: {order}, Zielobjekttyp „{type}“",
    "Kompendium, layer model and modelling: {order}, target object type “{type}”",
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of the table: what is proposed to which kinds of object upon which words."""

    proposal: Proposal
    kinds: frozenset[str]
    words: tuple[str, ...]
    also: tuple[str, ...]
    without: tuple[str, ...]
    otherwise: bool

    def applies(self, text: str) -> bool:
        """Whether the folded *text* has the words that the rule asks for and none that speak against it."""
        return (
            (not self.words or _contains(text, self.words))
            and (not self.also or _contains(text, self.also))
            and not _contains(text, self.without)
        )


def propose(kind: str, words: str) -> tuple[Proposal, ...]:
    """The modules proposed for an object of *kind* whose name and description are *words*.

    General modules come before special ones, each module once.
    Raises ValueError for a kind that is not one of KINDS.
    """
    if kind not in KINDS:
        raise ValueError(f"no modules are applied to objects of the kind {kind!r}")
    rules = [rule for rule in _rules() if kind in rule.kinds]
    text = f" {_folded(words)} "
    hits = [rule for rule in rules if not rule.otherwise and rule.applies(text)]
    if not any(rule.words for rule in hits):
        hits += [rule for rule in rules if rule.otherwise]
    by_module: dict[str, Proposal] = {}
    for rule in hits:
        by_module.setdefault(rule.proposal.module_id, rule.proposal)
    return tuple(by_module.values())


@cache
def _rules() -> tuple[_Rule, ...]:
    file = files("assessments.grundschutz") / "data" / "proposals.csv"
    return tuple(map(_rule, csv.DictReader(file.read_text(encoding="utf-8").splitlines())))


def _rule(row: dict[str, str]) -> _Rule:
    otherwise = row["words"] == _OTHERWISE
    return _Rule(
        proposal=Proposal(row["module"], Text(row["reason_de"], row["reason_en"]), row["condition"] == "if"),
        kinds=frozenset(row["kinds"].split()),
        words=() if otherwise else _patterns(row["words"]),
        also=_patterns(row["with"]),
        without=_patterns(row["without"]),
        otherwise=otherwise,
    )


def _patterns(column: str) -> tuple[str, ...]:
    """The words of a column as they are looked for in a folded text; ``=word`` only as a whole word."""
    words = column.split("|") if column else []
    return tuple(f" {_folded(word[1:])} " if word.startswith("=") else _folded(word) for word in words)


def _folded(text: str) -> str:
    """The text in small letters a to z and digits, words apart by one space, ``ä`` written ``ae``."""
    spelled = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
    return _NO_WORD.sub(" ", plain).strip()


def _contains(text: str, patterns: tuple[str, ...]) -> bool:
    return any(pattern in text for pattern in patterns)
