"""How the organisation reads severity and likelihood, and the form to change it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments.dpia.risk import (
    DEFAULT_MATRIX,
    Grade,
    RiskLevel,
    RiskMatrix,
)
from assessments.dpia.settings import keep_matrix, matrix_of
from compliance.access import Permission, demand
from compliance.errors import Refused
from compliance.language import Text
from compliance.web.site import language, me, reading, writing
from registers.authority import Authority

bp = Blueprint("risk_matrix", __name__, url_prefix="/dpias/matrix")


_TONES: Final = {
    "good": Text("grün", "green"),
    "fair": Text("gelb", "yellow"),
    "poor": Text("orange", "orange"),
    "bad": Text("rot", "red"),
}


@bp.route("", methods=["GET", "POST"])
def show() -> str | Response | tuple[str, int]:
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
    return redirect(url_for(".show"))


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
