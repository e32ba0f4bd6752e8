"""Steps on the wire: a page opened, a sign-in to go to, or the end; access checked every time."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from graphwright.flows.outcomes import StepOutcome, StepState
from graphwright.kernel.errors import InvalidInput, NotFound, nearest
from graphwright.kernel.values import JsonObject
from graphwright.pages.open import OpenPage
from graphwright.pages.opening import Opening
from graphwright.pages.rows import DatabaseRows
from graphwright.portal.addresses import run_address
from graphwright.portal.context import Portal, Visitor, valid_zone
from graphwright.web.errors import read_json

Body = TypeVar("Body", bound=BaseModel)


async def read_body(request: Request, model: type[Body]) -> Body:
    """The request's JSON body as a model; `InvalidInput` names the field that is wrong."""
    raw = await read_json(request)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        raise InvalidInput(f"The request is not valid: {where}: {first['msg']}.") from None


def body_zone(name: str | None, visitor: Visitor) -> str:
    """The time zone of a body, else the visitor's; `InvalidInput` where it is none."""
    if name is None:
        return visitor.time_zone
    found = valid_zone(name)
    if found is None:
        raise InvalidInput(f"{name!r} is not a time zone.")
    return found


class Steps:
    """Opens steps for visitors."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._runtime = portal.runtime

    async def to_wire(self, outcome: StepOutcome, visitor: Visitor, time_zone: str) -> JsonObject:
        """A step as the browser gets it."""
        self._portal.check_access(outcome.flow, visitor)
        path = self._portal.path_of(outcome.flow)
        if outcome.kind == "authorize":
            return {"kind": "redirect", "url": run_address(self._portal, outcome)}
        if outcome.kind == "end":
            return {"kind": "end", "path": path, **self._end(outcome)}
        page = await self.open(outcome.instance, outcome.step, visitor, time_zone)
        shown = await page.to_wire()
        return {
            "kind": "page",
            "instance": outcome.instance,
            "step": outcome.step,
            "path": path,
            "page": shown,
            "notice": outcome.notice or shown["notice"],
        }

    def _end(self, outcome: StepOutcome) -> JsonObject:
        told: Mapping[str, Any] = outcome.end or {}
        title = told.get("title") or self._portal.flow(outcome.flow).title or outcome.flow
        return {
            "title": str(title),
            "message": str(told.get("message") or "This is done."),
            "tone": told.get("tone") or "success",
        }

    async def open(self, instance: str, step: int, visitor: Visitor, time_zone: str) -> OpenPage:
        """The page of a step, for reading and for what it sends; access checked."""
        state = await self._runtime.driver.peek(
            instance,
            step,
            principal=visitor.principal,
            session_id=visitor.session_id,
            time_zone=time_zone,
        )
        self._portal.check_access(state.flow, visitor)
        definition = self._runtime.application.pages.get(state.page)
        if definition is None:
            raise NotFound(
                f"The application has no page {state.page!r}.",
                hint=nearest(state.page, self._runtime.application.pages),
            )
        opening = Opening(
            scope=state.scope,
            lists=self._runtime.application.lists,
            time_zone=time_zone,
            now=self._runtime.clock.now(),
            exits=self._connected(state),
        )
        owner = visitor.principal.id if visitor.principal else None
        rows = DatabaseRows(self._runtime.lists, owner)
        return OpenPage(state.page, definition, opening, rows)

    def _connected(self, state: StepState) -> frozenset[str]:
        return frozenset(self._portal.flow(state.flow).nodes[state.node].exits)
