"""What every stored thing has in common, and how declared ties become tables.

``Journalled`` things have fields and a history. A ``Record`` belongs to an
organisation. An ``Entry`` also has a running number, a responsible unit and a
state, and is what registers consist of. A ``Part`` is a row inside one of them
and is saved only with it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    CompoundSelect,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    inspect,
    literal,
    select,
    union,
)
from sqlalchemy import Text as LongText
from sqlalchemy.orm import (
    Mapped,
    MappedColumn,
    Session,
    declared_attr,
    foreign,
    joinedload,
    mapped_column,
    relationship,
    remote,
    selectinload,
)
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import LoaderOption

from compliance.database import Base, Ids, Owned, Query, new_id, now
from compliance.fields import (
    Choice,
    Line,
    Link,
    Prose,
    Reference,
    References,
    Rows,
    Term,
    WordType,
    empty,
    fields,
    line,
    missing,
    reference,
    shown,
)
from compliance.language import Text


class State(Term):
    """Where an entry stands between first note and release (Freigabe)."""

    IMPORTED = Text("Bestand, ungeprüft", "Imported, unchecked")
    DRAFT = Text("Entwurf", "Draft")
    REVIEW = Text("In Prüfung", "In review")
    RELEASED = Text("Freigegeben", "Released")
    ENDED = Text("Beendet", "Ended")


class Area(Term):
    """What a register belongs to; access is granted by area."""

    DATA_PROTECTION = Text("Datenschutz", "Data protection")
    MEASURES = Text("Technische und organisatorische Maßnahmen", "Technical and organisational measures")
    RETENTION = Text("Löschung und Archiv", "Erasure and archive")
    PROJECTS = Text("Projekte und Datenschutz-Folgenabschätzung", "Projects and impact assessments")
    SECURITY = Text("Informationssicherheit", "Information security")
    INCIDENTS = Text("Datenschutzverletzungen", "Personal data breaches")
    REQUESTS = Text("Anträge betroffener Personen", "Requests of data subjects")
    OFFICER = Text("Arbeit der Datenschutzbeauftragten", "Work of the data protection officer")
    AUTHORITY = Text("Verwaltung", "Administration")


@dataclass(frozen=True)
class Proposal:
    """An answer that follows from what is recorded elsewhere, to be confirmed by a person."""

    value: Any
    why: Text


class TaskKind(StrEnum):
    """Whose desk a task is on."""

    DUE = "task"
    """Of whoever works on the entry, until a day."""
    ASKED = "asked"
    """Of one person, who is asked for something."""
    ANSWERED = "answered"
    """Of whoever works on the entry, to take note of what arrived."""


@dataclass(frozen=True)
class Task:
    """Something inside an entry that waits for somebody."""

    kind: TaskKind
    what: str
    """Tells the tasks of an entry apart, in at most 64 characters; see :meth:`Entry.task_label`."""
    day: date | None
    person_id: uuid.UUID | None = None


class _Tied(Base):
    """Makes columns, link tables and relationships of the ties a class declares."""

    __abstract__ = True

    ties: ClassVar[Mapping[str, Reference | References | Rows]] = {}
    """The ties it declares, by attribute name."""

    def __init_subclass__(cls, **options: Any) -> None:
        if "__abstract__" not in cls.__dict__:
            cls.__tablename__ = table_name(cls.__name__)
            cls.ties = {name: link.spec for name, link in _links(cls)}
            constraints: list[Any] = []
            for name, link in _links(cls):
                setattr(cls, name, _tied(cls, name, link.spec, constraints))
            cls.__table_args__ = (*constraints, *cls._indexes())
        super().__init_subclass__(**options)

    def __init__(self, **values: Any) -> None:
        # Known before it is stored, because journal, hash and references name a new row by its id.
        values.setdefault("id", new_id())
        for name, spec in fields(type(self)).items():
            values.setdefault(name, empty(spec))
        super().__init__(**values)

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        return iter(())


def table_name(class_name: str) -> str:
    """The table of a class: ``ProcessingActivity`` lies in ``processing_activity``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", class_name).lower()


def class_called(name: str) -> Any:
    """The stored class of that name, such as the target of a reference."""
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__name__ == name)


def register_called(slug: str) -> type[Entry]:
    """The register that addresses call *slug*."""
    classes = (mapper.class_ for mapper in Base.registry.mappers)
    return next(one for one in classes if issubclass(one, Entry) and one.slug == slug)


def _links(cls: type) -> list[tuple[str, Link]]:
    declared = {name: value for base in reversed(cls.__mro__) for name, value in base.__dict__.items()}
    return [(name, value) for name, value in declared.items() if isinstance(value, Link)]


