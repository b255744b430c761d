"""The threshold analysis (Schwellwertanalyse): whether Art. 35 (1) GDPR asks for an impact assessment.

Every indication is collected before the answer is given. Silence never becomes
„nicht erforderlich“, and „abgedeckt“ means required and covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from compliance.decisions import Decision, Row, Table
from compliance.entry import Area, Entry, Proposal, State, everything
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    fields,
    flag,
    is_empty,
    line,
    prose,
    reference,
    section,
)
from compliance.language import Text
from registers.processing import VULNERABLE, DataSource, ProcessingActivity, Scale, Secrecy, Subjects


class Outcome(Term):
    """What a threshold analysis comes to."""

    REQUIRED = Text("Erforderlich", "Required")
    COVERED = Text(
        "Erforderlich und durch bestehende DSFA abgedeckt", "Required and covered by an existing DPIA"
    )
    VOLUNTARY = Text("Freiwillig", "Voluntary")
    NOT_REQUIRED = Text("Nicht erforderlich", "Not required")
    UNDECIDED = Text("Noch offen", "Undecided")


# --- The list of processing that always needs an assessment --------------------------------------


class RoughRisk(Term):
    """A first judgement of the risk, in the three classes of DSK-Kurzpapier Nr. 18."""

    LOW = Text("geringes Risiko", "low risk")
    MEDIUM = Text("Risiko", "risk")
    HIGH = Text("hohes Risiko", "high risk")


class ListEntry(Term):
    """The entries of the DSK's list under Art. 35 (4), in our own words."""

    DSK_01 = Text(
        "Biometrische Daten zur eindeutigen Identifizierung, wenn mindestens ein weiteres Kriterium zutrifft",
        "Biometric data for unique identification, where at least one more criterion applies",
    )
    DSK_02 = Text(
        "Genetische Daten, wenn mindestens ein weiteres Kriterium zutrifft",
        "Genetic data, where at least one more criterion applies",
    )
    DSK_03 = Text(
        "Umfangreich Daten, die einem Sozial-, Berufs- oder besonderen Amtsgeheimnis unterliegen",
        "Data under social, professional or special official secrecy on a large scale",
    )
    DSK_04 = Text(
        "Umfangreich Daten über den Aufenthaltsort von Personen",
        "Data on the whereabouts of persons on a large scale",
    )
    DSK_05 = Text(
        "Umfangreiche Zusammenführung aus mehreren Quellen mit undurchsichtigen Verfahren, um "
        "Entscheidungen mit "
        "erheblicher Wirkung vorzubereiten",
        "Large-scale merging from several sources by opaque methods, to prepare decisions with "
        "significant effect",
    )
    DSK_06 = Text(
        "Mobile Kameras in öffentlichen Bereichen, deren Aufnahmen zentral zusammengeführt werden",
        "Mobile cameras in public areas whose recordings are brought together centrally",
    )
    DSK_07 = Text(
        "Umfangreich Bewertungen von Verhalten oder Persönlichkeit, die Dritte für Entscheidungen "
        "nutzen können",
        "Ratings of behaviour or personality on a large scale that third parties can use for decisions",
    )
    DSK_08 = Text(
        "Umfangreich Verhaltensdaten von Beschäftigten, aus denen die Arbeit mit Folgen für sie "
        "bewertet werden kann",
        "Data on the behaviour of staff on a large scale, from which work can be rated with "
        "consequences for them",
    )
    DSK_09 = Text(
        "Umfassende Profile über Interessen, Beziehungen oder Persönlichkeit",
        "Comprehensive profiles of interests, relationships or personality",
    )
    DSK_10 = Text(
        "Umfangreiche Zusammenführung aus mehreren Quellen, um bisher unbekannte Zusammenhänge zu entdecken",
        "Large-scale merging from several sources to discover correlations unknown so far",
    )
    DSK_11 = Text(
        "Künstliche Intelligenz, die den Umgang mit Personen steuert oder persönliche Aspekte bewertet",
        "Artificial intelligence that steers the interaction with persons or evaluates personal aspects",
    )
    DSK_12 = Text(
        "Ortung oder Verfolgung von Personen über Funksignale oder Sensoren ihrer Geräte (WLAN, Bluetooth)",
        "Locating or tracking persons by radio signals or sensors of their devices (WLAN, Bluetooth)",
    )
    DSK_13 = Text(
        "Automatische Auswertung von Bild- oder Tonaufnahmen zur Bewertung der Persönlichkeit",
        "Automated analysis of video or audio recordings to evaluate personality",
    )
    DSK_14 = Text(
        "Umfassende Profile über Bewegungen und Kaufverhalten",
        "Comprehensive profiles of movements and purchases",
    )
    DSK_15 = Text(
        "Anonymisierung besonderer Kategorien, nicht nur im Einzelfall, zur Weitergabe an Dritte",
        "Anonymisation of special categories, not just in single cases, for transfer to third parties",
    )
    DSK_16 = Text(
        "Daten nach Art. 9 oder 10, die Sensoren oder mobile Anwendungen fortlaufend erheben und die zentral "
        "verarbeitet werden",
        "Data under Art. 9 or 10 collected repeatedly by sensors or mobile applications and "
        "processed centrally",
    )
    DSK_17 = Text(
        "Daten nach Art. 9 oder 10, um die Leistungsfähigkeit von Personen zu bestimmen",
        "Data under Art. 9 or 10 to determine the performance of persons",
    )


