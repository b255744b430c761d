"""Impact assessments come in from files and leave in files, and nothing gets lost on the way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

import compliance.app  # noqa: F401 -- knows everything that is stored
from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange import cnil, cnil_reading, jsonfile, own
from assessments.dpia.exchange.drafts import Draft, DraftComment, Fate
from assessments.dpia.exchange.importing import Author, carry_out, read
from assessments.dpia.exchange.markup import markup_of, plain_of, text_of
from assessments.dpia.exchange.schema import schema
from assessments.dpia.grades import Grade
from assessments.dpia.participation import Participation, Voice
from assessments.dpia.questions import catalogues
from assessments.dpia.risk import Damage, DpiaMeasure, DpiaRisk, MeasureState, ProtectionGoal, RiskSource
from compliance.comments import Comment
from compliance.entry import State
from compliance.errors import Refused
from compliance.fields import answers, tidy
from compliance.people import Role
from exports import dpia_cnil, dpia_json
from tests.city import City
from tests.strategies import entries

FIXTURE = Path(__file__).parents[4] / "shared" / "data" / "pia" / "cnil-fixture-pia.json"
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "nachweis-dpia-1.schema.json"
MADE = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)


def answer(question: int, text: str | None = "", *, gauge: int | None = None, items: Any = ()) -> Any:
    data = {"text": text, "gauge": gauge, "list": list(items)}
    return {
        "id": question,
        "pia_id": 7,
        "reference_to": question,
        "data": data,
        "created_at": "2024-03-01T08:00:00.000Z",
    }


_LIST = "<ul><li>Bücher</li><li>Spiele</li></ul>"


def library() -> dict[str, Any]:
    """A file as the tool writes it, with everything that it can say."""
    return {
        "pia": {
            "id": 7,
            "name": "Ausleihe der Stadtbücherei",
            "category": "Kultur",
            "status": 3,
            "author_name": "Jule Petersen",
            "evaluator_name": "Ole Brandt",
            "validator_name": "Inga Wulf",
            "dpo_status": 1,
            "dpo_opinion": "Die Frist ist kurz genug.",
            "dpos_names": "Mara Thomsen",
            "people_names": "Leserbeirat",
            "concerned_people_status": 0,
            "concerned_people_searched_opinion": True,
            "concerned_people_opinion": "Bitte weniger Daten.",
            "created_at": "2024-03-01T08:00:00.000Z",
            "updated_at": "2024-04-02T09:30:00.000Z",
            "progress": 88,
            "lock_version": 4,
            "future_key": {"a": [1]},
        },
        "answers": [
            answer(111, "<h2>Ausleihe</h2><p>Medien &amp; <b>Geräte</b></p>" + _LIST),
            answer(112, "Die Stadt."),
            answer(214, "Beim Verlängern wird nachgefragt."),
            answer(221, "<p>Aushang, siehe <a href='https://buecherei.example/d'>Hinweise</a></p>"),
            answer(222, "Keine.<script>alert(1)</script>"),
            answer(321, None, items=["Finanzieller Verlust", "Peinlichkeit"]),
            answer(322, None, items=["Blick auf den Bildschirm", "Verlorene Liste"]),
            answer(323, None, items=["Beschäftigte", "Neugierige"]),
            answer(324, None, items=["Sichtschutz", "Ohne Maßnahme"]),
            answer(325, "<p>Spürbar.</p>", gauge=2),
            answer(326, "Selten.", gauge=1),
        ],
        "measures": [
            {"id": 31, "pia_id": 7, "title": "Sichtschutz", "content": "<p>Folie</p>", "placeholder": "x.y"}
        ],
        "evaluations": [
            {
                "id": 1,
                "status": 2,
                "global_status": 2,
                "reference_to": "2.1.211",
                "evaluation_comment": "<p>Kürzer.</p>",
                "action_plan_comment": "Text straffen",
                "gauges": {"x": 0, "y": 0},
                "estimated_implementation_date": "2024-06-29T22:00:00.000Z",
                "person_in_charge": "Ole Brandt",
            },
            {
                "id": 2,
                "status": 3,
                "global_status": 2,
                "reference_to": "3.1.31",
                "gauges": {"x": 0, "y": 0},
                "estimated_implementation_date": "2024-07-14T22:00:00.000Z",
                "person_in_charge": "Haustechnik",
            },
            {"id": 3, "status": 1, "global_status": 1, "reference_to": "3.2", "gauges": {"x": 1, "y": 1}},
        ],
        "comments": [
            {
                "id": 1,
                "description": "Gilt das auch\nfür Spiele?",
                "reference_to": 211,
                "for_measure": False,
                "created_at": "2024-03-05T10:00:00.000Z",
            },
            {
                "id": 2,
                "description": "Bestellt.",
                "reference_to": 31,
                "for_measure": True,
                "created_at": "2024-03-06T10:00:00.000Z",
            },
        ],
    }


def sent(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def exported(draft: Draft) -> bytes:
    given = dpia_cnil.Assessment(draft.dpia, draft.answers, draft.comments, None, MADE, None)
    return dpia_cnil.encoded(given)


def answered() -> st.SearchStrategy[DpiaAnswer]:
    """Any answer to any question of any catalogue that no field answers."""
    asked = [one.id for each in catalogues().values() for one in each.questions.values() if not one.field]
    return entries(DpiaAnswer).flatmap(
        lambda answer: st.sampled_from(asked).map(lambda question: _put(answer, question))
    )


def _put(answer: DpiaAnswer, question: str) -> DpiaAnswer:
    answer.question = question
    return answer


# --- CNIL, in ------------------------------------------------------------------------------------


def test_answers_measures_and_risks_find_their_fields() -> None:
    dpia = read(sent(library()), "b.json").dpia

    risk, measure = dpia.risks[0], dpia.measures[0]
    voice = dpia.participation[0]
    assert (dpia.name, dpia.team, voice.voice, voice.answer) == (
        "Ausleihe der Stadtbücherei",
        "Jule Petersen",
        Voice.DATA_SUBJECTS,
        "Bitte weniger Daten.",
    )
    assert (
        dpia.description
        == "Ausleihe\n\nMedien & Geräte\n\n– Bücher\n– Spiele\n\nZuständigkeiten\n\nDie Stadt."
    )
    assert dpia.rights == "Aushang, siehe Hinweise (https://buecherei.example/d)\n\nEinwilligung\n\nKeine."
    assert (risk.key, risk.title, risk.goals) == (
        "R1",
        cnil.EVENTS[0].title,
        (ProtectionGoal.CONFIDENTIALITY,),
    )
    assert (risk.damages, risk.consequence, risk.source) == (
        (Damage.FINANCIAL,),
        "Peinlichkeit",
        RiskSource.STAFF,
    )
    assert risk.event == "– Blick auf den Bildschirm\n– Verlorene Liste"
    assert (risk.severity_before, risk.likelihood_before) == (Grade.LIMITED, Grade.NEGLIGIBLE)
    assert (risk.severity_planned, risk.likelihood_planned) == (Grade.NEGLIGIBLE, Grade.NEGLIGIBLE)
    assert risk.reason_before == "Spürbar.\n\nBegründung der Eintrittswahrscheinlichkeit\n\nSelten."
    assert (measure.title, measure.description, measure.risks) == ("Sichtschutz", "Folie", "R1")
    assert (measure.owner, measure.due) == ("Haustechnik", date(2024, 7, 15))


def test_what_has_no_field_is_kept_word_for_word_and_reported() -> None:
    file = library()
    strange = {"reference_to": "9.9", "status": 1, "global_status": 2, "person_in_charge": "Ole Brandt"}
    file["evaluations"].append(strange)
    draft = read(sent(file), "b.json")

    kept = {row.reference: row.text for row in draft.dpia.from_source}
    wanted = {
        "pia.status": "mit Unterschrift bestätigt",
        "pia.dpo_opinion": "Die Frist ist kurz genug.",
        "pia.future_key": '{"a": [1]}',
        "answers.323": "Neugierige",
        "answers.324": "Ohne Maßnahme",
        "evaluations.9.9.status": "zu beheben",
        "evaluations.9.9.global_status": "abgeschlossen",
        "evaluations.9.9.person_in_charge": "Ole Brandt",
    }
    assert {key: kept.get(key) for key in wanted} == wanted
    reported = [notice.place for notice in draft.notices if notice.fate is Fate.KEPT]
    assert len(reported) == len(kept)
    assert {"pia.future_key", "evaluations[3].person_in_charge", "measures[0].placeholder"} <= set(reported)
    assert [n.place for n in draft.notices if n.fate is Fate.CLEANED] == ["answers[4].data.text"]


def test_comments_come_in_with_what_they_are_about() -> None:
    assert [comment.text for comment in read(sent(library()), "b.json").comments] == [
        "Zu Frage 211 „Zwecke“:\nGilt das auch\nfür Spiele?",
        "Zu Maßnahme „Sichtschutz“:\nBestellt.",
    ]


# --- CNIL, out -----------------------------------------------------------------------------------


def test_a_file_leaves_as_it_came_apart_from_what_only_the_tool_needs() -> None:
    file = json.loads(exported(read(sent(library()), "b.json")))

    assert list(file) == ["pia", "answers", "measures", "evaluations", "comments"]
    same = (
        "name",
        "category",
        "status",
        "author_name",
        "evaluator_name",
        "validator_name",
        "dpo_status",
        "dpo_opinion",
        "dpos_names",
        "people_names",
        "concerned_people_status",
        "concerned_people_opinion",
        "concerned_people_searched_opinion",
        "created_at",
        "updated_at",
    )
    given = library()
    assert {key: file["pia"][key] for key in same} == {key: given["pia"][key] for key in same}
    assert [each["reference_to"] for each in file["answers"]] == [
        each["reference_to"] for each in given["answers"]
    ]
    gauges = {
        each["reference_to"]: each["data"]["gauge"] for each in file["answers"] if each["data"]["gauge"]
    }
    assert gauges == {325: 2, 326: 1}
    assert {each["reference_to"]: each["status"] for each in file["evaluations"]} == {
        "2.1.211": 2,
        "3.1.1": 3,
        "3.2": 1,
    }
    assert [each["gauges"] for each in file["evaluations"] if each["reference_to"] == "3.2"] == [
        {"x": 1, "y": 1}
    ]
    assert [(each["reference_to"], each["for_measure"]) for each in file["comments"]] == [
        (211, False),
        (1, True),
    ]
    assert "<script" not in json.dumps(file)


def test_every_part_that_the_tool_reads_is_there() -> None:
    file = json.loads(exported(Draft(Dpia(), cnil_reading.FORMAT)))
    filled = json.loads(exported(read(sent(library()), "b.json")))

    assert file["pia"]["status"] == 0
    assert [file[key] for key in ("answers", "measures", "evaluations", "comments")] == [[], [], [], []]
    for part in ("answers", "measures", "evaluations", "comments"):
        assert [each["id"] for each in filled[part]] == list(range(1, len(filled[part]) + 1))
        assert all(datetime.fromisoformat(each["created_at"]) for each in filled[part])
    assert all(isinstance(each["reference_to"], str) for each in filled["evaluations"])
    assert all(set(each["data"]) == {"text", "gauge", "list"} for each in filled["answers"])


@pytest.mark.skipif(not FIXTURE.exists(), reason="the file of the CNIL is not beside the checkout")
def test_a_file_of_the_tool_itself_is_stable() -> None:
    draft = read(FIXTURE.read_bytes(), FIXTURE.name)
    first = exported(draft)

    assert exported(read(first, "again.json")) == first
    assert {len(json.loads(first)[part]) for part in ("answers", "evaluations")} == {36, 19}
    assert len(draft.dpia.risks) == len(cnil.EVENTS)


@slow
@given(entries(Dpia), st.lists(answered(), max_size=4), st.lists(st.text(max_size=60), max_size=3))
def test_export_and_import_and_export_make_the_same_bytes(
    dpia: Dpia, answers: list[DpiaAnswer], said: list[str]
) -> None:
    dpia.derive()
    comments = [DraftComment(tidy(text), MADE) for text in said if tidy(text)]
    first = dpia_cnil.encoded(dpia_cnil.Assessment(dpia, answers, comments, None, MADE, MADE))

    assert exported(read(first, "again.json")) == first


# --- Stored --------------------------------------------------------------------------------------


def test_what_is_too_long_for_a_line_is_kept_whole(city: City) -> None:
    file = library()
    file["pia"]["name"] = "Ausleihe " * 40
    file["measures"][0]["title"] = "Folie " * 60
    file["comments"][0]["description"] = "Frage " * 2000
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        dpia = carry_out(session, read(sent(file), "b.json"), "b.json", Author("Jule Petersen"))

    kept = {row.reference.rpartition(".")[2]: row.text for row in city.stored(dpia).from_source}
    assert (dpia.state, dpia.designation, dpia.name[-1]) == (State.IMPORTED, "DSFA-0001", "…")
    assert (kept["name"], kept["title"]) == (("Ausleihe " * 40).strip(), ("Folie " * 60).strip())


def test_an_import_that_fails_leaves_nothing(city: City) -> None:
    draft = read(sent(library()), "b.json")
    broken: Any = 3
    draft.comments.append(DraftComment(broken, MADE))

    with (
        pytest.raises((StatementError, TypeError)),
        city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session,
    ):
        carry_out(session, draft, "b.json", Author("Jule Petersen"))

    with city.site.database.reading(city.id) as session:
        assert [session.scalar(select(func.count()).select_from(each)) for each in (Dpia, Comment)] == [0, 0]


# --- Bad files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Zeile 1, Spalte 1"),
        (b'{"pia": {"name": "a",}', "Zeile 1, Spalte 22"),
        (b'\n{"pia": "\xff"}', "Zeile 2"),
        (b"[]", "fehlt „pia“"),
        (b'{"answers": []}', "fehlt „pia“"),
        (b'{"pia": []}', "Stelle pia steht kein Objekt"),
        (b'{"pia": {"name": ["a"]}}', "pia.name"),
        (b'{"pia": {}, "pia": {}}', "Schlüssel „pia“"),
        (b'{"pia": {"name": NaN}}', "NaN"),
        (b'{"pia": {"name": 1e999}}', "1e999"),
        (b'{"pia": {}, "answers": {}}', "Stelle answers steht keine Liste"),
        (b'{"pia": {}, "answers": [1]}', "answers[0]"),
        (b'{"pia": {}, "answers": [{"reference_to": 321, "data": {"list": "a"}}]}', "answers[0].data.list"),
        (b'{"pia": {}, "comments": [' + b"{}," * 10_000 + b"{}]}", "Liste comments"),
        (b'{"pia": {"name": "' + b"x" * 300_000 + b'"}}', "pia.name hat mehr als 200000 Zeichen"),
        (b'{"pia": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "verschachtelt"),
        (b'{"pia": ' + b"[" * 100 + b"]" * 100 + b"}", "verschachtelt"),
        (b" " * (jsonfile.LARGEST + 1), "größer als 20 MB"),
        (b'{"format": "nachweis-dpia", "version": 2}', "Fassung „2“"),
        (b'{"format": "nachweis-dpia", "version": 1}', "assessment"),
        (
            b'{"format": "nachweis-dpia", "version": 1, "assessment": {"decision": "SURE"}}',
            "assessment.decision",
        ),
        (
            b'{"format": "nachweis-dpia", "version": 1, "assessment": {"risks": [{"title": 3}]}}',
            "assessment.risks[0].title",
        ),
    ],
)
def test_a_bad_file_is_refused_with_the_place(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(content, "d.json")

    assert said in refusal.value.text.de


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def any_of(*keys: str, **known: Any) -> Any:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, VALUES) | known)


FILES = any_of(
    "more",
    pia=any_of(*(kept.key for kept in cnil.PIA_KEPT), "name", "concerned_people_searched_opinion") | VALUES,
    answers=VALUES
    | st.lists(
        any_of(
            "id",
            "strange",
            reference_to=st.sampled_from(cnil.QUESTIONS) | VALUES,
            data=any_of("text", "gauge", "list", gauge=st.integers(-1, 6), list=st.lists(st.text(max_size=9)))
            | VALUES,
        ),
        max_size=6,
    ),
    measures=VALUES
    | st.lists(any_of("id", "title", "content", "placeholder", title=st.text(max_size=250)), max_size=4),
    evaluations=VALUES
    | st.lists(
        any_of(
            *(kept.key for kept in cnil.EVALUATION_KEPT),
            reference_to=st.sampled_from(["1.1", "2.1.211", "3.1.1", "3.2", "3.4", "x#2"]) | VALUES,
            gauges=any_of("x", "y", x=st.integers(0, 5)) | VALUES,
        ),
        max_size=4,
    ),
    comments=VALUES
    | st.lists(any_of("description", "reference_to", "for_measure", "created_at"), max_size=3),
    format=st.sampled_from(["nachweis-dpia"]),
    version=st.just(1),
    assessment=any_of(
        "name",
        "imposed",
        "risks",
        "from_source",
        "decision",
        "next_review",
        "unit",
        measures=st.lists(any_of("id", "title", "due", "state"), max_size=2),
    ),
)


@slow
@given(FILES | VALUES)
def test_any_json_is_read_or_refused_and_what_is_read_leaves_stable(value: Any) -> None:
    try:
        draft = read(sent_any(value), "any.json")
    except Refused:
        return
    first = exported(draft)

    assert exported(read(first, "again.json")) == first


def sent_any(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


@slow
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content, "any.json")


# --- Markup --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a\nb", "a\nb"),
        ("a < b & c", "a < b & c"),
        ("<p>a<br/>b</p><p>c</p>", "a\nb\n\nc"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>c", "– a\n– b\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ("<a href='https://a.example'>A</a>, <a href='javascript:x()'>B</a>", "A (https://a.example), B"),
        ("<p>a</p><SCRIPT >x < y</script\n>b<style>p{}</style>", "a\n\nb"),
        ("a<script>never ends", "a"),
        ("<img src=x onerror=y alt='Bild'>a", "Bild a"),
        ("<!-- a -->b<![CDATA[c]]>d", "bd"),
        ("1 &lt; 2&nbsp;&euro;", "1 < 2 €"),
        ("<p title='>'>a</p>", "a"),
        ("<b title='>a", "a"),
    ],
)
def test_markup_becomes_text_with_its_structure(markup: str, text: str) -> None:
    assert text_of(markup)[0] == text


@slow
@given(st.text(alphabet="ab <>&/!-–'\"\n=lipu", max_size=60))
def test_markup_made_of_text_reads_as_that_text(source: str) -> None:
    text = text_of(source)[0]

    assert text_of(markup_of(text))[0] == text_of(markup_of(text_of(markup_of(text))[0]))[0]
    assert text_of(plain_of(text))[0] == text


# --- Own JSON ------------------------------------------------------------------------------------


def assessed() -> Dpia:
    risk = DpiaRisk(key="R1", title="Profile", damages=(Damage.CONTROL,), severity_before=Grade.MAJOR)
    measure = DpiaMeasure(title="Löschen", risks="R1", due=date(2026, 9, 1), state=MeasureState.PLANNED)
    return Dpia(
        name="Videoschutz",
        number=3,
        version=2,
        state=State.DRAFT,
        participation=[Participation(voice=Voice.DATA_SUBJECTS, waived=True)],
        risks=[risk],
        measures=[measure],
        next_review=date(2027, 1, 1),
        last_risk=1,
    )


def content_of(dpia: Dpia) -> dict[str, Any]:
    return {name: _without_ids(value) for name, value in answers(dpia).items()}


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [
            {k: v for k, v in each.items() if k != "id"} if isinstance(each, dict) else each for each in value
        ]
    return value


def test_an_assessment_goes_to_another_installation_whole() -> None:
    dpia = assessed()
    comment = DraftComment("Passt.", MADE, "Jule Petersen")
    draft = read(dpia_json.encoded(dpia, [], [comment], []), "a.json")

    assert content_of(draft.dpia) == content_of(dpia)
    assert draft.comments == [comment]
    assert draft.notices == []


@slow
@given(entries(Dpia))
def test_everything_but_the_decision_comes_back(dpia: Dpia) -> None:
    dpia.number, dpia.version, dpia.state = 1, 1, State.DRAFT
    for name in (*_DECIDED, *_COMPUTED):
        setattr(dpia, name, "" if isinstance(getattr(dpia, name), str) else None)
    dpia.taken_over, dpia.from_source, dpia.imposed = [], [], []
    for number, risk in enumerate(dpia.risks, start=1):
        risk.key = f"R{number}"
    for number, measure in enumerate(dpia.measures, start=1):
        measure.key = f"M{number}"

    assert content_of(read(dpia_json.encoded(dpia, [], [], []), "a.json").dpia) == content_of(dpia)


_DECIDED = (
    "decision",
    "decision_reason",
    "conditions_due",
    "deviation_reason",
    "decided_risk",
    "decided_on",
    "decided_by",
    "decided_version",
    "decided_matrix",
    "first_approved_on",
    "under_review_since",
)
_COMPUTED = ("high_risk_ai", "consultation_due", "questions_due")


def test_a_decision_is_never_taken_by_a_file() -> None:
    dpia = assessed()
    dpia.decision_reason = "Der Nutzen überwiegt."
    draft = read(dpia_json.encoded(dpia, [], [], []), "a.json")

    assert draft.dpia.decision_reason == ""
    assert [(row.reference, row.text) for row in draft.dpia.from_source] == [
        ("decision_reason", "Der Nutzen überwiegt.")
    ]


def test_the_documented_schema_is_that_of_the_fields() -> None:
    # "nachweis schema dpia" writes it anew.
    assert json.loads(SCHEMA.read_text("utf-8")) == schema()


@slow
@given(entries(Dpia))
def test_what_leaves_fits_the_schema(dpia: Dpia) -> None:
    dpia.number, dpia.version, dpia.state = 1, 1, State.DRAFT
    for number, risk in enumerate(dpia.risks, start=1):
        risk.key = f"R{number}"
    for number, measure in enumerate(dpia.measures, start=1):
        measure.key = f"M{number}"
    file = json.loads(dpia_json.encoded(dpia, [], [DraftComment("a", MADE)], []))

    assert list(misfits(file, schema())) == []
    assert list(misfits({**file, "more": 1}, schema())) == ["more"]


def misfits(value: Any, shape: dict[str, Any], place: str = "") -> Any:
    """Places at which *value* does not fit *shape*, as far as our schema goes."""
    if "$ref" in shape:
        shape = schema()["$defs"]["reference"]
    if not _fits(value, shape):
        yield place
    elif isinstance(value, dict):
        yield from (key for key in shape.get("required", ()) if key not in value)
        yield from (key for key in value if key not in shape["properties"])
        for key in value.keys() & shape["properties"].keys():
            yield from misfits(value[key], shape["properties"][key], f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from misfits(inner, shape["items"], f"{place}[{number}]")


_KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def _fits(value: Any, shape: dict[str, Any]) -> bool:
    if "type" in shape and not isinstance(value, _KINDS[shape["type"]]):
        return False
    if value not in shape.get("enum", [value]) or value != shape.get("const", value):
        return False
    return not isinstance(value, str) or len(value) <= shape.get("maxLength", len(value))


def test_our_own_format_knows_itself() -> None:
    assert own.is_own(json.loads(dpia_json.encoded(assessed(), [], [], [])))
