"""Everything the application needs around its pages: who asks, in which language, under which rules."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, Response, g, render_template, request, url_for
from flask_babel import Babel, get_translations
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from assessments.dpia.dpia import Dpia
from assessments.dpia.prescan import PreScan
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.grundschutz.audits import Audit
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.risk_analysis import RiskAnalysis
from compliance.access import Permission, may
from compliance.advice import Verdict
from compliance.attachments import LARGEST
from compliance.comments import CHANGEABLE, LONGEST
from compliance.database import today
from compliance.entry import Area, State
from compliance.errors import Forbidden, NachweisError, NotFound, Outdated, Refused
from compliance.fields import TimeUnit, as_listed, fields, sentence, shown, worded
from compliance.filekinds import ENDINGS
from compliance.language import Text, shown_day, shown_moment, shown_number, shown_size
from compliance.web import (
    account,
    attachments,
    audits,
    bulk,
    calendars,
    catalogues,
    check_bulk,
    check_extent,
    check_interviews,
    check_parts,
    check_sources,
    check_workbook,
    comments,
    continuity,
    control_check,
    deadlines,
    described_measures,
    desk,
    deviations,
    dpia,
    dpia_consultations,
    dpia_copies,
    dpia_decisions,
    dpia_exchange,
    dpia_fundamental_rights,
    dpia_measures,
    dpia_questions,
    dpia_reviews,
    dpia_risks,
    dpia_scenarios,
    dpia_summaries,
    entries,
    evaluations,
    grundschutz,
    importing,
    incidents,
    invited,
    letters,
    measures,
    norms,
    notices,
    object_check,
    officer,
    oscal,
    own_catalogues,
    participation,
    plans,
    portfolio,
    prescan_inbox,
    prescans,
    printing,
    protection_needs,
    public,
    public_assessments,
    publishing,
    reference_papers,
    retention,
    risk_matrix,
    rounds,
    roundtrip,
    rules,
    samples,
    scenario_library,
    search,
    security_incidents,
    security_risks,
    signin,
    start,
    structure,
    successors,
    taking_in,
    thresholds,
    transfers,
    wiba,
)
from compliance.web.site import language, site
from registers.authority import Authority
from registers.breaches import Breach
from registers.incidents import SecurityIncident
from registers.measures import Measure
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.projects import Project
from registers.requests import SubjectRequest
from registers.retention import RetentionRule
from registers.rounds import UpdateRound

# KERN draws its icons from data addresses inside its style sheet.
_CSP: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

health = Blueprint("health", __name__)


@health.get("/health")
def alive() -> Response:
    """For whoever watches the service: the process answers and reaches its database."""
    with site().database.reading() as session:
        session.connection()
    return Response("ok", mimetype="text/plain")


def attach(app: Flask) -> None:
    """Gives *app* its pages and everything around them."""
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024 * 1024, MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024, MAX_FORM_PARTS=20_000
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    Babel(app, default_locale="de", default_translation_directories="translations", locale_selector=language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: _translations(language()).ugettext(words),
        lambda one, many, count: _translations(language()).ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _said
    app.before_request(signin.identify)
    app.before_request(signin.protect_forms)
    app.after_request(_secure)
    app.register_error_handler(NachweisError, _explain)
    app.register_error_handler(HTTPException, _explain_http)
    app.context_processor(_words)
    for blueprint in (
        health,
        signin.bp,
        start.bp,
        search.bp,
        account.bp,
        deviations.bp,
        calendars.bp,
        rounds.bp,
        attachments.bp,
        comments.bp,
        rules.bp,
        deadlines.bp,
        printing.bp,
        importing.bp,
        roundtrip.bp,
        bulk.bp,
        grundschutz.bp,
        check_bulk.bp,
        check_interviews.bp,
        check_parts.bp,
        check_sources.bp,
        check_workbook.bp,
        security_risks.bp,
        continuity.bp,
        catalogues.bp,
        control_check.bp,
        successors.bp,
        check_extent.bp,
        wiba.bp,
        protection_needs.bp,
        structure.bp,
        taking_in.bp,
        reference_papers.bp,
        audits.bp,
        plans.bp,
        described_measures.bp,
        dpia.bp,
        dpia_risks.bp,
        dpia_consultations.bp,
        dpia_decisions.bp,
        dpia_questions.bp,
        dpia_reviews.bp,
        participation.bp,
        invited.bp,
        evaluations.bp,
        dpia_measures.bp,
        dpia_fundamental_rights.bp,
        dpia_exchange.bp,
        dpia_copies.bp,
        dpia_scenarios.bp,
        scenario_library.bp,
        risk_matrix.bp,
        thresholds.bp,
        samples.bp,
        norms.bp,
        retention.bp,
        measures.bp,
        officer.bp,
        oscal.bp,
        own_catalogues.bp,
        portfolio.bp,
        notices.bp,
        publishing.bp,
        public.bp,
        public_assessments.bp,
        dpia_summaries.bp,
        transfers.bp,
        incidents.bp,
        security_incidents.bp,
        desk.bp,
        prescans.bp,
        prescan_inbox.bp,
        letters.bp,
        entries.bp,
    ):
        app.register_blueprint(blueprint)
    app.extensions[entries.MORE] = {
        Dpia: dpia.about_dpia,
        RiskScenario: scenario_library.about_scenario,
        PreScan: prescan_inbox.about_prescan,
        InformationDomain: grundschutz.about_domain,
        RiskAnalysis: security_risks.about_analysis,
        Audit: audits.about_audit,
        TargetObject: object_check.about_object,
        ProcessingActivity: samples.about_activity,
        Project: portfolio.about_project,
        UpdateRound: rounds.about_round,
        RetentionRule: retention.about_rule,
        Measure: measures.about_measure,
        Authority: officer.about_authority,
        Breach: security_incidents.about_breach_and_incident,
        SecurityIncident: security_incidents.about_incident,
        SubjectRequest: incidents.about_request,
    }
    app.extensions[entries.UNASKED] = {TargetObject: protection_needs.unasked}
    app.extensions[entries.ALSO] = {ThresholdAnalysis: thresholds.confirm_with_form}


def _secure(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _CSP
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if site().settings.https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" and not public.may_be_kept(response):
        headers["Cache-Control"] = "no-store"
    return response


# --- Errors --------------------------------------------------------------------------------------

_STATUS: Final[dict[type[NachweisError], int]] = {NotFound: 404, Forbidden: 403, Outdated: 409, Refused: 422}


def _explain(error: NachweisError) -> tuple[str, int]:
    status = _STATUS.get(type(error)) or next(
        (code for kind, code in _STATUS.items() if isinstance(error, kind)), 500
    )
    return render_template("errors/error.html", status=status, text=error.text[language()]), status


def _explain_http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    text = _HTTP.get(error.code, _HTTP[500])
    return render_template("errors/error.html", status=error.code, text=text[language()]), error.code


_HTTP: Final = {
    400: Text("Die Anfrage war nicht zu verstehen.", "The request could not be understood."),
    404: Text("Diese Seite gibt es nicht.", "There is no such page."),
    405: Text("So lässt sich diese Seite nicht aufrufen.", "This page cannot be used in this way."),
    413: Text(
        "Die Datei oder das Formular ist zu groß. Auf einmal werden höchstens 64 MB angenommen, "
        "je angehängte Datei höchstens 25 MB.",
        "The file or form is too large. At most 64 MB are accepted at a time, "
        "and 25 MB for each attached file.",
    ),
    429: Text("Zu viele Anfragen. Bitte warten Sie.", "Too many requests. Please wait."),
    500: Text(
        "Es ist ein Fehler aufgetreten. Ihre Eingaben wurden nicht gespeichert; "
        "bitte versuchen Sie es noch einmal.",
        "Something went wrong. Your entries were not saved; please try again.",
    ),
}


# --- What every template knows -------------------------------------------------------------------


ACTIONS: Final = {
    "create": Text("angelegt", "created"),
    "update": Text("geändert", "changed"),
    "delete": Text("gelöscht", "deleted"),
    "import": Text("importiert", "imported"),
    "library": Text("aus der Bibliothek übernommen", "taken over from the library"),
    "confirm norms": Text("Vorschriften bestätigt", "norms confirmed"),
    "link": Text("verknüpft", "linked"),
    "bulk": Text("in Sammelbearbeitung geändert", "changed in bulk"),
    "demo": Text("als Demodaten angelegt", "created as demo data"),
    "submit": Text("zur Prüfung gegeben", "submitted for review"),
    "return": Text("zurückgegeben", "returned"),
    "release": Text("freigegeben", "released"),
    "end": Text("beendet", "ended"),
    "participate": Text("zur Beteiligung geantwortet", "answered as participant"),
    "evaluate": Text("Abschnitt beurteilt", "section evaluated"),
    "decide": Text("entschieden", "decided"),
    "confirm answers": Text("Antworten bestätigt", "answers confirmed"),
    "begin review": Text("Überprüfung begonnen", "review begun"),
    "finish review": Text("Überprüfung abgeschlossen", "review finished"),
    "meet": Text("Auflage bearbeitet", "condition dealt with"),
    "deviate": Text("Abweichung festgehalten", "deviation recorded"),
    "set aside": Text("zurückgestellt", "set aside"),
    "end deviation": Text("Abweichung beendet", "deviation ended"),
    "hand over": Text("übergeben", "handed over"),
    "start": Text("begonnen", "started"),
    "confirm": Text("unverändert bestätigt", "confirmed unchanged"),
    "retire": Text("als entfallen gemeldet", "reported as no longer performed"),
    "answer": Text("in der Runde beantwortet", "answered in the round"),
    "object": Text("Einwand erhoben", "objection raised"),
    "appraise": Text("vom Archiv bewertet", "appraised by the archive"),
    "take on": Text("angenommen", "taken on"),
    "decline": Text("nicht weiterverfolgt", "not pursued"),
    "arrive": Text("eingegangen", "arrived"),
    "publish": Text("veröffentlicht", "published"),
    "draw up": Text("in den Umsetzungsplan aufgenommen", "taken into the implementation plan"),
    "take over": Text("Ergebnis einer Maßnahme übernommen", "taken over from a measure"),
    "accept": Text("Restrisiko übernommen", "residual risk accepted"),
    "withdraw": Text("Veröffentlichung beendet", "publication ended"),
}
"""What the journal calls an action, in words."""


@cache
def _has_kern() -> bool:
    """Whether the KERN UX styles were fetched; without them the project's own styles stand alone."""
    return (Path(__file__).parent.parent / "static" / "vendor" / "kern" / "kern.min.css").exists()


