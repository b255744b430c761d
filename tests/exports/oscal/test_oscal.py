"""An information domain leaves in OSCAL, stands up to compliance-trestle, and comes back unchanged."""

from __future__ import annotations

import json
import re
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.grundschutz.check import Given, MetBy, RequirementAnswer, Status
from assessments.grundschutz.controls import ControlAnswer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.kompendium_oscal import FILE, index_source, kompendium_document
from assessments.grundschutz.library import (
    contents,
    control_catalogue,
    control_catalogues,
    exported,
    exported_profile,
    import_oscal,
)
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal import read
from assessments.grundschutz.oscal_outcomes import Outcome, observation, outcome
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.oscal_returned import read_returned
from compliance.entry import everything
from compliance.errors import Refused
from compliance.fields import tidy, tidy_line
from compliance.people import Organisation
from compliance.web.site import Site
from exports.oscal import PAPERS, document, missing
from tests.assessments.grundschutz.house import ACTOR, ORGANISATION, House, load_domain
from tests.exports.oscal.papers import paper, preview, take

CHECKOUT = Path(__file__).parents[3]
TRESTLE = CHECKOUT / ".venv-oscal" / "bin" / "python"
UUID = re.compile(r'"uuid": "([^"]+)"')


# --- Others understand it ------------------------------------------------------------------------


