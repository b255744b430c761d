"""Databases for tests: a SQLite file to copy, and a PostgreSQL server of the suite's own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Dialect, Engine, create_engine, event, make_url
from sqlalchemy.util import LRUCache

from compliance.app import assemble
from compliance.config import Settings
from compliance.database import Base, Database
from compliance.migrations import upgrade
from compliance.web.site import Site

SECRET = "a secret that only the tests know, and nobody else"


def site_on(address: str, folder: Path) -> Site:
    """An installation on the database at *address*."""
    return experienced(assemble(Settings(database=address, data=folder, secret_key=SECRET)))


def experienced(site: Site) -> Site:
    """*site*, knowing every statement that an earlier one has worded, and not waiting for the disk."""
    hasten(site.database)
    return site


_EXPERIENCE: Final[dict[str, tuple[Dialect, LRUCache[Any, Any]]]] = {}
"""By kind of database: who words the statements, and those that were worded already."""
_STATEMENTS: Final = 5_000
"""About as many as all pages and commands together send."""


def hasten(database: Database) -> None:
    """Lets *database* know every statement that an earlier one has worded, and not wait for the disk.

    Wording takes half of the time of most tests, and each database would begin anew.
    No database of a test must survive a power cut.
    """
    engine = database.engine
    kind = engine.dialect.name
    if kind == "sqlite":
        event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA synchronous=OFF"))
    if kind not in _EXPERIENCE:
        # At the first connection the dialect learns what the database can do.
        engine.connect().close()
        _EXPERIENCE[kind] = (engine.dialect, LRUCache(_STATEMENTS))
    engine.dialect, engine._compiled_cache = _EXPERIENCE[kind]


def make_schema(engine: Engine) -> None:
    """Brings an empty database to the present shape."""
    upgrade(engine)


def sqlite_template(path: Path) -> Path:
    """An empty SQLite database of the present shape in one file, ready to be copied."""
    database = Database(f"sqlite:///{path}")
    make_schema(database.engine)
    # Closing the last connection moves everything from the write-ahead log into the file.
    database.engine.dispose()
    return path


def furnish(address: str, furnishing: Callable[[Site], object], folder: Path) -> None:
    """Puts into the database at *address* what every copy of it shall hold."""
    site = site_on(address, folder)
    furnishing(site)
    site.database.engine.dispose()


def bare_database(address: str) -> Database:
    """A new SQLite database at *address* with the tables of the models, which nobody watches yet."""
    if file := make_url(address).database:
        Path(file).write_bytes(_bare_file())
    database = Database(address)
    hasten(database)
    if not file:
        Base.metadata.create_all(database.engine)
    return database


@cache
def _bare_file() -> bytes:
    """The tables of the models: writing them as a file takes a fiftieth of the time of making them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "bare.db")
        database = Database(f"sqlite:///{file}")
        Base.metadata.create_all(database.engine)
        database.engine.dispose()
        return file.read_bytes()


# --- PostgreSQL ----------------------------------------------------------------------------------

OWNER, SERVANT = "nachweis_owner", "nachweis_app"
"""The owner migrates; the servant has no way around row level security, and serves."""

_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {SERVANT};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {SERVANT};
"""


def programs() -> Path | None:
    """Where the server programs of the newest installed PostgreSQL are, if any."""
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    versions = sorted(found, key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


TEMPLATE = "template_nachweis"
"""Empty, of the present shape."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL with a template database of the present shape."""

    folder: Path

    def address(self, database: str, role: str = SERVANT) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Lets the superuser execute *statement* outside any transaction."""
        with self.superuser.connect() as connection:
            connection.exec_driver_sql(statement)

    @cached_property
    def superuser(self) -> Engine:
        """Stays connected: each new connection is a new process of the server."""
        return create_engine(self.address("postgres", "postgres"), isolation_level="AUTOCOMMIT")

    def copy(self, template: str, name: str) -> str:
        """Makes the database *name* like *template*; gives the address by which the servant reaches it."""
        # Copying files is ten times faster here than copying through the log.
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.address(name)

    @contextmanager
    def fresh_database(self, template: str = TEMPLATE) -> Iterator[str]:
        """A copy of *template* that lives as long as the context."""
        name = f"test_{uuid.uuid4().hex}"
        yield self.copy(template, name)
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


_MEMORY: Final = Path("/dev/shm")


def _quick_folder() -> Path | None:
    """Memory, if there is plenty: copying the thousand files of a database takes a disk five times longer."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 2**30 else None


@contextmanager
def server(binaries: Path) -> Iterator[Server]:
    """A PostgreSQL server that lives as long as the context, reachable by its socket only."""
    folder = Path(tempfile.mkdtemp(prefix="nachweis-pg-", dir=_quick_folder()))
    account = _account(folder)
    data = folder / "data"
    # The server keeps nothing that must survive a power cut, so it need not wait for the disk.
    fast = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
    options = [part for option in fast for part in ("-c", option)]
    quiet: dict[str, Any] = {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "cwd": folder,
    } | account
    initialise: list[str | Path] = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"]
    subprocess.run([*initialise, "-E", "UTF8", "--locale=C.UTF-8"], check=True, **quiet)
    process = subprocess.Popen([binaries / "postgres", "-D", data, "-k", folder, *options], **quiet)
    running = Server(folder)
    try:
        _wait_for(running)
        _make_template(running)
        yield running
    finally:
        running.superuser.dispose()
        # The interrupt ends open connections; a termination would wait for them.
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder)


def _account(folder: Path) -> dict[str, Any]:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    postgres = pwd.getpwnam("postgres")
    os.chown(folder, postgres.pw_uid, postgres.pw_gid)
    folder.chmod(0o755)
    return {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}


def _wait_for(running: Server) -> None:
    for _attempt in range(200):
        try:
            running.run("SELECT 1")
        except Exception:  # noqa: BLE001 -- the server says in many ways that it is not there yet
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("PostgreSQL did not start within ten seconds.")


def _make_template(running: Server) -> None:
    for role in (OWNER, SERVANT):
        running.run(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS")
    running.run(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
    engine = create_engine(running.address(TEMPLATE, OWNER))
    make_schema(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(_GRANTS)
    engine.dispose()
