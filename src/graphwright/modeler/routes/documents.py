"""Calls about documents: the model, edits, saving, conflicts, history, events."""

import asyncio
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.responses import Response, StreamingResponse

from graphwright.application.documents import Document, DocumentBroken
from graphwright.application.edit import edit_text, new_text
from graphwright.application.schemas import write_schemas
from graphwright.application.templates import create_application
from graphwright.kernel.errors import Conflict, InvalidInput
from graphwright.modeler.api import Call, Route
from graphwright.modeler.files import ModelFolder, check_name
from graphwright.modeler.history import Save
from graphwright.modeler.modeler import Modeler, session_id
from graphwright.modeler.sandbox_apps import requests_url
from graphwright.modeler.wire.base import ProblemWire
from graphwright.modeler.wire.documents import (
    Changed,
    Changes,
    CreateDocument,
    DocumentEntry,
    DocumentWire,
    FileChange,
    History,
    HistoryEntry,
    ModelWire,
    Names,
    Saved,
    SessionWire,
    SettleConflict,
    UseTemplate,
    WriteDocument,
)
from graphwright.modeler.workspace import DocumentState, FileDifference

_KINDS = {"profiles": "profile", "lists": "list", "imports": "import", "flows": "flow",
          "pages": "page", "layout": "layout"}  # fmt: skip
_DOCUMENT = "/api/documents/{name:path}"


def routes(modeler: Modeler) -> list[Route]:
    """The calls."""
    calls = _Documents(modeler)
    return [
        Route("GET", "/api/session", calls.session, SessionWire),
        Route("GET", "/api/model", calls.model, ModelWire),
        Route("GET", "/api/events", calls.events),
        Route("GET", _DOCUMENT, calls.read, DocumentWire),
        Route("PUT", _DOCUMENT, calls.write, DocumentWire, WriteDocument),
        Route("DELETE", _DOCUMENT, calls.remove),
        Route("POST", "/api/documents", calls.create, DocumentWire, CreateDocument),
        Route("POST", "/api/save", calls.save, Saved, Names),
        Route("POST", "/api/discard", calls.discard, Changed, Names),
        Route("GET", "/api/changes", calls.changes, Changes),
        Route("POST", "/api/conflicts/{name:path}", calls.settle, DocumentWire, SettleConflict),
        Route("GET", "/api/history", calls.history, History),
        Route("GET", "/api/history/{id}", calls.history_entry, HistoryEntry),
        Route("POST", "/api/history/{id}/restore", calls.restore, Changed),
        Route("POST", "/api/template", calls.use_template, None, UseTemplate),
    ]


