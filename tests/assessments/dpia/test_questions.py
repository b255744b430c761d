"""Questions come from dated catalogues, arise where they matter, and are only confirmed where known."""

from __future__ import annotations

from dataclasses import fields as columns_of
from datetime import date
from typing import Any

import pytest

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import TakeoverState
from assessments.dpia.questions import ask, catalogue_called, catalogue_of, catalogues
from assessments.dpia.register_answers import FACTS, KNOWN, known
from assessments.questionnaire import Catalogue, compare, read
from compliance.errors import NotFound
from compliance.fields import fields
from compliance.language import Text
from registers.processing import DataCategory, LegalBasis, ProcessingActivity, Purpose
from registers.processor_parts import ContractState, SubProcessor
from registers.processors import Processor

EVERY = [pytest.param(catalogue, id=catalogue.key) for catalogue in catalogues().values()]


def portal(**answers: Any) -> ProcessingActivity:
    return ProcessingActivity(number=12, name="Kita-Portal", **answers)


def small(**changes: str) -> str:
    """A catalogue of two questions as a file."""
    asked = {"first": "Was?", "second": "Warum?"} | changes
    questions = "".join(
        f"""
[[chapters.questions]]
id = "{id}"
who = "PROJECT_LEAD"
basis = "Art. 35 DSGVO"
ask = {{ de = "{words}", en = "{words}" }}
help = {{ de = "Kurz.", en = "Short." }}
"""
        for id, words in asked.items()
        if words
    )
    return f"""
id = "small"
version = "{len(changes) + 1}"
published = 2026-11-27
source = "Test"
title = {{ de = "Klein", en = "Small" }}
[[chapters]]
id = "only"
title = {{ de = "Kapitel", en = "Chapter" }}
{questions}"""


# --- Catalogues ----------------------------------------------------------------------------------


@pytest.mark.parametrize("catalogue", EVERY)
def test_everything_a_catalogue_says_is_there_in_both_languages(catalogue: Catalogue) -> None:
    texts = [catalogue.title, *(chapter.title for chapter in catalogue.chapters)]
    texts += [text for question in catalogue.questions.values() for text in (question.ask, question.help)]
    assert all(text.de.strip() and text.en.strip() for text in texts)
    assert all(question.basis for question in catalogue.questions.values())


@pytest.mark.parametrize("catalogue", EVERY)
def test_what_a_catalogue_names_exists(catalogue: Catalogue) -> None:
    asked = catalogue.questions.values()
    assert {question.field for question in asked if question.field} <= set(fields(Dpia))
    assert {question.only for question in asked if question.only} <= FACTS
    assert {question.each for question in asked if question.each} <= {"purpose"}


@pytest.mark.parametrize("catalogue", EVERY)
def test_every_catalogue_asks_for_what_art_35_7_demands_and_shows_the_rest(catalogue: Catalogue) -> None:
    held = {question.field for question in catalogue.questions.values()}
    assert {"description", "purposes", "lawfulness", "necessity", "existing_measures"} <= held
    included = [name for chapter in catalogue.chapters for name in chapter.includes]
    assert sorted(included) == [
        "advice",
        "decision",
        "flow",
        "measures",
        "participation",
        "risks",
        "threshold",
    ]


def test_the_record_answers_only_questions_that_are_asked() -> None:
    assert set(KNOWN) <= {id for catalogue in catalogues().values() for id in catalogue.questions}


def test_the_profile_has_the_seven_parts_of_the_template() -> None:
    titles = [chapter.title.de[0] for chapter in catalogue_called("edpb/2026-1.0").chapters]
    assert titles == list("0123456")


def test_an_unknown_catalogue_is_not_found() -> None:
    with pytest.raises(NotFound):
        catalogue_called("nachweis/1999")


def test_an_assessment_that_names_no_catalogue_has_the_first() -> None:
    assert catalogue_of(Dpia()).key == "nachweis/2026-1"
    assert catalogue_of(Dpia(catalogue="edpb/2026-1.0")).key == "edpb/2026-1.0"


def test_a_new_version_says_what_is_new_changed_and_gone() -> None:
    old, new = read(small()), read(small(first="Was genau?", second="", third="Wozu?"))
    difference = compare(old, new)
    assert [question.id for question in difference.new] == ["third"]
    assert [(before.ask.de, after.ask.de) for before, after in difference.changed] == [("Was?", "Was genau?")]
    assert [question.id for question in difference.gone] == ["second"]
    assert compare(old, old) == type(difference)((), (), ())


def test_a_catalogue_with_a_question_twice_or_an_unknown_word_is_refused() -> None:
    twice = small().replace('id = "second"', 'id = "first"')
    with pytest.raises(ValueError, match="There twice: first"):
        read(twice)
    with pytest.raises(ValueError, match="A question has no colour"):
        read(small().replace('who = "PROJECT_LEAD"', 'who = "PROJECT_LEAD"\ncolour = "red"'))


