"""What leaves through the browser says which part of a register it is."""

from __future__ import annotations

import pytest

from compliance.people import Role
from registers.processing import ProcessingActivity, Stage
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def test_the_cover_names_the_filters_as_the_list_does(browsers: Browsers, city: City) -> None:
    office = city.units["office"]
    city.save(ProcessingActivity(name="Hundesteuer", unit=office, stage=Stage.PLANNED))
    view = f"unit={office.id.hex}&state=DRAFT&stage=PLANNED&q=hunde"

    file = browsers.of(Role.DSB).get(f"/registers/processing-activities/export.json?{view}").text

    words = "„hunde“, Organisationseinheit: 1.1 Bürgeramt, Status: Entwurf, Betriebsstand: In Planung"
    assert f"Auswahl: {words}" in file
    assert office.id.hex not in file
