"""Drains a collection page by page into a list, or imports a document at once."""

from graphwright.flows.context import Context, Exit
from graphwright.http.collection import CollectionHandle
from graphwright.imports import Importer, ImportReport
from graphwright.kernel.errors import NotFound, nearest
from graphwright.lists import RangeFilter
from graphwright.nodes.import_data.config import Config, Within


async def run(config: Config, context: Context) -> Exit:
    """Imports what `from` names; the report becomes a variable and the run's counts."""
    source = await context.locate(config.from_)
    collection = source if isinstance(source, CollectionHandle) else None
    importer = await _importer(config, context, collection)
    if collection is not None:
        report = await _drain(context, collection, importer)
    else:
        report = await importer.apply_document(source)
    context.count(**{name: number for name, number in report.counts.items() if number})
    if config.result is not None:
        context.set(config.result, report.to_json())
    return Exit()


async def _importer(
    config: Config, context: Context, collection: CollectionHandle | None
) -> Importer:
    services = context.services
    definition = services.imports.get(config.import_)
    if definition is None:
        raise NotFound(
            f"There is no import {config.import_!r}.", hint=nearest(config.import_, services.imports)
        )
    return Importer(
        services.lists,
        definition,
        name=config.import_,
        owner=context.owner,
        scope=collection.scope if collection is not None else f"{context.frame.flow}.{config.from_}",
        mode=config.mode,
        within=await _range(config.within, context),
        from_user=collection is not None and collection.call.principal_id is not None,
    )


async def _range(within: Within | None, context: Context) -> RangeFilter | None:
    if within is None:
        return None
    start, end = await context.evaluate(within.start), await context.evaluate(within.end)
    return RangeFilter(within.from_field, within.to_field, str(start), str(end))


async def _drain(
    context: Context, collection: CollectionHandle, importer: Importer
) -> ImportReport:
    # Somebody who waits in front of a page wants what is there now; an unattended run that was cut
    # off goes on where it stopped.
    continuation = None if context.interactive else await importer.resume(context.services.clock.now())
    if isinstance(continuation, str):
        collection = collection.resume_at(continuation)
    async for page in collection.pages(context.services.http):
        context.count(pages=1, items=len(page.items))
        await importer.apply(page.items, page.next, page.size)
    return await importer.finish()
