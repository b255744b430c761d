from __future__ import annotations

import io
import json as reader
from datetime import UTC, date, datetime
from typing import Any

import pytest

from exports import json
from exports.document import Column, Document, Figure, Grid, Heading, Items
from exports.fingerprint import fingerprint
from tests.exports.documents import BARS, HOSTILE, document


def _read(written: Document) -> Any:
    out = io.BytesIO()
    json.write(written, out)
    return reader.loads(out.getvalue())


def test_everything_a_document_says_is_written() -> None:
    written = document(
        Heading("Überblick"),
        Items(("eins", "zwei")),
        Figure(BARS, "Alles gut."),
        Grid(
            (Column("A", help="Hilfe"), Column("B", basis="Art. 30", choices=("x",))),
            ((date(2026, 3, 1), datetime(2026, 7, 1, 22, 30, tzinfo=UTC)), (True, None), (1, 1.5)),
            "T",
        ),
    )
    assert _read(written) == {
        "title": "Verzeichnis von Verarbeitungstätigkeiten",
        "organisation": "Stadt Musterstadt",
        "language": "de",
        "subject": "Verzeichnis nach Art. 30 Abs. 1 DSGVO.",
        "version": "3.2",
        "cover": [{"label": "Zuständig", "value": "Stabsstelle Datenschutz"}],
        "created": "2026-11-23T13:05:00+00:00",
        "landscape": False,
        "blocks": [
            {"kind": "heading", "level": 1, "text": "Überblick"},
            {"kind": "items", "texts": ["eins", "zwei"]},
            {
                "kind": "figure",
                "caption": "",
                "alt": "Alles gut.",
                "chart": {
                    "kind": "bars",
                    "categories": ["Bürgerdienste", "Soziales"],
                    "series": ["freigegeben", "Entwurf"],
                    "values": [[31, 1], [18, 9]],
                    "tones": ["good", "open"],
                },
            },
            {
                "kind": "grid",
                "caption": "T",
                "sheet": "",
                "columns": [
                    {"label": "A", "help": "Hilfe", "basis": "", "choices": []},
                    {"label": "B", "help": "", "basis": "Art. 30", "choices": ["x"]},
                ],
                "rows": [["2026-03-01", "2026-07-01T22:30:00+00:00"], [True, None], [1, 1.5]],
            },
        ],
        "fingerprint": fingerprint(written),
    }


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_comes_back_unchanged(text: str) -> None:
    written = document(Grid((Column(text),), ((text,),), text))
    (grid,) = _read(written)["blocks"]
    assert (grid["caption"], grid["rows"]) == (text, [[text]])


def test_what_is_no_number_is_written_as_text() -> None:
    (grid,) = _read(document(Grid((Column("A"),), ((float("nan"),), (float("-inf"),)), "")))["blocks"]
    assert grid["rows"] == [["nan"], ["-inf"]]
