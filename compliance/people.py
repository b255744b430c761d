"""Organisations, their units, the people who work there, and who is signed in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.database import Base, new_id, now
from compliance.entry import Journalled, Record
from compliance.fields import Term, WordType, choice, flag, line, reference
from compliance.language import Text


class Role(Term):
    """What a person is for an organisation; grants stand in :mod:`compliance.access`."""

    ADMINISTRATOR = Text("Administration", "Administrator")
    DSB = Text("Datenschutzbeauftragte", "Data protection officer")
    ISB = Text("Informationssicherheitsbeauftragte", "Information security officer")
    COORDINATOR = Text("Datenschutzkoordination", "Privacy coordinator")
    PROJECT_LEAD = Text("Projektleitung", "Project lead")
    MANAGEMENT = Text("Leitung", "Management")
    ARCHIVE = Text("Archiv", "Archive")
    AUDITOR = Text("Prüfung", "Auditor")
    READER = Text("Lesezugriff", "Reader")


class LegalForm(Term):
    """Decides which rules hold: a city performs public tasks, its company competes."""

    AUTHORITY = Text("Behörde oder Körperschaft des öffentlichen Rechts", "Public authority")
    COMPANY = Text("Unternehmen in kommunaler Hand", "Company owned by a municipality")


class Organisation(Journalled):
    """A controller (Verantwortlicher) with registers of its own: a city, a school association, a company."""

    name: Mapped[str] = line("Name", "Name", expected=True)
    legal_form: Mapped[LegalForm | None] = choice(LegalForm, "Rechtsform", "Legal form", expected=True)
    land: Mapped[str] = line("Land (Kürzel)", "Land (code)", length=8, expected=True)
    public_name: Mapped[str] = line("Name in öffentlichen Adressen", "Name in public addresses", length=60)
    public_register: Mapped[bool | None] = flag(
        "Öffentliches Verzeichnis eingeschaltet", "Public register switched on"
    )
    public_desk: Mapped[bool | None] = flag("Öffentliche Formulare eingeschaltet", "Public forms switched on")
    unneeded: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Registers that belong to steps which nothing in the organisation takes, by their slugs.

    Menus leave them out. It follows from other entries, whose change the journal holds already.
    """


class Unit(Record):
    """A part of an organisation that answers for entries: a department, an office, an agency."""

    name: Mapped[str] = line("Bezeichnung", "Name", expected=True)
    key: Mapped[str] = line("Kennziffer", "Key", length=40)
    parent: Mapped[Any] = reference("Unit", "Übergeordnete Einheit", "Parent unit")

    if TYPE_CHECKING:
        parent_id: Mapped[uuid.UUID | None]

    def __str__(self) -> str:
        return f"{self.key} {self.name}".strip()


class Person(Journalled):
    """Somebody who can sign in."""

    name: Mapped[str] = line("Name", "Name", personal=True)
    email: Mapped[str] = line("E-Mail", "E-mail", personal=True)
    language: Mapped[str] = line("Sprache", "Language", length=2)
    active: Mapped[bool | None] = flag("Aktiv", "Active")
    password_hash: Mapped[str] = mapped_column(String(200), default="", server_default="")

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "email", unique=True)


class Membership(Base):
    """One role of one person in one organisation, perhaps in one unit only, perhaps until a day."""

    __tablename__ = "membership"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(WordType(Role))
    unit_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    until: Mapped[date | None] = mapped_column(default=None)


class SignIn(Base):
    """A person at one browser; deleting the row signs that browser out."""

    __tablename__ = "sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    began: Mapped[datetime] = mapped_column(default=now)
    seen: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime]
    browser: Mapped[str] = mapped_column(String(200), default="", server_default="")


class CalendarFeed(Base):
    """The address at which a calendar program reads one person's deadlines; deleting the row revokes it."""

    __tablename__ = "calendar_feed"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column()
    began: Mapped[datetime] = mapped_column(default=now)


class SignInAttempt(Base):
    """A sign-in that failed; too many of them make an account wait."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


def land_of(session: Session, organisation_id: uuid.UUID) -> str:
    """Code of the Land of an organisation, whose holidays and laws hold; empty if there is none."""
    known: dict[uuid.UUID, str] = session.info.setdefault("lands", {})
    if organisation_id not in known:
        query = select(Organisation.land).where(Organisation.id == organisation_id)
        known[organisation_id] = session.scalar(query) or ""
    return known[organisation_id]


def public_name_of(session: Session, organisation_id: uuid.UUID) -> str:
    """The name in the addresses of the public register of an organisation; empty while it is switched off."""
    query = select(Organisation.public_name).where(
        Organisation.id == organisation_id, Organisation.public_register.is_(True)
    )
    return session.scalar(query) or ""


def legal_form_of(session: Session, organisation_id: uuid.UUID) -> LegalForm:
    """What an organisation is, on which rules and lists depend; an authority where nobody said."""
    known: dict[uuid.UUID, LegalForm] = session.info.setdefault("legal forms", {})
    if organisation_id not in known:
        query = select(Organisation.legal_form).where(Organisation.id == organisation_id)
        known[organisation_id] = session.scalar(query) or LegalForm.AUTHORITY
    return known[organisation_id]


class PublicPost(Base):
    """A public form that was sent; too many of them make a sender wait."""

    __tablename__ = "public_post"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    place: Mapped[str] = mapped_column(String(32), index=True)
    """Whose form it was, as a word."""
    sender: Mapped[str] = mapped_column(String(64), index=True)
    """A mark of the address it came from, which tells nothing about it."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)


def units_below(session: Session) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """Every unit of the organisation with itself and everything below it."""
    parents = {row.id: row.parent_id for row in session.execute(select(Unit.id, Unit.parent_id))}
    below: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for unit in parents:
        above: uuid.UUID | None = unit
        while above is not None and unit not in below[above]:
            below[above].add(unit)
            above = parents.get(above)
    return {unit: frozenset(units) for unit, units in below.items()}


_HASHER = PasswordHasher()


@cache
def _nobody() -> str:
    """What the password of somebody who does not exist is compared with, so that it takes as long."""
    return _HASHER.hash("nobody has this password")


def set_password(person: Person, password: str) -> None:
    """Gives *person* a password, kept as argon2id."""
    person.password_hash = _HASHER.hash(password)


def password_fits(person: Person | None, password: str) -> bool:
    """Whether *password* is that of *person*; takes as long when there is no such person."""
    try:
        _HASHER.verify(person.password_hash if person and person.password_hash else _nobody(), password)
    except VerifyMismatchError:
        return False
    return bool(person and person.password_hash and person.active)
