"""The page for somebody who was invited to answer about one assessment, without an account.

It shows that assessment in words and nothing else of the house. Whatever does not lead
there, because it is unknown, revoked or past, gets the same answer as any wrong address.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from assessments.dpia.dpia import Dpia
from assessments.dpia.participation import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    Participation,
    Result,
    give_answer,
)
from assessments.dpia.settings import matrix_of
from assessments.dpia.summary import summarise
from compliance.database import Actor, now, today
from compliance.entry import State, everything
from compliance.errors import NotFound, Refused
from compliance.fields import tidy_line
from compliance.invitations import Invitation, InvitationLink, invitation_of, link_called
from compliance.language import LANGUAGES, Text
from compliance.people import Organisation
from compliance.web.site import language, site

bp = Blueprint("invited", __name__, url_prefix="/participation")


@dataclass(frozen=True)
class _Asked:
    """What one address leads to."""

    invitation: Invitation
    dpia: Dpia
    step: Participation


@bp.route("/<token>", methods=["GET", "POST"])
def answer(token: str) -> str | tuple[str, int]:
    """What the assessment is about and the form for the answer; once given, the answer alone."""
    link = link_called(site().database, token)
    if link is None:
        raise NotFound(_NOTHING)
    refusal = _take(link) if request.method == "POST" else None
    with site().database.reading(link.organisation_id) as session:
        asked = _asked(session, link)
        _speak(asked.invitation)
        page = _page(session, asked, refusal)
    if request.method == "GET" and asked.invitation.opened_at is None:
        _note_opened(link)
    return (page, 422) if refusal else page


def _asked(session: Session, link: InvitationLink) -> _Asked:
    """Raises :class:`NotFound` where the address leads nowhere any more."""
    invitation = invitation_of(session, link)
    if invitation is None or invitation.register != Dpia.slug:
        raise NotFound(_NOTHING)
    query = select(Dpia).where(Dpia.id == invitation.entry_id).options(*everything(Dpia))
    dpia = session.scalar(query)
    steps = dpia.participation if dpia is not None and dpia.state is not State.ENDED else ()
    step = next((one for one in steps if one.id == invitation.part_id), None)
    if dpia is None or step is None:
        raise NotFound(_NOTHING)
    return _Asked(invitation, dpia, step)


def _speak(invitation: Invitation) -> None:
    """In the language that the address asks for, or that of the invitation."""
    chosen = request.args.get("language", "")
    g.language = chosen if chosen in LANGUAGES else invitation.language or language()


def _take(link: InvitationLink) -> Text | None:
    """Records what was sent; says what is wrong with it. Two answers at once: the second finds the first."""
    name = tidy_line(request.form.get("name", ""))
    try:
        with site().database.writing(link.organisation_id, actor=Actor(f"{name} (extern)")) as session:
            asked = _asked(session, link)
            if asked.invitation.answered_at is None:
                said = request.form.get
                give_answer(
                    asked.step, said("result", ""), said("answer", ""), on=today(), by=name, arrived=True
                )
                asked.invitation.answered_at = now()
                session.info["action"] = "participate"
                session.flush()
    except Refused as error:
        return error.text
    except StaleDataError:
        return None
    return None


def _note_opened(link: InvitationLink) -> None:
    with site().database.writing(link.organisation_id, actor=Actor(_ACTOR.de)) as session:
        invitation = invitation_of(session, link)
        if invitation is not None and invitation.opened_at is None:
            invitation.opened_at = now()


def _page(session: Session, asked: _Asked, refusal: Text | None) -> str:
    query = select(Organisation.name).where(Organisation.id == asked.dpia.organisation_id)
    closed = asked.step.is_settled
    return render_template(
        "participation/thanks.html" if closed else "participation/invited.html",
        organisation=session.scalar(query) or "",
        step=asked.step,
        own=asked.invitation.answered_at is not None,
        summary=None if closed else summarise(asked.dpia, matrix_of(session)),
        results=tuple(Result),
        refusal=refusal[language()] if refusal else "",
        given=request.form,
        name=asked.invitation.name,
        longest=LONGEST_ANSWER,
        longest_name=LONGEST_NAME,
        address=_address,
    )


def _address(**changes: str) -> str:
    return url_for(".answer", **{"language": language(), **(request.view_args or {}), **changes})


_NOTHING = Text("Diese Seite gibt es nicht.", "There is no such page.")
_ACTOR = Text("Eingeladene Person", "Invited person")
