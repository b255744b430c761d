"""The portfolio of digital projects as board and as list, and what the page of one project adds."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.fundamental_rights import automated
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.gates.gate import Gate, GateKind
from assessments.gates.portfolio import ProjectStanding, standings
from compliance.access import Permission, demand, may, may_do, visible
from compliance.entry import Entry, State
from compliance.people import Unit
from compliance.web.printing import chosen_format, issuer, sent
from compliance.web.site import language, me, reading
from exports.charts import svg
from exports.reports import portfolio as report
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project, ProjectStage
from registers.themes import Theme

bp = Blueprint("portfolio", __name__, url_prefix=f"/registers/{Project.slug}")


@dataclass(frozen=True)
class View:
    """Which projects, and how they are laid out; what the address does not know is left out."""

    theme: str = ""
    stage: str = ""
    unit: str = ""
    red: bool = False
    as_list: bool = False

    @classmethod
    def from_address(cls, sent: Mapping[str, str]) -> View:
        stage = sent.get("stage", "")
        return cls(
            theme=_identity(sent.get("theme", "")),
            stage=stage if stage in ProjectStage.__members__ else "",
            unit=_identity(sent.get("unit", "")),
            red=sent.get("red") == "yes",
            as_list=sent.get("view") == "list",
        )

    def address(self, **changes: Any) -> dict[str, str]:
        """The view as the parts of an address, with *changes*."""
        wanted = vars(self) | changes
        found = {name: wanted[name] for name in ("theme", "stage", "unit") if wanted[name]}
        found |= {"red": "yes"} if wanted["red"] else {}
        return found | ({"view": "list"} if wanted["as_list"] else {})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.theme or self.stage or self.unit or self.red)


def _identity(text: str) -> str:
    try:
        return uuid.UUID(text).hex
    except ValueError:
        return ""


@dataclass(frozen=True)
class Row:
    """One theme of the board with its projects by stage."""

    title: str
    cells: Mapping[ProjectStage | None, Sequence[ProjectStanding]]
    """By stage; ``None`` for projects of which nobody said."""


@bp.get("/portfolio")
def show() -> str:
    """Themes by stages as a board, or one project below the other."""
    demand(me(), Permission.VIEW, Project)
    view = View.from_address(request.args)
    with reading() as session:
        found = _standings(session, view)
        reached = {one.project.stage for one in found}
        stages = [stage for stage in (*ProjectStage, None) if stage in reached]
        return render_template(
            "portfolio/list.html" if view.as_list else "portfolio/board.html",
            model=Project,
            view=view,
            found=found,
            stages=stages,
            rows=list(_board(found, stages)),
            chart=_chart(found),
            themes=_labels(session, Theme),
            units=_units(session),
            stage_words=[(stage.name, stage.text[language()]) for stage in ProjectStage],
            may_export=may(me(), Permission.EXPORT, Project.area),
            may_create=may(me(), Permission.CREATE, Project.area),
        )


@bp.get("/portfolio.<extension>")
def export(extension: str) -> Response:
    """The same projects as a document for the committee."""
    demand(me(), Permission.EXPORT, Project)
    chosen = chosen_format(extension)
    with reading() as session:
        found = _standings(session, View.from_address(request.args))
        return sent(report.report(found, issuer()), chosen, _("Projektportfolio"))


def _standings(session: Session, view: View) -> list[ProjectStanding]:
    """How the projects stand that the person may see and asks for, by number."""
    query: Any = select(Project).where(Project.state != State.ENDED)
    model: Any = Project
    if view.theme:
        query = query.where(model.theme_id == uuid.UUID(view.theme))
    if view.unit:
        query = query.where(model.unit_id == uuid.UUID(view.unit))
    if view.stage:
        query = query.where(Project.stage == ProjectStage[view.stage])
    query = visible(query, me(), Project).order_by(Project.number).options(*report.NEEDED)
    found = standings(session, session.scalars(query).all())
    return [one for one in found if one.red] if view.red else found


def _chart(found: Sequence[ProjectStanding]) -> Markup:
    figure = report.picture(found, language())
    return Markup(svg(figure.chart, language(), figure.alt))  # noqa: S704


def _board(found: Sequence[ProjectStanding], stages: Sequence[ProjectStage | None]) -> Iterator[Row]:
    titles = sorted({_theme(one) for one in found}, key=lambda title: (not title, title))
    for title in titles:
        mine = [one for one in found if _theme(one) == title]
        yield Row(title, {stage: [one for one in mine if one.project.stage is stage] for stage in stages})


def _theme(one: ProjectStanding) -> str:
    return one.project.theme.name if one.project.theme else ""


def _labels(session: Session, model: type[Entry]) -> list[tuple[str, str]]:
    query = select(model.id, model.name).order_by(model.number)
    return [(row.id.hex, row.name) for row in session.execute(visible(query, me(), model))]


def _units(session: Session) -> list[tuple[str, str]]:
    """The units that answer for a project."""
    mine: Any = Project
    query = select(Unit.id, Unit.key, Unit.name).where(Unit.id.in_(select(mine.unit_id)))
    rows = session.execute(query.order_by(Unit.key, Unit.name))
    return [(row.id.hex, f"{row.key} {row.name}".strip()) for row in rows]


# --- The page of one project ---------------------------------------------------------------------


def about_project(session: Session, project: Project) -> dict[str, Any]:
    """What the page of *project* shows beside its fields: its gates, and the entries of the chain."""
    standing = standings(session, [project])[0]
    return {
        "standing": standing,
        "way": _way(project, standing.next) if standing.next else None,
        "machines": _machines(session, project),
        "chain": [(model, _of_chain(session, query, model)) for model, query in _chain(project)],
        "may_begin": may(me(), Permission.CREATE, ProcessingActivity.area),
        "may_answer": may_do(me(), Permission.EDIT, project),
    }


@dataclass(frozen=True)
class Way:
    """The page on which the person takes the next step of a project."""

    address: str
    words: str


def _way(project: Project, gate: Gate) -> Way | None:
    """Where to go for *gate*; ``None`` where it is somebody else's turn."""
    if gate.turn not in me().roles:
        return None
    target = next(iter(sorted(gate.entries, key=lambda one: one.model is ProcessingActivity)), None)
    if target is None or target.model is Project:
        edited = url_for("entries.edit", slug=Project.slug, number=project.number)
        begun = url_for("entries.new", slug=ProcessingActivity.slug, project=project.number)
        asks_for_activity = gate.kind is GateKind.ACTIVITIES and project.personal_data is True
        return Way(begun, _BEGIN[gate.kind]()) if asks_for_activity else Way(edited, _("Projekt ergänzen"))
    if target.model is ProcessingActivity and gate.kind in _BEGUN_WITH:
        model, name = _BEGUN_WITH[gate.kind]
        asked: dict[str, Any] = {name: target.number}
        return Way(url_for("entries.new", slug=model.slug, **asked), _BEGIN[gate.kind]())
    shown = url_for("entries.show", slug=target.model.slug, number=target.number)
    return Way(shown, _("%(entry)s öffnen", entry=target.designation))


