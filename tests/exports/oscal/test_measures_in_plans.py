"""A plan of action tells of the measures of the register, and brings them back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.grundschutz.check import Given, RequirementAnswer, Status, put
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.oscal_measures import demand_measures
from assessments.grundschutz.risk_analysis import Occasion, Relevance, Treatment, begin, judging
from compliance.entry import State, everything
from compliance.errors import Forbidden, Refused
from exports.oscal import missing
from exports.oscal.comparing import preview as foresee
from registers.measures import Duty, Goal, Measure, MeasureKind, Priority, Progress
from registers.objects import TargetObject
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.test_hostile_oscal import damaged, leaves
from tests.exports.oscal.papers import paper, preview, take
from tests.exports.oscal.test_coming_back import answers, undated

POAM = "plan-of-action-and-milestones"
HARDEN, ORDER, ALIEN = "MA-0001 Server härten", "MA-0002 Ersatz beschaffen", "MA-0003 Anderes Haus"
_SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def planned(house: House) -> House:
    """The server is hardened once a new one is bought; a third measure is about something else."""
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        query = select(TargetObject).where(TargetObject.id == house.server_id)
        server = session.scalars(query.options(*everything(TargetObject))).one()
        harden = Measure(
            name="Server härten",
            description="Dienste abschalten.\n\nPorts schließen.",
            kind=MeasureKind.TECHNICAL,
            goals=(Goal.INTEGRITY, Goal.CONFIDENTIALITY),
            duties=(Duty.RESILIENCE,),
            progress=Progress.IN_PROGRESS,
            responsible="Amt 11, Jo Muster",
            planned_from=date(2026, 5, 4),
            planned_until=date(2026, 9, 30),
            priority=Priority.FIRST,
            staff_once=1200,
            requirements="SYS.1.1.A2, SYS.1.1.A5",
            objects=[server],
        )
        order = Measure(name="Ersatz beschaffen", planned_until=date(2026, 4, 1), budget="11.1.02")
        alien = Measure(name="Anderes Haus", requirements="APP.1.1.A2")
        session.add_all([harden, order, alien])
        session.flush()
        harden.depends_on = [order]
    return house


def measures(house: House, change: Callable[[Measure], object]) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        for each in session.scalars(select(Measure).options(*everything(Measure)).order_by(Measure.number)):
            change(each)


def rename(house: House, **values: Any) -> None:
    """Changes the first measure."""

    def change(each: Measure) -> None:
        if each.number == 1:
            for name, value in values.items():
                setattr(each, name, value)

    measures(house, change)


def root_of(house: House) -> Any:
    return json.loads(paper(house, "poam"))


def item(root: Any, title: str) -> Any:
    [found] = (each for each in root[POAM]["poam-items"] if each["title"] == title)
    return found


def remedy(root: Any) -> Any:
    return root[POAM]["risks"][0]["remediations"][1]


def props(thing: Any) -> dict[str, str]:
    return {each["name"]: each["value"] for each in thing["props"]}


# --- What leaves ---------------------------------------------------------------------------------


def test_a_measure_leaves_with_owner_days_and_progress(planned: House) -> None:
    root = root_of(planned)
    [risk] = root[POAM]["risks"]
    found = item(root, HARDEN)
    assert props(found) == {
        "registered-as": HARDEN,
        "name": "Server härten",
        "description": "Dienste abschalten. Ports schließen.",
        "kind": "TECHNICAL",
        "goals": "INTEGRITY CONFIDENTIALITY",
        "duties": "RESILIENCE",
        "progress": "IN_PROGRESS",
        "responsible": "Amt 11, Jo Muster",
        "planned-until": "2026-09-30",
        "priority": "FIRST",
        "planned-from": "2026-05-04",
        "depends-on": ORDER,
        "objects": "ZO-0001 Windows Server",
        "staff-once": "1200",
        "requirements": "SYS.1.1.A2, SYS.1.1.A5",
    }
    assert found["related-risks"] == [{"risk-uuid": risk["uuid"]}]
    assert found["related-observations"] == [{"observation-uuid": root[POAM]["observations"][0]["uuid"]}]
    response = remedy(root)
    assert (response["title"], response["lifecycle"]) == (HARDEN, "planned")
    assert props(response) == {"registered-as": HARDEN, "responsible": "Amt 11, Jo Muster"}
    assert [task["timing"] for task in response["tasks"]] == [
        {"within-date-range": {"start": "2026-05-04T00:00:00Z", "end": "2026-09-30T00:00:00Z"}}
    ]


def test_only_measures_for_this_domain_leave_and_those_for_which_they_wait(planned: House) -> None:
    titles = [each["title"] for each in root_of(planned)[POAM]["poam-items"]]
    assert titles[1:] == [HARDEN, ORDER]


def test_a_finished_measure_is_completed_and_one_that_is_given_up_is_gone(planned: House) -> None:
    rename(planned, progress=Progress.IMPLEMENTED)
    assert remedy(root_of(planned))["lifecycle"] == "completed"
    rename(planned, state=State.ENDED)
    assert [each["title"].split()[0] for each in root_of(planned)[POAM]["poam-items"]] == ["SYS.1.1.A2"]


def test_a_measure_for_other_objects_stands_for_nothing_here(planned: House) -> None:
    with planned.database.writing(ORGANISATION, actor=ACTOR) as session:
        query = select(TargetObject).where(TargetObject.id == planned.room_id)
        room = session.scalars(query.options(*everything(TargetObject))).one()
        harden = session.scalars(select(Measure).where(Measure.number == 1).options(*everything(Measure)))
        harden.one().objects = [room]
    assert len(root_of(planned)[POAM]["poam-items"]) == 1


def test_the_risks_of_an_analysis_leave_with_their_measures(planned: House) -> None:
    with planned.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, planned.domain_id)
        server = next(each for each in domain.objects if each.id == planned.server_id)
        analysis = begin(session, domain, server, [Occasion.NEED], by=ISB)
        session.flush()
        order = session.scalars(
            select(Measure).where(Measure.number == 2).options(*everything(Measure))
        ).one()
        for key, own in (("G 0.25", [order]), ("G 0.26", [])):
            with judging(session, analysis, key, by=ISB) as judged:
                judged.relevance, judged.treatment = Relevance.DIRECT, Treatment.REDUCE
                judged.treatment_reason = "Gerät ist alt."
                judged.measures = own
    answers(planned, lambda each: put(each, Given(Status.YES)))
    with planned.database.reading(ORGANISATION) as session:
        assert missing(session, load_domain(session, planned.domain_id))["poam"] is None
    root = root_of(planned)
    assert [(props(each)["risk"], each["description"]) for each in root[POAM]["risks"]] == [
        ("RA-0001/G 0.25", "Gerät ist alt."),
        ("RA-0001/G 0.26", "Gerät ist alt."),
    ]
    assert [each["title"] for each in root[POAM]["risks"][0]["remediations"]] == [ORDER]
    back = take(planned, json.dumps(root).encode())
    assert (back.is_empty, back.remarks, back.measures.unchanged) == (True, (), 1)
    measures(planned, lambda each: setattr(each, "progress", Progress.CHECKED))
    # The other risk still has no measure.
    assert [props(each)["risk"] for each in root_of(planned)[POAM]["risks"]] == ["RA-0001/G 0.26"]


# --- What comes back -----------------------------------------------------------------------------


def test_the_same_state_changes_nothing(planned: House) -> None:
    before = paper(planned, "poam")
    back = take(planned, before)
    assert (back.is_empty, back.remarks, back.measures.unchanged) == (True, (), 2)
    assert paper(planned, "poam") == before


_LINES = st.sampled_from(["", "Amt 20", "–", "x" * 200])
_TEXTS = st.sampled_from(["", "Neu.", "Absatz eins.\n\nAbsatz zwei.", "y" * 300])
_DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
_AMOUNTS = st.none() | st.integers(0, 2_147_483_647)
_VALUES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Server härten", "Server ganz neu", "N" * 200]),
        "description": _TEXTS,
        "kind": st.none() | st.sampled_from(MeasureKind),
        "goals": st.sets(st.sampled_from(Goal)).map(lambda some: tuple(g for g in Goal if g in some)),
        "progress": st.none() | st.sampled_from(Progress),
        "responsible": _LINES,
        "planned_from": _DAYS,
        "planned_until": _DAYS,
        "implemented_on": _DAYS,
        "evidence": _LINES,
        "staff_once": _AMOUNTS,
        "material_yearly": _AMOUNTS,
        "requirements": st.sampled_from(["SYS.1.1.A2", "SYS.1.1.A2, ISMS.1.A1"]),
    }
)


@_SLOW
@given(_VALUES, _VALUES, st.sampled_from(["SYS.1.1.A2", "", "APP.1.1.A2"]))
def test_whatever_was_changed_since_the_plan_brings_its_measures_back(
    planned: House, exported: dict[str, Any], since: dict[str, Any], named: str
) -> None:
    rename(planned, **exported)
    before = paper(planned, "poam")
    rename(planned, **(since | {"requirements": named}))
    take(planned, before)
    assert undated(paper(planned, "poam")) == undated(before)
    assert preview(planned, before).is_empty


def test_a_change_is_shown_field_by_field(planned: House) -> None:
    before = paper(planned, "poam")
    rename(planned, responsible="", planned_until=date(2027, 1, 31), depends_on=[])
    [change] = preview(planned, before).measures.changes
    assert [(spec.label.de, old, new) for spec, old, new in change.parts] == [
        ("Verantwortlich", "", "Amt 11, Jo Muster"),
        ("Umsetzung bis", date(2027, 1, 31), date(2026, 9, 30)),
        ("Setzt voraus", (), (ORDER,)),
    ]


def test_a_measure_that_is_new_since_is_named_and_stays(planned: House) -> None:
    before = paper(planned, "poam")
    with planned.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add(Measure(name="Später erdacht", requirements="SYS.1.1.A2"))
    back = take(planned, before)
    assert (back.is_empty, [each.de.partition(":")[0] for each in back.remarks]) == (
        True,
        [f"{POAM}.risks[0].remediations (SYS.1.1.A2/ZO-0001 Windows Server)", f"{POAM}.poam-items"],
    )
    assert len(root_of(planned)[POAM]["poam-items"]) == 4


def test_measures_are_drawn_up_in_another_installation(planned: House, tmp_path: Path) -> None:
    root = root_of(planned)
    elsewhere = House(f"sqlite:///{tmp_path / 'anderswo.db'}")
    with elsewhere.database.writing(ORGANISATION, actor=ACTOR) as session:
        # Their numbers differ there, and one of them is known by its name.
        session.add_all([Measure(name="Vorhanden"), Measure(name="Ersatz beschaffen")])
    data = json.dumps(root).encode()
    back = take(elsewhere, data)
    assert [(each.told.called, each.before is None) for each in back.measures.changes] == [
        (HARDEN, True),
        (ORDER, False),
    ]
    with elsewhere.database.reading(ORGANISATION) as session:
        query = select(Measure).options(*everything(Measure)).order_by(Measure.number)
        stored = session.scalars(query).all()
        assert [(str(each), [str(one) for one in each.depends_on]) for each in stored] == [
            ("MA-0001 Vorhanden", []),
            ("MA-0002 Ersatz beschaffen", []),
            ("MA-0003 Server härten", [ORDER]),
        ]
    assert preview(elsewhere, data).is_empty
    elsewhere.database.engine.dispose()


def test_a_measure_that_serves_nothing_here_is_drawn_up_without_a_word_against_it(planned: House) -> None:
    root = root_of(planned)
    alien = item(root, ORDER) | {"uuid": "fremd", "title": "MA-0077 Fremd"}
    alien["props"] = [
        each | {"value": {"registered-as": "MA-0077 Fremd", "name": "Fremd"}[each["name"]], "remarks": ""}
        for each in alien["props"]
        if each["name"] in ("registered-as", "name")
    ]
    alien["description"] = "MA-0077 Fremd"
    root[POAM]["poam-items"].append(alien)
    back = take(planned, json.dumps(root).encode())
    assert [(each.told.called, each.before) for each in back.measures.changes] == [("MA-0077 Fremd", None)]
    assert (back.remarks, back.obstacles) == ((), ())


def test_whoever_may_not_change_measures_brings_none_back(planned: House) -> None:
    before = paper(planned, "poam")
    rename(planned, responsible="")
    with pytest.raises(Forbidden):
        demand_measures(preview(planned, before).measures, by=AUDITOR)


# --- What is refused -----------------------------------------------------------------------------


def _said(root: Any, name: str, value: str) -> None:
    for each in item(root, HARDEN)["props"]:
        if each["name"] == name:
            each["value"] = each["remarks"] = value


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            lambda root: remedy(root).update(lifecycle="completed"),
            r"remediations\[1\].lifecycle .* steht „completed“; .* „planned“",
        ),
        (
            lambda root: remedy(root)["tasks"][0]["timing"]["within-date-range"].update(
                end="2027-01-31T00:00:00Z"
            ),
            r"within-date-range.end .* steht „2027-01-31T00:00:00Z“; .* „2026-09-30T00:00:00Z“",
        ),
        (lambda root: _said(root, "responsible", "Amt 20"), "müsste dort „Amt 20“ stehen"),
        (
            lambda root: item(root, HARDEN).update(description="Anders."),
            r"poam-items\[1\].description .*steht „Anders.“",
        ),
        (lambda root: _said(root, "progress", "FAST"), "steht „FAST“; bekannt sind: PLANNED, "),
        (lambda root: _said(root, "staff-once", "-1"), "steht „-1“, das ist keine ganze Zahl ab null"),
        (lambda root: _said(root, "staff-once", "9" * 30), "das ist keine ganze Zahl ab null"),
        (lambda root: _said(root, "planned-until", "bald"), "steht „bald“, das ist kein Datum"),
        (
            lambda root: _said(root, "responsible", "x" * 201),
            r"\(responsible\) hat 201 Zeichen; Platz ist für 200",
        ),
        (lambda root: _said(root, "objects", "ZO-0099 Fremd"), "Das Zielobjekt „ZO-0099 Fremd“, für das"),
        (lambda root: _said(root, "depends-on", "MA-0099 Fremd"), "Die Maßnahme „MA-0099 Fremd“, auf die"),
        (
            lambda root: root[POAM]["poam-items"].append(item(root, HARDEN) | {"uuid": "zwilling"}),
            f"„{HARDEN}“ kommt zweimal vor",
        ),
        (
            lambda root: (
                item(root, ORDER)["props"].__setitem__(
                    0, item(root, ORDER)["props"][0] | {"value": "MA-0009 Server härten"}
                )
                or item(root, ORDER).update(uuid="fremd")
            ),
            "sind hier dieselbe Maßnahme",
        ),
    ],
)
def test_what_is_edited_in_one_place_or_unknown_is_refused(
    planned: House, edit: Callable[[Any], object], words: str
) -> None:
    root = root_of(planned)
    edit(root)
    before = paper(planned, "poam")
    with pytest.raises(Refused, match=words):
        take(planned, json.dumps(root).encode())
    assert paper(planned, "poam") == before


def test_a_measure_that_is_ended_here_is_not_taken_up_again_by_the_way(planned: House) -> None:
    before = paper(planned, "poam")
    rename(planned, state=State.ENDED)
    with pytest.raises(Refused, match=f"Die Maßnahme „{HARDEN}“ ist hier beendet"):
        take(planned, before)


_JUNK: st.SearchStrategy[Any] = st.sampled_from([..., None, 0, True, "", "x", [], {}, [[]], [{}]])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_plan_is_understood_or_refused_in_words(planned: House, data: st.DataObject) -> None:
    root = root_of(planned)
    trail = data.draw(st.sampled_from(list(leaves(root))))
    with planned.database.reading(ORGANISATION) as session:
        domain: InformationDomain = load_domain(session, planned.domain_id)
        try:
            foresee(session, domain, "Stadt", damaged(root, trail, data.draw(_JUNK)))
        except Refused as refusal:
            said = refusal.text
            assert said.de.endswith("Es wurde nichts übernommen.")


def test_answers_are_as_long_as_their_fields(house: House) -> None:
    root = root_of(house)
    for each in root[POAM]["observations"][0]["props"]:
        if each["name"] == "responsible":
            each["remarks"] = "x" * 201
    with pytest.raises(Refused, match=r"\(responsible\) hat 201 Zeichen; Platz ist für 200"):
        take(house, json.dumps(root).encode())
    with house.database.reading(ORGANISATION) as session:
        assert {each.responsible for each in session.scalars(select(RequirementAnswer))} == {"", "Amt 11"}
