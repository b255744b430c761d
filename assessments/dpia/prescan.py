"""The pre-scan (Vorprüfung): what somebody plans, in their own words, before anybody knows the law.

Whoever answers needs no account and no knowledge of data protection. The answers
are a first hint for the data protection officer, never the legal outcome: silence
and „weiß ich nicht“ stay open.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, State
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    line,
    prose,
    references,
    section,
)
from compliance.fields import reference as one_of
from compliance.language import Text
from registers.processing import Scale


class Timing(Term):
    """How far the plan is, as people say it."""

    IDEA = Text("Es ist erst eine Idee", "It is just an idea")
    PLANNED = Text("Es wird geplant", "It is being planned")
    TEST = Text("Es läuft schon als Test", "It already runs as a test")
    RUNNING = Text("Es läuft schon", "It already runs")


class Observed(Term):
    """Whether something looks at places or persons."""

    NOTHING = Text("Nein, nichts davon", "No, nothing of the kind")
    COUNTS = Text(
        "Es wird nur gezählt oder gemessen; niemand ist zu erkennen",
        "Things are only counted or measured; nobody can be recognised",
    )
    CAMERAS = Text("Kameras oder Mikrofone", "Cameras or microphones")
    LOCATION = Text("Standorte, Handys, Kennzeichen oder Karten", "Locations, phones, number plates or cards")
    USE = Text("Was Personen in einem Programm tun", "What persons do in a program")


class Concerned(Term):
    """Whose data it is about, in plain words."""

    RESIDENTS = Text("Einwohnerinnen und Einwohner", "Residents")
    APPLICANTS = Text(
        "Personen, die etwas beantragen oder Leistungen erhalten",
        "Persons who apply for something or receive benefits",
    )
    CHILDREN = Text("Kinder und Jugendliche", "Children and young people")
    PARENTS = Text("Eltern und Sorgeberechtigte", "Parents and guardians")
    STAFF = Text("Eigene Beschäftigte", "Our own staff")
    JOB_APPLICANTS = Text("Personen, die sich bewerben", "Persons who apply for a job")
    PATIENTS = Text("Kranke oder pflegebedürftige Personen", "Persons who are ill or need care")
    REFUGEES = Text("Geflüchtete", "Refugees")
    ROAD_USERS = Text("Personen im Verkehr oder auf der Straße", "Persons in traffic or in the street")
    VISITORS = Text("Besucherinnen und Besucher", "Visitors")
    USERS = Text("Personen, die eine Website oder App nutzen", "Persons who use a website or app")
    BUSINESSES = Text("Betriebe und deren Beschäftigte", "Businesses and their staff")


class DataKind(Term):
    """Kinds of data in plain words."""

    CONTACT = Text("Name, Anschrift, Telefon, E-Mail", "Name, address, telephone, e-mail")
    IDENTITY = Text("Geburtsdatum, Ausweis oder Nummern", "Date of birth, identity card or numbers")
    MONEY = Text("Geld: Konto, Einkommen, Steuern", "Money: account, income, taxes")
    HEALTH = Text("Gesundheit oder Behinderung", "Health or disability")
    BELIEFS = Text(
        "Religion, Herkunft, politische Meinung oder Sexualleben",
        "Religion, origin, political opinion or sex life",
    )
    BIOMETRICS = Text(
        "Gesicht, Stimme oder Fingerabdruck, um jemanden zu erkennen",
        "Face, voice or fingerprint to recognise somebody",
    )
    OFFENCES = Text("Straftaten oder Bußgelder", "Offences or fines")
    FAMILY = Text("Familie und persönliche Lage", "Family and personal situation")
    WORK = Text("Arbeit: Leistung, Zeiten, Verhalten", "Work: performance, hours, behaviour")
    LOCATION = Text("Wo sich jemand aufhält", "Where somebody is")
    RECORDINGS = Text("Fotos, Videos oder Ton", "Photos, videos or sound")
    DEVICES = Text("Geräte, Kennzeichen, Internetadressen", "Devices, number plates, internet addresses")


class Origin(Term):
    """Where the data come from."""

    PERSONS = Text("Von den Personen selbst", "From the persons themselves")
    HOUSE = Text("Aus anderen Bereichen unserer Verwaltung", "From other parts of our authority")
    AUTHORITIES = Text("Von anderen Behörden", "From other authorities")
    REGISTERS = Text("Aus Registern, zum Beispiel Melderegister", "From registers, such as that of residents")
    OTHERS = Text("Von anderen Personen oder Firmen", "From other persons or companies")
    DEVICES = Text("Aus Sensoren, Kameras oder Protokollen", "From sensors, cameras or logs")


class Automation(Term):
    """What a program does about persons."""

    NOTHING = Text("Nein, nur Menschen beurteilen und entscheiden", "No, only people judge and decide")
    SUGGESTS = Text("Ein Programm schlägt etwas vor", "A program makes suggestions")
    RATES = Text("Ein Programm bewertet oder sortiert Personen", "A program rates or sorts persons")
    DECIDES = Text("Ein Programm entscheidet selbst", "A program decides by itself")
    AI = Text(
        "Künstliche Intelligenz ist dabei, auch ein Chatbot",
        "Artificial intelligence is part of it, a chatbot included",
    )


class Helpers(Term):
    """Whether somebody outside works with the data, and where."""

    NOBODY = Text("Nein, das macht die Verwaltung selbst", "No, the authority does it itself")
    GERMANY = Text("Ja, in Deutschland", "Yes, in Germany")
    EUROPE = Text("Ja, in einem anderen Land der EU", "Yes, in another country of the EU")
    ELSEWHERE = Text("Ja, außerhalb der EU", "Yes, outside the EU")
    SOMEWHERE = Text("Ja, wo ist nicht bekannt", "Yes, it is not known where")


class Keeping(Term):
    """How long the data are needed."""

    DAYS = Text("Nur Stunden oder Tage", "Only hours or days")
    MONTHS = Text("Wochen oder Monate", "Weeks or months")
    YEARS = Text("Mehrere Jahre", "Several years")
    ALWAYS = Text("Dauerhaft", "Permanently")


class Harm(Term):
    """What could happen to persons if something goes wrong."""

    NOTHING = Text("Nichts, was jemanden belastet", "Nothing that would burden anybody")
    NUISANCE = Text("Ärger, Wege oder Zeitverlust", "Trouble, errands or loss of time")
    EXPOSED = Text("Jemand wird bloßgestellt oder benachteiligt", "Somebody is exposed or disadvantaged")
    MONEY = Text("Jemand verliert Geld", "Somebody loses money")
    REFUSED = Text(
        "Jemand bekommt eine Leistung zu spät oder nicht",
        "Somebody gets a service too late or not at all",
    )
    BODY = Text("Jemand kommt zu Schaden oder wird bedroht", "Somebody comes to harm or is threatened")


class Topic(Term):
    """The questions, at most fifteen."""

    PLAN = Text("Was ist geplant?", "What is planned?")
    CONTACT = Text("Wer plant es, und wen können wir fragen?", "Who plans it, and whom can we ask?")
    TIMING = Text("Wann geht es los?", "When does it start?")
    PERSONAL = Text("Geht es um Daten von Menschen?", "Is it about data of people?")
    OBSERVED = Text("Werden Orte oder Menschen beobachtet?", "Are places or people observed?")
    CONCERNED = Text("Um wessen Daten geht es?", "Whose data is it about?")
    KINDS = Text("Welche Daten sind es?", "Which data are they?")
    SCALE = Text("Wie viele Menschen betrifft es?", "How many people are concerned?")
    ORIGIN = Text("Woher kommen die Daten?", "Where do the data come from?")
    AUTOMATION = Text(
        "Bewertet oder entscheidet ein Programm über Menschen?",
        "Does a program rate people or decide about them?",
    )
    MERGED = Text(
        "Werden Daten zusammengeführt, die bisher getrennt waren?",
        "Are data brought together that were separate so far?",
    )
    HELPERS = Text("Hilft jemand von außen mit?", "Does somebody outside help?")
    OPEN_DATA = Text(
        "Werden die Daten oder Ergebnisse veröffentlicht?", "Will the data or results be published?"
    )
    KEEPING = Text("Wie lange werden die Daten gebraucht?", "How long are the data needed?")
    HARM = Text(
        "Was könnte Menschen passieren, wenn etwas schiefgeht?",
        "What could happen to people if something goes wrong?",
    )


class Fate(Term):
    """What became of a pre-scan."""

    TAKEN = Text("Angenommen", "Taken on")
    DECLINED = Text("Nicht weiterverfolgt", "Not pursued")


_EARLY: Final = "Art. 25 Abs. 1, Art. 35 Abs. 1 DSGVO"
_PLAIN: Final = {
    "plan": Text("In wenigen Worten.", "In a few words."),
    "own": Text("In eigenen Worten, ohne Namen von Personen.", "In their own words, without names."),
    "reach": Text("Für Rückfragen.", "For questions."),
    "said": Text("Wie es die anfragende Stelle angegeben hat.", "As said by whoever asked."),
}
_FATE: Final[dict[str, Any]] = {
    "help": Text("Was aus der Vorprüfung wurde.", "What became of the pre-scan."),
    "basis": _EARLY,
    "fixed": True,
}
"""What all answers about the outcome have in common: nobody types them."""


class PreScan(Entry):
    """One plan as it arrived, and what became of it."""

    slug = "pre-scans"
    prefix = "VP"
    area = Area.PROJECTS
    title = Text("Vorprüfungen", "Pre-scans")
    one = Text("Vorprüfung", "Pre-scan")

    with section("plan", "Vorhaben", "Plan"):
        sent_on: Mapped[date | None] = day(
            "Eingegangen am", "Received on", help=_PLAIN["said"], basis=_EARLY, listed=True, fixed=True
        )
        idea: Mapped[str] = prose("Worum es geht", "What it is about", help=_PLAIN["own"], basis=_EARLY)
        unit_said: Mapped[str] = line(
            "Bereich",
            "Department",
            help=Text("Zum Beispiel Fachdienst Schule.", "Such as the school office."),
            basis=_EARLY,
        )
        contact: Mapped[str] = line(
            "Wen wir fragen können",
            "Whom we can ask",
            help=Text("Name einer Person, die Bescheid weiß.", "Name of somebody who knows."),
            basis=_EARLY,
            personal=True,
            secret=True,
        )
        reach: Mapped[str] = line(
            "Telefon oder E-Mail",
            "Telephone or e-mail",
            help=_PLAIN["reach"],
            basis=_EARLY,
            personal=True,
            secret=True,
        )
        timing: Mapped[Timing | None] = choice(
            Timing, "Wie weit es ist", "How far it is", help=_PLAIN["said"], basis=_EARLY
        )
        begins: Mapped[date | None] = day(
            "Beginn (ungefähr)",
            "Start (roughly)",
            help=Text("Ein ungefährer Tag genügt.", "A rough day is enough."),
            basis=_EARLY,
        )

    with section("people", "Menschen und Daten", "People and data"):
        personal_data: Mapped[bool | None] = flag(
            "Daten von Menschen", "Data of people", help=_PLAIN["said"], basis="Art. 4 Nr. 1 DSGVO"
        )
        observed: Mapped[tuple[Observed, ...]] = choices(
            Observed, "Beobachtung", "Observation", help=_PLAIN["said"], basis="Art. 35 Abs. 3 lit. c DSGVO"
        )
        concerned: Mapped[tuple[Concerned, ...]] = choices(
            Concerned,
            "Wessen Daten",
            "Whose data",
            other="concerned_other",
            help=_PLAIN["said"],
            basis="Art. 30 Abs. 1 lit. c DSGVO",
        )
        concerned_other: Mapped[str] = line(
            "Andere Personen",
            "Other people",
            help=Text("Wer in der Liste fehlt.", "Who is missing from the list."),
            basis="Art. 30 Abs. 1 lit. c DSGVO",
        )
        kinds: Mapped[tuple[DataKind, ...]] = choices(
            DataKind,
            "Arten von Daten",
            "Kinds of data",
            other="kinds_other",
            help=_PLAIN["said"],
            basis="Art. 30 Abs. 1 lit. c, Art. 9, Art. 10 DSGVO",
        )
        kinds_other: Mapped[str] = line(
            "Andere Daten",
            "Other data",
            help=Text("Was in der Liste fehlt.", "What is missing from the list."),
            basis="Art. 30 Abs. 1 lit. c DSGVO",
        )
        scale: Mapped[Scale | None] = choice(
            Scale, "Anzahl der Menschen", "Number of people", help=_PLAIN["said"], basis="WP 248 rev.01"
        )
        origin: Mapped[tuple[Origin, ...]] = choices(
            Origin, "Herkunft der Daten", "Origin of the data", help=_PLAIN["said"], basis="Art. 13, 14 DSGVO"
        )

    with section("handling", "Umgang mit den Daten", "Handling of the data"):
        automation: Mapped[tuple[Automation, ...]] = choices(
            Automation,
            "Bewertung und Entscheidung",
            "Rating and decision",
            help=_PLAIN["said"],
            basis="Art. 22, Art. 35 Abs. 3 lit. a DSGVO",
        )
        merged: Mapped[bool | None] = flag(
            "Zusammenführung getrennter Daten",
            "Bringing together of separate data",
            help=_PLAIN["said"],
            basis="WP 248 rev.01, Nr. 6",
        )
        helpers: Mapped[Helpers | None] = choice(
            Helpers, "Hilfe von außen", "Outside help", help=_PLAIN["said"], basis="Art. 28, Art. 44 DSGVO"
        )
        provider: Mapped[str] = line(
            "Firma oder Programm",
            "Company or program",
            help=Text("Zum Beispiel der Name der Cloud.", "Such as the name of the cloud."),
            basis="Art. 28 DSGVO",
        )
        open_data: Mapped[bool | None] = flag(
            "Veröffentlichung",
            "Publication",
            help=_PLAIN["said"],
            basis="Art. 5 Abs. 1 lit. b DSGVO",
        )
        keeping: Mapped[Keeping | None] = choice(
            Keeping,
            "Dauer",
            "Duration",
            help=_PLAIN["said"],
            basis="Art. 5 Abs. 1 lit. e DSGVO",
        )
        keeping_until: Mapped[str] = line(
            "Bis wann genau",
            "Until when exactly",
            help=Text("Zum Beispiel: bis der Bescheid gilt.", "Such as: until the decision is final."),
            basis="Art. 5 Abs. 1 lit. e DSGVO",
        )
        harm: Mapped[tuple[Harm, ...]] = choices(
            Harm, "Mögliche Folgen", "Possible consequences", help=_PLAIN["said"], basis="ErwGr. 75 DSGVO"
        )
        harm_words: Mapped[str] = prose(
            "Folgen in eigenen Worten",
            "Consequences in own words",
            help=Text("Ein Beispiel genügt.", "One example is enough."),
            basis="ErwGr. 75 DSGVO",
        )
        unsure: Mapped[tuple[Topic, ...]] = choices(
            Topic,
            "„Weiß ich nicht“ bei",
            "“I don’t know” to",
            help=Text("Das ist noch zu klären.", "This remains to be found out."),
            basis=_EARLY,
        )

    with section("outcome", "Was daraus wurde", "What became of it"):
        fate: Mapped[Fate | None] = choice(Fate, "Ergebnis", "Outcome", listed=True, **_FATE)
        fate_reason: Mapped[str] = prose(
            "Begründung an die anfragende Stelle", "Reason given to whoever asked", **_FATE
        )
        decided_on: Mapped[date | None] = day("Bearbeitet am", "Handled on", **_FATE)
        decided_by: Mapped[str] = line("Bearbeitet von", "Handled by", personal=True, **_FATE)
        project: Mapped[Any] = one_of("Project", "Digitales Projekt", "Digital project", **_FATE)
        activities: Mapped[list[Any]] = references(
            "ProcessingActivity", "Verarbeitungstätigkeiten", "Processing activities", **_FATE
        )
        analyses: Mapped[list[Any]] = references(
            "ThresholdAnalysis", "Schwellwertanalysen", "Threshold analyses", **_FATE
        )

    @property
    def waits(self) -> bool:
        return self.fate is None and self.state is not State.ENDED
