"""What papers about an information domain have in common: cover, columns, words for what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assessments.grundschutz.domain import InformationDomain
from compliance.entry import Entry
from compliance.fields import fields, shown
from compliance.language import LOCAL_TIME, Text
from exports.document import Block, Column, Document
from exports.reports.register import Issuer


def paper(
    title: Text,
    subject: Text,
    domain: InformationDomain,
    issuer: Issuer,
    blocks: Iterable[Block],
    *,
    more: Iterable[tuple[str, str]] = (),
) -> Document:
    """A paper about *domain*, which is loaded whole, as a document in the language of *issuer*.

    *more* stands on the cover below what every paper says of the domain.
    """
    language = issuer.language
    return Document(
        title=title.format(domain=domain.name)[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=subject[language],
        version=str(domain.version),
        cover=(*cover(domain, language), *more),
        landscape=True,
        blocks=tuple(blocks),
    )


def cover(domain: InformationDomain, language: str) -> Iterator[tuple[str, str]]:
    """Which domain it is, how it is secured, and how it stands."""
    yield InformationDomain.one[language], str(domain)
    for name in ("approach", *(("profile",) if domain.profile else ()), *_COVER):
        spec = fields(InformationDomain)[name]
        yield spec.label[language], shown(spec, getattr(domain, name), language) or UNSTATED[language]
    yield standing(domain, language)


def standing(entry: Entry, language: str) -> tuple[str, str]:
    """The state of *entry*, and whether it was changed since it was released."""
    changed = _CHANGED[language] if entry.changed_since_release else ""
    return _STATE[language], ", ".join(filter(None, (entry.state.text[language], changed)))


def day_of(issuer: Issuer) -> date:
    """The calendar day on which the data was read."""
    return issuer.created.astimezone(LOCAL_TIME).date()


@dataclass(frozen=True)
class Head:
    """A column in both languages."""

    label: Text
    width: float
    help: Text | None = None
    choices: tuple[Text, ...] = ()
    on_paper: bool = True


def columns(heads: Sequence[Head], language: str) -> tuple[Column, ...]:
    """The columns in one language."""
    return tuple(
        Column(
            head.label[language],
            head.width,
            head.help[language] if head.help else "",
            choices=tuple(choice[language] for choice in head.choices),
            on_paper=head.on_paper,
        )
        for head in heads
    )


_COVER: Final = ("catalogue", "responsible", "unit")
UNSTATED: Final = Text("nicht angegeben", "not stated")
MISSING: Final = Text("fehlt", "missing")
_STATE: Final = Text("Stand", "State")
_CHANGED: Final = Text("geändert seit Freigabe", "changed since release")
