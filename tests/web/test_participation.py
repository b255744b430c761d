"""Everybody who is heard about an assessment has a step, and a link leads to exactly one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import Appraisal, Evaluated, standings
from assessments.dpia.participation import Participation, Result, StepState, Voice
from assessments.dpia.risk import DpiaRisk
from compliance.advice import Verdict, give_opinion
from compliance.crypto import token_hash
from compliance.database import now, today
from compliance.entry import everything
from compliance.invitations import Invitation, InvitationLink
from compliance.journal import history
from compliance.people import Role
from compliance.reminders import remind
from compliance.web.site import KEY, Site
from registers.processing import ProcessingActivity, Subjects
from registers.processors import Processor
from tests.browsers import Browser, Browsers
from tests.city import City, found_city
from tests.mailbox import Mailbox, mail_server
from tests.pages import Page

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

DUE = today() + timedelta(days=5)


@pytest.fixture
def lead(browsers: Browsers) -> Browser:
    return browsers.of(Role.PROJECT_LEAD)


def cameras(*steps: Participation, **answers: Any) -> Dpia:
    return Dpia(
        name="Videoschutz am Busbahnhof",
        description="Acht Kameras erfassen die Bussteige.",
        purposes="Schutz der Fahrgäste.",
        team="Geheimer Verfasser",
        risks=[DpiaRisk(title="Bewegungsprofile", event="Aufnahmen werden verknüpft.")],
        participation=list(steps),
        **answers,
    )


def saved(city: City, *steps: Participation, **answers: Any) -> Dpia:
    dpia = cameras(*steps, **answers)
    city.save(dpia, by=Role.PROJECT_LEAD)
    return dpia


def step_page(dpia: Dpia, at: int = 0) -> str:
    return f"/dpias/{dpia.number}/participation/{dpia.participation[at].id.hex}"


def invited(lead: Browser, dpia: Dpia, **answers: str) -> str:
    """Invites without a mail server; gives the path of the link that is shown once."""
    sent = {"do": "invite", "name": "Ida Lund", "due": DUE.isoformat()} | answers
    page = Page(lead.post(step_page(dpia), sent, status=200).text)
    link = next(one["value"] for one in page.all("input") if one["id"] == "address")
    return "/" + link.split("/", 3)[3]


def kept(city: City, model: Any) -> list[Any]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(model)))


ANSWER = {"result": "REMARKS", "answer": "Bitte weniger Kameras.", "name": "Ida Lund"}


# --- Steps ---------------------------------------------------------------------------------------


def test_whom_the_facts_ask_for_is_added_with_one_click(city: City, lead: Browser) -> None:
    activity = ProcessingActivity(
        name="Leitstelle", subjects=(Subjects.STAFF,), processors=[Processor(name="Wachdienst GmbH")]
    )
    city.save(activity)
    dpia = saved(city, activities=[activity])

    assert "Nach dem Verzeichnis noch zu hören" in lead.page(f"/registers/dpias/{dpia.number}").main
    lead.post(f"/dpias/{dpia.number}/participation/begin", {"voice": "all"})

    assert [(step.voice, step.body) for step in city.stored(dpia).participation] == [
        (Voice.ISB, ""),
        (Voice.PROCESSOR, "Wachdienst GmbH"),
        (Voice.STAFF_COUNCIL, ""),
        (Voice.DATA_SUBJECTS, ""),
    ]
    assert "Nach dem Verzeichnis" not in lead.page(f"/registers/dpias/{dpia.number}").main


def test_a_colleague_finds_the_question_on_the_desk_and_the_lead_the_answer(
    city: City, lead: Browser, browsers: Browsers
) -> None:
    dpia, isb = saved(city, Participation(voice=Voice.ISB)), browsers.of(Role.ISB)
    colleague = city.people[Role.ISB].id.hex
    lead.post(step_page(dpia), {"do": "ask", "colleague": colleague, "due": DUE.isoformat()})
    asked = isb.page("/").main
    isb.post(step_page(dpia), {"do": "answer", "result": "NO_OBJECTION"})
    told = lead.page("/").main
    lead.post(step_page(dpia), {"do": "consider"})

    [step] = city.stored(dpia).participation
    assert "Um Ihre Antwort wird gebeten" in asked
    assert "Um Ihre Antwort wird gebeten" not in isb.page("/").main
    assert ("Antwort eingegangen" in told, "Antwort eingegangen" in lead.page("/").main) == (True, False)
    assert (step.result, step.answered_on, step.answered_by) == (
        Result.NO_OBJECTION,
        today(),
        city.people[Role.ISB].name,
    )


def test_only_who_is_asked_answers_and_only_once(city: City, lead: Browser, browsers: Browsers) -> None:
    dpia = saved(city, Participation(voice=Voice.ISB))
    yes = {"do": "answer", "result": "NO_OBJECTION", "answered_by": "Ida Lund"}

    assert browsers.of(Role.READER).status("POST", step_page(dpia), yes) == 403
    assert lead.status("POST", step_page(dpia), yes) == 302
    assert lead.status("POST", step_page(dpia), yes) == 422


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "answer", "result": "", "answered_by": "Ida"},
        {"do": "answer", "result": "OBJECTION", "answered_by": "Ida"},
        {"do": "answer", "result": "NO_OBJECTION"},
        {"do": "waive", "waiver_reason": " "},
        {"do": "invite", "name": "Ida"},
        {"do": "invite", "name": "Ida", "due": "2020-01-01"},
        {"do": "invite", "name": "Ida", "due": DUE.isoformat(), "email": "ida@post"},
        {"do": "invite", "name": "Ida", "due": "9999-12-31"},
        {"do": "ask", "colleague": "0" * 32},
        {"do": "consider"},
    ],
)
def test_what_cannot_be_recorded_is_said_and_changes_nothing(
    city: City, lead: Browser, sent: dict[str, str]
) -> None:
    dpia = saved(city, Participation(voice=Voice.DATA_SUBJECTS))
    lead.post(step_page(dpia), sent, status=422)

    assert city.stored(dpia).version == dpia.version
    assert kept(city, Invitation) == []


def test_a_waiver_with_its_reason_settles_the_step(city: City, lead: Browser) -> None:
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))
    lead.post(step_page(dpia), {"do": "waive", "waiver_reason": "Die Standorte sind geheim."})

    assert city.stored(dpia).participation[0].state(today()) is StepState.WAIVED


# --- By a link -----------------------------------------------------------------------------------


def test_the_link_shows_the_assessment_in_words_and_nothing_else(
    city: City, lead: Browser, browsers: Browsers
) -> None:
    dpia = saved(
        city,
        Participation(voice=Voice.REPRESENTATIVES),
        Participation(voice=Voice.ISB, answer="Nur intern zu lesen.", result=Result.REMARKS),
    )
    other = saved(city, Participation(voice=Voice.DATA_SUBJECTS), occasion="Anderes Vorhaben")
    city.change(other, name="Geheimprojekt Hafen", description="Hafenkran")
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        query = select(Dpia).where(Dpia.id == dpia.id).options(*everything(Dpia))
        stored = session.scalars(query).one()
        give_opinion(session, stored, Verdict.AGAINST.name, "Ich rate ab.", by=city.identity(Role.DSB))
    link = invited(lead, dpia)
    page = browsers.of_stranger().page(link)

    for shown in ("Videoschutz am Busbahnhof", "Acht Kameras", "Schutz der Fahrgäste", "Bewegungsprofile"):
        assert shown in page.main
    hidden = (
        "Nur intern",
        "Ich rate ab",
        "DSF-",
        "Geheimprojekt",
        "Hafenkran",
        "Geheimer Verfasser",
        "DSFA-",
    )
    assert [word for word in hidden if word in page.source] == []
    assert [one["href"] for one in page.all("a") if one["href"].startswith("/")] == [f"{link}?language=en"]


@pytest.mark.parametrize(("language", "word"), [("de", "Antwort absenden"), ("en", "Send answer")])
def test_the_page_speaks_both_languages(
    city: City, lead: Browser, browsers: Browsers, language: str, word: str
) -> None:
    link = invited(lead, saved(city, Participation(voice=Voice.REPRESENTATIVES)))
    page = browsers.of_stranger().page(f"{link}?language={language}")

    assert word in page.main
    assert [html["lang"] for html in page.all("html")] == [language]


def test_the_answer_is_recorded_with_day_and_name_and_given_once(
    city: City, lead: Browser, browsers: Browsers
) -> None:
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))
    link, stranger = invited(lead, dpia), browsers.of_stranger()
    stranger.page(link)
    thanks = stranger.post(link, ANSWER, status=200).text
    stranger.post(link, ANSWER | {"answer": "Doch mehr."}, status=200)

    stored = city.stored(dpia)
    [step] = stored.participation
    assert (step.result, step.answer, step.answered_on, step.answered_by) == (
        Result.REMARKS,
        "Bitte weniger Kameras.",
        today(),
        "Ida Lund",
    )
    with city.site.database.reading(city.id) as session:
        newest = history(session, stored)[0]
    assert (newest.action, newest.actor, newest.actor_id) == ("participate", "Ida Lund (extern)", "")
    assert ("Vielen Dank" in thanks, "Acht Kameras" in thanks) == (True, False)
    assert "Antwort eingegangen: Vertretung betroffener Personen" in lead.page("/").main
    assert "Bitte weniger Kameras." in lead.page(f"/registers/dpias/{dpia.number}").main


@pytest.mark.parametrize("change", [{"result": ""}, {"answer": " "}, {"name": ""}, {"answer": "x" * 10_001}])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    city: City, lead: Browser, browsers: Browsers, change: dict[str, str]
) -> None:
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))
    link, stranger = invited(lead, dpia), browsers.of_stranger()
    page = Page(stranger.post(link, ANSWER | change, status=422).text)

    assert page.value("answer") == (ANSWER | change)["answer"]
    assert city.stored(dpia).participation[0].is_answered is False


def test_the_link_of_one_assessment_answers_no_other(city: City, lead: Browser, browsers: Browsers) -> None:
    one, two = (saved(city, Participation(voice=Voice.REPRESENTATIVES)) for _ in range(2))
    link = invited(lead, one)
    invited(lead, two)
    browsers.of_stranger().post(link, ANSWER, status=200)

    assert city.stored(one).participation[0].is_answered is True
    assert city.stored(two).participation[0].is_answered is False


def _past(city: City) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        for one in session.scalars(select(Invitation)):
            one.until = now() - timedelta(minutes=1)


def _revoked(lead: Browser, dpia: Dpia, invitation: Invitation) -> None:
    lead.post(step_page(dpia), {"do": "revoke", "invitation": invitation.id.hex})


def test_what_is_unknown_past_revoked_or_gone_looks_like_nothing(
    city: City, lead: Browser, browsers: Browsers
) -> None:
    stranger = browsers.of_stranger()
    unknown = stranger.get("/participation/nothing", status=404).text
    dpias = [saved(city, Participation(voice=Voice.REPRESENTATIVES)) for _ in range(3)]
    past, revoked, gone = (invited(lead, dpia) for dpia in dpias)
    by_entry = {one.entry_id: one for one in kept(city, Invitation)}
    _revoked(lead, dpias[1], by_entry[dpias[1].id])
    city.change(dpias[2], participation=[])
    before = [stranger.status("GET", link) for link in (past, revoked, gone)]
    _past(city)
    pages = [stranger.get(link, status=404).text for link in (past, revoked, gone)]

    assert before == [200, 404, 404]
    assert {re.sub(r'href="[^"]*"|value="[^"]*"', "", page) for page in pages} == {
        re.sub(r'href="[^"]*"|value="[^"]*"', "", unknown)
    }
    assert [stranger.status("POST", link, ANSWER) for link in (past, revoked, gone)] == [404] * 3


def test_a_second_invitation_makes_the_first_useless(city: City, lead: Browser, browsers: Browsers) -> None:
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))
    first, second = invited(lead, dpia), invited(lead, dpia)
    stranger = browsers.of_stranger()

    assert [stranger.status("GET", link) for link in (first, second)] == [404, 200]


def test_only_the_hash_of_the_token_and_no_readable_address_is_kept(city: City, lead: Browser) -> None:
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))
    link = invited(lead, dpia, email="ida@post.example")
    token = link.rpartition("/")[2]
    with city.site.database.reading() as session:
        [stored] = session.scalars(select(InvitationLink))
    with city.site.database.reading(city.id) as session:
        sealed = session.scalar(select(Invitation.email))
        [invitation] = session.scalars(select(Invitation))
        told = str([change.state for change in history(session, invitation)])

    assert (stored.token_hash, token in told) == (token_hash(token), False)
    assert ("ida" in str(sealed), invitation.email, "ida@" in told) == (False, "ida@post.example", False)


@given(st.text(st.characters(blacklist_characters="/?#\\", blacklist_categories=("Cs", "Cc")), min_size=1))
def test_no_other_text_opens_the_page(app: Flask, site: Site, text: str) -> None:
    stranger = Browser(app, site)
    assert stranger.status("GET", f"/participation/{text}") in (404, 308)


def test_another_organisation_sees_and_revokes_nothing(city: City, lead: Browser, browsers: Browsers) -> None:
    neighbour = found_city(city.site, "Gemeinde Nebenan")
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))
    invited(lead, dpia)
    stranger = browsers.of_person(neighbour.people[Role.PROJECT_LEAD], neighbour)

    assert stranger.status("GET", step_page(dpia)) == 404
    assert stranger.status("POST", step_page(dpia), {"do": "waive", "waiver_reason": "x"}) == 404
    assert kept(neighbour, Invitation) == []


# --- By mail -------------------------------------------------------------------------------------


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


@pytest.fixture
def mailing(city: City, app: Flask, mailbox: Mailbox) -> Site:
    """The site of the city, with a mail server."""
    settings = replace(
        city.site.settings,
        smtp=mailbox.address,
        mail_from="nachweis@stadt.example",
        address="https://nachweis.stadt.example",
    )
    site: Site = replace(city.site, settings=settings)
    app.extensions[KEY] = site
    return site


def test_the_mail_brings_the_link_and_nothing_of_the_content_and_reminds_once(
    city: City, mailing: Site, mailbox: Mailbox, lead: Browser, browsers: Browsers
) -> None:
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES, body="Elternbeirat"))
    lead.post(
        step_page(dpia),
        {"do": "invite", "name": "Ida Lund", "email": "ida@post.example", "due": DUE.isoformat()},
    )
    [first] = mailbox.arrived
    words = first.get_content()
    runs = [remind(city.site.database, mailing.settings, city.id, mailing.registers) for _ in range(2)]
    to_ida = [one for one in mailbox.arrived if one["To"] == "ida@post.example"]
    links = [re.search(r"https://nachweis\.stadt\.example(/\S+)", one.get_content()) for one in to_ida]
    stranger = browsers.of_stranger()

    assert [
        word for word in ("Videoschutz", "Kameras", "DSFA") if word in words + str(first["Subject"])
    ] == []
    assert (len(to_ida), runs[1].messages) == (2, 0)
    assert [stranger.status("GET", link[1]) for link in links if link] == [200, 200]
    stranger.post(links[1][1] if links[1] else "", ANSWER, status=200)
    remind(city.site.database, mailing.settings, city.id, mailing.registers)
    assert len([one for one in mailbox.arrived if one["To"] == "ida@post.example"]) == 2


def test_a_mail_that_was_not_taken_shows_the_link_instead(
    city: City, mailing: Site, mailbox: Mailbox, lead: Browser
) -> None:
    assert mailing.settings.smtp
    mailbox.refuses = "ida"
    dpia = saved(city, Participation(voice=Voice.REPRESENTATIVES))

    assert invited(lead, dpia, email="ida@post.example").startswith("/participation/")
    assert [one.mailed_at for one in kept(city, Invitation)] == [None]


# --- Evaluation ----------------------------------------------------------------------------------

FIX = {
    "chapter": "RISKS",
    "verdict": "TO_BE_FIXED",
    "comment": "Zu knapp.",
    "plan": "Quellen nennen.",
    "responsible": "Tom Behrens",
    "due": DUE.isoformat(),
}


def test_somebody_apart_from_the_authors_judges_each_section(
    city: City, lead: Browser, browsers: Browsers
) -> None:
    dpia, coordinator = saved(city), browsers.of(Role.COORDINATOR)
    address = f"/dpias/{dpia.number}/evaluation"
    lead.post(address, FIX, status=403)
    coordinator.post(address, FIX)

    stored = city.stored(dpia)
    standing = standings(stored)[Evaluated.RISKS]
    assert (standing.verdict.verdict, standing.verdict.due, standing.outdated) == (
        Appraisal.TO_BE_FIXED,
        DUE,
        False,
    )
    assert stored.verdicts[0].given_by == city.people[Role.COORDINATOR].name
    assert "Zu beheben: Risiken" in lead.page("/").main
    assert "Was die Beurteilung beanstandet" in lead.page(f"/registers/dpias/{dpia.number}").main


def test_a_section_changed_since_says_so_and_a_new_verdict_takes_the_place(
    city: City, browsers: Browsers
) -> None:
    dpia, coordinator = saved(city), browsers.of(Role.COORDINATOR)
    address = f"/dpias/{dpia.number}/evaluation"
    coordinator.post(address, FIX)
    city.change(dpia, by=Role.PROJECT_LEAD, risks=[DpiaRisk(title="Fehlalarm", event="Die Kamera irrt.")])
    changed = standings(city.stored(dpia))[Evaluated.RISKS].outdated
    coordinator.post(address, {"chapter": "RISKS", "verdict": "ACCEPTABLE"})
    standing = standings(city.stored(dpia))[Evaluated.RISKS]

    assert changed is True
    assert (standing.verdict.verdict, standing.outdated) == (Appraisal.ACCEPTABLE, False)
    assert [one.verdict for one in standing.earlier] == [Appraisal.TO_BE_FIXED]
    assert "1 früheres Urteil" in coordinator.page(address).main


@pytest.mark.parametrize(
    "change",
    [{"verdict": ""}, {"plan": ""}, {"due": ""}, {"due": "x"}, {"verdict": "IMPROVABLE", "comment": ""}],
)
def test_a_verdict_without_its_words_is_refused(
    city: City, browsers: Browsers, change: dict[str, str]
) -> None:
    dpia = saved(city)
    browsers.of(Role.COORDINATOR).post(f"/dpias/{dpia.number}/evaluation", FIX | change, status=422)

    assert city.stored(dpia).verdicts == []


def test_who_only_reads_judges_nothing(city: City, browsers: Browsers) -> None:
    dpia = saved(city)
    for role in (Role.READER, Role.AUDITOR):
        assert browsers.of(role).status("POST", f"/dpias/{dpia.number}/evaluation", FIX) == 403
