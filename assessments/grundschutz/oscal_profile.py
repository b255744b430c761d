"""Resolves an OSCAL profile: picks controls out of catalogues, merges them, and sets their parameters.

The result is a catalogue in OSCAL again, the same one whenever profile and sources are the same.
"""

from __future__ import annotations

import copy
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property, partial
from pathlib import Path
from posixpath import basename
from typing import Any, Final
from urllib.parse import unquote

from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.oscal import (
    Node,
    Once,
    Problem,
    checked_metadata,
    document,
    node,
    nodes,
    noted,
    read,
    refusal,
    shortened,
    string,
    texts,
)
from compliance.language import Text
from registers.importing.archive import LARGEST_FILE

MAX_PROFILES: Final = 16
"""Profiles that import each other one behind the other."""
MAX_IMPORTS: Final = 100
"""Imports of all of them together; each one copies a catalogue."""
_NAMED: Final = 8
"""So many missing files are named."""

_HASHES: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-512": "sha512",
    "SHA3-256": "sha3_256",
}


@dataclass(frozen=True)
class Source:
    """A file from which a profile may import, under the name it has on disk."""

    name: str
    data: bytes

    @classmethod
    def at(cls, path: Path) -> Source:
        """The file at *path*. Raises UnreadableCatalogue where it cannot be opened."""
        try:
            with path.open("rb") as file:
                return cls(path.name, file.read(LARGEST_FILE + 1))
        except OSError as error:
            raise refusal(
                "Die Datei „{name}“ lässt sich nicht öffnen. Bitte Pfad und Leserechte prüfen.",
                "The file “{name}” cannot be opened. Please check its path and permissions.",
                name=path.name,
            ) from error

    @cached_property
    def root(self) -> Node:
        """The document in the file. Raises UnreadableCatalogue where it is no JSON."""
        return document(self.data)

    def has(self, digest: Node) -> bool:
        """Whether the file has the checksum that a profile names."""
        algorithm = _HASHES.get(str(digest.get("algorithm")).upper())
        if algorithm is None:
            return False
        found = hashlib.new(algorithm, self.data, usedforsecurity=False).hexdigest()
        return found == str(digest.get("value")).lower()


@dataclass(frozen=True)
class _Sources:
    """What may be imported: the files somebody gave, and what was imported before."""

    given: tuple[Source, ...]
    shelf: tuple[Source, ...]
    taken: list[str] = field(default_factory=list)
    """The places of the imports so far."""

    @property
    def all(self) -> tuple[Source, ...]:
        return (*self.given, *self.shelf)


@dataclass(frozen=True)
class Resolved:
    """The catalogue that a profile describes, as a document of its own."""

    root: Node
    problems: tuple[Problem, ...]
    """What leads nowhere in the profile; the document notes it as well."""


def resolve(root: Node, given: Sequence[Source], shelf: Sequence[Source] = ()) -> Resolved:
    """The catalogue described by the profile in *root*, made of the files *given* and those on the *shelf*.

    Raises UnreadableCatalogue where the profile is not well-formed, a source is missing,
    or profiles import each other in a circle.
    """
    problems: list[Problem] = []
    try:
        catalogue = _resolved(root, _Sources(tuple(given), tuple(shelf)), problems, ())
    except RecursionError as error:
        raise refusal(
            "Das Profil oder ein Katalog, den es einbindet, ist tiefer verschachtelt als jeder bekannte.",
            "The profile, or a catalogue that it imports, is nested more deeply than any known one.",
        ) from error
    if problems:
        head = catalogue["metadata"]
        head["props"] = [*_list(head, "props"), *(each for one in problems for each in noted(one))]
    return Resolved({"catalog": catalogue}, tuple(problems))


