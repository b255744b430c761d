"""What goes out: papers as files."""

from __future__ import annotations

import difflib
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from compliance.cli.ground import as_json, find_organisation, in_organisation, open_site, print_json
from compliance.database import now
from compliance.entry import Entry, by_number
from compliance.errors import NotFound, Refused
from compliance.judging import Judge
from compliance.language import LANGUAGES, Text
from exports.catalogue import REGISTER_REPORT, Issuer, document_of
from exports.document import Document
from exports.exchange import EXCHANGES, Exchange
from exports.formats import FORMATS, Format
from exports.letters import LETTER_FORMATS
from exports.oscal import PAPERS as OSCAL_PAPERS
from exports.papers import PAPERS, Extent, Order, Paper
from exports.reports.records import every_id
from registers.processing import ProcessingActivity

_OSCAL: Final = "oscal"
_FORMATS: Final = tuple(
    dict.fromkeys([*FORMATS, *LETTER_FORMATS, *(key for one in EXCHANGES.values() for key in one)])
)
_FIRST_YEAR: Final = 2018
"""The GDPR applies since 25 May 2018."""
_NAMED: Final = 12
"""So many running numbers a refusal names."""


class _Papers(click.Command):
    """Says in its help which papers there are."""

    def format_epilog(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Papers"):
            formatter.write_dl([(name, title.en) for name, title in _listed()])


class _PaperName(click.ParamType[str]):
    """The name of a paper; a wrong one is answered with those that resemble it."""

    name = "paper"

    def convert(self, value: Any, _param: click.Parameter | None, _context: click.Context | None) -> str:
        known = dict(_listed())
        if value in known:
            return str(value)
        close = difflib.get_close_matches(str(value), known, cutoff=0.4) or list(known)
        raise Refused(_NO_SUCH_PAPER.format(name=str(value), known=", ".join(close)))


def _listed() -> Iterator[tuple[str, Text]]:
    """Every name with what is behind it."""
    yield REGISTER_REPORT, _A_REGISTER
    yield from ((name, paper.title) for name, paper in PAPERS.items())
    yield _OSCAL, _FOR_TOOLS


@click.command(cls=_Papers)
@click.argument("report", metavar="PAPER", type=_PaperName())
@click.option("--id", "number", default="", help="Running number such as VT-0012 or 12; by default all.")
@click.option("--domain", default="", help="The same, for a paper about an information domain.")
@click.option("--kind", type=click.Choice(list(OSCAL_PAPERS)), help="With oscal: which of its documents.")
@click.option(
    "--catalogue",
    default="",
    help="With control-check and work-list: checksum or part of the title; with dpia: another order.",
)
@click.option(
    "--year", type=click.IntRange(_FIRST_YEAR, 9999), help="With yearly-report; by default the present one."
)
@click.option("--register", "slug", default="", help="With register: which; by default the activities.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="By default what the ending of --output says, else pdf.",
)
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
    year: int | None,
    slug: str,
    format_: str | None,
    language: str,
    output: Path | None,
    as_json: bool,
    organisation: str,
) -> None:
    """Write a paper to a file: everything that the pages offer to download.

    Letters and notices leave as pdf or txt and print what is sealed, everything else as pdf, xlsx, csv or
    json. A paper about one entry needs no --id where there is only one.
    """
    _refuse_what_is_not_asked(report, domain=domain, kind=kind, catalogue=catalogue, year=year, register=slug)
    site = open_site()
    place = find_organisation(site, organisation)
    number = domain or number
    format_ = f"{_OSCAL}-{kind}" if report == _OSCAL else format_ or _by_ending(output)
    paper = PAPERS.get(report)
    model = _model(report) or site.register(slug or ProcessingActivity.slug)
    with site.database.reading(place.id) as session:
        if special := _exchange(report, model, format_, number):
            content = special.encode(session, _one(session, model, number), place.name)
            _hand_over(content, output, as_json=as_json)
            return
        chosen = _format(paper.formats if paper else FORMATS, format_)
        if output is None:
            raise Refused(_WHERE)
        issuer = Issuer(place.name, now(), language)
        ids = _ids(session, paper, model, number)
        if paper:
            order = _order(session, paper, ids, issuer, site.judge, catalogue=catalogue, year=year or 0)
            document = paper.write(order)
        else:
            document = document_of(session, model, ids, issuer)
        _write(output, document, chosen)
    if as_json:
        print_json({"entries": len(ids), "bytes": output.stat().st_size, "output": str(output)})
    else:
        click.echo(str(output))


def _by_ending(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".").lower() if output else ""
    return ending if ending in _FORMATS else "pdf"


def _model(report: str) -> type[Entry] | None:
    """The register that *report* is about, unless it is about any."""
    return InformationDomain if report == _OSCAL else PAPERS[report].about if report in PAPERS else None


