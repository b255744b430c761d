"""Checking an information domain against a catalogue in OSCAL: chapter by chapter, version by version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.grundschutz.check import UNMET, Given, Status
from assessments.grundschutz.controls import (
    CatalogueUse,
    ControlAnswer,
    ControlRow,
    ControlTally,
    answer_control,
    below,
    confirm_control,
    control_rows,
    header_of,
    load_use,
    move,
    preview_move,
    progress,
    stop_using,
    use_catalogue,
    uses_of,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import TargetType
from assessments.grundschutz.library import (
    ControlCatalogue,
    contents,
    control_catalogue,
    control_catalogues,
    versions_of,
)
from assessments.grundschutz.narrowing import is_narrowing
from assessments.grundschutz.oscal import Control, OscalCatalogue
from assessments.grundschutz.profile_check import (
    missing_modules,
    model_missing,
    proposals,
    take_proposals,
)
from assessments.grundschutz.successors import AnswerSource, changed_sources, outdated_in, sources_of
from compliance.access import Permission, may, may_do
from compliance.errors import NotFound, Outdated
from compliance.fields import fields, is_empty
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.forms import EntryForm, Input, form_class
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading, writing

bp = Blueprint("control_check", __name__, url_prefix="/grundschutz")

STATUSES: Final = (Status.UNNECESSARY, Status.YES, Status.PARTIAL, Status.NO, Status.OPEN)
"""The answers in the order in which they are offered."""


# --- Catalogues of a domain ----------------------------------------------------------------------


@dataclass(frozen=True)
class Used:
    """A catalogue of the domain with how far it is checked, and the newer versions there are."""

    use: CatalogueUse
    header: ControlCatalogue
    answered: int
    total: int
    reworded: int
    newer: tuple[ControlCatalogue, ...]
    outdated: int = 0
    """Answers taken over from the IT-Grundschutz check, which says something else by now."""


@bp.get("/<int:number>/controls")
def catalogues_of(number: int) -> str:
    """The catalogues against which the domain is checked, and those that may be added."""
    with reading() as session:
        domain = _domain(session, number)
        used = [_used(session, use) for use in uses_of(session, domain)]
        taken = {each.header.sha256 for each in used}
        return render_template(
            "assessments/grundschutz/controls/index.html",
            domain=domain,
            used=used,
            addable=[each for each in control_catalogues(session) if each.sha256 not in taken],
            may_edit=may_do(me(), Permission.EDIT, domain),
            may_import=may(me(), Permission.IMPORT, InformationDomain.area),
        )


def _used(session: Session, use: CatalogueUse) -> Used:
    header = header_of(session, use)
    tallies = progress(session, use, contents(session, header))
    return Used(
        use,
        header,
        answered=sum(each.answered for each in tallies),
        total=sum(each.total for each in tallies),
        reworded=sum(each.reworded for each in tallies),
        newer=tuple(_newer(session, header)),
        outdated=len(outdated_in(session, use)) if use.domain.outdated_controls else 0,
    )


def _newer(session: Session, header: ControlCatalogue) -> list[ControlCatalogue]:
    """Other versions of the catalogue that were published after it."""
    return [each for each in versions_of(session, header) if each.recency > header.recency]


@bp.post("/<int:number>/controls")
def choose(number: int) -> Response:
    """Checks the domain against another catalogue from now on."""
    with writing() as session:
        domain = _domain(session, number, Permission.EDIT)
        header = control_catalogue(session, request.form.get("catalogue", ""))
        use = use_catalogue(session, domain, header, by=me())
    flash(_("„%(catalogue)s“ wird jetzt geprüft.", catalogue=header.title), "success")
    return redirect(url_for(".chapters", number=number, identity=use.id.hex))


@bp.post("/<int:number>/controls/<identity>/remove")
def remove(number: int, identity: str) -> Response:
    """Undoes the choice of a catalogue that nobody has answered."""
    with writing() as session:
        stop_using(session, _use(session, number, identity, Permission.EDIT), by=me())
    flash(_("Der Katalog wird nicht mehr geprüft."), "success")
    return redirect(url_for(".catalogues_of", number=number))


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    found: InformationDomain = find(session, InformationDomain, number, permission)
    return found


def _use(
    session: Session, number: int, identity: str, permission: Permission = Permission.VIEW
) -> CatalogueUse:
    """The use with that id in the domain with that number, if the person may do this to it."""
    domain = _domain(session, number, permission)
    try:
        use = load_use(session, uuid.UUID(hex=identity))
    except ValueError as error:
        raise NotFound(_NO_USE) from error
    if use.domain_id != domain.id:
        raise NotFound(_NO_USE)
    return use


# --- Chapters and their controls -----------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One control as it is put to a person."""

    row: ControlRow
    form: EntryForm
    following: str = ""
    """Key of the next control on the page."""
    outdated: bool = False

    @property
    def remarked(self) -> bool:
        """Whether there is something under the fold."""
        folded_away = (entry for entry in self.form if entry.short_name in ("remark", "evidence"))
        return any(entry.errors or not is_empty(entry.data) for entry in folded_away)

    @property
    def wrong(self) -> bool:
        return any(entry.errors for entry in self.form)


