"""Imports that give no value to a key field of their list."""

import pytest

from tests.application.conftest import Model

IMPORT = "imports/event.yaml"
FLOW = "flows/calendar.yaml"


def test_a_key_that_is_not_mapped_is_told_at_the_mapping(model: Model) -> None:
    model.change(IMPORT, "  id: id\n", "")
    (problem,) = model.problems()
    assert (problem.code, problem.severity) == ("keyNotMapped", "error")
    assert (problem.place.file, problem.place.line, problem.place.column) == (IMPORT, 3, 1)
    assert problem.hint == "Add id to `fields`."


def test_every_field_of_a_key_has_to_be_mapped(model: Model) -> None:
    model.change("lists/event.yaml", "key: [id]", "key: [id, start_text, end_text]")
    model.change(
        "lists/event.yaml",
        "fields:",
        "fields:\n  start_text: {type: text}\n  end_text: {type: text}",
    )
    found = [(p.code, p.hint) for p in model.problems()]
    assert found == [
        ("keyNotMapped", "Add start_text to `fields`."),
        ("keyNotMapped", "Add end_text to `fields`."),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # The import says where the key is, though no field shows it.
        (IMPORT, "fields:\n  id: id\n", "key: [id]\nfields:\n"),
        # The list has no key: a row is its whole content.
        ("lists/event.yaml", "key: [id]\n", ""),
        # The flow says it of all rows.
        (FLOW, "    mode: replace", "    mode: replace\n    set: {id: '{{ now }}'}"),
    ],
)
def test_a_key_that_comes_from_elsewhere_is_no_problem(
    model: Model, name: str, old: str, new: str
) -> None:
    if name != IMPORT:
        model.change(IMPORT, "  id: id\n", "")
    model.change(name, old, new)
    assert [p for p in model.problems() if p.code == "keyNotMapped"] == []


def test_a_key_that_one_of_two_flows_leaves_out_is_told(model: Model) -> None:
    model.change(IMPORT, "  id: id\n", "")
    model.change(FLOW, "    mode: replace", "    mode: replace\n    set: {id: '{{ now }}'}")
    model.change(
        "flows/refresh_people.yaml",
        "nodes:\n",
        "nodes:\n  other:\n    type: import_data\n    import: event\n    from: response.body\n",
    )
    assert "keyNotMapped" in {p.code for p in model.problems()}


def test_the_key_of_a_child_list_is_told_at_the_childs_mapping(model: Model) -> None:
    model.write(
        "lists/guest.yaml",
        "parent: event\nkey: [mail]\nfields: {mail: {type: text}, name: {type: text}}\n",
    )
    children = "children:\n  guest:\n    items: attendees\n    fields:\n"
    path = model.root / IMPORT
    path.write_text(path.read_text("utf-8") + children + "      name: emailAddress.name\n", "utf-8")
    (problem,) = model.problems()
    assert (problem.code, problem.hint) == ("keyNotMapped", "Add mail to `fields`.")
    assert problem.place.field == "children.guest.fields"
    model.change(IMPORT, "      name:", "      mail: emailAddress.address\n      name:")
    assert model.problems() == []
