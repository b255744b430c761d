"""The protection needs of an information domain (Referenzdokument A.2, Schutzbedarfsfeststellung)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.proposed_needs import (
    Proposal,
    Standing,
    decision,
    proposals,
    standing,
)
from assessments.grundschutz.protection import Rated, rated
from assessments.grundschutz.structure import structure_of
from compliance.entry import State
from compliance.fields import fields, shown
from compliance.language import Text
from exports.document import Block, Cell, Column, Document, Facts, Grid, Heading, Note, Prose
from exports.reports import connection_needs
from exports.reports.domain_paper import paper
from exports.reports.register import Issuer
from exports.reports.structure_analysis import PLURAL
from registers.need_categories import LIMITS, NeedCategory
from registers.objects import ObjectKind, TargetObject
from registers.protection import NeedAdjustment, ProtectionNeed, Scenario, SecurityValue


def report(session: Session, domain: InformationDomain, issuer: Issuer) -> Document:
    """The needs of everything in *domain*, which is loaded whole, with the categories they rest on."""
    return paper(_TITLE, _SUBJECT, domain, issuer, _chapters(session, domain, issuer.language))


def _chapters(session: Session, domain: InformationDomain, language: str) -> Iterator[Block]:
    found = rated(session, domain.organisation_id, [target.id for target in domain.objects])
    yield Heading(_CATEGORIES[language])
    yield from _categories(categories(session), language)
    yield Heading(_SUMMARY[language])
    yield Prose(_METHOD[language])
    yield _counts(found, language)
    for kind, group in by_kind(found).items():
        yield Heading((PLURAL[kind] if kind else _NO_KIND)[language])
        yield _needs(group, language)
    yield from connection_needs.chapter(structure_of(session, domain).connections, language)
    yield Heading(_DEVIATIONS[language])
    yield from _deviations(found, language)
    yield Heading(_PROPOSALS[language])
    yield from _proposals(session, found, language)
    yield from _circles(found, language)


def categories(session: Session) -> list[NeedCategory]:
    """What the authority has laid down about its categories, in the order of the scenarios."""
    query = select(NeedCategory).where(NeedCategory.state != State.ENDED, NeedCategory.scenario.is_not(None))
    order = list(Scenario)
    found = [(order.index(one.scenario), one) for one in session.scalars(query) if one.scenario]
    return [one for _place, one in sorted(found, key=lambda each: (each[0], each[1].number))]


def by_kind(found: Sequence[Rated]) -> Mapping[ObjectKind | None, list[Rated]]:
    """*found* by what the objects are, in the order in which needs are inherited."""
    groups: dict[ObjectKind | None, list[Rated]] = {}
    for kind in (*ObjectKind, None):
        if group := [each for each in found if each.target.kind is kind]:
            groups[kind] = group
    return groups


def _categories(defined: Sequence[NeedCategory], language: str) -> Iterator[Block]:
    if not defined:
        yield Note(_NO_CATEGORIES_TITLE[language], _NO_CATEGORIES[language], "warning")
        return
    columns = (
        Column(fields(NeedCategory)["scenario"].label[language], 1.4),
        *(Column(need.text[language], 2) for need in LIMITS),
        Column(_STATE[language], 0.8),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            each.scenario.text[language] if each.scenario else each.name,
            *(getattr(each, name) for name in LIMITS.values()),
            each.state.text[language],
        )
        for each in defined
    ]
    yield Grid(columns, rows, caption=_CATEGORIES[language])


def _counts(found: Sequence[Rated], language: str) -> Block:
    rows = [
        (need.text[language] if need else _OPEN[language], sum(each.overall is need for each in found))
        for need in (ProtectionNeed.VERY_HIGH, ProtectionNeed.HIGH, ProtectionNeed.NORMAL, None)
    ]
    partly = sum(
        each.overall is not None and any(origin.need is None for origin in each.origins) for each in found
    )
    rows.append((_PARTLY[language], partly))
    return Facts(tuple((name, str(count)) for name, count in rows), _COUNTS[language])


def _needs(group: Sequence[Rated], language: str) -> Block:
    columns = (
        Column(_ID[language], 1.1),
        Column(TargetObject.one[language], 2),
        *(Column(value.text[language], 0.9, choices=_words(language)) for value in SecurityValue),
        Column(_ORIGIN[language], 5),
    )
    rows = [
        (
            each.target.designation,
            each.target.name,
            *(origin.need.text[language] if origin.need else _OPEN[language] for origin in each.origins),
            "\n".join(_explained(each, language)),
        )
        for each in group
    ]
    kind = group[0].target.kind
    return Grid(columns, rows, caption=(PLURAL[kind] if kind else _NO_KIND)[language])


def _explained(each: Rated, language: str) -> Iterator[str]:
    """Where the needs come from; a reason that several have in common stands once, behind them."""
    grouped: dict[str, list[str]] = {}
    for values, origin in each.together:
        said = f"{_named(values, language)}: {origin.comes_from[language]}"
        grouped.setdefault(origin.because[language], []).append(said)
    for because, origins in grouped.items():
        yield f"{'; '.join(origins)}. {because}." if because else f"{'; '.join(origins)}."


def _named(values: Sequence[SecurityValue], language: str) -> str:
    return ", ".join(value.text[language] for value in values)


def _words(language: str) -> tuple[str, ...]:
    return tuple(need.text[language] for need in ProtectionNeed)


def _deviations(found: Sequence[Rated], language: str) -> Iterator[Block]:
    """Cumulation and distribution with their reasons, also where these have no effect."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"{each.target.designation}/{position}",
            each.target.name,
            *(shown(spec, getattr(row, name), language) for name, spec in fields(NeedAdjustment).items()),
        )
        for each in found
        for position, row in enumerate(each.target.adjustments, start=1)
    ]
    if not rows:
        yield Prose(_NO_DEVIATIONS[language])
        return
    widths = (1, 1.2, 1, 4)
    specs = fields(NeedAdjustment).values()
    columns = (
        Column(_ID[language], 1.1),
        Column(TargetObject.one[language], 2),
        *(Column(spec.label[language], width) for spec, width in zip(specs, widths, strict=True)),
    )
    yield Grid(columns, rows, caption=_DEVIATIONS[language])


