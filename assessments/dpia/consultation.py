"""Prior consultation (vorherige Konsultation) of the supervisory authority: questions, clock and outcome.

Art. 36 GDPR. The authority answers within eight weeks of receipt and may add six, which it
tells within one month. The clock stands still while the authority waits for what it asked
for. Its silence after either period is no consent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Mapped

from compliance.deadlines import (
    Deadline,
    Extendable,
    Pause,
    Regime,
    consultation_deadline,
    extension_notice,
)
from compliance.entry import Part
from compliance.fields import Term, day, prose
from compliance.language import Text
from compliance.reckoning import Length, Step, day_words, steps_to

_BASIS: Final = "Art. 36 Abs. 2 DSGVO"


class AuthorityPower(Term):
    """What the authority made use of in its answer, Art. 36 (2) and 58 GDPR."""

    ADVICE = Text("Schriftliche Empfehlungen", "Written advice")
    WARNING = Text("Warnung vor einem voraussichtlichen Verstoß", "Warning of a likely infringement")
    ORDER = Text(
        "Anweisung, die Verarbeitung in Einklang zu bringen", "Order to bring the processing into compliance"
    )
    LIMITATION = Text("Beschränkung der Verarbeitung", "Limitation of the processing")
    BAN = Text("Verbot der Verarbeitung", "Ban on the processing")


class ConsultationOutcome(Term):
    """What the consultation came to."""

    NO_OBJECTIONS = Text("Keine Einwände", "No objections")
    CHANGES = Text("Möglich mit Änderungen", "Possible with changes")
    INFRINGES = Text("In der vorgelegten Form nicht zulässig", "Not lawful in the form submitted")
    WITHDRAWN = Text("Zurückgezogen", "Withdrawn")


class AuthorityQuestion(Part, of="Dpia"):
    """Information that the authority asked for; until it has it, the clock stands still."""

    question: Mapped[str] = prose(
        "Frage",
        "Question",
        help=Text("Welche Informationen angefordert wurden.", "Which information was asked for."),
        basis=_BASIS,
        expected=True,
    )
    asked_on: Mapped[date | None] = day(
        "Angefordert am",
        "Asked on",
        help=Text("Ab diesem Tag steht die Frist still.", "From this day on the clock stands still."),
        basis=_BASIS,
        expected=True,
    )
    answer_by: Mapped[date | None] = day(
        "Zu beantworten bis",
        "Answer by",
        help=Text(
            "Von der Aufsichtsbehörde gesetzt oder selbst vorgenommen; steht auf „Heute“.",
            "Set by the authority, or by yourself; shown on “Today”.",
        ),
        basis="Art. 31 DSGVO",
    )
    answered_on: Mapped[date | None] = day(
        "Beantwortet am",
        "Answered on",
        help=Text(
            "Tag, an dem die Aufsichtsbehörde alles hatte; danach läuft die Frist weiter.",
            "Day on which the authority had everything; then the clock runs on.",
        ),
        basis=_BASIS,
    )
    answer: Mapped[str] = prose(
        "Antwort",
        "Answer",
        help=Text("Was mitgeteilt oder nachgereicht wurde.", "What was told or handed in."),
        basis="Art. 36 Abs. 3 lit. f DSGVO",
    )

    @property
    def is_open(self) -> bool:
        return self.asked_on is not None and self.answered_on is None


# --- The clock -----------------------------------------------------------------------------------

USUAL: Final = Length(weeks=8)
EXTENDED: Final = Length(weeks=14)


@dataclass(frozen=True)
class Clock:
    """By when the authority answers, and how that day came about."""

    received: date
    ends: Extendable
    told_by: Deadline
    """By when an extension has to be told."""
    extended: bool
    land: str

    @property
    def end(self) -> Deadline:
        """The end that counts: fourteen weeks once they were extended, otherwise eight."""
        return self.ends.extended if self.extended else self.ends.due

    @property
    def due(self) -> date | None:
        """The day by which the answer is due; ``None`` while the clock stands still."""
        return None if self.ends.suspended else self.end.day

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way from receipt to the end that counts."""
        plain = self.ends.unpaused or self.ends
        return steps_to(
            self.received,
            self.end,
            EXTENDED if self.extended else USUAL,
            regime=Regime.UNION,
            land=self.land,
            unpaused=plain.extended if self.extended else plain.due,
            pause_source=_BASIS,
        )


