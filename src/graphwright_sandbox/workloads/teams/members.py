"""Who is in a team, a channel or a chat: one service, three rosters."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record, no_content
from graphwright_sandbox.workloads.teams.entities import MEMBER
from graphwright_sandbox.workloads.teams.errors import bad_request, forbidden, not_found
from graphwright_sandbox.workloads.teams.store import TeamsStore

Members = dict[str, list[str]]
"""Roles by the ids of people."""

MEMBER_VIEW = View(MEMBER, always=("id",))
_LIMITS = Limits(default=100, maximum=999, opaque=True, code="BadRequest")
_BEGINNING = "0001-01-01T00:00:00Z"
_BINDING = re.compile(r"/(?P<name>\w+)(?:\('(?P<quoted>[^']+)'\)|/(?P<plain>[^/?#()]+))$")


@dataclass(frozen=True, slots=True)
class Roster:
    """The members of one room, as they are now."""

    room: str
    """The Graph path of the room."""
    scope: str
    """What tells the ids of these members from those elsewhere."""
    members: Members
    keep: Callable[[Members], None] | None = None
    """Keeps the members as they shall be; None: they cannot be changed."""
    needs_owner: bool = True
    may_change: bool = True
    """Whether the caller may change them."""
    since: dict[str, str] = field(default_factory=dict)
    """From when on members see what was written."""


def bound_key(body: Record, name: str, collection: str) -> str | None:
    """The key in `NAME@odata.bind`, a URL of this collection; None where the body has none."""
    value = body.get(f"{name}@odata.bind")
    if value is None:
        return None
    match = _BINDING.search(value) if isinstance(value, str) else None
    if match is None or match["name"].lower() != collection.lower():
        raise bad_request(f"Invalid bind property name {name} in request.")
    return match["quoted"] or match["plain"]


def read_members(store: TeamsStore, values: Any) -> Members:
    """The members that a body lists."""
    if not isinstance(values, list):
        raise bad_request("'members' needs to be an array.")
    return dict(read_member(store, value) for value in values)


def read_member(store: TeamsStore, body: Any) -> tuple[str, list[str]]:
    """A conversationMember of a body: the id of the person, and the roles."""
    if not isinstance(body, dict):
        raise bad_request("A member needs to be an object.")
    if not str(body.get("@odata.type")).endswith("microsoft.graph.aadUserConversationMember"):
        raise bad_request(
            "A member needs the @odata.type #microsoft.graph.aadUserConversationMember."
        )
    key = bound_key(body, "user", "users")
    if key is None:
        raise bad_request("A member needs user@odata.bind.")
    person = store.context.find_person(key)
    if person is None:
        raise not_found(f"No user found with id {key[:100]}.")
    return person.id, read_roles(body)


def read_roles(body: Record) -> list[str]:
    roles = body.get("roles", [])
    if not isinstance(roles, list) or any(role not in ("owner", "guest") for role in roles):
        raise bad_request("Invalid role specified for member.")
    return list(roles)


def show_member(store: TeamsStore, roster: Roster, user_id: str) -> Record:
    person = store.context.tenant.people.find(user_id)
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "id": base64.b64encode(f"{roster.scope}##{user_id}".encode()).decode(),
        "roles": roster.members[user_id],
        "displayName": person.display_name if person else None,
        "visibleHistoryStartDateTime": roster.since.get(user_id, _BEGINNING),
        "userId": user_id,
        "email": (person.mail or None) if person else None,
        "tenantId": store.context.tenant.id,
    }


def check_member(request: GraphRequest, members: Members) -> None:
    """Teams shows nothing to who is not a member; the application sees every room."""
    if request.caller.user_id is not None and request.caller.user_id not in members:
        raise forbidden("The user is not a member of this conversation.")


class MemberService:
    """Requests about the members of the rooms that `locate` finds."""

    def __init__(self, store: TeamsStore, locate: Callable[[GraphRequest], Roster]) -> None:
        self._store = store
        self._locate = locate

    def list_all(self, request: GraphRequest) -> GraphResponse:
        roster = self._locate(request)
        shown = [show_member(self._store, roster, user_id) for user_id in roster.members]
        response = answer_collection(request, MEMBER_VIEW, shown, f"{roster.room}/members", _LIMITS)
        return counted(response)

    def get(self, request: GraphRequest) -> GraphResponse:
        roster = self._locate(request)
        return self._answer(request, roster, self._member(request, roster))

    def _member(self, request: GraphRequest, roster: Roster) -> str:
        """The person of the member id in the path."""
        try:
            text = base64.b64decode(request.keys["member"], validate=True).decode()
        except ValueError as error:
            raise bad_request("Invalid membership id.") from error
        scope, _, user_id = text.rpartition("##")
        if scope != roster.scope or user_id not in roster.members:
            raise not_found()
        return user_id

    def _answer(
        self, request: GraphRequest, roster: Roster, user_id: str, status: int = 200
    ) -> GraphResponse:
        shown = show_member(self._store, roster, user_id)
        path = f"{roster.room}/members/microsoft.graph.aadUserConversationMember"
        return answer_entity(request, MEMBER_VIEW, shown, path, status=status)

    def add(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        roster = self._changeable(request)
        user_id, roles = read_member(self._store, body)
        return self._answer(request, self._added(roster, user_id, roles), user_id, 201)

    def _added(self, roster: Roster, user_id: str, roles: list[str]) -> Roster:
        """The roster with this member, who may have been there with other roles."""
        kind: Kind = "updated" if user_id in roster.members else "created"
        return self._keep(roster, {**roster.members, user_id: roles}, user_id, kind)

    def _removed(self, roster: Roster, user_id: str) -> Roster:
        if user_id not in roster.members:
            raise not_found()
        members = {one: roles for one, roles in roster.members.items() if one != user_id}
        return self._keep(roster, members, user_id, "deleted")

    def add_many(self, request: GraphRequest) -> GraphResponse:
        return self._each(request, self._added)

    def remove_many(self, request: GraphRequest) -> GraphResponse:
        return self._each(request, lambda roster, user_id, _: self._removed(roster, user_id))

    def _each(
        self, request: GraphRequest, apply: Callable[[Roster, str, list[str]], Roster]
    ) -> GraphResponse:
        """Several members at once: 200, or 207 where it could not be done for some of them."""
        values = request.read_parameters("values").get("values")
        roster = self._changeable(request)
        if not isinstance(values, list) or not 1 <= len(values) <= 200:
            raise bad_request("'values' needs to hold 1 to 200 members.")
        results: list[Record] = []
        for value in values:
            result: Record = {
                "@odata.type": "#microsoft.graph.aadUserConversationMemberResult",
                "userId": None,
                "error": None,
            }
            try:
                user_id, roles = read_member(self._store, value)
                result["userId"] = user_id
                roster = apply(roster, user_id, roles)
            except GraphError as error:
                result["error"] = {"code": error.code, "message": error.message}
            results.append(result)
        context = request.context("Collection(microsoft.graph.aadUserConversationMemberResult)")
        status = 207 if any(result["error"] for result in results) else 200
        return GraphResponse(status, {"@odata.context": context, "value": results})

    def change(self, request: GraphRequest) -> GraphResponse:
        body = request.read_json()
        roster = self._changeable(request)
        user_id = self._member(request, roster)
        members = {**roster.members, user_id: read_roles(body)}
        return self._answer(request, self._keep(roster, members, user_id, "updated"), user_id)

    def remove(self, request: GraphRequest) -> GraphResponse:
        roster = self._locate(request)
        user_id = self._member(request, roster)
        if user_id != request.caller.user_id:
            # Everybody may leave.
            roster = self._changeable(request)
        self._removed(roster, user_id)
        return no_content()

    def _changeable(self, request: GraphRequest) -> Roster:
        roster = self._locate(request)
        if not roster.may_change:
            raise forbidden()
        return roster

    def _keep(self, roster: Roster, members: Members, user_id: str, kind: Kind) -> Roster:
        if roster.keep is None:
            raise bad_request("The members of this conversation cannot be changed.")
        if roster.needs_owner and not any("owner" in roles for roles in members.values()):
            raise bad_request("The last owner can be neither removed nor made a member.")
        roster.keep(members)
        member_id = base64.b64encode(f"{roster.scope}##{user_id}".encode()).decode()
        container = f"{_plain(roster.room)}/members"
        self._store.record(container, member_id, kind)
        return replace(roster, members=members)


def counted(response: GraphResponse) -> GraphResponse:
    """A page with the number of its items, which Teams always tells."""
    body = dict(response.body)
    value = body.pop("value")
    given = body.pop("@odata.count", len(value))
    context = body.pop("@odata.context")
    return replace(
        response,
        body={"@odata.context": context, "@odata.count": given, **body, "value": value},
    )


def _plain(path: str) -> str:
    """`teams('1')/channels('2')` as `teams/1/channels/2`."""
    return re.sub(r"\('([^']*)'\)", r"/\1", path)
