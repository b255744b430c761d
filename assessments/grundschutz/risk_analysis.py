"""The risk analysis of a target object, BSI standard 200-3: threats, estimate, treatment, residual risk.

The analysis is an entry; each threat is judged in a record that is saved alone
and for which a release of the analysis vouches.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from assessments.grundschutz.check import UNMET, RequirementAnswer, Status
from assessments.grundschutz.cross_reference_tables import Reference
from assessments.grundschutz.cross_references import in_force
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.kompendium import Level, Requirement, Threat, edition_2023
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.risk_matrix import (
    Frequency,
    Impact,
    RiskCategory,
    SecurityMatrix,
    matrix_of,
    rank,
    store_matrix,
)
from compliance.access import Identity, Permission, demand
from compliance.entry import Appended, Area, Entry
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    line,
    prose,
    reference,
    references,
    section,
    tidy,
    tidy_line,
)
from compliance.journal import canonical
from compliance.language import Text
from registers.measures import Measure
from registers.objects import TargetObject

_STANDARD: Final = "BSI-Standard 200-3"


# --- Words ---------------------------------------------------------------------------------------


class Occasion(Term):
    """Why an object needs a risk analysis, BSI standards 200-2 and 200-3."""

    NEED = Text("Schutzbedarf hoch oder sehr hoch", "Protection need high or very high")
    UNMODELLED = Text("Mit Bausteinen nicht hinreichend abzubilden", "Modules do not fit well enough")
    SPECIAL_USE = Text("Einsatz in einem besonderen Szenario", "Used in a special scenario")
    UNMET = Text("Anforderungen werden nicht erfüllt", "Requirements are not met")
    WHOLE = Text("Übergeordnete Aspekte des Verbunds", "Overarching aspects of the domain")
    OTHER = Text("Anderer Anlass", "Another occasion")


class Origin(Term):
    """How a threat came into the analysis."""

    CROSS_REFERENCE = Text("Kreuzreferenz der Bausteine", "Cross-reference of the modules")
    CATALOGUE = Text("Übrige elementare Gefährdung", "Other elementary threat")
    OWN = Text("Zusätzliche Gefährdung", "Additional threat")


class Relevance(Term):
    """Whether a threat acts on the object, BSI standard 200-3."""

    DIRECT = Text("Direkt relevant", "Directly relevant")
    INDIRECT = Text("Indirekt relevant", "Indirectly relevant")
    NONE = Text("Nicht relevant", "Not relevant")


class BaseValue(Term):
    """What a threat endangers (Grundwerte)."""

    CONFIDENTIALITY = Text("Vertraulichkeit", "Confidentiality")
    INTEGRITY = Text("Integrität", "Integrity")
    AVAILABILITY = Text("Verfügbarkeit", "Availability")


class Treatment(Term):
    """How a risk is treated, by the letters of BSI standard 200-3."""

    AVOID = Text("A Vermeidung", "A Avoidance")
    REDUCE = Text("B Reduktion", "B Reduction")
    TRANSFER = Text("C Transfer", "C Transfer")
    ACCEPT = Text("D Akzeptanz", "D Acceptance")


_LETTERS: Final = {
    "C": BaseValue.CONFIDENTIALITY,
    "I": BaseValue.INTEGRITY,
    "A": BaseValue.AVAILABILITY,
}


# --- The analysis --------------------------------------------------------------------------------


class RiskAnalysis(Entry):
    """What threatens one target object, or a domain as a whole, and what is done about it."""

    slug = "risk-analyses"
    prefix = "RA"
    area = Area.SECURITY
    title = Text("Risikoanalysen", "Risk analyses")
    one = Text("Risikoanalyse", "Risk analysis")
    due = ("next_review", "next_observation", "accepted_until")
    moving = frozenset({"next_observation", "accepted_until"})
    appended = ("AnalysedThreat",)

    with section("general", "Grundangaben", "General"):
        domain: Mapped[InformationDomain | None] = reference(
            "InformationDomain",
            "Informationsverbund",
            "Information domain",
            help=Text("Nach seinen Bausteinen richten sich die Gefährdungen.", "Its modules give threats."),
            basis=f"{_STANDARD}, Vorarbeiten",
            expected=True,
            listed=True,
        )
        target: Mapped[TargetObject | None] = reference(
            "TargetObject",
            "Zielobjekt",
            "Target object",
            help=Text(
                "Leer, wenn der Informationsverbund als Ganzes betrachtet wird.",
                "Empty where the information domain is considered as a whole.",
            ),
            basis=f"{_STANDARD}, Vorarbeiten",
            listed=True,
        )
        occasions: Mapped[tuple[Occasion, ...]] = choices(
            Occasion,
            "Anlass",
            "Occasion",
            help=Text("Warum die Bausteine allein nicht genügen.", "Why the modules alone are not enough."),
            basis="BSI-Standard 200-2, Risikoanalyse",
            expected=True,
            listed=True,
        )
        occasion_reason: Mapped[str] = prose(
            "Erläuterung des Anlasses",
            "About the occasion",
            help=Text(
                "Etwa welcher Grundwert hoch ist oder was am Einsatz besonders ist.",
                "Such as which value is high, or what is special about the use.",
            ),
            basis="BSI-Standard 200-2, Risikoanalyse",
        )
        analysts: Mapped[str] = line(
            "Durchgeführt von",
            "Carried out by",
            help=Text("Wer an der Analyse beteiligt war: Namen und Stellen.", "Who took part."),
            basis=f"{_STANDARD}, Vorarbeiten",
            expected=True,
            personal=True,
        )
        analysed_on: Mapped[date | None] = day(
            "Stand der Analyse",
            "Analysed on",
            help=Text("Tag, an dem Gefährdungen zuletzt bewertet wurden.", "Day of the last assessment."),
            basis=_STANDARD,
            expected=True,
            listed=True,
        )

    with section("outcome", "Ergebnis", "Outcome"):
        conclusion: Mapped[str] = prose(
            "Zusammenfassung für die Leitung",
            "Summary for management",
            help=Text(
                "Welche Risiken bleiben und was die Leitung entscheiden muss.",
                "Which risks remain and what management has to decide.",
            ),
            basis=f"{_STANDARD}, Konsolidierung",
            expected=True,
        )
        consolidation: Mapped[str] = prose(
            "Konsolidierung des Sicherheitskonzepts",
            "Consolidation of the security concept",
            help=Text(
                "Passen die zusätzlichen Maßnahmen zusammen, sind sie angemessen und benutzbar?",
                "Do the additional measures fit together, are they adequate and usable?",
            ),
            basis=f"{_STANDARD}, Konsolidierung",
            more=True,
        )

    with section("dates", "Termine", "Dates"):
        next_review: Mapped[date | None] = day(
            "Nächste Überprüfung",
            "Next review",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis=f"{_STANDARD}, Rückführung in den Sicherheitsprozess",
            expected=True,
            listed=True,
        )
        next_observation: Mapped[date | None] = day(
            "Beobachtete Risiken ansehen",
            "Look at observed risks",
            help=Text("Der nächste Termin unter den beobachteten Risiken.", "The next day among them."),
            basis=f"{_STANDARD}, Risiken unter Beobachtung",
            fixed=True,
        )
        accepted_until: Mapped[date | None] = day(
            "Übernahme eines Restrisikos endet",
            "Acceptance of a residual risk ends",
            help=Text("Die Übernahme, die als nächste abläuft.", "The acceptance that expires next."),
            basis=f"{_STANDARD}, Risikoakzeptanz",
            fixed=True,
        )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID | None]
        target_id: Mapped[uuid.UUID | None]

    @property
    def about(self) -> str:
        """What is analysed, in words."""
        return str(self.target or self.domain or "")


class AnalysedThreat(Appended):
    """What one threat means for the object of an analysis, and what is done about it."""

    belongs_to = "analysis"
    vouched = (
        "key",
        "title",
        "relevance",
        "relevance_reason",
        "scenario",
        "affected",
        "frequency",
        "impact",
        "estimate_reason",
        "treatment",
        "treatment_reason",
        "measures",
        "frequency_after",
        "impact_after",
        "residual_reason",
        "owner",
    )

    analysis: Mapped[RiskAnalysis] = reference(
        "RiskAnalysis", "Risikoanalyse", "Risk analysis", basis=_STANDARD, fixed=True
    )
    key: Mapped[str] = line(
        "Gefährdung",
        "Threat",
        length=12,
        help=Text("G 0.1 bis G 0.47 oder E1, E2 …", "G 0.1 to G 0.47, or E1, E2 …"),
        basis="IT-Grundschutz-Kompendium, Elementare Gefährdungen",
        fixed=True,
    )
    title: Mapped[str] = line(
        "Bezeichnung der Gefährdung",
        "Name of the threat",
        help=Text("Was geschehen kann, in wenigen Worten.", "What may happen, in a few words."),
        basis=f"{_STANDARD}, Ermittlung zusätzlicher Gefährdungen",
    )
    relevance: Mapped[Relevance | None] = choice(
        Relevance,
        "Relevanz",
        "Relevance",
        help=Text(
            "Direkt: wirkt unmittelbar auf das Objekt. Indirekt: wirkt nur über andere Gefährdungen, die "
            "schon betrachtet werden. Nicht relevant: kann hier nicht eintreten.",
            "Direct: acts on the object itself. Indirect: acts only through other threats that are "
            "considered. Not relevant: cannot happen here.",
        ),
        basis=f"{_STANDARD}, Erstellung einer Gefährdungsübersicht",
        expected=True,
    )
    relevance_reason: Mapped[str] = prose(
        "Begründung der Relevanz",
        "Reason for the relevance",
        help=Text("Nötig, wo eine Gefährdung nicht weiter betrachtet wird.", "Needed where it is left out."),
        basis=f"{_STANDARD}, Erstellung einer Gefährdungsübersicht",
    )
    scenario: Mapped[str] = prose(
        "Was geschehen kann",
        "What may happen",
        help=Text(
            "Wie die Gefährdung dieses Objekt trifft und welcher Schaden entsteht.",
            "How the threat hits this object and what damage it does.",
        ),
        basis=f"{_STANDARD}, Risikoeinschätzung",
    )
    affected: Mapped[tuple[BaseValue, ...]] = choices(
        BaseValue,
        "Betroffene Grundwerte",
        "Affected values",
        help=Text("Vorbelegt aus dem Kompendium.", "Filled in from the Kompendium."),
        basis=f"{_STANDARD}, Erstellung einer Gefährdungsübersicht",
    )
    frequency: Mapped[Frequency | None] = choice(
        Frequency,
        "Eintrittshäufigkeit",
        "Frequency",
        help=Text("Mit den Maßnahmen, die heute wirken.", "With the measures in force today."),
        basis=f"{_STANDARD}, Risikoeinschätzung",
    )
    impact: Mapped[Impact | None] = choice(
        Impact,
        "Schadenshöhe",
        "Impact",
        help=Text("Für die Stelle und ihre Aufgaben.", "For the authority and its tasks."),
        basis=f"{_STANDARD}, Risikoeinschätzung",
    )
    estimate_reason: Mapped[str] = prose(
        "Begründung der Einschätzung",
        "Reason for the estimate",
        help=Text("Vorfälle, Erfahrungen, Schutz durch bestehende Maßnahmen.", "Incidents and experience."),
        basis=f"{_STANDARD}, Risikobewertung",
    )
    category: Mapped[RiskCategory | None] = choice(
        RiskCategory, "Risiko vor der Behandlung", "Risk before treatment", basis=_STANDARD, fixed=True
    )
    treatment: Mapped[Treatment | None] = choice(
        Treatment,
        "Behandlung",
        "Treatment",
        help=Text(
            "A umstrukturieren, sodass das Risiko entfällt; B durch Maßnahmen verringern; C auf andere "
            "übertragen; D hinnehmen.",
            "A restructure so that the risk is gone; B reduce it by measures; C transfer it; D accept it.",
        ),
        basis=f"{_STANDARD}, Behandlung von Risiken",
    )
    treatment_reason: Mapped[str] = prose(
        "Begründung der Behandlung",
        "Reason for the treatment",
        help=Text(
            "Was umgebaut, an wen übertragen oder warum das Risiko hingenommen wird.",
            "What is restructured, to whom it is transferred, or why the risk is accepted.",
        ),
        basis=f"{_STANDARD}, Behandlung von Risiken",
    )
    measures: Mapped[list[Measure]] = references(
        "Measure",
        "Maßnahmen",
        "Measures",
        help=Text("Aus dem Maßnahmenregister.", "From the register of measures."),
        basis=f"{_STANDARD}, Behandlung von Risiken",
    )
    frequency_after: Mapped[Frequency | None] = choice(
        Frequency,
        "Eintrittshäufigkeit nach der Behandlung",
        "Frequency after treatment",
        help=Text("Wenn die Maßnahmen umgesetzt sind.", "Once the measures are implemented."),
        basis=f"{_STANDARD}, Behandlung von Risiken",
    )
    impact_after: Mapped[Impact | None] = choice(
        Impact,
        "Schadenshöhe nach der Behandlung",
        "Impact after treatment",
        help=Text("Wenn die Maßnahmen umgesetzt sind.", "Once the measures are implemented."),
        basis=f"{_STANDARD}, Behandlung von Risiken",
    )
    residual_reason: Mapped[str] = prose(
        "Begründung des Restrisikos",
        "Reason for the residual risk",
        help=Text("Warum die Maßnahmen so viel bewirken.", "Why the measures achieve as much."),
        basis=f"{_STANDARD}, Behandlung von Risiken",
    )
    residual: Mapped[RiskCategory | None] = choice(
        RiskCategory, "Restrisiko", "Residual risk", basis=_STANDARD, fixed=True
    )
    for_management: Mapped[bool | None] = flag(
        "Von der Leitung zu übernehmen",
        "To be accepted by management",
        basis=f"{_STANDARD}, Risikoakzeptanz",
        fixed=True,
    )
    owner: Mapped[str] = line(
        "Zuständig für das Risiko",
        "Owner of the risk",
        help=Text("Stelle oder Person, die über die Behandlung wacht.", "Post that watches over it."),
        basis=f"{_STANDARD}, Behandlung von Risiken",
        personal=True,
    )
    observed: Mapped[bool | None] = flag(
        "Unter Beobachtung",
        "Under observation",
        help=Text(
            "Heute tragbar, könnte aber wachsen: auf „Heute“ erinnert ein Termin daran.",
            "Bearable today, but it may grow: a day on “Today” reminds of it.",
        ),
        basis=f"{_STANDARD}, Risiken unter Beobachtung",
    )
    observation: Mapped[str] = prose(
        "Was beobachtet wird",
        "What is observed",
        help=Text(
            "Woran zu erkennen ist, dass das Risiko wächst, und was dann geschieht.",
            "How to see that the risk grows, and what happens then.",
        ),
        basis=f"{_STANDARD}, Risiken unter Beobachtung",
    )
    observe_next: Mapped[date | None] = day(
        "Nächster Blick",
        "Next look",
        help=Text("Tag, an dem das Risiko wieder angesehen wird.", "Day on which it is looked at again."),
        basis=f"{_STANDARD}, Risiken unter Beobachtung",
    )
    fingerprint: Mapped[str] = line("Prüfsumme", "Checksum", length=64, basis="intern", fixed=True)
    """Of what management accepts: another one, and the acceptance is about something else."""

    if TYPE_CHECKING:
        analysis_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return f"{self.key} {self.called}".strip()

    @property
    def called(self) -> str:
        """The title of the threat, from the Kompendium where it comes from there."""
        threat = elementary().get(self.key)
        return threat.title if threat else self.title

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_analysed_threat_once", "organisation_id", "analysis_id", "key", unique=True)


def elementary() -> Mapping[str, Threat]:
    """The elementary threats of the Kompendium, by id."""
    return {threat.id: threat for threat in edition_2023().threats}


def values_of(threat: Threat) -> tuple[BaseValue, ...]:
    """The values that the Kompendium says *threat* endangers."""
    return tuple(value for letter, value in _LETTERS.items() if letter in threat.protection)


# --- What the check says about the object --------------------------------------------------------


@dataclass(frozen=True)
class Countermeasure:
    """A requirement of a module of the object, and how far it is met."""

    requirement: Requirement
    assignment_id: uuid.UUID
    status: Status
    adopted: bool

    @property
    def is_adoptable(self) -> bool:
        """Whether only a risk analysis puts it into the check, and none has."""
        return self.requirement.level is Level.HIGH and not self.adopted

    @property
    def is_unmet_basis(self) -> bool:
        """Whether it is a Basis requirement that is answered with „teilweise“ or „nein“."""
        return self.requirement.level is Level.BASIC and self.status in UNMET


@dataclass(frozen=True)
class ThreatLine:
    """One threat as the analysis shows it, judged or not."""

    key: str
    title: str
    origin: Origin
    against: tuple[Countermeasure, ...] = ()
    """The requirements of the object's modules that work against it."""
    judged: AnalysedThreat | None = None

    @property
    def relevance(self) -> Relevance | None:
        return self.judged.relevance if self.judged else None

    @property
    def unmet_basis(self) -> tuple[str, ...]:
        """The Basis requirements against it that are not met; such a risk cannot be accepted."""
        return tuple(dict.fromkeys(each.requirement.id for each in self.against if each.is_unmet_basis))


