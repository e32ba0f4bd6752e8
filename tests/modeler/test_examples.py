"""Examples: what is kept, how long, and how a document is looked at."""

import time

import pytest

from graphwright.kernel.errors import GraphwrightError, InvalidInput
from graphwright.modeler.examples import (
    ExampleMissing,
    Examples,
    ExampleTooLarge,
    PointerInvalid,
    read_tree,
)

DOCUMENT = {
    "@odata.context": "x",
    "value": [{"id": "1", "start": {"dateTime": "t", "time zone": "UTC"}}, {"id": "2"}],
    "a/b~c": {"": None, "and": True, "tick`ed": 1.5},
    "long": "é" * 1000,
    "large": 2**60,
}


def test_a_document_is_opened_level_by_level() -> None:
    tree = read_tree(DOCUMENT, "")
    assert (tree.node.key, tree.node.kind, tree.node.count, tree.node.path) == (
        None, "object", 5, "$",
    )  # fmt: skip
    shown = {child.key: child for child in tree.children}
    assert (shown["@odata.context"].path, shown["@odata.context"].value) == (
        "`@odata.context`",
        "x",
    )
    assert (shown["value"].kind, shown["value"].count, shown["value"].value) == ("array", 2, None)
    assert shown["a/b~c"].pointer == "/a~1b~0c"
    assert shown["long"].cut
    assert shown["long"].value == "é" * 300
    assert shown["large"].value == str(2**60)


def test_items_have_the_path_of_their_array() -> None:
    (first, second) = read_tree(DOCUMENT, "/value").children
    assert (first.key, first.pointer, first.path) == (0, "/value/0", "value")
    start = read_tree(DOCUMENT, "/value/0/start")
    assert [child.path for child in start.children] == [
        "value.start.dateTime",
        "value.start.`time zone`",
    ]
    assert read_tree(DOCUMENT, second.pointer).node.key == 1
    assert read_tree([{"0": [5]}], "/0/0/0").node.path == "`0`"


def test_a_name_that_no_expression_can_say_has_no_path() -> None:
    paths = {child.key: child.path for child in read_tree(DOCUMENT, "/a~1b~0c").children}
    assert paths == {"": None, "and": "`a/b~c`.`and`", "tick`ed": None}
    assert read_tree(DOCUMENT, "/a~1b~0c/").node.kind == "null"


@pytest.mark.parametrize(
    "pointer",
    [
        "value",
        "/value/2",
        "/value/-1",
        "/value/00",
        "/value/x",
        "/none",
        "/a~2",
        "/long/0",
        "/value/0~",
    ],
)
def test_a_pointer_to_nothing_is_refused(pointer: str) -> None:
    with pytest.raises(PointerInvalid):
        read_tree(DOCUMENT, pointer)


def test_children_come_in_parts_and_quickly_of_large_collections() -> None:
    document = {"value": [{"id": n, "text": "x" * 400} for n in range(100_000)]}
    began = time.perf_counter()
    tree = read_tree(document, "/value", 99_990, 500)
    assert time.perf_counter() - began < 1
    assert ([child.key for child in tree.children], tree.total) == (
        list(range(99_990, 100_000)),
        100_000,
    )
    assert read_tree(document, "/value", 100_000).children == []


@pytest.mark.parametrize(("offset", "limit"), [(-1, 10), (0, 0), (0, 501)])
def test_parts_out_of_bounds_are_refused(offset: int, limit: int) -> None:
    with pytest.raises(InvalidInput):
        read_tree(DOCUMENT, "", offset, limit)


def test_the_oldest_go_when_there_are_too_many() -> None:
    examples = Examples(most=2)
    keys = [examples.add(str(n), [n]).id for n in range(3)]
    with pytest.raises(ExampleMissing):
        examples.document(keys[0])
    assert [examples.document(key) for key in keys[1:]] == [[1], [2]]
    assert len(set(keys)) == 3
    assert all(len(key) >= 24 for key in keys)


def test_the_oldest_go_when_they_are_too_large_and_one_too_large_is_refused() -> None:
    examples = Examples(most_bytes=1000)
    first = examples.add("a", "x" * 600)
    second = examples.add("b", {"value": ["y" * 600]})
    assert (second.items, second.size) == (1, 614)
    with pytest.raises(ExampleMissing):
        examples.document(first.id)
    with pytest.raises(ExampleTooLarge):
        examples.add("c", "z" * 1001)
    assert examples.document(second.id)


def test_a_replaced_document_keeps_its_id_and_counts_once() -> None:
    examples = Examples(most_bytes=1000)
    one = examples.add("a", ["x" * 400])
    for _ in range(5):
        one = examples.replace(one.id, ["x" * 400, "y" * 400])
    assert (one.title, one.items, len(examples.document(one.id))) == ("a", 2, 2)
    with pytest.raises(GraphwrightError):
        examples.replace("other", [])


def test_half_a_character_can_be_kept() -> None:
    assert Examples().add("a", {"x": "\ud800"}).size > 8
