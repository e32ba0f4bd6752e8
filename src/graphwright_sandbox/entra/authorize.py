"""The authorization endpoint, and the way of a browser from one step to the next and back.

It must not know what the pages look like nor how codes are redeemed.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright_sandbox.entra.authorization_request import read_request, read_target
from graphwright_sandbox.entra.device_codes import DeviceTarget
from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.entra.grants import CodeBinding, Grant
from graphwright_sandbox.entra.parameters import Parameters, read_form, read_query
from graphwright_sandbox.entra.picker import show_picker
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.entra.tokens import encode_client_info
from graphwright_sandbox.entra.transactions import LoginSession, PersonTarget, Transaction
from graphwright_sandbox.inspector import exchange_of
from graphwright_sandbox.pages.error import error_page
from graphwright_sandbox.tenant import Person

_LOST = (
    "This sign-in is no longer under way in this browser. It may be older than 15 minutes, or "
    "done already. Go back to the application and sign in again."
)


class AuthorizePages:
    """Every step of a browser between an authorization request and its answer."""

    def __init__(self, entra: Entra, cookie_name: str) -> None:
        self.entra = entra
        self._cookie_name = cookie_name

    def routes(self) -> list[Route]:
        path = "/{tenant}/oauth2/v2.0/authorize"
        return [Route(path, self.authorize, methods=["GET", "POST"])]

    async def authorize(self, request: Request) -> Response:
        try:
            parameters = await read(request)
            segment = request.path_params["tenant"]
            app, target = read_target(self.entra, segment, parameters)
            exchange_of(request.scope).app_id = app.app_id
        except EntraError as error:
            return self.show_error(request, error)
        try:
            wanted = read_request(self.entra, app, parameters)
        except EntraError as error:
            return target.respond_error(self._report(request, error))
        transaction = Transaction(
            key="",
            session=self.session_of(request),
            tenant_segment=segment,
            app=app,
            target=target,
            scopes=wanted.scopes,
            prompt=wanted.prompt,
            login_hint=wanted.login_hint,
            domain_hint=wanted.domain_hint,
            nonce=wanted.nonce,
            code_challenge=wanted.code_challenge,
            code_challenge_method=wanted.code_challenge_method,
            capabilities=wanted.capabilities,
        )
        return self.start(request, transaction)

    def start(self, request: Request, transaction: Transaction) -> Response:
        """The first step: on without a question where single sign-on may answer it."""
        session = transaction.session
        transaction.user_id = self._signed_in_person(transaction)
        if transaction.prompt == "none":
            response = self._answer_silently(request, transaction)
        else:
            self.entra.browsers.start_transaction(transaction)
            if transaction.user_id is None:
                response = show_picker(self.entra, transaction)
            else:
                response = self.after_choice(request, transaction)
        return self.with_cookie(response, session)

    def sign_in(self, request: Request, transaction: Transaction, person: Person) -> Response:
        """The browser is this person's from now on: the way leads on to consent, or back."""
        transaction.user_id = person.id
        transaction.session.sign_in(person.id, self.entra.clock())
        self.entra.browsers.renew_session(transaction.session)
        response = self.after_choice(request, transaction)
        return self.with_cookie(response, transaction.session)

    def after_choice(self, request: Request, transaction: Transaction) -> Response:
        if self._needs_consent(transaction):
            return RedirectResponse(
                f"/{transaction.tenant_segment}/consent?tx={transaction.key}", status_code=303
            )
        return self.finish(request, transaction)

    def finish(self, request: Request, transaction: Transaction) -> Response:
        """The end: the application gets a code, the device its grant."""
        self.entra.browsers.end_transaction(transaction)
        target = transaction.target
        try:
            person = self.entra.directory.get_enabled_person(transaction.user_id or "")
        except EntraError as error:  # disabled while the consent page was open
            return self.show_error(request, error)
        session = transaction.session
        if isinstance(target, PersonTarget):
            session.apps.add(transaction.app.app_id)
            return target.complete(session, person)
        tenant = self.entra.directory.tenant_of(person)
        if transaction.scopes is None:
            if isinstance(target, DeviceTarget):
                raise TypeError("a device never asks for an administrator's consent")
            return target.respond({"admin_consent": "True", "tenant": tenant.id})
        now = self.entra.clock()
        session.apps.add(transaction.app.app_id)
        grant = Grant(
            app_id=transaction.app.app_id,
            user_id=person.id,
            scopes=transaction.scopes,
            auth_time=session.accounts.get(person.id, now),
            issued_at=now,
            session=session.id,
            capabilities=transaction.capabilities,
        )
        if isinstance(target, DeviceTarget):
            return target.approve(grant)
        binding = CodeBinding(
            redirect_uri=target.uri,
            nonce=transaction.nonce,
            code_challenge=transaction.code_challenge,
            code_challenge_method=transaction.code_challenge_method,
        )
        return target.respond(
            {
                "code": self.entra.grants.issue_code(grant, binding),
                "client_info": encode_client_info(person, tenant),
                "session_state": session.id,
            }
        )

    def refuse(self, request: Request, transaction: Transaction, error: EntraError) -> Response:
        """The end without a grant: the application or the device is told why."""
        self.entra.browsers.end_transaction(transaction)
        return transaction.target.respond_error(self._report(request, error))

    def find_session(self, request: Request) -> LoginSession | None:
        """This browser's login session if it has one."""
        return self.entra.browsers.find_session(request.cookies.get(self._cookie_name))

    def session_of(self, request: Request) -> LoginSession:
        """This browser's login session; a new one where it has none."""
        return self.find_session(request) or self.entra.browsers.start_session()

    async def resume(self, request: Request) -> tuple[Transaction | None, Parameters]:
        """The transaction that a step belongs to (None: none of this browser's), and the form."""
        try:
            parameters = await read(request)
        except EntraError:
            return None, Parameters("")
        session = self.find_session(request)
        return self.entra.browsers.find_transaction(parameters.get("tx"), session), parameters

    def lost(self) -> Response:
        """The answer to a step of no transaction."""
        return error_page(None, (), message=_LOST)

    def show_error(self, request: Request, error: EntraError) -> Response:
        registered: tuple[str, ...] = ()
        if error.code == 50011:
            client_id = request.query_params.get("client_id")
            try:
                registered = self.entra.directory.find_app(client_id).redirect_uris
            except EntraError:
                registered = ()  # the request was posted: its client is not in the address
        return error_page(self._report(request, error), registered)

    def with_cookie(self, response: Response, session: LoginSession) -> Response:
        """The answer, with which the browser keeps its session."""
        # Not "Secure": the browser's port is plain http on this machine.
        response.set_cookie(self._cookie_name, session.key, httponly=True, samesite="lax", path="/")
        return response

    def _needs_consent(self, transaction: Transaction) -> bool:
        # Who types a device's code is always asked: the device may be somebody else's.
        is_asked = isinstance(transaction.target, DeviceTarget)
        if is_asked or transaction.for_everyone or transaction.prompt == "consent":
            return True
        directory = self.entra.directory
        person = directory.get_person(transaction.user_id or "")
        names = transaction.scopes.names if transaction.scopes else frozenset()
        return not names <= directory.granted_scopes(transaction.app, person)

    def _signed_in_person(self, transaction: Transaction) -> str | None:
        """The one account that single sign-on may take without asking, if there is one."""
        if transaction.prompt in ("login", "select_account") or transaction.scopes is None:
            return None
        directory = self.entra.directory
        tenant = directory.find_tenant(transaction.tenant_segment)
        accounts = [
            user_id
            for user_id in transaction.session.accounts
            if (person := directory.find_person(user_id))
            and person.account_enabled
            and tenant in (None, directory.tenant_of(person))
        ]
        if transaction.login_hint:
            hinted = directory.find_person(transaction.login_hint)
            return hinted.id if hinted is not None and hinted.id in accounts else None
        return accounts[0] if len(accounts) == 1 else None

    def _answer_silently(self, request: Request, transaction: Transaction) -> Response:
        if transaction.user_id is None:
            several = len(transaction.session.accounts) > 1 and not transaction.login_hint
            return self.refuse(request, transaction, EntraError(16000 if several else 50058))
        if self._needs_consent(transaction):
            app = transaction.app
            error = EntraError(
                65001, error="consent_required", app_id=app.app_id, app_name=app.display_name
            )
            return self.refuse(request, transaction, error)
        return self.finish(request, transaction)

    def _report(self, request: Request, error: EntraError) -> ErrorReport:
        exchange_of(request.scope).refuse(f"AADSTS{error.code}", error.text)
        correlation_id = request.query_params.get("client-request-id")
        return ErrorReport.of(error, self.entra.clock(), correlation_id)


async def read(request: Request) -> Parameters:
    """The parameters of a step, posted or in the address."""
    return await read_form(request) if request.method == "POST" else read_query(request)
