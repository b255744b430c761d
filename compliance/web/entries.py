"""List, read, write and export the entries of any register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, inspect, literal, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from compliance import drafts
from compliance.access import Identity, Permission, demand, may, may_do, may_see, may_unseal, visible
from compliance.advice import give_opinion, opinions
from compliance.attachments import attachments
from compliance.comments import colleagues, conversation
from compliance.deviations import deviations
from compliance.entry import Entry, State, by_number, class_called, is_template
from compliance.errors import Forbidden, NotFound, Outdated, Refused
from compliance.fields import (
    Choice,
    Choices,
    Flag,
    Reference,
    References,
    Rows,
    fields,
    is_empty,
    matters,
    missing,
    sections,
)
from compliance.findings import Objection, referred_to, stored_findings
from compliance.journal import facts, history
from compliance.language import Text
from compliance.people import Unit
from compliance.release import steps_for, take
from compliance.rules import Severity
from compliance.web import conflicts
from compliance.web.forms import (
    EntryForm,
    Input,
    RowsInput,
    apply,
    every_input,
    form_class,
    form_sections,
    label_of,
    label_query,
    offer,
    order_of,
    sent,
)
from compliance.web.listing import View, filter_names, listed, page_of, sort_names
from compliance.web.site import language, me, reading, site, writing
from registers.importing import IMPORTABLE
from registers.processing import ProcessingActivity
from registers.recognition import link_all
from registers.samples import Sample, samples, samples_by_area

bp = Blueprint("entries", __name__, url_prefix="/registers/<slug>")


# --- List ----------------------------------------------------------------------------------------


@bp.get("/")
def index(slug: str) -> str:
    """One page of a register, as the address asks for it."""
    model = site().register(slug)
    demand(me(), Permission.VIEW, model)
    view = View.from_address(model, request.args)
    with reading() as session:
        listing = page_of(session, model, view, me())
        return render_template(
            [f"{slug}/index.html", "entries/index.html"],
            model=model,
            view=view,
            listing=listing,
            columns=listed(model),
            sortable=sort_names(model),
            filters=list(filters_of(session, model)),
            may_create=may(me(), Permission.CREATE, model.area),
            may_export=may(me(), Permission.EXPORT, model.area),
            may_import=may(me(), Permission.IMPORT, model.area),
            importable=slug in IMPORTABLE,
            may_edit=may(me(), Permission.EDIT, model.area),
            page_numbers=_page_numbers(min(view.page, listing.pages), listing.pages),
            address_of=url_for(".index", slug=slug),
        )


def _page_numbers(page: int, pages: int) -> list[int]:
    """The pages worth a link: both ends and the neighbourhood; 0 stands for a gap."""
    near = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    numbers: list[int] = []
    for number in near:
        if numbers and number > numbers[-1] + 1:
            numbers.append(0)
        numbers.append(number)
    return numbers


@dataclass(frozen=True)
class Filter:
    """One filter above a list: its name in the address, its label and what can be chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


def filters_of(session: Session, model: type[Entry]) -> Iterator[Filter]:
    """What a list of *model* can be filtered by, in the language of the page."""
    for name in filter_names(model):
        match name:
            case "unit":
                units = session.execute(select(Unit.id, Unit.key, Unit.name).order_by(Unit.key, Unit.name))
                options = tuple((unit.id.hex, f"{unit.key} {unit.name}".strip()) for unit in units)
                yield Filter(name, _("Organisationseinheit"), options)
            case "state":
                states = tuple((state.name, state.text[language()]) for state in State)
                yield Filter(name, _("Status"), (*states, ("CHANGED", _("Geändert seit Freigabe"))))
            case "findings":
                yield Filter(name, _("Feststellungen"), tuple((s.name, s.text[language()]) for s in Severity))
            case "rule":
                rules = sorted(rule.id for rule in site().judge.rules_about(model))
                yield Filter(name, _("Prüfregel"), tuple((rule, rule) for rule in rules))
            case "due":
                yield Filter(name, _("Frist"), (("overdue", _("überfällig")), ("soon", _("in 30 Tagen"))))
            case _:
                yield Filter(name, fields(model)[name].label[language()], _words(session, model, name))


