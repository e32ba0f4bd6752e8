"""The calls about previews of pages: opening one, and its rows as the portal's views ask for them."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from graphwright.application.definition import Application
from graphwright.kernel.errors import NotFound, nearest
from graphwright.kernel.times import zone
from graphwright.modeler.api import Call, Handler, Route
from graphwright.modeler.known import import_of, scope_at, tried_rows
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.page_previews import Asked, Rows
from graphwright.modeler.reading import check_values, invalid, put_values, read_draft
from graphwright.modeler.wire.mappings import PagePreview, PreviewPage
from graphwright.nodes.page.config import Config as PageNode
from graphwright.pages.definition import PageDefinition
from graphwright.pages.open import OpenPage
from graphwright.web.page_rows import PageRows, WireResponse, step_number

_STEP = "/api/steps/{instance}/{step}"


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""
    pages = _Pages(modeler)
    rows = PageRows(pages.page_of)

    def plain(answer: Callable[[Request], Awaitable[Response]]) -> Handler:
        async def handler(call: Call) -> Response:
            return await answer(call.request)

        return handler

    return [
        Route("POST", "/api/preview-page", pages.preview, PagePreview, PreviewPage),
        Route("GET", _STEP, pages.step),
        Route("GET", _STEP + "/rows", plain(rows.rows)),
        Route("GET", _STEP + "/rows.json", plain(rows.rows_json)),
        Route("GET", _STEP + "/rows.csv", plain(rows.rows_csv)),
        Route("GET", _STEP + "/rows/{rest:path}", plain(rows.row)),
    ]


class _Pages:
    """The handlers."""

    def __init__(self, modeler: Modeler) -> None:
        self._modeler = modeler

    async def preview(self, call: Call) -> PagePreview:
        """The page as the portal would show it."""
        body: PreviewPage = call.body
        zone(body.time_zone)  # refuses what is none
        asked = await asyncio.to_thread(self._ask, body)
        preview = await self._modeler.page_previews.open(asked)
        return PagePreview(step=await preview.to_step(), rows_from=preview.rows_from)

    async def step(self, call: Call) -> Response:
        """The step of a preview again."""
        self._check_step(call.request)
        preview = self._modeler.page_previews.get(call.part("instance"))
        return WireResponse(await preview.to_step())

    async def page_of(self, request: Request) -> OpenPage:
        """The open page that a call for rows is about."""
        self._check_step(request)
        return self._modeler.page_previews.get(request.path_params["instance"]).page

    def _check_step(self, request: Request) -> None:
        if step_number(request.path_params["step"]) != 1:
            raise NotFound("A preview has one step.")

    def _ask(self, body: PreviewPage) -> Asked:
        modeler = self._modeler
        application, page = _read_page(read_draft(modeler.workspace.draft), body)
        flow, node = _place_of(application, body.name)
        scope = scope_at(modeler, flow, node, body.time_zone, made_up=False)
        return Asked(
            application=application,
            name=body.name,
            page=page,
            scope=scope.values,
            rows=self._rows(application, page, body),
            time_zone=body.time_zone,
            now=modeler.engine.clock.now(),
        )

    def _rows(
        self, application: Application, page: PageDefinition, body: PreviewPage
    ) -> list[Rows]:
        """The example for the page's list; for its other lists what their requests gave last."""
        found: list[Rows] = []
        name = body.import_name or import_of(application, page.list)
        if body.import_name is not None and body.import_name not in application.imports:
            raise NotFound(
                f"There is no import {body.import_name!r}.",
                hint=nearest(body.import_name, application.imports),
            )
        if body.example is not None:
            document = self._modeler.examples.document(body.example)
            if name is not None:
                title = self._modeler.examples.describe(body.example).title
                found.append(Rows(title, name, application.imports[name], document))
        for _, other in page.lists():
            other_name = import_of(application, other)
            if other_name is not None and other_name != name:
                tried = tried_rows(self._modeler, application, other_name)
                found += [] if tried is None else [tried]
        return found


def _read_page(application: Application, body: PreviewPage) -> tuple[Application, PageDefinition]:
    """The application with the page as it is edited; `DefinitionInvalid` where it is no page."""
    application, problems = put_values(application, "pages", {body.name: body.value})
    problems += check_values(application, [f"pages/{body.name}.yaml"])
    page = application.pages.get(body.name)
    if page is None or any(problem.severity == "error" for problem in problems):
        raise invalid(problems)
    return application, page


def _place_of(application: Application, page: str) -> tuple[str | None, str | None]:
    """The first node that shows the page."""
    for flow_name, flow in application.flows.items():
        for name, node in flow.nodes.items():
            if isinstance(node, PageNode) and node.page == page:
                return flow_name, name
    return None, None
