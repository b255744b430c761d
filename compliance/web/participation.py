"""Hearing somebody about an impact assessment: steps, colleagues, invitations, and what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.participation import (
    Participation,
    Result,
    Voice,
    ask,
    begin,
    consider,
    expected,
    give_answer,
    step_called,
    unheard,
    waive,
)
from assessments.dpia.prefill import sources_of
from assessments.dpia.settings import matrix_of
from assessments.dpia.summary import summarise
from compliance.access import Permission, may_do
from compliance.comments import Colleague, colleagues
from compliance.database import now, today
from compliance.errors import Forbidden, NotFound, Refused
from compliance.fields import tidy_line
from compliance.invitations import (
    Invitation,
    address_of,
    invitation_message,
    invitations_about,
    invite,
    revoke,
)
from compliance.language import Text
from compliance.mail import Message, Undelivered, can_send, send
from compliance.people import Role
from compliance.web.dpia import back_to
from compliance.web.dpia_changes import touch
from compliance.web.entries import find
from compliance.web.site import language, me, reading, site, writing

bp = Blueprint("participation", __name__, url_prefix="/dpias/<int:number>/participation")


@bp.post("/begin")
def start(number: int) -> Response:
    """Adds the steps for one voice, or for every one that the facts ask for."""
    with writing() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        activities = sources_of(session, dpia)
        chosen = request.form.get("voice", "")
        lacking = [one.voice for one in unheard(dpia.participation, expected(activities))]
        for voice in lacking if chosen == "all" else [Voice[chosen]] if chosen in Voice.__members__ else []:
            begin(dpia, voice, activities)
        touch(dpia)
    return back_to(dpia, "participation")


@bp.get("/summary")
def preview(number: int) -> str:
    """What somebody who is invited gets to see."""
    with reading() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        shown = summarise(dpia, matrix_of(session))
        return render_template("participation/preview.html", dpia=dpia, summary=shown)


@bp.get("/<identity>")
def step(number: int, identity: str) -> str:
    """One step, with everything that can be done about it."""
    with reading() as session:
        dpia = find(session, Dpia, number)
        return _page(session, dpia, _step_of(dpia, identity))


@bp.post("/<identity>")
def act(number: int, identity: str) -> str | Response | tuple[str, int]:
    """Does to one step what the form says."""
    try:
        with writing() as session:
            dpia = find(session, Dpia, number)
            found = _step_of(dpia, identity)
            done = _doing(request.form.get("do", ""))(session, dpia, found)
    except Refused as error:
        with reading() as session:
            dpia = find(session, Dpia, number)
            page = _page(session, dpia, _step_of(dpia, identity), refusal=error.text[language()])
        return page, 422
    if done is not None:
        return _invited(dpia, found, done)
    return back_to(dpia, "participation")


def _step_of(dpia: Dpia, identity: str) -> Participation:
    """The step, for whoever works on the assessment and for whoever is asked by it."""
    found = step_called(dpia, identity)
    if not _may_edit(dpia) and found.colleague_id != me().person_id:
        raise Forbidden(_NOT_ASKED)
    return found


def _may_edit(dpia: Dpia) -> bool:
    return may_do(me(), Permission.EDIT, dpia)


def _page(session: Session, dpia: Dpia, found: Participation, *, refusal: str = "") -> str:
    invitations = [one for one in invitations_about(session, dpia) if one.part_id == found.id]
    known = colleagues(session, dpia)
    return render_template(
        "participation/step.html",
        dpia=dpia,
        step=found,
        state=found.state(today()),
        invitations=invitations,
        colleagues=known,
        proposed=_proposed_colleague(found, known),
        in_house=found.voice is Voice.ISB,
        results=tuple(Result),
        may_edit=_may_edit(dpia),
        is_mine=found.colleague_id == me().person_id,
        can_mail=can_send(site().settings),
        refusal=refusal,
        given=request.form,
        default_due=found.due or _proposed_day(dpia),
    )


def _proposed_colleague(found: Participation, known: Sequence[Colleague]) -> uuid.UUID | None:
    """Who is asked already, or who alone has the role that is to be heard."""
    fitting = [one.id for one in known if found.voice is Voice.ISB and Role.ISB in one.roles]
    return found.colleague_id or (fitting[0] if len(fitting) == 1 else None)


_USUAL: Final = timedelta(days=14)
"""So long somebody has who is asked, unless the assessment is to be finished earlier."""


def _proposed_day(dpia: Dpia) -> date:
    usual = today() + _USUAL
    return min(usual, dpia.finish_by) if dpia.finish_by and dpia.finish_by >= today() else usual


# --- What can be done ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Made:
    """An invitation with the token that is told once."""

    invitation: Invitation
    token: str


_Deed = Callable[[Session, Dpia, Participation], "_Made | None"]


def _doing(name: str) -> _Deed:
    if name not in _DEEDS:
        raise NotFound(_UNKNOWN_DEED)
    return _DEEDS[name]


def _as_editor(dpia: Dpia) -> None:
    if not _may_edit(dpia):
        raise Forbidden(_NOT_ASKED)
    touch(dpia)


def _ask(session: Session, dpia: Dpia, found: Participation) -> None:
    """Puts the question on the desk of a colleague, or notes that it was asked by other means."""
    _as_editor(dpia)
    wanted = request.form.get("colleague", "")
    chosen = next((one for one in colleagues(session, dpia) if one.id.hex == wanted), None)
    if wanted and chosen is None:
        raise Refused(_NO_COLLEAGUE)
    ask(found, on=today(), due=_day("due"), colleague=chosen.id if chosen else None)
    if chosen and not found.body:
        found.body = chosen.name


def _invite(session: Session, dpia: Dpia, found: Participation) -> _Made:
    _as_editor(dpia)
    due = _day("due")
    if due is None:
        raise Refused(_NO_DAY_GIVEN)
    ask(found, on=today(), due=due)
    name = tidy_line(request.form.get("name", "")) or found.body
    if not found.body:
        found.body = name
    email = request.form.get("email", "")
    made, token = invite(session, dpia, found.id, name=name, email=email, due=due, by=me())
    return _Made(made, token)


def _revoke(session: Session, dpia: Dpia, _found: Participation) -> None:
    revoke(session, dpia, request.form.get("invitation", ""), by=me())


def _answer(session: Session, _dpia: Dpia, found: Participation) -> None:
    """Whoever is asked answers in their own name; the lead records what came by other means."""
    own = found.colleague_id == me().person_id
    said = request.form.get
    by = me().name if own else said("answered_by", "") or found.body
    on = today() if own else _day("answered_on") or today()
    give_answer(found, said("result", ""), said("answer", ""), on=on, by=by, arrived=own)
    if own:
        session.info["action"] = "participate"


def _consider(_session: Session, dpia: Dpia, found: Participation) -> None:
    _as_editor(dpia)
    consider(found, request.form.get("considered", ""))


def _waive(_session: Session, dpia: Dpia, found: Participation) -> None:
    _as_editor(dpia)
    waive(found, request.form.get("waiver_reason", ""))


_DEEDS: Mapping[str, _Deed] = {
    "ask": _ask,
    "invite": _invite,
    "revoke": _revoke,
    "answer": _answer,
    "consider": _consider,
    "waive": _waive,
}


def _day(name: str) -> date | None:
    text = request.form.get(name, "")
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=text)) from error


def _invited(dpia: Dpia, found: Participation, made: _Made) -> str | Response:
    """Mails the address, or shows it once to be passed on by hand."""
    address = address_of(site().settings, made.token, request.host_url)
    if made.invitation.email and can_send(site().settings) and found.due is not None:
        message = invitation_message(made.invitation, me().organisation, found.due, address)
        with suppress(Undelivered):
            _deliver(message, made.invitation)
            flash(_("Die Einladung ist unterwegs an %(address)s.", address=message.to), "success")
            return redirect(url_for(".step", number=dpia.number, identity=found.id.hex))
    return render_template("participation/address.html", dpia=dpia, step=found, address=address)


def _deliver(message: Message, invitation: Invitation) -> None:
    send(site().settings, [message])
    with writing() as session:
        stored = session.get_one(Invitation, (invitation.organisation_id, invitation.id))
        stored.mailed_at = now()


_NOT_ASKED = Text("Zu dieser Beteiligung sind andere gefragt.", "Others are asked about this participation.")
_UNKNOWN_DEED = Text("Diesen Schritt gibt es nicht.", "There is no such step.")
_NO_COLLEAGUE = Text("Diese Person kann die DSFA nicht sehen.", "This person cannot see the DPIA.")
_NO_DAY_GIVEN = Text(
    "Bitte nennen Sie den Tag, bis zu dem Sie um Antwort bitten.",
    "Please give the day by which you request an answer.",
)
_NO_DAY = Text("„{text}“ ist kein Datum.", "“{text}” is no date.")
