"""What an import would make of an example, without writing anything. Pure, and bounded in time."""

import time
from collections.abc import Iterator, Mapping
from typing import Final

from graphwright.application.definition import Application
from graphwright.imports import DocumentInvalid, ImportDefinition, ImportFailed, ImportInvalid
from graphwright.imports.transient import TransientImporter
from graphwright.kernel.errors import ModelInvalid
from graphwright.kernel.values import JsonObject, JsonValue
from graphwright.lists import ListDefinition
from graphwright.modeler.reading import check_values, problem_wire, put_values
from graphwright.modeler.wire.base import ProblemWire
from graphwright.modeler.wire.mappings import (
    ImportPreview,
    PreviewColumn,
    PreviewTable,
    SkippedItem,
)
from graphwright.pages.rows import title_of

MOST_ITEMS: Final = 5_000
MOST_SECONDS: Final = 3.0
_PART: Final = 100
_MOST_UNREAD: Final = 200
_ITEMS_FOR_UNREAD: Final = 500
_LONGEST_TEXT: Final = 2_000
# The import of a preview has no name of its own.
_NAME: Final = "preview"


def preview_import(
    application: Application,
    document: JsonValue,
    definition: JsonValue,
    lists: Mapping[str, JsonValue],
    limit: int,
    *,
    seconds: float = MOST_SECONDS,
) -> ImportPreview:
    """The first rows of the list and its child lists, what is skipped, what nobody reads.

    `definition` and `lists` are values as they are edited; what is wrong with them is in `problems`.
    """
    application, found = put_values(application, "lists", lists)
    application, wrong = put_values(application, "imports", {_NAME: definition})
    names = [f"imports/{_NAME}.yaml", *(f"lists/{name}.yaml" for name in lists)]
    problems = [*found, *wrong, *check_values(application, names)]
    told = [problem_wire(problem) for problem in problems]
    imported = application.imports.get(_NAME)
    if imported is None or any(problem.severity == "error" for problem in problems):
        return _nothing(told)
    try:
        importer = TransientImporter(application.lists, imported)
        items = importer.mapper.items(document)
    except (ImportInvalid, DocumentInvalid, ModelInvalid) as error:
        field = str(error.facts.get("field") or "") or None
        told.append(
            ProblemWire(
                code=error.code, severity="error", message=error.message, hint=error.hint,
                field=field,
            )
        )  # fmt: skip
        return _nothing(told)
    mapped, stopped = _map(importer, items[:MOST_ITEMS], seconds)
    unread = _unread(importer, items[: min(mapped, _ITEMS_FOR_UNREAD)])
    skipped = [SkippedItem(where=where, why=why) for where, why in importer.report.reasons]
    if stopped is not None:
        why = f"{stopped.message} The import would stop here, and write nothing of this part."
        skipped.insert(0, SkippedItem(where=str(stopped.facts.get("where", "")), why=why))
    return ImportPreview(
        tables=list(_tables(application.lists, imported, importer.rows, limit)),
        skipped=skipped,
        skipped_total=importer.report.skipped + (stopped is not None),
        unread=unread,
        items=len(items),
        mapped=mapped,
        problems=told,
    )


def _nothing(problems: list[ProblemWire]) -> ImportPreview:
    return ImportPreview(tables=[], skipped=[], skipped_total=0, unread=[], problems=problems)


def _map(
    importer: TransientImporter, items: list[JsonValue], seconds: float
) -> tuple[int, ImportFailed | None]:
    """How many items were mapped in the time there is, and what a policy stopped it with."""
    until = time.monotonic() + seconds
    for start in range(0, len(items), _PART):
        try:
            importer.apply(items[start : start + _PART])
        except ImportFailed as error:
            return start, error
        if time.monotonic() > until:
            return min(start + _PART, len(items)), None
    return len(items), None


def _unread(importer: TransientImporter, items: list[JsonValue]) -> list[str]:
    found: dict[str, None] = {}
    for item in items:
        found |= dict.fromkeys(importer.mapper.unread(item))
        if len(found) >= _MOST_UNREAD:
            break
    return list(found)[:_MOST_UNREAD]


def _tables(
    lists: Mapping[str, ListDefinition],
    definition: ImportDefinition,
    rows: list[JsonObject],
    limit: int,
) -> Iterator[PreviewTable]:
    yield _table(lists, definition.list, definition.fields, rows, limit)
    pending = [(rows, definition.children)]
    while pending:
        above, children = pending.pop(0)
        for name, child in children.items():
            below = [inner for row in above for inner in row.get(name, [])]
            yield _table(lists, name, child.fields, below, limit)
            pending.append((below, child.children))


def _table(
    lists: Mapping[str, ListDefinition],
    name: str,
    mapped: Mapping[str, str],
    rows: list[JsonObject],
    limit: int,
) -> PreviewTable:
    fields = {key: field for key, field in lists[name].fields.items() if key in mapped}
    return PreviewTable(
        name=name,
        columns=[
            PreviewColumn(name=key, title=title_of(key, field.title), type=field.type)
            for key, field in fields.items()
        ],
        rows=[
            {"_key": row["_key"], **{key: _short(row.get(key)) for key in fields}}
            for row in rows[:limit]
        ],
        total=len(rows),
    )


def _short(value: JsonValue) -> JsonValue:
    """A value for a cell: long texts are cut."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return value[:_LONGEST_TEXT] + "…"
    return value
