"""Conditions (Auflagen) under which management approved an impact assessment, each met or still open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.fields import day, line, missing, prose
from compliance.language import Text

_BASIS = "Art. 35 Abs. 7 lit. d DSGVO"


class Condition(Part, of="Dpia"):
    """One thing that has to be done, by whom and until when, so that the approval stands."""

    moving = frozenset({"met_on", "evidence"})
    """Meeting a condition carries the decision out and changes nothing that was decided."""

    text: Mapped[str] = prose(
        "Auflage",
        "Condition",
        help=Text("Was zu tun oder zu unterlassen ist.", "What has to be done or left undone."),
        basis=_BASIS,
        expected=True,
    )
    owner: Mapped[str] = line(
        "Zuständig",
        "Owner",
        help=Text("Stelle oder Person, die sie erfüllt.", "Post or person that meets it."),
        basis=_BASIS,
        expected=True,
        personal=True,
    )
    due: Mapped[date | None] = day(
        "Zu erfüllen bis",
        "Due",
        help=Text("Die früheste offene steht auf „Heute“.", "The earliest open one is shown on “Today”."),
        basis=_BASIS,
        expected=True,
    )
    met_on: Mapped[date | None] = day(
        "Erfüllt am",
        "Met on",
        help=Text("Leer, solange sie offen ist.", "Empty while it is open."),
        basis="Art. 24 Abs. 1 DSGVO",
        fixed=True,
    )
    evidence: Mapped[str] = line(
        "Nachweis",
        "Evidence",
        help=Text("Dokument, Protokoll oder Prüfung.", "Document, record or test."),
        basis="Art. 5 Abs. 2, Art. 24 Abs. 1 DSGVO",
        fixed=True,
    )

    @property
    def is_open(self) -> bool:
        return self.met_on is None

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been met before *today*."""
        return self.is_open and self.due is not None and self.due < today


def earliest_due(conditions: Iterable[Condition]) -> date | None:
    """The day on which the first open condition is due; ``None`` if nothing is open."""
    return min((one.due for one in conditions if one.is_open and one.due), default=None)


def complete(conditions: Sequence[Condition]) -> bool:
    """Whether there are conditions, and each has its words, its owner and its day."""
    return bool(conditions) and not any(missing(one) for one in conditions)


def renewed(before: Sequence[Condition], wanted: Sequence[Condition]) -> list[Condition]:
    """*wanted* in its order; what stood in the same words *before* stays, with what was done about it."""
    known = {one.text: one for one in before}
    return [_restated(known.pop(one.text), one) if one.text in known else one for one in wanted]


def _restated(old: Condition, new: Condition) -> Condition:
    old.owner, old.due = new.owner, new.due
    return old
