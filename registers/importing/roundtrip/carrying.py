"""Takes over what was decided about an edited workbook: everything in one unit of work, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.entry import State
from compliance.errors import Forbidden, Refused
from compliance.fields import Rows, fields
from compliance.language import Text
from compliance.release import Step
from registers.importing.carrying import ACTION
from registers.importing.roundtrip.merging import CHECKED
from registers.importing.roundtrip.plans import MINE, Decisions, Edit, Plan, Revision, Rights, What


@dataclass(frozen=True)
class Outcome:
    """How many entries were created, changed and marked as ended."""

    created: int
    changed: int
    ended: int


def carry_out(session: Session, plan: Plan, decisions: Decisions, rights: Rights) -> Outcome:
    """Changes what *decisions* takes out of *plan*.

    *session* must be the one for which the plan was made, and it must be writing.
    Raises :class:`Refused` where a choice is still open, and :class:`Forbidden` where
    the outcome would be an entry that whoever sends the file may not write.
    """
    if undecided := decisions.undecided(plan):
        raise Refused(_UNDECIDED.format(entries=", ".join(each.name for each in undecided[:5])))
    session.info["action"] = ACTION
    session.info["source"] = plan.file
    taken = [
        _Taken(session, plan, revision, decisions)
        for revision in plan.ready
        if revision.key in decisions.taken
    ]
    changed = [one for one in taken if one.apply()]
    session.flush()
    for one in changed:
        if not rights.edits(one.entry):
            raise Forbidden(_FOREIGN_PLACE.format(entry=str(one.entry)))
    steps = [(one.entry, step) for one in changed for step in one.steps]
    ended = [
        missing.entry
        for missing in plan.missing
        if missing.may_end and missing.entry.id.hex in decisions.ended
    ]
    for entry, step in (*steps, *((entry, Step.END) for entry in ended)):
        rights.take(session, entry, step)
        # At once, because the journal calls everything written together by one name.
        session.flush()
    created = sum(one.is_new for one in changed)
    return Outcome(created, len(changed) - created, len(ended))


class _Taken:
    """One revision while it is taken over."""

    def __init__(self, session: Session, plan: Plan, revision: Revision, decisions: Decisions) -> None:
        self._session = session
        self._edits = [edit for edit in revision.edits if decisions.side(revision, edit) == MINE]
        self.is_new = revision.entry is None
        self.entry: Any = plan.model() if self.is_new else revision.entry
        self.steps: list[str] = []

    def apply(self) -> bool:
        """Assigns every answer; returns whether there was any."""
        for edit in self._edits:
            self._assign(edit)
        if self.is_new and self._edits:
            self._session.add(self.entry)
        return bool(self._edits)

    def _assign(self, edit: Edit) -> None:
        match edit.what:
            case What.ANSWER:
                setattr(self.entry, edit.field, edit.value)
            case What.PART_ANSWER:
                for part in self._parts(edit):
                    setattr(part, edit.inner, edit.value)
            case What.ADDED:
                spec = fields(type(self.entry))[edit.field]
                if isinstance(spec, Rows):
                    getattr(self.entry, edit.field).append(spec.part(**edit.value))
            case What.REMOVED:
                for part in self._parts(edit):
                    getattr(self.entry, edit.field).remove(part)
            case What.STATE if edit.value == CHECKED:
                self.entry.state = State.DRAFT
            case What.STATE:
                self.steps.append(edit.value)

    def _parts(self, edit: Edit) -> Iterator[Any]:
        return iter([part for part in getattr(self.entry, edit.field) if part.id.hex == edit.part])


_UNDECIDED: Final = Text(
    "Bitte wählen Sie zuerst, was bei beidseitig geänderten Angaben gelten soll: {entries}.",
    "Please choose first what shall hold where both sides changed an answer: {entries}.",
)
_FOREIGN_PLACE: Final = Text(
    "Ihre Rolle erlaubt {entry} in dieser Form nicht; es wurde nichts übernommen.",
    "Your role does not allow {entry} in this form; nothing was taken over.",
)
