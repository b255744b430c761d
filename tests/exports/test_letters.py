"""Letters as text, and privacy notices made from the record: complete, honest about gaps, and discreet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.fields import Line, Prose, Rows, Span, TimeUnit, fields
from compliance.language import LANGUAGES, Text
from exports.document import Document, Facts, Heading, Items, Note
from exports.document import Prose as Paragraph
from exports.letters import Letter, Missing, plain_text
from exports.reports.notice import notice, sign
from exports.reports.register import Issuer
from registers.authority import Authority
from registers.countries import COUNTRIES
from registers.joint_controllers import JointControllership
from registers.notices import CONTENTS, notice_hash
from registers.processing import (
    DataCategory,
    DataSource,
    LegalBasis,
    ProcessingActivity,
    ProvisionDuty,
    Purpose,
    Recipient,
    Regime,
    StartType,
)
from registers.processors import Processor
from registers.retention import RetentionRule
from registers.transfers import TransferBasis
from tests.exports.documents import any_document
from tests.strategies import entries

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ISSUER = Issuer("Stadt Musterförde", NOW, "de")
SHEET = Authority(
    name="Stadt Musterförde",
    head="Bürgermeister Ole Petersen",
    street="Markt 1",
    town="24999 Musterförde",
    telephone="04599 10-0",
    email="rathaus@musterfoerde.example",
    officer="Ines Falk",
    officer_address="Datenschutzbeauftragte, Markt 1, 24999 Musterförde",
    officer_email="datenschutz@musterfoerde.example",
    supervisory_authority="Landesbeauftragte für Datenschutz, Kiel",
)


def complete(**others: Any) -> ProcessingActivity:
    """An activity that leaves no question open that a notice asks."""
    facts: dict[str, Any] = {
        "name": "Hundesteuer",
        "purposes": [
            Purpose(
                text="Festsetzung der Hundesteuer",
                legal_basis=LegalBasis.PUBLIC_TASK,
                norm="Hundesteuersatzung",
            )
        ],
        "data": [
            DataCategory(
                text="Name und Anschrift",
                period=Span(4, TimeUnit.Y),
                start_event="Abmeldung",
                end_of_year=True,
            )
        ],
        "sources": (DataSource.SUBJECT,),
        "recipients": [Recipient(text="Stadtkasse")],
        "third_country": False,
        "provision_duty": ProvisionDuty.STATUTORY,
        "provision_consequences": "Die Steuer kann geschätzt werden.",
        "automated_decision": False,
        "notice_link": "https://musterfoerde.example/hundesteuer",
    }
    return ProcessingActivity(**{**facts, **others})


def text(activity: ProcessingActivity, sheet: Authority | None = SHEET) -> str:
    return plain_text(notice(activity, sheet, ISSUER).document)


def gaps(letter: Letter) -> list[tuple[str, str]]:
    return [(one.register, one.field) for one in letter.missing]


# --- Text to copy --------------------------------------------------------------------------------


def test_a_document_becomes_text_with_an_empty_line_between_its_parts() -> None:
    blocks = (
        Heading("Zwecke"),
        Paragraph("Erster Absatz.\n\nZweiter Absatz."),
        Items(("eins", "zwei\nauf zwei Zeilen")),
        Facts((("Ort", "Kiel"), ("Tage", "heute\nmorgen"))),
        Note("Achtung", "Noch offen.", "warning"),
    )
    document = Document("Titel", "Stadt", "de", NOW, blocks)

    assert plain_text(document) == (
        "Titel\n\nZwecke\n\nErster Absatz.\n\nZweiter Absatz.\n\n– eins\n– zwei auf zwei Zeilen\n\n"
        "Ort: Kiel\nTage:\n– heute\n– morgen\n\nWarnung: Achtung\nNoch offen.\n"
    )


@given(document=any_document)
def test_any_document_can_be_copied_as_text(document: Document) -> None:
    copied = plain_text(document)
    assert copied.endswith("\n")
    assert "\r" not in copied


# --- How long ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (DataCategory(), ""),
        (DataCategory(criteria="bis zum Ende der Prüfung"), "bis zum Ende der Prüfung"),
        (DataCategory(period=Span(6, TimeUnit.M)), "6 Monate"),
        (
            DataCategory(period=Span(2, TimeUnit.Y), start_event="Letztes Beratungsgespräch"),
            "2 Jahre (Fristbeginn: Letztes Beratungsgespräch)",
        ),
        (
            DataCategory(period=Span(7, TimeUnit.D), start_type=StartType.COLLECTION, end_of_year=True),
            "7 Tage (Fristbeginn: Erhebung, mit Ablauf des Kalenderjahres)",
        ),
        (
            DataCategory(
                criteria="gilt nicht mehr",
                retention_rule=RetentionRule(
                    name="Hundesteuerakten",
                    period=Span(10, TimeUnit.Y),
                    start_event="Abmeldung des Hundes",
                    end_of_year=True,
                ),
            ),
            "10 Jahre (Fristbeginn: Abmeldung des Hundes, mit Ablauf des Kalenderjahres)",
        ),
    ],
)
def test_how_long_data_are_kept_is_said_by_the_rule_where_one_is_chosen(row: DataCategory, said: str) -> None:
    assert row.retention("de") == said


def test_a_notice_is_out_of_date_once_the_rule_of_erasure_says_something_else() -> None:
    rule = RetentionRule(name="Hundesteuerakten", period=Span(10, TimeUnit.Y))
    activity = complete(data=[DataCategory(text="Name", retention_rule=rule)])
    published = notice_hash(activity)

    rule.name = "Akten der Hundesteuer"
    assert notice_hash(activity) == published
    rule.period = Span(8, TimeUnit.Y)
    assert notice_hash(activity) != published


# --- The full notice -----------------------------------------------------------------------------


def test_a_complete_record_makes_a_complete_notice() -> None:
    letter = notice(complete(), SHEET, ISSUER)

    assert letter.missing == ()
    assert (
        plain_text(letter.document)
        == """\
