"""The way from Edition 2023 to Grundschutz++: what the answers of the check propose for its controls.

A mapping says how a requirement stands to a control. What was answered therefore says something about the
control, with more or less certainty. A proposal is taken over by a person; the control then remembers its
sources, and says so when one of them is answered otherwise.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.check import UNMET, Given, RequirementAnswer, Status
from assessments.grundschutz.check_parts import PartAnswer, overall
from assessments.grundschutz.controls import CatalogueUse, ControlAnswer, answer_controls, uses_of
from assessments.grundschutz.domain import Catalogue, InformationDomain
from assessments.grundschutz.kompendium import Requirement, edition_2023, reading_order
from assessments.grundschutz.mapping_library import ControlMapping
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal import MAX_ID, Control, OscalCatalogue
from assessments.grundschutz.oscal_mapping import OscalMapping, Pair, Relation, target_of
from assessments.grundschutz.taking_over import Confidence, Proposal, Standing, checksum
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, everything
from compliance.errors import Refused
from compliance.fields import choice, day, line, reference
from compliance.language import Text, shown_day

_SOURCE: Final = "BSI, Zuordnung IT-Grundschutz-Kompendium 2023 zu Grundschutz++"
_PART: Final = re.compile(r"UA\.([1-9][0-9]{0,2})")
"""How the mapping names the statements of a requirement, counted from 1."""


class AnswerSource(Record):
    """That the answer to a control was taken over from a requirement of Edition 2023."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_SOURCE, fixed=True
    )
    use: Mapped[CatalogueUse] = reference(
        "CatalogueUse", "Geprüfter Katalog", "Checked catalogue", basis=_SOURCE, fixed=True
    )
    control_key: Mapped[str] = line(
        "Bleibende Kennung des Controls",
        "Lasting identifier of the control",
        length=MAX_ID,
        help=Text("Die Anforderung, die beantwortet wurde.", "The control that was answered."),
        basis=_SOURCE,
        fixed=True,
    )
    taken_status: Mapped[Status | None] = choice(
        Status,
        "Übernommene Antwort",
        "Answer taken over",
        help=Text("Was als Antwort gespeichert wurde.", "What was stored as the answer."),
        basis=_SOURCE,
        fixed=True,
    )
    requirement_id: Mapped[str] = line(
        "Quelle",
        "Source",
        length=20,
        help=Text("Anforderung der Edition 2023.", "Requirement of Edition 2023."),
        basis=_SOURCE,
        fixed=True,
    )
    relation: Mapped[Relation | None] = choice(
        Relation,
        "Beziehung",
        "Relation",
        help=Text(
            "Wie die Anforderung von 2023 zum Control steht, nach der Zuordnung.",
            "How the requirement of 2023 stands to the control, by the mapping.",
        ),
        basis=_SOURCE,
        fixed=True,
    )
    source_status: Mapped[Status | None] = choice(
        Status,
        "Antwort der Quelle",
        "Answer of the source",
        help=Text("Was der Check damals ergab.", "What the check had found."),
        basis=_SOURCE,
        fixed=True,
    )
    source_on: Mapped[date | None] = day(
        "Quelle geprüft am",
        "Source checked on",
        help=Text("Tag der jüngsten Antwort zur Quelle.", "Day of the latest answer to the source."),
        basis=_SOURCE,
        fixed=True,
    )
    source_state: Mapped[str] = line(
        "Stand der Quelle",
        "State of the source",
        length=64,
        help=Text(
            "Prüfsumme der Antworten zur Quelle, damit Änderungen auffallen.",
            "Checksum of the answers to the source, so that changes are noticed.",
        ),
        basis=_SOURCE,
        fixed=True,
    )
    mapping: Mapped[str] = line(
        "Prüfsumme der Zuordnung",
        "Checksum of the mapping",
        length=64,
        help=Text("Sie nennt genau eine Fassung.", "It names exactly one version."),
        basis=_SOURCE,
        fixed=True,
    )
    mapping_name: Mapped[str] = line(
        "Zuordnung",
        "Mapping",
        length=500,
        help=Text("Titel und Fassung.", "Title and version."),
        basis=_SOURCE,
        fixed=True,
    )
    taken_on: Mapped[date | None] = day(
        "Übernommen am",
        "Taken over on",
        help=Text("Tag der Übernahme.", "Day on which it was taken over."),
        basis=_SOURCE,
        fixed=True,
    )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]
        use_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return f"{self.requirement_id} → {self.control_key}"

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(
            "ix_answer_source_once",
            "organisation_id",
            "use_id",
            "control_key",
            "requirement_id",
            unique=True,
        )


