"""The shipped library of norms, and how it comes into an organisation without undoing anybody's work.

One TOML file holds the law of the Union, one that of the Federation, and one that
of each Land, under its code; another Land is another file. The facts are
unchecked (ungeprüft) until somebody compares an entry with the official text.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.database import folded
from compliance.entry import State, everything
from compliance.fields import answers, fields, plain
from compliance.journal import canonical
from registers.building import build
from registers.norms import Norm

ACTION: Final = "library"
"""What the journal calls it."""
EVERYWHERE: Final = ("union", "bund")
"""The files that hold for every organisation."""


@dataclass(frozen=True, eq=False)
class Shipped:
    """One norm as the library tells of it."""

    key: str
    facts: Mapping[str, Any]
    """The answers as :func:`registers.building.build` takes them."""
    successor: str = ""
    """Key of the norm that took its place."""

    def entry(self) -> Norm:
        """A fresh entry that says what the library says."""
        norm = build(Norm, self.facts)
        norm.state = State.IMPORTED
        norm.library_key = self.key
        norm.library_print = _print(norm)
        return norm


@dataclass(frozen=True)
class Shelfmark:
    """One file of the library."""

    name: str
    gathered: date
    """The day on which its facts were gathered."""
    norms: tuple[Shipped, ...]


@cache
def library() -> Mapping[str, Shelfmark]:
    """All files of the library by name."""
    return shelves(files("registers").joinpath("data", "norms"))


def shelves(folder: Traversable) -> Mapping[str, Shelfmark]:
    """The files in *folder* by name; the law of a Land is one more file, called by its code."""
    found = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return {
        file.name.removesuffix(".toml"): _read(file.name, tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(found, key=lambda file: file.name)
    }


def _read(file: str, content: Mapping[str, Any]) -> Shelfmark:
    norms = []
    for facts in content["norms"]:
        whole = {**content.get("shared", {}), **facts}
        key = whole.pop("key")
        norms.append(Shipped(key, successor=whole.pop("successor", ""), facts=whole))
    return Shelfmark(file.removesuffix(".toml"), content["gathered"], tuple(norms))


def oldest() -> date:
    """The day on which the oldest facts of the library were gathered."""
    return min(mark.gathered for mark in library().values())


def shipped_for(land: str) -> list[Shipped]:
    """What the library holds for an authority in *land*, a code such as ``SH``."""
    names = (*EVERYWHERE, folded(land))
    return [norm for name in names if name in library() for norm in library()[name].norms]


def covers(land: str) -> bool:
    """Whether the law of *land* is in the library."""
    return folded(land) in library()


# --- What taking it over would do ----------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One answer in which the register and the library differ."""

    name: str
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Kept:
    """An entry that is left alone because somebody here changed or wrote it."""

    norm: Norm
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Renewal:
    """An untouched entry about which the library says something new."""

    norm: Norm
    shipped: Shipped
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class LibraryPlan:
    """What taking over the library does."""

    new: tuple[Shipped, ...]
    renewed: tuple[Renewal, ...]
    kept: tuple[Kept, ...]
    """With differences only; entries that say what the library says are counted as unchanged."""
    unchanged: int
    withdrawn: tuple[Norm, ...]
    """Entries of which the library no longer tells; they stay."""

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.renewed)

    def counts(self) -> dict[str, int]:
        """How many norms, by what becomes of them."""
        return {
            "new": len(self.new),
            "renewed": len(self.renewed),
            "kept": len(self.kept),
            "unchanged": self.unchanged,
            "withdrawn": len(self.withdrawn),
        }


def compare(session: Session, shipped: Sequence[Shipped]) -> LibraryPlan:
    """What taking over *shipped* would do in the organisation of *session*; changes nothing."""
    stored = session.scalars(select(Norm).order_by(Norm.number).options(*everything(Norm))).all()
    by_key = {norm.library_key: norm for norm in stored if norm.library_key}
    by_name = {folded(norm.name): norm for norm in stored}
    new: list[Shipped] = []
    renewed: list[Renewal] = []
    kept: list[Kept] = []
    unchanged = 0
    for one in shipped:
        norm = by_key.get(one.key) or by_name.get(folded(one.facts["name"]))
        if norm is None:
            new.append(one)
            continue
        differences = tuple(_differences(norm, one))
        if not differences:
            unchanged += 1
        elif norm.library_key == one.key and _print(norm) == norm.library_print:
            renewed.append(Renewal(norm, one, differences))
        else:
            kept.append(Kept(norm, differences))
    known = {one.key for one in shipped}
    withdrawn = tuple(norm for key, norm in by_key.items() if key not in known)
    return LibraryPlan(tuple(new), tuple(renewed), tuple(kept), unchanged, withdrawn)


def take_over(session: Session, plan: LibraryPlan) -> None:
    """Does what :func:`compare` said, in the same session, which must be writing."""
    session.info["action"] = ACTION
    for renewal in plan.renewed:
        _renew(renewal)
    added = {shipped: shipped.entry() for shipped in plan.new}
    by_key = {norm.library_key: norm for norm in added.values()}
    for shipped, norm in added.items():
        norm.superseded_by = by_key.get(shipped.successor)
    session.add_all(added.values())
    session.flush()


def _renew(renewal: Renewal) -> None:
    norm = renewal.norm
    fresh = renewal.shipped.entry()
    for difference in renewal.differences:
        setattr(norm, difference.name, getattr(fresh, difference.name))
    norm.library_print = fresh.library_print
    # Whoever checked the entry compared what it said before.
    norm.checked_on, norm.checked_by = None, ""


_OUR_OWN: Final = frozenset({"unit", "checked_on", "checked_by", "checked", "superseded_by"})
"""What the library never tells of, so that it may be filled in without touching the rest."""


def _facts(norm: Norm) -> dict[str, Any]:
    return {name: value for name, value in answers(norm).items() if name not in _OUR_OWN}


def _print(norm: Norm) -> str:
    return hashlib.sha256(canonical(_facts(norm)).encode()).hexdigest()


def _differences(norm: Norm, shipped: Shipped) -> Iterator[Difference]:
    fresh = shipped.entry()
    for name, spec in fields(Norm).items():
        if name not in _OUR_OWN:
            ours, theirs = getattr(norm, name), getattr(fresh, name)
            if plain(spec, ours) != plain(spec, theirs):
                yield Difference(name, ours, theirs)