def sheet(session: Session, analysis: RiskAnalysis) -> list[ThreatLine]:
    """Every threat to consider: the 47 elementary ones by number, then the analysis's own; four queries."""
    judged = {threat.key: threat for threat in judged_threats(session, analysis)}
    against = countermeasures(session, analysis)
    known = elementary()
    lines = [
        ThreatLine(
            threat.id,
            threat.title,
            Origin.CROSS_REFERENCE if threat.id in against else Origin.CATALOGUE,
            tuple(against.get(threat.id, ())),
            judged.get(threat.id),
        )
        for threat in known.values()
    ]
    own = (threat for key, threat in judged.items() if key not in known)
    return [
        *lines,
        *(ThreatLine(threat.key, threat.title, Origin.OWN, (), threat) for threat in sorted(own, key=_place)),
    ]


def _place(threat: AnalysedThreat) -> int:
    return int(threat.key[1:])


def judged_threats(session: Session, analysis: RiskAnalysis) -> list[AnalysedThreat]:
    """The threats of *analysis* that somebody has judged, with their measures."""
    query = select(AnalysedThreat).where(AnalysedThreat.analysis_id == analysis.id)
    found = session.scalars(query.options(selectinload(AnalysedThreat.measures))).all()
    for threat in found:
        # It is known already; loading it beside each threat would cost more than the threats.
        set_committed_value(threat, "analysis", analysis)
    return list(found)


