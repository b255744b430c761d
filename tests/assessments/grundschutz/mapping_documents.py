"""Mappings in OSCAL as the BSI writes them, made for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assessments.grundschutz.oscal_profile import Source


def mapped(
    source: str, target: str, relation: str = "equal-to", *, key: str = "", assumed: bool = False
) -> dict[str, Any]:
    """One map from a requirement, or a part of it, to a control with its lasting UUID."""
    props = [{"name": "itgs_id", "value": source}]
    if assumed:
        props.append({"name": "relationship_defaulted", "value": "true"})
    goal: dict[str, Any] = {"type": "control", "id-ref": target}
    if key:
        goal["props"] = [{"name": "oscal_uuid", "value": key}]
    return {
        "uuid": "11111111-1111-4111-8111-111111111111",
        "relationship": relation,
        "props": props,
        "sources": [{"type": "control", "id-ref": source}],
        "targets": [goal],
    }


def collection(*maps: Mapping[str, Any], version: str = "1", status: str = "draft") -> dict[str, Any]:
    """A mapping collection with a key that no schema knows, as the file of the BSI has."""
    return {
        "$schema": "https://example.org/schema.json",
        "mapping-collection": {
            "uuid": "22222222-2222-4222-8222-222222222222",
            "metadata": {
                "title": "Zuordnung",
                "version": version,
                "last-modified": "2026-07-21T07:57:12Z",
                "oscal-version": "1.2.1",
            },
            "provenance": {"method": "human", "status": status, "qa-note": "unbekannter Schlüssel"},
            "mappings": [
                {
                    "uuid": "33333333-3333-4333-8333-333333333333",
                    "source-resource": {"type": "catalog", "href": "itgs.json"},
                    "target-resource": {"type": "catalog", "href": "ziel.json"},
                    "maps": list(maps),
                }
            ],
        },
    }


def source(root: Mapping[str, Any]) -> Source:
    """That document as a file."""
    return Source("zuordnung.json", json.dumps(root, ensure_ascii=False).encode())
