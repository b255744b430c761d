"""The lists under Art. 35 (4) GDPR that come with the product, as dated data.

Each version of a list is one TOML file in ``lists``: whose it is, for which Land
and sector, from when until when, and its entries in our own words. Another Land's
list or a newer version is another file; nothing here changes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from compliance.fields import Code, CodeList
from compliance.language import Text
from registers.authority_lists import Sector


@dataclass(frozen=True)
class ListEntry:
    """One entry of a list."""

    name: str
    """What is stored; never given another meaning."""
    number: str
    """The number it bears in the list."""
    text: Text


@dataclass(frozen=True)
class PublishedList:
    """One version of a list, as an authority published it."""

    series: str
    """What its versions have in common."""
    title: Text
    authority: str
    land: str
    """Code of the Land for which it was made; empty for all of them."""
    sector: Sector
    version: str
    published: date
    valid_from: date
    valid_until: date | None
    source: str
    checked: bool
    """Whether somebody compared the entries with the published text."""
    caveat: Text | None
    """What to know before relying on it."""
    entries: tuple[ListEntry, ...]

    def holds(self, on: date) -> bool:
        """Whether this version counts on that day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    @property
    def citation(self) -> str:
        """How it is cited as a source."""
        return f"{self.series}-Muss-Liste {self.version}"


@cache
def shipped() -> tuple[PublishedList, ...]:
    """Every list that comes with the product, all versions, the newest of each series last."""
    return read_lists(files("assessments.dpia").joinpath("lists"))


def read_lists(folder: Traversable) -> tuple[PublishedList, ...]:
    """The lists whose files lie in *folder*. Raises :class:`ValueError` if a name is used twice."""
    found = [
        _read(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    ]
    names = [entry.name for each in found for entry in each.entries]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"More than one entry is called {', '.join(sorted(twice))}.")
    return tuple(sorted(found, key=lambda each: (each.series, each.valid_from, each.version)))


def _read(content: Mapping[str, Any]) -> PublishedList:
    caveat = content.get("caveat")
    return PublishedList(
        series=content["series"],
        title=Text(**content["title"]),
        authority=content["authority"],
        land=content["land"],
        sector=Sector[content["sector"]],
        version=content["version"],
        published=content["published"],
        valid_from=content["valid_from"],
        valid_until=content.get("valid_until"),
        source=content["source"],
        checked=content["checked"],
        caveat=Text(**caveat) if caveat else None,
        entries=tuple(
            ListEntry(entry["name"], entry["number"], Text(entry["de"], entry["en"]))
            for entry in content["entries"]
        ),
    )


def lists_for(land: str, on: date, lists: Sequence[PublishedList] | None = None) -> tuple[PublishedList, ...]:
    """The version of each series that counts in *land* on that day.

    A list for another sector is among them, because it says what the authorities
    look at; its caveat says that it does not bind.
    """
    newest = {
        each.series: each
        for each in (shipped() if lists is None else lists)
        if each.land in ("", land) and each.holds(on)
    }
    return tuple(newest.values())


def version_of(
    series: str, version: str, lists: Sequence[PublishedList] | None = None
) -> PublishedList | None:
    """One version of a series; ``None`` if it is not known."""
    known = shipped() if lists is None else lists
    return next((each for each in known if (each.series, each.version) == (series, version)), None)


def new_entries(before: PublishedList | None, after: PublishedList) -> tuple[ListEntry, ...]:
    """What *after* lists and *before* did not say in the same words; everything where nothing was before."""
    said = {entry.text for entry in before.entries} if before else set()
    return tuple(entry for entry in after.entries if entry.text not in said)


def versions_for(land: str, on: date, lists: Sequence[PublishedList] | None = None) -> dict[str, str]:
    """The version of each series that counts in *land* on that day, by series."""
    return {each.series: each.version for each in lists_for(land, on, lists)}


@dataclass(frozen=True)
class NewVersion:
    """A list that counts now where another version of it, or none, counted before."""

    series: str
    before: str
    """The earlier version; empty where there was none."""
    now: PublishedList
    added: tuple[Text, ...]
    gone: tuple[Text, ...]
    """What the earlier version listed; nothing where that version is not known here."""

    @property
    def title(self) -> Text:
        return _VERSION.format(title=self.now.title, version=self.now.version)


def new_versions(
    before: Mapping[str, str], now: Mapping[str, str], lists: Sequence[PublishedList] | None = None
) -> tuple[NewVersion, ...]:
    """The lists whose version is another one *now* than *before*; both name versions by series."""
    return tuple(
        new_version(series, before.get(series, ""), after, lists)
        for series, version in now.items()
        if before.get(series) != version and (after := version_of(series, version, lists)) is not None
    )


def new_version(
    series: str, before: str, after: PublishedList, lists: Sequence[PublishedList] | None = None
) -> NewVersion:
    """What *after* says that the version *before* did not, and the other way round."""
    earlier = version_of(series, before, lists)
    added = tuple(entry.text for entry in new_entries(earlier, after))
    gone = tuple(entry.text for entry in new_entries(after, earlier)) if earlier else ()
    return NewVersion(series, before, after, added, gone)


_VERSION: Final = Text("{title}, Version {version}", "{title}, version {version}")


def _codes(lists: Iterable[PublishedList]) -> CodeList:
    return CodeList([Code(entry.name, entry.text) for each in lists for entry in each.entries])


LIST_ENTRIES: Final = _codes(shipped())
"""Every entry that was ever shipped, so that what an old analysis chose can be read for ever."""


@cache
def place_of(name: str) -> tuple[PublishedList, ListEntry]:
    """The list and the entry that are stored as *name*. Raises :class:`KeyError`."""
    found = {entry.name: (each, entry) for each in shipped() for entry in each.entries}
    return found[name]
