"""When periods of data protection law end, without a database."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import click

from compliance.cli.ground import as_json, print_json, say
from compliance.deadlines import (
    KNOWN_YEARS,
    LANDS,
    Deadline,
    Extendable,
    Pause,
    breach_deadline,
    consultation_deadline,
    on_german_clocks,
    request_deadline,
)
from compliance.errors import Refused
from compliance.language import LOCAL_TIME, Text
from compliance.reckoning import day_words, moment_words

in_land = click.option("--land", default="SH", show_default=True, help="Code of the Land for its holidays.")
paused = click.option(
    "--pause",
    "pauses",
    multiple=True,
    metavar="ASKED[/ANSWERED]",
    help="Days between which a question was open; may be repeated.",
)


@click.group()
def deadline() -> None:
    """When a period of data protection law ends."""


@deadline.command()
@click.argument("when")
@in_land
@as_json
def breach(*, when: str, land: str, as_json: bool) -> None:
    """By when a breach is notified that the first employee noticed at WHEN, Art. 33 (1) GDPR."""
    _land(land)
    end = breach_deadline(_moment(when))
    if as_json:
        print_json({name: getattr(end, name).astimezone(LOCAL_TIME).isoformat() for name in _MOMENTS})
        return
    for name, text in _MOMENTS.items():
        say(text.format(moment=moment_words(getattr(end, name))))


@deadline.command()
@click.argument("when")
@in_land
@paused
@as_json
def request(*, when: str, land: str, pauses: tuple[str, ...], as_json: bool) -> None:
    """By when a data subject's request received on WHEN is answered, Art. 12 (3) GDPR."""
    _tell(request_deadline, when, land, pauses, as_json=as_json)


@deadline.command()
@click.argument("when")
@in_land
@paused
@as_json
def consultation(*, when: str, land: str, pauses: tuple[str, ...], as_json: bool) -> None:
    """By when the authority answers a prior consultation it received on WHEN, Art. 36 (2) GDPR."""
    _tell(consultation_deadline, when, land, pauses, as_json=as_json)
    if not as_json:
        say(_SILENCE)


def _tell(
    reckon: Callable[..., Extendable], when: str, land: str, pauses: Sequence[str], *, as_json: bool
) -> None:
    ends = reckon(_day(when), land=_land(land), pauses=[_pause(pause) for pause in pauses])
    _known(ends.extended.day)
    if as_json:
        print_json(_figures(ends))
        return
    for name, text in _DAYS.items():
        _say_day(text, getattr(ends, name), getattr(ends.unpaused, name, None))
    if ends.suspended:
        say(_SUSPENDED)


def _say_day(text: Text, end: Deadline, unpaused: Deadline | None) -> None:
    say(text.format(day=day_words(end.day)))
    if end.land_day:
        say(_LAND_HOLIDAY.format(day=day_words(end.land_day)))
    if unpaused and unpaused != end:
        say(_UNPAUSED.format(day=day_words(unpaused.day)))


def _figures(ends: Extendable) -> dict[str, Any]:
    """The dates by name, and a mark only where it applies."""
    both = {name: getattr(ends, name) for name in _DAYS}
    figures: dict[str, Any] = {name: end.day for name, end in both.items()}
    unsettled = {name: end.land_day for name, end in both.items() if end.land_holiday_only}
    if unsettled:
        figures["land_holiday_only"] = unsettled
    if ends.unpaused:
        figures["unpaused"] = _figures(ends.unpaused)
    if ends.suspended:
        figures["suspended"] = True
    return figures


# --- What was typed ------------------------------------------------------------------------------


def _moment(text: str) -> datetime:
    """A moment of ISO 8601; without a zone it is German local time. Raises :class:`Refused`."""
    if not re.search(r"[0-9][T ][0-9]", text):
        raise Refused(_NO_MOMENT.format(text=text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(_NO_MOMENT.format(text=text)) from error
    _known(moment)
    return moment if moment.tzinfo else on_german_clocks(moment)


def _day(text: str) -> date:
    """A day of ISO 8601; a moment is taken as the day it falls on in Germany. Raises :class:`Refused`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=text)) from error
    _known(moment)
    return (moment.astimezone(LOCAL_TIME) if moment.tzinfo else moment).date()


def _pause(text: str) -> Pause:
    asked, _slash, answered = text.partition("/")
    pause = Pause(_day(asked), _day(answered) if answered else None)
    if pause.ends and pause.ends < pause.begins:
        raise Refused(_BACKWARDS.format(text=text))
    return pause


def _land(code: str) -> str:
    if code.upper() not in LANDS:
        raise Refused(_NO_LAND.format(code=code, codes=", ".join(LANDS)))
    return code.upper()


def _known(day: date) -> None:
    """Refuses a *day* whose holidays nobody knows."""
    if day.year not in KNOWN_YEARS:
        raise Refused(_UNKNOWN_YEAR.format(year=day.year, first=KNOWN_YEARS[0], last=KNOWN_YEARS[-1]))


_MOMENTS = {
    "strict": Text("Strikt, auf die Minute: {moment}", "Strict, to the minute: {moment}"),
    "latest": Text("Rechtlich spätestens: {moment}", "Latest in law: {moment}"),
}
_DAYS = {
    "due": Text("Frist: {day}, 24 Uhr", "Due: {day}, end of day"),
    "extended": Text("Bei Verlängerung: {day}, 24 Uhr", "If extended: {day}, end of day"),
}
_LAND_HOLIDAY = Text(
    "  Das ist nur im Land ein Feiertag; ob er die Frist verschiebt, ist ungeklärt. "
    "Verschoben wäre es {day}.",
    "  This is a holiday of the Land only; whether it moves the end is unsettled. Moved it would be {day}.",
)
_UNPAUSED = Text("  Ohne Unterbrechung: {day}", "  Without the pause: {day}")
_SUSPENDED = Text(
    "Eine Rückfrage ist offen: Die Frist steht still, das Ende verschiebt sich bis zur Antwort Tag um Tag.",
    "A question is open: the clock stands still and the end moves on day by day until the answer.",
)
_SILENCE = Text(
    "Schweigen der Aufsichtsbehörde ist keine Zustimmung.",
    "Silence of the supervisory authority is no consent.",
)
_NO_MOMENT = Text(
    "„{text}“ ist kein Zeitpunkt; erwartet wird ein Tag mit Uhrzeit nach ISO 8601 wie 2026-03-02T10:20.",
    "“{text}” is not a moment; expected is a day with a time in ISO 8601 such as 2026-03-02T10:20.",
)
_NO_DAY = Text(
    "„{text}“ ist kein Datum; erwartet wird ein Tag nach ISO 8601 wie 2026-03-02.",
    "“{text}” is not a date; expected is a day in ISO 8601 such as 2026-03-02.",
)
_BACKWARDS = Text(
    "Die Unterbrechung „{text}“ endet, bevor sie beginnt; erwartet wird Rückfrage/Antwort wie "
    "2026-03-02/2026-03-09.",
    "The pause “{text}” ends before it begins; expected is asked/answered such as 2026-03-02/2026-03-09.",
)
_UNKNOWN_YEAR = Text(
    "Für das Jahr {year} sind die Feiertage nicht bekannt; erwartet wird ein Jahr von {first} bis {last}.",
    "The holidays of the year {year} are not known; expected is a year from {first} to {last}.",
)
_NO_LAND = Text(
    "„{code}“ ist kein Land; erwartet wird eines der Kürzel {codes}.",
    "“{code}” is not a Land; expected is one of the codes {codes}.",
)
