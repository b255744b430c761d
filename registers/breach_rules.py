"""What an audit checks about every personal data breach, Art. 33 and 34 GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from compliance.fields import is_empty
from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation
from registers.breaches import (
    Breach,
    BreachedData,
    BreachNotice,
    CommunicationException,
    Nature,
    NoticeKind,
    Risk,
)
from registers.processing import ProcessingActivity, Subjects

RULES: Final = RuleBook(Breach)


def _at(day: int, hour: int = 9) -> datetime:
    """An hour of an example, in March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


_NOTEBOOK: Final[dict[str, Any]] = {
    "name": "Notebook des Außendienstes gestohlen",
    "detected": _at(2),
    "aware": _at(2),
}


def _example(**values: Any) -> Breach:
    """The example as it lies in the register, with its deadlines."""
    breach = Breach(**(_NOTEBOOK | values))
    breach.derive()
    return breach


def _seen(breach: Breach, day: int) -> Case:
    return Case(breach, Situation(date(2026, 3, day)))


def _notice(kind: NoticeKind, day: int) -> BreachNotice:
    return BreachNotice(kind=kind, sent_at=_at(day))


@RULES.rule(
    "DPB-001",
    Severity.ERROR,
    "Art. 33 Abs. 1 DSGVO",
    field="notices",
    says=Text(
        "72 Stunden nach Bekanntwerden ist weder gemeldet noch entschieden, dass kein Risiko besteht.",
        "72 hours after the breach became known it is neither notified nor decided that there is no risk.",
    ),
    remedy=Text(
        "Sofort melden, auch unvollständig, und die Gründe der Verzögerung angeben; oder die Leitung "
        "entscheiden lassen, dass voraussichtlich kein Risiko besteht.",
        "Notify at once, even if incomplete, with the reasons for the delay; or let management decide that "
        "a risk is unlikely.",
    ),
    breaks=lambda: _seen(_example(), 6),
    keeps=lambda: _seen(_example(notices=[_notice(NoticeKind.INITIAL, 4)]), 6),
)
def _is_notified_or_decided(breach: Breach, situation: Situation) -> Iterable[Hit]:
    if breach.clock_runs and breach.notify_by is not None and situation.now > breach.notify_by:
        yield Hit()


@RULES.rule(
    "DPB-002",
    Severity.ERROR,
    "Art. 33 Abs. 1 Satz 2 DSGVO",
    field="late_reason",
    says=Text(
        "Die Verletzung wurde verspätet gemeldet, ohne dass die Gründe der Verzögerung festgehalten sind.",
        "The breach was notified late, and the reasons for the delay are not recorded.",
    ),
    remedy=Text(
        "Die Gründe der Verzögerung eintragen und der Aufsichtsbehörde mitteilen.",
        "Enter the reasons for the delay and tell the authority.",
    ),
    breaks=lambda: _example(notices=[_notice(NoticeKind.COMPLETE, 9)]),
    keeps=lambda: _example(
        notices=[_notice(NoticeKind.COMPLETE, 9)],
        late_reason="Der Verlust war zunächst als bloßes Verlegen gemeldet worden.",
    ),
)
def _delay_has_reasons(breach: Breach, _: Situation) -> Iterable[Hit]:
    late = breach.notified and breach.notify_latest and breach.notified > breach.notify_latest
    if late and not breach.late_reason.strip():
        yield Hit()


@RULES.rule(
    "DPB-003",
    Severity.ERROR,
    "Art. 33 Abs. 1, 5 DSGVO",
    field="risk_reason",
    says=Text(
        "Es ist entschieden, dass kein Risiko besteht, aber eine Begründung fehlt.",
        "It is decided that there is no risk, but reasons are missing.",
    ),
    remedy=Text(
        "Die Leitung entscheidet erneut und begründet, warum die Verletzung voraussichtlich nicht zu einem "
        "Risiko führt.",
        "Management decides again and says why the breach is unlikely to result in a risk.",
    ),
    breaks=lambda: _example(risk=Risk.NONE),
    keeps=lambda: _example(
        risk=Risk.NONE, risk_reason="Die Festplatte ist nach Stand der Technik verschlüsselt."
    ),
)
def _absence_of_risk_has_reasons(breach: Breach, _: Situation) -> Iterable[Hit]:
    if breach.risk is Risk.NONE and not breach.risk_reason.strip():
        yield Hit()


@RULES.rule(
    "DPB-004",
    Severity.ERROR,
    "Art. 34 Abs. 1, 3 DSGVO",
    field="subjects_informed",
    says=Text(
        "Das Risiko ist voraussichtlich hoch, aber die betroffenen Personen sind nicht benachrichtigt, und "
        "eine Ausnahme ist nicht genannt.",
        "The risk is likely to be high, but the persons concerned are not informed, and no exception is "
        "named.",
    ),
    remedy=Text(
        "Die betroffenen Personen unverzüglich in klarer Sprache benachrichtigen oder die Ausnahme mit ihrer "
        "Begründung eintragen.",
        "Inform the persons concerned without undue delay in plain language, or enter the exception with its "
        "reasons.",
    ),
    breaks=lambda: _example(risk=Risk.HIGH),
    keeps=lambda: _example(risk=Risk.HIGH, exception=CommunicationException.PROTECTED),
)
def _persons_are_informed(breach: Breach, _: Situation) -> Iterable[Hit]:
    if breach.risk is Risk.HIGH and breach.subjects_informed is None and breach.exception is None:
        yield Hit()


