"""IT-Grundschutz in the browser: progress of a domain, its modelling, and the check of each module."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.grundschutz import check as checking
from assessments.grundschutz.borrowing import count_stale
from assessments.grundschutz.catalogue import available_catalogues
from assessments.grundschutz.check import (
    Given,
    RequirementAnswer,
    Sheet,
    SheetRow,
    Status,
    check_sheet,
)
from assessments.grundschutz.course import course, thinned
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.interviews import CheckInterview, interview_called, interviews_about
from assessments.grundschutz.kompendium import Layer, edition_2023
from assessments.grundschutz.modelling import (
    Assignment,
    assign,
    demand_answering,
    load_assignment,
    may_answer,
    propose_assignments,
    set_relevance,
    without_module,
)
from assessments.grundschutz.plan_steps import draw_up_at
from assessments.grundschutz.planned import planned_at
from assessments.grundschutz.progress import (
    Assigned,
    by_layer,
    overview,
    summed,
    surroundings,
)
from assessments.grundschutz.protection import is_open
from assessments.grundschutz.wiba_proposals import outdated_at
from compliance.access import Permission, demand, may, may_do, may_see
from compliance.database import folded
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import fields, is_empty
from compliance.journal import history
from compliance.language import LOCAL_TIME, Text
from compliance.release import Step
from compliance.web.catalogue_files import take_in_upload
from compliance.web.entries import find
from compliance.web.forms import EntryForm, Input, form_class
from compliance.web.modelling import offered, place_in, reasons_in, word_of
from compliance.web.site import language, me, reading, writing
from exports.charts import svg
from exports.document import Figure
from exports.reports.grundschutz_check import course_figure, progress_figure
from registers.measures import Measure

bp = Blueprint("grundschutz", __name__, url_prefix="/grundschutz")

STATUSES: Final = (Status.UNNECESSARY, Status.YES, Status.PARTIAL, Status.NO, Status.OPEN)
"""The answers in the order in which they are offered."""
_DAYS_LISTED: Final = 12
_WIDE: Final = 900.0
_NARROW: Final = 340.0
_FOLDED: Final = ("remark", "evidence", "evidence_on", "met_by")
_FILTERS: Final = ("open", "changed", "mine")


# --- The domain ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LayerGroup:
    """The applied modules of one layer."""

    layer: Layer
    assigned: tuple[Assigned, ...]


def about_domain(session: Session, domain: InformationDomain) -> dict[str, Any]:
    """What the page of *domain* shows beside its fields: progress, modules and what is next."""
    assigned = overview(session, domain)
    layers = by_layer(assigned)
    figure = progress_figure(layers, language())
    days = course(session, domain)
    over_time = course_figure(days, language())
    return {
        "layers": layers,
        "total": summed(layers.values()),
        "chart": Markup(svg(figure.chart, language(), figure.caption)) if layers else "",  # noqa: S704
        "chart_title": figure.caption,
        "course": over_time,
        "course_images": _course_images(over_time) if over_time else {},
        "course_days": thinned(days, _DAYS_LISTED)[::-1],
        "stale": count_stale(session, domain),
        "groups": list(_groups(layers, assigned)),
        "checks_at": url_for("grundschutz.check", number=domain.number, identity="-").removesuffix("-"),
        "so_far": _("%(done)s von %(all)s"),
        "excluded": [each for each in assigned if not each.relevant],
        "outside": [each for each in assigned if each.outside],
        "next_open": next((each for each in assigned if each.tally.answered < each.tally.total), None),
        "statuses": tuple(Status),
        "may_edit_modelling": may_do(me(), Permission.EDIT, domain),
        "has_risk_analysis": knows_risk_analysis(domain.approach),
        "knows_needs": knows_risk_analysis(domain.approach),
        "open_needs": sum(map(is_open, domain.objects)),
    }


def _course_images(figure: Figure) -> dict[str, Markup]:
    """The history for a screen with room, and for a phone."""
    widths = {"wide": _WIDE, "narrow": _NARROW}
    return {
        name: Markup(svg(figure.chart, language(), figure.caption, width=width))  # noqa: S704
        for name, width in widths.items()
    }


def _groups(layers: Iterable[Layer], assigned: Sequence[Assigned]) -> Iterator[LayerGroup]:
    for layer in layers:
        yield LayerGroup(
            layer,
            tuple(
                each
                for each in assigned
                if each.relevant and not each.outside and each.module.layer == layer.id
            ),
        )


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


def assignment_at(session: Session, number: int, identity: str) -> Assignment:
    """The assignment with that id in the domain with that number, if the person keeps the domain."""
    assignment = _assignment(session, number, identity)
    demand(me(), Permission.EDIT, assignment.domain)
    return assignment


def answerable_at(session: Session, number: int, identity: str) -> Assignment:
    """The assignment with that id in the domain with that number, if the person may answer it."""
    assignment = _assignment(session, number, identity)
    demand_answering(me(), assignment)
    return assignment


def readable_at(session: Session, number: int, identity: str) -> Assignment:
    """The assignment with that id in the domain with that number, if the person may read its answers."""
    assignment = _assignment(session, number, identity)
    if not (may_see(me(), assignment.domain) or may_answer(me(), assignment)):
        raise NotFound(_NO_ASSIGNMENT)
    return assignment


def _assignment(session: Session, number: int, identity: str) -> Assignment:
    assignment = load_assignment(session, _as_id(identity))
    if assignment.domain.number != number:
        raise NotFound(_NO_ASSIGNMENT)
    return assignment


def _as_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(hex=text)
    except ValueError as error:
        raise NotFound(_NO_ASSIGNMENT) from error


def _at(endpoint: str, number: int, identity: str, **more: Any) -> Response:
    return redirect(url_for(endpoint, number=number, identity=identity, **more))


def _domain_page(number: int) -> str:
    return url_for("entries.show", slug=InformationDomain.slug, number=number)


# --- Modelling -----------------------------------------------------------------------------------


@bp.get("/<int:number>/modelling")
def modelling(number: int) -> str:
    """What may still be modelled, to be ticked or ruled out."""
    with reading() as session:
        domain = _domain(session, number, Permission.EDIT)
        suggestions = [] if domain.extent.is_empty else propose_assignments(session, domain)
        covered = [each for each in suggestions if domain.extent.covers(each.proposal.module_id)]
        return render_template(
            "assessments/grundschutz/modelling.html",
            domain=domain,
            offer=offered(domain, covered),
            left_out=len(suggestions) - len(covered),
            word_of=word_of,
            bare=without_module(session, domain, suggestions) if domain.is_modelled else (),
            has_risk_analysis=knows_risk_analysis(domain.approach),
            modules=[each for each in edition_2023().modules if domain.extent.covers(each.id)],
            module=edition_2023().module,
        )


@bp.post("/<int:number>/modelling")
def model(number: int) -> Response:
    """Applies what is ticked, and records what is not applied for a reason."""
    applied = [place_in(text) for text in request.form.getlist("apply")]
    if module_id := request.form.get("module", ""):
        applied.append(place_in(f"{request.form.get('target', '')}:{module_id}"))
    reasons = reasons_in(request.form, applied)
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        added = assign(session, domain, [*applied, *reasons], by=me())
        for assignment in added:
            place = (assignment.target.id if assignment.target else None, assignment.module_id)
            if reason := reasons.get(place):
                set_relevance(assignment, relevant=place in applied, reason=reason, by=me())
    flash(
        ngettext("%(num)s Zuordnung ist gespeichert.", "%(num)s Zuordnungen sind gespeichert.", len(added)),
        "success",
    )
    return redirect(_domain_page(number))


@bp.post("/<int:number>/<identity>/relevance")
def relevance(number: int, identity: str) -> Response:
    """Rules a module out for a reason, or applies it again."""
    relevant = request.form.get("relevant") == "yes"
    with writing() as session:
        assignment = assignment_at(session, number, identity)
        set_relevance(assignment, relevant=relevant, reason=request.form.get("reason", ""), by=me())
    flash(_("Die Modellierung ist gespeichert."), "success")
    return _at(".check", number, identity)


@bp.post("/<int:number>/<identity>/remove")
def remove(number: int, identity: str) -> Response:
    """Undoes an assignment that nobody has worked on."""
    with writing() as session:
        checking.remove(session, assignment_at(session, number, identity), by=me())
    flash(_("Die Zuordnung ist entfernt."), "success")
    return redirect(_domain_page(number))


# --- The check of one module ---------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """An answer that could not be stored as it was sent."""

    requirement_id: str
    form: EntryForm
    outdated: bool
    """Somebody else answered meanwhile; otherwise something was not to be read."""


@dataclass(frozen=True)
class Talk:
    """What was written down about an interview and could not be stored as it was sent."""

    form: EntryForm
    interview: str
    """Id of the interview that was to be corrected; empty for a new one."""
    problem: str


@dataclass(frozen=True)
class Question:
    """One requirement as it is put to a person."""

    row: SheetRow
    form: EntryForm
    following: str = ""
    """Id of the next requirement on the page."""
    outdated: bool = False
    """The form holds what was sent, and the row what somebody else has stored meanwhile."""

    @property
    def remarked(self) -> bool:
        """Whether there is something under the fold."""
        folded_away = (entry for entry in self.form if entry.short_name in _FOLDED)
        return any(entry.errors or not is_empty(entry.data) for entry in folded_away)

    @property
    def wrong(self) -> bool:
        return any(entry.errors for entry in self.form)


@dataclass(frozen=True)
class Scope:
    """Which requirements are shown, and how many each filter would show."""

    chosen: str
    counts: Mapping[str, int]
    since: date | None
    """The day from which a change counts as such."""


@bp.get("/<int:number>/<identity>")
def check(number: int, identity: str) -> str:
    """Everything asked of one module."""
    with reading() as session:
        return check_page(session, readable_at(session, number, identity))


def check_page(
    session: Session, assignment: Assignment, attempt: Attempt | None = None, talk: Talk | None = None
) -> str:
    """The check of *assignment*, with what was sent and could not be stored, if so."""
    sheet = check_sheet(session, assignment)
    held_about = interviews_about(session, assignment)
    since = _changes_count_from(session, assignment.domain, held_about)
    scope, rows = _filtered(sheet, request.values.get("show", ""), attempt, since)
    around = surroundings(session, assignment)
    may_edit = may_do(me(), Permission.EDIT, assignment.domain)
    may_look_around = may_see(me(), assignment.domain)
    return render_template(
        "assessments/grundschutz/check.html",
        domain=assignment.domain,
        assignment=assignment,
        sheet=sheet,
        scope=scope,
        questions=_questions(rows, attempt),
        attempt=attempt,
        statuses=STATUSES,
        keys=_keys(),
        before=around.before if may_look_around else None,
        after=around.after if may_look_around else None,
        may_look_around=may_look_around,
        interviews=[(held, _interview_form(held, talk)) for held in held_about],
        fresh=talk.form if talk and not talk.interview else form_class(CheckInterview)(),
        talk=talk,
        also=request.form.getlist("also"),
        interview=_chosen_interview(held_about),
        beside=around.beside if may_edit else (),
        elsewhere=around.alike if may_edit else 0,
        specs=fields(RequirementAnswer),
        **_planning(session, assignment),
        at=_addresses(assignment),
        may_edit=may_edit,
        may_answer=may_answer(me(), assignment) and assignment.relevant is not False,
        may_export=may_do(me(), Permission.EXPORT, assignment.domain),
        may_import=may(me(), Permission.IMPORT, InformationDomain.area),
        has_texts=not sheet.rows or any(row.requirement.text for row in sheet.rows),
        outdated=outdated_at(session, assignment),
    )


def _addresses(assignment: Assignment) -> dict[str, str]:
    """Where the questions of the page lead: each is completed by the id of its requirement."""
    number, identity = assignment.domain.number, assignment.id.hex
    found = {
        "answer": url_for("grundschutz.answer", number=number, identity=identity, requirement_id="-"),
        "parts": url_for("check_parts.show", number=number, identity=identity, requirement_id="-"),
        "across": url_for("check_bulk.requirement", number=number, requirement_id="-"),
    }
    return {name: address.removesuffix("-") for name, address in found.items()}


def _interview_form(held: CheckInterview, talk: Talk | None) -> EntryForm:
    if talk is not None and talk.interview == held.id.hex:
        return talk.form
    return form_class(CheckInterview)(None, obj=held, prefix=f"{held.id.hex}-")


def _filtered(
    sheet: Sheet, wanted: str, attempt: Attempt | None, since: date | None
) -> tuple[Scope, list[SheetRow]]:
    name = folded(me().name)
    chosen_by: dict[str, Callable[[SheetRow], bool]] = {
        "": lambda _row: True,
        "open": lambda row: row.given.status is Status.OPEN,
        "changed": lambda row: bool(since and row.answered_on and row.answered_on >= since),
        "mine": lambda row: name in folded(row.given.responsible),
    }
    counts = {key: sum(map(belongs, sheet.rows)) for key, belongs in chosen_by.items()}
    chosen = wanted if wanted in _FILTERS else ""
    rows = [
        row
        for row in sheet.rows
        if chosen_by[chosen](row) or (attempt and attempt.requirement_id == row.requirement.id)
    ]
    return Scope(chosen, counts, since), rows


def _changes_count_from(
    session: Session, domain: InformationDomain, held_about: Sequence[CheckInterview]
) -> date | None:
    """The day from which a change counts: that of the last release, or else the one after the interview."""
    if domain.released_version is not None:
        for change in history(session, domain):
            if change.action == Step.RELEASE:
                return change.at.astimezone(LOCAL_TIME).date()
    held_on = held_about[0].held_on if held_about else None
    return held_on + timedelta(days=1) if held_on else None


def _chosen_interview(held_about: Sequence[CheckInterview]) -> str:
    """Id of the interview to which answers given now belong: the one asked for, or else the latest."""
    wanted = request.values.get("interview")
    known = [held.id.hex for held in held_about]
    if wanted is not None:
        return wanted if wanted in known else ""
    return known[0] if known else ""


def _questions(rows: Sequence[SheetRow], attempt: Attempt | None) -> list[Question]:
    following = [*(row.requirement.id for row in rows[1:]), ""][: len(rows)]
    return [_question(row, attempt, next_id) for row, next_id in zip(rows, following, strict=True)]


def _question(row: SheetRow, attempt: Attempt | None, following: str) -> Question:
    if attempt and attempt.requirement_id == row.requirement.id:
        return Question(row, attempt.form, following, attempt.outdated)
    form = form_class(RequirementAnswer)(None, obj=row.given, prefix=f"{row.requirement.id}-")
    return Question(row, form, following)


def _keys() -> dict[Status, str]:
    """The letter that chooses an answer while its group has the focus: how the answer begins."""
    return {status: status.text[language()][0].lower() for status in STATUSES if status is not Status.OPEN}


@bp.post("/<int:number>/<identity>/answers/<requirement_id>")
def answer(number: int, identity: str, requirement_id: str) -> Response | tuple[Response | str, int]:
    """Stores one answer, and draws its measure up if that is wanted.

    Scripts are told in JSON; browsers without them go on to the next requirement.
    """
    form = form_class(RequirementAnswer)(request.form, prefix=f"{requirement_id}-")
    if not form.validate():
        return _not_stored(number, identity, Attempt(requirement_id, form, outdated=False), 422)
    given = given_in_form(form)
    try:
        with writing() as session:
            assignment = answerable_at(session, number, identity)
            version = read_version(request.form.get("version", ""))
            said_in = _interview_sent(session, assignment)
            found = checking.answer(
                session, assignment, requirement_id, given, by=me(), version=version, found_in=said_in
            )
            session.flush()
            drawn = draw_up_at(session, assignment, requirement_id, by=me()) if _plans() else None
            stored = _stored(session, assignment, found, drawn) if _wants_json() else None
    except (Outdated, StaleDataError, IntegrityError):
        return _not_stored(number, identity, Attempt(requirement_id, form, outdated=True), 409)
    if stored is not None:
        return jsonify(stored)
    flash(_("%(requirement)s ist gespeichert.", requirement=requirement_id), "success")
    if drawn is not None:
        flash(_("%(measure)s ist angelegt.", measure=drawn), "success")
    anchor = requirement_id if drawn is not None else request.form.get("following") or "after-check"
    kept = {"show": request.form.get("show") or None, "interview": request.form.get("interview")}
    return _at(".check", number, identity, _anchor=anchor, **kept)


def _plans() -> bool:
    """Whether the answer is to get a measure."""
    return request.form.get("do") == "plan"


def _planning(session: Session, assignment: Assignment) -> dict[str, Any]:
    """What ``planned.html`` needs, once for all requirements of *assignment*."""
    number = assignment.domain.number
    asked: dict[str, Any] = {"from": assignment.id.hex, "requirement": ""}
    may_edit = may_do(me(), Permission.EDIT, assignment.domain)
    return {
        "planned": planned_at(session, assignment),
        "may_plan": may_edit and may(me(), Permission.CREATE, Measure.area),
        "plan_at": url_for("plans.show", number=number, _anchor="new-answers"),
        "propose_at": url_for("plans.propose", number=number, **asked),
    }


def _interview_sent(session: Session, assignment: Assignment) -> CheckInterview | None:
    """The interview to which the answer that was sent belongs."""
    wanted = request.form.get("interview", "")
    return interview_called(session, assignment, _as_id(wanted)) if wanted else None


def given_in_form(form: EntryForm) -> Given:
    """What *form* says; it was sent whole."""
    answers = {entry.short_name: entry.data for entry in form if isinstance(entry, Input)}
    texts = {name: answers[name] or "" for name in ("reason", "measure", "responsible", "remark", "evidence")}
    return Given(
        answers["status"] or Status.OPEN,
        due=answers["due"],
        met_by=answers["met_by"],
        evidence_on=answers["evidence_on"],
        **texts,
    )


def read_version(text: str) -> int:
    """The version the person has read; what is no number is none that ever was."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _stored(
    session: Session, assignment: Assignment, found: RequirementAnswer, drawn: Measure | None
) -> dict[str, Any]:
    """What the page of *assignment* needs to know of a stored answer, and of the measure drawn up for it."""
    standing = checking.standing(session, assignment, found)
    reply = {
        "version": standing.row.version,
        "standing": render_template("assessments/grundschutz/standing.html", row=standing.row),
        "progress": _("%(done)s von %(all)s beantwortet", done=standing.answered, all=standing.asked),
        "answered": standing.answered,
        "said": _("%(requirement)s gespeichert.", requirement=found.requirement_id),
    }
    if drawn is not None:
        reply["said"] = _("%(measure)s ist angelegt.", measure=drawn)
        reply["planned"] = render_template(
            "assessments/grundschutz/planned.html",
            requirement=standing.row.requirement,
            in_form=True,
            **_planning(session, assignment),
        )
    return reply