def resolved_uuid(identity: str) -> str:
    """The UUID of the catalogue that the profile with that UUID describes."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"oscal-profile:{identity}"))


def _resolved(
    root: Node, sources: _Sources, problems: list[Problem], trail: tuple[str, ...]
) -> dict[str, Any]:
    profile = node(root, "profile", "")
    metadata = checked_metadata(profile, "profile")
    identity = string(profile, "uuid", "profile", required=True)
    if identity in trail or len(trail) >= MAX_PROFILES:
        raise refusal(
            "Profile binden einander im Kreis ein: {trail}.",
            "Profiles import each other in a circle: {trail}.",
            trail=shortened(" → ".join([*trail, identity])),
        )
    picked = [
        _picked(wish, place, source, sources, problems, (*trail, identity))
        for (place, wish), source in _with_sources(profile, sources)
    ]
    catalogue: dict[str, Any] = {
        "uuid": resolved_uuid(identity),
        "metadata": copy.deepcopy(dict(metadata)),
        **_merged(profile, picked, problems),
    }
    resources = [each for part in (profile, *picked) for each in _resources(part)]
    if resources:
        catalogue["back-matter"] = {
            "resources": list({each.get("uuid"): each for each in resources}.values())
        }
    _modify(profile, catalogue, problems)
    return catalogue


# --- Where the controls come from ----------------------------------------------------------------


def _with_sources(profile: Node, sources: _Sources) -> list[tuple[tuple[str, Node], Source]]:
    """Each import of *profile* with the file it means: by checksum, by name, or because no other is left."""
    wishes = list(nodes(profile, "imports", "profile"))
    if not wishes:
        raise refusal("Das Profil bindet keinen Katalog ein.", "The profile imports no catalogue.")
    meant = {place: _meant(profile, wish, place, sources) for place, wish in wishes}
    left = [place for place, source in meant.items() if source is None]
    unused = [source for source in sources.given if source not in meant.values()]
    if len(left) == len(unused) == 1:
        meant[left[0]] = unused[0]
    found = [((place, wish), source) for place, wish in wishes if (source := meant[place]) is not None]
    if len(found) < len(wishes):
        names = [_named(profile, wish, place) for place, wish in wishes if meant[place] is None]
        raise refusal(
            "Es fehlen Dateien, die das Profil einbindet ({count}): {names}. "
            "Bitte geben Sie sie beim Einlesen mit an.",
            "Files that the profile imports are missing ({count}): {names}. "
            "Please name them when you import the profile.",
            count=len(names),
            names=", ".join([*names[:_NAMED], "…"] if len(names) > _NAMED else names),
        )
    return found


def _named(profile: Node, wish: Node, place: str) -> str:
    """What an imported file is called, and where the profile asks for it."""
    names = ", ".join(_names(profile, wish, place)) or string(wish, "href", place)
    return f"{shortened(names)} ({place})"


def _meant(profile: Node, wish: Node, place: str, sources: _Sources) -> Source | None:
    digests = [
        digest for link in _rlinks(profile, wish, place) for _at, digest in nodes(link, "hashes", place)
    ]
    for source in sources.all:
        if any(source.has(digest) for digest in digests):
            return source
    names = _names(profile, wish, place)
    return next((source for source in sources.all if source.name in names), None)


def _names(profile: Node, wish: Node, place: str) -> list[str]:
    """The names that the imported file may have."""
    href = string(wish, "href", place, required=True)
    addresses = [href] if not href.startswith("#") else []
    addresses += [string(link, "href", place) for link in _rlinks(profile, wish, place)]
    found = [basename(unquote(address)) for address in addresses]
    return [name for name in found if name.endswith(".json")] or [name for name in found if name]


def _rlinks(profile: Node, wish: Node, place: str) -> list[Node]:
    href = string(wish, "href", place, required=True)
    return [
        link
        for each in _resources(profile)
        if href == f"#{each.get('uuid')}"
        for _at, link in nodes(each, "rlinks", "profile.back-matter")
    ]


def _resources(root: Node) -> list[Node]:
    if "back-matter" not in root:
        return []
    once, resources = Once(), []
    for at, each in nodes(node(root, "back-matter", ""), "resources", "back-matter"):
        identity = string(each, "uuid", at)
        if identity:
            once(identity, identity, at)
        resources.append(each)
    return resources


# --- Which controls ------------------------------------------------------------------------------


def _picked(
    wish: Node,
    place: str,
    source: Source,
    sources: _Sources,
    problems: list[Problem],
    trail: tuple[str, ...],
) -> dict[str, Any]:
    """The part of *source* that an import asks for."""
    sources.taken.append(place)
    if len(sources.taken) > MAX_IMPORTS:
        raise refusal(
            "Profile binden zusammen mehr als {limit} Kataloge ein, zuletzt bei {place}.",
            "Profiles import more than {limit} catalogues together, the last one at {place}.",
            limit=MAX_IMPORTS,
            place=shortened(place),
        )
    if "profile" in source.root:
        catalogue = _resolved(source.root, sources, problems, trail)
    else:
        if source in sources.given:
            _checked(source)
        catalogue = copy.deepcopy(dict(node(source.root, "catalog", "")))
    all_ids = {string(each, "id", place): below for each, below in _controls(catalogue)}
    chosen = _included(wish, place, all_ids, problems)
    for at, rule in nodes(wish, "exclude-controls", place):
        chosen -= _selected(rule, at, all_ids, problems)
    catalogue["groups"] = [group for each in _list(catalogue, "groups") if (group := _pruned(each, chosen))]
    catalogue["controls"] = _kept(_list(catalogue, "controls"), chosen)
    return catalogue


def _checked(source: Source) -> None:
    """Refuses a catalogue that cannot be read, naming its file; what was imported before has been read."""
    try:
        read(source.root)
    except UnreadableCatalogue as refused:
        named = Text("In der Datei „{name}“: {said}", "In the file “{name}”: {said}")
        raise UnreadableCatalogue(named.format(name=source.name, said=refused.text)) from refused


def _included(wish: Node, place: str, all_ids: Mapping[str, set[str]], problems: list[Problem]) -> set[str]:
    if "include-controls" not in wish:
        return set(all_ids)
    chosen: set[str] = set()
    for at, rule in nodes(wish, "include-controls", place):
        chosen |= _selected(rule, at, all_ids, problems)
    return chosen


def _selected(rule: Node, place: str, all_ids: Mapping[str, set[str]], problems: list[Problem]) -> set[str]:
    chosen: set[str] = set()
    for identity in texts(rule, "with-ids", place):
        if identity in all_ids:
            chosen.add(identity)
        else:
            problems.append(Problem(place, _NO_CONTROL.format(id=shortened(identity))))
    for at, pattern in nodes(rule, "matching", place):
        wanted = string(pattern, "pattern", at)
        chosen |= {identity for identity in all_ids if fnmatchcase(identity, wanted)}
    if rule.get("with-child-controls") == "yes":
        chosen |= {below for identity in tuple(chosen) for below in all_ids[identity]}
    return chosen


def _controls(root: dict[str, Any]) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Every control of a catalogue or group, with the ids of all below it."""
    for group in _list(root, "groups"):
        yield from _controls(group)
    for control in _list(root, "controls"):
        inner = list(_controls(control))
        yield control, {str(each.get("id")) for each, _below in inner}
        yield from inner


