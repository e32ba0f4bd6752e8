"""Whose tokens are sent: texts, functions, credentials of azure-identity, profiles."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest

from graphwright import Graph, HttpError
from graphwright.kernel.errors import InvalidInput
from graphwright.sdk.credentials import CredentialInvalid, CredentialTokens, Endpoint
from graphwright_sandbox.server import Sandbox
from tests.sdk.conftest import MAYA


class AccessToken(NamedTuple):
    """As azure-core has it."""

    token: str
    expires_on: int


@dataclass
class AzureStandIn:
    """A credential of azure-identity: gives tokens one after the other, and notes who asks."""

    tokens: list[str]
    lasting: float = 3600
    asked: list[tuple[tuple[str, ...], dict[str, Any]]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        """The next token."""
        self.asked.append((scopes, more))
        self.threads.add(threading.current_thread().name)
        return AccessToken(self.tokens.pop(0), int(time.time() + self.lasting))


class AsyncAzureStandIn(AzureStandIn):
    """One of azure.identity.aio."""

    async def get_token(self, *scopes: str, **more: Any) -> AccessToken:  # type: ignore[override]
        """The next token."""
        await asyncio.sleep(0)
        return super().get_token(*scopes, **more)


async def who(graph: Graph) -> str:
    """As whom Graph is asked."""
    async with graph:
        return str((await graph.get("/me"))["userPrincipalName"])


async def test_a_text_a_function_and_a_coroutine_function_give_a_token(token: str) -> None:
    async def fetch() -> str:
        return token

    def begin() -> Awaitable[str]:
        return fetch()

    for credential in (token, lambda: token, fetch, begin):
        assert await who(Graph(credential)) == MAYA


async def test_a_function_is_asked_every_time_and_by_one_at_a_time(token: str) -> None:
    running, most = 0, 0

    def give() -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.01)
        running -= 1
        asked.append(threading.current_thread() is threading.main_thread())
        return token

    asked: list[bool] = []
    async with Graph(give) as graph:
        await asyncio.gather(*(graph.get("/me", select=["id"]) for _ in range(3)))
    # In a thread: it may wait for a network.
    assert (asked, most) == ([False] * 3, 1)


@pytest.mark.parametrize("kind", [AzureStandIn, AsyncAzureStandIn])
async def test_a_credential_of_azure_identity_is_asked_when_there_is_need(
    token: str, sandbox: Sandbox, kind: type[AzureStandIn]
) -> None:
    credential = kind([token, token, token])
    async with Graph(credential) as graph:
        await graph.get("/me")
        await graph.get("/me")
        assert len(credential.asked) == 1
        sandbox.add_fault("GET /me: claims-challenge times=1")
        await graph.get("/me")
        sandbox.add_fault("GET /me: expired-token times=1")
        await graph.get("/me")
    scopes, more = zip(*credential.asked, strict=True)
    assert set(scopes) == {("https://graph.microsoft.com/.default",)}
    assert [list(one) for one in more] == [[], ["claims"], []]
    assert "MainThread" not in credential.threads or kind is AsyncAzureStandIn


async def test_a_token_that_is_about_to_end_is_not_kept(token: str) -> None:
    credential = AzureStandIn([token, token], lasting=200)
    async with Graph(credential) as graph:
        await graph.get("/me")
        await graph.get("/me")
    assert len(credential.asked) == 2


async def test_a_refused_token_is_told_with_the_code_of_graph(sandbox: Sandbox) -> None:
    async with Graph("abc.def.ghi") as graph:
        with pytest.raises(HttpError) as refused:
            await graph.get("/me")
    assert (refused.value.status, refused.value.graph_code) == (401, "InvalidAuthenticationToken")
    assert "abc.def" not in f"{refused.value} {refused.value.facts}"


@pytest.mark.parametrize(
    "credential",
    ["", "Bearer abc", "abc\r\nHost: x", lambda: None, lambda: b"abc", AzureStandIn([""])],
)
async def test_what_is_no_token_is_refused_and_not_shown(credential: Any) -> None:
    async with Graph(credential) as graph:
        with pytest.raises(CredentialInvalid) as refused:
            await graph.get("/me")
    assert "abc" not in str(refused.value)


async def test_what_gives_no_token_is_no_credential() -> None:
    wrong: Any = 7
    async with Graph(wrong) as graph:
        with pytest.raises(CredentialInvalid, match="no int"):
            await graph.get("/me")


async def test_an_error_of_the_credential_is_its_own() -> None:
    def fail() -> str:
        raise LookupError("no account")

    async with Graph(fail) as graph:
        with pytest.raises(LookupError, match="no account"):
            await graph.get("/me")


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.microsoft.com",
        "http://127.0.0.1.x.example",
        "https://x/v1.0",
        "https://a@x",
        "graph",
        "https://x?y",
        "https://x#y",
        "https://[::1",
        "https://x:port",
    ],
)
def test_a_base_url_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="without a path"):
        Graph("token", base_url=url)


def test_a_cloud_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHWRIGHT_GRAPH", raising=False)
    assert Endpoint.find("china", None, None).hosts() == {"microsoftgraph.chinacloudapi.cn"}
    wrong: Any = "chnia"
    with pytest.raises(InvalidInput, match="china"):
        Graph("token", cloud=wrong)


def test_neither_token_nor_credential_shows(token: str) -> None:
    tokens = CredentialTokens(token, Endpoint.find("global", None, None))
    kept = asyncio.run(tokens.access_token("graph", None))
    assert token not in f"{kept!r} {tokens!r} {Graph(token)!r}"