def countermeasures(session: Session, analysis: RiskAnalysis) -> dict[str, list[Countermeasure]]:
    """The requirements of the applied modules of the object, by the threat they work against."""
    at = (
        Assignment.target_id.is_(None)
        if analysis.target_id is None
        else (Assignment.target_id == analysis.target_id)
    )
    applied = select(Assignment.id, Assignment.module_id).where(
        Assignment.domain_id == analysis.domain_id, at, Assignment.relevant.is_not(False)
    )
    modules = {row.id: row.module_id for row in session.execute(applied)}
    query = select(
        RequirementAnswer.assignment_id,
        RequirementAnswer.requirement_id,
        RequirementAnswer.status,
        RequirementAnswer.adopted,
    ).where(RequirementAnswer.assignment_id.in_(modules))
    said = {(row.assignment_id, row.requirement_id): row for row in session.execute(query)}
    return _by_threat(modules, said, in_force(session))


def _by_threat(
    modules: Mapping[uuid.UUID, str],
    said: Mapping[tuple[uuid.UUID, str], Any],
    referred: Mapping[str, Reference],
) -> dict[str, list[Countermeasure]]:
    catalogue = edition_2023()
    found: dict[str, list[Countermeasure]] = {}
    for assignment_id, module_id in modules.items():
        for requirement in catalogue.requirements_of(module_id):
            if requirement.withdrawn:
                continue
            row = said.get((assignment_id, requirement.id))
            status = (row.status if row else None) or Status.OPEN
            counter = Countermeasure(requirement, assignment_id, status, bool(row and row.adopted))
            for threat_id in referred[requirement.id].threats:
                found.setdefault(threat_id, []).append(counter)
    return found


