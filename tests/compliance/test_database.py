"""How the application speaks with its database."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from compliance.database import Database
from tests import databases


@pytest.mark.postgresql
def test_postgresql_starts_no_helpers_for_a_page_and_keeps_the_options_of_the_address(
    server: databases.Server,
) -> None:
    with server.fresh_database() as address:
        url = make_url(address).update_query_dict({"options": "-c statement_timeout=7000"})
        database = Database(url.render_as_string(hide_password=False))
        with database.reading() as session:
            shown = [
                session.connection().exec_driver_sql(f"SHOW {name}").scalar_one()
                for name in ("max_parallel_workers_per_gather", "statement_timeout")
            ]
        database.engine.dispose()
    assert shown == ["0", "7s"]
