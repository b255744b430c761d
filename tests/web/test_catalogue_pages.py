"""Catalogues in OSCAL are read, compared and answered in the browser, by those who may."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from assessments.grundschutz.check import Given, Status, answer
from assessments.grundschutz.controls import use_catalogue
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import control_catalogue, import_oscal
from assessments.grundschutz.modelling import assign
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.own_catalogues import draft
from compliance.entry import by_number
from compliance.people import Role
from tests.assessments.grundschutz import wiba_workbooks
from tests.assessments.grundschutz.bad_files import OFFICIAL
from tests.assessments.grundschutz.cross_tables import tables, workbook
from tests.assessments.grundschutz.oscal_documents import catalogue, control, profile, stable, written
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

PARAMETER = [{"id": "p1", "label": "Frist"}]
FIRST = catalogue(
    control("K.1", "Sichern", prose="SOLLTE alle {{ insert: param, p1 }} sichern.", params=PARAMETER,
            props=stable(1), links=[{"href": "#K.2", "rel": "related"}, {"href": "javascript:alert(1)"}]),
    control("K.2", "Löschen", prose="SOLLTE löschen.", props=stable(2)),
)  # fmt: skip
SECOND = catalogue(
    control("K.1", "Neu hier", prose="MUSS.", props=stable(3)),
    control("K.2", "Sichern", prose="MUSS sichern.", props=stable(1)),
    control("K.3", "Löschen", prose="SOLLTE löschen.", props=stable(2)),
    version="2",
)
SAVING, ERASING = (stable(digit)[0]["value"] for digit in (1, 2))
JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Office:
    """A city whose domain is checked against the first of two versions of a catalogue."""

    city: City
    first: str
    second: str
    use: str

    @property
    def chapter(self) -> str:
        return f"/grundschutz/1/controls/{self.use}/0"


@pytest.fixture
def office(city: City) -> Office:
    city.save(InformationDomain(name="Kernverwaltung"), by=Role.ISB)
    actor = city.actor(Role.ISB)
    first, second = (
        import_oscal(city.site.database, Source("k.json", written(root)), actor=actor).short
        for root in (FIRST, SECOND)
    )
    with city.site.database.writing(city.id, actor=actor) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        header = control_catalogue(session, first)
        use = use_catalogue(session, domain, header, by=city.identity(Role.ISB))
    return Office(city, first, second, use.id.hex)


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def sent(key: str = SAVING, *, version: int = 0, **answers: str) -> dict[str, str]:
    named = {f"{key}-{name}": text for name, text in answers.items()}
    return {"version": str(version), "following": ERASING, "show": ""} | named


def test_a_selection_without_controls_says_so(office: Office, isb: Browser) -> None:
    assert "keine Anforderungen" in isb.page(f"{office.chapter}?show=reworded").main


def addresses(office: Office) -> list[str]:
    return [
        "/catalogues/",
        f"/catalogues/{office.first}",
        f"/catalogues/{office.first}?group=0",
        f"/catalogues/{office.first}?q=sichern",
        f"/catalogues/{office.first}/controls/{SAVING}",
        f"/catalogues/{office.second}/differences",
        "/grundschutz/1/controls",
        f"/grundschutz/1/controls/{office.use}",
        office.chapter,
    ]


def changes(office: Office) -> dict[str, Mapping[str, str]]:
    return {
        f"{office.chapter}/{SAVING}": sent(status="YES"),
        f"/grundschutz/1/controls/{office.use}/confirm/0/{SAVING}": {},
        f"/grundschutz/1/controls/{office.use}/move/{office.second}": {},
        "/grundschutz/1/controls": {"catalogue": office.first},
        f"/grundschutz/1/controls/{office.use}/remove": {},
    }


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER])
def test_who_may_not_see_information_security_finds_nothing(
    office: Office, browsers: Browsers, role: Role
) -> None:
    browser = browsers.of(role)
    assert {browser.status("GET", address) for address in addresses(office)} == {404}
    assert {browser.status("POST", address, data) for address, data in changes(office).items()} == {404}
    assert browser.status("POST", "/catalogues/") == 404


@pytest.mark.parametrize("role", [Role.DSB, Role.MANAGEMENT, Role.AUDITOR])
def test_who_may_only_look_sees_everything_and_changes_nothing(
    office: Office, browsers: Browsers, role: Role
) -> None:
    browser = browsers.of(role)
    assert {browser.status("GET", address) for address in addresses(office)} == {200}
    assert {browser.status("POST", address, data) for address, data in changes(office).items()} == {403}
    assert browser.status("GET", f"/grundschutz/1/controls/{office.use}/move/{office.second}") == 403
    assert browser.status("POST", "/catalogues/") == 403
    assert not [one for one in browser.page(office.chapter).all("input") if one["type"] == "radio"]


def test_any_file_of_a_catalogue_is_taken_wherever_it_is_sent(isb: Browser) -> None:
    linked = written(catalogue(control("c", links=[{"href": "#fort"}])))
    files = (
        ("/catalogues/", "krt.xlsx", workbook(tables()), "5.888 Kreuzreferenzen"),
        ("/grundschutz/catalogue", "tool.xlsx", workbook(wiba_workbooks.questions()), "38 Prüffragen"),
        ("/wiba/", "k.json", linked, "1 Anforderung ist eingelesen. Zur Datei gibt es 1 Hinweis"),
    )
    for address, name, data, said in files:
        told = isb.upload(address, [(name, data)])
        assert said in " ".join(isb.page(told.location).main.split())


def test_the_kompendium_is_read_and_searched_before_and_after_its_texts_are_there(isb: Browser) -> None:
    chapter, control_ = "/catalogues/2023?group=12", "/catalogues/2023/controls/CON.3.A1"
    assert "2.125" in isb.page("/catalogues/2023").main
    assert (
        "Erhebung der Einflussfaktoren für Datensicherungen" in isb.page("/catalogues/2023?q=con.3.a1").main
    )
    before = isb.page(control_).main
    assert "noch nicht eingelesen" in before
    if not OFFICIAL.exists():
        pytest.skip("the official catalogue is not beside the checkout")
    isb.upload("/catalogues/", [("kompendium.xml", OFFICIAL.read_bytes())])
    assert "noch nicht eingelesen" not in isb.page(control_).main
    assert "MUSS" in isb.page(control_).main
    assert "MUSS" in isb.page(chapter).main
    assert "Anforderungen gefunden" in isb.page("/catalogues/2023?q=datensicherung+m%C3%BCssen").main


def test_the_kompendium_is_no_catalogue_to_be_added(office: Office, isb: Browser) -> None:
    assert isb.status("POST", "/grundschutz/1/controls", {"catalogue": "2023"}) == 404
    assert isb.status("GET", f"/grundschutz/1/controls/{office.use}/move/2023") == 404


def test_what_a_profile_names_in_vain_stays_on_the_page_of_its_catalogue(isb: Browser) -> None:
    chosen = {"href": "k.json", "include-controls": [{"with-ids": ["K.1", "K.9"]}]}
    files = [("profil.json", written(profile(chosen))), ("k.json", written(catalogue(control("K.1"))))]
    told = isb.upload("/catalogues/", files)
    main = " ".join(isb.page(told.location).main.split())
    assert "1 Anforderung ist eingelesen. Zur Datei gibt es 1 Hinweis" in main
    said = "profile.imports[0].include-controls[0] Die Anforderung „K.9“ kommt in den eingebundenen Katalogen"
    assert said in main
    isb.post("/language", {"language": "en", "next": "/"})
    assert "The control “K.9” does not occur" in isb.page(told.location).main


@pytest.mark.parametrize("page", ["/catalogues/", "/grundschutz/catalogue", "/wiba/"])
def test_a_table_of_ones_own_is_sent_to_its_page(isb: Browser, page: str) -> None:
    answer = isb.upload(page, [("profil.csv", b"Baustein;Stufe\nCON.3;B\n")], status=422)
    assert "„Eigenen Katalog oder eigenes Profil aus einer Tabelle einlesen“" in Page(answer.text).main


def test_a_version_is_compared_with_the_one_before_it(office: Office, isb: Browser) -> None:
    third = import_oscal(
        office.city.site.database,
        Source("k.json", written(catalogue(control("K.1"), version="10"))),
        actor=office.city.actor(Role.ISB),
    ).short
    assert "Hausregeln, 1 " in " ".join(isb.page(f"/catalogues/{office.second}/differences").main.split())
    assert "Hausregeln, 2 " in " ".join(isb.page(f"/catalogues/{third}/differences").main.split())
    assert "neuere Fassung" in isb.page(f"/grundschutz/1/controls/{office.use}").main


def test_what_does_not_exist_is_not_found(office: Office, isb: Browser) -> None:
    office.city.save(InformationDomain(name="Stadtwerke"), by=Role.ISB)
    missing = [
        "/catalogues/fehlt",
        f"/catalogues/{office.first}?group=7",
        f"/catalogues/{office.first}?group=x",
        f"/catalogues/{office.first}/controls/fehlt",
        f"/grundschutz/1/controls/{uuid.uuid4().hex}",
        "/grundschutz/1/controls/unsinn",
        f"/grundschutz/2/controls/{office.use}",
        f"/grundschutz/1/controls/{office.use}/7",
    ]
    assert {address: isb.status("GET", address) for address in missing} == dict.fromkeys(missing, 404)


def test_a_control_is_shown_with_its_parameters_and_links(office: Office, isb: Browser) -> None:
    page = isb.page(f"/catalogues/{office.first}/controls/{SAVING}")
    assert "SOLLTE alle [Frist] sichern." in " ".join(page.main.split())
    assert f"/catalogues/{office.first}/controls/{ERASING}" in [one["href"] for one in page.all("a")]
    assert not [one for one in page.all("a") if (one["href"] or "").startswith("javascript")]


def test_a_search_finds_controls_by_their_words(office: Office, isb: Browser) -> None:
    page = isb.page(f"/catalogues/{office.first}?q=LOESCHEN")
    assert "1 Anforderung gefunden." in page.main
    assert "K.2 Löschen" in " ".join(page.main.split())


def test_the_document_leaves_as_it_came(office: Office, isb: Browser) -> None:
    assert isb.get(f"/catalogues/{office.first}/document").data == written(FIRST)


def test_a_new_version_is_compared_word_by_word(office: Office, isb: Browser) -> None:
    page = isb.page(f"/catalogues/{office.second}/differences?with={office.first}")
    words = " ".join(page.main.split())
    assert "neue Anforderungen1" in words
    assert "umnummerierte2" in words
    assert "K.1 → K.2 Sichern" in words


def test_a_profile_is_sent_together_with_its_catalogue(isb: Browser) -> None:
    wish = {"href": "haus.json", "include-controls": [{"with-ids": ["b"]}]}
    house = written(catalogue(control("a"), control("b"), version="3"))
    files = [("auswahl.json", written(profile(wish))), ("haus.json", house)]
    address = isb.upload("/catalogues/", files).headers["Location"]
    assert "1 Anforderung ist eingelesen." in isb.page(address).main


@pytest.mark.parametrize("data", [b"", b"<book/>", b"{}", written(catalogue(control("a"), control("a")))])
def test_a_file_that_cannot_be_imported_is_refused_in_words(isb: Browser, data: bytes) -> None:
    page = Page(isb.upload("/catalogues/", [("katalog.json", data)], status=422).text)
    assert [one.text.strip() for one in page.all("div") if one["role"] == "alert"] != []


def test_an_answer_is_stored_and_told_to_scripts(office: Office, isb: Browser) -> None:
    reply = isb.post(f"{office.chapter}/{SAVING}", sent(status="YES"), headers=JSON, status=200)
    assert reply.json is not None
    assert {key: reply.json[key] for key in ("version", "progress", "answered", "said")} == {
        "version": 1,
        "progress": "1 von 2 beantwortet",
        "answered": 1,
        "said": "K.1 gespeichert.",
    }


def test_without_scripts_the_page_goes_on_to_the_next_control(office: Office, isb: Browser) -> None:
    address = isb.post(f"{office.chapter}/{SAVING}", sent(status="NO")).headers["Location"]
    assert address.endswith(f"/0#{ERASING}")


def test_an_answer_that_cannot_be_read_or_is_outdated_is_shown_again(office: Office, isb: Browser) -> None:
    wrong = sent(status="NO", due="bald", measure="Band kaufen")
    assert "Band kaufen" in isb.post(f"{office.chapter}/{SAVING}", wrong, status=422).text
    isb.post(f"{office.chapter}/{SAVING}", sent(status="YES"))
    late = isb.post(f"{office.chapter}/{SAVING}", sent(status="NO"), headers=JSON, status=409)
    assert late.json is not None
    assert "Jemand anderes hat inzwischen geantwortet" in late.json["html"]


def test_moving_to_a_new_version_keeps_the_answers_and_asks_again_where_the_text_changed(
    office: Office, isb: Browser
) -> None:
    for key in (SAVING, ERASING):
        isb.post(f"{office.chapter}/{key}", sent(key, status="YES"))
    address = f"/grundschutz/1/controls/{office.use}/move/{office.second}"
    preview = " ".join(isb.page(address).main.split())
    assert "Antworten gelten weiter1" in preview
    assert "Erneut zu prüfen1" in preview

    isb.post(address)
    assert "Wortlaut seither geändert" in isb.page(office.chapter).main
    isb.post(f"/grundschutz/1/controls/{office.use}/confirm/0/{SAVING}")
    page = isb.page(office.chapter)
    assert "Wortlaut seither geändert" not in page.main
    assert "2 von 3 beantwortet" in page.main


def test_a_catalogue_is_added_and_removed_again(office: Office, isb: Browser) -> None:
    isb.post(f"/grundschutz/1/controls/{office.use}/remove")
    address = isb.post("/grundschutz/1/controls", {"catalogue": office.second}).headers["Location"]
    assert "0 von 3 beantwortet" in isb.page(address).main


def test_the_pages_speak_english_too(isb: Browser) -> None:
    isb.post("/language", {"language": "en", "next": "/catalogues/"})
    assert "Catalogues" in isb.page("/catalogues/").main


def test_a_check_leaves_as_paper_and_workbook_for_those_who_may(
    office: Office, isb: Browser, browsers: Browsers
) -> None:
    place = f"/grundschutz/1/controls/{office.use}/report"
    assert isb.get(f"{place}.pdf").data.startswith(b"%PDF-")
    assert isb.get(f"{place}.xlsx").data.startswith(b"PK")
    assert isb.status("GET", f"{place}.doc") == 404
    assert browsers.of(Role.READER).status("GET", f"{place}.pdf") == 404


def test_a_profile_shows_what_the_check_has_answered_and_takes_it_over(office: Office, isb: Browser) -> None:
    table = b"Baustein;Stufe\nORP.1;B\nCON.2;B\n"
    with office.city.site.database.reading() as session:
        made = draft(session, table, "p.csv", title="Profil", edition="1")
    actor, by = office.city.actor(Role.ISB), office.city.identity(Role.ISB)
    short = import_oscal(office.city.site.database, Source("p.json", made.content), actor=actor).short
    with office.city.site.database.writing(office.city.id, actor=actor) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        [whole] = assign(session, domain, [(None, "CON.2")], by=by)
        session.flush()
        answer(session, whole, "CON.2.A1", Given(Status.YES), by=by)
        use = use_catalogue(session, domain, control_catalogue(session, short), by=by)
    place = f"/grundschutz/1/controls/{use.id.hex}"
    words = " ".join(isb.page(place).main.split())
    assert "1 offene Anforderung ist im IT-Grundschutz-Check bereits beantwortet." in words
    assert "ORP.1 Organisation (Informationsverbund/übergeordnete Aspekte)" in words
    isb.post(f"{place}/from-check")
    isb.post(f"{place}/model")
    words = " ".join(isb.page(place).main.split())
    assert "1 von 6 beantwortet" in words
    assert "Verbindung zum IT-Grundschutz-Check" not in words
