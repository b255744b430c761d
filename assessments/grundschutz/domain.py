"""The information domain (Informationsverbund): what is secured together, and by which approach."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.grundschutz.kompendium import Level, Requirement
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


class Catalogue(Term):
    """What modelling and check follow."""

    KOMPENDIUM_2023 = Text(
        "IT-Grundschutz-Kompendium, Edition 2023", "IT-Grundschutz-Kompendium, Edition 2023"
    )
    IMPORTED = Text(
        "Nur eingelesene Kataloge, etwa Grundschutz++", "Imported catalogues only, such as Grundschutz++"
    )


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
        catalogue: Mapped[Catalogue | None] = choice(
            Catalogue,
            "Katalog und Fassung",
            "Catalogue and version",
            help=Text(
                "Wonach modelliert und geprüft wird. Neben dem Kompendium können weitere Kataloge geprüft "
                "werden; wer nur nach ihnen prüft, etwa nach Grundschutz++, modelliert keine Bausteine.",
                "What modelling and check follow. Beside the Kompendium further catalogues can be checked; "
                "whoever checks by them alone, such as by Grundschutz++, models no modules.",
            ),
            basis="BSI-Standard 200-2, Festlegung des Geltungsbereichs",
            expected=True,
        )
        profile: Mapped[str] = line(
            "Umfang nach Profil",
            "Extent by profile",
            length=500,
            help=Text(
                "Das Profil, das Bausteine, Anforderungen und Stufen des IT-Grundschutz-Checks bestimmt. Es "
                "wird auf der Seite „Umfang des Checks“ gewählt; ohne Profil entscheidet die Vorgehensweise.",
                "The profile that decides on modules, requirements and levels of the IT-Grundschutz check. "
                "It is chosen on the page “Extent of the check”; without one the approach decides.",
            ),
            basis="BSI, IT-Grundschutz-Profile",
            fixed=True,
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

    settled = frozenset({"outdated_controls", "outdated_requirements"})
    outdated_controls: Mapped[str] = mapped_column(LongText, default="", server_default="")
    """Controls of other catalogues whose answers were taken over from answers that have changed since."""
    outdated_requirements: Mapped[str] = mapped_column(LongText, default="", server_default="")
    """Requirements whose answers were taken over from answers to WiBA that have changed since."""

    profile_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Which document the profile is, empty where none is chosen; it never changes."""
    profile_asks: Mapped[str] = mapped_column(LongText, default="", server_default="")
    """What the profile asks for, as :class:`Extent` notes it."""

    @property
    def extent(self) -> Extent:
        """What the IT-Grundschutz check of this domain asks for."""
        # What is not stored yet has no defaults.
        return Extent(self.approach, self.profile_asks or "", self.catalogue)

    @property
    def is_modelled(self) -> bool:
        """Whether every object in use is to have a module.

        The checklists of WiBA ask about the authority as a whole, where modelling begins with
        the basic approach; imported catalogues have no modules.
        """
        return self.approach is not Approach.WIBA and self.catalogue is not Catalogue.IMPORTED

    def proposals(self, _session: Session) -> Mapping[str, Proposal]:
        """A new domain follows the Kompendium, whose modules the modelling proposes."""
        return {"catalogue": Proposal(Catalogue.KOMPENDIUM_2023, _WHY_KOMPENDIUM)}


_WHY_KOMPENDIUM: Final = Text(
    "Aus dieser Edition werden Bausteine vorgeschlagen.", "Modules are proposed from this edition."
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


# --- What a check asks for -----------------------------------------------------------------------


@dataclass(frozen=True)
class Extent:
    """What the IT-Grundschutz check of a domain asks for: by its approach, or by its profile."""

    approach: Approach | None = None
    profile: str = ""
    """A line for each module that is asked: the module, then each level with its requirements.

    As in ``SYS.1.1 B A1 A2 S A11``; empty where no profile is chosen.
    """
    catalogue: Catalogue | None = None
    """Where it is not the Kompendium, nothing of the Kompendium is asked."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked whatever the module."""
        return self.catalogue is Catalogue.IMPORTED

    @property
    def is_whole(self) -> bool:
        """Whether no module is left out."""
        return not self.profile and not self.is_empty

    def covers(self, module_id: str) -> bool:
        """Whether any requirement of a module may be asked."""
        return self.is_whole or (not self.is_empty and module_id in _chosen(self.profile))

    def levelled(self, requirement: Requirement) -> Requirement:
        """*requirement* at the level that the profile gives it."""
        level = _chosen(self.profile).get(requirement.module, {}).get(requirement.id)
        return replace(requirement, level=level) if level else requirement

    def asks(self, requirement: Requirement, *, adopted: bool = False) -> bool:
        """Whether *requirement* is to be checked; withdrawn ones never are.

        What a risk analysis *adopted* is asked for whatever the profile says; of all other requirements
        for increased protection needs none is. Whatever else a profile chooses is asked under every
        approach.
        """
        if requirement.withdrawn or self.is_empty:
            return False
        if adopted and knows_risk_analysis(self.approach):
            return True
        if not self.profile:
            return requirement.level in levels(self.approach)
        level = _chosen(self.profile).get(requirement.module, {}).get(requirement.id)
        return level is not None and level is not Level.HIGH

    def required(self) -> Iterator[str]:
        """What the profile asks for without any risk analysis; nothing without a profile."""
        for requirements in _chosen(self.profile).values():
            yield from (each for each, level in requirements.items() if level is not Level.HIGH)


def noted(chosen: Mapping[str, Mapping[str, Level]]) -> str:
    """Requirements with their levels, by module, as :attr:`Extent.profile` holds them."""
    return "\n".join(
        " ".join([module_id, *_by_level(module_id, requirements)])
        for module_id, requirements in chosen.items()
    )


def _by_level(module_id: str, requirements: Mapping[str, Level]) -> Iterator[str]:
    for level in Level:
        mine = [each.removeprefix(f"{module_id}.") for each, of in requirements.items() if of is level]
        yield from [level.value, *mine] if mine else ()


@lru_cache(maxsize=64)
def _chosen(profile: str) -> Mapping[str, Mapping[str, Level]]:
    """The level of each requirement by module; the opposite of :func:`noted`."""
    found: dict[str, dict[str, Level]] = {}
    for text in profile.splitlines():
        module_id, *words = text.split()
        mine, level = found.setdefault(module_id, {}), Level.BASIC
        for word in words:
            if word in _LETTERS:
                level = Level(word)
            else:
                mine[f"{module_id}.{word}"] = level
    return found


_LETTERS: Final = frozenset(Level)
