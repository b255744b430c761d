"""A document in OSCAL that this application wrote, taken back into an information domain.

The same document a second time changes nothing. What belongs to an object, a module or a catalogue that the
domain does not know is named, and then nothing is taken over.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from dataclasses import fields as parts_of
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, RequirementAnswer, Status, given_in, is_borrowed
from assessments.grundschutz.controls import CatalogueUse, ControlAnswer, fit, header_of, uses_of
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.interviews import CheckInterview, Interview, latest_interviews
from assessments.grundschutz.kompendium import Requirement, edition_2023
from assessments.grundschutz.library import ControlCatalogue, contents
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal import shortened
from assessments.grundschutz.oscal_differences import fingerprint
from assessments.grundschutz.oscal_measures import (
    MeasurePlan,
    demand_measures,
    plan_measures,
    sought,
    store_measures,
)
from assessments.grundschutz.oscal_outcomes import Outcome
from assessments.grundschutz.oscal_returned import Conversation, Returned, System
from assessments.grundschutz.oscal_writing import one_line, system_id
from compliance.access import Identity, Permission, demand
from compliance.entry import everything
from compliance.errors import Refused
from compliance.fields import Kind, fields
from compliance.language import Text
from registers.objects import TargetObject


@dataclass(frozen=True)
class Change:
    """An answer that would become another one."""

    outcome: Outcome
    before: Outcome

    @property
    def parts(self) -> Iterator[tuple[Kind, Any, Any]]:
        """Each field of the answer that would change, with what it holds and what it would hold."""
        specs = fields(RequirementAnswer)
        for name in ("status", "adopted", "answered_on", *_PARTS):
            before, after = (
                getattr(each if name in ("adopted", "answered_on") else each.given, name)
                for each in (self.before, self.outcome)
            )
            if before != after:
                yield specs[name], before, after


@dataclass(frozen=True)
class Plan:
    """What taking over a document would do; nothing is stored yet."""

    returned: Returned
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    modules: tuple[Conversation, ...] = ()
    """Modules that would be assigned, or recorded differently."""
    measures: MeasurePlan = field(default_factory=MeasurePlan)
    catalogues: tuple[str, ...] = ()
    """Names of catalogues against which the domain would be checked from then on."""
    obstacles: tuple[Text, ...] = ()
    """Why nothing can be taken over."""
    remarks: tuple[Text, ...] = ()
    """What the document says otherwise than the registers, which stay as they are."""
    targets: Mapping[str, uuid.UUID | None] = field(default_factory=dict)
    """The target objects that the document names, by the name it uses; ``None`` is the whole domain."""

    @property
    def is_empty(self) -> bool:
        return not (self.changed or self.modules or self.catalogues or self.measures.changes)


# --- Comparing with what is stored ---------------------------------------------------------------

_Spot: TypeAlias = tuple[uuid.UUID | None, str]
"""A target object, or the domain as a whole, and a module."""


@dataclass
class _House:
    """The domain as it stands, for comparing and for changing it."""

    session: Session
    domain: InformationDomain
    assignments: dict[_Spot, Assignment] = field(default_factory=dict)
    answers: dict[tuple[_Spot, str], RequirementAnswer] = field(default_factory=dict)
    uses: dict[str, CatalogueUse] = field(default_factory=dict)
    controls: dict[tuple[str, str], ControlAnswer] = field(default_factory=dict)
    interviews: Mapping[uuid.UUID, Interview] = field(default_factory=dict)
    """The last interview about each assignment, by its id."""
    found: dict[str, TargetObject] = field(default_factory=dict)
    """Target objects by what a document calls them, as far as it was asked."""

    @classmethod
    def of(cls, session: Session, domain: InformationDomain) -> _House:
        house = cls(session, domain)
        query = select(Assignment).where(Assignment.domain_id == domain.id)
        by_id = {each.id: each for each in session.scalars(query.options(*everything(Assignment)))}
        spots = {identity: (each.target_id, each.module_id) for identity, each in by_id.items()}
        house.assignments = {spots[identity]: each for identity, each in by_id.items()}
        given = select(RequirementAnswer).where(RequirementAnswer.domain_id == domain.id)
        for answer in session.scalars(given.options(*everything(RequirementAnswer))):
            house.answers[spots[answer.assignment_id], answer.requirement_id] = answer
        house.uses = {use.catalogue: use for use in uses_of(session, domain)}
        by_use = {use.id: use.catalogue for use in house.uses.values()}
        found = select(ControlAnswer).where(ControlAnswer.domain_id == domain.id)
        for one in session.scalars(found.options(*everything(ControlAnswer))):
            house.controls[by_use[one.use_id], one.control_key] = one
        house.interviews = latest_interviews(session, domain)
        return house

    def interview_about(self, assignment: Assignment) -> Interview:
        return self.interviews.get(assignment.id, Interview())

    @property
    def objects(self) -> list[TargetObject]:
        """Those of the domain, and those that something was assigned to before they left it."""
        assigned = [each.target for each in self.assignments.values() if each.target]
        return list({each.id: each for each in (*self.domain.objects, *assigned)}.values())

    def target(self, place: str) -> TargetObject | None:
        """The object called *place*: by number and name, or else by a name that only one has.

        Raises KeyError where there is none.
        """
        if not place:
            return None
        if place not in self.found:
            self.found[place] = sought(place, self.objects)
        return self.found[place]

    def spot(self, place: str, module: str) -> _Spot:
        target = self.target(place)
        return (target.id if target else None, module)


def plan(session: Session, domain: InformationDomain, returned: Returned) -> Plan:
    """What *returned* would change in *domain*, which is loaded whole."""
    house = _House.of(session, domain)
    obstacles = tuple(dict.fromkeys(_obstacles(house, returned)))
    if obstacles:
        return Plan(returned, obstacles=obstacles)
    changes = [
        Change(each, before) for each in returned.outcomes if (before := _as_stored(house, each)) != each
    ]
    borrowed = tuple(_borrowed(house, changes))
    if borrowed:
        return Plan(returned, obstacles=borrowed)
    measures = plan_measures(session, domain, returned.measures)
    if measures.obstacles:
        return Plan(returned, obstacles=measures.obstacles)
    names = [str(_header(session, sha)) for sha in _new_catalogues(house, returned)]
    return Plan(
        returned,
        tuple(changes),
        len(returned.outcomes) - len(changes),
        tuple(each for each in returned.conversations if _differs(house, each)),
        measures,
        tuple(names),
        targets={each.place: house.spot(each.place, "")[0] for each in returned.outcomes},
    )


def _borrowed(house: _House, changes: Sequence[Change]) -> Iterator[Text]:
    """Answers that are changed at their source only."""
    for each in (change.outcome for change in changes if not change.outcome.catalogue):
        answer = house.answers.get((house.spot(each.place, each.module), each.control))
        if answer is not None and is_borrowed(answer):
            yield _BORROWED.format(
                requirement=each.control,
                place=shortened(each.place or str(house.domain)),
                source=shortened(answer.source_place),
            )


def _new_catalogues(house: _House, returned: Returned) -> list[str]:
    named = dict.fromkeys(each.catalogue for each in returned.outcomes if each.catalogue)
    return [sha for sha in named if sha not in house.uses]


def _header(session: Session, sha256: str) -> ControlCatalogue | None:
    return session.scalar(select(ControlCatalogue).where(ControlCatalogue.sha256 == sha256))


def _obstacles(house: _House, returned: Returned) -> Iterator[Text]:
    yield from _other_domain(house.domain, returned.system)
    places: list[tuple[str, str]] = [(each.place, each.module) for each in returned.conversations]
    places += [(each.place, each.module) for each in returned.outcomes if not each.catalogue]
    modules = {module.id for module in edition_2023().modules}
    called: dict[TargetObject | None, str] = {}
    for place, module in dict.fromkeys(places):
        try:
            before = called.setdefault(house.target(place), place)
            if before != place:
                yield _ONE_OBJECT.format(before=shortened(before), place=shortened(place))
        except KeyError:
            yield _NO_OBJECT.format(place=shortened(place), domain=str(house.domain))
        if module not in modules:
            yield _NO_MODULE.format(module=shortened(module))
    requirements = {each.id: each for each in edition_2023().requirements}
    for each in returned.outcomes:
        if not each.catalogue and not _can_be_asked(house, each, requirements):
            yield _NOT_ASKED.format(requirement=shortened(each.control))
    yield from _missing_controls(house.session, returned)


def _other_domain(domain: InformationDomain, system: System | None) -> Iterator[Text]:
    """A domain is known by the UUID that it has here, or by its name if it comes from elsewhere."""
    if system is None:
        return
    here = system_id(domain.organisation_id, domain.id)
    if system.identity != here and system.name != one_line(domain.name):
        yield _OTHER_DOMAIN.format(
            place=system.place, name=shortened(system.name), domain=shortened(str(domain))
        )


def _can_be_asked(house: _House, each: Outcome, requirements: Mapping[str, Requirement]) -> bool:
    known = requirements.get(each.control)
    return (
        known is not None
        and known.module == each.module
        and house.domain.extent.asks(known, adopted=each.adopted)
    )


def _missing_controls(session: Session, returned: Returned) -> Iterator[Text]:
    named = dict.fromkeys(each.catalogue for each in returned.outcomes if each.catalogue)
    for sha256 in named:
        header = _header(session, sha256)
        if header is None:
            yield _NO_CATALOGUE.format(checksum=shortened(sha256[:12]))
            continue
        known = contents(session, header).by_key
        for each in returned.outcomes:
            if each.catalogue == sha256 and (each.key not in known or known[each.key].withdrawn):
                yield _NO_CONTROL.format(control=shortened(each.control), catalogue=str(header))


def _stored(house: _House, each: Outcome) -> Given | None:
    if each.catalogue:
        found = house.controls.get((each.catalogue, each.key))
        values = {name: getattr(found, name) for name in _OF_CONTROLS} if found else {}
        return Given(found.status or Status.OPEN, **values) if found else None
    answer = house.answers.get((house.spot(each.place, each.module), each.control))
    return given_in(answer) if answer else None


_PARTS: Final = tuple(part.name for part in parts_of(Given) if part.name != "status")
_OF_CONTROLS: Final = tuple(name for name in _PARTS if name not in ("met_by", "evidence_on"))


def _as_stored(house: _House, each: Outcome) -> Outcome:
    """The outcome that is stored in the place of *each*, an open one where nothing is."""
    given = _stored(house, each)
    if given is None:
        return replace(each, given=Given(), wording="", adopted=False, answered_on=None)
    if each.catalogue:
        found = house.controls[each.catalogue, each.key]
        return replace(each, given=given, wording=found.wording, answered_on=found.answered_on)
    answer = house.answers[house.spot(each.place, each.module), each.control]
    return replace(each, given=given, adopted=answer.adopted is True, answered_on=answer.answered_on)


def _differs(house: _House, each: Conversation) -> bool:
    found = house.assignments.get(house.spot(each.place, each.module))
    if found is None:
        return True
    interview = house.interview_about(found)
    stored = (found.relevant is not False, found.reason, interview)
    return stored != (
        each.relevant,
        _reason(found, each),
        interview if each.interview is None else each.interview,
    )


def _reason(found: Assignment, each: Conversation) -> str:
    """The reason that would stand there: one why a module is not applied ends when it is applied again."""
    if each.reason is not None:
        return each.reason
    return found.reason if (found.relevant is not False) == each.relevant else ""


# --- Taking over ---------------------------------------------------------------------------------


def take_over(session: Session, domain: InformationDomain, planned: Plan, *, by: Identity) -> None:
    """Stores what *planned* says, in one piece. Raises :class:`Refused` where there are obstacles."""
    demand(by, Permission.EDIT, domain)
    demand_measures(planned.measures, by=by)
    store(session, domain, planned)


def store(session: Session, domain: InformationDomain, planned: Plan) -> None:
    """What :func:`take_over` does, for the command line, where nobody is signed in."""
    if planned.obstacles:
        raise Refused(planned.obstacles[0])
    house = _House.of(session, domain)
    session.info["action"] = "import"
    store_measures(session, domain, planned.measures)
    _record(house, planned.modules)
    _answer(house, [each.outcome for each in planned.changed if not each.outcome.catalogue])
    for sha256 in _new_catalogues(house, planned.returned):
        header = _header(session, sha256)
        if header is not None:
            use = CatalogueUse(domain=domain, catalogue=sha256, catalogue_name=str(header))
            session.add(use)
            house.uses[sha256] = use
    session.flush()
    _answer_controls(house, [each.outcome for each in planned.changed if each.outcome.catalogue])


def _record(house: _House, conversations: Iterable[Conversation]) -> None:
    for each in conversations:
        found = _assigned(house, each.place, each.module)
        found.relevant, found.reason = each.relevant, _reason(found, each)
        if each.interview not in (None, Interview(), house.interview_about(found)):
            house.session.add(_held(house.domain, found, each.interview))


def _held(domain: InformationDomain, assignment: Assignment, interview: Interview) -> CheckInterview:
    return CheckInterview(
        domain=domain,
        assignments=[assignment],
        held_on=interview.on,
        participants=interview.interviewees,
        recorded_by=interview.recorded_by,
    )


def _assigned(house: _House, place: str, module: str) -> Assignment:
    spot = house.spot(place, module)
    if spot not in house.assignments:
        fresh = Assignment(domain=house.domain, target=house.target(place), module_id=module, relevant=True)
        house.session.add(fresh)
        house.assignments[spot] = fresh
    return house.assignments[spot]


def _answer(house: _House, outcomes: Sequence[Outcome]) -> None:
    for each in outcomes:
        assignment = _assigned(house, each.place, each.module)
        spot = house.spot(each.place, each.module)
        answer = house.answers.get((spot, each.control))
        if answer is None:
            answer = RequirementAnswer(
                domain=house.domain, assignment=assignment, requirement_id=each.control
            )
            house.session.add(answer)
        _give(answer, each, _PARTS)
        if each.adopted != (answer.adopted is True):
            answer.adopted = each.adopted


def _answer_controls(house: _House, outcomes: Sequence[Outcome]) -> None:
    for each in outcomes:
        use = house.uses[each.catalogue]
        catalogue = contents(house.session, header_of(house.session, use))
        control = catalogue.by_key[each.key]
        answer = house.controls.get((each.catalogue, each.key))
        if answer is None:
            answer = ControlAnswer(domain=house.domain, use=use, control_key=each.key)
            house.session.add(answer)
        _give(answer, each, _OF_CONTROLS)
        answer.control_id = control.id
        answer.wording = each.wording or fingerprint(catalogue, control)
        answer.fit = fit(catalogue, answer)


def _give(answer: RequirementAnswer | ControlAnswer, each: Outcome, names: Sequence[str]) -> None:
    answer.status = each.given.status
    for name in names:
        setattr(answer, name, getattr(each.given, name))
    answer.answered_on = each.answered_on


_NO_OBJECT: Final = Text(
    "Das Zielobjekt „{place}“ gehört nicht zu {domain}, oder mehrere heißen so.",
    "The target object “{place}” does not belong to {domain}, or several have that name.",
)
_ONE_OBJECT: Final = Text(
    "„{before}“ und „{place}“ sind hier dasselbe Zielobjekt.",
    "“{before}” and “{place}” are the same target object here.",
)
_BORROWED: Final = Text(
    "Die Antwort zu {requirement} bei {place} ist aus {source} übernommen und wird dort geändert. Lösen Sie "
    "zuerst die Übernahme.",
    "The answer to {requirement} at {place} is taken over from {source} and is changed there. Detach it "
    "first.",
)
_OTHER_DOMAIN: Final = Text(
    "Das Dokument beschreibt „{name}“ ({place}), nicht {domain}.",
    "The document describes “{name}” ({place}), not {domain}.",
)
_NO_MODULE: Final = Text(
    "Den Baustein „{module}“ gibt es in der Edition 2023 nicht.",
    "There is no module “{module}” in Edition 2023.",
)
_NOT_ASKED: Final = Text(
    "Die Anforderung {requirement} wird nach der gewählten Vorgehensweise nicht geprüft.",
    "The requirement {requirement} is not checked under the chosen approach.",
)
_NO_CATALOGUE: Final = Text(
    "Der Katalog mit der Prüfsumme {checksum}… ist nicht eingelesen.",
    "The catalogue with the checksum {checksum}… has not been imported.",
)
_NO_CONTROL: Final = Text(
    "Die Anforderung {control} gibt es in „{catalogue}“ nicht.",
    "There is no control {control} in “{catalogue}”.",
)
