"""Errors on the wire: a `GraphwrightError` becomes JSON, or a plain page where a browser navigates.

Anything unforeseen becomes a general message with a log id; its details reach the log only.
"""

import html
import logging
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphwright.http.errors import HttpError
from graphwright.kernel.errors import (
    Conflict,
    GraphwrightError,
    InvalidInput,
    NotFound,
    Refused,
    SignInRequired,
    Unexpected,
)
from graphwright.kernel.ids import new_id
from graphwright.kernel.values import parse_json

logger = logging.getLogger("graphwright.web")

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{background:light-dark(#fff,#1f1f1f);color:light-dark(#242424,#fff)}"
    'body{margin:0;font:16px/1.5 "Segoe UI",system-ui,sans-serif}'
    "main{box-sizing:border-box;max-width:36rem;margin:12vh auto;padding:0 1.5rem;"
    "overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.3}"
    "a{color:light-dark(#0f6cbd,#62abf5);font-weight:600}"
)
# Nothing but this very style: a page of an error may hold what somebody sent.
PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1><p>{message}</p>{hint}{link}</main></body></html>
"""


class CsrfRefused(Refused):
    """A write came without this session's CSRF token, or from another site."""

    code = "csrfRefused"


class SessionExpired(SignInRequired):
    """The browser's session has ended."""

    code = "sessionExpired"


class HostRefused(InvalidInput):
    """The request names another host than the application's address."""

    code = "hostRefused"
    status = 421


class MethodNotAllowed(InvalidInput):
    """The path exists, but not for this method."""

    code = "methodNotAllowed"
    status = 405


class BodyTooLarge(InvalidInput):
    """The request's body is larger than a form can be."""

    code = "bodyTooLarge"
    status = 413


class MediaTypeRefused(InvalidInput):
    """The request's body is no JSON."""

    code = "mediaTypeRefused"
    status = 415


class _HttpFailure(InvalidInput):
    """An HTTP failure that the web framework found."""

    code = "httpError"


class ErrorBoundary:
    """ASGI middleware: turns every exception of what it wraps into a response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application; sends an error response where it raised before answering."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            return
        except Exception as error:
            response = error_response(Request(scope), error)
            if started:
                # The status is out already (a streamed export): breaking off tells the client.
                raise
            await response(scope, receive, send)


def error_response(request: Request, error: Exception) -> Response:
    """The response for an exception: wire JSON, or HTML where a browser navigates."""
    known = explain(error)
    if is_navigation(request.headers, request.url.path):
        return error_page(known)
    return JSONResponse(known.to_wire(), status_of(known))


def status_of(error: GraphwrightError) -> int:
    """The status a browser gets. What another server answered is not this one's own answer."""
    if isinstance(error, HttpError):
        return 503 if error.retryable else 502
    return error.status


def explain(error: Exception) -> GraphwrightError:
    """The error itself where it is of our family, else one that says as much as may be said."""
    if isinstance(error, GraphwrightError):
        if status_of(error) >= 500:
            logger.warning("%s: %s", error.code, error)
        return error
    if isinstance(error, HTTPException):
        return _explain_http(error)
    log_id = new_id()[:12]
    logger.error("Request failed, log id %s", log_id, exc_info=error)
    return Unexpected(
        "Something failed on the server.",
        hint=f"Try again. If it stays, tell the administrator the log id {log_id}.",
        request_id=log_id,
    )


def _explain_http(error: HTTPException) -> GraphwrightError:
    if error.status_code == 404:
        return NotFound("There is nothing at this address.")
    if error.status_code == 405:
        return MethodNotAllowed("This address does not take that method.")
    if error.status_code == 409:
        return Conflict(str(error.detail))
    return _HttpFailure(HTTPStatus(error.status_code).phrase + ".")


def is_navigation(headers: Headers | Mapping[str, str], path: str) -> bool:
    """Whether a person's browser opens this address as a page (and reads no JSON)."""
    if path.startswith("/api/"):
        return False
    destination = headers.get("sec-fetch-dest")
    if destination is not None:
        return destination in ("document", "iframe")
    return "text/html" in (headers.get("accept") or "")


def error_page(
    error: GraphwrightError, *, title: str = "", link: tuple[str, str] | None = None
) -> HTMLResponse:
    """A plain page that says what is wrong, the cure, and where to go (`link`: address, text)."""
    page = text_page(
        title or _TITLES.get(status_of(error), "This did not work"),
        error.message,
        error.hint,
        link or ("/", "Back to the start"),
    )
    return HTMLResponse(page, status_of(error), {"content-security-policy": PAGE_POLICY})


_TITLES = {
    400: "This request is not valid",
    401: "Please sign in",
    403: "This is not allowed",
    404: "Not found",
    409: "This was used already",
    421: "Another address",
    503: "Not available right now",
}


def text_page(title: str, message: str, hint: str = "", link: tuple[str, str] | None = None) -> str:
    """A small HTML page without script; every text is escaped."""
    return _PAGE.format(
        style=_STYLE,
        title=html.escape(title),
        message=html.escape(message),
        hint=f"<p>{html.escape(hint)}</p>" if hint else "",
        link=f'<p><a href="{html.escape(link[0])}">{html.escape(link[1])}</a></p>' if link else "",
    )


async def read_json(request: Request, limit: int = 1_000_000) -> Any:
    """The request's JSON body; a clear refusal of anything else or larger."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise MediaTypeRefused("The body must be JSON.", hint="Send content-type application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge(f"The body is larger than {limit:,} bytes.")
    try:
        return parse_json(bytes(body))
    except ValueError as error:
        raise InvalidInput("The body is not valid JSON.") from error
