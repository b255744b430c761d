"""A domain is checked against any catalogue, and a new version of it carries the answers over."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.control_rules import RULES
from assessments.grundschutz.controls import (
    CatalogueUse,
    ControlAnswer,
    ControlRow,
    Fit,
    answer_control,
    below,
    confirm_control,
    control_rows,
    header_of,
    load_use,
    move,
    preview_move,
    progress,
    stop_using,
    use_catalogue,
    uses_of,
)
from assessments.grundschutz.library import contents, control_catalogue, import_oscal
from assessments.grundschutz.oscal import OscalCatalogue, read
from assessments.grundschutz.oscal_profile import Source
from compliance.errors import Forbidden, NotFound, Outdated, Refused
from compliance.findings import findings_of
from compliance.journal import verify
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.oscal_documents import catalogue, catalogues, control, stable, written

FIRST = catalogue(
    control("K.1", "Sichern", prose="SOLLTE sichern.", props=stable(1)),
    control("K.2", "Löschen", prose="SOLLTE löschen.", props=stable(2)),
    control("K.3", "Entfällt", prose="KANN.", props=stable(3)),
)
SECOND = catalogue(
    control("K.1", "Neu hier", prose="MUSS.", props=stable(4)),
    control("K.2", "Sichern", prose="MUSS sichern.", props=stable(1)),
    control("K.3", "Löschen", prose="SOLLTE löschen.", props=stable(2)),
    version="2",
)
SAVING, ERASING, GONE, NEW = (stable(digit)[0]["value"] for digit in (1, 2, 3, 4))
DONE = Given(Status.YES, remark="Täglich.", evidence="DA 12")


class Checked:
    """A house whose domain is checked against the first version; the second one is imported, too."""

    def __init__(self, address: str) -> None:
        self.house = House(address, RULES)
        self.database = self.house.database
        self.first, self.second, self.other = (
            import_oscal(self.database, Source("k.json", written(root)), actor=ACTOR).short
            for root in (FIRST, SECOND, catalogue(control("fremd")))
        )
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            domain = load_domain(session, self.house.domain_id)
            self.use_id = use_catalogue(session, domain, control_catalogue(session, self.first), by=ISB).id

    def use(self, session: Session) -> tuple[CatalogueUse, OscalCatalogue]:
        use = load_use(session, self.use_id)
        return use, contents(session, header_of(session, use))

    def answer(self, key: str, given: Given, version: int | None = None) -> None:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            use, found = self.use(session)
            answer_control(session, use, found, key, given, by=ISB, version=version)

    def move(self, short: str) -> None:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            move(session, self.use(session)[0], control_catalogue(session, short), by=ISB)

    def rows(self) -> dict[str, ControlRow]:
        with self.database.reading(ORGANISATION) as session:
            use, found = self.use(session)
            return {row.control.id: row for row in control_rows(session, use, found, found.controls)}

    def tally(self) -> list[tuple[int, int, int]]:
        with self.database.reading(ORGANISATION) as session:
            found = progress(session, *self.use(session))
            return [(each.total, each.answered, each.reworded) for each in found]


@pytest.fixture
def checked(tmp_path: Path) -> Iterator[Checked]:
    made = Checked(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield made
    made.database.engine.dispose()


def test_an_answer_is_stored_for_its_control_and_counted(checked: Checked) -> None:
    checked.answer(SAVING, Given(Status.PARTIAL, measure="Band", responsible=" IT  ", due=date(2027, 3, 1)))
    row = checked.rows()["K.1"]
    assert (row.given, row.version, row.reworded) == (
        Given(Status.PARTIAL, measure="Band", responsible="IT", due=date(2027, 3, 1)),
        1,
        False,
    )
    assert checked.tally() == [(3, 1, 0)]
    assert verify(checked.database).breaks == ()


def test_the_same_answer_again_is_no_change(checked: Checked) -> None:
    for _ in range(2):
        checked.answer(SAVING, DONE)
    assert checked.rows()["K.1"].version == 1


def test_an_answer_can_be_taken_back(checked: Checked) -> None:
    checked.answer(SAVING, DONE)
    checked.answer(SAVING, Given())
    assert (checked.rows()["K.1"].answered_on, checked.tally()) == (None, [(3, 0, 0)])


def test_who_read_an_older_answer_is_told(checked: Checked) -> None:
    checked.answer(SAVING, DONE, version=0)
    with pytest.raises(Outdated):
        checked.answer(SAVING, Given(Status.NO), version=0)
    assert checked.rows()["K.1"].given == DONE


def test_what_the_catalogue_does_not_have_or_a_reader_may_not_do_is_refused(checked: Checked) -> None:
    with pytest.raises(Refused):
        checked.answer("fremd", DONE)
    with checked.database.writing(ORGANISATION, actor=ACTOR) as session:
        use, found = checked.use(session)
        with pytest.raises(Forbidden):
            answer_control(session, use, found, SAVING, DONE, by=AUDITOR)
        with pytest.raises(Refused):
            confirm_control(session, use, found, SAVING, by=ISB)
    with checked.database.reading(ORGANISATION) as session, pytest.raises(NotFound):
        load_use(session, uuid.UUID(int=1))


def test_a_catalogue_is_chosen_once_and_removed_only_while_it_is_unanswered(checked: Checked) -> None:
    with checked.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, checked.house.domain_id)
        with pytest.raises(Refused):
            use_catalogue(session, domain, control_catalogue(session, checked.first), by=ISB)
    checked.answer(SAVING, DONE)
    with checked.database.writing(ORGANISATION, actor=ACTOR) as session, pytest.raises(Refused):
        stop_using(session, load_use(session, checked.use_id), by=ISB)


def test_an_unanswered_catalogue_is_removed(checked: Checked) -> None:
    with checked.database.writing(ORGANISATION, actor=ACTOR) as session:
        stop_using(session, load_use(session, checked.use_id), by=ISB)
    with checked.database.reading(ORGANISATION) as session:
        assert uses_of(session, load_domain(session, checked.house.domain_id)) == []


def test_a_preview_says_what_becomes_of_every_answer(checked: Checked) -> None:
    for key in (SAVING, ERASING, GONE):
        checked.answer(key, DONE)
    with checked.database.reading(ORGANISATION) as session:
        use, _found = checked.use(session)
        carried = preview_move(session, use, control_catalogue(session, checked.second))
    assert carried.kept == 1
    assert [each.id for each in carried.reworded] == ["K.2"]
    assert [each.id for each in carried.dropped] == ["K.3"]
    assert [each.key for each in carried.differences.added] == [NEW]


def test_a_new_version_carries_answers_to_their_new_number_and_marks_reworded_ones(checked: Checked) -> None:
    for key in (SAVING, ERASING, GONE):
        checked.answer(key, DONE)
    checked.move(checked.second)
    rows = checked.rows()
    assert {number: (row.given.status, row.reworded) for number, row in rows.items()} == {
        "K.1": (Status.OPEN, False),
        "K.2": (Status.YES, True),
        "K.3": (Status.YES, False),
    }
    assert rows["K.3"].given == DONE
    assert checked.tally() == [(3, 2, 1)]


def test_the_way_back_brings_everything_back(checked: Checked) -> None:
    for key in (SAVING, ERASING, GONE):
        checked.answer(key, DONE)
    before = checked.rows()
    checked.move(checked.second)
    checked.move(checked.first)
    # An answer notes each time whether it still fits.
    assert {id: replace(row, version=0) for id, row in checked.rows().items()} == {
        id: replace(row, version=0) for id, row in before.items()
    }


def test_a_reworded_answer_is_confirmed_or_given_anew(checked: Checked) -> None:
    checked.answer(SAVING, DONE)
    checked.move(checked.second)
    with checked.database.writing(ORGANISATION, actor=ACTOR) as session:
        confirm_control(session, *checked.use(session), SAVING, by=ISB)
    assert (checked.rows()["K.2"].given, checked.tally()) == (DONE, [(3, 1, 0)])


def test_another_catalogue_is_no_new_version(checked: Checked) -> None:
    with pytest.raises(Refused, match="keine Anforderung gemeinsam"):
        checked.move(checked.other)
    with pytest.raises(Refused, match="schon nach"):
        checked.move(checked.first)


@given(catalogues())
def test_the_chapters_hold_every_control_once(root: dict[str, Any]) -> None:
    found = read(root)
    chapters = [index for index, group in enumerate(found.groups) if group.parent is None]
    inside = [control for index in chapters for control in below(found, index)]
    assert sorted(control.id for control in inside) == sorted(control.id for control in found.controls)


# --- What an audit would object to --------------------------------------------------------------


def findings(checked: Checked) -> dict[str, str]:
    with checked.database.reading(ORGANISATION) as session:
        found = findings_of(session, [checked.house.domain_id])
        return {one.rule: one.words["controls"] for one in found if one.rule.startswith("KAT-")}


def test_what_is_missing_in_answers_is_found_until_it_is_there(checked: Checked) -> None:
    checked.answer(SAVING, Given(Status.UNNECESSARY))
    checked.answer(ERASING, Given(Status.NO, responsible="Amt 11"))
    assert findings(checked) == {"KAT-001": "K.1", "KAT-002": "K.2"}
    checked.answer(SAVING, Given(Status.UNNECESSARY, reason="Kein Netz."))
    checked.answer(ERASING, Given(Status.NO, responsible="Amt 11", due=date(2026, 9, 30)))
    assert findings(checked) == {}


def test_a_new_version_objects_to_answers_that_no_longer_fit(checked: Checked) -> None:
    checked.answer(SAVING, DONE)
    checked.answer(ERASING, DONE)
    checked.answer(GONE, Given(Status.UNNECESSARY))
    checked.move(checked.second)
    assert findings(checked) == {"KAT-003": "K.2"}
    with checked.database.reading(ORGANISATION) as session:
        query = select(ControlAnswer.control_key, ControlAnswer.fit)
        assert {row.control_key: row.fit for row in session.execute(query)} == {
            SAVING: Fit.REWORDED,
            ERASING: Fit.CURRENT,
            GONE: Fit.DROPPED,
        }
    with checked.database.writing(ORGANISATION, actor=ACTOR) as session:
        confirm_control(session, *checked.use(session), SAVING, by=ISB)
    assert findings(checked) == {}
