"""Verdicts and answers go to the CNIL's PIA tool and come back, and no file brings in more than text."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import compliance.app  # noqa: F401 -- knows everything that is stored
from assessments.dpia.answers import DpiaAnswer, answers_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import Appraisal, Evaluated, SectionVerdict, current, on_parts, standings
from assessments.dpia.exchange import cnil
from assessments.dpia.exchange.drafts import Draft, Fate
from assessments.dpia.exchange.importing import Author, carry_out, read
from assessments.dpia.grades import Grade
from assessments.dpia.participation import Participation, Result, Voice
from assessments.dpia.questions import catalogues
from assessments.dpia.risk import Damage, DpiaMeasure, DpiaRisk, RiskSource
from compliance.advice import Opinion, Verdict
from compliance.errors import Refused
from compliance.people import Role
from exports import dpia_cnil
from exports.exchange import EXCHANGES
from tests.assessments.dpia.test_exchange import FIXTURE, MADE, VALUES, exported, library, sent
from tests.city import City

slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)
ACCEPTABLE, IMPROVABLE, TO_BE_FIXED = Appraisal.ACCEPTABLE, Appraisal.IMPROVABLE, Appraisal.TO_BE_FIXED


def verdict(chapter: Evaluated, appraisal: Appraisal | None = ACCEPTABLE, **said: Any) -> SectionVerdict:
    return SectionVerdict(chapter=chapter, verdict=appraisal, **said)


def file_of(dpia: Dpia, *answers: DpiaAnswer, opinion: Opinion | None = None) -> dict[str, Any]:
    given = dpia_cnil.Assessment(dpia, answers, [], opinion, MADE, MADE)
    found: dict[str, Any] = json.loads(dpia_cnil.encoded(given))
    return found


def told(rows: list[SectionVerdict]) -> list[tuple[Any, ...]]:
    names = (
        "chapter",
        "question",
        "verdict",
        "comment",
        "plan",
        "responsible",
        "due",
        "given_on",
        "given_by",
    )
    return [tuple(getattr(row, name) for name in names) for row in rows]


def evaluations(file: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["reference_to"]: each for each in file["evaluations"]}


# --- Verdicts ------------------------------------------------------------------------------------


def test_evaluations_come_in_as_verdicts_with_plan_person_and_day() -> None:
    draft = read(sent(library()), "b.json")

    due = date(2024, 6, 30)
    assert told(draft.dpia.verdicts) == [
        (Evaluated.NECESSITY, "Zwecke", IMPROVABLE, "Kürzer.", "Text straffen", "Ole Brandt", due, None,
         "Ole Brandt"),
        (Evaluated.RISKS, "Unrechtmäßiger Zugriff auf Daten", TO_BE_FIXED, "", "", "", None, None,
         "Ole Brandt"),
        (Evaluated.MEASURES, "", ACCEPTABLE, "", "", "", None, None, "Ole Brandt"),
    ]  # fmt: skip
    assert not [row for row in draft.dpia.from_source if row.reference.startswith("evaluations.")]


@pytest.mark.skipif(not FIXTURE.exists(), reason="the file of the CNIL is not beside the checkout")
def test_a_section_of_which_all_parts_are_judged_alike_is_judged_as_a_whole() -> None:
    dpia = read(FIXTURE.read_bytes(), FIXTURE.name).dpia

    assert {chapter: standing.verdict.verdict for chapter, standing in standings(dpia).items()} == {
        Evaluated.DESCRIPTION: ACCEPTABLE,
        Evaluated.NECESSITY: ACCEPTABLE,
        Evaluated.RISKS: ACCEPTABLE,
        Evaluated.MEASURES: ACCEPTABLE,
    }
    assert {(row.given_on, row.given_by) for row in dpia.verdicts} == {
        (date(2021, 1, 7), "Prénom Nom"),
        (date(2021, 2, 15), "Prénom Nom"),
    }


SECTION_VERDICTS = st.fixed_dictionaries(
    {
        chapter: st.builds(
            verdict,
            st.just(chapter),
            st.sampled_from(Appraisal),
            comment=st.sampled_from(["", "Kürzer.", "a < b & c\n\n– eins\n– zwei"]),
            plan=st.sampled_from(["", "Text straffen"]),
            responsible=st.sampled_from(["Ole Brandt"]),
            due=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
            given_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
            given_by=st.just("Mara Thomsen"),
        )
        for chapter in Evaluated
    }
)


@slow
@given(SECTION_VERDICTS)
def test_verdicts_on_sections_leave_as_evaluations_and_come_back(
    given_rows: dict[Evaluated, SectionVerdict],
) -> None:
    measures = [DpiaMeasure(title="Sichtschutz", owner="Bauamt"), DpiaMeasure(title="Löschlauf", owner="IT")]
    dpia = Dpia(name="A", verdicts=list(given_rows.values()), measures=measures)
    dpia.derive()
    file = file_of(dpia)
    back = read(json.dumps(file).encode(), "a.json").dpia

    judged = {part.reference for part in cnil.PARTS} | {"3.1.1", "3.1.2"}
    assert set(evaluations(file)) == judged
    assert told(back.verdicts) == told([given_rows[chapter] for chapter in Evaluated])
    assert [measure.owner for measure in back.measures] == ["Bauamt", "IT"]


def test_a_new_verdict_on_a_section_replaces_those_on_its_parts() -> None:
    old = [
        verdict(Evaluated.NECESSITY, TO_BE_FIXED, question="Zwecke"),
        verdict(Evaluated.NECESSITY, ACCEPTABLE, question="Information"),
        verdict(Evaluated.RISKS, ACCEPTABLE),
    ]
    new = verdict(Evaluated.NECESSITY, ACCEPTABLE)
    later = verdict(Evaluated.NECESSITY, IMPROVABLE, question="Zwecke")

    assert current(old) == old
    assert on_parts(old) == {Evaluated.NECESSITY: old[:2]}
    assert current([*old, new]) == [old[2], new]
    assert on_parts([*old, new]) == {}
    assert current([*old, new, later]) == [old[2], new, later]
    file = file_of(Dpia(name="A", verdicts=[*old, new, later]))
    found = {reference: each["status"] for reference, each in evaluations(file).items()}
    assert (found["2.1.211"], found["2.1.212"], found["3.2"]) == (2, 3, 3)


def test_what_a_verdict_on_a_measure_demands_is_apart_from_who_carries_the_measure_out() -> None:
    measure = DpiaMeasure(title="Sichtschutz", owner="Bauamt", due=date(2026, 9, 1))
    row = verdict(
        Evaluated.MEASURES, TO_BE_FIXED, plan="Höher bauen", responsible="Ole", due=date(2026, 7, 1)
    )
    dpia = Dpia(name="A", measures=[measure], verdicts=[row])
    dpia.derive()
    file = file_of(dpia)
    found = evaluations(file)["3.1.1"]

    assert (found["person_in_charge"], found["estimated_implementation_date"][:10]) == ("Ole", "2026-07-01")
    assert file["measures"][0]["content"] == "<p>Zuständig: Bauamt<br>Umzusetzen bis: 01.09.2026</p>"
    back = read(json.dumps(file).encode(), "a.json").dpia
    assert (back.measures[0].owner, back.measures[0].due) == ("Bauamt", date(2026, 9, 1))
    assert told(back.verdicts) == told([row])


def test_what_cannot_be_read_in_an_evaluation_is_kept_and_what_says_nothing_is_reported() -> None:
    file = library()
    file["evaluations"] = [
        {"reference_to": "1.1", "status": 7, "estimated_implementation_date": "soon", "future": "x"},
        {"reference_to": "1.2", "status": 3, "global_status": 0},
        {"reference_to": "1.2", "status": 1, "evaluation_comment": "Zweitens"},
        {"reference_to": "3.4", "status": 0, "global_status": 0},
    ]
    draft = read(sent(file), "b.json")

    kept = {row.reference: row.text for row in draft.dpia.from_source}
    assert {key: text for key, text in kept.items() if key.startswith("evaluations")} == {
        "evaluations.1.1.status": "7",
        "evaluations.1.1.estimated_implementation_date": "soon",
        "evaluations[0].future": "x",
        "evaluations.1.2.global_status": "nicht begonnen",
        "evaluations.1.2#2.status": "zu beheben",
        "evaluations.1.2#2.evaluation_comment": "Zweitens",
    }
    assert ("evaluations[3]", Fate.LEFT) in [(each.place, each.fate) for each in draft.notices]
    again = evaluations(json.loads(exported(draft)))
    assert again["1.2"]["status"] == 1, "the second one stands last"
    assert [
        (each["status"], each["global_status"])
        for each in json.loads(exported(draft))["evaluations"]
        if each["reference_to"] == "1.2"
    ] == [(3, 0), (1, 0)]


# --- Answers -------------------------------------------------------------------------------------

ASKED = sorted({one.id for each in catalogues().values() for one in each.questions.values() if not one.field})


def test_every_question_has_its_place_in_the_tool() -> None:
    assert sorted(slot.asked for slot in cnil.SLOTS if slot.asked) == ASKED
    headings = [(slot.question, slot.heading) for slot in cnil.SLOTS]
    assert len(set(headings)) == len(headings)
    assert {slot.question for slot in cnil.SLOTS} | cnil.LISTS <= set(cnil.QUESTIONS)


@slow
@given(st.sets(st.sampled_from(ASKED)))
def test_answers_leave_in_the_nearest_question_and_come_back(asked: set[str]) -> None:
    answers = [DpiaAnswer(question=question, text=f"Antwort auf {question}.") for question in sorted(asked)]
    file = file_of(Dpia(name="A", rights="Beim Bürgerbüro."), *answers)
    draft = read(json.dumps(file).encode(), "a.json")

    assert {each.question: each.text for each in draft.answers} == {
        each.question: each.text for each in answers
    }
    assert draft.dpia.rights == "Beim Bürgerbüro."


def test_answers_for_several_purposes_stand_under_their_names() -> None:
    answers = [
        DpiaAnswer(
            question="purpose_need", part="a" * 32, part_title="Ausleihe", text="Sonst keine Mahnung."
        ),
        DpiaAnswer(question="purpose_need", part="b" * 32, part_title="Statistik", text="Anonym genügt."),
    ]
    draft = read(json.dumps(file_of(Dpia(name="A"), *answers)).encode(), "a.json")

    assert [(each.question, each.part, each.text) for each in draft.answers] == [
        ("purpose_need", "", "Ausleihe\nSonst keine Mahnung.\n\nStatistik\nAnonym genügt.")
    ]


def test_answers_of_a_file_are_stored_and_leave_as_they_came(city: City) -> None:
    content = exported(read(sent(library()), "b.json"))
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        dpia = carry_out(session, read(content, "b.json"), "b.json", Author("Jule Petersen"))

    with city.site.database.reading(city.id) as session:
        found = answers_of(session, city.stored(dpia))
        assert {place: (each.text, each.answered_by) for place, each in found.items()} == {
            ("accuracy", ""): (
                "Beim Verlängern wird nachgefragt.",
                "CNIL PIA, eingelesen von Jule Petersen",
            )
        }
    with city.site.database.reading(city.id) as session:
        assert EXCHANGES[Dpia]["cnil"].encode(session, dpia.id, "") == content


# --- Views ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [Participation(voice=Voice.DATA_SUBJECTS, body="Rat", result=Result.OBJECTION, answer="Nein.")],
            (True, "Rat", 0, "Nein."),
        ),
        (
            [Participation(voice=Voice.REPRESENTATIVES, body="Elternbeirat", result=Result.NO_OBJECTION)],
            (True, "Vertretung betroffener Personen: Elternbeirat", 1, ""),
        ),
        (
            [
                Participation(voice=Voice.DATA_SUBJECTS, answer="Gern."),
                Participation(voice=Voice.REPRESENTATIVES, result=Result.OBJECTION, answer="Nie."),
            ],
            (
                True,
                "Betroffene Personen; Vertretung betroffener Personen",
                0,
                "Betroffene Personen\nGern.\n\nVertretung betroffener Personen\nNie.",
            ),
        ),
    ],
)  # fmt: skip
def test_views_of_data_subjects_leave_with_names_and_attitude(
    steps: list[Participation], said: tuple[Any, ...]
) -> None:
    file = file_of(Dpia(name="A", participation=steps))
    pia = file["pia"]
    names = ("searched_opinion", "status", "opinion")
    found = {name: pia[f"concerned_people_{name}"] for name in names}
    back = read(json.dumps(file).encode(), "a.json").dpia.participation

    assert (found["searched_opinion"], pia["people_names"], found["status"], found["opinion"]) == said
    if len(steps) == 1:
        keys = ("voice", "body", "result", "answer")
        assert [[getattr(step, key) for key in keys] for step in back] == [
            [getattr(step, key) for key in keys] for step in steps
        ]


# --- What the tool checks ------------------------------------------------------------------------


def finished() -> tuple[Dpia, list[DpiaAnswer]]:
    """An assessment in which everything is said that the tool asks for."""
    events = [event.feared for event in cnil.EVENTS]
    risks = [
        DpiaRisk(
            title="Einblick", feared_event=feared, source=RiskSource.STAFF, damages=(Damage.FINANCIAL,),
            event="Blick auf den Bildschirm", reason_before="Spürbar.\n\nBegründung der "
            "Eintrittswahrscheinlichkeit\n\nSelten.", severity_before=Grade.MAJOR,
            likelihood_before=Grade.LIMITED, severity_planned=Grade.LIMITED,
            likelihood_planned=Grade.NEGLIGIBLE,
        )
        for feared in events
    ]  # fmt: skip
    prose = {slot.field: "" for slot in cnil.SLOTS if slot.field}
    for slot in cnil.SLOTS:
        if slot.field:
            prose[slot.field] += f"\n\n{slot.heading}\n\nGesagt." if prose[slot.field] else "Gesagt."
    dpia = Dpia(
        name="Ausleihe", team="Jule", risks=risks,
        measures=[DpiaMeasure(title="Sichtschutz", description="Folie", risks="R1, R2, R3")],
        verdicts=[verdict(chapter, given_on=date(2026, 5, 4), given_by="Ole") for chapter in Evaluated],
        participation=[
            Participation(voice=Voice.DATA_SUBJECTS, body="Beirat", result=Result.REMARKS, answer="Gut.")
        ],
        **prose,
    )  # fmt: skip
    dpia.derive()
    return dpia, [DpiaAnswer(question="accuracy", text="Wird geprüft.")]


OPINION = Opinion(verdict=Verdict.NO_OBJECTIONS, text="Gern.", given_on=date(2026, 5, 1), given_by="Mara")


@pytest.mark.parametrize("appraisal", list(Appraisal))
def test_a_finished_assessment_passes_every_check_of_the_tool(appraisal: Appraisal) -> None:
    dpia, answers = finished()
    for row in dpia.verdicts:
        row.verdict, row.comment, row.plan = appraisal, "Kürzer." * (appraisal is not TO_BE_FIXED), ""
        row.plan = "Straffen." * (appraisal is TO_BE_FIXED)
    file = file_of(dpia, *answers, opinion=OPINION)

    assert list(faults(file)) == []
    assert [each["reference_to"] for each in file["answers"]] == list(cnil.QUESTIONS)
    pia = file["pia"]
    opinions = ("dpos_names", "dpo_opinion", "people_names", "concerned_people_opinion", "evaluator_name")
    assert all(pia[key] for key in opinions)
    assert (pia["dpo_status"], pia["concerned_people_status"]) == (1, 1)


def test_a_file_of_a_beginning_opens_as_well() -> None:
    assert list(faults(file_of(Dpia(name="Ausleihe"), opinion=None))) == []
    assert list(faults(json.loads(exported(read(sent(library()), "b.json"))), whole=False)) == []


def faults(file: dict[str, Any], *, whole: bool = True) -> Iterator[str]:
    """What the tool would stumble over when it opens *file*, or miss in what is said there."""
    pia = file["pia"]
    yield from (f"pia.{key}" for key in PIA_KEYS if key not in pia)
    if pia["status"] not in range(5) or not isinstance(pia["name"], str):
        yield "pia"
    for part in ("answers", "measures", "evaluations", "comments"):
        yield from (part for each in file[part] if not MOMENT.fullmatch(each["created_at"]))
    titles = {each["title"] for each in file["measures"]}
    yield from (
        f"answers.{each['reference_to']}"
        for each in file["answers"]
        if not is_answer(each["reference_to"], each["data"], titles if whole else None)
    )
    yield from (
        f"measures.{each['id']}" for each in file["measures"] if not (each["title"] and each["content"])
    )
    measures = {each["id"] for each in file["measures"]}
    for each in file["evaluations"]:
        yield from (f"evaluations.{fault}" for fault in evaluation_faults(each, measures, whole=whole))
    for each in file["comments"]:
        if not isinstance(each["reference_to"], int) or not isinstance(each["for_measure"], bool):
            yield "comments"


def is_answer(question: int, data: dict[str, Any], titles: set[str] | None) -> bool:
    """Whether the tool counts *data* as an answer; *titles* are those of all measures, if they matter."""
    place = question % 10 if question > 320 else 0
    if place in (1, 2, 3, 4):
        known = place != 4 or titles is None or titles.issuperset(data["list"])
        return bool(data["list"]) and data["text"] is None and known
    if place in (5, 6):
        return bool(data["text"]) and data["gauge"] in range(1, 5)
    return bool(data["text"]) and data["gauge"] is None


def evaluation_faults(each: dict[str, Any], measures: set[int], *, whole: bool) -> Iterator[str]:
    reference = each["reference_to"]
    if not isinstance(reference, str):
        yield f"{reference}: is cut into pieces as a text"
    elif reference.startswith("3.1.") and int(reference[4:]) not in measures:
        yield f"{reference}: no such measure"
    status, done = each["status"], each["global_status"]
    if (status, done) not in ((0, 0), (1, 1), (2, 2), (3, 2)):
        yield f"{reference}: neither completed nor to be fixed"
    if whole and status == 1 and not each["evaluation_comment"]:
        yield f"{reference}: says not what is to be fixed"
    if status == 2 and not each["action_plan_comment"]:
        yield f"{reference}: has no action plan"
    if set(each["gauges"]) != {"x", "y"} or (status == 2 and reference in RISKS and not each["gauges"]["x"]):
        yield f"{reference}: gauges"
    for key in ("estimated_implementation_date", "evaluation_date", "updated_at"):
        if each[key] is not None and not MOMENT.fullmatch(each[key]):
            yield f"{reference}: {key}"


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
RISKS = [event.evaluation for event in cnil.EVENTS]
PIA_KEYS = (
    "id", "status", "name", "category", "author_name", "evaluator_name", "validator_name", "dpo_status",
    "dpo_opinion", "dpos_names", "people_names", "concerned_people_opinion", "concerned_people_status",
    "concerned_people_searched_opinion", "concerned_people_searched_content", "rejection_reason",
    "applied_adjustments", "progress", "is_example", "is_archive", "structure_id", "structure_name",
    "structure_sector_name", "structure_data", "lock_version", "created_at", "updated_at",
)  # fmt: skip


# --- Hostile files -------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT/src=//evil.example/x.js></SCRIPT >",
    "<scr<script>alert(1)</script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>a</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    '<p onclick="alert(1)">a</p>',
    "<style>@import 'x'</style>",
    "<math><mtext><script>alert(1)</script>",
    "<!--<script>alert(1)</script>-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)  # fmt: skip
MARKUP = re.compile(r"<(?!/?(?:p|ul|li|br)>)[a-z!/?]", re.IGNORECASE)


def strings(value: Any) -> Iterator[tuple[Any, ...]]:
    """The paths to all texts within *value*."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        if isinstance(each, str):
            yield (key,)
        elif isinstance(each, dict | list):
            yield from ((key, *path) for path in strings(each))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    changed = copy.deepcopy(value)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return changed


