"""Several people save at once: nothing is lost, nobody sees an error, and nothing is overwritten silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from compliance.database import Database
from compliance.entry import by_number
from compliance.journal import JournalRecord, verify
from compliance.web.site import Site
from registers.processing import ProcessingActivity, Purpose
from registers.themes import Theme
from tests.city import FOUNDER, City

WRITERS, SAVES = 4, 20


def at_once(work: Callable[[int], int]) -> list[int]:
    """Lets four threads do *work* at the same time; raises what any of them raises."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, range(WRITERS)))


def test_four_people_who_create_entries_lose_none_and_see_no_error(site: Site, city: City) -> None:
    def create(writer: int) -> int:
        for save in range(SAVES):
            city.save(ProcessingActivity(name=f"{writer}/{save}", purposes=[Purpose(text="Zweck")]))
        return SAVES

    at_once(create)

    with site.database.reading(city.id) as session:
        numbers = session.scalars(select(ProcessingActivity.number)).all()
        mine = (JournalRecord.organisation_id == city.id, JournalRecord.kind == "processing_activity")
        actions = session.scalars(select(JournalRecord.action).where(*mine)).all()
    assert sorted(numbers) == list(range(1, WRITERS * SAVES + 1))
    assert Counter(actions) == {"create": WRITERS * SAVES}
    assert verify(site.database).breaks == ()


def test_four_people_who_change_different_entries_lose_nothing(site: Site, city: City) -> None:
    themes = [Theme(name=f"Thema {writer}") for writer in range(WRITERS)]
    city.save(*themes)

    def change(writer: int) -> int:
        for save in range(SAVES):
            city.change(themes[writer], goal=f"Ziel {save}")
        return SAVES

    at_once(change)

    stored = [city.stored(theme) for theme in themes]
    assert [(theme.goal, theme.version) for theme in stored] == [(f"Ziel {SAVES - 1}", SAVES + 1)] * WRITERS
    assert verify(site.database).breaks == ()


def test_four_people_who_change_the_same_entry_never_overwrite_silently(site: Site, city: City) -> None:
    theme = Theme(name="Umkämpft", goal="0")
    city.save(theme)

    def count_up(_writer: int) -> int:
        saved = 0
        for _save in range(SAVES):
            try:
                with site.database.writing(city.id, actor=FOUNDER) as session:
                    entry = by_number(session, Theme, 1)
                    assert entry is not None
                    entry.goal = str(int(entry.goal) + 1)
                saved += 1
            except StaleDataError:
                continue
        return saved

    saved = sum(at_once(count_up))

    stored = city.stored(theme)
    assert (int(stored.goal), stored.version) == (saved, saved + 1)
    assert saved >= SAVES
    assert verify(site.database).breaks == ()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_on_sqlite_whoever_writes_waits_and_always_gets_through(site: Site, city: City) -> None:
    theme = Theme(name="Umkämpft", goal="0")
    city.save(theme)

    def count_up(_writer: int) -> int:
        for _save in range(SAVES):
            with site.database.writing(city.id, actor=FOUNDER) as session:
                entry = by_number(session, Theme, 1)
                assert entry is not None
                entry.goal = str(int(entry.goal) + 1)
        return SAVES

    at_once(count_up)

    assert city.stored(theme).goal == str(WRITERS * SAVES)


def test_a_page_sees_one_moment_while_others_save(site: Site, city: City) -> None:
    city.save(Theme(name="Vorher"))

    with site.database.reading(city.id) as session:
        before = session.scalars(select(Theme.name)).all()
        city.save(Theme(name="Währenddessen"))
        during = session.scalars(select(Theme.name)).all()

    assert (before, during) == (["Vorher"], ["Vorher"])


@pytest.mark.parametrize("address", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_postgresql_itself_refuses_to_write_while_reading(database: Database, city: City) -> None:
    with database.reading(city.id) as session, pytest.raises(DBAPIError, match="read-only transaction"):
        session.connection().execute(text("DELETE FROM theme"))


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_sqlite_takes_the_right_to_write_at_the_start(database: Database, city: City) -> None:
    begun: list[str] = []
    with database.writing(city.id, actor=FOUNDER) as session:
        connection = session.connection()
        begun.append(str(connection.get_execution_options().get("writing")))
        with database.engine.connect() as other:
            other.exec_driver_sql("PRAGMA busy_timeout = 1")
            with pytest.raises(DBAPIError, match="locked"):
                other.exec_driver_sql("DELETE FROM theme")

    assert begun == ["True"]
