"""`make types`: the TypeScript types of the modeler's API, from the shapes of `modeler/wire`.

python -m tools.api_types           write frontend/src/modeler/api.gen.ts
python -m tools.api_types --check   say whether it is up to date
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from graphwright.modeler import wire
from graphwright.modeler.wire.base import Answer, Body
from hatch_build import find_node
from tools.tracked import ROOT

TARGET = ROOT / "frontend" / "src" / "modeler" / "api.gen.ts"


def wire_models() -> list[type[BaseModel]]:
    """Every shape, by the order of its module and name."""
    found: dict[str, type[BaseModel]] = {}
    for module in pkgutil.iter_modules(wire.__path__, f"{wire.__name__}."):
        found |= {
            name: value
            for name, value in vars(importlib.import_module(module.name)).items()
            if isinstance(value, type) and issubclass(value, Body | Answer)
        }
    return [model for model in found.values() if model not in (Body, Answer)]


def describe() -> dict[str, Any]:
    """One JSON Schema whose definitions are the shapes, as they go over the wire."""
    shapes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (model, "validation" if issubclass(model, Body) else "serialization")
        for model in wire_models()
    ]
    _, schema = models_json_schema(shapes)
    definitions = schema["$defs"]
    for definition in definitions.values():
        _drop_titles(definition)
    return {
        "title": "Shapes",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"$ref": f"#/$defs/{name}"} for name in definitions},
        "$defs": definitions,
    }


def _drop_titles(node: Any) -> None:
    """A property's title would become a type of its own."""
    for value in node.get("properties", {}).values():
        value.pop("title", None)


def generate() -> str:
    """The TypeScript text."""
    node, _ = find_node()
    done = subprocess.run(
        [str(node), "scripts/types.mjs"],
        cwd=ROOT / "frontend",
        env=os.environ,
        input=json.dumps(describe()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def main(arguments: list[str]) -> int:
    text = generate()
    if "--check" not in arguments:
        TARGET.write_text(text, "utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text("utf-8") == text:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is out of date: run `make types`.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
