"""Templates: `{{ … }}` inside the texts of a tree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.expressions import (
    Expression,
    ExpressionFailed,
    ExpressionInvalid,
    compile_template,
)

SCOPE: dict[str, Any] = {
    "n": 3,
    "half": 0.5,
    "yes": True,
    "none": None,
    "one": ["x"],
    "object": {"a": 1},
    "text": "it's / ? {{ n }} <b> 😀",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", "plain"),
        ("{{ n }}", 3),
        (" {{ n }}", " 3"),
        ("{{one}}", ["x"]),
        ("{{ nothing }}", None),
        ("a {{ nothing }}b", "a b"),
        ("{{ yes }}-{{ half }}-{{ n }}", "true-0.5-3"),
        ("{{ text }}", SCOPE["text"]),
        ("<{{ text }}>", f"<{SCOPE['text']}>"),
        ("{{{{ n }}", "{{ n }}"),
        ("a}}b", "a}}b"),
        ('{{ {"k": {"l": n}} }}', {"k": {"l": 3}}),
        ('{{{"k": n}}}', {"k": 3}),
        ("{{ '}}' & n }}", "}}3"),
        ('{{ "\\"}}" }}', '"}}'),
        ("{{ `n` }}", 3),
        ({"a": ["{{ n }}", "x{{ n }}", 1, None], "{{ n }}": True},
         {"a": [3, "x3", 1, None], "{{ n }}": True}),
    ],
)  # fmt: skip
def test_a_template_renders(source: Any, expected: Any) -> None:
    value = compile_template(source).render(SCOPE)
    assert value == expected
    assert type(value) is type(expected)


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert compile_template("{{ v }}!{{ v }}").render({"v": value}) == f"{value}!{value}"


@pytest.mark.parametrize("name", ["one", "object"])
def test_what_is_no_scalar_cannot_stand_inside_a_text(name: str) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        compile_template("a{{ " + name + " }}").render(SCOPE)
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("source", "path", "position"),
    [
        ("ab {{ n + }}", [], 9),
        ({"a": ["x", "{{ n"]}, ["a", 1], 0),
        ("{{ }}", [], 3),
        ("x {{ $foo }}", [], 5),
        ("{{ 'never closed }}", [], 0),
    ],
)
def test_a_wrong_template_says_where(source: Any, path: list[Any], position: int) -> None:
    with pytest.raises(ExpressionInvalid) as caught:
        compile_template(source)
    assert (caught.value.facts["path"], caught.value.facts["position"]) == (path, position)


def test_parts_and_names_are_known_to_builders() -> None:
    template = compile_template("/users/{{ user.id }}/events/{{ key }}")
    assert [part.source if isinstance(part, Expression) else part for part in template.parts] == [
        "/users/",
        "user.id",
        "/events/",
        "key",
    ]
    assert template.names() == {"user", "key"}
    assert not template.is_constant
    assert compile_template("/me").parts == ("/me",)
    assert compile_template("/me").is_constant
    tree = compile_template({"a": {"b": "{{ c }}"}})
    assert [(path, found.source) for path, found in tree.expressions()] == [(("a", "b"), "c")]
    assert tree.parts == ()


def test_a_tree_that_is_too_deep_is_refused() -> None:
    tree: Any = "x"
    for _ in range(200):
        tree = [tree]
    with pytest.raises(ExpressionInvalid):
        compile_template(tree)


def test_a_lone_expression_renders_as_text_on_demand() -> None:
    assert compile_template("{{ n }}").render_text(SCOPE) == "3"
    assert compile_template("{{ none }}").render_text(SCOPE) == ""
