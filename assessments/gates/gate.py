"""The gates (Prüfpunkte) of a project: which duty is met, which is open, and which is violated.

The stage of a project records facts and can always be entered; nothing here stops
anybody. A gate that is due and open is red, and stays red beside whatever management
decides about it, until the duty is met. What each gate looks at stands in the modules
beside this one, sorted by subject.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assessments.gates.assessing import dpia, threshold
from assessments.gates.effects import ai, anonymisation, staff_council
from assessments.gates.facts import Near
from assessments.gates.look import Facts, Linked, Look, Standing
from assessments.gates.record import activities, contracts, notice
from assessments.gates.security import grundschutz, protection
from compliance.fields import Term
from compliance.language import Text
from compliance.people import Role
from compliance.rules import Severity
from registers.projects import Project, ProjectStage


class GateKind(Term):
    """The duties that a project has to meet, in the order in which they are met best."""

    ACTIVITIES = Text("Tätigkeiten im Verzeichnis", "Activities in the record")
    THRESHOLD = Text("Schwellwertanalyse", "Threshold analysis")
    DPIA = Text("Datenschutz-Folgenabschätzung", "Impact assessment")
    CONTRACTS = Text("Verträge zur Auftragsverarbeitung", "Processing contracts")
    STAFF_COUNCIL = Text("Personalrat", "Staff council")
    AI = Text("Künstliche Intelligenz eingestuft", "AI classified")
    PROTECTION = Text("Schutzbedarf", "Protection need")
    GRUNDSCHUTZ = Text("IT-Grundschutz", "IT-Grundschutz")
    NOTICE = Text("Datenschutzhinweise", "Privacy notice")
    ANONYMISATION = Text("Anonymisierung offener Daten", "Anonymisation of open data")


@dataclass(frozen=True)
class Gate:
    """One duty of one project."""

    kind: GateKind
    standing: Standing
    due_from: ProjectStage
    """The stage from which on the duty exists."""
    why: Text
    entries: tuple[Linked, ...]
    """The entries *why* speaks of."""
    turn: Role | None
    """Whose turn it is; ``None`` where nothing is to be done."""
    rule: str
    source: str
    """The duty in law or standard."""

    @property
    def asks(self) -> bool:
        """Whether somebody has to do something."""
        return self.standing in (Standing.RED, Standing.OPEN)


@dataclass(frozen=True)
class Duty:
    """One gate as all projects have it."""

    kind: GateKind
    rule: str
    due_from: ProjectStage
    severity: Severity
    source: str
    look: Callable[[Facts], Look]


def gates(project: Project, near: Near, today: date) -> tuple[Gate, ...]:
    """Every gate of *project*, given what :mod:`assessments.gates.facts` read around it."""
    facts = Facts(project, near, today)
    return tuple(_gate(duty, facts) for duty in DUTIES)


def _gate(duty: Duty, facts: Facts) -> Gate:
    look = duty.look(facts)
    if look.standing is Standing.OPEN and facts.project.stage in _OVER:
        look = Look(Standing.NOT_APPLICABLE, _RUNS_NO_MORE)
    due = _has_reached(facts.project.stage, duty.due_from)
    violated = look.standing is Standing.OPEN and look.binding and due
    return Gate(
        kind=duty.kind,
        standing=Standing.RED if violated else look.standing,
        due_from=duty.due_from,
        why=look.why,
        entries=tuple(sorted(set(look.entries), key=lambda linked: linked.designation)),
        turn=look.turn,
        rule=duty.rule,
        source=duty.source,
    )


_ORDER: Final = (ProjectStage.IDEA, ProjectStage.PLANNED, ProjectStage.PILOT, ProjectStage.OPERATION)
_OVER: Final = (ProjectStage.ENDED, ProjectStage.REJECTED)


def _has_reached(stage: ProjectStage | None, wanted: ProjectStage) -> bool:
    """Whether a project at *stage* runs as far as *wanted*; ended and rejected ones run no more."""
    return stage in _ORDER and _ORDER.index(stage) >= _ORDER.index(wanted)


def next_step(all_gates: Sequence[Gate]) -> Gate | None:
    """What to do first: the first gate that is red, else the first that is open."""
    asking = [gate for gate in all_gates if gate.asks]
    red = [gate for gate in asking if gate.standing is Standing.RED]
    return next(iter(red or asking), None)


DUTIES: Final = (
    Duty(
        GateKind.ACTIVITIES,
        "PRJ-001",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 30 Abs. 1 DSGVO",
        activities,
    ),
    Duty(
        GateKind.THRESHOLD,
        "PRJ-002",
        ProjectStage.PILOT,
        Severity.WARNING,
        "Art. 35 Abs. 1 DSGVO",
        threshold,
    ),
    Duty(
        GateKind.DPIA,
        "PRJ-003",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 35 Abs. 1 DSGVO",
        dpia,
    ),
    Duty(
        GateKind.CONTRACTS,
        "PRJ-004",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 28 Abs. 3 DSGVO",
        contracts,
    ),
    Duty(
        GateKind.STAFF_COUNCIL,
        "PRJ-005",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Mitbestimmungsgesetz des Landes",
        staff_council,
    ),
    Duty(
        GateKind.AI,
        "PRJ-006",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Verordnung (EU) 2024/1689",
        ai,
    ),
    Duty(
        GateKind.PROTECTION,
        "PRJ-007",
        ProjectStage.PILOT,
        Severity.WARNING,
        "BSI-Standard 200-2, Schutzbedarfsfeststellung",
        protection,
    ),
    Duty(
        GateKind.GRUNDSCHUTZ,
        "PRJ-008",
        ProjectStage.OPERATION,
        Severity.WARNING,
        "BSI-Standard 200-2, Art. 32 DSGVO",
        grundschutz,
    ),
    Duty(
        GateKind.NOTICE,
        "PRJ-009",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 13, 14 DSGVO",
        notice,
    ),
    Duty(
        GateKind.ANONYMISATION,
        "PRJ-010",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 4 Nr. 1, Art. 6 Abs. 1 DSGVO",
        anonymisation,
    ),
)
"""Every gate, each with the stage from which on the law or the standard asks for it."""

_RUNS_NO_MORE = Text("Das Projekt ist beendet oder verworfen.", "The project has ended or was rejected.")
