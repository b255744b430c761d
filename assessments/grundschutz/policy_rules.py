"""What an audit would object to in the policies A.0."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.policies import NUMBERS, Policy, PolicyKind, absent
from compliance.entry import State
from compliance.fields import is_empty
from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation, surveys

RULES: Final = RuleBook(Policy)
DOMAIN_RULES: Final = RuleBook(InformationDomain)

_SOURCE: Final = "Referenzdokumente der ISO-27001-Zertifizierung auf Basis von IT-Grundschutz, A.0"


def _policy(**facts: Any) -> Policy:
    return Policy(name="Leitlinie", kind=PolicyKind.GUIDELINE, **facts)


@RULES.rule(
    "RIL-001",
    Severity.WARNING,
    f"{_SOURCE}; ISMS.1 Sicherheitsmanagement",
    field="next_review",
    says=Text("Die Überprüfung war am {day} fällig.", "The review was due on {day}."),
    remedy=Text(
        "Prüfen Sie, ob die Richtlinie noch zutrifft, und tragen Sie Fassung, Freigabe und den nächsten "
        "Termin ein.",
        "Check whether the policy still fits, and enter edition, approval and the next date.",
    ),
    breaks=lambda: _policy(next_review=date(2026, 2, 1)),
    keeps=lambda: _policy(next_review=date(2026, 9, 1)),
)
def _reviewed_in_time(policy: Policy, situation: Situation) -> Iterator[Hit]:
    late = policy.next_review and policy.next_review < situation.today
    if late and policy.next_review and policy.state is not State.ENDED:
        yield Hit(words={"day": policy.next_review.isoformat()})


@RULES.rule(
    "RIL-002",
    Severity.WARNING,
    _SOURCE,
    field="approved_on",
    says=Text(
        "Die Richtlinie ist nicht nachweisbar in Kraft: „{field}“ fehlt.",
        "It cannot be shown that the policy is in force: “{field}” is missing.",
    ),
    remedy=Text(
        "Lassen Sie die Richtlinie freigeben und tragen Sie Fassung, Freigabe und Termin ein.",
        "Have the policy approved, and enter edition, approval and date.",
    ),
    breaks=lambda: _policy(edition="1.0", next_review=date(2027, 1, 1)),
    keeps=lambda: _policy(
        edition="1.0",
        approved_by="Bürgermeisterin",
        approved_on=date(2026, 1, 12),
        next_review=date(2027, 1, 1),
    ),
)
def _in_force(policy: Policy, _: Situation) -> Iterator[Hit]:
    if policy.state is not State.ENDED:
        for name in ("edition", "approved_by", "approved_on", "next_review"):
            if is_empty(getattr(policy, name)):
                yield Hit(words={"field": name})


_POLICIES: Final = surveys(InformationDomain, Policy, ("kind", "domain_id", "state"))
_DOMAIN: Final = uuid.UUID(int=1)


def _domain(*kinds: PolicyKind, approach: Approach = Approach.STANDARD) -> Case:
    rows = [SimpleNamespace(kind=kind, domain_id=None, state=State.DRAFT) for kind in kinds]
    domain = InformationDomain(id=_DOMAIN, name="Kernverwaltung", approach=approach)
    return Case(domain, Situation(date(2026, 3, 2), near={"Policy": rows}))


@DOMAIN_RULES.rule(
    "RIL-003",
    Severity.WARNING,
    _SOURCE,
    field="scope",
    says=Text(
        "Von den Richtlinien, nach denen jedes Audit fragt, fehlen: {what}.",
        "Of the policies that every audit asks for, these are missing: {what}.",
    ),
    remedy=Text(
        "Legen Sie die Richtlinien mit Dokument, Fassung, Freigabe und nächster Überprüfung unter "
        "„Richtlinien (A.0)“ an.",
        "Create the policies under “Policies (A.0)” with document, edition, approval and next review.",
    ),
    breaks=lambda: _domain(PolicyKind.GUIDELINE),
    keeps=lambda: _domain(*NUMBERS),
    reads=(_POLICIES,),
)
def _policies_exist(domain: InformationDomain, situation: Situation) -> Iterator[Hit]:
    """The basic approach has no risk analysis and asks for no policy about it."""
    if missing := absent(situation.near.get("Policy", ()), domain):
        yield Hit(words={"what": ", ".join(NUMBERS[kind] for kind in missing)})
