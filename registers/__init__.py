"""What the law makes an authority write down. To add a register, write its module and name it here."""

from typing import Final

import compliance.people  # noqa: F401 -- every entry refers to a unit
from compliance.entry import Entry
from registers.authority import Authority
from registers.norms import Norm
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project
from registers.rounds import UpdateRound
from registers.services import Service
from registers.themes import Theme

REGISTERS: Final[tuple[type[Entry], ...]] = (
    ProcessingActivity,
    Processor,
    Project,
    TargetObject,
    UpdateRound,
    Theme,
    Authority,
    Norm,
    Service,
)
