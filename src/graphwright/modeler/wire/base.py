"""The bases of every shape, and values they share."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

Json = Annotated[Any, WithJsonSchema({"tsType": "JsonValue"})]
DocumentName = Annotated[
    str,
    Field(
        max_length=130,
        pattern=r"^(app|(profiles|lists|imports|flows|pages|layout)/[a-z][a-z0-9_-]*)\.yaml$",
    ),
]
Name = Annotated[str, Field(max_length=60, pattern=r"^[a-z][A-Za-z0-9_-]*$")]


class Body(BaseModel):
    """What a request's body holds: nothing beside the fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(BaseModel):
    """What the modeler answers."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class ProblemWire(Answer):
    """A problem of the model, as `graphwright check` tells it."""

    code: str
    severity: str
    message: str
    hint: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    flow: str | None = None
    node: str | None = None
    field: str | None = Field(default=None, description="The path in the document, with dots.")
