"""The name under which the public pages and forms of an organisation are found."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.database import folded
from compliance.errors import Refused
from compliance.language import Text
from compliance.people import Organisation

_LONGEST: Final = 60


def settle_public_name(session: Session, organisation: Organisation, wanted: str) -> str:
    """Gives *organisation* its name in addresses: *wanted*, the one it has, or one made of its own name.

    Raises :class:`Refused` for a name that does not fit an address or is taken.
    """
    chosen = wanted or organisation.public_name or _made_of(organisation.name)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", chosen, re.ASCII) or len(chosen) > _LONGEST:
        raise Refused(_BAD_NAME)
    taken = select(Organisation.id).where(
        Organisation.public_name == chosen, Organisation.id != organisation.id
    )
    if session.scalar(taken) is not None:
        raise Refused(_TAKEN.format(name=chosen))
    organisation.public_name = chosen
    return chosen


def _made_of(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:_LONGEST].strip("-")


_BAD_NAME = Text(
    "Der Name in der Adresse besteht aus Kleinbuchstaben, Ziffern und einzelnen Bindestrichen.",
    "The name in the address consists of small letters, digits and single hyphens.",
)
_TAKEN = Text("Der Name „{name}“ ist schon vergeben.", "The name “{name}” is taken.")
