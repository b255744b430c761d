"""The workspace of an impact assessment in the browser, and taking over what the register knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.answers import answered_since_decision
from assessments.dpia.copied import CopiedKind, confirm
from assessments.dpia.decision import changes_since_decision, obstacles, risk_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import SectionVerdict, may_evaluate, on_parts, standings
from assessments.dpia.evaluation import Standing as Verdict
from assessments.dpia.grades import RiskLevel
from assessments.dpia.matrix import Position, RiskMatrix
from assessments.dpia.measures import Undertaking, undertaking
from assessments.dpia.participation import expected
from assessments.dpia.prefill import (
    PREFILLED,
    Provenance,
    TakeoverState,
    prefilled,
    provenance,
    sources_of,
    take_over,
)
from assessments.dpia.progress import PROSE_STEPS, Tally, WorkStep, next_step, steps, tally
from assessments.dpia.questions import Questionnaire, catalogues, questionnaire
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, FearedEvent, against, unknown_keys
from assessments.dpia.risk_rules import not_considered
from assessments.dpia.settings import matrix_of
from assessments.dpia.standing import (
    Standing,
    by_reason,
    fallen_back,
    positions,
    unsupported,
)
from assessments.dpia.threshold import ThresholdAnalysis, analyses_of
from assessments.questionnaire import Catalogue
from compliance.access import Permission, may, may_do
from compliance.advice import Opinion, opinions
from compliance.database import today
from compliance.errors import Outdated
from compliance.fields import Kind, Term, fields, is_empty, missing, sections
from compliance.language import Text
from compliance.people import Role
from compliance.web.dpia_changes import touch
from compliance.web.dpia_consultations import about_consultation
from compliance.web.dpia_copies import about_copies
from compliance.web.dpia_fundamental_rights import about_rights
from compliance.web.dpia_reviews import about_review
from compliance.web.entries import find
from compliance.web.hearing import Hearing, hearing
from compliance.web.site import language, me, writing
from exports import charts
from exports.reports import data_flow
from exports.reports.dpia import MOMENTS, heat_map
from registers.authority import Authority
from registers.measures import Measure
from registers.processing import ProcessingActivity

bp = Blueprint("dpia", __name__, url_prefix="/dpias")


def back_to(dpia: Dpia, step: str) -> Response:
    """Back to the workspace, at one of its steps."""
    return redirect(url_for("entries.show", slug=Dpia.slug, number=dpia.number, _anchor=f"step-{step}"))


# --- Workspace --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """One answer of the assessment with where its text comes from."""

    name: str
    spec: Kind
    text: str
    origin: Provenance | None

    @property
    def offered(self) -> bool:
        """Whether a text waits to be taken over and nothing was written yet."""
        return self.origin is not None and self.origin.suggestion is not None and not self.text

    @property
    def stale(self) -> bool:
        return self.origin is not None and self.origin.state is TakeoverState.STALE


@dataclass(frozen=True)
class RiskRow:
    """One risk as the workspace lists it."""

    risk: DpiaRisk
    places: Mapping[str, Position | None]
    levels: Mapping[str, RiskLevel | None]
    unsupported: tuple[str, ...]
    """Moments whose lower value does not count."""
    by_reason: Mapping[str, str]
    """Moments whose lower value counts by its recorded reason, with that."""
    fallen_back: tuple[str, ...]
    """Keys of measures that were in force when today's value was given."""
    measures: Sequence[DpiaMeasure]


@dataclass(frozen=True)
class HeatMap:
    """Where all risks lie at one moment."""

    title: str
    level: RiskLevel | None
    picture: Markup


@dataclass(frozen=True)
class DrawnFlow:
    """The data-flow picture for wide and for narrow screens, and the same as rows of a table."""

    wide: Markup
    narrow: Markup
    columns: Sequence[str]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Workspace:
    """Everything the page of one assessment shows besides its answers."""

    steps: Sequence[WorkStep]
    next: WorkStep | None
    action: str
    """Where the person can take the next step; empty if it is not theirs to take."""
    statements: Mapping[str, Sequence[Statement]]
    """By section of the form."""
    available: int
    """How many statements can be taken over into empty fields."""
    prefillable: int
    stale: int
    risks: Sequence[RiskRow]
    maps: Sequence[HeatMap]
    matrix: RiskMatrix
    total: Standing
    lost_keys: tuple[str, ...]
    not_considered: Sequence[tuple[Term, str]]
    """Usual events and protection goals without a risk, each with the page on which to begin one."""
    obstacles: tuple[Text, ...]
    changed: Sequence[str]
    """Labels of what was changed after the decision."""
    analyses: Sequence[ThresholdAnalysis]
    may_adjust_matrix: bool
    may_register: bool
    """Whether the person may put drafts into the register of measures."""
    may_decide: bool
    questions: Questionnaire
    catalogues: Sequence[Catalogue]
    flow: DrawnFlow | None
    left_asks: Mapping[str, str]
    """What used to be asked where an answer is left over, by question."""
    hearing: Hearing
    verdicts: Mapping[str, Verdict]
    """What somebody apart from the authors thinks of a section, by its name."""
    judged_parts: Mapping[str, Sequence[SectionVerdict]]
    """The same on single questions or measures, where whoever judged did so one by one."""
    may_judge: bool

    @property
    def tally(self) -> Tally:
        return tally(self.steps, self.questions)

    def owned_by_me(self, step: WorkStep) -> bool:
        return step.owner in me().roles


