"""The IT-Grundschutz check of the demo city is rich enough to show, and has its faults on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Gap, RequirementAnswer, Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.interviews import CheckInterview
from assessments.grundschutz.kompendium import Level, edition_2023
from assessments.grundschutz.modelling import Assignment
from compliance.findings import Finding
from compliance.people import Organisation
from compliance.web.site import Site
from exports.catalogue import NAMES, REPORTS, Issuer
from exports.document import Note
from exports.reports.records import every_id


@pytest.fixture
def session(wardersund: Site) -> Iterator[Session]:
    """A snapshot of the demo city."""
    site = wardersund
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with site.database.reading(organisation) as session:
        yield session


def test_the_check_is_half_way_through_and_has_its_faults(session: Session) -> None:
    answers = session.scalars(select(RequirementAnswer)).all()
    assert len(answers) >= 600
    assert sum(bool(each.remark or each.reason) for each in answers) >= 60
    gaps = Counter(each.gap for each in answers)
    assert gaps[Gap.REASON] == 1
    assert gaps[Gap.PLAN] >= 3
    rules = set(session.scalars(select(Finding.rule).where(Finding.register == InformationDomain.slug)))
    catalogues = {"KAT-001", "KAT-002", "KAT-004"}
    assert rules == {"GSC-001", "GSC-002", *catalogues, "RIL-003", "SBF-006", "XGS-005", "XGS-009"}


def test_basic_requirements_are_met_more_often_than_standard_ones(session: Session) -> None:
    found: Counter[tuple[Level, bool]] = Counter()
    for each in session.scalars(select(RequirementAnswer)):
        level = edition_2023().requirement(each.requirement_id).level
        found[level, each.status is Status.YES] += 1
    met = {
        level: found[level, True] / (found[level, True] + found[level, False])
        for level in Level
        if found[level, True]
    }
    assert met[Level.BASIC] > met[Level.STANDARD] > 0.4


def test_every_module_is_talked_about_or_ruled_out_for_a_reason(session: Session) -> None:
    talked_about = set(session.scalars(select(Assignment.id).join(CheckInterview.assignments)))
    for assignment in session.scalars(select(Assignment)):
        assert assignment.id in talked_about if assignment.relevant else assignment.reason


def test_every_answer_that_was_found_here_belongs_to_an_interview(session: Session) -> None:
    for each in session.scalars(select(RequirementAnswer)):
        assert (each.interview_id is None) == (each.borrowed_from_id is not None)


def test_the_report_is_about_one_domain_or_about_all_of_them(site: Site, session: Session) -> None:
    issuer = Issuer("Hansestadt Wardersund", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "de")
    make = REPORTS[NAMES["grundschutz-check"]]
    ids = every_id(session, InformationDomain)
    assert make(session, ids[:1], issuer, site.judge).title == "A.4 IT-Grundschutz-Check: Kernverwaltung"
    assert make(session, ids, issuer, site.judge).title == "IT-Grundschutz-Check"
    nothing = make(session, [], issuer, site.judge)
    assert [type(block) for block in nothing.blocks] == [Note]
