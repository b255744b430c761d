"""Needs are inherited in the same transaction, explained, proposed by activities and decided by the ISB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from assessments.grundschutz.dependencies import reached
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.object_rules import RULES
from assessments.grundschutz.proposed_needs import Standing, decide, proposals, standing
from assessments.grundschutz.protection import NEEDED, needed, rated, settle_all_needs, survey
from compliance.entry import Entry, everything
from compliance.errors import Refused
from compliance.findings import findings_of
from compliance.journal import history
from compliance.people import Role
from compliance.rules import Severity
from registers.need_categories import NeedCategory, proposed_category
from registers.objects import ObjectStatus, TargetObject
from registers.processing import DataCategory, ProcessingActivity, RiskToPersons
from registers.protection import DamageRating, Effect, NeedAdjustment, ProtectionNeed, Scenario, SecurityValue
from tests.city import City, found_city

NORMAL, HIGH, VERY_HIGH = ProtectionNeed
CONFIDENTIALITY, INTEGRITY, AVAILABILITY = SecurityValue
_C_HIGH = {"needed_c": HIGH}


def an_object(city: City, name: str, *on: TargetObject, **facts: Any) -> TargetObject:
    target = TargetObject(name=name, status=ObjectStatus.OPERATION, depends_on=list(on), **facts)
    city.save(target)
    return target


def needs(city: City, target: TargetObject) -> tuple[ProtectionNeed | None, ...]:
    stored = city.stored(target)
    return tuple(needed(stored, value) for value in SecurityValue)


def says(city: City, target: TargetObject, language: str = "de") -> list[str]:
    with city.site.database.reading(city.id) as session:
        (found,) = rated(session, city.id, [target.id])
        return [origin.says[language] for origin in found.origins]


def found(city: City, entry: Entry) -> set[tuple[str, Severity]]:
    with city.site.database.reading(city.id) as session:
        stored = findings_of(session, [entry.id])
    return {(one.rule, one.severity) for one in stored if one.rule.startswith(("SBF", "XGS-00"))}


def a_chain(city: City) -> tuple[TargetObject, TargetObject, TargetObject]:
    room = an_object(city, "Serverraum")
    server = an_object(city, "Server", room)
    rating = DamageRating(
        scenario=Scenario.SELF_DETERMINATION, confidentiality=HIGH, reason="Sozialdaten der Familien"
    )
    application = an_object(city, "Wohngeld", server, damages=[rating], availability=NORMAL)
    return application, server, room


def test_what_an_application_needs_reaches_the_room_at_once(city: City) -> None:
    application, server, room = a_chain(city)
    assert [needs(city, each) for each in (application, server, room)] == [(HIGH, None, NORMAL)] * 3
    assert city.stored(room).needed is HIGH
    city.change(application, damages=[])
    assert needs(city, room) == (None, None, NORMAL)


def test_the_room_needs_no_more_once_nothing_depends_on_it(city: City) -> None:
    application, server, room = a_chain(city)
    city.change(server, depends_on=[])
    assert (needs(city, server), needs(city, room)) == ((HIGH, None, NORMAL), (None, None, None))
    city.change(application, status=ObjectStatus.RETIRED)
    assert needs(city, server) == (None, None, None)


def test_a_row_that_changes_alone_counts(city: City) -> None:
    application, _server, room = a_chain(city)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        stored = session.get_one(TargetObject, (city.id, application.id), options=everything(TargetObject))
        stored.damages[0].confidentiality = VERY_HIGH
    assert needs(city, room) == (VERY_HIGH, None, NORMAL)


def test_inheriting_leaves_no_version_and_no_record_behind(city: City) -> None:
    application, _server, room = a_chain(city)
    before = city.stored(room)
    city.change(application, availability=HIGH)
    after = city.stored(room)
    assert (after.needed_a, after.version, after.changed_at) == (HIGH, before.version, before.changed_at)
    with city.site.database.reading(city.id) as session:
        assert [change.action for change in history(session, after)] == ["create"]


def test_what_was_stored_before_needs_were_inherited_is_settled_once(city: City) -> None:
    chain = a_chain(city)
    table = cast("Table", TargetObject.__table__)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        session.execute(update(table).values(needed=None, needed_c=None, needed_a=None))
    before = [needs(city, each) for each in chain]
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        settle_all_needs(session, city.id)
    assert before == [(None, None, None)] * 3
    assert [needs(city, each) for each in chain] == [(HIGH, None, NORMAL)] * 3


def test_an_object_in_the_session_shows_what_was_settled(city: City) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        server = TargetObject(name="Server")
        application = TargetObject(name="Wohngeld", depends_on=[server], integrity=HIGH)
        session.add_all([server, application])
        session.flush()
        assert [server.needed_i, application.needed_i] == [HIGH, HIGH]


def test_each_need_says_where_it_comes_from(city: City) -> None:
    application, server, room = a_chain(city)
    reason = "Beeinträchtigung des informationellen Selbstbestimmungsrechts (Sozialdaten der Familien)"
    assert says(city, application) == [
        f"Hoch, für dieses Objekt selbst: {reason}",
        "Nicht bestimmt",
        "Normal, für dieses Objekt selbst",
    ]
    assert says(city, room)[0] == f"Hoch, geerbt von ZO-0003 Wohngeld über ZO-0002 Server: {reason}"
    adjusted = NeedAdjustment(
        value=CONFIDENTIALITY, effect=Effect.DISTRIBUTION, need=NORMAL, reason="Nur verschlüsselt"
    )
    raised = NeedAdjustment(
        value=AVAILABILITY, effect=Effect.CUMULATION, need=VERY_HIGH, reason="Alles läuft hier"
    )
    city.change(server, adjustments=[adjusted, raised])
    assert says(city, server) == [
        "Normal durch Verteilung, sonst Hoch von ZO-0003 Wohngeld: Nur verschlüsselt",
        "Nicht bestimmt",
        "Sehr hoch durch Kumulation: Alles läuft hier",
    ]
    assert says(city, room, "en")[2] == "Very high, inherited from ZO-0002 Server: Alles läuft hier"


def test_a_lowering_without_a_reason_lowers_nothing(city: City) -> None:
    _application, server, _room = a_chain(city)
    adjusted = NeedAdjustment(value=CONFIDENTIALITY, effect=Effect.DISTRIBUTION, need=NORMAL)
    city.change(server, adjustments=[adjusted])
    assert needs(city, server) == (HIGH, None, NORMAL)
    assert found(city, server) == {("SBF-002", Severity.ERROR)}


def test_a_circle_is_reported_and_shares_its_need(city: City) -> None:
    application, server, room = a_chain(city)
    city.change(room, depends_on=[city.stored(application)])
    circle = "ZO-0001, ZO-0002, ZO-0003"
    assert [city.stored(each).mutual_dependencies for each in (application, server, room)] == [circle] * 3
    assert {("SBF-004", Severity.WARNING)} <= found(city, server)
    city.change(room, depends_on=[])
    assert city.stored(server).mutual_dependencies == ""
    assert found(city, server) == set()


def test_the_neighbour_inherits_nothing(city: City) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    a_chain(city)
    theirs = an_object(neighbour, "Server")
    assert needs(neighbour, theirs) == (None, None, None)
    with neighbour.site.database.reading(neighbour.id) as session:
        assert list(survey(session, neighbour.id).objects) == [1]


_COUNT = 6
_SOME = st.integers(0, _COUNT - 1)
_NEEDS = st.sampled_from([None, *ProtectionNeed])
_ADJUSTED = st.builds(
    NeedAdjustment,
    value=st.just(CONFIDENTIALITY),
    effect=st.sampled_from(Effect),
    need=_NEEDS,
    reason=st.sampled_from(["", "Zwei Standorte"]),
)
_FACTS = st.fixed_dictionaries(
    {"depends_on": st.lists(_SOME, max_size=3, unique=True)},
    optional={
        "confidentiality": _NEEDS,
        "availability": _NEEDS,
        "status": st.sampled_from([ObjectStatus.OPERATION, ObjectStatus.RETIRED]),
        "adjustments": st.lists(_ADJUSTED, max_size=2),
        "damages": st.lists(st.builds(DamageRating, confidentiality=_NEEDS), max_size=1),
    },
)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(_SOME, _FACTS, min_size=1), min_size=2, max_size=4))
def test_settling_what_a_change_concerns_leaves_nothing_else_to_settle(
    city: City, changes: list[dict[int, dict[str, Any]]]
) -> None:
    made = [TargetObject(name=f"Objekt {number}") for number in range(_COUNT)]
    city.save(*made)
    for change in changes:
        with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
            stored = whole(session, made)
            for number, facts in change.items():
                ties = [stored[each] for each in facts["depends_on"]]
                for name, value in (facts | {"depends_on": ties}).items():
                    setattr(stored[number], name, value)
        assert left_to_settle(city) == {}
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        first, *others = whole(session, made)
        for other in others:
            other.depends_on = [each for each in other.depends_on if each is not first]
        session.delete(first)
    assert left_to_settle(city) == {}


def whole(session: Session, made: Sequence[TargetObject]) -> Sequence[TargetObject]:
    query = select(TargetObject).where(TargetObject.id.in_([each.id for each in made]))
    return session.scalars(query.order_by(TargetObject.number).options(*everything(TargetObject))).all()


def left_to_settle(city: City) -> Mapping[Any, Any]:
    with city.site.database.reading(city.id) as session:
        return survey(session, city.id).changed()


def test_what_depends_on_much_is_not_looked_at_one_by_one(city: City) -> None:
    application, server, room = a_chain(city)
    with city.site.database.reading(city.id) as session:
        assert reached(session, city.id, [server.id], at_most=2) == frozenset((server.id, room.id))
        assert reached(session, city.id, [application.id], at_most=2) is None


def test_what_is_not_determined_is_asked_for_in_a_domain_that_knows_needs(city: City) -> None:
    server = an_object(city, "Server", confidentiality=NORMAL, integrity=NORMAL)
    assert found(city, server) == set()
    domain = InformationDomain(name="Kern", approach=Approach.BASIC, objects=[server])
    city.save(domain)
    assert found(city, server) == set()
    city.change(domain, approach=Approach.STANDARD)
    assert found(city, server) == {("SBF-001", Severity.WARNING)}
    an_object(city, "Wohngeld", city.stored(server), availability=NORMAL)
    assert found(city, server) == set()


def test_inheriting_protects_special_data_on_a_server_without_a_need_of_its_own(city: City) -> None:
    server = an_object(city, "Server", confidentiality=NORMAL, integrity=NORMAL, availability=NORMAL)
    city.save(
        ProcessingActivity(
            name="Hilfen", objects=[server], data=[DataCategory(text="Diagnosen", special=True)]
        )
    )
    assert found(city, server) == {("XGS-002", Severity.WARNING)}
    application = an_object(city, "Wohngeld", city.stored(server), confidentiality=HIGH, need_reason="Daten")
    assert found(city, server) == set()
    city.change(application, confidentiality=NORMAL)
    assert found(city, server) == {("XGS-002", Severity.WARNING)}


def proposed(city: City, target: TargetObject) -> tuple[list[str], Standing]:
    with city.site.database.reading(city.id) as session:
        made = proposals(session, [target.id])[target.id]
    return [each.why.de for each in made], standing(city.stored(target), made)


def the_isb_decides(
    city: City, target: TargetObject, reason: str = "", chosen: Mapping[str, ProtectionNeed] = _C_HIGH
) -> None:
    values = {value: chosen[name] for value, name in NEEDED.items() if name in chosen}
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        stored = session.get_one(TargetObject, (city.id, target.id), options=everything(TargetObject))
        made = proposals(session, [target.id])[target.id]
        decide(stored, values, reason, made, by=city.identity(Role.ISB))


def test_the_isb_confirms_what_an_activity_proposes(city: City) -> None:
    target = an_object(city, "Fachverfahren")
    data = [DataCategory(text="Diagnosen", special=True)]
    city.save(ProcessingActivity(name="Hilfen", objects=[target], data=data))
    why = "Daten nach Art. 9 oder 10 DSGVO oder unter einem Geheimnis"
    assert proposed(city, target) == ([why], Standing.OPEN)
    assert found(city, target) == {("SBF-003", Severity.WARNING)}
    the_isb_decides(city, target)
    assert proposed(city, target)[1] is Standing.CONFIRMED
    (rating,) = city.stored(target).damages
    assert (rating.scenario, rating.confidentiality) == (Scenario.SELF_DETERMINATION, HIGH)
    assert rating.reason == f"VT-0001 Hilfen: {why}"
    assert found(city, target) == set()


def test_the_isb_deviates_with_a_reason_and_a_warning_remains(city: City) -> None:
    target = an_object(city, "Fachverfahren")
    city.save(ProcessingActivity(name="Hilfen", objects=[target], risk=RiskToPersons.HIGH))
    everywhere = dict.fromkeys(NEEDED.values(), NORMAL)
    with pytest.raises(Refused):
        the_isb_decides(city, target, chosen=everywhere)
    with pytest.raises(Refused):
        the_isb_decides(city, target, "Nur Termine", {"needed_c": NORMAL})
    the_isb_decides(city, target, "Nur Termine", everywhere)
    assert proposed(city, target)[1] is Standing.DEVIATES
    assert found(city, target) == {("XGS-001", Severity.WARNING)}
    the_isb_decides(city, target, "Nur Termine", everywhere | {"needed_a": HIGH})
    assert len(city.stored(target).damages) == 1
    assert found(city, target) == set()


def test_a_need_that_is_high_anyway_covers_a_proposal(city: City) -> None:
    target = an_object(city, "Fachverfahren", confidentiality=HIGH, need_reason="Personalakten")
    data = [DataCategory(text="Diagnosen", special=True)]
    city.save(ProcessingActivity(name="Hilfen", objects=[target], data=data))
    assert proposed(city, target)[1] is Standing.COVERED
    assert found(city, target) == set()


def test_a_domain_asks_for_categories_until_every_scenario_has_one(city: City) -> None:
    domain = InformationDomain(name="Kern", approach=Approach.STANDARD)
    city.save(domain)
    assert found(city, domain) == {("SBF-006", Severity.WARNING)}
    categories = [proposed_category(scenario, "de") for scenario in Scenario]
    city.save(*categories)
    assert found(city, domain) == set()
    assert {type(each) for each in categories} == {NeedCategory}
    city.change(domain, approach=Approach.BASIC)
    assert found(city, domain) == set()


def test_every_rule_about_needs_belongs_to_the_book() -> None:
    names = [rule.id for rule in RULES if rule.id.startswith("SBF")]
    assert names == [f"SBF-00{number}" for number in range(1, 6)]
