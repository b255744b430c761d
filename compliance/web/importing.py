"""Import of a file in three steps: upload, preview with matched columns, and exactly what was previewed."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import LargeBinary, String, delete, or_, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from compliance.access import Permission, demand, may_do
from compliance.database import Base, Owned, new_id, now
from compliance.entry import Entry, State
from compliance.errors import NotFound, Refused
from compliance.fields import fields, tidy_line
from compliance.journal import canonical
from compliance.language import Text
from compliance.web.kept import find_own
from compliance.web.site import language, me, reading, site, writing
from registers import importing
from registers.importing import IMPORTABLE, Column, Leftover, Plan, Table
from registers.processing import ProcessingActivity

bp = Blueprint("importing", __name__, url_prefix="/registers/<slug>/import")

_LASTS: Final = timedelta(days=1)
_SHOWN: Final = 100
"""So many entries of each kind the preview lists; the rest is counted."""


class Upload(Owned, Base):
    """A table between upload and import, visible to the person who uploaded it only."""

    __tablename__ = "upload"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID]
    register: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    """Name of the file."""
    at: Mapped[datetime] = mapped_column(default=now)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The table, as :func:`registers.importing.packed` makes it."""
    targets: Mapped[str] = mapped_column(LongText)
    """What each column answers, as a JSON list."""


class ImportMapping(Owned, Base):
    """What the columns of a table with these headers answered when one was imported last."""

    __tablename__ = "import_mapping"

    register: Mapped[str] = mapped_column(String(64), primary_key=True)
    headers: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Names the set of headers, whatever their order."""
    targets: Mapped[str] = mapped_column(LongText)
    """What each column answers, as JSON by header."""
    at: Mapped[datetime] = mapped_column(default=now)


# --- Upload --------------------------------------------------------------------------------------


@bp.route("/", methods=["GET", "POST"])
def upload(slug: str) -> str | Response | tuple[str, int]:
    """Takes a file, reads it and leads to its preview."""
    model = _importable(slug)
    if request.method == "GET":
        return _upload_page(model)
    try:
        table, columns = _received(model)
    except Refused as error:
        flash(error.text[language()], "danger")
        return _upload_page(model), 422
    with writing() as session:
        _clear(session, slug)
        if _mapping_file() is None:
            columns = _remembered(session, model, table) or columns
        kept = Upload(
            organisation_id=me().organisation_id,
            person_id=me().person_id,
            register=slug,
            name=table.name,
            content=importing.packed(table),
            targets=_listed(columns),
        )
        session.add(kept)
        session.flush()
        return redirect(url_for(".preview", slug=slug, identity=kept.id.hex))


def _importable(slug: str) -> type[Entry]:
    """The register, if files can be imported into it and the person may do so."""
    model = site().register(slug)
    if slug not in IMPORTABLE:
        raise NotFound(_NOT_IMPORTABLE)
    demand(me(), Permission.IMPORT, model)
    return model


def _upload_page(model: type[Entry]) -> str:
    return render_template(
        "importing/upload.html",
        model=model,
        targets=importing.targets(model),
        takes_rdf=model is ProcessingActivity,
    )


def _received(model: type[Entry]) -> tuple[Table, tuple[Column, ...]]:
    """The uploaded table with its columns matched. Raises :class:`Refused`."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(_NO_FILE)
    table = importing.read_table(model, file.read(), _called(file))
    mapping = _mapping_file()
    pairs = importing.read_mapping(mapping.read(), _called(mapping)) if mapping else {}
    return table, importing.match_columns(model, table.headers, pairs)


def _mapping_file() -> FileStorage | None:
    file = request.files.get("mapping")
    return file if file is not None and file.filename else None


def _called(file: FileStorage) -> str:
    return tidy_line(file.filename or "")[-200:]


def _listed(columns: Sequence[Column]) -> str:
    return json.dumps([column.target for column in columns])


def _clear(session: Session, slug: str) -> None:
    """Removes what the person uploaded here before, and what anybody left lying."""
    mine = (Upload.person_id == me().person_id) & (Upload.register == slug)
    session.execute(delete(Upload).where(or_(mine, Upload.at < now() - _LASTS)))


