"""Gates about protection needs and IT-Grundschutz."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from assessments.gates.look import Facts, Linked, Look, Standing
from assessments.grundschutz.check import Status, applicable
from assessments.grundschutz.domain import Approach, Extent, knows_risk_analysis
from compliance.language import Text
from compliance.people import Role
from registers.objects import ObjectStatus, TargetObject


def _objects(facts: Facts) -> list[Any]:
    return [row for row in facts.of(TargetObject) if row.status is not ObjectStatus.RETIRED]


def _no_objects(facts: Facts) -> Look:
    """Whatever is not on paper alone runs somewhere."""
    on_paper = [row.paper_only is True for row in facts.activities]
    if on_paper and all(on_paper):
        return Look(Standing.NOT_APPLICABLE, _ON_PAPER)
    return Look(Standing.OPEN, _NO_OBJECTS, (facts.itself,), Role.PROJECT_LEAD, binding=False)


def protection(facts: Facts) -> Look:
    """BSI standard 200-2: the protection need of everything in use is determined."""
    objects = _objects(facts)
    if not objects:
        return _no_objects(facts)
    by_target: defaultdict[uuid.UUID, set[Approach | None]] = defaultdict(set)
    for row in facts.near.get("Assignment", ()):
        by_target[row.target_id].add(row.approach)
    # BSI standard 200-2: the basic approach has no protection needs.
    asked = [
        row for row in objects if not by_target[row.id] or any(map(knows_risk_analysis, by_target[row.id]))
    ]
    if not asked:
        return Look(Standing.NOT_APPLICABLE, _BASIC_ONLY)
    gaps = [row for row in asked if None in (row.needed_c, row.needed_i, row.needed_a)]
    if gaps:
        return Look(Standing.OPEN, _NEED_UNKNOWN, [_object(row) for row in gaps], Role.ISB)
    return Look(Standing.MET, _NEED_KNOWN, [_object(row) for row in asked])


def _object(row: Any) -> Linked:
    return Linked(TargetObject, row.number)


def grundschutz(facts: Facts) -> Look:
    """BSI standard 200-2: everything in use is modelled, and every requirement has an answer."""
    objects = _objects(facts)
    if not objects:
        return _no_objects(facts)
    objects = [row for row in objects if not row.checked_by_imported]
    if not objects:
        return Look(Standing.NOT_APPLICABLE, _OTHER_CATALOGUES)
    modelled: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in facts.near.get("Assignment", ()):
        modelled[row.target_id].append(row)
    without = [row for row in objects if not modelled[row.id]]
    if without:
        return Look(Standing.OPEN, _NOT_MODELLED, [_object(row) for row in without], Role.ISB)
    answers = _by_assignment(facts.near.get("RequirementAnswer", ()))
    unchecked = [
        row for row in objects if not all(_is_checked(one, answers[one.id]) for one in modelled[row.id])
    ]
    if unchecked:
        return Look(Standing.OPEN, _NOT_CHECKED, [_object(row) for row in unchecked], Role.ISB)
    return Look(Standing.MET, _CHECKED, [_object(row) for row in objects])


def _by_assignment(rows: Iterable[Any]) -> defaultdict[uuid.UUID, list[Any]]:
    found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.assignment_id].append(row)
    return found


def _is_checked(assignment: Any, answers: Collection[Any]) -> bool:
    """Whether every requirement that the module asks for has a status."""
    adopted = {row.requirement_id for row in answers if row.adopted is True}
    answered = {row.requirement_id for row in answers if row.status not in (None, Status.OPEN)}
    asked = applicable(Extent(assignment.approach, assignment.profile_asks), assignment.module_id, adopted)
    return all(requirement.id in answered for requirement in asked)


_ON_PAPER = Text("Es wird nur auf Papier gearbeitet.", "All work is done on paper.")
_NO_OBJECTS = Text(
    "Noch ist keine Anwendung und kein System genannt.", "No application and no system is named yet."
)
_BASIC_ONLY = Text(
    "Bei der Basis-Absicherung wird kein Schutzbedarf festgestellt.",
    "Basic protection determines no protection needs.",
)
_NEED_UNKNOWN = Text("Schutzbedarf nicht vollständig festgestellt:", "Protection need not fully determined:")
_NEED_KNOWN = Text("Schutzbedarf festgestellt:", "Protection need determined:")
_OTHER_CATALOGUES = Text(
    "Geprüft wird nach eingelesenen Katalogen, die keine Bausteine kennen.",
    "The check follows imported catalogues, which know no modules.",
)
_NOT_MODELLED = Text("Ohne Baustein:", "Without a module:")
_NOT_CHECKED = Text("IT-Grundschutz-Check unvollständig:", "IT-Grundschutz check incomplete:")
_CHECKED = Text("Modelliert und vollständig geprüft:", "Modelled and checked in full:")
