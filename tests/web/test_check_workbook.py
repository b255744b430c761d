"""The check as a workbook in the browser: out, filled in, previewed, and taken over."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from assessments.grundschutz.check import Given, RequirementAnswer, Status
from compliance.people import Role
from compliance.web.roundtrip import EditedFile
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page
from tests.web.test_check_sources import FIRST, Office

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/grundschutz/1/workbook"


@pytest.fixture
def office(city: City) -> Office:
    return Office(city)


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def filled_in(browser: Browser, status: str, query: str = "") -> bytes:
    """The workbook with *status* in its first row."""
    book: Any = load_workbook(io.BytesIO(browser.get(f"{PAGE}.xlsx{query}").data))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, heads["Umsetzungsstatus"]).value = status
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(browser: Browser, content: bytes, *, status: int = 302) -> Any:
    data: list[tuple[str, Any]] = [("file", (io.BytesIO(content), "check.xlsx"))]
    return browser.post(PAGE, data, status=status, content_type="multipart/form-data")


def taken(page: Page) -> list[tuple[str, str]]:
    """What the preview sends as it stands."""
    boxes = [one for one in page.all("input") if one["name"] == "take" and "checked" in one.attributes]
    return [("fingerprint", page.value("fingerprint")), *((one["name"], one["value"]) for one in boxes)]


def statuses(office: Office) -> dict[str, Status | None]:
    with office.city.site.database.reading(office.city.id) as session:
        columns = select(RequirementAnswer.requirement_id, RequirementAnswer.status)
        return {row.requirement_id: row.status for row in session.execute(columns)}


def files(office: Office) -> int:
    with office.city.site.database.reading(office.city.id) as session:
        return session.scalar(select(func.count()).select_from(EditedFile)) or 0


def test_what_is_filled_in_is_previewed_and_then_taken_over(office: Office, isb: Browser) -> None:
    preview = sent(isb, filled_in(isb, "Ja", f"?assignment={office.member.hex}")).location
    page = isb.page(preview)
    assert "1 Anforderung ist geändert" in page.main
    assert f"IV-0001/ZO-0002/{FIRST}" in page.main
    assert statuses(office) == {}
    isb.post(f"{preview}/apply", taken(page))
    assert (statuses(office), files(office)) == ({FIRST: Status.YES}, 0)


def test_where_somebody_answered_meanwhile_the_preview_asks(office: Office, isb: Browser) -> None:
    content = filled_in(isb, "Nein", f"?assignment={office.member.hex}")
    preview = sent(isb, content).location
    form = taken(isb.page(preview))
    office.give(office.member, FIRST, Given(Status.PARTIAL))
    isb.post(f"{preview}/apply", form)
    page = isb.page(preview)
    assert "beide geändert" in page.main
    isb.post(f"{preview}/apply", taken(page), status=422)
    assert statuses(office) == {FIRST: Status.PARTIAL}


def test_unreadable_files_and_cells_are_named_and_nothing_is_kept(office: Office, isb: Browser) -> None:
    answer = sent(isb, b"PK no workbook", status=422)
    assert "check.xlsx" in Page(answer.text).main
    assert files(office) == 0
    preview = sent(isb, filled_in(isb, "Vielleicht", f"?assignment={office.member.hex}")).location
    assert "Zeile 2, Spalte I „Umsetzungsstatus“" in isb.page(preview).main
    isb.post(f"{preview}/discard", {})
    assert files(office) == 0


@pytest.mark.parametrize(("role", "status"), [(Role.AUDITOR, 403), (Role.DSB, 403), (Role.READER, 404)])
def test_only_who_may_edit_the_domain_takes_the_check_out(
    office: Office, browsers: Browsers, role: Role, status: int
) -> None:
    assert statuses(office) == {}
    browser = browsers.of(role)
    assert [browser.status("GET", address) for address in (PAGE, f"{PAGE}.xlsx")] == [status, status]


def test_a_preview_is_seen_by_who_sent_it_only(office: Office, isb: Browser, browsers: Browsers) -> None:
    preview = sent(isb, filled_in(isb, "Ja")).location
    assert statuses(office) == {}
    assert browsers.of(Role.MANAGEMENT).status("GET", preview) in (403, 404)
