"""Who may do what: roles, permissions, and the two questions every page asks.

What a person may not see does not exist for them (404); what they may see but
not do is refused (403).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import false, or_

from compliance.database import Query
from compliance.entry import Area, Entry
from compliance.errors import Forbidden, NotFound
from compliance.language import Text
from compliance.people import Role


class Permission(StrEnum):
    """What can be done to a register or an entry."""

    VIEW = "view"
    CREATE = "create"
    PROPOSE = "propose"
    """Put a draft into a register that others keep and take further."""
    EDIT = "edit"
    SUBMIT = "submit"
    ADVISE = "advise"
    RELEASE = "release"
    APPRAISE = "appraise"
    RECEIVE = "receive"
    """Take on or decline what arrived from somebody without an account."""
    IMPORT = "import"
    EXPORT = "export"
    ADMINISTER = "administer"


_VIEW: Final = frozenset({Permission.VIEW})
_READ: Final = _VIEW | {Permission.EXPORT}
_WRITE: Final = _READ | {Permission.CREATE, Permission.EDIT, Permission.SUBMIT}
_KEEP: Final = _WRITE | {Permission.IMPORT}
_DECIDE: Final = _READ | {Permission.RELEASE}

_GRANTS: Final[dict[Role, dict[Area, frozenset[Permission]]]] = {
    Role.ADMINISTRATOR: {
        Area.MEASURES: _READ | {Permission.IMPORT},
        Area.DATA_PROTECTION: _READ | {Permission.IMPORT},
        Area.PROJECTS: _READ | {Permission.IMPORT},
        Area.SECURITY: _READ | {Permission.IMPORT},
        Area.RETENTION: _READ | {Permission.IMPORT},
        Area.AUTHORITY: _KEEP | {Permission.ADMINISTER},
    },
    # Advises and keeps the registers, but never releases: Art. 38 (6) GDPR.
    Role.DSB: {
        Area.MEASURES: _KEEP | {Permission.ADVISE, Permission.PROPOSE},
        Area.DATA_PROTECTION: _KEEP | {Permission.ADVISE},
        Area.RETENTION: _KEEP | {Permission.ADVISE},
        Area.PROJECTS: _READ | {Permission.ADVISE, Permission.RECEIVE},
        Area.SECURITY: _READ,
        Area.INCIDENTS: _KEEP | {Permission.ADVISE},
        Area.REQUESTS: _KEEP | {Permission.ADVISE},
        Area.OFFICER: _KEEP,
        Area.AUTHORITY: _WRITE,
    },
    # Keeps the measures together with the officer.
    Role.ISB: {
        Area.MEASURES: _KEEP | {Permission.PROPOSE},
        Area.DATA_PROTECTION: _READ,
        Area.RETENTION: _READ,
        Area.PROJECTS: _READ,
        Area.SECURITY: _KEEP,
        Area.INCIDENTS: _WRITE,
        Area.AUTHORITY: _READ,
    },
    Role.COORDINATOR: {
        Area.MEASURES: _READ,
        Area.DATA_PROTECTION: _WRITE,
        Area.RETENTION: _WRITE,
        Area.PROJECTS: _READ,
        Area.INCIDENTS: _WRITE,
        Area.REQUESTS: _WRITE,
        Area.AUTHORITY: _VIEW,
    },
    # Plans measures in an assessment; whether and when they are in effect, others say.
    Role.PROJECT_LEAD: {
        Area.MEASURES: _READ | {Permission.PROPOSE},
        Area.DATA_PROTECTION: _WRITE,
        Area.RETENTION: _VIEW,
        Area.PROJECTS: _KEEP | {Permission.RECEIVE},
        Area.SECURITY: _VIEW,
        Area.AUTHORITY: _VIEW,
    },
    Role.MANAGEMENT: dict.fromkeys(Area, _DECIDE),
    # Sees what is kept for how long, and nothing of what it is about.
    Role.ARCHIVE: {Area.RETENTION: _READ | {Permission.APPRAISE}},
    Role.AUDITOR: dict.fromkeys(Area, _READ),
    Role.READER: {
        Area.MEASURES: _VIEW,
        Area.DATA_PROTECTION: _VIEW,
        Area.RETENTION: _VIEW,
        Area.PROJECTS: _VIEW,
        Area.AUTHORITY: _VIEW,
    },
}


@dataclass(frozen=True)
class Grant:
    """One role of a person, for the whole organisation or for some of its units."""

    role: Role
    units: frozenset[uuid.UUID] | None = None
    """Ids of the unit and everything below it; ``None`` for the whole organisation."""


@dataclass(frozen=True)
class Identity:
    """A person at work in one organisation."""

    person_id: uuid.UUID
    name: str
    organisation_id: uuid.UUID
    organisation: str
    language: str
    grants: tuple[Grant, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)


E = TypeVar("E", bound=Entry)


def may(identity: Identity, permission: Permission, area: Area) -> bool:
    """Whether *identity* may do this to anything at all in *area*."""
    return bool(_granting(identity, permission, area))


def works_in(identity: Identity, area: Area) -> bool:
    """Whether deadlines in *area* are for *identity* to keep, and not only to know of."""
    at_work = (Permission.EDIT, Permission.ADVISE, Permission.APPRAISE)
    return any(may(identity, permission, area) for permission in at_work)


def may_do(identity: Identity, permission: Permission, entry: Entry) -> bool:
    """Whether *identity* may do this to *entry*."""
    return not _is_hidden_from(identity, entry) and any(
        _covers(grant, permission, entry.unit_id) for grant in _granting(identity, permission, entry.area)
    )


def may_see(identity: Identity, entry: Entry) -> bool:
    """Whether *entry* exists for *identity*."""
    return may_do(identity, Permission.VIEW, entry)


def may_unseal(identity: Identity, entry: Entry) -> bool:
    """Whether *identity* may read the sealed answers of *entry*: who works on it, not who only reads."""
    at_work = (Permission.EDIT, Permission.ADVISE, Permission.RELEASE)
    return any(may_do(identity, permission, entry) for permission in at_work)


def demand(identity: Identity, permission: Permission, entry: Entry | type[Entry]) -> None:
    """Lets pass who may.

    Raises :class:`NotFound` where even seeing is not allowed, else :class:`Forbidden`.
    """
    allowed, sees = (
        (may(identity, permission, entry.area), may(identity, Permission.VIEW, entry.area))
        if isinstance(entry, type)
        else (may_do(identity, permission, entry), may_see(identity, entry))
    )
    if not sees:
        raise NotFound(_NOT_FOUND)
    if not allowed:
        raise Forbidden(_FORBIDDEN)


def visible(query: Query, identity: Identity, model: type[Entry]) -> Query:
    """*query* over *model*, narrowed to what exists for *identity*."""
    if model.hidden_by and Role.DSB not in identity.roles:
        query = query.where(getattr(model, model.hidden_by).is_not(True))
    grants = _granting(identity, Permission.VIEW, model.area)
    if any(grant.units is None for grant in grants):
        return query
    units = {unit for grant in grants for unit in grant.units or ()}
    if not grants:
        return query.where(false())
    return query.where(or_(model.unit_id.is_(None), model.unit_id.in_(units)))


def units_of(identity: Identity) -> frozenset[uuid.UUID] | None:
    """The units for which *identity* has any role; ``None`` if one of them is for the whole organisation."""
    units: frozenset[uuid.UUID] = frozenset()
    for grant in identity.grants:
        if grant.units is None:
            return None
        units |= grant.units
    return units


def _is_hidden_from(identity: Identity, entry: Entry) -> bool:
    return entry.is_hidden and Role.DSB not in identity.roles


def _granting(identity: Identity, permission: Permission, area: Area) -> list[Grant]:
    return [grant for grant in identity.grants if permission in _GRANTS[grant.role].get(area, ())]


def _covers(grant: Grant, permission: Permission, unit_id: uuid.UUID | None) -> bool:
    """What no unit answers for is read by everyone in the area, but changed by nobody limited to a unit."""
    if grant.units is None:
        return True
    if unit_id is None:
        return permission in _READ
    return unit_id in grant.units


_NOT_FOUND = Text("Diesen Eintrag gibt es nicht.", "There is no such entry.")
_FORBIDDEN = Text(
    "Ihre Rolle erlaubt diesen Schritt nicht. Zuständige nennt Ihnen die Administration.",
    "Your role does not allow this step. The administrator can tell you who is responsible.",
)
