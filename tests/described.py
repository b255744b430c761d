"""A made-up town whose information domain is checked, for tests of measures in words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from assessments.described.description import (
    Describing,
    Description,
    confirm,
    description_of,
    fingerprint,
    take,
)
from assessments.dpia.dpia import Dpia
from assessments.grundschutz.check import Given, Status, answer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import Assignment, assign, load_assignment
from compliance.entry import everything
from compliance.findings import findings_of
from compliance.people import Role
from registers.objects import ObjectStatus, TargetObject
from registers.processing import ProcessingActivity
from tests.city import City


class Town:
    """An application on a server in a room; another server that nobody uses here; one domain."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.room = TargetObject(name="Serverraum", status=ObjectStatus.OPERATION)
        self.server = TargetObject(name="Server", status=ObjectStatus.OPERATION, depends_on=[self.room])
        self.application = TargetObject(name="Wohngeld", depends_on=[self.server])
        self.other = TargetObject(name="Anderer Server", status=ObjectStatus.OPERATION)
        self.objects = (self.room, self.server, self.application, self.other)
        self.domain = InformationDomain(name="Kern", approach=Approach.STANDARD, objects=list(self.objects))
        self.activity = ProcessingActivity(name="Wohngeld", objects=[self.application])
        self.dpia = Dpia(name="Wohngeld", activities=[self.activity])
        city.save(*self.objects, self.domain, self.activity, self.dpia)

    def apply(self, module: str, target: TargetObject | None = None) -> Assignment:
        with self.writing() as session:
            stored = session.get_one(
                InformationDomain, (self.city.id, self.domain.id), options=everything(InformationDomain)
            )
            place = (target.id if target else None, module)
            return assign(session, stored, [place], by=self.city.identity(Role.ISB))[0]

    def say(self, assignment: Assignment, requirement: str, status: Status) -> None:
        with self.writing() as session:
            reason = "Nicht nötig." if status is Status.UNNECESSARY else ""
            answer(
                session,
                load_assignment(session, assignment.id),
                requirement,
                Given(status, reason=reason),
                by=self.city.identity(Role.ISB),
            )

    def writing(self, role: Role = Role.ISB) -> Any:
        return self.city.site.database.writing(self.city.id, actor=self.city.actor(role))

    def relate(self, entry: Any, name: str, *targets: TargetObject) -> None:
        """Lets *entry* refer to exactly *targets*."""
        with self.writing() as session:
            query = select(TargetObject).where(TargetObject.id.in_([one.id for one in targets]))
            found = list(session.scalars(query.options(*everything(TargetObject))))
            model = type(entry)
            stored = session.get_one(model, (self.city.id, entry.id), options=everything(model))
            setattr(stored, name, found)

    def described(self, entry: Describing | None = None) -> Description:
        with self.city.site.database.reading(self.city.id) as session:
            return description_of(session, self._load(session, entry or self.activity))

    def take(
        self,
        entry: Describing | None = None,
        *,
        keep: bool = False,
        role: Role = Role.PROJECT_LEAD,
        seen: str = "",
    ) -> None:
        seen = seen or self.described(entry).fingerprint
        with self.writing(role) as session:
            stored = self._load(session, entry or self.activity)
            take(session, stored, seen, by=self.city.identity(role), keep=keep)

    def confirm(self, entry: Describing | None = None, role: Role = Role.PROJECT_LEAD) -> None:
        read = fingerprint(self.described(entry).current)
        with self.writing(role) as session:
            confirm(session, self._load(session, entry or self.activity), read, by=self.city.identity(role))

    def _load(self, session: Any, entry: Describing) -> Any:
        model = type(entry)
        return session.get_one(model, (self.city.id, entry.id), options=everything(model))

    def text(self) -> str:
        return str(self.city.stored(self.activity).measures)

    def rules(self, entry: Describing | None = None) -> set[str]:
        with self.city.site.database.reading(self.city.id) as session:
            stored = findings_of(session, [(entry or self.activity).id])
        return {one.rule for one in stored if one.rule in ("XGS-011", "XGS-012")}
