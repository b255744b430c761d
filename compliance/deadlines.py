"""When periods of law end: hours, days, weeks and months, weekends, holidays and standstills.

Two regimes count alike and differ at the end. Periods of Union law follow
Regulation (EEC, Euratom) No 1182/71, periods of national law or set by an
authority §§ 187 to 193 BGB. Everything here is pure; a day is a calendar day in
Germany, a moment is aware and computed in UTC, so that a night in which the
clocks change makes no period longer or shorter.
"""

from __future__ import annotations

import calendar
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

from compliance.errors import Refused
from compliance.language import LOCAL_TIME, Text, day_words


class Regime(enum.Enum):
    """Whose law sets the period."""

    UNION = Text("Unionsrecht (VO (EWG, Euratom) Nr. 1182/71)", "Union law (Reg. (EEC, Euratom) No 1182/71)")
    NATIONAL = Text(
        "Deutsches Recht oder behördlich gesetzte Frist (§§ 187 bis 193 BGB)",
        "German law, or a period set by an authority (§§ 187 to 193 BGB)",
    )

    @property
    def text(self) -> Text:
        wording: Text = self.value
        return wording


# --- Working days --------------------------------------------------------------------------------

LANDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "BB": Text("Brandenburg", "Brandenburg"),
        "BE": Text("Berlin", "Berlin"),
        "BW": Text("Baden-Württemberg", "Baden-Württemberg"),
        "BY": Text("Bayern", "Bavaria"),
        "HB": Text("Bremen", "Bremen"),
        "HE": Text("Hessen", "Hesse"),
        "HH": Text("Hamburg", "Hamburg"),
        "MV": Text("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
        "NI": Text("Niedersachsen", "Lower Saxony"),
        "NW": Text("Nordrhein-Westfalen", "North Rhine-Westphalia"),
        "RP": Text("Rheinland-Pfalz", "Rhineland-Palatinate"),
        "SH": Text("Schleswig-Holstein", "Schleswig-Holstein"),
        "SL": Text("Saarland", "Saarland"),
        "SN": Text("Sachsen", "Saxony"),
        "ST": Text("Sachsen-Anhalt", "Saxony-Anhalt"),
        "TH": Text("Thüringen", "Thuringia"),
    }
)
"""The Länder by the codes of ISO 3166-2:DE."""

KNOWN_YEARS: Final = range(1991, 2101)
"""The years whose holidays are known; in all others only weekends count."""

_FEDERATION: Final = ""


def holidays_of(year: int, land: str = _FEDERATION) -> Mapping[date, Text]:
    """The public holidays of *year* in *land* with their names.

    Without a known *land*, those that every Land has. Holidays of single
    municipalities are not among them.
    """
    if year not in KNOWN_YEARS:
        return {}
    return _holidays(year, land if land in LANDS else _FEDERATION)


@cache
def _holidays(year: int, land: str) -> Mapping[date, Text]:
    # The library loads every country of the world: 0.2 s and 8 MB for whoever needs a calendar.
    from holidays import country_holidays  # noqa: PLC0415

    german, english = (
        country_holidays("DE", subdiv=land or None, years=year, expand=False, language=language)
        for language in ("de", "en_US")
    )
    return MappingProxyType({day: Text(name, english[day]) for day, name in sorted(german.items())})


def is_working_day(day: date, land: str) -> bool:
    """Whether *day* is neither Saturday, Sunday nor a public holiday in *land*.

    24 and 31 December are working days.
    """
    return day.weekday() < calendar.SATURDAY and day not in holidays_of(day.year, land)


def _working_day_from(day: date, land: str = _FEDERATION) -> date:
    """*day*, or the first working day after it."""
    while not is_working_day(day, land):
        day = _days_later(day, 1)
    return day


# --- Periods of days, weeks and months -----------------------------------------------------------


@dataclass(frozen=True)
class Deadline:
    """The end of a period of days, weeks or months."""

    day: date
    """The period ends with this day, at 24:00 German time."""
    unshifted: date
    """Where counting alone leads, before weekends and holidays are looked at."""
    land_holiday_only: bool
    """A holiday that only some Länder have stands in the way, and nothing else.

    Art. 2 (1) of the Regulation speaks of the holidays of the Member State, so
    whether such a holiday shifts a period of Union law is unsettled: *day* stays.
    """
    land_day: date | None = None
    """Where the period would end if that holiday counted; only with *land_holiday_only*."""


