"""Letters made from an entry: to read, to print, to copy, with what they still lack."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.access import Permission, may_do, may_unseal
from compliance.database import now
from compliance.entry import Entry
from compliance.errors import Forbidden, NotFound
from compliance.language import LANGUAGES, Text
from compliance.web.entries import find
from compliance.web.printing import sent
from compliance.web.site import language, me, reading
from exports.letters import LETTER_FORMATS, Letter, Missing, plain_text
from exports.papers import LETTERS, LetterKind
from exports.reports.register import Issuer
from registers.authority import Authority, authority_of

bp = Blueprint("letters", __name__, url_prefix="/registers/<slug>/<int:number>/letters")


def letters_about(entry: Entry) -> dict[str, Text]:
    """The letters that *entry* can be made into, by their names."""
    return {name: kind.title for name, kind in LETTERS.items() if kind.model is type(entry)}


@dataclass(frozen=True)
class Gap:
    """What a letter lacks, and where it is filled in; no address where that is not known."""

    text: str
    address: str


@bp.get("/<name>")
def show(slug: str, number: int, name: str) -> str:
    """The letter as the entry makes it now, and what is missing."""
    with reading() as session:
        entry, kind, letter, sheet = _letter(session, slug, number, name)
        return render_template(
            "letters/show.html",
            entry=entry,
            name=name,
            title=kind.title[language()],
            chosen=_language(),
            document=letter.document,
            text=plain_text(letter.document),
            gaps=[_gap(one, entry, sheet) for one in letter.missing],
            may_export=may_do(me(), Permission.EXPORT, entry),
        )


@bp.get("/<name>.<extension>")
def download(slug: str, number: int, name: str, extension: str) -> Response:
    """The letter as PDF or as plain text."""
    if extension not in LETTER_FORMATS:
        raise NotFound(_NO_LETTER)
    with reading() as session:
        entry, _kind, letter, _sheet = _letter(session, slug, number, name, Permission.EXPORT)
    return sent(letter.document, LETTER_FORMATS[extension], f"{entry.designation}-{name}")


def _letter(
    session: Session, slug: str, number: int, name: str, permission: Permission = Permission.VIEW
) -> tuple[Entry, LetterKind, Letter, Authority | None]:
    kind = LETTERS.get(name)
    if kind is None or kind.model.slug != slug:
        raise NotFound(_NO_LETTER)
    entry: Entry = find(session, kind.model, number, permission)
    # A letter prints what is sealed.
    if not may_unseal(me(), entry):
        raise Forbidden(_SEALED)
    sheet = authority_of(session)
    return (
        entry,
        kind,
        kind.write(session, entry, sheet, Issuer(me().organisation, now(), _language())),
        sheet,
    )


def _language() -> str:
    chosen = request.args.get("language", "")
    return chosen if chosen in LANGUAGES else language()


def _gap(missing: Missing, entry: Entry, sheet: Authority | None) -> Gap:
    text = missing.says[language()]
    if missing.register == Authority.slug:
        return Gap(
            text, _edit(sheet, missing.field) if sheet and may_do(me(), Permission.EDIT, sheet) else ""
        )
    if missing.register:
        slug, _slash, number = missing.register.partition("/")
        return Gap(text, url_for("entries.show", slug=slug, number=int(number)))
    return Gap(text, _edit(entry, missing.field) if may_do(me(), Permission.EDIT, entry) else "")


def _edit(entry: Entry, name: str) -> str:
    return url_for("entries.edit", slug=entry.slug, number=entry.number, _anchor=f"field-{name}")


_NO_LETTER = Text("Dieses Schreiben gibt es nicht.", "There is no such letter.")
_SEALED = Text(
    "Das Schreiben enthält versiegelte Angaben und ist nur für die Bearbeitung bestimmt.",
    "The letter contains sealed values and is meant for those who work on the case.",
)
