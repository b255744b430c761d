"""Anybody who knows the address can answer the pre-scan; nobody learns more than they should."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from assessments.dpia import prescan_access as access
from assessments.dpia.prescan import Fate, PreScan, Topic
from assessments.dpia.prescan_questions import BY_SLUG, QUESTIONS, given
from compliance.app import create_app
from compliance.cli import commands
from compliance.crypto import Keys
from compliance.database import now, today
from compliance.entry import everything
from compliance.people import Role
from compliance.web.gate import TRAP
from compliance.web.prescans import PER_SENDER
from registers.authority import Authority
from registers.projects import Project
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City, found_city
from tests.mailbox import mail_server
from tests.pages import Page

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

ANSWERS: dict[str, dict[str, Any]] = {
    "plan": {"name": "Schulbus-App", "idea": "Eltern sehen, wo der Bus ist."},
    "contact": {"unit_said": "1.1 Bürgeramt", "contact": "Ida Lund", "reach": "-12"},
    "timing": {"timing": "PLANNED", "begins": "2027-02-01"},
    "personal": {"personal_data": "yes"},
    "observed": {"observed": ["LOCATION"]},
    "concerned": {"concerned": ["CHILDREN", "PARENTS"]},
    "kinds": {"kinds": ["CONTACT", "HEALTH"]},
    "scale": {"scale": "THOUSAND"},
    "origin": {"origin": ["PERSONS"]},
    "automation": {"automation": ["NOTHING"]},
    "merged": {"merged": "unsure"},
    "helpers": {"helpers": "GERMANY", "provider": "Busblick GmbH"},
    "open-data": {"open_data": "no"},
    "keeping": {"keeping": "unsure"},
    "harm": {"unsure": "unsure"},
}


@pytest.fixture
def link(city: City) -> str:
    return opened(city)


def opened(city: City) -> str:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        return f"/pre-scan/{access.open_link(session, city.id)}"


@pytest.fixture
def stranger(browsers: Browsers) -> Browser:
    return browsers.of_stranger()


def stamped(city: City, age: timedelta = timedelta(seconds=20)) -> dict[str, str]:
    """What a page that was opened some time ago sends along."""
    since = (now() - age).isoformat(timespec="seconds")
    return {"since": since, "stamp": city.site.keys.stamp(f"pre-scan/{city.id.hex}/{since}")}


def begun(stranger: Browser, city: City, link: str) -> str:
    """The address of a pre-scan that was just begun."""
    answer = stranger.post(link, stamped(city))
    return str(answer.headers["Location"]).removesuffix("/plan")


def answered(stranger: Browser, city: City, link: str) -> str:
    own = begun(stranger, city, link)
    for slug, data in ANSWERS.items():
        stranger.post(f"{own}/{slug}", data)
    return own


def sent(stranger: Browser, city: City, link: str) -> str:
    own = answered(stranger, city, link)
    stranger.post(f"{own}/check", stamped(city))
    return own


def kept(city: City, model: Any = PreScan) -> list[Any]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(model).options(*everything(model))))


def drafts(city: City) -> list[access.PreScanDraft]:
    with city.site.database.reading() as session:
        return list(session.scalars(select(access.PreScanDraft)))


# --- The way through -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_screen_asks_one_question_in_plain_words(
    stranger: Browser, city: City, link: str, language: str
) -> None:
    own = begun(stranger, city, link)
    for place, question in enumerate(QUESTIONS, start=1):
        page = stranger.page(f"{own}/{question.slug}?language={language}")
        [heading] = page.all("h1")

        assert heading.text == question.topic.text[language]
        assert "autofocus" in heading.attributes
        assert question.explains[language] in page.main
        assert question.unsure[language] in page.main
        counted = f"Frage {place} von 15" if language == "de" else f"Question {place} of 15"
        assert counted in page.main
        assert [html["lang"] for html in page.all("html")] == [language]
        answer = stranger.post(f"{own}/{question.slug}?language={language}", ANSWERS[question.slug])
        assert f"language={language}" in answer.headers["Location"]


def test_a_pre_scan_arrives_with_every_answer(stranger: Browser, city: City, link: str) -> None:
    own = sent(stranger, city, link)
    [scan] = kept(city)
    said = given(scan)

    assert said.pop("unsure") == [Topic.MERGED.name, Topic.KEEPING.name, Topic.HARM.name]
    assert said == {
        "name": "Schulbus-App",
        "idea": "Eltern sehen, wo der Bus ist.",
        "unit_said": "1.1 Bürgeramt",
        "contact": "Ida Lund",
        "reach": "-12",
        "timing": "PLANNED",
        "begins": "2027-02-01",
        "personal_data": True,
        "observed": ["LOCATION"],
        "concerned": ["CHILDREN", "PARENTS"],
        "kinds": ["CONTACT", "HEALTH"],
        "scale": "THOUSAND",
        "origin": ["PERSONS"],
        "automation": ["NOTHING"],
        "helpers": "GERMANY",
        "provider": "Busblick GmbH",
        "open_data": False,
    }
    assert (scan.sent_on, scan.unit.id, scan.waits) == (today(), city.units["office"].id, True)
    assert "VP-0001" in stranger.page(own).main
    assert "keine rechtliche Bewertung" in stranger.page(own).main
    assert [draft.sealed for draft in drafts(city)] == [""]


def test_without_data_of_people_the_way_is_short(stranger: Browser, city: City, link: str) -> None:
    own = begun(stranger, city, link)
    for slug in ("plan", "contact", "timing"):
        stranger.post(f"{own}/{slug}", ANSWERS[slug])
    stranger.post(f"{own}/personal", {"personal_data": "no"})
    answer = stranger.post(f"{own}/observed", {"observed": "NOTHING"})
    assert answer.headers["Location"].endswith("/open-data")
    assert "Frage 6 von 6" in stranger.page(f"{own}/open-data").main
    assert stranger.get(f"{own}/kinds", status=302).headers["Location"] == own


def test_back_saves_what_stands_on_the_screen(stranger: Browser, city: City, link: str) -> None:
    own = begun(stranger, city, link)
    stranger.post(f"{own}/plan", ANSWERS["plan"])
    answer = stranger.post(f"{own}/contact", {"contact": "Ida", "do": "back"})

    assert answer.headers["Location"] == f"{own}/plan"
    assert stranger.page(f"{own}/contact").value("contact") == "Ida"
    assert stranger.page(f"{own}/plan").value("name") == "Schulbus-App"


def test_leaving_a_screen_keeps_what_was_typed(stranger: Browser, city: City, link: str) -> None:
    own = begun(stranger, city, link)
    stranger.post(f"{own}/plan/keep", {"name": "Halb"}, status=204)

    assert stranger.page(f"{own}/plan").value("name") == "Halb"


def test_the_address_leads_back_to_the_first_open_question(stranger: Browser, city: City, link: str) -> None:
    own = begun(stranger, city, link)
    stranger.post(f"{own}/plan", ANSWERS["plan"])
    assert stranger.get(own, status=302).headers["Location"] == f"{own}/contact"

    done = answered(stranger, city, link)
    assert stranger.get(done, status=302).headers["Location"] == f"{done}/check"


@pytest.mark.parametrize("slug", list(BY_SLUG))
def test_no_question_is_left_without_an_answer_and_i_do_not_know_is_one(
    stranger: Browser, city: City, link: str, slug: str
) -> None:
    own = begun(stranger, city, link)
    refused = stranger.post(f"{own}/{slug}", {}, status=422).text
    stranger.post(f"{own}/{slug}", {"unsure": "unsure"})

    assert "Bitte geben Sie eine Antwort" in refused


@pytest.mark.parametrize(
    ("slug", "data", "words"),
    [
        ("timing", {"begins": "bald"}, "bald"),
        ("plan", {"name": "x" * 201}, "200"),
        ("plan", {"name": "A", "idea": "x" * 5001}, "zu lang"),
        ("observed", {"observed": ["NOTHING", "CAMERAS"]}, "eine oder das andere"),
        ("harm", {"harm": ["NOTHING", "MONEY"]}, "eine oder das andere"),
        ("scale", {"scale": "GALAXY"}, "GALAXY"),
    ],
)
def test_what_cannot_be_understood_is_said_and_shown_again(
    stranger: Browser, city: City, link: str, slug: str, data: dict[str, Any], words: str
) -> None:
    own = begun(stranger, city, link)

    assert words in stranger.post(f"{own}/{slug}", data, status=422).text


def test_one_answer_is_corrected_from_the_overview(stranger: Browser, city: City, link: str) -> None:
    own = answered(stranger, city, link)
    page = stranger.page(f"{own}/check")
    assert "Weiß ich nicht" in page.main
    assert "Busblick GmbH" in page.main
    answer = stranger.post(f"{own}/scale", {"scale": "MORE", "then": "check"})

    assert answer.headers["Location"] == f"{own}/check"
    assert "über 10.000" in stranger.page(f"{own}/check").main


def test_it_is_sent_once_and_cannot_be_changed_after_that(stranger: Browser, city: City, link: str) -> None:
    own = sent(stranger, city, link)
    stranger.post(f"{own}/check", stamped(city))
    stranger.post(f"{own}/plan", {"name": "Anders"}, status=302)
    stranger.post(f"{own}/plan/keep", {"name": "Anders"}, status=404)

    assert [scan.name for scan in kept(city)] == ["Schulbus-App"]


def test_nothing_is_sent_while_an_answer_is_missing(stranger: Browser, city: City, link: str) -> None:
    own = begun(stranger, city, link)
    page = stranger.post(f"{own}/check", stamped(city), status=200).text

    assert "Es fehlen noch Antworten" in page
    assert kept(city) == []


def test_no_cookie_is_set(stranger: Browser, city: City, link: str) -> None:
    answers = [stranger.get(link), stranger.post(link, stamped(city))]

    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[], []]


# --- Walls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x", "answers", "answers/x", "answers/x/plan", "answers/x/check"])
def test_an_unknown_address_looks_like_nothing_is_there(stranger: Browser, link: str, token: str) -> None:
    assert link
    unknown = Page(stranger.get(f"/pre-scan/{token}", status=404).text).main

    assert unknown == Page(stranger.get("/pre-scan/nothing", status=404).text).main


def test_a_revoked_address_looks_the_same_but_what_was_begun_can_be_finished(
    stranger: Browser, city: City, link: str
) -> None:
    own = begun(stranger, city, link)
    opened(city)

    assert stranger.get(link, status=404).text == stranger.get("/pre-scan/nothing", status=404).text.replace(
        "/pre-scan/nothing", link
    )
    stranger.post(link, stamped(city), status=404)
    stranger.get(f"{own}/plan")


def test_a_pre_scan_arrives_in_its_own_organisation_only(
    stranger: Browser, city: City, link: str, browsers: Browsers
) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    theirs = sent(stranger, neighbour, opened(neighbour))
    own = begun(stranger, city, link)

    assert (len(kept(city)), len(kept(neighbour))) == (0, 1)
    assert "Bürgeramt" in stranger.get(f"{own}/contact").text
    assert "Stadt Musterförde" not in stranger.get(theirs).text
    browsers.of(Role.DSB).get("/registers/pre-scans/1", status=404)
    browsers.of(Role.DSB).post("/pre-scans/1/take", status=404)


def test_the_database_alone_gives_no_answer_away(stranger: Browser, city: City, link: str) -> None:
    own = answered(stranger, city, link)
    with city.site.database.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]

    assert [word for word in ("Ida Lund", "Schulbus", own.rsplit("/", 1)[1], link[10:]) if word in dump] == []


def test_contact_details_stay_sealed_after_arrival(stranger: Browser, city: City, link: str) -> None:
    sent(stranger, city, link)
    with city.site.database.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]

    assert "Ida Lund" not in dump


def test_one_sender_begins_only_so_many(stranger: Browser, city: City, link: str) -> None:
    for _each in range(PER_SENDER):
        stranger.post(link, stamped(city))
    refused = stranger.post(link, stamped(city), status=429)

    assert "zu viele" in refused.text
    stranger.post(link, stamped(city), environ_base={"REMOTE_ADDR": "192.0.2.7"})


@pytest.mark.parametrize("change", [{TRAP: "http://spam.example"}, {"stamp": "0" * 64}, {"since": ""}])
def test_programs_begin_nothing_and_send_nothing(
    stranger: Browser, city: City, link: str, change: dict[str, str]
) -> None:
    own = answered(stranger, city, link)
    stranger.post(link, stamped(city) | change, status=422)
    stranger.post(f"{own}/check", stamped(city) | change, status=422)
    stranger.post(f"{own}/check", stamped(city, timedelta(0)), status=422)

    assert (len(drafts(city)), kept(city)) == (1, [])


def test_a_form_of_another_site_is_refused(stranger: Browser, city: City, link: str) -> None:
    own = begun(stranger, city, link)
    stranger.post(f"{own}/plan", ANSWERS["plan"], status=403, headers={"Sec-Fetch-Site": "cross-site"})


# --- Time ----------------------------------------------------------------------------------------


def test_an_unfinished_pre_scan_is_forgotten_and_a_finished_one_stays(
    stranger: Browser, city: City, link: str
) -> None:
    unfinished, finished = begun(stranger, city, link), sent(stranger, city, link)
    with city.site.database.writing(actor=FOUNDER) as session:
        for draft in session.scalars(select(access.PreScanDraft)):
            draft.until = now() - timedelta(seconds=1)
    stranger.get(unfinished, status=404)
    stranger.get(finished, status=404)
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        gone = access.forget_expired(session, city.id)

    assert (gone, drafts(city), len(kept(city))) == (2, [], 1)


def test_the_daily_check_forgets(
    stranger: Browser, city: City, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(stranger, city, link)
    with city.site.database.writing(actor=FOUNDER) as session:
        for draft in session.scalars(select(access.PreScanDraft)):
            draft.until = now() - timedelta(seconds=1)
    settings = city.site.settings
    monkeypatch.setenv("NACHWEIS_DATABASE", settings.database)
    monkeypatch.setenv("NACHWEIS_DATA", str(settings.data))
    monkeypatch.setenv("NACHWEIS_SECRET_KEY", settings.secret_key)
    result = CliRunner().invoke(commands, ["check", "--organisation", city.organisation.name])

    assert (result.exit_code in (0, 1), drafts(city)) == (True, [])


def test_an_exchanged_key_opens_what_was_begun_before(stranger: Browser, city: City, link: str) -> None:
    own = answered(stranger, city, link)
    former, present = city.site.settings.secret_key, "n" * 48
    keys = Keys(present, (former,))
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        session.info["sealer"] = keys.sealer
        count = access.reseal(session, city.id)
    only_present = replace(city.site, keys=Keys(present))
    with city.site.database.reading() as session:
        draft = access.draft_called(session, own.rsplit("/", 1)[1])
        assert draft is not None
        name = draft.answers(only_present.keys.sealer).name

    assert (count, name) == (2, "Schulbus-App")


# --- By mail -------------------------------------------------------------------------------------


def test_the_address_comes_by_mail_with_nothing_that_was_written(
    city: City, stranger: Browser, link: str
) -> None:
    own = begun(stranger, city, link)
    stranger.post(f"{own}/plan", ANSWERS["plan"])
    with mail_server() as mailbox:
        settings = replace(city.site.settings, smtp=mailbox.address, mail_from="n@stadt.example")
        site = replace(city.site, settings=replace(settings, address="https://nachweis.stadt.example/"))
        reader = Browser(create_app(site), site)
        assert "Adresse senden" in reader.page(f"{own}/plan").main
        reader.post(f"{own}/mail", {"email": "ida@stadt.example"}, status=200)
        reader.post(f"{own}/mail", {"email": "ida@stadt.example, alle@stadt.example"}, status=422)
    [(to, text)] = mailbox.texts().items()

    assert to == "ida@stadt.example"
    assert f"https://nachweis.stadt.example{own}\n" in text
    assert "Schulbus" not in text


# --- The inbox -----------------------------------------------------------------------------------


def test_it_waits_on_the_desk_of_those_who_can_take_it_on(
    stranger: Browser, city: City, link: str, browsers: Browsers
) -> None:
    sent(stranger, city, link)
    waiting = {role: "Schulbus-App" in browsers.of(role).page("/").main for role in Role}

    assert {role for role, waits in waiting.items() if waits} == {Role.DSB, Role.PROJECT_LEAD}


def test_one_button_makes_a_project_and_the_sender_learns_its_number_only(
    stranger: Browser, city: City, link: str, browsers: Browsers
) -> None:
    own = sent(stranger, city, link)
    officer = browsers.of(Role.DSB)
    page = officer.page("/registers/pre-scans/1")
    assert "Als Projekt übernehmen" in page.main
    assert "Ida Lund" in page.main
    answer = officer.post("/pre-scans/1/take", {"activities": "Ortung der Busse\nAnmeldung"})
    officer.page("/registers/pre-scans/1")
    officer.page("/registers/threshold-analyses/1")

    assert answer.headers["Location"] == "/registers/projects/1"
    assert "Schulbus-App" not in officer.page("/").main
    state = stranger.page(own).main
    assert "als PR-0001" in state
    assert "Ortung" not in state
    assert [(one.fate, one.project.number) for one in kept(city)] == [(Fate.TAKEN, 1)]
    assert len(kept(city, Project)) == 1


def test_declined_with_a_reason_that_the_sender_reads(
    stranger: Browser, city: City, link: str, browsers: Browsers
) -> None:
    own = sent(stranger, city, link)
    browsers.of(Role.PROJECT_LEAD).post("/pre-scans/1/decline", {"reason": ""}, status=422)
    browsers.of(Role.PROJECT_LEAD).post("/pre-scans/1/decline", {"reason": "Das gibt es schon."})

    assert "Das gibt es schon." in stranger.page(own).main
    assert kept(city, Project) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DSB, Role.PROJECT_LEAD)])
def test_others_see_or_not_but_never_decide(
    stranger: Browser, city: City, link: str, browsers: Browsers, role: Role
) -> None:
    sent(stranger, city, link)

    assert browsers.of(role).status("POST", "/pre-scans/1/take") in (403, 404)
    assert "Als Projekt übernehmen" not in browsers.of(role)._client.get("/registers/pre-scans/1").text


def test_the_address_is_switched_by_officer_and_administrator(browsers: Browsers, stranger: Browser) -> None:
    for role in (Role.DSB, Role.ADMINISTRATOR):
        keeper = browsers.of(role)
        assert "Ausgeschaltet" in keeper.page("/pre-scans/link").main
        keeper.post("/pre-scans/link")
        shown = re.search(r'value="http://[^/]+(/pre-scan/[^"]+)"', keeper.get("/pre-scans/link").text)
        assert shown is not None
        stranger.get(shown[1])
        keeper.post("/pre-scans/link/revoke")
        stranger.get(shown[1], status=404)
    for role in set(Role) - {Role.DSB, Role.ADMINISTRATOR}:
        assert browsers.of(role).status("GET", "/pre-scans/link") in (403, 404)
        assert browsers.of(role).status("POST", "/pre-scans/link") in (403, 404)


def test_the_contact_of_the_officer_stands_where_people_wait(
    stranger: Browser, city: City, link: str
) -> None:
    city.save(Authority(name="Stadt", officer_email="datenschutz@stadt.example"))

    assert "datenschutz@stadt.example" in stranger.page(link).main
    assert "datenschutz@stadt.example" in stranger.page(sent(stranger, city, link)).main


def test_the_command_line_makes_and_revokes_the_address(
    city: City, stranger: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = city.site.settings
    monkeypatch.setenv("NACHWEIS_DATABASE", settings.database)
    monkeypatch.setenv("NACHWEIS_DATA", str(settings.data))
    monkeypatch.setenv("NACHWEIS_SECRET_KEY", settings.secret_key)
    made = CliRunner().invoke(commands, ["organisation", "pre-scans", city.organisation.name]).output.strip()
    stranger.get(made)
    CliRunner().invoke(commands, ["organisation", "pre-scans", city.organisation.name, "--off"])

    stranger.get(made, status=404)
