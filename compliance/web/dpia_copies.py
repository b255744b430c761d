"""Beginning an assessment from a template or a finished one, and confirming what was copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessments.dpia.answers import DpiaAnswer, answers_of
from assessments.dpia.copied import (
    Copied,
    CopiedKind,
    CopySource,
    copy_sources,
    part_at,
    place_of,
    unconfirmed,
)
from assessments.dpia.copying import (
    Copy,
    begin,
    beginnings,
    copy_of,
    labels_of,
    make_template,
    mark_as_template,
    may_become_template,
    may_begin_from,
    unmark,
)
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import sources_of
from assessments.dpia.questions import catalogues
from assessments.dpia.risk import described
from compliance.access import Permission, demand, may, may_do
from compliance.database import folded, today
from compliance.entry import is_template
from compliance.errors import Forbidden, NotFound, Outdated
from compliance.fields import fields, is_empty
from compliance.language import Text
from compliance.web.dpia_changes import changing
from compliance.web.entries import find, linked
from compliance.web.forms import EntryForm, apply, form_class, offer
from compliance.web.site import language, me, reading, writing

bp = Blueprint("dpia_copies", __name__, url_prefix="/dpias")

_OFFERED: Final = 50
_ASKED: Final = ("activities", "project", "name", "unit", "team", "finish_by")
"""Names of the fields that are asked before anything is copied; the others come from the source."""


# --- Beginning -----------------------------------------------------------------------------------


@bp.get("/begin")
def choose() -> str:
    """What a new assessment can begin from: templates first, then finished ones."""
    demand(me(), Permission.CREATE, Dpia)
    sought = request.args.get("q", "").strip()
    query = beginnings(me())
    if sought:
        query = query.where(Dpia.search.contains(folded(sought), autoescape=True))
    with reading() as session:
        found = session.scalars(query.limit(_OFFERED)).all()
        return render_template(
            "assessments/dpia/begin.html",
            model=Dpia,
            sought=sought,
            templates=[one for one in found if is_template(one)],
            finished=[one for one in found if not is_template(one)],
            linked=_linked(),
        )


def _linked() -> dict[str, str]:
    """What the address says about the new assessment, to be carried on."""
    return {name: request.args[name] for name in ("activities", "project") if request.args.get(name)}


@bp.route("/begin/<int:number>", methods=["GET", "POST"])
def start(number: int) -> str | Response | tuple[str, int]:
    """What is copied and what never is; begins the new assessment with it."""
    demand(me(), Permission.CREATE, Dpia)
    if request.method == "GET" or request.form.get("do") != "save":
        with reading() as session:
            return _page(session, _source(session, number))
    try:
        with writing() as session:
            source = _source(session, number)
            if request.form.get("version") != str(source.version):
                raise Outdated(_SOURCE_CHANGED)
            made, copied = _begin(session, source)
    except _Unreadable:
        with reading() as session:
            return _page(session, _source(session, number)), 422
    flash(
        _(
            "%(entry)s ist angelegt; %(count)s Angaben aus %(source)s sind zu bestätigen.",
            entry=made.designation,
            count=copied.count,
            source=source.designation,
        ),
        "success",
    )
    return redirect(url_for("entries.show", slug=Dpia.slug, number=made.number))


class _Unreadable(Exception):
    """An answer could not be understood."""


def _source(session: Session, number: int) -> Dpia:
    """The assessment to begin from, if it is one. Raises :class:`NotFound`."""
    source: Dpia = find(session, Dpia, number)
    if not may_begin_from(source):
        raise NotFound(_NO_SOURCE)
    return source


def _begin(session: Session, source: Dpia) -> tuple[Dpia, Copy]:
    made = Dpia()
    form = _form(request.form, made)
    if any(question.errors for question in form):
        raise _Unreadable
    apply(form, made, session)
    for name, proposal in made.proposals(session).items():
        if is_empty(getattr(made, name)):
            setattr(made, name, proposal.value)
    session.add(made)
    copied = begin(session, made, source, answers_of(session, source), sources_of(session, made), on=today())
    session.flush()
    # Only now is it known which unit answers for it; a refusal takes everything back.
    if not may_do(me(), Permission.CREATE, made):
        raise Forbidden(_FOREIGN_UNIT)
    return made, copied


def _form(sent: Any, entry: Dpia) -> EntryForm:
    """The few questions of :data:`_ASKED` as a form; whatever else is sent counts for nothing."""
    asked = [(name, text) for name, text in sent.items(multi=True) if name in _ASKED] if sent else []
    pairs = MultiDict(asked) if asked else None
    form = form_class(Dpia)(pairs, obj=entry)
    form.validate()
    return form


def _page(session: Session, source: Dpia) -> str:
    made = Dpia(**linked(session, Dpia))
    if request.method == "GET":
        for name, proposal in made.proposals(session).items():
            if name in _ASKED and is_empty(getattr(made, name)):
                setattr(made, name, proposal.value)
    form = _form(request.form if request.method == "POST" else None, made)
    offer(form, session, searched=request.form)
    copied = copy_of(source, answers_of(session, source), sources_of(session, made))
    return render_template(
        "assessments/dpia/begin_form.html",
        model=Dpia,
        source=source,
        copied=copied,
        left=", ".join(labels_of(copied.left_to_record, language())),
        form=form,
        asked=[form[name] for name in _ASKED],
        errors=[form[name] for name in _ASKED if form[name].errors],
    )


# --- Templates -----------------------------------------------------------------------------------


@bp.post("/<int:number>/template")
def template(number: int) -> Response:
    """Makes a template of the assessment or from it, or an assessment of a template again."""
    with writing() as session:
        dpia: Dpia = find(session, Dpia, number)
        match request.form.get("do"):
            case "make":
                demand(me(), Permission.CREATE, Dpia)
                made = make_template(session, dpia, answers_of(session, dpia), on=today())
                session.flush()
                demand(me(), Permission.EDIT, made)
                said = _("%(entry)s ist als Vorlage angelegt.", entry=made.designation)
            case "mark":
                demand(me(), Permission.EDIT, dpia)
                mark_as_template(dpia)
                made, said = dpia, _("%(entry)s ist jetzt eine Vorlage.", entry=dpia.designation)
            case _:
                demand(me(), Permission.EDIT, dpia)
                unmark(dpia)
                made, said = dpia, _("%(entry)s ist keine Vorlage mehr.", entry=dpia.designation)
    flash(said, "success")
    return redirect(url_for("entries.show", slug=Dpia.slug, number=made.number))


# --- Confirming ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Copies:
    """What the page of an assessment says about where it came from."""

    sources: Sequence[CopySource]
    waiting: int
    rows: Mapping[tuple[str, str], Copied]
    """What waits to be confirmed, by kind and place."""
    may_begin: bool
    """Whether the person may begin another assessment from this one."""
    may_make: bool
    may_mark: bool


def about_copies(dpia: Dpia) -> Copies:
    """What the page of *dpia* shows of templates and of what was copied."""
    waiting = () if is_template(dpia) else unconfirmed(dpia)
    creates = may(me(), Permission.CREATE, Dpia.area)
    return Copies(
        copy_sources(dpia),
        len(waiting),
        {(row.kind.name, row.place): row for row in waiting if row.kind},
        creates and may_begin_from(dpia),
        creates and not is_template(dpia),
        may_do(me(), Permission.EDIT, dpia) and may_become_template(dpia),
    )


@dataclass(frozen=True)
class Waiting:
    """One copied thing as the page shows it."""

    row: Copied
    label: str
    text: str
    address: str
    """Where it is changed."""


@bp.get("/<int:number>/copied")
def copied(number: int) -> str:
    """Everything that was copied and waits to be confirmed, with its wording."""
    with reading() as session:
        dpia: Dpia = find(session, Dpia, number)
        answers = answers_of(session, dpia)
        found = [_waiting(dpia, row, answers) for row in unconfirmed(dpia)]
        groups = {kind: [one for one in found if one.row.kind is kind] for kind in CopiedKind}
        return render_template(
            "assessments/dpia/copied.html",
            model=Dpia,
            dpia=dpia,
            groups={kind: group for kind, group in groups.items() if group},
            sources=copy_sources(dpia),
            may_edit=may_do(me(), Permission.EDIT, dpia),
        )


def _waiting(dpia: Dpia, row: Copied, answers: Mapping[Any, DpiaAnswer]) -> Waiting:
    match row.kind:
        case CopiedKind.STATEMENT:
            address = _edit(dpia, row.place)
            return Waiting(row, fields(Dpia)[row.place].label[language()], getattr(dpia, row.place), address)
        case CopiedKind.RISK:
            risk = part_at(dpia, row)
            address = url_for("dpia_risks.show", number=dpia.number, key=row.place)
            return Waiting(row, f"{risk.key} {risk.title}", described(risk, language()), address)
        case CopiedKind.MEASURE:
            measure = part_at(dpia, row)
            address = _edit(dpia, "measures")
            return Waiting(row, f"{measure.key} {measure.title}", measure.description, address)
        case _:
            question, _slash, part = row.place.partition("/")
            answer = answers.get((question, part))
            address = url_for("dpia_questions.show", number=dpia.number, question=question, part=part)
            return Waiting(row, _asked(dpia, question), answer.text if answer else "", address)


def _edit(dpia: Dpia, name: str) -> str:
    return url_for("entries.edit", slug=Dpia.slug, number=dpia.number, _anchor=f"field-{name}")


def _asked(dpia: Dpia, id: str) -> str:
    """What the question *id* asks, by the catalogue of *dpia* or whichever knows it."""
    own = catalogues().get(dpia.catalogue)
    every = (*((own,) if own else ()), *catalogues().values())
    return next((one.questions[id].ask[language()] for one in every if id in one.questions), id)


@bp.post("/<int:number>/copied")
def confirm(number: int) -> Response:
    """Notes that the person has looked at what they ticked, or at everything of one kind."""
    with changing(number) as (session, dpia):
        chosen = set(request.form.getlist("rows"))
        kind = request.form.get("kind", "-")
        waiting = [(row, row.kind.name if row.kind else "") for row in unconfirmed(dpia)]
        rows = [row for row, called in waiting if row.id.hex in chosen or called == kind]
        _confirm(session, dpia, rows)
        session.flush()
        left = len(unconfirmed(dpia))
    flash(ngettext("%(num)s Angabe ist bestätigt.", "%(num)s Angaben sind bestätigt.", len(rows)), "success")
    if left:
        return redirect(url_for(".copied", number=number))
    return redirect(url_for("entries.show", slug=Dpia.slug, number=number))


def _confirm(session: Session, dpia: Dpia, rows: Sequence[Copied]) -> None:
    answers = {place_of(*place): one for place, one in answers_of(session, dpia).items()} if rows else {}
    for row in rows:
        row.confirmed_on, row.confirmed_by = today(), me().name[:200]
        answer = answers.get(row.place)
        if row.kind is CopiedKind.ANSWER and answer is not None:
            # From now on it is an answer of this assessment, and somebody stands for it.
            answer.answered_by, answer.answered_on = me().name, today()


_SOURCE_CHANGED = Text(
    "Die Vorlage wurde inzwischen geändert. Bitte sehen Sie sich an, was jetzt übernommen wird.",
    "The template was changed in the meantime. Please look at what is copied now.",
)
_NO_SOURCE = Text(
    "Mit dieser Abschätzung lässt sich keine neue beginnen: Sie ist weder Vorlage noch freigegeben, oder sie "
    "wurde abgelehnt oder beendet.",
    "No new assessment can begin from this one: it is neither a template nor released, or it was rejected or "
    "has ended.",
)
_FOREIGN_UNIT = Text(
    "Ihre Rolle gilt nicht für diese Organisationseinheit. "
    "Wählen Sie eine Einheit, für die Sie zuständig sind.",
    "Your role does not cover this unit. Choose a unit for which you are responsible.",
)