@dataclass(frozen=True)
class Attempt:
    """An answer that could not be stored as it was sent."""

    key: str
    form: EntryForm
    outdated: bool


@bp.get("/<int:number>/controls/<identity>")
def chapters(number: int, identity: str) -> str:
    """The chapters of the catalogue with how far each is checked."""
    with reading() as session:
        use = _use(session, number, identity)
        header = header_of(session, use)
        catalogue = contents(session, header)
        tallies = progress(session, use, catalogue)
        return render_template(
            "assessments/grundschutz/controls/chapters.html",
            proposed=proposals(session, use, catalogue),
            unmodelled=missing_modules(session, use.domain, catalogue),
            whole=TargetType.INFORMATION_DOMAIN,
            domain=use.domain,
            use=use,
            header=header,
            tallies=tallies,
            answered=sum(each.answered for each in tallies),
            total=sum(each.total for each in tallies),
            next_open=next((each for each in tallies if each.answered < each.total), None),
            others=[each for each in control_catalogues(session) if each.sha256 != header.sha256],
            newer=_newer(session, header),
            narrows=is_narrowing(session, header),
            may_edit=may_do(me(), Permission.EDIT, use.domain),
            may_export=may_do(me(), Permission.EXPORT, use.domain),
        )


@bp.get("/<int:number>/controls/<identity>/<int:chapter>")
def check(number: int, identity: str, chapter: int) -> str:
    """Everything asked in one chapter."""
    with reading() as session:
        return _page(session, _use(session, number, identity), chapter)


def _page(session: Session, use: CatalogueUse, chapter: int, attempt: Attempt | None = None) -> str:
    catalogue = contents(session, header_of(session, use))
    rows = control_rows(session, use, catalogue, _controls(catalogue, chapter))
    shown = [row for row in rows if _belongs(row, request.values.get("show", ""))]
    tallies = progress(session, use, catalogue)
    sources = _sources(session, use, rows)
    at = next(number for number, each in enumerate(tallies) if each.index == chapter)
    return render_template(
        "assessments/grundschutz/controls/check.html",
        domain=use.domain,
        use=use,
        catalogue=catalogue,
        chapter=tallies[at],
        before=tallies[at - 1] if at else None,
        after=tallies[at + 1] if at + 1 < len(tallies) else None,
        show=request.values.get("show", ""),
        counts={
            name: sum(_belongs(row, name) for row in rows) for name in ("", "open", "reworded", "normal")
        },
        asked=_asked(shown, attempt),
        attempt=attempt,
        statuses=STATUSES,
        unmet=UNMET,
        keys=_keys(),
        specs=fields(ControlAnswer),
        sources=sources,
        changed=changed_sources(session, use, sources),
        may_answer=may_do(me(), Permission.EDIT, use.domain),
    )


def _sources(
    session: Session, use: CatalogueUse, rows: Sequence[ControlRow]
) -> dict[str, tuple[AnswerSource, ...]]:
    """What the answers in *rows* were taken over from, by key of the control."""
    shown = {row.control.key for row in rows}
    return {key: found for key, found in sources_of(session, use).items() if key in shown}


def _belongs(row: ControlRow, show: str) -> bool:
    match show:
        case "open":
            return not row.answered
        case "reworded":
            return row.reworded
        case "normal":
            return row.control.says("sec_level") == "normal-SdT"
        case _:
            return True


def _controls(catalogue: OscalCatalogue, chapter: int) -> list[Control]:
    """The controls of a chapter. Raises :class:`NotFound`."""
    if chapter >= len(catalogue.groups) or catalogue.groups[chapter].parent is not None:
        raise NotFound(_NO_CHAPTER)
    return below(catalogue, chapter)


