"""Every field of every register says what it asks, why, and in both languages."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Table, inspect

import compliance.app  # noqa: F401 -- knows everything that is stored
from compliance.app import ALL_REGISTERS, ALL_RULES
from compliance.database import Base, Owned
from compliance.entry import Entry, Journalled, Part, Record
from compliance.fields import (
    Answer,
    Choice,
    Choices,
    Day,
    Field,
    Flag,
    Line,
    Moment,
    Reference,
    References,
    Rows,
    Term,
    Words,
    fields,
    sections,
)
from compliance.language import Text
from compliance.web.listing import filter_names

by_register = pytest.mark.parametrize("model", ALL_REGISTERS, ids=lambda model: model.slug)


def stored(kind: type[Any]) -> list[type[Any]]:
    classes = (mapper.class_ for mapper in Base.registry.mappers)
    return sorted((one for one in classes if issubclass(one, kind)), key=lambda one: one.__name__)


ASKED = [*stored(Entry), *stored(Part)]
by_class = pytest.mark.parametrize("model", ASKED, ids=lambda model: model.__name__)


def is_said(text: Text | None) -> bool:
    return text is not None and all(words.strip() == words != "" for words in (text.de, text.en))


@by_class
def test_each_field_has_a_label_in_both_languages(model: type[Any]) -> None:
    assert [name for name, spec in fields(model).items() if not is_said(spec.label)] == []


@by_class
def test_each_field_has_help_and_legal_ground(model: type[Any]) -> None:
    common = ("name", "unit") if issubclass(model, Entry) else ()
    own = {name: spec for name, spec in fields(model).items() if name not in common and not spec.fixed}

    assert [name for name, spec in own.items() if not is_said(spec.help)] == []
    assert [name for name, spec in own.items() if not spec.basis.strip()] == []


@by_class
def test_no_two_fields_of_a_form_are_called_the_same(model: type[Any]) -> None:
    for language in ("de", "en"):
        by_heading = Counter(
            (spec.section.name if spec.section else "", spec.label[language])
            for spec in fields(model).values()
        )
        assert [label for label, count in by_heading.items() if count > 1] == []


@by_class
def test_what_depends_on_an_answer_names_a_question_of_the_same_form(model: type[Any]) -> None:
    found = fields(model)
    broken = [
        name for name, spec in found.items() if spec.when and not isinstance(found.get(spec.when), Flag)
    ]
    others = [
        name
        for name, spec in found.items()
        if isinstance(spec, Choices) and spec.other and not isinstance(found.get(spec.other), Line)
    ]

    assert (broken, others) == ([], [])


@by_class
def test_references_and_rows_lead_to_something_stored(model: type[Any]) -> None:
    names = {one.__name__ for one in stored(Record)}
    for name, spec in fields(model).items():
        if isinstance(spec, Reference | References):
            assert spec.target in names, name
        if isinstance(spec, Rows):
            assert issubclass(spec.part, Part)
            assert spec.part.parent_class == model.__name__, name


@pytest.mark.parametrize("part", stored(Part), ids=lambda part: part.__name__)
def test_a_row_has_no_rows_and_belongs_to_one_field(part: type[Part]) -> None:
    holders = [
        (model.__name__, name)
        for model in stored(Entry)
        for name, spec in fields(model).items()
        if isinstance(spec, Rows) and spec.part is part
    ]

    assert len(holders) == 1
    assert [name for name, spec in fields(part).items() if isinstance(spec, Rows | References)] == []


OF_THE_FORM = {"csrf", "version", "do", "then", "sample", "number", "id", "state"}
OF_THE_LIST = {"q", "sort", "page", "gaps", "number"}


@by_register
def test_no_field_takes_a_name_that_forms_lists_and_addresses_need(model: type[Entry]) -> None:
    assert fields(model).keys() & OF_THE_FORM == set()
    assert {name for name, spec in fields(model).items() if spec.listed} & OF_THE_LIST == set()
    assert [name for name, count in Counter(filter_names(model)).items() if count > 1] == []


@by_register
def test_a_register_says_what_it_is(model: type[Entry]) -> None:
    assert is_said(model.title)
    assert is_said(model.one)
    assert model.prefix.isupper()
    assert model.slug == model.slug.lower()
    assert all(isinstance(fields(model)[name], Day | Moment) for name in model.due)


def test_no_two_registers_share_address_prefix_or_title() -> None:
    for names in (
        [model.slug for model in ALL_REGISTERS],
        [model.prefix for model in ALL_REGISTERS],
        [model.title.de for model in ALL_REGISTERS],
        [model.title.en for model in ALL_REGISTERS],
    ):
        assert len(set(names)) == len(names)


@by_class
def test_each_section_has_a_name_of_its_own(model: type[Any]) -> None:
    assert [name for name, count in Counter(one.name for one in sections(model)).items() if count > 1] == []


# --- Words ---------------------------------------------------------------------------------------


def all_terms(kind: type[Term] = Term) -> Iterator[type[Term]]:
    for one in kind.__subclasses__():
        yield one
        yield from all_terms(one)


TERMS = sorted(
    (one for one in all_terms() if not one.__module__.startswith("tests")), key=lambda term: term.__name__
)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.__module__}.{term.__name__}")
def test_each_answer_has_words_of_its_own_in_both_languages(term: type[Term]) -> None:
    members = list(term)

    assert members
    assert [one.name for one in members if not is_said(one.text)] == []
    assert len(members) == len(term.__members__), "two answers with the same words become one"
    assert len({one.text.de for one in members}) == len({one.text.en for one in members}) == len(members)
    assert [one.name for one in members if len(one.name) > 64 or "|" in one.name] == []
    assert issubclass(term, enum.Enum)


def test_each_word_list_has_words_of_its_own_in_both_languages() -> None:
    lists: dict[int, Words] = {
        id(spec.words): spec.words
        for model in ASKED
        for spec in fields(model).values()
        if isinstance(spec, Choice | Choices)
    }
    for words in lists.values():
        found: list[Answer] = list(words)
        assert [one.name for one in found if not is_said(one.text) or len(one.name) > 64] == []
        assert len({one.text.de for one in found}) == len({one.text.en for one in found}) == len(found)


# --- Tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", stored(Owned), ids=lambda model: model.__name__)
def test_the_key_of_what_is_owned_begins_with_its_owner(model: type[Any]) -> None:
    mapper = inspect(model)
    names = [column.name for column in mapper.local_table.primary_key]

    assert names[0] == "organisation_id"
    if issubclass(model, Journalled | Part):
        assert names == ["organisation_id", "id"]


def tables() -> list[Table]:
    return sorted(Base.metadata.tables.values(), key=lambda table: table.name)


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_ties_between_owned_tables_never_leave_the_organisation(table: Table) -> None:
    for constraint in table.foreign_key_constraints:
        if "organisation_id" in constraint.referred_table.primary_key:
            assert constraint.column_keys[0] == "organisation_id", constraint.name


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_every_tie_is_found_by_an_index(table: Table) -> None:
    prefixes = [tuple(column.name for column in table.primary_key)]
    prefixes += [tuple(column.name for column in index.columns) for index in table.indexes]
    if "source_id" not in table.columns:
        return
    for keys in (("organisation_id", "source_id"), ("organisation_id", "target_id")):
        assert any(prefix[: len(keys)] == keys for prefix in prefixes), keys


@by_class
def test_a_column_added_later_fits_the_rows_that_are_there(model: type[Any]) -> None:
    columns = inspect(model).columns.items()
    asked = [column for name, column in columns if isinstance(column.info.get("field"), Field) and name]

    assert [column.name for column in asked if not column.nullable and column.server_default is None] == []


def test_every_rule_names_a_field_of_the_register_it_judges() -> None:
    wrong = [rule.id for rule in ALL_RULES if rule.field not in fields(rule.judges)]

    assert wrong == []
