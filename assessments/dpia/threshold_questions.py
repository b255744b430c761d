"""The indications of a high risk that are asked one by one: Art. 35 (3) GDPR and the criteria of WP 248."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Mapped

from compliance.fields import flag
from compliance.language import Text

WP248: Final = "WP 248 rev.01"


@dataclass(frozen=True)
class Indication:
    """One question whose „ja“ speaks for an impact assessment."""

    id: str
    """What the decision table calls it."""
    label: Text
    help: Text
    basis: str
    """The source in law or guideline, as it is cited."""


def _case(letter: str, de: str, en: str, help_de: str, help_en: str) -> Indication:
    basis = f"Art. 35 Abs. 3 lit. {letter} DSGVO"
    return Indication(f"CASE-{letter.upper()}", Text(de, en), Text(help_de, help_en), basis)


def _criterion(number: int, de: str, en: str, help_de: str, help_en: str) -> Indication:
    label = Text(f"{number}. {de}", f"{number}. {en}")
    return Indication(f"CRITERION-{number}", label, Text(help_de, help_en), f"{WP248}, Nr. {number}")


CASES: Final[Mapping[str, Indication]] = {
    "extensive_evaluation": _case(
        "a",
        "Systematische und umfassende Bewertung als Grundlage von Entscheidungen",
        "Systematic and extensive evaluation as a basis of decisions",
        "Automatisiert, auch durch Profiling, mit rechtlicher oder ähnlich erheblicher Wirkung.",
        "Automated, profiling included, with legal or similarly significant effect.",
    ),
    "extensive_sensitive_data": _case(
        "b",
        "Umfangreiche Verarbeitung von Daten nach Art. 9 oder 10",
        "Large-scale processing of data under Art. 9 or 10",
        "Gesundheit, Herkunft, Religion und so weiter, oder Daten über Straftaten.",
        "Health, origin, religion and so on, or criminal-offence data.",
    ),
    "public_monitoring": _case(
        "c",
        "Systematische umfangreiche Überwachung öffentlich zugänglicher Bereiche",
        "Systematic large-scale monitoring of publicly accessible areas",
        "Kameras und Sensoren auf Straßen, Plätzen, in Bussen oder Gebäuden mit Publikum.",
        "Cameras and sensors in streets, squares, buses or buildings open to the public.",
    ),
}
"""Art. 35 (3) (a) to (c), by the name of the field that holds the answer."""

CRITERIA: Final[Mapping[str, Indication]] = {
    "evaluation": _criterion(
        1,
        "Bewerten oder Einstufen",
        "Evaluation or scoring",
        "Leistung, Verhalten, Gesundheit oder Vorlieben von Personen werden bewertet oder vorhergesagt.",
        "Performance, behaviour, health or preferences of persons are evaluated or predicted.",
    ),
    "automated_decision": _criterion(
        2,
        "Automatisierte Entscheidung mit erheblicher Wirkung",
        "Automated decision with significant effect",
        "Ein System entscheidet über Bescheide, Leistungen oder Zugang.",
        "A system decides on notices, benefits or access.",
    ),
    "monitoring": _criterion(
        3,
        "Systematische Überwachung",
        "Systematic monitoring",
        "Personen werden beobachtet oder kontrolliert, auch ohne es zu bemerken.",
        "Persons are observed or controlled, perhaps without noticing.",
    ),
    "sensitive": _criterion(
        4,
        "Vertrauliche oder höchst persönliche Daten",
        "Sensitive or highly personal data",
        "Daten nach Art. 9 und 10, aber auch Standort, Finanzen, Kommunikation, besondere Geheimnisse.",
        "Data under Art. 9 and 10, but also location, finances, communication, special secrets.",
    ),
    "large_scale": _criterion(
        5,
        "Großer Umfang",
        "Large scale",
        "Nach Zahl der Personen, Menge der Daten, Dauer und räumlicher Ausdehnung.",
        "By number of persons, volume of data, duration and geographical extent.",
    ),
    "matching": _criterion(
        6,
        "Abgleichen oder Zusammenführen von Datensätzen",
        "Matching or combining datasets",
        "Aus mehreren Verarbeitungen, in einer Weise, mit der Betroffene nicht rechnen.",
        "From several operations, in a way data subjects do not expect.",
    ),
    "vulnerable": _criterion(
        7,
        "Schutzbedürftige Personen",
        "Vulnerable persons",
        "Kinder, Beschäftigte, Kranke, Pflegebedürftige, Geflüchtete, Leistungsbeziehende.",
        "Children, staff, patients, persons in need of care, refugees, beneficiaries.",
    ),
    "innovative": _criterion(
        8,
        "Neue Technik oder neuartige Anwendung",
        "Innovative technology or use",
        "Zum Beispiel künstliche Intelligenz, Sensornetze oder Biometrie.",
        "Such as artificial intelligence, sensor networks or biometrics.",
    ),
    "blocks_right": _criterion(
        9,
        "Hinderung an einem Recht, einer Leistung oder einem Vertrag",
        "Being kept from a right, service or contract",
        "Vom Ergebnis hängt ab, ob Personen eine Leistung erhalten.",
        "The result decides whether persons receive a service.",
    ),
}
"""The nine criteria of WP 248 rev.01 in their order, by the name of the field that holds the answer."""


def asked(indication: Indication) -> Mapped[bool | None]:
    """The field that asks about *indication*."""
    return flag(
        indication.label.de,
        indication.label.en,
        help=indication.help,
        basis=indication.basis,
        expected=True,
    )
