"""What the pages are given to work with, and the few questions each of them asks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, g

from compliance.access import Identity
from compliance.config import Settings
from compliance.crypto import Keys
from compliance.database import Actor, Database
from compliance.entry import Entry
from compliance.errors import NotFound
from compliance.judging import Judge
from compliance.language import Text
from compliance.vault import Vault

KEY = "nachweis"


@dataclass(frozen=True)
class Site:
    """One installation, put together: where it stores, what it keeps and how it judges."""

    settings: Settings
    keys: Keys
    database: Database
    judge: Judge
    registers: Mapping[str, type[Entry]]
    """By the name they have in addresses and on the command line."""
    vault: Vault
    """Where the contents of attached files lie."""

    def register(self, slug: str) -> type[Entry]:
        """The register called *slug*. Raises :class:`NotFound`."""
        try:
            return self.registers[slug]
        except KeyError as error:
            raise NotFound(_NO_REGISTER.format(name=slug)) from error


def site() -> Site:
    """The site that the present request is for."""
    return cast(Site, current_app.extensions[KEY])


def me() -> Identity:
    """Who is asking."""
    return cast(Identity, g.identity)


def actor() -> Actor:
    """Who is asking, as the journal names them."""
    return Actor(me().name, me().person_id)


def language() -> str:
    """The language of the page: the person's choice, or that of the browser."""
    return cast(str, g.get("language", "de"))


def reading() -> Any:
    """A snapshot of the organisation of whoever is asking."""
    return site().database.reading(me().organisation_id)


def writing() -> Any:
    """A unit of work in the organisation of whoever is asking, in their name."""
    return site().database.writing(me().organisation_id, actor=actor())


_NO_REGISTER = Text("Ein Register „{name}“ gibt es nicht.", "There is no register “{name}”.")
