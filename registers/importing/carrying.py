"""Does what was planned: everything in one unit of work, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.database import folded
from compliance.entry import Entry, Part
from compliance.fields import empty
from registers.importing.planning import new_entry
from registers.importing.plans import Alteration, PartDraft, Plan, self_references
from registers.recognition import link_all

ACTION: Final = "import"
"""What the journal calls it."""
_BATCH: Final = 500


def carry_out(session: Session, plan: Plan) -> list[Entry]:
    """Creates and changes what *plan* says; returns the new entries in the order of the file.

    *session* must be the one for which the plan was made, and it must be writing. New
    entries start as :attr:`compliance.entry.State.IMPORTED`; changed ones keep their state.
    """
    session.info["action"] = ACTION
    session.info["source"] = plan.file
    created = [new_entry(plan.model, creation) for creation in plan.created]
    arrived = _Arrived(plan, created)
    if arrived.names:
        arrived.store(session)
    for alteration in plan.changed:
        _alter(alteration, arrived)
    link_all(session, (alteration.entry for alteration in plan.changed))
    session.flush()
    link_all(session, created)
    for start in range(0, len(created), _BATCH):
        session.add_all(created[start : start + _BATCH])
        session.flush()
    return created


class _Arrived:
    """The new entries, to be put where a row refers to another row of the same file."""

    def __init__(self, plan: Plan, created: Sequence[Entry]) -> None:
        self.names = self_references(plan.model)
        self._by_name: dict[str, Entry] = {}
        for entry in created:
            self._by_name.setdefault(folded(entry.name), entry)
        self._created = created

    def store(self, session: Session) -> None:
        """Adds the new entries in the order of the file, and only then ties them to each other."""
        waiting = [(entry, name, getattr(entry, name)) for entry in self._created for name in self.names]
        for entry, name, _ in waiting:
            setattr(entry, name, empty(self.names[name]))
        session.add_all(self._created)
        for entry, name, value in waiting:
            setattr(entry, name, self.instead(name, value))

    def instead(self, name: str, value: Any) -> Any:
        """*value* of that field, with new entries in place of those that only stood for them."""
        if name not in self.names or not value:
            return value
        if isinstance(value, list):
            return [self._one(entry) for entry in value]
        return self._one(value)

    def _one(self, entry: Any) -> Any:
        return entry if entry.number else self._by_name[folded(entry.name)]


def _alter(alteration: Alteration, arrived: _Arrived) -> None:
    for change in alteration.changes:
        setattr(alteration.entry, change.name, arrived.instead(change.name, _value(change.after)))


def _value(after: Any) -> Any:
    if isinstance(after, list) and after and isinstance(after[0], PartDraft):
        return _parts(after)
    return after


def _parts(drafts: Sequence[PartDraft]) -> list[Part]:
    return [_part(draft) for draft in drafts]


def _part(draft: PartDraft) -> Part:
    if draft.stored is None:
        return draft.part(**draft.values)
    for name, value in draft.values.items():
        setattr(draft.stored, name, value)
    return draft.stored
