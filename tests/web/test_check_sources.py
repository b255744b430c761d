"""Interviews and answers taken over from elsewhere, as people meet them on the page of a module."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from assessments.grundschutz.check import Given, RequirementAnswer, Status, answer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.interviews import CheckInterview
from assessments.grundschutz.modelling import assign, load_assignment
from compliance.entry import by_number, everything
from compliance.people import Role
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

FIRST = "SYS.1.1.A1"


class Office:
    """A city with a group of servers and one of its members, both with the module for servers."""

    def __init__(self, city: City) -> None:
        self.city = city
        group = TargetObject(name="Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, count=9)
        member = TargetObject(
            name="Server 7", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, group=group
        )
        domain = InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD, objects=[group, member])
        city.save(group, member, domain, by=Role.ISB)
        with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
            whole = by_number(session, InformationDomain, 1)
            assert whole is not None
            places = [(group.id, "SYS.1.1"), (member.id, "SYS.1.1"), (member.id, "SYS.1.3"), (None, "ORP.4")]
            added = assign(session, whole, places, by=city.identity(Role.ISB))
        self.group, self.member, self.linux, self.process = (each.id for each in added)

    def page(self, assignment: uuid.UUID) -> str:
        return f"/grundschutz/1/{assignment.hex}"

    def give(self, assignment: uuid.UUID, requirement: str, given: Given) -> None:
        with self.city.site.database.writing(self.city.id, actor=self.city.actor(Role.ISB)) as session:
            at = load_assignment(session, assignment)
            answer(session, at, requirement, given, by=self.city.identity(Role.ISB))

    def stored(self, requirement: str = FIRST) -> dict[uuid.UUID, RequirementAnswer]:
        with self.city.site.database.reading(self.city.id) as session:
            query = select(RequirementAnswer).where(RequirementAnswer.requirement_id == requirement)
            found = session.scalars(query.options(*everything(RequirementAnswer)))
            return {each.assignment_id: each for each in found}

    def elsewhere(self) -> uuid.UUID:
        """The module on the group of servers in another domain."""
        with self.city.site.database.writing(self.city.id, actor=self.city.actor(Role.ISB)) as session:
            domain = by_number(session, InformationDomain, 1)
            assert domain is not None
            [group] = [target for target in domain.objects if target.count]
            other = InformationDomain(name="Zweiter", approach=Approach.STANDARD, objects=[group])
            session.add(other)
            session.flush()
            [added] = assign(session, other, [(group.id, "SYS.1.1")], by=self.city.identity(Role.ISB))
            return added.id

    def interviews(self) -> list[CheckInterview]:
        with self.city.site.database.reading(self.city.id) as session:
            query = select(CheckInterview).order_by(CheckInterview.held_on)
            return list(session.scalars(query.options(*everything(CheckInterview))))


@pytest.fixture
def office(city: City) -> Office:
    return Office(city)


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def sent(interview: str = "", *, status: str = "YES") -> dict[str, str]:
    return {"version": "0", "interview": interview, f"{FIRST}-status": status}


def test_one_interview_is_about_several_modules_and_its_answers_belong_to_it(
    office: Office, isb: Browser
) -> None:
    talk = {"held_on": "2026-03-02", "participants": "Kim Admin", "also": office.linux.hex}
    isb.post(f"{office.page(office.member)}/interview", talk)
    [held] = office.interviews()
    assert {each.id for each in held.assignments} == {office.member, office.linux}
    isb.post(f"{office.page(office.member)}/answers/{FIRST}", sent(held.id.hex))
    assert office.stored()[office.member].interview_id == held.id
    page = isb.page(office.page(office.member))
    assert "Ein Gespräch, am 02.03.2026: Kim Admin" in page.main
    assert "Geprüft am" in page.main
    assert "Ein Gespräch, am 02.03.2026: Kim Admin" in isb.page(office.page(office.linux)).main


def test_the_latest_interview_is_offered_first_and_another_or_none_can_be_chosen(
    office: Office, isb: Browser
) -> None:
    for on, who in (("2026-03-02", "Kim Admin"), ("2026-05-04", "Amt 11")):
        isb.post(f"{office.page(office.member)}/interview", {"held_on": on, "participants": who})
    first, second = office.interviews()

    def chosen(query: str) -> set[str]:
        inputs = isb.page(f"{office.page(office.member)}{query}").all("input")
        return {one["value"] for one in inputs if one["name"] == "interview"}

    assert chosen("") == {second.id.hex}
    assert chosen(f"?interview={first.id.hex}") == {first.id.hex}
    assert chosen("?interview=-") == {""}


def test_an_interview_is_corrected_and_one_without_day_or_people_is_refused(
    office: Office, isb: Browser
) -> None:
    address = f"{office.page(office.member)}/interview"
    for missing in ({"participants": "Kim"}, {"held_on": "2026-03-02"}, {"held_on": "März"}):
        assert isb.status("POST", address, missing) == 422
    isb.post(address, {"held_on": "2026-03-02", "participants": "Kim"})
    [held] = office.interviews()
    said = {f"{held.id.hex}-held_on": "2026-03-03", f"{held.id.hex}-participants": "Kim Admin"}
    isb.post(f"{address}/{held.id.hex}", said)
    [corrected] = office.interviews()
    assert (corrected.participants, str(corrected.held_on)) == ("Kim Admin", "2026-03-03")


def test_what_was_written_about_an_interview_survives_a_mistake(office: Office, isb: Browser) -> None:
    address = f"{office.page(office.member)}/interview"
    said = {"participants": "Kim Admin", "notes": "Begehung am Vormittag", "also": office.linux.hex}
    page = Page(isb.post(address, said, status=422).text)
    assert "Nennen Sie den Tag des Gesprächs" in page.main
    assert (page.value("participants"), page.value("notes")) == ("Kim Admin", "Begehung am Vormittag")
    assert [
        box["value"] for box in page.all("input") if "checked" in box.attributes and box["name"] == "also"
    ]
    isb.post(address, said | {"held_on": "2026-03-02"})
    [held] = office.interviews()
    wrong = {f"{held.id.hex}-held_on": "gestern", f"{held.id.hex}-participants": "Kim, Ali"}
    page = Page(isb.post(f"{address}/{held.id.hex}", wrong, status=422).text)
    assert "kein Datum" in page.main
    assert page.value(f"{held.id.hex}-participants") == "Kim, Ali"
    assert office.interviews()[0].participants == "Kim Admin"


def test_an_answer_cannot_belong_to_an_interview_about_something_else(office: Office, isb: Browser) -> None:
    isb.post(f"{office.page(office.linux)}/interview", {"held_on": "2026-03-02", "participants": "Kim Admin"})
    [held] = office.interviews()
    assert isb.status("POST", f"{office.page(office.member)}/answers/{FIRST}", sent(held.id.hex)) == 422
    assert office.stored() == {}


def test_answers_of_the_group_are_offered_taken_over_and_read_only(office: Office, isb: Browser) -> None:
    office.give(office.group, FIRST, Given(Status.YES, remark="Im Schrank"))
    address = f"{office.page(office.member)}/sources"
    assert "Gruppe: IV-0001 Kernverwaltung, ZO-0001 Server" in isb.page(address).main
    isb.post(address, {"from": office.group.hex, "requirement": FIRST})
    page = isb.page(office.page(office.member))
    assert "Übernommen aus IV-0001/ZO-0001/SYS.1.1.A1" in page.main
    assert f"{FIRST}-status" not in {one["name"] for one in page.all("input")}
    assert isb.status("POST", f"{office.page(office.member)}/answers/{FIRST}", sent(status="NO")) == 409
    isb.post(f"{address}/{FIRST}/let-go", {})
    assert f"{FIRST}-status" in {one["name"] for one in isb.page(office.page(office.member)).all("input")}


def test_a_process_module_settles_what_is_ticked(office: Office, isb: Browser) -> None:
    office.give(office.process, "ORP.4.A1", Given(Status.YES))
    source = office.stored("ORP.4.A1")[office.process]
    address = f"{office.page(office.member)}/sources"
    assert isb.status("POST", address, {"process": source.id.hex}) == 422
    isb.post(address, {"process": source.id.hex, "requirement": FIRST})
    assert office.stored()[office.member].source_place == "IV-0001/ORP.4.A1"


def test_what_is_out_of_date_is_listed_and_renewed(office: Office, isb: Browser) -> None:
    elsewhere = office.elsewhere()
    office.give(elsewhere, FIRST, Given(Status.YES))
    isb.post(f"{office.page(office.group)}/sources", {"from": elsewhere.hex, "requirement": FIRST})
    assert "auf dem Stand ihrer Quelle" in isb.page("/grundschutz/1/stale").main
    office.give(elsewhere, FIRST, Given(Status.NO))
    assert "Überholt" in isb.page(office.page(office.group)).main
    stale = office.stored()[office.group]
    assert "ZO-0001/SYS.1.1.A1" in isb.page("/grundschutz/1/stale").main
    isb.post("/grundschutz/1/stale", {"answer": stale.id.hex})
    assert office.stored()[office.group].status is Status.NO


# --- The same requirement at several places ------------------------------------------------------


def test_one_requirement_is_answered_at_several_places_after_a_preview(office: Office, isb: Browser) -> None:
    address = f"/grundschutz/1/requirements/{FIRST}"
    office.give(office.group, FIRST, Given(Status.YES))
    offered = [one for one in isb.page(address).all("input") if one["name"] == "requirement"]
    assert {one["value"] for one in offered} == {office.group.hex, office.member.hex}
    assert [one["value"] for one in offered if "checked" in one.attributes] == [office.member.hex]
    form = [("status", "PARTIAL"), ("measure", "Riegel"), *(("requirement", one["value"]) for one in offered)]
    page = Page(isb.post(address, [*form, ("do", "preview")], status=200).text)
    assert "Geändert werden 2 Antworten" in page.main
    seen = [(f"seen-{place.hex}", page.value(f"seen-{place.hex}")) for place in (office.group, office.member)]
    office.give(office.member, FIRST, Given(Status.NO))
    isb.post(address, [*form, *seen, ("do", "apply")])
    stored = office.stored()
    assert (stored[office.group].status, stored[office.member].status) == (Status.PARTIAL, Status.NO)


def test_unknown_and_unasked_requirements_have_no_such_page(office: Office, isb: Browser) -> None:
    assert office.stored() == {}
    assert isb.status("GET", "/grundschutz/1/requirements/SYS.9.9.A1") == 422
    assert isb.status("GET", "/grundschutz/1/requirements/ISMS.1.A1") == 404
