"""An impact assessment as a file that the CNIL's PIA tool opens.

The tool knows three feared events and one value for each; several risks of ours
become one of its, with the highest grades. What is written is settled: read here
again, it makes the same file, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.evaluation import Evaluated, SectionVerdict
from assessments.dpia.exchange import cnil, cnil_reading, cnil_verdicts
from assessments.dpia.exchange.cnil import EVENTS, SLOTS, Event, Kept
from assessments.dpia.exchange.drafts import DraftComment
from assessments.dpia.exchange.headed import joined, parted, with_facts
from assessments.dpia.exchange.markup import BULLET, markup_of, plain_of
from assessments.dpia.grades import Grade
from assessments.dpia.measures import undertaking
from assessments.dpia.participation import VIEWS, Participation, Result, Voice
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
    answers: Sequence[DpiaAnswer]
    """To questions that no field of it answers."""
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
    return Assessment(draft.dpia, draft.answers, draft.comments, None, created, None)


def _file(assessment: Assessment) -> Json:
    return _Writer(assessment).file()


class _Writer:
    """Writes one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self._given = assessment
        self._dpia = assessment.dpia
        self._kept = {row.reference: row.text for row in assessment.dpia.from_source}
        self._stamp = self._stamps()
        measures = self._dpia.measures
        self._places = {measure.id.hex: place for place, measure in enumerate(measures, start=1)}
        self._verdicts = cnil_verdicts.counting(self._dpia.verdicts, measures)

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
            key: cnil_verdicts.moment_of(self._kept.get(f"pia.{key}")) for key in ("created_at", "updated_at")
        }
        created = kept["created_at"] or self._given.created
        updated = self._given.updated or kept["updated_at"] or created
        return {"created_at": _iso(created), "updated_at": _iso(updated)}

    def _numbered(self, things: Any, *, stamped: bool = True) -> list[Json]:
        stamps = self._stamp if stamped else {}
        return [{"id": place, "pia_id": 1, **stamps, **thing} for place, thing in enumerate(things, start=1)]

    # --- The whole -------------------------------------------------------------------------------

    def _pia(self, answered: int) -> Json:
        kept = {each.key: self._kept_value(f"pia.{each.key}", each) for each in cnil.PIA_KEPT}
        stamps = ("created_at", "updated_at")
        return {
            "id": 1,
            "name": plain_of(self._dpia.name),
            "author_name": plain_of(self._dpia.team),
            **{key: value for key, value in kept.items() if key not in stamps},
            **self._evaluators(),
            **self._state(),
            **self._advice(),
            **self._views(),
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

    def _evaluators(self) -> Json:
        names = dict.fromkeys(row.given_by for row in self._verdicts.values() if row.given_by)
        return {"evaluator_name": plain_of(", ".join(names))} if names else {}

    def _views(self) -> Json:
        """What the data subjects said, or why nobody asked; where neither is known, what the source says."""
        mine = [step for step in self._dpia.participation if step.voice in VIEWS]
        heard = [step for step in mine if step.is_answered]
        if heard or any(not step.waived for step in mine):
            return _heard(heard or [step for step in mine if not step.waived])
        if mine:
            reason = plain_of(_tidied(mine[0].waiver_reason))
            return {"concerned_people_searched_opinion": False, "concerned_people_searched_content": reason}
        return {"concerned_people_searched_opinion": None}

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
            if slot.asked:
                parts.append((slot.heading, self._answers(slot.asked)))
                continue
            headings = [each.heading for each in SLOTS if each.field == slot.field]
            held = _tidied(getattr(self._dpia, slot.field))
            parts.append((slot.heading, parted(held, headings)[slot.heading]))
        return joined(parts)

    def _answers(self, asked: str) -> str:
        """What was answered to one of our questions; for several purposes, each under its name."""
        mine = [
            (each.part_title, _tidied(each.text)) for each in self._given.answers if each.question == asked
        ]
        said = [(title, text) for title, text in mine if text.strip()]
        if len(said) == 1:
            return said[0][1]
        return "\n\n".join(f"{title}\n{text}" if title else text for title, text in said)

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
        known = undertaking(measure)
        said = {"state": known.state.text.de if known.state else "", "evidence": known.evidence}
        if cnil_verdicts.carries_plan(self._verdict_on(measure)):
            said |= {"owner": known.owner, "due": cnil.written_day(known.due) if known.due else ""}
        lines = {fields(DpiaMeasure)[name].label.de: said.get(name, "") for name in cnil.MEASURE_FACTS}
        placeholder = self._kept.get(f"measures.{measure.id.hex}.placeholder", "")
        return {
            "title": plain_of(known.title),
            "content": markup_of(with_facts(known.description, lines)),
            "placeholder": plain_of(placeholder) or cnil_reading.DEFAULT_PLACEHOLDER,
        }

    def _verdict_on(self, measure: DpiaMeasure) -> SectionVerdict | None:
        return self._verdicts.get(f"{cnil.MEASURE_PREFIX}.{self._places[measure.id.hex]}")

    def _evaluations(self) -> Iterator[Json]:
        """Everything judged, and what else an evaluation carries: owners of measures and planned grades."""
        groups = dict.fromkeys(
            reference.removeprefix("evaluations.").rpartition(".")[0]
            for reference in self._kept
            if reference.startswith("evaluations.") and reference.rpartition(".")[2] in _EVALUATION_KEYS
        )
        measures = {
            f"{cnil.MEASURE_PREFIX}.{place}": each for place, each in enumerate(self._dpia.measures, 1)
        }
        for chapter in Evaluated:
            for part in cnil.parts_of(chapter, self._dpia.measures):
                measure = measures.get(part.reference)
                # What was kept of a measure bears its id, because places change.
                group = f"{cnil.MEASURE_PREFIX}.{measure.id.hex}" if measure else part.reference
                if found := self._evaluation(part.reference, group, measure, is_kept=group in groups):
                    yield found
                groups.pop(group, None)
        for group in groups:
            if found := self._kept_evaluation(group):
                yield found

    def _evaluation(
        self, reference: str, group: str, measure: DpiaMeasure | None, *, is_kept: bool
    ) -> Json | None:
        """The evaluation of one part; ``None`` where nothing is to be said."""
        row = self._verdicts.get(reference)
        kept = self._kept_words(group)
        said = kept if row is None else cnil_verdicts.said_by(row)
        if row is not None:
            said |= {key: value for key, value in kept.items() if value and not said[key]}
            # How far the tool took it to be counts until somebody judges anew.
            if f"evaluations.{group}.global_status" in self._kept and not row.content:
                said["global_status"] = kept["global_status"]
        carried: Json = {}
        if measure is not None and not cnil_verdicts.carries_plan(row):
            carried = _owner_and_day(measure)
        event = next((each for each in EVENTS if each.evaluation == reference), None)
        gauges = self._planned(event) if event else {"x": 0, "y": 0}
        if row is None and not is_kept and not carried and not any(gauges.values()):
            return None
        judged = {"updated_at": said["evaluation_date"]} if row is not None else {}
        return {"reference_to": reference, **said, **carried, "gauges": gauges, **judged}

    def _kept_evaluation(self, group: str) -> Json | None:
        """An evaluation of something that we do not judge, or a second one, as the source says it."""
        reference = re.sub(r"#\d+$", "", group)
        identity = reference.removeprefix(f"{cnil.MEASURE_PREFIX}.")
        if _IDENTITY.fullmatch(identity):
            if identity not in self._places:
                return None
            reference = f"{cnil.MEASURE_PREFIX}.{self._places[identity]}"
        return {"reference_to": reference, **self._kept_words(group), "gauges": {"x": 0, "y": 0}}

    def _kept_words(self, group: str) -> Json:
        """What the source says in the evaluation *group*, as far as it was kept."""
        said = {
            each.key: self._kept_value(f"evaluations.{group}.{each.key}", each)
            for each in cnil.EVALUATION_KEPT
        }
        for key in ("evaluation_comment", "action_plan_comment"):
            said[key] = markup_of(self._kept.get(f"evaluations.{group}.{key}", ""))
        for key in ("evaluation_date", "estimated_implementation_date"):
            said[key] = said[key] or None
        return said | {key: said[key] or 0 for key in ("status", "global_status")}

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


# --- Views ---------------------------------------------------------------------------------------


def _heard(steps: Sequence[Participation]) -> Json:
    """Who was asked, what they said, and whether anybody objects."""
    results = [step.result for step in steps if step.result]
    answers = [(_named(step), text) for step in steps if (text := _tidied(step.answer))]
    alone = len(steps) == 1
    said = "\n\n".join(text if alone else f"{name}\n{text}" for name, text in answers)
    status = int(Result.OBJECTION not in results) if results else None
    return {
        "concerned_people_searched_opinion": True,
        "people_names": plain_of(tidy_line("; ".join(map(_named, steps)))),
        "concerned_people_opinion": plain_of(said),
        **({} if status is None else {"concerned_people_status": status}),
    }


def _named(step: Participation) -> str:
    return step.body if step.voice is Voice.DATA_SUBJECTS and step.body else step.called.de


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
        said["estimated_implementation_date"] = cnil_verdicts.midnight(known.due)
    return said


# --- Values --------------------------------------------------------------------------------------


def _answered(question: int, *, text: str = "", items: Sequence[str] = (), gauge: int | None = None) -> Json:
    is_list = question in cnil.LISTS
    data = {"text": None if is_list else markup_of(text), "gauge": gauge, "list": list(items)}
    return {"reference_to": question, "data": data}


def _tidied(text: str) -> str:
    return tidy(text)


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