@dataclass(frozen=True)
class PublishedList:
    """A list under Art. 35 (4) as an authority published it on a day."""

    title: Text
    version: str
    published: date
    caveat: Text
    """What has to be checked before relying on it."""
    entries: Mapping[ListEntry, str]
    """The number each entry bears in the list."""


DSK_LIST: Final = PublishedList(
    title=Text("Muss-Liste der Datenschutzkonferenz", "List of the German data protection conference (DSK)"),
    version="1.1",
    published=date(2018, 10, 17),
    caveat=Text(
        "Die Liste ist für den nicht-öffentlichen Bereich geschrieben. Für öffentliche Stellen gilt "
        "die Liste der "
        "Aufsichtsbehörde des Landes; vor der Freigabe ist sie heranzuziehen.",
        "The list is written for the non-public sector. For public bodies the list of the authority "
        "of the Land "
        "applies; consult it before release.",
    ),
    entries={entry: entry.name.removeprefix("DSK_").lstrip("0") for entry in ListEntry},
)


# --- What is asked -------------------------------------------------------------------------------

_WP248 = "WP 248 rev.01"


def _criterion(number: int, de: str, en: str, help_de: str, help_en: str) -> Mapped[bool | None]:
    return flag(
        f"{number}. {de}",
        f"{number}. {en}",
        help=Text(help_de, help_en),
        basis=f"{_WP248}, Kriterium {number}",
        expected=True,
    )


def _case(letter: str, de: str, en: str, help_de: str, help_en: str) -> Mapped[bool | None]:
    return flag(
        de, en, help=Text(help_de, help_en), basis=f"Art. 35 Abs. 3 lit. {letter} DSGVO", expected=True
    )


