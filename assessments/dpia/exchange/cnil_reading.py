"""Reads a file of the CNIL's PIA tool as an impact assessment; what has no field is kept and reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import Evaluated, SectionVerdict
from assessments.dpia.exchange import cnil
from assessments.dpia.exchange.cnil import EVENTS, SLOTS, Event, Judged, Kept
from assessments.dpia.exchange.cnil_verdicts import (
    gathered,
    moment_of,
    read_verdict,
    says_something,
)
from assessments.dpia.exchange.drafts import (
    Draft,
    DraftComment,
    Fate,
    an_object,
    listed,
    objects,
    strange,
)
from assessments.dpia.exchange.headed import facts, joined, parted, with_facts
from assessments.dpia.exchange.markup import BULLET
from assessments.dpia.grades import Grade
from assessments.dpia.participation import Participation, Result, Voice
from assessments.dpia.risk import Damage, DpiaMeasure, DpiaRisk, MeasureState
from compliance.comments import LONGEST
from compliance.fields import fields, tidy_line
from compliance.language import Text

FORMAT: Final = Text("CNIL PIA", "CNIL PIA")


def is_cnil(value: Any) -> bool:
    """Whether *value* is shaped like a file of the tool."""
    return isinstance(value, dict) and "pia" in value


def read(value: dict[str, Any]) -> Draft:
    """What the file with the content *value* says. Raises :class:`Refused`, naming the place."""
    return _Reader(value).draft


@dataclass(frozen=True)
class _Answer:
    """What the file says to one question."""

    text: str = ""
    items: tuple[str, ...] = ()
    grade: Grade | None = None

    def in_words(self) -> str:
        """All of it as text."""
        return "\n".join(filter(None, (self.text, *self.items, self.grade.text.de if self.grade else "")))

    def __bool__(self) -> bool:
        return bool(self.text or self.items or self.grade)


class _Reader:
    """Reads one file; the measures come first, because everything else refers to them."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.draft = Draft(Dpia(), FORMAT)
        self._measures: dict[str, DpiaMeasure] = {}
        """By the id that they have in the file."""
        self._evaluations: dict[str, int] = {}
        """How often each reference was evaluated."""
        self._verdicts: dict[str, SectionVerdict] = {}
        """By the reference of what they are about."""
        self._planned: dict[str, Mapping[str, Grade | None]] = {}
        """Grades after the action plan, by what the evaluation refers to."""
        pia = an_object(value["pia"], "pia")
        evaluator = self.draft.line(pia.get("evaluator_name"), _EVALUATOR)
        self._evaluator = self.draft.fitted(SectionVerdict, "given_by", evaluator, _EVALUATOR)
        for key, said in strange(value, frozenset(cnil.TOP)):
            self._strange(key, said)
        for number, measure in enumerate(objects(value.get("measures"), "measures")):
            self._measure(measure, f"measures[{number}]")
        for number, evaluation in enumerate(objects(value.get("evaluations"), "evaluations")):
            self._evaluation(evaluation, f"evaluations[{number}]")
        self._dpia.verdicts = gathered(self._verdicts, self._dpia.measures)
        self._answers(objects(value.get("answers"), "answers"))
        self._pia(pia)
        for number, comment in enumerate(objects(value.get("comments"), "comments")):
            self._comment(comment, f"comments[{number}]")
        self.draft.note("id, pia_id, lock_version, progress, …", Fate.LEFT, _TECHNICAL)

    @property
    def _dpia(self) -> Dpia:
        return self.draft.dpia

    def _strange(self, place: str, said: str) -> None:
        self.draft.keep(place, _UNKNOWN, self.draft.text(said, place), why=_NOT_UNDERSTOOD)

    # --- The whole -------------------------------------------------------------------------------

    def _pia(self, pia: dict[str, Any]) -> None:
        dpia, draft = self._dpia, self.draft
        dpia.name = draft.fitted(Dpia, "name", draft.line(pia.get("name"), "pia.name"), "pia.name")
        author = draft.line(pia.get("author_name"), "pia.author_name")
        dpia.team = draft.fitted(Dpia, "team", author, "pia.author_name")
        taken = self._views(pia)
        is_kept = any(row.reference == _EVALUATOR for row in dpia.from_source)
        if is_kept or any(row.verdict for row in dpia.verdicts):
            taken.add("evaluator_name")
        for kept in cnil.PIA_KEPT:
            if kept.key not in taken:
                self._keep(f"pia.{kept.key}", kept, pia.get(kept.key))
        known = {each.key for each in cnil.PIA_KEPT} | _PIA_FIELDS | cnil.TECHNICAL
        for name, said in strange(pia, frozenset(known)):
            self._strange(f"pia.{name}", said)

    def _views(self, pia: dict[str, Any]) -> set[str]:
        """Takes in what the data subjects said, or why nobody asked; returns the keys that say it."""
        searched = pia.get("concerned_people_searched_opinion")
        if searched is True:
            return self._heard(pia)
        if searched is False:
            reason = self.draft.text(pia.get(_WHY_NOT), f"pia.{_WHY_NOT}")
            waived = Participation(voice=Voice.DATA_SUBJECTS, waived=True, waiver_reason=reason)
            self._dpia.participation.append(waived)
            return {_WHY_NOT}
        if searched is not None:
            place = "pia.concerned_people_searched_opinion"
            self._strange(place, self.draft.text(searched, place))
        return set()

    def _heard(self, pia: dict[str, Any]) -> set[str]:
        names = self.draft.line(pia.get("people_names"), "pia.people_names")
        title, _colon, rest = names.partition(": ")
        voice = next((each for each in _TOLD_APART if each.text.de == title), None)
        body = names if voice is None else rest
        status = pia.get("concerned_people_status")
        result = _RESULTS.get(status) if isinstance(status, int) and not isinstance(status, bool) else None
        step = Participation(
            voice=voice or Voice.DATA_SUBJECTS,
            body=self.draft.fitted(Participation, "body", body, "pia.people_names"),
            result=result,
            answer=self.draft.text(pia.get(_OPINION), f"pia.{_OPINION}"),
        )
        self._dpia.participation.append(step)
        return {"people_names", _OPINION} | ({"concerned_people_status"} if result else set())

    def _keep(self, key: str, kept: Kept, value: Any, subject: str = "", place: str = "") -> None:
        words = self.draft.text(value, place or key)
        if kept.words is not None and isinstance(value, int) and not isinstance(value, bool):
            words = kept.words.get(value, words)
        label = Text(f"{subject}{kept.label.de}", f"{subject}{kept.label.en}")
        self.draft.keep(key, label, words, place=place)

    # --- Measures --------------------------------------------------------------------------------

    def _measure(self, given: dict[str, Any], place: str) -> None:
        draft = self.draft
        title = draft.line(given.get("title"), f"{place}.title")
        labels = {name: fields(DpiaMeasure)[name].label.de for name in cnil.MEASURE_FACTS}
        content = draft.text(given.get("content"), f"{place}.content")
        text, found = facts(content, tuple(labels.values()))
        said = {name: found.get(label, "") for name, label in labels.items()}
        measure = DpiaMeasure(key=f"M{len(self._dpia.measures) + 1}")
        reference = f"measures.{measure.id.hex}"
        measure.title = draft.fitted(DpiaMeasure, "title", title, f"{reference}.title", f"{place}.title")
        for name in ("evidence", "owner"):
            setattr(measure, name, draft.fitted(DpiaMeasure, name, said[name], f"{reference}.{name}", place))
        measure.state = next((each for each in MeasureState if each.text.de == said["state"]), None)
        measure.due = cnil.day_written(said["due"])
        unread = {labels[name]: said[name] for name in ("state", "due") if getattr(measure, name) is None}
        measure.description = with_facts(text, unread)
        placeholder = draft.line(given.get("placeholder"), f"{place}.placeholder")
        if placeholder != DEFAULT_PLACEHOLDER:
            draft.keep(
                f"{reference}.placeholder",
                _PLACEHOLDER.format(measure=title),
                placeholder,
                place=f"{place}.placeholder",
            )
        for name, words in strange(given, _MEASURE_KEYS | cnil.TECHNICAL):
            self._strange(f"{place}.{name}", words)
        self._dpia.measures.append(measure)
        identity = given.get("id")
        if isinstance(identity, int | str):
            self._measures.setdefault(str(identity), measure)

    # --- Evaluations -----------------------------------------------------------------------------

    def _evaluation(self, given: dict[str, Any], place: str) -> None:
        reference = self.draft.line(given.get("reference_to"), f"{place}.reference_to")[:100]
        measure = self._measures.get(reference.removeprefix("3.1.")) if reference.startswith("3.1.") else None
        name = f"3.1.{measure.id.hex}" if measure is not None else reference
        self._evaluations[name] = times = self._evaluations.get(name, 0) + 1
        group = f"evaluations.{name}" + (f"#{times}" if times > 1 else "")
        about = self._about(reference, measure) if times == 1 else None
        if about is not None:
            row = read_verdict(self.draft, given, about, group=group, place=place, evaluator=self._evaluator)
            handed_over = measure is not None and _hand_over(row, measure)
            if says_something(row):
                self._verdicts[about.reference] = row
            elif not handed_over and not _graded(given.get("gauges")):
                self.draft.note(place, Fate.LEFT, _NOT_JUDGED)
        else:
            subject = f"{_subject(reference, measure)} – "
            for kept in cnil.EVALUATION_KEPT:
                self._keep(f"{group}.{kept.key}", kept, given.get(kept.key), subject, f"{place}.{kept.key}")
        self._gauges(given.get("gauges"), reference, group, place)
        for key, said in strange(given, _EVALUATION_KEYS | cnil.TECHNICAL):
            self._strange(f"{place}.{key}", said)

    def _about(self, reference: str, measure: DpiaMeasure | None) -> Judged | None:
        """What an evaluation of *reference* is about; ``None`` if we judge no such thing."""
        if measure is not None:
            return cnil.judged_measure(self._dpia.measures.index(measure) + 1, measure)
        whole = cnil.parts_of(Evaluated.MEASURES, self._dpia.measures)
        return next((part for part in (*cnil.PARTS, *whole[:1]) if part.reference == reference), None)

    def _gauges(self, given: Any, reference: str, group: str, place: str) -> None:
        if given is None:
            return
        gauges = an_object(given, f"{place}.gauges")
        grades = {
            axis: self._grade(gauges.get(key), f"{place}.gauges.{key}")
            for axis, key in (("severity", "x"), ("likelihood", "y"))
        }
        if not any(grades.values()):
            return
        is_event = any(event.evaluation == reference for event in EVENTS)
        if is_event and reference not in self._planned:
            self._planned[reference] = grades
            return
        said = ", ".join(f"{axis}: {grade.text.de}" for axis, grade in grades.items() if grade)
        self.draft.keep(f"{group}.gauges", _GAUGES, said, place=f"{place}.gauges")

    def _grade(self, value: Any, place: str) -> Grade | None:
        if value is None or value == "":
            return None
        gauge = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 1 else value
        if isinstance(gauge, int) and not isinstance(gauge, bool) and gauge in cnil.GRADES:
            return cnil.GRADES[gauge]
        self.draft.keep(place, _GAUGES, self.draft.text(value, place), why=_NO_GRADE)
        return None

    # --- Answers ---------------------------------------------------------------------------------

    def _answers(self, given: Sequence[dict[str, Any]]) -> None:
        found: dict[int, _Answer] = {}
        for number, each in enumerate(given):
            place = f"answers[{number}]"
            question, answer = _number(each.get("reference_to")), self._answer(each, place)
            if question in found:
                self.draft.keep(f"answers.{question}", _UNKNOWN, answer.in_words(), why=_ANSWERED_TWICE)
            elif question is None or question not in cnil.QUESTIONS:
                named = place if question is None else f"answers.{question}"
                self.draft.keep(named, _UNKNOWN, answer.in_words(), why=_NOT_UNDERSTOOD)
            else:
                found[question] = self._expected(question, answer)
        self._statements(found)
        for event in EVENTS:
            self._risk(event, [found.get(event.question(place), _Answer()) for place in range(1, 7)])

    def _answer(self, given: dict[str, Any], place: str) -> _Answer:
        data = {} if given.get("data") is None else an_object(given["data"], f"{place}.data")
        for name, said in strange(given, _ANSWER_KEYS | cnil.TECHNICAL):
            self._strange(f"{place}.{name}", said)
        for name, said in strange(data, _DATA_KEYS):
            self._strange(f"{place}.data.{name}", said)
        entries = enumerate(listed(data.get("list"), f"{place}.data.list"))
        items = (self.draft.line(item, f"{place}.data.list[{index}]") for index, item in entries)
        return _Answer(
            self.draft.text(data.get("text"), f"{place}.data.text"),
            tuple(filter(None, items)),
            self._grade(data.get("gauge"), f"{place}.data.gauge"),
        )

    def _expected(self, question: int, answer: _Answer) -> _Answer:
        """What *question* asks of *answer*; the rest is kept."""
        asks_list = question in cnil.LISTS
        asks_grade = question in _GAUGED
        unexpected = _Answer(
            answer.text if asks_list else "",
            () if asks_list else answer.items,
            None if asks_grade else answer.grade,
        )
        self.draft.keep(f"answers.{question}.rest", _label(question), unexpected.in_words(), why=_UNEXPECTED)
        return _Answer(
            "" if asks_list else answer.text,
            answer.items if asks_list else (),
            answer.grade if asks_grade else None,
        )

    def _statements(self, found: Mapping[int, _Answer]) -> None:
        said: dict[str, list[tuple[str, str]]] = {}
        for question in dict.fromkeys(slot.question for slot in SLOTS):
            mine = [slot for slot in SLOTS if slot.question == question]
            parts = parted(found.get(question, _Answer()).text, [slot.heading for slot in mine])
            for slot in mine:
                if slot.field:
                    said.setdefault(slot.field, []).append((slot.heading, parts[slot.heading]))
                elif parts[slot.heading]:
                    self.draft.answers.append(DpiaAnswer(question=slot.asked, text=parts[slot.heading]))
        for name, pieces in said.items():
            setattr(self._dpia, name, joined(pieces))

    # --- Risks -----------------------------------------------------------------------------------

    def _risk(self, event: Event, answers: Sequence[_Answer]) -> None:
        planned = self._planned.get(event.evaluation, {})
        if not any(planned.values()) and not any(answers):
            return
        impacts, threats, sources, measures, severity, likelihood = answers
        risk = DpiaRisk(
            key=f"R{len(self._dpia.risks) + 1}",
            title=event.title,
            feared_event=event.feared,
            goals=(event.goal,),
            event=_as_lines(threats.items),
            severity_before=severity.grade,
            likelihood_before=likelihood.grade,
            severity_planned=planned.get("severity"),
            likelihood_planned=planned.get("likelihood"),
        )
        self._impacts(risk, impacts.items)
        self._sources(risk, sources.items, event.question(cnil.SOURCES))
        self._reasons(risk, severity.text, likelihood.text)
        self._dpia.risks.append(risk)
        self._against(risk, measures.items, event.question(cnil.MEASURES))

    def _impacts(self, risk: DpiaRisk, items: Sequence[str]) -> None:
        known = [cnil.DAMAGES[item] for item in items if item in cnil.DAMAGES]
        risk.damages = tuple(each for each in Damage if each in known)
        affected = [item for item in items if item.startswith(cnil.AFFECTED)]
        said = tidy_line("; ".join(item.removeprefix(cnil.AFFECTED) for item in affected))
        fits = len(said) <= _AFFECTED_LENGTH
        risk.affected = said if fits else ""
        handled = {*cnil.DAMAGES, *(affected if fits else ())}
        risk.consequence = _as_lines([item for item in items if item not in handled])

    def _sources(self, risk: DpiaRisk, items: Sequence[str], question: int) -> None:
        known = next((item for item in items if item in cnil.RISK_SOURCES), None)
        risk.source = cnil.RISK_SOURCES[known] if known else None
        rest = [item for item in items if item != known]
        self.draft.keep(f"answers.{question}", _label(question), "\n".join(dict.fromkeys(rest)))

    def _reasons(self, risk: DpiaRisk, severity: str, likelihood: str) -> None:
        labels = {fields(DpiaRisk)[name].label.de: name for name in _TODAY}
        parts = parted(severity, ("", cnil.AFTER_REASON))
        after, found = facts(parts[cnil.AFTER_REASON], tuple(labels))
        grades = {grade.text.de: grade for grade in Grade}
        for label, said in found.items():
            if said in grades:
                setattr(risk, labels[label], grades[said])
            else:
                after = f"{after}\n{label}: {said}".strip()
        risk.reason_after = after
        risk.reason_before = joined((("", parts[""]), (cnil.LIKELIHOOD_REASON, likelihood)))

    def _against(self, risk: DpiaRisk, titles: Sequence[str], question: int) -> None:
        unmatched = []
        for title in dict.fromkeys(titles):
            mine = [each for each in self._dpia.measures if each.title and each.title == title]
            for measure in mine:
                measure.risks = ", ".join(filter(None, (measure.risks, risk.key)))
            if not mine:
                unmatched.append(title)
        self.draft.keep(f"answers.{question}", _label(question), "\n".join(unmatched), why=_NO_SUCH_MEASURE)

    # --- Comments --------------------------------------------------------------------------------

    def _comment(self, given: dict[str, Any], place: str) -> None:
        text = self.draft.text(given.get("description"), f"{place}.description")
        for name, said in strange(given, _COMMENT_KEYS | cnil.TECHNICAL):
            self._strange(f"{place}.{name}", said)
        if not text:
            return
        reference = self.draft.line(given.get("reference_to"), f"{place}.reference_to")[:40]
        measure = self._measures.get(reference) if given.get("for_measure") is True else None
        opening = about(reference, measure)
        room = LONGEST - len(opening)
        written = moment_of(given.get("created_at"))
        for start in range(0, len(text), room):
            self.draft.comments.append(DraftComment(opening + text[start : start + room].strip(), written))


