"""Whether target objects are protected as the data that activities process there need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import and_, bindparam, inspect, select

from assessments.grundschutz.domain import Approach, knows_risk_analysis
from assessments.grundschutz.proposed_needs import decision, protected_data
from assessments.grundschutz.protection import NEEDED, is_open, needed
from compliance.database import Query
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Hit, Reads, RuleBook, Severity, Situation
from registers.objects import DECIDE_NEED, ObjectStatus, TargetObject
from registers.processing import ProcessingActivity, RiskToPersons, Secrecy, Stage
from registers.protection import DamageRating, Effect, NeedAdjustment, ProtectionNeed, Scenario, SecurityValue

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
    query = select(links.c.target_id, ProcessingActivity.number).join(ProcessingActivity, tied)
    mine = links.c.organisation_id == bindparam("organisation")
    return query.where(mine, links.c.target_id.in_(bindparam("ids", expanding=True)), protected_data())


_PROTECTING: Final = Asks("protected data", _protecting)


def _used(target: TargetObject, situation: Situation) -> Sequence[Any]:
    """The activities that work with *target*; none where it is out of use."""
    if not target.is_in_use:
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


_NORMAL: Final = dict.fromkeys(NEEDED.values(), ProtectionNeed.NORMAL)


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


def _decides(target: TargetObject, situation: Situation) -> str:
    """The task to decide on the proposals, as long as nobody has and the approach knows needs at all."""
    rating = decision(target)
    decided = rating is not None and rating.confidentiality is not None
    return DECIDE_NEED if _unlike_basic(situation) and not decided else ""


def _reason(target: TargetObject) -> str:
    """Why *target* needs no more: under the scenario of self-determination, or as a whole."""
    rating = decision(target)
    lowered = (row.reason for row in target.adjustments if row.effect is Effect.DISTRIBUTION)
    return (rating.reason if rating else "") or target.need_reason or next(filter(None, lowered), "")


@RULES.rule(
    "XGS-001",
    Severity.ERROR,
    "Art. 32 Abs. 1, 2 DSGVO, BSI-Standard 200-2, Schutzbedarfsfeststellung",
    field="damages",
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
    keeps=lambda: _example(needed_c=ProtectionNeed.HIGH),
    reads=(_ACTIVITIES, _DOMAINS),
)
def _need_follows_risk(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    """High risk only proposes a high need: who deviates with a reason is warned, no more.

    A need that nobody has determined is not lower; that it is missing is asked for elsewhere.
    """
    needs = {needed(target, value) for value in SecurityValue}
    grave = [row for row in _used(target, situation) if row.risk is RiskToPersons.HIGH]
    if grave and needs == {ProtectionNeed.NORMAL}:
        weight = Severity.WARNING if _reason(target) else Severity.ERROR
        severity, task = _severity(situation, weight), _decides(target, situation)
        yield Hit(words={"what": _named(grave)}, severity=severity, task=task)


@RULES.rule(
    "XGS-002",
    Severity.WARNING,
    "Art. 9, 10, 32 DSGVO, DSK-Kurzpapier Nr. 18, SDM V3.1",
    field="damages",
    says=Text(
        "Hier werden besonders geschützte Daten oder solche verarbeitet, die unter ein Geheimnis fallen "
        "({what}), doch die Vertraulichkeit ist normal.",
        "Specially protected data, or data under a duty of secrecy, are processed here ({what}), but "
        "confidentiality is rated normal.",
    ),
    remedy=Text(
        "Bewerten Sie die Vertraulichkeit mit hoch, oder begründen Sie, warum normal genügt. Mit Begründung "
        "bleibt ein Hinweis, damit auffällt, wenn eine Tätigkeit dazukommt.",
        "Rate confidentiality high, or say why normal is enough. With a reason a hint remains, so that it is "
        "noticed when another activity joins.",
    ),
    breaks=_example,
    keeps=lambda: _example(needed_c=ProtectionNeed.HIGH),
    reads=(_ACTIVITIES, _PROTECTING, _DOMAINS),
)
def _protected_data_are_confidential(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    """A reason may be older than the activity, so that it makes the finding a hint and never hides it."""
    protecting = {row.number for row in situation.near.get(_PROTECTING.name, ())}
    sensitive = [row for row in _used(target, situation) if row.secrecy or row.number in protecting]
    if sensitive and target.needed_c is ProtectionNeed.NORMAL:
        weight = Severity.HINT if _reason(target) else Severity.WARNING
        severity, task = _severity(situation, weight), _decides(target, situation)
        yield Hit(words={"what": _named(sensitive)}, severity=severity, task=task)


# --- The assessment of protection needs itself ---------------------------------------------------


def _unlike_basic(situation: Situation) -> bool:
    """Whether the assessment of needs is a step at all; in the basic approach it is not."""
    return _severity(situation, Severity.WARNING) is not Severity.HINT


def _in_domain(approach: Approach = Approach.STANDARD) -> dict[str, Any]:
    return {_DOMAINS.model: [SimpleNamespace(state=State.DRAFT, approach=approach)]}


def _plain(**facts: Any) -> Case:
    target = TargetObject(name="Fachverfahren Wohngeld", status=ObjectStatus.OPERATION, **facts)
    return Case(target, Situation(date(2026, 3, 2), near=_in_domain()))


@RULES.rule(
    "SBF-001",
    Severity.WARNING,
    "BSI-Standard 200-2, Schutzbedarfsfeststellung",
    field="damages",
    says=Text(
        "Der Schutzbedarf ist nicht bestimmt: {field} ist weder hier bewertet noch geerbt.",
        "The protection need is not determined: {field} is neither rated here nor inherited.",
    ),
    remedy=Text(
        "Bewerten Sie die Schadensszenarien, oder tragen Sie bei den Anwendungen ein, dass sie auf diesem "
        "Objekt beruhen; dann erbt es deren Schutzbedarf.",
        "Rate the damage scenarios, or enter at the applications that they depend on this object; then it "
        "inherits their need.",
    ),
    breaks=lambda: _plain(**_NORMAL | {"needed_a": None}),
    keeps=lambda: _plain(**_NORMAL),
    reads=(_DOMAINS,),
)
def _need_is_determined(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    """Asked only of objects of an information domain whose approach knows protection needs."""
    in_domain = any(row.state is not State.ENDED for row in situation.near.get(_DOMAINS.model, ()))
    if in_domain and is_open(target) and _unlike_basic(situation):
        yield from (Hit(words={"field": NEEDED[each]}) for each in NEEDED if needed(target, each) is None)


@RULES.rule(
    "SBF-002",
    Severity.ERROR,
    "BSI-Standard 200-2, Schutzbedarfsfeststellung (Kumulations- und Verteilungseffekt)",
    field="adjustments",
    says=Text(
        "Die {what}. Abweichung vom Maximumprinzip ist nicht begründet oder nicht vollständig.",
        "Deviation {what} from the maximum principle has no reason or is incomplete.",
    ),
    remedy=Text(
        "Geben Sie Grundwert, Effekt, Schutzbedarf und Begründung an. Ohne Begründung wirkt eine Senkung "
        "nicht.",
        "State value, effect, need and reason. A lowering without a reason has no effect.",
    ),
    breaks=lambda: _plain(adjustments=[_spread(reason="")]),
    keeps=lambda: _plain(adjustments=[_spread()], **_NORMAL),
)
def _deviations_are_documented(target: TargetObject, _: Situation) -> Iterator[Hit]:
    for position, row in enumerate(target.adjustments, start=1):
        if None in (row.value, row.effect, row.need) or not row.reason.strip():
            yield Hit(row, {"what": str(position)})


def _spread(**facts: Any) -> NeedAdjustment:
    given = {
        "value": SecurityValue.AVAILABILITY,
        "effect": Effect.DISTRIBUTION,
        "need": ProtectionNeed.NORMAL,
        "reason": "Der zweite Knoten übernimmt binnen Minuten.",
    }
    return NeedAdjustment(**given | facts)


@RULES.rule(
    "SBF-003",
    Severity.WARNING,
    "Art. 32 Abs. 1, 2 DSGVO, BSI-Standard 200-2, Schutzbedarfsfeststellung",
    field="damages",
    says=Text(
        "Tätigkeiten schlagen hohen Schutzbedarf vor ({what}), aber er ist noch nicht bestimmt.",
        "Activities propose a high protection need ({what}), but it is not determined yet.",
    ),
    remedy=Text(
        "Bestätigen Sie den Vorschlag auf der Seite des Zielobjekts unter dem Schadensszenario "
        "„Beeinträchtigung des informationellen Selbstbestimmungsrechts“, oder weichen Sie begründet ab.",
        "Confirm the proposal on the page of the target object under the damage scenario “informational "
        "self-determination”, or deviate with a reason.",
    ),
    breaks=lambda: _proposed(needed_c=None),
    keeps=lambda: _proposed(damages=[_rated()]),
    reads=(_ACTIVITIES, _PROTECTING, _DOMAINS),
)
def _proposals_are_decided(target: TargetObject, situation: Situation) -> Iterator[Hit]:
    """Only while a need is undetermined: one that is determined too low is the matter of XGS-001 and 002."""
    protecting = {row.number for row in situation.near.get(_PROTECTING.name, ())}
    used = _used(target, situation)
    grave = [row for row in used if row.risk is RiskToPersons.HIGH]
    sensitive = [row for row in used if row.secrecy or row.number in protecting]
    unknown = (sensitive and target.needed_c is None) or (
        grave and None in {needed(target, value) for value in SecurityValue}
    )
    if unknown and _unlike_basic(situation):
        named = sorted({row.number: row for row in (*grave, *sensitive)}.values(), key=lambda row: row.number)
        yield Hit(words={"what": _named(named)}, task=DECIDE_NEED)


def _proposed(**facts: Any) -> Case:
    example = _example(**facts)
    example.entry.status = ObjectStatus.OPERATION
    return example


def _rated() -> DamageRating:
    return DamageRating(
        scenario=Scenario.SELF_DETERMINATION,
        confidentiality=ProtectionNeed.HIGH,
        reason="Sozialdaten der Antragstellenden",
    )


@RULES.rule(
    "SBF-004",
    Severity.WARNING,
    "BSI-Standard 200-2, Strukturanalyse",
    field="depends_on",
    says=Text(
        "Diese Objekte beruhen im Kreis aufeinander: {what}. Sie erben alle den höchsten Schutzbedarf.",
        "These objects depend on one another in a circle: {what}. They all inherit the highest need.",
    ),
    remedy=Text(
        "Prüfen Sie die Abhängigkeiten. Ist der Kreis gewollt, etwa bei gegenseitiger Vertretung, stellen "
        "Sie die Feststellung mit dieser Begründung zurück.",
        "Check the dependencies. Where the circle is intended, such as mutual failover, set the finding "
        "aside with that reason.",
    ),
    breaks=lambda: _plain(mutual_dependencies="ZO-0003, ZO-0007", **_NORMAL),
    keeps=lambda: _plain(**_NORMAL),
)
def _dependencies_have_an_end(target: TargetObject, _: Situation) -> Iterator[Hit]:
    if target.mutual_dependencies:
        yield Hit(words={"what": target.mutual_dependencies})


@RULES.rule(
    "SBF-005",
    Severity.WARNING,
    "BSI-Standard 200-2, Schutzbedarfsfeststellung",
    field="need_reason",
    says=Text(
        "Ein eigener Schutzbedarf über normal ist nicht begründet.",
        "A need of its own above normal has no reason.",
    ),
    remedy=Text(
        "Begründen Sie den Wert, am besten je Schadensszenario.",
        "Give the reason, preferably for each damage scenario.",
    ),
    breaks=lambda: _plain(availability=ProtectionNeed.HIGH, **_NORMAL),
    keeps=lambda: _plain(availability=ProtectionNeed.HIGH, need_reason="Notruf rund um die Uhr.", **_NORMAL),
)
def _own_need_has_a_reason(target: TargetObject, _: Situation) -> Iterator[Hit]:
    own = {target.confidentiality, target.integrity, target.availability}
    if own - {None, ProtectionNeed.NORMAL} and not target.need_reason.strip():
        yield Hit()
