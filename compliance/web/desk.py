"""Forms for everybody, without signing in: a request of a data subject, the report of a breach.

Each organisation opens them on its own. Programs and floods stop at the gate.
What is sent becomes a draft in the register.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, TypeAlias, cast

from flask import Blueprint, g, render_template, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from compliance.attachments import Attachment, enclose, take_in
from compliance.database import Actor, now, today
from compliance.entry import Entry
from compliance.errors import NotFound, Refused
from compliance.fields import fields, in_order, tidy, tidy_line
from compliance.language import LANGUAGES, Text, shown_day
from compliance.mail import Message, Undelivered, can_send, is_address, send
from compliance.people import Organisation
from compliance.web.forms import parsed
from compliance.web.gate import TOO_QUICK, Gate
from compliance.web.site import language, site
from registers.authority import Authority, authority_of
from registers.breaches import Breach
from registers.requests import Channel, Right, SubjectRequest

bp = Blueprint("desk", __name__, url_prefix="/public/<organisation>")

PER_SENDER: Final = 5
"""So many forms an hour from one address."""
PER_PLACE: Final = 100
"""So many forms an hour to one organisation."""
_LONGEST_LINE: Final = 200
_LONGEST_TEXT: Final = 5_000
LARGEST_FILE: Final = 10 * 1024 * 1024
"""So many bytes a file may have that somebody sends who is not known."""


@dataclass(frozen=True)
class Sent:
    """What somebody filled in, tidied."""

    text: str
    name: str
    email: str
    address: str
    when: str
    rights: tuple[Right, ...]


Make: TypeAlias = Callable[[Sent], Entry]


@dataclass(frozen=True)
class Form:
    """One of the public forms."""

    title: Text
    introduction: Text
    asks: Text
    """The question whose answer is the matter itself."""
    used_for: Text
    """Purpose and legal basis, for the sender to read, Art. 13 (1) (c) GDPR."""
    names_sender: bool
    """Whether the sender must say who they are."""
    make: Make


def _request(sent: Sent) -> SubjectRequest:
    return SubjectRequest(
        name=_named(_REQUEST_NAME),
        received=today(),
        channel=Channel.FORM,
        rights=sent.rights,
        wish=sent.text,
        requester=sent.name,
        contact="\n".join(part for part in (sent.address, sent.email) if part),
    )


def _breach(sent: Sent) -> Breach:
    # What reaches the authority counts as known to it, so the clock runs from here.
    moment = now()
    who = ", ".join(part for part in (sent.name, sent.email) if part)
    return Breach(
        name=_named(_BREACH_NAME),
        description=sent.text,
        occurred_from=_moment(sent.when),
        detected=moment,
        aware=moment,
        reporter=who[:_LONGEST_LINE],
    )


_ACTOR = Text("Öffentliches Formular", "Public form")
_GATE: Final = Gate("desk", Actor(_ACTOR.de), PER_SENDER, PER_PLACE)


def _named(name: Text) -> str:
    return name.de.format(day=shown_day(today(), "de"))


FORMS: Final[Mapping[str, Form]] = {
    "request": Form(
        Text("Antrag zu Ihren Daten", "Request about your data"),
        Text(
            "Hier können Sie Auskunft über Ihre Daten verlangen, sie berichtigen oder löschen lassen oder "
            "der Verarbeitung widersprechen. Der Antrag kostet nichts; geantwortet wird in der Regel "
            "innerhalb eines Monats. Ihre Angaben werden verschlüsselt gespeichert.",
            "Here you can ask what data about you are held, have them rectified or erased, or object to "
            "their processing. The request is free of charge; as a rule the answer comes within a month. "
            "What you write is stored encrypted.",
        ),
        Text("Worum geht es Ihnen?", "What is your request?"),
        Text(
            "Wir verwenden Ihre Angaben, um Ihren Antrag zu beantworten und das nachweisen zu können (Art. 6 "
            "Abs. 1 lit. c, Art. 12 und 15 bis 22 DSGVO). Ohne Namen und Anschrift oder E-Mail-Adresse "
            "können wir nicht antworten.",
            "We use what you write to answer your request and to be able to prove it (Art. 6 (1) (c), "
            "Art. 12 and 15 to 22 GDPR). Without your name and an address we cannot answer.",
        ),
        names_sender=True,
        make=_request,
    ),
    "breach": Form(
        Text("Datenpanne melden", "Report a data breach"),
        Text(
            "Haben Sie fremde Daten erhalten oder offene Unterlagen gefunden? Bitte melden Sie es hier. "
            "Ihren Namen müssen Sie nicht nennen; er wird verschlüsselt gespeichert.",
            "Have you received data of somebody else, or found open papers? Please report it here. You "
            "need not give your name; it is stored encrypted.",
        ),
        Text("Was haben Sie bemerkt?", "What did you notice?"),
        Text(
            "Wir verwenden Ihre Angaben, um der Meldung nachzugehen und unsere Pflichten bei "
            "Datenschutzverletzungen zu erfüllen (Art. 6 Abs. 1 lit. c, Art. 33 und 34 DSGVO). Wer Sie sind, "
            "müssen Sie nicht angeben.",
            "We use what you write to follow the report and to fulfil our duties after a breach (Art. 6 (1) "
            "(c), Art. 33 and 34 GDPR). You need not say who you are.",
        ),
        names_sender=False,
        make=_breach,
    ),
}
"""By the name they have in addresses."""


@dataclass(frozen=True)
class Place:
    """The organisation whose form it is."""

    id: uuid.UUID
    name: str
    address: str


@bp.route("/<any(request, breach):what>", methods=["GET", "POST"])
def form(organisation: str, what: str) -> str | tuple[str, int]:
    """One form, empty or with what is wrong with it; or the number of what was sent."""
    chosen = request.args.get("language", "")
    g.language = chosen if chosen in LANGUAGES else language()
    place = _place(organisation)
    if request.method == "GET":
        return _page(place, what, {}, {})
    sent = _read()
    wrong = _wrong(FORMS[what], sent) or ({"": TOO_QUICK} if _GATE.is_machine(place.id) else {})
    if wrong:
        return _page(place, what, request.form, wrong), 422
    try:
        _GATE.count_in(place.id)
    except Refused as error:
        return _page(place, what, request.form, {"": error.text}), 429
    try:
        entry = _take(place, FORMS[what], sent)
    except Refused as error:
        return _page(place, what, request.form, {"file": error.text}), 422
    return render_template(
        "desk/received.html",
        place=place,
        form=FORMS[what],
        number=entry.designation,
        mailed=_confirm(place, entry, sent.email),
        address=_address,
    )


def _place(name: str) -> Place:
    """The organisation with that public name. Raises :class:`NotFound` unless it opened its forms."""
    with site().database.reading() as session:
        query = select(Organisation.id, Organisation.name)
        query = query.where(Organisation.public_name == name, Organisation.public_desk.is_(True))
        found = session.execute(query).one_or_none()
    if found is None or not name:
        raise NotFound(_NO_DESK)
    return Place(found.id, found.name, name)


def _page(place: Place, what: str, given: Mapping[str, str], wrong: Mapping[str, Text]) -> str:
    return render_template(
        "desk/form.html",
        place=place,
        form=FORMS[what],
        what=what,
        given=given,
        ticked=set(request.form.getlist("rights")),
        rights=tuple(Right),
        wrong={name: text[language()] for name, text in wrong.items()},
        stamp=_GATE.stamp(place.id),
        longest=_LONGEST_TEXT,
        address=_address,
        sheet=_sheet(place),
    )


def _sheet(place: Place) -> Authority | None:
    """Who is responsible for what is sent, and whom to ask: from the front sheet of the record."""
    with site().database.reading(place.id) as session:
        return authority_of(session)


def _address(**changes: str) -> str:
    return url_for(".form", **{"language": language(), **(request.view_args or {}), **changes})


# --- What was sent -------------------------------------------------------------------------------


def _read() -> Sent:
    said = request.form.get
    rights = [Right[name] for name in request.form.getlist("rights") if name in Right.__members__]
    return Sent(
        text=tidy(said("text", "")),
        name=tidy_line(said("name", "")),
        email=tidy_line(said("email", "")),
        address=tidy(said("address", "")),
        when=said("when", ""),
        rights=in_order(Right, rights),
    )


def _wrong(asked: Form, sent: Sent) -> dict[str, Text]:
    """What is wrong with the answers, by the name of the input."""
    wrong: dict[str, Text] = {}
    if not sent.text:
        wrong["text"] = _EMPTY
    for name, longest in (
        ("text", _LONGEST_TEXT),
        ("name", _LONGEST_LINE),
        ("email", _LONGEST_LINE),
        ("address", _LONGEST_TEXT),
    ):
        if len(getattr(sent, name)) > longest:
            wrong[name] = _TOO_LONG.format(length=longest)
    if sent.when:
        noticed = _moment(sent.when)
        if noticed is None:
            wrong["when"] = _NO_MOMENT
        elif noticed > now():
            wrong["when"] = _TO_COME
    if asked.names_sender and not sent.name:
        wrong["name"] = _NO_NAME
    if asked.names_sender and not (sent.email or sent.address):
        wrong["email"] = _NO_CONTACT
    if sent.email and not is_address(sent.email):
        wrong["email"] = _NO_MAIL
    return wrong


def _moment(text: str) -> datetime | None:
    from_form: datetime | None = None
    with suppress(ValueError):
        from_form = parsed(fields(Breach)["occurred_from"], [text])
    return from_form


# --- What becomes of it --------------------------------------------------------------------------


def _take(place: Place, asked: Form, sent: Sent) -> Entry:
    """Makes an entry of what was sent. Raises :class:`Refused` if the file with it is of the wrong kind."""
    file = request.files.get("file")
    enclosed = _checked(place, file) if file is not None and file.filename else None
    with site().database.writing(place.id, actor=Actor(_ACTOR.de)) as session:
        entry = asked.make(sent)
        session.add(entry)
        session.flush()
        if enclosed is not None and file is not None:
            stream = cast(BinaryIO, file.stream)
            enclose(session, site().vault, entry, enclosed, stream, added_by=_ACTOR.de)
        return entry


def _checked(place: Place, file: FileStorage) -> Attachment:
    stream = cast(BinaryIO, file.stream)
    if stream.seek(0, 2) > LARGEST_FILE:
        raise Refused(_FILE_TOO_LARGE.format(limit=LARGEST_FILE // 1024**2))
    return take_in(site().vault, place.id, file.filename or "", stream)


def _confirm(place: Place, entry: Entry, email: str) -> bool:
    """Confirms by mail, with nothing that the sender wrote; whether it was sent."""
    if not email or not can_send(site().settings):
        return False
    subject = _SUBJECT.format(number=entry.designation)[language()]
    body = _BODY.format(organisation=place.name, number=entry.designation)[language()]
    with suppress(Undelivered):
        send(site().settings, [Message(email, subject, body)])
        return True
    return False


_REQUEST_NAME = Text("Onlineantrag vom {day}", "Online request of {day}")
_BREACH_NAME = Text("Meldung aus der Öffentlichkeit vom {day}", "Report from the public of {day}")
_NO_DESK = Text("Diese Seite gibt es nicht.", "There is no such page.")
_EMPTY = Text("Bitte schreiben Sie, worum es geht.", "Please write what it is about.")
_TOO_LONG = Text("Bitte höchstens {length} Zeichen.", "Please use {length} characters at most.")
_NO_MOMENT = Text("Bitte nennen Sie Tag und Uhrzeit.", "Please give a day and a time.")
_TO_COME = Text("Der Zeitpunkt liegt in der Zukunft.", "This time is still to come.")
_NO_NAME = Text("Ohne Ihren Namen können wir nicht antworten.", "Without your name we cannot answer.")
_NO_CONTACT = Text(
    "Bitte nennen Sie eine E-Mail-Adresse oder Anschrift für die Antwort.",
    "Please give an e-mail or postal address for the answer.",
)
_NO_MAIL = Text("Das ist keine E-Mail-Adresse.", "This is not an e-mail address.")
_FILE_TOO_LARGE = Text("Die Datei ist größer als {limit} MB.", "The file is larger than {limit} MB.")
_SUBJECT = Text("Eingangsbestätigung {number}", "Confirmation {number}")
_BODY = Text(
    "Guten Tag,\n\n{organisation} hat Ihre Nachricht über das öffentliche Formular erhalten.\n"
    "Ihre Nummer: {number}\n\nHaben Sie nichts gesendet, ist nichts zu tun.\n",
    "Dear Sir or Madam,\n\n{organisation} received your message through the public form.\n"
    "Your number: {number}\n\nIf you sent nothing, there is nothing to do.\n",
)
