"""POSTs to the URLs that applications named: only where they may lead, and never for long.

It must not know what is sent.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

MAXIMUM_URL = 2048
_MAXIMUM_ANSWER = 4096


class UrlRefused(ValueError):
    """Nothing is sent to this URL; says why."""


class NoAnswer(Exception):
    """The receiver could not be reached or took too long."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "unreachable")
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Received:
    """What a receiver answered, its body up to a few thousand bytes."""

    status: int
    content_type: str
    body: bytes


def check_url(url: str) -> None:
    """Refuses what Graph would not call, except http on this machine, for tests."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise UrlRefused("it is not a URL") from error
    if parts.scheme not in ("https", "http") or not host or len(url) > MAXIMUM_URL:
        raise UrlRefused("it is not an https URL")
    if parts.username is not None or parts.fragment:
        raise UrlRefused("it holds credentials or a fragment")
    if parts.scheme == "http" and not _names_this_machine(host):
        raise UrlRefused("it has to be https (http is allowed on the loopback only)")
    if (address := _address(host)) is not None and not _is_allowed(address):
        raise UrlRefused("it leads into a private network")


async def post(url: str, body: bytes, content_type: str, patience: float) -> Received:
    """Send once, within `patience` seconds; no redirect is followed and no proxy asked."""
    check_url(url)
    connector = aiohttp.TCPConnector(resolver=_GuardedResolver())
    limit = aiohttp.ClientTimeout(total=patience)
    headers = {"Content-Type": content_type}
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=limit) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            received = await answer.content.read(_MAXIMUM_ANSWER)
            return Received(answer.status, answer.content_type, received)
    except TimeoutError as error:
        raise NoAnswer(timed_out=True) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise NoAnswer(timed_out=False) from error


class _GuardedResolver(AbstractResolver):
    """Names that lead into a private network do not resolve, also when they change their mind."""

    def __init__(self) -> None:
        self._resolver = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        allowed = [one for one in found if _is_allowed(ipaddress.ip_address(one["host"]))]
        if not allowed:
            raise OSError("the name leads into a private network")
        return allowed

    async def close(self) -> None:
        await self._resolver.close()


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _names_this_machine(host: str) -> bool:
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def _is_allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_loopback or address.is_global
