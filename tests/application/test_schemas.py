"""The JSON Schemas that editors check the YAML by: written beside every example, and up to date."""

import json
from pathlib import Path
from typing import Any

import pytest

from graphwright.application.schemas import SCHEMA_FOLDER, model_schemas, write_schemas

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = {"profiles", "lists", "imports", "flows", "pages"}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return model_schemas()


@pytest.mark.parametrize("example", ["my-day", "empty"])
def test_the_schemas_beside_an_example_are_those_of_the_code(
    example: str, schemas: dict[str, Any]
) -> None:
    written = sorted((EXAMPLES / example / SCHEMA_FOLDER).glob("*.json"))
    assert [path.stem for path in written] == sorted(schemas)
    for path in written:
        assert json.loads(path.read_text("utf-8")) == schemas[path.stem], (
            f"{path.name} is old: run `make schema`"
        )


def test_every_file_of_the_examples_names_a_schema_that_is_there() -> None:
    for path in EXAMPLES.glob("*/**/*.yaml"):
        if path.parent.name != "layout":
            first = path.read_text("utf-8").split("\n")[0]
            prefix = "# yaml-language-server: $schema="
            assert first.startswith(prefix), path
            assert (path.parent / first.removeprefix(prefix)).is_file(), path


def test_the_schemas_are_written(tmp_path: Path, schemas: dict[str, Any]) -> None:
    names = write_schemas(tmp_path)
    assert names == sorted(f"{name}.json" for name in schemas)
    assert (
        json.loads((tmp_path / SCHEMA_FOLDER / "flow.json").read_text("utf-8")) == schemas["flow"]
    )


def test_every_field_is_described(schemas: dict[str, Any]) -> None:
    bare = [
        f"{name}: {model.get('title')}.{field}"
        for name, schema in schemas.items()
        for model in [schema, *schema.get("$defs", {}).values()]
        for field, described in model.get("properties", {}).items()
        if not {"description", "const", "$ref"} & described.keys()
    ]
    assert bare == []


def test_no_model_takes_unknown_fields(schemas: dict[str, Any]) -> None:
    open_models = [
        f"{name}: {model.get('title')}"
        for name, schema in schemas.items()
        for model in [schema, *schema.get("$defs", {}).values()]
        if "properties" in model and model.get("additionalProperties") is not False
    ]
    assert open_models == []


def test_the_schema_of_flows_knows_every_node_type(schemas: dict[str, Any]) -> None:
    (nodes,) = schemas["flow"]["properties"]["nodes"]["patternProperties"].values()
    mapping = nodes["discriminator"]["mapping"]
    assert {"authenticate", "http_request", "import_data", "page"} <= set(mapping)