@cache
def _translations(_language: str) -> Any:
    """Those of the page's language, kept because a page asks for hundreds of words."""
    return get_translations()


def _said(words: str, /, **variables: Any) -> Markup:
    """*words* in the language of the page; what comes in as variables is escaped."""
    return _frame(language(), words) % variables if variables else _phrase(language(), words)


@lru_cache(maxsize=4096)
def _frame(language: str, words: str) -> Markup:
    return Markup(_translations(language).ugettext(words))  # noqa: S704 -- words of ours, not of people


@lru_cache(maxsize=4096)
def _phrase(language: str, words: str) -> Markup:
    return _frame(language, words) % {}


def _words() -> dict[str, Any]:
    return {
        "lang": language(),
        "me": g.get("identity"),
        "csrf": signin.form_token(),
        # Called by whole pages alone; a part of a page has none.
        "navigation": _navigation if "identity" in g else list,
        "today": today(),
        "show_value": lambda spec, value: shown(spec, value, language()),
        "worded": lambda spec, value: worded(spec, value, language()),
        "sentence": lambda part: sentence(part, language()),
        "number": lambda value: shown_number(value, language()),
        "day": _day,
        "kind": lambda spec: type(spec).__name__.lower(),
        "fields_of": fields,
        "as_listed": as_listed,
        "registers": site().registers,
        "time_units": TimeUnit,
        "verdicts": Verdict,
        "has_kern": _has_kern(),
        "file_size": lambda size: shown_size(size, language()),
        "largest_file": LARGEST,
        "longest_comment": LONGEST,
        "changeable_minutes": CHANGEABLE.seconds // 60,
        "file_endings": ENDINGS,
        "action_word": lambda action: ACTIONS.get(action, Text(action, action))[language()],
        "state_word": lambda name: State[name].text[language()] if name in State.__members__ else "",
    }


