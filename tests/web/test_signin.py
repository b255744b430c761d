"""Signing in, staying signed in, and everything that ends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from compliance.crypto import token_hash
from compliance.database import now, today
from compliance.people import Membership, Person, Role, SignIn, SignInAttempt, set_password
from compliance.web.site import Site
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City, add_person, found_city, sign_in

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PASSWORD = "korrekt Pferd Batterie Klammer"


@pytest.fixture
def clerk(city: City) -> Person:
    """Somebody with a password."""
    person = add_person(city, Role.COORDINATOR, name="Erika Mustermann")
    with city.site.database.writing(actor=FOUNDER) as session:
        stored = session.get_one(Person, person.id)
        stored.email = "erika@stadt.example"
        stored.password_hash = kept_password()
    return person


@cache
def kept_password() -> str:
    """How the password of the clerk is kept; made once, because that is slow on purpose."""
    somebody = Person()
    set_password(somebody, PASSWORD)
    return somebody.password_hash


def attempt(
    browser: Browser,
    password: str,
    *,
    status: int,
    email: str = "erika@stadt.example",
    program: str = "",
    **more: str,
) -> Any:
    sent = {"email": email, "password": password, **more}
    return browser.post("/sign-in", sent, status=status, headers={"User-Agent": program})


def is_signed_in(browser: Browser) -> bool:
    return browser.status("GET", "/account/") == 200


# --- Coming in -----------------------------------------------------------------------------------


def test_who_knows_the_password_comes_in_with_a_cookie_that_scripts_cannot_read(
    browsers: Browsers, clerk: Person
) -> None:
    browser = browsers.of_stranger()
    response = attempt(browser, PASSWORD, status=302, email=" Erika@Stadt.example ")
    cookie = response.headers["Set-Cookie"]

    assert response.location == "/"
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert clerk.name in browser.get("/").text


@pytest.mark.usefixtures("clerk")
def test_a_wrong_password_and_an_unknown_person_are_refused_alike(browsers: Browsers) -> None:
    wrong = attempt(browsers.of_stranger(), "falsch", status=401).text
    unknown = attempt(browsers.of_stranger(), "falsch", status=401, email="niemand@stadt.example").text

    assert wrong.replace("erika@", "niemand@") == unknown


@pytest.mark.usefixtures("clerk")
def test_after_five_failures_even_the_right_password_waits(browsers: Browsers, site: Site) -> None:
    statuses = [
        browsers.of_stranger().status(
            "POST", "/sign-in", {"email": "erika@stadt.example", "password": "falsch"}
        )
        for _attempt in range(6)
    ]
    attempt(browsers.of_stranger(), PASSWORD, status=429)
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(SignInAttempt).values(at=now() - timedelta(minutes=16)))
    attempt(browsers.of_stranger(), PASSWORD, status=302)

    assert statuses == [401] * 5 + [429]
    with site.database.reading() as session:
        assert session.scalars(select(SignInAttempt)).all() == []


@pytest.mark.usefixtures("clerk")
def test_who_waits_keeps_nobody_else_waiting(browsers: Browsers) -> None:
    for _attempt in range(5):
        attempt(browsers.of_stranger(), "falsch", status=401, email="jemand@stadt.example")

    attempt(browsers.of_stranger(), PASSWORD, status=302)


def test_a_password_too_long_or_strange_is_only_a_wrong_one(browsers: Browsers, clerk: Person) -> None:
    assert clerk.active
    for password in ("x" * 10_000, "\x00", "👩‍💻", ""):
        attempt(browsers.of_stranger(), password, status=401, email=f"{len(password)}\x00@stadt.example")


def test_whoever_is_inactive_or_has_no_role_any_more_does_not_come_in(
    browsers: Browsers, site: Site, clerk: Person
) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(Membership).where(Membership.person_id == clerk.id).values(until=_yesterday()))
    attempt(browsers.of_stranger(), PASSWORD, status=401)
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(Membership).where(Membership.person_id == clerk.id).values(until=today()))
    attempt(browsers.of_stranger(), PASSWORD, status=302)
    with site.database.writing(actor=FOUNDER) as session:
        session.get_one(Person, clerk.id).active = False
    attempt(browsers.of_stranger(), PASSWORD, status=401)


def test_an_expired_role_elsewhere_keeps_nobody_from_the_present_one(
    browsers: Browsers, site: Site, city: City, clerk: Person
) -> None:
    elsewhere = found_city(site, "Gemeinde Nebenan")
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(Membership).where(Membership.person_id == clerk.id).values(until=_yesterday()))
        session.add(Membership(person_id=clerk.id, organisation_id=elsewhere.id, role=Role.DSB))
    browser = browsers.of_stranger()
    attempt(browser, PASSWORD, status=302)
    page = browser.get("/").text

    assert elsewhere.organisation.name in page
    assert city.organisation.name not in page


def _yesterday() -> Any:
    return today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/registers/themes/?q=a&sort=-name", "/registers/themes/?q=a&sort=-name"),
        ("", "/"),
        ("registers/themes/", "/"),
        ("https://boese.example/", "/"),
        ("//boese.example/", "/"),
        ("/\\boese.example/", "/"),
        ("/\t/boese.example/", "/"),
        ("/\r\n/boese.example/", "/"),
        ("\\\\boese.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/registers\\..\\..", "/"),
    ],
)
@pytest.mark.usefixtures("clerk")
def test_whoever_signs_in_lands_in_this_house(browsers: Browsers, wanted: str, reached: str) -> None:
    browser = browsers.of_stranger()

    assert attempt(browser, PASSWORD, status=302, next=wanted).location == reached
    assert browser.post("/language", {"language": "en", "next": wanted}).location == reached


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(browsers: Browsers) -> None:
    stranger = browsers.of_stranger()
    response = stranger.get("/registers/themes/?q=a", status=302)
    page = stranger.page(response.location)

    assert response.location == "/sign-in?next=/registers/themes/?q%3Da"
    assert page.value("next") == "/registers/themes/?q=a"
    assert [stranger.status("GET", path) for path in ("/health", "/sign-in", "/static/app.css")] == [200] * 3


def test_every_other_address_is_closed_to_strangers(browsers: Browsers, site: Site) -> None:
    stranger = browsers.of_stranger()
    opened = {"signin.sign_in", "signin.choose_language", "static", "health.alive", "calendars.feed"}
    opened |= {"public.register", "public.entry", "public.download", "desk.form", "invited.answer"}
    opened |= {"public_assessments.index", "public_assessments.show"}
    opened |= {f"prescans.{step}" for step in ("begin", "resume", "question", "keep", "overview", "mail")}
    values = {
        "slug": next(iter(site.registers)),
        "number": 1,
        "activity": 1,
        "process": 1,
        "chapter": 1,
        "checklist": 1,
        "format": "csv",
        "step": "submit",
        "what": "breach",
    }
    with stranger.app.test_request_context():
        for rule in stranger.app.url_map.iter_rules():
            if rule.endpoint in opened:
                continue
            built = rule.build({name: values.get(name, "x") for name in rule.arguments})
            assert built is not None
            for method in (rule.methods or set()) & {"GET", "POST"}:
                found = stranger.status(method, built[1])
                assert found == 302, (method, built[1])


# --- Staying and going ---------------------------------------------------------------------------


def _idle(site: Site, _city: City, _person: Person) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(SignIn).values(seen=now() - timedelta(hours=2, minutes=1)))


def _too_long(site: Site, _city: City, _person: Person) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(SignIn).values(until=now() - timedelta(seconds=1)))


def _revoked(site: Site, _city: City, _person: Person) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(delete(SignIn))


def _inactive(site: Site, _city: City, person: Person) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.get_one(Person, person.id).active = False


def _expired(site: Site, _city: City, person: Person) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(
            update(Membership).where(Membership.person_id == person.id).values(until=_yesterday())
        )


def _without_role(site: Site, _city: City, person: Person) -> None:
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(delete(Membership).where(Membership.person_id == person.id))


@pytest.mark.parametrize("happens", [_idle, _too_long, _revoked, _inactive, _expired, _without_role])
def test_a_sign_in_ends_at_once(
    browsers: Browsers, site: Site, city: City, happens: Callable[[Site, City, Person], None]
) -> None:
    person = add_person(city, Role.COORDINATOR)
    browser = browsers.of_person(person)
    before = is_signed_in(browser)
    happens(site, city, person)

    assert (before, is_signed_in(browser)) == (True, False)


def test_a_page_keeps_a_sign_in_alive(browsers: Browsers, site: Site, city: City) -> None:
    browser = browsers.of_person(add_person(city, Role.COORDINATOR))
    earlier = now() - timedelta(minutes=90)
    with site.database.writing(actor=FOUNDER) as session:
        session.execute(update(SignIn).values(seen=earlier))
    browser.get("/account/")

    with site.database.reading() as session:
        seen = session.scalar(select(SignIn.seen).where(SignIn.token_hash == token_hash(browser.token)))
    assert seen is not None
    assert seen > earlier + timedelta(minutes=89)


def test_a_role_lasts_until_the_end_of_its_last_day(browsers: Browsers, city: City) -> None:
    browser = browsers.of_person(add_person(city, Role.AUDITOR, until=today()))

    assert is_signed_in(browser)


def test_signing_out_ends_this_sign_in_and_no_other(browsers: Browsers, city: City) -> None:
    person = add_person(city, Role.COORDINATOR)
    here, there = browsers.of_person(person), browsers.of_person(person)
    here.post("/sign-out")

    assert (is_signed_in(here), is_signed_in(there)) == (False, True)


def test_one_ends_ones_own_sign_ins_from_anywhere_but_nobody_elses(browsers: Browsers, city: City) -> None:
    person = add_person(city, Role.COORDINATOR)
    here, there, stranger = (
        browsers.of_person(person),
        browsers.of_person(person),
        browsers.of_person(add_person(city, Role.READER)),
    )
    for browser in (there, stranger):
        here.post("/account/revoke", {"sign_in": token_hash(browser.token).hex()})
    here.post("/account/revoke", {"sign_in": "kein Hexwert"})

    assert [is_signed_in(one) for one in (here, there, stranger)] == [True, False, True]


_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "called"),
    [
        (
            f"{_WINDOWS}; rv:133.0) Gecko/20100101 Firefox/133.0",
            ("Firefox unter Windows", "Firefox on Windows"),
        ),
        (f"{_WINDOWS}) {_CHROME} Safari/537.36 Edg/131.0.0.0", ("Edge unter Windows", "Edge on Windows")),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Mobile Safari/537.36",
            ("Chrome unter Android", "Chrome on Android"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
            ("Safari unter iOS", "Safari on iOS"),
        ),
        ("Amt/1.0 (X11; Linux x86_64)", ("Browser unter Linux", "Browser on Linux")),
        ("", ("Unbekannter Browser", "Unknown browser")),
    ],
)
def test_a_sign_in_is_called_after_its_browser_and_system(
    browsers: Browsers, clerk: Person, user_agent: str, called: tuple[str, str]
) -> None:
    browser = browsers.of_stranger()
    attempt(browser, PASSWORD, status=302, program=user_agent)

    shown = []
    for language in ("de", "en"):
        browser.post("/language", {"language": language})
        shown.append(browser.page("/account/").all("tbody")[0].text.partition("(")[0].strip())

    assert tuple(shown) == called
    assert clerk.active


def test_a_made_up_cookie_signs_nobody_in(browsers: Browsers, site: Site, city: City) -> None:
    token = sign_in(city, city.people[Role.DSB])
    stolen_from_the_database = token_hash(token).hex()

    for made_up in (stolen_from_the_database, "x", "ü", "x" * 3_000):
        assert not is_signed_in(Browser(browsers.of_stranger().app, site, made_up))


def test_the_chosen_language_stays(browsers: Browsers, city: City) -> None:
    person = add_person(city, Role.COORDINATOR)
    browser = browsers.of_person(person)
    browser.post("/language", {"language": "en"})

    assert browser.page("/").all("html")[0]["lang"] == "en"
    assert browsers.of_person(person).page("/").all("html")[0]["lang"] == "en"
    assert browsers.of_stranger().page("/sign-in").all("html")[0]["lang"] == "de"


# --- Forms of other sites ------------------------------------------------------------------------


def test_every_form_of_another_site_is_refused_and_changes_nothing(browsers: Browsers, city: City) -> None:
    browser = browsers.of(Role.DSB)
    other = browsers.of(Role.COORDINATOR)
    values = {
        "slug": "themes",
        "number": 1,
        "activity": 1,
        "process": 1,
        "chapter": 1,
        "checklist": 1,
        "format": "csv",
        "step": "submit",
        "what": "breach",
    }
    for rule in browser.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        with browser.app.test_request_context():
            built = rule.build({name: values.get(name, "x") for name in rule.arguments})
        assert built is not None
        for token in ("", "x", "ü", other.csrf, browsers.of_stranger().csrf):
            found = browser.status("POST", built[1], {"csrf": token, "name": "Untergeschoben"})
            assert found == 403, (built[1], token)

    assert city.people[Role.DSB].name in browser.get("/").text
    assert browser.page("/registers/themes/").main.count("Untergeschoben") == 0


def test_a_script_of_this_site_may_send_the_token_as_a_header(coordinator: Browser) -> None:
    address = "/registers/processing-activities/0/draft"

    coordinator.post(address, {"csrf": "", "name": "x"}, status=200, headers={"X-CSRF": coordinator.csrf})
    coordinator.post(address, {"csrf": "", "name": "x"}, status=403)


def test_nobody_is_signed_in_from_another_site(browsers: Browsers) -> None:
    stranger = browsers.of_stranger()
    given = {"email": "kim@example.org", "password": "irrelevant"}

    stranger.post("/sign-in", given, status=403, headers={"Sec-Fetch-Site": "cross-site"})
