"""Measures of an impact assessment: chosen from the register or IT-Grundschutz, or given to the register."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.measures import registered
from assessments.dpia.risk import DpiaMeasure
from assessments.grundschutz.claimed import measure_for, requirements_like
from assessments.grundschutz.kompendium import edition_2023
from compliance.access import Permission, demand, may, may_do, visible
from compliance.database import folded
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import tidy, tidy_line
from compliance.language import Text
from compliance.web.dpia import back_to
from compliance.web.dpia_changes import changing
from compliance.web.entries import find
from compliance.web.site import language, me, reading
from registers.measures import Measure, Progress

bp = Blueprint("dpia_measures", __name__, url_prefix="/dpias/<int:number>/measures")

_OFFERED = 20


@bp.get("/add")
def choose(number: int) -> str:
    """What the register and IT-Grundschutz offer against the risks of the assessment."""
    with reading() as session:
        return _page(session, find(session, Dpia, number, Permission.EDIT))


@bp.post("/add")
def add(number: int) -> Response | tuple[str, int]:
    """Sets a measure of the register, or one that stands for a requirement, against risks."""
    try:
        with changing(number) as (session, dpia):
            measure = _chosen(session)
            _assign(dpia, measure, request.form.getlist("risks"))
            _propose(session, dpia, measure)
    except Outdated:
        raise
    except Refused as error:
        flash(error.text[language()], "danger")
        with reading() as session:
            return _page(session, find(session, Dpia, number, Permission.EDIT)), 422
    flash(_("%(measure)s ist zugeordnet.", measure=measure), "success")
    if request.form.get("do") == "next":
        return redirect(url_for(".choose", number=number))
    return back_to(dpia, "measures")


@bp.post("/<key>/register")
def register(number: int, key: str) -> Response:
    """Makes a measure of the register of one that was typed in; the assessment refers to it from then on."""
    demand(me(), Permission.PROPOSE, Measure)
    with changing(number) as (session, dpia):
        typed = next((each for each in dpia.measures if each.key == key), None)
        if typed is None:
            raise NotFound(_NO_MEASURE.format(key=key))
        if typed.measure is None:
            typed.measure = registered(typed)
            session.add(typed.measure)
        _propose(session, dpia, typed.measure)
        kept, name = may_do(me(), Permission.CREATE, typed.measure), typed.measure.designation
    said = (
        _("%(measure)s steht jetzt im Register der Maßnahmen.", measure=name)
        if kept
        else _(
            "%(measure)s steht als Entwurf im Register der Maßnahmen. Die Beauftragten für Datenschutz und "
            "Informationssicherheit ergänzen Art und Ziele und halten fest, wann sie umgesetzt ist.",
            measure=name,
        )
    )
    flash(said, "success")
    return back_to(dpia, "measures")


def _propose(session: Session, dpia: Dpia, measure: Measure) -> None:
    """Saves; a measure that is new belongs to the unit of the assessment, so that its role must cover it."""
    if measure in session.new:
        measure.unit = dpia.unit
        session.flush()
        demand(me(), Permission.PROPOSE, measure)
    session.flush()


def _chosen(session: Session) -> Measure:
    """The measure that was chosen or typed in, or one for the requirement that was chosen."""
    if request.form.get("do") == "new":
        demand(me(), Permission.PROPOSE, Measure)
        typed = _typed()
        session.add(typed)
        return typed
    if requirement_id := request.form.get("requirement", ""):
        try:
            requirement = edition_2023().requirement(requirement_id)
        except KeyError as error:
            raise NotFound(_NO_REQUIREMENT.format(id=requirement_id)) from error
        demand(me(), Permission.PROPOSE, Measure)
        return measure_for(session, requirement)
    try:
        wanted = uuid.UUID(request.form.get("measure", ""))
    except ValueError as error:
        raise Refused(_CHOOSE) from error
    query = visible(select(Measure).where(Measure.id == wanted, _OWN), me(), Measure)
    found: Measure | None = session.scalar(query)
    if found is None:
        raise Refused(_CHOOSE)
    return found


def _typed() -> Measure:
    """A draft for the register. Raises :class:`Refused` where it is called nothing, or a day is none."""
    said = request.form.get
    name, until = tidy_line(said("name", ""))[:_LONGEST], said("planned_until", "").strip()
    if not name:
        raise Refused(_NO_NAME)
    try:
        due = date.fromisoformat(until) if until else None
    except ValueError as error:
        raise Refused(_NO_DAY.format(text=until)) from error
    return Measure(
        name=name,
        description=tidy(said("description", "")),
        responsible=tidy_line(said("responsible", ""))[:_LONGEST],
        planned_until=due,
        progress=Progress.__members__.get(said("progress", ""), Progress.PLANNED),
    )


_LONGEST: Final = 200
_OWN = Measure.library.is_not(True)


def _assign(dpia: Dpia, measure: Measure, keys: list[str]) -> None:
    """Sets *measure* against the risks with *keys*. Raises :class:`Refused` without a risk."""
    wanted = [risk.key for risk in dpia.risks if risk.key in keys]
    if not wanted:
        raise Refused(_NO_RISK)
    for known in dpia.measures:
        if known.measure is measure:
            known.risks = ", ".join(
                risk.key for risk in dpia.risks if risk.key in wanted or risk.key in known.risks.split(", ")
            )
            return
    dpia.measures.append(DpiaMeasure(title=measure.name, measure=measure, risks=", ".join(wanted)))


def _page(session: Session, dpia: Dpia) -> str:
    sought = request.values.get("q", "")
    query = visible(select(Measure).where(_OWN), me(), Measure).order_by(Measure.sort_key).limit(_OFFERED)
    if sought.strip():
        query = query.where(Measure.search.contains(folded(sought), autoescape=True))
    return render_template(
        "assessments/dpia/measure.html",
        dpia=dpia,
        sought=sought,
        chosen=request.values.getlist("risks"),
        found=session.scalars(query).all(),
        requirements=requirements_like(sought),
        given=request.form,
        progresses=tuple(Progress),
        may_propose=may(me(), Permission.PROPOSE, Measure.area),
    )


_CHOOSE = Text("Bitte wählen Sie eine Maßnahme des Registers.", "Please choose a measure of the register.")
_NO_RISK = Text(
    "Bitte wählen Sie mindestens ein Risiko, gegen das die Maßnahme wirkt.",
    "Please choose at least one risk that the measure works against.",
)
_NO_NAME = Text("Bitte geben Sie der Maßnahme eine Bezeichnung.", "Please give the measure a name.")
_NO_DAY = Text("„{text}“ ist kein Datum.", "“{text}” is no date.")
_NO_MEASURE = Text(
    "Eine Maßnahme {key} gibt es in dieser DSFA nicht.", "There is no measure {key} in this DPIA."
)
_NO_REQUIREMENT = Text("Die Anforderung {id} gibt es nicht.", "There is no requirement {id}.")
