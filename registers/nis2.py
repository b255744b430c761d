"""The clocks of a significant security incident where the authority falls under NIS-2, § 32 BSIG.

The periods are dated data, because the law is young and moves. They run beside
the 72 hours of Art. 33 GDPR and replace none of them.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from compliance.deadlines import Regime, hours_later, period_end
from compliance.language import LOCAL_TIME, Text


class Stage(enum.Enum):
    """The reports that follow each other."""

    EARLY = Text("Frühe Erstmeldung", "Early warning")
    NOTIFICATION = Text("Meldung", "Incident notification")
    FINAL = Text("Abschlussmeldung", "Final report")

    @property
    def text(self) -> Text:
        wording: Text = self.value
        return wording


@dataclass(frozen=True)
class Period:
    """How long one report may take, in hours or in months."""

    stage: Stage
    counts_from: str
    """``DETECTED``, or the name of the stage whose report sets it off."""
    hours: int = 0
    months: int = 0

    @property
    def text(self) -> Text:
        if self.hours:
            return Text(f"{self.hours} Stunden", f"{self.hours} hours")
        if self.months == 1:
            return Text("ein Monat", "one month")
        return Text(f"{self.months} Monate", f"{self.months} months")


@dataclass(frozen=True)
class Terms:
    """What the law asks for, from a day on."""

    source: str
    """Legal ground in German citation form."""
    recorded: date
    """When the figures were written down here."""
    since: date | None
    """``None`` for the oldest terms, which hold for everything before the next ones."""
    checked: str
    """Who compared them with the primary text, and when; empty while nobody has."""
    periods: tuple[Period, ...]


@cache
def known_terms() -> tuple[Terms, ...]:
    """The terms that come with the program, oldest first."""
    content = files(__package__).joinpath("data/nis2.toml").read_text(encoding="utf-8")
    return tuple(_terms(row) for row in tomllib.loads(content)["terms"])


def _terms(row: Mapping[str, Any]) -> Terms:
    return Terms(
        source=row["source"],
        recorded=row["recorded"],
        since=row.get("since"),
        checked=row.get("checked", ""),
        periods=tuple(
            Period(Stage[stage["name"]], stage["counts_from"], stage.get("hours", 0), stage.get("months", 0))
            for stage in row["stages"]
        ),
    )


def terms_on(day: date, terms: Sequence[Terms] | None = None) -> Terms:
    """The terms in force on *day*; before the first ones, the first ones."""
    rows = known_terms() if terms is None else terms
    return next((row for row in reversed(rows) if row.since is None or row.since <= day), rows[0])


def ends(
    detected: datetime, sent: Mapping[Stage, datetime | None], *, land: str, terms: Terms | None = None
) -> dict[Stage, datetime | date]:
    """By when each report is due about an incident that was first *detected* at this moment.

    Hours run to the minute, over weekends and holidays. A month is a period of
    national law and ends by §§ 187 to 193 BGB. Where a report sets a period off
    and has not been *sent*, the end of its own period stands in for it, so that
    the day shown is never too late. Raises :class:`ValueError` without a zone.
    """
    found: dict[Stage, datetime | date] = {}
    for period in (terms or terms_on(detected.astimezone(LOCAL_TIME).date())).periods:
        begins = _begin(period, detected, sent, found)
        if period.hours:
            found[period.stage] = hours_later(begins, period.hours)
        else:
            day = begins.astimezone(LOCAL_TIME).date()
            end = period_end(day, months=period.months, regime=Regime.NATIONAL, land=land)
            found[period.stage] = end.day
    return found


def _begin(
    period: Period,
    detected: datetime,
    sent: Mapping[Stage, datetime | None],
    found: Mapping[Stage, datetime | date],
) -> datetime:
    if period.counts_from == _DETECTED:
        return detected
    before = Stage[period.counts_from]
    stands_in = found[before]
    return sent.get(before) or (stands_in if isinstance(stands_in, datetime) else detected)


_DETECTED: Final = "DETECTED"
