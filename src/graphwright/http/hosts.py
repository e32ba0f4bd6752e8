"""Where a request may go: the host rule.

A bearer token goes to the hosts of its profile, by https, and nowhere else. Whether a name means a
private address is known only when it is resolved; `transport` looks then.
"""

import ipaddress
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urljoin, urlsplit

from graphwright.http.errors import HostRefused, ReferralRefused
from graphwright.http.ports import ProfileShape
from graphwright.kernel.settings import is_loopback

_AUTHORITY = re.compile(
    r"^(?P<host>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?$"
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# IPv4 addresses inside IPv6 ones (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SAFE = "%/:@!$&'()*+,;=~-._"


def canonical_url(url: str, base: str | None = None) -> str:
    """The URL in one strict form, so that what is checked is what is sent; `HostRefused` if unsafe.

    Lower-case scheme and host, no default port, no user, no fragment, everything else encoded.
    """
    if _UNSAFE.search(url):
        raise HostRefused("The URL holds a control character or a backslash.")
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        authority = parts.netloc.lower()
    except ValueError as error:
        raise HostRefused("The URL cannot be read.") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise HostRefused("The URL is neither https nor http.")
    if "@" in authority:
        raise HostRefused("The URL holds a user name.", hint="Say who you are in `authentication`.")
    match = _AUTHORITY.match(authority)
    if match is None or int(match["port"] or 1) > 65535:
        raise HostRefused("The URL's host cannot be read.", hint="Write it in ASCII.")
    port = match["port"]
    shown = match["host"] if port in (None, _DEFAULT_PORTS[scheme]) else authority
    query = f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else ""
    return f"{scheme}://{shown}{quote(parts.path or '/', safe=_SAFE)}{query}"


def authority_of(url: str) -> str:
    """`host`, or `host:port` where the port is not the scheme's own, of a canonical URL."""
    return urlsplit(url).netloc


def check_scheme(url: str, *, allow_http: bool) -> None:
    """https, or http on this machine where a setting allows it; else `HostRefused`."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return
    if not is_loopback(parts.hostname):
        raise HostRefused(
            f"{parts.netloc} would be called without encryption.",
            hint="Use https.",
            host=parts.netloc,
        )
    if not allow_http:
        raise HostRefused(
            f"{parts.netloc} would be called without encryption.",
            hint="Use https, or set GRAPHWRIGHT_ALLOW_HTTP=1 for addresses on this machine.",
            host=parts.netloc,
        )


def check_encrypted(url: str) -> None:
    """https; else `HostRefused`: without TLS there is nothing to show a certificate in."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise HostRefused(
            f"{parts.netloc} would be called without encryption, where no client certificate can "
            "be shown.",
            hint="Use https.",
            host=parts.netloc,
        )


@contextmanager
def referral() -> Iterator[None]:
    """What is refused in here is an address that a server named: `ReferralRefused`."""
    try:
        yield
    except HostRefused as error:
        raise ReferralRefused(error.message, hint=error.hint, **error.facts) from error


def check_profile_host(url: str, name: str, profile: ProfileShape) -> None:
    """Refuses to send the profile's token anywhere but to its own hosts."""
    authority = authority_of(url)
    if not is_listed(url, profile.hosts()):
        raise HostRefused(
            f"The token of the profile {name} must not go to {authority}.",
            hint=f"It may go to {', '.join(sorted(profile.hosts())) or 'no host'}.",
            host=authority,
        )


def is_listed(url: str, hosts: Collection[str]) -> bool:
    """Whether a canonical URL's host and port are one of the hosts, exactly."""
    default = _DEFAULT_PORTS[urlsplit(url).scheme]
    listed = {host.lower().removesuffix(f":{default}") for host in hosts}
    return authority_of(url) in listed


def is_transfer_host(url: str, hosts: Collection[str]) -> bool:
    """Whether a canonical URL's host is a transfer host; `*.x.com` is any host below x.com."""
    authority = authority_of(url)
    return is_listed(url, hosts) or any(
        host.startswith("*.") and authority.endswith(host[1:].lower()) for host in hosts
    )


def is_private(address: str) -> bool:
    """Whether an IP address is not one of the public internet's; False for a name."""
    try:
        ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return is_loopback(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return not ip.is_global or ip.is_multicast
