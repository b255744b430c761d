"""Threshold analyses and impact assessments of the invented city, with advice and decisions on them."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.answers import give
from assessments.dpia.conditions import Condition
from assessments.dpia.decision import decide
from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.evaluation import evaluate
from assessments.dpia.participation import ask
from assessments.dpia.prefill import prefilled, sources_of, take_over
from assessments.dpia.questions import questionnaire
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_questions import CASES, CRITERIA
from assessments.dpia.threshold_review import confirm
from compliance.access import Identity
from compliance.advice import give_opinion
from compliance.database import Actor, today
from compliance.entry import Entry, Record, State, class_called, everything
from compliance.errors import Refused
from compliance.invitations import invite
from compliance.people import Role
from compliance.release import Step, take
from compliance.web.site import Site
from registers.building import build
from registers.processing import ProcessingActivity, Scale

Data = dict[str, Any]


def load_dpias(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Adds them to a city whose registers are there; each step is taken by whoever it belongs to."""
    content, analyses = _assessments(), threshold_analyses()
    assessments = [dict(data) for data in content["entries"]]
    by = _Hands(site, organisation, people)
    uncovered = [data for data in analyses if "covered_by" not in data]
    covered = [data for data in analyses if "covered_by" in data]
    by(Role.PROJECT_LEAD, lambda session, _who: _add_analyses(session, uncovered))
    by(Role.PROJECT_LEAD, lambda session, _who: _add_assessments(session, assessments))
    by(Role.PROJECT_LEAD, lambda session, _who: _add_analyses(session, covered))
    by(Role.PROJECT_LEAD, lambda session, lead: _confirm(session, analyses, lead))
    by(Role.PROJECT_LEAD, _answer_questions)
    by(Role.DSB, lambda session, dsb: _advise(session, content, dsb))
    by(Role.PROJECT_LEAD, lambda session, lead: _invite(session, assessments, lead))
    by(Role.COORDINATOR, lambda session, coordinator: _evaluate(session, assessments, coordinator))
    by(Role.MANAGEMENT, lambda session, management: _decide(session, assessments, management))


def release_dpias(site: Site, organisation: uuid.UUID, people: Mapping[Role, Identity]) -> None:
    """Releases what is finished; a released assessment rests on activities that are released too."""
    content, analyses = _assessments(), threshold_analyses()
    by = _Hands(site, organisation, people)
    by(Role.MANAGEMENT, lambda session, who: _release(session, analyses, content["entries"], who))
    by(Role.COORDINATOR, lambda session, _who: _change(session, content["later_changes"]))
    by(Role.COORDINATOR, lambda session, _who: _grow(session, _content("thresholds.toml")["later_fact"]))


@dataclass(frozen=True)
class _Hands:
    """Lets people of the city do things, each in a transaction in their own name."""

    site: Site
    organisation: uuid.UUID
    people: Mapping[Role, Identity]

    def __call__(self, role: Role, step: Callable[[Session, Identity], None]) -> None:
        person = self.people[role]
        actor = Actor(person.name, person.person_id)
        with self.site.database.writing(self.organisation, actor=actor) as session:
            step(session, person)


_SAMPLES: Final = (
    "freie_kreuzung",
    "buergerportal",
    "beteiligung",
    "leerungen",
    "wasserzaehler",
    "fingerabdruck",
    "zwilling",
    "eltern_app",
)
"""Assessments that stand each in a file of its own, with the answers to the questions, in their order."""


def _assessments() -> Data:
    """What the files say about impact assessments, their opinions and later changes."""
    content = _content("dpias.toml")
    entries = [*content["entries"], *_content("decisions.toml")["entries"]]
    return content | {"entries": [*entries, *(_without(data, "answers") for data in _samples())]}


def _samples() -> list[Data]:
    return [_content(f"dpias/{name}.toml") for name in _SAMPLES]


def _answered() -> Iterator[Data]:
    """The answers to the questions, by assessment."""
    yield from _content("dpia_answers.toml")["entries"]
    for data in _samples():
        yield {
            "dpia": data["name"],
            "catalogue": "nachweis/2026-1",
            "confirm": True,
            "answers": data["answers"],
        }


