"""Risk scenarios: what is shipped, what is proposed and why, and what becomes of one in an assessment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.characteristics import Characteristic, shown_by
from assessments.dpia.copied import CopiedKind, row_at, unconfirmed
from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import Grade
from assessments.dpia.risk import (
    Damage,
    DpiaMeasure,
    DpiaRisk,
    FearedEvent,
    MeasureState,
    ProtectionGoal,
    RiskSource,
)
from assessments.dpia.scenario import RiskScenario, ScenarioMeasure
from assessments.dpia.scenario_fit import Fit, fits, speaks_of
from assessments.dpia.scenarios import (
    adapted,
    made_from,
    newer_version,
    of_entry,
    offered,
    scenario_called,
    shipped,
    take_in,
)
from compliance.database import folded
from compliance.entry import State, everything
from compliance.errors import NotFound
from compliance.fields import missing
from compliance.language import Text
from compliance.people import Role
from registers.countries import COUNTRIES
from registers.measures import Measure, generic_measures
from registers.processing import (
    DataCategory,
    DataSource,
    ProcessingActivity,
    Recipient,
    RecipientKind,
    Scale,
    Secrecy,
    Subjects,
)
from registers.processors import Processor
from tests.city import City, found_city

sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
DAY = date(2026, 3, 2)
KEYS = list(shipped())
by_key = pytest.mark.parametrize("key", KEYS)


# --- Shipped -------------------------------------------------------------------------------------


def test_there_are_scenarios_for_every_event_goal_and_characteristic() -> None:
    every = list(shipped().values())

    assert len(every) >= 20
    assert {one.feared_event for one in every} == set(FearedEvent)
    assert {goal for one in every for goal in one.goals} == set(ProtectionGoal)
    assert {mark for one in every for mark in one.characteristics} == set(Characteristic)
    assert {one.source for one in every} == set(RiskSource)
    assert {damage for one in every for damage in one.damages} == set(Damage)


@by_key
def test_a_shipped_scenario_is_complete_in_both_languages(key: str) -> None:
    one = shipped()[key]
    texts = [one.title, one.threat, one.event, one.affected, one.consequence, one.reason]
    texts += [text for remedy in one.remedies for text in (remedy.title, remedy.description)]

    assert [text for text in texts if not text.de.strip() or not text.en.strip()] == []
    assert one.remedies
    assert one.severity
    assert one.likelihood
    assert date.fromisoformat(one.version) >= date(2026, 1, 1)


@by_key
def test_a_shipped_scenario_fits_the_fields_it_is_taken_into(key: str) -> None:
    dpia = Dpia(name="Videoschutz")
    one = shipped()[key]

    risk = take_in(dpia, one, one.remedies, on=DAY)

    assert missing(risk) == []
    assert max(len(risk.title), len(risk.affected)) <= 200
    assert all(len(measure.title) <= 200 for measure in dpia.measures)
    assert set(missing(adapted(one))) == {"unit"}


def test_each_generic_measure_that_a_scenario_names_exists() -> None:
    known = {measure.key for measure in generic_measures()}
    named = {remedy.generic_key for one in shipped().values() for remedy in one.remedies} - {""}

    assert named - known == set()


# --- Characteristics -----------------------------------------------------------------------------

_US = next(code for code in COUNTRIES if code.name == "US")
_DE = next(code for code in COUNTRIES if code.name == "DE")


@pytest.mark.parametrize(
    ("answers", "marks"),
    [
        ({}, set()),
        ({"video": True}, {Characteristic.VIDEO}),
        ({"video": False, "ai": False}, set()),
        ({"sources": (DataSource.SENSOR,)}, {Characteristic.SENSOR}),
        ({"ai": True}, {Characteristic.AI}),
        ({"automated_decision": True}, {Characteristic.AUTOMATED}),
        ({"profiling": True}, {Characteristic.PROFILING}),
        ({"change_of_purpose": True}, {Characteristic.NEW_PURPOSE}),
        ({"subjects": (Subjects.PUPILS,)}, {Characteristic.CHILDREN, Characteristic.VULNERABLE}),
        ({"subjects": (Subjects.STAFF,)}, {Characteristic.STAFF, Characteristic.VULNERABLE}),
        ({"data": [DataCategory(text="Befund", special=True)]}, {Characteristic.SPECIAL}),
        ({"secrecy": (Secrecy.SOCIAL,)}, {Characteristic.SECRETS}),
        ({"scale": Scale.MORE}, {Characteristic.LARGE_SCALE}),
        ({"processors": [Processor(name="Druck", country=_DE)]}, {Characteristic.PROCESSOR}),
        (
            {"processors": [Processor(name="Wolke", service="Hosting", country=_US)]},
            {Characteristic.PROCESSOR, Characteristic.CLOUD, Characteristic.THIRD_COUNTRY},
        ),
        (
            {"recipients": [Recipient(text="Gericht", kind=RecipientKind.COURT)]},
            {Characteristic.SHARING},
        ),
        ({"recipients": [Recipient(text="Alle", kind=RecipientKind.PUBLIC)]}, {Characteristic.PUBLICATION}),
        ({"description": "Standort des Fahrzeugs"}, {Characteristic.LOCATION}),
        ({"paper_only": True}, {Characteristic.PAPER}),
    ],
)
def test_the_record_shows_what_marks_an_activity(answers: dict[str, Any], marks: set[Characteristic]) -> None:
    activity = ProcessingActivity(name="Beispiel", number=12, **answers)

    assert shown_by([activity]) == dict.fromkeys(
        [mark for mark in Characteristic if mark in marks], ("VT-0012",)
    )


# --- Fit -----------------------------------------------------------------------------------------


def own(**answers: Any) -> RiskScenario:
    return RiskScenario(**{"name": "Eigenes", "number": 1, "version": 1, **answers})


def fit_of(dpia: Dpia, entry: RiskScenario, *activities: ProcessingActivity) -> Fit:
    return fits(dpia, activities, [of_entry(entry)])[0]


def test_a_keyword_found_in_an_activity_is_told_in_the_language_of_the_page() -> None:
    school = ProcessingActivity(number=9, name="Lernplattform der Schulen")
    [fit] = [fit for fit in fits(Dpia(), [school], list(shipped().values())) if fit.scenario.key == "N-RS.26"]

    assert Text("Stichwort „Schule“", "Keyword “school”") in fit.reasons


def test_what_fits_better_is_proposed_first_with_its_reasons() -> None:
    camera = ProcessingActivity(name="Kameras am Bahnhof", number=3, video=True)
    scenarios = list(shipped().values())

    found = fits(Dpia(name="Videoschutz"), [camera], scenarios)

    best = found[0]
    assert Characteristic.VIDEO in best.scenario.characteristics
    assert Text("Videoüberwachung (VT-0003)", "Video surveillance (VT-0003)") in best.reasons
    ranks = [(fit.is_proposed, fit.meets) for fit in found]
    assert ranks == sorted(ranks, reverse=True)
    foreign = next(fit for fit in found if fit.scenario.characteristics == (Characteristic.THIRD_COUNTRY,))
    assert (foreign.meets, foreign.is_proposed) == (False, False)


def test_what_no_risk_is_about_yet_counts_and_what_is_covered_does_not() -> None:
    entry = own(feared_event=FearedEvent.ACCESS, goals=(ProtectionGoal.INTEGRITY,))
    covered = Dpia(risks=[DpiaRisk(feared_event=FearedEvent.ACCESS, goals=tuple(ProtectionGoal))])

    general = Text("Kommt in jedem Verfahren vor", "Arises in any processing")
    assert fit_of(Dpia(), entry).reasons == (
        Text("Noch nicht betrachtet: Unrechtmäßiger Zugriff", "Not considered yet: Illegitimate access"),
        Text("Noch nicht betrachtet: Integrität", "Not considered yet: Integrity"),
        general,
    )
    assert fit_of(covered, entry).reasons == (general,)


def test_a_keyword_is_found_inside_long_words_and_a_short_one_at_the_beginning_only() -> None:
    words = folded("Verkehrskameras und Kitas")

    assert speaks_of(words, "Kamera")
    assert not speaks_of(folded("Die Taktik"), "KI")
    assert speaks_of(words, "Kita")
    assert not speaks_of(words, "")


def test_a_scenario_that_was_used_is_offered_last_and_names_its_risk() -> None:
    entry = own()
    dpia = Dpia()
    risk = take_in(dpia, of_entry(entry), (), on=DAY)

    used = fit_of(dpia, entry)
    assert (used.used, used.is_proposed) == (("R1",), False)
    dpia.risks.remove(risk)
    assert fit_of(dpia, entry).used == ()


def test_the_adapted_scenario_counts_as_used_where_the_shipped_one_was() -> None:
    dpia = Dpia()
    take_in(dpia, shipped()["N-RS.01"], (), on=DAY)

    assert fit_of(dpia, own(shipped_key="N-RS.01")).used == ("R1",)


# --- Into an assessment --------------------------------------------------------------------------


def test_a_risk_from_a_scenario_remembers_it_and_waits_to_be_confirmed() -> None:
    dpia, one = Dpia(), shipped()["N-RS.01"]

    risk = take_in(dpia, one, (), on=DAY)

    row = row_at(dpia, CopiedKind.RISK, risk.key)
    assert row is not None
    assert (row.called, row.source_version, row.taken_on) == (
        "N-RS.01 Einsicht aus Neugier",
        one.version,
        DAY,
    )
    assert unconfirmed(dpia) == (row,)
    assert (risk.title, risk.severity_before, risk.severity_planned) == (one.title.de, one.severity, None)


def test_chosen_measures_stand_against_the_risk_and_none_stands_twice() -> None:
    roles = Measure(name="Rechte nach Aufgabe")
    entry = own(measures_used=[roles], suggestions=[ScenarioMeasure(title="Protokoll", description="Wirkt.")])
    dpia = Dpia(measures=[DpiaMeasure(key="M1", measure=roles, risks="R7")], last_risk=7)
    scenario = of_entry(entry)

    take_in(dpia, scenario, scenario.remedies, on=DAY)
    take_in(dpia, scenario, scenario.remedies[:1], on=DAY)

    assert [(one.measure, one.title, one.risks, one.state) for one in dpia.measures] == [
        (roles, "", "R7, R8, R9", None),
        (None, "Protokoll", "R8", MeasureState.PLANNED),
    ]


def test_an_ended_measure_is_offered_no_more() -> None:
    assert of_entry(own(measures_used=[Measure(name="Wachdienst", state=State.ENDED)])).remedies == ()


def test_a_finished_risk_becomes_a_scenario_without_its_project() -> None:
    roles = Measure(name="Rechte", state=State.DRAFT)
    risk = DpiaRisk(key="R1", title="Neugier", severity_before=Grade.MAJOR, severity_planned=Grade.LIMITED)
    measures = [
        DpiaMeasure(measure=roles, risks="R1", owner="Tom"),
        DpiaMeasure(title="Protokoll", description="Wirkt.", risks="R1", evidence="Vermerk"),
        DpiaMeasure(title="Anderes", risks="R2"),
    ]
    dpia = Dpia(number=3, name="Wohngeld", risks=[risk], measures=measures)

    made = made_from(dpia, risk)

    assert (made.name, made.severity, made.measures_used) == ("Neugier", Grade.MAJOR, [roles])
    assert [(row.title, row.description) for row in made.suggestions] == [("Protokoll", "Wirkt.")]
    assert (made.from_risk, made.characteristics) == ("DSFA-0003/R1 Wohngeld", ())


# --- Stored --------------------------------------------------------------------------------------


def test_an_own_scenario_takes_the_place_of_the_shipped_one(city: City) -> None:
    with_two = [adapted(shipped()["N-RS.02"]), RiskScenario(name="Ganz eigenes")]
    city.save(*with_two, RiskScenario(name="Beendet", state=State.ENDED, shipped_key="N-RS.03"))

    with city.site.database.reading(city.id) as session:
        keys = [one.key for one in offered(session, city.identity(Role.PROJECT_LEAD))]

    assert keys == ["RSZ-0001", "RSZ-0002", *(key for key in KEYS if key != "N-RS.02")]


@sqlite
def test_the_scenarios_of_a_neighbour_are_never_offered(city: City) -> None:
    neighbour = found_city(city.site, "Stadt Nebenan")
    neighbour.save(RiskScenario(name="Geheimes der Nachbarn"))

    with city.site.database.reading(city.id) as session:
        assert [one.key for one in offered(session, city.identity(Role.PROJECT_LEAD))] == KEYS
        assert session.scalars(select(RiskScenario.id)).all() == []


@sqlite
def test_a_shipped_scenario_offers_the_measure_that_was_adopted_here(city: City) -> None:
    mine = Measure(name="Unsere Rollen", key="N-VT.1")
    city.save(mine, Measure(name="Vorlage", key="N-TR.1", library=True))

    with city.site.database.reading(city.id) as session:
        every = offered(session, city.identity(Role.PROJECT_LEAD))
        names = [one.measure and one.measure.name for one in scenario_called("N-RS.01", every).remedies]
    assert names == ["Unsere Rollen", None, None]


@sqlite
def test_a_newer_version_is_known_and_changes_nothing(city: City) -> None:
    entry, dpia = RiskScenario(name="Neugier", event="Jemand liest mit."), Dpia(name="Wohngeld")
    city.save(entry, dpia)
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        scenario = of_entry(
            session.get_one(RiskScenario, (city.id, entry.id), options=everything(RiskScenario))
        )
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        take_in(stored, scenario, (), on=DAY)
    before = city.stored(dpia)

    city.change(entry, event="Jemand liest heimlich mit.")

    after = city.stored(dpia)
    assert (after.version, after.risks[0].event) == (before.version, "Jemand liest mit.")
    with city.site.database.reading(city.id) as session:
        row = after.copied[0]
        assert newer_version(session, row.source_key, row.source_version) == "2"
        assert newer_version(session, row.source_key, "2") == ""
        assert newer_version(session, "N-RS.01", "2020-01-01") == shipped()["N-RS.01"].version
        assert newer_version(session, "DSFA-0001", "3") == ""


def test_an_unknown_scenario_does_not_exist() -> None:
    with pytest.raises(NotFound):
        scenario_called("N-RS.99", shipped().values())
