"""What an audit checks between an activity and the processors and controllers it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from compliance.database import folded
from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation, follows, named, opening
from registers.joint_controllers import JointControllership
from registers.processing import ProcessingActivity, Recipient, RecipientKind, Regime
from registers.processors import Processor

RULES: Final = RuleBook(ProcessingActivity)

_PROCESSORS: Final = follows(ProcessingActivity, "processors", ("name", "third_country"))
_JOINT: Final = follows(ProcessingActivity, "joint_controllerships", ("partners",))


def _newsletter(processor: Processor, *joint: JointControllership, **facts: Any) -> Case:
    activity = ProcessingActivity(name="Newsletter der Stadt", **facts)
    near = {"Processor": [processor], "JointControllership": joint}
    return Case(activity, Situation(date(2026, 3, 2), near=near))


@RULES.rule(
    "TRF-007",
    Severity.ERROR,
    "Art. 30 Abs. 1 lit. e DSGVO",
    field="third_country",
    says=Text(
        "Eine Übermittlung in ein Drittland ist verneint, aber „{what}“ hat den Sitz, einen Ort der "
        "Verarbeitung oder einen weiteren Auftragsverarbeiter außerhalb des Europäischen Wirtschaftsraums.",
        "A transfer to a third country is denied, but “{what}” has its seat, a place of processing or a "
        "further processor outside the European Economic Area.",
    ),
    remedy=Text(
        "Die Frage nach dem Drittland mit „ja“ beantworten und die Übermittlung erläutern. Erreichen Daten "
        "dieser Tätigkeit das Drittland nicht, das mit dem Auftragsverarbeiter vereinbaren und dort den Ort "
        "berichtigen.",
        "Answer the question about third countries “yes” and explain the transfer. If data of this activity "
        "do not reach the third country, agree that with the processor and correct the place there.",
    ),
    reads=(_PROCESSORS,),
    breaks=lambda: _newsletter(Processor(name="Mailings Inc.", third_country=True), third_country=False),
    keeps=lambda: _newsletter(Processor(name="Mailings Inc.", third_country=True), third_country=True),
)
def _no_processor_transfers(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    if activity.third_country is not False or activity.regime is Regime.POLICE:
        return
    for processor in situation.near.get("Processor", ()):
        if processor.third_country:
            yield Hit(words={"what": opening(processor.name)})


@RULES.rule(
    "AVV-010",
    Severity.WARNING,
    "Art. 4 Nr. 7 bis 10, Art. 26, 28 DSGVO",
    field="recipients",
    says=Text(
        "„{what}“ ist zugleich als Auftragsverarbeiter genannt; für dieselbe Verarbeitung schließen sich die "
        "Rollen aus.",
        "“{what}” is named as a processor too; for the same processing the roles exclude each other.",
    ),
    remedy=Text(
        "Klären, ob die Stelle auf Weisung handelt oder selbst entscheidet, und sie nur in dieser Rolle "
        "nennen. Für eigene Zwecke des Auftragsverarbeiters braucht die Übermittlung eine Rechtsgrundlage.",
        "Clarify whether the body acts on instructions or decides itself, and name it in that role only. For "
        "purposes of the processor's own, the disclosure needs a legal basis.",
    ),
    reads=(_PROCESSORS, _JOINT),
    breaks=lambda: _newsletter(
        Processor(name="Mailings Inc."),
        recipients=[Recipient(text="Mailings Inc., Madison", kind=RecipientKind.COMPANY)],
    ),
    keeps=lambda: _newsletter(
        Processor(name="Mailings Inc."),
        JointControllership(name="Gemeinsamer Auftritt", partners="Tourismus GmbH"),
        recipients=[Recipient(text="Pressestelle", kind=RecipientKind.INTERNAL)],
    ),
)
def _roles_are_clear(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    processors = [one.name for one in situation.near.get("Processor", ()) if one.name]
    for recipient, what in named(activity.recipients):
        if recipient.kind is not RecipientKind.INTERNAL and _says_one_of(processors, recipient.text):
            yield Hit(recipient, {"what": what})
    for joint in situation.near.get("JointControllership", ()):
        yield from (Hit(words={"what": opening(name)}) for name in _said_by(processors, joint.partners))


def _says_one_of(names: Iterable[str], text: str) -> bool:
    return next(_said_by(names, text), None) is not None


def _said_by(names: Iterable[str], text: str) -> Iterator[str]:
    """Those of *names* that stand in *text* as words of their own."""
    words = folded(text)
    for name in names:
        if re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", words):
            yield name
