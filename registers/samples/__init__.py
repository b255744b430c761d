"""Samples (Muster) of what nearly every municipality does with personal data, to start a record from.

A sample is a proposal, not advice on the law: its norms and periods are
unchecked, and each sample lists what the department still has to decide. One
TOML file stands for one sample, in the shapes of :mod:`registers.building`.
An activity remembers the wording it was begun from, so that a later one can be
compared with it, see :mod:`registers.samples.comparing`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from compliance.database import folded
from compliance.fields import Term
from compliance.journal import canonical
from compliance.language import Text
from registers.building import build
from registers.processing import OpenPoint, ProcessingActivity
from registers.samples.comparing import Change, Comparison, Content, compare, content_of, take

UNCHECKED: Final = (
    "Die genannten Vorschriften und Fristen sind ungeprüft und von der Fachseite zu bestätigen."
)
"""The point that is open in every sample; German, like the entry it ends up in."""


class SampleArea(Term):
    """What part of a city's work a sample belongs to, in the order in which samples are offered."""

    CITIZENS = Text("Bürgerdienste und Wahlen", "Citizen services and elections")
    ORDER = Text("Sicherheit und Ordnung", "Public order and safety")
    FINANCE = Text("Finanzen und Abgaben", "Finance, taxes and fees")
    SOCIAL = Text("Soziales", "Social services")
    YOUTH = Text("Kinder, Jugend und Familie", "Children, youth and family")
    EDUCATION = Text("Schule und Kultur", "Schools and culture")
    HEALTH = Text("Gesundheit", "Health")
    BUILDING = Text("Bauen, Umwelt und Verkehr", "Building, environment and traffic")
    STAFF = Text("Personal", "Staff")
    IT = Text("Informationstechnik", "Information technology")
    CENTRAL = Text("Zentrale Dienste und Politik", "Central services and politics")


@dataclass(frozen=True)
class Sample:
    """A processing activity as a municipality typically performs it."""

    id: str
    version: date
    """The day of this wording; a later day replaces an earlier one."""
    name: str
    area: SampleArea
    open_points: tuple[str, ...]
    """What the department has to decide before the entry is true, most specific first."""
    data: Mapping[str, Any]

    @property
    def description(self) -> str:
        """What happens in the activity, in a few sentences."""
        text: str = self.data["description"]
        return text

    def activity(self) -> ProcessingActivity:
        """A fresh entry that knows where it comes from and what is still open."""
        activity = self._built()
        self.mark(activity)
        return activity

    def content(self) -> Content:
        """What this wording says, in the form in which wordings are compared."""
        return content_of(self._built())

    def mark(self, activity: ProcessingActivity) -> None:
        """Lets *activity* remember that it was taken from this wording."""
        activity.sample_id = self.id
        activity.sample_version = self.version
        activity.sample_taken = canonical(self.content())

    def _built(self) -> ProcessingActivity:
        activity = build(ProcessingActivity, {"name": self.name, **self.data})
        activity.open_points = [OpenPoint(text=point) for point in self.open_points]
        return activity


@cache
def samples() -> tuple[Sample, ...]:
    """All samples, in the order of their names."""
    found = (
        _sample(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files(__name__).iterdir()
        if file.name.endswith(".toml")
    )
    return tuple(sorted(found, key=lambda sample: folded(sample.name)))


@cache
def _by_id() -> Mapping[str, Sample]:
    return {found.id: found for found in samples()}


def sample(id: str) -> Sample:
    """The sample called *id*. Raises :class:`KeyError` if there is none."""
    return _by_id()[id]


def newer_sample(activity: ProcessingActivity) -> Sample | None:
    """The sample from which *activity* was begun, if its wording has been replaced since."""
    found = _by_id().get(activity.sample_id)
    taken = activity.sample_version
    return found if found is not None and taken is not None and found.version > taken else None


def compared(activity: ProcessingActivity, wording: Sample) -> Comparison:
    """What *wording* changed since *activity* was begun from it, beside what the department changed."""
    taken = json.loads(activity.sample_taken) if activity.sample_taken else {}
    return compare(taken, wording.content(), content_of(activity))


def take_over(activity: ProcessingActivity, wording: Sample, changes: Sequence[Change]) -> None:
    """Makes *changes* in *activity*, which from now on rests on *wording*.

    What was taken over has not been checked yet, so the point that says so is open again, and
    a purpose that cites something else is no longer linked to the norm it cited before.
    """
    cited = {purpose.id: purpose.norm for purpose in activity.purposes}
    take(activity, changes)
    for purpose in activity.purposes:
        if cited.get(purpose.id, purpose.norm) != purpose.norm:
            purpose.law = None
    if any(change.name != "open_points" for change in changes):
        for point in activity.open_points:
            if point.text == UNCHECKED:
                point.decided = None
    wording.mark(activity)


def samples_by_area() -> Mapping[SampleArea, tuple[Sample, ...]]:
    """All samples under the part of the city's work to which they belong."""
    return {area: tuple(found for found in samples() if found.area is area) for area in SampleArea}


def _sample(content: Mapping[str, Any]) -> Sample:
    return Sample(
        id=content["id"],
        version=content["version"],
        name=content["name"],
        area=SampleArea[content["area"]],
        open_points=(*content["open_points"], UNCHECKED),
        data=content["activity"],
    )
