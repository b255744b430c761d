"""What the measures of an implementation plan cost, by year, by priority and by owner.

Amounts are whole euros. What is paid once falls in the year in which the measure is to
be finished, or in the present one where that year is over. What is paid every year falls
in every year after the one in which the measure is finished.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

_AHEAD: Final = 3
"""The table reaches at least so many years beyond the present one …"""
_AT_MOST: Final = 9
"""… and at most so many; what comes later stands in one line."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Staff and material, once and in every year, in whole euros."""

    staff_once: int = 0
    material_once: int = 0
    staff_yearly: int = 0
    material_yearly: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.staff_once + other.staff_once,
            self.material_once + other.material_once,
            self.staff_yearly + other.staff_yearly,
            self.material_yearly + other.material_yearly,
        )

    @property
    def once(self) -> int:
        return self.staff_once + self.material_once

    @property
    def yearly(self) -> int:
        return self.staff_yearly + self.material_yearly

    @property
    def all_at_once(self) -> Cost:
        """Only what is paid once."""
        return Cost(self.staff_once, self.material_once)

    @property
    def every_year(self) -> Cost:
        """Only what is paid every year."""
        return Cost(0, 0, self.staff_yearly, self.material_yearly)


NOTHING: Final = Cost()


@dataclass(frozen=True, slots=True)
class Costed:
    """What one measure costs, and when."""

    cost: Cost
    year: int | None
    """In which it is to be finished; ``None`` where no day is set."""


@dataclass(frozen=True, slots=True)
class YearOfCosts:
    """What falls in one year."""

    year: int
    is_open_end: bool
    """Whether it stands for all years from this one on, and only for what is paid once."""
    cost: Cost

    @property
    def total(self) -> int:
        return self.cost.once + self.cost.yearly


def summed(costs: Iterable[Cost]) -> Cost:
    """All *costs* in one."""
    return sum(costs, NOTHING)


def by_year(measures: Sequence[Costed], first: int) -> list[YearOfCosts]:
    """What falls in each year from *first* on; measures without a day are left out."""
    dated = [(each.cost, max(each.year, first)) for each in measures if each.year is not None]
    last = min(max((year + 1 for _cost, year in dated), default=first), first + _AT_MOST)
    years = range(first, max(last, first + _AHEAD) + 1)
    rows = [YearOfCosts(year, False, _in(year, dated)) for year in years]
    later = summed(cost.all_at_once for cost, year in dated if year >= years.stop)
    return [*rows, YearOfCosts(years.stop, True, later)] if later != NOTHING else rows


def _in(year: int, dated: Iterable[tuple[Cost, int]]) -> Cost:
    parts = (
        cost.all_at_once if due == year else cost.every_year if due < year else NOTHING for cost, due in dated
    )
    return summed(parts)


def undated(measures: Iterable[Costed]) -> Cost:
    """What the measures cost for which no day is set."""
    return summed(each.cost for each in measures if each.year is None)


@dataclass(frozen=True, slots=True)
class Share:
    """What the measures of one priority or one owner cost together."""

    key: Hashable
    count: int
    cost: Cost


T = TypeVar("T")


def shares(measures: Iterable[T], key: Callable[[T], Hashable], cost: Callable[[T], Cost]) -> list[Share]:
    """The measures put together by *key*, in the order in which each key appears first."""
    grouped: dict[Hashable, list[Cost]] = {}
    for measure in measures:
        grouped.setdefault(key(measure), []).append(cost(measure))
    return [Share(name, len(costs), summed(costs)) for name, costs in grouped.items()]