def _refuse_what_is_not_asked(report: str, **given: Any) -> None:
    """Raises :class:`Refused` for a choice that means nothing for *report*, or for one that it lacks."""
    known = set(PAPERS[report].choices) if report in PAPERS else set()
    known |= {"kind"} if report == _OSCAL else {"register"} if report == REGISTER_REPORT else set()
    if _model(report) is InformationDomain:
        known.add("domain")
    for name, value in given.items():
        if value and name not in known:
            raise Refused(_NOT_ASKED.format(option=f"--{name}", paper=report))
    if report == _OSCAL and not given["kind"]:
        raise Refused(_WHICH_KIND.format(known=", ".join(OSCAL_PAPERS)))


def _order(
    session: Session, paper: Paper, ids: Sequence[uuid.UUID], issuer: Issuer, judge: Judge, **chosen: Any
) -> Order:
    entry = None
    if paper.extent is Extent.ONE:
        number = session.scalars(select(paper.about.number).where(paper.about.id == ids[0])).one()
        entry = by_number(session, paper.about, number)
    return Order(session, issuer, judge, ids, entry, **chosen)


def _ids(session: Session, paper: Paper | None, model: type[Entry], number: str) -> Sequence[uuid.UUID]:
    """The entries that a paper is about. Raises :class:`Refused`."""
    extent = paper.extent if paper else Extent.SOME
    if extent is Extent.ALL and number:
        raise Refused(_ABOUT_ALL)
    if number or extent is Extent.ONE:
        return [_one(session, model, number)]
    return every_id(session, model)


def _one(session: Session, model: type[Entry], number: str) -> uuid.UUID:
    """The id behind a running number, or the only one. Raises :class:`NotFound` and :class:`Refused`."""
    digits = number.strip().upper().removeprefix(f"{model.prefix}-")
    query = select(model.number, model.id).order_by(model.number)
    every: list[tuple[int, uuid.UUID]] = [(each.number, each.id) for each in session.execute(query)]
    if not number and len(every) == 1:
        return every[0][1]
    if not number:
        option = "--domain" if model is InformationDomain else "--id"
        raise Refused(_WHICH_ENTRY.format(register=model.title, option=option, known=_known(model, every)))
    found = {str(each): identity for each, identity in every}.get(digits.lstrip("0"))
    if found is None:
        raise NotFound(_NO_NUMBER.format(register=model.title, number=number, known=_known(model, every)))
    return found


def _known(model: type[Entry], every: Sequence[tuple[int, uuid.UUID]]) -> str:
    """The first running numbers, and how many there are in all."""
    names = [model.designate(number) for number, _identity in every[:_NAMED]]
    rest = f", … ({len(every)})" if len(every) > _NAMED else ""
    return ", ".join(names) + rest or "–"


def _exchange(report: str, model: type[Entry], format_: str, number: str) -> Exchange | None:
    """The format for other tools that is asked for, if it is one. Raises :class:`Refused`."""
    if report != _OSCAL and (report not in PAPERS or PAPERS[report].extent is not Extent.SOME):
        return None
    known: Mapping[str, Exchange] = EXCHANGES.get(model, {})
    if format_ in known and (number or report == _OSCAL):
        return known[format_]
    if format_ in known and format_ not in FORMATS:
        raise Refused(_ONE_ENTRY)
    return None


def _format(known: Mapping[str, Format], name: str) -> Format:
    if name not in known:
        raise Refused(_NOT_FOR_THIS.format(format=name, known=", ".join(known)))
    return known[name]


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


_A_REGISTER = Text("Ein Register als Tabelle", "A register as a table")
_FOR_TOOLS = Text(
    "Ein Informationsverbund für andere Werkzeuge (OSCAL)", "An information domain for other tools (OSCAL)"
)
_NO_SUCH_PAPER = Text(
    "Ein Dokument „{name}“ gibt es nicht. Ähnlich heißen: {known}. Alle nennt „nachweis export --help“.",
    "There is no paper “{name}”. Names like it: {known}. All are listed by “nachweis export --help”.",
)
_NOT_ASKED = Text("„{option}“ gehört nicht zu „{paper}“.", "“{option}” has no meaning for “{paper}”.")
_WHICH_KIND = Text(
    "Bitte nennen Sie mit --kind das Dokument: {known}.", "Please name the document with --kind: {known}."
)
_WHICH_ENTRY = Text(
    "{register}: Bitte nennen Sie den Eintrag mit {option}. Vorhanden: {known}.",
    "{register}: please name the entry with {option}. There are: {known}.",
)
_NO_NUMBER = Text(
    "{register}: Eine Nummer {number} gibt es nicht. Vorhanden: {known}.",
    "{register}: there is no number {number}. There are: {known}.",
)
_ABOUT_ALL = Text(
    "Dieses Dokument handelt vom ganzen Register; --id gehört nicht dazu.",
    "This paper is about the whole register; --id has no meaning for it.",
)
_ONE_ENTRY = Text(
    "Dieses Format gibt es je Eintrag: Bitte nennen Sie einen mit --id.",
    "This format is for one entry: please name it with --id.",
)
_NOT_FOR_THIS = Text(
    "Das Format „{format}“ gibt es für dieses Dokument nicht. Vorhanden: {known}.",
    "The format “{format}” does not exist for this paper. There are: {known}.",
)
_WHERE = Text(
    "Bitte nennen Sie mit --output die Datei, in die geschrieben wird.",
    "Please name the file to write to with --output.",
)
