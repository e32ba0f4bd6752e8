"""``/_sandbox/control/faults`` and ``…/throttles``: what a test or a page changes while it runs.

It must not know how a fault is carried out.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.control import CONTROL_PATH, BadControlRequest, guard, read_object
from graphwright_sandbox.faults.notation import FaultInvalid, parse_fault, read_fault
from graphwright_sandbox.faults.plan import FaultPlan
from graphwright_sandbox.faults.throttling import ThrottleInvalid, Throttles

_PATH = f"{CONTROL_PATH}/faults"


class FaultControl:
    """List, add and remove rules; each call needs the control key."""

    def __init__(self, plan: FaultPlan, control_key: str) -> None:
        self._plan = plan
        self._key = control_key

    def routes(self) -> list[Route]:
        return [
            Route(path, guard(self._key, operation), methods=[method])
            for method, path, operation in (
                ("GET", _PATH, self._list),
                ("POST", _PATH, self._add),
                ("DELETE", _PATH, self._clear),
                ("POST", f"{_PATH}/reset", self._reset),
                ("DELETE", f"{_PATH}/{{id}}", self._remove),
            )
        ]

    async def _list(self, _: Request) -> Response:
        return JSONResponse(
            {
                "seed": self._plan.seed,
                "hits": self._plan.hits,
                "faults": [rule.describe() for rule in self._plan.rules],
            }
        )

    async def _add(self, request: Request) -> Response:
        body = await read_object(request)
        try:
            line = body.get("line") if len(body) == 1 else None
            rule = parse_fault(line) if isinstance(line, str) else read_fault(body)
        except FaultInvalid as error:
            raise BadControlRequest(str(error)) from None
        return JSONResponse(self._plan.add(rule).describe(), 201)

    async def _clear(self, _: Request) -> Response:
        self._plan.clear()
        return Response(status_code=204)

    async def _reset(self, _: Request) -> Response:
        self._plan.reset()
        return Response(status_code=204)

    async def _remove(self, request: Request) -> Response:
        if not self._plan.remove(request.path_params["id"]):
            return JSONResponse({"error": "there is no fault of this id"}, 404)
        return Response(status_code=204)


class ThrottleControl:
    """Read and set the limits of traffic; each call needs the control key."""

    def __init__(self, throttles: Throttles, control_key: str) -> None:
        self._throttles = throttles
        self._key = control_key

    def routes(self) -> list[Route]:
        path = f"{CONTROL_PATH}/throttles"
        return [
            Route(path, guard(self._key, self._show), methods=["GET"]),
            Route(path, guard(self._key, self._set), methods=["POST"]),
        ]

    async def _show(self, _: Request) -> Response:
        return JSONResponse({"limits": self._throttles.specs()})

    async def _set(self, request: Request) -> Response:
        limits = (await read_object(request)).get("limits")
        if not isinstance(limits, list) or not all(isinstance(one, str) for one in limits):
            raise BadControlRequest("'limits' must be a list of texts")
        try:
            self._throttles.set(limits)
        except ThrottleInvalid as error:
            raise BadControlRequest(str(error)) from None
        return await self._show(request)
