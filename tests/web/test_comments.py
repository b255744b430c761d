"""People speak about an entry on its page, ask each other, and say that it is done."""

from __future__ import annotations

import pytest

from compliance.app import ALL_REGISTERS
from compliance.entry import Entry
from compliance.people import Role
from registers.processing import ProcessingActivity
from tests.browsers import Browser, Browsers
from tests.city import City, add_person, found_city
from tests.web.test_access import MAY, SEE

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/registers/processing-activities/1"
COMMENTS = f"{PAGE}/comments/"


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    found = ProcessingActivity(name="Melderegister", unit=city.units["office"])
    city.save(found)
    return found


def forms(browser: Browser, ending: str, page: str = PAGE) -> list[str]:
    """The addresses of the forms and buttons of a page that end like this."""
    found = browser.page(page)
    addresses = [form["action"] for form in found.all("form")]
    addresses += [button["formaction"] for button in found.all("button")]
    return [address for address in addresses if "/comments/" in address and address.endswith(ending)]


@pytest.mark.usefixtures("activity")
def test_a_mention_waits_on_the_start_page_until_it_is_done_there(browsers: Browsers, city: City) -> None:
    coordinator, officer = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    chosen = city.people[Role.COORDINATOR].id.hex

    officer.post(COMMENTS, {"text": "Bitte die Löschfrist ergänzen.", "mention": chosen})
    waits = coordinator.page("/").main
    [done] = forms(coordinator, "/done", "/")
    answer = coordinator.post(done, {"back": "start"})

    assert "Sie werden in einem Kommentar erwähnt." in waits
    assert "Melderegister" in waits
    assert "erwähnt" not in officer.page("/").main
    assert answer.headers["Location"] == "/"
    assert "Nichts wartet auf Sie." in coordinator.page("/").main


@pytest.mark.usefixtures("activity")
def test_a_mention_is_done_on_the_page_of_the_entry(browsers: Browsers, city: City) -> None:
    coordinator, officer = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    officer.post(COMMENTS, {"text": f"Bitte prüfen, @{city.people[Role.COORDINATOR].name}."})

    [done] = forms(coordinator, "/done")
    others = forms(officer, "/done")
    refused = officer.status("POST", done)
    coordinator.post(done)

    assert (others, refused) == ([], 404)
    assert forms(coordinator, "/done") == []
    mentions = [one.text for one in officer.page(PAGE).all("strong") if one["class"] == "mention"]
    assert mentions == [f"@{city.people[Role.COORDINATOR].name}"]


@pytest.mark.usefixtures("activity")
def test_an_author_corrects_a_comment_and_takes_it_back(browsers: Browsers) -> None:
    coordinator, officer = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    coordinator.post(COMMENTS, {"text": "Erster Satnd."})
    [edit], [delete] = forms(coordinator, "/edit"), forms(coordinator, "/delete")

    coordinator.post(edit, {"text": "Erster Stand."})
    corrected = officer.page(PAGE).main
    refused = officer.status("POST", edit, {"text": "Anders."}), officer.status("POST", delete)
    coordinator.post(delete)

    assert "Erster Stand." in corrected
    assert "geändert" in corrected
    assert (forms(officer, "/edit"), refused) == ([], (403, 403))
    assert "Noch kein Kommentar." in officer.page(PAGE).main


@pytest.mark.usefixtures("activity")
def test_what_is_typed_is_text_and_nothing_else(browsers: Browsers) -> None:
    text = "<script>alert(1)</script> {{ 7 * 7 }}\n@"

    browsers.of(Role.READER).post(COMMENTS, {"text": text})

    assert "<script>alert(1)</script> {{ 7 * 7 }}" in browsers.of(Role.DSB).page(PAGE).main


@pytest.mark.usefixtures("activity")
def test_a_comment_without_a_text_is_refused_with_a_reason(browsers: Browsers) -> None:
    answer = browsers.of(Role.READER).post(COMMENTS, {"text": " "}, status=422)

    assert "Bitte schreiben Sie einen Text." in answer.text


@pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)
def test_whoever_sees_an_entry_may_speak_about_it(browsers: Browsers, city: City, model: type[Entry]) -> None:
    entry = model(name="Eintrag")
    city.save(entry)
    address = f"/registers/{model.slug}/{entry.number}/comments/"

    found = {role: browsers.of(role).status("POST", address, {"text": "Dazu."}) for role in Role}

    assert found == {role: 302 if SEE in MAY[role][model.area] else 404 for role in Role}


def test_another_organisation_and_another_unit_neither_read_nor_write(
    browsers: Browsers, city: City, activity: ProcessingActivity
) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    theirs = ProcessingActivity(name="Ihre")
    neighbour.save(theirs)
    browsers.of(Role.DSB).post(COMMENTS, {"text": "Unter uns."})
    [edit] = forms(browsers.of(Role.DSB), "/edit")
    outside = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["other"]))
    elsewhere = browsers.of_person(neighbour.people[Role.DSB], neighbour)

    assert outside.status("POST", COMMENTS, {"text": "Wir auch."}) == 404
    assert elsewhere.status("POST", edit, {"text": "Wir auch."}) == 404
    assert "Unter uns." not in elsewhere.page(f"/registers/processing-activities/{theirs.number}").main
    assert city.people[Role.READER].name not in elsewhere.page(PAGE).main
    assert activity.number == 1


@pytest.mark.usefixtures("activity")
def test_no_report_prints_a_comment(browsers: Browsers) -> None:
    officer = browsers.of(Role.DSB)
    officer.post(COMMENTS, {"text": "Geheimwort Zitronenfalter"})
    root = "/registers/processing-activities"

    for path in ("/export.csv", "/export.json", "/1/export.csv", "/1/export.json", "/1.json"):
        assert "Zitronenfalter" not in officer.get(f"{root}{path}").text
    assert "VT-0001" not in officer.page("/search?q=Zitronenfalter").main
