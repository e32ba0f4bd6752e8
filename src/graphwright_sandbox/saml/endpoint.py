"""The endpoints of SAML: sign-on, logout, sign-on that begins here, metadata.

It must not know how messages are built, signed or read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorize import AuthorizePages
from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.logout import front_channel_urls
from graphwright_sandbox.entra.scopes import RequestedScopes
from graphwright_sandbox.entra.transactions import LoginSession, PersonTarget, Transaction
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.pages.error import error_page
from graphwright_sandbox.pages.form_post import form_post_page
from graphwright_sandbox.pages.signed_out import signed_out_page
from graphwright_sandbox.saml import names
from graphwright_sandbox.saml.errors import SamlError
from graphwright_sandbox.saml.messages import Message, read_message
from graphwright_sandbox.saml.metadata import build_metadata
from graphwright_sandbox.saml.requests import (
    ServiceProvider,
    SignOnRequest,
    check_message,
    find_provider,
    read_logout,
    read_reply_url,
    read_sign_on,
)
from graphwright_sandbox.saml.responses import build_logout_response, build_refusal
from graphwright_sandbox.saml.service import IdentityProvider, encode
from graphwright_sandbox.tenant import Person, Tenant

_STATUS = {
    50058: (names.RESPONDER, names.NO_PASSIVE),
    16000: (names.RESPONDER, names.NO_PASSIVE),
    65004: (names.RESPONDER, names.REQUEST_DENIED),
    75016: (names.REQUESTER, names.INVALID_NAME_ID_POLICY),
}
"""What is told to the service provider; every other error is told to the person, on a page."""


@dataclass(frozen=True, slots=True)
class SamlTarget(PersonTarget):
    """The way back to a service provider."""

    endpoint: SamlEndpoint
    provider: ServiceProvider
    request: SignOnRequest

    @property
    def description(self) -> str:
        return self.request.reply_url

    def complete(self, session: LoginSession, person: Person) -> Response:
        identity_provider = self.endpoint.identity_provider
        try:
            response = identity_provider.answer_sign_on(
                self.provider, self.request, session, person
            )
        except SamlError as error:
            return self.endpoint.show_error(error)
        return self._post(encode(response))

    def respond_error(self, report: ErrorReport) -> Response:
        status = _STATUS.get(report.cause.code)
        if status is None:
            return error_page(report, ())
        entra = self.endpoint.identity_provider.entra
        refusal = build_refusal(
            entra.tenant,
            self.request.reply_url,
            self.request.id,
            status,
            report.description,
            entra.clock(),
        )
        return self._post(encode(refusal))

    def _post(self, response: str) -> Response:
        fields = {"SAMLResponse": response}
        if self.request.relay_state is not None:
            fields["RelayState"] = self.request.relay_state
        return form_post_page(self.request.reply_url, fields)


class SamlEndpoint:
    """``/{tenant}/saml2`` and what belongs to it."""

    def __init__(self, pages: AuthorizePages) -> None:
        self._pages = pages
        self._entra = pages.entra
        self.identity_provider = IdentityProvider(pages.entra)
        pages.entra.logout_listeners.append(self.identity_provider.logout_urls)

    def routes(self) -> list[Route]:
        return [
            Route("/{tenant}/saml2", self.handle, methods=["GET", "POST"]),
            Route("/signin/{app_id}", self.start_here, methods=["GET"]),
            Route(
                "/{tenant}/federationmetadata/2007-06/federationmetadata.xml",
                self.show_metadata,
                methods=["GET"],
            ),
        ]

    async def handle(self, request: Request) -> Response:
        registered: Sequence[str] = ()
        try:
            tenant = self._tenant_of(request)
            message = await read_message(request)
            if message.kind == "LogoutResponse":
                return signed_out_page()
            if message.kind not in ("AuthnRequest", "LogoutRequest"):
                raise SamlError(75005)
            provider = find_provider(self._entra.directory.apps, message.issuer, tenant)
            exchange_of(request.scope).app_id = provider.app.app_id
            registered = provider.settings.reply_urls
            check_message(message, provider, self._own_urls(request))
            if message.kind == "LogoutRequest":
                return self._log_out(request, message, provider, tenant)
            return self._sign_on(request, message, provider)
        except EntraError as error:
            exchange_of(request.scope).refuse(f"AADSTS{error.code}", error.text)
            return self.show_error(error, registered if error.code == 50011 else ())

    async def start_here(self, request: Request) -> Response:
        """A sign-on that no request asked for, as from the My Apps portal."""
        try:
            app = self._entra.directory.find_app(request.path_params["app_id"])
            if app.saml is None:
                raise EntraError(500113)
        except EntraError as error:
            return self.show_error(error)
        provider = ServiceProvider(app, app.saml, app.saml.entity_ids[0])
        wanted = SignOnRequest(reply_url=app.saml.reply_urls[0], relay_state=app.saml.relay_state)
        return self._begin(request, self._entra.tenant.id, provider, wanted)

    async def show_metadata(self, request: Request) -> Response:
        """Whoever asks over https is sent to https, a browser on http stays there."""
        try:
            tenant = self._tenant_of(request)
        except EntraError as error:
            return self.show_error(error)
        url = f"{str(request.base_url).rstrip('/')}/{tenant.id}/saml2"
        document = build_metadata(tenant, url, self.identity_provider.identities)
        return Response(document, media_type="application/samlmetadata+xml")

    def show_error(self, error: EntraError, registered: Sequence[str] = ()) -> Response:
        """The page of an error that no service provider is told."""
        return error_page(ErrorReport.of(error, self._entra.clock()), registered)

    def _sign_on(self, request: Request, message: Message, provider: ServiceProvider) -> Response:
        reply_url = read_reply_url(message, provider)
        try:
            wanted = read_sign_on(message, reply_url)
        except SamlError as error:
            if error.code not in _STATUS:
                raise
            bare = SignOnRequest(
                id=message.id, reply_url=reply_url, relay_state=message.relay_state
            )
            exchange_of(request.scope).refuse(f"AADSTS{error.code}", error.text)
            report = ErrorReport.of(error, self._entra.clock())
            return SamlTarget(self, provider, bare).respond_error(report)
        return self._begin(request, request.path_params["tenant"], provider, wanted)

    def _begin(
        self, request: Request, segment: str, provider: ServiceProvider, wanted: SignOnRequest
    ) -> Response:
        prompt = "none" if wanted.passive else "login" if wanted.force else None
        transaction = Transaction(
            key="",
            session=self._pages.session_of(request),
            tenant_segment=segment,
            app=provider.app,
            target=SamlTarget(self, provider, wanted),
            scopes=RequestedScopes.none(),
            prompt=prompt,
            login_hint=wanted.login_hint,
        )
        return self._pages.start(request, transaction)

    def _log_out(
        self, request: Request, message: Message, provider: ServiceProvider, tenant: Tenant
    ) -> Response:
        wanted = read_logout(message)
        address = provider.settings.logout_url
        session = self._pages.find_session(request)
        status: tuple[str, str] | None = None
        frames: list[str] = []
        if session is not None and not self.identity_provider.is_about(wanted, provider, session):
            # Somebody else's session is nobody's to end.
            status = (names.REQUESTER, names.UNKNOWN_PRINCIPAL)
        elif session is not None:
            frames = front_channel_urls(self._entra, session, but=provider.app.app_id)
            self._entra.browsers.end_session(session.key)
        if address is None:
            return signed_out_page(frames=frames)
        answer = build_logout_response(tenant, address, wanted.id, status, self._entra.clock())
        url = self.identity_provider.redirect_url(
            address, "SAMLResponse", answer, wanted.relay_state
        )
        if frames:
            return signed_out_page(frames=frames, next_address=url)
        return RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})

    def _tenant_of(self, request: Request) -> Tenant:
        return (
            self._entra.directory.find_tenant(request.path_params["tenant"]) or self._entra.tenant
        )

    def _own_urls(self, request: Request) -> set[str]:
        endpoints = self._entra.endpoints
        bases = {endpoints.login_url, endpoints.browser_url, str(request.base_url).rstrip("/")}
        return {f"{base}{request.url.path}".lower() for base in bases}
