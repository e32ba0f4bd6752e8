"""Whose tokens the library sends: a token, a function, a credential of azure-identity, a profile.

Must not know what is asked of Graph. A token shows in no representation and no error.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from graphwright.kernel.clouds import CLOUDS
from graphwright.kernel.errors import InvalidInput, nearest

if TYPE_CHECKING:
    from graphwright.http.client import HttpClient
    from graphwright.http.retry import Limits

Api: TypeAlias = Literal["v1.0", "beta"]
CloudName: TypeAlias = Literal["global", "usgov", "usgov_dod", "china"]

_PROFILE = "graph"
# RFC 6750, section 2.1: what a bearer token is written with.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_RENEW_BEFORE_SECONDS = 300


class CredentialInvalid(InvalidInput):
    """What was given to authenticate with is none, or gives no token."""

    code = "credentialInvalid"


class AzureCredential(Protocol):
    """A credential as azure-identity has them, of either kind: `get_token` may be a coroutine."""

    @property
    def get_token(self) -> Callable[..., Any]:
        """Called with the scope; gives an object with `token` and `expires_on`."""
        ...


Credential: TypeAlias = str | Callable[[], str | Awaitable[str]] | AzureCredential


@dataclass(frozen=True, slots=True)
class ProfileCredential:
    """The tokens of a profile of an application; `account`: of which person that signed in."""

    app: Path
    profile: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What requests are sent with, and as whom."""

    client: HttpClient
    profile: str
    base_url: str
    principal_id: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and when it ends in seconds of the epoch (0: nobody said)."""

    value: str = field(repr=False)
    expires_on: float = 0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where Graph is: the profile that requests see in place of an application's."""

    graph: str
    resource: str
    transfer_hosts: frozenset[str]
    ca_file: str | None
    flavour: str = "user"

    @classmethod
    def find(cls, cloud: CloudName, base_url: str | None, ca_file: str | Path | None) -> Endpoint:
        """The Graph of a cloud, or at an own address; as with profiles, settings name it too."""
        if cloud not in CLOUDS:
            raise InvalidInput(f"There is no cloud {cloud!r}.", hint=nearest(cloud, CLOUDS))
        known = CLOUDS[cloud]
        graph = (base_url or os.environ.get("GRAPHWRIGHT_GRAPH") or known.graph).rstrip("/")
        _check_base_url(graph)
        own = [graph, os.environ.get("GRAPHWRIGHT_TRANSFERS", "")] if graph != known.graph else []
        named = ca_file or os.environ.get("GRAPHWRIGHT_CA_FILE")
        return cls(
            graph,
            known.graph,
            known.transfer_hosts | {urlsplit(url).netloc.lower() for url in own if url},
            str(named) if named else None,
        )

    @property
    def application(self) -> str:
        """Whom the service counts requests of: a client has one credential, whose it is is not known."""
        return self.graph

    def hosts(self) -> frozenset[str]:
        """The one host that gets the token."""
        return frozenset({urlsplit(self.graph).netloc.lower()})

    def base_url(self, api: Any = "v1.0") -> str:
        """The base URL of a version of Graph."""
        return f"{self.graph}/{api}"


