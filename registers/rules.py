"""Every rule about the registers, in the order in which an auditor reads the record."""

from typing import Any, Final

from compliance.findings import Rule
from registers import (
    authority_rules,
    norm_rules,
    processing_norm_rules,
    processing_rules,
    processor_rules,
    service_rules,
    sample_rules,
    transfer_rules,
)

RULES: Final[tuple[Rule[Any], ...]] = (
    *authority_rules.RULES,
    *processing_rules.RULES,
    *transfer_rules.RULES,
    *processor_rules.RULES,
    *sample_rules.RULES,
    *processing_norm_rules.RULES,
    *norm_rules.RULES,
    *service_rules.RULES,
)
