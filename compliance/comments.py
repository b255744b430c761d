"""Comments at entries, and the people they ask: a conversation beside the record, never in it.

A comment is plain text. ``@Name`` of somebody who may see the entry asks that person; it
stays on their desk until they say that it is done. No report prints comments.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Index, or_, select
from sqlalchemy.orm import Mapped, Session

from compliance.access import Grant, Identity, Permission, demand, may_see
from compliance.database import now, today
from compliance.entry import Entry, Record
from compliance.errors import Forbidden, NotFound, Refused
from compliance.fields import line, moment, prose, tidy
from compliance.language import Text
from compliance.people import Membership, Organisation, Person, Role, units_below

CHANGEABLE: Final = timedelta(minutes=15)
"""So long an author may change or delete what they wrote."""
LONGEST: Final = 4000
"""Characters of one comment."""


class Comment(Record):
    """What somebody said about one entry."""

    register: Mapped[str] = line("Register", "Register", fixed=True)
    entry_id: Mapped[uuid.UUID]
    subject: Mapped[str] = line("Zu", "On", length=300, fixed=True)
    text: Mapped[str] = prose("Kommentar", "Comment", personal=True)
    author_id: Mapped[uuid.UUID]
    author: Mapped[str] = line("Geschrieben von", "Written by", personal=True)
    written_at: Mapped[datetime | None] = moment("Geschrieben am", "Written on", fixed=True)
    edited_at: Mapped[datetime | None] = moment("Geändert am", "Changed on", fixed=True)

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "entry_id")


class Mention(Record):
    """Somebody whom a comment asks, until they say that it is done."""

    register: Mapped[str] = line("Register", "Register", fixed=True)
    entry_id: Mapped[uuid.UUID]
    comment_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    name: Mapped[str] = line("Erwähnt", "Mentioned", personal=True)
    done_at: Mapped[datetime | None] = moment("Erledigt am", "Done on", fixed=True)

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "entry_id")


# --- Who can be asked ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Colleague:
    """Somebody of the organisation who may see an entry."""

    id: uuid.UUID
    name: str
    roles: frozenset[Role] = frozenset()


def colleagues(session: Session, entry: Entry) -> list[Colleague]:
    """Everybody who may see *entry*, by name."""
    seeing = (one for one in _members(session, entry.organisation_id) if may_see(one, entry))
    return sorted((Colleague(one.person_id, one.name, one.roles) for one in seeing), key=lambda one: one.name)


def _members(session: Session, organisation_id: uuid.UUID) -> Iterator[Identity]:
    """Everybody with a role in the organisation today, as they would be at work."""
    query = (
        select(Person.id, Person.name, Membership.role, Membership.unit_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id == organisation_id,
            Person.active.is_(True),
            or_(Membership.until.is_(None), Membership.until >= today()),
        )
    )
    rows = session.execute(query).all()
    below = units_below(session) if any(row.unit_id for row in rows) else {}
    names = {row.id: row.name for row in rows}
    grants: dict[uuid.UUID, list[Grant]] = {identity: [] for identity in names}
    for row in rows:
        grants[row.id].append(Grant(row.role, below.get(row.unit_id) if row.unit_id else None))
    for identity, name in names.items():
        yield Identity(identity, name, organisation_id, "", "de", tuple(grants[identity]))


def asked(text: str, people: Sequence[Colleague]) -> list[Colleague]:
    """Those of *people* whom *text* names after an „@“; everybody of the same name."""
    named = {name.casefold() for is_name, name in marked(text, [one.name for one in people]) if is_name}
    return [one for one in people if f"@{one.name}".casefold() in named]


def marked(text: str, names: Sequence[str]) -> list[tuple[bool, str]]:
    """*text* in pieces; true stands before a piece that is „@“ and one of *names*."""
    if not any(names):
        return [(False, text)]
    # Of two names of which one begins like the other, the longer one is meant.
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    pattern = rf"((?<!\w)@(?:{'|'.join(map(re.escape, longest_first))})(?!\w))"
    pieces = re.split(pattern, text, flags=re.IGNORECASE)
    return [(place % 2 == 1, piece) for place, piece in enumerate(pieces) if piece]


# --- Writing -------------------------------------------------------------------------------------


def write_comment(session: Session, entry: Entry, text: str, mention: str = "", *, by: Identity) -> Comment:
    """Lets *by* say *text* about *entry*; *mention* is the id of somebody whom the text need not name.

    Raises :class:`Refused` without a text or with too long a one.
    """
    demand(by, Permission.VIEW, entry)
    people = colleagues(session, entry)
    text = _addressed(_acceptable(text), mention, people)
    comment = Comment(
        register=entry.slug,
        entry_id=entry.id,
        subject=str(entry)[:300],
        text=text,
        author_id=by.person_id,
        author=by.name,
        written_at=now(),
    )
    session.add(comment)
    for person in asked(text, people):
        session.add(_mention(comment, person))
    return comment


def _acceptable(text: str) -> str:
    tidied = tidy(text).strip()
    if not tidied:
        raise Refused(_NO_TEXT)
    if len(tidied) > LONGEST:
        raise Refused(_TOO_LONG.format(longest=LONGEST))
    return tidied


def _addressed(text: str, mention: str, people: Sequence[Colleague]) -> str:
    """*text*, beginning with the name of the person chosen beside it unless it names them already."""
    chosen = next((one for one in people if one.id.hex == mention), None)
    return text if chosen is None or chosen in asked(text, people) else f"@{chosen.name} {text}"


def _mention(comment: Comment, person: Colleague) -> Mention:
    return Mention(
        register=comment.register,
        entry_id=comment.entry_id,
        comment_id=comment.id,
        person_id=person.id,
        name=person.name,
    )


def change_comment(session: Session, entry: Entry, comment: Comment, text: str, *, by: Identity) -> None:
    """Puts another text in place of what *by* wrote; asks whom it newly names, and nobody else any more."""
    _demand_author(comment, by)
    text = _acceptable(text)
    if text == comment.text:
        return
    comment.text = text
    comment.edited_at = now()
    present = {one.person_id: one for one in _mentions(session, entry) if one.comment_id == comment.id}
    wanted = {one.id: one for one in asked(text, colleagues(session, entry))}
    for identity in wanted.keys() - present.keys():
        session.add(_mention(comment, wanted[identity]))
    for identity in present.keys() - wanted.keys():
        session.delete(present[identity])


def delete_comment(session: Session, entry: Entry, comment: Comment, *, by: Identity) -> None:
    """Takes back what *by* wrote; nobody is asked any more."""
    _demand_author(comment, by)
    for mention in _mentions(session, entry):
        if mention.comment_id == comment.id:
            session.delete(mention)
    session.delete(comment)


def is_changeable(comment: Comment, by: Identity) -> bool:
    """Whether *by* may still change or delete it."""
    written = comment.written_at
    return comment.author_id == by.person_id and written is not None and now() - written < CHANGEABLE


def _demand_author(comment: Comment, by: Identity) -> None:
    if comment.author_id != by.person_id:
        raise Forbidden(_NOT_YOURS)
    if not is_changeable(comment, by):
        raise Refused(_TOO_LATE.format(minutes=CHANGEABLE.seconds // 60))


def finish(session: Session, entry: Entry, identity: str, *, by: Identity) -> None:
    """Takes off the desk of *by* what somebody asked. Raises :class:`NotFound` if nobody asked them."""
    demand(by, Permission.VIEW, entry)
    mine = (one for one in _mentions(session, entry) if one.id.hex == identity)
    mention = next((one for one in mine if one.person_id == by.person_id), None)
    if mention is None:
        raise NotFound(_GONE)
    if mention.done_at is None:
        mention.done_at = now()


# --- Reading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One comment as its reader sees it."""

    comment: Comment
    pieces: Sequence[tuple[bool, str]]
    """The text; true stands before the name of somebody who is asked."""
    waiting: Mention | None
    """What the reader is asked by it and has not done yet."""
    is_changeable: bool
    """Whether the reader may change or delete it."""


