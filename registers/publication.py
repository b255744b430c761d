"""The public part of the record: what the controller decided to show to everybody.

The law does not oblige to publish the record. Management decides on each
activity and on each kind of statement; the data protection officer recommends.
What was decided is stored as it was decided, and pages for the public read
nothing else, so that a later answer or another field cannot slip out.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Index, String, and_, exists, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, demand
from compliance.database import folded, today
from compliance.entry import Record, State
from compliance.errors import Refused
from compliance.fields import Term, choices, day, in_order, line, prose
from compliance.language import LANGUAGES, Text
from compliance.people import Organisation
from registers.authority import Authority
from registers.countries import EEA
from registers.processing import ProcessingActivity
from registers.public_address import settle_public_name

# --- What can be published -----------------------------------------------------------------------


class PublicField(Term):
    """A kind of statement that can be published; the name of the activity always is."""

    PURPOSES = Text("Zwecke", "Purposes")
    LEGAL_BASES = Text("Rechtsgrundlagen", "Legal bases")
    SUBJECTS = Text("Betroffene Personen", "Data subjects")
    DATA = Text("Datenkategorien", "Categories of data")
    RECIPIENTS = Text("Kategorien von Empfängern", "Categories of recipients")
    RETENTION = Text("Löschfristen", "Erasure periods")
    THIRD_COUNTRY = Text("Übermittlung in Drittländer", "Transfers to third countries")
    NOTICE = Text("Datenschutzhinweise", "Privacy notice")
    OFFICER = Text("Kontakt der Datenschutzbeauftragten", "Contact of the data protection officer")


Lines: TypeAlias = Iterable[str]
Projection: TypeAlias = Callable[[ProcessingActivity, Authority | None, str], Lines]


def _purposes(activity: ProcessingActivity, _: Authority | None, _language: str) -> Lines:
    return (purpose.text for purpose in activity.purposes)


def _legal_bases(activity: ProcessingActivity, _: Authority | None, language: str) -> Lines:
    for purpose in activity.purposes:
        basis = purpose.legal_basis.text[language] if purpose.legal_basis else ""
        yield ", ".join(part for part in (basis, purpose.norm) if part)


def _subjects(activity: ProcessingActivity, _: Authority | None, language: str) -> Lines:
    yield from (subject.text[language] for subject in activity.subjects)
    yield activity.other_subjects


def _data(activity: ProcessingActivity, _: Authority | None, language: str) -> Lines:
    for row in activity.data:
        yield f"{row.text} ({_SPECIAL[language]})" if row.special and row.text else row.text


def _recipients(activity: ProcessingActivity, _: Authority | None, language: str) -> Lines:
    yield from (row.text for row in activity.recipients)
    if activity.no_recipients and not activity.recipients:
        yield _NOBODY[language]


def _retention(activity: ProcessingActivity, _: Authority | None, language: str) -> Lines:
    for row in activity.data:
        period = row.retention(language)
        yield f"{row.text}: {period}" if period else ""


def _third_country(activity: ProcessingActivity, _: Authority | None, language: str) -> Lines:
    if activity.third_country is False:
        yield _NO_TRANSFER[language]
    if activity.third_country:
        countries = [
            row.country for row in activity.recipients if row.country and row.country.name not in EEA
        ]
        yield from (country.text[language] for country in countries)
        if not countries:
            yield _TRANSFER[language]


def _notice(activity: ProcessingActivity, _: Authority | None, _language: str) -> Lines:
    yield activity.notice_link


def officer_contact(authority: Authority | None) -> list[str]:
    """How to reach the officer; Art. 37 (7) GDPR wants contact details published, not the name."""
    if authority is None:
        return []
    return [*filter(None, (authority.officer_address, authority.officer_telephone, authority.officer_email))]


def _officer(_: ProcessingActivity, authority: Authority | None, _language: str) -> Lines:
    return officer_contact(authority)


_PROJECTIONS: Final[Mapping[PublicField, Projection]] = {
    PublicField.PURPOSES: _purposes,
    PublicField.LEGAL_BASES: _legal_bases,
    PublicField.SUBJECTS: _subjects,
    PublicField.DATA: _data,
    PublicField.RECIPIENTS: _recipients,
    PublicField.RETENTION: _retention,
    PublicField.THIRD_COUNTRY: _third_country,
    PublicField.NOTICE: _notice,
    PublicField.OFFICER: _officer,
}

Extract: TypeAlias = dict[str, Any]
"""``name``, and ``details`` by name of the public field and language, each as a list of lines."""


def extract_of(
    activity: ProcessingActivity, authority: Authority | None, shown: Collection[PublicField]
) -> Extract:
    """What the public would learn of *activity* if the fields *shown* were published now."""
    details = {
        field.name: {
            language: list(dict.fromkeys(filter(None, _PROJECTIONS[field](activity, authority, language))))
            for language in LANGUAGES
        }
        for field in PublicField
        if field in shown
    }
    return {"name": activity.name, "details": details}


# --- The decision --------------------------------------------------------------------------------


class Publication(Record):
    """The decision to publish one activity, with exactly what was decided."""

    activity_id: Mapped[uuid.UUID]
    number: Mapped[int]
    """Running number of the activity."""
    sort_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    search: Mapped[str] = mapped_column(LongText, default="", server_default="")
    subject: Mapped[str] = line("Zu", "On", fixed=True)
    shown: Mapped[tuple[PublicField, ...]] = choices(
        PublicField, "Veröffentlichte Angaben", "Published details"
    )
    extract: Mapped[str] = prose("Auszug", "Extract")
    """JSON of what the public sees."""
    decided_on: Mapped[date | None] = day("Entschieden am", "Decided on")
    decided_by: Mapped[str] = line("Entschieden von", "Decided by", personal=True)
    withdrawn_on: Mapped[date | None] = day("Zurückgenommen am", "Withdrawn on")

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "activity_id", unique=True)
        yield Index(None, "organisation_id", "sort_key", "id")

    @property
    def contents(self) -> Extract:
        """What the public sees."""
        found: Extract = json.loads(self.extract)
        return found


def publication_of(session: Session, activity: ProcessingActivity) -> Publication | None:
    """The decision on *activity*, even if it was withdrawn."""
    return session.scalar(select(Publication).where(Publication.activity_id == activity.id))


def publish(
    session: Session,
    activity: ProcessingActivity,
    authority: Authority | None,
    shown: Collection[PublicField],
    *,
    by: Identity,
) -> Publication:
    """Decides that everybody may see the fields *shown* of *activity* as they are now.

    Raises :class:`Refused` for an activity that is not released, because nobody vouches for it yet.
    """
    demand(by, Permission.RELEASE, activity)
    if activity.state is not State.RELEASED:
        raise Refused(_NOT_RELEASED)
    extract = extract_of(activity, authority, shown)
    decision = publication_of(session, activity) or Publication(
        activity_id=activity.id, number=activity.number
    )
    decision.subject = activity.designation
    decision.shown = in_order(PublicField, shown)
    decision.extract = json.dumps(extract, ensure_ascii=False, sort_keys=True)
    decision.sort_key = folded(activity.name)[:200]
    decision.search = folded(" ".join((activity.designation, activity.name, *_all_lines(extract))))
    decision.decided_on = today()
    decision.decided_by = by.name
    decision.withdrawn_on = None
    session.add(decision)
    session.info["action"] = "publish"
    return decision


def withdraw(session: Session, activity: ProcessingActivity, *, by: Identity) -> None:
    """Takes *activity* out of the public register. Raises :class:`Refused` if it is not in it."""
    demand(by, Permission.RELEASE, activity)
    decision = publication_of(session, activity)
    if decision is None or decision.withdrawn_on is not None:
        raise Refused(_NOT_PUBLIC)
    decision.withdrawn_on = today()
    session.info["action"] = "withdraw"


def is_public() -> ColumnElement[bool]:
    """Holds for decisions that stand: not withdrawn, and the activity has not ended."""
    lives = exists().where(
        ProcessingActivity.organisation_id == Publication.organisation_id,
        ProcessingActivity.id == Publication.activity_id,
        ProcessingActivity.state != State.ENDED,
    )
    return and_(Publication.withdrawn_on.is_(None), lives)


def has_changed(decision: Publication, activity: ProcessingActivity, authority: Authority | None) -> bool:
    """Whether the record now says something else than what was published."""
    return extract_of(activity, authority, decision.shown) != decision.contents


def _all_lines(extract: Extract) -> Iterable[str]:
    return (
        text for languages in extract["details"].values() for lines in languages.values() for text in lines
    )


# --- The switch ----------------------------------------------------------------------------------


def switch_public_register(
    session: Session, organisation_id: uuid.UUID, public_name: str, *, on: bool
) -> str:
    """Shows or hides the public register of an organisation; returns its name in addresses.

    Raises :class:`Refused` for a name that does not fit an address or is taken.
    """
    organisation = session.get_one(Organisation, organisation_id)
    organisation.public_register = on
    return settle_public_name(session, organisation, public_name)


_SPECIAL: Final = Text("besondere Kategorie", "special category")
_NOBODY: Final = Text("keine Empfänger", "no recipients")
_NO_TRANSFER: Final = Text(
    "findet nicht statt und ist nicht geplant", "does not take place and is not planned"
)
_TRANSFER: Final = Text("findet statt", "takes place")
_NOT_RELEASED = Text(
    "Nur freigegebene Tätigkeiten können veröffentlicht werden.", "Only released activities can be published."
)
_NOT_PUBLIC = Text("Die Tätigkeit ist nicht veröffentlicht.", "The activity is not published.")