def test_a_question_of_which_only_the_id_is_given_is_that_of_the_other_catalogue() -> None:
    base = read(small())
    text = """
id = "profile"
version = "1"
builds_on = "small/1"
published = 2026-11-27
source = "Test"
title = { de = "Profil", en = "Profile" }
[[chapters]]
id = "only"
title = { de = "Kapitel", en = "Chapter" }
questions = [{ id = "second" }]
"""
    assert read(text, known=[base]).questions == {"second": base.questions["second"]}


# --- Which questions arise -----------------------------------------------------------------------


def arising(*activities: ProcessingActivity) -> set[str]:
    own = catalogue_called("nachweis/2026-1")
    return {one.question.id for one in ask(own, Dpia(), activities, {}).asked}


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({"ai": True}, "ai_use"),
        ({"automated_decision": True}, "automated"),
        ({"change_of_purpose": True}, "change_of_purpose"),
        ({"third_country": True}, "transfers"),
        ({"data": [DataCategory(text="Befunde", special=True)]}, "special_data"),
        ({"purposes": [Purpose(text="Werbung", legal_basis=LegalBasis.CONSENT)]}, "consent"),
        ({"processors": [Processor(number=1, name="Firma")]}, "contracts"),
    ],
)
def test_a_question_arises_only_where_it_matters(answers: dict[str, Any], question: str) -> None:
    assert question not in arising(portal())
    assert question in arising(portal(**answers))


def test_a_question_for_each_purpose_is_put_once_for_each() -> None:
    first, second = Purpose(text="Platzvergabe"), Purpose(text="Gebühren")
    own = catalogue_called("nachweis/2026-1")
    every = ask(own, Dpia(), [portal(purposes=[first, second])], {})
    put = [(one.part, one.part_title) for one in every.asked if one.question.id == "purpose_need"]
    assert put == [(first.id.hex, "Platzvergabe"), (second.id.hex, "Gebühren")]
    assert [one.part for one in ask(own, Dpia(), [], {}).asked if one.question.id == "purpose_need"] == [""]


# --- What the record knows -----------------------------------------------------------------------


def test_contracts_and_sub_processors_are_known_in_words() -> None:
    firm = Processor(
        number=3,
        name="Nordcloud GmbH",
        contract_state=ContractState.SIGNED,
        signed_on=date(2026, 1, 5),
        sub_processors=[SubProcessor(company="Rechenwerk KG", task="Betrieb")],
    )
    source = portal(processors=[firm])
    contracts, subs = known("contracts", [source]), known("sub_processors", [source])
    assert contracts is not None
    assert subs is not None
    assert contracts.text.startswith("– AV-0003 Nordcloud GmbH (")
    assert "unterzeichnet am 05.01.2026" in contracts.text
    assert (subs.text, subs.sources) == ("– Rechenwerk KG für AV-0003 Nordcloud GmbH (Betrieb)", ("VT-0012",))


def test_a_confirmed_answer_is_current_adapted_or_out_of_date() -> None:
    source = portal(automated_decision=True, automated_logic="Punkte je Geschwisterkind.")
    own = catalogue_called("nachweis/2026-1")
    offered = ask(own, Dpia(), [source], {}).at(("automated", ""))
    assert (offered.to_confirm, offered.missing) == (True, True)
    suggestion = offered.suggestion
    assert suggestion is not None
    answer = DpiaAnswer(
        question="automated",
        text=suggestion.text,
        source="VT-0012",
        fingerprint=suggestion.fingerprint,
        taken_text=suggestion.text,
        taken_on=date(2026, 3, 2),
    )

    def state() -> TakeoverState | None:
        origin = ask(own, Dpia(), [source], {answer.place: answer}).at(("automated", "")).origin
        return origin.state if origin else None

    states = [state()]
    answer.text = "Eigene Worte."
    states.append(state())
    source.automated_logic = "Losentscheid."
    states.append(state())
    assert states == [TakeoverState.CURRENT, TakeoverState.ADAPTED, TakeoverState.STALE]


def test_answers_to_former_questions_stay_readable() -> None:
    answer = DpiaAnswer(question="former", text="Stand früher da.")
    every = ask(read(small()), Dpia(), [], {answer.place: answer})
    assert every.left_over == (answer,)
    with pytest.raises(NotFound):
        every.at(("former", ""))


def test_progress_counts_what_an_audit_asks_for() -> None:
    own = catalogue_called("nachweis/2026-1")
    empty, begun = ask(own, Dpia(), [], {}), ask(own, Dpia(occasion="Schwellwertanalyse."), [], {})
    assert (empty.answered, begun.answered, begun.expected) == (0, 1, empty.expected)
    assert empty.next is not None
    assert empty.next.question.id == "occasion"
    assert begun.next is not None
    assert begun.next.question.id == "team"
    before, after = begun.around(("team", ""))
    assert (before and before.question.id, after and after.question.id) == ("occasion", "scope")


def test_the_parts_of_a_question_are_the_parts_of_the_file() -> None:
    names = {column.name for column in columns_of(type(next(iter(read(small()).questions.values()))))}
    assert names == {"id", "ask", "help", "basis", "who", "field", "each", "only", "expected"}
    assert read(small()).title == Text("Klein", "Small")
