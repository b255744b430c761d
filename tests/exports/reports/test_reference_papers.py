"""The papers of an information domain say what an audit asks for, and management reads exactly two pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import event, select

from assessments.grundschutz.audit_checklist import points
from assessments.grundschutz.audits import Audit, AuditFinding, AuditKind, Grade, SampledModule
from assessments.grundschutz.briefing import (
    BAD,
    DARK,
    FAIR,
    GOOD,
    NEEDS,
    Audited,
    Briefing,
    Overdue,
    Policies,
    Risks,
    briefing,
    decisions,
    signals,
)
from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.kompendium import Level, edition_2023
from assessments.grundschutz.modelling import load_assignment, set_relevance
from assessments.grundschutz.policies import NUMBERS, Policy, PolicyKind
from assessments.grundschutz.progress import Tally, by_layer, overview, summed
from assessments.grundschutz.readiness import Readiness
from assessments.grundschutz.risk_matrix import CATEGORIES
from assessments.grundschutz.unused import exclude, unused_modules
from compliance.attachments import Attachment
from compliance.entry import everything
from compliance.errors import Refused
from exports import pdf, xlsx
from exports.document import Bars, Block, Document, Facts, Figure, Grid, Heading, Note, Prose
from exports.reference_papers import PAPERS, papers_of
from exports.reports import audit as audit_report
from exports.reports import management
from exports.reports.register import Issuer
from registers.connections import Connection, Encryption
from registers.objects import TargetObject
from registers.protection import ProtectionNeed
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain
from tests.exports.conformance import problems

TODAY = date(2026, 3, 2)
CREATED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def issuer(language: str = "de") -> Issuer:
    return Issuer("Stadt Beispiel", CREATED, language)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield house
    house.database.engine.dispose()


def made(house: House, key: str, language: str = "de") -> Document:
    [wanted] = [paper for paper in PAPERS if paper.key == key]
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        document = wanted.write(session, domain, issuer(language), house.judge)
        # The rows of A.4 are read while the snapshot is open.
        blocks: tuple[Block, ...] = tuple(
            Grid(one.columns, list(one.rows), one.caption, one.sheet) if isinstance(one, Grid) else one
            for one in document.blocks
        )
    return Document(**{**document.__dict__, "blocks": blocks})


def grid(document: Document, caption: str) -> list[tuple[object, ...]]:
    return [
        tuple(row)
        for block in document.blocks
        if isinstance(block, Grid) and block.caption == caption
        for row in block.rows
    ]


# --- A.0 -----------------------------------------------------------------------------------------


def test_the_checklist_names_every_policy_also_one_that_is_missing(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add(
            policy := Policy(
                name="Leitlinie",
                kind=PolicyKind.GUIDELINE,
                source="Akte 10.21",
                edition="2.0",
                approved_by="Bürgermeisterin",
                approved_on=date(2025, 1, 7),
                next_review=date(2026, 2, 1),
                owner="ISB",
            )
        )
        session.add(Attachment(register="policies", entry_id=policy.id, name="Leitlinie.pdf"))
    document = made(house, "a0")
    rows = grid(document, "Richtlinien des Informationsverbunds")
    assert rows[0] == (
        "A.0.1",
        "Leitlinie zur Informationssicherheit\nRI-0001 Leitlinie",
        "Akte 10.21\nLeitlinie.pdf",
        "2.0",
        "Bürgermeisterin, 07.01.2025",
        date(2026, 2, 1),
        "ISB",
        "Entwurf",
    )
    assert [row[0] for row in rows] == list(NUMBERS.values())
    assert rows[1][2:] == ("fehlt", "fehlt", "fehlt", "fehlt", "", "fehlt")
    notes = [block.title for block in document.blocks if isinstance(block, Note)]
    assert notes == ["Richtlinien fehlen", "Überprüfung überfällig"]


def test_the_basic_approach_has_no_paper_about_needs_and_risks(house: House) -> None:
    house.set_approach(Approach.BASIC)
    with house.database.reading(ORGANISATION) as session:
        offered = [paper.key for paper in papers_of(load_domain(session, house.domain_id))]
    assert offered == [paper.key for paper in PAPERS if paper.key not in ("a2", "a5")]
    numbers = [row[0] for row in grid(made(house, "a0"), "Richtlinien des Informationsverbunds")]
    assert numbers == ["A.0.1", "A.0.3", "A.0.4", "A.0.5"]
    report = made(house, "management")
    texts = " ".join(block.text for block in report.blocks if isinstance(block, Heading))
    assert "Risiken" not in texts
    said = str(report.blocks)
    assert not any(word in said for word in ("Restrisi", "Schutzbedarf", "Standard-Anforderung"))


# --- A.2 -----------------------------------------------------------------------------------------


def test_the_protection_needs_tell_which_communication_links_are_critical_and_why(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        server, room = (
            session.get_one(TargetObject, (ORGANISATION, identity), options=everything(TargetObject))
            for identity in (house.server_id, house.room_id)
        )
        # The house does not settle needs by itself.
        server.needed_c, server.needed_i, server.needed_a = NEEDS[0], NEEDS[1], None
        room.needed_c, room.needed_i, room.needed_a = NEEDS[1], NEEDS[2], NEEDS[2]
        session.add_all(
            [
                Connection(name="Kabel", start=server, end=room, encryption=Encryption.NONE),
                Connection(name="Internet", start=room, external=True, partner="Alle Welt"),
                Connection(name="Leer", start=room, end=room),
            ]
        )
    rows = grid(made(house, "a2"), "Kommunikationsverbindungen")
    assert [(row[1], *row[3:]) for row in rows] == [
        ("Kabel", "Hoch", "Normal", "nicht bestimmt", "Unverschlüsselt", "Vertraulichkeit hoch"),
        ("Internet", "Hoch", "Normal", "Normal", "", "führt nach außen; Vertraulichkeit hoch"),
        ("Leer", "Hoch", "Normal", "Normal", "", "Vertraulichkeit hoch"),
    ]
    assert rows[1][2] == "ZO-0002 Serverraum – Alle Welt"


# --- A.3 -----------------------------------------------------------------------------------------


def test_a_reason_that_several_needs_have_in_common_stands_once(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        query = select(TargetObject).where(TargetObject.id == house.server_id)
        server = session.scalars(query.options(*everything(TargetObject))).one()
        server.confidentiality = server.availability = ProtectionNeed.HIGH
        server.integrity = ProtectionNeed.NORMAL
        server.need_reason = "Alle Akten liegen hier."
    [row] = grid(made(house, "a2"), "IT-Systeme")[:1]
    assert row[-1] == (
        "Vertraulichkeit, Verfügbarkeit: Hoch, für dieses Objekt selbst; "
        "Integrität: Normal, für dieses Objekt selbst. Alle Akten liegen hier."
    )


def test_the_modelling_gives_a_reason_for_what_is_applied_and_for_what_is_not(house: House) -> None:
    _, server = house.assign((None, "ISMS.1"), (house.server_id, "SYS.1.1"))
    [excluded] = house.assign((house.server_id, "SYS.1.3"))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        set_relevance(load_assignment(session, server), relevant=True, reason="Physischer Server", by=ISB)
        set_relevance(
            load_assignment(session, excluded), relevant=False, reason="Läuft unter Windows", by=ISB
        )
        exclude(session, load_domain(session, house.domain_id), {"APP.4.2": "Kein SAP"}, by=ISB)
    document = made(house, "a3")
    applied = grid(document, "Bausteine je Zielobjekt")
    assert [row[0] for row in applied] == ["IV-0001/ISMS.1", "IV-0001/ZO-0001/SYS.1.1"]
    # Nobody gave a reason for ISMS.1, so the words of the proposal stand there.
    assert (
        applied[0][4] == "Jeder Informationsverbund braucht ein Managementsystem für Informationssicherheit."
    )
    assert applied[1][4] == "Physischer Server"
    assert grid(document, "Auf einzelne Zielobjekte nicht angewendet") == [
        (
            "IV-0001/ZO-0001/SYS.1.3",
            "ZO-0001 Windows Server",
            "SYS.1.3 Server unter Linux und Unix",
            "Läuft unter Windows",
        )
    ]
    reasons = {row[0]: row[3] for row in grid(document, "Nicht verwendete Bausteine")}
    assert len(reasons) == len(edition_2023().modules) - 2
    assert (reasons["APP.4.2"], reasons["SYS.1.3"], reasons["NET.3.2"]) == (
        "Kein SAP",
        "Läuft unter Windows",
        "fehlt",
    )
    assert grid(document, "Nicht modellierte Zielobjekte") == [("ZO-0002", "Serverraum", "Raum", "", "fehlt")]
    house.set_approach(Approach.BASIC)
    assert grid(made(house, "a3"), "Nicht modellierte Zielobjekte") == [("ZO-0002", "Serverraum", "Raum", "")]


def test_a_module_in_use_is_not_excluded_for_the_whole_domain(house: House) -> None:
    house.assign((house.server_id, "SYS.1.1"))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        with pytest.raises(Refused):
            exclude(session, domain, {"SYS.1.1": "Kein Server"}, by=ISB)
        assert exclude(session, domain, {"APP.4.2": "Kein SAP", "APP.4.4": "  "}, by=ISB) == 1
        assert exclude(session, domain, {"APP.4.2": "Kein SAP"}, by=ISB) == 0
        assert exclude(session, domain, {"APP.4.2": "Nirgends SAP"}, by=ISB) == 1
        reasons = {each.module.id: each.reason for each in unused_modules(session, domain)}
    assert (reasons["APP.4.2"], reasons["APP.4.4"], "SYS.1.1" in reasons) == ("Nirgends SAP", "", False)


# --- The audit report ----------------------------------------------------------------------------


def test_the_audit_report_tells_sample_findings_and_follow_up(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        audit = Audit(
            name="Internes Audit",
            domain=domain,
            kind=AuditKind.INTERNAL,
            auditors="Rechnungsprüfungsamt",
            conclusion="Gut.",
            modules=[SampledModule(module_id="ISMS.1", checked=True, reason="Von uns gewählt")],
            findings=[
                AuditFinding(text="Backup", grade=Grade.SEVERE, concerns="CON.3", until=date(2026, 4, 1)),
                AuditFinding(text="Lager", grade=Grade.MINOR, done_on=date(2026, 2, 1), evidence="Foto"),
            ],
        )
        session.add(audit)
    with house.database.reading(ORGANISATION) as session:
        stored = session.get_one(Audit, (ORGANISATION, audit.id), options=everything(Audit))
        document = audit_report.report([stored], issuer())
        nothing = audit_report.report([], issuer("en"))
    assert dict(document.cover)["Prüfende"] == "Rechnungsprüfungsamt"
    assert grid(document, "Bausteine der Stichprobe") == [
        (
            "ISMS.1",
            "Sicherheitsmanagement",
            "IV-0001 Kernverwaltung",
            "von Hand aufgenommen",
            "ja",
            "Von uns gewählt",
        )
    ]
    assert grid(document, "Feststellungen des Audits") == [
        ("AD-0001/1", "Schwerwiegende Abweichung", "Backup", "CON.3", "", date(2026, 4, 1), "", None, ""),
        ("AD-0001/2", "Geringfügige Abweichung", "Lager", "", "", None, "", date(2026, 2, 1), "Foto"),
    ]
    assert [block.text for block in nothing.blocks] == ["No audit is recorded."]  # type: ignore[union-attr]


# --- What management reads -----------------------------------------------------------------------


def test_the_figures_by_layer_are_those_of_the_check(house: House) -> None:
    [isms, server] = house.assign((None, "ISMS.1"), (house.server_id, "SYS.1.1"))
    house.answer(isms, "ISMS.1.A1", Given(Status.YES))
    house.answer(
        server, "SYS.1.1.A1", Given(Status.NO, responsible="IT", due=date(2026, 1, 5), measure="Absperren")
    )
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        found = briefing(session, domain, TODAY)
        layers = by_layer(overview(session, domain))
    assert found.layers == layers
    assert summed(found.levels.values()) == summed(layers.values())
    assert found.levels[Level.BASIC].by_status[Status.NO] == 1
    assert found.overdue == (Overdue(date(2026, 1, 5), "IV-0001/ZO-0001/SYS.1.1.A1", "Absperren", "IT"),)
    assert found.to_do == 1


def test_a_briefing_takes_the_same_number_of_questions_however_large_the_domain_is(house: House) -> None:
    def asked() -> int:
        questions: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            questions.append(statement)

        with house.database.reading(ORGANISATION) as session:
            domain = load_domain(session, house.domain_id)
            event.listen(house.database.engine, "before_cursor_execute", note)
            briefing(session, domain, TODAY)
            event.remove(house.database.engine, "before_cursor_execute", note)
        return len(questions)

    house.assign((None, "ISMS.1"))
    before = asked()
    house.assign(*((None, module.id) for module in edition_2023().modules if module.id != "ISMS.1"))
    assert asked() == before


def _tally(total: int, met: int, unanswered: int = 0) -> Tally:
    counts = dict.fromkeys(Status, 0)
    counts[Status.YES], counts[Status.OPEN] = met, unanswered
    counts[Status.NO] = total - met - unanswered
    return Tally(counts)


def _briefing(**facts: Any) -> Briefing:
    given = {
        "layers": {},
        "levels": {},
        "overdue": (),
        "to_do": 0,
        "audited": Audited(),
        "policies": Policies(),
    }
    return Briefing(**{**given, **facts})


def _tone(found: Briefing, subject: str) -> str:
    return {one.subject.de: one.tone for one in signals(found, TODAY)}[subject]


@pytest.mark.parametrize(
    ("subject", "facts", "tone"),
    [
        ("Basis-Anforderungen", {"levels": {Level.BASIC: _tally(100, 100)}}, GOOD),
        ("Basis-Anforderungen", {"levels": {Level.BASIC: _tally(100, 99)}}, FAIR),
        ("Basis-Anforderungen", {"levels": {Level.BASIC: _tally(100, 74)}}, BAD),
        ("Basis-Anforderungen", {"levels": {Level.BASIC: Tally()}}, DARK),
        ("Standard-Anforderungen", {"levels": {Level.STANDARD: _tally(100, 90)}}, GOOD),
        ("Standard-Anforderungen", {"levels": {Level.STANDARD: _tally(100, 60)}}, FAIR),
        ("Standard-Anforderungen", {"levels": {Level.STANDARD: _tally(100, 59)}}, BAD),
        ("Schutzbedarf", {"needs": dict.fromkeys(NEEDS, 0)}, DARK),
        ("Schutzbedarf", {"needs": dict.fromkeys(NEEDS, 0) | {NEEDS[0]: 2}}, GOOD),
        ("Schutzbedarf", {"needs": dict.fromkeys(NEEDS, 0) | {NEEDS[0]: 2, None: 2}}, FAIR),
        ("Schutzbedarf", {"needs": dict.fromkeys(NEEDS, 0) | {NEEDS[0]: 2, None: 3}}, BAD),
        ("Risiken", {"risks": Risks()}, DARK),
        ("Risiken", {"risks": Risks(before={CATEGORIES[0]: 1}, after={CATEGORIES[0]: 1})}, GOOD),
        ("Risiken", {"risks": Risks(before={CATEGORIES[1]: 1}, after={CATEGORIES[1]: 1}, waiting=1)}, FAIR),
        ("Risiken", {"risks": Risks(before={CATEGORIES[3]: 1}, after={CATEGORIES[2]: 1}, waiting=1)}, BAD),
        ("Risiken", {"risks": Risks(before={CATEGORIES[3]: 1}, after={CATEGORIES[2]: 1})}, GOOD),
        ("Risiken", {"risks": Risks(unanalysed=1)}, BAD),
        ("Maßnahmen", {}, GOOD),
        ("Maßnahmen", {"overdue": (Overdue(TODAY - timedelta(days=30), "1", "x", ""),)}, FAIR),
        ("Maßnahmen", {"overdue": (Overdue(TODAY - timedelta(days=31), "1", "x", ""),)}, BAD),
        ("Audits", {}, DARK),
        ("Audits", {"audited": Audited(last=TODAY)}, GOOD),
        ("Audits", {"audited": Audited(last=TODAY, still_open={Grade.MINOR: 1})}, FAIR),
        ("Audits", {"audited": Audited(last=TODAY, still_open={Grade.SEVERE: 1})}, BAD),
        ("Audits", {"audited": Audited(last=TODAY, late={Grade.MINOR: 1})}, BAD),
        ("Richtlinien", {}, GOOD),
        ("Richtlinien", {"policies": Policies(overdue=1)}, FAIR),
        ("Richtlinien", {"policies": Policies(missing=(PolicyKind.RISK,))}, BAD),
    ],
)
def test_a_traffic_light_follows_from_the_figures(subject: str, facts: dict[str, Any], tone: str) -> None:
    assert _tone(_briefing(**facts), subject) == tone


def test_large_figures_are_grouped_as_their_readers_write_them() -> None:
    [basic, *_others] = signals(_briefing(levels={Level.BASIC: _tally(3018, 2011, 44)}), TODAY)
    assert basic.why.de == "2.011 von 3.018 erfüllt oder entbehrlich, 44 noch nicht geprüft."
    assert basic.why.en.startswith("2,011 of 3,018 ")


@pytest.mark.parametrize("knows", [True, False])
def test_the_lights_are_explained_in_their_order(knows: bool) -> None:
    levels = {Level.BASIC: _tally(4, 4)} | ({Level.STANDARD: _tally(4, 4)} if knows else {})
    more = {"risks": Risks(unanalysed=1), "needs": dict.fromkeys(NEEDS, 1)} if knows else {}
    found = _briefing(levels=levels, **more)
    domain = InformationDomain(name="Stadt", approach=Approach.STANDARD, number=1, version=1)
    explained = [
        block.text for block in management.report(domain, found, issuer()).blocks if isinstance(block, Prose)
    ][-1]
    places = [explained.find(one.subject.de) for one in signals(found, TODAY)]
    assert places == sorted(places)
    assert -1 not in places
    assert explained.count(".") == len(places)


def test_the_basic_approach_has_no_light_and_no_decision_about_risks() -> None:
    found = _briefing(levels={Level.BASIC: _tally(4, 4)}, policies=Policies((PolicyKind.AUDITS,)))
    subjects = [one.subject.de for one in signals(found, TODAY)]
    assert subjects == ["Basis-Anforderungen", "Maßnahmen", "Audits", "Richtlinien"]
    assert [one.de for one in decisions(found, TODAY)] == ["Fehlende Richtlinien in Kraft setzen: 1 (A.0.4)."]
    keys = [point.key for point in points(found, Readiness(), {})]
    assert "risks" not in keys


_COUNTS = st.integers(0, 9999)
_TALLIES = st.builds(
    lambda counts: Tally(dict(zip(Status, counts, strict=True))),
    st.lists(_COUNTS, min_size=len(Status), max_size=len(Status)),
)
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=300
) | st.sampled_from(["W" * 200, "Wiederherstellung " * 20, ""])
_CATEGORIES = st.dictionaries(st.sampled_from(CATEGORIES), _COUNTS)


@st.composite
def briefings(draw: st.DrawFn) -> Briefing:
    knows = draw(st.booleans())
    layers = draw(st.lists(st.sampled_from(edition_2023().layers), unique=True))
    return Briefing(
        layers={layer: draw(_TALLIES) for layer in layers},
        levels={level: draw(_TALLIES) for level in draw(st.sampled_from([(), tuple(Level), (Level.BASIC,)]))},
        overdue=tuple(
            Overdue(
                TODAY - timedelta(days=draw(st.integers(1, 90))), "IV-0001/ZO-0150/OPS.1.1.3.A10", what, who
            )
            for what, who in draw(st.lists(st.tuples(_TEXTS, _TEXTS), max_size=8))
        ),
        to_do=draw(_COUNTS),
        audited=Audited(
            last=draw(st.none() | st.just(TODAY)),
            next=None,
            still_open={grade: draw(_COUNTS) for grade in Grade},
            late={grade: draw(_COUNTS) for grade in Grade},
        ),
        policies=Policies(tuple(draw(st.sampled_from([(), tuple(NUMBERS)]))), draw(_COUNTS)),
        risks=Risks(draw(_CATEGORIES), draw(_CATEGORIES), *(draw(_COUNTS) for _ in range(3)))
        if knows
        else None,
        needs={need: draw(_COUNTS) for need in NEEDS} if knows else None,
    )


@settings(max_examples=40)
@given(briefings(), _TEXTS, st.sampled_from(["de", "en"]))
def test_management_reads_exactly_two_pages_whatever_the_domain_holds(
    found: Briefing, text: str, language: str
) -> None:
    domain = InformationDomain(
        name=text[:200], responsible=text[:200], approach=Approach.STANDARD, number=1, version=1
    )
    out = BytesIO()
    pdf.write(management.report(domain, found, issuer(language)), out)
    with pikepdf.open(out) as written:
        assert len(written.pages) == 2


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["W" * 200, "Informationsverbund " * 10, "Kern"])
def test_two_pages_also_hold_the_most_that_can_be_said(name: str, language: str) -> None:
    counts = dict.fromkeys(Grade, 9999)
    tally = Tally(dict.fromkeys(Status, 9999))
    found = Briefing(
        layers=dict.fromkeys(edition_2023().layers, tally),
        levels=dict.fromkeys(Level, tally),
        overdue=(Overdue(date(2025, 1, 1), "IV-0001/ZO-0150/OPS.1.1.3.A10", "Ausfall " * 40, "W" * 200),) * 9,
        to_do=9999,
        audited=Audited(TODAY, TODAY, counts, counts),
        policies=Policies(tuple(NUMBERS), 9999),
        risks=Risks(dict.fromkeys(CATEGORIES, 9999), dict.fromkeys(CATEGORIES, 9999), 9999, 9999, 9999),
        needs=dict.fromkeys(NEEDS, 9999),
    )
    domain = InformationDomain(name=name, responsible=name, approach=Approach.STANDARD, number=1, version=1)
    out = BytesIO()
    pdf.write(management.report(domain, found, issuer(language)), out)
    with pikepdf.open(out) as written:
        assert len(written.pages) == 2


def test_management_sees_what_is_overdue_and_what_audits_found_as_bars() -> None:
    late = [Overdue(TODAY - timedelta(days=days), str(days), "x", "") for days in (1, 30, 31, 90, 91)]
    audited = Audited(TODAY, None, {Grade.SEVERE: 1, Grade.RECOMMENDATION: 3}, {Grade.SEVERE: 1})
    domain = InformationDomain(name="Kern", number=1, version=1)
    document = management.report(domain, _briefing(overdue=tuple(late), audited=audited), issuer())
    charts = [block.chart for block in document.blocks if isinstance(block, Figure)]
    assert [chart.values for chart in charts if isinstance(chart, Bars)][-2:] == [
        ((2, 2, 1),),
        ((1, 0, 3), (1, 0, 0)),
    ]
    nothing = management.report(domain, _briefing(), issuer())
    said = {block.text for block in nothing.blocks if isinstance(block, Prose)}
    assert {"Nichts ist überfällig.", "Aus Audits ist keine Feststellung offen."} <= said


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("key", [paper.key for paper in PAPERS])
def test_every_paper_is_an_accessible_pdf_and_a_workbook(house: House, key: str, language: str) -> None:
    house.assign((None, "ISMS.1"), (house.server_id, "SYS.1.1"))
    document = made(house, key, language)
    paper, workbook = BytesIO(), BytesIO()
    pdf.write(document, paper)
    assert problems(paper.getvalue()) == []
    xlsx.write(document, workbook)
    assert load_workbook(workbook).sheetnames
    assert not any(isinstance(block, Facts) and not block.rows for block in document.blocks)
