"""„Weg in die Basis-Absicherung“ in the browser: the checklists, their questions, and what carries over."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Module, edition_2023
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.taking_over import Standing
from assessments.grundschutz.wiba import (
    WibaTable,
    all_questions,
    question_counts,
    wiba_files,
)
from assessments.grundschutz.wiba_check import (
    WibaAnswer,
    WibaGiven,
    WibaRow,
    WibaStatus,
    answer_question,
    take_answers,
    wiba_checklist,
    wiba_rows,
    wiba_tallies,
)
from assessments.grundschutz.wiba_proposals import WibaLine, take_over_wiba, wiba_lines
from assessments.grundschutz.wiba_tables import Checklist, checklists, read_answers
from compliance.access import Permission, demand, may, may_do
from compliance.entry import everything
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import fields
from compliance.language import Text
from compliance.web.catalogue_files import take_in_upload
from compliance.web.entries import find
from compliance.web.forms import EntryForm, form_class
from compliance.web.site import language, me, reading, writing
from registers.importing.archive import LARGEST_FILE
from registers.importing.sheets import read_sheets

bp = Blueprint("wiba", __name__)


# --- The catalogue -------------------------------------------------------------------------------


@bp.get("/wiba/")
def catalogue() -> str:
    """The 19 checklists, and whether their questions are there."""
    demand(me(), Permission.VIEW, InformationDomain)
    return _catalogue_page()


@bp.post("/wiba/")
def take() -> Response | tuple[str, int]:
    """Takes in the questions or their mapping, or whatever else of a catalogue was sent."""
    demand(me(), Permission.IMPORT, InformationDomain)
    try:
        return take_in_upload()
    except Refused as refusal:
        return _catalogue_page(refusal.text[language()]), 422


def _catalogue_page(problem: str = "") -> str:
    with reading() as session:
        return render_template(
            "wiba/catalogue.html",
            checklists=sorted(checklists(), key=lambda each: (each.priority, each.number)),
            counts=question_counts(session),
            files=wiba_files(session),
            tables=tuple(WibaTable),
            may_import=may(me(), Permission.IMPORT, InformationDomain.area),
            problem=problem,
        )


# --- A domain ------------------------------------------------------------------------------------


@bp.get("/grundschutz/<int:number>/wiba")
def overview(number: int) -> str:
    """The checklists of a domain, the most urgent first, with how far each has come."""
    return _overview_page(number)


def _overview_page(number: int, problem: str = "") -> str:
    with reading() as session:
        domain = _domain(session, number)
        tallies = wiba_tallies(session, domain)
        open_lists = [each for each in tallies if each.answered < each.total]
        return render_template(
            "wiba/overview.html",
            domain=domain,
            tallies=tallies,
            answered=sum(each.answered for each in tallies),
            total=sum(each.total for each in tallies),
            next_open=open_lists[0] if open_lists else None,
            takeable=sum(each.is_takeable for each in wiba_lines(session, domain)),
            may_edit=may_do(me(), Permission.EDIT, domain),
            may_import=may(me(), Permission.IMPORT, InformationDomain.area),
            problem=problem,
        )


@bp.post("/grundschutz/<int:number>/wiba")
def take_filled(number: int) -> Response | tuple[str, int]:
    """Takes the answers from a workbook that somebody has filled in."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _overview_page(number, _NO_FILE[language()]), 422
    name = upload.filename.replace("\\", "/").rpartition("/")[2]
    try:
        filled = read_answers(read_sheets(upload.read(LARGEST_FILE + 1), name))
        with writing() as session:
            domain = _domain(session, number, Permission.EDIT)
            taken, kept = take_answers(session, domain, filled, by=me())
    except Refused as refusal:
        return _overview_page(number, refusal.text[language()]), 422
    said = ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", taken)
    if kept:
        stayed = ngettext(
            "%(num)s eigene Antwort blieb, wie sie ist.",
            "%(num)s eigene Antworten blieben, wie sie sind.",
            kept,
        )
        said = f"{said} {stayed}"
    flash(said, "success" if taken else "info")
    return redirect(url_for(".overview", number=number))


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


