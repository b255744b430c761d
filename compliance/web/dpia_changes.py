"""Changing an impact assessment as the person has read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import request
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from assessments.dpia.dpia import Dpia
from compliance.access import Permission
from compliance.entry import State
from compliance.errors import Outdated
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import writing


@contextmanager
def changing(number: int) -> Iterator[tuple[Session, Dpia]]:
    """A transaction in which the person changes the assessment as they have read it.

    Raises :class:`Outdated` where it is another one than the page was made for, or becomes
    one before it is saved.
    """
    try:
        with writing() as session:
            dpia: Dpia = find(session, Dpia, number, Permission.EDIT)
            version = request.form.get("version", "")
            if version != str(dpia.version):
                raise Outdated(_CHANGED)
            # The page was made for this version; anything newer must stop the write.
            set_committed_value(dpia, "version", int(version))
            touch(dpia)
            yield session, dpia
    except StaleDataError as error:
        raise Outdated(_CHANGED) from error


_CHANGED: Final = Text(
    "Die DSFA wurde inzwischen von jemand anderem geändert. Laden Sie die Seite neu.",
    "The DPIA was changed by somebody else in the meantime. Reload the page.",
)


def touch(dpia: Dpia) -> None:
    """Whoever works on an imported assessment has looked at it."""
    if dpia.state is State.IMPORTED:
        dpia.state = State.DRAFT
