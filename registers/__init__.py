"""What the law makes an authority write down. To add a register, write its module and name it here."""

from typing import Final

import compliance.people  # noqa: F401 -- every entry refers to a unit
from compliance.entry import Entry
from registers.advice_given import AdviceGiven
from registers.authority import Authority
from registers.authority_cases import AuthorityCase
from registers.authority_lists import AuthorityListItem
from registers.breaches import Breach
from registers.commissioned import CommissionedProcessing
from registers.connections import Connection
from registers.goals import Goal
from registers.incidents import SecurityIncident
from registers.inspections import Inspection
from registers.joint_controllers import JointControllership
from registers.measures import Measure
from registers.need_categories import NeedCategory
from registers.norms import Norm
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project
from registers.requests import SubjectRequest
from registers.retention import RetentionRule
from registers.rounds import UpdateRound
from registers.services import Service
from registers.themes import Theme
from registers.trainings import Training

REGISTERS: Final[tuple[type[Entry], ...]] = (
    ProcessingActivity,
    Processor,
    RetentionRule,
    Measure,
    Training,
    JointControllership,
    CommissionedProcessing,
    Project,
    TargetObject,
    NeedCategory,
    Connection,
    UpdateRound,
    Theme,
    Goal,
    AdviceGiven,
    Inspection,
    AuthorityCase,
    Breach,
    SecurityIncident,
    SubjectRequest,
    Authority,
    AuthorityListItem,
    Norm,
    Service,
)
