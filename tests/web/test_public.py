"""The public register: what management decided, for everybody, and nothing else."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import select

from compliance.entry import Part, State
from compliance.errors import Refused
from compliance.fields import (
    Line,
    Prose,
    Reference,
    References,
    Rows,
    fields,
)
from compliance.journal import history
from compliance.language import LANGUAGES
from compliance.people import Role, Unit
from registers.authority import Authority
from registers.countries import COUNTRIES
from registers.joint_controllers import JointControllership
from registers.measures import Measure
from registers.norms import Norm
from registers.objects import TargetObject
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    Subjects,
)
from registers.processors import Processor
from registers.projects import Project
from registers.publication import Publication, PublicField, extract_of, switch_public_register
from registers.services import Service
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City, found_city

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

REGISTER = "/public/musterfoerde/register"
ALL = [("shown", field.name) for field in PublicField]


@pytest.fixture
def switched_on(city: City) -> City:
    with city.site.database.writing(actor=FOUNDER) as session:
        switch_public_register(session, city.id, "musterfoerde", on=True)
    return city


@pytest.fixture
def activity(city: City) -> ProcessingActivity:
    entry = ProcessingActivity(
        name="Hundesteuer",
        state=State.RELEASED,
        purposes=[Purpose(text="Festsetzung der Steuer", legal_basis=LegalBasis.PUBLIC_TASK, norm="Satzung")],
        subjects=(Subjects.TAXPAYERS,),
        data=[DataCategory(text="Name, Anschrift", criteria="Abmeldung des Hundes")],
        recipients=[Recipient(text="Stadtkasse")],
        third_country=False,
    )
    city.save(entry, Authority(name="Stadt Musterförde", officer_email="datenschutz@stadt.example"))
    return entry


@pytest.fixture
def management(browsers: Browsers) -> Browser:
    return browsers.of(Role.MANAGEMENT)


@pytest.fixture
def stranger(browsers: Browsers) -> Browser:
    return browsers.of_stranger()


# --- The decision --------------------------------------------------------------------------------


@pytest.mark.usefixtures("activity")
@pytest.mark.parametrize("role", list(Role))
def test_management_alone_decides(browsers: Browsers, role: Role) -> None:
    status = browsers.of(role).status("POST", "/publications/1", dict(ALL))
    expected = {Role.MANAGEMENT: 302, Role.ARCHIVE: 404}
    assert status == expected.get(role, 403)


@pytest.mark.parametrize("state", [state for state in State if state is not State.RELEASED])
def test_nothing_is_published_for_which_nobody_vouches(
    management: Browser, city: City, activity: ProcessingActivity, state: State
) -> None:
    city.change(activity, state=state)
    management.post("/publications/1", ALL, status=422)


def test_the_decision_is_in_the_journal(
    management: Browser, city: City, activity: ProcessingActivity
) -> None:
    management.post("/publications/1", [("shown", "PURPOSES")])
    management.post("/publications/1/withdraw")

    with city.site.database.reading(city.id) as session:
        decision = session.scalar(select(Publication).where(Publication.activity_id == activity.id))
        assert decision is not None
        changes = history(session, decision)
    assert [(change.action, change.actor) for change in changes] == [
        ("withdraw", city.people[Role.MANAGEMENT].name),
        ("publish", city.people[Role.MANAGEMENT].name),
    ]
    assert "Festsetzung der Steuer" in changes[1].state["extract"]


def test_the_page_of_the_decision_shows_what_would_be_said(
    management: Browser, browsers: Browsers, city: City, activity: ProcessingActivity
) -> None:
    before = management.page("/publications/1").main
    management.post("/publications/1", ALL)
    city.change(activity, third_country=True)

    assert "Nicht öffentlich." in before
    assert "findet nicht statt und ist nicht geplant" in before
    for address in ("/publications/1", "/registers/processing-activities/1"):
        assert "geändert seit der Entscheidung" in browsers.of(Role.DSB).page(address).main


# --- Public pages --------------------------------------------------------------------------------


@pytest.mark.usefixtures("switched_on", "activity")
@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_what_was_decided(management: Browser, stranger: Browser, language: str) -> None:
    management.post("/publications/1", ALL)

    listing = stranger.page(f"{REGISTER}?language={language}").main
    page = stranger.page(f"{REGISTER}/1?language={language}").main

    assert "Hundesteuer" in listing
    for said in (
        "Festsetzung der Steuer",
        "Satzung",
        "Name, Anschrift",
        "Stadtkasse",
        "datenschutz@stadt.example",
    ):
        assert said in page
    assert {"de": "Abgabenpflichtige", "en": "Persons liable to taxes and fees"}[language] in page


@pytest.mark.usefixtures("switched_on", "activity")
def test_what_is_not_chosen_stays_inside(management: Browser, stranger: Browser) -> None:
    management.post("/publications/1", [("shown", "PURPOSES")])
    page = stranger.page(f"{REGISTER}/1").main
    assert "Festsetzung der Steuer" in page
    assert [said for said in ("Satzung", "Stadtkasse", "datenschutz@", "Anschrift") if said in page] == []


def test_a_later_change_is_not_public_before_it_is_decided(
    management: Browser, stranger: Browser, switched_on: City, activity: ProcessingActivity
) -> None:
    management.post("/publications/1", ALL)
    switched_on.change(activity, name="Hundesteuer neu", notice_link="https://neu.example")
    page = stranger.page(f"{REGISTER}/1").main
    assert ("Hundesteuer neu" in page, "neu.example" in page) == (False, False)

    management.post("/publications/1", ALL)
    assert "Hundesteuer neu" in stranger.page(f"{REGISTER}/1").main


@pytest.mark.parametrize("how", ["withdrawn", "ended", "switched off"])
def test_what_is_withdrawn_ended_or_switched_off_is_gone(
    management: Browser, stranger: Browser, switched_on: City, activity: ProcessingActivity, how: str
) -> None:
    management.post("/publications/1", ALL)
    match how:
        case "withdrawn":
            management.post("/publications/1/withdraw")
        case "ended":
            switched_on.change(activity, state=State.ENDED)
        case _:
            with switched_on.site.database.writing(actor=FOUNDER) as session:
                switch_public_register(session, switched_on.id, "", on=False)

    assert stranger.status("GET", f"{REGISTER}/1") == 404
    listing = stranger.get(REGISTER, status=404 if how == "switched off" else 200).text
    assert "Hundesteuer" not in listing
    assert how == "switched off" or json.loads(stranger.get(f"{REGISTER}.json").text)["activities"] == []


@pytest.mark.usefixtures("activity")
def test_a_register_that_nobody_switched_on_does_not_exist(management: Browser, stranger: Browser) -> None:
    management.post("/publications/1", ALL)
    for address in (REGISTER, f"{REGISTER}/1", f"{REGISTER}.csv", "/public/%20/register"):
        assert stranger.status("GET", address) == 404


def test_a_neighbour_has_a_register_of_its_own(
    management: Browser, stranger: Browser, switched_on: City, activity: ProcessingActivity
) -> None:
    management.post("/publications/1", ALL)
    neighbour = found_city(switched_on.site, "Gemeinde Nebenan")
    with switched_on.site.database.writing(actor=FOUNDER) as session:
        name = switch_public_register(session, neighbour.id, "", on=True)
    assert name == "gemeinde-nebenan"
    assert activity.name not in stranger.get("/public/gemeinde-nebenan/register").text
    assert stranger.status("GET", "/public/gemeinde-nebenan/register/1") == 404


@pytest.mark.parametrize("name", ["Groß", "-a", "a--b", "a/b", "a" * 61, "musterfoerde"])
def test_an_address_is_plain_and_belongs_to_one(switched_on: City, name: str) -> None:
    neighbour = found_city(switched_on.site, "Gemeinde Nebenan")
    with (
        pytest.raises(Refused),
        switched_on.site.database.writing(actor=FOUNDER) as session,
    ):
        switch_public_register(session, neighbour.id, name, on=True)


@pytest.mark.usefixtures("switched_on")
def test_a_long_register_has_pages_and_a_search(management: Browser, stranger: Browser, city: City) -> None:
    city.save(
        *(ProcessingActivity(name=f"Prüfung {number:02}", state=State.RELEASED) for number in range(53))
    )
    for number in range(1, 54):
        management.post(f"/publications/{number}", ALL)

    first, second = stranger.page(REGISTER).main, stranger.page(f"{REGISTER}?page=2").main
    assert ("Prüfung 49" in first, "Prüfung 50" in first, "Prüfung 52" in second) == (True, False, True)
    assert "Seite 2 von 2" in stranger.page(f"{REGISTER}?page=99999").main
    assert "1 Tätigkeit " in stranger.page(f"{REGISTER}?q=PRUEFUNG+07").main
    assert "Keine Tätigkeit passt" in stranger.page(f"{REGISTER}?q=%25&page=x").main


# --- Caches --------------------------------------------------------------------------------------


PAGES = ("", "/1", ".json", ".csv")


@pytest.mark.usefixtures("switched_on", "activity")
def test_caches_may_keep_what_is_public_and_notice_each_decision(
    management: Browser, stranger: Browser
) -> None:
    management.post("/publications/1", ALL)
    for page in PAGES:
        first = stranger.get(REGISTER + page)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in first.headers
        tag = {"If-None-Match": first.headers["ETag"]}
        again = stranger.get(REGISTER + page, headers=tag, status=304)
        assert again.data == b""
        management.post("/publications/1", [("shown", "DATA")])
        assert stranger.get(REGISTER + page, headers=tag).headers["ETag"] != first.headers["ETag"]
        management.post("/publications/1", ALL)


@pytest.mark.usefixtures("switched_on", "activity")
def test_a_public_page_is_the_same_for_whoever_is_signed_in(management: Browser, stranger: Browser) -> None:
    management.post("/publications/1", ALL)
    for page in PAGES:
        english = {"Accept-Language": "en"}
        assert management.get(REGISTER + page).data == stranger.get(REGISTER + page, headers=english).data


@pytest.mark.usefixtures("switched_on")
def test_what_is_not_public_is_kept_by_no_cache(stranger: Browser, management: Browser) -> None:
    assert stranger.get(f"{REGISTER}/1", status=404).headers["Cache-Control"] == "no-store"
    assert management.get("/").headers["Cache-Control"] == "no-store"


# --- Open data -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("switched_on", "activity")
def test_open_data_say_what_the_pages_say(management: Browser, stranger: Browser) -> None:
    management.post("/publications/1", [("shown", "PURPOSES"), ("shown", "DATA")])

    data = json.loads(stranger.get(f"{REGISTER}.json?language=en").text)
    rows = list(csv.reader(io.StringIO(stranger.get(f"{REGISTER}.csv").text.lstrip("\ufeff")), delimiter=";"))

    day = data["activities"][0].pop("published")
    assert data == {
        "organisation": "Stadt Musterförde",
        "language": "en",
        "activities": [
            {
                "number": "VT-0001",
                "name": "Hundesteuer",
                "purposes": ["Festsetzung der Steuer"],
                "data": ["Name, Anschrift"],
            }
        ],
    }
    assert rows[0] == ["Nr.", "Bezeichnung", "Veröffentlicht am", *(field.text.de for field in PublicField)]
    assert rows[1] == [
        "VT-0001",
        "Hundesteuer",
        day,
        "Festsetzung der Steuer",
        "",
        "",
        "Name, Anschrift",
        *[""] * 5,
    ]
    assert stranger.status("GET", f"{REGISTER}.xml") == 404


# --- Nothing else leaves -------------------------------------------------------------------------

PUBLIC = {
    ("ProcessingActivity", "name"),
    ("ProcessingActivity", "other_subjects"),
    ("ProcessingActivity", "notice_link"),
    ("Purpose", "text"),
    ("Purpose", "norm"),
    ("DataCategory", "text"),
    ("DataCategory", "criteria"),
    ("DataCategory", "start_event"),
    ("Recipient", "text"),
    ("Authority", "officer_address"),
    ("Authority", "officer_email"),
    ("Authority", "officer_telephone"),
}
"""The texts that can be published; written apart from the program."""


def marked(thing: Any, marks: dict[str, tuple[str, str]]) -> Any:
    """*thing* with a text of its own in each field that holds text."""
    for name, spec in fields(type(thing)).items():
        mark = f"Zeichen{len(marks):03}"
        match spec:
            case Line() | Prose():
                setattr(thing, name, mark)
                marks[mark] = (type(thing).__name__, name)
            case Rows():
                row: Part = spec.part()
                setattr(thing, name, [marked(row, marks)])
            case _:
                pass
    return thing


def test_no_other_text_of_the_record_leaves(
    management: Browser, stranger: Browser, switched_on: City
) -> None:
    marks: dict[str, tuple[str, str]] = {}
    activity = marked(ProcessingActivity(state=State.RELEASED, third_country=True), marks)
    tied = {
        name for name, spec in fields(ProcessingActivity).items() if isinstance(spec, Reference | References)
    }
    others = {"norms": Norm, "services": Service, "joint_controllerships": JointControllership}
    others |= {"measures_used": Measure, "processors": Processor, "objects": TargetObject}
    assert tied == {"unit", "project", *others}, "what is new has to be marked here"
    activity.unit, activity.project = marked(Unit(), marks), marked(Project(), marks)
    for name, model in others.items():
        setattr(activity, name, [marked(model(), marks)])
    activity.recipients[0].country = COUNTRIES["US"]
    switched_on.save(marked(Authority(), marks), activity)
    management.post("/publications/1", ALL)

    seen = ""
    for language in LANGUAGES:
        for page in ("", "/1", ".json", ".csv"):
            seen += stranger.get(f"{REGISTER}{page}?language={language}").text
    left = {marks[mark] for mark in marks if mark in seen}
    assert left <= PUBLIC
    assert left >= PUBLIC - {("DataCategory", "start_event")}
    for secret in (activity.designation.replace("VT", "AV"), activity.designation.replace("VT", "ZO")):
        assert secret not in seen


def test_the_stored_extract_holds_the_published_texts_and_nothing_else(switched_on: City) -> None:
    marks: dict[str, tuple[str, str]] = {}
    activity = marked(ProcessingActivity(), marks)
    sheet = marked(Authority(), marks)
    for chosen in [(), tuple(PublicField), *((field,) for field in PublicField)]:
        extract = json.dumps(extract_of(activity, sheet, chosen), ensure_ascii=False)
        left = {marks[mark] for mark in marks if mark in extract}
        assert left <= PUBLIC
        assert set(json.loads(extract)["details"]) == {field.name for field in chosen}
    assert switched_on.organisation.name not in extract
