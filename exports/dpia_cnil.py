"""An impact assessment as a file that the CNIL's PIA tool opens.

The tool knows three feared events and one value for each; several risks of ours
become one of its, with the highest grades. What is written is settled: read here
again, it makes the same file, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.exchange import cnil, cnil_reading
from assessments.dpia.exchange.cnil import EVENTS, SLOTS, Event, Kept
from assessments.dpia.exchange.drafts import DraftComment
from assessments.dpia.exchange.headed import joined, parted, with_facts
from assessments.dpia.exchange.markup import BULLET, markup_of, plain_of
from assessments.dpia.grades import Grade
from assessments.dpia.measures import undertaking
from assessments.dpia.participation import VIEWS
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, against
from compliance.advice import Opinion, Verdict
from compliance.entry import State
from compliance.errors import Refused
from compliance.fields import fields, tidy, tidy_line
from compliance.language import Text

Json = dict[str, Any]


@dataclass(frozen=True)
class Assessment:
    """What goes into one file."""

    dpia: Dpia
    comments: Sequence[DraftComment]
    opinion: Opinion | None
    """The newest advice of the data protection officer."""
    created: datetime
    updated: datetime | None
    """When it was changed last; ``None`` lets the moment of an imported file stand."""


def encoded(assessment: Assessment) -> bytes:
    """The file, in UTF-8. Raises :class:`Refused` if the content cannot be written so that it reads back."""
    before = _file(assessment)
    for _attempt in range(_ATTEMPTS):
        after = _file(_read_back(before, assessment.created))
        if after == before:
            return (json.dumps(after, ensure_ascii=False, indent=1) + "\n").encode()
        before = after
    raise Refused(_UNSETTLED)


_ATTEMPTS: Final = 8


def _read_back(file: Json, created: datetime) -> Assessment:
    draft = cnil_reading.read(file)
    return Assessment(draft.dpia, draft.comments, None, created, None)


def _file(assessment: Assessment) -> Json:
    return _Writer(assessment).file()


class _Writer:
    """Writes one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self._given = assessment
        self._dpia = assessment.dpia
        self._kept = {row.reference: row.text for row in assessment.dpia.from_source}
        self._stamp = self._stamps()
        self._places = {measure.id.hex: place for place, measure in enumerate(self._dpia.measures, start=1)}

    def file(self) -> Json:
        answers = [self._answer(question) for question in cnil.QUESTIONS]
        answered = [answer for answer in answers if answer]
        return {
            "pia": self._pia(len(answered)),
            "answers": self._numbered(answered),
            "measures": self._numbered(map(self._measure, self._dpia.measures)),
            "evaluations": self._numbered(self._evaluations()),
            "comments": self._numbered(self._comments(), stamped=False),
        }

    def _stamps(self) -> Json:
        kept = {
            key: cnil_reading.moment_of(self._kept.get(f"pia.{key}")) for key in ("created_at", "updated_at")
        }
        created = kept["created_at"] or self._given.created
        updated = self._given.updated or kept["updated_at"] or created
        return {"created_at": _iso(created), "updated_at": _iso(updated)}

    def _numbered(self, things: Any, *, stamped: bool = True) -> list[Json]:
        stamps = self._stamp if stamped else {}
        return [{"id": place, "pia_id": 1, **thing, **stamps} for place, thing in enumerate(things, start=1)]

    # --- The whole -------------------------------------------------------------------------------

    def _pia(self, answered: int) -> Json:
        kept = {each.key: self._kept_value(f"pia.{each.key}", each) for each in cnil.PIA_KEPT}
        stamps = ("created_at", "updated_at")
        return {
            "id": 1,
            "name": plain_of(self._dpia.name),
            "author_name": plain_of(self._dpia.team),
            **{key: value for key, value in kept.items() if key not in stamps},
            **self._state(),
            **self._advice(),
            **self._views(kept),
            "progress": 100 * answered // len(cnil.QUESTIONS),
            "is_example": 0,
            "is_archive": 0,
            "structure_id": None,
            "structure_data": None,
            "lock_version": 0,
            **self._stamp,
        }

    def _kept_value(self, reference: str, kept: Kept) -> Any:
        text = self._kept.get(reference, "")
        if kept.words is None:
            return plain_of(text)
        return next((value for value, words in kept.words.items() if words == text), None)

    def _state(self) -> Json:
        """What was decided here; where nothing was, what the source says."""
        dpia = self._dpia
        if dpia.decision is None:
            status = self._kept_value("pia.status", cnil.PIA_KEPT[0])
            return {"status": 4 if dpia.state is State.ENDED else status or 0}
        said = {"validator_name": plain_of(dpia.decided_by)}
        if dpia.decision is DpiaDecision.REJECTED:
            return said | {"status": 1, "rejection_reason": plain_of(_tidied(dpia.decision_reason))}
        if dpia.decision is DpiaDecision.CONSULT:
            return said | {"status": 0}
        imposed = [condition.text for condition in dpia.imposed]
        conditions = plain_of(_tidied("\n".join(filter(None, (dpia.decision_reason, *imposed)))))
        released = dpia.state is State.RELEASED
        return said | {"status": 3 if released else 2, "applied_adjustments": conditions}

    def _advice(self) -> Json:
        opinion = self._given.opinion
        if opinion is None:
            return {}
        return {
            "dpo_status": int(opinion.verdict is not Verdict.AGAINST),
            "dpo_opinion": plain_of(_tidied(opinion.text)),
            "dpos_names": plain_of(opinion.given_by),
        }

    def _views(self, kept: Mapping[str, Any]) -> Json:
        dpia = self._dpia
        voice = next((each for each in dpia.participation if each.voice in VIEWS), None)
        searched = None if voice is None else not voice.waived
        words = "" if voice is None else voice.waiver_reason if voice.waived else voice.answer
        key = "concerned_people_searched_content" if searched is False else "concerned_people_opinion"
        said = plain_of(_tidied(words)) or (kept[key] if searched is None else "")
        return {"concerned_people_searched_opinion": searched, key: said}

    # --- Answers ---------------------------------------------------------------------------------

    def _answer(self, question: int) -> Json | None:
        event = next((each for each in EVENTS if question // 10 == each.question(0) // 10), None)
        if event is None:
            text = self._statement(question)
            return _answered(question, text=text) if text else None
        return self._about_event(event, question % 10)

    def _statement(self, question: int) -> str:
        parts = []
        for slot in (slot for slot in SLOTS if slot.question == question):
            if not slot.field:
                parts.append((slot.heading, self._kept.get(f"answers.{question}", "")))
                continue
            headings = [each.heading for each in SLOTS if each.field == slot.field]
            held = _tidied(getattr(self._dpia, slot.field))
            parts.append((slot.heading, parted(held, headings)[slot.heading]))
        return joined(parts)

    def _about_event(self, event: Event, place: int) -> Json | None:
        question = event.question(place)
        risks = self._risks(event)
        if place in (cnil.SEVERITY, cnil.LIKELIHOOD):
            return self._gauge(event, place, risks)
        if place == cnil.MEASURES:
            items = [
                undertaking(measure).title for risk in risks for measure in against(risk, self._dpia.measures)
            ]
        else:
            items = [item for risk in risks for item in _ITEMS[place](event, risk)]
        items += self._kept.get(f"answers.{question}", "").split("\n")
        said = [plain_of(words) for words in dict.fromkeys(map(tidy_line, items)) if words]
        return _answered(question, items=said) if said else None

    def _risks(self, event: Event) -> list[DpiaRisk]:
        return [risk for risk in self._dpia.risks if event_of(risk) is event]

    def _gauge(self, event: Event, place: int, risks: Sequence[DpiaRisk]) -> Json | None:
        axis = "severity" if place == cnil.SEVERITY else "likelihood"
        gauge = _highest(getattr(risk, f"{axis}_before") for risk in risks)
        text = "\n\n".join(filter(None, (_reason(risk, place, alone=len(risks) == 1) for risk in risks)))
        if place == cnil.SEVERITY:
            text = joined((("", text), (cnil.AFTER_REASON, _after(risks))))
        return _answered(event.question(place), text=text, gauge=gauge) if text or gauge else None

    # --- Measures and evaluations ----------------------------------------------------------------

    def _measure(self, measure: DpiaMeasure) -> Json:
        specs, known = fields(DpiaMeasure), undertaking(measure)
        state = known.state.text.de if known.state else ""
        said = {specs["state"].label.de: state, specs["evidence"].label.de: known.evidence}
        placeholder = self._kept.get(f"measures.{measure.id.hex}.placeholder", "")
        return {
            "title": plain_of(known.title),
            "content": markup_of(with_facts(known.description, said)),
            "placeholder": plain_of(placeholder) or cnil_reading.DEFAULT_PLACEHOLDER,
        }

    def _evaluations(self) -> Iterator[Json]:
        """Everything evaluated, and what an evaluation carries: owners of measures and planned grades."""
        groups = dict.fromkeys(
            reference.removeprefix("evaluations.").rpartition(".")[0]
            for reference in self._kept
            if reference.startswith("evaluations.") and reference.rpartition(".")[2] in _EVALUATION_KEYS
        )
        groups |= {f"3.1.{each.id.hex}": None for each in self._dpia.measures if _owner_and_day(each)}
        groups |= {event.evaluation: None for event in EVENTS if any(self._planned(event).values())}
        for group in groups:
            if found := self._evaluation(group):
                yield found

    def _evaluation(self, group: str) -> Json | None:
        reference = re.sub(r"#\d+$", "", group)
        is_first = reference == group
        said = {
            each.key: self._kept_value(f"evaluations.{group}.{each.key}", each)
            for each in cnil.EVALUATION_KEPT
        }
        identity = reference.removeprefix("3.1.")
        if _IDENTITY.fullmatch(identity):
            if identity not in self._places:
                return None
            place = self._places[identity]
            reference = f"3.1.{place}"
            if is_first:
                said |= _owner_and_day(self._dpia.measures[place - 1])
        event = next((each for each in EVENTS if each.evaluation == reference and is_first), None)
        for key in ("evaluation_comment", "action_plan_comment"):
            said[key] = markup_of(self._kept.get(f"evaluations.{group}.{key}", ""))
        for key in ("evaluation_date", "estimated_implementation_date"):
            said[key] = said[key] or None
        return {
            "reference_to": reference,
            **said,
            "status": said["status"] or 0,
            "global_status": said["global_status"] or 0,
            "gauges": self._planned(event) if event else {"x": 0, "y": 0},
        }

    def _planned(self, event: Event) -> dict[str, int]:
        risks = self._risks(event)
        return {
            axis: _highest(getattr(risk, f"{name}_planned") for risk in risks)
            for axis, name in (("x", "severity"), ("y", "likelihood"))
        }

    # --- Comments --------------------------------------------------------------------------------

    def _comments(self) -> list[Json]:
        made = [self._comment(comment) for comment in self._given.comments]
        return sorted(
            made, key=lambda each: (each["created_at"], str(each["reference_to"]), each["description"])
        )

    def _comment(self, comment: DraftComment) -> Json:
        opening, _break, rest = comment.text.partition("\n")
        reference: Any = 111
        by_title = {cnil_reading.about("", each).strip(): each for each in reversed(self._dpia.measures)}
        measure = by_title.get(opening)
        asked = _ABOUT.match(opening)
        if measure is not None:
            reference = self._places[measure.id.hex]
        elif asked:
            reference = int(asked[1]) if asked[1].isascii() and asked[1].isdigit() else asked[1]
        text = rest if measure is not None or asked else comment.text
        moment = _iso(comment.written_at or self._given.created)
        return {
            "description": plain_of(_tidied(text)),
            "reference_to": reference,
            "for_measure": measure is not None,
            "created_at": moment,
            "updated_at": moment,
        }


# --- Risks ---------------------------------------------------------------------------------------


def event_of(risk: DpiaRisk) -> Event:
    """The feared event of the tool that *risk* belongs to: its own, or else by its protection goals."""
    own = next((event for event in EVENTS if event.feared is risk.feared_event), None)
    return own or next((event for event in EVENTS if event.goal in risk.goals), EVENTS[0])


def _impacts(_event: Event, risk: DpiaRisk) -> list[str]:
    affected = [f"{cnil.AFFECTED}{risk.affected}"] if risk.affected.strip() else []
    return [*(damage.text.de for damage in risk.damages), *affected, *_lines(risk.consequence)]


def _threats(event: Event, risk: DpiaRisk) -> list[str]:
    return [*([] if risk.title == event.title else [risk.title]), *_lines(risk.event)]


def _sources(_event: Event, risk: DpiaRisk) -> list[str]:
    return [risk.source.text.de] if risk.source else []


_ITEMS: Final = {cnil.IMPACTS: _impacts, cnil.THREATS: _threats, cnil.SOURCES: _sources}


def _lines(text: str) -> list[str]:
    return [re.sub(rf"^(?:{BULLET.strip()}\s+)+", "", line.strip()) for line in text.split("\n")]


def _reason(risk: DpiaRisk, place: int, *, alone: bool) -> str:
    parts = parted(_tidied(risk.reason_before), ("", cnil.LIKELIHOOD_REASON))
    text = parts["" if place == cnil.SEVERITY else cnil.LIKELIHOOD_REASON]
    return text if alone or not text else f"{_called(risk)}\n{text}"


def _after(risks: Sequence[DpiaRisk]) -> str:
    texts = [
        text if len(risks) == 1 else f"{_called(risk)}\n{text}"
        for risk in risks
        if (text := _tidied(risk.reason_after))
    ]
    today = {
        fields(DpiaRisk)[name].label.de: _highest(getattr(risk, name) for risk in risks)
        for name in ("severity_today", "likelihood_today")
    }
    words = {label: grade.text.de for label, gauge in today.items() if (grade := cnil.GRADES[gauge])}
    return with_facts("\n\n".join(texts), words)


def _called(risk: DpiaRisk) -> str:
    return tidy_line(f"{risk.key} {risk.title}")


def _highest(grades: Iterator[Grade | None]) -> int:
    return max((cnil.GAUGES[grade] for grade in grades), default=0)


def _owner_and_day(measure: DpiaMeasure) -> Json:
    known = undertaking(measure)
    said: Json = {"person_in_charge": plain_of(known.owner)} if known.owner else {}
    if known.due:
        said["estimated_implementation_date"] = _midnight(known.due)
    return said


# --- Values --------------------------------------------------------------------------------------


def _answered(question: int, *, text: str = "", items: Sequence[str] = (), gauge: int | None = None) -> Json:
    is_list = question in cnil.LISTS
    data = {"text": None if is_list else markup_of(text), "gauge": gauge, "list": list(items)}
    return {"reference_to": question, "data": data}


def _tidied(text: str) -> str:
    return tidy(text)


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _iso(moment: datetime) -> str:
    """As the tool writes moments: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def made_at(dpia: Dpia) -> datetime:
    """When *dpia* was made here, which its id tells (RFC 9562, version 7)."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=dpia.id.int >> 80)


_IDENTITY: Final = re.compile(r"[0-9a-f]{32}")
_EVALUATION_KEYS: Final = frozenset(each.key for each in cnil.EVALUATION_KEPT)
_ABOUT: Final = re.compile(r"Zu Frage (\S+)(?: „.*“)?:$")
_UNSETTLED: Final = Text(
    "Die Abschätzung lässt sich nicht als CNIL-Datei schreiben, ohne dass beim Einlesen etwas verrutscht. "
    "Bitte nutzen Sie das Format JSON.",
    "The assessment cannot be written as a CNIL file without something being misplaced when it is read. "
    "Please use the format JSON.",
)
