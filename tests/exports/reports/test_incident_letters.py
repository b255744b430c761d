"""Letters about breaches and requests read as an authority writes them, and say all that the law asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime

from compliance.fields import Span, TimeUnit
from exports.letters import plain_text
from exports.reports.incident_letters import access, communication
from exports.reports.register import Issuer
from registers.authority import Authority
from registers.breaches import Breach
from registers.countries import COUNTRIES
from registers.processing import (
    DataCategory,
    DataSource,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
)
from registers.processors import Processor
from registers.requests import SubjectRequest
from registers.retention import RetentionRule
from registers.transfers import TransferBasis

ISSUER = Issuer("Stadt Musterförde", datetime(2026, 11, 23, 9, 30, tzinfo=UTC), "de")
SHEET = Authority(
    name="Stadt Musterförde",
    head="Bürgermeister Ole Petersen",
    street="Markt 1",
    town="24999 Musterförde",
    telephone="04599 10-0",
    email="rathaus@musterfoerde.example",
    officer="Ines Falk",
    officer_email="datenschutz@musterfoerde.example",
    supervisory_authority="Landesbeauftragte für Datenschutz\nKiel",
)


def test_the_answer_to_a_request_tells_everything_of_art_15() -> None:
    activity = ProcessingActivity(
        name="Hundesteuer",
        purposes=[
            Purpose(text="Festsetzung", legal_basis=LegalBasis.PUBLIC_TASK, norm="Hundesteuersatzung"),
        ],
        data=[
            DataCategory(text="Angaben zum Hund", criteria="bis zur Abmeldung"),
            DataCategory(
                text="Zahlungen",
                retention_rule=RetentionRule(
                    name="Kassenakten", period=Span(10, TimeUnit.Y), start_event="Jahresabschluss"
                ),
            ),
        ],
        sources=(DataSource.SUBJECT, DataSource.REGISTER),
        source_details="Melderegister",
        recipients=[
            Recipient(text="Stadtkasse", country=COUNTRIES["DE"]),
            Recipient(text="Mail Inc.", country=COUNTRIES["US"], transfer_basis=TransferBasis.ADEQUACY),
        ],
        third_country=True,
        processors=[Processor(name="Rechenzentrum AöR")],
        automated_decision=False,
    )
    request = SubjectRequest(
        requester="Ida Lund", contact="Am Deich 4, 24999 Musterförde", received=date(2026, 11, 2)
    )

    letter = access(request, [activity], SHEET, ISSUER)

    assert letter.missing == ()
    assert (
        plain_text(letter.document)
        == """\
Auskunft über Ihre Daten

Ida Lund
Am Deich 4, 24999 Musterförde

Guten Tag,

auf Ihren Antrag vom 02.11.2026 geben wir Ihnen Auskunft über Ihre Daten. Wir verarbeiten Daten in den \
folgenden Tätigkeiten; eine Kopie der Daten liegt bei.

Hundesteuer

Zwecke und Rechtsgrundlagen: Festsetzung (Öffentliche Aufgabe, Art. 6 Abs. 1 lit. e, Hundesteuersatzung)
Kategorien der Daten:
– Angaben zum Hund
– Zahlungen
Empfänger:
– Stadtkasse
– Mail Inc.
– Rechenzentrum AöR (in unserem Auftrag)
Übermittlung in Drittländer und Garantien: Mail Inc., Vereinigte Staaten, Angemessenheitsbeschluss, Art. 45
Speicherdauer:
– Angaben zum Hund: bis zur Abmeldung
– Zahlungen: 10 Jahre (Fristbeginn: Jahresabschluss)
Herkunft der Daten:
– von Ihnen selbst, aus Registern
– Melderegister
Ausschließlich automatisierte Entscheidung: nein

Ihre Rechte

– Sie können unrichtige Daten berichtigen lassen (Art. 16 DSGVO).
– Sie können Löschung oder Einschränkung verlangen, soweit das Gesetz es vorsieht (Art. 17, 18 DSGVO).
– Sie können der Verarbeitung aus Gründen Ihrer besonderen Situation widersprechen (Art. 21 DSGVO).
– Sie können sich bei der Datenschutzaufsicht beschweren (Art. 77 DSGVO). Für uns zuständig ist:

Landesbeauftragte für Datenschutz
Kiel

Mit freundlichen Grüßen
Stadt Musterförde
23.11.2026

Verantwortlicher

