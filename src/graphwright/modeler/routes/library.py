"""Calls about requests as such: the ready ones, their permissions, paths, requests as code."""

from graphwright.modeler.api import Call, Route
from graphwright.modeler.library import library
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.wire.tries import Library


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""

    async def show(_: Call) -> Library:
        return Library(requests=list(library()))

    return [Route("GET", "/api/library", show, Library)]
