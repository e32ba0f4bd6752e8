"""JSON Schemas of the model's files, from the definitions: editors check the YAML by them."""

import json
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, create_model

from graphwright.application.definition import AppDefinition
from graphwright.flows.definition import NODE_TYPES, FlowDefinition, NodeName
from graphwright.imports.definition import ImportDefinition
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.registry import Registry
from graphwright.lists.definition import ListDefinition
from graphwright.pages.definition import PAGE_TYPES
from graphwright.profiles.definition import PROFILE_KINDS

SCHEMA_FOLDER = ".schema"
# The schema of each folder's files, by the folder's name; `app` is app.yaml's.
SCHEMA_NAMES = {
    "app.yaml": "app",
    "profiles": "profile",
    "lists": "list",
    "imports": "import",
    "flows": "flow",
    "pages": "page",
}


def model_schemas() -> dict[str, Any]:
    """The JSON Schema (2020-12) of each kind of file, by its name."""
    described = Field(description=FlowDefinition.model_fields["nodes"].description, min_length=1)
    nodes: Any = (dict[NodeName, _any_of(NODE_TYPES)], described)  # type: ignore[misc]
    flow = create_model("Flow", __base__=FlowDefinition, nodes=nodes)
    types: dict[str, Any] = {
        "app": AppDefinition,
        "profile": _any_of(PROFILE_KINDS),
        "list": ListDefinition,
        "import": ImportDefinition,
        "flow": flow,
        "page": _any_of(PAGE_TYPES),
    }
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **TypeAdapter(kind).json_schema(by_alias=True),
        }
        for name, kind in types.items()
    }


def write_schemas(root: Path) -> list[str]:
    """Writes the schemas into the application's folder; gives their file names."""
    folder = root / SCHEMA_FOLDER
    if folder.is_symlink():
        raise InvalidInput(f"{folder} leads out of the application's folder.", hint="Remove it.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in model_schemas().items():
        text = json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        path = folder / f"{name}.json"
        path.unlink(missing_ok=True)  # a link that a foreign folder may hold is not written through
        path.write_text(text, "utf-8")
    return sorted(f"{name}.json" for name in SCHEMA_NAMES.values())


def schema_comment(folder: str) -> str:
    """The line that tells an editor which schema a file of this folder has."""
    up = "" if folder == "app.yaml" else "../"
    return f"# yaml-language-server: $schema={up}{SCHEMA_FOLDER}/{SCHEMA_NAMES[folder]}.json\n"


def _any_of(registry: Registry) -> Any:
    configs = [kind.config for kind in registry]
    if len(configs) == 1:
        return configs[0]
    return Annotated[reduce(or_, configs), Field(discriminator="type")]
