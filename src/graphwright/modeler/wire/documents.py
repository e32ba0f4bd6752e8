"""Documents of the draft: the model, edits, saving, history."""

from typing import Literal

from pydantic import Field

from graphwright.modeler.wire.base import Answer, Body, DocumentName, Json, Name, ProblemWire


class SessionWire(Answer):
    """`GET /api/session`."""

    csrf_token: str
    title: str
    folder: str = Field(description="The application's folder, to show.")
    is_empty: bool = Field(description="No app.yaml yet: a template is to be chosen.")
    portal_url: str
    sandbox: bool = Field(description="Whether a sandbox runs beside the modeler.")
    sandbox_requests_url: str | None = Field(
        default=None, description="Its page that tells what it was asked, and why it refused."
    )


class DocumentEntry(Answer):
    """A document in the tree of the model."""

    name: str = Field(description="Such as flows/calendar.yaml.")
    kind: Literal["app", "profile", "list", "import", "flow", "page", "layout"]
    title: str
    type: str | None = Field(default=None, description="Page type, profile kind, kind of flow.")
    revision: str = Field(description="Changes with the text.")
    changed: bool = Field(description="The draft differs from the file.")
    conflict: bool = Field(description="The file was changed on disk as well.")


class ModelWire(Answer):
    """`GET /api/model`: every document of the draft, and what is wrong with it."""

    documents: list[DocumentEntry]
    removed: list[str] = Field(description="Files that saving would remove.")
    problems: list[ProblemWire]


class DocumentWire(Answer):
    """`GET /api/documents/{name}`, and the answer of every write to one."""

    name: str
    revision: str
    text: str
    value: Json = Field(description="null where the text is no YAML.")
    broken: ProblemWire | None = None
    changed: bool
    conflict: bool
    disk_text: str | None = Field(default=None, description="Only where there is a conflict.")


class WriteDocument(Body):
    """`PUT /api/documents/{name}`: a new value (comments and order are kept) or a new text."""

    revision: str = Field(max_length=64)
    value: Json = None
    text: str | None = Field(default=None, max_length=2_000_000)


class CreateDocument(Body):
    """`POST /api/documents`."""

    name: DocumentName
    value: Json


class Rename(Body):
    """`POST /api/rename`: a new name, wherever the old one stands; rows of lists and fields are kept."""

    kind: Literal["profile", "list", "import", "flow", "page", "node", "field", "variable"]
    name: str = Field(max_length=60)
    to: str = Field(max_length=60)
    within: str | None = Field(
        default=None,
        max_length=60,
        description="The flow of a node or variable, the list of a field.",
    )


class Changed(Answer):
    """The documents that a write changed."""

    documents: list[str]


class RenameAnswer(Changed):
    """What a rename changed, and what it could not."""

    left: list[ProblemWire] = Field(
        description="Places that may still read the old name, in a way that is not safe to change."
    )


class Names(Body):
    """`POST /api/save` and `/api/discard`: these documents, or all."""

    names: list[DocumentName] | None = None


class Saved(Answer):
    """What was saved."""

    saved: list[str]
    history: str | None = Field(
        description="Id of the entry in the history; null: nothing had changed."
    )
    problems: list[ProblemWire]


class SettleConflict(Body):
    """`POST /api/conflicts/{name}`."""

    take: Literal["mine", "disk"]


class FileChange(Answer):
    """What happened, or would, to a file."""

    name: str
    change: Literal["added", "changed", "removed"]
    before: str | None = None
    after: str | None = None
    diff: str = Field(default="", description="Unified diff.")


class Changes(Answer):
    """`GET /api/changes`: the draft against the folder."""

    files: list[FileChange]


class HistoryEntry(Answer):
    """One save."""

    id: str
    at: str
    files: list[FileChange] = Field(description="In the list without texts and diffs.")


class History(Answer):
    """`GET /api/history`, newest first."""

    entries: list[HistoryEntry]


class UseTemplate(Body):
    """`POST /api/template`, into an empty application."""

    template: Name
    title: str | None = Field(default=None, max_length=100)