def _asked(rows: Sequence[ControlRow], attempt: Attempt | None) -> list[Asked]:
    following = [*(row.control.key for row in rows[1:]), ""][: len(rows)]
    return [_question(row, attempt, key) for row, key in zip(rows, following, strict=True)]


def _question(row: ControlRow, attempt: Attempt | None, following: str) -> Asked:
    if attempt and attempt.key == row.control.key:
        return Asked(row, attempt.form, following, attempt.outdated)
    form = form_class(ControlAnswer)(None, obj=row.given, prefix=f"{row.control.key}-")
    return Asked(row, form, following)


def _keys() -> dict[Status, str]:
    """The letter that chooses an answer while its group has the focus: how the answer begins."""
    return {status: status.text[language()][0].lower() for status in STATUSES if status is not Status.OPEN}


@bp.post("/<int:number>/controls/<identity>/<int:chapter>/<path:key>")
def answer(number: int, identity: str, chapter: int, key: str) -> Response | tuple[Response | str, int]:
    """Stores one answer; scripts are told in JSON, browsers without them go on to the next control."""
    form = form_class(ControlAnswer)(request.form, prefix=f"{key}-")
    if not form.validate():
        return _not_stored(number, identity, chapter, Attempt(key, form, outdated=False), 422)
    try:
        with writing() as session:
            use = _use(session, number, identity, Permission.EDIT)
            catalogue = contents(session, header_of(session, use))
            version = _version(request.form.get("version", ""))
            answer_control(session, use, catalogue, key, _given(form), by=me(), version=version)
    except (Outdated, StaleDataError, IntegrityError):
        return _not_stored(number, identity, chapter, Attempt(key, form, outdated=True), 409)
    if _wants_json():
        return _stored(number, identity, chapter, key)
    flash(_("%(requirement)s ist gespeichert.", requirement=catalogue.by_key[key].label), "success")
    anchor = request.form.get("following") or "after-check"
    show = request.form.get("show") or None
    return redirect(
        url_for(".check", number=number, identity=identity, chapter=chapter, show=show, _anchor=anchor)
    )


@bp.post("/<int:number>/controls/<identity>/confirm/<int:chapter>/<path:key>")
def confirm(number: int, identity: str, chapter: int, key: str) -> Response:
    """Records that an answer holds for the new wording of its control as well."""
    with writing() as session:
        use = _use(session, number, identity, Permission.EDIT)
        catalogue = contents(session, header_of(session, use))
        confirm_control(session, use, catalogue, key, by=me())
    flash(
        _("Die Antwort zu %(requirement)s gilt weiter.", requirement=catalogue.by_key[key].label), "success"
    )
    return redirect(url_for(".check", number=number, identity=identity, chapter=chapter, _anchor=key))


def _given(form: EntryForm) -> Given:
    """What *form* says; it was sent whole."""
    answers = {entry.short_name: entry.data for entry in form if isinstance(entry, Input)}
    texts: dict[str, Any] = {
        name: answers[name] or "" for name in ("reason", "measure", "responsible", "remark", "evidence")
    }
    return Given(answers["status"] or Status.OPEN, due=answers["due"], met_by=None, **texts)


