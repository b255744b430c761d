"""Measures in words from the IT-Grundschutz check, on the pages of activities and impact assessments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.described.answers import Place
from assessments.described.description import (
    FIELD,
    Describing,
    Description,
    confirm,
    description_of,
    fingerprint,
    may_confirm,
    take,
)
from assessments.dpia.dpia import Dpia
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from compliance.access import Permission, may, may_unseal
from compliance.database import today
from compliance.entry import is_template
from compliance.errors import Forbidden, NotFound, Outdated
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import language, me, reading, writing
from registers.processing import ProcessingActivity

bp = Blueprint("described", __name__, url_prefix="/described")

_MODELS: Final[dict[str, type[Describing]]] = {ProcessingActivity.slug: ProcessingActivity, Dpia.slug: Dpia}


@dataclass(frozen=True)
class Named:
    """One requirement as a reader knows it, with where and when it was found met."""

    id: str
    title: str
    places: tuple[Place, ...] = ()
    checked_on: date | None = None


@dataclass(frozen=True)
class Panel:
    """What the page of an entry shows about its measures in words."""

    description: Description
    text: str
    """What would be taken over now, in the language of the record."""
    text_here: str
    """The same in the language of the page; empty where that is the language of the record."""
    may_see_behind: bool
    """Whether the person works with the list on which the words rest, and does not only read."""
    gone: Sequence[Named]
    new: Sequence[Named]
    read: str
    """Stands for the text that the person sees and may confirm."""
    field: str
    may_confirm: bool


@bp.app_template_global("described_measures")
def described_measures(entry: Describing) -> Panel | None:
    """The measures of *entry* in words; ``None`` for templates, which use nothing."""
    session = object_session(entry)
    if session is None or is_template(entry):
        return None
    found = description_of(session, entry)
    sees = _may_see_behind(entry)
    return Panel(
        description=found,
        text=found.words.text("de", today()),
        text_here=found.words.text(language(), today()) if language() != "de" else "",
        may_see_behind=sees,
        gone=list(_named(found.answers_gone)) if sees else (),
        new=list(_named(found.answers_new)) if sees else (),
        read=fingerprint(found.current),
        field=FIELD[type(entry)],
        may_confirm=may_confirm(me(), entry),
    )


def _may_see_behind(entry: Describing) -> bool:
    """The list names systems, so it is for those who work on the entry or on information security."""
    return may_unseal(me(), entry) or _sees_security()


def _sees_security() -> bool:
    return may(me(), Permission.VIEW, InformationDomain.area)


@bp.get("/<slug>/<int:number>")
def behind(slug: str, number: int) -> str:
    """The list on which the words rest: what is met, where, and since when that is known."""
    with reading() as session:
        entry = _found(session, slug, number, Permission.VIEW)
        if not _may_see_behind(entry):
            raise Forbidden(_INTERNAL)
        found = description_of(session, entry)
        return render_template(
            "described/behind.html",
            model=type(entry),
            entry=entry,
            found=found,
            met=[
                Named(each, _title(each), met.places, met.checked_on) for each, met in found.basis.met.items()
            ],
            # What is missing where is the business of information security.
            held_back=list(_named(found.basis.held_back)) if _sees_security() else (),
        )


def _named(requirements: Sequence[str]) -> Iterator[Named]:
    return (Named(each, _title(each)) for each in requirements)


def _title(requirement: str) -> str:
    try:
        return edition_2023().requirement(requirement).title
    except KeyError:
        return ""


@bp.post("/<slug>/<int:number>/take")
def take_over(slug: str, number: int) -> Response:
    """Takes the words over as they were shown, or keeps the text expressly."""
    keep = request.form.get("then") == "keep"
    try:
        with writing() as session:
            entry = _found(session, slug, number)
            take(session, entry, request.form.get("answers", ""), by=me(), keep=keep)
    except (StaleDataError, IntegrityError) as error:
        raise Outdated(_CHANGED) from error
    if request.form.get("then") == "edit":
        anchor = f"field-{FIELD[_MODELS[slug]]}"
        return redirect(url_for("entries.edit", slug=slug, number=number, _anchor=anchor))
    flash(_("Der bisherige Text bleibt.") if keep else _("Die Beschreibung ist übernommen."), "success")
    return _back(slug, number)


@bp.post("/<slug>/<int:number>/confirm")
def confirm_text(slug: str, number: int) -> Response:
    """Records that the department stands for the text."""
    with writing() as session:
        confirm(session, _found(session, slug, number), request.form.get("read", ""), by=me())
    flash(_("Die Beschreibung der Maßnahmen ist bestätigt."), "success")
    return _back(slug, number)


def _found(session: Session, slug: str, number: int, permission: Permission = Permission.EDIT) -> Describing:
    if slug not in _MODELS:
        raise NotFound(_NO_SUCH)
    entry: Describing = find(session, _MODELS[slug], number, permission)
    return entry


def _back(slug: str, number: int) -> Response:
    return redirect(url_for("entries.show", slug=slug, number=number, _anchor="described"))


_NO_SUCH: Final = Text("Diese Seite gibt es nicht.", "There is no such page.")
_INTERNAL: Final = Text(
    "Diese Liste ist nur für die interne Arbeit bestimmt.", "This list is for internal work only."
)
_CHANGED: Final = Text(
    "Der Eintrag wurde inzwischen von jemand anderem geändert. Bitte laden Sie die Seite neu.",
    "The entry was changed by somebody else in the meantime. Please load the page again.",
)
