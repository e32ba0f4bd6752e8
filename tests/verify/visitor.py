"""A person with a browser in small: signs in to the portal through the sandbox's pages, uses its API.

Every request to the portal is timed. It must not know what a good time is.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from yarl import URL

from tests.sandbox.entra.browser import Page


@dataclass(frozen=True)
class Timing:
    """How long the portal took for a request, such as `POST /api/start`."""

    request: str
    seconds: float


@dataclass
class Answer:
    """An answer, read whole."""

    status: int
    headers: Mapping[str, str]
    text: str
    url: str
    json: Any = None


@dataclass
class Visitor:
    """One browser with its own cookies; `timings` grows by every request to the portal."""

    portal: str
    timings: list[Timing] = field(default_factory=list)

    async def __aenter__(self) -> Visitor:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(300)
        )
        self._csrf = ""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def request(self, method: str, url: str, **options: Any) -> Answer:
        """One request; redirects are not followed."""
        began = time.perf_counter()
        async with self._session.request(
            method, URL(url, encoded=True), allow_redirects=False, **options
        ) as response:
            text = await response.text()
            seconds = time.perf_counter() - began
        if url.startswith(self.portal):
            self.timings.append(Timing(f"{method} {urlsplit(url).path}", seconds))
        is_json = response.content_type == "application/json"
        parsed = await response.json() if is_json else None
        return Answer(response.status, response.headers, text, url, parsed)

    async def get(self, url: str) -> Answer:
        """GET, redirects followed as a browser does."""
        answer = await self.request("GET", urljoin(self.portal, url))
        for _ in range(10):
            if answer.status not in (302, 303):
                return answer
            answer = await self.request("GET", urljoin(answer.url, answer.headers["location"]))
        raise AssertionError(f"too many redirects at {answer.url}")

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        """A call of the portal's API."""
        headers = {"X-CSRF-Token": self._csrf} if method != "GET" else {}
        options: dict[str, Any] = {"headers": headers}
        if body is not None:
            options["json"] = body
        return await self.request(method, self.portal + path, **options)

    async def sign_in(self, name: str) -> dict[str, Any]:
        """From the portal's first page to the home flow's; gives the step shown there."""
        await self.get("/")
        session = (await self.call("GET", "/api/session")).json
        answer = await self.get(session["sign_in"][0]["url"])
        while not answer.url.startswith(self.portal):
            page = Page(answer.url, answer.status, dict(answer.headers), answer.text)
            answer = await self._press(page, "Accept" if "Accept" in page.buttons else name)
        assert answer.status == 200, answer.text
        return await self.start("/")

    async def start(self, path: str) -> dict[str, Any]:
        """The step that a flow opens with."""
        session = (await self.call("GET", "/api/session")).json
        assert session["signed_in"], session
        self._csrf = session["csrf_token"]
        body = {"path": path, "time_zone": "Europe/Berlin", "query": {}}
        answer = await self.call("POST", "/api/start", body)
        assert answer.status == 200, answer.text
        step: dict[str, Any] = answer.json
        return step

    async def take(self, step: Mapping[str, Any], name: str, data: Any, submission: str) -> Answer:
        """Takes an exit of a step."""
        path = f"/api/steps/{step['instance']}/{step['step']}/exits/{name}"
        return await self.call("POST", path, {"submission": submission, "data": data})

    async def reload(self, step: Mapping[str, Any]) -> Answer:
        """A step again."""
        return await self.call("GET", f"/api/steps/{step['instance']}/{step['step']}")

    async def rows(self, step: Mapping[str, Any], **query: str) -> Answer:
        """Rows of a step's page."""
        path = f"/api/steps/{step['instance']}/{step['step']}/rows?{urlencode(query)}"
        return await self.call("GET", path)

    async def _press(self, page: Page, name: str) -> Answer:
        button = page.buttons[name]
        fields = button.form.fields | ({button.name: button.value} if button.name else {})
        url = urljoin(page.url, button.form.action)
        if button.form.method == "get":
            return await self.get(f"{url}?{urlencode(fields)}")
        answer = await self.request("POST", url, data=fields)
        if answer.status in (302, 303):
            return await self.get(urljoin(url, answer.headers["location"]))
        return answer
