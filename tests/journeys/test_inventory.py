"""An information domain is built from the export of an inventory, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.people import Role
from tests.journeys.conftest import WIDTHS, Visitor

pytestmark = pytest.mark.browser
EXPORT = """Objekttitel;Objekttyp;CMDB-Status;Betriebssystem;Abhängig von
Fundbüro {at};Geschäftsprozess;in Betrieb;;Fundverfahren {at}
Fundverfahren {at};Fachverfahren;in Betrieb;;fund-srv {at}
fund-srv {at};Virtueller Server;in Betrieb;Windows Server 2022;Fundkeller {at}
Fundkeller {at};Schrank;in Betrieb;;
Fundkiste {at};Kühlschrank;in Betrieb;;
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_from_an_export_to_the_modelled_domain(
    visit: Callable[..., Visitor], width: int, tmp_path: Path
) -> None:
    isb = visit(Role.ISB, width)
    file = tmp_path / "cmdb.csv"
    file.write_text(EXPORT.format(at=width), encoding="cp1252")
    isb.go("/registers/objects/import/")
    isb.page.set_input_files("#file", file)
    isb.leave_by("Vorschau zeigen")
    assert "Kühlschrank" in isb.check().get_by_role("main").inner_text()
    isb.leave_by("Import ausführen")

    isb.go("/registers/information-domains/new").get_by_label("Bezeichnung").fill(f"Fundwesen {width}")
    isb.page.get_by_label("Vorgehensweise").select_option(label="Standard-Absicherung")
    isb.leave_by("Speichern")
    domain = re.sub(r".*/", "", isb.page.url)
    isb.leave_by("Zielobjekte aufnehmen", role="link")
    isb.page.get_by_label("Suche", exact=True).last.fill(str(width))
    isb.leave_by("Anzeigen")
    isb.page.get_by_label("alle dieser Ansicht").check()
    isb.check()
    isb.leave_by("Aufnehmen")
    assert "5 Zielobjekte sind aufgenommen." in isb.check().get_by_role("main").inner_text()

    needs = isb.go(f"/protection-needs/{domain}").get_by_role("main").inner_text()
    assert re.search(r"Schutzbedarf bewerten\s+als Nächstes ZO-\d{4} Fundbüro", needs)
    isb.leave_by("Schutzbedarf bewerten", role="link")
    for value in ("Vertraulichkeit", "Integrität", "Verfügbarkeit"):
        isb.page.get_by_label(value).first.select_option(label="Normal")
    isb.page.get_by_label("Begründung").first.fill("Fundsachen sind ersetzbar.")
    isb.check()
    isb.leave_by("Speichern und weiter")
    assert "Fundkiste" in isb.page.get_by_role("heading", level=1).inner_text()

    isb.go(f"/grundschutz/{domain}/modelling?view=module")
    assert "1 Zielobjekt ohne passenden Baustein" in isb.check().get_by_role("main").inner_text()
    isb.leave_by("Zuordnen")
    assert isb.check().locator("table.modules a", has_text="SYS.1.2.3").count() == 1

    isb.go(f"/grundschutz/{domain}/structure/")
    isb.page.get_by_role("region", name="Abhängigkeiten:").focus()
    isb.page.keyboard.press("Tab")
    picture = isb.page.locator("svg.network")
    assert "network--lit" in (picture.get_attribute("class") or "")
    with isb.page.expect_navigation():
        isb.page.keyboard.press("Enter")
    assert f"Fundbüro {width}" in isb.check().get_by_role("heading", level=1).inner_text()
