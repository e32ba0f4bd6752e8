"""Puts the portal together: middleware, routes, the browser's shell. Its API is described as OpenAPI."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

import graphwright
from graphwright.application.runtime import Runtime
from graphwright.kernel.errors import NotFound
from graphwright.portal import wire
from graphwright.portal.api import Api
from graphwright.portal.context import Portal
from graphwright.portal.files import Files
from graphwright.portal.rows import Rows
from graphwright.portal.sign_in import SignIn
from graphwright.web.csrf import CsrfCheck
from graphwright.web.errors import ErrorBoundary, error_response
from graphwright.web.headers import SecurityHeaders
from graphwright.web.hosts import HostCheck
from graphwright.web.session import SessionMiddleware

STATIC = Path(graphwright.__file__).parent / "static"
_STEP = "/api/steps/{instance}/{step}"


def create_portal(
    runtime: Runtime, *, static: Path = STATIC, open_modeler: Callable[[], str] | None = None
) -> FastAPI:
    """The portal of a running application; it does not close the runtime.

    `open_modeler` gives whoever is signed in a link that opens the modeler once.
    """
    portal = Portal(runtime, static, open_modeler)
    app = FastAPI(
        title=f"Graphwright portal: {runtime.application.app.title}",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    _add_routes(app, portal)
    app.add_exception_handler(HTTPException, _explain_http)
    # Added last is outermost: every answer gets the headers, every failure is told.
    app.add_middleware(CsrfCheck, address=portal.address)
    app.add_middleware(SessionMiddleware, sessions=portal.sessions, cookie=portal.session_cookie)
    app.add_middleware(HostCheck, address=portal.address)
    app.add_middleware(ErrorBoundary)
    app.add_middleware(SecurityHeaders, address=portal.address)
    return app


def describe_api(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, for the build of the front end; no route gives it out."""
    return app.openapi()


def _add_routes(app: FastAPI, portal: Portal) -> None:
    def add(path: str, endpoint: Any, answer: Any = None, method: str = "GET", **more: Any) -> None:
        responses: dict[int | str, Any] = {200: {"model": answer}} if answer is not None else {}
        app.add_api_route(
            path, endpoint, methods=[method], response_model=None, responses=responses, **more
        )

    api, rows = Api(portal), Rows(portal)
    files = Files(portal, rows)
    add("/api/session", api.session, wire.SessionWire)
    start, exit_body = _body(wire.StartBody), _body(wire.ExitBody)
    add("/api/start", api.start, wire.StepWire, "POST", openapi_extra=start)
    add(_STEP, api.step, wire.StepWire)
    add(_STEP + "/exits/{exit}", api.exit, wire.StepWire, "POST", openapi_extra=exit_body)
    add(_STEP + "/rows", rows.rows, wire.RowsWire)
    add(_STEP + "/rows.json", rows.rows_json)
    add(_STEP + "/rows.csv", rows.rows_csv)
    add(_STEP + "/rows/{rest:path}", rows.row, wire.RowWire)
    add(_STEP + "/file", files.download)
    add(_STEP + "/file", files.upload, wire.FileWire, "PUT")
    add("/api/runs", api.runs, wire.RunsWire)
    add("/api/runs/{id}", api.run, wire.RunDetailWire)
    add("/api/modeler", api.modeler, wire.ModelerWire, "POST")
    app.router.routes.extend(SignIn(portal).routes())
    app.add_route("/assets/{name:path}", _Static(portal).asset, methods=["GET", "HEAD"])
    app.add_route("/{path:path}", _Static(portal).shell, methods=["GET", "HEAD"])


def _body(model: Any) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


class _Static:
    """The shell and the files it loads."""

    def __init__(self, portal: Portal) -> None:
        self._files = portal.static

    async def asset(self, request: Request) -> Response:
        """A built file."""
        return self._files.asset(request, f"assets/{request.path_params['name']}")

    async def shell(self, request: Request) -> Response:
        """The portal's page for every address of a flow; the browser's part finds out which."""
        path = request.path_params["path"]
        if path.startswith(("api/", "auth/")) or "." in path.rpartition("/")[2]:
            raise NotFound("There is nothing at this address.")
        return self._files.shell("portal.html")


async def _explain_http(request: Request, error: Exception) -> Response:
    return error_response(request, error)
