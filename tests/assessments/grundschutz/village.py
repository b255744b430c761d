"""A city whose only domain follows an imported catalogue alone, and whose plan is made of its controls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.controls import ControlAnswer, answer_control, header_of, load_use, use_catalogue
from assessments.grundschutz.domain import Catalogue, InformationDomain
from assessments.grundschutz.library import contents, control_catalogue, import_oscal
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.plan import Plan, plan_of
from assessments.grundschutz.plan_control_steps import draw_up_controls, take_over_controls
from compliance.entry import by_number, everything
from compliance.findings import findings_of
from compliance.people import Role
from registers.measures import Measure
from tests.assessments.grundschutz.oscal_documents import catalogue, control, stable, written
from tests.city import City

SAVING, ERASING, LOGGING = (stable(digit)[0]["value"] for digit in (1, 2, 3))
FIRST = catalogue(
    control("K.1", "Sichern", props=stable(1)),
    control("K.2", "Löschen", props=stable(2)),
    control("K.10", "Protokollieren", props=stable(3)),
)
SECOND = catalogue(
    control("K.7", "Sichern", props=stable(1)),
    control("K.3", "Protokollieren", props=stable(3)),
    version="2",
)


class Village:
    """A domain that follows an imported catalogue alone; another version of it is imported, too."""

    def __init__(self, city: City) -> None:
        self.city, self.isb = city, city.identity(Role.ISB)
        actor = city.actor(Role.ISB)
        first, self.second = (
            import_oscal(city.site.database, Source("k.json", written(root)), actor=actor).short
            for root in (FIRST, SECOND)
        )
        domain = InformationDomain(
            name="Kern", catalogue=Catalogue.IMPORTED, unit=city.units["department"], objects=[]
        )
        city.save(domain, by=Role.ISB)
        with self.writing() as session:
            use = use_catalogue(session, self.domain(session), control_catalogue(session, first), by=self.isb)
        self.use_id = use.id

    @contextmanager
    def writing(self) -> Iterator[Session]:
        actor = self.city.actor(Role.ISB)
        with self.city.site.database.writing(self.city.id, actor=actor) as session:
            yield session

    def domain(self, session: Session) -> InformationDomain:
        found = by_number(session, InformationDomain, 1)
        assert found is not None
        return found

    def answer(self, key: str, status: Status = Status.NO, **more: object) -> None:
        with self.writing() as session:
            use = load_use(session, self.use_id)
            found = contents(session, header_of(session, use))
            answer_control(session, use, found, key, Given(status, **more), by=self.isb)  # type: ignore[arg-type]

    def plan(self) -> Plan:
        with self.city.site.database.reading(self.city.id) as session:
            return plan_of(session, self.domain(session))

    def draw_up(self, *keys: str) -> list[int]:
        with self.writing() as session:
            wanted = [one.answer_id for one in self.plan().controls if one.key in keys]
            drawn = draw_up_controls(session, self.domain(session), wanted, by=self.isb)
        return [measure.number for measure in drawn]

    def change(self, number: int, **answers: object) -> None:
        with self.writing() as session:
            measure = by_number(session, Measure, number)
            for name, value in answers.items():
                setattr(measure, name, value)

    def take(self) -> list[str]:
        wanted = {one.shortfall.answer_id: one.shortfall.version for one in self.plan().new_controls}
        with self.writing() as session:
            taken = take_over_controls(session, self.domain(session), wanted, by=self.isb)
            return [answer.control_id for answer in taken]

    def stored(self, key: str) -> ControlAnswer:
        with self.city.site.database.reading(self.city.id) as session:
            query = select(ControlAnswer).where(ControlAnswer.control_key == key)
            return session.scalars(query.options(*everything(ControlAnswer))).one()

    def findings(self, number: int) -> set[str]:
        with self.city.site.database.reading(self.city.id) as session:
            measure = by_number(session, Measure, number)
            assert measure is not None
            return {found.rule for found in findings_of(session, [measure.id])}