Datenschutzhinweise: Hundesteuer

Wer ist verantwortlich?

Stadt Musterförde
vertreten durch Bürgermeister Ole Petersen
Markt 1
24999 Musterförde
04599 10-0
rathaus@musterfoerde.example

Wie erreichen Sie die Datenschutzbeauftragten?

Datenschutzbeauftragte, Markt 1, 24999 Musterförde
datenschutz@musterfoerde.example

Wozu und auf welcher Rechtsgrundlage verarbeiten wir Ihre Daten?

– Festsetzung der Hundesteuer (Öffentliche Aufgabe, Art. 6 Abs. 1 lit. e DSGVO, Hundesteuersatzung)

Welche Daten verarbeiten wir?

– Name und Anschrift

Woher stammen die Daten?

– von Ihnen selbst

Wer erhält Ihre Daten?

– Stadtkasse

Gelangen Daten in Länder außerhalb des Europäischen Wirtschaftsraums?

Nein. Ihre Daten werden weder in ein Land außerhalb des Europäischen Wirtschaftsraums noch an eine \
internationale Organisation übermittelt.

Wie lange speichern wir Ihre Daten?

– Name und Anschrift: 4 Jahre (Fristbeginn: Abmeldung, mit Ablauf des Kalenderjahres)

Müssen Sie Ihre Daten angeben?

Ja, Sie sind gesetzlich dazu verpflichtet. Die Steuer kann geschätzt werden.

Wird automatisiert entschieden?

Nein. Entscheidungen mit rechtlicher Wirkung treffen Menschen, nicht Programme allein.

Welche Rechte haben Sie?

Unter den gesetzlichen Voraussetzungen haben Sie das Recht auf

– Auskunft über Ihre Daten und eine Kopie davon (Art. 15 DSGVO)
– Berichtigung unrichtiger Daten (Art. 16 DSGVO)
– Löschung, wenn die Daten nicht mehr gebraucht werden (Art. 17 DSGVO)
– Einschränkung der Verarbeitung (Art. 18 DSGVO)
– Widerspruch gegen die Verarbeitung aus Gründen, die sich aus Ihrer besonderen Situation ergeben \
(Art. 21 DSGVO)

Wo können Sie sich beschweren?

