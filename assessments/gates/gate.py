"""The gates (Prüfpunkte) of a project: which duty is met, which is open, and which is violated.

The stage of a project records facts and can always be entered; nothing here stops
anybody. A gate that is due and open is red, and stays red beside whatever management
decides about it, until the duty is met.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from assessments.dpia.dpia import APPROVING, Dpia
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome
from assessments.gates.facts import Near
from assessments.grundschutz.check import Status, applicable
from assessments.grundschutz.domain import Approach
from compliance.entry import Entry, State
from compliance.fields import Term
from compliance.language import Text
from compliance.people import Role
from compliance.rules import Severity
from registers.ai import AiClass
from registers.objects import ObjectStatus, TargetObject
from registers.processing import NoticeStatus, ProcessingActivity, Stage, Subjects
from registers.processor_rules import in_force, is_bound
from registers.processors import Processor
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


class Standing(Term):
    """How a gate stands."""

    MET = Text("Erfüllt", "Met")
    OPEN = Text("Offen", "Open")
    RED = Text("Fällig und offen", "Due and open")
    NOT_APPLICABLE = Text("Entfällt", "Not applicable")


@dataclass(frozen=True)
class Linked:
    """An entry that a gate names."""

    model: type[Entry]
    number: int

    @property
    def designation(self) -> str:
        return self.model.designate(self.number)


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
class _Look:
    """What a gate finds, before it is asked whether the duty exists already."""

    standing: Standing
    why: Text
    entries: Sequence[Linked] = ()
    turn: Role | None = None
    binding: bool = True
    """Whether the gap violates a duty once it is due; not where only an answer is missing."""


@dataclass(frozen=True)
class Duty:
    """One gate as all projects have it."""

    kind: GateKind
    rule: str
    due_from: ProjectStage
    severity: Severity
    source: str
    look: Callable[[Facts], _Look]


@dataclass(frozen=True)
class Facts:
    """One project with what the registers say around it."""

    project: Project
    near: Near
    today: date
    activities: Sequence[Any] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.near.get("ProcessingActivity", ())
        living = [row for row in rows if row.stage is not Stage.RETIRED]
        object.__setattr__(self, "activities", sorted(living, key=lambda row: row.number or 0))

    def of(self, model: type[Any]) -> Sequence[Any]:
        """The rows about entries of *model*."""
        return self.near.get(model.__name__, ())

    @property
    def itself(self) -> Linked:
        return Linked(Project, self.project.number or 0)


def gates(project: Project, near: Near, today: date) -> tuple[Gate, ...]:
    """Every gate of *project*, given what :mod:`assessments.gates.facts` read around it."""
    facts = Facts(project, near, today)
    return tuple(_gate(duty, facts) for duty in DUTIES)


def _gate(duty: Duty, facts: Facts) -> Gate:
    look = duty.look(facts)
    if look.standing is Standing.OPEN and facts.project.stage in _OVER:
        look = _Look(Standing.NOT_APPLICABLE, _RUNS_NO_MORE)
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


# --- What each gate looks at ---------------------------------------------------------------------


def _activities(facts: Facts) -> _Look:
    found = [_activity(row) for row in facts.activities]
    if found:
        return _Look(Standing.MET, _REGISTERED, found)
    match facts.project.personal_data:
        case False:
            return _Look(Standing.NOT_APPLICABLE, _NO_PERSONAL_DATA)
        case True:
            return _Look(Standing.OPEN, _NOT_REGISTERED, (facts.itself,), Role.PROJECT_LEAD)
        case None:
            return _Look(Standing.OPEN, _UNKNOWN_DATA, (facts.itself,), Role.PROJECT_LEAD, binding=False)


def _nothing_yet(facts: Facts) -> _Look | None:
    """What a gate about activities says while there are none."""
    if facts.activities:
        return None
    if facts.project.personal_data is False:
        return _Look(Standing.NOT_APPLICABLE, _NO_PERSONAL_DATA)
    return _Look(Standing.OPEN, _FIRST_ACTIVITIES, turn=Role.PROJECT_LEAD, binding=False)


def _of_activities(gaps: Sequence[Any], met: Text, open_: Text, turn: Role) -> _Look:
    """Met where there are no *gaps*; a gap binds once one of these activities works with real data."""
    if not gaps:
        return _Look(Standing.MET, met)
    return _Look(Standing.OPEN, open_, [_activity(row) for row in gaps], turn, _works(gaps))


def _works(activities: Iterable[Any]) -> bool:
    return any(row.stage is not Stage.PLANNED for row in activities)


def _activity(row: Any) -> Linked:
    return Linked(ProcessingActivity, row.number)


def _threshold(facts: Facts) -> _Look:
    if nothing := _nothing_yet(facts):
        return nothing
    decided = {
        row.activity_id
        for row in facts.of(ThresholdAnalysis)
        if row.state is State.RELEASED and row.result not in (None, Outcome.UNDECIDED)
    }
    gaps = [row for row in facts.activities if row.id not in decided]
    if not gaps:
        return _Look(Standing.MET, _ANALYSED)
    begun = _by_activity(facts.of(ThresholdAnalysis))
    named = [
        linked
        for gap in gaps
        for linked in [Linked(ThresholdAnalysis, row.number) for row in begun[gap.id]] or [_activity(gap)]
    ]
    submitted = all(begun[gap.id] and begun[gap.id][0].state is State.REVIEW for gap in gaps)
    turn = Role.MANAGEMENT if submitted else Role.PROJECT_LEAD
    return _Look(Standing.OPEN, _NOT_ANALYSED, named, turn, _works(gaps))


def _dpia(facts: Facts) -> _Look:
    if nothing := _nothing_yet(facts):
        return nothing
    results = _by_activity(facts.of(ThresholdAnalysis))
    required = [row for row in facts.activities if _is_required(results[row.id])]
    unknown = [row for row in facts.activities if not _is_decided(results[row.id])]
    gaps = [row for row in required if not _is_assessed(facts, row.id, results[row.id])]
    if gaps:
        begun = [row for row in facts.of(Dpia) if row.activity_id in {gap.id for gap in gaps}]
        entries = [*map(_activity, gaps), *(Linked(Dpia, row.number) for row in begun)]
        submitted = bool(begun) and all(row.state in (State.REVIEW, State.RELEASED) for row in begun)
        turn = Role.MANAGEMENT if submitted else Role.PROJECT_LEAD
        return _Look(Standing.OPEN, _NOT_DECIDED if begun else _NOT_ASSESSED, entries, turn, _works(gaps))
    if unknown:
        return _Look(
            Standing.OPEN, _UNKNOWN_RISK, [*map(_activity, unknown)], Role.PROJECT_LEAD, binding=False
        )
    if not required:
        return _Look(Standing.NOT_APPLICABLE, _NO_HIGH_RISK)
    own = [Linked(Dpia, row.number) for row in facts.of(Dpia)]
    covering = [
        Linked(Dpia, row.covering_number)
        for row in facts.of(ThresholdAnalysis)
        if row.result is Outcome.COVERED and row.covering_number
    ]
    return _Look(Standing.MET, _ASSESSED, [*own, *covering])


def _by_activity(rows: Iterable[Any]) -> defaultdict[uuid.UUID, list[Any]]:
    found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.activity_id].append(row)
    return found


def _is_required(analyses: Iterable[Any]) -> bool:
    return any(row.result in (Outcome.REQUIRED, Outcome.COVERED) for row in analyses)


def _is_decided(analyses: Iterable[Any]) -> bool:
    return any(row.result not in (None, Outcome.UNDECIDED) for row in analyses)


def _is_assessed(facts: Facts, activity: uuid.UUID, analyses: Iterable[Any]) -> bool:
    own = any(_holds(row.state, row.decision) for row in facts.of(Dpia) if row.activity_id == activity)
    return own or any(
        row.result is Outcome.COVERED and _holds(row.covering_state, row.covering_decision)
        for row in analyses
    )


def _holds(state: State | None, decision: Any) -> bool:
    """Whether an assessment lets the processing go ahead."""
    return state is State.RELEASED and decision in APPROVING


def _contracts(facts: Facts) -> _Look:
    if nothing := _nothing_yet(facts):
        return nothing
    used = [row for row in facts.of(Processor) if row.stage is not Stage.RETIRED and row.ended is not True]
    if not used:
        return _Look(Standing.NOT_APPLICABLE, _NO_PROCESSORS)
    gaps = [row for row in used if not (is_bound(row) and in_force(row, facts.today))]
    named = [Linked(Processor, row.number) for row in gaps or used]
    if gaps:
        return _Look(Standing.OPEN, _NO_CONTRACT, named, Role.COORDINATOR, _works(gaps))
    return _Look(Standing.MET, _CONTRACTS, named)


def _objects(facts: Facts) -> list[Any]:
    return [row for row in facts.of(TargetObject) if row.status is not ObjectStatus.RETIRED]


def _no_objects(facts: Facts) -> _Look:
    """Whatever is not on paper alone runs somewhere."""
    on_paper = [row.paper_only is True for row in facts.activities]
    if on_paper and all(on_paper):
        return _Look(Standing.NOT_APPLICABLE, _ON_PAPER)
    return _Look(Standing.OPEN, _NO_OBJECTS, (facts.itself,), Role.PROJECT_LEAD, binding=False)


def _protection(facts: Facts) -> _Look:
    objects = _objects(facts)
    if not objects:
        return _no_objects(facts)
    by_target: defaultdict[uuid.UUID, set[Approach | None]] = defaultdict(set)
    for row in facts.near.get("Assignment", ()):
        by_target[row.target_id].add(row.approach)
    # BSI standard 200-2: the basic approach has no protection needs.
    asked = [row for row in objects if by_target[row.id] != {Approach.BASIC}]
    if not asked:
        return _Look(Standing.NOT_APPLICABLE, _BASIC_ONLY)
    gaps = [row for row in asked if None in (row.confidentiality, row.integrity, row.availability)]
    if gaps:
        return _Look(Standing.OPEN, _NEED_UNKNOWN, [_object(row) for row in gaps], Role.ISB)
    return _Look(Standing.MET, _NEED_KNOWN, [_object(row) for row in asked])


def _object(row: Any) -> Linked:
    return Linked(TargetObject, row.number)


def _grundschutz(facts: Facts) -> _Look:
    objects = _objects(facts)
    if not objects:
        return _no_objects(facts)
    modelled: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in facts.near.get("Assignment", ()):
        modelled[row.target_id].append(row)
    without = [row for row in objects if not modelled[row.id]]
    if without:
        return _Look(Standing.OPEN, _NOT_MODELLED, [_object(row) for row in without], Role.ISB)
    answers = _by_assignment(facts.near.get("RequirementAnswer", ()))
    unchecked = [
        row for row in objects if not all(_is_checked(one, answers[one.id]) for one in modelled[row.id])
    ]
    if unchecked:
        return _Look(Standing.OPEN, _NOT_CHECKED, [_object(row) for row in unchecked], Role.ISB)
    return _Look(Standing.MET, _CHECKED, [_object(row) for row in objects])


def _by_assignment(rows: Iterable[Any]) -> defaultdict[uuid.UUID, list[Any]]:
    found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.assignment_id].append(row)
    return found


def _is_checked(assignment: Any, answers: Collection[Any]) -> bool:
    """Whether every requirement that the module asks for has a status."""
    adopted = {row.requirement_id for row in answers if row.adopted is True}
    answered = {row.requirement_id for row in answers if row.status not in (None, Status.OPEN)}
    asked = applicable(assignment.approach, assignment.module_id, adopted)
    return all(requirement.id in answered for requirement in asked)


_AT_WORK: Final = frozenset({Subjects.STAFF, Subjects.JOB_APPLICANTS})


def _staff_council(facts: Facts) -> _Look:
    project = facts.project
    concerned = [row for row in facts.activities if not _AT_WORK.isdisjoint(row.subjects)]
    if project.staff_council_on is not None or (
        concerned and all(row.staff_council is True for row in concerned)
    ):
        return _Look(Standing.MET, _HEARD, [_activity(row) for row in concerned])
    if project.staff_council_waived.strip():
        return _Look(Standing.NOT_APPLICABLE, _NOT_NEEDED)
    if concerned:
        gaps = [row for row in concerned if row.staff_council is not True]
        entries = [_activity(row) for row in gaps]
        return _Look(Standing.OPEN, _NOT_HEARD, entries, Role.PROJECT_LEAD, _works(gaps))
    return _Look(Standing.OPEN, _UNKNOWN_STAFF, (facts.itself,), Role.PROJECT_LEAD, binding=False)


def _ai(facts: Facts) -> _Look:
    project = facts.project
    used = [(row.ai_class, _activity(row)) for row in facts.activities if row.ai is True]
    if project.ai is True:
        used.append((project.ai_class, facts.itself))
    if not used:
        known = project.ai is False or any(row.ai is False for row in facts.activities)
        if known:
            return _Look(Standing.NOT_APPLICABLE, _NO_AI)
        return _Look(Standing.OPEN, _UNKNOWN_AI, (facts.itself,), Role.PROJECT_LEAD, binding=False)
    for wanted, says in ((AiClass.PROHIBITED, _PROHIBITED), (None, _UNCLASSIFIED)):
        if gaps := [linked for found, linked in used if found is wanted]:
            return _Look(Standing.OPEN, says, gaps, Role.PROJECT_LEAD)
    return _Look(Standing.MET, _CLASSIFIED, [linked for _found, linked in used])


def _notice(facts: Facts) -> _Look:
    if nothing := _nothing_yet(facts):
        return nothing
    enough = (NoticeStatus.PUBLISHED, NoticeStatus.EXEMPT)
    gaps = [row for row in facts.activities if row.notice not in enough]
    return _of_activities(gaps, _INFORMED, _NOT_INFORMED, Role.COORDINATOR)


def _anonymisation(facts: Facts) -> _Look:
    project = facts.project
    publishing = [row for row in facts.activities if row.open_data is True]
    if not publishing and project.open_data is not True:
        return _Look(Standing.NOT_APPLICABLE, _NO_OPEN_DATA)
    gaps = [_activity(row) for row in publishing if not row.anonymisation.strip()]
    if project.open_data is True and not (project.anonymisation.strip() and project.anonymised_on):
        gaps.append(facts.itself)
    if gaps:
        return _Look(Standing.OPEN, _NOT_PROVEN, gaps, Role.PROJECT_LEAD)
    return _Look(Standing.MET, _PROVEN)


# --- The duties ----------------------------------------------------------------------------------

DUTIES: Final = (
    Duty(
        GateKind.ACTIVITIES,
        "PRJ-001",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 30 Abs. 1 DSGVO",
        _activities,
    ),
    Duty(
        GateKind.THRESHOLD,
        "PRJ-002",
        ProjectStage.PILOT,
        Severity.WARNING,
        "Art. 35 Abs. 1 DSGVO",
        _threshold,
    ),
    Duty(
        GateKind.DPIA,
        "PRJ-003",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 35 Abs. 1 DSGVO",
        _dpia,
    ),
    Duty(
        GateKind.CONTRACTS,
        "PRJ-004",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 28 Abs. 3 DSGVO",
        _contracts,
    ),
    Duty(
        GateKind.STAFF_COUNCIL,
        "PRJ-005",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Mitbestimmungsgesetz des Landes",
        _staff_council,
    ),
    Duty(
        GateKind.AI,
        "PRJ-006",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Verordnung (EU) 2024/1689",
        _ai,
    ),
    Duty(
        GateKind.PROTECTION,
        "PRJ-007",
        ProjectStage.PILOT,
        Severity.WARNING,
        "BSI-Standard 200-2, Schutzbedarfsfeststellung",
        _protection,
    ),
    Duty(
        GateKind.GRUNDSCHUTZ,
        "PRJ-008",
        ProjectStage.OPERATION,
        Severity.WARNING,
        "BSI-Standard 200-2, Art. 32 DSGVO",
        _grundschutz,
    ),
    Duty(
        GateKind.NOTICE,
        "PRJ-009",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 13, 14 DSGVO",
        _notice,
    ),
    Duty(
        GateKind.ANONYMISATION,
        "PRJ-010",
        ProjectStage.PILOT,
        Severity.ERROR,
        "Art. 4 Nr. 1, Art. 6 Abs. 1 DSGVO",
        _anonymisation,
    ),
)
"""Every gate, each with the stage from which on the law or the standard asks for it."""

_RUNS_NO_MORE = Text("Das Projekt ist beendet oder verworfen.", "The project has ended or was rejected.")
_REGISTERED = Text("Im Verzeichnis stehen:", "In the record stand:")
_NO_PERSONAL_DATA = Text(
    "Es werden keine personenbezogenen Daten verarbeitet.", "No personal data are processed."
)
_NOT_REGISTERED = Text(
    "Es werden personenbezogene Daten verarbeitet, aber keine Tätigkeit im Verzeichnis gehört zum Projekt.",
    "Personal data are processed, but no activity in the record belongs to the project.",
)
_UNKNOWN_DATA = Text(
    "Noch ist nicht gesagt, ob personenbezogene Daten verarbeitet werden.",
    "It has not been said yet whether personal data are processed.",
)
_FIRST_ACTIVITIES = Text(
    "Zuerst sind die Verarbeitungstätigkeiten einzutragen.", "Enter the processing activities first."
)
_ANALYSED = Text(
    "Für jede Tätigkeit liegt eine freigegebene Schwellwertanalyse vor.",
    "There is a released threshold analysis for every activity.",
)
_NOT_ANALYSED = Text(
    "Die Schwellwertanalyse fehlt oder ist noch nicht freigegeben:",
    "The threshold analysis is missing or not released yet:",
)
_NOT_ASSESSED = Text(
    "Eine Folgenabschätzung ist erforderlich und noch nicht begonnen:",
    "An impact assessment is required and not begun yet:",
)
_NOT_DECIDED = Text(
    "Eine Folgenabschätzung ist erforderlich und noch nicht genehmigt und freigegeben:",
    "An impact assessment is required and not approved and released yet:",
)
_UNKNOWN_RISK = Text(
    "Ob eine Folgenabschätzung erforderlich ist, ist noch offen:",
    "Whether an impact assessment is required is still undecided:",
)
_NO_HIGH_RISK = Text(
    "Nach den Schwellwertanalysen ist keine Folgenabschätzung erforderlich.",
    "According to the threshold analyses no impact assessment is required.",
)
_ASSESSED = Text("Genehmigt und freigegeben:", "Approved and released:")
_NO_PROCESSORS = Text("Niemand verarbeitet Daten im Auftrag.", "Nobody processes data on behalf.")
_NO_CONTRACT = Text("Ohne geltenden Vertrag:", "Without a contract in force:")
_CONTRACTS = Text("Verträge gelten:", "Contracts are in force:")
_ON_PAPER = Text("Es wird nur auf Papier gearbeitet.", "All work is done on paper.")
_NO_OBJECTS = Text(
    "Noch ist keine Anwendung und kein System genannt.", "No application and no system is named yet."
)
_BASIC_ONLY = Text(
    "Bei der Basis-Absicherung wird kein Schutzbedarf festgestellt.",
    "Basic protection determines no protection needs.",
)
_NEED_UNKNOWN = Text("Schutzbedarf nicht vollständig festgestellt:", "Protection need not fully determined:")
_NEED_KNOWN = Text("Schutzbedarf festgestellt:", "Protection need determined:")
_NOT_MODELLED = Text("Ohne Baustein:", "Without a module:")
_NOT_CHECKED = Text("IT-Grundschutz-Check unvollständig:", "IT-Grundschutz check incomplete:")
_CHECKED = Text("Modelliert und vollständig geprüft:", "Modelled and checked in full:")
_HEARD = Text("Der Personalrat ist beteiligt.", "The staff council has been involved.")
_NOT_NEEDED = Text(
    "Eine Beteiligung ist mit Begründung nicht nötig.", "Involvement is not needed, for the reason given."
)
_NOT_HEARD = Text(
    "Beschäftigte sind betroffen, und der Personalrat ist nicht beteiligt:",
    "Staff are concerned, and the staff council has not been involved:",
)
_UNKNOWN_STAFF = Text(
    "Noch ist nicht gesagt, ob der Personalrat zu beteiligen ist.",
    "It has not been said yet whether the staff council is to be involved.",
)
_NO_AI = Text("Es wird keine künstliche Intelligenz eingesetzt.", "No artificial intelligence is used.")
_UNKNOWN_AI = Text(
    "Noch ist nicht gesagt, ob künstliche Intelligenz eingesetzt wird.",
    "It has not been said yet whether artificial intelligence is used.",
)
_PROHIBITED = Text("Als verbotene Praktik eingestuft:", "Classified as a prohibited practice:")
_UNCLASSIFIED = Text("Ohne Risikoklasse:", "Without a risk class:")
_CLASSIFIED = Text("Eingestuft:", "Classified:")
_INFORMED = Text(
    "Zu jeder Tätigkeit liegen Hinweise vor, oder eine Ausnahme gilt.",
    "There is a notice for every activity, or an exception applies.",
)
_NOT_INFORMED = Text("Ohne Datenschutzhinweise:", "Without a privacy notice:")
_NO_OPEN_DATA = Text("Es werden keine offenen Daten veröffentlicht.", "No open data are published.")
_NOT_PROVEN = Text(
    "Offene Daten werden veröffentlicht, ohne dass die Anonymisierung nachgewiesen ist:",
    "Open data are published without evidence of anonymisation:",
)
_PROVEN = Text("Die Anonymisierung ist nachgewiesen.", "Anonymisation is proven.")
