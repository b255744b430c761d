"""The page of a target object: what its needs are, and how far the modules are met that apply to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.progress import Assigned, Tally, at_object, summed
from compliance.access import Permission, may_do, may_see
from compliance.web import protection_needs
from compliance.web.site import me
from registers.objects import TargetObject


@dataclass(frozen=True)
class CheckedIn:
    """The modules of an object in one of its domains."""

    domain: InformationDomain
    assigned: Sequence[Assigned]
    is_seen: bool
    """Whether the domain exists for the person, and not only their object in it."""

    @property
    def total(self) -> Tally:
        return summed(each.tally for each in self.assigned)


def about_object(session: Session, target: TargetObject) -> dict[str, Any]:
    """What the page of *target* shows beside its fields."""
    keeps = may_do(me(), Permission.EDIT, target)
    checks = [
        CheckedIn(domain, assigned, may_see(me(), domain)) for domain, assigned in at_object(session, target)
    ]
    return {
        **protection_needs.about_object(session, target),
        "checks": [each for each in checks if each.is_seen or keeps],
    }
