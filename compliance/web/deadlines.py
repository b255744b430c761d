"""The calculator of deadlines: a result is an address that can be kept and passed on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import wtforms
from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from compliance.deadlines import (
    KNOWN_YEARS,
    LANDS,
    Deadline,
    Extendable,
    Pause,
    Regime,
    breach_deadline,
    breach_terms,
    consultation_deadline,
    extension_notice,
    on_german_clocks,
    period_end,
    request_deadline,
)
from compliance.errors import Refused
from compliance.fields import Choice, Code, CodeList, Day, Duration, Field, Moment, Span, Term, TimeUnit
from compliance.language import LOCAL_TIME, Text
from compliance.people import Organisation
from compliance.reckoning import Length, Step, day_words, moment_words, steps_of_breach, steps_to
from compliance.web.forms import EntryForm, Input, written
from compliance.web.site import language, me, reading

bp = Blueprint("deadlines", __name__)


class Occasion(Term):
    """What sets a period off."""

    BREACH = Text("Datenpanne melden", "Notify a breach")
    REQUEST = Text("Antrag beantworten", "Answer a request")
    CONSULTATION = Text("Vorherige Konsultation", "Prior consultation")
    PERIOD = Text("Andere Frist", "Another period")


@dataclass(frozen=True)
class End:
    """One date of the answer."""

    label: Text
    when: Text
    beside: tuple[Text, ...] = ()
    """What has to be read with it."""


@dataclass(frozen=True)
class Answer:
    """What the calculator says."""

    ends: tuple[End, ...]
    ways: Mapping[Text, tuple[Step, ...]]
    """How each end came about, under its heading."""
    notes: tuple[Step, ...] = ()


@bp.get("/deadlines")
def calculator() -> str:
    """The questions for one occasion and, once they are answered, the deadline and the way to it."""
    name = request.args.get("kind", "")
    occasion = Occasion[name] if name in Occasion.__members__ else Occasion.BREACH
    land = _land_here()
    asked = any(field in request.args for field in _QUESTIONS[occasion])
    form = _form_class(occasion)(
        request.args if asked else None,
        data={"land": land, "regime": _REGIMES[Regime.NATIONAL.name], "length": None},
    )
    answer = _answer(occasion, form, land) if asked and _is_complete(form) else None
    return render_template(
        "deadlines.html", occasions=Occasion, occasion=occasion, form=form, answer=answer, asked=asked
    )


def _land_here() -> Code | None:
    """The Land of the organisation of whoever is asking."""
    with reading() as session:
        code = session.scalar(select(Organisation.land).where(Organisation.id == me().organisation_id))
    return _LANDS[code] if code in LANDS else None


# --- The questions -------------------------------------------------------------------------------

_LANDS: Final = CodeList([Code(code, name) for code, name in LANDS.items()])
_REGIMES: Final = CodeList([Code(regime.name, regime.text) for regime in Regime])

_LAND: Final = Choice(
    label=Text("Land", "Land"),
    help=Text(
        "Seine gesetzlichen Feiertage gelten. Feiertage, die nur einzelne Gemeinden haben, sind nicht dabei.",
        "Its public holidays apply. Holidays that only some municipalities have are not among them.",
    ),
    words=_LANDS,
)
_QUESTIONS: Final[Mapping[Occasion, Mapping[str, Field]]] = {
    Occasion.BREACH: {
        "aware": Moment(
            label=Text("Bekannt geworden am", "Known since"),
            help=Text(
                "Deutsche Zeit. Wann die erste beschäftigte Person davon wusste.",
                "German time. When the first employee noticed.",
            ),
            basis="Art. 33 Abs. 1 DSGVO",
        )
    },
    Occasion.REQUEST: {
        "received": Day(
            label=Text("Eingegangen am", "Received on"),
            help=Text(
                "Der Tag, an dem der Antrag den Verantwortlichen erreicht hat.",
                "The day on which the request reached the controller.",
            ),
            basis="Art. 12 Abs. 3 DSGVO",
        ),
        "paused": Day(
            label=Text("Rückfrage gestellt am", "Question put on"),
            help=Text(
                "Nur eine unverzügliche Rückfrage zur Identität oder zum Umfang hält die Frist an.",
                "Only a prompt question about identity or scope stops the clock.",
            ),
            basis="EDSA-Leitlinien 01/2022",
        ),
        "resumed": Day(
            label=Text("Rückfrage beantwortet am", "Question answered on"),
            help=Text("Leer lassen, solange die Antwort aussteht.", "Leave empty until the answer arrives."),
        ),
        "land": _LAND,
    },
    Occasion.CONSULTATION: {
        "received": Day(
            label=Text("Bei der Aufsichtsbehörde eingegangen am", "Received by the supervisory authority on"),
            basis="Art. 36 Abs. 2 DSGVO",
        ),
        "paused": Day(
            label=Text("Informationen angefordert am", "Information asked for on"),
            help=Text(
                "Die Aufsichtsbehörde kann die Frist aussetzen, bis sie hat, was sie braucht.",
                "The supervisory authority may suspend the period until it has what it needs.",
            ),
            basis="Art. 36 Abs. 2 DSGVO",
        ),
        "resumed": Day(
            label=Text("Informationen nachgereicht am", "Information provided on"),
            help=Text("Leer lassen, solange sie ausstehen.", "Leave empty until they are provided."),
        ),
        "land": _LAND,
    },
    Occasion.PERIOD: {
        "begins": Day(
            label=Text("Tag des Ereignisses", "Day of the event"),
            help=Text(
                "Zum Beispiel der Tag der Zustellung. Er zählt nicht mit.",
                "For example the day of service. It is not counted.",
            ),
        ),
        "length": Duration(label=Text("Dauer", "Length")),
        "regime": Choice(label=Text("Wonach sich die Frist richtet", "Law of the period"), words=_REGIMES),
        "land": _LAND,
    },
}
_OPTIONAL: Final = ("paused", "resumed")


@cache
def _form_class(occasion: Occasion) -> type[EntryForm]:
    inputs = {
        name: wtforms.fields.core.UnboundField(Input, spec=spec)
        for name, spec in _QUESTIONS[occasion].items()
    }
    return type(f"{occasion.name.title()}Form", (EntryForm,), inputs)


def _is_complete(form: EntryForm) -> bool:
    """Whether every answer of *form* can be used; what is wrong stands at the fields afterwards."""
    form.validate()
    for entry in _inputs(form):
        if not entry.errors:
            _examine(entry)
    if "paused" in form:
        _examine_pause(form)
    for entry in _inputs(form):
        if not entry.errors:
            entry.raw = written(entry.spec, entry.data) or entry.raw
    return not any(entry.errors for entry in form)


def _inputs(form: EntryForm) -> Iterator[Input]:
    return (entry for entry in form if isinstance(entry, Input))


def _examine(entry: Input) -> None:
    match entry.data:
        case None if entry.short_name not in _OPTIONAL:
            _complain(entry, _("Diese Angabe wird gebraucht."))
        case date(year=year) if year not in KNOWN_YEARS:
            _complain(entry, _years())
        case datetime() as moment:
            try:
                on_german_clocks(moment.replace(tzinfo=None))
            except Refused as refused:
                _complain(entry, refused.text[language()])
        case Span(count=0):
            _complain(entry, _("Eine Frist dauert mindestens einen Tag."))
        case _:
            pass


def _examine_pause(form: EntryForm) -> None:
    received, paused, resumed = (_usable(form[name]) for name in ("received", "paused", "resumed"))
    if paused and received and paused < received:
        _complain(form["paused"], _("Das liegt vor dem Eingang."))
    if resumed and not paused and not form["paused"].errors:
        _complain(form["paused"], _("Zu einer Antwort gehört der Tag der Rückfrage."))
    if resumed and paused and resumed < paused:
        _complain(form["resumed"], _("Das liegt vor der Rückfrage."))


def _usable(entry: Any) -> date | None:
    found: date | None = None if entry.errors else entry.data
    return found


def _complain(entry: Any, sentence: str) -> None:
    entry.errors = [*entry.errors, sentence]


def _years() -> str:
    first, last = KNOWN_YEARS[0], KNOWN_YEARS[-1]
    return str(
        _("Die Feiertage sind nur für die Jahre %(first)s bis %(last)s bekannt.", first=first, last=last)
    )


# --- The answers ---------------------------------------------------------------------------------


def _answer(occasion: Occasion, form: EntryForm, here: Code | None) -> Answer | None:
    """What to say to a complete *form*; ``None`` if the end lies beyond the known years."""
    given = form.data
    match occasion:
        case Occasion.BREACH:
            return _of_breach(given["aware"], here.name if here else "")
        case Occasion.REQUEST | Occasion.CONSULTATION:
            found, latest = _of_receipt(occasion, given)
            wrong = form["received"]
        case Occasion.PERIOD:
            found, latest = _of_period(given)
            wrong = form["length"]
    if latest.year not in KNOWN_YEARS:
        _complain(wrong, _years())
        return None
    return found


def _of_breach(aware: datetime, land: str) -> Answer:
    terms = breach_terms(aware.astimezone(LOCAL_TIME).date())
    end = breach_deadline(aware, hours=terms.hours)
    return Answer(
        ends=(
            End(_STRICT.format(hours=terms.hours), moment_words(end.strict)),
            End(_LATEST, moment_words(end.latest)),
        ),
        ways={_WAY: steps_of_breach(aware, end, terms, land=land)},
        notes=(Step(terms.risk.text, terms.source),),
    )


def _of_receipt(occasion: Occasion, given: Mapping[str, Any]) -> tuple[Answer, date]:
    received, land = given["received"], given["land"].name
    pauses = [Pause(given["paused"], given["resumed"])] if given["paused"] else []
    reckon, lengths, notes, pause_source = _RECEIPTS[occasion]
    ends: Extendable = reckon(received, land=land, pauses=pauses)
    if occasion is Occasion.CONSULTATION:
        told = extension_notice(received, land=land, pauses=pauses)
        notes = (Step(_TOLD.format(day=day_words(told.day)), "Art. 36 Abs. 2 DSGVO"), *notes)
    if ends.suspended:
        notes = (Step(_SUSPENDED), *notes)
    plain = ends.unpaused or ends
    each = [
        (_DUE.format(length=lengths[0].text), ends.due, plain.due, lengths[0]),
        (_EXTENDED.format(length=lengths[1].text), ends.extended, plain.extended, lengths[1]),
    ]
    said = tuple(
        End(label, day_words(end.day), tuple(_beside(end, before))) for label, end, before, _l in each
    )
    ways = {
        label: steps_to(
            received,
            end,
            length,
            regime=Regime.UNION,
            land=land,
            unpaused=before,
            pause_source=pause_source,
        )
        for label, end, before, length in each
    }
    return Answer(said, ways, notes), ends.extended.day


def _of_period(given: Mapping[str, Any]) -> tuple[Answer, date]:
    span, regime, land = given["length"], Regime[given["regime"].name], given["land"].name
    length = _LENGTHS[span.unit](span.count)
    end = period_end(
        given["begins"],
        days=length.days,
        weeks=length.weeks,
        months=length.months,
        regime=regime,
        land=land,
    )
    steps = steps_to(given["begins"], end, length, regime=regime, land=land)
    answer = Answer((End(_PERIOD_ENDS, day_words(end.day), tuple(_beside(end, end))),), {_WAY: steps})
    return answer, end.day


def _beside(end: Deadline, unpaused: Deadline) -> Iterator[Text]:
    if end.land_day:
        yield _LAND_HOLIDAY.format(day=day_words(end.land_day))
    if unpaused.day != end.day:
        yield _UNPAUSED.format(day=day_words(unpaused.day))


_LENGTHS: Final = {
    TimeUnit.D: lambda count: Length(days=count),
    TimeUnit.W: lambda count: Length(weeks=count),
    TimeUnit.M: lambda count: Length(months=count),
    TimeUnit.Y: lambda count: Length(months=12 * count),
}

_WAY: Final = Text("Schritt für Schritt", "Step by step")
_STRICT: Final = Text("Strikt, {hours} Stunden auf die Minute", "Strict, {hours} hours to the minute")
_LATEST: Final = Text("Rechtlich spätestens", "Latest in law")
_DUE: Final = Text("Frist ({length})", "Due ({length})")
_EXTENDED: Final = Text("Bei Verlängerung ({length} ab Eingang)", "If extended ({length} from receipt)")
_PERIOD_ENDS: Final = Text("Die Frist endet", "The period ends")
_LAND_HOLIDAY: Final = Text(
    "Nur im Land ein Feiertag. Ob er die Frist verschiebt, ist ungeklärt; verschoben wäre es {day}.",
    "A holiday of the Land only. Whether it moves the end is unsettled; moved it would be {day}.",
)
_UNPAUSED: Final = Text("Ohne die Unterbrechung: {day}.", "Without the pause: {day}.")
_SUSPENDED: Final = Text(
    "Die Rückfrage ist offen: Die Frist steht still, und das Ende verschiebt sich bis zur Antwort "
    "mit jedem Tag.",
    "The question is open: the clock stands still, and the end moves on with every day until the answer.",
)
_TOLD: Final = Text(
    "Eine Verlängerung muss die Aufsichtsbehörde bis {day}, mitteilen.",
    "The supervisory authority must tell of an extension by {day}.",
)
_RECEIPTS: Final[Mapping[Occasion, tuple[Any, tuple[Length, Length], tuple[Step, ...], str]]] = {
    Occasion.REQUEST: (
        request_deadline,
        (Length(months=1), Length(months=3)),
        (
            Step(
                Text(
                    "Verlängert werden kann nur wegen der Komplexität oder Zahl der Anträge. "
                    "Die betroffene Person muss innerhalb des ersten Monats davon und vom Grund erfahren.",
                    "An extension is possible only because of the complexity or number of requests. "
                    "The data subject must learn of it and of the reason within the first month.",
                ),
                "Art. 12 Abs. 3 DSGVO",
            ),
        ),
        "EDSA-Leitlinien 01/2022",
    ),
    Occasion.CONSULTATION: (
        consultation_deadline,
        (Length(weeks=8), Length(weeks=14)),
        (
            Step(
                Text(
                    "Schweigt die Aufsichtsbehörde nach Ablauf der Frist, ist das keine Zustimmung.",
                    "If the supervisory authority says nothing by the end, that is no consent.",
                ),
                "Art. 36 DSGVO",
            ),
        ),
        "Art. 36 Abs. 2 DSGVO",
    ),
}