def _tied(cls: Any, name: str, spec: Reference | References | Rows, constraints: list[Any]) -> Any:
    match spec:
        case Reference():
            constraints.append(_points_to(f"{name}_id", table_name(spec.target)))
            constraints.append(Index(None, "organisation_id", f"{name}_id"))
            return _to_one(cls, name, spec)
        case References():
            return _to_many(cls, name, spec)
        case Rows():
            return _to_parts(cls, spec)


def _points_to(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], **options
    )


def _to_one(cls: Any, name: str, spec: Reference) -> Any:
    setattr(cls, f"{name}_id", mapped_column(Ids(), nullable=True, default=None))

    # Only the id counts as foreign: clearing the reference must not clear the organisation.
    # The far side is named, because a class that refers to itself would be read the wrong way round.
    def meets() -> Any:
        target = class_called(spec.target)
        return and_(
            remote(target.organisation_id) == cls.organisation_id,
            foreign(getattr(cls, f"{name}_id")) == remote(target.id),
        )

    return relationship(
        lambda: class_called(spec.target), primaryjoin=meets, info={"field": spec}, lazy="raise_on_sql"
    )


def _to_many(cls: Any, name: str, spec: References) -> Any:
    links = Table(
        f"{cls.__tablename__}_{name}",
        Base.metadata,
        Column("organisation_id", Ids(), primary_key=True),
        Column("source_id", Ids(), primary_key=True),
        Column("target_id", Ids(), primary_key=True),
        _points_to("source_id", cls.__tablename__, ondelete="CASCADE"),
        _points_to("target_id", table_name(spec.target)),
        Index(None, "organisation_id", "target_id"),
    )

    def starts() -> Any:
        return and_(
            cls.organisation_id == foreign(links.c.organisation_id), cls.id == foreign(links.c.source_id)
        )

    def ends() -> Any:
        target = class_called(spec.target)
        return and_(
            target.organisation_id == links.c.organisation_id, target.id == foreign(links.c.target_id)
        )

    return relationship(
        lambda: class_called(spec.target),
        secondary=links,
        primaryjoin=starts,
        secondaryjoin=ends,
        info={"field": spec},
        lazy="raise_on_sql",
    )


def _to_parts(cls: Any, spec: Rows) -> Any:
    part: Any = spec.part
    return relationship(
        part,
        primaryjoin=lambda: and_(
            cls.organisation_id == foreign(part.organisation_id), cls.id == foreign(part.parent_id)
        ),
        order_by=lambda: part.position,
        cascade="all, delete-orphan",
        info={"field": spec},
        lazy="raise_on_sql",
    )


