"""Whatever an entry says survives its way through a workbook; the preview names exactly what was edited."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from assessments.dpia.dpia import Dpia
from compliance.entry import Entry, Part, everything
from compliance.fields import Kind, Reference, References, Rows, is_empty, plain
from exports.text import clean
from registers.importing import cells
from registers.importing.roundtrip import EVERYTHING, MINE, Decisions, carry_out, plan, read_book
from registers.importing.roundtrip.layout import MAIN, editable, written
from registers.importing.tables import words_of
from registers.processing import ProcessingActivity
from registers.processors import Processor
from tests.city import FOUNDER, City
from tests.strategies import answers, entries
from tests.workbooks import FILE, Editor, distrusting, exported

# Each example fills a database, so that a shorter one would be looked for too long.
QUICKLY: Any = {"phases": (Phase.explicit, Phase.generate)}

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
by_register = pytest.mark.parametrize(
    "model", [ProcessingActivity, Processor, Dpia], ids=lambda model: model.slug
)


def fresh(city: City, *things: Entry) -> None:
    """Stores *things* in place of everything of their kind."""
    model = type(things[0])
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        for entry in session.query(model).options(*everything(model)):
            session.delete(entry)
        session.flush()
        session.add_all(things)


@by_register
def test_what_leaves_comes_back_without_a_difference(city: City, model: type[Entry]) -> None:
    @settings(max_examples=15, **QUICKLY)
    @given(st.lists(entries(model), min_size=1, max_size=3), st.sampled_from(["de", "en"]))
    def check(things: list[Entry], language: str) -> None:
        fresh(city, *things)
        book = read_book(exported(city, model, language), FILE)
        with city.site.database.reading(city.id) as session:
            trusting = plan(session, model, book, EVERYTHING)
            careful = plan(session, model, distrusting(book), EVERYTHING)
        for found in (trusting, careful):
            assert (found.revisions, found.missing, found.problems, found.notes) == ((), (), (), ())
            assert found.unchanged == len(things)

    check()


@by_register
def test_the_preview_names_exactly_the_edits_and_taking_over_makes_them(
    city: City, model: type[Entry]
) -> None:
    @settings(max_examples=12, **QUICKLY)
    @given(st.data(), entries(model))
    def check(data: st.DataObject, entry: Entry) -> None:
        fresh(city, entry)
        stored = city.stored(entry)
        editor = Editor(load_workbook(io.BytesIO(exported(city, model))), model)
        expected = dict(_edited(data, editor, stored))
        out = io.BytesIO()
        editor.book.save(out)
        with city.site.database.writing(city.id, actor=FOUNDER) as session:
            found = plan(session, model, read_book(out.getvalue(), FILE), EVERYTHING)
            revisions = {edit.key: edit.mine for revision in found.revisions for edit in revision.edits}
            assert (found.every_problem, revisions) == ((), expected)
            sides = {(r.key, e.key): MINE for r in found.revisions for e in r.edits}
            taken = frozenset(revision.key for revision in found.revisions)
            carry_out(session, found, Decisions(taken, sides), EVERYTHING)
        with city.site.database.reading(city.id) as session:
            again = plan(session, model, read_book(out.getvalue(), FILE), EVERYTHING)
        assert again.revisions == ()

    check()


def _edited(data: st.DataObject, editor: Editor, entry: Entry) -> Iterator[tuple[str, Any]]:
    """Edits cells, adds and removes rows; tells the key and the new answer of each edit."""
    simple = {name: spec for name, spec in editable(type(entry)).items() if _can_be_drawn(spec)}
    for name in data.draw(st.lists(st.sampled_from(sorted(simple)), unique=True, max_size=5)):
        yield from _answered(data, editor, entry, (MAIN, 2, name), name)
    for name, spec in editable(type(entry)).items():
        if isinstance(spec, Rows):
            yield from _edited_rows(data, editor, entry, name, spec)


def _can_be_drawn(spec: Kind) -> bool:
    return not isinstance(spec, Rows | Reference | References)


def _answered(
    data: st.DataObject, editor: Editor, thing: Entry | Part, place: tuple[str, int, str], key: str
) -> Iterator[tuple[str, Any]]:
    name = place[2]
    spec = editable(type(thing))[name]
    value = data.draw(answers(spec).filter(_can_be_typed))
    cell = _cell(spec, value)
    if cells.same(words_of(_cell(spec, getattr(thing, name))), words_of(cell)):
        return
    _type(editor, place, cell)
    if plain(spec, value) != plain(spec, getattr(thing, name)):
        yield key, plain(spec, value)


def _edited_rows(
    data: st.DataObject, editor: Editor, entry: Entry, name: str, spec: Rows
) -> Iterator[tuple[str, Any]]:
    parts = getattr(entry, name)
    row = 2
    for part in parts:
        match data.draw(st.sampled_from(["keep", "edit", "remove"])):
            case "remove":
                editor.sheet(name).delete_rows(row)
                yield f"{name}/{part.id.hex}", None
                continue
            case "edit":
                inner = data.draw(st.sampled_from(sorted(editable(spec.part))))
                yield from _answered(data, editor, part, (name, row, inner), f"{name}/{part.id.hex}/{inner}")
            case _:
                pass
        row += 1
    if data.draw(st.booleans()):
        new = data.draw(entries(spec.part).filter(_all_can_be_typed))
        said = {
            inner: plain(kind, getattr(new, inner))
            for inner, kind in editable(spec.part).items()
            if not is_empty(getattr(new, inner))
        }
        if said:
            _type(editor, (name, row, "@number"), entry.designation)
            for inner in said:
                _type(editor, (name, row, inner), _cell(editable(spec.part)[inner], getattr(new, inner)))
            yield f"{name}+{row}", [said]


def _cell(spec: Kind, value: Any) -> Any:
    return written(spec, plain(spec, value), "de", {})


def _type(editor: Editor, place: tuple[str, int, str], value: Any) -> None:
    cell = editor.cell(*place)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _can_be_typed(value: Any) -> bool:
    """Whether people can type *value* into a cell: no invisible characters, nothing read as an escape."""
    if not isinstance(value, str):
        return True
    return clean(value) == value and all(c.isprintable() or c == "\n" for c in value) and "_x" not in value


def _all_can_be_typed(part: Part) -> bool:
    return all(_can_be_typed(getattr(part, name)) for name in editable(type(part)))
