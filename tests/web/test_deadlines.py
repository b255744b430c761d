"""The calculator answers at once, shows its way, and names what is wrong where it was typed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from compliance.people import Role
from tests.browsers import Browsers
from tests.pages import Page

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

Ask = Callable[[str], str]


@pytest.fixture
def ask(browsers: Browsers) -> Ask:
    """What the calculator says to the questions of an address, in words."""
    return lambda query: words(browsers.of(Role.READER).get(f"/deadlines?{query}").text)


def words(source: str) -> str:
    main = source[source.index("<main") : source.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.mark.parametrize("role", Role)
def test_everybody_who_is_signed_in_finds_it_in_the_menu(browsers: Browsers, role: Role) -> None:
    browser = browsers.of(role)

    assert "/deadlines" in [link["href"] for link in browser.page("/").all("a")]
    browser.get("/deadlines")


def test_a_stranger_is_asked_to_sign_in(browsers: Browsers) -> None:
    assert browsers.of_stranger().status("GET", "/deadlines") == 302


@pytest.mark.parametrize("kind", ["", "BREACH", "REQUEST", "CONSULTATION", "PERIOD", "nonsense"])
def test_nothing_is_complained_about_before_something_was_asked(ask: Ask, kind: str) -> None:
    said = ask(f"kind={kind}")

    assert "Fehler" not in said
    assert "So wird gerechnet" not in said


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        pytest.param(
            "kind=BREACH&aware=2026-03-27T14:10",
            [
                "Strikt, 72 Stunden auf die Minute Montag, 30.03.2026, 15:10 Uhr MESZ",
                "Rechtlich spätestens Montag, 30.03.2026, 16:00 Uhr MESZ",
                "werden die Uhren auf Sommerzeit vorgestellt",
                "Zu melden ist, sofern nicht voraussichtlich kein Risiko besteht. Art. 33 Abs. 1 DSGVO",
            ],
            id="breach",
        ),
        pytest.param(
            "kind=REQUEST&received=2026-03-03&paused=&resumed=&land=SH",
            [
                "Frist (1 Monat) Dienstag, 07.04.2026",
                "Bei Verlängerung (3 Monate ab Eingang) Mittwoch, 03.06.2026",
                "Freitag, 03.04.2026 (Karfreitag); Samstag, 04.04.2026",
            ],
            id="request",
        ),
        pytest.param(
            "kind=REQUEST&received=31.07.2025",
            [
                (
                    "Bei Verlängerung (3 Monate ab Eingang) Freitag, 31.10.2025 Nur im Land ein Feiertag. "
                    "Ob er die Frist verschiebt, ist ungeklärt; verschoben wäre es Montag, 03.11.2025."
                )
            ],
            id="holiday of the Land that the organisation lies in",
        ),
        pytest.param(
            "kind=REQUEST&received=2026-01-15&paused=2026-01-20&resumed=2026-01-27&land=SH",
            [
                "Frist (1 Monat) Montag, 23.02.2026 Ohne die Unterbrechung: Montag, 16.02.2026.",
                "stand die Frist still; das verlängert sie um 7 Tage",
                "22.02.2026. EDSA-Leitlinien 01/2022",
            ],
            id="pause",
        ),
        pytest.param(
            "kind=REQUEST&received=2026-01-15&paused=2026-01-20&land=SH",
            ["Frist (1 Monat) Montag, 16.02.2026", "Die Rückfrage ist offen: Die Frist steht still"],
            id="open question",
        ),
        pytest.param(
            "kind=CONSULTATION&received=2026-02-14&land=SH",
            [
                "Frist (8 Wochen) Montag, 13.04.2026",
                "Bei Verlängerung (14 Wochen ab Eingang) Dienstag, 26.05.2026",
                "Eine Verlängerung muss die Aufsichtsbehörde bis Montag, 16.03.2026, mitteilen.",
                "ist das keine Zustimmung",
            ],
            id="consultation",
        ),
        pytest.param(
            "kind=PERIOD&begins=2025-10-17&length=2&length=W&regime=NATIONAL&land=SH",
            ["Die Frist endet Montag, 03.11.2025", "§ 193 BGB"],
            id="period of German law",
        ),
        pytest.param(
            "kind=PERIOD&begins=2025-10-17&length=2&length=W&regime=UNION&land=SH",
            ["Die Frist endet Freitag, 31.10.2025", "Art. 2 Abs. 1 VO (EWG, Euratom) Nr. 1182/71"],
            id="period of Union law",
        ),
        pytest.param(
            "kind=PERIOD&begins=2024-02-29&length=1&length=Y&regime=NATIONAL&land=SH",
            ["12 Monate danach gibt es keinen 29.", "Die Frist endet Freitag, 28.02.2025"],
            id="a year",
        ),
    ],
)
def test_it_says_when_a_period_ends_and_why(ask: Ask, query: str, sentences: list[str]) -> None:
    said = ask(query)

    assert [sentence for sentence in sentences if sentence not in said] == []


@pytest.mark.parametrize(
    ("query", "field", "complaint"),
    [
        ("kind=BREACH&aware=", "aware", "Diese Angabe wird gebraucht."),
        ("kind=BREACH&aware=2026-03-02", "aware", "„2026-03-02“ ist kein Zeitpunkt."),
        ("kind=BREACH&aware=2026-03-29T02:30", "aware", "02:30 Uhr gab es am 29.03.2026 nicht"),
        ("kind=BREACH&aware=1900-03-29T02:30", "aware", "nur für die Jahre 1991 bis 2100"),
        ("kind=REQUEST&received=2026-02-30", "received", "„2026-02-30“ ist kein Datum."),
        ("kind=REQUEST&received=2100-12-30&land=SH", "received", "nur für die Jahre 1991 bis 2100"),
        ("kind=REQUEST&received=2026-02-10&land=XX", "land", "„XX“ steht nicht zur Auswahl."),
        ("kind=REQUEST&received=2026-02-10&land=", "land", "Diese Angabe wird gebraucht."),
        ("kind=REQUEST&received=2026-02-10&paused=2026-02-09", "paused", "Das liegt vor dem Eingang."),
        (
            "kind=REQUEST&received=2026-02-10&resumed=2026-02-12",
            "paused",
            "Zu einer Antwort gehört der Tag der Rückfrage.",
        ),
        (
            "kind=REQUEST&received=2026-02-10&paused=2026-02-12&resumed=2026-02-11",
            "resumed",
            "Das liegt vor der Rückfrage.",
        ),
        ("kind=PERIOD&begins=2026-02-10&length=0&length=D", "length", "mindestens einen Tag"),
        ("kind=PERIOD&begins=2026-02-10&length=&length=D", "length", "Diese Angabe wird gebraucht."),
        ("kind=PERIOD&begins=2026-02-10&length=99999&length=Y", "length", "nur für die Jahre 1991 bis 2100"),
        ("kind=PERIOD&begins=2026-02-10&length=2&length=D&regime=XX", "regime", "steht nicht zur Auswahl"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    browsers: Browsers, query: str, field: str, complaint: str
) -> None:
    page = browsers.of(Role.READER).page(f"/deadlines?{query}")

    complaints = {one["id"]: one.text for one in page.all("p") if one["id"].endswith("-error")}
    assert list(complaints) == [f"{field}-error"]
    assert complaint in complaints[f"{field}-error"]
    assert "So wird gerechnet" not in page.source


def test_the_land_of_the_organisation_is_chosen_already(browsers: Browsers) -> None:
    page = browsers.of(Role.READER).page("/deadlines?kind=REQUEST")

    assert chosen(page, "land") == ["SH"]
    assert chosen(browsers.of(Role.READER).page("/deadlines?kind=REQUEST&received=&land=BY"), "land") == [
        "BY"
    ]


def chosen(page: Page, name: str) -> list[str]:
    select = next(one for one in page.all("select") if one["name"] == name)
    return [option["value"] for option in select.inside if "selected" in option.attributes]


def test_a_day_typed_in_german_stands_in_the_field_as_browsers_write_it(browsers: Browsers) -> None:
    page = browsers.of(Role.READER).page("/deadlines?kind=REQUEST&received=03.03.2026")

    assert [one["value"] for one in page.all("input") if one["name"] == "received"] == ["2026-03-03"]


def test_it_speaks_english(browsers: Browsers) -> None:
    browser = browsers.of(Role.READER)
    browser.post("/language", {"language": "en", "next": "/"})

    said = words(browser.get("/deadlines?kind=REQUEST&received=2026-03-03&land=SH").text)

    assert "Due (1 month) Tuesday, 2026-04-07" in said
    assert "Friday, 2026-04-03 (Good Friday)" in said
