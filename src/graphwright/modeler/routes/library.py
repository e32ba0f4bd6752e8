"""Calls about requests as such: the ready ones, their permissions, paths, requests as code."""

from graphwright.kernel.errors import GraphwrightError
from graphwright.modeler.api import Call, Route
from graphwright.modeler.code import write_code
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.paths import complete_path
from graphwright.modeler.permissions import check_permissions
from graphwright.modeler.ready_requests import library
from graphwright.modeler.requests import Sender, build_request, find_sender, read_request
from graphwright.modeler.wire.tries import (
    CodeAnswer,
    CodeQuestion,
    Library,
    Paths,
    PermissionAnswer,
    PermissionQuestion,
)


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""

    async def show(_: Call) -> Library:
        return Library(requests=list(library()))

    async def permissions(call: Call) -> PermissionAnswer:
        return await check_permissions(await modeler.engine.profiles(), call.body)

    async def paths(call: Call) -> Paths:
        query = call.query("prefix", "method")
        return Paths(paths=complete_path(query.get("prefix", ""), query.get("method", "")))

    async def code(call: Call) -> CodeAnswer:
        definition = read_request(call.body.request)
        profiles = await modeler.engine.profiles()
        try:
            sender = await find_sender(definition, profiles, None)
        except GraphwrightError:  # nobody, or one of several: only `user` depends on it
            sender = Sender()
        now = modeler.engine.clock.now()
        built = build_request(
            definition, call.body.values, profiles=profiles, sender=sender, now=now
        )
        return write_code(built, definition, profiles, modeler.workspace.root)

    return [
        Route("GET", "/api/library", show, Library),
        Route("POST", "/api/permissions", permissions, PermissionAnswer, PermissionQuestion),
        Route("GET", "/api/paths", paths, Paths),
        Route("POST", "/api/code", code, CodeAnswer, CodeQuestion),
    ]
