"""What an audit asks of an activity that was begun from a sample (Muster)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation
from registers.processing import OpenPoint, ProcessingActivity
from registers.samples import newer_sample, sample

RULES: Final = RuleBook(ProcessingActivity)


@RULES.rule(
    "MUS-001",
    Severity.WARNING,
    "Art. 5 Abs. 2, Art. 24 Abs. 1 DSGVO",
    field="open_points",
    says=Text(
        "Aus dem Muster sind noch nicht alle Punkte entschieden; offen: {count}.",
        "Not all points of the sample are decided yet; open: {count}.",
    ),
    remedy=Text(
        "Jeden offenen Punkt des Musters klären, im Eintrag umsetzen und als entschieden kennzeichnen. "
        "Ein Muster ist ein Vorschlag; was gilt, legt die Fachseite fest.",
        "Settle each open point of the sample, let the entry say so and mark it as decided. "
        "A sample is a proposal; the department determines what holds.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Hundesteuer",
        open_points=[OpenPoint(text="Die Satzung ist mit Datum und Fundstelle einzutragen.")],
    ),
    keeps=lambda: ProcessingActivity(
        name="Hundesteuer",
        open_points=[
            OpenPoint(
                text="Die Satzung ist mit Datum und Fundstelle einzutragen.",
                decided=True,
                decision="Hundesteuersatzung vom 12.12.2024, Ortsrecht 2.7",
            )
        ],
    ),
)
def _points_are_decided(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    undecided = sum(point.decided is not True for point in activity.open_points)
    if undecided:
        yield Hit(words={"count": str(undecided)})


@RULES.rule(
    "MUS-002",
    Severity.HINT,
    "Art. 24 Abs. 1 Satz 2 DSGVO",
    field="sample_version",
    says=Text(
        "Das Muster hat eine neue Fassung vom {day}.",
        "The sample has a new wording of {day}.",
    ),
    remedy=Text(
        "Die Fassungen vergleichen und entscheiden, welche Änderungen übernommen werden.",
        "Compare the wordings and decide which changes to take over.",
    ),
    breaks=lambda: ProcessingActivity(
        name="Hundesteuer", sample_id="dog-tax", sample_version=date(2025, 1, 1)
    ),
    keeps=lambda: ProcessingActivity(
        name="Hundesteuer", sample_id="dog-tax", sample_version=sample("dog-tax").version
    ),
)
def _rests_on_the_latest_wording(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    if newer := newer_sample(activity):
        yield Hit(words={"day": newer.version.isoformat()})