def clock(
    received: date | None, questions: Iterable[AuthorityQuestion], *, extended: bool, land: str
) -> Clock | None:
    """The clock of a consultation; ``None`` until the authority has received it."""
    if received is None:
        return None
    pauses = [Pause(one.asked_on, one.answered_on) for one in questions if one.asked_on]
    ends = consultation_deadline(received, land=land, pauses=pauses)
    told_by = extension_notice(received, land=land, pauses=pauses)
    return Clock(received, ends, told_by, extended, land)


def clock_of(dpia: Any, land: str) -> Clock | None:
    """The clock of the consultation on *dpia*, once the authority has received it."""
    return clock(
        dpia.consultation_received,
        dpia.authority_questions,
        extended=dpia.consultation_extended is True,
        land=land,
    )


def remarks(dpia: Any, running: Clock | None, today: date) -> Iterator[Text]:
    """What whoever looks at the clock has to know."""
    if dpia.consulted_on and running is None:
        yield _NOT_RECEIVED
    if running is None:
        return
    if is_running(dpia):
        if running.ends.suspended:
            yield _SUSPENDED
        elif running.end.day < today:
            yield _SILENCE_NOW.format(day=day_words(running.end.day))
        else:
            yield _SILENCE
    told = dpia.extension_told
    if running.extended and told and told > running.told_by.day:
        yield _TOLD_LATE.format(day=day_words(running.told_by.day))
    elif not running.extended and is_running(dpia) and today <= running.told_by.day:
        yield _TOLD_BY.format(day=day_words(running.told_by.day), end=day_words(running.ends.extended.day))


def questions_due(questions: Iterable[AuthorityQuestion]) -> date | None:
    """The day on which the first open question has to be answered; ``None`` if there is none."""
    return min((one.answer_by for one in questions if one.is_open and one.answer_by), default=None)


def is_running(dpia: Any) -> bool:
    """Whether the authority was asked and has not answered."""
    return dpia.consulted_on is not None and not is_settled(dpia)


def is_settled(dpia: Any) -> bool:
    """Whether the authority has answered in words, or the consultation was withdrawn."""
    answered = dpia.consulted_on is not None and bool(dpia.consultation_result.strip())
    return answered or dpia.consultation_outcome is ConsultationOutcome.WITHDRAWN


_NOT_RECEIVED: Final = Text(
    "Die Frist läuft ab dem Eingang bei der Aufsichtsbehörde. Tragen Sie den Tag ein, sobald er bestätigt "
    "ist.",
    "The period runs from receipt by the authority. Enter the day once it is confirmed.",
)
_SUSPENDED: Final = Text(
    "Eine Frage der Aufsichtsbehörde ist offen: Die Frist steht still, und das Ende verschiebt sich bis zur "
    "Antwort mit jedem Tag.",
    "A question of the authority is open: the clock stands still, and the end moves on with every day until "
    "the answer.",
)
_SILENCE: Final = Text(
    "Schweigt die Aufsichtsbehörde nach Ablauf der Frist, ist das keine Zustimmung.",
    "If the authority says nothing by the end of the period, that is no consent.",
)
_SILENCE_NOW: Final = Text(
    "Die Frist endete am {day}, ohne Antwort. Das Schweigen ist keine Zustimmung; fragen Sie nach, und "
    "beginnen Sie die Verarbeitung nicht.",
    "The period ended on {day}, without an answer. Silence is no consent; ask the authority, and do not "
    "begin the processing.",
)
_TOLD_BY: Final = Text(
    "Bis {day}, kann die Aufsichtsbehörde mitteilen, dass sie sechs Wochen mehr braucht; dann endet die "
    "Frist am {end}.",
    "Until {day}, the authority can tell that it needs six more weeks; the period then ends on {end}.",
)
_TOLD_LATE: Final = Text(
    "Die Verlängerung wurde erst nach dem {day} mitgeteilt. Ob sie dann noch wirkt, ist nicht geklärt; "
    "gerechnet wird mit vierzehn Wochen.",
    "The extension was told after {day} only. Whether it still takes effect is not settled; fourteen weeks "
    "are counted.",
)
