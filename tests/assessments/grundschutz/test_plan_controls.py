"""What imported catalogues find unmet becomes measures of the plan, and finished measures propose answers."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from assessments.grundschutz.check import Status
from assessments.grundschutz.controls import CatalogueUse, load_use, move
from assessments.grundschutz.library import control_catalogue
from assessments.grundschutz.plan import plan_of
from assessments.grundschutz.plan_control_steps import add_controls, draw_up_controls, take_over_controls
from compliance.agenda import AgendaItem
from compliance.database import now
from compliance.entry import State
from compliance.errors import Forbidden, Outdated, Refused
from compliance.journal import verify
from compliance.language import LANGUAGES
from compliance.people import Role
from exports.document import Grid
from exports.reports import implementation_plan
from exports.reports.register import Issuer
from registers.measures import TAKE_OVER, Progress
from tests.assessments.grundschutz.village import ERASING, LOGGING, SAVING, Village
from tests.city import City

DUE = date(2027, 3, 31)


@pytest.fixture
def village(city: City) -> Village:
    return Village(city)


def test_what_is_unmet_waits_for_a_measure_in_reading_order(village: Village) -> None:
    village.answer(LOGGING, Status.PARTIAL)
    village.answer(ERASING, Status.YES)
    village.answer(SAVING)
    plan = village.plan()
    assert [(str(one), one.status, one.work) for one in plan.controls] == [
        ("K.1 Sichern", Status.NO, None),
        ("K.10 Protokollieren", Status.PARTIAL, None),
    ]
    assert (plan.items, plan.unplanned) == ((), ())


def test_a_measure_says_what_its_answer_says_and_belongs_to_the_plan(village: Village) -> None:
    village.answer(SAVING, responsible="Zentrale IT", due=DUE, measure="Band beschaffen")
    village.answer(ERASING)
    [number] = village.draw_up(SAVING)
    plan = village.plan()
    [item] = plan.items
    work = item.work
    assert (work.number, work.name, work.responsible, work.planned_until, work.description) == (
        number,
        "Sichern",
        "Zentrale IT",
        DUE,
        "Band beschaffen",
    )
    assert ([one.label for one in item.controls], [one.label for one in plan.controls]) == (["K.1"], ["K.2"])
    assert not item.is_prerequisite
    assert village.draw_up(SAVING) == []
    assert village.findings(number) >= {"GSP-002"}


def test_a_measure_there_is_may_stand_for_more(village: Village) -> None:
    village.answer(SAVING)
    village.answer(ERASING)
    [number] = village.draw_up(SAVING)
    with village.writing() as session:
        wanted = [one.answer_id for one in village.plan().controls]
        add_controls(session, village.domain(session), number, wanted, by=village.isb)
    assert [[one.label for one in item.controls] for item in village.plan().items] == [["K.1", "K.2"]]
    with village.writing() as session, pytest.raises(Refused, match="MA-0099"):
        add_controls(session, village.domain(session), 99, wanted, by=village.isb)


def test_the_tie_holds_when_the_catalogue_moves_and_ends_with_a_dropped_control(village: Village) -> None:
    village.answer(SAVING)
    village.answer(ERASING)
    number, other = village.draw_up(SAVING, ERASING)
    with village.writing() as session:
        move(
            session,
            load_use(session, village.use_id),
            control_catalogue(session, village.second),
            by=village.isb,
        )
    plan = village.plan()
    assert [(item.work.number, [one.label for one in item.controls]) for item in plan.items] == [
        (number, ["K.7"])
    ]
    assert (plan.controls, other != number) == ((), True)


def test_an_ended_measure_leaves_its_control_without_one(village: Village) -> None:
    village.answer(SAVING)
    [number] = village.draw_up(SAVING)
    village.change(number, state=State.ENDED)
    assert [one.label for one in village.plan().controls] == ["K.1"]
    assert village.draw_up(SAVING) != []


def test_a_finished_measure_proposes_the_answer_and_becomes_its_evidence(village: Village) -> None:
    village.answer(SAVING, evidence="DA 12")
    [number] = village.draw_up(SAVING)
    assert village.plan().new_controls == ()
    village.change(number, progress=Progress.IMPLEMENTED, implemented_on=date(2026, 10, 1))
    assert "GSP-006" in village.findings(number)
    with village.city.site.database.reading(village.city.id) as session:
        tasks = session.scalars(select(AgendaItem.what)).all()
    assert TAKE_OVER in tasks
    assert village.take() == ["K.1"]
    stored = village.stored(SAVING)
    assert (stored.status, stored.evidence) == (
        Status.YES,
        f"DA 12; MA-{number:04} Sichern, umgesetzt am 01.10.2026",
    )
    plan = village.plan()
    assert (plan.items, plan.new_controls, [work.number for work in plan.finished]) == ((), (), [number])
    assert "GSP-006" not in village.findings(number)
    assert verify(village.city.site.database).breaks == ()


def test_what_has_changed_meanwhile_is_not_taken_over(village: Village) -> None:
    village.answer(SAVING)
    [number] = village.draw_up(SAVING)
    village.change(number, progress=Progress.IMPLEMENTED)
    [new] = village.plan().new_controls
    village.answer(SAVING, Status.PARTIAL)
    stale = {new.shortfall.answer_id: new.shortfall.version}
    with village.writing() as session, pytest.raises(Outdated):
        take_over_controls(session, village.domain(session), stale, by=village.isb)
    with village.writing() as session, pytest.raises(Outdated):
        take_over_controls(session, village.domain(session), {uuid.uuid4(): 1}, by=village.isb)
    assert village.stored(SAVING).status is Status.PARTIAL


def test_only_who_may_change_the_domain_draws_up_and_takes_over(village: Village) -> None:
    village.answer(SAVING)
    auditor = village.city.identity(Role.AUDITOR)
    with village.writing() as session:
        domain = village.domain(session)
        with pytest.raises(Forbidden):
            draw_up_controls(session, domain, [], by=auditor)
        with pytest.raises(Forbidden):
            add_controls(session, domain, 1, [], by=auditor)
        with pytest.raises(Forbidden):
            take_over_controls(session, domain, {}, by=auditor)


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_a6_names_controls_with_and_without_a_measure_in_reading_order(
    village: Village, language: str
) -> None:
    village.answer(LOGGING)
    village.answer(SAVING, measure="Band beschaffen")
    village.answer(ERASING)
    [number] = village.draw_up(SAVING)
    with village.city.site.database.reading(village.city.id) as session:
        domain = village.domain(session)
        paper = implementation_plan.report(domain, plan_of(session, domain), Issuer("Stadt", now(), language))
        [use] = session.scalars(select(CatalogueUse.catalogue_name)).all()
    title = {"de": "Anforderungen weiterer Kataloge", "en": "Controls of further catalogues"}[language]
    [grid] = [block for block in paper.blocks if isinstance(block, Grid) and block.caption == title]
    none = {"de": "noch keine Maßnahme", "en": "no measure yet"}[language]
    no = Status.NO.text[language]
    assert list(grid.rows) == [
        ("K.1", "Sichern", use, no, f"MA-{number:04} Sichern", "Band beschaffen"),
        ("K.2", "Löschen", use, no, none, ""),
        ("K.10", "Protokollieren", use, no, none, ""),
    ]
