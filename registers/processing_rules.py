"""What an audit checks in every entry of the record of processing activities.

Activities under the JI part of the Land law follow rules of their own: Art. 6, 9
and 10 GDPR do not govern them, so a provision named there is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from compliance.database import folded
from compliance.fields import Span, TimeUnit
from compliance.language import Text
from compliance.people import Unit
from compliance.rules import Hit, RuleBook, Severity, Situation, hits, named, opening
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    RecipientKind,
    Regime,
    SpecialException,
    StartType,
    Subjects,
)

RULES: Final = RuleBook(ProcessingActivity)

NOTHING_WRITTEN: Final = "–"


def _blank(text: str) -> bool:
    """Whether *text* says nothing: empty, or no more than a dash."""
    return not any(character.isalnum() for character in text)


def _is_ji(activity: ProcessingActivity) -> bool:
    return activity.regime is Regime.POLICE


# --- Purposes ------------------------------------------------------------------------------------

SHORTEST_PURPOSE: Final = 15
"""Characters below which no purpose is specific."""

# Spelt as :func:`compliance.database.folded` leaves words.
_PLACEHOLDERS: Final = (
    r"siehe (?:oben|unten|anlage)",
    r"s\. ?[ou]\.",
    r"divers\w*",
    "sonstiges",
    "verschiedenes",
    "allgemeines",
    "tbd",
    "todo",
    "xxx+",
    r"n\. ?n\.",
    r"k\. ?a\.",
    "keine angaben?",
    "(?:noch )?(?:offen|unklar)",
    "folgt",
    "wird (?:noch )?(?:ergaenzt|nachgereicht|nachgetragen|geklaert)",
    "platzhalter",
    "lorem ipsum",
    "test",
)
_PLACEHOLDER: Final = re.compile(rf"\b(?:{'|'.join(_PLACEHOLDERS)})(?!\w)")


def _is_placeholder(text: str) -> bool:
    """Whether too little is left of *text* without the words that stand in for a purpose."""
    said = _PLACEHOLDER.sub("", folded(text)).strip(" .,;:–-/()")
    return min(len(text.strip()), len(said)) < SHORTEST_PURPOSE


@RULES.rule(
    "VVT-001",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. b, Art. 5 Abs. 1 lit. b DSGVO",
    field="purposes",
    says=Text(
        "Ein Zweck fehlt oder ist nicht bestimmt genug; angegeben ist „{what}“.",
        "A purpose is missing or not specific enough; it reads “{what}”.",
    ),
    remedy=Text(
        "In einem Satz festhalten, wozu die Daten gebraucht werden, zum Beispiel „Festsetzung und Erhebung "
        "der Hundesteuer“. Verweise wie „siehe oben“ genügen nicht.",
        "State in one sentence what the data are needed for, such as “assessing and collecting the dog "
        "tax”. References such as “see above” are not enough.",
    ),
    breaks=lambda: ProcessingActivity(name="Hundesteuer", purposes=[Purpose(text="siehe oben")]),
    keeps=lambda: ProcessingActivity(
        name="Hundesteuer", purposes=[Purpose(text="Festsetzung und Erhebung der Hundesteuer")]
    ),
)
def _purpose_is_specific(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not activity.purposes:
        yield Hit(words={"what": NOTHING_WRITTEN})
    for purpose in activity.purposes:
        if _is_placeholder(purpose.text):
            yield Hit(purpose, {"what": opening(purpose.text) or NOTHING_WRITTEN})


@RULES.rule(
    "VVT-012",
    Severity.ERROR,
    "Art. 5 Abs. 1 lit. a, Abs. 2, Art. 6 Abs. 1 DSGVO",
    field="purposes",
    says=Text(
        "Der Zweck „{what}“ nennt keine Rechtsgrundlage.", "The purpose “{what}” names no legal basis."
    ),
    remedy=Text(
        "Beim Zweck die Rechtsgrundlage wählen; für Pflichtaufgaben ist das in der Regel Art. 6 Abs. 1 lit. "
        "c oder e. Im Anwendungsbereich der JI-Richtlinie genügt die Fachvorschrift.",
        "Choose the legal basis of the purpose; for mandatory tasks that is usually Art. 6 (1) (c) or (e). "
        "Under the Law Enforcement Directive the national provision is enough.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Melderegister", purposes=[Purpose(text="Führung des Melderegisters")]
    ),
    keeps=lambda: ProcessingActivity(
        name="Melderegister",
        purposes=[
            Purpose(
                text="Führung des Melderegisters",
                legal_basis=LegalBasis.PUBLIC_TASK,
                norm="Bundesmeldegesetz",
            )
        ],
    ),
)
def _purpose_has_legal_basis(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    def lacks(purpose: Purpose) -> bool:
        return purpose.legal_basis is None and not (_is_ji(activity) and not _blank(purpose.provision))

    return hits(activity.purposes, lacks)


_NEEDS_NORM: Final = frozenset({LegalBasis.LEGAL_OBLIGATION, LegalBasis.PUBLIC_TASK})


@RULES.rule(
    "VVT-013",
    Severity.ERROR,
    "Art. 6 Abs. 3 DSGVO",
    field="purposes",
    says=Text(
        "Der Zweck „{what}“ stützt sich auf Art. 6 Abs. 1 lit. c oder e, nennt aber keine Vorschrift.",
        "The purpose “{what}” relies on Art. 6 (1) (c) or (e) but names no provision.",
    ),
    remedy=Text(
        "Beim Zweck die Vorschrift wählen und den Paragrafen angeben, aus dem sich Aufgabe oder Pflicht "
        "ergibt.",
        "Choose the norm of the purpose and give the section from which the task or duty follows.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Wohngeld",
        purposes=[Purpose(text="Bewilligung von Wohngeld", legal_basis=LegalBasis.PUBLIC_TASK)],
    ),
    keeps=lambda: ProcessingActivity(
        name="Wohngeld",
        purposes=[
            Purpose(
                text="Bewilligung von Wohngeld",
                legal_basis=LegalBasis.PUBLIC_TASK,
                norm="WoGG, § 67a SGB X",
            )
        ],
    ),
)
def _purpose_has_norm(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    return hits(
        activity.purposes, lambda purpose: purpose.legal_basis in _NEEDS_NORM and _blank(purpose.provision)
    )


@RULES.rule(
    "VVT-014",
    Severity.ERROR,
    "Art. 6 Abs. 1 UAbs. 2 DSGVO",
    field="purposes",
    says=Text(
        "Der Zweck „{what}“ stützt sich auf berechtigte Interessen. Bei der Erfüllung ihrer Aufgaben steht "
        "diese Rechtsgrundlage Behörden nicht offen.",
        "The purpose “{what}” relies on legitimate interests. Public authorities cannot use this legal "
        "basis in the performance of their tasks.",
    ),
    remedy=Text(
        "Eine andere Rechtsgrundlage wählen, in der Regel Art. 6 Abs. 1 lit. e mit der Fachvorschrift.",
        "Choose another legal basis, usually Art. 6 (1) (e) with the national provision.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Bürgerbefragung",
        purposes=[
            Purpose(
                text="Befragung der Einwohnerinnen und Einwohner zum Radverkehr",
                legal_basis=LegalBasis.LEGITIMATE_INTERESTS,
            )
        ],
    ),
    keeps=lambda: ProcessingActivity(
        name="Bürgerbefragung",
        purposes=[
            Purpose(
                text="Befragung der Einwohnerinnen und Einwohner zum Radverkehr",
                legal_basis=LegalBasis.PUBLIC_TASK,
                norm="§ 3 LDSG SH",
            )
        ],
    ),
)
def _authority_has_no_legitimate_interests(
    activity: ProcessingActivity, situation: Situation
) -> Iterable[Hit]:
    if not situation.is_authority:
        return ()
    return hits(activity.purposes, lambda purpose: purpose.legal_basis is LegalBasis.LEGITIMATE_INTERESTS)


# --- Consent -------------------------------------------------------------------------------------


def _has_purpose_by_consent(activity: ProcessingActivity) -> bool:
    return any(purpose.legal_basis is LegalBasis.CONSENT for purpose in activity.purposes)


def _has_data_by_consent(activity: ProcessingActivity) -> bool:
    return any(row.special and row.exception is SpecialException.CONSENT for row in activity.data)


@RULES.rule(
    "VVT-015",
    Severity.ERROR,
    "Art. 7, Art. 9 Abs. 2 lit. a DSGVO",
    field="consent",
    says=Text(
        "Die Verarbeitung stützt sich auf Einwilligung, aber Text, Widerruf und Nachweis sind nicht "
        "beschrieben.",
        "The processing relies on consent, but its text, withdrawal and evidence are not described.",
    ),
    remedy=Text(
        "Den Text der Einwilligung oder seine Fundstelle angeben und beschreiben, wie sie widerrufen und "
        "nachgewiesen wird.",
        "Give the text of the consent or where it is filed, and describe how it is withdrawn and "
        "demonstrated.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Newsletter der Stadtbibliothek",
        purposes=[Purpose(text="Versand des monatlichen Newsletters", legal_basis=LegalBasis.CONSENT)],
    ),
    keeps=lambda: ProcessingActivity(
        name="Newsletter der Stadtbibliothek",
        purposes=[Purpose(text="Versand des monatlichen Newsletters", legal_basis=LegalBasis.CONSENT)],
        consent="Anmeldung mit Bestätigungsmail, Protokoll in der Newsletter-Verwaltung; Widerruf über den "
        "Link am Ende jeder Ausgabe.",
    ),
)
def _consent_is_described(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if (_has_purpose_by_consent(activity) or _has_data_by_consent(activity)) and _blank(activity.consent):
        yield Hit()


@RULES.rule(
    "VVT-016",
    Severity.WARNING,
    "Art. 8 DSGVO",
    field="parental_consent",
    says=Text(
        "Ein Online-Dienst für Kinder unter 16 Jahren stützt sich auf Einwilligung, aber die Zustimmung der "
        "Sorgeberechtigten ist nicht geregelt.",
        "An online service for children under 16 relies on consent, but the consent of parents or guardians "
        "is not provided for.",
    ),
    remedy=Text(
        "Beschreiben, wie die Zustimmung der Sorgeberechtigten eingeholt und mit angemessenem Aufwand "
        "geprüft wird.",
        "Describe how the consent of parents or guardians is obtained and verified with reasonable efforts.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Ferienpass-Portal",
        purposes=[
            Purpose(text="Anmeldung zu Angeboten des Ferienpasses", legal_basis=LegalBasis.CONSENT),
        ],
        online_service_for_children=True,
    ),
    keeps=lambda: ProcessingActivity(
        name="Ferienpass-Portal",
        purposes=[
            Purpose(text="Anmeldung zu Angeboten des Ferienpasses", legal_basis=LegalBasis.CONSENT),
        ],
        online_service_for_children=True,
        parental_consent="Das Konto wird erst nach Bestätigung durch ein sorgeberechtigtes Elternteil "
        "freigeschaltet.",
    ),
)
def _parents_consent(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if (
        activity.online_service_for_children
        and _has_purpose_by_consent(activity)
        and _blank(activity.parental_consent)
    ):
        yield Hit()


# --- Persons and data ----------------------------------------------------------------------------


@RULES.rule(
    "VVT-002",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. c DSGVO",
    field="subjects",
    says=Text("Die Kategorien betroffener Personen fehlen.", "The categories of data subjects are missing."),
    remedy=Text(
        "Alle Gruppen ankreuzen, über die Daten verarbeitet werden; was die Liste nicht enthält, unter "
        "„Weitere betroffene Personen“ eintragen.",
        "Tick all groups whose data are processed; enter what the list lacks under “Other data subjects”.",
    ),
    breaks=lambda: ProcessingActivity(name="Friedhofsverwaltung"),
    keeps=lambda: ProcessingActivity(name="Friedhofsverwaltung", other_subjects="Nutzungsberechtigte"),
)
def _subjects_are_named(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not activity.subjects and _blank(activity.other_subjects):
        yield Hit()


@RULES.rule(
    "VVT-003",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. c DSGVO",
    field="data",
    says=Text(
        "Die Kategorien personenbezogener Daten fehlen.", "The categories of personal data are missing."
    ),
    remedy=Text(
        "Je Kategorie eine Zeile anlegen, zum Beispiel „Stammdaten“ oder „Bankverbindung“, jeweils mit "
        "Löschfrist.",
        "Add one row for each category, such as “identity data” or “bank details”, each with its erasure "
        "period.",
    ),
    breaks=lambda: ProcessingActivity(name="Kfz-Zulassung", subjects=(Subjects.APPLICANTS,)),
    keeps=lambda: ProcessingActivity(
        name="Kfz-Zulassung",
        subjects=(Subjects.APPLICANTS,),
        data=[DataCategory(text="Halterdaten"), DataCategory(text="Fahrzeugdaten")],
    ),
)
def _data_are_named(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if all(_blank(row.text) for row in activity.data):
        yield Hit()


@RULES.rule(
    "VVT-017",
    Severity.ERROR,
    "Art. 9 Abs. 1, 2 DSGVO",
    field="data",
    says=Text(
        "„{what}“ ist eine besondere Kategorie, aber eine Ausnahme nach Art. 9 Abs. 2 fehlt.",
        "“{what}” is a special category, but an exception under Art. 9 (2) is missing.",
    ),
    remedy=Text(
        "Bei der Datenkategorie die Ausnahme nach Art. 9 Abs. 2 wählen. Im Anwendungsbereich der "
        "JI-Richtlinie genügt die Vorschrift.",
        "Choose the exception under Art. 9 (2) for the category of data. Under the Law Enforcement "
        "Directive the provision is enough.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Schuleingangsuntersuchung", data=[DataCategory(text="Untersuchungsbefunde", special=True)]
    ),
    keeps=lambda: ProcessingActivity(
        name="Schuleingangsuntersuchung",
        data=[
            DataCategory(
                text="Untersuchungsbefunde",
                special=True,
                exception=SpecialException.PUBLIC_HEALTH,
                exception_norm="§ 12 LDSG SH",
            )
        ],
    ),
)
def _special_category_has_exception(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    def lacks(row: DataCategory) -> bool:
        by_provision = _is_ji(activity) and not _blank(row.exception_norm)
        return row.special is True and row.exception is None and not by_provision

    return hits(activity.data, lacks)


_NEEDS_EXCEPTION_NORM: Final = frozenset(
    {
        SpecialException.EMPLOYMENT,
        SpecialException.PUBLIC_INTEREST,
        SpecialException.HEALTH_CARE,
        SpecialException.PUBLIC_HEALTH,
        SpecialException.RESEARCH,
    }
)


@RULES.rule(
    "VVT-018",
    Severity.ERROR,
    "Art. 9 Abs. 2 lit. b, g, h, i, j DSGVO, § 12 LDSG SH",
    field="data",
    says=Text(
        "Die Ausnahme für „{what}“ setzt eine Vorschrift voraus, die nicht genannt ist.",
        "The exception for “{what}” requires a provision that is not named.",
    ),
    remedy=Text(
        "Unter „Vorschrift zur Ausnahme“ die Norm des Unions-, Bundes- oder Landesrechts angeben, auf der "
        "die Ausnahme beruht.",
        "Under “Norm of the exception”, give the provision of Union, federal or Land law on which it rests.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Personalverwaltung",
        data=[DataCategory(text="Grad der Behinderung", special=True, exception=SpecialException.EMPLOYMENT)],
    ),
    keeps=lambda: ProcessingActivity(
        name="Personalverwaltung",
        data=[
            DataCategory(
                text="Grad der Behinderung",
                special=True,
                exception=SpecialException.EMPLOYMENT,
                exception_norm="§ 22 Abs. 1 Nr. 1 lit. a BDSG",
            )
        ],
    ),
)
def _exception_has_norm(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    return hits(
        activity.data,
        lambda row: (
            row.special is True and row.exception in _NEEDS_EXCEPTION_NORM and _blank(row.exception_norm)
        ),
    )


# Spelt as :func:`compliance.database.folded` leaves words.
_SPECIAL_ANYWHERE: Final = (
    r"gesundheit(?!s(?:amt|aemter|behoerd|ministeri|dienst|wesen|management))",
    r"krank(?:heit|meld|schreib|engeschicht|enakte|engeld)",
    "erkrank",
    "diagnos",
    r"(?<!verkehrs)behinder(?!ten(?:beauftragt|beirat|vertretung))",
    "religio",
    "konfession",
    "gewerkschaft",
    "biometr",
    "fingerabdr",
    "genetisch",
    "sexual",
    "sexuell",
)
_SPECIAL_BEGINNING: Final = (
    "medizinisch",
    "medikament",
    "aerztlich",
    "arbeitsunfaehig",
    r"pflege(?:grad|stufe|beduerf)",
    "psychi",
    "psycholog",
    "schwanger",
    "impfstatus",
    r"kirchen(?:steuer|austritt|mitglied|zugehoer)",
    "weltanschau",
    "glaubens",
    "politisch",
    r"partei(?:zugehoer|mitglied)",
    "ethni",
    "rassisch",
    "hautfarbe",
    "volkszugehoer",
    "migrationshintergrund",
    r"herkunft\b(?! (?:der|des|von)\b)",
    r"herkunft der (?:person|familie|eltern|kind|betroffenen)",
    "gesichtserkennung",
    r"dna\b",
    "geschlechtsidentit",
)
_SPECIAL: Final = re.compile(
    rf"(?<!ohne )(?<!keine )\b(?:\w*(?:{'|'.join(_SPECIAL_ANYWHERE)})|(?:{'|'.join(_SPECIAL_BEGINNING)}))"
)


@RULES.rule(
    "VVT-019",
    Severity.WARNING,
    "Art. 9 Abs. 1 DSGVO",
    field="data",
    says=Text(
        "„{what}“ lässt besondere Kategorien personenbezogener Daten vermuten, ist aber nicht so "
        "gekennzeichnet.",
        "“{what}” suggests special categories of personal data but is not marked as such.",
    ),
    remedy=Text(
        "Prüfen, ob sich daraus Gesundheit, Herkunft, Religion, politische Meinung, Gewerkschaft, "
        "Sexualleben oder biometrische oder genetische Merkmale ergeben, und „Besondere Kategorie“ mit Ja "
        "beantworten oder begründen, warum nicht.",
        "Check whether it reveals health, origin, religion, political opinion, union membership, sex life "
        "or biometric or genetic characteristics, and answer “Special category” with yes or give reasons "
        "why not.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Lohn- und Gehaltsabrechnung",
        data=[DataCategory(text="Kirchensteuermerkmal"), DataCategory(text="Bankverbindung")],
    ),
    keeps=lambda: ProcessingActivity(
        name="Lohn- und Gehaltsabrechnung",
        data=[DataCategory(text="Kirchensteuermerkmal", special=True), DataCategory(text="Bankverbindung")],
        recipients=[Recipient(text="Gesundheitsamt", kind=RecipientKind.INTERNAL)],
    ),
)
def _special_category_is_marked(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    return hits(
        activity.data, lambda row: row.special is not True and bool(_SPECIAL.search(folded(row.text)))
    )


@RULES.rule(
    "VVT-020",
    Severity.ERROR,
    "Art. 10 DSGVO",
    field="data",
    says=Text(
        "„{what}“ enthält Daten über Straftaten, aber weder behördliche Aufsicht noch zulassende Vorschrift "
        "ist genannt.",
        "“{what}” contains criminal-offence data, but neither official authority nor an authorising "
        "provision is named.",
    ),
    remedy=Text(
        "Unter „Zulassung für Daten über Straftaten“ die behördliche Aufsicht oder die Vorschrift angeben.",
        "Under “Authorisation for criminal-offence data”, name the official authority or the provision.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Stellenbesetzung in Kindertagesstätten",
        data=[DataCategory(text="Erweitertes Führungszeugnis", criminal=True)],
    ),
    keeps=lambda: ProcessingActivity(
        name="Stellenbesetzung in Kindertagesstätten",
        data=[
            DataCategory(
                text="Erweitertes Führungszeugnis",
                criminal=True,
                criminal_norm="Behördliche Aufsicht: Personalamt",
            )
        ],
    ),
)
def _criminal_data_are_authorised(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if _is_ji(activity):
        return ()
    return hits(activity.data, lambda row: row.criminal is True and _blank(row.criminal_norm))


# --- Recipients and third countries --------------------------------------------------------------


@RULES.rule(
    "VVT-004",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. d DSGVO",
    field="recipients",
    says=Text(
        "Es sind weder Empfänger noch Auftragsverarbeiter angegeben, und „Keine Empfänger“ ist nicht "
        "gewählt.",
        "Neither recipients nor processors are given, and “No recipients” is not chosen.",
    ),
    remedy=Text(
        "Interne und externe Empfänger oder ihre Kategorien eintragen, Auftragsverarbeiter verknüpfen oder "
        "„Keine Empfänger“ mit Ja beantworten.",
        "Enter internal and external recipients or their categories, link processors, or answer “No "
        "recipients” with yes.",
    ),
    breaks=lambda: ProcessingActivity(name="Gewerberegister"),
    keeps=lambda: ProcessingActivity(
        name="Gewerberegister", recipients=[Recipient(text="Finanzamt", kind=RecipientKind.AUTHORITY)]
    ),
)
def _recipients_are_named(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    # A processor is a recipient in the sense of Art. 4 No. 9. Joint controllers stand under lit. a
    # and do not necessarily receive anything.
    received = any(not _blank(row.text) for row in activity.recipients) or activity.processors
    if not received and not activity.no_recipients:
        yield Hit()


@RULES.rule(
    "VVT-005",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. e DSGVO",
    field="third_country",
    says=Text(
        "Es ist nicht angegeben, ob Daten in ein Drittland oder an eine internationale Organisation "
        "übermittelt werden.",
        "It is not stated whether data are transferred to a third country or an international organisation.",
    ),
    remedy=Text(
        "„Übermittlung in ein Drittland“ mit Ja oder Nein beantworten; auch Fernzugriffe von Dienstleistern "
        "zählen.",
        "Answer “Transfer to a third country” with yes or no; remote access by service providers counts too.",
    ),
    breaks=lambda: ProcessingActivity(name="Online-Terminvergabe"),
    keeps=lambda: ProcessingActivity(name="Online-Terminvergabe", third_country=False),
)
def _transfers_are_answered(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.third_country is None:
        yield Hit()


# --- Erasure -------------------------------------------------------------------------------------


@RULES.rule(
    "VVT-006",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. f, Art. 5 Abs. 1 lit. e DSGVO",
    field="data",
    says=Text(
        "Für „{what}“ ist weder eine Löschfrist noch ein Kriterium für die Löschung angegeben.",
        "For “{what}”, neither an erasure period nor criteria for erasure are given.",
    ),
    remedy=Text(
        "Bei der Datenkategorie die Löschfrist mit ihrem Beginn eintragen. Ist keine Frist bestimmbar, "
        "genügen Kriterien, nach denen gelöscht wird.",
        "Enter the erasure period and its start with the category of data. Where no period can be "
        "determined, criteria for erasure are enough.",
    ),
    breaks=lambda: ProcessingActivity(name="Volkshochschule", data=[DataCategory(text="Kursanmeldungen")]),
    keeps=lambda: ProcessingActivity(
        name="Volkshochschule",
        data=[DataCategory(text="Kursanmeldungen", criteria="mit Schließung des Kurskontos")],
    ),
)
def _category_has_retention(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    return hits(
        activity.data,
        lambda row: row.retention_rule is None and row.period is None and _blank(row.criteria),
    )


# Spelt as :func:`compliance.database.folded` leaves words.
_FILLERS: Final = (
    "ab ablauf als am an auf aus bedarf beendigung bei bis das daten dauer dem den der des die diese dieser "
    "durch ein eine einer ende entfaellt entfall entfallen es fortfall fortfallen frist fristen fuer "
    "gegebenenfalls gem gemaess ggf im in ist laut mehr mit nach nicht noch nur oder rahmen regelmaessig "
    "sich sie sind sobald sofern solange soweit sowie und unterliegen unterliegt unverzueglich von "
    "vorbehaltlich wegfall wegfallen weggefallen weiteres wenn werden wird zeit zeitnah zu zum zur"
)
_VAGUE_WORDS: Final = frozenset(_FILLERS.split())
_VAGUE_BEGINNINGS: Final = (
    "aufbewahr",
    "benoetig",
    "bestimmung",
    "einschlaegig",
    "entsprech",
    "erforderlich",
    "erfuell",
    "erreich",
    "gebraucht",
    "geltend",
    "gesetz",
    "jeweil",
    "loeschen",
    "loeschfrist",
    "loeschpflicht",
    "loeschung",
    "geloescht",
    "noetig",
    "notwendig",
    "personenbezogen",
    "rechtlich",
    "regelung",
    "speicher",
    "verarbeitung",
    "vorgab",
    "vorgeschrieben",
    "vorschrift",
    "zustaendig",
    "zweck",
)


def _is_vague(criteria: str) -> bool:
    """Whether no word of *criteria* says anything that differs from what holds for all data anyway."""
    said = re.findall(r"[\w§]+", folded(criteria))
    return all(word in _VAGUE_WORDS or word.startswith(_VAGUE_BEGINNINGS) for word in said)


@RULES.rule(
    "VVT-007",
    Severity.WARNING,
    "Art. 5 Abs. 1 lit. e DSGVO",
    field="data",
    says=Text(
        "Für „{what}“ ist nur allgemein gesagt, wann gelöscht wird: „{criteria}“.",
        "For “{what}”, it is only said in general terms when data are erased: “{criteria}”.",
    ),
    remedy=Text(
        "Eine Frist, das auslösende Ereignis oder die Vorschrift nennen, aus der sich die Aufbewahrung "
        "ergibt.",
        "Name a period, the event that triggers erasure, or the provision from which the retention follows.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Veranstaltungsmanagement",
        data=[DataCategory(text="Teilnahmelisten", criteria="nach Wegfall des Zwecks")],
    ),
    keeps=lambda: ProcessingActivity(
        name="Veranstaltungsmanagement",
        data=[
            DataCategory(
                text="Teilnahmelisten", criteria="nach Prüfung des Verwendungsnachweises der Förderung"
            )
        ],
    ),
)
def _retention_is_specific(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    for row, what in named(activity.data):
        only_criteria = row.period is None and _blank(row.period_norm) and not _blank(row.criteria)
        if row.retention_rule is None and only_criteria and _is_vague(row.criteria):
            yield Hit(row, {"what": what, "criteria": opening(row.criteria)})


@RULES.rule(
    "VVT-008",
    Severity.WARNING,
    "Art. 5 Abs. 1 lit. e DSGVO, DIN 66398",
    field="data",
    says=Text(
        "Für „{what}“ ist eine Löschfrist angegeben, aber nicht, wann sie beginnt.",
        "For “{what}”, an erasure period is given but not when it begins.",
    ),
    remedy=Text(
        "Fristbeginn wählen oder das Ereignis nennen, zum Beispiel „Bescheid bestandskräftig“.",
        "Choose the start of the period or name the event, such as “decision final”.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Elternbeiträge",
        data=[DataCategory(text="Beitragsbescheide", period=Span(10, TimeUnit.Y))],
    ),
    keeps=lambda: ProcessingActivity(
        name="Elternbeiträge",
        data=[
            DataCategory(
                text="Beitragsbescheide", period=Span(10, TimeUnit.Y), start_type=StartType.END_OF_CASE
            )
        ],
    ),
)
def _period_has_start(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    return hits(
        activity.data,
        lambda row: (
            row.retention_rule is None
            and row.period is not None
            and row.start_type is None
            and _blank(row.start_event)
        ),
    )


# --- Security and responsibility -----------------------------------------------------------------


@RULES.rule(
    "VVT-009",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. g, Art. 32 Abs. 1 DSGVO",
    field="measures",
    says=Text(
        "Weder sind technische und organisatorische Maßnahmen beschrieben noch ist ein Sicherheitskonzept "
        "genannt.",
        "Neither are technical and organisational measures described nor is a security concept named.",
    ),
    remedy=Text(
        "Die Maßnahmen allgemein beschreiben oder auf ein Sicherheitskonzept verweisen; auch das zentrale "
        "der Verwaltung genügt.",
        "Describe the measures in general terms or refer to a security concept; the central one of the "
        "authority is enough.",
    ),
    breaks=lambda: ProcessingActivity(name="Parkraumbewirtschaftung"),
    keeps=lambda: ProcessingActivity(
        name="Parkraumbewirtschaftung",
        security_concept="Zentrales Informationssicherheitskonzept der Stadt, Fassung 2025",
    ),
)
def _measures_are_described(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if not activity.measures_used and _blank(activity.measures) and _blank(activity.security_concept):
        yield Hit()


@RULES.rule(
    "VVT-010",
    Severity.WARNING,
    "Art. 30 Abs. 1 lit. a DSGVO, DSK-Muster",
    field="unit",
    says=Text(
        "Wer fachlich verantwortlich ist, ist nicht vollständig angegeben: „{field}“ fehlt.",
        "Who is responsible is not fully stated: “{field}” is missing.",
    ),
    remedy=Text(
        "Die verantwortliche Organisationseinheit wählen und eine Ansprechperson mit Telefon oder E-Mail "
        "nennen.",
        "Choose the responsible unit and name a contact with telephone or e-mail.",
    ),
    breaks=lambda: ProcessingActivity(name="Standesamtliche Beurkundung"),
    keeps=lambda: ProcessingActivity(
        name="Standesamtliche Beurkundung",
        unit=Unit(name="Standesamt", key="1.105"),
        contact="Leitung Standesamt, standesamt@stadt.example",
    ),
)
def _somebody_is_responsible(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if activity.unit is None:
        yield Hit(words={"field": "unit"})
    if _blank(activity.contact):
        yield Hit(words={"field": "contact"})
