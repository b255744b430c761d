"""The description of measures that an activity or an impact assessment took over from the check.

What was taken over, from which answers and when, is remembered beside the entry. Its own text
may be edited freely afterwards. The department confirms it; nobody who only advises does.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.described.answers import Basis, basis_of
from assessments.described.wording import Words, words_for
from assessments.dpia.dpia import Dpia
from compliance.access import Identity, Permission, demand, may_do
from compliance.database import today
from compliance.entry import Record, State, everything
from compliance.errors import Outdated, Refused
from compliance.fields import Term, day, flag, line, prose, reference, tidy
from compliance.language import Text
from compliance.people import Role
from registers.processing import ProcessingActivity

_SECURITY: Final = "Art. 32 Abs. 1 DSGVO"

Describing: TypeAlias = ProcessingActivity | Dpia
"""What describes measures."""
FIELD: Final[dict[type[Any], str]] = {ProcessingActivity: "measures", Dpia: "existing_measures"}
"""The field in which they do."""


class MeasuresTaken(Record):
    """What one activity or impact assessment took over from the IT-Grundschutz check."""

    activity: Mapped[ProcessingActivity | None] = reference(
        "ProcessingActivity",
        "Verarbeitungstätigkeit",
        "Processing activity",
        help=Text("Deren Maßnahmen beschrieben werden.", "Whose measures are described."),
        basis="Art. 30 Abs. 1 lit. g DSGVO",
        fixed=True,
    )
    dpia: Mapped[Dpia | None] = reference(
        "Dpia",
        "Datenschutz-Folgenabschätzung",
        "Data protection impact assessment",
        help=Text("Deren Maßnahmen beschrieben werden.", "Whose measures are described."),
        basis="Art. 35 Abs. 7 lit. d DSGVO",
        fixed=True,
    )
    requirements: Mapped[str] = prose(
        "Erfüllte Anforderungen",
        "Requirements met",
        help=Text(
            "Kennungen des IT-Grundschutz-Kompendiums, auf denen der Text beruht.",
            "Identifiers of the IT-Grundschutz-Kompendium on which the text rests.",
        ),
        basis=_SECURITY,
        fixed=True,
    )
    text: Mapped[str] = prose(
        "Übernommener Text",
        "Adopted text",
        help=Text("Wortlaut zum Zeitpunkt der Übernahme.", "Wording when it was adopted."),
        basis=_SECURITY,
        fixed=True,
    )
    kept: Mapped[bool | None] = flag(
        "Bisheriger Text behalten",
        "Text kept",
        help=Text(
            "Der Text blieb stehen, obwohl die Antworten inzwischen andere waren.",
            "The text stayed although the answers were different by then.",
        ),
        basis=_SECURITY,
        fixed=True,
    )
    taken_on: Mapped[date | None] = day(
        "Übernommen am",
        "Adopted on",
        help=Text("Tag, dessen Stand der Text wiedergibt.", "The day whose state the text gives."),
        basis=_SECURITY,
        fixed=True,
    )
    taken_by: Mapped[str] = line(
        "Übernommen von",
        "Adopted by",
        help=Text("Wer den Text übernommen hat.", "Who adopted the text."),
        basis=_SECURITY,
        fixed=True,
        personal=True,
    )
    confirmed_on: Mapped[date | None] = day(
        "Vom Fachbereich bestätigt am",
        "Confirmed by the department on",
        help=Text("Tag der letzten Bestätigung.", "Day of the last confirmation."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
    )
    confirmed_by: Mapped[str] = line(
        "Vom Fachbereich bestätigt von",
        "Confirmed by",
        help=Text("Wer für den Fachbereich bestätigt hat.", "Who confirmed for the department."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
        personal=True,
    )
    confirmed_text: Mapped[str] = line(
        "Prüfsumme des bestätigten Textes",
        "Checksum of the confirmed text",
        length=64,
        help=Text("Zeigt, ob der Text seither geändert wurde.", "Tells whether the text was changed since."),
        basis="Art. 5 Abs. 2 DSGVO",
        fixed=True,
    )

    if TYPE_CHECKING:
        activity_id: Mapped[uuid.UUID | None]
        dpia_id: Mapped[uuid.UUID | None]

    def __str__(self) -> str:
        return str(self.activity or self.dpia or "")

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_measures_taken_activity", "organisation_id", "activity_id", unique=True)
        yield Index("ix_measures_taken_dpia", "organisation_id", "dpia_id", unique=True)


class Standing(Term):
    """What became of the words that the check has for an entry."""

    NOTHING = Text("Der Check gibt noch nichts her", "The check offers nothing yet")
    OFFERED = Text("Vorschlag liegt vor", "Suggestion available")
    CURRENT = Text("Übernommen", "Adopted")
    ADAPTED = Text("Angepasst übernommen", "Adopted with changes")
    STALE = Text("Antworten seither geändert", "Answers changed since")


@dataclass(frozen=True)
class Difference:
    """What one sentence says now and said when it was taken over; one of the two may be empty."""

    before: Text | None
    now: Text | None


@dataclass(frozen=True)
class Description:
    """What the check offers for one entry now, and what was taken over."""

    basis: Basis
    words: Words
    taken: MeasuresTaken | None
    current: str
    """The text of the entry."""

    @property
    def fingerprint(self) -> str:
        """Stands for the answers on which the words rest."""
        return fingerprint(" ".join(self.basis.met))

    @property
    def is_stale(self) -> bool:
        """Whether the check meanwhile has other answers than when the text was taken over."""
        return self.taken is not None and set(self.taken.requirements.split()) != set(self.basis.met)

    @property
    def standing(self) -> Standing:
        if self.taken is None:
            return Standing.OFFERED if self.words else Standing.NOTHING
        if self.is_stale:
            return Standing.STALE
        same = self.taken.text in self.current and not self.taken.kept
        return Standing.CURRENT if same else Standing.ADAPTED

    @property
    def is_confirmed(self) -> bool:
        """Whether the department stands for the text as it reads now, and for the answers behind it."""
        taken = self.taken
        return (
            taken is not None
            and taken.confirmed_on is not None
            and taken.confirmed_text == fingerprint(self.current)
            and not self.is_stale
        )

    @property
    def differences(self) -> tuple[Difference, ...]:
        """The sentences that came or went since the text was taken over, in the order of the text."""
        if self.taken is None:
            return ()
        before, now = words_for(self.taken.requirements.split()), self.words
        gone = [Difference(one.text, None) for one in before.sentences if one not in now.sentences]
        new = [Difference(None, one.text) for one in now.sentences if one not in before.sentences]
        gone += [Difference(Text(each, each), None) for each in before.subjects if each not in now.subjects]
        new += [Difference(None, Text(each, each)) for each in now.subjects if each not in before.subjects]
        return (*gone, *new)

    @property
    def answers_gone(self) -> tuple[str, ...]:
        """Requirements that were met when the text was taken over and are not any more."""
        then = self.taken.requirements.split() if self.taken else []
        return tuple(each for each in then if each not in self.basis.met)

    @property
    def answers_new(self) -> tuple[str, ...]:
        """Requirements that are met only since the text was taken over."""
        then = self.taken.requirements.split() if self.taken else []
        return tuple(each for each in self.basis.met if each not in then)


def fingerprint(text: str) -> str:
    """A checksum that stands for *text* as it is stored."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()