def _words(session: Session, model: type[Entry], name: str) -> tuple[tuple[str, str], ...]:
    spec = fields(model)[name]
    if isinstance(spec, Reference):
        target = class_called(spec.target)
        rows = session.execute(label_query(target).order_by(order_of(target)).limit(200))
        return tuple((row.id.hex, label_of(target, row)) for row in rows)
    if words := getattr(spec, "words", None):
        return tuple((word.name, word.text[language()]) for word in words)
    return (("yes", _("ja")), ("no", _("nein")), ("open", _("nicht beantwortet")))


# --- Detail --------------------------------------------------------------------------------------


@bp.get("/<int:number>")
def show(slug: str, number: int) -> str:
    """One entry: filled in and missing, findings, release, opinions, use and history."""
    model = site().register(slug)
    with reading() as session:
        entry = find(session, model, number)
        return render_template(
            [f"{slug}/show.html", "entries/show.html"],
            model=model,
            entry=entry,
            sections=sections(model),
            fields=fields(model),
            missing=set() if is_template(entry) else set(missing(entry)),
            matters=matters,
            findings=grouped_findings(session, entry),
            referrers=list(referrers(session, entry)),
            changes=history(session, entry, latest=5),
            steps=steps_for(me(), entry),
            opinions=opinions(session, entry),
            deviations=deviations(session, entry),
            attachments=attachments(session, entry),
            comments=conversation(session, entry, me()),
            colleagues=colleagues(session, entry),
            may_decide=may_do(me(), Permission.RELEASE, entry),
            may_edit=may_do(me(), Permission.EDIT, entry),
            may_advise=may_do(me(), Permission.ADVISE, entry),
            may_export=may_do(me(), Permission.EXPORT, entry),
            may_unseal=may_unseal(me(), entry),
            **_more_about(session, entry),
        )


MORE: Final = "nachweis-more"
"""Where the application keeps, by register, what a page shows beside the fields of an entry."""


def _more_about(session: Session, entry: Entry) -> dict[str, Any]:
    more = current_app.extensions[MORE].get(type(entry))
    return more(session, entry) if more else {}


_LAST_NUMBER: Final = 2**31 - 1


