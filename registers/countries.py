"""Countries, and where the Commission has found data protection adequate (Art. 45 GDPR).

Names come from the Unicode CLDR. The decisions are facts with dates, gathered in
November 2026; a decision that ends must be given its last day here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

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


ADEQUACY: Final[dict[str, Adequacy]] = {
    "AD": Adequacy("2010/625/EU", date(2010, 10, 19)),
    "AR": Adequacy("2003/490/EC", date(2003, 6, 30)),
    "BR": Adequacy("(EU) 2026/179", date(2026, 1, 26)),
    "CA": Adequacy(
        "2002/2/EC",
        date(2001, 12, 20),
        scope=Text("nur kommerzielle Organisationen (PIPEDA)", "commercial organisations only (PIPEDA)"),
    ),
    "CH": Adequacy("2000/518/EC", date(2000, 7, 26)),
    "FO": Adequacy("2010/146/EU", date(2010, 3, 5)),
    "GB": Adequacy("(EU) 2021/1772", date(2021, 6, 28), date(2031, 12, 27)),
    "GG": Adequacy("2003/821/EC", date(2003, 11, 21)),
    "IL": Adequacy("2011/61/EU", date(2011, 1, 31)),
    "IM": Adequacy("2004/411/EC", date(2004, 4, 28)),
    "JE": Adequacy("2008/393/EC", date(2008, 5, 8)),
    "JP": Adequacy("(EU) 2019/419", date(2019, 1, 23)),
    "KR": Adequacy("(EU) 2022/254", date(2021, 12, 17)),
    "NZ": Adequacy("2013/65/EU", date(2012, 12, 19)),
    "US": Adequacy(
        "(EU) 2023/1795",
        date(2023, 7, 10),
        certified_only=True,
        scope=Text("nur nach dem DPF zertifizierte Unternehmen", "companies certified under the DPF only"),
    ),
    "UY": Adequacy("2012/484/EU", date(2012, 8, 21)),
    EUROPEAN_PATENT_OFFICE: Adequacy("2025 (EPO)", date(2025, 7, 15)),
}


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
