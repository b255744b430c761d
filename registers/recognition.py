"""Finds in typed texts the norms and services that the organisation keeps, and links them.

Only exact words count: „SGB X“ is not found in „SGB XII“, nor „AO“ in „LBAO“.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.database import folded, today
from compliance.entry import State
from registers.norms import Land, Norm, Subject
from registers.processing import ProcessingActivity
from registers.services import Service

Words: TypeAlias = tuple[str, ...]

_WORD: Final = re.compile(r"[^\W_]+")
_LANDS: Final = frozenset(Land.__members__) | {"NRW"}


def words_in(text: str) -> Words:
    """The words and numbers of *text*, without signs and spaces; capitals count."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text)))


def key_of(text: str) -> str:
    """What of a service key counts: letters and digits, whatever their case."""
    return "".join(character for character in folded(text) if character.isalnum())


@dataclass(frozen=True)
class Shelf:
    """What an organisation keeps, by what it is called."""

    norms: Mapping[Words, Norm]
    services: Mapping[str, Service]

    @cached_property
    def _most_words(self) -> int:
        return max(map(len, self.norms), default=0)

    def cited_in(self, text: str) -> list[Norm]:
        """The norms that *text* names, in its order, each once; of two names the longer one counts."""
        return list(dict.fromkeys(self._cited(words_in(text))))

    def _cited(self, words: Words) -> Iterator[Norm]:
        start = 0
        while start < len(words):
            end, norm = self._longest(words, start)
            if norm is not None and not _is_foreign(words, end):
                yield norm
            start = end

    def _longest(self, words: Words, start: int) -> tuple[int, Norm | None]:
        for end in range(min(len(words), start + self._most_words), start, -1):
            if (norm := self.norms.get(words[start:end])) is not None:
                return end, norm
        return start + 1, None

    def link(self, activity: ProcessingActivity) -> None:
        """Links what *activity* names in its texts; what is linked already stays."""
        for purpose in activity.purposes:
            if purpose.law is None:
                purpose.law = _special_first(self.cited_in(purpose.norm))
        chosen = {purpose.law for purpose in activity.purposes} | set(activity.norms)
        named = dict.fromkeys(norm for text in _texts(activity) for norm in self.cited_in(text))
        if more := [norm for norm in named if norm not in chosen]:
            activity.norms = [*activity.norms, *more]
        service = self.service_of(activity)
        if service is not None and service not in activity.services:
            activity.services = [*activity.services, service]

    def service_of(self, activity: ProcessingActivity) -> Service | None:
        """The service whose key *activity* gives."""
        return self.services.get(key_of(activity.service_key))


def _is_foreign(words: Words, end: int) -> bool:
    """Whether the name that ends there is followed by a Land that is not part of it, as in „LDSG NRW“."""
    return end < len(words) and words[end] in _LANDS and words[end - 1] not in _LANDS


def _special_first(norms: Iterable[Norm]) -> Norm | None:
    """The first special law, because the data protection acts only catch what no other law governs."""
    return min(norms, key=lambda norm: Subject.DATA_PROTECTION in norm.areas, default=None)


def _texts(activity: ProcessingActivity) -> Iterator[str]:
    for purpose in activity.purposes:
        yield purpose.norm
    for row in activity.data:
        yield from (row.exception_norm, row.criminal_norm, row.period_norm)
    for recipient in activity.recipients:
        yield recipient.reason
    yield activity.change_reason


# --- What is there -------------------------------------------------------------------------------


def shelf(session: Session) -> Shelf:
    """Everything that can be recognised in the organisation of *session*."""
    norms = session.scalars(select(Norm).where(Norm.state != State.ENDED).order_by(Norm.number))
    services = session.scalars(select(Service).where(Service.state != State.ENDED).order_by(Service.number))
    return shelved(norms, services)


def shelved(norms: Iterable[Norm], services: Iterable[Service] = ()) -> Shelf:
    """The shelf of these *norms* and *services*; what several are called names none of them.

    Among norms of one name, the only one in force is meant.
    """
    called: dict[Words, list[Norm]] = {}
    for norm in norms:
        for words in {words_in(name) for name in _names(norm)} - {()}:
            called.setdefault(words, []).append(norm)
    keyed: dict[str, list[Service]] = {}
    for service in services:
        if key := key_of(service.key):
            keyed.setdefault(key, []).append(service)
    return Shelf(
        {words: meant for words, found in called.items() if (meant := _meant(found)) is not None},
        {key: found[0] for key, found in keyed.items() if len(found) == 1},
    )


def _names(norm: Norm) -> tuple[str, ...]:
    return (norm.name, *norm.short_forms.split(";"))


def _meant(found: list[Norm]) -> Norm | None:
    if len(found) > 1:
        found = [norm for norm in found if norm.in_force(today())]
    return found[0] if len(found) == 1 else None


def link_all(session: Session, entries: Iterable[Any]) -> None:
    """Links what the activities among *entries* name."""
    activities = [entry for entry in entries if isinstance(entry, ProcessingActivity)]
    if activities:
        known = shelf(session)
        for activity in activities:
            known.link(activity)
