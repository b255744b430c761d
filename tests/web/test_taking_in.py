"""A whole inventory comes into an information domain with a few clicks, by those who may change it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance.entry import State, everything
from compliance.people import Role
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City

PAGE = "/grundschutz/1/objects/"

pytestmark = [
    pytest.mark.usefixtures("town"),
    pytest.mark.parametrize("address", ["sqlite"], indirect=True),
]


def thing(name: str, kind: ObjectKind, *below: TargetObject, **facts: object) -> TargetObject:
    given = {"status": ObjectStatus.OPERATION} | facts
    return TargetObject(name=name, kind=kind, depends_on=list(below), **given)


@pytest.fixture
def town(city: City) -> City:
    house = thing("Rathaus", ObjectKind.BUILDING)
    room = thing("Serverraum", ObjectKind.ROOM, house)
    old = thing("Altes Netz", ObjectKind.NETWORK, room, status=ObjectStatus.RETIRED)
    server = thing("Server", ObjectKind.IT_SYSTEM, room, old)
    house.depends_on = [server]
    program = thing("Meldeverfahren", ObjectKind.APPLICATION, server)
    gone = thing("Ausgesondert", ObjectKind.APPLICATION, state=State.ENDED)
    domain = InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD)
    city.save(house, room, old, server, program, gone, domain, by=Role.ISB)
    return city


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def inside(city: City) -> set[str]:
    with city.site.database.reading(city.id) as session:
        query = select(InformationDomain).options(*everything(InformationDomain))
        return {one.name for one in session.scalars(query).one().objects}


def take(isb: Browser, *numbers: int, **more: str) -> str:
    pairs = [("number", str(number)) for number in numbers]
    answer = isb.post(PAGE, [*pairs, *({"which": "chosen"} | more).items()])
    return isb.page(str(answer.location)).main


def test_an_application_brings_what_it_stands_on_even_in_a_circle(isb: Browser, city: City) -> None:
    said = take(isb, 5, below="yes")
    assert "1 Zielobjekt ist aufgenommen. Dazu kommen 3, auf denen sie beruhen." in said
    assert inside(city) == {"Meldeverfahren", "Server", "Serverraum", "Rathaus"}
    assert "0 Zielobjekte sind aufgenommen." in take(isb, 5, below="yes")


def test_only_what_is_ticked_comes_in_where_nothing_else_is_wanted(isb: Browser, city: City) -> None:
    take(isb, 5, 6, 99)
    assert inside(city) == {"Meldeverfahren"}
    assert "gehört dazu" in isb.page(PAGE).main


def test_everything_in_a_view_comes_in_at_once(isb: Browser, city: City) -> None:
    take(isb, which="all", view="kind=ROOM")
    assert inside(city) == {"Serverraum"}
    take(isb, which="all", view="")
    assert inside(city) == {"Meldeverfahren", "Server", "Serverraum", "Rathaus", "Altes Netz"}


@pytest.mark.parametrize(
    "sent",
    [
        [("view", "q=Rathaus&kind=BUILDING")],
        [("number", "nonsense"), ("view", "kind=BUILDING&q=Rathaus")],
        [("number", "9" * 40), ("view", "kind=BUILDING&q=Rathaus&number=7")],
        [("which", "all"), ("view", "kind=BUILDING&q=Rathaus&unit=NONSENSE")],
    ],
)
def test_whoever_chooses_nothing_is_told_where_they_were(
    isb: Browser, city: City, sent: list[tuple[str, str]]
) -> None:
    address = str(isb.post(PAGE, sent).location)
    assert {"kind=BUILDING", "q=Rathaus"} <= set(address.removeprefix(f"{PAGE}?").split("&"))
    assert "Kreuzen Sie mindestens ein Zielobjekt an" in isb.page(address).main
    assert inside(city) == set()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.AUDITOR, 403), (Role.READER, 404), (Role.COORDINATOR, 404)]
)
def test_who_may_not_change_the_domain_takes_nothing_in(
    browsers: Browsers, city: City, role: Role, status: int
) -> None:
    browser = browsers.of(role)
    assert browser.status("GET", PAGE) == status
    assert browser.status("POST", PAGE, [("number", "5")]) == status
    assert inside(city) == set()


def test_an_empty_domain_begins_with_its_objects(isb: Browser) -> None:
    links = {link["href"] for link in isb.page("/registers/information-domains/1").all("a")}
    assert PAGE in links
