"""Delta queries: rounds of pages, what changed since, tokens that expire or never were any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.graph.changes import Change, Changes, Kind
from tests.sandbox.graph.calls import NOW, TENANT, Graph, authorize, error_code, person
from tests.sandbox.in_process import InProcess

NOAH, AVA = person("noah.kim").id, person("ava.ramirez").id


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Directory:
    """Graph of one application, its clock, and its log of changes."""

    graph: Graph
    clock: Clock
    changes: Changes

    def change(self, user_id: str, kind: Kind = "updated", *properties: str) -> None:
        self.changes.record(
            "users", user_id, kind, resource=f"users/{user_id}", properties=properties
        )

    def pages(self, path: str, **headers: str) -> tuple[list[dict[str, Any]], str]:
        """All items of a round, and its delta link."""
        items: list[dict[str, Any]] = []
        while True:
            answer = self.graph.get(path, **headers)
            assert answer.status_code == 200, answer.text
            body = answer.json()
            assert ("@odata.nextLink" in body) != ("@odata.deltaLink" in body)
            items += body["value"]
            if "@odata.deltaLink" in body:
                return items, body["@odata.deltaLink"]
            path = body["@odata.nextLink"]


@pytest.fixture
def directory() -> Iterator[Directory]:
    clock = Clock()
    app = create_graph_app(TENANT, authorize, clock)
    with InProcess(app) as client:
        graph = Graph(client, f"Bearer user:{NOAH}:User.Read.All")
        yield Directory(graph, clock, app.state.context.changes)


def test_a_first_round_is_everything_once_and_later_ones_what_changed(directory: Directory) -> None:
    path = "/users/delta?$select=displayName,mobilePhone&$top=7"
    items, link = directory.pages(path)
    assert sorted(item["id"] for item in items) == sorted(p.id for p in TENANT.people)
    assert set(items[0]) <= {"id", "displayName", "mobilePhone"}
    assert "select" not in link, "the token holds the options"
    assert directory.pages(link)[0] == []
    directory.change(NOAH)
    directory.change(AVA, "deleted")
    items, following = directory.pages(link)
    assert [item["id"] for item in items] == [NOAH, AVA]
    assert set(items[0]) == {"id", "displayName", "mobilePhone"}
    assert items[1] == {"id": AVA, "@removed": {"reason": "changed"}}
    assert directory.pages(following)[0] == []
    assert len(directory.pages(link)[0]) == 2, "a link may be read again"


def test_properties_without_a_value_are_left_out_in_the_directory(directory: Directory) -> None:
    items, _ = directory.pages("/users/delta?$select=mobilePhone,displayName")
    without = [person.id for person in TENANT.people if person.mobile_phone is None]
    assert [item["id"] for item in items if "mobilePhone" not in item] == without


def test_changes_come_in_pages_too_and_those_made_meanwhile_in_the_next_round(
    directory: Directory,
) -> None:
    _, link = directory.pages("/users/delta?$select=id")
    ids = [p.id for p in TENANT.people[:7]]
    for user_id in ids:
        directory.change(user_id)
    first = directory.graph.get(link, Prefer="odata.maxpagesize=3").json()
    assert [item["id"] for item in first["value"]] == ids[:3]
    directory.change(ids[6])
    directory.change(ids[0])
    rest, following = directory.pages(first["@odata.nextLink"], Prefer="odata.maxpagesize=3")
    assert [item["id"] for item in rest] == ids[3:6]
    assert [item["id"] for item in directory.pages(following)[0]] == [ids[6], ids[0]]


def test_a_deletion_between_pages_hides_nobody(directory: Directory) -> None:
    first = directory.graph.get("/users/delta?$select=id&$top=10").json()
    # As a workload does it: the record is gone, and the change recorded.
    directory.change(first["value"][0]["id"], "deleted")
    rest, link = directory.pages(first["@odata.nextLink"])
    assert rest[0]["id"] == first["value"][9]["id"], "one is repeated, none is skipped"
    assert [item["id"] for item in directory.pages(link)[0]] == [first["value"][0]["id"]]


def test_return_minimal_shows_only_what_changed(directory: Directory) -> None:
    _, link = directory.pages("/users/delta?$select=displayName,jobTitle,mobilePhone")
    directory.change(NOAH, "updated", "jobTitle")
    directory.change(NOAH, "updated", "department")
    directory.change(AVA)
    answer = directory.graph.get(link, Prefer="return=minimal")
    assert answer.headers["preference-applied"] == "return=minimal"
    noah, ava = answer.json()["value"]
    assert noah == {"id": NOAH, "jobTitle": "Staff Engineer"}
    assert set(ava) == {"id", "displayName", "jobTitle", "mobilePhone"}


def test_latest_skips_what_is_there(directory: Directory) -> None:
    items, link = directory.pages("/users/delta?$deltatoken=latest&$select=displayName")
    assert items == []
    directory.change(NOAH)
    assert directory.pages(link)[0] == [{"id": NOAH, "displayName": "Noah Kim"}]


def test_a_filter_on_ids_holds_for_all_rounds(directory: Directory) -> None:
    items, link = directory.pages(f"/users/delta?$filter=id eq '{NOAH}'&$select=id")
    assert [item["id"] for item in items] == [NOAH]
    directory.change(AVA)
    directory.change(AVA, "deleted")
    directory.change(NOAH, "deleted")
    assert [item["id"] for item in directory.pages(link)[0]] == [NOAH]


def test_an_old_token_is_gone_and_the_location_begins_again(directory: Directory) -> None:
    _, link = directory.pages("/users/delta?$select=id,displayName")
    directory.clock.now += timedelta(days=7, seconds=1)
    answer = directory.graph.get(link)
    assert (answer.status_code, error_code(answer)) == (410, "syncStateNotFound")
    location = answer.headers["location"]
    assert "%24select=id%2CdisplayName" in location or "$select=id%2CdisplayName" in location
    assert location.endswith("$deltatoken=")
    assert len(directory.pages(location)[0]) == len(TENANT.people)


def test_a_token_of_another_run_is_gone(directory: Directory) -> None:
    _, link = directory.pages("/users/delta")
    other = InProcess(create_graph_app(TENANT, authorize, lambda: NOW))
    answer = Graph(other, directory.graph.authorization).get(link)
    assert (answer.status_code, error_code(answer)) == (410, "syncStateNotFound")


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("$deltatoken=x", "Request_BadRequest"),
        ("$deltatoken=%C3%A4", "Request_BadRequest"),
        ("$skiptoken=AAAAAAAAAAAAAAAAAAAA", "Request_BadRequest"),
        ("$skiptoken=x&$deltatoken=y", "BadRequest"),
        ("$filter=displayName eq 'x'", "Request_UnsupportedQuery"),
        ("$orderby=displayName", "Request_BadRequest"),
        ("$select=nothing", "BadRequest"),
        ("$top=0", "Request_BadRequest"),
    ],
)
def test_a_delta_query_without_sense_is_refused(
    directory: Directory, query: str, code: str
) -> None:
    answer = directory.graph.get(f"/users/delta?{query}")
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_the_log_tells_the_last_state_and_survives_being_written() -> None:
    changes, heard = Changes(), list[Change]()
    changes.on_change(heard.append)
    for id_, kind in (("a", "created"), ("b", "updated"), ("a", "updated"), ("c", "created")):
        changes.record("box", id_, kind, resource=f"box/{id_}", mailbox="m")  # type: ignore[arg-type]
    changes.record("box", "c", "deleted", resource="box/c")
    again = Changes()
    again.load(changes.dump())
    for log in (changes, again):
        assert log.since("box", 0) == {"b": "updated", "a": "created"}
        assert log.since("box", 1) == {"b": "updated", "a": "updated"}
        assert log.since("box", 4) == {"c": "deleted"}
        assert log.since("other", 0) == {}
        assert (log.epoch, log.position) == (changes.epoch, 5)
    assert heard[0] == Change(1, "box", "a", "created", "box/a", "m")
    again.load(Changes().dump())
    assert (again.position, again.epoch != changes.epoch) == (0, True)
