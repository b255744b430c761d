"""Reference document A.0: the policies an audit asks for, with document, edition, release and next review."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.policies import Policy, PolicyKind, absent, applying, demanded
from compliance.attachments import Attachment
from compliance.entry import State, everything
from compliance.language import Text, shown_day
from exports.document import Block, Cell, Document, Grid, Heading, Note, Prose
from exports.reports.domain_paper import MISSING, Head, columns, day_of, paper
from exports.reports.register import Issuer


def report(session: Session, domain: InformationDomain, issuer: Issuer) -> Document:
    """A.0 of *domain*, as the register of policies stands in the snapshot of *session*."""
    query = select(Policy).where(Policy.state != State.ENDED).order_by(Policy.number)
    every = session.scalars(query.options(*everything(Policy))).all()
    files = _files(session, every)
    return paper(_TITLE, _SUBJECT, domain, issuer, _blocks(every, files, domain, issuer))


_Files: TypeAlias = Mapping[uuid.UUID, Sequence[str]]
"""The names of the files attached to each policy, by its id."""


def _files(session: Session, every: Sequence[Policy]) -> _Files:
    query = select(Attachment.entry_id, Attachment.name).order_by(Attachment.added_at, Attachment.id)
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for row in session.execute(query.where(Attachment.entry_id.in_([one.id for one in every]))):
        found[row.entry_id].append(row.name)
    return found


def _blocks(
    every: Sequence[Policy], files: _Files, domain: InformationDomain, issuer: Issuer
) -> Iterator[Block]:
    language, day = issuer.language, day_of(issuer)
    policies: list[Policy] = applying(every, domain)
    if missing := absent(every, domain):
        said = _MISSING.format(what=", ".join(kind.text[language] for kind in missing))
        yield Note(_MISSING_TITLE[language], said[language], "warning")
    late = [one for one in policies if one.next_review is not None and one.next_review < day]
    if late:
        said = _LATE.format(what=", ".join(str(one) for one in late))
        yield Note(_LATE_TITLE[language], said[language], "warning")
    asked = demanded(domain.approach)
    yield Heading(_CHECKLIST[language])
    yield Prose(_ABOUT[language])
    rows = [row for kind in asked for row in _of(kind, policies, files, language)]
    yield Grid(columns(_COLUMNS, language), rows, caption=_CHECKLIST[language], sheet=_SHEET[language])
    others = [one for one in policies if one.kind not in asked]
    if others:
        yield Heading(_OTHERS[language])
        rows = [(one.designation, one.name, *_about(one, files, language)) for one in others]
        yield Grid(columns(_COLUMNS, language), rows, caption=_OTHERS[language])


def _of(
    kind: PolicyKind, policies: Sequence[Policy], files: _Files, language: str
) -> Iterator[tuple[Cell, ...]]:
    """One row for each document of that kind; a domain may have its own beside the general one."""
    number, _space, title = kind.text[language].partition(" ")
    found = [one for one in policies if one.kind is kind]
    for one in found:
        yield number, f"{title}\n{one}", *_about(one, files, language)
    if not found:
        yield number, title, *[MISSING[language]] * 4, "", MISSING[language]


def _about(one: Policy, files: _Files, language: str) -> tuple[Cell, ...]:
    approved = ", ".join(filter(None, (one.approved_by, _day(one, "approved_on", language))))
    document = (one.source, str(one.norm) if one.norm else "", *files.get(one.id, ()))
    return (
        "\n".join(filter(None, document)) or MISSING[language],
        one.edition or MISSING[language],
        approved or MISSING[language],
        one.next_review or MISSING[language],
        one.owner,
        one.state.text[language],
    )


def _day(one: Policy, name: str, language: str) -> str:
    value = getattr(one, name)
    return shown_day(value, language) if value else ""


_COLUMNS: Final = (
    Head(Text("Nr.", "No."), 0.7, Text("Nummer des Referenzdokuments.", "Number of the reference document.")),
    Head(Text("Richtlinie", "Policy"), 3.0),
    Head(
        Text("Dokument", "Document"),
        2.4,
        Text(
            "Wo das Dokument liegt, als was es erlassen ist und welche Dateien angehängt sind.",
            "Where the document is found, as what it was issued, and which files are attached.",
        ),
    ),
    Head(Text("Fassung", "Edition"), 0.9),
    Head(Text("Freigabe", "Approval"), 1.8, Text("Durch wen und wann.", "By whom and when.")),
    Head(Text("Nächste Überprüfung", "Next review"), 1.3),
    Head(Text("Verantwortlich", "Responsible"), 1.6),
    Head(Text("Stand im Register", "State in the register"), 1.2),
)
_SHEET: Final = Text("Richtlinien", "Policies")
_TITLE: Final = Text("A.0 Richtlinien: {domain}", "A.0 Policies: {domain}")
_SUBJECT: Final = Text(
    "Referenzdokument A.0: Richtlinien für Informationssicherheit mit Dokument, Fassung, Freigabe und "
    "nächster Überprüfung.",
    "Reference document A.0: information security policies with document, edition, approval and next review.",
)
_CHECKLIST: Final = Text("Richtlinien des Informationsverbunds", "Policies of the information domain")
_ABOUT: Final = Text(
    "Die Dokumente selbst werden zum Audit mit dieser Liste übergeben.",
    "The documents themselves are handed over for the audit together with this list.",
)
_OTHERS: Final = Text("Weitere Richtlinien", "Further policies")
_MISSING_TITLE: Final = Text("Richtlinien fehlen", "Policies are missing")
_MISSING: Final = Text("Nicht im Register: {what}.", "Not in the register: {what}.")
_LATE_TITLE: Final = Text("Überprüfung überfällig", "Review overdue")
_LATE: Final = Text("Zu überprüfen sind: {what}.", "To be reviewed: {what}.")
