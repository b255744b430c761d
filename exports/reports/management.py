"""The report for management: how an information domain stands, on exactly two pages.

Whatever the domain holds, the first page has the traffic lights, what to decide and the
levels, the second the layers, the risks, what is overdue and what audits found. Lists name
the most pressing and say how many more there are; long texts are cut where their line ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from assessments.grundschutz.audits import Grade
from assessments.grundschutz.briefing import (
    BAD,
    DARK,
    FAIR,
    GOOD,
    LONG_OVERDUE,
    Audited,
    Briefing,
    Overdue,
    Risks,
    decisions,
    signals,
)
from assessments.grundschutz.check import Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.progress import Tally
from assessments.grundschutz.risk_matrix import CATEGORIES
from assessments.grundschutz.risk_matrix import TONES as RISK_TONES
from compliance.fields import fields, shown
from compliance.language import Text, day_words
from compliance.rules import opening
from exports.document import (
    Bars,
    Block,
    Cell,
    Document,
    Figure,
    Grid,
    Heading,
    Items,
    Light,
    Lights,
    Prose,
)
from exports.reports.domain_paper import UNSTATED, Head, columns, day_of
from exports.reports.register import Issuer
from exports.typesetting import Style, Typesetter

_MOST_OVERDUE: Final = 3
_MOST_DECISIONS: Final = 4
_LINE: Final = 300.0
"""So many points of table type fit beside a label of the cover, and in two lines of a measure."""
_NAME: Final = 170.0
"""So many in two lines of the column that says who is responsible."""
_TITLE_LINES: Final = 270.0
"""So many leave the title two lines, although it is set larger."""
_TYPE: Final = Style(9, 12)
_VERY_LONG_OVERDUE: Final = timedelta(days=90)
_TONES: Final = {
    Status.YES: "good",
    Status.UNNECESSARY: "neutral",
    Status.PARTIAL: "fair",
    Status.NO: "bad",
    Status.OPEN: "open",
}
WORDS: Final = {
    GOOD: Text("Grün", "Green"),
    FAIR: Text("Gelb", "Yellow"),
    BAD: Text("Rot", "Red"),
    DARK: Text("Noch keine Aussage", "Nothing to say yet"),
}
"""What a traffic light of that tone says."""


def report(domain: InformationDomain, found: Briefing, issuer: Issuer) -> Document:
    """What management has to know of *domain* by the figures *found*."""
    language = issuer.language
    return Document(
        title=_TITLE.format(domain=_cut(domain.name, _TITLE_LINES))[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        version=str(domain.version),
        cover=tuple(_cover(domain, found, language)),
        blocks=(*_first_page(found, issuer), *_second_page(found, issuer)),
    )


def _cut(text: str, room: float) -> str:
    """The beginning of *text* that takes no more *room*, up to the end of a word where it has several."""
    line = opening(text)
    cut = Typesetter("de").shortened(line, room, _TYPE)
    whole, _space, _begun = cut.rpartition(" ")
    return f"{whole} …" if cut.endswith("…") and cut != line and whole else cut


def _cover(domain: InformationDomain, found: Briefing, language: str) -> Iterator[tuple[str, str]]:
    approach = shown(fields(InformationDomain)["approach"], domain.approach, language)
    yield fields(InformationDomain)["approach"].label[language], approach or UNSTATED[language]
    if domain.profile:
        yield fields(InformationDomain)["profile"].label[language], _cut(domain.profile, _LINE)
    yield (
        fields(InformationDomain)["responsible"].label[language],
        _cut(domain.responsible, _LINE) or UNSTATED[language],
    )
    days = [_day(day) for day in (found.audited.last, found.audited.next)]
    yield _AUDITS[language], _AUDIT_DAYS.format(last=days[0], next=days[1])[language]


def _day(day: date | None) -> Text:
    return day_words(day) if day else _NO_DAY


# --- The first page ------------------------------------------------------------------------------


def _first_page(found: Briefing, issuer: Issuer) -> Iterator[Block]:
    language = issuer.language
    yield Heading(_LIGHTS[language])
    yield lights_figure(found, issuer)
    yield Heading(_DECIDE[language])
    waiting = decisions(found, day_of(issuer))[:_MOST_DECISIONS]
    yield Items(tuple(text[language] for text in waiting)) if waiting else Prose(_NOTHING_WAITS[language])
    if found.catalogues is None:
        yield Heading(_BY_LEVEL[language])
        yield _bars({level.label[language]: tally for level, tally in found.levels.items()}, language)
    else:
        yield Heading(_BY_CATALOGUE[language])
        yield _bars({_cut(name, _LINE): tally for name, tally in found.catalogues.items()}, language)


def lights_figure(found: Briefing, issuer: Issuer) -> Figure:
    """The traffic lights of a domain as a picture."""
    language = issuer.language
    lights = tuple(
        Light(one.subject[language], one.tone, WORDS[one.tone][language], one.why[language])
        for one in signals(found, day_of(issuer))
    )
    said = " ".join(f"{one.label}: {one.word}. {one.text}" for one in lights)
    return Figure(Lights(lights), alt=said, caption=_LIGHTS[language])


def _bars(tallies: Mapping[str, Tally], language: str) -> Figure:
    said = (
        f"{name}: "
        + ", ".join(f"{status.text[language]} {count}" for status, count in tally.by_status.items() if count)
        for name, tally in tallies.items()
    )
    return Figure(
        Bars(
            categories=tuple(tallies),
            series=tuple(status.text[language] for status in Status),
            values=tuple(tuple(tally.by_status.values()) for tally in tallies.values()),
            tones=tuple(_TONES[status] for status in Status),
            beside=True,
        ),
        alt="; ".join(said) or _NOTHING[language],
    )


# --- The second page -----------------------------------------------------------------------------


def _second_page(found: Briefing, issuer: Issuer) -> Iterator[Block]:
    language = issuer.language
    if found.catalogues is None:
        yield Heading(_BY_LAYER[language], fresh_page=True)
        layers = {f"{layer.id} {layer.title}": tally for layer, tally in found.layers.items()}
        yield _bars(layers, language)
    if found.risks is not None:
        yield Heading(_RISKS[language], fresh_page=found.catalogues is not None)
        yield _risks(found.risks, language)
    yield Heading(_OVERDUE[language])
    yield from _overdue(found.overdue, day_of(issuer), language)
    yield _findings(found.audited, language)
    explained = [text for beyond_basic, text in _HOW_TO_READ if found.risks is not None or not beyond_basic]
    yield Prose(" ".join(text[language] for text in explained))


def _risks(risks: Risks, language: str) -> Block:
    if not risks.before:
        return Prose(_NO_RISKS[language])
    values = tuple(
        tuple(counts.get(category, 0) for category in CATEGORIES) for counts in (risks.before, risks.after)
    )
    names = (_BEFORE[language], _AFTER[language])
    series = tuple(category.text[language] for category in CATEGORIES)
    said = (
        f"{name}: " + ", ".join(f"{word} {count}" for word, count in zip(series, counts, strict=True))
        for name, counts in zip(names, values, strict=True)
    )
    tones = tuple(RISK_TONES[category] for category in CATEGORIES)
    return Figure(Bars(names, series, values, tones, beside=True), alt="; ".join(said))


def _overdue(overdue: tuple[Overdue, ...], day: date, language: str) -> Iterator[Block]:
    if not overdue:
        yield Prose(_NOTHING_OVERDUE[language])
        return
    counts = _by_delay(overdue, day)
    series = tuple(text[language] for text in _DELAYS)
    said = ", ".join(f"{word}: {count}" for word, count in zip(series, counts, strict=True))
    bars = Bars((_MEASURES[language],), series, (counts,), ("fair", "poor", "bad"), beside=True)
    yield Figure(bars, alt=f"{_OVERDUE[language]}. {said}")
    rows: list[tuple[Cell, ...]] = [
        (one.id, _cut(one.what, _LINE), _cut(one.who, _NAME) or UNSTATED[language], one.due)
        for one in overdue[:_MOST_OVERDUE]
    ]
    yield Grid(columns(_OVERDUE_COLUMNS, language), rows, caption=_LONGEST_OVERDUE[language])
    more = len(overdue) - len(rows)
    if more:
        yield Prose(_MORE.format(count=str(more))[language])


def _by_delay(overdue: tuple[Overdue, ...], day: date) -> tuple[int, int, int]:
    """How many are overdue by up to 30 days, by up to 90, and by more."""
    long = sum(one.due < day - LONG_OVERDUE for one in overdue)
    very_long = sum(one.due < day - _VERY_LONG_OVERDUE for one in overdue)
    return len(overdue) - long, long - very_long, very_long


def _findings(audited: Audited, language: str) -> Block:
    """What audits found and nobody has put right yet, by grade."""
    counts = tuple(
        tuple(found.get(grade, 0) for grade in Grade) for found in (audited.still_open, audited.late)
    )
    if not any(counts[0]):
        return Prose(_NO_FINDINGS[language])
    series = tuple(grade.text[language] for grade in Grade)
    names = (_OPEN[language], _LATE[language])
    said = "; ".join(
        f"{name}: " + ", ".join(f"{word} {count}" for word, count in zip(series, some, strict=True))
        for name, some in zip(names, counts, strict=True)
    )
    bars = Bars(names, series, counts, ("bad", "fair", "neutral"), beside=True)
    return Figure(bars, alt=said, caption=_OPEN_FINDINGS[language])


_TITLE: Final = Text("Managementbericht: {domain}", "Management report: {domain}")
_SUBJECT: Final = Text(
    "Stand der Informationssicherheit auf zwei Seiten.", "The state of information security on two pages."
)
_AUDITS: Final = Text("Audits", "Audits")
_AUDIT_DAYS: Final = Text("letztes: {last}, nächstes: {next}", "last: {last}, next: {next}")
_NO_DAY: Final = Text("keines", "none")
_LIGHTS: Final = Text("Auf einen Blick", "At a glance")
_DECIDE: Final = Text("Was zu entscheiden ist", "What has to be decided")
_NOTHING_WAITS: Final = Text("Derzeit wartet nichts auf die Leitung.", "Nothing waits for management.")
_BY_LEVEL: Final = Text("Umsetzung nach Stufe", "Implementation by level")
_BY_CATALOGUE: Final = Text("Umsetzung nach Katalog", "Implementation by catalogue")
_BY_LAYER: Final = Text("Umsetzung nach Schicht", "Implementation by layer")
_NOTHING: Final = Text("Noch ist nichts zu prüfen.", "There is nothing to check yet.")
_HOW_TO_READ: Final = (
    (
        False,
        Text(
            "Basis-Anforderungen sind grün, wenn alle erfüllt sind, und gelb ab 75 %.",
            "Basic requirements are green if all are met, and yellow from 75%.",
        ),
    ),
    (
        True,
        Text(
            "Standard-Anforderungen sind ab 90 % grün und ab 60 % gelb.",
            "Standard requirements are green from 90% and yellow from 60%.",
        ),
    ),
    (
        True,
        Text(
            "Der Schutzbedarf ist grün, wenn er für alle Zielobjekte bestimmt ist, und rot, wenn er für mehr "
            "als die Hälfte fehlt.",
            "Protection needs are green if known for all target objects, and red if missing for more than "
            "half of them.",
        ),
    ),
    (
        True,
        Text(
            "Risiken werden rot, wenn eine nötige Analyse fehlt oder die Leitung ein hohes Restrisiko noch "
            "nicht übernommen hat.",
            "Risks turn red where an analysis is missing or management has not accepted a high residual risk "
            "yet.",
        ),
    ),
    (
        False,
        Text(
            "Maßnahmen werden gelb, sobald eine überfällig ist, und rot nach mehr als 30 Tagen.",
            "Measures turn yellow as soon as one is overdue, and red after more than 30 days.",
        ),
    ),
    (
        False,
        Text(
            "Audits werden rot bei einer schwerwiegenden Abweichung oder abgelaufenen Frist, gelb bei jeder "
            "anderen offenen Abweichung.",
            "Audits turn red with a severe deviation or a term that has passed, yellow with any other "
            "deviation.",
        ),
    ),
    (
        False,
        Text(
            "Richtlinien werden rot, wenn eine fehlt, und gelb, wenn eine Überprüfung überfällig ist.",
            "Policies turn red where one is missing, and yellow where a review is overdue.",
        ),
    ),
)
"""What each light means, in their order; and whether it is about a step that the basic approach lacks."""
_RISKS: Final = Text("Risiken", "Risks")
_BEFORE: Final = Text("Vor der Behandlung", "Before treatment")
_AFTER: Final = Text("Restrisiko", "Residual risk")
_NO_RISKS: Final = Text("Noch ist kein Risiko bewertet.", "No risk has been rated yet.")
_OVERDUE: Final = Text("Überfällige Maßnahmen", "Overdue measures")
_MEASURES: Final = Text("Überfällig", "Overdue")
_DELAYS: Final = (
    Text("bis 30 Tage", "up to 30 days"),
    Text("31 bis 90 Tage", "31 to 90 days"),
    Text("länger als 90 Tage", "longer than 90 days"),
)
_LONGEST_OVERDUE: Final = Text("Am längsten überfällig", "Overdue the longest")
_NOTHING_OVERDUE: Final = Text("Nichts ist überfällig.", "Nothing is overdue.")
_MORE: Final = Text("Weitere überfällige Einträge: {count}.", "Further overdue items: {count}.")
_OVERDUE_COLUMNS: Final = (
    Head(Text("Kennung", "Identifier"), 2.0),
    Head(Text("Maßnahme", "Measure"), 3.2),
    Head(Text("Zuständig", "Responsible"), 2.0),
    Head(Text("Fällig", "Due"), 1.0),
)
_OPEN_FINDINGS: Final = Text("Offene Feststellungen aus Audits", "Open findings of audits")
_OPEN: Final = Text("Offen", "Open")
_LATE: Final = Text("Davon Frist abgelaufen", "Of which past their term")
_NO_FINDINGS: Final = Text("Aus Audits ist keine Feststellung offen.", "No finding of an audit is open.")
