"""The logout endpoint: ends the browser's login session of the sandbox.

It must not know the sessions of applications.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import Parameters, read_form, read_query
from graphwright_sandbox.entra.redirects import RedirectTarget, is_own_address
from graphwright_sandbox.entra.service import Entra
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
        self._entra.browsers.end_session(request.cookies.get(self._cookie_name))
        response = self._answer(parameters)
        response.delete_cookie(self._cookie_name, httponly=True, samesite="lax", path="/")
        return response

    def _answer(self, parameters: Parameters) -> Response:
        address = parameters.get("post_logout_redirect_uri")
        apps = self._entra.tenant.app_registrations
        if address is None or not any(is_own_address(app, address) for app in apps):
            return signed_out_page(unknown_address=address)
        state = parameters.get("state")
        if state is None:
            return RedirectResponse(address, status_code=302)
        return RedirectTarget(address, "query", state).respond({})
