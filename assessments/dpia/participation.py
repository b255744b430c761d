"""Who is heard about an impact assessment, what they said, and what became of it.

Whom to hear follows from facts: the information security officer and the data subjects
always (Art. 35 (9) GDPR), processors where activities name them, the staff council where
data of staff are concerned. The data protection officer is none of these voices: their
advice is an opinion (Art. 35 (2) GDPR, :mod:`compliance.advice`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import Boolean
from sqlalchemy.orm import Mapped, mapped_column

from compliance.entry import Part, Task, TaskKind
from compliance.errors import NotFound, Refused
from compliance.fields import Term, choice, day, flag, line, prose, tidy, tidy_line
from compliance.language import Text
from registers.processing import ProcessingActivity, Subjects

if TYPE_CHECKING:
    from assessments.dpia.dpia import Dpia

# --- Words ---------------------------------------------------------------------------------------


class Voice(Term):
    """Who can be heard; the data protection officer gives an opinion instead."""

    ISB = Text("Informationssicherheitsbeauftragte", "Information security officer")
    PROCESSOR = Text("Auftragsverarbeiter", "Processor")
    STAFF_COUNCIL = Text("Personalrat", "Staff council")
    DISABLED_STAFF = Text("Schwerbehindertenvertretung", "Representation of severely disabled staff")
    DATA_SUBJECTS = Text("Betroffene Personen", "Data subjects")
    REPRESENTATIVES = Text("Vertretung betroffener Personen", "Representatives of data subjects")
    FURTHER = Text("Weitere Stelle", "Further body")


VIEWS: Final = frozenset({Voice.DATA_SUBJECTS, Voice.REPRESENTATIVES})
"""Voices that give the views of the data subjects; one of them is enough, Art. 35 (9) GDPR."""
ALWAYS: Final = (Voice.ISB, Voice.DATA_SUBJECTS)
"""Voices that every assessment hears."""


class Result(Term):
    """What an answer comes to."""

    NO_OBJECTION = Text("Keine Einwände", "No objection")
    REMARKS = Text("Mit Hinweisen", "With remarks")
    OBJECTION = Text("Einwände", "Objection")


TO_CONSIDER: Final = frozenset({Result.REMARKS, Result.OBJECTION})
"""Results of which must be said how they were taken into account."""


class StepState(Term):
    """How far one step has come."""

    NOT_ASKED = Text("Noch nicht gefragt", "Not asked yet")
    ASKED = Text("Antwort steht aus", "Waiting for an answer")
    OVERDUE = Text("Überfällig", "Overdue")
    TO_CONSIDER = Text("Zu berücksichtigen", "To be taken into account")
    SETTLED = Text("Beantwortet", "Answered")
    WAIVED = Text("Mit Begründung verzichtet", "Waived, for a reason")


# --- One step ------------------------------------------------------------------------------------


class Participation(Part, of="Dpia"):
    """One body or person that is heard, from the question to what became of the answer."""

    voice: Mapped[Voice | None] = choice(
        Voice,
        "Wer",
        "Who",
        help=Text("In welcher Eigenschaft gehört wird.", "In which capacity they are heard."),
        basis="Art. 35 Abs. 2, Abs. 9, Art. 28 Abs. 3 lit. f DSGVO",
        expected=True,
    )
    body: Mapped[str] = line(
        "Stelle oder Person",
        "Body or person",
        help=Text(
            "Zum Beispiel Kreiselternbeirat, Vorsitz des Personalrats.",
            "For instance parents' council, chair of the staff council.",
        ),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
    )
    asked_on: Mapped[date | None] = day(
        "Gefragt am",
        "Asked on",
        help=Text("Wann um eine Antwort gebeten wurde.", "When an answer was asked for."),
        basis="Art. 35 Abs. 9 DSGVO",
    )
    due: Mapped[date | None] = day(
        "Antwort erbeten bis",
        "Answer requested by",
        help=Text("Erscheint auf der Startseite.", "Appears on the start page."),
        basis="Art. 35 Abs. 1 DSGVO",
    )
    answered_on: Mapped[date | None] = day(
        "Beantwortet am",
        "Answered on",
        help=Text("Wann die Antwort einging.", "When the answer arrived."),
        basis="Art. 5 Abs. 2 DSGVO",
    )
    result: Mapped[Result | None] = choice(
        Result,
        "Ergebnis",
        "Result",
        help=Text("Was die Antwort im Kern sagt.", "What the answer says in essence."),
        basis="Art. 35 Abs. 9 DSGVO",
    )
    answer: Mapped[str] = prose(
        "Antwort",
        "Answer",
        help=Text("Was vorgebracht wurde.", "What was put forward."),
        basis="Art. 35 Abs. 9 DSGVO",
        personal=True,
    )
    considered: Mapped[str] = prose(
        "Wie berücksichtigt",
        "How taken into account",
        help=Text(
            "Was geändert wurde, oder warum es beim Bisherigen bleibt.",
            "What was changed, or why it stays as it was.",
        ),
        basis="WP 248 rev.01, Abschnitt III.D",
    )
    waived: Mapped[bool | None] = flag(
        "Auf die Antwort wird verzichtet",
        "No answer is sought",
        help=Text(
            "Bei betroffenen Personen nur mit Begründung, sonst wenn die Stelle nicht berührt ist.",
            "For data subjects with a reason only, otherwise where the body is not concerned.",
        ),
        basis="Art. 35 Abs. 9 DSGVO",
        more=True,
    )
    waiver_reason: Mapped[str] = prose(
        "Warum verzichtet wird",
        "Why no answer is sought",
        help=Text(
            "Zum Beispiel Schutz der Sicherheit der Verarbeitung.",
            "For instance to protect the security of the processing.",
        ),
        basis="Art. 35 Abs. 9 DSGVO",
        expected=True,
        when="waived",
        more=True,
    )
    answered_by: Mapped[str] = line(
        "Beantwortet von",
        "Answered by",
        help=Text("Wer selbst geantwortet hat.", "Who answered in person."),
        basis="Art. 5 Abs. 2 DSGVO",
        personal=True,
        fixed=True,
    )
    colleague_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    """Somebody with an account who is asked; it stays on their desk until they have answered."""
    noted: Mapped[bool] = mapped_column(Boolean, default=True, server_default="1")
    """Whether whoever prepares the assessment knows of an answer that arrived by itself."""

    @property
    def called(self) -> Text:
        """Whom this is about, as people say it."""
        role = self.voice.text if self.voice else _UNNAMED
        return Text(f"{role.de}: {self.body}", f"{role.en}: {self.body}") if self.body else role

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None or self.result is not None or bool(self.answer.strip())

    @property
    def is_waived(self) -> bool:
        """Whether it is dispensed with and why is written down; without a reason it does not count."""
        return self.waived is True and bool(self.waiver_reason.strip())

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to answer any more."""
        return self.is_answered or self.is_waived

    @property
    def lacks_consideration(self) -> bool:
        """Whether something was put forward and nothing says what became of it."""
        return self.is_answered and self.result in TO_CONSIDER and not self.considered.strip()

    def state(self, on: date) -> StepState:
        """How far it has come on that day."""
        if self.is_answered:
            return StepState.TO_CONSIDER if self.lacks_consideration else StepState.SETTLED
        if self.is_waived:
            return StepState.WAIVED
        if self.due is not None and self.due < on:
            return StepState.OVERDUE
        return StepState.ASKED if self.asked_on else StepState.NOT_ASKED


