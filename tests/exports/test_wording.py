from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from exports.document import Cell
from exports.wording import shown


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (None, "", ""),
        (True, "ja", "yes"),
        (False, "nein", "no"),
        (date(2026, 11, 23), "23.11.2026", "2026-11-23"),
        (datetime(2026, 11, 23, 13, 5, tzinfo=UTC), "23.11.2026 14:05", "2026-11-23 14:05"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "02.07.2026 00:30", "2026-07-02 00:30"),
        (7, "7", "7"),
        (1234567, "1.234.567", "1,234,567"),
        (1234.5, "1.234,5", "1,234.5"),
        (0.1 + 0.2, "0,3", "0.3"),
        (-2.0, "-2", "-2"),
        ("unverändert", "unverändert", "unverändert"),
    ],
)
def test_values_are_written_as_readers_write_them(value: Cell, german: str, english: str) -> None:
    assert (shown(value, "de"), shown(value, "en")) == (german, english)


def test_numbers_for_machines_have_no_separators_between_thousands() -> None:
    assert (shown(1234.5, "de", grouped=False), shown(1234.5, "en", grouped=False)) == ("1234,5", "1234.5")
