from __future__ import annotations

import re

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from exports.charts import parts, picture, svg
from exports.document import Bars, Chart, Course, Flow, Light, Lights, Stage, Station
from exports.shapes import Box, Label, Stroke
from exports.tones import TONES
from tests.exports.documents import (
    BARS,
    BESIDE,
    COURSE,
    FLOW,
    GRAPH,
    HOSTILE,
    LIGHTS,
    MATRIX,
    TIMELINE,
    courses,
    flows,
)

_SVG = "{http://www.w3.org/2000/svg}"


def _texts(chart: Chart) -> list[str]:
    root = ElementTree.fromstring(svg(chart, "de", "Titel"))
    return ["".join(element.itertext()) for element in root.iter(f"{_SVG}text")]


@pytest.mark.parametrize("chart", [BARS, BESIDE, COURSE, LIGHTS, MATRIX])
def test_a_chart_stands_under_a_strict_content_security_policy(chart: Chart) -> None:
    drawn = svg(chart, "de", "Titel")
    attributes = {name for element in ElementTree.fromstring(drawn).iter() for name in element.attrib}
    tags = {element.tag for element in ElementTree.fromstring(drawn).iter()}
    assert tags == {f"{_SVG}{tag}" for tag in ("svg", "title", "rect", "line", "text")} - (
        {f"{_SVG}line"} if "<line" not in drawn else set()
    )
    assert not attributes & {"style", "id", "href", "onload", "onclick"}


def test_a_chart_is_an_image_with_a_name() -> None:
    root = ElementTree.fromstring(svg(BARS, "de", 'Stand "heute" <b>'))
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Stand "heute" <b>')
    assert root.findtext(f"{_SVG}title") == 'Stand "heute" <b>'
    assert re.fullmatch(r"0 0 \d+ \d+", root.get("viewBox", ""))
    assert root.get("width") is None


def test_bars_say_their_numbers_in_words_and_figures() -> None:
    assert _texts(BARS) == [
        "freigegeben",
        "Entwurf",
        "Bürgerdienste",
        "32 (31 + 1)",
        "31",
        "Soziales",
        "27",
        "18",
        "9",
    ]


def test_the_longest_bar_takes_the_whole_width_whatever_is_said_of_it() -> None:
    bars = Bars(("Amt",), ("ja", "nein", "offen"), ((1, 10_000, 1),))
    areas = [shape for shape in picture(bars, "de", 400).shapes if isinstance(shape, Box)][3:]
    assert areas[0].x == 0
    assert areas[-1].x + areas[-1].width == pytest.approx(400)


def test_bars_beside_their_names_say_the_same_in_half_the_height() -> None:
    assert sorted(_texts(BESIDE)) == sorted(_texts(BARS))
    assert picture(BESIDE, "de", 480).height < picture(BARS, "de", 480).height * 0.7


def test_a_course_says_its_last_counts_its_days_and_how_much_is_how_high() -> None:
    assert _texts(COURSE) == [
        "Ja 900",
        "Nein 100",
        "Unbearbeitet 250",
        "0",
        "500",
        "1.000",
        "02.03.2026",
        "04.04.2026",
        "08.05.2026",
        "10.06.2026",
    ]


def test_each_day_of_a_course_holds_until_the_next_and_starts_where_the_calendar_says() -> None:
    drawn = picture(COURSE, "de", 900)
    open_ = [one for one in drawn.shapes if isinstance(one, Box) and one.fill == TONES["open"].fill][1:]
    first, second, third = open_
    assert (second.x - first.x) / 7 == pytest.approx((third.x - second.x) / 93)
    assert [round(each.height / third.height, 1) for each in open_] == [4.8, 3.5, 1.0]
    assert third.x + third.width == pytest.approx(900)


