"""The modelling (Modellierung): which module is applied to which target object."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import ForeignKeyConstraint, Index, column, select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.proposals import Proposal, propose
from compliance.access import Identity, Permission, demand, may_do
from compliance.entry import Record, everything
from compliance.errors import NotFound, Refused
from compliance.fields import flag, line, prose, reference, tidy
from compliance.language import Text
from registers.objects import ObjectKind, TargetObject

_MODELLING: Final = "BSI-Standard 200-2, Modellierung"


class Assignment(Record):
    """A module applied to a target object, or to the information domain as a whole."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_MODELLING, fixed=True
    )
    target: Mapped[TargetObject | None] = reference(
        "TargetObject",
        "Zielobjekt",
        "Target object",
        help=Text(
            "Leer, wenn der Baustein für den Informationsverbund als Ganzes gilt.",
            "Empty where the module applies to the information domain as a whole.",
        ),
        basis=_MODELLING,
        fixed=True,
    )
    module_id: Mapped[str] = line(
        "Baustein",
        "Module",
        length=20,
        help=Text("Kennung im IT-Grundschutz-Kompendium.", "Identifier in the IT-Grundschutz-Kompendium."),
        basis=_MODELLING,
        fixed=True,
    )
    relevant: Mapped[bool | None] = flag(
        "Wird angewendet",
        "Is applied",
        help=Text(
            "„Nein“ hält fest, dass der Baustein geprüft und begründet ausgeschlossen wurde.",
            "“No” records that the module was considered and excluded for a reason.",
        ),
        basis=_MODELLING,
    )
    reason: Mapped[str] = prose(
        "Begründung",
        "Reason",
        help=Text(
            "Warum der Baustein angewendet oder nicht angewendet wird.",
            "Why the module is applied or not applied.",
        ),
        basis=_MODELLING,
    )
    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]
        target_id: Mapped[uuid.UUID | None]

    @property
    def place(self) -> str:
        """The running number of what the module is applied to; needs domain and target loaded."""
        return self.target.designation if self.target else self.domain.designation

    def __str__(self) -> str:
        return self.module_id

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "organisation_id", "domain_id", "target_id", "module_id", unique=True)
        # Where there is no target, the index above sees no two equal rows.
        whole = column("target_id").is_(None)
        yield Index(
            "ix_assignment_whole_domain",
            "organisation_id",
            "domain_id",
            "module_id",
            unique=True,
            sqlite_where=whole,
            postgresql_where=whole,
        )


@dataclass(frozen=True)
class Suggestion:
    """A module that may be applied to a target object, or to the domain where that is ``None``."""

    target: TargetObject | None
    proposal: Proposal


Place: TypeAlias = tuple[uuid.UUID | None, str]
"""The id of a target object, ``None`` for the domain as a whole, and the id of a module."""


def load_assignment(session: Session, identity: uuid.UUID) -> Assignment:
    """The assignment with that id, ready to be shown and changed. Raises :class:`NotFound`."""
    query = select(Assignment).where(Assignment.id == identity).options(*everything(Assignment))
    if found := session.scalar(query):
        return found
    raise NotFound(_NO_ASSIGNMENT)


def may_answer(identity: Identity, assignment: Assignment) -> bool:
    """Whether *identity* may say how far *assignment*, which is loaded whole, is met.

    A whole city may be one domain; who keeps an object in a unit of it answers for that object.
    """
    target = assignment.target
    return may_do(identity, Permission.EDIT, assignment.domain) or (
        target is not None and may_do(identity, Permission.EDIT, target)
    )


def demand_answering(identity: Identity, assignment: Assignment) -> None:
    """Lets pass who :func:`may_answer`, and raises as :func:`demand` does about its domain."""
    if not may_answer(identity, assignment):
        demand(identity, Permission.EDIT, assignment.domain)


def propose_assignments(session: Session, domain: InformationDomain) -> list[Suggestion]:
    """What may still be modelled on *domain* and its objects, by their type and the words about them.

    Objects out of operation are left out. *domain* is loaded whole.
    """
    known = _places(session, domain)
    return [
        Suggestion(target, proposal)
        for target, proposals in _proposals(domain)
        for proposal in proposals
        if (target.id if target else None, proposal.module_id) not in known
    ]


