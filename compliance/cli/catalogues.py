"""Catalogues of IT-Grundschutz and any others in OSCAL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from assessments.grundschutz.arrivals import Arrival, Kind, recognised
from assessments.grundschutz.catalogue import available_catalogues, import_catalogue
from assessments.grundschutz.cross_references import NAME, import_cross_references
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import EDITION
from assessments.grundschutz.library import (
    ControlCatalogue,
    contents,
    control_catalogues,
    exported,
    exported_profile,
    import_oscal,
    readable,
)
from assessments.grundschutz.mapping_library import (
    ControlMapping,
    control_mappings,
    import_mapping,
)
from assessments.grundschutz.oscal import Control, OscalCatalogue, Problem, read
from assessments.grundschutz.oscal_differences import Differences, compare
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.oscal_takeover import store
from assessments.grundschutz.own_catalogues import draft
from assessments.grundschutz.wiba import WibaFile, import_wiba, wiba_files
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
from compliance.entry import by_number
from compliance.errors import NotFound, Refused
from compliance.language import Text
from compliance.web.site import Site
from exports.oscal.comparing import preview

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PROBLEMS_SHOWN = 10


@click.group()
def catalogue() -> None:
    """Catalogues of IT-Grundschutz, and any others in OSCAL."""


@catalogue.command("import")
@click.argument("file", type=_FILE)
@click.option("--with", "others", multiple=True, type=_FILE, help="A catalogue that a profile imports.")
@click.option("--title", default="", help="With a table: what it is called.")
@click.option("--edition", default="", help="With a table: its version.")
@click.option(
    "--from",
    "choose_from",
    default=EDITION,
    show_default=True,
    help="With a table: the catalogue from which it chooses; “own” where it holds requirements of its own.",
)
@as_json
def import_official_catalogue(
    *, file: Path, others: tuple[Path, ...], title: str, edition: str, choose_from: str, as_json: bool
) -> None:
    """Take in an official file of the BSI, a catalogue or profile in OSCAL (JSON), or a table.

    Official are the XML and the cross-reference tables of the Kompendium and the workbooks of WiBA.
    A table (CSV or XLSX) chooses modules and requirements from a catalogue, or holds requirements of its own.
    """
    arrival = recognised(Source.at(file))
    site = open_site()
    match arrival.kind:
        case Kind.WORDINGS:
            _import_texts(site, arrival, as_json=as_json)
        case Kind.REFERENCES:
            _import_tables_of_references(site, arrival, as_json=as_json)
        case Kind.WIBA:
            _import_wiba(site, arrival, as_json=as_json)
        case Kind.TABLE:
            _import_table(site, arrival, title, edition, choose_from, as_json=as_json)
        case Kind.MAPPING:
            _import_mapping(site, arrival.source, as_json=as_json)
        case Kind.CATALOGUE:
            _import_oscal(site, arrival.source, [Source.at(other) for other in others], as_json=as_json)


def _import_texts(site: Site, arrival: Arrival, *, as_json: bool) -> None:
    result = import_catalogue(site.database, arrival.source.data, actor=ACTOR)
    if as_json:
        print_json(
            {"name": result.name, "edition": result.edition, **result.counts, "changed": result.changed}
        )
        return
    click.echo(f"{result.name}, {result.edition}")
    _say_counts(result.counts)
    say(_CATALOGUE_CHANGED if result.changed else _CATALOGUE_UNCHANGED)


def _import_tables_of_references(site: Site, arrival: Arrival, *, as_json: bool) -> None:
    result = import_cross_references(site.database, arrival.source.data, arrival.sheets, actor=ACTOR)
    if as_json:
        print_json(
            {
                "name": NAME,
                "edition": result.edition,
                **result.counts,
                "departing": list(result.departing),
                "changed": result.changed,
            }
        )
        return
    click.echo(f"{NAME}, {result.edition}")
    _say_counts(result.counts)
    if result.departing:
        say(_DEPARTING.format(ids=", ".join(result.departing)))
    say(_REFERENCES_TAKEN if result.changed else _CATALOGUE_UNCHANGED)


def _import_wiba(site: Site, arrival: Arrival, *, as_json: bool) -> None:
    result = import_wiba(site.database, arrival.source.data, arrival.sheets, actor=ACTOR)
    if as_json:
        contents = result.table.name.lower()
        print_json({"name": "WiBA", "contents": contents, **result.counts, "changed": result.changed})
        return
    click.echo(f"WiBA, {result.table.text[language()]}")
    _say_counts(result.counts)
    say(_WIBA_TAKEN if result.changed else _CATALOGUE_UNCHANGED)


def _import_table(
    site: Site, arrival: Arrival, title: str, edition: str, choose_from: str, *, as_json: bool
) -> None:
    chosen = "" if choose_from == "own" else choose_from
    source = arrival.source
    with site.database.reading() as session:
        found = draft(session, source.data, source.name, title=title, edition=edition, choose_from=chosen)
    if found.mistakes:
        for each in found.mistakes:
            where = each.place[language()]
            click.echo(f"{where}: {each.text[language()]}" if where else each.text[language()], err=True)
        raise Refused(_MISTAKES.format(count=len(found.mistakes)))
    _import_oscal(site, Source(found.file_name, found.content), [], as_json=as_json)


def _import_oscal(site: Site, main: Source, others: Sequence[Source], *, as_json: bool) -> None:
    result = import_oscal(site.database, main, others, actor=ACTOR)
    if as_json:
        print_json(
            {
                "name": result.title,
                "edition": result.edition,
                "id": result.short,
                **result.counts,
                "changed": result.changed,
                "remarks": [{"place": each.place, "text": each.text[language()]} for each in result.problems],
            }
        )
        return
    click.echo(f"{result.title}, {result.edition} ({result.short})")
    _say_counts(result.counts)
    _say_problems(result.problems)
    say(_TAKEN if result.changed else _CATALOGUE_UNCHANGED)


def _import_mapping(site: Site, main: Source, *, as_json: bool) -> None:
    result = import_mapping(site.database, main, actor=ACTOR)
    if as_json:
        print_json(
            {
                "name": result.title,
                "edition": result.edition,
                "id": result.short,
                **result.counts,
                "changed": result.changed,
                "remarks": [{"place": each.place, "text": each.text[language()]} for each in result.problems],
            }
        )
        return
    click.echo(f"{result.title}, {result.edition} ({result.short})")
    _say_counts(result.counts)
    _say_problems(result.problems)
    say(_MAPPING_TAKEN if result.changed else _CATALOGUE_UNCHANGED)


def _say_counts(counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        label = _COUNTS.get(name, Text(name, name))[language()]
        click.echo(f"  {count:>6} {label}")


def _say_problems(problems: Sequence[Problem]) -> None:
    for problem in problems[:_PROBLEMS_SHOWN]:
        click.echo(f"  {problem.place}: {problem.text[language()]}")
    if rest := len(problems[_PROBLEMS_SHOWN:]):
        say(_MORE.format(count=rest))


@catalogue.command("list")
@as_json
def list_catalogues(*, as_json: bool) -> None:
    """List the catalogues that can be worked with."""
    with open_site().database.reading() as session:
        found = available_catalogues(session)
        imported = control_catalogues(session)
        mappings = control_mappings(session)
        wiba = list(wiba_files(session).values())
    if as_json:
        rows = (*map(_listed, imported), *map(_as_mapping, mappings), *map(_as_wiba, wiba))
        print_json([*(asdict(item) for item in found), *rows])
        return
    for item in found:
        texts = item.imported_at.isoformat(timespec="seconds") if item.imported_at else "–"
        click.echo(f"{item.name}, {item.edition}: {item.counts['requirements']} ({texts})")
    for each in imported:
        when = each.imported_at.isoformat(timespec="seconds") if each.imported_at else "–"
        click.echo(f"{each.short}  {each}: {each.controls} ({when})")
    for mapping in mappings:
        when = mapping.imported_at.isoformat(timespec="seconds") if mapping.imported_at else "–"
        click.echo(f"{mapping.short}  {mapping}: {mapping.pairs} ({when})")
    for file in wiba:
        contents = file.table.text[language()] if file.table else ""
        when = file.imported_at.isoformat(timespec="seconds") if file.imported_at else "–"
        click.echo(f"WiBA, {contents}: {file.count} ({when})")


def _as_wiba(file: WibaFile) -> dict[str, object]:
    return {
        "name": "WiBA",
        "contents": file.table.name.lower() if file.table else "",
        "counts": {"rows": file.count},
        "imported_at": file.imported_at,
        "sha256": file.sha256,
    }


def _listed(header: ControlCatalogue) -> dict[str, object]:
    return {
        "id": header.short,
        "name": header.title,
        "edition": header.edition,
        "counts": {"groups": header.groups, "controls": header.controls, "problems": header.problems},
        "imported_at": header.imported_at,
        "sha256": header.sha256,
    }


def _as_mapping(header: ControlMapping) -> dict[str, object]:
    return {
        "id": header.short,
        "name": header.title,
        "edition": header.edition,
        "status": header.status,
        "counts": {"pairs": header.pairs, "problems": header.problems},
        "imported_at": header.imported_at,
        "sha256": header.sha256,
    }


@catalogue.command()
@click.argument("before")
@click.argument("after")
@as_json
def diff(*, before: str, after: str, as_json: bool) -> None:
    """Show what AFTER changes against BEFORE; each is a file or the id of an imported catalogue."""
    site = open_site()
    old, new = _named(site, before), _named(site, after)
    found = compare(old, new)
    if as_json:
        print_json({"before": _head(old), "after": _head(new), **_as_figures(found)})
        return
    click.echo(f"{old.title}, {old.version} → {new.title}, {new.version}")
    _say_counts(found.counts())
    for sign, controls in (("-", found.removed), ("+", found.added)):
        for control in controls:
            click.echo(f"{sign} {_called(control)}")
    for earlier, later in found.renumbered:
        click.echo(f"→ {earlier.label} → {_called(later)}")
    for each in found.changed:
        aspects = ", ".join(change.aspect.label[language()] for change in each.changes)
        click.echo(f"~ {_called(each.after)}: {aspects}")


def _named(site: Site, name: str) -> OscalCatalogue:
    if Path(name).is_file():
        return read(Source.at(Path(name)).root)
    with site.database.reading() as session:
        return contents(session, readable(session, name))


def _called(control: Control) -> str:
    return f"{control.label} {control.title}"


def _head(found: OscalCatalogue) -> dict[str, str]:
    return {"name": found.title, "edition": found.version}


def _as_figures(found: Differences) -> dict[str, object]:
    return {
        "counts": found.counts(),
        "added": [_identity(each) for each in found.added],
        "removed": [_identity(each) for each in found.removed],
        "renumbered": [{**_identity(new), "before": old.id} for old, new in found.renumbered],
        "changed": [
            {**_identity(each.after), "aspects": [change.aspect.value for change in each.changes]}
            for each in found.changed
        ],
    }


def _identity(control: Control) -> dict[str, str]:
    return {"key": control.key, "id": control.id, "title": control.title}


@catalogue.command()
@click.argument("name")
@click.option("--profile", is_flag=True, help="The profile from which the catalogue was made.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def export(*, name: str, profile: bool, output: Path | None) -> None:
    """Write an imported catalogue, as OSCAL, byte for byte as it came; NAME 2023 is the Kompendium."""
    with open_site().database.reading() as session:
        found = exported_profile if profile else exported
        data = found(session, readable(session, name))
    if output is None:
        click.echo(data, nl=False)
        return
    output.write_bytes(data)
    say(_WRITTEN.format(path=str(output)))


@catalogue.command()
@click.argument("file", type=_FILE)
@click.option("--domain", "number", required=True, help="Running number such as IV-0001 or 1.")
@as_json
@in_organisation
def results(*, file: Path, number: str, as_json: bool, organisation: str) -> None:
    """Take a document in OSCAL that was exported before back into an information domain.

    FILE holds a security plan, assessment results or a plan of action; which, it says itself.
    """
    site = open_site()
    root = Source.at(file).root
    place = find_organisation(site, organisation)
    with site.database.writing(place.id, actor=ACTOR) as session:
        digits = number.strip().upper().removeprefix(f"{InformationDomain.prefix}-")
        domain = by_number(session, InformationDomain, int(digits)) if digits.isdigit() else None
        if domain is None:
            raise NotFound(_NO_DOMAIN.format(number=number))
        planned = preview(session, domain, place.name, root)
        store(session, domain, planned)
    figures = {
        "changed": len(planned.changed),
        "unchanged": planned.unchanged,
        "modules": len(planned.modules),
        "measures": len(planned.measures.changes),
    }
    if as_json:
        print_json(figures | {"remarks": [each[language()] for each in planned.remarks]})
        return
    say(_TAKEN_BACK.format(**{name: str(count) for name, count in figures.items()}))
    for each in planned.remarks:
        say(_STAYS.format(remark=each[language()]))


_MISTAKES = Text(
    "{count} Stellen der Tabelle sind nicht zu verstehen. Es wurde nichts übernommen.",
    "{count} places of the table cannot be understood. Nothing was imported.",
)
_NO_DOMAIN = Text(
    "Einen Informationsverbund mit der Nummer {number} gibt es nicht.",
    "There is no information domain with the number {number}.",
)
_TAKEN_BACK = Text(
    "{changed} Antworten übernommen, {unchanged} unverändert, {modules} Bausteine vermerkt, {measures} "
    "Maßnahmen übernommen.",
    "{changed} answers taken over, {unchanged} unchanged, {modules} modules recorded, {measures} measures "
    "taken over.",
)
_STAYS = Text("Nicht übernommen – {remark}", "Not taken over – {remark}")
_CATALOGUE_CHANGED = Text("Die Anforderungstexte sind eingelesen.", "The requirement texts were imported.")
_CATALOGUE_UNCHANGED = Text(
    "Dieselbe Datei war bereits eingelesen; nichts wurde geändert.",
    "The same file had been imported before; nothing was changed.",
)
_REFERENCES_TAKEN = Text("Die Kreuzreferenzen sind eingelesen.", "The cross-references were imported.")
_DEPARTING = Text(
    "Anders als das mitgelieferte Verzeichnis, künftig gilt die Datei: {ids}",
    "Other than the shipped index, from now on the file counts: {ids}",
)
_TAKEN = Text("Der Katalog ist eingelesen.", "The catalogue was imported.")
_WIBA_TAKEN = Text("Die Datei ist eingelesen.", "The file was imported.")
_MAPPING_TAKEN = Text("Die Zuordnung ist eingelesen.", "The mapping was imported.")
_MORE = Text("  und {count} weitere Hinweise", "  and {count} more remarks")
_WRITTEN = Text("Geschrieben: {path}", "Written: {path}")
_COUNTS = {
    "layers": Text("Schichten", "layers"),
    "modules": Text("Bausteine", "modules"),
    "requirements": Text("Anforderungen", "requirements"),
    "active": Text("davon gültig", "of them active"),
    "withdrawn": Text("davon entfallen", "of them withdrawn"),
    "threats": Text("elementare Gefährdungen", "elementary threats"),
    "cross_references": Text("Kreuzreferenzen", "cross-references"),
    "with_values": Text("Anforderungen mit Grundwerten (C, I, A)", "requirements with values (C, I, A)"),
    "pairs": Text("Zuordnungen", "pairs"),
    "mapped_requirements": Text("Anforderungen der Edition 2023", "requirements of Edition 2023"),
    "mapped_controls": Text("Controls", "controls"),
    "checklists": Text("Checklisten", "checklists"),
    "questions": Text("Prüffragen", "questions"),
    "groups": Text("Gruppen", "groups"),
    "controls": Text("Anforderungen", "controls"),
    "parameters": Text("Parameter", "parameters"),
    "resources": Text("Quellen", "resources"),
    "problems": Text("Hinweise zur Datei", "remarks on the file"),
    "added": Text("neu", "added"),
    "removed": Text("entfallen", "removed"),
    "renumbered": Text("umnummeriert", "renumbered"),
    "changed": Text("geändert", "changed"),
    "unchanged": Text("unverändert", "unchanged"),
}
"""What the figures of a catalogue are called."""