def about_dpia(session: Session, dpia: Dpia) -> dict[str, Any]:
    """What the page of *dpia* shows besides its fields."""
    return {
        "work": _workspace(session, dpia, opinions(session, dpia)),
        "consultation": about_consultation(session, dpia, matrix_of(session)),
        "rights": about_rights(dpia),
        "standing": about_review(session, dpia),
        "copies": about_copies(dpia),
    }


def _workspace(session: Session, dpia: Dpia, advice: Sequence[Opinion]) -> Workspace:
    matrix = matrix_of(session)
    sources = sources_of(session, dpia)
    wanted = expected(sources)
    all_steps = steps(dpia, advice, matrix, voices=[one.voice for one in wanted])
    coming = next_step(all_steps)
    statements = _statements(dpia, sources)
    every = [statement for group in statements.values() for statement in group]
    return Workspace(
        steps=all_steps,
        next=coming,
        action=_action(dpia, coming.name) if coming else "",
        statements=statements,
        available=sum(statement.offered for statement in every),
        prefillable=len(PREFILLED),
        stale=sum(statement.stale for statement in every),
        risks=[risk_row(risk, dpia, matrix) for risk in dpia.risks],
        maps=list(heat_maps(dpia, matrix)) if dpia.risks else [],
        matrix=matrix,
        total=risk_of(dpia, matrix),
        lost_keys=unknown_keys(dpia.risks, dpia.measures),
        not_considered=[(term, _beginning(dpia, term)) for term in not_considered(dpia.risks)],
        obstacles=obstacles(dpia, matrix) if dpia.decision else (),
        changed=changed_labels(session, dpia),
        analyses=analyses_of(session, dpia.activities),
        may_register=may(me(), Permission.PROPOSE, Measure.area),
        may_adjust_matrix=may(me(), Permission.EDIT, Authority.area),
        may_decide=may_decide_on(dpia),
        questions=questionnaire(session, dpia),
        catalogues=tuple(catalogues().values()),
        flow=_flow(sources_of(session, dpia)),
        left_asks=_every_wording(),
        hearing=hearing(session, dpia, wanted),
        verdicts={chapter.step: standing for chapter, standing in standings(dpia).items()},
        judged_parts={chapter.step: rows for chapter, rows in on_parts(dpia.verdicts).items()},
        may_judge=may_evaluate(session, dpia, me()),
    )


def _flow(activities: Sequence[ProcessingActivity]) -> DrawnFlow | None:
    if not activities:
        return None
    flow = data_flow.data_flow(activities, language())
    title = data_flow.TITLE[language()]
    wide, narrow = (
        # The picture is made of numbers and escaped labels alone.
        Markup(charts.svg(flow, language(), title, width=width))  # noqa: S704
        for width in (780.0, 300.0)
    )
    columns = [column[language()] for column in data_flow.COLUMNS]
    return DrawnFlow(wide, narrow, columns, data_flow.table(flow))


def _every_wording() -> dict[str, str]:
    """What each question of any catalogue asks, in the language of the page."""
    return {
        id: question.ask[language()]
        for catalogue in catalogues().values()
        for id, question in catalogue.questions.items()
    }


def _beginning(dpia: Dpia, term: Term) -> str:
    """The page of a new risk about *term*."""
    if isinstance(term, FearedEvent):
        return url_for("dpia_risks.new", number=dpia.number, event=term.name)
    return url_for("dpia_risks.new", number=dpia.number, goal=term.name)


def _action(dpia: Dpia, step: str) -> str:
    """The page on which *step* is taken, if the person may take it."""
    if step == "decision":
        return url_for("dpia_decisions.show", number=dpia.number) if may_decide_on(dpia) else ""
    if not may_do(me(), Permission.EDIT, dpia):
        return ""
    if step != "risks":
        return url_for("entries.edit", slug=Dpia.slug, number=dpia.number, _anchor=f"part-{step}")
    unfinished = next((risk.key for risk in dpia.risks if missing(risk)), "")
    if unfinished:
        return url_for("dpia_risks.show", number=dpia.number, key=unfinished)
    return url_for("dpia_risks.new", number=dpia.number)


