"""What the check against imported catalogues found unmet, for the implementation plan.

An answer to a control refers to its measure by itself, because the numbers of controls move
from version to version.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import UNMET, Status
from assessments.grundschutz.controls import CatalogueUse, ControlAnswer, Fit, outermost
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import ControlCatalogue, contents
from assessments.grundschutz.oscal import Control
from compliance.entry import State
from registers.measures import Measure


@dataclass(frozen=True)
class ControlShortfall:
    """A control that is not met, or only in part."""

    answer_id: uuid.UUID
    version: int
    use_id: uuid.UUID
    key: str
    """Identifies the control in every version of its catalogue."""
    label: str
    """Its number in the version that is checked."""
    title: str
    catalogue: str
    """Title and version of the catalogue."""
    chapter: int
    """The outermost group in which it stands, counted as on the pages of the check."""
    status: Status
    to_do: str
    responsible: str
    due: date | None
    work: int | None
    """Number of the measure that stands for it."""
    at: int
    """Its place in its catalogue, counted in reading order."""

    @property
    def position(self) -> tuple[str, int]:
        """Where it stands among all: by catalogue and in reading order."""
        return self.catalogue, self.at

    def __str__(self) -> str:
        return f"{self.label} {self.title}".strip()


@dataclass(frozen=True)
class PlannedControls:
    """What a plan has to know of the check against imported catalogues."""

    unmet: tuple[ControlShortfall, ...]
    """By position; controls that their catalogue has dropped are left out."""
    met_by: frozenset[int]
    """The numbers of the measures that stand for controls which are met by now."""

    def by_measure(self) -> defaultdict[int | None, list[ControlShortfall]]:
        """What is unmet, by the number of its measure; ``None`` for what has none."""
        found: defaultdict[int | None, list[ControlShortfall]] = defaultdict(list)
        for each in self.unmet:
            found[each.work].append(each)
        return found


def planned_controls(session: Session, domain: InformationDomain) -> PlannedControls:
    """What is unmet in *domain*, and which measures have done their work; one query, and one a catalogue."""
    query = (
        select(
            ControlAnswer.id,
            ControlAnswer.version,
            ControlAnswer.use_id,
            ControlAnswer.control_key,
            ControlAnswer.status,
            ControlAnswer.fit,
            ControlAnswer.measure,
            ControlAnswer.responsible,
            ControlAnswer.due,
            CatalogueUse.catalogue,
            CatalogueUse.catalogue_name,
            Measure.number,
        )
        .join(ControlAnswer.use)
        .outerjoin(ControlAnswer.planned.and_(Measure.state != State.ENDED))
        .where(ControlAnswer.domain_id == domain.id, ControlAnswer.status.in_((*UNMET, Status.YES)))
    )
    rows = session.execute(query).all()
    met_by = frozenset(row.number for row in rows if row.status is Status.YES and row.number is not None)
    waiting = [row for row in rows if row.status in UNMET and row.fit is not Fit.DROPPED]
    places = {sha256: _placed(session, sha256) for sha256 in {row.catalogue for row in waiting}}
    found = [
        _shortfall(row, place) for row in waiting if (place := places[row.catalogue].get(row.control_key))
    ]
    return PlannedControls(tuple(sorted(found, key=attrgetter("position"))), met_by)


@dataclass(frozen=True)
class _Place:
    control: Control
    chapter: int
    at: int
    """Counted in reading order."""


def _placed(session: Session, sha256: str) -> dict[str, _Place]:
    """The controls of a catalogue by key."""
    header = session.scalars(select(ControlCatalogue).where(ControlCatalogue.sha256 == sha256)).one()
    catalogue = contents(session, header)
    chapters = outermost(catalogue)
    return {
        control.key: _Place(control, chapters[control.group], at)
        for at, control in enumerate(catalogue.controls)
    }


def _shortfall(row: Any, place: _Place) -> ControlShortfall:
    return ControlShortfall(
        answer_id=row.id,
        version=row.version,
        use_id=row.use_id,
        key=row.control_key,
        label=place.control.label,
        title=place.control.title,
        catalogue=row.catalogue_name,
        chapter=place.chapter,
        status=row.status,
        to_do=row.measure,
        responsible=row.responsible,
        due=row.due,
        work=row.number,
        at=place.at,
    )
