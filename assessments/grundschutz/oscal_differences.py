"""What a new version of a catalogue changes: controls added, removed, renumbered, and worded anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assessments.grundschutz.oscal import Control, OscalCatalogue
from compliance.language import Text


class Aspect(StrEnum):
    """In what a control can change."""

    TITLE = "title"
    STATEMENT = "statement"
    GUIDANCE = "guidance"
    PROPERTIES = "properties"
    PLACE = "place"
    LINKS = "links"

    @property
    def label(self) -> Text:
        """What a reader calls it."""
        return _LABELS[self]


_LABELS: Final = {
    Aspect.TITLE: Text("Titel", "Title"),
    Aspect.STATEMENT: Text("Anforderungstext", "Statement"),
    Aspect.GUIDANCE: Text("Erläuterung", "Guidance"),
    Aspect.PROPERTIES: Text("Einstufung und Merkmale", "Levels and properties"),
    Aspect.PLACE: Text("Stelle im Katalog", "Place in the catalogue"),
    Aspect.LINKS: Text("Verweise", "Links"),
}
_NAMES_ONLY: Final = frozenset({"alt-identifier", "label", "sort-id"})
_GUIDANCE: Final = "guidance"
_DEMANDS: Final = frozenset({Aspect.TITLE, Aspect.STATEMENT})


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect of a control, before and after."""

    aspect: Aspect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A control that says something else than before."""

    before: Control
    after: Control
    changes: tuple[Change, ...]

    @property
    def demands(self) -> bool:
        """Whether it asks for something else, and not only explains it in other words."""
        return any(change.aspect in _DEMANDS for change in self.changes)


@dataclass(frozen=True)
class Differences:
    """What is different; a control may be renumbered and changed at once."""

    added: tuple[Control, ...] = ()
    removed: tuple[Control, ...] = ()
    renumbered: tuple[tuple[Control, Control], ...] = ()
    changed: tuple[Changed, ...] = ()
    unchanged: int = 0
    """How many controls kept both their id and everything they say."""

    @property
    def kept(self) -> bool:
        """Whether the two catalogues have any control in common; otherwise they are no versions of one."""
        return bool(self.unchanged or self.changed or self.renumbered)

    def counts(self) -> dict[str, int]:
        """How much is different."""
        return {
            "added": len(self.added),
            "removed": len(self.removed),
            "renumbered": len(self.renumbered),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
        }


def compare(before: OscalCatalogue, after: OscalCatalogue) -> Differences:
    """What *after* changes against *before*; controls are the same where their keys are."""
    pairs = [(before.by_key[each.key], each) for each in after.controls if each.key in before.by_key]
    changed = [
        Changed(old, new, changes)
        for old, new in pairs
        if (changes := tuple(_changes(before, old, after, new)))
    ]
    renumbered = tuple((old, new) for old, new in pairs if old.id != new.id)
    touched = {each.after.key for each in changed} | {new.key for _old, new in renumbered}
    return Differences(
        added=tuple(each for each in after.controls if each.key not in before.by_key),
        removed=tuple(each for each in before.controls if each.key not in after.by_key),
        renumbered=renumbered,
        changed=tuple(changed),
        unchanged=len(pairs) - len(touched),
    )


def fingerprint(catalogue: OscalCatalogue, control: Control) -> str:
    """Tells whether a control still asks for the same: a digest of its title and statement."""
    said = "\n".join((control.title, _statement(catalogue, control)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _changes(before: OscalCatalogue, old: Control, after: OscalCatalogue, new: Control) -> Iterator[Change]:
    said, says = _aspects(before, old), _aspects(after, new)
    for aspect in Aspect:
        if said[aspect] != says[aspect]:
            yield Change(aspect, said[aspect], says[aspect])


def _aspects(catalogue: OscalCatalogue, control: Control) -> dict[Aspect, str]:
    return {
        Aspect.TITLE: control.title,
        Aspect.STATEMENT: _statement(catalogue, control),
        Aspect.GUIDANCE: catalogue.wording(control, _GUIDANCE),
        Aspect.PROPERTIES: "\n".join(_properties(control)),
        Aspect.PLACE: " / ".join(group.title for group in catalogue.path(control)),
        Aspect.LINKS: "\n".join(_links(catalogue, control)),
    }


def _statement(catalogue: OscalCatalogue, control: Control) -> str:
    """Everything a control says, apart from its guidance."""
    names = {part.name for part in control.parts} - {_GUIDANCE}
    return catalogue.wording(control, *names) if names else ""


def _properties(control: Control) -> list[str]:
    everywhere = (*control.properties, *(each for part in control.parts for each in part.properties))
    return sorted({f"{each.name}: {each.value}" for each in everywhere if each.name not in _NAMES_ONLY})


def _links(catalogue: OscalCatalogue, control: Control) -> list[str]:
    """The links by what they lead to for good, because the ids of controls move."""
    return sorted({f"{link.relation or '–'}: {_target(catalogue, link.href)}" for link in control.links})


def _target(catalogue: OscalCatalogue, href: str) -> str:
    if href.startswith("#"):
        if control := catalogue.by_id.get(href[1:]):
            return control.title
        if resource := catalogue.resource_by_id.get(href[1:]):
            return resource.title
    return href
