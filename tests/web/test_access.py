"""Who may see and do what, walked through every register, role and address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from compliance.app import ALL_REGISTERS
from compliance.entry import Area, Entry
from compliance.fields import Reference, References, fields
from compliance.people import Role
from compliance.web.site import Site
from registers.processing import ProcessingActivity, Purpose
from registers.processors import Processor
from registers.projects import Project
from tests.browsers import Browser, Browsers
from tests.city import City, add_person, found_city

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

SEE, TAKE, WRITE, ADVISE, DECIDE = "see", "take away", "write", "advise", "decide"

MAY: Final[dict[Role, dict[Area, set[str]]]] = {
    Role.ADMINISTRATOR: {
        Area.MEASURES: {SEE, TAKE},
        Area.DATA_PROTECTION: {SEE, TAKE},
        Area.PROJECTS: {SEE, TAKE},
        Area.SECURITY: {SEE, TAKE},
        Area.RETENTION: {SEE, TAKE},
        Area.INCIDENTS: set(),
        Area.REQUESTS: set(),
        Area.OFFICER: set(),
        Area.AUTHORITY: {SEE, TAKE, WRITE},
    },
    Role.DSB: {
        Area.MEASURES: {SEE, TAKE, WRITE, ADVISE},
        Area.DATA_PROTECTION: {SEE, TAKE, WRITE, ADVISE},
        Area.PROJECTS: {SEE, TAKE, ADVISE},
        Area.SECURITY: {SEE, TAKE},
        Area.RETENTION: {SEE, TAKE, WRITE, ADVISE},
        Area.INCIDENTS: {SEE, TAKE, WRITE, ADVISE},
        Area.REQUESTS: {SEE, TAKE, WRITE, ADVISE},
        Area.OFFICER: {SEE, TAKE, WRITE},
        Area.AUTHORITY: {SEE, TAKE, WRITE},
    },
    Role.ISB: {
        Area.MEASURES: {SEE, TAKE, WRITE},
        Area.DATA_PROTECTION: {SEE, TAKE},
        Area.PROJECTS: {SEE, TAKE},
        Area.SECURITY: {SEE, TAKE, WRITE},
        Area.RETENTION: {SEE, TAKE},
        Area.INCIDENTS: {SEE, TAKE, WRITE},
        Area.REQUESTS: set(),
        Area.OFFICER: set(),
        Area.AUTHORITY: {SEE, TAKE},
    },
    Role.COORDINATOR: {
        Area.MEASURES: {SEE, TAKE},
        Area.DATA_PROTECTION: {SEE, TAKE, WRITE},
        Area.PROJECTS: {SEE, TAKE},
        Area.SECURITY: set(),
        Area.RETENTION: {SEE, TAKE, WRITE},
        Area.INCIDENTS: {SEE, TAKE, WRITE},
        Area.REQUESTS: {SEE, TAKE, WRITE},
        Area.OFFICER: set(),
        Area.AUTHORITY: {SEE},
    },
    Role.PROJECT_LEAD: {
        Area.MEASURES: {SEE, TAKE},
        Area.DATA_PROTECTION: {SEE, TAKE, WRITE},
        Area.PROJECTS: {SEE, TAKE, WRITE},
        Area.SECURITY: {SEE},
        Area.RETENTION: {SEE},
        Area.INCIDENTS: set(),
        Area.REQUESTS: set(),
        Area.OFFICER: set(),
        Area.AUTHORITY: {SEE},
    },
    Role.MANAGEMENT: {area: {SEE, TAKE, DECIDE} for area in Area},
    Role.ARCHIVE: {area: {SEE, TAKE} if area is Area.RETENTION else set() for area in Area},
    Role.AUDITOR: {area: {SEE, TAKE} for area in Area},
    Role.READER: {
        Area.MEASURES: {SEE},
        Area.DATA_PROTECTION: {SEE},
        Area.PROJECTS: {SEE},
        Area.SECURITY: set(),
        Area.RETENTION: {SEE},
        Area.INCIDENTS: set(),
        Area.REQUESTS: set(),
        Area.OFFICER: set(),
        Area.AUTHORITY: {SEE},
    },
}
"""What the roles are for, in the words of those who have them; written apart from the program."""

OPINION = {"verdict": "AGAINST", "text": "Davon rate ich ab."}
ADDRESSES: Final[tuple[tuple[str, str, str, dict[str, str]], ...]] = (
    ("GET", "/", SEE, {}),
    ("GET", "/{number}", SEE, {}),
    ("GET", "/{number}/history", SEE, {}),
    ("GET", "/new", WRITE, {}),
    ("POST", "/new", WRITE, {"name": "Neu"}),
    ("POST", "/new", WRITE, {"name": "Noch nicht", "do": "add:nothing"}),
    ("POST", "/0/draft", WRITE, {"name": "Entwurf"}),
    ("POST", "/0/draft/discard", SEE, {}),
    ("GET", "/{number}/edit", WRITE, {}),
    ("POST", "/{number}/edit", WRITE, {"name": "Anders"}),
    ("POST", "/{number}/draft", WRITE, {"name": "Entwurf"}),
    ("POST", "/{number}/opinions", ADVISE, OPINION),
    ("POST", "/{number}/files/", WRITE, {}),
    ("POST", "/{number}/comments/", SEE, {"text": "Dazu."}),
    ("POST", "/{number}/steps/submit", WRITE, {}),
    ("POST", "/{number}/steps/return", DECIDE, {}),
    ("POST", "/{number}/steps/release", DECIDE, {}),
    ("POST", "/{number}/steps/end", DECIDE, {}),
    ("GET", "/export.csv", TAKE, {}),
    ("GET", "/export.json", TAKE, {}),
    ("GET", "/{number}/export.csv", TAKE, {}),
    ("GET", "/{number}/export.json", TAKE, {}),
    ("GET", "/{number}.json", TAKE, {}),
)

by_register = pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)


def outcome(status: int) -> str:
    """A step may be allowed and still not be possible now."""
    return {200: "done", 302: "done", 422: "done", 403: "forbidden", 404: "unknown"}[status]


def walked(browser: Browser, model: type[Entry], number: int) -> dict[tuple[str, str, str], str]:
    root = f"/registers/{model.slug}"
    return {
        (method, path, data.get("name", "")): outcome(
            browser.status(method, root + path.format(number=number), data)
        )
        for method, path, _needed, data in ADDRESSES
    }


def expected(allowed: set[str]) -> dict[tuple[str, str, str], str]:
    refused = "forbidden" if SEE in allowed else "unknown"
    return {
        (method, path, data.get("name", "")): "done" if needed in allowed else refused
        for method, path, needed, data in ADDRESSES
    }


@by_register
def test_each_role_can_do_what_it_is_for_and_nothing_else(
    browsers: Browsers, city: City, model: type[Entry]
) -> None:
    entries = {role: model(name=f"Eintrag für {role.name}") for role in Role}
    city.save(*entries.values())

    found = {role: walked(browsers.of(role), model, entry.number) for role, entry in entries.items()}

    assert found == {role: expected(MAY[role][model.area]) for role in Role}


def test_the_menu_names_what_a_role_may_see(browsers: Browsers, site: Site) -> None:
    for role in Role:
        page = browsers.of(role).page("/")
        named = {link["href"] for link in page.all("a") if link.within("nav")}
        wanted = {
            f"/registers/{model.slug}/" for model in site.registers.values() if SEE in MAY[role][model.area]
        }
        if SEE in MAY[role][Project.area]:
            wanted.add("/registers/projects/portfolio")
        assert {address for address in named if address.startswith("/registers/")} == wanted


def test_two_roles_add_up(browsers: Browsers, city: City) -> None:
    both = browsers.of_person(add_person(city, Role.READER, Role.ISB))

    assert both.status("GET", "/registers/objects/new") == 200
    assert both.status("GET", "/registers/themes/new") == 403


# --- Units ---------------------------------------------------------------------------------------

UNITS = ("department", "office", "other", "")


@pytest.fixture
def placed(city: City) -> dict[str, ProcessingActivity]:
    """One activity in each unit, and one in none."""
    entries = {
        place: ProcessingActivity(name=f"Tätigkeit {place or 'ohne'}", unit=city.units.get(place))
        for place in UNITS
    }
    city.save(*entries.values())
    return entries


@pytest.fixture
def limited(browsers: Browsers, city: City) -> Browser:
    """A coordinator of one department and the office below it."""
    return browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["department"]))


ACTIVITIES = "/registers/processing-activities"


def test_a_unit_keeps_its_own_and_what_lies_below_and_reads_what_belongs_to_nobody(
    limited: Browser, placed: dict[str, ProcessingActivity]
) -> None:
    found = {
        place: [
            limited.status("GET", f"{ACTIVITIES}/{entry.number}"),
            limited.status("GET", f"{ACTIVITIES}/{entry.number}/edit"),
            limited.status("POST", f"{ACTIVITIES}/{entry.number}/edit", {"description": "Neu"}),
            limited.status("POST", f"{ACTIVITIES}/{entry.number}/steps/submit"),
            limited.status("GET", f"{ACTIVITIES}/{entry.number}.json"),
        ]
        for place, entry in placed.items()
    }

    assert found == {
        "department": [200, 200, 302, 302, 200],
        "office": [200, 200, 302, 302, 200],
        "other": [404, 404, 404, 404, 404],
        "": [200, 403, 403, 403, 200],
    }


def test_lists_searches_and_exports_stop_at_the_border_of_the_unit(
    limited: Browser, placed: dict[str, ProcessingActivity]
) -> None:
    pages = [
        limited.page(f"{ACTIVITIES}/").main,
        limited.page("/search?q=taetigkeit").main,
        limited.get(f"{ACTIVITIES}/export.csv").text,
        limited.get(f"{ACTIVITIES}/export.json").text,
    ]

    for words in pages:
        named = {place for place, entry in placed.items() if entry.name in words}
        assert named == {"department", "office", ""}
    assert "3 Einträge" in pages[0]


def test_the_start_page_counts_only_what_the_unit_may_see(
    limited: Browser, placed: dict[str, ProcessingActivity], city: City
) -> None:
    for entry in placed.values():
        city.change(entry, changed_since_release=True, released_hash="0" * 64)
    page = limited.page("/").main

    assert placed["other"].name not in page


def test_nobody_learns_from_an_entry_who_refers_to_it_elsewhere(
    limited: Browser, placed: dict[str, ProcessingActivity], city: City
) -> None:
    processor = Processor(name="Rechenzentrum")
    city.save(processor)
    for entry in placed.values():
        city.change(entry, processors=[processor])
    page = limited.page("/registers/processors/1").main

    assert {place for place, entry in placed.items() if entry.name in page} == {"department", "office", ""}


@pytest.mark.parametrize(
    ("place", "status"), [("department", 302), ("office", 302), ("other", 403), ("", 403)]
)
def test_a_unit_creates_entries_for_itself_only(
    limited: Browser, city: City, place: str, status: int
) -> None:
    unit = city.units[place].id.hex if place else ""

    assert limited.status("POST", f"{ACTIVITIES}/new", {"name": "Wohngeld", "unit": unit}) == status
    assert ("Wohngeld" in limited.page(f"{ACTIVITIES}/").main) is (status == 302)


@pytest.mark.parametrize("place", ["other", ""])
def test_a_unit_does_not_give_its_entries_away(
    limited: Browser, placed: dict[str, ProcessingActivity], city: City, place: str
) -> None:
    entry = placed["office"]
    unit = city.units[place].id.hex if place else ""

    assert limited.status("POST", f"{ACTIVITIES}/{entry.number}/edit", {"unit": unit}) == 403
    assert city.stored(entry).unit_id == city.units["office"].id


def test_what_one_may_not_know_of_looks_like_what_is_not_there(
    limited: Browser, placed: dict[str, ProcessingActivity]
) -> None:
    for path in ("", "/edit", "/history", ".json"):
        hidden = limited.page(f"{ACTIVITIES}/{placed['other'].number}{path}", status=404).main
        absent = limited.page(f"{ACTIVITIES}/9999{path}", status=404).main
        assert hidden.replace(placed["other"].designation, "VT-9999") == absent


# --- Other organisations -------------------------------------------------------------------------


@pytest.fixture
def neighbour(site: Site, city: City) -> City:  # noqa: ARG001 -- the city is founded first
    return found_city(site, "Gemeinde Nebenan")


def secret_and_own(model: type[Entry], city: City, neighbour: City) -> Iterator[Entry]:
    own = model(name="Unser Eintrag")
    city.save(own)
    for name in ("Nebenmannsache eins", "Nebenmannsache zwei"):
        theirs = model(name=name)
        neighbour.save(theirs)
        yield theirs


@by_register
def test_the_same_number_elsewhere_is_another_entry_and_never_seen(
    browsers: Browsers, city: City, neighbour: City, model: type[Entry]
) -> None:
    numbers = [entry.number for entry in secret_and_own(model, city, neighbour)]
    browser = browsers.of(Role.MANAGEMENT)
    root = f"/registers/{model.slug}"

    assert numbers == [1, 2]
    texts = [
        browser.get(f"{root}/").text,
        browser.get(f"{root}/1").text,
        browser.get(f"{root}/1/history").text,
        browser.get(f"{root}/export.csv").text,
        browser.get(f"{root}/1.json").text,
        browser.get("/search?q=e").text,
        browser.get("/").text,
    ]
    assert ["Nebenmannsache" in text for text in texts] == [False] * 7
    assert ["Unser Eintrag" in text for text in texts[:6]] == [True] * 6
    assert walked(browser, model, 2) == {
        key: "unknown" if "{number}" in key[1] else result
        for key, result in expected(MAY[Role.MANAGEMENT][model.area]).items()
    }


def test_nothing_of_another_organisation_can_be_referred_to(browsers: Browsers, neighbour: City) -> None:
    theirs = Processor(name="Nebenmanns Rechenzentrum")
    neighbour.save(theirs)
    browser = browsers.of(Role.COORDINATOR)
    form = {"name": "Neu", "processors": theirs.id.hex, "unit": neighbour.units["office"].id.hex}
    browser.post(f"{ACTIVITIES}/new", form)
    stored = browser.get(f"{ACTIVITIES}/1.json").json

    assert stored is not None
    assert {"processors", "unit"} & stored.keys() == set()
    assert "Nebenmanns" not in browser.get(f"{ACTIVITIES}/new?processors=1").text


def test_a_row_of_another_entry_cannot_be_taken_over(browsers: Browsers, city: City, neighbour: City) -> None:
    theirs = ProcessingActivity(name="Ihre", purposes=[Purpose(text="Ihr Zweck")])
    neighbour.save(theirs)
    mine = ProcessingActivity(name="Unsere")
    city.save(mine)
    form = {"purposes-rows": "0", "purposes-0-id": theirs.purposes[0].id.hex, "purposes-0-text": "Geraubt"}
    browsers.of(Role.COORDINATOR).post(f"{ACTIVITIES}/1/edit", form)

    assert [purpose.text for purpose in neighbour.stored(theirs).purposes] == ["Ihr Zweck"]
    [purpose] = city.stored(mine).purposes
    assert (purpose.text, purpose.id == theirs.purposes[0].id) == ("Geraubt", False)


def test_every_reference_offers_only_what_belongs_to_the_organisation(
    browsers: Browsers, neighbour: City, site: Site
) -> None:
    for model in site.registers.values():
        neighbour.save(model(name="Nebenmannsache"))
    pages = {
        model.slug: browsers.of(role).get(f"/registers/{model.slug}/new").text
        for role in (Role.COORDINATOR, Role.PROJECT_LEAD, Role.ISB, Role.DSB)
        for model in site.registers.values()
        if WRITE in MAY[role][model.area] and _refers(model)
    }

    assert {slug for slug, text in pages.items() if "Nebenmannsache" in text or "Nebenan" in text} == set()
    assert "processing-activities" in pages


def _refers(model: Any) -> bool:
    return any(isinstance(spec, Reference | References) for spec in fields(model).values())
