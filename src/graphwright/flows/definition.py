"""The definition of flows and the base of every node's; knows nothing of running them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from graphwright.kernel.registry import Registry
from graphwright.kernel.values import JsonValue

NODE_TYPES = Registry("graphwright.nodes", "graphwright.nodes")

NodeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
VariableName = Annotated[str, Field(pattern=r"^[a-z][A-Za-z0-9_]*$", max_length=60)]
# Plain JSONata; the check compiles every field annotated with it.
ExpressionText = Annotated[str, Field(json_schema_extra={"format": "jsonata"})]

# Names that every expression may read and no variable may take.
CONTEXT_NAMES = frozenset({"input", "user", "now", "error"})


class RolesAccess(BaseModel):
    """Access for people with one of these roles."""

    model_config = ConfigDict(extra="forbid")

    roles: list[str] = Field(min_length=1, description="Names of roles of app.yaml.")


Access = Literal["signed_in", "public"] | RolesAccess


class NodeDefinition(BaseModel):
    """What every node has; each node type adds its own fields."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    # The exits a node of this type always offers; others are allowed by `allows_exit`.
    exit_names: ClassVar[tuple[str, ...]] = ("default", "error")
    group: ClassVar[str] = "Flow"
    title_of_type: ClassVar[str] = ""
    # What a new node says beside its required fields, where there is a good guess.
    initial: ClassVar[Mapping[str, JsonValue]] = {}

    type: str = Field(description="The node's type.")
    title: str | None = Field(default=None, description="What the flowchart shows on the node.")
    description: str | None = Field(default=None, description="A remark for readers.")
    exits: dict[str, NodeName] = Field(
        default_factory=dict, description="For each exit the node that comes next."
    )

    def allows_exit(self, name: str) -> bool:
        """Whether the node can leave by an exit of that name."""
        return name in self.exit_names

    def assigned(self) -> Iterator[str]:
        """The names of the variables the node sets."""
        return iter(())

    @property
    def branches(self) -> bool:
        """Whether the way behind its exit `each` is taken by several items, each on its own."""
        return False


class InputDefinition(BaseModel):
    """One input of a flow."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["text", "integer", "number", "boolean", "datetime", "date", "json"] = Field(
        default="text", description="The type of the value."
    )
    description: str | None = Field(default=None, description="What the input is for.")
    required: bool = Field(default=False, description="Whether the flow refuses to start without.")
    default: JsonValue = Field(default=None, description="The value where none is given.")
    sensitive: bool = Field(default=False, description="Never saved with the flow's state.")


class FlowDefinition(BaseModel):
    """A flowchart: nodes and which one follows at each exit."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["regular", "action"] = Field(
        description="`regular` flows may show pages and have a path; `action` flows run unattended."
    )
    title: str | None = Field(default=None, description="The flow's title.")
    description: str | None = Field(default=None, description="What the flow is for.")
    path: str | None = Field(
        default=None,
        pattern=r"^/[a-z0-9][a-z0-9/_-]*$",
        description="Where the portal opens a regular flow, such as /calendar.",
    )
    access: Access | None = Field(
        default=None, description="Who may run it; absent: as app.yaml says."
    )
    inputs: dict[VariableName, InputDefinition] = Field(
        default_factory=dict, description="Values the flow is started with."
    )
    variables: dict[VariableName, JsonValue] = Field(
        default_factory=dict, description="Initial values; text may hold {{ expressions }}."
    )
    start: NodeName = Field(description="The node the flow starts with.")
    nodes: dict[NodeName, SerializeAsAny[NodeDefinition]] = Field(
        min_length=1, description="The nodes by name."
    )

    @classmethod
    def read(cls, raw: object) -> Self:
        """The flow of a parsed YAML document, each node as its type's model.

        Raises pydantic's ValidationError with *all* problems, located under `nodes`, name, field.
        """
        if not isinstance(raw, dict):
            return cls.model_validate(raw)
        problems: list[InitErrorDetails] = []
        raw_nodes = raw.get("nodes")
        nodes: Any = raw_nodes
        if isinstance(raw_nodes, dict):
            nodes = {}
            for name, value in raw_nodes.items():
                try:
                    nodes[name] = read_node(value)
                except ValidationError as error:
                    problems += _located(error, ("nodes", str(name)))
                    nodes[name] = NodeDefinition(type="note")
        try:
            flow = cls.model_validate({**raw, "nodes": nodes} if raw_nodes is not None else raw)
        except ValidationError as error:
            problems += _located(error, ())
        if problems:
            raise ValidationError.from_exception_data(cls.__name__, problems)
        return flow


def read_node(raw: object) -> NodeDefinition:
    """The node of a parsed YAML mapping, as its type's model; ValidationError with all problems."""
    return NODE_TYPES.read(raw, NodeDefinition)


def _located(error: ValidationError, prefix: tuple[str, ...]) -> list[InitErrorDetails]:
    return [
        InitErrorDetails(
            type=PydanticCustomError(item["type"], "{message}", {"message": item["msg"]}),
            loc=(*prefix, *item["loc"]),
            input=item["input"],
        )
        for item in error.errors(include_url=False)
    ]