class ThresholdAnalysis(Entry):
    """Whether one processing activity needs an impact assessment, with every reason."""

    slug = "threshold-analyses"
    prefix = "SWA"
    area = Area.PROJECTS
    title = Text("Schwellwertanalysen", "Threshold analyses")
    one = Text("Schwellwertanalyse", "Threshold analysis")
    due = ("recheck",)

    with section("subject", "Gegenstand", "Subject"):
        activity: Mapped[ProcessingActivity | None] = reference(
            "ProcessingActivity",
            "Verarbeitungstätigkeit",
            "Processing activity",
            help=Text("Die Tätigkeit, die beurteilt wird.", "The activity that is judged."),
            basis="Art. 35 Abs. 1 DSGVO",
            expected=True,
            listed=True,
        )
        result: Mapped[Outcome | None] = choice(
            Outcome,
            "Ergebnis",
            "Result",
            help=Text("Folgt aus den Antworten.", "Follows from the answers."),
            basis="Art. 35 Abs. 1 DSGVO",
            listed=True,
            fixed=True,
        )
        personal_data: Mapped[bool | None] = flag(
            "Werden personenbezogene Daten verarbeitet?",
            "Are personal data processed?",
            help=Text(
                "Auch Kennungen, Bilder und Standorte zählen. Im Zweifel „ja“.",
                "Identifiers, images and locations count. If in doubt, “yes”.",
            ),
            basis="Art. 2 Abs. 1, Art. 4 Nr. 1 DSGVO",
            expected=True,
        )
        anonymity: Mapped[str] = prose(
            "Warum die Daten anonym sind",
            "Why the data are anonymous",
            help=Text(
                "Nur bei „nein“: wie und durch wen anonymisiert wird.",
                "Only for “no”: how and by whom data are anonymised.",
            ),
            basis="ErwGr. 26 DSGVO",
            more=True,
        )
        reidentifiable: Mapped[bool | None] = flag(
            "Lassen sich Personen mit vertretbarem Aufwand wieder bestimmen?",
            "Can persons be identified again with reasonable effort?",
            help=Text(
                "Nur bei „nein“ oben: auch mit Zusatzwissen Dritter und künftiger Technik geprüft.",
                "Only for “no” above: considering what others know and future technology.",
            ),
            basis="ErwGr. 26 DSGVO",
            more=True,
        )

    with section("exclusions", "Ausnahmen", "Exclusions"):
        done_by_law: Mapped[bool | None] = flag(
            "Hat schon das Gesetzgebungsverfahren die Folgen abgeschätzt?",
            "Was the impact assessed when the law was made?",
            help=Text(
                "Nur wenn die Rechtsgrundlage den Vorgang konkret regelt und eine DSFA bei ihrem "
                "Erlass erfolgte.",
                "Only if the law regulates the very operation and a DPIA was carried out when it was "
                "adopted.",
            ),
            basis="Art. 35 Abs. 10 DSGVO",
            expected=True,
        )
        done_by_law_source: Mapped[str] = line(
            "Fundstelle",
            "Where it is found",
            help=Text(
                "Vorschrift und Drucksache mit der Folgenabschätzung.",
                "Provision and paper with the assessment.",
            ),
            basis="Art. 35 Abs. 10 DSGVO",
            when="done_by_law",
        )
        covered_by: Mapped[Any] = reference(
            "Dpia",
            "Durch diese DSFA abgedeckt",
            "Covered by this DPIA",
            help=Text(
                "Eine DSFA über ähnliche Vorgänge mit ähnlich hohen Risiken, in der diese Tätigkeit "
                "aufgeführt ist.",
                "A DPIA of similar operations with similarly high risks that names this activity.",
            ),
            basis="Art. 35 Abs. 1 Satz 2 DSGVO",
        )
        covered_reason: Mapped[str] = prose(
            "Warum sie auch diese Tätigkeit abdeckt",
            "Why it covers this activity too",
            help=Text(
                "Worin Art, Umfang, Umstände, Zwecke und Risiken übereinstimmen.",
                "In what nature, scope, context, purposes and risks agree.",
            ),
            basis="Art. 35 Abs. 1 Satz 2 DSGVO",
            more=True,
        )

    with section("list", "Muss-Liste", "Mandatory list"):
        listed_case: Mapped[bool | None] = flag(
            "Steht die Verarbeitung auf der Muss-Liste?",
            "Is the processing on the mandatory list?",
            help=DSK_LIST.caveat,
            basis="Art. 35 Abs. 4 DSGVO",
            expected=True,
        )
        list_entries: Mapped[tuple[ListEntry, ...]] = choices(
            ListEntry,
            "Zutreffende Einträge",
            "Entries that apply",
            help=Text(
                f"Muss-Liste der Datenschutzkonferenz, Version {DSK_LIST.version} vom 17.10.2018, sinngemäß.",
                f"List of the DSK, version {DSK_LIST.version} of 2018-10-17, in substance.",
            ),
            basis=f"DSK-Muss-Liste {DSK_LIST.version}",
            when="listed_case",
        )

    with section("cases", "Fälle des Art. 35 Abs. 3", "Cases of Art. 35 (3)"):
        extensive_evaluation: Mapped[bool | None] = _case(
            "a",
            "Systematische und umfassende Bewertung als Grundlage von Entscheidungen",
            "Systematic and extensive evaluation as a basis of decisions",
            "Automatisiert, auch durch Profiling, mit rechtlicher oder ähnlich erheblicher Wirkung.",
            "Automated, profiling included, with legal or similarly significant effect.",
        )
        extensive_sensitive_data: Mapped[bool | None] = _case(
            "b",
            "Umfangreiche Verarbeitung von Daten nach Art. 9 oder 10",
            "Large-scale processing of data under Art. 9 or 10",
            "Gesundheit, Herkunft, Religion und so weiter, oder Daten über Straftaten.",
            "Health, origin, religion and so on, or criminal-offence data.",
        )
        public_monitoring: Mapped[bool | None] = _case(
            "c",
            "Systematische umfangreiche Überwachung öffentlich zugänglicher Bereiche",
            "Systematic large-scale monitoring of publicly accessible areas",
            "Kameras und Sensoren auf Straßen, Plätzen, in Bussen oder Gebäuden mit Publikum.",
            "Cameras and sensors in streets, squares, buses or buildings open to the public.",
        )

    with section("criteria", "Neun Kriterien", "Nine criteria"):
        evaluation: Mapped[bool | None] = _criterion(
            1,
            "Bewerten oder Einstufen",
            "Evaluation or scoring",
            "Leistung, Verhalten, Gesundheit oder Vorlieben von Personen werden bewertet oder vorhergesagt.",
            "Performance, behaviour, health or preferences of persons are evaluated or predicted.",
        )
        automated_decision: Mapped[bool | None] = _criterion(
            2,
            "Automatisierte Entscheidung mit erheblicher Wirkung",
            "Automated decision with significant effect",
            "Ein System entscheidet über Bescheide, Leistungen oder Zugang.",
            "A system decides on notices, benefits or access.",
        )
        monitoring: Mapped[bool | None] = _criterion(
            3,
            "Systematische Überwachung",
            "Systematic monitoring",
            "Personen werden beobachtet oder kontrolliert, auch ohne es zu bemerken.",
            "Persons are observed or controlled, perhaps without noticing.",
        )
        sensitive: Mapped[bool | None] = _criterion(
            4,
            "Vertrauliche oder höchst persönliche Daten",
            "Sensitive or highly personal data",
            "Daten nach Art. 9 und 10, aber auch Standort, Finanzen, Kommunikation, besondere Geheimnisse.",
            "Data under Art. 9 and 10, but also location, finances, communication, special secrets.",
        )
        large_scale: Mapped[bool | None] = _criterion(
            5,
            "Großer Umfang",
            "Large scale",
            "Nach Zahl der Personen, Menge der Daten, Dauer und räumlicher Ausdehnung.",
            "By number of persons, volume of data, duration and geographical extent.",
        )
        matching: Mapped[bool | None] = _criterion(
            6,
            "Abgleichen oder Zusammenführen von Datensätzen",
            "Matching or combining datasets",
            "Aus mehreren Verarbeitungen, in einer Weise, mit der Betroffene nicht rechnen.",
            "From several operations, in a way data subjects do not expect.",
        )
        vulnerable: Mapped[bool | None] = _criterion(
            7,
            "Schutzbedürftige Personen",
            "Vulnerable persons",
            "Kinder, Beschäftigte, Kranke, Pflegebedürftige, Geflüchtete, Leistungsbeziehende.",
            "Children, staff, patients, persons in need of care, refugees, beneficiaries.",
        )
        innovative: Mapped[bool | None] = _criterion(
            8,
            "Neue Technik oder neuartige Anwendung",
            "Innovative technology or use",
            "Zum Beispiel künstliche Intelligenz, Sensornetze oder Biometrie.",
            "Such as artificial intelligence, sensor networks or biometrics.",
        )
        blocks_right: Mapped[bool | None] = _criterion(
            9,
            "Hinderung an einem Recht, einer Leistung oder einem Vertrag",
            "Being kept from a right, service or contract",
            "Vom Ergebnis hängt ab, ob Personen eine Leistung erhalten.",
            "The result decides whether persons receive a service.",
        )

    with section("judgement", "Gesamturteil", "Judgement"):
        rough_risk: Mapped[RoughRisk | None] = choice(
            RoughRisk,
            "Grobe Einschätzung des Risikos",
            "Rough assessment of the risk",
            help=Text(
                "Nötig, wenn keines der Kriterien zutrifft: Schwere und Wahrscheinlichkeit des "
                "größten Schadens.",
                "Needed where no criterion applies: severity and likelihood of the greatest damage.",
            ),
            basis="Art. 35 Abs. 1 DSGVO, DSK-Kurzpapier Nr. 18",
        )
        high_risk: Mapped[bool | None] = flag(
            "Hat die Verarbeitung voraussichtlich ein hohes Risiko zur Folge?",
            "Is the processing likely to result in a high risk?",
            help=Text(
                "Für Rechte und Freiheiten der Personen, nicht für die Verwaltung.",
                "For the rights and freedoms of persons, not for the authority.",
            ),
            basis="Art. 35 Abs. 1 Satz 1 DSGVO",
            expected=True,
        )
        reason: Mapped[str] = prose(
            "Begründung",
            "Reason",
            help=Text(
                "Nötig, sobald ein Kriterium zutrifft und dennoch kein hohes Risiko erwartet wird.",
                "Needed where a criterion applies and no high risk is expected nevertheless.",
            ),
            basis=f"Art. 5 Abs. 2 DSGVO, {_WP248}",
        )
        voluntary: Mapped[bool | None] = flag(
            "Soll die DSFA freiwillig durchgeführt werden?",
            "Is a DPIA to be carried out voluntarily?",
            help=Text("Wenn sie nicht vorgeschrieben ist.", "Where it is not prescribed."),
            basis="Art. 24 Abs. 1 DSGVO",
            more=True,
        )
        recheck: Mapped[date | None] = day(
            "Erneut prüfen am",
            "Check again on",
            help=Text(
                "Spätestens wenn sich Zweck, Daten, Technik oder Umfang ändern.",
                "At the latest when purpose, data, technology or scale change.",
            ),
            basis="Art. 35 Abs. 11, Art. 24 Abs. 1 DSGVO",
            expected=True,
            listed=True,
        )

    def derive(self) -> None:
        self.result = outcome(self).outcome

    def proposals(self, session: Session) -> Mapping[str, Proposal]:
        return _beginning(session, self.activity) if self.activity else {}


