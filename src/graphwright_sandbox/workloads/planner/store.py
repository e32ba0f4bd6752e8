"""The plans, buckets and tasks of the tenant: kept, seeded when first looked at, stamped.

Records are Graph's own JSON; a task keeps its details and board formats under names with an
underscore, which no answer shows. Knows no HTTP.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from graphwright_sandbox.graph.changes import Kind
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.workloads.planner.errors import not_found

_ETAG = re.compile(r'W/"([A-Za-z0-9+/]+={0,2})"')


@dataclass
class Board:
    """Everything Planner holds, by id."""

    plans: dict[str, Record] = field(default_factory=dict)
    buckets: dict[str, Record] = field(default_factory=dict)
    tasks: dict[str, Record] = field(default_factory=dict)


class PlannerStore:
    """The board of the tenant. Every write is said to `context.changes`."""

    def __init__(self, context: GraphContext, seed: Callable[[GraphContext, Board], None]) -> None:
        self.context = context
        self._seed = seed
        self._board: Board | None = None
        context.state.add("planner", self._dump, self._load)

    def _dump(self) -> Any:
        return None if self._board is None else asdict(self._board)

    def _load(self, value: Mapping[str, Any] | None) -> None:
        self._board = None if value is None else Board(**value)

    @property
    def board(self) -> Board:
        if self._board is None:
            self._board = Board()
            self._seed(self.context, self._board)
        return self._board

    def plan(self, identifier: str) -> Record:
        """A plan, which lives no longer than its group."""
        record = _find(self.board.plans, identifier)
        if self.context.tenant.groups.find(record["owner"]) is None:
            raise not_found()
        return record

    def bucket(self, identifier: str) -> Record:
        return _find(self.board.buckets, identifier)

    def task(self, identifier: str) -> Record:
        return _find(self.board.tasks, identifier)

    def put(self, kind: str, record: Record) -> None:
        """One more plan, bucket or task (`kind` is `plans`, …)."""
        getattr(self.board, kind)[record["id"]] = record
        self._record(kind, record, "created")

    def updated(self, kind: str, record: Record) -> None:
        self._record(kind, record, "updated")

    def remove(self, kind: str, record: Record) -> None:
        """Takes an item out, and what lies in it."""
        board = self.board
        if kind == "plans":
            for bucket in [b for b in board.buckets.values() if b["planId"] == record["id"]]:
                self.remove("buckets", bucket)
            for task in [t for t in board.tasks.values() if t["planId"] == record["id"]]:
                self.remove("tasks", task)
        elif kind == "buckets":
            for task in [t for t in board.tasks.values() if t["bucketId"] == record["id"]]:
                self.remove("tasks", task)
        del getattr(board, kind)[record["id"]]
        self._record(kind, record, "deleted")

    def _record(self, kind: str, record: Record, change: Kind) -> None:
        resource = f"planner/{kind}/{record['id']}"
        self.context.changes.record(f"planner/{kind}", record["id"], change, resource=resource)


def _find(records: dict[str, Record], identifier: str) -> Record:
    record = records.get(identifier)
    if record is None:
        raise not_found()
    return record


def new_id() -> str:
    return secrets.token_urlsafe(21)


def seeded_id(*parts: object) -> str:
    """The id of a seeded item: the same parts give the same id in every run."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return base64.urlsafe_b64encode(digest[:21]).decode()


def stamp(record: Record, kind: str) -> None:
    """The record has another state: another etag. `kind` (`Task`, …) stands in the etag."""
    record["_revision"] = record.get("_revision", 0) + 1
    text = f"'1-{kind} {record['_revision']:@>18}'"
    record["@odata.etag"] = f'W/"{base64.b64encode(text.encode()).decode()}"'


def etag_kind(etag: str) -> str | None:
    """The kind an etag was made for; None where it never was one."""
    match = _ETAG.fullmatch(etag.strip())
    if match is None:
        return None
    try:
        text = base64.b64decode(match[1]).decode("ascii")
    except ValueError:
        return None
    found = re.fullmatch(r"'1-(\w+) @*\d+'", text)
    return found[1] if found else None
