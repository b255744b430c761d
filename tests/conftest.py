"""What every test can ask for: a database, an installation on it, people, and browsers."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from compliance import demo
from compliance.app import assemble, create_app
from compliance.config import Settings
from compliance.database import Database
from compliance.migrations import upgrade
from compliance.people import Role
from compliance.web.site import KEY, Site
from tests import databases
from tests.browsers import Browser, Browsers
from tests.city import City, demo_copy, found_city

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("suite")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("template") / "nachweis.db")


@pytest.fixture(scope="session")
def server() -> Iterator[databases.Server]:
    """PostgreSQL; tests that need it are skipped where it is not installed."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = databases.programs()
    if binaries is None:
        pytest.skip("the server programs of PostgreSQL are not installed")
    with databases.server(binaries) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a fresh, empty database of either kind is."""
    if request.param == "sqlite":
        path = tmp_path / "nachweis.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        running: databases.Server = request.getfixturevalue("server")
        with running.fresh_database() as found:
            yield found


@pytest.fixture(scope="session")
def wardersund_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo city and its key, to be copied."""
    folder = tmp_path_factory.mktemp("wardersund")
    settings = Settings.from_environ(
        {"NACHWEIS_DATABASE": f"sqlite:///{folder / 'nachweis.db'}", "NACHWEIS_DATA": str(folder)},
        make_key=True,
    )
    site = assemble(settings)
    upgrade(site.database.engine)
    demo.load(site)
    site.database.engine.dispose()
    return folder


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
    return found_city(site)


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
