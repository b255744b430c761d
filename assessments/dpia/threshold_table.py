"""The decision table of the threshold analysis: from the answers to an outcome with every reason.

Every indication is collected before the answer is given. Silence never becomes
„nicht erforderlich“, and „abgedeckt“ means required and covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from assessments.dpia.grades import is_high
from assessments.dpia.published_lists import ListEntry, PublishedList, shipped
from assessments.dpia.threshold_questions import CASES, CRITERIA, WP248, Indication
from compliance.decisions import Decision, Reason, Row, Table
from compliance.fields import Term, is_empty
from compliance.language import Text

if TYPE_CHECKING:
    from assessments.dpia.threshold import ThresholdAnalysis


_LISTED: Final = Text("Muss-Liste: {entry}.", "Mandatory list: {entry}.")
_OWN_LIST: Final = "OWN-LIST"


class Outcome(Term):
    """What a threshold analysis comes to."""

    REQUIRED = Text("Erforderlich", "Required")
    COVERED = Text(
        "Erforderlich und durch bestehende DSFA abgedeckt", "Required and covered by an existing DPIA"
    )
    VOLUNTARY = Text("Freiwillig", "Voluntary")
    NOT_REQUIRED = Text("Nicht erforderlich", "Not required")
    UNDECIDED = Text("Noch offen", "Undecided")


def criteria_met(analysis: ThresholdAnalysis) -> int:
    """How many of the nine criteria apply."""
    return sum(getattr(analysis, name) is True for name in CRITERIA)


def mandatory(analysis: ThresholdAnalysis) -> bool:
    """Whether a list or Art. 35 (3) names the processing."""
    named = any(getattr(analysis, name) is True for name in CASES)
    return analysis.listed_case is True or bool(analysis.list_entries or analysis.own_entries) or named


def reasoned_no(analysis: ThresholdAnalysis) -> bool:
    """Whether a high risk is denied, and why is written down."""
    return analysis.high_risk is False and bool(analysis.reason.strip())


def _requires(analysis: ThresholdAnalysis) -> bool:
    expected = analysis.high_risk is True or is_high(analysis.rough_risk)
    by_criteria = criteria_met(analysis) >= 2 and not reasoned_no(analysis)
    return mandatory(analysis) or expected or by_criteria


def _anonymous(analysis: ThresholdAnalysis) -> bool:
    claimed = analysis.personal_data is False and analysis.reidentifiable is False
    return claimed and not criteria_met(analysis) and not _requires(analysis)


def _is_covered(analysis: ThresholdAnalysis) -> bool:
    return analysis.covered_by is not None and not analysis.covered_by.is_void


def _done_by_law(analysis: ThresholdAnalysis) -> bool:
    return analysis.done_by_law is True and bool(analysis.done_by_law_source.strip())


def _without_indication(analysis: ThresholdAnalysis) -> bool:
    denied = all(getattr(analysis, name) is False for name in (*CASES, *CRITERIA, "listed_case", "high_risk"))
    return denied and analysis.rough_risk is not None and not is_high(analysis.rough_risk)


def unanswered(analysis: ThresholdAnalysis) -> tuple[str, ...]:
    """Names of the questions without whose answer nothing can be ruled out."""
    return tuple(name for name in _asked(analysis) if _is_open(getattr(analysis, name)))


def _is_open(value: object) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value)


def _asked(analysis: ThresholdAnalysis) -> Iterator[str]:
    """Names of the questions that arise, given the other answers."""
    yield "personal_data"
    if analysis.personal_data is False:
        yield from ("anonymity", "reidentifiable")
        if _anonymous(analysis):
            return
    yield "done_by_law"
    if analysis.done_by_law:
        yield "done_by_law_source"
    yield from ("listed_case", *CASES, *CRITERIA)
    if _done_by_law(analysis):
        return
    if not criteria_met(analysis) and analysis.rough_risk is None:
        yield from ("rough_severity", "rough_likelihood")
    yield "high_risk"
    if criteria_met(analysis) and analysis.high_risk is False:
        yield "reason"


_Row: TypeAlias = "Row[ThresholdAnalysis, Outcome]"


def _set(name: str) -> Callable[[ThresholdAnalysis], bool]:
    return lambda analysis: getattr(analysis, name) is True


def _list_row(of: PublishedList, entry: ListEntry) -> _Row:
    return Row(
        f"LIST-{entry.name}",
        Outcome.REQUIRED,
        _LISTED.format(entry=entry.text),
        f"Art. 35 Abs. 4 DSGVO, {of.citation}, Nr. {entry.number}",
        lambda analysis: entry.name in {chosen.name for chosen in analysis.list_entries},
    )


def _indication_row(name: str, decides: Outcome | None, indication: Indication, says: Text) -> _Row:
    return Row(indication.id, decides, says.format(label=indication.label), indication.basis, _set(name))


def _rows() -> Iterator[_Row]:
    yield Row(
        "ANONYMOUS",
        Outcome.NOT_REQUIRED,
        Text(
            "Es werden keine personenbezogenen Daten verarbeitet, und Personen lassen sich nicht "
            "wieder bestimmen.",
            "No personal data are processed, and persons cannot be identified again.",
        ),
        "Art. 2 Abs. 1, ErwGr. 26 DSGVO",
        _anonymous,
    )
    yield Row(
        "BY-LAW",
        Outcome.NOT_REQUIRED,
        Text(
            "Die Folgen wurden bei Erlass der Rechtsgrundlage abgeschätzt.",
            "The impact was assessed when the law was adopted.",
        ),
        "Art. 35 Abs. 10 DSGVO",
        _done_by_law,
    )
    yield Row(
        "COVERED",
        Outcome.COVERED,
        Text(
            "Eine DSFA ist erforderlich; eine bestehende über ähnliche Vorgänge deckt die Tätigkeit ab.",
            "A DPIA is required; an existing one of similar operations covers the activity.",
        ),
        "Art. 35 Abs. 1 Satz 2 DSGVO",
        lambda analysis: _is_covered(analysis) and _requires(analysis),
    )
    yield Row(
        "COVER-VOID",
        None,
        Text(
            "Die DSFA, die als Abdeckung genannt ist, wurde abgelehnt oder beendet; sie deckt nichts ab.",
            "The DPIA that is named as covering was rejected or ended; it covers nothing.",
        ),
        "Art. 35 Abs. 1 Satz 2 DSGVO",
        lambda analysis: analysis.covered_by is not None and analysis.covered_by.is_void,
    )
    yield from (_list_row(each, entry) for each in shipped() for entry in each.entries)
    yield Row(
        _OWN_LIST,
        Outcome.REQUIRED,
        _LISTED,
        "Art. 35 Abs. 4 DSGVO",
        lambda analysis: bool(analysis.own_entries),
    )
    yield Row(
        "LIST",
        Outcome.REQUIRED,
        Text("Die Verarbeitung steht auf der Muss-Liste.", "The processing is on the mandatory list."),
        "Art. 35 Abs. 4 DSGVO",
        lambda analysis: analysis.listed_case is True and not (analysis.list_entries or analysis.own_entries),
    )
    case = Text("Fall des Art. 35 Abs. 3: {label}.", "Case of Art. 35 (3): {label}.")
    for name, indication in CASES.items():
        yield _indication_row(name, Outcome.REQUIRED, indication, case)
    yield Row(
        "ROUGH-RISK",
        Outcome.REQUIRED,
        Text("Die grobe Einschätzung ergibt ein hohes Risiko.", "The rough assessment comes to a high risk."),
        "Art. 35 Abs. 1 DSGVO",
        lambda analysis: is_high(analysis.rough_risk),
    )
    yield Row(
        "HIGH-RISK",
        Outcome.REQUIRED,
        Text(
            "Die verantwortliche Stelle erwartet ein hohes Risiko.",
            "The responsible unit expects a high risk.",
        ),
        "Art. 35 Abs. 1 Satz 1 DSGVO",
        _set("high_risk"),
    )
    yield Row(
        "CRITERIA",
        Outcome.REQUIRED,
        Text(
            "Mindestens zwei der neun Kriterien treffen zu; eine Abweichung ist nicht begründet.",
            "At least two of the nine criteria apply; a deviation is not justified.",
        ),
        WP248,
        lambda analysis: criteria_met(analysis) >= 2 and not reasoned_no(analysis),
    )
    yield Row(
        "VOLUNTARY",
        Outcome.VOLUNTARY,
        Text("Die DSFA wird freiwillig durchgeführt.", "The DPIA is carried out voluntarily."),
        "Art. 24 Abs. 1 DSGVO",
        _set("voluntary"),
    )
    yield Row(
        "DEVIATION",
        Outcome.NOT_REQUIRED,
        Text(
            "Obwohl mindestens zwei Kriterien zutreffen, wird mit Begründung kein hohes Risiko erwartet.",
            "Although at least two criteria apply, no high risk is expected, for the reason given.",
        ),
        WP248,
        lambda analysis: criteria_met(analysis) >= 2 and reasoned_no(analysis),
    )
    yield Row(
        "ONE-CRITERION",
        Outcome.NOT_REQUIRED,
        Text(
            "Ein Kriterium trifft zu; mit Begründung wird kein hohes Risiko erwartet.",
            "One criterion applies; no high risk is expected, for the reason given.",
        ),
        WP248,
        lambda analysis: criteria_met(analysis) == 1 and reasoned_no(analysis),
    )
    yield Row(
        "NO-INDICATION",
        Outcome.NOT_REQUIRED,
        Text(
            "Kein Kriterium trifft zu, und ein hohes Risiko wird nicht erwartet.",
            "No criterion applies, and no high risk is expected.",
        ),
        "Art. 35 Abs. 1 DSGVO",
        _without_indication,
    )
    met = Text("Kriterium {label}.", "Criterion {label}.")
    for name, indication in CRITERIA.items():
        yield _indication_row(name, None, indication, met)


TABLE: Final[Table[ThresholdAnalysis, Outcome]] = Table(
    rows=tuple(_rows()),
    undecided=Outcome.UNDECIDED,
    guarded=frozenset({Outcome.NOT_REQUIRED, Outcome.VOLUNTARY}),
    unanswered=unanswered,
)


def outcome(analysis: ThresholdAnalysis) -> Decision[Outcome]:
    """What *analysis* comes to, with every reason and every open question."""
    decision = TABLE.decide(analysis)
    reasons = tuple(named for reason in decision.reasons for named in _named(reason, analysis))
    return replace(decision, reasons=reasons)


def _named(reason: Reason[Outcome], analysis: ThresholdAnalysis) -> Iterator[Reason[Outcome]]:
    """*reason*; that an own list names the processing becomes one reason for each entry that does."""
    if reason.id != _OWN_LIST:
        yield reason
        return
    for item in analysis.own_entries:
        source = ", ".join(filter(None, (reason.source, item.citation)))
        said = _LISTED.format(entry=item.name)
        yield replace(reason, id=f"{_OWN_LIST}-{item.designation}", says=said, source=source)
