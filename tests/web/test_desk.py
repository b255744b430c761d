"""Everybody can send a request or report a breach; programs and floods are kept out."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from compliance.app import create_app
from compliance.attachments import attachments
from compliance.cli import commands
from compliance.database import now, today
from compliance.entry import everything
from compliance.errors import Refused
from compliance.people import PublicPost
from compliance.web.desk import PER_PLACE, PER_SENDER
from compliance.web.gate import TRAP
from compliance.web.site import KEY, Site
from registers.authority import Authority
from registers.breaches import Breach
from registers.requests import Channel, Right, SubjectRequest, switch_public_desk
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City, found_city
from tests.mailbox import Mailbox, mail_server

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

REQUEST, BREACH = "/public/musterfoerde/request", "/public/musterfoerde/breach"
ASKED = {
    "text": "Was wissen Sie über mich?",
    "name": "Ida Lund",
    "email": "ida@post.example",
    "rights": "ACCESS",
}


@pytest.fixture
def desk(browsers: Browsers, city: City) -> Browser:
    """A stranger before the open forms of the city."""
    switch(city, "musterfoerde", on=True)
    return browsers.of_stranger()


def switch(city: City, name: str, *, on: bool) -> None:
    with city.site.database.writing(actor=FOUNDER) as session:
        switch_public_desk(session, city.id, name, on=on)


def filled(city: City, answers: dict[str, str], age: timedelta = timedelta(seconds=20)) -> dict[str, str]:
    """What a browser sends some time after the page was opened."""
    since = (now() - age).isoformat(timespec="seconds")
    return {"since": since, "stamp": city.site.keys.stamp(f"desk/{city.id.hex}/{since}")} | answers


def kept(city: City, model: Any) -> list[Any]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(model).options(*everything(model))))


# --- What arrives --------------------------------------------------------------------------------


def test_a_request_becomes_a_sealed_draft_with_its_period(desk: Browser, city: City) -> None:
    answer = desk.post(REQUEST, filled(city, ASKED | {"address": "Am Deich 7"}), status=200)
    [entry] = kept(city, SubjectRequest)

    assert (entry.requester, entry.contact, entry.wish) == (
        "Ida Lund",
        "Am Deich 7\nida@post.example",
        ASKED["text"],
    )
    assert (entry.rights, entry.channel, entry.received) == ((Right.ACCESS,), Channel.FORM, today())
    assert (entry.state.name, entry.owed_by > today()) == ("DRAFT", True)
    assert "Ida" not in entry.name
    assert entry.designation in answer.text
    assert "Bitte notieren Sie die Nummer" in answer.text


def test_a_breach_is_reported_without_a_name_and_its_clock_runs(desk: Browser, city: City) -> None:
    desk.post(BREACH, filled(city, {"text": "Akten im Container", "when": "2026-11-20T08:30"}), status=200)
    [entry] = kept(city, Breach)

    assert (entry.description, entry.reporter) == ("Akten im Container", "")
    assert entry.occurred_from == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert (entry.running_until is not None, entry.aware == entry.detected) == (True, True)


ANYTHING = st.text(max_size=300) | st.sampled_from(
    ["x" * 6000, "a@b.example", "2026-11-20T08:30", "\x00=1+1"]
)


@pytest.mark.parametrize("form", [REQUEST, BREACH])
def test_whatever_is_typed_is_taken_or_refused_in_words(desk: Browser, city: City, form: str) -> None:
    model: Any = SubjectRequest if form == REQUEST else Breach

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.fixed_dictionaries(dict.fromkeys(("text", "name", "email", "address", "when", "rights"), ANYTHING))
    )
    def typed(answers: dict[str, str]) -> None:
        with city.site.database.writing(actor=FOUNDER) as session:
            session.execute(delete(PublicPost))
        before = len(kept(city, model))
        status = desk.status("POST", form, filled(city, answers))
        assert (status in (200, 422), len(kept(city, model)) - before) == (True, int(status == 200))

    typed()


@pytest.mark.parametrize(
    ("when", "problem"), [("gestern", "Tag und Uhrzeit"), ("2999-01-01T08:00", "liegt in der Zukunft")]
)
def test_what_was_noticed_has_a_time_that_has_been(
    desk: Browser, city: City, when: str, problem: str
) -> None:
    answer = desk.post(BREACH, filled(city, {"text": "Akten im Container", "when": when}), status=422)

    assert problem in answer.text
    assert kept(city, Breach) == []


@pytest.mark.parametrize(("form", "law"), [(REQUEST, "15 bis 22 DSGVO"), (BREACH, "Art. 33 und 34 DSGVO")])
def test_each_form_says_what_happens_to_what_is_written(
    desk: Browser, city: City, form: str, law: str
) -> None:
    city.save(
        Authority(
            name="Stadt Musterförde",
            town="24999 Musterförde",
            officer="Ines Falk",
            officer_email="dsb@stadt.example",
            supervisory_authority="Datenschutzaufsicht, Kiel",
        )
    )
    said = desk.page(form).main

    for words in (law, "24999 Musterförde", "dsb@stadt.example", "Datenschutzaufsicht, Kiel"):
        assert words in said
    assert "Ines Falk" not in said


def test_a_file_comes_with_the_form_and_is_checked_before_anything_is_kept(desk: Browser, city: City) -> None:
    program = b"MZ" + bytes(200)
    photo = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200) + b"\xff\xd9"
    answers = filled(city, {"text": "Akten lagen offen."})

    refused = desk.upload(BREACH, [("foto.jpg", program)], answers, status=422)
    nothing = kept(city, Breach)
    desk.upload(BREACH, [("foto.jpg", photo)], answers, status=200)

    (breach,) = kept(city, Breach)
    with city.site.database.reading(city.id) as session:
        names = [one.name for one in attachments(session, breach)]
    assert ("foto.jpg" in refused.text, nothing, names) == (True, [], ["foto.jpg"])


@pytest.mark.parametrize("what", ["request", "breach"])
@pytest.mark.parametrize(("language", "word"), [("de", "Absenden"), ("en", "Send")])
def test_the_forms_speak_both_languages(desk: Browser, what: str, language: str, word: str) -> None:
    page = desk.page(f"/public/musterfoerde/{what}?language={language}")

    assert word in page.main
    assert [html["lang"] for html in page.all("html")] == [language]


@pytest.mark.parametrize(
    ("change", "input_name"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": ""}, "email"),
        ({"email": "ida@post"}, "email"),
        ({"email": "ida@post.example,alle@post.example"}, "email"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desk: Browser, city: City, change: dict[str, str], input_name: str
) -> None:
    text = desk.post(REQUEST, filled(city, ASKED | change), status=422).text

    assert f'id="{input_name}-error"' in text
    assert "Was wissen Sie" in text or "text" in change
    assert kept(city, SubjectRequest) == []


# --- What is kept out ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "age", [timedelta(0), timedelta(seconds=2), timedelta(hours=25), -timedelta(hours=1)]
)
def test_what_comes_too_fast_or_too_late_is_asked_once_more(
    desk: Browser, city: City, age: timedelta
) -> None:
    assert "zu schnell" in desk.post(REQUEST, filled(city, ASKED, age), status=422).text
    assert kept(city, SubjectRequest) == []


@pytest.mark.parametrize(
    "change", [{TRAP: "http://spam.example"}, {"stamp": "0" * 64}, {"since": ""}, {"since": "x"}]
)
def test_what_no_person_sends_is_refused(desk: Browser, city: City, change: dict[str, str]) -> None:
    desk.post(REQUEST, filled(city, ASKED) | change, status=422)

    assert kept(city, SubjectRequest) == []


def test_a_refused_form_gives_no_stamp_for_a_time_of_ones_choice(desk: Browser, city: City) -> None:
    long_ago = (now() - timedelta(minutes=5)).isoformat(timespec="seconds")
    text = desk.post(REQUEST, ASKED | {"since": long_ago, "stamp": ""}, status=422).text

    assert long_ago not in text
    assert city.site.keys.stamp(f"desk/{city.id.hex}/{long_ago}") not in text


def test_a_form_of_another_site_is_refused(desk: Browser, city: City) -> None:
    desk.post(REQUEST, filled(city, ASKED), status=403, headers={"Sec-Fetch-Site": "cross-site"})
    desk.post(REQUEST, filled(city, ASKED) | {"csrf": "0" * 64}, status=403)

    assert kept(city, SubjectRequest) == []


def test_one_sender_gets_only_so_many_forms_through_and_others_still_can(desk: Browser, city: City) -> None:
    for _each in range(PER_SENDER):
        desk.post(REQUEST, filled(city, ASKED), status=200)
    refused = desk.post(BREACH, filled(city, {"text": "Noch eins"}), status=429)
    elsewhere = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}

    assert "zu viele" in refused.text
    desk.post(BREACH, filled(city, {"text": "Von woanders"}), status=200, **elsewhere)
    assert (len(kept(city, SubjectRequest)), len(kept(city, Breach))) == (PER_SENDER, 1)


def test_a_flood_from_many_addresses_stops_too_and_is_forgotten_after_an_hour(
    desk: Browser, city: City
) -> None:
    with city.site.database.writing(actor=FOUNDER) as session:
        word = uuid.uuid5(city.id, "desk").hex
        session.add_all(PublicPost(place=word, sender=str(n), at=now()) for n in range(PER_PLACE))
    desk.post(REQUEST, filled(city, ASKED), status=429)
    with city.site.database.writing(actor=FOUNDER) as session:
        for post in session.scalars(select(PublicPost)):
            post.at = now() - timedelta(minutes=61)

    desk.post(REQUEST, filled(city, ASKED), status=200)
    with city.site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PublicPost)) == 1


def test_no_table_keeps_the_address_of_a_sender(desk: Browser, city: City) -> None:
    desk.post(REQUEST, filled(city, ASKED), status=200)
    with city.site.database.reading() as session:
        [sender] = session.scalars(select(PublicPost.sender))

    assert (len(sender), "127.0.0.1" in sender) == (64, False)


# --- Open and closed -----------------------------------------------------------------------------


def test_forms_are_closed_until_somebody_opens_them(browsers: Browsers, city: City) -> None:
    stranger = browsers.of_stranger()
    stranger.get(REQUEST, status=404)
    switch(city, "musterfoerde", on=True)
    stranger.get(REQUEST)
    switch(city, "", on=False)

    stranger.get(REQUEST, status=404)
    stranger.post(REQUEST, filled(city, ASKED), status=404)


def test_each_organisation_gets_its_own_mail(desk: Browser, site: Site, city: City) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    switch(neighbour, "", on=True)
    desk.post("/public/gemeinde-nebenan/request", filled(neighbour, ASKED), status=200)

    assert (len(kept(city, SubjectRequest)), len(kept(neighbour, SubjectRequest))) == (0, 1)
    with pytest.raises(Refused, match="vergeben"):
        switch(neighbour, "musterfoerde", on=True)
    with pytest.raises(Refused, match="Kleinbuchstaben"):
        switch(neighbour, "Groß/Klein", on=True)


def test_the_command_line_opens_and_closes_the_forms(
    site: Site, city: City, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "NACHWEIS_DATABASE": address,
        "NACHWEIS_DATA": str(site.settings.data),
        "NACHWEIS_SECRET_KEY": site.settings.secret_key,
    }.items():
        monkeypatch.setenv(name, value)
    runner = CliRunner()
    opened = runner.invoke(commands, ["organisation", "desk", city.organisation.name])
    resealed = runner.invoke(commands, ["key", "reseal", "--json"])
    closed = runner.invoke(commands, ["organisation", "desk", city.organisation.name, "--off"])

    assert opened.output.split() == [
        "/public/stadt-musterfoerde/request",
        "/public/stadt-musterfoerde/breach",
    ]
    assert (closed.output, resealed.output) == ("", '{\n  "resealed": 0\n}\n')


# --- Confirmation --------------------------------------------------------------------------------


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as running:
        yield running


def with_mail(app: Flask, mailbox: Mailbox) -> Flask:
    site: Site = app.extensions[KEY]
    settings = replace(site.settings, smtp=mailbox.address, mail_from="amt@stadt.example")
    mailing = create_app(replace(site, settings=settings))
    mailing.testing = True
    return mailing


@pytest.mark.usefixtures("desk")
def test_the_arrival_is_confirmed_by_mail_without_a_word_of_the_sender(
    app: Flask, site: Site, city: City, mailbox: Mailbox
) -> None:
    browser = Browser(with_mail(app, mailbox), site)
    page = browser.post(REQUEST, filled(city, ASKED | {"text": "Kaufen Sie!"}), status=200).text
    [entry] = kept(city, SubjectRequest)

    assert "per E-Mail unterwegs" in page
    assert list(mailbox.texts()) == ["ida@post.example"]
    assert entry.designation in mailbox.texts()["ida@post.example"]
    assert "Kaufen" not in mailbox.texts()["ida@post.example"]


@pytest.mark.usefixtures("desk")
def test_a_server_that_refuses_loses_nothing(app: Flask, site: Site, city: City, mailbox: Mailbox) -> None:
    mailbox.refuses = "ida"
    page = Browser(with_mail(app, mailbox), site).post(REQUEST, filled(city, ASKED), status=200).text

    assert "Bitte notieren Sie die Nummer" in page
    assert len(kept(city, SubjectRequest)) == 1
