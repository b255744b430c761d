"""The security plan and the plan of action come back as they left; what is not theirs to say is named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.grundschutz.check import Given, MetBy, Origin, RequirementAnswer, Status, put
from assessments.grundschutz.controls import ControlAnswer
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal_takeover import store
from compliance.entry import everything
from compliance.errors import Refused
from compliance.people import Organisation
from compliance.web.site import Site
from exports.oscal import document, missing
from exports.oscal.comparing import preview as foresee
from registers.objects import TargetObject
from tests.assessments.grundschutz.house import ACTOR, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.test_hostile_oscal import damaged, leaves
from tests.city import demo_copy
from tests.exports.oscal.papers import paper, preview, take

MOMENT = re.compile(rb'"(last-modified|version)": "[^"]+"')
SSP, RESULTS, POAM = "system-security-plan", "assessment-results", "plan-of-action-and-milestones"


def undated(data: bytes) -> bytes:
    """*data* without the moment of the last change and the version, which every change moves."""
    return MOMENT.sub(b"", data)


def answers(house: House, change: Callable[[RequirementAnswer], object]) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        for each in session.scalars(select(RequirementAnswer).options(*everything(RequirementAnswer))):
            change(each)


def said(house: House, root: Any) -> list[str]:
    """What is named but not taken over, by its place."""
    planned = preview(house, json.dumps(root).encode())
    assert planned.obstacles == ()
    return [each.de for each in planned.remarks]


# --- The same state ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ssp", "results", "poam"])
def test_what_comes_back_into_the_same_state_changes_nothing(house: House, kind: str) -> None:
    before = {each: paper(house, each) for each in ("profile", "ssp", "results", "poam")}
    planned = take(house, before[kind])
    assert (planned.is_empty, planned.remarks, planned.obstacles) == (True, (), ())
    assert {each: paper(house, each) for each in before} == before


def test_the_plans_of_the_demo_city_come_back_unchanged(wardersund: Site) -> None:
    with wardersund.database.reading() as session:
        organisation = session.scalars(select(Organisation)).one()
    with wardersund.database.reading(organisation.id) as session:
        query = select(InformationDomain).options(*everything(InformationDomain))
        for domain in session.scalars(query.order_by(InformationDomain.number)).all()[:2]:
            for kind in {"ssp", "poam"} - {kind for kind, why in missing(session, domain).items() if why}:
                data = document(session, domain.id, organisation.name, kind)
                planned = foresee(session, domain, organisation.name, json.loads(data))
                assert (planned.is_empty, planned.remarks, planned.obstacles) == (True, (), ())


def test_the_security_plan_of_the_demo_city_brings_its_state_back(
    wardersund_template: Path, tmp_path: Path
) -> None:
    site = demo_copy(wardersund_template, tmp_path / "copy")
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation)).one()
    everybody = select(InformationDomain).options(*everything(InformationDomain))
    first = everybody.order_by(InformationDomain.number).limit(1)
    with site.database.reading(organisation.id) as session:
        domain = session.scalars(first).one()
        before = document(session, domain.id, organisation.name, "ssp")
        answered = select(RequirementAnswer).where(RequirementAnswer.domain_id == domain.id)
    with site.database.writing(organisation.id, actor=ACTOR) as session:
        # Whoever changes answers has their modules at hand.
        modules = session.scalars(select(Assignment).options(*everything(Assignment))).all()
        found = session.scalars(answered.options(*everything(RequirementAnswer))).all()
        own = [each for each in found if each.origin is None]
        for each in own[::20]:
            assert put(each, Given(Status.NO, remark="Seither."))
        assert {each.assignment_id for each in own} <= {each.id for each in modules}
    with site.database.writing(organisation.id, actor=ACTOR) as session:
        domain = session.scalars(first).one()
        planned = foresee(session, domain, organisation.name, json.loads(before))
        assert (len(planned.changed), planned.remarks) == (len(own[::20]), ())
        store(session, domain, planned)
    with site.database.reading(organisation.id) as session:
        assert undated(document(session, domain.id, organisation.name, "ssp")) == undated(before)
    site.database.engine.dispose()


# --- Another state -------------------------------------------------------------------------------

_TEXTS = st.sampled_from(["", "Neu.", "Absatz eins.\n\nAbsatz zwei.", "–", "x" * 300])
_DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
_GIVEN = st.builds(
    Given,
    st.sampled_from(Status),
    reason=_TEXTS,
    measure=_TEXTS,
    responsible=st.sampled_from(["", "Amt 11"]),
    due=_DAYS,
    remark=_TEXTS,
    evidence=st.sampled_from(["", "Akte 8"]),
    met_by=st.none() | st.sampled_from(MetBy),
    evidence_on=_DAYS,
)
_SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SLOW
@given(st.lists(_GIVEN, min_size=3, max_size=3), st.lists(_GIVEN, min_size=3, max_size=3), _GIVEN)
def test_whatever_was_answered_since_the_security_plan_brings_the_exported_state_back(
    house: House, exported: list[Given], since: list[Given], other: Given
) -> None:
    give(house, exported, other)
    before = paper(house, "ssp")
    give(house, since, exported[0])
    take(house, before)
    assert undated(paper(house, "ssp")) == undated(before)
    assert preview(house, before).is_empty


@_SLOW
@given(st.lists(_GIVEN, min_size=3, max_size=3), st.lists(_GIVEN, min_size=3, max_size=3))
def test_whatever_was_planned_since_the_plan_of_action_brings_its_measures_back(
    house: House, exported: list[Given], since: list[Given]
) -> None:
    unmet = Given(Status.NO, measure="Nachholen.")
    give(house, [unmet, *exported[1:]], unmet)
    before = paper(house, "poam")
    # What the plan says nothing about may not become unmet, or it would belong into the next one.
    stays = [one if one.status in (Status.NO, Status.PARTIAL) else None for one in (unmet, *exported[1:])]
    give(house, [new if old else None for old, new in zip(stays, since, strict=True)], since[0])
    take(house, before)
    assert undated(paper(house, "poam")) == undated(before)
    assert preview(house, before).is_empty


def give(house: House, given_each: list[Any], other: Given) -> None:
    """Answers each requirement of the Kompendium in turn, and that of the other catalogue."""
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        query = select(RequirementAnswer).options(*everything(RequirementAnswer))
        found = session.scalars(query.order_by(RequirementAnswer.requirement_id)).all()
        for each, wanted in zip(found, given_each, strict=True):
            if wanted is not None:
                put(each, wanted)
        for one in session.scalars(select(ControlAnswer).options(*everything(ControlAnswer))):
            one.status, one.reason, one.due = other.status, other.reason, other.due


def test_modules_that_are_gone_are_applied_again_with_their_answers(house: House) -> None:
    before = paper(house, "ssp")
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        given_so_far = select(RequirementAnswer).options(*everything(RequirementAnswer))
        for each in session.scalars(given_so_far).all():
            session.delete(each)
        session.flush()
        applied = select(Assignment).where(Assignment.module_id != "INF.5")
        for module in session.scalars(applied.options(*everything(Assignment))).all():
            if module.module_id == "ISMS.1":
                session.delete(module)
            else:
                module.relevant, module.reason = False, "Vorerst nicht."
    planned = take(house, before)
    assert [(each.module, each.relevant) for each in planned.modules] == [
        ("ISMS.1", True),
        ("SYS.1.1", True),
    ]
    assert planned.remarks == ()
    assert undated(paper(house, "ssp")) == undated(before)


def test_a_plan_fills_the_same_domain_of_another_installation(house: House, tmp_path: Path) -> None:
    root = json.loads(paper(house, "ssp"))
    requirements = root[SSP]["control-implementation"]["implemented-requirements"]
    root[SSP]["control-implementation"]["implemented-requirements"] = [
        each for each in requirements if not each["control-id"].startswith("K.")
    ]
    elsewhere = House(f"sqlite:///{tmp_path / 'anderswo.db'}")
    with elsewhere.database.writing(ORGANISATION, actor=ACTOR) as session:
        # Numbers differ there.
        query = select(TargetObject).where(TargetObject.number == 1).options(*everything(TargetObject))
        [server] = session.scalars(query).all()
        server.number = 17
    data = json.dumps(root).encode()
    planned = take(elsewhere, data)
    assert (len(planned.changed), len(planned.modules)) == (3, 2)
    component = f"{SSP}.system-implementation.components[1]"
    assert [each.de for each in planned.remarks] == [
        f"{component}.props[0].value (ZO-0017 Windows Server): im Dokument „ZO-0001“, hier „ZO-0017“.",
    ]
    assert preview(elsewhere, data).is_empty
    elsewhere.database.engine.dispose()


# --- What is not taken over ----------------------------------------------------------------------


def test_what_the_registers_say_otherwise_is_named_and_stays(house: House) -> None:
    root = json.loads(paper(house, "ssp"))
    system = root[SSP]["system-implementation"]
    system["components"][1]["status"]["state"] = "other"
    system["components"].append(system["components"][2] | {"uuid": "f", "title": "ZO-0009 Fremd"})
    del system["components"][3]
    root[SSP]["system-characteristics"]["description"] = "Größer."
    components = f"{SSP}.system-implementation.components"
    assert said(house, root) == [
        f"{SSP}.system-characteristics.description: im Dokument „Größer.“, hier „Kernverwaltung“.",
        f"{components}[1].status.state (ZO-0001 Windows Server): im Dokument „other“, hier „operational“.",
        f"{components}[3]: „ZO-0009 Fremd“ gibt es hier nicht.",
        f"{components}: „ZO-0003 Drucker“ kommt im Dokument nicht vor.",
    ]


def test_observations_of_another_tool_are_named(house: House) -> None:
    results, actions = json.loads(paper(house, "results")), json.loads(paper(house, "poam"))
    foreign = {"uuid": "fremd", "title": "Fund eines Scanners", "description": "Offener Port."}
    results[RESULTS]["results"][0]["observations"].append(foreign)
    actions[POAM]["observations"].append(foreign)
    assert said(house, results) == [
        f"{RESULTS}.results[0].observations[4]: stammt nicht aus dieser Anwendung."
    ]
    assert said(house, actions) == [f"{POAM}.observations[1]: „Fund eines Scanners“ gibt es hier nicht."]


def test_properties_of_another_tool_are_named_and_change_nothing(house: House) -> None:
    root = json.loads(paper(house, "ssp"))
    _answered(root)["props"].insert(0, {"name": "status", "ns": "urn:fremd", "value": "YES"})
    place = f"{SSP}.control-implementation.implemented-requirements[15].by-components[0].props[0]"
    named = "SYS.1.1.A2/ZO-0001 Windows Server"
    assert said(house, root) == [f"{place} ({named}): „urn:fremd status“ gibt es hier nicht."]
    assert preview(house, json.dumps(root).encode()).is_empty


def test_what_became_unmet_since_is_named_and_stays(house: House) -> None:
    before = paper(house, "poam")
    answers(house, lambda each: put(each, Given(Status.NO)))
    planned = take(house, before)
    assert [each.outcome.control for each in planned.changed] == ["SYS.1.1.A2"]
    assert [each.de.partition(":")[0] for each in planned.remarks] == [f"{POAM}.poam-items"] * 2
    assert len(json.loads(paper(house, "poam"))[POAM]["poam-items"]) == 3


def test_a_change_is_shown_field_by_field(house: House) -> None:
    before = paper(house, "poam")

    def postpone(each: RequirementAnswer) -> None:
        if each.requirement_id == "SYS.1.1.A2":
            each.due, each.responsible = date(2027, 1, 31), ""

    answers(house, postpone)
    [change] = preview(house, before).changed
    assert [(spec.label.de, old, new) for spec, old, new in change.parts] == [
        ("Zuständig", "", "Amt 11"),
        ("Umsetzung bis", date(2027, 1, 31), date(2026, 9, 30)),
    ]


def test_an_answer_that_follows_its_source_since_is_not_overwritten(house: House) -> None:
    before = paper(house, "ssp")

    def borrow(each: RequirementAnswer) -> None:
        if each.requirement_id == "SYS.1.1.A2":
            each.status, each.borrowed_from_id = Status.YES, each.id
            each.origin, each.source_place = Origin.GROUP, "ZO-0008 Server"

    answers(house, borrow)
    with pytest.raises(Refused, match=r"SYS.1.1.A2 bei ZO-0001 .* ist aus ZO-0008 Server übernommen"):
        take(house, before)


def test_two_names_of_one_object_are_refused(house: House) -> None:
    data = paper(house, "ssp")
    root = json.loads(data)
    server = root[SSP]["system-implementation"]["components"][1]
    twin = server | {"uuid": "zwilling", "title": "ZO-0017 Windows Server"}
    root[SSP]["system-implementation"]["components"].append(twin)
    each = _answered(root)
    each["component-uuid"] = "zwilling"
    _renamed(root, "place", "ZO-0017 Windows Server")
    with pytest.raises(Refused, match=r"„ZO-0001 Windows Server“ und „ZO-0017 .*“ sind hier dasselbe"):
        take(house, json.dumps(root).encode())


def test_a_plan_of_another_domain_is_refused(house: House) -> None:
    documents = {kind: paper(house, kind) for kind in ("ssp", "poam")}
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        objects = load_domain(session, house.domain_id).objects
        other = InformationDomain(name="Schulen", objects=list(objects))
        session.add(other)
    for data, place in (
        (documents["ssp"], f"{SSP}.system-characteristics.system-name"),
        (documents["poam"], f"{POAM}.metadata.title"),
    ):
        with pytest.raises(Refused, match=f"beschreibt „.*Kernverwaltung“ \\({place}\\), nicht IV-0002"):
            take(house, data, other.id)
    with house.database.reading(ORGANISATION) as session:
        assert session.scalars(select(Assignment).where(Assignment.domain_id == other.id)).all() == []


# --- Edited, cut, hostile ------------------------------------------------------------------------


def _in_plan(root: Any) -> Any:
    return root[SSP]["control-implementation"]["implemented-requirements"]


def _answered(root: Any) -> Any:
    """The implementation of SYS.1.1.A2 at the server, met in part."""
    [found] = (each for each in _in_plan(root) if each["control-id"] == "SYS.1.1.A2")
    return found["by-components"][0]


def _result(root: Any) -> Any:
    return root[RESULTS]["results"][0]


def _seen(root: Any, index: int) -> Any:
    return _result(root)["observations"][index]


def _finding(root: Any, control: str) -> Any:
    [found] = (each for each in _result(root)["findings"] if each["title"].startswith(f"{control} "))
    return found


def _log(root: Any) -> Any:
    return _result(root)["assessment-log"]["entries"]


def _renamed(root: Any, name: str, value: str) -> None:
    for each in _answered(root)["props"]:
        if each["name"] == name:
            each["value"] = value


@pytest.mark.parametrize(
    ("kind", "edit", "words"),
    [
        ("ssp", lambda root: root[SSP].pop("control-implementation"), "Es fehlt .*control-implementation"),
        ("ssp", lambda root: root[SSP].pop("system-characteristics"), "Es fehlt .*system-characteristics"),
        ("ssp", lambda root: _answered(root).pop("uuid"), r"by-components\[0\] fehlt die Angabe „uuid“"),
        ("ssp", lambda root: _in_plan(root).append(_in_plan(root)[0]), "kommt zweimal vor"),
        ("ssp", lambda root: _in_plan(root).clear(), "Keine Antwort des Dokuments stammt"),
        (
            "ssp",
            lambda root: _answered(root).update({"component-uuid": "fehlt"}),
            r"by-components\[0\].component-uuid verweist auf „fehlt“; das gibt es im Dokument nicht",
        ),
        (
            "ssp",
            lambda root: _renamed(root, "control", "SYS.1.1.A5"),
            "widersprechen sich: „SYS.1.1.A5“ und „SYS.1.1.A2“",
        ),
        ("ssp", lambda root: _renamed(root, "place", "ZO-0009 Fremd"), "„ZO-0009 Fremd“ und „ZO-0001"),
        ("ssp", lambda root: _renamed(root, "status", "FAST"), "steht „FAST“; bekannt sind"),
        (
            "ssp",
            lambda root: _answered(root)["implementation-status"].update(state="implemented"),
            r"implementation-status.state .* steht „implemented“; .* „partial“",
        ),
        (
            "ssp",
            lambda root: _answered(root).pop("implementation-status"),
            "müsste dort „.*partial.*“ stehen",
        ),
        (
            "ssp",
            lambda root: _answered(root).update(description="Alles gut."),
            r"by-components\[0\].description \(SYS.1.1.A2/ZO-0001 Windows Server\) steht „Alles gut.“",
        ),
        ("ssp", lambda root: root.update({RESULTS: {}}), "genau eins von"),
        ("ssp", lambda root: root.pop(SSP), "enthält weder ein Sicherheitskonzept noch"),
        ("poam", lambda root: root[POAM].pop("system-id"), "Es fehlt .*system-id"),
        ("poam", lambda root: root[POAM].pop("poam-items"), r"Zu .*observations\[0\] fehlt der Eintrag"),
        ("poam", lambda root: root[POAM].pop("risks"), r"related-risks\[0\].risk-uuid verweist auf"),
        ("poam", lambda root: root[POAM]["risks"].append(root[POAM]["risks"][0]), "kommt zweimal vor"),
        (
            "poam",
            lambda root: root[POAM]["poam-items"][0].pop("related-risks"),
            r"Es fehlt .*poam-items\[0\].related-risks",
        ),
        (
            "poam",
            lambda root: root[POAM]["risks"][0].update(deadline="2027-01-31T00:00:00Z"),
            r"risks\[0\].deadline .* steht „2027-01-31T00:00:00Z“; .* „2026-09-30T00:00:00Z“",
        ),
        (
            "poam",
            lambda root: root[POAM]["risks"][0]["remediations"][0]["props"].clear(),
            r"remediations\[0\].props \(SYS.1.1.A2/.*\) steht „–“; .* „responsible“",
        ),
        (
            "poam",
            lambda root: root[POAM]["observations"][0]["props"][0].update(value="YES"),
            r"observations\[0\].description widersprechen sich: „Umsetzungsstatus: Teilweise“ und .*Ja“",
        ),
        (
            "poam",
            lambda root: (
                root[POAM]["observations"][0]["props"][0].update(value="YES"),
                root[POAM]["observations"][0].update(description="Umsetzungsstatus: Ja"),
            ),
            r"SYS.1.1.A2 bei .*observations\[0\] ist erfüllt oder entbehrlich",
        ),
        (
            "results",
            lambda root: _seen(root, 0).update(description="Alles gut."),
            r"results\[0\].observations\[0\].description widersprechen sich: „Alles gut.“ und „",
        ),
        (
            "results",
            lambda root: _seen(root, 2).update(description=""),
            r"observations\[2\].description widersprechen sich: „–“ und „",
        ),
        (
            "results",
            lambda root: [each.pop("relevant-evidence", None) for each in _result(root)["observations"]],
            r"relevant-evidence widersprechen sich: „–“ und „Akte 7“",
        ),
        (
            "results",
            lambda root: [
                each.update(collected="2020-01-01T00:00:00Z") for each in _result(root)["observations"]
            ],
            r"collected widersprechen sich: „2020-01-01T00:00:00Z“ und „",
        ),
        (
            "results",
            lambda root: _finding(root, "SYS.1.1.A2")["target"]["status"].update(state="satisfied"),
            r"findings\[\d\].target.status.state widersprechen sich: „satisfied“ und „not-satisfied“",
        ),
        (
            "results",
            lambda root: _finding(root, "SYS.1.1.A2").update(description="Erledigt."),
            r"findings\[\d\].description widersprechen sich: „Erledigt.“ und „Nicht oder nur teilweise",
        ),
        (
            "results",
            lambda root: _log(root)[0].update(description="Baustein angewendet. Weil."),
            r"assessment-log.entries\[0\].description widersprechen sich: „Baustein angewendet. Weil.“",
        ),
        (
            "results",
            lambda root: [each.update(start="2020-01-01T00:00:00Z") for each in _log(root)],
            r"entries\[\d\].start widersprechen sich: „2020-01-01T00:00:00Z“ und „2026-03-02T",
        ),
    ],
)
def test_an_edited_plan_is_refused_with_its_place_and_nothing_is_stored(
    house: House, kind: str, edit: Callable[[Any], object], words: str
) -> None:
    root = json.loads(paper(house, kind))
    edit(root)
    answers(house, lambda each: put(each, Given(Status.UNNECESSARY, reason="Seither.")))
    before = paper(house, "results")
    with pytest.raises(Refused, match=words):
        take(house, json.dumps(root).encode())
    assert paper(house, "results") == before


_JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [..., None, 0, True, "", "x", [], {}, [[]], [{}], {"uuid": 1}]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_plan_is_understood_or_refused_in_words(house: House, data: st.DataObject) -> None:
    root = json.loads(data.draw(st.sampled_from(_documents(house))))
    trail = data.draw(st.sampled_from(list(leaves(root))))
    with house.database.reading(ORGANISATION) as session:
        try:
            domain = load_domain(session, house.domain_id)
            foresee(session, domain, "Stadt", damaged(root, trail, data.draw(_JUNK)))
        except Refused as refusal:
            said = refusal.text
            assert said.de.endswith("Es wurde nichts übernommen.")


def _documents(house: House) -> list[bytes]:
    return [paper(house, kind) for kind in ("ssp", "results", "poam")]
