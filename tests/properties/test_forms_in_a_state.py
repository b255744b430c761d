"""Forms that show only in a certain state are sent in it: behind an upload, in a review, by an invitation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import RiskLevel
from assessments.dpia.participation import Participation, Voice
from assessments.grundschutz.catalogue import RequirementText
from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.kompendium import EDITION
from assessments.grundschutz.modelling import Assignment, assign
from compliance.app import create_app
from compliance.comments import write_comment
from compliance.database import today
from compliance.entry import State, by_number
from compliance.people import Role
from registers.ai import AiClass
from registers.importing.roundtrip.layout import MAIN
from registers.processing import ProcessingActivity, Purpose, Subjects
from registers.processors import Processor
from registers.rounds import UpdateRound
from registers.services import Service
from tests import databases
from tests.assessments.grundschutz.mapping_documents import source
from tests.assessments.grundschutz.oscal_documents import written
from tests.browsers import Browser
from tests.city import FOUNDER, City, add_person, found_city, sign_in
from tests.forms import TABLE, Body, File, Sheet, bodies, endpoint_of, filled, kind_of, sheets
from tests.mailbox import mail_server
from tests.pages import page_of
from tests.web import test_catalogue_pages as catalogues
from tests.web import test_check_workbook as check_workbook
from tests.web import test_desk as desk
from tests.web import test_own_catalogues as own_catalogues
from tests.web import test_prescans as prescans
from tests.web import test_roundtrip as roundtrip
from tests.web import test_successor_pages as successors
from tests.web import test_wiba_pages as wiba
from tests.web.test_check_sources import FIRST, Office
from tests.web.test_decision_pages import submitted
from tests.web.test_participation import invited, saved
from tests.web.test_public_assessments import WRITTEN, released_anew

EXAMPLES: Final = 2
"""In how many ways each form is sent, besides once as a person would fill it in."""

ANYBODY: Final = "Alex Anybody"
"""Who may do everything, and so is shown every form."""

REGISTER: Final = "/registers/processing-activities/"
DOMAIN: Final = "/grundschutz/1"

Preparation: TypeAlias = Callable[[Browser, City], TestResponse]
"""Brings a new city into the state in which it shows a form; gives the page with the form."""


def _shown(browser: Browser, led_by: TestResponse) -> TestResponse:
    """The page to which a form led."""
    return browser.get(str(led_by.location))


# --- The record ----------------------------------------------------------------------------------


def _changed_in_bulk(browser: Browser, city: City) -> TestResponse:
    city.save(ProcessingActivity(name="Fundbüro"), ProcessingActivity(name="Wahlen"))
    wanted = {"number": "1 2", "field": "stage", "stage": "OPERATION"}
    return browser.post(f"{REGISTER}bulk/preview", wanted, status=200)


def _imported(browser: Browser, city: City) -> TestResponse:
    """The preview of a table that changes one entry and adds another."""
    city.save(ProcessingActivity(name="Fundbüro"))
    return _table(browser, "Nr.;Bezeichnung;Betroffene\nVT-0001;Fundsachen;Finder\n;Wahlen;\n")


def _matched_before(browser: Browser, _city: City) -> TestResponse:
    """The preview of a table whose columns were matched by hand the last time."""
    first = _table(browser, "Was;Wozu\nMelderegister;Auskunft\n").request.path
    browser.post(f"{first}/columns", {"column-0": "name", "column-1": "description"})
    browser.post(f"{first}/confirm", {"fingerprint": browser.page(first).value("fingerprint")})
    return _table(browser, "Was;Wozu\nWahlen;Wahl\n")


def _table(browser: Browser, text: str) -> TestResponse:
    return _shown(browser, browser.upload(f"{REGISTER}import/", [("bestand.csv", text.encode())]))


def _edited_outside(browser: Browser, city: City) -> TestResponse:
    """The preview of the workbook to be edited, with another name."""
    city.save(ProcessingActivity(name="Melderegister", unit=city.units["office"]))
    book = roundtrip.changed(roundtrip.downloaded(browser), {(MAIN, 2, "name"): "Meldewesen"})
    return browser.get(roundtrip.sent(browser, book))


def _mentioned(browser: Browser, city: City) -> TestResponse:
    activity = ProcessingActivity(name="Melderegister")
    city.save(activity)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        write_comment(session, activity, f"Bitte prüfen, @{ANYBODY}.", by=city.identity(Role.DSB))
    return browser.get(f"{REGISTER}1")


def _planned_round(browser: Browser, city: City) -> TestResponse:
    city.save(UpdateRound(name="Jahresrunde", units=[city.units["office"]], answer_until=today()))
    return browser.get("/registers/update-rounds/1")


def _keyed_service(browser: Browser, city: City) -> TestResponse:
    city.save(Service(name="Hundesteuer", key="P 611.03"))
    city.save(ProcessingActivity(name="Steuern auf Hunde", service_key="p61103"))
    return browser.get("/registers/services/matching")


def _calendar(browser: Browser, _city: City) -> TestResponse:
    browser.post("/account/calendar", status=200)
    return browser.get("/account/")


# --- Impact assessments --------------------------------------------------------------------------


def _begun(browser: Browser, city: City) -> TestResponse:
    _assessed(city)
    return browser.get("/registers/dpias/1")


def _assessed(city: City) -> None:
    """An assessment of an activity that tells much, of which nothing has been taken over."""
    activity = ProcessingActivity(
        name="Kita-Portal",
        purposes=[Purpose(text="Platzvergabe")],
        subjects=(Subjects.STAFF,),
        processors=[Processor(name="Wachdienst GmbH")],
        ai=True,
        ai_class=AiClass.HIGH_RISK,
    )
    city.save(activity)
    city.save(Dpia(name="Kita-Portal", purposes="Freie Plätze verteilen.", activities=[activity]))


def _drafted(browser: Browser, city: City) -> TestResponse:
    _assessed(city)
    draft = {"question": "scope", "part": "", "version": "0", "text": "Halb fert"}
    browser.post("/dpias/1/question-draft", draft, status=200)
    return browser.get("/dpias/1/questions/scope")


def _submitted(browser: Browser, city: City) -> TestResponse:
    submitted(city)
    return browser.get("/dpias/1/decision")


def _decided(city: City) -> None:
    decided = Dpia(
        name="Videoschutz",
        state=State.RELEASED,
        decision=DpiaDecision.APPROVED,
        decided_on=today(),
        decided_risk=RiskLevel.MEDIUM,
        decided_version=3,
        **WRITTEN,
    )
    city.save(decided, by=Role.PROJECT_LEAD)
    released_anew(city, decided)


def _under_review(browser: Browser, city: City) -> TestResponse:
    """A review whose only reason is answered."""
    _decided(city)
    page = _shown(browser, browser.post("/dpias/1/review/begin", {"told": "Ein Bericht der Presse."}))
    [reason] = [one["action"] for one in page_of(page.text).all("form") if "/reasons/" in one["action"]]
    return _shown(browser, browser.post(reason, {"influence": "ADAPTED", "explanation": "Ergänzt."}))


def _to_be_published(browser: Browser, city: City) -> TestResponse:
    _decided(city)
    return browser.get("/dpias/1/public-summary")


def _published(browser: Browser, city: City) -> TestResponse:
    _decided(city)
    return _shown(browser, browser.post("/dpias/1/public-summary/publish"))


def _from_elsewhere(browser: Browser, city: City) -> TestResponse:
    """The preview of an assessment as it was exported."""
    _assessed(city)
    content = browser.get("/registers/dpias/1/export.json").data
    return _shown(browser, browser.upload("/dpias/import/", [("folgen.json", content)]))


# --- IT-Grundschutz ------------------------------------------------------------------------------


def _modelled(browser: Browser, city: City) -> TestResponse:
    """A module that nobody has worked on, on a server for which there is another."""
    office = Office(city)
    return browser.get(office.page(office.member))


def _at_several_places(browser: Browser, city: City) -> TestResponse:
    Office(city)
    return browser.get(f"{DOMAIN}/requirements/{FIRST}")


def _previewed_at_several_places(browser: Browser, city: City) -> TestResponse:
    office = Office(city)
    places = {"requirement": [office.group.hex, office.member.hex]}
    given = {"status": "PARTIAL", "measure": "Riegel", "do": "preview"}
    return browser.post(f"{DOMAIN}/requirements/{FIRST}", places | given, status=200)


def _in_statements(browser: Browser, city: City) -> TestResponse:
    office = Office(city)
    text = "Server MÜSSEN geschützt stehen. Zutritt DÜRFEN nur Befugte haben."
    with city.site.database.writing(actor=FOUNDER) as session:
        session.merge(RequirementText(edition=EDITION, requirement_id=FIRST, text=text))
    return browser.get(f"{office.page(office.member)}/parts/{FIRST}")


def _borrowed(browser: Browser, city: City) -> TestResponse:
    """A module with an answer whose source has changed since."""
    office = Office(city)
    elsewhere = office.elsewhere()
    office.give(elsewhere, FIRST, Given(Status.YES))
    browser.post(f"{office.page(office.group)}/sources", {"from": elsewhere.hex, "requirement": FIRST})
    office.give(elsewhere, FIRST, Given(Status.NO))
    return browser.get(office.page(office.group))


def _checked_outside(browser: Browser, city: City) -> TestResponse:
    """The preview of the workbook of the check, with one answer filled in."""
    office = Office(city)
    book = check_workbook.filled_in(browser, "Ja", f"?assignment={office.member.hex}")
    return _shown(browser, check_workbook.sent(browser, book))


def _results(browser: Browser, city: City) -> TestResponse:
    """The preview of results that were exported before the answer changed."""
    office = Office(city)
    office.give(office.member, FIRST, Given(Status.PARTIAL, measure="Riegel"))
    results = browser.get("/registers/information-domains/1/export.oscal-results").data
    office.give(office.member, FIRST, Given(Status.YES))
    return _shown(browser, browser.upload(f"{DOMAIN}/oscal/", [("ergebnisse.json", results)]))


def _domain(city: City, *modules: str, approach: Approach = Approach.STANDARD) -> list[Assignment]:
    """A domain to which *modules* are applied as a whole."""
    city.save(InformationDomain(name="Kernverwaltung", approach=approach), by=Role.ISB)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        return assign(session, domain, [(None, each) for each in modules], by=city.identity(Role.ISB))


def _catalogue(browser: Browser, content: bytes) -> str:
    """Imports a catalogue; gives the name in its address."""
    imported = browser.upload("/catalogues/", [("katalog.json", content)])
    return str(imported.location).rpartition("/")[2]


def _use(browser: Browser, catalogue: str) -> str:
    """Checks the domain against a catalogue; gives the address of that check."""
    return str(browser.post(f"{DOMAIN}/controls", {"catalogue": catalogue}).location)


def _reworded(browser: Browser, city: City) -> TestResponse:
    """An answer to a control that says something else in the new version."""
    _domain(city)
    first, second = (_catalogue(browser, written(root)) for root in (catalogues.FIRST, catalogues.SECOND))
    use = _use(browser, first)
    browser.post(f"{use}/0/{catalogues.SAVING}", catalogues.sent(status="YES"))
    browser.post(f"{use}/move/{second}")
    return browser.get(f"{use}/0")


def _succeeded(browser: Browser, city: City) -> TestResponse:
    """Proposals for controls that succeed answered requirements."""
    [isms] = _domain(city, "ISMS.1")
    given = {"version": "0", "ISMS.1.A1-status": "YES"}
    browser.post(f"{DOMAIN}/{isms.id.hex}/answers/ISMS.1.A1", given)
    use = _use(browser, _catalogue(browser, written(successors.CATALOGUE)))
    browser.upload("/catalogues/", [("zuordnung.json", source(successors.MAPPING).data)])
    return browser.get(f"{use}/successors")


def _own_table(browser: Browser, _city: City) -> TestResponse:
    """The preview of a profile from a table of one's own."""
    return browser.get(str(own_catalogues.sent(browser, own_catalogues.TABLE)))


