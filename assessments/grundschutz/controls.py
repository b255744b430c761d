"""Checking an information domain against a catalogue in OSCAL, such as Grundschutz++ or NIST SP 800-53.

An answer belongs to the key of a control, which stays when the control is renumbered, and remembers the
wording it was given for. So a new version of a catalogue carries the answers over by itself, and says
which of them are to be looked at again.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Index, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.check import Given, Status, gap_in_queries, tidied
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import ControlCatalogue, contents
from assessments.grundschutz.oscal import MAX_ID, Control, Group, OscalCatalogue
from assessments.grundschutz.oscal_differences import Differences, compare, fingerprint
from assessments.grundschutz.progress import Tally
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, everything
from compliance.errors import NotFound, Outdated, Refused
from compliance.fields import Term, choice, day, line, prose, reference
from compliance.language import Text
from registers.measures import Measure

_CATALOGUE: Final = "BSI-Standard 200-2, Modellierung"
_CHECK: Final = "BSI-Standard 200-2, IT-Grundschutz-Check"
_PLAN: Final = "BSI-Standard 200-2, Umsetzungsplanung"
_OPEN: Final = Given()


class Fit(Term):
    """Whether an answer is about what the catalogue says today."""

    CURRENT = Text("Passt zur Fassung", "Fits the version")
    REWORDED = Text("Anforderung lautet inzwischen anders", "Control says something else by now")
    DROPPED = Text("Anforderung ist nicht mehr im Katalog", "Control is no longer in the catalogue")


class CatalogueUse(Record):
    """That an information domain is checked against one version of a catalogue."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_CATALOGUE, fixed=True
    )
    catalogue: Mapped[str] = line(
        "Fassung des Katalogs",
        "Version of the catalogue",
        length=64,
        help=Text(
            "Prüfsumme des eingelesenen Dokuments; sie nennt genau eine Fassung.",
            "Checksum of the imported document; it names exactly one version.",
        ),
        basis=_CATALOGUE,
        fixed=True,
    )
    catalogue_name: Mapped[str] = line(
        "Katalog",
        "Catalogue",
        length=500,
        help=Text("Titel und Fassung.", "Title and version."),
        basis=_CATALOGUE,
        fixed=True,
    )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return self.catalogue_name

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_catalogue_use_once", "organisation_id", "domain_id", "catalogue", unique=True)


