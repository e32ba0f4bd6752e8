"""The token endpoint: a grant comes in, tokens go out.

It must not know pages nor what Microsoft Graph does with a token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.claims_request import read_capabilities
from graphwright_sandbox.entra.client_authentication import Client
from graphwright_sandbox.entra.directory import ANY_TENANT
from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.grants import Grant
from graphwright_sandbox.entra.on_behalf_of import read_user_assertion
from graphwright_sandbox.entra.parameters import Parameters, read_form
from graphwright_sandbox.entra.permissions import PROTOCOL_SCOPES
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.tokens import AccessToken, encode_client_info, person_of_client_info
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.tenant import AppRegistration, Person

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
FORMER_DEVICE_CODE = "device_code"  # still sent by MSAL for Node, and still taken


class TokenEndpoint:
    """``/{tenant}/oauth2/v2.0/token``."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra
        self._grant_types = {
            "authorization_code": self._redeem_code,
            "refresh_token": self._refresh,
            "client_credentials": self._issue_to_application,
            JWT_BEARER: self._issue_on_behalf_of,
            DEVICE_CODE: self._redeem_device_code,
            FORMER_DEVICE_CODE: self._redeem_device_code,
        }

    def routes(self) -> list[Route]:
        return [Route("/{tenant}/oauth2/v2.0/token", self.handle, methods=_METHODS)]

    async def handle(self, request: Request) -> Response:
        correlation_id = request.headers.get("client-request-id")
        exchange = exchange_of(request.scope)
        try:
            if request.method != "POST":
                raise EntraError(900561, method=request.method)
            parameters = await read_form(request)
            correlation_id = parameters.get("client-request-id", correlation_id)
            segment = request.path_params["tenant"]
            self._entra.directory.find_tenant(segment)
            grant_type = parameters.require("grant_type")
            issue = self._grant_types.get(grant_type)
            if issue is None:
                raise EntraError(70003, grant_type=grant_type[:120])
            if grant_type == "client_credentials" and segment.lower() in ANY_TENANT:
                raise EntraError(50059)
            exchange.app_id = parameters.get("client_id")
            client = self._entra.clients.authenticate(
                segment, parameters, request.headers.get("authorization")
            )
            exchange.app_id = client.app.app_id
            body = issue(client, segment, parameters)
        except EntraError as error:
            exchange.refuse(f"AADSTS{error.code}", error.text)
            return ErrorReport.of(error, self._entra.clock(), correlation_id).to_response()
        if "client_info" in body:
            exchange.user_id = person_of_client_info(body["client_info"])
        return JSONResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    def _redeem_code(self, client: Client, segment: str, parameters: Parameters) -> dict[str, Any]:
        code = parameters.require("code")
        wanted = self._read_scopes(client.app, parameters)
        grant, binding = self._entra.grants.redeem_code(
            code, client.app, parameters.get("redirect_uri"), parameters.get("code_verifier")
        )
        directory = self._entra.directory
        tenant = directory.find_tenant(segment)
        home = directory.tenant_of(directory.get_person(grant.user_id))
        if tenant not in (None, home):
            raise EntraError(700005, expected=home.id, tenant=segment)
        return self._issue_to_person(
            client, _narrow(grant, wanted), parameters, nonce=binding.nonce
        )

    def _refresh(self, client: Client, segment: str, parameters: Parameters) -> dict[str, Any]:
        token = parameters.require("refresh_token")
        wanted = self._read_scopes(client.app, parameters)
        grant = self._entra.grants.redeem_refresh_token(token, client.app)
        directory = self._entra.directory
        person = directory.get_person(grant.user_id)
        directory.check_membership(person, directory.find_tenant(segment), client.app)
        return self._issue_to_person(client, _narrow(grant, wanted), parameters)

    def _redeem_device_code(
        self, client: Client, segment: str, parameters: Parameters
    ) -> dict[str, Any]:
        device_code = parameters.require("device_code")
        grant = self._entra.devices.redeem(device_code, client.app, segment)
        return self._issue_to_person(client, grant, parameters)

    def _issue_on_behalf_of(
        self, client: Client, segment: str, parameters: Parameters
    ) -> dict[str, Any]:
        entra = self._entra
        if client.app.public_client:
            raise EntraError(7000218)
        if parameters.require("requested_token_use") != "on_behalf_of":
            raise EntraError(90023, field="requested_token_use")
        now = entra.clock()
        user = read_user_assertion(entra.tokens, client.app, parameters.require("assertion"), now)
        person = entra.directory.get_enabled_person(user.person_id)
        entra.directory.check_membership(person, entra.directory.find_tenant(segment), client.app)
        grant = Grant(
            app_id=client.app.app_id,
            user_id=person.id,
            scopes=entra.scopes.read(parameters.get("scope"), client.app),
            auth_time=user.issued_at,
            issued_at=user.issued_at,
        )
        entra.grants.check_person(grant)
        return self._issue_to_person(client, grant, parameters)

    def _issue_to_application(
        self, client: Client, segment: str, parameters: Parameters
    ) -> dict[str, Any]:
        directory = self._entra.directory
        app = client.app
        if app.public_client:
            raise EntraError(7000216)
        tenant = directory.find_tenant(segment) or directory.tenant
        if not directory.is_installed(app, tenant):
            raise EntraError(700016, app_id=app.app_id, tenant=tenant.display_name)
        read_capabilities(parameters.get("claims"))  # of no use here, but to be well-formed
        audience = self._entra.scopes.read_default(parameters.get("scope"))
        roles = directory.granted_roles(app, tenant)
        return _answer(self._entra.tokens.issue_application_token(client, tenant, audience, roles))

    def _issue_to_person(
        self, client: Client, grant: Grant, parameters: Parameters, *, nonce: str | None = None
    ) -> dict[str, Any]:
        entra, app = self._entra, client.app
        asked = read_capabilities(parameters.get("claims"))
        grant = replace(grant, capabilities=grant.capabilities | asked)
        person = entra.directory.get_enabled_person(grant.user_id)
        granted = self._granted(app, person, grant)
        token = entra.tokens.issue_user_token(
            client, person, grant.scopes.audience, granted, grant.capabilities
        )
        body = _answer(token) | {"scope": grant.scopes.spell(granted)}
        if "offline_access" in grant.scopes.protocol:
            body["refresh_token"] = entra.grants.issue_refresh_token(grant)
        if "openid" in grant.scopes.protocol:
            body["id_token"] = entra.tokens.issue_id_token(
                app, person, grant.scopes.protocol, nonce, grant.auth_time, grant.session
            )
        body["client_info"] = encode_client_info(person, entra.directory.tenant_of(person))
        return body

    def _granted(self, app: AppRegistration, person: Person, grant: Grant) -> frozenset[str]:
        """What the token may hold: as in Entra ID all that was consented to at its resource."""
        consented = self._entra.directory.granted_scopes(app, person)
        if not grant.scopes.names <= consented:
            raise EntraError(65001, app_id=app.app_id, app_name=app.display_name)
        return grant.scopes.protocol | {
            name
            for name in consented - PROTOCOL_SCOPES.keys()
            if self._entra.resources.resource_of(name) == grant.scopes.resource
        }

    def _read_scopes(self, app: AppRegistration, parameters: Parameters) -> RequestedScopes | None:
        scope = parameters.get("scope")
        return self._entra.scopes.read(scope, app) if scope is not None else None


def _answer(token: AccessToken) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "expires_in": token.expires_in,
        "ext_expires_in": token.expires_in,
        "access_token": token.value,
    }


def _narrow(grant: Grant, wanted: RequestedScopes | None) -> Grant:
    """The grant with the scopes of this request; ``offline_access`` stays as it was granted."""
    if wanted is None:
        return grant
    offline = grant.scopes.protocol & {"offline_access"}
    protocol = (wanted.protocol - {"offline_access"}) | offline
    return replace(grant, scopes=replace(wanted, protocol=protocol))
