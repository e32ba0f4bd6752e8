"""Security headers of every response, and the content security policies.

A response that sets one of these headers itself keeps it: the shell its nonce, a frame its own
policy, an asset its long cache.
"""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphwright.web.hosts import Address


def new_nonce() -> str:
    """A new nonce for one response's style elements."""
    return secrets.token_urlsafe(16)


def content_security_policy(nonce: str | None = None) -> str:
    """The policy of the application's own pages: nothing inline but styles with the nonce."""
    style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def frame_policy(*, remote_images: bool) -> str:
    """The policy of a frame with foreign HTML: no script, no form, no request but for images.

    `sandbox` without allow-same-origin and allow-scripts holds even where the frame is opened as a
    page.
    """
    images = "data: https:" if remote_images else "data:"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {images}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )


_FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class SecurityHeaders:
    """ASGI middleware: adds the headers that a response does not set itself."""

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._app = app
        self._headers = {**_FIXED, "content-security-policy": content_security_policy()}
        if address.is_https:
            self._headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
