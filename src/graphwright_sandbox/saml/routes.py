"""The routes of SAML, where the libraries for XML signatures are installed; else why there are none."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.pages.error import error_page

_MISSING = (
    "This sandbox was installed without SAML. Install it with the extra “saml”: "
    'pip install "graphwright[saml]".'
)


def create_saml_routes(entra: Entra, cookie_name: str) -> list[Route]:
    """All of them; `cookie_name` is that of the sign-in's session."""
    try:
        # Heavy libraries of an optional extra: only here is it known whether they are there.
        from graphwright_sandbox.saml.endpoint import SamlEndpoint  # noqa: PLC0415
    except ImportError:
        return [Route("/{tenant}/saml2", _refuse, methods=["GET", "POST"])]
    return SamlEndpoint(AuthorizePages(entra, cookie_name)).routes()


async def _refuse(_: Request) -> Response:
    return error_page(None, (), message=_MISSING)
