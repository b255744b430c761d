"""A table becomes a catalogue or profile in the browser, after a preview, or every mistake is named."""

from __future__ import annotations

import pytest

from assessments.grundschutz.domain import InformationDomain
from compliance.people import Role
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

PLACE = "/catalogues/own/"
TABLE = b"Baustein;Stufe\nCON.2;B\nORP.1;B\n"
SAID = {"title": "Unser Profil", "edition": "1"}


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def sent(browser: Browser, data: bytes, *, status: int = 302, chosen: str = "2023") -> Page | str:
    reply = browser.upload(PLACE, [("tabelle.csv", data)], SAID | {"from": chosen}, status=status)
    return reply.headers["Location"] if status == 302 else Page(reply.text)


def test_a_table_becomes_a_profile_after_a_preview(isb: Browser) -> None:
    address = str(sent(isb, TABLE))
    page = isb.page(address)
    assert "6 Anforderungen" in page.main
    assert "Unser Profil" not in isb.page("/catalogues/").main
    shown = isb.post(f"{address}/apply").headers["Location"]
    assert "6 Anforderungen sind eingelesen." in isb.page(shown).main
    assert isb.get(f"{shown}/profile").data.startswith(b'{\n "profile"')
    assert isb.status("GET", address) == 404
    again = isb.post(f"{sent(isb, TABLE)}/apply").headers["Location"]
    assert again == shown


def test_every_mistake_is_shown_and_nothing_is_kept(isb: Browser) -> None:
    page = sent(isb, b"Baustein;Stufe\nSYS.9;B\nCON.2;viel\n", status=422)
    assert isinstance(page, Page)
    words = " ".join(page.main.split())
    assert "2 Stellen der Tabelle sind nicht zu verstehen." in words
    assert "Zeile 2, Spalte „Baustein“: „SYS.9“ gibt es nicht in" in words
    assert "Zeile 3, Spalte „Stufe“: „viel“ ist keine Stufe" in words
    assert page.value("title") == "Unser Profil"


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04kaputt"])
def test_what_is_no_table_is_refused_in_words(isb: Browser, data: bytes) -> None:
    page = sent(isb, data, status=422)
    assert isinstance(page, Page)
    assert [one for one in page.all("div") if one["role"] == "alert"]


def test_a_table_can_be_discarded(isb: Browser) -> None:
    address = str(sent(isb, b"Nr;Titel\n1;Sperren\n", chosen="own"))
    assert "1 Anforderung" in isb.page(address).main
    isb.post(f"{address}/discard")
    assert isb.status("GET", address) == 404


def test_modules_that_a_profile_asks_for_are_applied_by_one_button(city: City, isb: Browser) -> None:
    city.save(InformationDomain(name="Kernverwaltung"), by=Role.ISB)
    shown = isb.post(f"{sent(isb, TABLE)}/apply").headers["Location"]
    use = isb.post("/grundschutz/1/controls", {"catalogue": shown.rsplit("/", 1)[1]}).headers["Location"]
    assert "CON.2" in isb.page(use).main
    isb.post(f"{use}/model")
    assert "2 Bausteine zugeordnet." in isb.page("/grundschutz/1/modelling").main
    assert isb.status("POST", f"{use}/model") == 302


def test_the_template_lists_all_modules(isb: Browser) -> None:
    lines = isb.get(f"{PLACE}template.csv").data.decode("utf-8-sig").splitlines()
    assert (lines[0], len(lines)) == ("Baustein;Titel;Stufe", 112)


def test_only_those_who_may_import_come_here(city: City, isb: Browser, browsers: Browsers) -> None:
    city.save(InformationDomain(name="Kernverwaltung"), by=Role.ISB)
    address = str(sent(isb, TABLE))
    places = (PLACE, f"{PLACE}template.csv", address)
    assert {browsers.of(Role.AUDITOR).status("GET", each) for each in places} == {403}
    assert {browsers.of(Role.READER).status("GET", each) for each in places} == {404}
    assert browsers.of(Role.ADMINISTRATOR).status("GET", address) == 404
