"""Whether the registers and the journal hold."""

from __future__ import annotations

import sys
import uuid
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.dpia.prescan_access import forget_expired
from assessments.grundschutz.stale_takeovers import mark_all_takeovers
from compliance.agenda import refresh_recalled
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
from compliance.database import INSTALLATION
from compliance.entry import everything
from compliance.findings import Finding
from compliance.journal import Verification, keep_check, verify_chains
from compliance.language import Text
from compliance.rules import Severity
from compliance.web.site import Site
from registers.authority import Authority


@click.command()
@as_json
@in_organisation
def check(*, as_json: bool, organisation: str) -> None:
    """Judge everything again, forget what has expired, list all findings; exit 1 if there are errors."""
    site = open_site()
    place = find_organisation(site, organisation)
    with site.database.writing(place.id, actor=ACTOR) as session:
        mark_all_takeovers(session)
        entries = site.judge.judge_everything(session)
        refresh_recalled(session, site.registers.values())
        forget_expired(session, place.id)
    with site.database.reading(place.id) as session:
        rows = _counted_findings(session)
    errors = sum(row["findings"] for row in rows if row["severity"] == Severity.ERROR.name)
    if as_json:
        print_json({"entries": entries, "errors": errors, "rules": rows})
    else:
        for row in rows:
            severity = Severity[row["severity"]].text[language()]
            click.echo(f"{row['rule']:<10} {severity:<8} {row['findings']:>6}  {row['register']}")
    sys.exit(1 if errors else 0)


def _counted_findings(session: Session) -> list[dict[str, Any]]:
    query = select(Finding.rule, Finding.severity, Finding.register, func.count().label("findings"))
    query = query.group_by(Finding.rule, Finding.severity, Finding.register).order_by(Finding.rule)
    return [
        {"rule": row.rule, "severity": row.severity.name, "register": row.register, "findings": row.findings}
        for row in session.execute(query)
    ]


@click.group()
def journal() -> None:
    """The record of every change."""


@journal.command()
@as_json
def verify(*, as_json: bool) -> None:
    """Walk all chains; exit 1 if a record is missing or was altered."""
    site = open_site()
    chains = verify_chains(site.database)
    for chain, result in chains.items():
        _keep(site, chain, result)
    records = sum(result.records for result in chains.values())
    breaks = [item for result in chains.values() for item in result.breaks]
    if as_json:
        print_json({"records": records, "breaks": [asdict(item) for item in breaks]})
    else:
        for item in breaks:
            click.echo(f"{item.organisation_id} {item.seq}: {item.reason}")
        say((_BROKEN if breaks else _INTACT).format(records=records))
    sys.exit(1 if breaks else 0)


def _keep(site: Site, chain: uuid.UUID, result: Verification) -> None:
    """Remembers the result and lets the front sheet say what it means."""
    with site.database.writing(chain, actor=ACTOR) as session:
        keep_check(session, chain, result)
        session.flush()
        if chain != INSTALLATION:
            site.judge.judge(
                session, session.scalars(select(Authority).options(*everything(Authority))).all()
            )


_INTACT = Text(
    "Alle {records} Einträge des Journals sind unverändert.", "All {records} journal records are intact."
)
_BROKEN = Text(
    "Das Journal ist verändert worden ({records} Einträge geprüft).",
    "The journal was altered ({records} records checked).",
)
