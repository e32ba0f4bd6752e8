"""YAML documents: what a writer changes, and what must stay as it was."""

import time
from pathlib import Path

import pytest

from graphwright.application.documents import Document, DocumentBroken, Recent

EXAMPLES = Path(__file__).parents[2] / "examples"

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


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*/**/*.yaml")), ids=lambda path: "/".join(path.parts[-3:])
)
def test_every_file_of_the_examples_is_written_as_it_was_but_for_the_edit(path: Path) -> None:
    text = path.read_text("utf-8")
    document = Document.parse(path.name, text)
    document.tree["added_by_test"] = "A: value"
    changed = document.text()
    assert changed != text
    assert changed == text + "added_by_test: 'A: value'\n"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: 1\nb: 1\na: SECRET\n", (3, 1), "'a' stands there twice"),
        ("a:\n  - b: .nan\n", (2, 5), "no number"),
        ("a: 1\nb: !!binary aGVsbG8=\n", (2, 1), "binary"),
        ("a: 1\nb: !mine x\n", (2, 1), "tag"),
        ("a: 1\nb: bell \x07\n", (2, 9), "U+0007"),
        ("a: 1\n---\nb: 2\n", (2, 1), "another document"),
        ("a: 1\n? [x, y]\n: 2\n", (1, 1), "no text"),
        ("1: a\n'1': b\n", (1, 1), "stands there twice"),
        ("a: *nobody\n", (1, 4), "undefined alias"),
        ("a:\n\t- b\n", (2, 1), "cannot start"),
        ("a: 'open\n", (2, 1), "end of stream"),
    ],
)
def test_what_is_no_document_is_told_with_its_place(
    text: str, place: tuple[int, int], words: str
) -> None:
    with pytest.raises(DocumentBroken) as caught:
        Document.parse("a.yaml", text)
    problem = caught.value.problem
    assert (problem.place.line, problem.place.column) == place, str(problem)
    assert words in problem.message
    assert "SECRET" not in str(problem)


def test_aliases_that_stand_for_billions_of_values_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(DocumentBroken, match="200,000 values"):
        Document.parse("a.yaml", "\n".join(lines))


def test_values_nested_too_deeply_are_refused() -> None:
    with pytest.raises(DocumentBroken, match="deep"):
        Document.parse("a.yaml", "a: " + "[" * 150 + "]" * 150)
    with pytest.raises(DocumentBroken, match="deep"):
        Document.parse("a.yaml", "a: " + "[" * 20_000 + "]" * 20_000)


def test_a_byte_order_mark_and_carriage_returns_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: x\r\n")
    document = Document.read(tmp_path, "a.yaml")
    assert document.value == {"a": 1, "b": {"c": "x"}}
    assert document.place(("b", "c")).line == 3


def test_a_merge_brings_values_whose_place_is_the_parent() -> None:
    text = "base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n"
    document = Document.parse("a.yaml", text)
    assert document.value == {"base": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}}
    assert (document.place(("c", "x")).line, document.place(("c", "y")).line) == (2, 4)


def test_true_with_an_anchor_stays_true() -> None:
    assert Document.parse("a.yaml", "a: &x true\nb: *x\n").value == {"a": True, "b": True}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"a: \xff", "not UTF-8 (byte 3)"), (b"a: x\n" * 500_000, "2,000,000 bytes")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(DocumentBroken) as caught:
        Document.read(tmp_path, "a.yaml")
    assert words in caught.value.problem.message


def test_a_folder_with_the_name_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(DocumentBroken, match="cannot be read"):
        Document.read(tmp_path, "a.yaml")


def test_what_would_be_parsed_for_minutes_is_refused_before() -> None:
    for text in (
        "a: " + "[" * 20_000,
        "a: " + "{a: " * 20_000,
        "".join(f"k{n}: 1\n" for n in range(60_000)),
        "a: [" + "1, " * 60_000 + "]",
    ):
        began = time.process_time()
        with pytest.raises(DocumentBroken, match=r"deep|lines and values"):
            Document.parse("a.yaml", text)
        assert time.process_time() - began < 1
    # Brackets of texts, one after another, nest nothing.
    assert Document.parse("a.yaml", "a: '" + "[]" * 1_000 + "'").value == {"a": "[]" * 1_000}


def test_a_shared_document_is_parsed_once_and_its_values_are_each_one_s_own() -> None:
    text = "shared: {by: [everybody]}\n"
    first, second = Document.shared("a.yaml", text), Document.shared("b.yaml", text)
    assert first.tree is second.tree
    assert (first.place(("shared",)).file, second.place(("shared",)).file) == ("a.yaml", "b.yaml")
    assert isinstance(first.value, dict)
    first.value["shared"] = None
    assert (
        second.value == Document.shared("c.yaml", text).value == {"shared": {"by": ["everybody"]}}
    )
    for _ in range(2):
        with pytest.raises(DocumentBroken) as caught:
            Document.shared("d.yaml", "a: [")
        assert caught.value.problem.place.file == "d.yaml"


def test_what_is_remembered_of_documents_is_bounded_by_its_length() -> None:
    recent = Recent()
    texts = [f"{number:02}" + "x" * (recent.LONGEST - 2) for number in range(20)]
    for text in texts:
        recent.keep(text, text[:2])
        recent.keep(text, text[:2])
        assert recent.find(texts[0]) == "00"
    recent.keep(texts[0] + "x", "too long")
    kept = [number for number, text in enumerate(texts) if recent.find(text)]
    assert kept == [0, *range(5, 20)], "the newest, and what was asked for"
    assert len(kept) * recent.LONGEST == recent.MOST
    assert recent.find(texts[0] + "x") is None
