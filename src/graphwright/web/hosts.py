"""The application's own address: which host a request may name.

A request for another host is refused, so that no link, cookie or cache entry is made under a
foreign name.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.kernel.errors import GraphwrightError, InvalidInput
from graphwright.kernel.settings import is_loopback
from graphwright.web.errors import HostRefused, error_response

_HOST = re.compile(r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$")
_PORTS = {"http": "80", "https": "443"}


class Address:
    """The base URL of the application, taken apart."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self.base_url = base_url.rstrip("/")
        self.scheme = parts.scheme
        self.host = _with_port(parts.netloc.lower(), parts.scheme)
        self.origin = f"{parts.scheme}://{parts.netloc.lower()}"
        self.is_https = parts.scheme == "https"
        self.is_loopback = is_loopback(parts.hostname)
        self.port = parts.port or int(_PORTS[parts.scheme])

    def check_host(self, host: str | None) -> None:
        """Raises `InvalidInput` (no or a malformed host) or `HostRefused` (another one)."""
        if not host or not _HOST.match(host):
            raise InvalidInput("The Host header is missing or malformed.")
        if _with_port(host.lower(), self.scheme) != self.host:
            raise HostRefused(
                "This server answers under another address.", hint=f"Open {self.base_url}."
            )

    def is_same_origin(self, origin: str) -> bool:
        """Whether an Origin header is the application's own."""
        scheme, _, host = origin.lower().partition("://")
        return scheme == self.scheme and _with_port(host, scheme) == self.host


def _with_port(host: str, scheme: str) -> str:
    return host if re.search(r":[0-9]+$", host) else f"{host}:{_PORTS[scheme]}"


class HostCheck:
    """ASGI middleware: refuses requests for another host."""

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is for this host."""
        if scope["type"] == "http":
            hosts = Headers(scope=scope).getlist("host")
            try:
                self._address.check_host(hosts[0] if len(hosts) == 1 else None)
            except GraphwrightError as error:
                await error_response(Request(scope), error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