CASES: Final = ("extensive_evaluation", "extensive_sensitive_data", "public_monitoring")
"""The fields for Art. 35 (3) (a) to (c)."""

CRITERIA: Final = (
    "evaluation",
    "automated_decision",
    "monitoring",
    "sensitive",
    "large_scale",
    "matching",
    "vulnerable",
    "innovative",
    "blocks_right",
)
"""The fields for the nine criteria of WP 248 rev.01, in their order."""


# --- The decision table --------------------------------------------------------------------------


def criteria_met(analysis: ThresholdAnalysis) -> int:
    """How many of the nine criteria apply."""
    return sum(getattr(analysis, name) is True for name in CRITERIA)


def mandatory(analysis: ThresholdAnalysis) -> bool:
    """Whether the list or Art. 35 (3) names the processing."""
    named = (getattr(analysis, name) is True for name in CASES)
    return analysis.listed_case is True or bool(analysis.list_entries) or any(named)


def reasoned_no(analysis: ThresholdAnalysis) -> bool:
    """Whether a high risk is denied, and why is written down."""
    return analysis.high_risk is False and bool(analysis.reason.strip())


def _requires(analysis: ThresholdAnalysis) -> bool:
    expected = analysis.high_risk is True or analysis.rough_risk is RoughRisk.HIGH
    by_criteria = criteria_met(analysis) >= 2 and not reasoned_no(analysis)
    return mandatory(analysis) or expected or by_criteria


