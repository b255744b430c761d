"""Who keeps the objects of one unit answers the check for them, whoever keeps the domain."""

from __future__ import annotations

from uuid import UUID

import pytest

from assessments.grundschutz.check import Status, check_sheet
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import Assignment, load_assignment
from compliance.people import Role
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City, add_person


def _server(city: City, unit: str) -> TargetObject:
    return TargetObject(
        name=f"Server {unit}", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, unit=city.units[unit]
    )


@pytest.fixture
def checks(city: City, request: pytest.FixtureRequest) -> dict[str, str]:
    """The pages of SYS.1.1 at a server of each unit and of ORP.1, in a domain of the unit that is named."""
    servers = {unit: _server(city, unit) for unit in ("department", "other")}
    domain = InformationDomain(
        name="Gesamtstadt",
        approach=Approach.STANDARD,
        objects=list(servers.values()),
        unit=city.units.get(request.param),
    )
    assigned = {
        unit: Assignment(domain=domain, target=server, module_id="SYS.1.1", relevant=True)
        for unit, server in servers.items()
    }
    assigned["whole"] = Assignment(domain=domain, module_id="ORP.1", relevant=True)
    city.save(*servers.values(), domain, *assigned.values(), by=Role.ISB)
    return {name: f"/grundschutz/1/{each.id.hex}" for name, each in assigned.items()}


@pytest.fixture
def keeper(city: City, browsers: Browsers) -> Browser:
    """Somebody who keeps information security in one unit only."""
    return browsers.of_person(add_person(city, Role.ISB, unit=city.units["department"]))


def _given(city: City, page: str, requirement_id: str) -> Status:
    with city.site.database.reading(city.id) as session:
        from_page = load_assignment(session, UUID(hex=page.rpartition("/")[2]))
        rows = {row.requirement.id: row.given.status for row in check_sheet(session, from_page).rows}
    return rows[requirement_id]


_YES = {"SYS.1.1.A1-status": "YES", "version": "0"}
anywhere = pytest.mark.parametrize("checks", ["other", "nowhere"], indirect=True)


@anywhere
def test_own_objects_lead_to_their_check_and_are_answered(
    city: City, keeper: Browser, checks: dict[str, str]
) -> None:
    page = keeper.page("/registers/objects/1")
    assert checks["department"] in [link["href"] for link in page.all("a")]
    keeper.page(checks["department"])
    keeper.post(f"{checks['department']}/answers/SYS.1.1.A1", _YES)
    bulk = {"requirement": "SYS.1.1.A2", "seen-SYS.1.1.A2": "0", "status": "NO", "do": "apply"}
    keeper.post(f"{checks['department']}/bulk", bulk)
    assert [_given(city, checks["department"], f"SYS.1.1.A{number}") for number in (1, 2, 5)] == [
        Status.YES,
        Status.NO,
        Status.OPEN,
    ]


@anywhere
@pytest.mark.parametrize("place", ["other", "whole"])
def test_what_others_keep_is_not_answered(
    city: City, keeper: Browser, checks: dict[str, str], place: str
) -> None:
    first = "ORP.1.A1" if place == "whole" else "SYS.1.1.A1"
    address = f"{checks[place]}/answers/{first}"
    assert keeper.status("POST", address, {f"{first}-status": "YES", "version": "0"}) in (403, 404)
    assert _given(city, checks[place], first) is Status.OPEN


@anywhere
def test_what_concerns_the_domain_stays_with_who_keeps_it(keeper: Browser, checks: dict[str, str]) -> None:
    own = checks["department"]
    changes = ("interview", "adopted/SYS.1.1.A24", "sources", "relevance", "remove")
    assert {keeper.status("POST", f"{own}/{change}", {"adopted": "yes"}) for change in changes} <= {403, 404}
    page = keeper.page(own)
    actions = [form["action"] for form in page.all("form") if form["method"] == "post" and form["action"]]
    assert {address.split("/")[-2] for address in actions if "grundschutz" in address} == {"answers"}


@pytest.mark.parametrize("checks", ["other"], indirect=True)
def test_a_domain_that_is_not_seen_leaks_neither_its_page_nor_other_modules(
    keeper: Browser, checks: dict[str, str]
) -> None:
    assert keeper.status("GET", "/registers/information-domains/1") == 404
    assert {keeper.status("GET", checks[place]) for place in ("other", "whole")} == {404}
    links = [link["href"] for link in keeper.page(checks["department"]).all("a")]
    assert [
        link for link in links if link.startswith(("/registers/information-domains/1", checks["other"]))
    ] == []


@pytest.mark.parametrize("checks", ["nowhere"], indirect=True)
def test_where_the_domain_belongs_to_nobody_in_particular_the_rest_is_read(
    keeper: Browser, checks: dict[str, str]
) -> None:
    assert {keeper.status("GET", checks[place]) for place in ("other", "whole")} == {200}
    assert not [form for form in keeper.page(checks["other"]).all("form") if "answers" in form["action"]]


@anywhere
def test_who_has_another_role_in_the_unit_gains_nothing(
    city: City, browsers: Browsers, checks: dict[str, str]
) -> None:
    other = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["department"]))
    assert other.status("GET", checks["department"]) == 404
    assert other.status("POST", f"{checks['department']}/answers/SYS.1.1.A1", _YES) == 404