@dataclass(frozen=True)
class Put:
    """A question as it is put to a person."""

    row: WibaRow
    form: EntryForm
    following: str = ""
    outdated: bool = False
    wrong: bool = False


@dataclass(frozen=True)
class Attempt:
    """An answer that could not be stored as it was sent."""

    key: str
    form: EntryForm
    outdated: bool


@bp.get("/grundschutz/<int:number>/wiba/<int:checklist>")
def questions(number: int, checklist: int) -> str:
    """The questions of one checklist."""
    with reading() as session:
        return _questions_page(session, _domain(session, number), wiba_checklist(checklist))


def _questions_page(
    session: Session, domain: InformationDomain, checklist: Checklist, attempt: Attempt | None = None
) -> str:
    tallies = wiba_tallies(session, domain)
    at = next(index for index, each in enumerate(tallies) if each.checklist == checklist)
    return render_template(
        "wiba/questions.html",
        domain=domain,
        tally=tallies[at],
        before=tallies[at - 1] if at else None,
        after=tallies[at + 1] if at + 1 < len(tallies) else None,
        asked=list(_put(wiba_rows(session, domain, checklist), attempt)),
        attempt=attempt,
        statuses=tuple(WibaStatus),
        keys=_keys(),
        specs=fields(WibaAnswer),
        may_answer=may_do(me(), Permission.EDIT, domain),
        may_import=may(me(), Permission.IMPORT, InformationDomain.area),
    )


def _put(rows: Sequence[WibaRow], attempt: Attempt | None) -> Iterator[Put]:
    following = (row.question.key for row in rows[1:])
    for row in rows:
        yield _question(row, attempt, next(following, ""))


def _question(row: WibaRow, attempt: Attempt | None, following: str) -> Put:
    key = row.question.key
    if attempt and attempt.key == key:
        wrong = any(entry.errors for entry in attempt.form)
        return Put(row, attempt.form, following, attempt.outdated, wrong)
    return Put(row, form_class(WibaAnswer)(None, obj=row.given, prefix=f"{key}-"), following)


def _keys() -> dict[WibaStatus, str]:
    """The letter that chooses an answer while its group has the focus."""
    if language() == "de":
        return {WibaStatus.YES: "j", WibaStatus.NO: "n", WibaStatus.NOT_RELEVANT: "e"}
    return {WibaStatus.YES: "y", WibaStatus.NO: "n", WibaStatus.NOT_RELEVANT: "r"}


@bp.post("/grundschutz/<int:number>/wiba/<int:checklist>/<key>")
def answer(number: int, checklist: int, key: str) -> Response | tuple[Response | str, int]:
    """Stores one answer; scripts are told in JSON, browsers without them go on to the next question."""
    form = form_class(WibaAnswer)(request.form, prefix=f"{key}-")
    if not form.validate():
        return _not_stored(number, checklist, Attempt(key, form, outdated=False), 422)
    given = WibaGiven(form["status"].data, form["note"].data or "")
    try:
        with writing() as session:
            domain = _domain(session, number, Permission.EDIT)
            answer_question(session, domain, key, given, by=me(), version=_version())
    except (Outdated, StaleDataError, IntegrityError):
        return _not_stored(number, checklist, Attempt(key, form, outdated=True), 409)
    if _wants_json():
        return _stored(number, checklist, key)
    flash(_("Frage %(key)s ist gespeichert.", key=key), "success")
    anchor = request.form.get("following") or "after-check"
    return redirect(url_for(".questions", number=number, checklist=checklist, _anchor=anchor))


