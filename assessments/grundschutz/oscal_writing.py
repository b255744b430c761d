"""Writing in OSCAL (JSON): the same content gives the same bytes, and the same thing the same UUID."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

NAMESPACE: Final = "urn:nachweis:oscal"
"""Marks the properties that OSCAL itself does not know."""
OSCAL_VERSION: Final = "1.1.3"

_ROOT: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_NOTHING: Final = "–"
_LONGEST: Final = 200


def stable(*names: object) -> str:
    """The UUID of the thing that *names* name, the same one every time."""
    return str(uuid.uuid5(_ROOT, "/".join(str(name) for name in names)))


def system_id(organisation_id: uuid.UUID, domain_id: uuid.UUID) -> str:
    """The UUID by which documents call an information domain as a system."""
    return stable(organisation_id, domain_id, "system")


def prop(name: str, value: object, remarks: str = "") -> dict[str, str]:
    """A property of our own; a value in OSCAL is one line, longer words stand in *remarks*."""
    said = {"name": name, "ns": NAMESPACE, "value": one_line(value)}
    return said | ({"remarks": remarks} if remarks else {})


def props(values: Mapping[str, object]) -> list[dict[str, str]]:
    """A property for each of *values* that says something."""
    return [prop(name, value) for name, value in values.items() if value not in (None, "", False)]


def one_line(words: object) -> str:
    """*words* as OSCAL wants a string: on one line, without space around it, never empty."""
    line = " ".join(str(words).split()) or _NOTHING
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def paragraph(words: str, otherwise: str = _NOTHING) -> str:
    """*words*, or what stands where OSCAL wants text and there is none."""
    return words or otherwise


def moment(at: datetime) -> str:
    """A moment as OSCAL writes it, to the second; what has no zone is UTC."""
    aware = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def midnight(day: date) -> str:
    """A day, where OSCAL wants a moment."""
    return f"{day.isoformat()}T00:00:00Z"


def metadata(title: str, version: str, modified: datetime, **more: Any) -> dict[str, Any]:
    """The head of a document."""
    head = {
        "title": one_line(title),
        "last-modified": moment(modified),
        "version": one_line(version),
        "oscal-version": OSCAL_VERSION,
    }
    return head | more


def resource(identity: str, title: str, file: str, sha256: str = "", about: str = "") -> dict[str, Any]:
    """A file that a document draws on, with its checksum where it is known byte for byte."""
    link: dict[str, Any] = {"href": file, "media-type": "application/json"}
    if sha256:
        link["hashes"] = [{"algorithm": "SHA-256", "value": sha256}]
    found: dict[str, Any] = {"uuid": identity, "title": one_line(title)}
    return found | ({"description": about} if about else {}) | {"rlinks": [link]}


def encoded(root: Mapping[str, Any]) -> bytes:
    """The file, in UTF-8; OSCAL knows no empty lists, and halves of surrogate pairs stay escaped."""
    filled = _without_empty_lists(root)
    return (json.dumps(filled, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _without_empty_lists(value: Any) -> Any:
    match value:
        case dict():
            return {key: _without_empty_lists(inner) for key, inner in value.items() if inner != []}
        case list():
            return [_without_empty_lists(inner) for inner in value]
        case _:
            return value
