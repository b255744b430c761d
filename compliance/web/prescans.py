"""The pre-scan for everybody in the authority: by a link, without an account, one question on each screen.

Whoever knows the address of an organisation begins; from then on the pre-scan has an
address of its own. Every screen saves, and so does leaving it where scripts run.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, g, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia import prescan_access as access
from assessments.dpia.prescan import PreScan
from assessments.dpia.prescan_outcome import Indication, arrive, indication
from assessments.dpia.prescan_questions import (
    BY_SLUG,
    Question,
    answer,
    asked,
    contradiction,
    first_open,
    is_answered,
    relevant,
    step,
)
from compliance.database import Actor
from compliance.entry import everything
from compliance.errors import NotFound, Refused
from compliance.fields import Choice, Flag, fields, matters, shown
from compliance.language import LANGUAGES, Text
from compliance.mail import Message, Undelivered, can_send, send
from compliance.people import Organisation, Unit
from compliance.web.forms import parsed
from compliance.web.gate import TOO_MANY, TOO_QUICK, Gate
from compliance.web.site import language, site
from registers.authority import Authority, authority_of

bp = Blueprint("prescans", __name__, url_prefix="/pre-scan")

UNSURE: Final = "unsure"
"""What a screen sends for „weiß ich nicht“."""
_ACTOR: Final = Actor("Vorprüfung ohne Anmeldung")
PER_SENDER: Final = 30
"""So many pre-scans an hour from one address; a whole authority often shares one."""
PER_PLACE: Final = 200
MAILS_PER_SENDER: Final = 5
_GATE: Final = Gate("pre-scan", _ACTOR, PER_SENDER, PER_PLACE)
_MAIL_GATE: Final = Gate("pre-scan mail", _ACTOR, MAILS_PER_SENDER, PER_PLACE)


@dataclass(frozen=True)
class Place:
    """The organisation that is asked, and how its officer is reached."""

    id: uuid.UUID
    name: str
    authority: Authority | None


@bp.before_request
def choose_language() -> None:
    """The address may say in which language the page speaks."""
    chosen = request.args.get("language", "")
    g.language = chosen if chosen in LANGUAGES else language()


# --- Beginning -----------------------------------------------------------------------------------


@bp.route("/<token>", methods=["GET", "POST"])
def begin(token: str) -> str | Response | tuple[str, int]:
    """What the pre-scan is, and the button that begins one."""
    with site().database.reading() as session:
        link = access.link_called(session, token)
        if link is None:
            raise NotFound(_NOTHING)
        place = _place(session, link.organisation_id)
    if request.method == "GET":
        return _beginning(place)
    if _GATE.is_machine(place.id, timedelta(0)):
        return _beginning(place, TOO_QUICK), 422
    try:
        _GATE.count_in(place.id)
    except Refused:
        return _beginning(place, TOO_MANY), 429
    with site().database.writing(actor=_ACTOR) as session:
        own = access.begin(session, place.id)
    return _to("question", token=own, slug=next(iter(BY_SLUG)))


def _beginning(place: Place, wrong: Text | None = None) -> str:
    return _page("begin", place, stamp=_GATE.stamp(place.id), wrong=wrong[language()] if wrong else "")


def _place(session: Session, organisation: uuid.UUID) -> Place:
    name = session.scalars(select(Organisation.name).where(Organisation.id == organisation)).one()
    with site().database.reading(organisation) as own:
        return Place(organisation, name, authority_of(own))


# --- Taking up again -----------------------------------------------------------------------------


@bp.get("/answers/<token>")
def resume(token: str) -> str | Response:
    """Where the pre-scan was left; once it is sent, its state."""
    draft, answers = _known(token)
    if draft.entry_id is not None:
        return _state(draft)
    question = first_open(answers)
    return _to("question", token=token, slug=question.slug) if question else _to("overview", token=token)


def _known(token: str) -> tuple[access.PreScanDraft, PreScan]:
    """The pre-scan at that address. Raises :class:`NotFound` as if nothing had ever been there."""
    with site().database.reading() as session:
        draft = access.draft_called(session, token)
        if draft is None:
            raise NotFound(_NOTHING)
        return draft, draft.answers(site().keys.sealer)


def _open(token: str) -> tuple[access.PreScanDraft, PreScan]:
    """The same while it can still be changed."""
    draft, answers = _known(token)
    if draft.entry_id is not None:
        raise NotFound(_NOTHING)
    return draft, answers


def _place_of(draft: access.PreScanDraft) -> Place:
    with site().database.reading() as session:
        return _place(session, draft.organisation_id)


def _state(draft: access.PreScanDraft) -> str:
    """Whoever sent it learns what became of it, and nothing of what was written inside."""
    with site().database.reading(draft.organisation_id) as session:
        query = select(PreScan).where(PreScan.id == draft.entry_id).options(*everything(PreScan))
        scan = session.scalar(query)
        if scan is None:
            raise NotFound(_NOTHING)
        said = INDICATIONS[indication(scan)]
        return _page("state", _place_of(draft), scan=scan, indication=said, resume=_resume_address())


# --- One question --------------------------------------------------------------------------------


@bp.route("/answers/<token>/<slug>", methods=["GET", "POST"])
def question(token: str, slug: str) -> str | Response | tuple[str, int]:
    """One screen: shows what was said, saves what is said now, and leads on or back."""
    one = _question_called(slug)
    draft, answers = _known(token)
    if draft.entry_id is not None or one not in asked(answers):
        return _to("resume", token=token)
    if request.method == "GET":
        return _screen(draft, answers, one, {})
    wrong = _save(token, one)
    draft, answers = _open(token)
    if request.form.get("do") == "back":
        before = step(answers, one, -1)
        return _to("question", token=token, slug=before.slug) if before else _to("resume", token=token)
    if not wrong and not is_answered(one, answers):
        wrong = {"": _ANSWER_FIRST}
    if wrong:
        return _screen(draft, answers, one, wrong), 422
    after = step(answers, one, 1)
    # Whoever corrects one answer of a finished pre-scan goes back to where they came from.
    if after is None or (request.form.get("then") == "check" and first_open(answers) is None):
        return _to("overview", token=token)
    return _to("question", token=token, slug=after.slug)


@bp.post("/answers/<token>/<slug>/keep")
def keep(token: str, slug: str) -> Response:
    """Saves a screen that is being filled in; nothing is judged."""
    _save(token, _question_called(slug))
    return Response(status=204, mimetype="text/plain")


def _question_called(slug: str) -> Question:
    try:
        return BY_SLUG[slug]
    except KeyError as error:
        raise NotFound(_NOTHING) from error


def _save(token: str, one: Question) -> dict[str, Text]:
    """Keeps what can be understood; says what cannot, by the name of the field."""
    with site().database.writing(actor=_ACTOR) as session:
        draft = access.draft_called(session, token, locked=True)
        if draft is None or draft.entry_id is not None:
            raise NotFound(_NOTHING)
        sealer = site().keys.sealer
        answers = draft.answers(sealer)
        values, wrong = _said(answers, one)
        if contradiction(one, values):
            wrong[one.names[0]] = _CONTRADICTION
        answer(answers, one, values, unsure=_is_unsure(one))
        draft.keep(sealer, answers)
    return wrong


def _said(answers: PreScan, one: Question) -> tuple[dict[str, Any], dict[str, Text]]:
    values: dict[str, Any] = {}
    wrong: dict[str, Text] = {}
    for name in one.names:
        strings = [text for text in request.form.getlist(name) if text != UNSURE]
        if any(len(text) > _LONGEST for text in strings):
            values[name], wrong[name] = getattr(answers, name), _TOO_LONG
            continue
        try:
            values[name] = parsed(fields(PreScan)[name], strings)
        except ValueError as error:
            values[name], wrong[name] = getattr(answers, name), Text(str(error), str(error))
    return values, wrong


def _is_unsure(one: Question) -> bool:
    return UNSURE in request.form.getlist(one.names[0]) or UNSURE in request.form.getlist(UNSURE)


_LONGEST: Final = 5_000


def _screen(draft: access.PreScanDraft, answers: PreScan, one: Question, wrong: Mapping[str, Text]) -> str:
    way = asked(answers)
    with site().database.reading(draft.organisation_id) as session:
        units = [str(unit) for unit in session.scalars(select(Unit).order_by(Unit.key, Unit.name))]
    return _page(
        "question",
        _place_of(draft),
        question=one,
        place_on_way=way.index(one) + 1,
        length=len(way),
        answers=answers,
        specs=fields(PreScan),
        typed={name: request.form.get(name, "") for name in wrong},
        wrong={name: text[language()] for name, text in wrong.items()},
        unsure=one.topic in answers.unsure,
        by_radio=isinstance(fields(PreScan)[one.names[0]], Choice | Flag),
        units=units,
        then=request.values.get("then", ""),
        resume=_resume_address(),
        can_mail=can_send(site().settings),
        days=access.UNFINISHED.days,
        longest=_LONGEST,
    )


# --- Overview and sending ------------------------------------------------------------------------


@bp.route("/answers/<token>/check", methods=["GET", "POST"])
def overview(token: str) -> str | Response | tuple[str, int]:
    """Everything that was said, to be corrected or sent."""
    draft, answers = _known(token)
    if draft.entry_id is not None:
        return _to("resume", token=token)
    if request.method == "GET" or first_open(answers) is not None:
        return _overview(draft, answers)
    if _GATE.is_machine(draft.organisation_id):
        return _overview(draft, answers, TOO_QUICK), 422
    _arrive(token, draft.organisation_id)
    return _to("resume", token=token)


def _arrive(token: str, organisation: uuid.UUID) -> None:
    """Sends it once, however often the button is pressed."""
    with site().database.writing(organisation, actor=_ACTOR) as session:
        draft = access.draft_called(session, token, locked=True)
        if draft is None or draft.entry_id is not None:
            return
        session.info["action"] = "arrive"
        draft.sent_as(arrive(session, relevant(draft.answers(site().keys.sealer))))


def _overview(draft: access.PreScanDraft, answers: PreScan, wrong: Text | None = None) -> str:
    return _page(
        "overview",
        _place_of(draft),
        said=[(one, said_to(answers, one, language())) for one in asked(answers)],
        open_question=first_open(answers),
        stamp=_GATE.stamp(draft.organisation_id),
        wrong=wrong[language()] if wrong else "",
        resume=_resume_address(),
        can_mail=can_send(site().settings),
        days=access.UNFINISHED.days,
    )


def said_to(answers: PreScan, one: Question, language: str) -> list[str]:
    """What was said to one question, in words; empty where nothing was."""
    specs = fields(PreScan)
    lines = [
        shown(specs[name], getattr(answers, name), language)
        for name in one.names
        if matters(specs[name], answers)
    ]
    words = [line for line in lines if line]
    return [*words, one.unsure[language]] if one.topic in answers.unsure else words


# --- The address by mail -------------------------------------------------------------------------


@bp.post("/answers/<token>/mail")
def mail(token: str) -> str | tuple[str, int]:
    """Sends the address of the pre-scan, and nothing that somebody wrote, to whoever wants to go on later."""
    draft, _answers = _open(token)
    place = _place_of(draft)
    to = request.form.get("email", "").strip()
    if not _MAIL.fullmatch(to) or len(to) > 200:
        return _mailed(place, _NO_MAIL), 422
    try:
        _MAIL_GATE.count_in(place.id)
    except Refused as error:
        return _mailed(place, error.text), 429
    body = _MAIL_BODY.format(organisation=place.name, address=_resume_address(), days=access.UNFINISHED.days)
    try:
        send(site().settings, [Message(to, _MAIL_SUBJECT[language()], body[language()])])
    except Undelivered:
        return _mailed(place, _NOT_SENT)
    return _mailed(place)


def _mailed(place: Place, wrong: Text | None = None) -> str:
    return _page("mailed", place, resume=_resume_address(), wrong=wrong[language()] if wrong else "")


_MAIL: Final = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


# --- Pages ---------------------------------------------------------------------------------------


def _page(name: str, place: Place, **known: Any) -> str:
    return render_template(f"prescans/{name}.html", place=place, address=_address, to=_address_of, **known)


def _address(**changes: str) -> str:
    """The address of this page in another language; where something was sent, that of its form."""
    target = "prescans.resume" if request.endpoint == "prescans.mail" else request.endpoint
    return url_for(target or ".resume", **{"language": language(), **(request.view_args or {}), **changes})


def _address_of(endpoint: str, **values: str) -> str:
    token = (request.view_args or {}).get("token", "")
    return url_for(f".{endpoint}", **{"token": token, "language": language(), **values})


def _resume_address() -> str:
    token = (request.view_args or {})["token"]
    if base := site().settings.address:
        return base.rstrip("/") + url_for(".resume", token=token)
    return url_for(".resume", token=token, _external=True)


def _to(endpoint: str, **values: str) -> Response:
    known: dict[str, Any] = dict(values)
    if "language" in request.args:
        known["language"] = language()
    return redirect(url_for(f".{endpoint}", **known))


INDICATIONS: Final[Mapping[Indication, tuple[Text, Text]]] = {
    Indication.NO_PEOPLE: (
        Text("Vermutlich ist nichts weiter zu tun", "Probably nothing more has to be done"),
        Text(
            "Nach Ihren Angaben geht es nicht um Daten von Menschen. Die Datenschutzbeauftragte sieht kurz "
            "nach, ob das stimmt; manchmal stecken Daten von Menschen, wo man sie nicht erwartet.",
            "According to your answers no data of people are involved. The data protection officer has a "
            "short look at it; sometimes there are data of people where nobody expects them.",
        ),
    ),
    Indication.ORDINARY: (
        Text("Das Vorhaben wird beschrieben und geprüft", "The plan will be described and checked"),
        Text(
            "Es geht um Daten von Menschen; auf ein besonderes Risiko deutet bisher nichts hin. Das Vorhaben "
            "kommt als Entwurf in das Verzeichnis, und jemand geht die offenen Punkte mit Ihnen durch.",
            "Data of people are involved; so far nothing points to a special risk. The plan becomes a draft "
            "in the record, and somebody goes through the open points with you.",
        ),
    ),
    Indication.CLOSE: (
        Text("Das Vorhaben wird genauer geprüft", "The plan will be looked at closely"),
        Text(
            "Einiges an Ihren Angaben spricht dafür, genauer hinzusehen. Vielleicht ist eine ausführliche "
            "Prüfung nötig, die Datenschutz-Folgenabschätzung. Bitte arbeiten Sie noch nicht mit echten "
            "Daten.",
            "Some of your answers suggest a closer look. A full assessment may be needed, the data "
            "protection impact assessment. Please do not start with real data yet.",
        ),
    ),
}
"""What the sender reads: never the legal outcome."""

_NOTHING = Text("Diese Seite gibt es nicht.", "There is no such page.")
_ANSWER_FIRST = Text(
    "Bitte geben Sie eine Antwort. Auch „Weiß ich nicht“ ist eine.",
    "Please give an answer. “I don’t know” is one, too.",
)
_CONTRADICTION = Text(
    "„Nein“ oder „Nichts“ passt nicht zu den anderen Antworten. Bitte wählen Sie das eine oder das andere.",
    "“No” or “nothing” does not go with the other answers. Please choose one or the other.",
)
_TOO_LONG = Text("Das ist zu lang.", "This is too long.")
_NO_MAIL = Text("Das ist keine E-Mail-Adresse.", "This is not an e-mail address.")
_NOT_SENT = Text(
    "Die Nachricht konnte nicht gesendet werden. Bitte kopieren Sie die Adresse.",
    "The message could not be sent. Please copy the address.",
)
_MAIL_SUBJECT = Text("Ihre Vorprüfung zum Datenschutz", "Your data protection pre-scan")
_MAIL_BODY = Text(
    "Guten Tag,\n\nunter dieser Adresse können Sie die Vorprüfung für {organisation} fortsetzen und später "
    "ihren Stand ansehen:\n{address}\n\nWer die Adresse kennt, sieht Ihre Angaben. Nicht abgesendete "
    "Vorprüfungen werden nach {days} Tagen gelöscht.\nHaben Sie nichts begonnen, ist nichts zu tun.\n",
    "Dear Sir or Madam,\n\nat this address you can continue the pre-scan for {organisation} and later see "
    "its state:\n{address}\n\nWhoever knows the address sees your answers. Pre-scans that are not sent are "
    "deleted after {days} days.\nIf you began nothing, there is nothing to do.\n",
)
