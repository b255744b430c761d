"""One search over everything the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy import func, select

from compliance.access import Permission, may, visible
from compliance.database import folded
from compliance.entry import Entry
from compliance.web.site import me, reading, site

bp = Blueprint("search", __name__)

_SHOWN = 10


@dataclass(frozen=True)
class Hits:
    """What one register holds for the words searched."""

    model: type[Entry]
    total: int
    entries: tuple[tuple[int, str], ...]


@bp.get("/search")
def search() -> str:
    """Everything that holds the words searched, by register."""
    words = request.args.get("q", "").strip()
    found: list[Hits] = []
    if words:
        with reading() as session:
            for model in site().registers.values():
                if may(me(), Permission.VIEW, model.area):
                    query = select(model.number, model.name, func.count().over().label("total"))
                    matching = model.search.contains(folded(words), autoescape=True)
                    query = visible(query, me(), model).where(matching).order_by(model.sort_key)
                    rows = session.execute(query.limit(_SHOWN)).all()
                    if rows:
                        entries = tuple((row.number, row.name) for row in rows)
                        found.append(Hits(model, rows[0].total, entries))
    return render_template("search.html", words=words, found=found)
