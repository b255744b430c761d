"""Where a description of measures comes from, as a report says it: in words, without counts and gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from assessments.described.description import Origin
from compliance.language import Text, day_words
from exports.document import Facts


def origin_of_measures(origin: Origin | None, language: str) -> Iterator[Facts]:
    """The source, its day, and who stands for it; nothing where the description was written by hand."""
    if origin is not None:
        yield Facts(((_LABEL[language], " ".join(_sentences(origin, language))),))


def _sentences(origin: Origin, language: str) -> Iterator[str]:
    if origin.taken_on:
        yield _TAKEN.format(day=day_words(origin.taken_on))[language]
    if origin.is_outdated:
        yield _UNDER_REVIEW[language]
    elif origin.confirmed_on:
        yield _CONFIRMED.format(day=day_words(origin.confirmed_on))[language]
    else:
        yield _UNCONFIRMED[language]
    yield _NO_JUDGEMENT[language]


_LABEL: Final = Text("Herkunft der Beschreibung", "Origin of the description")
_TAKEN: Final = Text(
    "Aus dem IT-Grundschutz-Check der eingesetzten Anwendungen und Systeme, Stand {day}.",
    "From the IT-Grundschutz check of the applications and systems used, as of {day}.",
)
_CONFIRMED: Final = Text("Vom Fachbereich bestätigt am {day}.", "Confirmed by the department on {day}.")
_UNCONFIRMED: Final = Text("Vom Fachbereich noch nicht bestätigt.", "Not confirmed by the department yet.")
_UNDER_REVIEW: Final = Text("Die Beschreibung wird derzeit überprüft.", "The description is under review.")
_NO_JUDGEMENT: Final = Text(
    "Sie nennt umgesetzte Maßnahmen und beurteilt nicht, ob diese nach Art. 32 DSGVO genügen.",
    "It names measures that are implemented and does not judge whether they suffice under Art. 32 GDPR.",
)
