"""A made-up city for tests: its units, its people, and a neighbour that must never be seen."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from compliance.access import Grant, Identity
from compliance.app import assemble
from compliance.config import Settings
from compliance.crypto import new_token, token_hash
from compliance.database import Actor, Base, now
from compliance.entry import Entry, everything
from compliance.people import LegalForm, Membership, Organisation, Person, Role, SignIn, Unit
from compliance.web.site import Site
from tests.databases import experienced

FOUNDER = Actor("Gründung")


@dataclass(frozen=True)
class City:
    """One organisation as tests see it."""

    site: Site
    organisation: Organisation
    units: Mapping[str, Unit] = field(default_factory=dict)
    """``department`` with ``office`` below it, and ``other`` beside them."""
    people: Mapping[Role, Person] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        return self.organisation.id

    def identity(self, role: Role) -> Identity:
        """The person with *role* at work, for functions that ask who acts."""
        person = self.people[role]
        return Identity(person.id, person.name, self.id, self.organisation.name, "de", (Grant(role),))

    def actor(self, role: Role) -> Actor:
        """The person with *role* as the journal names them."""
        return Actor(self.people[role].name, self.people[role].id)

    def save(self, *things: Base, by: Role | None = None) -> None:
        """Saves new *things* in this organisation."""
        with self.site.database.writing(self.id, actor=self.actor(by) if by else FOUNDER) as session:
            session.add_all(things)

    def change(self, entry: Entry, *, by: Role | None = None, **values: Any) -> Entry:
        """Assigns *values* to the stored *entry*; returns it as it then is."""
        with self.site.database.writing(self.id, actor=self.actor(by) if by else FOUNDER) as session:
            stored = session.get_one(type(entry), (self.id, entry.id), options=everything(type(entry)))
            for name, value in values.items():
                setattr(stored, name, value)
        return stored

    def stored(self, entry: Entry) -> Any:
        """*entry* as it lies in the database."""
        with self.site.database.reading(self.id) as session:
            return session.get_one(type(entry), (self.id, entry.id), options=everything(type(entry)))


def found_city(site: Site, name: str = "Stadt Musterförde") -> City:
    """An organisation with units and, for each role, one person who has it everywhere."""
    organisation = Organisation(name=name, legal_form=LegalForm.AUTHORITY, land="SH")
    with site.database.writing(actor=FOUNDER) as session:
        session.add(organisation)
    units = _units(site, organisation)
    people = {role: _person(f"{role.text.de} {name}") for role in Role}
    with site.database.writing(actor=FOUNDER) as session:
        session.add_all(people.values())
        session.flush()
        session.add_all(_membership(organisation, person, role) for role, person in people.items())
    return City(site, organisation, units, people)


def stored_city(site: Site) -> City:
    """The city that :func:`found_city` has founded in the database of *site* before it was copied."""
    found = demo_city(site)
    with site.database.reading(found.id) as session:
        by_key = {unit.key: unit for unit in session.scalars(select(Unit).options(*everything(Unit)))}
    return replace(found, units={place: by_key[key] for place, key in _KEYS.items()})


def demo_city(site: Site) -> City:
    """The demo city of *site*, with the people who have a role in all of it."""
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation)).one()
        query = select(Membership.role, Person).join(Person, Person.id == Membership.person_id)
        people = {row[0]: row[1] for row in session.execute(query.where(Membership.unit_id.is_(None)))}
    return City(site, organisation, people=people)


def demo_copy(template: Path, folder: Path, **settings: Any) -> Site:
    """An installation in *folder* with its own copy of the demo city that lies in *template*."""
    shutil.copytree(template, folder)
    # With its own key, or what is sealed could not be opened.
    address = {"NACHWEIS_DATABASE": f"sqlite:///{folder / 'nachweis.db'}", "NACHWEIS_DATA": str(folder)}
    return experienced(assemble(replace(Settings.from_environ(address), **settings)))


_KEYS: Final = {"department": "1", "office": "1.1", "other": "2"}


def _units(site: Site, organisation: Organisation) -> dict[str, Unit]:
    department = Unit(name="Dezernat I", key=_KEYS["department"])
    office = Unit(name="Bürgeramt", key=_KEYS["office"], parent=department)
    other = Unit(name="Dezernat II", key=_KEYS["other"])
    with site.database.writing(organisation.id, actor=FOUNDER) as session:
        session.add_all((department, office, other))
    return {"department": department, "office": office, "other": other}


def add_person(
    city: City,
    *roles: Role,
    unit: Unit | None = None,
    until: date | None = None,
    name: str = "",
    language: str = "de",
) -> Person:
    """Somebody with *roles*, perhaps in one unit only, perhaps until a day."""
    person = _person(name or f"{roles[0].text.de} {city.organisation.name}", language)
    with city.site.database.writing(actor=FOUNDER) as session:
        session.add(person)
        session.flush()
        session.add_all(_membership(city.organisation, person, role, unit, until) for role in roles)
    return person


def _person(name: str, language: str = "de") -> Person:
    return Person(name=name, email=f"{uuid.uuid4().hex}@stadt.example", language=language, active=True)


def _membership(
    organisation: Organisation,
    person: Person,
    role: Role,
    unit: Unit | None = None,
    until: date | None = None,
) -> Membership:
    return Membership(
        person_id=person.id,
        organisation_id=organisation.id,
        role=role,
        unit_id=unit.id if unit else None,
        until=until,
    )


def sign_in(city: City, person: Person) -> str:
    """Signs *person* in without a password; gives the token of the cookie."""
    token = new_token()
    with city.site.database.writing(actor=FOUNDER) as session:
        session.add(
            SignIn(
                token_hash=token_hash(token),
                person_id=person.id,
                organisation_id=city.id,
                until=now() + timedelta(hours=12),
            )
        )
    return token
