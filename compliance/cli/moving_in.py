"""What comes in: registers from files."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from compliance.cli.assessments import DPIA, import_dpia
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
from compliance.language import Text
from compliance.people import Organisation
from compliance.web.site import Site
from registers.importing import (
    IMPORTABLE,
    Plan,
    carry_out,
    match_columns,
    prepare,
    read_mapping,
    read_table,
)


@click.command("import")
@click.argument("register", type=click.Choice([*IMPORTABLE, DPIA]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@as_json
@in_organisation
def import_register(
    *, register: str, file: Path, mapping: Path | None, dry_run: bool, as_json: bool, organisation: str
) -> None:
    """Import a register from a CSV, XLSX or Turtle file, or an impact assessment (dpia) from JSON.

    Exit 1 if rows were refused.
    """
    if register == DPIA:
        import_dpia(file, organisation, dry_run=dry_run, as_json=as_json)
        return
    site = open_site()
    place = find_organisation(site, organisation)
    model = IMPORTABLE[register]
    table = read_table(model, file)
    columns = match_columns(model, table.headers, read_mapping(mapping) if mapping else None)
    with _session_for(site, place, dry_run=dry_run) as session:
        found = prepare(session, model, table, columns)
        if not dry_run:
            carry_out(session, found)
    if as_json:
        print_json(_plan_figures(found) | {"dry_run": dry_run})
    else:
        _print_plan(found)
        say(_PLANNED if dry_run else _IMPORTED)
    sys.exit(1 if found.refused else 0)


def _session_for(site: Site, place: Organisation, *, dry_run: bool) -> AbstractContextManager[Session]:
    return site.database.reading(place.id) if dry_run else site.database.writing(place.id, actor=ACTOR)


def _plan_figures(found: Plan) -> dict[str, Any]:
    return {
        **found.counts(),
        "file": found.file,
        "refusals": [
            {"row": item.row, "column": item.column, "reason": item.reason[language()]}
            for item in found.refused
        ],
        "leftovers": [
            {"row": item.row, "column": item.column, "words": item.words} for item in found.leftovers
        ],
        "unmatched_columns": list(found.unmatched),
    }


def _print_plan(found: Plan) -> None:
    for name, count in found.counts().items():
        click.echo(f"  {count:>6} {_PLAN_WORDS[name][language()]}")
    for refusal in found.refused:
        place = _ROW.format(row=refusal.row, column=refusal.column or "–")[language()]
        click.echo(f"{found.file}, {place}: {refusal.reason[language()]}", err=True)
    for leftover in found.leftovers:
        place = _ROW.format(row=leftover.row, column=leftover.column)[language()]
        click.echo(f"{found.file}, {place}: „{leftover.words}“")
    if found.unmatched:
        click.echo(_UNMATCHED.format(columns=", ".join(found.unmatched))[language()])


_PLAN_WORDS = {
    "created": Text("neu", "created"),
    "changed": Text("geändert", "changed"),
    "unchanged": Text("unverändert", "unchanged"),
    "refused": Text("Zeilen zurückgewiesen", "rows refused"),
    "unknown_words": Text("unbekannte Wörter", "unknown words"),
}
_ROW = Text("Zeile {row}, Spalte „{column}“", "row {row}, column “{column}”")
_UNMATCHED = Text("Nicht zugeordnete Spalten: {columns}", "Columns left out: {columns}")
_PLANNED = Text("Probelauf: nichts wurde geändert.", "Dry run: nothing was changed.")
_IMPORTED = Text(
    "Importiert. Neue Einträge sind „Bestand, ungeprüft“.", "Imported. New entries are “imported, unchecked”."
)
