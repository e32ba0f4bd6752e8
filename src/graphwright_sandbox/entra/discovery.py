"""What clients learn about Entra ID before they ask: its configuration, keys, instance, userinfo.

It must not know grants.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.token_endpoint import DEVICE_CODE, JWT_BEARER
from graphwright_sandbox.entra.tokens import pairwise_subject
from graphwright_sandbox.tenant import InvalidAuthenticationToken, Tenant


class Discovery:
    """The documents that anybody may read, and userinfo."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.configuration),
            Route("/{tenant}/discovery/v2.0/keys", self.signing_keys),
            Route("/common/discovery/instance", self.instance),
            Route("/oidc/userinfo", self.userinfo, methods=["GET", "POST"]),
        ]

    async def configuration(self, request: Request) -> Response:
        try:
            tenant = self._entra.directory.find_tenant(request.path_params["tenant"])
        except EntraError as error:
            return ErrorReport.of(error, self._entra.clock()).to_response()
        # A tenant named by its domain is answered with its id, as Entra ID does.
        name = tenant.id if tenant else request.path_params["tenant"].lower()
        return JSONResponse(self._describe(name, self._issuer(tenant)))

    async def signing_keys(self, request: Request) -> Response:
        try:
            tenant = self._entra.directory.find_tenant(request.path_params["tenant"])
        except EntraError as error:
            return ErrorReport.of(error, self._entra.clock()).to_response()
        return JSONResponse(self._entra.keys.to_jwks(self._issuer(tenant)))

    async def instance(self, _: Request) -> Response:
        login = self._entra.endpoints.login_url
        host = login.removeprefix("https://")
        return JSONResponse(
            {
                "tenant_discovery_endpoint": (
                    f"{login}/{self._entra.tenant.id}/v2.0/.well-known/openid-configuration"
                ),
                "api-version": "1.1",
                "metadata": [
                    {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
                ],
            }
        )

    async def userinfo(self, request: Request) -> Response:
        entra = self._entra
        try:
            caller = entra.tokens.authorize(request.headers.get("authorization"))
            if caller.user_id is None or "openid" not in caller.scopes:
                raise InvalidAuthenticationToken("The token has no scope 'openid'.")
            person = entra.directory.find_person(caller.user_id)
            if person is None:  # the account ended, its token did not
                raise InvalidAuthenticationToken("The account of the token does not exist.")
        except InvalidAuthenticationToken as error:
            body = {"error": {"code": "InvalidAuthenticationToken", "message": error.message}}
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return JSONResponse(body, status_code=401, headers=headers)
        app = entra.directory.find_app(caller.app_id)
        claims = {"sub": pairwise_subject(app.app_id, person)}
        if "profile" in caller.scopes:
            claims |= {
                "name": person.display_name,
                "given_name": person.given_name,
                "family_name": person.surname,
            }
        if "email" in caller.scopes and person.mail:
            claims["email"] = person.mail
        return JSONResponse(claims, headers={"Cache-Control": "no-store"})

    def _issuer(self, tenant: Tenant | None) -> str:
        # For "common" and "organizations" Entra ID answers this very placeholder: the tenant
        # of a token is only known from the token.
        return self._entra.endpoints.issuer(tenant.id if tenant else "{tenantid}")

    def _describe(self, name: str, issuer: str) -> dict[str, Any]:
        endpoints = self._entra.endpoints
        login = f"{endpoints.login_url}/{name}"
        browser = f"{endpoints.browser_url}/{name}"
        return {
            "token_endpoint": f"{login}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "private_key_jwt",
                "client_secret_basic",
            ],
            "jwks_uri": f"{login}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "grant_types_supported": [
                "authorization_code",
                "refresh_token",
                "client_credentials",
                JWT_BEARER,
                DEVICE_CODE,
            ],
            "device_authorization_endpoint": f"{login}/oauth2/v2.0/devicecode",
            "code_challenge_methods_supported": ["plain", "S256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": issuer,
            "request_uri_parameter_supported": False,
            "userinfo_endpoint": f"{endpoints.graph_url}/oidc/userinfo",
            "authorization_endpoint": f"{browser}/oauth2/v2.0/authorize",
            "http_logout_supported": True,
            "frontchannel_logout_supported": True,
            "end_session_endpoint": f"{browser}/oauth2/v2.0/logout",
            "claims_supported": [
                *("sub", "iss", "aud", "exp", "iat", "nbf", "auth_time", "nonce"),
                *("preferred_username", "name", "email", "oid", "tid", "ver"),
            ],
            "tenant_region_scope": None,
            "cloud_instance_name": "localhost",
            "cloud_graph_host_name": "localhost",
            "msgraph_host": endpoints.graph_url.removeprefix("https://"),
        }
