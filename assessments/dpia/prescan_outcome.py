"""What follows from a pre-scan: a first indication, then a project with drafts, or a reasoned no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.prescan import (
    Automation,
    Concerned,
    DataKind,
    Fate,
    Harm,
    Helpers,
    Observed,
    Origin,
    PreScan,
    Timing,
)
from assessments.dpia.prescan_questions import about_people
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_known import indicators
from compliance.access import Identity, Permission, demand
from compliance.database import folded, today
from compliance.entry import State
from compliance.errors import Refused
from compliance.fields import in_order, tidy, tidy_line
from compliance.language import Text, shown_day
from compliance.people import Unit
from registers.processing import DataCategory, DataSource, ProcessingActivity, Stage, Subjects
from registers.projects import Project, ProjectPartner, ProjectStage

# --- First indication ----------------------------------------------------------------------------


class Indication(StrEnum):
    """How closely the officer will have to look; no legal outcome."""

    NO_PEOPLE = "no people"
    ORDINARY = "ordinary"
    CLOSE = "close"


def indication(answers: PreScan) -> Indication:
    """A first hint. Anything unknown that could matter asks for a closer look."""
    if not about_people(answers):
        return Indication.NO_PEOPLE
    grave = _GRAVE.intersection(answers.harm) or answers.merged or answers.helpers is Helpers.ELSEWHERE
    return Indication.CLOSE if grave or indicators(activity_of(answers)) else Indication.ORDINARY


_GRAVE: Final = frozenset({Harm.EXPOSED, Harm.MONEY, Harm.REFUSED, Harm.BODY})


# --- Draft of an activity ------------------------------------------------------------------------

_SUBJECTS: Final[Mapping[Concerned, Subjects]] = {
    Concerned.RESIDENTS: Subjects.RESIDENTS,
    Concerned.APPLICANTS: Subjects.APPLICANTS,
    Concerned.CHILDREN: Subjects.CHILDREN,
    Concerned.PARENTS: Subjects.PARENTS,
    Concerned.STAFF: Subjects.STAFF,
    Concerned.JOB_APPLICANTS: Subjects.JOB_APPLICANTS,
    Concerned.PATIENTS: Subjects.PATIENTS,
    Concerned.REFUGEES: Subjects.REFUGEES,
    Concerned.ROAD_USERS: Subjects.ROAD_USERS,
    Concerned.VISITORS: Subjects.VISITORS,
    Concerned.USERS: Subjects.USERS,
    Concerned.BUSINESSES: Subjects.BUSINESSES,
}
_SOURCES: Final[Mapping[Origin, DataSource]] = {
    Origin.PERSONS: DataSource.SUBJECT,
    Origin.AUTHORITIES: DataSource.OTHER_AUTHORITY,
    Origin.REGISTERS: DataSource.REGISTER,
    Origin.OTHERS: DataSource.THIRD_PARTY,
    Origin.DEVICES: DataSource.SENSOR,
}
"""Data of the own house have no source outside; whether their use is a new purpose is for people to say."""
_SENSORS: Final = frozenset({Observed.CAMERAS, Observed.LOCATION, Observed.USE})
_SPECIAL: Final = frozenset({DataKind.HEALTH, DataKind.BELIEFS, DataKind.BIOMETRICS})
_STAGES: Final[Mapping[Timing, tuple[Stage, ProjectStage]]] = {
    Timing.IDEA: (Stage.PLANNED, ProjectStage.IDEA),
    Timing.PLANNED: (Stage.PLANNED, ProjectStage.PLANNED),
    Timing.TEST: (Stage.TEST, ProjectStage.PILOT),
    Timing.RUNNING: (Stage.OPERATION, ProjectStage.OPERATION),
}
_NO_ANSWER: Final = (Stage.PLANNED, ProjectStage.IDEA)


def activity_of(answers: PreScan) -> ProcessingActivity:
    """An unsaved draft with what was said; what was not said stays unanswered.

    „Nein“ is taken over only where the law asks the same as the pre-scan did: neither
    „Hilfe in der EU“ nor „keine Hilfe“ says that no data reach a third country.
    """
    automation = frozenset(answers.automation)
    return ProcessingActivity(
        name=answers.name,
        description=answers.idea,
        stage=_stages(answers)[0],
        since=answers.begins if answers.timing in (Timing.TEST, Timing.RUNNING) else None,
        subjects=in_order(Subjects, [_SUBJECTS[one] for one in answers.concerned]),
        other_subjects=answers.concerned_other,
        scale=answers.scale,
        data=list(_categories(answers)),
        sources=in_order(DataSource, list(_sources(answers))),
        video=True if Observed.CAMERAS in answers.observed else None,
        profiling=_stated(Automation.RATES, automation),
        automated_decision=_stated(Automation.DECIDES, automation),
        ai=_stated(Automation.AI, automation),
        third_country=True if answers.helpers is Helpers.ELSEWHERE else None,
        transfer_note=answers.provider if answers.helpers is Helpers.ELSEWHERE else "",
        open_data=answers.open_data,
        notes=_open_points(answers),
    )


def _stages(answers: PreScan) -> tuple[Stage, ProjectStage]:
    return _STAGES[answers.timing] if answers.timing else _NO_ANSWER


def _stated(what: Automation, said: frozenset[Automation]) -> bool | None:
    """Yes where it was said, no where somebody said that no program does anything of the kind."""
    if what in said:
        return True
    return False if Automation.NOTHING in said else None


def _categories(answers: PreScan) -> Iterator[DataCategory]:
    until = answers.keeping_until or (answers.keeping.text.de if answers.keeping else "")
    for kind in answers.kinds:
        yield DataCategory(
            text=kind.text.de,
            special=True if kind in _SPECIAL else None,
            criminal=True if kind is DataKind.OFFENCES else None,
            criteria=until,
        )
    if answers.kinds_other:
        yield DataCategory(text=answers.kinds_other, criteria=until)


def _sources(answers: PreScan) -> Iterator[DataSource]:
    yield from (_SOURCES[one] for one in answers.origin if one in _SOURCES)
    if _SENSORS.intersection(answers.observed):
        yield DataSource.SENSOR


def _open_points(answers: PreScan) -> str:
    """What somebody who knows the law still has to settle, one line each."""
    points = [text for applies, text in _POINTS if applies(answers)]
    if answers.helpers and answers.helpers is not Helpers.NOBODY:
        points.append(_PROCESSOR.format(provider=answers.provider or "–", where=answers.helpers.text.de))
    points += [f"Offen: {topic.text.de}" for topic in answers.unsure]
    return "\n".join(points)


_POINTS: Final[Sequence[tuple[Any, str]]] = (
    (
        lambda answers: Origin.HOUSE in answers.origin,
        "Daten aus anderen Bereichen der Verwaltung: Zweckänderung prüfen.",
    ),
    (lambda answers: answers.merged is True, "Getrennte Datenbestände werden zusammengeführt."),
    (
        lambda answers: answers.open_data is True,
        "Veröffentlichung geplant: Anonymisierung nachweisen.",
    ),
    (
        lambda answers: Automation.SUGGESTS in answers.automation,
        "Ein Programm schlägt vor: prüfen, ob Menschen wirklich selbst entscheiden.",
    ),
)
_PROCESSOR: Final = "Auftragsverarbeitung klären: {provider} ({where})."


# --- Arrival -------------------------------------------------------------------------------------


def arrive(session: Session, answers: PreScan) -> PreScan:
    """Stores what somebody sent, under the unit that they named if it is known."""
    answers.name = answers.name or _UNNAMED.format(day=shown_day(today(), "de")).de
    answers.sent_on = today()
    answers.unit = unit_called(session, answers.unit_said)
    session.add(answers)
    session.flush()
    return answers


def unit_called(session: Session, said: str) -> Unit | None:
    """The unit that people call so by name, key, or both; none if it could be several."""
    if not (wanted := folded(said)):
        return None
    units = session.scalars(select(Unit)).all()
    found = [unit for unit in units if wanted in {folded(unit.name), folded(unit.key), folded(str(unit))}]
    return found[0] if len(found) == 1 else None


# --- Decision ------------------------------------------------------------------------------------

MOST_ACTIVITIES: Final = 5
"""So many drafts are made of one pre-scan."""


def take_on(session: Session, scan: PreScan, names: Sequence[str], *, by: Identity) -> Project:
    """Makes a project of *scan*, and a draft activity with its threshold analysis for each of *names*.

    No activity is made where no data of people are involved. Raises :class:`Refused` if the
    pre-scan was handled before.
    """
    _demand_open(scan, by)
    project = _project_of(scan)
    session.add(project)
    wanted = [tidy_line(name) for name in names if name.strip()] or [scan.name]
    if len(wanted) > MOST_ACTIVITIES or any(len(name) > 200 for name in wanted):
        raise Refused(_TOO_MANY.format(most=MOST_ACTIVITIES))
    for name in wanted if about_people(scan) else ():
        activity = activity_of(scan)
        activity.name, activity.unit, activity.contact = name, scan.unit, _reached(scan)
        activity.project = project
        analysis = _analysis_of(scan, activity)
        session.add_all((activity, analysis))
        scan.activities.append(activity)
        scan.analyses.append(analysis)
    scan.project = project
    _close(scan, Fate.TAKEN, by)
    session.flush()
    return project


def decline(session: Session, scan: PreScan, reason: str, *, by: Identity) -> None:
    """Ends *scan* with a *reason* that whoever sent it can read. Raises :class:`Refused` without one."""
    _demand_open(scan, by)
    if not (said := tidy(reason)):
        raise Refused(_NO_REASON)
    scan.fate_reason = said
    _close(scan, Fate.DECLINED, by)
    session.flush()


def _demand_open(scan: PreScan, by: Identity) -> None:
    demand(by, Permission.RECEIVE, scan)
    if not scan.waits:
        raise Refused(_HANDLED)


def _close(scan: PreScan, fate: Fate, by: Identity) -> None:
    scan.fate, scan.decided_on, scan.decided_by = fate, today(), by.name
    scan.state = State.ENDED


def _reached(scan: PreScan) -> str:
    return ", ".join(part for part in (scan.contact, scan.reach) if part)[:200]


def _project_of(scan: PreScan) -> Project:
    return Project(
        name=scan.name,
        unit=scan.unit,
        stage=_stages(scan)[1],
        lead=scan.contact,
        description=scan.idea,
        personal_data=True if about_people(scan) and scan.personal_data is False else scan.personal_data,
        begins=scan.begins,
        partners=[ProjectPartner(name=scan.provider[:200])] if scan.provider else [],
    )


def _analysis_of(scan: PreScan, activity: ProcessingActivity) -> ThresholdAnalysis:
    """A draft that a person still has to answer; only what the pre-scan asked word for word is filled in."""
    return ThresholdAnalysis(
        name=activity.name,
        unit=scan.unit,
        activity=activity,
        personal_data=True if scan.personal_data else None,
        matching=True if scan.merged else None,
    )


_UNNAMED = Text("Vorhaben ohne Namen vom {day}", "Unnamed plan of {day}")
_HANDLED = Text("Diese Vorprüfung ist schon bearbeitet.", "This pre-scan was handled before.")
_NO_REASON = Text(
    "Bitte begründen Sie, warum das Vorhaben nicht weiterverfolgt wird.",
    "Please say why the plan is not pursued.",
)
_TOO_MANY = Text(
    "Höchstens {most} Tätigkeiten mit höchstens 200 Zeichen je Bezeichnung.",
    "At most {most} activities with at most 200 characters in each name.",
)
