"""Security incidents (Sicherheitsvorfälle), module DER.2.1 of the IT-Grundschutz-Kompendium.

An incident and a personal data breach are two views of what may be one event: the
one asks what happened to systems, the other what it means for persons. How one is made
of the other is told in :mod:`registers.handing_over`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from compliance.database import now
from compliance.entry import Area, Entry, Part, State, everything
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    line,
    moment,
    prose,
    reference,
    references,
    rows,
    section,
)
from compliance.language import Text
from compliance.people import land_of
from compliance.saving import Action, Touched
from registers.authority import Authority
from registers.breaches import Breach, Cause, Intent, Nature
from registers.nis2 import Stage, ends
from registers.objects import TargetObject
from registers.processing import ProcessingActivity


class Severity(Term):
    """How an incident is classified, and with that who has to act."""

    LOW = Text("Gering", "Low")
    MEDIUM = Text("Mittel", "Medium")
    HIGH = Text("Hoch", "High")
    EMERGENCY = Text("Notfall", "Emergency")


class Progress(Term):
    """How far the treatment of an incident has come."""

    REPORTED = Text("Gemeldet", "Reported")
    ANALYSIS = Text("In Untersuchung", "Under investigation")
    CONTAINED = Text("Eingedämmt", "Contained")
    RECOVERED = Text("Betrieb wiederhergestellt", "Operation restored")
    CLOSED = Text("Abgeschlossen", "Closed")


class IncidentStep(Part, of="SecurityIncident"):
    """One line of the log: what was found or done, when and by whom."""

    at: Mapped[datetime | None] = moment(
        "Zeitpunkt",
        "Moment",
        help=Text("Wann es festgestellt oder getan wurde.", "When it was found or done."),
        basis="DER.2.1.A16",
        expected=True,
    )
    what: Mapped[str] = prose(
        "Feststellung oder Handlung",
        "Finding or action",
        help=Text("Auch Gespräche und Entscheidungen.", "Conversations and decisions too."),
        basis="DER.2.1.A16",
        expected=True,
    )
    who: Mapped[str] = line(
        "Durch",
        "By",
        help=Text("Stelle oder Person, die gehandelt hat.", "Post or person who acted."),
        basis="DER.2.1.A16",
        personal=True,
    )


class SecurityIncident(Entry):
    """One security incident, from its detection to the lessons learnt."""

    slug = "security-incidents"
    prefix = "SV"
    area = Area.INCIDENTS
    title = Text("Sicherheitsvorfälle", "Security incidents")
    one = Text("Sicherheitsvorfall", "Security incident")
    due = ("early_by", "notification_by", "final_by", "measures_until")
    technical = frozenset({"nis2"})

    with section("general", "Grundangaben", "General"):
        description: Mapped[str] = prose(
            "Was ist geschehen?",
            "What happened?",
            help=Text("Was aufgefallen ist und was davon gesichert ist.", "What was noticed, what is sure."),
            basis="DER.2.1.A16",
            expected=True,
        )
        progress: Mapped[Progress | None] = choice(
            Progress,
            "Stand der Behandlung",
            "Progress",
            help=Text("Was heute gilt.", "What holds today."),
            basis="DER.2.1.A7",
            expected=True,
            listed=True,
        )
        severity: Mapped[Severity | None] = choice(
            Severity,
            "Einstufung",
            "Classification",
            help=Text(
                "Gering: im Tagesgeschäft zu beheben. Mittel: einzelne Aufgaben gestört. Hoch: wesentliche "
                "Aufgaben gestört. Notfall: Übergabe an das Notfallmanagement.",
                "Low: dealt with in daily business. Medium: single tasks disturbed. High: essential tasks "
                "disturbed. Emergency: handed to continuity management.",
            ),
            basis="DER.2.1.A11",
            expected=True,
            listed=True,
        )
        severity_reason: Mapped[str] = prose(
            "Begründung der Einstufung",
            "Reasons for the classification",
            help=Text(
                "Ausmaß, mögliche Ausbreitung, betroffene Aufgaben.", "Extent, spread, tasks concerned."
            ),
            basis="DER.2.1.A11",
        )
        natures: Mapped[tuple[Nature, ...]] = choices(
            Nature,
            "Verletzte Grundwerte",
            "Values violated",
            help=Text(
                "Was nicht mehr gewährleistet war oder ist.", "What was or is not guaranteed any more."
            ),
            basis="DER.2.1.A1",
            expected=True,
        )
        causes: Mapped[tuple[Cause, ...]] = choices(
            Cause,
            "Ursache",
            "Cause",
            other="other_cause",
            help=Text("Soweit schon bekannt.", "As far as known."),
            basis="DER.2.1.A5",
            expected=True,
        )
        other_cause: Mapped[str] = line(
            "Andere Ursache",
            "Other cause",
            help=Text("Was in der Auswahl fehlt.", "What the list lacks."),
            basis="DER.2.1.A5",
            more=True,
        )
        intent: Mapped[Intent | None] = choice(
            Intent,
            "Versehen oder Vorsatz",
            "Mistake or intent",
            help=Text("Nach heutigem Stand.", "As things stand."),
            basis="DER.2.1.A5",
            more=True,
        )
        reporter: Mapped[str] = line(
            "Gemeldet von",
            "Reported by",
            help=Text(
                "Wer den Vorfall bemerkt hat. Wird verschlüsselt gespeichert.",
                "Who noticed the incident. Stored encrypted.",
            ),
            basis="DER.2.1.A9",
            secret=True,
            personal=True,
        )
        lead: Mapped[str] = line(
            "Leitung der Behandlung",
            "In charge",
            help=Text("Wer den Vorfall steuert und erreichbar ist.", "Who steers and can be reached."),
            basis="DER.2.1.A3",
            expected=True,
            personal=True,
        )

    with section("times", "Zeitlicher Verlauf", "Times"):
        occurred_from: Mapped[datetime | None] = moment(
            "Beginn des Vorfalls",
            "Incident began",
            help=Text("Soweit bekannt, auch rückblickend.", "As far as known, also in hindsight."),
            basis="DER.2.1.A16",
        )
        detected: Mapped[datetime | None] = moment(
            "Entdeckt",
            "Detected",
            help=Text(
                "Als die erste beschäftigte Person oder ein Überwachungssystem ihn bemerkte. Ab hier laufen "
                "Meldefristen.",
                "When the first employee or a monitoring system noticed it. Reporting periods run from here.",
            ),
            basis="DER.2.1.A9",
            expected=True,
            listed=True,
        )
        reported: Mapped[datetime | None] = moment(
            "Intern gemeldet",
            "Reported internally",
            help=Text("Eingang bei der zuständigen Stelle.", "Arrival at the competent post."),
            basis="DER.2.1.A9",
        )
        contained: Mapped[datetime | None] = moment(
            "Eingedämmt",
            "Contained",
            help=Text("Seit wann er sich nicht mehr ausbreitet.", "Since when it does not spread any more."),
            basis="DER.2.1.A10",
        )
        recovered: Mapped[datetime | None] = moment(
            "Betrieb wiederhergestellt",
            "Operation restored",
            help=Text("Seit wann die Aufgaben wieder laufen.", "Since when the tasks run again."),
            basis="DER.2.1.A6",
        )
        closed: Mapped[datetime | None] = moment(
            "Abgeschlossen",
            "Closed",
            help=Text("Wenn auch die Nachbereitung erledigt ist.", "When the follow-up is done too."),
            basis="DER.2.1.A17",
        )

    with section("affected", "Was betroffen ist", "What is affected"):
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Betroffene Zielobjekte",
            "Target objects affected",
            help=Text("Anwendungen, Systeme, Netze und Räume.", "Applications, systems, networks, rooms."),
            basis="DER.2.1.A11",
            expected=True,
        )
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Betroffene Verarbeitungstätigkeiten",
            "Activities affected",
            help=Text("Aus dem Verzeichnis.", "From the record."),
            basis="DER.2.1.A4",
        )
        effects: Mapped[str] = prose(
            "Auswirkungen",
            "Effects",
            help=Text("Welche Aufgaben und wen es traf.", "Which tasks and whom it hit."),
            basis="DER.2.1.A11",
            expected=True,
        )
        personal_data: Mapped[bool | None] = flag(
            "Personenbezogene Daten betroffen?",
            "Personal data affected?",
            help=Text(
                "Im Zweifel ja: Dann prüft die Datenschutzbeauftragte mit, ob zu melden ist.",
                "If in doubt, yes: the data protection officer then examines whether to notify.",
            ),
            basis="Art. 33 DSGVO, DER.2.1.A4",
            expected=True,
        )
        breach: Mapped[Breach | None] = reference(
            "Breach",
            "Datenschutzverletzung",
            "Personal data breach",
            help=Text(
                "Der Vorgang, in dem die Folgen für Personen und die Meldung nach Art. 33 geführt werden.",
                "The case that deals with the consequences for persons and the notification under Art. 33.",
            ),
            basis="Art. 33 DSGVO, DER.2.1.A4",
        )

    with section("course", "Verlauf und Maßnahmen", "Course and measures"):
        steps: Mapped[list[IncidentStep]] = rows(
            IncidentStep,
            "Verlauf",
            "Log",
            help=Text(
                "Alles in der Reihenfolge, in der es geschah: Feststellungen, Handlungen, Entscheidungen.",
                "Everything in the order in which it happened: findings, actions, decisions.",
            ),
            basis="DER.2.1.A16",
        )
        containment: Mapped[str] = prose(
            "Sofortmaßnahmen",
            "Immediate measures",
            help=Text(
                "Womit die Ausbreitung gestoppt wurde, zum Beispiel Trennung vom Netz.",
                "How the spread was stopped, such as disconnecting from the network.",
            ),
            basis="DER.2.1.A10",
            expected=True,
        )
        evidence: Mapped[str] = prose(
            "Beweissicherung",
            "Evidence secured",
            help=Text(
                "Was gesichert wurde, wo es liegt und wer Zugriff hat.",
                "What was secured, where it lies and who has access.",
            ),
            basis="DER.2.2 Vorsorge für die IT-Forensik",
            more=True,
        )
        remedy: Mapped[str] = prose(
            "Behebung und Wiederherstellung",
            "Remedy and recovery",
            help=Text("Wie die Ursache beseitigt wurde.", "How the cause was removed."),
            basis="DER.2.1.A5, DER.2.1.A6",
            expected=True,
        )
        measures_planned: Mapped[str] = prose(
            "Geplante Maßnahmen",
            "Measures planned",
            help=Text("Damit es nicht wieder geschieht.", "To keep it from happening again."),
            basis="DER.2.1.A17",
        )
        measures_until: Mapped[date | None] = day(
            "Geplante Maßnahmen bis",
            "Planned measures by",
            help=Text("Erscheint auf der Startseite.", "Appears on the start page."),
            basis="DER.2.1.A17",
        )
        lessons: Mapped[str] = prose(
            "Lehren",
            "Lessons learnt",
            help=Text(
                "Was beim Entdecken, Melden und Beheben gut ging und was sich ändert.",
                "What went well in detecting, reporting and remedying, and what will change.",
            ),
            basis="DER.2.1.A17, DER.2.1.A18",
        )

    with section("reports", "Meldungen", "Reports"):
        management_informed: Mapped[datetime | None] = moment(
            "Leitung unterrichtet",
            "Management informed",
            help=Text(
                "Bei hoher Einstufung und im Notfall sofort.",
                "At once where the classification is high, and in an emergency.",
            ),
            basis="DER.2.1.A4, DER.2.1.A14",
        )
        informed: Mapped[str] = prose(
            "Weitere unterrichtete Stellen",
            "Other bodies informed",
            help=Text(
                "Zum Beispiel Dienstleister, Landes-CERT, Polizei, Personalrat, Nachbarkommunen.",
                "Such as providers, CERT of the Land, police, staff council, neighbouring municipalities.",
            ),
            basis="DER.2.1.A4",
        )
        significant: Mapped[bool | None] = flag(
            "Erheblicher Sicherheitsvorfall?",
            "Significant incident?",
            help=Text(
                "Nur wichtig, wenn die Stelle unter NIS-2 fällt (Vorblatt). Solange das offen ist, laufen "
                "die Fristen.",
                "Matters only where the authority falls under NIS-2 (front sheet). The periods run while "
                "this is open.",
            ),
            basis="§ 32 BSIG",
        )
        significant_reason: Mapped[str] = prose(
            "Begründung",
            "Reasons",
            help=Text(
                "Warum er erheblich ist oder nicht: Störung, Schaden, Betroffene.",
                "Why it is significant or not: disturbance, damage, persons concerned.",
            ),
            basis="§ 32 BSIG",
            more=True,
        )
        nis2: Mapped[bool | None] = flag("Fristen nach NIS-2", "Periods of NIS-2", fixed=True)
        early_by: Mapped[datetime | None] = moment("Frühe Erstmeldung bis", "Early warning by", fixed=True)
        early_sent: Mapped[datetime | None] = moment(
            "Frühe Erstmeldung abgegeben",
            "Early warning sent",
            help=Text("Zeitpunkt der Absendung.", "When it was sent."),
            basis="§ 32 BSIG",
        )
        notification_by: Mapped[datetime | None] = moment("Meldung bis", "Notification by", fixed=True)
        notification_sent: Mapped[datetime | None] = moment(
            "Meldung abgegeben",
            "Notification sent",
            help=Text(
                "Mit erster Bewertung, Schweregrad und Auswirkungen.",
                "With a first assessment, severity and effects.",
            ),
            basis="§ 32 BSIG",
        )
        final_by: Mapped[date | None] = day("Abschlussmeldung bis", "Final report by", fixed=True)
        final_sent: Mapped[datetime | None] = moment(
            "Abschlussmeldung abgegeben",
            "Final report sent",
            help=Text(
                "Mit Beschreibung, Ursache und Abhilfe. Dauert der Vorfall an, zunächst ein Zwischenbericht.",
                "With description, cause and remedy; while the incident lasts, first a progress report.",
            ),
            basis="§ 32 BSIG",
        )
        report_reference: Mapped[str] = line(
            "Aktenzeichen der Meldung",
            "Reference of the report",
            help=Text("Vorgangsnummer der Meldestelle.", "Number given by the office."),
            basis="§ 32 BSIG",
            more=True,
        )

    if TYPE_CHECKING:
        breach_id: Mapped[uuid.UUID | None]

    @property
    def clocks_run(self) -> bool:
        """Whether reports are owed, as far as anybody has decided."""
        return self.nis2 is True and self.significant is not False and self.begins is not None

    @property
    def begins(self) -> datetime | None:
        """When the periods begin: with the first notice, whoever noticed."""
        return min((at for at in (self.detected, self.reported) if at is not None), default=None)

    def sent(self) -> Mapping[Stage, datetime | None]:
        """When each report was sent."""
        return {stage: getattr(self, name) for stage, (_, name) in REPORTS.items()}

    def met(self, name: str) -> bool:
        """A report that was sent is not due any more, and nothing is due once the case is closed."""
        sent = {ends: getattr(self, sent) for ends, sent in REPORTS.values()}
        return sent.get(name) is not None or self.closed is not None or super().met(name)


REPORTS: Final[Mapping[Stage, tuple[str, str]]] = {
    Stage.EARLY: ("early_by", "early_sent"),
    Stage.NOTIFICATION: ("notification_by", "notification_sent"),
    Stage.FINAL: ("final_by", "final_sent"),
}
"""The fields that hold by when a report is due and when it was sent."""


# --- The clocks of NIS-2 -------------------------------------------------------------------------


def set_clocks(incident: SecurityIncident, *, nis2: bool, land: str) -> bool:
    """Sets the periods of *incident* for an authority that falls under NIS-2, or does not.

    Returns whether anything changed.
    """
    before = _clock_values(incident)
    incident.nis2 = nis2
    begins = incident.begins
    known = ends(begins, incident.sent(), land=land) if incident.clocks_run and begins else {}
    for stage, (name, _) in REPORTS.items():
        setattr(incident, name, known.get(stage))
    return _clock_values(incident) != before


def _clock_values(incident: SecurityIncident) -> tuple[Any, ...]:
    return (incident.nis2, *(getattr(incident, name) for name, _ in REPORTS.values()))


def run_clocks(session: Session, touched: Touched) -> None:
    """Sets the periods of every incident that is saved, and of all open ones when the flag of NIS-2 moves.

    Called by the session itself, because a single incident does not know its authority.
    """
    kept = [thing for thing, action in touched.items() if action is not Action.DELETE]
    incidents = [thing for thing in kept if isinstance(thing, SecurityIncident)]
    sheets = [thing for thing in kept if isinstance(thing, Authority)]
    if not incidents and not sheets:
        return
    nis2 = _falls_under_nis2(session, sheets)
    for incident in incidents:
        set_clocks(incident, nis2=nis2, land=land_of(session, incident.organisation_id))
    for incident in _open_incidents(session, {one.id for one in incidents}) if sheets else ():
        if set_clocks(incident, nis2=nis2, land=land_of(session, incident.organisation_id)):
            incident.changed_at = now()
            touched.setdefault(incident, Action.UPDATE)


def _falls_under_nis2(session: Session, sheets: Iterable[Authority]) -> bool:
    for sheet in sheets:
        return sheet.nis2 is True
    return session.scalar(select(Authority.nis2).order_by(Authority.number).limit(1)) is True


def _open_incidents(session: Session, known: set[Any]) -> list[SecurityIncident]:
    query = select(SecurityIncident).where(
        SecurityIncident.closed.is_(None), SecurityIncident.state != State.ENDED
    )
    found = session.scalars(query.options(*everything(SecurityIncident)))
    return [incident for incident in found if incident.id not in known]


# --- What comes next -----------------------------------------------------------------------------

_STEPS: Final[tuple[tuple[Callable[[SecurityIncident], bool], Text], ...]] = (
    (
        lambda incident: incident.closed is not None,
        Text("Der Vorfall ist abgeschlossen.", "The incident is closed."),
    ),
    (
        lambda incident: incident.begins is None,
        Text("Eintragen, wann der Vorfall entdeckt wurde.", "Enter when the incident was detected."),
    ),
    (
        lambda incident: incident.severity is None,
        Text("Den Vorfall einstufen und eindämmen.", "Classify and contain the incident."),
    ),
    (
        lambda incident: (
            incident.severity in (Severity.HIGH, Severity.EMERGENCY) and not incident.management_informed
        ),
        Text("Die Leitung unterrichten.", "Inform management."),
    ),
    (
        lambda incident: incident.personal_data is None,
        Text(
            "Klären, ob personenbezogene Daten betroffen sind.",
            "Find out whether personal data are affected.",
        ),
    ),
    (
        lambda incident: incident.personal_data is True and incident.breach is None,
        Text(
            "Den Vorfall als Datenschutzverletzung übergeben; die 72 Stunden laufen.",
            "Hand the incident over as a personal data breach; the 72 hours run.",
        ),
    ),
    (
        lambda incident: incident.nis2 is True and incident.significant is None,
        Text(
            "Entscheiden, ob der Vorfall erheblich im Sinne von NIS-2 ist.",
            "Decide whether the incident is significant under NIS-2.",
        ),
    ),
    *(
        (
            lambda incident, name=name: incident.clocks_run and getattr(incident, name) is None,
            Text(f"{stage.text.de} abgeben (NIS-2).", f"Send the report (NIS-2): {stage.text.en.lower()}."),
        )
        for stage, (_, name) in list(REPORTS.items())[:2]
    ),
    (
        lambda incident: incident.contained is None and incident.recovered is None,
        Text("Die Ausbreitung stoppen und den Verlauf festhalten.", "Stop the spread and keep the log."),
    ),
    (
        lambda incident: incident.recovered is None,
        Text(
            "Die Ursache beheben und den Betrieb wiederherstellen.", "Remove the cause and restore operation."
        ),
    ),
    (
        lambda incident: incident.clocks_run and incident.final_sent is None,
        Text("Abschlussmeldung abgeben (NIS-2).", "Send the final report (NIS-2)."),
    ),
    (
        lambda incident: not incident.lessons.strip(),
        Text("Nachbereiten: Lehren festhalten.", "Follow up: record the lessons."),
    ),
)


def next_step_of(incident: SecurityIncident) -> Text:
    """What has to be done next about *incident*."""
    return next((step for holds, step in _STEPS if holds(incident)), _CLOSE)


_CLOSE = Text("Den Vorfall abschließen.", "Close the incident.")
