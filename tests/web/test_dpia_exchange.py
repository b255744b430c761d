"""Impact assessments come in and leave in the browser, as people do it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange.jsonfile import LARGEST
from compliance.comments import Comment
from compliance.entry import State
from compliance.journal import history
from compliance.people import Role
from compliance.web.importing import Upload
from tests.browsers import Browser, Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

IMPORT = "/dpias/import/"
PIA = {
    "pia": {"name": "Ausleihe", "author_name": "Jule Petersen", "dpo_opinion": "Passt.", "later": "neu"},
    "answers": [{"reference_to": 111, "data": {"text": "<p>Medien<script>x()</script></p>"}}],
    "measures": [],
    "evaluations": [],
    "comments": [{"description": "Wer?", "reference_to": 111, "created_at": "2024-03-05T10:00:00.000Z"}],
}


@pytest.fixture
def lead(browsers: Browsers) -> Browser:
    return browsers.of(Role.PROJECT_LEAD)


def send(browser: Browser, content: bytes, *, status: int = 302) -> Any:
    data: list[tuple[str, Any]] = [("file", (io.BytesIO(content), "ausleihe.json"))]
    return browser.post(IMPORT, data, status=status, content_type="multipart/form-data")


def count(city: City, model: type[Any]) -> int:
    with city.site.database.reading(city.id) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_preview_says_what_comes_in_and_confirming_does_it(lead: Browser, city: City) -> None:
    preview = str(send(lead, json.dumps(PIA).encode()).location)
    page = lead.page(preview).main

    assert "Es entsteht die Folgenabschätzung „Ausleihe“ (CNIL PIA)" in page
    assert "pia.later" in page
    assert "Nicht lesbarer Inhalt entfernt (script)" in page
    assert count(city, Dpia) == 0

    shown = lead.page(str(lead.post(f"{preview}/confirm").location)).main
    assert "Aus der Quelle übernommen" in shown
    assert "Passt." in shown
    assert "x()" not in shown
    with city.site.database.reading(city.id) as session:
        dpia = session.scalars(select(Dpia)).one()
        assert (dpia.state, dpia.description, dpia.team) == (State.IMPORTED, "Medien", "Jule Petersen")
        assert [change.source for change in history(session, dpia)] == ["ausleihe.json"]
        assert session.scalars(select(Comment.text)).all() == ["Zu Frage 111 „Überblick“:\nWer?"]
    assert count(city, Upload) == 0


def test_a_bad_file_changes_nothing_and_says_where(lead: Browser, city: City) -> None:
    answer = send(lead, b'{"pia": {"name": ["a"]}}', status=422)

    assert "An der Stelle pia.name steht kein Text" in answer.text
    assert (count(city, Dpia), count(city, Upload)) == (0, 0)


def test_a_preview_can_be_discarded_and_belongs_to_one_person(
    lead: Browser, browsers: Browsers, city: City
) -> None:
    preview = str(send(lead, json.dumps(PIA).encode()).location)

    browsers.of(Role.READER).get(IMPORT, status=403)
    browsers.of(Role.DSB).get(preview, status=403)
    lead.post(f"{preview}/discard")
    lead.get(preview, status=404)
    assert count(city, Dpia) == 0


def test_an_assessment_leaves_for_other_tools_and_comes_back(lead: Browser) -> None:
    preview = str(send(lead, json.dumps(PIA).encode()).location)
    address = str(lead.post(f"{preview}/confirm").location)
    first = {name: lead.get(f"{address}/export.{name}") for name in ("cnil", "json", "jsonld")}

    assert {name: answer.status_code for name, answer in first.items()} == dict.fromkeys(first, 200)
    assert json.loads(first["jsonld"].text)["@type"] == "dpv:DPIA"
    again = str(send(lead, first["cnil"].data).location)
    following = str(lead.post(f"{again}/confirm").location)
    assert lead.get(f"{following}/export.cnil").data == first["cnil"].data
    own = str(send(lead, first["json"].data).location)
    copied = str(lead.post(f"{own}/confirm").location)
    assert "Passt." in lead.page(copied).main


JUDGED = PIA | {
    "evaluations": [
        {"reference_to": "1.1", "status": 1, "evaluation_comment": "Zu knapp.", "person_in_charge": "Ole"},
        {"reference_to": "1.2", "status": 3, "evaluation_comment": "Gut."},
    ]
}


def test_verdicts_of_a_file_stand_on_the_page_of_the_evaluation(lead: Browser, browsers: Browsers) -> None:
    preview = str(send(lead, json.dumps(JUDGED).encode()).location)
    assert "2 Beurteilungen" in lead.page(preview).main
    shown = str(lead.post(f"{preview}/confirm").location)
    assert "2 Teile beurteilt" in lead.page(shown).main
    number = shown.rpartition("/")[2]
    address = f"/dpias/{number}/evaluation"

    page = lead.page(address).main
    for words in ("Überblick", "Zu beheben", "Zu knapp.", "Ole", "Daten, Ablauf und Mittel", "Gut."):
        assert words in page
    browsers.of(Role.DSB).post(address, {"chapter": "DESCRIPTION", "verdict": "ACCEPTABLE"})
    assert "Zu knapp." not in lead.page(address).main


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(lead: Browser, city: City) -> None:
    answer = lead.upload(IMPORT, [("huge.json", b" " * (LARGEST + 1))], status=422)
    beyond = lead.upload(IMPORT, [("huge.json", b" " * (65 * 1024 * 1024))], status=413)

    assert "zu groß" in beyond.text
    assert "ist größer als 20 MB" in answer.text
    assert (count(city, Dpia), count(city, Upload)) == (0, 0)
