"""The way to an answer: a request and the redirects that may be followed after it.

Only reading follows redirects, by https. Who calls is told to the hosts it is for alone; to a
transfer host the request goes bare, and never to a private address unless it was listed by name.
Source: https://learn.microsoft.com/graph/api/driveitem-get-content (the 302 is pre-authenticated)
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

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
)
from graphwright.http.retry import Limits
from graphwright.http.transport import Exchange, Transport, TransportFault

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# All that a host other than the profile's gets to see.
_BARE_HEADERS = frozenset({"accept", "user-agent", "range"})

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


class Wire:
    """Sends one request and follows its redirects."""

    def __init__(self, transport: Transport, limits: Limits) -> None:
        self._transport = transport
        self._limits = limits

    async def send(
        self, call: Call, route: Route, most: Callable[[int, dict[str, str]], int]
    ) -> tuple[Exchange, bool]:
        """The last answer, and whether the request for it carried the authorization."""
        url = route.url
        at_home = True
        guarded = False
        for _ in range(self._limits.redirects + 1):
            carried = at_home and route.authorization is not None
            exchange = await self._exchange(call, url, route, guarded, most, at_home=at_home)
            location = exchange.headers.get("location")
            if exchange.status not in _REDIRECTS or call.method not in READ_METHODS or not location:
                return exchange, carried
            url = canonical_url(location, url)
            # Who once sent us away cannot send us back with the token.
            at_home = at_home and is_listed(url, route.hosts)
            guarded = self._check(url, route, at_home)
        raise TransportFault(
            f"it redirected more than {self._limits.redirects} times", sent=True, again=False
        )

    def _check(self, url: str, route: Route, at_home: bool) -> bool:
        """Refuses a redirect that may not be followed; whether private addresses stay refused."""
        check_scheme(url, allow_http=self._limits.allow_http and at_home)
        if at_home:
            if route.certificate is not None:
                check_encrypted(url)
            return False
        authority = authority_of(url)
        if not is_transfer_host(url, route.transfer_hosts):
            raise HostRefused(
                f"The server redirects to {authority}, which is no transfer host of the profile; "
                "nothing was sent there.",
                hint="Add it to the profile's transfer_hosts if it is meant.",
                host=authority,
            )
        named = is_listed(url, route.transfer_hosts) and is_private(urlsplit(url).hostname or "")
        return not (named or self._limits.allow_private_transfer)

    async def _exchange(
        self,
        call: Call,
        url: str,
        route: Route,
        guarded: bool,
        most: Callable[[int, dict[str, str]], int],
        *,
        at_home: bool,
    ) -> Exchange:
        began = time.perf_counter()
        shown = (call.method, authority_of(url), call.path_template if url == call.url else "(…)")
        try:
            exchange = await self._transport.exchange(
                call.method,
                url,
                _headers(route, at_home),
                call.body,
                ca_file=route.ca_file,
                certificate=route.certificate if at_home else None,
                public_only=guarded,
                seconds=call.timeout,
                most=most,
            )
        except TransportFault as fault:
            took = (time.perf_counter() - began) * 1000
            logger.info("%s %s %s: %s, %.0f ms", *shown, fault.reason, took)
            raise
        took = (time.perf_counter() - began) * 1000
        logger.info("%s %s %s: %d, %.0f ms", *shown, exchange.status, took)
        return exchange


def _headers(route: Route, at_home: bool) -> dict[str, str]:
    if not at_home:
        return {n: v for n, v in route.headers.items() if n.lower() in _BARE_HEADERS}
    if route.authorization is None:
        return route.headers
    return {**route.headers, "Authorization": route.authorization}
