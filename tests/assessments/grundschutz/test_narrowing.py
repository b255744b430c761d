"""A profile decides what the check asks; nothing that was answered or excluded is lost by it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.grundschutz.briefing import briefing
from assessments.grundschutz.check import (
    Given,
    RequirementAnswer,
    Status,
    adopt,
    answer,
    check_sheet,
    counts_under,
)
from assessments.grundschutz.check_book import rows as book_rows
from assessments.grundschutz.domain import Approach, Extent, noted
from assessments.grundschutz.kompendium import Level, Requirement, edition_2023
from assessments.grundschutz.library import control_catalogue, import_oscal
from assessments.grundschutz.modelling import load_assignment, set_relevance
from assessments.grundschutz.narrowing import Narrowed, narrow, preview, profiles, widen
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.own_catalogues import draft
from assessments.grundschutz.plan import plan_of
from assessments.grundschutz.progress import Assigned, overview
from assessments.grundschutz.readiness import readiness
from assessments.grundschutz.unused import unused_modules
from compliance.database import today
from compliance.errors import Forbidden, Refused
from exports.document import Document, Grid
from exports.reports import grundschutz_check, modelling
from exports.reports.register import Issuer
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.oscal_documents import catalogue, control, written

PROFILE = (
    "Baustein;Stufe",
    "CON.2;B",
    "SYS.1.1.A1;",
    "SYS.1.1.A2;S",
    "SYS.1.1.A31;B",
    "SYS.1.1.A30;",
)
"""Two basic requirements, one of them for standard, and two of those for increased needs, one for all."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield found
    found.database.engine.dispose()


def profile(house: House, *lines: str, edition: str = "1") -> str:
    """Imports the table as a profile and says how it is called."""
    with house.database.reading() as session:
        found = draft(session, "\n".join(lines).encode(), "p.csv", title="Kommunalprofil", edition=edition)
    assert found.mistakes == ()
    return import_oscal(house.database, Source(found.file_name, found.content), actor=ACTOR).short


def apply(house: House, short: str, by: object = ISB) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        narrow(session, domain, control_catalogue(session, short), by=by)  # type: ignore[arg-type]


