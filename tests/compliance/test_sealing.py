"""What is sealed cannot be read in the database, moved within it, or found by a search."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from compliance import drafts
from compliance.app import assemble
from compliance.config import Settings
from compliance.crypto import CannotOpen, Sealed, Sealer
from compliance.database import now
from compliance.entry import State, by_number
from compliance.fields import SEALED, Line, Prose, fields, secrets_of
from compliance.journal import JournalRecord, history
from compliance.people import Role
from compliance.release import content_hash
from compliance.sealing import reseal
from compliance.web.listing import filter_names, listed, sort_names
from compliance.web.site import Site
from exports.catalogue import Issuer, document_of
from exports.reports.records import Records
from registers import REGISTERS
from registers.requests import SubjectRequest
from tests.browsers import Browser, Browsers, form_of
from tests.city import FOUNDER, City
from tests.compliance.test_journal import tamper
from tests.databases import SECRET

NAME, PLACE, WISH = "Wilhelmine Knöterich", "Am Deich 7, 24999 Musterförde", "Bitte alles über den Zaun."
CLEAR = (NAME, PLACE, WISH)


def request(**values: Any) -> SubjectRequest:
    known = {
        "name": "Auskunft",
        "received": date(2026, 11, 2),
        "requester": NAME,
        "contact": PLACE,
        "wish": WISH,
    }
    return SubjectRequest(**(known | values))


@pytest.fixture
def stored(city: City) -> SubjectRequest:
    """A request that was made and changed once."""
    entry = request()
    city.save(entry, by=Role.COORDINATOR)
    city.change(entry, requester=f"{NAME} geb. Distel", by=Role.DSB)
    return entry


def everything_kept(site: Site, folder: Path) -> bytes:
    """Every byte that a thief of the database would have."""
    if site.database.dialect == "sqlite":
        return b"".join(path.read_bytes() for path in sorted(folder.glob("nachweis.db*")))
    dumped = []
    for table in ("subject_request", "journal", "draft", "finding"):
        with site.database.engine.begin() as connection:
            every = "SELECT string_agg(id::text, ',') FROM organisation"
            connection.exec_driver_sql(f"SELECT set_config('app.organisations', ({every}), true)")
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
        dumped.append(repr(rows).encode())
    return b"".join(dumped)


def column(city: City, name: str, entry: SubjectRequest) -> str:
    with city.site.database.reading(city.id) as session:
        query = select(getattr(SubjectRequest, name)).where(SubjectRequest.id == entry.id)
        return str(session.scalar(query))


# --- At rest -------------------------------------------------------------------------------------


def test_the_database_holds_no_clear_text(
    site: Site, city: City, stored: SubjectRequest, tmp_path: Path
) -> None:
    with site.database.writing(city.id, actor=FOUNDER) as session:
        drafts.keep(session, uuid.uuid4(), "requests", stored.number, 1, [("requester", NAME)])
    kept = everything_kept(site, tmp_path)

    assert b"Auskunft" in kept
    assert [text for text in CLEAR if text.encode() in kept] == []


def test_whoever_loads_the_entry_reads_it(city: City, stored: SubjectRequest) -> None:
    found = city.stored(stored)

    assert (found.requester, found.contact, found.wish) == (f"{NAME} geb. Distel", PLACE, WISH)


def test_what_was_saved_stays_readable_in_memory(city: City) -> None:
    entry = request()
    city.save(entry)

    assert (entry.requester, entry.contact, entry.represented) == (NAME, PLACE, "")


def test_the_same_text_is_never_sealed_alike(city: City) -> None:
    first, second = request(), request()
    city.save(first, second)

    assert column(city, "requester", first) != column(city, "requester", second)


def test_an_untouched_answer_is_not_sealed_again(city: City, stored: SubjectRequest) -> None:
    before = column(city, "contact", stored)
    city.change(stored, name="Auskunft und Berichtigung")

    assert column(city, "contact", stored) == before


@pytest.mark.parametrize(("source", "target"), [("requester", "contact"), ("contact", "requester")])
def test_a_value_moved_to_another_column_does_not_open(
    city: City, stored: SubjectRequest, source: str, target: str
) -> None:
    tamper(city.site.database, f"UPDATE subject_request SET {target} = {source}")

    with pytest.raises(CannotOpen, match=f"subject_request.{target}"):
        city.stored(stored)


def test_a_value_moved_to_another_row_does_not_open(city: City, stored: SubjectRequest) -> None:
    other = request(requester="Jemand anders")
    city.save(other)
    tamper(
        city.site.database,
        "UPDATE subject_request SET requester = :value",
        value=column(city, "requester", stored),
    )

    assert city.stored(stored).requester == f"{NAME} geb. Distel"
    with pytest.raises(CannotOpen, match="andere Stelle"):
        city.stored(other)


@pytest.mark.usefixtures("stored")
def test_without_the_key_the_error_says_what_is_missing(address: str, city: City, tmp_path: Path) -> None:
    stranger = assemble(Settings(address, tmp_path, "quite another secret of more than 32 characters"))
    with (
        stranger.database.reading(city.id) as session,
        pytest.raises(CannotOpen, match="NACHWEIS_FORMER_KEYS"),
    ):
        session.scalars(select(SubjectRequest)).all()
    stranger.database.engine.dispose()


@pytest.mark.usefixtures("stored")
def test_no_statement_compares_or_writes_a_secret_in_clear(city: City) -> None:
    with (
        city.site.database.reading(city.id) as session,
        pytest.raises(StatementError, match="nur versiegelt"),
    ):
        session.scalars(select(SubjectRequest).where(SubjectRequest.requester == NAME)).all()


# --- Surfaces ------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.slug)
def test_sealed_are_texts_only_and_no_list_knows_them(model: Any) -> None:
    sealed = set(secrets_of(model))

    assert all(isinstance(fields(model)[name], Line | Prose) for name in sealed)
    assert sealed & {*listed(model), *filter_names(model), *sort_names(model)} == set()


def test_no_search_finds_it(city: City, stored: SubjectRequest) -> None:
    with city.site.database.reading(city.id) as session:
        text = session.scalar(select(SubjectRequest.search).where(SubjectRequest.id == stored.id)) or ""

    assert "auskunft" in text
    assert "knoeterich" not in text


def test_the_journal_says_that_it_changed_and_not_what_it_is(city: City, stored: SubjectRequest) -> None:
    with city.site.database.reading(city.id) as session:
        latest, first = history(session, stored)
        openly = session.scalars(
            select(JournalRecord.open).where(
                JournalRecord.organisation_id == city.id, JournalRecord.record_id == stored.id
            )
        ).all()

    assert set(latest.changes) == {"requester"}
    assert latest.state["requester"] != first.state["requester"]
    assert latest.state["contact"] == first.state["contact"]
    assert [word for word in ("requester", "contact") if any(word in text for text in openly)] == []


@pytest.fixture
def office(browsers: Browsers) -> Browser:
    return browsers.of(Role.COORDINATOR)


on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@on_sqlite
def test_page_and_form_show_it_to_whoever_works_on_the_case(
    browsers: Browsers, stored: SubjectRequest
) -> None:
    place = f"/registers/requests/{stored.number}"
    seen = {
        role: NAME in browsers.of(role).page(place).main
        for role in (Role.DSB, Role.COORDINATOR, Role.AUDITOR)
    }

    assert seen == {Role.DSB: True, Role.COORDINATOR: True, Role.AUDITOR: False}
    assert browsers.of(Role.COORDINATOR).page(f"{place}/edit").value("contact") == PLACE


@on_sqlite
def test_history_and_json_show_that_there_is_one(browsers: Browsers, stored: SubjectRequest) -> None:
    browser = browsers.of(Role.DSB)
    told = browser.page(f"/registers/requests/{stored.number}/history").main
    exported = browser.get(f"/registers/requests/{stored.number}.json").get_data(as_text=True)

    assert SEALED.de in told
    assert [text for text in CLEAR if text in told or text in exported] == []


@on_sqlite
def test_a_form_saves_it_and_what_two_people_wrote_is_compared(office: Browser) -> None:
    place = office.post("/registers/requests/new", form_of(request())).location
    office.post(f"{place}/edit", {"requester": "Erste", "version": "1"})
    answer = office.post(
        f"{place}/edit", {"requester": "Zweite", "contact": PLACE, "version": "1"}, status=409
    )
    compared = answer.get_data(as_text=True)

    assert ("Erste" in compared, "Zweite" in compared) == (True, True)


@on_sqlite
def test_exports_leave_it_out_unless_a_report_asks(city: City, stored: SubjectRequest) -> None:
    with city.site.database.reading(city.id) as session:
        table = document_of(session, SubjectRequest, [stored.id], Issuer("Stadt", now(), "de"))
        printed = repr(table) + "".join(repr(row) for row in getattr(table.blocks[-1], "rows", ()))
        [record] = Records(session, SubjectRequest, [stored.id], ("requester", "received"))

    assert [text for text in CLEAR if text in printed] == []
    assert record["requester"] == f"{NAME} geb. Distel"


# --- Release and change of keys ------------------------------------------------------------------


def test_a_release_notices_a_changed_secret(city: City, stored: SubjectRequest) -> None:
    city.change(stored, released_hash=content_hash_of(city, stored), state=State.RELEASED)
    assert city.stored(stored).changed_since_release is False
    city.change(stored, contact="Woanders")

    assert city.stored(stored).changed_since_release is True


def content_hash_of(city: City, entry: SubjectRequest) -> str:
    with city.site.database.reading(city.id) as session:
        found = by_number(session, SubjectRequest, entry.number)
        assert found is not None
        return content_hash(found)


def test_after_a_change_of_keys_everything_is_sealed_anew_and_nothing_has_changed(
    address: str, city: City, stored: SubjectRequest, tmp_path: Path
) -> None:
    city.change(stored, released_hash=content_hash_of(city, stored), state=State.RELEASED)
    before = city.stored(stored)
    fresh = "the new secret of this house, long enough for everybody"
    both = assemble(Settings(address, tmp_path, fresh, former_keys=(SECRET,)))
    with both.database.writing(city.id, actor=FOUNDER) as session:
        assert reseal(session, content_hash) == 3
    both.database.engine.dispose()

    alone = assemble(Settings(address, tmp_path, fresh))
    renewed = City(alone, city.organisation, city.units, city.people)
    after = renewed.stored(stored)
    assert (after.requester, after.version) == (before.requester, before.version)
    assert after.changed_since_release is False
    assert renewed.change(stored, elsewhere="Keller").changed_since_release is True
    with alone.database.reading(city.id) as session:
        assert set(history(session, stored)[0].changes) == {"elsewhere"}
    alone.database.engine.dispose()


# --- The sealer -----------------------------------------------------------------------------------

SEALER = Sealer(SECRET)


@given(st.text(), st.text())
def test_what_is_sealed_opens_in_its_place(text: str, place: str) -> None:
    text, place = text.encode("utf-8", "ignore").decode(), place.encode("utf-8", "ignore").decode()
    assert SEALER.open(SEALER.seal(text, place), place) == text


@given(st.text(alphabet="abc", max_size=5), st.text(alphabet="abc", max_size=5))
def test_it_opens_in_no_other_place(place: str, other: str) -> None:
    sealed = SEALER.seal("geheim", place)
    if place == other:
        assert SEALER.open(sealed, other) == "geheim"
    else:
        with pytest.raises(CannotOpen):
            SEALER.open(sealed, other)


@given(st.text(max_size=60))
def test_what_was_never_sealed_is_refused_in_words(text: str) -> None:
    with pytest.raises(CannotOpen):
        SEALER.open(Sealed(text), "hier")


def test_a_fingerprint_depends_on_text_place_and_key() -> None:
    prints = {
        sealer.fingerprint(text, place)
        for sealer in (SEALER, Sealer(f"{SECRET}!"))
        for text in ("eins", "zwei")
        for place in ("hier", "dort")
    }

    assert len(prints) == 8
