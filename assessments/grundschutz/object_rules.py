"""Whether target objects are protected as the data that activities process there need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, inspect, or_, select

from assessments.grundschutz.domain import Approach, knows_risk_analysis
from compliance.database import Query
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Hit, Reads, RuleBook, Severity, Situation
from registers.objects import ObjectStatus, ProtectionNeed, TargetObject
from registers.processing import DataCategory, ProcessingActivity, RiskToPersons, Secrecy, Stage

RULES: Final = RuleBook(TargetObject)

_DOMAINS: Final = Reads("InformationDomain", "objects", ("state", "approach"))
# A changed row of data leaves no other trace in its activity than the time.
_ACTIVITIES: Final = Reads(
    "ProcessingActivity", "objects", ("number", "state", "stage", "risk", "secrecy", "changed_at")
)


def _protecting() -> Query:
    """The numbers of the activities with specially protected data that use each target object."""
    links: Any = inspect(ProcessingActivity).relationships["objects"].secondary
    tied = and_(
        links.c.organisation_id == ProcessingActivity.organisation_id,
        links.c.source_id == ProcessingActivity.id,
    )
    protected = exists().where(
        DataCategory.organisation_id == ProcessingActivity.organisation_id,
        DataCategory.parent_id == ProcessingActivity.id,
        or_(DataCategory.special.is_(True), DataCategory.criminal.is_(True)),
    )
    query = select(links.c.target_id, ProcessingActivity.number).join(ProcessingActivity, tied)
    mine = links.c.organisation_id == bindparam("organisation")
    return query.where(mine, links.c.target_id.in_(bindparam("ids", expanding=True)), protected)


_PROTECTING: Final = Asks("protected data", _protecting)


def _used(target: TargetObject, situation: Situation) -> Sequence[Any]:
    """The activities that work with *target*; none where it is out of use."""
    if target.state is State.ENDED or target.status is ObjectStatus.RETIRED:
        return ()
    living = [
        row
        for row in situation.near.get(_ACTIVITIES.model, ())
        if row.state is not State.ENDED and row.stage is not Stage.RETIRED
    ]
    return sorted(living, key=lambda row: row.number)


def _severity(situation: Situation, otherwise: Severity) -> Severity:
    """A hint where every domain of the object goes no further than the basic approach.

    BSI standard 200-2: the basic approach has no protection needs.
    """
    domains = [row for row in situation.near.get(_DOMAINS.model, ()) if row.state is not State.ENDED]
    basic_only = bool(domains) and not any(knows_risk_analysis(row.approach) for row in domains)
    return Severity.HINT if basic_only else otherwise


_MOST_NAMED: Final = 5


def _named(activities: Sequence[Any]) -> str:
    """The running numbers of *activities*, as many as a reader takes in."""
    named = [ProcessingActivity.designate(row.number) for row in activities[:_MOST_NAMED]]
    return ", ".join([*named, "…"] if len(activities) > _MOST_NAMED else named)


_NORMAL: Final = dict.fromkeys(("confidentiality", "integrity", "availability"), ProtectionNeed.NORMAL)


def _example(*, approach: Approach = Approach.STANDARD, **need: Any) -> Case:
    row = SimpleNamespace(
        number=7,
        state=State.DRAFT,
        stage=Stage.OPERATION,
        risk=RiskToPersons.HIGH,
        secrecy=(Secrecy.SOCIAL,),
    )
    near = {
        "ProcessingActivity": [row],
        "InformationDomain": [SimpleNamespace(state=State.DRAFT, approach=approach)],
    }
    target = TargetObject(name="Fachverfahren Soziales", **_NORMAL | need)
    return Case(target, Situation(date(2026, 3, 2), near=near))


@RULES.rule(
    "XGS-001",
    Severity.ERROR,
    "Art. 32 Abs. 1, 2 DSGVO, BSI-Standard 200-2, Schutzbedarfsfeststellung",
    field="confidentiality",
    says=Text(
        "Das Risiko für betroffene Personen ist hoch ({what}), aber der Schutzbedarf ist in allen drei "
        "Grundwerten normal.",
        "The risk to data subjects is high ({what}), but the protection need is normal in all three values.",
    ),
    remedy=Text(
        "Bewerten Sie den Schutzbedarf unter dem Schadensszenario „Beeinträchtigung des informationellen "
        "Selbstbestimmungsrechts“ neu, oder begründen Sie die Abweichung.",
        "Rate the protection need anew under the damage scenario “informational self-determination”, or give "
        "the reason for the deviation.",
    ),
    breaks=_example,
    keeps=lambda: _example(confidentiality=ProtectionNeed.HIGH),
    reads=(_ACTIVITIES, _DOMAINS),
)
def _need_follows_risk(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    """High risk only proposes a high need: who deviates with a reason is warned, no more.

    A need that nobody has determined is not lower; that it is missing is asked for elsewhere.
    """
    needs = {target.confidentiality, target.integrity, target.availability}
    grave = [row for row in _used(target, situation) if row.risk is RiskToPersons.HIGH]
    if grave and needs == {ProtectionNeed.NORMAL}:
        weight = Severity.WARNING if target.need_reason.strip() else Severity.ERROR
        yield Hit(words={"what": _named(grave)}, severity=_severity(situation, weight))


@RULES.rule(
    "XGS-002",
    Severity.WARNING,
    "Art. 9, 10, 32 DSGVO, DSK-Kurzpapier Nr. 18, SDM V3.1",
    field="need_reason",
    says=Text(
        "Hier werden besonders geschützte Daten oder solche verarbeitet, die unter ein Geheimnis fallen "
        "({what}), doch die Vertraulichkeit ist ohne Begründung normal.",
        "Specially protected data, or data under a duty of secrecy, are processed here ({what}), but "
        "confidentiality is rated normal without a reason.",
    ),
    remedy=Text(
        "Bewerten Sie die Vertraulichkeit mit hoch, oder begründen Sie, warum normal genügt.",
        "Rate confidentiality high, or say why normal is enough.",
    ),
    breaks=_example,
    keeps=lambda: _example(need_reason="Gespeichert werden nur Schlüsselnummern ohne Bezug zu Personen."),
    reads=(_ACTIVITIES, _PROTECTING, _DOMAINS),
)
def _protected_data_are_confidential(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    protecting = {row.number for row in situation.near.get(_PROTECTING.name, ())}
    sensitive = [row for row in _used(target, situation) if row.secrecy or row.number in protecting]
    if sensitive and target.confidentiality is ProtectionNeed.NORMAL and not target.need_reason.strip():
        yield Hit(words={"what": _named(sensitive)}, severity=_severity(situation, Severity.WARNING))
