"""Drains a collection page by page into a list, or imports a document at once."""

from contextlib import aclosing, suppress
from dataclasses import dataclass

from graphwright.flows.context import Context, Exit
from graphwright.http.collection import CollectionHandle, Page, PageReader
from graphwright.http.errors import ServiceDeferred
from graphwright.imports import ImportDefinition, Importer, ImportReport, Mapper
from graphwright.imports.decode import PageDecoder
from graphwright.imports.transient import TransientImporter
from graphwright.kernel.errors import GraphwrightError, NotFound, nearest
from graphwright.kernel.values import JsonValue
from graphwright.lists import RangeFilter
from graphwright.nodes.import_data.config import Config, Within


async def run(config: Config, context: Context) -> Exit:
    """Imports what `from` names; the report becomes a variable and the run's counts."""
    values = {name: await context.render(value) for name, value in config.set.items()}
    definition = _definition(config, context).with_values(values)
    source = await context.locate(config.from_)
    if context.services.lists.definitions[definition.list].is_table:
        report = await _import_rows(config, context, definition, source)
    else:
        report = await _import_transient(context, definition, source)
        context.note_import(config.import_, report)
    if config.result is not None:
        context.set(config.result, report.to_json())
    return Exit()


def _definition(config: Config, context: Context) -> ImportDefinition:
    imports = context.services.imports
    if config.import_ not in imports:
        raise NotFound(
            f"There is no import {config.import_!r}.", hint=nearest(config.import_, imports)
        )
    return imports[config.import_]


async def _import_transient(
    context: Context, definition: ImportDefinition, source: JsonValue
) -> ImportReport:
    """Rows of a transient list become the variable of its name."""
    importer = TransientImporter(context.services.lists.definitions, definition)
    if isinstance(source, CollectionHandle):
        async with aclosing(source.pages(context.services.http)) as pages:
            async for page in pages:
                context.count(pages=1, items=len(page.items))
                importer.apply(page.items)
    else:
        importer.apply(importer.mapper.items(source))
    context.set(definition.list, importer.rows)
    return importer.report


async def _import_rows(
    config: Config, context: Context, definition: ImportDefinition, source: JsonValue
) -> ImportReport:
    collection = source if isinstance(source, CollectionHandle) else None
    importer = Importer(
        context.services.lists,
        definition,
        name=config.import_,
        owner=context.owner,
        scope=collection.scope
        if collection is not None
        else f"{context.frame.flow}.{config.from_}",
        mode=config.mode,
        within=await _range(config.within, context),
        from_user=collection is not None and collection.call.principal_id is not None,
    )
    try:
        if collection is None:
            return await importer.apply_document(source)
        return await _drain(context, collection, importer)
    finally:
        # What was written was written, also where the next page does not come.
        context.note_import(config.import_, importer.report)


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
    continuation = (
        None if context.interactive else await importer.resume(context.services.clock.now())
    )
    if isinstance(continuation, str):
        collection = collection.resume_at(continuation)
    reader = reader_of(importer.mapper)
    try:
        async with aclosing(collection.pages(context.services.http, read=reader)) as pages:
            async for page in pages:
                context.count(pages=1, items=len(page.items))
                await importer.apply(page.items, page.next, page.size)
    except GraphwrightError as error:
        # Where the page may come another time. A link that leads nowhere is better not kept.
        if error.retryable:
            with suppress(GraphwrightError):
                await importer.keep(
                    error.not_before if isinstance(error, ServiceDeferred) else None
                )
        raise
    return await importer.finish()


def reader_of(mapper: Mapper) -> PageReader | None:
    """What reads of a page what the mapping reads; None where that is all of it."""
    return None if mapper.decoder is None else _TypedReader(mapper.decoder, mapper.has_key)


@dataclass(frozen=True, slots=True)
class _TypedReader:
    """Reads of a page what the mapping reads. Requests and imports know nothing of each other."""

    decoder: PageDecoder
    has_key: bool

    def read(self, content: bytes) -> Page | None:
        """The page, or None where the decoder cannot read it."""
        found = self.decoder.decode(content)
        if found is None:
            return None
        return Page(
            found.items, found.next, found.count, found.delta, len(content), has_ids=self.has_key
        )
