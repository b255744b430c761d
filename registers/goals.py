"""Long-term goals (Ziele) of the digital strategy, each with the measures that lead there."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import Term, choice, day, line, prose, reference, rows, section
from compliance.language import Text
from registers.themes import Theme


class GoalMeasureState(Term):
    """How far a measure of the strategy has come."""

    DECIDED = Text("Beschlossen", "Decided")
    UNDER_WAY = Text("Begonnen", "Under way")
    DONE = Text("Erledigt", "Done")


class GoalMeasure(Part, of="Goal"):
    """One measure by which the authority comes nearer to a goal."""

    text: Mapped[str] = line(
        "Maßnahme",
        "Measure",
        length=500,
        help=Text("Was getan wird, in einem Satz.", "What is done, in one sentence."),
        basis="Digitalstrategie",
        expected=True,
    )
    until: Mapped[date | None] = day(
        "Bis",
        "By",
        help=Text("Tag, bis zu dem sie wirkt.", "Day by which it works."),
        basis="Digitalstrategie",
    )
    state: Mapped[GoalMeasureState | None] = choice(
        GoalMeasureState,
        "Stand der Maßnahme",
        "State of the measure",
        help=Text("Beschlossen, begonnen oder erledigt.", "Decided, under way or done."),
        basis="Digitalstrategie",
        expected=True,
    )


class Goal(Entry):
    """A goal of the digital strategy that projects serve."""

    slug = "goals"
    prefix = "ZL"
    area = Area.AUTHORITY
    title = Text("Ziele der Digitalstrategie", "Goals of the digital strategy")
    one = Text("Ziel der Digitalstrategie", "Goal of the digital strategy")
    due = ("review_on",)

    with section("general", "Grundangaben", "General"):
        theme: Mapped[Theme | None] = reference(
            "Theme",
            "Thema der Strategie",
            "Theme of the strategy",
            help=Text("Handlungsfeld, zu dem das Ziel gehört.", "Theme to which the goal belongs."),
            basis="Digitalstrategie",
            expected=True,
            listed=True,
        )
        description: Mapped[str] = prose(
            "Was erreicht werden soll",
            "What is to be achieved",
            help=Text("Woran sich das Erreichen erkennen lässt.", "By what its achievement is recognised."),
            basis="Digitalstrategie",
            expected=True,
        )
        measures: Mapped[list[GoalMeasure]] = rows(
            GoalMeasure,
            "Maßnahmen zum Ziel",
            "Measures towards the goal",
            help=Text("Was dafür beschlossen ist.", "What has been decided for it."),
            basis="Digitalstrategie",
        )
        review_on: Mapped[date | None] = day(
            "Bericht am",
            "Report on",
            help=Text(
                "Wann Ausschuss oder Rat das nächste Mal berichtet wird.",
                "When committee or council are next reported to.",
            ),
            basis="Digitalstrategie, Geschäftsordnung des Rates",
            listed=True,
        )
