"""After how many months an impact assessment is reviewed at the latest, by the risk that was decided on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.dpia.grades import RiskLevel, is_high
from compliance.access import Identity, Permission, demand
from compliance.entry import Record
from compliance.errors import Refused
from compliance.fields import number
from compliance.language import Text
from registers.authority import Authority

SHORTEST: Final = 1
LONGEST: Final = 60
"""Months that an organisation may choose."""


@dataclass(frozen=True)
class ReviewCycle:
    """Months until the next review, by how grave the risk is."""

    high: int = 12
    medium: int = 24
    low: int = 36

    def months(self, level: RiskLevel | None) -> int:
        """Months for *level*; what is not assessed counts as grave."""
        if level is None or is_high(level):
            return self.high
        return self.medium if level is RiskLevel.MEDIUM else self.low

    def end(self, start: date, level: RiskLevel | None) -> date:
        """The last day for a review of what was decided or reviewed on *start*."""
        ends: date = start + relativedelta(months=self.months(level))
        return ends


DEFAULT_CYCLE: Final = ReviewCycle()
CYCLE_FACTS: Final = ("high", "medium", "low")


class ReviewCycleSetting(Record):
    """The cycle of one organisation; there is at most one of it."""

    high: Mapped[int | None] = number("Bei hohem Risiko", "At high risk", unit=Text("Monate", "months"))
    medium: Mapped[int | None] = number("Bei Risiko", "At risk", unit=Text("Monate", "months"))
    low: Mapped[int | None] = number("Bei geringem Risiko", "At low risk", unit=Text("Monate", "months"))

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "organisation_id", unique=True)


def as_cycle(stored: Any) -> ReviewCycle:
    """The cycle that a stored setting says; the default where there is none."""
    if stored is None:
        return DEFAULT_CYCLE
    defaults = (DEFAULT_CYCLE.high, DEFAULT_CYCLE.medium, DEFAULT_CYCLE.low)
    chosen = (getattr(stored, name) for name in CYCLE_FACTS)
    return ReviewCycle(*(given or usual for given, usual in zip(chosen, defaults, strict=True)))


def cycle_of(session: Session) -> ReviewCycle:
    """The cycle in which the organisation of *session* reviews its assessments."""
    return as_cycle(session.scalar(select(ReviewCycleSetting)))


def keep_cycle(session: Session, months: Mapping[str, str], *, by: Identity) -> None:
    """Lets *months*, as they were typed, count for every review that is finished from now on.

    Raises :class:`compliance.errors.Forbidden` without the right to edit the authority's own
    data, and :class:`Refused` for anything but whole months, fewer the graver the risk.
    """
    demand(by, Permission.EDIT, Authority)
    typed = [months.get(name, "").strip() for name in CYCLE_FACTS]
    if not all(text.isdecimal() and SHORTEST <= int(text[:4]) <= LONGEST for text in typed):
        raise Refused(_NO_MONTHS.format(shortest=SHORTEST, longest=LONGEST))
    high, medium, low = (int(text) for text in typed)
    if not high <= medium <= low:
        raise Refused(_NOT_ORDERED)
    stored = session.scalar(select(ReviewCycleSetting))
    if stored is None:
        stored = ReviewCycleSetting()
        session.add(stored)
    stored.high, stored.medium, stored.low = high, medium, low


_NO_MONTHS = Text(
    "Bitte geben Sie ganze Monate von {shortest} bis {longest} an.",
    "Please give whole months from {shortest} to {longest}.",
)
_NOT_ORDERED = Text(
    "Je höher das Risiko, desto kürzer der Turnus.", "The higher the risk, the shorter the cycle."
)
