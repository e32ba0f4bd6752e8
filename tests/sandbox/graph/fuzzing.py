"""Requests by chance over every route: paths of things that exist, queries by grammar, typed bodies.

The same seed gives the same requests.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.edm import SCHEMA
from graphwright_sandbox.graph.routing import Operation
from tests.sandbox.graph.calls import person

ME = person("noah.kim").id
SLOW = 5.0
"""Seconds of CPU after which a request counts as hanging."""
_LITERALS = (
    "'x' '' 'it''s' 1 -5.5 1e400 99999999999999999999 true null 2026-01-01 2026-13-01 "
    "2026-01-01T00:00:00Z duration'PT1H' duration'P99999999999D' microsoft.graph.importance'high' "
    "00000000-0000-0000-0000-000000000000"
).split()
_COMMON = (
    "id displayName subject createdDateTime start/dateTime from/emailAddress/address name title "
    "isRead importance mail fields/Title lastModifiedDateTime categories assignedLicenses body"
).split()
_NUMBERS = ("0", "1", "5", "999", "1000", "1001", "-1", "x", "")
_SEARCHES = ('"displayName:a"', "x", '"a" AND "b"', '"subject:x"', "from:a OR (b", '"')
_ODD_KEYS = ("x", "root", "inbox", "a b", "%00", "'x'", "AAMkAD" + "A" * 60, ME.upper())
_VALUES: tuple[Any, ...] = (None, True, 0, -1, 1.5, "", "x", "2026-03-20T00:00:00Z", "UTC")


@dataclass(frozen=True)
class Asked:
    """One request, to be read in a failure."""

    method: str
    path: str
    query: str
    body: bytes


@dataclass(frozen=True)
class Failure:
    asked: Asked
    reason: str


class Fuzzer:
    """Requests for one application, whose things are found by listing them first."""

    def __init__(self, app: Any, seed: int) -> None:
        self.app = app
        self._chance = random.Random(seed)
        self._operations: list[Operation] = [
            operation for operation in app.state.operations if not _is_fatal(operation)
        ]
        permissions = {
            permission
            for workload in app.state.workloads
            for row in workload.requirements.values()
            for permission in (*row.me, *row.delegated)
        }
        self._authorization = f"Bearer user:{ME}:{' '.join(sorted(permissions))}".encode()
        # By type: which properties and navigation a path may name.
        self._names = sorted(
            {name for t in SCHEMA.structured.values() for name in (*t.properties, *t.navigation)}
        )
        self._keys: dict[str, list[str]] = {"user": [ME, person("ava.ramirez").id]}

    async def discover(self) -> None:
        """Learns the ids of what can be listed, what lies below it after it."""
        for operation in sorted(self._operations, key=lambda one: one.path.count("{")):
            if operation.method != "GET" or "filter" not in operation.options:
                continue
            below = f"{operation.path}/{{"
            keys = {
                other.path[len(below) :].partition("}")[0]
                for other in self._operations
                if other.path.startswith(below)
            }
            path = self._path(operation, odd=0)
            status, body = await self._send(Asked("GET", path, "$top=5", b""))
            if status == 200 and keys:
                ids = [item["id"] for item in json.loads(body).get("value", ()) if "id" in item]
                self._keys.setdefault(keys.pop(), []).extend(ids)

    def requests(self, count: int) -> Iterator[Asked]:
        for _ in range(count):
            operation = self._chance.choice(self._operations)
            query = "&".join(f"${name}={quote(value)}" for name, value in self._options(0))
            body = b"" if operation.method == "GET" else self._body()
            yield Asked(operation.method, self._path(operation, odd=0.1), query, body)

    async def find_failures(self, count: int) -> tuple[dict[int, int], list[Failure]]:
        """How often each status came, and what ended in an exception, a 500 or late."""
        statuses: dict[int, int] = {}
        failures = []
        for asked in self.requests(count):
            began = time.process_time()
            try:
                status, _ = await asyncio.wait_for(self._send(asked), 60)
            except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for
                failures.append(Failure(asked, repr(error)))
                continue
            statuses[status] = statuses.get(status, 0) + 1
            if status >= 500:
                failures.append(Failure(asked, str(status)))
            elif time.process_time() - began > SLOW:
                failures.append(Failure(asked, "slow"))
        return statuses, failures

    async def _send(self, asked: Asked) -> tuple[int, bytes]:
        statuses: list[int] = []
        content = bytearray()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": asked.body, "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            content.extend(message.get("body", b""))

        scope = {
            "type": "http",
            "method": asked.method,
            "scheme": "http",
            "path": asked.path,
            "raw_path": quote(asked.path, safe="/%()':=,$").encode(),
            "query_string": asked.query.encode(),
            "server": ("testserver", 80),
            "headers": [
                (b"host", b"testserver"),
                (b"authorization", self._authorization),
                (b"content-type", b"application/json"),
                (b"consistencylevel", b"eventual"),
            ],
        }
        await self.app(scope, receive, send)
        return statuses[0], bytes(content)

    def _path(self, operation: Operation, odd: float) -> str:
        parts = ["", "v1.0"]
        for part in operation.path.strip("/").split("/"):
            known = self._keys.get(part.strip("{}:"))
            if not part.startswith("{"):
                parts.append(part)
            elif known and self._chance.random() >= odd:
                parts.append(self._chance.choice(known[:20]) + ":" * part.endswith(":"))
            else:
                parts.append(self._chance.choice(_ODD_KEYS) + ":" * part.endswith(":"))
        if self._chance.random() < odd / 2:
            parts.append(self._chance.choice([*self._names, "$value", "$count", "$ref"]))
        return "/".join(parts)

    def _property(self) -> str:
        chance = self._chance
        if chance.random() < 0.6:
            return chance.choice(_COMMON)
        names = "/".join(chance.choices(self._names, k=chance.choice((1, 1, 2))))
        return names + ("/$count" if chance.random() < 0.1 else "")

    def _filter(self, depth: int = 0) -> str:
        chance = self._chance
        literal, name = chance.choice(_LITERALS), self._property()
        match chance.randrange(6 if depth > 3 else 10):
            case 0:
                return (
                    f"{chance.choice(('startswith', 'contains', 'year', 'no'))}({name},{literal})"
                )
            case 1:
                return f"{name} in ({literal},{chance.choice(_LITERALS)})"
            case 2:
                return "".join(chance.choices("()'/:,=ab 1$@-.*", k=chance.randrange(30)))
            case 6:
                return f"not ({self._filter(depth + 1)})"
            case 7:
                inner = self._filter(depth + 1)
                return f"({inner}) {chance.choice(('and', 'or'))} {self._filter(depth + 1)}"
            case 8 | 9:
                return f"{name}/{chance.choice(('any', 'all'))}(x:x/{self._filter(depth + 1)})"
        return f"{name} {chance.choice(('eq', 'ne', 'gt', 'le', 'has'))} {literal}"

    def _options(self, depth: int) -> list[tuple[str, str]]:
        chance = self._chance
        made: dict[str, Callable[[], str]] = {
            "select": lambda: ",".join(self._property() for _ in range(chance.randrange(1, 4))),
            "filter": self._filter,
            "orderby": lambda: self._property() + chance.choice(("", " desc", " up")),
            "top": lambda: chance.choice(_NUMBERS),
            "skip": lambda: chance.choice(_NUMBERS),
            "count": lambda: chance.choice(("true", "false", "x")),
            "search": lambda: chance.choice(_SEARCHES),
            "expand": lambda: self._expand(depth),
            "skiptoken": lambda: chance.choice(("x", "", "RFNwdAIAAQNS5hYmM")),
            "deltatoken": lambda: chance.choice(("x", "", "latest")),
            "levels": lambda: "max",
            "nothing": lambda: "1",
        }
        names = chance.sample(sorted(made), chance.choice((0, 0, 1, 2)))
        return [(name, made[name]()) for name in names]

    def _expand(self, depth: int) -> str:
        nested = self._options(depth + 1) if depth < 3 and self._chance.random() < 0.6 else []
        options = ";".join(f"${name}={value}" for name, value in nested)
        return self._chance.choice(self._names) + (f"({options})" if options else "")

    def _body(self) -> bytes:
        def tree(depth: int) -> Any:
            if depth and self._chance.random() < 0.4:
                made = {n: tree(depth - 1) for n in self._chance.sample(self._names, 2)}
                return made if self._chance.random() < 0.7 else [made]
            return self._chance.choice(_VALUES)

        names = self._chance.sample(self._names, self._chance.randrange(5))
        return json.dumps({name: tree(2) for name in names}).encode()


def _is_fatal(operation: Operation) -> bool:
    """What would end the caller's own access, and with it the meaning of all later requests."""
    own = operation.method != "GET" and operation.path == "/users/{user}"
    return own or "revoke" in operation.path.lower() or "invalidate" in operation.path.lower()
