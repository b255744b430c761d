"""The papers of an information domain, from A.0 to A.6 and beyond: to add one, name it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from assessments.grundschutz.briefing import briefing
from assessments.grundschutz.continuity import impact_of, objects_of
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.plan import plan_of
from assessments.grundschutz.recovery import restarts
from assessments.grundschutz.structure import structure_of
from compliance.judging import Judge
from compliance.language import Text
from exports.document import Document
from exports.reports import (
    continuity,
    grundschutz_check,
    implementation_plan,
    management,
    modelling,
    policy_list,
    protection_needs,
    risk_analysis,
    structure_analysis,
)
from exports.reports.domain_paper import day_of
from exports.reports.register import Issuer

Write: TypeAlias = Callable[[Session, InformationDomain, Issuer, Judge], Document]
"""Given a snapshot, the domain loaded whole, on whose behalf, and the judge who knows the findings."""


@dataclass(frozen=True)
class ReferencePaper:
    """One paper about an information domain."""

    key: str
    """Names it in addresses and in the names of files."""
    number: str
    """Its number among the reference documents; empty for what is none of them."""
    title: Text
    about: Text
    write: Write
    beyond_basic: bool = False
    """Whether it is about a step that the basic approach does not have."""
    of_kompendium: bool = False
    """Whether it says nothing where imported catalogues alone are followed."""


def _policies(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return policy_list.report(session, domain, issuer)


def _structure(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return structure_analysis.report(domain, structure_of(session, domain), issuer)


def _needs(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return protection_needs.report(session, domain, issuer)


def _modelling(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return modelling.report(session, domain, issuer)


def _check(session: Session, domain: InformationDomain, issuer: Issuer, judge: Judge) -> Document:
    return grundschutz_check.report(session, domain, issuer, judge=judge)


def _risks(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return risk_analysis.report_of_domain(session, domain, issuer)


def _plan(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return implementation_plan.report(domain, plan_of(session, domain), issuer)


def _continuity(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    found = session.scalars(objects_of(domain)).all()
    impact = impact_of(domain, found, restarts(session, domain.organisation_id))
    return continuity.report(domain, impact, issuer)


def _management(session: Session, domain: InformationDomain, issuer: Issuer, _judge: Judge) -> Document:
    return management.report(domain, briefing(session, domain, day_of(issuer)), issuer)


PAPERS: Final[tuple[ReferencePaper, ...]] = (
    ReferencePaper(
        "a0",
        "A.0",
        Text("Richtlinien", "Policies"),
        Text(
            "Die verlangten Richtlinien mit Dokument, Fassung, Freigabe und nächster Überprüfung.",
            "The policies asked for, with document, edition, approval and next review.",
        ),
        _policies,
    ),
    ReferencePaper(
        "a1",
        "A.1",
        Text("Strukturanalyse", "Structure analysis"),
        Text(
            "Geltungsbereich, Netzplan, Abhängigkeiten und Listen der Zielobjekte.",
            "Scope, network plan, dependencies and lists of the target objects.",
        ),
        _structure,
    ),
    ReferencePaper(
        "a2",
        "A.2",
        Text("Schutzbedarfsfeststellung", "Protection needs"),
        Text(
            "Kategorien und der Schutzbedarf jedes Objekts mit Herkunft und Begründung.",
            "Categories and the need of every object with its origin and reason.",
        ),
        _needs,
        beyond_basic=True,
    ),
    ReferencePaper(
        "a3",
        "A.3",
        Text("Modellierung", "Modelling"),
        Text(
            "Bausteine je Zielobjekt, nicht verwendete Bausteine und nicht modellierte Objekte.",
            "Modules for each object, unused modules and objects without modules.",
        ),
        _modelling,
        of_kompendium=True,
    ),
    ReferencePaper(
        "a4",
        "A.4",
        Text("Ergebnis des IT-Grundschutz-Checks", "Result of the IT-Grundschutz check"),
        Text(
            "Umsetzungsstatus jeder Anforderung mit Begründung und Nachweis.",
            "The status of every requirement with reason and evidence.",
        ),
        _check,
        of_kompendium=True,
    ),
    ReferencePaper(
        "a5",
        "A.5",
        Text("Risikoanalyse", "Risk analysis"),
        Text(
            "Gefährdungen, Einschätzung, Behandlung und die Übernahme der Restrisiken.",
            "Threats, estimates, treatment, and the acceptance of residual risks.",
        ),
        _risks,
        beyond_basic=True,
    ),
    ReferencePaper(
        "a6",
        "A.6",
        Text("Realisierungsplan", "Implementation plan"),
        Text(
            "Was noch zu tun ist: Maßnahmen mit Zuständigkeit, Tag, Kosten und Reihenfolge.",
            "What is still to be done: measures with owner, day, cost and order.",
        ),
        _plan,
    ),
    ReferencePaper(
        "bia",
        "",
        Text("Business-Impact-Analyse", "Business impact analysis"),
        Text(
            "Schaden je Zeithorizont, geforderter und erreichbarer Wiederanlauf der Prozesse und Systeme.",
            "Damage by time horizon, demanded and achievable recovery of processes and systems.",
        ),
        _continuity,
    ),
    ReferencePaper(
        "management",
        "",
        Text("Managementbericht", "Management report"),
        Text(
            "Auf zwei Seiten: Ampeln, Umsetzung, was zu entscheiden und was überfällig ist.",
            "On two pages: traffic lights, implementation, what to decide and what is overdue.",
        ),
        _management,
    ),
)
"""The papers in the order in which an audit asks for them, then what else is written about a domain."""


def papers_of(domain: InformationDomain) -> tuple[ReferencePaper, ...]:
    """The papers of *domain*; there are none about steps that its approach or its catalogues do not have."""
    knows, modelled = knows_risk_analysis(domain.approach), not domain.extent.is_empty
    return tuple(
        paper
        for paper in PAPERS
        if (knows or not paper.beyond_basic) and (modelled or not paper.of_kompendium)
    )
