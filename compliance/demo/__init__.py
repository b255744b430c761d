"""An invented city to show the application and to learn it; see :mod:`compliance.demo.registers`."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from compliance.access import Grant, Identity
from compliance.database import Actor
from compliance.demo.audits import load_audits
from compliance.demo.beside import load_beside
from compliance.demo.catalogues import load_catalogues
from compliance.demo.checks import load_checks
from compliance.demo.described import load_described
from compliance.demo.dpia import load_dpias, release_dpias
from compliance.demo.grundschutz import load_grundschutz
from compliance.demo.norms import load_norms
from compliance.demo.plans import load_plans
from compliance.demo.prescans import load_prescans
from compliance.demo.projects import check_sensors, load_project_decisions
from compliance.demo.publications import load_publications
from compliance.demo.registers import LAND, ORGANISATION, register_entries, units
from compliance.demo.reviews import load_reviews
from compliance.demo.risks import load_risks
from compliance.demo.scenarios import load_scenarios
from compliance.demo.work import load_work
from compliance.entry import Entry, State, everything
from compliance.errors import Refused
from compliance.language import Text
from compliance.people import LegalForm, Membership, Organisation, Person, Role, set_password
from compliance.release import Step, take
from compliance.web.site import Site
from registers.importing.sdm import import_generic
from registers.processing import ProcessingActivity
from registers.recognition import shelf

PASSWORD: Final = "wardersund-demo"  # noqa: S105 -- printed on purpose: the demo city is open to everybody


@dataclass(frozen=True)
class DemoSignIn:
    """A person of the demo city."""

    email: str
    name: str
    role: Role
    unit: str = ""
    """Key of the unit to which the role is limited."""


SIGN_INS: Final = (
    DemoSignIn("datenschutz@wardersund.example", "Dr. Frauke Lindner", Role.DSB),
    DemoSignIn("sicherheit@wardersund.example", "Henrik Sörensen", Role.ISB),
    DemoSignIn("koordination@wardersund.example", "Ayla Demir", Role.COORDINATOR),
    DemoSignIn("projekt@wardersund.example", "Jonas Brandt", Role.PROJECT_LEAD),
    DemoSignIn("leitung@wardersund.example", "Katharina Voss", Role.MANAGEMENT),
    DemoSignIn("archiv@wardersund.example", "Gesine Petersen", Role.ARCHIVE),
    DemoSignIn("pruefung@wardersund.example", "Marta Nowak", Role.AUDITOR),
    DemoSignIn("lesen@wardersund.example", "Timo Sievers", Role.READER),
    DemoSignIn("verwaltung@wardersund.example", "Birte Hansen", Role.ADMINISTRATOR),
)


@dataclass(frozen=True)
class Loaded:
    """What the demo city consists of."""

    organisation: str
    counts: dict[str, int]
    sign_ins: tuple[DemoSignIn, ...]


def load(site: Site) -> Loaded:
    """Fills an empty installation. Raises :class:`Refused` if it already has an organisation."""
    with site.database.reading() as session:
        if session.scalar(select(Organisation.id).limit(1)) is not None:
            raise Refused(_NOT_EMPTY)
    organisation = _found(site)
    people = _people(site, organisation)
    wanted = _registers(site, organisation)
    load_dpias(site, organisation, people)
    _release(site, organisation, people[Role.MANAGEMENT], wanted)
    release_dpias(site, organisation, people)
    load_publications(site, organisation, people)
    load_grundschutz(site, organisation, people[Role.ISB])
    load_catalogues(site, organisation, people[Role.ISB])
    check_sensors(site, organisation, people[Role.ISB])
    load_project_decisions(site, organisation, people)
    load_work(site, organisation, people)
    load_beside(site, organisation, people)
    load_prescans(site, organisation, people)
    load_reviews(site, organisation, people)
    load_scenarios(site, organisation, people)
    load_risks(site, organisation, people)
    load_audits(site, organisation, people[Role.ISB])
    load_plans(site, organisation, people)
    load_described(site, organisation, people)
    load_checks(site, organisation, people[Role.ISB])
    return Loaded(ORGANISATION, _counts(site, organisation), SIGN_INS)


def is_loaded(site: Site) -> bool:
    """Whether this installation holds the demo city, whose sign-ins are no secret."""
    with site.database.reading() as session:
        return session.scalar(select(Person.id).where(Person.email == SIGN_INS[0].email)) is not None


_ACTOR: Final = Actor("Einrichtung der Demo")


def _found(site: Site) -> uuid.UUID:
    with site.database.writing(actor=_ACTOR) as session:
        organisation = Organisation(name=ORGANISATION, land=LAND, legal_form=LegalForm.AUTHORITY)
        session.add(organisation)
        session.flush()
        return organisation.id


def _people(site: Site, organisation: uuid.UUID) -> dict[Role, Identity]:
    found = {}
    with site.database.writing(actor=_ACTOR) as session:
        everybody = [Person(name=one.name, email=one.email, language="de", active=True) for one in SIGN_INS]
        # Hashing is slow on purpose, and it is the same password for everybody.
        set_password(everybody[0], PASSWORD)
        for person in everybody[1:]:
            person.password_hash = everybody[0].password_hash
        session.add_all(everybody)
        session.flush()
        for entry, person in zip(SIGN_INS, everybody, strict=True):
            session.add(Membership(person_id=person.id, organisation_id=organisation, role=entry.role))
            grants = (Grant(entry.role),)
            found[entry.role] = Identity(person.id, entry.name, organisation, ORGANISATION, "de", grants)
    return found


def _registers(site: Site, organisation: uuid.UUID) -> list[tuple[type[Entry], uuid.UUID, State]]:
    wanted = []
    with site.database.writing(organisation, actor=_ACTOR) as session:
        session.info["action"] = "demo"
        known = units()
        session.add_all(known.values())
        session.flush()
        load_norms(session, LAND)
        session.info["action"] = "demo"
        import_generic(session)
        session.info["action"] = "demo"
        for model, group in itertools.groupby(register_entries(known), lambda demo: type(demo.entry)):
            # Activities come after the norms and services that they name.
            norms = shelf(session) if model is ProcessingActivity else None
            for demo in group:
                if norms is not None and isinstance(demo.entry, ProcessingActivity):
                    norms.link(demo.entry)
                demo.entry.state = State.IMPORTED if demo.state is State.IMPORTED else State.DRAFT
                session.add(demo.entry)
                wanted.append((model, demo.entry.id, demo.state))
            # Running numbers follow the order of the files.
            session.flush()
    return wanted


def _release(
    site: Site,
    organisation: uuid.UUID,
    management: Identity,
    wanted: list[tuple[type[Entry], uuid.UUID, State]],
) -> None:
    """Takes every entry as far as its findings allow, register by register."""
    by_register: defaultdict[type[Entry], dict[uuid.UUID, State]] = defaultdict(dict)
    for model, identity, state in wanted:
        if state in (State.REVIEW, State.RELEASED):
            by_register[model][identity] = state
    with site.database.writing(organisation, actor=Actor(management.name, management.person_id)) as session:
        for model, states in by_register.items():
            query = select(model).where(model.id.in_(states)).order_by(model.number)
            entries = session.scalars(query.options(*everything(model))).all()
            for entry in entries:
                entry.state = State.REVIEW
            session.info["action"] = Step.SUBMIT
            session.flush()
            for entry in entries:
                if states[entry.id] is State.RELEASED:
                    with suppress(Refused):
                        take(session, entry, Step.RELEASE, by=management)
            session.flush()


def _counts(site: Site, organisation: uuid.UUID) -> dict[str, int]:
    with site.database.reading(organisation) as session:
        counts = Counter(
            {model.slug: len(session.scalars(select(model.id)).all()) for model in site.registers.values()}
        )
    return dict(counts)


_NOT_EMPTY = Text(
    "Die Demostadt braucht eine leere Installation; hier gibt es bereits eine Organisation.",
    "The demo city needs an empty installation; there already is an organisation here.",
)
