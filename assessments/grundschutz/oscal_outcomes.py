"""What was found about one requirement, as an observation in OSCAL and back again.

OSCAL has no words for all that the check records, so properties of our own carry it; what another
tool shows of an observation is the same in its own words. Reading gives back exactly what was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from assessments.grundschutz.check import Given, MetBy, RequirementAnswer, Status
from assessments.grundschutz.oscal import Node, nodes, refusal, shortened, string
from assessments.grundschutz.oscal_writing import NAMESPACE, midnight, one_line, prop, props
from compliance.fields import Line, Prose, Words, fields, tidy, tidy_line


@dataclass(frozen=True)
class Outcome:
    """An answer, with where it belongs."""

    control: str
    """Number of the requirement in its catalogue."""
    given: Given
    module: str = ""
    """The module of the Kompendium; empty for other catalogues."""
    place: str = ""
    """Running number and name of the target object; empty for the information domain as a whole."""
    catalogue: str = ""
    """Checksum of the catalogue; empty for the Kompendium."""
    key: str = ""
    """The lasting identifier in that catalogue."""
    wording: str = ""
    """Checksum of the wording that was checked, in that catalogue."""
    adopted: bool = False
    answered_on: date | None = None


IMPLEMENTED: Final[Mapping[Status, str]] = {
    Status.YES: "implemented",
    Status.PARTIAL: "partial",
    Status.NO: "planned",
    Status.UNNECESSARY: "not-applicable",
}
"""The status in the words of OSCAL; exactly it stands in a property, because „nein“ need not be planned."""
MET: Final = frozenset({Status.YES, Status.UNNECESSARY})
_TEXTS: Final = ("reason", "measure", "remark", "responsible", "evidence")
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(T.*)?")


def facts(outcome: Outcome) -> list[dict[str, str]]:
    """The properties that carry an answer."""
    given = outcome.given
    values = {
        "status": given.status.name,
        "control": outcome.control,
        "module": outcome.module,
        "place": outcome.place,
        "catalogue": outcome.catalogue,
        "key": outcome.key,
        "wording": outcome.wording,
        "adopted": "yes" if outcome.adopted else "",
        "answered-on": outcome.answered_on,
        "met-by": given.met_by.name if given.met_by else "",
        "due": given.due,
        "evidence-on": given.evidence_on,
    }
    texts = {name: getattr(given, name) for name in _TEXTS}
    return [*props(values), *(prop(name, text, text) for name, text in texts.items() if text)]


def observation(outcome: Outcome, identity: str, subject: Node, method: str, at: str) -> dict[str, Any]:
    """*outcome* as OSCAL observes it; *at* is when it was found out where no day is recorded."""
    return {
        "uuid": identity,
        "title": one_line(f"{outcome.control}: {subject['title']}"),
        "props": facts(outcome),
        "methods": [method],
        "types": ["control-objective"],
        "subjects": [dict(subject)],
        "collected": at,
        **repeated(outcome),
    }


def repeated(outcome: Outcome) -> dict[str, Any]:
    """What an observation says of an answer once more, in the words of OSCAL."""
    given = outcome.given
    said: dict[str, Any] = {"description": given.remark or f"Umsetzungsstatus: {given.status.text.de}"}
    if given.evidence:
        said["relevant-evidence"] = [{"description": given.evidence}]
    if outcome.answered_on:
        said["collected"] = midnight(outcome.answered_on)
    return said


def found_at(open_at: Sequence[str]) -> tuple[str, str]:
    """State and words of the finding about a requirement that is not met at the places *open_at*."""
    if open_at:
        return "not-satisfied", f"Nicht oder nur teilweise erfüllt: {'; '.join(open_at)}."
    return "satisfied", "Erfüllt oder entbehrlich."


def applied(relevant: bool, reason: str) -> str:
    """What an entry of the log says of a module."""
    verb = "Baustein angewendet" if relevant else "Baustein nicht angewendet"
    return f"{verb}. {reason}".strip()


def outcome(found: Node, place: str) -> Outcome | None:
    """What an observation of ours says; ``None`` where another tool wrote it.

    Raises UnreadableCatalogue, naming *place*, where it cannot be understood.
    """
    said = own_props(found, place)
    if "status" not in said or "control" not in said:
        return None
    values = {name: value for name, (value, _text) in said.items()}
    texts = {name: text or value for name, (value, text) in said.items()}
    return Outcome(
        control=values["control"],
        given=Given(
            term_in(Status, values["status"], place),
            due=_day(values, "due", place),
            met_by=term_in(MetBy, values["met-by"], place) if "met-by" in values else None,
            evidence_on=_day(values, "evidence-on", place),
            **{name: _text(name, texts.get(name, ""), place) for name in _TEXTS},
        ),
        module=values.get("module", ""),
        place=values.get("place", ""),
        catalogue=values.get("catalogue", ""),
        key=values.get("key", ""),
        wording=values.get("wording", ""),
        adopted=values.get("adopted") == "yes",
        answered_on=_day(values, "answered-on", place),
    )


def own_props(found: Node, place: str) -> dict[str, tuple[str, str]]:
    """The properties of our own: value and remarks by name. Raises UnreadableCatalogue for one twice."""
    said: dict[str, tuple[str, str]] = {}
    for at, each in nodes(found, "props", place):
        if string(each, "ns", at) != NAMESPACE:
            continue
        name = string(each, "name", at, required=True)
        if name in said:
            raise refusal(
                "Die Angabe „{name}“ steht bei {place} zweimal.",
                "The entry “{name}” occurs twice at {place}.",
                name=shortened(name),
                place=shortened(place),
            )
        said[name] = (string(each, "value", at, required=True), string(each, "remarks", at))
    return said


def _text(name: str, text: str, place: str) -> str:
    spec = cast(Line | Prose, fields(RequirementAnswer)[name])
    return text_in(spec, text, f"{place}.props ({name})")


def text_in(spec: Line | Prose, text: str, place: str) -> str:
    """*text* as the field stores it. Raises UnreadableCatalogue where it is longer than the field."""
    if isinstance(spec, Prose):
        return tidy(text)
    line = tidy_line(text)
    if len(line) > spec.length:
        raise refusal(
            "Die Angabe bei {place} hat {count} Zeichen; Platz ist für {length}.",
            "The entry at {place} has {count} characters; there is room for {length}.",
            place=shortened(place),
            count=len(line),
            length=spec.length,
        )
    return line


def term_in(words: Words, name: str, place: str) -> Any:
    """The answer called *name*. Raises UnreadableCatalogue, naming those that are known."""
    known = {each.name: each for each in words}
    if name in known:
        return known[name]
    raise refusal(
        "Bei {place} steht „{value}“; bekannt sind: {known}.",
        "At {place} there is “{value}”; known are: {known}.",
        place=shortened(place),
        value=shortened(name),
        known=", ".join(known),
    )


def _day(values: Mapping[str, str], name: str, place: str) -> date | None:
    return day_in(values[name], place) if name in values else None


def day_in(text: str, place: str) -> date:
    """The day that a date or moment names. Raises UnreadableCatalogue."""
    match = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else text)
    except ValueError as error:
        raise refusal(
            "Bei {place} steht „{value}“, das ist kein Datum.",
            "At {place} there is “{value}”, which is no date.",
            place=shortened(place),
            value=shortened(text),
        ) from error
