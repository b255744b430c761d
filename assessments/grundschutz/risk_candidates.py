"""Which objects of an information domain need a risk analysis, and why; BSI standards 200-2 and 200-3."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer, Status, counts_under
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.modelling import Assignment, modelled_ids
from assessments.grundschutz.protection import needed
from assessments.grundschutz.risk_analysis import Occasion, RiskAnalysis
from compliance.entry import State
from compliance.language import LANGUAGES, Text
from compliance.rules import opening
from registers.objects import ProtectionNeed, TargetObject
from registers.protection import SecurityValue

RAISED: Final = frozenset({ProtectionNeed.HIGH, ProtectionNeed.VERY_HIGH})


@dataclass(frozen=True)
class Reason:
    """One occasion for a risk analysis, with what it rests on."""

    occasion: Occasion
    detail: Text
    is_binding: bool = True
    """Whether the standard demands the analysis; otherwise somebody has to decide."""


@dataclass(frozen=True)
class Candidate:
    """A target object, or the domain as a whole where that is ``None``, with what speaks for an analysis."""

    target: TargetObject | None
    reasons: tuple[Reason, ...]
    analyses: tuple[RiskAnalysis, ...] = ()
    """Those begun already, ended ones left out."""

    @property
    def is_binding(self) -> bool:
        return any(reason.is_binding for reason in self.reasons)

    @property
    def is_missing(self) -> bool:
        """Whether the standard demands an analysis and none was begun."""
        return self.is_binding and not self.analyses


def candidates(session: Session, domain: InformationDomain) -> list[Candidate]:
    """Every object of *domain* with an occasion or an analysis, the domain itself first; three queries.

    None under the basic approach. Objects out of operation are left out unless somebody
    analysed them. *domain* is loaded whole.
    """
    if not knows_risk_analysis(domain.approach):
        return []
    modelled = modelled_ids(session, domain)
    unmet = _unplanned(session, domain)
    analyses = _analyses(session, domain)
    found = [
        Candidate(target, tuple(_reasons(domain, target, modelled, unmet)), tuple(analyses[target.id]))
        for target in sorted(domain.objects, key=lambda target: target.number)
    ]
    found = [each for each in found if each.reasons or each.analyses]
    whole = tuple(_reasons_of_whole(found, unmet))
    if whole or analyses[None]:
        found.insert(0, Candidate(None, whole, tuple(analyses[None])))
    return found


def raised(target: Any) -> Iterator[tuple[SecurityValue, ProtectionNeed]]:
    """The values of which *target* needs more than normal, whether for itself or by inheritance."""
    for value in SecurityValue:
        if (need := needed(target, value)) in RAISED:
            yield value, need


def _reasons(
    domain: InformationDomain,
    target: TargetObject,
    modelled: frozenset[uuid.UUID | None],
    unmet: Mapping[Any, int],
) -> Iterator[Reason]:
    if not target.is_in_use:
        return
    if needs := list(raised(target)):
        yield Reason(Occasion.NEED, _needs(needs))
    if domain.is_modelled and target.takes_modules and target.id not in modelled:
        yield Reason(Occasion.UNMODELLED, _NO_MODULE)
    if target.special_use:
        said = opening(target.special_use)
        yield Reason(Occasion.SPECIAL_USE, Text(said, said))
    if unmet[target.id]:
        yield Reason(Occasion.UNMET, _unmet_words(unmet[target.id]), is_binding=False)


def _reasons_of_whole(found: Sequence[Candidate], unmet: Mapping[Any, int]) -> Iterator[Reason]:
    if any(each.is_binding for each in found):
        yield Reason(Occasion.WHOLE, _WITH_THE_OTHERS)
    if unmet[None]:
        yield Reason(Occasion.UNMET, _unmet_words(unmet[None]), is_binding=False)


def _needs(needs: Sequence[tuple[SecurityValue, ProtectionNeed]]) -> Text:
    german, english = (
        ", ".join(f"{value.text[language]} {need.text[language].lower()}" for value, need in needs)
        for language in LANGUAGES
    )
    return Text(german, english)


def _unmet_words(count: int) -> Text:
    return _ONE_UNMET if count == 1 else _MANY_UNMET.format(count=str(count))


def _unplanned(session: Session, domain: InformationDomain) -> Counter[uuid.UUID | None]:
    """How many requirements are answered with „nein“ while nobody stands for meeting them, by object."""
    query = (
        select(Assignment.target_id, func.count())
        .join(RequirementAnswer, RequirementAnswer.assignment_id == Assignment.id)
        .where(
            Assignment.domain_id == domain.id,
            Assignment.relevant.is_not(False),
            RequirementAnswer.status == Status.NO,
            counts_under(domain.extent),
            or_(RequirementAnswer.responsible == "", RequirementAnswer.due.is_(None)),
        )
        .group_by(Assignment.target_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(query)})


def _analyses(
    session: Session, domain: InformationDomain
) -> defaultdict[uuid.UUID | None, list[RiskAnalysis]]:
    query = select(RiskAnalysis).where(RiskAnalysis.domain_id == domain.id, RiskAnalysis.state != State.ENDED)
    found: defaultdict[uuid.UUID | None, list[RiskAnalysis]] = defaultdict(list)
    for analysis in session.scalars(query.order_by(RiskAnalysis.number)):
        found[analysis.target_id].append(analysis)
    return found


_NO_MODULE: Final = Text("Kein Baustein wird darauf angewendet.", "No module is applied to it.")
_WITH_THE_OTHERS: Final = Text(
    "Mit den Zielobjekten wird auch der Verbund als Ganzes betrachtet.",
    "Together with the objects the domain as a whole is considered.",
)
_ONE_UNMET: Final = Text(
    "1 Anforderung ist mit „nein“ beantwortet, ohne dass jemand sie bis zu einem Termin umsetzt.",
    "1 requirement is answered with “no”, and nobody implements it by a day.",
)
_MANY_UNMET: Final = Text(
    "{count} Anforderungen sind mit „nein“ beantwortet, ohne dass jemand sie bis zu einem Termin umsetzt.",
    "{count} requirements are answered with “no”, and nobody implements them by a day.",
)
