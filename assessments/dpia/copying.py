"""Beginning an assessment from a template or from a finished one of the same organisation.

What describes usual processing is copied: texts, answers, risks with their values
before measures, and measures as plans. What somebody decided, said, signed or
promised for the other project never is: decisions, opinions, participation,
verdicts, owners, dates, evidence, files, and the values that rest on measures.
Where the new activities answer a question themselves, they are asked and not the source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessments.dpia.answers import DpiaAnswer, Place
from assessments.dpia.copied import CopiedKind, Origin, place_of
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.prefill import prefilled
from assessments.dpia.questions import catalogue_of
from assessments.dpia.register_answers import facts_of, known, purposes
from assessments.dpia.risk import WHAT_HAPPENS, DpiaMeasure, DpiaRisk, MeasureState, risk_keys
from assessments.questionnaire import Question
from compliance.access import Identity, visible
from compliance.database import folded
from compliance.entry import State, is_template
from compliance.errors import Refused
from compliance.fields import Prose, fields, is_empty, sections
from compliance.language import Text
from registers.processing import ProcessingActivity

# --- What can be begun from ----------------------------------------------------------------------


def beginnings(person: Identity) -> Any:
    """The query for every assessment from which *person* may begin another one, templates first."""
    query = visible(select(Dpia), person, Dpia)
    finished = (Dpia.state == State.RELEASED) & (
        Dpia.decision.is_(None) | (Dpia.decision != DpiaDecision.REJECTED)
    )
    open_to_all = or_(Dpia.template.is_(True), finished)
    return query.where(open_to_all, Dpia.state != State.ENDED).order_by(
        Dpia.template.is_(True).desc(), Dpia.sort_key, Dpia.id
    )


def may_begin_from(source: Dpia) -> bool:
    """Whether *source* is a template or finished: released, not ended, not rejected."""
    if source.is_void:
        return False
    return is_template(source) or source.state is State.RELEASED


# --- What is copied ------------------------------------------------------------------------------

_SECTIONS: Final = ("description", "necessity", "measures", "fundamental_rights")
_NEVER: Final = frozenset({"fria_exemption"})
"""Texts that state a decision about the one project."""


def _statements() -> tuple[str, ...]:
    specs = fields(Dpia)
    return tuple(
        name
        for group, names in sections(Dpia).items()
        if group.name in _SECTIONS
        for name in names
        if isinstance(specs[name], Prose) and not specs[name].fixed and name not in _NEVER
    )


STATEMENTS: Final = _statements()
"""Names of the texts of an assessment that are copied."""
OF_RISK: Final = (
    "key",
    "title",
    *WHAT_HAPPENS,
    "severity_before",
    "likelihood_before",
    "reason_before",
)
"""What is copied of a risk; keys stay, because measures name the risks by them."""
OF_MEASURE: Final = ("key", "title", "description")
"""What is copied of a measure, besides the risks it works against and its tie to the register."""


@dataclass(frozen=True)
class Copy:
    """What a new assessment begins with."""

    statements: Mapping[str, str]
    answers: Sequence[CopiedAnswer]
    risks: Sequence[DpiaRisk]
    measures: Sequence[DpiaMeasure]
    left_to_record: tuple[str, ...]
    """Labels of what the new activities answer themselves; the source had a text for it too."""
    without_purpose: int
    """Answers about purposes that the new activities do not have."""

    @property
    def count(self) -> int:
        return len(self.statements) + len(self.answers) + len(self.risks) + len(self.measures)


@dataclass(frozen=True)
class CopiedAnswer:
    """One answer as the new assessment takes it."""

    place: Place
    part_title: str
    text: str


def copy_of(
    source: Dpia, answers: Mapping[Place, DpiaAnswer], activities: Sequence[ProcessingActivity]
) -> Copy:
    """What an assessment of *activities* takes from *source*, whose *answers* are given.

    *activities* are loaded whole, as :func:`assessments.dpia.prefill.sources_of` does.
    """
    offered = prefilled(activities)
    given = {name: getattr(source, name) for name in STATEMENTS if getattr(source, name).strip()}
    taken, lost = _answers(answers.values(), catalogue_of(source).questions, activities)
    return Copy(
        {name: text for name, text in given.items() if name not in offered},
        taken,
        [_risk(risk) for risk in source.risks],
        [_measure(measure, {risk.key for risk in source.risks}) for measure in source.measures],
        tuple(name for name in given if name in offered),
        lost,
    )


def _risk(risk: DpiaRisk) -> DpiaRisk:
    return DpiaRisk(**{name: getattr(risk, name) for name in OF_RISK})


def _measure(measure: DpiaMeasure, risks: Collection[str]) -> DpiaMeasure:
    made = DpiaMeasure(**{name: getattr(measure, name) for name in OF_MEASURE})
    # The key of a removed risk is free in the new assessment, and must not lead to another one there.
    made.risks = ", ".join(key for key in risk_keys(measure.risks) if key in risks)
    entry = measure.measure
    if entry is not None and entry.state is not State.ENDED:
        # Owner, date and state come from the register and are true of this project too.
        made.measure = entry
    else:
        made.title = made.title or (entry.name if entry else "")
        made.state = MeasureState.PLANNED
    return made


def _answers(
    answers: Iterable[DpiaAnswer],
    questions: Mapping[str, Question],
    activities: Sequence[ProcessingActivity],
) -> tuple[tuple[CopiedAnswer, ...], int]:
    """The answers that arise for *activities* too, and how many are about purposes they do not have."""
    here, holding = purposes(activities), facts_of(activities)
    found: list[CopiedAnswer] = []
    lost = 0
    for answer in answers:
        question = questions.get(answer.question)
        arises = question is None or not activities or not question.only or question.only in holding
        if not arises or not answer.text.strip():
            continue
        part = _part(answer, here, for_each=question is not None and bool(question.each))
        if part is None:
            lost += 1
        elif known(answer.question, activities, part) is None:
            found.append(CopiedAnswer((answer.question, part), here.get(part, ""), answer.text))
    return tuple(found), lost


def _part(answer: DpiaAnswer, here: Mapping[str, str], *, for_each: bool) -> str | None:
    """The purpose here that *answer* is about: the same one, or one that is called the same.

    Where it was given before any purpose was known, it is about the only one here.
    """
    if not answer.part and for_each and here:
        return next(iter(here)) if len(here) == 1 else None
    if not answer.part or answer.part in here:
        return answer.part
    alike = (key for key, title in here.items() if _told(title) == _told(answer.part_title))
    return next(alike, None)


def _told(title: str) -> str:
    return " ".join(folded(title).split())


# --- Beginning -----------------------------------------------------------------------------------


def begin(
    session: Session,
    dpia: Dpia,
    source: Dpia,
    answers: Mapping[Place, DpiaAnswer],
    activities: Sequence[ProcessingActivity],
    *,
    on: date,
) -> Copy:
    """Fills the new *dpia*, which is about *activities*, from *source*; says what was copied.

    Everything copied bears its source and counts as open until a person confirms it.
    Raises :class:`Refused` for a source that is neither template nor finished.
    """
    if not may_begin_from(source):
        raise Refused(_NOT_FINISHED)
    return _fill(session, dpia, source, copy_of(source, answers, activities), on=on)


def make_template(session: Session, source: Dpia, answers: Mapping[Place, DpiaAnswer], *, on: date) -> Dpia:
    """A new template with what *source* says in general; nothing of its project comes along."""
    made = Dpia(name=_TEMPLATE_NAME.format(name=source.name).de[:200], unit=source.unit, template=True)
    session.add(made)
    _fill(session, made, source, copy_of(source, answers, ()), on=on)
    return made


def _fill(session: Session, dpia: Dpia, source: Dpia, copy: Copy, *, on: date) -> Copy:
    origin = Origin(source.designation, source.name, str(source.version))
    for name, text in copy.statements.items():
        # What the person has already written stays.
        if is_empty(getattr(dpia, name)):
            setattr(dpia, name, text)
            dpia.copied.append(origin.note(CopiedKind.STATEMENT, name, on))
    dpia.catalogue = dpia.catalogue or source.catalogue
    dpia.risks.extend(copy.risks)
    dpia.measures.extend(copy.measures)
    for kind, parts in ((CopiedKind.RISK, copy.risks), (CopiedKind.MEASURE, copy.measures)):
        dpia.copied.extend(origin.note(kind, part.key, on) for part in parts)
    for answer in copy.answers:
        question, part = answer.place
        session.add(
            DpiaAnswer(
                dpia=dpia,
                question=question,
                part=part,
                part_title=answer.part_title,
                text=answer.text,
                source=origin_words(origin),
                taken_on=on,
            )
        )
        dpia.copied.append(origin.note(CopiedKind.ANSWER, place_of(question, part), on))
    return copy


def origin_words(origin: Origin) -> str:
    """The source as the page and the report of an answer name it."""
    return f"{origin.key} {origin.title}"[:200]


def labels_of(names: Sequence[str], language: str) -> Iterator[str]:
    """What the fields with *names* are called."""
    return (fields(Dpia)[name].label[language] for name in names)


# --- Templates -----------------------------------------------------------------------------------


def may_become_template(dpia: Dpia) -> bool:
    """Whether *dpia* is still a draft and about no project of the authority."""
    particular = (dpia.activities, dpia.project, dpia.decision, dpia.participation, dpia.consulted_on)
    return not any(particular) and dpia.state in (State.DRAFT, State.IMPORTED)


def mark_as_template(dpia: Dpia) -> None:
    """Makes a template of *dpia*. Raises :class:`Refused` where it may not become one."""
    if not may_become_template(dpia):
        raise Refused(_PARTICULAR)
    dpia.template = True


def unmark(dpia: Dpia) -> None:
    """Makes an assessment of a template again."""
    dpia.template = None


_TEMPLATE_NAME: Final = Text("Vorlage: {name}", "Template: {name}")
_NOT_FINISHED: Final = Text(
    "Begonnen wird mit einer Vorlage oder einer freigegebenen, nicht abgelehnten Abschätzung.",
    "Begin from a template or from a released assessment that was not rejected.",
)
_PARTICULAR: Final = Text(
    "Diese Abschätzung gehört zu einem Vorhaben. Legen Sie aus ihr eine Vorlage an; sie selbst bleibt, "
    "was sie ist.",
    "This assessment belongs to a project. Make a template from it; the assessment itself stays what it is.",
)
