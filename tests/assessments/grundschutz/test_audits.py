"""Audits: their sample comes from the modelling, what is found is followed up, and gaps show in time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.grundschutz.audit_rules import RULES
from assessments.grundschutz.audit_sample import (
    Wish,
    add_module,
    adjust_sample,
    cycle_before,
    extent_of,
    propose_sample,
)
from assessments.grundschutz.audits import Audit, AuditFinding, AuditKind, Grade, Ground, SampledModule
from assessments.grundschutz.check import RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Approach, Extent, InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.policies import NUMBERS, Policy, PolicyKind, absent, demanded
from assessments.grundschutz.policy_rules import DOMAIN_RULES
from assessments.grundschutz.policy_rules import RULES as POLICY_RULES
from assessments.grundschutz.readiness import Readiness, assess, readiness
from assessments.grundschutz.risk_analysis import AnalysedThreat, Relevance, RiskAnalysis
from assessments.grundschutz.risk_matrix import RiskCategory
from compliance.agenda import AgendaItem
from compliance.database import today
from compliance.entry import State, everything
from compliance.errors import Forbidden, Refused
from compliance.findings import findings_of, stored_findings
from compliance.people import Role
from compliance.rules import Rule, Severity
from registers.measures import Measure, Progress
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.city import City

MODULES = ("ISMS.1", "ORP.1", "CON.3", "OPS.1.1.3", "DER.1", "APP.1.1", "SYS.1.1")


@pytest.mark.parametrize("rule", [*RULES, *POLICY_RULES, *DOMAIN_RULES], ids=lambda rule: rule.id)
def test_a_rule_hits_its_bad_example_and_leaves_its_good_one_alone(rule: Rule[Any]) -> None:
    bad, good = rule.breaks(), rule.keeps()
    said = [rule.said(hit.words) for hit in rule.check(bad.entry, bad.situation)]
    assert said
    assert not any("{" in text[language] for text in said for language in ("de", "en"))
    assert list(rule.check(good.entry, good.situation)) == []


def a_domain(city: City, *modules: str, approach: Approach = Approach.STANDARD) -> InformationDomain:
    server = TargetObject(name="Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION)
    domain = InformationDomain(name="Kern", approach=approach, objects=[server])
    assigned = [
        Assignment(
            domain=domain, target=server if module == "SYS.1.1" else None, module_id=module, relevant=True
        )
        for module in modules
    ]
    city.save(server, domain, *assigned, by=Role.ISB)
    return domain


def an_audit(city: City, domain: InformationDomain, **facts: Any) -> Audit:
    facts = {"kind": AuditKind.CERTIFICATION} | facts
    audit = Audit(name="Audit", domain=domain, **facts)
    city.save(audit, by=Role.ISB)
    return audit


def propose(city: City, audit: Audit, role: Role = Role.ISB) -> Any:
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        stored = session.get_one(Audit, (city.id, audit.id), options=everything(Audit))
        propose_sample(session, stored, by=city.identity(role))
    return city.stored(audit)


def adjust(city: City, audit: Audit, wishes: dict[uuid.UUID, Wish]) -> Any:
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        stored = session.get_one(Audit, (city.id, audit.id), options=everything(Audit))
        adjust_sample(stored, wishes, by=city.identity(Role.ISB))
    return city.stored(audit)


def add(city: City, audit: Audit, module: str, target: uuid.UUID | None, reason: str) -> Any:
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        stored = session.get_one(Audit, (city.id, audit.id), options=everything(Audit))
        add_module(session, stored, module, target, reason, by=city.identity(Role.ISB))
    return city.stored(audit)


def found(city: City, entry: Any) -> set[tuple[str, Severity]]:
    with city.site.database.reading(city.id) as session:
        return {
            (one.rule, one.severity)
            for one in findings_of(session, [entry.id])
            if one.rule[:3] in ("AUD", "RIL")
        }


# --- The sample ----------------------------------------------------------------------------------


def test_a_sample_is_proposed_from_the_modelling_and_stays_the_same(city: City) -> None:
    domain = a_domain(city, *MODULES)
    audit = propose(city, an_audit(city, domain))
    rows = [(row.module_id, str(row.target or "")) for row in audit.modules]
    assert (len(rows), rows[0]) == (6, ("ISMS.1", ""))
    assert all(target == ("ZO-0001 Server" if module == "SYS.1.1" else "") for module, target in rows)
    again = propose(city, audit)
    assert [(row.module_id, str(row.target or "")) for row in again.modules] == rows


def test_measures_against_the_heaviest_risks_are_looked_at(city: City) -> None:
    domain = a_domain(city, *MODULES)
    analysis = RiskAnalysis(name="Server", domain=domain)
    measures = [Measure(name=f"Maßnahme {number}") for number in range(1, 8)]
    threats = [
        AnalysedThreat(
            analysis=analysis,
            key=f"G 0.{number}",
            relevance=Relevance.DIRECT,
            category=RiskCategory.VERY_HIGH if number == 7 else RiskCategory.LOW,
            measures=[measure],
        )
        for number, measure in enumerate(measures, start=1)
    ]
    city.save(*measures, analysis, *threats)
    rows = propose(city, an_audit(city, domain)).measures
    assert (len(rows), str(rows[0].measure), rows[0].grounds) == (5, "MA-0007 Maßnahme 7", (Ground.RISK,))
    assert {row.grounds for row in rows[1:]} == {(Ground.DRAWN,)}
    assert propose(city, an_audit(city, domain, kind=AuditKind.SURVEILLANCE_1)).measures == []
    city.change(domain, approach=Approach.BASIC)
    assert propose(city, an_audit(city, domain)).measures == []


def test_earlier_audits_count_for_three_years(city: City) -> None:
    domain = a_domain(city, *MODULES)
    rows = [SampledModule(module_id=module, checked=True) for module in MODULES[:4]]
    dropped = SampledModule(module_id="SYS.1.1", grounds=(Ground.DRAWN,), checked=False, reason="Ersetzt")
    day = date(2025, 3, 3)
    an_audit(city, domain, done_on=day, modules=[*rows, dropped])
    audit = an_audit(city, domain, kind=AuditKind.SURVEILLANCE_2, planned_for=date(2027, 3, 1))
    with city.site.database.reading(city.id) as session:
        stored = session.get_one(Audit, (city.id, audit.id))
        assert cycle_before(session, stored).modules == set(MODULES[:4])
        assert extent_of(session, stored).modules == 8
    city.change(audit, planned_for=date(2028, 3, 3))
    with city.site.database.reading(city.id) as session:
        assert cycle_before(session, session.get_one(Audit, (city.id, audit.id))).count == 0


def test_a_sample_is_adjusted_for_a_reason_only(city: City) -> None:
    domain = a_domain(city, *MODULES)
    audit = propose(city, an_audit(city, domain))
    last = audit.modules[-1]
    with pytest.raises(Refused):
        adjust(city, audit, {last.id: Wish(checked=False, reason="  ")})
    audit = adjust(city, audit, {last.id: Wish(checked=False, reason="Wird gerade abgelöst")})
    assert [row.module_id for row in audit.drawn] == [row.module_id for row in audit.modules[:-1]]
    assert found(city, audit) >= {("AUD-007", Severity.WARNING)}
    [left] = set(MODULES) - {row.module_id for row in audit.modules}
    place = domain.objects[0].id if left == "SYS.1.1" else None
    for module, reason in ((left, ""), ("NET.3.2", "Firewall"), (audit.modules[0].module_id, "Doppelt")):
        with pytest.raises(Refused):
            add(city, audit, module, place, reason)
    audit = add(city, audit, left, place, "Auf Wunsch der Leitung")
    assert audit.modules[-1].grounds == ()
    assert "AUD-007" not in {rule for rule, _ in found(city, audit)}
    # What was added by hand goes without a trace; what was proposed stays with its reason.
    audit = adjust(city, audit, {audit.modules[-1].id: Wish(checked=False)})
    assert [row.checked for row in audit.modules] == [True] * 5 + [False]


def test_a_completed_audit_keeps_its_sample(city: City) -> None:
    audit = propose(city, an_audit(city, a_domain(city, *MODULES)))
    city.change(audit, done_on=today())
    with pytest.raises(Refused):
        propose(city, audit)
    with pytest.raises(Refused):
        adjust(city, audit, {})


def test_who_audits_does_not_draw(city: City) -> None:
    audit = an_audit(city, a_domain(city, *MODULES))
    with pytest.raises(Forbidden):
        propose(city, audit, Role.AUDITOR)


def test_an_internal_audit_may_be_smaller_than_the_scheme(city: City) -> None:
    row = SampledModule(module_id="ORP.1", checked=True)
    audit = an_audit(city, a_domain(city, *MODULES), kind=AuditKind.INTERNAL, modules=[row])
    assert found(city, audit) == set()


# --- Follow-up -----------------------------------------------------------------------------------


def test_the_next_follow_up_is_on_the_desk_until_everything_is_put_right(city: City) -> None:
    domain = a_domain(city)
    rows = [
        AuditFinding(text="Backup", grade=Grade.SEVERE, responsible="IT", until=date(2027, 2, 1)),
        AuditFinding(text="Logs", grade=Grade.MINOR, responsible="IT", until=date(2027, 1, 4)),
        AuditFinding(text="Plakat", grade=Grade.RECOMMENDATION, until=date(2028, 1, 4)),
    ]
    audit = an_audit(city, domain, done_on=date(2026, 11, 2), findings=rows)
    assert (audit.open_findings, audit.next_follow_up) == (2, date(2027, 1, 4))

    def due() -> Sequence[tuple[str, date]]:
        with city.site.database.reading(city.id) as session:
            query = select(AgendaItem.what, AgendaItem.day).where(AgendaItem.entry_id == audit.id)
            return [(row[0], row[1]) for row in session.execute(query)]

    assert due() == [("next_follow_up", date(2027, 1, 4))]
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        stored = session.get_one(Audit, (city.id, audit.id), options=everything(Audit))
        stored.findings[1].done_on = date(2026, 12, 1)
    assert due() == [("next_follow_up", date(2027, 2, 1))]
    assert ("AUD-003", Severity.WARNING) in found(city, audit)


def test_a_measure_in_effect_asks_for_the_finding_to_be_closed(city: City) -> None:
    measure = Measure(name="Rücksicherung üben", progress=Progress.PLANNED)
    city.save(measure)
    row = AuditFinding(
        text="Backup", grade=Grade.MINOR, responsible="IT", until=date(2027, 2, 1), measure=measure
    )
    audit = an_audit(city, a_domain(city), kind=AuditKind.INTERNAL, findings=[row])
    assert found(city, audit) == set()
    city.change(measure, progress=Progress.IMPLEMENTED)
    assert found(city, audit) == {("AUD-004", Severity.HINT)}


def test_what_is_wrong_at_an_object_does_not_count_against_the_audit_that_looked_at_it(city: City) -> None:
    domain = a_domain(city)
    row = AuditFinding(text="Backup", grade=Grade.RECOMMENDATION, target=domain.objects[0])
    audit = city.stored(an_audit(city, domain, kind=AuditKind.INTERNAL, findings=[row]))
    with city.site.database.reading(city.id) as session:
        assert findings_of(session, [domain.objects[0].id])
        assert stored_findings(session, audit) == []


# --- Readiness -----------------------------------------------------------------------------------


def test_a_coming_audit_says_what_is_missing_and_grows_louder(city: City) -> None:
    domain = a_domain(city, "CON.2", approach=Approach.BASIC)
    audit = an_audit(city, domain, kind=AuditKind.INTERNAL, planned_for=today() + timedelta(days=200))
    assert found(city, audit) == {("AUD-009", Severity.HINT), ("AUD-012", Severity.HINT)}
    city.change(audit, planned_for=today() + timedelta(days=20))
    warned = {(rule, Severity.WARNING) for rule in ("AUD-009", "AUD-012", "AUD-013")}
    assert found(city, audit) == warned
    city.change(audit, papers_on=today(), begun_on=today(), done_on=today())
    assert found(city, audit) == {("AUD-006", Severity.WARNING)}


def test_readiness_counts_what_the_database_holds(city: City) -> None:
    domain = a_domain(city, "CON.2", "ISMS.1", approach=Approach.BASIC)
    with city.site.database.reading(city.id) as session:
        assignments = {one.module_id: one for one in session.scalars(select(Assignment))}
    city.save(
        *(
            RequirementAnswer(
                domain=domain,
                assignment=assignments[requirement.module],
                requirement_id=requirement.id,
                status=status,
                answered_on=today() - timedelta(days=age),
            )
            for requirement, status, age in (
                (edition_2023().requirement("CON.2.A1"), Status.NO, 400),
                (edition_2023().requirement("ISMS.1.A1"), Status.YES, 3),
                # Not asked for under the basic approach, so it counts nowhere.
                (edition_2023().requirement("ISMS.1.A10"), Status.NO, 3),
            )
        )
    )
    with city.site.database.reading(city.id) as session:
        counted = readiness(session, domain, today())
    unexplained = tuple(one.id for one in edition_2023().modules if one.id not in ("CON.2", "ISMS.1"))
    assert counted == Readiness(unanswered=8, unmet=1, outdated=1, unexplained=unexplained)


_SOME = st.lists(st.sampled_from([one.id for one in edition_2023().modules]), unique=True, max_size=8)


@given(_SOME, st.sampled_from(list(Approach)), st.data())
def test_readiness_counts_every_requirement_once(
    modules: list[str], approach: Approach, data: st.DataObject
) -> None:
    assigned = [SimpleNamespace(id=module, module_id=module, relevant=True, reason="") for module in modules]
    answers = [
        SimpleNamespace(
            assignment_id=module,
            requirement_id=requirement.id,
            status=data.draw(st.sampled_from(list(Status))),
            adopted=None,
            answered_on=date(2026, 1, 1),
        )
        for module in modules
        for requirement in data.draw(
            st.lists(st.sampled_from(edition_2023().requirements_of(module)), unique=True, max_size=5)
        )
    ]
    counted = assess(Extent(approach), assigned, answers, date(2026, 6, 1))
    asked = {one.id for module in modules for one in applicable(Extent(approach), module)}
    given = {one.requirement_id for one in answers if one.status is not Status.OPEN}
    assert counted.unanswered == len(asked - given)
    assert len(counted.unexplained) == len(edition_2023().modules) - len(modules)
    assert counted.outdated == 0


# --- Policies ------------------------------------------------------------------------------------


def test_the_basic_approach_asks_for_no_policy_on_risk_analysis() -> None:
    assert demanded(Approach.BASIC) == (
        PolicyKind.GUIDELINE,
        PolicyKind.DOCUMENTS,
        PolicyKind.AUDITS,
        PolicyKind.CORRECTION,
    )
    assert demanded(Approach.STANDARD) == tuple(NUMBERS)


def test_a_domain_misses_its_policies_until_they_are_there(city: City) -> None:
    domain = a_domain(city)
    other = InformationDomain(name="Stadtwerke", approach=Approach.STANDARD)
    city.save(other)
    assert found(city, domain) == {("RIL-003", Severity.WARNING)}
    general = [Policy(name=kind.text.de, kind=kind) for kind in NUMBERS if kind is not PolicyKind.RISK]
    own = Policy(name="Risiko", kind=PolicyKind.RISK, domain=domain)
    city.save(*general, own)
    assert (found(city, domain), found(city, other)) == (set(), {("RIL-003", Severity.WARNING)})
    with city.site.database.reading(city.id) as session:
        everyone = session.scalars(select(Policy)).all()
    assert absent(everyone, other) == [PolicyKind.RISK]
    city.change(own, state=State.ENDED)
    assert found(city, domain) == {("RIL-003", Severity.WARNING)}


def test_a_policy_is_overdue_from_the_day_after_its_review(city: City) -> None:
    facts = {"edition": "1.0", "approved_by": "Bürgermeisterin", "approved_on": date(2025, 5, 5)}
    policy = Policy(name="Leitlinie", kind=PolicyKind.GUIDELINE, next_review=today(), **facts)
    city.save(policy)
    assert found(city, policy) == set()
    city.change(policy, next_review=today() - timedelta(days=1), edition="")
    assert found(city, policy) == {("RIL-001", Severity.WARNING), ("RIL-002", Severity.WARNING)}
