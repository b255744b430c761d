"""The JSON in which an assessment goes from one installation to another, described as JSON Schema.

The schema is made of the fields, so that it never says something else than they do.
"""

from __future__ import annotations

from typing import Any, Final

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from compliance.advice import Verdict
from compliance.comments import LONGEST
from compliance.entry import State
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Reference,
    References,
    Rows,
    fields,
)

FORMAT: Final = "nachweis-dpia"
VERSION: Final = 1
ANSWER_FIELDS: Final = tuple(name for name in fields(DpiaAnswer) if name != DpiaAnswer.belongs_to)
"""What is said of an answer that no field of the assessment holds."""
Json = dict[str, Any]


def schema() -> Json:
    """The schema (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Datenschutz-Folgenabschätzung ({FORMAT}, Fassung {VERSION})",
        **_object(
            {
                "format": {"const": FORMAT},
                "version": {"const": VERSION},
                "origin": _object(
                    {
                        "number": {"type": "string"},
                        "state": {"enum": [state.name for state in State]},
                        "version": {"type": "integer", "minimum": 1},
                    }
                ),
                "assessment": _fields_of(Dpia),
                "catalogue": {"type": "string", "description": _CATALOGUE},
                "answers": {"type": "array", "items": _answers()},
                "advice": {"type": "array", "items": _ADVICE},
                "comments": {"type": "array", "items": _COMMENT},
            },
            required=("format", "version", "assessment"),
        ),
        "$defs": {"reference": _REFERENCE},
    }


def _object(properties: Json, required: tuple[str, ...] = ()) -> Json:
    wanted = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **wanted, "additionalProperties": False}


def _fields_of(model: type[Any]) -> Json:
    return _object({name: _described(spec) for name, spec in fields(model).items() if not spec.secret})


def _answers() -> Json:
    specs = fields(DpiaAnswer)
    said = {name: _described(specs[name]) for name in ANSWER_FIELDS}
    return _object(said, required=("question", "text"))


def _described(spec: Kind) -> Json:
    said = [text for text in (spec.help.de if spec.help else "", spec.basis) if text]
    return {"title": spec.label.de, **({"description": " – ".join(said)} if said else {}), **_shape(spec)}


def _shape(spec: Kind) -> Json:
    match spec:
        case Line():
            return {"type": "string", "maxLength": spec.length}
        case Prose():
            return {"type": "string"}
        case Flag():
            return {"type": "boolean"}
        case Day():
            return {"type": "string", "format": "date"}
        case Moment():
            return {"type": "string", "format": "date-time"}
        case Number():
            return {"type": "integer", "minimum": 0}
        case Duration():
            return {"type": "string", "pattern": "^P(0|[1-9][0-9]*)[DWMY]$"}
        case Choice():
            return {"enum": [word.name for word in spec.words]}
        case Choices():
            words = [word.name for word in spec.words]
            return {"type": "array", "items": {"enum": words}, "uniqueItems": True}
        case Reference():
            return {"$ref": "#/$defs/reference"}
        case References():
            return {"type": "array", "items": {"$ref": "#/$defs/reference"}}
        case Rows():
            row = _fields_of(spec.part)
            row["properties"] = {"id": _ID, **row["properties"]}
            return {"type": "array", "items": row}


_CATALOGUE: Final = "Fassung des Fragenkatalogs, nach dem gefragt wurde; ohne Angabe die erste."
_ID: Final = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_REFERENCE: Final = _object({"id": _ID, "title": {"type": "string"}}, required=("id", "title"))
_ADVICE: Final = _object(
    {
        "verdict": {"enum": [verdict.name for verdict in Verdict]},
        "text": {"type": "string"},
        "given_on": {"type": "string", "format": "date"},
        "given_by": {"type": "string"},
    }
)
_COMMENT: Final = _object(
    {
        "text": {"type": "string", "maxLength": LONGEST},
        "author": {"type": "string"},
        "written_at": {"type": "string", "format": "date-time"},
    },
    required=("text",),
)
