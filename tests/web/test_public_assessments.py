"""Public summaries of impact assessments: what management decided to show, and nothing else."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.public_summary import TEXTS, DpiaPublication, revealing
from compliance.entry import State, everything
from compliance.fields import Reference, References, fields
from compliance.journal import history
from compliance.language import LANGUAGES
from compliance.people import Role
from compliance.release import content_hash
from registers.authority import Authority
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.projects import Project
from registers.publication import switch_public_register
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City, found_city
from tests.web.test_public import marked

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

LIST = "/public/musterfoerde/assessments"
DECISION = "/dpias/1/public-summary"
WRITTEN = {
    "public_project": "Acht Kameras schützen nachts die Wartenden.",
    "public_reason": "Kameras nehmen alle auf, auch Kinder.",
    "public_risks": "Menschen könnten sich beobachtet fühlen.",
    "public_protection": "Bilder werden nach drei Tagen gelöscht.",
}


@pytest.fixture
def switched_on(city: City) -> City:
    with city.site.database.writing(actor=FOUNDER) as session:
        switch_public_register(session, city.id, "musterfoerde", on=True)
    return city


@pytest.fixture
def dpia(city: City) -> Dpia:
    made = Dpia(
        name="Videoschutz am Busbahnhof",
        team="Tom Behrens, Verkehrsplanung",
        state=State.RELEASED,
        decision=DpiaDecision.APPROVED,
        decided_on=date(2026, 5, 12),
        next_review=date(2027, 6, 30),
        decided_version=3,
        **WRITTEN,
    )
    city.save(made, Authority(name="Stadt", officer="Ines Falk", officer_email="dsb@stadt.example"))
    return city.stored(made)  # type: ignore[no-any-return]


@pytest.fixture
def management(browsers: Browsers) -> Browser:
    return browsers.of(Role.MANAGEMENT)


@pytest.fixture
def stranger(browsers: Browsers) -> Browser:
    return browsers.of_stranger()


def released_anew(city: City, dpia: Dpia, **changes: Any) -> None:
    """Changes *dpia* and has it released with the change."""
    stored = city.change(dpia, **changes)
    with city.site.database.reading(city.id) as session:
        whole = session.get_one(Dpia, (city.id, stored.id), options=everything(Dpia))
        fresh = content_hash(whole)
    city.change(dpia, released_hash=fresh)


# --- The text ------------------------------------------------------------------------------------


def test_the_texts_are_written_on_a_page_that_proposes_them(
    browsers: Browsers, city: City, dpia: Dpia
) -> None:
    lead = browsers.of(Role.PROJECT_LEAD)
    city.change(dpia, public_project="")

    before = lead.page(DECISION).main
    version = str(city.stored(dpia).version)
    lead.post(DECISION, {"version": version, "public_project": " Acht Kameras. "})

    assert "Vorschlag, noch nicht gespeichert." in before
    assert "Es geht um: Videoschutz am Busbahnhof." in before
    assert city.stored(dpia).public_project == "Acht Kameras."
    assert "Die DSFA wurde inzwischen geändert" in lead.post(
        DECISION, {"version": version, "public_project": "Neun."}, status=409
    ).get_data(as_text=True)
    assert city.stored(dpia).public_project == "Acht Kameras."


def test_writing_for_the_public_changes_nothing_that_was_released(city: City, dpia: Dpia) -> None:
    released_anew(city, dpia)

    city.change(dpia, public_risks="Anders gesagt.")

    assert city.stored(dpia).changed_since_release is False


def test_names_systems_and_addresses_in_the_text_are_pointed_out(
    management: Browser, city: City, dpia: Dpia
) -> None:
    activity = ProcessingActivity(name="Videoschutz", objects=[TargetObject(name="Rekorder 7")])
    city.save(activity)
    city.change(dpia, activities=[activity])
    city.change(dpia, public_risks="Tom Behrens und Rekorder 7, t.behrens@stadt.example, 04500 123456.")

    assert "Der Text nennt: Tom Behrens, Rekorder 7, t.behrens@stadt.example, 04500 123456." in (
        management.page(DECISION).main
    )
    assert revealing(dpia, [], WRITTEN.values()) == ()


# --- The decision --------------------------------------------------------------------------------


@pytest.mark.usefixtures("dpia")
@pytest.mark.parametrize("role", list(Role))
def test_management_alone_decides(browsers: Browsers, role: Role) -> None:
    status = browsers.of(role).status("POST", f"{DECISION}/publish")
    assert status == {Role.MANAGEMENT: 302, Role.ARCHIVE: 404}.get(role, 403)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.REVIEW},
        {"state": State.ENDED},
        {"decision": None},
        {"public_risks": ""},
        {"released_hash": "f" * 64, "description": "Neun Kameras."},
    ],
    ids=str,
)
def test_nothing_is_published_for_which_nobody_vouches(
    management: Browser, switched_on: City, dpia: Dpia, stranger: Browser, changes: dict[str, Any]
) -> None:
    switched_on.change(dpia, **changes)

    management.post(f"{DECISION}/publish", status=422)

    assert stranger.status("GET", f"{LIST}/1") == 404


def test_the_decision_is_in_the_journal(management: Browser, city: City, dpia: Dpia) -> None:
    management.post(f"{DECISION}/publish")
    management.post(f"{DECISION}/withdraw")
    management.post(f"{DECISION}/withdraw", status=422)

    with city.site.database.reading(city.id) as session:
        made = session.scalar(select(DpiaPublication).where(DpiaPublication.dpia_id == dpia.id))
        assert made is not None
        changes = history(session, made)
    name = city.people[Role.MANAGEMENT].name
    assert [(change.action, change.actor) for change in changes] == [("withdraw", name), ("publish", name)]
    assert WRITTEN["public_risks"] in changes[1].state["extract"]


# --- Public pages --------------------------------------------------------------------------------


def told(page: str) -> str:
    """The text of a page as somebody reads it, with single spaces."""
    body = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", f"<main{body}").split())


@pytest.mark.usefixtures("switched_on", "dpia")
def test_everybody_reads_the_summary_the_result_and_whom_to_ask(
    management: Browser, stranger: Browser
) -> None:
    management.post(f"{DECISION}/publish")
    today = told(stranger.get(f"{LIST}/1").text).rpartition("Veröffentlicht am ")[2]

    assert told(stranger.get(f"{LIST}/1").text) == (
        "Folgenabschätzungen DSFA-0001 Videoschutz am Busbahnhof "
        "Was das Vorhaben tut Acht Kameras schützen nachts die Wartenden. "
        "Warum die Folgen abgeschätzt wurden Kameras nehmen alle auf, auch Kinder. "
        "Welche Risiken geprüft wurden Menschen könnten sich beobachtet fühlen. "
        "Was die Menschen schützt Bilder werden nach drei Tagen gelöscht. "
        "Ergebnis Das Vorhaben darf umgesetzt werden. "
        "Entschieden am 12.05.2026 Wird erneut geprüft am 30.06.2027 "
        f"Kontakt der Datenschutzbeauftragten dsb@stadt.example Veröffentlicht am {today}"
    )
    english = stranger.get(f"{LIST}/1?language=en").text
    assert "The project may go ahead." in english
    assert '<div class="prose" lang="de">' in english
    assert "DSFA-0001" in stranger.page(f"{LIST}?q=BEOBACHTET").main
    assert "Keine Folgenabschätzung passt" in stranger.page(f"{LIST}?q=Drohne").main
    assert f'href="{LIST}?language=de"' in stranger.get("/public/musterfoerde/register").text


def test_a_later_change_is_not_public_before_it_is_decided(
    management: Browser, stranger: Browser, switched_on: City, dpia: Dpia
) -> None:
    management.post(f"{DECISION}/publish")
    switched_on.change(dpia, public_risks="Ganz neu.")
    assert "Ganz neu." not in stranger.get(f"{LIST}/1").text
    assert "geändert seit der Entscheidung" in management.page(DECISION).main

    management.post(f"{DECISION}/publish")
    assert "Ganz neu." in stranger.get(f"{LIST}/1").text


@pytest.mark.parametrize("how", ["withdrawn", "ended", "switched off", "released anew", "decided anew"])
def test_what_no_longer_stands_is_gone_by_itself(
    management: Browser, stranger: Browser, switched_on: City, dpia: Dpia, how: str
) -> None:
    management.post(f"{DECISION}/publish")
    assert stranger.status("GET", f"{LIST}/1") == 200
    match how:
        case "withdrawn":
            management.post(f"{DECISION}/withdraw")
        case "ended":
            switched_on.change(dpia, state=State.ENDED)
        case "switched off":
            with switched_on.site.database.writing(actor=FOUNDER) as session:
                switch_public_register(session, switched_on.id, "", on=False)
        case "released anew":
            released_anew(switched_on, dpia, description="Neun Kameras.")
        case _:
            switched_on.change(dpia, decided_version=9)

    assert stranger.status("GET", f"{LIST}/1") == 404
    assert "Videoschutz" not in stranger.get(LIST, status=404 if how == "switched off" else 200).text
    if how != "switched off":
        assert LIST not in stranger.get("/public/musterfoerde/register").text


def test_a_neighbour_has_summaries_of_its_own(
    management: Browser, stranger: Browser, switched_on: City, dpia: Dpia
) -> None:
    management.post(f"{DECISION}/publish")
    neighbour = found_city(switched_on.site, "Gemeinde Nebenan")
    with switched_on.site.database.writing(actor=FOUNDER) as session:
        switch_public_register(session, neighbour.id, "nebenan", on=True)

    assert dpia.name not in stranger.get("/public/nebenan/assessments").text
    assert stranger.status("GET", "/public/nebenan/assessments/1") == 404


@pytest.mark.usefixtures("switched_on", "dpia")
def test_caches_may_keep_what_is_public_and_notice_each_decision(
    management: Browser, stranger: Browser
) -> None:
    management.post(f"{DECISION}/publish")
    for page in (LIST, f"{LIST}/1"):
        first = stranger.get(page)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in first.headers
        assert management.get(page).data == first.data
        assert stranger.get(page, headers={"If-None-Match": first.headers["ETag"]}, status=304).data == b""
    management.post(f"{DECISION}/withdraw")
    assert stranger.get(f"{LIST}/1", status=404).headers["Cache-Control"] == "no-store"
    assert management.get(DECISION).headers["Cache-Control"] == "no-store"


# --- Nothing else leaves -------------------------------------------------------------------------

PUBLIC = {("Dpia", "name"), *(("Dpia", name) for name in TEXTS)} | {
    ("Authority", name) for name in ("officer_address", "officer_telephone", "officer_email")
}
"""The texts that become public; written apart from the program."""


def test_no_other_text_of_the_assessment_leaves(
    management: Browser, stranger: Browser, switched_on: City
) -> None:
    marks: dict[str, tuple[str, str]] = {}
    dpia = marked(
        Dpia(state=State.RELEASED, decision=DpiaDecision.APPROVED, decided_on=date(2026, 5, 12)), marks
    )
    tied = {name for name, spec in fields(Dpia).items() if isinstance(spec, Reference | References)}
    assert tied == {"unit", "project", "activities"}, "what is new has to be marked here"
    dpia.project = marked(Project(), marks)
    dpia.activities = [marked(ProcessingActivity(), marks)]
    dpia.decided_matrix = ""
    switched_on.save(marked(Authority(), marks), dpia)
    management.post(f"{DECISION}/publish")

    seen = "".join(
        stranger.get(f"{page}?language={language}").text
        for page in (LIST, f"{LIST}/1")
        for language in LANGUAGES
    )
    assert {marks[mark] for mark in marks if mark in seen} == PUBLIC
