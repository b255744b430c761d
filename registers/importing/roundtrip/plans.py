"""What an edited workbook would change, worked out before anything is done."""

from __future__ import annotations

import enum
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.entry import Entry
from compliance.fields import Kind, worded
from compliance.journal import canonical
from compliance.language import Text
from registers.importing.roundtrip.book import Line, Page
from registers.importing.roundtrip.layout import state_word


@dataclass(frozen=True)
class Rights:
    """What whoever sends the file may do."""

    sees: Callable[[Entry], bool]
    """Whether the entry exists for them."""
    edits: Callable[[Entry], bool]
    creates: Callable[[uuid.UUID | None], bool]
    """Whether they may create entries of the unit with that id, and move entries there."""
    steps: Callable[[Entry], Sequence[str]]
    """Names of the steps towards release that they may take with the entry now."""
    take: Callable[[Session, Entry, str], None]
    """Takes such a step."""


def _no_steps(_session: Session, entry: Entry, step: str) -> None:
    raise PermissionError(f"{entry}: {step}")


EVERYTHING: Final = Rights(
    sees=lambda _entry: True,
    edits=lambda _entry: True,
    creates=lambda _unit_id: True,
    steps=lambda _entry: (),
    take=_no_steps,
)
"""For those whom no unit limits, such as the command line; steps are taken by people only."""


@dataclass(frozen=True)
class Problem:
    """A cell, or a row, that cannot be taken over, and why."""

    sheet: str
    row: int
    letter: str
    """Letter of the column; empty if the row as a whole is meant."""
    header: str
    reason: Text

    @classmethod
    def at(cls, page: Page, line: Line, path: str, reason: Text) -> Problem:
        """Names the cell of *line* in the words of the file."""
        return cls(page.title, line.row, page.letters.get(path, ""), page.headers.get(path, ""), reason)

    @property
    def text(self) -> Text:
        """Where and why, in one sentence."""
        wording = _IN_CELL if self.letter else _IN_ROW
        return wording.format(
            sheet=self.sheet, row=self.row, letter=self.letter, header=self.header, reason=self.reason
        )


class What(enum.Enum):
    """What an edit does."""

    ANSWER = "answer"
    PART_ANSWER = "part-answer"
    ADDED = "added"
    REMOVED = "removed"
    STATE = "state"


@dataclass(frozen=True)
class Edit:
    """One answer, one row or the state, as it was exported, as the file has it, and as it is stored now."""

    key: str
    """Names the edit within its entry."""
    what: What
    label: Text
    field: str
    """Name of the field of the entry."""
    spec: Kind | None
    base: Any
    mine: Any
    theirs: Any
    """All three as JSON, as :func:`compliance.fields.plain` makes it; whole rows as lists of one."""
    value: Any = None
    """What is to be assigned: the answer, the answers of a new row, or the name of a step."""
    part: str = ""
    """Id of the row."""
    inner: str = ""
    """Name of the field of the row."""
    both_changed: bool = False

    @property
    def must_be_chosen(self) -> bool:
        """Whether the file alone cannot decide: both sides changed the answer, or a row would be lost."""
        return self.both_changed or self.what is What.REMOVED

    def before(self, language: str) -> str:
        """What was exported, in words."""
        return self._words(self.base, language)

    def after(self, language: str) -> str:
        """What the file says."""
        return self._words(self.mine, language)

    def now(self, language: str) -> str:
        """What is stored now."""
        return self._words(self.theirs, language)

    def _words(self, value: Any, language: str) -> str:
        if self.spec is None:
            return state_word(value, language) if value else ""
        return worded(self.spec, value, language)


@dataclass(frozen=True)
class Revision:
    """One entry of the file that differs from what was exported, or that is new."""

    key: str
    row: int
    name: str
    entry: Any
    """``None`` for a new entry."""
    edits: tuple[Edit, ...]
    problems: tuple[Problem, ...]

    @property
    def conflicts(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.edits if edit.both_changed)

    @property
    def removals(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.edits if edit.what is What.REMOVED and not edit.both_changed)

    @property
    def proposals(self) -> tuple[Edit, ...]:
        """What only the file changes and can simply be taken over."""
        return tuple(edit for edit in self.edits if not edit.must_be_chosen)


@dataclass(frozen=True)
class Missing:
    """An entry that was exported and whose row is no longer in the file."""

    entry: Any
    may_end: bool


@dataclass(frozen=True)
class Plan:
    """Everything that an edited workbook proposes."""

    model: type[Entry]
    file: str
    revisions: tuple[Revision, ...]
    missing: tuple[Missing, ...]
    problems: tuple[Problem, ...]
    """What belongs to no entry."""
    unchanged: int
    notes: tuple[Text, ...]

    @property
    def ready(self) -> tuple[Revision, ...]:
        """Revisions that can be taken over, perhaps after a choice."""
        return tuple(revision for revision in self.revisions if not revision.problems)

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        inner = (problem for revision in self.revisions for problem in revision.problems)
        return tuple(sorted((*self.problems, *inner), key=lambda problem: (problem.sheet, problem.row)))

    def counts(self) -> dict[str, int]:
        """How many entries, conflicts, rows and problems."""
        return {
            "created": sum(revision.entry is None for revision in self.ready),
            "changed": sum(revision.entry is not None for revision in self.ready),
            "unchanged": self.unchanged,
            "conflicts": sum(len(revision.conflicts) for revision in self.ready),
            "removed_rows": sum(len(revision.removals) for revision in self.ready),
            "missing": len(self.missing),
            "problems": len(self.every_problem),
        }

    def fingerprint(self) -> str:
        """The same for two plans that offer the same for the same content."""
        offered = [
            [
                revision.key,
                revision.entry.version if revision.entry is not None else 0,
                [[edit.key, edit.base, edit.mine, edit.theirs] for edit in revision.edits],
                len(revision.problems),
            ]
            for revision in self.revisions
        ]
        missing = [[one.entry.id.hex, one.entry.version] for one in self.missing]
        return hashlib.sha256(canonical([offered, missing]).encode()).hexdigest()


MINE: Final = "mine"
THEIRS: Final = "theirs"


@dataclass(frozen=True)
class Decisions:
    """What somebody decided about a plan."""

    taken: frozenset[str]
    """Keys of the revisions to take over."""
    sides: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """:data:`MINE` or :data:`THEIRS`, by the keys of revision and edit."""
    ended: frozenset[str] = frozenset()
    """Ids of missing entries that are to be marked as ended."""

    def side(self, revision: Revision, edit: Edit) -> str:
        """Which side counts; empty where it must still be chosen. A row is only removed on request."""
        chosen = self.sides.get((revision.key, edit.key), "")
        if chosen or edit.both_changed:
            return chosen
        return THEIRS if edit.what is What.REMOVED else MINE

    def undecided(self, plan: Plan) -> list[Revision]:
        """Revisions that are to be taken over although a choice is still open."""
        return [
            revision
            for revision in plan.ready
            if revision.key in self.taken and not all(self.side(revision, edit) for edit in revision.edits)
        ]


_IN_CELL: Final = Text(
    "Blatt „{sheet}“, Zeile {row}, Spalte {letter} „{header}“: {reason}",
    "Sheet “{sheet}”, row {row}, column {letter} “{header}”: {reason}",
)
_IN_ROW: Final = Text("Blatt „{sheet}“, Zeile {row}: {reason}", "Sheet “{sheet}”, row {row}: {reason}")
