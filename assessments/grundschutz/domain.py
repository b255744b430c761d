"""The information domain (Informationsverbund): what is secured together, and by which approach."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.kompendium import Level
from compliance.entry import Area, Entry, Proposal
from compliance.fields import Term, choice, line, prose, reference, references, section
from compliance.language import Text
from registers.objects import TargetObject
from registers.processors import Processor


class Approach(Term):
    """How far an institution goes, BSI standard 200-2 (Vorgehensweise)."""

    WIBA = Text("Weg in die Basis-Absicherung (WiBA)", "Way into basic protection (WiBA)")
    BASIC = Text("Basis-Absicherung", "Basic protection")
    STANDARD = Text("Standard-Absicherung", "Standard protection")
    CORE = Text("Kern-Absicherung", "Core protection")


_LEVELS: Final = {
    # Whoever is on the way may model already and take over what WiBA says about the basic requirements.
    Approach.WIBA: frozenset({Level.BASIC}),
    Approach.BASIC: frozenset({Level.BASIC}),
    Approach.STANDARD: frozenset({Level.BASIC, Level.STANDARD}),
    Approach.CORE: frozenset({Level.BASIC, Level.STANDARD}),
}

_STRUCTURE: Final = "BSI-Standard 200-2, Strukturanalyse"


class InformationDomain(Entry):
    """The objects that are secured together, with the approach chosen for them."""

    slug = "information-domains"
    prefix = "IV"
    area = Area.SECURITY
    title = Text("Informationsverbünde", "Information domains")
    one = Text("Informationsverbund", "Information domain")
    # They are about modelling and check, which are records of their own.
    sums_up = True

    with section("general", "Grundangaben", "General"):
        approach: Mapped[Approach | None] = choice(
            Approach,
            "Vorgehensweise",
            "Approach",
            help=Text(
                "Entscheidet, welche Anforderungen zu prüfen sind: bei der Basis-Absicherung nur die "
                "Basis-Anforderungen, sonst auch die Standard-Anforderungen. WiBA ist der Einstieg davor: "
                "19 Checklisten mit einfachen Fragen.",
                "Decides which requirements are checked: for basic protection the basic ones only, "
                "otherwise the standard ones as well. WiBA is the entry before that: 19 checklists with "
                "simple questions.",
            ),
            basis="BSI-Standard 200-2, Wahl der Vorgehensweise",
            expected=True,
            listed=True,
        )
        catalogue_version: Mapped[str] = line(
            "Katalog und Fassung",
            "Catalogue and version",
            help=Text(
                "Wonach geprüft wird, etwa „IT-Grundschutz-Kompendium, Edition 2023“.",
                "What is checked against, such as “IT-Grundschutz-Kompendium, Edition 2023”.",
            ),
            basis="BSI-Standard 200-2, Festlegung des Geltungsbereichs",
            expected=True,
        )
        scope: Mapped[str] = prose(
            "Geltungsbereich",
            "Scope",
            help=Text(
                "Welche Aufgaben, Stellen und Standorte dazugehören und wo die Grenzen liegen.",
                "Which tasks, offices and sites belong to it, and where its limits are.",
            ),
            basis="BSI-Standard 200-2, Festlegung des Geltungsbereichs",
            expected=True,
        )
        responsible: Mapped[str] = line(
            "Verantwortlich",
            "Responsible",
            help=Text(
                "Wer für die Informationssicherheit dieses Verbunds einsteht: Name und Stelle.",
                "Who answers for the information security of this domain: name and post.",
            ),
            basis="ISMS.1.A4",
            expected=True,
            listed=True,
            personal=True,
        )

    with section("structure", "Umfang", "Extent"):
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Zielobjekte",
            "Target objects",
            help=Text(
                "Anwendungen, Systeme, Netze und Räume, auf die Bausteine angewendet werden.",
                "Applications, systems, networks and rooms to which modules are applied.",
            ),
            basis=_STRUCTURE,
            expected=True,
        )
        providers: Mapped[list[Processor]] = references(
            "Processor",
            "Dienstleister",
            "Providers",
            help=Text(
                "Wer Teile des Verbunds betreibt oder Anforderungen für die Stelle erfüllt.",
                "Who operates parts of the domain or meets requirements for the authority.",
            ),
            basis="OPS.2.3 Nutzung von Outsourcing",
        )
        operator: Mapped[Processor | None] = reference(
            "Processor",
            "Geführt für Dienstleister",
            "Kept for provider",
            help=Text(
                "Nur wenn dieser Verbund festhält, was ein Dienstleister erfüllt. Seine Antworten lassen "
                "sich dann in den Verbünden übernehmen, die ihn nutzen.",
                "Only where this domain records what a provider meets. Its answers can then be taken over "
                "in the domains that use the provider.",
            ),
            basis="OPS.2.3 Nutzung von Outsourcing",
            more=True,
        )
        exclusions: Mapped[str] = prose(
            "Abgrenzung",
            "Exclusions",
            help=Text(
                "Was ausdrücklich nicht dazugehört, mit den Schnittstellen dorthin.",
                "What expressly does not belong to it, with the interfaces to it.",
            ),
            basis="BSI-Standard 200-2, Festlegung des Geltungsbereichs",
            more=True,
        )

    if TYPE_CHECKING:
        operator_id: Mapped[uuid.UUID | None]

    with section("continuity", "Notfallvorsorge", "Continuity"):
        horizons: Mapped[str] = line(
            "Zeithorizonte der Business-Impact-Analyse",
            "Time horizons of the business impact analysis",
            help=Text(
                "Stunden, durch Komma getrennt. Ohne Angabe: 4, 8, 24, 72, 168, 720.",
                "Hours, separated by commas. If left empty: 4, 8, 24, 72, 168, 720.",
            ),
            basis="BSI-Standard 200-4, Business-Impact-Analyse",
            more=True,
        )

    def proposals(self, _session: Session) -> Mapping[str, Proposal]:
        """A new domain is checked against the edition that the modelling proposes modules from."""
        return {"catalogue_version": Proposal(_EDITION, _WHY_EDITION)}


_EDITION: Final = "IT-Grundschutz-Kompendium, Edition 2023"
_WHY_EDITION: Final = Text(
    "Nach dieser Edition wird modelliert und geprüft.", "Modelling and check follow this edition."
)


def levels(approach: Approach | None) -> frozenset[Level]:
    """The levels that are checked in full; as long as nobody has chosen, those of the standard approach."""
    return _LEVELS[approach or Approach.STANDARD]


def knows_risk_analysis(approach: Approach | None) -> bool:
    """Whether a risk analysis may adopt requirements for increased protection needs.

    BSI standard 200-2: the basic approach has no protection needs and no risk analysis; nor has the way
    to it.
    """
    return approach not in (Approach.WIBA, Approach.BASIC)
