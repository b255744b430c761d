"""The report of a threshold analysis gives the outcome, every reason, and what the record proposed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest

from assessments.dpia.published_lists import shipped
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_known import proposed_answers
from assessments.dpia.threshold_review import Change, Review
from compliance.entry import State
from compliance.language import Text
from exports.document import Document, Facts, Grid, Heading, Items, Note
from exports.formats import FORMATS
from exports.reports.register import Issuer
from exports.reports.threshold import Beside, report, report_of_all
from registers.processing import ProcessingActivity

CREATED = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
ACTIVITY = ProcessingActivity(number=12, name="Videoschutz", video=True)
ANALYSIS = ThresholdAnalysis(
    number=7, name="Busbahnhof", state=State.DRAFT, activity=ACTIVITY, public_monitoring=True
)
CHANGE = Change("vulnerable", None, Text("Betroffen sind: Kinder.", "Data subjects are: children."))


def made(language: str = "de", standing: Review = Review(True, (CHANGE,), ())) -> Document:  # noqa: B008
    beside = Beside(standing, proposed_answers(ACTIVITY), shipped(), (), ("Tom Behrens",))
    return report(ANALYSIS, Issuer("Stadt Musterhafen", CREATED, language), beside)


def test_the_report_goes_from_the_outcome_to_what_it_rests_on() -> None:
    document = made()
    assert (document.title, document.cover[0]) == (
        "SWA-0007 Busbahnhof",
        ("Datenschutz-Folgenabschätzung", "Erforderlich"),
    )
    assert [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1] == [
        "Ergebnis und Gründe",
        "Antworten",
        "Herangezogene Listen",
        "Stellungnahme der Datenschutzbeauftragten",
    ]
    reasons = next(block for block in document.blocks if isinstance(block, Items))
    assert reasons.texts == (
        (
            "Fall des Art. 35 Abs. 3: Systematische umfangreiche Überwachung öffentlich zugänglicher "
            "Bereiche. (Art. 35 Abs. 3 lit. c DSGVO)"
        ),
    )


def test_every_answer_stands_beside_what_was_proposed() -> None:
    grids = {block.caption: list(block.rows) for block in made().blocks if isinstance(block, Grid)}
    assert grids["Fälle des Art. 35 Abs. 3"][-1] == (
        "Systematische umfangreiche Überwachung öffentlich zugänglicher Bereiche",
        "ja",
        "ja – Laut Verzeichnis Videoüberwachung öffentlich zugänglicher Räume.",
        "Art. 35 Abs. 3 lit. c DSGVO",
    )
    assert grids["Neu zu prüfen"] == [
        ("7. Schutzbedürftige Personen", "keine Angabe", "Betroffen sind: Kinder.")
    ]


def test_what_nobody_confirmed_is_said_and_lists_show_their_version() -> None:
    document = made(standing=Review(False, (), ()))
    assert "Bestätigung" in [block.title for block in document.blocks if isinstance(block, Note)]
    facts = [block.rows for block in document.blocks if isinstance(block, Facts)]
    assert ("Liste", "Muss-Liste der Datenschutzkonferenz, 1.1") in [row for rows in facts for row in rows]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_it_prints_in_every_format(name: str, language: str) -> None:
    out = BytesIO()
    FORMATS[name].write(made(language), out)
    assert len(out.getvalue()) > 100
    if name == "json":
        assert json.loads(out.getvalue())["title"] == "SWA-0007 Busbahnhof"


def test_no_analysis_is_a_document_too() -> None:
    document = report_of_all([], Issuer("Stadt Musterhafen", CREATED, "de"))
    assert [type(block) for block in document.blocks] == [Note]
    both = report_of_all([made(), made()], Issuer("Stadt Musterhafen", CREATED, "de"))
    assert [block.text for block in both.blocks if isinstance(block, Heading) and block.level == 1] == [
        "SWA-0007 Busbahnhof",
        "SWA-0007 Busbahnhof",
    ]
