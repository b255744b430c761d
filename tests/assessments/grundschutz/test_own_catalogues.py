"""A table becomes a catalogue or profile of the authority itself, whole or not at all."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select

from assessments.grundschutz.check import Given, Status, answer
from assessments.grundschutz.controls import control_rows, use_catalogue
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.library import ControlCatalogue, contents, control_catalogue, import_oscal
from assessments.grundschutz.modelling import assign
from assessments.grundschutz.oscal import OscalCatalogue, read
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.own_catalogues import Draft, draft, template
from assessments.grundschutz.profile_check import (
    missing_modules,
    model_missing,
    proposals,
    take_proposals,
)
from compliance.errors import Refused
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.oscal_documents import catalogue, control, written


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield found
    found.database.engine.dispose()


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def workbook(*rows: tuple[Any, ...], sheet: str = "Auswahl") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drafted(house: House, content: bytes, choose_from: str = "2023", name: str = "profil.csv") -> Draft:
    with house.database.reading() as session:
        return draft(session, content, name, title="Profil", edition="1", choose_from=choose_from)


def taken(house: House, found: Draft) -> tuple[OscalCatalogue, str]:
    """What is in the catalogue that *found* became, and how it is called."""
    assert found.mistakes == ()
    result = import_oscal(house.database, Source(found.file_name, found.content), actor=ACTOR)
    assert result.problems == ()
    with house.database.reading() as session:
        return contents(session, control_catalogue(session, result.short)), result.short


def said(found: Draft) -> list[tuple[str, str]]:
    return [(each.place.de, each.text.de) for each in found.mistakes]


def test_modules_are_chosen_up_to_a_level_and_requirements_one_by_one(house: House) -> None:
    found = drafted(
        house, csv("Baustein;Stufe", "CON.2;B", "ISMS.1;S", "SYS.1.1.A31;", "ORP.1;", "SYS.1.1.A2;S")
    )
    chosen, _short = taken(house, found)
    levels = {each.id: each.says("level") for each in chosen.controls}
    expected = {
        each.id: each.level.value
        for each in edition_2023().requirements
        if each.module in ("CON.2", "ISMS.1") and not each.withdrawn and each.level.value in "BS"
    }
    assert levels == expected | {"SYS.1.1.A31": "H", "SYS.1.1.A2": "S"}
    assert (found.skipped, found.total) == (1, len(levels))
    assert dict(found.counts)["CON.2 Datenschutz"] == 1


def test_the_same_table_makes_the_same_catalogue(house: House) -> None:
    lines = csv("Baustein;Stufe", "CON.2;B")
    _first, short = taken(house, drafted(house, lines))
    again = drafted(house, lines)
    result = import_oscal(house.database, Source(again.file_name, again.content), actor=ACTOR)
    assert (result.short, result.changed) == (short, False)


def test_a_workbook_says_the_same_as_a_text_file(house: House) -> None:
    rows = [("Unser Profil",), ("Stufe", "Baustein oder Gruppe", "Baustein"), ("B", "egal", "CON.2")]
    one = drafted(house, workbook(*rows), name="profil.xlsx")
    other = drafted(house, csv("Baustein;Stufe", "CON.2;B"))
    assert (one.counts, one.mistakes) == (other.counts, ())


def test_every_mistake_is_named_with_sheet_row_and_column(house: House) -> None:
    rows = [
        ("Anforderung", "Stufe"),
        ("SYS.1.1.A1", "B"),
        ("SYS.1.1.A1", "S"),
        ("SYS.9.9", "B"),
        ("ISMS.1", "viel"),
        ("ISMS.1.A14", "B"),
        (None, "B"),
        ("x" * 61, "B"),
    ]
    withdrawn = next(each.id for each in edition_2023().requirements if each.withdrawn)
    rows[5] = (withdrawn, "B")
    found = drafted(house, workbook(*rows), name="profil.xlsx")
    assert said(found) == [
        ("Blatt „Auswahl“, Zeile 3, Spalte „Anforderung“", "„SYS.1.1.A1“ steht schon in Zeile 2."),
        (
            "Blatt „Auswahl“, Zeile 4, Spalte „Anforderung“",
            "„SYS.9.9“ gibt es nicht in „IT-Grundschutz-Kompendium, Edition 2023“.",
        ),
        (
            "Blatt „Auswahl“, Zeile 5, Spalte „Stufe“",
            "„viel“ ist keine Stufe; bekannt sind B (Basis), S (Standard) und H (erhöhter Schutzbedarf).",
        ),
        ("Blatt „Auswahl“, Zeile 6, Spalte „Anforderung“", f"Die Anforderung {withdrawn} ist entfallen."),
        ("Blatt „Auswahl“, Zeile 7, Spalte „Anforderung“", "Die Kennung fehlt."),
        ("Blatt „Auswahl“, Zeile 8, Spalte „Anforderung“", "Der Text ist länger als 60 Zeichen."),
    ]
    assert found.content == b""


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        (("Stufe;Farbe", "B;rot"), "Eine Spalte „Baustein“ oder „Anforderung“ fehlt."),
        (("Baustein;Gruppe;Stufe", "CON.2;CON.2;B"), "Zwei Spalten bedeuten dasselbe: Baustein."),
        (("Baustein;Stufe", "CON.2;"), "Die Tabelle enthält keine Anforderung."),
    ],
)
def test_a_table_that_chooses_nothing_is_refused(house: House, lines: tuple[str, ...], mistake: str) -> None:
    assert [text for _place, text in said(drafted(house, csv(*lines)))] == [mistake]


def test_what_stands_under_no_header_is_refused(house: House) -> None:
    chosen = drafted(house, csv("Baustein;;Stufe", "CON.2;;B;", "CON.3;Nein;B", "ORP.1;;B;schon"))
    own = drafted(house, csv("Kennung;Titel", "1;Länge;14 Zeichen"), choose_from="")
    words = "„{}“ steht unter keiner Überschrift; vielleicht sind Spalten verschoben."
    assert (said(chosen), said(own)) == (
        [("Zeile 3", words.format("Nein")), ("Zeile 4", words.format("schon"))],
        [("Zeile 2", words.format("14 Zeichen"))],
    )
    assert chosen.mistakes[0].place.en == "Row 3"


def test_title_and_version_are_asked_for(house: House) -> None:
    with house.database.reading() as session, pytest.raises(Refused, match="Titel und Fassung"):
        draft(session, csv("Baustein;Stufe", "CON.2;B"), "p.csv", title=" ", edition="1")


def test_own_requirements_become_a_catalogue_with_chapters(house: House) -> None:
    found = drafted(
        house,
        csv(
            "Kapitel;Nr.;Titel;Text;Stufe;Hinweis",
            "Kennwörter;1.1;Länge;Kennwörter haben zwölf Zeichen.;Basis;Sätze merken sich leichter.",
            "Geräte;2.1;;Geräte werden gesperrt.;Pflicht;",
            "Kennwörter;1.2;Weitergabe;;;",
        ),
        choose_from="",
    )
    chosen, _short = taken(house, found)
    assert found.counts == (("Kennwörter", 2), ("Geräte", 1))
    assert [
        (
            each.label,
            each.title,
            each.says("level"),
            chosen.wording(each, "statement"),
            chosen.path(each)[0].title,
        )
        for each in chosen.controls
    ] == [
        ("1.1", "Länge", "B", "Kennwörter haben zwölf Zeichen.", "Kennwörter"),
        ("1.2", "Weitergabe", "", "Weitergabe", "Kennwörter"),
        ("2.1", "Geräte werden gesperrt.", "Pflicht", "Geräte werden gesperrt.", "Geräte"),
    ]
    assert chosen.wording(chosen.controls[0], "guidance") == "Sätze merken sich leichter."


def test_own_requirements_need_an_identifier_and_words(house: House) -> None:
    found = drafted(house, csv("Kennung;Titel;Text", ";Länge;", "1;;", "2;A;", "2;B;"), choose_from="")
    assert said(found) == [
        ("Zeile 2, Spalte „Kennung“", "Die Kennung fehlt."),
        ("Zeile 3, Spalte „Titel“", "Titel oder Text fehlt."),
        ("Zeile 5, Spalte „Kennung“", "„2“ steht schon in Zeile 4."),
    ]


def test_a_table_chooses_from_an_imported_catalogue(house: House) -> None:
    root = catalogue(control("a", "Sichern"), control("b", "Löschen"))
    root["catalog"]["groups"].append({"id": "g2", "title": "Zweite", "controls": [control("c", "Sperren")]})
    short = import_oscal(house.database, Source("haus.json", written(root)), actor=ACTOR).short
    found = drafted(house, csv("Anforderung;Stufe", "g2;normal", "a;"), choose_from=short)
    chosen, _short = taken(house, found)
    assert [(each.id, each.says("level")) for each in chosen.controls] == [("a", ""), ("c", "normal")]


def test_the_template_chooses_nothing_until_levels_are_entered(house: House) -> None:
    lines = [";".join(row) for row in template("de")]
    assert [text for _place, text in said(drafted(house, csv(*lines)))] == [
        "Die Tabelle enthält keine Anforderung."
    ]
    found = drafted(house, csv(*(line + "B" if line.startswith("CON.2;") else line for line in lines)))
    assert (found.total, found.skipped) == (1, 110)


_CELLS = st.sampled_from(
    ["", "B", "SYS.1.1", "SYS.1.1.A1", "CON.2.A1", "ENTFALLEN", "=1+1", "ä" * 70]
) | st.text(max_size=12)
_HEADS = st.lists(st.sampled_from(["Baustein", "Anforderung", "Stufe", "Titel", "Text", "Farbe"]), min_size=1)


@given(_HEADS, st.lists(st.lists(_CELLS, max_size=4), max_size=5), st.booleans())
def test_any_table_is_understood_or_refused_in_words(
    heads: list[str], rows: list[list[str]], own: bool
) -> None:
    house = _empty()
    content = "\n".join(";".join(row) for row in [heads, *rows]).encode("utf-8", "replace")
    try:
        found = drafted(house, content, choose_from="" if own else "2023")
    except Refused:
        return
    assert bool(found.mistakes) != bool(found.content)
    if found.content:
        root = json.loads(found.content)
        assert "profile" in root if found.is_profile else read(root).controls


@cache
def _empty() -> House:
    return House("sqlite://")


# --- Used in the check ---------------------------------------------------------------------------


def test_a_profile_takes_over_what_the_check_has_answered(house: House) -> None:
    lines = ("Baustein;Stufe", "SYS.1.1;B", "CON.2;B", "ORP.1;B", "INF.1;B")
    chosen, short = taken(house, drafted(house, csv(*lines)))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        places = [(house.server_id, "SYS.1.1"), (house.room_id, "SYS.1.1"), (None, "CON.2")]
        first, second, whole = assign(session, domain, places, by=ISB)
        session.flush()
        answer(session, first, "SYS.1.1.A1", Given(Status.YES, remark="Geht."), by=ISB)
        answer(session, second, "SYS.1.1.A1", Given(Status.NO, measure="Tun.", responsible="Amt"), by=ISB)
        answer(session, first, "SYS.1.1.A2", Given(Status.YES), by=ISB)
        answer(session, whole, "CON.2.A1", Given(Status.UNNECESSARY, reason="Weil."), by=ISB)
        use = use_catalogue(session, domain, control_catalogue(session, short), by=ISB)
        session.flush()
        assert [each.id for each in missing_modules(session, domain, chosen)] == ["ORP.1", "INF.1"]
        found = {each.control.id: (each.given, each.objects) for each in proposals(session, use, chosen)}
        assert found == {
            "CON.2.A1": (Given(Status.UNNECESSARY, reason="Weil."), 1),
            "SYS.1.1.A1": (
                Given(Status.NO, measure="ZO-0002: Tun.", responsible="Amt", remark="ZO-0001: Geht."),
                2,
            ),
        }
        assert len(take_proposals(session, use, chosen, by=ISB)) == 2
        session.flush()
        assert proposals(session, use, chosen) == ()
        rows = control_rows(session, use, chosen, chosen.controls)
        assert {row.control.id: row.given.status for row in rows if row.answered} == {
            "CON.2.A1": Status.UNNECESSARY,
            "SYS.1.1.A1": Status.NO,
        }
        assert [each.module_id for each in model_missing(session, domain, chosen, by=ISB)] == ["ORP.1"]


def test_nothing_is_stored_before_a_table_is_taken_in(house: House) -> None:
    drafted(house, csv("Baustein;Stufe", "CON.2;B"))
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ControlCatalogue)) == 0