Sie können sich bei einer Aufsichtsbehörde beschweren (Art. 77 DSGVO). Für uns zuständig ist:

Landesbeauftragte für Datenschutz, Kiel

Stand: 23.11.2026
"""
    )


def test_whatever_is_missing_is_named_with_its_field_and_marks_the_draft() -> None:
    letter = notice(ProcessingActivity(name="Neu"), Authority(name="Stadt"), ISSUER)

    assert gaps(letter) == [
        *(("authority", name) for name in ("head", "street", "town", "telephone", "email")),
        *(("authority", name) for name in ("officer_address", "officer_email")),
        ("", "purposes"),
        ("", "sources"),
        ("", "recipients"),
        ("", "third_country"),
        ("", "data"),
        ("", "provision_duty"),
        ("", "automated_decision"),
        ("authority", "supervisory_authority"),
    ]
    assert isinstance(letter.document.blocks[0], Note)


def test_without_a_front_sheet_nobody_is_responsible() -> None:
    assert notice(complete(), None, ISSUER).missing == (
        Missing(
            "name",
            Text(
                "Das Vorblatt mit Namen und Kontaktdaten des Verantwortlichen fehlt.",
                "The front sheet with name and contact details of the controller is missing.",
            ),
            "authority",
        ),
    )


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"purposes": [Purpose(text="Zweck")]}, ["purposes"]),
        ({"change_of_purpose": True}, ["change_reason"]),
        ({"data": [DataCategory(text="Akten")]}, ["data"]),
        ({"sources": (DataSource.REGISTER,)}, ["source_details", "public_source"]),
        ({"third_country": True}, ["transfer_note"]),
        ({"provision_duty": ProvisionDuty.VOLUNTARY, "provision_consequences": ""}, []),
        ({"provision_duty": ProvisionDuty.NEEDED, "provision_consequences": ""}, ["provision_consequences"]),
        ({"sources": (DataSource.SENSOR,), "provision_duty": None}, []),
        ({"automated_decision": True}, ["automated_logic", "automated_safeguards"]),
        ({"regime": Regime.POLICE}, ["regime"]),
        (
            {"recipients": [Recipient(text="Cloud", country=COUNTRIES["US"])], "third_country": True},
            ["recipients"],
        ),
        ({"joint_controllerships": [JointControllership(name="Kreis")]}, ["joint_controllerships"]),
        ({"joint_controllerships": [JointControllership(name="Kreis", essence_available=True)]}, []),
    ],
)
def test_each_item_of_the_law_asks_for_what_it_needs(facts: dict[str, Any], wanted: list[str]) -> None:
    assert [one.field for one in notice(complete(**facts), SHEET, ISSUER).missing] == wanted


@pytest.mark.parametrize("basis", list(LegalBasis))
def test_the_rights_follow_the_legal_basis(basis: LegalBasis) -> None:
    said = text(complete(purposes=[Purpose(text="Zweck", legal_basis=basis)], legitimate_interests="Schutz"))
    rights = {
        "portability": "(Art. 20 DSGVO)" in said,
        "objection": "(Art. 21 DSGVO)" in said,
        "withdrawal": "jederzeit für die Zukunft widerrufen" in said,
        "interests": "Welche berechtigten Interessen verfolgen wir?" in said,
    }
    assert rights == {
        "portability": basis in (LegalBasis.CONSENT, LegalBasis.CONTRACT),
        "objection": basis in (LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTERESTS),
        "withdrawal": basis is LegalBasis.CONSENT,
        "interests": basis is LegalBasis.LEGITIMATE_INTERESTS,
    }


def test_a_transfer_is_told_with_country_and_safeguard() -> None:
    row = Recipient(text="Cloud Inc.", country=COUNTRIES["US"], transfer_basis=TransferBasis.ADEQUACY)
    said = text(complete(third_country=True, recipients=[row]))
    assert "– Cloud Inc., Vereinigte Staaten, Angemessenheitsbeschluss, Art. 45\n" in said
    assert "Eine Kopie der Garantien erhalten Sie auf Anfrage" in said


@pytest.mark.parametrize(
    ("sources", "subject"),
    [
        ((), "Information nach Art. 13 DSGVO"),
        ((DataSource.SENSOR,), "Information nach Art. 13 DSGVO"),
        ((DataSource.REGISTER,), "Information nach Art. 14 DSGVO"),
        ((DataSource.SUBJECT, DataSource.THIRD_PARTY), "Information nach Art. 13 und 14 DSGVO"),
    ],
)
def test_the_sources_decide_which_article_holds(sources: tuple[DataSource, ...], subject: str) -> None:
    assert notice(complete(sources=sources), SHEET, ISSUER).document.subject == subject


def test_processors_are_recipients() -> None:
    assert "– Rechenzentrum (in unserem Auftrag)" in text(
        complete(processors=[Processor(name="Rechenzentrum")])
    )


# --- The short form ------------------------------------------------------------------------------


def test_the_sign_holds_the_essentials_and_says_where_the_rest_is() -> None:
    activity = complete(
        video=True,
        data=[DataCategory(text="Bilder", period=Span(3, TimeUnit.D), start_type=StartType.COLLECTION)],
    )
    letter = sign(activity, SHEET, ISSUER)

    assert letter.missing == ()
    assert (
        plain_text(letter.document)
        == """\
