"""Reads an assessment from the JSON of this application; the shape is that of :mod:`.schema`."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.conditions import Condition
from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange.drafts import (
    LONGEST,
    Draft,
    DraftComment,
    Fate,
    Link,
    an_object,
    listed,
    objects,
    strange,
)
from assessments.dpia.exchange.headed import with_facts
from assessments.dpia.exchange.schema import ANSWER_FIELDS, FORMAT, VERSION
from assessments.dpia.questions import catalogues
from compliance.advice import Verdict
from compliance.comments import LONGEST as LONGEST_COMMENT
from compliance.database import now
from compliance.errors import Refused
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
    answer,
    fields,
    restored,
    tidy,
    tidy_line,
    worded,
)
from compliance.language import Text


def is_own(value: Any) -> bool:
    """Whether *value* says that it is written in this format."""
    return isinstance(value, dict) and value.get("format") == FORMAT


def read(value: dict[str, Any]) -> Draft:
    """What the file with the content *value* says. Raises :class:`Refused`, naming the place."""
    if value.get("version") != VERSION or isinstance(value.get("version"), bool):
        version = tidy_line(str(value.get("version")))[:20]
        raise Refused(_OTHER_VERSION.format(version=version, known=VERSION))
    draft = Draft(Dpia(), Text("Nachweis-JSON", "Nachweis JSON"))
    _assessment(draft, an_object(value.get("assessment"), "assessment"))
    _catalogue(draft, value.get("catalogue"))
    for number, given in enumerate(objects(value.get("answers"), "answers")):
        _answer(draft, given, f"answers[{number}]")
    for number, given in enumerate(objects(value.get("advice"), "advice")):
        draft.keep(f"advice[{number}]", _ADVICE, _advice(given, f"advice[{number}]"))
    for number, given in enumerate(objects(value.get("comments"), "comments")):
        _comment(draft, given, f"comments[{number}]")
    for key, said in strange(value, _TOP):
        draft.keep(key, _UNKNOWN, said)
    return draft


COMPUTED: Final = frozenset({"high_risk_ai", "conditions_due", "consultation_due", "questions_due"})
"""What follows from other answers, and is worked out anew when the assessment is saved."""


def _assessment(draft: Draft, given: dict[str, Any]) -> None:
    specs = fields(Dpia)
    renamed: dict[str, str] = {}
    for name, spec in specs.items():
        value, place = given.get(name), f"assessment.{name}"
        if value is None or name in COMPUTED:
            continue
        if name == "imposed":
            for number, row in enumerate(objects(value, place)):
                draft.keep(f"{name}[{number}]", spec.label, _condition(draft, row, f"{place}[{number}]"))
        elif name == "template":
            # What it is for is no decision; once it names an activity it is a template no more.
            draft.dpia.template = _checked(spec, value, place)
        elif spec.fixed and not isinstance(spec, Rows):
            # A decision is taken by management, never by a file.
            draft.keep(name, spec.label, worded(spec, _checked(spec, value, place), "de"))
        elif isinstance(spec, Reference | References):
            pairs = [value] if isinstance(spec, Reference) else listed(value, place)
            draft.links.extend(_link(name, spec, pair, place) for pair in pairs)
        elif isinstance(spec, Rows):
            rows = [
                _row(spec, row, f"{place}[{number}]", renamed, draft)
                for number, row in enumerate(objects(value, place))
            ]
            # What was kept before stands ahead of what this import keeps.
            setattr(draft.dpia, name, [*rows, *getattr(draft.dpia, name)])
        else:
            setattr(draft.dpia, name, restored(spec, _checked(spec, value, place)))
    for kept in draft.dpia.from_source:
        for old, new in renamed.items():
            kept.reference = kept.reference.replace(old, new)
    for name, said in strange(given, frozenset(specs)):
        draft.keep(f"assessment.{name}", _UNKNOWN, said)


def _row(spec: Rows, given: dict[str, Any], place: str, renamed: dict[str, str], draft: Draft) -> Any:
    part: Any = spec.part()
    specs = fields(spec.part)
    for name, kind in specs.items():
        if given.get(name) is None:
            continue
        if isinstance(kind, Reference):
            draft.links.append(replace(_link(name, kind, given[name], f"{place}.{name}"), part=part))
        elif not isinstance(kind, References | Rows):
            setattr(part, name, restored(kind, _checked(kind, given[name], f"{place}.{name}")))
    for name, said in strange(given, frozenset({*specs, "id"})):
        draft.keep(f"{place}.{name}", _UNKNOWN, said)
    identity = given.get("id")
    if isinstance(identity, str) and len(identity) == len(part.id.hex):
        renamed[identity] = part.id.hex
    return part


def _condition(draft: Draft, given: dict[str, Any], place: str) -> str:
    """What one condition says: its text, and each other statement on a line of its own."""
    specs = fields(Condition)
    said = {
        name: worded(spec, _checked(spec, given[name], f"{place}.{name}"), "de")
        for name, spec in specs.items()
        if given.get(name) is not None
    }
    for name, strangely in strange(given, frozenset({*specs, "id"})):
        draft.keep(f"{place}.{name}", _UNKNOWN, strangely)
    text = said.pop("text", "")
    return with_facts(text, {specs[name].label.de: words for name, words in said.items()})


def _catalogue(draft: Draft, key: Any) -> None:
    """Asks by the catalogue that the file names, if it is known here."""
    if key is None:
        return
    if not isinstance(key, str):
        raise Refused(_WRONG.format(place="catalogue", field=_CATALOGUE.de))
    if key in catalogues():
        draft.dpia.catalogue = key
    else:
        draft.keep("catalogue", _CATALOGUE, tidy_line(key), why=_NO_CATALOGUE)


def _answer(draft: Draft, given: dict[str, Any], place: str) -> None:
    """Takes in one answer; to a question that nobody here asks, or that has one, it is kept."""
    specs = fields(DpiaAnswer)
    found = DpiaAnswer()
    for name in ANSWER_FIELDS:
        spec = specs[name]
        if given.get(name) is not None and not isinstance(spec, Reference | References | Rows):
            setattr(found, name, restored(spec, _checked(spec, given[name], f"{place}.{name}")))
    for name, said in strange(given, frozenset(ANSWER_FIELDS)):
        draft.keep(f"{place}.{name}", _UNKNOWN, said)
    asked = any(found.question in catalogue.questions for catalogue in catalogues().values())
    if asked and all(found.place != each.place for each in draft.answers):
        draft.answers.append(found)
    else:
        label = Text(found.question, found.question) if found.question else _UNKNOWN
        draft.keep(place, label, found.text or "–", why=_SECOND if asked else _NOT_ASKED)


def _checked(spec: Kind, value: Any, place: str) -> Any:
    """*value* if it answers *spec*. Raises :class:`Refused`."""
    match spec:
        case Line() | Prose():
            return _text(value, place, spec.length if isinstance(spec, Line) else LONGEST, spec)
        case Flag():
            fits = isinstance(value, bool)
        case Number():
            fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
        case Choice():
            fits = isinstance(value, str) and _is_word(spec, value)
        case Choices():
            fits = isinstance(value, list) and all(isinstance(w, str) and _is_word(spec, w) for w in value)
        case Day() | Moment() | Duration():
            fits = isinstance(value, str) and _is_written(spec, value)
        case _:
            fits = False
    if not fits:
        raise Refused(_WRONG.format(place=place, field=spec.label.de))
    return value


def _text(value: Any, place: str, longest: int, spec: Kind) -> str:
    if not isinstance(value, str):
        raise Refused(_WRONG.format(place=place, field=spec.label.de))
    text = tidy_line(value) if isinstance(spec, Line) else tidy(value)
    if len(text) > longest:
        raise Refused(_TOO_LONG.format(place=place, limit=longest))
    return text


def _is_word(spec: Choice | Choices, name: str) -> bool:
    try:
        answer(spec.words, name)
    except KeyError:
        return False
    return True


def _is_written(spec: Day | Moment | Duration, value: str) -> bool:
    try:
        found = restored(spec, value)
    except (ValueError, OverflowError):
        return False
    return not isinstance(found, datetime) or found.tzinfo is not None


def _link(name: str, spec: Reference | References, given: Any, place: str) -> Link:
    pair = an_object(given, place)
    try:
        identity = uuid.UUID(pair.get("id"))
    except (ValueError, TypeError, AttributeError) as error:
        raise Refused(_WRONG.format(place=place, field=spec.label.de)) from error
    return Link(name, spec.target, identity, tidy_line(str(pair.get("title", "")))[:300])


def _advice(given: dict[str, Any], place: str) -> str:
    words = {verdict.name: verdict.text.de for verdict in Verdict}
    verdict = given.get("verdict")
    said = [words.get(verdict, "") if isinstance(verdict, str) else ""]
    for key in ("given_on", "given_by", "text"):
        value = given.get(key)
        if value is not None and not isinstance(value, str):
            raise Refused(_WRONG.format(place=f"{place}.{key}", field=_ADVICE.de))
        said.append(tidy(value or ""))
    return "\n".join(filter(None, said))[:LONGEST]


def _comment(draft: Draft, given: dict[str, Any], place: str) -> None:
    text, author, written = (given.get(key) for key in ("text", "author", "written_at"))
    if not isinstance(text, str) or not isinstance(author, str | None) or not isinstance(written, str | None):
        raise Refused(_WRONG.format(place=place, field=_COMMENT.de))
    if len(tidy(text)) > LONGEST_COMMENT:
        raise Refused(_TOO_LONG.format(place=place, limit=LONGEST_COMMENT))
    try:
        moment = datetime.fromisoformat(written) if written else now()
    except ValueError as error:
        raise Refused(_WRONG.format(place=f"{place}.written_at", field=_COMMENT.de)) from error
    if moment.tzinfo is None or not date(1900, 1, 1) <= moment.date() <= date(2999, 12, 31):
        raise Refused(_WRONG.format(place=f"{place}.written_at", field=_COMMENT.de))
    if tidy(text):
        draft.comments.append(DraftComment(tidy(text), moment, tidy_line(author or "")[:200]))
    else:
        draft.note(place, Fate.LEFT, _COMMENT)


_TOP: Final = frozenset(
    {"format", "version", "origin", "assessment", "catalogue", "answers", "advice", "comments"}
)
_ADVICE: Final = Text("Rat der Datenschutzbeauftragten", "Advice of the data protection officer")
_CATALOGUE: Final = Text("Fragenkatalog", "Catalogue of questions")
_NO_CATALOGUE: Final = Text(
    "Diesen Fragenkatalog gibt es hier nicht; gefragt wird nach dem ersten.",
    "This catalogue does not exist here; the first one is asked.",
)
_NOT_ASKED: Final = Text(
    "Diese Frage stellt hier kein Fragenkatalog.", "No catalogue here asks this question."
)
_SECOND: Final = Text(
    "Die Frage ist zweimal beantwortet; die erste Antwort gilt.",
    "The question is answered twice; the first answer counts.",
)
_COMMENT: Final = Text("Kommentar", "Comment")
_UNKNOWN: Final = Text("Unbekannte Angabe, behalten", "Unknown statement, kept")
_OTHER_VERSION: Final = Text(
    "Die Datei hat die Fassung „{version}“; gelesen wird die Fassung {known}. Bitte bringen Sie beide "
    "Installationen auf denselben Stand und exportieren Sie noch einmal.",
    "The file has version “{version}”; version {known} is read. Please bring both installations up to date "
    "and export again.",
)
_WRONG: Final = Text(
    "An der Stelle {place} passt der Wert nicht zum Feld „{field}“. Bitte prüfen Sie die Datei dort.",
    "At {place} the value does not fit the field “{field}”. Please check the file there.",
)
_TOO_LONG: Final = Text(
    "Der Text an der Stelle {place} hat mehr als {limit} Zeichen.",
    "The text at {place} has more than {limit} characters.",
)
