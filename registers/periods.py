"""Terms of contracts: counting forward and back by what people agreed on, §§ 187 and 188 BGB.

Weekends and holidays never count here: what must be received in time has to be
received before them.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, timedelta

from dateutil.relativedelta import relativedelta

from compliance.fields import Span, TimeUnit

_ONE_DAY = timedelta(days=1)


def after(day: date, span: Span) -> date:
    """The last day of a period of *span* that an event on *day* sets off; the end of time at most."""
    return _moved(day, span, 1)


def before(day: date, span: Span) -> date:
    """The last day on which a full *span* is left until the end of *day*; the beginning of time at least.

    Three months before 30 June are over at the end of 31 March, not of 30 March.
    """
    if day == date.max:
        return _moved(day, span, -1)
    moved = _moved(day + _ONE_DAY, span, -1)
    return moved - _ONE_DAY if moved > date.min else moved


def _moved(day: date, span: Span, direction: int) -> date:
    try:
        match span.unit:
            case TimeUnit.D:
                return day + timedelta(days=direction * span.count)
            case TimeUnit.W:
                return day + timedelta(weeks=direction * span.count)
            case TimeUnit.M:
                return day + relativedelta(months=direction * span.count)
            case TimeUnit.Y:
                return day + relativedelta(years=direction * span.count)
    except (OverflowError, ValueError):
        return date(MAXYEAR, 12, 31) if direction > 0 else date(MINYEAR, 1, 1)