def _day(value: date | datetime) -> str:
    return shown_moment(value, language()) if isinstance(value, datetime) else shown_day(value, language())


_AREAS: Final = (
    (Text("Verzeichnis", "Record"), (Area.DATA_PROTECTION, Area.MEASURES, Area.RETENTION)),
    (Text("Projekte und DSFA", "Projects and DPIA"), (Area.PROJECTS,)),
    (Text("Grundschutz", "IT-Grundschutz"), (Area.SECURITY,)),
    (Text("Vorfälle und Anträge", "Incidents and requests"), (Area.INCIDENTS, Area.REQUESTS)),
    (Text("Arbeit der DSB", "Work of the DPO"), (Area.OFFICER,)),
    (Text("Verwaltung", "Administration"), (Area.AUTHORITY,)),
)


def _navigation() -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The areas the person may see, each with its registers: title, address, and whether we are there."""
    here = (request.view_args or {}).get("slug", "")
    groups = []
    for title, areas in _AREAS:
        open_areas = [area for area in areas if may(g.identity, Permission.VIEW, area)]
        models = [
            model
            for model in site().registers.values()
            if model.area in open_areas and model.slug not in g.unneeded
        ]
        if models:
            links = [
                (model.title[language()], url_for("entries.index", slug=model.slug), model.slug == here)
                for model in models
            ]
            if Area.PROJECTS in open_areas:
                address = url_for("portfolio.show")
                links.insert(0, (_PORTFOLIO[language()], address, request.path == address))
            if Area.SECURITY in open_areas:
                address = url_for("catalogues.index")
                links.append((_CATALOGUES[language()], address, request.blueprint == "catalogues"))
            groups.append((title[language()], links))
    return groups


_CATALOGUES: Final = Text("Kataloge", "Catalogues")
_PORTFOLIO: Final = Text("Portfolio der Projekte", "Portfolio of projects")
