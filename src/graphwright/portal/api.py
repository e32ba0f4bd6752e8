"""The routes under `/api`: session, flows and their steps, the runs list."""

from starlette.requests import Request
from starlette.responses import Response

from graphwright.flows.definition import FlowDefinition, RolesAccess
from graphwright.flows.runs import find_run, list_runs
from graphwright.kernel.errors import NotFound, nearest
from graphwright.kernel.values import JsonObject
from graphwright.portal.access import check_access, has_access
from graphwright.portal.addresses import sign_in_address
from graphwright.portal.context import Portal, Visitor
from graphwright.portal.steps import Steps, body_zone, read_body
from graphwright.portal.wire import ExitBody, StartBody
from graphwright.web.page_rows import WireResponse, step_number
from graphwright.web.session import Session

_RUNS_SHOWN = 200


class Api:
    """Answers the portal's JSON calls."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._runtime = portal.runtime
        self._steps = Steps(portal)

    async def session(self, request: Request) -> Response:
        """Who is signed in, what the application is, and the token of writes."""
        visitor = await self._portal.visitor(request)
        session = visitor.session
        if session is None:
            session = await self._portal.sessions.create(time_zone=visitor.time_zone)
        response = WireResponse(self._session(session, visitor))
        if visitor.session is None:
            self._portal.session_cookie.set(response, session.secret)
        return response

    def _session(self, session: Session, visitor: Visitor) -> JsonObject:
        principal, app = visitor.principal, self._portal.app
        user = {"name": principal.name, "email": principal.email} if principal else None
        return {
            "signed_in": principal is not None,
            "user": user,
            "application": {
                "title": app.title,
                "navigation": self._navigation(visitor),
                "home": self._portal.path_of(app.home),
            },
            "csrf_token": session.csrf_token,
            "sign_in": self._ways_in(),
            "may_see_runs": principal is not None and has_access(app, app.runs, principal),
            "modeler": principal is not None and self._portal.open_modeler is not None,
        }

    def _navigation(self, visitor: Visitor) -> list[JsonObject]:
        """The entries the visitor may open; the titles of others are nobody's business."""
        shown = []
        for item in self._portal.app.navigation:
            flow = self._portal.flow(item.flow)
            access = self._runtime.application.access_of(flow)
            if has_access(self._portal.app, access, visitor.principal):
                shown.append({"title": item.title, "path": flow.path or "/", "icon": item.icon})
        return shown

    def _ways_in(self) -> list[JsonObject]:
        sign_on = self._portal.app.sign_on
        if sign_on is None:
            return []
        profile = self._runtime.application.profiles[sign_on]
        return [{"title": profile.title or sign_on, "url": sign_in_address(sign_on)}]

    async def modeler(self, request: Request) -> Response:
        """A link that opens the modeler, where one runs beside this portal."""
        visitor = await self._portal.visitor(request)
        open_modeler = self._portal.open_modeler
        if open_modeler is None:
            raise NotFound("No modeler runs beside this portal.")
        check_access(self._portal.app, "signed_in", visitor.principal, expired=visitor.expired)
        return WireResponse({"url": open_modeler()})

    async def start(self, request: Request) -> Response:
        """Starts the flow of a path."""
        visitor = await self._portal.visitor(request)
        body = await read_body(request, StartBody)
        time_zone = body_zone(body.time_zone, visitor)
        name, flow = self._flow_at(body.path, visitor)
        self._portal.check_access(name, visitor)
        if visitor.session is not None:
            await self._portal.sessions.remember_time_zone(visitor.session, time_zone)
        query = {key: value for key, value in body.query.items() if key in flow.inputs}
        outcome = await self._runtime.driver.start(
            name,
            principal=visitor.principal,
            session_id=visitor.session_id,
            time_zone=time_zone,
            query=query,
        )
        return WireResponse(await self._steps.to_wire(outcome, visitor, time_zone))

    def _flow_at(self, path: str, visitor: Visitor) -> tuple[str, FlowDefinition]:
        flows = self._runtime.application.flows
        if path in ("", "/"):
            home = self._portal.app.home
            return home, self._portal.flow(home)
        wanted = path.rstrip("/")
        for name, flow in flows.items():
            if flow.kind == "regular" and flow.path == wanted:
                return name, flow
        # As in the navigation: what others may open is nobody's business.
        known = [
            flow.path
            for flow in flows.values()
            if flow.path
            and has_access(
                self._portal.app, self._runtime.application.access_of(flow), visitor.principal
            )
        ]
        raise NotFound(f"There is no page at {wanted[:80]!r}.", hint=nearest(wanted[:80], known))

    async def step(self, request: Request) -> Response:
        """A step again: after a reload, Back, or a restart of the server."""
        visitor = await self._portal.visitor(request)
        self._require_session(visitor)
        outcome = await self._runtime.driver.step(
            request.path_params["instance"],
            step_number(request.path_params["step"]),
            principal=visitor.principal,
            session_id=visitor.session_id,
            time_zone=visitor.time_zone,
        )
        return WireResponse(await self._steps.to_wire(outcome, visitor, visitor.time_zone))

    async def exit(self, request: Request) -> Response:
        """Takes an exit of a step's page."""
        visitor = await self._portal.visitor(request)
        body = await read_body(request, ExitBody)
        time_zone = body_zone(body.time_zone, visitor)
        instance = request.path_params["instance"]
        step = step_number(request.path_params["step"])
        driver = self._runtime.driver
        # A submission that came before gives its first result, whatever became of its row since.
        outcome = await driver.answered(
            instance,
            step,
            body.submission,
            principal=visitor.principal,
            session_id=visitor.session_id,
            time_zone=time_zone,
        )
        if outcome is None:
            exit_name = request.path_params["exit"]
            page = await self._steps.open(instance, step, visitor, time_zone)
            outcome = await driver.exit(
                instance,
                step,
                exit_name,
                data=await page.receive(exit_name, body.data),
                submission=body.submission,
                principal=visitor.principal,
                session_id=visitor.session_id,
                time_zone=time_zone,
                sensitive=page.sensitive_fields(),
            )
        return WireResponse(await self._steps.to_wire(outcome, visitor, time_zone))

    async def runs(self, request: Request) -> Response:
        """The runs list: people with a role that may see it see all runs, others their own."""
        owner = await self._owner_of_runs(request)
        runs = await self._runtime.databases.system.read(
            list_runs, principal_id=owner, limit=_RUNS_SHOWN, now=self._runtime.clock.now()
        )
        return WireResponse({"runs": [_run(run) for run in runs]})

    async def run(self, request: Request) -> Response:
        """One run with its report, for those whose list has it."""
        owner = await self._owner_of_runs(request)
        run = await self._runtime.databases.system.read(
            find_run,
            request.path_params["id"],
            principal_id=owner,
            now=self._runtime.clock.now(),
        )
        return WireResponse({**_run(run), "visits": run["way"], "report": run["report"]})

    async def _owner_of_runs(self, request: Request) -> str | None:
        """Whose runs the visitor sees; None: everybody's. Refuses who may see none."""
        visitor = await self._portal.visitor(request)
        app = self._portal.app
        access = "signed_in" if app.runs == "public" else app.runs
        check_access(app, access, visitor.principal, expired=visitor.expired)
        return None if isinstance(access, RolesAccess) else _id_of(visitor)

    def _require_session(self, visitor: Visitor) -> None:
        """A step without any session: sign in first, rather than `not found`."""
        if visitor.session is None:
            check_access(self._portal.app, "signed_in", None, expired=visitor.expired)


def _id_of(visitor: Visitor) -> str:
    """The principal's id; never None, which would mean everybody."""
    if visitor.principal is None:
        raise NotFound("Nobody is signed in.")
    return visitor.principal.id


def _run(run: JsonObject) -> JsonObject:
    way = [visit["node"] for visit in run["way"]]
    names = ("id", "flow", "who", "started_at", "duration_ms", "counts", "error", "status")
    return {**{name: run[name] for name in names}, "way": way}
