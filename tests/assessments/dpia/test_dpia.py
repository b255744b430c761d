"""An impact assessment moves in six steps, and management alone decides on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.conditions import Condition
from assessments.dpia.decision import changes_since_decision, decide, deviates, obstacles, risk_of
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.participation import Participation, Result, Voice
from assessments.dpia.progress import Progress, next_step, steps
from assessments.dpia.risk import Damage, DpiaMeasure, DpiaRisk, MeasureState, ProtectionGoal, RiskSource
from assessments.dpia.rules import RULES
from assessments.dpia.standing import Standing
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome
from compliance.access import Grant, Identity
from compliance.advice import Opinion, Verdict, give_opinion
from compliance.database import Actor, Database, today
from compliance.entry import State, everything
from compliance.errors import Forbidden, NotFound, Refused
from compliance.fields import fields
from compliance.findings import findings_of
from compliance.journal import history, verify, write
from compliance.judging import Judge
from compliance.people import LegalForm, Organisation, Role
from compliance.release import Step, mark_changes, take
from compliance.saving import watch
from registers.processing import ProcessingActivity, Stage
from tests.databases import bare_database

LOW, MEDIUM, HIGH = RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH


@dataclass(frozen=True)
class Town:
    """An organisation with a database of its own."""

    database: Database
    id: uuid.UUID

    @contextmanager
    def working(self, person: Identity) -> Iterator[Session]:
        """A unit of work by *person*."""
        with self.database.writing(self.id, actor=Actor(person.name, person.person_id)) as session:
            yield session

    def person(self, name: str, *roles: Role) -> Identity:
        grants = tuple(Grant(role) for role in roles)
        return Identity(uuid.uuid5(self.id, name), name, self.id, "Stadt Musterhafen", "de", grants)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = bare_database(f"sqlite:///{tmp_path / 'town.db'}")
    judge = Judge(RULES)
    watch(database, before=(mark_changes, judge.find_dependents), after=(write, judge.judge_saved))
    organisation = Organisation(name="Stadt Musterhafen", legal_form=LegalForm.AUTHORITY, land="SH")
    with database.writing(actor=Actor("Einrichtung")) as session:
        session.add(organisation)
    yield Town(database, organisation.id)
    database.engine.dispose()


def video(**answers: Any) -> Dpia:
    """A complete assessment whose risk falls from high to medium by a planned measure."""
    given: dict[str, Any] = {
        "name": "Videoschutz am Busbahnhof",
        "team": "Tom Behrens",
        "description": "Acht Kameras erfassen die Bussteige.",
        "purposes": "Schutz der Fahrgäste.",
        "data": "Bilder der Fahrgäste.",
        "data_flows": "Kamera, Server, Löschung.",
        "assets": "Kameras, Server.",
        "lawfulness": "§ 14 LDSG SH.",
        "necessity": "Streifen allein genügen nicht.",
        "minimisation": "Keine Tonaufnahme.",
        "storage_limitation": "72 Stunden.",
        "rights": "Hinweisschilder.",
        "processors": "Keine.",
        "risks": [
            DpiaRisk(
                title="Bewegungsprofile",
                source=RiskSource.STAFF,
                event="Aufnahmen werden über Tage verknüpft.",
                damages=(Damage.CONTROL,),
                goals=(ProtectionGoal.UNLINKABILITY,),
                severity_before=Grade.SUBSTANTIAL,
                likelihood_before=Grade.SUBSTANTIAL,
                severity_planned=Grade.SUBSTANTIAL,
                likelihood_planned=Grade.LIMITED,
                severity_today=Grade.SUBSTANTIAL,
                likelihood_today=Grade.LIMITED,
            )
        ],
        "measures": [
            DpiaMeasure(
                title="Löschung nach 72 Stunden",
                risks="R1",
                owner="Verkehrsbetrieb",
                due=date(2026, 6, 1),
                state=MeasureState.PLANNED,
            )
        ],
        "participation": [
            Participation(voice=Voice.ISB, result=Result.NO_OBJECTION, answered_on=date(2026, 5, 4)),
            Participation(
                voice=Voice.DATA_SUBJECTS,
                waived=True,
                waiver_reason="Der Fahrgastbeirat wird nach dem Probebetrieb gehört.",
            ),
        ],
    }
    return Dpia(**(given | answers))


class Office:
    """The people around one saved assessment."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.lead = town.person("Tom Behrens", Role.PROJECT_LEAD)
        self.dsb = town.person("Dr. Ines Falk", Role.DSB)
        self.head = town.person("Karin Holm", Role.MANAGEMENT)
        self.id = uuid.UUID(int=0)

    def write(self, dpia: Dpia, *, submit: bool = True) -> None:
        with self.town.working(self.lead) as session:
            session.add(dpia)
            session.flush()
            self.id = dpia.id
        if submit:
            with self.town.working(self.lead) as session:
                take(session, self.load(session), Step.SUBMIT, by=self.lead)

    def load(self, session: Session) -> Dpia:
        query = select(Dpia).where(Dpia.id == self.id).options(*everything(Dpia))
        return session.scalars(query).one()

    def advise(self, verdict: Verdict) -> None:
        with self.town.working(self.dsb) as session:
            give_opinion(
                session, self.load(session), verdict.name, "Die Speicherdauer ist zu prüfen.", by=self.dsb
            )

    def decide(self, decision: DpiaDecision, *, by: Identity | None = None, **words: Any) -> None:
        person = by or self.head
        with self.town.working(person) as session:
            decide(session, self.load(session), decision, by=person, **words)

    def findings(self) -> list[str]:
        with self.town.database.reading(self.town.id) as session:
            return [found.rule for found in findings_of(session, [self.id])]


