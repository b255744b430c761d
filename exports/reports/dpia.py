"""One impact assessment in full: threshold, the parts of Art. 35 (7) GDPR, advice and decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from assessments.dpia.decision import obstacles, risk_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.from_source import FromSource
from assessments.dpia.risk import (
    DEFAULT_MATRIX,
    DpiaMeasure,
    DpiaRisk,
    Grade,
    Position,
    RiskLevel,
    RiskMatrix,
    positions,
    unsupported,
)
from assessments.dpia.threshold import Outcome, ThresholdAnalysis, outcome
from compliance.advice import Opinion
from compliance.fields import fields, is_empty, matters, sections, shown
from compliance.findings import Objection
from compliance.judging import Judge
from compliance.language import Text
from exports.document import (
    Block,
    Column,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Items,
    Matrix,
    Note,
    Prose,
)
from exports.reports.register import Issuer


def report(
    dpia: Dpia,
    issuer: Issuer,
    *,
    analyses: Sequence[ThresholdAnalysis],
    advice: Sequence[Opinion],
    matrix: RiskMatrix = DEFAULT_MATRIX,
    findings: Sequence[Objection] = (),
    judge: Judge | None = None,
) -> Document:
    """*dpia* with its threshold *analyses* and *advice*, the newest opinion first.

    Everything is loaded whole. *findings* are printed only with the *judge* that
    knows their wording.
    """
    language = issuer.language
    blocks = [
        *_threshold(analyses, language),
        *_section(dpia, "description", language),
        *_section(dpia, "necessity", language),
        *_risks(dpia, matrix, language),
        *_measures(dpia, language),
        *_participation(dpia, language),
        *_advice(advice, language),
        *_decision(dpia, matrix, language),
        *_from_source(dpia, language),
    ]
    if judge is not None:
        blocks += _findings(dpia, findings, judge, language)
    return Document(
        title=str(dpia),
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(blocks),
        subject=_SUBJECT[language],
        version=str(dpia.version or ""),
        cover=tuple(_cover(dpia, matrix, language)),
    )


def report_of_all(documents: Sequence[Document], issuer: Issuer) -> Document:
    """Several impact assessments one after the other, each as :func:`report` says it; there may be none."""
    language = issuer.language
    blocks: list[Block] = []
    for document in documents:
        blocks += [Heading(document.title), Facts(document.cover), *map(_deeper, document.blocks)]
    return Document(
        title=Dpia.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        blocks=tuple(blocks) or (Note(Dpia.title[language], _NOTHING[language]),),
    )


def _deeper(block: Block) -> Block:
    return Heading(block.text, block.level + 1) if isinstance(block, Heading) else block


def _cover(dpia: Dpia, matrix: RiskMatrix, language: str) -> Iterator[tuple[str, str]]:
    for name in ("unit", "activities", "project", "team"):
        yield _labelled(dpia, name, language)
    changed = _CHANGED[language] if dpia.changed_since_release else ""
    yield _STATE[language], ", ".join(filter(None, (dpia.state.text[language], changed)))
    yield _labelled(dpia, "decision", language)
    yield _TODAY[language], _level(risk_of(dpia, matrix).today, matrix, language)
    yield _labelled(dpia, "next_review", language)


def _labelled(thing: object, name: str, language: str) -> tuple[str, str]:
    spec = fields(type(thing))[name]
    return spec.label[language], shown(spec, getattr(thing, name), language) or _UNSTATED[language]


def _level(level: RiskLevel | None, matrix: RiskMatrix, language: str) -> str:
    return matrix.label(level)[language] if level else _UNASSESSED[language]


# --- Threshold -----------------------------------------------------------------------------------


def _threshold(analyses: Sequence[ThresholdAnalysis], language: str) -> Iterator[Block]:
    yield Heading(ThresholdAnalysis.one[language])
    if not analyses:
        yield Note(ThresholdAnalysis.one[language], _NO_ANALYSIS[language], "warning")
    for analysis in analyses:
        found = outcome(analysis)
        yield Heading(str(analysis), 2)
        yield Facts(
            (
                _labelled(analysis, "activity", language),
                (_RESULT[language], found.outcome.text[language]),
                _labelled(analysis, "reason", language),
                _labelled(analysis, "recheck", language),
            )
        )
        if found.reasons:
            yield Items(tuple(f"{reason.says[language]} ({reason.source})" for reason in found.reasons))
        if found.unanswered:
            severity = "warning" if found.outcome is Outcome.UNDECIDED else "info"
            yield Note(
                _UNANSWERED[language], _STILL_OPEN.format(count=len(found.unanswered))[language], severity
            )
            yield Items(tuple(fields(ThresholdAnalysis)[name].label[language] for name in found.unanswered))


# --- Description and necessity -------------------------------------------------------------------


def _section(dpia: Dpia, name: str, language: str) -> Iterator[Block]:
    """The answers of one section of the form, each under its own heading."""
    title, names = _asked(name)
    yield Heading(title[language])
    for key in names:
        spec = fields(Dpia)[key]
        text = shown(spec, getattr(dpia, key), language)
        if text or spec.expected:
            yield Heading(spec.label[language], 2)
            yield Prose(text or _UNSTATED[language])


def _asked(section: str) -> tuple[Text, tuple[str, ...]]:
    """The heading of a section of the form and the fields under it."""
    return next((group.title, names) for group, names in sections(Dpia).items() if group.name == section)


# --- Risks and measures --------------------------------------------------------------------------


def _risks(dpia: Dpia, matrix: RiskMatrix, language: str) -> Iterator[Block]:
    yield Heading(fields(Dpia)["risks"].label[language])
    if not dpia.risks:
        yield Note(_NO_RISKS_TITLE[language], _NO_RISKS[language], "warning")
        return
    total = risk_of(dpia, matrix)
    for moment, title in MOMENTS.items():
        highest = _level(getattr(total, moment), matrix, language)
        yield Heading(title[language], 2)
        yield Figure(
            heat_map(dpia, moment, matrix, language),
            _ALT.format(when=title, level=highest, places=_places(dpia, moment, matrix, language))[language],
            _HIGHEST.format(level=highest)[language],
        )
    yield Heading(_IN_DETAIL[language], 2)
    yield _risk_grid(dpia, matrix, language)
    for risk in dpia.risks:
        yield from _risk(risk, language)
    claimed = [risk.key for risk in dpia.risks if unsupported(risk, dpia.measures)]
    if claimed:
        yield Note(_CLAIMED_TITLE[language], _CLAIMED.format(risks=", ".join(claimed))[language], "warning")


def _at(dpia: Dpia, moment: str) -> list[tuple[DpiaRisk, Position | None]]:
    return [(risk, getattr(positions(risk, dpia.measures), moment)) for risk in dpia.risks]


def heat_map(dpia: Dpia, moment: str, matrix: RiskMatrix, language: str) -> Matrix:
    """Where the risks of *dpia* lie at one of the :data:`MOMENTS`."""
    placed = _at(dpia, moment)
    severities = tuple(reversed(Grade))

    def marks(severity: Grade, likelihood: Grade) -> str:
        here = Position(severity, likelihood)
        return ", ".join(risk.key for risk, place in placed if place == here)

    levels = [[matrix.level(severity, likelihood) for likelihood in Grade] for severity in severities]
    return Matrix(
        rows=tuple(text[language] for text in reversed(matrix.severities)),
        columns=tuple(text[language] for text in matrix.likelihoods),
        tones=tuple(tuple(map(matrix.tone, row)) for row in levels),
        words=tuple(tuple(matrix.label(level)[language] for level in row) for row in levels),
        marks=tuple(tuple(marks(severity, likelihood) for likelihood in Grade) for severity in severities),
        row_title=_SEVERITY[language],
        column_title=_LIKELIHOOD[language],
    )


def _places(dpia: Dpia, moment: str, matrix: RiskMatrix, language: str) -> str:
    said = (
        f"{risk.key} {_level(matrix.level(*_grades(place)) if place else None, matrix, language)}"
        for risk, place in _at(dpia, moment)
    )
    return "; ".join(said)


def _grades(place: Position) -> tuple[Grade, Grade]:
    return place.severity, place.likelihood


def _risk_grid(dpia: Dpia, matrix: RiskMatrix, language: str) -> Grid:
    columns = [Column(_NUMBER[language], 1.4), Column(fields(DpiaRisk)["title"].label[language], 3)]
    columns += [Column(title[language], 1.5) for title in MOMENTS.values()]
    rows = [
        (
            f"{dpia.designation}/{risk.key}",
            risk.title,
            *(_level(_standing(dpia, risk, moment, matrix), matrix, language) for moment in MOMENTS),
        )
        for risk in dpia.risks
    ]
    return Grid(tuple(columns), rows, _IN_DETAIL[language])


def _risk(risk: DpiaRisk, language: str) -> Iterator[Block]:
    yield Heading(f"{risk.key} {risk.title}".strip() or _UNSTATED[language], 3)
    names = [name for name in fields(DpiaRisk) if name not in ("key", "title")]
    said = [_labelled(risk, name, language) for name in names if _worth_saying(risk, name)]
    if said:
        yield Facts(tuple(said))


def _worth_saying(thing: object, name: str) -> bool:
    """Whether a reader misses the answer: it is given, or the law asks for it here."""
    spec = fields(type(thing))[name]
    return not is_empty(getattr(thing, name)) or (spec.expected and matters(spec, thing))


def _standing(dpia: Dpia, risk: DpiaRisk, moment: str, matrix: RiskMatrix) -> RiskLevel | None:
    level: RiskLevel | None = getattr(positions(risk, dpia.measures).standing(matrix), moment)
    return level


def _measures(dpia: Dpia, language: str) -> Iterator[Block]:
    yield Heading(_MEASURES[language])
    label, text = _labelled(dpia, "existing_measures", language)
    yield Heading(label, 2)
    yield Prose(text)
    names = ("title", "risks", "owner", "due", "state", "evidence")
    specs = fields(DpiaMeasure)
    columns = [Column(specs[name].label[language], 1.5, basis=specs[name].basis) for name in names]
    rows = [
        (f"{dpia.designation}/M{number}", *(_cell(specs[name], measure, name, language) for name in names))
        for number, measure in enumerate(dpia.measures, start=1)
    ]
    yield Grid((Column(_NUMBER[language], 1.2), *columns), rows, fields(Dpia)["measures"].label[language])


def _cell(spec: Any, measure: DpiaMeasure, name: str, language: str) -> Any:
    return measure.due if name == "due" else shown(spec, getattr(measure, name), language)


# --- Participation, advice, decision -------------------------------------------------------------


def _participation(dpia: Dpia, language: str) -> Iterator[Block]:
    title, names = _asked("participation")
    yield Heading(title[language])
    yield Facts(tuple(_labelled(dpia, name, language) for name in names if _worth_saying(dpia, name)))


def _advice(advice: Sequence[Opinion], language: str) -> Iterator[Block]:
    yield Heading(_ADVICE[language])
    if not advice:
        yield Note(_ADVICE[language], _NO_ADVICE[language], "error")
    for opinion in advice:
        yield Facts(
            tuple(_labelled(opinion, name, language) for name in ("verdict", "given_on", "given_by", "text"))
        )


def _decision(dpia: Dpia, matrix: RiskMatrix, language: str) -> Iterator[Block]:
    yield Heading(_DECISION[language])
    if dpia.decision is None:
        yield Note(_DECISION[language], _UNDECIDED[language], "warning")
        return
    _, names = _asked("decision")
    said = [_labelled(dpia, name, language) for name in names if _worth_saying(dpia, name)]
    yield Facts(tuple(said))
    if standing := obstacles(dpia, matrix):
        yield Note(_OBSTACLES[language], " ".join(text[language] for text in standing), "warning")


# --- Imported ------------------------------------------------------------------------------------


def _from_source(dpia: Dpia, language: str) -> Iterator[Block]:
    """What an imported file said beside our fields."""
    if not dpia.from_source:
        return
    specs = fields(FromSource)
    names = {"label": 2, "text": 5}
    title = fields(Dpia)["from_source"].label[language]
    columns = tuple(Column(specs[name].label[language], width) for name, width in names.items())
    rows = [tuple(getattr(row, name) for name in names) for row in dpia.from_source]
    yield Heading(title)
    yield Grid(columns, rows, title)


# --- Findings ------------------------------------------------------------------------------------


def _findings(dpia: Dpia, findings: Sequence[Objection], judge: Judge, language: str) -> Iterator[Block]:
    found = [(finding, judge.rule(finding.rule, finding.register)) for finding in findings]
    rows = [
        (
            f"{dpia.designation}/{rule.id}/{number}",
            finding.severity.text[language],
            rule.said(finding.words)[language],
            rule.remedy[language],
            rule.source,
            finding.found_on,
        )
        for number, (finding, rule) in enumerate(found, start=1)
    ]
    columns = tuple(
        Column(label[language], width)
        for label, width in zip(_FINDING_COLUMNS, (1.5, 1, 3, 3, 1.5, 1), strict=True)
    )
    yield Heading(_FINDINGS[language])
    yield Grid(columns, rows, _FINDINGS[language])


MOMENTS: Final = {
    "before": Text("Vor Maßnahmen", "Before measures"),
    "planned": Text("Mit geplanten Maßnahmen", "With planned measures"),
    "today": Text("Heute, mit umgesetzten Maßnahmen", "Today, with implemented measures"),
}
"""The three points at which a risk is assessed, by the name that the fields bear."""
_FINDING_COLUMNS: Final = (
    Text("Nr.", "No."),
    Text("Gewicht", "Severity"),
    Text("Befund", "Finding"),
    Text("Abhilfe", "Remedy"),
    Text("Quelle", "Source"),
    Text("Gefunden am", "Found on"),
)
_SUBJECT = Text(
    "Datenschutz-Folgenabschätzung nach Art. 35 DSGVO", "Data protection impact assessment under Art. 35 GDPR"
)
_NOTHING = Text("Es liegt keine DSFA vor.", "There is no DPIA.")
_STATE = Text("Status", "State")
_CHANGED = Text("geändert seit Freigabe", "changed since release")
_UNSTATED = Text("Nicht angegeben", "Not stated")
_UNASSESSED = Text("nicht eingeschätzt", "not assessed")
_TODAY = Text("Höchste Einstufung heute", "Highest rating today")
_RESULT = Text("Ergebnis", "Result")
_NO_ANALYSIS = Text("Es liegt keine Schwellwertanalyse vor.", "There is no threshold analysis.")
_UNANSWERED = Text("Offene Fragen", "Open questions")
_STILL_OPEN = Text("Noch nicht beantwortet: {count}", "Not answered yet: {count}")
_NO_RISKS_TITLE = Text("Keine Risiken", "No risks")
_NO_RISKS = Text(
    "Es ist noch kein Risiko beschrieben. Art. 35 Abs. 7 lit. c DSGVO verlangt die Bewertung der Risiken.",
    "No risk is described yet. Art. 35 (7) (c) GDPR asks for an assessment of the risks.",
)
_ALT = Text(
    "Risikomatrix: {when}. Höchste Einstufung: {level}. {places}.",
    "Risk matrix: {when}. Highest rating: {level}. {places}.",
)
_HIGHEST = Text("Höchste Einstufung: {level}", "Highest rating: {level}")
_IN_DETAIL = Text("Risiken im Einzelnen", "Risks in detail")
_CLAIMED_TITLE = Text("Senkung ohne Maßnahme", "Lowered without a measure")
_CLAIMED = Text(
    "Für {risks} ist ein geringeres Risiko eingetragen, ohne dass eine Maßnahme es trägt; es zählt "
    "der Wert vor "
    "Maßnahmen.",
    "For {risks} a lower risk is entered that no measure accounts for; the value before measures counts.",
)
_SEVERITY = Text("Schwere", "Severity")
_LIKELIHOOD = Text("Eintrittswahrscheinlichkeit", "Likelihood")
_NUMBER = Text("Nr.", "No.")
_MEASURES = Text("Maßnahmen", "Measures")
_ADVICE = Text("Rat der Datenschutzbeauftragten", "Advice of the data protection officer")
_NO_ADVICE = Text(
    "Der Rat nach Art. 35 Abs. 2 DSGVO liegt nicht vor.", "The advice under Art. 35 (2) GDPR is missing."
)
_DECISION = Text("Entscheidung der Leitung", "Decision of management")
_UNDECIDED = Text("Die Leitung hat noch nicht entschieden.", "Management has not decided yet.")
_OBSTACLES = Text("Der Inbetriebnahme steht entgegen", "What stands against going live")
_FINDINGS = Text("Befunde der Prüfung", "Findings")
