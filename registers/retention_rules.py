"""What an audit checks in the rules of erasure, DIN 66398 and Art. 5 (1) (e) GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from compliance.entry import State
from compliance.fields import Span, TimeUnit
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.processing import Stage, StartType
from registers.retention import Appraisal, DeletionRun, RetentionRule, length

RULES: Final = RuleBook(RetentionRule)

_DAY: Final = date(2026, 3, 2)
_GRACE: Final = 366
"""Days after the end of a period within which a run must have taken place."""

_SAME_KIND: Final = Reads("RetentionRule", "kind_key", ("id", "number", "state"), at="kind_key")
_ACTIVITIES: Final = Reads("ProcessingActivity", "data.retention_rule", ("stage", "state", "since"))


@dataclass(frozen=True)
class _Other:
    """Another rule about the same kind of data, for examples."""

    id: str
    number: int
    state: State = State.DRAFT


@dataclass(frozen=True)
class _Using:
    """An activity under the rule, for examples."""

    stage: Stage
    state: State = State.DRAFT
    since: date | None = None


def _in_use(rule: RetentionRule, *activities: _Using) -> Case:
    return Case(rule, Situation(_DAY, near={"ProcessingActivity": activities}))


@RULES.rule(
    "LOE-001",
    Severity.ERROR,
    "Art. 5 Abs. 1 lit. e DSGVO, DIN 66398",
    field="name",
    says=Text(
        "Für diese Datenart gibt es mehrere Löschregeln: auch {others}.",
        "There are several rules of erasure for this kind of data: also {others}.",
    ),
    remedy=Text(
        "Für jede Datenart gilt genau eine Regel. Die Regeln zusammenführen, oder die Datenarten so "
        "benennen, dass sie sich unterscheiden, und die überzählige Regel beenden.",
        "Exactly one rule holds for each kind of data. Merge the rules, or name the kinds of data so that "
        "they differ, and end the surplus rule.",
    ),
    reads=(_SAME_KIND,),
    breaks=lambda: Case(
        RetentionRule(name="Wohngeldakten"),
        Situation(_DAY, near={"RetentionRule": [_Other("andere", 7)]}),
    ),
    keeps=lambda: Case(RetentionRule(name="Wohngeldakten"), Situation(_DAY, near={"RetentionRule": []})),
)
def _one_rule_for_each_kind(rule: RetentionRule, situation: Situation) -> Iterable[Hit]:
    alike = situation.near.get("RetentionRule", ())
    others = [one for one in alike if one.id != rule.id and one.state is not State.ENDED]
    if others and rule.state is not State.ENDED:
        names = sorted(RetentionRule.designate(one.number) for one in others)
        yield Hit(words={"others": ", ".join(names)})


def _used(situation: Situation) -> list[Any]:
    return list(situation.near.get("ProcessingActivity", ()))


def _is_retired(activity: Any) -> bool:
    return activity.stage is Stage.RETIRED or activity.state is State.ENDED


@RULES.rule(
    "LOE-002",
    Severity.WARNING,
    "Art. 5 Abs. 1 lit. e, Abs. 2, Art. 17 Abs. 1 lit. a DSGVO",
    field="runs",
    says=Text(
        "Es ist nicht nachgewiesen, dass gelöscht wurde: Eine Tätigkeit ist abgelöst oder die Frist seit "
        "mehr als einem Jahr verstrichen, ohne dass ein Löschlauf verzeichnet ist.",
        "There is no evidence of erasure: an activity is retired or the period expired more than a year "
        "ago, and no deletion run is on record.",
    ),
    remedy=Text(
        "Löschen und den Löschlauf mit Tag und Fundstelle des Protokolls eintragen. Muss die Löschung "
        "ruhen, die Aussetzung mit Grund und Enddatum festhalten.",
        "Erase and enter the deletion run with its day and the location of its protocol. Where erasure has "
        "to rest, record the suspension with its reason and end.",
    ),
    reads=(_ACTIVITIES,),
    breaks=lambda: _in_use(
        RetentionRule(name="Parkausweise alt", period=Span(2, TimeUnit.Y)), _Using(Stage.RETIRED)
    ),
    keeps=lambda: _in_use(
        RetentionRule(
            name="Parkausweise alt",
            period=Span(2, TimeUnit.Y),
            runs=[DeletionRun(what="Jahrgänge bis 2023", on=date(2026, 1, 12))],
        ),
        _Using(Stage.RETIRED),
    ),
)
def _erasure_is_shown(rule: RetentionRule, situation: Situation) -> Iterable[Hit]:
    on_hold = any(hold.until is not None and hold.until >= situation.today for hold in rule.holds)
    if not on_hold and (_awaits_first_run(rule, situation) or _is_late(rule, situation)):
        yield Hit()


def _awaits_first_run(rule: RetentionRule, situation: Situation) -> bool:
    gone = rule.state is State.ENDED or any(_is_retired(activity) for activity in _used(situation))
    return gone and not any(run.on for run in rule.runs)


def _is_late(rule: RetentionRule, situation: Situation) -> bool:
    """Whether data must be older than the period and a year of grace, and nothing was erased since."""
    runs = [run.on for run in rule.runs if run.on]
    begun = [activity.since for activity in _used(situation) if activity.since]
    since = max(runs) if runs else min(begun, default=None)
    if since is None or rule.period is None:
        return False
    return (situation.today - since).days > length(rule.period) + _GRACE


@RULES.rule(
    "LOE-003",
    Severity.ERROR,
    "Art. 5 Abs. 1 lit. e DSGVO, DIN 66398",
    field="minimum",
    says=Text(
        "Die Vorhaltefrist ist länger als die Regellöschfrist.",
        "The minimum holding period is longer than the standard deletion period.",
    ),
    remedy=Text(
        "Die Regellöschfrist verlängern, wenn die Fachaufgabe die Daten wirklich so lange braucht; sonst "
        "die Vorhaltefrist berichtigen.",
        "Extend the standard period if the task really needs the data for so long; else correct the minimum "
        "holding period.",
    ),
    breaks=lambda: RetentionRule(
        name="Bewerbungsunterlagen", period=Span(6, TimeUnit.M), minimum=Span(1, TimeUnit.Y)
    ),
    keeps=lambda: RetentionRule(
        name="Bewerbungsunterlagen", period=Span(12, TimeUnit.M), minimum=Span(1, TimeUnit.Y)
    ),
)
def _needed_no_longer_than_kept(rule: RetentionRule, _: Situation) -> Iterable[Hit]:
    if rule.minimum and rule.period and length(rule.minimum) > length(rule.period):
        yield Hit()


@RULES.rule(
    "LOE-004",
    Severity.WARNING,
    "Art. 17 Abs. 3 lit. d DSGVO, Landesarchivgesetz",
    field="offered",
    says=Text(
        "Ob die Unterlagen vor dem Löschen in das Archiv kommen, ist nicht entschieden: „{field}“ fehlt.",
        "Whether the records go to the archive before erasure is not decided: “{field}” is missing.",
    ),
    remedy=Text(
        "Festlegen, ob dem Archiv angeboten wird, und die Bewertung des Archivs einholen; ohne Angebot den "
        "Grund nennen.",
        "State whether the records are offered to the archive and obtain its appraisal; without an offer, "
        "give the reason.",
    ),
    breaks=lambda: RetentionRule(name="Ratsprotokolle", offered=True, appraisal=Appraisal.OPEN),
    keeps=lambda: RetentionRule(name="Ratsprotokolle", offered=True, appraisal=Appraisal.WORTHY),
)
def _archive_has_decided(rule: RetentionRule, _: Situation) -> Iterable[Hit]:
    if rule.offered is None:
        yield Hit(words={"field": "offered"})
    elif rule.offered and rule.appraisal in (None, Appraisal.OPEN):
        yield Hit(words={"field": "appraisal"})
    elif not rule.offered and not rule.not_offered.strip():
        yield Hit(words={"field": "not_offered"})


@RULES.rule(
    "LOE-005",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. f, Art. 5 Abs. 1 lit. e DSGVO",
    field="period",
    says=Text(
        "Nach dieser Löschregel wird nie gelöscht: „{field}“ fehlt.",
        "Under this rule, data are never erased: “{field}” is missing.",
    ),
    remedy=Text(
        "Regellöschfrist und Fristbeginn eintragen; sie gelten für jede Tätigkeit, die diese Regel nennt.",
        "Enter the standard period and its start; they hold for every activity that names this rule.",
    ),
    breaks=lambda: RetentionRule(name="Hundesteuerakten"),
    keeps=lambda: RetentionRule(
        name="Hundesteuerakten", period=Span(10, TimeUnit.Y), start_type=StartType.END_OF_CASE
    ),
)
def _rule_has_period_and_start(rule: RetentionRule, _: Situation) -> Iterable[Hit]:
    if rule.period is None:
        yield Hit(words={"field": "period"})
    elif rule.start_type is None and not rule.start_event.strip():
        yield Hit(words={"field": "start_type"})
