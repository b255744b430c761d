"""Privacy notices (Datenschutzhinweise) as they were published, Art. 12 to 14 GDPR.

A notice is made of its activity. What was published stays as it was, with the
text and the hash of what it was made from, so that a later change of the
activity shows that the notice is out of date.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record
from compliance.errors import Refused
from compliance.fields import day, line, prose
from compliance.language import Text
from compliance.release import content_hash
from registers.processing import DataSource, NoticeStatus, ProcessingActivity

CONTENTS: Final = frozenset(
    {
        "name",
        "regime",
        "purposes",
        "change_of_purpose",
        "change_reason",
        "legitimate_interests",
        "data",
        "sources",
        "source_details",
        "public_source",
        "provision_duty",
        "provision_consequences",
        "recipients",
        "no_recipients",
        "processors",
        "joint_controllerships",
        "third_country",
        "transfer_note",
        "automated_decision",
        "automated_safeguards",
        "automated_logic",
        "profiling",
        "video",
        "notice_link",
    }
)
"""The fields of an activity from which its notice is made; a change of any other leaves it true."""

ELSEWHERE: Final = frozenset({DataSource.OTHER_AUTHORITY, DataSource.REGISTER, DataSource.THIRD_PARTY})
"""Sources that Art. 14 governs. Who observes a person by camera, sensor or log collects from that person
in the sense of Art. 13 (WP 260 rev.01)."""


def is_from_elsewhere(activity: ProcessingActivity) -> bool:
    """Whether some data are not obtained from the data subject, so that Art. 14 holds too."""
    return not ELSEWHERE.isdisjoint(activity.sources)


class PublishedNotice(Record):
    """A notice as data subjects could read it from one day on."""

    activity_id: Mapped[uuid.UUID]
    subject: Mapped[str] = line("Zu", "On", fixed=True)
    published_on: Mapped[date | None] = day("Veröffentlicht am", "Published on", expected=True)
    place: Mapped[str] = line("Fundstelle", "Where it is published", expected=True)
    text: Mapped[str] = prose("Wortlaut", "Text", expected=True)
    recorded_by: Mapped[str] = line("Eingetragen von", "Recorded by", personal=True)
    content: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Hash of the fields from which the notice was made."""

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "activity_id")


def notice_hash(activity: ProcessingActivity) -> str:
    """Hash of everything in *activity* that its notice tells, with what its rules of erasure say."""
    content = content_hash(activity, CONTENTS)
    by_rule = [row.retention("de") for row in activity.data if row.retention_rule is not None]
    return hashlib.sha256("\n".join((content, *by_rule)).encode()).hexdigest() if by_rule else content


def record_publication(
    session: Session, activity: ProcessingActivity, on: date | None, place: str, text: str, *, by: Identity
) -> PublishedNotice:
    """Records that the notice of *activity* with this *text* is published since *on*.

    Raises :class:`Refused` without a day and a place, and for a day still to come.
    """
    demand(by, Permission.EDIT, activity)
    if on is None or not place.strip():
        raise Refused(_INCOMPLETE)
    if on > today():
        raise Refused(_TO_COME)
    _say_in_the_record(activity, place)
    notice = PublishedNotice(
        activity_id=activity.id,
        subject=activity.designation,
        published_on=on,
        place=place,
        text=text,
        recorded_by=by.name,
        content=notice_hash(activity),
    )
    session.add(notice)
    return notice


def _say_in_the_record(activity: ProcessingActivity, place: str) -> None:
    """The record of processing says the same; it stays untouched where it does already."""
    activity.notice = NoticeStatus.PUBLISHED
    if not activity.notice_link.strip():
        activity.notice_link = place


def published_notices(session: Session, activity: ProcessingActivity) -> Sequence[PublishedNotice]:
    """Every notice published about *activity*, the newest first."""
    query = select(PublishedNotice).where(PublishedNotice.activity_id == activity.id)
    return session.scalars(
        query.order_by(PublishedNotice.published_on.desc(), PublishedNotice.id.desc())
    ).all()


_INCOMPLETE = Text(
    "Nennen Sie den Tag der Veröffentlichung und die Fundstelle.",
    "State the day of publication and where the notice is found.",
)
_TO_COME = Text(
    "Der Tag der Veröffentlichung liegt in der Zukunft.", "The day of publication is still to come."
)
