"""What the rules about impact assessments read beside them, each asked once for all of them."""

from __future__ import annotations

from typing import Final

from assessments.dpia.dpia import Dpia
from assessments.dpia.settings import RiskMatrixSetting
from compliance.rules import follows, surveys

ACTIVITIES: Final = follows(Dpia, "activities", ("name", "stage", "since", "ai", "ai_class", "subjects"))
"""The activities that are assessed."""

MATRIX: Final = surveys(Dpia, RiskMatrixSetting, ("content",))
"""How the organisation reads severity and likelihood; nothing where it keeps the default."""
