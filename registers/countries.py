"""Countries, and where the Commission has found data protection adequate (Art. 45 GDPR).

Names come from the Unicode CLDR. The decisions are facts with dates and lie in
``data/adequacy.toml``; a decision that ends must be given its last day there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale

from compliance.fields import Code, CodeList
from compliance.language import Text

EUROPEAN_UNION: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_OUTERMOST_REGIONS: Final = frozenset(["AX", "GF", "GP", "MF", "MQ", "RE", "YT"])
"""Parts of the Union with a country code of their own (Art. 355 TFEU)."""
EEA: Final = EUROPEAN_UNION | _OUTERMOST_REGIONS | {"IS", "LI", "NO"}

GATHERED: Final = date(2026, 11, 23)
"""The day on which the adequacy decisions were last gone through."""

INTERNATIONAL_ORGANISATION: Final = "XO"
"""Stands for an international organisation in the sense of Art. 44."""
EUROPEAN_PATENT_OFFICE: Final = "XP"


@dataclass(frozen=True)
class Adequacy:
    """One adequacy decision (Angemessenheitsbeschluss) of the Commission."""

    decision: str
    valid_from: date
    valid_until: date | None = None
    certified_only: bool = False
    """Covers only companies certified under the EU-US Data Privacy Framework."""
    scope: Text | None = None
    """Whom the decision covers, where it does not cover everybody in the country."""
    status: Text | None = None
    """What has become of the decision since, such as a review or an action against it."""


def _text(words: Any) -> Text | None:
    return Text(words["de"], words["en"]) if words else None


def _adequacy(facts: Mapping[str, Any]) -> Adequacy:
    texts = {name: _text(facts.get(name)) for name in ("scope", "status")}
    return Adequacy(**{**facts, **texts})


_FACTS: Final = tomllib.loads((files("registers") / "data" / "adequacy.toml").read_text(encoding="utf-8"))

ADEQUACY: Final[Mapping[str, Adequacy]] = {
    country: _adequacy(facts) for country, facts in _FACTS["decisions"].items()
}
"""Every decision that is or was in force, by the code of the country."""

ADEQUACY_CHECKED_ON: Final[date] = _FACTS["checked_on"]
"""The day on which somebody last compared the decisions with those published."""


def adequate(country: str, on: date) -> Adequacy | None:
    """The adequacy decision in force for *country* on that day."""
    decision = ADEQUACY.get(country)
    if decision is None or decision.valid_from > on:
        return None
    if decision.valid_until is not None and decision.valid_until < on:
        return None
    return decision


@cache
def _countries() -> CodeList:
    german = {str(key): str(name) for key, name in Locale("de").territories.items()}
    english = {str(key): str(name) for key, name in Locale("en").territories.items()}
    names = [code for code in german if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES]
    codes = [Code(code, Text(german[code], english[code])) for code in names]
    codes.append(
        Code(EUROPEAN_PATENT_OFFICE, Text("Europäische Patentorganisation", "European Patent Organisation"))
    )
    codes.append(
        Code(INTERNATIONAL_ORGANISATION, Text("Internationale Organisation", "International organisation"))
    )
    return CodeList(sorted(codes, key=lambda code: (code.name != "DE", code.text.de)))


_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})

COUNTRIES: Final = _countries()
