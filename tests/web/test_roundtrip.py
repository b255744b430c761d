"""A register as a workbook in the browser: out, edited, previewed, and taken over as far as somebody says."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from compliance.entry import State
from compliance.journal import history
from compliance.people import Role
from compliance.web.roundtrip import EditedFile
from registers.importing.roundtrip import read_book
from registers.importing.roundtrip.layout import MAIN
from registers.processing import ProcessingActivity, Purpose
from tests.browsers import Browser, Browsers
from tests.city import City, add_person
from tests.pages import Page
from tests.workbooks import FILE, edited, exported

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

REGISTER = "/registers/processing-activities/"
ROUNDTRIP = f"{REGISTER}roundtrip/"
Changes = dict[tuple[str, int, str], Any]


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    entry = ProcessingActivity(
        name="Melderegister",
        unit=city.units["office"],
        purposes=[Purpose(text="Auskunft"), Purpose(text="Alt")],
    )
    city.save(entry)
    return entry


def downloaded(browser: Browser, query: str = "") -> bytes:
    return bytes(browser.get(f"{ROUNDTRIP}workbook.xlsx{query}").data)


def changed(content: bytes, changes: Changes) -> bytes:
    with edited(content, ProcessingActivity) as (editor, out):
        for place, value in changes.items():
            editor.cell(*place).value = value
    return out.getvalue()


def sent(browser: Browser, content: bytes, *, name: str = FILE) -> str:
    """Uploads a workbook; gives the address of its preview."""
    data: list[tuple[str, Any]] = [("file", (io.BytesIO(content), name))]
    return str(browser.post(ROUNDTRIP, data, content_type="multipart/form-data").location)


def refused(browser: Browser, content: bytes, *, name: str = FILE) -> str:
    data: list[tuple[str, Any]] = [("file", (io.BytesIO(content), name))]
    return Page(browser.post(ROUNDTRIP, data, status=422, content_type="multipart/form-data").text).main


def decided(browser: Browser, preview: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """What the preview sends as it stands, and *more*."""
    page = browser.page(preview)
    boxes = [one for one in page.all("input") if one["name"] == "take" and "checked" in one.attributes]
    return [("fingerprint", page.value("fingerprint")), *((b["name"], b["value"]) for b in boxes), *more]


def files(city: City) -> int:
    with city.site.database.reading(city.id) as session:
        return session.scalar(select(func.count()).select_from(EditedFile)) or 0


def test_the_list_offers_the_workbook_to_who_may_edit_only(
    browsers: Browsers, activity: ProcessingActivity
) -> None:
    assert activity.name
    offers = {
        role: "Excel zum Bearbeiten" in browsers.of(role).page(REGISTER).main
        for role in (Role.COORDINATOR, Role.DSB, Role.AUDITOR, Role.READER)
    }
    assert offers == {Role.COORDINATOR: True, Role.DSB: True, Role.AUDITOR: False, Role.READER: False}
    assert [
        browsers.of(role).status("GET", f"{ROUNDTRIP}{page}")
        for role in (Role.AUDITOR, Role.ARCHIVE)
        for page in ("", "workbook.xlsx")
    ] == [403, 403, 404, 404]


def test_only_the_present_view_leaves_and_only_what_the_person_may_change(
    browsers: Browsers, city: City, activity: ProcessingActivity
) -> None:
    city.save(ProcessingActivity(name="Wahlen", unit=city.units["other"]))
    clerk = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["office"]))

    def names(content: bytes) -> list[str]:
        return [line.words("name") for line in read_book(content, FILE).pages[MAIN].lines]

    assert names(downloaded(clerk)) == [activity.name]
    assert names(downloaded(browsers.of(Role.DSB), "?q=wahl")) == ["Wahlen"]


def test_a_preview_changes_nothing_and_confirming_does_what_it_said(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    content = changed(downloaded(coordinator), {(MAIN, 2, "name"): "Meldewesen", (MAIN, 2, "since"): None})
    preview = sent(coordinator, content)
    page = coordinator.page(preview).main

    assert "1 Eintrag ist geändert" in page
    assert "BezeichnungMelderegisterMeldewesen" in page
    assert city.stored(activity).name == "Melderegister"
    following = coordinator.post(f"{preview}/apply", decided(coordinator, preview)).location
    assert "Übernommen aus „verzeichnis.xlsx“: 0 angelegt, 1 geändert, 0 beendet." in (
        coordinator.page(str(following)).main
    )
    assert (city.stored(activity).name, files(city)) == ("Meldewesen", 0)
    assert "importiert aus „verzeichnis.xlsx“" in coordinator.page(f"{REGISTER}1").main
    assert "aus „verzeichnis.xlsx“" in coordinator.page(f"{REGISTER}1/history").main


def test_only_the_chosen_entries_are_taken_over(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    second = ProcessingActivity(name="Wahlen", unit=city.units["office"])
    city.save(second)
    content = changed(downloaded(coordinator), {(MAIN, 2, "name"): "A", (MAIN, 3, "name"): "B"})
    preview = sent(coordinator, content)
    fingerprint = coordinator.page(preview).value("fingerprint")

    coordinator.post(f"{preview}/apply", [("fingerprint", fingerprint), ("take", second.id.hex)])

    assert (city.stored(activity).name, city.stored(second).name) == ("Melderegister", "B")


def test_a_conflict_must_be_decided_and_the_choices_made_are_kept(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    content = changed(downloaded(coordinator), {(MAIN, 2, "name"): "Meine", (MAIN, 2, "description"): "Neu"})
    city.change(activity, name="Ihre")
    preview = sent(coordinator, content)
    page = coordinator.page(preview)
    radios = [one for one in page.all("input") if one["type"] == "radio"]
    assert [one["value"] for one in radios] == ["mine", "theirs"]
    assert not any("checked" in one.attributes for one in radios)

    again = Page(coordinator.post(f"{preview}/apply", decided(coordinator, preview), status=422).text)

    assert "fehlt noch Ihre Wahl" in again.main
    assert city.stored(activity).description == ""
    coordinator.post(f"{preview}/apply", decided(coordinator, preview, (radios[0]["name"], "theirs")))
    assert (city.stored(activity).name, city.stored(activity).description) == ("Ihre", "Neu")


def test_a_missing_row_is_removed_only_when_it_is_ticked(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    with edited(downloaded(coordinator), ProcessingActivity) as (editor, out):
        editor.sheet("purposes").delete_rows(3)
    preview = sent(coordinator, out.getvalue())
    box = next(one for one in coordinator.page(preview).all("input") if one["name"].startswith("side:"))

    assert (box["type"], "checked" in box.attributes) == ("checkbox", False)
    coordinator.post(f"{preview}/apply", decided(coordinator, preview, (box["name"], "mine")))
    assert [purpose.text for purpose in city.stored(activity).purposes] == ["Auskunft"]


def test_what_changed_after_the_preview_is_shown_again(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    preview = sent(coordinator, changed(downloaded(coordinator), {(MAIN, 2, "name"): "Neu"}))
    form = decided(coordinator, preview)
    city.change(activity, description="inzwischen")

    assert coordinator.post(f"{preview}/apply", form).location == preview
    assert city.stored(activity).name == "Melderegister"


def test_the_state_can_be_asked_for_as_far_as_the_role_goes(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    content = changed(downloaded(coordinator), {(MAIN, 2, "@state"): "In Prüfung", (MAIN, 2, "name"): "Neu"})
    preview = sent(coordinator, content)
    coordinator.post(f"{preview}/apply", decided(coordinator, preview))

    assert city.stored(activity).state is State.REVIEW
    with city.site.database.reading(city.id) as session:
        assert [change.action for change in history(session, activity)][:2] == ["submit", "import"]
    content = changed(downloaded(coordinator), {(MAIN, 2, "@state"): "Beendet"})
    assert "führt in einer Datei kein Weg" in coordinator.page(sent(coordinator, content)).main


def test_problems_are_listed_in_the_words_of_the_file(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    content = changed(downloaded(coordinator), {("purposes", 3, "legal_basis"): "Gewohnheit"})
    page = coordinator.page(sent(coordinator, content)).main

    assert "Blatt „Zwecke“, Zeile 3, Spalte D „Rechtsgrundlage“: „Gewohnheit“ gehört nicht" in page
    assert city.stored(activity).version == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "keine Arbeitsmappe, die zum Bearbeiten heruntergeladen wurde"),
        (b"PK\x03\x04", "nicht als Excel-Arbeitsmappe"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Format vor Excel 2007 oder hat ein Kennwort"),
    ],
)
def test_what_is_no_such_workbook_is_refused_on_the_page(
    coordinator: Browser, content: bytes, says: str
) -> None:
    assert says in refused(coordinator, content)


def test_nobody_sees_the_file_of_somebody_else(
    browsers: Browsers, coordinator: Browser, activity: ProcessingActivity
) -> None:
    assert activity.name
    preview = sent(coordinator, changed(downloaded(coordinator), {(MAIN, 2, "name"): "Neu"}))

    assert browsers.of(Role.DSB).status("GET", preview) == 404
    coordinator.post(f"{preview}/discard")
    assert coordinator.status("GET", preview) == 404


def test_a_clerk_cannot_change_what_others_answer_for(
    browsers: Browsers, city: City, activity: ProcessingActivity
) -> None:
    foreign = ProcessingActivity(name="Wahlen", unit=city.units["other"])
    city.save(foreign)
    clerk = browsers.of_person(add_person(city, Role.COORDINATOR, unit=city.units["office"]))
    content = changed(
        exported(city, ProcessingActivity),
        {(MAIN, 2, "unit"): "2 Dezernat II", (MAIN, 3, "name"): "Gekapert"},
    )
    page = clerk.page(sent(clerk, content)).main

    assert "Ihre Rolle erlaubt keine Einträge dieser Organisationseinheit." in page
    assert "Einen Eintrag „VT-0002“ gibt es nicht." in page
    assert (city.stored(activity).unit.key, city.stored(foreign).name) == ("1.1", "Wahlen")
