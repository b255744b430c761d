"""What an assessment took over from the record, as it read on that day."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.fields import day, line, prose
from compliance.language import Text


class TakenOver(Part, of="Dpia"):
    """A statement taken over from processing activities, as it read on that day."""

    statement: Mapped[str] = line(
        "Angabe",
        "Statement",
        length=64,
        help=Text("Feld, in das übernommen wurde.", "Field it was adopted into."),
        basis="intern",
        fixed=True,
    )
    source: Mapped[str] = line(
        "Quelle",
        "Source",
        help=Text("Verarbeitungstätigkeiten mit Nummer.", "Processing activities by number."),
        basis="Art. 30 Abs. 1 DSGVO",
        fixed=True,
    )
    fingerprint: Mapped[str] = line(
        "Prüfsumme der Quelle",
        "Checksum of the source",
        length=64,
        help=Text("Zeigt, ob sich die Quelle geändert hat.", "Tells whether the source has changed."),
        basis="intern",
        fixed=True,
    )
    text: Mapped[str] = prose(
        "Übernommener Text",
        "Adopted text",
        help=Text("Wortlaut zum Zeitpunkt der Übernahme.", "Wording when it was adopted."),
        basis="Art. 30 Abs. 1 DSGVO",
        fixed=True,
    )
    taken_on: Mapped[date | None] = day(
        "Stand",
        "As of",
        help=Text("Tag der Übernahme.", "Day it was adopted."),
        basis="intern",
        fixed=True,
    )
