"""How soon objects run again when each can only start after what it rests on (BSI standard 200-4).

The achievable recovery time of an object counts from the moment at which everything
below it runs. What counts against a demand is the outage as a whole: the server and
then the application on it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.dependencies import graph
from assessments.grundschutz.inheritance import cycles
from compliance.entry import State
from registers.objects import ObjectStatus, TargetObject


@dataclass(frozen=True)
class Chain:
    """What has to start one after the other until an object runs again."""

    hours: int = 0
    """From the outage until then."""
    links: tuple[int, ...] = ()
    """The running numbers of whatever takes time, in the order in which it starts."""


_AT_ONCE: Final = Chain()


def chains(takes: Mapping[int, int], rests_on: Mapping[int, Iterable[int]]) -> dict[int, Chain]:
    """The longest chain that leads to each object; what needs no time of its own starts at once.

    *takes* says how many hours an object needs by itself. Objects that rest on each other
    in a circle start side by side, so a circle takes as long as its slowest. Of equally
    long chains the one with the smaller numbers is named.
    """
    edges = {node: sorted(bases) for node, bases in rests_on.items()}
    leader = {member: group[0] for group in cycles(edges) for member in group}
    below: defaultdict[int, set[int]] = defaultdict(set)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for node in {*takes, *edges, *(base for bases in edges.values() for base in bases)}:
        first = leader.get(node, node)
        members[first].add(node)
        below[first] |= {leader.get(base, base) for base in edges.get(node, ())} - {first}
    found: dict[int, Chain] = {}
    for node in TopologicalSorter(below).static_order():
        before = min((found[base] for base in below[node]), key=_longest, default=_AT_ONCE)
        slowest = min(members[node], key=lambda member: (-takes.get(member, 0), member))
        own = takes.get(slowest, 0)
        found[node] = Chain(before.hours + own, (*before.links, slowest)) if own else before
    return {member: found[node] for node, some in members.items() for member in some}


def _longest(chain: Chain) -> tuple[int, tuple[int, ...]]:
    return -chain.hours, chain.links


@dataclass(frozen=True)
class Restart:
    """When one object runs again after an outage of everything, and what takes the time."""

    hours: int = 0
    steps: tuple[Any, ...] = ()
    """Rows with number, name and rta_hours, in the order in which they start."""


def restarts(session: Session, organisation: uuid.UUID) -> dict[int, Restart]:
    """When each object of *organisation* runs again, by running number; what is out of use takes no time.

    Objects that can start at once are left out.
    """
    in_use = (TargetObject.state != State.ENDED, TargetObject.status.is_distinct_from(ObjectStatus.RETIRED))
    query = select(TargetObject.number, TargetObject.name, TargetObject.rta_hours)
    query = query.where(TargetObject.organisation_id == organisation, TargetObject.rta_hours > 0, *in_use)
    steps = {row.number: row for row in session.execute(query)}
    takes = {number: row.rta_hours for number, row in steps.items()}
    return {
        number: Restart(chain.hours, tuple(steps[link] for link in chain.links))
        for number, chain in chains(takes, graph(session, organisation)).items()
        if chain.hours
    }