# --- Remembered mappings -------------------------------------------------------------------------


def _find_mapping(session: Session, slug: str, table: Table) -> ImportMapping | None:
    mine = (ImportMapping.register == slug, ImportMapping.headers == _set_of_headers(table))
    return session.scalar(select(ImportMapping).where(*mine))


def _set_of_headers(table: Table) -> str:
    return hashlib.sha256(canonical(sorted(set(table.headers))).encode()).hexdigest()


def _remembered(session: Session, model: type[Entry], table: Table) -> tuple[Column, ...] | None:
    """The columns as they were matched when a table with the same headers was imported last."""
    kept = _find_mapping(session, model.slug, table)
    if kept is None:
        return None
    targets: dict[str, str] = json.loads(kept.targets)
    # Of columns with the same header, only the first is known.
    first = {header: table.headers.index(header) for header in table.headers}
    wanted = [
        targets.get(header, "") if first[header] == index else ""
        for index, header in enumerate(table.headers)
    ]
    try:
        return importing.assigned(model, table.headers, wanted)
    except Refused:
        return None


def _remember(session: Session, model: type[Entry], table: Table, columns: Sequence[Column]) -> None:
    """Keeps what was matched by hand; what matches by itself need not be kept."""
    kept = _find_mapping(session, model.slug, table)
    if tuple(columns) == importing.match_columns(model, table.headers):
        if kept is not None:
            session.delete(kept)
        return
    if kept is None:
        kept = ImportMapping(
            organisation_id=me().organisation_id, register=model.slug, headers=_set_of_headers(table)
        )
        session.add(kept)
    targets: dict[str, str] = {}
    for column in columns:
        targets.setdefault(column.header, column.target)
    kept.targets = json.dumps(targets, ensure_ascii=False)
    kept.at = now()


@bp.post("/<identity>/forget")
def forget(slug: str, identity: str) -> Response:
    """Forgets how columns with these headers were matched, and matches them by their names."""
    model = _importable(slug)
    with writing() as session:
        kept = _mine(session, slug, identity)
        table = importing.unpacked(kept.content)
        if (mapping := _find_mapping(session, slug, table)) is not None:
            session.delete(mapping)
        kept.targets = _listed(importing.match_columns(model, table.headers))
    flash(_("Die gemerkte Zuordnung ist vergessen; die Spalten sind nach ihren Namen zugeordnet."), "success")
    return redirect(url_for(".preview", slug=slug, identity=identity))


# --- Preview -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ColumnChoice:
    """One column in the preview: what it is called, what stands in it, and what it answers."""

    column: Column
    example: str


@dataclass(frozen=True)
class Words:
    """The same leftover words in one column, wherever they stand."""

    column: str
    words: str
    rows: tuple[int, ...]
    kept_in: Text | None
    too_long: bool


@bp.get("/<identity>")
def preview(slug: str, identity: str) -> str:
    """Shows what the import would do, as the columns are matched now."""
    model = _importable(slug)
    with reading() as session:
        kept = _mine(session, slug, identity)
        table = importing.unpacked(kept.content)
        columns = _columns(model, kept, table)
        plan, problem = _tried(session, model, table, columns)
        return render_template(
            "importing/preview.html",
            model=model,
            upload=kept,
            plan=plan,
            problem=problem,
            choices=[ColumnChoice(column, _example(table, column)) for column in columns],
            targets=importing.targets(model),
            words=list(_grouped(plan.leftovers)) if plan else [],
            made=importing.made,
            specs=fields(model),
            shown=_SHOWN,
            state=State.IMPORTED,
            number_column=importing.NUMBER,
            state_column=importing.STATE,
            remembered=_find_mapping(session, slug, table),
        )


def _mine(session: Session, slug: str, identity: str) -> Upload:
    return find_own(session, Upload, slug, identity, _GONE)


def _columns(model: type[Entry], kept: Upload, table: Table) -> tuple[Column, ...]:
    return importing.assigned(model, table.headers, json.loads(kept.targets))


