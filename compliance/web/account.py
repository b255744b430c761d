"""One's own account: where one is signed in, and how to end it there."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, select
from werkzeug.wrappers import Response

from compliance.crypto import token_hash
from compliance.people import CalendarFeed, SignIn
from compliance.web.site import actor, language, me, site
from compliance.web.user_agents import browser_called

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/")
def account() -> str:
    """My roles and my sign-ins."""
    with site().database.reading() as session:
        query = select(SignIn).where(SignIn.person_id == me().person_id).order_by(SignIn.seen.desc())
        sign_ins = session.scalars(query).all()
        mine = select(CalendarFeed).where(
            CalendarFeed.person_id == me().person_id, CalendarFeed.organisation_id == me().organisation_id
        )
        return render_template(
            "login/account.html",
            sign_ins=[(one, browser_called(one.browser)[language()]) for one in sign_ins],
            current=token_hash(g.token),
            feed=session.scalar(mine),
        )


@bp.post("/revoke")
def revoke() -> Response:
    """Ends one sign-in of mine, at whatever browser it is."""
    try:
        token = bytes.fromhex(request.form.get("sign_in", ""))
    except ValueError:
        token = b""
    with site().database.writing(actor=actor()) as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == token, SignIn.person_id == me().person_id))
    flash(_("Die Anmeldung ist beendet."), "success")
    return redirect(url_for(".account"))