_BEGUN_WITH: Final[Mapping[GateKind, tuple[type[Entry], str]]] = {
    GateKind.THRESHOLD: (ThresholdAnalysis, "activity"),
    GateKind.DPIA: (Dpia, "activities"),
}
"""What a gate asks for and an activity does not have yet, and how its form is told the activity."""
_BEGIN: Final[Mapping[GateKind, Callable[[], str]]] = {
    GateKind.ACTIVITIES: lambda: _("Verarbeitungstätigkeit anlegen"),
    GateKind.THRESHOLD: lambda: _("Schwellwertanalyse beginnen"),
    GateKind.DPIA: lambda: _("DSFA beginnen"),
}


def _machines(session: Session, project: Project) -> Sequence[ProcessingActivity]:
    """The activities of *project* that use AI or decide by automated means."""
    mine: Any = ProcessingActivity
    query = select(ProcessingActivity).where(mine.project_id == project.id, mine.state != State.ENDED)
    query = visible(query.order_by(ProcessingActivity.number), me(), ProcessingActivity)
    return automated(session.scalars(query).all())


def _of_chain(session: Session, query: Any, model: type[Entry]) -> Sequence[Any]:
    return session.execute(visible(query, me(), model).order_by(model.number).limit(_MOST)).all()


_MOST: Final = 100
"""So many entries of each register are named; the list of the register holds the rest."""


def _chain(project: Project) -> Iterator[tuple[type[Entry], Any]]:
    """What follows from a project, in the order in which it is written."""
    activity: Any = ProcessingActivity
    analysis: Any = ThresholdAnalysis
    dpia: Any = Dpia
    mine = select(activity.id).where(activity.project_id == project.id, activity.state != State.ENDED)
    used = ProcessingActivity.processors
    processors = select(Processor.id).join(used).where(activity.id.in_(mine))
    conditions: tuple[tuple[Any, Any], ...] = (
        (ProcessingActivity, activity.id.in_(mine)),
        (ThresholdAnalysis, analysis.activity_id.in_(mine)),
        (Dpia, dpia.activities.any(activity.id.in_(mine)) | (dpia.project_id == project.id)),
        (Processor, Processor.id.in_(processors)),
    )
    for model, condition in conditions:
        yield (
            model,
            select(model.number, model.name, model.state).where(condition, model.state != State.ENDED),
        )
