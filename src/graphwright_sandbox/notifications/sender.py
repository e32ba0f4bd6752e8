"""POSTs to the URLs that applications named: only where they may lead, and never for long.

It must not know what is sent.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

MAXIMUM_URL = 2048
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64, RFC 6052
_ENDS_IN_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


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
    """Refuses what Graph would not call, except http on this machine, for tests.

    Names are checked again when they resolve. What only looks like a name, and what two parsers
    might read differently, is refused: `10.1` and `167772161` are addresses to a socket.
    """
    if not url.isascii() or not url.isprintable() or set(url) & set(" \\"):
        raise UrlRefused("it holds characters that a URL has not")
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
    address = _address(host)
    if address is None and _ENDS_IN_NUMBER.search(host):
        raise UrlRefused("its host is neither a name nor an address")
    if address is not None and not is_allowed(address):
        raise UrlRefused("it leads into a private network")


async def post(url: str, body: bytes, content_type: str, patience: float) -> Received:
    """Send once, within `patience` seconds; no redirect is followed and no proxy asked."""
    check_url(url)
    # The HTTP client would be a fifth of the sandbox's start, and most never notify anybody.
    from graphwright_sandbox.notifications import delivery  # noqa: PLC0415

    return await delivery.post(url, body, content_type, patience)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _names_this_machine(host: str) -> bool:
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def is_allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether something may be sent to this address: this machine, or the public network."""
    meant = _meant(address)
    site_local = isinstance(meant, ipaddress.IPv6Address) and meant.is_site_local
    public = meant.is_global and not meant.is_multicast and not site_local
    return address.is_loopback or public


def _meant(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Where a packet ends up: behind some IPv6 addresses stands one of IPv4."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) % 2**32)
    return address.ipv4_mapped or address.sixtofour or address