def _content(name: str) -> Data:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _called(session: Session, model: type[Any], name: str) -> Any:
    return session.scalars(select(model).where(model.name == name).options(*everything(model))).one()


def _finder(session: Session) -> Callable[[str, str], Record]:
    """Finds stored records for :func:`build`: units by their key, entries by their name."""

    @cache
    def known(class_name: str) -> dict[str, Record]:
        model = class_called(class_name)
        found = session.scalars(select(model).options(*everything(model)))
        return {record.key if class_name == "Unit" else record.name: record for record in found}

    return lambda class_name, name: known(class_name)[name]


# --- Threshold analyses --------------------------------------------------------------------------

_ASKED: Final = (*CASES, *CRITERIA, "listed_case", "done_by_law", "high_risk")


def threshold_analyses() -> list[Data]:
    """Answers of every threshold analysis, as :func:`registers.building.build` takes them, and its state."""
    content = _content("thresholds.toml")
    return [_answers({**content["shared"], **entry}) for entry in content["entries"]]


def _answers(data: Data) -> Data:
    yes, still_open = data.pop("yes", ()), data.pop("open", ())
    without_criteria = {} if yes else {"rough_severity": "LIMITED", "rough_likelihood": "NEGLIGIBLE"}
    answers = without_criteria | dict.fromkeys(_ASKED, False) | dict.fromkeys(yes, True) | data
    answers |= {"personal_data": True, "name": data["activity"]}
    return {name: value for name, value in answers.items() if name not in still_open}


def _add_analyses(session: Session, all_data: Iterable[Data]) -> None:
    find = _finder(session)
    for data in all_data:
        analysis = build(ThresholdAnalysis, _without(data, "state"), find)
        analysis.unit = analysis.activity.unit if analysis.activity else None
        session.add(analysis)


def _confirm(session: Session, all_data: Iterable[Data], lead: Identity) -> None:
    """Confirms what the record proposed, except where somebody still has to look at it."""
    wanted = {data["name"] for data in all_data if data["state"] == "RELEASED"} - _UNCONFIRMED
    found = session.scalars(
        select(ThresholdAnalysis)
        .where(ThresholdAnalysis.name.in_(wanted))
        .options(*everything(ThresholdAnalysis))
    )
    for analysis in found.all():
        confirm(session, analysis, by=lead)


_UNCONFIRMED: Final = frozenset({"Musikschule"})


def _without(data: Data, *names: str) -> Data:
    return {name: value for name, value in data.items() if name not in names}


# --- Impact assessments --------------------------------------------------------------------------

_STEPS: Final = ("state", "taken_on", "opinions", "decision", "invited", "evaluations")
"""What the file says about an assessment besides its answers."""


def assessment_answers(data: Data) -> Data:
    """*data* as :func:`registers.building.build` takes it."""
    return _without(data, *_STEPS) | {"risks": [_risk(row) for row in data.get("risks", ())]}


def _risk(row: Data) -> Data:
    return _without(row, *_MOMENTS) | dict(_graded(row))


_MOMENTS: Final = ("before", "planned", "today")
_GRADES: Final = ("NEGLIGIBLE", "LIMITED", "SUBSTANTIAL", "MAJOR")


def _graded(row: Data) -> Iterator[tuple[str, str]]:
    for moment in _MOMENTS:
        for axis, grade in zip(("severity", "likelihood"), row.get(moment, ()), strict=False):
            yield f"{axis}_{moment}", _GRADES[grade - 1]


def _add_assessments(session: Session, all_data: Iterable[Data]) -> None:
    find = _finder(session)
    built = [(build(Dpia, assessment_answers(data), find), data) for data in all_data]
    session.add_all(dpia for dpia, _data in built)
    session.flush()
    for dpia, data in built:
        if taken_on := data.get("taken_on"):
            _take_over(session, dpia, taken_on)
    session.flush()
    for dpia, data in built:
        if data["state"] != "DRAFT":
            dpia.state = State.REVIEW


