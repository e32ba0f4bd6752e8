"""Planted secrets and tokens are looked for wherever the modeler answers, tells, logs or writes."""

import base64
import json
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from starlette.routing import Route

from graphwright.http.transport import Transport
from graphwright.profiles.kinds.oauth2_entra.client import Client
from graphwright.profiles.tokens import AccessToken
from tests.modeler.served.conftest import Bench, Editor
from tests.security.answers import Unread

TOKEN = "eyJ0eXAiOiJKV1QifQ.planted-access-token.c2ln"
SECRETS = {
    "MY_DAY_APPLICATION_SECRET": "planted~client/secret+value",
    "API_PASSWORD": "planted pass:word",
}
STORED = "planted-in-the-store"
SETTINGS = {"MY_DAY_TENANT": "contoso.example", "MY_DAY_APPLICATION_ID": "app-id"}
ECHO = """
kind: action
start: ask
nodes:
  ask:
    type: http_request
    url: https://api.example/echo
    authentication: {type: basic, username: me, password: {secret: API_PASSWORD}}
    response: answer
    exits: {default: again, error: again}
  again:
    type: http_request
    url: /echo
    authentication: {type: oauth2, profile: graph-app}
    response: answer
    exits: {default: done, error: done}
  done: {type: end, message: "{{ $string($$) }}"}
"""


def forms(secret: str) -> Iterator[str]:
    """The secret as it stands and as our own code writes it elsewhere."""
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode()
    yield json.dumps(secret)[1:-1]
    yield base64.b64encode(f"me:{secret}".encode()).decode()


def find_secrets(texts: Iterable[str]) -> set[str]:
    """The planted secrets that stand in one of the texts, in any form."""
    planted = [TOKEN, STORED, *SECRETS.values()]
    whole = "\n".join(texts)
    return {secret for secret in planted if any(form in whole for form in forms(secret))}


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every server gives back what it was sent, in headers and body; what they were sent."""
    seen: list[str] = []

    @asynccontextmanager
    async def answer_it(
        _: Transport, _method: str, url: str, headers: dict[str, str], *_rest: Any, **__: Any
    ) -> AsyncGenerator[Unread]:
        sent = headers.get("Authorization", "")
        seen.append(sent)
        status = 400 if url.endswith("/refused") else 200
        body = (
            {"error": {"code": "x", "message": f"no: {sent}"}} if status == 400 else {"you": sent}
        )
        echoed = {"content-type": "application/json", "x-echo": sent, "location": f"/x?code={sent}"}
        yield Unread(status, echoed, json.dumps(body).encode(), url)

    def application_token(_: Client, **__: Any) -> AccessToken:
        return AccessToken(TOKEN, datetime(2100, 1, 1, tzinfo=UTC), frozenset(), "application")

    monkeypatch.setattr(Transport, "open", answer_it)
    monkeypatch.setattr(Client, "application_token", application_token)
    return seen


def test_no_secret_and_no_token_is_answered_told_logged_or_written(
    make_bench: Callable[..., Bench],
    carried: list[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = make_bench(**SECRETS, **SETTINGS)
    bench.modeler.engine.settings.secret_store.put("STORED_SECRET", STORED)
    told: list[str] = []
    publish = bench.modeler.events.publish

    def listen(kind: str, data: Any) -> None:
        told.append(json.dumps(data))
        publish(kind, data)

    for part in (bench.modeler.tries, bench.modeler.traces, bench.modeler.events):
        monkeypatch.setattr(part, "_publish" if hasattr(part, "_publish") else "publish", listen)
    with caplog.at_level(logging.DEBUG):
        editor = bench.open()
        told += use_everything(bench, editor)
        told += read_everything(bench, editor)
    told += [caplog.text, *(str(record.__dict__) for record in caplog.records)]
    told += [
        path.read_bytes().decode("utf-8", "replace")
        for path in bench.root.rglob("*")
        if path.is_file()
    ]
    pair = base64.b64encode(f"me:{SECRETS['API_PASSWORD']}".encode()).decode()
    assert set(carried) == {f"Bearer {TOKEN}", f"Basic {pair}"}, "they went along"
    assert any('"status": "done"' in text for text in told), "events were heard"
    assert any("*****" in text for text in told), "the answers came back"
    assert any("refresh_people" in text for text in told), "the scan reads answers and files"
    assert find_secrets(told) == set()


def test_the_search_sees_a_secret_in_each_of_its_forms() -> None:
    assert find_secrets(["nothing"]) == set()
    for secret in (TOKEN, STORED, *SECRETS.values()):
        for form in forms(secret):
            assert secret in find_secrets(["x", f"a {form} b"])


def use_everything(bench: Bench, editor: Editor) -> list[str]:
    """Tries, runs, edits and saves; gives every answer."""
    answers: list[Any] = []

    def send(method: str, path: str, body: object, status: int = 200) -> Any:
        answers.append(editor.send(method, path, body, status))
        return answers[-1]

    basic = {"type": "basic", "username": "me", "password": {"secret": "API_PASSWORD"}}
    token = {"type": "oauth2", "profile": "graph-app"}
    for authentication, base in ((basic, "https://api.example"), (token, "")):
        for path in ("/users", "/refused"):
            request = {"url": base + path, "authentication": authentication}
            send("POST", "/api/tries", {"request": request, "confirmed": True})
            send("POST", "/api/code", {"request": request})
    made = send("POST", "/api/documents", {"name": "flows/echo.yaml", "value": {"kind": "action"}})
    text = {"revision": made["revision"], "text": ECHO}
    send("PUT", "/api/documents/flows/echo.yaml", text)
    run = send("POST", "/api/run", {"flow": "echo"})["run"]
    while editor.get(f"/api/traces/{run}")["status"] == "running":
        time.sleep(0.02)
    trace = editor.get(f"/api/traces/{run}")
    assert [visit["node"] for visit in trace["visits"]] == ["ask", "again", "done"]
    for index in range(3):
        send("POST", f"/api/traces/{run}/visits/{index}/again", {"confirmed": True})
    for source in ("$string($$)", "answer", "$"):
        question = {"source": source, "kind": "expression", "flow": "echo", "node": "done"}
        send("POST", "/api/evaluate", question)
    send("POST", "/api/save", {})
    return [json.dumps(answer, ensure_ascii=False) for answer in answers]


def read_everything(bench: Bench, editor: Editor) -> list[str]:
    """The answer of every address that is read, for everything there is."""
    modeler = bench.modeler
    tries, traces = modeler.tries.list(), modeler.traces.list()
    documents = [state.name for state in modeler.workspace.documents()]
    known: dict[str, list[str]] = {
        "/api/documents/{name:path}": documents,
        "/api/tries/{id}": [one.id for one in tries],
        "/api/traces/{id}": [one.id for one in traces],
        "/api/examples/{id}/tree": [one.example for one in tries if one.example],
        "/api/history/{id}": [one.id for one in modeler.history.all()],
        "/api/profiles/{name}/guide": ["graph-app", "graph-user"],
    }
    told: list[str] = []
    for route in editor.client.app.routes:  # type: ignore[attr-defined]
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        if route.path == "/api/events":
            continue
        name = "{name" if "{name" in route.path else "{id"
        parameter = f"{name}:path}}" if ":path}" in route.path else f"{name}}}"
        for value in known.get(route.path, [""]):
            answer = editor.client.get(route.path.replace(parameter, value))
            assert answer.status_code == 200 or route.path not in known
            told += [answer.text, str(answer.headers)]
    assert len(told) > 2 * len(documents)
    return told
