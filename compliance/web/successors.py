"""The work list from Edition 2023 to Grundschutz++ in the browser."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.controls import CatalogueUse, header_of, load_use
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Module, Requirement, edition_2023
from assessments.grundschutz.library import contents
from assessments.grundschutz.mapping_library import ControlMapping, control_mapping, mappings_to, pairs_of
from assessments.grundschutz.oscal import OscalCatalogue
from assessments.grundschutz.successors import Line, WorkList, take_over, work_list
from assessments.grundschutz.taking_over import Confidence, Standing
from compliance.access import Permission, may, may_do
from compliance.errors import NotFound
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.printing import chosen_format, issuer, sent
from compliance.web.site import me, reading, writing
from exports.reports import successors as paper

bp = Blueprint("successors", __name__, url_prefix="/grundschutz")

_MOST_LINES: Final = 150
"""So many rows are shown at once; a module more may go beyond."""


@dataclass(frozen=True)
class View:
    """What of the list is wanted, as the address says it."""

    show: str = ""
    module: str = ""
    confidence: str = ""
    mapping: str = ""

    @classmethod
    def asked(cls) -> View:
        """The view that the address of the request names; what is unknown in it counts as nothing."""
        values = request.values
        show, confidence = values.get("show", ""), values.get("confidence", "")
        return cls(
            show if show in Standing.__members__ else "",
            values.get("module", ""),
            confidence if confidence in Confidence.__members__ else "",
            values.get("mapping", ""),
        )

    def address(self, **other: str) -> dict[str, str]:
        """The view as part of an address, changed by *other*."""
        return {name: value for name, value in (vars(self) | other).items() if value}

    def has(self, line: Line, *, show: str | None = None) -> bool:
        """Whether *line* belongs to the view; *show* instead of the chosen standing."""
        standing = self.show if show is None else show
        target = line.target
        return (
            (not standing or target.standing.name == standing)
            and (not self.module or line.source.requirement.module == self.module)
            and (not self.confidence or _is_as_sure(line, Confidence[self.confidence]))
        )


def _is_as_sure(line: Line, wanted: Confidence) -> bool:
    proposal = line.target.proposal
    order = list(Confidence)
    return proposal.status is not None and order.index(proposal.confidence) <= order.index(wanted)


@dataclass(frozen=True)
class Asked:
    """A requirement with its controls, as a person decides about them."""

    requirement: Requirement
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ModuleGroup:
    """The requirements of one module."""

    module: Module
    asked: tuple[Asked, ...]
    takeable: int
    """Controls whose proposal may be taken over at once."""


@dataclass(frozen=True)
class Desk:
    """Everything a request about the work list needs."""

    use: CatalogueUse
    catalogue: OscalCatalogue
    mappings: Sequence[ControlMapping]
    header: ControlMapping | None


def _desk(session: Session, number: int, identity: str, permission: Permission = Permission.VIEW) -> Desk:
    use = _use(session, number, identity, permission)
    catalogue = contents(session, header_of(session, use))
    mappings = mappings_to(session, catalogue)
    named = request.values.get("mapping", "")
    header = control_mapping(session, named) if named else next(iter(mappings), None)
    return Desk(use, catalogue, mappings, header)


def _use(session: Session, number: int, identity: str, permission: Permission) -> CatalogueUse:
    """The use with that id in the domain with that number, if the person may do this to it."""
    domain = find(session, InformationDomain, number, permission)
    try:
        use = load_use(session, uuid.UUID(hex=identity))
    except ValueError as error:
        raise NotFound(_NO_USE) from error
    if use.domain_id != domain.id:
        raise NotFound(_NO_USE)
    return use


@bp.get("/<int:number>/controls/<identity>/successors")
def show(number: int, identity: str) -> str:
    """What the answers of 2023 propose, to be taken over."""
    with reading() as session:
        desk = _desk(session, number, identity)
        view = View.asked()
        found = _list(session, desk)
        lines = [line for line in found.lines if view.has(line)]
        groups = list(_groups(lines))
        shown = _first(groups)
        return render_template(
            "assessments/grundschutz/successors.html",
            domain=desk.use.domain,
            use=desk.use,
            catalogue=desk.catalogue,
            header=desk.header,
            mappings=desk.mappings,
            view=view,
            found=found,
            lines=lines,
            groups=shown,
            rest=groups[len(shown) :],
            modules=_modules(found),
            unmapped=list(_by_module(found.unmapped)),
            counts=_counts(found, view),
            standings=tuple(Standing),
            confidences=tuple(Confidence),
            may_take=may_do(me(), Permission.EDIT, desk.use.domain),
            may_export=may_do(me(), Permission.EXPORT, desk.use.domain),
            may_import=may(me(), Permission.IMPORT, desk.use.domain.area),
        )


def _list(session: Session, desk: Desk) -> WorkList:
    if desk.header is None:
        return WorkList({}, (), 0, ())
    return work_list(session, desk.use, desk.catalogue, pairs_of(session, desk.header))


def _groups(lines: Sequence[Line]) -> Iterator[ModuleGroup]:
    """The lines by module and requirement, in their order."""
    modules: dict[str, dict[str, list[Line]]] = {}
    for line in lines:
        requirement = line.source.requirement
        modules.setdefault(requirement.module, {}).setdefault(requirement.id, []).append(line)
    for module_id, asked in modules.items():
        every = [line for group in asked.values() for line in group]
        yield ModuleGroup(
            edition_2023().module(module_id),
            tuple(Asked(edition_2023().requirement(each), tuple(group)) for each, group in asked.items()),
            takeable=len({line.target.control.key for line in every if line.target.is_takeable}),
        )


def _by_module(ids: Sequence[str]) -> Iterator[tuple[Module, list[Requirement]]]:
    """The requirements called *ids*, which stand in reading order, with their modules."""
    catalogue = edition_2023()
    for module_id, group in groupby(map(catalogue.requirement, ids), key=lambda each: each.module):
        yield catalogue.module(module_id), list(group)


def _first(groups: Sequence[ModuleGroup]) -> list[ModuleGroup]:
    """As many groups as a page takes, one at least."""
    shown: list[ModuleGroup] = []
    count = 0
    for group in groups:
        size = sum(len(asked.lines) for asked in group.asked)
        if shown and count + size > _MOST_LINES:
            break
        shown.append(group)
        count += size
    return shown


def _modules(found: WorkList) -> list[Module]:
    names = dict.fromkeys(line.source.requirement.module for line in found.lines)
    return [edition_2023().module(name) for name in names]


def _counts(found: WorkList, view: View) -> Mapping[str, int]:
    """How many controls each standing has in the rest of the view."""
    return {
        name: len({line.target.control.key for line in found.lines if view.has(line, show=name)})
        for name in ("", *Standing.__members__)
    }


@bp.post("/<int:number>/controls/<identity>/successors")
def take(number: int, identity: str) -> Response:
    """Takes proposals over: the ticked ones, one, or all that a module shows."""
    view = View.asked()
    one, replaced = request.form.get("one", ""), request.form.get("replace", "")
    with writing() as session:
        desk = _desk(session, number, identity, Permission.EDIT)
        if desk.header is None:
            raise NotFound(_NO_MAPPING)
        mapping = pairs_of(session, desk.header)
        keys = [key for key in (one, replaced) if key] or _keys(_list(session, desk), view)
        taken = take_over(
            session, desk.use, desk.catalogue, desk.header, mapping, keys, by=me(), replace=bool(replaced)
        )
    _say(taken.count, taken.kept)
    return redirect(_address(number, identity, view))


def _address(number: int, identity: str, view: View) -> str:
    query: dict[str, Any] = {**view.address()}
    return url_for(".show", number=number, identity=identity, _anchor="list", **query)


def _keys(found: WorkList, view: View) -> list[str]:
    """The ticked controls, or those that the chosen module shows."""
    module_id = request.form.get("all", "")
    if not module_id:
        return request.form.getlist("control")
    return [
        line.target.control.key
        for line in found.lines
        if line.source.requirement.module == module_id and line.target.is_takeable and view.has(line)
    ]


def _say(count: int, kept: int) -> None:
    said = ngettext("%(num)s Antwort ist übernommen.", "%(num)s Antworten sind übernommen.", count)
    if kept:
        left = ngettext(
            "%(num)s eigene Antwort blieb, wie sie ist.",
            "%(num)s eigene Antworten blieben, wie sie sind.",
            kept,
        )
        said = f"{said} {left}"
    flash(said, "success" if count else "info")


@bp.get("/<int:number>/controls/<identity>/successors/export.<extension>")
def export(number: int, identity: str, extension: str) -> Response:
    """The lines of the view as a file."""
    chosen = chosen_format(extension)
    with reading() as session:
        desk = _desk(session, number, identity, Permission.EXPORT)
        if desk.header is None:
            raise NotFound(_NO_MAPPING)
        found, view = _list(session, desk), View.asked()
        lines = [line for line in found.lines if view.has(line)]
        document = paper.report(desk.use, desk.header, found, lines, issuer())
        return sent(document, chosen, f"{desk.use.domain.designation}-Grundschutz++")


_NO_USE: Final = Text("Diesen Katalog prüft der Verbund nicht.", "The domain is not checked against it.")
_NO_MAPPING: Final = Text(
    "Es ist keine Zuordnung von Edition 2023 zu diesem Katalog eingelesen.",
    "No mapping from Edition 2023 to this catalogue has been imported.",
)