def _invite(session: Session, all_data: Iterable[Data], lead: Identity) -> None:
    """Invites by a link that nobody is told, because only its hash is kept."""
    for data in all_data:
        if given := data.get("invited"):
            dpia = _called(session, Dpia, data["name"])
            step = next(one for one in dpia.participation if one.body == given["body"])
            due = today() + timedelta(days=given["days"])
            ask(step, on=today(), due=due)
            invite(session, dpia, step.id, name=step.body, email=given["email"], due=due, by=lead)
            session.flush()


def _evaluate(session: Session, all_data: Iterable[Data], coordinator: Identity) -> None:
    for data in all_data:
        if not data.get("evaluations"):
            continue
        dpia = _called(session, Dpia, data["name"])
        for given in data["evaluations"]:
            due = {"due": (today() + timedelta(days=given["days"])).isoformat()} if "days" in given else {}
            evaluate(session, dpia, _without(given, "days") | due, by=coordinator)
        session.flush()


def _take_over(session: Session, dpia: Dpia, on: Any) -> None:
    """Takes over what the assessment leaves to its activities; the rest counts as adapted."""
    for name, suggestion in prefilled(sources_of(session, dpia)).items():
        own = getattr(dpia, name)
        take_over(dpia, suggestion, on=on, text=own or None)


def _answer_questions(session: Session, lead: Identity) -> None:
    """Answers in the person's own words, and confirms what the record knows where the file says so."""
    for data in _answered():
        dpia = _called(session, Dpia, data["dpia"])
        dpia.catalogue = data["catalogue"]
        for asked in questionnaire(session, dpia).asked:
            text = data["answers"].get(asked.question.id, "")
            own = text if isinstance(text, str) else text.get(asked.part_title, "")
            taken = asked.suggestion if data["confirm"] and not own else None
            if not asked.question.field and (own or taken):
                words = own or (taken.text if taken else "")
                place, title = asked.place, asked.part_title
                give(session, dpia, place, words, by=lead, version=0, part_title=title, taken=taken)


def _advise(session: Session, content: Data, dsb: Identity) -> None:
    for data in content["entries"]:
        for opinion in data.get("opinions", ()):
            _opine(session, _called(session, Dpia, data["name"]), opinion, dsb)
    for opinion in content["activity_opinions"]:
        _opine(session, _called(session, ProcessingActivity, opinion["activity"]), opinion, dsb)


def _opine(session: Session, entry: Entry, data: Data, dsb: Identity) -> None:
    opinion = give_opinion(session, entry, data["verdict"], data["text"], by=dsb)
    opinion.given_on = data["given_on"]


def _decide(session: Session, all_data: Iterable[Data], management: Identity) -> None:
    for data in all_data:
        if given := data.get("decision"):
            dpia = _called(session, Dpia, data["name"])
            words = _without(given, "decision", "decided_on", "conditions")
            conditions = [Condition(**row) for row in given.get("conditions", ())]
            decision = DpiaDecision[given["decision"]]
            decide(session, dpia, decision, by=management, conditions=conditions, **words)
            dpia.decided_on = given["decided_on"]
            dpia.first_approved_on = dpia.decided_on if decision in APPROVING else None


def _release(
    session: Session, analyses: Iterable[Data], assessments: Iterable[Data], management: Identity
) -> None:
    """Releases what is finished and stands against nothing."""
    for model, all_data in ((Dpia, assessments), (ThresholdAnalysis, analyses)):
        wanted = {data["name"] for data in all_data if data["state"] == "RELEASED"}
        found = session.scalars(select(model).where(model.name.in_(wanted)).options(*everything(model)))
        for entry in found.all():
            _release_one(session, entry, management)


def _release_one(session: Session, entry: Entry, management: Identity) -> None:
    entry.state = State.REVIEW
    with suppress(Refused):
        take(session, entry, Step.RELEASE, by=management)


def _change(session: Session, changes: Iterable[Data]) -> None:
    for change in changes:
        _called(session, ProcessingActivity, change["activity"]).description = change["description"]


def _grow(session: Session, fact: Data) -> None:
    """Lets an activity concern more persons than when its analysis was confirmed."""
    _called(session, ProcessingActivity, fact["activity"]).scale = Scale[fact["scale"]]
