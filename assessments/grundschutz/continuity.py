"""Continuity basics of BSI standard 200-4: how damage grows, and how fast everything must run again.

What a process demands holds for everything on which it depends: whoever must run
after four hours needs the server after four hours, too. Demands are passed down
the dependencies and stand beside what each object can achieve today.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Select, inspect, or_, select
from sqlalchemy.orm import Session, selectinload

from assessments.grundschutz.dependencies import graph
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.recovery import Restart
from compliance.entry import State
from compliance.language import Text, shown_number
from compliance.saving import Action, Touched, settle
from registers.continuity import Damage, DamageAfter
from registers.objects import ObjectKind, ObjectStatus, TargetObject

# --- How damage grows ----------------------------------------------------------------------------

HORIZONS: Final = (4, 8, 24, 72, 168, 720)
"""Hours after which damage is asked for unless a domain says otherwise: half a day to a month."""

Curve = Sequence[tuple[int, Damage]]
"""From how many hours on which damage is reached, earliest first."""

_GRADES: Final = tuple(Damage)


def horizons(text: str) -> tuple[int, ...]:
    """The horizons written in *text* as hours, ascending; :data:`HORIZONS` where it names none."""
    found = sorted({int(word) for word in re.findall(r"\d{1,6}", text, re.ASCII) if int(word)})
    return tuple(found) or HORIZONS


def curve(process: TargetObject) -> Curve:
    """How the damage of *process* grows, as far as it is filled in."""
    known = [
        (row.after_hours, row.damage)
        for row in process.damage_over_time
        if row.after_hours is not None and row.damage is not None
    ]
    return sorted(known, key=lambda point: (point[0], _GRADES.index(point[1])))


def damage_at(points: Curve, hours: int) -> Damage | None:
    """The gravest damage reached after *hours*; ``None`` before the first point of the curve."""
    reached = [damage for after, damage in points if after <= hours]
    return max(reached, key=_GRADES.index, default=None)


def proposed_mta(points: Curve) -> int | None:
    """The outage that can still be borne: operation must resume before damage becomes intolerable.

    In hours; the horizon before the first intolerable one, 0 if already the first one is
    intolerable, and ``None`` while nothing is.
    """
    limit = next((after for after, damage in points if damage is Damage.INTOLERABLE), None)
    if limit is None:
        return None
    return max((after for after, _ in points if after < limit), default=0)


def in_words(hours: int | None, language: str) -> str:
    """*hours* as people say them: „4 Std.“, „3 Tage“; a dash where nothing is said."""
    if hours is None:
        return "–"
    days, rest = divmod(hours, 24)
    if not days or rest:
        return _HOURS.format(count=shown_number(hours, language))[language]
    return (_DAY if days == 1 else _DAYS).format(count=shown_number(days, language))[language]


def steps_in_words(restart: Restart, language: str) -> str:
    """What starts one after the other, each with the time it takes by itself."""
    return ", ".join(
        f"{TargetObject.designate(step.number)} {step.name} ({in_words(step.rta_hours, language)})"
        for step in restart.steps
    )


_HOURS: Final = Text("{count} Std.", "{count} h")
_DAY: Final = Text("{count} Tag", "{count} day")
_DAYS: Final = Text("{count} Tage", "{count} days")


# --- What is demanded, passed down ---------------------------------------------------------------

N = TypeVar("N", bound=Hashable)


@dataclass(frozen=True)
class Demand:
    """The strictest demand that reaches an object, and who makes it."""

    hours: int
    origin: Any


def passed_down(own: Mapping[N, int], rests_on: Mapping[N, Iterable[N]]) -> dict[N, Demand]:
    """The strictest of the *own* demands that reaches each object along what it *rests on*.

    An object's own demand reaches itself. Where two are equally strict, the object's
    own comes first, then the one that stands earlier in *own*. Dependencies may form
    circles: within one, all share the strictest demand. Takes time in the order of
    objects plus dependencies.
    """
    found: dict[N, Demand] = {}
    by_hours: defaultdict[int, list[N]] = defaultdict(list)
    for node, hours in own.items():
        by_hours[hours].append(node)
    for hours in sorted(by_hours):
        # Whoever makes the demand keeps it as its own before any other reaches it.
        makers = [node for node in by_hours[hours] if node not in found]
        found |= {node: Demand(hours, node) for node in makers}
        waiting = deque(makers)
        while waiting:
            node = waiting.popleft()
            for base in rests_on.get(node, ()):
                if base not in found:
                    found[base] = Demand(hours, found[node].origin)
                    waiting.append(base)
    return found


Stored: TypeAlias = tuple[int | None, str, int | None, str]
"""What reaches one object: RTO and RPO in hours, each with the words that say where it comes from."""

_NONE: Final[Stored] = (None, "", None, "")


@dataclass(frozen=True)
class _Fact:
    """What of one target object matters for passing demands down."""

    name: str
    rto: int | None
    rpo: int | None
    stored: Stored


_OWN: Final = ("rto_hours", "rpo_hours")
_NEEDED: Final = ("needed_rto", "needed_rto_from", "needed_rpo", "needed_rpo_from")
_HOURS_OF: Final = (*_OWN, "needed_rto", "needed_rpo")
_DECIDING: Final = ("name", "state", "status", *_OWN, "depends_on")
"""Fields of an object which a demand reaches on which it rests where that demand goes on to."""


def pass_demands_down(session: Session, touched: Touched) -> None:
    """Settles the demands that reach each target object, after what was saved.

    Called by the session itself, so that a changed dependency shows everywhere at once.
    """
    organisations = {
        thing.organisation_id
        for thing, action in touched.items()
        if isinstance(thing, TargetObject) and _matters(thing, action)
    }
    for organisation in organisations:
        settle(session, organisation, TargetObject, _moved(session, organisation))


def _matters(target: TargetObject, action: Action) -> bool:
    """Whether saving *target* may move a demand anywhere: only what one reaches, or reached, passes it on."""
    attributes = inspect(target).attrs
    if all(hours is None for name in _HOURS_OF for hours in attributes[name].history.sum()):
        return False
    return action is not Action.UPDATE or any(attributes[name].history.has_changes() for name in _DECIDING)


def _moved(session: Session, organisation: uuid.UUID) -> dict[uuid.UUID, dict[str, Any]]:
    """What has to be stored anew about the objects of *organisation*, by id."""
    facts = _facts(session, organisation)
    wanted = _demanded(facts, graph(session, organisation))
    stored = {number: fact.stored for number, fact in facts.items()}
    moved = {
        number: wanted.get(number, _NONE)
        for number in (stored | wanted)
        if wanted.get(number, _NONE) != stored.get(number, _NONE)
    }
    query = select(TargetObject.id, TargetObject.number).where(
        TargetObject.organisation_id == organisation, TargetObject.number.in_(moved)
    )
    return {row.id: dict(zip(_NEEDED, moved[row.number], strict=True)) for row in session.execute(query)}


def _facts(session: Session, organisation: uuid.UUID) -> dict[int, _Fact]:
    """Every target object that makes a demand or is reached by one, by running number."""
    names = ("number", "name", "state", "status", *_OWN, *_NEEDED)
    asked = or_(*(getattr(TargetObject, name).is_not(None) for name in _HOURS_OF))
    query = select(*(getattr(TargetObject, name) for name in names))
    query = query.where(TargetObject.organisation_id == organisation, asked).order_by(TargetObject.number)
    return {row.number: _fact(row) for row in session.execute(query)}


def _fact(row: Any) -> _Fact:
    # What was taken out of use demands nothing.
    counts = row.state is not State.ENDED and row.status is not ObjectStatus.RETIRED
    rto, rpo = (row.rto_hours, row.rpo_hours) if counts else (None, None)
    stored = (row.needed_rto, row.needed_rto_from, row.needed_rpo, row.needed_rpo_from)
    return _Fact(row.name, rto, rpo, stored)


def _demanded(facts: Mapping[int, _Fact], rests_on: Mapping[int, Iterable[int]]) -> dict[int, Stored]:
    rto = passed_down({n: fact.rto for n, fact in facts.items() if fact.rto is not None}, rests_on)
    rpo = passed_down({n: fact.rpo for n, fact in facts.items() if fact.rpo is not None}, rests_on)

    def said(demand: Demand | None) -> tuple[int | None, str]:
        if demand is None:
            return None, ""
        name = facts[demand.origin].name
        return demand.hours, f"{TargetObject.designate(demand.origin)} {name}".strip()

    return {number: (*said(rto.get(number)), *said(rpo.get(number))) for number in (rto | rpo)}


# --- The analysis of one domain ------------------------------------------------------------------


@dataclass(frozen=True)
class ProcessImpact:
    """One line of the business impact analysis."""

    process: TargetObject
    damages: tuple[Damage | None, ...]
    """One for each horizon of the domain."""
    proposal: int | None
    """The MTA that follows from the damages, in hours."""


@dataclass(frozen=True)
class Recovery:
    """What one process or object must achieve, and what it can achieve today."""

    target: TargetObject
    restart: Restart

    @property
    def late(self) -> bool:
        """It runs again later than somebody needs it, by itself or because of what it rests on."""
        return self.target.needed_rto is not None and self.restart.hours > self.target.needed_rto

    @property
    def waits(self) -> bool:
        """Whether something below it has to start first."""
        return self.restart.hours > (self.target.rta_hours or 0)

    @property
    def loses(self) -> bool:
        """It loses more data than somebody can bear."""
        return loses_too_much(self.target)

    @property
    def unknown(self) -> bool:
        """Somebody needs it in time, and nobody says how fast it recovers; of a process nobody has to."""
        needed = self.target.needed_rto is not None and self.target.kind is not ObjectKind.PROCESS
        return needed and self.target.rta_hours is None


@dataclass(frozen=True)
class Impact:
    """The business impact analysis of one domain."""

    horizons: tuple[int, ...]
    processes: tuple[ProcessImpact, ...]
    recoveries: tuple[Recovery, ...]
    """Processes first, then what they rest on."""

    @property
    def conflicts(self) -> tuple[Recovery, ...]:
        return tuple(each for each in self.recoveries if each.late or each.loses)

    @property
    def unknown(self) -> tuple[Recovery, ...]:
        return tuple(each for each in self.recoveries if each.unknown)

    @property
    def in_time(self) -> tuple[Recovery, ...]:
        """Neither in conflict nor unknown."""
        return tuple(each for each in self.recoveries if not (each.late or each.loses or each.unknown))


def objects_of(domain: InformationDomain) -> Select[TargetObject]:
    """The target objects of *domain*, which is loaded whole, with all that the analysis reads."""
    ids = [target.id for target in domain.objects]
    return (
        select(TargetObject)
        .where(TargetObject.id.in_(ids))
        .options(selectinload(TargetObject.damage_over_time))
    )


def impact_of(
    domain: InformationDomain, targets: Iterable[TargetObject], restarts: Mapping[int, Restart]
) -> Impact:
    """The analysis of *targets* of *domain*, which are loaded whole; what is out of use is left out."""
    chosen = horizons(domain.horizons)
    in_use = sorted((one for one in targets if one.is_in_use), key=lambda one: one.number or 0)
    processes = [one for one in in_use if one.kind is ObjectKind.PROCESS]
    others = [one for one in in_use if one.kind is not ObjectKind.PROCESS]
    return Impact(
        chosen,
        tuple(_process(one, chosen) for one in processes),
        tuple(
            Recovery(one, restarts.get(one.number, Restart()))
            for one in (*processes, *others)
            if _needed_or_known(one)
        ),
    )


def _process(process: TargetObject, chosen: Iterable[int]) -> ProcessImpact:
    points = curve(process)
    return ProcessImpact(process, tuple(damage_at(points, hours) for hours in chosen), proposed_mta(points))


def _needed_or_known(target: TargetObject) -> bool:
    values = (target.needed_rto, target.needed_rpo, target.rta_hours, target.loss_hours)
    return any(value is not None for value in values)


def is_late(target: TargetObject) -> bool:
    """RTA > RTO: *target* runs again later than the strictest demand that reaches it."""
    return target.needed_rto is not None and (target.rta_hours or 0) > target.needed_rto


def loses_too_much(target: TargetObject) -> bool:
    """*target* loses more data than the strictest RPO that reaches it allows."""
    return target.needed_rpo is not None and (target.loss_hours or 0) > target.needed_rpo


def set_damages(process: TargetObject, said: Mapping[int, tuple[Damage | None, str]]) -> None:
    """Records what is *said* at each horizon, in hours; what stands at other lengths stays.

    A horizon without damage and without reason loses its row.
    """
    rows = {row.after_hours: row for row in process.damage_over_time}
    for hours, (damage, reason) in said.items():
        if damage is None and not reason:
            rows.pop(hours, None)
            continue
        row = rows.setdefault(hours, DamageAfter(after_hours=hours))
        row.damage, row.reason = damage, reason
    wanted = sorted(rows.values(), key=lambda row: (row.after_hours is None, row.after_hours or 0))
    if [row.id for row in wanted] != [row.id for row in process.damage_over_time]:
        process.damage_over_time = wanted
