"""Setting up and serving: installation, organisations, people."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import asdict

import click

from assessments.dpia import prescan_access
from compliance import demo as demo_city
from compliance import migrations
from compliance.app import create_app
from compliance.cli.ground import (
    ACTOR,
    as_json,
    bring_up_to_date,
    find_organisation,
    find_unit,
    in_organisation,
    language,
    open_site,
    print_json,
    say,
)
from compliance.language import Text
from compliance.people import LegalForm, Membership, Organisation, Person, Role, set_password
from registers.publication import switch_public_register
from registers.requests import switch_public_desk


@click.command()
@as_json
def init(*, as_json: bool) -> None:
    """Make the key file and bring the database to the newest shape."""
    site = open_site(make_key=True)
    bring_up_to_date(site)
    if as_json:
        print_json({"current": migrations.is_current(site.database.engine)})
    else:
        say(_INITIALISED)


@click.command()
@as_json
def demo(*, as_json: bool) -> None:
    """Fill an empty installation with the demo city."""
    site = open_site(make_key=True)
    bring_up_to_date(site)
    loaded = demo_city.load(site)
    if as_json:
        print_json({"counts": loaded.counts, "sign_ins": [asdict(entry) for entry in loaded.sign_ins]})
        return
    click.echo(loaded.organisation)
    for name, count in loaded.counts.items():
        click.echo(f"  {count:>6} {name}")
    _print_sign_ins(demo_city.SIGN_INS)


def _print_sign_ins(sign_ins: Iterable[demo_city.DemoSignIn]) -> None:
    for entry in sign_ins:
        click.echo(f"  {entry.email:<36} {demo_city.PASSWORD:<18} {entry.role.text[language()]}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--upgrade", is_flag=True, help="First bring the database to the newest shape.")
def serve(*, host: str, port: int, threads: int, upgrade: bool) -> None:
    """Serve the application."""
    from waitress import serve as serve_with_waitress  # noqa: PLC0415 -- needed by this command alone

    site = open_site(upgrade=upgrade)
    app = create_app(site)
    click.echo(f"Nachweis: http://{host}:{port}")
    if demo_city.is_loaded(site):
        _print_sign_ins(demo_city.SIGN_INS)
    # What is loaded by now stays; going through it again and again for garbage costs every few hundred
    # pages a fifth of a second.
    gc.collect()
    gc.freeze()
    serve_with_waitress(app, host=host, port=port, threads=threads, ident=None)


@click.group()
def organisation() -> None:
    """Organisations that keep registers here."""


@organisation.command("add")
@click.argument("name")
@click.option("--land", default="SH", show_default=True, help="Code of the Land.")
@click.option("--company", is_flag=True, help="A company owned by a municipality, not an authority.")
def add_organisation(*, name: str, land: str, company: bool) -> None:
    """Add an organisation."""
    form = LegalForm.COMPANY if company else LegalForm.AUTHORITY
    with open_site().database.writing(actor=ACTOR) as session:
        session.add(Organisation(name=name, land=land, legal_form=form))
    click.echo(name)


@organisation.command("public")
@click.argument("name")
@click.option("--as", "public_name", default="", help="Name in the address; by default made of the name.")
@click.option("--off", is_flag=True, help="Take the public register off the net.")
def public_register(*, name: str, public_name: str, off: bool) -> None:
    """Show the published part of an organisation's record to everybody, or stop doing so."""
    site = open_site()
    place = find_organisation(site, name)
    with site.database.writing(actor=ACTOR) as session:
        chosen = switch_public_register(session, place.id, public_name, on=not off)
    click.echo("" if off else f"/public/{chosen}/register")


@organisation.command("desk")
@click.argument("name")
@click.option("--as", "public_name", default="", help="Name in the address; by default made of the name.")
@click.option("--off", is_flag=True, help="Take the public forms off the net.")
def public_desk(*, name: str, public_name: str, off: bool) -> None:
    """Let everybody send requests and reports of breaches, or stop doing so."""
    site = open_site()
    place = find_organisation(site, name)
    with site.database.writing(actor=ACTOR) as session:
        chosen = switch_public_desk(session, place.id, public_name, on=not off)
    for what in () if off else ("request", "breach"):
        click.echo(f"/public/{chosen}/{what}")


@organisation.command("pre-scans")
@click.argument("name")
@click.option("--off", is_flag=True, help="Revoke the address.")
def pre_scans(*, name: str, off: bool) -> None:
    """Make an address at which anybody can begin a pre-scan, in place of a former one, or revoke it."""
    site = open_site()
    place = find_organisation(site, name)
    with site.database.writing(place.id, actor=ACTOR) as session:
        if off:
            prescan_access.close_link(session, place.id)
            return
        token = prescan_access.open_link(session, place.id)
    click.echo(f"/pre-scan/{token}")


@click.group()
def person() -> None:
    """People who can sign in."""


@person.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.name for role in Role])
)
@click.option("--unit", default="", help="Key or name of the unit to which the roles are limited.")
@click.password_option()
@in_organisation
def add_person(
    *, email: str, name: str, roles: tuple[str, ...], unit: str, password: str, organisation: str
) -> None:
    """Add a person with one or more roles, everywhere or in one unit and what lies below it."""
    site = open_site()
    place = find_organisation(site, organisation)
    unit_id = find_unit(site, place, unit).id if unit else None
    with site.database.writing(actor=ACTOR) as session:
        newcomer = Person(email=email.strip().casefold(), name=name, language=language(), active=True)
        set_password(newcomer, password)
        session.add(newcomer)
        session.flush()
        for role in roles:
            session.add(
                Membership(person_id=newcomer.id, organisation_id=place.id, role=Role[role], unit_id=unit_id)
            )
    click.echo(email)


_INITIALISED = Text(
    "Die Installation ist eingerichtet und aktuell.", "The installation is set up and current."
)
