"""How a deadline came about, step by step, in sentences that can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from compliance.deadlines import (
    LANDS,
    BreachDeadline,
    BreachTerms,
    Deadline,
    Regime,
    holidays_of,
    is_working_day,
    next_full_hour,
    two_working_days,
)
from compliance.language import LOCAL_TIME, Text, shown_day


@dataclass(frozen=True)
class Step:
    """One step of the way, with its source in German citation form where it rests on one."""

    says: Text
    source: str = ""


@dataclass(frozen=True)
class Length:
    """How long a period is, in one unit."""

    days: int = 0
    weeks: int = 0
    months: int = 0

    @property
    def text(self) -> Text:
        count = self.days or self.weeks or self.months
        one, many = next(words for unit, words in _UNITS.items() if getattr(self, unit))
        word = one if count == 1 else many
        return Text(f"{count} {word.de}", f"{count} {word.en}")


_UNITS: Final = {
    "days": (Text("Tag", "day"), Text("Tage", "days")),
    "weeks": (Text("Woche", "week"), Text("Wochen", "weeks")),
    "months": (Text("Monat", "month"), Text("Monate", "months")),
}

_COUNTING: Final = {
    Regime.UNION: "Art. 3 VO (EWG, Euratom) Nr. 1182/71",
    Regime.NATIONAL: "§§ 187, 188 BGB",
}
_SHIFTING: Final = {
    Regime.UNION: "Art. 3 Abs. 4 VO (EWG, Euratom) Nr. 1182/71",
    Regime.NATIONAL: "§ 193 BGB",
}


# --- How days and moments are called -------------------------------------------------------------

_WEEKDAYS: Final = (
    Text("Montag", "Monday"),
    Text("Dienstag", "Tuesday"),
    Text("Mittwoch", "Wednesday"),
    Text("Donnerstag", "Thursday"),
    Text("Freitag", "Friday"),
    Text("Samstag", "Saturday"),
    Text("Sonntag", "Sunday"),
)


def day_words(day: date) -> Text:
    """*day* with its day of the week."""
    name = _WEEKDAYS[day.weekday()]
    return Text(f"{name.de}, {shown_day(day, 'de')}", f"{name.en}, {shown_day(day, 'en')}")


def moment_words(moment: datetime) -> Text:
    """*moment* as clocks in Germany show it, with the name of the time they keep."""
    local = moment.astimezone(LOCAL_TIME)
    day, zone = day_words(local.date()), _zone(local)
    return Text(f"{day.de}, {local:%H:%M} Uhr {zone.de}", f"{day.en}, {local:%H:%M} {zone.en}")


def _zone(local: datetime) -> Text:
    return Text("MESZ", "CEST") if local.dst() else Text("MEZ", "CET")


def _named(day: date, land: str) -> Text:
    """*day* with the name of the holiday on it."""
    words, holiday = day_words(day), holidays_of(day.year, land).get(day)
    return Text(f"{words.de} ({holiday.de})", f"{words.en} ({holiday.en})") if holiday else words


def _listed(words: list[Text]) -> Text:
    """Several words as one enumeration."""
    return Text(
        " und ".join(filter(None, ("; ".join(word.de for word in words[:-1]), words[-1].de))),
        " and ".join(filter(None, ("; ".join(word.en for word in words[:-1]), words[-1].en))),
    )


def _days_of(first: date, last: date) -> Iterator[date]:
    """Every day from *first* to *last*."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


# --- Days, weeks and months ----------------------------------------------------------------------


def steps_to(
    begins: date,
    deadline: Deadline,
    length: Length,
    *,
    regime: Regime,
    land: str,
    unpaused: Deadline | None = None,
) -> tuple[Step, ...]:
    """The way from the event on *begins* to *deadline*; *unpaused* is the end without its pauses."""
    return tuple(_steps_to(begins, deadline, length, regime, land, unpaused))


def _steps_to(
    begins: date, deadline: Deadline, length: Length, regime: Regime, land: str, unpaused: Deadline | None
) -> Iterator[Step]:
    yield Step(_NOT_COUNTED.format(day=day_words(begins)), _COUNTING[regime])
    counted = unpaused.unshifted if unpaused else deadline.unshifted
    lacking = length.months and counted.day != begins.day
    sentence = _LAST_OF_MONTH if lacking else _COUNTED
    yield Step(
        sentence.format(length=length.text, day=day_words(counted), number=begins.day), _COUNTING[regime]
    )
    if unpaused and unpaused.unshifted != deadline.unshifted:
        more = Length(days=(deadline.unshifted - unpaused.unshifted).days).text
        yield Step(_STOOD_STILL.format(more=more, day=day_words(deadline.unshifted)))
    yield from _shift(deadline, regime, land)
    yield Step(_ENDS.format(day=day_words(deadline.day)), _COUNTING[regime])
    later = two_working_days(begins, length.days) if regime is Regime.UNION else None
    if later:
        says = _TWO_WORKING_DAYS.format(day=day_words(later), target=day_words(deadline.day))
        yield Step(says, "Art. 3 Abs. 5 VO (EWG, Euratom) Nr. 1182/71")