Videoüberwachung

Verantwortlich: Stadt Musterförde, Markt 1, 24999 Musterförde, 04599 10-0
Datenschutzbeauftragte: datenschutz@musterfoerde.example
Zweck: Festsetzung der Hundesteuer
Rechtsgrundlage: Öffentliche Aufgabe, Art. 6 Abs. 1 lit. e DSGVO, Hundesteuersatzung
Speicherdauer: 3 Tage (Fristbeginn: Erhebung)
Ihre Rechte: Auskunft, Berichtigung, Löschung, Einschränkung, Widerspruch und Beschwerde bei der \
Aufsichtsbehörde; Näheres in den vollständigen Hinweisen
Vollständige Hinweise: https://musterfoerde.example/hundesteuer
"""
    )


def test_a_sign_leads_nowhere_without_an_address() -> None:
    assert [one.field for one in sign(complete(notice_link=""), SHEET, ISSUER).missing] == ["notice_link"]


# --- What a notice tells, and what not -----------------------------------------------------------

SILENT = sorted(
    name
    for name, spec in fields(ProcessingActivity).items()
    if isinstance(spec, Line | Prose) and name not in CONTENTS
)


@pytest.mark.parametrize("name", SILENT)
def test_no_notice_tells_what_does_not_make_it_stale(name: str) -> None:
    marked = complete(**{name: "Geheimzeichen"})
    for language in LANGUAGES:
        issuer = Issuer("Stadt", NOW, language)
        for make in (notice, sign):
            assert "Geheimzeichen" not in plain_text(make(marked, SHEET, issuer).document)
    assert notice_hash(marked) == notice_hash(complete())


@given(activity=entries(ProcessingActivity), language=st.sampled_from(LANGUAGES))
def test_two_activities_of_the_same_hash_have_the_same_notice(
    activity: ProcessingActivity, language: str
) -> None:
    contents = {
        name: getattr(activity, name)
        for name in CONTENTS
        if not isinstance(fields(ProcessingActivity)[name], Rows)
    }
    other = ProcessingActivity(**contents)
    activity = ProcessingActivity(**contents, measures="x", notes="y", next_review=date(2027, 1, 1))
    issuer = Issuer("Stadt", NOW, language)

    assert notice_hash(activity) == notice_hash(other)
    for make in (notice, sign):
        assert make(activity, SHEET, issuer) == make(other, SHEET, issuer)


@given(activity=entries(ProcessingActivity), sheet=entries(Authority), language=st.sampled_from(LANGUAGES))
def test_every_activity_makes_a_notice(activity: ProcessingActivity, sheet: Authority, language: str) -> None:
    issuer = Issuer("Stadt", NOW, language)
    for make in (notice, sign):
        letter = make(activity, sheet, issuer)
        assert letter.document.title
        names = {"": fields(ProcessingActivity), "authority": fields(Authority)}
        assert [one for one in letter.missing if one.field not in names[one.register]] == []
