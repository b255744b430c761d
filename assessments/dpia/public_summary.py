"""What everybody may read of a released impact assessment, and the decision to show it.

Nobody is obliged to publish an assessment; the working party recommends a summary
(WP 248 rev.01). Management decides; the data protection officer never
does. What was decided is stored as it was decided and pages for the public read nothing
else, so that names, systems, single measures and ways to attack cannot slip out. The
summary goes by itself as soon as the assessment is released anew, decided on anew or ended.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Index, String, and_, exists, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.dpia.dpia import Dpia, DpiaDecision
from compliance.access import Identity, Permission, demand
from compliance.database import folded, today
from compliance.entry import Record, State
from compliance.errors import Refused
from compliance.fields import Line, Rows, day, fields, line, prose
from compliance.language import Text
from compliance.people import Role
from registers.authority import Authority
from registers.processing import ProcessingActivity
from registers.publication import officer_contact

TEXTS: Final = ("public_project", "public_reason", "public_risks", "public_protection")
"""Names of the statements that are written for the public, in the order in which they are read."""

RESULTS: Final[Mapping[DpiaDecision, Text]] = {
    DpiaDecision.APPROVED: Text("Das Vorhaben darf umgesetzt werden.", "The project may go ahead."),
    DpiaDecision.APPROVED_WITH_CONDITIONS: Text(
        "Das Vorhaben darf umgesetzt werden, wenn es Auflagen einhält.",
        "The project may go ahead if it meets conditions.",
    ),
    DpiaDecision.REJECTED: Text("Das Vorhaben wird nicht umgesetzt.", "The project does not go ahead."),
    DpiaDecision.CONSULT: Text(
        "Vor der Entscheidung wird die Datenschutzaufsicht gefragt.",
        "The data protection authority is asked before the decision.",
    ),
}
"""What a decision means to somebody who has never seen an assessment."""

Extract: TypeAlias = dict[str, Any]
"""``name``, ``texts`` by field, ``decision`` by name, ``decided_on`` and ``next_review`` as ISO days, and
``officer`` as lines; no other key."""


def extract_of(dpia: Dpia, authority: Authority | None) -> Extract:
    """What the public would learn of *dpia* if it were published now."""
    return {
        "name": dpia.name,
        "texts": {name: getattr(dpia, name) for name in TEXTS},
        "decision": dpia.decision.name if dpia.decision else "",
        "decided_on": dpia.decided_on.isoformat() if dpia.decided_on else "",
        "next_review": dpia.next_review.isoformat() if dpia.next_review else "",
        "officer": officer_contact(authority),
    }


# --- The decision --------------------------------------------------------------------------------


class DpiaPublication(Record):
    """The decision to publish the summary of one assessment, with exactly what was decided."""

    dpia_id: Mapped[uuid.UUID]
    number: Mapped[int]
    """Running number of the assessment."""
    released_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The release that it is about; it says nothing about a later one."""
    decided_version: Mapped[int | None] = mapped_column(default=None)
    """The version of the assessment that management had decided on."""
    sort_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    search: Mapped[str] = mapped_column(LongText, default="", server_default="")
    subject: Mapped[str] = line("Zu", "On", fixed=True)
    extract: Mapped[str] = prose("Auszug", "Extract")
    """JSON of what the public sees."""
    published_on: Mapped[date | None] = day("Veröffentlicht am", "Published on")
    published_by: Mapped[str] = line("Veröffentlicht von", "Published by", personal=True)
    withdrawn_on: Mapped[date | None] = day("Zurückgenommen am", "Withdrawn on")

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "dpia_id", unique=True)
        yield Index(None, "organisation_id", "sort_key", "id")

    @property
    def contents(self) -> Extract:
        """What the public sees."""
        found: Extract = json.loads(self.extract)
        return found

    def stands(self, dpia: Dpia) -> bool:
        """Whether everybody may see it; what :func:`is_public` asks of the database."""
        same = (dpia.released_hash, dpia.decided_version) == (self.released_hash, self.decided_version)
        return same and self.withdrawn_on is None and dpia.state is State.RELEASED


def publication_of(session: Session, dpia: Dpia) -> DpiaPublication | None:
    """The decision on *dpia*, even if it was withdrawn or is about a former release."""
    return session.scalar(select(DpiaPublication).where(DpiaPublication.dpia_id == dpia.id))


