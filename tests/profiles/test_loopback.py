"""Signing in from the command line: the browser comes back to this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from graphwright.profiles import AuthorizationRequired, ConsentRefused
from graphwright.profiles.loopback import sign_in
from tests.profiles.conftest import Workshop


def in_background(work: Callable[[str], None]) -> Callable[[str], object]:
    """A browser that opens at once and works on in its own time, as browsers do."""

    def open_browser(url: str) -> object:
        threading.Thread(target=work, args=(url,), daemon=True).start()
        return True

    return open_browser


def get(url: str, **options: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=10, headers=options)


async def test_the_browser_comes_back_and_may_be_closed(workshop: Workshop) -> None:
    profiles = workshop.open()
    pages: list[requests.Response] = []
    done = threading.Event()

    def work(url: str) -> None:
        answer = workshop.browser.sign_in(url).url
        pages.append(get(answer))
        done.set()

    account = await sign_in(profiles, "native", open_browser=in_background(work))
    assert account.username == "person1@small.example"
    assert (await profiles.access_token("native", account.principal_id)).value
    assert await asyncio.to_thread(done.wait, 10)
    assert pages[0].status_code == 200
    assert "You can close this window" in pages[0].text
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert "script" not in pages[0].text


async def test_only_the_true_answer_counts(workshop: Workshop) -> None:
    """Whoever else finds the port is answered and changes nothing."""
    statuses: dict[str, int] = {}
    done = threading.Event()

    def work(url: str) -> None:
        answer = workshop.browser.sign_in(url).url
        base = answer.split("?", 1)[0].rstrip("/")
        query = urlsplit(answer).query
        state = parse_qs(query)["state"][0]
        statuses["no state"] = get(f"{base}/?code=stolen").status_code
        statuses["forged state"] = get(f"{base}/?code=stolen&state=forged").status_code
        statuses["two states"] = get(f"{base}/?state=x&{query}").status_code
        statuses["other path"] = get(f"{base}/other?{query}").status_code
        statuses["icon"] = get(f"{base}/favicon.ico").status_code
        statuses["other host"] = get(f"{base}/?{query}", Host="evil.example").status_code
        statuses["long"] = get(f"{base}/?x={'a' * 20_000}").status_code
        with requests.Session() as session:
            session.trust_env = False
            statuses["post"] = session.post(f"{base}/?{query}", timeout=10).status_code
        assert state
        statuses["true"] = get(answer).status_code
        done.set()

    account = await sign_in(workshop.open(), "native", open_browser=in_background(work))
    assert account.name == "Ada Lovelace"
    assert await asyncio.to_thread(done.wait, 10)
    expected = dict.fromkeys(statuses, 400) | {"other path": 404, "icon": 404, "true": 200}
    assert statuses == expected


async def test_declining_reaches_the_command_line(workshop: Workshop) -> None:
    def work(url: str) -> None:
        page = workshop.browser.press(workshop.browser.open(url), "Ada Lovelace")
        get(workshop.browser.press(page, "Cancel").url)

    with pytest.raises(ConsentRefused):
        await sign_in(workshop.open(), "native", open_browser=in_background(work))


async def test_nobody_coming_back_ends_in_a_clear_error(workshop: Workshop) -> None:
    urls: list[str] = []
    with pytest.raises(AuthorizationRequired, match="in time"):
        await sign_in(workshop.open(), "native", seconds=0.2, open_browser=urls.append)
    redirect = parse_qs(urlsplit(urls[0]).query)["redirect_uri"][0]
    assert redirect.startswith("http://localhost:")
    with pytest.raises(requests.ConnectionError):
        await asyncio.to_thread(get, redirect)


async def test_a_machine_without_a_browser_still_waits(workshop: Workshop) -> None:
    def open_browser(url: str) -> None:
        threading.Thread(target=lambda: get(workshop.browser.sign_in(url).url), daemon=True).start()
        raise OSError("no browser")

    account = await sign_in(workshop.open(), "native", open_browser=open_browser)
    assert account.name == "Ada Lovelace"
