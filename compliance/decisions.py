"""Ranked rules: all are looked at, every hit is a reason, and the highest hit decides.

A table never concludes from silence. An outcome that is only right when nothing
speaks against it is guarded: it stands once every question is answered. Without
a hit, or with a guarded one while questions are open, the outcome is undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from compliance.language import Text

S = TypeVar("S")
D = TypeVar("D")


@dataclass(frozen=True)
class Row(Generic[S, D]):
    """One rule of a table; its rank is its place."""

    id: str
    outcome: D | None
    """What it decides; ``None`` if it is an indication that decides nothing alone."""
    says: Text
    source: str
    """The ground in law or standard, as it is cited."""
    holds: Callable[[S], bool]


@dataclass(frozen=True)
class Reason(Generic[D]):
    """A rule that holds, as people read it."""

    id: str
    outcome: D | None
    says: Text
    source: str


@dataclass(frozen=True)
class Decision(Generic[D]):
    """What a table says about one subject, and why."""

    outcome: D
    reasons: tuple[Reason[D], ...]
    """Every rule that holds, the highest first."""
    unanswered: tuple[str, ...]
    """Names of the questions that matter and are still open."""

    @property
    def decisive(self) -> Reason[D] | None:
        """The reason that decides, if the outcome rests on one."""
        return next((reason for reason in self.reasons if reason.outcome == self.outcome), None)


@dataclass(frozen=True)
class Table(Generic[S, D]):
    """A ranked list of rules over one kind of subject."""

    rows: tuple[Row[S, D], ...]
    """The highest rank first."""
    undecided: D
    guarded: frozenset[D]
    """Outcomes that need every question answered."""
    unanswered: Callable[[S], Sequence[str]]
    """Names of the open questions that matter for a subject."""

    def decide(self, subject: S) -> Decision[D]:
        """The outcome for *subject* with every reason."""
        reasons = tuple(self._reasons(subject))
        unanswered = tuple(self.unanswered(subject))
        highest = next((reason.outcome for reason in reasons if reason.outcome is not None), self.undecided)
        held_back = highest in self.guarded and unanswered
        return Decision(self.undecided if held_back else highest, reasons, unanswered)

    def _reasons(self, subject: S) -> Iterator[Reason[D]]:
        for row in self.rows:
            if row.holds(subject):
                yield Reason(row.id, row.outcome, row.says, row.source)
