"""What all sections of the sandbox's pages share: the tenant, the visit, and guarded posts.

It must not know any section.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.parameters import Parameters, read_form
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.store import ExpiringStore
from graphwright_sandbox.inspector import Inspector
from graphwright_sandbox.pages.console.frame import CSRF_FIELD, Visit, console_page
from graphwright_sandbox.pages.console.guard import Guard

_NOTICE_LIFETIME = timedelta(minutes=1)
_SORRY = "That did not work"
_REFUSED = (
    "This page was opened before the sandbox was started anew, or the request did not come from "
    "it. Nothing was changed. Go back, reload the page and try again."
)


@dataclass(frozen=True, slots=True)
class Done:
    """What a post did, and the page to go on to."""

    notice: str
    to: str


Act = Callable[[Request, Parameters], Done | Response]


class Desk:
    """One sandbox as its pages see it."""

    def __init__(
        self, entra: Entra, sign_in: AuthorizePages, inspector: Inspector, cookie_name: str
    ) -> None:
        self.entra = entra
        self.sign_in = sign_in
        self.inspector = inspector
        self._guard = Guard(cookie_name)
        self._notices: ExpiringStore[str] = ExpiringStore(
            entra.clock, _NOTICE_LIFETIME, max_entries=1_000
        )

    def show(self, path: str, view: Callable[[Request, Visit], Response]) -> Route:
        """A page at a path."""

        async def handle(request: Request) -> Response:
            cookie = self._guard.cookie_of(request)
            try:
                response = view(request, self._visit(cookie))
            except EntraError as error:
                response = self.refuse(request, str(error), status=404)
            self._guard.keep(response, cookie)
            return response

        return Route(path, handle, methods=["GET"])

    def do(self, path: str, act: Act) -> Route:
        """A change at a path: refused unless a form of these pages in this browser asks for it."""

        async def handle(request: Request) -> Response:
            try:
                parameters = await read_form(request)
            except EntraError as error:
                return self.refuse(request, str(error))
            if not self._guard.allows(request, parameters.get(CSRF_FIELD)):
                return self.refuse(request, _REFUSED, status=403)
            try:
                done = act(request, parameters)
            except EntraError as error:
                return self.refuse(request, str(error))
            if isinstance(done, Response):
                return done
            return self.go_on(request, done)

        return Route(path, handle, methods=["POST"])

    def go_on(self, request: Request, done: Done) -> Response:
        """On to the next page, which tells what was done."""
        self._notices.put(self._guard.cookie_of(request), done.notice)
        return RedirectResponse(done.to, status_code=303)

    def visit_of(self, request: Request) -> Visit:
        return self._visit(self._guard.cookie_of(request))

    def refuse(self, request: Request, reason: str, *, status: int = 400) -> Response:
        """A page that says why nothing was done."""
        body = f'<h1>{_SORRY}</h1><p class="problem" role="alert">{escape(reason)}</p>'
        return console_page(self.visit_of(request), "", _SORRY, body, status=status)

    def _visit(self, cookie: str) -> Visit:
        notice = self._notices.get(cookie) or ""
        self._notices.remove(cookie)
        return Visit(self.entra.tenant.display_name, self._guard.token_of(cookie), notice)
