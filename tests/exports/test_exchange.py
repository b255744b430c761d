"""What leaves for other tools uses their words and nothing else."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import compliance.app  # noqa: F401 -- knows everything that is stored
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade
from assessments.dpia.matrix import DEFAULT_MATRIX
from assessments.dpia.risk import Damage, DpiaMeasure, DpiaRisk, MeasureState, RiskSource
from compliance.fields import Span, TimeUnit
from exports.dpia_dpv import CONTEXT, encoded, terms_of
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    SpecialException,
    Subjects,
)
from tests.strategies import entries

VOCABULARIES = Path(__file__).parents[3] / "shared" / "data" / "dpv"
slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)


def everything_said() -> tuple[Dpia, ProcessingActivity]:
    """An assessment and an activity that use every word of their choices."""
    places = [(damage, RiskSource.STAFF) for damage in Damage]
    risks = [
        DpiaRisk(
            key=f"R{number}", title=damage.name, source=source, damages=(damage,), consequence="Ärger",
            severity_before=Grade.MAJOR, likelihood_before=Grade.MAJOR,
            severity_planned=Grade.LIMITED, likelihood_planned=Grade.LIMITED,
        )
        for number, (damage, source) in enumerate(places, start=1)
    ]  # fmt: skip
    measure = DpiaMeasure(title="Löschen", risks="R1", owner="IT", state=MeasureState.PLANNED)
    activity = ProcessingActivity(
        name="Videoschutz", number=4,
        purposes=[Purpose(text="Schutz", legal_basis=basis, norm="§ 14 LDSG SH") for basis in LegalBasis],
        data=[
            DataCategory(
                text="Bilder", special=True, exception=exception, criminal=True, period=Span(3, TimeUnit.D)
            )
            for exception in SpecialException
        ],
        subjects=tuple(Subjects),
        recipients=[Recipient(text="Polizei", kind=kind) for kind in RecipientKind],
    )  # fmt: skip
    return Dpia(name="Videoschutz", number=3, risks=risks, measures=[measure]), activity


def linked(dpia: Dpia, *activities: ProcessingActivity) -> Any:
    return json.loads(encoded(dpia, activities, DEFAULT_MATRIX, "Stadt Musterhafen"))


def every_file() -> Iterator[Any]:
    dpia, activity = everything_said()
    for decision in (None, *DpiaDecision):
        dpia.decision = decision
        yield linked(dpia, activity)


def test_linked_data_tells_of_process_risk_and_measure() -> None:
    dpia, activity = everything_said()
    node = linked(dpia, activity)

    assert node["@context"] == CONTEXT
    assert node["@type"] == "dpv:DPIA"
    assert node["dpv:hasProcess"][0]["dpv:hasLegalBasis"][0] == {"@id": "eu-gdpr:A6-1-a"}
    assert {"@type": "dpv:Citizen", "dpv:hasName": [
        {"@value": "Einwohnerinnen und Einwohner", "@language": "de"},
        {"@value": "Residents", "@language": "en"},
    ]} in node["dpv:hasProcess"][0]["dpv:hasDataSubject"]  # fmt: skip
    risk = node["dpv:hasRisk"][0]
    assert risk["dpv:hasSeverity"]["dpv:hasName"][0]["@value"] == "groß"
    assert risk["dpv:hasRiskLevel"]["dpv:hasName"][1]["@value"] == "high risk"
    assert risk["dpv:hasResidualRisk"]["dpv:hasSeverity"]["dpv:hasName"][1]["@value"] == "limited"
    assert [each["@id"] for each in risk["dpv:isMitigatedByMeasure"]] == [
        each["@id"] for each in node["dpv:hasTechnicalOrganisationalMeasure"]
    ]


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        (Grade.NEGLIGIBLE, {"eu-gdpr:DPIARequired", "eu-gdpr:DPIAIndicatesLowRisk"}),
        (Grade.MAJOR, {"eu-gdpr:DPIARequired", "eu-gdpr:DPIAIndicatesHighRisk"}),
        (Grade.EXTREME, {"eu-gdpr:DPIARequired", "eu-gdpr:DPIAIndicatesHighRisk"}),
    ],
)
def test_every_high_and_every_low_risk_is_told(grade: Grade, said: set[str]) -> None:
    risk = DpiaRisk(
        key="R1", title="Einblick", severity_before=grade, likelihood_before=grade,
        severity_planned=grade, likelihood_planned=grade,
    )  # fmt: skip
    node = linked(Dpia(name="A", number=1, risks=[risk]))

    assert {term["@id"] for term in node["dpv:hasStatus"]} == said
    high = "eu-gdpr:DPIAOutcomeHighResidualRisk" in {term["@id"] for term in node.get("dpv:hasOutcome", ())}
    assert high is ("eu-gdpr:DPIAIndicatesHighRisk" in said)


@pytest.mark.skipif(not VOCABULARIES.exists(), reason="the vocabularies are not beside the checkout")
def test_every_term_exists_in_its_vocabulary() -> None:
    known = set()
    for prefix, name in {"dpv": "dpv", "eu-gdpr": "eu-gdpr", "pd": "pd", "risk": "risk"}.items():
        with (VOCABULARIES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            known |= {f"{prefix}:{row['term']}" for row in csv.DictReader(file)}

    assert {term for file in every_file() for term in terms_of(file)} - known == set()


@slow
@given(entries(Dpia), entries(ProcessingActivity))
def test_any_assessment_becomes_linked_data_of_known_vocabularies(
    dpia: Dpia, activity: ProcessingActivity
) -> None:
    dpia.number = activity.number = 1
    terms = set(terms_of(linked(dpia, activity)))

    assert {term.partition(":")[0] for term in terms} <= CONTEXT.keys()
