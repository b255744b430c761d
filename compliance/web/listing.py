"""Lists of entries: what an address asks for, answered with few and fast queries.

Lists select columns, never entities. The ids of one page come from a covering
index, and everything shown is looked up for these ids alone, so that page 200
costs what page 1 costs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Text, and_, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from compliance.access import Identity, visible
from compliance.agenda import AgendaItem, Matter
from compliance.database import Query, folded, today
from compliance.entry import Entry, State, class_called
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Flag,
    Kind,
    Line,
    Number,
    Reference,
    fields,
    shown,
)
from compliance.findings import Finding
from compliance.people import Unit
from compliance.rules import Severity

PAGE: Final = 50
SOON: Final = timedelta(days=30)


@dataclass(frozen=True)
class View:
    """The view of a register that an address describes, so that it can be bookmarked."""

    search: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: str = "name"
    descending: bool = False
    page: int = 1

    @classmethod
    def from_address(cls, model: type[Entry], arguments: Mapping[str, str]) -> View:
        """The view that the query string asks for; what it does not understand is left out."""
        sort = arguments.get("sort", "name")
        page = arguments.get("page", "1")
        chosen = ((name, arguments.get(name, "")) for name in filter_names(model))
        return cls(
            search=arguments.get("q", "").strip(),
            filters=tuple((name, value) for name, value in chosen if value),
            sort=sort.removeprefix("-") if sort.removeprefix("-") in sort_names(model) else "name",
            descending=sort.startswith("-"),
            page=max(1, int(page)) if page.isdecimal() and len(page) < 8 else 1,
        )

    def address(self, **changes: Any) -> dict[str, str]:
        """The query string of this view with *changes*; a new view starts on its first page."""
        view = replace(self, **({"page": 1} | changes))
        found = dict(view.filters)
        if view.search:
            found["q"] = view.search
        if view.sort != "name" or view.descending:
            found["sort"] = f"-{view.sort}" if view.descending else view.sort
        if view.page > 1:
            found["page"] = str(view.page)
        return found

    def sorted_by(self, name: str) -> dict[str, str]:
        """The address that sorts by *name*, or turns the order round."""
        return self.address(sort=name, descending=self.sort == name and not self.descending)

    def without(self, name: str) -> dict[str, str]:
        """The address of this view without the filter *name*."""
        return self.address(filters=tuple(pair for pair in self.filters if pair[0] != name))

    def chosen(self, name: str) -> str:
        """The word by which *name* is filtered, or nothing."""
        return dict(self.filters).get(name, "")


def listed(model: type[Entry]) -> dict[str, Kind]:
    """The fields of *model* that are columns of its list, besides name and unit."""
    return {
        name: spec
        for name, spec in fields(model).items()
        if spec.listed and name not in ("name", "unit") and not isinstance(spec, Choices)
    }


def filter_names(model: type[Entry]) -> list[str]:
    """What a list of *model* can be filtered by."""
    own = [name for name, spec in fields(model).items() if spec.listed and _filters(spec) and name != "unit"]
    due = ["due"] if model.due else []
    return ["unit", "state", *own, "findings", "rule", *due]


def _filters(spec: Kind) -> bool:
    match spec:
        case Choice() | Choices() | Flag() | Reference():
            return True
        case _:
            return False


def sort_names(model: type[Entry]) -> list[str]:
    """What a list of *model* can be sorted by."""
    own = [name for name, spec in listed(model).items() if isinstance(spec, Day | Number | Line | Choice)]
    return ["number", "name", "unit", "state", "gaps", *own]


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    id: uuid.UUID
    number: int
    designation: str
    name: str
    unit: str
    state: State
    changed: bool
    gaps: int
    cells: tuple[str, ...]
    findings: tuple[tuple[Severity, int], ...] = ()


@dataclass(frozen=True)
class Listing:
    """One page of a register."""

    total: int
    rows: tuple[Row, ...]
    pages: int


def page_of(session: Session, model: type[Entry], view: View, identity: Identity) -> Listing:
    """The page of *model* that *view* asks for, as *identity* may see it."""
    total = session.scalar(_narrowed(select(func.count()).select_from(model), model, view, identity)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(view.page, pages)
    ids = _ids(session, model, view, identity, total, number)
    rows = _looked_up(session, model, ids, identity.language)
    return Listing(total, _with_findings(session, rows), pages)


def every_row(session: Session, model: type[Entry], view: View, identity: Identity) -> Iterator[Row]:
    """All rows of the view, page by page, for exports."""
    total = session.scalar(_narrowed(select(func.count()).select_from(model), model, view, identity)) or 0
    for number in range(1, -(-total // PAGE) + 1):
        ids = _ids(session, model, view, identity, total, number)
        yield from _looked_up(session, model, ids, identity.language)


def matching_ids(session: Session, model: type[Entry], view: View, identity: Identity) -> Sequence[uuid.UUID]:
    """The ids of everything in the view, in its order."""
    query = _narrowed(select(model.id), model, view, identity)
    return session.scalars(query.order_by(*_order(model, view, reverse=False))).all()


def _ids(
    session: Session, model: type[Entry], view: View, identity: Identity, total: int, number: int
) -> Sequence[uuid.UUID]:
    """The ids of one page; the second half of a long list is counted from its end."""
    start = (number - 1) * PAGE
    size = min(PAGE, total - start)
    reverse = start > total // 2
    offset = total - start - size if reverse else start
    query = _narrowed(select(model.id), model, view, identity)
    query = query.order_by(*_order(model, view, reverse=reverse)).limit(max(size, 0)).offset(offset)
    ids = session.scalars(query).all()
    return ids[::-1] if reverse else ids


def _order(model: Any, view: View, *, reverse: bool) -> list[Any]:
    descending = view.descending != reverse
    keys = [model.sort_key, model.id]
    if view.sort != "name":
        keys.insert(0, _unit_as_read(model) if view.sort == "unit" else getattr(model, view.sort))
    return [key.desc() if descending else key for key in keys]


@cache
def _unit_as_read(model: Any) -> Any:
    """What is shown of the responsible unit, for sorting."""
    unit = aliased(Unit)
    mine = and_(unit.organisation_id == model.organisation_id, unit.id == model.unit_id)
    return select(unit.key + " " + unit.name).where(mine).correlate(model).scalar_subquery()


def _narrowed(query: Query, model: Any, view: View, identity: Identity) -> Query:
    query = visible(query, identity, model)
    if view.search:
        query = query.where(model.search.contains(folded(view.search), autoescape=True))
    for name, value in view.filters:
        query = query.where(_condition(model, name, value))
    return query


def _condition(model: Any, name: str, value: str) -> Any:
    match name:
        case "unit":
            return model.unit_id == _uuid(value)
        case "state":
            if value == "CHANGED":
                return model.changed_since_release
            return model.state == (State[value] if value in State.__members__ else None)
        case "findings":
            return model.id.in_(_with_severity(value))
        case "rule":
            return model.id.in_(select(Finding.entry_id).where(Finding.rule == value))
        case "due":
            return model.id.in_(_due(value))
        case _:
            return _answered(model, name, fields(model)[name], value)


def _with_severity(value: str) -> Any:
    severity = Severity[value] if value in Severity.__members__ else Severity.ERROR
    return select(Finding.entry_id).where(Finding.severity == severity)


def _due(value: str) -> Any:
    """The ids of what is overdue, or due soon, as the agenda knows it."""
    days = AgendaItem.day < today() if value == "overdue" else AgendaItem.day.between(today(), today() + SOON)
    matters = (Matter.CLOCK.value, Matter.DUE.value)
    return select(AgendaItem.entry_id).where(AgendaItem.matter.in_(matters), days)


def _answered(model: Any, name: str, spec: Kind, value: str) -> Any:
    column = getattr(model, name)
    match spec:
        case Choice():
            return column == (spec.words[value] if _known(spec, value) else None)
        case Choices():
            return _as_text(column).contains(f"|{value}|", autoescape=True)
        case Flag():
            return column.is_(value == "yes") if value != "open" else column.is_(None)
        case Reference():
            return getattr(model, f"{name}_id") == _uuid(value)
        case _:
            raise ValueError(name)


def _as_text(column: Any) -> Any:
    return type_coerce(column, Text)


def _known(spec: Choice, value: str) -> bool:
    return value in {item.name for item in spec.words}


def _uuid(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        return uuid.UUID(int=0)


def _looked_up(session: Session, model: Any, ids: Sequence[uuid.UUID], language: str) -> tuple[Row, ...]:
    specs = listed(model)
    found = {row[0]: row for row in session.execute(_lines(model).where(model.id.in_(ids)))}
    return tuple(_row(model, specs, found[identity], language) for identity in ids)


@cache
def _lines(model: Any) -> Query:
    """All lines of the list of *model*; made once, because so many columns take long to name."""
    columns, joins = _columns(model, listed(model))
    query = select(
        model.id, model.number, model.name, model.state, model.changed_since_release, model.gaps, *columns
    )
    for target, condition in joins:
        query = query.outerjoin(target, condition)
    return query


def _columns(model: Any, specs: Mapping[str, Kind]) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """Selected columns after the common ones; references bring the name of their target by a join."""
    unit = aliased(Unit)
    columns: list[Any] = [unit.key, unit.name]
    joins: list[tuple[Any, Any]] = [
        (unit, and_(unit.organisation_id == model.organisation_id, unit.id == model.unit_id))
    ]
    for name, spec in specs.items():
        if isinstance(spec, Reference):
            target = aliased(class_called(spec.target))
            tie = getattr(model, f"{name}_id")
            joins.append((target, and_(target.organisation_id == model.organisation_id, target.id == tie)))
            columns.append(target.name)
        else:
            columns.append(getattr(model, name))
    return columns, joins


def _row(model: Any, specs: Mapping[str, Kind], found: Any, language: str) -> Row:
    identity, number, name, state, changed, gaps, unit_key, unit_name, *values = found
    return Row(
        id=identity,
        number=number,
        designation=model.designate(number),
        name=name,
        unit=f"{unit_key or ''} {unit_name or ''}".strip(),
        state=state,
        changed=changed,
        gaps=gaps,
        cells=tuple(shown(spec, value, language) for spec, value in zip(specs.values(), values, strict=True)),
    )


def _with_findings(session: Session, rows: Sequence[Row]) -> tuple[Row, ...]:
    query = (
        select(Finding.entry_id, Finding.severity, func.count())
        .where(Finding.entry_id.in_([row.id for row in rows]))
        .group_by(Finding.entry_id, Finding.severity)
    )
    counted: dict[uuid.UUID, dict[Severity, int]] = {}
    for entry_id, severity, count in session.execute(query):
        counted.setdefault(entry_id, {})[severity] = count
    return tuple(replace(row, findings=_graded(counted.get(row.id, {}))) for row in rows)


def _graded(counts: Mapping[Severity, int]) -> tuple[tuple[Severity, int], ...]:
    return tuple((severity, counts[severity]) for severity in Severity if severity in counts)
