"""Every register goes all the way: form, page, list, search, history and every format."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import event

from compliance.app import ALL_REGISTERS
from compliance.entry import Entry
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Reference,
    References,
    Rows,
    Span,
    TimeUnit,
    answers,
    fields,
    plain,
)
from compliance.journal import Change, history
from compliance.people import Role
from compliance.web.forms import form_class, written
from compliance.web.site import Site
from registers.processing import ProcessingActivity, Purpose, Stage
from registers.processors import Processor
from registers.themes import Theme
from tests.browsers import Browser, Browsers, form_of
from tests.city import City
from tests.pages import Page
from tests.strategies import entries
from tests.web.test_access import MAY, WRITE

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

by_register = pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)


def keeper(browsers: Browsers, model: type[Entry]) -> Browser:
    """The browser of somebody who may write in the register."""
    return browsers.of(next(role for role in Role if WRITE in MAY[role][model.area]))


def created(browser: Browser, entry: Entry) -> str:
    """Creates *entry* by its form; gives the address of its page."""
    location = browser.post(f"/registers/{entry.slug}/new", form_of(entry)).location
    assert location.removesuffix("/edit") == location, browser.page(location).main
    return str(location)


def the_history(city: City, model: type[Entry], number: int) -> list[Change]:
    with city.site.database.reading(city.id) as session:
        entry: Any = session.query(model).filter(model.number == number).one()
        return history(session, entry)


def asked(model: type[Entry], found: dict[str, Any]) -> dict[str, Any]:
    """What of *found* was filled in on the form and can be read in the journal."""
    form, specs = form_class(model)(), fields(model)
    read = {name: value for name, value in found.items() if name in form and not specs[name].secret}
    return {name: _asked(specs[name], value) for name, value in read.items()}


def _asked(spec: Kind, value: Any) -> Any:
    if not isinstance(spec, Rows):
        return value
    row = form_class(spec.part)()
    return [{name: answer for name, answer in part.items() if name in row} for part in value]


# --- All the way ---------------------------------------------------------------------------------


@by_register
def test_what_is_filled_in_is_stored_and_saving_it_again_changes_nothing(
    browsers: Browsers, city: City, model: type[Entry]
) -> None:
    browser = keeper(browsers, model)

    # Making a failure smaller would take minutes: each attempt saves, reads and saves again.
    @settings(max_examples=3, phases=[Phase.generate])
    @given(entries(model))
    def check(entry: Entry) -> None:
        # What a save adds by itself, such as the first stage of a project, is part of the answers.
        entry.derive()
        place = created(browser, entry)
        number = int(place.rsplit("/", 1)[1])
        stored = browser.get(f"{place}.json").json
        assert stored is not None
        assert asked(model, stored) == asked(model, answers(entry))
        browser.get(place)

        again = browser.page(f"{place}/edit").sent()
        browser.post(f"{place}/edit", [*again, ("do", "save")])

        after = browser.get(f"{place}.json").json
        assert after == stored
        assert [change.action for change in the_history(city, model, number)] == ["create"]

    check()


def some(spec: Kind) -> Any:
    """An answer to one plain field."""
    match spec:
        case Line() | Prose():
            return "Neuer Wert"
        case Flag():
            return True
        case Day():
            return date(2027, 3, 31)
        case Moment():
            return datetime(2027, 3, 31, 10, 15, tzinfo=UTC)
        case Number():
            return 12_345
        case Duration():
            return Span(3, TimeUnit.M)
        case Choice():
            return list(spec.words)[-1]
        case Choices():
            return tuple(spec.words)[-2:]
        case Reference() | References() | Rows():
            return None


@by_register
def test_each_field_is_saved_alone_and_told_in_one_record(
    browsers: Browsers, city: City, model: type[Entry]
) -> None:
    browser = keeper(browsers, model)
    place = created(browser, model(name="Vorher"))
    specs = {name: spec for name, spec in fields(model).items() if some(spec) is not None and not spec.fixed}

    for name, spec in specs.items():
        pairs = [(name, string) for string in written(spec, some(spec))]
        browser.post(f"{place}/edit", [*pairs, ("version", "")])

    told = [change for change in the_history(city, model, 1) if change.action == "update"]
    changed = [
        {name: pair for name, pair in change.changes.items() if name in specs} for change in reversed(told)
    ]
    assert [list(pairs) for pairs in changed] == [[name] for name in specs]
    assert [pairs for pairs in changed if not specs[next(iter(pairs))].secret] == [
        {name: ("Vorher" if name == "name" else None, plain(spec, some(spec)))}
        for name, spec in specs.items()
        if not spec.secret
    ]


@by_register
def test_page_history_and_every_format_show_what_was_filled_in(
    browsers: Browsers, model: type[Entry]
) -> None:
    browser = keeper(browsers, model)
    entry = model(name="Grünflächenpflege & Söhne <GmbH>")
    place = created(browser, entry)
    browser.post(f"{place}/edit", {"name": "=SUMME(A1) Grünflächen <GmbH>", "version": "1"})
    root = f"/registers/{model.slug}"

    assert "=SUMME(A1) Grünflächen <GmbH>" in browser.page(place).main
    history_page = browser.page(f"{place}/history").main
    assert "Grünflächenpflege & Söhne <GmbH>" in history_page
    assert "=SUMME(A1) Grünflächen <GmbH>" in browser.page(f"{root}/").main
    for address in (f"{root}/export", f"{place}/export"):
        formats = {name: browser.get(f"{address}.{name}") for name in ("pdf", "xlsx", "csv", "json")}
        assert formats["pdf"].data.startswith(b"%PDF-")
        cells = list(_cells(formats["xlsx"].data))
        assert any("=SUMME(A1) Grünflächen <GmbH>" in text for text, _kind in cells)
        assert "f" not in {kind for _text, kind in cells}
        if address == f"{root}/export":  # the CSV of one entry holds its tables only
            assert "SUMME(A1) Grünflächen <GmbH>" in formats["csv"].data.decode("utf-8-sig")
        assert "=SUMME(A1) Grünflächen <GmbH>" in formats["json"].text
        for response in formats.values():
            assert response.headers["Content-Disposition"].startswith("attachment")
    browser.get(f"{place}/export.exe", status=404)


def _cells(book: bytes) -> Iterator[tuple[str, str]]:
    for sheet in openpyxl.load_workbook(io.BytesIO(book)):
        for row in sheet.iter_rows():
            yield from ((str(cell.value), str(cell.data_type)) for cell in row if cell.value is not None)


HOSTILE = [
    "=1+1",
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "%(num)s %s {0}",
    "a\x00b\x0cc",
    "👩‍💻 🏳️‍🌈",
    "u\u0308ber O\u0308l",
    "\u202egnikcart\u202c",
    "zwei\r\nZeilen\rdrei",
    "x" * 10_000,
    "'; DROP TABLE theme; --",
    "\\N \\u0000 \ufffe",
    "  Rand  ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_no_text_breaks_anything_on_its_way(browsers: Browsers, city: City, text: str) -> None:
    browser = browsers.of(Role.DSB)
    browser.post("/registers/themes/new", {"name": text[:150], "goal": text})
    unix = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in unix if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    stored = browser.get("/registers/themes/1.json").json
    assert stored is not None
    pages = [browser.page(f"/registers/themes/{path}") for path in ("", "1", "1/history", "1/edit")]
    exports = [browser.get(f"/registers/themes/1/export.{name}") for name in ("pdf", "xlsx", "csv", "json")]

    assert (stored["goal"], stored["name"]) == (kept, " ".join(kept[:150].split()))
    assert city.people[Role.DSB].name in pages[0].source
    assert pages[3].value("goal") == kept
    assert [page.all("img") == [] or all(image["src"] != "x" for image in page.all("img")) for page in pages]
    assert not any("<script>alert" in page.source for page in pages)
    assert [export.status_code for export in exports] == [200] * 4


# --- Lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Uebermittlung", "ÜBERMITTLUNG", "u\u0308bermitt", " VT-0001 ", "strasse"])
def test_search_knows_umlauts_written_out_and_any_case(browsers: Browsers, city: City, words: str) -> None:
    city.save(
        ProcessingActivity(name="Übermittlung an die Straßenmeisterei"), ProcessingActivity(name="Anderes")
    )
    browser = browsers.of(Role.READER)
    listed = browser.get("/registers/processing-activities/", query_string={"q": words}).text
    everywhere = browser.get("/search", query_string={"q": words}).text

    assert ["Straßenmeisterei" in page for page in (listed, everywhere)] == [True, True]
    assert ["Anderes" in page for page in (listed, everywhere)] == [False, False]


def test_search_takes_wildcards_and_controls_for_what_they_are(browsers: Browsers, city: City) -> None:
    city.save(Theme(name="100 % Ökostrom"), Theme(name="Unter_strich"), Theme(name="Nichts davon"))
    browser = browsers.of(Role.READER)
    found = {
        words: [
            name
            for name in ("Ökostrom", "Unter_strich", "Nichts")
            if name in browser.get("/registers/themes/", query_string={"q": words}).text
        ]
        for words in ("%", "_", "\\", "\x00")
    }

    assert found == {
        "%": ["Ökostrom"],
        "_": ["Unter_strich"],
        "\\": [],
        "\x00": ["Ökostrom", "Unter_strich", "Nichts"],
    }


@pytest.mark.parametrize(("language", "said"), [("de", "„<b>“"), ("en", "“<b>”")])
def test_the_words_searched_for_stand_in_the_quotes_of_the_language(
    browsers: Browsers, city: City, language: str, said: str
) -> None:
    city.save(Theme(name="Ökostrom"))
    browser = browsers.of(Role.READER)
    browser.post("/language", {"language": language})

    for path in ("/search", "/registers/themes/"):
        assert said in browser.page(f"{path}?q=<b>").main


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """Notes every statement that reaches the database."""
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(site.database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(site.database.engine, "before_cursor_execute", note)


@by_register
@pytest.mark.parametrize("path", ["/registers/{slug}/", "/", "/search?q=eintrag", "/registers/{slug}/1"])
def test_a_page_asks_no_more_for_thirty_entries_than_for_one(
    browsers: Browsers, site: Site, city: City, model: type[Entry], path: str
) -> None:
    browser = browsers.of(Role.MANAGEMENT)
    address = path.format(slug=model.slug)
    city.save(model(name="Eintrag 0"))
    browser.get(address)
    with counted(site) as one:
        browser.get(address)
    city.save(*(model(name=f"Eintrag {number}") for number in range(1, 30)))
    with counted(site) as thirty:
        browser.get(address)

    assert len(thirty) == len(one)
    assert len(one) <= 75


@by_register
def test_every_sort_and_filter_of_a_list_works_and_stays_in_its_address(
    browsers: Browsers, city: City, model: type[Entry]
) -> None:
    city.save(*(model(name=f"Eintrag {number}") for number in range(3)))
    browser = browsers.of(Role.MANAGEMENT)
    root = f"/registers/{model.slug}/"
    page = browser.page(root)
    sorts = [link["href"] for link in page.all("a") if link.within("th")]
    selects = [
        one for one in page.all("select") if (form := one.within("form")) and form["class"] == "filters"
    ]
    filters = [select for select in selects if select["name"] != "sort"]

    assert len(sorts) >= 4
    for address in (link for link in sorts if link.startswith("?")):
        browser.get(root + address)
    for select in filters:
        options = [one for one in select.inside if one["value"]]
        for option in options[:4]:
            filtered = browser.page(f"{root}?{select['name']}={option['value']}&sort=-number")
            assert filtered.value(select["name"]) == option["value"]
            assert filtered.value("sort") == "-number"
    for nonsense in ("x", "²", "\x00", "ZZZ"):
        for select in filters:
            browser.get(root, query_string={select["name"]: nonsense})
        browser.get(root, query_string={"sort": nonsense, "page": nonsense})


def test_a_long_list_has_pages_and_the_last_one_stands_for_all_beyond(browsers: Browsers, city: City) -> None:
    city.save(*(Theme(name=f"Thema {number:03}") for number in range(120)))
    browser = browsers.of(Role.READER)

    def names(query: str) -> list[str]:
        rows = browser.page(f"/registers/themes/?{query}").all("th")
        return [row.text.strip() for row in rows if row["scope"] == "row"]

    everything = [f"Thema {number:03}" for number in range(120)]
    assert names("page=1") + names("page=2") + names("page=3") == everything
    assert names("page=99") == names("page=0003") == names("page=9999999") == everything[100:]
    assert names("page=0") == names("page=-1") == everything[:50]
    assert names("sort=-name&page=3") == everything[::-1][100:]
    assert names("q=thema+01&sort=-name") == everything[10:20][::-1]


def test_names_are_sorted_as_people_sort_them(browsers: Browsers, city: City) -> None:
    city.save(*(Theme(name=name) for name in ("Zebra", "Öl", "Ofen", "apfel", "Äpfel", "Oder")))
    rows = browsers.of(Role.READER).page("/registers/themes/").all("th")

    assert [row.text.strip() for row in rows if row["scope"] == "row"] == [
        "Äpfel",
        "apfel",
        "Oder",
        "Öl",
        "Ofen",
        "Zebra",
    ]


# --- Rows ----------------------------------------------------------------------------------------

ACTIVITIES = "/registers/processing-activities"


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    entry = ProcessingActivity(
        name="Wohngeld",
        purposes=[Purpose(text="Erster", norm="§ 1"), Purpose(text="Zweiter"), Purpose(text="Dritter")],
    )
    city.save(entry)
    return entry


def pressed(browser: Browser, page_of: str, button: str) -> list[tuple[str, str]]:
    """What the form holds after *button* was pressed on it, as a browser without scripts sees it."""
    response = browser.post(page_of, [*browser.page(page_of).sent(), ("do", button)], status=200)
    return Page(response.text).sent()


def filled(sent: list[tuple[str, str]], answers: dict[str, str]) -> list[tuple[str, str]]:
    """The form *sent* with other *answers*."""
    return [pair for pair in sent if pair[0] not in answers] + list(answers.items())


def texts(sent: list[tuple[str, str]]) -> list[str]:
    return [value for name, value in sent if name.startswith("purposes-") and name.endswith("-text")]


@pytest.mark.parametrize(
    ("button", "seen"),
    [
        ("add:purposes", ["Erster", "Zweiter", "Dritter", ""]),
        ("remove:purposes:1", ["Erster", "Dritter"]),
        ("copy:purposes:0", ["Erster", "Zweiter", "Dritter", "Erster"]),
        ("remove:purposes:7", ["Erster", "Zweiter", "Dritter"]),
        ("remove:name:0", ["Erster", "Zweiter", "Dritter"]),
        ("copy:purposes:²", ["Erster", "Zweiter", "Dritter"]),
        ("dance", ["Erster", "Zweiter", "Dritter"]),
    ],
)
def test_rows_are_added_removed_and_copied_without_scripts_and_saved_later(
    coordinator: Browser, city: City, activity: ProcessingActivity, button: str, seen: list[str]
) -> None:
    sent = pressed(coordinator, f"{ACTIVITIES}/1/edit", button)

    assert texts(sent) == seen
    assert city.stored(activity).version == 1
    coordinator.post(f"{ACTIVITIES}/1/edit", sent)
    ids = {purpose.text: purpose.id for purpose in activity.purposes}
    stored = city.stored(activity).purposes
    assert [purpose.text for purpose in stored] == seen
    for purpose in stored[: len(seen) - 1]:
        assert purpose.id == ids[purpose.text]


def test_rows_keep_their_identity_in_a_new_order(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    sent = coordinator.page(f"{ACTIVITIES}/1/edit").sent()
    coordinator.post(f"{ACTIVITIES}/1/edit", filled(sent, {"purposes-rows": "2 0 1"}))

    first, second, third = activity.purposes
    stored = city.stored(activity)
    assert [(purpose.id, purpose.text) for purpose in stored.purposes] == [
        (third.id, "Dritter"),
        (first.id, "Erster"),
        (second.id, "Zweiter"),
    ]
    assert stored.version == 2
    assert list(the_history(city, ProcessingActivity, 1)[0].changes) == ["purposes"]


def test_what_is_not_sent_is_not_changed(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    coordinator.post(f"{ACTIVITIES}/1/edit", {"version": "1", "description": "Nur das"})

    stored = city.stored(activity)
    assert (stored.name, stored.description, len(stored.purposes)) == ("Wohngeld", "Nur das", 3)


def test_enter_saves_because_the_first_button_of_the_form_does(
    coordinator: Browser, activity: ProcessingActivity
) -> None:
    page = coordinator.page(f"{ACTIVITIES}/{activity.number}/edit")
    editor = next(form for form in page.all("form") if "data-autosave" in form.attributes)
    buttons = [one for one in editor.inside if one.tag == "button"]

    assert (buttons[0]["name"], buttons[0]["value"]) == ("do", "save")


# --- What cannot be read, and drafts --------------------------------------------------------------


def test_what_cannot_be_read_is_shown_again_and_the_rest_is_saved(
    coordinator: Browser, city: City, activity: ProcessingActivity
) -> None:
    norm = fields(Purpose)["norm"]
    too_long = "y" * (norm.length + 1) if isinstance(norm, Line) else ""
    wrong = {
        "description": "Wird gespeichert",
        "since": "31.02.2026",
        "service_key": "x" * 61,
        "stage": "ERFUNDEN",
        "purposes-1-norm": too_long,
        "purposes-1-text": "Zweiter, geändert",
    }
    sent = coordinator.page(f"{ACTIVITIES}/1/edit").sent()
    place = coordinator.post(f"{ACTIVITIES}/1/edit", filled(sent, wrong)).location
    page = coordinator.page(place)
    stored = city.stored(activity)

    assert place == f"{ACTIVITIES}/1/edit"
    assert (stored.description, stored.since, stored.purposes[1].text) == (
        "Wird gespeichert",
        None,
        "Zweiter, geändert",
    )
    assert (page.value("since"), page.value("service_key"), page.value("purposes-1-norm")) == (
        "31.02.2026",
        "x" * 61,
        too_long,
    )
    assert "„31.02.2026“ ist kein Datum" in page.main
    assert "„ERFUNDEN“ steht nicht zur Auswahl" in page.main
    assert "Höchstens 60 Zeichen; es sind 61." in page.main
    assert "4 Angaben waren nicht zu lesen" in page.main
    assert "Entwurf vom" in page.main

    right = {"since": "28.02.2026", "service_key": "", "stage": "TEST"}
    coordinator.post(place, filled(page.sent(), right))
    repaired = city.stored(activity)
    assert (repaired.since, repaired.stage) == (date(2026, 2, 28), Stage.TEST)


def test_a_new_entry_with_something_unreadable_is_created_all_the_same(coordinator: Browser) -> None:
    place = coordinator.post(f"{ACTIVITIES}/new", {"name": "Neu", "since": "morgen"}).location

    assert place == f"{ACTIVITIES}/1/edit"
    assert coordinator.page(place).value("since") == "morgen"


@pytest.mark.parametrize("number", [0, 1])
def test_a_draft_is_private_and_leaves_no_trace_until_it_is_saved(
    browsers: Browsers, city: City, activity: ProcessingActivity, number: int
) -> None:
    mine, other = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    page = f"{ACTIVITIES}/{number}/edit" if number else f"{ACTIVITIES}/new"
    typed = filled(mine.page(page).sent(), {"name": "Nur getippt", "since": "mor"})
    response = mine.post(f"{ACTIVITIES}/{number}/draft", typed, status=200)

    assert response.json is not None
    assert list(response.json) == ["saved_at"]
    assert (mine.page(page).value("name"), mine.page(page).value("since")) == ("Nur getippt", "mor")
    assert other.page(page).value("name") == ("Wohngeld" if number else "")
    assert (city.stored(activity).version, len(the_history(city, ProcessingActivity, 1))) == (1, 1)

    other.post(f"{ACTIVITIES}/{number}/draft/discard")
    assert mine.page(page).value("name") == "Nur getippt"
    mine.post(f"{ACTIVITIES}/{number}/draft/discard")
    assert mine.page(page).value("name") == ("Wohngeld" if number else "")


def test_saving_ends_the_draft(coordinator: Browser, city: City, activity: ProcessingActivity) -> None:
    page = f"{ACTIVITIES}/1/edit"
    typed = filled(coordinator.page(page).sent(), {"name": "Getippt"})
    coordinator.post(f"{ACTIVITIES}/1/draft", typed, status=200)
    coordinator.post(page, typed)

    assert city.stored(activity).name == "Getippt"
    assert "Entwurf vom" not in coordinator.page(page).main


# --- Two at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "Meine Beschreibung"), ("theirs", "Ihre Beschreibung")]
)
def test_two_who_edit_at_once_see_both_sides_and_choose(
    browsers: Browsers, city: City, activity: ProcessingActivity, choice: str, kept: str
) -> None:
    mine, theirs = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    form = mine.page(f"{ACTIVITIES}/1/edit").sent()
    theirs.post(
        f"{ACTIVITIES}/1/edit", {"version": "1", "description": "Ihre Beschreibung", "consent": "Ihre"}
    )

    answers_of_mine = {"description": "Meine Beschreibung", "contact": "Meine", "purposes-0-norm": "§ 2"}
    mine_now = filled(form, answers_of_mine)
    conflict = Page(mine.post(f"{ACTIVITIES}/1/edit", mine_now, status=409).text)
    assert "Meine Beschreibung" in conflict.main
    assert "Ihre Beschreibung" in conflict.main
    assert city.people[Role.DSB].name in conflict.main
    proposed = {name: value for name, value in conflict.sent() if name.startswith("choose:")}
    assert proposed == {
        "choose:description": "mine",
        "choose:consent": "theirs",
        "choose:contact": "mine",
        "choose:purposes": "mine",
    }
    assert city.stored(activity).version == 2

    answer = [pair for pair in conflict.sent() if pair[0] != "choose:description"]
    mine.post(f"{ACTIVITIES}/1/edit", [*answer, ("choose:description", choice), ("do", "save")])
    stored = city.stored(activity)
    assert (stored.description, stored.consent, stored.contact, stored.purposes[0].norm) == (
        kept,
        "Ihre",
        "Meine",
        "§ 2",
    )
    assert [purpose.id for purpose in stored.purposes] == [purpose.id for purpose in activity.purposes]


def test_two_who_add_rows_at_once_lose_none_unnoticed(
    browsers: Browsers, city: City, activity: ProcessingActivity
) -> None:
    mine, theirs = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    my_form = pressed(mine, f"{ACTIVITIES}/1/edit", "add:purposes")
    their_form = pressed(theirs, f"{ACTIVITIES}/1/edit", "add:purposes")
    theirs.post(f"{ACTIVITIES}/1/edit", filled(their_form, {"purposes-3-text": "Ihr neuer"}))
    page = mine.post(
        f"{ACTIVITIES}/1/edit", filled(my_form, {"purposes-3-text": "Mein neuer"}), status=409
    ).text

    assert "Mein neuer" in page
    assert "Ihr neuer" in page
    assert [purpose.text for purpose in city.stored(activity).purposes][3:] == ["Ihr neuer"]


def test_a_third_save_meanwhile_is_a_conflict_again(
    browsers: Browsers, city: City, activity: ProcessingActivity
) -> None:
    mine, theirs = browsers.of(Role.COORDINATOR), browsers.of(Role.DSB)
    for text in ("eins", "zwei"):
        theirs.post(f"{ACTIVITIES}/1/edit", {"description": text, "version": ""})
    mine.post(f"{ACTIVITIES}/1/edit", {"version": "2", "description": "spät"}, status=409)

    assert city.stored(activity).description == "zwei"


# --- Odds and ends -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/registers/unbekannt/",
        "/registers/themes/1",
        "/registers/themes/99999999999999999999999",
        "/registers/themes/99999999999999999999999/edit",
        "/registers/themes/1/export.pdf",
        "/registers/themes/export.exe",
        "/registers/themes/-1",
        "/gibt/es/nicht",
    ],
)
def test_what_is_not_there_is_said_in_words(browsers: Browsers, path: str) -> None:
    assert "gibt es nicht" in browsers.of(Role.DSB).page(path, status=404).main


def test_links_fill_in_what_they_know(coordinator: Browser, city: City) -> None:
    processor = Processor(name="Rechenzentrum")
    city.save(processor)
    page = coordinator.page(f"{ACTIVITIES}/new?processors=1&project=77&objects=²")

    checked = [
        one["value"]
        for one in page.all("input")
        if one["name"] == "processors" and "checked" in one.attributes
    ]
    assert checked == [processor.id.hex]


def test_references_beyond_fifty_are_found_without_scripts(coordinator: Browser, city: City) -> None:
    offices = [Processor(name=f"Büro {number:02}") for number in range(60)]
    city.save(*offices)
    first = coordinator.page(f"{ACTIVITIES}/new")
    searched = filled(first.sent(), {"processors": offices[3].id.hex, "processors-search": "buero 58"})
    response = coordinator.post(f"{ACTIVITIES}/new", [*searched, ("do", "search:processors")], status=200)

    assert "AV-0059 Büro 58" not in first.source
    assert "AV-0059 Büro 58" in response.text
    assert "AV-0004 Büro 03" in response.text
    assert "AV-0010 Büro 09" not in response.text


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_is_sound_in_both_languages(
    browsers: Browsers, site: Site, city: City, language: str
) -> None:
    browser = browsers.of(Role.DSB)
    browser.post("/language", {"language": language})
    for model in site.registers.values():
        city.save(model(name="Eintrag"))
        root = f"/registers/{model.slug}"
        for path in ("/", "/1", "/1/history", "/1/edit", "/new"):
            if page := browser.page_if_any(root + path):
                assert page.all("html")[0]["lang"] == language


def test_an_opinion_stands_on_the_page_of_its_entry(browsers: Browsers, activity: ProcessingActivity) -> None:
    officer = browsers.of(Role.DSB)
    place = f"{ACTIVITIES}/{activity.number}"
    officer.post(f"{place}/opinions", {"verdict": "AGAINST", "text": "Davon <b>rate</b> ich ab."})
    officer.post(f"{place}/opinions", {"verdict": "", "text": "ohne Ergebnis"}, status=422)
    officer.post(f"{place}/opinions", {"verdict": "AGAINST", "text": "  "}, status=422)
    page = officer.page(place).main

    assert "Davon <b>rate</b> ich ab." in page
    assert "Rät ab" in page
    assert "ohne Ergebnis" not in page
