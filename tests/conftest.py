"""What every test can ask for: a database, an installation on it, people, and browsers."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from compliance.app import create_app
from compliance.database import Database
from compliance.people import Role
from compliance.web.site import KEY, Site
from tests import databases
from tests.browsers import Browser, Browsers
from tests.city import City, demo_copy, found_city, stored_city

HOUSE = Path(__file__).parent.parent

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("suite")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder *name* of this run: whichever process asks first fills it by *make*, and the others wait."""
    run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder = run / name
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            unfinished = run / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied."""
    folder = made_once(
        tmp_path_factory, "empty", lambda folder: databases.sqlite_template(folder / "nachweis.db")
    )
    return folder / "nachweis.db"


@pytest.fixture(scope="session")
def sqlite_city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which the city was founded, to be copied."""
    path = tmp_path_factory.mktemp("founded") / "nachweis.db"
    shutil.copyfile(sqlite_template, path)
    databases.furnish(f"sqlite:///{path}", found_city, path.parent)
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[databases.Server]:
    """PostgreSQL; tests that need it are skipped where it is not installed."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = databases.programs()
    if binaries is None:
        pytest.skip("the server programs of PostgreSQL are not installed")
    with databases.server(binaries) as running:
        yield running


@pytest.fixture(scope="session")
def server_city(server: databases.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of PostgreSQL in which the city was founded, to be copied."""
    name = "template_city"
    databases.furnish(server.copy(databases.TEMPLATE, name), found_city, tmp_path_factory.mktemp("founded"))
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a fresh database of either kind is: with the city if the test asks for it, and else empty."""
    founded = "city" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "nachweis.db"
        shutil.copyfile(request.getfixturevalue("sqlite_city" if founded else "sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        running: databases.Server = request.getfixturevalue("server")
        template = request.getfixturevalue("server_city") if founded else databases.TEMPLATE
        with running.fresh_database(template) as found:
            yield found


@pytest.fixture(scope="session")
def wardersund_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo city as the command line sets it up, and in a file beside it what it said."""
    return made_once(tmp_path_factory, "wardersund", _load_wardersund)


def _load_wardersund(folder: Path) -> None:
    city = folder / "city"
    city.mkdir()
    where = {"NACHWEIS_DATABASE": f"sqlite:///{city / 'nachweis.db'}", "NACHWEIS_DATA": str(city)}
    command = [sys.executable, "-m", "compliance.cli", "demo", "--json"]
    run = subprocess.run(command, cwd=HOUSE, env=os.environ | where, capture_output=True, check=True)
    (folder / "said.json").write_bytes(run.stdout)


@pytest.fixture(scope="session")
def wardersund_template(wardersund_loaded: Path) -> Path:
    """A folder with the demo city and its key, to be copied."""
    return wardersund_loaded / "city"


@pytest.fixture(scope="session")
def wardersund(wardersund_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation with the demo city."""
    site = demo_copy(wardersund_template, tmp_path_factory.mktemp("served") / "copy")
    yield site
    site.database.engine.dispose()


@pytest.fixture
def site(address: str, tmp_path: Path) -> Iterator[Site]:
    """A whole installation on a fresh database."""
    installed = databases.site_on(address, tmp_path)
    yield installed
    installed.database.engine.dispose()


@pytest.fixture
def database(site: Site) -> Database:
    return site.database


@pytest.fixture
def city(site: Site) -> City:
    """An organisation with units and one person for each role."""
    return stored_city(site)


_ASSEMBLED: list[Flask] = []


@pytest.fixture
def app(site: Site) -> Flask:
    """The application as it serves *site*; put together once, because that takes longer than most tests."""
    if not _ASSEMBLED:
        _ASSEMBLED.append(create_app(site))
    [application] = _ASSEMBLED
    application.testing = True
    application.extensions[KEY] = site
    application.secret_key = site.keys.messages
    return application


@pytest.fixture
def browsers(app: Flask, site: Site, city: City) -> Browsers:
    """Browsers at which somebody of the city is signed in."""
    return Browsers(app, site, city)


@pytest.fixture
def coordinator(browsers: Browsers) -> Browser:
    """The browser of somebody who keeps the record of processing activities."""
    return browsers.of(Role.COORDINATOR)


def pytest_collection_finish() -> None:
    """Lets Python look for rubbish less often, and not among what stays to the end anyhow."""
    gc.freeze()
    gc.set_threshold(1_000, 10, 300)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests on PostgreSQL together at the end, so that the others need not wait for the server."""
    items.sort(key=lambda item: item.get_closest_marker("postgresql") is not None)
