"""What data protection knows of a target object reaches the protection need and the modelling."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from assessments.grundschutz.check import Given, Status, answer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.erasure_rules import BACKUP, ERASURE, LOGGING
from assessments.grundschutz.erasure_rules import RULES as ERASING
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import Assignment, assign, load_assignment
from assessments.grundschutz.modelling_rules import DATA_PROTECTION, OUTSIDE
from assessments.grundschutz.modelling_rules import RULES as MODELLING
from assessments.grundschutz.object_rules import RULES as OBJECTS
from assessments.grundschutz.risk_analysis import RiskAnalysis
from compliance.agenda import Desk, Matter, items, label_of
from compliance.app import ALL_RULES
from compliance.entry import Entry, State, everything
from compliance.fields import Span, TimeUnit
from compliance.findings import findings_of
from compliance.people import Role
from compliance.rules import Rule, Severity
from registers.objects import ObjectStatus, ProtectionNeed, TargetObject
from registers.processing import DataCategory, ProcessingActivity, RiskToPersons, Secrecy, Stage
from registers.processors import Processor
from registers.protection import DamageRating, Scenario
from registers.retention import ErasureStep, ErasureWay, RetentionRule
from tests.city import City

NORMAL = dict.fromkeys(("confidentiality", "integrity", "availability"), ProtectionNeed.NORMAL)


def found(city: City, entry: Entry) -> set[tuple[str, Severity]]:
    """The objections of these rules to *entry*."""
    with city.site.database.reading(city.id) as session:
        stored = findings_of(session, [entry.id])
    return {(one.rule, one.severity) for one in stored if one.rule.startswith("XGS")}


def a_system(city: City, **facts: Any) -> TargetObject:
    target = TargetObject(name="Fachverfahren", status=ObjectStatus.OPERATION, **NORMAL | facts)
    city.save(target)
    return target


def an_activity(city: City, *objects: TargetObject, **facts: Any) -> ProcessingActivity:
    activity = ProcessingActivity(name="Hilfen", objects=list(objects), **facts)
    city.save(activity)
    return activity


def modelled(city: City, *objects: TargetObject, **facts: Any) -> InformationDomain:
    domain = InformationDomain(name="Kernverwaltung", objects=list(objects), **facts)
    city.save(domain)
    return domain


def apply(city: City, domain: InformationDomain, module: str, target: TargetObject | None = None) -> None:
    place = (target.id if target else None, module)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        options = everything(InformationDomain)
        stored = session.get_one(InformationDomain, (city.id, domain.id), options=options)
        assign(session, stored, [place], by=city.identity(Role.ISB))


@pytest.mark.parametrize("rule", [*OBJECTS, *MODELLING, *ERASING], ids=lambda rule: rule.id)
def test_a_rule_hits_its_bad_example_and_leaves_its_good_one_alone(rule: Rule[Any]) -> None:
    bad, good = rule.breaks(), rule.keeps()
    assert [rule.said(hit.words)["de"].count("{") for hit in rule.check(bad.entry, bad.situation)] == [0]
    assert list(rule.check(good.entry, good.situation)) == []


def test_every_link_between_data_protection_and_information_security_is_watched() -> None:
    assert {f"XGS-{number:03}" for number in range(1, 11)} <= {rule.id for rule in ALL_RULES}


_NAMED = (DATA_PROTECTION, *OUTSIDE, BACKUP, ERASURE, LOGGING)


def test_the_modules_that_the_rules_name_exist() -> None:
    assert [edition_2023().module(each).id for each in _NAMED] == list(_NAMED)


def test_a_high_risk_to_persons_asks_for_a_high_need_until_it_is_rated_so(city: City) -> None:
    system = a_system(city)
    assert found(city, system) == set()
    activity = an_activity(city, system, risk=RiskToPersons.HIGH)
    assert found(city, system) == {("XGS-001", Severity.ERROR)}
    city.change(system, integrity=ProtectionNeed.HIGH)
    assert found(city, system) == set()
    city.change(system, integrity=ProtectionNeed.NORMAL, need_reason="Nur Terminlisten.")
    assert found(city, system) == {("XGS-001", Severity.WARNING)}
    city.change(activity, stage=Stage.RETIRED)
    assert found(city, system) == set()


def test_a_need_that_nobody_has_determined_is_not_too_low(city: City) -> None:
    system = a_system(city, availability=None)
    an_activity(city, system, risk=RiskToPersons.HIGH)
    assert found(city, system) == set()


@pytest.mark.parametrize(
    "facts",
    [
        {"secrecy": (Secrecy.SOCIAL,)},
        {"kind": {"special": True}},
        {"kind": {"criminal": True}},
    ],
    ids=["secrecy", "special", "criminal"],
)
def test_protected_data_on_a_normal_system_need_a_reason(city: City, facts: dict[str, Any]) -> None:
    system = a_system(city)
    # Rows belong to one entry, so every run needs its own.
    rows = [DataCategory(text="Angaben", **facts["kind"])] if "kind" in facts else []
    an_activity(city, system, data=rows, secrecy=facts.get("secrecy", ()))
    assert found(city, system) == {("XGS-002", Severity.WARNING)}
    city.change(system, need_reason="Nur Schlüsselnummern.")
    assert found(city, system) == {("XGS-002", Severity.HINT)}
    city.change(system, confidentiality=ProtectionNeed.HIGH)
    assert found(city, system) == set()


def test_a_reason_for_one_activity_does_not_hide_the_next(city: City) -> None:
    system = a_system(city, need_reason="Nur Schlüsselnummern.")
    an_activity(city, system, data=[DataCategory(text="Atteste", special=True)])
    an_activity(city, system, data=[DataCategory(text="Diagnosen", special=True)])
    with city.site.database.reading(city.id) as session:
        (found_there,) = findings_of(session, [system.id])
    assert (found_there.severity, found_there.words) == (Severity.HINT, {"what": "VT-0001, VT-0002"})


def test_the_proposal_lies_on_the_desk_of_the_isb_until_it_is_decided(city: City) -> None:
    system = a_system(city)
    modelled(city, system)
    activity = an_activity(city, system, data=[DataCategory(text="Diagnosen", special=True)])
    assert on_the_desk(city) == [
        ("ZO-0001", "Vorschlag des Datenschutzes zum Schutzbedarf bestätigen oder begründet abweichen")
    ]
    rating = DamageRating(
        scenario=Scenario.SELF_DETERMINATION, confidentiality=ProtectionNeed.NORMAL, reason="Verschlüsselt"
    )
    city.change(system, damages=[rating])
    assert on_the_desk(city) == []
    assert found(city, system) == {("XGS-002", Severity.HINT)}
    city.change(system, damages=[], confidentiality=None)
    assert len(on_the_desk(city)) == 1
    city.change(activity, stage=Stage.RETIRED)
    assert on_the_desk(city) == []


def on_the_desk(city: City) -> list[tuple[str, str]]:
    """What of the target objects waits for the ISB."""
    with city.site.database.reading(city.id) as session:
        desk = Desk(city.identity(Role.ISB), city.site.registers)
        waiting = items(session, desk.of(Matter.REVIEW), limit=9)
        return [
            (TargetObject.designate(item.number), label_of(item, TargetObject).de)
            for item in waiting
            if item.register == TargetObject.slug
        ]


def test_data_that_become_special_are_noticed_at_once(city: City) -> None:
    system = a_system(city)
    activity = an_activity(city, system, data=[DataCategory(text="Anmeldungen")])
    assert found(city, system) == set()
    city.change(activity, data=[DataCategory(text="Anmeldungen mit Attest", special=True)])
    assert found(city, system) == {("XGS-002", Severity.WARNING)}


def test_the_basic_approach_leaves_a_hint(city: City) -> None:
    system = a_system(city)
    an_activity(city, system, risk=RiskToPersons.HIGH)
    domain = modelled(city, system, approach=Approach.BASIC)
    assert found(city, system) == {("XGS-001", Severity.HINT), ("XGS-003", Severity.HINT)}
    city.change(domain, approach=Approach.STANDARD)
    assert found(city, system) == {("XGS-001", Severity.ERROR), ("XGS-003", Severity.WARNING)}


def test_a_raised_need_asks_for_a_risk_analysis_until_there_is_one(city: City) -> None:
    system = a_system(city, need_reason="Mit Begründung")
    domain = modelled(city, system)
    assert found(city, system) == set()
    city.change(system, availability=ProtectionNeed.VERY_HIGH)
    assert found(city, system) == {("XGS-003", Severity.WARNING)}
    analysis = RiskAnalysis(name="Server", domain=domain, target=system)
    city.save(analysis)
    assert found(city, system) == set()
    city.change(analysis, state=State.ENDED)
    assert found(city, system) == {("XGS-003", Severity.WARNING)}


def test_an_inherited_need_asks_for_a_risk_analysis_like_one_of_its_own(city: City) -> None:
    system = a_system(city, need_reason="Mit Begründung")
    modelled(city, system)
    assert found(city, system) == set()
    application = TargetObject(name="Wohngeld", availability=ProtectionNeed.HIGH, depends_on=[system])
    city.save(application)
    assert found(city, system) == {("XGS-003", Severity.WARNING)}
    city.change(application, status=ObjectStatus.RETIRED)
    assert found(city, system) == set()


def test_a_domain_with_personal_data_needs_the_module_data_protection(city: City) -> None:
    system = a_system(city, personal_data=True)
    domain = modelled(city, system)
    assert found(city, domain) == set()
    apply(city, domain, "ORP.4")
    assert found(city, domain) == {("XGS-004", Severity.WARNING)}
    city.change(system, personal_data=False)
    assert found(city, domain) == set()
    city.change(system, personal_data=True)
    apply(city, domain, "CON.2")
    assert found(city, domain) == set()


def test_who_serves_a_domain_is_modelled_and_what_is_modelled_as_service_has_a_provider(city: City) -> None:
    system = a_system(city, personal_data=True)
    provider = Processor(name="Küstenrechenzentrum AöR")
    city.save(provider)
    domain = modelled(city, system)
    apply(city, domain, "CON.2")
    city.change(system, provider=provider)
    assert found(city, domain) == {("XGS-007", Severity.WARNING)}
    apply(city, domain, "OPS.2.3", system)
    assert found(city, domain) == set()
    city.change(system, provider=None)
    assert found(city, domain) == {("XGS-008", Severity.WARNING)}


def test_a_service_of_the_whole_domain_may_have_its_provider_there(city: City) -> None:
    provider = Processor(name="Wolkenwerk GmbH")
    city.save(provider)
    domain = modelled(city, a_system(city, personal_data=True))
    apply(city, domain, "CON.2")
    apply(city, domain, "OPS.2.2")
    assert found(city, domain) == {("XGS-008", Severity.WARNING)}
    city.change(domain, providers=[provider])
    assert found(city, domain) == set()


def erasing(city: City, *objects: TargetObject, **facts: Any) -> ProcessingActivity:
    """An activity whose data are erased by a rule."""
    return an_activity(
        city, *objects, data=[DataCategory(text="Anträge", period=Span(5, TimeUnit.Y))], **facts
    )


def test_rules_of_erasure_need_backup_and_erasure_in_the_check(city: City) -> None:
    system = a_system(city, personal_data=True)
    domain = modelled(city, system)
    apply(city, domain, "CON.2")
    assert found(city, domain) == set()
    activity = erasing(city, system)
    # Neither module is applied yet.
    assert found(city, domain) == {("XGS-005", Severity.WARNING)}
    apply(city, domain, "CON.3")
    apply(city, domain, "CON.6")
    assert found(city, domain) == set()
    check(city, domain, "CON.6.A1", Status.PARTIAL)
    assert found(city, domain) == {("XGS-005", Severity.WARNING)}
    check(city, domain, "CON.6.A1", Status.UNNECESSARY)
    assert found(city, domain) == set()
    check(city, domain, "CON.3.A5", Status.NO)
    assert found(city, domain) == {("XGS-005", Severity.WARNING)}
    city.change(activity, stage=Stage.RETIRED)
    assert found(city, domain) == set()


def test_a_rule_of_erasure_that_is_added_later_counts_at_once(city: City) -> None:
    system = a_system(city, personal_data=True)
    domain = modelled(city, system)
    for module in ("CON.2", "CON.3"):
        apply(city, domain, module)
    activity = an_activity(city, system, data=[DataCategory(text="Anträge")])
    assert found(city, domain) == set()
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        options = everything(ProcessingActivity)
        stored = session.get_one(ProcessingActivity, (city.id, activity.id), options=options)
        stored.data[0].period = Span(5, TimeUnit.Y)
    assert found(city, domain) == {("XGS-005", Severity.WARNING)}


def test_logs_with_personal_data_need_a_rule_of_erasure(city: City) -> None:
    system = a_system(city, personal_data=True)
    other = a_system(city, personal_data=True)
    domain = modelled(city, system)
    for module in ("CON.2", "OPS.1.1.5"):
        apply(city, domain, module)
    assert found(city, domain) == {("XGS-009", Severity.WARNING)}
    elsewhere = RetentionRule(name="Protokolle", steps=[ErasureStep(way=ErasureWay.LOG, system=other)])
    city.save(elsewhere)
    assert found(city, domain) == {("XGS-009", Severity.WARNING)}
    everywhere = RetentionRule(name="Alle Protokolle", steps=[ErasureStep(way=ErasureWay.LOG)])
    city.save(everywhere)
    assert found(city, domain) == set()
    city.change(everywhere, state=State.ENDED)
    assert found(city, domain) == {("XGS-009", Severity.WARNING)}
    city.change(system, personal_data=False)
    assert found(city, domain) == set()


def check(city: City, domain: InformationDomain, requirement: str, status: Status) -> None:
    """Answers *requirement* for the domain as a whole."""
    reason = "Anders geregelt." if status is Status.UNNECESSARY else ""
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        module = requirement.rpartition(".A")[0]
        query = select(Assignment.id).where(Assignment.domain_id == domain.id, Assignment.module_id == module)
        assignment = load_assignment(session, session.scalars(query).one())
        answer(session, assignment, requirement, Given(status, reason=reason), by=city.identity(Role.ISB))
