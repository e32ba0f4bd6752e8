"""The admin consent endpoint: one person agrees for the whole organization.

It must not know what the pages look like.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorization_request import read_target
from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import read_query
from graphwright_sandbox.entra.transactions import Transaction


class AdminConsent:
    """``/{tenant}/adminconsent`` and ``/{tenant}/v2.0/adminconsent``."""

    def __init__(self, pages: AuthorizePages) -> None:
        self._pages = pages

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/adminconsent", self.ask, methods=["GET"]),
            Route("/{tenant}/v2.0/adminconsent", self.ask, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        segment = request.path_params["tenant"]
        try:
            app, target = read_target(self._pages.entra, segment, read_query(request))
        except EntraError as error:
            return self._pages.show_error(request, error)
        session = self._pages.session_of(request)
        transaction = Transaction(
            key="", session=session, tenant_segment=segment, app=app, target=target, scopes=None
        )
        return self._pages.start(request, transaction)
