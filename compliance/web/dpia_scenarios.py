"""A risk of an assessment from a scenario, and a scenario of the library from a finished risk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import sources_of
from assessments.dpia.risk import FearedEvent, ProtectionGoal
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.scenario_fit import Fit, fits
from assessments.dpia.scenarios import Scenario, made_from, offered, scenario_called, take_in
from assessments.dpia.settings import matrix_of
from compliance.access import Permission, demand, may
from compliance.database import folded, today
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import missing
from compliance.language import Text
from compliance.web.dpia_changes import changing
from compliance.web.entries import find
from compliance.web.site import language, me, reading, writing

bp = Blueprint("dpia_scenarios", __name__, url_prefix="/dpias/<int:number>/scenarios")


@bp.get("")
def choose(number: int) -> str:
    """Every scenario, those that fit first, each with the reasons why."""
    sought = request.args.get("q", "").strip()
    event = FearedEvent.__members__.get(request.args.get("event", ""))
    goal = ProtectionGoal.__members__.get(request.args.get("goal", ""))
    with reading() as session:
        dpia = find(session, Dpia, number, Permission.EDIT)
        found = fits(dpia, sources_of(session, dpia), offered(session, me()))
        found = [
            fit
            for fit in found
            if _speaks_of(fit.scenario, sought)
            and (event is None or fit.scenario.feared_event is event)
            and (goal is None or goal in fit.scenario.goals)
        ]
        return render_template(
            "assessments/dpia/scenarios.html",
            dpia=dpia,
            sought=sought,
            about=event or goal,
            proposed=[fit for fit in found if fit.is_proposed],
            others=[fit for fit in found if not fit.is_proposed],
            library=RiskScenario,
            may_keep=may(me(), Permission.VIEW, RiskScenario.area),
        )


def _speaks_of(scenario: Scenario, sought: str) -> bool:
    texts = (scenario.title, scenario.event, scenario.threat)
    said = folded(" ".join([scenario.key, *(text[language()] for text in (*scenario.keywords, *texts))]))
    return all(word in said for word in folded(sought).split())


@bp.route("/<key>", methods=["GET", "POST"])
def show(number: int, key: str) -> str | Response:
    """One scenario in full; makes a risk of it, with the chosen measures set against it."""
    if request.method == "GET":
        with reading() as session:
            dpia = find(session, Dpia, number, Permission.EDIT)
            return _page(session, dpia, _fit_called(session, dpia, key))
    with changing(number) as (session, dpia):
        scenario = scenario_called(key, offered(session, me()))
        if request.form.get("wording") != scenario.version:
            raise Outdated(_REWORDED)
        chosen = request.form.getlist("measures")
        remedies = [one for at, one in enumerate(scenario.remedies) if str(at) in chosen]
        risk = take_in(dpia, scenario, remedies, on=today())
        session.flush()
        made = risk.key
    flash(_("%(risk)s ist angelegt. Bitte passen Sie es an dieses Vorhaben an.", risk=made), "success")
    return redirect(url_for("dpia_risks.show", number=number, key=made))


def _fit_called(session: Session, dpia: Dpia, key: str) -> Fit:
    scenario = scenario_called(key, offered(session, me()))
    return next(iter(fits(dpia, sources_of(session, dpia), [scenario])))


def _page(session: Session, dpia: Dpia, fit: Fit) -> str:
    return render_template(
        "assessments/dpia/scenario.html",
        dpia=dpia,
        fit=fit,
        scenario=fit.scenario,
        matrix=matrix_of(session),
    )


@bp.post("/from/<risk>")
def keep(number: int, risk: str) -> Response:
    """Puts a finished risk into the library, to be freed of what is particular to the project."""
    demand(me(), Permission.CREATE, RiskScenario)
    with writing() as session:
        dpia: Dpia = find(session, Dpia, number)
        found = next((each for each in dpia.risks if each.key == risk), None)
        if found is None:
            raise NotFound(_NO_RISK.format(key=risk[:20]))
        if missing(found):
            raise Refused(_UNFINISHED)
        scenario = made_from(dpia, found)
        session.add(scenario)
        session.flush()
        demand(me(), Permission.EDIT, scenario)
        made = scenario.number
    flash(
        _("Das Szenario steht in der Bibliothek. Prüfen Sie, was nur hier gilt."),
        "success",
    )
    return redirect(url_for("entries.edit", slug=RiskScenario.slug, number=made))


_REWORDED = Text(
    "Das Szenario wurde inzwischen geändert. Bitte sehen Sie sich die neue Fassung an.",
    "The scenario was changed in the meantime. Please look at the new version.",
)
_NO_RISK = Text("Ein Risiko {key} gibt es in dieser DSFA nicht.", "There is no risk {key} in this DPIA.")
_UNFINISHED = Text(
    "In die Bibliothek kommt ein Risiko, wenn es fertig beschrieben und eingeschätzt ist.",
    "A risk enters the library once it is fully described and assessed.",
)
