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
from tests.properties.test_forms_in_a_state import STATES

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
    assert given_by - {endpoint_of(kind) for kind in (*tried, *ENDING, *STATES)} == set()


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