def _shift(deadline: Deadline, regime: Regime, land: str) -> Iterator[Step]:
    """What weekends and holidays do to the end of a period."""
    if deadline.day != deadline.unshifted:
        skipped = list(_days_of(deadline.unshifted, deadline.day))[:-1]
        sentence = _SHIFTED if len(skipped) == 1 else _SHIFTED_OVER
        idle = _listed([_named(day, land) for day in skipped])
        yield Step(sentence.format(idle=idle, day=day_words(deadline.day)), _SHIFTING[regime])
    if deadline.land_day:
        says = _LAND_ONLY.format(
            holiday=_named(deadline.day, land),
            land=LANDS[land],
            target=day_words(deadline.day),
            shifted=day_words(deadline.land_day),
        )
        yield Step(says, "Art. 2 Abs. 1 VO (EWG, Euratom) Nr. 1182/71")
    if (deadline.day.month, deadline.day.day) in ((12, 24), (12, 31)):
        yield Step(_NO_HOLIDAY.format(day=day_words(deadline.day)))


# --- Hours ---------------------------------------------------------------------------------------


def steps_of_breach(
    aware: datetime, deadline: BreachDeadline, terms: BreachTerms, *, land: str
) -> tuple[Step, ...]:
    """The way from awareness of a breach to its *deadline*."""
    return tuple(_steps_of_breach(aware, deadline, terms, land))


def _steps_of_breach(
    aware: datetime, deadline: BreachDeadline, terms: BreachTerms, land: str
) -> Iterator[Step]:
    regulation = "Art. 3 VO (EWG, Euratom) Nr. 1182/71"
    yield Step(_AWARE.format(moment=moment_words(aware)), terms.source)
    if _comes_twice(aware):
        yield Step(_SECOND_TIME if aware.astimezone(LOCAL_TIME).fold else _FIRST_TIME)
    yield Step(_STRICT.format(hours=terms.hours, moment=moment_words(deadline.strict)), terms.source)
    yield Step(_NEXT_HOUR.format(moment=moment_words(next_full_hour(aware))), regulation)
    yield Step(_LATEST.format(hours=terms.hours, moment=moment_words(deadline.latest)), regulation)
    first, last = (moment.astimezone(LOCAL_TIME) for moment in (aware, deadline.latest))
    idle = [day for day in _days_of(first.date(), last.date()) if not is_working_day(day, land)]
    if idle:
        sentence = _RUNS if len(idle) == 1 else _RUN
        says = sentence.format(idle=_listed([_named(day, land) for day in idle]))
        yield Step(says, "Art. 3 Abs. 3 und 4 VO (EWG, Euratom) Nr. 1182/71")
    if first.utcoffset() != last.utcoffset():
        night = next(day for day in _days_of(first.date(), last.date()) if _changes(day))
        yield Step((_FORWARD if last.dst() else _BACK).format(day=day_words(night)))


