"""The review of an impact assessment: its reasons, what became of the released version, and the cycle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.comparison import since_release
from assessments.dpia.dpia import Dpia
from assessments.dpia.lists_known import lists_since
from assessments.dpia.published_lists import NewVersion
from assessments.dpia.questions import catalogues
from assessments.dpia.review import (
    Changed,
    DpiaReview,
    Influence,
    ReviewReason,
    answer,
    begin,
    due_by,
    finish,
    is_reviewed,
    latest_next_review,
    open_reasons,
    reason_called,
    reasons_of,
    reviews_of,
    running_review,
)
from assessments.dpia.review_cycle import CYCLE_FACTS, DEFAULT_CYCLE, LONGEST, SHORTEST, cycle_of, keep_cycle
from compliance.access import Permission, demand, may, may_do, visible
from compliance.database import today
from compliance.entry import Entry
from compliance.errors import Refused
from compliance.fields import Kind, fields
from compliance.language import Text
from compliance.people import land_of
from compliance.web.entries import find
from compliance.web.site import language, me, reading, site, writing
from registers.authority import Authority

bp = Blueprint("dpia_reviews", __name__, url_prefix="/dpias")


# --- What pages show -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ToldChange:
    """One answer that changed, with what it is called."""

    label: str
    spec: Kind | None
    """``None`` for the state of the entry."""
    old: Any
    new: Any


@dataclass(frozen=True)
class ToldReason:
    """One reason as a page shows it."""

    reason: ReviewReason
    address: str
    """The page of the entry that gives it, if the person may see that."""
    changes: Sequence[ToldChange]


@dataclass(frozen=True)
class Standing:
    """Whether an assessment has to be reviewed, for its own page."""

    waiting: Sequence[ToldReason]
    lists: Sequence[NewVersion]
    """Shipped lists that are new since the decision and become reasons once a review begins."""
    running: DpiaReview | None
    due: date | None
    is_reviewed: bool


def about_review(session: Session, dpia: Dpia) -> Standing:
    """What the page of *dpia* says about its review."""
    return Standing(
        list(_told(session, open_reasons(session, dpia))),
        lists_since(dpia, land_of(session, dpia.organisation_id), today()) if is_reviewed(dpia) else (),
        running_review(session, dpia),
        due_by(dpia, cycle_of(session)),
        is_reviewed(dpia),
    )


def _told(session: Session, reasons: Iterable[ReviewReason]) -> Iterator[ToldReason]:
    for reason in reasons:
        model = site().registers.get(reason.cause_register)
        seen = model is not None and _may_see(session, model, reason.cause_id)
        if model is None or not seen:
            # Number and title are known to whoever sees the assessment, what the entry says is not.
            yield ToldReason(reason, "", ())
            continue
        address = url_for("entries.show", slug=model.slug, number=reason.cause_number)
        yield ToldReason(reason, address, [_told_change(model, one) for one in reason.changed])


def _may_see(session: Session, model: type[Entry], identity: Any) -> bool:
    query = visible(select(model.id).where(model.id == identity), me(), model)
    return session.scalar(query) is not None


def _told_change(model: type[Entry], one: Changed) -> ToldChange:
    spec = fields(model).get(one.field)
    return ToldChange(spec.label[language()] if spec else _STATE[language()], spec, one.old, one.new)


@dataclass(frozen=True)
class Done:
    """One finished review with the reasons it settled."""

    review: DpiaReview
    reasons: Sequence[ToldReason]


def _done(session: Session, dpia: Dpia) -> Iterator[Done]:
    told = list(_told(session, reasons_of(session, dpia)))
    for review in reviews_of(session, dpia):
        if review.finished_on is not None:
            yield Done(review, [one for one in told if one.reason.review is review])


# --- Pages ---------------------------------------------------------------------------------------


@bp.get("/<int:number>/review")
def show(number: int) -> str:
    """Reasons on top, then the comparison with the released version, then what it rests on."""
    with reading() as session:
        return _page(session, find(session, Dpia, number))


def _page(session: Session, dpia: Dpia, refusal: str = "") -> str:
    found = since_release(session, dpia)
    standing = about_review(session, dpia)
    return render_template(
        "dpias/review.html",
        dpia=dpia,
        standing=standing,
        unanswered=sum(not one.reason.is_answered for one in standing.waiting),
        found=found,
        sources=[one for one in found.sources if _may_see(session, type(one.entry), one.entry.id)],
        asks=_asks(),
        done=list(_done(session, dpia)),
        influences=list(Influence),
        latest=latest_next_review(session, dpia),
        may_edit=may_do(me(), Permission.EDIT, dpia),
        may_set_cycle=may(me(), Permission.EDIT, Authority.area),
        refusal=refusal,
        given=request.form,
    )


def _asks() -> dict[str, str]:
    """What each question of any catalogue asks."""
    return {
        id: question.ask[language()]
        for catalogue in catalogues().values()
        for id, question in catalogue.questions.items()
    }


@bp.post("/<int:number>/review/begin")
def start(number: int) -> Response | tuple[str, int]:
    """Begins a review, perhaps for a reason that no entry gives."""
    return _step(
        number,
        lambda session, dpia: begin(session, dpia, by=me(), told=request.form.get("told", "")),
        _("Die Überprüfung hat begonnen."),
    )


@bp.post("/<int:number>/review/reasons/<identity>")
def answer_reason(number: int, identity: str) -> Response | tuple[str, int]:
    """Records what came of one reason."""

    def step(session: Session, dpia: Dpia) -> None:
        reason = reason_called(session, dpia, identity)
        chosen = request.form.get("influence", "")
        answer(session, dpia, reason, chosen, request.form.get("explanation", ""), by=me())

    return _step(number, step, _("Die Antwort ist gespeichert."))


@bp.post("/<int:number>/review/finish")
def end(number: int) -> Response | tuple[str, int]:
    """Ends the review and sets the next day."""

    def step(session: Session, dpia: Dpia) -> None:
        next_review = _day(request.form.get("next_review", ""))
        finish(session, dpia, request.form.get("conclusion", ""), next_review, by=me())

    return _step(number, step, _("Die Überprüfung ist abgeschlossen."))


def _step(number: int, step: Any, said: str) -> Response | tuple[str, int]:
    try:
        with writing() as session:
            step(session, find(session, Dpia, number, Permission.EDIT))
    except Refused as error:
        with reading() as session:
            return _page(session, find(session, Dpia, number), error.text[language()]), 422
    flash(said, "success")
    return redirect(url_for(".show", number=number))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Refused(_NO_DAY) from error


@bp.route("/review-cycle", methods=["GET", "POST"])
def cycle() -> str | Response | tuple[str, int]:
    """After how many months assessments are reviewed at the latest, by risk."""
    demand(me(), Permission.EDIT, Authority)
    refusal = ""
    if request.method == "POST":
        try:
            with writing() as session:
                keep_cycle(session, request.form, by=me())
        except Refused as error:
            refusal = error.text[language()]
        else:
            flash(_("Der Turnus ist gespeichert."), "success")
            return redirect(url_for(".cycle"))
    with reading() as session:
        stored = cycle_of(session)
    page = render_template(
        "dpias/review_cycle.html",
        values={name: request.form.get(name, getattr(stored, name)) for name in CYCLE_FACTS},
        defaults=DEFAULT_CYCLE,
        shortest=SHORTEST,
        longest=LONGEST,
        refusal=refusal,
    )
    return (page, 422) if refusal else page


_STATE = Text("Status", "State")
_NO_DAY = Text("Das ist kein Datum. Beispiel: 31.12.2026.", "This is no date. Example: 31.12.2026.")
