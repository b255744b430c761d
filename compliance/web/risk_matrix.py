"""How the organisation reads severity and likelihood, and the form to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.decision import risk_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import (
    GRADES,
    LEVELS,
    LIKELIHOOD_MEANING,
    SEVERITY_MEANING,
    Grade,
    RiskLevel,
)
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix, Shade
from assessments.dpia.settings import keep_matrix, matrix_of
from assessments.dpia.standing import AFTER, entered
from compliance.access import Permission, demand
from compliance.entry import State, everything
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.site import language, me, reading, writing
from exports.reports.dpia import MOMENTS
from registers.authority import Authority

bp = Blueprint("risk_matrix", __name__, url_prefix="/dpias/matrix")

_TONES: Final = {
    "good": Text("grün", "green"),
    "fair": Text("gelb", "yellow"),
    "poor": Text("orange", "orange"),
    "bad": Text("rot", "red"),
}
T = TypeVar("T", Grade, RiskLevel)


@bp.route("", methods=["GET", "POST"])
def show() -> str | Response | tuple[str, int]:
    """The matrix in force, another size of it as a proposal, or the one that was sent."""
    demand(me(), Permission.EDIT, Authority)
    with reading() as session:
        stored = matrix_of(session)
        shown = stored
        try:
            if request.method == "GET":
                return _matrix_page(stored, _asked_for(stored))
            shown = _asked_for(stored)
            chosen = DEFAULT_MATRIX if request.form.get("do") == "reset" else _sent_matrix(shown)
        except Refused as error:
            status = 422 if request.method == "POST" or request.args else 200
            return _matrix_page(stored, shown, refusal=error.text[language()]), status
        effects = list(_effects(session, stored, chosen))
        if effects and request.form.get("confirmed") != chosen.to_json():
            return _preview(stored, chosen, effects)
    with writing() as session:
        keep_matrix(session, chosen)
    flash(_("Die Risikomatrix ist gespeichert."), "success")
    return redirect(url_for(".show"))


# --- What was asked for --------------------------------------------------------------------------


def _asked_for(stored: RiskMatrix) -> RiskMatrix:
    """*stored* with the grades and levels that the address or the form names. Raises :class:`Refused`."""
    if "use-severity" not in request.values:
        return stored
    return stored.resized(_used("severity", GRADES), _used("likelihood", GRADES), _used("level", LEVELS))


def _used(name: str, known: tuple[T, ...]) -> list[T]:
    names = request.values.getlist(f"use-{name}")
    return [one for one in known if one.name in names]


def _sent_matrix(asked: RiskMatrix) -> RiskMatrix:
    """The matrix that the form describes. Raises :class:`Refused` if it is none."""
    if confirmed := request.form.get("confirmed"):
        return RiskMatrix.from_json(confirmed)
    return RiskMatrix(
        {grade: _sent_text("severity", grade) for grade in asked.severities},
        {grade: _sent_text("likelihood", grade) for grade in asked.likelihoods},
        {
            level: Shade(_sent_text("level", level), request.form.get(f"tone-{level.name}", ""))
            for level in asked.levels
        },
        tuple(
            tuple(_sent_level(severity, likelihood) for likelihood in asked.likelihoods)
            for severity in asked.severities
        ),
    )


def _sent_text(name: str, term: Grade | RiskLevel) -> Text:
    german, english = (
        request.form.get(f"{name}-{term.name}-{code}", "").strip()[:80] for code in ("de", "en")
    )
    if not (german and english):
        raise Refused(_UNNAMED)
    return Text(german, english)


def _sent_level(severity: Grade, likelihood: Grade) -> RiskLevel:
    name = request.form.get(f"cell-{severity.name}-{likelihood.name}", "")
    if name not in RiskLevel.__members__:
        raise Refused(_UNNAMED)
    return RiskLevel[name]


# --- What would change ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """What another matrix would make of one assessment."""

    dpia: Dpia
    levels: Mapping[str, tuple[str, str]]
    """The highest rating at each moment, now and then, where they differ."""
    regraded: tuple[str, ...]
    """Grades in use that would be read as another one."""


def _effects(session: Session, old: RiskMatrix, new: RiskMatrix) -> Iterator[Effect]:
    query = select(Dpia).where(Dpia.state != State.ENDED).order_by(Dpia.number)
    for dpia in session.scalars(query.options(*everything(Dpia))):
        levels = dict(_changed_levels(dpia, old, new))
        regraded = tuple(dict.fromkeys(_regraded(dpia, old, new)))
        if levels or regraded:
            yield Effect(dpia, levels, regraded)


def _changed_levels(dpia: Dpia, old: RiskMatrix, new: RiskMatrix) -> Iterator[tuple[str, tuple[str, str]]]:
    before, after = risk_of(dpia, old), risk_of(dpia, new)
    for moment in MOMENTS:
        was, becomes = getattr(before, moment), getattr(after, moment)
        if was is not becomes:
            yield moment, (old.label(was)[language()], new.label(becomes)[language()])


def _regraded(dpia: Dpia, old: RiskMatrix, new: RiskMatrix) -> Iterator[str]:
    for risk in dpia.risks:
        for place in filter(None, (entered(risk, moment) for moment in ("before", *AFTER))):
            was, becomes = old.placed(place), new.placed(place)
            for names, others, one, other in (
                (old.severities, new.severities, was.severity, becomes.severity),
                (old.likelihoods, new.likelihoods, was.likelihood, becomes.likelihood),
            ):
                if one is not other:
                    yield f"{risk.key}: {names[one][language()]} → {others[other][language()]}"


def _preview(stored: RiskMatrix, chosen: RiskMatrix, effects: list[Effect]) -> str:
    return render_template(
        "assessments/dpia/matrix_preview.html",
        matrix=stored,
        chosen=chosen,
        effects=effects,
        moments=MOMENTS,
        content=chosen.to_json(),
    )


# --- The page ------------------------------------------------------------------------------------


def _matrix_page(stored: RiskMatrix, shown: RiskMatrix, *, refusal: str = "") -> str:
    return render_template(
        "assessments/dpia/matrix.html",
        matrix=shown,
        resized=shown != stored,
        axes=(
            ("severity", _("Schwere"), GRADES, shown.severities, SEVERITY_MEANING),
            ("likelihood", _("Eintrittswahrscheinlichkeit"), GRADES, shown.likelihoods, LIKELIHOOD_MEANING),
            ("level", _("Risikoklassen"), LEVELS, shown.levels, {}),
        ),
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