def _statements(dpia: Dpia, sources: Sequence[ProcessingActivity]) -> dict[str, list[Statement]]:
    origins = provenance(dpia, sources)
    specs = fields(Dpia)
    return {
        group.name: [
            Statement(name, specs[name], getattr(dpia, name), origins.get(name))
            for name in names
            if name in PREFILLED or (group.name in PROSE_STEPS and _worth_showing(dpia, name))
        ]
        for group, names in sections(Dpia).items()
    }


def _worth_showing(dpia: Dpia, name: str) -> bool:
    return fields(Dpia)[name].expected or not is_empty(getattr(dpia, name))


def risk_row(risk: DpiaRisk, dpia: Dpia, matrix: RiskMatrix) -> RiskRow:
    """*risk* with its places on *matrix*, its levels and what is set against it."""
    places = positions(risk, dpia.measures)
    levels = places.standing(matrix)
    reasons = {moment: getattr(risk, f"lower_{moment}") for moment in by_reason(risk, dpia.measures)}
    return RiskRow(
        risk,
        {moment: _placed(matrix, getattr(places, moment)) for moment in MOMENTS},
        {moment: getattr(levels, moment) for moment in MOMENTS},
        unsupported(risk, dpia.measures),
        reasons,
        fallen_back(risk, dpia.measures),
        against(risk, dpia.measures),
    )


def _placed(matrix: RiskMatrix, place: Position | None) -> Position | None:
    return matrix.placed(place) if place else None


def heat_maps(dpia: Dpia, matrix: RiskMatrix) -> Iterator[HeatMap]:
    """The risks of *dpia* before measures, with planned ones and today."""
    total = risk_of(dpia, matrix)
    for moment, title in MOMENTS.items():
        words = title[language()]
        drawn = charts.svg(heat_map(dpia, moment, matrix, language()), language(), words)
        # The picture is made of numbers and escaped labels alone.
        yield HeatMap(words, getattr(total, moment), Markup(drawn))  # noqa: S704


def changed_labels(session: Session, dpia: Dpia) -> list[str]:
    """What was changed after the decision, as the page calls it."""
    names = changes_since_decision(session, dpia)
    wordings = _every_wording()
    answered = [wordings[question] for question in answered_since_decision(session, dpia)]
    return [fields(Dpia)[name].label[language()] for name in names] + answered


@bp.app_template_global("undertaking")
def what_is_known(measure: DpiaMeasure) -> Undertaking:
    """State, owner and days of *measure*, from the register where it stands there."""
    return undertaking(measure)


@bp.app_template_global("word_differences")
def word_differences(old: str, new: str) -> list[tuple[str, str]]:
    """*old* turned into *new*: pieces of text, each kept (``=``), gone (``-``) or added (``+``)."""
    before, after = _words(old), _words(new)
    pieces: list[tuple[str, str]] = []
    for kind, start, end, begin, stop in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        gone, added = "".join(before[start:end]), "".join(after[begin:stop])
        pieces += [("=", gone)] if kind == "equal" else [("-", gone), ("+", added)]
    return [(mark, text) for mark, text in pieces if text]


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def may_decide_on(dpia: Dpia) -> bool:
    """Whether the person decides for management; the data protection officer never does."""
    return may_do(me(), Permission.RELEASE, dpia) and Role.DSB not in me().roles


# --- Taking over -----------------------------------------------------------------------------------


@bp.post("/<int:number>/take-over")
def take(number: int) -> Response:
    """Takes one statement over as it was shown, or every one that waits for an empty field."""
    with writing() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        offered = prefilled(sources_of(session, dpia))
        name = request.form.get("statement", "")
        if name == _ALL:
            wanted = [each for each in offered.values() if not getattr(dpia, each.statement).strip()]
        else:
            wanted = [offered[name]] if name in offered else []
            if not wanted or wanted[0].fingerprint != request.form.get("fingerprint"):
                raise Outdated(_SOURCE_CHANGED)
        keep = request.form.get("then") == "keep"
        for suggestion in wanted:
            own = getattr(dpia, suggestion.statement) if keep else None
            take_over(dpia, suggestion, on=today(), text=own)
            confirm(dpia, CopiedKind.STATEMENT, suggestion.statement, by=me().name)
        touch(dpia)
    if request.form.get("then") == "edit":
        return redirect(url_for("entries.edit", slug=Dpia.slug, number=number, _anchor=f"field-{name}"))
    taken = ngettext("%(num)s Angabe ist übernommen.", "%(num)s Angaben sind übernommen.", len(wanted))
    flash(taken, "success")
    return redirect(
        url_for("entries.show", slug=Dpia.slug, number=number, _anchor="step-description")
        if name == _ALL
        else url_for("entries.show", slug=Dpia.slug, number=number, _anchor=f"statement-{name}")
    )


_ALL: Final = "all"
_SOURCE_CHANGED = Text(
    "Die Quelle hat sich geändert, während Sie die Seite gelesen haben. "
    "Bitte sehen Sie sich den neuen Stand an.",
    "The source changed while you were reading the page. Please look at what it says now.",
)
