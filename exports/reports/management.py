"""The report for management: how an information domain stands, on exactly two pages.

Whatever the domain holds, the first page has the traffic lights and the levels, the second
the layers, the risks and what is overdue. Lists name the most pressing and say how many more
there are; long texts are cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from assessments.grundschutz.audits import Grade
from assessments.grundschutz.briefing import (
    BAD,
    DARK,
    FAIR,
    GOOD,
    NEEDS,
    Briefing,
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
from compliance.language import Text, shown_day
from compliance.rules import opening
from exports.document import (
    Bars,
    Block,
    Cell,
    Document,
    Facts,
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
from registers.objects import ProtectionNeed

_MOST_OVERDUE: Final = 4
_MOST_DECISIONS: Final = 4
_LONGEST: Final = 60
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
        title=_TITLE.format(domain=_cut(domain.name))[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        version=str(domain.version),
        cover=tuple(_cover(domain, found, language)),
        blocks=(*_first_page(found, issuer), *_second_page(found, language)),
    )


def _cut(text: str) -> str:
    line = opening(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _cover(domain: InformationDomain, found: Briefing, language: str) -> Iterator[tuple[str, str]]:
    approach = shown(fields(InformationDomain)["approach"], domain.approach, language)
    yield fields(InformationDomain)["approach"].label[language], approach or UNSTATED[language]
    if domain.profile:
        yield fields(InformationDomain)["profile"].label[language], _cut(domain.profile)
    yield (
        fields(InformationDomain)["responsible"].label[language],
        _cut(domain.responsible) or UNSTATED[language],
    )
    yield _LAST_AUDIT[language], _day(found.audited.last, language)
    yield _NEXT_AUDIT[language], _day(found.audited.next, language)


def _day(day: object, language: str) -> str:
    return shown_day(day, language) if day else _NO_DAY[language]  # type: ignore[arg-type]


# --- The first page ------------------------------------------------------------------------------


def _first_page(found: Briefing, issuer: Issuer) -> Iterator[Block]:
    language = issuer.language
    yield Heading(_LIGHTS[language])
    yield lights_figure(found, issuer)
    yield Heading(_DECIDE[language])
    waiting = decisions(found, day_of(issuer))[:_MOST_DECISIONS]
    yield Items(tuple(text[language] for text in waiting)) if waiting else Prose(_NOTHING_WAITS[language])
    yield Heading(_BY_LEVEL[language])
    yield _bars({level.label[language]: tally for level, tally in found.levels.items()}, language)


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


def _second_page(found: Briefing, language: str) -> Iterator[Block]:
    yield Heading(_BY_LAYER[language], fresh_page=True)
    layers = {f"{layer.id} {layer.title}": tally for layer, tally in found.layers.items()}
    yield _bars(layers, language)
    if found.risks is not None:
        yield Heading(_RISKS[language])
        yield _risks(found.risks, language)
    yield Heading(_OVERDUE[language])
    yield from _overdue(found, language)
    if found.needs is not None:
        yield _needs(found.needs, language)
    yield Facts(tuple(_rest(found, language)))
    explained = _HOW_TO_READ if found.risks is None else (*_HOW_TO_READ, *_BEYOND_BASIC)
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


def _overdue(found: Briefing, language: str) -> Iterator[Block]:
    if not found.overdue:
        yield Prose(_NOTHING_OVERDUE[language])
        return
    rows: list[tuple[Cell, ...]] = [
        (one.id, _cut(one.what), _cut(one.who) or UNSTATED[language], one.due)
        for one in found.overdue[:_MOST_OVERDUE]
    ]
    yield Grid(columns(_OVERDUE_COLUMNS, language), rows, caption=_OVERDUE[language])
    more = len(found.overdue) - len(rows)
    if more:
        yield Prose(_MORE.format(count=str(more))[language])


def _rest(found: Briefing, language: str) -> Iterator[tuple[str, str]]:
    yield _OPEN_FINDINGS[language], _grades(found.audited.still_open, language)
    if found.policies.missing:
        numbers: Sequence[str] = [kind.text[language].split()[0] for kind in found.policies.missing]
        yield _MISSING_POLICIES[language], ", ".join(numbers)


def _needs(needs: Mapping[ProtectionNeed | None, int], language: str) -> Figure:
    series = tuple(need.text[language] if need else _UNDETERMINED[language] for need in NEEDS)
    values = tuple(needs.get(need, 0) for need in NEEDS)
    said = ", ".join(f"{word}: {count}" for word, count in zip(series, values, strict=True))
    bars = Bars((_OBJECTS[language],), series, (values,), ("bad", "poor", "good", "open"), beside=True)
    return Figure(bars, alt=said, caption=_NEEDS[language])


def _grades(counts: Mapping[Grade, int], language: str) -> str:
    return ", ".join(f"{grade.text[language]}: {counts.get(grade, 0)}" for grade in Grade)


_TITLE: Final = Text("Managementbericht: {domain}", "Management report: {domain}")
_SUBJECT: Final = Text(
    "Stand der Informationssicherheit auf zwei Seiten.", "The state of information security on two pages."
)
_LAST_AUDIT: Final = Text("Letztes Audit", "Last audit")
_NEXT_AUDIT: Final = Text("Nächstes Audit", "Next audit")
_NO_DAY: Final = Text("keines", "none")
_LIGHTS: Final = Text("Auf einen Blick", "At a glance")
_DECIDE: Final = Text("Was zu entscheiden ist", "What has to be decided")
_NOTHING_WAITS: Final = Text("Derzeit wartet nichts auf die Leitung.", "Nothing waits for management.")
_BY_LEVEL: Final = Text("Umsetzung nach Stufe", "Implementation by level")
_BY_LAYER: Final = Text("Umsetzung nach Schicht", "Implementation by layer")
_NOTHING: Final = Text("Noch ist nichts zu prüfen.", "There is nothing to check yet.")
_HOW_TO_READ: Final = (
    Text(
        "Basis-Anforderungen sind grün, wenn alle erfüllt sind, und gelb ab 75 %.",
        "Basic requirements are green if all are met, and yellow from 75 %.",
    ),
    Text(
        "Maßnahmen werden gelb, sobald eine überfällig ist, und rot nach mehr als 30 Tagen.",
        "Measures turn yellow as soon as one is overdue, and red after more than 30 days.",
    ),
    Text(
        "Audits werden rot bei einer schwerwiegenden Abweichung oder abgelaufenen Frist, gelb bei jeder "
        "anderen offenen Abweichung.",
        "Audits turn red with a severe deviation or a term that has passed, yellow with any other deviation.",
    ),
)
_BEYOND_BASIC: Final = (
    Text(
        "Standard-Anforderungen sind ab 90 % grün und ab 60 % gelb.",
        "Standard requirements are green from 90 % and yellow from 60 %.",
    ),
    Text(
        "Risiken werden rot, wenn eine nötige Analyse fehlt oder die Leitung ein hohes Restrisiko noch nicht "
        "übernommen hat.",
        "Risks turn red where an analysis is missing or management has not accepted a high residual risk "
        "yet.",
    ),
)
_RISKS: Final = Text("Risiken", "Risks")
_BEFORE: Final = Text("Vor der Behandlung", "Before treatment")
_AFTER: Final = Text("Restrisiko", "Residual risk")
_NO_RISKS: Final = Text("Noch ist kein Risiko bewertet.", "No risk has been rated yet.")
_OVERDUE: Final = Text("Überfällig", "Overdue")
_NOTHING_OVERDUE: Final = Text("Nichts ist überfällig.", "Nothing is overdue.")
_MORE: Final = Text("Weitere überfällige Einträge: {count}.", "Further overdue items: {count}.")
_OVERDUE_COLUMNS: Final = (
    Head(Text("Kennung", "Identifier"), 2.0),
    Head(Text("Maßnahme", "Measure"), 3.2),
    Head(Text("Zuständig", "Responsible"), 2.0),
    Head(Text("Fällig", "Due"), 1.0),
)
_NEEDS: Final = Text("Zielobjekte nach Schutzbedarf", "Target objects by protection need")
_OBJECTS: Final = Text("Zielobjekte", "Target objects")
_UNDETERMINED: Final = Text("nicht bestimmt", "not determined")
_OPEN_FINDINGS: Final = Text("Offene Feststellungen aus Audits", "Open findings of audits")
_MISSING_POLICIES: Final = Text("Fehlende Richtlinien", "Missing policies")
