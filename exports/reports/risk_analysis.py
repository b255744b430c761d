"""The risk analyses of an information domain as document A.5: method, threats, risks, acceptance."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.protection import needed
from assessments.grundschutz.risk_acceptance import Residual, RiskAcceptance, acceptances, residuals
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    Origin,
    Relevance,
    RiskAnalysis,
    ThreatLine,
    Treatment,
    is_risk,
    sheet,
)
from assessments.grundschutz.risk_candidates import Candidate, candidates
from assessments.grundschutz.risk_matrix import (
    FREQUENCIES,
    IMPACTS,
    TONES,
    Frequency,
    Impact,
    RiskCategory,
    SecurityMatrix,
    matrix_of,
)
from compliance.entry import everything
from compliance.fields import fields, shown
from compliance.language import Text
from exports.document import (
    Block,
    Cell,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Matrix,
    Note,
    Prose,
)
from exports.reports.domain_paper import UNSTATED, Head, columns, cover, standing
from exports.reports.register import Issuer
from registers.objects import TargetObject
from registers.protection import SecurityValue

MOMENTS: Final = {
    "before": Text("Vor der Behandlung", "Before treatment"),
    "after": Text("Restrisiko", "Residual risk"),
}


@dataclass(frozen=True)
class Analysed:
    """One analysis with everything the report says about it."""

    analysis: RiskAnalysis
    lines: tuple[ThreatLine, ...]
    given: tuple[RiskAcceptance, ...]

    @property
    def risks(self) -> tuple[tuple[ThreatLine, AnalysedThreat], ...]:
        """The threats that act on the object itself."""
        return tuple((line, line.judged) for line in self.lines if line.judged and is_risk(line.judged))

    @property
    def residuals(self) -> list[Residual]:
        return residuals(self.lines, self.given)


def analysed(session: Session, analysis: RiskAnalysis) -> Analysed:
    """What stands about *analysis*, which is loaded whole."""
    return Analysed(analysis, tuple(sheet(session, analysis)), tuple(acceptances(session, analysis)))


def analyses_of(session: Session, domain: InformationDomain) -> list[RiskAnalysis]:
    """The analyses of *domain* by number, each loaded whole; ended ones too, for the state says so."""
    query = select(RiskAnalysis).where(RiskAnalysis.domain_id == domain.id).order_by(RiskAnalysis.number)
    return list(session.scalars(query.options(*everything(RiskAnalysis))))


def report_of_domain(session: Session, domain: InformationDomain, issuer: Issuer) -> Document:
    """Everything about the risks of *domain*, which is loaded whole."""
    every = [analysed(session, each) for each in analyses_of(session, domain)]
    language = issuer.language
    return _document(
        _TITLE_OF.format(domain=domain.name)[language],
        every,
        matrix_of(session),
        issuer,
        cover=tuple(cover(domain, language)),
        version=str(domain.version),
        occasions=candidates(session, domain),
    )


def report(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer) -> Document:
    """The analyses with *ids*, by number; there may be none."""
    query = select(RiskAnalysis).where(RiskAnalysis.id.in_(ids)).order_by(RiskAnalysis.number)
    found = session.scalars(query.options(*everything(RiskAnalysis))).all()
    every = [analysed(session, each) for each in found]
    one = found[0] if len(found) == 1 else None
    language = issuer.language
    return _document(
        _TITLE_OF.format(domain=one.name)[language] if one else _TITLE[language],
        every,
        matrix_of(session),
        issuer,
        cover=tuple(_facts(one, language)) if one else (),
        version=str(one.version) if one else "",
    )


def _document(
    title: str,
    every: Sequence[Analysed],
    matrix: SecurityMatrix,
    issuer: Issuer,
    *,
    cover: tuple[tuple[str, str], ...],
    version: str,
    occasions: Sequence[Candidate] | None = None,
) -> Document:
    language = issuer.language
    blocks: list[Block] = list(_method(matrix, language))
    if occasions is not None:
        blocks += _occasions(occasions, language)
    if every:
        for each in every:
            blocks += _one(each, matrix, language)
        blocks += _risks(every, matrix, language)
        blocks += _observed(every, matrix, language)
        blocks += _accepted(every, language)
        # The longest part stands last, so that management finds its own pages.
        blocks += _threats(every, language)
    else:
        blocks.append(Note(_NONE_TITLE[language], _NONE[language]))
    return Document(
        title=title,
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        version=version,
        cover=cover,
        landscape=True,
        blocks=tuple(blocks),
    )


_FACTS: Final = ("domain", "target", "occasions", "occasion_reason", "analysts", "analysed_on", "next_review")


def _facts(analysis: RiskAnalysis, language: str) -> Iterator[tuple[str, str]]:
    yield RiskAnalysis.one[language], str(analysis)
    for name in _FACTS:
        spec = fields(RiskAnalysis)[name]
        if words := shown(spec, getattr(analysis, name), language):
            yield spec.label[language], words
    if analysis.target is not None:
        yield _NEED[language], ", ".join(_needs(analysis.target, language))
    yield standing(analysis, language)


def _needs(target: TargetObject, language: str) -> Iterator[str]:
    """The need that a risk analysis starts from: with what is inherited."""
    for value in SecurityValue:
        need = needed(target, value)
        yield f"{value.text[language]}: {need.text[language] if need else UNSTATED[language]}"


# --- Method --------------------------------------------------------------------------------------


def _method(matrix: SecurityMatrix, language: str) -> Iterator[Block]:
    yield Heading(_METHOD[language])
    yield Prose(_HOW.format(category=matrix.called(matrix.accepted_from))[language])
    scales = (
        (_FREQUENCY, matrix.frequencies),
        (_IMPACT, matrix.impacts),
        (_CATEGORY, matrix.categories),
    )
    yield Grid(
        columns(_SCALE_COLUMNS, language),
        [
            (f"{kind[language]} {number}", grade.name[language], grade.meaning[language])
            for kind, grades in scales
            for number, grade in enumerate(grades.values(), start=1)
        ],
        caption=_SCALES[language],
    )
    picture = heat_map((), "before", matrix, language)
    yield Figure(picture, alt=_matrix_words(picture), caption=_MATRIX[language])


def _matrix_words(picture: Matrix) -> str:
    return "; ".join(
        f"{row}, {column}: {word}"
        for row, words in zip(picture.rows, picture.words, strict=True)
        for column, word in zip(picture.columns, words, strict=True)
    )


def heat_map(risks: Sequence[AnalysedThreat], moment: str, matrix: SecurityMatrix, language: str) -> Matrix:
    """Where *risks* lie at one of the :data:`MOMENTS`."""
    placed = [(risk.key, place) for risk in risks if (place := _place(risk, moment))]
    impacts = tuple(reversed(IMPACTS))
    levels = [[matrix.category(frequency, impact) for frequency in FREQUENCIES] for impact in impacts]
    known = [[category or RiskCategory.LOW for category in row] for row in levels]
    return Matrix(
        rows=tuple(matrix.impacts[impact].name[language] for impact in impacts),
        columns=tuple(matrix.frequencies[frequency].name[language] for frequency in FREQUENCIES),
        tones=tuple(tuple(TONES[category] for category in row) for row in known),
        words=tuple(tuple(matrix.called(category)[language] for category in row) for row in known),
        marks=tuple(
            tuple(
                ", ".join(key for key, place in placed if place == (frequency, impact))
                for frequency in FREQUENCIES
            )
            for impact in impacts
        ),
        row_title=_IMPACT[language],
        column_title=_FREQUENCY[language],
    )


def _place(risk: AnalysedThreat, moment: str) -> tuple[Frequency, Impact] | None:
    if moment == "before" or risk.treatment is Treatment.ACCEPT:
        place = risk.frequency, risk.impact
    else:
        place = risk.frequency_after, risk.impact_after
    frequency, impact = place
    return (frequency, impact) if frequency and impact and risk.category else None


def figure(risks: Sequence[AnalysedThreat], moment: str, matrix: SecurityMatrix, language: str) -> Figure:
    """:func:`heat_map` with the words that replace it."""
    name = "category" if moment == "before" else "residual"
    said = (
        f"{risk.key}: {matrix.called(category)[language]}"
        for risk in risks
        if (category := getattr(risk, name)) is not None
    )
    return Figure(
        heat_map(risks, moment, matrix, language),
        alt="; ".join(said) or _UNRATED[language],
        caption=MOMENTS[moment][language],
    )


# --- Objects, threats, risks ---------------------------------------------------------------------


def _occasions(every: Sequence[Candidate], language: str) -> Iterator[Block]:
    yield Heading(_OCCASIONS[language])
    rows = [
        (
            each.target.designation if each.target else _WHOLE[language],
            each.target.name if each.target else "",
            "\n".join(
                f"{reason.occasion.text[language]}: {reason.detail[language]}" for reason in each.reasons
            ),
            ", ".join(analysis.designation for analysis in each.analyses)
            or (_MISSING[language] if each.is_binding else _OPEN[language]),
        )
        for each in every
    ]
    yield Grid(columns(_OCCASION_COLUMNS, language), rows, caption=_OCCASIONS[language])


def _one(each: Analysed, matrix: SecurityMatrix, language: str) -> Iterator[Block]:
    yield Heading(str(each.analysis))
    yield Facts(tuple(_facts(each.analysis, language)))
    for name in ("conclusion", "consolidation"):
        if words := getattr(each.analysis, name):
            yield Heading(fields(RiskAnalysis)[name].label[language], 2)
            yield Prose(words)
    risks = [risk for _line, risk in each.risks]
    if risks:
        for moment in MOMENTS:
            yield figure(risks, moment, matrix, language)
    else:
        yield Note(_NO_RISKS_TITLE[language], _NO_RISKS[language], "warning")


def _threats(every: Sequence[Analysed], language: str) -> Iterator[Block]:
    rows = [
        (
            f"{each.analysis.designation}/{line.key}",
            each.analysis.about,
            line.title,
            line.origin.text[language],
            line.relevance.text[language] if line.relevance else _UNCHECKED[language],
            line.judged.relevance_reason if line.judged else "",
            _values(line.judged, language),
        )
        for each in every
        for line in each.lines
    ]
    yield Heading(_OVERVIEW[language])
    yield Prose(_SOURCE[language])
    yield Grid(columns(_THREAT_COLUMNS, language), rows, caption=_OVERVIEW[language], bands=_SUBJECT_BAND)


def _values(threat: AnalysedThreat | None, language: str) -> str:
    return shown(fields(AnalysedThreat)["affected"], threat.affected, language) if threat else ""


def _risks(every: Sequence[Analysed], matrix: SecurityMatrix, language: str) -> Iterator[Block]:
    rows = [
        _risk_row(each.analysis, line, risk, matrix, language) for each in every for line, risk in each.risks
    ]
    yield Heading(_RISKS[language])
    yield Grid(columns(_RISK_COLUMNS, language), rows, caption=_RISKS[language], bands=_SUBJECT_BAND)


def _risk_row(
    analysis: RiskAnalysis, line: ThreatLine, risk: AnalysedThreat, matrix: SecurityMatrix, language: str
) -> tuple[Cell, ...]:
    return (
        f"{analysis.designation}/{line.key}",
        analysis.about,
        "\n".join(filter(None, (line.title, risk.scenario))),
        _graded(risk.frequency, risk.impact, matrix, language),
        _called(risk.category, matrix, language),
        risk.estimate_reason,
        risk.treatment.text[language] if risk.treatment else "",
        "\n".join(filter(None, (*(str(measure) for measure in risk.measures), risk.treatment_reason))),
        _graded(risk.frequency_after, risk.impact_after, matrix, language),
        _called(risk.residual, matrix, language),
        risk.residual_reason,
        risk.owner,
        ", ".join(line.unmet_basis),
    )


def _graded(frequency: Frequency | None, impact: Impact | None, matrix: SecurityMatrix, language: str) -> str:
    said = (
        frequency and matrix.frequencies[frequency].name[language],
        impact and matrix.impacts[impact].name[language],
    )
    return " / ".join(filter(None, said))


def _called(category: RiskCategory | None, matrix: SecurityMatrix, language: str) -> str:
    return matrix.called(category)[language] if category else ""


def _observed(every: Sequence[Analysed], matrix: SecurityMatrix, language: str) -> Iterator[Block]:
    rows = [
        (
            f"{each.analysis.designation}/{line.key}",
            each.analysis.about,
            line.title,
            _called(line.judged.residual or line.judged.category, matrix, language),
            line.judged.observation,
            line.judged.observe_next,
            line.judged.owner,
        )
        for each in every
        for line in each.lines
        if line.judged and line.judged.observed
    ]
    if rows:
        yield Heading(_OBSERVED[language])
        yield Grid(columns(_OBSERVED_COLUMNS, language), rows, caption=_OBSERVED[language])


# --- Acceptance ----------------------------------------------------------------------------------


def _accepted(every: Sequence[Analysed], language: str) -> Iterator[Block]:
    yield Heading(_ACCEPTANCE[language])
    waiting = [
        f"{each.analysis.designation}/{one.line.key}"
        for each in every
        for one in each.residuals
        if not one.holds
    ]
    if waiting:
        yield Note(_WAITING_TITLE[language], _WAITING.format(ids=", ".join(waiting))[language], "warning")
    rows = [_acceptance_row(each, given, language) for each in every for given in each.given]
    if rows:
        yield Grid(
            columns(_ACCEPTANCE_COLUMNS, language),
            rows,
            caption=_ACCEPTANCE[language],
            sheet=_ACCEPTANCE_SHEET[language],
        )
    yield Prose(_DECLARATION[language])
    yield Facts(tuple((label[language], _LINE) for label in (_PLACE, _NAME, _SIGNATURE)))


_LINE: Final = "_" * 40


def _acceptance_row(each: Analysed, given: RiskAcceptance, language: str) -> tuple[Cell, ...]:
    holds = any(one.holds and one.acceptance is given for one in each.residuals)
    keys = {line.judged.id: line.key for line in each.lines if line.judged}
    return (
        f"{each.analysis.designation}/{keys[given.threat_id]}/{given.fingerprint[:8]}",
        given.called,
        given.category_name,
        given.statement,
        given.still_unmet,
        f"{given.accepted_by}, {given.post}",
        given.accepted_on,
        given.valid_until,
        given.analysis_version,
        (_HOLDS if holds else _PAST)[language],
    )


# --- Words ---------------------------------------------------------------------------------------


_ACCEPTANCE_SHEET: Final = Text("Übernahme der Restrisiken", "Acceptance of residual risks")
_TITLE: Final = Text("A.5 Risikoanalyse", "A.5 Risk analysis")
_TITLE_OF: Final = Text("A.5 Risikoanalyse: {domain}", "A.5 Risk analysis: {domain}")
_SUBJECT: Final = Text(
    "Risikoanalyse auf der Basis von IT-Grundschutz nach BSI-Standard 200-3, Referenzdokument A.5.",
    "Risk analysis based on IT-Grundschutz following BSI standard 200-3, reference document A.5.",
)
_METHOD: Final = Text("Vorgehen und Maßstäbe", "Method and scales")
_HOW: Final = Text(
    "Betrachtet werden die elementaren Gefährdungen des IT-Grundschutz-Kompendiums und zusätzliche. "
    "Eingeschätzt wird jede Gefährdung, die direkt auf das Zielobjekt wirkt, nach Eintrittshäufigkeit und "
    "Schadenshöhe, vor und nach der Behandlung. Ein Restrisiko ab der Kategorie „{category}“ und jedes, das "
    "hingenommen werden soll, übernimmt allein die Leitung. Nicht erfüllte Basis-Anforderungen lassen sich "
    "nicht übernehmen.",
    "The elementary threats of the IT-Grundschutz-Kompendium and additional ones are considered. Every "
    "threat that acts directly on the object is estimated by frequency and impact, before and after "
    "treatment. A residual risk from the category “{category}” on, and every one that is to be accepted, is "
    "accepted by management alone. Basic requirements that are not met cannot be accepted.",
)
_SCALES: Final = Text("Maßstäbe", "Scales")
_MATRIX: Final = Text("Risikomatrix", "Risk matrix")
_FREQUENCY: Final = Text("Eintrittshäufigkeit", "Frequency")
_IMPACT: Final = Text("Schadenshöhe", "Impact")
_CATEGORY: Final = Text("Risikokategorie", "Category")
_OCCASIONS: Final = Text("Anlässe der Risikoanalyse", "Occasions for a risk analysis")
_WHOLE: Final = Text("Informationsverbund", "Information domain")
_MISSING: Final = Text("fehlt", "missing")
_OPEN: Final = Text("zu entscheiden", "to be decided")
_OVERVIEW: Final = Text("Gefährdungsübersicht", "Overview of threats")
_RISKS: Final = Text("Risiken und Behandlung", "Risks and treatment")
_OBSERVED: Final = Text("Risiken unter Beobachtung", "Risks under observation")
_ACCEPTANCE: Final = Text("Übernahme der Restrisiken durch die Leitung", "Acceptance by management")
_WAITING_TITLE: Final = Text("Noch nicht übernommen", "Not accepted yet")
_WAITING: Final = Text(
    "Für diese Restrisiken fehlt eine gültige Übernahme durch die Leitung: {ids}.",
    "A valid acceptance by management is missing for these residual risks: {ids}.",
)
_DECLARATION: Final = Text(
    "Die Leitung hat die dargestellten Restrisiken zur Kenntnis genommen und trägt sie in dem Umfang, den "
    "die Tabelle nennt. Bestehende Pflichten, insbesondere aus Basis-Anforderungen, bleiben unberührt.",
    "Management has taken note of the residual risks shown and bears them as far as the table says. "
    "Existing duties, in particular from basic requirements, remain.",
)
_PLACE: Final = Text("Ort und Datum", "Place and date")
_NAME: Final = Text("Name und Funktion", "Name and post")
_SIGNATURE: Final = Text("Unterschrift", "Signature")
_HOLDS: Final = Text("gilt", "valid")
_PAST: Final = Text("überholt", "outdated")
_NEED: Final = Text("Schutzbedarf", "Protection need")
_UNRATED: Final = Text("Noch nichts eingeschätzt", "Nothing estimated yet")
_UNCHECKED: Final = Text("noch nicht geprüft", "not checked yet")
_NONE_TITLE: Final = Text("Keine Risikoanalyse", "No risk analysis")
_NONE: Final = Text("Es ist noch keine Risikoanalyse angelegt.", "No risk analysis has been begun yet.")
_NO_RISKS_TITLE: Final = Text("Noch keine Risiken", "No risks yet")
_NO_RISKS: Final = Text(
    "Keine Gefährdung ist bisher als direkt relevant eingeordnet.",
    "No threat has been sorted as directly relevant yet.",
)
_SOURCE: Final = Text(
    "Kennungen und Titel der elementaren Gefährdungen: IT-Grundschutz-Kompendium, Edition 2023, Bundesamt "
    "für Sicherheit in der Informationstechnik (BSI).",
    "Identifiers and titles of the elementary threats: IT-Grundschutz-Kompendium, Edition 2023, Federal "
    "Office for Information Security (BSI).",
)
_ID: Final = Head(Text("Kennung", "Identifier"), 1.3)
_TARGET: Final = Head(Text("Gegenstand", "Subject"), 1.5)
_THREAT: Final = Head(Text("Gefährdung", "Threat"), 2.0)
_RISK_LEVEL: Final = Head(Text("Risiko", "Risk"), 0.8)
_SCALE_COLUMNS: Final = (
    Head(Text("Maßstab", "Scale"), 1.5),
    Head(Text("Stufe", "Grade"), 1.2),
    Head(Text("Bedeutung", "Meaning"), 4.0),
)
_OCCASION_COLUMNS: Final = (
    Head(Text("Zielobjekt", "Target object"), 1.2),
    Head(Text("Bezeichnung", "Name"), 2.0),
    Head(Text("Anlass", "Occasion"), 4.0),
    Head(Text("Risikoanalyse", "Risk analysis"), 1.2),
)
_SUBJECT_BAND: Final = (1,)
"""The place of what is analysed, in the two tables that may hold many risks of each."""
_THREAT_COLUMNS: Final = (
    _ID,
    replace(_TARGET, on_paper=False),
    _THREAT,
    Head(Text("Herkunft", "Origin"), 1.4, choices=tuple(origin.text for origin in Origin)),
    Head(Text("Relevanz", "Relevance"), 1.2, choices=tuple(relevance.text for relevance in Relevance)),
    Head(Text("Begründung", "Reason"), 2.6),
    Head(Text("Grundwerte", "Values"), 1.3),
)
_RISK_COLUMNS: Final = (
    _ID,
    replace(_TARGET, on_paper=False),
    Head(Text("Gefährdung", "Threat"), 2.4),
    Head(Text("Häufigkeit / Schaden", "Frequency / impact"), 1.1),
    _RISK_LEVEL,
    Head(Text("Bewertung", "Assessment"), 1.9),
    Head(Text("Behandlung", "Treatment"), 1.1, choices=tuple(treatment.text for treatment in Treatment)),
    Head(Text("Maßnahmen, Begründung", "Measures, reason"), 2.2),
    Head(Text("Danach", "Afterwards"), 1.1),
    Head(Text("Restrisiko", "Residual risk"), 0.9),
    Head(Text("Begründung des Restrisikos", "Reason for the residual risk"), 1.6, on_paper=False),
    Head(Text("Zuständig", "Owner"), 1.1),
    Head(Text("Offene Basis-Anforderungen", "Unmet basic requirements"), 1.3),
)
_OBSERVED_COLUMNS: Final = (
    _ID,
    _TARGET,
    _THREAT,
    _RISK_LEVEL,
    Head(Text("Was beobachtet wird", "What is observed"), 2.6),
    Head(Text("Nächster Blick", "Next look"), 0.9),
    Head(Text("Zuständig", "Owner"), 1.2),
)
_ACCEPTANCE_COLUMNS: Final = (
    _ID,
    _THREAT,
    Head(Text("Restrisiko", "Residual risk"), 0.9),
    Head(Text("Erklärung", "Statement"), 2.4),
    Head(Text("Umzusetzen bleibt", "To be met"), 1.2),
    Head(Text("Übernommen von", "Accepted by"), 1.6),
    Head(Text("Am", "On"), 0.8),
    Head(Text("Gilt bis", "Valid until"), 0.8),
    Head(Text("Fassung", "Version"), 0.7),
    Head(Text("Geltung", "Validity"), 0.8, choices=(_HOLDS, _PAST)),
)
