"""What normal, high and very high mean to the authority (Schutzbedarfskategorien, BSI standard 200-2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import choice, prose, section
from compliance.language import Text
from registers.protection import ProtectionNeed, Scenario

_CATEGORIES: Final = "BSI-Standard 200-2, Definition der Schutzbedarfskategorien"


class NeedCategory(Entry):
    """The limits of the three categories under one damage scenario, as management has set them."""

    slug = "need-categories"
    prefix = "SK"
    area = Area.SECURITY
    title = Text("Schutzbedarfskategorien", "Protection need categories")
    one = Text("Schutzbedarfskategorie", "Protection need category")

    with section("limits", "Abgrenzung", "Limits"):
        scenario: Mapped[Scenario | None] = choice(
            Scenario,
            "Schadensszenario",
            "Damage scenario",
            help=Text(
                "Für welche Art von Schaden die Grenzen gelten.", "For which kind of damage they hold."
            ),
            basis=_CATEGORIES,
            expected=True,
            listed=True,
        )
        normal: Mapped[str] = prose(
            "Normal",
            "Normal",
            help=Text("Die Schäden sind begrenzt und überschaubar.", "The damage is limited and manageable."),
            basis=_CATEGORIES,
            expected=True,
        )
        high: Mapped[str] = prose(
            "Hoch",
            "High",
            help=Text("Die Schäden können beträchtlich sein.", "The damage can be considerable."),
            basis=_CATEGORIES,
            expected=True,
        )
        very_high: Mapped[str] = prose(
            "Sehr hoch",
            "Very high",
            help=Text(
                "Die Schäden können ein existenzbedrohendes, katastrophales Ausmaß erreichen.",
                "The damage can be disastrous and threaten the existence of the authority.",
            ),
            basis=_CATEGORIES,
            expected=True,
        )


LIMITS: Final = {
    ProtectionNeed.NORMAL: "normal",
    ProtectionNeed.HIGH: "high",
    ProtectionNeed.VERY_HIGH: "very_high",
}
"""The name of the field in which the limit of each category stands."""

PROPOSED: Final[Mapping[Scenario, tuple[Text, Text, Text]]] = {
    Scenario.LAW: (
        Text(
            "Verstöße haben geringe Folgen und lassen sich ohne Außenwirkung beheben.",
            "Breaches have minor consequences and can be repaired without external effect.",
        ),
        Text(
            "Verstöße führen zu Beanstandungen der Aufsicht, Schadensersatz oder Vertragsstrafen.",
            "Breaches lead to objections of the supervisory authority, damages or penalties.",
        ),
        Text(
            "Verstöße machen das Handeln der Verwaltung in wesentlichen Teilen rechtswidrig oder gefährden "
            "ihren Bestand.",
            "Breaches make essential parts of the administration's action unlawful or threaten it as such.",
        ),
    ),
    Scenario.SELF_DETERMINATION: (
        Text(
            "Betroffene werden in ihrer gesellschaftlichen Stellung oder ihren wirtschaftlichen "
            "Verhältnissen nur geringfügig beeinträchtigt.",
            "Data subjects are impaired only slightly in their social position or economic situation.",
        ),
        Text(
            "Betroffene können in ihrer gesellschaftlichen Stellung oder ihren wirtschaftlichen "
            "Verhältnissen erheblich beeinträchtigt werden; dazu zählen in der Regel Daten nach Art. 9 und "
            "10 DSGVO, Sozial- und Steuerdaten.",
            "Data subjects can be impaired considerably in their social position or economic situation; as a "
            "rule this includes data under Art. 9 and 10 GDPR, social and tax data.",
        ),
        Text(
            "Für Betroffene besteht Gefahr für Leib, Leben oder persönliche Freiheit, etwa bei "
            "Auskunftssperren oder im Kinderschutz.",
            "Life, limb or liberty of data subjects is at risk, such as with blocked addresses or in child "
            "protection.",
        ),
    ),
    Scenario.INTEGRITY_OF_PERSONS: (
        Text("Verletzungen sind nicht zu erwarten.", "Injuries are not to be expected."),
        Text("Verletzungen sind nicht auszuschließen.", "Injuries cannot be ruled out."),
        Text("Schwere Verletzungen oder der Tod sind möglich.", "Serious injuries or death are possible."),
    ),
    Scenario.TASKS: (
        Text(
            "Ein Ausfall von mehr als 24 Stunden ist hinnehmbar; wenige Beschäftigte sind behindert.",
            "A failure of more than 24 hours is tolerable; few members of staff are hindered.",
        ),
        Text(
            "Ein Ausfall ist zwischen einer und 24 Stunden hinnehmbar; einzelne Ämter arbeiten nicht.",
            "A failure is tolerable for one to 24 hours; some offices cannot work.",
        ),
        Text(
            "Ein Ausfall ist weniger als eine Stunde hinnehmbar; die Verwaltung als Ganzes ist betroffen.",
            "A failure is tolerable for less than an hour; the administration as a whole is affected.",
        ),
    ),
    Scenario.REPUTATION: (
        Text(
            "Das Ansehen leidet allenfalls intern oder bei wenigen Beteiligten.",
            "Reputation suffers at most internally or with few people concerned.",
        ),
        Text(
            "Das Ansehen leidet in der Öffentlichkeit der Kommune.",
            "Reputation suffers with the public of the municipality.",
        ),
        Text(
            "Das Vertrauen in die Verwaltung ist landesweit oder dauerhaft erschüttert.",
            "Trust in the administration is shaken across the Land or for good.",
        ),
    ),
    Scenario.FINANCE: (
        Text(
            "Der Schaden lässt sich aus dem laufenden Budget des Amtes tragen.",
            "The damage can be borne from the current budget of the office.",
        ),
        Text(
            "Der Schaden erfordert über- oder außerplanmäßige Mittel, gefährdet den Haushalt aber nicht.",
            "The damage needs funds beyond the plan but does not endanger the budget.",
        ),
        Text("Der Schaden gefährdet den Haushalt der Kommune.", "The damage endangers the municipal budget."),
    ),
}
"""Limits to start from, in our own words after the examples of the standard; the authority adapts them."""


def proposed_category(scenario: Scenario, language: str) -> NeedCategory:
    """A new entry with the limits that are proposed for *scenario*."""
    words = dict(zip(LIMITS.values(), (text[language] for text in PROPOSED[scenario]), strict=True))
    return NeedCategory(name=scenario.text[language], scenario=scenario, **words)
