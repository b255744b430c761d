"""Threshold analyses, explained."""

from __future__ import annotations

from typing import Any

import click

from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_review import Review, review
from assessments.dpia.threshold_table import Outcome, outcome
from compliance.cli.ground import (
    as_json,
    find_organisation,
    in_organisation,
    language,
    open_site,
    print_json,
    say,
)
from compliance.decisions import Decision
from compliance.entry import by_number
from compliance.errors import NotFound
from compliance.fields import fields
from compliance.language import Text, shown_day


@click.group()
def threshold() -> None:
    """Whether an activity needs an impact assessment."""


@threshold.command()
@click.argument("number", metavar="ID")
@as_json
@in_organisation
def explain(*, number: str, as_json: bool, organisation: str) -> None:
    """Say what the threshold analysis ID, such as SWA-0004 or 4, comes to and why."""
    site = open_site()
    place = find_organisation(site, organisation)
    digits = number.strip().upper().removeprefix(f"{ThresholdAnalysis.prefix}-")
    with site.database.reading(place.id) as session:
        whole = int(digits) if digits.isdecimal() and len(digits) < _DIGITS else 0
        analysis = by_number(session, ThresholdAnalysis, whole)
        if analysis is None:
            raise NotFound(_NONE.format(number=number))
        found, standing = outcome(analysis), review(session, analysis)
    if as_json:
        print_json(_as_data(analysis, found, standing))
    else:
        _tell(analysis, found, standing)


_DIGITS = 10


def _as_data(analysis: ThresholdAnalysis, found: Decision[Outcome], standing: Review) -> dict[str, Any]:
    speaking = language()
    return {
        "id": analysis.designation,
        "name": analysis.name,
        "activity": analysis.activity.designation if analysis.activity else None,
        "outcome": found.outcome.name,
        "outcome_text": found.outcome.text[speaking],
        "reasons": [
            {
                "id": reason.id,
                "outcome": reason.outcome.name if reason.outcome else None,
                "text": reason.says[speaking],
                "source": reason.source,
            }
            for reason in found.reasons
        ],
        "open_questions": [
            {"field": name, "text": fields(ThresholdAnalysis)[name].label[speaking]}
            for name in found.unanswered
        ],
        "reason": analysis.reason or None,
        "confirmed_by": analysis.confirmed_by or None,
        "confirmed_on": analysis.confirmed_on,
        "check_again": standing.is_due,
        "recheck": analysis.recheck,
    }


def _tell(analysis: ThresholdAnalysis, found: Decision[Outcome], standing: Review) -> None:
    speaking = language()
    click.echo(str(analysis))
    if analysis.activity:
        click.echo(str(analysis.activity))
    say(_RESULT.format(outcome=found.outcome.text))
    if found.reasons:
        say(_BECAUSE)
    for reason in found.reasons:
        click.echo(f"  – {reason.says[speaking]} ({reason.source})")
    if found.unanswered:
        say(_OPEN)
    for name in found.unanswered:
        click.echo(f"  – {fields(ThresholdAnalysis)[name].label[speaking]}")
    if analysis.reason:
        say(_REASON.format(reason=analysis.reason))
    if analysis.confirmed_on:
        day = shown_day(analysis.confirmed_on, speaking)
        say(_CONFIRMED.format(name=analysis.confirmed_by, day=day))
    else:
        say(_UNCONFIRMED)
    if analysis.recheck:
        say(_RECHECK.format(day=shown_day(analysis.recheck, speaking)))
    if standing.is_due:
        say(_AGAIN)
    for change in standing.answers:
        click.echo(f"  – {change.label[speaking]}")
    for each in standing.lists:
        click.echo(f"  – {each.title[speaking]}")


_NONE = Text("Eine Schwellwertanalyse {number} gibt es nicht.", "There is no threshold analysis {number}.")
_RESULT = Text("Ergebnis: {outcome}", "Outcome: {outcome}")
_BECAUSE = Text("Weil:", "Because:")
_OPEN = Text("Noch offen:", "Still open:")
_CONFIRMED = Text("Bestätigt von {name} am {day}.", "Confirmed by {name} on {day}.")
_REASON = Text("Begründung: {reason}", "Reason: {reason}")
_RECHECK = Text("Erneut zu prüfen am {day}.", "To be checked again on {day}.")
_UNCONFIRMED = Text("Die Antworten hat noch niemand bestätigt.", "Nobody has confirmed the answers yet.")
_AGAIN = Text("Neu zu prüfen; seit der Bestätigung geändert:", "Check again; changed since the confirmation:")
