"""Files that somebody has handed in and not taken over yet: each is seen by that person alone."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.site import me

K = TypeVar("K")


def find_own(session: Session, kind: type[K], register: str, identity: str, gone: Text) -> K:
    """The file of *kind* with that id, if the person handed it in. Raises :class:`NotFound` with *gone*."""
    with suppress(ValueError):
        columns: Any = kind
        mine = (columns.register == register, columns.person_id == me().person_id)
        found = session.scalar(select(kind).where(*mine, columns.id == uuid.UUID(identity)))
        if found is not None:
            return found
    raise NotFound(gone)
