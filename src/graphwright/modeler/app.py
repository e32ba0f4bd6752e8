"""Puts the modeler together: middleware, routes, the browser's shell, the start link."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import graphwright
from graphwright.kernel.errors import GraphwrightError, NotFound, SignInRequired
from graphwright.modeler import routes
from graphwright.modeler.api import Route, add_route
from graphwright.modeler.modeler import MODELLING, Modeler
from graphwright.modeler.peers import PeerCheck
from graphwright.web.csrf import CsrfCheck
from graphwright.web.errors import CsrfRefused, ErrorBoundary, error_page, error_response
from graphwright.web.headers import SecurityHeaders
from graphwright.web.hosts import HostCheck
from graphwright.web.session import SessionMiddleware
from graphwright.web.static import StaticFiles

STATIC = Path(graphwright.__file__).parent / "static"


class StartTokenInvalid(SignInRequired):
    """The link that opens the modeler was used already, or is no such link."""

    code = "startTokenInvalid"


class ModelerClosed(SignInRequired):
    """This browser did not open the modeler by its link."""

    code = "modelerClosed"


_NEW_LINK = "Start `graphwright modeler` again: it prints a new link. In the demo, use its button."


def create_modeler(modeler: Modeler, *, static: Path = STATIC) -> FastAPI:
    """The modeler's application; it does not close the modeler."""
    app = FastAPI(title="Graphwright modeler", openapi_url=None, docs_url=None, redoc_url=None)
    for subject in sorted(iter_modules(routes.__path__), key=lambda module: module.name):
        made: list[Route] = import_module(f"{routes.__name__}.{subject.name}").routes(modeler)
        for route in made:
            add_route(app, route)
    pages = _Pages(modeler, StaticFiles(static))
    app.add_route("/start", pages.start, methods=["GET"])
    app.add_route("/assets/{name:path}", pages.asset, methods=["GET", "HEAD"])
    app.add_route("/{path:path}", pages.shell, methods=["GET", "HEAD"])
    app.add_exception_handler(HTTPException, _explain_http)
    # Added last is outermost: every answer gets the headers, every failure is told.
    app.add_middleware(CsrfCheck, address=modeler.address)
    app.add_middleware(_OwnSession)
    app.add_middleware(SessionMiddleware, sessions=modeler.sessions, cookie=modeler.session_cookie)
    app.add_middleware(HostCheck, address=modeler.address)
    app.add_middleware(PeerCheck)
    app.add_middleware(ErrorBoundary)
    app.add_middleware(SecurityHeaders, address=modeler.address)
    return app


class _Pages:
    """The start link, the shell and the files it loads."""

    def __init__(self, modeler: Modeler, files: StaticFiles) -> None:
        self._modeler = modeler
        self._files = files

    async def start(self, request: Request) -> Response:
        """Turns a start token into a session, and leaves it behind in no address."""
        session = await self._modeler.begin_session(request.query_params.get("token", ""))
        if session is None:
            if request.state.session is not None:
                return RedirectResponse("/", 303)
            error = StartTokenInvalid(
                "This link does not open the modeler: it was used already, or is not whole.",
                hint=_NEW_LINK,
            )
            return error_page(error, title="This link does not work", link=("/", "Try again"))
        response = RedirectResponse("/", 303)
        self._modeler.session_cookie.set(response, session.secret)
        return response

    async def asset(self, request: Request) -> Response:
        """A built file."""
        return self._files.asset(request, f"assets/{request.path_params['name']}")

    async def shell(self, request: Request) -> Response:
        """The modeler's page, for every address that its own part in the browser knows."""
        path = request.path_params["path"]
        if path.startswith("api/") or "." in path.rpartition("/")[2].removesuffix(".yaml"):
            raise NotFound("There is nothing at this address.")
        if request.state.session is None:
            return error_page(
                ModelerClosed("The modeler is opened by its link.", hint=_NEW_LINK),
                title="The modeler is closed",
                link=("/", "Try again"),
            )
        response = self._files.shell("modeler.html")
        if path.startswith("preview/"):
            # Shown in a frame of the modeler's own pages.
            policy = response.headers["content-security-policy"]
            response.headers["content-security-policy"] = policy.replace(
                "frame-ancestors 'none'", "frame-ancestors 'self'"
            )
            response.headers["x-frame-options"] = "SAMEORIGIN"
        return response


class _OwnSession:
    """ASGI middleware: takes no session but those of start links, and no call without one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what has a session, and what needs none."""
        if scope["type"] == "http":
            request = Request(scope)
            session = request.state.session
            if session is not None and session.principal_id != MODELLING:
                session = request.state.session = None
            if scope["path"].startswith("/api/"):
                error = _refusal(request)
                if error is not None:
                    await error_response(request, error)(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def _refusal(request: Request) -> GraphwrightError | None:
    """Why a call is not answered, reads included.

    Pages of other ports of this machine, such as the portal's, get the cookie sent along.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return CsrfRefused("This request came from another site.")
    if request.state.session is None:
        return ModelerClosed("The modeler is opened by its link.", hint=_NEW_LINK)
    return None


async def _explain_http(request: Request, error: Exception) -> Response:
    return error_response(request, error)
