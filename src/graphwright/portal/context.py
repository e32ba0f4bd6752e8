"""What every route of the portal works with: the runtime, sessions and cookies, and who is visiting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from starlette.requests import Request

from graphwright.application.definition import AppDefinition
from graphwright.application.runtime import Runtime
from graphwright.flows.context import Person
from graphwright.flows.definition import FlowDefinition
from graphwright.kernel.errors import InvalidInput, NotFound
from graphwright.kernel.times import zone
from graphwright.portal.access import check_access
from graphwright.profiles.principals import Principal
from graphwright.web.hosts import Address
from graphwright.web.session import Session, SessionCookie, SessionLimits, Sessions
from graphwright.web.static import StaticFiles

SIGN_IN_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Visitor:
    """Who sends a request: a session, and the principal who is signed in to it."""

    session: Session | None
    principal: Principal | None
    time_zone: str
    expired: bool

    @property
    def session_id(self) -> str:
        """The id of the session; raises where there is none."""
        if self.session is None:
            raise NotFound("There is no session yet.", hint="Reload the page.")
        return self.session.id


class Portal:
    """The parts of one running portal."""

    def __init__(
        self, runtime: Runtime, static: Path, open_modeler: Callable[[], str] | None = None
    ) -> None:
        self.runtime = runtime
        self.open_modeler = open_modeler
        self.address = Address(runtime.settings.base_url)
        self.sessions = Sessions(
            runtime.databases.system, runtime.clock, SessionLimits.read(runtime.settings)
        )
        self.session_cookie = SessionCookie(self.address)
        self.sign_in_cookie = SessionCookie(self.address, "graphwright-sign-in")
        self.static = StaticFiles(static)
        runtime.driver.check_access = self._check_run

    @property
    def app(self) -> AppDefinition:
        """The application's `app.yaml`."""
        return self.runtime.application.app

    async def visitor(self, request: Request) -> Visitor:
        """Who sends this request."""
        session: Session | None = request.state.session
        principal = None
        if session is not None and session.principal_id is not None:
            principal = await self.runtime.profiles.principal(session.principal_id)
        time_zone = valid_zone(request.headers.get("x-time-zone"))
        if time_zone is None:
            time_zone = session.time_zone if session else "UTC"
        return Visitor(session, principal, time_zone, request.state.session_expired)

    def flow(self, name: str) -> FlowDefinition:
        """A flow by name."""
        flow = self.runtime.application.flows.get(name)
        if flow is None:
            raise NotFound("There is no such flow.")
        return flow

    def path_of(self, name: str) -> str:
        """Where the portal opens a flow."""
        return self.flow(name).path or "/"

    def check_access(self, flow_name: str, visitor: Visitor) -> None:
        """Raises unless the visitor may run the flow."""
        access = self.runtime.application.access_of(self.flow(flow_name))
        check_access(self.app, access, visitor.principal, expired=visitor.expired)

    def _check_run(self, flow_name: str, person: Person | None) -> None:
        """The same for a run: roles may have changed since the step that goes on."""
        access = self.runtime.application.access_of(self.flow(flow_name))
        check_access(self.app, access, person if isinstance(person, Principal) else None)


def valid_zone(name: str | None) -> str | None:
    """The name where it is a time zone's."""
    if not name or len(name) > 64:
        return None
    try:
        zone(name)
    except InvalidInput:
        return None
    return name
