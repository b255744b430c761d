"""The public register: pages for everybody, without signing in.

They read the stored decisions of :mod:`registers.publication` and nothing else
of an activity, are the same for every reader, and may be kept by caches.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from assessments.dpia.public_summary import summaries_published
from compliance.database import folded
from compliance.errors import NotFound
from compliance.language import LANGUAGES, Text
from compliance.people import Organisation
from compliance.web.site import language, site
from exports.csv import neutral
from registers.processing import ProcessingActivity
from registers.publication import Publication, PublicField, is_public

bp = Blueprint("public", __name__, url_prefix="/public/<organisation>")
_FOR_EVERYBODY: Final = frozenset({bp.name, "public_assessments"})
"""Blueprints whose pages are the same for every reader."""

PAGE: Final = 50
_KEPT: Final = 300
"""Seconds for which a page may be shown without asking again; so long a withdrawal may take to arrive."""
LONGEST: Final = 6
"""Digits of a page or of a running number."""


@dataclass(frozen=True)
class Detail:
    """One published statement in the language of the page."""

    field: PublicField
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PublicEntry:
    """One activity as everybody may see it."""

    number: int
    name: str
    decided_on: Any
    details: tuple[Detail, ...]

    @property
    def designation(self) -> str:
        return ProcessingActivity.designate(self.number)

    def lines(self, name: str) -> tuple[str, ...]:
        """The statement called *name*; empty where it is not published."""
        return next((detail.lines for detail in self.details if detail.field.name == name), ())


def may_be_kept(response: Response) -> bool:
    """Whether caches may keep *response*: what was found on a page for everybody."""
    return request.blueprint in _FOR_EVERYBODY and response.status_code in (200, 304)


@bp.get("/register")
def register(organisation: str) -> BaseResponse:
    """The published activities, searched and by pages."""
    words = request.args.get("q", "").strip()[:200]
    with opened(organisation) as (session, place):
        assessed = summaries_published(session)
        total = session.scalar(_matching(select(func.count(Publication.id)), words)) or 0
        pages = max(1, -(-total // PAGE))
        page = min(asked_page(), pages)
        query = _matching(select(Publication.number, Publication.extract, Publication.decided_on), words)
        query = query.order_by(Publication.sort_key, Publication.id).limit(PAGE).offset((page - 1) * PAGE)
        entries = [_entry(row) for row in session.execute(query)]
    return kept(
        render_template(
            "public/register.html",
            address=address,
            place=place,
            entries=entries,
            words=words,
            total=total,
            page=page,
            pages=pages,
            purposes=PublicField.PURPOSES.name,
            assessed=assessed,
        )
    )


@bp.get("/register/<int:number>")
def entry(organisation: str, number: int) -> BaseResponse:
    """One published activity."""
    with opened(organisation) as (session, place):
        row = None
        if len(str(number)) <= LONGEST:
            columns = select(Publication.number, Publication.extract, Publication.decided_on)
            row = session.execute(columns.where(Publication.number == number, is_public())).one_or_none()
        if row is None:
            raise NotFound(_NO_ENTRY)
    return kept(render_template("public/entry.html", address=address, place=place, entry=_entry(row)))


@bp.get("/register.<extension>")
def download(organisation: str, extension: str) -> BaseResponse:
    """All published activities as open data: CSV or JSON."""
    if extension not in _WRITERS:
        raise NotFound(_NO_FORMAT)
    with opened(organisation) as (session, place):
        query = select(Publication.number, Publication.extract, Publication.decided_on).where(is_public())
        entries = [_entry(row) for row in session.execute(query.order_by(Publication.number))]
    write, media_type = _WRITERS[extension]
    response = kept(write(place, entries))
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{organisation}-register.{extension}"'
    return response


# --- Whose register, in which language -----------------------------------------------------------


@contextmanager
def opened(name: str) -> Iterator[tuple[Session, str]]:
    """A snapshot of the organisation with that public name, and its name.

    Raises :class:`NotFound` where there is none and where its register is switched off.
    """
    # The address alone decides what a page says, or a cache would mix up its readers.
    chosen = request.args.get("language", "")
    g.language = chosen if chosen in LANGUAGES else "de"
    with site().database.reading() as session:
        query = select(Organisation.id, Organisation.name)
        query = query.where(Organisation.public_name == name, Organisation.public_register.is_(True))
        found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound(_NO_REGISTER)
    with site().database.reading(found.id) as session:
        yield session, found.name


def address(endpoint: str = "", **changes: object) -> str:
    """Where the present page is under other circumstances; ``None`` drops one of them."""
    values: dict[str, Any] = {name: request.args.get(name) for name in ("q", "page")}
    values |= {"language": language(), **(request.view_args or {}), **changes}
    said = {name: value for name, value in values.items() if value not in (None, "")}
    return url_for(endpoint or request.endpoint or f"{bp.name}.register", **said)


def _matching(query: Any, words: str) -> Any:
    query = query.where(is_public())
    return query.where(Publication.search.contains(folded(words), autoescape=True)) if words else query


def asked_page() -> int:
    """The page of a long list that was asked for, 1 where that is no number."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) <= LONGEST else 1


def _entry(row: Any) -> PublicEntry:
    extract = json.loads(row.extract)
    details = tuple(
        Detail(field, tuple(extract["details"][field.name][language()]))
        for field in PublicField
        if field.name in extract["details"]
    )
    return PublicEntry(row.number, extract["name"], row.decided_on, details)


def kept(body: str) -> Response:
    """*body* as a response that caches may keep, and may ask about by its tag."""
    response = make_response(body)
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT
    response.add_etag()
    response.make_conditional(request)
    return response


# --- Open data -----------------------------------------------------------------------------------


def _as_json(place: str, entries: list[PublicEntry]) -> str:
    return json.dumps(
        {"organisation": place, "language": language(), "activities": [_as_data(one) for one in entries]},
        ensure_ascii=False,
        indent=2,
    )


def _as_data(one: PublicEntry) -> Mapping[str, Any]:
    return {
        "number": one.designation,
        "name": one.name,
        "published": one.decided_on.isoformat(),
        **{detail.field.name.lower(): detail.lines for detail in one.details},
    }


def _as_csv(_place: str, entries: list[PublicEntry]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    labels = [*(text[language()] for text in _COLUMNS), *(field.text[language()] for field in PublicField)]
    writer.writerow(labels)
    for one in entries:
        said = ("; ".join(one.lines(field.name)) for field in PublicField)
        row = (one.designation, one.name, one.decided_on.isoformat(), *said)
        writer.writerow([neutral(cell) for cell in row])
    return f"\ufeff{out.getvalue()}"


_WRITERS: Final = {
    "json": (_as_json, "application/json"),
    "csv": (_as_csv, "text/csv; charset=utf-8"),
}
_COLUMNS: Final = (
    Text("Nr.", "No."),
    Text("Bezeichnung", "Name"),
    Text("Veröffentlicht am", "Published on"),
)
_NO_REGISTER = Text("Hier gibt es kein öffentliches Verzeichnis.", "There is no public register here.")
_NO_ENTRY = Text("Diese Tätigkeit ist nicht veröffentlicht.", "This activity is not published.")
_NO_FORMAT = Text("Dieses Format gibt es nicht.", "There is no such format.")
