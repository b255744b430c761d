"""Privacy notices of an activity: to read, to print, to copy, and to record as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, object_session
from werkzeug.wrappers import Response

from compliance.access import Permission, may_do
from compliance.database import now
from compliance.errors import NotFound
from compliance.language import LANGUAGES, Text
from compliance.web.entries import find
from compliance.web.printing import sent
from compliance.web.site import language, me, reading, writing
from exports.letters import LETTER_FORMATS, Letter, Missing, plain_text
from exports.papers import NOTICES
from exports.reports.notice import notice
from exports.reports.register import Issuer
from registers.authority import Authority, authority_of
from registers.notices import PublishedNotice, notice_hash, published_notices, record_publication
from registers.processing import ProcessingActivity

bp = Blueprint("notices", __name__, url_prefix="/notices")

FULL, SHORT = "full", "short"


@dataclass(frozen=True)
class Gap:
    """What a notice lacks, and where it is filled in; no address where the person may not."""

    text: str
    address: str


@bp.get("/<int:number>")
def show(number: int) -> str:
    """The notice as the record makes it now, what it lacks, and what was published so far."""
    with reading() as session:
        activity = find(session, ProcessingActivity, number)
        authority = authority_of(session)
        letter = _letter(session, activity, authority)
        return render_template(
            "notices/show.html",
            activity=activity,
            document=letter.document,
            text=plain_text(letter.document),
            gaps=[_gap(one, activity, authority) for one in letter.missing],
            form=_form(),
            chosen=_language(),
            standing=standing(session, activity),
            may_edit=may_do(me(), Permission.EDIT, activity),
            may_export=may_do(me(), Permission.EXPORT, activity),
        )


@bp.get("/<int:number>/notice.<extension>")
def download(number: int, extension: str) -> Response:
    """The notice as PDF or as plain text."""
    if extension not in LETTER_FORMATS:
        raise NotFound(_NO_FORMAT)
    with reading() as session:
        activity = find(session, ProcessingActivity, number, Permission.EXPORT)
        document = _letter(session, activity, authority_of(session)).document
    return sent(document, LETTER_FORMATS[extension], f"{activity.designation}-{_('Datenschutzhinweise')}")


@bp.post("/<int:number>/published")
def published(number: int) -> Response:
    """Records that the notice, as the record makes it now, is published."""
    with writing() as session:
        activity = find(session, ProcessingActivity, number, Permission.EDIT)
        issuer = Issuer(me().organisation, now(), "de")
        text = plain_text(notice(activity, authority_of(session), issuer).document)
        day, place = _day(request.form.get("published_on", "")), request.form.get("place", "")
        record_publication(session, activity, day, place, text, by=me())
    flash(_("Die Veröffentlichung ist eingetragen."), "success")
    return redirect(url_for(".show", number=number))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _language() -> str:
    chosen = request.args.get("language", "")
    return chosen if chosen in LANGUAGES else language()


def _form() -> str:
    return SHORT if request.args.get("form") == SHORT else FULL


def _letter(session: Session, activity: ProcessingActivity, authority: Authority | None) -> Letter:
    issuer = Issuer(me().organisation, now(), _language())
    return NOTICES[_form()].write(session, activity, authority, issuer)


def _gap(missing: Missing, activity: ProcessingActivity, authority: Authority | None) -> Gap:
    entry = authority if missing.register else activity
    if entry is None or not may_do(me(), Permission.EDIT, entry):
        return Gap(missing.says[language()], "")
    edit = url_for("entries.edit", slug=entry.slug, number=entry.number, _anchor=f"field-{missing.field}")
    return Gap(missing.says[language()], edit)


# --- On the page of the activity -----------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What was published about an activity, and whether it still holds."""

    notices: Sequence[PublishedNotice]
    stale: bool


def standing(session: Session, activity: ProcessingActivity) -> Standing:
    """What was published about *activity*, the newest first."""
    notices = published_notices(session, activity)
    return Standing(notices, bool(notices) and notices[0].content != notice_hash(activity))


@bp.app_template_global("notices_about")
def notices_about(activity: ProcessingActivity) -> Standing:
    """The same for a page that shows *activity*."""
    session = object_session(activity)
    assert session is not None  # noqa: S101 -- pages show stored things only
    return standing(session, activity)


_NO_FORMAT = Text("Dieses Format gibt es nicht.", "There is no such format.")