def step_called(dpia: Dpia, identity: str) -> Participation:
    """The step of *dpia* with that id. Raises :class:`NotFound`."""
    for step in dpia.participation:
        if step.id.hex == identity:
            return step
    raise NotFound(_NO_STEP)


# --- Whom to hear --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """A voice that the facts ask for, and why."""

    voice: Voice
    why: Text


def expected(activities: Sequence[ProcessingActivity]) -> tuple[Expected, ...]:
    """Whom an assessment of *activities* should hear; needs them with their processors."""
    return tuple(_expected(activities))


def _expected(activities: Sequence[ProcessingActivity]) -> Iterator[Expected]:
    yield Expected(Voice.ISB, _ON_MEASURES)
    if any(activity.processors for activity in activities):
        yield Expected(Voice.PROCESSOR, _ASSISTS)
    if any(Subjects.STAFF in activity.subjects for activity in activities):
        yield Expected(Voice.STAFF_COUNCIL, _STAFF)
    yield Expected(Voice.DATA_SUBJECTS, _SUBJECTS)


def unheard(steps: Sequence[Participation], wanted: Sequence[Expected]) -> tuple[Expected, ...]:
    """Those of *wanted* for whom there is no step yet."""
    present = {step.voice for step in steps}
    return tuple(one for one in wanted if present.isdisjoint(counting_for(one.voice)))


