"""The journal tells everything that happened, once, in order, and notices when somebody rewrites it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import event, select

from compliance.database import INSTALLATION, Actor, Database
from compliance.entry import by_number, everything
from compliance.findings import Finding
from compliance.journal import Break, Change, JournalRecord, differences, history, state_at, verify
from compliance.people import Organisation, Role
from compliance.web.site import Site
from registers.authority import Authority
from registers.processing import ProcessingActivity, Purpose
from registers.processors import Processor
from registers.themes import Theme
from tests.city import FOUNDER, City, found_city


def the_history(city: City, entry: Any) -> list[Change]:
    with city.site.database.reading(city.id) as session:
        return history(session, entry)


@pytest.fixture
def theme(city: City) -> Theme:
    """A theme with three records in the journal."""
    entry = Theme(name="Offene Daten", goal="Alles zeigen")
    city.save(entry, by=Role.DSB)
    city.change(entry, goal="Vieles zeigen", by=Role.DSB)
    city.change(entry, goal="Manches zeigen", measures="Portal", by=Role.ISB)
    return entry


def tamper(database: Database, statement: str, **values: Any) -> None:
    """Does what somebody with access to the database could do."""
    with database.engine.execution_options(writing=True).begin() as connection:
        if database.dialect == "postgresql":
            every = ",".join(str(one) for one in organisations(database))
            connection.exec_driver_sql(f"SELECT set_config('app.organisations', '{every}', true)")
        named = dict(values)
        marker = "%({})s" if database.dialect == "postgresql" else ":{}"
        for name in named:
            statement = statement.replace(f":{name}", marker.format(name))
        connection.exec_driver_sql(statement, named)


def organisations(database: Database) -> list[uuid.UUID]:
    with database.reading() as session:
        return [INSTALLATION, *session.scalars(select(Organisation.id))]


def breaks(site: Site, city: City) -> list[tuple[int, str]]:
    found: tuple[Break, ...] = verify(site.database).breaks
    return [(one.seq, one.reason) for one in found if one.organisation_id == city.id]


# --- What is told --------------------------------------------------------------------------------


def test_each_change_is_told_with_actor_version_and_difference(city: City, theme: Theme) -> None:
    told = [(one.version, one.action, one.actor, dict(one.changes)) for one in the_history(city, theme)]

    assert told == [
        (
            3,
            "update",
            city.people[Role.ISB].name,
            {"goal": ("Vieles zeigen", "Manches zeigen"), "measures": (None, "Portal")},
        ),
        (2, "update", city.people[Role.DSB].name, {"goal": ("Alles zeigen", "Vieles zeigen")}),
        (1, "create", city.people[Role.DSB].name, {}),
    ]


def test_the_latest_changes_are_told_without_the_rest(city: City, theme: Theme) -> None:
    with city.site.database.reading(city.id) as session:
        latest = history(session, theme, latest=2)

    assert [change.version for change in latest] == [3, 2]
    assert latest == the_history(city, theme)[:2]


def test_every_past_version_can_be_read_again(city: City, theme: Theme) -> None:
    with city.site.database.reading(city.id) as session:
        goals = [state_at(session, theme, version).get("goal") for version in (0, 1, 2, 3, 4)]

    assert goals == [None, "Alles zeigen", "Vieles zeigen", "Manches zeigen", "Manches zeigen"]


def test_what_is_saved_together_is_recorded_together_and_each_once(city: City) -> None:
    used = Processor(name="Rechenzentrum")
    city.save(used, ProcessingActivity(name="Register", processors=[used]), Theme(name="Thema"))

    with city.site.database.reading(city.id) as session:
        mine = (JournalRecord.organisation_id == city.id, JournalRecord.kind != "unit")
        kinds = session.scalars(select(JournalRecord.kind).where(*mine)).all()
    assert sorted(kinds) == ["processing_activity", "processor", "theme"]


def test_a_renamed_target_is_no_change_of_what_refers_to_it() -> None:
    old, new = ["0" * 32, "AV-0001 Alt"], ["0" * 32, "AV-0001 Neu"]

    assert differences({"processors": [old], "project": old}, {"processors": [new], "project": new}) == {}


@pytest.mark.usefixtures("theme")
def test_each_organisation_has_a_chain_of_its_own(site: Site) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    neighbour.save(Theme(name="Ihr Thema"))

    with site.database.reading(neighbour.id) as session:
        query = select(JournalRecord.seq).where(JournalRecord.organisation_id == neighbour.id)
        numbers = session.scalars(query.order_by(JournalRecord.seq)).all()
    assert numbers == [1, 2, 3, 4]
    assert verify(site.database).breaks == ()


def test_people_are_recorded_in_the_chain_of_the_installation(site: Site, city: City) -> None:
    person = city.people[Role.DSB]
    with site.database.reading() as session:
        [change] = history(session, person)

    assert (change.kind, change.action, change.state["name"]) == ("person", "create", person.name)


# --- All or nothing ------------------------------------------------------------------------------


def test_what_cannot_be_recorded_is_not_saved(site: Site, city: City, theme: Theme) -> None:
    def fails(*arguments: Any) -> None:
        if arguments[2].startswith("INSERT INTO journal ("):
            raise RuntimeError("The journal is full.")

    event.listen(site.database.engine, "before_cursor_execute", fails)
    with pytest.raises(RuntimeError, match="full"):
        city.save(ProcessingActivity(name="Geht verloren", purposes=[Purpose(text="Zweck")]))
    with pytest.raises(RuntimeError, match="full"):
        city.change(theme, goal="Geht auch verloren")
    event.remove(site.database.engine, "before_cursor_execute", fails)

    with site.database.reading(city.id) as session:
        assert by_number(session, ProcessingActivity, 1) is None
        assert session.scalars(select(Purpose)).all() == []
        assert session.scalars(select(Finding).where(Finding.register == "processing-activities")).all() == []
    assert (city.stored(theme).goal, city.stored(theme).version) == ("Manches zeigen", 3)
    assert breaks(site, city) == []

    activity = ProcessingActivity(name="Geht danach wieder")
    city.save(activity)
    assert activity.number == 1


def test_what_fails_later_takes_its_record_with_it(site: Site, city: City, theme: Theme) -> None:
    def save_and_fail() -> None:
        with site.database.writing(city.id, actor=FOUNDER) as session:
            session.get_one(Theme, (city.id, theme.id), options=everything(Theme)).goal = "Wird nichts"
            session.add(Theme(name="Zweites Thema"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()

    with site.database.reading(city.id) as session:
        assert session.scalars(select(Theme.name)).all() == ["Offene Daten"]
    assert breaks(site, city) == []


# --- What is noticed -----------------------------------------------------------------------------


@pytest.mark.usefixtures("theme")
def test_an_untouched_journal_holds(site: Site) -> None:
    verification = verify(site.database)

    # An organisation, nine people, three units and three times the theme.
    assert (verification.records, verification.breaks) == (16, ())


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            "UPDATE journal SET open = replace(open, 'Vieles', 'Nichts') "
            "WHERE organisation_id = :city AND seq = 5",
            [(5, "altered")],
            id="changed answer",
        ),
        pytest.param(
            "UPDATE journal SET personal = replace(personal, 'Stadt', 'Staat') "
            "WHERE organisation_id = :city AND seq = 5",
            [(5, "personal")],
            id="changed actor",
        ),
        pytest.param(
            "UPDATE journal SET action = 'release' WHERE organisation_id = :city AND seq = 5",
            [(5, "altered")],
            id="changed action",
        ),
        pytest.param(
            "UPDATE journal SET at = '2020-01-01T00:00:00+00:00' WHERE organisation_id = :city AND seq = 5",
            [(5, "altered")],
            id="changed time",
        ),
        pytest.param(
            "UPDATE journal SET version = 7 WHERE organisation_id = :city AND seq = 5",
            [(5, "altered")],
            id="changed version",
        ),
        pytest.param(
            "DELETE FROM journal WHERE organisation_id = :city AND seq = 5", [(6, "missing")], id="missing"
        ),
        pytest.param(
            "DELETE FROM journal WHERE organisation_id = :city AND seq = 1",
            [(2, "missing")],
            id="missing start",
        ),
        pytest.param(
            "DELETE FROM journal WHERE organisation_id = :city AND seq = 6", [(5, "head")], id="cut off"
        ),
        pytest.param(
            "DELETE FROM journal_head WHERE organisation_id = :city", [(6, "head")], id="end removed"
        ),
        pytest.param("DELETE FROM journal WHERE organisation_id = :city", [(0, "head")], id="all gone"),
    ],
)
@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("theme")
def test_a_record_that_was_rewritten_is_found(
    site: Site, city: City, statement: str, found: list[tuple[int, str]]
) -> None:
    tamper(site.database, statement, city=_as_stored(site, city.id))

    assert breaks(site, city) == found


@pytest.mark.usefixtures("theme")
def test_records_that_changed_places_are_found(site: Site, city: City) -> None:
    for old, new in ((5, 99), (6, 5), (99, 6)):
        tamper(
            site.database,
            f"UPDATE journal SET seq = {new} WHERE organisation_id = :city AND seq = {old}",
            city=_as_stored(site, city.id),
        )

    assert breaks(site, city) == [(5, "altered"), (6, "altered"), (6, "head")]


def test_personal_details_can_be_erased_and_the_chain_still_holds(site: Site, city: City) -> None:
    sheet = Authority(name="Vorblatt", head="Bürgermeisterin Erika Mustermann", town="Musterförde")
    city.save(sheet, by=Role.DSB)
    tamper(
        site.database,
        "UPDATE journal SET personal = NULL, personal_salt = NULL WHERE organisation_id = :city",
        city=_as_stored(site, city.id),
    )

    [change] = the_history(city, sheet)
    assert breaks(site, city) == []
    assert (change.actor, change.actor_id, change.state.get("head")) == ("", "", None)
    assert change.state["town"] == "Musterförde"


def test_personal_answers_stand_in_the_personal_half_only(site: Site, city: City) -> None:
    city.save(Authority(name="Vorblatt", head="Erika Mustermann"), by=Role.DSB)

    with site.database.reading(city.id) as session:
        record = session.scalars(select(JournalRecord).where(JournalRecord.kind == "authority")).one()
    assert record.personal is not None
    assert "Erika Mustermann" in record.personal
    assert "Erika Mustermann" not in record.open
    assert city.people[Role.DSB].name not in record.open


def test_time_never_runs_backwards_in_a_chain(site: Site, city: City, theme: Theme) -> None:
    later = "2999-01-01T00:00:00.000000+00:00"
    tamper(
        site.database,
        "UPDATE journal_head SET at = :later WHERE organisation_id = :city",
        later=later,
        city=_as_stored(site, city.id),
    )
    city.change(theme, goal="Danach")

    assert the_history(city, theme)[0].at.isoformat() == "2999-01-01T00:00:00+00:00"


def test_commands_act_under_their_own_name(site: Site, city: City) -> None:
    with site.database.writing(city.id, actor=Actor("nachweis import")) as session:
        entry = Theme(name="Importiert")
        session.add(entry)

    [change] = the_history(city, entry)
    assert (change.actor, change.actor_id) == ("nachweis import", "")


def _as_stored(site: Site, id: uuid.UUID) -> Any:
    return id if site.database.dialect == "postgresql" else id.hex


@pytest.mark.usefixtures("city")
def test_the_chain_of_the_installation_is_verified_too(site: Site) -> None:
    tamper(
        site.database,
        "UPDATE journal SET open = replace(open, 'Stadt', 'Staat') WHERE organisation_id = :all AND seq = 1",
        all=_as_stored(site, INSTALLATION),
    )

    assert verify(site.database).breaks == (Break(INSTALLATION, 1, "altered"),)
