"""The call about what can be modelled: kinds, templates, functions, icons."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from graphwright.application.schemas import model_schemas
from graphwright.application.templates import templates
from graphwright.expressions.functions import FUNCTIONS
from graphwright.flows.definition import NODE_TYPES
from graphwright.kernel.registry import Kind, Registry
from graphwright.kernel.values import JsonValue
from graphwright.modeler.api import Call, Route
from graphwright.modeler.jsonata_functions import JSONATA_FUNCTIONS
from graphwright.modeler.modeler import Modeler
from graphwright.modeler.wire.catalogue import Catalogue, FunctionWire, KindWire, TemplateWire
from graphwright.pages.definition import PAGE_TYPES
from graphwright.profiles.definition import PROFILE_KINDS

# Those of the portal's buttons; it draws a general one for other names.
ICONS = (
    "add archive back building calendar cancel check delete document download edit folder forward "
    "history home mail move open people person refresh remove reply save search send settings star "
    "table tasks"
).split()


def routes(_: Modeler) -> list[Route]:
    """The call."""

    async def catalogue(_: Call) -> Catalogue:
        """What can be modelled."""
        return describe()

    return [Route("GET", "/api/catalogue", catalogue, Catalogue)]


@cache
def describe() -> Catalogue:
    """Everything that can be modelled; the same for as long as the process runs."""
    schemas = model_schemas()
    return Catalogue(
        nodes=_kinds(NODE_TYPES),
        pages=_kinds(PAGE_TYPES),
        profiles=_kinds(PROFILE_KINDS),
        app_schema=schemas["app"],
        list_schema=schemas["list"],
        import_schema=schemas["import"],
        flow_schema=schemas["flow"],
        templates=[
            TemplateWire(name=one.name, title=one.title, description=one.description)
            for one in templates()
        ],
        functions=_functions(),
        icons=ICONS,
    )


def _kinds(registry: Registry) -> list[KindWire]:
    return [_kind(kind) for kind in registry]


def _kind(kind: Kind) -> KindWire:
    config: Any = kind.config
    schema = TypeAdapter(config).json_schema(by_alias=True)
    offered = getattr(config, "exit_names", ())
    return KindWire(
        type=kind.name,
        title=getattr(config, "title_of_type", "") or kind.name.replace("_", " ").capitalize(),
        group=getattr(config, "group", ""),
        summary=(config.__doc__ or "").strip().splitlines()[0],
        help=kind.help,
        exits=list(offered),
        open_exits="allows_exit" in vars(config),
        config_schema=schema,
        initial={"type": kind.name, **_required(schema, schema), **getattr(config, "initial", {})},
    )


def _required(schema: Any, whole: Any) -> dict[str, JsonValue]:
    """The fields that a definition must have, each with an empty value of its type."""
    named = schema.get("properties", {})
    return {
        name: _empty(named[name], whole) for name in schema.get("required", ()) if name != "type"
    }


def _empty(schema: Any, whole: Any) -> JsonValue:
    if "$ref" in schema:
        return _empty(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "default" in schema:
        return schema["default"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _empty(schema["anyOf"][0], whole)
    if schema.get("type") == "object":
        return _required(schema, whole)
    return [] if schema.get("type") == "array" else ""


def _functions() -> list[FunctionWire]:
    own = [
        FunctionWire(name=f"${name}", signature=function.call, summary=function.description)
        for name, function in FUNCTIONS.items()
    ]
    given = [
        FunctionWire(name=f"${name}", signature=f"${name}({arguments})", summary=summary)
        for name, arguments, summary in JSONATA_FUNCTIONS
    ]
    return sorted(own + given, key=lambda function: function.name)
