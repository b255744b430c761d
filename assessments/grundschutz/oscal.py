"""Catalogues of controls in OSCAL, the format of NIST that the BSI uses for Grundschutz++ (JSON, 1.0 to 1.2).

The reader takes any catalogue, whoever published it. It ignores keys it does not know, reports references
that lead nowhere, and refuses what cannot be told apart: a control without an id, or two with the same.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, TypeAlias

from assessments.grundschutz.kompendium import UnreadableCatalogue
from assessments.grundschutz.oscal_writing import NAMESPACE, prop
from compliance.database import folded
from compliance.fields import tidy
from compliance.language import Text

MAX_BYTES: Final = 32 * 1024 * 1024
"""The whole of NIST SP 800-53 has 10 million bytes, Grundschutz++ has 4."""
MAX_DEPTH: Final = 24
"""Groups, controls and parts within each other; Grundschutz++ needs 5."""
MAX_CONTROLS: Final = 20_000
MAX_GROUPS: Final = 5_000
"""Grundschutz++ has 160."""
MAX_INSERTS: Final = 200
"""Parameters that the value of one parameter puts in, and those put in again; NIST needs 10."""
MAX_CHAIN: Final = 16
"""Parameters that put in each other one behind the other."""
MAX_ID: Final = 120
"""Characters of the id of a control; NIST needs 8."""

Node: TypeAlias = Mapping[str, Any]
"""An object of the document."""

_INSERT: Final = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s{}]+)\s*\}\}")
_VERSION: Final = re.compile(r"1\.\d+(\..*)?")
_STABLE_ID: Final = "alt-identifier"
_REMARK: Final = "import-remark"


@dataclass(frozen=True, slots=True)
class Property:
    """A named value of a control or part, such as its level."""

    name: str
    value: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a control leads: ``#`` and an id within the catalogue, or an address."""

    href: str
    relation: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A place in the wording that the catalogue, a profile or the authority fills."""

    id: str
    label: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of wording: the statement, its items, guidance, an objective of assessment."""

    name: str
    id: str = ""
    title: str = ""
    prose: str = ""
    properties: tuple[Property, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def label(self) -> str:
        """What is printed before it, such as ``a.``."""
        return next((each.value for each in self.properties if each.name == "label" and not each.kind), "")

    def walk(self) -> Iterator[Part]:
        """The part itself and everything in it, in reading order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Group:
    """A chapter of controls; *parent* is the index of the one around it."""

    title: str
    id: str = ""
    parent: int | None = None
    depth: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A requirement of the catalogue.

    ``key`` names it for good: the UUID that the BSI gives its controls, whose ids move from
    version to version, and the id everywhere else.
    """

    key: str
    id: str
    title: str
    group: int = 0
    """Index of the group it stands in."""
    parent: str = ""
    """Key of the control it belongs to."""
    depth: int = 0
    parameters: tuple[Parameter, ...] = ()
    properties: tuple[Property, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def label(self) -> str:
        """The designation a reader knows, such as ``AC-1`` for ``ac-1``; ids in OSCAL begin with no digit."""
        labels = (each.value for each in self.properties if each.name == "label" and not each.kind)
        named = folded(self.id).removeprefix("_")
        return next((label for label in labels if folded(label).removeprefix("_") == named), self.id)

    @property
    def withdrawn(self) -> bool:
        """Whether the control is only kept for its number."""
        return self.says("status") == "withdrawn"

    def says(self, name: str) -> str:
        """The value of the property *name* of the control or one of its parts, empty where there is none."""
        everywhere = (*self.properties, *(each for part in self.parts for each in part.properties))
        return next((each.value for each in everywhere if each.name == name), "")


@dataclass(frozen=True, slots=True)
class Resource:
    """Something the catalogue refers to: a law, a standard, a file."""

    id: str
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that leads nowhere; the catalogue can be used all the same."""

    place: str
    text: Text


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a wording; one with the id of a *parameter* stands for its value."""

    text: str
    parameter: str = ""
    open: bool = False
    """Nobody has set the parameter; the text says what is to be put in."""


@dataclass
class _Left:
    """How many parameters a value may still put in; values that double each other would fill the memory."""

    count: int = MAX_INSERTS
    exceeded: bool = False

    def one_more(self, depth: int) -> bool:
        """Whether another one may be put in, *depth* of them deep."""
        self.count -= 1
        if self.count < 0 or depth >= MAX_CHAIN:
            self.exceeded = True
        return not self.exceeded


@dataclass(frozen=True)
class OscalCatalogue:
    """A catalogue as it was published; groups and controls stand in reading order."""

    uuid: str
    title: str
    version: str
    oscal_version: str
    groups: tuple[Group, ...] = ()
    controls: tuple[Control, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    problems: tuple[Problem, ...] = ()

    def counts(self) -> dict[str, int]:
        """How much there is of everything."""
        return {
            "groups": len(self.groups),
            "controls": len(self.controls),
            "parameters": len(self.parameters),
            "resources": len(self.resources),
            "problems": len(self.problems),
        }

    def control(self, key: str) -> Control:
        """The control with this key; KeyError where there is none."""
        return self.by_key[key]

    @cached_property
    def by_key(self) -> dict[str, Control]:
        """The controls by what names them for good."""
        return {control.key: control for control in self.controls}

    @cached_property
    def by_id(self) -> dict[str, Control]:
        """The controls by the id they have in this version."""
        return {control.id: control for control in self.controls}

    @cached_property
    def resource_by_id(self) -> dict[str, Resource]:
        """What the catalogue refers to, by UUID."""
        return {resource.id: resource for resource in self.resources}

    def path(self, control: Control) -> tuple[Group, ...]:
        """The groups around *control*, the outermost first."""
        found: list[Group] = []
        index: int | None = control.group
        while index is not None:
            found.append(self.groups[index])
            index = self.groups[index].parent
        return tuple(reversed(found))

    def within(self, group: int) -> tuple[Control, ...]:
        """The controls that stand in the group itself, without those of groups in it."""
        return self._by_group.get(group, ())

    @cached_property
    def _by_group(self) -> dict[int, tuple[Control, ...]]:
        found: dict[int, list[Control]] = {}
        for control in self.controls:
            found.setdefault(control.group, []).append(control)
        return {group: tuple(controls) for group, controls in found.items()}

    def filled(self, prose: str) -> tuple[Segment, ...]:
        """*prose* with the values of its parameters in place."""
        return tuple(self._filled(prose, frozenset(), None))

    def _filled(self, prose: str, within: frozenset[str], left: _Left | None) -> Iterator[Segment]:
        at = 0
        for match in _INSERT.finditer(prose):
            if match.start() > at:
                yield Segment(prose[at : match.start()])
            # What stands in the wording itself is as long as the wording; only values can multiply.
            yield self._value(match[1], within, left or _Left())
            at = match.end()
        if at < len(prose):
            yield Segment(prose[at:])

    def _value(self, identity: str, within: frozenset[str], left: _Left) -> Segment:
        parameter = self.parameters.get(identity)
        if parameter is None or identity in within or not left.one_more(len(within)):
            return Segment(f"[{identity}]", identity, open=True)
        inside = within | {identity}
        if parameter.values:
            return Segment(", ".join(self._said(value, inside, left) for value in parameter.values), identity)
        if parameter.choices:
            words = " / ".join(self._said(value, inside, left) for value in parameter.choices)
            return Segment(f"[{words}]", identity, True)
        return Segment(f"[{parameter.label or identity}]", identity, open=True)

    def _said(self, prose: str, within: frozenset[str], left: _Left | None) -> str:
        return "".join(segment.text for segment in self._filled(prose, within, left))

    def said(self, prose: str) -> str:
        """*prose* with the values of its parameters, as plain text."""
        return self._said(prose, frozenset(), None)

    def is_endless(self, identity: str) -> bool:
        """Whether the value of a parameter puts in more others than any catalogue needs."""
        left = _Left()
        self._value(identity, frozenset(), left)
        return left.exceeded

    def wording(self, control: Control, *names: str) -> str:
        """The text of *control*; of the parts called *names* only, where some are named."""
        chosen = (part for part in control.parts if not names or part.name in names)
        lines = (self._line(part) for top in chosen for part in top.walk())
        return "\n".join(line for line in lines if line)

    def _line(self, part: Part) -> str:
        return " ".join(word for word in (part.label, part.title, self.said(part.prose)) if word)

    def search(self, words: str) -> tuple[Control, ...]:
        """The controls in which all *words* occur, in id, title or wording."""
        wanted = folded(words).split()
        return tuple(
            control for control in self.controls if all(word in self._folded[control.key] for word in wanted)
        )

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {
            control.key: folded(
                " ".join((control.id, control.label, control.title, self.wording(control), control.key))
            )
            for control in self.controls
        }


def document(data: bytes) -> Node:
    """The JSON object in *data*. Raises UnreadableCatalogue, naming the place where it breaks."""
    if len(data) > MAX_BYTES:
        raise refusal(
            "Die Datei ist größer als {limit} MB. Der größte bekannte OSCAL-Katalog hat etwa 10 MB.",
            "The file is larger than {limit} MB. The largest known OSCAL catalogue has about 10 MB.",
            limit=MAX_BYTES // 1024**2,
        )
    try:
        found = json.loads(
            data.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_each_key_once
        )
    except UnreadableCatalogue:
        raise
    except UnicodeDecodeError as error:
        raise refusal(
            "Die Datei ist kein Text in UTF-8: Byte {at}.",
            "The file is not text in UTF-8: byte {at}.",
            at=error.start,
        ) from error
    except json.JSONDecodeError as error:
        raise refusal(
            "Die Datei ist kein gültiges JSON: Zeile {line}, Spalte {column}.",
            "The file is not valid JSON: line {line}, column {column}.",
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise refusal(
            "Die Datei ist kein gültiges JSON oder tiefer verschachtelt als jeder OSCAL-Katalog.",
            "The file is not valid JSON, or more deeply nested than any OSCAL catalogue.",
        ) from error
    if not isinstance(found, dict):
        raise refusal(
            "Die Datei enthält kein JSON-Objekt, also kein OSCAL-Dokument.",
            "The file does not contain a JSON object and so no OSCAL document.",
        )
    return found


def read(root: Node) -> OscalCatalogue:
    """The catalogue in a document. Raises UnreadableCatalogue, naming the place of what is wrong."""
    if "catalog" not in root:
        kinds = ", ".join(sorted(key for key in root if not key.startswith("$")))
        raise refusal(
            "Das Dokument ist kein OSCAL-Katalog; es enthält: {kinds}.",
            "The document is not an OSCAL catalogue; it contains: {kinds}.",
            kinds=shortened(kinds) or "–",
        )
    catalogue = node(root, "catalog", "")
    metadata = checked_metadata(catalogue, "catalog")
    reader = _Reader()
    reader.parameters_of(catalogue, "catalog")
    reader.contents({"groups": catalogue.get("groups")}, "catalog", group=None, depth=0)
    if catalogue.get("controls"):
        # Controls outside of any group form a chapter of their own.
        reader.groups.append(Group(title=string(metadata, "title", "catalog.metadata")))
        reader.contents({"controls": catalogue["controls"]}, "catalog", group=len(reader.groups) - 1, depth=0)
    resources = tuple(reader.resources_of(catalogue))
    if not reader.controls:
        raise refusal("Der Katalog enthält keine Anforderungen.", "The catalogue contains no controls.")
    found = OscalCatalogue(
        uuid=string(catalogue, "uuid", "catalog", required=True),
        title=string(metadata, "title", "catalog.metadata", required=True),
        version=string(metadata, "version", "catalog.metadata", required=True),
        oscal_version=string(metadata, "oscal-version", "catalog.metadata", required=True),
        groups=tuple(reader.groups),
        controls=tuple(reader.controls),
        parameters=reader.parameters,
        resources=resources,
    )
    reader.ids.update(found.resource_by_id)
    for identity in found.parameters:
        if found.is_endless(identity):
            raise refusal(
                "Der Parameter „{id}“ setzt mehr als {limit} andere ein oder mehr als {chain} nacheinander.",
                "The parameter “{id}” puts in more than {limit} others, or more than {chain} in a row.",
                id=shortened(identity),
                limit=MAX_INSERTS,
                chain=MAX_CHAIN,
            )
    return replace(found, problems=(*_noted_in(metadata), *_problems(found, reader.ids)))


def noted(problem: Problem) -> list[dict[str, str]]:
    """The properties by which a catalogue made of a profile tells what is wrong with the profile."""
    said = {"de": problem.text.de, "en": problem.text.en}
    return [prop(_REMARK, problem.place, words) | {"class": language} for language, words in said.items()]


def _noted_in(metadata: Node) -> Iterator[Problem]:
    """What ``noted`` has written down."""
    remarks: dict[str, list[tuple[str, str]]] = {"de": [], "en": []}
    for at, each in nodes(metadata, "props", "catalog.metadata"):
        language = string(each, "class", at)
        if each.get("ns") == NAMESPACE and each.get("name") == _REMARK and language in remarks:
            remarks[language].append((string(each, "value", at), string(each, "remarks", at)))
    for (place, german), (_place, english) in zip(remarks["de"], remarks["en"], strict=False):
        yield Problem(place, Text(german, english))


def checked_metadata(root: Node, place: str) -> Node:
    """The metadata of a document of a version that can be read. Raises UnreadableCatalogue."""
    metadata = node(root, "metadata", place)
    version = string(metadata, "oscal-version", f"{place}.metadata", required=True)
    if not _VERSION.fullmatch(version):
        raise refusal(
            "Das Dokument folgt OSCAL {version}; gelesen wird OSCAL 1 (1.0 bis 1.2).",
            "The document follows OSCAL {version}; what can be read is OSCAL 1 (1.0 to 1.2).",
            version=shortened(version),
        )
    return metadata


class _Reader:
    """Walks through a catalogue once and gathers what is in it."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.controls: list[Control] = []
        self.parameters: dict[str, Parameter] = {}
        self.ids: set[str] = set()
        """Everything a link may lead to."""
        self._seen = Once()

    def contents(
        self, parent: Node, place: str, *, group: int | None, depth: int, control: str = "", level: int = 0
    ) -> None:
        """The groups and controls of *parent*."""
        if depth > MAX_DEPTH:
            raise refusal(
                "Bei {place} sind Gruppen und Anforderungen tiefer verschachtelt als in jedem Katalog.",
                "At {place} groups and controls are nested more deeply than in any known catalogue.",
                place=shortened(place),
            )
        for at, each in nodes(parent, "groups", place):
            self._group(each, at, group, depth)
        for at, each in nodes(parent, "controls", place):
            self._control(each, at, group or 0, depth, control, level)

    def _group(self, found: Node, place: str, parent: int | None, depth: int) -> None:
        identity = string(found, "id", place)
        if identity:
            self._once(identity, place)
        parts = self._parts(found, place)
        self.parameters_of(found, place)
        if len(self.groups) >= MAX_GROUPS:
            raise refusal(
                "Der Katalog hat mehr als {limit} Gruppen: {place}.",
                "The catalogue has more than {limit} groups: {place}.",
                limit=MAX_GROUPS,
                place=shortened(place),
            )
        self.groups.append(
            Group(
                title=string(found, "title", place, required=True),
                id=identity,
                parent=parent,
                depth=0 if parent is None else self.groups[parent].depth + 1,
                about=_about(found, place, parts),
            )
        )
        self.contents(found, place, group=len(self.groups) - 1, depth=depth + 1)

    def _control(self, found: Node, place: str, group: int, depth: int, parent: str, level: int) -> None:
        identity = string(found, "id", place, required=True)
        self._once(identity, place)
        properties = properties_of(found, place)
        if len(identity) > MAX_ID:
            raise refusal(
                "Die Kennung bei {place} ist länger als {limit} Zeichen.",
                "The id at {place} is longer than {limit} characters.",
                place=shortened(place),
                limit=MAX_ID,
            )
        key = _stable_id(properties) or identity
        if key != identity:
            self._once(key, place)
        control = Control(
            key=key,
            id=identity,
            title=string(found, "title", f"{place} ({identity})", required=True),
            group=group,
            parent=parent,
            depth=level,
            parameters=self.parameters_of(found, place),
            properties=properties,
            links=_links(found, place),
            parts=self._parts(found, place),
        )
        self.controls.append(control)
        if len(self.controls) > MAX_CONTROLS:
            raise refusal(
                "Der Katalog hat mehr als {limit} Anforderungen.",
                "The catalogue has more than {limit} controls.",
                limit=MAX_CONTROLS,
            )
        self.contents(found, place, group=group, depth=depth + 1, control=key, level=level + 1)

    def parameters_of(self, found: Node, place: str) -> tuple[Parameter, ...]:
        """The parameters declared by a catalogue, group or control."""
        declared = tuple(parameter(each, at) for at, each in nodes(found, "params", place))
        for each in declared:
            if self.parameters.setdefault(each.id, each) is not each:
                raise refusal(
                    "Der Parameter „{id}“ bei {place} kommt zweimal vor.",
                    "The parameter “{id}” at {place} occurs twice.",
                    id=shortened(each.id),
                    place=shortened(place),
                )
            self.ids.add(each.id)
        return declared

    def _parts(self, found: Node, place: str, depth: int = 0) -> tuple[Part, ...]:
        if depth > MAX_DEPTH:
            raise refusal(
                "Bei {place} sind Textteile tiefer verschachtelt als in jedem bekannten Katalog.",
                "At {place} parts are nested more deeply than in any known catalogue.",
                place=shortened(place),
            )
        return tuple(self._part(each, at, depth) for at, each in nodes(found, "parts", place))

    def _part(self, found: Node, place: str, depth: int) -> Part:
        identity = string(found, "id", place)
        self.ids.add(identity)
        return Part(
            name=string(found, "name", place, required=True),
            id=identity,
            title=string(found, "title", place),
            prose=string(found, "prose", place),
            properties=properties_of(found, place),
            links=_links(found, place),
            parts=self._parts(found, place, depth + 1),
        )

    def resources_of(self, catalogue: Node) -> Iterator[Resource]:
        """What the back matter lists."""
        if "back-matter" not in catalogue:
            return
        place = "catalog.back-matter"
        for at, each in nodes(node(catalogue, "back-matter", "catalog"), "resources", place):
            identity = string(each, "uuid", at, required=True)
            self._once(identity, at)
            citation = string(node(each, "citation", at), "text", at) if "citation" in each else ""
            addresses = [string(link, "href", where) for where, link in nodes(each, "rlinks", at)]
            title = string(each, "title", at) or citation or string(each, "description", at) or identity
            yield Resource(identity, title, next((a for a in addresses if a), ""))

    def _once(self, identity: str, place: str) -> None:
        self._seen(identity, identity, place)
        self.ids.add(identity)


def _stable_id(properties: Iterable[Property]) -> str:
    """The UUID by which the BSI names a control for good, whatever id it has in this version."""
    for each in properties:
        if each.name == _STABLE_ID and not each.kind:
            try:
                return str(uuid.UUID(each.value))
            except ValueError:
                return ""
    return ""


def _about(found: Node, place: str, parts: Sequence[Part]) -> str:
    """What a group is about: the BSI says it in a remark to its label, NIST in a part."""
    remarks = [string(each, "remarks", at) for at, each in nodes(found, "props", place)]
    said = [part.prose for part in parts]
    return "\n\n".join(word for word in (*remarks, *said) if word)


def _problems(catalogue: OscalCatalogue, ids: set[str]) -> Iterator[Problem]:
    for control in catalogue.controls:
        parts = [each for part in control.parts for each in part.walk()]
        links = [*control.links, *(link for part in parts for link in part.links)]
        for target in dict.fromkeys(link.href[1:] for link in links if link.href.startswith("#")):
            if target not in ids:
                yield Problem(control.id, _LINK_LEADS_NOWHERE.format(target=shortened(target)))
        for identity in dict.fromkeys(one for part in parts for one in inserts(part.prose)):
            if identity not in catalogue.parameters:
                yield Problem(control.id, _NO_PARAMETER.format(id=shortened(identity)))


def refuse_circles(catalogue: OscalCatalogue) -> None:
    """Raises UnreadableCatalogue where parameters put in each other without end, naming the control."""
    trail = next(_circles(catalogue.parameters), None)
    if trail is None:
        return
    declaring = (each.id for each in catalogue.controls if any(one.id == trail[0] for one in each.parameters))
    raise refusal(
        "Bei {place} verweisen Parameter im Kreis: {trail}.",
        "At {place} parameters refer in a circle: {trail}.",
        place=shortened(next(declaring, "catalog")),
        trail=shortened(" → ".join(trail)),
    )


def _circles(parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, ...]]:
    """The ways on which the value of a parameter leads back to itself."""
    done: set[str] = set()
    for start in parameters:
        # A dictionary keeps the order and finds quickly; files may chain thousands.
        trail: dict[str, None] = {}
        todo = [(start, 0)]
        while todo:
            identity, depth = todo.pop()
            while len(trail) > depth:
                trail.popitem()
            if identity in trail:
                way = (*trail, identity)
                yield way[way.index(identity) :]
                continue
            if identity in done or identity not in parameters:
                continue
            done.add(identity)
            trail[identity] = None
            found = parameters[identity]
            used = (inner for prose in (*found.values, *found.choices) for inner in inserts(prose))
            todo.extend((inner, len(trail)) for inner in used)


def inserts(prose: str) -> list[str]:
    """The ids of the parameters that a wording asks for."""
    return [match[1] for match in _INSERT.finditer(prose)]


def parameter(found: Node, place: str) -> Parameter:
    """One declared parameter."""
    select = node(found, "select", place) if "select" in found else {}
    return Parameter(
        id=string(found, "id", place, required=True),
        label=string(found, "label", place),
        values=texts(found, "values", place),
        choices=texts(select, "choice", f"{place}.select"),
        guidelines=tuple(string(each, "prose", at) for at, each in nodes(found, "guidelines", place)),
    )


def properties_of(found: Node, place: str) -> tuple[Property, ...]:
    """The properties of a control or part."""
    return tuple(
        Property(
            string(each, "name", at, required=True),
            string(each, "value", at, required=True),
            string(each, "class", at),
        )
        for at, each in nodes(found, "props", place)
    )


def _links(found: Node, place: str) -> tuple[Link, ...]:
    return tuple(
        Link(string(each, "href", at, required=True), string(each, "rel", at), string(each, "text", at))
        for at, each in nodes(found, "links", place)
    )


# --- Reading with the place in mind --------------------------------------------------------------


def node(parent: Node, key: str, place: str) -> Node:
    """The object under *key*. Raises UnreadableCatalogue where there is none."""
    at = f"{place}.{key}" if place else key
    found = parent.get(key)
    if found is None:
        raise refusal("Es fehlt {place}.", "{place} is missing.", place=shortened(at))
    if not isinstance(found, dict):
        raise refusal("{place} ist kein Objekt.", "{place} is not an object.", place=shortened(at))
    return found


def nodes(parent: Node, key: str, place: str) -> Iterator[tuple[str, Node]]:
    """The objects listed under *key*, each with its place; none where the key is missing."""
    found = parent.get(key)
    if found is None:
        return
    if not isinstance(found, list):
        raise refusal("{place} ist keine Liste.", "{place} is not a list.", place=shortened(f"{place}.{key}"))
    for index, each in enumerate(found):
        at = f"{place}.{key}[{index}]"
        if not isinstance(each, dict):
            raise refusal("{place} ist kein Objekt.", "{place} is not an object.", place=shortened(at))
        yield at, each


def string(parent: Node, key: str, place: str, *, required: bool = False) -> str:
    """The text under *key*, empty where it is missing. Raises UnreadableCatalogue where it is *required*."""
    found = parent.get(key)
    if found is None:
        found = ""
    if not isinstance(found, str):
        raise refusal("{place} ist kein Text.", "{place} is not text.", place=shortened(f"{place}.{key}"))
    tidied = tidy(found)
    if required and not tidied:
        raise refusal(
            "Bei {place} fehlt die Angabe „{key}“.",
            "At {place} the entry “{key}” is missing.",
            place=shortened(place),
            key=key,
        )
    return tidied


def texts(parent: Node, key: str, place: str) -> tuple[str, ...]:
    """The texts listed under *key*."""
    found = parent.get(key)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise refusal(
            "{place} ist keine Liste von Texten.",
            "{place} is not a list of texts.",
            place=shortened(f"{place}.{key}"),
        )
    return tuple(tidy(each) for each in found)


def shortened(value: str) -> str:
    """*value* as it fits into a message: the end of a place says more than its beginning."""
    return value if len(value) <= 120 else "…" + value[-119:]


def refusal(german: str, english: str, **values: str | int) -> UnreadableCatalogue:
    """What is wrong with a document, where, and that nothing came of it."""
    said = Text(german, english).format(**values)
    return UnreadableCatalogue(Text(said.de + _NOTHING_TAKEN.de, said.en + _NOTHING_TAKEN.en))


class Once:
    """Refuses what occurs twice in one document."""

    def __init__(self) -> None:
        self._places: dict[object, str] = {}

    def __call__(self, key: object, name: str, place: str) -> None:
        """Notes *key*, called *name*. Raises :class:`UnreadableCatalogue` where it is known already."""
        before = self._places.setdefault(key, place)
        if before is not place:
            raise refusal(
                "„{name}“ kommt zweimal vor: {before} und {place}.",
                "“{name}” occurs twice: {before} and {place}.",
                name=shortened(name),
                before=shortened(before),
                place=shortened(place),
            )


def _no_number(constant: str) -> None:
    raise ValueError(constant)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of two entries with the same key JSON would forget the first in silence."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    key = next(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    name = next((str(found[name]) for name in ("id", "uuid", "name", "title") if name in found), "–")
    raise refusal(
        "Im Objekt „{name}“ kommt der Schlüssel „{key}“ zweimal vor.",
        "In the object “{name}” the key “{key}” occurs twice.",
        name=shortened(name),
        key=shortened(key),
    )


_NOTHING_TAKEN: Final = Text(" Es wurde nichts übernommen.", " Nothing was imported.")
_LINK_LEADS_NOWHERE: Final = Text(
    "Der Verweis auf „{target}“ führt ins Leere.", "The link to “{target}” leads nowhere."
)
_NO_PARAMETER: Final = Text(
    "Den Parameter „{id}“, den der Text einsetzt, gibt es nicht.",
    "The parameter “{id}” that the text inserts does not exist.",
)
