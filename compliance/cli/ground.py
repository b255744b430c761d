"""What every command shares: the installation it works on, and how it speaks."""

from __future__ import annotations

import json as json_module
import os

import click
from sqlalchemy import or_, select

from assessments.grundschutz.protection import settle_all_needs
from assessments.grundschutz.stale_takeovers import mark_all_takeovers
from compliance import migrations
from compliance.agenda import refresh
from compliance.app import assemble
from compliance.config import Settings
from compliance.database import Actor
from compliance.errors import NotFound, Refused
from compliance.language import Text
from compliance.people import Organisation, Unit
from compliance.web.site import Site

ACTOR = Actor("Kommandozeile")

as_json = click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
in_organisation = click.option("--organisation", default="", help="Name; by default the only one.")


def language() -> str:
    """The language of the shell."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "de"
    return "en" if chosen.startswith("en") else "de"


def say(text: Text) -> None:
    """Prints *text* in the language of the shell."""
    click.echo(text[language()])


def print_json(figures: object) -> None:
    """Prints *figures* for other programs."""
    click.echo(json_module.dumps(figures, ensure_ascii=False, indent=2, default=str))


def open_site(*, make_key: bool = False, upgrade: bool = False) -> Site:
    """The installation of the environment. Raises :class:`Refused` if its database is outdated."""
    site = assemble(Settings.from_environ(make_key=make_key))
    if make_key or migrations.is_current(site.database.engine):
        return site
    if not upgrade:
        raise Refused(_NOT_CURRENT)
    bring_up_to_date(site)
    return site


def bring_up_to_date(site: Site) -> None:
    """Gives the database the newest shape; a newer version may find more in what is already there."""
    if migrations.is_current(site.database.engine):
        return
    migrations.upgrade(site.database.engine)
    with site.database.reading() as session:
        organisations = session.scalars(select(Organisation.id)).all()
    for organisation in organisations:
        with site.database.writing(organisation, actor=ACTOR) as session:
            settle_all_needs(session, organisation)
            mark_all_takeovers(session)
            site.judge.judge_everything(session)
            refresh(session, site.registers.values())


def find_organisation(site: Site, name: str) -> Organisation:
    """The organisation called *name*, or the only one. Raises :class:`NotFound`."""
    with site.database.reading() as session:
        query = select(Organisation).order_by(Organisation.name)
        found = session.scalars(query.where(Organisation.name == name) if name else query).all()
        names = ", ".join(session.scalars(select(Organisation.name).order_by(Organisation.name)))
    if len(found) != 1:
        raise NotFound(_WHICH_ORGANISATION.format(names=names or "–"))
    return found[0]


def find_unit(site: Site, place: Organisation, called: str) -> Unit:
    """The unit of *place* with that key or name. Raises :class:`NotFound` where there is none or several."""
    with site.database.reading(place.id) as session:
        query = select(Unit).where(or_(Unit.key == called, Unit.name == called))
        found = session.scalars(query).all()
    if len(found) != 1:
        raise NotFound(_WHICH_UNIT.format(unit=called))
    return found[0]


_NOT_CURRENT = Text(
    "Die Datenbank hat nicht die erwartete Gestalt. "
    "„nachweis init“ richtet sie ein oder bringt sie auf den Stand.",
    "The database does not have the expected shape. “nachweis init” sets it up or brings it up to date.",
)
_WHICH_UNIT = Text(
    "Mit der Kennziffer oder dem Namen „{unit}“ gibt es nicht genau eine Organisationseinheit.",
    "There is not exactly one unit with the key or name “{unit}”.",
)
_WHICH_ORGANISATION = Text(
    "Bitte mit --organisation eine Organisation nennen. Vorhanden: {names}.",
    "Please name an organisation with --organisation. There are: {names}.",
)