def counting_for(voice: Voice) -> frozenset[Voice]:
    """The voices that stand for *voice*: data subjects may speak through their representatives."""
    return VIEWS if voice in VIEWS else frozenset({voice})


def heard(steps: Sequence[Participation], voice: Voice) -> bool:
    """Whether *voice* answered, or is dispensed with for a reason."""
    return any(step.is_settled for step in steps if step.voice in counting_for(voice))


def begin(dpia: Dpia, voice: Voice, activities: Sequence[ProcessingActivity] = ()) -> list[Participation]:
    """Adds the steps that hear *voice*: one for each processor of *activities*, otherwise one."""
    bodies = [""]
    if voice is Voice.PROCESSOR:
        names = (processor.name for activity in activities for processor in activity.processors)
        bodies = list(dict.fromkeys(names)) or bodies
    made = [Participation(voice=voice, body=body) for body in bodies]
    dpia.participation.extend(made)
    return made


# --- Asking and answering ------------------------------------------------------------------------


def ask(step: Participation, *, on: date, due: date | None, colleague: uuid.UUID | None = None) -> None:
    """Notes that an answer is asked for, of a *colleague* on their desk.

    Raises :class:`Refused` where there is an answer already, and for a day that has passed.
    """
    if step.is_answered:
        raise Refused(_ANSWERED_ALREADY)
    if due is not None and due < on:
        raise Refused(_DAY_PASSED)
    step.asked_on = on
    step.due = due
    step.colleague_id = colleague
    step.waived = None
    step.waiver_reason = ""


LONGEST_ANSWER: Final = 10_000
"""Characters that somebody may answer."""


def give_answer(step: Participation, result: str, text: str, *, on: date, by: str, arrived: bool) -> None:
    """Records what *by* said; *arrived* by itself, it waits until the lead has taken note of it.

    Raises :class:`Refused` without a result, for remarks without words, for too many
    words, and where there is an answer already.
    """
    if step.is_answered:
        raise Refused(_ANSWERED_ALREADY)
    if result not in Result.__members__:
        raise Refused(_NO_RESULT)
    tidied, name = tidy(text), tidy_line(by)
    if Result[result] in TO_CONSIDER and not tidied:
        raise Refused(_NO_WORDS)
    if not name:
        raise Refused(_NO_NAME)
    if len(tidied) > LONGEST_ANSWER or len(name) > LONGEST_NAME:
        raise Refused(_TOO_LONG.format(length=LONGEST_ANSWER, name=LONGEST_NAME))
    step.result = Result[result]
    step.answer = tidied
    step.answered_on = on
    step.answered_by = name
    step.noted = not arrived


LONGEST_NAME: Final = 200
"""Characters of a name."""


def consider(step: Participation, text: str) -> None:
    """Records how the answer was taken into account, or that it was noted.

    Raises :class:`Refused` before there is an answer, and for remarks without words.
    """
    tidied = tidy(text)
    if not step.is_answered:
        raise Refused(_NOT_ANSWERED)
    if step.result in TO_CONSIDER and not tidied:
        raise Refused(_NOT_CONSIDERED)
    step.considered = tidied
    step.noted = True


