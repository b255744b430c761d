"""What an audit would object to once an assessment no longer tells how things are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.dpia.dpia import REVIEW, Dpia
from assessments.dpia.grades import RiskLevel
from assessments.dpia.lists_known import lists_since
from assessments.dpia.occasions import Occasion
from assessments.dpia.review import ReviewReason, due_by, is_reviewed
from assessments.dpia.review_cycle import CYCLE_FACTS, ReviewCycleSetting, as_cycle
from compliance.database import Query
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation, opening, surveys

RULES: Final = RuleBook(Dpia)


def _unsettled(query: Query) -> Query:
    return query.where(ReviewReason.settled_on.is_(None))


_REASONS: Final = Reads("ReviewReason", "dpia", ("occasion", "cause"), narrow=_unsettled)
_CYCLE: Final = surveys(Dpia, ReviewCycleSetting, CYCLE_FACTS)


def _released(**answers: Any) -> Dpia:
    return Dpia(name="Videoschutz am Busbahnhof", released_hash="a" * 64, **answers)


@RULES.rule(
    "DSF-015",
    Severity.WARNING,
    "Art. 35 Abs. 11 DSGVO",
    field="next_review",
    says=Text("Die DSFA ist zu überprüfen: {cause}.", "The DPIA has to be reviewed: {cause}."),
    remedy=Text(
        "Beginnen Sie auf der Seite „Überprüfung“ der DSFA die Überprüfung, beantworten Sie jeden Anlass und "
        "schließen Sie sie ab.",
        "Begin the review on the page “Review” of the DPIA, answer every reason, and finish it.",
    ),
    breaks=lambda: Case(
        _released(),
        Situation(
            date(2026, 3, 2),
            near={"ReviewReason": [SimpleNamespace(occasion=Occasion.INCIDENT, cause="DV-0003 Fehlversand")]},
        ),
    ),
    keeps=lambda: _released(
        decided_on=date(2026, 3, 1), decided_risk=RiskLevel.LOW, next_review=date(2027, 3, 1)
    ),
    reads=(_REASONS, _CYCLE),
)
def _to_be_reviewed(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """A warning for each reason and each newer list, an error once the cycle has ended."""
    if not is_reviewed(dpia):
        return
    for reason in situation.near.get(_REASONS.model, ()):
        yield Hit(words={"cause": opening(reason.cause)}, task=f"{REVIEW}.{reason.occasion.name}")
    for new in lists_since(dpia, situation.land, situation.today):
        yield Hit(words={"cause": new.now.citation}, task=f"{REVIEW}.{Occasion.LIST.name}")
    cycle = as_cycle(next(iter(situation.near.get(_CYCLE.name, ())), None))
    due = due_by(dpia, cycle)
    if due is not None and due < situation.today:
        # A day that is set stands among the deadlines already.
        task = "" if dpia.next_review else f"{REVIEW}.{Occasion.CYCLE.name}"
        yield Hit(words={"cause": due.isoformat()}, severity=Severity.ERROR, task=task)
