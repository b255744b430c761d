"""The business impact analysis of an information domain: damage by horizon, demands, and conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from assessments.grundschutz.continuity import Impact, Recovery, in_words, steps_in_words
from assessments.grundschutz.domain import InformationDomain
from compliance.fields import YES_NO, fields
from compliance.language import Text, shown_number
from exports.document import Bars, Block, Cell, Column, Document, Figure, Grid, Heading, Note, Prose
from exports.reports.domain_paper import paper
from exports.reports.register import Issuer
from registers.continuity import Damage
from registers.objects import TargetObject

TONES: Final = {
    Damage.LOW: "good",
    Damage.MEDIUM: "fair",
    Damage.HIGH: "poor",
    Damage.INTOLERABLE: "bad",
    None: "open",
}
"""How each damage is coloured; its word always stands beside it."""


def report(domain: InformationDomain, impact: Impact, issuer: Issuer) -> Document:
    """The analysis *impact* of *domain*, which is loaded whole."""
    return paper(_TITLE, _SUBJECT, domain, issuer, _blocks(impact, issuer.language))


def _blocks(impact: Impact, language: str) -> Iterator[Block]:
    yield Heading(_RESULT[language])
    yield _result(impact, language)
    labels = (fields(TargetObject)[name].label[language] for name in _TIMES)
    yield Prose(_SHORT_FOR.format(labels="; ".join(labels))[language])
    yield Heading(_PROCESSES[language])
    if not impact.processes:
        yield Note(_NOTHING_TITLE[language], _NOTHING[language], "warning")
    else:
        yield Prose(_READING[language])
        yield _growth(impact, language)
        yield _damages(impact, language)
        yield _objectives(impact, language)
    yield Heading(_SYSTEMS[language])
    yield Prose(_PASSED_DOWN[language])
    yield _recoveries(impact, language)


def _result(impact: Impact, language: str) -> Block:
    conflicts, unknown = len(impact.conflicts), len(impact.unknown)
    said = _SUMMARY.format(
        processes=shown_number(len(impact.processes), language),
        objects=shown_number(len(impact.recoveries), language),
        conflicts=shown_number(conflicts, language),
        unknown=shown_number(unknown, language),
    )[language]
    return Note(_CONFLICTS[language], said, "warning") if conflicts or unknown else Prose(said)


def _growth(impact: Impact, language: str) -> Figure:
    """How many processes have reached which damage at each horizon."""
    grades: tuple[Damage | None, ...] = (*Damage, None)
    values = tuple(
        tuple(sum(one.damages[at] is grade for one in impact.processes) for grade in grades)
        for at in range(len(impact.horizons))
    )
    series = tuple(grade.text[language] if grade else _OPEN[language] for grade in grades)
    categories = tuple(in_words(hours, language) for hours in impact.horizons)
    said = (
        f"{category}: "
        + ", ".join(f"{name} {count}" for name, count in zip(series, counts, strict=True) if count)
        for category, counts in zip(categories, values, strict=True)
    )
    return Figure(
        Bars(categories, series, values, tuple(TONES[grade] for grade in grades), beside=True),
        alt="; ".join(said),
        caption=_GROWTH[language],
    )


def _damages(impact: Impact, language: str) -> Grid:
    columns = (
        Column(_NUMBER[language], 0.8),
        Column(_PROCESS[language], 2.4),
        *(Column(in_words(hours, language)) for hours in impact.horizons),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.process.designation,
            one.process.name,
            *(damage.text[language] if damage else "" for damage in one.damages),
        )
        for one in impact.processes
    ]
    return Grid(columns, rows, _DAMAGES[language])


def _objectives(impact: Impact, language: str) -> Grid:
    columns = (
        Column(_NUMBER[language], 0.8),
        Column(_PROCESS[language], 2.2),
        Column(_PROPOSAL[language], 0.9, help=_PROPOSAL_HELP[language]),
        Column("MTA", 0.9),
        Column("RTO", 0.9),
        Column("RPO", 0.9),
        Column(_LEVEL[language], 3.2),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.process.designation,
            one.process.name,
            in_words(one.proposal, language),
            in_words(one.process.mta_hours, language),
            in_words(one.process.rto_hours, language),
            in_words(one.process.rpo_hours, language),
            one.process.emergency_level,
        )
        for one in impact.processes
    ]
    return Grid(columns, rows, _OBJECTIVES[language])


def _recoveries(impact: Impact, language: str) -> Grid:
    columns = (
        Column(_NUMBER[language], 0.8),
        Column(_OBJECT[language], 2.0),
        Column(_KIND[language], 1.1, on_paper=False),
        Column(_NEEDED[language], 0.7),
        Column(_ORIGIN[language], 1.6),
        Column("RTA", 0.7, help=_RTA_HELP[language]),
        Column(_RUNS[language], 0.9, help=_RUNS_HELP[language]),
        Column(_STEPS[language], 2.4),
        Column(_NEEDED_LOSS[language], 0.7),
        Column(_LOSS_ORIGIN[language], 2.0, on_paper=False),
        Column(_LOSS[language], 0.9),
        Column(_CONFLICT[language], 0.8),
    )
    # What does not match comes first.
    open_first = (*impact.conflicts, *impact.unknown, *impact.in_time)
    rows = [_recovery(one, language) for one in dict.fromkeys(open_first)]
    return Grid(columns, rows, _SYSTEMS[language])


def _recovery(one: Recovery, language: str) -> tuple[Cell, ...]:
    target: Any = one.target
    return (
        target.designation,
        target.name,
        target.kind.text[language] if target.kind else "",
        in_words(target.needed_rto, language),
        target.needed_rto_from,
        in_words(target.rta_hours, language),
        in_words(one.restart.hours or target.rta_hours, language),
        steps_in_words(one.restart, language) if one.waits else "",
        in_words(target.needed_rpo, language),
        target.needed_rpo_from,
        in_words(target.loss_hours, language),
        _conflict(one, language),
    )


def _conflict(one: Recovery, language: str) -> str:
    """Yes, no, or not to be said while nobody knows how fast it recovers."""
    conflict = one.late or one.loses
    return _UNKNOWN[language] if one.unknown and not conflict else YES_NO[conflict][language]


_UNKNOWN = Text("unbekannt", "unknown")
_TITLE = Text("Business-Impact-Analyse: {domain}", "Business impact analysis: {domain}")
_SUBJECT = Text(
    "Schaden je Zeithorizont, geforderte und erreichbare Wiederanlaufzeiten nach BSI-Standard 200-4.",
    "Damage by time horizon, demanded and achievable recovery times under BSI standard 200-4.",
)
_RESULT = Text("Ergebnis", "Result")
_CONFLICTS = Text("Soll und Ist passen nicht zusammen", "Demand and ability do not match")
_SUMMARY = Text(
    "Geschäftsprozesse: {processes}. Prozesse und Objekte mit Forderung oder erreichbarer Zeit: {objects}; "
    "davon zu langsam oder mit zu großem Datenverlust: {conflicts}; ohne Angabe der erreichbaren "
    "Wiederanlaufzeit: {unknown}.",
    "Business processes: {processes}. Processes and objects with a demand or an achievable time: {objects}; "
    "of these too slow or losing too much data: {conflicts}; without an achievable recovery time: {unknown}.",
)
_PROCESSES = Text("Geschäftsprozesse", "Business processes")
_NOTHING_TITLE = Text("Kein Geschäftsprozess", "No business process")
_NOTHING = Text(
    "Der Informationsverbund hat noch keine Zielobjekte der Art Geschäftsprozess.",
    "The information domain has no target objects of the type business process yet.",
)
_READING = Text(
    "Die MTA wird aus dem letzten Zeithorizont vorgeschlagen, nach dem der Schaden noch nicht untragbar ist. "
    "Der Fachbereich entscheidet.",
    "The MTA is proposed from the last horizon at which damage is not yet intolerable. The department "
    "decides.",
)
_GROWTH = Text("Wie der Schaden wächst", "How damage grows")
_OPEN = Text("Nicht eingeschätzt", "Not assessed")
_DAMAGES = Text("Schaden je Zeithorizont", "Damage by time horizon")
_OBJECTIVES = Text("Anforderungen der Prozesse", "Demands of the processes")
_SYSTEMS = Text("Wiederanlauf: Soll und Ist", "Recovery: demand and ability")
_PASSED_DOWN = Text(
    "Was ein Prozess fordert, gilt für alles, worauf er beruht; es zählt die strengste Forderung, die ein "
    "Objekt erreicht. Die erreichbare Wiederanlaufzeit (RTA) ist die des Objekts selbst, sobald das läuft, "
    "worauf es beruht. Gegen die Forderung steht der ganze Ausfall: was nacheinander anlaufen muss, "
    "zusammen.",
    "What a process demands holds for everything on which it depends; the strictest demand that reaches an "
    "object counts. The achievable recovery time (RTA) is that of the object itself, once what it depends on "
    "runs. Against the demand stands the whole outage: whatever has to start one after the other, together.",
)
_TIMES = ("mta_hours", "rto_hours", "rpo_hours", "rta_hours")
_SHORT_FOR = Text("Abkürzungen: {labels}.", "Abbreviations: {labels}.")
_NUMBER = Text("Kennung", "Identifier")
_PROCESS = Text("Geschäftsprozess", "Business process")
_PROPOSAL = Text("MTA-Vorschlag", "Proposed MTA")
_PROPOSAL_HELP = Text("Folgt aus den Schäden je Zeithorizont.", "Follows from the damage by time horizon.")
_LEVEL = Text("Notbetriebsniveau", "Emergency level of operation")
_OBJECT = Text("Zielobjekt", "Target object")
_KIND = Text("Art", "Type")
_NEEDED = Text("RTO", "RTO")
_ORIGIN = Text("gefordert von", "demanded by")
_RTA_HELP = Text(
    "Wie lange das Objekt selbst braucht, sobald das läuft, worauf es beruht.",
    "How long the object itself takes once what it depends on runs.",
)
_RUNS = Text("Läuft wieder nach", "Runs again after")
_RUNS_HELP = Text(
    "Die längste Kette von Objekten, die nacheinander anlaufen müssen.",
    "The longest chain of objects that have to start one after the other.",
)
_STEPS = Text("nacheinander", "one after the other")
_NEEDED_LOSS = Text("RPO", "RPO")
_LOSS_ORIGIN = Text("RPO gefordert von", "RPO demanded by")
_LOSS = Text("Datenverlust", "Data loss")
_CONFLICT = Text("Konflikt", "Conflict")
