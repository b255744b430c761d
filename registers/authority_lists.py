"""Lists under Art. 35 (4) GDPR that the organisation enters itself, one entry for each of theirs.

The list of the organisation's own supervisory authority is seldom shipped with the
product. Whoever enters its entries here has them offered in every threshold analysis.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Mapped, Session

from compliance.database import today
from compliance.entry import Area, Entry, State
from compliance.fields import Term, choice, day, line, prose, section
from compliance.language import Text
from compliance.people import LegalForm, land_of, legal_form_of
from registers.norms import Land


class Sector(Term):
    """For whom a list was made."""

    PUBLIC = Text("Öffentliche Stellen", "Public bodies")
    NON_PUBLIC = Text("Nicht-öffentliche Stellen", "Private bodies")
    BOTH = Text("Öffentliche und nicht-öffentliche Stellen", "Public and private bodies")


_BASIS = "Art. 35 Abs. 4 DSGVO"
_EVIDENCE = "Art. 5 Abs. 2 DSGVO"


class AuthorityListItem(Entry):
    """One kind of processing for which a supervisory authority always asks for an impact assessment."""

    slug = "authority-lists"
    prefix = "ML"
    area = Area.AUTHORITY
    title = Text("Listen der Aufsichtsbehörden", "Lists of the authorities")
    one = Text("Listeneintrag", "List entry")

    with section("entry", "Eintrag", "Entry"):
        item_number: Mapped[str] = line(
            "Nummer in der Liste",
            "Number in the list",
            length=20,
            help=Text("Wie veröffentlicht, zum Beispiel 7 oder 3 b.", "As published, such as 7 or 3 b."),
            basis=_BASIS,
            expected=True,
            listed=True,
        )
        examples: Mapped[str] = prose(
            "Erläuterung und Beispiele",
            "Explanation and examples",
            help=Text(
                "Was die Aufsichtsbehörde dazu schreibt, sinngemäß. Die Bezeichnung ist der Vorgang.",
                "What the authority says about it, in substance. The name is the kind of processing itself.",
            ),
            basis=_BASIS,
            more=True,
        )

    with section("list", "Liste", "List"):
        authority: Mapped[str] = line(
            "Aufsichtsbehörde",
            "Authority",
            help=Text("Wer die Liste veröffentlicht hat.", "Who published the list."),
            basis=_BASIS,
            expected=True,
            listed=True,
        )
        land: Mapped[Land | None] = choice(
            Land,
            "Land",
            "Land",
            help=Text("Leer, wenn die Liste überall gilt.", "Empty if the list holds everywhere."),
            basis=_BASIS,
            listed=True,
        )
        sector: Mapped[Sector | None] = choice(
            Sector,
            "Bereich",
            "Sector",
            help=Text(
                "Für wen die Liste geschrieben ist. Sie zählt nur für Organisationen dieses Bereichs.",
                "For whom the list is written. It counts for organisations of this sector alone.",
            ),
            basis=_BASIS,
            expected=True,
        )
        list_version: Mapped[str] = line(
            "Fassung der Liste",
            "Version of the list",
            length=40,
            help=Text("Nummer oder Datum der Fassung.", "Number or date of the version."),
            basis=_BASIS,
            expected=True,
            listed=True,
        )
        published: Mapped[date | None] = day(
            "Veröffentlicht am",
            "Published on",
            help=Text("Tag der Veröffentlichung.", "Day of publication."),
            basis=_BASIS,
        )
        valid_from: Mapped[date | None] = day(
            "Gilt seit",
            "Valid from",
            help=Text("Leer, wenn unbekannt.", "Empty if unknown."),
            basis=_BASIS,
        )
        valid_until: Mapped[date | None] = day(
            "Gilt bis",
            "Valid until",
            help=Text(
                "Letzter Tag. Danach wird der Eintrag in neuen Analysen nicht mehr gezählt.",
                "Last day. After it the entry counts no more in new analyses.",
            ),
            basis=_BASIS,
            listed=True,
        )

    with section("evidence", "Fundstelle und Prüfung", "Source and check"):
        source: Mapped[str] = line(
            "Fundstelle",
            "Where it is found",
            length=300,
            help=Text("Adresse oder Dokument.", "Address or document."),
            basis=_EVIDENCE,
            expected=True,
        )
        checked_on: Mapped[date | None] = day(
            "Geprüft am",
            "Checked on",
            help=Text(
                "Tag, an dem der Eintrag mit der veröffentlichten Liste verglichen wurde.",
                "Day on which the entry was compared with the published list.",
            ),
            basis=_EVIDENCE,
        )
        checked_by: Mapped[str] = line(
            "Geprüft von",
            "Checked by",
            help=Text("Name oder Stelle.", "Name or post."),
            basis=_EVIDENCE,
            personal=True,
        )

    @classmethod
    def choosable(cls, session: Session) -> ColumnElement[bool]:
        """Entries that count for the organisation today; an ended or foreign one is chosen by nobody anew."""
        place = place_of(session, session.info["organisation"])
        lands = [land for land in Land if land.name == place.land]
        return and_(
            cls.state != State.ENDED,
            or_(cls.land.is_(None), cls.land.in_(lands)),
            or_(cls.sector.is_(None), cls.sector.in_((Sector.BOTH, _SECTORS[place.legal_form]))),
            or_(cls.valid_from.is_(None), cls.valid_from <= today()),
            or_(cls.valid_until.is_(None), cls.valid_until >= today()),
        )

    @property
    def citation(self) -> str:
        """How it is cited as a source."""
        listed = " ".join(filter(None, (self.authority, self.list_version)))
        return ", ".join(filter(None, (listed, f"Nr. {self.item_number}" if self.item_number else "")))


def binds(sector: Sector | None, legal_form: LegalForm) -> bool:
    """Whether a list for *sector* is written for organisations of that form; one for nobody named is."""
    return sector in (None, Sector.BOTH, _SECTORS[legal_form])


_SECTORS: Final = {LegalForm.AUTHORITY: Sector.PUBLIC, LegalForm.COMPANY: Sector.NON_PUBLIC}


@dataclass(frozen=True)
class Place:
    """For whom lists are asked for: where an organisation is and what it is."""

    land: str
    legal_form: LegalForm = LegalForm.AUTHORITY


def place_of(session: Session, organisation_id: uuid.UUID) -> Place:
    """For whom lists are asked for in that organisation."""
    return Place(land_of(session, organisation_id), legal_form_of(session, organisation_id))


def counts(
    place: Place,
    on: date,
    *,
    listed_land: Land | None,
    sector: Sector | None,
    valid_from: date | None,
    valid_until: date | None,
) -> bool:
    """Whether an entry with these facts counts for an organisation at that *place* on that day."""
    begun = valid_from is None or valid_from <= on
    lasting = valid_until is None or on <= valid_until
    here = listed_land is None or listed_land.name == place.land
    return begun and lasting and here and binds(sector, place.legal_form)
