"""Cross-site request forgery: every write proves that it comes from the application's own page.

Three checks, each enough against most attacks: Sec-Fetch-Site and Origin (the browser's word), and
the session's token in X-CSRF-Token (no other site can read it).
"""

import hmac

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.web.errors import CsrfRefused, SessionExpired, error_response
from graphwright.web.hosts import Address
from graphwright.web.session import Session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def check_write(request: Request, session: Session | None, address: Address) -> None:
    """Raises `CsrfRefused` or `SessionExpired` unless the write is the page's own."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise CsrfRefused("This request came from another site.")
    origin = request.headers.get("origin")
    if origin is not None and not address.is_same_origin(origin):
        raise CsrfRefused("This request came from another site.")
    if session is None:
        raise SessionExpired("Your session has ended.", hint="Reload the page and sign in again.")
    token = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(token.encode(), session.csrf_token.encode()):
        raise CsrfRefused(
            "The request does not carry this session's token.", hint="Reload the page."
        )


class CsrfCheck:
    """ASGI middleware: applies `check_write` to every request that is no GET, HEAD or OPTIONS."""

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on reads and genuine writes."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            request = Request(scope)
            try:
                check_write(request, request.state.session, self._address)
            except (CsrfRefused, SessionExpired) as error:
                await error_response(request, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)
