"""What somebody does who has no mouse: Tab, arrows, Space, Enter, and letters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from re import Pattern
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import Visitor

PHONE = {"width": 360, "height": 740}
_MOST = 400
"""Nobody presses Tab more often to get anywhere on a page."""


@contextmanager
def phone(chromium: Browser, address: str, **options: object) -> Iterator[Visitor]:
    """Somebody without an account at a small screen."""
    context = chromium.new_context(viewport=PHONE, locale="de-DE", **options)  # type: ignore[arg-type]
    yield Visitor(context, address)
    context.close()


def into_main(page: Page) -> None:
    """Past header and menu by the link that comes first on every page, unless the page has set the focus."""
    if page.evaluate("document.activeElement === document.body && !location.hash"):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")


def tab_until(page: Page, reached: Locator) -> None:
    """Presses Tab until the focus is on *reached*."""
    expect(reached).to_be_visible()
    into_main(page)
    sought = reached.element_handle()
    for _press in range(_MOST):
        if page.evaluate("sought => sought === document.activeElement", sought):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {reached} on {page.url}")


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the focus is on the first thing that *selector* names."""
    tab_until(page, page.locator(selector).first)


def choose(page: Page, name: str, *values: str, within: str = "main") -> None:
    """Chooses among radios, checkboxes or the options of a list *within* a part of the page."""
    radios = f"{within} input[type=radio][name='{name}']"
    options = f"{within} select[name='{name}']"
    if page.locator(radios).count():
        # Tab leads to the chosen radio, or to the first if none is.
        tab_to(page, f"{radios}:checked" if page.locator(f"{radios}:checked").count() else radios)
        page.keyboard.press("Space")
        _go_down_to(page, values[0])
    elif page.locator(options).count():
        tab_to(page, options)
        _go_down_to(page, values[0])
    else:
        for value in values:
            tab_to(page, f"{within} input[name='{name}'][value='{value}']")
            page.keyboard.press("Space")


def _go_down_to(page: Page, value: str) -> None:
    for _press in range(60):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(value)


def write(page: Page, name: str, text: str, *, within: str = "main") -> None:
    """Types *text* into the field called *name*."""
    tab_to(page, f"{within} [name='{name}']:not([type=hidden])")
    page.keyboard.type(text)


def press(page: Page, words: str | Pattern[str], *, role: Literal["button", "link"] = "button") -> None:
    """Tabs to what the page calls *words*, presses Enter, and waits for the page that follows."""
    called = page.get_by_role("main").get_by_role(role, name=words, exact=isinstance(words, str))
    tab_until(page, called.locator("visible=true").first)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def unfold(page: Page, words: str | Pattern[str]) -> None:
    """Tabs to the fold that says *words*, and opens it unless the page has done so."""
    fold = page.get_by_role("main").locator("summary", has_text=words).locator("visible=true").first
    tab_until(page, fold)
    if fold.locator("xpath=..").get_attribute("open") is None:
        page.keyboard.press("Enter")
    expect(fold.locator("xpath=..")).to_have_attribute("open", "")
