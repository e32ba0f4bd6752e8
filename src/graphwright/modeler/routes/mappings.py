"""The calls about examples, imports and lists."""

import asyncio

from graphwright.imports.documents import parse_pasted
from graphwright.kernel.settings import Settings
from graphwright.modeler.api import Call, Route
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.plans import plan_list
from graphwright.modeler.previews import preview_import
from graphwright.modeler.proposals import ListFields, propose, propose_page, propose_within
from graphwright.modeler.reading import read_draft
from graphwright.modeler.wire.mappings import (
    AddExample,
    Example,
    ImportPreview,
    InferQuestion,
    Inferred,
    PlanAnswer,
    PlanQuestion,
    PreviewImport,
    ProposedPage,
    ProposedWithin,
)

# A text of 60 million characters, escaped.
_LIMIT = 150_000_000
_UNTITLED = "Pasted document"


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""
    handlers = _Mappings(modeler)
    return [
        Route("POST", "/api/examples", handlers.add, Example, AddExample, limit=_LIMIT),
        Route("POST", "/api/infer", handlers.infer, Inferred, InferQuestion),
        Route("POST", "/api/preview-import", handlers.preview_import, ImportPreview, PreviewImport),
        Route("POST", "/api/lists/{name}/plan", handlers.plan, PlanAnswer, PlanQuestion),
    ]


class _Mappings:
    """The handlers; what takes time is done in threads."""

    def __init__(self, modeler: Modeler) -> None:
        self._modeler = modeler

    async def add(self, call: Call) -> Example:
        """A pasted document, or a file's text; its name says whether it is CSV."""
        body: AddExample = call.body
        title = body.title.strip() or _UNTITLED
        document = await asyncio.to_thread(parse_pasted, body.text, body.title)
        return await asyncio.to_thread(
            self._modeler.examples.add, title, document, len(body.text.encode("utf-8", "replace"))
        )

    async def infer(self, call: Call) -> Inferred:
        """Lists and an import from an example, and the page that fits."""
        body: InferQuestion = call.body
        document = self._modeler.examples.document(body.example)
        draft = self._modeler.workspace.draft

        def answer() -> Inferred:
            application = read_draft(draft)
            name, found = propose(document, body.name, {*application.lists, *application.imports})
            listed = found.lists[name]
            fields = ListFields(listed["fields"])
            page = propose_page(name, listed["title"], fields)
            within = propose_within(fields)
            return Inferred(
                name=name,
                lists=found.lists,
                imports=found.imports,
                page=ProposedPage(type=page["type"], value=page),
                within=within and ProposedWithin(from_field=within[0], to_field=within[1]),
            )

        return await asyncio.to_thread(answer)

    async def preview_import(self, call: Call) -> ImportPreview:
        """What an import would make of an example."""
        body: PreviewImport = call.body
        document = self._modeler.examples.document(body.example)
        draft = self._modeler.workspace.draft
        return await asyncio.to_thread(
            lambda: preview_import(
                read_draft(draft), document, body.definition, body.lists, body.limit
            )
        )

    async def plan(self, call: Call) -> PlanAnswer:
        """What a changed list would do to the rows that are there."""
        body: PlanQuestion = call.body
        modeler = self._modeler
        engine = modeler.engine
        saved = Settings.read(modeler.workspace.root, environment=engine.settings.values)
        application = await asyncio.to_thread(read_draft, modeler.workspace.draft)
        return await plan_list(
            application, call.part("name"), body.value, body.renamed, saved, engine.databases.data
        )
