"""Does what was planned: everything in one unit of work, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.entry import Entry, Part
from registers.importing.planning import new_entry
from registers.importing.plans import Alteration, PartDraft, Plan
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
    for alteration in plan.changed:
        _alter(alteration)
    link_all(session, (alteration.entry for alteration in plan.changed))
    session.flush()
    created = [new_entry(plan.model, creation) for creation in plan.created]
    link_all(session, created)
    for start in range(0, len(created), _BATCH):
        session.add_all(created[start : start + _BATCH])
        session.flush()
    return created


def _alter(alteration: Alteration) -> None:
    for change in alteration.changes:
        setattr(alteration.entry, change.name, _value(change.after))


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
