"""Whatever is saved is numbered, versioned and complete, and nothing gets past the one way to save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm.exc import StaleDataError

from compliance.database import Database, new_id
from compliance.drafts import Draft
from compliance.entry import State, by_number
from compliance.errors import NachweisError
from compliance.journal import Change, history
from compliance.people import Membership, Organisation, Person, SignIn, Unit
from compliance.web.site import Site
from registers.processing import DataCategory, ProcessingActivity, Purpose
from registers.processors import Processor
from registers.themes import Theme
from tests.city import FOUNDER, City, found_city


def the_history(city: City, entry: Any) -> list[Change]:
    with city.site.database.reading(city.id) as session:
        return history(session, entry)


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    entry = ProcessingActivity(
        name="Melderegister",
        purposes=[Purpose(text="Führen des Melderegisters"), Purpose(text="Auskunft")],
    )
    city.save(entry)
    return entry


def test_each_register_of_each_organisation_counts_for_itself(site: Site, city: City) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    mine = [Theme(name="Eins"), Theme(name="Zwei"), Processor(name="Druckerei")]
    theirs = Theme(name="Drei")
    city.save(*mine)
    neighbour.save(theirs)

    assert [entry.number for entry in mine] == [1, 2, 1]
    assert (theirs.number, theirs.designation) == (1, "TH-0001")


def test_an_entry_is_found_and_sorted_by_what_its_rows_say(city: City) -> None:
    activity = ProcessingActivity(
        name="Öffentliche Übermittlung", purposes=[Purpose(text="Straßenverzeichnis")]
    )
    city.save(activity)
    city.change(activity, purposes=[Purpose(text="Grünflächen")])

    stored = city.stored(activity)
    with city.site.database.reading(city.id) as session:
        search = session.scalar(select(ProcessingActivity.search))
    assert (stored.sort_key, search) == (
        "oeffentliche uebermittlung",
        "vt-0001 oeffentliche uebermittlung gruenflaechen",
    )


def test_text_is_stored_composed_with_unix_lines_and_without_control_characters(city: City) -> None:
    theme = Theme(name="  U\u0308ber\x00 \t  alles ", goal="eins\r\nzwei\rdrei\x07\x00 ")
    city.save(theme)

    stored = city.stored(theme)
    assert (stored.name, stored.goal) == ("Über alles", "eins\nzwei\ndrei")
    assert the_history(city, theme)[0].state["name"] == "Über alles"


def _reworded(entry: ProcessingActivity) -> None:
    entry.purposes[1].text = "Auskünfte an Behörden"


def _added(entry: ProcessingActivity) -> None:
    entry.purposes.append(Purpose(text="Statistik"))


def _removed(entry: ProcessingActivity) -> None:
    entry.purposes.pop(0)


def _turned(entry: ProcessingActivity) -> None:
    entry.purposes = list(reversed(entry.purposes))


@pytest.mark.parametrize("happens", [_reworded, _added, _removed, _turned])
def test_a_change_of_a_row_is_one_change_of_its_entry(
    city: City, activity: ProcessingActivity, happens: Callable[[ProcessingActivity], None]
) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        happens(entry)
        wanted = [purpose.text for purpose in entry.purposes]

    stored = city.stored(activity)
    newest, oldest = the_history(city, activity)
    assert (stored.version, newest.version, oldest.version) == (2, 2, 1)
    assert (newest.action, list(newest.changes)) == ("update", ["purposes"])
    assert [purpose.text for purpose in stored.purposes] == wanted
    assert [purpose["text"] for purpose in newest.state["purposes"]] == wanted


def test_another_link_is_a_change_of_its_entry(city: City, activity: ProcessingActivity) -> None:
    processor = Processor(name="Rechenzentrum")
    city.save(processor)
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        entry.processors = [session.get_one(Processor, (city.id, processor.id))]

    newest = the_history(city, activity)[0]
    assert (city.stored(activity).version, city.stored(processor).version) == (2, 1)
    assert newest.changes == {"processors": (None, [[processor.id.hex, "AV-0001 Rechenzentrum"]])}


def test_a_saved_entry_without_a_change_gets_no_version_and_no_record(
    city: City, activity: ProcessingActivity
) -> None:
    city.change(activity, name="Melderegister")

    assert (city.stored(activity).version, len(the_history(city, activity))) == (1, 1)


def test_an_entry_is_deleted_with_its_rows_and_remembered(city: City, activity: ProcessingActivity) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        session.delete(by_number(session, ProcessingActivity, 1))

    newest = the_history(city, activity)[0]
    with city.site.database.reading(city.id) as session:
        left = session.scalars(select(Purpose)).all(), session.scalars(select(ProcessingActivity)).all()
    assert left == ([], [])
    assert (newest.action, newest.changes["name"]) == ("delete", ("Melderegister", None))


def test_a_row_is_neither_removed_nor_changed_alone(city: City, activity: ProcessingActivity) -> None:
    with (
        pytest.raises(NachweisError, match="nur über den Eintrag"),
        city.site.database.writing(city.id, actor=FOUNDER) as session,
    ):
        session.delete(session.scalars(select(Purpose)).first())
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        session.scalars(select(Purpose)).all()[0].text = "heimlich"
        with pytest.raises(NachweisError, match="nur über den Eintrag"):
            session.flush()
        session.rollback()

    assert [purpose.text for purpose in city.stored(activity).purposes] == [
        "Führen des Melderegisters",
        "Auskunft",
    ]


def test_nothing_is_saved_without_somebody_who_does_it(city: City) -> None:
    with city.site.database.sessions() as session:
        session.info["organisation"] = city.id
        session.add(Theme(name="Von niemandem"))
        with pytest.raises(NachweisError, match="Jede Änderung braucht"):
            session.flush()


def test_whoever_reads_changes_nothing(city: City, activity: ProcessingActivity) -> None:
    with city.site.database.reading(city.id) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        entry.name = "Beim Lesen geändert"
        with pytest.raises(NachweisError, match="Beim Lesen"):
            session.flush()

    assert city.stored(activity).name == "Melderegister"


BULK = [
    update(ProcessingActivity).values(name="Alles neu"),
    update(Purpose).values(text="Alles neu"),
    update(Person).values(name="Niemand"),
    delete(ProcessingActivity),
    delete(DataCategory),
    insert(Theme).values(organisation_id=new_id(), id=new_id(), version=1, number=7, name="Neu"),
]


@pytest.mark.parametrize("statement", BULK, ids=lambda statement: str(statement).split(" SET")[0][:40])
@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_no_statement_changes_entries_past_the_journal(
    city: City, activity: ProcessingActivity, statement: Any
) -> None:
    with (
        pytest.raises(NachweisError, match="einzeln gespeichert"),
        city.site.database.writing(city.id, actor=FOUNDER) as session,
    ):
        session.execute(statement)

    assert city.stored(activity).name == "Melderegister"


def test_drafts_memberships_and_sign_ins_are_thrown_away_at_once(city: City) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        for model in (Draft, SignIn, Membership):
            session.execute(delete(model))


def test_whoever_started_from_an_older_version_overwrites_nothing(
    database: Database, city: City, activity: ProcessingActivity
) -> None:
    with database.reading(city.id) as session:
        old = by_number(session, ProcessingActivity, 1)
    city.change(activity, name="Schneller")
    assert old is not None

    with database.writing(city.id, actor=FOUNDER) as session:
        session.add(old)
        old.name = "Zu spät"
        with pytest.raises(StaleDataError):
            session.flush()
        session.rollback()
    assert city.stored(activity).name == "Schneller"


def test_people_organisations_and_units_have_versions_too(city: City) -> None:
    found = city.organisation, city.units["office"], next(iter(city.people.values()))

    assert [type(thing) for thing in found] == [Organisation, Unit, Person]
    assert [thing.version for thing in found] == [1, 1, 1]


def test_a_new_entry_is_a_draft(city: City, activity: ProcessingActivity) -> None:
    assert (city.stored(activity).state, city.stored(activity).changed_since_release) == (State.DRAFT, False)
