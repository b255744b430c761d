"""The command line: everything that can be done without a browser."""

from __future__ import annotations

import json as json_module
import os
import sys
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.grundschutz.catalogue import available_catalogues, import_catalogue
from compliance import demo as demo_city
from compliance import migrations
from compliance.app import assemble, create_app
from compliance.config import Settings
from compliance.database import Actor, now
from compliance.entry import Entry
from compliance.errors import NachweisError, NotFound, Refused
from compliance.findings import Finding, Severity
from compliance.journal import verify as verify_journal
from compliance.language import LANGUAGES, Text
from compliance.people import LegalForm, Membership, Organisation, Person, Role, set_password
from compliance.web.site import Site
from exports.catalogue import NAMES, REGISTER_REPORT, REPORTS, Issuer, document_of
from exports.document import Document
from exports.formats import FORMATS, Format
from exports.reports.records import every_id
from registers.importing import (
    IMPORTABLE,
    Plan,
    carry_out,
    match_columns,
    prepare,
    read_mapping,
    read_table,
)
from registers.processing import ProcessingActivity

ACTOR = Actor("Kommandozeile")
F = TypeVar("F", bound=Callable[..., Any])


def main() -> None:
    """Runs a command; what goes wrong is said in one sentence, not in a traceback."""
    try:
        commands(standalone_mode=False)
    except NachweisError as error:
        click.echo(error.text[_language()], err=True)
        sys.exit(2)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nachweis")
def commands() -> None:
    """Nachweis keeps records of processing, impact assessments and IT-Grundschutz."""


def _language() -> str:
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "de"
    return "en" if chosen.startswith("en") else "de"


def _say(text: Text) -> None:
    click.echo(text[_language()])


def _print_json(figures: object) -> None:
    click.echo(json_module.dumps(figures, ensure_ascii=False, indent=2, default=str))


as_json = click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
in_organisation = click.option("--organisation", default="", help="Name; by default the only one.")


def _site(*, make_key: bool = False, upgrade: bool = False) -> Site:
    site = assemble(Settings.from_environ(make_key=make_key))
    if make_key or migrations.is_current(site.database.engine):
        return site
    if not upgrade:
        raise Refused(_NOT_CURRENT)
    migrations.upgrade(site.database.engine)
    return site


def _organisation(site: Site, name: str) -> Organisation:
    """The organisation called *name*, or the only one. Raises :class:`NotFound`."""
    with site.database.reading() as session:
        query = select(Organisation).order_by(Organisation.name)
        found = session.scalars(query.where(Organisation.name == name) if name else query).all()
        names = ", ".join(session.scalars(select(Organisation.name).order_by(Organisation.name)))
    if len(found) != 1:
        raise NotFound(_WHICH_ORGANISATION.format(names=names or "–"))
    return found[0]


# --- Setting up ----------------------------------------------------------------------------------


@commands.command()
@as_json
def init(*, as_json: bool) -> None:
    """Make the key file and bring the database to the newest shape."""
    site = _site(make_key=True)
    migrations.upgrade(site.database.engine)
    if as_json:
        _print_json({"current": migrations.is_current(site.database.engine)})
    else:
        _say(_INITIALISED)


@commands.command()
@as_json
def demo(*, as_json: bool) -> None:
    """Fill an empty installation with the demo city."""
    site = _site(make_key=True)
    migrations.upgrade(site.database.engine)
    loaded = demo_city.load(site)
    if as_json:
        _print_json({"counts": loaded.counts, "sign_ins": [asdict(entry) for entry in loaded.sign_ins]})
        return
    click.echo(loaded.organisation)
    for name, count in loaded.counts.items():
        click.echo(f"  {count:>6} {name}")
    _print_sign_ins(demo_city.SIGN_INS)


def _print_sign_ins(sign_ins: Iterable[demo_city.DemoSignIn]) -> None:
    for entry in sign_ins:
        click.echo(f"  {entry.email:<36} {demo_city.PASSWORD:<18} {entry.role.text[_language()]}")


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--upgrade", is_flag=True, help="First bring the database to the newest shape.")
def serve(*, host: str, port: int, threads: int, upgrade: bool) -> None:
    """Serve the application."""
    from waitress import serve as serve_with_waitress  # noqa: PLC0415 -- needed by this command alone

    site = _site(upgrade=upgrade)
    app = create_app(site)
    click.echo(f"Nachweis: http://{host}:{port}")
    if demo_city.is_loaded(site):
        _print_sign_ins(demo_city.SIGN_INS)
    serve_with_waitress(app, host=host, port=port, threads=threads, ident=None)


