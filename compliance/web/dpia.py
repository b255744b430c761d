"""Impact assessments in the browser: the workspace, one page per risk, the decision, and the risk matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, ClassVar, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.dpia.dpia import (
    APPROVING,
    Dpia,
    DpiaDecision,
    WorkStep,
    changes_since_decision,
    decide,
    deviates,
    next_step,
    obstacles,
    risk_of,
    steps,
)
from assessments.dpia.prefill import (
    PREFILLED,
    Provenance,
    TakeoverState,
    prefilled,
    provenance,
    sources_of,
    take_over,
)
from assessments.dpia.risk import (
    DEFAULT_MATRIX,
    LIKELIHOOD_MEANING,
    SEVERITY_MEANING,
    DpiaMeasure,
    DpiaRisk,
    Grade,
    Position,
    RiskLevel,
    RiskMatrix,
    Standing,
    against,
    described,
    positions,
    unknown_keys,
    unsupported,
)
from assessments.dpia.settings import keep_matrix, matrix_of
from assessments.dpia.threshold import Outcome, ThresholdAnalysis, analyses_of, outcome
from compliance.access import Permission, demand, may, may_do, visible
from compliance.advice import Opinion, opinions
from compliance.database import today
from compliance.decisions import Decision
from compliance.entry import State
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import Kind, fields, is_empty, missing, sections
from compliance.language import Text
from compliance.people import Role
from compliance.web.entries import find
from compliance.web.forms import EntryForm, apply, form_class
from compliance.web.site import language, me, reading, writing
from exports import charts
from exports.reports.dpia import MOMENTS, heat_map
from registers.authority import Authority
from registers.processing import ProcessingActivity

bp = Blueprint("dpia", __name__, url_prefix="/dpias")


def _session(thing: object) -> Session:
    """The snapshot in which the page is made that shows *thing*."""
    session = object_session(thing)
    assert session is not None  # noqa: S101 -- pages show stored things only
    return session


def _saved(dpia: Dpia, step: str) -> Response:
    """Back to the workspace, at one of its steps."""
    return redirect(url_for("entries.show", slug=Dpia.slug, number=dpia.number, _anchor=f"step-{step}"))


def _touch(dpia: Dpia) -> None:
    """Whoever works on an imported assessment has looked at it."""
    if dpia.state is State.IMPORTED:
        dpia.state = State.DRAFT


# --- Workspace -----------------------------------------------------------------------------------


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
    measures: Sequence[DpiaMeasure]


@dataclass(frozen=True)
class HeatMap:
    """Where all risks lie at one moment."""

    title: str
    level: RiskLevel | None
    picture: Markup


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
    obstacles: tuple[Text, ...]
    changed: Sequence[str]
    """Labels of what was changed after the decision."""
    analyses: Sequence[ThresholdAnalysis]
    may_adjust_matrix: bool
    may_decide: bool

    def owned_by_me(self, step: WorkStep) -> bool:
        return step.owner in me().roles


@bp.app_template_global("dpia_workspace")
def workspace(dpia: Dpia, advice: Sequence[Opinion]) -> Workspace:
    """What the page of *dpia* shows, given the opinions on it."""
    session = _session(dpia)
    matrix = matrix_of(session)
    all_steps = steps(dpia, advice, matrix)
    coming = next_step(all_steps)
    statements = _statements(session, dpia)
    every = [statement for group in statements.values() for statement in group]
    return Workspace(
        steps=all_steps,
        next=coming,
        action=_action(dpia, coming.name) if coming else "",
        statements=statements,
        available=sum(statement.offered for statement in every),
        prefillable=len(PREFILLED),
        stale=sum(statement.stale for statement in every),
        risks=[_risk_row(risk, dpia, matrix) for risk in dpia.risks],
        maps=list(_maps(dpia, matrix)) if dpia.risks else [],
        matrix=matrix,
        total=risk_of(dpia, matrix),
        lost_keys=unknown_keys(dpia.risks, dpia.measures),
        obstacles=obstacles(dpia, matrix) if dpia.decision else (),
        changed=_changed(session, dpia),
        analyses=analyses_of(session, dpia.activities),
        may_adjust_matrix=may(me(), Permission.EDIT, Authority.area),
        may_decide=_may_decide(dpia),
    )


def _action(dpia: Dpia, step: str) -> str:
    """The page on which *step* is taken, if the person may take it."""
    if step == "decision":
        return url_for("dpia.decision", number=dpia.number) if _may_decide(dpia) else ""
    if not may_do(me(), Permission.EDIT, dpia):
        return ""
    if step != "risks":
        return url_for("entries.edit", slug=Dpia.slug, number=dpia.number, _anchor=f"part-{step}")
    unfinished = next((risk.key for risk in dpia.risks if missing(risk)), "")
    if unfinished:
        return url_for("dpia.risk", number=dpia.number, key=unfinished)
    return url_for("dpia.new_risk", number=dpia.number)


def _statements(session: Session, dpia: Dpia) -> dict[str, list[Statement]]:
    origins = provenance(dpia, sources_of(session, dpia))
    specs = fields(Dpia)
    return {
        group.name: [
            Statement(name, specs[name], getattr(dpia, name), origins.get(name))
            for name in names
            if name in PREFILLED or (group.name in _PROSE_STEPS and _worth_showing(dpia, name))
        ]
        for group, names in sections(Dpia).items()
    }


_PROSE_STEPS: Final = ("description", "necessity")


def _worth_showing(dpia: Dpia, name: str) -> bool:
    return fields(Dpia)[name].expected or not is_empty(getattr(dpia, name))


def _risk_row(risk: DpiaRisk, dpia: Dpia, matrix: RiskMatrix) -> RiskRow:
    places = positions(risk, dpia.measures)
    levels = places.standing(matrix)
    return RiskRow(
        risk,
        {moment: getattr(places, moment) for moment in MOMENTS},
        {moment: getattr(levels, moment) for moment in MOMENTS},
        unsupported(risk, dpia.measures),
        against(risk, dpia.measures),
    )


def _maps(dpia: Dpia, matrix: RiskMatrix) -> Iterator[HeatMap]:
    total = risk_of(dpia, matrix)
    for moment, title in MOMENTS.items():
        words = title[language()]
        drawn = charts.svg(heat_map(dpia, moment, matrix, language()), language(), words)
        # The picture is made of numbers and escaped labels alone.
        yield HeatMap(words, getattr(total, moment), Markup(drawn))  # noqa: S704


def _changed(session: Session, dpia: Dpia) -> list[str]:
    names = changes_since_decision(session, dpia)
    return [fields(Dpia)[name].label[language()] for name in names]


@bp.app_template_global("grade_index")
def grade_index(grade: Grade) -> int:
    """The place of *grade* on its axis, from the least up."""
    return tuple(Grade).index(grade)


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


# --- Taking over ---------------------------------------------------------------------------------


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
        _touch(dpia)
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


# --- One risk ------------------------------------------------------------------------------------


@bp.route("/<int:number>/risks/new", methods=["GET", "POST"])
def new_risk(number: int) -> str | Response | tuple[str, int]:
    """A risk that gets its key when it is saved."""
    return _risk(number, "")


@bp.route("/<int:number>/risks/<key>", methods=["GET", "POST"])
def risk(number: int, key: str) -> str | Response | tuple[str, int]:
    """One risk of the assessment with its three assessments."""
    return _risk(number, key)


def _risk(number: int, key: str) -> str | Response | tuple[str, int]:
    if request.method == "GET":
        with reading() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            return _risk_page(session, dpia, key)
    try:
        with writing() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            key = _save_risk(session, dpia, key)
    except (Outdated, StaleDataError):
        with reading() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            return _risk_page(session, dpia, key, outdated=True), 409
    except _Unreadable:
        with reading() as session:
            return _risk_page(session, find(session, Dpia, number, Permission.EDIT), key), 422
    flash(_("%(risk)s ist gespeichert.", risk=key), "success")
    return _after_risk(dpia, key)


class _Unreadable(Exception):
    """An answer could not be understood."""


def _save_risk(session: Session, dpia: Dpia, key: str) -> str:
    """Takes over what was sent for the risk *key*, or for a new one; returns its key."""
    version = request.form.get("version", "")
    if version != str(dpia.version):
        raise Outdated(_DPIA_CHANGED)
    found = _found(dpia, key) if key else DpiaRisk()
    form = form_class(DpiaRisk)(request.form, obj=found)
    form.validate()
    if any(question.errors for question in form):
        raise _Unreadable
    apply(form, found, session)
    if not key:
        dpia.risks.append(found)
    _touch(dpia)
    # The page was made for this version; anything newer must stop the write.
    set_committed_value(dpia, "version", int(version))
    session.flush()
    return found.key


def _found(dpia: Dpia, key: str) -> DpiaRisk:
    for each in dpia.risks:
        if each.key == key:
            return each
    raise NotFound(_NO_RISK.format(key=key))


def _after_risk(dpia: Dpia, key: str) -> Response:
    if request.form.get("do") != "next":
        return _saved(dpia, "risks")
    if request.endpoint == "dpia.new_risk":
        return redirect(url_for(".new_risk", number=dpia.number))
    following = dict(pairwise(each.key for each in dpia.risks)).get(key)
    return (
        redirect(url_for(".risk", number=dpia.number, key=following)) if following else _saved(dpia, "risks")
    )


def _risk_page(session: Session, dpia: Dpia, key: str, *, outdated: bool = False) -> str:
    stored = _found(dpia, key) if key else DpiaRisk()
    form = form_class(DpiaRisk)(request.form if request.method == "POST" else None, obj=stored)
    form.validate()
    matrix = matrix_of(session)
    keys = [each.key for each in dpia.risks]
    return render_template(
        "assessments/dpia/risk.html",
        dpia=dpia,
        key=key,
        risk=stored,
        form=form,
        matrix=matrix,
        grades=tuple(Grade),
        levels=tuple(RiskLevel),
        meanings={"severity": SEVERITY_MEANING, "likelihood": LIKELIHOOD_MEANING},
        moments=MOMENTS,
        short={moment: text[language()] for moment, text in _SHORT.items()},
        told=described(stored, language()),
        entered=_entered(form),
        measures=against(stored, dpia.measures),
        unsupported=unsupported(stored, dpia.measures),
        outdated=outdated,
        place=keys.index(key) + 1 if key else len(keys) + 1,
        keys=keys,
    )


def _entered(form: EntryForm) -> dict[str, Position | None]:
    """Where the answers of *form* put the risk, whether measures account for it or not."""
    found: dict[str, Position | None] = {}
    for moment in MOMENTS:
        severity, likelihood = (form[f"{axis}_{moment}"].data for axis in ("severity", "likelihood"))
        found[moment] = Position(severity, likelihood) if severity and likelihood else None
    return found


_SHORT: Final = {
    "before": Text("vorher", "before"),
    "planned": Text("geplant", "planned"),
    "today": Text("heute", "today"),
}
_NO_RISK = Text("Ein Risiko {key} gibt es in dieser DSFA nicht.", "There is no risk {key} in this DPIA.")
_DPIA_CHANGED = Text(
    "Die DSFA wurde inzwischen von jemand anderem geändert.",
    "The DPIA was changed by somebody else in the meantime.",
)


# --- Decision ------------------------------------------------------------------------------------


@bp.route("/<int:number>/decision", methods=["GET", "POST"])
def decision(number: int) -> str | Response | tuple[str, int]:
    """What management decides on, and for management the form to decide."""
    if request.method == "GET":
        with reading() as session:
            return _decision_page(session, find(session, Dpia, number))
    try:
        with writing() as session:
            dpia = find(session, Dpia, number)
            demand(me(), Permission.RELEASE, dpia)
            _decide(session, dpia)
    except Refused as error:
        with reading() as session:
            dpia = find(session, Dpia, number)
            return _decision_page(session, dpia, refusal=error.text[language()]), 422
    flash(_("%(entry)s: Die Entscheidung ist festgehalten.", entry=dpia.designation), "success")
    return _saved(dpia, "decision")


def _decide(session: Session, dpia: Dpia) -> None:
    """Records what the form says. Raises :class:`Refused` for missing words and what stands against it."""
    chosen = request.form.get("decision", "")
    if chosen not in DpiaDecision.__members__:
        raise Refused(_CHOOSE)
    if request.form.get("version") != str(dpia.version):
        raise Refused(_CHANGED_MEANWHILE)
    decide(
        session,
        dpia,
        DpiaDecision[chosen],
        by=me(),
        reason=request.form.get("reason", "").strip(),
        conditions=request.form.get("conditions", "").strip(),
        conditions_due=_day(request.form.get("conditions_due", "")),
        deviation_reason=request.form.get("deviation_reason", "").strip(),
        matrix=matrix_of(session),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=text)) from error


def _decision_page(session: Session, dpia: Dpia, *, refusal: str = "") -> str:
    matrix = matrix_of(session)
    advice = opinions(session, dpia)
    newest = next(iter(advice), None)
    return render_template(
        "assessments/dpia/decision.html",
        dpia=dpia,
        advice=advice,
        newest=newest,
        deviating=[each for each in DpiaDecision if deviates(each, newest.verdict if newest else None)],
        steps=[step for step in steps(dpia, advice, matrix) if step.name != "decision"],
        risks=[_risk_row(each, dpia, matrix) for each in dpia.risks],
        total=risk_of(dpia, matrix),
        matrix=matrix,
        moments=MOMENTS,
        hurdles=obstacles(dpia, matrix) if dpia.decision else (),
        decisions=tuple(DpiaDecision),
        approving=APPROVING,
        may_decide=_may_decide(dpia),
        submitted=dpia.state in (State.REVIEW, State.RELEASED),
        changed=_changed(session, dpia),
        refusal=refusal,
        given=request.form,
    )


def _may_decide(dpia: Dpia) -> bool:
    return may_do(me(), Permission.RELEASE, dpia) and Role.DSB not in me().roles


_CHOOSE = Text("Bitte wählen Sie, was entschieden wird.", "Please choose what is decided.")
_CHANGED_MEANWHILE = Text(
    "Die DSFA wurde geändert, während Sie entschieden haben. Bitte prüfen Sie den neuen Stand.",
    "The DPIA was changed while you were deciding. Please check what it says now.",
)
_NO_DAY = Text("„{text}“ ist kein Datum.", "“{text}” is no date.")


# --- Matrix --------------------------------------------------------------------------------------

_TONES: Final = {
    "good": Text("grün", "green"),
    "fair": Text("gelb", "yellow"),
    "poor": Text("orange", "orange"),
    "bad": Text("rot", "red"),
}


@bp.route("/matrix", methods=["GET", "POST"])
def matrix() -> str | Response | tuple[str, int]:
    """How the organisation reads severity and likelihood."""
    demand(me(), Permission.EDIT, Authority)
    if request.method == "GET":
        with reading() as session:
            return _matrix_page(matrix_of(session))
    try:
        chosen = DEFAULT_MATRIX if request.form.get("do") == "reset" else _sent_matrix()
    except Refused as error:
        with reading() as session:
            return _matrix_page(matrix_of(session), refusal=error.text[language()]), 422
    with writing() as session:
        keep_matrix(session, chosen)
    flash(_("Die Risikomatrix ist gespeichert."), "success")
    return redirect(url_for(".matrix"))


def _sent_matrix() -> RiskMatrix:
    """The matrix that the form describes. Raises :class:`Refused` if it is none."""
    return RiskMatrix(
        severities=_sent_texts("severity", len(Grade)),
        likelihoods=_sent_texts("likelihood", len(Grade)),
        levels=_sent_texts("level", len(RiskLevel)),
        tones=tuple(request.form.get(f"tone-{index}", "") for index in range(len(RiskLevel))),
        table=tuple(tuple(_sent_level(row, column) for column in range(4)) for row in range(4)),
    )


def _sent_texts(name: str, count: int) -> tuple[Text, ...]:
    texts = tuple(
        Text(*(request.form.get(f"{name}-{index}-{code}", "").strip()[:80] for code in ("de", "en")))
        for index in range(count)
    )
    if not all(text.de and text.en for text in texts):
        raise Refused(_UNNAMED)
    return texts


def _sent_level(row: int, column: int) -> RiskLevel:
    name = request.form.get(f"cell-{row}-{column}", "")
    if name not in RiskLevel.__members__:
        raise Refused(_UNNAMED)
    return RiskLevel[name]


def _matrix_page(stored: RiskMatrix, *, refusal: str = "") -> str:
    return render_template(
        "assessments/dpia/matrix.html",
        matrix=stored,
        levels=tuple(RiskLevel),
        tones={name: text[language()] for name, text in _TONES.items()},
        is_default=stored == DEFAULT_MATRIX,
        refusal=refusal,
        given=request.form,
    )


_UNNAMED = Text(
    "Jede Stufe und jede Risikoklasse braucht eine Bezeichnung in beiden Sprachen, "
    "jedes Feld eine Risikoklasse.",
    "Every grade and every level needs a name in both languages, every cell a level.",
)


# --- Threshold analyses --------------------------------------------------------------------------


@bp.app_template_global("threshold_outcome")
def threshold_outcome(analysis: ThresholdAnalysis) -> Decision[Outcome]:
    """What *analysis* comes to, with every reason and every open question."""
    return outcome(analysis)


@dataclass(frozen=True)
class Assessed:
    """What the house knows about the impact of one activity."""

    analyses: Sequence[Any]
    dpias: Sequence[Any]
    may_begin: bool
    analysis: ClassVar = ThresholdAnalysis
    dpia: ClassVar = Dpia
    """What the rows are of, which carry no more than a page shows."""


@bp.app_template_global("dpias_about")
def dpias_about(activity: ProcessingActivity) -> Assessed:
    """The threshold analyses and impact assessments of *activity* that the person may see."""
    session = _session(activity)
    analyses = select(ThresholdAnalysis.number, ThresholdAnalysis.name, ThresholdAnalysis.result)
    analyses = analyses.where(
        ThresholdAnalysis.activity.has(ProcessingActivity.id == activity.id),
        ThresholdAnalysis.state != State.ENDED,
    )
    dpias = select(Dpia.number, Dpia.name, Dpia.state, Dpia.decision)
    dpias = dpias.where(Dpia.activities.any(ProcessingActivity.id == activity.id), Dpia.state != State.ENDED)
    return Assessed(
        session.execute(visible(analyses, me(), ThresholdAnalysis).order_by(ThresholdAnalysis.number)).all(),
        session.execute(visible(dpias, me(), Dpia).order_by(Dpia.number)).all(),
        may(me(), Permission.CREATE, Dpia.area),
    )
