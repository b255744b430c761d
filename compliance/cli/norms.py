"""The shipped library of norms."""

from __future__ import annotations

import click

from compliance.cli.ground import (
    ACTOR,
    as_json,
    find_organisation,
    in_organisation,
    language,
    open_site,
    print_json,
    say,
)
from compliance.fields import fields, shown
from compliance.language import Text
from registers.library import Difference, LibraryPlan, compare, covers, shipped_for, take_over
from registers.norms import Norm


@click.group()
def norms() -> None:
    """Legal norms on which processing rests."""


@norms.command()
@as_json
@in_organisation
def load(*, as_json: bool, organisation: str) -> None:
    """Take over the shipped library; entries that somebody changed stay as they are."""
    site = open_site()
    place = find_organisation(site, organisation)
    with site.database.writing(place.id, actor=ACTOR) as session:
        plan = compare(session, shipped_for(place.land))
        told = list(_told(plan))
        take_over(session, plan)
    if as_json:
        print_json(plan.counts())
        return
    for sentence in told:
        say(sentence)
    say(_DONE.format(**plan.counts()))
    if not covers(place.land):
        say(_NO_LAND.format(land=place.land or "–"))


def _told(plan: LibraryPlan) -> list[Text]:
    """What the library says anew, and where the register says something else on purpose."""
    renewed = [
        _RENEWED.format(norm=str(one.norm), what=_words(change))
        for one in plan.renewed
        for change in one.differences
    ]
    kept = [
        _KEPT.format(norm=str(one.norm), what=_words(change))
        for one in plan.kept
        for change in one.differences
    ]
    return renewed + kept


def _words(difference: Difference) -> str:
    spec = fields(Norm)[difference.name]
    ours, theirs = (shown(spec, value, language()) for value in (difference.ours, difference.theirs))
    return f"{spec.label[language()]}: {ours or '–'} → {theirs or '–'}"


_DONE = Text(
    "Rechtsgrundlagen: {new} neu, {renewed} aktualisiert, {unchanged} unverändert, {kept} wegen eigener "
    "Änderungen belassen, {withdrawn} nicht mehr in der Bibliothek.",
    "Legal norms: {new} new, {renewed} updated, {unchanged} unchanged, {kept} left because of own changes, "
    "{withdrawn} no longer in the library.",
)
_RENEWED = Text("aktualisiert  {norm}: {what}", "updated  {norm}: {what}")
_KEPT = Text("belassen  {norm}: {what}", "left  {norm}: {what}")
_NO_LAND = Text(
    "Für das Land „{land}“ gibt es noch keine Bibliothek; es bleibt beim Recht der Union und des Bundes.",
    "There is no library yet for the Land “{land}”; it remains with the law of Union and Federation.",
)
