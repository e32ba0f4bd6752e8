"""Calls about requests as such: the ready ones, their permissions, paths."""

from graphwright.modeler.api import Call, Route
from graphwright.modeler.library import library
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.paths import complete_path
from graphwright.modeler.permissions import check_permissions
from graphwright.modeler.wire.tries import (
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

    return [
        Route("GET", "/api/library", show, Library),
        Route("POST", "/api/permissions", permissions, PermissionAnswer, PermissionQuestion),
        Route("GET", "/api/paths", paths, Paths),
    ]
