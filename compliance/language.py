"""Two languages, and how days, moments and numbers read in each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

LANGUAGES: Final = ("de", "en")
LOCAL_TIME: Final = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Text:
    """One wording in each language the application speaks; German is the authority."""

    de: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.de

    def format(self, **values: Text | str | int) -> Text:
        """The wording with ``{placeholders}`` filled, each in its own language."""
        german = {name: value.de if isinstance(value, Text) else value for name, value in values.items()}
        english = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
        return Text(self.de.format(**german), self.en.format(**english))


def shown_day(day: date, language: str) -> str:
    """*day* as written in *language*: ``23.11.2026`` or ``2026-11-23``."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}" if language == "de" else day.isoformat()


def day_words(day: date) -> Text:
    """*day* as written in each language."""
    return Text(shown_day(day, "de"), shown_day(day, "en"))


def shown_moment(moment: datetime, language: str) -> str:
    """*moment* in German local time, to the minute."""
    local = moment.astimezone(LOCAL_TIME)
    return f"{shown_day(local.date(), language)} {local:%H:%M}"


def shown_number(number: int, language: str) -> str:
    """*number* with the thousands separator of *language*."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language == "de" else grouped


def shown_size(size: int, language: str) -> str:
    """*size* in bytes as people say it: ``12 KB``, ``3,4 MB``."""
    if size < 1024**2:
        return f"{max(1, round(size / 1024))} KB"
    megabytes = f"{size / 1024**2:.1f}".removesuffix(".0")
    return f"{megabytes.replace('.', ',') if language == 'de' else megabytes} MB"
