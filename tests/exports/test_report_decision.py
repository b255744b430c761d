"""Management's paper, the file for the authority, and the parts a report has only where they apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest

import compliance.app  # noqa: F401 -- knows everything that is stored
from assessments.dpia.conditions import Condition
from assessments.dpia.consultation import AuthorityQuestion
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.fundamental_rights import STATEMENTS
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, MeasureState
from compliance.advice import Opinion, Verdict
from compliance.attachments import Attachment
from compliance.entry import State
from exports.document import Block, Document, Facts, Figure, Grid, Heading, Items, Note, Prose
from exports.pdf import write
from exports.reports import consultation, decision
from exports.reports import dpia as whole
from exports.reports.register import Issuer
from registers.ai import AiClass
from registers.authority import Authority
from registers.processing import AutomationLevel, ProcessingActivity
from tests.exports.conformance import problems

CREATED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ISSUER = Issuer("Stadt Musterhafen", CREATED, "de")
OPINION = Opinion(
    verdict=Verdict.RECOMMENDATIONS,
    text="Erst prüfen.",
    given_on=date(2026, 11, 2),
    given_by="Dr. Ines Falk",
)


def platzvergabe(**answers: Any) -> Dpia:
    given: dict[str, Any] = {
        "name": "Kita-Platzvergabe",
        "number": 9,
        "version": 4,
        "state": State.REVIEW,
        "purposes": "Freie Plätze verteilen.",
        "risks": [
            DpiaRisk(
                key="R1",
                title="Benachteiligung",
                severity_before=Grade.MAJOR,
                likelihood_before=Grade.SUBSTANTIAL,
                severity_planned=Grade.SUBSTANTIAL,
                likelihood_planned=Grade.LIMITED,
            )
        ],
        "measures": [
            DpiaMeasure(title="Auswertung", risks="R1", owner="Amt", state=MeasureState.PLANNED),
            DpiaMeasure(
                title="Prüfung", risks="R1", owner="Amt", due=date(2027, 1, 15), state=MeasureState.PLANNED
            ),
            DpiaMeasure(title="Schulung", risks="R1", state=MeasureState.IMPLEMENTED),
        ],
    }
    return Dpia(**given | answers)


def paper(dpia: Dpia, language: str = "de") -> Document:
    return decision.report(
        dpia, replace(ISSUER, language=language), advice=[OPINION], matrix=DEFAULT_MATRIX, open_points=2
    )


def of_kind(document: Document, kind: type[Any]) -> list[Any]:
    return [block for block in document.blocks if isinstance(block, kind)]


def headings(document: Document, level: int = 1) -> list[str]:
    return [block.text for block in of_kind(document, Heading) if block.level == level]


def grid(document: Document, caption: str) -> list[tuple[Any, ...]]:
    return next(list(block.rows) for block in of_kind(document, Grid) if block.caption == caption)


# --- The paper -----------------------------------------------------------------------------------


def test_the_paper_says_what_is_decided_on_and_what_follows() -> None:
    document = paper(platzvergabe())

    assert headings(document) == [
        "Worüber entschieden wird",
        "Ergebnis der Abschätzung",
        "Risiken für die betroffenen Personen",
        "Noch nicht umgesetzte Maßnahmen",
        "Rat der Datenschutzbeauftragten",
        "Was aus jeder Entscheidung folgt",
    ]
    assert of_kind(document, Prose)[0].text == (
        "Höchste Einstufung ohne Maßnahmen: hohes Risiko; mit den geplanten Maßnahmen: Risiko. Heute gilt "
        "noch: hohes Risiko. Noch nicht umgesetzte Maßnahmen: 2. Rat der Datenschutzbeauftragten: "
        "Empfehlungen."
    )
    assert [note.text for note in of_kind(document, Note)] == ["2 Punkte der Abschätzung sind offen."]
    assert [figure.alt for figure in of_kind(document, Figure)] == [
        "Mit geplanten Maßnahmen: Risiko. R1 Risiko."
    ]


def test_the_measures_still_missing_come_by_day_with_their_owner() -> None:
    assert grid(paper(platzvergabe()), "Noch nicht umgesetzte Maßnahmen") == [
        ("Prüfung", "Amt", "15.01.2027"),
        ("Auswertung", "Amt", "–"),
    ]


def test_a_plain_approval_against_the_recommendations_is_said_to_deviate() -> None:
    choices = next(
        block for block in of_kind(paper(platzvergabe()), Facts) if block.rows[0][0] == "Genehmigt"
    )

    assert [(name, "Weicht vom Rat" in follows) for name, follows in choices.rows] == [
        ("Genehmigt", True),
        ("Mit Auflagen genehmigt", False),
        ("Abgelehnt", False),
        ("Vorherige Konsultation der Aufsichtsbehörde", False),
    ]


def test_a_decision_stands_with_its_conditions() -> None:
    document = paper(
        platzvergabe(
            decision=DpiaDecision.APPROVED_WITH_CONDITIONS,
            decided_risk=RiskLevel.MEDIUM,
            imposed=[
                Condition(text="Bericht.", owner="Amt", due=date(2026, 11, 13)),
                Condition(
                    text="Schulung.",
                    owner="Personal",
                    due=date(2026, 11, 6),
                    met_on=date(2026, 11, 4),
                    evidence="Liste",
                ),
            ],
        )
    )

    assert "Was aus jeder Entscheidung folgt" not in headings(document)
    assert grid(document, "Auflagen") == [
        ("A1", "Bericht.", "Amt", "13.11.2026", "–", "–"),
        ("A2", "Schulung.", "Personal", "06.11.2026", "04.11.2026", "Liste"),
    ]


def test_an_empty_assessment_still_makes_a_paper() -> None:
    document = decision.report(Dpia(name="Neu"), ISSUER, advice=[], matrix=DEFAULT_MATRIX, open_points=1)

    assert [note.text for note in of_kind(document, Note)] == [
        (
            "Der Rat der Datenschutzbeauftragten fehlt (Art. 35 Abs. 2 DSGVO). Es ist kein Risiko "
            "beschrieben. Ein Punkt der Abschätzung ist offen."
        )
    ]


# --- The file for the authority ------------------------------------------------------------------


def dossier(**answers: Any) -> consultation.Dossier:
    dpia = platzvergabe(
        consulted_on=date(2026, 10, 5),
        authority_questions=[AuthorityQuestion(question="Warum?", asked_on=date(2026, 10, 19))],
    )
    authority = Authority(
        name="Stadt Musterhafen",
        town="24000 Musterhafen",
        officer="Dr. Ines Falk",
        officer_email="dsb@x.example",
    )
    given: dict[str, Any] = {
        "dpia": dpia,
        "activities": [ProcessingActivity(name="Platzvergabe", number=3)],
        "authority": authority,
        "attachments": [Attachment(name="Betriebsanleitung.pdf")],
        "planned": RiskLevel.HIGH,
    }
    return consultation.Dossier(**given | answers)


def file(language: str = "de") -> Document:
    issuer = replace(ISSUER, language=language)
    found = dossier()
    assessment = whole.report(found.dpia, issuer, analyses=[], advice=[OPINION])
    return consultation.report(found, issuer, assessment=assessment, matrix=DEFAULT_MATRIX)


def test_the_file_holds_what_the_law_lists_in_its_order() -> None:
    parts = [
        "a) Zuständigkeiten",
        "b) Zwecke und Mittel der Verarbeitung",
        "c) Maßnahmen und Garantien",
        "d) Kontaktdaten der Datenschutzbeauftragten",
        "e) Datenschutz-Folgenabschätzung",
        "f) Weitere Informationen",
    ]

    assert headings(file()) == ["Anfrage", *parts]
    assert next(block.texts for block in file().blocks if isinstance(block, Items)) == tuple(parts)
    assert "Risiken" in headings(file(), 2)


def test_the_questions_and_attachments_are_the_last_part() -> None:
    blocks = file().blocks
    start = next(i for i, block in enumerate(blocks) if block == Heading("f) Weitere Informationen"))

    assert blocks[start + 1 :] == (
        Heading("Fragen der Aufsichtsbehörde", 2),
        Facts((("Frage", "Warum?"), ("Angefordert am", "19.10.2026"))),
        Heading("Anlagen", 2),
        Items(("Betriebsanleitung.pdf",)),
    )


def test_what_is_missing_for_the_file_is_named_by_letter() -> None:
    assert [text.de for text in consultation.lacking(dossier())] == [
        "Buchst. b: Systeme und andere Mittel",
        "Buchst. e: Systematische Beschreibung",
        "Buchst. e: Erforderlichkeit und Alternativen",
    ]
    nothing = dossier(dpia=Dpia(name="Neu"), activities=[], authority=None, attachments=[])
    assert len(consultation.lacking(nothing)) == 9


@pytest.mark.parametrize("language", ["de", "en"])
def test_both_are_accessible_and_archivable(language: str) -> None:
    for document in (paper(platzvergabe(), language), file(language)):
        out = BytesIO()
        write(document, out)
        assert problems(out.getvalue()) == []


# --- Machines that decide ------------------------------------------------------------------------


def automated(**answers: Any) -> list[Block]:
    activity = ProcessingActivity(name="Platzvergabe", number=3, **answers)
    dpia = platzvergabe(activities=[activity], **dict.fromkeys(STATEMENTS[:2], "Geprüft."))
    return list(whole.report(dpia, ISSUER, analyses=[], advice=[]).blocks)


def test_the_report_speaks_of_machines_only_where_they_decide() -> None:
    titles = ("Künstliche Intelligenz und automatisierte Entscheidungen", "Grundrechte-Folgenabschätzung")

    def said(**answers: Any) -> list[str]:
        return [
            block.text
            for block in automated(**answers)
            if isinstance(block, Heading) and block.text in titles
        ]

    assert said() == []
    assert said(automated_decision=True) == [titles[0]]
    assert said(ai=True, ai_class=AiClass.TRANSPARENCY) == [titles[0]]
    assert said(ai=True, ai_class=AiClass.HIGH_RISK, automation_level=AutomationLevel.ASSISTANCE) == list(
        titles
    )