def _row_of(sheet: Sheet, requirement_id: str) -> SheetRow:
    for row in sheet.rows:
        if row.requirement.id == requirement_id:
            return row
    raise NotFound(_NO_REQUIREMENT.format(requirement=requirement_id))


def _not_stored(number: int, identity: str, attempt: Attempt, status: int) -> tuple[Response | str, int]:
    """The requirement again as it was filled in, beside what is stored by now."""
    with reading() as session:
        assignment = answerable_at(session, number, identity)
        row = _row_of(check_sheet(session, assignment), attempt.requirement_id)
        planning = _planning(session, assignment)
        if not _wants_json():
            return check_page(session, assignment, attempt), status
    question = _question(row, attempt, request.form.get("following", ""))
    html = render_template(
        "assessments/grundschutz/requirement_again.html",
        domain=assignment.domain,
        assignment=assignment,
        question=question,
        statuses=STATUSES,
        keys=_keys(),
        scope=Scope(request.form.get("show", ""), {}, None),
        interview=request.form.get("interview", ""),
        specs=fields(RequirementAnswer),
        **planning,
        at=_addresses(assignment),
        may_edit=may_do(me(), Permission.EDIT, assignment.domain),
        may_answer=True,
        elsewhere=0,
        has_texts=bool(row.requirement.text),
    )
    return jsonify(html=html, said=(_OUTDATED if attempt.outdated else _UNREADABLE)[language()]), status