def _proposals(session: Session, found: Sequence[Rated], language: str) -> Iterator[Block]:
    proposed = proposals(session, [each.target.id for each in found])
    rows = [
        _proposal(each.target, proposed[each.target.id], language)
        for each in found
        if each.target.id in proposed and each.target.is_in_use
    ]
    if not rows:
        yield Prose(_NO_PROPOSALS[language])
        return
    columns = (
        Column(_ID[language], 1.1),
        Column(TargetObject.one[language], 2),
        Column(_PROPOSED_BY[language], 5),
        Column(_STANDING[language], 1.2, choices=tuple(text[language] for text in STANDINGS.values())),
        Column(_REASON[language], 2.5),
    )
    yield Grid(columns, rows, caption=_PROPOSALS[language])


def _proposal(target: TargetObject, proposed: Sequence[Proposal], language: str) -> tuple[Cell, ...]:
    rating = decision(target)
    return (
        target.designation,
        target.name,
        "\n".join(_by_occasion(proposed, language)),
        STANDINGS[standing(target, proposed)][language],
        rating.reason if rating else "",
    )


def _by_occasion(proposed: Sequence[Proposal], language: str) -> Iterator[str]:
    """Why a higher need is proposed, and by which activities, each occasion once."""
    names: dict[str, list[str]] = {}
    for each in proposed:
        names.setdefault(each.why[language], []).append(f"{each.designation} {each.name}")
    for why, activities in names.items():
        yield f"{why[:1].upper()}{why[1:]}: {', '.join(activities)}."


