"""Catalogues in OSCAL in the browser: what is there, what is in it, and what a new version changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from flask import Blueprint, render_template, request, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.catalogue import available_catalogues
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import (
    ControlCatalogue,
    contents,
    control_catalogue,
    control_catalogues,
    exported,
    exported_profile,
    readable,
    versions_of,
)
from assessments.grundschutz.mapping_library import control_mappings
from assessments.grundschutz.oscal import Control, Group, OscalCatalogue, Property
from assessments.grundschutz.oscal_differences import compare
from compliance.access import Permission, demand, may
from compliance.errors import NotFound, Refused
from compliance.language import Text
from compliance.web.catalogue_files import take_in_upload
from compliance.web.site import language, me, reading

bp = Blueprint("catalogues", __name__, url_prefix="/catalogues")

_HITS: Final = 100
"""How many controls a search shows at once."""


# --- What is there -------------------------------------------------------------------------------


@bp.get("/")
def index() -> str:
    """The shipped catalogue and the imported ones."""
    demand(me(), Permission.VIEW, InformationDomain)
    return _index()


def _index(problem: str = "") -> str:
    with reading() as session:
        return render_template(
            "catalogues/index.html",
            shipped=available_catalogues(session),
            imported=control_catalogues(session),
            mappings=control_mappings(session),
            may_import=may(me(), Permission.IMPORT, InformationDomain.area),
            problem=problem,
        )


@bp.post("/")
def take() -> Response | tuple[str, int]:
    """Takes in whatever file of a catalogue was sent, a profile with the catalogues it draws on."""
    demand(me(), Permission.IMPORT, InformationDomain)
    try:
        return take_in_upload()
    except Refused as refusal:
        return _index(refusal.text[language()]), 422


# --- What is in it -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chapter:
    """A group on the page, with how many controls are in it and below it."""

    index: int
    group: Group
    count: int
    inner: tuple[Chapter, ...] = ()


@dataclass(frozen=True)
class Section:
    """A group of the chosen chapter, with the controls that stand in it."""

    index: int
    group: Group
    controls: tuple[Control, ...]


@bp.get("/<short>")
def show(short: str) -> str:
    """The chapters of a catalogue, the controls of one of them, or what a search finds."""
    demand(me(), Permission.VIEW, InformationDomain)
    words = request.args.get("q", "").strip()
    with reading() as session:
        header = readable(session, short)
        catalogue = contents(session, header)
        chosen = _chosen(catalogue, request.args.get("group", ""))
        hits = catalogue.search(words) if words else ()
        return render_template(
            "catalogues/show.html",
            header=header,
            catalogue=catalogue,
            chapters=_chapters(catalogue, None),
            chosen=None if words else chosen,
            sections=[] if words or chosen is None else list(_sections(catalogue, chosen)),
            words=words,
            hits=hits[:_HITS],
            count=len(hits),
            others=versions_of(session, header),
        )


def _chosen(catalogue: OscalCatalogue, text: str) -> int | None:
    """The index of the group that an address names."""
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < len(catalogue.groups):
        return int(text)
    raise NotFound(_NO_GROUP)


def _chapters(catalogue: OscalCatalogue, parent: int | None) -> tuple[Chapter, ...]:
    found = []
    for index, group in enumerate(catalogue.groups):
        if group.parent == parent:
            inner = _chapters(catalogue, index)
            count = len(catalogue.within(index)) + sum(each.count for each in inner)
            found.append(Chapter(index, group, count, inner))
    return tuple(found)


def _sections(catalogue: OscalCatalogue, chosen: int) -> Iterator[Section]:
    """The chosen group and all in it that have controls, in reading order."""
    inside = {chosen}
    for index, group in enumerate(catalogue.groups):
        if group.parent in inside:
            inside.add(index)
        if index in inside and (controls := catalogue.within(index)):
            yield Section(index, group, controls)


@bp.get("/<short>/controls/<path:key>")
def control(short: str, key: str) -> str:
    """One control, whole: wording with its parameters, levels, links, and what belongs to it."""
    demand(me(), Permission.VIEW, InformationDomain)
    with reading() as session:
        header = readable(session, short)
        catalogue = contents(session, header)
        found = catalogue.by_key.get(key) or catalogue.by_id.get(key)
        if found is None:
            raise NotFound(_NO_CONTROL)
        return render_template(
            "catalogues/control.html",
            header=header,
            catalogue=catalogue,
            control=found,
            facts=list(_facts(found)),
            inner=[each for each in catalogue.controls if each.parent == found.key],
            links=list(_links(catalogue, found)),
            neighbours=_neighbours(catalogue, found),
            part_name=_part_name,
        )


def _facts(found: Control) -> Iterator[tuple[str, str]]:
    """What the properties say, under names a reader knows where there are any."""
    everywhere = (*found.properties, *(each for part in found.parts for each in part.properties))
    for each in dict.fromkeys(everywhere):
        says_what_the_badge_says = found.withdrawn and each.name == "status"
        if each.name not in _HIDDEN and not each.kind and not says_what_the_badge_says:
            yield _property_name(each), each.value


def _property_name(each: Property) -> str:
    return _PROPERTIES.get(each.name, Text(each.name, each.name))[language()]


@dataclass(frozen=True)
class Leads:
    """Where a link of a control leads: to another control, or to what the catalogue refers to."""

    relation: str
    control: Control | None = None
    title: str = ""
    address: str = ""


def _links(catalogue: OscalCatalogue, found: Control) -> Iterator[Leads]:
    for link in found.links:
        relation = _RELATIONS.get(link.relation, Text(link.relation, link.relation))[language()]
        identity = link.href.removeprefix("#")
        if link.href.startswith("#") and (target := catalogue.by_id.get(identity)):
            yield Leads(relation, control=target)
        elif link.href.startswith("#") and (resource := catalogue.resource_by_id.get(identity)):
            yield Leads(relation, title=resource.title, address=_web_address(resource.address))
        else:
            title = link.text or link.href
            yield Leads(relation, title=title, address=_web_address(link.href))


def _web_address(address: str) -> str:
    """*address* if a browser may follow it; documents come from outside."""
    return address if address.startswith(("https://", "http://")) else ""


def _neighbours(catalogue: OscalCatalogue, found: Control) -> tuple[Control | None, Control | None]:
    at = catalogue.controls.index(found)
    before = catalogue.controls[at - 1] if at else None
    return before, next(iter(catalogue.controls[at + 1 : at + 2]), None)


def _part_name(name: str) -> str:
    return _PARTS.get(name, Text(name, name))[language()]


@bp.get("/<short>/document")
def document(short: str) -> Response:
    """The document, byte for byte as it was imported."""
    demand(me(), Permission.EXPORT, InformationDomain)
    with reading() as session:
        header = readable(session, short)
        data = exported(session, header)
    return _sent(data, header.file_name or f"{short}.json")


@bp.get("/<short>/profile")
def profile(short: str) -> Response:
    """The profile from which the catalogue was made, byte for byte as it was imported."""
    demand(me(), Permission.EXPORT, InformationDomain)
    with reading() as session:
        header = control_catalogue(session, short)
        data = exported_profile(session, header)
    return _sent(data, header.file_name or f"{short}.json")


def _sent(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), mimetype="application/json", as_attachment=True, download_name=name)


# --- What a new version changes ------------------------------------------------------------------


@bp.get("/<short>/differences")
def differences(short: str) -> str:
    """What this version changes against another one of the same catalogue."""
    demand(me(), Permission.VIEW, InformationDomain)
    with reading() as session:
        after = readable(session, short)
        before = _before(session, after)
        found = compare(contents(session, before), contents(session, after))
        return render_template(
            "catalogues/differences.html",
            before=before,
            after=after,
            found=found,
            others=[each for each in control_catalogues(session) if each.sha256 != after.sha256],
        )


def _before(session: Session, after: ControlCatalogue) -> ControlCatalogue:
    if named := request.args.get("with", ""):
        return readable(session, named)
    others = versions_of(session, after)
    earlier = (each for each in others if each.recency < after.recency)
    if found := next(earlier, next(iter(others), None)):
        return found
    raise NotFound(_NO_OTHER)


_HIDDEN: Final = frozenset({"alt-identifier", "label", "sort-id"})
_PROPERTIES: Final = {
    "modal_verb": Text("Verbindlichkeit", "Obligation"),
    "level": Text("Stufe", "Level"),
    "order": Text("Reihenfolge", "Order"),
    "roles": Text("Zuständig", "Responsible"),
    "protects": Text("Schützt vor allem", "Protects above all"),
    "sec_level": Text("Sicherheitsniveau", "Security level"),
    "effort_level": Text("Aufwand (0 bis 5)", "Effort (0 to 5)"),
    "tags": Text("Schlagworte", "Tags"),
    "documentation": Text("Dokumentation", "Documentation"),
    "result": Text("Ergebnis", "Result"),
    "result_specification": Text("Näher bestimmt", "Specification"),
    "action_word": Text("Handlung", "Action"),
    "target_object_categories": Text("Zielobjektkategorien", "Categories of target objects"),
    "confidentiality": Text("Vertraulichkeit", "Confidentiality"),
    "integrity": Text("Integrität", "Integrity"),
    "availability": Text("Verfügbarkeit", "Availability"),
    "authenticity": Text("Authentizität", "Authenticity"),
    "threats": Text("Elementare Gefährdungen", "Elementary threats"),
    "status": Text("Status", "Status"),
    "implementation-level": Text("Ebene der Umsetzung", "Implementation level"),
    "contributes-to-assurance": Text("Trägt zur Vertrauenswürdigkeit bei", "Contributes to assurance"),
}
_PARTS: Final = {
    "statement": Text("Anforderung", "Statement"),
    "guidance": Text("Erläuterung", "Guidance"),
    "assessment-objective": Text("Prüfziel", "Assessment objective"),
    "assessment-method": Text("Prüfmethode", "Assessment method"),
    "assessment-objects": Text("Prüfgegenstände", "Assessment objects"),
    "overview": Text("Überblick", "Overview"),
    "objective": Text("Ziel", "Objective"),
    "information": Text("Hinweis", "Information"),
}
_RELATIONS: Final = {
    "related": Text("Verwandt", "Related"),
    "required": Text("Setzt voraus", "Requires"),
    "reference": Text("Quelle", "Reference"),
    "incorporated-into": Text("Aufgegangen in", "Incorporated into"),
    "moved-to": Text("Verschoben nach", "Moved to"),
}
_NO_GROUP: Final = Text("Diese Gruppe gibt es nicht.", "There is no such group.")
_NO_CONTROL: Final = Text(
    "Diese Anforderung gibt es in dieser Fassung des Katalogs nicht.",
    "There is no such control in this version of the catalogue.",
)
_NO_OTHER: Final = Text(
    "Von diesem Katalog ist keine andere Fassung eingelesen.",
    "No other version of this catalogue has been imported.",
)
