"""Taking over the library, confirming norms and linking services, as people do it in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from compliance.entry import Entry, everything
from compliance.journal import history
from compliance.people import Role
from registers.importing import carry_out, match_columns, prepare, read_table
from registers.norms import Level, Norm, Subject
from registers.processing import ProcessingActivity, Purpose
from registers.services import Service
from tests.browsers import Browsers, form_of
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

LIBRARY = "/registers/norms/library"
MATCHING = "/registers/services/matching"


def stored(city: City, model: type[Entry]) -> list[Any]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(model).order_by(model.number).options(*everything(model))))


def given_law(city: City) -> Norm:
    law = Norm(name="LDSG SH", level=Level.LAND, areas=(Subject.DATA_PROTECTION,))
    tax = Norm(name="KAG SH", level=Level.LAND, areas=(Subject.TAXES,))
    city.save(law, tax)
    return tax


@pytest.mark.parametrize("role", [Role.DSB, Role.ADMINISTRATOR])
def test_the_officer_and_the_administrator_take_over_the_library(
    browsers: Browsers, city: City, role: Role
) -> None:
    browser = browsers.of(role)
    assert "Mitgelieferte Bibliothek" in browser.page("/registers/norms/").main
    assert "Wird angelegt (61)" in browser.page(LIBRARY).main

    following = browser.post(LIBRARY).location

    assert "61 neu, 0 aktualisiert, 0 belassen" in browser.page(following).main
    assert "auf dem Stand der Bibliothek" in browser.page(LIBRARY).main
    assert len(stored(city, Norm)) == 61


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER, Role.MANAGEMENT])
def test_nobody_else_takes_over_the_library(browsers: Browsers, role: Role) -> None:
    browser = browsers.of(role)

    assert "Mitgelieferte Bibliothek" not in browser.page("/registers/norms/").main
    assert (browser.status("GET", LIBRARY), browser.status("POST", LIBRARY)) == (403, 403)


def test_what_was_changed_here_is_shown_beside_the_library(browsers: Browsers, city: City) -> None:
    browser = browsers.of(Role.DSB)
    browser.post(LIBRARY)
    first = stored(city, Norm)[0]
    form = form_of(first)
    form["notes"] = "Siehe Handreichung der Stadt."
    browser.post(f"/registers/norms/{first.number}/edit", form)

    page = browser.page(LIBRARY).main

    assert "Bleibt, wie es hier geändert wurde (1)" in page
    assert "Siehe Handreichung der Stadt." in page


def test_a_sample_comes_with_the_law_it_names(browsers: Browsers, city: City) -> None:
    given_law(city)
    page = browsers.of(Role.COORDINATOR).page("/registers/processing-activities/new?sample=dog-tax")

    assert page.value("purposes-0-law") == stored(city, Norm)[1].id.hex


def test_a_chosen_law_is_saved_and_shown(browsers: Browsers, city: City) -> None:
    tax = given_law(city)
    browser = browsers.of(Role.COORDINATOR)
    form = {
        "name": "Hundesteuer",
        "purposes-rows": "0",
        "purposes-0-text": "Erhebung der Hundesteuer",
        "purposes-0-legal_basis": "PUBLIC_TASK",
        "purposes-0-law": tax.id.hex,
        "purposes-0-norm": "§ 3",
    }
    address = browser.post("/registers/processing-activities/new", form).location

    [activity] = stored(city, ProcessingActivity)
    assert activity.purposes[0].provision == "§ 3 KAG SH"
    assert "NO-0002 KAG SH – § 3" in browser.page(address).main
    assert "NO-0002 KAG SH" in browser.page(f"{address}/edit").main


def test_the_department_confirms_its_norms_with_one_click(browsers: Browsers, city: City) -> None:
    tax = given_law(city)
    activity = ProcessingActivity(name="Hundesteuer")
    city.save(activity)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        mine = session.get_one(
            ProcessingActivity, (city.id, activity.id), options=everything(ProcessingActivity)
        )
        mine.norms = [session.get_one(Norm, (city.id, tax.id))]
    address = "/registers/processing-activities/1"
    browser = browsers.of(Role.COORDINATOR)
    assert "noch niemand bestätigt" in browser.page(address).main

    browser.post(f"{address}/norms/confirm")

    assert "Zuletzt bestätigt am" in browser.page(address).main
    with city.site.database.reading(city.id) as session:
        assert history(session, activity)[0].action == "confirm"
    assert browsers.of(Role.READER).status("POST", f"{address}/norms/confirm") == 403


def test_activities_are_linked_to_the_services_whose_keys_they_give(browsers: Browsers, city: City) -> None:
    city.save(Service(name="Hundesteuer", key="P 611.03"), Service(name="Fischereischein", key="P 122.09"))
    city.save(ProcessingActivity(name="Steuern auf Hunde", service_key="p61103"))
    browser = browsers.of(Role.COORDINATOR)
    page = browser.page(MATCHING)
    assert "Steuern auf Hunde" in page.main

    following = browser.post(MATCHING, {"activity": stored(city, ProcessingActivity)[0].id.hex}).location

    [activity] = stored(city, ProcessingActivity)
    assert [service.name for service in activity.services] == ["Hundesteuer"]
    gaps = browser.page(following).main
    assert ("Fischereischein" in gaps, "LE-0001" in gaps) == (True, False)
    assert "Keine Verarbeitungstätigkeit nennt" in browser.page(MATCHING).main


def test_a_gap_begins_an_activity_that_is_linked_already(browsers: Browsers, city: City) -> None:
    city.save(Service(name="Fischereischein", key="P 122.09"))
    browser = browsers.of(Role.COORDINATOR)

    assert "/registers/processing-activities/new?services=1" in browser.get("/registers/services/1").text
    form = browser.page("/registers/processing-activities/new?services=1")
    assert ("services", stored(city, Service)[0].id.hex) in form.sent()


# --- Import --------------------------------------------------------------------------------------

TABLE = "Bezeichnung;Zwecke;Rechtsgrundlage;Fachgesetz;Leistungsschlüssel (LeiKa, OZG)\n{row}\n".format(
    row="Hundesteuer;Erhebung der Hundesteuer;Art. 6 Abs. 1 lit. e;§ 3 LDSG SH, § 3 KAG SH;P 611.03"
)


def imported(city: City, model: type[Entry], text: str) -> dict[str, int]:
    table = read_table(model, text.encode(), "bestand.csv")
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        plan = prepare(session, model, table, match_columns(model, table.headers))
        carry_out(session, plan)
    return plan.counts()


def test_an_import_links_what_it_names_and_knows_it_again(city: City) -> None:
    given_law(city)
    imported(city, Service, "Produktnummer;Produkt;Katalog\nP 611.03;Hundesteuer;Produkt des Haushalts\n")

    first = imported(city, ProcessingActivity, TABLE)
    second = imported(city, ProcessingActivity, TABLE)

    [activity] = stored(city, ProcessingActivity)
    assert (activity.purposes[0].law.name, [norm.name for norm in activity.norms]) == ("KAG SH", ["LDSG SH"])
    assert [service.name for service in activity.services] == ["Hundesteuer"]
    assert (first["created"], second["created"], second["changed"], second["unchanged"]) == (1, 0, 0, 1)


def test_a_row_as_one_sentence_is_known_with_and_without_its_law(city: City) -> None:
    tax = given_law(city)
    city.save(
        ProcessingActivity(name="Hundesteuer", purposes=[Purpose(text="Erhebung der Steuer", norm="§ 3")])
    )
    bare = "Bezeichnung;Zwecke\nHundesteuer;Erhebung der Steuer – § 3\n"
    before = imported(city, ProcessingActivity, bare)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        query = select(ProcessingActivity).options(*everything(ProcessingActivity))
        activity = session.scalars(query).one()
        activity.purposes[0].law = session.get_one(Norm, (city.id, tax.id))
    linked = "Bezeichnung;Zwecke\nHundesteuer;Erhebung der Steuer – NO-0002 KAG SH – § 3\n"
    other = "Bezeichnung;Zwecke\nZweitwohnung;Erhebung der Steuer – NO-0002 KAG SH – § 3\n"

    again = [imported(city, ProcessingActivity, text)["unchanged"] for text in (bare, linked)]
    imported(city, ProcessingActivity, other)

    assert (before["unchanged"], again) == (1, [1, 1])
    purpose = stored(city, ProcessingActivity)[1].purposes[0]
    assert (purpose.text, purpose.law.name, purpose.norm) == ("Erhebung der Steuer", "KAG SH", "§ 3")
