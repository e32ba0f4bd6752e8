"""A wrong value is one problem: it hides no other of its file, and makes none up."""

from pathlib import Path

import pytest

from tests.application.conftest import EXAMPLE, Model

FLOW = "flows/calendar.yaml"


def test_a_wrong_expression_hides_no_other_problem_of_its_file(model: Model) -> None:
    model.change(FLOW, "profile: graph-user", "profile: graph-usr")
    model.change(FLOW, "import: event", "import: evnt")
    model.change(FLOW, "page: calendar", "page: calender")
    alone = {(p.code, p.place) for p in model.problems()}
    model.change(FLOW, "{{ range.start }}", "{{ range.( }}")
    found = {(p.code, p.place) for p in model.problems()}
    assert {code for code, _ in alone} >= {"unknownProfile", "unknownImport", "unknownPage"}
    assert alone < found
    assert {code for code, _ in found - alone} == {"valueInvalid"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    from: events.body", "    from: events.body\n    wrong: {a: 1}", "unknownKey"),
        ("method: GET", "method: GETT", "valueInvalid"),
    ],
)
def test_an_unknown_key_and_a_wrong_word_hide_none_either(
    model: Model, old: str, new: str, code: str
) -> None:
    model.change(FLOW, "page: calendar", "page: calender")
    model.change(FLOW, old, new)
    assert {p.code for p in model.problems()} == {"unknownPage", code}


def expressions_of(name: str) -> list[int]:
    """The lines of a document that hold an expression."""
    lines = (EXAMPLE / name).read_text("utf-8").splitlines()
    return [number for number, line in enumerate(lines) if "{{ " in line or " from: " in line]


@pytest.mark.parametrize("name", [FLOW, "flows/mail.yaml", "flows/people.yaml"])
def test_a_wrong_expression_is_the_only_problem_that_it_makes(model: Model, name: str) -> None:
    path: Path = model.root / name
    text = path.read_text("utf-8")
    lines = expressions_of(name)
    assert lines
    for number in lines:
        broken = text.splitlines()
        broken[number] = broken[number].replace("{{ ", "{{ ( ").replace("from: ", "from: ( ")
        path.write_text("\n".join(broken) + "\n", "utf-8")
        problems = model.problems()
        assert {p.code for p in problems} <= {"valueInvalid", "expressionInvalid"}, problems
        assert len(problems) == max(1, text.splitlines()[number].count("{{ ")), problems
