"""A browser without a window that looks at every page it gets as an auditor of accessibility would."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, TypeAlias

from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, stream_encode_multipart

from compliance.entry import Entry
from compliance.people import Person, Role
from compliance.web.forms import form_class, sent
from compliance.web.signin import COOKIE
from compliance.web.site import Site
from tests.city import City, sign_in
from tests.pages import Page, faults, page_of

Data: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, str]]


class Browser:
    """One person at one browser. Raises :class:`AssertionError` at a page with a fault."""

    def __init__(self, app: Flask, site: Site, token: str = "") -> None:
        self.app = app
        self.site = site
        self._client = app.test_client()
        if token:
            self._client.set_cookie(COOKIE, token)

    @property
    def token(self) -> str:
        """What the cookie of the present sign-in holds."""
        cookie = self._client.get_cookie(COOKIE)
        return cookie.value if cookie else ""

    @property
    def csrf(self) -> str:
        """What a form of this sign-in carries."""
        return self.site.keys.form_token(self.token.encode())

    def get(self, address: str, *, status: int = 200, **options: Any) -> TestResponse:
        return self._checked(self._client.get(address, buffered=True, **options), status)

    def post(self, address: str, data: Data = (), *, status: int = 302, **options: Any) -> TestResponse:
        """Sends a form with the token that its page would have given it."""
        body: MultiDict[str, Any] = MultiDict(data)
        body.setdefault("csrf", self.csrf)
        return self._checked(self._client.post(address, data=body, buffered=True, **options), status)

    def upload(
        self,
        address: str,
        files: Iterable[tuple[str, bytes]],
        answers: Mapping[str, str] | None = None,
        *,
        status: int = 302,
        **options: Any,
    ) -> TestResponse:
        """Sends *files*, each with its name, and *answers* by the form of a page."""
        parts: list[tuple[str, Any]] = [("csrf", self.csrf), *(answers or {}).items()]
        parts += [("file", FileStorage(BytesIO(content), name)) for name, content in files]
        body, _length, boundary = stream_encode_multipart(MultiDict(parts), use_tempfile=False)
        kind = f'multipart/form-data; boundary="{boundary}"'
        response = self._client.post(address, input_stream=body, content_type=kind, buffered=True, **options)
        return self._checked(response, status)

    def status(self, method: str, address: str, data: Data = ()) -> int:
        """What asking for *address* in this way comes to."""
        body: MultiDict[str, Any] = MultiDict(data)
        body.setdefault("csrf", self.csrf)
        sent_body = body if method == "POST" else None
        response = self._client.open(address, method=method, data=sent_body, buffered=True)
        return self._checked(response, response.status_code).status_code

    def page(self, address: str, *, status: int = 200) -> Page:
        return page_of(self.get(address, status=status).text)

    def page_if_any(self, address: str) -> Page | None:
        """The page at *address*, unless this person is shown none there."""
        response = self._client.get(address, buffered=True)
        self._checked(response, response.status_code)
        return page_of(response.text) if response.status_code == 200 else None

    def _checked(self, response: TestResponse, status: int) -> TestResponse:
        assert response.status_code == status, f"{response.status_code}: {response.text[:3000]}"
        if response.mimetype == "text/html" and status not in (301, 302, 303, 307, 308):
            policy = response.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            found = faults(self.app, page_of(response.text))
            assert not found, f"{response.request.path}: {found}"
        return response


class Browsers:
    """Browsers for the people of a city."""

    def __init__(self, app: Flask, site: Site, city: City) -> None:
        self._app = app
        self._site = site
        self._city = city
        self._known: dict[Role, Browser] = {}

    def of(self, role: Role) -> Browser:
        """The browser of the person who has *role* in the whole city."""
        if role not in self._known:
            self._known[role] = self.of_person(self._city.people[role])
        return self._known[role]

    def of_person(self, person: Person, city: City | None = None) -> Browser:
        return Browser(self._app, self._site, sign_in(city or self._city, person))

    def of_stranger(self) -> Browser:
        """A browser at which nobody is signed in."""
        return Browser(self._app, self._site)


def form_of(entry: Entry) -> MultiDict[str, str]:
    """What a browser sends for the form of *entry* as it stands."""
    form = sent(form_class(type(entry))(obj=entry))
    if entry.version is not None:
        form["version"] = str(entry.version)
    return form
