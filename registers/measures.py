"""Technical and organisational measures (TOM), Art. 32 GDPR, by the goals of the SDM.

The authority's own measures stand beside templates: generic ones that come with
the program, and those of the Standard-Datenschutzmodell once imported. A template
is adopted by writing a measure of one's own from it.
"""

from __future__ import annotations

import re
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, State, Task, TaskKind
from compliance.fields import (
    Term,
    choice,
    choices,
    day,
    flag,
    line,
    number,
    prose,
    references,
    section,
)
from compliance.language import Text
from registers.objects import TargetObject


class Goal(Term):
    """Goals of the Standard-Datenschutzmodell (Gewährleistungsziele), SDM V3.1."""

    MINIMISATION = Text("Datenminimierung", "Data minimisation")
    AVAILABILITY = Text("Verfügbarkeit", "Availability")
    INTEGRITY = Text("Integrität", "Integrity")
    CONFIDENTIALITY = Text("Vertraulichkeit", "Confidentiality")
    UNLINKABILITY = Text("Nichtverkettung", "Unlinkability")
    TRANSPARENCY = Text("Transparenz", "Transparency")
    INTERVENABILITY = Text("Intervenierbarkeit", "Intervenability")


class Duty(Term):
    """What Art. 32 (1) GDPR asks for."""

    ENCRYPTION = Text("a) Pseudonymisierung und Verschlüsselung", "(a) Pseudonymisation and encryption")
    RESILIENCE = Text(
        "b) Vertraulichkeit, Integrität, Verfügbarkeit und Belastbarkeit",
        "(b) Confidentiality, integrity, availability and resilience",
    )
    RECOVERY = Text("c) Rasche Wiederherstellung", "(c) Timely recovery")
    REVIEW = Text("d) Regelmäßige Überprüfung der Wirksamkeit", "(d) Regular review of effectiveness")


class MeasureKind(Term):
    """Whether people or machines carry the measure out."""

    TECHNICAL = Text("Technisch", "Technical")
    ORGANISATIONAL = Text("Organisatorisch", "Organisational")


class Progress(Term):
    """How far a measure has come."""

    PLANNED = Text("Geplant", "Planned")
    IN_PROGRESS = Text("In Umsetzung", "In progress")
    IMPLEMENTED = Text("Umgesetzt", "Implemented")
    CHECKED = Text("Wirksamkeit geprüft", "Effectiveness checked")


IN_EFFECT: Final = frozenset({Progress.IMPLEMENTED, Progress.CHECKED})
"""What a measure must have reached to protect anything."""


class Priority(Term):
    """How pressing a measure is, where the authority decides it (Priorität)."""

    FIRST = Text("1 – vorrangig", "1 – first")
    SECOND = Text("2 – danach", "2 – next")
    THIRD = Text("3 – zuletzt", "3 – last")


class Origin(Term):
    """Where a template comes from."""

    GENERIC = Text("Allgemeine Maßnahme von Nachweis", "Generic measure of Nachweis")
    SDM = Text("Standard-Datenschutzmodell", "Standard Data Protection Model")


_PLANNING: Final = "BSI-Standard 200-2, Umsetzungsplanung"
_EURO: Final = Text("Euro", "euros")


