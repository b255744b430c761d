"""The library of legal bases (Rechtsgrundlagen) and of the authority's own rules (eigene Regelungen).

One entry is one act, regulation, by-law, service agreement or service instruction.
Activities choose from it instead of typing, so that a repeal or a new version is
found at everything that rests on it.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, inspect
from sqlalchemy.orm import Mapped, mapped_column

from compliance.database import now
from compliance.entry import Area, Entry
from compliance.fields import Term, choice, choices, day, flag, line, prose, reference, section
from compliance.language import Text
from registers.processing import LegalBasis, SpecialException


class Level(Term):
    """Who made the norm."""

    UNION = Text("Europäische Union", "European Union")
    FEDERAL = Text("Bund", "Federation")
    LAND = Text("Land", "Land")
    OWN = Text("Eigene Regelung", "Own rule")


class Land(Term):
    """The Länder, by the codes that the library and the organisations use."""

    BW = Text("Baden-Württemberg", "Baden-Württemberg")
    BY = Text("Bayern", "Bavaria")
    BE = Text("Berlin", "Berlin")
    BB = Text("Brandenburg", "Brandenburg")
    HB = Text("Bremen", "Bremen")
    HH = Text("Hamburg", "Hamburg")
    HE = Text("Hessen", "Hesse")
    MV = Text("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania")
    NI = Text("Niedersachsen", "Lower Saxony")
    NW = Text("Nordrhein-Westfalen", "North Rhine-Westphalia")
    RP = Text("Rheinland-Pfalz", "Rhineland-Palatinate")
    SL = Text("Saarland", "Saarland")
    SN = Text("Sachsen", "Saxony")
    ST = Text("Sachsen-Anhalt", "Saxony-Anhalt")
    SH = Text("Schleswig-Holstein", "Schleswig-Holstein")
    TH = Text("Thüringen", "Thuringia")


class NormKind(Term):
    """What kind of norm it is."""

    ACT = Text("Gesetz", "Act")
    REGULATION = Text("Verordnung", "Regulation")
    DIRECTIVE = Text("Richtlinie", "Directive")
    DECISION = Text("Beschluss", "Decision")
    BYLAW = Text("Satzung", "By-law")
    SERVICE_AGREEMENT = Text("Dienstvereinbarung", "Service agreement")
    SERVICE_INSTRUCTION = Text("Dienstanweisung", "Service instruction")
    COLLECTIVE_AGREEMENT = Text("Tarifvertrag", "Collective agreement")


class Subject(Term):
    """What a norm is about."""

    DATA_PROTECTION = Text("Datenschutz allgemein", "Data protection in general")
    ADMINISTRATION = Text("Verwaltungsverfahren", "Administrative procedure")
    DIGITAL = Text("Digitale Verwaltung und Informationssicherheit", "Digital services and security")
    GOVERNMENT = Text("Kommunalverfassung und Wahlen", "Local government and elections")
    STAFF = Text("Personal", "Staff")
    TAXES = Text("Abgaben, Haushalt und Kasse", "Taxes, budget and accounting")
    REGISTRATION = Text("Melde-, Pass- und Personenstandswesen", "Registration, passports, civil status")
    FOREIGNERS = Text("Aufenthalt und Staatsangehörigkeit", "Residence and nationality")
    SOCIAL = Text("Soziales", "Social affairs")
    EDUCATION = Text("Kinder, Jugend und Schule", "Children, young people and schools")
    HEALTH = Text("Gesundheit und Bestattung", "Health and burial")
    ORDER = Text("Ordnung und Gewerbe", "Public order and trade")
    OFFENCES = Text("Ordnungswidrigkeiten und Straftaten", "Administrative and criminal offences")
    TRAFFIC = Text("Verkehr", "Traffic")
    BUILDING = Text("Planen und Bauen", "Planning and building")
    RESCUE = Text("Brandschutz und Rettungsdienst", "Fire brigade and rescue service")
    ARCHIVES = Text("Archiv und Informationszugang", "Archives and access to information")
    UTILITIES = Text("Versorgung und Entsorgung", "Utilities and waste")


class Norm(Entry):
    """An act, a regulation, a by-law or another rule on which processing rests."""

    slug = "norms"
    prefix = "NO"
    area = Area.DATA_PROTECTION
    title = Text("Rechtsgrundlagen und eigene Regelungen", "Legal norms and own rules")
    one = Text("Vorschrift", "Norm")

    with section("general", "Grundangaben", "General"):
        full_title: Mapped[str] = line(
            "Voller Titel",
            "Full title",
            length=500,
            help=Text(
                "Wie amtlich bekannt gemacht. Als Bezeichnung steht die Abkürzung, zum Beispiel „WoGG“.",
                "As officially published. The name is the abbreviation, such as “WoGG”.",
            ),
            basis="Art. 6 Abs. 3 DSGVO",
            expected=True,
        )
        short_forms: Mapped[str] = line(
            "Weitere Kurzformen",
            "Other short forms",
            help=Text(
                "Durch Semikolon getrennt; auch sie werden in eingegebenen Texten erkannt.",
                "Separated by semicolons; they too are recognised in typed texts.",
            ),
            basis="intern",
            more=True,
        )
        level: Mapped[Level | None] = choice(
            Level,
            "Ebene",
            "Level",
            help=Text("Wer die Vorschrift erlassen hat.", "Who made the norm."),
            basis="Art. 6 Abs. 3 DSGVO",
            expected=True,
            listed=True,
        )
        land: Mapped[Land | None] = choice(
            Land,
            "Land",
            "Land",
            help=Text("Nur bei Landesrecht.", "For the law of a Land only."),
            basis="Art. 6 Abs. 3 lit. b DSGVO",
            more=True,
        )
        kind: Mapped[NormKind | None] = choice(
            NormKind,
            "Art der Vorschrift",
            "Kind of norm",
            help=Text("Gesetz, Satzung, Dienstvereinbarung.", "Act, by-law, service agreement."),
            basis="Art. 6 Abs. 3 DSGVO",
            expected=True,
            listed=True,
        )
        areas: Mapped[tuple[Subject, ...]] = choices(
            Subject,
            "Sachgebiete",
            "Subject areas",
            help=Text("Wofür die Vorschrift gebraucht wird.", "What the norm is needed for."),
            basis="intern",
            listed=True,
        )
        bases: Mapped[tuple[LegalBasis, ...]] = choices(
            LegalBasis,
            "Übliche Rechtsgrundlage",
            "Usual legal basis",
            help=Text(
                "Worauf sich Zwecke nach dieser Vorschrift meist stützen.",
                "What purposes under this norm usually rest on.",
            ),
            basis="Art. 6 Abs. 1, 3 DSGVO",
            more=True,
        )
        exceptions: Mapped[tuple[SpecialException, ...]] = choices(
            SpecialException,
            "Übliche Ausnahme für besondere Kategorien",
            "Usual exception for special categories",
            help=Text(
                "Welche Ausnahme die Vorschrift ausfüllt.", "Which exception the norm gives substance to."
            ),
            basis="Art. 9 Abs. 2 DSGVO",
            more=True,
        )

    with section("validity", "Geltung", "Validity"):
        enacted_on: Mapped[date | None] = day(
            "Vom",
            "Dated",
            help=Text("Tag, den der Titel nennt.", "The day that the title gives."),
            basis="Art. 5 Abs. 2 DSGVO",
        )
        valid_from: Mapped[date | None] = day(
            "Gilt seit",
            "In force since",
            help=Text("Leer, wenn unbekannt.", "Empty if unknown."),
            basis="Art. 6 Abs. 3 DSGVO",
        )
        version_on: Mapped[date | None] = day(
            "Geltende Fassung seit",
            "Present version since",
            help=Text(
                "Ein neuer Tag lässt alle Tätigkeiten prüfen, die auf der Vorschrift beruhen.",
                "A new day makes every activity that rests on the norm be looked at again.",
            ),
            basis="Art. 24 Abs. 1 Satz 2 DSGVO",
        )
        valid_until: Mapped[date | None] = day(
            "Gilt bis",
            "In force until",
            help=Text("Letzter Tag der Geltung.", "Last day in force."),
            basis="Art. 6 Abs. 3 DSGVO",
            listed=True,
        )
        repealed: Mapped[bool | None] = flag(
            "Aufgehoben",
            "Repealed",
            help=Text(
                "Ohne Datum sofort, mit „Gilt bis“ nach diesem Tag.",
                "Without a date at once, with “In force until” after that day.",
            ),
            basis="Art. 6 Abs. 3 DSGVO",
        )
        superseded_by: Mapped[Any] = reference(
            "Norm",
            "Ersetzt durch",
            "Superseded by",
            help=Text("Die Vorschrift, die an ihre Stelle trat.", "The norm that took its place."),
            basis="Art. 6 Abs. 3 DSGVO",
        )

    with section("evidence", "Fundstelle und Prüfung", "Source and check"):
        link: Mapped[str] = line(
            "Fundstelle",
            "Where it is found",
            length=300,
            help=Text("Adresse oder Amtsblatt.", "Address or official journal."),
            basis="Art. 5 Abs. 2 DSGVO",
        )
        source: Mapped[str] = line(
            "Quelle der Angaben",
            "Source of the facts",
            length=300,
            help=Text(
                "Woher die Angaben dieses Eintrags stammen.", "Where the facts of this entry come from."
            ),
            basis="Art. 5 Abs. 2 DSGVO",
        )
        checked_on: Mapped[date | None] = day(
            "Geprüft am",
            "Checked on",
            help=Text(
                "Tag, an dem die Angaben mit dem Text der Vorschrift verglichen wurden.",
                "Day on which the facts were compared with the text of the norm.",
            ),
            basis="Art. 5 Abs. 2 DSGVO",
        )
        checked_by: Mapped[str] = line(
            "Geprüft von",
            "Checked by",
            help=Text("Name oder Stelle.", "Name or post."),
            basis="Art. 5 Abs. 2 DSGVO",
            personal=True,
        )
        checked: Mapped[bool | None] = flag("Geprüft", "Checked", fixed=True, listed=True)

    with section("own", "Nur bei eigenen Regelungen", "For own rules only"):
        decided_by: Mapped[str] = line(
            "Beschlossen von",
            "Decided by",
            help=Text("Rat, Ausschuss oder Leitung.", "Council, committee or management."),
            basis="Geschäftsordnung",
            more=True,
        )
        council_paper: Mapped[str] = line(
            "Vorlage",
            "Council paper",
            length=60,
            help=Text("Nummer im Ratsinformationssystem.", "Number in the council information system."),
            basis="Geschäftsordnung",
            more=True,
        )
        decided_on: Mapped[date | None] = day(
            "Beschlossen am",
            "Decided on",
            help=Text("Tag der Sitzung oder der Unterschrift.", "Day of the meeting or of the signature."),
            basis="Geschäftsordnung",
            more=True,
        )
        staff_council: Mapped[bool | None] = flag(
            "Personalrat beteiligt",
            "Staff council involved",
            help=Text(
                "Bei Dienstvereinbarungen und Dienstanweisungen.",
                "For service agreements and service instructions.",
            ),
            basis="Mitbestimmungsgesetz",
            more=True,
        )
        staff_council_on: Mapped[date | None] = day(
            "Beteiligt am",
            "Involved on",
            help=Text("Tag der Zustimmung oder der Unterschrift.", "Day of consent or of signature."),
            basis="Mitbestimmungsgesetz",
            when="staff_council",
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Zum Beispiel, worauf zu achten ist.", "Such as what to pay attention to."),
            basis="intern",
            more=True,
        )

    library_key: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """Which entry of the shipped library it came from; empty for the organisation's own."""
    library_print: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Fingerprint of what the library said when it was last taken over."""
    change_noted_at: Mapped[datetime | None] = mapped_column(default=None)
    """When somebody last entered another version."""

    if TYPE_CHECKING:
        superseded_by_id: Mapped[uuid.UUID | None]

    def derive(self) -> None:
        self.checked = self.checked_on is not None
        known = inspect(self)
        if known.persistent and known.attrs.version_on.history.has_changes():
            self.change_noted_at = now()

    def in_force(self, on: date) -> bool:
        """Whether the norm applies on that day, as far as its dates are known."""
        if self.valid_from is not None and on < self.valid_from:
            return False
        if self.valid_until is not None:
            return on <= self.valid_until
        return not self.repealed
