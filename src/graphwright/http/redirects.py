"""The way to an answer: a request and the redirects that may be followed after it.

Only reading follows redirects, by https. Who calls is told to the hosts it is for alone; to a
transfer host the request goes bare, and never to a private address unless it was listed by name.
Source: https://learn.microsoft.com/graph/api/driveitem-get-content (the 302 is pre-authenticated)
"""

import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import ClientTimeout

from graphwright.http.call import READ_METHODS, Call
from graphwright.http.certificates import ClientCertificate
from graphwright.http.errors import HostRefused
from graphwright.http.hosts import (
    authority_of,
    canonical_url,
    check_encrypted,
    check_scheme,
    is_listed,
    is_private,
    is_transfer_host,
    referral,
)
from graphwright.http.ports import ProfileShape
from graphwright.http.retry import Limits
from graphwright.http.transport import Exchange, Stream, Transport, TransportFault

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# All that a host other than the profile's gets to see.
_BARE_HEADERS = frozenset({"accept", "accept-encoding", "user-agent", "range", "if-range"})

logger = logging.getLogger("graphwright.http")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request begins, what it carries, and where it may lead."""

    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    authorization: str | None = field(repr=False)
    hosts: frozenset[str]
    transfer_hosts: frozenset[str]
    ca_file: str | None
    certificate: ClientCertificate | None = field(default=None, repr=False)
    bare: bool = False
    """Whether it begins at a transfer host already, where nobody says who calls."""

    @classmethod
    def of(
        cls,
        url: str,
        headers: dict[str, str],
        profile: ProfileShape | None,
        authorization: str | None = None,
        certificate: ClientCertificate | None = None,
        *,
        bare: bool = False,
    ) -> "Route":
        """The way to a URL: where it may lead says the profile, else the URL's own host."""
        return cls(
            url=url,
            headers=headers,
            authorization=authorization,
            hosts=frozenset(profile.hosts()) if profile else frozenset({authority_of(url)}),
            transfer_hosts=frozenset(profile.transfer_hosts) if profile else frozenset(),
            ca_file=str(profile.ca_file) if profile and profile.ca_file else None,
            certificate=certificate,
            bare=bare,
        )


class Wire:
    """Sends one request and follows its redirects."""

    def __init__(self, transport: Transport, limits: Limits) -> None:
        self._transport = transport
        self._limits = limits

    async def send(
        self, call: Call, route: Route, most: Callable[[int, dict[str, str]], int]
    ) -> tuple[Exchange, bool]:
        """The last answer, and whether the request for it carried the authorization."""
        async with self.open(call, route, self._transport.timeout(call.timeout)) as (stream, sent):
            return await stream.read(most), sent

    @asynccontextmanager
    async def open(
        self, call: Call, route: Route, within: ClientTimeout
    ) -> AsyncGenerator[tuple[Stream, bool]]:
        """The same, its body unread as long as the context is open."""
        url = route.url
        at_home = not route.bare
        guarded = not at_home and self.check(url, route, at_home)
        for _ in range(self._limits.redirects + 1):
            carried = at_home and route.authorization is not None
            async with self._open(call, url, route, guarded, within, at_home=at_home) as stream:
                location = stream.headers.get("location")
                if (
                    stream.status not in _REDIRECTS
                    or call.method not in READ_METHODS
                    or not location
                ):
                    yield stream, carried
                    return
            with referral():
                url = canonical_url(location, url)
                # Who once sent us away cannot send us back with the token.
                at_home = at_home and is_listed(url, route.hosts)
                guarded = self.check(url, route, at_home)
        raise TransportFault(
            f"it redirected more than {self._limits.redirects} times", sent=True, again=False
        )

    def check(self, url: str, route: Route, at_home: bool) -> bool:
        """Refuses an address of the server's that may not be called; whether private ones stay so."""
        check_scheme(url, allow_http=self._limits.allow_http and at_home)
        if at_home:
            if route.certificate is not None:
                check_encrypted(url)
            return False
        authority = authority_of(url)
        if not is_transfer_host(url, route.transfer_hosts):
            raise HostRefused(
                f"The server refers to {authority}, which is no transfer host of the profile; "
                "nothing was sent there.",
                hint="Add it to the profile's transfer_hosts if it is meant.",
                host=authority,
            )
        named = is_listed(url, route.transfer_hosts) and is_private(urlsplit(url).hostname or "")
        return not (named or self._limits.allow_private_transfer)

    @asynccontextmanager
    async def _open(
        self,
        call: Call,
        url: str,
        route: Route,
        guarded: bool,
        within: ClientTimeout,
        *,
        at_home: bool,
    ) -> AsyncGenerator[Stream]:
        began = time.perf_counter()
        shown = (call.method, authority_of(url), call.path_template if url == call.url else "(…)")
        try:
            async with self._transport.open(
                call.method,
                url,
                _headers(route, at_home),
                call.body,
                ca_file=route.ca_file,
                certificate=route.certificate if at_home else None,
                public_only=guarded,
                within=within,
            ) as stream:
                yield stream
        except TransportFault as fault:
            took = (time.perf_counter() - began) * 1000
            logger.info("%s %s %s: %s, %.0f ms", *shown, fault.reason, took)
            raise
        took = (time.perf_counter() - began) * 1000
        logger.info("%s %s %s: %d, %.0f ms", *shown, stream.status, took)


def _headers(route: Route, at_home: bool) -> dict[str, str]:
    if not at_home and not route.bare:
        return {n: v for n, v in route.headers.items() if n.lower() in _BARE_HEADERS}
    if route.authorization is None:
        return route.headers
    return {**route.headers, "Authorization": route.authorization}
