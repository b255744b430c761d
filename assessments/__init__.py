"""Judgements about what is registered. To add one, write its folder and name it here."""

from typing import Any, Final

from assessments.grundschutz import rules as grundschutz_rules
from assessments.grundschutz.domain import InformationDomain
from compliance.entry import Entry
from compliance.findings import Rule

ASSESSMENTS: Final[tuple[type[Entry], ...]] = (InformationDomain,)
RULES: Final[tuple[Rule[Any], ...]] = (*grundschutz_rules.RULES,)
