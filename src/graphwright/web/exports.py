"""Downloads of the rows a page shows: JSON and CSV, streamed. Pure but for the rows coming in."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence

from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.pages.rows import Column, Part

# What a spreadsheet would take for a formula, or what could end the cell and begin another one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 200


async def as_json(part: Part, rows: AsyncIterator[JsonObject]) -> AsyncIterator[bytes]:
    """An array of objects, one a line, in the shapes that rows have."""
    names = [column.name for column in part.columns if column.shown]
    before = "[\n"
    async for row in rows:
        text = json.dumps({name: row.get(name) for name in names}, ensure_ascii=False)
        yield (before + text).encode("utf-8", "replace")
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


async def as_csv(part: Part, rows: AsyncIterator[JsonObject]) -> AsyncIterator[bytes]:
    """A line of titles, then a line a row; a zoned_datetime takes two columns.

    UTF-8 with a mark at the start, without which spreadsheets read another character set.
    """
    columns = [column for column in part.columns if column.shown]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([_cell(title) for column in columns for title in _titles(column)])
    count = 0
    async for row in rows:
        writer.writerow([cell for c in columns for cell in _cells(c, row.get(c.name))])
        count += 1
        if count % _BATCH == 0:
            yield _take(buffer)
    yield _take(buffer)


def _take(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _titles(column: Column) -> Sequence[str]:
    if column.type == "zoned_datetime":
        return (column.title, f"{column.title} (time zone)")
    return (column.title,)


def _cells(column: Column, value: JsonValue) -> Sequence[str]:
    if column.type == "zoned_datetime":
        value = value if isinstance(value, dict) else {}
        return (_cell(value.get("dateTime")), _cell(value.get("timeZone")))
    if column.type == "file":
        return (_cell(value.get("name") if isinstance(value, dict) else None),)
    return (_cell(value),)


def _cell(value: JsonValue) -> str:
    """The text of a cell. A text that would be a formula gets a `'`, numbers stay as they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text
