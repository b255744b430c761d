"""From draft over review to release, bound to the exact content that was released.

A release (Freigabe) stores the hash of what it applies to. A later change does
not undo it: the entry shows „geändert seit Freigabe“ until it is released again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.access import Identity, Permission, demand, may_do
from compliance.entry import Entry, State
from compliance.errors import Refused
from compliance.fields import Reference, References, Rows, answers, fields
from compliance.findings import stored_findings
from compliance.journal import canonical, history
from compliance.language import Text
from compliance.rules import Severity
from compliance.saving import Touched
from compliance.sealing import fingerprints


def content_hash(entry: Entry, names: Collection[str] | None = None) -> str:
    """SHA-256 of what a release of *entry* vouches for, or of the fields with *names* alone.

    Parts count in their order and without ids, referenced entries by id alone;
    number, version, times and labels never count, so that an upgrade changes no hash. Sealed
    answers count by their fingerprint.
    """
    found = answers(entry)
    if names is not None:
        found = {name: value for name, value in found.items() if name in names}
    content = _content(entry, found) | (fingerprints(entry) if names is None else {})
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _content(thing: object, found: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, spec in fields(type(thing)).items():
        if name not in found or name in getattr(thing, "moving", ()):
            continue
        match spec:
            case Reference():
                content[name] = found[name][0]
            case References():
                content[name] = sorted(identity for identity, _ in found[name])
            case Rows():
                content[name] = [_content(part, answers(part)) for part in getattr(thing, name)]
            case _:
                content[name] = found[name]
    return content


def mark_changes(_session: Session, touched: Touched) -> None:
    """Notes on every released entry whether it still is what was released."""
    for thing in touched:
        if isinstance(thing, Entry) and thing.released_hash:
            thing.changed_since_release = content_hash(thing) != thing.released_hash


class Step:
    """Names of the transitions, as the journal records them."""

    SUBMIT: Final = "submit"
    RETURN: Final = "return"
    RELEASE: Final = "release"
    END: Final = "end"


_STEPS: Final[dict[str, tuple[Permission, frozenset[State], State]]] = {
    Step.SUBMIT: (Permission.SUBMIT, frozenset({State.IMPORTED, State.DRAFT}), State.REVIEW),
    Step.RETURN: (Permission.RELEASE, frozenset({State.REVIEW}), State.DRAFT),
    Step.RELEASE: (Permission.RELEASE, frozenset({State.REVIEW, State.RELEASED}), State.RELEASED),
    Step.END: (Permission.RELEASE, frozenset({State.RELEASED, State.DRAFT, State.REVIEW}), State.ENDED),
}


def steps_for(identity: Identity, entry: Entry) -> list[str]:
    """The steps that *identity* could take with *entry* now; a gate may still refuse one."""
    open_steps = [
        name
        for name, (permission, starts, _) in _STEPS.items()
        if entry.state in starts and may_do(identity, permission, entry)
    ]
    already = entry.state is State.RELEASED and not entry.changed_since_release
    return [name for name in open_steps if not (already and name == Step.RELEASE)]


def take(session: Session, entry: Entry, step: str, *, by: Identity) -> None:
    """Takes *step* with *entry*.

    Raises :class:`Refused` where the state does not allow it, where errors stand
    against a release, or where the author would release their own work.
    """
    permission, starts, end = _STEPS[step]
    demand(by, permission, entry)
    if entry.state not in starts:
        raise Refused(_WRONG_STATE.format(state=entry.state.text))
    if step == Step.RELEASE:
        _demand_releasable(session, entry, by)
        entry.released_hash = content_hash(entry)
        entry.released_version = entry.version + 1
        entry.changed_since_release = False
    entry.state = end
    session.info["action"] = step


def _demand_releasable(session: Session, entry: Entry, by: Identity) -> None:
    open_findings = (found for found in stored_findings(session, entry) if not found.accepted)
    errors = [found for found in open_findings if found.severity is Severity.ERROR]
    if errors:
        raise Refused(_ERRORS.format(count=len(errors), rules=", ".join(sorted({e.rule for e in errors}))))
    if by.person_id.hex in authors_since_release(session, entry):
        raise Refused(_OWN_WORK)


def authors_since_release(session: Session, entry: Entry) -> set[str]:
    """Ids of everyone who changed the content of *entry* since it was last released."""
    authors = set()
    for change in history(session, entry):
        if change.action == Step.RELEASE:
            break
        if change.action in ("create", "update", "import", "bulk", "retire"):
            authors.add(change.actor_id)
    return authors


_WRONG_STATE = Text(
    "Dieser Schritt ist im Zustand „{state}“ nicht möglich.", "This step is not possible in state “{state}”."
)
_ERRORS = Text(
    "Der Freigabe stehen {count} Fehler entgegen ({rules}). Beheben Sie sie zuerst.",
    "{count} errors stand against the release ({rules}). Resolve them first.",
)
_OWN_WORK = Text(
    "Wer einen Eintrag seit der letzten Freigabe geändert hat, kann ihn nicht selbst freigeben.",
    "Whoever changed an entry since its last release cannot release it.",
)
