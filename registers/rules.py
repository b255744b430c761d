"""Every rule about the registers, in the order in which an auditor reads the record."""

from typing import Any, Final

from compliance.findings import Rule
from registers import (
    authority_rules,
    breach_rules,
    processing_rules,
    processor_rules,
    request_rules,
    transfer_rules,
)

RULES: Final[tuple[Rule[Any], ...]] = (
    *authority_rules.RULES,
    *processing_rules.RULES,
    *transfer_rules.RULES,
    *processor_rules.RULES,
    *breach_rules.RULES,
    *request_rules.RULES,
)
