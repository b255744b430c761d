"""The file with which the supervisory authority is consulted: the contents of Art. 36 (3) GDPR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.described.wording import in_language
from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import RiskLevel
from assessments.dpia.matrix import RiskMatrix
from compliance.attachments import Attachment
from compliance.fields import fields, is_empty, shown
from compliance.language import Text
from exports.document import Block, Column, Document, Facts, Grid, Heading, Items, Prose
from exports.reports.register import Issuer
from registers.authority import Authority
from registers.processing import ProcessingActivity


@dataclass(frozen=True)
class Dossier:
    """What the file is made of; everything loaded whole."""

    dpia: Dpia
    activities: Sequence[ProcessingActivity]
    authority: Authority | None
    attachments: Sequence[Attachment]
    planned: RiskLevel | None
    """The highest rating with planned measures: why the authority is asked."""


def lacking(dossier: Dossier) -> tuple[Text, ...]:
    """What Art. 36 (3) asks for and nobody has written down yet, by letter."""
    dpia, authority = dossier.dpia, dossier.authority
    wanted: tuple[tuple[str, Text, bool], ...] = (
        ("a", _CONTROLLER, authority is not None and bool(authority.town)),
        ("a", _ACTIVITIES, bool(dossier.activities)),
        ("b", fields(Dpia)["purposes"].label, bool(dpia.purposes.strip())),
        ("b", fields(Dpia)["assets"].label, bool(dpia.assets.strip())),
        ("c", _MEASURES, bool(dpia.measures or dpia.existing_measures.strip())),
        ("d", _OFFICER, authority is not None and bool(authority.officer_email or authority.officer_address)),
        ("e", fields(Dpia)["description"].label, bool(dpia.description.strip())),
        ("e", fields(Dpia)["necessity"].label, bool(dpia.necessity.strip())),
        ("e", fields(Dpia)["risks"].label, bool(dpia.risks)),
    )
    return tuple(_LACKS.format(letter=letter, what=what) for letter, what, there in wanted if not there)


def report(dossier: Dossier, issuer: Issuer, *, assessment: Document, matrix: RiskMatrix) -> Document:
    """The file on one assessment; *assessment* is its report, which becomes part (e)."""
    language, dpia = issuer.language, dossier.dpia
    return Document(
        title=_TITLE.format(dpia=dpia.name)[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=(
            *_letter(dossier, matrix, language),
            Heading(_PARTS["a"][language]),
            *_responsibilities(dossier, language),
            Heading(_PARTS["b"][language]),
            *_prose(dpia, ("purposes", "description", "data_flows", "assets"), language),
            Heading(_PARTS["c"][language]),
            *_safeguards(dpia, language),
            Heading(_PARTS["d"][language]),
            *_officer(dossier.authority, language),
            Heading(_PARTS["e"][language]),
            *map(_deeper, assessment.blocks),
            Heading(_PARTS["f"][language]),
            *_further(dossier, language),
        ),
        subject=_SUBJECT[language],
        version=str(dpia.version or ""),
        cover=tuple(_cover(dossier, language)),
    )


def _cover(dossier: Dossier, language: str) -> Iterator[tuple[str, str]]:
    authority = dossier.authority
    if authority is not None:
        yield _TO[language], authority.supervisory_authority or _UNSTATED[language]
        yield _FROM[language], ", ".join(filter(None, (authority.street, authority.town, authority.email)))
        yield _HEAD[language], authority.head or _UNSTATED[language]
    yield _ASSESSMENT[language], dossier.dpia.designation
    yield _said(dossier.dpia, "consulted_on", language)


def _letter(dossier: Dossier, matrix: RiskMatrix, language: str) -> Iterator[Block]:
    yield Heading(_REQUEST[language])
    level = matrix.label(dossier.planned) if dossier.planned else _NOT_ASSESSED
    yield Prose(_ASKS.format(level=level)[language])
    yield Heading(_CONTENTS[language], 2)
    yield Items(tuple(title[language] for title in _PARTS.values()))


def _said(thing: object, name: str, language: str) -> tuple[str, str]:
    spec = fields(type(thing))[name]
    return spec.label[language], shown(spec, getattr(thing, name), language) or _UNSTATED[language]


def _deeper(block: Block) -> Block:
    return Heading(block.text, block.level + 1) if isinstance(block, Heading) else block


# --- (a) to (d) ----------------------------------------------------------------------------------


def _responsibilities(dossier: Dossier, language: str) -> Iterator[Block]:
    authority = dossier.authority
    yield Heading(_CONTROLLER[language], 2)
    if authority is None:
        yield Prose(_UNSTATED[language])
    else:
        names = ("name", "head", "street", "town", "telephone", "email")
        yield Facts(
            (*(_said(authority, name, language) for name in names), _said(dossier.dpia, "unit", language))
        )
    yield Heading(_JOINT[language], 2)
    joint = {one.id: one for activity in dossier.activities for one in activity.joint_controllerships}
    yield from _listed([f"{one}: {one.partners}".rstrip(": ") for one in joint.values()], language)
    yield Heading(_PROCESSORS[language], 2)
    processors = {one.id: one for activity in dossier.activities for one in activity.processors}
    yield from _listed([str(one) for one in processors.values()], language)
    if dossier.dpia.processors.strip():
        yield Prose(dossier.dpia.processors)


def _listed(texts: Sequence[str], language: str) -> Iterator[Block]:
    yield Items(tuple(texts)) if texts else Prose(_NONE[language])


def _prose(dpia: Dpia, names: Sequence[str], language: str) -> Iterator[Block]:
    for name in names:
        label, text = _said(dpia, name, language)
        yield Heading(label, 2)
        yield Prose(in_language(text, language))


def _safeguards(dpia: Dpia, language: str) -> Iterator[Block]:
    yield from _prose(dpia, ("existing_measures", "rights"), language)
    if not dpia.measures:
        return
    yield Heading(fields(Dpia)["measures"].label[language], 2)
    names = ("title", "risks", "owner", "due", "state")
    specs = fields(type(dpia.measures[0]))
    columns = [Column(specs[name].label[language], 2.5 if name == "title" else 1) for name in names]
    rows = [
        (f"M{number}", *(shown(specs[name], getattr(one, name), language) or "–" for name in names))
        for number, one in enumerate(dpia.measures, start=1)
    ]
    yield Grid((Column(_NUMBER[language], 0.6), *columns), rows, fields(Dpia)["measures"].label[language])


def _officer(authority: Authority | None, language: str) -> Iterator[Block]:
    if authority is None:
        yield Prose(_UNSTATED[language])
        return
    names = ("officer", "officer_address", "officer_email", "officer_telephone")
    yield Facts(tuple(_said(authority, name, language) for name in names))


# --- (f) -----------------------------------------------------------------------------------------


def _further(dossier: Dossier, language: str) -> Iterator[Block]:
    """Whatever else the authority asked for: its questions with the answers, and the attachments."""
    questions = dossier.dpia.authority_questions
    yield Heading(fields(Dpia)["authority_questions"].label[language], 2)
    if not questions:
        yield Prose(_NO_QUESTIONS[language])
    for one in questions:
        names = [name for name in fields(type(one)) if not is_empty(getattr(one, name))]
        yield Facts(tuple(_said(one, name, language) for name in names))
    yield Heading(_ATTACHED[language], 2)
    yield from _listed([one.name for one in dossier.attachments], language)


_PARTS: Final = {
    "a": Text("a) Zuständigkeiten", "(a) Responsibilities"),
    "b": Text("b) Zwecke und Mittel der Verarbeitung", "(b) Purposes and means of the processing"),
    "c": Text("c) Maßnahmen und Garantien", "(c) Measures and safeguards"),
    "d": Text(
        "d) Kontaktdaten der Datenschutzbeauftragten", "(d) Contact details of the data protection officer"
    ),
    "e": Text("e) Datenschutz-Folgenabschätzung", "(e) Data protection impact assessment"),
    "f": Text("f) Weitere Informationen", "(f) Further information"),
}
_TITLE = Text("Vorherige Konsultation: {dpia}", "Prior consultation: {dpia}")
_SUBJECT = Text(
    "Anfrage an die Aufsichtsbehörde nach Art. 36 DSGVO mit den Angaben des Absatzes 3",
    "Request to the supervisory authority under Art. 36 GDPR with the contents of paragraph 3",
)
_REQUEST = Text("Anfrage", "Request")
_ASKS = Text(
    "Die Datenschutz-Folgenabschätzung ergibt, dass die beschriebene Verarbeitung auch mit den geplanten "
    "Maßnahmen die Einstufung „{level}“ behält. Wir bitten daher vor Beginn der Verarbeitung um Ihre "
    "Stellungnahme (Art. 36 Abs. 1 DSGVO).\n\nDiese Unterlage enthält die Angaben nach Art. 36 Abs. 3 DSGVO. "
    "Bitte bestätigen Sie den Tag des Eingangs. Fragen beantwortet die Stelle, die unter a) genannt ist; die "
    "Datenschutzbeauftragten erreichen Sie unter d).",
    "The data protection impact assessment shows that the processing described keeps the rating “{level}” "
    "even with the planned measures. We therefore ask for your advice before the processing begins (Art. 36 "
    "(1) GDPR).\n\nThis file holds the contents of Art. 36 (3) GDPR. Please confirm the day of receipt. "
    "Questions are answered by the unit named under (a); the data protection officer is reached under (d).",
)
_CONTENTS = Text("Inhalt", "Contents")
_TO = Text("An", "To")
_FROM = Text("Anschrift", "Address")
_HEAD = Text("Vertreten durch", "Represented by")
_ASSESSMENT = Text("Folgenabschätzung", "Impact assessment")
_CONTROLLER = Text("Verantwortlicher", "Controller")
_ACTIVITIES = Text("Verarbeitungstätigkeiten", "Processing activities")
_JOINT = Text("Gemeinsam Verantwortliche", "Joint controllers")
_PROCESSORS = Text("Auftragsverarbeiter", "Processors")
_MEASURES = Text("Maßnahmen", "Measures")
_OFFICER = Text("Kontaktdaten der Datenschutzbeauftragten", "Contact details of the data protection officer")
_ATTACHED = Text("Anlagen", "Attachments")
_NO_QUESTIONS = Text("Bisher keine.", "None so far.")
_NONE = Text("Keine.", "None.")
_NUMBER = Text("Nr.", "No.")
_NOT_ASSESSED = Text("nicht eingeschätzt", "not assessed")
_UNSTATED = Text("Nicht angegeben", "Not stated")
_LACKS = Text("Buchst. {letter}: {what}", "({letter}): {what}")