def description_of(session: Session, entry: Describing) -> Description:
    """What the check offers for *entry* now, and what was taken over; a constant number of queries."""
    basis = basis_of(session, entry)
    return Description(basis, words_for(basis.met), taken_by(session, entry), written(entry))


def written(entry: Describing) -> str:
    """What *entry* says of its measures."""
    text: str = getattr(entry, FIELD[type(entry)])
    return text


def taken_by(session: Session, entry: Describing) -> MeasuresTaken | None:
    """What *entry* took over, if anything."""
    mine = MeasuresTaken.activity_id if isinstance(entry, ProcessingActivity) else MeasuresTaken.dpia_id
    query = select(MeasuresTaken).where(mine == entry.id).options(*everything(MeasuresTaken))
    return session.scalars(query).one_or_none()


@dataclass(frozen=True)
class Origin:
    """Where the description of an entry comes from, as others may know it."""

    taken_on: date | None
    confirmed_on: date | None
    """``None`` also where the text was changed after it was confirmed."""
    is_outdated: bool


def origins(session: Session, model: type[Describing], ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Origin]:
    """The origin of the descriptions of those entries of *model* that took theirs over."""
    entry: Any = model
    mine: Any = MeasuresTaken.activity_id if model is ProcessingActivity else MeasuresTaken.dpia_id
    query = (
        select(
            mine.label("entry"),
            MeasuresTaken.taken_on,
            MeasuresTaken.confirmed_on,
            MeasuresTaken.confirmed_text,
            getattr(entry, FIELD[model]).label("text"),
            entry.measures_outdated,
        )
        .join(entry, entry.id == mine)
        .where(mine.in_(ids))
    )
    return {
        row.entry: Origin(
            row.taken_on,
            row.confirmed_on if row.confirmed_text == fingerprint(row.text) else None,
            row.measures_outdated is True,
        )
        for row in session.execute(query)
    }


