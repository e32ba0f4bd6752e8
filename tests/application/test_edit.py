"""Edits of YAML texts: only the lines of what changed differ, and the value is the wanted one."""

import copy
from collections.abc import Iterator
from difflib import ndiff
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from graphwright.application.documents import Document
from graphwright.application.edit import NotEditable, edit_text, new_text

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXTS = {
    str(path.relative_to(EXAMPLES)): path.read_text("utf-8")
    for path in sorted(EXAMPLES.rglob("*.yaml"))
    if not any(part.startswith(".") for part in path.relative_to(EXAMPLES).parts)
}
EVENT = TEXTS["my-day/lists/event.yaml"]
CALENDAR = TEXTS["my-day/flows/calendar.yaml"]

Path_ = tuple[str | int, ...]


def value_of(text: str) -> Any:
    """What a text says."""
    return copy.deepcopy(_parsed(text))


# The same text is edited at many places.
@lru_cache(maxsize=4)
def _parsed(text: str) -> Any:
    return Document.parse("document.yaml", text).value


def diff_of(before: str, after: str) -> list[str]:
    """The lines that differ, each with - or +."""
    return [
        line.rstrip("\n")
        for line in ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
        if line[0] in "-+"
    ]


def edit(text: str, *steps: str | int, to: Any) -> str:
    """The text with another value at a place."""
    value = value_of(text)
    node = value
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = to
    after = edit_text(text, value)
    assert value_of(after) == value
    return after


