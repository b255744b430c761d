"""An installation with something to say in OSCAL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assessments.grundschutz.check import Given, MetBy, Status, answer
from assessments.grundschutz.controls import answer_control, use_catalogue
from assessments.grundschutz.interviews import Interview, record_interview
from assessments.grundschutz.library import contents, control_catalogue, import_oscal
from assessments.grundschutz.modelling import assign, set_relevance
from assessments.grundschutz.oscal_profile import Source
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.oscal_documents import catalogue, control, stable, written


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A server with SYS.1.1 half answered, a module ruled out, and a catalogue of the house."""
    found = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    root = catalogue(
        control("K.1", "Sichern", prose="SOLLTE sichern.", props=stable(1)),
        control("K.2", "Löschen", prose="MUSS löschen.", props=stable(2)),
    )
    short = import_oscal(found.database, Source("haus.json", written(root)), actor=ACTOR).short
    with found.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, found.domain_id)
        on_server, excluded, isms = assign(
            session,
            domain,
            [(found.server_id, "SYS.1.1"), (found.room_id, "INF.5"), (None, "ISMS.1")],
            by=ISB,
        )
        asked = Interview(date(2026, 3, 2), "Jo Muster, IT", "Ida Beispiel")
        record_interview(session, [on_server], asked, by=ISB)
        set_relevance(excluded, relevant=False, reason="Der Raum ist ein Schrank.\nSiehe INF.2.", by=ISB)
        session.flush()
        partly = Given(
            Status.PARTIAL,
            measure="Absatz eins.\n\nAbsatz zwei.",
            responsible="Amt 11",
            due=date(2026, 9, 30),
        )
        answer(
            session,
            on_server,
            "SYS.1.1.A1",
            Given(Status.YES, evidence="Akte 7", evidence_on=date(2026, 3, 1), remark="Ja."),
            by=ISB,
        )
        answer(session, on_server, "SYS.1.1.A2", partly, by=ISB)
        answer(session, isms, "ISMS.1.A1", Given(Status.YES, met_by=MetBy.BOTH), by=ISB)
        header = control_catalogue(session, short)
        use = use_catalogue(session, domain, header, by=ISB)
        session.flush()
        key = stable(1)[0]["value"]
        answer_control(
            session,
            use,
            contents(session, header),
            key,
            Given(Status.UNNECESSARY, reason="Entfällt."),
            by=ISB,
        )
    yield found
    found.database.engine.dispose()
