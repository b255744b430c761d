"""Letters about breaches and requests, made from what is registered.

To the authority (Art. 33 (3) GDPR), to the persons concerned (Art. 34), and the
answer to a request for access (Art. 15). What the entry does not say is named
instead of being passed over. The answer prints sealed fields, because it is
addressed to the person they are about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.entry import Entry, everything
from compliance.fields import Reference, References, Rows, fields, is_empty, matters, shown
from compliance.language import Text, shown_day
from exports.document import Block, Document, Facts, Heading, Items, Prose
from exports.letters import Letter, Missing
from exports.reports.notice import ON_BEHALF, SOURCES_TOLD, recipients_outside, transfer_told
from exports.reports.register import Issuer
from registers.authority import Authority
from registers.breaches import Breach
from registers.notices import is_from_elsewhere
from registers.processing import DataCategory, DataSource, LegalBasis, ProcessingActivity, Purpose, Stage
from registers.requests import SubjectRequest

# --- To the authority ----------------------------------------------------------------------------

_NOTIFICATION: Final[tuple[tuple[Text, tuple[str, ...], tuple[str, ...]], ...]] = (
    (
        Text("Art der Meldung", "Kind of notification"),
        ("notices", "late_reason", "follow_up_on"),
        (),
    ),
    (
        Text("Zeitlicher Verlauf", "Times"),
        ("occurred_from", "occurred_to", "ongoing", "detected", "aware", "aware_reason"),
        ("occurred_from", "aware"),
    ),
    (
        Text("Verletzung", "The breach"),
        ("description", "natures", "causes", "other_cause", "intent", "objects"),
        ("description", "natures", "causes"),
    ),
    (
        Text("Auftragsverarbeiter", "Processor"),
        ("processors", "processor_aware", "processor_informed"),
        (),
    ),
    (
        Text("Betroffene Personen und Daten", "Persons and data concerned"),
        (
            "subjects",
            "other_subjects",
            "subject_count",
            "data_kinds",
            "other_data",
            "record_count",
            "special",
            "social",
            "cross_border",
        ),
        ("subjects", "subject_count", "data_kinds", "record_count"),
    ),
    (Text("Schutz vor der Verletzung", "Protection before the breach"), ("protected",), ("protected",)),
    (
        Text("Folgen und Risiko", "Consequences and risk"),
        ("consequences", "effects", "risk", "risk_reason"),
        ("consequences", "risk"),
    ),
    (
        Text("Maßnahmen", "Measures"),
        ("measures_taken", "measures_planned", "measures_until"),
        ("measures_taken", "measures_planned"),
    ),
    (
        Text("Benachrichtigung der betroffenen Personen", "Communication to the persons concerned"),
        ("subjects_informed", "communication_form", "exception", "exception_reason"),
        (),
    ),
    (
        Text("Weitere unterrichtete Stellen", "Other bodies informed"),
        ("supervision_informed", "other_authorities"),
        (),
    ),
)
"""The blocks of a notification, the fields of each, and those that Art. 33 (3) asks for."""


def notification(breach: Breach, authority: Authority | None, issuer: Issuer) -> Letter:
    """The notification to the data protection authority, Art. 33 (3) GDPR."""
    language = issuer.language
    blocks: list[Block] = []
    missing: list[Missing] = [*_lacking(authority, Authority, _CONTROLLER)]
    blocks += _addressee(authority)
    blocks += _block(_WHO[language], _controller(authority, language))
    for title, names, wanted in _NOTIFICATION:
        rows = tuple(_rows(breach, names, language))
        blocks += _block(title[language], rows)
        missing += _lacking(breach, Breach, wanted)
    title = _NOTIFICATION_TITLE.format(number=breach.designation)
    return _letter(title, _NOTIFICATION_SUBJECT, blocks, missing, issuer)


# --- To the persons concerned --------------------------------------------------------------------


def communication(breach: Breach, authority: Authority | None, issuer: Issuer) -> Letter:
    """The communication to the persons concerned in plain language, Art. 34 (2) GDPR."""
    language = issuer.language
    blocks: list[Block] = [Prose(_INTRODUCTION[language])]
    for title, name in _COMMUNICATION:
        text = shown(fields(Breach)[name], getattr(breach, name), language)
        if text:
            blocks += [Heading(title[language]), Prose(text)]
    blocks += _block(_ASK[language], _officer(authority, language))
    blocks.append(Prose(_COMPLAINT[language]))
    if authority and authority.supervisory_authority:
        blocks.append(Prose(authority.supervisory_authority))
    blocks.append(_closing(issuer))
    wanted = tuple(name for _, name in _COMMUNICATION)
    missing = [*_lacking(breach, Breach, wanted), *_lacking(authority, Authority, _OFFICER)]
    return _letter(_COMMUNICATION_TITLE, _COMMUNICATION_SUBJECT, blocks, missing, issuer)


_COMMUNICATION: Final = (
    (Text("Was geschehen ist", "What happened"), "description"),
    (Text("Welche Daten betroffen sind", "Which data are concerned"), "data_kinds"),
    (Text("Was das für Sie bedeuten kann", "What this may mean for you"), "consequences"),
    (Text("Was wir unternommen haben", "What we have done"), "measures_taken"),
    (Text("Was wir noch tun", "What we will do"), "measures_planned"),
    (Text("Was Sie selbst tun können", "What you can do yourself"), "advice"),
)


# --- To the requester ----------------------------------------------------------------------------


def activities_about(session: Session, request: SubjectRequest) -> Sequence[ProcessingActivity]:
    """The activities with data of the person: the chosen ones, else those about such persons."""
    query = select(ProcessingActivity).options(*everything(ProcessingActivity))
    if request.activities:
        ids = [activity.id for activity in request.activities]
        return session.scalars(
            query.where(ProcessingActivity.id.in_(ids)).order_by(ProcessingActivity.number)
        ).all()
    running = query.where(ProcessingActivity.stage == Stage.OPERATION).order_by(ProcessingActivity.number)
    kinds = set(request.subjects)
    return [activity for activity in session.scalars(running) if kinds & set(activity.subjects)]


def access(
    request: SubjectRequest,
    activities: Sequence[ProcessingActivity],
    authority: Authority | None,
    issuer: Issuer,
) -> Letter:
    """The answer to a request for access, Art. 15 (1) and (2) GDPR."""
    language = issuer.language
    whose = _whose(request)
    blocks: list[Block] = [Prose("\n".join(part for part in (request.requester, request.contact) if part))]
    blocks.append(Prose(_opening(request, language)))
    missing: list[Missing] = [
        *_lacking(request, SubjectRequest, _ASKED + (_FOR_ANOTHER if request.for_another else ()))
    ]
    if not activities:
        missing.append(_missing(SubjectRequest, "activities"))
    for activity in activities:
        blocks += _activity(activity, whose, language)
        missing += _gaps(activity)
    rights = [right for right, bases in whose.rights if not bases or _rests_on(activities, bases)]
    blocks += [Heading(whose.heading[language]), Items(tuple(text[language] for text in rights))]
    if authority and authority.supervisory_authority:
        blocks.append(Prose(authority.supervisory_authority))
    blocks.append(_closing(issuer))
    blocks += _block(_WHO[language], _controller(authority, language))
    missing += _lacking(authority, Authority, (*_CONTROLLER, "supervisory_authority"))
    return _letter(whose.title, _ACCESS_SUBJECT, blocks, missing, issuer)


def _rests_on(activities: Iterable[ProcessingActivity], bases: Collection[LegalBasis]) -> bool:
    return any(purpose.legal_basis in bases for activity in activities for purpose in activity.purposes)


def _opening(request: SubjectRequest, language: str) -> str:
    day = shown_day(request.received, language) if request.received else "…"
    return _ANSWER.format(day=day, whose=_whose(request).data)[language]


def _activity(activity: ProcessingActivity, whose: _Whose, language: str) -> Iterator[Block]:
    yield Heading(activity.name or activity.designation)
    specs = fields(ProcessingActivity)
    rows = (
        (_PURPOSES, _listed(_purpose(purpose, language) for purpose in activity.purposes)),
        (_DATA, _listed(data.text for data in activity.data)),
        (_RECIPIENTS, _recipients(activity, language)),
        (_TRANSFERS, _transfers(activity, language)),
        (_PERIODS, _listed(_period(data, language) for data in activity.data)),
        (_SOURCES, _sources(activity, whose, language)),
        (_AUTOMATED, shown(specs["automated_decision"], activity.automated_decision, language)),
        (_LOGIC, activity.automated_logic if activity.automated_decision else ""),
        (_SYSTEMS, _listed(system.name for system in activity.objects)),
    )
    yield Facts(tuple((label[language], text) for label, text in rows if text))


def _sources(activity: ProcessingActivity, whose: _Whose, language: str) -> str:
    told = {**SOURCES_TOLD, DataSource.SUBJECT: whose.source}
    named = (told[source][language] for source in activity.sources)
    details = activity.source_details if is_from_elsewhere(activity) else ""
    return _listed((", ".join(named), details))


def _transfers(activity: ProcessingActivity, language: str) -> str:
    """The third countries with the safeguards, of which Art. 15 (2) gives a right to be told."""
    if not activity.third_country:
        return ""
    outside = (transfer_told(row, language) for row in recipients_outside(activity))
    return _listed((*outside, activity.transfer_note))


def _purpose(purpose: Purpose, language: str) -> str:
    specs = fields(Purpose)
    basis = [shown(specs["legal_basis"], purpose.legal_basis, language), purpose.norm]
    law = ", ".join(part for part in basis if part)
    return f"{purpose.text} ({law})" if law else purpose.text


def _recipients(activity: ProcessingActivity, language: str) -> str:
    """The concrete recipients, processors among them (CJEU C-154/21)."""
    said = [recipient.text for recipient in activity.recipients]
    said += [f"{processor.name} ({ON_BEHALF[language]})" for processor in activity.processors]
    if not said and activity.no_recipients:
        return _NOBODY[language]
    return _listed(said)


def _period(data: DataCategory, language: str) -> str:
    period = data.retention(language)
    return f"{data.text}: {period}" if period else ""


_ASKED: Final = ("requester", "contact", "received")
_FOR_ANOTHER: Final = ("represented", "authority_shown")
_TOLD: Final = ("purposes", "data", "sources")


def _gaps(activity: ProcessingActivity) -> Iterator[Missing]:
    """What the record lacks about *activity* for the answer; it belongs to another entry."""
    lacking = [name for name in _TOLD if is_empty(getattr(activity, name))]
    if not (activity.recipients or activity.processors or activity.no_recipients):
        lacking.append("recipients")
    if activity.third_country and not (activity.transfer_note or recipients_outside(activity)):
        lacking.append("transfer_note")
    if not all(row.retention("de") for row in activity.data):
        lacking.append("period")
    labels = {**fields(ProcessingActivity), **fields(DataCategory)}
    for name in lacking:
        label = labels[name].label
        says = _ACTIVITY_LACKS.format(activity=activity.designation, label=label)
        yield Missing(name, says, f"{ProcessingActivity.slug}/{activity.number}")


# --- What the letters share ----------------------------------------------------------------------

_CONTROLLER: Final = ("head", "street", "town", "telephone", "email", "officer", "officer_email")
_OFFICER: Final = ("officer", "officer_email")


def _controller(authority: Authority | None, language: str) -> Iterator[tuple[str, str]]:
    if authority is not None:
        yield _NAME[language], authority.name
        yield from _rows(authority, _CONTROLLER[:5], language)
        yield from _officer(authority, language)


def _officer(authority: Authority | None, language: str) -> Iterator[tuple[str, str]]:
    if authority is None:
        return
    details = (
        authority.officer,
        authority.officer_address,
        authority.officer_email,
        authority.officer_telephone,
    )
    if said := ", ".join(detail for detail in details if detail):
        yield _OFFICER_IS[language], said


def _closing(issuer: Issuer) -> Prose:
    """The end of a letter to a person; whoever sends it signs."""
    day = shown_day(issuer.created.date(), issuer.language)
    return Prose(_CLOSING.format(organisation=issuer.organisation, day=day)[issuer.language])


def _addressee(authority: Authority | None) -> Iterator[Block]:
    if authority is not None and authority.supervisory_authority:
        yield Prose(authority.supervisory_authority)


def _rows(entry: Entry, names: Iterable[str], language: str) -> Iterator[tuple[str, str]]:
    """The answers of *entry* with their labels; what nobody answered is left out."""
    for name in names:
        spec, value = fields(type(entry))[name], getattr(entry, name)
        if not is_empty(value) and matters(spec, entry):
            yield spec.label[language], _said(spec, value, language)


def _said(spec: Any, value: Any, language: str) -> str:
    """The answer for a reader outside, who has no use for running numbers."""
    match spec:
        case References():
            return ", ".join(target.name for target in value)
        case Reference():
            return str(value.name)
        case Rows():
            return "\n".join(shown(spec, [part], language) for part in value)
        case _:
            return shown(spec, value, language)


def _block(title: str, rows: Iterable[tuple[str, str]]) -> list[Block]:
    found = tuple(rows)
    return [Heading(title), Facts(found)] if found else []


def _listed(texts: Iterable[str]) -> str:
    """One statement in each line."""
    return "\n".join(text for text in texts if text)


def _lacking(entry: Entry | None, model: type[Entry], names: Iterable[str]) -> Iterator[Missing]:
    for name in names:
        if entry is None or is_empty(getattr(entry, name)):
            yield _missing(model, name)


def _missing(model: type[Entry], name: str) -> Missing:
    label = fields(model)[name].label
    if model is Authority:
        return Missing(name, _FRONT_SHEET_LACKS.format(label=label), Authority.slug)
    return Missing(name, _LACKS.format(label=label))


def _letter(
    title: Text, subject: Text, blocks: Iterable[Block], missing: Iterable[Missing], issuer: Issuer
) -> Letter:
    language = issuer.language
    document = Document(
        title=title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(blocks),
        subject=subject[language],
    )
    return Letter(document, tuple(dict.fromkeys(missing)))


_NOTIFICATION_TITLE = Text(
    "Meldung einer Verletzung des Schutzes personenbezogener Daten ({number})",
    "Notification of a personal data breach ({number})",
)
_NOTIFICATION_SUBJECT = Text("Meldung nach Art. 33 DSGVO", "Notification under Art. 33 GDPR")
_COMMUNICATION_TITLE = Text(
    "Benachrichtigung über eine Verletzung des Schutzes Ihrer Daten",
    "Information about a breach of your personal data",
)
_COMMUNICATION_SUBJECT = Text("Benachrichtigung nach Art. 34 DSGVO", "Communication under Art. 34 GDPR")
_ACCESS_SUBJECT = Text("Auskunft nach Art. 15 DSGVO", "Information under Art. 15 GDPR")
_WHO = Text("Verantwortlicher", "Controller")
_NAME = Text("Stelle", "Body")
_OFFICER_IS = Text("Datenschutzbeauftragte", "Data protection officer")
_INTRODUCTION = Text(
    "Guten Tag,\n\nbei uns ist der Schutz personenbezogener Daten verletzt worden. Das betrifft auch Ihre "
    "Daten. Wir sagen Ihnen, was geschehen ist und wie Sie sich schützen können.",
    "Dear Sir or Madam,\n\nthe protection of personal data has been breached in our organisation, and your "
    "data are concerned as well. We tell you what happened and how you can protect yourself.",
)
_CLOSING = Text("Mit freundlichen Grüßen\n{organisation}\n{day}", "Yours faithfully,\n{organisation}\n{day}")
_ASK = Text("Wer Ihre Fragen beantwortet", "Who answers your questions")
_COMPLAINT = Text(
    "Sie können sich außerdem bei der Datenschutzaufsicht beschweren.",
    "You can also complain to the data protection authority.",
)
_ANSWER = Text(
    "Guten Tag,\n\nauf Ihren Antrag vom {day} geben wir Ihnen Auskunft {whose}. Wir verarbeiten Daten in den "
    "folgenden Tätigkeiten; eine Kopie der Daten liegt bei.",
    "Dear Sir or Madam,\n\nin answer to your request of {day} we inform you {whose}. We process data in the "
    "following activities; a copy of the data is enclosed.",
)
_PURPOSES = Text("Zwecke und Rechtsgrundlagen", "Purposes and legal bases")
_DATA = Text("Kategorien der Daten", "Categories of data")
_RECIPIENTS = Text("Empfänger", "Recipients")
_PERIODS = Text("Speicherdauer", "How long data are kept")
_SOURCES = Text("Herkunft der Daten", "Source of the data")
_AUTOMATED = Text("Ausschließlich automatisierte Entscheidung", "Solely automated decision")
_TRANSFERS = Text("Übermittlung in Drittländer und Garantien", "Transfers to third countries and safeguards")
_LOGIC = Text("Wie entschieden wird", "How decisions are made")
_SYSTEMS = Text("Anwendungen und Systeme", "Applications and systems")
_NOBODY = Text("keine", "none")
_RECTIFY: Final = Text(
    "Sie können unrichtige Daten berichtigen lassen (Art. 16 DSGVO).",
    "You can have inaccurate data rectified (Art. 16 GDPR).",
)
_ERASE: Final = Text(
    "Sie können Löschung oder Einschränkung verlangen, soweit das Gesetz es vorsieht (Art. 17, 18 DSGVO).",
    "You can ask for erasure or restriction where the law provides for it (Art. 17, 18 GDPR).",
)
_COMPLAIN: Final = Text(
    "Sie können sich bei der Datenschutzaufsicht beschweren (Art. 77 DSGVO). Für uns zuständig ist:",
    "You can complain to a data protection authority (Art. 77 GDPR). Ours is:",
)
_OBJECTABLE: Final = (LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTERESTS)


@dataclass(frozen=True)
class _Whose:
    """How the answer speaks of the person whose data it is about."""

    title: Text
    data: Text
    source: Text
    heading: Text
    consent: Text
    objection: Text

    @property
    def rights(self) -> tuple[tuple[Text, tuple[LegalBasis, ...]], ...]:
        """Each right with the legal bases on which it depends; none where it always exists."""
        return (
            (_RECTIFY, ()),
            (_ERASE, ()),
            (self.consent, (LegalBasis.CONSENT,)),
            (self.objection, _OBJECTABLE),
            (_COMPLAIN, ()),
        )


def _whose(request: SubjectRequest) -> _Whose:
    if not request.for_another:
        return _OWN
    name = request.represented or "…"
    return _Whose(**{field: text.format(name=name) for field, text in _REPRESENTED.items()})


_OWN: Final = _Whose(
    title=Text("Auskunft über Ihre Daten", "Information about your data"),
    data=Text("über Ihre Daten", "about your data"),
    source=SOURCES_TOLD[DataSource.SUBJECT],
    heading=Text("Ihre Rechte", "Your rights"),
    consent=Text(
        "Sie können Ihre Einwilligung jederzeit für die Zukunft widerrufen (Art. 7 Abs. 3 DSGVO).",
        "You can withdraw your consent for the future at any time (Art. 7 (3) GDPR).",
    ),
    objection=Text(
        "Sie können der Verarbeitung aus Gründen Ihrer besonderen Situation widersprechen (Art. 21 DSGVO).",
        "You can object to processing on grounds relating to your particular situation (Art. 21 GDPR).",
    ),
)
_REPRESENTED: Final = {
    "title": Text("Auskunft über die Daten von {name}", "Information about the data of {name}"),
    "data": Text("über die Daten von {name}", "about the data of {name}"),
    "source": Text("von {name} selbst", "from {name} directly"),
    "heading": Text("Rechte, die Sie für {name} ausüben können", "Rights you can exercise for {name}"),
    "consent": Text(
        "Sie können eine Einwilligung jederzeit für die Zukunft widerrufen (Art. 7 Abs. 3 DSGVO).",
        "You can withdraw consent for the future at any time (Art. 7 (3) GDPR).",
    ),
    "objection": Text(
        "Sie können der Verarbeitung aus Gründen der besonderen Situation von {name} widersprechen (Art. 21 "
        "DSGVO).",
        "You can object to processing on grounds relating to the particular situation of {name} (Art. 21 "
        "GDPR).",
    ),
}
"""The same where somebody acts for the person, Art. 12 (2) and (6) GDPR."""
_LACKS = Text("„{label}“ fehlt.", "“{label}” is missing.")
_FRONT_SHEET_LACKS = Text("Auf dem Vorblatt fehlt „{label}“.", "The front sheet lacks “{label}”.")
_ACTIVITY_LACKS = Text("In {activity} fehlt „{label}“.", "{activity} lacks “{label}”.")
