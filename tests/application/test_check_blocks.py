"""Expressions in blocks whose last line break makes a text of their value."""

import pytest

from tests.application.conftest import Model

FLOW = "flows/calendar.yaml"
SET = 'set: {problem: "{{ error.text }}"}'


def problems_of(model: Model, written: str) -> list[tuple[str, str, str | None]]:
    """What is said where a node sets a variable so."""
    model.change(FLOW, SET, f"set:\n      problem: {written}")
    return [(p.code, p.severity, p.place.field) for p in model.problems()]


@pytest.mark.parametrize("style", ["|", ">", "|+", ">+"])
def test_a_lone_expression_in_a_block_that_ends_in_a_line_break_is_told(
    model: Model, style: str
) -> None:
    expression = "{{ (\n          $error := error;\n          $error.text\n        ) }}\n"
    written = f"{style}\n        {expression}"
    found = problems_of(model, written)
    assert len(found) == 1
    code, severity, field = found[0]
    assert (code, severity) == ("valueBecomesText", "warning")
    assert field is not None
    assert field.endswith(".set.problem")
    (problem,) = model.problems()
    lines = (model.root / FLOW).read_text("utf-8").split("\n")
    assert problem.place.line is not None
    assert lines[problem.place.line - 1] == f"      problem: {style}"
    assert problem.place.column == 7
    assert "`>-`" in problem.hint


@pytest.mark.parametrize(
    "written",
    [
        "|-\n        {{ error.text }}",
        ">-\n        {{ error.text }}",
        '"{{ error.text }}\\n"',
        "|\n        It failed: {{ error.text }}",
        "|\n        {{ error.text }} {{ error.text }}",
        "|\n        {{{{ error.text }}",
    ],
)
def test_a_text_that_is_meant_as_one_is_no_problem(model: Model, written: str) -> None:
    assert problems_of(model, written) == []


def test_where_only_a_text_can_stand_the_line_break_is_no_problem(model: Model) -> None:
    model.change("pages/calendar.yaml", "title: Calendar", "title: |\n  {{ now }}")
    assert model.problems() == []


def test_an_expression_that_does_not_compile_is_told_as_such_alone(model: Model) -> None:
    found = problems_of(model, "|\n        {{ error. }}")
    assert [code for code, _, _ in found] == ["expressionInvalid"]


def test_a_flows_variables_are_looked_at_too(model: Model) -> None:
    model.change(FLOW, "  slot: null", "  slot: |\n    {{ user }}")
    assert [p.code for p in model.problems()] == ["valueBecomesText"]
