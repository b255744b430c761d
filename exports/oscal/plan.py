"""The security plan: what an information domain consists of, and how each requirement is implemented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from assessments.grundschutz.domain import knows_risk_analysis
from assessments.grundschutz.oscal_outcomes import IMPLEMENTED
from assessments.grundschutz.oscal_outcomes import facts as carried
from assessments.grundschutz.oscal_writing import metadata, one_line, paragraph, props
from compliance.entry import State
from compliance.errors import Refused
from exports.oscal.facts import Asked, Facts
from exports.oscal.profile import NOTHING_ASKED
from registers.objects import ObjectKind, ObjectStatus, TargetObject

_TYPES: Final = {
    ObjectKind.PROCESS: "process-procedure",
    ObjectKind.APPLICATION: "software",
    ObjectKind.IT_SYSTEM: "hardware",
    ObjectKind.ICS: "hardware",
    ObjectKind.IOT: "hardware",
    ObjectKind.NETWORK: "network",
    ObjectKind.ROOM: "physical",
    ObjectKind.BUILDING: "physical",
}
_STATES: Final = {
    ObjectStatus.PLANNED: "under-development",
    ObjectStatus.TEST: "under-development",
    ObjectStatus.OPERATION: "operational",
    ObjectStatus.RETIRED: "disposition",
}
_USERS: Final = {"users": "Benutzende", "administrators": "Administration"}
"""Who works with target objects, by the field that says so."""


def plan(facts: Facts) -> dict[str, Any]:
    """Raises :class:`Refused` where nothing is checked yet."""
    if not facts.asked:
        raise Refused(NOTHING_ASKED)
    domain = facts.domain
    named = facts.parties()
    named["roles"] += [{"id": name, "title": title} for name, title in _USERS.items()]
    head = metadata(f"Sicherheitskonzept {domain}", facts.version, facts.changed, **named)
    return {
        "system-security-plan": {
            "uuid": facts.named("plan"),
            "metadata": head,
            "import-profile": {"href": f"{domain.designation}-oscal-profile.json"},
            "system-characteristics": _characteristics(facts),
            "system-implementation": {
                "users": list(_users(facts)),
                "components": [_whole(facts), *(_component(facts, one) for one in facts.objects)],
            },
            "control-implementation": {
                "description": "Umsetzung der Anforderungen nach dem Stand der Prüfung.",
                "implemented-requirements": _requirements(facts),
            },
        }
    }


def _characteristics(facts: Facts) -> dict[str, Any]:
    domain = facts.domain
    facts_of_domain = {
        "number": domain.designation,
        "approach": domain.approach.name if domain.approach else "",
        "catalogue-version": domain.catalogue.text["de"] if domain.catalogue else "",
    }
    limits = "\n\n".join(filter(None, (domain.scope, domain.exclusions)))
    return {
        "system-ids": [{"identifier-type": "https://ietf.org/rfc/rfc4122", "id": facts.system}],
        "system-name": one_line(domain.name),
        "system-name-short": domain.designation,
        "description": paragraph(domain.scope, domain.name or domain.designation),
        "props": props(facts_of_domain),
        "system-information": {"information-types": _information(facts)},
        "status": {"state": "disposition" if domain.state is State.ENDED else "operational"},
        "authorization-boundary": {
            "description": paragraph(limits, "Der Geltungsbereich ist nicht beschrieben.")
        },
    }


def _information(facts: Facts) -> list[dict[str, Any]]:
    """What processes and applications work with; the domain as a whole where none says so."""
    found = [
        {
            "uuid": facts.named("information", one.id),
            "title": one_line(one.name),
            "description": one.information,
        }
        for one in facts.objects
        if one.information
    ]
    domain = facts.domain
    whole = {
        "uuid": facts.named("information"),
        "title": one_line(domain.name),
        "description": paragraph(domain.scope, "Die Informationen sind nicht beschrieben."),
    }
    return found or [whole]


def _users(facts: Facts) -> Iterator[dict[str, Any]]:
    for name, title in _USERS.items():
        said = dict.fromkeys(f"{one}: {getattr(one, name)}" for one in facts.objects if getattr(one, name))
        found = {"uuid": facts.named("users", name), "title": title, "role-ids": [name]}
        yield found | ({"remarks": "\n".join(said)} if said else {})


def _whole(facts: Facts) -> dict[str, Any]:
    domain = facts.domain
    return {
        "uuid": facts.whole,
        "type": "this-system",
        "title": one_line(domain),
        "description": paragraph(domain.scope, "Der Informationsverbund als Ganzes."),
        "props": props({"number": domain.designation}),
        "status": {"state": "operational"},
    }


def _component(facts: Facts, one: TargetObject) -> dict[str, Any]:
    said: dict[str, object] = {
        "number": one.designation,
        "kind": one.kind.name if one.kind else "",
        "count": one.count,
        "platform": one.platform,
        "location": one.location,
    }
    if knows_risk_analysis(facts.domain.approach):
        needs = {"confidentiality": one.needed_c, "integrity": one.needed_i, "availability": one.needed_a}
        said |= {f"{value}-need": need.name for value, need in needs.items() if need}
    state = _STATES.get(one.status) if one.status else None
    status = {"state": state} if state else {"state": "other", "remarks": "Der Status ist nicht angegeben."}
    return {
        "uuid": facts.component(one.id),
        "type": _TYPES[one.kind] if one.kind else "hardware",
        "title": one_line(one),
        "description": paragraph(one.description, one.name or one.designation),
        "props": props(said),
        "status": status,
    }


def _requirements(facts: Facts) -> list[dict[str, Any]]:
    """One for each requirement of each catalogue, with what was found at each object."""
    grouped: dict[tuple[str, str], list[Asked]] = {}
    for each in facts.asked:
        grouped.setdefault((each.outcome.catalogue, each.outcome.control), []).append(each)
    return [_requirement(facts, catalogue, control, found) for (catalogue, control), found in grouped.items()]


def _requirement(facts: Facts, catalogue: str, control: str, found: list[Asked]) -> dict[str, Any]:
    answered = sum(each.answered for each in found)
    said: dict[str, Any] = {
        "uuid": facts.named("requirement", catalogue, control),
        "control-id": control,
        "props": props({"level": found[0].level, "order": found[0].order, "title": found[0].title}),
    }
    if answered < len(found):
        said["remarks"] = f"{answered} von {len(found)} Antworten liegen vor."
    return said | {"by-components": [_by_component(facts, each) for each in found]}


def _by_component(facts: Facts, each: Asked) -> dict[str, Any]:
    """What is known of one requirement at one object; OSCAL has no state for what is not answered yet."""
    given = each.outcome.given
    remarks = given.reason or given.measure
    said = "\n\n".join(filter(None, (given.remark, given.evidence)))
    found: dict[str, Any] = {
        "component-uuid": each.component,
        "uuid": facts.named("implementation", each.outcome.catalogue, each.outcome.control, each.component),
        "description": paragraph(said, f"Umsetzungsstatus: {given.status.text.de}"),
        "props": carried(each.outcome),
    }
    if each.answered:
        state = {"state": IMPLEMENTED[given.status]}
        found["implementation-status"] = state | ({"remarks": remarks} if remarks else {})
    return found
