"""Modules of the Kompendium that a domain does not use: an audit asks why, for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Module, edition_2023
from assessments.grundschutz.modelling import Assignment, set_relevance
from compliance.access import Identity, Permission, demand
from compliance.entry import everything
from compliance.errors import Refused
from compliance.fields import tidy
from compliance.language import Text


@dataclass(frozen=True)
class Unused:
    """A module that is applied nowhere in a domain, and why, as far as somebody has said so."""

    module: Module
    reason: str = ""


def unused_modules(session: Session, domain: InformationDomain) -> list[Unused]:
    """The modules that *domain* applies nowhere, in reading order; one query.

    Those that its profile leaves out stand here only where somebody has given a reason.
    """
    query = select(Assignment.module_id, Assignment.relevant, Assignment.reason)
    rows = session.execute(query.where(Assignment.domain_id == domain.id)).all()
    applied = {row.module_id for row in rows if row.relevant is not False}
    reasons: dict[str, str] = {}
    for row in rows:
        if row.reason:
            reasons.setdefault(row.module_id, row.reason)
    return [
        Unused(module, reasons.get(module.id, ""))
        for module in edition_2023().modules
        if module.id not in applied and (module.id in reasons or domain.extent.covers(module.id))
    ]


def exclude(session: Session, domain: InformationDomain, reasons: Mapping[str, str], *, by: Identity) -> int:
    """Records for the whole of *domain* why modules are not used; returns how many were changed.

    *reasons* holds a reason by the id of each module; empty ones change nothing. *domain* is loaded
    whole. Raises :class:`Refused` for a module that is applied somewhere or does not exist.
    """
    demand(by, Permission.EDIT, domain)
    wanted = {module: words for module, reason in reasons.items() if (words := tidy(reason))}
    known = {each.module.id: each.reason for each in unused_modules(session, domain)}
    for module in wanted:
        if module not in known:
            raise Refused(_IN_USE.format(module=module))
    changed = {module: words for module, words in wanted.items() if words != known[module]}
    query = select(Assignment).where(
        Assignment.domain_id == domain.id, Assignment.target_id.is_(None), Assignment.module_id.in_(changed)
    )
    stored = {one.module_id: one for one in session.scalars(query.options(*everything(Assignment)))}
    for module, words in changed.items():
        if module in stored:
            set_relevance(stored[module], relevant=False, reason=words, by=by)
        else:
            session.add(Assignment(domain=domain, module_id=module, relevant=False, reason=words))
    session.flush()
    return len(changed)


_IN_USE: Final = Text(
    "Der Baustein {module} wird angewendet oder existiert nicht.",
    "The module {module} is applied or does not exist.",
)
