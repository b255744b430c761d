"""Everybody is reminded of what is newly due, in one message, and never of the same thing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from compliance.config import Settings
from compliance.database import now, today
from compliance.mail import Message, Undelivered, send
from compliance.people import Role
from compliance.reminders import Sent, remind
from registers.breaches import Breach
from registers.processing import ProcessingActivity
from tests.city import City
from tests.mailbox import Mailbox, mail_server

TOMORROW = today() + timedelta(days=1)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


@pytest.fixture
def settings(city: City, mailbox: Mailbox) -> Settings:
    mine = city.site.settings
    return replace(
        mine,
        smtp=mailbox.address,
        mail_from="nachweis@stadt.example",
        address="https://nachweis.stadt.example",
    )


def run(city: City, settings: Settings) -> Sent:
    return remind(city.site.database, settings, city.id, city.site.registers)


def address(city: City, role: Role) -> str:
    return city.people[role].email


def test_a_deadline_is_told_once_to_everybody_whom_it_concerns(
    city: City, settings: Settings, mailbox: Mailbox
) -> None:
    city.save(ProcessingActivity(name="Hundesteuer", next_review=TOMORROW))

    first, second = run(city, settings), run(city, settings)

    text = mailbox.texts()[address(city, Role.DSB)]
    assert "- VT-0001 Hundesteuer, Nächste Überprüfung:" in text
    assert "https://nachweis.stadt.example/" in text
    assert first.messages == first.reminders == len(mailbox.arrived)
    assert second == Sent(0, 0, ())


def test_only_who_keeps_a_deadline_is_reminded_of_it(
    city: City, settings: Settings, mailbox: Mailbox
) -> None:
    city.save(ProcessingActivity(name="Hundesteuer", next_review=TOMORROW))

    run(city, settings)

    keeping = (Role.DSB, Role.COORDINATOR, Role.PROJECT_LEAD)
    assert set(mailbox.texts()) == {address(city, role) for role in keeping}


def test_a_running_clock_wakes_who_works_on_it_and_who_decides(
    city: City, settings: Settings, mailbox: Mailbox
) -> None:
    city.save(Breach(name="Offener Verteiler", aware=now() - timedelta(hours=2)))

    run(city, settings)

    woken = (Role.DSB, Role.ISB, Role.COORDINATOR, Role.MANAGEMENT)
    assert set(mailbox.texts()) == {address(city, role) for role in woken}


def test_a_deadline_that_passed_or_moved_is_told_again(
    city: City, settings: Settings, mailbox: Mailbox
) -> None:
    activity = ProcessingActivity(name="Hundesteuer", next_review=TOMORROW)
    city.save(activity)
    run(city, settings)
    mailbox.arrived.clear()

    city.change(activity, next_review=today() - timedelta(days=1))
    run(city, settings)

    assert "überfällig" in mailbox.texts()[address(city, Role.DSB)]


def test_what_is_far_away_is_not_told(city: City, settings: Settings, mailbox: Mailbox) -> None:
    city.save(ProcessingActivity(name="Hundesteuer", next_review=today() + timedelta(days=90)))

    assert (run(city, settings), mailbox.arrived) == (Sent(0, 0, ()), [])


def test_several_things_come_in_one_message_and_in_the_language_of_the_person(
    city: City, settings: Settings, mailbox: Mailbox
) -> None:
    with city.site.database.writing(actor=city.actor(Role.ADMINISTRATOR)) as session:
        session.merge(city.people[Role.DSB], load=True).language = "en"
    city.save(
        ProcessingActivity(name="Hundesteuer", next_review=TOMORROW),
        ProcessingActivity(name="Melderegister", next_review=TOMORROW),
    )

    run(city, settings)

    found = [one for one in mailbox.arrived if one["To"] == address(city, Role.DSB)]
    assert [one["Subject"] for one in found] == ["Nachweis: 2 reminders"]
    assert "Deadlines:\n- VT-0001 Hundesteuer" in mailbox.texts()[address(city, Role.DSB)]


def test_who_could_not_be_reached_is_reminded_by_the_next_run(
    city: City, settings: Settings, mailbox: Mailbox
) -> None:
    city.save(ProcessingActivity(name="Hundesteuer", next_review=TOMORROW))
    mailbox.refuses = address(city, Role.DSB)
    first = run(city, settings)

    mailbox.refuses = ""
    second = run(city, settings)

    assert first.undelivered == (address(city, Role.DSB),)
    assert second == Sent(1, 1, ())


def test_a_subject_cannot_smuggle_in_a_header(settings: Settings, mailbox: Mailbox) -> None:
    send(settings, [Message("dsb@stadt.example", "Frist\r\nBcc: alle@stadt.example", "Guten Tag")])

    assert mailbox.arrived[0]["Bcc"] is None
    assert mailbox.arrived[0]["Subject"] == "Frist Bcc: alle@stadt.example"


@pytest.mark.parametrize("smtp", ["", "smtp://127.0.0.1:9", "nonsense://nowhere:x"])
def test_a_server_that_is_not_there_is_said_in_one_sentence(settings: Settings, smtp: str) -> None:
    with pytest.raises(Undelivered, match="Mailserver"):
        send(replace(settings, smtp=smtp), [Message("dsb@stadt.example", "Frist", "Guten Tag")])