class Measure(Entry):
    """A technical or organisational measure that protects personal data."""

    slug = "measures"
    prefix = "MA"
    area = Area.MEASURES
    title = Text("Maßnahmen", "Measures")
    one = Text("Maßnahme", "Measure")
    due = ("planned_until", "next_check")
    template_flag = "library"
    moving = frozenset({"unmet", "waived"})
    recalled = True

    with section("general", "Grundangaben", "General"):
        description: Mapped[str] = prose(
            "Beschreibung",
            "Description",
            help=Text("Was getan wird, wo und für wen es gilt.", "What is done, where, and for whom."),
            basis="Art. 32 Abs. 1 DSGVO",
            expected=True,
        )
        kind: Mapped[MeasureKind | None] = choice(
            MeasureKind,
            "Art",
            "Type",
            help=Text(
                "Ob Technik oder Organisation schützt.", "Whether technology or organisation protects."
            ),
            basis="Art. 32 Abs. 1 DSGVO",
            expected=True,
            listed=True,
        )
        goals: Mapped[tuple[Goal, ...]] = choices(
            Goal,
            "Gewährleistungsziele",
            "Protection goals",
            help=Text("Wozu die Maßnahme beiträgt.", "What the measure contributes to."),
            basis="SDM V3.1",
            expected=True,
            listed=True,
        )
        duties: Mapped[tuple[Duty, ...]] = choices(
            Duty,
            "Anforderungen nach Art. 32 Abs. 1",
            "Requirements of Art. 32 (1)",
            help=Text("Welche Buchstaben sie erfüllen hilft.", "Which letters it helps to fulfil."),
            basis="Art. 32 Abs. 1 lit. a bis d DSGVO",
        )

    with section("implementation", "Umsetzung", "Implementation"):
        progress: Mapped[Progress | None] = choice(
            Progress,
            "Stand der Umsetzung",
            "Progress",
            help=Text("Was heute gilt.", "What holds today."),
            basis="Art. 32 Abs. 1 DSGVO",
            listed=True,
        )
        responsible: Mapped[str] = line(
            "Verantwortlich",
            "Responsible",
            help=Text("Stelle oder Person, die umsetzt.", "Post or person who implements it."),
            basis="Art. 24 Abs. 1 DSGVO",
            personal=True,
        )
        planned_until: Mapped[date | None] = day(
            "Umsetzung bis",
            "Implementation by",
            help=Text("Bis wann sie umgesetzt sein soll.", "When it is to be implemented."),
            basis="Art. 24 Abs. 1 DSGVO",
        )
        implemented_on: Mapped[date | None] = day(
            "Umgesetzt am",
            "Implemented on",
            help=Text("Seit wann sie wirkt.", "Since when it is in effect."),
            basis="Art. 5 Abs. 2 DSGVO",
        )
        checked_on: Mapped[date | None] = day(
            "Wirksamkeit geprüft am",
            "Effectiveness checked on",
            help=Text("Tag der letzten Prüfung.", "Day of the last check."),
            basis="Art. 32 Abs. 1 lit. d DSGVO",
        )
        next_check: Mapped[date | None] = day(
            "Nächste Prüfung",
            "Next check",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis="Art. 32 Abs. 1 lit. d DSGVO",
            listed=True,
        )
        evidence: Mapped[str] = line(
            "Nachweis",
            "Evidence",
            length=500,
            help=Text("Fundstelle, die die Umsetzung belegt.", "Where the implementation is shown."),
            basis="Art. 5 Abs. 2 DSGVO",
        )

    with section("plan", "Umsetzungsplan", "Implementation plan"):
        priority: Mapped[Priority | None] = choice(
            Priority,
            "Priorität",
            "Priority",
            help=Text(
                "Vorgeschlagen nach der Reihenfolge R1 bis R3 und der Stufe der Anforderung.",
                "Proposed by the order R1 to R3 and the level of the requirement.",
            ),
            basis=_PLANNING,
            more=True,
        )
        planned_from: Mapped[date | None] = day(
            "Beginn der Umsetzung",
            "Implementation begins",
            help=Text(
                "Ohne Angabe zeigt der Plan nur den Termin, zu dem die Maßnahme fertig ist.",
                "If left empty, the plan shows only the day by which the measure is finished.",
            ),
            basis=_PLANNING,
            more=True,
        )
        depends_on: Mapped[list[Measure]] = references(
            "Measure",
            "Setzt voraus",
            "Depends on",
            help=Text(
                "Maßnahmen, die fertig sein müssen, bevor diese beginnen kann.",
                "Measures that must be finished before this one can begin.",
            ),
            basis=_PLANNING,
            more=True,
        )
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Nur für diese Zielobjekte",
            "For these target objects only",
            help=Text(
                "Leer, wenn die Maßnahme überall gilt, wo ihre Anforderungen geprüft werden.",
                "Empty where the measure holds wherever its requirements are checked.",
            ),
            basis=_PLANNING,
            more=True,
        )
        staff_once: Mapped[int | None] = number(
            "Personalkosten einmalig",
            "Staff costs, one-off",
            unit=_EURO,
            help=Text("Arbeitszeit eigener Beschäftigter in Euro.", "Time of own staff, in euros."),
            basis=_PLANNING,
            more=True,
        )
        material_once: Mapped[int | None] = number(
            "Sachkosten einmalig",
            "Material costs, one-off",
            unit=_EURO,
            help=Text("Beschaffung und beauftragte Leistungen.", "Purchases and services."),
            basis=_PLANNING,
            more=True,
        )
        staff_yearly: Mapped[int | None] = number(
            "Personalkosten jährlich",
            "Staff costs, yearly",
            unit=_EURO,
            help=Text("Was der Betrieb im Jahr an Arbeitszeit kostet.", "Time that running it takes."),
            basis=_PLANNING,
            more=True,
        )
        material_yearly: Mapped[int | None] = number(
            "Sachkosten jährlich",
            "Material costs, yearly",
            unit=_EURO,
            help=Text("Wartung, Lizenzen und Verträge im Jahr.", "Maintenance, licences, contracts."),
            basis=_PLANNING,
            more=True,
        )
        budget: Mapped[str] = line(
            "Haushaltsstelle",
            "Budget item",
            help=Text(
                "Produktkonto oder Investitionsnummer.", "Product account or number of the investment."
            ),
            basis=_PLANNING,
            more=True,
        )

    with section("references", "Bezüge", "References"):
        requirements: Mapped[str] = line(
            "Anforderungen des IT-Grundschutzes",
            "Requirements of IT-Grundschutz",
            length=500,
            help=Text(
                "Kennungen, durch Komma getrennt, zum Beispiel ORP.4.A1, CON.3.A5.",
                "Identifiers, separated by commas, such as ORP.4.A1, CON.3.A5.",
            ),
            basis="IT-Grundschutz-Kompendium, CON.2",
        )
        unmet: Mapped[str] = line(
            "Im Grundschutz-Check nicht erfüllt",
            "Not met in the IT-Grundschutz check",
            length=500,
            help=Text(
                "Anforderungen, die der Check mit „nein“ oder „teilweise“ beantwortet.",
                "Requirements that the check answers with “no” or “partially”.",
            ),
            basis="BSI-Standard 200-2",
            fixed=True,
        )
        waived: Mapped[str] = line(
            "Im Grundschutz-Check entbehrlich",
            "Unnecessary in the IT-Grundschutz check",
            length=500,
            help=Text("Anforderungen, auf die der Check verzichtet.", "Requirements the check does without."),
            basis="BSI-Standard 200-2",
            fixed=True,
        )
        sdm_module: Mapped[str] = line(
            "Baustein oder Maßnahme des SDM",
            "Module or measure of the SDM",
            length=40,
            help=Text("Zum Beispiel M60.P03.", "Such as M60.P03."),
            basis="SDM V3.1",
        )
        library: Mapped[bool | None] = flag("Vorlage", "Template", basis="SDM V3.1", fixed=True, listed=True)
        origin: Mapped[Origin | None] = choice(
            Origin,
            "Herkunft der Vorlage",
            "Origin of the template",
            basis="SDM V3.1",
            fixed=True,
            listed=True,
        )
        key: Mapped[str] = line("Kennung der Vorlage", "Key of the template", length=40, fixed=True)
        attribution: Mapped[str] = line(
            "Quelle und Lizenz der Vorlage", "Source and licence of the template", length=300, fixed=True
        )

    def derive(self) -> None:
        self.library = self.library is True

    def tasks(self) -> Iterator[Task]:
        """A draft that came from an assessment says neither what kind of measure it is nor what it serves."""
        if self.state is State.DRAFT and self.library is not True and (self.kind is None or not self.goals):
            yield Task(TaskKind.DUE, _DESCRIBE, None)

    @classmethod
    def task_label(cls, what: str) -> Text | None:
        return _TASKS.get(what)

    def met(self, name: str) -> bool:
        """The day of implementation is met once the measure is in effect."""
        return (name == "planned_until" and self.is_in_effect) or super().met(name)

    @property
    def is_in_effect(self) -> bool:
        """Whether it protects anything yet."""
        return self.progress in IN_EFFECT

    def covers(self, target_id: uuid.UUID | None) -> bool:
        """Whether it stands for its requirements at that target object, ``None`` for a domain as a whole."""
        return not self.objects or target_id in {target.id for target in self.objects}