def some(places: Iterator[Path_], most: int) -> list[Path_]:
    """At most so many places, spread over the document."""
    every = list(places)
    return every[:: len(every) // most + 1]


of_every_example = pytest.mark.parametrize("name", TEXTS)
at_places = pytest.mark.parametrize("most", [5, pytest.param(25, marks=pytest.mark.verify)])


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place of a scalar."""
    if isinstance(value, dict | list) and value:
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, step))
    else:
        yield path


def collections(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place of a mapping or list."""
    if isinstance(value, dict | list):
        yield path
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from collections(item, (*path, step))


def at(value: Any, path: Path_) -> Any:
    """The value at a place."""
    for step in path:
        value = value[step]
    return value


@of_every_example
def test_without_an_edit_the_text_stays_as_it_is(name: str) -> None:
    assert edit_text(TEXTS[name], value_of(TEXTS[name])) == TEXTS[name]


@at_places
@of_every_example
def test_another_scalar_changes_its_own_line_alone(name: str, most: int) -> None:
    text = TEXTS[name]
    for path in some(leaves(value_of(text)), most):
        changed = diff_of(text, edit(text, *path, to="another text"))
        kinds = [line[0] for line in changed]
        lines = str(at(value_of(text), path)).rstrip("\n").count("\n")
        # A text of several lines is one value, with the line of its name.
        wanted = ["+", *"-" * (lines + 2)] if lines else ["+", "-"]
        assert sorted(kinds) == wanted, f"{path}: {changed}"


@at_places
@of_every_example
def test_what_is_removed_takes_its_own_lines_and_no_others(name: str, most: int) -> None:
    text = TEXTS[name]
    value = value_of(text)
    for path in some(collections(value), most):
        holder = at(value, path)
        # The first, and the last.
        for step in (list(holder) if isinstance(holder, dict) else list(range(len(holder))))[
            :: len(holder) - 1 or 1
        ]:
            wanted = copy.deepcopy(value)
            del at(wanted, path)[step]
            after = edit_text(text, wanted)
            assert value_of(after) == wanted
            added = [line for line in diff_of(text, after) if line[0] == "+"]
            # A line that holds more than the removed part is written anew; nothing else is.
            assert len(added) <= 1, f"{path} {step}: {added}"


@at_places
@of_every_example
def test_what_is_added_is_added_and_nothing_else_is_touched(name: str, most: int) -> None:
    text = TEXTS[name]
    value = value_of(text)
    for path in some(collections(value), most):
        wanted = copy.deepcopy(value)
        holder = at(wanted, path)
        if isinstance(holder, dict):
            holder["one_more"] = "text"
        else:
            holder.append("text")
        after = edit_text(text, wanted)
        assert value_of(after) == wanted
        removed = [line for line in diff_of(text, after) if line[0] == "-"]
        assert len(removed) <= 1, f"{path}: {removed}"


@at_places
@of_every_example
def test_every_comment_outlives_every_edit(name: str, most: int) -> None:
    text = TEXTS[name]
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    for path in some(leaves(value_of(text)), most):
        after = edit(text, *path, to=["a", {"b": 1}]).splitlines()
        assert [line for line in comments if line not in after] == []


def test_a_field_is_written_as_its_neighbours_are() -> None:
    after = edit(EVENT, "fields", "notes", to={"type": "text", "title": "Notes"})
    assert diff_of(EVENT, after) == ["+   notes: {type: text, title: Notes}"]


def test_one_value_in_a_flow_mapping_changes_its_line() -> None:
    after = edit(EVENT, "fields", "subject", "title", to="What")
    assert diff_of(EVENT, after) == [
        "-   subject: {type: text, title: Subject, required: true}",
        "+   subject: {type: text, title: What, required: true}",
    ]


def test_a_renamed_key_keeps_its_place() -> None:
    value = value_of(EVENT)
    fields = value["fields"]
    value["fields"] = {("place" if k == "location" else k): v for k, v in fields.items()}
    after = edit_text(EVENT, value)
    assert list(value_of(after)["fields"]) == list(value["fields"])
    assert diff_of(EVENT, after) == [
        "-   location: {type: text, title: Location}",
        "+   place: {type: text, title: Location}",
    ]


def test_a_renamed_node_keeps_its_block_and_the_comments_in_it() -> None:
    value = value_of(CALENDAR)
    nodes = value["nodes"]
    value["nodes"] = {("make_event" if k == "create_event" else k): v for k, v in nodes.items()}
    after = edit_text(CALENDAR, value)
    assert value_of(after) == value
    assert diff_of(CALENDAR, after) == ["-   create_event:", "+   make_event:"]


def test_a_new_node_stands_in_a_block_with_its_exits_on_one_line() -> None:
    node = {
        "type": "http_request",
        "url": "/me",
        "authentication": {"type": "oauth2", "profile": "graph-user"},
        "exits": {"default": "load_events", "error": "failed"},
    }
    after = edit(CALENDAR, "nodes", "read_me", to=node)
    assert diff_of(CALENDAR, after) == [
        "+   read_me:",
        "+     type: http_request",
        "+     url: /me",
        "+     authentication: {type: oauth2, profile: graph-user}",
        "+     exits: {default: load_events, error: failed}",
    ]


@pytest.mark.parametrize(
    "before", ["nodes:\n  a:\n    type: end\n", "nodes:\n  b: {type: note}\n", "nodes: {}\n"]
)
def test_a_new_node_stands_in_a_block_however_short_it_is(before: str) -> None:
    after = edit(before, "nodes", "fail", to={"type": "end", "tone": "error"})
    assert after.removeprefix(before if "{}" not in before else "nodes:\n") == (
        "  fail:\n    type: end\n    tone: error\n"
    )


def test_a_new_field_of_a_list_stands_on_one_line_whatever_its_name() -> None:
    after = edit("fields:\n  a: {type: text}\n", "fields", "nodes", to={"type": "text"})
    assert after == "fields:\n  a: {type: text}\n  nodes: {type: text}\n"


def test_the_entries_of_a_list_are_moved_with_their_lines() -> None:
    text = TEXTS["my-day/app.yaml"]
    value = value_of(text)
    value["navigation"].insert(0, value["navigation"].pop())
    after = edit_text(text, value)
    assert value_of(after) == value
    line = "  - {title: People, flow: people, icon: people}"
    assert sorted(diff_of(text, after)) == [f"+ {line}", f"- {line}"]


def test_entries_in_a_new_order_bring_their_comments() -> None:
    text = "# the whole\na: 1\n\n# about b\nb: 2 # two\nc: 3\n"
    after = edit_text(text, {"a": 1, "c": 3, "b": 2})
    assert after == "# the whole\na: 1\nc: 3\n\n# about b\nb: 2 # two\n"


def test_comments_behind_values_and_blank_lines_stay() -> None:
    text = "a: 1   # one\n\n\nb:\n    - x  # an x\n    -   y\n# end\n"
    assert edit_text(text, {"a": 2, "b": ["x", "y"]}) == text.replace("a: 1", "a: 2")
    after = edit_text(text, {"a": 1, "b": ["x", "z"]})
    assert "    - x  # an x\n" in after
    assert after.endswith("# end\n")


def test_quotes_stay_as_the_author_wrote_them() -> None:
    text = "a: 'one'\nb: \"two\"\nc: three\n"
    assert edit_text(text, {"a": "1st", "b": "2nd", "c": "3rd"}) == (
        "a: '1st'\nb: \"2nd\"\nc: 3rd\n"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "", " ", "null", "~", "true", "no", "yes", "1", "1.5", "0x1f", "1e3", "2026-11-23", "12:30",
        ": ", "a: b", "a #b", "# no comment", "- x", "{{ range.start }}", "[x]", "*a", "&a", "!t", "%d",
        "@x", "`x`", "'", '"', "'\"", "\\", "a\\nb", "tab\there", "two\nlines", "two\nlines\n", "\n",
        " lead", "trail ", "  two\n lines", "a\n\n\nb",
        "a\n\n", "a\n  b\n\n  c\nd", "a\n b ", "ünï çödé 日本 🎉", "\u2028", "\x85", "a\r\nb",
        "a" * 300, "? x", "key:", "| x", "> x", "---", "...", "<<", "=", "\ufeff", "\x7f",
        None, True, False, 0, -7, 1.5, 10**15, [], {}, [[]], [{}], {"": ""}, {"a": None},
        ["a", ["b", {"c": ["d"]}]], {"1": "x", "true": "y", "null": "z"}, {"a b: c": "{", "#": "}"},
        {"deep": {"deeper": {"deepest": ["text\nof lines", {"x": "y"}]}}}, [None, "", "a\nb"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", ["a: x\nb: old # note\nc: 1\n", "m: {a: x, b: old, c: 1}\n",
                                   "l:\n  - a\n  - b: old\n    c: 1\n"])  # fmt: skip
def test_every_value_comes_back_as_it_was_given(style: str, wanted: Any) -> None:
    value = value_of(style)
    holder = value.get("m") or (value["l"][1] if "l" in value else value)
    holder["b"] = wanted
    after = edit_text(style, value)
    assert value_of(after) == value
    assert new_text("lists", {"b": wanted, "c": [wanted]}).startswith("# yaml-language-server")
    assert value_of(new_text("lists", {"b": wanted})) == {"b": wanted}


def test_anchors_and_merges_come_out_with_the_right_value() -> None:
    text = "# kept\nbase: &base {a: 1, b: 2}\none:\n  <<: *base\n  c: 3\nother: 5 # five\n"
    value = value_of(text)
    after = edit_text(text, {**value, "other": 6})
    assert value_of(after)["other"] == 6
    assert diff_of(text, after) == ["- other: 5 # five", "+ other: 6 # five"]
    value["one"]["a"] = 9
    assert value_of(edit_text(text, value)) == value
    value = value_of(text)
    value["base"]["a"] = 7
    after = edit_text(text, value)
    assert value_of(after) == value
    assert "# kept" in after


def test_aliases_come_out_with_the_right_value() -> None:
    text = "a: &x [1, 2]\nb: *x\nc: 1\n"
    for wanted in ({"a": [1], "b": [1, 2], "c": 1}, {"b": [1, 2], "c": 1}, {"a": [1, 2], "b": 3}):
        assert value_of(edit_text(text, wanted)) == wanted


def test_texts_in_several_lines_are_edited() -> None:
    text = "a: |\n  one\n  two\n\nb: >-\n  folded\n  text\nc: plain\n  that goes on\nd: 1\n"
    value = value_of(text)
    for key, new in (("a", "one\n2\n"), ("b", "other"), ("c", "short"), ("d", 2)):
        wanted = {**value, key: new}
        after = edit_text(text, wanted)
        assert value_of(after) == wanted
    assert edit_text(text, {**value, "d": 2}) == text.replace("d: 1", "d: 2")


def test_line_ends_of_windows_stay() -> None:
    text = "a: 1\r\n# about b\r\nb: two\r\n"
    assert edit_text(text, {"a": 1, "b": "2"}) == 'a: 1\r\n# about b\r\nb: "2"\r\n'


def test_a_text_without_end_of_line_stays_without() -> None:
    assert edit_text("a: 1\nb: 2", {"a": 1, "b": 3}) == "a: 1\nb: 3"


def test_an_empty_document_gets_its_first_entries_and_keeps_its_comments() -> None:
    assert edit_text("# mine\n", {"a": 1}) == "# mine\na: 1\n"
    assert value_of(edit_text("{}\n", {"a": {"b": [1]}})) == {"a": {"b": [1]}}


@pytest.mark.parametrize("text", ["a: [1\n", "a: 1\na: 2\n", "\x00", "a: !!binary aGk=\n"])
def test_a_text_that_is_no_yaml_is_refused(text: str) -> None:
    with pytest.raises(NotEditable):
        edit_text(text, {"a": 1})


@pytest.mark.parametrize("value", [None, 1, "text", [1]])
def test_a_document_that_is_no_mapping_is_refused(value: Any) -> None:
    with pytest.raises(NotEditable):
        edit_text("a: 1\n", value)
    with pytest.raises(NotEditable):
        new_text("lists", value)


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ("{{ (\n  $a := 1;\n\n  $a\n) }}", "|-\n  {{ (\n    $a := 1;\n\n    $a\n  ) }}"),
        ("# two\nlines: of text\n", "|\n  # two\n  lines: of text"),
        # A reader could not see where these end or begin, or what is in them.
        ("two\nlines\n\n", '"two\\nlines\\n\\n"'),
        ("two \nlines", '"two \\nlines"'),
        (" two\nlines", '" two\\nlines"'),
        ("\ntwo", '"\\ntwo"'),
        ("two\n\tlines", '"two\\n\\tlines"'),
    ],
)
def test_a_text_of_several_lines_is_a_block_where_a_block_shows_all_of_it(
    wanted: str, written: str
) -> None:
    assert new_text("layout", {"a": wanted, "b": 1}) == f"a: {written}\nb: 1\n"
    assert edit_text("a: x\nb: 1\n", {"a": wanted, "b": 1}) == f"a: {written}\nb: 1\n"


def test_new_documents_look_as_if_written_by_hand() -> None:
    for name, text in TEXTS.items():
        folder = Path(name).parts[1] if len(Path(name).parts) == 3 else "app.yaml"
        made = new_text(folder, value_of(text))
        assert value_of(made) == value_of(text)
        wanted = {line for line in text.splitlines() if line and not line.lstrip().startswith("#")}
        same = [line for line in made.splitlines() if line in wanted]
        assert len(same) >= 0.75 * len(wanted), name
