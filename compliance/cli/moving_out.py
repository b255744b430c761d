"""What goes out: reports as files."""

from __future__ import annotations

import uuid
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.cli.ground import as_json, find_organisation, in_organisation, open_site, print_json
from compliance.database import now
from compliance.entry import Entry
from compliance.errors import NotFound
from compliance.language import LANGUAGES, Text
from exports.catalogue import NAMES, REGISTER_REPORT, REPORTS, Issuer, document_of
from exports.document import Document
from exports.formats import FORMATS, Format
from exports.reports.records import every_id
from registers.processing import ProcessingActivity


@click.command()
@click.argument("report", type=click.Choice([REGISTER_REPORT, *NAMES]))
@click.option("--id", "number", default="", help="Running number such as VT-0012 or 12; by default all.")
@click.option("--register", "slug", default=ProcessingActivity.slug, show_default=True)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@as_json
@in_organisation
def export(
    *,
    report: str,
    number: str,
    slug: str,
    format_: str,
    language: str,
    output: Path,
    as_json: bool,
    organisation: str,
) -> None:
    """Write a report to a file."""
    site = open_site()
    place = find_organisation(site, organisation)
    model = NAMES.get(report) or site.register(slug)
    issuer = Issuer(place.name, now(), language)
    with site.database.reading(place.id) as session:
        ids = [_by_number(session, model, number)] if number else every_id(session, model)
        if report == REGISTER_REPORT:
            document = document_of(session, model, ids, issuer)
        else:
            document = REPORTS[model](session, ids, issuer, site.judge)
        _write(output, document, FORMATS[format_])
    if as_json:
        print_json({"entries": len(ids), "bytes": output.stat().st_size, "output": str(output)})
    else:
        click.echo(str(output))


def _write(output: Path, document: Document, chosen: Format) -> None:
    """Writes beside the target and renames, so that a failure leaves no half file."""
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with unfinished.open("wb") as out:
            chosen.write(document, out)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def _by_number(session: Session, model: type[Entry], text: str) -> uuid.UUID:
    """The id behind a running number. Raises :class:`NotFound`."""
    digits = text.strip().upper().removeprefix(f"{model.prefix}-")
    found = session.scalar(select(model.id).where(model.number == int(digits))) if digits.isdigit() else None
    if found is None:
        raise NotFound(_NO_NUMBER.format(register=model.title, number=text))
    return found


_NO_NUMBER = Text(
    "{register}: Eine Nummer {number} gibt es nicht.", "{register}: there is no number {number}."
)
