"""Processing activities one by one, in the order of the template of the Datenschutzkonferenz (DSK).

The version for the supervisory authority holds the contents of Art. 30 (1) GDPR
and nothing internal: no findings, no notes, no opinions.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from assessments.described.description import Origin
from compliance.fields import fields, shown
from compliance.language import Text, shown_day
from exports.document import Block, Column, Document, Facts, Grid, Heading, Prose
from exports.reports.described import origin_of_measures
from exports.reports.records import PartRecord, Record, Records, writer
from exports.reports.register import Issuer
from registers.joint_controllers import JointControllership, JointParty
from registers.processing import (
    INTERNAL,
    DataCategory,
    ProcessingActivity,
    Purpose,
    Recipient,
    retention_in_words,
)

NEEDED: Final = tuple(
    name
    for name in fields(ProcessingActivity)
    if name not in INTERNAL | {"public", "file_plan", "staff_council", "services"}
)
"""The fields this report reads."""


RULE_FIELDS: Final = {
    "period": "period",
    "start_type": "start_type",
    "start_event": "start_event",
    "end_of_year": "end_of_year",
    "norm": "period_norm",
}
"""What a rule of erasure says, by the name under which the row of an activity says the same."""


def report(
    records: Records,
    issuer: Issuer,
    *,
    front: Facts | None = None,
    joint: Iterable[Record] = (),
    rules: Mapping[uuid.UUID, PartRecord] | None = None,
    described: Mapping[uuid.UUID, Origin] | None = None,
) -> Document:
    """Every activity of *records* on its own pages; *joint* and *rules* are what they may name.

    *joint* are the joint controllerships, *rules* the rules of erasure by their id; *described*
    says where descriptions of measures come from.
    """
    known = {one.designation: one for one in joint}
    language = issuer.language
    single = next(iter(records)) if len(records) == 1 else None
    blocks: list[Block] = []
    if front is not None:
        blocks += [Heading(_WORDS["front"][language]), front]
    for record in records:
        blocks += _activity(record, known, rules or {}, (described or {}).get(record.id), language)
    return Document(
        title=f"{single.designation} {single['name']}" if single else ProcessingActivity.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(blocks),
        subject=_WORDS["subject"][language],
        version=str(single.version) if single else "",
        cover=_cover(single, language) if single else (),
    )


def _cover(record: Record, language: str) -> tuple[tuple[str, str], ...]:
    return (
        (_WORDS["state"][language], record.state.text[language]),
        (_label("unit", language), record["unit"] or ""),
        (_WORDS["changed"][language], shown_day(record.changed_at.date(), language)),
    )


def _activity(
    record: Record,
    joint: Mapping[str, Record],
    rules: Mapping[uuid.UUID, PartRecord],
    origin: Origin | None,
    language: str,
) -> Iterator[Block]:
    yield Heading(f"{record.designation} {record['name']}")
    yield from _facts(record, ("unit", "contact", "stage", "since", "regime"), language)
    if record["description"]:
        yield Prose(record["description"])
    yield Heading(_WORDS["purposes"][language], 2)
    yield _table(
        record, "purposes", Purpose, ("text", "legal_basis", "law", "norm"), (3, 2, 1.5, 1.5), language
    )
    yield from _facts(record, ("norms", "consent", "change_reason", "secrecy"), language)
    yield Heading(_WORDS["persons"][language], 2)
    yield from _facts(record, ("subjects", "other_subjects", "scale", "sources"), language)
    yield _data(record, language, rules)
    yield Heading(_WORDS["recipients"][language], 2)
    yield _recipients(record, language)
    yield from _joint_controllers(record, joint, language)
    yield from _facts(record, ("processors", "third_country", "transfer_note"), language)
    yield Heading(_WORDS["erasure"][language], 2)
    yield from _facts(record, ("erasure", "erasure_concept", "backup_period"), language)
    yield Heading(_WORDS["measures"][language], 2)
    yield from _facts(record, _MEASURES, language)
    yield from origin_of_measures(origin, language)
    yield Heading(_WORDS["information"][language], 2)
    yield from _facts(record, ("notice", "notice_link"), language)


_MEASURES: Final = ("measures_used", "measures", "security_concept", "access_concept", "objects")


def _facts(record: Record, names: Sequence[str], language: str) -> Iterator[Facts]:
    """What was answered of *names*; nothing at all where nothing was."""
    specs = fields(ProcessingActivity)
    said = ((specs[name].label[language], writer(specs[name], language)(record[name])) for name in names)
    if answered := tuple((label, words) for label, words in said if words):
        yield Facts(answered)


def _table(
    record: Record, name: str, part: type[Any], names: Sequence[str], widths: Sequence[float], language: str
) -> Grid:
    specs = fields(part)
    columns = [
        Column(specs[key].label[language], width, basis=specs[key].basis)
        for key, width in zip(names, widths, strict=True)
    ]
    rows = [
        (f"{record.designation}/{index}", *(shown(specs[key], row[key], language) for key in names))
        for index, row in enumerate(record[name], start=1)
    ]
    label = fields(ProcessingActivity)[name].label[language]
    return Grid((Column(_WORDS["number"][language], 1), *columns), rows, label)


def _data(record: Record, language: str, rules: Mapping[uuid.UUID, PartRecord]) -> Grid:
    specs = fields(DataCategory)
    labels = [
        specs["text"].label[language],
        _WORDS["special"][language],
        _WORDS["period"][language],
        specs["archive"].label[language],
    ]
    columns = [Column(label, width) for label, width in zip(labels, (3, 3, 3, 1.5), strict=True)]
    rows = [
        (
            f"{record.designation}/{index}",
            row["text"],
            _special(row, specs, language),
            _period({**row, **rules.get(row["retention_rule_id"], {})}, language),
            shown(specs["archive"], row["archive"], language),
        )
        for index, row in enumerate(record["data"], start=1)
    ]
    caption = fields(ProcessingActivity)["data"].label[language]
    return Grid((Column(_WORDS["number"][language], 1), *columns), rows, caption)


def _special(row: PartRecord, specs: Mapping[str, Any], language: str) -> str:
    words = []
    if row["special"]:
        words += [
            specs["special"].label[language],
            shown(specs["exception"], row["exception"], language),
            row["exception_norm"],
        ]
    if row["criminal"]:
        words += [specs["criminal"].label[language], row["criminal_norm"]]
    return "; ".join(word for word in words if word)


def _period(row: PartRecord, language: str) -> str:
    """The erasure rule in one sentence, or the criteria in its place."""
    if row["period"] is None:
        return str(row["criteria"])
    sentence = retention_in_words(
        row["period"], row["start_event"], row["start_type"], row["end_of_year"], language=language
    )
    return f"{sentence} ({row['period_norm']})" if row["period_norm"] else sentence


def _recipients(record: Record, language: str) -> Block:
    if not record["recipients"]:
        label = fields(ProcessingActivity)["recipients"].label[language]
        return Facts(((label, _WORDS["nobody" if record["no_recipients"] else "open"][language]),))
    names = ("text", "kind", "reason", "country", "transfer_basis")
    return _table(record, "recipients", Recipient, names, (3, 1.5, 2.5, 1.3, 2), language)


JOINT_NEEDED: Final = ("name", "parties", "arrangement", "arranged_on", "contact_point")
"""The fields of joint controllerships that this report reads."""


def _joint_controllers(record: Record, joint: Mapping[str, Record], language: str) -> Iterator[Grid]:
    """The joint controllers with their contact details, as Art. 30 (1) (a) asks for."""
    designations = [title.partition(" ")[0] for title in record["joint_controllerships"]]
    named = [joint[designation] for designation in designations if designation in joint]
    if not named:
        return
    party, entry = fields(JointParty), fields(JointControllership)
    specs = (party["text"], party["contact"], entry["arrangement"], entry["contact_point"])
    columns = [Column(spec.label[language], 2, basis=spec.basis) for spec in specs]
    rows = [
        (one.designation, row["text"], row["contact"], _arrangement(one, language), one["contact_point"])
        for one in named
        for row in one["parties"]
    ]
    label = fields(ProcessingActivity)["joint_controllerships"].label[language]
    yield Grid((Column(_WORDS["number"][language], 1), *columns), rows, label)


def _arrangement(joint: Record, language: str) -> str:
    arranged = joint["arranged_on"]
    said = (joint["arrangement"], shown_day(arranged, language) if arranged else "")
    return ", ".join(word for word in said if word)


def _label(name: str, language: str) -> str:
    return fields(ProcessingActivity)[name].label[language]


_WORDS: Final = {
    "subject": Text(
        "Verzeichnis von Verarbeitungstätigkeiten nach Art. 30 Abs. 1 DSGVO",
        "Record of processing activities under Art. 30 (1) GDPR",
    ),
    "front": Text("Angaben zum Verantwortlichen", "The controller"),
    "state": Text("Status", "State"),
    "changed": Text("Letzte Änderung", "Last change"),
    "purposes": Text("Zwecke und Rechtsgrundlagen", "Purposes and legal bases"),
    "persons": Text("Betroffene Personen und Daten", "Data subjects and data"),
    "recipients": Text("Empfänger und Drittländer", "Recipients and third countries"),
    "erasure": Text("Löschung", "Erasure"),
    "measures": Text("Technische und organisatorische Maßnahmen", "Technical and organisational measures"),
    "information": Text("Information der betroffenen Personen", "Information of data subjects"),
    "number": Text("Nr.", "No."),
    "special": Text("Besonderer Schutz", "Special protection"),
    "period": Text("Löschfrist", "Erasure period"),
    "nobody": Text("Es gibt keine Empfänger.", "There are no recipients."),
    "open": Text("Noch nicht angegeben.", "Not stated yet."),
}
