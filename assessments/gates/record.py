"""Gates about the record: activities, processing contracts and privacy notices."""

from __future__ import annotations

from assessments.gates.look import (
    NO_PERSONAL_DATA,
    Facts,
    Linked,
    Look,
    Standing,
    activity_of,
    is_running,
    nothing_yet,
    of_activities,
)
from compliance.language import Text
from compliance.people import Role
from registers.processing import NoticeStatus, Stage
from registers.processor_rules import in_force, is_bound
from registers.processors import Processor


def activities(facts: Facts) -> Look:
    """Art. 30 (1) GDPR: whatever processes personal data stands in the record."""
    found = [activity_of(row) for row in facts.activities]
    if found:
        return Look(Standing.MET, _REGISTERED, found)
    match facts.project.personal_data:
        case False:
            return Look(Standing.NOT_APPLICABLE, NO_PERSONAL_DATA)
        case True:
            return Look(Standing.OPEN, _NOT_REGISTERED, (facts.itself,), Role.PROJECT_LEAD)
        case None:
            return Look(Standing.OPEN, _UNKNOWN_DATA, (facts.itself,), Role.PROJECT_LEAD, binding=False)


def contracts(facts: Facts) -> Look:
    """Art. 28 (3) GDPR: whoever processes on behalf is bound by a contract in force."""
    if nothing := nothing_yet(facts):
        return nothing
    used = [row for row in facts.of(Processor) if row.stage is not Stage.RETIRED and row.ended is not True]
    if not used:
        return Look(Standing.NOT_APPLICABLE, _NO_PROCESSORS)
    gaps = [row for row in used if not (is_bound(row) and in_force(row, facts.today))]
    named = [Linked(Processor, row.number) for row in gaps or used]
    if gaps:
        return Look(Standing.OPEN, _NO_CONTRACT, named, Role.COORDINATOR, is_running(gaps))
    return Look(Standing.MET, _CONTRACTS, named)


def notice(facts: Facts) -> Look:
    """Art. 13, 14 GDPR: data subjects are informed, or an exception holds."""
    if nothing := nothing_yet(facts):
        return nothing
    enough = (NoticeStatus.PUBLISHED, NoticeStatus.EXEMPT)
    gaps = [row for row in facts.activities if row.notice not in enough]
    return of_activities(gaps, _INFORMED, _NOT_INFORMED, Role.COORDINATOR)


_REGISTERED = Text("Im Verzeichnis stehen:", "In the record stand:")
_NOT_REGISTERED = Text(
    "Es werden personenbezogene Daten verarbeitet, aber keine Tätigkeit im Verzeichnis gehört zum Projekt.",
    "Personal data are processed, but no activity in the record belongs to the project.",
)
_UNKNOWN_DATA = Text(
    "Noch ist nicht gesagt, ob personenbezogene Daten verarbeitet werden.",
    "It has not been said yet whether personal data are processed.",
)
_NO_PROCESSORS = Text("Niemand verarbeitet Daten im Auftrag.", "Nobody processes data on behalf.")
_NO_CONTRACT = Text("Ohne geltenden Vertrag:", "Without a contract in force:")
_CONTRACTS = Text("Verträge gelten:", "Contracts are in force:")
_INFORMED = Text(
    "Zu jeder Tätigkeit liegen Hinweise vor, oder eine Ausnahme gilt.",
    "There is a notice for every activity, or an exception applies.",
)
_NOT_INFORMED = Text("Ohne Datenschutzhinweise:", "Without a privacy notice:")
