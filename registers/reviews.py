"""Reviews that recur: confirmed unchanged, an activity is due again in the rhythm it was given.

Art. 24 (1) GDPR: measures are reviewed and updated where necessary.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.fields import Span, TimeUnit
from registers.processing import ProcessingActivity

CONFIRM: Final = "confirm"
"""What the journal calls a review that found nothing to change."""

_DAYS: Final = {TimeUnit.D: 1, TimeUnit.W: 7, TimeUnit.M: 31, TimeUnit.Y: 366}


def next_occurrence(first: date, cycle: Span, after: date) -> date:
    """The first day later than *after* in the rhythm that began on *first*.

    Every occurrence is counted from *first*, so that a rhythm from the 31st does not
    slide to the 28th for good. A cycle of nothing never recurs.
    """
    if not cycle.count:
        return max(first, after)
    # Never too many, because no cycle is shorter than this makes it.
    times = max(0, (after - first).days // (cycle.count * _DAYS[cycle.unit]))
    while (found := _occurrence(first, cycle, times)) <= after:
        times += 1
    return found


def _occurrence(first: date, cycle: Span, times: int) -> date:
    count = cycle.count * times
    steps = {
        TimeUnit.D: relativedelta(days=count),
        TimeUnit.W: relativedelta(weeks=count),
        TimeUnit.M: relativedelta(months=count),
        TimeUnit.Y: relativedelta(years=count),
    }
    try:
        moved: date = first + steps[cycle.unit]
    except (OverflowError, ValueError):
        return date.max
    return moved


def confirm_unchanged(session: Session, activity: ProcessingActivity, *, by: Identity) -> None:
    """Records that *activity* was looked through and is still true, and when it is due again."""
    demand(by, Permission.EDIT, activity)
    activity.reviewed_on = today()
    if activity.review_cycle is not None:
        anchor = activity.next_review or today()
        activity.next_review = next_occurrence(anchor, activity.review_cycle, today())
    elif activity.next_review is not None and activity.next_review <= today():
        activity.next_review = None
    session.info["action"] = CONFIRM
