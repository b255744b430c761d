"""An update round asks each unit about its activities, and does what follows from the answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compliance.agenda import AgendaItem, Desk, Matter, items
from compliance.database import today
from compliance.entry import State
from compliance.errors import Refused
from compliance.fields import Span, TimeUnit
from compliance.journal import history
from compliance.people import Role, Unit
from compliance.release import content_hash
from registers import rounds
from registers.processing import ProcessingActivity, Stage
from registers.reviews import next_occurrence
from registers.rounds import RoundReply, UpdateRound
from tests.browsers import Browser, Browsers
from tests.city import City, add_person

DUE = today() + timedelta(days=20)
TWO_YEARS = Span(2, TimeUnit.Y)


@pytest.fixture
def activities(city: City) -> list[ProcessingActivity]:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        units = {name: session.get_one(Unit, (city.id, unit.id)) for name, unit in city.units.items()}
        found = [
            ProcessingActivity(
                name="Melderegister", unit=units["office"], next_review=today(), review_cycle=TWO_YEARS
            ),
            ProcessingActivity(name="Pfandleihe", unit=units["department"], stage=Stage.OPERATION),
            ProcessingActivity(name="Anderswo", unit=units["other"]),
            ProcessingActivity(name="Beendet", unit=units["office"], state=State.ENDED),
        ]
        session.add_all(found)
    return found


@pytest.fixture
def round_(city: City, activities: list[ProcessingActivity]) -> UpdateRound:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        department = session.get_one(Unit, (city.id, city.units["department"].id))
        assert len(activities) == 4
        found = UpdateRound(name="Herbst", units=[department], answer_until=DUE)
        session.add(found)
        session.flush()
        rounds.start(session, found, by=city.identity(Role.DSB))
    return found


def reply(city: City, of: UpdateRound, activity: ProcessingActivity, said: RoundReply) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.COORDINATOR)) as session:
        rounds.answer(
            session,
            session.merge(city.stored(of), load=False),
            session.merge(city.stored(activity), load=False),
            said,
            by=city.identity(Role.COORDINATOR),
        )


def desks(city: City) -> set[str]:
    with city.site.database.reading(city.id) as session:
        query = select(AgendaItem.unit_id).where(AgendaItem.matter == Matter.ROUND.value)
        units = set(session.scalars(query))
    return {name for name, unit in city.units.items() if unit.id in units}


def test_a_round_is_on_the_desk_of_each_unit_with_activities(city: City, round_: UpdateRound) -> None:
    assert desks(city) == {"department", "office"}
    assert round_.started_on == today()


def test_unchanged_moves_the_review_and_is_a_record_of_its_own(
    city: City, round_: UpdateRound, activities: list[ProcessingActivity]
) -> None:
    before = content_hash(city.stored(activities[0]))

    reply(city, round_, activities[0], RoundReply.UNCHANGED)

    stored = city.stored(activities[0])
    with city.site.database.reading(city.id) as session:
        latest = history(session, stored)[0]
    assert (stored.reviewed_on, stored.next_review) == (today(), today() + relativedelta(years=2))
    assert (latest.action, set(latest.changes)) == ("confirm", {"next_review", "reviewed_on"})
    assert content_hash(stored) == before
    assert desks(city) == {"department"}


def test_what_is_no_longer_performed_is_retired(
    city: City, round_: UpdateRound, activities: list[ProcessingActivity]
) -> None:
    reply(city, round_, activities[1], RoundReply.DROPPED)

    assert city.stored(activities[1]).stage is Stage.RETIRED


def test_the_progress_counts_each_activity_once_however_often_it_is_answered(
    city: City, round_: UpdateRound, activities: list[ProcessingActivity]
) -> None:
    reply(city, round_, activities[0], RoundReply.CHANGED)
    reply(city, round_, activities[0], RoundReply.UNCHANGED)

    with city.site.database.reading(city.id) as session:
        found = rounds.progress(session, city.stored(round_))

    assert [(str(one.unit), one.total, one.answered) for one in found] == [
        ("1 Dezernat I", 1, 0),
        ("1.1 Bürgeramt", 1, 1),
    ]


def test_nobody_is_asked_about_activities_outside_the_round(
    city: City, round_: UpdateRound, activities: list[ProcessingActivity]
) -> None:
    with pytest.raises(Refused, match="fragt Sie nicht"):
        reply(city, round_, activities[2], RoundReply.UNCHANGED)


def test_a_round_without_a_day_does_not_begin(city: City) -> None:
    waiting = UpdateRound(name="Ohne Tag")
    city.save(waiting)

    with (
        city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session,
        pytest.raises(Refused, match="mindestens eine Einheit"),
    ):
        rounds.start(session, city.stored(waiting), by=city.identity(Role.DSB))


def test_what_is_finished_is_on_no_desk(city: City, round_: UpdateRound) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        rounds.finish(session, session.merge(city.stored(round_), load=False), by=city.identity(Role.DSB))

    assert desks(city) == set()


def test_each_row_on_a_desk_names_its_unit(city: City, round_: UpdateRound) -> None:
    with city.site.database.reading(city.id) as session:
        names = session.scalars(select(AgendaItem.name).where(AgendaItem.matter == Matter.ROUND.value)).all()

    expected = {f"{round_.name}: {city.units[name]}" for name in ("department", "office")}
    assert set(names) == expected


def test_saving_the_round_again_leaves_the_desks_as_they_are(city: City, round_: UpdateRound) -> None:
    city.change(round_, message="Bitte bis Monatsende.")

    assert desks(city) == {"department", "office"}


def test_the_officer_and_readers_have_no_round_on_their_desk(city: City, round_: UpdateRound) -> None:
    def waits(role: Role) -> bool:
        desk = Desk(city.identity(role), city.site.registers)
        with city.site.database.reading(city.id) as session:
            return bool(items(session, desk.of(Matter.ROUND), limit=5))

    assert round_.started_on is not None
    assert {role: waits(role) for role in (Role.DSB, Role.READER, Role.COORDINATOR)} == {
        Role.DSB: False,
        Role.READER: False,
        Role.COORDINATOR: True,
    }


# --- Pages ---------------------------------------------------------------------------------------


@pytest.fixture
def office(browsers: Browsers, city: City) -> Browser:
    return browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["office"]))


def test_a_coordinator_answers_from_the_start_page_on(
    office: Browser, city: City, round_: UpdateRound, activities: list[ProcessingActivity]
) -> None:
    assert "Rückmeldung geben" in office.get("/").text
    page = office.get("/rounds/1/").text

    answer = office.post("/rounds/1/1", {"reply": "UNCHANGED"})

    assert ("Melderegister" in page, "Pfandleihe" in page, "Anderswo" in page) == (True, False, False)
    assert answer.location == "/rounds/1/#activity-1"
    assert "Alles beantwortet" in office.get("/rounds/1/").text
    assert "Rückmeldung geben" not in office.get("/").text
    assert city.stored(activities[0]).reviewed_on == today()
    assert round_.number == 1


def test_the_officer_begins_and_ends_a_round_by_one_button_each(browsers: Browsers, city: City) -> None:
    planned = UpdateRound(name="Jahresrunde", units=[city.units["office"]], answer_until=DUE)
    city.save(planned)
    officer = browsers.of(Role.DSB)

    officer.post("/rounds/1/start")
    begun = city.stored(planned)
    officer.post("/rounds/1/finish")

    assert (begun.started_on, begun.state) == (today(), State.DRAFT)
    assert city.stored(planned).state is State.ENDED


def test_changed_leads_to_the_form(office: Browser, round_: UpdateRound) -> None:
    answer = office.post("/rounds/1/1", {"reply": "CHANGED"})

    assert answer.location == "/registers/processing-activities/1/edit"
    assert round_.number == 1


def test_nobody_answers_for_another_unit(office: Browser, round_: UpdateRound) -> None:
    assert office.status("POST", "/rounds/1/2", {"reply": "UNCHANGED"}) == 404
    assert office.status("POST", "/rounds/1/3", {"reply": "UNCHANGED"}) == 404
    assert office.status("POST", "/rounds/1/1", {"reply": "PERHAPS"}) == 404
    assert round_.number == 1


def test_the_officer_sees_how_far_each_unit_is(browsers: Browsers, round_: UpdateRound) -> None:
    text = browsers.of(Role.DSB).get(f"/registers/update-rounds/{round_.number}").text

    assert "0 von 2" in text
    assert "1.1 Bürgeramt" in text


# --- Recurrence ----------------------------------------------------------------------------------


@given(
    first=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    count=st.integers(1, 60),
    unit=st.sampled_from(TimeUnit),
    after=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)
def test_the_next_occurrence_is_later_and_in_rhythm(
    first: date, count: int, unit: TimeUnit, after: date
) -> None:
    found = next_occurrence(first, Span(count, unit), after)

    assert found > after or found == first > after
    names = {TimeUnit.D: "days", TimeUnit.W: "weeks", TimeUnit.M: "months", TimeUnit.Y: "years"}
    steps = (first + relativedelta(**{names[unit]: count * n}) for n in range(40_000))  # type: ignore[arg-type]
    assert found == next(day for day in steps if day > after)


def test_a_rhythm_from_the_31st_does_not_slide() -> None:
    assert next_occurrence(date(2026, 1, 31), Span(1, TimeUnit.M), date(2026, 2, 28)) == date(2026, 3, 31)
