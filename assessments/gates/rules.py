"""What an audit would object to in a project: every gate that is due and open."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.dpia.threshold_table import Outcome
from assessments.gates.facts import ACTIVITIES, ANALYSES, ANSWERS, ASSIGNMENTS, DPIAS, OBJECTS, PROCESSORS
from assessments.gates.gate import DUTIES, Duty, Gate, GateKind, gates
from assessments.gates.look import Standing
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Hit, Reads, RuleBook, Situation
from registers.objects import ObjectStatus, ProtectionNeed
from registers.processing import NoticeStatus, Stage, Subjects
from registers.processors import ContractState, Instrument
from registers.projects import Project, ProjectStage

RULES: Final = RuleBook(Project)

_TODAY: Final = date(2026, 3, 2)
_ACTIVITY: Final = uuid.UUID(int=1)
_OBJECT: Final = uuid.UUID(int=2)


@dataclass(frozen=True)
class _Wording:
    """How a rule says that its gate is red, and what an entry on each side looks like."""

    says: Text
    remedy: Text
    field: str
    reads: tuple[Reads | Asks, ...]
    breaks: Callable[[], Case]
    keeps: Callable[[], Case]


def _project(near: Mapping[str, Any] | None = None, **answers: Any) -> Case:
    """An example: a project in regular operation with what stands around it."""
    asked = {"name": "Sprachassistent", "personal_data": True, "stage": ProjectStage.OPERATION} | answers
    return Case(Project(**asked), Situation(_TODAY, near=near or {}))


def activity(**answers: Any) -> Any:
    """A processing activity in operation, as the gates read it."""
    given = {
        "id": _ACTIVITY,
        "number": 12,
        "stage": Stage.OPERATION,
        "subjects": (Subjects.RESIDENTS,),
        "notice": NoticeStatus.PUBLISHED,
        "staff_council": None,
        "ai": False,
        "ai_class": None,
        "open_data": None,
        "anonymisation": "",
        "paper_only": None,
    }
    return SimpleNamespace(**(given | answers))


def analysis(result: Outcome, state: State = State.RELEASED, **covering: Any) -> Any:
    """A threshold analysis of that activity, as the gates read it."""
    given = {"covering_number": None, "covering_state": None, "covering_decision": None}
    found = {"activity_id": _ACTIVITY, "number": 3, "state": state, "result": result}
    return SimpleNamespace(**(found | given | covering))


def processor(**answers: Any) -> Any:
    """A processor of that activity with a contract, as the gates read it."""
    given = {
        "stage": Stage.OPERATION,
        "number": 5,
        "instrument": Instrument.CONTRACT,
        "document": "",
        "contract_state": ContractState.SIGNED,
        "valid_until": None,
        "ended": None,
    }
    return SimpleNamespace(**(given | answers))


def target(**answers: Any) -> Any:
    """A target object with protection need, as the gates read it."""
    need = dict.fromkeys(("needed_c", "needed_i", "needed_a"), ProtectionNeed.NORMAL)
    given = {"id": _OBJECT, "number": 7, "status": ObjectStatus.OPERATION, "checked_by_imported": False}
    return SimpleNamespace(**(given | need | answers))


def _around(*activities: Any, **rows: Any) -> Case:
    return _project({"ProcessingActivity": activities or (activity(),), **rows})


_SAID: Final[Mapping[GateKind, _Wording]] = {
    GateKind.ACTIVITIES: _Wording(
        Text(
            "Das Projekt läuft und verarbeitet personenbezogene Daten, aber keine Tätigkeit im Verzeichnis "
            "gehört dazu.",
            "The project runs and processes personal data, but no activity in the record belongs to it.",
        ),
        Text(
            "Die Verarbeitungstätigkeiten des Projekts anlegen oder vorhandene mit ihm verknüpfen.",
            "Create the processing activities of the project, or link existing ones to it.",
        ),
        "personal_data",
        (ACTIVITIES,),
        _project,
        _around,
    ),
    GateKind.THRESHOLD: _Wording(
        Text(
            "Das Projekt läuft ohne freigegebene Schwellwertanalyse: {entries}.",
            "The project runs without a released threshold analysis: {entries}.",
        ),
        Text(
            "Die Schwellwertanalyse durchführen und freigeben lassen.",
            "Carry out the threshold analysis and have it released.",
        ),
        "stage",
        (ACTIVITIES, ANALYSES),
        lambda: _around(ThresholdAnalysis=[analysis(Outcome.UNDECIDED)]),
        lambda: _around(ThresholdAnalysis=[analysis(Outcome.NOT_REQUIRED)]),
    ),
    GateKind.DPIA: _Wording(
        Text(
            "Das Projekt läuft ohne die erforderliche, genehmigte und freigegebene "
            "Datenschutz-Folgenabschätzung: {entries}.",
            "The project runs without the required impact assessment, approved and released: {entries}.",
        ),
        Text(
            "Die Folgenabschätzung abschließen und entscheiden lassen; bis dahin verletzt der Betrieb "
            "Art. 35 Abs. 1 DSGVO.",
            "Complete the impact assessment and have it decided; until then operation violates "
            "Art. 35 (1) GDPR.",
        ),
        "stage",
        (ACTIVITIES, ANALYSES, DPIAS),
        lambda: _around(ThresholdAnalysis=[analysis(Outcome.REQUIRED)]),
        lambda: _around(ThresholdAnalysis=[analysis(Outcome.NOT_REQUIRED)]),
    ),
    GateKind.CONTRACTS: _Wording(
        Text(
            "Im laufenden Projekt werden Daten ohne geltenden Vertrag im Auftrag verarbeitet: {entries}.",
            "In the running project data are processed on behalf without a contract in force: {entries}.",
        ),
        Text(
            "Den Vertrag zur Auftragsverarbeitung schließen oder erneuern und eintragen.",
            "Conclude or renew the processing contract and enter it.",
        ),
        "stage",
        (ACTIVITIES, PROCESSORS),
        lambda: _around(Processor=[processor(contract_state=ContractState.DRAFT)]),
        lambda: _around(Processor=[processor()]),
    ),
    GateKind.STAFF_COUNCIL: _Wording(
        Text(
            "Das Projekt läuft und betrifft Beschäftigte, aber der Personalrat ist nicht beteiligt: "
            "{entries}.",
            "The project runs and concerns staff, but the staff council has not been involved: {entries}.",
        ),
        Text(
            "Den Personalrat beteiligen und Tag und Ergebnis eintragen, oder begründen, warum das nicht "
            "nötig ist.",
            "Involve the staff council and enter day and result, or say why that is not needed.",
        ),
        "staff_council_on",
        (ACTIVITIES,),
        lambda: _around(activity(subjects=(Subjects.STAFF,))),
        lambda: _around(activity(subjects=(Subjects.STAFF,), staff_council=True)),
    ),
    GateKind.AI: _Wording(
        Text(
            "Im laufenden Projekt ist künstliche Intelligenz nicht oder als verbotene Praktik eingestuft: "
            "{entries}.",
            "In the running project artificial intelligence is not classified, or as a prohibited practice: "
            "{entries}.",
        ),
        Text(
            "Die Risikoklasse nach der KI-Verordnung bestimmen und eintragen; "
            "eine verbotene Praktik beenden.",
            "Determine and enter the risk class under the AI Act; end a prohibited practice.",
        ),
        "ai",
        (ACTIVITIES,),
        lambda: _project(ai=True),
        lambda: _project(ai=False),
    ),
    GateKind.PROTECTION: _Wording(
        Text(
            "Das Projekt läuft, aber der Schutzbedarf ist nicht vollständig festgestellt: {entries}.",
            "The project runs, but the protection need is not fully determined: {entries}.",
        ),
        Text(
            "Vertraulichkeit, Integrität und Verfügbarkeit am Zielobjekt bewerten.",
            "Rate confidentiality, integrity and availability at the target object.",
        ),
        "objects",
        (ACTIVITIES, OBJECTS, ASSIGNMENTS),
        lambda: _project({"TargetObject": [target(needed_i=None)]}),
        lambda: _project({"TargetObject": [target()]}),
    ),
    GateKind.GRUNDSCHUTZ: _Wording(
        Text(
            "Das Projekt ist im Regelbetrieb, aber nicht vollständig modelliert und geprüft: {entries}.",
            "The project is in regular operation, but not fully modelled and checked: {entries}.",
        ),
        Text(
            "Das Zielobjekt in den Informationsverbund aufnehmen, Bausteine zuordnen und den "
            "IT-Grundschutz-Check abschließen.",
            "Add the target object to the information domain, assign modules and complete the check.",
        ),
        "objects",
        (ACTIVITIES, OBJECTS, ASSIGNMENTS, ANSWERS),
        lambda: _project({"TargetObject": [target()]}),
        lambda: _project({"TargetObject": [target()]}, stage=ProjectStage.PILOT),
    ),
    GateKind.NOTICE: _Wording(
        Text(
            "Das Projekt läuft, aber betroffene Personen werden nicht informiert: {entries}.",
            "The project runs, but data subjects are not informed: {entries}.",
        ),
        Text(
            "Datenschutzhinweise veröffentlichen oder die Ausnahme bei der Tätigkeit begründen.",
            "Publish the privacy notice, or give the reason for the exception at the activity.",
        ),
        "stage",
        (ACTIVITIES,),
        lambda: _around(activity(notice=NoticeStatus.DRAFT)),
        lambda: _around(activity(notice=NoticeStatus.EXEMPT)),
    ),
    GateKind.ANONYMISATION: _Wording(
        Text(
            "Das Projekt veröffentlicht offene Daten, ohne dass die Anonymisierung nachgewiesen ist: "
            "{entries}.",
            "The project publishes open data without evidence of anonymisation: {entries}.",
        ),
        Text(
            "Verfahren und Ergebnis der Prüfung mit Datum eintragen; bis dahin die Daten zurücknehmen.",
            "Enter method and result of the check with its day; withdraw the data until then.",
        ),
        "open_data",
        (ACTIVITIES,),
        lambda: _project(open_data=True),
        lambda: _project(open_data=True, anonymised_on=_TODAY, anonymisation="k-Anonymität, k = 10."),
    ),
}


def _check(duty: Duty) -> Callable[[Project, Situation], Iterable[Hit]]:
    def is_red(project: Project, situation: Situation) -> Iterable[Hit]:
        found = next(gate for gate in _all(project, situation) if gate.kind is duty.kind)
        if found.standing is Standing.RED:
            yield Hit(words={"entries": ", ".join(linked.designation for linked in found.entries)})

    return is_red


def _all(project: Project, situation: Situation) -> tuple[Gate, ...]:
    return gates(project, situation.near, situation.today)


for _duty in DUTIES:
    _said = _SAID[_duty.kind]
    RULES.rule(
        _duty.rule,
        _duty.severity,
        _duty.source,
        field=_said.field,
        says=_said.says,
        remedy=_said.remedy,
        breaks=_said.breaks,
        keeps=_said.keeps,
        reads=_said.reads,
    )(_check(_duty))
