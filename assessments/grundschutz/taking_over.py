"""What a proposed answer is, and how it stands to the answer that is stored.

Answers are proposed from elsewhere: for the controls of a catalogue from Edition 2023, for Edition 2023 from
WiBA. Whichever it is, a person takes a proposal over, its source is kept with a checksum of what it said,
and the answer turns up again once the source says something else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assessments.grundschutz.check import Status
from compliance.fields import Term
from compliance.language import Text


class Confidence(Term):
    """How certain a proposal is; members stand from the most to the least certain."""

    HIGH = Text("hoch", "high")
    MEDIUM = Text("mittel", "medium")
    LOW = Text("gering", "low")


class Standing(Term):
    """How a stored answer stands to what is proposed for it."""

    OPEN = Text("offen", "open")
    STALE = Text("Quelle geändert", "source changed")
    TAKEN = Text("übernommen", "taken over")
    OWN = Text("eigene Antwort", "own answer")
    SILENT = Text("ohne Vorschlag", "no proposal")


@dataclass(frozen=True)
class Proposal:
    """What the sources propose for one answer, if anything."""

    status: Status | None = None
    confidence: Confidence = Confidence.LOW

    def standing(self, current: Status, taken: Status | None, *, changed: bool) -> Standing:
        """How the stored answer *current* stands to this.

        *taken* was taken over before, ``None`` where nothing was; *changed* says that its source is
        answered otherwise since.
        """
        if current is Status.OPEN:
            return Standing.SILENT if self.status is None else Standing.OPEN
        if taken is not current:
            return Standing.OWN
        return Standing.STALE if changed or self.status is not current else Standing.TAKEN

    def is_takeable(self, standing: Standing) -> bool:
        """Whether it may be taken over without losing what somebody has answered."""
        return self.status is not None and standing in (Standing.OPEN, Standing.STALE)


def checksum(said: object) -> str:
    """Changes with whatever a source says; *said* is made of plain values in a fixed order."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]
