"""Privacy notices (Datenschutzhinweise) made from an activity, Art. 13 and 14 GDPR.

Layered: the full notice with everything both articles ask for, and a short form
for one page, such as the sign before a camera or beside a sensor. What the
record does not say is named instead of being passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from compliance.entry import Entry
from compliance.fields import fields
from compliance.language import Text, shown_day
from exports.document import Block, Document, Facts, Heading, Items, Note, Prose
from exports.letters import Letter, Missing
from exports.reports.register import Issuer
from registers.authority import Authority
from registers.countries import EEA
from registers.joint_controllers import JointControllership
from registers.notices import is_from_elsewhere
from registers.processing import (
    DataCategory,
    DataSource,
    LegalBasis,
    ProcessingActivity,
    ProvisionDuty,
    Purpose,
    Recipient,
    Regime,
)


@dataclass(frozen=True)
class _Facts:
    """What a notice is made of."""

    activity: ProcessingActivity
    authority: Authority | None
    language: str

    def rests_on(self, *bases: LegalBasis) -> bool:
        return any(purpose.legal_basis in bases for purpose in self.activity.purposes)

    @property
    def is_collected_from_subject(self) -> bool:
        """Whether Art. 13 holds; as long as nobody names a source, it does."""
        return not self.activity.sources or not {DataSource.SUBJECT, DataSource.SENSOR}.isdisjoint(
            self.activity.sources
        )


Said: TypeAlias = Block | Missing
Section: TypeAlias = Callable[[_Facts], Iterator[Said]]


def notice(activity: ProcessingActivity, authority: Authority | None, issuer: Issuer) -> Letter:
    """The full notice about *activity*; *authority* is the front sheet, if there is one."""
    facts = _Facts(activity, authority, issuer.language)
    said: list[Said] = [*_applicable(facts)]
    for heading, section in _SECTIONS:
        found = list(section(facts))
        if any(not isinstance(one, Missing) for one in found):
            said.append(Heading(heading[issuer.language]))
        said += found
    said.append(Prose(_AS_OF.format(day=shown_day(issuer.created.date(), issuer.language))[issuer.language]))
    title = _TITLE.format(name=activity.name or activity.designation)
    return _letter(
        said, title, _SUBJECTS[is_from_elsewhere(activity), facts.is_collected_from_subject], issuer
    )


def sign(activity: ProcessingActivity, authority: Authority | None, issuer: Issuer) -> Letter:
    """The short form for one page: the essentials, and where the full notice is found."""
    facts = _Facts(activity, authority, issuer.language)
    rows: list[tuple[str, str]] = []
    said: list[Said] = [*_applicable(facts)]
    for label, row in _SIGN:
        found = list(row(facts))
        said += [one for one in found if isinstance(one, Missing)]
        if text := "; ".join(one for one in found if isinstance(one, str)):
            rows.append((label[issuer.language], text))
    said.append(Facts(tuple(rows)))
    name = activity.name or activity.designation
    title = _VIDEO if activity.video else Text(name, name)
    return _letter(said, title, _SHORT, issuer)


def _letter(said: Iterable[Said], title: Text, subject: Text, issuer: Issuer) -> Letter:
    said = list(said)
    missing = tuple(dict.fromkeys(one for one in said if isinstance(one, Missing)))
    blocks = tuple(one for one in said if not isinstance(one, Missing))
    if missing:
        texts = " ".join(one.says[issuer.language] for one in missing)
        blocks = (Note(_DRAFT[issuer.language], texts, "warning"), *blocks)
    document = Document(
        title=title[issuer.language],
        organisation=issuer.organisation,
        language=issuer.language,
        created=issuer.created,
        blocks=blocks,
        subject=subject[issuer.language],
    )
    return Letter(document, missing)


def _lacks(model: type[Entry], name: str) -> Missing:
    label = fields(model)[name].label
    register = "" if model is ProcessingActivity else model.slug
    wording = _LACKS if not register else _FRONT_SHEET_LACKS
    return Missing(name, wording.format(label=label), register)


def _unsaid(name: str, wording: Text, what: str) -> Missing:
    return Missing(name, wording.format(what=what))


def _applicable(facts: _Facts) -> Iterator[Missing]:
    if facts.activity.regime is Regime.POLICE:
        yield Missing("regime", _JI)


# --- Who -----------------------------------------------------------------------------------------

_CONTROLLER: Final = ("head", "street", "town", "telephone", "email")


def _controller(facts: _Facts) -> Iterator[Said]:
    sheet = facts.authority
    if sheet is None:
        yield Missing("name", _NO_FRONT_SHEET, Authority.slug)
        return
    represented = _REPRESENTED.format(head=sheet.head)[facts.language] if sheet.head else ""
    lines = (sheet.name, represented, sheet.street, sheet.town, sheet.telephone, sheet.email, sheet.website)
    yield Prose("\n".join(line for line in lines if line))
    yield from (_lacks(Authority, name) for name in _CONTROLLER if not getattr(sheet, name))
    yield from _joint_controllers(facts)


def _joint_controllers(facts: _Facts) -> Iterator[Said]:
    joint: list[JointControllership] = facts.activity.joint_controllerships
    if not joint:
        return
    yield Prose(_JOINTLY[facts.language])
    contact = _CONTACT_POINT[facts.language]
    yield Items(
        tuple(
            f"{one.partners or one.name}{f' ({contact}: {one.contact_point})' if one.contact_point else ''}"
            for one in joint
        )
    )
    yield Prose(_ESSENCE[facts.language])
    yield from (
        _unsaid("joint_controllerships", _NO_ESSENCE, one.name)
        for one in joint
        if one.essence_available is not True
    )


def _officer(facts: _Facts) -> Iterator[Said]:
    sheet = facts.authority
    if sheet is None:
        return
    lines = (sheet.officer_address, sheet.officer_telephone, sheet.officer_email)
    if any(lines):
        yield Prose("\n".join(line for line in lines if line))
    yield from (
        _lacks(Authority, name) for name in ("officer_address", "officer_email") if not getattr(sheet, name)
    )


# --- Why -----------------------------------------------------------------------------------------


def _basis(purpose: Purpose, language: str) -> str:
    basis = f"{purpose.legal_basis.text[language]} {_GDPR[language]}" if purpose.legal_basis else ""
    return ", ".join(part for part in (basis, purpose.norm) if part)


def _purposes(facts: _Facts) -> Iterator[Said]:
    purposes = facts.activity.purposes
    if not purposes:
        yield _lacks(ProcessingActivity, "purposes")
        return
    bases = (_basis(purpose, facts.language) for purpose in purposes)
    yield Items(
        tuple(
            f"{purpose.text} ({basis})" if basis else purpose.text
            for purpose, basis in zip(purposes, bases, strict=True)
        )
    )
    for purpose in purposes:
        if purpose.legal_basis is None:
            yield _unsaid("purposes", _NO_BASIS, purpose.text)
    yield from _change_of_purpose(facts)


def _change_of_purpose(facts: _Facts) -> Iterator[Said]:
    activity = facts.activity
    if activity.change_of_purpose:
        yield Prose(f"{_OTHER_PURPOSE[facts.language]} {activity.change_reason}".strip())
        if not activity.change_reason:
            yield _lacks(ProcessingActivity, "change_reason")


def _interests(facts: _Facts) -> Iterator[Said]:
    if not facts.rests_on(LegalBasis.LEGITIMATE_INTERESTS):
        return
    if facts.activity.legitimate_interests:
        yield Prose(facts.activity.legitimate_interests)
    else:
        yield _lacks(ProcessingActivity, "legitimate_interests")


# --- What, from where, to whom, for how long -----------------------------------------------------


def _category(row: DataCategory, language: str) -> str:
    if not row.special:
        return row.text
    exception = row.exception.text[language] if row.exception else ""
    words = ", ".join(part for part in (_SPECIAL[language], exception, row.exception_norm) if part)
    return f"{row.text} ({words})"


def _data(facts: _Facts) -> Iterator[Said]:
    if facts.activity.data:
        yield Items(tuple(_category(row, facts.language) for row in facts.activity.data))
    elif is_from_elsewhere(facts.activity):
        yield _lacks(ProcessingActivity, "data")


def _sources(facts: _Facts) -> Iterator[Said]:
    activity = facts.activity
    if not activity.sources:
        yield _lacks(ProcessingActivity, "sources")
        return
    yield Items(tuple(SOURCES_TOLD[source][facts.language] for source in activity.sources))
    if not is_from_elsewhere(activity):
        return
    if activity.source_details:
        yield Prose(activity.source_details)
    else:
        yield _lacks(ProcessingActivity, "source_details")
    if activity.public_source is None:
        yield _lacks(ProcessingActivity, "public_source")
    else:
        yield Prose(_PUBLIC_SOURCE[activity.public_source][facts.language])


def _recipients(facts: _Facts) -> Iterator[Said]:
    activity = facts.activity
    named = [row.text for row in activity.recipients if row.text]
    on_behalf = [f"{one.name} ({ON_BEHALF[facts.language]})" for one in activity.processors]
    if named or on_behalf:
        yield Items((*named, *on_behalf))
    elif activity.no_recipients:
        yield Prose(_NOBODY[facts.language])
    else:
        yield _lacks(ProcessingActivity, "recipients")


def recipients_outside(activity: ProcessingActivity) -> list[Recipient]:
    """The recipients outside the European Economic Area."""
    return [row for row in activity.recipients if row.country is not None and row.country.name not in EEA]


def _third_country(facts: _Facts) -> Iterator[Said]:
    activity, language = facts.activity, facts.language
    if activity.third_country is None:
        yield _lacks(ProcessingActivity, "third_country")
        return
    if not activity.third_country:
        yield Prose(_NO_TRANSFER[language])
        return
    outside = recipients_outside(activity)
    if outside:
        yield Items(tuple(transfer_told(row, language) for row in outside))
    yield Prose(f"{activity.transfer_note}\n\n{_COPY[language]}".strip())
    if not outside and not activity.transfer_note:
        yield _lacks(ProcessingActivity, "transfer_note")
    yield from (
        _unsaid("recipients", _NO_SAFEGUARD, row.text) for row in outside if row.transfer_basis is None
    )


def transfer_told(row: Recipient, language: str) -> str:
    """Who receives data where, and on what the transfer rests."""
    country = row.country.text[language] if row.country else ""
    basis = row.transfer_basis.text[language] if row.transfer_basis else ""
    return ", ".join(part for part in (row.text, country, basis) if part)


def _retention(facts: _Facts) -> Iterator[Said]:
    kept = [(row.text, row.retention(facts.language)) for row in facts.activity.data]
    if told := tuple(f"{text}: {period}" for text, period in kept if period):
        yield Items(told)
    yield from (_unsaid("data", _NO_PERIOD, text) for text, period in kept if not period)
    if not kept:
        yield _lacks(ProcessingActivity, "data")


def _provision(facts: _Facts) -> Iterator[Said]:
    activity = facts.activity
    if not facts.is_collected_from_subject or activity.sources == (DataSource.SENSOR,):
        return
    if activity.provision_duty is None:
        yield _lacks(ProcessingActivity, "provision_duty")
        return
    said = f"{_DUTIES[activity.provision_duty][facts.language]} {activity.provision_consequences}".strip()
    yield Prose(said)
    if activity.provision_duty is not ProvisionDuty.VOLUNTARY and not activity.provision_consequences:
        yield _lacks(ProcessingActivity, "provision_consequences")


def _automated(facts: _Facts) -> Iterator[Said]:
    activity = facts.activity
    if activity.automated_decision is None:
        yield _lacks(ProcessingActivity, "automated_decision")
        return
    if activity.profiling:
        yield Prose(_PROFILING[facts.language])
    if not activity.automated_decision:
        yield Prose(_BY_PEOPLE[facts.language])
        return
    texts = (_AUTOMATED[facts.language], activity.automated_logic, activity.automated_safeguards)
    yield Prose("\n\n".join(text for text in texts if text))
    for name in ("automated_logic", "automated_safeguards"):
        if not getattr(activity, name):
            yield _lacks(ProcessingActivity, name)


# --- Rights --------------------------------------------------------------------------------------


def _rights(facts: _Facts) -> Iterator[Said]:
    rights = [*_ALWAYS]
    if facts.rests_on(LegalBasis.CONSENT, LegalBasis.CONTRACT):
        rights.append(_PORTABILITY)
    if facts.rests_on(LegalBasis.PUBLIC_TASK, LegalBasis.LEGITIMATE_INTERESTS):
        rights.append(OBJECTION)
    yield Prose(_RIGHTS[facts.language])
    yield Items(tuple(right[facts.language] for right in rights))
    if facts.rests_on(LegalBasis.CONSENT):
        yield Prose(_WITHDRAWAL[facts.language])


def _complaint(facts: _Facts) -> Iterator[Said]:
    yield Prose(_COMPLAINT[facts.language])
    if facts.authority is None:
        return
    if facts.authority.supervisory_authority:
        yield Prose(facts.authority.supervisory_authority)
    else:
        yield _lacks(Authority, "supervisory_authority")


_SECTIONS: Final[tuple[tuple[Text, Section], ...]] = (
    (Text("Wer ist verantwortlich?", "Who is responsible?"), _controller),
    (
        Text(
            "Wie erreichen Sie die Datenschutzbeauftragten?", "How do you reach the data protection officer?"
        ),
        _officer,
    ),
    (
        Text(
            "Wozu und auf welcher Rechtsgrundlage verarbeiten wir Ihre Daten?",
            "For what purposes and on what legal basis do we process your data?",
        ),
        _purposes,
    ),
    (Text("Welche berechtigten Interessen verfolgen wir?", "Which interests do we pursue?"), _interests),
    (Text("Welche Daten verarbeiten wir?", "Which data do we process?"), _data),
    (Text("Woher stammen die Daten?", "Where do the data come from?"), _sources),
    (Text("Wer erhält Ihre Daten?", "Who receives your data?"), _recipients),
    (
        Text(
            "Gelangen Daten in Länder außerhalb des Europäischen Wirtschaftsraums?",
            "Do data reach countries outside the European Economic Area?",
        ),
        _third_country,
    ),
    (Text("Wie lange speichern wir Ihre Daten?", "How long do we keep your data?"), _retention),
    (Text("Müssen Sie Ihre Daten angeben?", "Do you have to provide your data?"), _provision),
    (Text("Wird automatisiert entschieden?", "Are decisions automated?"), _automated),
    (Text("Welche Rechte haben Sie?", "What are your rights?"), _rights),
    (Text("Wo können Sie sich beschweren?", "Where can you complain?"), _complaint),
)


# --- Short form ----------------------------------------------------------------------------------

Row: TypeAlias = Callable[[_Facts], Iterator[str | Missing]]


def _who(facts: _Facts) -> Iterator[str | Missing]:
    if facts.authority is None:
        yield Missing("name", _NO_FRONT_SHEET, Authority.slug)
        return
    sheet = facts.authority
    yield ", ".join(part for part in (sheet.name, sheet.street, sheet.town, sheet.telephone) if part)


def _whom_to_ask(facts: _Facts) -> Iterator[str | Missing]:
    sheet = facts.authority
    if sheet is not None:
        yield ", ".join(part for part in (sheet.officer_email, sheet.officer_telephone) if part)
        if not sheet.officer_email:
            yield _lacks(Authority, "officer_email")


def _what_for(facts: _Facts) -> Iterator[str | Missing]:
    yield from (purpose.text for purpose in facts.activity.purposes)
    if not facts.activity.purposes:
        yield _lacks(ProcessingActivity, "purposes")


def _on_what_ground(facts: _Facts) -> Iterator[str | Missing]:
    yield from dict.fromkeys(_basis(purpose, facts.language) for purpose in facts.activity.purposes)


def _how_long(facts: _Facts) -> Iterator[str | Missing]:
    periods = [row.retention(facts.language) for row in facts.activity.data]
    yield from dict.fromkeys(period for period in periods if period)
    if not all(periods) or not periods:
        yield _lacks(ProcessingActivity, "data")


def _short_rights(facts: _Facts) -> Iterator[str | Missing]:
    yield _RIGHTS_IN_SHORT[facts.language]


def _where_more(facts: _Facts) -> Iterator[str | Missing]:
    if facts.activity.notice_link:
        yield facts.activity.notice_link
    else:
        yield _lacks(ProcessingActivity, "notice_link")


_SIGN: Final[tuple[tuple[Text, Row], ...]] = (
    (Text("Verantwortlich", "Controller"), _who),
    (Text("Datenschutzbeauftragte", "Data protection officer"), _whom_to_ask),
    (Text("Zweck", "Purpose"), _what_for),
    (Text("Rechtsgrundlage", "Legal basis"), _on_what_ground),
    (Text("Speicherdauer", "Storage period"), _how_long),
    (Text("Ihre Rechte", "Your rights"), _short_rights),
    (Text("Vollständige Hinweise", "Full notice"), _where_more),
)


# --- Words ---------------------------------------------------------------------------------------

_TITLE: Final = Text("Datenschutzhinweise: {name}", "Privacy notice: {name}")
_VIDEO: Final = Text("Videoüberwachung", "Video surveillance")
_SHORT: Final = Text("Datenschutzhinweise in Kurzform", "Privacy notice in short")
_BOTH: Final = Text("Information nach Art. 13 und 14 DSGVO", "Information under Art. 13 and 14 GDPR")
_SUBJECTS: Final = {
    (True, True): _BOTH,
    (True, False): Text("Information nach Art. 14 DSGVO", "Information under Art. 14 GDPR"),
    (False, True): Text("Information nach Art. 13 DSGVO", "Information under Art. 13 GDPR"),
    (False, False): _BOTH,
}
_DRAFT: Final = Text("Entwurf, noch nicht vollständig", "Draft, not complete yet")
_LACKS: Final = Text("„{label}“ ist nicht angegeben.", "“{label}” is not given.")
_FRONT_SHEET_LACKS: Final = Text(
    "Im Vorblatt ist „{label}“ nicht angegeben.", "The front sheet does not give “{label}”."
)
_NO_FRONT_SHEET: Final = Text(
    "Das Vorblatt mit Namen und Kontaktdaten des Verantwortlichen fehlt.",
    "The front sheet with name and contact details of the controller is missing.",
)
_JI: Final = Text(
    "Für Ordnungswidrigkeiten und Straftaten gelten nicht Art. 13 und 14 DSGVO, sondern die "
    "Informationspflichten des Landesrechts zur JI-Richtlinie; dieser Text ist dafür zu prüfen.",
    "For offences, the duties to inform of the Land law on the Law Enforcement Directive apply instead of "
    "Art. 13 and 14 GDPR; this text has to be checked for them.",
)
_NO_BASIS: Final = Text(
    "Für den Zweck „{what}“ fehlt die Rechtsgrundlage.", "The purpose “{what}” lacks its legal basis."
)
_NO_PERIOD: Final = Text(
    "Für „{what}“ fehlen Löschfrist oder Kriterien.", "For “{what}”, erasure period or criteria are missing."
)
_NO_SAFEGUARD: Final = Text(
    "Für „{what}“ fehlt die Grundlage der Übermittlung.",
    "For “{what}”, the basis of the transfer is missing.",
)
_NO_ESSENCE: Final = Text(
    "Für „{what}“ ist nicht bestätigt, dass das Wesentliche der Vereinbarung zur Verfügung steht.",
    "For “{what}”, it is not confirmed that the essence of the arrangement is available.",
)
_REPRESENTED: Final = Text("vertreten durch {head}", "represented by {head}")
_JOINTLY: Final = Text("Gemeinsam mit uns verantwortlich sind:", "Jointly responsible with us are:")
_CONTACT_POINT: Final = Text("Anlaufstelle", "contact point")
_ESSENCE: Final = Text(
    "Das Wesentliche der Vereinbarung über die gemeinsame Verantwortung stellen wir Ihnen zur Verfügung.",
    "We make the essence of the arrangement on joint responsibility available to you.",
)
_GDPR: Final = Text("DSGVO", "GDPR")
_OTHER_PURPOSE: Final = Text(
    "Wir nutzen Daten auch zu einem anderen Zweck als dem, zu dem sie erhoben wurden.",
    "We also use data for a purpose other than that for which they were collected.",
)
_SPECIAL: Final = Text("besondere Kategorie nach Art. 9 DSGVO", "special category under Art. 9 GDPR")
SOURCES_TOLD: Final = {
    DataSource.SUBJECT: Text("von Ihnen selbst", "from you"),
    DataSource.OTHER_AUTHORITY: Text("von anderen Behörden", "from other authorities"),
    DataSource.REGISTER: Text("aus Registern", "from registers"),
    DataSource.THIRD_PARTY: Text("von Dritten", "from third parties"),
    DataSource.SENSOR: Text("durch Sensoren, Kameras oder Protokolle", "by sensors, cameras or logs"),
}
"""Where data come from, in words for the person they are about."""
_PUBLIC_SOURCE: Final = {
    True: Text("Die Quelle ist öffentlich zugänglich.", "The source is publicly accessible."),
    False: Text("Die Quelle ist nicht öffentlich zugänglich.", "The source is not publicly accessible."),
}
ON_BEHALF: Final = Text("in unserem Auftrag", "on our behalf")
_NOBODY: Final = Text("Wir geben Ihre Daten nicht weiter.", "We do not pass your data on.")
_NO_TRANSFER: Final = Text(
    "Nein. Ihre Daten werden weder in ein Land außerhalb des Europäischen Wirtschaftsraums noch an eine "
    "internationale Organisation übermittelt.",
    "No. Your data are transferred neither to a country outside the European Economic Area nor to an "
    "international organisation.",
)
_COPY: Final = Text(
    "Eine Kopie der Garantien erhalten Sie auf Anfrage unter den oben genannten Kontaktdaten.",
    "You can obtain a copy of the safeguards on request, using the contact details above.",
)
_DUTIES: Final = {
    ProvisionDuty.STATUTORY: Text(
        "Ja, Sie sind gesetzlich dazu verpflichtet.", "Yes, you are required to do so by law."
    ),
    ProvisionDuty.CONTRACTUAL: Text(
        "Ja, Ihre Angaben sind vertraglich vorgeschrieben oder für den Abschluss des Vertrags nötig.",
        "Yes, your details are required by contract or needed to enter into it.",
    ),
    ProvisionDuty.NEEDED: Text(
        "Sie sind dazu nicht verpflichtet; ohne Ihre Angaben können wir die Leistung aber nicht erbringen.",
        "You are not obliged to do so; without your details, however, we cannot provide the service.",
    ),
    ProvisionDuty.VOLUNTARY: Text("Nein, Ihre Angaben sind freiwillig.", "No, your details are voluntary."),
}
_BY_PEOPLE: Final = Text(
    "Nein. Entscheidungen mit rechtlicher Wirkung treffen Menschen, nicht Programme allein.",
    "No. Decisions with legal effect are taken by people, not by programs alone.",
)
_PROFILING: Final = Text(
    "Persönliche Aspekte werden automatisiert bewertet (Profiling).",
    "Personal aspects are evaluated by automated means (profiling).",
)
_AUTOMATED: Final = Text(
    "Ja. Über Ihr Anliegen entscheidet ein Programm, ohne dass zuvor ein Mensch entscheidet.",
    "Yes. A program decides on your case without a human deciding first.",
)
_RIGHTS: Final = Text(
    "Unter den gesetzlichen Voraussetzungen haben Sie das Recht auf",
    "Subject to the conditions of the law, you have the right to",
)
_ALWAYS: Final = (
    Text(
        "Auskunft über Ihre Daten und eine Kopie davon (Art. 15 DSGVO)",
        "access your data and obtain a copy of them (Art. 15 GDPR)",
    ),
    Text("Berichtigung unrichtiger Daten (Art. 16 DSGVO)", "have inaccurate data rectified (Art. 16 GDPR)"),
    Text(
        "Löschung, wenn die Daten nicht mehr gebraucht werden (Art. 17 DSGVO)",
        "have data erased that are no longer needed (Art. 17 GDPR)",
    ),
    Text("Einschränkung der Verarbeitung (Art. 18 DSGVO)", "have processing restricted (Art. 18 GDPR)"),
)
_PORTABILITY: Final = Text(
    "Übertragung Ihrer Daten in einem gängigen Format (Art. 20 DSGVO)",
    "receive your data in a common format (Art. 20 GDPR)",
)
OBJECTION: Final = Text(
    "Widerspruch gegen die Verarbeitung aus Gründen, die sich aus Ihrer besonderen Situation ergeben "
    "(Art. 21 DSGVO)",
    "object to the processing on grounds relating to your particular situation (Art. 21 GDPR)",
)
_WITHDRAWAL: Final = Text(
    "Eine Einwilligung können Sie jederzeit für die Zukunft widerrufen. Was bis dahin geschehen ist, bleibt "
    "rechtmäßig.",
    "You can withdraw your consent for the future at any time. What was done until then remains lawful.",
)
_COMPLAINT: Final = Text(
    "Sie können sich bei einer Aufsichtsbehörde beschweren (Art. 77 DSGVO). Für uns zuständig ist:",
    "You can lodge a complaint with a data protection authority (Art. 77 GDPR). Ours is:",
)
_RIGHTS_IN_SHORT: Final = Text(
    "Auskunft, Berichtigung, Löschung, Einschränkung, Widerspruch und Beschwerde bei der "
    "Aufsichtsbehörde; Näheres in den vollständigen Hinweisen",
    "Access, rectification, erasure, restriction, objection and complaint to the supervisory authority; "
    "details in the full notice",
)
_AS_OF: Final = Text("Stand: {day}", "As of {day}")