def _version(text: str) -> int:
    """The version the person has read; what is no number is none that ever was."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _stored(number: int, identity: str, chapter: int, key: str) -> Response:
    with reading() as session:
        use = _use(session, number, identity)
        catalogue = contents(session, header_of(session, use))
        [row] = control_rows(session, use, catalogue, [catalogue.by_key[key]])
        tally = _tally(session, use, catalogue, chapter)
    return jsonify(
        version=row.version,
        standing=render_template("assessments/grundschutz/controls/standing.html", row=row),
        progress=_("%(done)s von %(all)s beantwortet", done=tally.answered, all=tally.total),
        answered=tally.answered,
        said=_("%(requirement)s gespeichert.", requirement=row.control.label),
    )


def _tally(session: Session, use: CatalogueUse, catalogue: OscalCatalogue, chapter: int) -> ControlTally:
    for each in progress(session, use, catalogue):
        if each.index == chapter:
            return each
    raise NotFound(_NO_CHAPTER)


def _not_stored(
    number: int, identity: str, chapter: int, attempt: Attempt, status: int
) -> tuple[Response | str, int]:
    """The control again as it was filled in, beside what is stored by now."""
    with reading() as session:
        use = _use(session, number, identity, Permission.EDIT)
        catalogue = contents(session, header_of(session, use))
        control = catalogue.by_key.get(attempt.key)
        if control is None:
            raise NotFound(_NO_CHAPTER)
        if not _wants_json():
            return _page(session, use, chapter, attempt), status
        [row] = control_rows(session, use, catalogue, [control])
        tally = _tally(session, use, catalogue, chapter)
        sources = _sources(session, use, [row])
        changed = changed_sources(session, use, sources)
    html = render_template(
        "assessments/grundschutz/controls/control.html",
        domain=use.domain,
        use=use,
        catalogue=catalogue,
        chapter=tally,
        question=_question(row, attempt, request.form.get("following", "")),
        statuses=STATUSES,
        unmet=UNMET,
        keys=_keys(),
        show=request.form.get("show", ""),
        specs=fields(ControlAnswer),
        sources=sources,
        changed=changed,
        may_answer=True,
    )
    return jsonify(html=html, said=(_OUTDATED if attempt.outdated else _UNREADABLE)[language()]), status


@bp.get("/<int:number>/controls/<identity>/report.<extension>")
def paper(number: int, identity: str, extension: str) -> Response:
    """The check against this catalogue on paper or as a workbook, from one snapshot."""
    chosen = chosen_format(extension)
    with reading() as session:
        use = _use(session, number, identity, Permission.EXPORT)
        document = printed("control-check", session, entry=use.domain, catalogue=use.catalogue)
        return sent(document, chosen, f"{use.domain.designation}-{header_of(session, use).short}")


# --- What the IT-Grundschutz check says already -------------------------------------------------


@bp.post("/<int:number>/controls/<identity>/from-check")
def from_check(number: int, identity: str) -> Response:
    """Answers the requirements of a profile as the check has answered them, as far as it has."""
    with writing() as session:
        use = _use(session, number, identity, Permission.EDIT)
        taken = take_proposals(session, use, contents(session, header_of(session, use)), by=me())
    flash(
        ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", len(taken)),
        "success",
    )
    return redirect(url_for(".chapters", number=number, identity=identity))


@bp.post("/<int:number>/controls/<identity>/model")
def model(number: int, identity: str) -> Response:
    """Applies to the whole domain those modules of a profile that are meant for it."""
    with writing() as session:
        use = _use(session, number, identity, Permission.EDIT)
        added = model_missing(session, use.domain, contents(session, header_of(session, use)), by=me())
    flash(ngettext("%(num)s Baustein zugeordnet.", "%(num)s Bausteine zugeordnet.", len(added)), "success")
    return redirect(url_for("grundschutz.modelling", number=number))


# --- Moving to another version -------------------------------------------------------------------


@bp.get("/<int:number>/controls/<identity>/move/<short>")
def preview(number: int, identity: str, short: str) -> str:
    """What another version of the catalogue would make of the answers."""
    with reading() as session:
        use = _use(session, number, identity, Permission.EDIT)
        after = control_catalogue(session, short)
        return render_template(
            "assessments/grundschutz/controls/move.html",
            domain=use.domain,
            use=use,
            after=after,
            carried=preview_move(session, use, after),
        )


@bp.post("/<int:number>/controls/<identity>/move/<short>")
def apply_move(number: int, identity: str, short: str) -> Response:
    """Checks against another version from now on; every answer stays with its control."""
    with writing() as session:
        use = _use(session, number, identity, Permission.EDIT)
        carried = move(session, use, control_catalogue(session, short), by=me())
    said = _(
        "Der Katalog ist umgestellt. Weiter gültige Antworten: %(kept)s, erneut zu prüfen: %(reworded)s.",
        kept=carried.kept,
        reworded=len(carried.reworded),
    )
    flash(said, "success")
    return redirect(url_for(".chapters", number=number, identity=identity))


_NO_USE: Final = Text("Diesen Katalog prüft der Verbund nicht.", "The domain is not checked against it.")
_NO_CHAPTER: Final = Text("Dieses Kapitel gibt es nicht.", "There is no such chapter.")
_OUTDATED: Final = Text(
    "Nicht gespeichert: Jemand anderes hat diese Anforderung inzwischen beantwortet.",
    "Not saved: somebody else has answered this requirement meanwhile.",
)
_UNREADABLE: Final = Text(
    "Nicht gespeichert: Eine Angabe war nicht zu lesen.", "Not saved: an entry could not be read."
)