def _pruned(group: dict[str, Any], chosen: set[str]) -> dict[str, Any] | None:
    """*group* with what is chosen; None where nothing is left of it."""
    groups = [inner for each in _list(group, "groups") if (inner := _pruned(each, chosen))]
    controls = _kept(_list(group, "controls"), chosen)
    if not groups and not controls:
        return None
    return _with(group, groups, controls)


def _kept(controls: Iterable[dict[str, Any]], chosen: set[str]) -> list[dict[str, Any]]:
    """The chosen controls; one whose parent is not chosen takes its place."""
    found: list[dict[str, Any]] = []
    for control in controls:
        inner = _kept(_list(control, "controls"), chosen)
        found.extend([_with(control, [], inner)] if control.get("id") in chosen else inner)
    return found


def _with(
    parent: dict[str, Any], groups: list[dict[str, Any]], controls: list[dict[str, Any]]
) -> dict[str, Any]:
    rest = {key: value for key, value in parent.items() if key not in ("groups", "controls")}
    return rest | ({"groups": groups} if groups else {}) | ({"controls": controls} if controls else {})


def _list(parent: Node, key: str) -> list[dict[str, Any]]:
    return [dict(each) for _at, each in nodes(parent, key, str(parent.get("id", "catalog")))]


# --- How they are put together -------------------------------------------------------------------


def _merged(profile: Node, picked: Sequence[dict[str, Any]], problems: list[Problem]) -> dict[str, Any]:
    merge = node(profile, "merge", "profile") if "merge" in profile else {}
    if "custom" in merge:
        problems.append(Problem("profile.merge.custom", _CUSTOM))
    seen: set[str] = set()
    for each in picked:
        each["groups"] = [_first_only(group, seen, problems) for group in _list(each, "groups")]
        each["controls"] = _first(_list(each, "controls"), seen, problems)
    params = [param for each in picked for param in _list(each, "params")]
    controls = [control for each in picked for control in each["controls"]]
    groups = _joined(group for each in picked for group in each["groups"])
    if not (merge.get("as-is") is True or "custom" in merge):
        controls += [control for group in groups for control in _flat(group)]
        params += [param for group in groups for param in _list(group, "params")]
        groups = []
    found = {"params": params, "groups": groups, "controls": controls}
    return {key: value for key, value in found.items() if value}


def _first_only(group: dict[str, Any], seen: set[str], problems: list[Problem]) -> dict[str, Any]:
    groups = [_first_only(each, seen, problems) for each in _list(group, "groups")]
    return _with(group, groups, _first(_list(group, "controls"), seen, problems))


def _first(
    controls: Iterable[dict[str, Any]], seen: set[str], problems: list[Problem]
) -> list[dict[str, Any]]:
    """The controls whose id has not been imported before."""
    found = []
    for control in controls:
        identity = str(control.get("id"))
        if identity in seen:
            problems.append(Problem(identity, _TWICE))
            continue
        seen.add(identity)
        found.append(_with(control, [], _first(_list(control, "controls"), seen, problems)))
    return found


