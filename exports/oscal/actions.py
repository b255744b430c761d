"""The plan of action and milestones: what is met in part or not at all, with what is to be done."""

from __future__ import annotations

from typing import Any, Final

from assessments.grundschutz.oscal_outcomes import MET
from assessments.grundschutz.oscal_writing import (
    metadata,
    midnight,
    one_line,
    paragraph,
    prop,
    props,
)
from compliance.errors import Refused
from compliance.language import Text
from exports.oscal.facts import Asked, Facts, threats_of
from exports.oscal.results import observation_id, observed


def actions(facts: Facts) -> dict[str, Any]:
    """Raises :class:`Refused` where nothing remains to be done."""
    unmet = [each for each in facts.answered if each.outcome.given.status not in MET]
    if not unmet:
        raise Refused(NOTHING_OPEN)
    domain = facts.domain
    head = metadata(f"Maßnahmenplan {domain}", facts.version, facts.changed, **facts.parties())
    return {
        "plan-of-action-and-milestones": {
            "uuid": facts.named("poam"),
            "metadata": head,
            "import-ssp": {"href": f"{domain.designation}-oscal-ssp.json"},
            "system-id": {"identifier-type": "https://ietf.org/rfc/rfc4122", "id": facts.system},
            "observations": [observed(facts, each) for each in unmet],
            "risks": [_risk(facts, each) for each in unmet],
            "poam-items": [_item(facts, each) for each in unmet],
        }
    }


def _named(facts: Facts, kind: str, each: Asked) -> str:
    return facts.named(kind, each.outcome.catalogue, each.outcome.control, each.component)


def _title(each: Asked) -> str:
    return f"{each.outcome.control} {each.title}: {each.subject}"


def _risk(facts: Facts, each: Asked) -> dict[str, Any]:
    given = each.outcome.given
    threats = "; ".join(threats_of(each))
    found: dict[str, Any] = {
        "uuid": _named(facts, "risk", each),
        "title": one_line(_title(each)),
        "description": paragraph(given.remark, f"Umsetzungsstatus: {given.status.text.de}"),
        "statement": f"Bis zur Umsetzung wirken: {threats}."
        if threats
        else "Die Anforderung ist nicht erfüllt.",
        "status": "open",
    }
    if given.due:
        found["deadline"] = midnight(given.due)
    found["remediations"] = [_response(facts, each)]
    return found


def _response(facts: Facts, each: Asked) -> dict[str, Any]:
    given = each.outcome.given
    measure = paragraph(given.measure, "Eine Maßnahme ist noch nicht festgelegt.")
    found: dict[str, Any] = {
        "uuid": _named(facts, "response", each),
        "lifecycle": "planned" if given.measure else "recommendation",
        "title": one_line(measure),
        "description": measure,
    }
    if given.responsible:
        found["props"] = [prop("responsible", given.responsible, given.responsible)]
    if given.due:
        found["tasks"] = [
            {
                "uuid": _named(facts, "task", each),
                "type": "milestone",
                "title": "Umsetzung abgeschlossen",
                "timing": {"on-date": {"date": midnight(given.due)}},
            }
        ]
    return found


def _item(facts: Facts, each: Asked) -> dict[str, Any]:
    given = each.outcome.given
    return {
        "uuid": _named(facts, "item", each),
        "title": one_line(_title(each)),
        "description": paragraph(given.measure or given.remark, f"Umsetzungsstatus: {given.status.text.de}"),
        "props": props({"level": each.level, "order": each.order, "due": given.due}),
        "related-observations": [{"observation-uuid": observation_id(facts, each)}],
        "related-risks": [{"risk-uuid": _named(facts, "risk", each)}],
    }


NOTHING_OPEN: Final = Text(
    "In diesem Informationsverbund ist nichts umzusetzen: Keine beantwortete Anforderung ist offen.",
    "Nothing remains to be implemented in this information domain: no answered requirement is open.",
)
