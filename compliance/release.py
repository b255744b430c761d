"""From draft over review to release, bound to the exact content that was released.

A release (Freigabe) stores the hash of what it applies to. A later change does
not undo it: the entry shows „geändert seit Freigabe“ until it is released again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import set_committed_value

from compliance.access import Identity, Permission, demand, may_do
from compliance.entry import Appended, Entry, State, class_called, everything
from compliance.errors import Refused
from compliance.fields import Reference, References, Rows, answers, fields
from compliance.findings import stored_findings
from compliance.journal import canonical, changes_after, history
from compliance.language import Text
from compliance.rules import Severity
from compliance.saving import Action, Touched
from compliance.sealing import fingerprints

A = TypeVar("A", bound=Appended)


def content_hash(entry: Entry, names: Collection[str] | None = None) -> str:
    """SHA-256 of what a release of *entry* vouches for, or of the fields with *names* alone.

    Parts count in their order and without ids, referenced entries by id alone;
    number, version, times and labels never count, so that an upgrade changes no hash. Sealed
    answers count by their fingerprint. Records that belong to the entry count where there are any.
    """
    found = answers(entry)
    if names is not None:
        found = {name: value for name, value in found.items() if name in names}
    content = _content(entry, found)
    if names is None:
        content |= fingerprints(entry) | _appended_content(entry)
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


def _appended_content(entry: Entry) -> dict[str, Any]:
    """What the records that belong to *entry* say, by class; nothing where there are none."""
    session = object_session(entry)
    if session is None:
        return {}
    found = {name: _told(session, entry, class_called(name)) for name in type(entry).appended}
    return {f"@{name}": rows for name, rows in found.items() if rows}


def _told(session: Session, entry: Entry, model: type[Appended]) -> list[list[Any]]:
    said = (_content(record, answers(record)) for record in appended_to(session, entry, model))
    return sorted([record.get(name) or "" for name in model.vouched] for record in said)


def appended_to(session: Session, entry: Entry, model: type[A]) -> list[A]:
    """The records of *model* that belong to *entry*, those included that are about to be saved."""
    mine = getattr(model, f"{model.belongs_to}_id") == entry.id
    query = select(model).where(mine).options(*everything(model, but=model.belongs_to))
    stored = session.scalars(query).all()
    for record in stored:
        set_committed_value(record, model.belongs_to, entry)
    fresh = (one for one in session.new if isinstance(one, model) and _owner(one) is entry)
    return [one for one in (*stored, *fresh) if one not in session.deleted]


def _owner(record: Appended) -> Any:
    return getattr(record, record.belongs_to)


def mark_changes(session: Session, touched: Touched) -> None:
    """Notes on every released entry whether it still is what was released."""
    entries = {thing for thing in touched if isinstance(thing, Entry)}
    for thing in [*touched]:
        if isinstance(thing, Appended) and _owner(thing).released_hash:
            entries.add(_whole(session, _owner(thing)))
    for entry in entries:
        if entry.released_hash:
            changed = content_hash(entry) != entry.released_hash
            if changed is not entry.changed_since_release:
                entry.changed_since_release = changed
                touched.setdefault(entry, Action.UPDATE)


@contextmanager
def keeping_release(entry: Entry) -> Iterator[None]:
    """For a change that no release vouches for: what still was as released stays released."""
    unchanged = bool(entry.released_hash) and content_hash(entry) == entry.released_hash
    yield
    if unchanged:
        entry.released_hash = content_hash(entry)


def _whole(session: Session, entry: Entry) -> Entry:
    """*entry* with everything that its hash is made of."""
    model = type(entry)
    return session.scalars(select(model).where(model.id == entry.id).options(*everything(model))).one()


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
        raise Refused(_ERRORS.format(rules=", ".join(sorted({e.rule for e in errors}))))
    if by.person_id.hex in authors_since_release(session, entry):
        raise Refused(_OWN_WORK)


def authors_since_release(session: Session, entry: Entry) -> set[str]:
    """Ids of everyone who changed the content of *entry* since it was last released."""
    authors = set()
    released = 0
    for change in history(session, entry):
        if change.action == Step.RELEASE:
            released = change.seq
            break
        if change.action in _WRITING:
            authors.add(change.actor_id)
    models = map(class_called, type(entry).appended)
    records = [record for model in models for record in appended_to(session, entry, model)]
    later = changes_after(session, records, released)
    return authors | {change.actor_id for change in later if change.action in _WRITING}


_WRITING: Final = ("create", "update", "import", "bulk", "retire")


_WRONG_STATE = Text(
    "Dieser Schritt ist im Zustand „{state}“ nicht möglich.", "This step is not possible in state “{state}”."
)
_ERRORS = Text(
    "Der Freigabe stehen Fehler entgegen ({rules}). Beheben Sie sie zuerst.",
    "Errors stand against the release ({rules}). Resolve them first.",
)
_OWN_WORK = Text(
    "Wer einen Eintrag seit der letzten Freigabe geändert hat, kann ihn nicht selbst freigeben.",
    "Whoever changed an entry since its last release cannot release it.",
)
