"""Which shipped lists under Art. 35 (4) GDPR an impact assessment was decided on with, and what is new since.

A newer version comes with an update of the program or counts from a day of its own: no entry is saved
that could give the reason to review. So the versions are remembered and compared with those of the day.
"""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy.orm import Session

from assessments.dpia.dpia import Dpia
from assessments.dpia.published_lists import NewVersion, new_versions, versions_for
from compliance.database import today
from compliance.people import land_of


def remember_lists(session: Session, dpia: Dpia) -> None:
    """Notes that whoever decides on *dpia* or reviews it now does so with the lists of today."""
    known = versions_for(land_of(session, dpia.organisation_id), today())
    dpia.lists_known = json.dumps(known, sort_keys=True)


def lists_since(dpia: Dpia, land: str, on: date) -> tuple[NewVersion, ...]:
    """The lists that count in *land* on that day in another version than *dpia* knows."""
    if not dpia.lists_known:
        return ()
    return new_versions(json.loads(dpia.lists_known), versions_for(land, on))
