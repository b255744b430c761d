"""Bulk edit: choose entries and one field, look at what would change, then change all of it at once."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from compliance.access import Permission, demand, may_do, visible
from compliance.entry import Entry, State, class_called, everything
from compliance.errors import Refused
from compliance.fields import Choice, Day, Flag, Kind, Reference, fields, is_empty, shown
from compliance.language import Text
from compliance.web.forms import EntryForm, Input, form_class, offer
from compliance.web.listing import View, matching_ids, page_of
from compliance.web.sent import ticked, view_words, whole_view
from compliance.web.site import language, me, reading, site, writing

bp = Blueprint("bulk", __name__, url_prefix="/registers/<slug>/bulk")

CHECKED: Final = "@checked"
"""Stands for the step from unchecked import to draft, which is no field."""
ACTION: Final = "bulk"
_MOST: Final = 5_000
_BATCH: Final = 200
_SHOWN: Final = 200


def editable(model: type[Entry]) -> dict[str, Kind]:
    """The fields that can be given the same answer in many entries."""
    return {
        name: spec
        for name, spec in fields(model).items()
        if isinstance(spec, Choice | Reference | Flag | Day) and not spec.fixed
    }


# --- Choosing ------------------------------------------------------------------------------------


@bp.get("/")
def choose(slug: str) -> str:
    """The entries of a view to tick, and the fields to change."""
    model = _editable(slug)
    view = View.from_address(model, request.args)
    with reading() as session:
        return render_template(
            "bulk/choose.html",
            model=model,
            view=view,
            view_words=view_words(view),
            listing=page_of(session, model, view, me()),
            editable=editable(model),
            checked=CHECKED,
            imported=State.IMPORTED,
        )


def _editable(slug: str) -> type[Entry]:
    model = site().register(slug)
    demand(me(), Permission.EDIT, model)
    return model


# --- Preview -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What happens to one entry."""

    entry: Entry
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What a bulk edit would do."""

    changes: tuple[Step, ...]
    same: tuple[Entry, ...]
    """Entries that say so already, or to which the step does not apply."""
    forbidden: tuple[Entry, ...]

    @property
    def versions(self) -> str:
        """The entries to change with their versions, so that only what was seen is done."""
        return " ".join(f"{step.entry.number}:{step.entry.version}" for step in self.changes)


@bp.post("/preview")
def preview(slug: str) -> str:
    """Asks for the new answer, or shows what it changes."""
    model = _editable(slug)
    name = _chosen_field(model)
    with reading() as session:
        numbers = _chosen_numbers(session, model)
        form = _form(model, name)
        problem = _problem(form, name)
        found = None
        if name == CHECKED or (form is not None and name in request.form and not problem):
            found = _previewed(session, model, numbers, name, form)
        if form is not None:
            offer(form, session, searched=request.form)
        return render_template(
            "bulk/preview.html",
            model=model,
            name=name,
            spec=fields(model).get(name),
            input=form[name] if form is not None else None,
            numbers=numbers,
            preview=found,
            problem=problem if name in request.form else "",
            pairs=_pairs(form, name),
            checked=CHECKED,
            shown=_SHOWN,
        )


def _chosen_field(model: type[Entry]) -> str:
    name = request.form.get("field", "")
    if name != CHECKED and name not in editable(model):
        raise Refused(_NO_FIELD)
    return name


def _chosen_numbers(session: Session, model: type[Entry]) -> list[int]:
    """The running numbers of the chosen entries. Raises :class:`Refused` for none and for too many."""
    if view := whole_view(model):
        ids = matching_ids(session, model, view, me())
        numbers = [number for some in _batches(ids) for number in _numbers_of(session, model, some)]
    else:
        numbers = ticked()
    if not numbers:
        raise Refused(_NOTHING_CHOSEN)
    if len(numbers) > _MOST:
        raise Refused(_TOO_MANY.format(limit=_MOST, count=len(numbers)))
    return sorted(set(numbers))


def _batches(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _numbers_of(session: Session, model: type[Entry], ids: Sequence[uuid.UUID]) -> Sequence[int]:
    return session.scalars(select(model.number).where(model.id.in_(ids))).all()


def _form(model: type[Entry], name: str) -> EntryForm | None:
    """A form in which only the chosen field counts."""
    if name == CHECKED:
        return None
    sent = [(key, text) for key, text in request.form.items(multi=True) if key == name]
    form = form_class(model)(MultiDict(sent) if sent else None)
    form.validate()
    for other in list(fields(model)):
        if other != name and other in form:
            del form[other]
    return form


def _problem(form: EntryForm | None, name: str) -> str:
    if form is None:
        return ""
    chosen = cast("Input", form[name])
    if chosen.errors:
        return " ".join(map(str, chosen.errors))
    return _("Bitte geben Sie die neue Angabe an.") if is_empty(chosen.data) else ""


def _pairs(form: EntryForm | None, name: str) -> list[tuple[str, str]]:
    """The new answer as a form sends it, to be sent once more."""
    return [(name, text) for text in cast("Input", form[name]).raw] if form is not None else []


def _previewed(
    session: Session, model: type[Entry], numbers: Sequence[int], name: str, form: EntryForm | None
) -> Preview:
    value = _new_value(session, model, name, form)
    changes: list[Step] = []
    same: list[Entry] = []
    forbidden: list[Entry] = []
    for entry in _entries(session, model, numbers):
        if not may_do(me(), Permission.EDIT, entry):
            forbidden.append(entry)
            continue
        before = _said(entry, name)
        _assign(entry, name, value)
        after = _said(entry, name)
        if before == after:
            same.append(entry)
        else:
            changes.append(Step(entry, before, after))
    return Preview(tuple(changes), tuple(same), tuple(forbidden))


def _entries(session: Session, model: type[Entry], numbers: Sequence[int]) -> list[Any]:
    """The chosen entries that exist for the person, whole."""
    found: list[Any] = []
    for some in _batches(numbers):
        query = visible(select(model).where(model.number.in_(some)), me(), model)
        found += session.scalars(query.order_by(model.number).options(*everything(model)))
    return found


def _said(entry: Entry, name: str) -> str:
    if name == CHECKED:
        return entry.state.text[language()]
    return shown(fields(type(entry))[name], getattr(entry, name), language())


def _new_value(session: Session, model: type[Entry], name: str, form: EntryForm | None) -> Any:
    """What the field shall hold. Raises :class:`Refused` for an entry that does not exist."""
    if form is None:
        return None
    chosen, spec = cast("Input", form[name]), fields(model)[name]
    if not isinstance(spec, Reference):
        return chosen.data
    target = class_called(spec.target)
    found = session.scalar(select(target).where(target.id == chosen.data))
    if found is None:
        raise Refused(_NO_TARGET)
    return found


def _assign(entry: Entry, name: str, value: Any) -> None:
    if name != CHECKED:
        setattr(entry, name, value)
    elif entry.state is State.IMPORTED:
        entry.state = State.DRAFT


# --- Applying ------------------------------------------------------------------------------------


@bp.post("/apply")
def carry_out(slug: str) -> Response:
    """Changes the previewed entries that are still as they were."""
    model = _editable(slug)
    name = _chosen_field(model)
    form = _form(model, name)
    if problem := _problem(form, name):
        raise Refused(Text(problem, problem))
    versions = _previewed_versions()
    try:
        with writing() as session:
            session.info["action"] = ACTION
            entries = [
                entry
                for entry in _entries(session, model, sorted(versions))
                if entry.version == versions[entry.number]
            ]
            value = _new_value(session, model, name, form)
            for entry in entries:
                demand(me(), Permission.EDIT, entry)
                _assign(entry, name, value)
            session.flush()
            for entry in entries:
                # The new unit may be one for which the person may not write.
                demand(me(), Permission.EDIT, entry)
    except StaleDataError as error:
        raise Refused(_CHANGED_MEANWHILE) from error
    flash(ngettext("%(num)s Eintrag geändert.", "%(num)s Einträge geändert.", len(entries)), "success")
    if left := len(versions) - len(entries):
        flash(_("Inzwischen von anderen geändert und daher ausgelassen: %(count)s.", count=left), "warning")
    return redirect(url_for("entries.index", slug=slug))


def _previewed_versions() -> Mapping[int, int]:
    pairs = re.findall(r"\b([0-9]{1,9}):([0-9]{1,9})\b", request.form.get("versions", ""))
    return {int(number): int(version) for number, version in pairs}


_NO_FIELD = Text(
    "Bitte wählen Sie, welche Angabe geändert werden soll.", "Please choose which answer is to be changed."
)
_NO_TARGET = Text("Den gewählten Eintrag gibt es nicht mehr.", "The chosen entry does not exist any more.")
_NOTHING_CHOSEN = Text("Bitte wählen Sie mindestens einen Eintrag.", "Please choose at least one entry.")
_TOO_MANY = Text(
    "Auf einmal lassen sich höchstens {limit} Einträge ändern; gewählt sind {count}. "
    "Grenzen Sie die Ansicht ein.",
    "At most {limit} entries can be changed at once; {count} are chosen. Please narrow the view.",
)
_CHANGED_MEANWHILE = Text(
    "Einträge wurden inzwischen von anderen geändert; es wurde nichts geändert. Bitte noch einmal versuchen.",
    "Entries were changed by others in the meantime; nothing was changed. Please try again.",
)
