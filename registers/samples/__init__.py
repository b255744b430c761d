"""Samples (Muster) of what nearly every municipality does with personal data, to start a record from.

A sample is a proposal, not advice on the law: its norms and periods are
unchecked, and each sample lists what the department still has to decide. One
TOML file stands for one sample, in the shapes of :mod:`registers.building`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from compliance.database import folded
from compliance.language import shown_day
from registers.building import build
from registers.processing import ProcessingActivity

UNCHECKED: Final = (
    "Die genannten Vorschriften und Fristen sind ungeprüft und von der Fachseite zu bestätigen."
)
"""The point that is open in every sample; German, like the entry it ends up in."""


@dataclass(frozen=True)
class Sample:
    """A processing activity as a municipality typically performs it."""

    id: str
    version: date
    """The day of this wording; a later day replaces an earlier one."""
    name: str
    open_points: tuple[str, ...]
    """What the department has to decide before the entry is true, most specific first."""
    data: Mapping[str, Any]

    def activity(self) -> ProcessingActivity:
        """A fresh entry, whose notes say where it comes from and what is still open."""
        return build(ProcessingActivity, {"name": self.name, "notes": self._notes(), **self.data})

    def _notes(self) -> str:
        origin = f"Aus Muster „{self.name}“ (Stand {shown_day(self.version, 'de')}), zu prüfen:"
        return "\n".join((origin, *(f"– {point}" for point in self.open_points)))


@cache
def samples() -> tuple[Sample, ...]:
    """All samples, in the order of their names."""
    found = (
        _sample(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files(__name__).iterdir()
        if file.name.endswith(".toml")
    )
    return tuple(sorted(found, key=lambda sample: folded(sample.name)))


def sample(id: str) -> Sample:
    """The sample called *id*. Raises :class:`KeyError` if there is none."""
    return {found.id: found for found in samples()}[id]


def _sample(content: Mapping[str, Any]) -> Sample:
    return Sample(
        id=content["id"],
        version=content["version"],
        name=content["name"],
        open_points=(*content["open_points"], UNCHECKED),
        data=content["activity"],
    )
