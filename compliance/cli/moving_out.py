"""What goes out: reports as files."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.controls import header_of, uses_of
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import contents
from compliance.cli.ground import as_json, find_organisation, in_organisation, open_site, print_json
from compliance.database import now
from compliance.entry import Entry, everything
from compliance.errors import NotFound, Refused
from compliance.judging import Judge
from compliance.language import LANGUAGES, Text
from exports.catalogue import NAMES, REGISTER_REPORT, REPORTS, Issuer, document_of
from exports.document import Document
from exports.exchange import EXCHANGES, Exchange
from exports.formats import FORMATS, Format
from exports.oscal import PAPERS as OSCAL_PAPERS
from exports.reference_papers import PAPERS, ReferencePaper, papers_of
from exports.reports import control_check
from exports.reports.records import every_id
from registers.processing import ProcessingActivity

_OSCAL: Final = "oscal"
_CONTROLS: Final = "control-check"
_ABOUT_A_DOMAIN: Final = {paper.key: paper for paper in PAPERS}
_FORMATS: Final = tuple(dict.fromkeys([*FORMATS, *(key for one in EXCHANGES.values() for key in one)]))


@click.command()
@click.argument("report", type=click.Choice([REGISTER_REPORT, *NAMES, *_ABOUT_A_DOMAIN, _CONTROLS, _OSCAL]))
@click.option("--id", "number", default="", help="Running number such as VT-0012 or 12; by default all.")
@click.option(
    "--domain",
    default="",
    help="With a paper about an information domain: its running number; by default the only one.",
)
@click.option("--kind", type=click.Choice(list(OSCAL_PAPERS)), help="With oscal: which of its documents.")
@click.option("--catalogue", default="", help="With control-check: checksum or part of the title.")
@click.option("--register", "slug", default=ProcessingActivity.slug, show_default=True)
@click.option("--format", "format_", type=click.Choice(_FORMATS), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Without it, formats for other tools go to standard output.",
)
@as_json
@in_organisation
def export(
    *,
    report: str,
    number: str,
    domain: str,
    kind: str | None,
    catalogue: str,
    slug: str,
    format_: str,
    language: str,
    output: Path | None,
    as_json: bool,
    organisation: str,
) -> None:
    """Write a report to a file, or a paper about an information domain.

    a0 to a6 are the reference documents of a certification, control-check is the check against another
    catalogue, oscal the documents for other tools.
    """
    site = open_site()
    place = find_organisation(site, organisation)
    if report == _OSCAL:
        if not kind:
            raise Refused(_WHICH_KIND)
        number, slug, format_ = domain or number, InformationDomain.slug, f"{_OSCAL}-{kind}"
    paper = _ABOUT_A_DOMAIN.get(report)
    model = InformationDomain if paper or report == _CONTROLS else NAMES.get(report) or site.register(slug)
    if special := _exchange(model, report, format_, number):
        with site.database.reading(place.id) as session:
            content = special.encode(session, _by_number(session, model, number), place.name)
        _hand_over(content, output, as_json=as_json)
        return
    if output is None:
        raise Refused(_WHERE)
    issuer = Issuer(place.name, now(), language)
    with site.database.reading(place.id) as session:
        ids: Sequence[uuid.UUID]
        if paper:
            about = _domain(session, domain or number)
            ids = [about.id]
            document = _offered(paper, about).write(session, about, issuer, site.judge)
        elif report == _CONTROLS:
            about = _domain(session, domain or number)
            ids = [about.id]
            document = _control_check(session, about, catalogue, issuer, site.judge)
        else:
            ids = [_by_number(session, model, number)] if number else every_id(session, model)
            document = _report(session, report, model, ids, issuer, site.judge)
        _write(output, document, FORMATS[format_])
    if as_json:
        print_json({"entries": len(ids), "bytes": output.stat().st_size, "output": str(output)})
    else:
        click.echo(str(output))


def _report(
    session: Session, report: str, model: type[Entry], ids: Sequence[uuid.UUID], issuer: Issuer, judge: Judge
) -> Document:
    if report == REGISTER_REPORT:
        return document_of(session, model, ids, issuer)
    return REPORTS[model](session, ids, issuer, judge)


def _domain(session: Session, number: str) -> InformationDomain:
    """The information domain with that running number, or the only one. Raises :class:`Refused`."""
    ids = [_by_number(session, InformationDomain, number)] if number else every_id(session, InformationDomain)
    if len(ids) != 1:
        raise Refused(_WHICH_DOMAIN)
    query = select(InformationDomain).where(InformationDomain.id == ids[0])
    return session.scalars(query.options(*everything(InformationDomain))).one()


def _offered(paper: ReferencePaper, domain: InformationDomain) -> ReferencePaper:
    """*paper*, unless *domain* has none such. Raises :class:`NotFound`."""
    if paper not in papers_of(domain):
        raise NotFound(_NO_PAPER)
    return paper


def _control_check(
    session: Session, domain: InformationDomain, catalogue: str, issuer: Issuer, judge: Judge
) -> Document:
    """The check against one catalogue. Raises :class:`Refused` unless exactly one is meant."""
    sought = catalogue.strip().casefold()
    uses = uses_of(session, domain)
    meant = [
        use for use in uses if use.catalogue.startswith(sought) or sought in use.catalogue_name.casefold()
    ]
    if len(meant) != 1:
        checked = "; ".join(f"{use.catalogue[:12]} {use}" for use in uses) or "–"
        raise Refused(_WHICH_CATALOGUE.format(checked=checked))
    header = header_of(session, meant[0])
    return control_check.report(session, meant[0], header, contents(session, header), issuer, judge)


def _exchange(model: type[Entry], report: str, format_: str, number: str) -> Exchange | None:
    """The format for other tools that is asked for, if it is one. Raises :class:`Refused`."""
    known: Mapping[str, Exchange] = EXCHANGES.get(model, {}) if report != REGISTER_REPORT else {}
    if format_ in known and number:
        return known[format_]
    if format_ not in FORMATS:
        raise Refused(_ONE_ENTRY if format_ in known else _NOT_FOR_THIS.format(format=format_))
    return None


def _hand_over(content: bytes, output: Path | None, *, as_json: bool) -> None:
    if output is None and as_json:
        raise Refused(_WHERE)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    _written(output, lambda out: out.write(content))
    if as_json:
        print_json({"entries": 1, "bytes": output.stat().st_size, "output": str(output)})
    else:
        click.echo(str(output))


def _write(output: Path, document: Document, chosen: Format) -> None:
    _written(output, lambda out: chosen.write(document, out))


def _written(output: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes beside the target and renames, so that a failure leaves no half file."""
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with unfinished.open("wb") as out:
            write(out)
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