@pytest.fixture
def office(town: Town) -> Office:
    return Office(town)


# --- Saving --------------------------------------------------------------------------------------


def test_risks_get_their_keys_when_saved_and_keep_them(office: Office) -> None:
    office.write(video())
    with office.town.working(office.lead) as session:
        dpia = office.load(session)
        dpia.risks.insert(0, DpiaRisk(title="Fehlalarm"))
    with office.town.database.reading(office.town.id) as session:
        dpia = office.load(session)
        assert [(risk.title, risk.key) for risk in dpia.risks] == [
            ("Fehlalarm", "R2"),
            ("Bewegungsprofile", "R1"),
        ]


def test_the_result_of_a_threshold_analysis_is_stored_and_journalled(town: Town) -> None:
    lead = town.person("Tom Behrens", Role.PROJECT_LEAD)
    with town.working(lead) as session:
        analysis = ThresholdAnalysis(name="Busbahnhof", public_monitoring=True)
        session.add(analysis)
    with town.database.reading(town.id) as session:
        query = select(ThresholdAnalysis).options(*everything(ThresholdAnalysis))
        saved = session.scalars(query).one()
        assert saved.result is Outcome.REQUIRED
        assert history(session, saved)[0].state["result"] == "REQUIRED"


def test_every_field_says_why_it_is_asked() -> None:
    for model in (Dpia, DpiaRisk, DpiaMeasure):
        asked = {name: spec for name, spec in fields(model).items() if name not in ("name", "unit")}
        assert [name for name, spec in asked.items() if not (spec.help and spec.basis)] == []


# --- Deciding ------------------------------------------------------------------------------------


def test_management_approves_and_the_journal_knows_it(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.NO_OBJECTIONS)
    office.decide(DpiaDecision.APPROVED, reason="Die Maßnahmen genügen.")
    with office.town.database.reading(office.town.id) as session:
        dpia = office.load(session)
        assert (dpia.decision, dpia.decided_risk, dpia.decided_on, dpia.decided_by) == (
            DpiaDecision.APPROVED,
            MEDIUM,
            today(),
            "Karin Holm",
        )
        change = history(session, dpia)[0]
        assert (change.action, change.actor, change.version) == ("decide", "Karin Holm", dpia.decided_version)
        assert change.changes["decision"] == (None, "APPROVED")
    assert verify(office.town.database).breaks == ()


def test_who_decided_may_release_afterwards(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.NO_OBJECTIONS)
    office.decide(DpiaDecision.APPROVED)
    with office.town.working(office.head) as session:
        take(session, office.load(session), Step.RELEASE, by=office.head)
    with office.town.database.reading(office.town.id) as session:
        assert office.load(session).state is State.RELEASED


def test_the_data_protection_officer_never_decides(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.NO_OBJECTIONS)
    with pytest.raises(Forbidden):
        office.decide(DpiaDecision.APPROVED, by=office.dsb)
    both = office.town.person("Dr. Ines Falk", Role.DSB, Role.MANAGEMENT)
    with pytest.raises(Refused, match="beraten und entscheiden nicht"):
        office.decide(DpiaDecision.REJECTED, by=both, reason="Zu eingriffsintensiv.")


def test_an_author_never_decides(office: Office) -> None:
    office.lead = office.town.person("Tom Behrens", Role.PROJECT_LEAD, Role.MANAGEMENT)
    office.write(video())
    office.advise(Verdict.NO_OBJECTIONS)
    with pytest.raises(Refused, match="nicht selbst über sie entscheiden"):
        office.decide(DpiaDecision.APPROVED, by=office.lead)


