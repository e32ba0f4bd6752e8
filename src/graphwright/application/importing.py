"""Imports a file into a list, as the command line does it; flows have the node `import_data`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from graphwright.application.runtime import Runtime
from graphwright.imports import Importer
from graphwright.imports.documents import read_document
from graphwright.kernel.errors import InvalidInput, NotFound, nearest
from graphwright.kernel.values import JsonObject

_PART = 1_000


async def import_file(
    runtime: Runtime,
    name: str,
    file: Path,
    owner: str | None,
    mode: Literal["upsert", "replace"],
    on_progress: Callable[[str, Mapping[str, int]], None],
) -> JsonObject:
    """Imports a JSON or CSV file; gives the report: counts and the first reasons for skipped items.

    `owner` is the principal whose rows they become; None for a shared list.
    """
    definition = runtime.application.imports.get(name)
    if definition is None:
        raise NotFound(
            f"There is no import {name!r}.", hint=nearest(name, runtime.application.imports)
        )
    if owner is None and not runtime.lists.table(definition.list).is_shared:
        raise InvalidInput(
            f"The rows of {definition.list} belong to users.",
            hint="Say whose rows they are with --account.",
        )
    importer = Importer(
        runtime.lists,
        definition,
        name=name,
        owner=owner,
        scope=f"file:{file}",
        mode=mode,
    )
    items = importer.mapper.items(read_document(file))
    for start in range(0, len(items), _PART):
        await importer.apply(items[start : start + _PART])
        on_progress(name, importer.report.counts)
    return (await importer.finish()).to_json()
