"""Reference document A.3, the modelling: which module is applied to what, which is not, and why."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import row_id
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.kompendium import EDITION, NAME, Order, edition_2023
from assessments.grundschutz.modelling import proposed_reasons
from assessments.grundschutz.progress import Assigned, overview
from assessments.grundschutz.risk_analysis import RiskAnalysis
from compliance.entry import State
from compliance.language import Text
from exports.document import Block, Document, Facts, Grid, Heading, Note, Prose
from exports.reports.domain_paper import MISSING, Head, columns, paper
from exports.reports.register import Issuer
from registers.objects import TargetObject


def report(session: Session, domain: InformationDomain, issuer: Issuer) -> Document:
    """A.3 of *domain*, which is loaded whole."""
    return paper(_TITLE, _SUBJECT, domain, issuer, _blocks(session, domain, issuer.language))


def _blocks(session: Session, domain: InformationDomain, language: str) -> Iterator[Block]:
    assigned = overview(session, domain)
    applied = [each for each in assigned if each.relevant]
    bare = unmodelled(domain, applied)
    unused = _unused(domain, assigned)
    yield Heading(_SUMMARY[language])
    yield _figures([each for each in applied if not each.outside], bare, unused, language)
    yield Prose(_SOURCE.format(name=NAME, edition=EDITION)[language])
    yield Heading(_APPLIED[language])
    yield _applied(domain, [each for each in applied if not each.outside], language)
    excluded = [each for each in assigned if not each.relevant and each.target_id is not None]
    if excluded:
        yield Heading(_EXCLUDED[language])
        yield _excluded(domain, excluded, language)
    yield Heading(_UNUSED[language])
    yield from _unused_blocks(unused, language)
    yield Heading(_BARE[language])
    yield from _bare_blocks(session, domain, bare, language)


def unmodelled(domain: InformationDomain, applied: Sequence[Assigned]) -> list[TargetObject]:
    """The objects in use to which no module is applied; to processes none ever is."""
    modelled = {each.target_id for each in applied}
    return [
        target
        for target in sorted(domain.objects, key=lambda target: target.number)
        if target.takes_modules and target.id not in modelled
    ]


def _unused(domain: InformationDomain, assigned: Sequence[Assigned]) -> dict[str, str]:
    """The modules that are applied nowhere, in reading order, with the reason that somebody gave.

    What a profile leaves out needs none.
    """
    applied = {each.module.id for each in assigned if each.relevant}
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for each in assigned:
        if each.reason:
            reasons[each.module.id].append(each.reason)
    return {
        module.id: "\n".join(dict.fromkeys(reasons[module.id]))
        for module in edition_2023().modules
        if module.id not in applied and (reasons[module.id] or domain.extent.covers(module.id))
    }


def _figures(
    applied: Sequence[Assigned], bare: Sequence[TargetObject], unused: Mapping[str, str], language: str
) -> Block:
    rows = (
        (_MODULES, len({each.module.id for each in applied})),
        (_ASSIGNMENTS, len(applied)),
        (_OBJECTS, len({each.target_id for each in applied if each.target_id})),
        (_UNUSED, len(unused)),
        (_WITHOUT_REASON, sum(not reason for reason in unused.values())),
        (_BARE, len(bare)),
    )
    return Facts(tuple((label[language], str(count)) for label, count in rows))


def _applied(domain: InformationDomain, applied: Sequence[Assigned], language: str) -> Grid:
    proposed = proposed_reasons(domain)
    rows = [
        (
            row_id(domain.designation, each.place, each.module.id),
            f"{each.place} {each.name}",
            f"{each.module.id} {each.module.title}",
            each.module.order.value,
            each.reason or _said(proposed.get((each.target_id, each.module.id)), language),
            each.module.responsible,
            each.interview.interviewees,
        )
        for each in applied
    ]
    heads = columns(_APPLIED_COLUMNS, language)
    return Grid(heads, rows, caption=_APPLIED[language], bands=(_APPLIED_COLUMNS.index(_PLACE),))


def _said(reason: Text | None, language: str) -> str:
    return reason[language] if reason else ""


def _excluded(domain: InformationDomain, excluded: Sequence[Assigned], language: str) -> Grid:
    rows = [
        (
            row_id(domain.designation, each.place, each.module.id),
            f"{each.place} {each.name}",
            f"{each.module.id} {each.module.title}",
            each.reason or MISSING[language],
        )
        for each in excluded
    ]
    return Grid(
        columns(_EXCLUDED_COLUMNS, language),
        rows,
        caption=_EXCLUDED[language],
        sheet=_EXCLUDED_SHEET[language],
    )


def _unused_blocks(unused: Mapping[str, str], language: str) -> Iterator[Block]:
    catalogue = edition_2023()
    bare = sum(not reason for reason in unused.values())
    if bare:
        yield Note(_WITHOUT_REASON[language], _UNEXPLAINED.format(count=str(bare))[language], "warning")
    rows = [
        (
            module_id,
            catalogue.module(module_id).title,
            catalogue.module(module_id).target_type.label[language],
            reason or MISSING[language],
        )
        for module_id, reason in unused.items()
    ]
    yield Grid(columns(_UNUSED_COLUMNS, language), rows, caption=_UNUSED[language])


def _bare_blocks(
    session: Session, domain: InformationDomain, bare: Sequence[TargetObject], language: str
) -> Iterator[Block]:
    if not bare:
        yield Prose(_NONE_BARE[language])
        return
    analysed = _analysed(session, domain) if knows_risk_analysis(domain.approach) else None
    if analysed is not None:
        yield Prose(_TO_ANALYSIS[language])
    heads = _BARE_COLUMNS if analysed is not None else _BARE_COLUMNS[:-1]
    rows = [
        (
            target.designation,
            target.name,
            target.kind.text[language] if target.kind else "",
            target.description,
            *([analysed.get(target.id, MISSING[language])] if analysed is not None else []),
        )
        for target in bare
    ]
    yield Grid(columns(heads, language), rows, caption=_BARE[language])


def _analysed(session: Session, domain: InformationDomain) -> dict[uuid.UUID | None, str]:
    query = (
        select(RiskAnalysis.target_id, RiskAnalysis.number)
        .where(RiskAnalysis.domain_id == domain.id, RiskAnalysis.state != State.ENDED)
        .order_by(RiskAnalysis.number)
    )
    return {row.target_id: RiskAnalysis.designate(row.number) for row in session.execute(query)}


_ID: Final = Head(
    Text("Kennung", "Identifier"),
    1.8,
    Text(
        "Informationsverbund, Zielobjekt und Baustein, wie im IT-Grundschutz-Check.",
        "Information domain, target object and module, as in the IT-Grundschutz check.",
    ),
)
_TARGET: Final = Head(Text("Zielobjekt", "Target object"), 2.0)
_PLACE: Final = replace(_TARGET, on_paper=False)
_MODULE: Final = Head(Text("Baustein", "Module"), 2.2)
_REASON: Final = Head(
    Text("Begründung", "Reason"),
    3.0,
    Text(
        "Warum der Baustein angewendet wird; ohne eigene Worte die des Vorschlags.",
        "Why the module is applied; without words of one's own those of the proposal.",
    ),
)
_APPLIED_COLUMNS: Final = (
    _ID,
    _PLACE,
    _MODULE,
    Head(
        Text("Reihenfolge", "Order"),
        0.8,
        Text("R1 zuerst, dann R2 und R3, nach dem Kompendium.", "R1 first, then R2 and R3."),
        tuple(Text(order.value, order.value) for order in Order),
    ),
    _REASON,
    Head(
        Text("Zuständige Rolle", "Responsible role"),
        1.4,
        Text("Grundsätzlich zuständig nach dem Kompendium.", "Responsible in general, by the Kompendium."),
    ),
    Head(
        Text("Ansprechpersonen", "Contacts"),
        1.5,
        Text("Die zum Baustein Befragten.", "Who was interviewed about the module."),
    ),
)
_EXCLUDED_COLUMNS: Final = (_ID, _TARGET, _MODULE, Head(Text("Begründung", "Reason"), 4.0))
_UNUSED_COLUMNS: Final = (
    Head(Text("Baustein", "Module"), 1.0),
    Head(Text("Titel", "Title"), 2.6),
    Head(Text("Zielobjekttyp", "Type of target object"), 1.8),
    Head(Text("Begründung", "Reason"), 4.0),
)
_BARE_COLUMNS: Final = (
    Head(Text("Kennung", "Identifier"), 0.8),
    _TARGET,
    Head(Text("Art", "Type"), 1.2),
    Head(Text("Beschreibung", "Description"), 3.6),
    Head(Text("Risikoanalyse", "Risk analysis"), 1.2),
)
_EXCLUDED_SHEET: Final = Text("Im Einzelnen nicht angewendet", "Not applied to an object")
_TITLE: Final = Text("A.3 Modellierung: {domain}", "A.3 Modelling: {domain}")
_SUBJECT: Final = Text(
    "Referenzdokument A.3: Bausteine je Zielobjekt mit Begründung, nicht verwendete Bausteine und nicht "
    "modellierbare Objekte nach BSI-Standard 200-2.",
    "Reference document A.3: modules for each target object with reasons, unused modules and objects that "
    "cannot be modelled, following BSI standard 200-2.",
)
_SUMMARY: Final = Text("Überblick", "Overview")
_MODULES: Final = Text("Angewendete Bausteine", "Modules applied")
_ASSIGNMENTS: Final = Text("Zuordnungen", "Assignments")
_OBJECTS: Final = Text("Modellierte Zielobjekte", "Modelled target objects")
_APPLIED: Final = Text("Bausteine je Zielobjekt", "Modules for each target object")
_EXCLUDED: Final = Text("Auf einzelne Zielobjekte nicht angewendet", "Not applied to single objects")
_UNUSED: Final = Text("Nicht verwendete Bausteine", "Unused modules")
_WITHOUT_REASON: Final = Text("Nicht verwendete Bausteine ohne Begründung", "Unused modules without a reason")
_UNEXPLAINED: Final = Text(
    "Bausteine, die weder angewendet noch begründet ausgeschlossen sind: {count}.",
    "Modules that are neither applied nor excluded for a reason: {count}.",
)
_BARE: Final = Text("Nicht modellierte Zielobjekte", "Target objects without modules")
_NONE_BARE: Final = Text(
    "Auf jedes Zielobjekt in Betrieb oder Planung wird mindestens ein Baustein angewendet.",
    "At least one module is applied to every target object in use or planned.",
)
_TO_ANALYSIS: Final = Text(
    "Was sich mit Bausteinen nicht abbilden lässt, wird in der Risikoanalyse betrachtet.",
    "What modules do not cover is considered in the risk analysis.",
)
_SOURCE: Final = Text(
    "Kennungen, Titel, Reihenfolge und Rollen: {name}, Edition {edition}, Bundesamt für Sicherheit in der "
    "Informationstechnik (BSI).",
    "Identifiers, titles, order and roles: {name}, Edition {edition}, Federal Office for Information "
    "Security (BSI).",
)