_NOTIFIED_CONTENT: Final = (
    "description",
    "natures",
    "subjects",
    "subject_count",
    "data_kinds",
    "record_count",
    "consequences",
    "measures_taken",
)
"""What Art. 33 (3) asks for; name and contact of the data protection officer stand on the front sheet."""

_COMPLETE: Final[dict[str, Any]] = {
    "description": "Das Gerät lag im Kofferraum und wurde in der Nacht gestohlen.",
    "natures": (Nature.CONFIDENTIALITY,),
    "subjects": (Subjects.RESIDENTS,),
    "subject_count": 40,
    "data_kinds": (BreachedData.IDENTITY,),
    "record_count": 40,
    "consequences": "Unbefugte könnten Anschriften lesen.",
    "measures_taken": "Das Gerät wurde aus der Ferne gesperrt.",
}


@RULES.rule(
    "DPB-005",
    Severity.WARNING,
    "Art. 33 Abs. 3, 4 DSGVO",
    field="notices",
    says=Text(
        "Die Meldung an die Aufsichtsbehörde ist noch nicht vollständig; offen ist „{field}“.",
        "The notification to the authority is not complete yet; “{field}” is open.",
    ),
    remedy=Text(
        "Die Angabe ergänzen, nachmelden und die vollständige Meldung eintragen.",
        "Complete the information, send a follow-up and enter the complete notification.",
    ),
    breaks=lambda: _example(notices=[_notice(NoticeKind.INITIAL, 4)], follow_up_on=date(2026, 3, 1)),
    keeps=lambda: _example(**_COMPLETE, notices=[_notice(NoticeKind.COMPLETE, 4)]),
)
def _notification_is_complete(breach: Breach, situation: Situation) -> Iterable[Hit]:
    if breach.notified is None:
        return
    for name in _NOTIFIED_CONTENT:
        if is_empty(getattr(breach, name)):
            yield Hit(words={"field": name})
    overdue = breach.follow_up_on is not None and breach.follow_up_on < situation.today
    if overdue and not breach.is_fully_notified:
        yield Hit(words={"field": "follow_up_on"})


@RULES.rule(
    "DPB-006",
    Severity.ERROR,
    "Art. 33 Abs. 5 DSGVO",
    field="effects",
    says=Text(
        "Das Verzeichnis der Verletzungen muss Auswirkungen und Abhilfe festhalten; „{field}“ ist leer.",
        "The register of breaches must record effects and remedial action; “{field}” is empty.",
    ),
    remedy=Text(
        "Eintragen, was eingetreten ist und was unternommen wurde, auch wenn nicht gemeldet wird.",
        "Enter what happened and what was done, even where the breach is not notified.",
    ),
    breaks=_example,
    keeps=lambda: _example(effects="Keine bekannt.", measures_taken="Das Gerät wurde gesperrt."),
)
def _effects_and_remedies_are_documented(breach: Breach, _: Situation) -> Iterable[Hit]:
    for name in ("effects", "measures_taken"):
        if not getattr(breach, name).strip():
            yield Hit(words={"field": name})


_ORDERS: Final = (
    ("occurred_from", "occurred_to"),
    ("occurred_from", "detected", "aware", "notified"),
    ("aware", "subjects_informed"),
    ("aware", "decided_at"),
    ("processor_aware", "processor_informed"),
    ("detected", "closed"),
)
"""Moments that can only follow each other in this order."""


@RULES.rule(
    "DPB-007",
    Severity.ERROR,
    "Art. 33 Abs. 5, Art. 5 Abs. 1 lit. d DSGVO",
    field="detected",
    says=Text(
        "„{field}“ liegt in der Zukunft oder vor einem Zeitpunkt, der vorausgehen muss.",
        "“{field}” lies in the future or before a moment that must precede it.",
    ),
    remedy=Text("Die Zeitpunkte prüfen und berichtigen.", "Check and correct the moments."),
    breaks=lambda: _seen(_example(aware=_at(1)), 2),
    keeps=lambda: _seen(_example(), 2),
)
def _moments_follow_each_other(breach: Breach, situation: Situation) -> Iterable[Hit]:
    wrong = {name: None for order in _ORDERS for name in _too_early(breach, order)}
    moments = dict.fromkeys(name for order in _ORDERS for name in order)
    wrong |= {name: None for name in moments if (at := getattr(breach, name)) and at > situation.now}
    for name in wrong:
        yield Hit(words={"field": name})


