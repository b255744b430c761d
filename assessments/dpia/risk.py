"""Risks to the rights and freedoms of persons and the measures against them, as they are written down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Mapped

from assessments.dpia.grades import Grade
from compliance.entry import Part
from compliance.fields import Term, choice, choices, day, line, prose, reference
from compliance.language import Text
from registers.measures import Measure

# --- Words ---------------------------------------------------------------------------------------


class FearedEvent(Term):
    """What may happen to the data; the first three are those of the CNIL method."""

    ACCESS = Text("Unrechtmäßiger Zugriff", "Illegitimate access")
    MODIFICATION = Text("Unerwünschte Veränderung", "Unwanted modification")
    DISAPPEARANCE = Text("Verlust der Daten", "Disappearance of data")
    OWN = Text("Anderes Szenario", "Another scenario")


USUAL_EVENTS: Final = (FearedEvent.ACCESS, FearedEvent.MODIFICATION, FearedEvent.DISAPPEARANCE)
"""The events every assessment has to consider."""


class ProtectionGoal(Term):
    """The seven goals (Gewährleistungsziele) of the Standard Data Protection Model."""

    DATA_MINIMISATION = Text("Datenminimierung", "Data minimisation")
    AVAILABILITY = Text("Verfügbarkeit", "Availability")
    INTEGRITY = Text("Integrität", "Integrity")
    CONFIDENTIALITY = Text("Vertraulichkeit", "Confidentiality")
    UNLINKABILITY = Text("Nichtverkettung", "Unlinkability")
    TRANSPARENCY = Text("Transparenz", "Transparency")
    INTERVENABILITY = Text("Intervenierbarkeit", "Intervenability")


class RiskSource(Term):
    """Who or what brings the risk about; the authority itself is one of them."""

    PROCESSING = Text("Die Verarbeitung selbst, auch wie geplant", "The processing itself, even as planned")
    STAFF = Text("Beschäftigte", "Staff")
    PROCESSOR = Text("Auftragsverarbeiter oder Hersteller", "Processor or manufacturer")
    RECIPIENT = Text("Empfänger der Daten", "Recipient of the data")
    OUTSIDER = Text("Unbefugte von außen", "Unauthorised outsiders")
    TECHNOLOGY = Text("Technisches Versagen oder Fehlfunktion", "Technical failure or malfunction")
    ENVIRONMENT = Text("Höhere Gewalt", "Force majeure")


class Damage(Term):
    """Kinds of damage to persons, Recital 75 GDPR."""

    PHYSICAL = Text("Gefahr für Leib oder Leben", "Danger to life or health")
    DISCRIMINATION = Text("Diskriminierung", "Discrimination")
    IDENTITY_THEFT = Text("Identitätsdiebstahl oder -betrug", "Identity theft or fraud")
    FINANCIAL = Text("Finanzieller Verlust", "Financial loss")
    REPUTATION = Text("Rufschädigung", "Damage to reputation")
    SECRECY = Text("Verlust der Vertraulichkeit geschützter Daten", "Loss of confidentiality of secret data")
    REIDENTIFICATION = Text("Aufhebung der Pseudonymisierung", "Reversal of pseudonymisation")
    SOCIAL = Text("Wirtschaftliche oder gesellschaftliche Nachteile", "Economic or social disadvantage")
    RIGHTS = Text("Hinderung an Rechten und Freiheiten", "Being kept from rights and freedoms")
    CONTROL = Text("Verlust der Kontrolle über eigene Daten", "Loss of control over one's own data")


class MeasureState(Term):
    """How far a measure has come."""

    PLANNED = Text("Geplant", "Planned")
    IN_PROGRESS = Text("In Umsetzung", "In progress")
    IMPLEMENTED = Text("Umgesetzt", "Implemented")
    VERIFIED = Text("Umgesetzt und geprüft", "Implemented and verified")


IN_FORCE: Final = frozenset({MeasureState.IMPLEMENTED, MeasureState.VERIFIED})
"""States in which a measure lowers a risk today."""


# --- Risks and measures --------------------------------------------------------------------------

_MODEL = "DSK-Kurzpapier Nr. 18"
_RISKS = "Art. 35 Abs. 7 lit. c DSGVO"
_MEASURES = "Art. 35 Abs. 7 lit. d DSGVO"


def _severity(de: str, en: str, **options: Any) -> Mapped[Grade | None]:
    text = Text("Wie schwer der Schaden für die Person wöge.", "How grave the damage to the person would be.")
    return choice(Grade, f"Schwere {de}", f"Severity {en}", help=text, basis=_MODEL, **options)


def _likelihood(de: str, en: str, **options: Any) -> Mapped[Grade | None]:
    text = Text("Wie wahrscheinlich der Schaden eintritt.", "How likely the damage is to occur.")
    label = f"Eintrittswahrscheinlichkeit {de}", f"Likelihood {en}"
    return choice(Grade, *label, help=text, basis=_MODEL, **options)


# What a risk and a scenario of the library both say is asked in the same words.


def feared_event_field(**options: Any) -> Mapped[FearedEvent | None]:
    """What happens to the data."""
    return choice(
        FearedEvent,
        "Befürchtetes Ereignis",
        "Feared event",
        help=Text(
            "Was mit den Daten geschieht; „anderes“ auch für Risiken aus der Verarbeitung selbst.",
            "What happens to the data; “another” also for risks from the processing itself.",
        ),
        basis="Art. 32 Abs. 2 DSGVO, PIA-Methode der CNIL",
        **options,
    )


def source_field(**options: Any) -> Mapped[RiskSource | None]:
    """From whom or what the risk arises."""
    return choice(
        RiskSource,
        "Risikoquelle",
        "Risk source",
        help=Text("Von wem oder wovon das Risiko ausgeht.", "From whom or what the risk arises."),
        basis=_MODEL,
        expected=True,
        **options,
    )


def threat_field() -> Mapped[str]:
    """What the source does, or what fails."""
    return prose(
        "Bedrohung",
        "Threat",
        help=Text("Was die Quelle tut oder was versagt.", "What the source does, or what fails."),
        basis=_MODEL,
    )


def event_field() -> Mapped[str]:
    """How it comes about."""
    return prose(
        "Was geschieht",
        "What happens",
        help=Text(
            "Wie es dazu kommt, Schritt für Schritt.",
            "How it comes about, step by step.",
        ),
        basis=_RISKS,
        expected=True,
    )


def affected_field() -> Mapped[str]:
    """Whom it concerns."""
    return line(
        "Wen es trifft",
        "Who is affected",
        help=Text("Gruppen betroffener Personen.", "Groups of data subjects."),
        basis="ErwGr. 75 DSGVO",
    )


def damages_field() -> Mapped[tuple[Damage, ...]]:
    """Kinds of damage, recitals 75 and 85 GDPR."""
    return choices(
        Damage,
        "Art des Schadens",
        "Kind of damage",
        help=Text(
            "Auch immaterielle Schäden zählen; die unbefugte Verarbeitung ist selbst einer.",
            "Immaterial damage counts too; unlawful processing is damage in itself.",
        ),
        basis="ErwGr. 75, 85 DSGVO",
        expected=True,
    )


def consequence_field() -> Mapped[str]:
    """What the damage means in daily life."""
    return prose(
        "Folgen für die Person",
        "Consequences for the person",
        help=Text("Was der Schaden im Alltag bedeutet.", "What the damage means in daily life."),
        basis="ErwGr. 75 DSGVO",
    )


def goals_field() -> Mapped[tuple[ProtectionGoal, ...]]:
    """Which goals of the SDM would be missed."""
    return choices(
        ProtectionGoal,
        "Betroffene Gewährleistungsziele",
        "Protection goals concerned",
        help=Text(
            "Welche Ziele des Standard-Datenschutzmodells verfehlt würden.",
            "Which goals of the SDM would be missed.",
        ),
        basis="SDM V3.1",
        expected=True,
    )


WHAT_HAPPENS: Final = (
    "feared_event",
    "source",
    "threat",
    "event",
    "affected",
    "damages",
    "consequence",
    "goals",
)
"""What a risk and a scenario of the library both say."""


class DpiaRisk(Part, of="Dpia"):
    """One feared event and what it would mean for the persons concerned."""

    key: Mapped[str] = line(
        "Kennung",
        "Key",
        length=12,
        help=Text(
            "Wird vergeben und bleibt dem Risiko, auch wenn sich die Reihenfolge ändert.",
            "Is assigned and stays with the risk, even if the order changes.",
        ),
        basis="intern",
        fixed=True,
    )
    title: Mapped[str] = line(
        "Risiko",
        "Risk",
        help=Text(
            "Das befürchtete Ereignis in wenigen Worten.",
            "The feared event in a few words.",
        ),
        basis=_RISKS,
        expected=True,
    )
    feared_event: Mapped[FearedEvent | None] = feared_event_field()
    source: Mapped[RiskSource | None] = source_field()
    threat: Mapped[str] = threat_field()
    event: Mapped[str] = event_field()
    affected: Mapped[str] = affected_field()
    damages: Mapped[tuple[Damage, ...]] = damages_field()
    consequence: Mapped[str] = consequence_field()
    goals: Mapped[tuple[ProtectionGoal, ...]] = goals_field()
    severity_before: Mapped[Grade | None] = _severity("vor Maßnahmen", "before measures", expected=True)
    likelihood_before: Mapped[Grade | None] = _likelihood("vor Maßnahmen", "before measures", expected=True)
    reason_before: Mapped[str] = prose(
        "Begründung der Einschätzung vor Maßnahmen",
        "Reason for the assessment before measures",
        help=Text("Woran sich beide Einschätzungen halten.", "What both assessments rest on."),
        basis=_MODEL,
    )
    severity_planned: Mapped[Grade | None] = _severity("mit geplanten Maßnahmen", "with planned measures")
    likelihood_planned: Mapped[Grade | None] = _likelihood("mit geplanten Maßnahmen", "with planned measures")
    severity_today: Mapped[Grade | None] = _severity(
        "heute, mit umgesetzten Maßnahmen", "today, with implemented measures"
    )
    likelihood_today: Mapped[Grade | None] = _likelihood(
        "heute, mit umgesetzten Maßnahmen", "today, with implemented measures"
    )
    reason_after: Mapped[str] = prose(
        "Begründung der Einschätzung nach Maßnahmen",
        "Reason for the assessment after measures",
        help=Text(
            "Warum die Maßnahmen Schwere oder Wahrscheinlichkeit senken.",
            "Why the measures lower severity or likelihood.",
        ),
        basis=_MODEL,
    )
    lower_planned: Mapped[str] = prose(
        "Warum mit geplanten Maßnahmen niedriger, als sie es begründen",
        "Why lower with planned measures than they account for",
        help=Text(
            "Nur nötig, wenn keine Maßnahme die Senkung trägt.",
            "Needed only where no measure accounts for it.",
        ),
        basis=f"{_MODEL}, Art. 5 Abs. 2 DSGVO",
        more=True,
    )
    lower_today: Mapped[str] = prose(
        "Warum heute niedriger, als umgesetzte Maßnahmen es begründen",
        "Why lower today than implemented measures account for",
        help=Text(
            "Nur nötig, wenn keine umgesetzte Maßnahme die Senkung trägt oder der Plan übertroffen wird.",
            "Needed only where no implemented measure accounts for it, or today is better than the plan.",
        ),
        basis=f"{_MODEL}, Art. 5 Abs. 2 DSGVO",
        more=True,
    )
    rests_on: Mapped[str] = line(
        "Einschätzung heute beruht auf",
        "Today's assessment rests on",
        length=200,
        help=Text(
            "Maßnahmen, die bei der Einschätzung umgesetzt waren.",
            "Measures that were implemented when it was assessed.",
        ),
        basis=_MODEL,
        fixed=True,
    )


class DpiaMeasure(Part, of="Dpia"):
    """One measure against one or several risks, with owner, date and state.

    Where it stands in the register of measures, those come from there; see
    :mod:`assessments.dpia.measures`.
    """

    moving = frozenset({"key"})

    key: Mapped[str] = line(
        "Kennung",
        "Key",
        length=12,
        help=Text("Wird vergeben und bleibt der Maßnahme.", "Is assigned and stays with the measure."),
        basis="intern",
        fixed=True,
    )
    measure: Mapped[Measure | None] = reference(
        "Measure",
        "Maßnahme des Registers",
        "Measure of the register",
        help=Text(
            "Zuständigkeit, Termin, Stand und Nachweis kommen dann von dort.",
            "Owner, date, state and evidence then come from there.",
        ),
        basis=f"{_MEASURES}, Art. 32 DSGVO",
    )
    title: Mapped[str] = line(
        "Maßnahme",
        "Measure",
        help=Text("Was getan wird, in wenigen Worten.", "What is done, in a few words."),
        basis=_MEASURES,
        expected=True,
    )
    description: Mapped[str] = prose(
        "Beschreibung",
        "Description",
        help=Text("Wie die Maßnahme wirkt.", "How the measure works."),
        basis=_MEASURES,
    )
    risks: Mapped[str] = line(
        "Gegen die Risiken",
        "Against the risks",
        length=120,
        help=Text("Kennungen der Risiken, zum Beispiel R1, R3.", "Keys of the risks, such as R1, R3."),
        basis=_MEASURES,
        expected=True,
    )
    owner: Mapped[str] = line(
        "Zuständig",
        "Owner",
        help=Text("Stelle oder Person, die umsetzt.", "Post or person that carries it out."),
        basis=_MEASURES,
        personal=True,
    )
    due: Mapped[date | None] = day(
        "Umzusetzen bis",
        "Due",
        help=Text("Bis wann die Maßnahme wirken soll.", "By when the measure is to take effect."),
        basis=_MEASURES,
    )
    state: Mapped[MeasureState | None] = choice(
        MeasureState,
        "Stand",
        "State",
        help=Text(
            "Nur umgesetzte Maßnahmen senken das Risiko von heute.",
            "Implemented measures alone lower the risk of today.",
        ),
        basis=_MEASURES,
    )
    evidence: Mapped[str] = line(
        "Nachweis",
        "Evidence",
        help=Text("Dokument, Protokoll oder Prüfung.", "Document, record or test."),
        basis="Art. 5 Abs. 2, Art. 24 Abs. 1 DSGVO",
    )


_KEY: Final = re.compile(r"(?<!\w)([RM])\s*0*([1-9]\d{0,4})(?!\d)", re.IGNORECASE)


def _keys(text: str, letter: str) -> tuple[str, ...]:
    found = (f"{found.upper()}{number}" for found, number in _KEY.findall(text))
    return tuple(dict.fromkeys(key for key in found if key[0] == letter))


def risk_keys(text: str) -> tuple[str, ...]:
    """The keys of risks named in *text*, in their order, each once: ``"r1 und R03"`` names R1 and R3."""
    return _keys(text, "R")


def measure_keys(text: str) -> tuple[str, ...]:
    """The keys of measures named in *text*, in their order, each once."""
    return _keys(text, "M")


def give_keys(parts: Sequence[DpiaRisk | DpiaMeasure], last: int, letter: str = "R") -> int:
    """Gives every part without a key the next number after *last*; returns the last number given.

    No number is given twice, so that a new risk never inherits the measures of one
    that was removed.
    """
    last = max([last, *(int(key[1:]) for part in parts for key in _keys(part.key, letter))])
    for part in parts:
        if not part.key:
            last += 1
            part.key = f"{letter}{last}"
    return last


def unknown_keys(risks: Iterable[DpiaRisk], measures: Iterable[DpiaMeasure]) -> tuple[str, ...]:
    """Keys that *measures* name and none of *risks* bears, such as those of removed risks."""
    borne = {risk.key for risk in risks}
    named = dict.fromkeys(key for measure in measures for key in risk_keys(measure.risks))
    return tuple(key for key in named if key not in borne)


def described(risk: DpiaRisk, language: str) -> str:
    """*risk* as a sentence: who, what happens, what harm."""
    who = risk.source.text[language] if risk.source else ""
    harm = ", ".join(damage.text[language] for damage in risk.damages)
    told = (who, risk.threat, risk.event or risk.title, harm, risk.consequence)
    return " – ".join(part.strip() for part in told if part.strip())


def against(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> list[DpiaMeasure]:
    """Those of *measures* that name *risk*."""
    return [measure for measure in measures if risk.key and risk.key in risk_keys(measure.risks)]
