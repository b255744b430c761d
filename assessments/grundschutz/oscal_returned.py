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
from assessments.grundschutz.oscal_measures import Told, told_in
from assessments.grundschutz.oscal_outcomes import (
    MET,
    Outcome,
    applied,
    day_in,
    found_at,
    outcome,
    own_props,
    repeated,
)
from assessments.grundschutz.oscal_writing import midnight
from compliance.fields import tidy

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
    measures: tuple[Told, ...] = ()
    """Measures of the register, of which only a plan of action tells."""
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
    if not (found.outcomes or found.measures):
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
    subjects = {string(each, "uuid", place): _subject(each, place) for place, each in observed}
    for at, result in results:
        for place, each in nodes(result, "findings", at):
            _check_finding(each, place, found, subjects)
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
            _check_observation(each, place, answered)
            found[identity] = answered
    return found


def _check_observation(observation: Node, place: str, answered: Outcome) -> None:
    """Refuses an observation whose words were edited, but not what they repeat; or the other way round."""
    expected = repeated(answered)
    for key in ("description", "collected"):
        if key in expected:
            _same(f"{place}.{key}", string(observation, key, place), tidy(expected[key]))
    held = nodes(observation, "relevant-evidence", place)
    evidence = [string(each, "description", at) for at, each in held]
    known = [tidy(each["description"]) for each in expected.get("relevant-evidence", ())]
    _same(f"{place}.relevant-evidence", "; ".join(evidence), "; ".join(known))


def _subject(observation: Node, place: str) -> str:
    return "; ".join(string(each, "title", at) for at, each in nodes(observation, "subjects", place))


def _check_finding(
    finding: Node, place: str, answers: Mapping[str, Outcome], subjects: Mapping[str, str]
) -> None:
    """Refuses a finding that says something else than the answers on which it rests."""
    about = [
        string(each, "observation-uuid", at) for at, each in nodes(finding, "related-observations", place)
    ]
    if not about or not all(each in answers for each in about):
        return
    open_at = [subjects[each] for each in about if answers[each].given.status not in MET]
    state, said = found_at(open_at)
    target = node(finding, "target", place)
    status = node(target, "status", f"{place}.target")
    _same(f"{place}.target.status.state", string(status, "state", f"{place}.target.status"), state)
    _same(f"{place}.description", string(finding, "description", place), tidy(said))


def _conversations(document: Node) -> Iterator[Conversation]:
    for at, result in nodes(document, "results", RESULTS):
        log = node(result, "assessment-log", at) if "assessment-log" in result else {}
        for place, each in nodes(log, "entries", f"{at}.assessment-log"):
            said = {name: text or value for name, (value, text) in own_props(each, place).items()}
            if "module" in said:
                yield _conversation(each, place, said)


def _conversation(entry: Node, place: str, said: Mapping[str, str]) -> Conversation:
    day = day_in(said["interview-on"], place) if "interview-on" in said else None
    relevant, reason = said.get("applied") != "no", said.get("reason", "")
    _same(f"{place}.description", string(entry, "description", place), tidy(applied(relevant, reason)))
    if day:
        _same(f"{place}.start", string(entry, "start", place), midnight(day))
    return Conversation(
        module=said["module"],
        place=said.get("place", ""),
        relevant=relevant,
        reason=reason,
        interview=Interview(day, said.get("interviewees", ""), said.get("recorded-by", "")),
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
    system = System(identity, name, f"{at}.system-name")
    return Returned(PLAN, title, tuple(found), _applied(found), system=system)


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
    measures = tuple(_measures(document))
    _linked(document, found, {each.identity for each in measures})
    outcomes = tuple(found.values())
    # The title says what it is, then number and name of the domain.
    system = System(identity, title.split(" ", 2)[-1], f"{ACTIONS}.metadata.title")
    return Returned(ACTIONS, title, outcomes, _applied(outcomes), measures, system)


def _measures(document: Node) -> Iterator[Told]:
    once = Once()
    for place, each in nodes(document, "poam-items", ACTIONS):
        told = told_in(each, place)
        if told is not None:
            once(told.called, told.called, place)
            yield told


def _linked(document: Node, observations: Mapping[str, Outcome], measures: set[str]) -> None:
    """Refuses a plan in which an answer has no item, or an item of one no risk."""
    once = _Answered()
    seen = {string(each, "uuid", place) for place, each in nodes(document, "observations", ACTIONS)}
    risks = {_identity(once, each, place) for place, each in nodes(document, "risks", ACTIONS)}
    planned: set[str] = set()
    treated: set[str] = set()
    for place, each in nodes(document, "poam-items", ACTIONS):
        identity = _identity(once, each, place)
        about = _references(each, "related-observations", "observation-uuid", place, seen)
        against = _references(each, "related-risks", "risk-uuid", place, risks)
        treated |= against
        if identity in measures:
            # It serves any number of answers and risks, which have items of their own.
            continue
        for one in about:
            once(("item", one), one, place)
        planned |= about
        _required(about or _is_of_analysis(each, place), f"{place}.related-observations")
        _required(against, f"{place}.related-risks")
    for at, each in nodes(document, "observations", ACTIONS):
        identity = string(each, "uuid", at)
        if identity in observations and identity not in planned:
            raise _without_item(at)
    for at, each in nodes(document, "risks", ACTIONS):
        if string(each, "uuid", at) not in treated:
            raise _without_item(at)


def _required(given: object, place: str) -> None:
    if not given:
        raise refusal("Es fehlt {place}.", "{place} is missing.", place=shortened(place))


def _is_of_analysis(item: Node, place: str) -> bool:
    """Whether *item* is about a risk of a risk analysis, where nothing was observed."""
    return "risk" in own_props(item, place)


def _references(item: Node, key: str, name: str, at: str, known: set[str]) -> set[str]:
    found = set()
    for place, each in nodes(item, key, at):
        identity = string(each, name, place, required=True)
        if identity not in known:
            raise _leads_nowhere(f"{place}.{name}", identity)
        found.add(identity)
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