def conversation(session: Session, entry: Entry, reader: Identity) -> list[Said]:
    """Everything said about *entry*, the oldest first."""
    query = select(Comment).where(Comment.entry_id == entry.id).order_by(Comment.id)
    comments = session.scalars(query).all()
    mentions: dict[uuid.UUID, list[Mention]] = {comment.id: [] for comment in comments}
    for mention in _mentions(session, entry) if comments else ():
        mentions[mention.comment_id].append(mention)
    return [_said(comment, mentions, reader) for comment in comments]


def _said(comment: Comment, mentions: Mapping[uuid.UUID, Sequence[Mention]], reader: Identity) -> Said:
    asking = mentions[comment.id]
    mine = (one for one in asking if one.person_id == reader.person_id and one.done_at is None)
    pieces = marked(comment.text, [one.name for one in asking])
    return Said(comment, pieces, next(mine, None), is_changeable(comment, reader))


def _mentions(session: Session, entry: Entry) -> Sequence[Mention]:
    return session.scalars(select(Mention).where(Mention.entry_id == entry.id).order_by(Mention.id)).all()


def comment_of(session: Session, entry: Entry, identity: str) -> Comment:
    """The comment with that id, if it is about *entry*. Raises :class:`NotFound`."""
    try:
        wanted = uuid.UUID(identity)
    except ValueError as error:
        raise NotFound(_GONE) from error
    found = session.scalar(select(Comment).where(Comment.id == wanted, Comment.entry_id == entry.id))
    if found is None:
        raise NotFound(_GONE)
    return found


_GONE = Text("Diesen Kommentar gibt es nicht.", "There is no such comment.")
_NO_TEXT = Text("Bitte schreiben Sie einen Text.", "Please write a text.")
_TOO_LONG = Text(
    "Ein Kommentar darf höchstens {longest} Zeichen haben.",
    "A comment may have at most {longest} characters.",
)
_NOT_YOURS = Text(
    "Einen Kommentar ändert nur, wer ihn geschrieben hat.", "Only its author can change a comment."
)
_TOO_LATE = Text(
    "Ein Kommentar lässt sich {minutes} Minuten lang ändern; danach schreiben Sie bitte einen neuen.",
    "A comment can be changed for {minutes} minutes; after that please write a new one.",
)
