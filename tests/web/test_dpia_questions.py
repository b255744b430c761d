"""An assessment is answered question by question; two people, a release, a new catalogue lose nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia, DpiaDecision
from compliance.entry import State, everything
from compliance.journal import history
from compliance.people import Role
from compliance.release import authors_since_release, content_hash
from registers.processing import ProcessingActivity, Purpose
from registers.processors import Processor
from tests.browsers import Browser, Browsers
from tests.city import City, add_person
from tests.pages import Page

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture
def lead(browsers: Browsers) -> Browser:
    return browsers.of(Role.PROJECT_LEAD)


@pytest.fixture
def dpia(city: City) -> Dpia:
    activity = ProcessingActivity(
        name="Kita-Portal",
        unit=city.units["office"],
        purposes=[Purpose(text="Platzvergabe")],
        processors=[Processor(name="Nordcloud GmbH", unit=city.units["office"])],
    )
    made = Dpia(name="Kita-Portal", unit=city.units["office"], activities=[activity])
    city.save(made)
    return made


def page(browser: Browser, address: str) -> Page:
    return Page(browser.get(address).text)


def at(dpia: Dpia, question: str, part: str = "") -> str:
    return f"/dpias/{dpia.number}/questions/{question}" + (f"/{part}" if part else "")


def stored(city: City) -> list[tuple[str, str, str]]:
    with city.site.database.reading(city.id) as session:
        return [
            (answer.question, answer.part_title, answer.text)
            for answer in session.scalars(select(DpiaAnswer).order_by(DpiaAnswer.id))
        ]


def answer(browser: Browser, dpia: Dpia, question: str, text: str, *, status: int = 302, **more: Any) -> Any:
    form = {"version": "0", "text": text, "do": "next"} | more
    return browser.post(at(dpia, question), form, status=status)


def test_saving_goes_on_to_the_next_question(lead: Browser, city: City, dpia: Dpia) -> None:
    following = page(lead, at(dpia, "scope")).value("following")
    went = answer(lead, dpia, "scope", "Nur das Portal.", following=following)
    assert went.location == at(dpia, "actors")
    assert stored(city) == [("scope", "", "Nur das Portal.")]
    with city.site.database.reading(city.id) as session:
        (found,) = session.scalars(select(DpiaAnswer))
        assert [change.action for change in history(session, found)] == ["create"]
    assert city.stored(dpia).version == dpia.version


def test_a_field_of_the_assessment_is_answered_in_the_same_way(lead: Browser, city: City, dpia: Dpia) -> None:
    answer(lead, dpia, "team", "Jonas Brandt", version=str(dpia.version))
    assert (city.stored(dpia).team, stored(city)) == ("Jonas Brandt", [])


def test_what_the_record_knows_is_only_confirmed(lead: Browser, city: City, dpia: Dpia) -> None:
    asked = page(lead, at(dpia, "actors"))
    assert "Was das Verzeichnis dazu weiß" in asked.main
    form = {"version": "0", "text": "", "do": "take", "fingerprint": asked.value("fingerprint")}
    lead.post(at(dpia, "actors"), form)
    ((question, _part, text),) = stored(city)
    assert (question, "Auftragsverarbeiter: AV-0001 Nordcloud GmbH" in text) == ("actors", True)
    shown = page(lead, at(dpia, "actors")).main
    assert "Aus VT-0001, Stand" in shown


def test_adapting_puts_the_known_text_into_the_answer_and_remembers_its_source(
    lead: Browser, city: City, dpia: Dpia
) -> None:
    fingerprint = page(lead, at(dpia, "actors")).value("fingerprint")
    adapted = lead.post(
        at(dpia, "actors"), {"version": "0", "do": "adapt", "fingerprint": fingerprint}, status=200
    )
    form = Page(adapted.text)
    assert "Nordcloud GmbH" in form.value("text")
    lead.post(
        at(dpia, "actors"),
        {"version": "0", "text": "Nur die Firma.", "do": "next", "taken": form.value("taken")},
    )
    with city.site.database.reading(city.id) as session:
        (found,) = session.scalars(select(DpiaAnswer))
        assert (found.text, found.source) == ("Nur die Firma.", "VT-0001")


def test_a_changed_source_shows_the_difference_and_is_taken_over_with_one_click(
    lead: Browser, city: City, dpia: Dpia
) -> None:
    fingerprint = page(lead, at(dpia, "actors")).value("fingerprint")
    lead.post(at(dpia, "actors"), {"version": "0", "do": "take", "fingerprint": fingerprint})
    city.change(dpia.activities[0], processors=[])
    changed = page(lead, at(dpia, "actors"))
    assert "Die Quelle hat sich seither geändert." in changed.main
    form = {
        "version": changed.value("version"),
        "do": "take",
        "fingerprint": changed.value("fingerprint"),
    }
    lead.post(at(dpia, "actors"), form)
    ((_question, _part, text),) = stored(city)
    assert "Nordcloud" not in text


def test_a_stale_confirmation_is_refused(lead: Browser, city: City, dpia: Dpia) -> None:
    fingerprint = page(lead, at(dpia, "actors")).value("fingerprint")
    city.change(dpia.activities[0], processors=[])
    lead.post(at(dpia, "actors"), {"version": "0", "do": "take", "fingerprint": fingerprint}, status=409)
    assert stored(city) == []


def test_two_answers_at_once_are_both_shown_and_none_is_lost(
    lead: Browser, city: City, browsers: Browsers, dpia: Dpia
) -> None:
    other = browsers.of_person(add_person(city, Role.PROJECT_LEAD, name="Zweite Hand"))
    answer(other, dpia, "scope", "Mit dem Fachverfahren.")
    conflict = Page(answer(lead, dpia, "scope", "Nur das Portal.", status=409).text)
    assert "Mit dem Fachverfahren." in conflict.main
    assert (conflict.value("text"), stored(city)) == (
        "Nur das Portal.",
        [("scope", "", "Mit dem Fachverfahren.")],
    )
    answer(lead, dpia, "scope", "Beides.", version=conflict.value("version"))
    assert stored(city) == [("scope", "", "Beides.")]


def test_a_question_for_a_purpose_keeps_its_name(lead: Browser, city: City, dpia: Dpia) -> None:
    part = dpia.activities[0].purposes[0].id.hex
    form = {"version": "0", "text": "Losen wäre nicht gerecht.", "part_title": "Platzvergabe"}
    lead.post(at(dpia, "purpose_need", part), form)
    city.change(dpia.activities[0], purposes=[])
    assert stored(city) == [("purpose_need", "Platzvergabe", "Losen wäre nicht gerecht.")]
    assert "Losen wäre nicht gerecht." in page(lead, f"/registers/dpias/{dpia.number}").main


def test_what_is_typed_is_kept_until_it_is_saved(lead: Browser, dpia: Dpia) -> None:
    form = {"question": "scope", "part": "", "version": "0", "text": "Halb fert"}
    lead.post(f"/dpias/{dpia.number}/question-draft", form, status=200)
    assert page(lead, at(dpia, "scope")).value("text") == "Halb fert"
    answer(lead, dpia, "scope", "Fertig.")
    assert page(lead, at(dpia, "scope")).value("text") == "Fertig."
    lead.post(f"/dpias/{dpia.number}/question-draft", form | {"version": "1"}, status=200)
    lead.post(f"/dpias/{dpia.number}/question-draft/discard", form)
    assert page(lead, at(dpia, "scope")).value("text") == "Fertig."


def test_only_who_may_edit_answers(browsers: Browsers, city: City, dpia: Dpia) -> None:
    reader = browsers.of(Role.READER)
    answer(reader, dpia, "scope", "Heimlich.", status=403)
    assert stored(city) == []


@pytest.mark.parametrize("question", ["nothing", "ai_use"])
def test_a_question_that_does_not_arise_is_not_found(lead: Browser, dpia: Dpia, question: str) -> None:
    lead.get(at(dpia, question), status=404)


def test_another_catalogue_keeps_every_answer(lead: Browser, city: City, dpia: Dpia) -> None:
    answer(lead, dpia, "scope", "Nur das Portal.")
    answer(lead, dpia, "fairness", "Alle Kriterien stehen im Portal.")
    page(lead, f"/dpias/{dpia.number}/catalogue")
    lead.post(f"/dpias/{dpia.number}/catalogue", {"catalogue": "edpb/2026-1.0"})
    assert city.stored(dpia).catalogue == "edpb/2026-1.0"
    shown = page(lead, f"/registers/dpias/{dpia.number}").main
    assert ("Nur das Portal." in shown, "Profil der EDSA-Vorlage 2026" in shown) == (True, True)


def test_the_workspace_shows_progress_and_the_picture(lead: Browser, dpia: Dpia) -> None:
    shown = page(lead, f"/registers/dpias/{dpia.number}")
    assert [one["class"] for one in shown.all("progress")] == ["question__bar", "question__bar"]
    assert "Nordcloud GmbH" in " ".join(one.text for one in shown.all("svg"))
    assert "style=" not in shown.source


def test_the_report_follows_either_catalogue(browsers: Browsers, lead: Browser, dpia: Dpia) -> None:
    answer(lead, dpia, "scope", "Nur das Portal.")
    dsb = browsers.of(Role.DSB)
    for key, chapter in (("nachweis/2026-1", "Vorbereitung"), ("edpb/2026-1.0", "0 Überblick")):
        told = dsb.get(f"/dpias/{dpia.number}/report.json?catalogue={key}").get_json()
        texts = [block.get("text") for block in told["blocks"]]
        assert chapter in texts
        assert "Nur das Portal." in texts
    for extension in ("pdf", "xlsx"):
        dsb.get(f"/dpias/{dpia.number}/report.{extension}?catalogue=edpb/2026-1.0")


@pytest.mark.parametrize("key", ["nachweis/2026-1", "edpb/2026-1.0"])
def test_the_report_says_what_no_chapter_of_the_catalogue_names(
    browsers: Browsers, city: City, dpia: Dpia, key: str
) -> None:
    city.change(dpia, consulted_on=date(2026, 10, 5))

    told = browsers.of(Role.DSB).get(f"/dpias/{dpia.number}/report.json?catalogue={key}").get_json()

    assert "Konsultation der Aufsichtsbehörde" in [block.get("text") for block in told["blocks"]]


# --- Release -------------------------------------------------------------------------------------


def test_a_release_vouches_for_the_answers(lead: Browser, city: City, dpia: Dpia) -> None:
    answer(lead, dpia, "scope", "Nur das Portal.")
    with city.site.database.reading(city.id) as session:
        whole = content_hash(session.get_one(Dpia, (city.id, dpia.id), options=_all()))
    city.change(dpia, released_hash=whole, state=State.RELEASED)
    assert city.stored(dpia).changed_since_release is False
    answer(lead, dpia, "scope", "Auch die Schnittstelle.", version="1")
    assert city.stored(dpia).changed_since_release is True
    answer(lead, dpia, "scope", "Nur das Portal.", version="2")
    assert city.stored(dpia).changed_since_release is False
    answer(lead, dpia, "fairness", "Neu beantwortet.")
    assert city.stored(dpia).changed_since_release is True


def test_an_answer_given_after_the_decision_shows(lead: Browser, city: City, dpia: Dpia) -> None:
    answer(lead, dpia, "scope", "Nur das Portal.")
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        stored.decision, stored.decided_version = DpiaDecision.REJECTED, stored.version + 1
        session.info["action"] = "decide"
    assert "Seit der Entscheidung geändert" not in page(lead, f"/registers/dpias/{dpia.number}").main
    answer(lead, dpia, "fairness", "Neu beantwortet.")
    shown = page(lead, f"/registers/dpias/{dpia.number}").main
    assert "Seit der Entscheidung geändert: Wodurch ist die Verarbeitung fair" in shown


def test_whoever_answered_is_an_author(lead: Browser, city: City, dpia: Dpia) -> None:
    answer(lead, dpia, "scope", "Nur das Portal.")
    with city.site.database.reading(city.id) as session:
        entry = session.get_one(Dpia, (city.id, dpia.id), options=_all())
        assert city.people[Role.PROJECT_LEAD].id.hex in authors_since_release(session, entry)


def _all() -> Any:
    return everything(Dpia)
