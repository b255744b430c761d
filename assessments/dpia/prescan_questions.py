"""The questions of the pre-scan: in which order, when they arise, and what they mean in plain words.

Pure: answers are an unsaved :class:`PreScan`. No path is longer than the list of
questions, and an answer that was given stays known when its question falls away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from assessments.dpia.prescan import Automation, Harm, Observed, PreScan, Topic
from compliance.fields import fields, in_order, is_empty, plain, restored
from compliance.language import Text

Given: TypeAlias = Mapping[str, Any]
"""Answers as JSON by the name of the field, with ``unsure`` for „weiß ich nicht“."""


_UNSURE: Final = Text("Weiß ich nicht", "I don’t know")


@dataclass(frozen=True)
class Question:
    """One screen."""

    topic: Topic
    explains: Text
    names: tuple[str, ...]
    """The fields it asks for; the first one alone decides whether it is answered."""
    alone: Any = None
    """The answer that excludes every other one."""
    arises: Callable[[PreScan], bool] = lambda _: True
    unsure: Text = _UNSURE

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.topic.name.lower().replace("_", "-")


def about_people(answers: PreScan) -> bool:
    """Whether data of people may be involved: a „nein“ does not outweigh cameras or locations."""
    return answers.personal_data is not False or bool(_SEES_PEOPLE.intersection(answers.observed))


_SEES_PEOPLE: Final = frozenset({Observed.CAMERAS, Observed.LOCATION, Observed.USE})

QUESTIONS: Final[tuple[Question, ...]] = (
    Question(
        Topic.PLAN,
        Text(
            "Schreiben Sie es so, wie Sie es einer Kollegin oder einem Kollegen erzählen würden. Namen von "
            "Personen gehören nicht hierher.",
            "Write it as you would tell a colleague. Names of persons do not belong here.",
        ),
        ("name", "idea"),
        unsure=Text("Kann ich noch nicht sagen", "I cannot say yet"),
    ),
    Question(
        Topic.CONTACT,
        Text(
            "Damit wir uns melden können. Name und Erreichbarkeit werden verschlüsselt gespeichert.",
            "So that we can get in touch. Name and contact details are stored encrypted.",
        ),
        ("unit_said", "contact", "reach"),
    ),
    Question(
        Topic.TIMING,
        Text(
            "Je früher wir davon wissen, desto leichter lässt sich etwas ändern.",
            "The earlier we know, the easier it is to change things.",
        ),
        ("timing", "begins"),
    ),
    Question(
        Topic.PERSONAL,
        Text(
            "Gemeint ist alles, was zu einer bestimmten Person gehört: Name, E-Mail, Bild, Kennzeichen, "
            "Standort, auch eine Nummer statt des Namens.",
            "This means everything that belongs to a certain person: name, e-mail, picture, number plate, "
            "location, also a number in place of the name.",
        ),
        ("personal_data",),
    ),
    Question(
        Topic.OBSERVED,
        Text(
            "Zum Beispiel durch Kameras, Zähler, Sensoren, Ortung oder Protokolle. Mehreres ist möglich.",
            "Such as by cameras, counters, sensors, tracking or logs. Choose all that apply.",
        ),
        ("observed",),
        alone=Observed.NOTHING,
    ),
    Question(
        Topic.CONCERNED,
        Text(
            "Denken Sie auch an Menschen, die nur zufällig vorkommen. Mehreres ist möglich.",
            "Think also of people who appear only by chance. Choose all that apply.",
        ),
        ("concerned", "concerned_other"),
        arises=about_people,
    ),
    Question(
        Topic.KINDS,
        Text(
            "Kreuzen Sie alles an, was vorkommen kann, auch in Freitexten und Anhängen.",
            "Tick everything that may occur, also in free text and attachments.",
        ),
        ("kinds", "kinds_other"),
        arises=about_people,
    ),
    Question(
        Topic.SCALE,
        Text("Eine grobe Schätzung genügt.", "A rough estimate is enough."),
        ("scale",),
        arises=about_people,
    ),
    Question(
        Topic.ORIGIN,
        Text("Mehreres ist möglich.", "Choose all that apply."),
        ("origin",),
        arises=about_people,
    ),
    Question(
        Topic.AUTOMATION,
        Text(
            "Zum Beispiel Punkte vergeben, Anträge vorsortieren, Bilder erkennen oder Texte beantworten.",
            "Such as giving points, sorting applications, recognising pictures or answering texts.",
        ),
        ("automation",),
        alone=Automation.NOTHING,
        arises=about_people,
    ),
    Question(
        Topic.MERGED,
        Text(
            "Zum Beispiel Meldedaten mit Daten der Schule.",
            "Such as data of residents with data of the school.",
        ),
        ("merged",),
        arises=about_people,
    ),
    Question(
        Topic.HELPERS,
        Text(
            "Zum Beispiel eine Firma, ein Rechenzentrum, eine Cloud oder eine App aus dem Netz.",
            "Such as a company, a data centre, a cloud or an app from the net.",
        ),
        ("helpers", "provider"),
        arises=about_people,
    ),
    Question(
        Topic.OPEN_DATA,
        Text(
            "Zum Beispiel als offene Daten, als Karte im Netz oder in einem Bericht.",
            "Such as open data, as a map on the net or in a report.",
        ),
        ("open_data",),
    ),
    Question(
        Topic.KEEPING,
        Text("Eine grobe Schätzung genügt.", "A rough estimate is enough."),
        ("keeping", "keeping_until"),
        arises=about_people,
    ),
    Question(
        Topic.HARM,
        Text(
            "Stellen Sie sich vor: Daten gehen verloren, sind falsch oder geraten in falsche Hände.",
            "Imagine that data are lost, wrong or in the wrong hands.",
        ),
        ("harm", "harm_words"),
        alone=Harm.NOTHING,
        arises=about_people,
    ),
)

BY_SLUG: Final[Mapping[str, Question]] = {question.slug: question for question in QUESTIONS}


def asked(answers: PreScan) -> tuple[Question, ...]:
    """The questions that arise, given the answers so far."""
    return tuple(question for question in QUESTIONS if question.arises(answers))


def is_answered(question: Question, answers: PreScan) -> bool:
    """Whether it was answered; „weiß ich nicht“ is a full answer."""
    given = any(not is_empty(getattr(answers, name)) for name in question.names)
    return given or question.topic in answers.unsure


def first_open(answers: PreScan) -> Question | None:
    """The first question that waits for an answer."""
    return next((one for one in asked(answers) if not is_answered(one, answers)), None)


def step(answers: PreScan, question: Question, by: int) -> Question | None:
    """The question *by* places further on; ``None`` beyond either end."""
    way = asked(answers)
    place = way.index(question) + by if question in way else len(way)
    return way[place] if 0 <= place < len(way) else None


# --- Keeping what was said -----------------------------------------------------------------------

NAMES: Final = tuple(name for question in QUESTIONS for name in question.names)
"""Every field that is asked for."""


def given(answers: PreScan) -> dict[str, Any]:
    """Everything that was said, as JSON."""
    specs = fields(PreScan)
    said = {name: plain(specs[name], getattr(answers, name)) for name in (*NAMES, "unsure")}
    return {name: value for name, value in said.items() if value is not None}


def answers_from(said: Given) -> PreScan:
    """An unsaved pre-scan with what :func:`given` wrote; what no longer exists counts as not said."""
    return PreScan(**dict(_restored(said)))


def _restored(said: Given) -> Iterator[tuple[str, Any]]:
    specs: Mapping[str, Any] = fields(PreScan)
    for name in (*NAMES, "unsure"):
        if name in said:
            try:
                yield name, restored(specs[name], said[name])
            except (KeyError, ValueError):
                continue


def answer(answers: PreScan, question: Question, values: Given, *, unsure: bool) -> None:
    """Takes over what one screen said. „Weiß ich nicht“ gives way to an answer to the same question."""
    for name in question.names:
        setattr(answers, name, values[name])
    said = not is_empty(values[question.names[0]])
    others = [topic for topic in answers.unsure if topic is not question.topic]
    answers.unsure = in_order(Topic, [*others, question.topic] if unsure and not said else others)


def relevant(answers: PreScan) -> PreScan:
    """A copy with the answers to those questions only that arise."""
    said, way = given(answers), asked(answers)
    names = {name for question in way for name in question.names}
    topics = {question.topic.name for question in way}
    kept = {name: value for name, value in said.items() if name in names}
    return answers_from(kept | {"unsure": [name for name in said.get("unsure", []) if name in topics]})


def contradiction(question: Question, values: Given) -> bool:
    """Whether an answer that excludes all others was given together with another one."""
    chosen: Sequence[Any] = values[question.names[0]] if question.alone else ()
    return question.alone in chosen and len(chosen) > 1
