"""What an audit would object to in the measures of an implementation plan (Umsetzungsplanung)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, bindparam, inspect, or_, select

from assessments.grundschutz.check import UNMET
from assessments.grundschutz.controls import ControlAnswer, Fit
from compliance.database import Query
from compliance.fields import is_empty
from compliance.language import Text
from compliance.rules import Case, Follows, Hit, Reads, RuleBook, Severity, Situation, opening
from registers.measures import IN_EFFECT, TAKE_OVER, Measure, Progress

RULES: Final = RuleBook(Measure)

_SOURCE: Final = "BSI-Standard 200-2, Umsetzungsplanung"
_TREATED: Final = Reads("AnalysedThreat", "measures", ("treatment",))
_CONTROLS: Final = Reads(
    "ControlAnswer",
    "planned",
    ("control_id",),
    narrow=lambda query: query.where(
        ControlAnswer.status.in_(UNMET),
        or_(ControlAnswer.fit.is_(None), ControlAnswer.fit != Fit.DROPPED),
    ),
)
_TODAY: Final = date(2026, 3, 2)


# --- What a measure waits for --------------------------------------------------------------------

_IDS: Final[Any] = bindparam("ids", expanding=True)
_MINE: Final[Any] = bindparam("organisation")


def _links() -> Any:
    return inspect(Measure).relationships["depends_on"].secondary


def _ways() -> Query:
    """Every dependency on the ways that begin at the judged measures, with what is known of its end."""
    links, here, start = _links(), Measure.organisation_id == _MINE, Measure.id.label("node")
    reached = select(Measure.id.label("start"), start).where(here, Measure.id.in_(_IDS)).cte(recursive=True)
    mine = and_(links.c.organisation_id == _MINE, links.c.source_id == reached.c.node)
    reached = reached.union(select(reached.c.start, links.c.target_id).join(links, mine))
    onwards = and_(links.c.organisation_id == _MINE, links.c.source_id == reached.c.node)
    target = and_(Measure.organisation_id == _MINE, Measure.id == links.c.target_id)
    return (
        select(
            reached.c.start,
            links.c.source_id,
            links.c.target_id,
            Measure.number,
            Measure.name,
            Measure.planned_until,
            Measure.progress,
        )
        .join(links, onwards)
        .join(Measure, target)
    )


def _waiting() -> Query:
    """Every measure that waits for one of those that changed, however far."""
    links = _links()
    found = select(Measure.id).where(Measure.organisation_id == _MINE, Measure.id.in_(_IDS))
    reached = found.cte(recursive=True)
    mine = and_(links.c.organisation_id == _MINE, links.c.target_id == reached.c.id)
    reached = reached.union(select(links.c.source_id).join(reached, mine))
    return select(reached.c.id)


_WAYS: Final = Follows("Measure", _ways, ("depends_on", "planned_until", "progress", "name"), _waiting)


# --- Examples ------------------------------------------------------------------------------------


def _planned(**answers: Any) -> Measure:
    found: dict[str, Any] = {
        "name": "Berechtigungskonzept",
        "unmet": "ORP.4.A1",
        "progress": Progress.PLANNED,
        "responsible": "Zentrale IT",
        "planned_until": date(2026, 9, 30),
        "staff_once": 1200,
    }
    return Measure(**(found | answers))


def _after(end: date | None, *, circle: bool = False, **answers: Any) -> Case:
    """A measure that depends on another one which ends on that day, and perhaps depends on it in turn."""
    measure = _planned(id=uuid.UUID(int=1), **answers)
    there = _edge(1, 2, end)
    near = [there, _edge(2, 1, measure.planned_until)] if circle else [there]
    return Case(measure, Situation(_TODAY, near={"Measure": near}))


def _edge(source: int, target: int, end: date | None) -> Any:
    return SimpleNamespace(
        source_id=uuid.UUID(int=source),
        target_id=uuid.UUID(int=target),
        number=target,
        name="Verzeichnisdienst erneuern",
        planned_until=end,
        progress=Progress.PLANNED,
    )


def _is_planned(measure: Measure, situation: Situation) -> bool:
    """Whether the check or a risk analysis still waits for it."""
    waiting = measure.unmet or situation.near.get("AnalysedThreat") or situation.near.get("ControlAnswer")
    return not measure.is_in_effect and bool(waiting)


# --- Rules ---------------------------------------------------------------------------------------


@RULES.rule(
    "GSP-001",
    Severity.WARNING,
    _SOURCE,
    field="responsible",
    says=Text(
        "Die Maßnahme gehört zum Umsetzungsplan, aber „{field}“ fehlt.",
        "The measure belongs to the implementation plan, but “{field}” is missing.",
    ),
    remedy=Text(
        "Festlegen, wer die Maßnahme bis wann umsetzt.", "Decide who implements the measure by when."
    ),
    breaks=lambda: _planned(responsible=""),
    keeps=_planned,
    reads=(_TREATED, _CONTROLS),
)
def _somebody_stands_for_it(measure: Measure, situation: Situation) -> Iterable[Hit]:
    if _is_planned(measure, situation):
        for name in ("responsible", "planned_until"):
            if is_empty(getattr(measure, name)):
                yield Hit(words={"field": name})


_COSTS: Final = ("staff_once", "material_once", "staff_yearly", "material_yearly")


@RULES.rule(
    "GSP-002",
    Severity.HINT,
    _SOURCE,
    field="staff_once",
    says=Text(
        "Für die Maßnahme des Umsetzungsplans sind keine Kosten geschätzt.",
        "No costs are estimated for the measure of the implementation plan.",
    ),
    remedy=Text(
        "Einmalige und jährliche Personal- und Sachkosten schätzen; 0, wo keine entstehen.",
        "Estimate staff and material costs, one-off and yearly; 0 where there are none.",
    ),
    breaks=lambda: _planned(staff_once=None),
    keeps=lambda: _planned(staff_once=0),
    reads=(_TREATED, _CONTROLS),
)
def _costs_are_estimated(measure: Measure, situation: Situation) -> Iterable[Hit]:
    if _is_planned(measure, situation) and all(getattr(measure, name) is None for name in _COSTS):
        yield Hit()


@RULES.rule(
    "GSP-003",
    Severity.WARNING,
    _SOURCE,
    field="planned_until",
    says=Text("Die Maßnahme sollte bis {day} umgesetzt sein.", "The measure was to be implemented by {day}."),
    remedy=Text(
        "Den Stand nachtragen oder mit der Leitung einen neuen Termin vereinbaren.",
        "Update the progress, or agree on a new day with management.",
    ),
    breaks=lambda: Case(_planned(planned_until=date(2026, 3, 1)), Situation(_TODAY)),
    keeps=lambda: Case(_planned(planned_until=_TODAY), Situation(_TODAY)),
    reads=(_TREATED, _CONTROLS),
)
def _it_is_on_time(measure: Measure, situation: Situation) -> Iterable[Hit]:
    until = measure.planned_until
    if _is_planned(measure, situation) and until is not None and until < situation.today:
        yield Hit(words={"day": until.isoformat()})


@RULES.rule(
    "GSP-004",
    Severity.ERROR,
    _SOURCE,
    field="depends_on",
    says=Text(
        "Die Maßnahme setzt sich über {measures} selbst voraus.",
        "The measure depends on itself by way of {measures}.",
    ),
    remedy=Text(
        "Eine der Abhängigkeiten entfernen; sonst kann keine dieser Maßnahmen beginnen.",
        "Remove one of the dependencies; else none of these measures can begin.",
    ),
    breaks=lambda: _after(date(2026, 6, 30), circle=True),
    keeps=lambda: _after(date(2026, 6, 30)),
    reads=(_WAYS,),
)
def _nothing_waits_for_itself(measure: Measure, situation: Situation) -> Iterable[Hit]:
    way = _way_back(measure.id, situation.near.get("Measure", ()))
    if way is not None:
        yield Hit(words={"measures": ", ".join(_called(edge) for edge in way) or measure.designation})


def _way_back(start: uuid.UUID, edges: Sequence[Any]) -> list[Any] | None:
    """The shortest way from a measure back to itself, without its last step; ``None`` if there is none."""
    onwards: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: edge.number):
        onwards[edge.source_id].append(edge)
    ways: list[list[Any]] = [[edge] for edge in onwards[start]]
    seen: set[uuid.UUID] = set()
    for way in ways:
        node = way[-1].target_id
        if node == start:
            return way[:-1]
        if node not in seen:
            seen.add(node)
            ways += [[*way, edge] for edge in onwards[node]]
    return None


def _called(edge: Any) -> str:
    return f"{Measure.designate(edge.number)} {opening(edge.name)}".strip()


@RULES.rule(
    "GSP-005",
    Severity.WARNING,
    _SOURCE,
    field="planned_from",
    says=Text(
        "Die Maßnahme setzt {measure} voraus, die erst am {day} fertig sein soll.",
        "The measure depends on {measure}, which is to be finished on {day} only.",
    ),
    remedy=Text(
        "Termine so legen, dass jede Maßnahme nach denen beginnt, auf die sie wartet.",
        "Set the days so that each measure begins after those for which it waits.",
    ),
    breaks=lambda: _after(date(2026, 10, 31)),
    keeps=lambda: _after(date(2026, 6, 30), planned_from=date(2026, 7, 1)),
    reads=(_WAYS,),
)
def _it_begins_after_what_it_needs(measure: Measure, situation: Situation) -> Iterator[Hit]:
    begins = measure.planned_from or measure.planned_until
    if measure.is_in_effect or begins is None:
        return
    for edge in sorted(situation.near.get("Measure", ()), key=lambda edge: edge.number):
        end = edge.planned_until
        if edge.source_id == measure.id and edge.progress not in IN_EFFECT and end and end >= begins:
            yield Hit(words={"measure": _called(edge), "day": end.isoformat()})


@RULES.rule(
    "GSP-006",
    Severity.WARNING,
    "BSI-Standard 200-2, IT-Grundschutz-Check",
    field="progress",
    says=Text(
        "Die Maßnahme ist umgesetzt; der IT-Grundschutz-Check führt {ids} noch als nicht oder nur teilweise "
        "erfüllt.",
        "The measure is implemented; the IT-Grundschutz check still lists {ids} as not met, or partially.",
    ),
    remedy=Text(
        "Auf der Seite der Maßnahme die vorgeschlagenen Antworten übernehmen, oder ihren Stand berichtigen.",
        "Take over the proposed answers on the page of the measure, or correct its progress.",
    ),
    breaks=lambda: _planned(progress=Progress.IMPLEMENTED),
    keeps=lambda: _planned(progress=Progress.IMPLEMENTED, unmet=""),
    reads=(_CONTROLS,),
)
def _the_check_follows(measure: Measure, situation: Situation) -> Iterable[Hit]:
    controls = sorted(row.control_id for row in situation.near.get("ControlAnswer", ()))
    if measure.is_in_effect and (measure.unmet or controls):
        yield Hit(words={"ids": ", ".join(filter(None, (measure.unmet, *controls)))}, task=TAKE_OVER)
