"""The registers of an invented city, for showing the application and for learning it.

Wardersund does not exist, nor do its people, its contractors and their
addresses. Some entries are faulty on purpose, so that the findings have
something to say; they stand together in ``activities/faulty.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import chain
from typing import Any, Final

from compliance.entry import Entry, Record, State
from compliance.people import Unit
from registers.advice_given import AdviceGiven
from registers.authority import Authority
from registers.authority_cases import AuthorityCase
from registers.authority_lists import AuthorityListItem
from registers.breaches import Breach
from registers.building import Find, build
from registers.commissioned import CommissionedProcessing
from registers.connections import Connection
from registers.goals import Goal
from registers.incidents import SecurityIncident
from registers.inspections import Inspection
from registers.joint_controllers import JointControllership
from registers.measures import Measure
from registers.need_categories import NeedCategory
from registers.norms import Norm
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project
from registers.requests import SubjectRequest
from registers.retention import RetentionRule
from registers.samples import Sample, sample
from registers.services import Service
from registers.themes import Theme
from registers.trainings import Training

ORGANISATION: Final = "Hansestadt Wardersund"
LAND: Final = "SH"

_FILES: Final[tuple[tuple[type[Entry], tuple[str, ...]], ...]] = (
    (Authority, ("authority.toml",)),
    (AuthorityListItem, ("authority_lists.toml",)),
    (Theme, ("themes.toml",)),
    (Goal, ("goals.toml",)),
    (Processor, ("processors.toml",)),
    (JointControllership, ("joint_controllerships.toml",)),
    (TargetObject, ("objects.toml", "processes.toml")),
    (NeedCategory, ("need_categories.toml",)),
    (Connection, ("connections.toml",)),
    (CommissionedProcessing, ("commissioned.toml",)),
    (Project, ("projects.toml",)),
    (Norm, ("norms.toml",)),
    (Service, ("services.toml",)),
    (RetentionRule, ("retention.toml",)),
    (Measure, ("measures.toml",)),
    (Training, ("trainings.toml",)),
    (
        ProcessingActivity,
        (
            "activities/central.toml",
            "activities/social.toml",
            "activities/order.toml",
            "activities/city.toml",
            "activities/pilots.toml",
            "activities/faulty.toml",
            "activities/assessed.toml",
        ),
    ),
    (AdviceGiven, ("advice.toml",)),
    (Inspection, ("inspections.toml",)),
    (AuthorityCase, ("authority_cases.toml",)),
    (Breach, ("breaches.toml",)),
    (SecurityIncident, ("incidents.toml",)),
    (SubjectRequest, ("requests.toml",)),
)
"""What to build from which file; whatever is referred to comes first."""


@dataclass(frozen=True)
class DemoEntry:
    """An entry of the demo city, not yet saved, and the state it is to reach."""

    entry: Entry
    state: State


def units() -> dict[str, Unit]:
    """Fresh organisation units by their key; parents come before their parts."""
    found: dict[str, Unit] = {}
    for unit in _content("units.toml")["units"]:
        parent = found[unit["parent"]] if "parent" in unit else None
        found[unit["key"]] = Unit(name=unit["name"], key=unit["key"], parent=parent)
    return found


def register_entries(units: Mapping[str, Unit]) -> Iterator[DemoEntry]:
    """All entries of the demo city, each after the entries it refers to.

    *units* are those of :func:`units`, by key. Raises
    :class:`compliance.errors.Refused` where the content does not fit the registers.
    """
    built: dict[tuple[str, str], Record] = {("Unit", key): unit for key, unit in units.items()}

    def find(class_name: str, name: str) -> Record:
        return built[class_name, name]

    for model, names in _FILES:
        for data in chain.from_iterable(map(_entries, names)):
            state = State[data.pop("state")]
            entry = build(model, data, find)
            built[model.__name__, entry.name] = entry
            yield DemoEntry(entry, state)
    yield from _begun_from_samples(find)


def _begun_from_samples(find: Find) -> Iterator[DemoEntry]:
    """Activities begun from a sample, some of them from a wording that has been replaced since."""
    for data in _content("from_samples.toml")["entries"]:
        activity = _wording(sample(data["sample"]), data.get("earlier", {})).activity()
        answers = build(ProcessingActivity, data["answers"], find)
        for name in data["answers"]:
            setattr(activity, name, getattr(answers, name))
        for point, decision in zip(activity.open_points, data["decisions"], strict=False):
            point.decided, point.decision = True, decision
        yield DemoEntry(activity, State[data["state"]])


def _wording(current: Sample, earlier: Mapping[str, Any]) -> Sample:
    """*current* as it read before, where *earlier* says how."""
    version = earlier.get("version", current.version)
    return replace(current, version=version, data={**current.data, **earlier.get("activity", {})})


def _entries(name: str) -> Iterator[dict[str, Any]]:
    content = _content(name)
    for entry in content["entries"]:
        yield {**content.get("shared", {}), **entry}


def _content(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
