"""From the check against imported catalogues to measures and back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.controls import ControlAnswer, answer_control, given_to_control, header_of
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import contents
from assessments.grundschutz.plan import NewControl, plan_of
from assessments.grundschutz.plan_controls import ControlShortfall, planned_controls
from assessments.grundschutz.plan_steps import measure_to_extend, proof
from compliance.access import Identity, Permission, demand
from compliance.entry import everything
from compliance.errors import Outdated
from compliance.fields import fields, tidy_line
from compliance.language import Text
from registers.measures import Measure, Priority, Progress


def draw_up_controls(
    session: Session, domain: InformationDomain, wanted: Collection[uuid.UUID], *, by: Identity
) -> list[Measure]:
    """Creates a measure for each of the *wanted* answers that has none yet; its owner and day are theirs.

    What kind of measure it is and what it serves, nobody knows yet: whoever answers for it is asked.
    *domain* is loaded whole.
    """
    demand(by, Permission.EDIT, domain)
    demand(by, Permission.CREATE, Measure)
    missing = _missing(session, domain, wanted)
    answers = _answers(session, missing)
    session.info["action"] = "draw up"
    drawn = []
    for each in missing:
        measure = _measure(domain, each)
        session.add(measure)
        answers[each.answer_id].planned = measure
        drawn.append(measure)
    session.flush()
    for measure in drawn:
        demand(by, Permission.EDIT, measure)
    return drawn


def add_controls(
    session: Session,
    domain: InformationDomain,
    number: int,
    wanted: Collection[uuid.UUID],
    *,
    by: Identity,
) -> Measure:
    """Lets the measure with that number stand for the *wanted* answers, too.

    Raises :class:`compliance.errors.Refused` where there is no such measure.
    """
    demand(by, Permission.EDIT, domain)
    measure = measure_to_extend(session, number, by=by)
    missing = _missing(session, domain, wanted)
    for answer in _answers(session, missing).values():
        answer.planned = measure
    session.info["action"] = "draw up"
    return measure


def _missing(
    session: Session, domain: InformationDomain, wanted: Collection[uuid.UUID]
) -> list[ControlShortfall]:
    """Those of the *wanted* for which no measure stands by now."""
    return [
        each
        for each in planned_controls(session, domain).unmet
        if each.work is None and each.answer_id in wanted
    ]


def _answers(session: Session, shortfalls: Collection[ControlShortfall]) -> dict[uuid.UUID, ControlAnswer]:
    ids = [each.answer_id for each in shortfalls]
    query = select(ControlAnswer).where(ControlAnswer.id.in_(ids)).options(*everything(ControlAnswer))
    return {answer.id: answer for answer in session.scalars(query)}


def _measure(domain: InformationDomain, shortfall: ControlShortfall) -> Measure:
    return Measure(
        name=tidy_line(shortfall.title or shortfall.label)[:200],
        unit=domain.unit,
        description=shortfall.to_do,
        progress=Progress.PLANNED,
        responsible=shortfall.responsible,
        planned_until=shortfall.due,
        priority=Priority.SECOND,
    )


def take_over_controls(
    session: Session, domain: InformationDomain, wanted: Mapping[uuid.UUID, int], *, by: Identity
) -> list[ControlAnswer]:
    """Answers those controls with „ja“ whose measure is in effect, with the measure as evidence.

    *wanted* holds the version that was read of each answer. Raises :class:`Outdated` where an
    answer, or its measure, has changed meanwhile.
    """
    demand(by, Permission.EDIT, domain)
    offered = {each.shortfall.answer_id: each for each in plan_of(session, domain).new_controls}
    if not offered.keys() >= wanted.keys():
        raise Outdated(_NOT_OFFERED)
    stored = _answers(session, [offered[identity].shortfall for identity in wanted])
    session.info["action"] = "take over"
    return [
        _taken(session, stored[identity], offered[identity], by=by, version=version)
        for identity, version in wanted.items()
    ]


def _taken(
    session: Session, answer: ControlAnswer, new: NewControl, *, by: Identity, version: int
) -> ControlAnswer:
    given = given_to_control(answer)
    after = replace(given, status=Status.YES, evidence=_evidence(given, new))
    catalogue = contents(session, header_of(session, answer.use))
    return answer_control(session, answer.use, catalogue, answer.control_key, after, by=by, version=version)


def _evidence(given: Given, new: NewControl) -> str:
    """What was known before, and the measure with the day since which it is in effect."""
    length = fields(ControlAnswer)["evidence"].length  # type: ignore[union-attr]
    text = "; ".join(filter(None, (given.evidence, proof(new.work))))
    return text if len(text) <= length else f"{text[: length - 1]}…"


_NOT_OFFERED: Final = Text(
    "Eine Antwort oder ihre Maßnahme hat sich inzwischen geändert. Laden Sie die Seite neu.",
    "An answer or its measure has changed meanwhile. Reload the page.",
)
