"""Entries made of plain data, and the samples that are written in it."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

import registers.samples
from compliance.database import folded, new_id
from compliance.entry import Entry, State
from compliance.errors import Refused
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Reference,
    References,
    Rows,
    Span,
    TimeUnit,
    answers,
    fields,
    is_empty,
    missing,
    plain,
    tidy,
)
from compliance.people import Unit
from compliance.rules import Situation
from registers import REGISTERS, processing_rules, transfer_rules
from registers.building import build
from registers.objects import TargetObject
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Regime,
    Secrecy,
    Stage,
    StartType,
    Subjects,
)
from registers.processors import Processor
from registers.projects import Project
from registers.samples import UNCHECKED, Sample, SampleArea, sample, samples, samples_by_area
from registers.themes import Theme

# --- Building ------------------------------------------------------------------------------------


def told(thing: object) -> dict[str, Any]:
    """Every answer of *thing* as JSON, rows without their ids."""
    return {
        name: [told(part) for part in getattr(thing, name)]
        if isinstance(spec, Rows)
        else plain(spec, getattr(thing, name))
        for name, spec in fields(type(thing)).items()
    }


def test_an_entry_is_built_of_what_a_toml_file_holds() -> None:
    content = tomllib.loads("""
        name = "Hundesteuer"
        since = 2006-01-01
        next_review = "2027-06-30"
        review_cycle = "P2Y"
        public = true
        subjects = ["TAXPAYERS", "OWNERS"]

        [[purposes]]
        text = "Erhebung der Hundesteuer"
        legal_basis = "PUBLIC_TASK"

        [[data]]
        text = "Bankverbindung"
        period = "P14M"
        start_type = "END_OF_RELATION"
    """)

    activity = build(ProcessingActivity, content)

    assert told(activity) == told(
        ProcessingActivity(
            name="Hundesteuer",
            since=date(2006, 1, 1),
            next_review=date(2027, 6, 30),
            review_cycle=Span(2, TimeUnit.Y),
            public=True,
            subjects=(Subjects.TAXPAYERS, Subjects.OWNERS),
            purposes=[Purpose(text="Erhebung der Hundesteuer", legal_basis=LegalBasis.PUBLIC_TASK)],
            data=[
                DataCategory(
                    text="Bankverbindung",
                    period=Span(14, TimeUnit.M),
                    start_type=StartType.END_OF_RELATION,
                )
            ],
        )
    )


def test_entries_are_referred_to_by_name() -> None:
    theme = Theme(name="Open Data")
    server = TargetObject(name="Server")
    known = {("Theme", "Open Data"): theme, ("TargetObject", "Server"): server}

    def find(class_name: str, name: str) -> Entry:
        return known[class_name, name]

    assert build(Project, {"theme": "Open Data"}, find).theme is theme
    assert build(TargetObject, {"depends_on": ["Server"]}, find).depends_on == [server]


DATA_DE = "Verarbeitungstätigkeit, Feld „Datenkategorien und Löschfristen“ (data)"
DATA_EN = "Processing activity, field “Categories of data and erasure periods” (data)"


@pytest.mark.parametrize(
    ("data", "german", "english"),
    [
        (
            {"naem": "Hundesteuer"},
            "Verarbeitungstätigkeit: „naem“ ist kein bekanntes Feld.",
            "Processing activity: “naem” is not a known field.",
        ),
        (
            {"name": 7},
            "Verarbeitungstätigkeit, Feld „Bezeichnung“ (name): „7“ ist kein Text.",
            "Processing activity, field “Name” (name): “7” is not a text.",
        ),
        (
            {"stage": "RUNNING"},
            "Verarbeitungstätigkeit, Feld „Betriebsstand“ (stage): „RUNNING“ gehört nicht zur Auswahl.",
            "Processing activity, field “Stage” (stage): “RUNNING” is not one of the words to choose from.",
        ),
        (
            {"subjects": "RESIDENTS"},
            "Verarbeitungstätigkeit, Feld „Betroffene Personen“ (subjects): „RESIDENTS“ ist keine Liste.",
            "Processing activity, field “Data subjects” (subjects): “RESIDENTS” is not a list.",
        ),
        (
            {"data": [{"text": "Stammdaten"}, {"period": "10 Jahre"}]},
            f"{DATA_DE}, Zeile 2, Feld „Löschfrist“ (period): „10 Jahre“ ist keine Dauer wie P10Y.",
            f"{DATA_EN}, row 2, field “Erasure period” (period): “10 Jahre” is not a duration such as P10Y.",
        ),
        (
            {"data": ["Stammdaten"]},
            f"{DATA_DE}, Zeile 1: „Stammdaten“ ist keine Zeile aus Feld und Wert.",
            f"{DATA_EN}, row 1: “Stammdaten” is not a row of fields and values.",
        ),
        (
            {"project": "Smart Water"},
            "Verarbeitungstätigkeit, Feld „Digitales Projekt“ (project): „Smart Water“ ist nicht vorhanden.",
            "Processing activity, field “Digital project” (project): “Smart Water” does not exist.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place_in_both_languages(
    data: dict[str, Any], german: str, english: str
) -> None:
    with pytest.raises(Refused) as refusal:
        build(ProcessingActivity, data)

    assert (refusal.value.text.de, refusal.value.text.en) == (german, english)


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (ProcessingActivity, {"public": 1}),
        (ProcessingActivity, {"public": "ja"}),
        (ProcessingActivity, {"since": 2026}),
        (ProcessingActivity, {"since": "23.11.2026"}),
        (ProcessingActivity, {"since": datetime(2026, 11, 23, tzinfo=UTC)}),
        (ProcessingActivity, {"review_cycle": "P-2Y"}),
        (ProcessingActivity, {"review_cycle": "P02Y"}),
        (ProcessingActivity, {"review_cycle": "P"}),
        (ProcessingActivity, {"name": "x" * 201}),
        (ProcessingActivity, {"stage": ["OPERATION"]}),
        (ProcessingActivity, {"purposes": {"text": "Erhebung der Hundesteuer"}}),
        (ProcessingActivity, {"purposes": [{"parent_id": "1"}]}),
        (ProcessingActivity, {"state": "RELEASED"}),
        (ProcessingActivity, {"id": "1"}),
        (Processor, {"country": "Deutschland"}),
        (TargetObject, {"count": -1}),
        (TargetObject, {"count": True}),
        (TargetObject, {"count": 1.5}),
    ],
)
def test_hostile_values_are_refused(model: type[Entry], data: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        build(model, data)


def _values(spec: Kind) -> SearchStrategy[Any]:
    match spec:
        case Line() | Prose():
            return st.text(max_size=20).map(tidy)
        case Flag():
            return st.booleans()
        case Day():
            return st.dates()
        case Moment():
            return st.datetimes(timezones=st.just(UTC))
        case Number():
            return st.integers(min_value=0, max_value=10**9)
        case Duration():
            return st.builds(Span, st.integers(min_value=0, max_value=999), st.sampled_from(TimeUnit))
        case Choice():
            return st.sampled_from(list(spec.words))
        case Choices():
            return st.lists(st.sampled_from(list(spec.words)), unique=True, max_size=3).map(tuple)
        case Rows():
            return st.lists(_filled(spec.part), max_size=2)
        case Reference() | References():
            raise AssertionError(spec)


def _filled(model: type[Any]) -> SearchStrategy[Any]:
    """Instances of *model* with any answers, but without references and without what is sealed."""
    chosen = {
        name: _values(spec)
        for name, spec in fields(model).items()
        if not (isinstance(spec, Reference | References) or spec.secret)
    }
    values = st.fixed_dictionaries({}, optional=chosen)
    return values.map(lambda given: model(id=new_id(), **given))


@pytest.mark.parametrize("model", REGISTERS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_an_entry_survives_the_way_through_plain_data(model: type[Entry], data: DataObject) -> None:
    entry = data.draw(_filled(model))

    assert told(build(model, answers(entry))) == told(entry)


# --- Samples -------------------------------------------------------------------------------------

OF_THE_DEPARTMENT = ["unit", "stage", "contact", "third_country"]
"""What only the department knows; everything else an audit asks for stands in the sample."""


each_sample = pytest.mark.parametrize("found", samples(), ids=lambda found: found.id)


def filled_in(found: Sample) -> ProcessingActivity:
    """The activity of a sample with the answers that only the department can give."""
    activity = found.activity()
    activity.unit = Unit(name="Bürgerdienste", key="1.100")
    activity.stage = Stage.OPERATION
    activity.contact = "Leitung Bürgerdienste, buergerdienste@stadt.example"
    activity.third_country = False
    activity.security_concept = "Zentrales Informationssicherheitskonzept der Stadt"
    return activity


def objections(activity: ProcessingActivity) -> list[str]:
    """Which rules about the content of the record *activity* breaks, errors and warnings alike."""
    return [
        f"{rule.id} {hit.words.get('what', '')}".strip()
        for rule in (*processing_rules.RULES, *transfer_rules.RULES)
        if rule.judges is ProcessingActivity
        for hit in rule.check(activity, Situation(date(2026, 11, 27)))
    ]


def test_there_is_a_sample_for_what_every_municipality_does() -> None:
    assert {found.id for found in samples()} >= {
        "cemeteries",
        "civil-registry",
        "council-information",
        "day-care-places",
        "dog-tax",
        "email",
        "housing-benefit",
        "newsletter",
        "parking-fines",
        "public-library",
        "recruitment",
        "resident-register",
        "staff-administration",
        "trade-registration",
        "video-surveillance",
        "website",
    }


def test_samples_stand_in_the_order_of_their_names_and_none_stands_twice() -> None:
    names = [folded(found.name) for found in samples()]

    assert names == sorted(set(names))
    assert len({found.id for found in samples()}) == len(samples())


def test_there_are_samples_for_every_part_of_the_work_of_a_city() -> None:
    by_area = samples_by_area()

    assert list(by_area) == list(SampleArea)
    assert sorted(found.id for group in by_area.values() for found in group) == sorted(
        found.id for found in samples()
    )
    assert len(samples()) > 100
    assert min(map(len, by_area.values())) > 2


def test_a_file_is_called_like_the_sample_it_holds() -> None:
    holding = {path.stem for path in Path(registers.samples.__file__).parent.glob("*.toml")}

    assert {found.id.replace("-", "_") for found in samples()} == holding


@each_sample
def test_a_sample_leaves_to_the_department_what_only_the_department_knows(found: Sample) -> None:
    activity = found.activity()

    assert missing(activity) == OF_THE_DEPARTMENT
    assert [row.text for row in activity.purposes if missing(row)] == []
    assert [row.text for row in activity.recipients if missing(row)] == []
    assert [row.text for row in activity.data if row.period is None and not row.criteria] == []


@each_sample
def test_nothing_is_objected_to_once_the_department_has_filled_in_a_sample(found: Sample) -> None:
    assert objections(filled_in(found)) == []


@each_sample
def test_a_sample_answers_what_can_be_answered_for_every_municipality(found: Sample) -> None:
    activity = found.activity()
    answered = ("description", "regime", "subjects", "scale", "sources", "erasure", "risk", "review_cycle")

    assert [name for name in answered if is_empty(getattr(activity, name))] == []
    assert bool(activity.recipients) is not bool(activity.no_recipients)


@each_sample
def test_every_category_of_data_in_a_sample_says_when_it_ends_and_what_the_archive_gets(
    found: Sample,
) -> None:
    rows = found.activity().data

    assert [row.text for row in rows if (row.period is None) is not bool(row.criteria)] == []
    assert [
        row.text for row in rows if row.period is not None and not (row.start_type and row.start_event)
    ] == []
    assert [row.text for row in rows if row.archive is None] == []


@each_sample
def test_a_period_beyond_ten_years_in_a_sample_names_its_provision(found: Sample) -> None:
    longest = Span(10, TimeUnit.Y)

    assert [
        row.text
        for row in found.activity().data
        if row.period is not None
        and row.period.unit is longest.unit
        and row.period.count > longest.count
        and not row.period_norm
    ] == []


@each_sample
def test_a_sample_says_why_data_go_to_whom(found: Sample) -> None:
    assert [row.text for row in found.activity().recipients if not row.reason] == []


@each_sample
def test_a_sample_under_the_social_code_keeps_the_social_secret(found: Sample) -> None:
    activity = found.activity()

    assert activity.regime is not Regime.SOCIAL or Secrecy.SOCIAL in activity.secrecy


@each_sample
def test_an_activity_remembers_its_sample_and_what_is_still_open(found: Sample) -> None:
    activity = found.activity()

    assert (activity.sample_id, activity.sample_version) == (found.id, found.version)
    assert json.loads(activity.sample_taken) == found.content()
    assert [told(point) for point in activity.open_points] == [
        {"text": point, "decided": None, "decision": None} for point in found.open_points
    ]
    assert activity.notes == ""


@each_sample
def test_a_sample_leaves_at_least_two_points_of_its_own_open(found: Sample) -> None:
    *own, last = found.open_points

    assert last == UNCHECKED
    assert len(own) >= 2
    assert len({*own, last}) == len(found.open_points)
    assert [point for point in own if not point.endswith(".")] == []


def test_no_two_samples_ask_the_same_or_say_the_same() -> None:
    points = Counter(point for found in samples() for point in found.open_points[:-1])
    descriptions = Counter(found.activity().description for found in samples())

    assert [text for text, count in (points + descriptions).items() if count > 1] == []


def test_every_entry_from_a_sample_is_a_fresh_one() -> None:
    first = sample("dog-tax").activity()
    first.purposes.clear()

    second = sample("dog-tax").activity()

    assert [purpose.legal_basis for purpose in second.purposes] == [LegalBasis.PUBLIC_TASK] * 2
    assert second.state in (None, State.DRAFT)


def test_an_unknown_sample_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        sample("cat-tax")
