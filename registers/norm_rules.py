"""What an audit checks about the norms on which processing rests, and about the shipped lists of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, cast

from dateutil.relativedelta import relativedelta

from compliance.database import now
from compliance.entry import State
from compliance.language import LOCAL_TIME, Text
from compliance.rules import Case, Heeds, Hit, Rule, RuleBook, Severity, Situation
from registers import countries, library
from registers.authority import Authority
from registers.norms import Level, Norm, NormKind
from registers.processing import (
    NORM_CHANGED,
    NORM_ENDED,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Stage,
)

_ACTIVITIES: Final = RuleBook(ProcessingActivity)
_AUTHORITIES: Final = RuleBook(Authority)

_TODAY: Final = date(2026, 3, 2)


@dataclass(frozen=True)
class Citation:
    """A norm that an activity cites, and the row that does, if it is one."""

    norm: Norm
    purpose: Purpose | None


def citations(activity: ProcessingActivity) -> Iterator[Citation]:
    """The norms that *activity* chose, first those of its purposes."""
    for purpose in activity.purposes:
        if purpose.law is not None:
            yield Citation(purpose.law, purpose)
    for norm in activity.norms:
        yield Citation(norm, None)


def _hits(activity: ProcessingActivity, broken: Callable[[Norm], bool], task: str = "") -> Iterator[Hit]:
    for citation in citations(activity):
        if broken(citation.norm):
            yield Hit(citation.purpose, {"what": citation.norm.name}, task=task)


def _is_over(activity: ProcessingActivity) -> bool:
    """What has ended rested on the law of its time."""
    return activity.stage is Stage.RETIRED or activity.state is State.ENDED


def _fees(law: Norm, **facts: Any) -> ProcessingActivity:
    purpose = Purpose(
        text="Erhebung der Benutzungsgebühren", legal_basis=LegalBasis.PUBLIC_TASK, law=law, norm="§ 3"
    )
    return ProcessingActivity(name="Gebühren der Stadtbibliothek", purposes=[purpose], **facts)


def _bylaw(**facts: Any) -> Norm:
    return Norm(name="Gebührensatzung Bibliothek", level=Level.OWN, kind=NormKind.BYLAW, **facts)


@_ACTIVITIES.rule(
    "NRM-001",
    Severity.WARNING,
    "Art. 6 Abs. 3 DSGVO",
    field="purposes",
    says=Text(
        "Die Tätigkeit beruht auf „{what}“; diese Vorschrift gilt noch nicht oder nicht mehr.",
        "The activity rests on “{what}”; this norm is not in force yet or any more.",
    ),
    remedy=Text(
        "Die Vorschrift wählen, die an ihre Stelle getreten ist, und prüfen, ob Zweck, Daten und Fristen "
        "noch von ihr gedeckt sind. Gibt es keine, die Verarbeitung beenden.",
        "Choose the norm that took its place and check whether it still covers purpose, data and periods. If "
        "there is none, end the processing.",
    ),
    heeds=(Heeds("Norm", ("name", "valid_from", "valid_until", "repealed")),),
    breaks=lambda: _fees(_bylaw(valid_until=date(2025, 12, 31))),
    keeps=lambda: _fees(_bylaw(valid_from=date(2026, 1, 1))),
)
def _norm_is_in_force(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    if _is_over(activity):
        return ()
    return _hits(activity, lambda norm: not norm.in_force(situation.today), NORM_ENDED)


@_ACTIVITIES.rule(
    "NRM-002",
    Severity.HINT,
    "Art. 6 Abs. 3, Art. 5 Abs. 2 DSGVO",
    field="norms",
    says=Text(
        "Die Angaben zu „{what}“ in der Bibliothek der Rechtsgrundlagen sind ungeprüft.",
        "What the library of legal norms says of “{what}” is unchecked.",
    ),
    remedy=Text(
        "Die Angaben mit dem Text der Vorschrift vergleichen und den Tag im Eintrag der Vorschrift "
        "festhalten; oder die Fachseite bestätigt die Vorschriften dieser Tätigkeit.",
        "Compare the facts with the text of the norm and note the day in the entry of the norm; or let the "
        "department confirm the norms of this activity.",
    ),
    heeds=(Heeds("Norm", ("name", "checked_on")),),
    breaks=lambda: _fees(Norm(name="KAG SH", level=Level.LAND), state=State.REVIEW),
    keeps=lambda: _fees(
        Norm(name="KAG SH", level=Level.LAND, checked_on=date(2026, 2, 2)), state=State.REVIEW
    ),
)
def _norm_is_checked(activity: ProcessingActivity, _: Situation) -> Iterable[Hit]:
    asked = activity.state in (State.REVIEW, State.RELEASED)
    if not asked or activity.norms_confirmed_on is not None or _is_over(activity):
        return ()
    # Whoever decided on an own rule knows what it says.
    return _hits(activity, lambda norm: norm.checked_on is None and norm.level is not Level.OWN)


@_ACTIVITIES.rule(
    "NRM-003",
    Severity.WARNING,
    "Art. 24 Abs. 1 Satz 2 DSGVO",
    field="norms",
    says=Text(
        "„{what}“ gilt in neuer Fassung; die Tätigkeit wurde seither nicht überprüft.",
        "There is a new version of “{what}”; the activity has not been looked at since.",
    ),
    remedy=Text(
        "Prüfen, ob Zwecke, Daten, Empfänger und Fristen noch stimmen, und die Tätigkeit ändern oder ihre "
        "Vorschriften bestätigen.",
        "Check whether purposes, data, recipients and periods are still right, and change the activity or "
        "confirm its norms.",
    ),
    heeds=(Heeds("Norm", ("name", "version_on")),),
    breaks=lambda: _fees(
        _bylaw(version_on=date(2026, 1, 1)), changed_at=datetime(2025, 6, 1, 12, tzinfo=LOCAL_TIME)
    ),
    keeps=lambda: _fees(
        _bylaw(version_on=date(2026, 1, 1)),
        changed_at=datetime(2025, 6, 1, 12, tzinfo=LOCAL_TIME),
        norms_confirmed_on=date(2026, 1, 12),
    ),
)
def _version_is_known(activity: ProcessingActivity, situation: Situation) -> Iterable[Hit]:
    if _is_over(activity):
        return ()
    seen = _last_seen(activity)
    return _hits(activity, lambda norm: _has_new_version(norm, seen, situation.today), NORM_CHANGED)


def _last_seen(activity: ProcessingActivity) -> datetime:
    """When somebody last saved the activity or confirmed its norms."""
    # An entry that was never saved has no such moment, whatever its type promises.
    saved = cast("datetime | None", activity.changed_at) or now()
    if activity.norms_confirmed_on is None:
        return saved
    return max(saved, datetime.combine(activity.norms_confirmed_on, time.max, LOCAL_TIME))


def _has_new_version(norm: Norm, seen: datetime, today: date) -> bool:
    """Whether a version applies that nobody could know, or that nobody had entered, when last seen."""
    if norm.version_on is None or norm.version_on > today:
        return False
    begins = datetime.combine(norm.version_on, time.min, LOCAL_TIME)
    return seen < max(begins, norm.change_noted_at or begins)


# --- Shipped lists -------------------------------------------------------------------------------

_KEEPS_FOR: Final = relativedelta(months=12)


@_AUTHORITIES.rule(
    "GOV-005",
    Severity.HINT,
    "Art. 24 Abs. 1 Satz 2, Art. 45 DSGVO",
    field="name",
    says=Text(
        "Mitgelieferte Stammdaten sind älter als zwölf Monate. Stand der Angemessenheitsbeschlüsse: "
        "{countries}; Stand der Rechtsgrundlagen: {norms}.",
        "Shipped lists are older than twelve months. Adequacy decisions as of {countries}; legal norms as of "
        "{norms}.",
    ),
    remedy=Text(
        "Nachweis auf den neuesten Stand bringen und danach die Bibliothek der Rechtsgrundlagen übernehmen. "
        "Bis dahin Angemessenheitsbeschlüsse und Vorschriften im Zweifel selbst nachsehen.",
        "Update Nachweis and then take over the library of legal norms. Until then, look up adequacy "
        "decisions and norms yourself where in doubt.",
    ),
    breaks=lambda: Case(Authority(name="Stadt Musterhafen"), Situation(date(2028, 1, 3))),
    keeps=lambda: Case(Authority(name="Stadt Musterhafen"), Situation(_TODAY)),
)
def _lists_are_fresh(_authority: Authority, situation: Situation) -> Iterable[Hit]:
    gathered = {"countries": countries.GATHERED, "norms": library.oldest()}
    if any(day + _KEEPS_FOR < situation.today for day in gathered.values()):
        yield Hit(words={name: f"{day.month:02}/{day.year}" for name, day in gathered.items()})


RULES: Final[tuple[Rule[Any], ...]] = (*_AUTHORITIES, *_ACTIVITIES)
