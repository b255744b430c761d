"""The demo city behind a real server, and a real browser in front of it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import create_server

from compliance import demo
from compliance.app import create_app
from compliance.people import Role
from compliance.web.site import Site

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
WIDTHS = (1280, 360)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(wardersund: Site) -> Iterator[str]:
    """Where the demo city is served."""
    server: Any = create_server(create_app(wardersund), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


class Visitor:
    """Somebody of the demo city at a browser. Every page visited is checked as it is left."""

    def __init__(self, context: BrowserContext, address: str) -> None:
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

    def check(self) -> Page:
        """Fails if axe objects to the page, if it is wider than the window, or if the console complained."""
        violations = Axe().run(self.page).response["violations"]
        found = [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in violations]
        assert found == [], f"{self.page.url}: {found}"
        widths = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1], f"{self.page.url} is {widths[0]} wide in a window of {widths[1]}"
        assert self.complaints == []
        return self.page


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Any]:
    """Opens a browser for somebody with a role, at the given width."""
    contexts: list[BrowserContext] = []

    def open_for(role: Role, width: int = 1280) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="de-DE", accept_downloads=True
        )
        contexts.append(context)
        return Visitor(context, address).sign_in(role)

    yield open_for
    for context in contexts:
        context.close()
