"""The questions of an impact assessment, one on each page, and the catalogue they come from."""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.dpia.answers import give
from assessments.dpia.copied import Copied, CopiedKind, confirm, place_of, row_at
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import Suggestion, take_over
from assessments.dpia.questions import (
    Asked,
    catalogue_called,
    catalogue_of,
    catalogues,
    part_key,
    questionnaire,
)
from assessments.questionnaire import Question, compare
from compliance import drafts
from compliance.access import Permission, demand, may_do, may_see
from compliance.database import today
from compliance.entry import State
from compliance.errors import NotFound, Outdated
from compliance.fields import tidy
from compliance.language import Text
from compliance.web.dpia_changes import touch
from compliance.web.entries import find
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import me, reading, writing

bp = Blueprint("dpia_questions", __name__, url_prefix="/dpias/<int:number>")


@bp.route("/questions/<question>", methods=["GET", "POST"], defaults={"part": ""})
@bp.route("/questions/<question>/<part>", methods=["GET", "POST"])
def show(number: int, question: str, part: str) -> str | Response | tuple[str, int]:
    """One question with what the record says to it; saves the answer and goes on."""
    if request.method == "GET" or request.form.get("do") == "adapt":
        with reading() as session:
            dpia: Dpia = find(session, Dpia, number)
            return _page(session, dpia, question, part)
    try:
        with writing() as session:
            _save(session, number, question, part_key(part))
    except (Outdated, StaleDataError, IntegrityError):
        with reading() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            return _page(session, dpia, question, part, outdated=True), 409
    return _onward(number, question, part)


def _page(session: Session, dpia: Dpia, question: str, part: str, *, outdated: bool = False) -> str:
    every = questionnaire(session, dpia)
    asked = every.at((question, part_key(part)))
    before, after = every.around(asked.place)
    place = _drawer(question, part)
    draft = drafts.find(session, me().person_id, place, dpia.number) if request.method == "GET" else None
    return render_template(
        "assessments/dpia/question.html",
        model=Dpia,
        dpia=dpia,
        every=every,
        chapter=every.chapter_of(asked),
        asked=asked,
        text=_shown_text(asked, draft),
        draft=draft,
        outdated=outdated,
        taken=request.form.get("taken") or _adapted(asked),
        before=before,
        after=after,
        at=every.asked.index(asked) + 1,
        may_edit=may_do(me(), Permission.EDIT, dpia),
        copied=_copied(dpia, asked),
    )


def _copied(dpia: Dpia, asked: Asked) -> Copied | None:
    """Whence the text was copied, as long as nobody has confirmed it."""
    if asked.question.field:
        row = row_at(dpia, CopiedKind.STATEMENT, asked.question.field)
    else:
        row = row_at(dpia, CopiedKind.ANSWER, place_of(*asked.place))
    return row if row and row.confirmed_on is None and asked.text else None


def _shown_text(asked: Asked, draft: drafts.Draft | None) -> str:
    if request.form.get("do") == "adapt" and asked.suggestion:
        return asked.suggestion.text
    if request.method == "POST":
        return request.form.get("text", "")
    return dict(draft.pairs()).get("text", "") if draft else asked.text


def _adapted(asked: Asked) -> str:
    """The fingerprint that a text begun from the record is sent with."""
    adapting = request.form.get("do") == "adapt" and asked.suggestion
    return asked.suggestion.fingerprint if adapting and asked.suggestion else ""


# --- Saving --------------------------------------------------------------------------------------


def _save(session: Session, number: int, question: str, part: str) -> None:
    """Stores what was sent. Raises :class:`Outdated` if the page was made for something older."""
    named = _asked_of(session, number, question)
    if named.field or _says_something_of_the_record() or _was_copied():
        _save_with_record(session, number, question, part)
    else:
        give(
            session,
            _light(session, number),
            (question, part),
            request.form.get("text", ""),
            by=me(),
            version=_version(),
            part_title=request.form.get("part_title", "")[:500],
        )
    session.flush()
    drafts.discard(session, me().person_id, _drawer(question, part), number)


def _says_something_of_the_record() -> bool:
    return request.form.get("do") in ("take", "keep") or bool(request.form.get("taken"))


def _was_copied() -> bool:
    """Whether the page showed an answer that nobody had confirmed; saving it confirms it."""
    return bool(request.form.get("copied"))


def _light(session: Session, number: int) -> Dpia:
    """The assessment without its rows: enough to know who may edit it, and quick to load."""
    query = select(Dpia).where(Dpia.number == number).options(joinedload(Dpia.unit))
    dpia = session.scalar(query)
    if dpia is None or not may_see(me(), dpia):
        raise NotFound(_NO_ENTRY.format(number=Dpia.designate(number)))
    demand(me(), Permission.EDIT, dpia)
    return dpia


def _asked_of(session: Session, number: int, question: str) -> Question:
    key = session.scalar(select(Dpia.catalogue).where(Dpia.number == number))
    every = catalogue_called(key) if key else next(iter(catalogues().values()))
    try:
        return every.questions[question]
    except KeyError as error:
        raise NotFound(_NO_QUESTION) from error