def _joined(groups: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The groups, those with the same id as one."""
    found: dict[str, dict[str, Any]] = {}
    for index, group in enumerate(groups):
        identity = str(group.get("id") or f"#{index}")
        if identity in found:
            first = found[identity]
            inner = _joined([*_list(first, "groups"), *_list(group, "groups")])
            found[identity] = _with(first, inner, [*_list(first, "controls"), *_list(group, "controls")])
        else:
            found[identity] = group
    return list(found.values())


def _flat(group: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for inner in _list(group, "groups"):
        yield from _flat(inner)
    yield from _list(group, "controls")


# --- What the profile changes --------------------------------------------------------------------


def _modify(profile: Node, catalogue: dict[str, Any], problems: list[Problem]) -> None:
    if "modify" not in profile:
        return
    modify = node(profile, "modify", "profile")
    parameters = {string(each, "id", "catalog"): each for each in _parameters(catalogue)}
    for place, change in nodes(modify, "set-parameters", "profile.modify"):
        identity = string(change, "param-id", place, required=True)
        if identity not in parameters:
            problems.append(Problem(place, _NO_PARAMETER.format(id=shortened(identity))))
            continue
        _set(parameters[identity], change)
    controls = {string(each, "id", "catalog"): each for each in _in_place(catalogue)}
    for place, change in nodes(modify, "alters", "profile.modify"):
        identity = string(change, "control-id", place, required=True)
        if identity not in controls:
            problems.append(Problem(place, _NO_CONTROL.format(id=shortened(identity))))
            continue
        _alter(controls[identity], change, place)


def _set(parameter: dict[str, Any], change: Node) -> None:
    """Replaces label, values and choices, and adds everything else."""
    for key in ("class", "label", "usage", "values", "select"):
        if key in change:
            parameter[key] = change[key]
    for key in ("props", "links", "constraints", "guidelines"):
        if key in change:
            parameter[key] = [*_list(parameter, key), *_list(change, key)]


_REMOVES: Final[Mapping[str, str]] = {"by-name": "name", "by-class": "class", "by-id": "id", "by-ns": "ns"}
_ITEMS: Final = {"param": "params", "prop": "props", "link": "links", "part": "parts"}


def _alter(control: dict[str, Any], change: Node, place: str) -> None:
    for at, removal in nodes(change, "removes", place):
        asked = [(key, string(removal, by, at)) for by, key in _REMOVES.items() if by in removal]
        kinds = [_ITEMS[name] for name in (string(removal, "by-item-name", at),) if name in _ITEMS]
        if asked or kinds:
            _remove(control, kinds or list(_ITEMS.values()), partial(_is, asked=asked))
    for at, addition in nodes(change, "adds", place):
        target = _target(control, string(addition, "by-id", at))
        if title := string(addition, "title", at):
            target["title"] = title
        first = addition.get("position") == "starting"
        for key in _ITEMS.values():
            more = _list(addition, key)
            before = _list(target, key)
            if more:
                target[key] = [*more, *before] if first else [*before, *more]


def _is(each: Node, asked: Sequence[tuple[str, str]]) -> bool:
    return all(each.get(key) == value for key, value in asked)


def _remove(parent: dict[str, Any], kinds: Sequence[str], matches: Callable[[Node], bool]) -> None:
    for key in _ITEMS.values():
        if key in parent:
            kept = [each for each in _list(parent, key) if key not in kinds or not matches(each)]
            parent[key] = kept
            if key == "parts":
                for part in kept:
                    _remove(part, kinds, matches)


def _target(control: dict[str, Any], identity: str) -> dict[str, Any]:
    """The part of *control* with that id, or else the control."""
    todo: list[dict[str, Any]] = [control]
    while identity and todo:
        found = todo.pop()
        if found.get("id") == identity:
            return found
        todo.extend(found.get("parts") or [])
    return control


def _in_place(parent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every control, to be changed where it stands."""
    for key in ("groups", "controls"):
        for each in parent.get(key) or []:
            if key == "controls":
                yield each
            yield from _in_place(each)


def _parameters(parent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from parent.get("params") or []
    for key in ("groups", "controls"):
        for each in parent.get(key) or []:
            yield from _parameters(each)


_NO_CONTROL: Final = Text(
    "Die Anforderung „{id}“ kommt in den eingebundenen Katalogen nicht vor.",
    "The control “{id}” does not occur in the imported catalogues.",
)
_NO_PARAMETER: Final = Text(
    "Den Parameter „{id}“ gibt es in den eingebundenen Katalogen nicht.",
    "The parameter “{id}” does not exist in the imported catalogues.",
)
_TWICE: Final = Text(
    "Die Anforderung wird mehrfach eingebunden; es gilt die erste.",
    "The control is imported more than once; the first one counts.",
)
_CUSTOM: Final = Text(
    "Eine eigene Gliederung des Profils wird nicht übernommen; es bleibt die der Kataloge.",
    "The structure of the profile itself is not taken over; that of the catalogues stays.",
)
