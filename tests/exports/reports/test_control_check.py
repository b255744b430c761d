"""The report of a check against any catalogue holds every control, what was found, and what is missing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.control_rules import RULES
from assessments.grundschutz.controls import answer_control, header_of, load_use, use_catalogue
from assessments.grundschutz.library import contents, control_catalogue, import_oscal
from assessments.grundschutz.oscal_profile import Source
from exports import pdf, xlsx
from exports.document import Document, Figure, Grid, Note, Prose
from exports.reports.control_check import report
from exports.reports.register import Issuer
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.oscal_documents import catalogue, control, written
from tests.exports.conformance import problems

ROOT = catalogue(
    control("K.1", "Sichern", prose="SOLLTE.", props=[{"name": "sec_level", "value": "normal-SdT"}]),
    control("K.2", "Löschen", prose="SOLLTE."),
    control("K.3", "=1+1", prose="KANN."),
)


class Office:
    """A house with one use of a catalogue, half answered."""

    def __init__(self, address: str) -> None:
        self.house = House(address, RULES)
        short = import_oscal(self.house.database, Source("k.json", written(ROOT)), actor=ACTOR).short
        with self.house.database.writing(ORGANISATION, actor=ACTOR) as session:
            header = control_catalogue(session, short)
            use = use_catalogue(session, load_domain(session, self.house.domain_id), header, by=ISB)
            session.flush()
            found = contents(session, header)
            partly = Given(
                Status.PARTIAL, measure="Band kaufen.", responsible="Amt 11", due=date(2026, 9, 30)
            )
            answer_control(session, use, found, "K.1", partly, by=ISB)
            answer_control(session, use, found, "K.2", Given(Status.UNNECESSARY), by=ISB)
        self.use_id = use.id

    def printed(self, session: Session, language: str = "de") -> Document:
        use = load_use(session, self.use_id)
        header = header_of(session, use)
        issuer = Issuer("Stadt", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), language)
        return report(session, use, header, contents(session, header), issuer, self.house.judge)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield made
    made.house.database.engine.dispose()


@pytest.fixture
def session(office: Office) -> Iterator[Session]:
    with office.house.database.reading(ORGANISATION) as session:
        yield session


def test_every_control_stands_in_the_report_with_its_answer(office: Office, session: Session) -> None:
    document = office.printed(session)
    grid = next(
        each for each in document.blocks if isinstance(each, Grid) and each.caption == "Anforderungen"
    )
    rows = [row[:9] for row in grid.rows]
    where = "g1 Erste Gruppe"
    assert rows == [
        ("K.1", where, "Sichern", "normal-SdT", "Teilweise", "Amt 11", date(2026, 9, 30), "Band kaufen.", ""),
        ("K.2", where, "Löschen", "", "Entbehrlich", "", None, "", ""),
        ("K.3", where, "=1+1", "", "Unbearbeitet", "", None, "", ""),
    ]
    assert rows == [row[:9] for row in grid.rows]


def test_progress_and_findings_stand_in_front(office: Office, session: Session) -> None:
    document = office.printed(session)
    said = next(each.text for each in document.blocks if isinstance(each, Prose))
    assert said.startswith("2 von 3 Anforderungen sind geprüft; 1 sind erfüllt oder entbehrlich; 0 sind")
    figure = next(each for each in document.blocks if isinstance(each, Figure))
    assert figure.alt == "g1 Erste Gruppe: Entbehrlich 1, Teilweise 1, Unbearbeitet 1"
    [findings, _every] = [each for each in document.blocks if isinstance(each, Grid)]
    assert [row[:2] for row in findings.rows] == [("KAT-001", "Fehler")]


def test_where_nothing_is_wrong_the_report_says_so(office: Office) -> None:
    with office.house.database.writing(ORGANISATION, actor=ACTOR) as session:
        use = load_use(session, office.use_id)
        found = contents(session, header_of(session, use))
        answer_control(session, use, found, "K.2", Given(Status.YES), by=ISB)
    with office.house.database.reading(ORGANISATION) as session:
        notes = [each.title for each in office.printed(session, "en").blocks if isinstance(each, Note)]
    assert notes == ["No findings"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_paper_and_workbook_can_be_written(office: Office, session: Session, language: str) -> None:
    document = office.printed(session, language)
    paper, book = io.BytesIO(), io.BytesIO()
    pdf.write(document, paper)
    xlsx.write(document, book)
    assert problems(paper.getvalue()) == []
    cells = [
        cell.value for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row if cell.value
    ]
    assert "=1+1" in cells
