"""Rules about practice: what they find in single entries, and how they follow what is stored elsewhere."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from assessments.dpia.threshold import ThresholdAnalysis
from compliance.advice import give_opinion
from compliance.database import today
from compliance.entry import Entry, State, by_number
from compliance.fields import Span, TimeUnit, fields
from compliance.findings import findings_of
from compliance.judging import Judge
from compliance.people import LegalForm, Role
from compliance.rules import Hit, Severity, Situation
from registers.ai import AiClass
from registers.authority import Authority
from registers.notices import notice_hash, record_publication
from registers.objects import ObjectStatus, TargetObject
from registers.processing import (
    ArchiveOffer,
    DataCategory,
    DataSource,
    NoticeStatus,
    ProcessingActivity,
    Purpose,
    Regime,
    Stage,
    Subjects,
)
from registers.processing_practice_rules import _NEIGHBOURS, RULES, _beside, _first_erasure
from tests.city import FOUNDER, City

TODAY = date(2026, 11, 23)
in_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def found(entry: Entry, id: str, situation: Situation | None = None) -> list[Hit]:
    rule = Judge(RULES).rule(id, entry.slug)
    return list(rule.check(entry, situation or Situation(TODAY)))


def weights(entry: Entry, id: str) -> list[Severity]:
    rule = Judge(RULES).rule(id, entry.slug)
    return [hit.severity or rule.severity for hit in found(entry, id)]


# --- Single entries ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "since", "begun"),
    [
        (Stage.OPERATION, None, True),
        (None, date(2026, 11, 22), True),
        (None, date(2026, 11, 23), False),
        (Stage.PLANNED, date(2026, 1, 1), True),
        (Stage.PLANNED, date(2027, 1, 1), False),
        (Stage.TEST, date(2026, 1, 1), False),
        (Stage.RETIRED, date(2010, 1, 1), False),
    ],
)
def test_what_has_begun_must_be_released_and_a_pending_release_is_not_blocked_by_it(
    stage: Stage | None, since: date | None, begun: bool
) -> None:
    by_state = {
        state: weights(ProcessingActivity(stage=stage, since=since, state=state), "VVT-027")
        for state in State
    }
    assert by_state == {
        State.IMPORTED: [Severity.ERROR] * begun,
        State.DRAFT: [Severity.ERROR] * begun,
        State.REVIEW: [Severity.WARNING] * begun,
        State.RELEASED: [],
        State.ENDED: [],
    }


def test_a_review_is_overdue_from_the_day_after() -> None:
    days = {day: bool(found(ProcessingActivity(next_review=day), "VVT-028")) for day in (None, TODAY)}
    assert days == {None: True, TODAY: False}
    assert found(ProcessingActivity(next_review=TODAY - timedelta(days=1)), "VVT-028") == [Hit()]
    assert found(ProcessingActivity(stage=Stage.RETIRED), "VVT-028") == []


def test_the_level_of_automation_is_asked_of_authorities_in_schleswig_holstein_only() -> None:
    activity = ProcessingActivity(ai=True, ai_class=AiClass.MINIMAL)
    asked = {
        (form, land): bool(found(activity, "VVT-026", Situation(TODAY, form, land=land)))
        for form in LegalForm
        for land in ("SH", "HH")
    }
    assert asked == {
        (LegalForm.AUTHORITY, "SH"): True,
        (LegalForm.AUTHORITY, "HH"): False,
        (LegalForm.COMPANY, "SH"): False,
        (LegalForm.COMPANY, "HH"): False,
    }


@pytest.mark.parametrize("source", list(DataSource))
def test_whoever_observes_a_person_collects_from_that_person(source: DataSource) -> None:
    activity = ProcessingActivity(stage=Stage.OPERATION, sources=(source,))
    elsewhere = source in (DataSource.OTHER_AUTHORITY, DataSource.REGISTER, DataSource.THIRD_PARTY)
    assert bool(found(activity, "VVT-032")) is elsewhere


@pytest.mark.parametrize("id", ["VVT-025", "VVT-031", "VVT-032"])
def test_the_ji_part_has_rules_of_its_own_on_decisions_and_information(id: str) -> None:
    facts: dict[str, Any] = {
        "stage": Stage.OPERATION,
        "automated_decision": True,
        "sources": (DataSource.REGISTER,),
    }
    assert found(ProcessingActivity(**facts), id) != []
    assert found(ProcessingActivity(**facts, regime=Regime.POLICE), id) == []


@pytest.mark.parametrize("stage", [None, *Stage])
def test_a_notice_is_owed_once_data_are_processed(stage: Stage | None) -> None:
    activity = ProcessingActivity(stage=stage, notice=NoticeStatus.DRAFT)
    owed = stage in (Stage.TEST, Stage.OPERATION)
    assert weights(activity, "VVT-031") == [Severity.ERROR] * owed


def test_an_exception_from_the_duty_to_inform_covers_both_articles() -> None:
    activity = ProcessingActivity(
        stage=Stage.OPERATION, notice=NoticeStatus.EXEMPT, sources=(DataSource.REGISTER,)
    )
    assert (found(activity, "VVT-031"), found(activity, "VVT-032")) == ([], [])


@pytest.mark.parametrize("archive", [None, *ArchiveOffer])
def test_the_archive_is_asked_before_the_first_erasure(archive: ArchiveOffer | None) -> None:
    row = DataCategory(text="Akten", period=Span(2, TimeUnit.Y), archive=archive)
    activity = ProcessingActivity(since=date(2024, 11, 23), data=[row])
    open_still = archive in (None, ArchiveOffer.OPEN)
    assert bool(found(activity, "VVT-040")) is open_still
    assert found(activity, "VVT-040", Situation(date(2026, 11, 22))) == []


@given(since=st.dates(), count=st.integers(0, 10**9), unit=st.sampled_from(TimeUnit))
def test_no_period_is_too_long_to_be_added(since: date, count: int, unit: TimeUnit) -> None:
    assert _first_erasure(since, Span(count, unit)) >= since


def test_data_of_a_retired_activity_wait_for_the_archive_until_they_are_erased() -> None:
    row = DataCategory(text="Akten", archive=ArchiveOffer.OPEN)
    waiting = ProcessingActivity(stage=Stage.RETIRED, data=[row])
    assert [hit.words for hit in found(waiting, "VVT-040")] == [{"what": "Akten"}]
    waiting.erased_on = TODAY
    assert found(waiting, "VVT-040") == []


def test_the_form_of_an_activity_begins_with_its_core_and_folds_the_rest() -> None:
    unfolded = [
        name
        for name, spec in fields(ProcessingActivity).items()
        if not (spec.more or spec.when or spec.fixed)
    ]
    assert unfolded == [
        "name",
        "unit",
        "stage",
        "description",
        "contact",
        "purposes",
        "subjects",
        "data",
        "sources",
        "recipients",
        "no_recipients",
        "processors",
        "third_country",
        "erasure",
        "objects",
        "measures",
        "security_concept",
        "notice",
        "next_review",
    ]


# --- Facts from elsewhere ------------------------------------------------------------------------


def rules(city: City, id: uuid.UUID) -> set[str]:
    with city.site.database.reading(city.id) as session:
        return {one.rule for one in findings_of(session, [id])}


def said(city: City, id: uuid.UUID, rule: str) -> list[str]:
    with city.site.database.reading(city.id) as session:
        return sorted(one.words["what"] for one in findings_of(session, [id]) if one.rule == rule)


def judge_again(city: City) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        city.site.judge.judge_everything(session)


def test_almost_the_same_name_in_the_same_unit_is_noticed_and_in_another_is_not(city: City) -> None:
    office, other = city.units["office"], city.units["other"]
    first = ProcessingActivity(name="Vergabe der Sporthallen", unit=office)
    city.save(first, ProcessingActivity(name="Vergabe der Kleingärten", unit=office))
    twin = ProcessingActivity(name="Vergabe der Sporthalle", unit=office)
    elsewhere = ProcessingActivity(name="Vergabe der Sporthalle", unit=other)
    numbered = ProcessingActivity(name="Vergabe der Sporthallen 2", unit=office)
    for each in (twin, elsewhere, numbered):
        city.save(each)

    found = [said(city, each.id, "VVT-030") for each in (twin, elsewhere, numbered)]
    assert found == [[first.designation], [], []]
    judge_again(city)
    assert said(city, first.id, "VVT-030") == [twin.designation]


@in_sqlite
def test_names_are_found_by_an_index_and_not_compared_each_with_each(city: City) -> None:
    with city.site.database.reading(city.id) as session:
        connection = session.connection()
        sent: list[Any] = []
        event.listen(connection, "before_cursor_execute", lambda *call: sent.append(call[2:4]))
        connection.execute(_beside(), {"organisation": city.id, "ids": [city.id]})
        statement, values = sent[0]
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]

    assert [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step] == []
    assert sum("unit_id" in step for step in steps) == 4 * _NEIGHBOURS


def test_a_system_with_personal_data_belongs_to_an_activity_itself_or_through_what_rests_on_it(
    city: City,
) -> None:
    running = {"personal_data": True, "status": ObjectStatus.OPERATION}
    server = TargetObject(name="Dateiserver", **running)
    application = TargetObject(name="Fachverfahren", depends_on=[server], **running)
    city.save(server, application)
    alone = [said(city, one.id, "VVT-037") for one in (server, application)]
    city.save(ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION, objects=[application]))

    assert alone == [[], ["Fachverfahren"]]
    assert [said(city, one.id, "VVT-037") for one in (server, application)] == [[], []]


def test_the_front_sheet_names_units_without_activities(city: City) -> None:
    sheet = Authority(name="Stadt Musterförde")
    city.save(sheet)
    nothing_yet = said(city, sheet.id, "VVT-037")
    city.save(ProcessingActivity(name="Meldewesen", unit=city.units["office"]))
    judge_again(city)

    assert nothing_yet == [str(city.units["department"]), str(city.units["other"])]
    assert said(city, sheet.id, "VVT-037") == [str(city.units["other"])]


def test_an_opinion_is_out_of_date_once_the_content_changes_and_not_by_a_step(city: City) -> None:
    activity = ProcessingActivity(name="Wohngeld")
    city.save(activity)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        give_opinion(session, entry, "NO_OBJECTIONS", "Keine Bedenken.", by=city.identity(Role.DSB))
    advised = "VVT-029" in rules(city, activity.id)
    city.change(activity, state=State.REVIEW)
    submitted = "VVT-029" in rules(city, activity.id)
    city.change(activity, description="Jetzt auch online.")

    assert (advised, submitted, "VVT-029" in rules(city, activity.id)) == (False, False, True)


def test_a_published_notice_goes_stale_with_what_it_tells_and_with_nothing_else(city: City) -> None:
    activity = ProcessingActivity(
        name="Wohngeld", stage=Stage.OPERATION, purposes=[Purpose(text="Bewilligung")]
    )
    city.save(activity)
    before = "VVT-031" in rules(city, activity.id)
    with city.site.database.writing(city.id, actor=city.actor(Role.COORDINATOR)) as session:
        entry = by_number(session, ProcessingActivity, 1)
        assert entry is not None
        record_publication(session, entry, today(), "Aushang", "Text", by=city.identity(Role.COORDINATOR))
    published = "VVT-031" in rules(city, activity.id)
    city.change(activity, notes="Nur für uns.", contact="Frau Muster")
    untold = "VVT-031" in rules(city, activity.id)
    city.change(activity, no_recipients=True)

    assert (before, published, untold, "VVT-031" in rules(city, activity.id)) == (True, False, False, True)


def test_the_hash_of_a_notice_does_not_depend_on_what_it_does_not_tell() -> None:
    plain = ProcessingActivity(name="Wohngeld")
    assert notice_hash(plain) == notice_hash(ProcessingActivity(name="Wohngeld", notes="x", measures="y"))
    assert notice_hash(plain) != notice_hash(ProcessingActivity(name="Wohngeld", automated_decision=True))


def test_the_criterion_of_vulnerable_persons_follows_the_record(city: City) -> None:
    activity = ProcessingActivity(name="Kita-Portal", subjects=(Subjects.CHILDREN,))
    city.save(activity)
    without = "VVT-021" in rules(city, activity.id)
    analysis = ThresholdAnalysis(name="Kita-Portal", activity=activity, vulnerable=False)
    city.save(analysis)
    denied = "VVT-021" in rules(city, activity.id)
    city.change(analysis, vulnerable=True)

    assert (without, denied, "VVT-021" in rules(city, activity.id)) == (False, True, False)