@bp.post("/<int:number>/<identity>/adopted/<requirement_id>")
def adopt(number: int, identity: str, requirement_id: str) -> Response:
    """Takes a requirement for increased protection needs into the check, or out of it."""
    adopted = request.form.get("adopted") == "yes"
    with writing() as session:
        assignment = assignment_at(session, number, identity)
        checking.adopt(session, assignment, requirement_id, adopted=adopted, by=me())
    if adopted:
        flash(_("%(requirement)s wird jetzt geprüft.", requirement=requirement_id), "success")
        return _at(".check", number, identity, _anchor=requirement_id)
    flash(_("%(requirement)s wird nicht mehr geprüft.", requirement=requirement_id), "success")
    return _at(".check", number, identity)


# --- Catalogue -----------------------------------------------------------------------------------


@bp.get("/catalogue")
def catalogue() -> str:
    """What is shipped, and whether the wordings are there."""
    demand(me(), Permission.VIEW, InformationDomain)
    return _catalogue_page()


@bp.post("/catalogue")
def import_texts() -> Response | tuple[str, int]:
    """Takes in the official files of the Kompendium, or whatever else of a catalogue was sent."""
    demand(me(), Permission.IMPORT, InformationDomain)
    try:
        return take_in_upload()
    except Refused as refusal:
        return _catalogue_page(refusal.text[language()]), 422


def _catalogue_page(problem: str = "") -> str:
    with reading() as session:
        return render_template(
            "assessments/grundschutz/catalogue.html",
            catalogues=available_catalogues(session),
            may_import=may(me(), Permission.IMPORT, InformationDomain.area),
            problem=problem,
        )


_NO_ASSIGNMENT: Final = Text("Diese Zuordnung gibt es nicht.", "There is no such assignment.")
_NO_REQUIREMENT: Final = Text(
    "Die Anforderung {requirement} wird hier nicht geprüft.",
    "The requirement {requirement} is not checked here.",
)
_OUTDATED: Final = Text(
    "Nicht gespeichert: Jemand anderes hat diese Anforderung inzwischen beantwortet.",
    "Not saved: somebody else has answered this requirement meanwhile.",
)
_UNREADABLE: Final = Text(
    "Nicht gespeichert: Eine Angabe war nicht zu lesen.", "Not saved: an entry could not be read."
)