class Journalled(_Tied):
    """A thing with fields whose every change is recorded."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)
    version: Mapped[int] = mapped_column(sort_order=-9)
    changed_at: Mapped[datetime] = mapped_column(default=now, sort_order=-8)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Record(Owned, Journalled):
    """Something of one organisation that is saved alone, such as the answer to one requirement."""

    __abstract__ = True


class Part(Owned, _Tied):
    """A row inside an entry: saved with it, removed through it, without a history of its own.

    ``class Purpose(Part, of="ProcessingActivity")`` names the class of the entry.
    """

    __abstract__ = True

    parent_class: ClassVar[str]

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-10)
    parent_id: Mapped[uuid.UUID] = mapped_column(sort_order=-9)
    position: Mapped[int] = mapped_column(default=0, sort_order=-8)

    def __init_subclass__(cls, *, of: str = "", **options: Any) -> None:
        cls.parent_class = of
        super().__init_subclass__(**options)

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield _points_to("parent_id", table_name(cls.parent_class), ondelete="CASCADE")
        yield Index(None, "organisation_id", "parent_id", "position")


class Appended(Record):
    """A record that belongs to one entry and is saved alone; a release of the entry vouches for it too.

    The entry names the class in :attr:`Entry.appended`.
    """

    __abstract__ = True

    belongs_to: ClassVar[str]
    """Name of the reference to the entry."""
    vouched: ClassVar[tuple[str, ...]]
    """Names of the fields for which a release vouches; the records stand in their order."""


class Entry(Record):
    """One numbered entry of a register."""

    __abstract__ = True

    slug: ClassVar[str]
    """Name of the register in addresses and on the command line."""
    prefix: ClassVar[str]
    """Letters before the running number, as in ``VT-0012``."""
    area: ClassVar[Area]
    title: ClassVar[Text]
    """Name of the register."""
    one: ClassVar[Text]
    """What one entry is called."""
    due: ClassVar[tuple[str, ...]] = ()
    """Names of the day fields that are deadlines."""
    moving: ClassVar[frozenset[str]] = frozenset()
    """Names of the fields that move without the entry becoming another one; no release vouches for them."""
    hidden_by: ClassVar[str] = ""
    """Name of the yes/no field whose „ja“ hides an entry from everybody but the data protection officer."""
    template_flag: ClassVar[str] = ""
    """Name of the yes/no field whose „ja“ marks words to start from, which nothing refers to."""
    advised: ClassVar[bool] = False
    """The data protection officer must be asked before a decision."""
    sums_up: ClassVar[bool] = False
    """Its findings say what is open in the entries that refer to it, so they count nowhere else:
    else nothing could be released by whose release they end."""
    observes: ClassVar[bool] = False
    """It tells what was found in the entries it refers to: their defects are none of its own."""
    due_before_release: ClassVar[frozenset[str]] = frozenset()
    """Those among them that are met by the release of the entry."""
    appended: ClassVar[tuple[str, ...]] = ()
    """Names of the classes of :class:`Appended` records that belong to an entry."""
    tasks_in: ClassVar[tuple[str, ...]] = ()
    """Names of the rows that :meth:`tasks` reads."""
    recalled: ClassVar[bool] = False
    """What rules find can ask somebody to look at it again, see :attr:`compliance.rules.Hit.task`."""
    technical: ClassVar[frozenset[str]] = frozenset()
    """Names of the fields that only the program reads; a history for people leaves them out."""
    settled: ClassVar[frozenset[str]] = frozenset()
    """Names of the fixed fields that follow from other entries and are written by
    :func:`compliance.saving.settle` alone; they are :attr:`moving` and :attr:`technical` too."""

    number: Mapped[int] = mapped_column(sort_order=-7)
    state: Mapped[State] = mapped_column(WordType(State), default=State.DRAFT, server_default="DRAFT")
    gaps: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How many answers an audit would miss."""
    sort_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    search: Mapped[str] = mapped_column(LongText, default="", server_default="", deferred=True)
    released_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    released_version: Mapped[int | None] = mapped_column(default=None)
    changed_since_release: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")

    name: Mapped[str] = line("Bezeichnung", "Name", expected=True, listed=True)
    unit: Mapped[Any] = reference(
        "Unit",
        "Organisationseinheit",
        "Unit",
        help=Text(
            "Die Stelle, die fachlich verantwortlich ist.", "The part of the authority that is responsible."
        ),
        expected=True,
        listed=True,
    )

    if TYPE_CHECKING:
        unit_id: Mapped[uuid.UUID | None]

    @property
    def is_hidden(self) -> bool:
        """Whether it is confidential between the officer and somebody else, Art. 38 (5) GDPR."""
        return bool(self.hidden_by) and getattr(self, self.hidden_by) is True

    @property
    def waits(self) -> bool:
        """Whether it arrived from outside and nobody has taken it on or declined it."""
        return False

    @property
    def wants_appraisal(self) -> bool:
        """Whether the archive has still to say what becomes of the records."""
        return False

    @property
    def designation(self) -> str:
        """The running number as people say it."""
        return self.designate(self.number) if self.number else self.prefix

    @classmethod
    def designate(cls, number: int) -> str:
        """How people call the entry with that running number."""
        return f"{cls.prefix}-{number:04}"

    def met(self, name: str) -> bool:
        """Whether the deadline *name* is met, so that nothing is due on that day any more."""
        return name in self.due_before_release and self.state is State.RELEASED

    def __str__(self) -> str:
        return f"{self.designation} {self.name}".strip()

    def derive(self) -> None:
        """Sets the fields that follow from the answers, such as a result; happens before every save."""

    @classmethod
    def choosable(cls, _session: Session) -> ColumnElement[bool] | None:
        """Which entries a form offers where another entry refers to this register; ``None`` for all."""
        return None

    def proposals(self, _session: Session) -> Mapping[str, Proposal]:
        """Answers that follow from what the entry refers to, by field name."""
        return {}

    @property
    def is_unanswered(self) -> bool:
        """Whether its form begins with the :meth:`proposals` wherever nothing is answered yet."""
        return not self.number

    def tasks(self) -> Iterator[Task]:
        """What waits for somebody inside the entry, besides its deadlines."""
        return iter(())

    @classmethod
    def task_label(cls, _what: str) -> Text | None:
        """What the task is called on a desk; ``None`` if that is none of its tasks."""
        return None

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "organisation_id", "number", unique=True)
        for filtered in ((), ("state",), ("unit_id",), *((name,) for name in _listed_choices(cls))):
            yield Index(None, "organisation_id", *filtered, "sort_key", "id")


def _listed_choices(cls: type[Any]) -> Iterator[str]:
    """Names of the columns by whose words a list is filtered."""
    for name, value in vars(cls).items():
        if isinstance(value, MappedColumn):
            spec = value.column.info.get("field")
            if isinstance(spec, Choice) and spec.listed:
                yield name


