"""What comes out depends on the answers alone, never on the order in which they were given or corrected."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import compliance.app  # noqa: F401 -- knows everything that is stored
from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import Grade
from assessments.dpia.progress import PROSE_STEPS, Tally, steps, tally
from assessments.dpia.published_lists import LIST_ENTRIES
from assessments.dpia.questions import Questionnaire, ask, catalogues
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_questions import CASES, CRITERIA
from assessments.dpia.threshold_table import outcome
from assessments.questionnaire import Catalogue
from compliance.fields import fields, sections
from registers.processing import DataCategory, LegalBasis, ProcessingActivity, Purpose

slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=100)
FLAGS = ("personal_data", "done_by_law", "listed_case", "high_risk", "reidentifiable", "voluntary")
GIVEN: dict[str, Any] = {
    **dict.fromkeys((*FLAGS, *CASES, *CRITERIA), st.booleans()),
    "rough_severity": st.sampled_from(Grade),
    "rough_likelihood": st.sampled_from(Grade),
    "reason": st.sampled_from(["", "Nur ein Versuch."]),
    "done_by_law_source": st.sampled_from(["", "§ 5 SchulG SH"]),
    "list_entries": st.lists(st.sampled_from(list(LIST_ENTRIES)), unique=True, max_size=3).map(tuple),
}


def moves(data: st.DataObject, answers: dict[str, Any], asked: dict[str, Any]) -> list[tuple[str, Any]]:
    """A way to *answers*: in any order, some of them first given otherwise."""
    changed = data.draw(st.lists(st.sampled_from(sorted(answers)), unique=True))
    detours = [(name, data.draw(asked[name])) for name in changed]
    return [*detours, *data.draw(st.permutations(sorted(answers.items(), key=lambda item: item[0])))]


@slow
@given(st.fixed_dictionaries({}, optional=GIVEN), st.data())
def test_the_outcome_does_not_depend_on_the_order_of_answers(
    answers: dict[str, Any], data: st.DataObject
) -> None:
    one, other = ThresholdAnalysis(**answers), ThresholdAnalysis()
    one.derive()
    other.derive()
    for name, value in moves(data, answers, GIVEN) if answers else []:
        setattr(other, name, value)
        # Each answer is a save.
        other.derive()

    assert outcome(other) == outcome(one)
    assert (other.result, other.rough_risk) == (one.result, one.rough_risk)


# --- Questionnaire -------------------------------------------------------------------------------


def portal() -> ProcessingActivity:
    """An activity for which questions arise that do not arise for every one."""
    return ProcessingActivity(
        number=12,
        name="Kita-Portal",
        purposes=[Purpose(text="Vergabe", legal_basis=LegalBasis.CONSENT), Purpose(text="Statistik")],
        data=[DataCategory(text="Gesundheit", special=True)],
        automated_decision=True,
    )


def counted(catalogue: Catalogue, dpia: Dpia, activity: ProcessingActivity, answers: Any) -> tuple[Any, ...]:
    questionnaire = ask(catalogue, dpia, [activity], answers)
    found = tally(steps(dpia, []), questionnaire)
    return found, _chapters(questionnaire), questionnaire.next and questionnaire.next.place


def _chapters(questionnaire: Questionnaire) -> list[tuple[int, int]]:
    return [(chapter.answered, chapter.expected) for chapter in questionnaire.chapters]


@pytest.mark.parametrize("catalogue", catalogues().values(), ids=lambda catalogue: catalogue.key)
@slow
@given(data=st.data())
def test_the_tally_does_not_depend_on_the_order_of_answers(catalogue: Catalogue, data: st.DataObject) -> None:
    activity = portal()
    places = [(one.question, one.part) for one in ask(catalogue, Dpia(), [activity], {}).asked]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True))
    said = {(q.id, part): data.draw(st.sampled_from(["Ja.", " ", "Sechs Monate."])) for q, part in chosen}
    named = {(q.id, part): q.field for q, part in chosen}

    def given_in(order: list[tuple[str, str]]) -> tuple[Any, ...]:
        dpia, answers = Dpia(), {}
        for place in order:
            if named[place]:
                setattr(dpia, named[place], said[place])
            else:
                answers[place] = DpiaAnswer(question=place[0], part=place[1], text=said[place])
        return counted(catalogue, dpia, activity, answers)

    assert given_in(data.draw(st.permutations(sorted(said)))) == given_in(sorted(said))


# --- Two ways of counting ------------------------------------------------------------------------


@pytest.mark.parametrize("catalogue", catalogues().values(), ids=lambda catalogue: catalogue.key)
@pytest.mark.parametrize("step", PROSE_STEPS)
def test_what_a_step_of_statements_counts_the_questionnaire_counts_too(
    catalogue: Catalogue, step: str
) -> None:
    asked = {one.field for one in catalogue.questions.values() if one.field and one.expected}
    names = next(names for group, names in sections(Dpia).items() if group.name == step)

    assert {name for name in names if fields(Dpia)[name].expected} <= asked


def test_the_tally_counts_a_statement_once() -> None:
    catalogue = next(iter(catalogues().values()))
    empty, written = Dpia(), Dpia(description="Ein Portal.")
    before, after = (tally(steps(dpia, []), ask(catalogue, dpia, [], {})) for dpia in (empty, written))

    assert (after.done - before.done, after.all) == (1, before.all)
    beside = sum(len(step.items) for step in steps(empty, []) if step.name not in PROSE_STEPS)
    assert before == Tally(0, ask(catalogue, empty, [], {}).expected + beside)
