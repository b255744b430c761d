"""Bars on a calendar are whole on the page and in strips on paper, under a strict security policy."""

from __future__ import annotations

import io
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from exports import pdf, timeline, xlsx
from exports.document import Figure, Stretch, Timeline
from exports.shapes import Box, Label, Stroke
from tests.exports.conformance import problems
from tests.exports.documents import HOSTILE, TIMELINE, document, timelines

SVG = "{http://www.w3.org/2000/svg}"
PAGE = (728.0, 400.0)


def large(count: int = 100) -> Timeline:
    """As many measures as a city has, in three sections, every third waiting for the one before."""
    first = date(2026, 1, 1)
    stretches = tuple(
        Stretch(
            f"MA-{number:04}",
            f"Maßnahme Nummer {number} mit einem Namen, der nicht ganz in die Spalte passt",
            number * 3 // count,
            first + timedelta(days=number * 9),
            first + timedelta(days=number * 9 + 60),
            tone=("good", "fair", "open", "bad")[number % 4],
            after=(f"MA-{number - 1:04}",) if number % 3 == 0 and number else (),
        )
        for number in range(count)
    )
    return Timeline(("R1", "R2", "R3"), stretches, date(2026, 6, 1))


def test_each_row_is_a_link_that_says_how_it_stands() -> None:
    drawn = timeline.svg(TIMELINE, "de", "Zeitplan", links={"MA-0001": "/registers/measures/1?a=1&b=2"})
    picture = ET.fromstring(drawn)
    (link,) = picture.iter(f"{SVG}a")
    head, rows = picture.iter(f"{SVG}svg")
    legend = "in Umsetzung, setzt voraus, Verzögerung, heute"
    assert [(each.get("role"), each.get("aria-label")) for each in (head, rows)] == [
        ("img", legend),
        ("group", "Zeitplan"),
    ]
    assert (link.get("href"), link.get("aria-label")) == (
        "/registers/measures/1?a=1&b=2",
        "MA-0001 Leitlinie, Amt 11",
    )
    assert len([g for g in picture.iter(f"{SVG}g") if g.get("class") == "timeline__row"]) == 3


def test_the_calendar_stays_above_the_rows_in_one_scale_and_is_written_once() -> None:
    head, rows = ET.fromstring(timeline.svg(large(), "de", "Zeitplan")).iter(f"{SVG}svg")
    boxes = [[float(part) for part in (each.get("viewBox") or "").split()] for each in (head, rows)]
    assert boxes[0][2] == boxes[1][2] == timeline.SCREEN
    assert boxes[0][3] == boxes[1][1]
    words = [[text.text for text in each.iter(f"{SVG}text")] for each in (head, rows)]
    assert "2026" in words[0]
    assert not {"2026", "2027", "Jan", "heute"} & set(words[1])


def test_the_picture_carries_neither_styles_nor_scripts_nor_identifiers() -> None:
    drawn = timeline.svg(large(), "de", "Zeitplan")
    assert not [word for word in ("style=", "<style", "<script", " id=", " on") if word in drawn]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gives_a_well_formed_picture(text: str) -> None:
    chart = Timeline((text,), (Stretch(text, text, 0, note=text),), date(2026, 1, 1), (("tie", text),), text)
    ET.fromstring(timeline.svg(chart, "de", text, links={text: text}))


@given(timelines)
def test_any_timeline_can_be_drawn_in_any_language(chart: Timeline) -> None:
    for language in ("de", "en"):
        ET.fromstring(timeline.svg(chart, language, "Zeitplan"))
        timeline.picture(chart, language, 500)


@given(timelines, st.floats(300, 900))
def test_nothing_is_drawn_beyond_the_edges_of_a_strip(chart: Timeline, width: float) -> None:
    for strip in timeline.strips(chart, "de", width, 300.0):
        assert strip.width == width
        for shape in strip.shapes:
            match shape:
                case Box():
                    assert -0.01 <= shape.x <= shape.x + shape.width <= width + 0.01
                    assert 0 <= shape.y <= shape.y + shape.height <= strip.height + 0.01
                case Stroke():
                    assert 0 <= min(shape.y1, shape.y2) <= max(shape.y1, shape.y2) <= strip.height + 0.01
                case Label():
                    assert 0 <= shape.y <= strip.height + 0.01


def test_strips_hold_every_bar_once_and_fit_on_the_sheet() -> None:
    strips = list(timeline.strips(large(), "de", *PAGE))
    names = [
        shape.text.partition(" ")[0]
        for strip in strips
        for shape in strip.shapes
        if isinstance(shape, Label) and shape.text.startswith("MA-")
    ]
    assert names == [f"MA-{number:04}" for number in range(100)]
    assert len(strips) > 3
    assert max(strip.height for strip in strips) <= PAGE[1]


def test_a_bar_lies_where_its_days_are() -> None:
    """The calendar runs from January to September; a bar of half of it takes half of the room."""
    chart = Timeline(
        ("",),
        (
            Stretch("A", "", 0, date(2026, 1, 1), date(2026, 9, 30)),
            Stretch("B", "", 0, date(2026, 1, 1), date(2026, 5, 17)),
        ),
        date(2026, 6, 1),
    )
    drawn = timeline.picture(chart, "de", 700)
    whole, half = (shape for shape in drawn.shapes if isinstance(shape, Box) and shape.edge == "#1c2530")
    assert whole.x == half.x
    assert half.width / whole.width == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("years", "label"), [(1, "Feb"), (4, "2/4"), (6, "2028")])
def test_a_longer_calendar_names_quarters_or_years(years: int, label: str) -> None:
    start = date(2026, 1, 1)
    chart = Timeline(("",), (Stretch("A", "", 0, start, start.replace(year=2026 + years)),), start)
    texts = [shape.text for shape in timeline.picture(chart, "de", 520).shapes if isinstance(shape, Label)]
    assert label in texts


def test_a_conflict_is_drawn_in_another_colour_and_a_delay_too() -> None:
    strokes = [s for s in timeline.picture(TIMELINE, "de", 700).shapes if isinstance(s, Stroke)]
    colours = {stroke.colour for stroke in strokes}
    assert {"#1f44aa", "#a8252b"} <= colours


def test_on_paper_it_is_tagged_and_in_a_workbook_it_is_a_table() -> None:
    out = io.BytesIO()
    pdf.write(document(Figure(large(), "Hundert Maßnahmen", "Zeitplan")), out)
    assert problems(out.getvalue()) == []
    with pikepdf.open(out) as opened:
        assert len(opened.pages) >= 4
    out = io.BytesIO()
    xlsx.write(document(Figure(TIMELINE, "Vier Maßnahmen", "Zeitplan")), out)
    out.seek(0)
    cells = [[c for c in row if c] for row in load_workbook(out).worksheets[0].iter_rows(values_only=True)]
    assert ["MA-0001 Leitlinie", "Amt 11", "05.01.2026", "31.03.2026"] in cells
    assert ["R2: danach umsetzen"] in cells
