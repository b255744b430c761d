"""The business impact analysis of an information domain in the browser, and as PDF or workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessments.grundschutz.continuity import (
    Impact,
    curve,
    horizons,
    impact_of,
    in_words,
    objects_of,
    proposed_mta,
    set_damages,
    steps_in_words,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.recovery import restarts
from compliance.access import Permission, may_do, visible
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.forms import EntryForm, apply, form_class
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading, writing
from exports.reports import continuity as report
from registers.continuity import Damage
from registers.objects import ObjectKind, TargetObject

bp = Blueprint("continuity", __name__, url_prefix="/grundschutz/<int:number>/continuity")

OBJECTIVES: Final = ("mta_hours", "rto_hours", "rpo_hours", "emergency_level")
"""What is settled about a process besides its damage."""
Said: TypeAlias = Mapping[int, tuple[Damage | None, str]]
"""The damage at each horizon, in hours, and why."""


def _analysis(session: Session, domain: InformationDomain) -> Impact:
    """The analysis of the target objects of *domain* that the person may see."""
    found = session.scalars(visible(objects_of(domain), me(), TargetObject)).all()
    return impact_of(domain, found, restarts(session, domain.organisation_id))


@bp.get("")
def show(number: int) -> str:
    """How damage grows, what must run again by when, and where that cannot be achieved."""
    with reading() as session:
        domain = find(session, InformationDomain, number)
        impact = _analysis(session, domain)
        return render_template(
            "continuity/show.html",
            domain=domain,
            impact=impact,
            words=lambda hours: in_words(hours, language()),
            steps=lambda restart: steps_in_words(restart, language()),
            tones=report.TONES,
            may_edit={
                one.process.id for one in impact.processes if may_do(me(), Permission.EDIT, one.process)
            },
            may_export=may_do(me(), Permission.EXPORT, domain),
        )


@bp.get("/export.<extension>")
def export(number: int, extension: str) -> Response:
    """The analysis as a document."""
    chosen = chosen_format(extension)
    with reading() as session:
        domain = find(session, InformationDomain, number, Permission.EXPORT)
        return sent(printed("bia", session, entry=domain), chosen, f"{domain.designation}-BIA")


# --- One process, as it is filled in with its department -----------------------------------------


@bp.route("/<int:process>", methods=["GET", "POST"])
def process(number: int, process: int) -> str | Response | tuple[str, int]:
    """The damage of one process at each horizon, and what follows from it.

    What cannot be stored is shown again as it was written.
    """
    if request.method == "GET":
        with reading() as session:
            domain, target = _process(session, number, process)
            return _page(domain, target, objectives(None, target), _stored(target))
    with writing() as session:
        domain, target = _process(session, number, process)
        form = objectives(request.form, target)
        form.validate()
        said = _damages(domain, request.form)
        if request.form.get("version") != str(target.version):
            return _page(domain, target, form, said, _CHANGED), 409
        if any(field.errors for field in form):
            return _page(domain, target, form, said), 422
        apply(form, target, session)
        set_damages(target, said)
        if request.form.get("do") == "propose":
            target.mta_hours = proposed_mta(curve(target))
        session.flush()
    flash(_("%(entry)s ist gespeichert.", entry=target.designation), "success")
    if request.form.get("do") == "propose":
        return redirect(url_for(".process", number=number, process=process))
    return redirect(url_for(".show", number=number))


def _process(session: Session, number: int, process: int) -> tuple[InformationDomain, TargetObject]:
    domain: InformationDomain = find(session, InformationDomain, number)
    target: TargetObject = find(session, TargetObject, process, Permission.EDIT)
    if target.kind is not ObjectKind.PROCESS or target.id not in {one.id for one in domain.objects}:
        raise NotFound(_NO_PROCESS)
    return domain, target


def objectives(sent: MultiDict[str, str] | None, target: TargetObject) -> EntryForm:
    """The questions about *target* that stand beside the damages."""
    form = form_class(TargetObject)(sent, obj=target)
    for name in [field.short_name for field in form if field.short_name not in OBJECTIVES]:
        del form[name]
    return form


def _stored(target: TargetObject) -> Said:
    return {
        row.after_hours: (row.damage, row.reason)
        for row in target.damage_over_time
        if row.after_hours is not None
    }


def _damages(domain: InformationDomain, form: Mapping[str, str]) -> Said:
    return {
        hours: (
            Damage.__members__.get(form.get(f"damage-{hours}", "")),
            form.get(f"reason-{hours}", "").strip()[:500],
        )
        for hours in horizons(domain.horizons)
    }


def _page(
    domain: InformationDomain, target: TargetObject, form: EntryForm, said: Said, problem: Text | None = None
) -> str:
    return render_template(
        "continuity/process.html",
        domain=domain,
        target=target,
        problem=problem,
        horizons=horizons(domain.horizons),
        said=said,
        damages=tuple(Damage),
        questions=list(form),
        proposal=proposed_mta(curve(target)),
        words=lambda hours: in_words(hours, language()),
    )


_NO_PROCESS = Text(
    "Diesen Geschäftsprozess gibt es im Informationsverbund nicht.",
    "The information domain has no such business process.",
)
_CHANGED = Text(
    "Jemand hat diesen Geschäftsprozess inzwischen geändert. Ihre Einschätzung steht unverändert hier; wenn "
    "Sie sie noch einmal speichern, gilt sie.",
    "Somebody has changed this business process in the meantime. Your assessment stands here unchanged; if "
    "you save it again, it holds.",
)