def _profile(browser: Browser, city: City) -> str:
    """Imports that profile; gives the name in its address."""
    shown = browser.post(f"{_own_table(browser, city).request.path}/apply").location
    return str(shown).rpartition("/")[2]


def _own_profile(browser: Browser, city: City) -> TestResponse:
    """The check of a profile whose modules nobody has applied yet."""
    _domain(city)
    return browser.get(_use(browser, _profile(browser, city)))


def _profile_proposed(browser: Browser, city: City) -> TestResponse:
    """What the check of a domain would ask if that profile decided."""
    _domain(city, "ORP.1")
    return browser.get(f"{DOMAIN}/extent?profile={_profile(browser, city)}")


def _profile_deciding(browser: Browser, city: City) -> TestResponse:
    _domain(city, "ORP.1")
    browser.post(f"{DOMAIN}/extent", {"profile": _profile(browser, city)})
    return browser.get(f"{DOMAIN}/extent")


def _wiba(browser: Browser, city: City) -> str:
    """A domain with the checklists of WiBA; gives the address of its checklists."""
    _domain(city, "ISMS.1", approach=Approach.WIBA)
    for data in (wiba.QUESTIONS, wiba.LINKS):
        browser.upload("/wiba/", [("tool.xlsx", data)])
    return f"{DOMAIN}/wiba"