def about(reference: str, measure: DpiaMeasure | None) -> str:
    """The first line of a comment on one question or measure."""
    if measure is not None:
        return f"Zu Maßnahme „{measure.title}“:\n"
    question = _number(reference)
    label = f" „{_label(question).de}“" if question in cnil.QUESTIONS else ""
    return f"Zu Frage {reference or '–'}{label}:\n"


def _label(question: int | None) -> Text:
    for event in EVENTS:
        for place, asked in enumerate(_PLACES, start=1):
            if question == event.question(place):
                return Text(f"{event.title}: {asked.de}", f"{event.title}: {asked.en}")
    heading = next((slot.heading for slot in SLOTS if slot.question == question), "")
    return Text(heading or str(question), heading or str(question))


def _subject(reference: str, measure: DpiaMeasure | None) -> str:
    """What an evaluation is about, for a reader."""
    if measure is not None:
        return f"Maßnahme „{measure.title[:80]}“"
    question = _number(reference.rpartition(".")[2]) if reference.count(".") > 1 else None
    known = next((part.part for part in cnil.PARTS if part.reference == reference), "")
    if question in cnil.QUESTIONS:
        known = _label(question).de
    return f"{reference} {known}".strip()


def _hand_over(row: SectionVerdict, measure: DpiaMeasure) -> bool:
    """Makes person and day those of *measure*, unless they belong to what the verdict demands."""
    if row.verdict in cnil.DEMANDING or measure.owner or measure.due:
        return False
    measure.owner, measure.due = row.responsible, row.due
    row.responsible, row.due = "", None
    return bool(measure.owner or measure.due)


