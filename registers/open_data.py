"""What is asked wherever data are published as open data."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.fields import prose
from compliance.language import Text


def proof_of_anonymity() -> Mapped[str]:
    """Why nobody can be identified in what is published; it follows the flag ``open_data``."""
    return prose(
        "Nachweis der Anonymisierung",
        "Evidence of anonymisation",
        help=Text(
            "Verfahren und Ergebnis der Prüfung, dass kein Bezug zu Personen herstellbar ist.",
            "Method and result of the check that no person can be identified.",
        ),
        basis="Art. 4 Nr. 1, ErwGr. 26 DSGVO",
        when="open_data",
        more=True,
    )