# --- What the check of 2023 says ------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What was answered to one requirement, over all objects to which its module is applied."""

    requirement_id: str
    status: Status
    places: int
    """Objects at which the requirement is asked."""
    answered: int
    mixed: bool
    """Whether the objects differ in their answers."""
    on: date | None
    state: str
    """Changes with every answer."""
    answers: tuple[Given, ...] = ()
    parts: Mapping[int, tuple[Status, ...]] = field(default_factory=dict)
    """By number: the statements that were answered for themselves, as each answered object has them."""

    @property
    def is_whole(self) -> bool:
        """Whether every object was asked and all agree."""
        return not self.mixed and self.answered == self.places

    def about(self, part: str) -> Said:
        """The same about the statement called *part* alone, if it was answered for itself anywhere."""
        named = _PART.fullmatch(part)
        found = self.parts.get(int(named[1])) if named else None
        if found is None:
            return self
        return replace(self, status=overall(found), mixed=len(set(found)) > 1)


_COLUMNS: Final = ("status", "reason", "measure", "responsible", "due", "remark", "evidence")


def answered(
    session: Session, domain: InformationDomain, of: Collection[str] | None = None
) -> dict[str, set[uuid.UUID]]:
    """At which assignments each requirement asked of *domain* is answered, in reading order; one query.

    Only those in *of*, where given.
    """
    query = (
        select(RequirementAnswer.requirement_id, RequirementAnswer.assignment_id, RequirementAnswer.adopted)
        .join(RequirementAnswer.assignment)
        .where(
            RequirementAnswer.domain_id == domain.id,
            RequirementAnswer.status != Status.OPEN,
            Assignment.relevant.is_not(False),
        )
    )
    if of is not None:
        query = query.where(RequirementAnswer.requirement_id.in_(of))
    found: dict[tuple[str, bool], set[uuid.UUID]] = {}
    for requirement_id, assignment_id, adopted in session.execute(query):
        found.setdefault((requirement_id, adopted is True), set()).add(assignment_id)
    catalogue = edition_2023()
    # Whoever has turned to imported catalogues takes over what they said while they followed the Kompendium.
    extent = replace(domain.extent, catalogue=Catalogue.KOMPENDIUM_2023)
    asked: dict[str, set[uuid.UUID]] = {}
    for (requirement_id, adopted), places in found.items():
        if extent.asks(catalogue.requirement(requirement_id), adopted=adopted):
            asked.setdefault(requirement_id, set()).update(places)
    return {requirement_id: asked[requirement_id] for requirement_id in sorted(asked, key=_in_order)}


def said(
    session: Session, domain: InformationDomain, wanted: Mapping[str, Collection[uuid.UUID]]
) -> dict[str, Said]:
    """What was answered to the requirements in *wanted*, each at those assignments; three queries."""
    applied = session.scalars(
        select(Assignment.module_id).where(
            Assignment.domain_id == domain.id, Assignment.relevant.is_not(False)
        )
    )
    places = Counter(applied)
    query = select(
        RequirementAnswer.id,
        RequirementAnswer.assignment_id,
        RequirementAnswer.requirement_id,
        RequirementAnswer.answered_on,
        *(getattr(RequirementAnswer, name) for name in _COLUMNS),
    ).where(RequirementAnswer.domain_id == domain.id, RequirementAnswer.requirement_id.in_(wanted))
    rows: dict[str, list[Any]] = {identity: [] for identity in wanted}
    for row in session.execute(query):
        if row.assignment_id in wanted[row.requirement_id]:
            rows[row.requirement_id].append(row)
    catalogue, parts = edition_2023(), _parts(session, domain, wanted)
    return {
        identity: _said(identity, own, places[catalogue.requirement(identity).module], parts)
        for identity, own in rows.items()
    }