def _version() -> int:
    """The version the person has read; what is no number is none that ever was."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _stored(number: int, checklist: int, key: str) -> Response:
    with reading() as session:
        domain = _domain(session, number)
        row = _row(session, domain, checklist, key)
        tally = next(each for each in wiba_tallies(session, domain) if each.checklist.number == checklist)
    return jsonify(
        version=row.version,
        standing=render_template("wiba/standing.html", row=row),
        progress=_("%(done)s von %(all)s beantwortet", done=tally.answered, all=tally.total),
        answered=tally.answered,
        said=_("Frage %(key)s gespeichert.", key=key),
    )


def _row(session: Session, domain: InformationDomain, checklist: int, key: str) -> WibaRow:
    for row in wiba_rows(session, domain, wiba_checklist(checklist)):
        if row.question.key == key:
            return row
    raise NotFound(_NO_QUESTION)


def _not_stored(number: int, checklist: int, attempt: Attempt, status: int) -> tuple[Response | str, int]:
    """The question again as it was filled in, beside what is stored by now."""
    with reading() as session:
        domain = _domain(session, number, Permission.EDIT)
        row = _row(session, domain, checklist, attempt.key)
        if not _wants_json():
            return _questions_page(session, domain, wiba_checklist(checklist), attempt), status
    html = render_template(
        "wiba/question.html",
        domain=domain,
        checklist=wiba_checklist(checklist),
        put=_question(row, attempt, request.form.get("following", "")),
        statuses=tuple(WibaStatus),
        keys=_keys(),
        specs=fields(WibaAnswer),
        may_answer=True,
    )
    return jsonify(html=html, said=(_OUTDATED if attempt.outdated else _UNREADABLE)[language()]), status


# --- Into the check ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A module at the object to which it is applied, with what WiBA proposes there."""

    assignment: Assignment
    module: Module
    lines: tuple[WibaLine, ...]

    @property
    def takeable(self) -> int:
        return sum(each.is_takeable for each in self.lines)


@bp.get("/grundschutz/<int:number>/wiba/proposals")
def proposals(number: int) -> str:
    """What the answers propose for the check, to be taken over."""
    show = request.args.get("show", "")
    with reading() as session:
        domain = _domain(session, number)
        lines = wiba_lines(session, domain)
        chosen = [each for each in lines if not show or each.standing.name == show]
        return render_template(
            "wiba/proposals.html",
            domain=domain,
            lines=lines,
            places=list(_places(session, chosen)),
            questions=all_questions(session),
            show=show,
            counts=_counts(lines),
            standings=tuple(each for each in Standing if each is not Standing.SILENT),
            has_links=WibaTable.LINKS in wiba_files(session),
            may_take=may_do(me(), Permission.EDIT, domain),
        )


def _counts(lines: Sequence[WibaLine]) -> dict[str, int]:
    counts = {each.name: sum(line.standing is each for line in lines) for each in Standing}
    return {"": len(lines)} | counts


def _places(session: Session, lines: Sequence[WibaLine]) -> Iterator[Place]:
    ids = list(dict.fromkeys(line.assignment_id for line in lines))
    query = select(Assignment).where(Assignment.id.in_(ids)).options(*everything(Assignment))
    assignments = {each.id: each for each in session.scalars(query)}
    for identity in ids:
        own = tuple(line for line in lines if line.assignment_id == identity)
        yield Place(assignments[identity], edition_2023().module(assignments[identity].module_id), own)


@bp.post("/grundschutz/<int:number>/wiba/proposals")
def carry_over(number: int) -> Response:
    """Takes proposals over into the check: the ticked ones, one, or all of a module."""
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        count = take_over_wiba(session, domain, _words(session, domain), by=me())
    flash(ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", count), "success")
    query: dict[str, Any] = {"show": request.form.get("show") or None, "_anchor": "list"}
    return redirect(url_for(".proposals", number=number, **query))


def _words(session: Session, domain: InformationDomain) -> list[str]:
    if one := request.form.get("one", ""):
        return [one]
    if place := request.form.get("all", ""):
        wanted = _as_id(place)
        return [each.word for each in wiba_lines(session, domain) if each.assignment_id == wanted]
    return request.form.getlist("line")


def _as_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(hex=text)
    except ValueError as error:
        raise NotFound(_NO_QUESTION) from error


_NO_QUESTION: Final = Text("Diese Frage gibt es nicht.", "There is no such question.")
_NO_FILE: Final = Text("Bitte wählen Sie die Datei aus.", "Please choose the file.")
_OUTDATED: Final = Text(
    "Nicht gespeichert: Jemand anderes hat diese Frage inzwischen beantwortet.",
    "Not saved: somebody else has answered this question meanwhile.",
)
_UNREADABLE: Final = Text(
    "Nicht gespeichert: Eine Angabe war nicht zu lesen.", "Not saved: an entry could not be read."
)
