"""The one place where a field becomes something to fill in, and what was filled in a value again."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from functools import cache, cached_property
from typing import Any, Final, cast

import wtforms
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from compliance.database import folded
from compliance.entry import Entry, Part, Proposal, class_called
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Reference,
    References,
    Rows,
    Section,
    Span,
    TimeUnit,
    answer,
    fields,
    in_order,
    is_empty,
    matters,
    sections,
    sentence,
    tidy,
    tidy_line,
)
from compliance.language import LOCAL_TIME

Raw = MultiDict[str, str]
YES, NO = "yes", "no"
BLANK: Final = -1
"""Index of the empty row that is never sent, only copied in the browser."""


# --- From value to what stands in the form, and back ---------------------------------------------


def written(spec: Kind, value: Any) -> list[str]:
    """*value* as the strings a form shows and sends back."""
    if is_empty(value):
        return []
    match spec:
        case Line() | Prose():
            return [str(value)]
        case Flag():
            return [YES if value else NO]
        case Day():
            return [value.isoformat()]
        case Moment():
            return [value.astimezone(LOCAL_TIME).replace(tzinfo=None).isoformat(timespec="minutes")]
        case Number():
            return [str(value)]
        case Duration():
            return [str(value.count), value.unit.name]
        case Choice():
            return [value.name]
        case Choices():
            return [item.name for item in value]
        case Reference():
            return [value.id.hex]
        case References():
            return [item.id.hex for item in value]
        case Rows():
            return []


def parsed(spec: Kind, strings: Sequence[str]) -> Any:
    """The value that *strings* stand for; references come as ids.

    Raises :class:`ValueError` with a sentence for the person who typed it.
    """
    filled = [string for string in strings if string.strip()]
    first = filled[0].strip() if filled else ""
    match spec:
        case Line():
            return _short_enough(tidy_line(first), spec.length)
        case Prose():
            return tidy(first)
        case Flag():
            return {YES: True, NO: False}.get(first)
        case Day():
            return _day(first) if first else None
        case Moment():
            return _moment(first) if first else None
        case Number():
            return _count(first) if first else None
        case Duration():
            return _span(strings)
        case Choice():
            return _word(spec, first) if first else None
        case Choices():
            return in_order(spec.words, [_word(spec, name) for name in filled])
        case Reference():
            return _id(first) if first else None
        case References():
            return [_id(string) for string in filled]
        case Rows():
            return []


def _short_enough(text: str, length: int) -> str:
    if len(text) > length:
        raise ValueError(
            _("Höchstens %(length)s Zeichen; es sind %(count)s.", length=length, count=len(text))
        )
    return text


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a calendar day has no zone
        except ValueError:
            continue
    raise ValueError(_("„%(text)s“ ist kein Datum. Beispiel: 31.12.2026.", text=text))


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=LOCAL_TIME)
        except ValueError:
            continue
        # At the ends of the calendar there is no room to convert between zones.
        if MINYEAR < moment.year < MAXYEAR:
            return moment
    raise ValueError(_("„%(text)s“ ist kein Zeitpunkt. Beispiel: 31.12.2026 14:30.", text=text))


_LARGEST = 2**31 - 1
_WHOLE = re.compile(
    r"[0-9]{1,20}|[1-9][0-9]{0,2}(?P<between>[., \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])"
    r"[0-9]{3}(?:(?P=between)[0-9]{3}){0,5}"
)
"""Digits, or groups of exactly three of them with the same sign between all."""


def _count(text: str) -> int:
    found = _WHOLE.fullmatch(text)
    number = int(text.replace(found["between"] or "", "")) if found else None
    if number is None or number > _LARGEST:
        raise ValueError(_("„%(text)s“ ist keine ganze Zahl.", text=text))
    return number


def _span(strings: Sequence[str]) -> Span | None:
    count, unit = (*strings, "", "")[:2]
    if not count.strip():
        return None
    if unit not in TimeUnit.__members__:
        raise ValueError(_("Bitte auch die Einheit wählen: Tage, Wochen, Monate oder Jahre."))
    number = _count(count.strip())
    if number > 99_999:
        raise ValueError(_("„%(text)s“ ist zu groß.", text=count))
    return Span(number, TimeUnit[unit])


def _word(spec: Choice | Choices, name: str) -> Any:
    try:
        return answer(spec.words, name)
    except KeyError as error:
        raise ValueError(_("„%(name)s“ steht nicht zur Auswahl.", name=name)) from error


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ValueError(_("Der gewählte Eintrag ist nicht bekannt.")) from error


# --- The form ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """One word that can be chosen."""

    value: str
    label: str


class Input(wtforms.Field):
    """One question of the form."""

    raw: list[str]
    options: Sequence[Option] = ()
    """Entries that a reference may point to; see :func:`offer`."""
    more_exist: bool = False
    search: str = ""
    proposal: Proposal | None = None
    """What follows from elsewhere, shown beside the question with the reason."""

    def __init__(self, *, spec: Kind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec = spec

    def process_data(self, value: Any) -> None:
        self.data = value
        self.raw = written(self.spec, value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.raw = list(valuelist)
            self.data = parsed(self.spec, valuelist)

    @property
    def submitted(self) -> bool:
        return bool(self.raw_data)


class RowsInput(wtforms.Field):
    """The rows of one field; each is a form of its own."""

    def __init__(self, *, spec: Rows, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec = spec
        self.rows: list[RowForm] = []
        self.submitted = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors = []
        order = formdata.get(f"{self.name}-rows") if formdata else None
        if order is None:
            self.rows = [self._row(index, part=part) for index, part in enumerate(data or ())]
            return
        self.submitted = True
        indexes = [int(index) for index in order.split() if index.isdecimal() and len(index) < 7][:500]
        self.rows = [self._row(index, formdata=formdata) for index in indexes]

    def _row(self, index: int, *, formdata: Any = None, part: Part | None = None) -> RowForm:
        kind = form_class(self.spec.part)
        form = kind(formdata, obj=part, prefix=f"{self.name}-{index}-")
        identity = formdata.get(f"{self.name}-{index}-id", "") if formdata else _hex(part)
        return RowForm(index, identity, form)

    @cached_property
    def blank(self) -> RowForm:
        """An empty row for the browser to copy when one is added without asking the server."""
        return self._row(BLANK)

    @property
    def order(self) -> str:
        return " ".join(str(row.index) for row in self.rows)

    def add(self, part: Part | None = None) -> None:
        """One more row at the end, empty or a copy of *part*."""
        index = max((row.index for row in self.rows), default=-1) + 1
        row = self._row(index, part=part)
        row.is_new = True
        row.identity = ""
        self.rows.append(row)

    def copy(self, index: int) -> None:
        """One more row with the same answers as the row *index*."""
        source = next((row for row in self.rows if row.index == index), None)
        if source is not None:
            self.add()
            for theirs, mine in zip(source.form, self.rows[-1].form, strict=True):
                if isinstance(theirs, Input) and isinstance(mine, Input):
                    mine.raw, mine.data = list(theirs.raw), theirs.data

    def remove(self, index: int) -> None:
        self.rows = [row for row in self.rows if row.index != index]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        # A list, so that the first wrong row does not hide the errors of the others.
        return all([row.form.validate() for row in self.rows])  # noqa: C419

    @property
    def errors(self) -> Any:
        return [message for row in self.rows for field in row.form for message in field.errors]

    @errors.setter
    def errors(self, value: Any) -> None:
        """WTForms resets the errors of every field; those of rows live in their own forms."""


def _hex(part: Part | None) -> str:
    identity: uuid.UUID | None = part.id if part is not None else None
    return identity.hex if identity is not None else ""


class RowForm:
    """One row as a form."""

    def __init__(self, index: int, identity: str, form: EntryForm) -> None:
        self.index = index
        self.identity = identity
        self.form = form
        self.is_new = False

    def sentence(self, part_class: type[Part], language: str) -> str:
        """What the row says so far, in one line."""
        draft = part_class(**{f.short_name: f.data for f in self.form if _is_plain(f)})
        return sentence(draft, language)

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.form)


def _is_plain(field: Any) -> bool:
    if not isinstance(field, Input) or field.errors:
        return False
    # What was sent names another entry by its id only; what is stored can say its title.
    return not isinstance(field.spec, Reference | References) or not isinstance(field.data, uuid.UUID)


class EntryForm(wtforms.Form):
    """The form of one register or of one kind of row."""

    def __iter__(self) -> Iterator[Input | RowsInput]:
        return cast("Iterator[Input | RowsInput]", super().__iter__())


@cache
def form_class(model: Any) -> type[EntryForm]:
    """The form for *model*, made of its fields."""
    inputs: dict[str, Any] = {}
    for name, spec in fields(model).items():
        if spec.fixed:
            continue
        kind: Any = RowsInput if isinstance(spec, Rows) else Input
        inputs[name] = wtforms.fields.core.UnboundField(kind, spec=spec)
    return type(f"{model.__name__}Form", (EntryForm,), inputs)


@dataclass(frozen=True)
class FormSection:
    """One section of the form, with the fields in front and those folded away."""

    section: Section
    core: tuple[Input | RowsInput, ...]
    more: tuple[Input | RowsInput, ...]
    expected: tuple[Input | RowsInput, ...]
    """Those that an audit asks for and that arise, given the other answers."""

    @property
    def inputs(self) -> tuple[Input | RowsInput, ...]:
        return (*self.core, *self.more)

    @property
    def unfolded(self) -> bool:
        """Whether the folded part must be open: something in it is filled in or wrong."""
        return any(entry.errors or not is_empty(_content(entry)) for entry in self.more)

    @property
    def asked(self) -> int:
        return len(self.expected)

    @property
    def answered(self) -> int:
        return sum(1 for entry in self.expected if not is_empty(_content(entry)))


def _content(entry: Input | RowsInput) -> Any:
    return entry.rows if isinstance(entry, RowsInput) else entry.data


def form_sections(form: EntryForm, model: type[Entry], entry: Entry) -> list[FormSection]:
    """The questions of *form* in the order and grouping of the register.

    Those that depend on a fixed answer of *entry* are asked only where it is „ja“.
    """
    grouped = []
    for title, names in sections(model).items():
        inputs = [cast("Input | RowsInput", form[name]) for name in names if name in form]
        inputs = [each for each in inputs if _is_asked(each, form, entry)]
        core = tuple(entry for entry in inputs if not entry.spec.more)
        more = tuple(entry for entry in inputs if entry.spec.more)
        expected = tuple(entry for entry in inputs if entry.spec.expected and _arises(entry, form))
        grouped.append(FormSection(title, core, more, expected))
    return [group for group in grouped if group.inputs]


def _is_asked(entry: Input | RowsInput, form: EntryForm, about: Entry) -> bool:
    return not entry.spec.when or entry.spec.when in form or matters(entry.spec, about)


def _arises(entry: Input | RowsInput, form: EntryForm) -> bool:
    return not entry.spec.when or entry.spec.when not in form or form[entry.spec.when].data is True


def every_input(form: EntryForm) -> Iterator[Input]:
    """All questions of *form*, those inside rows too."""
    for entry in form:
        if isinstance(entry, RowsInput):
            for row in entry.rows:
                yield from every_input(row.form)
        else:
            yield entry


# --- References ----------------------------------------------------------------------------------

_OFFERED = 50


def offer(form: EntryForm, session: Session, *, searched: Mapping[str, str]) -> None:
    """Gives every reference of *form* the entries it may point to: the chosen ones and the first others."""
    for entry in _offered(form):
        if isinstance(entry.spec, Reference | References):
            entry.search = searched.get(f"{entry.name}-search", "")
            _offer_one(entry, session)


def _offered(form: EntryForm) -> Iterator[Input]:
    """All questions of *form*, also those of the empty rows that the browser copies."""
    for entry in form:
        if isinstance(entry, RowsInput):
            for row in (*entry.rows, entry.blank):
                yield from _offered(row.form)
        else:
            yield entry


def _offer_one(entry: Input, session: Session) -> None:
    spec = cast("Reference | References", entry.spec)
    target = class_called(spec.target)
    chosen = _chosen_ids(entry)
    query = label_query(target).order_by(order_of(target)).limit(_OFFERED + 1)
    if flag := getattr(target, "template_flag", ""):
        query = query.where(getattr(target, flag).is_not(True))
    if issubclass(target, Entry) and (limit := target.choosable(session)) is not None:
        query = query.where(limit)
    if entry.search.strip() and issubclass(target, Entry):
        query = query.where(target.search.contains(folded(entry.search), autoescape=True))
    found = {row.id: row for row in session.execute(query)}
    entry.more_exist = len(found) > _OFFERED
    lacking = [identity for identity in chosen if identity not in found]
    if lacking:
        found |= {row.id: row for row in session.execute(label_query(target).where(target.id.in_(lacking)))}
    options = [Option(row.id.hex, label_of(target, row)) for row in found.values()]
    entry.options = sorted(options, key=lambda option: option.value not in {item.hex for item in chosen})


def _chosen_ids(entry: Input) -> list[uuid.UUID]:
    ids = []
    for string in entry.raw:
        try:
            ids.append(uuid.UUID(string))
        except ValueError:
            continue
    return ids


def label_query(target: Any) -> Any:
    """Selects what the label of an entry of *target* is made of."""
    if issubclass(target, Entry):
        return select(target.id, target.number, target.name)
    return select(target.id, target.key, target.name)


def order_of(target: Any) -> Any:
    """By what the entries of *target* are offered."""
    return target.sort_key if issubclass(target, Entry) else target.key


def label_of(target: Any, row: Any) -> str:
    """What an entry of *target* is called, from the columns of :func:`label_query`."""
    if issubclass(target, Entry):
        return f"{target.designate(row.number)} {row.name}"
    return f"{row.key} {row.name}".strip()


# --- Taking over what was filled in --------------------------------------------------------------


def apply(form: EntryForm, entry: Any, session: Session) -> None:
    """Assigns to *entry* every answer of *form* that was sent and can be understood."""
    targets = _targets(form, session)
    _assign(form, entry, targets)


def _assign(form: EntryForm, thing: Any, targets: Mapping[uuid.UUID, Any]) -> None:
    for entry in form:
        if isinstance(entry, RowsInput):
            if entry.submitted:
                _assign_rows(entry, thing, targets)
        elif entry.submitted and not entry.errors:
            setattr(thing, entry.short_name, _resolved(entry, targets))


def _resolved(entry: Input, targets: Mapping[uuid.UUID, Any]) -> Any:
    match entry.spec:
        case Reference():
            return targets.get(entry.data) if entry.data else None
        case References():
            return [targets[identity] for identity in dict.fromkeys(entry.data) if identity in targets]
        case _:
            return entry.data


def _assign_rows(entry: RowsInput, thing: Any, targets: Mapping[uuid.UUID, Any]) -> None:
    present = {part.id.hex: part for part in getattr(thing, entry.short_name)}
    kept = []
    for row in entry.rows:
        part = present.get(row.identity) or entry.spec.part()
        _assign(row.form, part, targets)
        kept.append(part)
    if [id(part) for part in kept] != [id(part) for part in getattr(thing, entry.short_name)]:
        setattr(thing, entry.short_name, kept)


def _targets(form: EntryForm, session: Session) -> dict[uuid.UUID, Any]:
    """Every entry that *form* refers to, fetched with one query for each class."""
    wanted: dict[Any, set[uuid.UUID]] = {}
    for entry in every_input(form):
        if isinstance(entry.spec, Reference | References) and not entry.errors and entry.data:
            chosen = entry.data if isinstance(entry.data, list) else [entry.data]
            wanted.setdefault(class_called(entry.spec.target), set()).update(_as_ids(chosen))
    found: dict[uuid.UUID, Any] = {}
    for target, ids in wanted.items():
        found |= {item.id: item for item in session.scalars(select(target).where(target.id.in_(ids)))}
    return found


def _as_ids(values: Sequence[Any]) -> set[uuid.UUID]:
    return {value if isinstance(value, uuid.UUID) else value.id for value in values}


# --- A form as the strings a browser would send --------------------------------------------------


def sent(form: EntryForm) -> Raw:
    """What a browser sends for *form* as it stands: for conflicts, drafts and tests."""
    raw: Raw = MultiDict()
    for entry in form:
        if isinstance(entry, RowsInput):
            raw.add(f"{entry.name}-rows", entry.order)
            for row in entry.rows:
                raw.add(f"{entry.name}-{row.index}-id", row.identity)
                raw.update(sent(row.form))
        else:
            for string in entry.raw or [""]:
                raw.add(entry.name, string)
    return raw
