"""The structure analysis in the browser: network plan, dependencies, and paper A.1."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.structure import Structure, Wanted, in_use, part_of, structure_of
from compliance.access import Permission, may_do
from compliance.language import Text
from compliance.web.entries import find
from compliance.web.printing import chosen_format, printed, sent
from compliance.web.site import language, me, reading
from exports import network
from exports.document import Graph
from exports.reports import structure_pictures
from registers.connections import Connection
from registers.objects import ObjectKind, TargetObject

bp = Blueprint("structure", __name__, url_prefix="/grundschutz/<int:number>/structure")

ZOOMS: Final = (50, 75, 100, 150, 200)
"""The sizes that are offered, in per cent."""


@dataclass(frozen=True)
class View:
    """What somebody chose to see, as it stands in the address."""

    picture: str
    wanted: Wanted
    zoom: int

    @classmethod
    def from_address(cls) -> View:
        """The view of the present request; what cannot be read counts as not chosen."""
        picture = request.args.get("picture", "")
        zoom = request.args.get("zoom", 100, type=int)
        names = request.args.getlist("kind")
        wanted = Wanted(
            frozenset(kind for kind in ObjectKind if kind.name in names),
            request.args.get("unit", None, type=_as_id),
            request.args.get("around", None, type=int),
        )
        return cls(picture if picture in PICTURES else next(iter(PICTURES)), wanted, _offered(zoom))

    def address(self, number: int, endpoint: str = ".show", **changed: Any) -> str:
        """The page, or the file, with this view, except for what is *changed*."""
        kept: dict[str, Any] = {
            "picture": self.picture,
            "kind": sorted(kind.name for kind in self.wanted.kinds),
            "unit": self.wanted.unit.hex if self.wanted.unit else None,
            "around": self.wanted.around,
            "zoom": self.zoom,
        }
        return url_for(endpoint, number=number, **(kept | changed))

    @property
    def smaller(self) -> int | None:
        return max((zoom for zoom in ZOOMS if zoom < self.zoom), default=None)

    @property
    def larger(self) -> int | None:
        return min((zoom for zoom in ZOOMS if zoom > self.zoom), default=None)


def _as_id(text: str) -> uuid.UUID:
    return uuid.UUID(hex=text)


def _offered(zoom: int) -> int:
    return min(ZOOMS, key=lambda offered: abs(offered - zoom))


_DRAWN: Final[Mapping[str, Callable[[Structure, str], Graph]]] = {
    "dependencies": structure_pictures.dependencies,
    "network": structure_pictures.network_plan,
}
PICTURES: Final[Mapping[str, Text]] = {
    "dependencies": structure_pictures.DEPENDENCIES,
    "network": structure_pictures.NETWORK_PLAN,
}
"""The pictures by the name they have in addresses, in the order in which they are offered."""


@bp.get("/")
def show(number: int) -> str:
    """One of the pictures of a domain, as much of it as is wanted, and the same as a table."""
    view = View.from_address()
    with reading() as session:
        domain, structure = _structure(session, number)
        whole = in_use(structure)
        part = part_of(whole, view.wanted)
        draw = _DRAWN[view.picture]
        graph = draw(part, language())
        drawn = _keys_of(graph)
        drawable = _keys_of(draw(whole, language()))
        title = f"{PICTURES[view.picture][language()]}: {domain}"
        return render_template(
            "assessments/grundschutz/structure.html",
            domain=domain,
            view=view,
            pictures=PICTURES,
            title=title,
            graph=graph,
            # The picture is made of numbers and escaped labels alone.
            image=Markup(  # noqa: S704
                network.svg(graph, language(), title, links=_links(part), zoom=view.zoom)
            ),
            whole=whole,
            part=part,
            kinds=_kinds(one for one in whole.objects if one.designation in drawable),
            columns=[column[language()] for column in structure_pictures.COLUMNS],
            rows=[row for row in structure_pictures.table(part, language()) if row[0].designation in drawn],
            connection=Connection,
            may_edit=may_do(me(), Permission.EDIT, domain),
            may_export=may_do(me(), Permission.EXPORT, domain),
        )


@bp.get("/picture.svg")
def picture(number: int) -> Response:
    """What is shown as a file of its own, for other documents; its boxes lead nowhere."""
    view = View.from_address()
    with reading() as session:
        domain, structure = _structure(session, number, Permission.EXPORT)
        graph = _DRAWN[view.picture](part_of(in_use(structure), view.wanted), language())
        drawn = network.svg(graph, language(), f"{PICTURES[view.picture][language()]}: {domain}")
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"{domain.designation}-{view.picture}.svg"
    )
    return response


@bp.get("/a1.<extension>")
def paper(number: int, extension: str) -> Response:
    """Reference document A.1 of the domain, from one snapshot."""
    chosen = chosen_format(extension)
    with reading() as session:
        domain = find(session, InformationDomain, number, Permission.EXPORT)
        return sent(printed("a1", session, entry=domain), chosen, f"{domain.designation}-A.1")


def _structure(
    session: Session, number: int, permission: Permission = Permission.VIEW
) -> tuple[InformationDomain, Structure]:
    domain: InformationDomain = find(session, InformationDomain, number, permission)
    return domain, structure_of(session, domain)


def _keys_of(graph: Graph) -> set[str]:
    return {node.key for node in graph.nodes}


def _kinds(objects: Iterable[TargetObject]) -> list[ObjectKind]:
    """The kinds of *objects*, from processes down to buildings."""
    found = {one.kind for one in objects}
    return [kind for kind in ObjectKind if kind in found]


def _links(structure: Structure) -> dict[str, str]:
    """The page of each object by the key of its box."""
    return {
        one.designation: url_for("entries.show", slug=TargetObject.slug, number=one.number)
        for one in structure.objects
    }