# --- Judging a threat ----------------------------------------------------------------------------


def begin(
    session: Session,
    domain: InformationDomain,
    target: TargetObject | None,
    occasions: Sequence[Occasion],
    *,
    by: Identity,
    reason: str = "",
) -> RiskAnalysis:
    """A new analysis of *target*, or of *domain* as a whole, which is loaded whole.

    Raises :class:`Refused` under the basic approach and for an object outside the domain.
    """
    demand(by, Permission.CREATE, RiskAnalysis)
    demand(by, Permission.EDIT, domain)
    if not knows_risk_analysis(domain.approach):
        raise Refused(_BASIC)
    if target is not None and target not in domain.objects:
        raise Refused(_OUTSIDE)
    analysis = RiskAnalysis(
        name=(target or domain).name,
        unit=domain.unit,
        domain=domain,
        target=target,
        occasions=tuple(occasions),
        occasion_reason=tidy(reason),
        analysts=by.name,
    )
    session.add(analysis)
    return analysis


@contextmanager
def judging(
    session: Session, analysis: RiskAnalysis, key: str, *, by: Identity, version: int | None = None
) -> Iterator[AnalysedThreat]:
    """The threat called *key*, to be changed inside the block; what follows is worked out afterwards.

    *version* is the one the person has read, 0 for none. *analysis* is loaded whole.
    Raises :class:`NotFound` for a threat that there is not, :class:`Outdated` where
    somebody else has saved it meanwhile.
    """
    demand(by, Permission.EDIT, analysis)
    every = judged_threats(session, analysis)
    found = next((threat for threat in every if threat.key == key), None)
    if version is not None and version != (found.version if found else 0):
        raise Outdated(_OUTDATED.format(threat=key))
    if found is None:
        found = _unjudged(analysis, key)
        every.append(found)
        session.add(found)
    elif version is not None:
        # The page was made for this version; anything newer must stop the write.
        set_committed_value(found, "version", version)
    yield found
    settle(found, matrix_of(session))
    analysis.next_observation = next_look(every)