def _parts(
    session: Session, domain: InformationDomain, wanted: Collection[str]
) -> Mapping[uuid.UUID, Mapping[int, Status]]:
    """What was answered to single statements, by answer and number."""
    query = (
        select(PartAnswer.answer_id, PartAnswer.number, PartAnswer.status)
        .join(PartAnswer.answer)
        .where(
            RequirementAnswer.domain_id == domain.id,
            RequirementAnswer.requirement_id.in_(wanted),
            PartAnswer.status != Status.OPEN,
        )
        .order_by(PartAnswer.number)
    )
    found: defaultdict[uuid.UUID, dict[int, Status]] = defaultdict(dict)
    for answer_id, number, status in session.execute(query):
        if number is not None and status is not None:
            found[answer_id][number] = status
    return found


def _in_order(requirement_id: str) -> tuple[tuple[int, ...], int]:
    requirement = edition_2023().requirement(requirement_id)
    return reading_order(requirement.module), requirement.number


def _said(
    identity: str, rows: Sequence[Any], places: int, parts: Mapping[uuid.UUID, Mapping[int, Status]]
) -> Said:
    rows = sorted(rows, key=lambda row: row.assignment_id)
    state = [
        [
            str(row.assignment_id),
            *(_plain(getattr(row, name)) for name in _COLUMNS),
            *((number, status.name) for number, status in parts.get(row.id, {}).items()),
        ]
        for row in rows
    ]
    days = [row.answered_on for row in rows if row.answered_on]
    return Said(
        requirement_id=identity,
        status=overall([row.status for row in rows]),
        places=places,
        answered=len(rows),
        mixed=len({row.status for row in rows}) > 1,
        on=max(days, default=None),
        state=checksum(state),
        answers=tuple(Given(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows),
        parts={
            number: tuple(_part(row.status, parts.get(row.id, {}).get(number)) for row in rows)
            for number in sorted({number for row in rows for number in parts.get(row.id, ())})
        },
    )


def _part(whole: Status, part: Status | None) -> Status:
    """How far a statement is met: its own answer, unless the requirement was answered otherwise since."""
    agrees = part is not None and (whole is Status.PARTIAL or part in (whole, Status.UNNECESSARY))
    return part if part is not None and agrees else whole


def _plain(value: Any) -> str:
    return value.name if isinstance(value, Status) else str(value or "")


# --- What follows for a control --------------------------------------------------------------------


_WHOLE: Final = {
    Status.YES: (Status.YES, Confidence.HIGH),
    Status.UNNECESSARY: (Status.UNNECESSARY, Confidence.MEDIUM),
    Status.PARTIAL: (Status.PARTIAL, Confidence.MEDIUM),
    Status.NO: (Status.NO, Confidence.MEDIUM),
}
_IMPLIED: Final[Mapping[Relation, Mapping[Status, tuple[Status, Confidence]]]] = {
    Relation.EQUAL: _WHOLE,
    Relation.EQUIVALENT: _WHOLE,
    # Whoever does more than the control asks for meets it; who falls short of the more may still meet it.
    Relation.SUPERSET: {
        Status.YES: (Status.YES, Confidence.HIGH),
        Status.PARTIAL: (Status.PARTIAL, Confidence.LOW),
        Status.NO: (Status.NO, Confidence.LOW),
    },
    # A part of the control is done; nobody has asked about the rest.
    Relation.SUBSET: {
        Status.YES: (Status.PARTIAL, Confidence.MEDIUM),
        Status.PARTIAL: (Status.PARTIAL, Confidence.MEDIUM),
        Status.NO: (Status.NO, Confidence.LOW),
    },
    Relation.INTERSECTS: {
        Status.YES: (Status.PARTIAL, Confidence.LOW),
        Status.PARTIAL: (Status.PARTIAL, Confidence.LOW),
        Status.NO: (Status.NO, Confidence.LOW),
    },
}
_LEVELS: Final = tuple(Confidence)


def implied(pair: Pair, found: Said) -> Proposal:
    """What one answered requirement says about the control it is mapped to.

    A statement that was answered for itself counts as such. Less certain where the relation was only
    assumed, where objects differ or are not answered yet, and where a requirement is met in part while
    nobody has said whether the mapped part is.
    """
    own = found.about(pair.part)
    status, confidence = _IMPLIED[pair.relation].get(own.status, (None, Confidence.LOW))
    unclear = bool(pair.part) and own is found and own.status is Status.PARTIAL
    doubts = (pair.assumed, not own.is_whole, unclear)
    return Proposal(status, _LEVELS[min(_LEVELS.index(confidence) + sum(doubts), len(_LEVELS) - 1)])


def combined(statements: Iterable[Proposal]) -> Proposal:
    """What several statements about one control propose together: the most certain one counts.

    Where equally certain ones differ, the control is met in part, and that is of low confidence.
    """
    telling = [each for each in statements if each.status is not None]
    if not telling:
        return Proposal()
    best = min(_LEVELS.index(each.confidence) for each in telling)
    words = {each.status for each in telling if _LEVELS.index(each.confidence) == best}
    if len(words) == 1:
        return Proposal(words.pop(), _LEVELS[best])
    return Proposal(Status.PARTIAL, Confidence.LOW)


# --- The work list --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """One requirement behind a proposal."""

    requirement: Requirement
    said: Said
    pairs: tuple[Pair, ...]

    @property
    def relation(self) -> Relation:
        """The closest of its relations to the control."""
        return min((pair.relation for pair in self.pairs), key=list(Relation).index)

    def parts(self, language: str) -> str:
        """The mapped statements (Teilanforderungen), with their answers where they have their own."""
        return ", ".join(self._part(pair.part, language) for pair in self.pairs if pair.part)

    def _part(self, part: str, language: str) -> str:
        own = self.said.about(part)
        if own is self.said:
            return part
        return _ANSWERED_PART[language].format(part=part, status=own.status.text[language])

    @property
    def is_assumed(self) -> bool:
        """Whether nobody has stated any of its relations."""
        return all(pair.assumed for pair in self.pairs)


@dataclass(frozen=True)
class Target:
    """A control with everything that speaks for an answer, and the answer it has."""

    control: Control
    sources: tuple[Source, ...]
    proposal: Proposal
    standing: Standing
    current: Status = Status.OPEN
    version: int = 0
    taken: tuple[AnswerSource, ...] = ()

    @property
    def is_takeable(self) -> bool:
        """Whether the proposal may be taken over without losing what somebody has answered."""
        return self.proposal.is_takeable(self.standing)

    @property
    def is_done(self) -> bool:
        return self.standing in (Standing.TAKEN, Standing.OWN)


@dataclass(frozen=True)
class Line:
    """One row of the list: an answered requirement and one of its controls."""

    source: Source
    target: Target


@dataclass(frozen=True)
class WorkList:
    """Everything that the check of 2023 proposes for one catalogue."""

    targets: Mapping[str, Target]
    lines: tuple[Line, ...]
    answered: int
    """Requirements answered in the domain."""
    unmapped: tuple[str, ...]
    """Those of them for which the mapping names no control of the catalogue, in reading order."""

    @property
    def done(self) -> int:
        return sum(each.is_done for each in self.targets.values())

    def count(self, standing: Standing) -> int:
        """How many controls stand like this."""
        return sum(each.standing is standing for each in self.targets.values())


def work_list(
    session: Session, use: CatalogueUse, catalogue: OscalCatalogue, mapping: OscalMapping
) -> WorkList:
    """The work list of one domain and catalogue, in reading order of Edition 2023; six queries."""
    every = answered(session, use.domain)
    pairs = _pairs(catalogue, mapping, every)
    mapped = {requirement_id: every[requirement_id] for requirement_id, _key in pairs}
    found = said(session, use.domain, mapped)
    by_control: dict[str, list[Source]] = {}
    for (requirement_id, key), own in pairs.items():
        source = Source(edition_2023().requirement(requirement_id), found[requirement_id], tuple(own))
        by_control.setdefault(key, []).append(source)
    answers, taken = _answers(session, use), sources_of(session, use)
    targets = {
        key: _target(catalogue.by_key[key], sources, answers.get(key), taken.get(key, ()))
        for key, sources in by_control.items()
    }
    lines = [Line(source, target) for target in targets.values() for source in target.sources]
    lines.sort(key=lambda each: _in_order(each.source.requirement.id))
    unmapped = tuple(requirement_id for requirement_id in every if requirement_id not in mapped)
    return WorkList(targets, tuple(lines), answered=len(every), unmapped=unmapped)


def _pairs(
    catalogue: OscalCatalogue, mapping: OscalMapping, found: Collection[str]
) -> dict[tuple[str, str], list[Pair]]:
    """The pairs of answered requirements, by requirement and key of the control."""
    pairs: dict[tuple[str, str], list[Pair]] = {}
    for requirement_id in found:
        for pair in mapping.by_requirement.get(requirement_id, ()):
            key = target_of(catalogue, pair)
            if key is not None and not catalogue.by_key[key].withdrawn:
                pairs.setdefault((requirement_id, key), []).append(pair)
    return pairs


def _target(
    control: Control, sources: Sequence[Source], answer: Any | None, taken: Sequence[AnswerSource]
) -> Target:
    proposal = combined(implied(pair, source.said) for source in sources for pair in source.pairs)
    current = (answer.status if answer else None) or Status.OPEN
    now = {source.requirement.id: source.said.state for source in sources}
    changed = any(now.get(each.requirement_id) != each.source_state for each in taken)
    return Target(
        control=control,
        sources=tuple(sources),
        proposal=proposal,
        standing=proposal.standing(current, taken[0].taken_status if taken else None, changed=changed),
        current=current,
        version=answer.version if answer else 0,
        taken=tuple(taken),
    )


def sources_of(session: Session, use: CatalogueUse) -> dict[str, tuple[AnswerSource, ...]]:
    """What was taken over for *use*, by key of the control."""
    query = select(AnswerSource).where(AnswerSource.use_id == use.id).order_by(AnswerSource.requirement_id)
    found: dict[str, list[AnswerSource]] = {}
    for each in session.scalars(query.options(*everything(AnswerSource))):
        found.setdefault(each.control_key, []).append(each)
    return {key: tuple(sources) for key, sources in found.items()}


def changed_sources(
    session: Session, use: CatalogueUse, taken: Mapping[str, Sequence[AnswerSource]]
) -> frozenset[str]:
    """Keys of the controls in *taken* whose sources are answered otherwise by now."""
    ids = {each.requirement_id for sources in taken.values() for each in sources}
    if not ids:
        return frozenset()
    now = said(session, use.domain, answered(session, use.domain, ids))
    return frozenset(
        key
        for key, sources in taken.items()
        if any(
            each.requirement_id not in now or now[each.requirement_id].state != each.source_state
            for each in sources
        )
    )


def outdated_controls(session: Session, domain: InformationDomain) -> list[str]:
    """Numbers of the controls whose answers were taken over from requirements answered otherwise by now.

    Those with an answer of their own are none. Three queries for each catalogue of *domain*.
    """
    return sorted({each for use in uses_of(session, domain) for each in outdated_in(session, use)})


def outdated_in(session: Session, use: CatalogueUse) -> list[str]:
    """Those of them that belong to one catalogue."""
    taken = sources_of(session, use)
    answers = _answers(session, use) if taken else {}
    standing = {
        key: sources
        for key, sources in taken.items()
        if key in answers and answers[key].status is sources[0].taken_status
    }
    return sorted(answers[key].control_id for key in changed_sources(session, use, standing))


def _answers(session: Session, use: CatalogueUse) -> dict[str, Any]:
    columns = (ControlAnswer.control_key, ControlAnswer.control_id, ControlAnswer.status)
    query = select(*columns, ControlAnswer.version)
    return {row.control_key: row for row in session.execute(query.where(ControlAnswer.use_id == use.id))}


# --- Taking over -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taken:
    """What came of taking over."""

    count: int
    kept: int
    """Controls with an answer of their own, which stayed."""


def take_over(
    session: Session,
    use: CatalogueUse,
    catalogue: OscalCatalogue,
    header: ControlMapping,
    mapping: OscalMapping,
    keys: Sequence[str],
    *,
    by: Identity,
    replace: bool = False,
) -> Taken:
    """Answers the controls called *keys* as proposed, and keeps the sources.

    What somebody has answered otherwise stays, unless *replace*. Raises :class:`Refused` where
    there is no proposal for any of them.
    """
    demand(by, Permission.EDIT, use.domain)
    targets = work_list(session, use, catalogue, mapping).targets
    chosen = [targets[key] for key in dict.fromkeys(keys) if key in targets]
    proposed = [each for each in chosen if each.proposal.status is not None]
    if not proposed:
        raise Refused(_NOTHING)
    taken = [each for each in proposed if each.is_takeable or (replace and each.standing is Standing.OWN)]
    given = {each.control.key: _given(each, str(header)) for each in taken}
    answer_controls(session, use, catalogue, given, by=by)
    for each in taken:
        _keep_sources(session, use, each, header)
    session.info["action"] = "take over"
    return Taken(len(taken), _own(proposed) - _own(taken))


def _own(taken: Iterable[Target]) -> int:
    return sum(each.standing is Standing.OWN for each in taken)


def _keep_sources(session: Session, use: CatalogueUse, target: Target, header: ControlMapping) -> None:
    stored = {each.requirement_id: each for each in target.taken}
    for source in target.sources:
        kept = stored.pop(source.requirement.id, None)
        if kept is None:
            kept = AnswerSource(
                domain=use.domain,
                use=use,
                control_key=target.control.key,
                requirement_id=source.requirement.id,
            )
            session.add(kept)
        kept.taken_status, kept.relation = target.proposal.status, source.relation
        kept.source_status, kept.source_on = source.said.status, source.said.on
        kept.source_state, kept.taken_on = source.said.state, today()
        kept.mapping, kept.mapping_name = header.sha256, str(header)
    for gone in stored.values():
        session.delete(gone)


def _given(target: Target, mapping: str) -> Given:
    """The answer as it is stored: the proposal, with what the sources say about it."""
    answers = [answer for source in target.sources for answer in source.said.answers]
    unmet = [answer for answer in answers if answer.status in UNMET]
    asks_for_plan = target.proposal.status in UNMET
    return Given(
        target.proposal.status or Status.OPEN,
        reason=_joined(each.reason for each in answers)
        if target.proposal.status is Status.UNNECESSARY
        else "",
        measure=_joined(each.measure for each in unmet) if asks_for_plan else "",
        responsible=_only(each.responsible for each in unmet) if asks_for_plan else "",
        due=max((each.due for each in unmet if each.due), default=None) if asks_for_plan else None,
        remark="\n\n".join(
            filter(None, (_origin(target.sources, mapping), _joined(each.remark for each in answers)))
        ),
        evidence="; ".join(dict.fromkeys(filter(None, (each.evidence for each in answers))))[:500],
    )


def _origin(sources: Sequence[Source], mapping: str) -> str:
    """Where the answer comes from; kept in German, as answers are."""
    named = ", ".join(
        f"{source.requirement.id} „{source.said.status.text.de}“"
        + (f" ({shown_day(source.said.on, 'de')})" if source.said.on else "")
        for source in sources
    )
    return f"Übernommen aus IT-Grundschutz 2023: {named}. Zuordnung: {mapping}."


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def _only(names: Iterable[str]) -> str:
    """The one name among *names*; several people cannot stand for one control."""
    found = set(filter(None, names))
    return found.pop() if len(found) == 1 else ""


_ANSWERED_PART: Final = Text("{part} „{status}“", "{part} “{status}”")
_NOTHING: Final = Text(
    "Für die ausgewählten Anforderungen gibt es keinen Vorschlag.",
    "There is no proposal for the selected controls.",
)
