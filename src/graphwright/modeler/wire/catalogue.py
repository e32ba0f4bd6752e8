"""What can be modelled: kinds with their schemas and help, templates, functions of expressions."""

from pydantic import Field

from graphwright.modeler.wire.base import Answer, Json


class KindWire(Answer):
    """A node type, page type or profile kind."""

    type: str
    title: str
    group: str = ""
    summary: str
    help: str = Field(description="Markdown.")
    exits: list[str] = Field(default_factory=list, description="Exits that every one offers.")
    open_exits: bool = Field(
        default=False, description="Whether other exits can be added (a status, an action)."
    )
    config_schema: Json = Field(description="JSON Schema of its definition.")
    initial: Json = Field(description="The value of a new one.")


class TemplateWire(Answer):
    """An application to start from."""

    name: str
    title: str
    description: str


class FunctionWire(Answer):
    """A function of expressions."""

    name: str
    signature: str
    summary: str


class Catalogue(Answer):
    """`GET /api/catalogue`; the same for as long as the server runs."""

    nodes: list[KindWire]
    pages: list[KindWire]
    profiles: list[KindWire]
    app_schema: Json
    list_schema: Json
    import_schema: Json
    flow_schema: Json
    templates: list[TemplateWire]
    functions: list[FunctionWire]
    icons: list[str]
