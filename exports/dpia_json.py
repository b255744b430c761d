"""An impact assessment in the JSON of this application, as its documented schema describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange.drafts import DraftComment
from assessments.dpia.exchange.schema import ANSWER_FIELDS, FORMAT, VERSION
from assessments.dpia.measures import undertaking
from assessments.dpia.questions import catalogue_of
from assessments.dpia.risk import DpiaMeasure
from compliance.advice import Opinion
from compliance.fields import Kind, Reference, References, Rows, answers, fields, plain


def encoded(
    dpia: Dpia,
    answered: Sequence[DpiaAnswer],
    comments: Sequence[DraftComment],
    advice: Sequence[Opinion],
) -> bytes:
    """The file, in UTF-8; *answered* are the questions that no field of *dpia* answers."""
    file = _file(dpia, answered, comments, advice)
    return (json.dumps(file, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _file(
    dpia: Dpia,
    answered: Sequence[DpiaAnswer],
    comments: Sequence[DraftComment],
    advice: Sequence[Opinion],
) -> dict[str, Any]:
    specs = fields(Dpia)
    return {
        "format": FORMAT,
        "version": VERSION,
        "origin": {"number": dpia.designation, "state": dpia.state.name, "version": dpia.version},
        "assessment": {name: _exchanged(specs[name], value) for name, value in _said(dpia).items()},
        "catalogue": catalogue_of(dpia).key,
        "answers": [_answer(each) for each in sorted(answered, key=lambda each: each.place)],
        "advice": [answers_of_opinion(opinion) for opinion in reversed(advice)],
        "comments": [_comment(comment) for comment in comments],
    }


def _said(dpia: Dpia) -> dict[str, Any]:
    """Everything answered in *dpia*; of a measure in the register, also what the register says of it.

    Where the file is read, the register may not know the measure.
    """
    said = answers(dpia)
    specs = fields(DpiaMeasure)
    for measure, row in zip(dpia.measures, said.get("measures", ()), strict=False):
        known = undertaking(measure)
        told = {name: plain(specs[name], getattr(known, name)) for name in _UNDERTAKEN}
        row |= {name: value for name, value in told.items() if value is not None}
    return said


_UNDERTAKEN: Final = ("title", "description", "owner", "due", "state", "evidence")


def _exchanged(spec: Kind, value: Any) -> Any:
    match spec:
        case Reference():
            return {"id": value[0], "title": value[1]}
        case References():
            return [{"id": identity, "title": title} for identity, title in value]
        case Rows():
            specs = fields(spec.part)
            return [
                {
                    name: _exchanged(specs[name], inner) if name in specs else inner
                    for name, inner in row.items()
                }
                for row in value
            ]
        case _:
            return value


def _answer(answer: DpiaAnswer) -> dict[str, Any]:
    said = answers(answer)
    return {name: said[name] for name in ANSWER_FIELDS if name in said}


def answers_of_opinion(opinion: Opinion) -> dict[str, Any]:
    """What one opinion says."""
    wanted = ("verdict", "text", "given_on", "given_by")
    return {name: value for name, value in answers(opinion).items() if name in wanted}


def _comment(comment: DraftComment) -> dict[str, str]:
    said = {"text": comment.text, "author": comment.author}
    if comment.written_at:
        said["written_at"] = comment.written_at.isoformat()
    return said