def _anonymous(analysis: ThresholdAnalysis) -> bool:
    claimed = analysis.personal_data is False and analysis.reidentifiable is False
    return claimed and not criteria_met(analysis) and not _requires(analysis)


def _done_by_law(analysis: ThresholdAnalysis) -> bool:
    return analysis.done_by_law is True and bool(analysis.done_by_law_source.strip())


def _without_indication(analysis: ThresholdAnalysis) -> bool:
    denied = all(getattr(analysis, name) is False for name in (*CASES, *CRITERIA, "listed_case", "high_risk"))
    return denied and analysis.rough_risk in (RoughRisk.LOW, RoughRisk.MEDIUM)


def unanswered(analysis: ThresholdAnalysis) -> tuple[str, ...]:
    """Names of the questions without whose answer nothing can be ruled out."""
    return tuple(name for name in _asked(analysis) if _is_open(getattr(analysis, name)))


def _is_open(value: object) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value)


def _asked(analysis: ThresholdAnalysis) -> Iterator[str]:
    """Names of the questions that arise, given the other answers."""
    yield "personal_data"
    if analysis.personal_data is False:
        yield from ("anonymity", "reidentifiable")
        if _anonymous(analysis):
            return
    yield "done_by_law"
    if analysis.done_by_law:
        yield "done_by_law_source"
    yield from ("listed_case", *CASES, *CRITERIA)
    if _done_by_law(analysis):
        return
    if not criteria_met(analysis):
        yield "rough_risk"
    yield "high_risk"
    if criteria_met(analysis) and analysis.high_risk is False:
        yield "reason"


