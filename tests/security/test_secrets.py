"""A planted token is looked for wherever something is written or answered."""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from graphwright.http.transport import Transport
from graphwright.profiles.tokens import AccessToken
from tests.portal.conftest import Place, step_path
from tests.security.answers import Unread

PLANTED = "eyJ0eXAiOiJKV1QifQ.planted-access-token.c2ln"
FILES = {
    "flows/call.yaml": """
        kind: regular
        path: /call
        variables: {me: null}
        start: ask
        nodes:
          ask:
            type: http_request
            url: /me
            authentication: {type: oauth2, profile: graph-user}
            response: me
            exits: {default: show}
          show: {type: page, page: call, outputs: {submit: values}, exits: {submit: told}}
          told: {type: end, message: "{{ $string(me) }} {{ $string($$) }}"}
    """,
    "pages/call.yaml": """
        type: form
        title: "{{ $string(me) }}"
        list: person
        fields: [name]
    """,
}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500, 302])
def test_no_token_is_written_or_answered(
    make_place: Callable[..., Place],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    place = make_place(**FILES)
    carried: list[str] = []
    token = AccessToken(PLANTED, datetime(2100, 1, 1, tzinfo=UTC), frozenset(), "user")
    place.authority.stored_token = lambda tokens: token  # type: ignore[method-assign]

    def refresh(*_: Any, **__: Any) -> tuple[AccessToken, str]:
        return token, "TOKENS OF SOMEBODY"

    place.authority.refresh = refresh  # type: ignore[attr-defined]

    @asynccontextmanager
    async def answer_it(
        _: Transport, _method: str, url: str, headers: dict[str, str], *_rest: Any, **__: Any
    ) -> AsyncGenerator[Unread]:
        carried.append(headers.get("Authorization", ""))
        content = b'{"error": {"code": "x", "message": "no"}}' if status >= 400 else b'{"id": "1"}'
        answer = {"content-type": "application/json", "retry-after": "0"}
        if status == 302:
            answer["location"] = "https://evil.example/"
        yield Unread(status, answer, content, url)

    monkeypatch.setattr(Transport, "open", answer_it)
    seen: list[str] = []
    with caplog.at_level(logging.DEBUG):
        anna = place.browser().sign_in("anna")
        answer = anna.start("/call")
        seen.append(answer.text)
        if status == 200:
            seen.append(anna.get(step_path(answer.json())).text)
            seen.append(anna.exit(answer.json(), "submit", {"values": {"name": "x"}}).text)
            assert '"id":"1"' in seen[-1].replace("\\", "").replace(" ", "")
        seen.append(anna.get("/api/runs").text)
        seen.append(anna.get("/api/session").text)
    assert set(carried) == {f"Bearer {PLANTED}"}, "the token went along"
    seen.append(caplog.text)
    assert caplog.text, "something was logged"
    seen += [str(record.__dict__) for record in caplog.records]
    folder = place.runtime.settings.data
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"anna@contoso.example" in written, "the scan reads what was written"
    for secret in (PLANTED, "TOKENS OF SOMEBODY"):
        assert secret.encode() not in written
        for text in seen:
            assert secret not in text
