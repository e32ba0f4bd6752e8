"""Entra ID's routes, in two sets: those a browser may use over http, and all of them.

It must not know Microsoft Graph nor ports.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.admin_consent import AdminConsent
from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.consent import ConsentPages
from graphwright_sandbox.entra.control import Control
from graphwright_sandbox.entra.device_pages import DeviceAuthorization, DevicePages
from graphwright_sandbox.entra.discovery import Discovery
from graphwright_sandbox.entra.logout import Logout
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.sign_in import SignInPages
from graphwright_sandbox.entra.token_endpoint import TokenEndpoint
from graphwright_sandbox.pages.layout import STYLE_PATH, style_sheet


def create_browser_routes(entra: Entra, cookie_name: str) -> list[Route]:
    """The pages. No token, key or secret passes here: this set is served without TLS."""

    async def style(_: Request) -> Response:
        return style_sheet()

    pages = AuthorizePages(entra, cookie_name)
    return [
        Route(STYLE_PATH, style),
        *pages.routes(),
        *SignInPages(pages).routes(),
        *ConsentPages(pages).routes(),
        *DevicePages(pages).routes(),
        *AdminConsent(pages).routes(),
        *Logout(entra, cookie_name).routes(),
    ]


def create_program_routes(entra: Entra) -> list[Route]:
    """What programs call, over TLS only."""
    return [
        *Discovery(entra).routes(),
        *TokenEndpoint(entra).routes(),
        *DeviceAuthorization(entra).routes(),
        *Control(entra).routes(),
    ]