@pytest.mark.skipif(not TRESTLE.is_file(), reason="compliance-trestle is not installed; 'make test' does it")
def test_trestle_accepts_all_documents_of_the_demo_city(wardersund: Site, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    with wardersund.database.reading() as session:
        organisation = session.scalars(select(Organisation)).one()
    with wardersund.database.reading(organisation.id) as session:
        domain = session.scalars(select(InformationDomain).order_by(InformationDomain.number)).first()
        assert domain is not None
        for kind in PAPERS:
            data = document(session, domain.id, organisation.name, kind)
            (folder / f"{domain.designation}-oscal-{kind}.json").write_bytes(data)
        (folder / FILE).write_bytes(kompendium_document(session))
        for header in control_catalogues(session):
            (folder / header.file_name).write_bytes(exported(session, header))
    asked = json.loads((folder / "IV-0001-oscal-profile.json").read_bytes())["profile"]["imports"]
    command = [TRESTLE, Path(__file__).with_name("judged_by_trestle.py"), folder, tmp_path / "workspace"]
    run = subprocess.run(
        [*map(str, command), "IV-0001-oscal-profile.json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    said = run.stdout.splitlines()
    assert sum(line.startswith("VALID: ") for line in said) == len(list(folder.iterdir()))
    ids = {identity for one in asked for rule in one["include-controls"] for identity in rule["with-ids"]}
    assert said[-1] == f"controls: {len(ids)}"


def test_the_same_state_gives_the_same_bytes(house: House) -> None:
    for kind in PAPERS:
        assert paper(house, kind) == paper(house, kind)


def test_every_uuid_names_one_thing_and_every_reference_leads_somewhere(house: House) -> None:
    found = {kind: paper(house, kind).decode() for kind in PAPERS}
    for text in found.values():
        identities = UUID.findall(text)
        assert len(identities) == len(set(identities))
        assert {uuid.UUID(each).version for each in identities} == {5}
    plan_of = json.loads(found["ssp"])["system-security-plan"]
    components = {each["uuid"] for each in plan_of["system-implementation"]["components"]}
    subjects = re.findall(r'"(?:subject|component)-uuid": "([^"]+)"', "".join(found.values()))
    assert set(subjects) <= components
    actions = re.findall(r'"observation-uuid": "([^"]+)"', found["poam"])
    assert set(actions) <= set(UUID.findall(found["results"]))


def test_nothing_is_exported_where_there_is_nothing_to_say(tmp_path: Path) -> None:
    empty = House(f"sqlite:///{tmp_path / 'leer.db'}")
    with empty.database.reading(ORGANISATION) as session:
        said = missing(session, load_domain(session, empty.domain_id))
    for kind in PAPERS:
        with pytest.raises(Refused) as refusal:
            paper(empty, kind)
        assert said[kind] == refusal.value.text


def test_what_can_be_made_is_known_without_making_it(house: House) -> None:
    with house.database.reading(ORGANISATION) as session:
        found = missing(session, load_domain(session, house.domain_id))
    assert found == dict.fromkeys(PAPERS)


def test_what_is_met_needs_no_action_and_what_is_not_has_its_day(house: House) -> None:
    found = json.loads(paper(house, "poam"))["plan-of-action-and-milestones"]
    [risk] = found["risks"]
    assert risk["title"].startswith("SYS.1.1.A2 ")
    assert risk["deadline"] == "2026-09-30T00:00:00Z"
    assert risk["remediations"][0]["description"] == "Absatz eins.\n\nAbsatz zwei."
    assert [item["related-risks"] for item in found["poam-items"]] == [[{"risk-uuid": risk["uuid"]}]]


def test_the_kompendium_is_a_catalogue_with_everything_the_index_knows() -> None:
    found = read(index_source().root)
    assert found.counts() == {
        "groups": 121, "controls": 2125, "parameters": 0, "resources": 0, "problems": 0,
    }  # fmt: skip
    assert sum(each.withdrawn for each in found.controls) == 290
    assert found.by_id["SYS.1.1.A1"].says("level") == "B"


# --- And it comes back ---------------------------------------------------------------------------


def test_taking_back_what_was_exported_changes_nothing(house: House) -> None:
    before = {kind: paper(house, kind) for kind in PAPERS}
    planned = take(house, before["results"])
    assert (planned.is_empty, planned.unchanged) == (True, 4)
    assert {kind: paper(house, kind) for kind in PAPERS} == before


def test_results_bring_back_what_was_changed_since(house: House) -> None:
    before = paper(house, "results")
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        for each in session.scalars(select(RequirementAnswer).options(*everything(RequirementAnswer))):
            each.status, each.measure, each.met_by = Status.OPEN, "", None
        for one in session.scalars(select(ControlAnswer).options(*everything(ControlAnswer))):
            one.reason = "Anders."
    assert len(preview(house, before).changed) == 4
    take(house, before)
    again = json.loads(paper(house, "results"))
    once = json.loads(before)
    for found in (again, once):
        found["assessment-results"]["metadata"] = {}
        # Where no day is recorded, the last change stands for it.
        for entry in found["assessment-results"]["results"][0]["assessment-log"]["entries"]:
            del entry["start"]
    assert again == once


def test_results_fill_an_empty_domain_elsewhere(house: House) -> None:
    data = paper(house, "results")
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        objects = load_domain(session, house.domain_id).objects
        other = InformationDomain(name="Schulen", approach=Approach.STANDARD, objects=list(objects))
        session.add(other)
    planned = take(house, data, other.id)
    assert (len(planned.changed), len(planned.modules), len(planned.catalogues)) == (4, 3, 1)
    first, second = (
        read_returned(json.loads(data)),
        read_returned(json.loads(paper(house, "results", other.id))),
    )
    assert second.outcomes == first.outcomes
    assert sorted(map(repr, second.conversations)) == sorted(map(repr, first.conversations))
    assert preview(house, data, other.id).is_empty


def test_what_the_domain_does_not_know_is_named_and_nothing_is_taken(house: House) -> None:
    text = paper(house, "results").decode().replace("Windows Server", "Anderer Server")
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        bare = InformationDomain(name="Bäder", approach=Approach.STANDARD)
        session.add(bare)
    with pytest.raises(Refused, match=r"Das Zielobjekt „ZO-0001 Anderer Server“ gehört nicht zu"):
        take(house, text.encode(), bare.id)
    obstacles = {each.de for each in preview(house, text.encode(), bare.id).obstacles}
    assert obstacles == {
        "Das Zielobjekt „ZO-0001 Anderer Server“ gehört nicht zu IV-0002 Bäder, oder mehrere heißen so.",
        "Das Zielobjekt „ZO-0002 Serverraum“ gehört nicht zu IV-0002 Bäder, oder mehrere heißen so.",
    }
    with house.database.reading(ORGANISATION) as session:
        assert session.scalars(select(Assignment).where(Assignment.domain_id == bare.id)).all() == []


def altered(data: bytes, change: Callable[[Any], None]) -> Any:
    root = json.loads(data)
    change(root["assessment-results"]["results"][0]["observations"])
    return root


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda seen: seen.append(seen[0]),
            r"kommt zweimal vor: .*observations\[0\] und .*observations\[4\]",
        ),
        (lambda seen: seen[0].pop("uuid"), r"Bei assessment-results.results\[0\].observations\[0\] fehlt"),
        (
            lambda seen: seen[0]["props"][0].update(value="VIELLEICHT"),
            r"observations\[0\] steht „VIELLEICHT“",
        ),
        (
            lambda seen: seen[1]["props"].append({**seen[1]["props"][0]}),
            r"„status“ steht bei .*\[1\] zweimal",
        ),
        (lambda seen: seen.clear(), r"Keine Antwort des Dokuments stammt aus dieser Anwendung"),
        (
            lambda seen: next(p for p in seen[2]["props"] if p["name"] == "due").update(value="2026-02-31"),
            r"steht „2026-02-31“, das ist kein Datum",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    house: House, change: Callable[[Any], None], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        read_returned(altered(paper(house, "results"), change))


def test_a_profile_comes_back_byte_for_byte_and_chooses_the_same(house: House) -> None:
    data = paper(house, "profile")
    result = import_oscal(house.database, Source("IV-0001-oscal-profile.json", data), actor=ACTOR)
    with house.database.reading(ORGANISATION) as session:
        header = control_catalogue(session, result.short)
        assert exported_profile(session, header) == data
        chosen = [each.id for each in contents(session, header).controls]
    imports = json.loads(data)["profile"]["imports"]
    asked = [each for one in imports for rule in one["include-controls"] for each in rule["with-ids"]]
    assert sorted(chosen) == sorted(asked)
    assert result.problems == ()
    assert not import_oscal(house.database, Source("kopie.json", data), actor=ACTOR).changed


_TEXTS = st.text(max_size=400).map(tidy)
_LINES = st.text(max_size=120).map(tidy_line)
_NAMES = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20).map(tidy_line)
_OUTCOMES = st.builds(
    Outcome,
    control=_NAMES,
    given=st.builds(
        Given,
        st.sampled_from(Status),
        reason=_TEXTS,
        measure=_TEXTS,
        responsible=_LINES,
        due=st.none() | st.dates(),
        remark=_TEXTS,
        evidence=_LINES,
        met_by=st.none() | st.sampled_from(MetBy),
    ),
    module=st.just("") | _NAMES,
    place=st.just("") | _NAMES,
    catalogue=st.just("") | _NAMES,
    key=st.just("") | _NAMES,
    wording=st.just("") | _NAMES,
    adopted=st.booleans(),
    answered_on=st.none() | st.dates(),
)


@given(_OUTCOMES)
def test_an_observation_is_read_as_it_was_written(found: Outcome) -> None:
    subject = {"subject-uuid": str(uuid.UUID(int=1)), "type": "component", "title": "Server"}
    written_down = observation(found, str(uuid.UUID(int=2)), subject, "UNKNOWN", "2026-03-02T00:00:00Z")
    assert outcome(json.loads(json.dumps(written_down)), "x") == found


def test_observations_of_other_tools_are_left_alone() -> None:
    assert outcome({"uuid": "1", "props": [{"name": "status", "value": "YES"}]}, "x") is None
