"""No module climbs over the walls: organisations stay apart, and every change passes the journal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from compliance.database import Base, Owned
from compliance.web.site import Site
from registers.themes import Theme
from tests.city import City, found_city
from tests.databases import SERVANT

HOUSE = Path(__file__).parent.parent.parent
ALLOWED = {
    "compliance/agenda.py",
    "compliance/database.py",
    "compliance/journal.py",
    "compliance/findings.py",
    "compliance/judging.py",
    "compliance/rules.py",
    "compliance/saving.py",
    "compliance/tally.py",
    "compliance/sealing.py",
}
"""These write beside the session, and say the organisation themselves."""

FORBIDDEN_ATTRIBUTES = {"__table__", "connection", "from_statement", "exec_driver_sql", "engine"}


def modules() -> list[str]:
    packages = ("compliance", "registers", "assessments", "exports")
    found = (path.relative_to(HOUSE) for package in packages for path in (HOUSE / package).rglob("*.py"))
    return sorted(path.as_posix() for path in found if "migrations" not in path.parts)


def climbing(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every place where a query could escape organisation and journal."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in FORBIDDEN_ATTRIBUTES or name.startswith("bulk_"):
                yield node.lineno, name
            case (
                ast.Call(func=ast.Name(id="text"))
                | ast.Call(func=ast.Attribute(attr="text", value=ast.Name("sa")))
            ):
                yield node.lineno, "text("
            case ast.ImportFrom(module="sqlalchemy", names=names) if any(one.name == "text" for one in names):
                yield node.lineno, "import text"
            case _:
                pass


WAYS = """
session.connection()
Model.__table__
session.bulk_save_objects([])
select(Model).from_statement(x)
text("DELETE FROM theme")
database.engine
connection.exec_driver_sql("DELETE")
"""


def test_each_way_over_the_walls_is_known() -> None:
    assert len(list(climbing(ast.parse(WAYS)))) == 7


HARMLESS = {
    # Asks only whether the database answers, and reads no table.
    "compliance/web/blueprints.py": {"connection"},
    # Makes the schema and looks after the installation as a whole.
    "compliance/cli/ground.py": {"engine"},
    "compliance/cli/installation.py": {"engine"},
    "compliance/cli/safekeeping.py": {"engine"},
}


@pytest.mark.parametrize("module", sorted(set(modules()) - ALLOWED))
def test_no_query_escapes_its_organisation(module: str) -> None:
    tree = ast.parse((HOUSE / module).read_text(encoding="utf-8"))
    harmless = HARMLESS.get(module, set())

    assert [(line, way) for line, way in climbing(tree) if way not in harmless] == []


def owned_tables() -> set[str]:
    classes = (mapper.class_ for mapper in Base.registry.mappers)
    names = {inspect(one).local_table.name for one in classes if issubclass(one, Owned)}
    links = {table.name for table in Base.metadata.tables.values() if "source_id" in table.columns}
    return names | links | {"journal", "journal_head", "counter"}


# --- The second wall -----------------------------------------------------------------------------

on_postgresql = pytest.mark.parametrize(
    "address", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture
def policies(site: Site) -> set[str]:
    """The tables whose rows PostgreSQL itself keeps apart."""
    with site.database.engine.connect() as connection:
        found = set(connection.scalars(text("SELECT tablename FROM pg_policies")))
    if not found:
        pytest.skip("the schema has no row policies yet")
    return found


@on_postgresql
def test_the_application_serves_as_a_role_that_cannot_look_behind_the_wall(site: Site) -> None:
    query = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    owned = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
    with site.database.engine.connect() as connection:
        role = connection.execute(text(query)).one()
        tables = connection.scalar(text(owned))

    assert (tuple(role), tables) == ((SERVANT, False, False), 0)


@on_postgresql
def test_every_owned_table_has_a_forced_row_policy(site: Site, policies: set[str]) -> None:
    query = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    with site.database.engine.connect() as connection:
        forced = set(connection.scalars(text(query)))

    assert owned_tables() - policies == set()
    assert owned_tables() - forced == set()


@on_postgresql
@pytest.mark.usefixtures("policies")
def test_even_plain_sql_sees_one_organisation_only(site: Site, city: City) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    city.save(Theme(name="Unser"))
    neighbour.save(Theme(name="Ihr"))

    with site.database.reading(city.id) as session:
        mine = session.connection().scalars(text("SELECT name FROM theme")).all()
    with site.database.engine.connect() as connection:
        without = connection.scalars(text("SELECT name FROM theme")).all()
    assert (mine, without) == (["Unser"], [])


@on_postgresql
@pytest.mark.usefixtures("policies")
def test_even_plain_sql_writes_for_one_organisation_only(site: Site, city: City) -> None:
    neighbour = found_city(site, "Gemeinde Nebenan")
    neighbour.save(Theme(name="Ihr"))
    engine = create_engine(site.database.engine.url)

    def work(statement: str) -> int:
        with engine.begin() as connection:
            connection.execute(
                text("SELECT set_config('app.organisations', :mine, true)"), {"mine": str(city.id)}
            )
            return connection.execute(text(statement)).rowcount

    assert work("UPDATE theme SET name = 'Gekapert'") == 0
    assert work("DELETE FROM theme") == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        work(
            "INSERT INTO counter (organisation_id, register, last) "
            f"VALUES ('{neighbour.id}', 'untergeschoben', 1)"
        )
    engine.dispose()
    assert neighbour.stored(_only(neighbour)).name == "Ihr"


def _only(city: City) -> Theme:
    with city.site.database.reading(city.id) as session:
        return session.query(Theme).one()


@on_postgresql
@pytest.mark.usefixtures("policies")
def test_the_next_borrower_of_a_connection_inherits_nothing(site: Site, city: City) -> None:
    city.save(Theme(name="Unser"))
    for _round in range(3):
        with site.database.reading(city.id) as session:
            assert session.connection().scalars(text("SELECT name FROM theme")).all() == ["Unser"]
        with site.database.engine.connect() as connection:
            assert connection.scalars(text("SELECT name FROM theme")).all() == []
