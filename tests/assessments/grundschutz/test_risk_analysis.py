"""A risk analysis starts where the modules end, and only management bears what remains."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import assessments.grundschutz.risk_acceptance  # noqa: F401 -- its table must be known
from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.domain import Approach
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.risk_acceptance import (
    RiskAcceptance,
    Signature,
    accept,
    acceptances,
    residuals,
)
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    BaseValue,
    Occasion,
    Origin,
    Relevance,
    RiskAnalysis,
    Treatment,
    Verdict,
    add_own,
    begin,
    elementary,
    judging,
    keep_matrix,
    proposals,
    sheet,
    sort_out,
)
from assessments.grundschutz.risk_candidates import candidates
from assessments.grundschutz.risk_matrix import (
    CATEGORIES,
    DEFAULT_MATRIX,
    FREQUENCIES,
    IMPACTS,
    Frequency,
    Grade,
    Impact,
    RiskCategory,
    SecurityMatrix,
    rank,
)
from assessments.grundschutz.risk_rules import OBJECT_RULES, RULES
from assessments.grundschutz.risk_standing import NOTHING_DONE, standings
from compliance.access import Grant, Identity
from compliance.database import Actor, today
from compliance.entry import State, everything
from compliance.errors import Forbidden, NotFound, Outdated, Refused
from compliance.findings import findings_of
from compliance.journal import verify
from compliance.judging import Judge
from compliance.language import Text
from compliance.people import Role
from compliance.release import Step, take
from registers.measures import Measure
from registers.objects import ObjectKind, ProtectionNeed, TargetObject
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain

BOSS = Identity(uuid.UUID(int=11), "Lena Leitung", ORGANISATION, "Stadt", "de", (Grant(Role.MANAGEMENT),))
SIGNED = Signature("Die Stadt trägt das Risiko bis zum Umbau.", "Bürgermeisterin")


class Office(House):
    """The house of the check, with an analysis of its server."""

    def __init__(self, address: str) -> None:
        super().__init__(address, (*RULES, *OBJECT_RULES))
        self.analysis_id = self.begin(self.server_id)

    def begin(self, target_id: uuid.UUID | None) -> uuid.UUID:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            domain = load_domain(session, self.domain_id)
            target = next((one for one in domain.objects if one.id == target_id), None)
            return begin(session, domain, target, [Occasion.NEED], by=ISB).id

    def change_object(self, **values: Any) -> None:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            query = select(TargetObject).where(TargetObject.id == self.server_id)
            stored = session.scalars(query.options(*everything(TargetObject))).one()
            for name, value in values.items():
                setattr(stored, name, value)

    def say(self, key: str, *, version: int | None = None, **values: Any) -> None:
        with (
            self.database.writing(ORGANISATION, actor=ACTOR) as session,
            judging(session, self.loaded(session), key, by=ISB, version=version) as threat,
        ):
            for name, value in values.items():
                setattr(threat, name, value)

    def loaded(self, session: Session, identity: uuid.UUID | None = None) -> RiskAnalysis:
        query = select(RiskAnalysis).where(RiskAnalysis.id == (identity or self.analysis_id))
        found: RiskAnalysis = session.scalars(query.options(*everything(RiskAnalysis))).one()
        return found

    def step(self, step: str, by: Identity = ISB) -> None:
        with self.database.writing(ORGANISATION, actor=Actor(by.name, by.person_id)) as session:
            take(session, self.loaded(session), step, by=by)

    def accept(self, *keys: str, by: Identity = BOSS, signature: Signature = SIGNED) -> None:
        versions = {key: threat.version for key, threat in self.threats().items() if key in keys}
        with self.database.writing(ORGANISATION, actor=Actor(by.name, by.person_id)) as session:
            accept(session, self.loaded(session), versions, signature, by=by)

    def threats(self) -> dict[str, AnalysedThreat]:
        with self.database.reading(ORGANISATION) as session:
            return {threat.key: threat for threat in session.scalars(select(AnalysedThreat))}

    def analysis(self) -> RiskAnalysis:
        with self.database.reading(ORGANISATION) as session:
            return self.loaded(session)

    def rules_broken(self) -> set[str]:
        with self.database.reading(ORGANISATION) as session:
            return {found.rule for found in findings_of(session, [self.analysis_id])}


RISK: Final[dict[str, Any]] = {
    "relevance": Relevance.DIRECT,
    "frequency": Frequency.MEDIUM,
    "impact": Impact.EXISTENTIAL,
    "treatment": Treatment.REDUCE,
    "frequency_after": Frequency.RARE,
    "impact_after": Impact.CONSIDERABLE,
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield office
    office.database.engine.dispose()


# --- Candidates ----------------------------------------------------------------------------------


def found_candidates(office: Office) -> dict[str, tuple[Occasion, ...]]:
    with office.database.reading(ORGANISATION) as session:
        return {
            each.target.name if each.target else "": tuple(reason.occasion for reason in each.reasons)
            for each in candidates(session, load_domain(session, office.domain_id))
        }


def test_what_no_module_fits_and_what_needs_more_protection_is_a_candidate(office: Office) -> None:
    server, _isms = office.assign((office.server_id, "SYS.1.1"), (None, "ISMS.1"))
    # Nothing speaks for the server any more, but it was analysed, and the room has no module.
    unmodelled = {"": (Occasion.WHOLE,), "Windows Server": (), "Serverraum": (Occasion.UNMODELLED,)}
    assert found_candidates(office) == unmodelled

    office.change_object(availability=ProtectionNeed.VERY_HIGH)
    office.answer(server, "SYS.1.1.A1", Given(Status.NO))
    assert found_candidates(office) == unmodelled | {"Windows Server": (Occasion.NEED, Occasion.UNMET)}


def test_what_is_inherited_is_an_occasion_and_a_process_misses_no_module(office: Office) -> None:
    office.assign((office.server_id, "SYS.1.1"))
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, office.domain_id)
        server = next(each for each in domain.objects if each.id == office.server_id)
        process = TargetObject(name="Bürgerbüro", kind=ObjectKind.PROCESS, depends_on=[server])
        process.integrity = ProtectionNeed.HIGH
        domain.objects = [*domain.objects, process]
    found = found_candidates(office)
    assert (found["Windows Server"], found["Bürgerbüro"]) == ((Occasion.NEED,), (Occasion.NEED,))


def test_a_process_misses_no_module(office: Office) -> None:
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, office.domain_id)
        process = TargetObject(name="Bürgerbüro", kind=ObjectKind.PROCESS, integrity=ProtectionNeed.HIGH)
        domain.objects = [*domain.objects, process]
    assert found_candidates(office)["Bürgerbüro"] == (Occasion.NEED,)


def test_a_planned_measure_is_no_occasion(office: Office) -> None:
    (server,) = office.assign((office.server_id, "SYS.1.1"))
    office.answer(server, "SYS.1.1.A1", Given(Status.NO, responsible="Amt 11", due=today()))
    assert found_candidates(office)["Windows Server"] == ()


def test_the_basic_approach_knows_neither_candidates_nor_analyses(office: Office) -> None:
    office.set_approach(Approach.BASIC)
    assert found_candidates(office) == {}
    with pytest.raises(Refused):
        office.begin(office.room_id)


def test_only_objects_of_the_domain_are_analysed(office: Office) -> None:
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        other = TargetObject(name="Fremdes")
        session.add(other)
        session.flush()
        with pytest.raises(Refused):
            begin(session, load_domain(session, office.domain_id), other, [], by=ISB)
        with pytest.raises(Forbidden):
            begin(session, load_domain(session, office.domain_id), None, [], by=AUDITOR)


# --- Threats -------------------------------------------------------------------------------------


def test_every_elementary_threat_is_offered_with_its_origin(office: Office) -> None:
    office.assign((office.server_id, "SYS.1.1"), (office.room_id, "INF.2"))
    with office.database.reading(ORGANISATION) as session:
        lines = sheet(session, office.loaded(session))
    catalogue = edition_2023()
    against = {
        threat
        for requirement in catalogue.requirements_of("SYS.1.1")
        if not requirement.withdrawn
        for threat in catalogue.threats_of(requirement.id)
    }
    assert [line.key for line in lines] == [f"G 0.{number}" for number in range(1, 48)]
    assert {line.key for line in lines if line.origin is Origin.CROSS_REFERENCE} == against
    assert proposals(lines).keys() == against
    assert proposals(lines)["G 0.18"] == Verdict(
        Relevance.DIRECT, "Nach den Kreuzreferenzen der angewendeten Bausteine: SYS.1.1."
    )


def test_an_analysis_of_the_whole_domain_looks_at_the_modules_of_the_whole(office: Office) -> None:
    office.assign((office.server_id, "SYS.1.1"), (None, "CON.2"))
    whole = office.begin(None)
    with office.database.reading(ORGANISATION) as session:
        lines = sheet(session, office.loaded(session, whole))
    modules = {each.requirement.module for line in lines for each in line.against}
    assert modules == {"CON.2"}


def test_sorting_out_keeps_verdicts_and_skips_what_nobody_touched(office: Office) -> None:
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        verdicts = {
            "G 0.1": Verdict(Relevance.DIRECT),
            "G 0.3": Verdict(Relevance.NONE, " Kein Wasser in der Nähe. "),
            "G 0.4": Verdict(None),
        }
        assert sort_out(session, office.loaded(session), verdicts, by=ISB) == ["G 0.1", "G 0.3"]
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        assert sort_out(session, office.loaded(session), verdicts, by=ISB) == []
    threats = office.threats()
    assert {key: (each.relevance, each.relevance_reason) for key, each in threats.items()} == {
        "G 0.1": (Relevance.DIRECT, ""),
        "G 0.3": (Relevance.NONE, "Kein Wasser in der Nähe."),
    }
    assert threats["G 0.1"].affected == (BaseValue.AVAILABILITY,)


def test_threats_of_ones_own_are_numbered_and_need_a_name(office: Office) -> None:
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        analysis = office.loaded(session)
        add_own(session, analysis, "Drohnen  über dem Dach", by=ISB)
        session.flush()
        add_own(session, analysis, "Sonnensturm", by=ISB)
        session.flush()
        with pytest.raises(Refused):
            add_own(session, analysis, "  ", by=ISB)
    with office.database.reading(ORGANISATION) as session:
        own = [line for line in sheet(session, office.loaded(session)) if line.origin is Origin.OWN]
    assert [(line.key, line.title, line.relevance) for line in own] == [
        ("E1", "Drohnen über dem Dach", Relevance.DIRECT),
        ("E2", "Sonnensturm", Relevance.DIRECT),
    ]


def test_an_unknown_threat_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.say("G 0.48", relevance=Relevance.NONE)


# --- Estimate and treatment ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "category", "residual", "for_management"),
    [
        ({}, RiskCategory.HIGH, RiskCategory.MEDIUM, True),
        ({"impact_after": Impact.LIMITED}, RiskCategory.HIGH, RiskCategory.LOW, False),
        ({"treatment": Treatment.ACCEPT}, RiskCategory.HIGH, RiskCategory.HIGH, True),
        (
            {"treatment": Treatment.ACCEPT, "impact": Impact.LIMITED},
            RiskCategory.LOW,
            RiskCategory.LOW,
            True,
        ),
        ({"treatment": None}, RiskCategory.HIGH, None, False),
        ({"frequency": None}, None, RiskCategory.MEDIUM, True),
        ({"treatment": Treatment.AVOID, "impact_after": None}, RiskCategory.HIGH, None, False),
        ({"relevance": Relevance.INDIRECT}, RiskCategory.HIGH, RiskCategory.MEDIUM, False),
    ],
)
def test_the_rating_follows_from_the_answers(
    office: Office,
    said: dict[str, Any],
    category: RiskCategory | None,
    residual: RiskCategory | None,
    for_management: bool,
) -> None:
    office.say("G 0.30", **RISK | said)
    threat = office.threats()["G 0.30"]
    assert (threat.category, threat.residual, threat.for_management) == (category, residual, for_management)


def test_who_saves_for_an_older_version_is_told(office: Office) -> None:
    office.say("G 0.30", version=0, **RISK)
    with pytest.raises(Outdated):
        office.say("G 0.30", version=0, impact=Impact.LIMITED)
    office.say("G 0.30", version=1, impact=Impact.LIMITED)
    assert office.threats()["G 0.30"].version == 2


def test_the_nearest_look_at_an_observed_risk_is_a_day_of_the_analysis(office: Office) -> None:
    later, sooner = today() + timedelta(days=90), today() + timedelta(days=9)
    office.say("G 0.1", observed=True, observe_next=later)
    office.say("G 0.2", observed=True, observe_next=sooner)
    office.say("G 0.3", observed=False, observe_next=today())
    assert office.analysis().next_observation == sooner
    office.say("G 0.2", observed=False)
    assert office.analysis().next_observation == later


# --- Acceptance ----------------------------------------------------------------------------------


def test_management_accepts_what_it_has_seen(office: Office) -> None:
    until = today() + timedelta(days=200)
    office.say("G 0.30", **RISK)
    office.step(Step.SUBMIT)
    office.accept("G 0.30", signature=Signature(SIGNED.statement, SIGNED.post, until))
    with office.database.reading(ORGANISATION) as session:
        (given,) = acceptances(session, office.loaded(session))
        (residual,) = residuals(sheet(session, office.loaded(session)), [given])
    threat = office.threats()["G 0.30"]
    assert (given.accepted_by, given.post, given.accepted_on) == (BOSS.name, "Bürgermeisterin", today())
    assert (given.residual, given.threat_version, given.fingerprint) == (
        RiskCategory.MEDIUM,
        threat.version,
        threat.fingerprint,
    )
    assert residual.holds
    assert office.analysis().accepted_until == until
    assert verify(office.database).breaks == ()


def test_an_acceptance_falls_with_a_change_of_the_risk_but_not_with_a_note(office: Office) -> None:
    office.say("G 0.30", **RISK)
    office.step(Step.SUBMIT)
    office.accept("G 0.30")
    office.say("G 0.30", owner="Amt 11", observation="Zahl der Versuche")
    assert waiting(office) == 0
    office.say("G 0.30", impact_after=Impact.EXISTENTIAL)
    assert waiting(office) == 1


def waiting(office: Office) -> int:
    with office.database.reading(ORGANISATION) as session:
        found = standings(session, load_domain(session, office.domain_id))
    return found.get(office.analysis_id, NOTHING_DONE).waiting


@pytest.mark.parametrize(
    ("by", "signature", "error"),
    [
        (ISB, SIGNED, Forbidden),
        (BOSS, Signature("", "Bürgermeisterin"), Refused),
        (BOSS, Signature("Wir tragen es.", " "), Refused),
        (BOSS, Signature("Wir tragen es.", "Bürgermeisterin", today()), Refused),
    ],
)
def test_nobody_else_accepts_and_nothing_unsigned_counts(
    office: Office, by: Identity, signature: Signature, error: type[Exception]
) -> None:
    office.say("G 0.30", **RISK)
    office.step(Step.SUBMIT)
    with pytest.raises(error):
        office.accept("G 0.30", by=by, signature=signature)
    assert stored_acceptances(office) == 0


def stored_acceptances(office: Office) -> int:
    with office.database.reading(ORGANISATION) as session:
        return len(session.scalars(select(RiskAcceptance)).all())


def test_a_draft_an_author_and_a_low_risk_are_no_case_for_acceptance(office: Office) -> None:
    office.say("G 0.30", **RISK)
    with pytest.raises(Refused):
        office.accept("G 0.30")
    office.step(Step.SUBMIT)
    both = Identity(
        ISB.person_id, ISB.name, ORGANISATION, "Stadt", "de", (Grant(Role.ISB), Grant(Role.MANAGEMENT))
    )
    with pytest.raises(Refused):
        office.accept("G 0.30", by=both)
    office.say("G 0.1", **RISK | {"impact_after": Impact.LIMITED})
    with pytest.raises(NotFound):
        office.accept("G 0.1")
    with pytest.raises(Refused):
        office.accept()


def test_an_unmet_basic_requirement_bars_accepting_but_not_treating(office: Office) -> None:
    (server,) = office.assign((office.server_id, "SYS.1.1"))
    office.answer(server, "SYS.1.1.A1", Given(Status.PARTIAL))
    against = edition_2023().threats_of("SYS.1.1.A1")[0]
    office.say(against, **RISK | {"treatment": Treatment.ACCEPT})
    office.step(Step.SUBMIT)
    with pytest.raises(Refused, match=r"SYS\.1\.1\.A1"):
        office.accept(against)
    office.say(against, **RISK)
    office.accept(against)
    with office.database.reading(ORGANISATION) as session:
        assert [given.still_unmet for given in session.scalars(select(RiskAcceptance))] == ["SYS.1.1.A1"]


# --- Release and rules ---------------------------------------------------------------------------


def test_a_release_vouches_for_every_threat_and_its_measures(office: Office) -> None:
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        measure = Measure(name="Zwei Faktoren")
        session.add(measure)
    office.say("G 0.30", **RISK)
    office.step(Step.SUBMIT)
    office.accept("G 0.30")
    office.step(Step.RELEASE, by=BOSS)
    assert not office.analysis().changed_since_release
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        stored = session.get_one(Measure, (ORGANISATION, measure.id))
        with judging(session, office.loaded(session), "G 0.30", by=ISB) as threat:
            threat.measures = [stored]
    assert office.analysis().changed_since_release


def test_the_rules_follow_the_work_on_an_analysis(office: Office) -> None:
    office.say("G 0.30", relevance=Relevance.DIRECT)
    assert office.rules_broken() == {"GSR-001", "GSR-003"}
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        rest = {key: Verdict(Relevance.NONE, "Betrifft Räume.") for key in elementary() if key != "G 0.30"}
        sort_out(session, office.loaded(session), rest, by=ISB)
    office.say("G 0.30", **RISK)
    assert office.rules_broken() == {"GSR-005", "GSR-008"}
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        measure = Measure(name="Zwei Faktoren")
        session.add(measure)
        session.flush()
        with judging(session, office.loaded(session), "G 0.30", by=ISB) as threat:
            threat.measures = [measure]
    assert office.rules_broken() == {"GSR-008"}
    office.step(Step.SUBMIT)
    office.accept("G 0.30")
    assert office.rules_broken() == set()


def test_accepting_against_an_unmet_basic_requirement_is_found(office: Office) -> None:
    (server,) = office.assign((office.server_id, "SYS.1.1"))
    office.answer(server, "SYS.1.1.A1", Given(Status.NO))
    against = edition_2023().threats_of("SYS.1.1.A1")[0]
    office.say(against, **RISK | {"treatment": Treatment.ACCEPT, "treatment_reason": "Zu teuer."})
    assert "GSR-007" in office.rules_broken()


# --- The matrix ----------------------------------------------------------------------------------


def test_the_default_is_the_example_of_the_standard() -> None:
    assert [[category.text.de for category in row] for row in DEFAULT_MATRIX.table] == [
        ["Gering", "Gering", "Gering", "Gering"],
        ["Gering", "Gering", "Mittel", "Hoch"],
        ["Mittel", "Mittel", "Hoch", "Sehr hoch"],
        ["Mittel", "Hoch", "Sehr hoch", "Sehr hoch"],
    ]
    assert SecurityMatrix.from_json(DEFAULT_MATRIX.to_json()) == DEFAULT_MATRIX


_TABLES = st.lists(
    st.lists(st.sampled_from(CATEGORIES), min_size=4, max_size=4).map(tuple), min_size=4, max_size=4
).map(tuple)


@given(_TABLES)
def test_a_worse_event_never_weighs_less(table: tuple[tuple[RiskCategory, ...], ...]) -> None:
    try:
        matrix = SecurityMatrix(
            DEFAULT_MATRIX.frequencies, DEFAULT_MATRIX.impacts, DEFAULT_MATRIX.categories, table
        )
    except Refused:
        return
    for row, impact in enumerate(IMPACTS):
        for column, frequency in enumerate(FREQUENCIES):
            here = matrix.category(frequency, impact)
            assert here is not None
            for worse_impact in IMPACTS[row:]:
                for worse_frequency in FREQUENCIES[column:]:
                    worse = matrix.category(worse_frequency, worse_impact)
                    assert worse is not None
                    assert rank(worse) >= rank(here)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"table": []}', DEFAULT_MATRIX.to_json()[:-9]])
def test_what_is_no_matrix_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        SecurityMatrix.from_json(text)


def test_a_grade_without_a_name_is_refused() -> None:
    frequencies = {**DEFAULT_MATRIX.frequencies, Frequency.RARE: Grade(Text(" ", "Rare"), Text("", ""))}
    with pytest.raises(Refused):
        SecurityMatrix(frequencies, DEFAULT_MATRIX.impacts, DEFAULT_MATRIX.categories, DEFAULT_MATRIX.table)


def test_another_matrix_rates_anew_and_what_was_accepted_waits_again(office: Office) -> None:
    office.say("G 0.30", **RISK)
    office.step(Step.SUBMIT)
    office.accept("G 0.30")
    high = tuple(
        tuple(max(cell, RiskCategory.HIGH, key=rank) for cell in row) for row in DEFAULT_MATRIX.table
    )
    stricter = SecurityMatrix(
        DEFAULT_MATRIX.frequencies, DEFAULT_MATRIX.impacts, DEFAULT_MATRIX.categories, high
    )
    with office.database.writing(ORGANISATION, actor=ACTOR) as session:
        assert keep_matrix(session, stricter) == 1
    assert office.threats()["G 0.30"].residual is RiskCategory.HIGH
    assert waiting(office) == 1


# --- Speed ---------------------------------------------------------------------------------------


def test_the_overview_asks_as_little_for_many_analyses_as_for_one(office: Office) -> None:
    def queries() -> int:
        seen: list[str] = []
        with office.database.reading(ORGANISATION) as session:
            domain = load_domain(session, office.domain_id)
            event.listen(
                office.database.engine, "before_cursor_execute", lambda *given: seen.append(given[2])
            )
            candidates(session, domain)
            standings(session, domain)
        return len(seen)

    office.say("G 0.30", **RISK)
    first = queries()
    for _ in range(3):
        office.begin(office.room_id)
    # Each call listens once more, so that a query counts twice in the second.
    assert queries() == first
    assert office.analysis().state is State.DRAFT


def test_the_judge_knows_every_rule_once() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == [f"GSR-{number:03}" for number in range(1, 10)]
    assert Judge([*RULES, *OBJECT_RULES]).rule("XGS-003", TargetObject.slug).judges is TargetObject
