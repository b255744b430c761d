"""Rates one target object under every damage scenario at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.grundschutz.protection import VALUES
from compliance.access import Identity, Permission, demand
from compliance.fields import tidy
from registers.objects import TargetObject
from registers.protection import DamageRating, ProtectionNeed, Scenario, SecurityValue


@dataclass(frozen=True)
class Rating:
    """What one scenario means for an object; empty where it means nothing."""

    needs: Mapping[SecurityValue, ProtectionNeed | None] = field(default_factory=dict)
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.reason) or any(self.needs.values())


def ratings(target: TargetObject) -> dict[Scenario, DamageRating]:
    """The first row of *target* for each scenario; rows without a scenario are edited in its form alone."""
    found: dict[Scenario, DamageRating] = {}
    for row in target.damages:
        if row.scenario is not None:
            found.setdefault(row.scenario, row)
    return found


def as_rated(row: DamageRating) -> Rating:
    """What *row* says."""
    return Rating({value: getattr(row, name) for value, name in VALUES.items()}, row.reason)


def rate(target: TargetObject, rated: Mapping[Scenario, Rating], *, by: Identity) -> None:
    """Takes over what is *rated*; a scenario that is emptied loses its row, one not named keeps it.

    *target* is loaded whole.
    """
    demand(by, Permission.EDIT, target)
    stored = ratings(target)
    rows = list(target.damages)
    for scenario, rating in rated.items():
        row = stored.get(scenario)
        if not rating:
            rows = [one for one in rows if one is not row]
            continue
        if row is None:
            row = DamageRating(scenario=scenario)
            rows.append(row)
        for value, name in VALUES.items():
            setattr(row, name, rating.needs.get(value))
        row.reason = tidy(rating.reason)
    if rows != list(target.damages):
        target.damages = rows
