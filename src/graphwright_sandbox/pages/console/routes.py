"""The routes of the sandbox's own pages, section by section."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.faults import FaultPlan
from graphwright_sandbox.inspector import Inspector
from graphwright_sandbox.pages.console.desk import Desk
from graphwright_sandbox.pages.console.faults import Faults
from graphwright_sandbox.pages.console.frame import SCRIPT_PATH, STYLE_PATH
from graphwright_sandbox.pages.console.home import Home
from graphwright_sandbox.pages.console.people import People
from graphwright_sandbox.pages.console.registrations import Registrations
from graphwright_sandbox.pages.console.requests import Requests
from graphwright_sandbox.pages.console.reset import Reset
from graphwright_sandbox.pages.layout import static_file


def create_console_routes(
    entra: Entra,
    inspector: Inspector,
    faults: FaultPlan,
    reset: Callable[[], None],
    *,
    cookie_name: str,
    ca_file: str,
) -> list[Route]:
    """All of them. `cookie_name` is that of the sign-in's session; the pages have one beside it."""
    sign_in = AuthorizePages(entra, cookie_name)
    desk = Desk(entra, sign_in, inspector, f"{cookie_name}_pages")
    return [
        Route(STYLE_PATH, _static("console.css", "text/css")),
        Route(SCRIPT_PATH, _static("console.js", "text/javascript")),
        *Home(desk, faults, ca_file).routes(),
        *People(desk).routes(),
        *Registrations(desk).routes(),
        *Requests(desk, ca_file).routes(),
        *Faults(desk, faults).routes(),
        *Reset(desk, reset).routes(),
    ]


def _static(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def handle(_: Request) -> Response:
        return static_file(__name__.rpartition(".")[0], name, media_type)

    return handle
