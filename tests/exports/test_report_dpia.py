"""The report of an impact assessment says everything, and prints."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.evaluation import Appraisal, Evaluated, SectionVerdict
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.participation import Participation, Result, Voice
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, MeasureState
from assessments.dpia.rules import RULES
from assessments.dpia.threshold import ThresholdAnalysis
from compliance.advice import Opinion, Verdict
from compliance.database import new_id
from compliance.entry import State
from compliance.findings import Objection
from compliance.judging import Judge
from compliance.language import LANGUAGES
from compliance.rules import Severity
from exports import pdf
from exports.document import Document, Facts, Figure, Grid, Heading, Items, Matrix, Note
from exports.formats import FORMATS
from exports.reports.dpia import report
from exports.reports.register import Issuer
from registers.processing import ProcessingActivity
from tests.workbooks import saved_again

CREATED = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def dpia() -> Dpia:
    return Dpia(
        number=3,
        name="Videoschutz am Busbahnhof",
        state=State.REVIEW,
        version=4,
        description="Acht Kameras.",
        risks=[
            DpiaRisk(
                key="R1",
                title="Bewegungsprofile",
                severity_before=Grade.SUBSTANTIAL,
                likelihood_before=Grade.MAJOR,
                severity_planned=Grade.SUBSTANTIAL,
                likelihood_planned=Grade.LIMITED,
                severity_today=Grade.NEGLIGIBLE,
                likelihood_today=Grade.NEGLIGIBLE,
            )
        ],
        measures=[
            DpiaMeasure(
                title="Löschung", risks="R1", owner="IT", due=date(2026, 12, 1), state=MeasureState.PLANNED
            )
        ],
        decision=DpiaDecision.APPROVED,
        decided_risk=RiskLevel.MEDIUM,
        decided_by="Karin Holm",
    )


ANALYSIS = ThresholdAnalysis(
    number=7,
    name="Busbahnhof",
    activity=ProcessingActivity(number=12, name="Videoschutz"),
    public_monitoring=True,
)
OPINION = Opinion(
    verdict=Verdict.NO_OBJECTIONS,
    text="Keine Bedenken.",
    given_on=date(2026, 11, 2),
    given_by="Dr. Ines Falk",
)


def made(language: str = "de", **options: object) -> Document:
    issuer = Issuer("Stadt Musterhafen", CREATED, language)
    arguments: dict[str, object] = {"analyses": [ANALYSIS], "advice": [OPINION]}
    return report(dpia(), issuer, **(arguments | options))  # type: ignore[arg-type]


def headings(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]


def notes(document: Document) -> list[str]:
    return [block.title for block in document.blocks if isinstance(block, Note)]


def test_the_report_follows_the_law_from_threshold_to_decision() -> None:
    document = made()
    assert (document.title, document.version) == ("DSFA-0003 Videoschutz am Busbahnhof", "4")
    assert headings(document) == [
        "Schwellwertanalyse",
        "Beschreibung",
        "Notwendigkeit und Verhältnismäßigkeit",
        "Risiken",
        "Maßnahmen",
        "Beteiligung",
        "Rat der Datenschutzbeauftragten",
        "Entscheidung der Leitung",
    ]


def test_the_reasons_of_the_threshold_analysis_stand_with_their_source() -> None:
    items = next(block for block in made().blocks if isinstance(block, Items))
    assert items.texts == (
        (
            "Fall des Art. 35 Abs. 3: Systematische umfangreiche Überwachung "
            "öffentlich zugänglicher Bereiche. "
            "(Art. 35 Abs. 3 lit. c DSGVO)"
        ),
    )


def test_the_heat_maps_show_the_risk_before_with_the_plan_and_today() -> None:
    charts = [block.chart for block in made().blocks if isinstance(block, Figure)]
    marks = [
        [
            (chart.rows[row], chart.columns[column])
            for row in range(4)
            for column in range(4)
            if chart.marks[row][column]
        ]
        for chart in charts
        if isinstance(chart, Matrix)
    ]
    assert marks == [
        [("substanziell", "groß")],
        [("substanziell", "überschaubar")],
        [("substanziell", "groß")],
    ]


def test_every_heat_map_is_told_in_words() -> None:
    told = [block.alt for block in made().blocks if isinstance(block, Figure)]
    assert told[0] == "Risikomatrix: Vor Maßnahmen. Höchste Einstufung: hohes Risiko. R1 hohes Risiko."


def test_what_is_missing_or_does_not_hold_is_said_aloud() -> None:
    assert notes(made()) == [
        "Offene Fragen",
        "Senkung ohne Maßnahme",
        "Beteiligung",
        "Der Inbetriebnahme steht entgegen",
    ]
    assert notes(made(analyses=[], advice=[])) == [
        "Schwellwertanalyse",
        "Senkung ohne Maßnahme",
        "Beteiligung",
        "Rat der Datenschutzbeauftragten",
        "Der Inbetriebnahme steht entgegen",
    ]


def test_findings_are_printed_only_on_request() -> None:
    finding = Objection(
        "DSF-008", Severity.ERROR, "dpias", new_id(), None, {"letter": "b"}, date(2026, 11, 20)
    )
    assert "Befunde der Prüfung" not in headings(made(findings=[finding]))
    grid = made(findings=[finding], judge=Judge(RULES)).blocks[-1]
    assert isinstance(grid, Grid)
    assert next(iter(grid.rows))[:3] == (
        "DSFA-0003/DSF-008/1",
        "Fehler",
        "Was Art. 35 Abs. 7 lit. b verlangt, fehlt ganz oder in einem wesentlichen Teil.",
    )


def test_the_report_prints_in_both_languages() -> None:
    for language in LANGUAGES:
        out = BytesIO()
        pdf.write(made(language, judge=Judge(RULES)), out)
        assert out.getvalue().startswith(b"%PDF-")


def test_an_unwritten_assessment_can_be_reported_too() -> None:
    empty = Dpia(number=1, name="Neu", state=State.DRAFT)
    document = report(empty, Issuer("Stadt Musterhafen", CREATED, "de"), analyses=[], advice=[])
    assert notes(document) == [
        "Schwellwertanalyse",
        "Keine Risiken",
        "Beteiligung",
        "Rat der Datenschutzbeauftragten",
        "Entscheidung der Leitung",
    ]


def test_who_was_heard_and_how_the_sections_were_judged_is_printed() -> None:
    heard = Participation(
        voice=Voice.REPRESENTATIVES,
        body="Elternbeirat",
        result=Result.OBJECTION,
        answer="Zu viele Kameras.",
        considered="Zwei entfallen.",
    )
    verdict = SectionVerdict(chapter=Evaluated.RISKS, verdict=Appraisal.ACCEPTABLE, content="0" * 64)
    dpia = Dpia(number=1, name="Neu", state=State.DRAFT, participation=[heard], verdicts=[verdict])
    document = report(dpia, Issuer("Stadt Musterhafen", CREATED, "de"), analyses=[], advice=[])

    facts = dict(row for block in document.blocks if isinstance(block, Facts) for row in block.rows)
    [grid] = [block for block in document.blocks if isinstance(block, Grid) and block.caption == JUDGED]
    assert Heading("Vertretung betroffener Personen: Elternbeirat", 2) in document.blocks
    assert (facts["Ergebnis"], facts["Wie berücksichtigt"]) == ("Einwände", "Zwei entfallen.")
    assert [row[:3] for row in grid.rows] == [("DSFA-0001/B1", "Risiken", "Annehmbar (seither geändert)")]


JUDGED = "Beurteilung der Abschnitte"


def test_the_workbook_opens_elsewhere_with_everything_in_it(tmp_path: Path) -> None:
    written = io.BytesIO()
    FORMATS["xlsx"].write(made(), written)
    (again,) = saved_again([written.getvalue()], tmp_path)

    books = [load_workbook(io.BytesIO(content)) for content in (written.getvalue(), again)]
    assert words(books[0]) == words(books[1])
    said = {part for text in words(books[0]) for part in text}
    assert {"DSFA-0003 Videoschutz am Busbahnhof", "Bewegungsprofile"} <= said


def words(book: Any) -> list[tuple[str, ...]]:
    """What stands in the sheets of *book*, row by row."""
    rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
    return [found for row in rows if (found := tuple(str(cell) for cell in row if cell not in (None, "")))]
