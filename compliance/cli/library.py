"""The library of measures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.orm import Session

from compliance.cli.ground import (
    ACTOR,
    as_json,
    find_organisation,
    in_organisation,
    open_site,
    print_json,
    say,
)
from compliance.language import Text
from registers.importing.sdm import ATTRIBUTION, LibraryImport, import_generic, import_sdm, read_sdm


@click.group()
def measures() -> None:
    """Technical and organisational measures."""


@measures.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@as_json
@in_organisation
def import_measures(*, files: tuple[Path, ...], as_json: bool, organisation: str) -> None:
    """Take the measures of the Standard-Datenschutzmodell (CSV) into the library."""
    found = [measure for file in files for measure in read_sdm(file.read_bytes(), file.name)]
    _report(_taken_in(organisation, lambda session: import_sdm(session, found)), as_json=as_json)
    if not as_json:
        click.echo(ATTRIBUTION)


@measures.command("generic")
@as_json
@in_organisation
def import_generic_measures(*, as_json: bool, organisation: str) -> None:
    """Take the generic measures that come with Nachweis into the library."""
    _report(_taken_in(organisation, import_generic), as_json=as_json)


def _taken_in(organisation: str, take: Callable[[Session], LibraryImport]) -> LibraryImport:
    site = open_site()
    place = find_organisation(site, organisation)
    with site.database.writing(place.id, actor=ACTOR) as session:
        return take(session)


def _report(result: LibraryImport, *, as_json: bool) -> None:
    figures = {"created": result.created, "changed": result.changed, "unchanged": result.unchanged}
    if as_json:
        print_json(figures)
    else:
        say(
            _TAKEN_IN.format(total=str(result.total), **{name: str(count) for name, count in figures.items()})
        )


_TAKEN_IN = Text(
    "{total} Vorlagen: {created} neu, {changed} geändert, {unchanged} unverändert.",
    "{total} templates: {created} new, {changed} changed, {unchanged} unchanged.",
)
