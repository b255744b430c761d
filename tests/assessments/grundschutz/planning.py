"""A city with an information domain of two servers, in which a plan is made."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz import check
from assessments.grundschutz.check import Given, RequirementAnswer, Status, given_in
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import assign, load_assignment
from assessments.grundschutz.plan import Plan, plan_of
from compliance.entry import by_number, everything
from compliance.findings import findings_of
from compliance.people import Role
from registers.measures import Measure
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.city import City

EARLY, LATE = date(2027, 3, 31), date(2027, 9, 30)


class Town:
    """The domain „Kernverwaltung“ with modules for both servers and for the domain as a whole."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.servers = [
            TargetObject(name=name, kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION)
            for name in ("Fachserver", "Druckserver")
        ]
        domain = InformationDomain(
            name="Kernverwaltung",
            approach=Approach.STANDARD,
            unit=city.units["department"],
            objects=self.servers,
        )
        city.save(*self.servers, domain, by=Role.ISB)
        self.places: dict[tuple[uuid.UUID | None, str], uuid.UUID] = {}
        self.isb = city.identity(Role.ISB)
        first, second = (server.id for server in self.servers)
        self.assign((first, "SYS.1.1"), (second, "SYS.1.1"), (None, "ORP.4"), (None, "CON.1"))

    def assign(self, *places: tuple[uuid.UUID | None, str]) -> None:
        with self.writing() as session:
            added = assign(session, self.domain(session), places, by=self.isb)
        self.places |= {(each.target_id, each.module_id): each.id for each in added}

    @contextmanager
    def writing(self) -> Iterator[Session]:
        actor = self.city.actor(Role.ISB)
        with self.city.site.database.writing(self.city.id, actor=actor) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.city.site.database.reading(self.city.id) as session:
            yield session

    def domain(self, session: Session) -> InformationDomain:
        found = by_number(session, InformationDomain, 1)
        assert found is not None
        return found

    def place(self, requirement_id: str, server: int | None) -> uuid.UUID:
        target = None if server is None else self.servers[server].id
        return self.places[target, requirement_id.rpartition(".A")[0]]

    def answer(
        self,
        requirement_id: str,
        status: Status = Status.NO,
        *,
        server: int | None = None,
        **said: Any,
    ) -> None:
        """Answers a requirement of the domain, or of the server with that index."""
        with self.writing() as session:
            assignment = load_assignment(session, self.place(requirement_id, server))
            check.answer(session, assignment, requirement_id, Given(status, **said), by=self.isb)

    def given(self, requirement_id: str, server: int | None = None) -> Given:
        with self.reading() as session:
            query = select(RequirementAnswer).where(
                RequirementAnswer.assignment_id == self.place(requirement_id, server),
                RequirementAnswer.requirement_id == requirement_id,
            )
            return given_in(session.scalars(query.options(*everything(RequirementAnswer))).one())

    def plan(self) -> Plan:
        with self.reading() as session:
            return plan_of(session, self.domain(session))

    def measure(self, name: str, requirements: str = "", **said: Any) -> Measure:
        """A measure of the register, as somebody else entered it."""
        measure = Measure(name=name, requirements=requirements, **said)
        self.city.save(measure, by=Role.ISB)
        return measure

    def change(self, measure: Measure, **values: Any) -> None:
        self.city.change(measure, by=Role.ISB, **values)

    def wait(self, measure: Measure, *others: Measure) -> None:
        """Lets *measure* depend on *others*."""
        with self.writing() as session:
            every = {each.id: each for each in session.scalars(select(Measure).options(*everything(Measure)))}
            every[measure.id].depends_on = [every[other.id] for other in others]

    def findings(self, measure: Measure) -> list[tuple[str, dict[str, str]]]:
        with self.reading() as session:
            found = [(each.rule, dict(each.words)) for each in findings_of(session, [measure.id])]
            return sorted(found, key=str)

    def rules(self, measure: Measure) -> list[str]:
        return [rule for rule, _words in self.findings(measure) if rule.startswith("GSP")]


def unplanned(plan: Plan) -> list[tuple[str, Sequence[str]]]:
    """The requirements without a measure, each with the objects where it is not met."""
    return [(group.requirement.id, [each.name for each in group.shortfalls]) for group in plan.unplanned]
