"""One impact assessment with the parts of Art. 35 (7) GDPR, its progress, and management's decision on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from sqlalchemy import String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from assessments.dpia import evaluation, participation
from assessments.dpia.beginning import beginning
from assessments.dpia.conditions import Condition, earliest_due
from assessments.dpia.consultation import (
    AuthorityPower,
    AuthorityQuestion,
    ConsultationOutcome,
    clock_of,
    is_running,
    questions_due,
)
from assessments.dpia.copied import Copied, note_changes
from assessments.dpia.evaluation import SectionVerdict
from assessments.dpia.from_source import FromSource
from assessments.dpia.fundamental_rights import ACT, high_risk
from assessments.dpia.grades import RiskLevel
from assessments.dpia.measures import note_ground, settle
from assessments.dpia.occasions import Occasion
from assessments.dpia.participation import Participation
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, give_keys
from assessments.dpia.taken_over import TakenOver
from compliance.entry import Area, Entry, Proposal, State, Task
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    line,
    number,
    prose,
    reference,
    references,
    rows,
    section,
)
from compliance.language import Text
from compliance.people import land_of
from registers.processing import MEASURES_TASKS, ProcessingActivity
from registers.projects import Project


class DpiaDecision(Term):
    """What management decides about an impact assessment."""

    APPROVED = Text("Genehmigt", "Approved")
    APPROVED_WITH_CONDITIONS = Text("Mit Auflagen genehmigt", "Approved with conditions")
    REJECTED = Text("Abgelehnt", "Rejected")
    CONSULT = Text("Vorherige Konsultation der Aufsichtsbehörde", "Prior consultation of the authority")


APPROVING: Final = frozenset({DpiaDecision.APPROVED, DpiaDecision.APPROVED_WITH_CONDITIONS})
"""Decisions by which the processing may go ahead."""


REVIEW: Final = "review"
"""How the tasks of a review begin; the occasion follows."""
_REVIEW: Final = Text("Überprüfung: {occasion}", "Review: {occasion}")

_A = "Art. 35 Abs. 7 lit. a DSGVO"
_B = "Art. 35 Abs. 7 lit. b DSGVO"
_ANNEX = "WP 248 rev.01, Anhang 2"
_PUBLIC = "Art. 35 DSGVO, WP 248 rev.01"


class Dpia(Entry):
    """A data protection impact assessment of one or several similar processing activities."""

    slug = "dpias"
    prefix = "DSFA"
    area = Area.PROJECTS
    title = Text("Datenschutz-Folgenabschätzungen", "Data protection impact assessments")
    one = Text("Datenschutz-Folgenabschätzung", "Data protection impact assessment")
    due = ("finish_by", "conditions_due", "consultation_due", "questions_due", "next_review")
    due_before_release = frozenset({"finish_by"})
    advised = True
    appended = ("DpiaAnswer",)
    recalled = True
    technical = frozenset({"taken_over", "decided_matrix"})
    moving = frozenset(
        {
            "verdicts",
            "conditions_due",
            "consultation_due",
            "questions_due",
            "under_review_since",
            "template",
            "copied",
        }
        # They tell the public about what was released; the decision to publish vouches for them.
        | {"public_project", "public_reason", "public_risks", "public_protection"}
    )
    settled = frozenset({"measures_outdated"})
    template_flag = "template"
    tasks_in = ("participation", "verdicts")

    with section("general", "Grundangaben", "General"):
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Verarbeitungstätigkeiten",
            "Processing activities",
            help=Text(
                "Ähnliche Vorgänge mit ähnlich hohen Risiken können gemeinsam abgeschätzt werden.",
                "Similar operations with similarly high risks may be assessed together.",
            ),
            basis="Art. 35 Abs. 1 Satz 2 DSGVO",
            expected=True,
        )
        project: Mapped[Project | None] = reference(
            "Project",
            "Digitales Projekt",
            "Digital project",
            help=Text("Zu dem die Abschätzung gehört.", "To which the assessment belongs."),
            basis="Digitalstrategie",
        )
        occasion: Mapped[str] = prose(
            "Anlass",
            "Occasion",
            help=Text(
                "Warum abgeschätzt wird: Ergebnis der Schwellwertanalyse, Änderung, Vorfall.",
                "Why it is carried out: result of the threshold analysis, change, incident.",
            ),
            basis="Art. 35 Abs. 1, Abs. 11 DSGVO",
        )
        team: Mapped[str] = line(
            "Bearbeitung",
            "Prepared by",
            help=Text("Wer die Abschätzung schreibt.", "Who writes the assessment."),
            basis="DSK-Kurzpapier Nr. 5",
            expected=True,
            personal=True,
        )
        finish_by: Mapped[date | None] = day(
            "Fertigzustellen bis",
            "Finish by",
            help=Text("Vor Beginn der Verarbeitung.", "Before the processing begins."),
            basis="Art. 35 Abs. 1 Satz 1 DSGVO",
            listed=True,
        )
        next_review: Mapped[date | None] = day(
            "Nächste Überprüfung",
            "Next review",
            help=Text(
                "Und immer, wenn sich das Risiko ändert.",
                "And whenever the risk changes.",
            ),
            basis="Art. 35 Abs. 11 DSGVO",
            expected=True,
            listed=True,
        )
        under_review_since: Mapped[date | None] = day(
            "In Überprüfung seit",
            "Under review since",
            help=Text("Solange eine Überprüfung läuft.", "While a review is running."),
            basis="Art. 35 Abs. 11 DSGVO",
            fixed=True,
        )

    with section("description", "Beschreibung", "Description"):
        description: Mapped[str] = prose(
            "Systematische Beschreibung",
            "Systematic description",
            help=Text(
                "Art, Umfang und Umstände der Verarbeitung.",
                "Nature, scope and context of the processing.",
            ),
            basis=_A,
            expected=True,
        )
        purposes: Mapped[str] = prose(
            "Zwecke",
            "Purposes",
            help=Text("Wozu verarbeitet wird, je Tätigkeit.", "What it is for, by activity."),
            basis=_A,
            expected=True,
        )
        data: Mapped[str] = prose(
            "Personen, Daten und Empfänger",
            "Persons, data and recipients",
            help=Text(
                "Wer betroffen ist, welche Daten verarbeitet werden und wer sie erhält.",
                "Who is concerned, which data are processed and who receives them.",
            ),
            basis=f"{_A}, {_ANNEX}",
            expected=True,
        )
        data_flows: Mapped[str] = prose(
            "Ablauf und Datenflüsse",
            "Operation and data flows",
            help=Text(
                "Vom Erheben über das Nutzen und Weitergeben bis zum Löschen.",
                "From collection through use and disclosure to erasure.",
            ),
            basis=f"{_A}, {_ANNEX}",
            expected=True,
        )
        assets: Mapped[str] = prose(
            "Systeme und andere Mittel",
            "Systems and other means",
            help=Text(
                "Anwendungen, Geräte, Netze, Personen, Papier.",
                "Applications, devices, networks, people, paper.",
            ),
            basis=f"{_A}, {_ANNEX}",
            expected=True,
        )
        codes_of_conduct: Mapped[str] = prose(
            "Genehmigte Verhaltensregeln",
            "Approved codes of conduct",
            help=Text("Soweit sie eingehalten werden.", "As far as they are complied with."),
            basis="Art. 35 Abs. 8 DSGVO",
            more=True,
        )

    with section("necessity", "Notwendigkeit und Verhältnismäßigkeit", "Necessity and proportionality"):
        lawfulness: Mapped[str] = prose(
            "Rechtsgrundlagen",
            "Legal bases",
            help=Text(
                "Je Zweck, mit Fachgesetz und Ausnahme nach Art. 9.",
                "For each purpose, with national norm and exception under Art. 9.",
            ),
            basis=f"{_B}, Art. 6, 9 DSGVO",
            expected=True,
        )
        necessity: Mapped[str] = prose(
            "Erforderlichkeit und Alternativen",
            "Necessity and alternatives",
            help=Text(
                "Warum der Zweck nicht auf mildere Weise erreicht wird und der Eingriff angemessen ist.",
                "Why the purpose is not reached by milder means and the interference is appropriate.",
            ),
            basis=_B,
            expected=True,
        )
        minimisation: Mapped[str] = prose(
            "Datenminimierung",
            "Data minimisation",
            help=Text(
                "Warum jede Datenkategorie gebraucht wird; Voreinstellungen.",
                "Why each category of data is needed; default settings.",
            ),
            basis=f"{_B}, Art. 5 Abs. 1 lit. c, Art. 25 DSGVO",
            expected=True,
        )
        storage_limitation: Mapped[str] = prose(
            "Speicherbegrenzung",
            "Storage limitation",
            help=Text("Fristen und wie gelöscht wird.", "Periods and how data are erased."),
            basis=f"{_B}, Art. 5 Abs. 1 lit. e DSGVO",
            expected=True,
        )
        rights: Mapped[str] = prose(
            "Rechte der betroffenen Personen",
            "Rights of the data subjects",
            help=Text(
                "Information, Auskunft, Berichtigung, Löschung, Widerspruch.",
                "Information, access, rectification, erasure, objection.",
            ),
            basis=f"{_B}, Art. 12–22 DSGVO",
            expected=True,
        )
        processors: Mapped[str] = prose(
            "Auftragsverarbeitung und Drittländer",
            "Processors and third countries",
            help=Text(
                "Wer im Auftrag verarbeitet und auf welcher Grundlage Daten den EWR verlassen.",
                "Who processes on behalf and on what basis data leave the EEA.",
            ),
            basis=f"{_B}, Art. 28, 44–49 DSGVO",
            expected=True,
        )

    with section("risks", "Risiken", "Risks"):
        risks: Mapped[list[DpiaRisk]] = rows(
            DpiaRisk,
            "Risiken",
            "Risks",
            help=Text(
                "Für Rechte und Freiheiten der betroffenen Personen, nicht für die Verwaltung.",
                "To the rights and freedoms of the data subjects, not to the authority.",
            ),
            basis="Art. 35 Abs. 7 lit. c DSGVO",
            expected=True,
        )

    with section("measures", "Maßnahmen", "Measures"):
        existing_measures: Mapped[str] = prose(
            "Bestehende Maßnahmen",
            "Measures in place",
            help=Text(
                "Was heute schon schützt; die Einschätzung „vor Maßnahmen“ sieht davon ab.",
                "What protects already; the assessment “before measures” disregards it.",
            ),
            basis="Art. 35 Abs. 7 lit. d, Art. 32 DSGVO",
        )
        measures: Mapped[list[DpiaMeasure]] = rows(
            DpiaMeasure,
            "Abhilfemaßnahmen",
            "Measures against the risks",
            help=Text(
                "Jede mit den Risiken, gegen die sie wirkt, mit Zuständigkeit, Termin und Stand.",
                "Each with the risks it works against, with owner, date and state.",
            ),
            basis="Art. 35 Abs. 7 lit. d DSGVO",
            expected=True,
        )

    with section(
        "fundamental_rights", "Grundrechte-Folgenabschätzung", "Fundamental rights impact assessment"
    ):
        high_risk_ai: Mapped[bool | None] = flag(
            "Hochrisiko-KI im Einsatz",
            "High-risk AI in use",
            help=Text(
                "Ergibt sich aus der Risikoklasse der Verarbeitungstätigkeiten.",
                "Follows from the risk class of the processing activities.",
            ),
            basis=f"Art. 6 {ACT}",
            fixed=True,
        )
        fria_process: Mapped[str] = prose(
            "Einsatz im Verfahren",
            "Use in the procedure",
            help=Text(
                "In welchen Verfahren das System zu welchem bestimmungsgemäßen Zweck eingesetzt wird.",
                "In which procedures the system is used for which intended purpose.",
            ),
            basis=f"Art. 27 Abs. 1 lit. a {ACT}",
            expected=True,
            when="high_risk_ai",
        )
        fria_period: Mapped[str] = prose(
            "Dauer und Häufigkeit",
            "Period and frequency",
            help=Text(
                "Über welchen Zeitraum und wie oft das System eingesetzt wird.",
                "Over which period and how often the system is used.",
            ),
            basis=f"Art. 27 Abs. 1 lit. b {ACT}",
            expected=True,
            when="high_risk_ai",
        )
        fria_groups: Mapped[str] = prose(
            "Betroffene Personen und Gruppen",
            "Persons and groups affected",
            help=Text(
                "Wen der Einsatz in diesem Zusammenhang voraussichtlich betrifft.",
                "Whom the use is likely to affect in this context.",
            ),
            basis=f"Art. 27 Abs. 1 lit. c {ACT}",
            expected=True,
            when="high_risk_ai",
        )
        fria_harms: Mapped[str] = prose(
            "Besondere Schadensrisiken",
            "Specific risks of harm",
            help=Text(
                "Für jede dieser Gruppen, auch Diskriminierung und verwehrte Leistungen.",
                "For each of these groups, including discrimination and services denied.",
            ),
            basis=f"Art. 27 Abs. 1 lit. d {ACT}",
            expected=True,
            when="high_risk_ai",
        )
        fria_oversight: Mapped[str] = prose(
            "Menschliche Aufsicht",
            "Human oversight",
            help=Text(
                "Wer nach der Betriebsanleitung prüft, eingreift und anhält.",
                "Who checks, intervenes and stops, following the instructions for use.",
            ),
            basis=f"Art. 27 Abs. 1 lit. e {ACT}",
            expected=True,
            when="high_risk_ai",
        )
        fria_measures: Mapped[str] = prose(
            "Maßnahmen, wenn ein Schaden eintritt",
            "Measures if harm occurs",
            help=Text(
                "Mit interner Zuständigkeit und dem Weg für Beschwerden.",
                "Including internal governance and the way to complain.",
            ),
            basis=f"Art. 27 Abs. 1 lit. f {ACT}",
            expected=True,
            when="high_risk_ai",
        )
        fria_notified: Mapped[date | None] = day(
            "Marktüberwachungsbehörde benachrichtigt am",
            "Market surveillance authority notified on",
            help=Text("Mit dem ausgefüllten Muster.", "With the completed template."),
            basis=f"Art. 27 Abs. 3 {ACT}",
            when="high_risk_ai",
        )
        fria_registered: Mapped[date | None] = day(
            "In der EU-Datenbank registriert am",
            "Registered in the EU database on",
            help=Text("Vor der ersten Verwendung.", "Before the first use."),
            basis=f"Art. 49 Abs. 3 {ACT}",
            when="high_risk_ai",
        )
        fria_exemption: Mapped[str] = prose(
            "Warum keine Grundrechte-Folgenabschätzung nötig ist",
            "Why no fundamental rights impact assessment is needed",
            help=Text(
                "Nur bei Systemen, die nicht unter Anhang III fallen, oder bei kritischer Infrastruktur.",
                "Only for systems outside Annex III, or for critical infrastructure.",
            ),
            basis=f"Art. 27 Abs. 1 {ACT}",
            when="high_risk_ai",
            more=True,
        )

    with section("participation", "Beteiligung", "Participation"):
        participation: Mapped[list[Participation]] = rows(
            Participation,
            "Beteiligte",
            "Participants",
            help=Text(
                "Wer gehört wird, was vorgebracht wurde und wie es berücksichtigt wurde.",
                "Who is heard, what was put forward and how it was taken into account.",
            ),
            basis="Art. 35 Abs. 9 DSGVO",
            expected=True,
        )

    with section("consultation", "Konsultation der Aufsichtsbehörde", "Prior consultation"):
        consulted_on: Mapped[date | None] = day(
            "Anfrage gesandt am",
            "Request sent on",
            help=Text(
                "Nötig, wenn trotz Maßnahmen ein hohes Risiko bleibt.",
                "Needed where a high risk remains in spite of measures.",
            ),
            basis="Art. 36 Abs. 1 DSGVO",
            more=True,
        )
        consultation_received: Mapped[date | None] = day(
            "Bei der Aufsichtsbehörde eingegangen am",
            "Received by the authority on",
            help=Text("Mit diesem Tag beginnen die acht Wochen.", "The eight weeks begin with this day."),
            basis="Art. 36 Abs. 2 DSGVO",
            more=True,
        )
        authority_questions: Mapped[list[AuthorityQuestion]] = rows(
            AuthorityQuestion,
            "Fragen der Aufsichtsbehörde",
            "Questions of the authority",
            help=Text("Bis zur Antwort steht die Frist still.", "Until the answer the clock stands still."),
            basis="Art. 36 Abs. 2 Satz 4 DSGVO",
            more=True,
        )
        consultation_extended: Mapped[bool | None] = flag(
            "Frist um sechs Wochen verlängert",
            "Period extended by six weeks",
            help=Text("Von der Aufsichtsbehörde mitgeteilt.", "As told by the authority."),
            basis="Art. 36 Abs. 2 DSGVO",
            more=True,
        )
        extension_reason: Mapped[str] = prose(
            "Grund der Verlängerung",
            "Reason for the extension",
            help=Text("Wie ihn die Aufsichtsbehörde nennt.", "As the authority gives it."),
            basis="Art. 36 Abs. 2 DSGVO",
            when="consultation_extended",
            more=True,
        )
        extension_told: Mapped[date | None] = day(
            "Verlängerung mitgeteilt am",
            "Extension told on",
            help=Text(
                "Innerhalb eines Monats nach Eingang der Anfrage.",
                "Within one month of receipt of the request.",
            ),
            basis="Art. 36 Abs. 2 DSGVO",
            when="consultation_extended",
            more=True,
        )
        consultation_answered: Mapped[date | None] = day(
            "Antwort vom",
            "Answer of",
            help=Text("Tag, an dem die Antwort eingegangen ist.", "Day on which the answer arrived."),
            basis="Art. 36 Abs. 2 DSGVO",
            more=True,
        )
        consultation_result: Mapped[str] = prose(
            "Antwort der Aufsichtsbehörde",
            "Answer of the authority",
            help=Text(
                "Schweigen nach acht oder vierzehn Wochen ist keine Zustimmung.",
                "Silence after eight or fourteen weeks is no consent.",
            ),
            basis="Art. 36 Abs. 2 DSGVO",
            more=True,
        )
        authority_powers: Mapped[tuple[AuthorityPower, ...]] = choices(
            AuthorityPower,
            "Genutzte Befugnisse",
            "Powers used",
            help=Text(
                "Wovon die Aufsichtsbehörde in ihrer Antwort Gebrauch macht.",
                "What the authority makes use of in its answer.",
            ),
            basis="Art. 36 Abs. 2, Art. 58 DSGVO",
            more=True,
        )
        consultation_outcome: Mapped[ConsultationOutcome | None] = choice(
            ConsultationOutcome,
            "Ergebnis der Konsultation",
            "Outcome of the consultation",
            help=Text("Was für das Vorhaben daraus folgt.", "What follows for the project."),
            basis="Art. 36 Abs. 2 DSGVO",
            more=True,
        )
        consultation_due: Mapped[date | None] = day(
            "Antwort der Aufsichtsbehörde erwartet bis",
            "Answer of the authority expected by",
            help=Text(
                "Acht oder vierzehn Wochen nach Eingang; leer, solange die Frist stillsteht.",
                "Eight or fourteen weeks after receipt; empty while the clock stands still.",
            ),
            basis="Art. 36 Abs. 2 DSGVO",
            fixed=True,
        )
        questions_due: Mapped[date | None] = day(
            "Frage der Aufsichtsbehörde zu beantworten bis",
            "Question of the authority to be answered by",
            help=Text("Der früheste Tag einer offenen Frage.", "The earliest day of an open question."),
            basis="Art. 36 Abs. 2 DSGVO",
            fixed=True,
        )

    with section("decision", "Entscheidung", "Decision"):
        decision: Mapped[DpiaDecision | None] = choice(
            DpiaDecision,
            "Entscheidung der Leitung",
            "Decision of management",
            help=Text(
                "Trifft die Leitung, nie die Datenschutzbeauftragten.",
                "Taken by management, never by the data protection officer.",
            ),
            basis="Art. 24 Abs. 1, Art. 35 Abs. 1, Art. 38 Abs. 6 DSGVO",
            listed=True,
            fixed=True,
        )
        decision_reason: Mapped[str] = prose(
            "Begründung",
            "Reason",
            help=Text("Was den Ausschlag gab.", "What was decisive."),
            basis="Art. 5 Abs. 2 DSGVO",
            fixed=True,
        )
        imposed: Mapped[list[Condition]] = rows(
            Condition,
            "Auflagen",
            "Conditions",
            help=Text(
                "Was vor oder nach Beginn zu erfüllen ist, von wem und bis wann.",
                "What has to be met before or after start, by whom and until when.",
            ),
            basis="Art. 35 Abs. 7 lit. d DSGVO",
            fixed=True,
        )
        conditions_due: Mapped[date | None] = day(
            "Auflagen zu erfüllen bis",
            "Conditions due",
            help=Text("Der früheste Tag einer offenen Auflage.", "The earliest day of an open condition."),
            basis="Art. 35 Abs. 7 lit. d DSGVO",
            fixed=True,
        )
        deviation_reason: Mapped[str] = prose(
            "Warum vom Rat der Datenschutzbeauftragten abgewichen wird",
            "Why the advice of the data protection officer is not followed",
            help=Text("Nur bei Abweichung.", "Only in case of deviation."),
            basis="Art. 35 Abs. 2 DSGVO, WP 248 rev.01",
            fixed=True,
        )
        decided_risk: Mapped[RiskLevel | None] = choice(
            RiskLevel,
            "Höchste Einstufung mit geplanten Maßnahmen",
            "Highest rating with planned measures",
            help=Text("Worüber entschieden wurde.", "What was decided on."),
            basis="Art. 35 Abs. 7 lit. c, d DSGVO",
            fixed=True,
        )
        decided_on: Mapped[date | None] = day(
            "Entschieden am",
            "Decided on",
            help=Text("Tag der Entscheidung.", "Day of the decision."),
            basis="Art. 5 Abs. 2 DSGVO",
            fixed=True,
        )
        first_approved_on: Mapped[date | None] = day(
            "Erstmals genehmigt am",
            "First approved on",
            help=Text("Bleibt, wenn erneut entschieden wird.", "Stays when it is decided on again."),
            basis="Art. 35 Abs. 1 DSGVO",
            fixed=True,
        )
        decided_by: Mapped[str] = line(
            "Entschieden von",
            "Decided by",
            help=Text("Wer für die Leitung entschieden hat.", "Who decided for management."),
            basis="Art. 5 Abs. 2 DSGVO",
            personal=True,
            fixed=True,
        )
        decided_matrix: Mapped[str] = prose(
            "Risikomatrix der Entscheidung",
            "Risk matrix of the decision",
            help=Text("Nach der eingestuft wurde.", "By which risks were rated."),
            basis="intern",
            fixed=True,
        )
        decided_version: Mapped[int | None] = number(
            "Fassung",
            "Version",
            help=Text("Fassung, über die entschieden wurde.", "Version that was decided on."),
            basis="intern",
            fixed=True,
        )

    with section("evaluation", "Beurteilung", "Evaluation"):
        verdicts: Mapped[list[SectionVerdict]] = rows(
            SectionVerdict,
            "Beurteilung der Abschnitte",
            "Evaluation of the sections",
            help=Text("Von jemandem, der nicht mitgeschrieben hat.", "By somebody who did not write it."),
            basis="Art. 5 Abs. 2, Art. 24 Abs. 1 DSGVO",
            fixed=True,
        )

    with section("public", "Öffentliche Zusammenfassung", "Public summary"):
        public_project: Mapped[str] = prose(
            "Was das Vorhaben tut",
            "What the project does",
            help=Text(
                "In Alltagssprache, ohne Namen von Personen und Systemen.",
                "In everyday language, without names of people and systems.",
            ),
            basis=_PUBLIC,
            more=True,
        )
        public_reason: Mapped[str] = prose(
            "Warum die Folgen abgeschätzt wurden",
            "Why the impact was assessed",
            help=Text("Was für ein hohes Risiko sprach.", "What suggested a high risk."),
            basis=_PUBLIC,
            more=True,
        )
        public_risks: Mapped[str] = prose(
            "Welche Risiken geprüft wurden",
            "Which risks were examined",
            help=Text(
                "Was Menschen geschehen könnte; nicht, wie sich jemand Zugang verschafft.",
                "What could happen to people; not how somebody gains access.",
            ),
            basis=_PUBLIC,
            more=True,
        )
        public_protection: Mapped[str] = prose(
            "Was die Menschen schützt",
            "What protects people",
            help=Text(
                "Die Schutzmaßnahmen im Allgemeinen, ohne Einzelheiten, die Angreifenden nützen.",
                "The protective measures in general, without details of use to attackers.",
            ),
            basis=_PUBLIC,
            more=True,
        )

    taken_over: Mapped[list[TakenOver]] = rows(
        TakenOver,
        "Übernommene Angaben",
        "Adopted statements",
        help=Text("Aus den Verarbeitungstätigkeiten.", "From the processing activities."),
        basis="Art. 30 Abs. 1 DSGVO",
        fixed=True,
        more=True,
    )

    from_source: Mapped[list[FromSource]] = rows(
        FromSource,
        "Aus der Quelle übernommen",
        "Kept from the source",
        help=Text(
            "Was eine eingelesene Datei sagt und wofür es hier kein Feld gibt.",
            "What an imported file says and no field here asks.",
        ),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
        more=True,
    )

    template: Mapped[bool | None] = flag(
        "Vorlage",
        "Template",
        help=Text(
            "Womit andere Abschätzungen beginnen; nennt sie ein Projekt oder eine Verarbeitungstätigkeit, "
            "ist sie keine Vorlage mehr.",
            "What other assessments begin from; once it names an activity or a project, it is a template no "
            "more.",
        ),
        basis="Art. 35 Abs. 1 Satz 2 DSGVO",
        fixed=True,
        listed=True,
    )

    copied: Mapped[list[Copied]] = rows(
        Copied,
        "Aus Vorlagen und Szenarien übernommen",
        "Copied from templates and scenarios",
        help=Text("Mit Quelle und Bestätigung.", "With source and confirmation."),
        basis="Art. 35 Abs. 7, Art. 5 Abs. 2 DSGVO",
        fixed=True,
        more=True,
    )

    catalogue: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """The version of the questions it is made with; empty for the first one."""

    measures_outdated: Mapped[bool | None] = mapped_column(default=None)
    """Whether the IT-Grundschutz check answers otherwise than when the measures were taken over from it."""

    lists_known: Mapped[str] = mapped_column(LongText, default="", server_default="")
    """Versions of the shipped lists that it was last decided on or reviewed with, as JSON; empty before."""

    last_risk: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last number given to a risk."""
    last_measure: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last number given to a measure."""

    @property
    def is_void(self) -> bool:
        """Whether it was rejected or has ended, so that nothing can rest on it."""
        return self.decision is DpiaDecision.REJECTED or self.state is State.ENDED

    @property
    def is_general(self) -> bool:
        """Whether it is a template and still says nothing about any processing of the authority."""
        return self.template is True and not self.activities and self.project is None

    def derive(self) -> None:
        self.template = self.is_general or None
        note_changes(self)
        self.last_risk = give_keys(self.risks, self.last_risk or 0)
        self.last_measure = give_keys(self.measures, self.last_measure or 0, "M")
        settle(self.measures)
        note_ground(self.risks, self.measures)
        self.high_risk_ai = high_risk(self.activities) or None
        self.conditions_due = earliest_due(self.imposed)
        self._set_clock()

    def _set_clock(self) -> None:
        """Sets by when the authority answers, and by when it is answered."""
        session = object_session(self)
        found = clock_of(self, land_of(session, self.organisation_id) if session else "")
        running = is_running(self)
        self.consultation_due = found.due if found and running else None
        self.questions_due = questions_due(self.authority_questions) if running else None

    def proposals(self, session: Session) -> Mapping[str, Proposal]:
        return beginning(session, self.activities) if self.activities else {}

    def tasks(self) -> Iterator[Task]:
        yield from participation.tasks(self.participation)
        yield from evaluation.tasks(self.verdicts)

    @classmethod
    def task_label(cls, what: str) -> Text | None:
        if what in MEASURES_TASKS:
            return MEASURES_TASKS[what]
        kind, _dot, rest = what.partition(".")
        subject = rest.partition(".")[0]
        if kind == REVIEW:
            return _REVIEW.format(occasion=Occasion[subject].text)
        return evaluation.task_label(subject) if kind == "fix" else participation.task_label(kind, subject)
