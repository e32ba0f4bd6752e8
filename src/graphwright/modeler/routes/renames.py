"""The call that renames a part of the draft."""

import asyncio
from typing import Any

from graphwright.application.documents import Document, DocumentBroken
from graphwright.application.load import read_application
from graphwright.application.rename import Renamed, rename
from graphwright.kernel.errors import Place
from graphwright.modeler.api import Call, Route
from graphwright.modeler.files import check_name
from graphwright.modeler.modeler import Modeler, session_id
from graphwright.modeler.wire.base import ProblemWire
from graphwright.modeler.wire.documents import Rename, RenameAnswer
from graphwright.modeler.workspace import Workspace


def routes(modeler: Modeler) -> list[Route]:
    """The call."""

    async def change_name(call: Call) -> RenameAnswer:
        """A new name, wherever the old one stands."""
        workspace, before = modeler.workspace, modeler.workspace.texts()
        found = await asyncio.to_thread(_rename, workspace, call.body)
        by = session_id(call.request)
        changed = workspace.apply(dict(found.documents), by, based_on=before)
        return RenameAnswer(documents=changed, left=[_problem(place) for place in found.left])

    return [Route("POST", "/api/rename", change_name, RenameAnswer, Rename)]


def _rename(workspace: Workspace, body: Rename) -> Renamed:
    application, _ = read_application(workspace.draft)
    keep = True
    if body.kind == "list":
        keep = workspace.disk.read(check_name(f"lists/{body.name}.yaml")) is not None
    elif body.kind == "field" and body.within is not None:
        keep = body.name in _saved_fields(workspace, body.within)
    return rename(application, body.kind, body.name, body.to, body.within, keep_rows=keep)


def _saved_fields(workspace: Workspace, list_name: str) -> set[str]:
    """The fields of a list as saved, which may have another name in the draft."""
    draft = _value(workspace.draft_text(check_name(f"lists/{list_name}.yaml")))
    fields: set[str] = set()
    for name in (list_name, draft.get("renamed_from")):
        saved = _value(workspace.disk.read(check_name(f"lists/{name}.yaml"))) if name else {}
        fields |= set(saved.get("fields") or ())
    return fields


def _value(text: str | None) -> dict[str, Any]:
    try:
        value = Document.shared("list", text or "").value
    except DocumentBroken:
        return {}
    return value if isinstance(value, dict) else {}


def _problem(place: Place) -> ProblemWire:
    return ProblemWire(
        code="oldNameLeft",
        severity="warning",
        message="This may still read the old name.",
        hint="Look at it, and change it by hand.",
        file=place.file,
        line=place.line,
        column=place.column,
        field=place.field,
    )
