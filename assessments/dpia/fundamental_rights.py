"""Fundamental rights impact assessment (Grundrechte-Folgenabschätzung) of high-risk AI, Art. 27 AI Act.

Bodies governed by public law, and private ones that provide public services, make it before
they first use a high-risk system. It complements an impact assessment under data protection
law, Art. 27 (4), and so its statements are statements of that assessment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from assessments.dpia.measures import undertaking
from compliance.fields import is_empty
from compliance.language import Text
from registers.ai import AiClass
from registers.processing import ProcessingActivity

ACT: Final = "Verordnung (EU) 2024/1689"


@dataclass(frozen=True)
class FriaTerms:
    """From which day on the assessment has to be there, as the law stood since a day."""

    since: date
    applies_from: date
    source: str
    """Legal ground in German citation form."""


FRIA_TERMS: Final = (
    FriaTerms(date(2026, 6, 29), date(2027, 12, 2), f"Art. 27 {ACT} in der Fassung des Digital-Omnibus"),
)
"""Oldest first. A further change of the law is one more row."""

WARNED_DAYS: Final = 548
"""So long before that day a missing assessment is warned of: a year and a half, the length of a budget."""


def fria_terms(today: date, terms: Sequence[FriaTerms] = FRIA_TERMS) -> FriaTerms:
    """The terms in force on *today*; before the first ones, the first ones."""
    return next((row for row in reversed(terms) if row.since <= today), terms[0])


def is_near(today: date, terms: FriaTerms) -> bool:
    """Whether the day from which the assessment must be there is near, or past."""
    return (terms.applies_from - today).days <= WARNED_DAYS


def high_risk(activities: Iterable[Any]) -> bool:
    """Whether one of *activities* uses high-risk AI."""
    return any(one.ai is True and one.ai_class is AiClass.HIGH_RISK for one in activities)


def automated(activities: Iterable[ProcessingActivity]) -> list[ProcessingActivity]:
    """Those of *activities* that use AI or decide by automated means, Art. 22 GDPR."""
    return [one for one in activities if one.ai is True or one.automated_decision is True]


STATEMENTS: Final = (
    "fria_process",
    "fria_period",
    "fria_groups",
    "fria_harms",
    "fria_oversight",
    "fria_measures",
)
"""Names of the fields that hold Art. 27 (1) (a) to (f), in that order."""


def unanswered(dpia: Any) -> tuple[str, ...]:
    """Names of the statements of Art. 27 (1) that *dpia* lacks; none where it says why it needs none."""
    if dpia.fria_exemption.strip():
        return ()
    return tuple(name for name in STATEMENTS if is_empty(getattr(dpia, name).strip()))


def complements(dpia: Any) -> Mapping[str, str]:
    """What *dpia* says already, by the statement of Art. 27 (1) that it answers in part; Art. 27 (4)."""
    found = {name: say(dpia) for name, say in _SAID_ALREADY.items()}
    return {name: text for name, text in found.items() if text}


def _of(*names: str) -> Callable[[Any], str]:
    return lambda dpia: "\n\n".join(filter(None, (getattr(dpia, name).strip() for name in names)))


def _harms(dpia: Any) -> str:
    lines = (
        f"– {risk.title}: {risk.consequence or risk.event}".rstrip(": ") for risk in dpia.risks if risk.title
    )
    return "\n".join(lines)


def _measures(dpia: Any) -> str:
    titles = (f"– {known.title}" for known in map(undertaking, dpia.measures) if known.title)
    return "\n".join(filter(None, (dpia.existing_measures.strip(), *titles)))


_SAID_ALREADY: Final[Mapping[str, Callable[[Any], str]]] = {
    "fria_process": _of("purposes", "data_flows"),
    "fria_groups": _of("data"),
    "fria_harms": _harms,
    "fria_measures": _measures,
}

LETTERS: Final[Mapping[str, str]] = dict(zip(STATEMENTS, "abcdef", strict=True))
"""The letter of Art. 27 (1) by statement."""

NOTIFY: Final = Text(
    "Das Ergebnis ist der Marktüberwachungsbehörde mitzuteilen, und der Einsatz ist in der EU-Datenbank zu "
    "registrieren.",
    "The result has to be notified to the market surveillance authority, and the use registered in the EU "
    "database.",
)