def test_nobody_else_decides(office: Office) -> None:
    office.write(video())
    for role in Role:
        if role is not Role.MANAGEMENT:
            with pytest.raises((Forbidden, NotFound)):
                office.decide(DpiaDecision.REJECTED, by=office.town.person(role.name, role), reason="Nein.")


def test_a_draft_is_not_decided_on(office: Office) -> None:
    office.write(video(), submit=False)
    with pytest.raises(Refused, match="zur Prüfung gegeben"):
        office.decide(DpiaDecision.REJECTED, reason="Nein.")


def test_approval_needs_advice_first_and_rejection_a_reason(office: Office) -> None:
    office.write(video())
    with pytest.raises(Refused, match=r"Art\. 35 Abs\. 2"):
        office.decide(DpiaDecision.APPROVED)
    with pytest.raises(Refused, match="Begründung"):
        office.decide(DpiaDecision.REJECTED)
    office.decide(DpiaDecision.REJECTED, reason="Zu eingriffsintensiv.")


def test_conditions_need_words(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.RECOMMENDATIONS)
    words = {"text": "Löschung nach 48 Stunden.", "owner": "Hauptamt", "due": date(2027, 1, 29)}
    incomplete = [{name: value for name, value in words.items() if name != lacks} for lacks in words]
    for conditions in ([], *([Condition(**each)] for each in incomplete)):
        with pytest.raises(Refused, match="Auflagen"):
            office.decide(DpiaDecision.APPROVED_WITH_CONDITIONS, conditions=conditions)
    office.decide(DpiaDecision.APPROVED_WITH_CONDITIONS, conditions=[Condition(**words)])


def test_going_against_the_advice_needs_a_reason(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.AGAINST)
    with pytest.raises(Refused, match="weicht vom Rat"):
        office.decide(DpiaDecision.APPROVED)
    office.decide(
        DpiaDecision.APPROVED, deviation_reason="Die Zahl der Vorfälle lässt kein milderes Mittel zu."
    )
    assert "DSF-006" not in office.findings()


@pytest.mark.parametrize(
    ("verdict", "deviating"),
    [
        (None, set()),
        (Verdict.NO_OBJECTIONS, set()),
        (Verdict.RECOMMENDATIONS, {DpiaDecision.APPROVED}),
        (Verdict.AGAINST, {DpiaDecision.APPROVED, DpiaDecision.APPROVED_WITH_CONDITIONS}),
    ],
)
def test_what_counts_as_deviating(verdict: Verdict | None, deviating: set[DpiaDecision]) -> None:
    assert {decision for decision in DpiaDecision if deviates(decision, verdict)} == deviating


def test_a_remaining_high_risk_goes_to_the_authority_before_approval(office: Office) -> None:
    dpia = video()
    dpia.measures = []
    office.write(dpia)
    office.advise(Verdict.NO_OBJECTIONS)
    with pytest.raises(Refused, match=r"Art\. 36 Abs\. 1"):
        office.decide(DpiaDecision.APPROVED)
    office.decide(DpiaDecision.CONSULT)
    with office.town.working(office.lead) as session:
        dpia = office.load(session)
        dpia.consulted_on, dpia.consultation_result = date(2026, 2, 2), "Keine Einwände bei 48 Stunden."
    office.decide(DpiaDecision.APPROVED)


def test_an_unassessed_risk_is_not_approved(office: Office) -> None:
    dpia = video()
    dpia.risks.append(DpiaRisk(title="Fehlalarm"))
    office.write(dpia)
    office.advise(Verdict.NO_OBJECTIONS)
    with pytest.raises(Refused, match="eingeschätzt"):
        office.decide(DpiaDecision.APPROVED)


def test_a_change_after_the_decision_is_shown(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.NO_OBJECTIONS)
    office.decide(DpiaDecision.APPROVED)
    with office.town.working(office.lead) as session:
        assert changes_since_decision(session, office.load(session)) == {}
        office.load(session).storage_limitation = "Zehn Tage."
    with office.town.database.reading(office.town.id) as session:
        assert changes_since_decision(session, office.load(session)) == {
            "storage_limitation": ("72 Stunden.", "Zehn Tage.")
        }


# --- Findings across entries ---------------------------------------------------------------------


def test_an_opinion_settles_the_missing_advice_at_once(office: Office) -> None:
    office.write(video())
    assert office.findings() == ["DSF-005"]
    office.advise(Verdict.NO_OBJECTIONS)
    assert office.findings() == []


