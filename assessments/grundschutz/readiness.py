"""Whether an information domain is ready for an audit, by what a certification audit checks first.

What every entry objects to anyway stays there; here stands what only a look at the whole
domain shows: that nothing is left unanswered, unmet, out of date or unexplained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import UNMET, RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Extent, InformationDomain
from assessments.grundschutz.kompendium import Level, edition_2023
from assessments.grundschutz.modelling import Assignment

LOOKED_AT_WITHIN_MONTHS: Final = 12
"""Every requirement is looked at again within this time before an audit."""


@dataclass(frozen=True)
class Readiness:
    """What an auditor would miss at the first look."""

    unanswered: int = 0
    """Requirements without a status."""
    unmet: int = 0
    """Basic requirements that are not met, or only in part."""
    outdated: int = 0
    """Answers that nobody has looked at for twelve months."""
    unexplained: tuple[str, ...] = ()
    """Modules of the Kompendium that are neither applied nor excluded for a reason."""


def assess(extent: Extent, modules: Iterable[Any], answers: Iterable[Any], day: date) -> Readiness:
    """How ready a domain of which *extent* is asked is on *day*.

    *modules* are its assignments, as rows with ``id``, ``module_id``, ``relevant`` and ``reason``;
    *answers* rows with ``assignment_id``, ``requirement_id``, ``status``, ``adopted`` and ``answered_on``.
    """
    assigned = list(modules)
    applied = {row.id: row.module_id for row in assigned if row.relevant is not False}
    requirements = edition_2023().requirement
    demanded = sum(
        times * len(applicable(extent, module)) for module, times in Counter(applied.values()).items()
    )
    limit = day - relativedelta(months=LOOKED_AT_WITHIN_MONTHS)
    given = unmet = outdated = 0
    for row in answers:
        requirement = extent.levelled(requirements(row.requirement_id))
        if row.assignment_id not in applied or not extent.asks(requirement, adopted=row.adopted is True):
            continue
        demanded += not extent.asks(requirement)
        if row.status not in (None, Status.OPEN):
            given += 1
            unmet += requirement.level is Level.BASIC and row.status in UNMET
            outdated += row.answered_on is None or row.answered_on < limit
    return Readiness(demanded - given, unmet, outdated, tuple(unexplained(extent, assigned)))


def unexplained(extent: Extent, modules: Iterable[Any]) -> Iterator[str]:
    """The modules of the Kompendium, in reading order, that nobody applies or excludes for a reason.

    Those that a profile leaves out are explained by it.
    """
    known = {row.module_id for row in modules if row.relevant is not False or row.reason}
    return (
        module.id for module in edition_2023().modules if extent.covers(module.id) and module.id not in known
    )


def readiness(session: Session, domain: InformationDomain, day: date) -> Readiness:
    """How ready *domain* is on *day*, as the database stands; two queries."""
    modules = select(Assignment.id, Assignment.module_id, Assignment.relevant, Assignment.reason)
    answers = select(
        RequirementAnswer.assignment_id,
        RequirementAnswer.requirement_id,
        RequirementAnswer.status,
        RequirementAnswer.adopted,
        RequirementAnswer.answered_on,
    )
    return assess(
        domain.extent,
        session.execute(modules.where(Assignment.domain_id == domain.id)).all(),
        session.execute(answers.where(RequirementAnswer.domain_id == domain.id)).all(),
        day,
    )
