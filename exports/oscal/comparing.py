"""A document that comes back beside the one that would be written once it is taken over.

What differs then would be lost. Where it is about an answer, the document was edited in one place and not
in the other, so nothing is taken over; everything else is named with its place and stays as it is here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.oscal import Node, shortened
from assessments.grundschutz.oscal_measures import is_measure
from assessments.grundschutz.oscal_returned import ACTIONS, PLAN, read_returned
from assessments.grundschutz.oscal_takeover import Plan, plan
from assessments.grundschutz.oscal_writing import NAMESPACE, one_line
from compliance.language import Text
from exports.oscal.actions import actions
from exports.oscal.facts import Facts, foreseen, gather
from exports.oscal.plan import plan as security_plan

_BUILDERS: Final[Mapping[str, Callable[[Facts], Node]]] = {PLAN: security_plan, ACTIONS: actions}
"""Assessment results also fill other domains, where nearly everything but the answers differs."""
_REQUIREMENTS: Final = f"{PLAN}.control-implementation.implemented-requirements"
_MOVING: Final = frozenset({"last-modified", "version", "collected", "methods"})
"""Keys whose values change although no answer does: days of export, and whether there was an interview."""
_DERIVED: Final = frozenset(
    {
        f"{PLAN}.system-characteristics.system-ids",
        f"{ACTIONS}.system-id",
        f"{_REQUIREMENTS}.remarks",
    }
)
"""The UUID of the domain is judged before; how many answers there are follows from them."""
_MEASURE: Final = "measure"
"""Stands in a kind behind the list in which a measure of the register occurs."""
_TOLD_BY_ITEM: Final = frozenset({f"{ACTIONS}.observations", f"{ACTIONS}.risks"})
"""Each has an item, which says the same."""
_DRAWN_UP: Final = f"{ACTIONS}.poam-items.{_MEASURE}"
"""A measure that serves nothing here is taken over nevertheless."""
_SAME: Final = "same-as"
"""Stands in the place of a UUID, which is another one in every installation."""
_NAMES: Final = (_SAME, "control-id", "role-id", "name", "id", "title", "href")
"""What tells the things in a list apart: the first of these that one has."""
_SUBJECTS: Final = ("components", "implemented-requirements", "observations", "risks", "poam-items")
"""Lists whose things a reader knows by name."""
_ANSWERS: Final = re.compile(
    rf"{_REQUIREMENTS}\.by-components\.(description|implementation-status)(\..*)?"
    rf"|{ACTIONS}\.risks\.(description|deadline)"
    rf"|{ACTIONS}\.risks\.remediations(?!\.{_MEASURE})(\..*)?"
    rf"|{ACTIONS}\.poam-items\.(description|props\.due(\..*)?)"
)
"""Where a document repeats in the words of OSCAL what our properties say about an answer."""
_CARRIED: Final = re.compile(rf"({_REQUIREMENTS}\.by-components|{ACTIONS}\.observations)\.props\..*")
_MEASURES: Final = re.compile(
    rf"{ACTIONS}\.risks\.remediations\.{_MEASURE}\.(lifecycle|title|description|tasks|props)(\..*)?"
    rf"|{ACTIONS}\.poam-items\.{_MEASURE}\.(title|description)"
)
"""The same about a measure of the register; which risks it serves follows from other entries as well."""


@dataclass(frozen=True)
class _Difference:
    kind: str
    """The place without positions in lists; a property by its name."""
    place: str
    said: Any = None
    """``None`` where the document does not say it."""
    here: Any = None
    about: str = ""
    """What the place belongs to, such as a target object or a requirement."""

    @property
    def contradicts(self) -> bool:
        """Whether the document was edited in one place and not in the other."""
        changed = self.here is not None and _CARRIED.fullmatch(self.kind)
        return bool(changed or _ANSWERS.fullmatch(self.kind) or _MEASURES.fullmatch(self.kind))


def preview(session: Session, domain: InformationDomain, organisation: str, root: Node) -> Plan:
    """What taking over *root* would do in *domain*, which is loaded whole; nothing is stored.

    Raises UnreadableCatalogue, naming the place of what is wrong in the document.
    """
    planned = plan(session, domain, read_returned(root))
    build = _BUILDERS.get(planned.returned.kind)
    if planned.obstacles or build is None:
        foreign = tuple(_FOREIGN.format(place=shortened(place)) for place in planned.returned.foreign)
        return replace(planned, remarks=foreign)
    facts = foreseen(session, gather(session, domain.id, organisation), planned)
    here = build(facts)
    objects = {each.id: one_line(each) for each in facts.objects}
    known = {place: objects[target] for place, target in planned.targets.items() if target}
    known |= planned.measures.called
    found = [*_differences(_comparable(root, known), _comparable(here, {}))]
    return replace(
        planned,
        obstacles=tuple(_CONTRADICTS.format(**_words(each)) for each in found if each.contradicts),
        remarks=tuple(_remark(each) for each in found if not each.contradicts),
    )


# --- UUIDs by what they stand for ----------------------------------------------------------------


def _comparable(root: Node, known: Mapping[str, str]) -> Any:
    """*root* with words for its UUIDs; *known* are the names here of the target objects that it names."""
    words = {each["uuid"]: _called(each, known) for each in _things(root)}
    for item in root.get(ACTIONS, {}).get("poam-items") or []:
        # Titles of risks and items may be shortened to the same words, so they go by what was observed.
        seen = item.get("related-observations")
        if seen and not is_measure(item):
            about = words.get(seen[0]["observation-uuid"], "")
            words[item["uuid"]] = about
            words |= {each["risk-uuid"]: about for each in item["related-risks"]}
    return _worded(root, {**known, **words})


def _things(value: Any) -> Iterator[Node]:
    """Everything that has a UUID."""
    if isinstance(value, dict) and isinstance(value.get("uuid"), str):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _things(each)


def _called(thing: Node, known: Mapping[str, str]) -> str:
    props = thing.get("props")
    own = [each for each in props if isinstance(each, dict)] if isinstance(props, list) else []
    said = {str(each.get("name")): str(each.get("value")) for each in own if each.get("ns") == NAMESPACE}
    if "control" in said:
        place = said.get("place", "")
        named = (said.get("catalogue"), said["control"], known.get(place, place))
        return "/".join(each for each in named if each)
    if "risk" in said:
        return said["risk"]
    title = str(thing.get("title") or thing.get("name") or "")
    return known.get(title, title)


def _worded(value: Any, words: Mapping[str, str]) -> Any:
    match value:
        case dict():
            found = {key: _worded(inner, words) for key, inner in value.items() if key != "uuid"}
            named = words.get(value["uuid"]) if isinstance(value.get("uuid"), str) else None
            return found | ({_SAME: named} if named else {})
        case list():
            return [_worded(inner, words) for inner in value]
        case str():
            return words.get(value, value)
        case _:
            return value


# --- What differs --------------------------------------------------------------------------------


def _differences(
    said: Any, here: Any, kind: str = "", place: str = "", about: str = ""
) -> Iterator[_Difference]:
    match said, here:
        case (dict(), dict()):
            for key in dict.fromkeys((*here, *said)):
                inner = f"{kind}.{key}" if kind else key
                at = f"{place}.{key}" if place else key
                if key not in _MOVING and key != _SAME and inner not in _DERIVED:
                    yield from _differences(said.get(key), here.get(key), inner, at, about)
        case (list(), list()):
            yield from _in_lists(said, here, kind, place, about)
        case _ if said != here and not (here == [] and said is None):
            told = kind in _TOLD_BY_ITEM if said is None else here is None and kind == _DRAWN_UP
            if not told:
                yield _Difference(kind, place, said, here, about)


def _in_lists(
    said: Sequence[Any], here: Sequence[Any], kind: str, place: str, about: str
) -> Iterator[_Difference]:
    theirs = dict(zip(_keys(said), enumerate(said), strict=True))
    ours = dict(zip(_keys(here), here, strict=True))
    for key in dict.fromkeys((*theirs, *ours)):
        either = theirs[key][1] if key in theirs else ours[key]
        inner = f"{kind}.{key[0]}" if kind.endswith(".props") else kind
        if is_measure(either):
            inner = f"{kind}.{_MEASURE}"
        if key in theirs:
            index, each = theirs[key]
            named = key[0] if kind.endswith(_SUBJECTS) and key in ours else about
            yield from _differences(each, ours.get(key), inner, f"{place}[{index}]", named)
        else:
            yield from _differences(None, ours[key], inner, place, about)


def _keys(things: Sequence[Any]) -> list[tuple[str, int]]:
    """The name of each thing, and the how manieth of that name it is."""
    counted: Counter[str] = Counter()
    found = []
    for each in things:
        name = _name(each)
        found.append((name, counted[name]))
        counted[name] += 1
    return found


def _name(thing: Any) -> str:
    if isinstance(thing, dict):
        if "value" in thing and thing.get("ns") != NAMESPACE:
            # A property of another tool may have the name of one of ours.
            return f"{thing.get('ns') or 'OSCAL'} {thing.get('name')}"
        return next((str(thing[name]) for name in _NAMES if thing.get(name)), "")
    return str(thing)


# --- In words ------------------------------------------------------------------------------------


def _remark(found: _Difference) -> Text:
    said = _UNKNOWN if found.here is None else _UNSAID if found.said is None else _OTHERWISE
    return said.format(**_words(found))


def _words(found: _Difference) -> dict[str, str]:
    return {
        "place": shortened(found.place) + (f" ({shortened(found.about)})" if found.about else ""),
        "said": _shown(found.said),
        "here": _shown(found.here),
    }


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    words = _name(value) if isinstance(value, dict) else value if isinstance(value, str) else ""
    line = one_line(words or json.dumps(value, ensure_ascii=False))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


_LONGEST: Final = 80
_CONTRADICTS: Final = Text(
    "Bei {place} steht „{said}“; nach den übrigen Angaben zur Antwort müsste dort „{here}“ stehen.",
    "At {place} there is “{said}”; by what else is said about the answer it would have to be “{here}”.",
)
_FOREIGN: Final = Text(
    "{place}: stammt nicht aus dieser Anwendung.", "{place}: was not written by this application."
)
_OTHERWISE: Final = Text(
    "{place}: im Dokument „{said}“, hier „{here}“.",
    "{place}: in the document “{said}”, here “{here}”.",
)
_UNKNOWN: Final = Text(
    "{place}: „{said}“ gibt es hier nicht.",
    "{place}: “{said}” does not exist here.",
)
_UNSAID: Final = Text(
    "{place}: „{here}“ kommt im Dokument nicht vor.",
    "{place}: “{here}” does not occur in the document.",
)
