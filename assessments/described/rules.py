"""Whether the description of measures still says what the check found, and who stands for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final, TypedDict

from assessments.described.description import FIELD, Describing, MeasuresTaken, fingerprint
from assessments.dpia.dpia import Dpia
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.processing import MEASURES_OUTDATED, MEASURES_UNCONFIRMED, ProcessingActivity, Stage

RULES: Final[RuleBook[ProcessingActivity]] = RuleBook(ProcessingActivity)
DPIA_RULES: Final[RuleBook[Dpia]] = RuleBook(Dpia)

_COLUMNS: Final = ("confirmed_on", "confirmed_text")
_BY_ACTIVITY: Final = Reads(MeasuresTaken.__name__, "activity", _COLUMNS)
_BY_DPIA: Final = Reads(MeasuresTaken.__name__, "dpia", _COLUMNS)


class _Wording(TypedDict):
    says: Text
    remedy: Text


_OUTDATED: Final = _Wording(
    says=Text(
        "Die Beschreibung der Maßnahmen beruht auf Antworten des IT-Grundschutz-Checks, die sich seither "
        "geändert haben.",
        "The description of measures rests on answers of the IT-Grundschutz check that have changed since.",
    ),
    remedy=Text(
        "Sehen Sie sich den Unterschied an, und übernehmen Sie den neuen Stand oder behalten Sie den "
        "bisherigen Text ausdrücklich.",
        "Look at the difference, and adopt what the check says now or expressly keep the text.",
    ),
)
_UNCONFIRMED: Final = _Wording(
    says=Text(
        "Die Beschreibung der Maßnahmen stammt aus dem IT-Grundschutz-Check; der Fachbereich hat ihren "
        "heutigen Wortlaut noch nicht bestätigt.",
        "The description of measures comes from the IT-Grundschutz check; the department has not confirmed "
        "it as it reads today.",
    ),
    remedy=Text(
        "Der Fachbereich prüft, ob der Text auf seine Arbeit zutrifft, und bestätigt ihn.",
        "The department checks whether the text is true of its work, and confirms it.",
    ),
)

_TEXT: Final = "– Daten werden regelmäßig gesichert (Verfügbarkeit)."
_DAY: Final = date(2026, 3, 2)


def _example(model: type[Describing], *, outdated: bool = False, confirmed: str = _TEXT) -> Case:
    """An entry that took its measures over; the department confirmed the text *confirmed*."""
    entry = model(name="Wohngeld", measures_outdated=outdated)
    setattr(entry, FIELD[model], _TEXT)
    row = SimpleNamespace(confirmed_on=_DAY, confirmed_text=fingerprint(confirmed))
    return Case(entry, Situation(_DAY, near={MeasuresTaken.__name__: [row]}))


def _is_over(entry: Describing) -> bool:
    retired = isinstance(entry, ProcessingActivity) and entry.stage is Stage.RETIRED
    return retired or entry.state is State.ENDED


def _outdated(entry: Describing, situation: Situation) -> Iterator[Hit]:
    if situation.near.get(MeasuresTaken.__name__) and entry.measures_outdated and not _is_over(entry):
        yield Hit(task=MEASURES_OUTDATED)


def _unconfirmed(entry: Describing, situation: Situation) -> Iterator[Hit]:
    """Where the answers have changed, there is nothing to confirm yet."""
    rows: Any = situation.near.get(MeasuresTaken.__name__, ())
    if entry.measures_outdated or _is_over(entry):
        return
    text = fingerprint(getattr(entry, FIELD[type(entry)]))
    if any(row.confirmed_on is None or row.confirmed_text != text for row in rows):
        yield Hit(task=MEASURES_UNCONFIRMED)


@RULES.rule(
    "XGS-011",
    Severity.WARNING,
    "Art. 5 Abs. 2, Art. 30 Abs. 1 lit. g DSGVO",
    field="measures",
    **_OUTDATED,
    breaks=lambda: _example(ProcessingActivity, outdated=True),
    keeps=lambda: _example(ProcessingActivity),
    reads=(_BY_ACTIVITY,),
)
def _activity_is_up_to_date(activity: ProcessingActivity, situation: Situation) -> Iterator[Hit]:
    return _outdated(activity, situation)


@DPIA_RULES.rule(
    "XGS-011",
    Severity.WARNING,
    "Art. 5 Abs. 2, Art. 35 Abs. 7 lit. d DSGVO",
    field="existing_measures",
    **_OUTDATED,
    breaks=lambda: _example(Dpia, outdated=True),
    keeps=lambda: _example(Dpia),
    reads=(_BY_DPIA,),
)
def _dpia_is_up_to_date(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    return _outdated(dpia, situation)


@RULES.rule(
    "XGS-012",
    Severity.HINT,
    "Art. 5 Abs. 2, Art. 30 Abs. 1 lit. g DSGVO",
    field="measures",
    **_UNCONFIRMED,
    breaks=lambda: _example(ProcessingActivity, confirmed="Daten werden gesichert."),
    keeps=lambda: _example(ProcessingActivity),
    reads=(_BY_ACTIVITY,),
)
def _activity_is_confirmed(activity: ProcessingActivity, situation: Situation) -> Iterator[Hit]:
    return _unconfirmed(activity, situation)


@DPIA_RULES.rule(
    "XGS-012",
    Severity.HINT,
    "Art. 5 Abs. 2, Art. 35 Abs. 7 lit. d DSGVO",
    field="existing_measures",
    **_UNCONFIRMED,
    breaks=lambda: _example(Dpia, confirmed="Daten werden gesichert."),
    keeps=lambda: _example(Dpia),
    reads=(_BY_DPIA,),
)
def _dpia_is_confirmed(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    return _unconfirmed(dpia, situation)
