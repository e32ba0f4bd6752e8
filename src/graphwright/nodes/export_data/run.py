"""Streams rows into a file, or collects them in a variable."""

import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from graphwright.flows.context import Context, Exit
from graphwright.kernel.errors import FileNotWritten, InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import Filter, RowQuery, parse_sort
from graphwright.nodes.export_data.config import Config

# As many as any reader of a whole collection gets.
_ROWS_IN_VARIABLE = 10_000
# What a spreadsheet would take for a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


async def run(config: Config, context: Context) -> Exit:
    """Exports the rows that the user of this run may see."""
    filters = [
        Filter(item.field, item.op, await context.render(item.value)) for item in config.filters
    ]
    query = RowQuery(filters=tuple(filters), sort=parse_sort(config.sort), limit=None)
    rows = context.services.lists.export(config.list, context.owner, query)
    fields = list(context.services.lists.table(config.list).definition.fields)
    if config.result is not None:
        context.set(config.result, await _collect(config, context, rows, fields))
    else:
        path = _path(context.services.settings.data / "exports", await context.render(config.file))
        context.count(exported=await _write(config, path, rows, fields))
    return Exit()


async def _collect(
    config: Config, context: Context, rows: AsyncIterator[JsonObject], fields: list[str]
) -> JsonValue:
    found: list[JsonObject] = []
    async for row in rows:
        if len(found) >= _ROWS_IN_VARIABLE:
            raise InvalidInput(
                f"The list {config.list} has more than {_ROWS_IN_VARIABLE:,} rows to export.",
                hint="Filter them, or export them into a file.",
            )
        found.append({name: row.get(name) for name in fields})
    context.count(exported=len(found))
    if config.format == "json":
        return found
    text = io.StringIO()
    text.write(csv_line(fields))
    for row in found:
        text.write(csv_line([row[name] for name in fields]))
    return text.getvalue()


async def _write(
    config: Config, path: Path, rows: AsyncIterator[JsonObject], fields: list[str]
) -> int:
    """Writes beside the file and then puts it in its place, so that no half file is ever seen."""
    number = 0
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Users' data is for the user of this process alone, whatever the umask says.
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        # Rows are written a few at a time and the file lies on this machine: no thread is worth it.
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(csv_line(fields) if config.format == "csv" else "[")
            async for row in rows:
                values = {name: row.get(name) for name in fields}
                if config.format == "csv":
                    file.write(csv_line(list(values.values())))
                else:
                    file.write(
                        ("," if number else "") + "\n" + json.dumps(values, ensure_ascii=False)
                    )
                number += 1
            file.write("" if config.format == "csv" else "\n]\n")
        part.replace(path)
    except OSError as error:
        raise FileNotWritten.of(path, error) from error
    finally:
        # Whatever went wrong, no half file stays; behind a good end it is not there any more.
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return number


def _path(folder: Path, name: JsonValue) -> Path:
    """The file below the folder; refuses names that lead out of it."""
    try:
        path = (folder / str(name)).resolve() if name else folder
        # What is still a link behind `resolve` goes round in a circle.
        is_below = folder.resolve() in path.parents and not path.is_symlink()
    except (OSError, ValueError, RuntimeError):
        # A NUL, a name longer than the file system takes, before Python 3.13 links in a circle.
        is_below = False
    if not is_below:
        raise InvalidInput(
            f"{str(name)[:80]!r} is no file name below the exports folder.",
            hint="Name a file such as people.csv.",
        )
    return path


def csv_line(values: list[JsonValue]) -> str:
    """One line of CSV (RFC 4180); texts that a spreadsheet takes for formulas get a leading '."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_csv_value(value) for value in values])
    return text.getvalue()


def _csv_value(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return json.dumps(value, ensure_ascii=False)
