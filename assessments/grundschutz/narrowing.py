"""A profile that decides what the IT-Grundschutz check of an information domain asks.

A profile, such as one for municipalities, names modules and requirements of the Kompendium with the level
they have in it. Once it is chosen for a domain, its check, its progress and its papers ask for these and
no others. What was answered before stays and comes back when the profile is taken away again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import Extent, InformationDomain, noted
from assessments.grundschutz.kompendium import Level, Module, edition_2023
from assessments.grundschutz.library import ControlCatalogue, contents, control_catalogues
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal import OscalCatalogue
from assessments.grundschutz.profile_check import missing_modules
from compliance.access import Identity, Permission, demand
from compliance.errors import Refused
from compliance.language import Text
from registers.objects import TargetObject

_KNOWN: Final = frozenset(level.value for level in Level)


@dataclass(frozen=True)
class Place:
    """A module where it is applied."""

    module: Module
    place: str
    """The running number of the target object, or of the domain."""


@dataclass(frozen=True)
class Narrowed:
    """What a check asks under a profile, and what it no longer asks."""

    levels: Mapping[Level, int]
    """How many requirements of each level the profile names; those of level H wait for a risk analysis."""
    modules: int
    missing: tuple[Module, ...]
    """Modules of the profile that are neither applied nor excluded yet."""
    outside: tuple[Place, ...]
    """Modules that are applied without being in the profile; nothing is asked of them."""
    silent: int
    """Answers that count without the profile and not under it; they stay."""

    @property
    def asked(self) -> int:
        """Requirements that are asked without any risk analysis."""
        return sum(count for level, count in self.levels.items() if level is not Level.HIGH)


def profiles(session: Session) -> list[ControlCatalogue]:
    """The imported profiles that choose from the Kompendium, by title, the newest first."""
    return [each for each in control_catalogues(session) if is_narrowing(session, each)]


def is_narrowing(session: Session, header: ControlCatalogue) -> bool:
    """Whether it is a profile that chooses from the Kompendium."""
    return bool(header.profile and _chosen_in(contents(session, header)))


def _chosen_in(catalogue: OscalCatalogue) -> dict[str, dict[str, Level]]:
    """The requirements of the Kompendium in *catalogue* with their levels, by module, in reading order."""
    levels = {each.id: each.says("level") for each in catalogue.controls if not each.withdrawn}
    found: defaultdict[str, dict[str, Level]] = defaultdict(dict)
    for requirement in edition_2023().requirements:
        if requirement.id in levels and not requirement.withdrawn:
            said = levels[requirement.id]
            level = Level(said) if said in _KNOWN else requirement.level
            found[requirement.module][requirement.id] = level
    return dict(found)


def preview(session: Session, domain: InformationDomain, header: ControlCatalogue) -> Narrowed:
    """What :func:`narrow` makes of the check of *domain*, which is loaded whole; three queries."""
    chosen = _chosen_in(contents(session, header))
    extent = Extent(domain.approach, noted(chosen), domain.catalogue)
    return Narrowed(
        levels=Counter(level for requirements in chosen.values() for level in requirements.values()),
        modules=len(chosen),
        missing=missing_modules(session, domain, contents(session, header)),
        outside=tuple(_outside(session, domain, extent)),
        silent=_silent(session, domain, extent),
    )


def _outside(session: Session, domain: InformationDomain, extent: Extent) -> list[Place]:
    query = (
        select(Assignment.module_id, TargetObject.number)
        .outerjoin(Assignment.target)
        .where(Assignment.domain_id == domain.id, Assignment.relevant.is_not(False))
    )
    rows = sorted(session.execute(query), key=lambda row: (row.number or 0, row.module_id))
    return [
        Place(
            edition_2023().module(row.module_id),
            TargetObject.designate(row.number) if row.number else domain.designation,
        )
        for row in rows
        if not extent.covers(row.module_id)
    ]


def _silent(session: Session, domain: InformationDomain, extent: Extent) -> int:
    answer = RequirementAnswer
    query = (
        select(answer.requirement_id, answer.adopted)
        .join(answer.assignment)
        .where(answer.domain_id == domain.id, answer.status != Status.OPEN, Assignment.relevant.is_not(False))
    )
    without = Extent(domain.approach, catalogue=domain.catalogue)
    rows: Any = session.execute(query)
    found = ((edition_2023().requirement(row.requirement_id), row.adopted is True) for row in rows)
    return sum(
        without.asks(requirement, adopted=adopted) and not extent.asks(requirement, adopted=adopted)
        for requirement, adopted in found
    )


def narrow(session: Session, domain: InformationDomain, header: ControlCatalogue, *, by: Identity) -> None:
    """Lets the profile decide from now on. Raises :class:`Refused` where it names no requirement."""
    demand(by, Permission.EDIT, domain)
    chosen = _chosen_in(contents(session, header))
    if not chosen:
        raise Refused(_NOTHING.format(name=str(header)))
    domain.profile, domain.profile_sha256, domain.profile_asks = str(header), header.sha256, noted(chosen)


def widen(domain: InformationDomain, *, by: Identity) -> None:
    """Lets the approach alone decide again."""
    demand(by, Permission.EDIT, domain)
    domain.profile = domain.profile_sha256 = domain.profile_asks = ""


_NOTHING: Final = Text(
    "„{name}“ wählt keine Anforderung des IT-Grundschutz-Kompendiums aus.",
    "“{name}” chooses no requirement of the IT-Grundschutz-Kompendium.",
)
