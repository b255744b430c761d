"""The assessment results: each answer as an observation, and the result for each requirement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from assessments.grundschutz.oscal_outcomes import MET, applied, found_at, observation
from assessments.grundschutz.oscal_writing import metadata, midnight, moment, one_line, prop, props
from compliance.errors import Refused
from compliance.language import Text
from exports.oscal.facts import Asked, Conversation, Facts


def results(facts: Facts) -> dict[str, Any]:
    """Raises :class:`Refused` where nothing is answered yet."""
    answered = facts.answered
    if not answered:
        raise Refused(NOTHING_ANSWERED)
    of_plan = facts.named("assessment-plan")
    head = metadata(f"Prüfergebnisse {facts.domain}", facts.version, facts.changed, **facts.parties())
    return {
        "assessment-results": {
            "uuid": facts.named("results"),
            "metadata": head,
            "import-ap": {"href": f"#{of_plan}"},
            "results": [_result(facts, answered)],
            "back-matter": {
                "resources": [
                    {"uuid": of_plan, "title": "Prüfverfahren", "description": _METHOD},
                ]
            },
        }
    }


def _result(facts: Facts, answered: Sequence[Asked]) -> dict[str, Any]:
    days = sorted(each.outcome.answered_on for each in answered if each.outcome.answered_on)
    start, end = (midnight(days[0]), midnight(days[-1])) if days else (moment(facts.changed),) * 2
    grouped: dict[tuple[str, str], list[Asked]] = {}
    for each in answered:
        grouped.setdefault((each.outcome.catalogue, each.outcome.control), []).append(each)
    found: dict[str, Any] = {
        "uuid": facts.named("result"),
        "title": one_line(f"Stand der Umsetzung: {facts.domain}"),
        "description": f"{len(answered)} von {len(facts.asked)} Antworten liegen vor.",
        "start": start,
        "end": end,
        "reviewed-controls": {
            "control-selections": [
                {"include-controls": [{"control-id": control} for control in _once(grouped)]}
            ]
        },
    }
    if facts.conversations:
        found["assessment-log"] = {"entries": [_entry(facts, each) for each in facts.conversations]}
    found["observations"] = [observed(facts, each) for each in answered]
    found["findings"] = [_finding(facts, each) for each in grouped.values()]
    return found


def _once(grouped: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(control for _catalogue, control in grouped))


def observation_id(facts: Facts, each: Asked) -> str:
    """UUID of the observation; the plan of action refers to the same one."""
    return facts.named("observation", each.outcome.catalogue, each.outcome.control, each.component)


def observed(facts: Facts, each: Asked) -> dict[str, Any]:
    """What was found about one requirement at one object."""
    return observation(
        each.outcome,
        observation_id(facts, each),
        {"subject-uuid": each.component, "type": "component", "title": one_line(each.subject)},
        "INTERVIEW" if each.interviewed else "UNKNOWN",
        moment(facts.changed),
    )


def _finding(facts: Facts, found: Sequence[Asked]) -> dict[str, Any]:
    first = found[0]
    open_at = [one_line(each.subject) for each in found if each.outcome.given.status not in MET]
    state, said = found_at(open_at)
    return {
        "uuid": facts.named("finding", first.outcome.catalogue, first.outcome.control),
        "title": one_line(f"{first.outcome.control} {first.title}"),
        "description": said,
        "target": {
            "type": "statement-id",
            "target-id": first.statement,
            "status": {"state": state},
        },
        "related-observations": [{"observation-uuid": observation_id(facts, each)} for each in found],
    }


def _entry(facts: Facts, each: Conversation) -> dict[str, Any]:
    """A module with its interview, or with the reason why it is not applied."""
    interview = each.interview
    values = {
        "module": each.module,
        "place": each.place,
        "applied": "yes" if each.relevant else "no",
        "interview-on": interview.on,
    }
    texts = {
        "reason": each.reason,
        "interviewees": interview.interviewees,
        "recorded-by": interview.recorded_by,
    }
    return {
        "uuid": facts.named("conversation", each.module, each.component),
        "title": one_line(f"{each.module} {each.title}: {each.subject}"),
        "description": applied(each.relevant, each.reason),
        "start": midnight(interview.on) if interview.on else moment(facts.changed),
        "props": [*props(values), *(prop(name, text, text) for name, text in texts.items() if text)],
    }


_METHOD: Final = (
    "IT-Grundschutz-Check nach BSI-Standard 200-2: Abgleich der Anforderungen mit dem Stand der Umsetzung, "
    "je Anforderung und Zielobjekt, in Gesprächen mit den Zuständigen."
)
NOTHING_ANSWERED: Final = Text(
    "Für diesen Informationsverbund ist noch keine Anforderung beantwortet.",
    "No requirement has been answered for this information domain yet.",
)
