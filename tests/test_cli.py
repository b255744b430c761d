"""The command line does everything that can be done without a browser."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance import cli
from compliance.cli.ground import ACTOR, find_organisation, open_site
from exports.papers import PAPERS, Extent
from exports.reference_papers import PAPERS as REFERENCE
from tests.assessments.grundschutz.cross_tables import tables, workbook
from tests.assessments.grundschutz.mapping_documents import collection, mapped, source
from tests.assessments.grundschutz.oscal_documents import catalogue, control, profile, written
from tests.assessments.grundschutz.wiba_workbooks import questions
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


def test_the_roles_of_a_person_may_be_limited_to_one_unit(city: Nachweis, tmp_path: Path) -> None:
    wanted = ("person", "add", "jugend@example.org", "--name", "Ida", "--role", "ISB", "--password", "x" * 20)
    assert city(*wanted, "--unit", "Jugend und Kindertagesbetreuung").status == 0
    with sqlite3.connect(tmp_path / "nachweis.db") as connection:
        query = (
            "select unit.name from membership join unit on unit.id = membership.unit_id"
            " join person on person.id = membership.person_id where person.email = 'jugend@example.org'"
        )
        assert connection.execute(query).fetchall() == [("Jugend und Kindertagesbetreuung",)]
    refused = city(*wanted, "--unit", "Ostflügel")
    assert (refused.status, "Ostflügel" in refused.err) == (2, True)


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


def test_the_demo_city_is_whole(city: Nachweis, wardersund_loaded: Path) -> None:
    loaded = json.loads((wardersund_loaded / "said.json").read_bytes())
    again = city("demo")
    verified = city("journal", "verify", "--json")
    judged = city("check", "--json")

    assert loaded["counts"]["themes"] == 13
    assert (again.status, "leere Installation" in again.err) == (2, True)
    assert (verified.status, verified.json["breaks"]) == (0, [])
    assert judged.status == 1
    assert judged.json["errors"] > 0
    assert {"VVT-012", "AVV-002", "TRF-001", "DSF-003"} <= {row["rule"] for row in judged.json["rules"]}


@pytest.mark.parametrize(
    "report", ["register", "processing-activity", "commissioned-processing", "dpia", "grundschutz-check"]
)
def test_every_report_leaves_in_every_format(city: Nachweis, report: str, tmp_path: Path) -> None:
    files = {name: tmp_path / f"out.{name}" for name in ("pdf", "xlsx", "csv", "json")}

    for name, file in files.items():
        run = city("export", report, "--format", name, "--language", "en", "--output", file, "--json")
        assert run.status == 0, run.err
        assert run.json["bytes"] == file.stat().st_size

    assert problems(files["pdf"]) == []
    load_workbook(files["xlsx"]).close()
    assert json.loads(files["json"].read_text())["language"] == "en"


def test_the_check_against_one_catalogue_leaves_by_domain_and_title(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "check.json"
    whole = ("export", "control-check", "--format", "json", "--output", file, "--domain", "IV-0001")

    unclear = city(*whole)
    named = city(*whole, "--catalogue", "dienstanweisung", "--language", "en", "--json")
    unknown = city(*whole, "--catalogue", "no such catalogue")

    assert (unclear.status, "Dienstanweisung" in unclear.err) == (2, True)
    assert (unknown.status, "--catalogue" in unknown.err) == (2, True)
    assert (named.status, named.json["bytes"]) == (0, file.stat().st_size)
    assert "Dienstanweisung" in json.loads(file.read_text())["title"]


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


def test_cross_reference_tables_are_imported_once_and_counted(city: Nachweis, tmp_path: Path) -> None:
    official, other = tmp_path / "krt.xlsx", tmp_path / "other.xlsx"
    official.write_bytes(workbook(tables()))
    other.write_bytes(workbook({"Tabelle1": [["Bezeichnung"], ["Server"]]}))
    first = city("catalogue", "import", official, "--json")
    again = city("catalogue", "import", official)
    refused = city("catalogue", "import", other)
    counts = {
        "modules": 111,
        "requirements": 2125,
        "active": 1835,
        "withdrawn": 290,
        "cross_references": 5888,
        "threats": 47,
    }
    assert {name: first.json[name] for name in counts} == counts
    assert (first.json["changed"], first.json["departing"]) == (True, [])
    assert "5888 Kreuzreferenzen" in again.out
    assert "nichts wurde geändert" in again.out
    assert (refused.status, "Titel und Fassung" in refused.err) == (2, True)
    assert city("catalogue", "list", "--json").json[0]["references_at"]


def test_a_table_becomes_a_profile_or_its_mistakes_are_named(city: Nachweis, tmp_path: Path) -> None:
    table = tmp_path / "profil.csv"
    table.write_text("Baustein;Stufe\nCON.2;B\nORP.1;B\n", encoding="utf-8")
    named = ("--title", "Profil", "--edition", "1")
    imported = city("catalogue", "import", table, *named, "--json").json
    assert (imported["controls"], imported["changed"]) == (6, True)
    written_to = tmp_path / "aus.json"
    city("catalogue", "export", imported["id"], "--profile", "--output", written_to)
    assert json.loads(written_to.read_bytes())["profile"]["metadata"]["title"] == "Profil"
    assert not city("catalogue", "import", table, *named, "--json").json["changed"]
    table.write_text("Baustein;Stufe\nSYS.9;B\n", encoding="utf-8")
    refused = city("catalogue", "import", table, *named)
    assert refused.status == 2
    assert "Zeile 2, Spalte „Baustein“: „SYS.9“ gibt es nicht in" in refused.err
    city("catalogue", "export", "2023", "--output", written_to)
    assert len(json.loads(written_to.read_bytes())["catalog"]["groups"]) == 10


@pytest.mark.parametrize("paper", [paper.key for paper in REFERENCE])
def test_every_paper_about_an_information_domain_leaves_in_both_languages(
    city: Nachweis, paper: str, tmp_path: Path
) -> None:
    titles = {}
    for language in ("de", "en"):
        file = tmp_path / f"{language}.json"
        asked = ("--domain", "IV-0001", "--language", language, "--format", "json")
        run = city("export", paper, *asked, "--output", file, "--json")
        assert run.json == {"entries": 1, "bytes": file.stat().st_size, "output": str(file)}
        titles[language] = json.loads(file.read_text())["title"]
    [wanted] = [each for each in REFERENCE if each.key == paper]
    assert titles["de"].startswith(f"{wanted.number} ".lstrip())
    assert titles["de"] != titles["en"]


_WANTED = {
    "control-check": ("--domain", "IV-0001", "--catalogue", "dienstanweisung"),
    "work-list": ("--domain", "IV-0001"),
    "yearly-report": ("--year", "2025"),
    "dpia": ("--id", "DSFA-0001", "--catalogue", "EDPB/2026-1.0"),
}


@pytest.mark.parametrize("name", [name for name in PAPERS if name not in {each.key for each in REFERENCE}])
def test_every_paper_that_the_pages_offer_leaves_by_its_name(
    city: Nachweis, name: str, tmp_path: Path
) -> None:
    paper = PAPERS[name]
    ending = "txt" if "txt" in paper.formats else "json"
    asked = _WANTED.get(name, ("--id", "1") if paper.extent is Extent.ONE else ())
    file = tmp_path / f"out.{ending}"
    run = city("export", name, *asked, "--output", file, "--language", "en", "--json")
    assert (run.status, run.err) == (0, "")
    assert run.json["bytes"] == file.stat().st_size > 200


def test_a_letter_says_the_same_as_its_page(city: Nachweis, tmp_path: Path) -> None:
    letter = tmp_path / "auskunft.txt"
    city("export", "access-letter", "--id", "1", "--output", letter)
    wrong = city("export", "access-letter", "--id", "1", "--output", tmp_path / "a.xlsx")
    # Names are sealed in the database, and a letter is sent to somebody.
    assert "versiegelt" not in letter.read_text()
    assert (wrong.status, "Vorhanden: pdf, txt" in wrong.err) == (2, True)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("a7",), "Ein Dokument „a7“ gibt es nicht. Ähnlich heißen: a"),
        (("notice",), "privacy-notice"),
        (("a1", "--year", "2026"), "„--year“ gehört nicht zu „a1“"),
        (("dpia", "--domain", "IV-0001"), "„--domain“ gehört nicht zu „dpia“"),
        (("a1", "--register", "measures"), "„--register“ gehört nicht zu „a1“"),
        (("oscal",), "--kind das Dokument: profile, ssp, results, poam"),
        (("decision-paper", "--output", "x.pdf"), "Vorhanden: DSFA-0001, DSFA-0002"),
        (("decision-paper", "--id", "DSFA-0999", "--output", "x.pdf"), "Vorhanden: DSFA-0001, DSFA-0002"),
        (("deletion-concept", "--id", "1", "--output", "x.pdf"), "vom ganzen Register"),
        (("dpia", "--id", "1", "--catalogue", "keiner", "--output", "x.pdf"), "Vorhanden: nachweis/"),
        (("dpia", "--catalogue", "edpb/2026-1.0", "--output", "x.pdf"), "nur einzeln"),
        (("a1", "--domain", "1", "--format", "cnil", "--output", "x"), "Vorhanden: pdf, xlsx, csv, json"),
        (("work-list", "--domain", "IV-0002", "--output", "x.pdf"), "keinen solchen Katalog"),
    ],
)
def test_what_cannot_be_written_is_answered_with_what_can(
    city: Nachweis, asked: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    run = city("export", *asked)
    assert (run.status, words in run.err, run.out) == (2, True, ""), run.err
    assert {path.name for path in tmp_path.iterdir()} - before <= {"nachweis.db-shm", "nachweis.db-wal"}


def test_the_help_names_every_paper(nachweis: Nachweis) -> None:
    said = nachweis("export", "--help").out
    assert [name for name in (*PAPERS, "register", "oscal") if f"\n  {name} " not in said] == []


def test_a_paper_says_which_information_domain_it_needs(city: Nachweis, tmp_path: Path) -> None:
    out = ("--output", tmp_path / "out.pdf")
    site = open_site()
    with site.database.writing(find_organisation(site, "").id, actor=ACTOR) as session:
        session.add(InformationDomain(name="Bauhof", approach=Approach.BASIC))
    several = city("export", "a1", *out)
    unknown = city("export", "a1", "--domain", "IV-0099", *out)
    basic = city("export", "a5", "--domain", "IV-0004", *out)
    assert (several.status, "--domain" in several.err) == (2, True)
    assert (unknown.status, "IV-0099" in unknown.err) == (2, True)
    assert (basic.status, "Basis-Absicherung" in basic.err) == (2, True)
    assert not (tmp_path / "out.pdf").exists()


def test_an_information_domain_leaves_in_oscal_and_its_documents_come_back(
    city: Nachweis, tmp_path: Path
) -> None:
    files = {kind: tmp_path / f"{kind}.json" for kind in ("profile", "ssp", "results", "poam")}
    for kind, path in files.items():
        run = city("export", "oscal", "--domain", "IV-0001", "--kind", kind, "--output", path, "--json")
        assert run.json["bytes"] == path.stat().st_size
    for kind, least in (("results", 600), ("ssp", 600), ("poam", 50)):
        back = city("catalogue", "results", files[kind], "--domain", "IV-0001", "--json").json
        assert (back["changed"], back["modules"], back["remarks"]) == (0, 0, [])
        assert back["unchanged"] > least
    moved = tmp_path / "moved.json"
    moved.write_text(files["ssp"].read_text().replace("-oscal-profile.json", "-anders.json"))
    said = city("catalogue", "results", moved, "--domain", "IV-0001").out
    assert "Nicht übernommen – system-security-plan.import-profile.href: im Dokument „" in said
    assert city("export", "oscal", "--domain", "IV-0001").status == 2
    assert city("export", "oscal", "--kind", "ssp").status == 2
    assert city("catalogue", "results", files["results"], "--domain", "IV-99").status == 2
    assert city("catalogue", "results", files["profile"], "--domain", "IV-0001").status == 2
    other = city("catalogue", "results", files["ssp"], "--domain", "IV-0002")
    assert (other.status, "nicht IV-0002" in other.err) == (2, True)


def test_a_catalogue_in_oscal_is_imported_listed_compared_and_exported_unchanged(
    city: Nachweis, tmp_path: Path
) -> None:
    first, second, out = tmp_path / "eins.json", tmp_path / "zwei.json", tmp_path / "heraus.json"
    first.write_bytes(written(catalogue(control("a", "Sichern"), control("b", "Löschen"))))
    second.write_bytes(written(catalogue(control("a", "Sichern!"), control("c", "Neu"), version="2")))

    imported = city("catalogue", "import", first, "--json")
    again = city("catalogue", "import", first, "--json")
    newer = city("catalogue", "import", second, "--json")
    listed = city("catalogue", "list", "--json").json
    short = imported.json["id"]
    differences = city("catalogue", "diff", short, second, "--json")
    city("catalogue", "export", short, "--output", out)

    assert {key: imported.json[key] for key in ("name", "edition", "controls", "changed", "remarks")} == {
        "name": "Hausregeln",
        "edition": "1",
        "controls": 2,
        "changed": True,
        "remarks": [],
    }
    assert (again.json["changed"], newer.json["changed"]) == (False, True)
    assert [each["edition"] for each in listed if each["name"] == "Hausregeln"] == ["2", "1"]
    assert differences.json["counts"] == {
        "added": 1,
        "removed": 1,
        "renumbered": 0,
        "changed": 1,
        "unchanged": 0,
    }
    assert out.read_bytes() == first.read_bytes()
    assert "~ a Sichern!: Titel" in city("catalogue", "diff", short, newer.json["id"]).out


def test_the_workbooks_of_wiba_are_imported_once(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "wiba.xlsx"
    file.write_bytes(workbook(questions()))
    first = city("catalogue", "import", file, "--json").json
    again = city("catalogue", "import", file)
    assert first == {
        "name": "WiBA",
        "contents": "questions",
        "checklists": 19,
        "questions": 38,
        "changed": True,
    }
    assert "38 Prüffragen" in again.out
    assert "WiBA, Prüffragen: 38 (" in city("catalogue", "list").out
    assert city("catalogue", "list", "--json").json[-1]["counts"] == {"rows": 38}
    assert "nichts wurde geändert" in again.out


def test_a_mapping_is_imported_once_and_listed(city: Nachweis, tmp_path: Path) -> None:
    file = tmp_path / "zuordnung.json"
    file.write_bytes(source(collection(mapped("SYS.1.1.A1", "K.1"), mapped("5.1", "K.1"))).data)
    first = city("catalogue", "import", file, "--json").json
    again = city("catalogue", "import", file)
    [listed] = [each for each in city("catalogue", "list", "--json").json if each.get("id") == first["id"]]
    assert (first["pairs"], first["mapped_requirements"], first["changed"]) == (1, 1, True)
    assert first["remarks"][0]["text"] == "„5.1“ ist keine Anforderung der Edition 2023."
    assert "nichts wurde geändert" in again.out
    assert (listed["status"], listed["counts"]) == ("draft", {"pairs": 1, "problems": 1})


def test_a_profile_is_imported_with_the_catalogues_it_draws_on(city: Nachweis, tmp_path: Path) -> None:
    source, chosen = tmp_path / "haus.json", tmp_path / "auswahl.json"
    source.write_bytes(written(catalogue(control("a"), control("b"))))
    wish = {"href": "haus.json", "include-controls": [{"with-ids": ["b"]}]}
    chosen.write_bytes(written(profile(wish)))

    alone = city("catalogue", "import", chosen)
    together = city("catalogue", "import", chosen, "--with", source, "--json")
    city("catalogue", "import", source)
    from_the_shelf = city("catalogue", "import", chosen, "--json")

    assert (alone.status, "haus.json" in alone.err) == (2, True)
    assert (together.json["controls"], from_the_shelf.json["changed"]) == (1, False)


def test_a_second_organisation_must_be_named(city: Nachweis) -> None:
    city("organisation", "add", "Stadtwerke Wardersund GmbH", "--company")

    unnamed = city("check")
    named = city("check", "--organisation", "Stadtwerke Wardersund GmbH", "--json")

    assert (unnamed.status, "Stadtwerke Wardersund GmbH" in unnamed.err) == (2, True)
    assert (named.status, named.json["entries"]) == (0, 0)


# --- Deadlines -----------------------------------------------------------------------------------


@pytest.fixture
def deadline(nachweis: Nachweis, monkeypatch: pytest.MonkeyPatch) -> Nachweis:
    """Asks for a deadline where no installation is."""
    monkeypatch.delenv("NACHWEIS_DATABASE")
    monkeypatch.delenv("NACHWEIS_DATA")
    return lambda *arguments: nachweis("deadline", *arguments)


@pytest.mark.parametrize(
    ("arguments", "figures"),
    [
        (
            ("breach", "2026-03-27T14:10"),
            {"strict": "2026-03-30T15:10:00+02:00", "latest": "2026-03-30T16:00:00+02:00"},
        ),
        (
            ("breach", "2026-03-02T09:20Z", "--land", "BY"),
            {"strict": "2026-03-05T10:20:00+01:00", "latest": "2026-03-05T11:00:00+01:00"},
        ),
        (
            ("breach", "2026-10-25T02:30+01:00"),
            {"strict": "2026-10-28T02:30:00+01:00", "latest": "2026-10-28T03:00:00+01:00"},
        ),
        (("request", "2026-01-15"), {"due": "2026-02-16", "extended": "2026-04-15"}),
        (("request", "2026-01-15T23:30Z"), {"due": "2026-02-16", "extended": "2026-04-16"}),
        (("consultation", "2026-02-14"), {"due": "2026-04-13", "extended": "2026-05-26"}),
        (
            ("request", "2025-07-31"),
            {
                "due": "2025-09-01",
                "extended": "2025-10-31",
                "land_holiday_only": {"extended": "2025-11-03"},
            },
        ),
        (("request", "2025-07-31", "--land", "by"), {"due": "2025-09-01", "extended": "2025-10-31"}),
        (
            ("request", "2026-01-15", "--pause", "2026-01-20/2026-01-27"),
            {
                "due": "2026-02-23",
                "extended": "2026-04-22",
                "unpaused": {"due": "2026-02-16", "extended": "2026-04-15"},
            },
        ),
        (
            ("request", "2026-01-15", "--pause", "2026-01-20"),
            {"due": "2026-02-16", "extended": "2026-04-15", "suspended": True},
        ),
    ],
)
def test_deadlines_are_told_to_other_programs(
    deadline: Nachweis, arguments: tuple[str, ...], figures: dict[str, Any]
) -> None:
    run = deadline(*arguments, "--json")

    assert (run.status, run.json) == (0, figures)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("breach", "2026-04-03 16:30"),
            (
                "Strikt, auf die Minute: Montag, 06.04.2026, 16:30 Uhr MESZ\n"
                "Rechtlich spätestens: Montag, 06.04.2026, 17:00 Uhr MESZ\n"
            ),
        ),
        (
            ("consultation", "2026-02-14"),
            (
                "Frist: Montag, 13.04.2026, 24 Uhr\n"
                "Bei Verlängerung: Dienstag, 26.05.2026, 24 Uhr\n"
                "Schweigen der Aufsichtsbehörde ist keine Zustimmung.\n"
            ),
        ),
        (
            ("request", "2025-07-31", "--pause", "2025-10-31/2025-11-01", "--pause", "2025-11-02"),
            (
                "Frist: Montag, 01.09.2025, 24 Uhr\n"
                "Bei Verlängerung: Montag, 03.11.2025, 24 Uhr\n"
                "  Ohne Unterbrechung: Freitag, 31.10.2025\n"
                "Eine Rückfrage ist offen: Die Frist steht still, das Ende verschiebt sich bis zur Antwort "
                "Tag um Tag.\n"
            ),
        ),
        (
            ("request", "2025-07-31"),
            (
                "Frist: Montag, 01.09.2025, 24 Uhr\n"
                "Bei Verlängerung: Freitag, 31.10.2025, 24 Uhr\n"
                "  Das ist nur im Land ein Feiertag; ob er die Frist verschiebt, ist ungeklärt. "
                "Verschoben wäre es Montag, 03.11.2025.\n"
            ),
        ),
    ],
)
def test_deadlines_are_told_in_words(deadline: Nachweis, arguments: tuple[str, ...], said: str) -> None:
    assert deadline(*arguments) == Run(0, said, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("breach", "2026-03-02"), "„2026-03-02“ ist kein Zeitpunkt; erwartet wird ein Tag mit Uhrzeit"),
        (("breach", "gestern"), "„gestern“ ist kein Zeitpunkt; erwartet wird"),
        (("breach", "2026-03-02T25:00"), "„2026-03-02T25:00“ ist kein Zeitpunkt; erwartet wird"),
        (("breach", "2026-03-29T02:30"), "02:30 Uhr gab es am 29.03.2026 nicht"),
        (("request", "02.03.2026"), "„02.03.2026“ ist kein Datum; erwartet wird ein Tag nach ISO 8601"),
        (("request", "2026-02-30"), "„2026-02-30“ ist kein Datum; erwartet wird"),
        (("request", ""), "„“ ist kein Datum; erwartet wird"),
        (("request", "1066-10-14"), "Für das Jahr 1066 sind die Feiertage nicht bekannt"),
        (("request", "2100-12-01"), "Für das Jahr 2101 sind die Feiertage nicht bekannt"),
        (("request", "2026-03-02", "--land", "XY"), "„XY“ ist kein Land; erwartet wird eines der Kürzel BB"),
        (("request", "2026-03-02", "--pause", "2026-03-09/2026-03-02"), "endet, bevor sie beginnt"),
        (("request", "2026-03-02", "--pause", "bald"), "„bald“ ist kein Datum"),
    ],
)
def test_what_is_no_day_is_refused_in_one_sentence(
    deadline: Nachweis, arguments: tuple[str, ...], said: str
) -> None:
    run = deadline(*arguments)

    assert (run.status, run.out, run.err.count("\n")) == (2, "", 1)
    assert said in run.err


def test_the_library_of_norms_is_taken_over_once(city: Nachweis) -> None:
    again = city("norms", "load", "--json")
    told = city("norms", "load")

    assert again.json == {"new": 0, "renewed": 0, "kept": 0, "unchanged": 61, "withdrawn": 0}
    assert (told.status, "61 unverändert" in told.out) == (0, True)


def test_a_public_register_is_switched_on_and_off(nachweis: Nachweis) -> None:
    nachweis("init")
    nachweis("organisation", "add", "Stadt Süderhöft")

    on = nachweis("organisation", "public", "Stadt Süderhöft")
    renamed = nachweis("organisation", "public", "Stadt Süderhöft", "--as", "suederhoeft")
    refused = nachweis("organisation", "public", "Stadt Süderhöft", "--as", "Süderhöft")
    off = nachweis("organisation", "public", "Stadt Süderhöft", "--off")

    assert (on.status, on.out) == (0, "/public/stadt-suederhoeft/register\n")
    assert (renamed.status, renamed.out) == (0, "/public/suederhoeft/register\n")
    assert (refused.status, off.status) == (2, 0)


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


def test_a_threshold_analysis_is_explained_by_its_number(city: Nachweis) -> None:
    told, data = city("threshold", "explain", "SWA-0001"), city("threshold", "explain", "1", "--json").json

    assert told.status == 0
    assert told.out.splitlines()[:3] == [
        "SWA-0001 Sitzungsdienst und Ratsinformationssystem",
        f"{data['activity']} Sitzungsdienst und Ratsinformationssystem",
        "Ergebnis: Nicht erforderlich",
    ]
    assert "Kriterium 4. Vertrauliche oder höchst persönliche Daten. (WP 248 rev.01, Nr. 4)" in told.out
    assert (data["id"], data["outcome"], data["open_questions"]) == ("SWA-0001", "NOT_REQUIRED", [])
    assert [reason["id"] for reason in data["reasons"]] == ["ONE-CRITERION", "CRITERION-4"]


@pytest.mark.parametrize("number", ["9999", "VT-0001", "0", "9" * 30, "x"])
def test_an_analysis_that_is_not_there_is_named(city: Nachweis, number: str) -> None:
    run = city("threshold", "explain", number)

    assert (run.status, run.out) == (2, "")
    assert f"Eine Schwellwertanalyse {number} gibt es nicht." in run.err


PIA = {
    "pia": {"name": "Ausleihe", "author_name": "Jule Petersen", "status": 0, "later": "neu"},
    "answers": [{"reference_to": 111, "data": {"text": "<p>Medien</p>", "gauge": None, "list": []}}],
    "measures": [],
    "evaluations": [],
    "comments": [],
}


def test_an_assessment_comes_in_and_leaves_as_the_same_file(city: Nachweis, tmp_path: Path) -> None:
    file, again = tmp_path / "pia.json", tmp_path / "again.json"
    file.write_text(json.dumps(PIA), encoding="utf-8")

    tried = city("import", "dpia", file, "--dry-run", "--json")
    imported = city("import", "dpia", file, "--json")
    first = city("export", "dpia", "--id", imported.json["ids"][0], "--format", "cnil")
    again.write_text(first.out, encoding="utf-8")
    second = city("import", "dpia", again, "--json")
    back = city("export", "dpia", "--id", second.json["ids"][0], "--format", "cnil")

    assert tried.json == imported.json | {"ids": [], "dry_run": True}
    assert [each["place"] for each in imported.json["notices"]] == [
        "pia.status",
        "pia.later",
        "id, pia_id, lock_version, progress, …",
    ]
    assert json.loads(first.out)["pia"]["name"] == "Ausleihe"
    assert back.out == first.out
    assert city("journal", "verify", "--json").json["breaks"] == []


@pytest.mark.parametrize(("content", "said"), [("{", "Zeile 1"), ('{"pia": {"name": []}}', "pia.name")])
def test_a_bad_assessment_is_refused_and_nothing_comes_in(
    city: Nachweis, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "pia.json"
    before = city("export", "register", "--register", "dpias", "--output", tmp_path / "a.csv", "--json")
    file.write_text(content, encoding="utf-8")

    run = city("import", "dpia", file)
    after = city("export", "register", "--register", "dpias", "--output", tmp_path / "b.csv", "--json")

    assert (run.status, said in run.err) == (2, True)
    assert after.json["entries"] == before.json["entries"]


def test_formats_of_single_entries_ask_for_one(city: Nachweis, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonld"
    runs = [
        city("export", "dpia", "--format", "cnil"),
        city("export", "processing-activity", "--id", "1", "--format", "jsonld"),
        city("export", "dpia", "--id", "1", "--format", "pdf"),
    ]
    linked = city("export", "dpia", "--id", "1", "--format", "jsonld", "--output", out, "--json")

    assert [(run.status, bool(run.err)) for run in runs] == [(2, True)] * len(runs)
    assert linked.json["bytes"] == out.stat().st_size
