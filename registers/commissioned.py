"""The record of processing on behalf of others (Verzeichnis des Auftragsverarbeiters), Art. 30 (2) GDPR."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import day, flag, line, prose, references, rows, section
from compliance.language import Text
from registers.objects import TargetObject
from registers.transfers import Transfer


class ServedController(Part, of="CommissionedProcessing"):
    """A controller on whose behalf the organisation acts, and what it does for it."""

    text: Mapped[str] = line(
        "Verantwortlicher",
        "Controller",
        help=Text("Name und Anschrift des Auftraggebers.", "Name and address of the client."),
        basis="Art. 30 Abs. 2 lit. a DSGVO",
        length=500,
        expected=True,
    )
    contact: Mapped[str] = line(
        "Kontaktdaten",
        "Contact details",
        help=Text("Ansprechperson, Telefon, E-Mail.", "Contact, telephone, e-mail."),
        basis="Art. 30 Abs. 2 lit. a DSGVO",
        length=500,
        expected=True,
        personal=True,
    )
    representative: Mapped[str] = line(
        "Vertreter des Verantwortlichen",
        "Representative of the controller",
        help=Text("Nur bei Verantwortlichen ohne Niederlassung in der Union.", "Only if not in the Union."),
        basis="Art. 30 Abs. 2 lit. a, Art. 27 DSGVO",
        length=500,
        more=True,
        personal=True,
    )
    officer: Mapped[str] = line(
        "Datenschutzbeauftragte des Verantwortlichen",
        "Data protection officer of the controller",
        help=Text("Kontaktdaten genügen.", "Contact details are enough."),
        basis="Art. 30 Abs. 2 lit. a DSGVO",
        length=500,
        expected=True,
        personal=True,
    )
    categories: Mapped[str] = prose(
        "Kategorien von Verarbeitungen",
        "Categories of processing",
        help=Text(
            "Was für diesen Verantwortlichen geschieht, zum Beispiel Hosting oder Lohnabrechnung.",
            "What is done for this controller, such as hosting or payroll.",
        ),
        basis="Art. 30 Abs. 2 lit. b DSGVO",
        expected=True,
    )
    contract: Mapped[str] = line(
        "Vertrag oder Rechtsgrundlage des Auftrags",
        "Contract or legal ground of the commission",
        help=Text("Fundstelle und Datum.", "Where it is filed, and its date."),
        basis="Art. 28 Abs. 3 DSGVO",
        length=500,
    )


class CommissionedSubProcessor(Transfer, Part, of="CommissionedProcessing"):
    """Another body that the organisation engages to fulfil the commission."""

    text: Mapped[str] = line(
        "Unterauftragnehmer",
        "Sub-processor",
        help=Text("Name, Rechtsform und Anschrift.", "Name, legal form and address."),
        basis="Art. 30 Abs. 2 lit. a, Art. 28 Abs. 4 DSGVO",
        length=500,
        expected=True,
    )
    task: Mapped[str] = line(
        "Leistung",
        "Service",
        help=Text("Was er übernimmt und für wen.", "What it takes over, and for whom."),
        basis="Art. 28 Abs. 4 DSGVO",
        length=500,
        expected=True,
    )
    authorised: Mapped[str] = line(
        "Genehmigung des Verantwortlichen",
        "Authorisation by the controller",
        help=Text("Im Vertrag oder einzeln; mit Datum.", "In the contract or single; with date."),
        basis="Art. 28 Abs. 2 DSGVO",
    )


class CommissionedTransfer(Transfer, Part, of="CommissionedProcessing"):
    """A transfer to a third country or an international organisation within the commission."""

    text: Mapped[str] = line(
        "Empfänger im Drittland",
        "Recipient in the third country",
        help=Text(
            "Land oder Organisation und wer dort empfängt.",
            "Country or organisation, and who receives there.",
        ),
        basis="Art. 30 Abs. 2 lit. c DSGVO",
        length=500,
        expected=True,
    )


class CommissionedProcessing(Entry):
    """A service with which the organisation processes personal data for other controllers."""

    slug = "commissioned-processing"
    prefix = "VA"
    area = Area.DATA_PROTECTION
    title = Text("Verarbeitungen im Auftrag", "Processing on behalf of others")
    one = Text("Verarbeitung im Auftrag", "Processing on behalf of another")
    due = ("next_review",)

    with section("general", "Grundangaben", "General"):
        description: Mapped[str] = prose(
            "Leistung",
            "Service",
            help=Text(
                "Was die eigene Organisation für andere betreibt.", "What the organisation runs for others."
            ),
            basis="Art. 30 Abs. 2 lit. b DSGVO",
            expected=True,
        )
        contact: Mapped[str] = line(
            "Ansprechperson",
            "Contact",
            help=Text("Name, Telefon oder E-Mail.", "Name, telephone or e-mail."),
            basis="Art. 30 Abs. 2 lit. a DSGVO",
            expected=True,
            personal=True,
        )
        since: Mapped[date | None] = day(
            "Im Einsatz seit",
            "In use since",
            help=Text("Beginn der ersten Verarbeitung im Auftrag.", "Start of the first processing."),
            basis="DSK-Muster",
        )
        until: Mapped[date | None] = day(
            "Beendet am",
            "Ended on",
            help=Text("Leer, solange die Leistung erbracht wird.", "Empty as long as it is provided."),
            basis="DSK-Muster",
            more=True,
        )

    with section("controllers", "Verantwortliche und Verarbeitungen", "Controllers and processing"):
        controllers: Mapped[list[ServedController]] = rows(
            ServedController,
            "Verantwortliche",
            "Controllers",
            help=Text(
                "Jeder Auftraggeber mit dem, was für ihn geschieht.", "Each client with what is done for it."
            ),
            basis="Art. 30 Abs. 2 lit. a, b DSGVO",
            expected=True,
        )
        sub_processors: Mapped[list[CommissionedSubProcessor]] = rows(
            CommissionedSubProcessor,
            "Unterauftragnehmer",
            "Sub-processors",
            help=Text("Wer bei der Leistung hilft, mit Land.", "Who helps with the service, with country."),
            basis="Art. 30 Abs. 2 lit. a, Art. 28 Abs. 2, 4 DSGVO",
        )

    with section("transfers", "Drittland", "Third countries"):
        third_country: Mapped[bool | None] = flag(
            "Übermittlung in ein Drittland",
            "Transfer to a third country",
            help=Text(
                "Auch an internationale Organisationen. "
                "„Nein“ heißt: findet nicht statt und ist nicht geplant.",
                "To international organisations too. “No” means: does not happen and is not planned.",
            ),
            basis="Art. 30 Abs. 2 lit. c DSGVO",
            expected=True,
        )
        transfers: Mapped[list[CommissionedTransfer]] = rows(
            CommissionedTransfer,
            "Übermittlungen",
            "Transfers",
            help=Text("Jeder Empfänger mit Land und Grundlage.", "Each recipient with country and basis."),
            basis="Art. 30 Abs. 2 lit. c, Art. 44 DSGVO",
            when="third_country",
            expected=True,
        )

    with section("security", "Sicherheit", "Security"):
        measures: Mapped[str] = prose(
            "Technische und organisatorische Maßnahmen",
            "Technical and organisational measures",
            help=Text("Allgemeine Beschreibung oder Verweis.", "General description or reference."),
            basis="Art. 30 Abs. 2 lit. d, Art. 32 DSGVO",
            expected=True,
        )
        security_concept: Mapped[str] = line(
            "Sicherheitskonzept",
            "Security concept",
            length=500,
            help=Text("Auch ein zentrales Konzept genügt.", "A central concept is enough."),
            basis="Art. 30 Abs. 2 lit. d DSGVO",
        )
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Eingesetzte Anwendungen und Systeme",
            "Applications and systems used",
            help=Text(
                "Aus den Zielobjekten des IT-Grundschutzes.", "From the target objects of IT-Grundschutz."
            ),
            basis="DSK-Muster",
            more=True,
        )
        next_review: Mapped[date | None] = day(
            "Nächste Überprüfung",
            "Next review",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis="Art. 24 Abs. 1 Satz 2 DSGVO",
            listed=True,
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Nur für die interne Arbeit.", "For internal work only."),
            basis="intern",
            more=True,
        )
