"""Measures in words: only from answers „ja“ of the objects used, and stale when they change."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.described.answers import Basis, Check, Checked, Place, basis, basis_of
from assessments.described.description import (
    MeasuresTaken,
    Standing,
    put_in,
)
from assessments.described.rules import DPIA_RULES, RULES
from assessments.described.wording import in_language, sentences, words_for
from assessments.grundschutz.check import Status
from assessments.grundschutz.domain import Approach
from assessments.grundschutz.modelling import Assignment, load_assignment, set_relevance
from compliance.agenda import Desk, Matter, items, label_of
from compliance.database import today
from compliance.errors import Forbidden, Outdated, Refused
from compliance.fields import tidy
from compliance.people import Role
from compliance.rules import Rule
from registers.objects import ObjectStatus
from registers.processing import Stage
from tests.city import City, found_city
from tests.described import Town

BACKUP = "Daten werden regelmäßig gesichert (Verfügbarkeit)."
SERVERS = "Auf den Servern sind nicht benötigte Dienste abgeschaltet (Integrität, Vertraulichkeit)."


@pytest.fixture
def town(city: City) -> Town:
    return Town(city)


@pytest.fixture
def backed_up(town: Town) -> Assignment:
    """Backups are answered with „ja“ for the domain, and services of the server as well."""
    assignment = town.apply("CON.3")
    town.say(assignment, "CON.3.A5", Status.YES)
    town.say(town.apply("SYS.1.1", town.server), "SYS.1.1.A6", Status.YES)
    return assignment


# --- In both languages -----------------------------------------------------------------------------


_REQUIREMENTS = [*sorted({each for one in sentences() for each in one.requirements}), "APP.4.2.A1"]


@given(st.sets(st.sampled_from(_REQUIREMENTS), min_size=1), st.dates())
def test_a_description_reads_in_english_as_if_it_had_been_drawn_up_so(met: set[str], on: date) -> None:
    words = words_for(met)
    assert in_language(words.text("de", on), "en") == words.text("en", on)
    assert in_language(words.text("de", on), "de") == words.text("de", on)


def test_what_people_wrote_stays_in_the_language_in_which_they_wrote_it() -> None:
    written = "Der Tresor ist zu.\n\n– Daten werden regelmäßig gesichert (Verfügbarkeit).\n– Und so."
    said = "Der Tresor ist zu.\n\n– Data are backed up regularly (Availability).\n– Und so."
    assert in_language(written, "en") == said
    assert in_language(written, "de") == written


# --- On desks --------------------------------------------------------------------------------------


def on_desk(town: Town, role: Role) -> list[tuple[str, str]]:
    """What the department has to stand for, as somebody with *role* finds it on the start page."""
    desk = Desk(town.city.identity(role), town.city.site.registers)
    with town.city.site.database.reading(town.city.id) as session:
        found = items(session, desk.of(Matter.CONFIRM), limit=10)
        return [(each.register, label_of(each, desk.models[each.register]).de) for each in found]


def test_the_department_finds_on_its_desk_what_it_has_to_stand_for_and_the_officer_does_not(
    town: Town, backed_up: Assignment
) -> None:
    confirm = "Beschreibung der Maßnahmen bestätigen"
    renew = "Beschreibung der Maßnahmen erneuern und bestätigen"
    assert on_desk(town, Role.PROJECT_LEAD) == []
    for entry in (town.activity, town.dpia):
        town.take(entry)
    slugs = (town.dpia.slug, town.activity.slug)
    assert on_desk(town, Role.PROJECT_LEAD) == [(slug, confirm) for slug in slugs]
    assert on_desk(town, Role.DSB) == on_desk(town, Role.ISB) == on_desk(town, Role.READER) == []
    for entry in (town.activity, town.dpia):
        town.confirm(entry)
    assert on_desk(town, Role.PROJECT_LEAD) == []
    town.say(backed_up, "CON.3.A5", Status.NO)
    assert on_desk(town, Role.COORDINATOR) == [(town.activity.slug, renew)]
    assert on_desk(town, Role.PROJECT_LEAD) == [(slug, renew) for slug in slugs]
    town.say(backed_up, "CON.3.A5", Status.YES)
    assert on_desk(town, Role.PROJECT_LEAD) == []


# --- What is said --------------------------------------------------------------------------------


@pytest.mark.usefixtures("backed_up")
def test_words_follow_dependencies_downward_and_stand_under_their_letter(town: Town) -> None:
    found = town.described()
    assert [str(one) for one in found.basis.objects] == [
        "ZO-0001 Serverraum",
        "ZO-0002 Server",
        "ZO-0003 Wohngeld",
    ]
    assert {each: [str(place) for place in met.places] for each, met in found.basis.met.items()} == {
        "CON.3.A5": ["IV-0001 Kern"],
        "SYS.1.1.A6": ["ZO-0002 Server"],
    }
    day = f"{today():%d.%m.%Y}"
    opening, *lines = found.words.text("de", today()).splitlines()
    assert opening == (
        "Umgesetzte Maßnahmen nach dem IT-Grundschutz-Check der eingesetzten Anwendungen und Systeme, "
        f"Stand {day}."
    )
    assert list(filter(None, lines)) == [
        "Art. 32 Abs. 1 lit. b DSGVO – Vertraulichkeit, Integrität, Verfügbarkeit und Belastbarkeit:",
        "– Auf den Servern sind nicht benötigte Dienste abgeschaltet (Vertraulichkeit, Integrität).",
        "Art. 32 Abs. 1 lit. c DSGVO – Rasche Wiederherstellung:",
        "– Daten werden regelmäßig gesichert (Verfügbarkeit).",
    ]
    assert found.words.text("en", today()).splitlines()[-2:] == [
        "Art. 32 (1) (c) GDPR – Timely recovery:",
        "– Data are backed up regularly (Availability).",
    ]


@pytest.mark.usefixtures("backed_up")
def test_an_assessment_speaks_of_the_objects_of_its_activities(town: Town) -> None:
    assert town.described(town.dpia).basis == town.described().basis


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.YES])
def test_only_a_yes_is_said(town: Town, status: Status) -> None:
    assignment = town.apply("CON.3")
    town.say(assignment, "CON.3.A5", status)
    assert town.described().basis.met == {}
    assert town.described().standing is Standing.NOTHING


def test_what_the_activity_does_not_use_says_nothing(town: Town) -> None:
    town.say(town.apply("SYS.1.1", town.other), "SYS.1.1.A6", Status.YES)
    assert town.described().basis.met == {}
    town.relate(town.activity, "objects", town.application, town.other)
    assert list(town.described().basis.met) == ["SYS.1.1.A6"]


def test_what_holds_in_one_place_only_is_held_back(town: Town) -> None:
    town.say(town.apply("SYS.1.1", town.server), "SYS.1.1.A6", Status.YES)
    second = town.apply("SYS.1.1", town.application)
    assert town.described().basis == Basis(town.described().basis.objects, {}, ("SYS.1.1.A6",))
    town.say(second, "SYS.1.1.A6", Status.YES)
    assert list(town.described().basis.met) == ["SYS.1.1.A6"]


def test_what_is_said_in_one_breath_must_hold_in_full(town: Town) -> None:
    assignment = town.apply("ORP.4")
    town.say(assignment, "ORP.4.A2", Status.YES)
    assert town.described().basis.held_back == ("ORP.4.A2",)
    town.say(assignment, "ORP.4.A7", Status.YES)
    town.take()
    town.confirm()
    assert list(town.described().basis.met) == ["ORP.4.A2", "ORP.4.A7"]
    town.say(assignment, "ORP.4.A7", Status.PARTIAL)
    assert (town.described().words.sentences, town.rules()) == ((), {"XGS-011"})


def test_what_is_out_of_use_neither_speaks_nor_leads_further(town: Town) -> None:
    town.say(town.apply("INF.2", town.room), "INF.2.A6", Status.YES)
    assert list(town.described().basis.met) == ["INF.2.A6"]
    town.city.change(town.server, status=ObjectStatus.RETIRED)
    assert town.described().basis.met == {}


def test_objects_that_stand_on_one_another_in_a_circle_are_no_obstacle(
    town: Town, backed_up: Assignment
) -> None:
    before = town.described().basis
    town.relate(town.room, "depends_on", town.application)
    assert town.described().basis == before
    assert backed_up.module_id == "CON.3"


def test_an_excluded_module_and_a_level_that_is_not_asked_say_nothing(
    town: Town, backed_up: Assignment
) -> None:
    with town.writing() as session:
        assignment = load_assignment(session, backed_up.id)
        set_relevance(assignment, relevant=False, reason="Anders geregelt.", by=town.city.identity(Role.ISB))
    assert list(town.described().basis.met) == ["SYS.1.1.A6"]
    town.say(town.apply("SYS.1.1", town.application), "SYS.1.1.A24", Status.YES)
    town.city.change(town.domain, approach=Approach.BASIC)
    assert "SYS.1.1.A24" not in town.described().basis.met


def test_a_module_without_a_sentence_is_named_by_its_official_title(town: Town) -> None:
    town.say(town.apply("SYS.2.4", town.server), "SYS.2.4.A1", Status.YES)
    assert town.described().words.text("de", today()).splitlines()[2:] == [
        "Weitere umgesetzte Anforderungen des IT-Grundschutzes betreffen: Clients unter macOS."
    ]


def test_another_city_is_never_asked(town: Town, backed_up: Assignment) -> None:
    neighbour = Town(found_city(town.city.site, "Stadt Nebenan"))
    assert neighbour.described().basis.met == {}
    assert backed_up.module_id == "CON.3"


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_words_rest_on_exactly_the_yes_of_the_objects_used(data: st.DataObject) -> None:
    """Whatever is answered anywhere: what is said is asked somewhere used, and met in every such place."""
    objects = [uuid.UUID(int=number) for number in range(1, 6)]
    used = data.draw(st.sets(st.sampled_from(objects)))
    domain = uuid.UUID(int=99)
    requirements = ["CON.3.A5", "ORP.4.A1", "SYS.1.1.A6", "SYS.2.4.A1"]
    answers = data.draw(
        st.dictionaries(
            st.tuples(st.sampled_from([None, *objects]), st.sampled_from(requirements)), st.booleans()
        )
    )
    modules = [
        Checked(
            target,
            domain,
            Place(str(target), ""),
            {requirement: None} if met else {},
            frozenset() if met else frozenset({requirement}),
        )
        for (target, requirement), met in answers.items()
    ]
    check = Check({domain: frozenset(objects)}, tuple(modules))
    found = basis({one: Place(str(one), "") for one in used}, check)
    heard = {key: met for key, met in answers.items() if used and (key[0] is None or key[0] in used)}
    said = {each for each in requirements if [met for (_, one), met in heard.items() if one == each]}
    assert set(found.met) == {
        each for each in said if all(met for (_, one), met in heard.items() if one == each)
    }
    places = {str(key[0]) for key in heard}
    assert {place.designation for met in found.met.values() for place in met.places} <= places


# --- Taking over ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("backed_up")
def test_words_are_taken_over_and_remembered(town: Town) -> None:
    town.take()
    found = town.described()
    assert BACKUP in town.text()
    assert found.taken is not None
    assert (found.standing, found.taken.requirements, found.taken.taken_on) == (
        Standing.CURRENT,
        "CON.3.A5 SYS.1.1.A6",
        today(),
    )


@pytest.mark.usefixtures("backed_up")
def test_what_people_wrote_stays(town: Town) -> None:
    town.city.change(town.activity, measures="Die Akten liegen im verschlossenen Schrank.")
    town.take()
    assert town.text().startswith("Die Akten liegen im verschlossenen Schrank.\n\nUmgesetzte Maßnahmen")
    town.city.change(town.activity, measures=town.text().replace("regelmäßig", "jede Nacht"))
    assert town.described().standing is Standing.ADAPTED


def test_a_changed_answer_makes_stale_at_once_and_back_again(town: Town, backed_up: Assignment) -> None:
    town.take()
    town.take(town.dpia)
    assert (town.rules(), town.rules(town.dpia)) == ({"XGS-012"}, {"XGS-012"})
    town.confirm()
    town.confirm(town.dpia)
    assert (town.rules(), town.rules(town.dpia)) == (set(), set())
    released = town.city.stored(town.activity).version
    town.say(backed_up, "CON.3.A5", Status.PARTIAL)
    assert (town.rules(), town.rules(town.dpia)) == ({"XGS-011"}, {"XGS-011"})
    found = town.described()
    assert (found.standing, found.is_confirmed) == (Standing.STALE, False)
    assert [(one.before and one.before.de, one.now) for one in found.differences] == [
        ("Daten werden regelmäßig gesichert.", None)
    ]
    assert (found.answers_gone, found.answers_new) == (("CON.3.A5",), ())
    # What others answered is no new version of the activity.
    assert town.city.stored(town.activity).version == released
    town.say(backed_up, "CON.3.A5", Status.YES)
    assert (town.rules(), town.rules(town.dpia)) == (set(), set())


def test_every_way_in_which_the_basis_changes_is_noticed(town: Town, backed_up: Assignment) -> None:
    town.take()
    town.confirm()
    town.relate(town.application, "depends_on")
    assert town.rules() == {"XGS-011"}
    town.relate(town.application, "depends_on", town.server)
    assert town.rules() == set()
    town.relate(town.domain, "objects", town.server)
    assert town.rules() == set()
    town.relate(town.domain, "objects")
    assert town.rules() == {"XGS-011"}
    town.relate(town.domain, "objects", *town.objects)
    town.relate(town.activity, "objects")
    assert town.rules() == {"XGS-011"}
    town.relate(town.activity, "objects", town.application)
    assert town.rules() == set()
    with town.writing() as session:
        assignment = load_assignment(session, backed_up.id)
        set_relevance(assignment, relevant=False, reason="Anders geregelt.", by=town.city.identity(Role.ISB))
    assert town.rules() == {"XGS-011"}


def test_a_stale_answer_elsewhere_is_not_forgotten(town: Town, backed_up: Assignment) -> None:
    town.take()
    town.confirm()
    town.say(backed_up, "CON.3.A5", Status.NO)
    town.say(backed_up, "CON.3.A4", Status.YES)
    town.say(backed_up, "CON.3.A4", Status.NO)
    assert town.rules() == {"XGS-011"}


def test_answers_that_are_no_yes_before_and_after_change_nothing(town: Town, backed_up: Assignment) -> None:
    town.take()
    town.confirm()
    town.say(backed_up, "CON.3.A4", Status.NO)
    town.say(backed_up, "CON.3.A4", Status.PARTIAL)
    assert town.rules() == set()


def test_the_new_state_takes_the_place_of_the_old_one(town: Town, backed_up: Assignment) -> None:
    town.city.change(town.activity, measures="Eigener Text.")
    town.take()
    town.city.change(town.activity, measures=f"{town.text()}\n\nNachsatz.")
    town.say(backed_up, "CON.3.A5", Status.NO)
    town.take()
    assert BACKUP not in town.text()
    assert town.text().startswith("Eigener Text.\n\nUmgesetzte Maßnahmen")
    assert town.text().endswith("\n\nNachsatz.")
    assert town.rules() == {"XGS-012"}


def test_a_text_can_be_kept_expressly(town: Town, backed_up: Assignment) -> None:
    town.take()
    before = town.text()
    town.say(backed_up, "CON.3.A5", Status.NO)
    town.take(keep=True)
    assert (town.text(), town.rules(), town.described().standing) == (before, {"XGS-012"}, Standing.ADAPTED)


def test_when_nothing_is_left_to_say_the_old_words_can_go(town: Town, backed_up: Assignment) -> None:
    town.take()
    town.relate(town.activity, "objects")
    town.take()
    assert town.text() == ""
    assert backed_up.module_id == "CON.3"


WRITTEN = st.text(alphabet="ab.– \n", max_size=20)


@given(before=WRITTEN, former=WRITTEN, new=WRITTEN, after=WRITTEN)
def test_putting_words_in_loses_nothing_that_people_wrote(
    before: str, former: str, new: str, after: str
) -> None:
    former, new = tidy(former), tidy(new)
    current = tidy(before + former + after)
    result = put_in(current, former, new)
    assert new in result
    written = (each for each in current.replace(former, "", 1) if each in "ab")
    left = iter(result)
    assert all(each in left for each in written)


# --- Confirming ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("backed_up")
def test_the_department_confirms_and_nobody_who_advises(town: Town) -> None:
    with pytest.raises(Refused):
        town.confirm()
    town.take(role=Role.DSB)
    with pytest.raises(Refused):
        town.confirm(role=Role.DSB)
    with pytest.raises(Forbidden):
        town.confirm(role=Role.ISB)
    town.confirm(role=Role.COORDINATOR)
    assert town.described().is_confirmed
    town.city.change(town.activity, measures=f"{town.text()} Und mehr.")
    assert (town.described().is_confirmed, town.rules()) == (False, {"XGS-012"})


def test_what_changed_while_somebody_read_is_neither_taken_nor_confirmed(
    town: Town, backed_up: Assignment
) -> None:
    seen = town.described().fingerprint
    town.say(backed_up, "CON.3.A5", Status.NO)
    with pytest.raises(Outdated):
        town.take(seen=seen)
    town.take()
    town.say(backed_up, "CON.3.A5", Status.YES)
    with pytest.raises(Refused):
        town.confirm()


def test_nothing_can_be_taken_where_nothing_is_met(town: Town) -> None:
    with pytest.raises(Refused):
        town.take()


@pytest.mark.usefixtures("backed_up")
def test_what_is_over_is_not_objected_to(town: Town) -> None:
    town.take()
    town.city.change(town.activity, stage=Stage.RETIRED)
    assert town.rules() == set()


@pytest.mark.parametrize("rule", [*RULES, *DPIA_RULES], ids=lambda rule: f"{rule.id}-{rule.judges.slug}")
def test_a_rule_hits_its_bad_example_and_leaves_its_good_one_alone(rule: Rule[Any]) -> None:
    bad, good = rule.breaks(), rule.keeps()
    assert [rule.said(hit.words)["de"].count("{") for hit in rule.check(bad.entry, bad.situation)] == [0]
    assert list(rule.check(good.entry, good.situation)) == []


def test_there_is_one_memory_for_each_entry(town: Town, backed_up: Assignment) -> None:
    town.take()
    town.say(backed_up, "CON.3.A4", Status.YES)
    town.take()
    with town.city.site.database.reading(town.city.id) as session:
        assert len(session.scalars(select(MeasuresTaken.id)).all()) == 1
        assert basis_of(session, town.activity).met.keys() == {"CON.3.A4", "CON.3.A5", "SYS.1.1.A6"}


STEPS = st.tuples(
    st.sampled_from(["CON.3.A4", "CON.3.A5", "ORP.4.A2", "ORP.4.A7", "SYS.1.1.A6"]), st.sampled_from(Status)
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=8))
def test_what_is_settled_on_the_way_is_what_a_fresh_look_finds(
    city: City, steps: list[tuple[str, Status]]
) -> None:
    """However answers come and go, the mark agrees with comparing everything anew."""
    town = Town(city)
    modules = {"CON.3": town.apply("CON.3"), "ORP.4": town.apply("ORP.4")}
    modules["SYS.1.1"] = town.apply("SYS.1.1", town.server)
    town.say(modules["CON.3"], "CON.3.A5", Status.YES)
    town.take()
    for requirement, status in steps:
        town.say(modules[requirement.rpartition(".A")[0]], requirement, status)
        marked = town.city.stored(town.activity).measures_outdated is True
        assert marked is town.described().is_stale