TEXTS = sorted(strings(library()), key=str)


@slow
@given(st.sampled_from(TEXTS), st.sampled_from(HOSTILE), st.sampled_from(["", "Gut. ", "<p>Gut</p>"]))
def test_script_in_any_text_of_a_file_becomes_text_or_nothing(
    path: tuple[Any, ...], hostile: str, before: str
) -> None:
    try:
        draft = read(sent(put(library(), path, before + hostile)), "b.json")
    except Refused:
        return
    out = json.loads(exported(draft))

    assert [path for path in strings(out) if MARKUP.search(at(out, path))] == []
    if not hostile.startswith("&"):
        assert "<script" not in stored_words(draft).lower()
        assert "onerror=" not in stored_words(draft)
        assert "javascript:" not in stored_words(draft)


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def stored_words(draft: Draft) -> str:
    dpia = draft.dpia
    rows = [*dpia.from_source, *dpia.verdicts, *dpia.measures, *dpia.risks, *dpia.participation]
    said = [vars(thing).values() for thing in (dpia, *rows, *draft.answers)]
    words = [value for values in said for value in values if isinstance(value, str)]
    return "\n".join([*words, *(comment.text for comment in draft.comments)])


@slow
@given(st.data())
def test_a_file_with_anything_changed_is_read_or_refused_and_stable(data: st.DataObject) -> None:
    file = library()
    for _turn in range(data.draw(st.integers(1, 3))):
        paths = sorted(every_path(file), key=str)
        path = data.draw(st.sampled_from(paths))
        file = put(file, path, data.draw(VALUES | st.sampled_from(HOSTILE)))
        if data.draw(st.booleans()):
            twice = [key for key in ("answers", "measures", "evaluations") if isinstance(file.get(key), list)]
            file |= {key: file[key] * 2 for key in twice}
    try:
        draft = read(sent(file), "b.json")
    except Refused:
        return
    first = exported(draft)

    assert exported(read(first, "again.json")) == first


def every_path(value: Any) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        yield (key,)
        if isinstance(each, dict | list):
            yield from ((key, *path) for path in every_path(each))