@dataclass(frozen=True, slots=True)
class Environment:
    """Settings of a program that has no application: those of its environment."""

    values: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a setting."""
        return self.values.get(name, default)

    def secret(self, name: str) -> str:
        """Nothing here has secrets by name."""
        raise InvalidInput(f"The secret {name} is not set: there is no application.")


class CredentialTokens:
    """Hands out the tokens of one credential, which is asked by one request at a time."""

    def __init__(self, credential: Credential, endpoint: Endpoint) -> None:
        if not isinstance(credential, str) and not (
            callable(credential) or hasattr(credential, "get_token")
        ):
            raise CredentialInvalid(
                f"A credential is no {type(credential).__name__}.",
                hint="Give a token, a function that gives one, or a credential of azure-identity.",
            )
        self._credential = credential
        self._endpoint = endpoint
        self._kept: Token | None = None
        self._lock = asyncio.Lock()

    def definition(self, name: str) -> Endpoint:  # noqa: ARG002
        """Where Graph is."""
        return self._endpoint

    async def access_token(
        self,
        name: str,  # noqa: ARG002
        principal_id: str | None,  # noqa: ARG002
        *,
        account: str | None = None,  # noqa: ARG002
        refresh: bool = False,
        claims: str | None = None,
    ) -> Token:
        """A token for Graph. A function is asked every time: it may answer by who is asking."""
        credential = self._credential
        if isinstance(credential, str):
            return _check(credential)
        async with self._lock:
            if hasattr(credential, "get_token"):
                return await self._azure_token(credential.get_token, refresh, claims)
            return _check(await _ask(credential))

    async def _azure_token(
        self, get_token: Callable[..., Any], refresh: bool, claims: str | None
    ) -> Token:
        kept = self._kept
        # Some of these credentials start a program for every token, so it is kept here.
        if kept and not refresh and kept.expires_on - time.time() > _RENEW_BEFORE_SECONDS:
            return kept
        scope = f"{self._endpoint.resource}/.default"
        more = {"claims": claims} if claims else {}
        found = await _ask(lambda: get_token(scope, **more), get_token)
        self._kept = _check(getattr(found, "token", None), getattr(found, "expires_on", 0))
        return self._kept


async def open_credential(
    credential: Credential | ProfileCredential,
    endpoint: Endpoint,
    api: Api,
    limits: Limits | None,
    stack: AsyncExitStack,
) -> Access:
    """What requests are sent with; the stack closes it."""
    if isinstance(credential, ProfileCredential):
        return await _open_profile(credential, api, stack)
    from graphwright.http.client import HttpClient
    from graphwright.kernel.clock import SystemClock

    tokens = CredentialTokens(credential, endpoint)
    client = HttpClient(tokens, SystemClock(), Environment(), limits=limits)
    stack.push_async_callback(client.close)
    return Access(client, _PROFILE, endpoint.base_url(api))


async def _open_profile(credential: ProfileCredential, api: Api, stack: AsyncExitStack) -> Access:
    from graphwright.application.people import find_person
    from graphwright.application.runtime import Runtime

    runtime = await stack.enter_async_context(await Runtime.open(credential.app))
    definition = runtime.profiles.definition(credential.profile)
    principal_id = None
    if definition.flavour == "user":
        if credential.account is None:
            raise CredentialInvalid(
                f"Requests of the profile {credential.profile} are sent as a person.",
                hint="Say as whom with `account`: the user principal name of one who signed in.",
            )
        principal_id = (await find_person(runtime, credential.account)).id
    return Access(runtime.http, credential.profile, definition.base_url(api), principal_id)


async def _ask(function: Callable[[], Any], origin: Callable[..., Any] | None = None) -> Any:
    """What a function gives. One that is no coroutine's may wait for a network: in a thread."""
    if inspect.iscoroutinefunction(origin or function):
        return await function()
    found = await asyncio.to_thread(function)
    return await found if inspect.isawaitable(found) else found


def _check(token: Any, expires_on: Any = 0) -> Token:
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        kind = "text that is no token" if isinstance(token, str) else type(token).__name__
        raise CredentialInvalid(
            f"The credential gave no token but {kind}.",
            hint="A token is one word, without `Bearer` before it.",
        )
    return Token(token, float(expires_on or 0))


def _check_base_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    is_safe = usable and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))
    )
    is_bare = is_safe and url.lower() == f"{parts.scheme}://{parts.netloc}".lower()
    if not is_bare or "@" in parts.netloc:
        raise InvalidInput(
            "The base URL of Graph is an https address without a path.",
            hint="It looks like https://graph.microsoft.com; `api` says which version.",
        )


def _is_here(host: str | None) -> bool:
    # Its module loads cryptography, which an https address does not need.
    from graphwright.kernel.settings import is_loopback

    return is_loopback(host)
