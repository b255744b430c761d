"""What the law makes an authority write down. To add a register, write its module and name it here."""

from typing import Final

import compliance.people  # noqa: F401 -- every entry refers to a unit
from compliance.entry import Entry
from registers.authority import Authority
from registers.breaches import Breach
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project
from registers.requests import SubjectRequest
from registers.themes import Theme

REGISTERS: Final[tuple[type[Entry], ...]] = (
    ProcessingActivity,
    Processor,
    Project,
    TargetObject,
    Theme,
    Breach,
    SubjectRequest,
    Authority,
)
