"""Reminders by e-mail, to be run by a timer."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from compliance.cli.ground import as_json, find_organisation, in_organisation, language, open_site, print_json
from compliance.language import Text
from compliance.mail import demand_server
from compliance.reminders import remind as send_reminders


@click.command()
@as_json
@in_organisation
def remind(*, as_json: bool, organisation: str) -> None:
    """Send everybody what is newly due; exit 1 if a message was not taken."""
    site = open_site()
    place = find_organisation(site, organisation)
    demand_server(site.settings)
    sent = send_reminders(site.database, site.settings, place.id, site.registers)
    if as_json:
        print_json(asdict(sent))
    else:
        click.echo(_SENT.format(messages=sent.messages, reminders=sent.reminders)[language()])
        for address in sent.undelivered:
            click.echo(_UNDELIVERED.format(address=address)[language()], err=True)
    sys.exit(1 if sent.undelivered else 0)


_SENT = Text(
    "{messages} Nachrichten mit {reminders} Erinnerungen.", "{messages} messages with {reminders} reminders."
)
_UNDELIVERED = Text("Nicht angenommen: {address}", "Not taken: {address}")
