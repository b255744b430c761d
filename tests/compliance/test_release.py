"""A release vouches for exactly what was released, and nobody releases their own work."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from compliance.entry import State, by_number
from compliance.errors import Forbidden, NotFound, Refused
from compliance.fields import Reference, References, Rows, fields, plain
from compliance.findings import findings_of
from compliance.journal import history
from compliance.people import Role
from compliance.release import Step, content_hash, steps_for, take
from compliance.rules import Severity
from registers.authority import Authority
from registers.processing import ProcessingActivity, Purpose
from registers.processors import Processor
from registers.themes import Theme
from tests.city import City
from tests.strategies import entries


def step(city: City, entry: Any, name: str, *, by: Role) -> None:
    with city.site.database.writing(city.id, actor=city.actor(by)) as session:
        stored = by_number(session, type(entry), entry.number)
        assert stored is not None
        take(session, stored, name, by=city.identity(by))


@pytest.fixture
def theme(city: City) -> Theme:
    """A theme that the DPO wrote and management released."""
    entry = Theme(name="Offene Daten", goal="Alles zeigen")
    city.save(entry, by=Role.DSB)
    step(city, entry, Step.SUBMIT, by=Role.DSB)
    step(city, entry, Step.RELEASE, by=Role.MANAGEMENT)
    return entry


# --- Steps ---------------------------------------------------------------------------------------


def test_a_release_names_hash_and_version_and_is_a_step_of_its_own(city: City, theme: Theme) -> None:
    stored = city.stored(theme)
    with city.site.database.reading(city.id) as session:
        told = [(change.action, change.version) for change in history(session, theme)]

    assert (stored.state, stored.released_hash, stored.released_version) == (
        State.RELEASED,
        content_hash(stored),
        stored.version,
    )
    assert told == [("release", 3), ("submit", 2), ("create", 1)]


def test_changed_since_release_appears_with_a_change_and_disappears_with_its_return(
    city: City, theme: Theme
) -> None:
    marks = [
        city.change(theme, goal=goal).changed_since_release
        for goal in ("Vieles zeigen", "Nichts zeigen", "Alles zeigen")
    ]

    assert marks == [True, True, False]
    assert city.stored(theme).state is State.RELEASED


def test_a_row_more_or_less_is_a_change_since_release(city: City) -> None:
    entry = ProcessingActivity(name="Register", purposes=[Purpose(text="Eins")])
    city.save(entry)
    city.change(entry, released_hash=content_hash(city.stored(entry)), state=State.RELEASED)

    more = city.change(entry, purposes=[Purpose(text="Eins"), Purpose(text="Zwei")])
    same_again = city.change(entry, purposes=[Purpose(text="Eins")])

    assert (more.changed_since_release, same_again.changed_since_release) == (True, False)


def test_whoever_changed_an_entry_since_its_release_cannot_release_it(city: City) -> None:
    entry = Theme(name="Selbst geschrieben")
    city.save(entry, by=Role.MANAGEMENT)
    step(city, entry, Step.SUBMIT, by=Role.DSB)

    with pytest.raises(Refused, match="nicht selbst freigeben"):
        step(city, entry, Step.RELEASE, by=Role.MANAGEMENT)
    assert city.stored(entry).state is State.REVIEW


def test_authorship_ends_with_the_release_by_somebody_else(city: City, theme: Theme) -> None:
    city.change(theme, goal="Neu", by=Role.DSB)
    step(city, theme, Step.RELEASE, by=Role.MANAGEMENT)

    assert city.stored(theme).changed_since_release is False


def test_the_data_protection_officer_never_releases(city: City) -> None:
    entry = Theme(name="Fertig")
    city.save(entry)
    step(city, entry, Step.SUBMIT, by=Role.DSB)

    for role in set(Role) - {Role.MANAGEMENT}:
        with pytest.raises((Forbidden, NotFound)):
            step(city, entry, Step.RELEASE, by=role)
    assert Step.RELEASE in steps_for(city.identity(Role.MANAGEMENT), city.stored(entry))
    assert Step.RELEASE not in steps_for(city.identity(Role.DSB), city.stored(entry))


def test_errors_stand_against_a_release_but_never_against_saving(city: City) -> None:
    entry = ProcessingActivity(name="Unfertig")
    city.save(entry, by=Role.COORDINATOR)
    step(city, entry, Step.SUBMIT, by=Role.COORDINATOR)

    with city.site.database.reading(city.id) as session:
        gravest = findings_of(session, [entry.id])[0].severity
    assert gravest is Severity.ERROR
    with pytest.raises(Refused, match="Der Freigabe stehen Fehler entgegen"):
        step(city, entry, Step.RELEASE, by=Role.MANAGEMENT)
    assert (city.stored(entry).state, city.stored(entry).version) == (State.REVIEW, 2)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (State.IMPORTED, {Step.SUBMIT}),
        (State.DRAFT, {Step.SUBMIT, Step.END}),
        (State.REVIEW, {Step.RETURN, Step.RELEASE, Step.END}),
        (State.RELEASED, {Step.RELEASE, Step.END}),
        (State.ENDED, set()),
    ],
)
@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_each_state_allows_only_its_own_steps(city: City, state: State, allowed: set[str]) -> None:
    entries_of_state = {name: Theme(name=name) for name in (Step.SUBMIT, Step.RETURN, Step.RELEASE, Step.END)}
    city.save(*entries_of_state.values())
    for entry in entries_of_state.values():
        city.change(entry, state=state)

    taken = set()
    for name, entry in entries_of_state.items():
        try:
            step(city, entry, name, by=Role.DSB if name == Step.SUBMIT else Role.MANAGEMENT)
        except Refused:
            continue
        taken.add(name)

    assert taken == allowed


# --- The hash ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_hash_knows_neither_number_nor_title_nor_order_of_what_is_referred_to(
    city: City,
) -> None:
    one, two = Processor(name="Eins"), Processor(name="Zwei")
    city.save(one, two)
    entry = ProcessingActivity(name="Register", processors=[one, two], purposes=[Purpose(text="Zweck")])
    before = content_hash(entry)

    entry.processors = [two, one]
    one.name, two.number = "Umbenannt", 77
    entry.number, entry.version, entry.purposes = 99, 12, [Purpose(text="Zweck")]

    assert content_hash(entry) == before


def test_the_hash_survives_being_stored(city: City) -> None:
    entry = ProcessingActivity(
        name="  Zwei  Leerzeichen ", description="eins\r\nzwei", purposes=[Purpose(text="x")]
    )
    before = content_hash(entry)
    city.save(entry)

    assert content_hash(city.stored(entry)) == before


@settings(max_examples=20)
@given(entries(ProcessingActivity), entries(ProcessingActivity))
def test_the_hash_changes_with_every_answer_and_only_then(
    entry: ProcessingActivity, other: ProcessingActivity
) -> None:
    before = content_hash(entry)
    for name in set(_plain_fields(ProcessingActivity)) - ProcessingActivity.moving:
        spec, old, new = fields(ProcessingActivity)[name], getattr(entry, name), getattr(other, name)
        setattr(entry, name, new)
        assert (content_hash(entry) != before) is (plain(spec, old) != plain(spec, new)), name
        setattr(entry, name, old)
    assert content_hash(entry) == before


@settings(max_examples=15)
@given(entries(Purpose), entries(Purpose))
def test_the_hash_knows_the_order_of_rows(one: Purpose, other: Purpose) -> None:
    first = ProcessingActivity(purposes=[one, other])
    second = ProcessingActivity(purposes=[other, one])

    same = all(getattr(one, name) == getattr(other, name) for name in fields(Purpose))
    assert (content_hash(first) == content_hash(second)) is same


def test_the_hash_changes_with_what_is_referred_to() -> None:
    one, other = Processor(name="Eins"), Processor(name="Zwei")

    found = {
        content_hash(ProcessingActivity(processors=chosen)) for chosen in ([], [one], [other], [one, other])
    }
    assert len(found) == 4


def _plain_fields(model: type[Any]) -> list[str]:
    found = fields(model).items()
    return [name for name, spec in found if not isinstance(spec, Reference | References | Rows)]


def test_a_hash_stays_the_same_from_release_to_release_of_the_program() -> None:
    sheet = Authority(name="Stadt Musterförde", town="24999 Musterförde")

    assert content_hash(sheet) == "9d88ec66bcc07db17c4e66a727c7e75c795ee5df6f3302a6a425f823a630d34f"
