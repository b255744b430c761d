"""The browser and the system that a sign-in came from, in words that people know."""

from __future__ import annotations

from typing import Final

from compliance.language import Text

# The first that occurs counts, because browsers also name those that they want to be taken for.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_called(user_agent: str) -> Text:
    """What to call the browser that names itself *user_agent*, as far as it can be told."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return _BOTH.format(browser=browser, system=system)
    if system:
        return _SYSTEM.format(system=system)
    return Text(browser, browser) if browser else _UNKNOWN


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")


_BOTH: Final = Text("{browser} unter {system}", "{browser} on {system}")
_SYSTEM: Final = Text("Browser unter {system}", "Browser on {system}")
_UNKNOWN: Final = Text("Unbekannter Browser", "Unknown browser")
