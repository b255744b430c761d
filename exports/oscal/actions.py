"""The plan of action and milestones: what is still to be done, and the measures of the register for it.

What the check found met in part or not at all, and each risk that is to be avoided, reduced or transferred,
is a risk with an item of its own. A measure is one item for everything that it serves, and stands among the
remediations of each of these risks with its owner and its days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from assessments.grundschutz.oscal_measures import Told, name_of
from assessments.grundschutz.oscal_measures import facts as carried
from assessments.grundschutz.oscal_writing import (
    metadata,
    midnight,
    one_line,
    paragraph,
    prop,
    props,
)
from assessments.grundschutz.plan import Treated
from compliance.errors import Refused
from compliance.language import Text
from exports.oscal.facts import Asked, Facts, Serving, threats_of
from exports.oscal.results import observation_id, observed


def actions(facts: Facts) -> dict[str, Any]:
    """Raises :class:`Refused` where nothing remains to be done."""
    if not (facts.unmet or facts.threats):
        raise Refused(NOTHING_OPEN)
    domain = facts.domain
    head = metadata(f"Maßnahmenplan {domain}", facts.version, facts.changed, **facts.parties())
    by_risk: defaultdict[str, list[Told]] = defaultdict(list)
    for each in facts.measures:
        for risk in _risks_of(facts, each):
            by_risk[risk].append(each.measure)
    return {
        "plan-of-action-and-milestones": {
            "uuid": facts.named("poam"),
            "metadata": head,
            "import-ssp": {"href": f"{domain.designation}-oscal-ssp.json"},
            "system-id": {"identifier-type": "https://ietf.org/rfc/rfc4122", "id": facts.system},
            "observations": [observed(facts, each) for each in facts.unmet],
            "risks": [
                *(_shortfall(facts, each, by_risk) for each in facts.unmet),
                *(_threat(facts, each, by_risk) for each in facts.threats),
            ],
            "poam-items": [
                *(_item(facts, each) for each in facts.unmet),
                *(_item_of_analysis(facts, each) for each in facts.threats),
                *(_item_of_measure(facts, each) for each in facts.measures),
            ],
        }
    }


def _risks_of(facts: Facts, each: Serving) -> list[str]:
    """The UUIDs of the risks that a measure serves."""
    of_check = [_named(facts, "risk", answer) for answer in each.answers]
    return of_check + [_of_analysis(facts, "risk", threat) for threat in each.threats]


# --- What the check found ------------------------------------------------------------------------


def _named(facts: Facts, kind: str, each: Asked) -> str:
    return facts.named(kind, each.outcome.catalogue, each.outcome.control, each.component)


def _title(each: Asked) -> str:
    return f"{each.outcome.control} {each.title}: {each.subject}"


def _shortfall(facts: Facts, each: Asked, measures: defaultdict[str, list[Told]]) -> dict[str, Any]:
    given = each.outcome.given
    threats = "; ".join(threats_of(each))
    identity = _named(facts, "risk", each)
    found: dict[str, Any] = {
        "uuid": identity,
        "title": one_line(_title(each)),
        "description": paragraph(given.remark, f"Umsetzungsstatus: {given.status.text.de}"),
        "statement": f"Bis zur Umsetzung wirken: {threats}."
        if threats
        else "Die Anforderung ist nicht erfüllt.",
        "status": "open",
    }
    if given.due:
        found["deadline"] = midnight(given.due)
    found["remediations"] = [_response(facts, each), *_remedies(facts, identity, measures[identity])]
    return found


def _response(facts: Facts, each: Asked) -> dict[str, Any]:
    """What the check itself noted as still to be done."""
    given = each.outcome.given
    measure = paragraph(given.measure, f"{each.outcome.control} {each.title} umsetzen")
    found: dict[str, Any] = {
        "uuid": _named(facts, "response", each),
        "lifecycle": "planned" if given.measure else "recommendation",
        "title": one_line(measure),
        "description": measure,
    }
    if given.responsible:
        found["props"] = [prop("responsible", given.responsible, given.responsible)]
    if given.due:
        found["tasks"] = [_milestone(_named(facts, "task", each), None, given.due)]
    return found


def _milestone(identity: str, begin: date | None, end: date) -> dict[str, Any]:
    """The day by which something is finished, and the one on which it begins where that is known."""
    timing: dict[str, Any] = {"on-date": {"date": midnight(end)}}
    if begin and begin <= end:
        timing = {"within-date-range": {"start": midnight(begin), "end": midnight(end)}}
    return {"uuid": identity, "type": "milestone", "title": "Umsetzung abgeschlossen", "timing": timing}


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


# --- What the risk analyses decided --------------------------------------------------------------


def _of_analysis(facts: Facts, kind: str, threat: Treated) -> str:
    return facts.named(kind, "analysis", threat.designation)


def _said(threat: Treated) -> dict[str, Any]:
    title = one_line(f"{threat.designation} {threat.title}: {threat.about}")
    treatment = threat.treatment.text.de
    return {
        "title": title,
        "description": paragraph(threat.reason, f"Behandlung: {treatment}"),
        "props": props({"risk": threat.designation, "treatment": threat.treatment.name}),
    }


def _threat(facts: Facts, threat: Treated, measures: defaultdict[str, list[Told]]) -> dict[str, Any]:
    identity = _of_analysis(facts, "risk", threat)
    return {
        "uuid": identity,
        **_said(threat),
        "statement": f"Die Risikoanalyse verlangt: {threat.treatment.text.de}.",
        "status": "open",
        "remediations": _remedies(facts, identity, measures[identity]),
    }


def _item_of_analysis(facts: Facts, threat: Treated) -> dict[str, Any]:
    return {
        "uuid": _of_analysis(facts, "item", threat),
        **_said(threat),
        "related-risks": [{"risk-uuid": _of_analysis(facts, "risk", threat)}],
    }


# --- Measures of the register --------------------------------------------------------------------


def _item_of_measure(facts: Facts, each: Serving) -> dict[str, Any]:
    measure = each.measure
    return {
        "uuid": measure.identity,
        "title": measure.called,
        "description": _words(measure),
        "props": carried(measure),
        "related-observations": [
            {"observation-uuid": observation_id(facts, answer)} for answer in each.answers
        ],
        "related-risks": [{"risk-uuid": risk} for risk in _risks_of(facts, each)],
    }


def _remedies(facts: Facts, risk: str, measures: Sequence[Told]) -> list[dict[str, Any]]:
    return [_remedy(facts, risk, each) for each in measures]


def _remedy(facts: Facts, risk: str, measure: Told) -> dict[str, Any]:
    """A measure as the response to one risk."""
    responsible, end = measure.values["responsible"], measure.values["planned_until"]
    owner = [prop("responsible", responsible, responsible)] if responsible else []
    found: dict[str, Any] = {
        "uuid": facts.named("remedy", risk, measure.identity),
        "lifecycle": "completed" if measure.is_in_effect else "planned",
        "title": measure.called,
        "description": _words(measure),
        "props": [name_of(measure), *owner],
    }
    if end:
        identity = facts.named("milestone", risk, measure.identity)
        found["tasks"] = [_milestone(identity, measure.values["planned_from"], end)]
    return found


def _words(measure: Told) -> str:
    return paragraph(measure.values["description"], measure.called)


NOTHING_OPEN: Final = Text(
    "In diesem Informationsverbund ist nichts umzusetzen: Keine beantwortete Anforderung und kein Risiko "
    "ist offen.",
    "Nothing remains to be implemented in this information domain: no answered requirement and no risk is "
    "open.",
)