_Row = Row[ThresholdAnalysis, Outcome]


def _set(name: str) -> Callable[[ThresholdAnalysis], bool]:
    return lambda analysis: getattr(analysis, name) is True


def _lists(entry: ListEntry) -> Callable[[ThresholdAnalysis], bool]:
    return lambda analysis: entry in analysis.list_entries


def _list_row(entry: ListEntry) -> _Row:
    number = DSK_LIST.entries[entry]
    return Row(
        f"LIST-{number}",
        Outcome.REQUIRED,
        Text("Muss-Liste: {entry}.", "Mandatory list: {entry}.").format(entry=entry.text),
        f"Art. 35 Abs. 4 DSGVO, DSK-Muss-Liste {DSK_LIST.version}, Nr. {number}",
        _lists(entry),
    )


def _field_row(id: str, decides: Outcome | None, name: str, says: Text) -> _Row:
    spec = fields(ThresholdAnalysis)[name]
    return Row(id, decides, says.format(label=spec.label), spec.basis, _set(name))


def _rows() -> Iterator[_Row]:
    yield Row(
        "ANONYMOUS",
        Outcome.NOT_REQUIRED,
        Text(
            "Es werden keine personenbezogenen Daten verarbeitet, und Personen lassen sich nicht "
            "wieder bestimmen.",
            "No personal data are processed, and persons cannot be identified again.",
        ),
        "Art. 2 Abs. 1, ErwGr. 26 DSGVO",
        _anonymous,
    )
    yield Row(
        "BY-LAW",
        Outcome.NOT_REQUIRED,
        Text(
            "Die Folgen wurden bei Erlass der Rechtsgrundlage abgeschätzt.",
            "The impact was assessed when the law was adopted.",
        ),
        "Art. 35 Abs. 10 DSGVO",
        _done_by_law,
    )
    yield Row(
        "COVERED",
        Outcome.COVERED,
        Text(
            "Eine DSFA ist erforderlich; eine bestehende über ähnliche Vorgänge deckt die Tätigkeit ab.",
            "A DPIA is required; an existing one of similar operations covers the activity.",
        ),
        "Art. 35 Abs. 1 Satz 2 DSGVO",
        lambda analysis: analysis.covered_by is not None and _requires(analysis),
    )
    yield from map(_list_row, ListEntry)
    yield Row(
        "LIST",
        Outcome.REQUIRED,
        Text("Die Verarbeitung steht auf der Muss-Liste.", "The processing is on the mandatory list."),
        "Art. 35 Abs. 4 DSGVO",
        lambda analysis: analysis.listed_case is True and not analysis.list_entries,
    )
    case = Text("Fall des Art. 35 Abs. 3: {label}.", "Case of Art. 35 (3): {label}.")
    for letter, name in zip("ABC", CASES, strict=True):
        yield _field_row(f"CASE-{letter}", Outcome.REQUIRED, name, case)
    yield Row(
        "ROUGH-RISK",
        Outcome.REQUIRED,
        Text("Die grobe Einschätzung ergibt ein hohes Risiko.", "The rough assessment comes to a high risk."),
        "Art. 35 Abs. 1 DSGVO",
        lambda analysis: analysis.rough_risk is RoughRisk.HIGH,
    )
    yield Row(
        "HIGH-RISK",
        Outcome.REQUIRED,
        Text(
            "Die verantwortliche Stelle erwartet ein hohes Risiko.",
            "The responsible unit expects a high risk.",
        ),
        "Art. 35 Abs. 1 Satz 1 DSGVO",
        _set("high_risk"),
    )
    yield Row(
        "CRITERIA",
        Outcome.REQUIRED,
        Text(
            "Mindestens zwei der neun Kriterien treffen zu; eine Abweichung ist nicht begründet.",
            "At least two of the nine criteria apply; a deviation is not justified.",
        ),
        _WP248,
        lambda analysis: criteria_met(analysis) >= 2 and not reasoned_no(analysis),
    )
    yield Row(
        "VOLUNTARY",
        Outcome.VOLUNTARY,
        Text("Die DSFA wird freiwillig durchgeführt.", "The DPIA is carried out voluntarily."),
        "Art. 24 Abs. 1 DSGVO",
        _set("voluntary"),
    )
    yield Row(
        "DEVIATION",
        Outcome.NOT_REQUIRED,
        Text(
            "Obwohl mindestens zwei Kriterien zutreffen, wird mit Begründung kein hohes Risiko erwartet.",
            "Although at least two criteria apply, no high risk is expected, for the reason given.",
        ),
        _WP248,
        lambda analysis: criteria_met(analysis) >= 2 and reasoned_no(analysis),
    )
    yield Row(
        "ONE-CRITERION",
        Outcome.NOT_REQUIRED,
        Text(
            "Ein Kriterium trifft zu; mit Begründung wird kein hohes Risiko erwartet.",
            "One criterion applies; no high risk is expected, for the reason given.",
        ),
        _WP248,
        lambda analysis: criteria_met(analysis) == 1 and reasoned_no(analysis),
    )
    yield Row(
        "NO-INDICATION",
        Outcome.NOT_REQUIRED,
        Text(
            "Kein Kriterium trifft zu, und ein hohes Risiko wird nicht erwartet.",
            "No criterion applies, and no high risk is expected.",
        ),
        "Art. 35 Abs. 1 DSGVO",
        _without_indication,
    )
    met = Text("Kriterium {label}.", "Criterion {label}.")
    for number, name in enumerate(CRITERIA, start=1):
        yield _field_row(f"CRITERION-{number}", None, name, met)


