"""Signing in and out, and who is asking on every other page.

Sign-ins live in the database and can be revoked there. Failed attempts are
counted per address of a person; after five the account waits.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Grant, Identity
from compliance.crypto import new_token, same, token_hash
from compliance.database import Actor, now, today
from compliance.errors import Forbidden
from compliance.language import LANGUAGES, Text
from compliance.people import (
    Membership,
    Organisation,
    Person,
    SignIn,
    SignInAttempt,
    password_fits,
    units_below,
)
from compliance.web.site import site

bp = Blueprint("signin", __name__)

COOKIE: Final = "nachweis"
_LASTS: Final = timedelta(hours=12)
_IDLE: Final = timedelta(hours=2)
_SEEN_EVERY: Final = timedelta(minutes=1)
_ATTEMPTS: Final = 5
_WAIT: Final = timedelta(minutes=15)
OPEN_ENDPOINTS: Final = frozenset(
    {
        "signin.sign_in",
        "signin.choose_language",
        "static",
        "health.alive",
        "calendars.feed",
        "desk.form",
        "invited.answer",
        "prescans.begin",
        "prescans.resume",
        "prescans.question",
        "prescans.keep",
        "prescans.overview",
        "prescans.mail",
        "public.register",
        "public.entry",
        "public.download",
        "public_assessments.index",
        "public_assessments.show",
    }
)


# --- On every request ----------------------------------------------------------------------------


def identify() -> Response | None:
    """Finds out who is asking; sends everybody else to the sign-in page."""
    g.language = _language_of_browser()
    token = request.cookies.get(COOKIE, "")
    g.token = token
    if token:
        with site().database.reading() as session:
            found = _signed_in(session, token)
        if found is not None:
            g.identity, seen, g.unneeded = found
            g.language = g.identity.language
            _note_seen(token, seen)
            return None
    if request.endpoint in OPEN_ENDPOINTS or request.endpoint is None:
        return None
    return redirect(url_for("signin.sign_in", next=_here()))


def protect_forms() -> None:
    """Refuses a form that this sign-in did not ask for (cross-site request forgery)."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    sent = request.form.get("csrf", "") or request.headers.get("X-CSRF", "")
    # Before anybody is signed in all forms carry the same token; the browser's own word tells foreign ones.
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if foreign or not same(sent, form_token()):
        raise Forbidden(_FOREIGN_FORM)


def form_token() -> str:
    """What every form of this sign-in carries."""
    return site().keys.form_token((g.get("token") or "").encode())


def _language_of_browser() -> str:
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "de"


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


_SIGNED_IN: Final = (
    select(
        SignIn.seen,
        SignIn.until,
        Person.id,
        Person.name,
        Person.language,
        Person.active,
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation"),
        Organisation.unneeded,
        Membership.role,
        Membership.unit_id,
        Membership.until.label("role_until"),
    )
    .join(Person, Person.id == SignIn.person_id)
    .join(Membership, Membership.person_id == Person.id)
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .where(SignIn.token_hash == bindparam("token_hash"), Membership.organisation_id == SignIn.organisation_id)
)


def _signed_in(session: Session, token: str) -> tuple[Identity, datetime, frozenset[str]] | None:
    """Who is asking, when they were last seen, and which registers their organisation has no use for."""
    found = session.execute(_SIGNED_IN, {"token_hash": token_hash(token)})
    rows = [row for row in found if row.role_until is None or row.role_until >= today()]
    if not rows or not rows[0].active or rows[0].until < now() or rows[0].seen + _IDLE < now():
        return None
    first = rows[0]
    below = _units_below(first.organisation_id) if any(row.unit_id for row in rows) else {}
    grants = tuple(Grant(row.role, below.get(row.unit_id) if row.unit_id else None) for row in rows)
    identity = Identity(
        first.id, first.name, first.organisation_id, first.organisation, first.language or "de", grants
    )
    return identity, first.seen, frozenset(first.unneeded.split())


def _units_below(organisation_id: uuid.UUID) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    with site().database.reading(organisation_id) as scoped:
        return units_below(scoped)