def _tried(
    session: Session, model: type[Entry], table: Table, columns: Sequence[Column]
) -> tuple[Plan | None, str]:
    """The plan, or why there is none until the columns are matched differently."""
    try:
        return importing.prepare(session, model, table, columns, _may(model)), ""
    except Refused as error:
        return None, error.text[language()]


def _may(model: type[Entry]) -> Callable[[uuid.UUID | None], bool]:
    def allowed(unit_id: uuid.UUID | None) -> bool:
        probe = model()
        probe.unit_id = unit_id
        return may_do(me(), Permission.IMPORT, probe)

    return allowed


def _example(table: Table, column: Column) -> str:
    said = (importing.words_of(row[column.index]) for row in table.rows[:_SHOWN])
    words = next(filter(None, said), "")
    return words if len(words) <= 120 else f"{words[:120]}…"


def _grouped(leftovers: Sequence[Leftover]) -> Iterator[Words]:
    rows: dict[tuple[Any, ...], list[int]] = {}
    for left in leftovers:
        rows.setdefault((left.column, left.words, left.kept_in, left.too_long), []).append(left.row)
    for (column, words, kept_in, too_long), numbers in rows.items():
        yield Words(column, words, tuple(dict.fromkeys(numbers)), kept_in, too_long)


@bp.post("/<identity>/columns")
def rematch(slug: str, identity: str) -> Response:
    """Matches the columns as the person says."""
    model = _importable(slug)
    with writing() as session:
        kept = _mine(session, slug, identity)
        table = importing.unpacked(kept.content)
        wanted = [request.form.get(f"column-{index}", "") for index in range(len(table.headers))]
        try:
            kept.targets = _listed(importing.assigned(model, table.headers, wanted))
        except Refused as error:
            flash(error.text[language()], "danger")
    return redirect(url_for(".preview", slug=slug, identity=identity))


# --- Import --------------------------------------------------------------------------------------


@bp.post("/<identity>/confirm")
def confirm(slug: str, identity: str) -> Response:
    """Carries out what was previewed, unless entries changed in between."""
    model = _importable(slug)
    try:
        with writing() as session:
            kept = _mine(session, slug, identity)
            table = importing.unpacked(kept.content)
            plan = importing.prepare(session, model, table, _columns(model, kept, table), _may(model))
            if plan.fingerprint() != request.form.get("fingerprint"):
                return _preview_again(slug, identity)
            importing.carry_out(session, plan)
            _remember(session, model, table, plan.columns)
            session.delete(kept)
    except StaleDataError:
        return _preview_again(slug, identity)
    flash(
        _(
            "Importiert: %(created)s angelegt, %(changed)s geändert, %(refused)s Zeilen abgewiesen.",
            created=len(plan.created),
            changed=len(plan.changed),
            refused=plan.refused_rows,
        ),
        "success",
    )
    address = url_for("entries.index", slug=slug, state=State.IMPORTED.name if plan.created else None)
    return redirect(address)


def _preview_again(slug: str, identity: str) -> Response:
    flash(_("Inzwischen wurden Einträge geändert. Bitte prüfen Sie die neue Vorschau."), "warning")
    return redirect(url_for(".preview", slug=slug, identity=identity))


@bp.post("/<identity>/discard")
def discard(slug: str, identity: str) -> Response:
    """Forgets the file."""
    _importable(slug)
    with writing() as session:
        session.delete(_mine(session, slug, identity))
    flash(_("Der Import ist verworfen; es wurde nichts geändert."), "success")
    return redirect(url_for("entries.index", slug=slug))


_NOT_IMPORTABLE = Text(
    "In dieses Register lassen sich keine Dateien importieren.",
    "No files can be imported into this register.",
)
_NO_FILE = Text("Bitte wählen Sie eine Datei.", "Please choose a file.")
_GONE = Text(
    "Diese Vorschau gibt es nicht mehr. Laden Sie die Datei bitte noch einmal hoch.",
    "This preview no longer exists. Please upload the file again.",
)
