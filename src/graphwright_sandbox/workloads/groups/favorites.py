"""The groups that people marked as their favourites: what Outlook keeps for each of them."""

from __future__ import annotations

from typing import Any

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    no_content,
)
from graphwright_sandbox.groups import Group


class Favorites:
    """Everybody's favourite groups, by their ids."""

    def __init__(self, context: GraphContext) -> None:
        self._groups: dict[str, list[str]] = {}
        context.state.add("groupFavorites", self._dump, self._load)

    def of(self, request: GraphRequest, group: Group) -> bool | None:
        """Whether the caller marked the group; None where there is nobody who could have."""
        if request.caller.user_id is None or not group.unified:
            return None
        return group.id in self._groups.get(request.caller.user_id, ())

    def mark(self, request: GraphRequest, group: Group, *, favorite: bool) -> GraphResponse:
        """Marks the group, or takes the mark away; either may be asked for again."""
        if not group.unified or request.caller.user_id is None:
            # Other groups have no mailbox, and Outlook does not know them.
            raise GraphError(404, "ResourceNotFound", "Resource could not be discovered.")
        marked = self._groups.setdefault(request.caller.user_id, [])
        if favorite and group.id not in marked:
            marked.append(group.id)
        elif not favorite and group.id in marked:
            marked.remove(group.id)
        return no_content() if request.preferences.minimal else GraphResponse(200)

    def _dump(self) -> dict[str, Any]:
        return self._groups

    def _load(self, value: Any) -> None:
        self._groups = {person: list(groups) for person, groups in value.items()}