class ControlAnswer(Record):
    """What was found about one control of a catalogue."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_CHECK, fixed=True
    )
    use: Mapped[CatalogueUse] = reference(
        "CatalogueUse", "Geprüfter Katalog", "Checked catalogue", basis=_CHECK, fixed=True
    )
    control_key: Mapped[str] = line(
        "Bleibende Kennung",
        "Lasting identifier",
        length=MAX_ID,
        help=Text(
            "UUID der Anforderung, wo der Katalog eine vergibt; sonst ihre Nummer.",
            "UUID of the control where the catalogue gives one; otherwise its number.",
        ),
        basis=_CHECK,
        fixed=True,
    )
    control_id: Mapped[str] = line(
        "Anforderung",
        "Control",
        length=MAX_ID,
        help=Text(
            "Nummer in der Fassung, die geprüft wird.",
            "Number in the version that is checked.",
        ),
        basis=_CHECK,
        fixed=True,
    )
    wording: Mapped[str] = line(
        "Geprüfter Wortlaut",
        "Checked wording",
        length=64,
        help=Text(
            "Prüfsumme von Titel und Text der Anforderung, als geantwortet wurde.",
            "Checksum of title and text of the control when it was answered.",
        ),
        basis=_CHECK,
        fixed=True,
    )
    status: Mapped[Status | None] = choice(
        Status,
        "Umsetzungsstatus",
        "Status",
        help=Text(
            "„Entbehrlich“ nur mit Begründung, etwa weil eine andere Maßnahme gleich gut schützt.",
            "“Unnecessary” only for a reason, such as another measure that protects equally well.",
        ),
        basis=_CHECK,
        expected=True,
    )
    reason: Mapped[str] = prose(
        "Begründung",
        "Reason",
        help=Text("Warum die Anforderung entbehrlich ist.", "Why the control is unnecessary."),
        basis=_CHECK,
    )
    measure: Mapped[str] = prose(
        "Maßnahme",
        "Measure",
        help=Text("Was noch zu tun ist.", "What remains to be done."),
        basis=_PLAN,
    )
    responsible: Mapped[str] = line(
        "Zuständig",
        "Responsible",
        help=Text("Wer umsetzt: Name oder Stelle.", "Who implements it: name or post."),
        basis=_PLAN,
        personal=True,
    )
    due: Mapped[date | None] = day(
        "Umsetzung bis",
        "Due by",
        help=Text("Tag, bis zu dem umgesetzt sein soll.", "Day by which it is to be implemented."),
        basis=_PLAN,
    )
    remark: Mapped[str] = prose(
        "Bemerkung",
        "Remark",
        help=Text("Wie die Anforderung erfüllt ist, oder was fehlt.", "How it is met, or what is missing."),
        basis=_CHECK,
    )
    evidence: Mapped[str] = line(
        "Nachweis",
        "Evidence",
        length=500,
        help=Text("Aktenzeichen, Dokument oder Verweis.", "File number, document or link."),
        basis=_CHECK,
    )
    answered_on: Mapped[date | None] = day(
        "Geprüft am",
        "Checked on",
        help=Text("Tag der letzten Änderung der Antwort.", "Day of the last change of the answer."),
        basis=_CHECK,
        fixed=True,
    )

    planned: Mapped[Measure | None] = reference(
        "Measure",
        "Maßnahme im Umsetzungsplan",
        "Measure in the implementation plan",
        help=Text(
            "Welche Maßnahme des Registers für die Anforderung steht.",
            "Which measure of the register stands for the control.",
        ),
        basis=_PLAN,
        fixed=True,
    )
    fit: Mapped[Fit | None] = choice(
        Fit,
        "Stand gegenüber dem Katalog",
        "Standing against the catalogue",
        help=Text(
            "Ob die Anforderung noch so lautet wie bei der Antwort.",
            "Whether the control still says what it said when it was answered.",
        ),
        basis=_CHECK,
        fixed=True,
    )

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]
        use_id: Mapped[uuid.UUID]
        planned_id: Mapped[uuid.UUID | None]

    def __str__(self) -> str:
        return self.control_id

    @hybrid_property
    def gap(self) -> str:
        """What is missing, as in :class:`Gap`; also for queries."""
        return given_to_control(self).gap

    @gap.inplace.expression
    @classmethod
    def _gap_in_queries(cls) -> ColumnElement[str]:
        return gap_in_queries(cls)

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_control_answer_once", "organisation_id", "use_id", "control_key", unique=True)


@dataclass(frozen=True)
class ControlRow:
    """One control on the sheet, with what was found about it."""

    control: Control
    given: Given = _OPEN
    answered_on: date | None = None
    version: int = 0
    """0 where nothing has been stored yet."""
    reworded: bool = False
    """The control says something else than when it was answered."""
    planned: Measure | None = None
    """The measure of the implementation plan that stands for it."""

    @property
    def answered(self) -> bool:
        return self.given.status is not Status.OPEN


@dataclass(frozen=True)
class ControlTally:
    """How far a chapter of the catalogue is checked."""

    group: Group
    index: int
    total: int
    answered: int
    reworded: int


@dataclass(frozen=True)
class CarryOver:
    """What becomes of the answers when a domain moves to another version of its catalogue."""

    differences: Differences
    kept: int
    """Answers to controls that ask for the same as before."""
    reworded: tuple[Control, ...]
    """Answered controls that ask for something else: the answer stays and is marked."""
    dropped: tuple[Control, ...]
    """Answered controls that the new version does not have: the answer stays in the history."""


_ANSWERS: Final = ("reason", "measure", "responsible", "due", "remark", "evidence")


# --- Choosing catalogues -------------------------------------------------------------------------


def uses_of(session: Session, domain: InformationDomain) -> list[CatalogueUse]:
    """The catalogues against which *domain* is checked, by name."""
    query = select(CatalogueUse).where(CatalogueUse.domain_id == domain.id)
    found = session.scalars(query.options(*everything(CatalogueUse))).all()
    return sorted(found, key=lambda use: use.catalogue_name)


def load_use(session: Session, identity: uuid.UUID) -> CatalogueUse:
    """The use with that id, ready to be shown and changed. Raises :class:`NotFound`."""
    query = select(CatalogueUse).where(CatalogueUse.id == identity).options(*everything(CatalogueUse))
    if found := session.scalar(query):
        return found
    raise NotFound(_NO_USE)


def header_of(session: Session, use: CatalogueUse) -> ControlCatalogue:
    """The catalogue that *use* is about."""
    return session.scalars(select(ControlCatalogue).where(ControlCatalogue.sha256 == use.catalogue)).one()


def use_catalogue(
    session: Session, domain: InformationDomain, header: ControlCatalogue, *, by: Identity
) -> CatalogueUse:
    """Checks *domain* against a catalogue from now on. Raises :class:`Refused` where it already is."""
    demand(by, Permission.EDIT, domain)
    if any(use.catalogue == header.sha256 for use in uses_of(session, domain)):
        raise Refused(_USED.format(name=str(header)))
    fresh = CatalogueUse(domain=domain, catalogue=header.sha256, catalogue_name=str(header))
    session.add(fresh)
    return fresh


def stop_using(session: Session, use: CatalogueUse, *, by: Identity) -> None:
    """Undoes the choice of a catalogue. Raises :class:`Refused` where answers would be lost."""
    demand(by, Permission.EDIT, use.domain)
    if session.scalar(select(ControlAnswer.id).where(ControlAnswer.use_id == use.id).limit(1)):
        raise Refused(_ANSWERED)
    session.delete(use)


# --- Checking ------------------------------------------------------------------------------------


def control_rows(
    session: Session, use: CatalogueUse, catalogue: OscalCatalogue, controls: Sequence[Control]
) -> list[ControlRow]:
    """*controls* with what was found about them; those only kept for their number are left out."""
    stored = _stored(session, use, [control.key for control in controls])
    return [
        _row(catalogue, control, stored.get(control.key)) for control in controls if not control.withdrawn
    ]


def progress(session: Session, use: CatalogueUse, catalogue: OscalCatalogue) -> list[ControlTally]:
    """How far each chapter is checked, in one query; chapters are the outermost groups."""
    given = _wordings(session, use)
    top = outermost(catalogue)
    counts = {index: [0, 0, 0] for index in top}
    for control in catalogue.controls:
        if not control.withdrawn:
            answered = control.key in given
            count = counts[top[control.group]]
            count[0] += 1
            count[1] += answered
            count[2] += answered and given[control.key] != fingerprint(catalogue, control)
    return [
        ControlTally(catalogue.groups[index], index, total, answered, reworded)
        for index, (total, answered, reworded) in counts.items()
    ]


def tally_of(session: Session, use: CatalogueUse, catalogue: OscalCatalogue) -> Tally:
    """How many controls have which status."""
    asked = {control.key for control in catalogue.controls if not control.withdrawn}
    query = select(ControlAnswer.control_key, ControlAnswer.status).where(ControlAnswer.use_id == use.id)
    found = Counter(row.status or Status.OPEN for row in session.execute(query) if row.control_key in asked)
    found[Status.OPEN] += len(asked) - found.total()
    return Tally({status: found[status] for status in Status})


def outermost(catalogue: OscalCatalogue) -> list[int]:
    """For each group, by its index, the index of the outermost one around it."""
    top: list[int] = []
    for index, group in enumerate(catalogue.groups):
        top.append(index if group.parent is None else top[group.parent])
    return top


def below(catalogue: OscalCatalogue, index: int) -> list[Control]:
    """All controls in a group and the groups in it, in reading order."""
    inside = {index}
    for number, group in enumerate(catalogue.groups):
        if group.parent in inside:
            inside.add(number)
    return [control for control in catalogue.controls if control.group in inside]


def answer_control(
    session: Session,
    use: CatalogueUse,
    catalogue: OscalCatalogue,
    key: str,
    given: Given,
    *,
    by: Identity,
    version: int | None = None,
) -> ControlAnswer:
    """Stores what was found about one control, for the wording it has in *catalogue*.

    *version* is the one the person has read, 0 for none. Raises :class:`Refused` where the
    catalogue has no such control, :class:`Outdated` where somebody else has answered meanwhile.
    """
    demand(by, Permission.EDIT, use.domain)
    control = catalogue.by_key.get(key)
    if control is None or control.withdrawn:
        raise Refused(_UNKNOWN.format(control=key))
    found = _stored(session, use, [key]).get(key)
    if version is not None and version != (found.version if found else 0):
        raise Outdated(_OUTDATED.format(control=control.label))
    if found is None:
        found = ControlAnswer(domain=use.domain, use=use, control_key=key, status=Status.OPEN)
        session.add(found)
    _give(found, given, control, fingerprint(catalogue, control))
    return found


def answer_controls(
    session: Session,
    use: CatalogueUse,
    catalogue: OscalCatalogue,
    given: Mapping[str, Given],
    *,
    by: Identity,
) -> None:
    """Stores what was found about many controls, by their keys; one query however many there are.

    Raises :class:`Refused` where the catalogue lacks one of them; then nothing is stored.
    """
    demand(by, Permission.EDIT, use.domain)
    for key in given:
        if key not in catalogue.by_key or catalogue.by_key[key].withdrawn:
            raise Refused(_UNKNOWN.format(control=key))
    stored = _stored(session, use, list(given))
    for key, answer in given.items():
        found = stored.get(key)
        if found is None:
            found = ControlAnswer(domain=use.domain, use=use, control_key=key, status=Status.OPEN)
            session.add(found)
        control = catalogue.by_key[key]
        _give(found, answer, control, fingerprint(catalogue, control))


def confirm_control(
    session: Session, use: CatalogueUse, catalogue: OscalCatalogue, key: str, *, by: Identity
) -> ControlAnswer:
    """Records that an answer holds for the wording that its control has by now.

    Raises :class:`Refused` where there is no answer, or no such control any more.
    """
    demand(by, Permission.EDIT, use.domain)
    found, control = _stored(session, use, [key]).get(key), catalogue.by_key.get(key)
    if found is None or control is None or found.status is Status.OPEN:
        raise Refused(_UNKNOWN.format(control=key))
    found.control_id, found.wording = control.id, fingerprint(catalogue, control)
    found.answered_on, found.fit = today(), Fit.CURRENT
    return found


def _give(found: ControlAnswer, given: Given, control: Control, wording: str) -> None:
    after = tidied(given)
    stored = (found.status, *(getattr(found, name) for name in _ANSWERS))
    wanted = (after.status, *(getattr(after, name) for name in _ANSWERS))
    if (stored, found.wording) == (wanted, wording):
        return
    found.status = after.status
    for name in _ANSWERS:
        setattr(found, name, getattr(after, name))
    found.control_id, found.wording, found.fit = control.id, wording, Fit.CURRENT
    found.answered_on = None if after.status is Status.OPEN else today()


def _row(catalogue: OscalCatalogue, control: Control, answer: ControlAnswer | None) -> ControlRow:
    if answer is None:
        return ControlRow(control)
    given = given_to_control(answer)
    return ControlRow(
        control,
        given,
        answer.answered_on,
        answer.version,
        reworded=given.status is not Status.OPEN and answer.wording != fingerprint(catalogue, control),
        planned=answer.planned,
    )


def given_to_control(answer: ControlAnswer) -> Given:
    """What is stored in *answer*, as a person would give it."""
    return Given(answer.status or Status.OPEN, **{name: getattr(answer, name) for name in _ANSWERS})


def _stored(session: Session, use: CatalogueUse, keys: Sequence[str]) -> dict[str, ControlAnswer]:
    query = select(ControlAnswer).where(ControlAnswer.use_id == use.id, ControlAnswer.control_key.in_(keys))
    found = session.scalars(query.options(*everything(ControlAnswer)))
    return {answer.control_key: answer for answer in found}


def _wordings(session: Session, use: CatalogueUse) -> Mapping[str, str]:
    """Of each answered control the wording that was checked."""
    rows = session.execute(
        select(ControlAnswer.control_key, ControlAnswer.wording).where(
            ControlAnswer.use_id == use.id, ControlAnswer.status != Status.OPEN
        )
    )
    return {row.control_key: row.wording for row in rows}


# --- Moving to another version -------------------------------------------------------------------


def preview_move(session: Session, use: CatalogueUse, after: ControlCatalogue) -> CarryOver:
    """What :func:`move` would make of the answers. Raises :class:`Refused` as that would."""
    before, new = contents(session, header_of(session, use)), contents(session, after)
    differences = compare(before, new)
    if not differences.kept:
        raise Refused(_NOTHING_IN_COMMON.format(name=str(after)))
    given = _wordings(session, use)
    still = [control for control in new.controls if control.key in given]
    reworded = tuple(each for each in still if given[each.key] != fingerprint(new, each))
    dropped = tuple(before.by_key[key] for key in given if key not in new.by_key and key in before.by_key)
    return CarryOver(differences, len(still) - len(reworded), reworded, dropped)


def move(session: Session, use: CatalogueUse, after: ControlCatalogue, *, by: Identity) -> CarryOver:
    """Checks against another version from now on; every answer stays with its control.

    Raises :class:`Refused` where the two have no control in common, and where the domain
    is checked against the other version already.
    """
    demand(by, Permission.EDIT, use.domain)
    if any(each.catalogue == after.sha256 for each in uses_of(session, use.domain)):
        raise Refused(_USED.format(name=str(after)))
    carried = preview_move(session, use, after)
    use.catalogue, use.catalogue_name = after.sha256, str(after)
    catalogue = contents(session, after)
    query = select(ControlAnswer).where(ControlAnswer.use_id == use.id)
    for answer in session.scalars(query.options(*everything(ControlAnswer))):
        answer.fit = fit(catalogue, answer)
        if control := catalogue.by_key.get(answer.control_key):
            answer.control_id = control.id
    return carried


def fit(catalogue: OscalCatalogue, answer: ControlAnswer) -> Fit:
    """Whether *answer* is about what its control says in *catalogue*."""
    control = catalogue.by_key.get(answer.control_key)
    if control is None or control.withdrawn:
        return Fit.DROPPED
    return Fit.CURRENT if answer.wording == fingerprint(catalogue, control) else Fit.REWORDED


_NO_USE: Final = Text("Diesen Katalog prüft der Verbund nicht.", "The domain is not checked against it.")
_USED: Final = Text(
    "Der Informationsverbund wird schon nach „{name}“ geprüft.",
    "The information domain is already checked against “{name}”.",
)
_ANSWERED: Final = Text(
    "Zu diesem Katalog liegen Antworten vor; er lässt sich nicht mehr entfernen.",
    "This catalogue has been answered and can no longer be removed.",
)
_UNKNOWN: Final = Text(
    "Die Anforderung „{control}“ gibt es in dieser Fassung des Katalogs nicht.",
    "There is no control “{control}” in this version of the catalogue.",
)
_OUTDATED: Final = Text(
    "Die Anforderung {control} wurde inzwischen von jemand anderem bearbeitet. Laden Sie die Seite neu.",
    "Somebody else has answered the control {control} meanwhile. Reload the page.",
)
_NOTHING_IN_COMMON: Final = Text(
    "„{name}“ hat mit dem bisherigen Katalog keine Anforderung gemeinsam und ist keine Fassung davon.",
    "“{name}” has no control in common with the present catalogue and is no version of it.",
)
