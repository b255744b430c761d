"""Takes in any file of a catalogue, says what came of it, and leads to where it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from assessments.grundschutz.arrivals import Arrival, Kind, recognised
from assessments.grundschutz.catalogue import import_catalogue
from assessments.grundschutz.cross_references import import_cross_references
from assessments.grundschutz.library import Imported, import_oscal
from assessments.grundschutz.mapping_library import import_mapping
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.wiba import WibaTable, import_wiba
from compliance.errors import Refused
from compliance.language import Text, shown_number
from compliance.web.site import actor, language, site
from registers.importing.archive import LARGEST_FILE


def take_in_upload() -> Response:
    """Takes in the file that was sent, a profile with the catalogues it draws on.

    Raises :class:`Refused`, naming the place of what is wrong.
    """
    sent = [*_sources(request.files.getlist("file")), *_sources(request.files.getlist("sources"))]
    if not sent:
        raise Refused(_NO_FILE)
    arrival = recognised(sent[0])
    return _TAKES[arrival.kind](arrival, sent[1:])


def _sources(uploads: Iterable[FileStorage]) -> list[Source]:
    return [
        Source(each.filename.replace("\\", "/").rpartition("/")[2], each.read(LARGEST_FILE + 1))
        for each in uploads
        if each.filename
    ]


def _take_wordings(arrival: Arrival, _others: Sequence[Source]) -> Response:
    result = import_catalogue(site().database, arrival.source.data, actor=actor())
    if result.changed:
        _say_checked(result.counts)
    else:
        flash(_("Dieselben Texte waren bereits eingelesen; nichts wurde geändert."), "info")
    return redirect(url_for("grundschutz.catalogue"))


def _take_references(arrival: Arrival, _others: Sequence[Source]) -> Response:
    data, sheets = arrival.source.data, arrival.sheets
    result = import_cross_references(site().database, data, sheets, actor=actor())
    if result.changed:
        _say_checked(result.counts)
    else:
        flash(_("Dieselben Kreuzreferenzen waren bereits eingelesen; nichts wurde geändert."), "info")
    return redirect(url_for("grundschutz.catalogue"))


def _say_checked(counts: Mapping[str, int]) -> None:
    said = _(
        "Geprüft und eingelesen: %(modules)s Bausteine, %(requirements)s Anforderungen "
        "(%(active)s gültig, %(withdrawn)s entfallen), %(cross_references)s Kreuzreferenzen zu "
        "%(threats)s elementaren Gefährdungen.",
        **_shown(counts),
    )
    flash(said, "success")


def _take_wiba(arrival: Arrival, _others: Sequence[Source]) -> Response:
    result = import_wiba(site().database, arrival.source.data, arrival.sheets, actor=actor())
    figures = _shown(result.counts)
    if not result.changed:
        flash(_("Dieselbe Datei war bereits eingelesen; nichts wurde geändert."), "info")
    elif result.table is WibaTable.QUESTIONS:
        said = _("Eingelesen: %(count)s Prüffragen in 19 Checklisten.", count=figures["questions"])
        flash(said, "success")
    else:
        said = _(
            "Eingelesen: %(count)s Prüffragen sind %(requirements)s Anforderungen zugeordnet.",
            count=figures["questions"],
            requirements=figures["mapped_requirements"],
        )
        flash(said, "success")
    return redirect(url_for("wiba.catalogue"))


def _take_mapping(arrival: Arrival, _others: Sequence[Source]) -> Response:
    result = import_mapping(site().database, arrival.source, actor=actor())
    figures = _shown(result.counts)
    if result.changed:
        said = _(
            "Eingelesen: %(pairs)s Zuordnungen von %(requirements)s Anforderungen der Edition 2023 zu "
            "%(controls)s Controls.",
            pairs=figures["pairs"],
            requirements=figures["mapped_requirements"],
            controls=figures["mapped_controls"],
        )
        flash(said, "success")
    else:
        flash(_("Diese Zuordnung war bereits eingelesen; nichts wurde geändert."), "info")
    return redirect(url_for("catalogues.index", _anchor="mappings"))


def _take_catalogue(arrival: Arrival, others: Sequence[Source]) -> Response:
    return shown_catalogue(import_oscal(site().database, arrival.source, others, actor=actor()))


def shown_catalogue(result: Imported) -> Response:
    """Says what came of a catalogue in OSCAL and leads to it."""
    if not result.changed:
        flash(_("Dieser Katalog war bereits eingelesen; nichts wurde geändert."), "info")
    else:
        count, remarks = result.counts["controls"], result.counts["problems"]
        said = ngettext(
            "%(figure)s Anforderung ist eingelesen.",
            "%(figure)s Anforderungen sind eingelesen.",
            count,
            figure=shown_number(count, language()),
        )
        if remarks:
            more = ngettext(
                "Zur Datei gibt es %(figure)s Hinweis; er steht unten.",
                "Zur Datei gibt es %(figure)s Hinweise; sie stehen unten.",
                remarks,
                figure=shown_number(remarks, language()),
            )
            said = f"{said} {more}"
        flash(said, "success")
    return redirect(url_for("catalogues.show", short=result.short))


def _no_table(arrival: Arrival, _others: Sequence[Source]) -> Response:
    raise Refused(_TABLE.format(file=arrival.source.name))


def _shown(counts: Mapping[str, int]) -> dict[str, str]:
    return {name: shown_number(count, language()) for name, count in counts.items()}


_TAKES: Final[Mapping[Kind, Callable[[Arrival, Sequence[Source]], Response]]] = {
    Kind.WORDINGS: _take_wordings,
    Kind.REFERENCES: _take_references,
    Kind.WIBA: _take_wiba,
    Kind.CATALOGUE: _take_catalogue,
    Kind.MAPPING: _take_mapping,
    Kind.TABLE: _no_table,
}
_NO_FILE: Final = Text("Bitte wählen Sie die Datei aus.", "Please choose the file.")
_TABLE: Final = Text(
    "Die Tabelle „{file}“ ist weder die Kreuzreferenztabelle des Kompendiums noch eine Arbeitsmappe zu WiBA. "
    "Eine Tabelle mit eigenem Katalog oder Profil lesen Sie bitte über „Kataloge“, „Eigenen Katalog oder "
    "eigenes Profil aus einer Tabelle einlesen“ ein. Es wurde nichts übernommen.",
    "The table “{file}” is neither the cross-reference table of the Kompendium nor a workbook of WiBA. "
    "A table with a catalogue or profile of your own goes in by “Catalogues”, “Import an own catalogue or "
    "profile from a table”. Nothing was imported.",
)
