"""What somebody who did not write an impact assessment thinks of each of its sections.

A verdict rests on the section as it stood; a later change shows. A new verdict takes the
place of the old one, which stays readable. The shape takes in evaluations of the PIA tool
of the CNIL: a verdict may be pending, and may be about a single question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, may_see
from compliance.database import today
from compliance.entry import Part, State, Task, TaskKind
from compliance.errors import Forbidden, Refused
from compliance.fields import Term, choice, day, line, prose, sections, tidy, tidy_line
from compliance.language import Text
from compliance.people import Role
from compliance.release import authors_since_release, content_hash

if TYPE_CHECKING:
    from assessments.dpia.dpia import Dpia


class Evaluated(Term):
    """The sections that are evaluated; the names of the steps in capitals."""

    DESCRIPTION = Text("Beschreibung", "Description")
    NECESSITY = Text("Notwendigkeit und Verhältnismäßigkeit", "Necessity and proportionality")
    RISKS = Text("Risiken", "Risks")
    MEASURES = Text("Maßnahmen", "Measures")
    PARTICIPATION = Text("Beteiligung", "Participation")

    @property
    def step(self) -> str:
        """The name of the section of the form."""
        return self.name.lower()


class Appraisal(Term):
    """What a verdict comes to; none is „pending“."""

    ACCEPTABLE = Text("Annehmbar", "Acceptable")
    IMPROVABLE = Text("Verbesserungsfähig", "Improvable")
    TO_BE_FIXED = Text("Zu beheben", "To be fixed")


_GOOD = "Art. 5 Abs. 2, Art. 24 Abs. 1 DSGVO"


class SectionVerdict(Part, of="Dpia"):
    """One verdict on one section, or on one question of it."""

    chapter: Mapped[Evaluated | None] = choice(
        Evaluated,
        "Abschnitt",
        "Section",
        help=Text("Worüber geurteilt wird.", "What is judged."),
        basis="Art. 35 Abs. 7 DSGVO",
        fixed=True,
    )
    question: Mapped[str] = line(
        "Frage",
        "Question",
        length=64,
        help=Text("Leer, wenn der Abschnitt als Ganzes gemeint ist.", "Empty for the section as a whole."),
        basis="Art. 35 Abs. 7 DSGVO",
        fixed=True,
    )
    verdict: Mapped[Appraisal | None] = choice(
        Appraisal,
        "Beurteilung",
        "Evaluation",
        help=Text("Offen, solange nichts gewählt ist.", "Pending as long as nothing is chosen."),
        basis=_GOOD,
        fixed=True,
    )
    comment: Mapped[str] = prose(
        "Anmerkung",
        "Comment",
        help=Text("Was gut ist und was fehlt.", "What is good and what is missing."),
        basis=_GOOD,
        fixed=True,
    )
    plan: Mapped[str] = prose(
        "Was zu tun ist",
        "Action plan",
        help=Text("Nötig, wenn etwas zu beheben ist.", "Needed where something is to be fixed."),
        basis=_GOOD,
        fixed=True,
    )
    responsible: Mapped[str] = line(
        "Zuständig",
        "Person in charge",
        help=Text("Wer es behebt.", "Who fixes it."),
        basis=_GOOD,
        personal=True,
        fixed=True,
    )
    due: Mapped[date | None] = day(
        "Zu beheben bis",
        "To be fixed by",
        help=Text("Erscheint auf der Startseite.", "Appears on the start page."),
        basis=_GOOD,
        fixed=True,
    )
    given_on: Mapped[date | None] = day(
        "Beurteilt am",
        "Evaluated on",
        help=Text("Tag der Beurteilung.", "Day of the evaluation."),
        basis=_GOOD,
        fixed=True,
    )
    given_by: Mapped[str] = line(
        "Beurteilt von",
        "Evaluated by",
        help=Text("Nie, wer daran geschrieben hat.", "Never somebody who wrote it."),
        basis=_GOOD,
        personal=True,
        fixed=True,
    )
    content: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Hash of the section as it was judged; empty where that is not known, as after an import."""


# --- Reading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The verdict on a section that counts now."""

    verdict: SectionVerdict
    outdated: bool
    """Whether the section was changed since."""
    earlier: tuple[SectionVerdict, ...]
    """The ones it replaced, the newest first."""


def standings(dpia: Dpia) -> dict[Evaluated, Standing]:
    """The verdict that counts on each section of *dpia* as a whole; sections without one are left out."""
    found: dict[Evaluated, Standing] = {}
    for chapter in Evaluated:
        given = [row for row in dpia.verdicts if row.chapter is chapter and not row.question and row.verdict]
        if given:
            *earlier, newest = given
            found[chapter] = Standing(newest, _is_outdated(dpia, newest), tuple(reversed(earlier)))
    return found


def current(verdicts: Sequence[SectionVerdict]) -> list[SectionVerdict]:
    """The verdicts that count: of several on the same section or question the last one.

    A verdict on a whole section takes the place of earlier ones on its questions.
    """
    found: dict[tuple[Evaluated | None, str], SectionVerdict] = {}
    for row in verdicts:
        if not row.question:
            found = {
                place: each for place, each in found.items() if place[0] is not row.chapter or not place[1]
            }
        found[row.chapter, row.question] = row
    return list(found.values())


