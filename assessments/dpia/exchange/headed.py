"""Texts in parts, each under a heading on a line of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def joined(parts: Sequence[tuple[str, str]]) -> str:
    """The texts of *parts*, each under its heading; the first under none, and empty ones left out."""
    said = []
    for place, (heading, text) in enumerate(parts):
        if text.strip():
            said.append(f"{heading}\n\n{text.strip()}" if place else text.strip())
    return "\n\n".join(said)


def parted(text: str, headings: Sequence[str]) -> Mapping[str, str]:
    """The parts of *text* by heading; what stands under none belongs to the first."""
    found: dict[str, list[str]] = {heading: [] for heading in headings}
    present = headings[0]
    for line in text.split("\n"):
        if line.strip() in headings[1:]:
            present = line.strip()
        else:
            found[present].append(line)
    return {heading: "\n".join(lines).strip() for heading, lines in found.items()}


def facts(text: str, labels: Sequence[str]) -> tuple[str, Mapping[str, str]]:
    """*text* without its lines of the form ``label: value``, and those values by label."""
    found: dict[str, str] = {}
    kept = []
    for line in text.split("\n"):
        label, _colon, value = line.partition(": ")
        if label in labels and label not in found and value.strip():
            found[label] = value.strip()
        else:
            kept.append(line)
    return "\n".join(kept).strip(), found


def with_facts(text: str, values: Mapping[str, str]) -> str:
    """*text* followed by one line for each of *values* that is given."""
    lines = "\n".join(f"{label}: {value}" for label, value in values.items() if value)
    return "\n\n".join(filter(None, (text.strip(), lines)))