def period_end(
    begins: date,
    *,
    days: int = 0,
    weeks: int = 0,
    months: int = 0,
    regime: Regime,
    land: str,
) -> Deadline:
    """When a period of so many days, weeks or months ends that an event on *begins* sets off.

    The day of the event is not counted. Weeks end on the same day of the week,
    months on the same day of the month or, where it is missing, on its last day.
    An end on a Saturday, Sunday or public holiday moves to the next working day.
    A period that would leave the calendar ends with its last day.
    Sources: Art. 3 Reg. 1182/71; §§ 187, 188, 193 BGB. Raises :class:`ValueError`
    unless exactly one length is given and is positive.
    """
    return _shifted(counted(begins, days=days, weeks=weeks, months=months), regime, land)


def counted(begins: date, *, days: int = 0, weeks: int = 0, months: int = 0) -> date:
    """The last day of the period, before weekends and holidays are looked at; see :func:`period_end`."""
    if sorted((days, weeks, months))[:2] != [0, 0] or days + weeks + months == 0:
        raise ValueError("a period has one length, in days, weeks or months, and it is positive")
    return _months_later(begins, months) if months else _days_later(begins, days + 7 * weeks)


def _days_later(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shifted(end: date, regime: Regime, land: str) -> Deadline:
    here = _working_day_from(end, land)
    if regime is Regime.NATIONAL:
        return Deadline(here, end, land_holiday_only=False)
    everywhere = _working_day_from(end)
    if here == everywhere:
        return Deadline(here, end, land_holiday_only=False)
    return Deadline(everywhere, end, land_holiday_only=True, land_day=here)


def two_working_days(begins: date, days: int) -> date | None:
    """The later end that Art. 3 (5) Reg. 1182/71 gives a short period of days, if any.

    A period of two days or more includes at least two working days. No deadline
    here rests on it, because the earlier day is always in time; whoever shows a
    deadline can name it. Periods of hours are not concerned.
    """
    if days < 2:
        return None
    end = _working_day_from(_days_later(begins, days))
    first = _working_day_from(_days_later(begins, 1))
    second = _working_day_from(_days_later(first, 1))
    return second if second > end else None


# --- Periods that stand still and can be extended ------------------------------------------------


@dataclass(frozen=True)
class Pause:
    """A time in which the clock stands still."""

    begins: date
    """When the question went out. This day still counts."""
    ends: date | None
    """When the answer arrived; ``None`` while it is awaited. From the next day on days count again."""


@dataclass(frozen=True)
class Extendable:
    """A period and its longest extension, both counted from receipt."""

    due: Deadline
    extended: Deadline
    unpaused: Extendable | None = None
    """The same without the pauses, where they moved a date: both dates are shown."""
    suspended: bool = False
    """A question is open and the clock stands still: the dates move on with every day until the answer."""


def request_deadline(received: date, *, land: str = "SH", pauses: Sequence[Pause] = ()) -> Extendable:
    """By when somebody who exercised a right must be answered: one month, extended three.

    The extension is counted from receipt as well, and must be told within the
    first month. A pause is a question about identity or scope that was put
    without delay (EDPB Guidelines 01/2022). Source: Art. 12 (3) GDPR.
    """
    return _extendable(_months_later(received, 1), _months_later(received, 3), received, land, pauses)


def consultation_deadline(received: date, *, land: str = "SH", pauses: Sequence[Pause] = ()) -> Extendable:
    """By when the supervisory authority answers a prior consultation: 8 weeks, extended 14.

    A pause is the time until the authority has the information it asked for.
    Its silence after either period is no consent. Source: Art. 36 (2) GDPR.
    """
    return _extendable(_days_later(received, 7 * 8), _days_later(received, 7 * 14), received, land, pauses)


def extension_notice(received: date, *, land: str = "SH", pauses: Sequence[Pause] = ()) -> Deadline:
    """By when an extension must be told, for a request and for a consultation alike: one month."""
    return request_deadline(received, land=land, pauses=pauses).due


def _extendable(first: date, longest: date, received: date, land: str, pauses: Sequence[Pause]) -> Extendable:
    plain = Extendable(_shifted(first, Regime.UNION, land), _shifted(longest, Regime.UNION, land))
    due, waiting = _paused(first, received, land, pauses)
    extended, waiting_longer = _paused(longest, received, land, pauses)
    moved = (due, extended) != (plain.due, plain.extended)
    return Extendable(due, extended, plain if moved else None, waiting or waiting_longer)


def _paused(end: date, received: date, land: str, pauses: Sequence[Pause]) -> tuple[Deadline, bool]:
    """The *end* moved by every pause that begins before it, and whether one of them is still open."""
    running, suspended = received, False
    for pause in sorted(pauses, key=lambda pause: pause.begins):
        begins = max(pause.begins, running)
        if begins > _shifted(end, Regime.UNION, land).day:
            break
        if pause.ends is None:
            suspended = True
        elif pause.ends > begins:
            end = _days_later(max(end, begins), (pause.ends - begins).days)
            running = pause.ends
    return _shifted(end, Regime.UNION, land), suspended


# --- Periods of hours ----------------------------------------------------------------------------


class NotifiableRisk(enum.Enum):
    """How much must be feared for the persons concerned before a breach is notified."""

    ANY = Text(
        "Zu melden ist, sofern nicht voraussichtlich kein Risiko besteht.",
        "To be notified unless unlikely to result in a risk.",
    )
    HIGH = Text(
        "Zu melden ist, wenn voraussichtlich ein hohes Risiko besteht.",
        "To be notified if likely to result in a high risk.",
    )

    @property
    def text(self) -> Text:
        wording: Text = self.value
        return wording


@dataclass(frozen=True)
class BreachTerms:
    """What the law asks for the notification of a breach, from a day on."""

    since: date
    hours: int
    risk: NotifiableRisk
    source: str
    """Legal ground in German citation form."""


BREACH_TERMS: Final = (BreachTerms(date(2018, 5, 25), 72, NotifiableRisk.ANY, "Art. 33 Abs. 1 DSGVO"),)
"""Oldest first. A change of the law, such as the 96 hours of the Digital Omnibus, is one more row."""


def breach_terms(aware: date, terms: Sequence[BreachTerms] = BREACH_TERMS) -> BreachTerms:
    """The terms in force on the day of awareness; before the first ones, the first ones."""
    return next((row for row in reversed(terms) if row.since <= aware), terms[0])


@dataclass(frozen=True)
class BreachDeadline:
    """By when a breach is notified, as aware moments in UTC."""

    strict: datetime
    """So many hours after awareness to the minute: what signals run on."""
    latest: datetime
    """The end in law, counted from the next full hour."""


def breach_deadline(aware: datetime, *, hours: int | None = None) -> BreachDeadline:
    """By when a breach must be notified of which the first employee became *aware* at this moment.

    The hour in which awareness falls is not counted, also when it falls on the
    full hour. Weekends and holidays run, and the end is not shifted. *hours* are
    those of :func:`breach_terms` unless given. Sources: Art. 33 (1) GDPR;
    Art. 3 (3) and (4) Reg. 1182/71. Raises :class:`ValueError` without a zone.
    """
    if aware.tzinfo is None:
        raise ValueError("a moment needs its zone")
    if hours is None:
        hours = breach_terms(aware.astimezone(LOCAL_TIME).date()).hours
    length = timedelta(hours=hours)
    return BreachDeadline(aware.astimezone(UTC) + length, next_full_hour(aware) + length)


def hours_later(begins: datetime, hours: int) -> datetime:
    """The end of a period of *hours* to the minute, in UTC; weekends and holidays run.

    Raises :class:`ValueError` without a zone.
    """
    if begins.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return begins.astimezone(UTC) + timedelta(hours=hours)


def next_full_hour(moment: datetime) -> datetime:
    """The full hour after *moment*, in UTC; German time is whole hours away from it."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def on_german_clocks(wall: datetime) -> datetime:
    """The moment at which clocks in Germany show *wall*, which has no zone.

    In the hour that comes twice in October it is the first time, which ends
    periods earlier. Raises :class:`Refused` for the hour left out in March.
    """
    moment = wall.replace(tzinfo=LOCAL_TIME, fold=0)
    if moment.astimezone(UTC).astimezone(LOCAL_TIME).replace(tzinfo=None) != wall.replace(fold=0):
        raise Refused(_LEFT_OUT.format(time=f"{wall:%H:%M}", day=day_words(wall.date())))
    return moment


_LEFT_OUT: Final = Text(
    "{time} Uhr gab es am {day} nicht: In dieser Nacht wurden die Uhren eine Stunde vorgestellt.",
    "There was no {time} on {day}: the clocks went forward one hour that night.",
)