_WHICH_CATALOGUE = Text(
    "Bitte nennen Sie mit --catalogue genau einen geprüften Katalog. Geprüft wird gegen: {checked}.",
    "Please name exactly one checked catalogue with --catalogue. Checked are: {checked}.",
)
_WHICH_KIND = Text(
    "Bitte nennen Sie mit --kind das Dokument: profile, ssp, results oder poam.",
    "Please name the document with --kind: profile, ssp, results or poam.",
)
_WHICH_DOMAIN = Text(
    "Bitte nennen Sie mit --domain den Informationsverbund.",
    "Please name the information domain with --domain.",
)
_NO_PAPER = Text(
    "Dieses Dokument gibt es in der Basis-Absicherung nicht.",
    "This document does not exist under the basic approach.",
)
_NO_NUMBER = Text(
    "{register}: Eine Nummer {number} gibt es nicht.", "{register}: there is no number {number}."
)
_ONE_ENTRY = Text(
    "Dieses Format gibt es je Eintrag: Bitte nennen Sie einen mit --id.",
    "This format is for one entry: please name it with --id.",
)
_NOT_FOR_THIS = Text(
    "Das Format „{format}“ gibt es für diesen Bericht nicht.",
    "The format “{format}” does not exist for this report.",
)
_WHERE = Text(
    "Bitte nennen Sie mit --output die Datei, in die geschrieben wird.",
    "Please name the file to write to with --output.",
)