@given(courses, st.sampled_from([240.0, 500.0, 900.0]))
def test_a_course_is_drawn_within_its_picture_and_loses_nothing(course: Course, width: float) -> None:
    drawn = picture(course, "de", width)
    areas = [shape for shape in drawn.shapes if isinstance(shape, Box)]
    assert all(area.x >= -0.01 and area.x + area.width <= width + 0.01 for area in areas)
    assert all(area.y + area.height <= drawn.height + 0.01 for area in areas)
    counted = sum(value > 0 for values in course.values for value in values)
    assert len(areas) == len(course.series) + counted


def test_a_traffic_light_says_its_colour_by_word_and_by_place() -> None:
    assert _texts(LIGHTS) == [
        "Umsetzung: Gelb",
        "76 von 100 Basis-Anforderungen sind erfüllt.",
        "Risiken: Rot",
        "2 Restrisiken hat die Leitung noch nicht über-",
        "nommen.",
        "Audits: Grün",
        "Schutzbedarf: Keine Angabe",
        "Noch nicht bestimmt.",
    ]

    def lit(tone: str) -> float:
        lamps = [
            one for one in picture(Lights((Light("A", tone, "B"),)), "de", 300).shapes if isinstance(one, Box)
        ]
        return max(lamps, key=lambda lamp: lamp.width).x

    assert lit("bad") < lit("fair") < lit("good")


def test_a_matrix_says_its_levels_in_words() -> None:
    texts = _texts(MATRIX)
    wanted = ("↑ Schadenshöhe", "sehr hoch", "R1, R3", "gering", "selten", "Eintrittshäufigkeit →")
    assert [text for text in wanted if text not in texts] == []


def test_numbers_are_written_in_the_language() -> None:
    chart = Bars(("a",), ("x", "y"), ((1200, 1300),))
    assert "1,200" in svg(chart, "en", "t")
    assert "1.200" in svg(chart, "de", "t")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gives_well_formed_svg(text: str) -> None:
    ElementTree.fromstring(svg(Bars((text,), (text,), ((3,),)), "de", text))


@pytest.mark.parametrize("chart", [BARS, COURSE, MATRIX, FLOW, GRAPH, TIMELINE])
@pytest.mark.parametrize("width", [240.0, 480.0])
def test_everything_is_drawn_within_the_picture(chart: Chart, width: float) -> None:
    drawn = picture(chart, "de", width)
    for shape in drawn.shapes:
        match shape:
            case Box():
                assert -0.01 <= shape.x <= shape.x + shape.width <= width + 0.01
                assert -0.01 <= shape.y <= shape.y + shape.height <= drawn.height + 0.01
            case Stroke():
                assert max(shape.x1, shape.x2) <= width + 0.01
                assert max(shape.y1, shape.y2) <= drawn.height + 0.01
            case Label():
                assert 0 <= shape.y <= drawn.height


def test_many_bars_are_drawn_in_parts_that_lose_nothing() -> None:
    many = Bars(tuple(map(str, range(40))), ("x",), tuple((n,) for n in range(40)))
    drawn = [part for part in parts(many) if isinstance(part, Bars)]
    assert [len(part.categories) for part in drawn] == [16, 16, 8]
    assert sum((part.values for part in drawn), ()) == many.values


@given(flows)
def test_a_flow_is_drawn_in_parts_that_lose_no_station(flow: Flow) -> None:
    drawn = [part for part in parts(flow) if isinstance(part, Flow)]
    assert [one for part in drawn for stage in part.stages for one in stage.stations] == [
        one for stage in flow.stages for one in stage.stations
    ]


def test_twenty_five_recipients_take_one_page_and_fifty_two() -> None:
    def recipients(count: int) -> Flow:
        return Flow((Stage("Wer sie erhält", tuple(Station(f"Stelle {n}") for n in range(count))),))

    assert [len(list(parts(recipients(count)))) for count in (1, 25, 50)] == [1, 1, 2]
    assert picture(recipients(25), "de", 480.0).height < 600


def test_a_third_country_is_marked_in_words_and_a_flow_carries_no_styles() -> None:
    drawn = svg(FLOW, "de", "Datenflüsse")
    assert ">Drittland: USA<" in drawn
    assert "style=" not in drawn
