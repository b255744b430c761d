"""What the data protection officer keeps to themselves, Art. 38 (5) GDPR."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped

from compliance.fields import flag
from compliance.language import Text

HIDDEN_BY: Final = "confidential"
"""Name of the field that :func:`confidential` makes."""


def confidential() -> Mapped[bool | None]:
    """The question whose „ja“ hides an entry from everybody but the officer, even from administrators."""
    return flag(
        "Vertraulich (Art. 38 Abs. 5)",
        "Confidential (Art. 38 (5))",
        help=Text(
            "„Ja“ verbirgt den Eintrag vor allen anderen, auch vor Administration und Leitung; "
            "Berichte zählen ihn nur.",
            "“Yes” hides the entry from everybody else, administrators and management included; "
            "reports only count it.",
        ),
        basis="Art. 38 Abs. 5 DSGVO",
    )
