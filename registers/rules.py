"""Every rule about the registers, in the order in which an auditor reads the record."""

from typing import Any, Final

from compliance.rules import Rule
from registers import (
    authority_rules,
    breach_rules,
    incident_rules,
    joint_controller_rules,
    measure_rules,
    norm_rules,
    officer_rules,
    processing_norm_rules,
    processing_practice_rules,
    processing_rules,
    processor_care_rules,
    processor_rules,
    request_rules,
    retention_rules,
    role_rules,
    sample_rules,
    service_rules,
    training_rules,
    transfer_rules,
)

RULES: Final[tuple[Rule[Any], ...]] = (
    *authority_rules.RULES,
    *processing_rules.RULES,
    *processing_practice_rules.RULES,
    *transfer_rules.RULES,
    *processor_rules.RULES,
    *sample_rules.RULES,
    *processing_norm_rules.RULES,
    *norm_rules.RULES,
    *service_rules.RULES,
    *retention_rules.RULES,
    *measure_rules.RULES,
    *training_rules.RULES,
    *officer_rules.INSPECTION_RULES,
    *officer_rules.CASE_RULES,
    *processor_care_rules.RULES,
    *role_rules.RULES,
    *joint_controller_rules.RULES,
    *breach_rules.RULES,
    *incident_rules.RULES,
    *incident_rules.AUTHORITY_RULES,
    *request_rules.RULES,
)
