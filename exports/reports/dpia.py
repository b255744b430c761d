"""One impact assessment in full: threshold, the parts of Art. 35 (7) GDPR, advice and decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from assessments.described.description import Origin
from assessments.described.wording import in_language
from assessments.dpia.decision import obstacles, risk_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import SectionVerdict, current, standings
from assessments.dpia.from_source import FromSource
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX, Position, RiskMatrix
from assessments.dpia.measures import Undertaking, undertaking
from assessments.dpia.participation import Participation
from assessments.dpia.questions import Questionnaire
from assessments.dpia.risk import DpiaMeasure, DpiaRisk
from assessments.dpia.standing import by_reason, fallen_back, positions, unsupported
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome, outcome
from compliance.advice import Opinion
from compliance.fields import fields, is_empty, matters, sections, shown
from compliance.findings import Objection
from compliance.judging import Judge
from compliance.language import Text
from exports.document import (
    Block,
    Cell,
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
from exports.reports import data_flow, dpia_chapters
from exports.reports.described import origin_of_measures
from exports.reports.dpia_origins import origins
from exports.reports.dpia_reviews import NOT_REVIEWED, Reviews, reviews
from exports.reports.dpia_sections import automation, conditions, consultation, public_summary
from exports.reports.register import Issuer
from registers.measures import Measure
from registers.processing import ProcessingActivity


def report(
    dpia: Dpia,
    issuer: Issuer,
    *,
    analyses: Sequence[ThresholdAnalysis],
    advice: Sequence[Opinion],
    matrix: RiskMatrix = DEFAULT_MATRIX,
    findings: Sequence[Objection] = (),
    judge: Judge | None = None,
    asked: Questionnaire | None = None,
    activities: Sequence[ProcessingActivity] = (),
    reviewed: Reviews = NOT_REVIEWED,
    described: Origin | None = None,
) -> Document:
    """*dpia* with its threshold *analyses* and *advice*, the newest opinion first.

    Everything is loaded whole. *findings* are printed only with the *judge* that
    knows their wording. With what is *asked* the chapters of its catalogue give the
    order, and the data flows of the *activities* are drawn.
    """
    language = issuer.language
    held: dict[str, Callable[[], Iterable[Block]]] = {
        "threshold": lambda: _threshold(analyses, language),
        "statements": lambda: (
            *_section(dpia, "description", language),
            *_section(dpia, "necessity", language),
        ),
        "risks": lambda: _risks(dpia, matrix, language),
        "measures": lambda: _measures(dpia, described, language, asked),
        "automation": lambda: automation(dpia, language),
        "participation": lambda: (*_participation(dpia, language), *_evaluation(dpia, language)),
        "advice": lambda: _advice(advice, language),
        "consultation": lambda: consultation(dpia, language),
        "decision": lambda: _decision(dpia, matrix, language),
        "public": lambda: public_summary(dpia, language),
        "reviews": lambda: reviews(reviewed, language),
        "source": lambda: (*_from_source(dpia, language), *origins(dpia, language)),
    }
    if asked is None:
        blocks = [block for section in held.values() for block in section()]
    else:
        # The chapters of a catalogue ask for the statements themselves.
        del held["statements"]
        held["flow"] = lambda: data_flow.figure(activities, language)
        blocks = [*dpia_chapters.chapters(asked, held, language)]
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
    return Heading(block.text, min(block.level + 1, 4)) if isinstance(block, Heading) else block


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
        yield from _risk(risk, matrix, language)
    yield from _claims(dpia, language)


def _claims(dpia: Dpia, language: str) -> Iterator[Block]:
    """Values lower than their measures account for: which count by a reason, and which do not."""
    reasoned = [
        f"{risk.key}, {MOMENTS[moment][language]}: {getattr(risk, f'lower_{moment}')}"
        for risk in dpia.risks
        for moment in by_reason(risk, dpia.measures)
    ]
    if reasoned:
        yield Note(_REASONED[language], _REASONED_TEXT[language], "warning")
        yield Items(tuple(reasoned))
    lost = [
        _FALLEN.format(risk=risk.key, measures=", ".join(keys))[language]
        for risk in dpia.risks
        if (keys := fallen_back(risk, dpia.measures))
    ]
    if lost:
        yield Note(_FALLEN_TITLE[language], " ".join(lost), "warning")
    claimed = [risk.key for risk in dpia.risks if unsupported(risk, dpia.measures)]
    if claimed:
        yield Note(_CLAIMED_TITLE[language], _CLAIMED.format(risks=", ".join(claimed))[language], "warning")


def _at(dpia: Dpia, moment: str) -> list[tuple[DpiaRisk, Position | None]]:
    return [(risk, getattr(positions(risk, dpia.measures), moment)) for risk in dpia.risks]


def heat_map(dpia: Dpia, moment: str, matrix: RiskMatrix, language: str) -> Matrix:
    """Where the risks of *dpia* lie at one of the :data:`MOMENTS`."""
    placed = [(risk, matrix.placed(place)) for risk, place in _at(dpia, moment) if place]
    severities, likelihoods = tuple(reversed(list(matrix.severities))), tuple(matrix.likelihoods)

    def marks(severity: Grade, likelihood: Grade) -> str:
        here = Position(severity, likelihood)
        return ", ".join(risk.key for risk, place in placed if place == here)

    levels = [[matrix.level(severity, likelihood) for likelihood in likelihoods] for severity in severities]
    return Matrix(
        rows=tuple(matrix.severities[grade][language] for grade in severities),
        columns=tuple(text[language] for text in matrix.likelihoods.values()),
        tones=tuple(tuple(map(matrix.tone, row)) for row in levels),
        words=tuple(tuple(matrix.label(level)[language] for level in row) for row in levels),
        marks=tuple(
            tuple(marks(severity, likelihood) for likelihood in likelihoods) for severity in severities
        ),
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


def _risk(risk: DpiaRisk, matrix: RiskMatrix, language: str) -> Iterator[Block]:
    yield Heading(f"{risk.key} {risk.title}".strip() or _UNSTATED[language], 3)
    names = [name for name in fields(DpiaRisk) if name not in ("key", "title")]
    said = [_graded(risk, name, matrix, language) for name in names if _worth_saying(risk, name)]
    if said:
        yield Facts(tuple(said))


def _graded(risk: DpiaRisk, name: str, matrix: RiskMatrix, language: str) -> tuple[str, str]:
    """A labelled answer, its grades in the words of the organisation."""
    label, text = _labelled(risk, name, language)
    grade = getattr(risk, name)
    if isinstance(grade, Grade):
        names = matrix.severities if name.startswith("severity") else matrix.likelihoods
        text = names.get(grade, grade.text)[language]
    return label, text


def _worth_saying(thing: object, name: str) -> bool:
    """Whether a reader misses the answer: it is given, or the law asks for it here."""
    spec = fields(type(thing))[name]
    return not is_empty(getattr(thing, name)) or (spec.expected and matters(spec, thing))


def _standing(dpia: Dpia, risk: DpiaRisk, moment: str, matrix: RiskMatrix) -> RiskLevel | None:
    level: RiskLevel | None = getattr(positions(risk, dpia.measures).standing(matrix), moment)
    return level


def _measures(
    dpia: Dpia, described: Origin | None, language: str, asked: Questionnaire | None
) -> Iterator[Block]:
    yield Heading(_MEASURES[language])
    # Where a question asks for them, its chapter has said them already.
    if asked is None or not any(one.question.field == "existing_measures" for one in asked.asked):
        label, text = _labelled(dpia, "existing_measures", language)
        yield Heading(label, 2)
        yield Prose(in_language(text, language))
    yield from origin_of_measures(described, language)
    specs = fields(DpiaMeasure)
    names = ("title", "risks", "owner", "due", "state", "evidence")
    columns = [Column(specs[name].label[language], 1.5, basis=specs[name].basis) for name in names]
    columns.insert(4, Column(fields(Measure)["implemented_on"].label[language], 1.3))
    rows = [
        (f"{dpia.designation}/{measure.key or number}", *_stands(measure, undertaking(measure), language))
        for number, measure in enumerate(dpia.measures, start=1)
    ]
    yield Grid((Column(_NUMBER[language], 1.2), *columns), rows, fields(Dpia)["measures"].label[language])


def _stands(measure: DpiaMeasure, known: Undertaking, language: str) -> tuple[Cell, ...]:
    title = f"{known.title} ({measure.measure.designation})" if measure.measure else known.title
    state = known.state.text[language] if known.state else ""
    if known.unmet:
        state = _UNMET.format(state=state, ids=known.unmet)[language]
    return title, measure.risks, known.owner, known.due, known.since, state, known.evidence


# --- Participation, advice, decision -------------------------------------------------------------


def _participation(dpia: Dpia, language: str) -> Iterator[Block]:
    title, names = _asked("participation")
    yield Heading(title[language])
    if not dpia.participation:
        yield Note(title[language], _NOBODY[language], "warning")
    for step in dpia.participation:
        yield Heading(step.called[language], 2)
        said = [name for name in fields(Participation) if name not in ("voice", "body")]
        facts = tuple(_labelled(step, name, language) for name in said if _worth_saying(step, name))
        yield Facts(facts) if facts else Prose(_UNANSWERED_STEP[language])
    others = [name for name in names if name != "participation" and _worth_saying(dpia, name)]
    if others:
        yield Facts(tuple(_labelled(dpia, name, language) for name in others))


def _evaluation(dpia: Dpia, language: str) -> Iterator[Block]:
    """What somebody apart from the authors thinks of each section, if anybody was asked."""
    verdicts = current(dpia.verdicts)
    if not verdicts:
        return
    title = fields(Dpia)["verdicts"].label[language]
    outdated = {standing.verdict.id for standing in standings(dpia).values() if standing.outdated}
    names = ("chapter", "verdict", "comment", "plan", "responsible", "due", "given_by", "given_on")
    specs = fields(SectionVerdict)
    rows = []
    for number, row in enumerate(verdicts, start=1):
        cells = [_plain_cell(specs[name], row, name, language) for name in names]
        if row.id in outdated:
            cells[1] = f"{cells[1]} ({_CHANGED_SINCE[language]})"
        rows.append((f"{dpia.designation}/B{number}", *cells))
    columns = [Column(specs[name].label[language], 1.5, basis=specs[name].basis) for name in names]
    yield Heading(title)
    yield Grid((Column(_NUMBER[language], 1.2), *columns), rows, title)


def _plain_cell(spec: Any, row: SectionVerdict, name: str, language: str) -> Any:
    value = getattr(row, name)
    return value if name in ("due", "given_on") else shown(spec, value, language)


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
    told = (name for name in names if name not in (*Dpia.technical, "imposed") and _worth_saying(dpia, name))
    said = [_labelled(dpia, name, language) for name in told]
    yield Facts(tuple(said))
    yield from conditions(dpia, language)
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
_REASONED = Text("Niedriger, als die Maßnahmen es begründen", "Lower than the measures account for")
_REASONED_TEXT = Text(
    "Diese Einstufungen zählen nur wegen des festgehaltenen Grundes.",
    "These ratings count only because of the recorded reason.",
)
_FALLEN_TITLE = Text("Maßnahmen nicht mehr umgesetzt", "Measures no longer implemented")
_FALLEN = Text(
    "{risk}: {measures} war bei der Einschätzung umgesetzt und ist es nicht mehr; es zählt der Wert vor "
    "Maßnahmen.",
    "{risk}: {measures} was implemented when it was assessed and is not any more; the value before measures "
    "counts.",
)
_UNMET = Text(
    "{state}; im Grundschutz-Check nicht erfüllt: {ids}",
    "{state}; not met in the IT-Grundschutz check: {ids}",
)
_SEVERITY = Text("Schwere", "Severity")
_LIKELIHOOD = Text("Eintrittswahrscheinlichkeit", "Likelihood")
_NUMBER = Text("Nr.", "No.")
_MEASURES = Text("Maßnahmen", "Measures")
_ADVICE = Text("Rat der Datenschutzbeauftragten", "Advice of the data protection officer")
_NO_ADVICE = Text(
    "Der Rat nach Art. 35 Abs. 2 DSGVO liegt nicht vor.", "The advice under Art. 35 (2) GDPR is missing."
)
_NOBODY = Text("Bisher ist niemand gehört.", "Nobody has been heard so far.")
_UNANSWERED_STEP = Text("Noch nicht gefragt.", "Not asked yet.")
_CHANGED_SINCE = Text("seither geändert", "changed since")
_DECISION = Text("Entscheidung der Leitung", "Decision of management")
_UNDECIDED = Text("Die Leitung hat noch nicht entschieden.", "Management has not decided yet.")
_OBSTACLES = Text("Der Inbetriebnahme steht entgegen", "What stands against going live")
_FINDINGS = Text("Befunde der Prüfung", "Findings")
