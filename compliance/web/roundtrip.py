"""A register as a workbook: it leaves to be edited, comes back, and is taken over as far as somebody says."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import LargeBinary, String, delete, or_
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from compliance.access import Permission, demand, may_do, may_see
from compliance.database import Base, Owned, new_id, now
from compliance.entry import Entry
from compliance.errors import Refused
from compliance.fields import tidy_line
from compliance.language import Text
from compliance.release import steps_for, take
from compliance.web.kept import find_own
from compliance.web.listing import View, matching_ids
from compliance.web.site import language, me, reading, site, writing
from exports.editable import Purpose, write
from exports.formats import FORMATS
from registers.importing import roundtrip
from registers.importing.roundtrip import Decisions, Plan, Revision, Rights

bp = Blueprint("roundtrip", __name__, url_prefix="/registers/<slug>/roundtrip")

_LASTS: Final = timedelta(days=3)
_SHOWN: Final = 200
"""So many entries without a conflict the preview shows; the others are taken over together or not."""
_SIDE: Final = "side"


class EditedFile(Owned, Base):
    """An edited workbook between upload and decision, visible to the person who sent it only."""

    __tablename__ = "edited_file"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID]
    register: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The workbook, as :func:`registers.importing.roundtrip.packed` makes it."""


def _editable(slug: str) -> type[Entry]:
    """The register, if the person may take it out and change it."""
    model = site().register(slug)
    demand(me(), Permission.EXPORT, model)
    demand(me(), Permission.EDIT, model)
    return model


def rights_about(model: type[Entry]) -> Rights:
    """What the person may do to entries of *model*."""
    identity = me()

    def creates(unit_id: uuid.UUID | None) -> bool:
        probe = model()
        probe.unit_id = unit_id
        return may_do(identity, Permission.CREATE, probe)

    return Rights(
        sees=lambda entry: may_see(identity, entry),
        edits=lambda entry: may_do(identity, Permission.EDIT, entry),
        creates=creates,
        steps=lambda entry: steps_for(identity, entry),
        take=lambda session, entry, step: take(session, entry, step, by=identity),
    )


# --- Out -----------------------------------------------------------------------------------------


@bp.get("/workbook.xlsx")
def workbook(slug: str) -> Response:
    """The entries of the present view that the person may change, as a workbook to be edited."""
    model = _editable(slug)
    rights = rights_about(model)
    purpose = Purpose(me().organisation, me().organisation_id, now(), language(), rights.edits, rights.sees)
    out = BytesIO()
    with reading() as session:
        ids = matching_ids(session, model, View.from_address(model, request.args), me())
        write(session, model, ids, purpose, out)
    out.seek(0)
    name = _FILE_NAME.format(register=slug)[language()]
    return send_file(out, mimetype=FORMATS["xlsx"].media_type, as_attachment=True, download_name=name)


# --- Back ----------------------------------------------------------------------------------------


@bp.route("/", methods=["GET", "POST"])
def upload(slug: str) -> str | Response | tuple[str, int]:
    """Takes an edited workbook and leads to its preview."""
    model = _editable(slug)
    if request.method == "GET":
        return _upload_page(model)
    try:
        book = received()
        with writing() as session:
            # Refuses files of other organisations and registers before anything is kept.
            roundtrip.plan(session, model, book, rights_about(model))
            kept = keep(session, slug, book)
            return redirect(url_for(".preview", slug=slug, identity=kept.id.hex))
    except Refused as error:
        flash(error.text[language()], "danger")
        return _upload_page(model), 422


def _upload_page(model: type[Entry]) -> str:
    return render_template("roundtrip/upload.html", model=model)