def find(session: Session, model: type[Entry], number: int, permission: Permission = Permission.VIEW) -> Any:
    """The entry with that number, if the person may do this to it."""
    entry = by_number(session, model, number) if number <= _LAST_NUMBER else None
    # The same words for what is not there and for what the person may not know of.
    if entry is None or not may_see(me(), entry):
        raise NotFound(_NO_ENTRY.format(number=model.designate(number)))
    demand(me(), permission, entry)
    return entry


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one rule."""

    rule: Any
    severity: Severity
    texts: tuple[tuple[str, str], ...]
    """What is wrong, and the title of the entry where it is repaired if that is another one."""
    own: bool
    """Repaired at this entry."""
    accepted: bool
    """Somebody answers for it."""


def grouped_findings(session: Session, entry: Entry) -> list[FindingGroup]:
    """The findings of *entry* by rule, the gravest first."""
    groups: dict[tuple[str, Severity, bool, bool], list[Objection]] = {}
    for one in stored_findings(session, entry):
        key = (one.rule, one.severity, one.entry_id == entry.id, one.accepted)
        groups.setdefault(key, []).append(one)
    titles = {target.id: str(target) for target in referred_to(entry)}
    return [
        FindingGroup(
            site().judge.rule(rule, found[0].register),
            severity,
            tuple((wording(objection), titles.get(objection.entry_id, "")) for objection in found),
            own,
            accepted,
        )
        for (rule, severity, own, accepted), found in groups.items()
    ]


def wording(objection: Objection) -> str:
    """What is wrong, in the language of the page."""
    rule = site().judge.rule(objection.rule, objection.register)
    return rule.said(objection.words)[language()]


@dataclass(frozen=True)
class Referrer:
    """Another entry that refers to this one."""

    model: type[Entry]
    label: str
    number: int
    name: str


def referrers(session: Session, entry: Entry) -> Iterator[Referrer]:
    """Everything the person may see that refers to *entry*, in one question."""
    ties, query = _ties_for(type(entry), tuple(site().registers.values()), me())
    sought = {"target": entry.id, "organisation": entry.organisation_id}
    for row in session.execute(query, sought) if query is not None else ():
        model, label = ties[row.at]
        yield Referrer(model, label[language()], row.number, row.name)


@lru_cache(maxsize=256)
def _ties_for(
    target: type[Entry], models: tuple[type[Entry], ...], identity: Identity
) -> tuple[list[tuple[type[Entry], Text]], Any]:
    """How entries of *models* may refer to one of *target*, and the question who does.

    Kept, because putting the question together costs more than the answer.
    """
    ties = [(model, label, tie) for model in models for label, tie in _ties_to(model, target)]
    parts = [_referring(at, model, tie, identity) for at, (model, _label, tie) in enumerate(ties)]
    return [(model, label) for model, label, _tie in ties], union_all(*parts) if parts else None


def _referring(at: int, model: Any, tie: Any, identity: Identity) -> Any:
    """The first hundred entries of *model* for which *tie* holds, marked with *at*."""
    query = select(literal(at).label("at"), model.number.label("number"), model.name.label("name"))
    first = visible(query.where(tie), identity, model).order_by(model.number).limit(100).subquery()
    return select(first.c.at, first.c.number, first.c.name)


def _ties_to(model: type[Any], target: type[Entry]) -> Iterator[tuple[Text, Any]]:
    """By which fields of *model* and its rows something may refer to *target*, each with its condition."""
    for name, spec in fields(model).items():
        match spec:
            case Reference() if spec.target == target.__name__:
                yield spec.label, getattr(model, f"{name}_id") == _TARGET
            case References() if spec.target == target.__name__:
                links = inspect(model).relationships[name].secondary.c
                to_it = (links.organisation_id == _ORGANISATION, links.target_id == _TARGET)
                yield spec.label, model.id.in_(select(links.source_id).where(*to_it))
            case Rows():
                part: Any = spec.part
                for label, tie in _ties_to(part, target):
                    yield label, model.id.in_(select(part.parent_id).where(tie))
            case _:
                pass


_TARGET: Final[Any] = bindparam("target")
_ORGANISATION: Final[Any] = bindparam("organisation")


# --- Edit ----------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"])
def new(slug: str) -> str | BaseResponse:
    """An empty form, or one begun from a sample or a link; saves a new entry."""
    model = site().register(slug)
    demand(me(), Permission.CREATE, model)
    if request.method == "POST" and _wants_to_save():
        with writing() as session:
            entry = model()
            form = form_class(model)(request.form, obj=entry)
            form.validate()
            apply(form, entry, session)
            begun_from = _sample_called(model, request.form.get("sample", ""))
            if begun_from and isinstance(entry, ProcessingActivity):
                begun_from.mark(entry)
            session.add(entry)
            session.flush()
            # Only now is it known which unit answers for it; a refusal takes everything back.
            _demand_place(Permission.CREATE, entry)
            _keep_or_discard(session, entry, form)
            drafts.discard(session, me().person_id, slug, 0)
            _also(session, entry)
        return _after_saving(entry, form)
    with reading() as session:
        return _form_page(session, _beginning(session, model), number=0)


def _beginning(session: Session, model: type[Entry]) -> Entry:
    """The entry that a new form starts from: a sample, what a link gives, or nothing."""
    if chosen := _sample_called(model, request.args.get("sample", "")):
        activity = chosen.activity()
        link_all(session, [activity])
        return activity
    return model(**linked(session, model))


def _fill_in_proposals(session: Session, entry: Entry) -> None:
    """Answers what is unanswered in the form of *entry*; nothing is stored until somebody saves it."""
    for name, proposal in entry.proposals(session).items():
        if is_empty(getattr(entry, name)):
            setattr(entry, name, proposal.value)


def _sample_called(model: type[Entry], id: str) -> Sample | None:
    return next((sample for sample in samples() if sample.id == id and _has_samples(model)), None)


def _has_samples(model: type[Entry]) -> bool:
    return model is ProcessingActivity


_DIGITS: Final = 10
"""Longer numbers are no numbers of this house."""


def linked(session: Session, model: type[Entry]) -> dict[str, Any]:
    """What a link may fill in beforehand: references by the number of their target."""
    values: dict[str, Any] = {}
    for name, spec in fields(model).items():
        number = request.args.get(name, "")
        if isinstance(spec, Reference | References) and number.isdecimal() and len(number) < _DIGITS:
            target = by_number(session, class_called(spec.target), int(number))
            if target is not None and may_see(me(), target):
                values[name] = [target] if isinstance(spec, References) else target
    return values


@bp.route("/<int:number>/edit", methods=["GET", "POST"])
def edit(slug: str, number: int) -> str | BaseResponse | tuple[str, int]:
    """The form of one entry; saves what can be understood and keeps the rest as a draft."""
    model = site().register(slug)
    if request.method == "GET" or not _wants_to_save():
        with reading() as session:
            return _form_page(session, find(session, model, number, Permission.EDIT), number=number)
    try:
        with writing() as session:
            entry = find(session, model, number, Permission.EDIT)
            form = _save(session, entry)
    except (Outdated, StaleDataError):
        with reading() as session:
            entry = find(session, model, number, Permission.EDIT)
            return conflicts.page(session, entry, _submitted_version(entry), request.form), 409
    return _after_saving(entry, form)


def _save(session: Session, entry: Entry) -> EntryForm:
    """Takes over what was sent. Raises :class:`Outdated` if it was sent for an older version."""
    version = _submitted_version(entry)
    if version != entry.version:
        raise Outdated(_OUTDATED)
    form = form_class(type(entry))(conflicts.chosen(request.form), obj=entry)
    form.validate()
    apply(form, entry, session)
    # The form was made for this version; anything newer must stop the write.
    set_committed_value(entry, "version", version)
    changed = session.new or any(session.is_modified(thing) for thing in session.dirty)
    if entry.state is State.IMPORTED and changed:
        entry.state = State.DRAFT
    session.flush()
    _demand_place(Permission.EDIT, entry)
    _keep_or_discard(session, entry, form)
    _also(session, entry)
    return form


ALSO: Final = "nachweis-also"
"""Where the application keeps, by register, what else the form of an entry can do once it is saved."""


def _also(session: Session, entry: Entry) -> None:
    if also := current_app.extensions[ALSO].get(type(entry)):
        also(session, entry)


def _demand_place(permission: Permission, entry: Entry) -> None:
    """Nobody puts an entry into a unit that their role does not cover. Raises :class:`Forbidden`."""
    if not may_do(me(), permission, entry):
        raise Forbidden(_FOREIGN_UNIT)


def _wants_to_save() -> bool:
    return request.form.get("do", "save") == "save"


def _submitted_version(entry: Entry) -> int:
    version = request.form.get("version", "")
    return _whole(version, entry.version)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < _DIGITS else otherwise


def _form_page(session: Session, entry: Entry, *, number: int) -> str:
    model = type(entry)
    draft = drafts.find(session, me().person_id, model.slug, number) if request.method == "GET" else None
    if draft is not None and not number and not _begun_alike(draft, entry):
        draft = None
    if entry.is_unanswered:
        _fill_in_proposals(session, entry)
    source: Any = request.form if request.method == "POST" else None
    if draft is not None:
        source = MultiDict(draft.pairs())
    form = form_class(model)(source, obj=entry)
    form.validate()
    reshape(form)
    offer(form, session, searched=request.form)
    _note_proposals(form, entry, session, always=entry.is_unanswered)
    unasked = _unasked(session, entry)
    return render_template(
        [f"{model.slug}/edit.html", "entries/edit.html"],
        model=model,
        entry=entry,
        number=number,
        version=request.form.get("version") or (draft.version if draft else entry.version),
        form=form,
        sections=[each for each in form_sections(form, model, entry) if each.section.name not in unasked],
        draft=draft,
        next_gap=next(iter(missing(entry)), ""),
        starting_points=samples_by_area() if _has_samples(model) else {},
        chosen_sample=request.args.get("sample") or _sample_in(source),
        errors=[entry_input for entry_input in every_input(form) if entry_input.errors],
    )


UNASKED: Final = "nachweis-unasked"
"""Where the application keeps, by register, which sections of its form an entry is not asked."""


def _unasked(session: Session, entry: Entry) -> frozenset[str]:
    """Names of sections that do not concern *entry*; what is not sent is not changed."""
    told = current_app.extensions[UNASKED].get(type(entry))
    return told(session, entry) if told else frozenset()


def _note_proposals(form: EntryForm, entry: Entry, session: Session, *, always: bool) -> None:
    """Puts beside each question what follows from elsewhere, *always* or where another word was chosen."""
    for name, proposal in entry.proposals(session).items():
        question = form[name]
        if isinstance(question, Input):
            chosen = isinstance(question.spec, Flag | Choice | Choices)
            if always or (chosen and question.data != proposal.value):
                question.proposal = proposal


def _begun_alike(draft: drafts.Draft, entry: Entry) -> bool:
    """Whether *draft* was begun from the same link as the new *entry*, and not for another case."""
    kept = {text for _name, text in draft.pairs()}
    linked = [getattr(entry, name) for name in fields(type(entry)) if request.args.get(name)]
    targets = [target for value in linked for target in (value if isinstance(value, list) else [value])]
    begun_from = request.args.get("sample", "")
    same_sample = not begun_from or ("sample", begun_from) in draft.pairs()
    return same_sample and all(target is None or target.id.hex in kept for target in targets)


def _sample_in(source: Any) -> str:
    """The sample from which a form that was sent or kept was begun."""
    return str(source.get("sample", "")) if source else ""


def reshape(form: EntryForm) -> None:
    """What a button inside the form asks for: one more row, one less, or a copy of one."""
    verb, _colon, rest = request.form.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    rows: object = form[name] if name in form else None  # noqa: SIM401 -- a form has no get()
    if not isinstance(rows, RowsInput):
        return
    if verb == "add":
        rows.add()
    elif verb == "remove" and index.isdecimal():
        rows.remove(int(index))
    elif verb == "copy" and index.isdecimal():
        rows.copy(int(index))


def _keep_or_discard(session: Session, entry: Entry, form: EntryForm) -> None:
    """Keeps what could not be understood, to be shown again; otherwise nothing is left to keep."""
    drafts.discard(session, me().person_id, entry.slug, entry.number)
    if any(entry_input.errors for entry_input in every_input(form)):
        pairs = list(sent(form).items(multi=True))
        drafts.keep(session, me().person_id, entry.slug, entry.number, entry.version, pairs)


def _after_saving(entry: Entry, form: EntryForm) -> BaseResponse:
    wrong = [entry_input for entry_input in every_input(form) if entry_input.errors]
    if wrong:
        said = ngettext(
            "Gespeichert, bis auf %(num)s Angabe, die nicht zu lesen war.",
            "Gespeichert, bis auf %(num)s Angaben, die nicht zu lesen waren.",
            len(wrong),
        )
        flash(said, "warning")
        return redirect(url_for(".edit", slug=entry.slug, number=entry.number))
    flash(_("%(entry)s ist gespeichert.", entry=entry.designation), "success")
    if request.form.get("then") == "stay":
        return redirect(url_for(".edit", slug=entry.slug, number=entry.number))
    return redirect(url_for(".show", slug=entry.slug, number=entry.number))


@bp.post("/<int:number>/draft")
def draft(slug: str, number: int) -> dict[str, str]:
    """Keeps what is typed while it is typed; ``number`` 0 stands for a new entry."""
    model = site().register(slug)
    with writing() as session:
        if number:
            find(session, model, number, Permission.EDIT)
        else:
            demand(me(), Permission.CREATE, model)
        version = _whole(request.form.get("version", ""), 0)
        pairs = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf"]
        kept = drafts.keep(session, me().person_id, slug, number, version, pairs)
        return {"saved_at": kept.saved_at.isoformat()}


@bp.post("/<int:number>/draft/discard")
def discard_draft(slug: str, number: int) -> BaseResponse:
    """Throws away what I typed and did not save."""
    demand(me(), Permission.VIEW, site().register(slug))
    with writing() as session:
        drafts.discard(session, me().person_id, slug, number)
    flash(_("Der Entwurf ist verworfen."), "success")
    if number:
        return redirect(url_for(".edit", slug=slug, number=number))
    return redirect(url_for(".new", slug=slug))


# --- Steps, opinions, history --------------------------------------------------------------------


@bp.post("/<int:number>/steps/<step>")
def step(slug: str, number: int, step: str) -> BaseResponse | tuple[str, int]:
    """Takes one step towards release; what stands against it is said on the page of the entry."""
    try:
        with writing() as session:
            entry = find(session, site().register(slug), number)
            take(session, entry, step, by=me())
    except Refused as error:
        flash(error.text[language()], "danger")
        return show(slug, number), 422
    flash(_("%(entry)s: %(state)s.", entry=entry.designation, state=entry.state.text[language()]), "success")
    return redirect(url_for(".show", slug=slug, number=number))


@bp.post("/<int:number>/opinions")
def opinion(slug: str, number: int) -> BaseResponse:
    """Records the advice of the data protection officer."""
    with writing() as session:
        entry = find(session, site().register(slug), number)
        give_opinion(session, entry, request.form.get("verdict", ""), request.form.get("text", ""), by=me())
    flash(_("Die Stellungnahme ist gespeichert."), "success")
    return redirect(url_for(".show", slug=slug, number=number))


@bp.get("/<int:number>/history")
def journal(slug: str, number: int) -> str:
    """Everything that happened to one entry, with differences."""
    model = site().register(slug)
    with reading() as session:
        entry = find(session, model, number)
        return render_template(
            "entries/history.html",
            model=model,
            entry=entry,
            fields=fields(model),
            changes=history(session, entry),
        )


@bp.get("/<int:number>.json")
def as_json(slug: str, number: int) -> Response:
    """One entry as the journal keeps it."""
    with reading() as session:
        entry = find(session, site().register(slug), number, Permission.EXPORT)
        body = {"register": slug, "id": entry.id.hex, "version": entry.version} | facts(entry)
    return Response(json.dumps(body, ensure_ascii=False, indent=2), mimetype="application/json")


_OUTDATED = Text(
    "Der Eintrag wurde inzwischen von jemand anderem geändert.",
    "The entry was changed by somebody else in the meantime.",
)
_FOREIGN_UNIT = Text(
    "Ihre Rolle gilt nicht für diese Organisationseinheit. "
    "Wählen Sie eine Einheit, für die Sie zuständig sind.",
    "Your role does not cover this unit. Choose a unit for which you are responsible.",
)
_NO_ENTRY = Text("Einen Eintrag {number} gibt es nicht.", "There is no entry {number}.")
