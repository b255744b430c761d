"""Small documents in OSCAL, and strategies for many of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
BSI = SHARED / "bsi" / "grundschutz++"
KERNEL = BSI / "BSI-Stand-der-Technik-Kernel-catalog.json"
METHODS = BSI / "BSI-Methodik-Grundschutz++-catalog.json"
RISKS = BSI / "BSI-Anforderungen-zum-Risikomanagement-catalog.json"
PROFILE = BSI / "Grundschutz++-profile.json"
JUNE = BSI / "Grundschutz++-resolved_2026-06-30.json"
NIST = SHARED / "oscal" / "NIST_SP-800-53_rev5_LOW-resolved.json"
LOW = SHARED / "oscal" / "NIST_SP-800-53_rev5_LOW-baseline_profile.json"

STABLE = "11111111-1111-4111-8111-11111111111"
"""The UUIDs of the controls in these documents, but for their last digit."""


def control(identity: str, title: str = "Titel", *, prose: str = "", **more: Any) -> dict[str, Any]:
    parts = [{"name": "statement", "prose": prose}] if prose else []
    return {"id": identity, "title": title, "parts": parts, **more}


def stable(digit: int) -> list[dict[str, str]]:
    """The property by which the BSI names a control for good."""
    return [{"name": "alt-identifier", "value": f"{STABLE}{digit}"}]


def catalogue(*controls: dict[str, Any], version: str = "1", **more: Any) -> dict[str, Any]:
    return {
        "catalog": {
            "uuid": "5f4a8c3e-0000-4000-8000-000000000001",
            "metadata": {"title": "Hausregeln", "version": version, "oscal-version": "1.1.3"},
            "groups": [{"id": "g1", "title": "Erste Gruppe", "controls": list(controls)}],
            **more,
        }
    }


def profile(*imports: dict[str, Any], identity: int = 2, **more: Any) -> dict[str, Any]:
    return {
        "profile": {
            "uuid": f"5f4a8c3e-0000-4000-8000-00000000000{identity}",
            "metadata": {"title": "Auswahl", "version": "1", "oscal-version": "1.1.3"},
            "imports": list(imports),
            "merge": {"as-is": True},
            **more,
        }
    }


def written(root: Any) -> bytes:
    return json.dumps(root, ensure_ascii=False).encode()


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@st.composite
def catalogues(draw: st.DrawFn) -> dict[str, Any]:
    """A catalogue with nested groups and controls, each with an id of its own."""
    ids = (f"c-{number}" for number in range(1000))

    def controls(depth: int) -> list[dict[str, Any]]:
        count = draw(st.integers(0, 3 if depth else 2))
        return [
            {
                "id": next(ids),
                "title": draw(_WORDS),
                "parts": [{"name": "statement", "prose": draw(_WORDS)}],
                **({"controls": controls(depth - 1)} if depth else {}),
            }
            for _ in range(count)
        ]

    def groups(depth: int) -> list[dict[str, Any]]:
        return [
            {"title": draw(_WORDS), "controls": controls(1), "groups": groups(depth - 1) if depth else []}
            for _ in range(draw(st.integers(0, 2)))
        ]

    root = catalogue(control("first", prose=draw(_WORDS)))
    root["catalog"]["groups"] += groups(2)
    return root
