"""Digital projects and pilots of the authority's strategy."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import Term, choice, day, flag, line, prose, reference, rows, section
from compliance.language import Text
from registers.themes import Theme


class ProjectStage(Term):
    """How far a project has come; records facts and can always be entered."""

    IDEA = Text("Idee", "Idea")
    PLANNED = Text("In Planung", "Planned")
    PILOT = Text("Pilot", "Pilot")
    OPERATION = Text("Regelbetrieb", "Regular operation")
    ENDED = Text("Beendet", "Ended")
    REJECTED = Text("Verworfen", "Rejected")


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
        funding: Mapped[str] = line(
            "Finanzierung",
            "Funding",
            help=Text("Haushaltsstelle oder Förderkennzeichen.", "Budget item or funding code."),
            basis="Haushaltsplan, Zuwendungsbescheid",
            more=True,
        )
        partners: Mapped[str] = prose(
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
