"""Joint controllerships (gemeinsame Verantwortung): who decides together on why and how, Art. 26 GDPR."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import day, flag, line, prose, rows, section
from compliance.language import Text


class JointParty(Part, of="JointControllership"):
    """Another controller that decides together with the authority."""

    text: Mapped[str] = line(
        "Beteiligte Stelle",
        "Party",
        help=Text("Name und Sitz.", "Name and seat."),
        basis="Art. 26 Abs. 1, Art. 30 Abs. 1 lit. a DSGVO",
        expected=True,
    )
    contact: Mapped[str] = line(
        "Kontaktdaten",
        "Contact details",
        length=500,
        help=Text("Anschrift und erreichbare Stelle.", "Address and office that can be reached."),
        basis="Art. 30 Abs. 1 lit. a DSGVO",
        expected=True,
        personal=True,
    )
    officer: Mapped[str] = line(
        "Datenschutzbeauftragte der Stelle",
        "Data protection officer of the party",
        length=500,
        help=Text("Kontaktdaten genügen.", "Contact details are enough."),
        basis="Art. 30 Abs. 1 lit. a DSGVO",
        personal=True,
    )
    share: Mapped[str] = prose(
        "Zwecke und Anteil",
        "Purposes and share",
        help=Text(
            "Wozu diese Stelle die Daten nutzt und worüber sie mitentscheidet.",
            "What this party uses the data for and what it decides on.",
        ),
        basis="Art. 26 Abs. 1 Satz 2, Abs. 2 Satz 1 DSGVO",
        expected=True,
    )


def _duty(de: str, en: str, help_de: str, help_en: str, basis: str, *, expected: bool = True) -> Mapped[str]:
    return line(de, en, length=500, help=Text(help_de, help_en), basis=basis, expected=expected)


class JointControllership(Entry):
    """One arrangement between controllers that pursue purposes together."""

    slug = "joint-controllerships"
    prefix = "GV"
    area = Area.DATA_PROTECTION
    title = Text("Gemeinsame Verantwortung", "Joint controllerships")
    one = Text("Gemeinsame Verantwortung", "Joint controllership")
    due = ("valid_until", "next_review")

    with section("general", "Grundangaben", "General"):
        description: Mapped[str] = prose(
            "Gegenstand",
            "Subject matter",
            help=Text(
                "Was die Beteiligten gemeinsam betreiben, mit welchen Daten und Systemen.",
                "What the parties run together, with which data and systems.",
            ),
            basis="Art. 26 Abs. 1 DSGVO",
            expected=True,
        )
        partners: Mapped[str] = prose(
            "Gemeinsam mit",
            "Together with",
            basis="Art. 26 Abs. 1 DSGVO",
            fixed=True,
            listed=True,
        )
        parties: Mapped[list[JointParty]] = rows(
            JointParty,
            "Beteiligte Stellen",
            "Parties",
            help=Text(
                "Alle außer der eigenen Verwaltung; wer nur auf Weisung handelt, ist Auftragsverarbeiter.",
                "All but the own authority; whoever acts on instructions only is a processor.",
            ),
            basis="Art. 26 Abs. 1 DSGVO",
            expected=True,
        )
        own_share: Mapped[str] = prose(
            "Eigene Zwecke und eigener Anteil",
            "Own purposes and share",
            help=Text(
                "Wozu die eigene Verwaltung die Daten nutzt und worüber sie entscheidet.",
                "What the own authority uses the data for and what it decides on.",
            ),
            basis="Art. 26 Abs. 1 Satz 2 DSGVO",
            expected=True,
        )
        disclosure_basis: Mapped[str] = line(
            "Rechtsgrundlage der Offenlegung untereinander",
            "Legal basis for disclosure between the parties",
            length=500,
            help=Text(
                "Art. 26 erlaubt keine Übermittlung; nötig ist eine eigene Vorschrift.",
                "Art. 26 permits no disclosure; a provision of its own is needed.",
            ),
            basis="Art. 6 Abs. 1, 3 DSGVO",
            expected=True,
        )

    with section("arrangement", "Vereinbarung", "Arrangement"):
        arrangement: Mapped[str] = line(
            "Vereinbarung",
            "Arrangement",
            length=500,
            help=Text(
                "Fundstelle; auch eine Vorschrift, die die Pflichten verteilt.",
                "Where it is filed; or the provision that allocates the duties.",
            ),
            basis="Art. 26 Abs. 1 Satz 2 DSGVO",
            expected=True,
        )
        arranged_on: Mapped[date | None] = day(
            "Vereinbarung vom",
            "Arrangement of",
            help=Text(
                "Tag der letzten Unterschrift oder des Inkrafttretens.",
                "Day of the last signature or entry into force.",
            ),
            basis="Art. 26 Abs. 1 Satz 2 DSGVO",
            expected=True,
            listed=True,
        )
        valid_until: Mapped[date | None] = day(
            "Gilt bis",
            "Valid until",
            help=Text("Leer bei unbestimmter Dauer.", "Empty if indefinite."),
            basis="Vereinbarung",
        )
        next_review: Mapped[date | None] = day(
            "Nächste Überprüfung",
            "Next review",
            help=Text(
                "Ob die Vereinbarung noch beschreibt, was geschieht.",
                "Whether the arrangement still describes what happens.",
            ),
            basis="Art. 24 Abs. 1 Satz 2, Art. 26 Abs. 2 Satz 1 DSGVO",
            listed=True,
        )

    with section("duties", "Wer welche Pflicht erfüllt", "Who fulfils which duty"):
        informs: Mapped[str] = _duty(
            "Information nach Art. 13 und 14",
            "Information under Art. 13 and 14",
            "Welche Stelle die Datenschutzhinweise gibt.",
            "Which party gives the privacy notice.",
            "Art. 26 Abs. 1 Satz 2, Art. 13, 14 DSGVO",
        )
        answers_requests: Mapped[str] = _duty(
            "Anträge nach Art. 15 bis 22",
            "Requests under Art. 15 to 22",
            "Welche Stelle antwortet; betroffene Personen dürfen sich an jede wenden.",
            "Which party answers; data subjects may turn to any of them.",
            "Art. 26 Abs. 1 Satz 2, Abs. 3 DSGVO",
        )
        contact_point: Mapped[str] = _duty(
            "Anlaufstelle",
            "Contact point",
            "An wen sich betroffene Personen wenden können.",
            "Whom data subjects can turn to.",
            "Art. 26 Abs. 1 Satz 3 DSGVO",
            expected=False,
        )
        secures: Mapped[str] = _duty(
            "Technische und organisatorische Maßnahmen",
            "Technical and organisational measures",
            "Welche Stelle welche Maßnahmen verantwortet.",
            "Which party is responsible for which measures.",
            "Art. 26 Abs. 1 Satz 2, Art. 32 DSGVO",
        )
        reports_breaches: Mapped[str] = _duty(
            "Datenschutzverletzungen",
            "Personal data breaches",
            "Welche Stelle meldet und benachrichtigt, und wie die anderen davon erfahren.",
            "Which party notifies and communicates, and how the others learn of it.",
            "Art. 26 Abs. 1 Satz 2, Art. 33, 34 DSGVO",
        )
        engages_processors: Mapped[str] = _duty(
            "Auftragsverarbeiter",
            "Processors",
            "Welche Stelle sie beauftragt und überprüft.",
            "Which party engages and audits them.",
            "Art. 28 DSGVO",
            expected=False,
        )

    with section("essence", "Wesentliches der Vereinbarung", "Essence of the arrangement"):
        essence_available: Mapped[bool | None] = flag(
            "Wesentliches steht zur Verfügung",
            "Essence is made available",
            help=Text(
                "Betroffene Personen können erfahren, wer wofür zuständig ist.",
                "Data subjects can learn who is responsible for what.",
            ),
            basis="Art. 26 Abs. 2 Satz 2 DSGVO",
            expected=True,
        )
        essence_link: Mapped[str] = line(
            "Wo das Wesentliche zu finden ist",
            "Where the essence is found",
            length=500,
            help=Text(
                "Adresse im Internet, Aushang oder Stelle, die es aushändigt.",
                "Web address, notice board or office that hands it out.",
            ),
            basis="Art. 26 Abs. 2 Satz 2 DSGVO",
            when="essence_available",
            expected=True,
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Nur für die interne Arbeit.", "For internal work only."),
            basis="intern",
            more=True,
        )

    def derive(self) -> None:
        # A list shows no rows, and an activity compares its processors with these names.
        self.partners = "; ".join(party.text for party in self.parties if party.text)
