"""Whatever is sent by any form of any page is saved or refused in words, and never breaks the application."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import Phase, example, given, note, settings
from werkzeug.test import TestResponse

from compliance.app import ALL_REGISTERS, create_app
from compliance.people import Organisation, Person, Role
from compliance.web.signin import COOKIE
from tests.city import FOUNDER, City, add_person, demo_city, demo_copy, sign_in
from tests.forms import Body, Sheet, bodies, endpoint_of, filled, kind_of, sheets
from tests.pages import Page

EXAMPLES: Final = 2
"""In how many ways each form is sent, besides once as a person would fill it in."""

PAGES_OF_A_KIND: Final = 1
"""How many pages are searched for forms that differ only in a number or a key."""

FILES_OF_A_KIND: Final = (
    "paper",
    "report",
    "export",
    "download",
    "workbook",
    "listing",
    "printing.entry",
    "dossier",
)
"""How the names of pages end that are files, which hold no form and take long to write."""

STARTS: Final = (
    "/",
    "/account/",
    "/report-breach",
    "/public/wardersund/request",
    "/public/wardersund/breach",
    "/registers/dpias/6",
    "/dpias/5/decision",
    "/dpias/1/review",
    "/dpias/2/review",
    "/dpias/19/copied",
    "/dpias/1/public-summary",
    "/publications/45",
    "/rounds/1/",
    "/registers/processing-activities/76/sample",
    "/registers/norms/library",
    "/registers/services/matching",
    "/risk-analyses/2/acceptance",
    "/dpias/import/",
    "/registers/processing-activities/import/",
    "/registers/pre-scans/1",
    "/pre-scans/link",
    "/registers/measures/library",
    "/registers/risk-scenarios/shipped",
    "/audits/2/sample",
    "/registers/audits/2",
    "/grundschutz/1/plan/propose",
    "/grundschutz/1/papers/unused",
    "/grundschutz/1/workbook",
    "/grundschutz/1/oscal/",
    "/catalogues/own/",
    "/grundschutz/1/wiba",
)
"""Where the search begins: the start page, and pages in a state that the first of their kind is not in."""

ELSEWHERE: Final = {
    "bulk.carry_out": "tests/web/test_importing.py",
    "calendars.revoke": "tests/web/test_calendars.py",
    "check_bulk.requirement": "tests/web/test_check_sources.py",
    "check_parts.save": "tests/web/test_check_parts.py",
    "check_sources.let_go": "tests/web/test_check_sources.py",
    "check_sources.renew": "tests/web/test_check_sources.py",
    "check_workbook.apply": "tests/web/test_check_workbook.py",
    "check_workbook.discard": "tests/web/test_check_workbook.py",
    "comments.done": "tests/web/test_comments.py",
    "control_check.confirm": "tests/web/test_catalogue_pages.py",
    "control_check.model": "tests/web/test_own_catalogues.py",
    "dpia.take": "tests/web/test_dpia_pages.py",
    "dpia_decisions.show": "tests/web/test_decision_pages.py",
    "dpia_exchange.confirm": "tests/web/test_dpia_exchange.py",
    "dpia_exchange.discard": "tests/web/test_dpia_exchange.py",
    "dpia_fundamental_rights.take": "tests/web/test_decision_pages.py",
    "dpia_questions.discard_draft": "tests/web/test_dpia_questions.py",
    "dpia_reviews.end": "tests/web/test_review_pages.py",
    "dpia_summaries.decide": "tests/web/test_public_assessments.py",
    "dpia_summaries.take_back": "tests/web/test_public_assessments.py",
    "grundschutz.remove": "tests/web/test_grundschutz_pages.py",
    "importing.confirm": "tests/web/test_importing.py",
    "importing.discard": "tests/web/test_importing.py",
    "importing.forget": "tests/web/test_importing.py",
    "importing.rematch": "tests/web/test_importing.py",
    "invited.answer": "tests/web/test_participation.py",
    "norms.load_library": "tests/web/test_norms_pages.py",
    "norms.match": "tests/web/test_norms_pages.py",
    "oscal.apply": "tests/web/test_oscal_pages.py",
    "oscal.discard": "tests/web/test_oscal_pages.py",
    "own_catalogues.apply": "tests/web/test_own_catalogues.py",
    "own_catalogues.discard": "tests/web/test_own_catalogues.py",
    "participation.start": "tests/web/test_participation.py",
    "prescans.keep": "tests/web/test_prescans.py",
    "prescans.mail": "tests/web/test_prescans.py",
    "prescans.overview": "tests/web/test_prescans.py",
    "prescans.question": "tests/web/test_prescans.py",
    "rounds.start": "tests/registers/test_rounds.py",
    "roundtrip.apply": "tests/web/test_roundtrip.py",
    "roundtrip.discard": "tests/web/test_roundtrip.py",
    "signin.sign_in": "tests/web/test_signin.py",
    "successors.take": "tests/web/test_successor_pages.py",
    "wiba.answer": "tests/web/test_wiba_pages.py",
    "wiba.carry_over": "tests/web/test_wiba_pages.py",
    "wiba.take_filled": "tests/web/test_wiba_pages.py",
}
"""Forms that are reached only in a certain state or behind an upload, and where they are tried."""

ENDING: Final = ("account.revoke", "signin.sign_out")
"""Forms that end the sign-in by which all others are sent, and so come last."""


# --- Finding the forms ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city(wardersund_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    site = demo_copy(wardersund_template, tmp_path_factory.mktemp("forms") / "copy")
    found = demo_city(site)
    with site.database.writing(actor=FOUNDER) as session:
        session.get_one(Organisation, found.id).public_desk = True
    yield found
    site.database.engine.dispose()


@pytest.fixture(scope="module")
def app(city: City) -> Flask:
    application = create_app(city.site)
    # A fault goes through to the test, which then names the line.
    application.testing = True
    return application


@pytest.fixture(scope="module")
def client(app: Flask, city: City) -> FlaskClient:
    """The browser of somebody who may do everything, and so is shown every form."""
    anybody: Person = add_person(city, *Role, name="Alex Anybody")
    browser = app.test_client()
    browser.set_cookie(COOKIE, sign_in(city, anybody))
    return browser


class Forms:
    """The forms of the application, one of each kind, found by following the links of its pages."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self._app = app
        self._client = client
        self._met: dict[str, int] = {}
        self._waiting: deque[str] = deque()
        self.found: dict[str, Sheet] = {}
        """By kind, in the order in which they were found."""

    def search(self, *addresses: str) -> None:
        """Reads the pages at *addresses* and those that they lead to."""
        self._waiting.extend(addresses)
        while self._waiting:
            address = self._waiting.popleft()
            self.read(address, self._client.get(address, buffered=True))

    def read(self, address: str, response: TestResponse) -> None:
        """Takes the forms from the page in *response*, and notes the links that lead to further kinds."""
        if response.mimetype != "text/html" or response.status_code != 200:
            return
        page = Page(response.text)
        for sheet in sheets(address, page):
            self.found.setdefault(kind_of(self._app, sheet.action, "POST"), sheet)
        for link in page.all("a"):
            kind = kind_of(self._app, link["href"], "GET")
            most = 1 if kind.startswith("entries.") else PAGES_OF_A_KIND
            if kind and not kind.endswith(FILES_OF_A_KIND) and self._met.get(kind, 0) < most:
                self._met[kind] = self._met.get(kind, 0) + 1
                self._waiting.append(link["href"].partition("#")[0])