def _wiba_lists(browser: Browser, city: City) -> TestResponse:
    return browser.get(_wiba(browser, city))


def _wiba_questions(browser: Browser, city: City) -> TestResponse:
    return browser.get(f"{_wiba(browser, city)}/3")


def _wiba_proposals(browser: Browser, city: City) -> TestResponse:
    place = _wiba(browser, city)
    browser.post(f"{place}/3/3.1", wiba.sent("YES"))
    return browser.get(f"{place}/proposals")


# --- Without a sign-in ---------------------------------------------------------------------------


def _invited(browser: Browser, city: City) -> TestResponse:
    dpia = saved(city, Participation(voice=Voice.DATA_SUBJECTS))
    lead = Browser(browser.app, browser.site, sign_in(city, city.people[Role.PROJECT_LEAD]))
    return browser.get(invited(lead, dpia))


def _prescan_at(question: str) -> Preparation:
    def begun(browser: Browser, city: City) -> TestResponse:
        return browser.get(f"{prescans.begun(browser, city, prescans.opened(city))}/{question}")

    return begun


def _prescan_answered(browser: Browser, city: City) -> TestResponse:
    page = browser.get(f"{prescans.answered(browser, city, prescans.opened(city))}/check")
    return _opened_before(page, prescans.stamped(city))


