"""Protection needs in the browser: of an information domain, of one object, and what activities propose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.proposed_needs import (
    PROPOSED,
    Proposal,
    Standing,
    decide,
    decision,
    proposals,
    proposed_values,
    standing,
)
from assessments.grundschutz.protection import VALUES, Rated, is_open, rated
from assessments.grundschutz.rating import Rating, as_rated, rate, ratings
from compliance.access import Permission, demand, may, may_do, visible
from compliance.entry import State
from compliance.errors import NotFound, Refused
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading, writing
from exports.reports.protection_needs import STANDINGS, by_kind, categories
from registers.need_categories import LIMITS, NeedCategory, proposed_category
from registers.objects import ObjectKind, TargetObject
from registers.processing import ProcessingActivity
from registers.protection import ProtectionNeed, Scenario

bp = Blueprint("needs", __name__, url_prefix="/protection-needs")


# --- An information domain -----------------------------------------------------------------------


@bp.get("/<int:number>")
def domain(number: int) -> str:
    """What everything in a domain needs, and where that comes from."""
    with reading() as session:
        found = _domain(session, number)
        defined = categories(session)
        everything_rated = rated(session, found.organisation_id, [one.id for one in found.objects])
        return render_template(
            "assessments/needs/domain.html",
            domain=found,
            groups=by_kind(everything_rated),
            counts=_counts(everything_rated),
            undecided=_undecided(session, everything_rated),
            circles=_circles(everything_rated),
            next_open=next(iter(_open_ones(each.target for each in everything_rated)), None),
            may_rate=may_do(me(), Permission.EDIT, found),
            categories=defined,
            limits=LIMITS,
            open_scenarios=_open_scenarios(defined),
            may_define=may(me(), Permission.CREATE, NeedCategory.area),
            may_export=may_do(me(), Permission.EXPORT, found),
        )


def _domain(session: Session, number: int, permission: Permission = Permission.VIEW) -> InformationDomain:
    """The domain with that number; the basic approach has no protection needs, so it has no such page."""
    found: InformationDomain = find(session, InformationDomain, number, permission)
    if not knows_risk_analysis(found.approach):
        raise NotFound(_BASIC)
    return found


def _counts(found: Sequence[Rated]) -> dict[ProtectionNeed | None, int]:
    """How many objects have which need, the highest first."""
    order = (ProtectionNeed.VERY_HIGH, ProtectionNeed.HIGH, ProtectionNeed.NORMAL, None)
    return {need: sum(each.overall is need for each in found) for need in order}


def _undecided(session: Session, found: Sequence[Rated]) -> list[TargetObject]:
    """Objects for which activities propose a need that nobody has decided on."""
    proposed = proposals(session, [each.target.id for each in found])
    return [
        each.target
        for each in found
        if each.target.is_in_use
        and each.target.id in proposed
        and standing(each.target, proposed[each.target.id]) is Standing.OPEN
    ]


def _circles(found: Sequence[Rated]) -> list[str]:
    return list(dict.fromkeys(filter(None, (each.target.mutual_dependencies for each in found))))


def _open_scenarios(defined: Sequence[NeedCategory]) -> list[Scenario]:
    return [scenario for scenario in Scenario if scenario not in {one.scenario for one in defined}]


@bp.get("/<int:number>/export.<extension>")
def export(number: int, extension: str) -> Response:
    """The protection needs as the paper A.2."""
    chosen = chosen_format(extension)
    with reading() as session:
        found = _domain(session, number, Permission.EXPORT)
        return sent(printed("a2", session, entry=found), chosen, f"{found.designation}-A.2")


@bp.post("/<int:number>/categories")
def define(number: int) -> Response:
    """Takes over the proposed limits for every scenario that has none yet."""
    with writing() as session:
        _domain(session, number)
        demand(me(), Permission.CREATE, NeedCategory)
        wanted = _open_scenarios(categories(session))
        session.add_all(proposed_category(scenario, language()) for scenario in wanted)
    flash(_("Die vorgeschlagenen Kategorien sind angelegt. Prüfen Sie jede, bevor die Leitung sie freigibt."))
    return redirect(url_for(".domain", number=number))


# --- One target object ---------------------------------------------------------------------------


def about_object(session: Session, target: TargetObject) -> dict[str, Any]:
    """What the page of *target* shows beside its fields; nothing where no approach knows needs."""
    if not _asks(session, target):
        return {"panels": ("protection", "needed")}
    proposed = _proposed(session, target)
    rating = decision(target)
    found = rated(session, target.organisation_id, [target.id])
    return {
        "panels": ("protection", "needed"),
        "values": VALUES,
        "rated_plainly": any(getattr(target, name) for name in VALUES.values()),
        "needs": found[0] if found else None,
        "proposals": proposed,
        "visible_activities": _visible(session, proposed),
        "proposed_values": [(value, VALUES[value]) for value in proposed_values(proposed)],
        "proposed_need": PROPOSED,
        "tried": {
            name: ProtectionNeed.__members__.get(request.args.get(name, "")) for name in VALUES.values()
        },
        "need_words": tuple(ProtectionNeed),
        "rating": rating,
        "standing": standing(target, proposed) if proposed else None,
        "standings": STANDINGS,
        "may_decide_needs": may_do(me(), Permission.EDIT, target),
    }


def unasked(session: Session, target: TargetObject) -> frozenset[str]:
    """The sections of the form that *target* is not asked, because no approach knows them."""
    return frozenset() if _asks(session, target) else frozenset({"protection"})


def _asks(session: Session, target: TargetObject) -> bool:
    """Whether any domain of *target* has a step for needs; an object in no domain yet is rated, too."""
    query = select(InformationDomain.approach).where(
        InformationDomain.objects.any(TargetObject.id == target.id), InformationDomain.state != State.ENDED
    )
    approaches = session.scalars(query).all()
    return not approaches or any(knows_risk_analysis(approach) for approach in approaches)


def _proposed(session: Session, target: TargetObject) -> tuple[Proposal, ...]:
    return proposals(session, [target.id]).get(target.id, ()) if target.is_in_use else ()


def _visible(session: Session, proposed: Sequence[Proposal]) -> frozenset[int]:
    """The numbers of the activities that the person may open; of the others only the number is said."""
    numbers = [each.number for each in proposed]
    query = select(ProcessingActivity.number).where(ProcessingActivity.number.in_(numbers))
    return frozenset(session.scalars(visible(query, me(), ProcessingActivity)))


# --- Rating one object ---------------------------------------------------------------------------


@bp.get("/objects/<int:number>")
def rating(number: int) -> str:
    """All damage scenarios of one object, each with what the categories mean under it."""
    with reading() as session:
        target = _rated_object(session, number)
        stored = {scenario: as_rated(row) for scenario, row in ratings(target).items()}
        return _rating_page(session, target, stored, request.args.get("domain", 0, type=int))


def _rated_object(session: Session, number: int) -> TargetObject:
    target: TargetObject = find(session, TargetObject, number, Permission.EDIT)
    if not _asks(session, target):
        raise NotFound(_BASIC)
    return target


def _rating_page(
    session: Session,
    target: TargetObject,
    said: Mapping[Scenario, Rating],
    domain: int,
    problem: Text | None = None,
) -> str:
    proposed = _proposed(session, target)
    return render_template(
        "assessments/needs/rating.html",
        entry=target,
        domain=domain,
        problem=problem,
        needs=next(iter(rated(session, target.organisation_id, [target.id])), None),
        ratings=said,
        scenarios=tuple(Scenario),
        defined={one.scenario: one for one in categories(session)},
        limits=LIMITS,
        values=VALUES,
        need_words=tuple(ProtectionNeed),
        proposed_scenario=Scenario.SELF_DETERMINATION,
        proposals=proposed,
        proposed_values=proposed_values(proposed),
    )


@bp.post("/objects/<int:number>")
def rate_object(number: int) -> Response | tuple[str, int]:
    """Stores the ratings, and leads to the next object of the domain that has none.

    Where somebody else was faster, nothing is stored and nothing of what was written is lost.
    """
    wanted = {
        scenario: _rating(scenario) for scenario in Scenario if f"{scenario.name}-reason" in request.form
    }
    domain = request.form.get("domain", 0, type=int)
    with writing() as session:
        target = _rated_object(session, number)
        if request.form.get("version") != str(target.version):
            return _rating_page(session, target, wanted, domain, _OUTDATED), 409
        rate(target, wanted, by=me())
        session.flush()
        following = _next_open(session, domain, number) if domain and "next" in request.form else None
    flash(_("Der Schutzbedarf ist gespeichert."), "success")
    if following is not None:
        return redirect(url_for(".rating", number=following, domain=domain))
    if domain and "next" in request.form:
        return redirect(url_for(".domain", number=domain))
    return redirect(url_for("entries.show", slug=TargetObject.slug, number=number, _anchor="needs"))


def _rating(scenario: Scenario) -> Rating:
    """What was sent about *scenario*. Raises :class:`Refused` for a need that does not exist."""
    sent = {value: request.form.get(f"{scenario.name}-{name}", "") for value, name in VALUES.items()}
    if not set(sent.values()) <= {"", *ProtectionNeed.__members__}:
        raise Refused(_NO_NEED)
    needs = {value: ProtectionNeed[name] if name else None for value, name in sent.items()}
    return Rating(needs, request.form.get(f"{scenario.name}-reason", ""))


def _open_ones(objects: Iterable[TargetObject]) -> list[TargetObject]:
    """The objects of which a need is not determined: processes first, because needs are passed down."""
    return sorted(filter(is_open, objects), key=lambda one: (_RANKS[one.kind], one.number))


_RANKS: Final = {kind: rank for rank, kind in enumerate((*ObjectKind, None))}


def _next_open(session: Session, domain: int, current: int) -> int | None:
    """The number of the object to be rated after the one with the *current* number, round the domain."""
    objects = _domain(session, domain).objects
    waiting = [one.number for one in _open_ones(objects)]
    place = waiting.index(current) + 1 if current in waiting else 0
    return next((number for number in (*waiting[place:], *waiting[:place]) if number != current), None)


@bp.post("/objects/<int:number>/proposal")
def settle_proposal(number: int) -> Response:
    """The ISB confirms what activities propose, or deviates with a reason; without one it is asked again."""
    chosen = {
        value: ProtectionNeed[name]
        for value, field_name in VALUES.items()
        if (name := request.form.get(field_name, "")) in ProtectionNeed.__members__
    }
    tried: dict[str, Any] = {}
    try:
        with writing() as session:
            target: TargetObject = find(session, TargetObject, number, Permission.EDIT)
            decide(target, chosen, request.form.get("reason", ""), _proposed(session, target), by=me())
    except Refused as refusal:
        flash(refusal.text[language()], "danger")
        tried = {VALUES[value]: need.name for value, need in chosen.items()}
    else:
        flash(_("Die Entscheidung über den Vorschlag ist gespeichert."), "success")
    return redirect(url_for("entries.show", slug=TargetObject.slug, number=number, _anchor="needs", **tried))


_OUTDATED: Final = Text(
    "Jemand hat dieses Zielobjekt inzwischen geändert. Ihre Bewertung steht unverändert hier; wenn Sie sie "
    "noch einmal speichern, gilt sie.",
    "Somebody has changed this target object in the meantime. Your rating stands here unchanged; if you save "
    "it again, it holds.",
)
_NO_NEED: Final = Text(
    "Wählen Sie für jeden Grundwert normal, hoch oder sehr hoch, oder lassen Sie ihn offen.",
    "Choose normal, high or very high for each value, or leave it open.",
)
_BASIC: Final = Text(
    "Bei der Basis-Absicherung wird kein Schutzbedarf festgestellt.",
    "The basic approach does not determine protection needs.",
)
