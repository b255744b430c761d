"""What goes out to be edited and comes back: a register as a workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

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
from compliance.database import now
from compliance.language import LANGUAGES, Text
from exports.editable import Purpose, write
from exports.reports.records import every_id
from registers.importing.roundtrip import (
    EVERYTHING,
    MINE,
    THEIRS,
    Decisions,
    Plan,
    Revision,
    carry_out,
    plan,
    read_file,
)
from registers.processing import ProcessingActivity


@click.command()
@click.option("--register", "slug", default=ProcessingActivity.slug, show_default=True)
@click.option("--language", "words", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@as_json
@in_organisation
def workbook(*, slug: str, words: str, output: Path, as_json: bool, organisation: str) -> None:
    """Write a register as an Excel workbook to be edited and read again."""
    site = open_site()
    place = find_organisation(site, organisation)
    model = site.register(slug)
    purpose = Purpose(place.name, place.id, now(), words, EVERYTHING.edits, EVERYTHING.sees)
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with site.database.reading(place.id) as session, unfinished.open("wb") as out:
            count = write(session, model, every_id(session, model), purpose, out)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
    if as_json:
        print_json({"entries": count, "bytes": output.stat().st_size, "output": str(output)})
    else:
        click.echo(str(output))


_SKIP: Final = "skip"
_ON_CONFLICT: Final = {_SKIP: "", "file": MINE, "stored": THEIRS}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option(
    "--on-conflict",
    type=click.Choice(list(_ON_CONFLICT)),
    default=_SKIP,
    show_default=True,
    help="Where both sides changed an answer: leave the entry out, or take one side.",
)
@click.option("--remove-rows", is_flag=True, help="Remove rows of entries that the file lacks.")
@as_json
@in_organisation
def roundtrip(
    *, file: Path, dry_run: bool, on_conflict: str, remove_rows: bool, as_json: bool, organisation: str
) -> None:
    """Read an edited workbook; exit 1 if something could not be taken over."""
    site = open_site()
    place = find_organisation(site, organisation)
    book = read_file(file)
    model = site.register(book.stamp.register)
    database = site.database
    with database.reading(place.id) if dry_run else database.writing(place.id, actor=ACTOR) as session:
        found = plan(session, model, book, EVERYTHING)
        decisions = _decided(found, _ON_CONFLICT[on_conflict], remove_rows=remove_rows)
        if not dry_run:
            carry_out(session, found, decisions, EVERYTHING)
    left = [revision for revision in found.ready if revision.key not in decisions.taken]
    if as_json:
        print_json(_figures(found, left) | {"dry_run": dry_run})
    else:
        _print(found, left)
        say(_PLANNED if dry_run else _DONE)
    sys.exit(1 if found.every_problem or left else 0)


def _decided(found: Plan, side: str, *, remove_rows: bool) -> Decisions:
    """Everything is taken over in which nobody else changed the same answer, or all if a *side* was named."""
    taken = [revision for revision in found.ready if side or not revision.conflicts]
    sides = {(revision.key, edit.key): side for revision in taken for edit in revision.conflicts if side}
    if remove_rows:
        sides |= {(revision.key, edit.key): MINE for revision in taken for edit in revision.removals}
    return Decisions(frozenset(revision.key for revision in taken), sides)


def _figures(found: Plan, left: list[Revision]) -> dict[str, Any]:
    said = language()
    return {
        **found.counts(),
        "file": found.file,
        "edits": [
            {
                "entry": revision.name,
                "field": edit.label[said],
                "exported": edit.before(said),
                "file": edit.after(said),
                "stored": edit.now(said),
                "both_changed": edit.both_changed,
            }
            for revision in found.ready
            for edit in revision.edits
        ],
        "left_out": [revision.name for revision in left],
        "missing_entries": [str(missing.entry) for missing in found.missing],
        "problem_list": [problem.text[said] for problem in found.every_problem],
        "notes": [note[said] for note in found.notes],
    }


def _print(found: Plan, left: list[Revision]) -> None:
    said = language()
    for name, count in found.counts().items():
        click.echo(f"  {count:>6} {_COUNTED[name][said]}")
    for revision in found.ready:
        for edit in revision.edits:
            click.echo(f"{revision.name}, {edit.label[said]}: „{edit.before(said)}“ → „{edit.after(said)}“")
    for note in found.notes:
        click.echo(note[said])
    for missing in found.missing:
        click.echo(_MISSING.format(entry=str(missing.entry))[said])
    for revision in left:
        click.echo(_LEFT.format(entry=revision.name)[said], err=True)
    for problem in found.every_problem:
        click.echo(f"{found.file}, {problem.text[said]}", err=True)


_COUNTED: Final = {
    "created": Text("neu", "created"),
    "changed": Text("geändert", "changed"),
    "unchanged": Text("unverändert", "unchanged"),
    "conflicts": Text("Angaben beidseitig geändert", "answers changed on both sides"),
    "removed_rows": Text("fehlende Zeilen", "missing rows"),
    "missing": Text("fehlende Einträge", "missing entries"),
    "problems": Text("Stellen nicht zu lesen", "places not understood"),
}
_MISSING: Final = Text(
    "{entry} fehlt in der Datei und bleibt, wie er ist.", "{entry} is not in the file and stays as it is."
)
_LEFT: Final = Text(
    "{entry} bleibt, wie er ist: Dieselbe Angabe wurde inzwischen auch von anderen geändert.",
    "{entry} stays as it is: the same answer was changed by others in the meantime.",
)
_PLANNED: Final = Text("Probelauf: nichts wurde geändert.", "Dry run: nothing was changed.")
_DONE: Final = Text("Übernommen.", "Taken over.")
