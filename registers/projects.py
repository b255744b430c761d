"""Digital projects and pilots of the authority's strategy."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.database import today
from compliance.entry import Area, Entry, Part
from compliance.fields import (
    Term,
    choice,
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
from registers.ai import AiClass, risk_class
from registers.goals import Goal
from registers.objects import TargetObject
from registers.open_data import proof_of_anonymity
from registers.themes import Theme


class ProjectStage(Term):
    """How far a project has come; records facts and can always be entered."""

    IDEA = Text("Idee", "Idea")
    PLANNED = Text("In Planung", "Planned")
    PILOT = Text("Pilot", "Pilot")
    OPERATION = Text("Regelbetrieb", "Regular operation")
    ENDED = Text("Beendet", "Ended")
    REJECTED = Text("Verworfen", "Rejected")


class StageChange(Part, of="Project"):
    """From when on the project was in a stage; pilot and regular operation are two events in law."""

    stage: Mapped[ProjectStage | None] = choice(
        ProjectStage,
        "Stand",
        "Stage",
        help=Text("Welcher Stand erreicht wurde.", "The stage that was reached."),
        basis="Art. 5 Abs. 2 DSGVO",
        expected=True,
    )
    since: Mapped[date | None] = day(
        "Seit",
        "Since",
        help=Text("Tag des Wechsels.", "Day of the change."),
        basis="Art. 5 Abs. 2 DSGVO",
        expected=True,
    )
    note: Mapped[str] = line(
        "Grundlage",
        "Ground",
        help=Text(
            "Beschluss, Auftrag oder Vermerk mit Fundstelle.", "Decision, order or note, and where it is."
        ),
        basis="Projektauftrag",
    )


class ProjectFunding(Part, of="Project"):
    """Money for the project from one source."""

    programme: Mapped[str] = line(
        "Programm oder Haushaltsstelle",
        "Programme or budget item",
        help=Text("Woher das Geld kommt.", "Where the money comes from."),
        basis="Haushaltsplan, Zuwendungsbescheid",
        expected=True,
    )
    code: Mapped[str] = line(
        "Förderkennzeichen",
        "Funding code",
        length=60,
        help=Text("Wie im Zuwendungsbescheid.", "As in the funding decision."),
        basis="Zuwendungsbescheid",
    )
    amount: Mapped[int | None] = number(
        "Betrag",
        "Amount",
        unit=Text("Euro", "euros"),
        help=Text("In vollen Euro.", "In whole euros."),
        basis="Haushaltsplan, Zuwendungsbescheid",
    )
    until: Mapped[date | None] = day(
        "Bewilligt bis",
        "Granted until",
        help=Text("Ende des Bewilligungszeitraums.", "End of the funding period."),
        basis="Zuwendungsbescheid",
    )


class ProjectPartner(Part, of="Project"):
    """Somebody outside the authority who takes part."""

    name: Mapped[str] = line(
        "Partner",
        "Partner",
        help=Text("Gesellschaft, Hochschule, Verband oder Unternehmen.", "Company, university, association."),
        basis="Projektauftrag",
        expected=True,
    )
    role: Mapped[str] = line(
        "Beitrag",
        "Contribution",
        help=Text(
            "Was der Partner tut. Wer Daten im Auftrag verarbeitet, gehört zu den Auftragsverarbeitern.",
            "What the partner does. Whoever processes data on behalf belongs to the processors.",
        ),
        basis="Projektauftrag, Art. 26, 28 DSGVO",
        expected=True,
    )


class DataFlow(Part, of="Project"):
    """One way that data take in the project."""

    source: Mapped[str] = line(
        "Von",
        "From",
        help=Text("Stelle, System oder Gerät, das sendet.", "Office, system or device that sends."),
        basis="Art. 35 Abs. 7 lit. a DSGVO",
        expected=True,
    )
    target: Mapped[str] = line(
        "An",
        "To",
        help=Text("Wer oder was empfängt.", "Who or what receives."),
        basis="Art. 35 Abs. 7 lit. a DSGVO",
        expected=True,
    )
    what: Mapped[str] = line(
        "Welche Daten",
        "Which data",
        help=Text("Auch Mess- und Zählwerte.", "Measurements and counts too."),
        basis="Art. 35 Abs. 7 lit. a DSGVO",
        expected=True,
    )
    way: Mapped[str] = line(
        "Auf welchem Weg",
        "How",
        help=Text("Schnittstelle, Netz, Datei oder Papier.", "Interface, network, file or paper."),
        basis="Art. 32 DSGVO",
    )
    third_country: Mapped[bool | None] = flag(
        "In ein Drittland",
        "To a third country",
        help=Text("Verlassen die Daten den EWR?", "Do the data leave the EEA?"),
        basis="Art. 44 DSGVO",
        expected=True,
    )


class CouncilPaper(Part, of="Project"):
    """A paper (Vorlage) by which a committee or the council dealt with the project."""

    reference_number: Mapped[str] = line(
        "Vorlage",
        "Paper",
        length=60,
        help=Text("Nummer im Ratsinformationssystem.", "Number in the council information system."),
        basis="Geschäftsordnung des Rates",
        expected=True,
    )
    subject: Mapped[str] = line(
        "Betreff",
        "Subject",
        help=Text("Worüber beraten wurde.", "What was discussed."),
        basis="Geschäftsordnung des Rates",
    )
    committee: Mapped[str] = line(
        "Gremium",
        "Committee",
        help=Text("Ausschuss oder Rat.", "Committee or council."),
        basis="Geschäftsordnung des Rates",
    )
    decided_on: Mapped[date | None] = day(
        "Sitzung am",
        "Meeting on",
        help=Text("Tag der Beratung oder des Beschlusses.", "Day of the discussion or decision."),
        basis="Geschäftsordnung des Rates",
    )


class Project(Entry):
    """A digital project: an idea, a pilot or a service in regular operation."""

    slug = "projects"
    prefix = "PR"
    area = Area.PROJECTS
    title = Text("Digitale Projekte", "Digital projects")
    one = Text("Digitales Projekt", "Digital project")
    due = ("next_milestone",)
    sums_up = True

    with section("general", "Grundangaben", "General"):
        theme: Mapped[Theme | None] = reference(
            "Theme",
            "Thema der Strategie",
            "Theme of the strategy",
            help=Text(
                "Handlungsfeld, zu dem das Projekt beiträgt.", "Theme to which the project contributes."
            ),
            basis="Digitalstrategie",
            expected=True,
            listed=True,
        )
        goal: Mapped[Goal | None] = reference(
            "Goal",
            "Ziel der Strategie",
            "Goal of the strategy",
            help=Text(
                "Das langfristige Ziel, dem das Projekt dient.",
                "The long-term goal which the project serves.",
            ),
            basis="Digitalstrategie",
        )
        stage: Mapped[ProjectStage | None] = choice(
            ProjectStage,
            "Stand",
            "Stage",
            help=Text(
                "Hält fest, was ist: „Regelbetrieb“ lässt sich immer eintragen.",
                "Records facts: “regular operation” can always be entered.",
            ),
            basis="Digitalstrategie",
            expected=True,
            listed=True,
        )
        lead: Mapped[str] = line(
            "Projektleitung",
            "Project lead",
            help=Text("Name und Stelle.", "Name and post."),
            basis="Projektauftrag",
            expected=True,
            personal=True,
        )
        description: Mapped[str] = prose(
            "Beschreibung",
            "Description",
            help=Text(
                "Was entsteht, für wen, und mit welcher Technik.",
                "What is being built, for whom, with what technology.",
            ),
            basis="Projektauftrag",
            expected=True,
        )
        personal_data: Mapped[bool | None] = flag(
            "Werden personenbezogene Daten verarbeitet?",
            "Are personal data processed?",
            help=Text(
                "Auch Kennungen, Bilder und Standorte zählen. Im Zweifel „ja“.",
                "Identifiers, images and locations count. If in doubt, “yes”.",
            ),
            basis="Art. 4 Nr. 1 DSGVO",
            expected=True,
        )

    with section("steering", "Steuerung", "Steering"):
        begins: Mapped[date | None] = day(
            "Beginn",
            "Start",
            help=Text("Tag des Projektauftrags.", "Day of the project order."),
            basis="Projektauftrag",
        )
        next_milestone: Mapped[date | None] = day(
            "Nächster Meilenstein",
            "Next milestone",
            help=Text("Erscheint auf der Startseite.", "Appears on the start page."),
            basis="Projektauftrag",
            listed=True,
        )
        milestone: Mapped[str] = line(
            "Was dann erreicht sein soll",
            "What is to be reached by then",
            help=Text("In einem Satz.", "In one sentence."),
            basis="Projektauftrag",
        )
        stages: Mapped[list[StageChange]] = rows(
            StageChange,
            "Verlauf",
            "Stages so far",
            help=Text(
                "Wächst von selbst, sobald sich der Stand ändert; Tag und Grundlage lassen sich berichtigen.",
                "Grows by itself whenever the stage changes; day and ground can be corrected.",
            ),
            basis="Art. 5 Abs. 2 DSGVO",
            more=True,
        )
        funding: Mapped[list[ProjectFunding]] = rows(
            ProjectFunding,
            "Finanzierung",
            "Funding",
            help=Text(
                "Haushalt und Förderprogramme, je mit Betrag.", "Budget and grants, each with its amount."
            ),
            basis="Haushaltsplan, Zuwendungsbescheid",
            more=True,
        )
        partners: Mapped[list[ProjectPartner]] = rows(
            ProjectPartner,
            "Beteiligte",
            "Partners",
            help=Text(
                "Gesellschaften, Hochschulen und Unternehmen, die mitwirken.",
                "Companies and universities that take part.",
            ),
            basis="Projektauftrag",
            more=True,
        )
        papers: Mapped[list[CouncilPaper]] = rows(
            CouncilPaper,
            "Vorlagen",
            "Council papers",
            help=Text("Beratungen in Ausschüssen und Rat.", "Discussions in committees and council."),
            basis="Geschäftsordnung des Rates",
        )

    with section("technology", "Daten und Technik", "Data and technology"):
        data_flows: Mapped[list[DataFlow]] = rows(
            DataFlow,
            "Datenflüsse",
            "Data flows",
            help=Text(
                "Woher welche Daten kommen und wohin sie gehen.",
                "Where which data come from and where they go.",
            ),
            basis="Art. 35 Abs. 7 lit. a DSGVO",
        )
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Weitere Anwendungen und Systeme",
            "Further applications and systems",
            help=Text(
                "Nur was keine Verarbeitungstätigkeit des Projekts bereits nennt, etwa Sensoren.",
                "Only what no processing activity of the project names already, such as sensors.",
            ),
            basis="BSI-Standard 200-2, Strukturanalyse",
            more=True,
        )
        ai: Mapped[bool | None] = flag(
            "Künstliche Intelligenz außerhalb der Verarbeitungstätigkeiten",
            "Artificial intelligence outside the processing activities",
            help=Text(
                "Wo Personen betroffen sind, steht es bereits bei der Tätigkeit.",
                "Where persons are concerned, the activity says so already.",
            ),
            basis="Verordnung (EU) 2024/1689, Art. 3 Nr. 1",
            more=True,
        )
        ai_class: Mapped[AiClass | None] = risk_class(more=True)
        open_data: Mapped[bool | None] = flag(
            "Veröffentlichung als offene Daten",
            "Published as open data",
            help=Text(
                "Ob das Projekt Daten veröffentlicht, die keine Tätigkeit bereits nennt.",
                "Whether the project publishes data that no activity names already.",
            ),
            basis="Art. 6 DSGVO",
            more=True,
        )
        anonymisation: Mapped[str] = proof_of_anonymity()
        anonymised_on: Mapped[date | None] = day(
            "Anonymisierung geprüft am",
            "Anonymisation checked on",
            help=Text("Tag der Prüfung.", "Day of the check."),
            basis="Art. 5 Abs. 2 DSGVO",
            when="open_data",
            more=True,
        )

    with section("participation", "Beteiligung", "Participation"):
        staff_council_on: Mapped[date | None] = day(
            "Personalrat beteiligt am",
            "Staff council involved on",
            help=Text(
                "Tag der Zustimmung oder der Dienstvereinbarung.", "Day of the consent or the agreement."
            ),
            basis="Mitbestimmungsgesetz",
        )
        staff_council_result: Mapped[str] = prose(
            "Ergebnis der Beteiligung",
            "Result of the involvement",
            help=Text("Zustimmung, Dienstvereinbarung, Auflagen.", "Consent, agreement, conditions."),
            basis="Mitbestimmungsgesetz",
            more=True,
        )
        staff_council_waived: Mapped[str] = prose(
            "Keine Beteiligung nötig, weil",
            "No involvement needed, because",
            help=Text(
                "Zum Beispiel: Beschäftigte arbeiten nicht mit der Technik und werden von ihr nicht erfasst.",
                "For example: staff neither work with the technology nor are recorded by it.",
            ),
            basis="Mitbestimmungsgesetz",
            more=True,
        )

    def derive(self) -> None:
        """Notes a stage that is new, on the day on which it is entered."""
        noted = self.stages[-1].stage if self.stages else None
        if self.stage is not None and self.stage is not noted:
            # Positions are given before this is called.
            change = StageChange(stage=self.stage, since=today(), position=len(self.stages))
            self.stages.append(change)

    def since(self, stage: ProjectStage) -> date | None:
        """The day from which on the project last was in *stage*, so far as it is known."""
        days = [change.since for change in self.stages if change.stage is stage]
        return days[-1] if days else None
