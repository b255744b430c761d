"""How a protection need travels along dependencies (BSI standard 200-2, Vererbung des Schutzbedarfs).

What an object needs is needed by everything it depends on: the highest need decides
(Maximumprinzip). Many small needs together may weigh more (Kumulationseffekt), and
what is spread over several objects may weigh less (Verteilungseffekt).

This module knows numbers only: objects by their running number, levels from 0 for
„not determined“ up to :data:`HIGHEST`. One call treats one security value.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

HIGHEST: Final = 3
"""The level „very high“; levels are ordered, and 0 stands for a need that nobody has determined."""

Edges: TypeAlias = Mapping[int, Sequence[int]]
"""For each object, the objects it depends on."""


class Cause(Enum):
    """Why an object has its level."""

    UNKNOWN = auto()
    """Nobody has determined a need, neither here nor for anything that depends on it."""
    OWN = auto()
    """It was determined for the object itself."""
    INHERITED = auto()
    """Something that depends on the object needs it (Maximumprinzip)."""
    RAISED = auto()
    """Many needs add up (Kumulationseffekt)."""
    LOWERED = auto()
    """The need is spread over several objects (Verteilungseffekt)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is determined for one object itself."""

    own: int = 0
    at_least: int = 0
    """Up to which level cumulation raises the need."""
    at_most: int = HIGHEST
    """Down to which level distribution lowers the need; it wins over everything else."""


@dataclass(frozen=True, slots=True)
class Effective:
    """What an object needs in the end, and where that comes from."""

    level: int = 0
    cause: Cause = Cause.UNKNOWN
    source: int | None = None
    """The object next to it from which the level, or the one that was lowered, was inherited."""
    otherwise: int = 0
    """The level that was lowered."""


_NOTHING: Final = Effective()


def inherit(wishes: Mapping[int, Wish], edges: Edges) -> dict[int, Effective]:
    """The effective need of every object of *wishes*; edges to other objects lead nowhere.

    Of several sources the nearest is named, and of equally near ones the smallest number.
    Cycles do no harm: the levels are filled from the highest down, each object once.
    """
    return _Filling(wishes, edges).filled()


class _Filling:
    """One walk over all objects, level by level."""

    def __init__(self, wishes: Mapping[int, Wish], edges: Edges) -> None:
        self._wishes = wishes
        self._edges = edges
        self._found: dict[int, Effective] = {}
        self._held: dict[int, tuple[int, int | None]] = {}
        """What distribution keeps from an object: the level, and from where it would have come."""
        self._starts: defaultdict[int, list[int]] = defaultdict(list)
        self._raised: defaultdict[int, list[int]] = defaultdict(list)
        self._waiting: defaultdict[int, list[int]] = defaultdict(list)
        """Objects that are reached on a higher level and take part from their own limit on."""
        for key in sorted(wishes):
            wish = wishes[key]
            self._starts[min(wish.own, wish.at_most)].append(key)
            self._raised[min(wish.at_least, wish.at_most)].append(key)
            if wish.own > wish.at_most:
                self._held[key] = wish.own, None

    def filled(self) -> dict[int, Effective]:
        for level in range(HIGHEST, 0, -1):
            self._spread(level, ((key, Cause.OWN) for key in self._starts[level]))
            self._spread(level, ((key, Cause.INHERITED) for key in sorted(self._waiting[level])))
            # Last, because cumulation explains only what nothing else does.
            self._spread(level, ((key, Cause.RAISED) for key in self._raised[level]))
        # At the limit 0 nothing is left of a need, but that was somebody's decision.
        return {key: self._found.get(key) or self._lowered(key, 0) or _NOTHING for key in self._wishes}

    def _spread(self, level: int, begin: Iterable[tuple[int, Cause]]) -> None:
        queue: deque[int] = deque()
        for key, cause in begin:
            if key not in self._found:
                self._found[key] = self._lowered(key, level) or Effective(level, cause)
                queue.append(key)
        while queue:
            key = queue.popleft()
            for target in self._edges.get(key, ()):
                if target not in self._found and self._reach(target, level, key):
                    queue.append(target)

    def _reach(self, target: int, level: int, source: int) -> bool:
        """Whether *target* takes over *level* from *source* now."""
        wish = self._wishes.get(target)
        if wish is None:
            return False
        if wish.at_most >= level:
            self._found[target] = self._lowered(target, level) or Effective(level, Cause.INHERITED, source)
            return True
        held = self._held.get(target)
        if held is None or held[0] < level:
            self._held[target] = level, source
        self._waiting[wish.at_most].append(target)
        return False

    def _lowered(self, key: int, level: int) -> Effective | None:
        held = self._held.get(key)
        return Effective(level, Cause.LOWERED, held[1], held[0]) if held else None


def way(found: Mapping[int, Effective], key: int) -> Iterator[int]:
    """The objects through which *key* got its level, from the next one to the one where it began."""
    seen = {key}
    source = found[key].source
    while source is not None and source not in seen:
        yield source
        seen.add(source)
        source = found[source].source if found[source].cause is Cause.INHERITED else None


# --- Cycles --------------------------------------------------------------------------------------


def cycles(edges: Edges) -> list[tuple[int, ...]]:
    """The groups of objects that depend on one another, each in ascending order.

    Tarjan's strongly connected components, without recursion, because chains may be long.
    """
    walk = _Components(edges)
    for key in sorted(edges):
        walk.visit(key)
    return sorted(walk.found)


class _Components:
    """The state of one walk for strongly connected components."""

    def __init__(self, edges: Edges) -> None:
        self._edges = edges
        self._index: dict[int, int] = {}
        self._low: dict[int, int] = {}
        self._stack: list[int] = []
        self._on_stack: set[int] = set()
        self.found: list[tuple[int, ...]] = []

    def visit(self, root: int) -> None:
        if root in self._index:
            return
        path = [(root, self._enter(root))]
        while path:
            key, targets = path[-1]
            for target in targets:
                if target not in self._index:
                    path.append((target, self._enter(target)))
                    break
                if target in self._on_stack:
                    self._low[key] = min(self._low[key], self._index[target])
            else:
                path.pop()
                if path:
                    self._low[path[-1][0]] = min(self._low[path[-1][0]], self._low[key])
                self._leave(key)

    def _enter(self, key: int) -> Iterator[int]:
        self._index[key] = self._low[key] = len(self._index)
        self._stack.append(key)
        self._on_stack.add(key)
        return iter(self._edges.get(key, ()))

    def _leave(self, key: int) -> None:
        if self._low[key] != self._index[key]:
            return
        group: list[int] = []
        while not group or group[-1] != key:
            group.append(self._stack.pop())
            self._on_stack.discard(group[-1])
        if len(group) > 1 or key in self._edges.get(key, ()):
            self.found.append(tuple(sorted(group)))
