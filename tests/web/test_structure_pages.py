"""The structure analysis opens to whoever may see information security, and shows what was asked for."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance.entry import everything
from compliance.people import Role
from registers.connections import Connection, ConnectionKind, Encryption
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.exports.conformance import problems

PAGE = "/grundschutz/1/structure/"

pytestmark = pytest.mark.usefixtures("town")


def thing(name: str, kind: ObjectKind, *below: TargetObject) -> TargetObject:
    return TargetObject(name=name, kind=kind, status=ObjectStatus.OPERATION, depends_on=list(below))


@pytest.fixture
def town(city: City) -> City:
    room = thing("Serverraum", ObjectKind.ROOM)
    network = thing("Büronetz", ObjectKind.NETWORK, room)
    server = thing("Server", ObjectKind.IT_SYSTEM, network, room)
    program = thing("Meldeverfahren", ObjectKind.APPLICATION, server)
    other = thing("Wetterstation", ObjectKind.IOT)
    link = Connection(
        name="Netzübergang", start=server, external=True, partner="Landesnetz", kind=ConnectionKind.VPN,
        encryption=Encryption.NONE,
    )  # fmt: skip
    things = [room, network, server, program, other]
    domain = InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD, objects=things)
    city.save(*things, link, domain, InformationDomain(name="Leer"), by=Role.ISB)
    return city


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def boxes(browser: Browser, address: str) -> list[str]:
    """The words with which the boxes of the picture are called out."""
    links = browser.page(address).all("a")
    return [link["aria-label"].split(",")[0] for link in links if "network__box" in link["class"]]


def test_every_box_leads_to_its_object(isb: Browser) -> None:
    links = [link for link in isb.page(PAGE).all("a") if "network__box" in link["class"]]
    assert len(links) == 5
    assert {isb.status("GET", link["href"]) for link in links} == {200}


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("", {"Serverraum", "Büronetz", "Server", "Meldeverfahren", "Wetterstation"}),
        ("?kind=ROOM&kind=NETWORK", {"Serverraum", "Büronetz"}),
        ("?around=4", {"Serverraum", "Büronetz", "Server", "Meldeverfahren"}),
        ("?around=999", set()),
        ("?picture=network", {"Büronetz", "Server", "Wetterstation"}),
        ("?kind=NONSENSE&unit=nonsense&around=nonsense&zoom=nonsense&picture=nonsense",
         {"Serverraum", "Büronetz", "Server", "Meldeverfahren", "Wetterstation"}),
    ],
)  # fmt: skip
def test_the_picture_shows_what_was_asked_for(isb: Browser, chosen: str, shown: set[str]) -> None:
    assert set(boxes(isb, PAGE + chosen)) == shown


@pytest.mark.parametrize(
    ("picture", "offered"),
    [
        ("dependencies", {"APPLICATION", "IT_SYSTEM", "IOT", "NETWORK", "ROOM"}),
        ("network", {"IT_SYSTEM", "IOT", "NETWORK"}),
    ],
)
def test_only_layers_that_the_picture_has_can_be_chosen(
    isb: Browser, picture: str, offered: set[str]
) -> None:
    boxes = isb.page(f"{PAGE}?picture={picture}").all("input")
    assert {box["value"] for box in boxes if box["name"] == "kind"} == offered


def test_what_many_things_stand_on_is_folded(isb: Browser, city: City) -> None:
    city.save(*(thing(f"Verfahren {number}", ObjectKind.APPLICATION) for number in range(45)), by=Role.ISB)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        query = select(TargetObject).order_by(TargetObject.number).options(*everything(TargetObject))
        room, *_others = found = session.scalars(query).all()
        for one in found[5:]:
            one.depends_on = [room]
        domain = session.scalars(
            select(InformationDomain)
            .where(InformationDomain.name == "Kernverwaltung")
            .options(*everything(InformationDomain))
        ).one()
        domain.objects = list(found)
    page = isb.page(PAGE).main
    assert "47 Objekte" in page
    assert "50 Einträge" in page


def test_the_size_is_changed_by_links(isb: Browser) -> None:
    links = {link["href"] for link in isb.page(PAGE).all("a") if "zoom=" in link["href"]}
    assert {re.split("[&#]", each.split("zoom=")[1])[0] for each in links} >= {"75", "150"}
    assert {isb.status("GET", link) for link in links} == {200}


def test_what_is_shown_leaves_as_a_picture_file(isb: Browser, browsers: Browsers) -> None:
    (link,) = (
        one["href"] for one in isb.page(f"{PAGE}?kind=IT_SYSTEM").all("a") if "picture.svg" in one["href"]
    )
    answer = isb.get(link)
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "image/svg+xml", "attachment; filename=IV-0001-dependencies.svg",
    )  # fmt: skip
    drawn = ET.fromstring(answer.text)
    assert drawn.get("aria-label") == "Abhängigkeiten: IV-0001 Kernverwaltung"
    names = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert ("Server" in names, "Meldeverfahren" in names) == (True, False)
    assert not list(drawn.iter("{http://www.w3.org/2000/svg}a"))
    browsers.of(Role.PROJECT_LEAD).get(f"{PAGE}picture.svg", status=403)


def test_an_empty_domain_says_what_to_do(isb: Browser) -> None:
    page = isb.page("/grundschutz/2/structure/")
    assert not page.all("svg")
    assert isb.status("GET", "/registers/information-domains/2/edit") == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER])
def test_who_may_not_see_information_security_finds_nothing(browsers: Browsers, role: Role) -> None:
    browser = browsers.of(role)
    assert [browser.status("GET", PAGE + end) for end in ("", "a1.pdf", "a1.xlsx")] == [404, 404, 404]


def test_paper_a1_comes_as_pdf_and_workbook(isb: Browser) -> None:
    read = isb.get(f"{PAGE}a1.pdf").data
    assert problems(read) == []
    with pikepdf.open(io.BytesIO(read)) as paper:
        assert not [page for page in paper.pages if list(page.get_images())]
    book = load_workbook(io.BytesIO(isb.get(f"{PAGE}a1.xlsx").data))
    assert {"Anwendungen", "IT-Systeme", "Räume", "Kommunikationsverbindungen"} <= set(book.sheetnames)
    assert isb.status("GET", f"{PAGE}a1.exe") == 404


def test_the_page_is_well_formed_and_carries_no_styles(isb: Browser) -> None:
    text = isb.get(PAGE).text
    start, end = text.index("<svg xmlns"), text.rindex("</svg>")
    assert "style=" not in text
    assert ET.fromstring(text[start : end + 6]).get("role") == "group"
