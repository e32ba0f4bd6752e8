"""The wire: one exchange with a server, by aiohttp. Knows no profile, retry or meaning of a status.

Cookies, redirects and proxies of the environment are off: what is sent is what the caller gave.
"""

import io
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import AddressFamily

import aiohttp
import certifi
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from graphwright.http.certificates import ClientCertificate
from graphwright.http.errors import ReferralRefused
from graphwright.http.hosts import is_private
from graphwright.http.meter import Meter, note
from graphwright.http.retry import Limits
from graphwright.kernel.errors import InvalidInput

_LONGEST_HEADER = 32_768
_LARGE_BODY = 500_000
_CHUNK = 65_536
# What servers say to a client that shows no certificate (RFC 8446, 6.2; TLS 1.2 has the second only).
_WITHOUT_CERTIFICATE = frozenset(
    {"TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_BAD_CERTIFICATE"}
)


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
    headers: dict[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body is still to be read; names of headers are in lower case."""

    status: int
    headers: dict[str, str] = field(repr=False)
    url: str = field(repr=False)
    _response: aiohttp.ClientResponse = field(repr=False)

    async def read(self, most: Callable[[int, dict[str, str]], int]) -> Exchange:
        """The whole answer; `BodyTooLarge` where it is larger than `most` says."""
        content = await _read(self._response, most(self.status, self.headers))
        return Exchange(self.status, self.headers, content, self.url)

    def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece as it comes."""
        return self._response.content.iter_chunked(_CHUNK)


class Transport:
    """Connections, kept open: one session for each set of trusted certificates and each identity.

    A connection says who calls by its client certificate, so no two identities share one.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sessions: dict[tuple[str | None, bool, str], aiohttp.ClientSession] = {}
        self._is_closed = False

    @asynccontextmanager
    async def open(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        body: bytes | None,
        *,
        ca_file: str | None = None,
        certificate: ClientCertificate | None = None,
        public_only: bool = False,
        within: aiohttp.ClientTimeout,
    ) -> AsyncGenerator["Stream"]:
        """Sends one request; its answer is open, its body unread, as long as the context is.

        `public_only` refuses private addresses when the connection is made (`HostRefused`), so that
        a name cannot come to mean one after it was looked at.
        """
        target = yarl.URL(url, encoded=True)
        if public_only and is_private(target.raw_host or ""):
            raise _private(target.raw_host or "")
        session = self._session(ca_file, public_only, certificate)
        note(Meter(requests=1, bytes_out=len(body or b"")))
        try:
            async with session.request(
                method,
                target,
                headers=headers,
                data=io.BytesIO(body) if body and len(body) > _LARGE_BODY else body,
                allow_redirects=False,
                timeout=within,
            ) as response:
                try:
                    yield Stream(response.status, _headers(response), url, response)
                finally:
                    # An answer without a body has no such number.
                    came: int = getattr(response.content, "total_raw_bytes", 0)
                    note(Meter(bytes_in=came))
        except BodyTooLarge:
            raise
        except (aiohttp.ClientError, TimeoutError, ssl.SSLError, ConnectionError) as error:
            raise _fault(error, certificate) from error

    async def close(self) -> None:
        """Closes every connection, for good."""
        self._is_closed = True
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    def timeout(self, seconds: float | None = None) -> aiohttp.ClientTimeout:
        """How long a request may take, all in all."""
        limits = self._limits
        return aiohttp.ClientTimeout(
            total=seconds or limits.total_seconds,
            sock_connect=min(limits.connect_seconds, seconds or limits.connect_seconds),
            sock_read=seconds or limits.read_seconds,
        )

    def patience(self) -> aiohttp.ClientTimeout:
        """How long a server may be silent while a file is on its way, which may take its time."""
        limits = self._limits
        return aiohttp.ClientTimeout(
            total=None, sock_connect=limits.connect_seconds, sock_read=limits.read_seconds
        )

    def _session(
        self, ca_file: str | None, public_only: bool, certificate: ClientCertificate | None = None
    ) -> aiohttp.ClientSession:
        if self._is_closed:
            # Such as a page that was asked for ahead, of which nobody wants to know any more.
            raise RuntimeError("The connections were closed.")
        key = (ca_file, public_only, certificate.digest if certificate else "")
        session = self._sessions.get(key)
        if session is None or session.closed:
            connector = aiohttp.TCPConnector(
                ssl=certificate.context if certificate else trust(ca_file),
                resolver=PublicResolver(ThreadedResolver()) if public_only else None,
                limit=self._limits.app_concurrent,
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


def _fault(error: Exception, certificate: ClientCertificate | None) -> TransportFault:
    if (refusal := _refusal(error, certificate)) is not None:
        return refusal
    fault = _explain(error)
    if certificate is not None and _hung_up(error):
        fault.hint = (
            fault.hint or "It may refuse the client certificate; some servers just hang up."
        )
    return fault


def _hung_up(error: Exception) -> bool:
    return isinstance(error, aiohttp.ServerDisconnectedError) or any(
        isinstance(one, ConnectionResetError | BrokenPipeError) for one in _origins(error)
    )


def _explain(error: Exception) -> TransportFault:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return TransportFault(
            "its certificate is not trusted",
            sent=False,
            again=False,
            hint="A profile names the authority that signed it in its ca_file; without a profile it "
            "must be a public one.",
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


def _refusal(error: Exception, certificate: ClientCertificate | None) -> TransportFault | None:
    """The fault where the server ended TLS with an alert that is about the client certificate.

    In TLS 1.3 that alert follows the handshake, when the request may be on its way; it is not read.
    """
    alert = _alert(error)
    if certificate is None:
        if alert not in _WITHOUT_CERTIFICATE:
            return None
        reason, hint = (
            "it demands a client certificate",
            ("Send the request with authentication of type client_certificate."),
        )
    elif "_ALERT_" in alert:
        reason, hint = (
            f"it refuses the client certificate ({_readable(alert)})",
            ("The server must trust the authority that issued it, and know whom it belongs to."),
        )
    else:
        return None
    return TransportFault(reason, sent=False, again=False, hint=hint)


def _alert(error: Exception) -> str:
    """OpenSSL's reason, such as TLSV1_ALERT_UNKNOWN_CA, of an error or of what it comes from."""
    reasons = (
        getattr(one, "reason", None) for one in _origins(error) if isinstance(one, ssl.SSLError)
    )
    return next((reason for reason in reasons if reason), "")


def _origins(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it comes from."""
    while error is not None:
        yield error
        error = getattr(error, "os_error", None) or error.__cause__ or error.__context__


def _readable(alert: str) -> str:
    return alert.partition("_ALERT_")[2].replace("_", " ").lower()


def _private(host: str) -> ReferralRefused:
    return ReferralRefused(
        f"{host} is an address of a private network, where no transfer may lead.",
        hint="Set GRAPHWRIGHT_ALLOW_PRIVATE_TRANSFER=1 if it is meant.",
        host=host,
    )
