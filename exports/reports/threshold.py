"""One threshold analysis in full: the outcome with every reason, and every answer with what was proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assessments.dpia.published_lists import PublishedList
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_review import Review
from assessments.dpia.threshold_table import Outcome, outcome
from compliance.advice import Opinion
from compliance.decisions import Decision
from compliance.entry import Proposal
from compliance.fields import fields, is_empty, matters, sections, shown
from compliance.language import Text, shown_day
from exports.document import Block, Column, Document, Facts, Grid, Heading, Items, Note
from exports.reports.register import Issuer


@dataclass(frozen=True)
class Beside:
    """What the report says besides the answers."""

    standing: Review
    proposals: Mapping[str, Proposal]
    lists: Sequence[PublishedList]
    advice: Sequence[Opinion]
    """The newest first."""
    authors: Sequence[str] = ()
    """Everyone who wrote the answers, the latest first."""


def report(analysis: ThresholdAnalysis, issuer: Issuer, beside: Beside) -> Document:
    """*analysis*, loaded whole, with everything its outcome rests on."""
    language = issuer.language
    found = outcome(analysis)
    blocks = (
        *_result(analysis, found, language),
        *_changes(beside.standing, language),
        *_answers(analysis, beside.proposals, language),
        *_lists(beside.lists, language),
        *_advice(beside.advice, language),
    )
    return Document(
        title=str(analysis),
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=blocks,
        subject=_SUBJECT[language],
        version=str(analysis.version or ""),
        cover=tuple(_cover(analysis, found.outcome, beside, language)),
    )


def report_of_all(documents: Sequence[Document], issuer: Issuer) -> Document:
    """Several analyses one after the other; there may be none."""
    language = issuer.language
    blocks: list[Block] = []
    for document in documents:
        blocks += [Heading(document.title), Facts(document.cover), *map(_deeper, document.blocks)]
    return Document(
        title=ThresholdAnalysis.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        blocks=tuple(blocks) or (Note(ThresholdAnalysis.title[language], _NOTHING[language]),),
    )


def _deeper(block: Block) -> Block:
    return Heading(block.text, block.level + 1) if isinstance(block, Heading) else block


def _cover(
    analysis: ThresholdAnalysis, result: Outcome, beside: Beside, language: str
) -> Iterator[tuple[str, str]]:
    yield _OUTCOME[language], result.text[language]
    for name in ("activity", "unit"):
        yield _labelled(analysis, name, language)
    yield _STATE[language], analysis.state.text[language]
    yield _AUTHOR[language], ", ".join(beside.authors) or _UNSTATED[language]
    yield _REVIEWER[language], analysis.confirmed_by or _NOBODY[language]
    yield _CONFIRMED_ON[language], _day(analysis.confirmed_on, language)
    yield _labelled(analysis, "recheck", language)


def _labelled(analysis: ThresholdAnalysis, name: str, language: str) -> tuple[str, str]:
    spec = fields(ThresholdAnalysis)[name]
    return spec.label[language], shown(spec, getattr(analysis, name), language) or _UNSTATED[language]


def _day(day: date | None, language: str) -> str:
    return shown_day(day, language) if day else _UNSTATED[language]


def _result(analysis: ThresholdAnalysis, found: Decision[Outcome], language: str) -> Iterator[Block]:
    yield Heading(_WHY[language])
    yield Facts(((_OUTCOME[language], found.outcome.text[language]), _labelled(analysis, "reason", language)))
    if found.reasons:
        yield Items(tuple(f"{reason.says[language]} ({reason.source})" for reason in found.reasons))
    if found.unanswered:
        yield Heading(_OPEN[language], 2)
        yield Items(tuple(fields(ThresholdAnalysis)[name].label[language] for name in found.unanswered))


def _changes(standing: Review, language: str) -> Iterator[Block]:
    if not standing.confirmed:
        yield Note(_CONFIRMATION[language], _UNCONFIRMED[language], "warning")
    if not standing.is_due:
        return
    yield Note(_AGAIN[language], _AGAIN_WHY[language], "warning")
    rows = [
        (change.label[language], _said(change.before, language), _said(change.now, language))
        for change in standing.answers
    ]
    for each in standing.lists:
        gone, added = ("\n".join(text[language] for text in texts) for texts in (each.gone, each.added))
        rows.append((each.title[language], gone, added))
    columns = tuple(Column(label[language], 2) for label in (_WHAT, _BEFORE, _NOW))
    yield Grid(columns, tuple(rows), _AGAIN[language])


def _said(text: Text | None, language: str) -> str:
    return text[language] if text else _SILENT[language]


def _answers(
    analysis: ThresholdAnalysis, proposals: Mapping[str, Proposal], language: str
) -> Iterator[Block]:
    yield Heading(_ANSWERS[language])
    columns = (
        Column(_QUESTION[language], 3),
        Column(_ANSWER[language], 2),
        Column(_PROPOSED[language], 3),
        Column(_SOURCE[language], 2),
    )
    for heading, names in sections(ThresholdAnalysis).items():
        rows = tuple(
            (
                spec.label[language],
                shown(spec, getattr(analysis, name), language) or _UNANSWERED[language],
                _proposed(name, proposals, language),
                spec.basis,
            )
            for name in names
            if matters(spec := fields(ThresholdAnalysis)[name], analysis)
            and name not in _ELSEWHERE
            and (spec.expected or name in proposals or not is_empty(getattr(analysis, name)))
        )
        if rows:
            yield Grid(columns, rows, heading.title[language])


_ELSEWHERE: Final = ("name", "unit", "activity", "result", "confirmed_by", "confirmed_on", "recheck")


def _proposed(name: str, proposals: Mapping[str, Proposal], language: str) -> str:
    proposal = proposals.get(name)
    if proposal is None:
        return ""
    return f"{shown(fields(ThresholdAnalysis)[name], proposal.value, language)} – {proposal.why[language]}"


def _lists(lists: Sequence[PublishedList], language: str) -> Iterator[Block]:
    yield Heading(_LISTS[language])
    for each in lists:
        checked = (_CHECKED if each.checked else _NOT_CHECKED)[language]
        yield Facts(
            (
                (_LIST[language], f"{each.title[language]}, {each.version}"),
                (_AUTHORITY[language], each.authority),
                (_SECTOR[language], each.sector.text[language]),
                (_PUBLISHED[language], shown_day(each.published, language)),
                (_SOURCE[language], f"{each.source} ({checked})"),
            )
        )
        if each.caveat:
            yield Note(each.title[language], each.caveat[language])


def _advice(advice: Sequence[Opinion], language: str) -> Iterator[Block]:
    yield Heading(_ADVICE[language])
    if not advice:
        yield Note(_ADVICE[language], _NO_ADVICE[language])
    for opinion in advice:
        told = ("verdict", "given_on", "given_by", "text")
        specs = fields(Opinion)
        yield Facts(
            tuple(
                (specs[name].label[language], shown(specs[name], getattr(opinion, name), language))
                for name in told
            )
        )


_SUBJECT = Text("Schwellwertanalyse nach Art. 35 DSGVO", "Threshold analysis under Art. 35 GDPR")
_NOTHING = Text("Es liegt keine Schwellwertanalyse vor.", "There is no threshold analysis.")
_OUTCOME = Text("Datenschutz-Folgenabschätzung", "Impact assessment")
_STATE = Text("Status", "State")
_AUTHOR = Text("Bearbeitet von", "Written by")
_REVIEWER = Text("Antworten bestätigt von", "Answers confirmed by")
_CONFIRMED_ON = Text("Bestätigt am", "Confirmed on")
_NOBODY = Text("noch niemand", "nobody yet")
_UNSTATED = Text("Nicht angegeben", "Not stated")
_UNANSWERED = Text("nicht beantwortet", "not answered")
_WHY = Text("Ergebnis und Gründe", "Outcome and reasons")
_OPEN = Text("Offene Fragen", "Open questions")
_CONFIRMATION = Text("Bestätigung", "Confirmation")
_UNCONFIRMED = Text(
    "Die Antworten, die das Verzeichnis vorschlägt, hat noch niemand bestätigt.",
    "Nobody has confirmed the answers that the record proposes yet.",
)
_AGAIN = Text("Neu zu prüfen", "Check again")
_AGAIN_WHY = Text(
    "Seit der Bestätigung haben sich die Tätigkeit oder eine Liste geändert.",
    "The activity or a list has changed since the confirmation.",
)
_WHAT = Text("Was", "What")
_BEFORE = Text("Bei der Bestätigung", "At the confirmation")
_NOW = Text("Jetzt", "Now")
_SILENT = Text("keine Angabe", "nothing said")
_ANSWERS = Text("Antworten", "Answers")
_QUESTION = Text("Frage", "Question")
_ANSWER = Text("Antwort", "Answer")
_PROPOSED = Text("Vorschlag aus dem Verzeichnis", "Proposed from the record")
_SOURCE = Text("Quelle", "Source")
_LISTS = Text("Herangezogene Listen", "Lists consulted")
_LIST = Text("Liste", "List")
_AUTHORITY = Text("Herausgebende Stelle", "Published by")
_SECTOR = Text("Bereich", "Sector")
_PUBLISHED = Text("Veröffentlicht am", "Published on")
_CHECKED = Text("geprüft", "checked")
_NOT_CHECKED = Text("ungeprüft", "not checked")
_ADVICE = Text("Stellungnahme der Datenschutzbeauftragten", "Opinion of the data protection officer")
_NO_ADVICE = Text("Es liegt keine Stellungnahme vor.", "There is no opinion.")
