"""Files come and go on the page of an entry, for those who may, and never as a page."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from compliance.app import ALL_REGISTERS
from compliance.attachments import LARGEST
from compliance.entry import Entry
from compliance.people import Role
from registers.processing import ProcessingActivity
from tests.browsers import Browser, Browsers
from tests.city import City, add_person, found_city
from tests.files import TAKEN

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/registers/processing-activities/1"
FILES = f"{PAGE}/files/"


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    found = ProcessingActivity(name="Melderegister", unit=city.units["office"])
    city.save(found)
    return found


def send(browser: Browser, *files: tuple[str, bytes], status: int = 302, **options: Any) -> TestResponse:
    return browser.upload(FILES, files, status=status, **options)


def links(browser: Browser, page: str = PAGE) -> dict[str, str]:
    """The addresses of the files on a page, by their names."""
    found = (link for link in browser.page(page).all("a") if "/files/" in link["href"])
    return {link.text: link["href"] for link in found}


@pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)
def test_files_and_comments_have_their_place_at_every_entry(
    browsers: Browsers, city: City, model: type[Entry]
) -> None:
    entry = model(name="Eintrag")
    city.save(entry)
    page = browsers.of(Role.MANAGEMENT).page(f"/registers/{model.slug}/{entry.number}")

    headings = [heading.text.split(" (")[0] for heading in page.all("h2")]
    assert (headings.count("Dateien"), headings.count("Kommentare")) == (1, 1)
    assert {"files", "comments"} <= {section["id"] for section in page.all("section")}


@pytest.mark.usefixtures("activity")
def test_files_are_attached_fetched_and_removed(coordinator: Browser, browsers: Browsers) -> None:
    send(coordinator, ("Vertrag.pdf", TAKEN["pdf"]), ("Übersicht (2).xlsx", TAKEN["xlsx"]))
    found = links(browsers.of(Role.READER))
    answers = {name: browsers.of(Role.READER).get(address) for name, address in found.items()}

    coordinator.post(f"{found['Vertrag.pdf']}/remove")

    assert {name: answer.data for name, answer in answers.items()} == {
        "Vertrag.pdf": TAKEN["pdf"],
        "Übersicht (2).xlsx": TAKEN["xlsx"],
    }
    assert list(links(coordinator)) == ["Übersicht (2).xlsx"]
    assert coordinator.status("GET", found["Vertrag.pdf"]) == 404
    assert len(list(coordinator.site.vault.contents())) == 1


@pytest.mark.usefixtures("activity")
def test_a_file_is_saved_and_never_shown_in_place_of_a_page(coordinator: Browser) -> None:
    name = "Übersicht; neu, zu 100%.txt"
    send(coordinator, (name, b"Text\n"))
    [(shown, address)] = links(coordinator).items()
    headers = coordinator.get(address).headers

    kind, plain, encoded = headers["Content-Disposition"].split("; filename")
    assert kind == "attachment"
    assert plain == '="_bersicht; neu, zu 100_.txt"'
    assert unquote(encoded.removeprefix("*=UTF-8''")) == shown
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Length"] == "5"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("activity")
def test_the_page_names_the_file_that_is_not_taken_and_keeps_the_others(coordinator: Browser) -> None:
    send(
        coordinator,
        ("Vertrag.pdf", TAKEN["pdf"]),
        ("setup.exe", b"MZ"),
        ("riesig.txt", b"a" * (LARGEST + 1)),
    )
    main = coordinator.page(PAGE).main

    assert "1 Datei ist angehängt." in main
    assert "„setup.exe“: Dateien dieser Art werden nicht angenommen." in main
    assert "„riesig.txt“ ist zu groß. Eine Datei darf höchstens 25 MB haben." in main
    assert list(links(coordinator)) == ["Vertrag.pdf"]


@pytest.mark.usefixtures("activity")
def test_a_script_is_told_the_same(coordinator: Browser) -> None:
    headers = {"Accept": "application/json"}
    taken = send(coordinator, ("Vertrag.pdf", TAKEN["pdf"]), status=200, headers=headers)
    refused = send(coordinator, ("bild.svg", b"<svg/>"), status=422, headers=headers)

    assert taken.json == {"added": 1, "refused": []}
    assert refused.json is not None
    assert refused.json["added"] == 0
    assert refused.json["refused"][0].startswith("„bild.svg“")


@pytest.mark.usefixtures("activity")
def test_sending_nothing_says_so(coordinator: Browser) -> None:
    send(coordinator)

    assert "Bitte wählen Sie eine Datei." in coordinator.page(PAGE).main


@pytest.mark.usefixtures("activity")
def test_what_is_far_too_large_is_refused_before_it_is_read(coordinator: Browser) -> None:
    class Large(io.RawIOBase):
        place = 0

        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.place = offset + (65 * 1024**2 if whence == 2 else 0)
            return self.place

        def tell(self) -> int:
            return self.place

        def read(self, size: int = -1, /) -> bytes:
            raise AssertionError("nobody should read this")

    response = coordinator._client.post(
        FILES,
        input_stream=Large(),
        content_type="multipart/form-data; boundary=x",
    )

    assert response.status_code == 413
    assert "25 MB" in response.text


# --- Who may -------------------------------------------------------------------------------------


@pytest.fixture
def attached(activity: ProcessingActivity, coordinator: Browser) -> str:  # noqa: ARG001 -- is there first
    send(coordinator, ("Vertrag.pdf", TAKEN["pdf"]))
    return links(coordinator)["Vertrag.pdf"]


MAY_CHANGE = {Role.DSB, Role.COORDINATOR, Role.PROJECT_LEAD}


def test_each_role_may_with_files_what_it_may_with_the_entry(browsers: Browsers, attached: str) -> None:
    found = {}
    for role in Role:
        browser = browsers.of(role)
        found[role] = (
            browser.status("GET", attached),
            browser.status("POST", FILES),
            browser.status("POST", f"{attached}x/remove"),
        )

    assert found == {
        role: (404, 404, 404)
        if role is Role.ARCHIVE
        else (200, 302, 404)
        if role in MAY_CHANGE
        else (200, 403, 403)
        for role in Role
    }


def test_another_organisation_and_another_unit_see_nothing(
    browsers: Browsers, city: City, attached: str
) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    neighbour.save(ProcessingActivity(name="Ihre"))
    outside = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["other"]))
    inside = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["department"]))
    elsewhere = browsers.of_person(neighbour.people[Role.DSB], neighbour)

    found = [
        (browser.status("GET", attached), browser.status("POST", f"{attached}/remove"))
        for browser in (outside, elsewhere, inside)
    ]

    assert found == [(404, 404), (404, 404), (200, 302)]


def test_a_file_is_not_reached_through_another_entry(browsers: Browsers, city: City, attached: str) -> None:
    city.save(ProcessingActivity(name="Andere"))
    other = attached.replace("/1/files/", "/2/files/")

    assert browsers.of(Role.DSB).status("GET", other) == 404
    assert browsers.of(Role.DSB).status("POST", f"{other}/remove") == 404
    assert browsers.of(Role.DSB).status("GET", f"{FILES}nonsense") == 404


def test_files_of_a_hidden_entry_exist_for_the_officer_alone(
    browsers: Browsers,
    city: City,
    activity: ProcessingActivity,
    attached: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ProcessingActivity, "hidden_by", "third_country")
    city.change(activity, third_country=True)

    assert browsers.of(Role.DSB).status("GET", attached) == 200
    assert browsers.of(Role.COORDINATOR).status("GET", attached) == 404
    assert browsers.of(Role.COORDINATOR).status("POST", FILES) == 404
    assert browsers.of(Role.MANAGEMENT).status("GET", attached) == 404


def test_a_damaged_file_is_an_error_page_and_not_half_a_file(
    browsers: Browsers, city: City, attached: str
) -> None:
    [kept] = city.site.vault.contents()
    city.site.vault.put_sealed(iter([b"nothing that was ever sealed"]), kept)

    assert "beschädigt" in browsers.of(Role.READER).get(attached, status=500).text