def _too_early(breach: Breach, order: Iterable[str]) -> Iterable[str]:
    known = [(name, at) for name in order if (at := getattr(breach, name)) is not None]
    return [later for (_, before), (later, after) in pairwise(known) if after < before]


_AT_ONCE: Final = timedelta(hours=24)
"""How long a processor may take at most to be called prompt."""


@RULES.rule(
    "DPB-008",
    Severity.WARNING,
    "Art. 33 Abs. 2 DSGVO",
    field="processor_informed",
    says=Text(
        "Der Auftragsverarbeiter hat mehr als 24 Stunden gebraucht, um die Verletzung mitzuteilen.",
        "The processor took more than 24 hours to tell of the breach.",
    ),
    remedy=Text(
        "Beim Auftragsverarbeiter rügen und die Meldewege im Vertrag prüfen.",
        "Object to the processor and check the reporting channels in the contract.",
    ),
    breaks=lambda: _example(processor_aware=_at(1), processor_informed=_at(3)),
    keeps=lambda: _example(processor_aware=_at(1), processor_informed=_at(1, 15)),
)
def _processor_informs_at_once(breach: Breach, _: Situation) -> Iterable[Hit]:
    known, told = breach.processor_aware, breach.processor_informed
    if known and told and told - known > _AT_ONCE:
        yield Hit()


@RULES.rule(
    "DPB-009",
    Severity.WARNING,
    "Art. 35 Abs. 11, Art. 32 DSGVO",
    field="reviewed",
    says=Text(
        "Die Verletzung hat ein Risiko gezeigt, aber Folgenabschätzung und Maßnahmen der betroffenen "
        "Tätigkeiten sind nicht überprüft.",
        "The breach revealed a risk, but impact assessment and measures of the activities affected were not "
        "reviewed.",
    ),
    remedy=Text(
        "Bei jeder betroffenen Tätigkeit Folgenabschätzung und Maßnahmen überprüfen und dies bestätigen.",
        "Review impact assessment and measures of each activity affected, and confirm it.",
    ),
    breaks=lambda: _example(risk=Risk.RISK, activities=[ProcessingActivity(name="Außendienst der Kämmerei")]),
    keeps=lambda: _example(
        risk=Risk.RISK, activities=[ProcessingActivity(name="Außendienst der Kämmerei")], reviewed=True
    ),
)
def _activities_are_reviewed(breach: Breach, _: Situation) -> Iterable[Hit]:
    risky = breach.risk in (Risk.RISK, Risk.HIGH)
    if risky and breach.activities and breach.reviewed is not True:
        yield Hit()


@RULES.rule(
    "DPB-010",
    Severity.ERROR,
    "§ 83a SGB X",
    field="supervision_informed",
    says=Text(
        "Die Verletzung betrifft Sozialdaten und ist gemeldet, aber die Rechts- oder Fachaufsicht ist nicht "
        "unterrichtet.",
        "The breach concerns social data and is notified, but the legal or technical supervision is not "
        "informed.",
    ),
    remedy=Text(
        "Die Rechts- oder Fachaufsicht unterrichten; sie steht auf dem Vorblatt.",
        "Inform the legal or technical supervision; it is named on the front sheet.",
    ),
    breaks=lambda: _example(social=True, notices=[_notice(NoticeKind.COMPLETE, 4)]),
    keeps=lambda: _example(
        social=True, notices=[_notice(NoticeKind.COMPLETE, 4)], supervision_informed=_at(4, 11)
    ),
)
def _supervision_knows_of_social_data(breach: Breach, _: Situation) -> Iterable[Hit]:
    if breach.social is True and breach.notified is not None and breach.supervision_informed is None:
        yield Hit()


@RULES.rule(
    "DPB-011",
    Severity.ERROR,
    "Art. 33 Abs. 1, Art. 5 Abs. 2 DSGVO",
    field="aware_reason",
    says=Text(
        "„Bekannt geworden“ liegt nach der ersten Wahrnehmung, ohne dass dies begründet ist. Die Frist wird "
        "deshalb ab der ersten Wahrnehmung gerechnet.",
        "“Became known” is later than the first notice, and no reason is given. The period is therefore "
        "counted from the first notice.",
    ),
    remedy=Text(
        "Begründen, warum erst später hinreichend sicher war, dass Daten verletzt sind, oder den Zeitpunkt "
        "berichtigen.",
        "Say why it was only later reasonably certain that data were breached, or correct the moment.",
    ),
    breaks=lambda: _seen(_example(aware=_at(3)), 4),
    keeps=lambda: _seen(
        _example(aware=_at(3), aware_reason="Am 2. März stand nur fest, dass der Server nicht antwortet."), 4
    ),
)
def _later_start_has_reasons(breach: Breach, _: Situation) -> Iterable[Hit]:
    if (
        breach.aware
        and breach.detected
        and breach.aware > breach.detected
        and not breach.aware_reason.strip()
    ):
        yield Hit()
