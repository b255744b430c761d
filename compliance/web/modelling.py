"""How proposals for the modelling are put to people: by object, or by module where objects are many."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Layer, Module, edition_2023
from assessments.grundschutz.modelling import Place, Suggestion
from assessments.grundschutz.proposals import Proposal
from compliance.errors import NotFound
from compliance.language import Text

_MANY: Final = 30
"""With more places than this, the same module stands once for all of its objects."""
BY_OBJECT: Final = "object"
BY_MODULE: Final = "module"


@dataclass(frozen=True)
class ObjectGroup:
    """What may be modelled on one target object, or on the domain as a whole."""

    title: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class ModuleGroup:
    """One module that is proposed for the same reason in several places."""

    module: Module
    proposal: Proposal
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Offer:
    """The proposals that are shown, and how."""

    by_object: tuple[ObjectGroup, ...]
    """What concerns the domain as a whole always stands here."""
    by_module: tuple[ModuleGroup, ...]
    layers: tuple[Layer, ...]
    """The layers of which anything is proposed."""
    layer: str
    """Id of the one layer that is shown; empty for all."""
    view: str

    @property
    def count(self) -> int:
        apart = sum(len(group.suggestions) for group in self.by_object)
        return apart + sum(len(group.suggestions) for group in self.by_module)


def offered(domain: InformationDomain, suggestions: Sequence[Suggestion]) -> Offer:
    """The *suggestions* as the address asks for them; what it does not understand is left out."""
    found = {_module(each).layer for each in suggestions}
    layers = tuple(layer for layer in edition_2023().layers if layer.id in found)
    layer = request.args.get("layer", "")
    if layer in found:
        suggestions = [each for each in suggestions if _module(each).layer == layer]
    else:
        layer = ""
    places = {each.target.id if each.target else None for each in suggestions}
    view = request.args.get("view", "")
    if view not in (BY_OBJECT, BY_MODULE):
        view = BY_MODULE if len(places) > _MANY else BY_OBJECT
    apart = [each for each in suggestions if view == BY_OBJECT or each.target is None]
    together = [each for each in suggestions if view == BY_MODULE and each.target is not None]
    return Offer(_by_object(domain, apart), _by_module(together), layers, layer, view)


def _module(suggestion: Suggestion) -> Module:
    return edition_2023().module(suggestion.proposal.module_id)


def _by_object(domain: InformationDomain, suggestions: Iterable[Suggestion]) -> tuple[ObjectGroup, ...]:
    groups: dict[str, list[Suggestion]] = {}
    for each in suggestions:
        groups.setdefault(str(each.target or domain), []).append(each)
    return tuple(ObjectGroup(title, tuple(some)) for title, some in groups.items())


def _by_module(suggestions: Iterable[Suggestion]) -> tuple[ModuleGroup, ...]:
    groups: dict[Proposal, list[Suggestion]] = {}
    for each in suggestions:
        groups.setdefault(each.proposal, []).append(each)
    order = {module.id: place for place, module in enumerate(edition_2023().modules)}
    return tuple(
        ModuleGroup(edition_2023().module(proposal.module_id), proposal, tuple(some))
        for proposal, some in sorted(groups.items(), key=lambda item: order[item[0].module_id])
    )


# --- What a form says ----------------------------------------------------------------------------


def word_of(suggestion: Suggestion) -> str:
    """A target object and a module as one word of a form, read again by :func:`place_in`."""
    target = suggestion.target.id.hex if suggestion.target else ""
    return f"{target}:{suggestion.proposal.module_id}"


def place_in(text: str) -> Place:
    """The place that :func:`word_of` wrote. Raises :class:`NotFound`."""
    target, _colon, module_id = text.partition(":")
    try:
        return (uuid.UUID(hex=target) if target else None), module_id
    except ValueError as error:
        raise NotFound(_NO_PLACE) from error


def reasons_in(form: MultiDict[str, Any], applied: Sequence[Place]) -> Mapping[Place, str]:
    """The reasons that were given for places, one by one or for all of a module that were not ticked."""
    found = {
        place_in(name.removeprefix("reason:")): text
        for name, text in form.items()
        if name.startswith("reason:") and text.strip()
    }
    for name, text in form.items():
        group = name.removeprefix("common:")
        if group == name or not text.strip():
            continue
        for place in map(place_in, form.getlist(f"offered:{group}")):
            if place not in applied:
                found.setdefault(place, text)
    return found


_NO_PLACE: Final = Text("Diese Zuordnung gibt es nicht.", "There is no such assignment.")
