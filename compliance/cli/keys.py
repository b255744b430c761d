"""The exchange of the secret key."""

from __future__ import annotations

import click
from sqlalchemy import select

from assessments.dpia import prescan_access
from compliance import drafts
from compliance.cli.ground import ACTOR, as_json, open_site, print_json, say
from compliance.language import Text
from compliance.people import Organisation
from compliance.release import content_hash
from compliance.sealing import reseal


@click.group()
def key() -> None:
    """The secret key from which all others are derived."""


@key.command("reseal")
@as_json
def reseal_everything(*, as_json: bool) -> None:
    """Seal with the present key what was sealed with those in NACHWEIS_FORMER_KEYS."""
    site = open_site()
    with site.database.reading() as session:
        places = session.scalars(select(Organisation.id)).all()
    count = 0
    for place in places:
        with site.database.writing(place, actor=ACTOR) as session:
            count += drafts.reseal(session)
            count += prescan_access.reseal(session, place)
            session.flush()
            count += reseal(session, content_hash)
    if as_json:
        print_json({"resealed": count})
    else:
        say(_DONE.format(count=count))


_DONE = Text(
    "{count} Angaben sind neu versiegelt. NACHWEIS_FORMER_KEYS wird nicht mehr gebraucht.",
    "{count} values are sealed anew. NACHWEIS_FORMER_KEYS is no longer needed.",
)
