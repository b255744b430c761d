"""The data-flow picture (Datenflussbild) of processing activities, drawn from what the record knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from compliance.fields import fields, shown
from compliance.language import Text
from exports.document import Block, Column, Figure, Flow, Grid, Stage, Station
from registers.countries import EEA
from registers.processing import DataSource, ProcessingActivity
from registers.processors import Processor


def data_flow(activities: Sequence[ProcessingActivity], language: str) -> Flow:
    """Sources, the authority with its systems, recipients and processors, with what passes between them.

    The activities are loaded as :func:`assessments.dpia.prefill.sources_of` does.
    """
    stages = [
        Stage(_SOURCES[language], tuple(_sources(activities, language))),
        Stage(_INSIDE[language], tuple(_activity(one, language) for one in activities)),
        Stage(_RECIPIENTS[language], _once(_recipients(activities, language))),
        Stage(_PROCESSORS[language], _once(_processors(activities, language))),
    ]
    passing: dict[str, str | None] = {_INSIDE[language]: _data(activities, language)}
    passing |= {_RECIPIENTS[language]: ""}
    passing |= {_PROCESSORS[language]: None if stages[2].stations else ""}
    drawn = [stage for stage in stages if stage.stations]
    return Flow(tuple(drawn), tuple(passing[stage.title] for stage in drawn[1:]))


def figure(activities: Sequence[ProcessingActivity], language: str) -> Iterator[Block]:
    """The picture, and the same as a table for whoever cannot see it; nothing without activities."""
    flow = data_flow(activities, language)
    if not activities:
        return
    said = (f"{stage.title}: {', '.join(one.name for one in stage.stations)}" for stage in flow.stages)
    yield Figure(flow, f"{TITLE[language]}. {'. '.join(said)}.", TITLE[language])
    yield Grid(_columns(language), table(flow), TITLE[language])


def table(flow: Flow) -> list[tuple[str, str, str, str]]:
    """Every station of *flow* with its stage, its details and its warning."""
    return [
        (stage.title, name, "; ".join(station.details), station.warning)
        for stage in flow.stages
        for name, station in _everywhere(stage.stations, "")
    ]


def _columns(language: str) -> tuple[Column, ...]:
    return tuple(
        Column(label[language], width) for label, width in zip(COLUMNS, (1.4, 2, 2.4, 1.4), strict=True)
    )


def _everywhere(stations: Iterable[Station], above: str) -> Iterator[tuple[str, Station]]:
    for station in stations:
        name = f"{above} – {station.name}" if above else station.name
        yield name, station
        yield from _everywhere(station.inside, name)


def _once(stations: Iterable[Station]) -> tuple[Station, ...]:
    """Each station once, though several activities name it."""
    return tuple(dict.fromkeys(stations))


# --- The stages ----------------------------------------------------------------------------------


def _said(thing: Any, name: str, language: str) -> str:
    return shown(fields(type(thing))[name], getattr(thing, name), language)


def _sources(activities: Sequence[ProcessingActivity], language: str) -> Iterator[Station]:
    subjects = dict.fromkeys(subject for activity in activities for subject in activity.subjects)
    people = [subject.text[language] for subject in subjects]
    people += [activity.other_subjects for activity in activities if activity.other_subjects]
    if people:
        yield Station(_SUBJECTS[language], (", ".join(people),))
    sources = dict.fromkeys(source for activity in activities for source in activity.sources)
    if people:
        sources.pop(DataSource.SUBJECT, None)
    for source in sources:
        details = [one.source_details for one in activities if source in one.sources and one.source_details]
        yield Station(source.text[language], tuple(dict.fromkeys(details)))


def _data(activities: Sequence[ProcessingActivity], language: str) -> str:
    """The categories of data, those first that are specially protected."""
    every = [category for activity in activities for category in activity.data if category.text]
    marked = {
        f"{category.text} ({_ART_9[language]})" if category.special else category.text: category.special
        for category in sorted(every, key=lambda category: not category.special)
    }
    return ", ".join(marked)


def _activity(activity: ProcessingActivity, language: str) -> Station:
    systems = tuple(
        Station(thing.name, tuple(filter(None, (_said(thing, "kind", language), thing.location))))
        for thing in activity.objects
    )
    unit = (str(activity.unit),) if activity.unit is not None else ()
    return Station(str(activity), unit, inside=systems)


def _recipients(activities: Sequence[ProcessingActivity], language: str) -> Iterator[Station]:
    for activity in activities:
        for recipient in activity.recipients:
            details = (_said(recipient, "kind", language), recipient.reason)
            yield Station(recipient.text, tuple(filter(None, details)), _abroad(recipient, language))
        for other in activity.joint_controllerships:
            yield Station(other.name, (_JOINT[language],))


def _processors(activities: Sequence[ProcessingActivity], language: str) -> Iterator[Station]:
    for activity in activities:
        for processor in activity.processors:
            yield _processor(processor, language)


def _processor(processor: Processor, language: str) -> Station:
    subs = tuple(
        Station(sub.company, tuple(filter(None, (sub.task,))), _abroad(sub, language))
        for sub in processor.sub_processors
    )
    country = processor.country
    warning = f"{_THIRD[language]}: {country.text[language]}" if country and country.name not in EEA else ""
    return Station(processor.name, (processor.designation,), warning, subs)


def _abroad(row: Any, language: str) -> str:
    """Country and basis of a transfer out of the EEA; empty where there is none."""
    if row.country is None or row.country.name in EEA:
        return ""
    basis = row.transfer_basis.text[language] if row.transfer_basis else _NO_BASIS[language]
    return f"{_THIRD[language]}: {row.country.text[language]} – {basis}"


TITLE: Final = Text("Datenflüsse", "Data flows")
COLUMNS: Final = (
    Text("Stufe", "Stage"),
    Text("Stelle", "Party"),
    Text("Angaben", "Details"),
    Text("Drittland", "Third country"),
)
_SOURCES = Text("Woher die Daten kommen", "Where the data come from")
_INSIDE = Text("Wo sie verarbeitet werden", "Where they are processed")
_RECIPIENTS = Text("Wer sie erhält", "Who receives them")
_PROCESSORS = Text("Wer im Auftrag verarbeitet", "Who processes on behalf")
_SUBJECTS = Text("Betroffene Personen", "Data subjects")
_ART_9 = Text("Art. 9", "Art. 9")
_JOINT = Text("Gemeinsam verantwortlich", "Joint controller")
_THIRD = Text("Drittland", "Third country")
_NO_BASIS = Text("ohne Grundlage", "without a basis")