def waive(step: Participation, reason: str) -> None:
    """Records why no answer is sought. Raises :class:`Refused` without a reason or after an answer."""
    if step.is_answered:
        raise Refused(_ANSWERED_ALREADY)
    if not tidy(reason):
        raise Refused(_NO_REASON)
    step.waived = True
    step.waiver_reason = tidy(reason)
    step.colleague_id = None


# --- On desks ------------------------------------------------------------------------------------


def tasks(steps: Sequence[Participation]) -> Iterator[Task]:
    """What *steps* ask of people: of a colleague to answer, of the lead to wait and to take note."""
    for step in steps:
        name = f"{step.voice.name if step.voice else ''}.{step.id.hex}"
        if step.is_answered:
            if step.lacks_consideration or step.noted is False:
                yield Task(TaskKind.ANSWERED, f"answered.{name}", step.answered_on)
        elif not step.is_waived:
            if step.colleague_id is not None:
                yield Task(TaskKind.ASKED, f"asked.{name}", step.due, step.colleague_id)
            if step.due is not None:
                yield Task(TaskKind.DUE, f"waiting.{name}", step.due)


def task_label(kind: str, voice: str) -> Text | None:
    """What a task of :func:`tasks` is called on a desk."""
    words = _TASKS.get(kind)
    who = Voice[voice].text if voice in Voice.__members__ else _UNNAMED
    return words.format(who=who) if words else None


_UNNAMED: Final = Text("Beteiligung", "Participation")
_TASKS: Final[Mapping[str, Text]] = {
    "asked": Text("Um Ihre Antwort wird gebeten ({who})", "Your answer is requested ({who})"),
    "waiting": Text("Antwort steht aus: {who}", "Answer outstanding: {who}"),
    "answered": Text("Antwort eingegangen: {who}", "Answer received: {who}"),
}
_ON_MEASURES = Text(
    "Zu den technischen und organisatorischen Maßnahmen.", "On the technical and organisational measures."
)
_ASSISTS = Text(
    "Die Tätigkeiten nennen Auftragsverarbeiter; sie unterstützen nach Art. 28 Abs. 3 lit. f DSGVO.",
    "The activities name processors; they assist under Art. 28 (3) (f) GDPR.",
)
_STAFF = Text(
    "Betroffen sind Daten von Beschäftigten.",
    "Data of staff are concerned.",
)
_SUBJECTS = Text(
    "Ihr Standpunkt oder der ihrer Vertretung ist einzuholen (Art. 35 Abs. 9 DSGVO).",
    "Their views or those of their representatives are to be sought (Art. 35 (9) GDPR).",
)
_NO_STEP = Text("Diese Beteiligung gibt es nicht.", "There is no such participation.")
_ANSWERED_ALREADY = Text(
    "Zu dieser Beteiligung liegt schon eine Antwort vor.", "There is an answer to this participation already."
)
_DAY_PASSED = Text(
    "Der Tag, bis zu dem um Antwort gebeten wird, ist schon vorbei.",
    "The day by which an answer is requested has passed already.",
)
_NO_RESULT = Text("Bitte wählen Sie ein Ergebnis.", "Please choose a result.")
_NO_WORDS = Text(
    "Bitte schreiben Sie, welche Hinweise oder Einwände Sie haben.",
    "Please write what your remarks or objections are.",
)
_NO_NAME = Text("Bitte nennen Sie Ihren Namen.", "Please give your name.")
_TOO_LONG = Text(
    "Bitte höchstens {length} Zeichen für die Antwort und {name} für den Namen.",
    "Please use at most {length} characters for the answer and {name} for the name.",
)
_NOT_ANSWERED = Text("Es liegt noch keine Antwort vor.", "There is no answer yet.")
_NOT_CONSIDERED = Text(
    "Bitte schreiben Sie, wie die Hinweise oder Einwände berücksichtigt wurden.",
    "Please write how the remarks or objections were taken into account.",
)
_NO_REASON = Text("Der Verzicht braucht eine Begründung.", "Dispensing with an answer needs a reason.")
