"""A small installation in which IT-Grundschutz is checked."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, RequirementAnswer, Status, answer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import Assignment, assign, load_assignment
from assessments.grundschutz.protection import settle_needs
from assessments.grundschutz.rules import RULES
from compliance.access import Grant, Identity
from compliance.database import Actor
from compliance.entry import everything
from compliance.findings import findings_of
from compliance.journal import write
from compliance.judging import Judge
from compliance.people import LegalForm, Organisation, Role
from compliance.release import mark_changes
from compliance.rules import Rule
from compliance.saving import Step, watch
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.databases import bare_database

ORGANISATION = uuid.UUID(int=7)
ACTOR = Actor("Ida Beispiel", uuid.UUID(int=8))
ISB = Identity(uuid.UUID(int=8), "Ida Beispiel", ORGANISATION, "Stadt", "de", (Grant(Role.ISB),))
AUDITOR = Identity(uuid.UUID(int=9), "Otto Prüfer", ORGANISATION, "Stadt", "de", (Grant(Role.AUDITOR),))
READER = Identity(uuid.UUID(int=10), "Lea Leser", ORGANISATION, "Stadt", "de", (Grant(Role.READER),))


class House:
    """An installation with one information domain that has a server, a room and a retired printer."""

    def __init__(
        self,
        address: str,
        rules: Iterable[Rule[Any]] = RULES,
        first: Sequence[Step] = (),
        last: Sequence[Step] = (),
    ) -> None:
        self.database = bare_database(address)
        self.judge = _judge(tuple(rules))
        watch(
            self.database,
            before=(*first, mark_changes, self.judge.find_dependents),
            after=(settle_needs, write, *last, self.judge.judge_saved),
        )
        with self.database.writing(actor=ACTOR) as session:
            session.add(Organisation(id=ORGANISATION, name="Stadt", legal_form=LegalForm.AUTHORITY))
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            server = TargetObject(
                name="Windows Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION
            )
            room = TargetObject(name="Serverraum", kind=ObjectKind.ROOM, status=ObjectStatus.OPERATION)
            printer = TargetObject(name="Drucker", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.RETIRED)
            domain = InformationDomain(
                name="Kernverwaltung", approach=Approach.STANDARD, objects=[server, room, printer]
            )
            session.add_all([server, room, printer, domain])
        self.domain_id, self.server_id, self.room_id = domain.id, server.id, room.id

    def assign(self, *places: tuple[uuid.UUID | None, str]) -> list[uuid.UUID]:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            added = assign(session, load_domain(session, self.domain_id), places, by=ISB)
        return [assignment.id for assignment in added]

    def answer(self, assignment_id: uuid.UUID, requirement_id: str, given: Given) -> RequirementAnswer:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            return answer(session, load_assignment(session, assignment_id), requirement_id, given, by=ISB)

    def only_assignment(self) -> uuid.UUID:
        with self.database.reading(ORGANISATION) as session:
            return session.scalars(select(Assignment.id)).one()

    def set_approach(self, approach: Approach | None) -> None:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            load_domain(session, self.domain_id).approach = approach

    def findings(self) -> set[tuple[str, str, str]]:
        with self.database.reading(ORGANISATION) as session:
            return {
                (found.rule, found.words.get("place", ""), found.words.get("module", ""))
                for found in findings_of(session, [self.domain_id])
            }

    def stored(self) -> list[tuple[str, Status | None, str]]:
        with self.database.reading(ORGANISATION) as session:
            rows = session.execute(
                select(
                    RequirementAnswer.requirement_id, RequirementAnswer.status, RequirementAnswer.reason
                ).order_by(RequirementAnswer.requirement_id)
            )
            return [(row.requirement_id, row.status, row.reason) for row in rows]


@cache
def _judge(rules: tuple[Rule[Any], ...]) -> Judge:
    """One for all houses with *rules*: it keeps nothing but them, and how to ask what they read."""
    return Judge(rules)


def load_domain(session: Session, identity: uuid.UUID) -> InformationDomain:
    query = select(InformationDomain).where(InformationDomain.id == identity)
    return session.scalars(query.options(*everything(InformationDomain))).one()
