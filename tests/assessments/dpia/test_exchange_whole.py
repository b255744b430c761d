"""Nothing of an assessment stays behind when it goes to another installation, nor when reading it fails."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import inspect, select

import compliance.app  # noqa: F401 -- knows everything that is stored
from assessments.dpia.answers import DpiaAnswer, answers_of
from assessments.dpia.conditions import Condition
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.evaluation import Appraisal, Evaluated, SectionVerdict
from assessments.dpia.exchange import jsonfile
from assessments.dpia.exchange.drafts import DraftComment, Fate
from assessments.dpia.exchange.importing import Author, carry_out, read
from assessments.dpia.exchange.own import COMPUTED
from assessments.dpia.exchange.schema import ANSWER_FIELDS, schema
from assessments.dpia.risk import DpiaMeasure, MeasureState
from compliance.advice import Opinion, Verdict
from compliance.entry import State
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
    empty,
    fields,
)
from compliance.people import Role
from exports import dpia_json
from exports.exchange import EXCHANGES
from registers.measures import Measure, Progress
from tests.city import City
from tests.strategies import entries

MADE = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
PARTS = [spec.part for spec in fields(Dpia).values() if isinstance(spec, Rows)]
slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=25)

STAYS = {
    "id": "made anew where the file is read; rows name theirs so that others can refer to them",
    "organisation_id": "of the organisation that reads it",
    "parent_id": "follows from where the row stands",
    "position": "follows from where the row stands",
    "dpia_id": "follows from the file",
    "changed_at": "when it was stored here",
    "gaps": "counted anew",
    "search": "made of the fields",
    "sort_key": "made of the fields",
    "lists_known": "a decision counts where it was taken",
    "last_risk": "the highest key of the risks",
    "last_measure": "the highest key of the measures",
    "released_hash": "a release counts where it was given",
    "released_version": "a release counts where it was given",
    "changed_since_release": "a release counts where it was given",
    "content": "tells whether a section changed here since it was judged",
    "colleague_id": "an account of this installation",
    "measures_outdated": "follows from the checks that stand here",
    "noted": "whether somebody here has seen the answer",
}
ELSEWHERE = {"number", "state", "version", "catalogue"}
"""Stand beside the assessment in the file."""


@pytest.mark.parametrize("model", [Dpia, DpiaAnswer, *PARTS], ids=lambda model: model.__name__)
def test_every_column_is_in_the_file_or_stays_for_a_reason(model: type[Any]) -> None:
    specs = fields(model)
    keys = {f"{name}_id" for name, spec in specs.items() if isinstance(spec, Reference)}
    columns = {column.key for column in inspect(model).column_attrs}

    assert columns - set(specs) - keys - set(STAYS) - ELSEWHERE == set()
    assert not any(spec.secret for spec in specs.values())


def test_the_schema_names_every_field() -> None:
    shape = schema()["properties"]
    told = shape["assessment"]["properties"]

    assert set(told) == set(fields(Dpia))
    for name, spec in fields(Dpia).items():
        if isinstance(spec, Rows):
            assert set(told[name]["items"]["properties"]) == {"id", *fields(spec.part)}
    assert set(shape["answers"]["items"]["properties"]) == set(ANSWER_FIELDS)
    assert set(fields(DpiaAnswer)) - set(ANSWER_FIELDS) == {"dpia"}


def filled(model: type[Any]) -> Any:
    """A *model* of which each field is answered, apart from references."""
    return model(**{name: _given(name, spec) for name, spec in fields(model).items()})


def _given(name: str, spec: Kind) -> Any:
    match spec:
        case Reference() | References():
            return empty(spec)
        case Rows():
            return [filled(spec.part)]
        case Line() | Prose():
            return f"{name} §"
        case Choice():
            return next(iter(spec.words))
        case Choices():
            return tuple(spec.words)[:2]
        case Flag():
            return True
        case Day():
            return date(2026, 8, 1)
        case Moment():
            return MADE
        case Number():
            return 7
        case Duration():
            return Span(3, TimeUnit.M)


def test_every_answer_is_in_the_file_and_comes_back_or_is_kept() -> None:
    dpia, answer = filled(Dpia), filled(DpiaAnswer)
    dpia.number, dpia.version, dpia.state = 1, 1, State.DRAFT
    answer.question = "accuracy"
    opinion = Opinion(verdict=Verdict.AGAINST, text="Zu viel.", given_on=date(2026, 5, 1), given_by="Mara")
    content = dpia_json.encoded(dpia, [answer], [DraftComment("Passt.", MADE, "Jule")], [opinion])
    file = json.loads(content)
    said = file["assessment"]
    back = read(content, "a.json")
    kept = "\n".join(row.text for row in back.dpia.from_source)

    asked = {name for name, spec in fields(Dpia).items() if not isinstance(spec, Reference | References)}
    assert set(said) == asked
    for name, spec in fields(Dpia).items():
        if isinstance(spec, Rows):
            inner = {key for key, each in fields(spec.part).items() if not isinstance(each, Reference)}
            assert [set(row) for row in said[name]] == [{"id", *inner}]
    assert set(file["answers"][0]) == set(ANSWER_FIELDS)
    for name, spec in fields(Dpia).items():
        if isinstance(spec, Rows) and name not in ("imposed", "from_source"):
            part = fields(spec.part)
            mine, theirs = getattr(dpia, name)[0], getattr(back.dpia, name)[0]
            assert [getattr(theirs, key) for key in part] == [getattr(mine, key) for key in part]
        elif name in asked and (name == "template" or not spec.fixed):
            assert getattr(back.dpia, name) == getattr(dpia, name)
        elif name in asked and name not in COMPUTED and not isinstance(spec, Rows):
            assert name in {row.reference for row in back.dpia.from_source}
    condition = dpia.imposed[0]
    assert all(text in kept for text in (condition.text, condition.owner, condition.evidence))
    assert [(each.place, each.text) for each in back.answers] == [(answer.place, answer.text)]
    assert [each.answered_by for each in back.answers] == [answer.answered_by]
    assert "Zu viel." in kept


def test_conditions_of_a_decision_elsewhere_are_kept_with_owner_and_day() -> None:
    condition = Condition(text="Zwei Kameras entfernen", owner="Tiefbauamt", due=date(2026, 8, 1))
    dpia = Dpia(name="Videoschutz", number=1, version=1, state=State.DRAFT, imposed=[condition])
    dpia.decision = DpiaDecision.APPROVED_WITH_CONDITIONS
    back = read(dpia_json.encoded(dpia, [], [], []), "a.json").dpia

    assert (back.decision, back.imposed) == (None, [])
    assert {row.reference: row.text for row in back.from_source} == {
        "decision": "Mit Auflagen genehmigt",
        "imposed[0]": "Zwei Kameras entfernen\n\nZuständig: Tiefbauamt\nZu erfüllen bis: 01.08.2026",
    }


# --- Stored and back -----------------------------------------------------------------------------


def whole(measure: Measure) -> Dpia:
    """An assessment with a verdict, a measure of the register and another catalogue."""
    verdict = SectionVerdict(
        chapter=Evaluated.NECESSITY, verdict=Appraisal.TO_BE_FIXED, plan="Kürzen", responsible="Ole",
        due=date(2026, 9, 1), given_on=date(2026, 5, 4), given_by="Mara", content="0" * 64,
    )  # fmt: skip
    return Dpia(
        name="Videoschutz",
        verdicts=[verdict],
        measures=[DpiaMeasure(measure=measure)],
        catalogue="edpb/2026-1.0",
    )


def test_a_file_of_this_application_comes_back_with_answers_measures_and_catalogue(city: City) -> None:
    measure = Measure(name="Löschlauf", progress=Progress.PLANNED, responsible="IT", planned_until=None)
    dpia = whole(measure)
    answer = DpiaAnswer(dpia=dpia, question="accuracy", text="Wird geprüft.", answered_by="Ole")
    city.save(measure, dpia, answer, by=Role.PROJECT_LEAD)
    with city.site.database.reading(city.id) as session:
        content = EXCHANGES[Dpia]["json"].encode(session, dpia.id, "")
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        again = carry_out(session, read(content, "a.json"), "a.json", Author("Jule"))

    stored = city.stored(again)
    assert (stored.catalogue, stored.measures[0].measure.name) == ("edpb/2026-1.0", "Löschlauf")
    assert [(row.verdict, row.plan, row.content) for row in stored.verdicts] == [
        (Appraisal.TO_BE_FIXED, "Kürzen", "")
    ]
    with city.site.database.reading(city.id) as session:
        found = answers_of(session, stored)
        assert {place: (each.text, each.answered_by) for place, each in found.items()} == {
            ("accuracy", ""): ("Wird geprüft.", "Ole")
        }


def test_a_register_measure_unknown_elsewhere_keeps_what_the_register_said() -> None:
    measure = Measure(name="Löschlauf", progress=Progress.IMPLEMENTED, responsible="IT", evidence="Protokoll")
    measure.number = 4
    dpia = whole(measure)
    dpia.number, dpia.version, dpia.state = 1, 1, State.DRAFT
    draft = read(dpia_json.encoded(dpia, [], [], []), "a.json")

    mine = draft.dpia.measures[0]
    assert (mine.title, mine.owner, mine.state, mine.evidence) == (
        "Löschlauf",
        "IT",
        MeasureState.IMPLEMENTED,
        "Protokoll",
    )
    assert [(link.name, link.id, link.part) for link in draft.links] == [("measure", measure.id, mine)]


def test_strange_answers_and_catalogues_are_kept_and_reported() -> None:
    given = [
        {"question": "accuracy", "text": "Ja."},
        {"question": "accuracy", "text": "Nein."},
        {"question": "moon", "text": "Voll."},
    ]
    file = {
        "format": "nachweis-dpia", "version": 1, "assessment": {"name": "A"},
        "catalogue": "moon/1", "answers": given,
    }  # fmt: skip
    draft = read(json.dumps(file).encode(), "a.json")

    assert [(each.question, each.text) for each in draft.answers] == [("accuracy", "Ja.")]
    assert {row.reference: row.text for row in draft.dpia.from_source} == {
        "catalogue": "moon/1",
        "answers[1]": "Nein.",
        "answers[2]": "Voll.",
    }
    assert [notice.fate for notice in draft.notices] == [Fate.KEPT] * 3


# --- Too much ------------------------------------------------------------------------------------


def test_of_a_hundred_megabytes_little_more_than_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as made:
        made.truncate(100 * 1024 * 1024)

    tracemalloc.start()
    with file.open("rb", buffering=0) as opened, pytest.raises(Refused) as refusal:
        jsonfile.load(opened, file.name)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "„huge.json“ ist größer als 20 MB" in refusal.value.text.de
    assert peak < 2 * jsonfile.LARGEST


@pytest.mark.parametrize("many", [b"[],", b'{"a":1},', b'"ab",', b"1,"])
def test_small_values_without_end_never_fill_the_memory(many: bytes) -> None:
    content = b'{"pia": {"x": [' + many * (jsonfile.LARGEST // len(many) - 20) + b"1]}}"

    tracemalloc.start()
    with pytest.raises(Refused) as refusal:
        read(content, "many.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert "enthält mehr als 200000 Angaben" in refusal.value.text.de
    assert peak < 3 * jsonfile.LARGEST


@slow
@given(entries(Dpia))
def test_an_own_file_out_and_in_and_out_is_the_same_but_for_ids(dpia: Dpia) -> None:
    dpia.number, dpia.version, dpia.state = 1, 1, State.DRAFT
    for number, risk in enumerate(dpia.risks, start=1):
        risk.key = f"R{number}"
    for number, measure in enumerate(dpia.measures, start=1):
        measure.key = f"M{number}"
    dpia.derive()
    once = read(dpia_json.encoded(dpia, [], [], []), "a.json").dpia
    once.number, once.version, once.state = 1, 1, State.DRAFT
    once.derive()
    first = dpia_json.encoded(once, [], [], [])
    twice = read(first, "a.json").dpia
    twice.number, twice.version, twice.state = 1, 1, State.DRAFT
    twice.derive()

    assert _nameless(dpia_json.encoded(twice, [], [], [])) == _nameless(first)


def _nameless(content: bytes) -> Any:
    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(each) for each in value]
        if isinstance(value, dict):
            return {key: without(inner) for key, inner in value.items() if key not in ("id", "reference")}
        return value

    return without(json.loads(content))


def test_nothing_of_an_import_that_fails_is_stored(city: City) -> None:
    file = {"format": "nachweis-dpia", "version": 1, "assessment": {"name": "A"},
            "answers": [{"question": "accuracy", "text": "Ja."}]}  # fmt: skip
    draft = read(json.dumps(file).encode(), "a.json")
    draft.answers.append(DpiaAnswer(question="accuracy", text="Zweimal."))

    with (
        pytest.raises(Exception, match=r"(?i)unique"),
        city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session,
    ):
        carry_out(session, draft, "a.json", Author("Jule"))

    with city.site.database.reading(city.id) as session:
        assert [session.scalars(select(each)).all() for each in (Dpia, DpiaAnswer)] == [[], []]