def _public_request(browser: Browser, city: City) -> TestResponse:
    return _public_desk(browser, city, "request")


def _public_breach(browser: Browser, city: City) -> TestResponse:
    return _public_desk(browser, city, "breach")


def _public_desk(browser: Browser, city: City, what: str) -> TestResponse:
    name = f"stadt-{city.id.hex}"
    desk.switch(city, name, on=True)
    return _opened_before(browser.get(f"/public/{name}/{what}"), desk.filled(city, {}))


def _opened_before(page: TestResponse, stamp: Mapping[str, str]) -> TestResponse:
    """*page* as if it had been opened a while ago: what comes at once is taken for a program's."""
    given_out = page_of(page.text)
    for name, value in stamp.items():
        page.text = page.text.replace(given_out.value(name), value)
    return page


WITHOUT_SIGN_IN: Final[Mapping[str, Preparation]] = {
    "desk.form request": _public_request,
    "desk.form breach": _public_breach,
    "invited.answer": _invited,
    "prescans.keep": _prescan_at("plan"),
    "prescans.mail": _prescan_at("plan"),
    "prescans.overview": _prescan_answered,
    **{f"prescans.question {slug}": _prescan_at(slug) for slug in ("plan", "timing", "observed", "helpers")},
    "signin.sign_in": lambda browser, _city: browser.get("/sign-in"),
}
FOR_MANAGEMENT: Final[Mapping[str, Preparation]] = {
    "dpia_decisions.show": _submitted,
    "dpia_summaries.decide": _to_be_published,
    "dpia_summaries.take_back": _published,
}
"""What is not shown to somebody who is data protection officer, too."""
STATES: Final[Mapping[str, Preparation]] = {
    "bulk.carry_out": _changed_in_bulk,
    "calendars.revoke": _calendar,
    "check_bulk.requirement": _at_several_places,
    "check_bulk.requirement previewed": _previewed_at_several_places,
    "check_extent.choose": _profile_proposed,
    "check_extent.choose none": _profile_deciding,
    "check_parts.save": _in_statements,
    "check_sources.let_go": _borrowed,
    "check_sources.renew": _borrowed,
    "check_workbook.apply": _checked_outside,
    "check_workbook.discard": _checked_outside,
    "comments.done": _mentioned,
    "control_check.confirm": _reworded,
    "control_check.model": _own_profile,
    "dpia.take": _begun,
    "dpia_exchange.confirm": _from_elsewhere,
    "dpia_exchange.discard": _from_elsewhere,
    "dpia_fundamental_rights.take": _begun,
    "dpia_questions.discard_draft": _drafted,
    "dpia_reviews.end": _under_review,
    "grundschutz.remove": _modelled,
    "importing.confirm": _imported,
    "importing.discard": _imported,
    "importing.forget": _matched_before,
    "importing.rematch": _imported,
    "norms.load_library": lambda browser, _city: browser.get("/registers/norms/library"),
    "norms.match": _keyed_service,
    "oscal.apply": _results,
    "oscal.discard": _results,
    "own_catalogues.apply": _own_table,
    "own_catalogues.discard": _own_table,
    "participation.start": _begun,
    "rounds.start": _planned_round,
    "roundtrip.apply": _edited_outside,
    "roundtrip.discard": _edited_outside,
    "successors.take": _succeeded,
    "wiba.answer": _wiba_questions,
    "wiba.carry_over": _wiba_proposals,
    "wiba.take_filled": _wiba_lists,
    **FOR_MANAGEMENT,
    **WITHOUT_SIGN_IN,
}
"""How the page with a form comes about, by the endpoint to which it is sent and perhaps further words."""