def on_parts(verdicts: Sequence[SectionVerdict]) -> dict[Evaluated, list[SectionVerdict]]:
    """The verdicts that count on single questions or measures, by section."""
    rows = [row for row in current(verdicts) if row.question]
    return {chapter: mine for chapter in Evaluated if (mine := [r for r in rows if r.chapter is chapter])}


def to_be_fixed(verdicts: Sequence[SectionVerdict]) -> list[SectionVerdict]:
    """What must be fixed until somebody judges it again."""
    return [row for row in current(verdicts) if row.verdict is Appraisal.TO_BE_FIXED]


def section_hash(dpia: Dpia, chapter: Evaluated) -> str:
    """SHA-256 of what stands in one section of *dpia*."""
    asked = next(names for group, names in sections(type(dpia)).items() if group.name == chapter.step)
    return content_hash(dpia, asked)


def _is_outdated(dpia: Dpia, verdict: SectionVerdict) -> bool:
    known = bool(verdict.content) and verdict.chapter is not None
    return known and verdict.content != section_hash(dpia, verdict.chapter or Evaluated.DESCRIPTION)


def tasks(verdicts: Sequence[SectionVerdict]) -> Iterator[Task]:
    """What has to be fixed by a day."""
    for row in to_be_fixed(verdicts):
        if row.due is not None:
            chapter = row.chapter.name if row.chapter else ""
            yield Task(TaskKind.DUE, f"fix.{chapter}.{row.id.hex}", row.due)


def task_label(chapter: str) -> Text:
    """What a task of :func:`tasks` is called on a desk."""
    what = Evaluated[chapter].text if chapter in Evaluated.__members__ else Text("DSFA", "DPIA")
    return _FIX.format(what=what)


# --- Judging -------------------------------------------------------------------------------------

EVALUATORS: Final = frozenset({Role.DSB, Role.ISB, Role.COORDINATOR, Role.PROJECT_LEAD, Role.MANAGEMENT})
"""Roles that may be asked for a verdict."""


def may_evaluate(session: Session, dpia: Dpia, person: Identity) -> bool:
    """Whether *person* may judge sections of *dpia*: who sees it, has a say, and did not write it."""
    if dpia.state is State.ENDED or EVALUATORS.isdisjoint(person.roles) or not may_see(person, dpia):
        return False
    return person.person_id.hex not in authors_since_release(session, dpia)


def evaluate(session: Session, dpia: Dpia, answers: Mapping[str, str], *, by: Identity) -> SectionVerdict:
    """Records what *by* thinks of one section, as a form says it; the journal calls the step ``evaluate``.

    Raises :class:`Forbidden` for authors and for whoever has no say, and :class:`Refused`
    where words are missing: a comment on what is improvable, and plan, person and day for
    what is to be fixed.
    """
    if not may_evaluate(session, dpia, by):
        raise Forbidden(_NOT_APART)
    chapter = Evaluated.__members__.get(answers.get("chapter", ""))
    verdict = Appraisal.__members__.get(answers.get("verdict", ""))
    if chapter is None or verdict is None:
        raise Refused(_CHOOSE)
    made = SectionVerdict(
        chapter=chapter,
        verdict=verdict,
        comment=tidy(answers.get("comment", "")),
        plan=tidy(answers.get("plan", "")),
        responsible=tidy_line(answers.get("responsible", ""))[:200],
        due=_day(answers.get("due", "")),
        given_on=today(),
        given_by=by.name,
        content=section_hash(dpia, chapter),
    )
    if verdict is Appraisal.IMPROVABLE and not made.comment:
        raise Refused(_NO_COMMENT)
    if verdict is Appraisal.TO_BE_FIXED and not (made.plan and made.responsible and made.due):
        raise Refused(_NO_PLAN)
    dpia.verdicts.append(made)
    session.info["action"] = "evaluate"
    return made


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=text)) from error


_FIX = Text("Zu beheben: {what}", "To be fixed: {what}")
_NOT_APART = Text(
    "Beurteilen kann die DSFA nur, wer seit der letzten Freigabe nicht daran geschrieben hat und ein Amt im "
    "Datenschutz, in der Informationssicherheit, in der Projektleitung oder in der Leitung hat.",
    "The DPIA can be evaluated only by somebody who did not write it since its last release and who works in "
    "data protection, information security, project lead or management.",
)
_CHOOSE = Text("Bitte wählen Sie eine Beurteilung.", "Please choose an evaluation.")
_NO_COMMENT = Text("Bitte schreiben Sie, was sich verbessern lässt.", "Please write what can be improved.")
_NO_PLAN = Text(
    "Was zu beheben ist, braucht einen Plan, eine zuständige Person und einen Tag.",
    "What is to be fixed needs a plan, a person in charge and a day.",
)
_NO_DAY = Text("„{text}“ ist kein Datum.", "“{text}” is no date.")
