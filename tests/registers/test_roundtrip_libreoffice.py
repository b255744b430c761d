"""What another spreadsheet saves is what it opened: the demo city passes through LibreOffice unchanged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from compliance.app import ALL_REGISTERS, assemble
from compliance.config import Settings
from compliance.people import Organisation
from registers.importing.roundtrip import EVERYTHING, plan, read_book
from tests.city import City
from tests.workbooks import FILE, distrusting, exported, saved_again


@pytest.fixture
def wardersund(wardersund_template: Path, tmp_path: Path) -> Iterator[City]:
    """The demo city."""
    folder = tmp_path / "wardersund"
    shutil.copytree(wardersund_template, folder)
    variables = {
        "NACHWEIS_DATABASE": f"sqlite:///{folder / 'nachweis.db'}",
        "NACHWEIS_DATA": str(folder),
    }
    site = assemble(Settings.from_environ(variables))
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation)).one()
    yield City(site, organisation)
    site.database.engine.dispose()


def test_libreoffice_changes_nothing_in_any_register(wardersund: City, tmp_path: Path) -> None:
    contents = {model: exported(wardersund, model) for model in ALL_REGISTERS}
    again = saved_again(list(contents.values()), tmp_path)

    for model, content in zip(contents, again, strict=True):
        book = read_book(content, FILE)
        with wardersund.site.database.reading(wardersund.id) as session:
            trusting = plan(session, model, book, EVERYTHING)
            careful = plan(session, model, distrusting(book), EVERYTHING)
        for found in (trusting, careful):
            assert (found.revisions, found.missing, found.every_problem, found.notes) == ((), (), (), ())
            assert found.unchanged == len(book.stamp.entries) > 0
