"""Runs an import: maps items page by page and writes them in short transactions.

Rows and the continuation (where the next page is) are committed together, so that a run that was cut
off goes on where it stopped. Knows no HTTP: it is given items.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from graphwright.imports import write
from graphwright.imports.definition import ImportDefinition
from graphwright.imports.errors import ImportIncomplete, ImportInvalid, SharedListRefused
from graphwright.imports.map import Mapper
from graphwright.imports.report import ImportReport
from graphwright.imports.rows import Mapped, Removed, Row
from graphwright.imports.write import Batch, Target
from graphwright.kernel.ids import new_id
from graphwright.kernel.values import JsonValue
from graphwright.lists import Lists, RangeFilter, bind_owner
from graphwright.lists.query import overlap

Mode = Literal["upsert", "replace"]
MODES: Final = ("upsert", "replace")
# A batch ends at the first of these, so that an import never stalls another writer.
_MOST_PAGES: Final = 10
_MOST_BYTES: Final = 32_000_000
_SECONDS: Final = 0.1
_FIRST_ROWS: Final = 2_000
_ROWS: Final = (100, 50_000)
_DELETED_AT_ONCE: Final = 2_000
# A nextLink is good for a while only; an older run starts again.
_RESUME_WITHIN: Final = timedelta(hours=1)
_PART: Final = 1_000


class Importer:
    """One run of an import: `apply` each page, then `finish`.

    `scope` says what is read (owner, resolved URL and query): `replace` deletes rows of the same
    scope that did not come again. `within` besides deletes rows of the owner that overlap the
    range and did not come.
    """

    def __init__(
        self,
        lists: Lists,
        definition: ImportDefinition,
        *,
        name: str,
        owner: str | None,
        scope: str = "",
        mode: Mode = "upsert",
        within: RangeFilter | None = None,
        from_user: bool = False,
    ) -> None:
        if mode not in MODES:
            raise ImportInvalid(f"The mode is upsert or replace, not {mode!r}.")
        self.mapper = Mapper(definition, lists.tables)
        listed = self.mapper.listed
        if from_user and listed.is_shared and not definition.share:
            raise SharedListRefused(
                f"{listed.name} is a list all see, and the response is one user's.",
                hint="Set `owner: user` in the list, or `share: true` in the import.",
                list=listed.name,
            )
        if within is not None:
            overlap(listed, within)  # refuses wrong fields before anything is written
        self.report = ImportReport()
        self._lists = lists
        self._mode = mode
        self._within = within
        self._target = Target(
            name, listed, bind_owner(listed, owner), scope, new_id(), mode == "replace"
        )
        self._rows: dict[str, Row | None] = {}
        self._number = 0
        self._pages = 0
        self._bytes = 0
        self._budget = _FIRST_ROWS
        self._reached: JsonValue = None
        self._is_broken = False
        self._is_done = False

    async def resume(self, now: datetime | None = None) -> JsonValue:
        """The continuation of a run that was cut off, which this run then goes on with; else None."""
        database = self._lists.database
        found = await database.read(write.read_continuation, self._target)
        if found is None:
            return None
        age = (now or datetime.now(UTC)) - found.good_from
        if age > _RESUME_WITHIN:
            return None
        self._target = self._target.go_on(found.import_id)
        self.report = ImportReport.from_json(found.report)
        self.report.resumed = True
        self._number = found.number
        return found.continuation

    async def apply(
        self, items: Sequence[JsonValue], continuation: JsonValue = None, size: int = 0
    ) -> None:
        """Takes a page: its items, where the next page is (None: nowhere), and its bytes.

        What is pending is written when a batch is full. `ImportFailed` where a policy says so.
        """
        try:
            await asyncio.to_thread(self._map, items)
            self._reached = continuation
            self._pages += 1
            self._bytes += size
            weight = sum(1 if row is None else row.weight for row in self._rows.values())
            is_full = self._pages >= _MOST_PAGES or self._bytes >= _MOST_BYTES
            if is_full or weight >= self._budget:
                await self._flush(continuation)
        except BaseException:
            self._is_broken = True
            raise

    async def keep(self, not_before: datetime | None = None) -> None:
        """Writes the pages that came whole: the next one did not, and a later run begins with it.

        `not_before`: when it may come.
        """
        if not self._is_broken and self._reached is not None:
            self._is_broken = True
            await self._flush(self._reached)
        if not_before is not None:
            await self._lists.database.write(write.defer_continuation, self._target, not_before)

    async def apply_document(self, document: JsonValue) -> ImportReport:
        """Takes a whole document, in parts, and finishes."""
        items = self.mapper.items(document)
        for start in range(0, len(items), _PART):
            await self.apply(items[start : start + _PART])
        return await self.finish()

    async def finish(self) -> ImportReport:
        """Writes the rest after the last page came; with `replace` deletes what did not come."""
        if self._is_broken:
            raise ImportIncomplete(
                "The import broke off before its last page; nothing is deleted.",
                hint="Run it again.",
            )
        await self._flush(None, is_last=True)
        while not self._is_done:
            await self._write(Batch([], [], None, self._number), is_last=True)
        return self.report

    def _map(self, items: Sequence[JsonValue]) -> None:
        for item in items:
            self._number += 1
            found = self.mapper.map(item, self._number)
            if isinstance(found, Mapped):
                if self._rows.pop(found.row.key, None) is not None:
                    self.report.duplicates += 1
                self._rows[found.row.key] = found.row
                self.report.note(found.notices)
            elif isinstance(found, Removed):
                self._rows.pop(found.key, None)
                self._rows[found.key] = None
            else:
                self.report.skipped += 1
                self.report.note(found.reasons)

    async def _flush(self, continuation: JsonValue, *, is_last: bool = False) -> None:
        """Writes what is pending; the continuation, or the run's end, goes with the last part of it."""
        pending = list(self._rows.items())
        if not pending and continuation is None and not is_last:
            return
        while True:
            part, weight = self._take(pending)
            pending = pending[len(part) :]
            rows = [row for _, row in part if row is not None]
            removed = [key for key, row in part if row is None]
            batch = Batch(rows, removed, None if pending else continuation, self._number)
            began = time.perf_counter()
            await self._write(batch, is_last=is_last and not pending)
            elapsed = max(time.perf_counter() - began, 1e-6)
            for key, _ in part:
                del self._rows[key]
            fitting = int(max(weight, 1) * _SECONDS / elapsed)
            self._budget = min(max(fitting, _ROWS[0]), _ROWS[1])
            if not pending:
                break
        self._pages = 0
        self._bytes = 0

    async def _write(self, batch: Batch, *, is_last: bool) -> None:
        """One transaction. The last ends the run as well: small imports wait for their turn once."""
        write_with = self._lists.database.write
        if is_last:
            stale = _DELETED_AT_ONCE if self._mode == "replace" else 0
            done, self._is_done = await write_with(
                write.write_last, self._target, self.mapper, batch, self.report, self._within, stale
            )
        else:
            done = await write_with(
                write.write_batch, self._target, self.mapper, batch, self.report
            )
        self.report.add(done)

    def _take(
        self, pending: list[tuple[str, Row | None]]
    ) -> tuple[list[tuple[str, Row | None]], int]:
        weight = 0
        for count, (_, row) in enumerate(pending):
            weight += 1 if row is None else row.weight
            if weight >= self._budget:
                return pending[: count + 1], weight
        return pending, weight
