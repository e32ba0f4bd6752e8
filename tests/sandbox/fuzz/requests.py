"""Requests at random over every operation that is served, half sensible and half not.

Deterministic by its seed. It must not know any workload: it reads operations and declared types.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphwright_sandbox.graph.edm import SCHEMA, Property, StructuredType
from graphwright_sandbox.graph.routing import Operation
from tests.sandbox.corpus.caller import Everything, NothingThere

_WORDS = (
    "subject isRead start/dateTime displayName 'x' '' null true 5 -1 1.5 ( ) , / : eq ne gt in and "
    "or not startswith( contains( any( all( a:a 2026-03-01 2026-13-01T00:00Z $it id & = % ' \" \\ "
    "\U0001f5fa é %00 %2F .. {{ }} duration'P1D' $count has cast( 00000000-0000-0000-0000-000000000000"
).split()
_SENSIBLE = {
    "filter": ("id eq 'x'", "startswith(displayName,'a')", "id ne null", "not(id eq 'y')"),
    "select": ("id", "id,displayName", "*"),
    "expand": ("members", "fields", "attachments", "children($select=id)", "manager($levels=2)"),
    "orderby": ("id", "displayName desc", "createdDateTime"),
    "top": ("1", "2", "999"),
    "skip": ("0", "1", "100000"),
    "skiptoken": ("abc", "RFNwdAIAAQ"),
    "deltatoken": ("latest", "abc"),
    "count": ("true", "false"),
    "search": ('"displayName:a"', '"a"', "a AND b", '"subject:x OR y"'),
    "format": ("json",),
}
_ODD_IDS = (
    "x",
    "0",
    "'",
    "\U0001f5fa",
    "a" * 300,
    "00000000-0000-0000-0000-000000000000",
    "..",
    "*",
)
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"ConsistencyLevel": "eventual"},
    {"Prefer": 'outlook.timezone="Tokyo Standard Time", odata.maxpagesize=3'},
    {"Prefer": 'IdType="ImmutableId", return=minimal'},
    {"If-Match": "*"},
    {"If-Match": 'W/"nonsense"'},
    {"Accept": "application/json;odata.metadata=none"},
    {"Prefer": "=;,"},
    {"Accept-Language": "xx", "client-request-id": "x" * 300},
)
_ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, "", "x", "2026-03-20T00:00:00", "9999-12-31T23:59:59Z", "UTC",
    [], [None], {}, [{}], "\U0001f5fa", "\ud800", 10**25, {"@odata.type": "#microsoft.graph.nosuch"},
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    options: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.options}"


def fill_keys(operation: Operation, everything: Everything) -> str:
    """The operation's path with ids of the seed; `x` where the seed has nothing."""
    path = operation.path
    for _ in range(path.count("{")):
        before, _, rest = path.partition("{")
        try:
            key = everything.first_id(before.rstrip("/"))
        except (NothingThere, KeyError, ValueError, TypeError, AttributeError):
            key = "x"
        path = before + key + rest.partition("}")[2]
    return path


class Fuzzer:
    """Calls of any number over the operations."""

    def __init__(self, seed: int, operations: list[tuple[Operation, str]]) -> None:
        self._chance = random.Random(seed)
        self._operations = operations
        self._types = {name.lower(): one for name, one in SCHEMA.structured.items()}

    def calls(self, number: int) -> Iterator[Call]:
        for _ in range(number):
            yield self._call(*self._chance.choice(self._operations))

    def _call(self, operation: Operation, path: str) -> Call:
        chance = self._chance
        if chance.random() < 0.15:
            parts = path.split("/")
            parts[chance.randrange(1, len(parts))] = chance.choice(_ODD_IDS)
            path = "/".join(parts)
        options: dict[str, Any] = {"headers": dict(chance.choice(_HEADERS))}
        options["params"] = self._query(operation)
        if operation.method in ("POST", "PATCH", "PUT"):
            options |= self._body(operation)
            options["headers"]["Content-Type"] = "application/json"
        return Call(operation.method, path, options)

    def _query(self, operation: Operation) -> dict[str, str]:
        chance = self._chance
        names = sorted(operation.options) or ["filter"]
        query = {"startDateTime": "2026-03-01", "endDateTime": "2026-04-01"}
        for name in chance.sample(names, min(len(names), chance.randint(0, 3))):
            text = " ".join(chance.choices(_WORDS, k=chance.randint(1, 7)))
            if chance.random() < 0.6:
                text = chance.choice(_SENSIBLE.get(name, ("1",)))
            query[f"${name}"] = text
        return query

    def _body(self, operation: Operation) -> dict[str, Any]:
        chance = self._chance
        if chance.random() < 0.1:
            odd = (b"", b"{", b"[]", b"null", b'{"a":' * 2000, b"\xff\xfe", b'{"a":1,"a":2}')
            return {"content": chance.choice(odd)}
        return {"content": json.dumps(self._entity(self._type_of(operation), 3)).encode()}

    def _type_of(self, operation: Operation) -> StructuredType:
        for segment in reversed(operation.path.lower().split("/")):
            for name in (segment, segment.removesuffix("s"), segment.removesuffix("es")):
                if name in self._types:
                    return self._types[name]
        return self._chance.choice(list(self._types.values()))

    def _entity(self, declared: StructuredType, depth: int) -> dict[str, Any]:
        chance = self._chance
        properties = list(declared.properties.values())
        chosen = chance.sample(properties, min(len(properties), chance.randint(1, 8)))
        body = {each.name: self._value(each, depth) for each in chosen}
        for navigation in declared.navigation.values():
            if chance.random() < 0.1:
                body[navigation.name] = self._value(navigation, depth)
        if chance.random() < 0.05:
            body["noSuchProperty"] = 1
        return body

    def _value(self, declared: Property, depth: int) -> Any:
        chance = self._chance
        if chance.random() < 0.2:
            return chance.choice(_ODD_VALUES)
        if declared.collection:
            return [self._single(declared, depth) for _ in range(chance.randint(0, 2))]
        return self._single(declared, depth)

    def _single(self, declared: Property, depth: int) -> Any:
        chance = self._chance
        if declared.type in SCHEMA.enums:
            return chance.choice(SCHEMA.enums[declared.type])
        if declared.type in SCHEMA.structured:
            return self._entity(SCHEMA.structured[declared.type], depth - 1) if depth else {}
        plain: dict[str, Any] = {
            "Edm.Boolean": chance.random() < 0.5,
            "Edm.DateTimeOffset": "2026-03-20T10:00:00Z",
            "Edm.Date": "2026-03-20",
            "Edm.TimeOfDay": "10:00:00",
            "Edm.Duration": "PT1H",
            "Edm.Binary": "AAAA",
            "Edm.Guid": "00000000-0000-0000-0000-000000000001",
            "Edm.Double": 1.5,
        }
        if declared.type.startswith("Edm.Int"):
            return chance.randint(0, 9)
        return plain.get(declared.type, chance.choice(("x", "2026-03-20T10:00:00", "UTC", "<b>")))