_DESCRIBE: Final = "describe"
_DESCRIBE_LABEL: Final = Text(
    "Vorgeschlagene Maßnahme: Art und Gewährleistungsziele ergänzen",
    "Proposed measure: add its type and protection goals",
)
TAKE_OVER: Final = "take over"
"""The task to answer the check anew once a measure is in effect."""
_TASKS: Final = {
    _DESCRIBE: _DESCRIBE_LABEL,
    TAKE_OVER: Text(
        "Umgesetzt: Antworten des Grundschutz-Checks nachführen",
        "Implemented: bring the answers of the IT-Grundschutz check up to date",
    ),
}
_SEPARATORS: Final = re.compile(r"[\s,;]+")


def requirement_ids(text: str) -> tuple[str, ...]:
    """The identifiers written in *text*, in the order in which they stand there, each once."""
    return tuple(dict.fromkeys(word.upper() for word in _SEPARATORS.split(text) if word))


# --- Templates that come with the program --------------------------------------------------------


@cache
def _generic() -> Sequence[dict[str, Any]]:
    text = files(__package__).joinpath("data/measures.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["measures"]
    return found


def generic_measures() -> list[Measure]:
    """Fresh generic templates, in our own words, for goals the modules of the SDM do not cover yet."""
    return [
        Measure(
            name=each["name"],
            description=each["description"],
            kind=MeasureKind[each["kind"]],
            goals=tuple(Goal[name] for name in each["goals"]),
            duties=tuple(Duty[name] for name in each.get("duties", ())),
            library=True,
            origin=Origin.GENERIC,
            key=each["key"],
        )
        for each in _generic()
    ]


def adopted(template: Measure) -> Measure:
    """A measure of the authority's own that begins with the words of *template*."""
    return Measure(
        name=template.name,
        description=template.description,
        kind=template.kind,
        goals=template.goals,
        duties=template.duties,
        sdm_module=template.sdm_module,
        key=template.key,
        attribution=template.attribution,
        progress=Progress.PLANNED,
    )
