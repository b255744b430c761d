"""Statements are taken over from the record with their source, and show when the source has changed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import (
    PREFILLED,
    TakeoverState,
    prefilled,
    provenance,
    stale,
    take_over,
)
from compliance.fields import Span, TimeUnit, fields
from registers.objects import TargetObject
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

ON = date(2026, 3, 2)


def portal() -> ProcessingActivity:
    return ProcessingActivity(
        number=12,
        name="Kita-Portal",
        description="Eltern melden Kinder für einen Betreuungsplatz an.",
        purposes=[
            Purpose(text="Platzvergabe", legal_basis=LegalBasis.PUBLIC_TASK, norm="§ 18 KiTaG"),
            Purpose(text="Gebührenerhebung"),
        ],
        subjects=(Subjects.CHILDREN, Subjects.PARENTS),
        data=[
            DataCategory(text="Stammdaten", period=Span(2, TimeUnit.Y), start_event="Ende der Betreuung"),
            DataCategory(text="Förderbedarf", special=True, exception=SpecialException.HEALTH_CARE),
        ],
        recipients=[
            Recipient(text="Träger der Einrichtungen", kind=RecipientKind.OTHER, reason="Aufnahme des Kindes")
        ],
        objects=[TargetObject(number=7, name="Portalserver")],
        access_concept=True,
    )


def said(*activities: ProcessingActivity) -> dict[str, str]:
    return {name: suggestion.text for name, suggestion in prefilled(activities).items()}


# --- What is offered -----------------------------------------------------------------------------


def test_an_activity_says_what_the_assessment_asks() -> None:
    assert said(portal()) == {
        "description": "Eltern melden Kinder für einen Betreuungsplatz an.",
        "purposes": "– Platzvergabe\n– Gebührenerhebung",
        "data": (
            "Betroffene Personen: Kinder und Jugendliche, Sorgeberechtigte\n"
            "– Stammdaten\n"
            "– Förderbedarf (Besondere Kategorie)\n"
            "– Empfänger: Träger der Einrichtungen (Sonstige; Aufnahme des Kindes)"
        ),
        "assets": "– ZO-0007 Portalserver",
        "lawfulness": (
            "– Platzvergabe (Öffentliche Aufgabe, Art. 6 Abs. 1 lit. e; § 18 KiTaG)\n"
            "– Förderbedarf (Ausnahme: Gesundheits- und Sozialbereich, lit. h)"
        ),
        "storage_limitation": "– Stammdaten: 2 Jahre (Ende der Betreuung)",
        "existing_measures": "Berechtigungskonzept vorhanden: ja",
    }


def test_several_activities_speak_under_their_names_and_a_silent_one_not_at_all() -> None:
    other = ProcessingActivity(number=13, name="Elternbeirat", description="Wahl der Vertretung.")
    assert said(portal(), other)["description"] == (
        "VT-0012 Kita-Portal:\n"
        "Eltern melden Kinder für einen Betreuungsplatz an.\n"
        "\n"
        "VT-0013 Elternbeirat:\n"
        "Wahl der Vertretung."
    )
    assert prefilled([portal(), other])["purposes"].sources == ("VT-0012",)


def test_nothing_is_offered_without_answers() -> None:
    assert prefilled([]) == {}
    assert prefilled([ProcessingActivity(number=1, name="Neu")]) == {}


def test_every_statement_is_a_field_of_the_assessment() -> None:
    assert set(PREFILLED) <= set(fields(Dpia))


# --- Taking over ---------------------------------------------------------------------------------


def test_what_is_taken_over_carries_its_source() -> None:
    dpia, source = Dpia(name="Kita"), portal()
    take_over(dpia, prefilled([source])["purposes"], on=ON)
    assert dpia.purposes == "– Platzvergabe\n– Gebührenerhebung"
    (taken,) = dpia.taken_over
    assert (taken.statement, taken.source, taken.taken_on) == ("purposes", "VT-0012", ON)
    assert provenance(dpia, [source])["purposes"].state is TakeoverState.CURRENT
    assert provenance(dpia, [source])["data"].state is TakeoverState.OFFERED


def test_an_adapted_text_still_knows_its_source() -> None:
    dpia, source = Dpia(name="Kita"), portal()
    take_over(dpia, prefilled([source])["purposes"], on=ON, text="Vergabe der Plätze.")
    assert dpia.purposes == "Vergabe der Plätze."
    assert provenance(dpia, [source])["purposes"].state is TakeoverState.ADAPTED


def test_a_changed_source_makes_stale_what_rests_on_it_and_nothing_else() -> None:
    dpia, source = Dpia(name="Kita"), portal()
    for suggestion in prefilled([source]).values():
        take_over(dpia, suggestion, on=ON)
    source.purposes[0].text = "Vergabe von Plätzen"
    assert {
        name for name, each in provenance(dpia, [source]).items() if each.state is TakeoverState.STALE
    } == {
        "purposes",
        "lawfulness",
    }


def test_an_answer_that_the_text_leaves_out_makes_nothing_stale() -> None:
    dpia, source = Dpia(name="Kita"), portal()
    take_over(dpia, prefilled([source])["data"], on=ON)
    source.data[0].period = Span(3, TimeUnit.Y)
    assert not stale(dpia.taken_over[0], [source])


def test_a_source_that_falls_silent_or_away_makes_stale() -> None:
    dpia, source = Dpia(name="Kita"), portal()
    take_over(dpia, prefilled([source])["description"], on=ON)
    source.description = ""
    assert stale(dpia.taken_over[0], [source])
    assert provenance(dpia, [source])["description"].suggestion is None
    assert stale(dpia.taken_over[0], [])


def test_taking_over_again_replaces_what_was_taken_over() -> None:
    dpia, source = Dpia(name="Kita"), portal()
    take_over(dpia, prefilled([source])["description"], on=ON)
    source.description = "Neu."
    take_over(dpia, prefilled([source])["description"], on=date(2026, 4, 1))
    assert dpia.description == "Neu."
    assert [(taken.text, taken.taken_on) for taken in dpia.taken_over] == [("Neu.", date(2026, 4, 1))]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(activity=entries(ProcessingActivity))
def test_whatever_an_activity_says_is_current_once_taken_over(activity: ProcessingActivity) -> None:
    dpia = Dpia()
    for suggestion in prefilled([activity]).values():
        take_over(dpia, suggestion, on=ON)
    states = {each.state for each in provenance(dpia, [activity]).values()}
    assert states <= {TakeoverState.CURRENT}


@pytest.mark.parametrize("name", PREFILLED)
def test_what_can_be_taken_over_has_a_label(name: str) -> None:
    assert fields(Dpia)[name].label.de
