"""The gate before forms for strangers: people come through, programs and floods do not.

Programs are told by a field that people do not see, and by the time a person needs;
floods by a table in the database that counts what was sent.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import request
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from compliance.crypto import same
from compliance.database import Actor, now
from compliance.errors import Refused
from compliance.language import Text
from compliance.people import PublicPost
from compliance.web.site import site

TRAP: Final = "website"
"""Name of the field that people do not see."""
QUICKEST: Final = timedelta(seconds=3)
"""Nobody reads and fills in a form faster."""
_SLOWEST: Final = timedelta(hours=24)
_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Stamp:
    """When a page was given out, so that nobody can claim another time."""

    since: str
    mark: str
    trap: str = TRAP


@dataclass(frozen=True)
class Gate:
    """What one kind of form lets through."""

    name: str
    actor: Actor
    per_sender: int
    """So many forms an hour from one address."""
    per_place: int
    """So many forms an hour to one organisation."""

    def stamp(self, place: uuid.UUID) -> Stamp:
        """Always a fresh one: a stamp for a time that somebody else chose would open the lock."""
        since = now().isoformat(timespec="seconds")
        return Stamp(since, self._mark(place, since))

    def is_machine(self, place: uuid.UUID, quickest: timedelta = QUICKEST) -> bool:
        """Whether the trap was filled in, the form was made up, or it came faster than a person types."""
        since, mark = request.form.get("since", ""), request.form.get("stamp", "")
        age: timedelta | None = None
        if same(mark, self._mark(place, since)):
            with suppress(ValueError):
                age = now() - datetime.fromisoformat(since)
        return bool(request.form.get(TRAP)) or age is None or not quickest <= age <= _SLOWEST

    def count_in(self, place: uuid.UUID) -> None:
        """Counts the form. Raises :class:`Refused` where too much comes too fast."""
        with site().database.writing(actor=self.actor) as session:
            self._count(session, place)

    def _mark(self, place: uuid.UUID, since: str) -> str:
        return site().keys.stamp(f"{self.name}/{place.hex}/{since}")

    def _count(self, session: Session, place: uuid.UUID) -> None:
        sender = site().keys.stamp(f"sender/{place.hex}/{request.remote_addr}")
        word = uuid.uuid5(place, self.name).hex
        session.execute(delete(PublicPost).where(PublicPost.at < now() - _WINDOW))
        recent = select(func.count()).select_from(PublicPost).where(PublicPost.place == word)
        if (session.scalar(recent.where(PublicPost.sender == sender)) or 0) >= self.per_sender:
            raise Refused(TOO_MANY)
        if (session.scalar(recent) or 0) >= self.per_place:
            raise Refused(TOO_MANY)
        session.add(PublicPost(place=word, sender=sender, at=now()))


TOO_QUICK: Final = Text(
    "Das Formular kam zu schnell oder ist veraltet. Bitte senden Sie es noch einmal ab.",
    "The form came too fast or is out of date. Please send it once more.",
)
TOO_MANY: Final = Text(
    "Gerade kommen zu viele Formulare an. Bitte versuchen Sie es in einer Stunde noch einmal oder schreiben "
    "Sie uns einen Brief.",
    "Too many forms are arriving. Please try again in an hour, or write us a letter.",
)
