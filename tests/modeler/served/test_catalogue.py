"""What can be modelled, as the browser gets it: whole, usable, and the same as the portal's."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.application.templates import template_names
from graphwright.expressions import compile_expression
from graphwright.expressions.errors import ExpressionInvalid
from graphwright.flows.definition import NODE_TYPES
from graphwright.modeler.routes.catalogue import describe
from graphwright.modeler.wire.catalogue import KindWire
from graphwright.pages.definition import PAGE_TYPES
from graphwright.profiles.definition import PROFILE_KINDS
from tests.modeler.served.conftest import EXAMPLES, Editor

REGISTRIES = {"nodes": NODE_TYPES, "pages": PAGE_TYPES, "profiles": PROFILE_KINDS}
KINDS = [
    (group, kind) for group in REGISTRIES for kind in getattr(describe(), group)
]  # fmt: skip


def problems_of(config: Any, value: Any) -> list[Any]:
    try:
        config.model_validate(value)
    except ValidationError as error:
        return list(error.errors())
    return []


def test_the_catalogue_names_every_kind_and_template(editor: Editor) -> None:
    answer = editor.get("/api/catalogue")
    for group, registry in REGISTRIES.items():
        assert [kind["type"] for kind in answer[group]] == registry.names()
    assert [one["name"] for one in answer["templates"]] == template_names()
    assert all(one["title"] and one["description"] for one in answer["templates"])
    for schema in ("app", "list", "import", "flow"):
        assert answer[f"{schema}_schema"]["properties"]


@pytest.mark.parametrize(("group", "kind"), KINDS, ids=[kind.type for _, kind in KINDS])
def test_a_kind_says_what_it_is_and_how_a_new_one_begins(group: str, kind: KindWire) -> None:
    assert kind.title
    assert kind.summary.endswith(".")
    assert len(kind.help) > 50
    config: Any = REGISTRIES[group].kind(kind.type).config
    # What is left to say are names that nobody can guess.
    assert [problem for problem in problems_of(config, kind.initial) if problem["input"]] == []
    missing = dict(kind.initial)
    missing.pop("type")
    assert problems_of(config, {**missing, "type": "nothing"})


def test_every_function_named_exists_in_expressions() -> None:
    for function in describe().functions:
        assert function.summary.endswith(".")
        assert function.signature.startswith(function.name)
        try:
            found = compile_expression(f"$type({function.name})").evaluate({})
        except ExpressionInvalid as error:
            raise AssertionError(function.name) from error
        assert found == "function", function.name
    with pytest.raises(ExpressionInvalid):
        compile_expression("$type($nothing)")


def test_the_icons_are_those_that_the_portal_draws() -> None:
    source = (EXAMPLES.parent / "frontend" / "src" / "icons.ts").read_text("utf-8")
    drawn = set(re.findall(r"\b([a-z]+): \[?[A-Z]\w+(?:20|24)Regular", source))
    assert len(drawn) > 20
    assert set(describe().icons) <= drawn
