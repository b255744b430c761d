"""Whether what is demanded after an outage fits together, and can be achieved; BSI standard 200-4."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from assessments.grundschutz.continuity import curve, is_late, loses_too_much
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation
from registers.continuity import Damage, DamageAfter
from registers.objects import ObjectKind, ObjectStatus, TargetObject

RULES: Final = RuleBook(TargetObject)

_IMPACT: Final = "BSI-Standard 200-4, Business-Impact-Analyse"
_STRATEGY: Final = "BSI-Standard 200-4, Soll-Ist-Vergleich der Wiederanlaufzeiten"
_GRADES: Final = tuple(Damage)


def _process(**values: Any) -> TargetObject:
    return TargetObject(**({"name": "Wohngeld bewilligen", "kind": ObjectKind.PROCESS} | values))


def _system(**values: Any) -> TargetObject:
    known = {
        "name": "Sozialverfahren",
        "kind": ObjectKind.APPLICATION,
        "status": ObjectStatus.OPERATION,
        "needed_rto": 24,
        "needed_rto_from": "ZO-0003 Wohngeld bewilligen",
        "needed_rpo": 8,
        "needed_rpo_from": "ZO-0003 Wohngeld bewilligen",
    }
    return TargetObject(**(known | values))


def _damages(*points: tuple[int, Damage]) -> list[DamageAfter]:
    return [DamageAfter(after_hours=hours, damage=damage) for hours, damage in points]


@RULES.rule(
    "BCM-001",
    Severity.WARNING,
    _STRATEGY,
    field="rta_hours",
    says=Text(
        "Die erreichbare Wiederanlaufzeit beträgt {achieved} Stunden; {origin} braucht das Objekt nach "
        "{needed} Stunden.",
        "The achievable recovery time is {achieved} hours; {origin} needs the object after {needed} hours.",
    ),
    remedy=Text(
        "Den Wiederanlauf beschleunigen, einen Ersatz vorhalten oder mit dem Fachbereich einen Notbetrieb "
        "ohne dieses Objekt vereinbaren.",
        "Speed up recovery, keep a replacement, or agree on emergency operation without this object.",
    ),
    breaks=lambda: _system(rta_hours=48),
    keeps=lambda: _system(rta_hours=12),
)
def _runs_again_in_time(target: TargetObject, _: Situation) -> Iterable[Hit]:
    if target.status is not ObjectStatus.RETIRED and is_late(target):
        yield Hit(words=_numbers(target.rta_hours, target.needed_rto, target.needed_rto_from))


@RULES.rule(
    "BCM-002",
    Severity.WARNING,
    _STRATEGY,
    field="loss_hours",
    says=Text(
        "Bei einem Ausfall gehen Daten aus bis zu {achieved} Stunden verloren; {origin} verträgt höchstens "
        "{needed} Stunden.",
        "An outage loses data of up to {achieved} hours; {origin} can bear {needed} hours at most.",
    ),
    remedy=Text(
        "Öfter sichern oder spiegeln, oder mit dem Fachbereich klären, wie Daten nacherfasst werden.",
        "Back up more often or mirror, or settle with the department how data are entered again.",
    ),
    breaks=lambda: _system(loss_hours=24),
    keeps=lambda: _system(loss_hours=4),
)
def _loses_little(target: TargetObject, _: Situation) -> Iterable[Hit]:
    if target.status is not ObjectStatus.RETIRED and loses_too_much(target):
        yield Hit(words=_numbers(target.loss_hours, target.needed_rpo, target.needed_rpo_from))


def _numbers(achieved: int | None, needed: int | None, origin: str) -> dict[str, str]:
    return {"achieved": str(achieved), "needed": str(needed), "origin": origin}


@RULES.rule(
    "BCM-003",
    Severity.ERROR,
    _IMPACT,
    field="rto_hours",
    says=Text(
        "Die geforderte Wiederanlaufzeit ist länger als die maximal tolerierbare Ausfallzeit.",
        "The recovery time objective is longer than the maximum tolerable outage.",
    ),
    remedy=Text(
        "Eine RTO wählen, die höchstens so lang ist wie die MTA, oder die MTA begründet ändern.",
        "Choose an RTO of at most the MTA, or change the MTA with reasons.",
    ),
    breaks=lambda: _process(mta_hours=24, rto_hours=48),
    keeps=lambda: _process(mta_hours=24, rto_hours=24),
)
def _objective_is_within_the_tolerable(target: TargetObject, _: Situation) -> Iterable[Hit]:
    if target.mta_hours is not None and target.rto_hours is not None and target.rto_hours > target.mta_hours:
        yield Hit()


@RULES.rule(
    "BCM-004",
    Severity.WARNING,
    _IMPACT,
    field="mta_hours",
    says=Text(
        "Nach den eingetragenen Schäden ist ein Ausfall ab {limit} Stunden untragbar; die MTA liegt nicht "
        "davor.",
        "By the damage recorded, an outage is intolerable from {limit} hours on; the MTA does not lie "
        "before.",
    ),
    remedy=Text(
        "Die MTA auf den Zeithorizont davor oder kürzer setzen, oder die Schäden neu einschätzen.",
        "Set the MTA to the horizon before or less, or reassess the damage.",
    ),
    breaks=lambda: _process(
        damage_over_time=_damages((8, Damage.HIGH), (24, Damage.INTOLERABLE)), mta_hours=72
    ),
    keeps=lambda: _process(
        damage_over_time=_damages((8, Damage.HIGH), (24, Damage.INTOLERABLE)), mta_hours=8
    ),
)
def _tolerable_ends_before_the_intolerable(target: TargetObject, _: Situation) -> Iterable[Hit]:
    limit = next((after for after, damage in curve(target) if damage is Damage.INTOLERABLE), None)
    if limit is not None and target.mta_hours is not None and target.mta_hours >= limit:
        yield Hit(words={"limit": str(limit)})


@RULES.rule(
    "BCM-005",
    Severity.WARNING,
    _IMPACT,
    field="damage_over_time",
    says=Text(
        "Der Schaden nach {later} Stunden ist geringer als der nach {earlier} Stunden.",
        "The damage after {later} hours is smaller than that after {earlier} hours.",
    ),
    remedy=Text(
        "Die Einschätzung prüfen: Mit der Dauer eines Ausfalls nimmt Schaden nicht ab.",
        "Check the assessment: damage does not shrink while an outage lasts.",
    ),
    breaks=lambda: _process(damage_over_time=_damages((8, Damage.HIGH), (24, Damage.LOW))),
    keeps=lambda: _process(damage_over_time=_damages((8, Damage.LOW), (24, Damage.HIGH))),
)
def _damage_grows(target: TargetObject, _: Situation) -> Iterable[Hit]:
    for (before, less), (after, more) in pairwise(curve(target)):
        if _GRADES.index(more) < _GRADES.index(less):
            yield Hit(words={"earlier": str(before), "later": str(after)})


@RULES.rule(
    "BCM-006",
    Severity.WARNING,
    _IMPACT,
    field="mta_hours",
    says=Text(
        "Der Schaden je Zeithorizont ist eingeschätzt, aber „{field}“ fehlt.",
        "Damage by time horizon is assessed, but “{field}” is missing.",
    ),
    remedy=Text(
        "MTA, RTO, RPO und Notbetriebsniveau mit dem Fachbereich festlegen; eine MTA wird vorgeschlagen.",
        "Settle MTA, RTO, RPO and emergency level with the department; an MTA is proposed.",
    ),
    breaks=lambda: _process(damage_over_time=_damages((8, Damage.HIGH))),
    keeps=lambda: _process(
        damage_over_time=_damages((8, Damage.HIGH)),
        mta_hours=24,
        rto_hours=24,
        rpo_hours=8,
        emergency_level="Dringende Anträge werden auf Papier angenommen.",
    ),
)
def _assessed_processes_have_objectives(target: TargetObject, _: Situation) -> Iterable[Hit]:
    if target.kind is ObjectKind.PROCESS and target.damage_over_time:
        for name in ("mta_hours", "rto_hours", "rpo_hours", "emergency_level"):
            if getattr(target, name) in (None, ""):
                yield Hit(words={"field": name})


@RULES.rule(
    "BCM-007",
    Severity.HINT,
    _STRATEGY,
    field="rta_hours",
    says=Text(
        "{origin} braucht das Objekt nach {needed} Stunden; ob es so schnell wieder läuft, ist nicht "
        "eingetragen.",
        "{origin} needs the object after {needed} hours; whether it recovers that fast is not recorded.",
    ),
    remedy=Text(
        "Beim Betrieb oder beim Dienstleister erfragen, in welcher Zeit das Objekt nachweislich wieder "
        "läuft.",
        "Ask operations or the provider within which time the object demonstrably runs again.",
    ),
    breaks=_system,
    keeps=lambda: _system(rta_hours=24),
)
def _recovery_time_is_known(target: TargetObject, _: Situation) -> Iterable[Hit]:
    in_use = target.status is not ObjectStatus.RETIRED and target.kind is not ObjectKind.PROCESS
    if in_use and target.needed_rto is not None and target.rta_hours is None:
        yield Hit(words={"needed": str(target.needed_rto), "origin": target.needed_rto_from})
