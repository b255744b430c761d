"""A picture in layers is whole on the page and in strips on paper, under a strict security policy."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from exports import network, pdf, xlsx
from exports.document import Edge, Figure, Graph, Node
from exports.shapes import Box, Label, Sheets, Stroke
from tests.exports.conformance import problems
from tests.exports.documents import GRAPH, HOSTILE, document, graphs
from tests.structures import city_graph

SVG = "{http://www.w3.org/2000/svg}"
SHEETS = Sheets(728.0, 0.0, 340.0, 400.0)


def test_each_box_is_a_link_that_says_what_it_leads_to() -> None:
    drawn = network.svg(GRAPH, "de", "Netzplan", links={"ZO-0002": "/registers/objects/2?a=1&b=2"})
    picture = ET.fromstring(drawn)
    (link,) = picture.iter(f"{SVG}a")
    assert (picture.get("role"), picture.get("aria-label")) == ("group", "Netzplan")
    assert (link.get("href"), link.get("aria-label"), link.get("data-key")) == (
        "/registers/objects/2?a=1&b=2",
        "Portalserver, ZO-0002 · 2 ×",
        "ZO-0002",
    )
    assert [
        net.get("data-ends") for net in picture.iter(f"{SVG}g") if net.get("class") == "network__net"
    ] == [
        "ZO-0001",
        "ZO-0002|ZO-0001",
        "ZO-0003|ZO-0002",
    ]


def test_the_picture_carries_neither_styles_nor_scripts_nor_identifiers() -> None:
    drawn = network.svg(city_graph(), "de", "Abhängigkeiten")
    assert not [word for word in ("style=", "<style", "<script", " id=", " on") if word in drawn]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gives_a_well_formed_picture(text: str) -> None:
    graph = Graph((text,), (Node(text, text, 0, (text,)),), (), (("", text),))
    ET.fromstring(network.svg(graph, "de", text, links={text: text}))


@pytest.mark.parametrize("zoom", [50, 100, 200])
def test_zooming_changes_the_size_and_nothing_else(zoom: int) -> None:
    whole = ET.fromstring(network.svg(GRAPH, "de", "Netzplan"))
    zoomed = ET.fromstring(network.svg(GRAPH, "de", "Netzplan", zoom=zoom))
    assert zoomed.get("viewBox") == whole.get("viewBox")
    assert abs(float(zoomed.get("width", 0)) - float(whole.get("width", 0)) * zoom / 100) <= 1


def test_a_city_of_150_objects_is_drawn_whole() -> None:
    graph = city_graph()
    picture = ET.fromstring(network.svg(graph, "de", "Abhängigkeiten"))
    boxes = [each.get("data-key") for each in picture.iter(f"{SVG}g") if each.get("class") == "network__box"]
    assert sorted(filter(None, boxes)) == sorted(node.key for node in graph.nodes)
    ends = [
        str(each.get("data-ends")).split("|")
        for each in picture.iter(f"{SVG}g")
        if each.get("class") == "network__net"
    ]
    drawn = {(source, target) for target, *sources in ends for source in sources}
    assert drawn == {(edge.source, edge.target) for edge in graph.edges}


@given(graphs, st.sampled_from((120.0, 300.0, 728.0)), st.floats(-5.0, 200.0))
def test_strips_lose_no_box_and_stay_within_the_sheet(graph: Graph, width: float, rest: float) -> None:
    strips = list(network.strips(graph, "de", Sheets(width, rest, 150.0, 200.0)))
    whole = network.picture(graph, "de", width)
    for strip in strips:
        for shape in strip.shapes:
            assert -0.01 <= top_of(shape) <= bottom_of(shape) <= strip.height + 0.01
    assert sum(white(strip.shapes) for strip in strips) == white(whole.shapes) == len(graph.nodes)
    assert whole.height * 0.9 <= sum(strip.height for strip in strips) + 0.1 <= whole.height + 0.2


def white(shapes: list[Box | Stroke | Label]) -> int:
    """How many boxes have an edge; the grounds of layers have none."""
    return sum(isinstance(shape, Box) and bool(shape.edge) for shape in shapes)


def top_of(shape: Box | Stroke | Label) -> float:
    match shape:
        case Box() | Label():
            return shape.y
        case Stroke():
            return min(shape.y1, shape.y2)


def bottom_of(shape: Box | Stroke | Label) -> float:
    match shape:
        case Box():
            return shape.y + shape.height
        case Label():
            return shape.y
        case Stroke():
            return max(shape.y1, shape.y2)


def test_a_city_of_150_objects_takes_a_few_sheets_each_full() -> None:
    strips = list(network.strips(city_graph(), "de", SHEETS))
    assert len(strips) <= 7
    assert strips[0].height <= SHEETS.opening
    assert all(strip.height <= SHEETS.whole for strip in strips)
    assert all(shape.size >= 6 for strip in strips for shape in strip.shapes if isinstance(shape, Label))


FOUR_IN_A_ROW = Graph(("IT-Systeme",), tuple(Node(f"{n}", f"Server {n}", 0) for n in range(4)), ())


def test_a_picture_that_nearly_fits_below_what_stands_on_the_sheet_is_made_to_fit() -> None:
    high = network.picture(FOUR_IN_A_ROW, "de", 728.0).height
    (fitting,) = network.strips(FOUR_IN_A_ROW, "de", Sheets(728.0, high * 0.92, 400.0, 400.0))
    assert fitting.height == pytest.approx(high * 0.92)
    (fresh,) = network.strips(FOUR_IN_A_ROW, "de", Sheets(728.0, high * 0.5, 400.0, 400.0))
    assert fresh.height == pytest.approx(high)


def test_a_picture_of_several_sheets_begins_on_the_one_that_is_begun() -> None:
    begun = list(network.strips(city_graph(), "de", Sheets(728.0, 250.0, 340.0, 400.0)))
    assert 0.25 * 340.0 <= begun[0].height <= 250.0
    hardly = list(network.strips(city_graph(), "de", Sheets(728.0, 60.0, 340.0, 400.0)))
    assert 60.0 < hardly[0].height <= 340.0


def test_few_boxes_fill_the_width_of_a_sheet() -> None:
    picture = network.picture(FOUR_IN_A_ROW, "de", 728.0)
    widths = [shape.width for shape in picture.shapes if isinstance(shape, Box) and shape.edge]
    assert widths == pytest.approx([7.6 * 11.6 * 1.6] * 4)
    assert picture.width <= 728.0


def test_what_leads_a_layer_stands_before_everything_else_in_it() -> None:
    nodes = [Node(f"{n}", f"Server {n}", 0, leads=n == 7) for n in range(12)]
    picture = network.picture(Graph(("Servernetz",), tuple(nodes), ()), "de", 728.0)
    boxes = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.edge]
    first = min(boxes, key=lambda box: (box.y, box.x))
    (name,) = (s for s in picture.shapes if isinstance(s, Label) and s.text == "Server 7")
    assert first.x <= name.x <= first.x + first.width
    assert first.y <= name.y <= first.y + first.height


def test_the_picture_is_vectors_in_an_accessible_pdf() -> None:
    out = io.BytesIO()
    pdf.write(document(Figure(city_graph(), "150 Objekte", "Abhängigkeiten"), landscape=True), out)
    assert problems(out.getvalue()) == []
    with pikepdf.open(out) as read:
        assert len(read.pages) <= 8
        assert not [page for page in read.pages if list(page.get_images())]


def test_a_dashed_line_leaves_the_edges_of_boxes_whole() -> None:
    dashed = Graph(("Netz",), (Node("a", "A", 0), Node("b", "B", 0)), (Edge("a", "b", "dashed"),))
    out = io.BytesIO()
    pdf.write(document(Figure(dashed, "Zwei Kästen", "Netzplan")), out)
    dash: list[list[object]] = [[]]
    with pikepdf.open(out) as read:
        for step in (step for page in read.pages for step in pikepdf.parse_content_stream(page)):
            if str(step.operator) == "d":
                dash.append(list(step.operands[0]))
            elif str(step.operator) == "B":
                assert dash[-1] == []
    assert any(dash)


def test_a_workbook_shows_the_boxes_layer_by_layer() -> None:
    out = io.BytesIO()
    xlsx.write(document(Figure(GRAPH, "Drei Kästen", "Netzplan")), out)
    sheet = load_workbook(out).worksheets[0]
    cells = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert [row for row in cells if row and row[0] in GRAPH.layers] == [
        ["Anwendungen", "Kita-Portal\nZO-0001\n→ ZO-0002, ZO-0001"],
        ["IT-Systeme", "Portalserver\nZO-0002 · 2 ×\n→ ZO-0003"],
        ["Räume", "Halle 3\nZO-0003"],
    ]
