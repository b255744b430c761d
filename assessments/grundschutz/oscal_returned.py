"""What the documents in OSCAL that this application wrote say, when they come back.

The security plan, the assessment results and the plan of action carry the answers of the check in
properties of our own. A document that says one thing twice, or names what it does not hold, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from assessments.grundschutz.interviews import Interview
from assessments.grundschutz.oscal import (
    Node,
    Once,
    checked_metadata,
    node,
    nodes,
    refusal,
    shortened,
    string,
)
from assessments.grundschutz.oscal_outcomes import MET, Outcome, day_in, outcome, own_props

RESULTS: Final = "assessment-results"
PLAN: Final = "system-security-plan"
ACTIONS: Final = "plan-of-action-and-milestones"


@dataclass(frozen=True)
class Conversation:
    """What a document says of one module as a whole."""

    module: str
    place: str
    relevant: bool = True
    reason: str | None = None
    """Why it is applied or not; ``None`` where the document is silent about it."""
    interview: Interview | None = None
    """The last one about it; ``None`` where the document is silent about interviews."""


@dataclass(frozen=True)
class System:
    """The information domain that a document is about."""

    identity: str
    """The UUID that we gave it."""
    name: str
    """How it is called; with its number where the document says it."""
    place: str
    """Where the document says so."""


@dataclass(frozen=True)
class Returned:
    """What a document says."""

    kind: str
    """Its root."""
    title: str
    outcomes: tuple[Outcome, ...]
    conversations: tuple[Conversation, ...] = ()
    system: System | None = None
    """``None`` in assessment results, which may fill another domain."""
    foreign: tuple[str, ...] = ()
    """The places of observations that another tool wrote."""


def read_returned(root: Node) -> Returned:
    """What *root* says, whichever document it is. Raises UnreadableCatalogue, naming the place."""
    kinds = [kind for kind in _READERS if kind in root]
    if len(kinds) != 1:
        raise refusal(
            "Das Dokument enthält weder ein Sicherheitskonzept noch Prüfergebnisse noch einen Maßnahmenplan "
            "in OSCAL, oder mehreres davon; erwartet wird genau eins von: {known}.",
            "The document contains no security plan, assessment results or plan of action in OSCAL, or "
            "several of them; exactly one is expected of: {known}.",
            known=", ".join(_READERS),
        )
    [kind] = kinds
    document = node(root, kind, "")
    title = string(checked_metadata(document, kind), "title", f"{kind}.metadata", required=True)
    found = _READERS[kind](document, title)
    if not found.outcomes:
        raise refusal(
            "Keine Antwort des Dokuments stammt aus dieser Anwendung.",
            "No answer in the document was written by this application.",
        )
    return found


# --- Assessment results --------------------------------------------------------------------------


def _results(document: Node, title: str) -> Returned:
    results = list(nodes(document, "results", RESULTS))
    observed = [each for at, result in results for each in nodes(result, "observations", at)]
    found = _observations(observed)
    foreign = tuple(place for place, each in observed if string(each, "uuid", place) not in found)
    return Returned(RESULTS, title, tuple(found.values()), tuple(_conversations(document)), foreign=foreign)


def _observations(observations: Iterable[tuple[str, Node]]) -> dict[str, Outcome]:
    """The answers by the UUID of the observation that holds them."""
    once, found = _Answered(), {}
    for place, each in observations:
        identity = _identity(once, each, place)
        answered = outcome(each, place)
        if answered is not None:
            once.outcome(answered, place)
            found[identity] = answered
    return found


def _conversations(document: Node) -> Iterator[Conversation]:
    for at, result in nodes(document, "results", RESULTS):
        log = node(result, "assessment-log", at) if "assessment-log" in result else {}
        for place, each in nodes(log, "entries", f"{at}.assessment-log"):
            said = own_props(each, place)
            if "module" not in said:
                continue
            texts = {name: text or value for name, (value, text) in said.items()}
            day = texts.get("interview-on")
            yield Conversation(
                module=texts["module"],
                place=texts.get("place", ""),
                relevant=texts.get("applied") != "no",
                reason=texts.get("reason", ""),
                interview=Interview(
                    day_in(day, place) if day else None,
                    texts.get("interviewees", ""),
                    texts.get("recorded-by", ""),
                ),
            )


# --- The security plan ---------------------------------------------------------------------------


def _plan(document: Node, title: str) -> Returned:
    at = f"{PLAN}.system-characteristics"
    described = node(document, "system-characteristics", PLAN)
    [identity, *_] = [string(each, "id", place) for place, each in nodes(described, "system-ids", at)] or [""]
    name = string(described, "system-name", at, required=True)
    once = _Answered()
    components = _components(document, once)
    controls = node(document, "control-implementation", PLAN)
    found: list[Outcome] = []
    for place, each in nodes(controls, "implemented-requirements", f"{PLAN}.control-implementation"):
        _identity(once, each, place)
        control = string(each, "control-id", place, required=True)
        found += _by_components(each, place, control, components, once)
    return Returned(PLAN, title, tuple(found), _applied(found), System(identity, name, f"{at}.system-name"))


def _components(document: Node, once: _Answered) -> dict[str, str]:
    """What each component is called, by its UUID; the domain as a whole has no name."""
    at = f"{PLAN}.system-implementation"
    found = {}
    for place, each in nodes(node(document, "system-implementation", PLAN), "components", at):
        identity = _identity(once, each, place)
        whole = string(each, "type", place, required=True) == "this-system"
        title = string(each, "title", place, required=True)
        found[identity] = "" if whole else title
        once(("component", found[identity]), title, place)
    return found


def _by_components(
    requirement: Node, at: str, control: str, components: Mapping[str, str], once: _Answered
) -> Iterator[Outcome]:
    for place, each in nodes(requirement, "by-components", at):
        _identity(once, each, place)
        component = string(each, "component-uuid", place, required=True)
        if component not in components:
            raise _leads_nowhere(f"{place}.component-uuid", component)
        found = outcome(each, place)
        if found is None:
            continue
        _same(f"{place}.props", found.control, control)
        _same(f"{place}.props", found.place, components[component])
        once.outcome(found, place)
        yield found


# --- The plan of action --------------------------------------------------------------------------


def _actions(document: Node, title: str) -> Returned:
    identity = string(node(document, "system-id", ACTIONS), "id", f"{ACTIONS}.system-id", required=True)
    found = _observations(nodes(document, "observations", ACTIONS))
    for place, each in nodes(document, "observations", ACTIONS):
        answered = found.get(string(each, "uuid", place))
        if answered is not None and answered.given.status in MET:
            raise refusal(
                "Die Anforderung {control} bei {place} ist erfüllt oder entbehrlich und gehört in keinen "
                "Maßnahmenplan.",
                "The requirement {control} at {place} is met or not needed and belongs in no plan of action.",
                control=shortened(answered.control),
                place=shortened(place),
            )
    _linked(document, found)
    outcomes = tuple(found.values())
    # The title says what it is, then number and name of the domain.
    system = System(identity, title.split(" ", 2)[-1], f"{ACTIONS}.metadata.title")
    return Returned(ACTIONS, title, outcomes, _applied(outcomes), system)


def _linked(document: Node, observations: Mapping[str, Outcome]) -> None:
    """Refuses a plan in which an answer has no item, or an item no risk."""
    once = _Answered()
    seen = {string(each, "uuid", place) for place, each in nodes(document, "observations", ACTIONS)}
    risks = {_identity(once, each, place) for place, each in nodes(document, "risks", ACTIONS)}
    planned: set[str] = set()
    treated: set[str] = set()
    for place, each in nodes(document, "poam-items", ACTIONS):
        _identity(once, each, place)
        about = _references(each, "related-observations", "observation-uuid", place, seen)
        for identity in about:
            once(("item", identity), identity, place)
        planned |= about
        treated |= _references(each, "related-risks", "risk-uuid", place, risks)
    for at, each in nodes(document, "observations", ACTIONS):
        identity = string(each, "uuid", at)
        if identity in observations and identity not in planned:
            raise _without_item(at)
    for at, each in nodes(document, "risks", ACTIONS):
        if string(each, "uuid", at) not in treated:
            raise _without_item(at)


def _references(item: Node, key: str, name: str, at: str, known: set[str]) -> set[str]:
    found = set()
    for place, each in nodes(item, key, at):
        identity = string(each, name, place, required=True)
        if identity not in known:
            raise _leads_nowhere(f"{place}.{name}", identity)
        found.add(identity)
    if not found:
        raise refusal("Es fehlt {place}.", "{place} is missing.", place=shortened(f"{at}.{key}"))
    return found


# --- What all have in common ---------------------------------------------------------------------


class _Answered(Once):
    """Refuses what occurs twice, answers among it."""

    def outcome(self, found: Outcome, place: str) -> None:
        """Each requirement is answered once at each place."""
        name = f"{found.control} {found.place}".strip()
        self((found.catalogue, found.module, found.control, found.place), name, place)


def _identity(once: _Answered, found: Node, place: str) -> str:
    identity = string(found, "uuid", place, required=True)
    once(identity, identity, place)
    return identity


def _applied(outcomes: Iterable[Outcome]) -> tuple[Conversation, ...]:
    """The modules that are applied because their requirements are answered."""
    spots = dict.fromkeys((each.module, each.place) for each in outcomes if not each.catalogue)
    return tuple(Conversation(module, place) for module, place in spots)


def _same(place: str, said: str, otherwise: str) -> None:
    if said != otherwise:
        raise refusal(
            "Die Angaben bei {place} widersprechen sich: „{said}“ und „{otherwise}“.",
            "The entries at {place} contradict each other: “{said}” and “{otherwise}”.",
            place=shortened(place),
            said=shortened(said) or "–",
            otherwise=shortened(otherwise) or "–",
        )


def _leads_nowhere(place: str, identity: str) -> Exception:
    return refusal(
        "{place} verweist auf „{identity}“; das gibt es im Dokument nicht.",
        "{place} refers to “{identity}”, which the document does not contain.",
        place=shortened(place),
        identity=shortened(identity),
    )


def _without_item(place: str) -> Exception:
    return refusal(
        "Zu {place} fehlt der Eintrag unter „poam-items“.",
        "{place} has no entry among “poam-items”.",
        place=shortened(place),
    )


_READERS: Final[Mapping[str, Callable[[Node, str], Returned]]] = {
    RESULTS: _results,
    PLAN: _plan,
    ACTIONS: _actions,
}
