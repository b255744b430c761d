"""The IT-Grundschutz-Kompendium as a catalogue in OSCAL, so that profiles can choose from it.

It holds what the application knows: identifiers, titles, levels, roles and orders, and the wordings
where the operator has imported them. The BSI itself publishes the Edition 2023 in XML only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy.orm import Session

from assessments.grundschutz.catalogue import available_catalogues, with_texts
from assessments.grundschutz.kompendium import EDITION, NAME, Module, Requirement, edition_2023
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.oscal_writing import encoded, metadata, one_line, props, stable

FILE: Final = f"{NAME}-{EDITION}.json"
"""The name by which profiles call it."""
TITLE: Final = f"{NAME}, Edition {EDITION}"
IDENTITY: Final = stable("kompendium", EDITION)
_OF_THE_EDITION: Final = datetime(int(EDITION), 1, 1, tzinfo=UTC)
"""The index belongs to the edition and not to the day on which somebody exports it."""


def statement_id(requirement_id: str) -> str:
    """What the wording of a requirement is called in the catalogue."""
    return f"{requirement_id}_smt"


@cache
def index_source() -> Source:
    """The shipped index as a file from which profiles may choose."""
    return Source(FILE, encoded(_document(edition_2023().requirements, _OF_THE_EDITION)))


def kompendium_document(session: Session) -> bytes:
    """The Kompendium with its wordings, where they have been imported."""
    [known] = available_catalogues(session)
    if known.imported_at is None:
        return index_source().data
    return encoded(_document(with_texts(session, edition_2023().requirements), known.imported_at))


def _document(requirements: tuple[Requirement, ...], modified: datetime) -> dict[str, Any]:
    texts = {requirement.id: requirement.text for requirement in requirements}
    groups = [
        {
            "id": layer.id,
            "title": layer.title,
            "groups": [
                _module(module, texts) for module in edition_2023().modules if module.layer == layer.id
            ],
        }
        for layer in edition_2023().layers
    ]
    head = metadata(TITLE, EDITION, modified, remarks=_SOURCE)
    return {"catalog": {"uuid": IDENTITY, "metadata": head, "groups": groups}}


def _module(module: Module, texts: dict[str, str]) -> dict[str, Any]:
    facts = {"order": module.order.value, "responsible": module.responsible}
    return {
        "id": module.id,
        "class": "module",
        "title": one_line(module.title),
        "props": props(facts),
        "controls": [
            _control(requirement, texts[requirement.id])
            for requirement in edition_2023().requirements_of(module.id)
        ],
    }


def _control(requirement: Requirement, text: str) -> dict[str, Any]:
    facts = {
        "level": requirement.level.value,
        "roles": "; ".join(requirement.roles),
        "protects": requirement.protection,
    }
    dropped = [{"name": "status", "value": "withdrawn"}] if requirement.withdrawn else []
    part = {"id": statement_id(requirement.id), "name": "statement"}
    return {
        "id": requirement.id,
        "title": one_line(requirement.title),
        "props": [*dropped, *props(facts)],
        "parts": [part | ({"prose": text} if text else {})],
    }


_SOURCE: Final = (
    "Kennungen, Titel, Stufen und Rollen: IT-Grundschutz-Kompendium, Bundesamt für Sicherheit in der "
    "Informationstechnik (BSI)."
)
