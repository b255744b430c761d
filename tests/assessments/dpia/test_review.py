"""A released assessment collects why it must be reviewed, and a review answers every reason."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.dpia.comparison import Difference, compare, overall, since_release
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.lists_known import lists_since, remember_lists
from assessments.dpia.occasions import Occasion
from assessments.dpia.published_lists import shipped
from assessments.dpia.review import (
    Changed,
    DpiaReview,
    ReviewReason,
    answer,
    begin,
    changes_from_json,
    changes_to_json,
    finish,
    merged,
    open_reasons,
    reviews_of,
)
from assessments.dpia.review_cycle import DEFAULT_CYCLE, ReviewCycle, cycle_of, keep_cycle
from assessments.dpia.review_rules import RULES
from assessments.dpia.risk import DpiaMeasure, DpiaRisk
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_review import confirm
from compliance.agenda import AgendaItem, Desk, Matter, items
from compliance.database import today
from compliance.entry import Entry, State, everything
from compliance.errors import Forbidden, NachweisError, Refused
from compliance.findings import findings_of
from compliance.journal import Change, differences, verify
from compliance.language import LANGUAGES
from compliance.people import Role
from compliance.release import Step, content_hash
from compliance.rules import Severity
from registers.authority_cases import AuthorityCase, CaseKind, CaseOutcome
from registers.authority_lists import AuthorityListItem
from registers.breaches import Breach
from registers.countries import COUNTRIES
from registers.measures import Measure, Progress
from registers.norms import Land, Norm
from registers.objects import TargetObject
from registers.processing import DataCategory, ProcessingActivity, Purpose, Scale, Stage, Subjects
from registers.processors import Processor
from registers.projects import Project, ProjectStage
from tests.city import City

# --- What the tests stand on ---------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Ground:
    """A released assessment with everything it rests on."""

    city: City
    dpia: Dpia
    activity: ProcessingActivity
    processor: Processor
    target: TargetObject
    project: Project
    norm: Norm
    measure: Measure


def ground(city: City) -> Ground:
    unit = city.units["office"]
    processor = Processor(name="Fördewolke GmbH", unit=unit)
    target = TargetObject(name="Portal", unit=unit)
    norm = Norm(name="Kindertagesförderungsgesetz", unit=unit)
    measure = Measure(name="Protokollierung", unit=unit, progress=Progress.IMPLEMENTED)
    project = Project(name="Kita-Portal", unit=unit, stage=ProjectStage.PILOT)
    activity = ProcessingActivity(
        name="Kita-Portal",
        unit=unit,
        project=project,
        stage=Stage.TEST,
        scale=Scale.THOUSAND,
        purposes=[Purpose(text="Plätze vergeben", law=norm)],
        data=[DataCategory(text="Name")],
        subjects=(Subjects.PARENTS,),
        processors=[processor],
        objects=[target],
    )
    city.save(processor, target, norm, measure, project, activity)
    dpia = Dpia(
        name="Kita-Portal",
        unit=unit,
        activities=[activity],
        project=project,
        description="Eltern melden Kinder an.",
        decision=DpiaDecision.APPROVED,
        decided_on=today(),
        decided_risk=RiskLevel.MEDIUM,
        next_review=today() + timedelta(days=300),
        risks=[DpiaRisk(title="Einsicht", severity_before=Grade.LIMITED, likelihood_before=Grade.LIMITED)],
        measures=[DpiaMeasure(measure=measure, risks="R1")],
        state=State.REVIEW,
    )
    city.save(dpia, by=Role.PROJECT_LEAD)
    release(city, dpia)
    return Ground(city, dpia, activity, processor, target, project, norm, measure)


def release(city: City, dpia: Dpia) -> None:
    """Releases it as if nothing stood against it, which other tests are about."""
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        stored.state = State.RELEASED
        stored.released_hash = content_hash(stored)
        stored.released_version = stored.version + 1
        stored.changed_since_release = False
        session.info["action"] = Step.RELEASE


def noted(city: City, dpia: Dpia) -> list[tuple[Occasion | None, str, list[tuple[str, Any, Any]]]]:
    """Occasion, cause and changes of every open reason."""
    with city.site.database.reading(city.id) as session:
        return [
            (reason.occasion, reason.cause, [(one.field, one.old, one.new) for one in reason.changed])
            for reason in open_reasons(session, dpia)
        ]


def occasions(city: City, dpia: Dpia) -> list[Occasion | None]:
    return [occasion for occasion, _cause, _changes in noted(city, dpia)]


def found(city: City, dpia: Entry) -> list[tuple[str, Severity, str]]:
    with city.site.database.reading(city.id) as session:
        objections = findings_of(session, [dpia.id])
    return [(one.rule, one.severity, one.words["cause"]) for one in objections if one.rule == "DSF-015"]


def desk(city: City, role: Role) -> list[tuple[str, str]]:
    """What has to be looked at again: entry and what it is called, for somebody with *role*."""
    with city.site.database.reading(city.id) as session:
        registers = city.site.registers
        condition = Desk(city.identity(role), registers).of(Matter.REVIEW)
        return [(item.name, item.what) for item in items(session, condition, limit=20)]


def act(
    city: City,
    dpia: Dpia,
    step: Callable[..., Any],
    *values: Any,
    role: Role = Role.PROJECT_LEAD,
    **more: Any,
) -> Any:
    """Takes a step with the stored assessment in the name of *role*."""
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        return step(session, stored, *values, by=city.identity(role), **more)


def answer_all(session: Any, dpia: Dpia, influence: str = "NONE", *, by: Any) -> None:
    for reason in open_reasons(session, dpia):
        answer(session, dpia, reason, influence, "Berührt kein Risiko.", by=by)


# --- Triggers ------------------------------------------------------------------------------------


def other_purposes(g: Ground) -> None:
    g.city.change(g.activity, purposes=[Purpose(text="Beiträge berechnen")])


def repealed(g: Ground) -> None:
    g.city.change(g.norm, repealed=True)


TRIGGERS: dict[str, tuple[Callable[[Ground], Any], Occasion, str]] = {
    "purpose": (other_purposes, Occasion.PURPOSE, "VT-0001 Kita-Portal"),
    "data": (
        lambda g: g.city.change(g.activity, data=[DataCategory(text="Gesundheit", special=True)]),
        Occasion.DATA,
        "VT-0001 Kita-Portal",
    ),
    "subjects": (
        lambda g: g.city.change(g.activity, subjects=(Subjects.PARENTS, Subjects.CHILDREN)),
        Occasion.SUBJECTS,
        "VT-0001 Kita-Portal",
    ),
    "scale": (
        lambda g: g.city.change(g.activity, scale=Scale.MORE),
        Occasion.SCALE,
        "VT-0001 Kita-Portal",
    ),
    "technology": (
        lambda g: g.city.change(g.activity, ai=True),
        Occasion.TECHNOLOGY,
        "VT-0001 Kita-Portal",
    ),
    "system": (
        lambda g: g.city.change(g.target, platform="Neues Rechenzentrum"),
        Occasion.TECHNOLOGY,
        "ZO-0001 Portal",
    ),
    "processor": (
        lambda g: g.city.change(g.activity, processors=[]),
        Occasion.PROCESSOR,
        "VT-0001 Kita-Portal",
    ),
    "country": (
        lambda g: g.city.change(g.processor, country=COUNTRIES["US"]),
        Occasion.COUNTRY,
        "AV-0001 Fördewolke GmbH",
    ),
    "law": (repealed, Occasion.LAW, "N-0001 Kindertagesförderungsgesetz"),
    "list": (
        lambda g: g.city.save(AuthorityListItem(name="Platzvergabe durch Algorithmen", land=Land.SH)),
        Occasion.LIST,
        "ML-0001 Platzvergabe durch Algorithmen",
    ),
    "incident": (
        lambda g: g.city.save(Breach(name="Fehlversand", activities=[g.city.stored(g.activity)])),
        Occasion.INCIDENT,
        "DV-0001 Fehlversand",
    ),
    "measure": (
        lambda g: g.city.change(g.measure, progress=Progress.IN_PROGRESS),
        Occasion.MEASURE,
        "M-0001 Protokollierung",
    ),
    "complaint": (
        lambda g: g.city.save(
            AuthorityCase(
                name="Elternbeirat", kind=CaseKind.COMPLAINT, activities=[g.city.stored(g.activity)]
            )
        ),
        Occasion.COMPLAINT,
        "AB-0001 Elternbeirat",
    ),
    "order": (
        lambda g: g.city.save(
            AuthorityCase(name="Anweisung", outcome=CaseOutcome.ORDER, activities=[g.city.stored(g.activity)])
        ),
        Occasion.ORDER,
        "AB-0001 Anweisung",
    ),
    "operation": (
        lambda g: g.city.change(g.project, stage=ProjectStage.OPERATION),
        Occasion.OPERATION,
        "PR-0001 Kita-Portal",
    ),
    "activity in operation": (
        lambda g: g.city.change(g.activity, stage=Stage.OPERATION),
        Occasion.OPERATION,
        "VT-0001 Kita-Portal",
    ),
}


@pytest.mark.parametrize("name", TRIGGERS)
def test_each_trigger_gives_a_reason_a_finding_and_a_task_at_once(city: City, name: str) -> None:
    cause, occasion, entry = TRIGGERS[name]
    g = ground(city)
    before = noted(city, g.dpia)
    cause(g)

    (reason,) = noted(city, g.dpia)
    task = ("Kita-Portal", f"review.{occasion.name}")
    assert before == []
    assert reason[0] is occasion
    assert reason[1].split(" ", 1)[1] == entry.split(" ", 1)[1]
    assert found(city, g.dpia) == [("DSF-015", Severity.WARNING, reason[1])]
    also = [("Kita-Portal", "norm-ended")] if occasion is Occasion.LAW else []
    assert (desk(city, Role.PROJECT_LEAD), desk(city, Role.DSB)) == ([task, *also], [task, *also])
    assert (desk(city, Role.MANAGEMENT), desk(city, Role.READER)) == ([], [])


def test_what_rests_on_nothing_released_gives_no_reason(city: City) -> None:
    g = ground(city)
    activity = city.stored(g.activity)
    draft = Dpia(name="Entwurf", activities=[activity])
    rejected = Dpia(
        name="Abgelehnt",
        activities=[activity],
        decision=DpiaDecision.REJECTED,
        state=State.REVIEW,
    )
    city.save(draft, rejected)
    release(city, rejected)
    city.change(g.activity, scale=Scale.MORE, description="Andere Worte.")

    assert occasions(city, g.dpia) == [Occasion.SCALE]
    assert occasions(city, draft) == []
    assert occasions(city, rejected) == []


UNTROUBLED: dict[str, Callable[[Ground], Any]] = {
    "another name": lambda g: g.city.change(g.activity, name="Kita-Platzvergabe"),
    "a title elsewhere": lambda g: g.city.change(g.processor, name="Fördewolke AG"),
    "a planned start": lambda g: g.city.change(g.project, milestone="Abnahme"),
    "a measure that gets further": lambda g: g.city.change(g.measure, progress=Progress.CHECKED),
    "a list of another Land": lambda g: g.city.save(AuthorityListItem(name="Anderswo", land=Land.BY)),
    "a breach elsewhere": lambda g: g.city.save(Breach(name="Anderswo")),
    "advice of the authority": lambda g: g.city.save(
        AuthorityCase(name="Frage", kind=CaseKind.ADVICE, activities=[g.city.stored(g.activity)])
    ),
    "a new activity": lambda g: g.city.save(ProcessingActivity(name="Andere", scale=Scale.MORE)),
}


@pytest.mark.parametrize("name", UNTROUBLED)
def test_what_changes_nothing_for_the_assessment_gives_no_reason(city: City, name: str) -> None:
    g = ground(city)
    UNTROUBLED[name](g)
    assert noted(city, g.dpia) == []


def test_old_and_new_are_kept_with_the_reason(city: City) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    assert noted(city, g.dpia) == [
        (Occasion.SCALE, "VT-0001 Kita-Portal", [("scale", "THOUSAND", "MORE")]),
    ]


def test_a_project_that_pauses_after_its_pilot_still_ends_it(city: City) -> None:
    g = ground(city)
    city.change(g.project, stage=ProjectStage.PLANNED)
    paused = occasions(city, g.dpia)
    city.change(g.project, stage=ProjectStage.OPERATION)
    assert (paused, occasions(city, g.dpia)) == ([], [Occasion.OPERATION])


# --- The same cause twice ------------------------------------------------------------------------


def test_a_breach_is_one_reason_however_often_it_is_saved(city: City) -> None:
    g = ground(city)
    breach = Breach(name="Fehlversand", activities=[city.stored(g.activity)])
    city.save(breach)
    city.change(breach, description="Ein Bescheid ging an die falsche Familie.")
    act(city, g.dpia, begin)
    act(city, g.dpia, answer_all)
    act(city, g.dpia, finish, "Alles wie zuvor.", None)
    city.change(breach, activities=[])
    city.change(breach, activities=[city.stored(g.activity)])

    assert noted(city, g.dpia) == []


def test_further_changes_of_one_entry_are_one_reason_until_it_is_settled(city: City) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    city.change(g.activity, scale=Scale.TEN_THOUSAND)
    together = noted(city, g.dpia)
    act(city, g.dpia, begin)
    act(city, g.dpia, answer_all)
    act(city, g.dpia, finish, "Der Umfang ändert nichts.", None)
    city.change(g.activity, scale=Scale.HUNDRED)

    assert together == [(Occasion.SCALE, "VT-0001 Kita-Portal", [("scale", "THOUSAND", "TEN_THOUSAND")])]
    assert noted(city, g.dpia) == [
        (Occasion.SCALE, "VT-0001 Kita-Portal", [("scale", "TEN_THOUSAND", "HUNDRED")])
    ]


def test_a_change_that_is_taken_back_is_no_reason(city: City) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    city.change(g.activity, scale=Scale.THOUSAND)
    assert (noted(city, g.dpia), found(city, g.dpia), desk(city, Role.DSB)) == ([], [], [])
    assert verify(city.site.database).breaks == ()


def test_a_list_that_arrives_is_one_reason_with_every_entry(city: City) -> None:
    g = ground(city)
    city.save(*(AuthorityListItem(name=f"Fall {number}", item_number=str(number)) for number in (1, 2, 3)))
    ((occasion, _cause, changes),) = noted(city, g.dpia)
    assert occasion is Occasion.LIST
    assert changes == [("name", None, f"Nr. {number}: Fall {number}") for number in (1, 2, 3)]


def test_an_answer_counts_no_longer_once_more_changes(city: City) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    act(city, g.dpia, begin)
    act(city, g.dpia, answer_all)
    city.change(g.activity, scale=Scale.TEN_THOUSAND)
    with pytest.raises(Refused):
        act(city, g.dpia, finish, "Fertig.", None)


def test_a_confidential_case_is_known_by_its_number_alone(city: City) -> None:
    g = ground(city)
    city.save(
        AuthorityCase(
            name="Beschwerde von Frau Muster",
            confidential=True,
            kind=CaseKind.COMPLAINT,
            activities=[city.stored(g.activity)],
        )
    )
    ((occasion, cause, _changes),) = noted(city, g.dpia)
    assert (occasion, "Muster" in cause, cause[-4:]) == (Occasion.COMPLAINT, False, "0001")


CONTENTS = st.integers(0, 3)
CHANGES = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), CONTENTS), max_size=8)


@given(CHANGES)
def test_merged_changes_lead_from_the_first_to_the_last_content(steps: list[tuple[str, str, int]]) -> None:
    state: dict[tuple[str, str], int] = {}
    together: tuple[Changed, ...] = ()
    for of, name, new in steps:
        old = state.get((of, name), 0)
        state[of, name] = new
        together = merged(together, [Changed(of, name, old, new)])
    assert {(one.of, one.field): (one.old, one.new) for one in together} == {
        key: (0, content) for key, content in state.items() if content
    }
    assert changes_from_json(changes_to_json(together)) == together


# --- A review ------------------------------------------------------------------------------------


def test_a_review_is_begun_by_a_person_answers_each_reason_and_moves_the_day(city: City) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    waiting = city.stored(g.dpia).under_review_since
    act(city, g.dpia, begin)
    running = city.stored(g.dpia).under_review_since
    with pytest.raises(Refused, match="Jeder Anlass"):
        act(city, g.dpia, finish, "Fertig.", None)
    act(city, g.dpia, answer_all)
    act(city, g.dpia, finish, "Der Umfang ändert das Risiko nicht.", None)

    stored = city.stored(g.dpia)
    with city.site.database.reading(city.id) as session:
        (review,) = reviews_of(session, stored)
        settled = session.scalars(select(ReviewReason).options(*everything(ReviewReason))).one()
    next_day = DEFAULT_CYCLE.end(today(), RiskLevel.MEDIUM)
    assert (waiting, running, stored.under_review_since) == (None, today(), None)
    assert (review.conclusion, review.finished_on, review.next_review, review.dpia_version) == (
        "Der Umfang ändert das Risiko nicht.",
        today(),
        next_day,
        stored.version,
    )
    assert (settled.review, settled.settled_on) == (review, today())
    assert (stored.next_review, stored.changed_since_release) == (next_day, False)
    assert (found(city, g.dpia), desk(city, Role.PROJECT_LEAD), desk(city, Role.DSB)) == ([], [], [])


def test_a_change_of_the_assessment_stays_a_change_when_its_review_ends(city: City) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    act(city, g.dpia, begin)
    city.change(g.dpia, description="Auch Großeltern melden an.", by=Role.PROJECT_LEAD)
    act(city, g.dpia, answer_all, "ADAPTED")
    act(city, g.dpia, finish, "Beschreibung ergänzt.", None)
    assert city.stored(g.dpia).changed_since_release is True


@pytest.mark.parametrize(("step", "values"), [(begin, ()), (finish, ("Fertig.", None))])
def test_a_step_out_of_turn_is_refused(city: City, step: Callable[..., Any], values: tuple[Any, ...]) -> None:
    g = ground(city)
    with pytest.raises(Refused):
        act(city, g.dpia, step, *values)


@pytest.mark.parametrize("days", [0, -1, 800])
def test_the_next_day_lies_ahead_and_within_the_cycle(city: City, days: int) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    act(city, g.dpia, begin)
    act(city, g.dpia, answer_all)
    with pytest.raises(Refused, match="spätestens am"):
        act(city, g.dpia, finish, "Fertig.", today() + timedelta(days=days))


@pytest.mark.parametrize("role", [Role.DSB, Role.READER, Role.MANAGEMENT, Role.COORDINATOR])
def test_whoever_may_not_edit_begins_and_ends_no_review(city: City, role: Role) -> None:
    g = ground(city)
    city.change(g.activity, scale=Scale.MORE)
    with pytest.raises(Forbidden):
        act(city, g.dpia, begin, role=role)
    act(city, g.dpia, begin)
    with pytest.raises(Forbidden):
        act(city, g.dpia, answer_all, role=role)


def test_an_occasion_that_no_entry_gives_is_told(city: City) -> None:
    g = ground(city)
    act(city, g.dpia, begin, told="Die Presse berichtet über Pannen beim Hersteller.")
    with city.site.database.reading(city.id) as session:
        (reason,) = open_reasons(session, g.dpia)
    assert (reason.occasion, reason.told) == (
        Occasion.OWN,
        "Die Presse berichtet über Pannen beim Hersteller.",
    )


# --- The cycle -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "months"),
    [
        (None, 12),
        (RiskLevel.VERY_HIGH, 12),
        (RiskLevel.HIGH, 12),
        (RiskLevel.MEDIUM, 24),
        (RiskLevel.LOW, 36),
        (RiskLevel.VERY_LOW, 36),
    ],
)
def test_the_graver_the_risk_the_sooner_the_review(level: RiskLevel | None, months: int) -> None:
    assert DEFAULT_CYCLE.months(level) == months
    assert DEFAULT_CYCLE.end(date(2024, 2, 29), level) == date(2024 + months // 12, 2, 28)


def test_an_overdue_review_is_an_error_and_an_own_cycle_counts_at_once(city: City) -> None:
    g = ground(city)
    city.change(g.dpia, decided_on=today() - timedelta(days=400), next_review=None)
    by_default = found(city, g.dpia)
    with city.site.database.writing(city.id, actor=city.actor(Role.ADMINISTRATOR)) as session:
        months = {"high": "6", "medium": "12", "low": "12"}
        keep_cycle(session, months, by=city.identity(Role.ADMINISTRATOR))
    ((rule, severity, _day),) = found(city, g.dpia)
    assert by_default == []
    assert (rule, severity) == ("DSF-015", Severity.ERROR)
    assert desk(city, Role.PROJECT_LEAD) == [("Kita-Portal", "review.CYCLE")]


def test_a_review_in_the_cycle_needs_no_other_reason(city: City) -> None:
    g = ground(city)
    city.change(g.dpia, next_review=today() - timedelta(days=1))
    before = (found(city, g.dpia)[0][1], desk(city, Role.PROJECT_LEAD))
    act(city, g.dpia, begin)
    assert before == (Severity.ERROR, [])
    assert occasions(city, g.dpia) == [Occasion.CYCLE]


def test_a_newer_list_that_is_shipped_has_every_released_assessment_reviewed(city: City) -> None:
    g = ground(city)
    city.change(g.dpia, lists_known='{"DSK": "1.0"}')
    (known,) = (each for each in shipped() if each.series == "DSK")
    before = (found(city, g.dpia), desk(city, Role.PROJECT_LEAD), occasions(city, g.dpia))
    act(city, g.dpia, begin)
    (reason,) = noted(city, g.dpia)
    with city.site.database.reading(city.id) as session:
        (stored,) = open_reasons(session, g.dpia)
        told = stored.new_list
    act(city, g.dpia, answer_all)
    act(city, g.dpia, finish, "Kein neuer Vorgang.", None)

    task = ("Kita-Portal", "review.LIST")
    assert before == ([("DSF-015", Severity.WARNING, known.citation)], [task], [])
    assert reason == (Occasion.LIST, known.citation, [("version", "1.0", known.version)])
    assert told is not None
    assert (told.now, told.before) == (known, "1.0")
    assert told.added == tuple(entry.text for entry in known.entries)
    assert (found(city, g.dpia), desk(city, Role.PROJECT_LEAD)) == ([], [])
    assert city.stored(g.dpia).lists_known == json.dumps({"DSK": known.version})


def test_an_entry_of_an_own_list_is_a_reason_beside_the_shipped_one(city: City) -> None:
    g = ground(city)
    city.change(g.dpia, lists_known='{"DSK": "1.0"}')
    act(city, g.dpia, begin)
    city.save(AuthorityListItem(name="Platzvergabe durch Algorithmen", land=Land.SH))
    assert occasions(city, g.dpia) == [Occasion.LIST, Occasion.LIST]


def test_a_decision_remembers_the_lists_of_its_day(city: City) -> None:
    dpia = Dpia(name="Parkleitsystem", unit=city.units["office"])
    city.save(dpia)
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        remember_lists(session, stored)
    stored = city.stored(dpia)
    assert lists_since(stored, "SH", today()) == ()
    assert lists_since(Dpia(name="Entwurf"), "SH", today()) == ()


@pytest.mark.parametrize(
    "months",
    [
        {},
        {"high": "0", "medium": "12", "low": "24"},
        {"high": "12", "medium": "zwölf", "low": "24"},
        {"high": "24", "medium": "12", "low": "36"},
        {"high": "12", "medium": "24", "low": "61"},
    ],
)
def test_a_cycle_that_is_none_is_refused(city: City, months: dict[str, str]) -> None:
    with (
        city.site.database.writing(city.id, actor=city.actor(Role.ADMINISTRATOR)) as session,
        pytest.raises(Refused),
    ):
        keep_cycle(session, months, by=city.identity(Role.ADMINISTRATOR))


def test_only_whoever_keeps_the_authoritys_data_sets_the_cycle(city: City) -> None:
    months = {"high": "6", "medium": "12", "low": "12"}
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        with pytest.raises(NachweisError):
            keep_cycle(session, months, by=city.identity(Role.PROJECT_LEAD))
        assert cycle_of(session) == ReviewCycle()


def test_the_rule_hits_its_bad_example_and_leaves_its_good_one_alone() -> None:
    rule = next(iter(RULES))
    for case, expected in ((rule.breaks(), True), (rule.keeps(), False)):
        hits = list(rule.check(case.entry, case.situation))
        assert bool(hits) is expected
        said = [rule.said(hit.words)[language] for hit in hits for language in LANGUAGES]
        assert [words for words in said if "{" in words] == []


# --- Threshold analyses on the desk --------------------------------------------------------------


def test_an_analysis_that_opens_again_waits_on_the_desk_until_it_is_confirmed(city: City) -> None:
    activity = ProcessingActivity(name="Kita-Portal")
    analysis = ThresholdAnalysis(name="Kita-Portal", activity=activity)
    city.save(activity, analysis)

    def confirmed() -> None:
        with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
            options = everything(ThresholdAnalysis)
            stored = session.get_one(ThresholdAnalysis, (city.id, analysis.id), options=options)
            confirm(session, stored, by=city.identity(Role.PROJECT_LEAD))

    confirmed()
    before = desk(city, Role.PROJECT_LEAD)
    city.change(activity, video=True)
    opened = desk(city, Role.PROJECT_LEAD), desk(city, Role.DSB), desk(city, Role.READER)
    with city.site.database.reading(city.id) as session:
        items_stored = session.scalars(
            select(AgendaItem.what).where(AgendaItem.matter == Matter.REVIEW)
        ).all()
    confirmed()

    task = [("Kita-Portal", "record")]
    assert (before, opened, desk(city, Role.PROJECT_LEAD)) == ([], (task, task, []), [])
    assert [ThresholdAnalysis.task_label(what) is not None for what in items_stored] == [True]


# --- Comparison ----------------------------------------------------------------------------------

WORDS = st.sampled_from(["", "Alt", "Neu", "Anders"])
RISK_ROWS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcd"), "title": WORDS, "threat": WORDS}),
    max_size=4,
    unique_by=lambda row: row["id"],
)
STATES = st.fixed_dictionaries({"name": WORDS, "description": WORDS, "risks": RISK_ROWS})


@given(STATES)
def test_a_version_compared_with_itself_differs_in_nothing(state: dict[str, Any]) -> None:
    assert compare(Dpia, differences(state, state)) == ()


@given(STATES, STATES)
def test_every_change_is_named_with_old_and_new(old: dict[str, Any], new: dict[str, Any]) -> None:
    named = {one.name: one for one in compare(Dpia, differences(old, new))}
    assert set(named) == {name for name in old if old[name] != new[name]}
    for name, one in named.items():
        assert (one.old, one.new) == (old[name], new[name])
    if "risks" in named:
        check_rows(named["risks"], old["risks"], new["risks"])


def check_rows(one: Difference, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    before, after = ({row["id"]: row for row in rows} for rows in (old, new))
    added = [row.new["id"] for row in one.rows if row.old is None and row.new]
    removed = [row.old["id"] for row in one.rows if row.new is None and row.old]
    changed = {row.new["id"]: row for row in one.rows if row.old and row.new}
    assert added == [id for id in after if id not in before]
    assert removed == [id for id in before if id not in after]
    assert set(changed) == {id for id in before.keys() & after.keys() if before[id] != after[id]}
    for id, row in changed.items():
        assert {f.name: (f.old, f.new) for f in row.fields} == {
            name: (before[id][name], after[id][name])
            for name in ("title", "threat")
            if before[id][name] != after[id][name]
        }
    assert one.only_moved is (set(before) == set(after) and not changed)


@given(st.lists(STATES, min_size=1, max_size=5))
def test_many_changes_fold_into_the_first_and_the_last(states: list[dict[str, Any]]) -> None:
    changes = [
        Change(0, None, "", 2, None, "update", "", "", differences(one, other), other)  # type: ignore[arg-type]
        for one, other in itertools.pairwise(states)
    ]
    assert overall(changes) == differences(states[0], states[-1])


def test_since_the_release_names_fields_rows_and_sources(city: City) -> None:
    g = ground(city)
    with city.site.database.reading(city.id) as session:
        untouched = since_release(session, city.stored(g.dpia))
    stored = city.stored(g.dpia)
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        dpia = session.get_one(Dpia, (city.id, stored.id), options=everything(Dpia))
        dpia.description = "Eltern und Großeltern melden Kinder an."
        dpia.risks.append(DpiaRisk(title="Verlust"))
        dpia.risks[0].title = "Einsicht durch Fremde"
    city.change(g.activity, scale=Scale.MORE, name="Kita-Platzvergabe")
    city.change(g.processor, country=COUNTRIES["US"])
    city.change(g.target, platform="Neues Rechenzentrum")
    with city.site.database.reading(city.id) as session:
        now = since_release(session, city.stored(g.dpia))

    assert (untouched.differences, untouched.answers, untouched.sources) == ((), (), ())
    assert [one.name for one in now.differences] == ["description", "risks"]
    risks = now.differences[1]
    assert [(bool(row.old), bool(row.new), [f.name for f in row.fields]) for row in risks.rows] == [
        (True, True, ["title"]),
        (False, True, []),
    ]
    assert [(type(one.entry), [(f.name, f.new) for f in one.differences]) for one in now.sources] == [
        (ProcessingActivity, [("scale", "MORE")]),
        (Processor, [("country", "US"), ("third_country", True)]),
        (TargetObject, [("platform", "Neues Rechenzentrum")]),
    ]


def test_a_review_keeps_who_began_and_who_ended_it(city: City) -> None:
    g = ground(city)
    act(city, g.dpia, begin, told="Routine.")
    act(city, g.dpia, answer_all)
    act(city, g.dpia, finish, "Nichts zu ändern.", None)
    with city.site.database.reading(city.id) as session:
        review = session.scalars(select(DpiaReview)).one()
    lead = city.people[Role.PROJECT_LEAD].name
    assert (review.begun_by, review.finished_by) == (lead, lead)