FILES: Final[Mapping[str, File]] = {"wiba.take_filled": ("tool.xlsx", wiba.filled_in("Ja", "Geregelt"))}
"""What a person sends by a form that takes no table."""


# --- Sending them --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser at which nobody is signed in, at an installation that can send mail."""
    folder = tmp_path_factory.mktemp("states")
    (folder / "nachweis.db").write_bytes(sqlite_template.read_bytes())
    found = databases.site_on(f"sqlite:///{folder / 'nachweis.db'}", folder)
    with mail_server() as mailbox:
        site = replace(
            found, settings=replace(found.settings, smtp=mailbox.address, mail_from="n@stadt.example")
        )
        app = create_app(site)
        # A fault goes through to the test, which then names the line.
        app.testing = True
        yield Browser(app, site)
    found.database.engine.dispose()


@pytest.mark.parametrize("kind", STATES)
def test_no_form_breaks_whatever_is_sent_by_it_in_its_state(installed: Browser, kind: str) -> None:
    def send(body_for: Callable[[Sheet], Body]) -> None:
        city = found_city(installed.site)
        browser = _browser(installed, city, kind)
        sheet = _sheet(browser, STATES[kind](browser, city), endpoint_of(kind))
        assert browser.status("POST", sheet.action, body_for(sheet)) < 500

    send(lambda sheet: filled(sheet, FILES.get(kind, TABLE)))

    @settings(max_examples=EXAMPLES, phases=(Phase.generate,), database=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        send(lambda sheet: data.draw(bodies(sheet)))

    check()


def _browser(installed: Browser, city: City, kind: str) -> Browser:
    """The browser of whoever is shown that kind of form."""
    if kind in WITHOUT_SIGN_IN:
        return Browser(installed.app, installed.site)
    management = city.people[Role.MANAGEMENT]
    person = management if kind in FOR_MANAGEMENT else add_person(city, *Role, name=ANYBODY)
    return Browser(installed.app, installed.site, sign_in(city, person))


def _sheet(browser: Browser, page: TestResponse, endpoint: str) -> Sheet:
    """The first form of *page* that is sent to *endpoint*."""
    found = sheets(page.request.path, page_of(page.text))
    fitting = [one for one in found if endpoint_of(kind_of(browser.app, one.action, "POST")) == endpoint]
    assert fitting, f"{page.request.path} shows no form for {endpoint}"
    return fitting[0]
