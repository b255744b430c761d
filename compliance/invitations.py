"""Invitations by which a person without an account answers about exactly one row of one entry.

The address is all that is needed, so it holds a random token of which only the hash is kept.
It ends by itself, can be revoked, and stops working for good once it was used. What is
unknown, revoked or past looks the same to whoever tries it: like nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, demand
from compliance.config import Settings
from compliance.crypto import new_token, token_hash
from compliance.database import Base, Database, new_id, now, today
from compliance.entry import Entry, Record
from compliance.errors import Refused
from compliance.fields import line, moment, tidy_line
from compliance.language import LANGUAGES, LOCAL_TIME, Text, shown_day
from compliance.mail import Message, is_address

GRACE: Final = timedelta(days=14)
"""So long after the day by which an answer is requested an address still works."""
LONGEST: Final = timedelta(days=366)
"""So far ahead may that day lie."""


class Invitation(Record):
    """That somebody is asked about one row of one entry, and what became of it."""

    register: Mapped[str] = line("Register", "Register", fixed=True)
    entry_id: Mapped[uuid.UUID]
    part_id: Mapped[uuid.UUID]
    name: Mapped[str] = line("Eingeladen", "Invited", personal=True, fixed=True)
    email: Mapped[str] = line("E-Mail", "E-mail", personal=True, secret=True, fixed=True)
    language: Mapped[str] = line("Sprache", "Language", length=2, fixed=True)
    invited_by: Mapped[str] = line("Eingeladen von", "Invited by", personal=True, fixed=True)
    made_at: Mapped[datetime | None] = moment("Eingeladen am", "Invited on", fixed=True)
    until: Mapped[datetime | None] = moment("Gültig bis", "Valid until", fixed=True)
    mailed_at: Mapped[datetime | None] = moment("E-Mail gesendet am", "E-mail sent on", fixed=True)
    opened_at: Mapped[datetime | None] = moment("Erstmals geöffnet am", "First opened on", fixed=True)
    answered_at: Mapped[datetime | None] = moment("Beantwortet am", "Answered on", fixed=True)
    revoked_at: Mapped[datetime | None] = moment("Widerrufen am", "Revoked on", fixed=True)

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "entry_id")

    @property
    def is_in_force(self) -> bool:
        """Whether its addresses still lead somewhere."""
        return self.revoked_at is None and self.until is not None and self.until > now()

    @property
    def is_open(self) -> bool:
        """Whether an answer can still be given by it."""
        return self.is_in_force and self.answered_at is None


class InvitationLink(Base):
    """One address of an invitation; a reminder brings another one, because the first cannot be told again."""

    __tablename__ = "invitation_link"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    invitation_id: Mapped[uuid.UUID]
    made_at: Mapped[datetime] = mapped_column(default=now)


# --- Inviting ------------------------------------------------------------------------------------


def invite(
    session: Session, entry: Entry, part_id: uuid.UUID, *, name: str, email: str, due: date, by: Identity
) -> tuple[Invitation, str]:
    """Invites somebody to answer about the row *part_id* of *entry*; gives the token, which is kept nowhere.

    Without *email* the address is passed on by hand. An earlier invitation to the same row is
    revoked. Raises :class:`Refused` for what is no e-mail address, and for a day that is past or
    too far ahead.
    """
    demand(by, Permission.EDIT, entry)
    address = tidy_line(email)
    if address and not is_address(address):
        raise Refused(_NO_ADDRESS)
    if not today() <= due <= today() + LONGEST:
        raise Refused(_BAD_DAY)
    for earlier in invitations_about(session, entry):
        if earlier.part_id == part_id and earlier.is_open:
            earlier.revoked_at = now()
    made = Invitation(
        id=new_id(),
        register=entry.slug,
        entry_id=entry.id,
        part_id=part_id,
        name=tidy_line(name)[:200],
        email=address,
        language=by.language if by.language in LANGUAGES else LANGUAGES[0],
        invited_by=by.name,
        made_at=now(),
        until=datetime.combine(due, time.max, LOCAL_TIME) + GRACE,
    )
    made.organisation_id = entry.organisation_id
    session.add(made)
    return made, another_link(session, made)


def another_link(session: Session, invitation: Invitation) -> str:
    """One more address of *invitation*, as its token."""
    token = new_token()
    session.add(
        InvitationLink(
            token_hash=token_hash(token),
            organisation_id=invitation.organisation_id,
            invitation_id=invitation.id,
        )
    )
    return token


def revoke(session: Session, entry: Entry, identity: str, *, by: Identity) -> None:
    """Makes every address of one invitation useless. Does nothing where there is no such open invitation."""
    demand(by, Permission.EDIT, entry)
    for invitation in invitations_about(session, entry):
        if invitation.id.hex == identity and invitation.is_open:
            invitation.revoked_at = now()


# --- Finding -------------------------------------------------------------------------------------


def link_called(database: Database, token: str) -> InvitationLink | None:
    """Where *token* leads, in whichever organisation; whether it may be used is another question."""
    with database.reading() as session:
        return session.get(InvitationLink, token_hash(token))


def invitation_of(session: Session, link: InvitationLink) -> Invitation | None:
    """The invitation to which *link* belongs, if it is in force."""
    found = session.scalar(select(Invitation).where(Invitation.id == link.invitation_id))
    return found if found is not None and found.is_in_force else None


def invitations_about(session: Session, entry: Entry) -> Sequence[Invitation]:
    """Every invitation about *entry*, the newest first."""
    query = select(Invitation).where(Invitation.entry_id == entry.id)
    return session.scalars(query.order_by(Invitation.id.desc())).all()


# --- Telling -------------------------------------------------------------------------------------


def address_of(settings: Settings, token: str, here: str = "") -> str:
    """Where *token* is used; *here* is where the application answers if the operator does not say."""
    return f"{(settings.address or here).rstrip('/')}/participation/{token}"


def invitation_message(invitation: Invitation, organisation: str, due: date, address: str) -> Message:
    """The message with the address, and nothing of what it is about."""
    return _message(invitation, _SUBJECT, _BODY, organisation, due, address)


def reminder_message(invitation: Invitation, organisation: str, due: date, address: str) -> Message:
    """The reminder before the day by which an answer is requested."""
    return _message(invitation, _REMINDER_SUBJECT, _REMINDER, organisation, due, address)


def _message(
    invitation: Invitation, subject: Text, body: Text, organisation: str, due: date, address: str
) -> Message:
    language = invitation.language
    words = body.format(organisation=organisation, day=shown_day(due, language), address=address)
    return Message(invitation.email, subject[language], words[language])


_SUBJECT = Text("Bitte um Ihre Antwort", "Request for your answer")
_BODY = Text(
    "Guten Tag,\n\n{organisation} bittet Sie um Ihre Antwort zu einem Vorhaben, bei dem personenbezogene "
    "Daten verarbeitet werden. Unter dieser Adresse lesen Sie, worum es geht, und antworten ohne "
    "Anmeldung bis zum {day}:\n\n{address}\n\nDie Adresse gilt nur für Sie; bitte geben Sie sie nicht "
    "weiter. Haben Sie mit der Sache nichts zu tun, ist nichts zu tun.\n",
    "Dear Sir or Madam,\n\n{organisation} asks for your answer about a project that processes personal "
    "data. At this address you can read what it is about and answer without signing in until "
    "{day}:\n\n{address}\n\nThe address is for you alone; please do not pass it on. If you have nothing to "
    "do with the matter, there is nothing to do.\n",
)
_REMINDER_SUBJECT = Text("Erinnerung: Bitte um Ihre Antwort", "Reminder: request for your answer")
_REMINDER = Text(
    "Guten Tag,\n\n{organisation} hat Sie um eine Antwort bis zum {day} gebeten. Sie ist noch nicht "
    "eingegangen. Hier lesen Sie, worum es geht, und antworten ohne Anmeldung:\n\n{address}\n\n"
    "An dieselbe Sache wird nicht noch einmal erinnert.\n",
    "Dear Sir or Madam,\n\n{organisation} asked for your answer until {day}. It has not arrived yet. Here "
    "you can read what it is about and answer without signing in:\n\n{address}\n\nYou will not be reminded "
    "of the same matter again.\n",
)
_NO_ADDRESS = Text("Das ist keine E-Mail-Adresse.", "This is not an e-mail address.")
_BAD_DAY = Text(
    "Bitte wählen Sie einen Tag zwischen heute und einem Jahr.",
    "Please choose a day between today and a year from now.",
)
