"""Requests nobody would write by hand about files and sites that are there: none ends in a 500."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from graphwright_sandbox.graph.routing import Operation
from tests.sandbox.graph.calls import person
from tests.sandbox.graph.files.conftest import Files

SCOPES = "Files.ReadWrite.All Sites.ReadWrite.All Sites.Manage.All Sites.FullControl.All"
_TEXTS = (
    "",
    "x",
    "ä/b",
    "CON",
    "..",
    "a" * 300,
    "\U0001f5fa",
    "rename",
    "fail",
    "view",
    "organization",
    "anonymous",
    "read",
    "genericList",
    "documentLibrary",
    "2030-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-99-99",
    "=[A]*[B]",
    "noah.kim@northwind.example",
    "/drive/root:/Documents",
)
_NAMES = (
    "name folder file parentReference id path driveId description fileSystemInfo createdDateTime "
    "@microsoft.graph.conflictBehavior item deferCommit type scope password expirationDateTime "
    "recipients roles email objectId fields Title displayName columns list template text number "
    "choice choices lookup listId calculated formula value grantedToIdentities application user "
    "Value Holder HolderLookupId InUse Bought AssetType Means defaultValue indexed maxLength "
    "contentType FileLeafRef hidden"
).split()
_QUERIES = (
    "$select={} $expand={} $orderby={} $orderby=fields/{} $top=1 $top=0 $skip=1 $count=true token={} "
    "$skiptoken={} $expand=fields($select={}) $expand=children($top=1) format=pdf search={} "
    "$filter=fields/{}+ne+null $filter=startswith({},'a') @microsoft.graph.conflictBehavior={}"
).split()
_PROPERTIES = (
    "id name fields folder children Title Holder size createdBy/user driveItem x *".split()
)


class Fuzz:
    """Random requests about what is really there."""

    def __init__(self, files: Files, app: Starlette, seed: int) -> None:
        self._chance = random.Random(seed)
        self._files = files
        self._operations: list[Operation] = [
            operation
            for workload in app.state.workloads
            if workload.name in ("files", "sites")
            for operation in workload.operations
        ]
        self._ids: dict[str, list[str]] = {
            "file": [one["id"] for one in files.value("/me/drive/root/delta?$select=id")],
            "drive": [files.get("/me/drive").json()["id"]],
            "site": ["root", files.get("/sites/root").json()["id"]],
            "list": [one["id"] for one in files.value("/sites/root/lists?$select=id,system")],
            "column": ["Title", "Value", "Holder", "Means"],
            "version": ["1.0", "2.0", "current"],
            "path": ["new.txt", "a/b.txt", "CON"],
            "size": ["small", "x"],
            "token": ["'latest'", "'x'"],
            "q": ["'a'", "'x y'"],
            "set": ["0"],
            "user": [person("noah.kim").id],
            "share": ["u!aHR0cHM6Ly8", "x"],
        }

    def send(self) -> Any:
        """One request, and its answer."""
        operation = self._chance.choice(self._operations)
        while operation.method == "DELETE" and self._chance.random() < 0.9:
            operation = self._chance.choice(self._operations)
        path = re.sub(r"\{(\w+)\}", lambda key: self._key(operation, key[1]), operation.path)
        if self._chance.random() < 0.4:
            query = self._chance.choice(_QUERIES).format(self._chance.choice(_PROPERTIES))
            path += f"?{query}"
        headers = {"Prefer": "HonorNonIndexedQueriesWarningMayFailRandomly"}
        if operation.method in ("GET", "DELETE"):
            return self._files.request(operation.method, path, headers=headers)
        body = {name: self._value(3) for name in self._chance.sample(_NAMES, 3)}
        return self._files.request(operation.method, path, json=body, headers=headers)

    def _key(self, operation: Operation, name: str) -> str:
        if name == "item" and "/lists/" in operation.path:
            return self._chance.choice(("1", "2", "7", "x"))
        if name == "item":
            name = "file"
        found: str = self._chance.choice(self._ids.get(name, ["x"]))
        return found

    def _value(self, depth: int) -> Any:
        kind = self._chance.random()
        if kind < 0.3 or not depth:
            return self._chance.choice(_TEXTS)
        if kind < 0.5:
            return self._chance.choice((0, 1, -1, 3.5, 1e308, True, None))
        if kind < 0.7:
            return [self._value(depth - 1) for _ in range(self._chance.randrange(3))]
        return {name: self._value(depth - 1) for name in self._chance.sample(_NAMES, 2)}


@pytest.mark.parametrize("seed", range(4))
def test_no_request_about_files_and_sites_ends_in_a_server_error(
    files_of: Callable[..., Files], app: Starlette, seed: int
) -> None:
    fuzz = Fuzz(files_of("noah.kim", SCOPES), app, seed)
    answers = [fuzz.send() for _ in range(150)]
    statuses = [answer.status_code for answer in answers]
    assert {status for status in statuses if status >= 500} == set()
    assert statuses.count(400) > 30
    assert sum(status < 400 for status in statuses) > 20
