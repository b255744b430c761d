"""An impact assessment in the words in which participants read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assessments.dpia.dpia import Dpia
from assessments.dpia.matrix import RiskMatrix
from assessments.dpia.measures import undertaking
from assessments.dpia.standing import positions
from compliance.fields import fields
from compliance.language import Text


@dataclass(frozen=True)
class RiskInWords:
    """One risk as somebody reads it who has never seen an assessment."""

    title: str
    words: tuple[str, ...]
    before: Text | None
    planned: Text | None


@dataclass(frozen=True)
class Summary:
    """The assessment in words: nothing of findings, opinions, history, people or other entries."""

    title: str
    texts: tuple[tuple[Text, str], ...]
    """Headings and what stands under them; unwritten ones are left out."""
    risks: tuple[RiskInWords, ...]
    measures: tuple[tuple[str, str], ...]
    """Title and description."""


SUMMARISED: Final = ("description", "purposes", "data")
"""Names of the statements of which participants are told."""


def summarise(dpia: Dpia, matrix: RiskMatrix) -> Summary:
    """What participants are shown of *dpia*."""
    specs = fields(Dpia)
    texts = ((specs[name].label, getattr(dpia, name).strip()) for name in SUMMARISED)
    risks = []
    for risk in dpia.risks:
        levels = positions(risk, dpia.measures).standing(matrix)
        said = (risk.event, risk.affected, risk.consequence)
        risks.append(
            RiskInWords(
                risk.title,
                tuple(text.strip() for text in said if text.strip()),
                matrix.label(levels.before) if levels.before else None,
                matrix.label(levels.planned) if levels.planned else None,
            )
        )
    return Summary(
        dpia.name,
        tuple((label, text) for label, text in texts if text),
        tuple(risks),
        tuple((known.title, known.description) for known in map(undertaking, dpia.measures)),
    )