E = TypeVar("E", bound=Entry)


def everything(model: type[Any], *, but: str = "") -> list[LoaderOption]:
    """Loader options for an entry with all its parts and what it refers to, ready to judge and record.

    *but* names a reference whose target is at hand already.
    """
    options: list[LoaderOption] = []
    for name, spec in fields(model).items():
        if name == but:
            continue
        attribute = getattr(model, name)
        match spec:
            case Reference():
                options.append(joinedload(attribute))
            case References():
                options.append(selectinload(attribute))
            case Rows():
                options.append(selectinload(attribute).options(*_joined(spec.part)))
            case _:
                pass
    return options


def is_template(entry: Entry) -> bool:
    """Whether *entry* holds words to start from and says nothing about the authority."""
    return bool(entry.template_flag) and getattr(entry, entry.template_flag) is True


def missing_count(entry: Entry) -> int:
    """How many answers an audit would miss, rows included."""
    if is_template(entry):
        return 0
    parts = (
        part
        for name, spec in fields(type(entry)).items()
        if isinstance(spec, Rows)
        for part in getattr(entry, name)
    )
    return len(missing(entry)) + sum(len(missing(part)) for part in parts)


def search_words(entry: Entry) -> str:
    """Everything a search for *entry* may find it by."""
    return " ".join((entry.designation, *_words(entry)))


def _words(thing: object) -> Iterator[str]:
    for name, spec in fields(type(thing)).items():
        value = getattr(thing, name)
        match spec:
            case Line() | Prose() if spec.secret:
                continue
            case Line() | Prose():
                yield value or ""
            case Reference() | References():
                yield shown(spec, value, "de")
            case Rows():
                for part in value:
                    yield from _words(part)
            case _:
                pass


def by_number(session: Session, model: type[E], number: int) -> E | None:
    """The entry of *model* with that running number, whole: ready to be shown, changed and judged."""
    entry: E | None = session.scalar(_numbered(model), {"number": number})
    if entry is not None:
        _add_ties(session, entry)
    return entry


@cache
def _numbered(model: Any) -> Query:
    """The entry of *model* with a ``number``, together with what it refers to one at a time."""
    return select(model).where(model.number == bindparam("number")).options(*_joined(model))


def _joined(model: type[Any]) -> list[Any]:
    """Loader options for what *model* refers to one at a time."""
    single = (name for name, spec in fields(model).items() if isinstance(spec, Reference))
    return [joinedload(getattr(model, name)) for name in single]


def _add_ties(session: Session, entry: Entry) -> None:
    """Gives *entry* its rows and whatever it refers to many at a time.

    Registers have up to a dozen such fields, and an entry fills in a few of them. So one
    question tells which, and only these are asked for.
    """
    ties = _ties(type(entry))
    lacking = inspect(entry).unloaded & ties.keys()
    if not lacking:
        return
    mine = {"organisation": entry.organisation_id, "entry": entry.id}
    filled = set(session.scalars(_which(type(entry)), mine))
    for name in lacking:
        found = session.scalars(ties[name].content, mine).all() if name in filled else []
        set_committed_value(entry, name, found)


@dataclass(frozen=True)
class _Tie:
    """Two questions about a field that holds many, at the ``entry`` of an ``organisation``."""

    filled: Query
    """The name of the field, once for each that stands in it."""
    content: Query
    """What stands in it."""


@cache
def _ties(model: type[Entry]) -> dict[str, _Tie]:
    """The fields of *model* that hold many, by name."""
    found: dict[str, _Tie] = {}
    for name, spec in fields(model).items():
        match spec:
            case References():
                found[name] = _references(model, name, class_called(spec.target))
            case Rows():
                found[name] = _rows(name, spec.part)
            case _:
                pass
    return found


def _references(model: Any, name: str, target: Any) -> _Tie:
    links: Any = inspect(model).relationships[name].secondary
    # The session knows whose every class is, but not whose the links between them are.
    mine = (links.c.organisation_id == bindparam("organisation"), links.c.source_id == _ENTRY)
    content = select(target).join(links, links.c.target_id == target.id)
    return _Tie(select(literal(name)).where(*mine), content.where(*mine).order_by(target.id))


def _rows(name: str, part: Any) -> _Tie:
    mine = part.parent_id == _ENTRY
    content = select(part).options(*_joined(part))
    return _Tie(select(literal(name)).where(mine), content.where(mine).order_by(part.position))


_ENTRY: Final[Any] = bindparam("entry")


@cache
def _which(model: type[Entry]) -> CompoundSelect[Any]:
    """The names of the fields of *model* that hold many and are filled in."""
    return union(*(tie.filled for tie in _ties(model).values()))
