"""Imports and lists: mappings from examples, previews, the effect on data; pages and expressions."""

from typing import Literal

from pydantic import Field

from graphwright.modeler.wire.base import Answer, Body, Json, ProblemWire


class Example(Answer):
    """A JSON document that mappings and previews read: `POST /api/examples` or the body of a try."""

    id: str
    title: str
    size: int
    items: int | None


class AddExample(Body):
    """`POST /api/examples`: a pasted document or a file's text (JSON, JSON Lines or CSV)."""

    text: str = Field(max_length=60_000_000)
    title: str = Field(default="", max_length=200)


class InferQuestion(Body):
    """`POST /api/infer`: lists and an import from an example."""

    example: str = Field(max_length=64)
    name: str = Field(
        default="",
        max_length=60,
        description="Of the list and the import. Absent: one that says what the items are.",
    )


class ProposedPage(Answer):
    """A page that fits a list: a whole definition."""

    type: str
    value: Json


class ProposedWithin(Answer):
    """The fields that say when a row begins and ends: what import_data of a range needs."""

    from_field: str
    to_field: str


class Inferred(Answer):
    """Proposed definitions by name, and what goes well with them."""

    name: str = Field(description="The name of the list and of the import.")
    lists: dict[str, Json]
    imports: dict[str, Json]
    page: ProposedPage
    within: ProposedWithin | None


class PreviewImport(Body):
    """`POST /api/preview-import`: what an import would make of an example."""

    example: str = Field(max_length=64)
    definition: Json = Field(description="The import.")
    lists: dict[str, Json] = Field(
        default_factory=dict, description="Lists that differ from the draft's."
    )
    limit: int = Field(default=50, ge=1, le=500)


class PreviewColumn(Answer):
    """A column of the preview."""

    name: str
    title: str
    type: str


class SkippedItem(Answer):
    """An item that becomes no row."""

    where: str
    why: str


class PreviewTable(Answer):
    """The rows of one list."""

    name: str = Field(description="The list.")
    columns: list[PreviewColumn]
    rows: list[Json]
    total: int


class ImportPreview(Answer):
    """What would be written, and what would be skipped and why; no tables where it is not valid."""

    tables: list[PreviewTable] = Field(description="The list, then its child lists.")
    skipped: list[SkippedItem]
    skipped_total: int
    unread: list[str] = Field(description="Paths of the example that nothing reads.")
    items: int = Field(default=0, description="How many items the example has.")
    mapped: int = Field(default=0, description="How many of them were mapped: the first ones.")
    problems: list[ProblemWire] = Field(
        default_factory=list, description="What is wrong with the import or its lists."
    )


class PlanQuestion(Body):
    """`POST /api/lists/{name}/plan`: what a changed list would do to the rows that are there."""

    value: Json
    renamed: dict[str, str] = Field(default_factory=dict, description="New field name: old one.")


class PlanChange(Answer):
    """One effect."""

    text: str
    tone: Literal["info", "warning", "error"]


class PlanAnswer(Answer):
    """The effects; rows of the folder's own data and of the draft's."""

    rows: int
    changes: list[PlanChange]


class EvaluateQuestion(Body):
    """`POST /api/evaluate`."""

    source: str = Field(max_length=20_000)
    kind: Literal["expression", "template"]
    flow: str | None = Field(default=None, max_length=60)
    node: str | None = Field(default=None, max_length=60)
    values: dict[str, Json] = Field(
        default_factory=dict, description="Values that go before the recorded ones."
    )


class EvaluateAnswer(Answer):
    """The value, or where and why there is none."""

    value: Json = None
    missing: bool = False
    error: str | None = None
    position: int | None = Field(default=None, description="Character at which the error is.")
    reads: list[str] = Field(default_factory=list)


class ScopeName(Answer):
    """Something an expression may read."""

    name: str
    kind: str
    summary: str = ""
    example: Json = None
    children: list["ScopeName"] = Field(default_factory=list)


class Scope(Answer):
    """`GET /api/scope?flow&node`."""

    names: list[ScopeName]


class PreviewPage(Body):
    """`POST /api/preview-page`: the page as the portal would show it, with rows of an example."""

    name: str = Field(max_length=60)
    value: Json
    example: str | None = Field(default=None, max_length=64)
    import_name: str | None = Field(
        default=None,
        max_length=60,
        description="The import that makes rows of the example; absent: the one of the page's list.",
    )
    time_zone: str = Field(default="UTC", max_length=64)


class PagePreview(Answer):
    """A step like the portal's; its rows come from `/api/steps/{instance}/{step}/rows`."""

    step: Json
    rows_from: str = Field(description="What the rows are: an example's title, or none.")