def _unjudged(analysis: RiskAnalysis, key: str) -> AnalysedThreat:
    try:
        threat = elementary()[key]
    except KeyError as error:
        raise NotFound(_NO_THREAT.format(threat=key)) from error
    return AnalysedThreat(analysis=analysis, key=key, affected=values_of(threat))


def add_own(session: Session, analysis: RiskAnalysis, title: str, *, by: Identity) -> AnalysedThreat:
    """Adds a threat that the Kompendium does not know; it is directly relevant, or nobody would add it.

    Raises :class:`Refused` without a name.
    """
    demand(by, Permission.EDIT, analysis)
    if not tidy_line(title):
        raise Refused(_NAMELESS)
    taken = [_place(threat) for threat in judged_threats(session, analysis) if threat.key.startswith("E")]
    threat = AnalysedThreat(
        analysis=analysis,
        key=f"E{max(taken, default=0) + 1}",
        title=tidy_line(title)[:200],
        relevance=Relevance.DIRECT,
    )
    settle(threat, matrix_of(session))
    session.add(threat)
    return threat


@dataclass(frozen=True)
class Verdict:
    """Whether a threat is relevant, and why."""

    relevance: Relevance | None
    reason: str = ""


def sort_out(
    session: Session, analysis: RiskAnalysis, verdicts: Mapping[str, Verdict], *, by: Identity
) -> list[str]:
    """Records for many threats at once whether they are relevant; returns the keys of those that changed."""
    demand(by, Permission.EDIT, analysis)
    judged = {threat.key: threat for threat in judged_threats(session, analysis)}
    matrix, changed = matrix_of(session), []
    for key, verdict in verdicts.items():
        found = judged.get(key)
        if found is None and verdict.relevance is None and not tidy(verdict.reason):
            continue
        if found is None:
            found = judged[key] = _unjudged(analysis, key)
            session.add(found)
        said = (verdict.relevance, tidy(verdict.reason))
        if (found.relevance, found.relevance_reason) != said or not found.fingerprint:
            found.relevance, found.relevance_reason = said
            settle(found, matrix)
            changed.append(key)
    analysis.next_observation = next_look(judged.values())
    return changed


