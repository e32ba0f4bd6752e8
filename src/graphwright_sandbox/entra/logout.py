"""The logout endpoint: ends the browser's login session, and has applications end theirs.

An application that registered a front-channel logout URL is told there, in a hidden frame (OpenID
Connect Front-Channel Logout 1.0). This module must not know the sessions of applications.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import Parameters, read_form, read_query
from graphwright_sandbox.entra.redirects import RedirectTarget, is_own_address
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.transactions import LoginSession
from graphwright_sandbox.pages.signed_out import signed_out_page


class Logout:
    """``/{tenant}/oauth2/v2.0/logout``."""

    def __init__(self, entra: Entra, cookie_name: str) -> None:
        self._entra = entra
        self._cookie_name = cookie_name

    def routes(self) -> list[Route]:
        return [Route("/{tenant}/oauth2/v2.0/logout", self.handle, methods=["GET", "POST"])]

    async def handle(self, request: Request) -> Response:
        try:
            is_post = request.method == "POST"
            parameters = await read_form(request) if is_post else read_query(request)
        except EntraError:
            parameters = Parameters("")  # signing out works whatever else was sent
        key = request.cookies.get(self._cookie_name)
        session = self._entra.browsers.find_session(key)
        self._entra.browsers.end_session(key)
        frames = front_channel_urls(self._entra, session) if session else []
        response = self._answer(parameters, frames)
        response.delete_cookie(self._cookie_name, httponly=True, samesite="lax", path="/")
        return response

    def _answer(self, parameters: Parameters, frames: list[str]) -> Response:
        address = parameters.get("post_logout_redirect_uri")
        apps = self._entra.directory.apps
        if address is None or not any(is_own_address(app, address) for app in apps):
            return signed_out_page(frames=frames, unknown_address=address)
        state = parameters.get("state")
        if frames:
            separator = "&" if urlsplit(address).query else "?"
            query = separator + urlencode({"state": state}) if state is not None else ""
            return signed_out_page(frames=frames, next_address=address + query)
        if state is None:
            return RedirectResponse(address, status_code=302)
        return RedirectTarget(address, "query", state).respond({})


def front_channel_urls(entra: Entra, session: LoginSession, but: str | None = None) -> list[str]:
    """Where the applications (`but` one) that the session signed in to want to hear of its end."""
    urls = []
    issuer = entra.endpoints.issuer(entra.tenant.id)
    query = urlencode({"iss": issuer, "sid": session.id})
    for app in entra.directory.apps:
        url = app.front_channel_logout_url
        if url is not None and app.app_id in session.apps - {but}:
            urls.append(f"{url}{'&' if urlsplit(url).query else '?'}{query}")
    for listener in entra.logout_listeners:
        urls += listener(session, but)
    return urls
