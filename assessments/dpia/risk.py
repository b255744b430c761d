"""Risks to the rights and freedoms of persons: severity, likelihood, and the level they come to.

The model is that of DSK-Kurzpapier Nr. 18: two axes of four grades, three levels.
The matrix is a value, because its shading is a convention of the organisation.
Three values of each risk are told apart: before measures, with what is planned,
and today, which rests on implemented measures alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.errors import Refused
from compliance.fields import Term, choice, choices, day, line, prose
from compliance.language import Text

# --- Words ---------------------------------------------------------------------------------------


class Grade(Term):
    """Four grades of severity and of likelihood, from the least up."""

    NEGLIGIBLE = Text("geringfügig", "negligible")
    LIMITED = Text("überschaubar", "limited")
    SUBSTANTIAL = Text("substanziell", "substantial")
    MAJOR = Text("groß", "major")


class RiskLevel(Term):
    """What severity and likelihood come to, from the least up."""

    LOW = Text("geringes Risiko", "low risk")
    MEDIUM = Text("Risiko", "risk")
    HIGH = Text("hohes Risiko", "high risk")


SEVERITY_MEANING: Final[Mapping[Grade, Text]] = {
    Grade.NEGLIGIBLE: Text(
        "Betroffene erleiden allenfalls Unannehmlichkeiten, die sie ohne Weiteres überwinden.",
        "Persons suffer inconvenience at most, which they overcome easily.",
    ),
    Grade.LIMITED: Text(
        "Betroffene erleiden spürbare Nachteile, die sie mit einigem Aufwand überwinden.",
        "Persons suffer noticeable disadvantages, which they overcome with some effort.",
    ),
    Grade.SUBSTANTIAL: Text(
        "Betroffene erleiden erhebliche Folgen, die sie nur mit ernsten Schwierigkeiten überwinden.",
        "Persons suffer considerable consequences, which they overcome with serious difficulty only.",
    ),
    Grade.MAJOR: Text(
        "Betroffene erleiden schwerwiegende oder unumkehrbare Folgen.",
        "Persons suffer grave or irreversible consequences.",
    ),
}

LIKELIHOOD_MEANING: Final[Mapping[Grade, Text]] = {
    Grade.NEGLIGIBLE: Text(
        "Nach aller Erfahrung tritt das Ereignis nicht ein.",
        "By all experience the event does not happen.",
    ),
    Grade.LIMITED: Text(
        "Das Ereignis kann eintreten, doch spricht wenig dafür.",
        "The event can happen, though little suggests it.",
    ),
    Grade.SUBSTANTIAL: Text(
        "Mit dem Ereignis ist zu rechnen.",
        "The event is to be expected.",
    ),
    Grade.MAJOR: Text(
        "Das Ereignis tritt mit hoher Wahrscheinlichkeit oder immer wieder ein.",
        "The event is highly likely or happens again and again.",
    ),
}


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
    source: Mapped[RiskSource | None] = choice(
        RiskSource,
        "Risikoquelle",
        "Risk source",
        help=Text("Von wem oder wovon das Risiko ausgeht.", "From whom or what the risk arises."),
        basis=_MODEL,
        expected=True,
    )
    event: Mapped[str] = prose(
        "Was geschieht",
        "What happens",
        help=Text(
            "Wie es dazu kommt, Schritt für Schritt.",
            "How it comes about, step by step.",
        ),
        basis=_RISKS,
        expected=True,
    )
    affected: Mapped[str] = line(
        "Wen es trifft",
        "Who is affected",
        help=Text("Gruppen betroffener Personen.", "Groups of data subjects."),
        basis="ErwGr. 75 DSGVO",
    )
    damages: Mapped[tuple[Damage, ...]] = choices(
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
    consequence: Mapped[str] = prose(
        "Folgen für die Person",
        "Consequences for the person",
        help=Text("Was der Schaden im Alltag bedeutet.", "What the damage means in daily life."),
        basis="ErwGr. 75 DSGVO",
    )
    goals: Mapped[tuple[ProtectionGoal, ...]] = choices(
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


class DpiaMeasure(Part, of="Dpia"):
    """One measure against one or several risks, with owner, date and state."""

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
        expected=True,
        personal=True,
    )
    due: Mapped[date | None] = day(
        "Umzusetzen bis",
        "Due",
        help=Text("Bis wann die Maßnahme wirken soll.", "By when the measure is to take effect."),
        basis=_MEASURES,
        expected=True,
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
        expected=True,
    )
    evidence: Mapped[str] = line(
        "Nachweis",
        "Evidence",
        help=Text("Dokument, Protokoll oder Prüfung.", "Document, record or test."),
        basis="Art. 5 Abs. 2, Art. 24 Abs. 1 DSGVO",
    )


_KEY: Final = re.compile(r"R\s*0*([1-9]\d{0,4})(?!\d)", re.IGNORECASE)


def risk_keys(text: str) -> tuple[str, ...]:
    """The keys of risks named in *text*, in their order, each once: ``"r1 und R03"`` names R1 and R3."""
    return tuple(dict.fromkeys(f"R{number}" for number in _KEY.findall(text)))


def give_keys(risks: Sequence[DpiaRisk], last: int) -> int:
    """Gives every risk without a key the next number after *last*; returns the last number given.

    No number is given twice, so that a new risk never inherits the measures of one
    that was removed.
    """
    last = max([last, *(int(key[1:]) for risk in risks for key in risk_keys(risk.key))])
    for risk in risks:
        if not risk.key:
            last += 1
            risk.key = f"R{last}"
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
    told = (who, risk.event or risk.title, harm, risk.consequence)
    return " – ".join(part.strip() for part in told if part.strip())


# --- The matrix ----------------------------------------------------------------------------------

_GRADES: Final = tuple(Grade)
_LEVELS: Final = tuple(RiskLevel)
_TONES: Final = frozenset({"good", "fair", "poor", "bad"})


@dataclass(frozen=True)
class RiskMatrix:
    """How an organisation reads severity and likelihood; grades and levels go from the least up."""

    severities: tuple[Text, ...]
    likelihoods: tuple[Text, ...]
    levels: tuple[Text, ...]
    tones: tuple[str, ...]
    """Shade of each level: ``good``, ``fair``, ``poor`` or ``bad``."""
    table: tuple[tuple[RiskLevel, ...], ...]
    """``table[severity][likelihood]``."""

    def __post_init__(self) -> None:
        sizes = (len(self.severities), len(self.likelihoods), len(self.levels), len(self.tones))
        square = len(self.table) == 4 and all(len(row) == 4 for row in self.table)
        if sizes != (4, 4, 3, 3) or not square or not _TONES.issuperset(self.tones):
            raise Refused(_MALFORMED)
        lines = [*self.table, *zip(*self.table, strict=True)]
        if any(rank(low) > rank(high) for row in lines for low, high in pairwise(row)):
            raise Refused(_FALLING)

    def level(self, severity: Grade, likelihood: Grade) -> RiskLevel:
        """What *severity* and *likelihood* come to."""
        return self.table[_GRADES.index(severity)][_GRADES.index(likelihood)]

    def label(self, level: RiskLevel) -> Text:
        """The organisation's name for *level*."""
        return self.levels[rank(level)]

    def tone(self, level: RiskLevel) -> str:
        """The shade of *level*."""
        return self.tones[rank(level)]

    def to_json(self) -> str:
        """The matrix as it is stored."""
        texts = {name: [[text.de, text.en] for text in getattr(self, name)] for name in _TEXTS}
        table = [[level.name for level in row] for row in self.table]
        return json.dumps(texts | {"tones": list(self.tones), "table": table}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> RiskMatrix:
        """The matrix that :meth:`to_json` wrote.

        Raises :class:`Refused` if *text* is no matrix or one in which a graver or
        likelier risk weighs less.
        """
        try:
            data = json.loads(text)
            texts = {name: tuple(Text(str(de), str(en)) for de, en in data[name]) for name in _TEXTS}
            table = tuple(tuple(RiskLevel[name] for name in row) for row in data["table"])
            tones = tuple(str(tone) for tone in data["tones"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(_MALFORMED) from error
        return cls(texts["severities"], texts["likelihoods"], texts["levels"], tones, table)


_TEXTS: Final = ("severities", "likelihoods", "levels")
_MALFORMED: Final = Text(
    "Die Risikomatrix braucht vier Stufen je Achse, drei Risikoklassen mit Farbton und sechzehn Felder.",
    "The risk matrix needs four grades on each axis, three levels with a shade, and sixteen cells.",
)
_FALLING: Final = Text(
    "In der Risikomatrix darf ein schwereres oder wahrscheinlicheres Ereignis nie geringer wiegen.",
    "In the risk matrix a graver or likelier event must never weigh less.",
)


def rank(level: RiskLevel) -> int:
    """The place of *level* from 0, the least."""
    return _LEVELS.index(level)


def _default_matrix() -> RiskMatrix:
    low, medium, high = RiskLevel
    grades = tuple(grade.text for grade in Grade)
    return RiskMatrix(
        severities=grades,
        likelihoods=grades,
        levels=tuple(level.text for level in RiskLevel),
        tones=("good", "fair", "bad"),
        table=(
            (low, low, medium, medium),
            (low, medium, medium, high),
            (medium, medium, high, high),
            (medium, high, high, high),
        ),
    )


DEFAULT_MATRIX: Final = _default_matrix()
"""A cautious reading of DSK-Kurzpapier Nr. 18; its own shading was not compared cell by cell."""


# --- The three values ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The level of a risk, or of all, at three points; ``None`` while it is not assessed."""

    before: RiskLevel | None
    planned: RiskLevel | None
    """With every planned measure: what is decided on."""
    today: RiskLevel | None
    """With the implemented measures only."""


@dataclass(frozen=True)
class Position:
    """Where a risk lies on the matrix."""

    severity: Grade
    likelihood: Grade

    def below(self, other: Position) -> bool:
        """Whether it is lower on either axis than *other*."""
        return _GRADES.index(self.severity) < _GRADES.index(other.severity) or _GRADES.index(
            self.likelihood
        ) < _GRADES.index(other.likelihood)


@dataclass(frozen=True)
class Positions:
    """Where a risk lies at three points; ``None`` while it is not assessed."""

    before: Position | None
    planned: Position | None
    today: Position | None

    def standing(self, matrix: RiskMatrix) -> Standing:
        """The levels that *matrix* gives them."""
        places = (self.before, self.planned, self.today)
        return Standing(
            *(matrix.level(place.severity, place.likelihood) if place else None for place in places)
        )


def against(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> list[DpiaMeasure]:
    """Those of *measures* that name *risk*."""
    return [measure for measure in measures if risk.key and risk.key in risk_keys(measure.risks)]


def positions(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> Positions:
    """Where *risk* counts as lying.

    A lower value without a measure that brings it about does not count: then the
    risk lies where it lay before. The same holds while nobody has assessed it anew.
    """
    mine = against(risk, measures)
    before = _position(risk.severity_before, risk.likelihood_before)
    planned = _position(risk.severity_planned, risk.likelihood_planned)
    today = _position(risk.severity_today, risk.likelihood_today)
    return Positions(
        before,
        _credited(before, planned, measured=bool(mine)),
        _credited(before, today, measured=any(measure.state in IN_FORCE for measure in mine)),
    )


def _position(severity: Grade | None, likelihood: Grade | None) -> Position | None:
    return Position(severity, likelihood) if severity and likelihood else None


def _credited(before: Position | None, after: Position | None, *, measured: bool) -> Position | None:
    if before is None or after is None or (after.below(before) and not measured):
        return before
    return after


def unsupported(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> tuple[str, ...]:
    """Which of ``planned`` and ``today`` is entered lower than measures account for."""
    counted = positions(risk, measures)
    entered = {
        "planned": (_position(risk.severity_planned, risk.likelihood_planned), counted.planned),
        "today": (_position(risk.severity_today, risk.likelihood_today), counted.today),
    }
    return tuple(
        name
        for name, (stated, credited) in entered.items()
        if stated and counted.before and stated != credited
    )


def standing(
    risk: DpiaRisk, measures: Iterable[DpiaMeasure], matrix: RiskMatrix = DEFAULT_MATRIX
) -> Standing:
    """The three levels of *risk*."""
    return positions(risk, measures).standing(matrix)


def overall(
    risks: Iterable[DpiaRisk], measures: Sequence[DpiaMeasure], matrix: RiskMatrix = DEFAULT_MATRIX
) -> Standing:
    """The highest level among *risks* at each point; ``None`` while one is not assessed or there is none."""
    all_standings = [standing(risk, measures, matrix) for risk in risks]
    return Standing(
        _highest([each.before for each in all_standings]),
        _highest([each.planned for each in all_standings]),
        _highest([each.today for each in all_standings]),
    )


def _highest(levels: Sequence[RiskLevel | None]) -> RiskLevel | None:
    known = [level for level in levels if level is not None]
    return max(known, key=rank) if known and len(known) == len(levels) else None
