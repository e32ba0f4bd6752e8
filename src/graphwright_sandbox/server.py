"""The sandbox as a running server: one process, two https ports and an http port on the loopback.

It must not know how a terminal shows it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright_sandbox.certificates import CertificateFiles, ensure_certificates
from graphwright_sandbox.clock import Clock
from graphwright_sandbox.compression import Compression
from graphwright_sandbox.control import reset_route
from graphwright_sandbox.entra.app import create_browser_routes, create_program_routes
from graphwright_sandbox.entra.endpoints import REAL_GRAPH_HOST, REAL_LOGIN_HOST, Endpoints
from graphwright_sandbox.entra.grants import REFRESH_TOKEN_LIFETIME
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.faults import FaultPlan, FaultRule
from graphwright_sandbox.faults.control import FaultControl, ThrottleControl
from graphwright_sandbox.faults.gate import FaultGate
from graphwright_sandbox.faults.notation import parse_fault
from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.graph.transfer_app import create_transfer_app
from graphwright_sandbox.graph.transfers import Transfers
from graphwright_sandbox.inspector import Inspector, conceal_key, is_of_applications
from graphwright_sandbox.listening import ADDRESS, LocalHostsOnly, bind_all, create_server
from graphwright_sandbox.notifications.control import NotificationControl
from graphwright_sandbox.options import GraphFactory, Options, default_folder
from graphwright_sandbox.pages.console.routes import create_console_routes
from graphwright_sandbox.saml.routes import create_saml_routes
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.client_credentials import ensure_client_credentials
from graphwright_sandbox.state import StateFile, StateKeeper, StateParts
from graphwright_sandbox.tenant import AppRegistration, Tenant

HTTPS = 443
REAL_HOST_NAMES = (REAL_LOGIN_HOST, REAL_GRAPH_HOST)
_GRAPH_VERSIONS = ("/v1.0", "/beta")
_START_TIMEOUT = 30.0

T = TypeVar("T")


class Sandbox:
    """A running sandbox, its server in a thread of its own; ``stop`` or ``with`` ends it."""

    def __init__(self, tenant: Tenant, state: Path, options: Options) -> None:
        self.tenant = tenant
        self._host_names = REAL_HOST_NAMES if options.real_host_names else ()
        # An authority that may vouch for Microsoft's names lies apart and is trusted by nobody else.
        folder = state / "real-host-names" if self._host_names else state
        self.certificates: CertificateFiles = ensure_certificates(
            folder, host_names=self._host_names
        )
        self._sockets = bind_all(options.https_port, options.http_port, options.transfer_port)
        try:
            self._assemble(state, options)
        except BaseException:
            self._close_sockets()
            raise

    def _assemble(self, state: Path, options: Options) -> None:
        tenant = self.tenant
        https_port, http_port, transfer_port = (one.getsockname()[1] for one in self._sockets)
        self.endpoints = _name_endpoints(https_port, http_port, self._host_names)
        self.clock = Clock()
        # Another host name than Graph's, not just another port: there are clients that let a
        # token go to every port of a host.
        self.transfers = Transfers(f"https://{ADDRESS}:{transfer_port}", self.clock)
        self.entra = Entra(
            tenant,
            self.endpoints,
            clock=self.clock,
            state=state,
            access_token_lifetime=options.access_token_lifetime,
            refresh_token_lifetime=options.refresh_token_lifetime,
            sign_in_frequency=options.sign_in_frequency,
        )
        self._create_graph(options)
        self.inspector = Inspector(self.clock)
        self.state.on_reset(self.inspector.clear)
        browser_routes = self._browser_routes(http_port)
        program_routes = [
            *create_program_routes(self.entra),
            *self._control_routes(),
        ]
        entra_app = FaultGate(
            Router([*program_routes, *browser_routes]), self.faults, named="/oauth2/"
        )
        https_app = _Dispatch(self.graph_app, entra_app)
        watched = [
            self.state.watch(self.inspector.watch(app, is_of_applications))
            for app in (https_app, Router(browser_routes))
        ]
        transfers = FaultGate(create_transfer_app(self.transfers), self.faults)
        transfer_app = self.state.watch(
            self.inspector.watch(transfers, is_of_applications, conceal_key)
        )
        server_file = str(self.certificates.server_file)
        self._servers = (
            create_server(LocalHostsOnly(Compression(watched[0]), self._host_names), server_file),
            create_server(LocalHostsOnly(watched[1]), None),
            create_server(LocalHostsOnly(transfer_app), server_file),
        )
        self._thread = threading.Thread(target=self._run, name="graphwright-sandbox", daemon=True)
        self._started = threading.Event()
        self._failure: BaseException | None = None

    def _create_graph(self, options: Options) -> None:
        """Microsoft Graph with what was kept of it, and what goes wrong there."""
        tenant = self.tenant
        file = StateFile(options.state_file, tenant.id) if options.state_file else None
        document = file.read() if file else None
        day = document.day if document else self.clock().date()
        self.graph_app = options.create_graph(
            tenant,
            self.entra.tokens.authorize,
            self.clock,
            options.bulk_events,
            self.transfers,
            day,
        )
        context: GraphContext | None = getattr(self.graph_app.state, "context", None)
        if context is not None:
            context.bulk_messages = options.bulk_messages
        parts = context.state if context else StateParts()
        self.entra.keep_in(parts)
        self.state = StateKeeper(parts, tenant.id, day)
        if file is not None:
            self.state.keep_in(file, document)
        # A Graph that a test makes itself may know no faults.
        self.faults: FaultPlan = getattr(self.graph_app.state, "faults", FaultPlan())
        self.faults.seed = options.seed
        for rule in options.faults:
            self.faults.add(rule, keep=True)
        self.state.on_reset(self.faults.reset)
        if context is not None:
            context.throttles.set(options.throttle)
            self.state.on_reset(context.throttles.reset)

    def _control_routes(self) -> list[Route]:
        routes = FaultControl(self.faults, self.control_key).routes()
        routes.append(reset_route(self.state.reset, self.control_key))
        context: GraphContext | None = getattr(self.graph_app.state, "context", None)
        if context is not None:
            context.notifier.sign = self.entra.tokens.sign
            routes += ThrottleControl(context.throttles, self.control_key).routes()
            routes += NotificationControl(context.notifier, self.control_key).routes()
        return routes

    def _browser_routes(self, http_port: int) -> list[Route]:
        # Cookies ignore ports: the name keeps two sandboxes on one machine apart.
        cookie_name = f"graphwright_sandbox_{http_port}"
        return [
            *create_console_routes(
                self.entra,
                self.inspector,
                self.faults,
                self.state.reset,
                cookie_name=cookie_name,
                ca_file=str(self.ca_file),
            ),
            *create_browser_routes(self.entra, cookie_name),
            *create_saml_routes(self.entra, cookie_name),
        ]

    @classmethod
    def start(
        cls,
        tenant: Tenant | None = None,
        state: Path | None = None,
        *,
        https_port: int = 0,
        http_port: int = 0,
        transfer_port: int = 0,
        access_token_lifetime: timedelta | None = None,
        refresh_token_lifetime: timedelta = REFRESH_TOKEN_LIFETIME,
        sign_in_frequency: timedelta | None = None,
        bulk_events: int = 0,
        bulk_messages: int = 0,
        faults: Sequence[FaultRule] = (),
        seed: int = 0,
        throttle: Sequence[str] = (),
        state_file: Path | None = None,
        real_host_names: bool = False,
        create_graph: GraphFactory = create_graph_app,
    ) -> Sandbox:
        """Start a sandbox and return when it answers.

        `tenant`: the seeded company unless given; `state`: where certificates and keys lie, the
        user's cache folder unless given. Ports are free ones unless given. `PortTaken`,
        `StateUnusable`, `OSError`.
        """
        folder = state or default_folder()
        if tenant is None:
            tenant = create_tenant(credentials=ensure_client_credentials(folder))
        options = Options(
            https_port=https_port,
            http_port=http_port,
            transfer_port=transfer_port,
            access_token_lifetime=access_token_lifetime,
            refresh_token_lifetime=refresh_token_lifetime,
            sign_in_frequency=sign_in_frequency,
            bulk_events=bulk_events,
            bulk_messages=bulk_messages,
            faults=faults,
            seed=seed,
            throttle=throttle,
            state_file=state_file,
            real_host_names=real_host_names,
            create_graph=create_graph,
        )
        sandbox = cls(tenant, folder, options)
        sandbox._begin()
        return sandbox

    @property
    def login_url(self) -> str:
        """The authority without its tenant, as https://login.microsoftonline.com is."""
        return self.endpoints.login_url

    @property
    def browser_url(self) -> str:
        """Where a browser finds the sandbox's pages, without TLS."""
        return self.endpoints.browser_url

    @property
    def graph_url(self) -> str:
        """Microsoft Graph without its version, as https://graph.microsoft.com is."""
        return self.endpoints.graph_url

    @property
    def transfer_url(self) -> str:
        """The origin of pre-authenticated downloads and uploads."""
        return self.transfers.origin

    @property
    def ca_file(self) -> Path:
        """The certificate that programs have to trust."""
        return self.certificates.ca_file

    @property
    def control_key(self) -> str:
        """The key of the control API."""
        return self.entra.control_key

    @property
    def authority(self) -> str:
        """What MSAL wants: the login address with the tenant."""
        return f"{self.login_url}/{self.tenant.id}"

    def find_app(self, name: str) -> AppRegistration:
        """An app registration by client id or display name; LookupError names those there are."""
        return self.entra.directory.find_app_by_name(name)

    def issue_token(
        self, app: str, user: str | None = None, permissions: Iterable[str] | None = None
    ) -> str:
        """An access token for Graph without a sign-in: for tests of what comes after it.

        `app`: client id or display name. `user`: id, user principal name or address; without, the
        token is the application's own. `permissions`: Graph's names; those of the registration
        unless given. LookupError where app or user are unknown.
        """
        registration = self.find_app(app)
        issue = self.entra.issue_graph_token
        return self._in_server(lambda: issue(registration, user, permissions))

    def add_fault(self, line: str) -> FaultRule:
        """Make something go wrong, as ``--fault`` says it: ``GET /me/messages: 429 times=2``.

        `FaultInvalid` where the line cannot be read.
        """
        rule = parse_fault(line)
        return self._in_server(lambda: self.faults.add(rule))

    def reset(self) -> None:
        """Everything as it was at the start: data, faults, counts of throttling, time, requests."""

        def reset() -> None:
            self.state.reset()
            self.clock.offset = timedelta()

        self._in_server(reset)

    def _in_server(self, work: Callable[[], T]) -> T:
        """What it gives, done in the server's thread: no store has a lock."""

        async def run() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(_START_TIMEOUT)

    def stop(self) -> None:
        """End the server; a second call does nothing."""
        for server in self._servers:
            server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _begin(self) -> None:
        self._thread.start()
        if not self._started.wait(_START_TIMEOUT):
            self.stop()
            raise TimeoutError("the sandbox did not start")
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001  (handed to the thread that waits)
            self._failure = error
        finally:
            self._started.set()
            self._close_sockets()

    def _close_sockets(self) -> None:
        for one in self._sockets:
            one.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        tasks = [
            asyncio.create_task(server.serve(sockets=[one]))
            for server, one in zip(self._servers, self._sockets, strict=True)
        ]
        while not all(server.started for server in self._servers):
            if any(task.done() for task in tasks):
                break
            await asyncio.sleep(0.005)
        self._started.set()
        keeping = asyncio.create_task(self.state.run())
        await asyncio.gather(*tasks)
        keeping.cancel()
        with contextlib.suppress(OSError):
            self.state.save()
        # One more turn of the loop, in which cut connections close their sockets.
        await asyncio.sleep(0)


def _name_endpoints(https_port: int, http_port: int, host_names: Sequence[str]) -> Endpoints:
    browser_url = f"http://localhost:{http_port}"
    if not host_names:
        return Endpoints(login_url=f"https://localhost:{https_port}", browser_url=browser_url)
    port = "" if https_port == HTTPS else f":{https_port}"
    return Endpoints(
        login_url=f"https://{REAL_LOGIN_HOST}{port}",
        browser_url=browser_url,
        own_graph_url=f"https://{REAL_GRAPH_HOST}{port}",
    )


class _Dispatch:
    """Microsoft Graph under its versions, Entra ID everywhere else.

    Not a mount: Microsoft Graph reads the version in the path itself, and tolerates ``//``.
    """

    def __init__(self, graph_app: ASGIApp, entra_app: ASGIApp) -> None:
        self._graph_app = graph_app
        self._entra_app = entra_app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = "/" + scope.get("path", "").lstrip("/").lower()
        is_graph = any(path == one or path.startswith(one + "/") for one in _GRAPH_VERSIONS)
        await (self._graph_app if is_graph else self._entra_app)(scope, receive, send)
