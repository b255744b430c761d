"""A confirmed analysis remembers what it rested on, and a change opens it again in the same transaction."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.published_lists import lists_for, new_entries, place_of, read_lists, shipped
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_questions import CASES, CRITERIA
from assessments.dpia.threshold_review import Basis, Ground, changed_lists, confirm, review
from assessments.dpia.threshold_rules import RULES
from assessments.dpia.threshold_table import Outcome
from compliance.entry import Entry, State, everything
from compliance.errors import Forbidden
from compliance.findings import findings_of
from compliance.language import LANGUAGES, Text
from compliance.people import LegalForm, Role
from compliance.rules import Rule, Severity
from registers.authority_lists import AuthorityListItem, Place, Sector, counts
from registers.norms import Land
from registers.processing import DataCategory, ProcessingActivity, Scale, Subjects
from tests.city import City

DENIED: dict[str, Any] = {
    **dict.fromkeys((*CASES, *CRITERIA, "done_by_law", "listed_case", "high_risk"), False),
    "personal_data": True,
    "rough_severity": Grade.LIMITED,
    "rough_likelihood": Grade.NEGLIGIBLE,
}


def found(city: City, entry: Entry) -> list[tuple[str, Severity]]:
    """The rules of this module that object to *entry*."""
    mine = {rule.id for rule in RULES}
    with city.site.database.reading(city.id) as session:
        return [(one.rule, one.severity) for one in findings_of(session, [entry.id]) if one.rule in mine]


def confirmed(city: City, activity: ProcessingActivity | None = None, **answers: Any) -> ThresholdAnalysis:
    """A stored analysis that denies everything but *answers*, confirmed by the project lead."""
    analysis = ThresholdAnalysis(name="Kita-Portal", activity=activity, **(DENIED | answers))
    city.save(analysis)
    again(city, analysis)
    return analysis


def again(city: City, analysis: ThresholdAnalysis, role: Role = Role.PROJECT_LEAD) -> None:
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        options = everything(ThresholdAnalysis)
        stored = session.get_one(ThresholdAnalysis, (city.id, analysis.id), options=options)
        confirm(session, stored, by=city.identity(role))


# --- Rules ---------------------------------------------------------------------------------------

each_rule = pytest.mark.parametrize("rule", list(RULES), ids=lambda rule: rule.id)


@each_rule
def test_a_rule_hits_its_bad_example_and_leaves_its_good_one_alone(rule: Rule[Any]) -> None:
    bad, good = rule.breaks(), rule.keeps()
    hits = list(rule.check(bad.entry, bad.situation))
    assert hits != []
    assert list(rule.check(good.entry, good.situation)) == []
    said = [rule.said(hit.words)[language] for hit in hits for language in LANGUAGES]
    assert [words for words in said if "{" in words] == []
    assert re.search(r"Art\. \d", rule.source)


# --- Opened again --------------------------------------------------------------------------------


def test_what_nobody_confirmed_is_a_warning_until_somebody_does(city: City) -> None:
    analysis = ThresholdAnalysis(name="Kita-Portal", **DENIED)
    city.save(analysis)
    before = found(city, analysis)
    again(city, analysis)

    stored = city.stored(analysis)
    assert before == [("SWA-002", Severity.WARNING)]
    assert found(city, analysis) == []
    assert stored.confirmed_by == city.people[Role.PROJECT_LEAD].name
    assert stored.confirmed_on is not None


def test_only_who_may_edit_confirms(city: City) -> None:
    analysis = ThresholdAnalysis(name="Kita-Portal", **DENIED)
    city.save(analysis)
    with pytest.raises(Forbidden):
        again(city, analysis, Role.DSB)


def test_a_changed_activity_opens_the_analysis_again_until_it_is_confirmed_anew(city: City) -> None:
    activity = ProcessingActivity(name="Kita-Portal", subjects=(Subjects.PARENTS,))
    city.save(activity)
    analysis = confirmed(city, activity)
    unchanged = found(city, analysis)
    city.change(activity, description="Anderer Text, gleiche Tatsachen.")
    reworded = found(city, analysis)
    city.change(activity, subjects=(Subjects.PARENTS, Subjects.CHILDREN))
    opened = found(city, analysis)
    again(city, analysis)

    assert (unchanged, reworded) == ([], [])
    assert opened == [("SWA-001", Severity.ERROR)]
    assert found(city, analysis) == []


def test_an_answer_that_agrees_with_the_change_leaves_a_warning(city: City) -> None:
    activity = ProcessingActivity(name="Kita-Portal")
    city.save(activity)
    analysis = confirmed(city, activity, vulnerable=True, reason="Nur Kontaktdaten.")
    city.change(activity, subjects=(Subjects.CHILDREN,))

    assert found(city, analysis) == [("SWA-001", Severity.WARNING)]


def test_a_changed_row_of_the_activity_opens_the_analysis_too(city: City) -> None:
    row = DataCategory(text="Förderbedarf", special=False)
    activity = ProcessingActivity(name="Kita-Portal", scale=Scale.MORE, data=[row])
    city.save(activity)
    analysis = confirmed(city, activity, large_scale=True, reason="Nur Kontaktdaten.")
    with city.site.database.writing(city.id, actor=city.actor(Role.COORDINATOR)) as session:
        options = everything(ProcessingActivity)
        stored = session.get_one(ProcessingActivity, (city.id, activity.id), options=options)
        stored.data[0].special = True

    with city.site.database.reading(city.id) as session:
        options = everything(ThresholdAnalysis)
        found_now = session.get_one(ThresholdAnalysis, (city.id, analysis.id), options=options)
        changes = review(session, found_now).answers
    assert [(change.question, change.before) for change in changes] == [
        ("extensive_sensitive_data", None),
        ("sensitive", None),
    ]
    assert changes[1].now == Text("Laut Verzeichnis: Förderbedarf.", "According to the record: Förderbedarf.")
    assert {rule for rule, _ in found(city, analysis)} == {"SWA-001"}


def test_a_new_entry_of_an_own_list_opens_the_analyses_of_its_land(city: City) -> None:
    analysis = confirmed(city)
    city.save(AuthorityListItem(name="Gesichtserkennung", land=Land.BY))
    elsewhere = found(city, analysis)
    city.save(AuthorityListItem(name="Drohnen mit Kamera", land=Land.SH, item_number="4", list_version="2"))

    assert elsewhere == []
    assert found(city, analysis) == [("SWA-003", Severity.WARNING)]
    with city.site.database.reading(city.id) as session:
        options = everything(ThresholdAnalysis)
        stored = session.get_one(ThresholdAnalysis, (city.id, analysis.id), options=options)
        assert [each.added for each in review(session, stored).lists] == [
            (Text("Nr. 4: Drohnen mit Kamera (2)", "Nr. 4: Drohnen mit Kamera (2)"),)
        ]


def test_an_entry_for_another_sector_opens_nothing(city: City) -> None:
    analysis = confirmed(city)
    city.save(AuthorityListItem(name="Bonitätsprüfung", land=Land.SH, sector=Sector.NON_PUBLIC))
    for_companies = found(city, analysis)
    city.save(AuthorityListItem(name="Melderegister", land=Land.SH, sector=Sector.PUBLIC))

    assert for_companies == []
    assert found(city, analysis) == [("SWA-003", Severity.WARNING)]


LASTING = {"listed_land": None, "valid_from": None, "valid_until": None}


@pytest.mark.parametrize("form", list(LegalForm))
@pytest.mark.parametrize("sector", [None, *Sector])
def test_a_list_counts_for_the_organisations_it_is_written_for(
    form: LegalForm, sector: Sector | None
) -> None:
    foreign = {LegalForm.AUTHORITY: Sector.NON_PUBLIC, LegalForm.COMPANY: Sector.PUBLIC}[form]

    assert counts(Place("SH", form), date(2026, 3, 2), sector=sector, **LASTING) is (sector is not foreign)


def test_a_form_offers_entries_of_lists_that_count_today(city: City) -> None:
    city.save(
        AuthorityListItem(name="für alle"),
        AuthorityListItem(name="für Behörden", land=Land.SH, sector=Sector.PUBLIC),
        AuthorityListItem(name="für beide", sector=Sector.BOTH),
        AuthorityListItem(name="für Unternehmen", sector=Sector.NON_PUBLIC),
        AuthorityListItem(name="in Bayern", land=Land.BY),
        AuthorityListItem(name="vorbei", valid_until=date(2020, 1, 1)),
        AuthorityListItem(name="beendet", state=State.ENDED),
    )

    with city.site.database.reading(city.id) as session:
        offered = AuthorityListItem.choosable(session)
        assert session.scalars(select(AuthorityListItem.name).where(offered).order_by("name")).all() == [
            "für Behörden",
            "für alle",
            "für beide",
        ]


def test_an_entry_of_an_own_list_requires_an_assessment_and_is_cited(city: City) -> None:
    item = AuthorityListItem(
        name="Drohnen mit Kamera", item_number="4", authority="Landesbeauftragte", list_version="2"
    )
    city.save(item)
    analysis = ThresholdAnalysis(name="Drohnen", own_entries=[item], listed_case=True)
    city.save(analysis)

    assert city.stored(analysis).result is Outcome.REQUIRED


def test_the_cover_is_looked_at_again_whenever_the_other_assessment_changes(city: City) -> None:
    dpia = Dpia(name="Sozialleistungen", decision=DpiaDecision.APPROVED, state=State.RELEASED)
    city.save(dpia)
    analysis = confirmed(city, covered_by=dpia, public_monitoring=True)
    valid = found(city, analysis), city.stored(analysis).result
    city.change(dpia, next_review=date(2020, 1, 1))
    overdue = found(city, analysis)
    city.change(dpia, next_review=None, decision=DpiaDecision.REJECTED)
    rejected = found(city, analysis)

    assert valid == ([], Outcome.COVERED)
    assert overdue == rejected == [("DSF-019", Severity.ERROR)]


def test_severity_and_likelihood_make_the_rough_risk_and_taking_one_back_takes_it_away(city: City) -> None:
    analysis = confirmed(city)
    before = city.stored(analysis)
    after = city.change(analysis, rough_likelihood=None)

    assert (before.rough_risk, before.result) == (RiskLevel.LOW, Outcome.NOT_REQUIRED)
    assert (after.rough_risk, after.result) == (None, Outcome.UNDECIDED)  # type: ignore[attr-defined]


def test_the_level_of_an_older_analysis_stays_until_somebody_grades_it(city: City) -> None:
    old = ThresholdAnalysis(name="Alt", rough_risk=RiskLevel.MEDIUM)
    city.save(old)
    city.change(old, reason="Nachgetragen.")

    assert city.stored(old).rough_risk is RiskLevel.MEDIUM


# --- What is remembered --------------------------------------------------------------------------

WORDS = st.text(max_size=12)
BASES = st.builds(
    Basis,
    st.dictionaries(
        st.sampled_from([*CASES, *CRITERIA]), st.builds(Ground, WORDS, st.builds(Text, WORDS, WORDS))
    ),
    st.dictionaries(WORDS, WORDS, max_size=2),
    st.dictionaries(WORDS, WORDS, max_size=2),
)


@settings(deadline=None)
@given(BASES)
def test_what_is_remembered_comes_back_whole(basis: Basis) -> None:
    assert Basis.from_json(basis.to_json()) == basis


def test_the_shipped_list_has_its_seventeen_entries_with_version_date_and_caveat() -> None:
    (dsk,) = shipped()
    assert [(entry.name, entry.number) for entry in dsk.entries] == [
        (f"DSK_{number:02}", str(number)) for number in range(1, 18)
    ]
    assert (dsk.version, dsk.published, dsk.sector.name, dsk.checked) == (
        "1.1",
        date(2018, 10, 17),
        "NON_PUBLIC",
        False,
    )
    assert dsk.caveat is not None
    assert place_of("DSK_11")[1].number == "11"


LIST = """
series = "LAND"
title = {{ de = "Landesliste", en = "List of the Land" }}
authority = "Landesbeauftragte"
land = "{land}"
sector = "PUBLIC"
version = "{version}"
published = {valid_from}
valid_from = {valid_from}
source = "Amtsblatt"
checked = true
[[entries]]
name = "L_{version}_1"
number = "1"
de = "Drohnen"
en = "Drones"
"""


def test_another_list_is_one_more_file_and_a_newer_version_says_what_is_new(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(LIST.format(land="BY", version="1", valid_from="2020-01-01"))
    more = '[[entries]]\nname = "L_2_2"\nnumber = "2"\nde = "Gesichtserkennung"\nen = "Face recognition"\n'
    (tmp_path / "b.toml").write_text(LIST.format(land="BY", version="2", valid_from="2025-01-01") + more)
    lists = read_lists(tmp_path)

    assert lists_for("SH", date(2026, 1, 1), lists) == ()
    assert [each.version for each in lists_for("BY", date(2024, 1, 1), lists)] == ["1"]
    assert [each.version for each in lists_for("BY", date(2026, 1, 1), lists)] == ["2"]
    added = Text("Gesichtserkennung", "Face recognition")
    assert [entry.text for entry in new_entries(lists[0], lists[1])] == [added]
    (change,) = changed_lists(Basis(lists={"LAND": "1"}), Basis(lists={"LAND": "2"}), lists)
    assert (change.added, change.gone) == ((added,), ())


def test_no_name_is_given_to_two_entries(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(LIST.format(land="", version="1", valid_from="2020-01-01"))
    with pytest.raises(ValueError, match="L_1_1"):
        read_lists(tmp_path)
