"""„Heute“ shows each person what the day asks of them, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from assessments.dpia.dpia import Dpia
from compliance.database import today
from compliance.entry import State
from compliance.people import Role
from registers.processing import ProcessingActivity
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

YESTERDAY = today() - timedelta(days=1)


def text_of(browsers: Browsers, role: Role) -> str:
    return browsers.of(role).get("/").text


def test_an_overdue_review_is_named_with_its_entry(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Hundesteuer", next_review=YESTERDAY))

    text = text_of(browsers, Role.DSB)

    assert "Hundesteuer" in text
    assert "seit 1 Tag überfällig" in text


def test_an_empty_day_names_the_next_deadline(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Hundesteuer", next_review=today() + timedelta(days=200)))

    assert "Heute ist nichts fällig." in text_of(browsers, Role.DSB)


def test_a_released_assessment_need_not_be_finished_any_more(browsers: Browsers, city: City) -> None:
    city.save(Dpia(name="Kameras", finish_by=YESTERDAY, state=State.RELEASED))
    city.save(Dpia(name="Drohnen", finish_by=YESTERDAY))

    text = text_of(browsers, Role.PROJECT_LEAD)

    assert ("Kameras" in text, "Drohnen" in text) == (False, True)


def test_what_is_in_review_waits_for_management_alone(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Melderegister", state=State.REVIEW))

    assert "Prüfen und freigeben" in text_of(browsers, Role.MANAGEMENT)
    assert "Prüfen und freigeben" not in text_of(browsers, Role.COORDINATOR)


def test_findings_of_imported_entries_are_not_pushed_at_anyone(browsers: Browsers, city: City) -> None:
    city.save(ProcessingActivity(name="Altbestand", state=State.IMPORTED))

    text = text_of(browsers, Role.DSB)

    assert "Keine neuen Feststellungen." in text
    assert "Bestand, noch ungeprüft:" in text
    assert "Verarbeitungstätigkeiten (1)" in text


def test_the_page_asks_as_often_for_thirty_entries_as_for_one(browsers: Browsers, city: City) -> None:
    asked = []
    event.listen(city.site.database.engine, "before_cursor_execute", lambda *_: asked.append(1))
    counts = []
    for more in (1, 29):
        city.save(*(ProcessingActivity(name=f"Nr. {n}", next_review=YESTERDAY) for n in range(more)))
        browser = browsers.of(Role.DSB)
        asked.clear()
        browser.get("/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_an_assessment_without_an_opinion_waits_for_the_data_protection_officer(
    browsers: Browsers, city: City
) -> None:
    city.save(Dpia(name="Drohnen", state=State.REVIEW))

    assert "Stellungnahme schreiben" in text_of(browsers, Role.DSB)
    assert "Stellungnahme schreiben" not in text_of(browsers, Role.ISB)