Stelle: Stadt Musterförde
Vertreten durch: Bürgermeister Ole Petersen
Straße: Markt 1
Postleitzahl und Ort: 24999 Musterförde
Telefon: 04599 10-0
E-Mail: rathaus@musterfoerde.example
Datenschutzbeauftragte: Ines Falk, datenschutz@musterfoerde.example
"""
    )


def test_an_answer_to_somebody_who_acts_for_another_speaks_of_the_other() -> None:
    activity = ProcessingActivity(
        number=3,
        name="Kita-Platzvergabe",
        purposes=[
            Purpose(text="Vergabe", legal_basis=LegalBasis.PUBLIC_TASK),
            Purpose(text="Fotos", legal_basis=LegalBasis.CONSENT),
        ],
        data=[DataCategory(text="Name", criteria="bis zum Ende der Betreuung")],
        sources=(DataSource.SUBJECT,),
        no_recipients=True,
    )
    request = SubjectRequest(
        requester="Ida Lund",
        contact="Am Deich 4",
        received=date(2026, 11, 2),
        for_another=True,
        represented="Mats Lund",
        authority_shown=True,
    )

    letter = access(request, [activity], SHEET, ISSUER)

    text = plain_text(letter.document)
    assert letter.missing == ()
    assert text.startswith("Auskunft über die Daten von Mats Lund\n\nIda Lund\nAm Deich 4\n")
    assert "geben wir Ihnen Auskunft über die Daten von Mats Lund." in text
    assert "Herkunft der Daten: von Mats Lund selbst\n" in text
    assert (
        """\
Rechte, die Sie für Mats Lund ausüben können

– Sie können unrichtige Daten berichtigen lassen (Art. 16 DSGVO).
– Sie können Löschung oder Einschränkung verlangen, soweit das Gesetz es vorsieht (Art. 17, 18 DSGVO).
– Sie können eine Einwilligung jederzeit für die Zukunft widerrufen (Art. 7 Abs. 3 DSGVO).
– Sie können der Verarbeitung aus Gründen der besonderen Situation von Mats Lund widersprechen \
(Art. 21 DSGVO).
"""
        in text
    )
    assert "Ihre Daten" not in text


def test_an_answer_asks_for_whom_somebody_acts_and_by_what_authority() -> None:
    request = SubjectRequest(requester="Ida Lund", contact="Am Deich 4", received=date(2026, 11, 2))
    request.for_another = True

    letter = access(request, [ProcessingActivity(name="Hundesteuer")], SHEET, ISSUER)

    assert {"represented", "authority_shown"} <= {gap.field for gap in letter.missing}


def test_an_answer_says_where_the_record_lacks_period_and_safeguard() -> None:
    activity = ProcessingActivity(
        number=7,
        name="Newsletter",
        purposes=[Purpose(text="Versand", legal_basis=LegalBasis.CONSENT)],
        data=[DataCategory(text="E-Mail-Adresse")],
        sources=(DataSource.SUBJECT,),
        no_recipients=True,
        third_country=True,
    )
    request = SubjectRequest(requester="Ida Lund", contact="Am Deich 4", received=date(2026, 11, 2))

    letter = access(request, [activity], SHEET, ISSUER)

    assert [one.says["de"] for one in letter.missing] == [
        "In VT-0007 fehlt „Erläuterung zur Übermittlung“.",
        "In VT-0007 fehlt „Löschfrist“.",
    ]
    text = plain_text(letter.document)
    assert "Ihre Einwilligung jederzeit für die Zukunft widerrufen" in text
    assert "Art. 21" not in text


def test_the_persons_concerned_get_a_letter_with_beginning_and_end() -> None:
    breach = Breach(
        description="Der Verteiler stand offen.",
        consequences="Andere kennen Ihre Adresse.",
        measures_taken="Verteiler gesperrt.",
        measures_planned="Schulung.",
        advice="Achten Sie auf unerwartete Nachrichten.",
    )

    assert (
        plain_text(communication(breach, SHEET, ISSUER).document)
        == """\
Benachrichtigung über eine Verletzung des Schutzes Ihrer Daten

Guten Tag,

bei uns ist der Schutz personenbezogener Daten verletzt worden. Das betrifft auch Ihre Daten. Wir sagen \
Ihnen, was geschehen ist und wie Sie sich schützen können.

Was geschehen ist

Der Verteiler stand offen.

Was das für Sie bedeuten kann

Andere kennen Ihre Adresse.

Was wir unternommen haben

Verteiler gesperrt.

Was wir noch tun

Schulung.

Was Sie selbst tun können

Achten Sie auf unerwartete Nachrichten.

Wer Ihre Fragen beantwortet

Datenschutzbeauftragte: Ines Falk, datenschutz@musterfoerde.example

Sie können sich außerdem bei der Datenschutzaufsicht beschweren.

Landesbeauftragte für Datenschutz
Kiel

Mit freundlichen Grüßen
Stadt Musterförde
23.11.2026
"""
    )
