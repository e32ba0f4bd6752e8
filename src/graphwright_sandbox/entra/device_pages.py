"""Device authorization: the endpoint a device asks for codes, and the page they are typed on.

It must not know how codes are kept nor redeemed.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.claims_request import read_capabilities
from graphwright_sandbox.entra.device_codes import INTERVAL, LIFETIME, DeviceTarget
from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.parameters import read_form
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.transactions import Transaction
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.pages.device import device_code_page

DEVICE_LOGIN = "/devicelogin"


class DeviceAuthorization:
    """``/{tenant}/oauth2/v2.0/devicecode``."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    def routes(self) -> list[Route]:
        return [Route("/{tenant}/oauth2/v2.0/devicecode", self.handle, methods=["POST"])]

    async def handle(self, request: Request) -> Response:
        exchange = exchange_of(request.scope)
        segment = request.path_params["tenant"]
        try:
            parameters = await read_form(request)
            app = self._entra.directory.find_app_at(parameters.get("client_id"), segment)
            exchange.app_id = app.app_id
            device_code, device = self._entra.devices.start(
                app,
                segment,
                self._entra.scopes.read(parameters.get("scope"), app),
                read_capabilities(parameters.get("claims")),
            )
        except EntraError as error:
            exchange.refuse(f"AADSTS{error.code}", error.text)
            correlation_id = request.headers.get("client-request-id")
            return ErrorReport.of(error, self._entra.clock(), correlation_id).to_response()
        address = self._entra.endpoints.browser_url + DEVICE_LOGIN
        body = {
            "user_code": device.user_code,
            "device_code": device_code,
            "verification_uri": address,
            "expires_in": int(LIFETIME.total_seconds()),
            "interval": int(INTERVAL.total_seconds()),
            "message": (
                f"To sign in, use a web browser to open the page {address} and enter the code "
                f"{device.user_code} to authenticate."
            ),
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})


class DevicePages:
    """``/devicelogin``."""

    def __init__(self, pages: AuthorizePages) -> None:
        self._pages = pages

    def routes(self) -> list[Route]:
        return [
            Route(DEVICE_LOGIN, self.show, methods=["GET"]),
            Route(DEVICE_LOGIN, self.enter, methods=["POST"]),
        ]

    async def show(self, _: Request) -> Response:
        return device_code_page(DEVICE_LOGIN)

    async def enter(self, request: Request) -> Response:
        try:
            parameters = await read_form(request)
            device = self._pages.entra.devices.find(parameters.get("user_code", ""))
        except EntraError as error:
            return device_code_page(DEVICE_LOGIN, problem=str(error))
        transaction = Transaction(
            key="",
            session=self._pages.session_of(request),
            tenant_segment=device.segment,
            app=device.app,
            target=DeviceTarget(device),
            scopes=device.scopes,
            capabilities=device.capabilities,
        )
        return self._pages.start(request, transaction)