def _graded(gauges: Any) -> bool:
    return isinstance(gauges, dict) and any(gauges.values())


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    return value if isinstance(value, int) else None


def _as_lines(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else "\n".join(f"{BULLET}{item}" for item in items)


DEFAULT_PLACEHOLDER: Final = "measures.default_placeholder"
"""What the tool shows in a measure without a text of its own."""
_GAUGED: Final = frozenset(
    event.question(place) for event in EVENTS for place in (cnil.SEVERITY, cnil.LIKELIHOOD)
)
_TODAY: Final = ("severity_today", "likelihood_today")
_AFFECTED_LENGTH: Final = 200
_EVALUATOR: Final = "pia.evaluator_name"
_WHY_NOT: Final = "concerned_people_searched_content"
_OPINION: Final = "concerned_people_opinion"
_RESULTS: Final[Mapping[int, Result]] = {0: Result.OBJECTION, 1: Result.NO_OBJECTION}
_TOLD_APART: Final = (Voice.REPRESENTATIVES, Voice.DATA_SUBJECTS)
_PIA_FIELDS: Final = frozenset({"name", "author_name", "concerned_people_searched_opinion"})
_MEASURE_KEYS: Final = frozenset({"title", "content", "placeholder"})
_EVALUATION_KEYS: Final = frozenset({each.key for each in cnil.EVALUATION_KEPT} | {"reference_to", "gauges"})
_ANSWER_KEYS: Final = frozenset({"reference_to", "data"})
_DATA_KEYS: Final = frozenset({"text", "gauge", "list"})
_COMMENT_KEYS: Final = frozenset({"description", "reference_to", "for_measure"})
_PLACES: Final = (
    Text("Folgen", "Impacts"),
    Text("Bedrohungen", "Threats"),
    Text("Risikoquellen", "Sources"),
    Text("Maßnahmen", "Measures"),
    Text("Schwere", "Severity"),
    Text("Eintrittswahrscheinlichkeit", "Likelihood"),
)
_UNKNOWN: Final = Text("Unbekannte Angabe", "Unknown statement")
_NOT_UNDERSTOOD: Final = Text("Nicht verstanden, aber behalten.", "Not understood, but kept.")
_UNEXPECTED: Final = Text(
    "An dieser Stelle unerwartet, aber behalten.", "Unexpected in this place, but kept."
)
_ANSWERED_TWICE: Final = Text(
    "Die Frage ist zweimal beantwortet; die erste Antwort steht im Feld, die zweite hier.",
    "The question is answered twice; the first answer is in the field, the second here.",
)
_NO_GRADE: Final = Text(
    "Keine Stufe von 0 bis 4; bitte neu einschätzen.", "No grade from 0 to 4; please assess anew."
)
_NO_SUCH_MEASURE: Final = Text(
    "Zu diesen Titeln enthält die Datei keine Maßnahme.", "The file holds no measures of these titles."
)
_GAUGES: Final = Text("Einstufung", "Grades")
_PLACEHOLDER: Final = Text("Vorlage der Maßnahme „{measure}“", "Template of the measure “{measure}”")
_NOT_JUDGED: Final = Text("Noch nicht bewertet.", "Not judged yet.")
_TECHNICAL: Final = Text(
    "Interne Kennungen, Zähler und Zeitstempel einzelner Teile; ohne Inhalt.",
    "Internal ids, counters and timestamps of single parts; without content.",
)
