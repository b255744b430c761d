"""Who is named in a comment is asked, until they say that it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.dpia.dpia import Dpia
from compliance.access import Grant, Identity
from compliance.agenda import AgendaItem, Desk, Matter, items, refresh
from compliance.comments import (
    CHANGEABLE,
    LONGEST,
    Colleague,
    Comment,
    asked,
    change_comment,
    colleagues,
    conversation,
    delete_comment,
    finish,
    marked,
    write_comment,
)
from compliance.database import new_id, now
from compliance.entry import State
from compliance.errors import Forbidden, NotFound, Refused
from compliance.journal import history, verify
from compliance.people import Role
from registers.processing import ProcessingActivity
from tests.city import City, add_person, found_city

COORDINATOR = "Datenschutzkoordination Stadt Musterförde"
OFFICER = "Datenschutzbeauftragte Stadt Musterförde"


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    found = ProcessingActivity(name="Melderegister")
    city.save(found)
    return found


def say(
    city: City, activity: ProcessingActivity, text: str, mention: str = "", *, by: Role = Role.DSB
) -> Comment:
    with city.site.database.writing(city.id, actor=city.actor(by)) as session:
        entry = session.get_one(ProcessingActivity, (city.id, activity.id))
        return write_comment(session, entry, text, mention, by=city.identity(by))


def act(city: City, what: Any, activity: ProcessingActivity, *arguments: Any, by: Role) -> None:
    """Does *what* of the comments in the name of *by*."""
    with city.site.database.writing(city.id, actor=city.actor(by)) as session:
        entry = session.get_one(ProcessingActivity, (city.id, activity.id))
        stored = [
            session.get_one(Comment, (city.id, one.id)) if isinstance(one, Comment) else one
            for one in arguments
        ]
        what(session, entry, *stored, by=city.identity(by))


def said(city: City, activity: ProcessingActivity, reader: Role = Role.DSB) -> list[tuple[str, str]]:
    with city.site.database.reading(city.id) as session:
        talk = conversation(session, activity, city.identity(reader))
        return [(one.comment.author, one.comment.text) for one in talk]


def desk(city: City, person: Identity) -> list[tuple[str, str]]:
    """What comments ask of *person*: name and number of the entries."""
    condition = Desk(person, city.site.registers).of(Matter.MENTION)
    with city.site.database.reading(city.id) as session:
        return [(item.name, item.register) for item in items(session, condition, limit=10)]


def desks(city: City, *roles: Role) -> list[int]:
    return [len(desk(city, city.identity(role))) for role in roles]


# --- Names in a text -----------------------------------------------------------------------------

ANNE = Colleague(new_id(), "Anne Lund")
LONG = Colleague(new_id(), "Anne Lundgren")
ODD = Colleague(new_id(), "Dr. (Ö) O'Neill*")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Anne Lund, bitte prüfen", [ANNE]),
        ("bitte prüfen @anne lund", [ANNE]),
        ("@Anne Lundgren bitte prüfen", [LONG]),
        ("@Anne Lund und @Anne Lundgren", [ANNE, LONG]),
        ("(@Dr. (Ö) O'Neill*)", [ODD]),
        ("anne@Anne Lund", []),
        ("Anne Lund", []),
        ("@Anne", []),
        ("@Anne Lunding", []),
        ("", []),
    ],
)
def test_a_name_after_the_sign_asks_and_nothing_else_does(text: str, people: list[Colleague]) -> None:
    assert asked(text, [ANNE, LONG, ODD]) == people


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_the_pieces_of_a_text_are_the_text(text: str, names: list[str]) -> None:
    assert "".join(piece for _is_name, piece in marked(text, names)) == text


# --- A mention is a task -------------------------------------------------------------------------


def test_whoever_is_named_has_a_task_until_it_is_done(city: City, activity: ProcessingActivity) -> None:
    say(city, activity, f"@{COORDINATOR} bitte die Löschfrist ergänzen.")
    before = desks(city, *Role)
    with city.site.database.reading(city.id) as session:
        [one] = conversation(session, activity, city.identity(Role.COORDINATOR))
        [other] = conversation(session, activity, city.identity(Role.DSB))
    assert one.waiting is not None

    act(city, finish, activity, one.waiting.id.hex, by=Role.COORDINATOR)

    assert before == [1 if role is Role.COORDINATOR else 0 for role in Role]
    assert other.waiting is None
    assert one.pieces == [(True, f"@{COORDINATOR}"), (False, " bitte die Löschfrist ergänzen.")]
    assert desks(city, *Role) == [0] * len(Role)


def test_somebody_chosen_beside_the_text_is_named_in_it(city: City, activity: ProcessingActivity) -> None:
    chosen = city.people[Role.COORDINATOR].id.hex

    say(city, activity, "Bitte prüfen.", chosen)
    say(city, activity, f"Danke, @{COORDINATOR}!", chosen)
    say(city, activity, "Niemand.", "nobody at all")

    assert [text for _author, text in said(city, activity)] == [
        f"@{COORDINATOR} Bitte prüfen.",
        f"Danke, @{COORDINATOR}!",
        "Niemand.",
    ]
    assert desks(city, Role.COORDINATOR) == [2]


def test_nobody_finishes_what_others_are_asked(city: City, activity: ProcessingActivity) -> None:
    say(city, activity, f"@{COORDINATOR} bitte prüfen.")
    with city.site.database.reading(city.id) as session:
        [one] = conversation(session, activity, city.identity(Role.COORDINATOR))
    assert one.waiting is not None

    for identity in (one.waiting.id.hex, "nonsense"):
        with pytest.raises(NotFound):
            act(city, finish, activity, identity, by=Role.MANAGEMENT)

    assert desks(city, Role.COORDINATOR) == [1]


def test_a_task_follows_its_entry_and_is_there_again_when_the_agenda_is_made_anew(
    city: City, activity: ProcessingActivity
) -> None:
    say(city, activity, f"@{COORDINATOR} bitte prüfen.")
    city.change(activity, name="Melderegister und Wahlen", state=State.ENDED)
    after = desk(city, city.identity(Role.COORDINATOR))

    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        for item in session.scalars(select(AgendaItem)).all():
            session.delete(item)
        session.flush()
        refresh(session, city.site.registers.values())

    assert after == [("Melderegister und Wahlen", "processing-activities")]
    assert desk(city, city.identity(Role.COORDINATOR)) == after


# --- Who can be asked ----------------------------------------------------------------------------


def test_only_those_who_may_see_an_entry_can_be_asked_about_it(city: City) -> None:
    entry = ProcessingActivity(name="Wohngeld", unit=city.units["office"])
    city.save(entry)
    inside = add_person(city, Role.COORDINATOR, unit=city.units["department"], name="Drinnen")
    add_person(city, Role.COORDINATOR, unit=city.units["other"], name="Draußen")
    add_person(city, Role.COORDINATOR, until=(now() - timedelta(days=2)).date(), name="Ausgeschieden")
    found_city(city.site, "Gemeinde Nebenan")

    with city.site.database.reading(city.id) as session:
        found = {one.name for one in colleagues(session, city.stored(entry))}

    roles = {city.people[role].name for role in Role if role is not Role.ARCHIVE}
    assert found == roles | {inside.name}


def test_a_name_of_somebody_who_may_not_see_it_asks_nobody(city: City) -> None:
    entry = ProcessingActivity(name="Wohngeld", unit=city.units["office"])
    city.save(entry)
    outside = add_person(city, Role.COORDINATOR, unit=city.units["other"], name="Draußen")

    say(city, entry, "@Draußen bitte prüfen.", outside.id.hex)

    units = frozenset({city.units["other"].id})
    identity = Identity(outside.id, "Draußen", city.id, "", "de", (Grant(Role.COORDINATOR, units),))
    assert desk(city, identity) == []


def test_a_hidden_entry_is_spoken_of_by_the_officer_alone(
    city: City, activity: ProcessingActivity, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(city, activity, f"@{COORDINATOR} bitte prüfen.")
    before = desks(city, Role.COORDINATOR)

    monkeypatch.setattr(ProcessingActivity, "hidden_by", "third_country")
    city.change(activity, third_country=True)
    with city.site.database.reading(city.id) as session:
        found = [one.name for one in colleagues(session, city.stored(activity))]

    assert (before, desks(city, Role.COORDINATOR), found) == ([1], [0], [OFFICER])
    with pytest.raises(NotFound):
        say(city, city.stored(activity), "Heimlich", by=Role.COORDINATOR)


# --- Changing ------------------------------------------------------------------------------------


def test_another_text_asks_whom_it_names_and_nobody_else_any_more(
    city: City, activity: ProcessingActivity
) -> None:
    comment = say(city, activity, f"@{COORDINATOR} bitte prüfen.")

    act(city, change_comment, activity, comment, f"@{OFFICER} bitte prüfen.", by=Role.DSB)
    changed = desks(city, Role.COORDINATOR, Role.DSB)
    act(city, delete_comment, activity, comment, by=Role.DSB)

    assert changed == [0, 1]
    assert desks(city, Role.COORDINATOR, Role.DSB) == [0, 0]
    assert said(city, activity) == []
    with city.site.database.reading(city.id) as session:
        actions = [change.action for change in history(session, comment)]
    assert actions == ["delete", "update", "create"]
    assert verify(city.site.database).breaks == ()


def test_only_the_author_changes_a_comment_and_only_for_a_while(
    city: City, activity: ProcessingActivity
) -> None:
    comment = say(city, activity, "Erster Stand.")

    with pytest.raises(Forbidden):
        act(city, change_comment, activity, comment, "Anderer Stand.", by=Role.MANAGEMENT)
    with pytest.raises(Forbidden):
        act(city, delete_comment, activity, comment, by=Role.MANAGEMENT)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        session.get_one(Comment, (city.id, comment.id)).written_at = now() - CHANGEABLE
    with pytest.raises(Refused):
        act(city, change_comment, activity, comment, "Später.", by=Role.DSB)
    with pytest.raises(Refused):
        act(city, delete_comment, activity, comment, by=Role.DSB)

    assert said(city, activity) == [(OFFICER, "Erster Stand.")]


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (LONGEST + 1)])
def test_a_comment_without_a_text_or_with_too_long_a_one_is_refused(
    city: City, activity: ProcessingActivity, text: str
) -> None:
    with pytest.raises(Refused):
        say(city, activity, text)

    assert said(city, activity) == []


def test_a_conversation_belongs_to_one_entry(city: City, activity: ProcessingActivity) -> None:
    other = Dpia(name="Drohnen")
    city.save(other)
    say(city, activity, "Hier.")

    with city.site.database.reading(city.id) as session:
        assert conversation(session, other, city.identity(Role.DSB)) == []