TABLE: Final[Table[ThresholdAnalysis, Outcome]] = Table(
    rows=tuple(_rows()),
    undecided=Outcome.UNDECIDED,
    guarded=frozenset({Outcome.NOT_REQUIRED, Outcome.VOLUNTARY}),
    unanswered=unanswered,
)


def outcome(analysis: ThresholdAnalysis) -> Decision[Outcome]:
    """What *analysis* comes to, with every reason and every open question."""
    return TABLE.decide(analysis)


# --- What the record already tells ---------------------------------------------------------------


def analyses_of(session: Session, activities: Iterable[ProcessingActivity]) -> Sequence[ThresholdAnalysis]:
    """The analyses of *activities* that have not ended, whole and by number."""
    ids = [activity.id for activity in activities]
    query = select(ThresholdAnalysis).where(ThresholdAnalysis.activity.has(ProcessingActivity.id.in_(ids)))
    query = query.where(ThresholdAnalysis.state != State.ENDED).order_by(ThresholdAnalysis.number)
    return session.scalars(query.options(*everything(ThresholdAnalysis))).all()


def _beginning(session: Session, activity: ProcessingActivity) -> dict[str, Proposal]:
    """What a new analysis of *activity* begins with."""
    whole = session.scalars(
        select(ProcessingActivity)
        .where(ProcessingActivity.id == activity.id)
        .options(*everything(ProcessingActivity))
    ).one()
    copied = {"name": whole.name, "unit": whole.unit, "recheck": whole.next_review}
    known = {name: Proposal(value, _AS_RECORDED) for name, value in copied.items() if value}
    return known | proposed_answers(whole)


_LARGE: Final = frozenset({Scale.MORE})
_SECRETS: Final = frozenset({Secrecy.SOCIAL, Secrecy.TAX, Secrecy.PROFESSIONAL, Secrecy.STATISTICS})


def proposed_answers(activity: ProcessingActivity) -> dict[str, Proposal]:
    """Answers by field name, each with its reason.

    „Nein“ is proposed only where the record says „nein“ to the same question,
    never because it says nothing. Needs *activity* with its rows.
    """
    proposals = {"personal_data": Proposal(True, _REGISTERED)}
    proposals |= {name: Proposal(True, why) for name, why in _signs(activity)}
    proposals |= _listed(activity)
    for name, denied in (
        ("automated_decision", activity.automated_decision),
        ("evaluation", activity.profiling),
    ):
        if denied is False:
            proposals.setdefault(name, Proposal(False, _DENIED))
    return proposals


def indicators(activity: ProcessingActivity) -> tuple[str, ...]:
    """Names of the questions to which the record of *activity* already says yes."""
    proposals = proposed_answers(activity)
    return tuple(
        name for name in (*CASES, *CRITERIA, "listed_case") if name in proposals and proposals[name].value
    )


