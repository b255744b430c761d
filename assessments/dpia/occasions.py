"""What makes a released impact assessment due for a review, Art. 35 (11) GDPR, and where it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compliance.entry import Entry
from compliance.fields import Term
from compliance.language import Text
from registers.norms import Norm
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project


class Occasion(Term):
    """Why an assessment has to be looked at again."""

    PURPOSE = Text("Zweck oder Rechtsgrundlage geändert", "Purpose or legal basis changed")
    DATA = Text("Daten geändert", "Data changed")
    SUBJECTS = Text("Betroffene Personen geändert", "Data subjects changed")
    SCALE = Text("Umfang geändert", "Scale changed")
    TECHNOLOGY = Text("Technik oder KI geändert", "Technology or AI changed")
    PROCESSOR = Text("Auftragsverarbeitung geändert", "Processor changed")
    COUNTRY = Text("Empfänger oder Land geändert", "Recipient or country changed")
    LAW = Text("Vorschrift geändert oder aufgehoben", "Norm changed or repealed")
    LIST = Text("Liste der Aufsichtsbehörde geändert", "List of the authority changed")
    INCIDENT = Text("Datenschutzverletzung", "Personal data breach")
    MEASURE = Text("Maßnahme nicht mehr wirksam", "Measure no longer effective")
    COMPLAINT = Text("Beschwerde", "Complaint")
    ORDER = Text("Anordnung der Aufsichtsbehörde", "Order of the authority")
    OPERATION = Text("Vom Pilot in den Regelbetrieb", "From pilot to regular operation")
    CYCLE = Text("Fester Turnus", "Fixed cycle")
    OWN = Text("Anderer Anlass", "Another occasion")


ARISES_ONCE: Final = frozenset({Occasion.INCIDENT, Occasion.COMPLAINT, Occasion.ORDER})
"""Occasions that one and the same entry gives only once, however often it is saved afterwards."""

WATCHED: Final[Mapping[type[Entry], Mapping[str, Occasion]]] = {
    ProcessingActivity: {
        "purposes": Occasion.PURPOSE,
        "change_of_purpose": Occasion.PURPOSE,
        "consent": Occasion.PURPOSE,
        "norms": Occasion.PURPOSE,
        "data": Occasion.DATA,
        "sources": Occasion.DATA,
        "secrecy": Occasion.DATA,
        "subjects": Occasion.SUBJECTS,
        "other_subjects": Occasion.SUBJECTS,
        "scale": Occasion.SCALE,
        "objects": Occasion.TECHNOLOGY,
        "ai": Occasion.TECHNOLOGY,
        "ai_class": Occasion.TECHNOLOGY,
        "automation_level": Occasion.TECHNOLOGY,
        "automated_decision": Occasion.TECHNOLOGY,
        "profiling": Occasion.TECHNOLOGY,
        "video": Occasion.TECHNOLOGY,
        "processors": Occasion.PROCESSOR,
        "joint_controllerships": Occasion.PROCESSOR,
        "recipients": Occasion.COUNTRY,
        "third_country": Occasion.COUNTRY,
        "stage": Occasion.OPERATION,
    },
    Processor: {
        "sub_processors": Occasion.PROCESSOR,
        "remote_maintenance": Occasion.PROCESSOR,
        "parent": Occasion.PROCESSOR,
        "ended": Occasion.PROCESSOR,
        "country": Occasion.COUNTRY,
        "parent_country": Occasion.COUNTRY,
        "third_country": Occasion.COUNTRY,
        "locations": Occasion.COUNTRY,
    },
    TargetObject: {
        "kind": Occasion.TECHNOLOGY,
        "status": Occasion.TECHNOLOGY,
        "platform": Occasion.TECHNOLOGY,
        "location": Occasion.TECHNOLOGY,
        "provider": Occasion.TECHNOLOGY,
    },
    Project: {
        "ai": Occasion.TECHNOLOGY,
        "ai_class": Occasion.TECHNOLOGY,
        "stage": Occasion.OPERATION,
    },
    Norm: {
        "repealed": Occasion.LAW,
        "superseded_by": Occasion.LAW,
        "valid_until": Occasion.LAW,
        "version_on": Occasion.LAW,
    },
}
"""Fields on which an assessment rests, and the occasion that a change of each of them gives."""
