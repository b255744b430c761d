"""The page of a review: reasons on top, the comparison below, and only whoever may edit acts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import RiskLevel
from assessments.dpia.occasions import Occasion
from assessments.dpia.review import ReviewReason, open_reasons
from assessments.dpia.review_cycle import DEFAULT_CYCLE, ReviewCycle, cycle_of
from compliance.database import today
from compliance.entry import State, everything
from compliance.people import Role
from compliance.release import content_hash
from registers.breaches import Breach
from registers.processing import ProcessingActivity, Scale
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/dpias/1/review"


@pytest.fixture
def dpia(city: City) -> Dpia:
    activity = ProcessingActivity(name="Kita-Portal", unit=city.units["office"], scale=Scale.HUNDRED)
    city.save(activity)
    dpia = Dpia(
        name="Kita-Portal",
        unit=city.units["office"],
        activities=[activity],
        description="Eltern melden Kinder an.",
        decision=DpiaDecision.APPROVED,
        decided_on=today(),
        decided_risk=RiskLevel.MEDIUM,
        next_review=today() + timedelta(days=100),
    )
    city.save(dpia, by=Role.PROJECT_LEAD)
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        stored.state, stored.released_hash = State.RELEASED, content_hash(stored)
        stored.released_version = stored.version + 1
        session.info["action"] = "release"
    return dpia


def happen(city: City, dpia: Dpia) -> None:
    """A breach, more persons, and other words in the assessment itself."""
    activity = dpia.activities[0]
    city.save(Breach(name="Fehlversand", activities=[city.stored(activity)]))
    city.change(activity, scale=Scale.MORE)
    city.change(dpia, description="Eltern und Großeltern melden Kinder an.", by=Role.PROJECT_LEAD)


def reasons(city: City, dpia: Dpia) -> list[ReviewReason]:
    with city.site.database.reading(city.id) as session:
        return open_reasons(session, dpia)


def test_the_page_names_the_reasons_first_and_then_every_difference(
    browsers: Browsers, city: City, dpia: Dpia
) -> None:
    happen(city, dpia)
    page = browsers.of(Role.PROJECT_LEAD).get(PAGE)
    at = [page.text.index(words) for words in ("Fehlversand", "Vergleich mit", "Worauf die Abschätzung")]
    assert at == sorted(at)
    assert "und Großeltern" in page.text
    assert "über 10.000" in page.text


def test_a_review_runs_from_its_beginning_to_its_end_in_the_browser(
    browsers: Browsers, city: City, dpia: Dpia
) -> None:
    happen(city, dpia)
    lead = browsers.of(Role.PROJECT_LEAD)
    lead.post(f"{PAGE}/begin", {"told": ""})
    lead.post(f"{PAGE}/finish", {"conclusion": "Fertig.", "next_review": ""}, status=422)
    for reason in reasons(city, dpia):
        answer = {"influence": "ADAPTED", "explanation": "Beschreibung ergänzt."}
        lead.post(f"{PAGE}/reasons/{reason.id.hex}", answer)
    lead.post(f"{PAGE}/finish", {"conclusion": "Fertig.", "next_review": "morgen"}, status=422)
    lead.post(f"{PAGE}/finish", {"conclusion": "Fertig.", "next_review": ""})

    assert reasons(city, dpia) == []
    assert "Bisherige Überprüfungen" in lead.get(PAGE).text


def test_what_was_typed_is_shown_again_where_it_is_refused(
    browsers: Browsers, city: City, dpia: Dpia
) -> None:
    happen(city, dpia)
    lead = browsers.of(Role.PROJECT_LEAD)
    lead.post(f"{PAGE}/begin", {"told": ""})
    first = reasons(city, dpia)[0]
    typed = {"reason": first.id.hex, "explanation": "Keine Ahnung, welche Auswahl."}
    page = lead.post(f"{PAGE}/reasons/{first.id.hex}", typed, status=422)
    assert "Keine Ahnung, welche Auswahl." in page.text


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [
        (Role.PROJECT_LEAD, 200, 302),
        (Role.DSB, 200, 403),
        (Role.MANAGEMENT, 200, 403),
        (Role.READER, 200, 403),
        (Role.ARCHIVE, 404, 404),
    ],
)
def test_everybody_who_sees_the_assessment_sees_its_review_and_the_lead_acts(
    browsers: Browsers, city: City, dpia: Dpia, role: Role, sees: int, acts: int
) -> None:
    happen(city, dpia)
    browser = browsers.of(role)
    browser.get(PAGE, status=sees)
    browser.post(f"{PAGE}/begin", {"told": "Routine."}, status=acts)
    running = city.stored(dpia).under_review_since
    assert running == (today() if acts == 302 else None)


def test_what_a_breach_says_is_for_those_who_may_read_it(browsers: Browsers, city: City, dpia: Dpia) -> None:
    happen(city, dpia)
    link = 'href="/registers/breaches/1"'
    assert link in browsers.of(Role.DSB).get(PAGE).text
    assert link not in browsers.of(Role.PROJECT_LEAD).get(PAGE).text


def test_the_desk_leads_to_the_review_with_its_reason(browsers: Browsers, city: City, dpia: Dpia) -> None:
    city.save(Breach(name="Fehlversand", activities=[city.stored(dpia.activities[0])]))
    for role in (Role.PROJECT_LEAD, Role.DSB):
        page = browsers.of(role).get("/").text
        assert f'href="{PAGE}"' in page
        assert "Überprüfung: Datenschutzverletzung" in page
    assert [reason.occasion for reason in reasons(city, dpia)] == [Occasion.INCIDENT]


def test_the_workspace_says_that_a_review_is_needed(browsers: Browsers, city: City, dpia: Dpia) -> None:
    happen(city, dpia)
    page = browsers.of(Role.PROJECT_LEAD).get("/registers/dpias/1").text
    assert "Diese DSFA ist zu überprüfen: 2 Anlässe." in page


@pytest.mark.parametrize(("role", "status"), [(Role.ADMINISTRATOR, 302), (Role.DSB, 302), (Role.READER, 403)])
def test_the_cycle_is_kept_by_whoever_keeps_the_data_of_the_authority(
    browsers: Browsers, city: City, role: Role, status: int
) -> None:
    browser = browsers.of(role)
    browser.post("/dpias/review-cycle", {"high": "6", "medium": "12", "low": "18"}, status=status)
    with city.site.database.reading(city.id) as session:
        kept = cycle_of(session)
    assert kept == (ReviewCycle(6, 12, 18) if status == 302 else DEFAULT_CYCLE)


def test_months_that_make_no_cycle_are_shown_again(browsers: Browsers) -> None:
    browser = browsers.of(Role.ADMINISTRATOR)
    sent = {"high": "6", "medium": "3", "low": "18"}
    assert 'value="18"' in browser.post("/dpias/review-cycle", sent, status=422).text


def test_a_newer_shipped_list_is_told_before_and_asked_in_the_review(
    city: City, dpia: Dpia, browsers: Browsers
) -> None:
    city.change(dpia, lists_known='{"DSK": "1.0"}')
    lead = browsers.of(Role.PROJECT_LEAD)
    entry, before = lead.get("/registers/dpias/1").text, lead.get(PAGE).text
    lead.post(f"{PAGE}/begin", {"told": ""})
    during = lead.get(PAGE).text

    title = "Version 1.1"
    assert "Diese DSFA ist zu überprüfen: 1 Anlass." in entry
    assert [title in page for page in (entry, before, during)] == [True, True, True]
    assert "Wird mit dem Beginn der Überprüfung zum Anlass, der zu beantworten ist." in before
    assert "Wird mit" not in during
    assert [("Neu:" in page) for page in (before, during)] == [True, True]
    assert "Berührt das die Abschätzung?" in during
