"""An information domain as large as a city's, for measuring what the IT-Grundschutz check costs."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from assessments.described.answers import bases
from assessments.described.description import MeasuresTaken
from assessments.grundschutz.check import RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.database import Actor
from compliance.people import Membership, Role
from compliance.web.site import Site
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from registers.processing import ProcessingActivity

OBJECTS, ASSIGNMENTS, ANSWERS = 150, 400, 9000
DESCRIPTIONS = 60
"""So many activities describe their measures in words that rest on the answers."""
_ACTOR: Final = Actor("Messung")
_BATCH: Final = 1500
_MODULES: Final = (
    "APP.4.2", "NET.1.1", "SYS.1.1", "INF.14", "NET.3.2", "SYS.2.1", "DER.3.1", "SYS.3.2.1", "SYS.1.7",
    "INF.13", "NET.1.2", "NET.3.1", "INF.1", "APP.4.6", "INF.2", "SYS.1.6", "SYS.1.8",
)  # fmt: skip
"""Large ones, so that as many requirements are asked as the bar says."""
_STATUSES: Final = (Status.YES, Status.YES, Status.PARTIAL, Status.YES, Status.NO, Status.UNNECESSARY)


@dataclass(frozen=True)
class Made:
    """A domain that is stored, and where its pages are."""

    number: int
    assignment: str
    """Id of one assigned module, as addresses call it."""
    requirement: str
    """One requirement of it, answered in version 1."""
    described: str
    """Another one, on which descriptions rest."""
    assignments: int
    answers: int

    @property
    def overview(self) -> str:
        return f"/registers/{InformationDomain.slug}/{self.number}"

    @property
    def check(self) -> str:
        return f"/grundschutz/{self.number}/{self.assignment}"

    def page(self, name: str) -> str:
        """Another page about the domain."""
        return f"/grundschutz/{self.number}/{name}"

    def paper(self, extension: str) -> str:
        return f"{self.overview}/export.{extension}"


def build(site: Site, organisation: uuid.UUID, share: int = 1) -> Made:
    """Stores a domain with the numbers above, or with one in *share* of them."""
    with site.database.writing(organisation, actor=_ACTOR) as session:
        person = session.scalars(select(Membership.person_id)).first()
        session.add(Membership(person_id=person, organisation_id=organisation, role=Role.ISB))
        objects = [
            TargetObject(name=f"System {n}", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION)
            for n in range(OBJECTS // share)
        ]
        domain = InformationDomain(name="Gesamtstadt", approach=Approach.STANDARD, objects=objects)
        session.add(domain)
        session.flush()
        modules = itertools.cycle(_MODULES)
        places = itertools.islice(itertools.cycle(objects), ASSIGNMENTS // share)
        assigned = [
            Assignment(domain=domain, target=place, module_id=next(modules), relevant=True)
            for place in places
        ]
        session.add_all(assigned)
        session.flush()
        asked = [
            (assignment, requirement.id)
            for assignment in assigned
            for requirement in applicable(domain.extent, assignment.module_id)
        ][: ANSWERS // share]
        for start in range(0, len(asked), _BATCH):
            session.add_all(
                _answer(domain, assignment, requirement, start + n)
                for n, (assignment, requirement) in enumerate(asked[start : start + _BATCH])
            )
            session.flush()
        middle = assigned[len(assigned) // 2]
        first, second, *_others = applicable(domain.extent, middle.module_id)
        made = Made(
            domain.number,
            middle.id.hex,
            first.id,
            second.id,
            len(assigned),
            len(asked),
        )
        _depend(objects)
        activities = _activities(objects, DESCRIPTIONS // share)
        session.add_all(activities)
    _describe(site, organisation, activities)
    return made


def _depend(objects: list[TargetObject]) -> None:
    """Applications, the first third, on two systems each; systems, the second, on one room of the last."""
    third = len(objects) // 3
    systems, rooms = objects[third : 2 * third], objects[2 * third :]
    for number, application in enumerate(objects[:third]):
        chosen = dict.fromkeys((number % third, (number * 7 + 1) % third))
        application.depends_on = [systems[each] for each in chosen]
    for number, system in enumerate(systems):
        system.depends_on = [rooms[number % 8 % len(rooms)]]


def _activities(objects: list[TargetObject], count: int) -> list[ProcessingActivity]:
    """Activities with two applications each."""
    third = len(objects) // 3
    chosen = [dict.fromkeys((number % third, (number * 3 + 1) % third)) for number in range(count)]
    return [
        ProcessingActivity(name=f"Tätigkeit {number}", objects=[objects[each] for each in used])
        for number, used in enumerate(chosen)
    ]


def _describe(site: Site, organisation: uuid.UUID, activities: list[ProcessingActivity]) -> None:
    """Lets every activity take over what is met; every third stands on other answers than there are now."""
    with site.database.writing(organisation, actor=_ACTOR) as session:
        found = bases(session, ProcessingActivity, organisation, [each.id for each in activities])
        for number, activity in enumerate(activities):
            met = list(found[activity.id].met)
            session.add(
                MeasuresTaken(
                    activity=session.merge(activity, load=False),
                    requirements=" ".join(met[1:] if number % 3 == 0 else met),
                    text="Umgesetzte Maßnahmen",
                    taken_on=date(2026, 3, 2),
                )
            )


def _answer(domain: Any, assignment: Assignment, requirement: str, number: int) -> RequirementAnswer:
    status = _STATUSES[number % len(_STATUSES)]
    plan = status in (Status.PARTIAL, Status.NO)
    return RequirementAnswer(
        domain=domain,
        assignment=assignment,
        requirement_id=requirement,
        status=status,
        reason="Das System ist vom Netz getrennt." if status is Status.UNNECESSARY else "",
        measure="Protokollierung auf den zentralen Server umstellen und auswerten." if plan else "",
        responsible="IT-Betrieb, Sachgebiet 1" if plan else "",
        due=date(2027, number % 12 + 1, 15) if plan else None,
        remark="Umgesetzt nach dem Betriebshandbuch, Abschnitt Server." if number % 3 == 0 else "",
        evidence=f"Az. 10.42-{number}" if number % 3 == 0 else "",
        answered_on=date(2026, number % 10 + 1, 20),
    )