def _proposals(domain: InformationDomain) -> Iterator[tuple[TargetObject | None, tuple[Proposal, ...]]]:
    yield None, propose("information_domain", f"{domain.name} {domain.scope}")
    for target in sorted(domain.objects, key=lambda target: target.number):
        # The process modules are proposed for the domain.
        if target.kind in _KINDS and target.takes_modules:
            words = f"{target.name} {target.platform} {target.description}"
            yield target, propose(_KINDS[target.kind], words)


def without_module(
    session: Session, domain: InformationDomain, suggestions: Iterable[Suggestion]
) -> list[TargetObject]:
    """The objects in use that no module is applied to and none is proposed for, by running number.

    Somebody finds a module for them, or they go to the risk analysis. *domain* is loaded whole.
    """
    served = modelled_ids(session, domain) | {each.target.id for each in suggestions if each.target}
    bare = (one for one in domain.objects if one.takes_modules and one.id not in served)
    return sorted(bare, key=lambda one: one.number)


def modelled_ids(session: Session, domain: InformationDomain) -> frozenset[uuid.UUID | None]:
    """The ids of the objects to which a module is applied, ``None`` for *domain* as a whole."""
    applied = (Assignment.domain_id == domain.id, Assignment.relevant.is_not(False))
    return frozenset(session.scalars(select(Assignment.target_id).where(*applied)))


def proposed_reasons(domain: InformationDomain) -> dict[Place, Text]:
    """Why each module would be proposed where it is, for whoever applied it without words of their own."""
    return {
        (target.id if target else None, proposal.module_id): proposal.reason
        for target, proposals in _proposals(domain)
        for proposal in proposals
    }


_KINDS: Final = {
    ObjectKind.APPLICATION: "application",
    ObjectKind.IT_SYSTEM: "it_system",
    ObjectKind.ICS: "ics",
    ObjectKind.IOT: "iot",
    ObjectKind.NETWORK: "network",
    ObjectKind.ROOM: "room",
    ObjectKind.BUILDING: "building",
}


def assign(
    session: Session, domain: InformationDomain, places: Iterable[Place], *, by: Identity
) -> list[Assignment]:
    """Applies modules to objects of *domain* or to the domain itself; what is assigned already stays.

    Returns the new assignments. *domain* is loaded whole. Raises :class:`Refused`
    for an unknown module and for an object outside the domain.
    """
    demand(by, Permission.EDIT, domain)
    known = _places(session, domain)
    targets: dict[uuid.UUID | None, TargetObject | None] = {target.id: target for target in domain.objects}
    targets[None] = None
    modules = {module.id for module in edition_2023().modules}
    added = []
    for target_id, module_id in dict.fromkeys(places):
        if module_id not in modules:
            raise Refused(_NO_MODULE.format(module=module_id))
        if target_id not in targets:
            raise Refused(_OUTSIDE)
        if (target_id, module_id) not in known:
            added.append(
                Assignment(domain=domain, target=targets[target_id], module_id=module_id, relevant=True)
            )
    session.add_all(added)
    return added


def set_relevance(assignment: Assignment, *, relevant: bool, reason: str, by: Identity) -> None:
    """Records whether the module is applied, and why.

    Raises :class:`Refused` where a module is excluded without a reason.
    """
    demand(by, Permission.EDIT, assignment.domain)
    if not relevant and not tidy(reason):
        raise Refused(_NO_REASON)
    assignment.relevant = relevant
    assignment.reason = tidy(reason)


def _places(session: Session, domain: InformationDomain) -> set[Place]:
    rows: Any = session.execute(
        select(Assignment.target_id, Assignment.module_id).where(Assignment.domain_id == domain.id)
    )
    return {(target_id, module_id) for target_id, module_id in rows}


_NO_ASSIGNMENT: Final = Text("Diese Zuordnung gibt es nicht.", "There is no such assignment.")
_NO_MODULE: Final = Text(
    "Den Baustein „{module}“ gibt es in der Edition 2023 nicht.",
    "There is no module “{module}” in Edition 2023.",
)
_OUTSIDE: Final = Text(
    "Das Zielobjekt gehört nicht zum Informationsverbund. Nehmen Sie es dort zuerst auf.",
    "The target object does not belong to the information domain. Add it there first.",
)
_NO_REASON: Final = Text(
    "Begründen Sie, warum der Baustein nicht angewendet wird.", "Give a reason why the module is not applied."
)
