"""Signing in and out: to the authorization server, back through the callback, and out.

The callback trusts nothing that came with it: state, browser, time and single use are checked
here, code, nonce and ID token by the profile. A session gets a new secret at sign-in.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from graphwright.flows.outcomes import StepOutcome
from graphwright.kernel.errors import (
    GraphwrightError,
    InvalidInput,
    NotFound,
    SignInRequired,
)
from graphwright.kernel.values import JsonObject
from graphwright.portal.addresses import run_address, sign_in_address
from graphwright.portal.context import SIGN_IN_LIFETIME, Portal, Visitor
from graphwright.portal.errors import SignInElsewhere, SignInReplayed, SignInUnknown
from graphwright.portal.pending import (
    Pending,
    add_pending,
    find_pending,
    hash_of,
    use_pending,
)
from graphwright.profiles.errors import ConsentRefused
from graphwright.profiles.tokens import Account
from graphwright.web.errors import error_page, explain
from graphwright.web.return_paths import safe_return_path
from graphwright.web.session import Session

_LONGEST_ANSWER = 20_000


class SignIn:
    """The routes under `/auth`."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._runtime = portal.runtime

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/auth/sign-in", self.begin, methods=["GET"]),
            Route("/auth/callback/{profile}", self.callback, methods=["GET"]),
            Route("/auth/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Sends the browser to the authorization server."""
        visitor = await self._portal.visitor(request)
        return_path = safe_return_path(request.query_params.get("return"))
        profile = request.query_params.get("profile") or self._portal.app.sign_on
        run = request.query_params.get("run")
        outcome = await self._paused_step(run, visitor) if run else None
        if outcome is not None:
            if outcome.kind != "authorize":
                return RedirectResponse(run_address(self._portal, outcome), 302)
            profile = outcome.profile
            return_path = self._portal.path_of(outcome.flow)
        if profile is None:
            raise NotFound("This application has no way to sign in.")
        self._check_order(profile, visitor)
        begun = await self._runtime.profiles.begin(
            profile, self._redirect_uri(profile), prompt=outcome.prompt if outcome else None
        )
        browser = self._portal.sign_in_cookie.read(request) or secrets.token_urlsafe(32)
        now = self._runtime.clock.now()
        pending = Pending(
            state_hash=hash_of(begun.state),
            browser_hash=hash_of(browser),
            profile=profile,
            flow=begun.flow,
            session_id=visitor.session.id if visitor.session else None,
            principal_id=visitor.principal.id if visitor.principal else None,
            return_path=return_path,
            instance=outcome.instance if outcome else None,
            step=outcome.step if outcome else None,
            expires_at=(now + SIGN_IN_LIFETIME).timestamp(),
        )
        await self._runtime.databases.system.write(add_pending, pending, now)
        response = RedirectResponse(begun.url, 302)
        self._portal.sign_in_cookie.set(response, browser, SIGN_IN_LIFETIME)
        return response

    async def callback(self, request: Request) -> Response:
        """Takes the authorization server's answer, signs in, and goes on where it began."""
        pending: Pending | None = None
        try:
            pending = await self._take_pending(request)
            visitor = await self._portal.visitor(request)
            self._check_visitor(pending, visitor)
            try:
                account = await self._runtime.profiles.complete(
                    pending.profile,
                    pending.flow,
                    _parameters(request),
                    None if self._signs_on(pending.profile) else pending.principal_id,
                )
            except GraphwrightError as error:
                return await self._failed(pending, visitor, error)
            return await self._signed_in(pending, visitor, account)
        except Exception as error:  # noqa: BLE001 -- a person waits for a page, whatever happened
            return self._explain(error, pending)

    async def sign_out(self, request: Request) -> Response:
        """Ends the session; answers where the browser goes to end the one at the authority."""
        session: Session = request.state.session
        await self._runtime.driver.end_session(session.id)
        await self._portal.sessions.remove(session.id)
        url = await self._sign_out_url() if session.principal_id else "/"
        response = JSONResponse({"url": url})
        self._portal.session_cookie.clear(response)
        self._portal.sign_in_cookie.clear(response)
        return response

    async def _sign_out_url(self) -> str:
        sign_on = self._portal.app.sign_on
        if sign_on is None:
            return "/"
        try:
            after = f"{self._portal.address.base_url}/"
            # Behind a restart nothing has asked yet where the authority's sign-out is.
            await self._runtime.profiles.prepare(sign_on)
            return self._runtime.profiles.sign_out_url(sign_on, after) or "/"
        except GraphwrightError as error:
            # The session here is over already, and that must not look otherwise.
            explain(error)
            return "/"

    async def _paused_step(self, run: str, visitor: Visitor) -> StepOutcome:
        instance, _, step = run.rpartition(".")
        if not instance or not step.isascii() or not step.isdigit() or len(step) > 9:
            raise InvalidInput("The address names no step.")
        return await self._runtime.driver.step(
            instance,
            int(step),
            principal=visitor.principal,
            session_id=visitor.session_id,
            time_zone=visitor.time_zone,
        )

    def _signs_on(self, profile: str) -> bool:
        return self._portal.app.sign_on in (None, profile)

    def _check_order(self, profile: str, visitor: Visitor) -> None:
        """Accounts of other profiles belong to somebody: signing on comes first."""
        if not self._signs_on(profile) and visitor.principal is None:
            raise SignInRequired("Sign in to the portal first.", hint="Then start again.")

    def _redirect_uri(self, profile: str) -> str:
        return f"{self._portal.address.base_url}/auth/callback/{quote(profile)}"

    async def _take_pending(self, request: Request) -> Pending:
        """The sign-in that the answer belongs to, now used up."""
        state = request.query_params.get("state", "")
        system = self._runtime.databases.system
        pending = await system.read(find_pending, hash_of(state), self._runtime.clock.now())
        if pending is None or pending.profile != request.path_params["profile"]:
            raise SignInUnknown(
                "This sign-in was not begun here, or it took too long.",
                hint="Start the sign-in again.",
            )
        browser = self._portal.sign_in_cookie.read(request) or ""
        if not secrets.compare_digest(hash_of(browser), pending.browser_hash):
            raise SignInElsewhere(
                "This sign-in was begun in another browser.",
                hint="Start it again in this one, and finish it here.",
            )
        if pending.used or not await system.write(use_pending, pending.state_hash):
            raise SignInReplayed(
                "This sign-in was completed already.",
                hint="Go to the start page: you may be signed in.",
            )
        return pending

    def _check_visitor(self, pending: Pending, visitor: Visitor) -> None:
        """An account joins the principal who asked for it and nobody else."""
        here = visitor.principal.id if visitor.principal else None
        if not self._signs_on(pending.profile) and (here is None or here != pending.principal_id):
            raise SignInElsewhere(
                "Somebody else signed in to the portal in the meantime.",
                hint="Start again from the start page.",
            )

    async def _signed_in(self, pending: Pending, visitor: Visitor, account: Account) -> Response:
        session = visitor.session
        if self._signs_on(pending.profile):
            session = await self._portal.sessions.sign_in(session, account.principal_id)
            if visitor.session is not None and visitor.session.id != session.id:
                await self._runtime.driver.end_session(visitor.session.id)
        assert session is not None  # noqa: S101 -- `_check_visitor` saw to it
        # What one person's flow holds never passes to another, who signed in in their place.
        is_same = pending.principal_id in (None, account.principal_id)
        address = pending.return_path
        if pending.instance is not None and is_same:
            address = await self._resume(pending, session, "authenticated", visitor.time_zone)
        response = RedirectResponse(address, 302)
        self._portal.session_cookie.set(response, session.secret)
        return response

    async def _failed(
        self, pending: Pending, visitor: Visitor, error: GraphwrightError
    ) -> Response:
        """The flow goes on where it says how; else a page explains."""
        outcome = "not_authenticated" if isinstance(error, ConsentRefused) else "error"
        session = visitor.session
        if session is not None and pending.instance is not None:
            flow = await self._flow_of(pending, session)
            here = visitor.principal.id if visitor.principal else None
            is_same = pending.principal_id in (None, here)
            if is_same and flow is not None and self._takes(flow, pending.profile, outcome):
                told: JsonObject = error.to_wire()["error"]
                address = await self._resume(pending, session, outcome, visitor.time_zone, told)
                return RedirectResponse(address, 302)
        return self._explain(error, pending)

    async def _flow_of(self, pending: Pending, session: Session) -> str | None:
        visitor = Visitor(replace(session, id=pending.session_id or ""), None, "UTC", False)
        if pending.principal_id is not None:
            principal = await self._runtime.profiles.principal(pending.principal_id)
            visitor = replace(visitor, principal=principal)
        try:
            return (await self._paused_step(f"{pending.instance}.{pending.step}", visitor)).flow
        except GraphwrightError:
            return None

    def _takes(self, flow_name: str, profile: str, exit_name: str) -> bool:
        nodes = self._portal.flow(flow_name).nodes.values()
        return any(
            node.type == "authenticate"
            and getattr(node, "profile", None) == profile
            and exit_name in node.exits
            for node in nodes
        )

    async def _resume(
        self,
        pending: Pending,
        session: Session,
        outcome: str,
        time_zone: str,
        error: JsonObject | None = None,
    ) -> str:
        assert pending.instance is not None and pending.step is not None  # noqa: S101, PT018
        principal = None
        if session.principal_id is not None:
            principal = await self._runtime.profiles.principal(session.principal_id)
        reached = await self._runtime.driver.resume_authorization(
            pending.instance,
            pending.step,
            principal=principal,
            session_id=session.id,
            previous_session_id=pending.session_id or session.id,
            outcome=outcome,
            error=error,
            time_zone=time_zone,
        )
        return run_address(self._portal, reached)

    def _explain(self, error: Exception, pending: Pending | None) -> Response:
        known = explain(error)
        if pending is None:
            return error_page(known, title="The sign-in did not work")
        title = "The sign-in did not work"
        if isinstance(known, ConsentRefused):
            title = "You did not agree"
        again = sign_in_address(pending.profile, pending.return_path)
        if pending.instance is not None:
            again = "/auth/sign-in?" + urlencode({"run": f"{pending.instance}.{pending.step}"})
        return error_page(known, title=title, link=(again, "Try again"))


def _parameters(request: Request) -> Mapping[str, str]:
    """The answer's parameters; one that comes twice could mean either."""
    pairs = request.query_params.multi_items()
    parameters = dict(pairs)
    if len(parameters) != len(pairs) or len(request.url.query) > _LONGEST_ANSWER:
        raise SignInUnknown("The answer of the authorization server is malformed.")
    return parameters
