"""Personal data breaches (Verletzungen des Schutzes personenbezogener Daten), Art. 33 and 34 GDPR.

Every breach is recorded, also one that is not notified (Art. 33 (5)). Whether
there is a risk is decided by management; the data protection officer advises.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Mapped, Session

from compliance.access import Identity, Permission, demand
from compliance.database import now
from compliance.deadlines import breach_deadline
from compliance.entry import Area, Entry, Part
from compliance.errors import Refused
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    line,
    moment,
    number,
    prose,
    references,
    rows,
    section,
)
from compliance.language import Text
from registers.objects import TargetObject
from registers.processing import ProcessingActivity, Subjects
from registers.processors import Processor


class Nature(Term):
    """What was violated, Art. 4 (12) GDPR."""

    CONFIDENTIALITY = Text("Vertraulichkeit", "Confidentiality")
    INTEGRITY = Text("Integrität", "Integrity")
    AVAILABILITY = Text("Verfügbarkeit", "Availability")


class Cause(Term):
    """How it came about."""

    MISDIRECTED = Text("Sendung an falsche Stelle", "Sent to the wrong recipient")
    OPEN_RECIPIENTS = Text("Offener Verteiler", "Open mailing list")
    LOST = Text("Gerät oder Unterlagen verloren", "Device or papers lost")
    STOLEN = Text("Gerät oder Unterlagen gestohlen", "Device or papers stolen")
    DISPOSAL = Text("Nicht datenschutzgerecht entsorgt", "Disposed of improperly")
    PUBLISHED = Text("Versehentlich veröffentlicht", "Published by mistake")
    CONFIGURATION = Text("Falsch eingerichtet", "Misconfigured")
    SOFTWARE = Text("Fehler in Software", "Software error")
    ACCESS = Text("Unbefugter Zugriff von innen", "Unauthorised access from inside")
    PHISHING = Text("Phishing oder Täuschung", "Phishing or deception")
    MALWARE = Text("Schadsoftware oder Erpressung", "Malware or extortion")
    HACKING = Text("Angriff über eine Schwachstelle", "Attack through a vulnerability")
    FAILURE = Text("Technischer Ausfall", "Technical failure")


class Intent(Term):
    """Whether somebody wanted it."""

    MISTAKE = Text("Versehen", "Mistake")
    NEGLIGENCE = Text("Regeln nicht beachtet", "Rules disregarded")
    INSIDE = Text("Vorsatz von innen", "Deliberate, from inside")
    OUTSIDE = Text("Vorsatz von außen", "Deliberate, from outside")
    UNKNOWN = Text("Noch nicht bekannt", "Not known yet")


class BreachedData(Term):
    """Categories of personal data records, Art. 33 (3) (a) GDPR."""

    IDENTITY = Text("Name, Geburtsdatum, Anschrift", "Name, date of birth, address")
    CONTACT = Text("Telefon und E-Mail", "Telephone and e-mail")
    OFFICIAL_IDS = Text("Ausweis- und Ordnungsnummern", "Identity documents and official numbers")
    FINANCES = Text("Bankverbindung und Einkommen", "Bank details and income")
    CREDENTIALS = Text("Zugangsdaten", "Credentials")
    CORRESPONDENCE = Text("Schriftverkehr und Bescheide", "Correspondence and decisions")
    HEALTH = Text("Gesundheit", "Health")
    BENEFITS = Text("Sozialleistungen", "Social benefits")
    STAFF = Text("Beschäftigung", "Employment")
    OFFENCES = Text("Straftaten und Ordnungswidrigkeiten", "Criminal and regulatory offences")
    PICTURES = Text("Bild- und Tonaufnahmen", "Pictures and recordings")
    LOCATION = Text("Standort und Nutzung", "Location and usage")


class Risk(Term):
    """Risk to the rights and freedoms of the persons concerned."""

    NONE = Text("Voraussichtlich kein Risiko", "Unlikely to result in a risk")
    RISK = Text("Risiko", "Risk")
    HIGH = Text("Voraussichtlich hohes Risiko", "Likely to result in a high risk")


class NoticeKind(Term):
    """How complete a notification is, Art. 33 (1) and (4) GDPR."""

    INITIAL = Text("Erste Meldung, unvollständig", "Initial notification, incomplete")
    PHASED = Text("Nachmeldung", "Follow-up notification")
    COMPLETE = Text("Vollständige Meldung", "Complete notification")


class NoticeChannel(Term):
    """How the authority was notified."""

    PORTAL = Text("Onlineformular der Aufsichtsbehörde", "Online form of the authority")
    MAIL = Text("E-Mail", "E-mail")
    LETTER = Text("Brief", "Letter")
    TELEPHONE = Text("Telefon", "Telephone")


class CommunicationForm(Term):
    """How the persons concerned were told, Art. 34 GDPR."""

    LETTER = Text("Brief", "Letter")
    MAIL = Text("E-Mail", "E-mail")
    TELEPHONE = Text("Telefon", "Telephone")
    IN_PERSON = Text("Persönlich", "In person")
    PUBLIC = Text("Öffentliche Bekanntmachung", "Public communication")


class CommunicationException(Term):
    """Why the persons concerned need not be told, Art. 34 (3) GDPR."""

    PROTECTED = Text(
        "Daten für Unbefugte unzugänglich, Art. 34 Abs. 3 lit. a", "Data unintelligible, Art. 34 (3) (a)"
    )
    AVERTED = Text("Hohes Risiko beseitigt, Art. 34 Abs. 3 lit. b", "High risk averted, Art. 34 (3) (b)")
    EFFORT = Text(
        "Unverhältnismäßig, stattdessen öffentlich, Art. 34 Abs. 3 lit. c",
        "Disproportionate, told in public instead, Art. 34 (3) (c)",
    )
    LAND = Text("Beschränkung nach § 10 LDSG SH", "Restriction under § 10 LDSG SH")


class BreachNotice(Part, of="Breach"):
    """One notification to the data protection authority."""

    kind: Mapped[NoticeKind | None] = choice(
        NoticeKind,
        "Art der Meldung",
        "Kind of notification",
        help=Text(
            "Was noch fehlt, darf schrittweise folgen.", "What is still missing may be provided in phases."
        ),
        basis="Art. 33 Abs. 1, 4 DSGVO",
        expected=True,
    )
    sent_at: Mapped[datetime | None] = moment(
        "Gemeldet am",
        "Notified on",
        help=Text("Zeitpunkt der Absendung.", "When it was sent."),
        basis="Art. 33 Abs. 1 DSGVO",
        expected=True,
    )
    channel: Mapped[NoticeChannel | None] = choice(
        NoticeChannel,
        "Weg",
        "Channel",
        help=Text("Auf welchem Weg gemeldet wurde.", "How it was sent."),
        basis="Art. 33 Abs. 1 DSGVO",
    )
    reference: Mapped[str] = line(
        "Aktenzeichen",
        "Reference",
        help=Text("Aktenzeichen oder Vorgangsnummer der Aufsichtsbehörde.", "Reference of the authority."),
        basis="Art. 33 Abs. 5 DSGVO",
    )


class Breach(Entry):
    """One personal data breach, from the first notice to its end."""

    slug = "breaches"
    prefix = "DV"
    area = Area.INCIDENTS
    title = Text("Datenschutzverletzungen", "Personal data breaches")
    one = Text("Datenschutzverletzung", "Personal data breach")
    due = ("running_until", "follow_up_on", "measures_until")
    advised = True

    with section("general", "Grundangaben", "General"):
        description: Mapped[str] = prose(
            "Was ist geschehen?",
            "What happened?",
            help=Text(
                "Der Hergang, ohne Namen betroffener Personen.", "The facts, without names of persons."
            ),
            basis="Art. 33 Abs. 3 lit. a, Abs. 5 DSGVO",
            expected=True,
        )
        natures: Mapped[tuple[Nature, ...]] = choices(
            Nature,
            "Art der Verletzung",
            "Nature of the breach",
            help=Text(
                "Daten offengelegt, verändert oder nicht verfügbar.",
                "Data disclosed, altered or unavailable.",
            ),
            basis="Art. 4 Nr. 12, Art. 33 Abs. 3 lit. a DSGVO",
            expected=True,
            listed=True,
        )
        causes: Mapped[tuple[Cause, ...]] = choices(
            Cause,
            "Ursache",
            "Cause",
            other="other_cause",
            help=Text("Soweit schon bekannt.", "As far as known."),
            basis="Art. 33 Abs. 5 DSGVO",
            expected=True,
        )
        other_cause: Mapped[str] = line(
            "Andere Ursache",
            "Other cause",
            help=Text("Was in der Auswahl fehlt.", "What the list lacks."),
            basis="Art. 33 Abs. 5 DSGVO",
            more=True,
        )
        intent: Mapped[Intent | None] = choice(
            Intent,
            "Versehen oder Vorsatz",
            "Mistake or intent",
            help=Text("Nach heutigem Stand.", "As things stand."),
            basis="Art. 33 Abs. 5 DSGVO",
            more=True,
        )
        ongoing: Mapped[bool | None] = flag(
            "Dauert die Verletzung an?",
            "Is the breach still going on?",
            help=Text(
                "Zum Beispiel, weil Daten weiter abrufbar sind.", "Such as data that can still be retrieved."
            ),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            more=True,
        )
        reporter: Mapped[str] = line(
            "Gemeldet von",
            "Reported by",
            help=Text(
                "Wer die Verletzung bemerkt hat. Wird verschlüsselt gespeichert.",
                "Who noticed the breach. Stored encrypted.",
            ),
            basis="Art. 33 Abs. 5 DSGVO",
            secret=True,
            personal=True,
        )

    with section("times", "Zeitlicher Verlauf", "Times"):
        occurred_from: Mapped[datetime | None] = moment(
            "Beginn der Verletzung",
            "Breach began",
            help=Text("Soweit bekannt.", "As far as known."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            expected=True,
        )
        occurred_to: Mapped[datetime | None] = moment(
            "Ende der Verletzung",
            "Breach ended",
            help=Text("Leer, solange sie andauert.", "Empty while it goes on."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
        )
        detected: Mapped[datetime | None] = moment(
            "Erstmals bemerkt",
            "First noticed",
            help=Text(
                "Als die erste beschäftigte Person der Stelle etwas bemerkte.",
                "When the first employee of the controller noticed something.",
            ),
            basis="Art. 33 Abs. 1 DSGVO",
            expected=True,
        )
        aware: Mapped[datetime | None] = moment(
            "Bekannt geworden",
            "Became known",
            help=Text(
                "Ab hier läuft die Frist. In der Regel der Zeitpunkt, zu dem die erste beschäftigte Person "
                "es bemerkte, nie der Eingang eines Formulars.",
                "The clock runs from here. As a rule, when the first employee noticed, never when a form "
                "arrived.",
            ),
            basis="Art. 33 Abs. 1 DSGVO",
            expected=True,
            listed=True,
        )
        aware_reason: Mapped[str] = prose(
            "Warum die Frist später beginnt",
            "Why the clock starts later",
            help=Text(
                "Nur nötig, wenn „Bekannt geworden“ nach „Erstmals bemerkt“ liegt. Ohne Begründung läuft "
                "die Frist ab der ersten Wahrnehmung.",
                "Needed only where “became known” is later than “first noticed”. Without a reason the clock "
                "runs from the first notice.",
            ),
            basis="Art. 33 Abs. 1, Art. 5 Abs. 2 DSGVO",
            more=True,
        )
        notify_by: Mapped[datetime | None] = moment(
            "Melden bis (72 Stunden genau)", "Notify by (72 hours to the minute)", fixed=True, listed=True
        )
        notify_latest: Mapped[datetime | None] = moment("Rechtlich spätestens", "Latest in law", fixed=True)
        running_until: Mapped[datetime | None] = moment("Laufende Meldefrist", "Running period", fixed=True)
        dpo_informed: Mapped[datetime | None] = moment(
            "Datenschutzbeauftragte unterrichtet",
            "Data protection officer informed",
            help=Text("Frühzeitig, nicht erst zur Meldung.", "Early, not only for the notification."),
            basis="Art. 38 Abs. 1 DSGVO",
            expected=True,
        )
        closed: Mapped[datetime | None] = moment(
            "Abgeschlossen",
            "Closed",
            help=Text("Wenn nichts mehr zu veranlassen ist.", "When nothing is left to do."),
            basis="Art. 33 Abs. 5 DSGVO",
        )

    with section("affected", "Was und wer betroffen ist", "What and who is affected"):
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Betroffene Verarbeitungstätigkeiten",
            "Activities affected",
            help=Text("Aus dem Verzeichnis.", "From the record."),
            basis="Art. 33 Abs. 5 DSGVO",
            expected=True,
        )
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Betroffene Anwendungen und Systeme",
            "Applications and systems affected",
            help=Text(
                "Was verloren, angegriffen oder gestört wurde.", "What was lost, attacked or disturbed."
            ),
            basis="Art. 33 Abs. 5 DSGVO",
        )
        subjects: Mapped[tuple[Subjects, ...]] = choices(
            Subjects,
            "Betroffene Personen",
            "Data subjects",
            other="other_subjects",
            help=Text("Alle Gruppen, die betroffen sein können.", "All groups that may be affected."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            expected=True,
        )
        other_subjects: Mapped[str] = line(
            "Weitere betroffene Personen",
            "Other data subjects",
            help=Text("Was in der Auswahl fehlt.", "What the list lacks."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            more=True,
        )
        subject_count: Mapped[int | None] = number(
            "Ungefähre Zahl der Personen",
            "Approximate number of persons",
            help=Text("Geschätzt genügt; später berichtigen.", "An estimate will do; correct it later."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            expected=True,
        )
        data_kinds: Mapped[tuple[BreachedData, ...]] = choices(
            BreachedData,
            "Betroffene Daten",
            "Data concerned",
            other="other_data",
            help=Text("Alle Arten von Daten, die betroffen sein können.", "All data that may be affected."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            expected=True,
        )
        other_data: Mapped[str] = line(
            "Weitere Daten",
            "Other data",
            help=Text("Was in der Auswahl fehlt.", "What the list lacks."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            more=True,
        )
        record_count: Mapped[int | None] = number(
            "Ungefähre Zahl der Datensätze",
            "Approximate number of records",
            help=Text("Geschätzt genügt; später berichtigen.", "An estimate will do; correct it later."),
            basis="Art. 33 Abs. 3 lit. a DSGVO",
            expected=True,
        )
        special: Mapped[bool | None] = flag(
            "Besondere Kategorien oder Straftaten?",
            "Special categories or offences?",
            help=Text(
                "Gesundheit, Herkunft, Religion, Politik, Biometrie, Verurteilungen.",
                "Health, origin, religion, politics, biometrics, convictions.",
            ),
            basis="Art. 9, 10 DSGVO",
            expected=True,
        )
        social: Mapped[bool | None] = flag(
            "Sozialdaten?",
            "Social data?",
            help=Text(
                "Dann ist auch die Rechts- oder Fachaufsicht zu unterrichten.",
                "Then the legal or technical supervision must be told, too.",
            ),
            basis="§ 83a SGB X",
            expected=True,
            listed=True,
        )
        cross_border: Mapped[bool | None] = flag(
            "Personen in anderen Mitgliedstaaten betroffen?",
            "Persons in other member states concerned?",
            help=Text("Zum Beispiel bei Grenzpendelnden.", "Such as cross-border commuters."),
            basis="Art. 33 Abs. 1, Art. 55, 56 DSGVO",
            more=True,
        )

    with section("processor", "Auftragsverarbeiter", "Processor"):
        processors: Mapped[list[Processor]] = references(
            "Processor",
            "Beteiligte Auftragsverarbeiter",
            "Processors involved",
            help=Text("Bei denen die Verletzung eingetreten ist.", "With whom the breach occurred."),
            basis="Art. 33 Abs. 2 DSGVO",
        )
        processor_aware: Mapped[datetime | None] = moment(
            "Dem Auftragsverarbeiter bekannt",
            "Known to the processor",
            help=Text("Nach seiner Auskunft.", "According to the processor."),
            basis="Art. 33 Abs. 2 DSGVO",
            more=True,
        )
        processor_informed: Mapped[datetime | None] = moment(
            "Vom Auftragsverarbeiter unterrichtet",
            "Informed by the processor",
            help=Text("Wann seine Meldung hier einging.", "When its notice arrived here."),
            basis="Art. 33 Abs. 2 DSGVO",
            more=True,
        )

    with section("risk", "Folgen und Risiko", "Consequences and risk"):
        protected: Mapped[str] = prose(
            "Schutz vor der Verletzung",
            "Protection before the breach",
            help=Text(
                "Zum Beispiel Verschlüsselung, Berechtigungen, Sicherungen.",
                "Such as encryption, access rights, backups.",
            ),
            basis="Art. 33 Abs. 5, Art. 34 Abs. 3 lit. a DSGVO",
        )
        consequences: Mapped[str] = prose(
            "Wahrscheinliche Folgen",
            "Likely consequences",
            help=Text(
                "Für die betroffenen Personen, nicht für die Verwaltung.",
                "For the persons concerned, not for the authority.",
            ),
            basis="Art. 33 Abs. 3 lit. c DSGVO",
            expected=True,
        )
        effects: Mapped[str] = prose(
            "Eingetretene Auswirkungen",
            "Effects so far",
            help=Text(
                "Was tatsächlich geschehen ist; auch „keine bekannt“.", "What happened; also “none known”."
            ),
            basis="Art. 33 Abs. 5 DSGVO",
            expected=True,
        )
        estimate: Mapped[Risk | None] = choice(
            Risk,
            "Einschätzung des Risikos",
            "Estimate of the risk",
            help=Text("Vorschlag; die Leitung entscheidet.", "A proposal; management decides."),
            basis="Art. 33 Abs. 1, Art. 34 Abs. 1 DSGVO",
            expected=True,
        )
        estimate_reason: Mapped[str] = prose(
            "Begründung der Einschätzung",
            "Reasons for the estimate",
            help=Text(
                "Schwere und Wahrscheinlichkeit möglicher Schäden.", "Severity and likelihood of harm."
            ),
            basis="Art. 33 Abs. 5, Art. 5 Abs. 2 DSGVO",
        )
        risk: Mapped[Risk | None] = choice(
            Risk, "Entscheidung über das Risiko", "Decision on the risk", fixed=True, listed=True
        )
        risk_reason: Mapped[str] = prose(
            "Begründung der Entscheidung", "Reasons for the decision", fixed=True
        )
        decided_by: Mapped[str] = line("Entschieden von", "Decided by", fixed=True, personal=True)
        decided_at: Mapped[datetime | None] = moment("Entschieden am", "Decided on", fixed=True)

    with section("measures", "Maßnahmen", "Measures"):
        measures_taken: Mapped[str] = prose(
            "Ergriffene Maßnahmen",
            "Measures taken",
            help=Text("Um den Schaden zu begrenzen und abzuhelfen.", "To limit and repair the damage."),
            basis="Art. 33 Abs. 3 lit. d, Abs. 5 DSGVO",
            expected=True,
        )
        measures_planned: Mapped[str] = prose(
            "Geplante Maßnahmen",
            "Measures planned",
            help=Text("Damit es nicht wieder geschieht.", "To keep it from happening again."),
            basis="Art. 33 Abs. 3 lit. d DSGVO",
            expected=True,
        )
        measures_until: Mapped[date | None] = day(
            "Geplante Maßnahmen bis",
            "Planned measures by",
            help=Text("Erscheint auf der Startseite.", "Appears on the start page."),
            basis="Art. 32 Abs. 1 DSGVO",
        )
        reviewed: Mapped[bool | None] = flag(
            "Folgenabschätzung und Maßnahmen der Tätigkeiten überprüft?",
            "Impact assessment and measures of the activities reviewed?",
            help=Text(
                "Eine Verletzung zeigt, ob das Risiko richtig eingeschätzt war.",
                "A breach shows whether the risk was assessed correctly.",
            ),
            basis="Art. 35 Abs. 11, Art. 32 DSGVO",
        )

    with section("notification", "Meldung an die Aufsichtsbehörde", "Notification to the authority"):
        notices: Mapped[list[BreachNotice]] = rows(
            BreachNotice,
            "Meldungen",
            "Notifications",
            help=Text("Die erste Meldung und jede Nachmeldung.", "The first one and each follow-up."),
            basis="Art. 33 Abs. 1, 4 DSGVO",
        )
        notified: Mapped[datetime | None] = moment("Erstmals gemeldet", "First notified", fixed=True)
        late_reason: Mapped[str] = prose(
            "Gründe für die Verzögerung",
            "Reasons for the delay",
            help=Text(
                "Nötig, wenn nicht binnen 72 Stunden gemeldet wurde.", "Needed after more than 72 hours."
            ),
            basis="Art. 33 Abs. 1 Satz 2 DSGVO",
            more=True,
        )
        follow_up_on: Mapped[date | None] = day(
            "Nachmeldung fällig am",
            "Follow-up due on",
            help=Text("Bis wann fehlende Angaben folgen.", "By when missing information will follow."),
            basis="Art. 33 Abs. 4 DSGVO",
        )
        supervision_informed: Mapped[datetime | None] = moment(
            "Rechts- oder Fachaufsicht unterrichtet",
            "Legal or technical supervision informed",
            help=Text("Bei Sozialdaten zusätzlich zur Aufsichtsbehörde.", "For social data, in addition."),
            basis="§ 83a SGB X",
            when="social",
        )
        other_authorities: Mapped[str] = prose(
            "Weitere Stellen",
            "Other bodies",
            help=Text(
                "Zum Beispiel Polizei, BSI, gemeinsam Verantwortliche.",
                "Such as police, BSI, joint controllers.",
            ),
            basis="Art. 26, Art. 33 Abs. 5 DSGVO",
            more=True,
        )
        feedback: Mapped[str] = prose(
            "Rückmeldung der Aufsichtsbehörde",
            "Response of the authority",
            help=Text("Rückfragen, Hinweise, Abschluss.", "Questions, advice, end of the case."),
            basis="Art. 33 Abs. 5 DSGVO",
            more=True,
        )

    with section("communication", "Benachrichtigung der betroffenen Personen", "Communication to persons"):
        subjects_informed: Mapped[datetime | None] = moment(
            "Betroffene Personen benachrichtigt",
            "Persons informed",
            help=Text("Unverzüglich bei hohem Risiko.", "Without undue delay where the risk is high."),
            basis="Art. 34 Abs. 1 DSGVO",
        )
        communication_form: Mapped[CommunicationForm | None] = choice(
            CommunicationForm,
            "Form",
            "Form",
            help=Text(
                "Unmittelbar und getrennt von anderen Nachrichten.", "Direct, apart from other messages."
            ),
            basis="Art. 34 Abs. 2 DSGVO",
        )
        advice: Mapped[str] = prose(
            "Empfehlungen an die betroffenen Personen",
            "Advice to the persons concerned",
            help=Text(
                "Was sie selbst tun können, in klarer Sprache.", "What they can do, in plain language."
            ),
            basis="Art. 34 Abs. 2 DSGVO",
        )
        exception: Mapped[CommunicationException | None] = choice(
            CommunicationException,
            "Warum nicht benachrichtigt wird",
            "Why persons are not informed",
            help=Text("Nur, wenn eine Ausnahme greift.", "Only where an exception applies."),
            basis="Art. 34 Abs. 3 DSGVO, § 10 LDSG SH",
            more=True,
        )
        exception_reason: Mapped[str] = prose(
            "Begründung der Ausnahme",
            "Reasons for the exception",
            help=Text("Woran sich zeigt, dass sie greift.", "What shows that it applies."),
            basis="Art. 34 Abs. 3, Art. 5 Abs. 2 DSGVO",
            more=True,
        )

    @property
    def clock_begins(self) -> datetime | None:
        """When the period of Art. 33 (1) begins: with the first notice, unless a reason speaks for later."""
        known = [at for at in (self.detected, self.aware) if at is not None]
        if self.aware is not None and self.aware_reason.strip():
            return self.aware
        return min(known, default=None)

    @property
    def clock_runs(self) -> bool:
        """Whether the notification is still owed, as far as anybody has decided."""
        begun = self.notify_by is not None and self.notified is None
        return begun and self.risk is not Risk.NONE

    @property
    def is_fully_notified(self) -> bool:
        return any(notice.kind is NoticeKind.COMPLETE and notice.sent_at for notice in self.notices)

    def derive(self) -> None:
        """Sets the two ends of the period, the first notification and the end that still is ahead."""
        begins = self.clock_begins
        ends = breach_deadline(begins) if begins is not None else None
        self.notify_by = ends.strict if ends else None
        self.notify_latest = ends.latest if ends else None
        self.notified = min((notice.sent_at for notice in self.notices if notice.sent_at), default=None)
        self.running_until = self.notify_by if self.clock_runs else None


def decide(_session: Session, breach: Breach, risk: str, reason: str, *, by: Identity) -> None:
    """Records the decision of management on the risk of *breach*.

    The data protection officer lacks the permission, because who advises does not
    decide (Art. 38 (6), 39 GDPR). Raises :class:`Refused` without risk or reason.
    """
    demand(by, Permission.RELEASE, breach)
    if risk not in Risk.__members__ or not reason.strip():
        raise Refused(_INCOMPLETE)
    breach.risk = Risk[risk]
    breach.risk_reason = reason
    breach.decided_by = by.name
    breach.decided_at = now()
    _session.info["action"] = "decide"


_INCOMPLETE = Text(
    "Die Entscheidung braucht eine Einstufung und eine Begründung.", "The decision needs a level and reasons."
)


# --- What comes next -----------------------------------------------------------------------------

_STEPS: Final[tuple[tuple[Callable[[Breach], bool], Text], ...]] = (
    (
        lambda breach: breach.closed is not None,
        Text("Der Vorgang ist abgeschlossen.", "The case is closed."),
    ),
    (
        lambda breach: breach.clock_begins is None,
        Text(
            "Eintragen, wann die erste beschäftigte Person die Verletzung bemerkte.",
            "Enter when the first employee noticed the breach.",
        ),
    ),
    (
        lambda breach: breach.risk is None and breach.estimate is None,
        Text(
            "Das Risiko einschätzen und der Leitung zur Entscheidung vorlegen.",
            "Estimate the risk and put it to management for decision.",
        ),
    ),
    (
        lambda breach: breach.risk is None,
        Text("Die Leitung entscheidet über das Risiko.", "Management decides on the risk."),
    ),
    (
        lambda breach: breach.risk is not Risk.NONE and breach.notified is None,
        Text(
            "Die Verletzung der Aufsichtsbehörde melden; Fehlendes kann nachgereicht werden.",
            "Notify the authority; what is missing can follow later.",
        ),
    ),
    (
        lambda breach: (
            breach.social is True and breach.notified is not None and not breach.supervision_informed
        ),
        Text(
            "Die Rechts- oder Fachaufsicht unterrichten (Sozialdaten).",
            "Inform the legal or technical supervision (social data).",
        ),
    ),
    (
        lambda breach: breach.risk is Risk.HIGH and not breach.subjects_informed and breach.exception is None,
        Text("Die betroffenen Personen benachrichtigen.", "Inform the persons concerned."),
    ),
    (
        lambda breach: breach.notified is not None and not breach.is_fully_notified,
        Text("Fehlende Angaben nachmelden.", "Provide the missing information to the authority."),
    ),
    (
        lambda breach: not (breach.effects and breach.measures_taken),
        Text("Auswirkungen und Abhilfe dokumentieren.", "Document effects and remedial action."),
    ),
    (
        lambda breach: bool(breach.activities) and breach.reviewed is not True,
        Text(
            "Folgenabschätzung und Maßnahmen der betroffenen Tätigkeiten überprüfen.",
            "Review impact assessment and measures of the activities affected.",
        ),
    ),
)


def next_step(breach: Breach) -> Text:
    """What has to be done next about *breach*."""
    return next((step for holds, step in _STEPS if holds(breach)), _CLOSE)


_CLOSE = Text("Den Vorgang abschließen.", "Close the case.")
