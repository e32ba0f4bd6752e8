"""The wire: one exchange with a server, by aiohttp. Knows no profile, retry or meaning of a status.

Cookies, redirects and proxies of the environment are off: what is sent is what the caller gave.
"""

import io
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import AddressFamily

import aiohttp
import certifi
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from graphwright.http.errors import HostRefused
from graphwright.http.hosts import is_private
from graphwright.http.retry import Limits
from graphwright.kernel.errors import InvalidInput

_LONGEST_HEADER = 32_768
_LARGE_BODY = 500_000


class TransportFault(Exception):
    """No whole answer came. `sent`: the server may have got the request; `again`: may help."""

    def __init__(self, reason: str, *, sent: bool, again: bool = True, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.again = again
        self.hint = hint


class BodyTooLarge(Exception):
    """The body grew over the limit; reading stopped."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a server answered; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes
    url: str


class Transport:
    """Connections, kept open: one session for each set of trusted certificates."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sessions: dict[tuple[str | None, bool], aiohttp.ClientSession] = {}

    async def exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        *,
        ca_file: str | None = None,
        public_only: bool = False,
        seconds: float | None = None,
        most: Callable[[int, dict[str, str]], int],
    ) -> Exchange:
        """Sends one request and reads no more of its answer (decompressed) than `most` says.

        `public_only` refuses private addresses when the connection is made (`HostRefused`), so that
        a name cannot come to mean one after it was looked at.
        """
        target = yarl.URL(url, encoded=True)
        if public_only and is_private(target.raw_host or ""):
            raise _private(target.raw_host or "")
        session = self._session(ca_file, public_only)
        try:
            async with session.request(
                method,
                target,
                headers=headers,
                data=io.BytesIO(body) if body and len(body) > _LARGE_BODY else body,
                allow_redirects=False,
                timeout=self._timeout(seconds),
            ) as response:
                named = _headers(response)
                content = await _read(response, most(response.status, named))
                return Exchange(response.status, named, content, url)
        except BodyTooLarge:
            raise
        except (aiohttp.ClientError, TimeoutError, ssl.SSLError, ConnectionError) as error:
            raise _fault(error) from error

    async def close(self) -> None:
        """Closes every connection."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    def _timeout(self, seconds: float | None) -> aiohttp.ClientTimeout:
        limits = self._limits
        return aiohttp.ClientTimeout(
            total=seconds or limits.total_seconds,
            sock_connect=min(limits.connect_seconds, seconds or limits.connect_seconds),
            sock_read=seconds or limits.read_seconds,
        )

    def _session(self, ca_file: str | None, public_only: bool) -> aiohttp.ClientSession:
        key = (ca_file, public_only)
        session = self._sessions.get(key)
        if session is None or session.closed:
            connector = aiohttp.TCPConnector(
                ssl=trust(ca_file),
                resolver=PublicResolver(ThreadedResolver()) if public_only else None,
                limit=100,
            )
            session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                max_line_size=_LONGEST_HEADER,
                max_field_size=_LONGEST_HEADER,
            )
            # Its own second try, after every broken connection, would go past the budget untold.
            session._retry_connection = False  # noqa: SLF001
            self._sessions[key] = session
        return session


class PublicResolver(AbstractResolver):
    """Resolves names, and refuses those that mean a private address."""

    def __init__(self, resolver: AbstractResolver) -> None:
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name; `HostRefused` if any of them is private."""
        found = await self._resolver.resolve(host, port, family)
        if any(is_private(address["host"]) for address in found):
            raise _private(host)
        return found

    async def close(self) -> None:
        """Closes the resolver below."""
        await self._resolver.close()


def trust(ca_file: str | None) -> ssl.SSLContext:
    """A TLS context that trusts the usual authorities and those of the file."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cadata=Path(ca_file).read_text("ascii"))
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"The certificates in {ca_file} cannot be read.",
                hint="ca_file names a file with certificates in PEM form.",
            ) from error
    return context


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    announced = response.content_length
    if announced is not None and announced > most and response.method != "HEAD":
        response.close()
        raise BodyTooLarge
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > most:
            response.close()
            raise BodyTooLarge
        chunks.append(chunk)
    return b"".join(chunks)


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        lower = name.lower()
        headers[lower] = f"{headers[lower]}, {value}" if lower in headers else value
    # Cookies are not kept, so nobody may come to rely on them.
    headers.pop("set-cookie", None)
    return headers


def _fault(error: Exception) -> TransportFault:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return TransportFault(
            "its certificate is not trusted",
            sent=False,
            again=False,
            hint="Name the authority that signed it in the profile's ca_file.",
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return TransportFault(
            "its name is not known", sent=False, hint="Look at the name, and at this machine's DNS."
        )
    if isinstance(error, aiohttp.ClientSSLError):
        return TransportFault("no encrypted connection came about", sent=False)
    if isinstance(error, aiohttp.ClientConnectorError):
        return TransportFault("it refuses the connection", sent=False)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return TransportFault("no connection came about in time", sent=False)
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return TransportFault("the URL cannot be read", sent=False, again=False)
    if isinstance(error, TimeoutError):
        return TransportFault("it did not answer in time", sent=True)
    if isinstance(error, aiohttp.ClientPayloadError):
        return TransportFault("its answer was cut off or cannot be unpacked", sent=True)
    if isinstance(error, aiohttp.ClientResponseError):
        return TransportFault("its answer is not HTTP", sent=True)
    return TransportFault("the connection broke", sent=True)


def _private(host: str) -> HostRefused:
    return HostRefused(
        f"{host} is an address of a private network, where no transfer may lead.",
        hint="Set GRAPHWRIGHT_ALLOW_PRIVATE_TRANSFER=1 if it is meant.",
        host=host,
    )
