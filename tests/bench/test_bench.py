"""What daily work costs with ten thousand entries, each figure beside its floor or its bar.

Nothing here fails because a machine is slow: ``make bench`` prints, people judge.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event, insert, select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.dpia import Dpia
from assessments.grundschutz import kompendium_xml
from assessments.grundschutz.catalogue import RequirementText, import_catalogue
from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.cross_references import import_cross_references
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import import_oscal
from assessments.grundschutz.oscal import read
from assessments.grundschutz.oscal_differences import compare
from assessments.grundschutz.oscal_profile import Source, resolve
from compliance.app import create_app
from compliance.database import INSTALLATION, Actor, Base, Database, now
from compliance.entry import by_number, everything
from compliance.journal import write
from compliance.saving import watch
from compliance.web.signin import COOKIE
from exports import pdf, xlsx
from exports.document import Grid
from exports.reports import grundschutz_check, register
from exports.reports.records import Records, every_id
from exports.reports.register import Issuer
from registers.importing.sheets import read_sheets
from registers.processing import ProcessingActivity
from tests.bench import check_bench, exports_bench, needs_bench
from tests.bench.city import City
from tests.databases import OWNER, programs, server

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "10000"))
GRUNDSCHUTZ = Path(__file__).parents[2].parent / "shared" / "data" / "bsi" / "grundschutz++"
PROFILE = GRUNDSCHUTZ / "Grundschutz++-profile.json"
JUNE = GRUNDSCHUTZ / "Grundschutz++-resolved_2026-06-30.json"
OFFICIAL = Path(__file__).parents[2].parent / "shared" / "data" / "bsi" / "XML_Kompendium_2023.xml"
TABLES = OFFICIAL.with_name("krt2023_Excel.xlsx")
SLUG = ProcessingActivity.slug


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    start = time.perf_counter()
    made = City(tmp_path_factory.mktemp("bench"), ENTRIES)
    print(f"\n{ENTRIES} activities saved with journal and findings in {time.perf_counter() - start:.0f} s")
    return made


@pytest.fixture(scope="module")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City(tmp_path_factory.mktemp("small"), 100)


def say(what: str, figure: str, bar: str) -> None:
    print(f"  {what:<58} {figure:>22}   bar {bar}")


class Visitor:
    """Fetches pages as a server would, and counts the queries of each."""

    def __init__(self, city: City) -> None:
        self.app: Flask = create_app(city.site)
        self.site, self.organisation = city.site, city.organisation
        self._token = city.token
        self._keys = city.site.keys
        self.queries = 0
        event.listen(city.site.database.engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.queries += 1

    def fetch(self, address: str) -> bytes:
        path, _question, query = address.partition("?")
        headers = [("Cookie", f"{COOKIE}={self._token}"), ("Accept-Language", "de")]
        environ = EnvironBuilder(path=path, query_string=query, headers=headers).get_environ()
        body, status, _headers = run_wsgi_app(self.app, environ, buffered=True)
        assert status.startswith("200"), (address, status)
        return b"".join(body)

    def send(self, address: str, form: dict[str, str]) -> None:
        """Submits a form as its page would."""
        headers = [("Cookie", f"{COOKIE}={self._token}")]
        data = form | {"csrf": self._keys.form_token(self._token.encode())}
        environ = EnvironBuilder(path=address, method="POST", data=data, headers=headers).get_environ()
        _body, status, _headers = run_wsgi_app(self.app, environ, buffered=True)
        assert status.startswith("302"), (address, status)

    def answer(self, address: str, form: dict[str, str]) -> None:
        """Stores one answer of a check as the script of its page does."""
        headers = [("Cookie", f"{COOKIE}={self._token}"), ("Accept", "application/json")]
        data = form | {"csrf": self._keys.form_token(self._token.encode())}
        environ = EnvironBuilder(path=address, method="POST", data=data, headers=headers).get_environ()
        _body, status, _headers = run_wsgi_app(self.app, environ, buffered=True)
        assert status.startswith("200"), (address, status)

    def measure(
        self, address: str, times: int = 60, clock: Callable[[], float] = time.perf_counter
    ) -> tuple[float, int]:
        """Median milliseconds of server time, and the number of queries."""
        for _ in range(min(times, 3)):
            self.fetch(address)
        durations = []
        for _ in range(times):
            self.queries = 0
            start = clock()
            self.fetch(address)
            durations.append((clock() - start) * 1000)
        return statistics.median(durations), self.queries


def test_pages(city: City, small_city: City) -> None:
    large, small = Visitor(city), Visitor(small_city)
    unit = city._units[3].id.hex
    last = -(-ENTRIES // 50)
    print()
    measured = [
        ("list, default order", f"/registers/{SLUG}/", "12 ms"),
        ("list, filtered by state", f"/registers/{SLUG}/?state=DRAFT", "12 ms"),
        ("list, filtered by unit", f"/registers/{SLUG}/?unit={unit}", "12 ms"),
        ("list, filtered by stage", f"/registers/{SLUG}/?stage=OPERATION", "12 ms"),
        ("list, page in the middle", f"/registers/{SLUG}/?page={last // 2}", "12 ms"),
        ("list, last page", f"/registers/{SLUG}/?page={last}", "12 ms"),
        ("list, filtered by data subjects", f"/registers/{SLUG}/?subjects=STAFF", "25 ms"),
        ("list, filtered by findings", f"/registers/{SLUG}/?findings=ERROR", "25 ms"),
        ("list, filtered by rule", f"/registers/{SLUG}/?rule=VVT-005", "25 ms"),
        ("list, sorted by review, last page", f"/registers/{SLUG}/?sort=next_review&page={last}", "25 ms"),
        ("list, searched", f"/registers/{SLUG}/?q=Uebermittlung", "50 ms"),
        ("list, searched without a hit", f"/registers/{SLUG}/?q=zzzz", "50 ms"),
        ("detail", f"/registers/{SLUG}/{ENTRIES // 2}", "15 ms"),
        ("edit form", f"/registers/{SLUG}/{ENTRIES // 2}/edit", "–"),
        ("start page", "/", "15 ms, 10 queries"),
    ]
    for what, address, bar in measured:
        milliseconds, queries = large.measure(address)
        small_address = address.replace(str(ENTRIES // 2), "50").replace(f"page={last}", "page=2")
        _few, small_queries = small.measure(small_address.replace(f"page={last // 2}", "page=1"), times=3)
        say(
            what,
            f"{milliseconds:.1f} ms, {queries} queries",
            f"{bar}; {small_queries} queries with 100 entries",
        )


def test_daily_pages_on_postgresql(tmp_path: Path) -> None:
    """What everybody opens every day, with the database that larger authorities run."""
    print()
    binaries = programs()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    with server(binaries) as running:
        running.run(f"CREATE DATABASE bench OWNER {OWNER}")
        city = City(tmp_path, ENTRIES, running.address("bench", OWNER))
        visitor = Visitor(city)
        for what, page, bar in (
            ("start page", "/", "25 ms, 10 queries"),
            ("list, default order", f"/registers/{SLUG}/", "–"),
            ("detail", f"/registers/{SLUG}/{ENTRIES // 2}", "–"),
        ):
            milliseconds, queries = visitor.measure(page)
            say(f"{what} on PostgreSQL", f"{milliseconds:.1f} ms, {queries} queries", bar)
        city.site.database.engine.dispose()


def seconds(work: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def test_exports(city: City) -> None:
    print()
    figure, floor = exports_bench.measure_xlsx()
    say("XLSX of 10,000 × 30 cells", f"{figure:.2f} s = {figure / floor:.2f} ×", f"1.3 × {floor:.2f} s")
    figure, floor = exports_bench.measure_pdf()
    say("PDF table of 5,000 rows", f"{figure:.2f} s = {figure / floor:.2f} ×", f"2 × {floor:.2f} s")
    say("PDF of 5,000 rows, memory on top", f"{exports_bench.measure_pdf_memory():.0f} MB", "60 MB")
    with city.site.database.reading(city.organisation) as session:
        ids = every_id(session, ProcessingActivity)
        issuer = Issuer("Messstadt", now(), "de")
        document = register.report(ProcessingActivity, Records(session, ProcessingActivity, ids), issuer)
        grid = document.blocks[-1]
        assert isinstance(grid, Grid)
        rows = list(grid.rows)
        floor = seconds(lambda: exports_bench._bare_xlsx(rows), times=1)
        figure = seconds(lambda: xlsx.write(document, io.BytesIO()), times=1)
        cells = f"{len(rows)} × {len(rows[0])}"
        say(
            f"whole register from the database as XLSX, {cells}",
            f"{figure:.2f} s = {figure / floor:.2f} ×",
            f"– ({floor:.2f} s)",
        )
        some = Records(session, ProcessingActivity, ids[:5000])
        paper = register.report(ProcessingActivity, some, issuer)
        say(
            "register of 5,000 entries from the database as PDF",
            f"{seconds(lambda: pdf.write(paper, io.BytesIO()), 1):.1f} s",
            "–",
        )


def test_saving(city: City) -> None:
    """The same load, change and commit, with and without journal and findings."""
    print()
    bare = Database(city.site.settings.database)
    numbers = iter(range(1, 100_000))

    def save(database: Database) -> None:
        with database.writing(city.organisation, actor=Actor("Messung")) as session:
            number = next(numbers)
            query = select(ProcessingActivity).where(ProcessingActivity.number == number % ENTRIES + 1)
            entry = session.scalars(query.options(*everything(ProcessingActivity))).one()
            entry.description = f"{entry.description} {number}"

    times: dict[str, list[float]] = {"bare": [], "whole": []}
    for _ in range(120):
        for name, database in (("bare", bare), ("whole", city.site.database)):
            start = time.perf_counter()
            save(database)
            times[name].append((time.perf_counter() - start) * 1000)
    whole, floor = statistics.median(times["whole"]), statistics.median(times["bare"])
    say("saving an edited entry", f"{whole:.1f} ms = {whole / floor:.2f} ×", f"2 × {floor:.1f} ms")


def test_answering_a_question(city: City) -> None:
    """The whole request that saves one answer of an assessment with two hundred."""
    print()
    with city.site.database.writing(city.organisation, actor=Actor("Messung")) as session:
        unit = session.merge(city._units[0], load=False)
        dpia = Dpia(name="Messung", unit=unit)
        session.add(dpia)
        session.flush()
        session.add_all(DpiaAnswer(dpia=dpia, question=f"q{n}", text="Antwort. " * 40) for n in range(199))
        session.add(DpiaAnswer(dpia=dpia, question="scope", text="Antwort."))
    visitor = Visitor(city)
    bare = Database(city.site.settings.database)
    versions = iter(range(1, 100_000))

    def through_the_page(text: str) -> None:
        visitor.send(
            f"/dpias/{dpia.number}/questions/scope",
            {"version": str(next(versions)), "text": text, "do": "next", "following": "actors"},
        )

    def floor(text: str) -> None:
        with bare.writing(city.organisation, actor=Actor("Messung")) as session:
            query = select(DpiaAnswer).where(DpiaAnswer.question == "q1")
            session.scalars(query).one().text = text

    times: dict[str, list[float]] = {"page": [], "bare": []}
    for number in range(60):
        for name, work in (("page", through_the_page), ("bare", floor)):
            start = time.perf_counter()
            work(f"Antwort {number}. " * 20)
            times[name].append((time.perf_counter() - start) * 1000)
    figure, least = (statistics.median(times[name]) for name in ("page", "bare"))
    say("saving one of 200 answers", f"{figure:.1f} ms = {figure / least:.2f} ×", f"10 ms ({least:.1f} ms)")


def test_protection_needs(tmp_path: Path) -> None:
    """Everything that a changed dependency means for the needs of a large organisation."""
    print()
    city = City(tmp_path, 1)
    site, organisation = city.site, city.organisation
    needs_bench.build(site, organisation)
    size = f"{needs_bench.OBJECTS:,} objects, {needs_bench.EDGES:,} dependencies"
    found = [needs_bench.measure_survey(site, organisation) for _ in range(7)]
    floor = needs_bench.measure_floor(site, organisation)
    figure = statistics.median(found)
    say(f"needs of {size}", f"{figure:.0f} ms = {figure / floor:.2f} ×", f"300 ms ({floor:.0f} ms to read)")
    changes = [needs_bench.measure_change(site, organisation, turn) for turn in range(7)]
    duration, others = sorted(changes)[len(changes) // 2]
    say("saving one changed dependency there", f"{duration:.0f} ms, {others} needs changed", "300 ms")
    duration, others = needs_bench.measure_wide_change(site, organisation)
    say("raising one need with all that depend", f"{duration:.0f} ms, {others} needs changed", "–")


def test_grundschutz_check(tmp_path: Path) -> None:
    """An information domain of a whole city; processor time beside it, because machines are shared."""
    print()
    large, small = (_check_of(tmp_path / name, share) for name, share in (("large", 1), ("small", 30)))
    visitor, made = large
    few, little = small
    say("requirements answered", f"{made.answers:,} in {made.assignments} modules", "9,000 in 400")
    reading = _reading_what_is_unmet(visitor)
    for what, page, small_page, bar in (
        ("overview of the domain", made.overview, little.overview, "50 ms"),
        ("check of one module", made.check, little.check, "20 ms"),
        ("implementation plan", made.page("plan/"), little.page("plan/"), f"– ({reading:.1f} ms to read)"),
        ("modelling", made.page("modelling"), little.page("modelling"), "–"),
        ("structure analysis", made.page("structure/"), little.page("structure/"), "–"),
        ("protection needs", f"/protection-needs/{made.number}", f"/protection-needs/{little.number}", "–"),
        ("risk analyses", made.page("risks"), little.page("risks"), "–"),
        ("business impact analysis", made.page("continuity"), little.page("continuity"), "–"),
        ("reference papers", made.page("papers/"), little.page("papers/"), "–"),
    ):
        cpu, queries = visitor.measure(page, times=30, clock=time.process_time)
        wall, _queries = visitor.measure(page, times=30)
        _least, same = few.measure(small_page, times=3)
        say(
            what, f"{wall:.1f} ms (CPU {cpu:.1f}), {queries} queries", f"{bar}; {same} queries in a small one"
        )
    for what, requirement, statuses, bar in (
        ("saving an answer", "requirement", ("NO", "PARTIAL"), "10 ms"),
        ("saving an answer on which descriptions rest", "described", ("YES", "PARTIAL"), "–"),
    ):
        wall, cpu, floor, queries = _saving_an_answer(visitor, made, getattr(made, requirement), statuses)
        same = _saving_an_answer(few, little, getattr(little, requirement), statuses, times=3)[-1]
        figure = f"{wall:.1f} ms (CPU {cpu:.1f}) = {wall / floor:.2f} ×, {queries} queries"
        say(what, figure, f"{bar} ({floor:.1f} ms); {same} queries in a small one")
    floors = _floors_of_the_paper(visitor, made)
    for extension, bar in (("xlsx", "2.5 s"), ("pdf", "6 s")):
        address, floor = made.paper(extension), floors[extension]
        cpu, queries = visitor.measure(address, times=3, clock=time.process_time)
        wall, _queries = visitor.measure(address, times=3)
        _least, same = few.measure(little.paper(extension), times=1)
        say(
            f"A.4 with {made.answers:,} requirements as {extension.upper()}",
            f"{wall / 1000:.2f} s (CPU {cpu / 1000:.2f}) = {wall / 1000 / floor:.2f} ×, {queries} queries",
            f"{bar} ({floor:.2f} s); {same} queries in a small one",
        )


def _check_of(folder: Path, share: int) -> tuple[Visitor, check_bench.Made]:
    folder.mkdir()
    city = City(folder, 1)
    made = check_bench.build(city.site, city.organisation, share)
    return Visitor(city), made


def _reading_what_is_unmet(visitor: Visitor) -> float:
    """Milliseconds for merely reading the answers of which the implementation plan speaks."""
    names = ("id", "assignment_id", "requirement_id", "status", "measure", "responsible", "due")
    query = select(*(getattr(RequirementAnswer, name) for name in names))
    query = query.where(RequirementAnswer.status.in_((Status.PARTIAL, Status.NO)))
    with visitor.site.database.reading(visitor.organisation) as session:
        return seconds(lambda: session.execute(query).all()) * 1000


def _saving_an_answer(
    visitor: Visitor, made: check_bench.Made, requirement: str, statuses: Sequence[str], times: int = 60
) -> tuple[float, float, float, int]:
    """Median milliseconds of the whole request, of the processor, of a bare write; and the queries."""
    bare = Database(visitor.site.settings.database)
    walls, cpus, floors, queries = [], [], [], []
    for version in range(1, times + 1):
        status = statuses[version % len(statuses)]
        form = {f"{requirement}-status": status, f"{requirement}-remark": f"Fassung {version}"}
        visitor.queries = 0
        start, began = time.perf_counter(), time.process_time()
        visitor.answer(f"{made.check}/answers/{requirement}", form | {"version": str(version)})
        cpus.append((time.process_time() - began) * 1000)
        walls.append((time.perf_counter() - start) * 1000)
        queries.append(visitor.queries)
        start = time.perf_counter()
        with bare.writing(visitor.organisation, actor=Actor("Messung")) as session:
            query = select(RequirementAnswer).where(RequirementAnswer.requirement_id != requirement)
            session.scalars(query.limit(1)).one().remark = f"Fassung {version}"
        floors.append((time.perf_counter() - start) * 1000)
    return statistics.median(walls), statistics.median(cpus), statistics.median(floors), queries[-1]


def _floors_of_the_paper(visitor: Visitor, made: check_bench.Made) -> dict[str, float]:
    """Seconds for writing the rows of the check alone, already read and wrapped, by format."""
    with visitor.site.database.reading(visitor.organisation) as session:
        domain = by_number(session, InformationDomain, made.number)
        assert domain is not None
        issuer = Issuer("Messstadt", now(), "de")
        document = grundschutz_check.report(session, domain, issuer, judge=visitor.site.judge)
        grid = [block for block in document.blocks if isinstance(block, Grid)][-1]
        rows = list(grid.rows)
    printed = [at for at, column in enumerate(grid.columns) if column.on_paper]
    shares = [grid.columns[at].width for at in printed]
    lines = exports_bench.wrapped([tuple(row[at] for at in printed) for row in rows], shares)
    return {
        "xlsx": seconds(lambda: exports_bench._bare_xlsx(rows), 1),
        "pdf": seconds(lambda: exports_bench._bare_pdf(lines, shares), 1),
    }


def test_judging(city: City) -> None:
    """What the daily command does."""
    print()

    def work() -> None:
        with city.site.database.writing(city.organisation, actor=Actor("Messung")) as session:
            city.site.judge.judge_everything(session)

    say("judging every entry again", f"{seconds(work, 1):.1f} s", "8 s")


@pytest.mark.skipif(not OFFICIAL.exists(), reason="the official catalogue is not beside the checkout")
def test_catalogue(tmp_path: Path) -> None:
    """2,125 requirements with their texts; the floor is parsing the file and writing as many rows alone."""
    print()
    database = Database(f"sqlite:///{tmp_path / 'n.db'}")
    watch(database, after=(write,))
    Base.metadata.create_all(database.engine)
    counts: list[int] = []

    def work() -> None:
        result = import_catalogue(database, OFFICIAL.read_bytes(), actor=Actor("Messung"))
        assert result.changed
        counts.append(result.counts["requirements"])

    def floor() -> None:
        requirements = kompendium_xml.parse(OFFICIAL.read_bytes()).requirements
        with database.writing(INSTALLATION, actor=Actor("Messung")) as session:
            rows = [{"edition": "–", "requirement_id": each.id, "text": each.text} for each in requirements]
            session.execute(insert(RequirementText), rows)

    figure, least = seconds(work, 1), seconds(floor, 1)
    assert counts == [2125]
    say(
        "import of 2,125 requirements with texts from the XML",
        f"{figure:.2f} s = {figure / least:.1f} ×",
        f"3 s; parsing and storing {least:.2f} s",
    )


@pytest.mark.skipif(not TABLES.exists(), reason="the official workbook is not beside the checkout")
def test_cross_references(tmp_path: Path) -> None:
    """The 111 sheets of the official workbook; the floor is opening and going through them alone."""
    print()
    database = Database(f"sqlite:///{tmp_path / 'n.db'}")
    watch(database, after=(write,))
    Base.metadata.create_all(database.engine)
    data = TABLES.read_bytes()
    counts: list[int] = []

    def work() -> None:
        sheets = read_sheets(data, TABLES.name)
        result = import_cross_references(database, data, sheets, actor=Actor("Messung"))
        counts.append(result.counts["cross_references"])

    def floor() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for sheet in book.worksheets:
                list(sheet.iter_rows(values_only=True))

    figure, least = seconds(work, 1), seconds(floor, 1)
    assert counts == [5888]
    say(
        "import of 5,888 cross-references from the workbook",
        f"{figure:.2f} s = {figure / least:.1f} ×",
        f"– ; going through the sheets {least:.2f} s",
    )


@pytest.mark.skipif(not PROFILE.exists(), reason="the catalogues of the BSI are not beside the checkout")
def test_oscal(tmp_path: Path) -> None:
    """A thousand controls from the profile of Grundschutz++; the floor is parsing the files alone."""
    print()
    sources = [Source.at(path) for path in sorted(PROFILE.parent.glob("BSI-*-catalog.json"))]
    database = Database(f"sqlite:///{tmp_path / 'n.db'}")
    watch(database, after=(write,))
    Base.metadata.create_all(database.engine)
    counts: list[int] = []

    def work() -> None:
        fresh = [Source(source.name, source.data) for source in sources]
        result = import_oscal(database, Source.at(PROFILE), fresh, actor=Actor("Messung"))
        counts.append(result.counts["controls"])

    def floor() -> None:
        for source in sources:
            json.loads(source.data)

    figure, least = seconds(work, 1), seconds(floor, 1)
    assert counts == [1000]
    say(
        "import of 1,000 controls in OSCAL from a profile",
        f"{figure:.2f} s = {figure / least:.1f} ×",
        f"2 s; parsing {least:.2f} s",
    )
    before, after = (
        read(source.root) for source in (Source.at(JUNE), Source(PROFILE.name, _resolved(sources)))
    )
    say(
        "comparing two versions of a thousand controls",
        f"{seconds(lambda: compare(before, after), 1):.2f} s",
        "–",
    )
    say(
        "searching a thousand controls",
        f"{seconds(lambda: after.search('backup'), 5) * 1000:.1f} ms",
        "50 ms",
    )


def _resolved(sources: list[Source]) -> bytes:
    return json.dumps(resolve(Source.at(PROFILE).root, sources).root).encode()


def test_memory_of_the_serving_process(city: City) -> None:
    """A process of its own, asked for lists, details and exports; its size afterwards."""
    print()
    answer = subprocess.run(
        [sys.executable, "-m", "tests.bench.serving", city.site.settings.database, city.token],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
        cwd=Path(__file__).parents[2],
    )
    say("memory of the serving process after all of it", answer.stdout.strip(), "150 MB")