def _comes_twice(moment: datetime) -> bool:
    local = moment.astimezone(LOCAL_TIME)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _changes(day: date) -> bool:
    """Whether clocks in Germany change on *day*."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=LOCAL_TIME)
    return midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()


# --- The sentences -------------------------------------------------------------------------------

_NOT_COUNTED: Final = Text(
    "Der Tag des Ereignisses, {day}, zählt nicht mit.", "The day of the event, {day}, is not counted."
)
_COUNTED: Final = Text("{length} danach ist {day}.", "{length} later is {day}.")
_LAST_OF_MONTH: Final = Text(
    "{length} danach gibt es keinen {number}.; an seine Stelle tritt der letzte Tag des Monats, {day}.",
    "{length} later there is no day {number}; the last day of the month, {day}, takes its place.",
)
_STOOD_STILL: Final = Text(
    "Bis zur Antwort auf die Rückfrage stand die Frist still; {more} kommen hinzu, das führt zum {day}.",
    "Until the question was answered the clock stood still; this adds {more} and leads to {day}.",
)
_SHIFTED: Final = Text(
    "{idle} ist kein Arbeitstag; die Frist endet erst mit dem nächsten, {day}.",
    "{idle} is no working day; the period ends with the next one, {day}.",
)
_SHIFTED_OVER: Final = Text(
    "{idle} sind keine Arbeitstage; die Frist endet erst mit dem nächsten, {day}.",
    "{idle} are no working days; the period ends with the next one, {day}.",
)
_LAND_ONLY: Final = Text(
    "{holiday} ist in {land} Feiertag, aber nicht im ganzen Bundesgebiet. Ob das die Frist verschiebt, ist "
    "ungeklärt, weil die Verordnung von den Feiertagen des Mitgliedstaats spricht. Das Ziel bleibt {target}; "
    "mit Verschiebung wäre es {shifted}.",
    "{holiday} is a holiday in {land}, but not in all of Germany. Whether this moves the end is unsettled, "
    "because the Regulation speaks of the holidays of the Member State. The target remains {target}; "
    "if it moved, it would be {shifted}.",
)
_NO_HOLIDAY: Final = Text(
    "{day} ist kein gesetzlicher Feiertag und zählt als Arbeitstag.",
    "{day} is no public holiday and counts as a working day.",
)
_ENDS: Final = Text("Die Frist endet am {day}, um 24 Uhr.", "The period ends on {day}, at midnight.")
_TWO_WORKING_DAYS: Final = Text(
    "Eine Frist von zwei oder mehr Tagen soll mindestens zwei Arbeitstage enthalten; danach endete sie erst "
    "am {day}. Das Ziel bleibt der frühere Tag, {target}.",
    "A period of two days or more shall include at least two working days; by that it would end on {day}. "
    "The target remains the earlier day, {target}.",
)
_AWARE: Final = Text(
    "Bekannt geworden: {moment}. Maßgeblich ist, wann die erste beschäftigte Person des Verantwortlichen "
    "davon wusste, nicht wann ein Formular abgesandt wurde.",
    "Known since {moment}. What counts is when the first employee of the controller noticed, "
    "not when a form was sent.",
)
_FIRST_TIME: Final = Text(
    "Diese Uhrzeit gab es in der Nacht der Zeitumstellung zweimal; gerechnet wird mit dem ersten Mal.",
    "The clocks showed this time twice in the night they changed; the first time is used.",
)
_SECOND_TIME: Final = Text(
    "Diese Uhrzeit gab es in der Nacht der Zeitumstellung zweimal; gerechnet wird mit dem zweiten Mal.",
    "The clocks showed this time twice in the night they changed; the second time is used.",
)
_STRICT: Final = Text(
    "Auf die Minute gerechnet sind {hours} Stunden um: {moment}. Richten Sie sich auf diesen Zeitpunkt ein.",
    "To the minute, {hours} hours are over: {moment}. Plan for this moment.",
)
_NEXT_HOUR: Final = Text(
    "Die angebrochene Stunde zählt nicht mit; rechtlich beginnt die Frist mit der nächsten vollen Stunde: "
    "{moment}.",
    "The hour that has begun is not counted; in law the period starts with the next full hour: {moment}.",
)
_LATEST: Final = Text(
    "{hours} Stunden danach endet die Frist: {moment}.",
    "{hours} hours later the period ends: {moment}.",
)
_RUNS: Final = Text(
    "{idle} zählt mit und verschiebt das Ende nicht, denn eine Stundenfrist läuft auch an Wochenenden und "
    "Feiertagen.",
    "{idle} counts and does not move the end, because a period of hours runs on weekends and holidays too.",
)
_RUN: Final = Text(
    "{idle} zählen mit und verschieben das Ende nicht, denn eine Stundenfrist läuft auch an Wochenenden und "
    "Feiertagen.",
    "{idle} count and do not move the end, because a period of hours runs on weekends and holidays too.",
)
_FORWARD: Final = Text(
    "Am {day}, werden die Uhren auf Sommerzeit vorgestellt. Gezählt werden wirkliche Stunden; deshalb zeigt "
    "die Uhr am Ende eine Stunde mehr als am Anfang.",
    "On {day}, the clocks go forward to summer time. Real hours are counted, so the clock shows one hour "
    "more at the end than at the start.",
)
_BACK: Final = Text(
    "Am {day}, werden die Uhren auf Winterzeit zurückgestellt. Gezählt werden wirkliche Stunden; deshalb "
    "zeigt die Uhr am Ende eine Stunde weniger als am Anfang.",
    "On {day}, the clocks go back to winter time. Real hours are counted, so the clock shows one hour less "
    "at the end than at the start.",
)