def lift(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        widen(load_domain(session, house.domain_id), by=ISB)


def take(house: House, assignment: uuid.UUID, requirement_id: str, *, adopted: bool) -> None:
    """Lets a risk analysis take the requirement into the check, or out of it."""
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        adopt(session, load_assignment(session, assignment), requirement_id, adopted=adopted, by=ISB)


def look(house: House, short: str) -> Narrowed:
    with house.database.reading(ORGANISATION) as session:
        return preview(session, load_domain(session, house.domain_id), control_catalogue(session, short))


def assigned(house: House) -> dict[str, Assigned]:
    with house.database.reading(ORGANISATION) as session:
        return {each.module.id: each for each in overview(session, load_domain(session, house.domain_id))}


def asked(house: House, assignment: object) -> dict[str, str]:
    """The level of each requirement on the sheet."""
    with house.database.reading(ORGANISATION) as session:
        sheet = check_sheet(session, load_assignment(session, assignment))  # type: ignore[arg-type]
        return {row.requirement.id: row.requirement.level.value for row in sheet.rows}


def test_the_check_asks_what_the_profile_names_at_its_level(house: House) -> None:
    server, _room = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    house.answer(server, "SYS.1.1.A1", Given(Status.YES))
    house.answer(server, "SYS.1.1.A5", Given(Status.NO))
    before = asked(house, server)
    short = profile(house, *PROFILE)
    effect = look(house, short)
    assert (effect.levels, effect.asked, effect.modules) == (
        {Level.BASIC: 3, Level.STANDARD: 1, Level.HIGH: 1},
        4,
        2,
    )
    assert ([each.id for each in effect.missing], effect.silent) == (["CON.2"], 1)
    assert [(each.place, each.module.id) for each in effect.outside] == [("ZO-0002", "INF.2")]
    assert asked(house, server) == before
    apply(house, short)
    assert asked(house, server) == {"SYS.1.1.A1": "B", "SYS.1.1.A2": "S", "SYS.1.1.A31": "B"}
    found = assigned(house)
    assert (found["SYS.1.1"].tally.total, found["SYS.1.1"].tally.answered) == (3, 1)
    assert (found["INF.2"].tally.total, found["INF.2"].outside) == (0, True)
    with pytest.raises(Refused, match=r"SYS\.1\.1\.A5 gehört nicht zum Umfang"):
        house.answer(server, "SYS.1.1.A5", Given(Status.YES))
    lift(house)
    assert asked(house, server) == before
    assert assigned(house)["SYS.1.1"].tally.answered == 2


def test_a_profile_counts_the_same_under_the_basic_approach(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    apply(house, profile(house, *PROFILE))
    under_standard = asked(house, server)
    house.set_approach(Approach.BASIC)
    assert asked(house, server) == under_standard


def test_what_a_risk_analysis_adopts_is_asked_once_whatever_the_profile_says(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, server)
        for each in ("SYS.1.1.A30", "SYS.1.1.A31", "SYS.1.1.A27"):
            adopt(session, assignment, each, adopted=True, by=ISB)
    apply(house, profile(house, *PROFILE))
    expected = ["SYS.1.1.A1", "SYS.1.1.A2", "SYS.1.1.A27", "SYS.1.1.A30", "SYS.1.1.A31"]
    assert sorted(asked(house, server)) == expected
    assert assigned(house)["SYS.1.1"].tally.total == len(expected)
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, server)
        sheet = check_sheet(session, assignment)
        assert not {"SYS.1.1.A30", "SYS.1.1.A31"} & {each.id for each in sheet.adoptable}
        with pytest.raises(Refused, match=r"SYS\.1\.1\.A31 lässt sich nicht"):
            adopt(session, assignment, "SYS.1.1.A31", adopted=True, by=ISB)


def test_reasoned_exclusions_stay_and_the_profile_explains_the_rest(house: House) -> None:
    [vehicles] = house.assign((None, "INF.11"))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        set_relevance(
            load_assignment(session, vehicles), relevant=False, reason="Keine Fahrzeuge mit IT.", by=ISB
        )
    apply(house, profile(house, *PROFILE))
    found = assigned(house)["INF.11"]
    assert (found.relevant, found.reason, found.outside) == (False, "Keine Fahrzeuge mit IT.", False)
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        unused = {each.module.id: each.reason for each in unused_modules(session, domain)}
        assert unused == {"CON.2": "", "SYS.1.1": "", "INF.11": "Keine Fahrzeuge mit IT."}
        assert readiness(session, domain, today()).unexplained == ("CON.2", "SYS.1.1")


def test_everything_that_counts_counts_the_same(house: House) -> None:
    server, room = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    for requirement_id in ("SYS.1.1.A1", "SYS.1.1.A2", "SYS.1.1.A5"):
        house.answer(server, requirement_id, Given(Status.PARTIAL))
    house.answer(room, "INF.2.A1", Given(Status.NO))
    assert {module for _rule, _place, module in house.findings()} >= {"SYS.1.1", "INF.2"}
    apply(house, profile(house, *PROFILE))
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        found = briefing(session, domain, today())
        assert (found.total.total, found.total.answered, found.to_do) == (3, 2, 2)
        assert {level: tally.total for level, tally in found.levels.items() if tally.total} == {
            Level.BASIC: 2,
            Level.STANDARD: 1,
        }
        unmet = [(each.requirement.id, each.requirement.level) for each in plan_of(session, domain).unplanned]
        assert unmet == [("SYS.1.1.A1", Level.BASIC), ("SYS.1.1.A2", Level.STANDARD)]
        assert [each.requirement.id for each in book_rows(session, domain)] == [
            "SYS.1.1.A1",
            "SYS.1.1.A2",
            "SYS.1.1.A31",
        ]
        ready = readiness(session, domain, today())
        assert (ready.unanswered, ready.unmet) == (1, 1)
    assert ("GSC-002", "ZO-0002", "INF.2") not in house.findings()


def test_a_gap_counts_only_while_its_requirement_is_asked(house: House) -> None:
    server, _room = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    house.answer(server, "SYS.1.1.A5", Given(Status.UNNECESSARY))
    found = {("GSC-001", "ZO-0001", "SYS.1.1")}
    assert house.findings() == found
    apply(house, profile(house, *PROFILE))
    assert house.findings() == set()
    lift(house)
    assert house.findings() == found


def test_a_gap_of_a_standard_requirement_does_not_count_under_the_basic_approach(house: House) -> None:
    server, _room = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    house.answer(server, "SYS.1.1.A11", Given(Status.NO))
    found = {("GSC-002", "ZO-0001", "SYS.1.1")}
    assert house.findings() == found
    house.set_approach(Approach.BASIC)
    assert house.findings() == set()
    house.set_approach(Approach.STANDARD)
    assert house.findings() == found


def test_a_gap_of_what_a_risk_analysis_adopted_ends_when_it_is_given_up(house: House) -> None:
    server, _room = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    take(house, server, "SYS.1.1.A27", adopted=True)
    house.answer(server, "SYS.1.1.A27", Given(Status.NO))
    found = {("GSC-002", "ZO-0001", "SYS.1.1")}
    assert house.findings() == found
    take(house, server, "SYS.1.1.A27", adopted=False)
    assert house.findings() == set()
    take(house, server, "SYS.1.1.A27", adopted=True)
    assert house.findings() == found


def test_papers_hold_what_the_profile_asks_and_say_so(house: House) -> None:
    server, _room = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    house.answer(server, "SYS.1.1.A5", Given(Status.YES))
    apply(house, profile(house, *PROFILE))
    issuer = Issuer("Stadt", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "de")
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        check = grundschutz_check.report(session, domain, issuer, judge=house.judge)
        assert ("Umfang nach Profil", "Kommunalprofil, 1") in check.cover
        assert [(row[0], row[4]) for row in rows_of(check, "IT-Grundschutz-Check")] == [
            ("IV-0001/ZO-0001/SYS.1.1.A1", "B"),
            ("IV-0001/ZO-0001/SYS.1.1.A2", "S"),
            ("IV-0001/ZO-0001/SYS.1.1.A31", "B"),
        ]
        modelled = modelling.report(session, domain, issuer)
        assert [row[0] for grid in grids(modelled)[:1] for row in grid.rows] == ["IV-0001/ZO-0001/SYS.1.1"]
        unused = [row[0] for grid in grids(modelled) for row in grid.rows if len(row) == 4]
        assert ("CON.2" in unused, "ISMS.1" in unused) == (True, False)


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def rows_of(document: Document, caption: str) -> list[Any]:
    return [row for grid in grids(document) if grid.caption == caption for row in grid.rows]


def test_only_profiles_of_the_kompendium_are_offered_and_only_some_may_choose(house: House) -> None:
    other = import_oscal(
        house.database, Source("k.json", written(catalogue(control("k.1")))), actor=ACTOR
    ).short
    first, second = profile(house, *PROFILE), profile(house, *PROFILE[:2], edition="2")
    with house.database.reading() as session:
        assert [each.short for each in profiles(session)] == [second, first]
    with pytest.raises(Refused, match="wählt keine Anforderung"):
        apply(house, other)
    with pytest.raises(Forbidden):
        apply(house, first, by=AUDITOR)


# --- The extent itself -----------------------------------------------------------------------------

REQUIREMENTS = [each for each in edition_2023().requirements if not each.withdrawn]
CHOICES = st.dictionaries(st.sampled_from(REQUIREMENTS), st.sampled_from(Level), max_size=40)


@given(
    CHOICES, st.sampled_from([None, *Approach]), st.sampled_from(edition_2023().requirements), st.booleans()
)
def test_a_noted_profile_asks_exactly_what_it_names(
    choices: dict[Requirement, Level], approach: Approach | None, one: Requirement, adopted: bool
) -> None:
    named = {each.id: level for each, level in choices.items()}
    chosen: dict[str, dict[str, Level]] = {}
    for each in REQUIREMENTS:
        if each.id in named:
            chosen.setdefault(each.module, {})[each.id] = named[each.id]
    extent = Extent(approach, noted(chosen))
    if not named:
        assert extent == Extent(approach)
        return
    assert set(extent.required()) == {each for each, level in named.items() if level is not Level.HIGH}
    for each in (one, *choices):
        asks = named.get(each.id, Level.HIGH) is not Level.HIGH
        by_risk = adopted and approach not in (Approach.WIBA, Approach.BASIC)
        withdrawn = each.withdrawn
        assert extent.asks(each, adopted=adopted) == (not withdrawn and (asks or by_risk))


@given(CHOICES, st.sampled_from([None, *Approach]))
def test_the_database_counts_what_is_asked(
    choices: dict[Requirement, Level], approach: Approach | None
) -> None:
    chosen: dict[str, dict[str, Level]] = {}
    for each, level in choices.items():
        chosen.setdefault(each.module, {})[each.id] = level
    extent = Extent(approach, noted(chosen))
    condition = counts_under(extent)
    words = str(select(RequirementAnswer.id).where(condition))
    assert ("requirement_id IN" in words) == bool(chosen)


def test_a_raised_level_leaves_it_to_the_risk_analysis(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    apply(house, profile(house, "Baustein;Stufe", "SYS.1.1.A1;", "SYS.1.1.A2;H"))
    assert asked(house, server) == {"SYS.1.1.A1": "B"}
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, server)
        adopt(session, assignment, "SYS.1.1.A2", adopted=True, by=ISB)
    assert asked(house, server) == {"SYS.1.1.A1": "B", "SYS.1.1.A2": "H"}
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        answer(session, load_assignment(session, server), "SYS.1.1.A2", Given(Status.YES), by=ISB)
    assert assigned(house)["SYS.1.1"].tally.answered == 1
