"""The command line does everything that can be done without a browser."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from compliance import cli
from tests.exports.conformance import problems

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
RECORDS = SHARED / "ropa" / "EDPS_GDPR_A30.csv"
KOMPENDIUM = SHARED / "bsi" / "XML_Kompendium_2023.xml"

REGISTER = """Bezeichnung;Zwecke;Betriebsstand
Pfandleihe;Aufsicht über Pfandleihen;In Betrieb
;ohne Namen;In Betrieb
"""


@dataclass(frozen=True)
class Run:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Nachweis = Callable[..., Run]


@pytest.fixture
def nachweis(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Nachweis:
    """Runs the command line on an installation of its own."""
    monkeypatch.setenv("NACHWEIS_DATABASE", f"sqlite:///{tmp_path / 'nachweis.db'}")
    monkeypatch.setenv("NACHWEIS_DATA", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["nachweis", *map(str, arguments)])
        try:
            cli.main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return Run(status, said.out, said.err)

    return run


@pytest.fixture
def city(nachweis: Nachweis, wardersund_template: Path, tmp_path: Path) -> Nachweis:
    """The command line on the demo city."""
    shutil.copytree(wardersund_template, tmp_path, dirs_exist_ok=True)
    return nachweis


def test_what_is_missing_is_named_all_at_once(nachweis: Nachweis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NACHWEIS_DATABASE")
    monkeypatch.delenv("NACHWEIS_DATA")

    run = nachweis("check")

    assert run.status == 2
    assert "NACHWEIS_DATABASE, NACHWEIS_DATA" in run.err


def test_an_installation_without_tables_says_how_to_make_them(nachweis: Nachweis, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("k" * 48)

    run = nachweis("check")

    assert (run.status, "nachweis init" in run.err) == (2, True)


def test_init_makes_the_key_file_once_and_for_its_owner_alone(nachweis: Nachweis, tmp_path: Path) -> None:
    nachweis("init")
    key = (tmp_path / "secret.key").read_text()

    again = nachweis("init", "--json")

    assert (tmp_path / "secret.key").read_text() == key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert again.json == {"current": True}


def test_a_short_secret_is_refused(nachweis: Nachweis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NACHWEIS_SECRET_KEY", "short")

    assert nachweis("check").status == 2


def test_the_demo_city_is_whole(nachweis: Nachweis) -> None:
    city = nachweis
    loaded = city("demo", "--json")
    again = city("demo")
    verified = city("journal", "verify", "--json")
    judged = city("check", "--json")

    assert loaded.json["counts"]["themes"] == 13
    assert (again.status, "leere Installation" in again.err) == (2, True)
    assert (verified.status, verified.json["breaks"]) == (0, [])
    assert judged.status == 1
    assert judged.json["errors"] > 0
    assert {"VVT-012", "AVV-002", "TRF-001", "DSF-003"} <= {row["rule"] for row in judged.json["rules"]}


@pytest.mark.parametrize("report", ["register", "processing-activity", "dpia", "grundschutz-check"])
def test_every_report_leaves_in_every_format(city: Nachweis, report: str, tmp_path: Path) -> None:
    files = {name: tmp_path / f"out.{name}" for name in ("pdf", "xlsx", "csv", "json")}

    for name, file in files.items():
        run = city("export", report, "--format", name, "--language", "en", "--output", file, "--json")
        assert run.status == 0, run.err
        assert run.json["bytes"] == file.stat().st_size

    assert problems(files["pdf"]) == []
    load_workbook(files["xlsx"]).close()
    assert json.loads(files["json"].read_text())["language"] == "en"


def test_one_entry_is_named_by_its_running_number(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "one.json"

    found = city("export", "processing-activity", "--id", "VT-0002", "--format", "json", "--output", file)
    missing = city("export", "processing-activity", "--id", "VT-9999", "--format", "json", "--output", file)

    assert found.status == 0
    assert json.loads(file.read_text())["title"].startswith("VT-0002 ")
    assert (missing.status, "VT-9999" in missing.err) == (2, True)


def test_a_dry_run_says_what_an_import_does_and_changes_nothing(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(REGISTER, encoding="utf-8")

    planned = city("import", "processing-activities", file, "--dry-run", "--json")
    carried_out = city("import", "processing-activities", file, "--json")
    again = city("import", "processing-activities", file, "--json")

    assert (planned.status, planned.json["created"], planned.json["refused"]) == (1, 1, 1)
    assert planned.json["refusals"][0]["row"] == 3
    assert {**carried_out.json, "dry_run": True} == planned.json
    assert (again.json["created"], again.json["unchanged"]) == (0, 1)


def test_a_file_that_is_no_table_is_refused_by_name(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "picture.xlsx"
    file.write_bytes(b"\x89PNG\r\n")

    run = city("import", "processors", file)

    assert (run.status, "picture.xlsx" in run.err) == (2, True)


@pytest.mark.skipif(not RECORDS.exists(), reason="the records of the EDPS are not beside the checkout")
def test_the_records_of_the_european_data_protection_supervisor_become_entries(
    city: Nachweis, tmp_path: Path
) -> None:
    imported = city("import", "processing-activities", RECORDS, "--json")
    out = tmp_path / "register.csv"
    city("export", "register", "--format", "csv", "--output", out)

    assert (imported.status, imported.json["created"], imported.json["refused"]) == (0, 3, 0)
    assert out.read_text(encoding="utf-8-sig").count("Selection of Director") >= 1
    assert "Bestand, ungeprüft" in out.read_text(encoding="utf-8-sig")


@pytest.mark.skipif(not KOMPENDIUM.exists(), reason="the official catalogue is not beside the checkout")
def test_the_official_catalogue_adds_its_texts_once(city: Nachweis) -> None:
    first = city("catalogue", "import", KOMPENDIUM, "--json")
    second = city("catalogue", "import", KOMPENDIUM, "--json")

    counts = {
        "modules": 111,
        "requirements": 2125,
        "active": 1835,
        "withdrawn": 290,
        "threats": 47,
        "cross_references": 5888,
    }
    assert {name: first.json[name] for name in counts} == counts
    assert (first.json["changed"], second.json["changed"]) == (True, False)
    assert city("catalogue", "list", "--json").json[0]["imported_at"]


def test_a_second_organisation_must_be_named(city: Nachweis) -> None:
    city("organisation", "add", "Stadtwerke Wardersund GmbH", "--company")

    unnamed = city("check")
    named = city("check", "--organisation", "Stadtwerke Wardersund GmbH", "--json")

    assert (unnamed.status, "Stadtwerke Wardersund GmbH" in unnamed.err) == (2, True)
    assert (named.status, named.json["entries"]) == (0, 0)


def test_a_register_leaves_as_a_workbook_and_comes_back_edited(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "themen.xlsx"
    left = city("workbook", "--register", "themes", "--output", file, "--json")
    book = load_workbook(file)
    headers = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].cell(2, headers.index("Bezeichnung") + 1).value = "Mobilität von morgen"
    book.worksheets[0].cell(3, headers.index("Organisationseinheit") + 1).value = "Amt 99"
    book.save(file)

    tried = city("roundtrip", file, "--dry-run", "--json")
    done = city("roundtrip", file)
    again = city("roundtrip", file, "--json")

    assert (left.status, left.json["entries"]) == (0, 13)
    assert (tried.status, tried.json["changed"], tried.json["problems"]) == (1, 1, 1)
    assert [(edit["field"], edit["file"]) for edit in tried.json["edits"]] == [
        ("Bezeichnung", "Mobilität von morgen")
    ]
    assert "Zeile 3, Spalte E „Organisationseinheit“: „Amt 99“ ist kein bekannter Eintrag." in done.err
    assert (again.json["changed"], again.json["edits"]) == (0, [])


@pytest.mark.parametrize(
    ("choice", "status", "name"), [("skip", 1, "Ihre"), ("stored", 0, "Ihre"), ("file", 0, "Meine")]
)
def test_a_conflict_on_the_command_line_is_left_out_or_decided(
    city: Nachweis, tmp_path: Path, choice: str, status: int, name: str
) -> None:
    file, theirs = tmp_path / "themen.xlsx", tmp_path / "ihre.xlsx"
    city("workbook", "--register", "themes", "--output", file)
    for path, new in ((theirs, "Ihre"), (file, "Meine")):
        book = load_workbook(file)
        book.worksheets[0].cell(2, 4).value = new
        book.save(path)

    assert city("roundtrip", theirs).status == 0
    assert city("roundtrip", file, "--on-conflict", choice).status == status
    city("workbook", "--register", "themes", "--output", file)
    assert load_workbook(file).worksheets[0].cell(2, 4).value == name