def _note_seen(token: str, seen: datetime) -> None:
    if now() - seen < _SEEN_EVERY:
        return
    with site().database.writing(actor=Actor("sign-in")) as session:
        session.execute(update(SignIn).where(SignIn.token_hash == token_hash(token)).values(seen=now()))


# --- Pages ---------------------------------------------------------------------------------------


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Asks for e-mail and password, and begins a sign-in."""
    if request.method == "GET":
        return render_template("login/sign_in.html", next=request.args.get("next", ""))
    email = request.form.get("email", "").strip().casefold()
    with site().database.writing(actor=Actor("sign-in")) as session:
        if _must_wait(session, email):
            flash(_("Zu viele Versuche. Bitte warten Sie 15 Minuten."), "danger")
            return render_template("login/sign_in.html", next=request.form.get("next", "")), 429
        token = _try(session, email, request.form.get("password", ""))
    if token is None:
        flash(_("E-Mail-Adresse oder Passwort stimmt nicht."), "danger")
        return render_template("login/sign_in.html", next=request.form.get("next", ""), email=email), 401
    response = redirect(_safe(request.form.get("next", "")))
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(_LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=site().settings.https,
    )
    return response


def _try(session: Session, email: str, password: str) -> str | None:
    person = session.scalar(select(Person).where(Person.email == email))
    if not password_fits(person, password) or person is None:
        session.add(SignInAttempt(email=email[:200], at=now()))
        return None
    session.execute(delete(SignInAttempt).where(SignInAttempt.email == email))
    return begin(session, person)


def begin(session: Session, person: Person, organisation_id: uuid.UUID | None = None) -> str | None:
    """Signs *person* in and returns the token for the cookie; ``None`` without a current membership."""
    current = or_(Membership.until.is_(None), Membership.until >= today())
    query = select(Membership.organisation_id).where(Membership.person_id == person.id, current)
    organisations = session.scalars(query.order_by(Membership.id)).all()
    if not organisations:
        return None
    token = new_token()
    session.add(
        SignIn(
            token_hash=token_hash(token),
            person_id=person.id,
            organisation_id=organisation_id or organisations[0],
            until=now() + _LASTS,
            browser=request.user_agent.string[:200],
        )
    )
    return token


def _must_wait(session: Session, email: str) -> bool:
    recent = select(func.count()).select_from(SignInAttempt)
    recent = recent.where(SignInAttempt.email == email, SignInAttempt.at > now() - _WAIT)
    return (session.scalar(recent) or 0) >= _ATTEMPTS


def _safe(target: str) -> str:
    """Only an address of this site; another could be a trap.

    Browsers read a backslash as a slash and drop control characters, so neither may occur.
    """
    on_this_site = target.startswith("/") and not target.startswith("//")
    return target if on_this_site and target.isprintable() and "\\" not in target else "/"


@bp.post("/sign-out")
def sign_out() -> Response:
    """Ends the present sign-in."""
    with site().database.writing(actor=Actor("sign-in")) as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(g.token)))
    response = redirect(url_for("signin.sign_in"))
    response.delete_cookie(COOKIE)
    return response


@bp.post("/language")
def choose_language() -> Response:
    """Changes the language, for the person and for the browser."""
    chosen = request.form.get("language", "de")
    chosen = chosen if chosen in LANGUAGES else "de"
    if "identity" in g:
        with site().database.writing(actor=Actor(g.identity.name, g.identity.person_id)) as session:
            person = session.get(Person, g.identity.person_id)
            if person is not None:
                person.language = chosen
    response = redirect(_safe(request.form.get("next", "")))
    response.set_cookie("language", chosen, max_age=31_536_000, samesite="Lax", secure=site().settings.https)
    return response


_FOREIGN_FORM = Text(
    "Das Formular gehört nicht zu Ihrer Anmeldung. Bitte laden Sie die Seite neu; "
    "Ihre Eingaben bleiben im Entwurf.",
    "The form does not belong to your sign-in. Please reload the page; your entries remain in the draft.",
)
