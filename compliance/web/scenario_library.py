"""The library of risk scenarios in the browser: what was shipped, and making one's own of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.copied import version_words
from assessments.dpia.risk import WHAT_HAPPENS
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.scenarios import Scenario, adapted, scenario_called, shipped, with_register
from compliance.access import Permission, demand, may, visible
from compliance.entry import State
from compliance.fields import fields, shown
from compliance.web.site import language, me, reading, writing

bp = Blueprint("scenario_library", __name__, url_prefix=f"/registers/{RiskScenario.slug}/shipped")


@bp.get("")
def index() -> str:
    """Every shipped scenario in full, and which of them an own one replaces."""
    demand(me(), Permission.VIEW, RiskScenario)
    with reading() as session:
        return render_template(
            "risk-scenarios/shipped.html",
            model=RiskScenario,
            scenarios=list(shipped().values()),
            replaced=_replaced(session),
            may_create=may(me(), Permission.CREATE, RiskScenario.area),
        )


def _replaced(session: Session) -> dict[str, int]:
    """The own scenario that stands in the place of a shipped one, by the key of that."""
    query = select(RiskScenario.shipped_key, RiskScenario.number)
    query = query.where(RiskScenario.shipped_key != "", RiskScenario.state != State.ENDED)
    found = session.execute(visible(query, me(), RiskScenario).order_by(RiskScenario.number.desc()))
    return {row.shipped_key: row.number for row in found}


@bp.post("/<key>")
def adapt(key: str) -> Response:
    """Makes an own scenario of a shipped one, which is offered in its place from then on."""
    demand(me(), Permission.CREATE, RiskScenario)
    with writing() as session:
        wanted = scenario_called(key, shipped().values())
        if there := _replaced(session).get(wanted.key):
            return redirect(url_for("entries.edit", slug=RiskScenario.slug, number=there))
        own = adapted(next(iter(with_register(session, me(), [wanted]))))
        session.add(own)
        session.flush()
        demand(me(), Permission.EDIT, own)
        made = own.number
    said = _(
        "%(entry)s steht an der Stelle des mitgelieferten Szenarios.", entry=RiskScenario.designate(made)
    )
    flash(said, "success")
    return redirect(url_for("entries.edit", slug=RiskScenario.slug, number=made))


# --- A newer wording -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Reworded:
    """One answer that a newer shipped wording gives otherwise."""

    label: str
    ours: str
    theirs: str


def about_scenario(_session: Session, entry: RiskScenario) -> dict[str, Any]:
    """What the page of *entry* shows beside its fields: what the shipped scenario says by now."""
    known = shipped().get(entry.shipped_key)
    newer = known if known and known.version != entry.shipped_version else None
    return {
        "newer": newer,
        "newer_words": version_words(newer.version)[language()] if newer else "",
        "reworded": list(_differences(entry, newer)) if newer else [],
    }


_COMPARED: Final = (
    "name",
    *WHAT_HAPPENS,
    "severity",
    "likelihood",
    "reason",
)


def _differences(entry: RiskScenario, newer: Scenario) -> Iterator[Reworded]:
    theirs = adapted(newer)
    for name in _COMPARED:
        spec = fields(RiskScenario)[name]
        said = [shown(spec, getattr(one, name), language()) for one in (entry, theirs)]
        if said[0] != said[1]:
            yield Reworded(spec.label[language()], *said)
