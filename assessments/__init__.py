"""Judgements about what is registered. To add one, write its folder and name it here."""

from typing import Any, Final

import assessments.described.description
import assessments.dpia.answers
import assessments.dpia.public_summary
import assessments.grundschutz.controls
import assessments.grundschutz.risk_acceptance
import assessments.grundschutz.successors
import assessments.grundschutz.wiba_proposals  # noqa: F401 -- what a release vouches for and its table must be known
from assessments.described import rules as described_rules
from assessments.dpia import (
    copied_rules,
    coverage_rules,
    decision_rules,
    participation_rules,
    review_rules,
    risk_rules,
    threshold_rules,
)
from assessments.dpia import rules as dpia_rules
from assessments.dpia.dpia import Dpia
from assessments.dpia.prescan import PreScan
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.gates import rules as gate_rules
from assessments.grundschutz import (
    audit_rules,
    claimed_rules,
    continuity_rules,
    control_rules,
    erasure_rules,
    measure_rules,
    modelling_rules,
    need_rules,
    object_rules,
    plan_rules,
    policy_rules,
    takeover_rules,
)
from assessments.grundschutz import risk_rules as security_risk_rules
from assessments.grundschutz import rules as grundschutz_rules
from assessments.grundschutz.audits import Audit
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.policies import Policy
from assessments.grundschutz.risk_analysis import RiskAnalysis
from compliance.entry import Entry
from compliance.rules import Rule

ASSESSMENTS: Final[tuple[type[Entry], ...]] = (
    PreScan,
    ThresholdAnalysis,
    Dpia,
    RiskScenario,
    InformationDomain,
    RiskAnalysis,
    Policy,
    Audit,
)
RULES: Final[tuple[Rule[Any], ...]] = (
    *dpia_rules.RULES,
    *coverage_rules.RULES,
    *threshold_rules.RULES,
    *participation_rules.RULES,
    *risk_rules.RULES,
    *decision_rules.RULES,
    *review_rules.RULES,
    *copied_rules.RULES,
    *grundschutz_rules.RULES,
    *control_rules.RULES,
    *measure_rules.RULES,
    *claimed_rules.RULES,
    *plan_rules.RULES,
    *object_rules.RULES,
    *continuity_rules.RULES,
    *need_rules.RULES,
    *modelling_rules.RULES,
    *erasure_rules.RULES,
    *described_rules.RULES,
    *described_rules.DPIA_RULES,
    *security_risk_rules.RULES,
    *security_risk_rules.OBJECT_RULES,
    *policy_rules.RULES,
    *policy_rules.DOMAIN_RULES,
    *audit_rules.RULES,
    *takeover_rules.RULES,
    *gate_rules.RULES,
)