def proposals(lines: Sequence[ThreatLine]) -> dict[str, Verdict]:
    """What follows from the cross-references for threats that nobody has judged: they are relevant."""
    return {
        line.key: Verdict(Relevance.DIRECT, _FROM_MODULES.format(modules=_modules(line)).de)
        for line in lines
        if line.origin is Origin.CROSS_REFERENCE and line.relevance is None
    }


def _modules(line: ThreatLine) -> str:
    return ", ".join(dict.fromkeys(each.requirement.module for each in line.against))


def settle(threat: AnalysedThreat, matrix: SecurityMatrix) -> None:
    """Works out what follows from the answers about *threat*."""
    threat.category = matrix.category(threat.frequency, threat.impact)
    threat.residual = _residual(threat, matrix)
    threat.for_management = is_risk(threat) and _is_for_management(threat, matrix)
    threat.fingerprint = _checksum(threat)


def _residual(threat: AnalysedThreat, matrix: SecurityMatrix) -> RiskCategory | None:
    """What remains: all of it where it is accepted, nothing to rate where its cause is gone."""
    match threat.treatment:
        case None:
            return None
        case Treatment.ACCEPT:
            return threat.category
        case _:
            return matrix.category(threat.frequency_after, threat.impact_after)


def _is_for_management(threat: AnalysedThreat, matrix: SecurityMatrix) -> bool:
    if threat.residual is None:
        return False
    return threat.treatment is Treatment.ACCEPT or matrix.must_be_accepted(threat.residual)


