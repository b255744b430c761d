"""Catalogues of IT-Grundschutz."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from assessments.grundschutz.catalogue import available_catalogues, import_catalogue
from compliance.cli.ground import ACTOR, as_json, open_site, print_json, say
from compliance.language import Text


@click.group()
def catalogue() -> None:
    """Catalogues of IT-Grundschutz."""


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_official_catalogue(*, file: Path, as_json: bool) -> None:
    """Add the wordings from the official file of the BSI to the shipped index."""
    result = import_catalogue(open_site().database, file, actor=ACTOR)
    if as_json:
        print_json(
            {"name": result.name, "edition": result.edition, **result.counts, "changed": result.changed}
        )
        return
    click.echo(f"{result.name}, {result.edition}")
    for name, count in result.counts.items():
        click.echo(f"  {count:>6} {name}")
    say(_CATALOGUE_CHANGED if result.changed else _CATALOGUE_UNCHANGED)


@catalogue.command("list")
@as_json
def list_catalogues(*, as_json: bool) -> None:
    """List the catalogues that can be worked with."""
    with open_site().database.reading() as session:
        found = available_catalogues(session)
    if as_json:
        print_json([asdict(item) for item in found])
        return
    for item in found:
        texts = item.imported_at.isoformat(timespec="seconds") if item.imported_at else "–"
        click.echo(f"{item.name}, {item.edition}: {item.counts['requirements']} ({texts})")


_CATALOGUE_CHANGED = Text("Die Anforderungstexte sind eingelesen.", "The requirement texts were imported.")
_CATALOGUE_UNCHANGED = Text(
    "Dieselbe Datei war bereits eingelesen; nichts wurde geändert.",
    "The same file had been imported before; nothing was changed.",
)
