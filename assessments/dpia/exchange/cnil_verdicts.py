"""Evaluations of the CNIL's PIA tool as verdicts on our sections, and back.

The tool judges questions, feared events and measures one by one, we judge whole
sections. A section whose parts were all judged alike is a verdict on the section;
a verdict on a section is one on each of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from assessments.dpia.evaluation import Appraisal, Evaluated, SectionVerdict, current
from assessments.dpia.exchange import cnil
from assessments.dpia.exchange.cnil import Judged
from assessments.dpia.exchange.drafts import Draft
from assessments.dpia.exchange.markup import markup_of, plain_of
from assessments.dpia.risk import DpiaMeasure
from compliance.language import LOCAL_TIME, Text

Json = dict[str, Any]

# --- Moments -------------------------------------------------------------------------------------


def day_of(value: Any) -> date | None:
    """The day that a moment of the tool falls on here; ``None`` if it is none."""
    moment = moment_of(value)
    try:
        return moment.astimezone(LOCAL_TIME).date() if moment else None
    except (OverflowError, ValueError):
        return None


def moment_of(value: Any) -> datetime | None:
    """The moment that *value* names; ``None`` if it is none."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL_TIME)


def midnight(day: date) -> str:
    """The moment by which the tool writes *day*."""
    return f"{day.isoformat()}T00:00:00.000Z"


# --- In ------------------------------------------------------------------------------------------


def read_verdict(
    draft: Draft, given: Json, about: Judged, *, group: str, place: str, evaluator: str
) -> SectionVerdict:
    """What one evaluation says; what cannot be read is kept under *group*."""
    verdict = _appraisal(draft, given.get("status"), f"{group}.status", f"{place}.status")
    comment, plan = (
        draft.text(given.get(key), f"{place}.{key}") for key in ("evaluation_comment", "action_plan_comment")
    )
    if comment == plan:
        # Where the tool wants one of them and only the other is there, it stands for both.
        comment = "" if verdict is Appraisal.TO_BE_FIXED else comment
        plan = "" if verdict is Appraisal.IMPROVABLE else plan
    owner = draft.line(given.get("person_in_charge"), f"{place}.person_in_charge")
    evaluated = _day(draft, given, "evaluation_date", group, place)
    _keep_progress(draft, given.get("global_status"), verdict, group, place)
    return SectionVerdict(
        chapter=about.chapter,
        question=about.part,
        verdict=verdict,
        comment=comment,
        plan=plan,
        responsible=draft.fitted(
            SectionVerdict,
            "responsible",
            owner,
            f"{group}.person_in_charge",
            f"{place}.person_in_charge",
        ),
        due=_day(draft, given, "estimated_implementation_date", group, place),
        given_on=(evaluated or day_of(given.get("updated_at"))) if verdict else None,
        given_by=evaluator if verdict else "",
    )


def _appraisal(draft: Draft, value: Any, key: str, place: str) -> Appraisal | None:
    if value is None or value == "":
        return None
    status = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 1 else value
    if isinstance(status, int) and not isinstance(status, bool) and status in cnil.APPRAISALS:
        return cnil.APPRAISALS[status]
    draft.keep(key, _VERDICT, draft.text(value, place), place=place, why=_NO_STATUS)
    return None


def _day(draft: Draft, given: Json, name: str, group: str, place: str) -> date | None:
    value = given.get(name)
    found = day_of(value)
    if found is None:
        draft.keep(
            f"{group}.{name}",
            _DATE,
            draft.text(value, f"{place}.{name}"),
            place=f"{place}.{name}",
            why=_NO_DATE,
        )
    return found


def _keep_progress(draft: Draft, value: Any, verdict: Appraisal | None, group: str, place: str) -> None:
    """Keeps how far the tool took the evaluation to be, unless that follows from the verdict."""
    if value in (None, "") or value == cnil.SETTLED[cnil.STATUSES[verdict]]:
        return
    kept = next(each for each in cnil.EVALUATION_KEPT if each.key == "global_status")
    words = draft.text(value, f"{place}.global_status")
    if isinstance(value, int) and not isinstance(value, bool):
        words = (kept.words or {}).get(value, words)
    draft.keep(f"{group}.global_status", kept.label, words, place=f"{place}.global_status")


def says_something(row: SectionVerdict) -> bool:
    """Whether *row* is more than the note that something will be judged."""
    return bool(row.verdict or row.comment or row.plan or row.responsible or row.due)


def gathered(found: Mapping[str, SectionVerdict], measures: Sequence[DpiaMeasure]) -> list[SectionVerdict]:
    """The verdicts *found* by reference, in reading order; parts judged alike become their section."""
    verdicts: list[SectionVerdict] = []
    for chapter in Evaluated:
        references = [part.reference for part in cnil.parts_of(chapter, measures)]
        mine = [found[reference] for reference in references if reference in found]
        if len(mine) == len(references) and len({_content(row) for row in mine}) == 1:
            mine = mine[:1]
            mine[0].question = ""
        verdicts.extend(mine)
    return verdicts


def _content(row: SectionVerdict) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)


_CONTENT: Final = ("verdict", "comment", "plan", "responsible", "due", "given_on", "given_by")

# --- Out -----------------------------------------------------------------------------------------


def counting(
    verdicts: Sequence[SectionVerdict], measures: Sequence[DpiaMeasure]
) -> dict[str, SectionVerdict]:
    """The verdict that counts on each part, by its reference; one on a section counts for all its parts."""
    rows = current(verdicts)
    whole = {row.chapter: row for row in rows if not row.question}
    found: dict[str, SectionVerdict] = {}
    for chapter in Evaluated:
        on_parts = {_called(row): row for row in rows if row.chapter is chapter and row.question}
        for part in cnil.parts_of(chapter, measures):
            row = on_parts.get(_key(chapter, part.part)) or whole.get(chapter)
            if row is not None:
                found[part.reference] = row
    return found


def _called(row: SectionVerdict) -> str:
    return _key(row.chapter, row.question)


def _key(chapter: Evaluated | None, part: str) -> str:
    """Measures are known by their key, because their titles change."""
    return part.partition(" ")[0] if chapter is Evaluated.MEASURES else part


def carries_plan(row: SectionVerdict | None) -> bool:
    """Whether person and day of an evaluation are those of its action plan."""
    return row is not None and bool(row.verdict in cnil.DEMANDING or row.responsible or row.due)


def said_by(row: SectionVerdict) -> Json:
    """*row* as an evaluation, with every text that the tool asks for at its status."""
    status = cnil.STATUSES[row.verdict]
    comment, plan = row.comment, row.plan
    if row.verdict is Appraisal.TO_BE_FIXED:
        comment = comment.strip() or plan
    elif row.verdict is Appraisal.IMPROVABLE:
        plan = plan.strip() or comment
    given = midnight(row.given_on) if row.given_on else None
    return {
        "status": status,
        "global_status": cnil.SETTLED[status],
        "evaluation_comment": markup_of(comment),
        "action_plan_comment": markup_of(plan),
        "evaluation_date": given,
        "estimated_implementation_date": midnight(row.due) if row.due else None,
        "person_in_charge": plain_of(row.responsible),
    }


_VERDICT: Final = Text("Bewertung", "Verdict")
_DATE: Final = Text("Datum", "Date")
_NO_STATUS: Final = Text("Keine Bewertung von 0 bis 3.", "No verdict from 0 to 3.")
_NO_DATE: Final = Text("Kein lesbares Datum.", "No readable date.")