def publish(session: Session, dpia: Dpia, authority: Authority | None, *, by: Identity) -> DpiaPublication:
    """Decides that everybody may read the summary of *dpia* as it is now.

    Raises :class:`compliance.errors.Forbidden` without the right to release, and :class:`Refused` for
    the data protection officer, for what is not released or was changed since, and for an
    unfinished summary.
    """
    demand(by, Permission.RELEASE, dpia)
    if Role.DSB in by.roles:
        raise Refused(_DSB_DECIDES)
    if obstacle := unpublishable(dpia):
        raise Refused(obstacle)
    extract = extract_of(dpia, authority)
    made = publication_of(session, dpia) or DpiaPublication(dpia_id=dpia.id, number=dpia.number)
    made.subject = dpia.designation
    made.released_hash, made.decided_version = dpia.released_hash, dpia.decided_version
    made.extract = json.dumps(extract, ensure_ascii=False, sort_keys=True)
    made.sort_key = folded(dpia.name)[:200]
    made.search = folded(" ".join((dpia.designation, dpia.name, *extract["texts"].values())))
    made.published_on, made.published_by, made.withdrawn_on = today(), by.name, None
    session.add(made)
    session.info["action"] = "publish"
    return made


def unpublishable(dpia: Dpia) -> Text | None:
    """Why *dpia* cannot be published now; ``None`` if it can."""
    if dpia.state is not State.RELEASED or dpia.decision is None:
        return _NOT_RELEASED
    if dpia.changed_since_release:
        return _CHANGED
    return None if all(getattr(dpia, name).strip() for name in TEXTS) else _UNFINISHED


def withdraw(session: Session, dpia: Dpia, *, by: Identity) -> None:
    """Takes the summary of *dpia* off the net. Raises :class:`Refused` if it is not public."""
    demand(by, Permission.RELEASE, dpia)
    made = publication_of(session, dpia)
    if made is None or not made.stands(dpia):
        raise Refused(_NOT_PUBLIC)
    made.withdrawn_on = today()
    session.info["action"] = "withdraw"


def is_public() -> ColumnElement[bool]:
    """Holds for decisions that stand: not withdrawn, and about the present release and decision."""
    stands = exists().where(
        Dpia.organisation_id == DpiaPublication.organisation_id,
        Dpia.id == DpiaPublication.dpia_id,
        Dpia.state == State.RELEASED,
        Dpia.released_hash == DpiaPublication.released_hash,
        Dpia.decided_version.is_not_distinct_from(DpiaPublication.decided_version),
    )
    return and_(DpiaPublication.withdrawn_on.is_(None), stands)


def summaries_published(session: Session) -> bool:
    """Whether everybody can read at least one summary."""
    return session.scalar(select(DpiaPublication.id).where(is_public()).limit(1)) is not None


# --- What a text should not say ------------------------------------------------------------------

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b0\d{2,5}[ /-]\d{3,}\b")


def revealing(dpia: Dpia, activities: Iterable[ProcessingActivity], texts: Iterable[str]) -> tuple[str, ...]:
    """Names of people and systems, and ways to reach somebody, that occur in *texts*.

    The people are those of *dpia*, the systems those of its *activities*. A hint for
    whoever decides: what it does not find may still say too much.
    """
    said = "\n".join(texts)
    systems = (thing.name for activity in activities for thing in activity.objects)
    known = dict.fromkeys((*_people(dpia), *filter(None, systems)))
    named = (name for name in known if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said))
    return tuple(dict.fromkeys((*named, *_ADDRESS.findall(said))))


def _people(thing: object) -> Iterator[str]:
    """Every name of two words or more in a line that holds personal details."""
    for name, spec in fields(type(thing)).items():
        match spec:
            case Line(personal=True):
                parts = re.split(r"[,;/()]|\bund\b", getattr(thing, name))
                yield from (part.strip() for part in parts if len(part.split()) > 1)
            case Rows():
                for part in getattr(thing, name):
                    yield from _people(part)
            case _:
                pass


def changed_since_published(made: DpiaPublication, dpia: Dpia, authority: Authority | None) -> Sequence[str]:
    """Keys of the extract that would read otherwise if *dpia* were published now."""
    present = extract_of(dpia, authority)
    return [key for key, value in made.contents.items() if present.get(key) != value]


_DSB_DECIDES = Text(
    "Datenschutzbeauftragte beraten und entscheiden nicht (Art. 38 Abs. 6 DSGVO). Über die Veröffentlichung "
    "entscheidet die Leitung.",
    "The data protection officer advises and does not decide (Art. 38 (6) GDPR). Management decides on "
    "publication.",
)
_NOT_RELEASED = Text(
    "Nur eine freigegebene DSFA kann veröffentlicht werden.", "Only a released DPIA can be published."
)
_CHANGED = Text(
    "Die DSFA wurde seit der Freigabe geändert. Geben Sie sie erst wieder frei.",
    "The DPIA was changed since its release. Release it again first.",
)
_UNFINISHED = Text("Die Zusammenfassung ist noch nicht vollständig.", "The summary is not complete yet.")
_NOT_PUBLIC = Text("Die DSFA ist nicht veröffentlicht.", "The DPIA is not published.")