def _signs(activity: ProcessingActivity) -> Iterator[tuple[str, Text]]:
    """The criteria and cases that *activity* meets by what is recorded."""
    protected = _protected(activity)
    large = activity.scale in _LARGE
    at_risk = [subject for subject in Subjects if subject in activity.subjects and subject in VULNERABLE]
    if activity.profiling:
        yield "evaluation", _PROFILING
    if activity.automated_decision:
        yield "automated_decision", _AUTOMATED
    if activity.profiling and activity.automated_decision:
        yield "extensive_evaluation", _PROFILED_DECISION
    if activity.video:
        yield "monitoring", _VIDEO
        yield "public_monitoring", _VIDEO
    elif DataSource.SENSOR in activity.sources:
        yield "monitoring", _SENSOR
    if protected or activity.secrecy:
        named = [*protected, *(secret.text for secret in activity.secrecy)]
        yield "sensitive", _SENSITIVE.format(named=_joined(named))
    if large and protected:
        yield "extensive_sensitive_data", _LARGE_AND_SENSITIVE
    if large:
        yield "large_scale", _MANY
    if activity.change_of_purpose:
        yield "matching", _NEW_PURPOSE
    if at_risk:
        yield "vulnerable", _VULNERABLE.format(named=_joined([subject.text for subject in at_risk]))
    if activity.ai:
        yield "innovative", _AI


def _protected(activity: ProcessingActivity) -> list[Text]:
    """The data categories of *activity* under Art. 9 or 10."""
    return [Text(row.text, row.text) for row in activity.data if row.special or row.criminal]


def _listed(activity: ProcessingActivity) -> dict[str, Proposal]:
    entries: dict[ListEntry, Text] = {}
    if activity.scale in _LARGE and _SECRETS.intersection(activity.secrecy):
        entries[ListEntry.DSK_03] = _SECRET_ON_LARGE_SCALE
    if activity.ai and (activity.profiling or activity.automated_decision):
        entries[ListEntry.DSK_11] = _AI_ABOUT_PERSONS
    if not entries:
        return {}
    why = Text(" ".join(text.de for text in entries.values()), " ".join(text.en for text in entries.values()))
    return {"listed_case": Proposal(True, why), "list_entries": Proposal(tuple(entries), why)}


def _joined(texts: list[Text]) -> Text:
    return Text(", ".join(text.de for text in texts), ", ".join(text.en for text in texts))


_AS_RECORDED = Text("Wie im Verzeichnis.", "As in the record.")
_REGISTERED = Text(
    "Die Tätigkeit steht im Verzeichnis von Verarbeitungstätigkeiten.",
    "The activity is in the record of processing activities.",
)
_DENIED = Text(
    "Das Verzeichnis verneint diese Frage.",
    "The record answers this question with no.",
)
_PROFILING = Text(
    "Laut Verzeichnis Profiling oder Bewertung.", "Profiling or scoring according to the record."
)
_AUTOMATED = Text(
    "Laut Verzeichnis automatisierte Entscheidung.", "Automated decision according to the record."
)
_PROFILED_DECISION = Text(
    "Laut Verzeichnis Profiling und automatisierte Entscheidung.",
    "Profiling and automated decision according to the record.",
)
_VIDEO = Text(
    "Laut Verzeichnis Videoüberwachung öffentlich zugänglicher Räume.",
    "Video surveillance of publicly accessible areas according to the record.",
)
_SENSOR = Text("Daten stammen aus Sensor, Kamera oder Protokoll.", "Data come from a sensor, camera or log.")
_SENSITIVE = Text("Laut Verzeichnis: {named}.", "According to the record: {named}.")
_LARGE_AND_SENSITIVE = Text(
    "Daten nach Art. 9 oder 10 von mehr als 10.000 Personen.",
    "Data under Art. 9 or 10 of more than 10,000 persons.",
)
_MANY = Text("Mehr als 10.000 Personen.", "More than 10,000 persons.")
_NEW_PURPOSE = Text(
    "Vorhandene Daten werden zu neuen Zwecken genutzt.", "Existing data are used for new purposes."
)
_VULNERABLE = Text("Betroffen sind: {named}.", "Data subjects are: {named}.")
_AI = Text("Laut Verzeichnis künstliche Intelligenz.", "Artificial intelligence according to the record.")
_SECRET_ON_LARGE_SCALE = Text(
    "Besonderes Geheimnis und mehr als 10.000 Personen.", "Special secrecy and more than 10,000 persons."
)
_AI_ABOUT_PERSONS = Text(
    "Künstliche Intelligenz bewertet Personen oder entscheidet über sie.",
    "Artificial intelligence evaluates persons or decides on them.",
)