@commands.group()
def organisation() -> None:
    """Organisations that keep registers here."""


@organisation.command("add")
@click.argument("name")
@click.option("--land", default="SH", show_default=True, help="Code of the Land.")
@click.option("--company", is_flag=True, help="A company owned by a municipality, not an authority.")
def add_organisation(*, name: str, land: str, company: bool) -> None:
    """Add an organisation."""
    form = LegalForm.COMPANY if company else LegalForm.AUTHORITY
    with _site().database.writing(actor=ACTOR) as session:
        session.add(Organisation(name=name, land=land, legal_form=form))
    click.echo(name)


@commands.group()
def person() -> None:
    """People who can sign in."""


@person.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.name for role in Role])
)
@click.password_option()
@in_organisation
def add_person(*, email: str, name: str, roles: tuple[str, ...], password: str, organisation: str) -> None:
    """Add a person with one or more roles."""
    site = _site()
    place = _organisation(site, organisation)
    with site.database.writing(actor=ACTOR) as session:
        newcomer = Person(email=email.strip().casefold(), name=name, language=_language(), active=True)
        set_password(newcomer, password)
        session.add(newcomer)
        session.flush()
        for role in roles:
            session.add(Membership(person_id=newcomer.id, organisation_id=place.id, role=Role[role]))
    click.echo(email)


# --- In ------------------------------------------------------------------------------------------


