"""Documents to print: one like those of an authority, and any that types allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from exports.document import (
    Bars,
    Block,
    Column,
    Course,
    Document,
    Edge,
    Facts,
    Figure,
    Flow,
    Graph,
    Grid,
    Heading,
    Items,
    Light,
    Lights,
    Matrix,
    Node,
    Note,
    Prose,
    Stage,
    Station,
    Stretch,
    Timeline,
)

CREATED = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)

BARS = Bars(
    categories=("Bürgerdienste", "Soziales"),
    series=("freigegeben", "Entwurf"),
    values=((31, 1), (18, 9)),
    tones=("good", "open"),
)
COURSE = Course(
    (date(2026, 3, 2), date(2026, 3, 9), date(2026, 6, 10)),
    ("Ja", "Nein", "Unbearbeitet"),
    ((0, 0, 1200), (300, 20, 880), (900, 100, 250)),
    ("good", "bad", "open"),
)
BESIDE = replace(BARS, beside=True)
LIGHTS = Lights(
    (
        Light("Umsetzung", "fair", "Gelb", "76 von 100 Basis-Anforderungen sind erfüllt."),
        Light("Risiken", "bad", "Rot", "2 Restrisiken hat die Leitung noch nicht übernommen."),
        Light("Audits", "good", "Grün"),
        Light("Schutzbedarf", "open", "Keine Angabe", "Noch nicht bestimmt."),
    )
)
MATRIX = Matrix(
    rows=("beträchtlich", "begrenzt"),
    columns=("selten", "häufig"),
    tones=(("fair", "bad"), ("good", "poor")),
    words=(("mittel", "sehr hoch"), ("gering", "hoch")),
    marks=(("", "R1, R3"), ("R2", "")),
    row_title="Schadenshöhe",
    column_title="Eintrittshäufigkeit",
)
FLOW = Flow(
    (
        Stage("Woher", (Station("Betroffene Personen", ("Kinder", "Eltern")), Station("Register"))),
        Stage("Wo", (Station("Kita-Portal", inside=(Station("Portalserver", ("Halle 3",)),)),)),
        Stage("Wer erhält", (Station("Wolkendienst", warning="Drittland: USA"),)),
    ),
    ("Stammdaten", None),
)
GRAPH = Graph(
    ("Anwendungen", "IT-Systeme", "Räume"),
    (
        Node("ZO-0001", "Kita-Portal", 0, ("ZO-0001",)),
        Node("ZO-0002", "Portalserver", 1, ("ZO-0002 · 2 ×",)),
        Node("ZO-0003", "Halle 3", 2, ("ZO-0003",), aside=True),
    ),
    (Edge("ZO-0001", "ZO-0002"), Edge("ZO-0002", "ZO-0003", "alarm"), Edge("ZO-0001", "ZO-0001", "dashed")),
    (("", "beruht auf"), ("alarm", "nach außen"), ("dashed", "unverschlüsselt")),
)
TIMELINE = Timeline(
    ("R1: zuerst umsetzen", "R2: danach umsetzen"),
    (
        Stretch("MA-0001", "Leitlinie", 0, date(2026, 1, 5), date(2026, 3, 31), tone="fair", note="Amt 11"),
        Stretch("MA-0002", "Schulung", 0, None, date(2026, 9, 30), date(2026, 11, 2), "open", ("MA-0001",)),
        Stretch("MA-0003", "Netzverteiler", 1, note="ohne Termin"),
        Stretch(
            "MA-0004", "Firewall", 1, date(2026, 2, 1), date(2026, 2, 20), tone="bad", after=("MA-0002",)
        ),
    ),
    date(2026, 3, 2),
    (("fair", "in Umsetzung"), ("tie", "setzt voraus"), ("late", "Verzögerung"), ("today", "heute")),
    "ohne Termin",
)
COLUMNS = (
    Column("Nr.", 1, "Laufende Nummer im Verzeichnis"),
    Column("Bezeichnung", 3, basis="Art. 30 Abs. 1 DSGVO"),
    Column("Stand", 1, choices=("Entwurf", "freigegeben")),
    Column("Geprüft am", 1),
    Column("Risiken", 1),
    Column("DSFA", 1),
)
ROWS = (
    ("VVT-0001", "Führung des Melderegisters", "freigegeben", date(2026, 3, 1), 3, True),
    ("VVT-0002", "Datenschutzbeauftragtenbestellung", "Entwurf", None, 1234, False),
)


def document(*blocks: Block, **given: object) -> Document:
    """A document of the city of Musterstadt with these blocks."""
    described: dict[str, object] = {
        "title": "Verzeichnis von Verarbeitungstätigkeiten",
        "organisation": "Stadt Musterstadt",
        "language": "de",
        "created": CREATED,
        "subject": "Verzeichnis nach Art. 30 Abs. 1 DSGVO.",
        "version": "3.2",
        "cover": (("Zuständig", "Stabsstelle Datenschutz"),),
        **given,
    }
    return Document(blocks=blocks, **described)  # type: ignore[arg-type]


def everything(rows: int = 2, **given: object) -> Document:
    """A document with every kind of block."""
    many = tuple(ROWS[number % 2] for number in range(rows))
    return document(
        Note("Vertrag fehlt", "Nach Art. 28 Abs. 3 DSGVO ist ein Vertrag zu schließen.", "error"),
        Note("Prüfung steht an", "Ein Eintrag ist älter als zwölf Monate.", "warning"),
        Heading("Überblick", 1),
        Prose("Das Verzeichnis enthält alle Tätigkeiten.\n\nSpätere Änderungen sind nicht enthalten."),
        Items(("Verantwortliche: Stadt Musterstadt", "Aufsicht: Landesbeauftragte für Datenschutz")),
        Heading("Stand", 2),
        Figure(BARS, "31 von 32 Einträgen der Bürgerdienste sind freigegeben.", "Stand der Einträge"),
        Figure(MATRIX, "R1 und R3 sind sehr hoch.", "Risiken"),
        Facts((("Verfahren", "Melderegister"), ("Zweck", "Führung des Registers")), "Angaben"),
        Heading("Tätigkeiten", 1),
        Grid(COLUMNS, many, "Tätigkeiten der Stadt", "Tätigkeiten"),
        Grid(COLUMNS[:2], (), "Gelöschte Tätigkeiten"),
        **given,
    )


HOSTILE = {
    "a cross": "Maßnahme ✗ offen",
    "an arrow": "Papier → Bildschirm",
    "a ticked box": "☑ erledigt ☐ offen",
    "a hyphen that does not break": "EU\u2011weit",
    "an emoji": "gut 😀 und 🦄",
    "an emoji of several parts": "👩\u200d💻 ❤\ufe0f",
    "Arabic": "محمد علي",
    "Chinese": "数据保护",
    "control characters": "a\x00b\x01c\x1bd\x7fe\x9ff",
    "line ends of all kinds": "a\r\nb\rc\u2028d\x85e\x0bf",
    "a tab": "a\tb",
    "half a surrogate pair": "a\ud83db",
    "no character": "a\ufffe\uffffb\ufdd0",
    "combining marks": "Zoe\u0308 \u0301 J\u030c",
    "direction controls": "\u202eabc\u202c\u200f",
    "private use": "\ue000\U000f0000",
    "markup": "<b>&amp;</b> <img src='file:///etc/passwd'/> <para",
    "a formula": '=HYPERLINK("http://example.org";"x")',
    "parentheses and backslashes": "(((\\(\\)",
    "an escape of spreadsheets": "_x0041_ _x000D_",
    "one long word": "x" * 3000,
    "one long name": "Rinderkennzeichnungsfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 5,
    "very much text": "Eine Verarbeitung personenbezogener Daten. " * 1200,
    "many lines": "\n".join(map(str, range(400))),
    "only spaces": "   \u00a0 \u2003 ",
    "nothing": "",
}

_characters = st.one_of(
    st.characters(min_codepoint=32, max_codepoint=0x17F),
    st.characters(exclude_categories=()),
    st.sampled_from("\n\t =+-@'\"<&;✗→☑\u2011\u00ad\u00a0😀ع"),
)
texts = st.one_of(
    st.text(_characters, max_size=60),
    st.sampled_from(sorted(text for text in HOSTILE.values() if len(text) < 200)),
)
_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_cells = st.one_of(
    texts,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=_zones),
    st.none(),
)
_tones = st.sampled_from(("good", "fair", "poor", "bad", "neutral", "open", "unheard of"))
_columns = st.builds(
    Column,
    texts,
    st.floats(),
    texts,
    texts,
    st.lists(texts, max_size=3).map(tuple),
)


@st.composite
def _grids(draw: st.DrawFn) -> Grid:
    columns = tuple(draw(st.lists(_columns, min_size=1, max_size=6)))
    row = st.tuples(*[_cells] * len(columns))
    rows = tuple(draw(st.lists(row, max_size=6)))
    bands = tuple(draw(st.sets(st.sampled_from(range(len(columns))), max_size=2)))
    return Grid(columns, rows, draw(texts), draw(texts), bands)


@st.composite
def _bars(draw: st.DrawFn) -> Bars:
    series = tuple(draw(st.lists(texts, max_size=4)))
    categories = tuple(draw(st.lists(texts, max_size=20)))
    value = st.integers(-3, 10**6)
    values = tuple(tuple(draw(value) for _ in series) for _ in categories)
    tones = tuple(draw(st.lists(_tones, max_size=len(series))))
    return Bars(categories, series, values, tones, draw(st.booleans()))


@st.composite
def _courses(draw: st.DrawFn) -> Course:
    series = tuple(draw(st.lists(texts, max_size=4)))
    days = tuple(sorted(draw(st.lists(st.dates(), unique=True, max_size=20))))
    value = st.integers(-3, 10**6)
    values = tuple(tuple(draw(value) for _ in series) for _ in days)
    return Course(days, series, values, tuple(draw(st.lists(_tones, max_size=len(series)))))


@st.composite
def _matrices(draw: st.DrawFn) -> Matrix:
    rows = tuple(draw(st.lists(texts, max_size=5)))
    columns = tuple(draw(st.lists(texts, max_size=5)))

    def table(content: st.SearchStrategy[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(draw(content) for _ in columns) for _ in rows)

    return Matrix(rows, columns, table(_tones), table(texts), table(texts), draw(texts), draw(texts))


def _stations_of(inside: st.SearchStrategy[Station]) -> st.SearchStrategy[Station]:
    few = st.lists(texts, max_size=3).map(tuple)
    return st.builds(Station, texts, few, texts, st.lists(inside, max_size=2).map(tuple))


_stations = st.recursive(st.builds(Station, texts), _stations_of, max_leaves=3)
_stages = st.builds(Stage, texts, st.lists(_stations, max_size=4).map(tuple))
flows = st.builds(
    Flow,
    st.lists(_stages, max_size=4).map(tuple),
    st.lists(st.one_of(st.none(), texts), max_size=4).map(tuple),
)


@st.composite
def _graphs(draw: st.DrawFn) -> Graph:
    layers = tuple(draw(st.lists(texts, min_size=1, max_size=4)))
    keys = draw(st.lists(texts, unique=True, max_size=8))
    layer = st.integers(0, len(layers) - 1)
    few = st.lists(texts, max_size=2).map(tuple)
    nodes = tuple(draw(st.builds(Node, st.just(key), texts, layer, few, st.booleans())) for key in keys)
    styles = st.sampled_from(("", "dashed", "alarm"))
    ends = st.sampled_from(keys) if keys else st.nothing()
    edges = draw(st.lists(st.builds(Edge, ends, ends, styles), max_size=12)) if keys else []
    return Graph(layers, nodes, tuple(edges), tuple(draw(st.lists(st.tuples(styles, texts), max_size=3))))


@st.composite
def _timelines(draw: st.DrawFn) -> Timeline:
    sections = tuple(draw(st.lists(texts, max_size=3)))
    keys = draw(st.lists(texts, unique=True, max_size=8))
    days = st.one_of(st.none(), st.dates())
    tones = st.sampled_from(("good", "fair", "open", "bad", "unheard of"))
    others = st.lists(st.sampled_from([*keys, "MA-9999"]), max_size=3).map(tuple)
    places = sorted(draw(st.lists(st.integers(0, 3), min_size=len(keys), max_size=len(keys))))
    stretches = tuple(
        draw(st.builds(Stretch, st.just(key), texts, st.just(at), days, days, days, tones, others, texts))
        for key, at in zip(keys, places, strict=True)
    )
    legend = draw(st.lists(st.tuples(tones | st.sampled_from(("tie", "late", "today")), texts), max_size=3))
    return Timeline(sections, stretches, draw(st.dates()), tuple(legend), draw(texts))


graphs = _graphs()
courses = _courses()
_lights = st.builds(Lights, st.lists(st.builds(Light, texts, _tones, texts, texts), max_size=4).map(tuple))
timelines = _timelines()
_pairs = st.lists(st.tuples(texts, texts), max_size=4).map(tuple)
_blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, texts, st.integers(1, 4), st.booleans()),
    st.builds(Prose, texts),
    st.builds(Note, texts, texts, st.sampled_from(("info", "warning", "error"))),
    st.builds(Items, st.lists(texts, max_size=4).map(tuple)),
    st.builds(Facts, _pairs, texts),
    _grids(),
    st.builds(
        Figure, st.one_of(_bars(), courses, _lights, _matrices(), flows, graphs, timelines), texts, texts
    ),
)
any_document = st.builds(
    Document,
    texts,
    texts,
    st.sampled_from(("de", "en")),
    st.datetimes(timezones=_zones),
    st.lists(_blocks, max_size=6).map(tuple),
    texts,
    texts,
    _pairs,
    st.booleans(),
)