def test_later_advice_against_an_approval_is_found(office: Office) -> None:
    office.write(video())
    office.advise(Verdict.NO_OBJECTIONS)
    office.decide(DpiaDecision.APPROVED)
    office.advise(Verdict.AGAINST)
    assert office.findings() == ["DSF-006"]


def test_an_activity_in_operation_waits_for_analysis_and_approval(office: Office) -> None:
    activity = ProcessingActivity(name="Videoschutz", stage=Stage.OPERATION, video=True)
    with office.town.working(office.lead) as session:
        session.add(activity)

    def found() -> list[tuple[str, str]]:
        with office.town.database.reading(office.town.id) as session:
            return [(each.rule, each.severity.name) for each in findings_of(session, [activity.id])]

    assert found() == [("DSF-001", "ERROR")]
    with office.town.working(office.lead) as session:
        again = session.get(ProcessingActivity, (office.town.id, activity.id))
        session.add(ThresholdAnalysis(name="Busbahnhof", activity=again, public_monitoring=True))
    assert found() == [("DSF-003", "ERROR")]
    with office.town.working(office.lead) as session:
        again = session.get(ProcessingActivity, (office.town.id, activity.id))
        dpia = video(activities=[again])
        session.add(dpia)
        session.flush()
        office.id = dpia.id
        take(session, dpia, Step.SUBMIT, by=office.lead)
    office.advise(Verdict.NO_OBJECTIONS)
    assert found() == [("DSF-003", "ERROR")]
    office.decide(DpiaDecision.APPROVED)
    assert found() == []


# --- Going live ----------------------------------------------------------------------------------


def test_going_live_needs_approval_and_no_more_risk_today_than_decided_on() -> None:
    dpia = video()
    dpia.derive()
    assert risk_of(dpia) == Standing(HIGH, MEDIUM, HIGH)
    assert [text.de for text in obstacles(dpia)] == ["Die DSFA ist nicht genehmigt."]
    dpia.decision, dpia.decided_risk = DpiaDecision.APPROVED, MEDIUM
    assert [text.de for text in obstacles(dpia)] == [
        "Einstufung heute, mit den umgesetzten Maßnahmen: hohes Risiko. Entschieden wurde über: Risiko."
    ]
    dpia.measures[0].state = MeasureState.IMPLEMENTED
    assert risk_of(dpia) == Standing(HIGH, MEDIUM, MEDIUM)
    assert obstacles(dpia) == ()


# --- Progress ------------------------------------------------------------------------------------


def progress(dpia: Dpia, *advice: Opinion) -> dict[str, str]:
    return {step.name: step.progress.name for step in steps(dpia, advice)}


def test_an_empty_assessment_has_six_open_steps_with_owners() -> None:
    found = steps(Dpia(name="Neu"), [])
    assert [(step.title.de, step.owner, step.progress) for step in found] == [
        ("Beschreibung", Role.PROJECT_LEAD, Progress.OPEN),
        ("Notwendigkeit und Verhältnismäßigkeit", Role.COORDINATOR, Progress.OPEN),
        ("Risiken", Role.PROJECT_LEAD, Progress.OPEN),
        ("Maßnahmen", Role.ISB, Progress.OPEN),
        ("Beteiligung", Role.DSB, Progress.OPEN),
        ("Entscheidung", Role.MANAGEMENT, Progress.OPEN),
    ]
    first = next_step(found)
    assert first is not None
    assert (first.name, first.answered, len(first.items)) == ("description", 0, 5)


def test_a_complete_assessment_waits_for_advice_and_decision() -> None:
    dpia = video()
    dpia.derive()
    done = dict.fromkeys(("description", "necessity", "risks", "measures"), "DONE")
    assert progress(dpia) == {**done, "participation": "IN_PROGRESS", "decision": "OPEN"}
    dpia.decision = DpiaDecision.CONSULT
    assert progress(dpia, Opinion()) == {**done, "participation": "DONE", "decision": "IN_PROGRESS"}
    dpia.decision = DpiaDecision.APPROVED
    assert next_step(steps(dpia, [Opinion()])) is None


def test_a_grave_risk_without_a_measure_keeps_the_measures_open() -> None:
    dpia = video(measures=[])
    dpia.derive()
    items = next(step.items for step in steps(dpia, []) if step.name == "measures")
    assert [(item.label.de, item.done) for item in items] == [
        ("Alle Risiken sind eingeschätzt", True),
        ("R1 Bewegungsprofile: Maßnahme zugeordnet", False),
        ("R1 Bewegungsprofile: mit geplanten Maßnahmen eingeschätzt", True),
    ]
