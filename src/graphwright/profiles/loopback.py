"""Signs a user in from this machine: opens the browser and catches the redirect on loopback.

RFC 8252, section 7.3. Knows no terminal: the caller is told the URL and shows it.
"""

import asyncio
import contextlib
import hmac
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from graphwright.kernel.errors import Unavailable
from graphwright.profiles.errors import AuthorizationRequired
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import Account, PrincipalId

_LONGEST_REQUEST = 16_384
_READ_SECONDS = 10.0
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>"""


class LoopbackUnavailable(Unavailable):
    """No port of this machine can be listened on."""

    code = "loopbackUnavailable"


async def sign_in(
    profiles: Profiles,
    name: str,
    *,
    principal_id: PrincipalId | None = None,
    login_hint: str | None = None,
    claims: str | None = None,
    seconds: float = 300.0,
    open_browser: Callable[[str], object] = webbrowser.open,
) -> Account:
    """Signs a user in with a browser on this machine. Raises `AuthorizationRequired` in the end."""
    async with _Listener.open() as listener:
        pending = await profiles.begin(
            name, listener.redirect_uri, login_hint=login_hint, claims=claims
        )
        listener.expect(pending.state)
        # A text browser would block the very loop that has to answer it.
        opening = asyncio.get_running_loop().run_in_executor(None, open_browser, pending.url)
        opening.add_done_callback(_ignore_failure)
        try:
            parameters = await asyncio.wait_for(listener.answer, seconds)
        except TimeoutError:
            raise AuthorizationRequired(
                "Nobody signed in in time.", hint="Start the sign-in again.", profile=name
            ) from None
        return await profiles.complete(name, pending.flow, parameters, principal_id)


class _Listener:
    """Waits on loopback for the one redirect with the right state."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._state: str | None = None
        self.answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()

    @property
    def redirect_uri(self) -> str:
        """Entra ID compares `http://localhost` without looking at the port."""
        return f"http://localhost:{self._port}"

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls) -> AsyncIterator["_Listener"]:
        """Listens on one free port, on both loopback addresses where there are two."""
        sockets = _bind()
        listener = cls(sockets[0].getsockname()[1])
        servers = [
            await asyncio.start_server(listener.serve, sock=one, limit=_LONGEST_REQUEST)
            for one in sockets
        ]
        try:
            yield listener
        finally:
            for server in servers:
                server.close()

    def expect(self, state: str) -> None:
        """Says which state the redirect must carry."""
        self._state = state

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection."""
        try:
            status, title, text = await self._answer(reader)
            page = _PAGE.format(title=escape(title), text=escape(text)).encode()
            writer.write(
                f"HTTP/1.1 {status.value} {status.phrase}\r\n"
                "Content-Type: text/html; charset=utf-8\r\n"
                f"Content-Length: {len(page)}\r\n"
                "Cache-Control: no-store\r\n"
                "Referrer-Policy: no-referrer\r\n"
                "Content-Security-Policy: default-src 'none'\r\n"
                "Connection: close\r\n\r\n".encode("ascii")
                + page
            )
            await writer.drain()
        except (OSError, TimeoutError):
            pass  # the browser went away; it may come back
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[HTTPStatus, str, str]:
        wrong = (HTTPStatus.BAD_REQUEST, "Not understood", "This is no answer to a sign-in.")
        try:
            async with asyncio.timeout(_READ_SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            request, *headers = head.split("\r\n")
            method, target, _ = request.split(" ")
            path, query = urlsplit(target).path, urlsplit(target).query
        except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return wrong
        # Another host name means a site that resolved its own name to this machine.
        if method != "GET" or not self._is_own_host(headers):
            return wrong
        if path not in ("", "/"):
            return HTTPStatus.NOT_FOUND, "Not found", "There is nothing here."
        pairs = parse_qsl(query, keep_blank_values=True)
        parameters = dict(pairs)
        state = parameters.get("state", "")
        if (
            len(pairs) != len(parameters)
            or self._state is None
            or not hmac.compare_digest(state.encode(), self._state.encode())
        ):
            return wrong
        if not self.answer.done():
            self.answer.set_result(parameters)
        return HTTPStatus.OK, "Signed in", "You can close this window and go back."

    def _is_own_host(self, headers: list[str]) -> bool:
        hosts = [
            value.strip()
            for name, _, value in (header.partition(":") for header in headers)
            if name.lower() == "host"
        ]
        return hosts in ([f"localhost:{self._port}"], [f"127.0.0.1:{self._port}"])


def _bind() -> list[socket.socket]:
    try:
        first = socket.create_server(("127.0.0.1", 0))
    except OSError as error:
        raise LoopbackUnavailable(
            "No port of this machine can be listened on.", hint="Close a program, then try again."
        ) from error
    # `localhost` may mean ::1 to the browser.
    with contextlib.suppress(OSError):
        second = socket.create_server(("::1", first.getsockname()[1]), family=socket.AF_INET6)
        return [first, second]
    return [first]


def _ignore_failure(opening: "asyncio.Future[object]") -> None:
    # The caller shows the URL as well: a machine without a browser is no failure.
    if not opening.cancelled():
        opening.exception()
