"""Somebody who may do everything, and where the ids come from that documented requests leave open.

It must not know which requests are asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.sandbox.graph.calls import NOW, TENANT, Answer, person

PERSON = "noah.kim"
COWORKER = "olivia.brandt"
# Collections that cannot be listed as such, and the question that lists them.
_LISTED_BY = {
    "teams": "/me/joinedTeams",
    "chats": "/me/chats",
    "drives": "/me/drives",
    "planner/plans": "/me/planner/plans",
    "planner/tasks": "/me/planner/tasks",
    "planner/buckets": "/planner/plans/{}/buckets",
    "sites": "/sites?search=*",
    "directoryObjects": "/users",
    "sites/root/pages": "/sites/root/pages?$filter=pageLayout eq 'home'",
    "me/messages": "/me/messages?$filter=hasAttachments eq true",
}


class NothingThere(LookupError):
    """The seed has nothing that the key of a path could name."""


@dataclass
class Everything:
    """Requests of one person whose application may do everything."""

    client: TestClient
    permissions: str
    _ids: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        owner = person(PERSON).id
        headers = {"Authorization": f"Bearer user:{owner}:{self.permissions}"}
        headers |= options.pop("headers", {})
        if method == "DELETE":
            # What is gone is nobody's first any more.
            self._ids.clear()
        return self.client.request(method, f"/v1.0{path}", headers=headers, **options)

    def first_id(self, collection: str) -> str:
        """The id of the first item of a collection; NothingThere where there is none."""
        if collection == "/users":
            return person(PERSON).id
        found = self._ids.get(collection)
        if found is None:
            answer = self.ask("GET", self._question(collection))
            items = answer.json().get("value") if answer.status_code == 200 else None
            if not isinstance(items, list) or not items:
                raise NothingThere(collection)
            found = self._ids[collection] = str(items[0]["id"])
        return found

    def fill(self, template: str) -> str:
        """A path whose `{keys}` are ids of the seed, each the first of its collection."""
        done = ""
        for segment in template.strip("/").split("/"):
            keyed = re.search(r"\{[^}]*\}", segment)
            if keyed is None:
                done += f"/{segment}"
            elif segment == keyed[0]:
                done += f"/{self.first_id(done)}"
            else:
                raise NothingThere(segment)
        return done

    def _question(self, collection: str) -> str:
        name = collection.strip("/")
        question = _LISTED_BY.get(name, collection)
        return question.format(self.first_id("planner/plans")) if "{}" in question else question


def create_everything(app: Starlette, client: TestClient) -> Everything:
    requirements = [row for each in app.state.workloads for row in each.requirements.values()]
    return Everything(
        client,
        " ".join(sorted({each for row in requirements for each in (*row.me, *row.delegated)})),
    )


def placeholder(name: str, everything: Everything) -> str:
    """The value of a placeholder of Graph Explorer's sample queries."""
    plain = {
        "user-mail": person(PERSON).mail,
        "coworker-mail": person(COWORKER).mail,
        "id": person("grace.thompson").id,
        "today": f"{NOW:%Y-%m-%dT%H:%M:%S}",
        "next-week": f"{NOW + timedelta(days=7):%Y-%m-%dT%H:%M:%S}",
        "domain": TENANT.domain,
        "task-title": "A task",
        "list-title": "A title",
        "index": "0",
        "host-name": f"{TENANT.domain.partition('.')[0]}.sharepoint.com",
    }
    listed = {
        "group-id": "/groups",
        "team-id": "teams",
        "message-id": "/me/messages",
        "plan-id": "planner/plans",
        "task-id": "planner/tasks",
        "list-id": "/sites/root/lists",
        "taskListId": "/me/todo/lists",
        "extension-id": "/me/extensions",
        "siteId": "sites",
        "pageId": "/sites/root/pages",
    }
    if name in plain:
        return plain[name]
    if name == "group-id-with-plan":
        return everything.first_id("teams")
    if name == "server-relative-path":
        addresses: list[str] = [
            each["webUrl"] for each in everything.ask("GET", "/sites?search=*").json()["value"]
        ]
        return next(each for each in addresses if "/sites/" in each).split("/", 3)[3]
    if name == "channel-id":
        return everything.first_id(f"/teams/{everything.first_id('teams')}/channels")
    if name == "taskId":
        return everything.first_id(f"/me/todo/lists/{everything.first_id('/me/todo/lists')}/tasks")
    if name in ("sectionId", "columnId"):
        page = f"/sites/root/pages/{everything.first_id('/sites/root/pages')}"
        sections = f"{page}/microsoft.graph.sitePage/canvasLayout/horizontalSections"
        section = everything.first_id(sections)
        wanted_column = name == "columnId"
        return everything.first_id(f"{sections}/{section}/columns") if wanted_column else section
    if name in listed:
        return everything.first_id(listed[name])
    raise NothingThere(name)
