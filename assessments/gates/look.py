"""What a gate looks at, and what it finds there before it is asked whether the duty exists already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments.gates.facts import Near
from compliance.entry import Entry
from compliance.fields import Term
from compliance.language import Text
from compliance.people import Role
from registers.processing import ProcessingActivity, Stage
from registers.projects import Project


class Standing(Term):
    """How a gate stands."""

    MET = Text("Erfüllt", "Met")
    OPEN = Text("Offen", "Open")
    RED = Text("Fällig und offen", "Due and open")
    NOT_APPLICABLE = Text("Entfällt", "Not applicable")


@dataclass(frozen=True)
class Linked:
    """An entry that a gate names."""

    model: type[Entry]
    number: int

    @property
    def designation(self) -> str:
        return self.model.designate(self.number)


@dataclass(frozen=True)
class Look:
    """What a gate finds, before it is asked whether the duty exists already."""

    standing: Standing
    why: Text
    entries: Sequence[Linked] = ()
    turn: Role | None = None
    binding: bool = True
    """Whether the gap violates a duty once it is due; not where only an answer is missing."""


@dataclass(frozen=True)
class Facts:
    """One project with what the registers say around it."""

    project: Project
    near: Near
    today: date
    activities: Sequence[Any] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.near.get("ProcessingActivity", ())
        living = [row for row in rows if row.stage is not Stage.RETIRED]
        object.__setattr__(self, "activities", sorted(living, key=lambda row: row.number or 0))

    def of(self, model: type[Any]) -> Sequence[Any]:
        """The rows about entries of *model*."""
        return self.near.get(model.__name__, ())

    @property
    def itself(self) -> Linked:
        return Linked(Project, self.project.number or 0)


def nothing_yet(facts: Facts) -> Look | None:
    """What a gate about activities says while there are none."""
    if facts.activities:
        return None
    if facts.project.personal_data is False:
        return Look(Standing.NOT_APPLICABLE, NO_PERSONAL_DATA)
    return Look(Standing.OPEN, _FIRST_ACTIVITIES, turn=Role.PROJECT_LEAD, binding=False)


def of_activities(gaps: Sequence[Any], met: Text, open_: Text, turn: Role) -> Look:
    """Met where there are no *gaps*; a gap binds once one of these activities works with real data."""
    if not gaps:
        return Look(Standing.MET, met)
    return Look(Standing.OPEN, open_, [activity_of(row) for row in gaps], turn, is_running(gaps))


def is_running(activities: Iterable[Any]) -> bool:
    """Whether one of *activities* works with real data."""
    return any(row.stage is not Stage.PLANNED for row in activities)


def activity_of(row: Any) -> Linked:
    """The activity of which *row* tells."""
    return Linked(ProcessingActivity, row.number)


NO_PERSONAL_DATA = Text(
    "Es werden keine personenbezogenen Daten verarbeitet.", "No personal data are processed."
)
_FIRST_ACTIVITIES = Text(
    "Zuerst sind die Verarbeitungstätigkeiten einzutragen.", "Enter the processing activities first."
)
