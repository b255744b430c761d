"""The check leaves as a workbook, is filled in elsewhere, and comes back with nothing lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from assessments.grundschutz.check import Given, MetBy, Status, check_sheet, stored_answers
from assessments.grundschutz.check_book import carry_out, plan
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import load_assignment
from compliance.errors import Refused
from compliance.journal import history
from exports.check_workbook import write
from exports.editable import Purpose
from registers.importing.roundtrip import EVERYTHING, MINE, THEIRS, Book, Decisions, Plan, read_book
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain

FIRST, SECOND = "SYS.1.1.A1", "SYS.1.1.A2"
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
COLUMNS = {
    "status": "Umsetzungsstatus",
    "reason": "Begründung",
    "measure": "Maßnahme",
    "responsible": "Zuständig",
    "due": "Umsetzung bis",
    "remark": "Bemerkung",
    "evidence": "Nachweis",
    "evidence_on": "Stand des Nachweises",
    "met_by": "Erfüllt durch",
}


class Desk:
    """A house with one module, whose check can leave, be edited as a person would, and come back."""

    def __init__(self, address: str) -> None:
        self.house = House(address)
        [self.assignment] = self.house.assign((self.house.server_id, "SYS.1.1"))

    def out(self) -> Any:
        """The workbook as a spreadsheet opens it."""
        purpose = Purpose("Stadt", ORGANISATION, NOW, "de", lambda _one: True, lambda _one: True)
        file = io.BytesIO()
        with self.house.database.reading(ORGANISATION) as session:
            write(session, load_domain(session, self.house.domain_id), purpose, file)
        file.seek(0)
        return load_workbook(file)

    def plan(self, workbook: Any) -> Plan:
        with self.house.database.reading(ORGANISATION) as session:
            domain = load_domain(session, self.house.domain_id)
            return plan(session, domain, back(workbook), EVERYTHING)

    def take(self, workbook: Any, side: str = "") -> int:
        """Takes everything over; where both sides changed an answer, that of *side*."""
        with self.house.database.writing(ORGANISATION, actor=ACTOR) as session:
            domain = load_domain(session, self.house.domain_id)
            found = plan(session, domain, back(workbook), EVERYTHING)
            sides = {(each.key, edit.key): side for each in found.ready for edit in each.conflicts if side}
            taken = Decisions(frozenset(each.key for each in found.ready), sides)
            return carry_out(session, domain, found, taken, by=ISB)

    def given(self) -> dict[str, Given]:
        with self.house.database.reading(ORGANISATION) as session:
            sheet = check_sheet(session, load_assignment(session, self.assignment))
            return {row.requirement.id: row.given for row in sheet.rows}


def back(workbook: Any) -> Book:
    file = io.BytesIO()
    workbook.save(file)
    return read_book(file.getvalue(), "check.xlsx")


def fill(workbook: Any, requirement: str, **answers: object) -> None:
    """Writes answers into the row of *requirement*."""
    sheet = workbook.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    row = next(
        cells[0].row
        for cells in sheet.iter_rows(min_row=2)
        if str(cells[heads["Nr."] - 1].value).endswith(f"/{requirement}")
    )
    for name, value in answers.items():
        sheet.cell(row, heads[COLUMNS[name]]).value = value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(f"sqlite:///{tmp_path / 'n.db'}")
    yield made
    made.house.database.engine.dispose()


def test_every_requirement_that_is_asked_stands_in_a_row_and_words_are_offered(desk: Desk) -> None:
    sheet = desk.out().worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    asked = [each for each in edition_2023().requirements_of("SYS.1.1") if not each.withdrawn]
    assert sheet.max_row - 1 == sum(each.level.value in "BS" for each in asked) == 20
    assert heads[-len(COLUMNS) :] == list(COLUMNS.values())
    offered = {str(each.sqref)[0] for each in sheet.data_validations.dataValidation}
    letters = {sheet.cell(1, heads.index(COLUMNS[name]) + 1).column_letter for name in ("status", "met_by")}
    assert offered == letters


def test_what_is_filled_in_is_taken_over_and_the_rest_stays(desk: Desk) -> None:
    desk.house.answer(desk.assignment, SECOND, Given(Status.YES, remark="Im Schrank"))
    workbook = desk.out()
    fill(
        workbook,
        FIRST,
        status="Teilweise",
        measure="Riegel",
        responsible="Amt 11",
        due=date(2026, 9, 30),
        evidence_on="01.02.2026",
        met_by="Beide gemeinsam",
    )
    found = desk.plan(workbook)
    assert (found.counts()["changed"], found.counts()["created"], found.counts()["problems"]) == (0, 1, 0)
    before = desk.given()
    assert desk.take(workbook) == 1
    assert desk.given() == before | {
        FIRST: Given(
            Status.PARTIAL,
            measure="Riegel",
            responsible="Amt 11",
            due=date(2026, 9, 30),
            met_by=MetBy.BOTH,
            evidence_on=date(2026, 2, 1),
        )
    }
    with desk.house.database.reading(ORGANISATION) as session:
        stored = stored_answers(session, load_assignment(session, desk.assignment))[FIRST]
        assert [(change.action, change.source) for change in history(session, stored)] == [
            ("import", "check.xlsx")
        ]


def test_a_file_that_comes_back_untouched_or_twice_changes_nothing(desk: Desk) -> None:
    desk.house.answer(desk.assignment, FIRST, Given(Status.YES))
    workbook = desk.out()
    assert (desk.plan(workbook).revisions, desk.plan(workbook).unchanged) == ((), 20)
    fill(workbook, SECOND, status="Ja")
    assert (desk.take(workbook), desk.take(workbook)) == (1, 0)


@pytest.mark.parametrize(("side", "expected"), [(MINE, Status.NO), (THEIRS, Status.PARTIAL)])
@pytest.mark.parametrize("answered", [True, False])
def test_where_both_sides_answered_somebody_chooses(
    desk: Desk, answered: bool, side: str, expected: Status
) -> None:
    if answered:
        desk.house.answer(desk.assignment, FIRST, Given(Status.YES))
    workbook = desk.out()
    desk.house.answer(desk.assignment, FIRST, Given(Status.PARTIAL, remark="Neu"))
    fill(workbook, FIRST, status="Nein")
    [revision] = desk.plan(workbook).revisions
    [edit] = revision.conflicts
    assert (edit.before("de"), edit.after("de"), edit.now("de")) == (
        "Ja" if answered else "",
        "Nein",
        "Teilweise",
    )
    with pytest.raises(Refused):
        desk.take(workbook)
    desk.take(workbook, side)
    assert desk.given()[FIRST] == Given(expected, remark="Neu")


def test_what_cannot_be_read_is_named_by_sheet_row_and_column_and_its_row_stays(desk: Desk) -> None:
    workbook = desk.out()
    fill(workbook, FIRST, status="Vielleicht", remark="Text")
    fill(workbook, SECOND, due="bald", status="Nein")
    found = desk.plan(workbook)
    assert [problem.text.de.partition(": ")[0] for problem in found.every_problem] == [
        "Blatt „IT-Grundschutz-Check“, Zeile 2, Spalte I „Umsetzungsstatus“",
        "Blatt „IT-Grundschutz-Check“, Zeile 3, Spalte M „Umsetzung bis“",
    ]
    assert desk.take(workbook) == 0
    assert desk.given()[SECOND] == Given()


def test_new_rows_and_requirements_no_longer_asked_are_refused(desk: Desk) -> None:
    workbook = desk.out()
    sheet = workbook.worksheets[0]
    sheet.append([None, None, "IV-0001/ZO-0001/SYS.9.9.A1"])
    fill(workbook, FIRST, status="Ja")
    [problem] = desk.plan(workbook).every_problem
    assert "neue Zeilen werden nicht gelesen" in problem.text.de
    with desk.house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, desk.assignment)
        assignment.relevant, assignment.reason = False, "Nur virtuell"
    assert "nicht mehr angewendet" in " ".join(each.text.de for each in desk.plan(workbook).every_problem)


def test_a_file_of_another_domain_is_refused(desk: Desk, tmp_path: Path) -> None:
    other = Desk(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(Refused, match="gehört nicht zum Check"):
        desk.plan(other.out())
    other.house.database.engine.dispose()


def test_sorted_filtered_and_shortened_files_are_understood(desk: Desk) -> None:
    workbook = desk.out()
    fill(workbook, FIRST, status="Ja")
    sheet = workbook.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    for at, row in enumerate(reversed(rows[:10]), start=2):
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column).value = value
    sheet.delete_rows(12, 20)
    assert desk.take(workbook) == 1
    assert desk.given()[FIRST] == Given(Status.YES)


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)
answers = st.builds(
    Given,
    status=st.sampled_from(Status),
    reason=words,
    measure=words,
    responsible=words,
    due=st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    remark=words,
    evidence=words,
    met_by=st.none() | st.sampled_from(MetBy),
    evidence_on=st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.dictionaries(st.sampled_from([FIRST, SECOND, "SYS.1.1.A5"]), answers, min_size=1))
def test_whatever_is_answered_leaves_and_comes_back_as_it_is(desk: Desk, said: dict[str, Given]) -> None:
    for requirement, each in said.items():
        desk.house.answer(desk.assignment, requirement, each)
    assert desk.plan(desk.out()).revisions == ()
