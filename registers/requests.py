"""Requests of data subjects (Anträge betroffener Personen), Art. 12 and 15 to 22 GDPR."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, object_session

from compliance.deadlines import Pause, request_deadline
from compliance.entry import Area, Entry
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    in_order,
    line,
    prose,
    references,
    section,
)
from compliance.language import Text
from compliance.people import Organisation, land_of
from registers.objects import TargetObject
from registers.processing import LegalBasis, ProcessingActivity, Purpose, Subjects
from registers.public_address import settle_public_name

INTERNAL_TARGET: Final = timedelta(days=7)
"""So many days before the period ends, the answer should be out."""


class Right(Term):
    """Which right is exercised."""

    ACCESS = Text("Auskunft, Art. 15", "Access, Art. 15")
    RECTIFICATION = Text("Berichtigung, Art. 16", "Rectification, Art. 16")
    ERASURE = Text("Löschung, Art. 17", "Erasure, Art. 17")
    RESTRICTION = Text("Einschränkung, Art. 18", "Restriction, Art. 18")
    PORTABILITY = Text("Datenübertragbarkeit, Art. 20", "Portability, Art. 20")
    OBJECTION = Text("Widerspruch, Art. 21", "Objection, Art. 21")
    AUTOMATED = Text(
        "Keine ausschließlich automatisierte Entscheidung, Art. 22", "No solely automated decision, Art. 22"
    )
    WITHDRAWAL = Text("Widerruf einer Einwilligung, Art. 7 Abs. 3", "Withdrawal of consent, Art. 7 (3)")


class Channel(Term):
    """How something arrives or leaves."""

    LETTER = Text("Brief", "Letter")
    MAIL = Text("E-Mail", "E-mail")
    FORM = Text("Onlineformular", "Online form")
    ACCOUNT = Text("Bürgerkonto oder Postfach", "Citizen account or mailbox")
    IN_PERSON = Text("Persönlich", "In person")
    TELEPHONE = Text("Telefon", "Telephone")


class IdentityCheck(Term):
    """How the identity was made certain, Art. 12 (6) GDPR."""

    KNOWN = Text("Ohne Zweifel bekannt", "Known beyond doubt")
    DOCUMENT = Text("Ausweis vorgelegt", "Identity document shown")
    ELECTRONIC = Text("Elektronischer Identitätsnachweis", "Electronic identification")
    FILE = Text("Abgleich mit der Akte", "Comparison with the file")


class Result(Term):
    """How the request was decided."""

    GRANTED = Text("Erfüllt", "Granted")
    NOTHING = Text("Erfüllt: keine Daten vorhanden", "Granted: no data held")
    PARTLY = Text("Teilweise erfüllt", "Granted in part")
    REFUSED = Text("Abgelehnt, Art. 12 Abs. 4", "Refused, Art. 12 (4)")
    UNFOUNDED = Text(
        "Offensichtlich unbegründet oder exzessiv, Art. 12 Abs. 5",
        "Manifestly unfounded or excessive, Art. 12 (5)",
    )
    WITHDRAWN = Text("Zurückgenommen", "Withdrawn")


class SubjectRequest(Entry):
    """One request, from its arrival to the answer."""

    slug = "requests"
    prefix = "AN"
    area = Area.REQUESTS
    title = Text("Anträge betroffener Personen", "Requests of data subjects")
    one = Text("Antrag", "Request")
    due = ("target", "owed_by")

    with section("general", "Grundangaben", "General"):
        rights: Mapped[tuple[Right, ...]] = choices(
            Right,
            "Geltend gemachte Rechte",
            "Rights exercised",
            help=Text(
                "Auslegen, was gewollt ist; niemand muss Artikel nennen.", "What is meant; nobody must cite."
            ),
            basis="Art. 15 bis 22, Art. 7 Abs. 3 DSGVO",
            expected=True,
            listed=True,
        )
        received: Mapped[date | None] = day(
            "Eingegangen",
            "Received",
            help=Text(
                "Tag, an dem der Antrag die Stelle erreichte, gleich an welchem Schreibtisch.",
                "Day on which the request reached the controller, at whatever desk.",
            ),
            basis="Art. 12 Abs. 3 DSGVO",
            expected=True,
            listed=True,
        )
        channel: Mapped[Channel | None] = choice(
            Channel,
            "Eingang auf welchem Weg",
            "Received by",
            help=Text(
                "Wer elektronisch fragt, bekommt elektronisch Antwort.", "Electronic in, electronic out."
            ),
            basis="Art. 12 Abs. 3 Satz 4 DSGVO",
            expected=True,
        )
        wish: Mapped[str] = prose(
            "Inhalt des Antrags",
            "What is asked for",
            help=Text(
                "Worum es der Person geht. Wird verschlüsselt gespeichert.",
                "What the person wants. Stored encrypted.",
            ),
            basis="Art. 12 Abs. 2 DSGVO",
            expected=True,
            secret=True,
            personal=True,
        )

    with section("person", "Person", "Person"):
        requester: Mapped[str] = line(
            "Antragstellende Person",
            "Requester",
            help=Text(
                "Name. Wird verschlüsselt gespeichert; nicht in die Bezeichnung schreiben.",
                "Name. Stored encrypted; keep it out of the title.",
            ),
            basis="Art. 12 Abs. 2 DSGVO",
            expected=True,
            secret=True,
            personal=True,
        )
        contact: Mapped[str] = prose(
            "Anschrift oder E-Mail",
            "Address or e-mail",
            help=Text(
                "Wohin die Antwort geht. Wird verschlüsselt gespeichert.",
                "Where to answer. Stored encrypted.",
            ),
            basis="Art. 12 Abs. 3 DSGVO",
            expected=True,
            secret=True,
            personal=True,
        )
        for_another: Mapped[bool | None] = flag(
            "Handelt jemand für die betroffene Person?",
            "Does somebody act for the data subject?",
            help=Text("Mit Vollmacht, als Eltern oder Betreuung.", "By proxy, as parents or guardian."),
            basis="Art. 12 Abs. 2, 6 DSGVO",
        )
        represented: Mapped[str] = line(
            "Betroffene Person",
            "Data subject",
            help=Text(
                "Für wen gehandelt wird. Wird verschlüsselt gespeichert.",
                "Who is represented. Stored encrypted.",
            ),
            basis="Art. 12 Abs. 2 DSGVO",
            expected=True,
            when="for_another",
            secret=True,
            personal=True,
        )
        authority_shown: Mapped[bool | None] = flag(
            "Vertretung nachgewiesen?",
            "Authority to act shown?",
            help=Text("Vollmacht oder Sorgerecht liegt vor.", "Power of attorney or custody is shown."),
            basis="Art. 12 Abs. 6 DSGVO",
            expected=True,
            when="for_another",
        )
        subjects: Mapped[tuple[Subjects, ...]] = choices(
            Subjects,
            "In welcher Eigenschaft",
            "In what capacity",
            help=Text(
                "Danach findet die Antwort die Tätigkeiten mit Daten über solche Personen.",
                "By this the answer finds the activities with data about such persons.",
            ),
            basis="Art. 15 Abs. 1 DSGVO",
            expected=True,
        )

    with section("questions", "Rückfragen", "Questions asked"):
        identity: Mapped[IdentityCheck | None] = choice(
            IdentityCheck,
            "Identität geklärt durch",
            "Identity made certain by",
            help=Text(
                "Nur bei begründeten Zweifeln nachfragen.", "Ask only where there is reasonable doubt."
            ),
            basis="Art. 12 Abs. 6 DSGVO",
            expected=True,
        )
        identity_doubt: Mapped[str] = prose(
            "Worin der Zweifel an der Identität besteht",
            "Why the identity is in doubt",
            help=Text("Ein Ausweis wird nicht auf Vorrat verlangt.", "No document is demanded as a routine."),
            basis="Art. 12 Abs. 6 DSGVO",
            more=True,
        )
        identity_asked: Mapped[date | None] = day(
            "Identitätsnachweis verlangt",
            "Proof of identity asked for",
            help=Text("Unverzüglich gefragt, hält die Frist an.", "Asked promptly, it pauses the period."),
            basis="Art. 12 Abs. 6 DSGVO",
            more=True,
        )
        identity_cleared: Mapped[date | None] = day(
            "Identität geklärt am",
            "Identity made certain on",
            help=Text("Ab dann läuft die Frist weiter.", "From then the period runs on."),
            basis="Art. 12 Abs. 6 DSGVO",
            more=True,
        )
        scope_asked: Mapped[date | None] = day(
            "Nach dem Umfang gefragt",
            "Scope asked for",
            help=Text(
                "Nur, wenn sehr viele Daten verarbeitet werden.",
                "Only where a large amount of data is processed.",
            ),
            basis="Art. 12 Abs. 3 DSGVO, EDSA-Leitlinien 01/2022",
            more=True,
        )
        scope_answered: Mapped[date | None] = day(
            "Umfang geklärt am",
            "Scope answered on",
            help=Text("Ab dann läuft die Frist weiter.", "From then the period runs on."),
            basis="Art. 12 Abs. 3 DSGVO, EDSA-Leitlinien 01/2022",
            more=True,
        )

    with section("deadlines", "Fristen", "Deadlines"):
        owed_by: Mapped[date | None] = day("Antwort offen bis", "Answer owed by", fixed=True, listed=True)
        due_on: Mapped[date | None] = day("Frist nach einem Monat", "Period of one month ends", fixed=True)
        due_unpaused: Mapped[date | None] = day(
            "Fällig ohne Anrechnung der Rückfragen", "Due if questions did not pause", fixed=True
        )
        target: Mapped[date | None] = day("Internes Ziel", "Internal target", fixed=True)
        extendable_to: Mapped[date | None] = day(
            "Längstens bei Verlängerung", "At most if extended", fixed=True
        )
        land_holiday: Mapped[bool | None] = flag(
            "Am letzten Tag ist nur im Land Feiertag",
            "The last day is a holiday of the Land only",
            fixed=True,
        )
        paused: Mapped[bool | None] = flag(
            "Rückfrage offen, die Frist ruht", "A question is open, the period rests", fixed=True
        )
        extension_notice: Mapped[date | None] = day(
            "Verlängerung mitgeteilt am",
            "Extension told on",
            help=Text("Innerhalb des ersten Monats.", "Within the first month."),
            basis="Art. 12 Abs. 3 Satz 3 DSGVO",
            more=True,
        )
        extension_reason: Mapped[str] = prose(
            "Gründe der Verlängerung",
            "Reasons for the extension",
            help=Text("Komplexität oder Zahl der Anträge.", "Complexity or number of requests."),
            basis="Art. 12 Abs. 3 Satz 2, 3 DSGVO",
            more=True,
        )

    with section("search", "Suche", "Search"):
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Verarbeitungstätigkeiten mit Daten der Person",
            "Activities with data of the person",
            help=Text("Aus dem Verzeichnis.", "From the record."),
            basis="Art. 15 Abs. 1 DSGVO",
            expected=True,
        )
        searched: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Durchsuchte Anwendungen und Systeme",
            "Applications and systems searched",
            help=Text("Nur ankreuzen, was wirklich durchsucht wurde.", "Tick only what really was searched."),
            basis="Art. 15 Abs. 1 DSGVO",
        )
        unsearched: Mapped[list[TargetObject]] = references(
            "TargetObject", "Noch nicht durchsucht", "Not searched yet", fixed=True
        )
        elsewhere: Mapped[str] = prose(
            "Sonstige Ablagen",
            "Other places",
            help=Text(
                "Papierakten, Postfächer, Laufwerke und wer dort suchte.",
                "Paper, mailboxes, drives, and who searched.",
            ),
            basis="Art. 15 Abs. 1 DSGVO",
            more=True,
        )
        bases: Mapped[tuple[LegalBasis, ...]] = choices(
            LegalBasis, "Rechtsgrundlagen der Tätigkeiten", "Legal bases of the activities", fixed=True
        )

    with section("answer", "Antwort", "Answer"):
        result: Mapped[Result | None] = choice(
            Result,
            "Ergebnis",
            "Result",
            help=Text(
                "Je Antrag eines; Einzelheiten in der Begründung.",
                "One for each request; details in the reasons.",
            ),
            basis="Art. 12 Abs. 3, 4, 5 DSGVO",
            expected=True,
            listed=True,
        )
        reasons: Mapped[str] = prose(
            "Gründe",
            "Reasons",
            help=Text(
                "Nötig, soweit dem Antrag nicht gefolgt wird.", "Needed where the request is not followed."
            ),
            basis="Art. 12 Abs. 4 DSGVO",
        )
        remedies: Mapped[bool | None] = flag(
            "Auf Beschwerde und Rechtsbehelf hingewiesen?",
            "Complaint and judicial remedy pointed out?",
            help=Text("Aufsichtsbehörde und Gericht.", "Supervisory authority and court."),
            basis="Art. 12 Abs. 4 DSGVO",
        )
        compelling: Mapped[bool | None] = flag(
            "Zwingende Gründe gegen den Widerspruch?",
            "Compelling grounds against the objection?",
            help=Text(
                "Zwingende schutzwürdige Gründe oder eine Rechtspflicht, § 11 LDSG SH.",
                "Compelling legitimate grounds, or a legal obligation, § 11 LDSG SH.",
            ),
            basis="Art. 21 Abs. 1 DSGVO, § 11 LDSG SH",
            more=True,
        )
        recipients_told: Mapped[bool | None] = flag(
            "Empfänger unterrichtet?",
            "Recipients told?",
            help=Text(
                "Nach Berichtigung, Löschung oder Einschränkung.",
                "After rectification, erasure or restriction.",
            ),
            basis="Art. 19 DSGVO",
            more=True,
        )
        sent_on: Mapped[date | None] = day(
            "Antwort abgesandt am",
            "Answer sent on",
            help=Text("Tag der Absendung.", "Day of dispatch."),
            basis="Art. 12 Abs. 3 DSGVO",
        )
        dispatch: Mapped[Channel | None] = choice(
            Channel,
            "Versand auf welchem Weg",
            "Sent by",
            help=Text(
                "Sicher, weil personenbezogene Daten enthalten sind.",
                "Secure, because it holds personal data.",
            ),
            basis="Art. 12 Abs. 3, Art. 32 DSGVO",
        )

    @property
    def ends(self) -> date | None:
        """The day by which the answer is owed; an extension counts if it was told in time, with reasons."""
        told = self.extension_notice
        in_time = told is not None and self.due_on is not None and told <= self.due_on
        return self.extendable_to if in_time and self.extension_reason.strip() else self.due_on

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The questions that were asked, with their answers."""
        asked = ((self.identity_asked, self.identity_cleared), (self.scope_asked, self.scope_answered))
        return tuple(Pause(begins, ends) for begins, ends in asked if begins is not None)

    @property
    def is_open(self) -> bool:
        return self.sent_on is None and self.result is not Result.WITHDRAWN

    def derive(self) -> None:
        """Sets the deadlines, and what the activities say about systems and legal bases."""
        session = object_session(self)
        self._set_deadlines(land_of(session, self.organisation_id) if session else "")
        if session:
            ids = [activity.id for activity in self.activities]
            searched = {system.id for system in self.searched}
            wanted = [system for system in _systems_of(session, ids) if system.id not in searched]
            if wanted != self.unsearched:
                self.unsearched = wanted
            self.bases = in_order(LegalBasis, _bases_of(session, ids))

    def _set_deadlines(self, land: str) -> None:
        if self.received is None:
            self.due_on = self.due_unpaused = self.extendable_to = self.owed_by = self.target = None
            self.land_holiday = self.paused = None
            return
        found = request_deadline(self.received, land=land, pauses=self.pauses)
        self.due_on = found.due.day
        self.due_unpaused = found.unpaused.due.day if found.unpaused else found.due.day
        self.extendable_to = found.extended.day
        self.land_holiday = found.due.land_holiday_only or None
        self.paused = found.suspended or None
        self.owed_by = self.ends if self.is_open else None
        self.target = self.owed_by - INTERNAL_TARGET if self.owed_by else None


def _systems_of(session: Session, activities: list[uuid.UUID]) -> list[TargetObject]:
    """The systems on which *activities* run, by number."""
    query = select(TargetObject).select_from(ProcessingActivity).join(ProcessingActivity.objects)
    query = query.where(ProcessingActivity.id.in_(activities)).distinct()
    return sorted(session.scalars(query), key=lambda system: system.number)


def _bases_of(session: Session, activities: list[uuid.UUID]) -> Iterator[LegalBasis]:
    query = select(Purpose.legal_basis).where(Purpose.parent_id.in_(activities)).distinct()
    return (basis for basis in session.scalars(query) if basis is not None)


# --- The public forms ----------------------------------------------------------------------------


def switch_public_desk(session: Session, organisation_id: uuid.UUID, public_name: str, *, on: bool) -> str:
    """Opens or closes the public forms of an organisation; returns its name in addresses.

    Raises :class:`Refused` for a name that does not fit an address or is taken.
    """
    organisation = session.get_one(Organisation, organisation_id)
    organisation.public_desk = on
    return settle_public_name(session, organisation, public_name)
