"""Update rounds: the officer starts them and sees how far each unit is, the units answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, may_do
from compliance.entry import State, by_number
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.site import me, reading, writing
from registers import rounds
from registers.processing import ProcessingActivity
from registers.rounds import RoundReply, UpdateRound

bp = Blueprint("rounds", __name__, url_prefix="/rounds/<int:number>")


@dataclass(frozen=True)
class Led:
    """What the page of a round shows beside its fields."""

    progress: list[rounds.Progress]
    may_lead: bool

    @property
    def total(self) -> int:
        return sum(one.total for one in self.progress)

    @property
    def answered(self) -> int:
        return sum(one.answered for one in self.progress)


def about_round(session: Session, entry: UpdateRound) -> dict[str, Any]:
    """How far each unit is."""
    may_lead = may_do(me(), Permission.EDIT, entry) and entry.state is not State.ENDED
    return {"led": Led(rounds.progress(session, entry), may_lead)}


@bp.get("/")
def mine(number: int) -> str:
    """The activities I answer for, each with three answers."""
    with reading() as session:
        found = _round(session, number)
        asked = rounds.answerable(session, found, me())
        return render_template(
            "rounds.html", round=found, asked=asked, replies=RoundReply, ended=found.state is State.ENDED
        )


@bp.post("/<int:activity>")
def answer(number: int, activity: int) -> Response:
    """Takes the answer about one activity and leads to the next one."""
    reply = request.form.get("reply", "")
    if reply not in RoundReply.__members__:
        raise NotFound(_NO_REPLY)
    with writing() as session:
        found = _round(session, number)
        entry = find(session, ProcessingActivity, activity, Permission.EDIT)
        rounds.answer(session, found, entry, RoundReply[reply], by=me())
        following = _following(rounds.answerable(session, found, me()), activity)
    if reply == RoundReply.CHANGED.name:
        flash(_("Bitte ändern Sie jetzt, was sich geändert hat."), "info")
        return redirect(url_for("entries.edit", slug=ProcessingActivity.slug, number=activity))
    return redirect(url_for(".mine", number=number, _anchor=f"activity-{following}"))


def _following(asked: list[rounds.Asked], number: int) -> int:
    """The next activity without an answer after *number*, from the top again if need be."""
    numbers = [one.number for one in asked]
    start = numbers.index(number) if number in numbers else 0
    order = asked[start + 1 :] + asked[:start]
    return next((one.number for one in order if one.reply is None), number)


@bp.post("/start")
def start(number: int) -> Response:
    """Puts the round on the desks of the units."""
    with writing() as session:
        rounds.start(session, find(session, UpdateRound, number, Permission.EDIT), by=me())
    flash(_("Die Runde hat begonnen; sie steht nun bei den gefragten Einheiten."), "success")
    return redirect(url_for("entries.show", slug=UpdateRound.slug, number=number))


@bp.post("/finish")
def finish(number: int) -> Response:
    """Ends the round."""
    with writing() as session:
        rounds.finish(session, find(session, UpdateRound, number, Permission.EDIT), by=me())
    flash(_("Die Runde ist beendet."), "success")
    return redirect(url_for("entries.show", slug=UpdateRound.slug, number=number))


def _round(session: Session, number: int) -> UpdateRound:
    """A round that has begun, for whoever answers in rounds. Raises :class:`NotFound`."""
    found = by_number(session, UpdateRound, number)
    if found is None or found.started_on is None or not rounds.may_answer(me()):
        raise NotFound(_NO_ROUND)
    return found


_NO_ROUND = Text("Diese Aktualisierungsrunde gibt es nicht.", "There is no such update round.")
_NO_REPLY = Text("Diese Rückmeldung gibt es nicht.", "There is no such reply.")
