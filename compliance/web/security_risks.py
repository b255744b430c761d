"""Risk analyses of IT-Grundschutz in the browser: candidates, threats, one risk, acceptance, the matrix."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from assessments.grundschutz import check as checking
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.modelling import load_assignment
from assessments.grundschutz.plan import TREATED
from assessments.grundschutz.risk_acceptance import Signature, accept, acceptances, residuals
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    Occasion,
    Relevance,
    RiskAnalysis,
    ThreatLine,
    Treatment,
    Verdict,
    add_own,
    begin,
    elementary,
    is_risk,
    judging,
    keep_matrix,
    proposals,
    sheet,
    sort_out,
    values_of,
)
from assessments.grundschutz.risk_candidates import candidates
from assessments.grundschutz.risk_matrix import (
    DEFAULT_MATRIX,
    FREQUENCIES,
    IMPACTS,
    TONES,
    Frequency,
    Grade,
    Impact,
    RiskCategory,
    SecurityMatrix,
    matrix_of,
)
from assessments.grundschutz.risk_standing import NOTHING_DONE, Standing, standing, standings
from compliance.access import Permission, demand, may, may_do
from compliance.entry import State
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import fields
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.forms import EntryForm, apply, form_class, offer, parsed
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading, writing
from exports.charts import svg
from exports.reports.risk_analysis import MOMENTS, figure
from registers.measures import Measure
from registers.objects import TargetObject

bp = Blueprint("security_risks", __name__)


# --- The domain ----------------------------------------------------------------------------------


@bp.get("/grundschutz/<int:number>/risks")
def overview(number: int) -> str:
    """Which objects need an analysis and why, how far each is, and what is under observation."""
    with reading() as session:
        domain: InformationDomain = find(session, InformationDomain, number)
        found = candidates(session, domain)
        done = standings(session, domain)
        may_edit = may_do(me(), Permission.EDIT, domain)
        return render_template(
            "assessments/grundschutz/risks.html",
            domain=domain,
            knows=knows_risk_analysis(domain.approach),
            candidates=found,
            standings=done,
            nothing=NOTHING_DONE,
            observed=list(_observed_in(found, done)),
            matrix=matrix_of(session),
            tones=TONES,
            occasions=tuple(Occasion),
            may_edit=may_edit and may(me(), Permission.CREATE, RiskAnalysis.area),
            may_export=may_do(me(), Permission.EXPORT, domain),
        )


def _observed_in(found: Sequence[Any], done: Mapping[uuid.UUID, Standing]) -> Iterator[tuple[Any, Any]]:
    """Each analysis with each of its observed risks, the nearest day first."""
    pairs = [
        (analysis, risk)
        for each in found
        for analysis in each.analyses
        for risk in done.get(analysis.id, NOTHING_DONE).observed
    ]
    yield from sorted(pairs, key=lambda pair: (pair[1].on is None, pair[1].on, pair[1].key))


@bp.post("/grundschutz/<int:number>/risks")
def start(number: int) -> Response:
    """Begins an analysis of an object, or of the domain as a whole."""
    with writing() as session:
        domain: InformationDomain = find(session, InformationDomain, number, Permission.EDIT)
        target = _target(domain, request.form.get("target", ""))
        names = request.form.getlist("occasion")
        occasions = [occasion for occasion in Occasion if occasion.name in names]
        analysis = begin(session, domain, target, occasions, by=me(), reason=request.form.get("reason", ""))
        session.flush()
        begun = analysis.number
    flash(_("Die Risikoanalyse ist angelegt. Ordnen Sie jetzt die Gefährdungen ein."), "success")
    return redirect(url_for(".threats", number=begun))


def _target(domain: InformationDomain, text: str) -> TargetObject | None:
    if not text:
        return None
    for target in domain.objects:
        if target.id.hex == text:
            return target
    raise NotFound(_NO_OBJECT)


@bp.get("/grundschutz/<int:number>/risks.<extension>")
def paper(number: int, extension: str) -> Response:
    """Reference document A.5 of the domain."""
    chosen = chosen_format(extension)
    with reading() as session:
        domain: InformationDomain = find(session, InformationDomain, number, Permission.EXPORT)
        return sent(printed("a5", session, entry=domain), chosen, f"{domain.designation}-A.5")


# --- The page of an analysis ---------------------------------------------------------------------


def about_analysis(session: Session, analysis: RiskAnalysis) -> dict[str, Any]:
    """What the page of *analysis* shows beside its fields: what is next, the risks, and who bears them."""
    lines = sheet(session, analysis)
    matrix = matrix_of(session)
    judged = [line.judged for line in lines if line.judged]
    given = acceptances(session, analysis)
    remaining = residuals(lines, given)
    risks = [line for line in lines if line.judged and is_risk(line.judged)]
    shown = [line.judged for line in risks if line.judged]
    return {
        "lines": lines,
        "risks": risks,
        "sorted": {word: [line for line in lines if line.relevance is word] for word in (*Relevance, None)},
        "standing": standing(
            judged, {each.threat.id: each.acceptance for each in remaining if each.acceptance}
        ),
        "remaining": remaining,
        "given": given,
        "matrix": matrix,
        "tones": TONES,
        "maps": _maps(shown, matrix),
        "address_of": address_of,
        "may_accept": may_do(me(), Permission.RELEASE, analysis),
    }


def _maps(risks: Sequence[AnalysedThreat], matrix: SecurityMatrix) -> list[tuple[str, Markup]]:
    drawn = []
    for moment in MOMENTS if risks else ():
        picture = figure(risks, moment, matrix, language())
        drawn.append((picture.caption, Markup(svg(picture.chart, language(), picture.alt))))  # noqa: S704
    return drawn


def address_of(key: str) -> str:
    """A threat as a word of an address, read again by :func:`_key`."""
    return key.replace(" ", "")


def _key(word: str) -> str:
    return word.replace("G0.", "G 0.")


def _analysis(session: Session, number: int, permission: Permission = Permission.VIEW) -> RiskAnalysis:
    found: RiskAnalysis = find(session, RiskAnalysis, number, permission)
    return found


# --- Which threats are relevant ------------------------------------------------------------------


@bp.get("/risk-analyses/<int:number>/threats")
def threats(number: int) -> str:
    """All threats with their origin, to be sorted out, or to be read."""
    with reading() as session:
        return _threats_page(session, _analysis(session, number))


def _threats_page(session: Session, analysis: RiskAnalysis, refusal: str = "") -> str:
    lines = sheet(session, analysis)
    return render_template(
        "assessments/grundschutz/threats.html",
        analysis=analysis,
        lines=lines,
        proposed=proposals(lines),
        relevances=tuple(Relevance),
        address_of=address_of,
        refusal=refusal,
        given=request.form,
        may_edit=may_do(me(), Permission.EDIT, analysis),
    )


@bp.post("/risk-analyses/<int:number>/threats")
def sort(number: int) -> Response | tuple[str, int]:
    """Stores which threats are relevant; those left open can be left out together, for a reason."""
    try:
        with writing() as session:
            analysis = _analysis(session, number, Permission.EDIT)
            changed = sort_out(session, analysis, _verdicts(sheet(session, analysis)), by=me())
    except Refused as error:
        with reading() as session:
            analysis = _analysis(session, number, Permission.EDIT)
            return _threats_page(session, analysis, error.text[language()]), 422
    flash(
        ngettext(
            "%(num)s Gefährdung ist eingeordnet.", "%(num)s Gefährdungen sind eingeordnet.", len(changed)
        ),
        "success",
    )
    return redirect(url_for("entries.show", slug=RiskAnalysis.slug, number=number))


def _verdicts(lines: Sequence[ThreatLine]) -> dict[str, Verdict]:
    rest = Relevance.__members__.get(request.form.get("rest", ""))
    rest_reason = request.form.get("rest-reason", "").strip()
    if rest is not None and not rest_reason:
        raise Refused(_NO_REASON)
    found = {}
    for line in lines:
        word = address_of(line.key)
        if f"relevance-{word}" not in request.form:
            continue
        relevance = Relevance.__members__.get(request.form[f"relevance-{word}"])
        reason = request.form.get(f"reason-{word}", "")
        if relevance is None and rest is not None:
            relevance, reason = rest, reason or rest_reason
        found[line.key] = Verdict(relevance, reason)
    return found


@bp.post("/risk-analyses/<int:number>/threats/own")
def own(number: int) -> Response:
    """Adds a threat that the Kompendium does not know."""
    with writing() as session:
        threat = add_own(
            session, _analysis(session, number, Permission.EDIT), request.form.get("title", ""), by=me()
        )
        session.flush()
        key = threat.key
    return redirect(url_for(".risk", number=number, word=address_of(key)))


# --- One risk ------------------------------------------------------------------------------------


class _Unreadable(Exception):
    """An answer could not be understood, or the page only looks for measures."""


@bp.route("/risk-analyses/<int:number>/threats/<word>", methods=["GET", "POST"])
def risk(number: int, word: str) -> str | Response | tuple[str, int]:
    """One threat: what it means, how much it weighs, what is done, and what remains."""
    key = _key(word)
    if request.method == "GET":
        with reading() as session:
            return _risk_page(session, _analysis(session, number), key)
    if request.form.get("do", "").startswith("search:"):
        with reading() as session:
            return _risk_page(session, _analysis(session, number, Permission.EDIT), key)
    try:
        with writing() as session:
            following = _save_risk(session, _analysis(session, number, Permission.EDIT), key)
    except (Outdated, StaleDataError, IntegrityError):
        with reading() as session:
            analysis = _analysis(session, number, Permission.EDIT)
            return _risk_page(session, analysis, key, outdated=True), 409
    except _Unreadable:
        with reading() as session:
            return _risk_page(session, _analysis(session, number, Permission.EDIT), key), 422
    flash(_("%(risk)s ist gespeichert.", risk=key), "success")
    if request.form.get("do") == "next" and following:
        return redirect(url_for(".risk", number=number, word=address_of(following)))
    return redirect(url_for("entries.show", slug=RiskAnalysis.slug, number=number, _anchor="risks"))


def _save_risk(session: Session, analysis: RiskAnalysis, key: str) -> str:
    """Takes over what was sent; returns the key of the next risk, if there is one."""
    form = form_class(AnalysedThreat)(request.form)
    form.validate()
    if any(question.errors for question in form):
        raise _Unreadable
    text = request.form.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    with judging(session, analysis, key, by=me(), version=version) as threat:
        apply(form, threat, session)
    session.flush()
    keys = [line.key for line in sheet(session, analysis) if line.judged and is_risk(line.judged)]
    behind = keys[keys.index(key) + 1 :] if key in keys else []
    return next(iter(behind), "")


def _risk_page(session: Session, analysis: RiskAnalysis, key: str, *, outdated: bool = False) -> str:
    lines = sheet(session, analysis)
    line = next((each for each in lines if each.key == key), None)
    if line is None:
        raise NotFound(_NO_THREAT.format(threat=key))
    stored = line.judged or AnalysedThreat(key=key, affected=values_of(elementary()[key]))
    form = form_class(AnalysedThreat)(request.form if request.method == "POST" else None, obj=stored)
    form.validate()
    offer(form, session, searched=request.form)
    matrix = matrix_of(session)
    return render_template(
        "assessments/grundschutz/risk.html",
        analysis=analysis,
        line=line,
        threat=stored,
        form=form,
        matrix=matrix,
        tones=TONES,
        impacts=IMPACTS,
        frequencies=FREQUENCIES,
        places=_places(form),
        rated=_rated(form, matrix),
        others=[each.key for each in lines if each.judged and is_risk(each.judged)],
        address_of=address_of,
        outdated=outdated,
        specs=fields(AnalysedThreat),
        may_edit=may_do(me(), Permission.EDIT, analysis),
        may_plan=_may_plan(analysis, stored),
    )


def _may_plan(analysis: RiskAnalysis, threat: AnalysedThreat) -> bool:
    """Whether the plan of the domain can draw a measure up for *threat*, which has none."""
    if analysis.domain is None or threat.treatment not in TREATED or threat.measures:
        return False
    return may_do(me(), Permission.EDIT, analysis.domain) and may(me(), Permission.CREATE, Measure.area)


def _places(form: EntryForm) -> dict[str, tuple[Any, Any]]:
    """In which cell the answers of *form* put the risk before and after treatment."""
    before = form["frequency"].data, form["impact"].data
    after = form["frequency_after"].data, form["impact_after"].data
    return {"before": before, "after": before if form["treatment"].data is Treatment.ACCEPT else after}


def _rated(form: EntryForm, matrix: SecurityMatrix) -> dict[str, RiskCategory | None]:
    return {moment: matrix.category(*place) for moment, place in _places(form).items()}


@bp.post("/risk-analyses/<int:number>/threats/<word>/adopt")
def adopt(number: int, word: str) -> Response:
    """Takes a requirement for increased protection needs against this threat into the check."""
    with writing() as session:
        analysis = _analysis(session, number, Permission.EDIT)
        line = next((each for each in sheet(session, analysis) if each.key == _key(word)), None)
        wanted = request.form.get("requirement", "")
        for each in line.against if line else ():
            if each.requirement.id == wanted and each.is_adoptable:
                assignment = load_assignment(session, each.assignment_id)
                checking.adopt(session, assignment, wanted, adopted=True, by=me())
                break
        else:
            raise NotFound(_NO_REQUIREMENT.format(requirement=wanted))
    flash(_("%(requirement)s wird jetzt im IT-Grundschutz-Check geprüft.", requirement=wanted), "success")
    return redirect(url_for(".risk", number=number, word=word, _anchor="against"))


# --- Acceptance ----------------------------------------------------------------------------------


@bp.route("/risk-analyses/<int:number>/acceptance", methods=["GET", "POST"])
def acceptance(number: int) -> str | Response | tuple[str, int]:
    """The residual risks, put to management."""
    if request.method == "GET":
        with reading() as session:
            return _acceptance_page(session, _analysis(session, number))
    try:
        with writing() as session:
            analysis = _analysis(session, number)
            accepted = accept(session, analysis, _chosen(), _signature(), by=me())
    except Refused as error:
        with reading() as session:
            return _acceptance_page(session, _analysis(session, number), error.text[language()]), 422
    flash(
        ngettext("%(num)s Restrisiko ist übernommen.", "%(num)s Restrisiken sind übernommen.", len(accepted)),
        "success",
    )
    return redirect(url_for(".acceptance", number=number))


def _chosen() -> dict[str, int]:
    """The versions of the risks that are ticked, as the page showed them."""
    found = {}
    for text in request.form.getlist("risk"):
        word, _colon, version = text.partition(":")
        found[_key(word)] = int(version) if version.isdecimal() and len(version) < 10 else 0
    return found


def _signature() -> Signature:
    try:
        until = parsed(fields(AnalysedThreat)["observe_next"], [request.form.get("until", "")])
    except ValueError as error:
        raise Refused(Text(str(error), str(error))) from error
    return Signature(request.form.get("statement", ""), request.form.get("post", ""), until)


def _acceptance_page(session: Session, analysis: RiskAnalysis, refusal: str = "") -> str:
    lines = sheet(session, analysis)
    given = acceptances(session, analysis)
    return render_template(
        "assessments/grundschutz/acceptance.html",
        analysis=analysis,
        remaining=residuals(lines, given),
        acceptances=given,
        matrix=matrix_of(session),
        tones=TONES,
        refusal=refusal,
        given=request.form,
        address_of=address_of,
        may_accept=may_do(me(), Permission.RELEASE, analysis),
        is_submitted=analysis.state in (State.REVIEW, State.RELEASED),
    )


# --- The matrix ----------------------------------------------------------------------------------


@bp.route("/risk-analyses/matrix", methods=["GET", "POST"])
def matrix() -> str | Response | tuple[str, int]:
    """How the organisation rates risks, and the form to change it."""
    demand(me(), Permission.VIEW, RiskAnalysis)
    if request.method == "POST":
        demand(me(), Permission.EDIT, RiskAnalysis)
        try:
            chosen = DEFAULT_MATRIX if request.form.get("do") == "reset" else _sent_matrix()
            with writing() as session:
                changed = keep_matrix(session, chosen)
        except Refused as error:
            with reading() as session:
                return _matrix_page(session, error.text[language()]), 422
        flash(_("Die Risikomatrix ist gespeichert."), "success")
        if changed:
            flash(
                ngettext(
                    "%(num)s Risiko ist neu eingestuft; ein übernommenes legen Sie der Leitung erneut vor.",
                    "%(num)s Risiken sind neu eingestuft; übernommene legen Sie der Leitung erneut vor.",
                    changed,
                ),
                "warning",
            )
        return redirect(url_for(".matrix"))
    with reading() as session:
        return _matrix_page(session)


def _matrix_page(session: Session, refusal: str = "") -> str:
    stored = matrix_of(session)
    count = len(session.scalars(select(AnalysedThreat.id).where(AnalysedThreat.category.is_not(None))).all())
    return render_template(
        "assessments/grundschutz/risk_matrix.html",
        matrix=stored,
        scales=(
            ("frequency", _("Eintrittshäufigkeit"), stored.frequencies),
            ("impact", _("Schadenshöhe"), stored.impacts),
            ("category", _("Risikokategorie"), stored.categories),
        ),
        frequencies=FREQUENCIES,
        impacts=IMPACTS,
        categories=tuple(RiskCategory),
        tones=TONES,
        is_default=stored == DEFAULT_MATRIX,
        rated=count,
        refusal=refusal,
        given=request.form,
        may_edit=may(me(), Permission.EDIT, RiskAnalysis.area),
    )


def _sent_matrix() -> SecurityMatrix:
    """The matrix that the form describes. Raises :class:`Refused` if it is none."""
    return SecurityMatrix(
        {term: _grade("frequency", term) for term in Frequency},
        {term: _grade("impact", term) for term in Impact},
        {term: _grade("category", term) for term in RiskCategory},
        tuple(
            tuple(_sent_category(f"cell-{impact.name}-{frequency.name}") for frequency in FREQUENCIES)
            for impact in IMPACTS
        ),
        _sent_category("accepted-from"),
    )


def _grade(scale: str, term: Frequency | Impact | RiskCategory) -> Grade:
    words = {
        part: " ".join(request.form.get(f"{scale}-{term.name}-{part}", "").split())[: _LENGTHS[part[:4]]]
        for part in ("name-de", "name-en", "mean-de", "mean-en")
    }
    return Grade(Text(words["name-de"], words["name-en"]), Text(words["mean-de"], words["mean-en"]))


_LENGTHS: Final = {"name": 80, "mean": 300}


def _sent_category(name: str) -> RiskCategory:
    with suppress(KeyError):
        return RiskCategory[request.form.get(name, "")]
    raise Refused(_NO_CATEGORY)


_NO_OBJECT: Final = Text("Dieses Zielobjekt gibt es hier nicht.", "There is no such target object here.")
_NO_THREAT: Final = Text("Eine Gefährdung {threat} gibt es hier nicht.", "There is no threat {threat} here.")
_NO_REQUIREMENT: Final = Text(
    "Die Anforderung {requirement} lässt sich hier nicht übernehmen.",
    "The requirement {requirement} cannot be adopted here.",
)
_NO_REASON: Final = Text(
    "Begründen Sie, warum die übrigen Gefährdungen nicht weiter betrachtet werden.",
    "Say why the other threats are left out.",
)
_NO_CATEGORY: Final = Text(
    "Jedes Feld der Matrix braucht eine Risikokategorie.", "Each cell of the matrix needs a category."
)
