"""What marks a processing activity, as far as the record tells: cameras, children, third countries.

Risk scenarios name the marks they are made for, so that an assessment is offered those that fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from compliance.database import folded
from compliance.fields import Term
from compliance.language import Text
from registers.countries import EEA
from registers.processing import (
    VULNERABLE,
    AutomationLevel,
    DataSource,
    ProcessingActivity,
    RecipientKind,
    Scale,
    Subjects,
)


class Characteristic(Term):
    """One mark of a processing activity."""

    VIDEO = Text("Videoüberwachung", "Video surveillance")
    SENSOR = Text("Sensoren, Kameras oder Protokolle", "Sensors, cameras or logs")
    LOCATION = Text("Standort- oder Bewegungsdaten", "Location or movement data")
    AI = Text("Künstliche Intelligenz", "Artificial intelligence")
    AUTOMATED = Text("Automatisierte Entscheidung", "Automated decision")
    PROFILING = Text("Profiling oder Bewertung", "Profiling or scoring")
    NEW_PURPOSE = Text("Nutzung zu neuen Zwecken", "Use for new purposes")
    CHILDREN = Text("Kinder und Jugendliche", "Children and young people")
    STAFF = Text("Daten von Beschäftigten", "Data of staff")
    VULNERABLE = Text("Schutzbedürftige Personen", "Vulnerable persons")
    SPECIAL = Text("Besondere Kategorien oder Straftaten", "Special categories or offences")
    SECRETS = Text("Sozial-, Steuer- oder Berufsgeheimnis", "Social, tax or professional secrecy")
    LARGE_SCALE = Text("Mehr als 10.000 Personen", "More than 10,000 persons")
    PROCESSOR = Text("Auftragsverarbeitung", "Processors")
    CLOUD = Text("Cloud oder fremdes Rechenzentrum", "Cloud or external data centre")
    THIRD_COUNTRY = Text("Drittland", "Third country")
    SHARING = Text("Weitergabe an andere Stellen", "Disclosure to other bodies")
    JOINT = Text("Gemeinsame Verantwortung", "Joint controllership")
    ONLINE = Text("Digitales Angebot", "Digital service")
    PUBLICATION = Text("Veröffentlichung oder offene Daten", "Publication or open data")
    PAPER = Text("Nur auf Papier", "On paper only")


def shown_by(activities: Sequence[ProcessingActivity]) -> Mapping[Characteristic, tuple[str, ...]]:
    """The marks that *activities* bear, each with their numbers; needs them with everything they refer to."""
    found = {
        mark: tuple(activity.designation for activity in activities if bears(activity))
        for mark, bears in _MARKS.items()
    }
    return {mark: numbers for mark, numbers in found.items() if numbers}


def words_of(activities: Iterable[ProcessingActivity]) -> str:
    """What *activities* are about, folded as searched words are."""
    return folded(" ".join(word for activity in activities for word in _words(activity)))


def _words(activity: ProcessingActivity) -> Iterator[str]:
    yield from (activity.name, activity.description, activity.other_subjects)
    yield from (purpose.text for purpose in activity.purposes)
    yield from (category.text for category in activity.data)
    yield from (thing.name for thing in activity.objects)


def _speaks_of(activity: ProcessingActivity, *words: str) -> bool:
    said = folded(" ".join(_words(activity)))
    return any(word in said for word in words)


def _abroad(activity: ProcessingActivity) -> bool:
    countries = [row.country for row in activity.recipients]
    countries += [processor.country for processor in activity.processors]
    countries += [sub.country for processor in activity.processors for sub in processor.sub_processors]
    return any(country is not None and country.name not in EEA for country in countries)


def _in_a_cloud(activity: ProcessingActivity) -> bool:
    said = folded(" ".join(f"{one.name} {one.service}" for one in activity.processors))
    return any(word in said for word in _CLOUD) or _speaks_of(activity, "cloud")


def _touches(*subjects: Subjects) -> Callable[[ProcessingActivity], bool]:
    return lambda activity: not set(subjects).isdisjoint(activity.subjects)


def _children(activity: ProcessingActivity) -> bool:
    named = _touches(Subjects.CHILDREN, Subjects.PUPILS)(activity)
    return named or activity.online_service_for_children is True


_CLOUD: Final = ("cloud", "hosting", "saas", "rechenzentrum", "data centre")
_PLACES: Final = ("standort", "gps", "ortung", "bewegungs", "kennzeichen", "wlan", "location")

_OUTSIDE: Final[frozenset[RecipientKind]] = frozenset(
    {RecipientKind.AUTHORITY, RecipientKind.COURT, RecipientKind.COMPANY, RecipientKind.OTHER}
)

_MARKS: Final[Mapping[Characteristic, Callable[[ProcessingActivity], bool]]] = {
    Characteristic.VIDEO: lambda one: one.video is True,
    Characteristic.SENSOR: lambda one: DataSource.SENSOR in one.sources,
    Characteristic.LOCATION: lambda one: _speaks_of(one, *_PLACES),
    Characteristic.AI: lambda one: one.ai is True,
    Characteristic.AUTOMATED: lambda one: (
        one.automated_decision is True or one.automation_level is AutomationLevel.AUTONOMOUS
    ),
    Characteristic.PROFILING: lambda one: one.profiling is True,
    Characteristic.NEW_PURPOSE: lambda one: one.change_of_purpose is True,
    Characteristic.CHILDREN: _children,
    Characteristic.STAFF: _touches(Subjects.STAFF, Subjects.JOB_APPLICANTS),
    Characteristic.VULNERABLE: _touches(*VULNERABLE),
    Characteristic.SPECIAL: lambda one: any(row.special or row.criminal for row in one.data),
    Characteristic.SECRETS: lambda one: bool(one.secrecy),
    Characteristic.LARGE_SCALE: lambda one: one.scale is Scale.MORE,
    Characteristic.PROCESSOR: lambda one: bool(one.processors),
    Characteristic.CLOUD: _in_a_cloud,
    Characteristic.THIRD_COUNTRY: lambda one: one.third_country is True or _abroad(one),
    Characteristic.SHARING: lambda one: any(row.kind in _OUTSIDE for row in one.recipients),
    Characteristic.JOINT: lambda one: bool(one.joint_controllerships),
    Characteristic.ONLINE: lambda one: (
        Subjects.USERS in one.subjects or _speaks_of(one, "online", "portal", "app ", "website", "internet")
    ),
    Characteristic.PUBLICATION: lambda one: (
        one.open_data is True or any(row.kind is RecipientKind.PUBLIC for row in one.recipients)
    ),
    Characteristic.PAPER: lambda one: one.paper_only is True,
}
