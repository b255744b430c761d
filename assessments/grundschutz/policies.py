"""The policies of information security (Referenzdokumente A.0), with edition, release and next review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.orm import Mapped

from assessments.grundschutz.domain import Approach, InformationDomain, knows_risk_analysis
from compliance.entry import Area, Entry, State
from compliance.fields import Term, choice, day, line, prose, reference, section
from compliance.language import Text
from registers.norms import Norm


class PolicyKind(Term):
    """What a policy settles, in the order of the reference documents."""

    GUIDELINE = Text("A.0.1 Leitlinie zur Informationssicherheit", "A.0.1 Information security policy")
    RISK = Text("A.0.2 Richtlinie zur Risikoanalyse", "A.0.2 Policy on risk analysis")
    DOCUMENTS = Text(
        "A.0.3 Richtlinie zur Lenkung von Dokumenten und Aufzeichnungen",
        "A.0.3 Policy on the control of documents and records",
    )
    AUDITS = Text("A.0.4 Richtlinie zur internen ISMS-Auditierung", "A.0.4 Policy on internal ISMS audits")
    CORRECTION = Text(
        "A.0.5 Richtlinie zur Lenkung von Korrektur- und Vorbeugungsmaßnahmen",
        "A.0.5 Policy on corrective and preventive actions",
    )
    OTHER = Text("Weitere Richtlinie", "Another policy")


NUMBERS: Final[Mapping[PolicyKind, str]] = {
    PolicyKind.GUIDELINE: "A.0.1",
    PolicyKind.RISK: "A.0.2",
    PolicyKind.DOCUMENTS: "A.0.3",
    PolicyKind.AUDITS: "A.0.4",
    PolicyKind.CORRECTION: "A.0.5",
}
"""The numbers under which an audit asks for the policies."""

_PAPERS: Final = "Referenzdokumente der ISO-27001-Zertifizierung auf Basis von IT-Grundschutz, A.0"


class Policy(Entry):
    """A policy that steers information security, as a document with edition, release and review."""

    slug = "policies"
    prefix = "RI"
    area = Area.SECURITY
    title = Text("Richtlinien (A.0)", "Policies (A.0)")
    one = Text("Richtlinie", "Policy")
    due = ("next_review",)

    with section("general", "Grundangaben", "General"):
        kind: Mapped[PolicyKind | None] = choice(
            PolicyKind,
            "Referenzdokument",
            "Reference document",
            help=Text(
                "Die ersten fünf verlangt jedes Audit; A.0.2 entfällt bei der Basis-Absicherung.",
                "Every audit asks for the first five; A.0.2 is not needed under the basic approach.",
            ),
            basis=_PAPERS,
            expected=True,
            listed=True,
        )
        domain: Mapped[InformationDomain | None] = reference(
            "InformationDomain",
            "Nur für den Informationsverbund",
            "For this information domain only",
            help=Text(
                "Leer, wenn die Richtlinie für alle Informationsverbünde gilt.",
                "Empty where the policy applies to all information domains.",
            ),
            basis=_PAPERS,
            more=True,
        )
        content: Mapped[str] = prose(
            "Inhalt",
            "Content",
            help=Text("Was sie regelt, in wenigen Sätzen.", "What it settles, in a few sentences."),
            basis="ISMS.1 Sicherheitsmanagement",
            more=True,
        )

    with section("document", "Dokument", "Document"):
        source: Mapped[str] = line(
            "Dokument und Fundstelle",
            "Document and where it is found",
            length=500,
            help=Text(
                "Aktenzeichen, Ablage oder Verweis; die Datei selbst lässt sich unten anhängen.",
                "File number, folder or link; the file itself can be attached below.",
            ),
            basis=_PAPERS,
            expected=True,
        )
        edition: Mapped[str] = line(
            "Fassung",
            "Edition",
            length=60,
            help=Text("Zum Beispiel „2.1“ oder „Mai 2026“.", "Such as “2.1” or “May 2026”."),
            basis="Referenzdokument A.0.3, Lenkung von Dokumenten und Aufzeichnungen",
            expected=True,
            listed=True,
        )
        norm: Mapped[Norm | None] = reference(
            "Norm",
            "Erlassen als",
            "Issued as",
            help=Text(
                "Die Dienstanweisung oder Satzung, wenn sie im Verzeichnis der Vorschriften steht.",
                "The service instruction or by-law, if it stands in the register of norms.",
            ),
            basis="ISMS.1 Sicherheitsmanagement",
            more=True,
        )

    with section("release", "Freigabe und Überprüfung", "Release and review"):
        owner: Mapped[str] = line(
            "Verantwortlich",
            "Responsible",
            help=Text("Wer das Dokument pflegt: Name oder Stelle.", "Who keeps the document: name or post."),
            basis="Referenzdokument A.0.3, Lenkung von Dokumenten und Aufzeichnungen",
            expected=True,
            personal=True,
        )
        approved_by: Mapped[str] = line(
            "Freigegeben durch",
            "Approved by",
            help=Text("Die Leitlinie gibt die Leitung frei.", "Management approves the A.0.1 policy."),
            basis="ISMS.1 Sicherheitsmanagement",
            expected=True,
            personal=True,
        )
        approved_on: Mapped[date | None] = day(
            "Freigegeben am",
            "Approved on",
            help=Text("Seit wann diese Fassung gilt.", "Since when this edition has been in force."),
            basis=_PAPERS,
            expected=True,
            listed=True,
        )
        next_review: Mapped[date | None] = day(
            "Nächste Überprüfung",
            "Next review",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis=_PAPERS,
            expected=True,
            listed=True,
        )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID | None]


def demanded(approach: Approach | None) -> tuple[PolicyKind, ...]:
    """The policies an audit asks for; the basic approach knows no risk analysis and none about it."""
    return tuple(kind for kind in NUMBERS if kind is not PolicyKind.RISK or knows_risk_analysis(approach))


def applying(policies: Iterable[Any], domain: InformationDomain) -> list[Any]:
    """Those of *policies* that are meant for *domain*: its own and the general ones, none that has ended."""
    return [
        policy
        for policy in policies
        if policy.state is not State.ENDED and policy.domain_id in (None, domain.id)
    ]


def absent(policies: Iterable[Any], domain: InformationDomain) -> list[PolicyKind]:
    """The policies that an audit of *domain* asks for and nobody has recorded."""
    there = {policy.kind for policy in applying(policies, domain)}
    return [kind for kind in demanded(domain.approach) if kind not in there]
