"""Ten thousand processing activities with rows, for measuring what daily work costs."""

from __future__ import annotations

import random
import uuid
from datetime import date, timedelta
from pathlib import Path

from compliance.app import assemble
from compliance.config import Settings
from compliance.crypto import new_token, token_hash
from compliance.database import Actor, now
from compliance.entry import Entry, State
from compliance.fields import Span, TimeUnit
from compliance.migrations import upgrade
from compliance.people import LegalForm, Membership, Organisation, Person, Role, SignIn, Unit
from compliance.web.site import Site
from registers.countries import COUNTRIES
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    Stage,
    StartType,
    Subjects,
)
from registers.processors import Processor

_WORDS = [
    "Antrag",
    "Bescheid",
    "Meldung",
    "Einwohner",
    "Gebühr",
    "Abgabe",
    "Steuer",
    "Schule",
    "Kita",
    "Wohngeld",
    "Personal",
    "Akte",
    "Archiv",
    "Gewerbe",
    "Ausweis",
    "Führerschein",
    "Bücherei",
    "Feuerwehr",
    "Friedhof",
    "Parken",
    "Übermittlung",
    "Prüfung",
    "Löschung",
    "Straße",
]
ACTOR = Actor("Messung")
BATCH = 250


class City:
    """An installation with *count* activities, and somebody signed in to it."""

    def __init__(self, folder: Path, count: int, database: str = "") -> None:
        self._chance = random.Random(1)
        address = database or f"sqlite:///{folder / 'bench.db'}"
        self.site: Site = assemble(Settings(database=address, data=folder, secret_key="b" * 40))
        upgrade(self.site.database.engine)
        self.token = new_token()
        self.organisation = self._people()
        self._registers(count)

    def _people(self) -> uuid.UUID:
        with self.site.database.writing(actor=ACTOR) as session:
            organisation = Organisation(name="Messstadt", land="SH", legal_form=LegalForm.AUTHORITY)
            person = Person(name="Mess", email="mess@example.org", language="de", active=True)
            session.add_all([organisation, person])
            session.flush()
            roles = (Role.DSB, Role.PROJECT_LEAD)
            session.add_all(
                Membership(person_id=person.id, organisation_id=organisation.id, role=role) for role in roles
            )
            session.add(
                SignIn(
                    token_hash=token_hash(self.token),
                    person_id=person.id,
                    organisation_id=organisation.id,
                    until=now() + timedelta(hours=4),
                )
            )
            return organisation.id

    def _registers(self, count: int) -> None:
        with self.site.database.writing(self.organisation, actor=ACTOR) as session:
            self._units = [Unit(name=f"Fachbereich {number}", key=str(number)) for number in range(1, 21)]
            session.add_all(self._units)
        with self.site.database.writing(self.organisation, actor=ACTOR) as session:
            self._processors = [
                Processor(name=f"Firma {number}", country=COUNTRIES["DE"], unit=self._units[0])
                for number in range(50)
            ]
            session.add_all(self._processors)
        for start in range(0, count, BATCH):
            with self.site.database.writing(self.organisation, actor=ACTOR) as session:
                session.add_all(self._activity(start + offset) for offset in range(min(BATCH, count - start)))
        with self.site.database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")

    def _activity(self, number: int) -> Entry:
        chance = self._chance
        return ProcessingActivity(
            name=f"{self._words(3)} {number}",
            unit=chance.choice(self._units),
            stage=chance.choice(list(Stage)),
            state=chance.choice([State.DRAFT, State.REVIEW, State.IMPORTED]),
            description=self._words(25),
            contact=self._words(3),
            purposes=[
                Purpose(text=self._words(6), legal_basis=LegalBasis.PUBLIC_TASK, norm="BMG") for _ in "ab"
            ],
            subjects=tuple(chance.sample(list(Subjects), 2)),
            data=[
                DataCategory(
                    text=self._words(3), period=Span(10, TimeUnit.Y), start_type=StartType.END_OF_CASE
                )
                for _ in "abc"
            ],
            recipients=[
                Recipient(text=self._words(2), kind=RecipientKind.AUTHORITY, country=COUNTRIES["DE"])
                for _ in "ab"
            ],
            processors=chance.sample(self._processors, 2),
            third_country=chance.choice([None, False]),
            measures=self._words(25),
            erasure=self._words(12),
            next_review=date(2026, 1, 1) + timedelta(days=number % 900),
        )

    def _words(self, count: int) -> str:
        return " ".join(self._chance.choice(_WORDS) for _ in range(count))