# --- Sending them --------------------------------------------------------------------------------


def test_no_form_breaks_whatever_is_sent_by_it(app: Flask, client: FlaskClient) -> None:
    forms = Forms(app, client)
    forms.search(
        *STARTS, *(f"/registers/{model.slug}/1{page}" for page in ("", "/edit") for model in ALL_REGISTERS)
    )
    tried: set[str] = set()
    while left := [kind for kind in forms.found if kind not in {*tried, *ENDING}]:
        for kind in left:
            _try(client, forms.found[kind], forms)
            tried.add(kind)
    for kind in ENDING:
        _try(client, forms.found[kind], forms)

    given_by = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert given_by - {endpoint_of(kind) for kind in tried} - {*ENDING, *ELSEWHERE} == set()


def _try(client: FlaskClient, sheet: Sheet, forms: Forms) -> None:
    """Sends *sheet* in several ways, and searches what comes of it for further forms."""
    led_to: list[str] = []

    @example(filled(sheet))
    @settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate), database=None)
    @given(bodies(sheet))
    def check(body: Body) -> None:
        note(f"{sheet.page} → {sheet.action}: {body.to_dict(flat=False)}")
        response = client.post(sheet.action, data=body, buffered=True)
        assert response.status_code < 500
        forms.read(sheet.action, response)
        led_to.append(response.location or "")

    check()
    # The newest, because what is uploaded again replaces what was uploaded before.
    forms.search(*[address.partition("#")[0] for address in reversed(led_to) if address][:1])
