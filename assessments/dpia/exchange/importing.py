"""From a file to an entry: read it, show what would come in, and store it as one step or not at all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange import cnil_reading, jsonfile, own
from assessments.dpia.exchange.drafts import Draft, Fate, Link
from compliance.comments import Comment
from compliance.database import now, today
from compliance.entry import State, class_called
from compliance.errors import Refused
from compliance.fields import References, fields, tidy_line
from compliance.language import Text

ACTION: Final = "import"
"""What the journal calls it."""


_NOBODY: Final = uuid.UUID(int=0)


@dataclass(frozen=True)
class Author:
    """Who imports; comments of the file stand under the name that it gives."""

    name: str
    id: uuid.UUID = _NOBODY
    """That of nobody, for the command line."""


def read(content: bytes, name: str) -> Draft:
    """What the file *name* says, in whichever of the two formats. Raises :class:`Refused`."""
    name = tidy_line(name)[-200:] or "–"
    value = jsonfile.loads(content, name)
    if own.is_own(value):
        return own.read(value)
    if cnil_reading.is_cnil(value):
        return cnil_reading.read(value)
    raise Refused(_NEITHER.format(file=name))


def link(session: Session, draft: Draft) -> None:
    """Ties the assessment to entries of this organisation that the file names; reports what is missing."""
    for tie in draft.links:
        owner = tie.part or draft.dpia
        spec = fields(type(owner))[tie.name]
        found = session.get(class_called(tie.target), _key(session, tie))
        if found is None:
            place = f"assessment.{tie.name}" if tie.part is None else f"{tie.name}.{tie.part.id.hex}"
            draft.keep(place, spec.label, tie.title or tie.id.hex, why=_NOT_HERE)
        elif isinstance(spec, References):
            getattr(owner, tie.name).append(found)
        else:
            setattr(owner, tie.name, found)
    draft.links.clear()


def _key(session: Session, tie: Link) -> tuple[uuid.UUID, uuid.UUID]:
    return session.info["organisation"], tie.id


def carry_out(session: Session, draft: Draft, file: str, author: Author) -> Dpia:
    """Stores *draft* with its comments in the unit of work of *session*; nothing is kept if it fails."""
    session.info["action"] = ACTION
    session.info["source"] = tidy_line(file)[-200:]
    link(session, draft)
    dpia = draft.dpia
    dpia.state = State.IMPORTED
    session.add(dpia)
    session.flush()
    imported_by = _IMPORTED_BY.format(format=draft.format, name=author.name).de[:200]
    for answer in draft.answers:
        answer.dpia = dpia
        answer.answered_by = answer.answered_by or imported_by
        answer.answered_on = answer.answered_on or today()
        session.add(answer)
    for comment in draft.comments:
        session.add(
            Comment(
                register=dpia.slug,
                entry_id=dpia.id,
                subject=str(dpia)[:300],
                text=comment.text,
                author_id=author.id,
                author=comment.author or imported_by,
                written_at=comment.written_at or now(),
            )
        )
    session.flush()
    return dpia


def is_as_imported(answer: DpiaAnswer) -> bool:
    """Whether nobody has touched *answer* since it came in with a file of another tool."""
    opening = _IMPORTED_BY.format(format=cnil_reading.FORMAT, name="").de
    return answer.version == 1 and answer.answered_by.startswith(opening)


def figures(draft: Draft) -> dict[str, int]:
    """How much of each kind comes in."""
    dpia = draft.dpia
    names = [name for name, spec in fields(Dpia).items() if not spec.fixed]
    answered = sum(bool(getattr(dpia, name)) for name in names if isinstance(getattr(dpia, name), str))
    return {
        "answers": answered + len(draft.answers),
        "verdicts": len(dpia.verdicts),
        "risks": len(dpia.risks),
        "measures": len(dpia.measures),
        "comments": len(draft.comments),
        "kept": sum(notice.fate is Fate.KEPT for notice in draft.notices),
        "cleaned": sum(notice.fate is Fate.CLEANED for notice in draft.notices),
    }


_IMPORTED_BY: Final = Text("{format}, eingelesen von {name}", "{format}, imported by {name}")
_NOT_HERE: Final = Text(
    "Diesen Eintrag gibt es hier nicht; bitte ordnen Sie ihn von Hand zu.",
    "This entry does not exist here; please assign it by hand.",
)
_NEITHER: Final = Text(
    "„{file}“ ist keine Folgenabschätzung: Auf der obersten Ebene fehlt „pia“ (CNIL PIA) oder "
    "„format“ (Nachweis). Bitte exportieren Sie die Abschätzung im anderen Werkzeug als JSON.",
    "“{file}” is no impact assessment: at the top, “pia” (CNIL PIA) or “format” (Nachweis) is missing. "
    "Please export the assessment as JSON in the other tool.",
)