@commands.command("import")
@click.argument("register", type=click.Choice(list(IMPORTABLE)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@as_json
@in_organisation
def import_register(
    *, register: str, file: Path, mapping: Path | None, dry_run: bool, as_json: bool, organisation: str
) -> None:
    """Import a register from a CSV or XLSX file; exit 1 if rows were refused."""
    site = _site()
    place = _organisation(site, organisation)
    model = IMPORTABLE[register]
    table = read_table(model, file)
    columns = match_columns(model, table.headers, read_mapping(mapping) if mapping else None)
    with _session_for(site, place, dry_run=dry_run) as session:
        found = prepare(session, model, table, columns)
        if not dry_run:
            carry_out(session, found)
    if as_json:
        _print_json(_plan_figures(found) | {"dry_run": dry_run})
    else:
        _print_plan(found)
        _say(_PLANNED if dry_run else _IMPORTED)
    sys.exit(1 if found.refused else 0)


def _session_for(site: Site, place: Organisation, *, dry_run: bool) -> AbstractContextManager[Session]:
    return site.database.reading(place.id) if dry_run else site.database.writing(place.id, actor=ACTOR)


def _plan_figures(found: Plan) -> dict[str, Any]:
    return {
        **found.counts(),
        "file": found.file,
        "refusals": [
            {"row": item.row, "column": item.column, "reason": item.reason[_language()]}
            for item in found.refused
        ],
        "leftovers": [
            {"row": item.row, "column": item.column, "words": item.words} for item in found.leftovers
        ],
        "unmatched_columns": list(found.unmatched),
    }


def _print_plan(found: Plan) -> None:
    for name, count in found.counts().items():
        click.echo(f"  {count:>6} {_PLAN_WORDS[name][_language()]}")
    for refusal in found.refused:
        place = _ROW.format(row=refusal.row, column=refusal.column or "–")[_language()]
        click.echo(f"{found.file}, {place}: {refusal.reason[_language()]}", err=True)
    for leftover in found.leftovers:
        place = _ROW.format(row=leftover.row, column=leftover.column)[_language()]
        click.echo(f"{found.file}, {place}: „{leftover.words}“")
    if found.unmatched:
        click.echo(_UNMATCHED.format(columns=", ".join(found.unmatched))[_language()])


# --- Out -----------------------------------------------------------------------------------------


@commands.command()
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
    site = _site()
    place = _organisation(site, organisation)
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
        _print_json({"entries": len(ids), "bytes": output.stat().st_size, "output": str(output)})
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


@commands.group()
def catalogue() -> None:
    """Catalogues of IT-Grundschutz."""


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_official_catalogue(*, file: Path, as_json: bool) -> None:
    """Add the wordings from the official file of the BSI to the shipped index."""
    result = import_catalogue(_site().database, file, actor=ACTOR)
    if as_json:
        _print_json(
            {"name": result.name, "edition": result.edition, **result.counts, "changed": result.changed}
        )
        return
    click.echo(f"{result.name}, {result.edition}")
    for name, count in result.counts.items():
        click.echo(f"  {count:>6} {name}")
    _say(_CATALOGUE_CHANGED if result.changed else _CATALOGUE_UNCHANGED)


@catalogue.command("list")
@as_json
def list_catalogues(*, as_json: bool) -> None:
    """List the catalogues that can be worked with."""
    with _site().database.reading() as session:
        found = available_catalogues(session)
    if as_json:
        _print_json([asdict(item) for item in found])
        return
    for item in found:
        texts = item.imported_at.isoformat(timespec="seconds") if item.imported_at else "–"
        click.echo(f"{item.name}, {item.edition}: {item.counts['requirements']} ({texts})")


# --- Checking ------------------------------------------------------------------------------------


@commands.command()
@as_json
@in_organisation
def check(*, as_json: bool, organisation: str) -> None:
    """Judge everything again and list all findings; exit 1 if there are errors."""
    site = _site()
    place = _organisation(site, organisation)
    with site.database.writing(place.id, actor=ACTOR) as session:
        entries = site.judge.judge_everything(session)
    with site.database.reading(place.id) as session:
        rows = _counted_findings(session)
    errors = sum(row["findings"] for row in rows if row["severity"] == Severity.ERROR.name)
    if as_json:
        _print_json({"entries": entries, "errors": errors, "rules": rows})
    else:
        for row in rows:
            severity = Severity[row["severity"]].text[_language()]
            click.echo(f"{row['rule']:<10} {severity:<8} {row['findings']:>6}  {row['register']}")
    sys.exit(1 if errors else 0)


def _counted_findings(session: Session) -> list[dict[str, Any]]:
    query = select(Finding.rule, Finding.severity, Finding.register, func.count().label("findings"))
    query = query.group_by(Finding.rule, Finding.severity, Finding.register).order_by(Finding.rule)
    return [
        {"rule": row.rule, "severity": row.severity.name, "register": row.register, "findings": row.findings}
        for row in session.execute(query)
    ]


@commands.group()
def journal() -> None:
    """The record of every change."""


@journal.command()
@as_json
def verify(*, as_json: bool) -> None:
    """Walk all chains; exit 1 if a record is missing or was altered."""
    site = _site()
    found = verify_journal(site.database)
    if as_json:
        _print_json({"records": found.records, "breaks": [asdict(item) for item in found.breaks]})
    else:
        for item in found.breaks:
            click.echo(f"{item.organisation_id} {item.seq}: {item.reason}")
        _say((_BROKEN if found.breaks else _INTACT).format(records=found.records))
    sys.exit(1 if found.breaks else 0)


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
_CATALOGUE_CHANGED = Text("Die Anforderungstexte sind eingelesen.", "The requirement texts were imported.")
_CATALOGUE_UNCHANGED = Text(
    "Dieselbe Datei war bereits eingelesen; nichts wurde geändert.",
    "The same file had been imported before; nothing was changed.",
)
_NO_NUMBER = Text(
    "{register}: Eine Nummer {number} gibt es nicht.", "{register}: there is no number {number}."
)
_NOT_CURRENT = Text(
    "Die Datenbank hat nicht die erwartete Gestalt. "
    "„nachweis init“ richtet sie ein oder bringt sie auf den Stand.",
    "The database does not have the expected shape. “nachweis init” sets it up or brings it up to date.",
)
_WHICH_ORGANISATION = Text(
    "Bitte mit --organisation eine Organisation nennen. Vorhanden: {names}.",
    "Please name an organisation with --organisation. There are: {names}.",
)
_INITIALISED = Text(
    "Die Installation ist eingerichtet und aktuell.", "The installation is set up and current."
)
_INTACT = Text(
    "Alle {records} Einträge des Journals sind unverändert.", "All {records} journal records are intact."
)
_BROKEN = Text(
    "Das Journal ist verändert worden ({records} Einträge geprüft).",
    "The journal was altered ({records} records checked).",
)

if __name__ == "__main__":
    main()