def _save_with_record(session: Session, number: int, question: str, part: str) -> None:
    dpia: Dpia = find(session, Dpia, number, Permission.EDIT)
    asked = questionnaire(session, dpia).at((question, part))
    suggestion = _meant(asked)
    do = request.form.get("do")
    text = request.form.get("text", "")
    if suggestion and do == "take":
        text = suggestion.text
    elif do == "keep":
        text = asked.text
    if not asked.question.field:
        confirm(dpia, CopiedKind.ANSWER, place_of(question, part), by=me().name)
        give(
            session,
            dpia,
            (question, part),
            text,
            by=me(),
            version=_version(),
            part_title=asked.part_title,
            taken=suggestion,
        )
        return
    if _version() != dpia.version:
        raise Outdated(_CHANGED)
    if suggestion:
        take_over(dpia, suggestion, on=today(), text=tidy(text))
    else:
        setattr(dpia, asked.question.field, tidy(text))
    confirm(dpia, CopiedKind.STATEMENT, asked.question.field, by=me().name)
    touch(dpia)
    set_committed_value(dpia, "version", _version())


def _meant(asked: Asked) -> Suggestion | None:
    """What the record says, if the person saw it so and takes it over."""
    if not _says_something_of_the_record():
        return None
    if asked.suggestion is None or asked.suggestion.fingerprint != request.form.get(
        "taken" if request.form.get("taken") else "fingerprint"
    ):
        raise Outdated(_CHANGED)
    return asked.suggestion


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _onward(number: int, question: str, part: str) -> Response:
    """To the question that the page named as the next; asking again for it would cost more than saving."""
    flash(_("Die Antwort ist gespeichert."), "success")
    if request.form.get("do") == "stay":
        return redirect(address(number, question, part))
    following = request.form.get("following", "")
    if not following:
        return redirect(url_for("entries.show", slug=Dpia.slug, number=number, _anchor="questions"))
    return redirect(address(number, following, part_key(request.form.get("following_part", ""))))


def address(number: int, question: str, part: str) -> str:
    """Where one question is answered."""
    return url_for("dpia_questions.show", number=number, question=question, part=part)


# --- Drafts --------------------------------------------------------------------------------------


def _drawer(question: str, part: str) -> str:
    """Under which name a draft of the answer is kept; short, whatever the ids are."""
    return "dpia-answer:" + hashlib.sha256(f"{question}/{part}".encode()).hexdigest()[:40]


@bp.post("/question-draft")
def draft(number: int) -> dict[str, str]:
    """Keeps what is typed while it is typed."""
    drawer = _drawer(request.form.get("question", ""), request.form.get("part", ""))
    with writing() as session:
        _light(session, number)
        pairs = [("text", request.form.get("text", ""))]
        kept = drafts.keep(session, me().person_id, drawer, number, _version(), pairs)
        return {"saved_at": kept.saved_at.isoformat()}


@bp.post("/question-draft/discard")
def discard_draft(number: int) -> Response:
    """Throws away what I typed and did not save."""
    question, part = request.form.get("question", ""), request.form.get("part", "")
    with writing() as session:
        _light(session, number)
        drafts.discard(session, me().person_id, _drawer(question, part), number)
    flash(_("Der Entwurf ist verworfen."), "success")
    return redirect(address(number, question, part_key(part)))


# --- The catalogue -------------------------------------------------------------------------------


@bp.route("/catalogue", methods=["GET", "POST"])
def catalogue(number: int) -> str | Response:
    """What moving to another catalogue or version means; moves the assessment there."""
    if request.method == "POST":
        with writing() as session:
            dpia: Dpia = find(session, Dpia, number, Permission.EDIT)
            chosen = catalogue_called(request.form.get("catalogue", ""))
            dpia.catalogue = chosen.key
            if dpia.state is State.IMPORTED:
                touch(dpia)
        flash(_("Der Fragenkatalog ist gewechselt. Alle Antworten sind erhalten."), "success")
        return redirect(url_for("entries.show", slug=Dpia.slug, number=number, _anchor="questions"))
    with reading() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        own = catalogue_of(dpia)
        others = [one for one in catalogues().values() if one.key != own.key]
        return render_template(
            "assessments/dpia/catalogue.html",
            model=Dpia,
            dpia=dpia,
            own=own,
            others=[(one, compare(own, one)) for one in others],
        )


@bp.get("/report.<extension>")
def report(number: int, extension: str) -> Response:
    """The assessment in the order of the catalogue that the address names."""
    chosen = chosen_format(extension)
    catalogue = catalogue_called(request.args.get("catalogue", ""))
    with reading() as session:
        dpia: Dpia = find(session, Dpia, number, Permission.EXPORT)
        document = printed("dpia", session, ids=[dpia.id], catalogue=catalogue.key)
        return sent(document, chosen, f"{dpia.designation}-{catalogue.id}")


_NO_ENTRY: Final = Text("Einen Eintrag {number} gibt es nicht.", "There is no entry {number}.")
_NO_QUESTION = Text("Diese Frage stellt sich hier nicht.", "This question does not arise here.")
_CHANGED = Text(
    "Die Antwort oder ihre Quelle hat sich geändert, während Sie die Seite gelesen haben.",
    "The answer or its source changed while you were reading the page.",
)
