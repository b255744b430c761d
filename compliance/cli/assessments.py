"""Impact assessments from files of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from assessments.dpia.exchange.drafts import Draft
from assessments.dpia.exchange.importing import Author, carry_out, figures, link, read
from assessments.dpia.exchange.jsonfile import load
from assessments.dpia.exchange.schema import schema
from compliance.cli.ground import ACTOR, find_organisation, language, open_site, print_json, say
from compliance.language import Text

DPIA: Final = "dpia"
"""What the command calls them."""


def import_dpia(file: Path, organisation: str, *, dry_run: bool, as_json: bool) -> None:
    """Imports the assessment in *file* and says what came in. Raises :class:`Refused`."""
    site = open_site()
    place = find_organisation(site, organisation)
    with file.open("rb") as opened:
        draft = read(load(opened, file.name), file.name)
    ids: list[str] = []
    if dry_run:
        with site.database.reading(place.id) as session:
            link(session, draft)
    else:
        with site.database.writing(place.id, actor=ACTOR) as session:
            ids.append(carry_out(session, draft, file.name, Author(ACTOR.name)).designation)
    if as_json:
        print_json(_report(draft) | {"ids": ids, "file": file.name, "dry_run": dry_run})
        return
    for number, name in figures(draft).items():
        click.echo(f"  {name:>6} {_WORDS[number][language()]}")
    for notice in draft.notices:
        click.echo(f"{notice.place}: {notice.fate.text[language()]}. {notice.text[language()]}")
    say(_PLANNED if dry_run else _IMPORTED.format(ids=", ".join(ids)))


def _report(draft: Draft) -> dict[str, Any]:
    notices = [
        {"place": each.place, "fate": each.fate.name.lower(), "text": each.text[language()]}
        for each in draft.notices
    ]
    return {"created": 1, "format": draft.format[language()], **figures(draft), "notices": notices}


_WORDS: Final = {
    "answers": Text("Antworten", "answers"),
    "verdicts": Text("Beurteilungen", "verdicts"),
    "risks": Text("Risiken", "risks"),
    "measures": Text("Maßnahmen", "measures"),
    "comments": Text("Kommentare", "comments"),
    "kept": Text("Angaben ohne eigenes Feld, behalten", "statements without a field, kept"),
    "cleaned": Text("Texte bereinigt", "texts cleaned"),
}
_PLANNED = Text("Probelauf: nichts wurde geändert.", "Dry run: nothing was changed.")
_IMPORTED = Text("Importiert als {ids} („Bestand, ungeprüft“).", "Imported as {ids} (“imported, unchecked”).")


@click.command("schema")
@click.argument("subject", type=click.Choice([DPIA]))
def print_schema(*, subject: str) -> None:  # noqa: ARG001 -- there is one so far
    """Print the JSON Schema of a format."""
    print_json(schema())