class _Documents:
    def __init__(self, modeler: Modeler) -> None:
        self._modeler = modeler
        self._workspace = modeler.workspace

    async def session(self, call: Call) -> SessionWire:
        """Who may model has this session; what is modelled."""
        value = _value_of(self._workspace.draft_text("app.yaml") or "")
        title = value.get("title") if isinstance(value, dict) else None
        return SessionWire(
            csrf_token=call.request.state.session.csrf_token,
            title=str(title or self._workspace.root.name),
            folder=str(self._workspace.root),
            is_empty=self._workspace.draft_text("app.yaml") is None,
            portal_url=self._modeler.engine.settings.base_url,
            sandbox=self._modeler.sandbox is not None,
            sandbox_requests_url=requests_url(self._modeler.sandbox),
        )

    async def model(self, _: Call) -> ModelWire:
        """Every document, and what is wrong."""
        states = self._workspace.documents()
        return ModelWire(
            documents=await asyncio.to_thread(lambda: [_entry(state) for state in states]),
            removed=self._workspace.removed(),
            problems=await self._modeler.problems_on_wire(),
        )

    async def events(self, call: Call) -> Response:
        """The stream of what happens, for as long as the session lives; it keeps it alive."""
        secret = call.request.state.session.secret
        self._modeler.events.check_room()

        async def may_listen() -> bool:
            return await self._modeler.sessions.find(secret) is not None

        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        stream = self._modeler.events.listen(may_listen)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def read(self, call: Call) -> DocumentWire:
        """One document."""
        state = self._workspace.read(check_name(call.part("name")))
        return await asyncio.to_thread(document_wire, state)

    async def write(self, call: Call) -> DocumentWire:
        """A new value or text of a document."""
        name, body = check_name(call.part("name")), call.body
        if (body.text is None) == ("value" not in body.model_fields_set):
            raise InvalidInput("A write has either a value or a text.")
        text = body.text
        if text is None:
            before = self._workspace.read(name)
            text = await asyncio.to_thread(edit_text, before.text, body.value)
        state = self._workspace.write(name, body.revision, text, session_id(call.request))
        return await asyncio.to_thread(document_wire, state)

    async def remove(self, call: Call) -> None:
        """Takes a document out of the draft."""
        revision = call.query("revision").get("revision", "")
        self._workspace.remove(check_name(call.part("name")), revision, session_id(call.request))

    async def create(self, call: Call) -> DocumentWire:
        """A new document."""
        name = call.body.name
        text = new_text(name.partition("/")[0], call.body.value)
        state = self._workspace.create(name, text, session_id(call.request))
        return await asyncio.to_thread(document_wire, state)

    async def save(self, call: Call) -> Saved:
        """Writes the draft into the folder; the history keeps what it was."""
        found = self._workspace.save(call.body.names, session_id(call.request))
        now = self._modeler.engine.clock.now()
        entry = self._modeler.history.add(found, now) if found else None
        return Saved(
            saved=[one.name for one in found],
            history=entry.id if entry else None,
            problems=await self._modeler.problems_on_wire(),
        )

    async def discard(self, call: Call) -> Changed:
        """Puts the files of the folder in the draft's place."""
        by = session_id(call.request)
        return Changed(documents=self._workspace.discard(call.body.names, by))

    async def changes(self, _: Call) -> Changes:
        """The draft against the folder."""
        return Changes(files=[_difference(one) for one in self._workspace.changes()])

    async def settle(self, call: Call) -> DocumentWire | None:
        """Takes one side of a conflict; nothing is left where the file is gone."""
        name = check_name(call.part("name"))
        take_disk = call.body.take == "disk"
        by = session_id(call.request)
        state = self._workspace.settle(name, take_disk=take_disk, by=by)
        return None if state is None else await asyncio.to_thread(document_wire, state)

    async def history(self, _: Call) -> History:
        """The last saves."""
        saves = await asyncio.to_thread(self._modeler.history.all)
        return History(entries=[_save(one, whole=False) for one in saves])

    async def history_entry(self, call: Call) -> HistoryEntry:
        """One save with its texts."""
        return _save(self._modeler.history.find(call.part("id")), whole=True)

    async def restore(self, call: Call) -> Changed:
        """The files as they were behind a save become the draft."""
        found = self._modeler.history.find(call.part("id"))
        texts = {one.name: one.after for one in found.files}
        return Changed(documents=self._workspace.apply(texts, session_id(call.request)))

    async def use_template(self, call: Call) -> None:
        """Fills an empty application from a template."""
        if self._workspace.draft_text("app.yaml") is not None:
            raise Conflict("There is an application here already.")
        texts = await asyncio.to_thread(_template_texts, call.body.template, self._workspace.root)
        if call.body.title:
            value = _value_of(texts["app.yaml"] or "")
            if isinstance(value, dict):
                text = edit_text(texts["app.yaml"] or "", {**value, "title": call.body.title})
                texts["app.yaml"] = text
        self._workspace.apply(texts, session_id(call.request))


def _template_texts(template: str, root: Path) -> dict[str, str | None]:
    """The documents of a template, by way of a folder of its own; and what lies beside them."""
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "made"
        create_application(made, template)
        write_schemas(root)
        folder = ModelFolder(made)
        for name in (".gitignore", ".env"):
            _put_new(root / name, (made / name).read_bytes(), 0o600 if name == ".env" else 0o644)
        return {name: folder.read(name) for name in folder.names()}


def _put_new(path: Path, content: bytes, mode: int) -> None:
    """Writes a file where there is none, also no link: never readable for more than `mode` says."""
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)


def _value_of(text: str) -> Any:
    try:
        return Document.shared("app.yaml", text).value
    except DocumentBroken:
        return None


@lru_cache(maxsize=500)
def _headline(folder: str, text: str) -> tuple[str | None, str | None]:
    """Title and type that a document's text says, where it says them as texts."""
    value = _value_of(text)
    fields = value if isinstance(value, dict) else {}
    said = fields.get("title"), fields.get("kind" if folder == "flows" else "type")
    title, kind_of = (one if isinstance(one, str) else None for one in said)
    return title, kind_of


def _entry(state: DocumentState) -> DocumentEntry:
    folder, _, file = state.name.rpartition("/")
    title, kind_of = _headline(folder, state.text)
    return DocumentEntry(
        name=state.name,
        kind=_KINDS.get(folder, "app"),  # type: ignore[arg-type]
        title=title or file.removesuffix(".yaml"),
        type=kind_of,
        revision=state.revision,
        changed=state.changed,
        conflict=state.conflict,
    )


def document_wire(state: DocumentState) -> DocumentWire:
    """A document as the browser gets it."""
    value, broken = None, None
    try:
        value = Document.shared(state.name, state.text).value
    except DocumentBroken as error:
        broken = ProblemWire(**error.problem.to_json())
    return DocumentWire(
        name=state.name,
        revision=state.revision,
        text=state.text,
        value=value,
        broken=broken,
        changed=state.changed,
        conflict=state.conflict,
        disk_text=state.disk_text,
    )


def _difference(one: FileDifference, *, whole: bool = True) -> FileChange:
    return FileChange(
        name=one.name,
        change=one.change,  # type: ignore[arg-type]
        before=one.before if whole else None,
        after=one.after if whole else None,
        diff=one.diff if whole else "",
    )


def _save(save: Save, *, whole: bool) -> HistoryEntry:
    files = [_difference(one, whole=whole) for one in save.files]
    return HistoryEntry(id=save.id, at=save.at, files=files)