def received() -> roundtrip.Book:
    """The uploaded workbook. Raises :class:`Refused`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_NO_FILE)
    return roundtrip.read_book(file.read(), tidy_line(file.filename)[-200:])


def keep(session: Session, register: str, book: roundtrip.Book) -> EditedFile:
    """Keeps *book* until the person decides about it, in place of what they sent there before."""
    _clear(session, register)
    kept = EditedFile(
        organisation_id=me().organisation_id,
        person_id=me().person_id,
        register=register,
        content=roundtrip.packed(book),
    )
    session.add(kept)
    session.flush()
    return kept


def _clear(session: Session, slug: str) -> None:
    """Removes what the person sent here before, and what anybody left lying."""
    mine = (EditedFile.person_id == me().person_id) & (EditedFile.register == slug)
    session.execute(delete(EditedFile).where(or_(mine, EditedFile.at < now() - _LASTS)))


@dataclass(frozen=True)
class Shown:
    """The part of a plan that the preview shows entry by entry."""

    revisions: Sequence[Revision]
    rest: int
    """So many more entries without a conflict are taken over together or not."""


@bp.get("/<identity>")
def preview(slug: str, identity: str) -> str:
    """Shows every changed answer, beside what is stored now where somebody else changed it too."""
    model = _editable(slug)
    with reading() as session:
        kept = kept_file(session, slug, identity)
        plan = _planned(session, model, kept)
        everything = Decisions(frozenset(revision.key for revision in plan.ready))
        return _preview_page(model, kept, plan, everything)


def kept_file(session: Session, register: str, identity: str) -> EditedFile:
    """The kept file with that id, if the person sent it. Raises :class:`NotFound`."""
    return find_own(session, EditedFile, register, identity, _GONE)


def _planned(session: Session, model: type[Entry], kept: EditedFile) -> Plan:
    return roundtrip.plan(session, model, roundtrip.unpacked(kept.content), rights_about(model))


def _preview_page(model: type[Entry], kept: EditedFile, plan: Plan, decisions: Decisions) -> str:
    return render_template("roundtrip/preview.html", model=model, kept=kept, **previewed(plan, decisions))


def previewed(plan: Plan, decisions: Decisions) -> dict[str, Any]:
    """What the page shows of *plan* and of what was decided about it so far."""
    shown = shown_of(plan)
    undecided = {revision.key for revision in decisions.undecided(plan)}
    return {
        "plan": plan,
        "shown": shown,
        "decisions": decisions,
        "undecided": undecided if request.method == "POST" else set(),
        "rest_taken": not shown.rest or plan.ready[-1].key in decisions.taken,
        "side": side_name,
        "mine": roundtrip.MINE,
        "theirs": roundtrip.THEIRS,
    }


def shown_of(plan: Plan) -> Shown:
    """Everything that needs a choice, and the first of the others."""
    choosing = [revision for revision in plan.ready if revision.conflicts or revision.removals]
    simple = [revision for revision in plan.ready if not (revision.conflicts or revision.removals)]
    return Shown((*choosing, *simple[:_SHOWN]), len(simple[_SHOWN:]))


def side_name(revision: Revision, edit: roundtrip.Edit) -> str:
    """Name of the choice in the form."""
    return f"{_SIDE}:{revision.key}:{edit.key}"


@bp.post("/<identity>/apply")
def apply(slug: str, identity: str) -> Response | tuple[str, int]:
    """Takes over what was chosen of what was previewed, unless entries changed in between."""
    model = _editable(slug)
    try:
        with writing() as session:
            kept = kept_file(session, slug, identity)
            plan = _planned(session, model, kept)
            if plan.fingerprint() != request.form.get("fingerprint"):
                return _preview_again(slug, identity)
            decisions = decided(plan)
            if decisions.undecided(plan):
                return _preview_page(model, kept, plan, decisions), 422
            outcome = roundtrip.carry_out(session, plan, decisions, rights_about(model))
            session.delete(kept)
    except StaleDataError:
        return _preview_again(slug, identity)
    flash(
        _(
            "Übernommen aus „%(file)s“: %(created)s angelegt, %(changed)s geändert, %(ended)s beendet.",
            file=plan.file,
            created=outcome.created,
            changed=outcome.changed,
            ended=outcome.ended,
        ),
        "success",
    )
    return redirect(url_for("entries.index", slug=slug))


def decided(plan: Plan) -> Decisions:
    """What the form says."""
    shown = shown_of(plan)
    on_page = {revision.key for revision in shown.revisions}
    rest = {revision.key for revision in plan.ready} - on_page if request.form.get("rest") else set()
    sides = {
        (revision.key, edit.key): request.form.get(side_name(revision, edit), "")
        for revision in shown.revisions
        for edit in revision.edits
        if edit.must_be_chosen
    }
    known = {place: side for place, side in sides.items() if side in (roundtrip.MINE, roundtrip.THEIRS)}
    taken = frozenset((set(request.form.getlist("take")) & on_page) | rest)
    return Decisions(taken, known, frozenset(request.form.getlist("end")))


def _preview_again(slug: str, identity: str) -> Response:
    flash(_("Inzwischen wurden Einträge geändert. Bitte prüfen Sie die neue Vorschau."), "warning")
    return redirect(url_for(".preview", slug=slug, identity=identity))


@bp.post("/<identity>/discard")
def discard(slug: str, identity: str) -> Response:
    """Forgets the file."""
    _editable(slug)
    with writing() as session:
        session.delete(kept_file(session, slug, identity))
    flash(_("Die Datei ist verworfen; es wurde nichts geändert."), "success")
    return redirect(url_for("entries.index", slug=slug))


_FILE_NAME: Final = Text("{register}-bearbeiten.xlsx", "{register}-for-editing.xlsx")
_NO_FILE: Final = Text("Bitte wählen Sie eine Datei.", "Please choose a file.")
_GONE: Final = Text(
    "Diese Vorschau gibt es nicht mehr. Laden Sie die Datei bitte noch einmal hoch.",
    "This preview no longer exists. Please upload the file again.",
)
