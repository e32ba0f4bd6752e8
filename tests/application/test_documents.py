"""YAML documents: what a writer changes, and what must stay as it was."""

from graphwright.application.documents import Document

TEXT = """# About this flow.
kind: regular  # may show pages

# The way.
start: first
nodes:
  first: {type: end, message: "It's done"}  # the end
  # another one
  second:
    type: note
    text: |
      two
      lines
"""


def test_an_edit_keeps_comments_order_and_quotes() -> None:
    document = Document.parse("flows/a.yaml", TEXT)
    document.tree["nodes"]["second"]["type"] = "end"
    assert document.text() == TEXT.replace("type: note", "type: end")


def test_values_are_plain_json() -> None:
    document = Document.parse(
        "a.yaml", "day: 2026-11-23\nyes: on\n1: one\nbig: 123456789012345678901\n"
    )
    assert document.value == {
        "day": "2026-11-23",
        "yes": "on",
        "1": "one",
        "big": 123456789012345678901,
    }


def test_aliases_are_values_of_their_own() -> None:
    document = Document.parse("a.yaml", "a: &x {b: 1}\nc: *x\n")
    assert document.value == {"a": {"b": 1}, "c": {"b": 1}}


def test_places_are_lines_and_columns_of_keys() -> None:
    place = Document.parse("a.yaml", TEXT).place(("nodes", "second", "text"))
    assert (place.line, place.column, place.field) == (11, 5, "nodes.second.text")


def test_a_place_that_is_not_there_is_the_nearest_above() -> None:
    place = Document.parse("a.yaml", TEXT).place(("nodes", "second", "missing", 3))
    assert (place.line, place.column) == (9, 3)
