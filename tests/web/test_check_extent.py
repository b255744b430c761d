"""A profile is chosen for the check of a domain in the browser, after its effect was shown."""

from __future__ import annotations

import pytest

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance.people import Role
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City

TABLE = b"Baustein;Stufe\nCON.2;B\nORP.1;B\n"
PLACE = "/grundschutz/1/extent"
PAGE = "/registers/information-domains/1"


@pytest.fixture
def isb(city: City, browsers: Browsers) -> Browser:
    """Somebody in a city whose domain applies one module of the profile and one outside."""
    isb = browsers.of(Role.ISB)
    server = TargetObject(name="Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION)
    domain = InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD, objects=[server])
    city.save(server, by=Role.ISB)
    city.save(domain, by=Role.ISB)
    isb.post("/grundschutz/1/modelling", {"apply": [":ORP.1", f"{server.id.hex}:SYS.1.1"]})
    return isb


def profile(isb: Browser) -> str:
    """Imports the table and says how the profile is called."""
    said = {"title": "Kommunalprofil", "edition": "1", "from": "2023"}
    preview = isb.upload("/catalogues/own/", [("p.csv", TABLE)], said, status=302).headers["Location"]
    return isb.post(f"{preview}/apply").headers["Location"].rsplit("/", 1)[1]


def words(isb: Browser, address: str) -> str:
    return " ".join(isb.page(address).main.split())


def test_without_a_profile_the_page_says_who_decides(isb: Browser) -> None:
    said = words(isb, PLACE)
    assert "entscheidet die Vorgehensweise" in said
    assert "Kein weiteres Profil, das aus dem Kompendium auswählt, ist eingelesen." in said


def test_a_profile_shows_its_effect_applies_and_is_taken_away_again(isb: Browser) -> None:
    short = profile(isb)
    shown = words(isb, f"{PLACE}?profile={short}")
    assert "6 Anforderungen aus 2 Bausteinen werden gefragt" in shown
    assert "1 Zuordnung außerhalb des Profils" in shown
    assert "1 Baustein des Profils ist noch nicht modelliert" in shown
    assert "Kommunalprofil" not in words(isb, PAGE)
    isb.post(PLACE, {"profile": short})
    domain = words(isb, PAGE)
    assert "Der Check fragt jetzt, was „Kommunalprofil“ vorsieht." in domain
    assert "Gefragt wird, was das Profil „Kommunalprofil, 1“ vorsieht." in domain
    assert "Nicht im Profil" in domain
    assert "0 von 5 beantwortet" in domain
    assert "1 Vorschlag liegt außerhalb" in words(isb, "/grundschutz/1/modelling") or (
        "Vorschläge liegen außerhalb" in words(isb, "/grundschutz/1/modelling")
    )
    isb.post(PLACE)
    assert "Über den Umfang des Checks entscheidet wieder die Vorgehensweise." in words(isb, PAGE)


def test_the_page_of_a_module_says_what_counts(isb: Browser) -> None:
    isb.post(PLACE, {"profile": profile(isb)})
    links = [one["href"] for one in isb.page(PAGE).all("a") if one["href"].startswith("/grundschutz/1/")]
    checks = [each for each in links if len(each.rsplit("/", 1)[1]) == 32]
    said = [words(isb, each) for each in dict.fromkeys(checks)]
    assert sorted("gehört nicht zum Profil" in each for each in said) == [False, True]


def test_a_catalogue_that_is_no_profile_is_refused_and_readers_only_read(
    isb: Browser, browsers: Browsers
) -> None:
    assert isb.status("GET", f"{PLACE}?profile=abc") == 404
    assert isb.status("POST", PLACE, {"profile": "abc"}) == 404
    auditor = browsers.of(Role.AUDITOR)
    assert auditor.status("GET", PLACE) == 200
    assert auditor.status("POST", PLACE, {"profile": ""}) == 403
    assert browsers.of(Role.READER).status("GET", PLACE) == 404


def test_the_page_speaks_english_too(isb: Browser) -> None:
    isb.post(PLACE, {"profile": profile(isb)})
    isb.post("/language", {"language": "en", "next": PLACE})
    assert "The profile “Kommunalprofil, 1” applies." in words(isb, PLACE)
