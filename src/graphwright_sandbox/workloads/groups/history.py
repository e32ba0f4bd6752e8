"""Who came and went in which group, and when: what `members@delta` tells.

It listens to the changes of groups, so that it also knows of those made by other workloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphwright_sandbox.graph.changes import Change
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.groups import Group

_PLACES = ("members", "owners")
_Joined = dict[str, tuple[int, bool]]


class MemberHistory:
    """For each group and relation the last coming or going of everybody, by position."""

    def __init__(self, context: GraphContext) -> None:
        self._groups = context.tenant.groups
        self._people = context.tenant.people
        self._moves: dict[str, _Joined] = {}
        self._known: dict[str, tuple[str, ...]] = {}
        self._look()
        context.changes.on_change(self._follow)
        context.state.add("groupMembers", self._dump, self._load)

    def since(self, group_id: str, place: str, position: int) -> list[tuple[str, bool]]:
        """Ids that came (True) or went (False) after a position, and have not undone it."""
        moves = self._moves.get(f"{group_id}/{place}", {})
        return [(one, present) for one, (at, present) in moves.items() if at > position]

    def _follow(self, change: Change) -> None:
        if change.container != "groups":
            return
        for place in _PLACES:
            key = f"{change.id}/{place}"
            group = self._groups.find(change.id)
            present = self._present(group, place) if group is not None else ()
            before = self._known.get(key, ())
            if present != before:
                moves = self._moves.setdefault(key, {})
                for one in set(before) - set(present):
                    moves[one] = (change.position, False)
                for one in set(present) - set(before):
                    moves[one] = (change.position, True)
                self._known[key] = present

    def _present(self, group: Group, place: str) -> tuple[str, ...]:
        """Who is in a relation of a group and was not deleted."""
        ids: tuple[str, ...] = getattr(group, place)
        return tuple(one for one in ids if one in self._groups or self._people.find(one))

    def _dump(self) -> dict[str, Any]:
        return {key: dict(moves) for key, moves in self._moves.items()}

    def _look(self) -> None:
        self._known = {
            f"{group.id}/{place}": self._present(group, place)
            for group in self._groups
            for place in _PLACES
        }

    def _load(self, value: Mapping[str, Any]) -> None:
        self._moves = {
            key: {one: (int(at), bool(present)) for one, (at, present) in moves.items()}
            for key, moves in value.items()
        }
        self._look()
