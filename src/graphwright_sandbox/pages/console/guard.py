"""Who may change something through the sandbox's pages: the browser that was shown the form.

Any web site could make a browser post to this machine. So every post needs the token of this
browser's own form, comes from the sandbox's own origin, and brings a cookie that no other site's
request carries (SameSite). That the host is this machine's own is checked by the server. This
module must not know what a post changes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response


class Guard:
    """The tokens of the forms: each belongs to one browser's cookie and to this sandbox."""

    def __init__(self, cookie_name: str) -> None:
        self._cookie_name = cookie_name
        self._key = secrets.token_bytes(32)

    def cookie_of(self, request: Request) -> str:
        """This browser's cookie; a new one where it has none or a strange one."""
        cookie = request.cookies.get(self._cookie_name, "")
        return cookie if 40 <= len(cookie) <= 100 else secrets.token_urlsafe(32)

    def token_of(self, cookie: str) -> str:
        """The token that forms shown to this browser carry."""
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()

    def keep(self, response: Response, cookie: str) -> None:
        """Let the browser keep its cookie for the session."""
        # Not "Secure": the browser's port is plain http on this machine.
        response.set_cookie(self._cookie_name, cookie, httponly=True, samesite="strict", path="/")

    def allows(self, request: Request, token: str | None) -> bool:
        """Whether a post comes from a form of these pages in this browser."""
        origin = request.headers.get("origin")
        own = f"{request.url.scheme}://{request.headers.get('host', '')}"
        if origin is not None and origin != own:
            return False
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return False
        cookie = request.cookies.get(self._cookie_name)
        if cookie is None or token is None:
            return False
        return hmac.compare_digest(self.token_of(cookie).encode(), token.encode())
