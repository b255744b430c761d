"""The report of a check names every row the same on paper and in the workbook, and says what is stored."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assessments.grundschutz.check import Given, MetBy, Status, answer
from assessments.grundschutz.check_parts import answer_parts
from assessments.grundschutz.course import Point
from assessments.grundschutz.interviews import Interview, record_interview
from assessments.grundschutz.modelling import load_assignment
from assessments.grundschutz.progress import Tally
from compliance.database import today
from exports import pdf, xlsx
from exports.document import Bars, Course, Document, Figure, Grid, Note
from exports.reports.grundschutz_check import course_figure, report
from exports.reports.register import Issuer
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain
from tests.exports.conformance import problems


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield house
    house.database.engine.dispose()


def _filled(house: House) -> None:
    server, isms = house.assign((house.server_id, "SYS.1.1"), (None, "ISMS.1"))
    house.answer(server, "SYS.1.1.A1", Given(Status.YES, remark="Zutritt nur mit Karte", evidence="AZ 10-3"))
    house.answer(server, "SYS.1.1.A2", Given(Status.UNNECESSARY))
    plan = Given(Status.NO, measure="Leitlinie erstellen", responsible="Amt 11", due=date(2026, 9, 30))
    house.answer(isms, "ISMS.1.A3", plan)


def _report(house: House, language: str = "de") -> Document:
    """The report with its rows read, so that it can be looked at after the snapshot is closed."""
    issuer = Issuer("Stadt Beispiel", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), language)
    with house.database.reading(ORGANISATION) as session:
        document = report(session, load_domain(session, house.domain_id), issuer, judge=house.judge)
        blocks = tuple(
            Grid(block.columns, tuple(block.rows), block.caption) if isinstance(block, Grid) else block
            for block in document.blocks
        )
        assert [tuple(block.rows) for block in document.blocks if isinstance(block, Grid)] == [
            block.rows for block in blocks if isinstance(block, Grid)
        ]
    return Document(**{**vars(document), "blocks": blocks})


def _grid(document: Document, caption: str) -> Grid:
    return next(block for block in document.blocks if isinstance(block, Grid) and block.caption == caption)


def test_every_requirement_has_one_row_with_what_was_found(house: House) -> None:
    _filled(house)
    rows = {row[0]: row for row in _grid(_report(house), "IT-Grundschutz-Check").rows}
    assert len(rows) == 14 + 20
    today = rows["IV-0001/ISMS.1.A3"][-1]
    assert isinstance(today, date)
    assert rows["IV-0001/ISMS.1.A3"] == (
        "IV-0001/ISMS.1.A3",
        "IV-0001 Kernverwaltung",
        "ISMS.1 Sicherheitsmanagement",
        "Erstellung einer Leitlinie zur Informationssicherheit",
        "B",
        "Nein",
        "Amt 11",
        date(2026, 9, 30),
        "Leitlinie erstellen",
        "",
        "",
        None,
        today,
    )
    assert rows["IV-0001/ZO-0001/SYS.1.1.A1"][5:] == (
        "Ja",
        "",
        None,
        "",
        "Zutritt nur mit Karte\nAZ 10-3",
        "",
        None,
        today,
    )
    assert rows["IV-0001/ZO-0001/SYS.1.1.A5"][5:] == ("Unbearbeitet", "", None, "", "", "", None, None)


def test_progress_is_drawn_by_layer_and_said_in_words(house: House) -> None:
    _filled(house)
    document = _report(house)
    figure = next(block for block in document.blocks if isinstance(block, Figure))
    assert figure.chart == Bars(
        categories=("ISMS Sicherheitsmanagement", "SYS IT-Systeme"),
        series=("Ja", "Entbehrlich", "Teilweise", "Nein", "Unbearbeitet"),
        values=((0, 0, 0, 1, 13), (1, 1, 0, 0, 18)),
        tones=("good", "neutral", "fair", "bad", "open"),
        beside=True,
    )
    assert figure.alt == "ISMS: Nein 1, Unbearbeitet 13; SYS: Ja 1, Entbehrlich 1, Unbearbeitet 18"


def test_findings_stand_in_the_report_with_their_remedy(house: House) -> None:
    _filled(house)
    rows = list(_grid(_report(house), "Feststellungen").rows)
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("IV-0001/GSC-001/1", "Fehler", "IV-0001 Kernverwaltung"),
        ("IV-0001/GSC-003/2", "Warnung", "IV-0001 Kernverwaltung"),
    ]
    assert rows[1][3] == "ZO-0002 gehört zum Informationsverbund, aber kein Baustein wird darauf angewendet."


def test_the_modelling_names_every_assignment(house: House) -> None:
    _filled(house)
    rows = list(_grid(_report(house), "Modellierung").rows)
    assert [(row[0], row[4], row[-2], row[-1]) for row in rows] == [
        ("IV-0001/ISMS.1", "ja", 1, 14),
        ("IV-0001/ZO-0001/SYS.1.1", "ja", 2, 20),
    ]


def test_a_domain_without_modules_says_so(house: House) -> None:
    document = _report(house, "en")
    assert [block.title for block in document.blocks if isinstance(block, Note)] == ["Nothing to check yet"]
    assert list(_grid(document, "IT-Grundschutz check").rows) == []


def test_the_cover_names_domain_approach_and_state(house: House) -> None:
    assert _report(house, "en").cover == (
        ("Information domain", "IV-0001 Kernverwaltung"),
        ("Approach", "Standard protection"),
        ("Catalogue and version", "not stated"),
        ("Responsible", "not stated"),
        ("Unit", "not stated"),
        ("State", "Draft"),
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_paper_and_workbook_name_the_same_rows_in_the_same_order(house: House, language: str) -> None:
    _filled(house)
    document = _report(house, language)
    wanted = [str(row[0]) for block in document.blocks if isinstance(block, Grid) for row in block.rows]
    paper, workbook = io.BytesIO(), io.BytesIO()
    pdf.write(document, paper)
    xlsx.write(document, workbook)
    sheets = load_workbook(workbook).worksheets
    cells = [str(row[0]) for sheet in sheets for row in sheet.iter_rows(values_only=True)]
    assert [cell for cell in cells if re.match(r"IV-\d+/", cell)] == wanted
    assert problems(paper.getvalue()) == []
    assert re.findall(r"IV-\d+/[A-Z0-9./-]+", _text(paper.getvalue())) == wanted


def _text(data: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("needs pdftotext")
    return subprocess.run([program, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def test_what_is_new_of_an_answer_is_printed_with_it(house: House) -> None:
    """Interview, day of the evidence, who meets it, single statements and the source."""
    [server] = house.assign((house.server_id, "SYS.1.1"))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, server)
        talk = Interview(date(2026, 3, 2), "Kim Admin", "Ida Beispiel")
        held = record_interview(session, [assignment], talk, by=ISB)
        said = Given(Status.YES, evidence="AZ 1", evidence_on=date(2026, 2, 1), met_by=MetBy.BOTH)
        answer(session, assignment, "SYS.1.1.A1", said, by=ISB, found_in=held)
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, server)
        parts = {1: (Status.YES, ""), 2: (Status.NO, "Schloss fehlt")}
        answer_parts(session, assignment, "SYS.1.1.A1", parts, settles=False, by=ISB)
    document = _report(house)
    rows = {row[0]: row for row in _grid(document, "IT-Grundschutz-Check").rows}
    assert rows["IV-0001/ZO-0001/SYS.1.1.A1"][9:12] == (
        "AZ 1 (Stand 01.02.2026)\nTeilanforderung 1: Ja\nTeilanforderung 2: Nein: Schloss fehlt",
        "Beide gemeinsam",
        date(2026, 3, 2),
    )
    assert list(_grid(document, "Gespräche").rows) == [
        ("IV-0001/Gespräch 1", date(2026, 3, 2), "Kim Admin", "Ida Beispiel", "SYS.1.1", 1, "")
    ]


def test_the_course_is_drawn_once_there_are_two_days() -> None:
    tallies = [Tally({**dict.fromkeys(Status, 0), Status.YES: count, Status.OPEN: 3}) for count in (1, 2)]
    points = [Point(date(2026, 3, at), tally) for at, tally in enumerate(tallies, start=1)]
    assert course_figure(points[:1], "de") is None
    figure = course_figure(points, "en")
    assert figure is not None
    said = ["2026-03-01: Yes 1, Not yet checked 3", "2026-03-02: Yes 2, Not yet checked 3"]
    assert figure.alt.split("; ") == [*said, f"{today().isoformat()}: Yes 2, Not yet checked 3"]
    assert isinstance(figure.chart, Course)
    assert figure.chart.days == (date(2026, 3, 1), date(2026, 3, 2), today())
    assert figure.chart.values == ((1, 0, 0, 0, 3), (2, 0, 0, 0, 3), (2, 0, 0, 0, 3))
