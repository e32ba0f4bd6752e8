"""The routes of a step's rows: whose page it is, and that they may see it."""

from starlette.requests import Request

from graphwright.pages.open import OpenPage
from graphwright.portal.access import check_access
from graphwright.portal.context import Portal, Visitor
from graphwright.portal.steps import Steps
from graphwright.web.page_rows import PageRows, step_number


class Rows(PageRows):
    """Answers calls for rows of steps."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(self.open_step)
        self._portal = portal
        self._steps = Steps(portal)

    async def open_step(self, request: Request) -> OpenPage:
        """The page of the step in the address, for whoever sent the request."""
        visitor: Visitor = await self._portal.visitor(request)
        if visitor.session is None:
            check_access(self._portal.app, "signed_in", None, expired=visitor.expired)
        instance = request.path_params["instance"]
        step = step_number(request.path_params["step"])
        # The step's own flow is checked as well as the one whose page it shows.
        outcome = await self._portal.runtime.driver.step(
            instance,
            step,
            principal=visitor.principal,
            session_id=visitor.session_id,
            time_zone=visitor.time_zone,
        )
        self._portal.check_access(outcome.flow, visitor)
        return await self._steps.open(instance, step, visitor, visitor.time_zone)