def take(session: Session, entry: Describing, seen: str, *, by: Identity, keep: bool = False) -> None:
    """Writes the words of the check into *entry*, or only notes their basis to *keep* its text.

    Raises :class:`Outdated` where the check has other answers than the person has *seen*, and
    :class:`Refused` where it has none.
    """
    demand(by, Permission.EDIT, entry)
    description = description_of(session, entry)
    if description.fingerprint != seen:
        raise Outdated(_CHANGED)
    if not description.words and description.taken is None:
        raise Refused(_NOTHING)
    taken = description.taken
    if taken is None:
        taken = MeasuresTaken()
        if isinstance(entry, ProcessingActivity):
            taken.activity = entry
        else:
            taken.dpia = entry
        session.add(taken)
    if not keep:
        text = description.words.text("de", today())
        setattr(entry, FIELD[type(entry)], put_in(written(entry), taken.text or "", text))
        taken.text = text
    taken.requirements, taken.kept = " ".join(description.basis.met), keep
    taken.taken_on, taken.taken_by = today(), by.name
    taken.confirmed_on, taken.confirmed_by, taken.confirmed_text = None, "", ""
    _looked_at(entry)


def put_in(current: str, former: str, new: str) -> str:
    """*current* with *new* in the place of *former*; nothing else is lost.

    Where nothing was, or it was rewritten, *new* stands behind what people wrote.
    """
    if former and former in current:
        return tidy(current.replace(former, new, 1))
    if new and new in current:
        return current
    return "\n\n".join(filter(None, (current.strip(), new)))


def may_confirm(by: Identity, entry: Describing) -> bool:
    """Whether the person speaks for the department; the data protection officer advises only."""
    return bool(by.roles & {Role.COORDINATOR, Role.PROJECT_LEAD}) and may_do(by, Permission.EDIT, entry)


def confirm(session: Session, entry: Describing, read: str, *, by: Identity) -> None:
    """Records that the department stands for the description as the person has *read* it.

    Raises :class:`Outdated` where the text is another one by now, and :class:`Refused` where
    nothing was taken over, the answers have changed, or the person may not confirm.
    """
    demand(by, Permission.EDIT, entry)
    if not may_confirm(by, entry):
        raise Refused(_DEPARTMENT_ONLY)
    description = description_of(session, entry)
    if description.taken is None:
        raise Refused(_NOT_TAKEN)
    if description.is_stale:
        raise Refused(_STALE)
    text = fingerprint(description.current)
    if text != read:
        raise Outdated(_CHANGED)
    taken = description.taken
    taken.confirmed_on, taken.confirmed_by, taken.confirmed_text = today(), by.name, text


def _looked_at(entry: Describing) -> None:
    if entry.state is State.IMPORTED:
        entry.state = State.DRAFT


_CHANGED: Final = Text(
    "Die Antworten oder der Text haben sich geändert, während Sie die Seite gelesen haben. "
    "Bitte sehen Sie sich den neuen Stand an.",
    "The answers or the text changed while you were reading the page. Please look at them as they are now.",
)
_NOTHING: Final = Text(
    "Zu den eingesetzten Anwendungen und Systemen ist noch keine Anforderung mit „ja“ beantwortet.",
    "No requirement is answered with “yes” yet for the applications and systems used.",
)
_DEPARTMENT_ONLY: Final = Text(
    "Die Beschreibung bestätigt der Fachbereich.", "The description is confirmed by the department."
)
_NOT_TAKEN: Final = Text(
    "Übernehmen Sie die Beschreibung, bevor Sie sie bestätigen.",
    "Adopt the description before you confirm it.",
)
_STALE: Final = Text(
    "Die Antworten haben sich seit der Übernahme geändert. Übernehmen Sie zuerst den neuen Stand, "
    "oder behalten Sie den bisherigen Text ausdrücklich.",
    "The answers have changed since the text was adopted. Adopt what they say now first, "
    "or expressly keep the text.",
)
