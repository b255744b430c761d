"""What an audit would object to in a threshold analysis once the world around it moves on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, bindparam, select

from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.threshold import LIST_CHANGED, RECORD_CHANGED, ThresholdAnalysis
from assessments.dpia.threshold_known import DATA_FACTS, FACTS
from assessments.dpia.threshold_review import ITEM_FACTS, Basis, basis_of, changed_answers, changed_lists
from assessments.dpia.threshold_table import Outcome
from compliance.database import Query
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Follows, Heeds, Hit, RuleBook, Severity, Situation, surveys
from registers.authority_lists import AuthorityListItem, Place
from registers.processing import DataCategory, ProcessingActivity

RULES: Final = RuleBook(ThresholdAnalysis)

_IDS: Final[Any] = bindparam("ids", expanding=True)
_MINE: Final = ThresholdAnalysis.organisation_id == bindparam("organisation")


def _facts() -> Query:
    """The facts of each analysed activity, once for each of its categories of data."""
    same = ThresholdAnalysis.organisation_id == ProcessingActivity.organisation_id
    activity = and_(same, ThresholdAnalysis.activity_id == ProcessingActivity.id)
    own = DataCategory.organisation_id == ProcessingActivity.organisation_id
    rows = and_(own, DataCategory.parent_id == ProcessingActivity.id)
    query = select(
        ThresholdAnalysis.id,
        *(getattr(ProcessingActivity, name) for name in FACTS),
        *(getattr(DataCategory, name).label(f"data_{name}") for name in DATA_FACTS),
    )
    query = query.join(ProcessingActivity, activity).outerjoin(DataCategory, rows)
    return query.where(_MINE, ThresholdAnalysis.id.in_(_IDS)).order_by(DataCategory.position)


def _analyses() -> Query:
    return select(ThresholdAnalysis.id).where(_MINE, ThresholdAnalysis.activity_id.in_(_IDS))


_ACTIVITY: Final = Follows("ProcessingActivity", _facts, ("changed_at",), _analyses)
# A changed row leaves no other trace in its entry than the time.
_ITEMS: Final = surveys(ThresholdAnalysis, AuthorityListItem, ITEM_FACTS)


def _basis_today(situation: Situation) -> Basis:
    rows = situation.near.get(_ACTIVITY.name, ())
    activity: Any = None
    if rows:
        data = [
            SimpleNamespace(**{name: getattr(row, f"data_{name}") for name in DATA_FACTS})
            for row in rows
            if row.data_text is not None
        ]
        activity = SimpleNamespace(**{name: getattr(rows[0], name) for name in FACTS}, data=data)
    items = [
        SimpleNamespace(**dict(zip(ITEM_FACTS, row[1:], strict=True)))
        for row in situation.near.get(_ITEMS.name, ())
    ]
    return basis_of(activity, items, Place(situation.land, situation.legal_form), situation.today)


# --- Checking again ------------------------------------------------------------------------------


def _row(**known: Any) -> SimpleNamespace:
    empty = {"subjects": (), "secrecy": (), "sources": ()}
    data = {f"data_{name}": None for name in DATA_FACTS}
    return SimpleNamespace(**(dict.fromkeys(FACTS) | empty | data | known))


def _confirmed(**answers: Any) -> ThresholdAnalysis:
    """An analysis that was confirmed while the record said nothing."""
    basis = basis_of(None, (), Place("SH"), date(2026, 3, 2)).to_json()
    return ThresholdAnalysis(name="Kita-Portal", basis=basis, confirmed_on=date(2026, 3, 2), **answers)


def _beside(**known: Any) -> Situation:
    return Situation(date(2026, 3, 2), near={"ProcessingActivity": [_row(**known)]})


_DUTY: Final = frozenset({Outcome.REQUIRED, Outcome.COVERED})


@RULES.rule(
    "SWA-001",
    Severity.WARNING,
    "Art. 35 Abs. 1, 11, Art. 24 Abs. 1 Satz 2 DSGVO",
    field="recheck",
    says=Text(
        "Neu zu prüfen: Das Verzeichnis sagt zu „{field}“ etwas anderes als bei der Bestätigung.",
        "Check again: the record says something else about “{field}” than when it was confirmed.",
    ),
    remedy=Text(
        "Sehen Sie auf der Seite der Analyse den Unterschied an, berichtigen Sie die Antwort, wo nötig, und "
        "bestätigen Sie erneut.",
        "Look at the difference on the page of the analysis, correct the answer where needed, and confirm "
        "again.",
    ),
    breaks=lambda: Case(_confirmed(large_scale=False), _beside(video=True)),
    keeps=lambda: Case(_confirmed(large_scale=False), _beside(video=False)),
    reads=(_ACTIVITY, _ITEMS),
)
def _record_has_changed(analysis: ThresholdAnalysis, situation: Situation) -> Iterator[Hit]:
    """An error where the record now says yes, the analysis does not, and no assessment follows."""
    before = Basis.from_json(analysis.basis)
    if before is None or analysis.state is State.ENDED:
        return
    for change in changed_answers(before, _basis_today(situation)):
        unseen = change.now is not None and getattr(analysis, change.question) is not True
        grave = unseen and analysis.result not in _DUTY
        severity = Severity.ERROR if grave else None
        yield Hit(words={"field": change.question}, severity=severity, task=RECORD_CHANGED)


@RULES.rule(
    "SWA-002",
    Severity.WARNING,
    "Art. 35 Abs. 1, Art. 5 Abs. 2 DSGVO",
    field="recheck",
    says=Text(
        "Niemand hat die Antworten bestätigt, die das Verzeichnis vorschlägt.",
        "Nobody has confirmed the answers that the record proposes.",
    ),
    remedy=Text(
        "Prüfen Sie die Antworten und wählen Sie auf der Seite der Analyse „Antworten bestätigen“.",
        "Check the answers and choose “Confirm the answers” on the page of the analysis.",
    ),
    breaks=lambda: ThresholdAnalysis(name="Kita-Portal", result=Outcome.NOT_REQUIRED),
    keeps=lambda: _confirmed(result=Outcome.NOT_REQUIRED),
)
def _nobody_confirmed(analysis: ThresholdAnalysis, _situation: Situation) -> Iterator[Hit]:
    decided = analysis.result not in (None, Outcome.UNDECIDED)
    if decided and not analysis.basis and analysis.state is not State.ENDED:
        yield Hit()


def _with_older_list() -> ThresholdAnalysis:
    return ThresholdAnalysis(name="Kita-Portal", basis=Basis(lists={"DSK": "1.0"}).to_json())


@RULES.rule(
    "SWA-003",
    Severity.WARNING,
    "Art. 35 Abs. 4, 11 DSGVO",
    field="listed_case",
    says=Text(
        "Neu zu prüfen: Seit der Bestätigung hat sich eine Muss-Liste geändert.",
        "Check again: a mandatory list has changed since the confirmation.",
    ),
    remedy=Text(
        "Prüfen Sie, ob einer der neuen Einträge zutrifft, und bestätigen Sie erneut.",
        "Check whether one of the new entries applies, and confirm again.",
    ),
    breaks=_with_older_list,
    keeps=_confirmed,
    reads=(_ITEMS,),
)
def _list_has_changed(analysis: ThresholdAnalysis, situation: Situation) -> Iterator[Hit]:
    before = Basis.from_json(analysis.basis)
    if before is None or analysis.state is State.ENDED:
        return
    if changed_lists(before, _basis_today(situation)):
        yield Hit(task=LIST_CHANGED)


# --- Covered by ----------------------------------------------------------------------------------


def _covered(**dpia: Any) -> ThresholdAnalysis:
    return ThresholdAnalysis(name="Grundsicherung", covered_by=Dpia(name="Sozialleistungen", **dpia))


@RULES.rule(
    "DSF-019",
    Severity.ERROR,
    "Art. 35 Abs. 1 Satz 2, Abs. 11 DSGVO",
    field="covered_by",
    says=Text(
        "Die DSFA, die als Abdeckung genannt ist, trägt nicht: Sie ist nicht genehmigt, beendet, oder ihre "
        "Überprüfung ist überfällig.",
        "The DPIA that is named as covering does not hold: it is not approved, has ended, or its review is "
        "overdue.",
    ),
    remedy=Text(
        "Nennen Sie eine genehmigte DSFA, deren Überprüfung nicht überfällig ist, oder führen Sie eine "
        "eigene durch.",
        "Name an approved DPIA whose review is not overdue, or carry out one of its own.",
    ),
    breaks=lambda: _covered(decision=DpiaDecision.REJECTED, state=State.RELEASED),
    keeps=lambda: _covered(decision=DpiaDecision.APPROVED, state=State.RELEASED),
    heeds=(Heeds("Dpia", ("state", "decision", "next_review")),),
)
def _cover_does_not_hold(analysis: ThresholdAnalysis, situation: Situation) -> Iterator[Hit]:
    if analysis.covered_by is None or analysis.state is State.ENDED:
        return
    dpia = analysis.covered_by
    overdue = dpia.next_review is not None and dpia.next_review < situation.today
    if overdue or dpia.is_void or dpia.decision not in APPROVING:
        yield Hit()
