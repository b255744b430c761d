"""A file is taken for what it contains, never for what it is called."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import Refused
from compliance.filekinds import ENDINGS, FORMATS, FileKind, kind_of
from tests.files import REFUSED, TAKEN, bomb, office, packed, with_false_size


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as error:
        kind_of(name, io.BytesIO(content))
    return error.value.text.de


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_kind_is_recognised_by_its_content(ending: str) -> None:
    kind = kind_of(f"Vertrag {ending}.{ending.upper()}", io.BytesIO(TAKEN[ending]))

    assert ending in FORMATS[kind].endings


def test_every_kind_has_its_format() -> None:
    assert set(FORMATS) == set(FileKind)
    assert set(TAKEN) == set(ENDINGS)


@pytest.mark.parametrize("what", REFUSED)
def test_what_runs_or_is_something_else_is_refused_by_name(what: str) -> None:
    name, content = REFUSED[what]

    assert f"„{name}“" in refusal(name, content)


def test_no_content_passes_under_the_ending_of_another() -> None:
    alike = [{"jpg", "jpeg"}, {"tif", "tiff"}, {"p7s", "p7m"}, {"txt", "csv", "json", "eml"}]
    passed = [
        (claimed, real)
        for real, content in TAKEN.items()
        for claimed in ENDINGS
        if claimed != real and not any({claimed, real} <= group for group in alike)
        if is_taken(f"datei.{claimed}", content)
    ]

    # A signature in letters is a text as well.
    assert passed == [("txt", "p7m"), ("csv", "p7m")]


def is_taken(name: str, content: bytes) -> bool:
    try:
        kind_of(name, io.BytesIO(content))
    except Refused:
        return False
    return True


def test_a_refusal_names_what_would_be_taken() -> None:
    assert "pdf, png, jpg" in refusal("setup.exe", b"MZ")


@pytest.mark.parametrize("unpacked", [64 * 1024**2, 300 * 1024**2])
def test_a_document_that_grows_out_of_proportion_is_refused(unpacked: int) -> None:
    content = bomb(unpacked)

    assert len(content) < 1024**2
    assert "entpackt" in refusal("bombe.docx", content)


def test_a_document_that_lies_about_its_size_is_refused() -> None:
    content = with_false_size(bomb(64 * 1024**2))

    assert "beschädigt" in refusal("bombe.docx", content)


def test_a_document_of_very_many_members_is_refused() -> None:
    members = {"[Content_Types].xml": b"", "word/document.xml": b""}
    content = packed(members | {f"word/{number}.xml": b"" for number in range(10_001)})

    assert not is_taken("viele.docx", content)


def test_a_large_table_of_many_equal_rows_is_taken() -> None:
    row = b'<row r="1"><c r="A1"><v>4711</v></c></row>\n'

    assert kind_of("liste.xlsx", io.BytesIO(office("xl", sheet__xml=row * 100_000))) is FileKind.XLSX


def test_a_locked_document_is_refused_because_nobody_can_look_inside() -> None:
    content = bytearray(office("word"))
    content[content.find(b"PK\x01\x02") + 8] |= 1

    assert "Kennwort" in refusal("geheim.docx", bytes(content))


@given(st.sampled_from(ENDINGS), st.binary(max_size=300), st.integers(0, 400))
def test_no_damage_to_a_file_is_more_than_a_refusal(ending: str, noise: bytes, place: int) -> None:
    content = TAKEN[ending]
    damaged = content[:place] + noise + content[place + len(noise) :]

    is_taken(f"datei.{ending}", damaged)
    is_taken(f"datei.{ending}", noise)
