"""Documents: JSON, JSON lines, CSV; and what is none of them."""

from pathlib import Path
from typing import Any

import pytest

from graphwright.imports import DocumentInvalid
from graphwright.imports.documents import parse_document, read_document


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b'{"value": [1]}', "a.json", {"value": [1]}),
        (b'\xef\xbb\xbf{"a": 1}', "a.json", {"a": 1}),
        ('{"a": "ä"}'.encode("utf-16"), "a.json", {"a": "ä"}),
        (b"[9007199254740993, 123456789012345678901234567890]", "", [2**53 + 1,
         123456789012345678901234567890]),
        (b'["\\ud800"]', "", ["\ud800"]),
        (b'{"a": 1}\n{"a": 2}\n', "", [{"a": 1}, {"a": 2}]),
        (b'{"a": 1}\n\n[2]\n', "a.ndjson", [{"a": 1}, [2]]),
        (b"5", "", 5),
        (b"id,name\n1,Ann\n2,\n", "a.csv", [{"id": "1", "name": "Ann"}, {"id": "2", "name": None}]),
        (b"id;name\r\n1;\"a;b\r\nc\"\r\n", "a.csv", [{"id": "1", "name": "a;b\r\nc"}]),
        (b"id\tname\n1\tx\n", "a.tsv", [{"id": "1", "name": "x"}]),
        (b"\xef\xbb\xbfid|n\n\n1|2\n", "A.CSV", [{"id": "1", "n": "2"}]),
        (b'"a,b",c\n1,"say ""hi"""\n', "a.csv", [{"a,b": "1", "c": 'say "hi"'}]),
        (b"a,a,\n1,2,3\n", "a.csv", [{"a": "1", "a 2": "2", "column 3": "3"}]),
        (b"a,b\n1\n", "a.csv", [{"a": "1"}]),
        (b"one\n=1+1\n", "a.csv", [{"one": "=1+1"}]),
        ("name\n😀\n".encode(), "a.csv", [{"name": "😀"}]),
        (b"a,b\n", "a.csv", []),
    ],
)  # fmt: skip
def test_a_document_is_read(data: bytes, name: str, expected: Any) -> None:
    assert parse_document(data, name) == expected


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.json"),
        (b"   ", "a.json"),
        (b"<html>", "a.json"),
        (b"{", "a.json"),
        (b'{"a": NaN}', "a.json"),
        (b"[Infinity]", "a.json"),
        (b"[1e400]", "a.json"),
        (b"[" * 200_000, "a.json"),
        (b"[" * 200_000 + b"]" * 200_000, "a.json"),
        (b'{"a": 1}\n{"a": \n', "a.jsonl"),
        (b"\xff\xfe\xfa", "a.json"),
        (b"\xe4", "a.csv"),
        (b"", "a.csv"),
        (b"a,b\n1,2,3\n", "a.csv"),
        (b'a\n"never closed\n', "a.csv"),
        (b"a\x00b\n", "a.csv"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(DocumentInvalid):
        parse_document(data, name)


def test_an_error_says_where(tmp_path: Path) -> None:
    with pytest.raises(DocumentInvalid, match="line 2, column"):
        parse_document('{"a": 1,\n]', "x.json")
    with pytest.raises(DocumentInvalid, match="line 3"):
        parse_document("a\n1\n1,2\n", "x.csv")
    with pytest.raises(DocumentInvalid, match="cannot be read"):
        read_document(tmp_path / "none.json")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a\n1\n", "utf-8")
    assert read_document(path) == [{"a": "1"}]
