"""The paper on which management decides (Entscheidungsvorlage): one impact assessment on two pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assessments.dpia.briefing import Briefing, briefing
from assessments.dpia.decision import obstacles
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import RiskLevel
from assessments.dpia.matrix import RiskMatrix
from compliance.advice import Opinion
from compliance.fields import fields, is_empty, shown
from compliance.language import Text, shown_day
from exports.document import Block, Column, Document, Facts, Figure, Grid, Heading, Items, Note, Prose
from exports.reports.dpia import MOMENTS, heat_map
from exports.reports.dpia_sections import conditions
from exports.reports.register import Issuer

_RISKS_SHOWN: Final = 5


def report(
    dpia: Dpia, issuer: Issuer, *, advice: Sequence[Opinion], matrix: RiskMatrix, open_points: int
) -> Document:
    """What is decided about *dpia*, on which grounds, and what follows from each choice."""
    language = issuer.language
    brief = briefing(dpia, advice, matrix, open_points)
    return Document(
        title=_TITLE.format(dpia=str(dpia))[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=(
            *_matter(dpia, brief, language),
            *_risks(dpia, brief, matrix, language),
            *_missing(brief, language),
            *_advice(advice, language),
            *(_choices(brief, language) if _is_open(dpia) else ()),
            *_decided(dpia, matrix, language),
        ),
        subject=_SUBJECT[language],
        version=str(dpia.version or ""),
    )


def _is_open(dpia: Dpia) -> bool:
    """Whether a decision is still to be taken: there is none, or the authority is being consulted."""
    return dpia.decision in (None, DpiaDecision.CONSULT)


def _matter(dpia: Dpia, brief: Briefing, language: str) -> Iterator[Block]:
    yield Heading(_MATTER[language])
    yield Facts(tuple(_said(dpia, name, language) for name in _ABOUT if not is_empty(getattr(dpia, name))))
    yield Heading(_OUTCOME[language])
    yield Prose(" ".join(sentence[language] for sentence in brief.outcome))
    if brief.against:
        text = " ".join(sentence[language] for sentence in brief.against)
        yield Note(_AGAINST[language], text, "warning")


_ABOUT: Final = ("purposes", "activities", "project", "unit", "team")


def _said(thing: object, name: str, language: str) -> tuple[str, str]:
    spec = fields(type(thing))[name]
    return spec.label[language], shown(spec, getattr(thing, name), language)


def _risks(dpia: Dpia, brief: Briefing, matrix: RiskMatrix, language: str) -> Iterator[Block]:
    if not dpia.risks:
        return
    yield Heading(_RISKS[language])
    level = _level(brief.total.planned, matrix, language)
    places = "; ".join(
        f"{risk.key} {_level(levels.planned, matrix, language)}" for risk, levels in brief.gravest
    )
    planned = MOMENTS["planned"][language]
    yield Figure(
        heat_map(dpia, "planned", matrix, language), f"{planned}: {level}. {places}.", f"{planned}: {level}"
    )
    columns = (
        Column(_NUMBER[language], 0.6),
        Column(_RISK[language], 3),
        *(Column(t[language]) for t in MOMENTS.values()),
    )
    rows = [
        (
            risk.key,
            risk.title,
            *(_level(getattr(levels, moment), matrix, language) for moment in MOMENTS),
        )
        for risk, levels in brief.gravest[:_RISKS_SHOWN]
    ]
    yield Grid(columns, rows, _GRAVEST[language])


def _level(level: RiskLevel | None, matrix: RiskMatrix, language: str) -> str:
    return matrix.label(level)[language] if level else _UNASSESSED[language]


def _missing(brief: Briefing, language: str) -> Iterator[Block]:
    yield Heading(_MISSING[language])
    if not brief.missing:
        yield Prose(_ALL_DONE[language])
        return
    columns = (Column(_MEASURE[language], 3), Column(_OWNER[language], 1.5), Column(_DUE[language]))
    rows = [
        (one.title, one.owner or "–", shown_day(one.due, language) if one.due else "–")
        for one in brief.missing
    ]
    yield Grid(columns, rows, _MISSING[language])


def _advice(advice: Sequence[Opinion], language: str) -> Iterator[Block]:
    yield Heading(_ADVICE[language])
    if not advice:
        yield Prose(_NO_ADVICE[language])
    for opinion in advice[:1]:
        names = ("verdict", "given_on", "given_by", "text")
        yield Facts(tuple(_said(opinion, name, language) for name in names))


def _choices(brief: Briefing, language: str) -> Iterator[Block]:
    yield Heading(_CHOICES[language])
    yield Facts(tuple((decision.text[language], follows[language]) for decision, follows in brief.choices))


def _decided(dpia: Dpia, matrix: RiskMatrix, language: str) -> Iterator[Block]:
    if dpia.decision is None:
        return
    yield Heading(_DECIDED[language])
    names = ("decision", "decided_on", "decided_by", "decision_reason", "deviation_reason")
    yield Facts(tuple(_said(dpia, name, language) for name in names if not is_empty(getattr(dpia, name))))
    yield from conditions(dpia, language)
    if standing := obstacles(dpia, matrix):
        yield Items(tuple(text[language] for text in standing))


_TITLE = Text("Entscheidungsvorlage: {dpia}", "Paper for decision: {dpia}")
_SUBJECT = Text(
    "Vorlage für die Entscheidung der Leitung über eine Datenschutz-Folgenabschätzung",
    "Paper for management's decision on a data protection impact assessment",
)
_MATTER = Text("Worüber entschieden wird", "What is decided")
_OUTCOME = Text("Ergebnis der Abschätzung", "Result of the assessment")
_AGAINST = Text("Was einer Genehmigung entgegensteht", "What stands against an approval")
_RISKS = Text("Risiken für die betroffenen Personen", "Risks to the data subjects")
_NUMBER = Text("Nr.", "No.")
_RISK = Text("Risiko", "Risk")
_GRAVEST = Text("Die höchsten Risiken", "The highest risks")
_UNASSESSED = Text("nicht eingeschätzt", "not assessed")
_MISSING = Text("Noch nicht umgesetzte Maßnahmen", "Measures not in force yet")
_ALL_DONE = Text("Alle Maßnahmen sind umgesetzt.", "All measures are in force.")
_MEASURE = Text("Maßnahme", "Measure")
_OWNER = Text("Zuständig", "Owner")
_DUE = Text("Bis", "Due")
_ADVICE = Text("Rat der Datenschutzbeauftragten", "Advice of the data protection officer")
_NO_ADVICE = Text(
    "Noch keine Stellungnahme. Ohne sie ist keine Genehmigung möglich (Art. 35 Abs. 2 DSGVO).",
    "No opinion yet. Without it no approval is possible (Art. 35 (2) GDPR).",
)
_CHOICES = Text("Was aus jeder Entscheidung folgt", "What follows from each decision")
_DECIDED = Text("Entscheidung der Leitung", "Decision of management")
