"""Calls about examples: reading one level by level."""

import re

from graphwright.kernel.errors import InvalidInput
from graphwright.modeler.api import Call, Route
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.wire.tries import Tree

_NUMBER = re.compile(r"^[0-9]{1,9}$")


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""

    async def tree(call: Call) -> Tree:
        query = call.query("pointer", "offset", "limit")
        return modeler.examples.tree(
            call.part("id"),
            query.get("pointer", ""),
            _number(query, "offset", 0),
            _number(query, "limit", 100),
        )

    return [Route("GET", "/api/examples/{id}/tree", tree, Tree)]


def _number(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not _NUMBER.match(text):
        raise InvalidInput(f"{name} is no number.")
    return int(text)
