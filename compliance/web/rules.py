"""Every rule on one page: what it asks, where the law says so, and how often it is broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template

from compliance.access import Permission, may, units_of
from compliance.entry import Entry
from compliance.language import Text
from compliance.people import Role
from compliance.rules import Rule
from compliance.tally import sums
from compliance.web.site import me, reading, site

bp = Blueprint("rules", __name__)


@dataclass(frozen=True)
class Listed:
    """One rule as the page lists it."""

    rule: Rule[Entry]
    models: tuple[type[Entry], ...]
    """The registers it judges; one duty can judge several."""
    says: Text
    broken: tuple[tuple[type[Entry], int], ...]
    """How many entries break it, by register."""


@bp.get("/rules")
def rules() -> str:
    """All rules, in the order of their ids."""
    models = [model for model in site().registers.values() if may(me(), Permission.VIEW, model.area)]
    with reading() as session:
        counted: Counter[tuple[str, str]] = Counter()
        for one in sums(
            session, [model.slug for model in models], units_of(me()), hidden=Role.DSB in me().roles
        ):
            counted[one.rule, one.register] += one.entries
    listed = sorted(_listed(counted, models), key=lambda one: one.rule.id)
    return render_template("rules.html", rules=listed)


def _listed(counted: Counter[tuple[str, str]], models: list[type[Entry]]) -> Iterator[Listed]:
    by_id: dict[str, list[Rule[Entry]]] = {}
    for model in site().registers.values():
        for rule in site().judge.rules_about(model):
            by_id.setdefault(rule.id, []).append(rule)
    for same in by_id.values():
        judged = tuple(rule.judges for rule in same)
        broken = tuple((m, counted[same[0].id, m.slug]) for m in judged if m in models)
        yield Listed(same[0], judged, _without_words(same[0].says), broken)


def _without_words(says: Text) -> Text:
    """The wording of a rule where no case fills its placeholders."""
    return Text(*(re.sub(r"\{\w+\}\.?", "…", words) for words in (says.de, says.en)))
