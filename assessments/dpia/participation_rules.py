"""What an audit would object to in whom an impact assessment heard and how its sections were judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from assessments.dpia.dpia import Dpia
from assessments.dpia.evaluation import Appraisal, Evaluated, SectionVerdict, to_be_fixed
from assessments.dpia.participation import Participation, Result, Voice, counting_for, heard
from assessments.dpia.rule_facts import ACTIVITIES
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, RuleBook, Severity, Situation
from registers.processing import ProcessingActivity, Subjects

RULES: Final = RuleBook(Dpia)

_DAY: Final = date(2026, 3, 2)


def _camera(*steps: Participation, **facts: Any) -> Dpia:
    return Dpia(name="Videoschutz am Busbahnhof", participation=list(steps), **facts)


def _of_staff(dpia: Dpia) -> Case:
    activity = ProcessingActivity(name="Leitstelle", subjects=(Subjects.STAFF,))
    return Case(dpia, Situation(_DAY, near={"ProcessingActivity": [activity]}))


def _both(text: Text) -> dict[str, str]:
    """What fills ``{de}`` in the German wording and ``{en}`` in the English one."""
    return {"de": text.de, "en": text.en}


_INVITED: Final[dict[str, Any]] = {"voice": Voice.REPRESENTATIVES, "body": "Fahrgastbeirat"}


@RULES.rule(
    "DSF-014",
    Severity.WARNING,
    "Art. 35 Abs. 9 DSGVO",
    field="participation",
    says=Text(
        "Der Standpunkt der betroffenen Personen oder ihrer Vertretung ist weder eingeholt noch mit "
        "Begründung verzichtbar.",
        "The views of the data subjects or their representatives are neither obtained nor dispensed with for "
        "a reason.",
    ),
    remedy=Text(
        "Fragen Sie betroffene Personen oder ihre Vertretung, zum Beispiel einen Beirat, oder halten Sie "
        "fest, warum darauf verzichtet wird.",
        "Ask data subjects or their representatives, such as an advisory council, or record why their views "
        "are not sought.",
    ),
    breaks=lambda: _camera(Participation(**_INVITED, waived=True)),
    keeps=lambda: _camera(
        Participation(
            **_INVITED, waived=True, waiver_reason="Die Standorte würden vor der Aufstellung bekannt."
        )
    ),
)
def _views_are_sought(dpia: Dpia, _situation: Situation) -> Iterator[Hit]:
    if not heard(dpia.participation, Voice.DATA_SUBJECTS):
        yield Hit()


@RULES.rule(
    "DSF-021",
    Severity.HINT,
    "Art. 35 Abs. 1, Art. 32 DSGVO, Mitbestimmungsgesetz",
    field="participation",
    says=Text(
        "Nach dem, was das Verzeichnis sagt, wäre zu hören: {de}. Ein Schritt dafür fehlt.",
        "By what the record says, these should be heard: {en}. There is no step for it.",
    ),
    remedy=Text(
        "Fügen Sie den Schritt hinzu, oder verzichten Sie darin mit Begründung.",
        "Add the step, or dispense with it there for a reason.",
    ),
    breaks=lambda: _of_staff(_camera(Participation(voice=Voice.ISB))),
    keeps=lambda: _of_staff(
        _camera(Participation(voice=Voice.ISB), Participation(voice=Voice.STAFF_COUNCIL))
    ),
    reads=(ACTIVITIES,),
)
def _expected_are_heard(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """Data subjects are the matter of DSF-014."""
    present = {step.voice for step in dpia.participation}
    wanted = [Voice.ISB]
    if any(Subjects.STAFF in row.subjects for row in situation.near.get("ProcessingActivity", ())):
        wanted.append(Voice.STAFF_COUNCIL)
    for voice in wanted:
        if present.isdisjoint(counting_for(voice)):
            yield Hit(words=_both(voice.text))


@RULES.rule(
    "DSF-022",
    Severity.WARNING,
    "Art. 35 Abs. 1, Abs. 9 DSGVO",
    field="participation",
    says=Text(
        "Eine erbetene Antwort ist überfällig: {de}.",
        "A requested answer is overdue: {en}.",
    ),
    remedy=Text(
        "Fragen Sie nach, vereinbaren Sie einen neuen Tag, oder verzichten Sie mit Begründung.",
        "Ask again, agree on another day, or dispense with the answer for a reason.",
    ),
    breaks=lambda: _camera(Participation(**_INVITED, due=date(2026, 2, 27))),
    keeps=lambda: _camera(Participation(**_INVITED, due=_DAY)),
)
def _answers_are_in_time(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    for step in dpia.participation if dpia.state is not State.ENDED else ():
        if not step.is_settled and step.due is not None and step.due < situation.today:
            yield Hit(step, _both(step.called))


@RULES.rule(
    "DSF-023",
    Severity.WARNING,
    "Art. 35 Abs. 9 DSGVO, WP 248 rev.01",
    field="participation",
    says=Text(
        "Es steht nicht fest, wie Hinweise oder Einwände berücksichtigt wurden: {de}.",
        "It is not recorded how remarks or objections were taken into account: {en}.",
    ),
    remedy=Text(
        "Halten Sie fest, was geändert wurde, oder warum es beim Bisherigen bleibt.",
        "Record what was changed, or why it stays as it was.",
    ),
    breaks=lambda: _camera(Participation(**_INVITED, result=Result.OBJECTION, answer="Zu viele Kameras.")),
    keeps=lambda: _camera(
        Participation(
            **_INVITED,
            result=Result.OBJECTION,
            answer="Zu viele Kameras.",
            considered="Zwei der acht Kameras entfallen.",
        )
    ),
)
def _answers_are_considered(dpia: Dpia, _situation: Situation) -> Iterator[Hit]:
    for step in dpia.participation:
        if step.lacks_consideration:
            yield Hit(step, _both(step.called))


def _objected(due: date) -> Dpia:
    verdict = SectionVerdict(chapter=Evaluated.RISKS, verdict=Appraisal.TO_BE_FIXED, due=due)
    return _camera(verdicts=[verdict])


@RULES.rule(
    "DSF-024",
    Severity.WARNING,
    "Art. 5 Abs. 2, Art. 35 Abs. 7 DSGVO",
    field="verdicts",
    says=Text(
        "Was die Beurteilung beanstandet hat, ist nicht rechtzeitig behoben: {de}.",
        "What the evaluation objected to is not fixed in time: {en}.",
    ),
    remedy=Text(
        "Beheben Sie es und lassen Sie den Abschnitt neu beurteilen.",
        "Fix it and have the section evaluated again.",
    ),
    breaks=lambda: _objected(date(2026, 2, 27)),
    keeps=lambda: _objected(_DAY),
)
def _objections_are_met(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    for row in to_be_fixed(dpia.verdicts):
        if row.due is not None and row.due < situation.today:
            yield Hit(row, _both(row.chapter.text if row.chapter else Text(row.question, row.question)))