def _circles(found: Sequence[Rated], language: str) -> Iterator[Block]:
    circles = dict.fromkeys(
        each.target.mutual_dependencies for each in found if each.target.mutual_dependencies
    )
    for circle in circles:
        yield Note(_CIRCLE_TITLE[language], _CIRCLE.format(objects=circle)[language], "warning")


STANDINGS: Final = {
    Standing.OPEN: Text("offen", "open"),
    Standing.COVERED: Text("aus anderem Grund gedeckt", "covered for another reason"),
    Standing.CONFIRMED: Text("bestätigt", "confirmed"),
    Standing.DEVIATES: Text("abgewichen", "deviates"),
}
"""What the ISB made of a proposal, in words."""

_TITLE: Final = Text("A.2 Schutzbedarfsfeststellung: {domain}", "A.2 Protection needs: {domain}")
_SUBJECT: Final = Text(
    "Schutzbedarf der Zielobjekte nach BSI-Standard 200-2 mit Herkunft und Begründung.",
    "Protection needs of the target objects following BSI standard 200-2, with origin and reason.",
)
_CATEGORIES: Final = Text("Schutzbedarfskategorien", "Protection need categories")
_NO_CATEGORIES_TITLE: Final = Text("Keine Kategorien festgelegt", "No categories laid down")
_NO_CATEGORIES: Final = Text(
    "Die Stelle hat noch nicht festgelegt, was normal, hoch und sehr hoch bedeuten.",
    "The authority has not laid down yet what normal, high and very high mean.",
)
_STATE: Final = Text("Stand", "State")
_SUMMARY: Final = Text("Überblick", "Overview")
_METHOD: Final = Text(
    "Der Schutzbedarf vererbt sich entlang der Abhängigkeiten nach dem Maximumprinzip: Jedes Objekt braucht "
    "mindestens, was die Objekte brauchen, die auf ihm beruhen. Kumulations- und Verteilungseffekte weichen "
    "davon begründet ab.",
    "Protection needs are inherited along the dependencies by the maximum principle: each object needs at "
    "least what the objects need that depend on it. Cumulation and distribution effects deviate from that "
    "for a reason.",
)
_COUNTS: Final = Text("Zielobjekte nach höchstem Schutzbedarf", "Target objects by highest need")
_OPEN: Final = Text("nicht bestimmt", "not determined")
_PARTLY: Final = Text("davon nicht in allen Grundwerten bestimmt", "of these not determined in all values")
_NO_KIND: Final = Text("Ohne Art", "Without type")
_ID: Final = Text("Kennung", "Identifier")
_ORIGIN: Final = Text("Herkunft und Begründung", "Origin and reason")
_DEVIATIONS: Final = Text("Kumulation und Verteilung", "Cumulation and distribution")
_NO_DEVIATIONS: Final = Text(
    "Kein Schutzbedarf weicht vom Maximumprinzip ab.", "No need deviates from the maximum principle."
)
_PROPOSALS: Final = Text("Vorschläge des Datenschutzes", "Proposals of data protection")
_NO_PROPOSALS: Final = Text(
    "Keine Verarbeitungstätigkeit schlägt für diese Objekte einen höheren Schutzbedarf vor.",
    "No processing activity proposes a higher need for these objects.",
)
_PROPOSED_BY: Final = Text("Vorgeschlagen von", "Proposed by")
_STANDING: Final = Text("Entscheidung", "Decision")
_REASON: Final = Text("Begründung", "Reason")
_CIRCLE_TITLE: Final = Text("Gegenseitige Abhängigkeit", "Mutual dependency")
_CIRCLE: Final = Text(
    "Diese Objekte beruhen im Kreis aufeinander und haben denselben Schutzbedarf: {objects}.",
    "These objects depend on one another in a circle and share their need: {objects}.",
)
