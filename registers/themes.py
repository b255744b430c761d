"""Themes (Handlungsfelder) of the authority's digital strategy, with their long-term goals."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import prose, section
from compliance.language import Text


class Theme(Entry):
    """One theme of the digital strategy, such as open data or intelligent mobility."""

    slug = "themes"
    prefix = "TH"
    area = Area.AUTHORITY
    title = Text("Themen der Digitalstrategie", "Themes of the digital strategy")
    one = Text("Thema", "Theme")

    with section("general", "Grundangaben", "General"):
        goal: Mapped[str] = prose(
            "Langfristiges Ziel",
            "Long-term goal",
            help=Text(
                "Was am Ende anders sein soll, in ein bis drei Sätzen.",
                "What will have changed in the end, in one to three sentences.",
            ),
            basis="Digitalstrategie",
            expected=True,
        )
        measures: Mapped[str] = prose(
            "Erste Maßnahmen",
            "First measures",
            help=Text("Was bereits beschlossen ist.", "What has already been decided."),
            basis="Digitalstrategie",
        )
