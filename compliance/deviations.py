"""Findings that somebody answers for: known deviations and findings set aside.

An error rests on a statutory duty and is never waived: management records a known
deviation (bekannte Abweichung) with a reason, an end and the opinion of the data
protection officer, and the finding stays open and visible. Warnings and hints are set
aside by whoever is responsible for the entry; the officer sees it and can object, and
never decides (Art. 38 (6) GDPR).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session

from compliance.access import Identity, Permission, demand
from compliance.advice import opinions
from compliance.database import today
from compliance.entry import Entry, Record
from compliance.errors import Refused
from compliance.fields import Term, choice, day, line, prose
from compliance.findings import accept, findings_of, reopen
from compliance.language import Text
from compliance.rules import Severity

LONGEST: Final = relativedelta(years=2)
"""No deviation is known for longer; then it is decided anew."""


class DeviationKind(Term):
    """Who answers for what."""

    KNOWN = Text("Bekannte Abweichung", "Known deviation")
    SET_ASIDE = Text("Zurückgestellt", "Set aside")


class Deviation(Record):
    """One rule broken by one entry, with somebody who answers for it until a day."""

    register: Mapped[str] = line("Register", "Register", fixed=True)
    entry_id: Mapped[uuid.UUID]
    subject: Mapped[str] = line("Zu", "On", length=300, fixed=True)
    rule: Mapped[str] = line("Prüfregel", "Rule", length=16, fixed=True)
    kind: Mapped[DeviationKind | None] = choice(DeviationKind, "Art", "Kind", fixed=True)
    reason: Mapped[str] = prose("Begründung", "Reason", expected=True)
    until: Mapped[date | None] = day("Gilt bis", "Until", expected=True)
    opinion: Mapped[str] = prose("Stellungnahme der Datenschutzbeauftragten", "Opinion of the officer")
    decided_by: Mapped[str] = line("Entschieden von", "Decided by", personal=True)
    decided_on: Mapped[date | None] = day("Entschieden am", "Decided on")
    objection: Mapped[str] = prose("Einwand der Datenschutzbeauftragten", "Objection of the officer")
    ended_on: Mapped[date | None] = day("Beendet am", "Ended on")

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "entry_id")

    @property
    def holds(self) -> bool:
        """Whether somebody still answers for it today."""
        return self.ended_on is None and self.until is not None and self.until >= today()


def deviations(session: Session, entry: Entry) -> Sequence[Deviation]:
    """Everything somebody answers or answered for at *entry*, the latest first."""
    query = select(Deviation).where(Deviation.entry_id == entry.id)
    return session.scalars(query.order_by(Deviation.id.desc())).all()


def record_deviation(
    session: Session, entry: Entry, rule: str, reason: str, until: date | None, *, by: Identity
) -> Deviation:
    """Lets *by* answer for every finding of *rule* at *entry* until a day.

    Raises :class:`Refused` without a reason, an end within two years, a finding, or, for
    an error, the opinion of the data protection officer.
    """
    found = [one for one in findings_of(session, [entry.id]) if one.rule == rule]
    if not found:
        raise Refused(_NOTHING_FOUND)
    is_error = any(one.severity is Severity.ERROR for one in found)
    demand(by, Permission.RELEASE if is_error else Permission.EDIT, entry)
    if not reason.strip():
        raise Refused(_NO_REASON)
    if until is None or not today() < until <= today() + LONGEST:
        raise Refused(_NO_END)
    deviation = Deviation(
        register=entry.slug,
        entry_id=entry.id,
        subject=str(entry)[:300],
        rule=rule,
        kind=DeviationKind.KNOWN if is_error else DeviationKind.SET_ASIDE,
        reason=reason,
        until=until,
        opinion=_opinion(session, entry) if is_error else "",
        decided_by=by.name,
        decided_on=today(),
    )
    session.add(deviation)
    session.info["action"] = "deviate" if is_error else "set aside"
    session.flush()
    accept(session, entry, rule, deviation.id, until)
    return deviation


def _opinion(session: Session, entry: Entry) -> str:
    """What the officer said last about *entry*, in words. Raises :class:`Refused` if nothing."""
    said = opinions(session, entry)
    if not said or said[0].verdict is None:
        raise Refused(_NO_OPINION)
    return f"{said[0].verdict.text.de}: {said[0].text}"


def end_deviation(session: Session, entry: Entry, deviation: Deviation, *, by: Identity) -> None:
    """Nobody answers for it any more; the findings are open as before."""
    needed = Permission.RELEASE if deviation.kind is DeviationKind.KNOWN else Permission.EDIT
    demand(by, needed, entry)
    deviation.ended_on = today()
    session.info["action"] = "end deviation"
    session.flush()
    reopen(session, entry, deviation.id)


def object_to(session: Session, entry: Entry, deviation: Deviation, text: str, *, by: Identity) -> None:
    """Records that the officer disagrees; it changes nothing but what everybody reads."""
    demand(by, Permission.ADVISE, entry)
    if not text.strip():
        raise Refused(_NO_REASON)
    deviation.objection = text
    session.info["action"] = "object"


_NOTHING_FOUND = Text(
    "Zu dieser Prüfregel gibt es keine Feststellung mehr.", "There is no finding of this rule any more."
)
_NO_REASON = Text("Bitte geben Sie eine Begründung an.", "Please give a reason.")
_NO_END = Text(
    "Bitte nennen Sie einen Tag, bis zu dem das gilt, höchstens zwei Jahre von heute.",
    "Please name a day until which this holds, within two years from today.",
)
_NO_OPINION = Text(
    "Eine bekannte Abweichung setzt die Stellungnahme der Datenschutzbeauftragten zu diesem Eintrag voraus.",
    "A known deviation requires the opinion of the data protection officer on this entry.",
)