_ACCEPTED: Final = (
    "key",
    "title",
    "relevance",
    "scenario",
    "frequency",
    "impact",
    "category",
    "treatment",
    "treatment_reason",
    "frequency_after",
    "impact_after",
    "residual",
)


def _checksum(threat: AnalysedThreat) -> str:
    said = {name: _plain(getattr(threat, name)) for name in _ACCEPTED}
    said["measures"] = sorted(measure.id.hex for measure in threat.measures)
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return value.name
    return tidy(value) if isinstance(value, str) else value


def next_look(threats: Any) -> date | None:
    """The first day on which one of the observed *threats* is to be looked at."""
    days = (threat.observe_next for threat in threats if threat.observed and threat.observe_next)
    return min(days, default=None)


def is_risk(threat: AnalysedThreat) -> bool:
    """Whether it is estimated and treated: only what acts on the object itself is."""
    return threat.relevance is Relevance.DIRECT


def heaviest(threats: Sequence[AnalysedThreat], name: str) -> RiskCategory | None:
    """The highest category called *name*, ``category`` or ``residual``, among *threats*."""
    found = [value for threat in threats if (value := getattr(threat, name)) is not None]
    return max(found, key=rank, default=None)


def keep_matrix(session: Session, matrix: SecurityMatrix) -> int:
    """Lets *matrix* count from now on and rates every stored risk by it; returns how many changed.

    What management accepted under the old one has to be put to it again where the category differs.
    """
    store_matrix(session, matrix)
    changed = 0
    every = session.scalars(
        select(AnalysedThreat).options(
            selectinload(AnalysedThreat.measures), selectinload(AnalysedThreat.analysis)
        )
    )
    for threat in every.all():
        before = threat.fingerprint
        settle(threat, matrix)
        changed += threat.fingerprint != before
    return changed


_FROM_MODULES: Final = Text(
    "Nach den Kreuzreferenzen der angewendeten Bausteine: {modules}.",
    "By the cross-references of the applied modules: {modules}.",
)
_BASIC: Final = Text(
    "Die Basis-Absicherung kennt keine Risikoanalyse. Wählen Sie für den Informationsverbund die Standard- "
    "oder Kern-Absicherung.",
    "The basic approach has no risk analysis. Choose the standard or core approach for the domain.",
)
_OUTSIDE: Final = Text(
    "Das Zielobjekt gehört nicht zum Informationsverbund. Nehmen Sie es dort zuerst auf.",
    "The target object does not belong to the information domain. Add it there first.",
)
_OUTDATED: Final = Text(
    "Die Gefährdung {threat} wurde inzwischen von jemand anderem bearbeitet. Laden Sie die Seite neu.",
    "Somebody else has worked on the threat {threat} meanwhile. Reload the page.",
)
_NO_THREAT: Final = Text("Eine Gefährdung {threat} gibt es hier nicht.", "There is no threat {threat} here.")
_NAMELESS: Final = Text(
    "Eine zusätzliche Gefährdung braucht eine Bezeichnung.", "An additional threat needs a name."
)
