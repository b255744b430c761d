"""The demo city behind a real server, and a real browser in front of it."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from compliance import demo
from compliance.app import create_app
from compliance.people import Person, Role
from compliance.web.signin import COOKIE
from compliance.web.site import Site
from tests.city import City, demo_city, sign_in

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
WIDTHS = (1280, 360)
HEIGHT = 900

_AXE = Axe().axe_script
_FAULTS = """
leave => axe.run({
    resultTypes: ["violations"],
    // The one rule that reads whole style sheets is experimental, and so never asked.
    preload: {assets: ["media"]},
    rules: {"color-contrast": {enabled: !leave}},
}).then(found => found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.target)]))
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Where *site* is served as long as the context lasts."""
    server: Any = create_server(create_app(site), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="session")
def address(wardersund: Site) -> Iterator[str]:
    """Where the demo city is served."""
    with served(wardersund) as found:
        yield found


class Visitor:
    """Somebody of the demo city at a browser. Every page visited is checked as it is left."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        # Axe comes along with each page, which is cheaper than bringing it to each one.
        context.add_init_script(_AXE)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.address = address
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, role: Role) -> Visitor:
        email = next(entry.email for entry in demo.SIGN_INS if entry.role is role)
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("#email", email)
        self.page.fill("#password", demo.PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Anmelden").click()
        self.page.wait_for_url(f"{self.address}/")
        return self

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def click(self, name: str, *, role: Any = "button") -> Page:
        """Presses what is called *name* in the page itself."""
        self.page.get_by_role("main").get_by_role(role, name=name).first.click()
        return self.page

    def leave_by(self, name: str | re.Pattern[str], *, role: Any = "button") -> Page:
        """Presses what is called *name* in the page itself, and waits for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role(role, name=name).first.click()
        return self.page

    def check(self, *, colours: bool = True) -> Page:
        """Fails if axe objects to the page, if it is wider than the window, or if the console complained.

        *colours* take most of the time and depend on the styles alone, not on the width.
        """
        found = self.page.evaluate(_FAULTS, not colours)
        assert found == [], f"{self.page.url}: {found}"
        self.check_width()
        assert self.complaints == []
        return self.page

    def check_width(self) -> None:
        widths = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], f"{self.page.url} is {widths[0]} wide in a window of {widths[1]}"

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})


Visit = Callable[..., Visitor]


@contextmanager
def visits(chromium: Browser, city: City, address: str) -> Iterator[Visit]:
    """Opens browsers for people of *city* who are signed in already; closes them all in the end."""
    contexts: list[BrowserContext] = []

    def open_for(who: Role | Person, width: int = 1280, height: int = HEIGHT) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="de-DE", accept_downloads=True
        )
        contexts.append(context)
        token = sign_in(city, who if isinstance(who, Person) else city.people[who])
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        return Visitor(context, address)

    yield open_for
    for context in contexts:
        context.close()


@pytest.fixture
def visit(chromium: Browser, wardersund: Site, address: str) -> Iterator[Visit]:
    """Opens a browser for somebody of the demo city with a role, at the given width."""
    with visits(chromium, demo_city(wardersund), address) as open_for:
        yield open_for
