"""Documents from files and texts: JSON, JSON lines and CSV, as JSON values. Knows no list."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec

from graphwright.imports.errors import DocumentInvalid
from graphwright.kernel.values import JsonObject, JsonValue

_CSV_SUFFIXES: Final = frozenset({".csv", ".tsv", ".tab"})
_LINES_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})
_DELIMITERS: Final = ",;\t|"
_SAMPLE: Final = 64_000
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_document(path: Path) -> JsonValue:
    """The document of a file; its suffix says whether it is CSV."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentInvalid(f"{path} cannot be read: {error.strerror}.") from error
    return parse_document(data, path.name)


def parse_document(data: bytes | str, name: str = "") -> JsonValue:
    """The JSON value of a document: CSV and JSON lines become an array of objects."""
    text = data if isinstance(data, str) else _decode(data, name)
    suffix = Path(name).suffix.lower()
    if suffix in _CSV_SUFFIXES:
        return parse_csv(text, name)
    stripped = text.strip()
    if not stripped:
        raise DocumentInvalid(f"{name or 'The document'} is empty.")
    if suffix in _LINES_SUFFIXES:
        return list(_parse_lines(text, name))
    try:
        before = text[: len(text) - len(text.lstrip())]
        return parse_json(stripped, name, 1 + before.count("\n"))
    except DocumentInvalid:
        first = stripped.split("\n", 1)[0]
        if "\n" in stripped and first.startswith(("{", "[")) and _is_json(first):
            return list(_parse_lines(text, name))
        raise


def parse_pasted(text: str, name: str = "") -> JsonValue:
    """Like `parse_document` for a text without a name, which may be CSV as well."""
    try:
        return parse_document(text, name)
    except DocumentInvalid:
        lines = text.strip().split("\n", 2)
        is_table = len(lines) > 1 and not lines[0].startswith(("{", "["))
        if is_table and any(_count_outside_quotes(lines[0], mark) for mark in _DELIMITERS):
            return parse_csv(text, name)
        raise


def parse_json(text: str, name: str = "", line: int = 1) -> JsonValue:
    """Strict JSON: integers exact; NaN, infinities and numbers beyond a double refused.

    `line`: where the text begins in its document. `DocumentInvalid` has `line`, `column` as facts.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    try:
        # Lone surrogates are JSON that msgspec does not take; this also says the line.
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_parse_float)
    except json.JSONDecodeError as error:
        at = error.lineno + line - 1
        raise DocumentInvalid(
            f"{name or 'The document'} is no JSON: {error.msg} in line {at}, column {error.colno}.",
            hint="A CSV file is known by its name: it ends in .csv.",
            line=at,
            column=error.colno,
        ) from error
    except ValueError as error:
        raise DocumentInvalid(f"{name or 'The document'} is no JSON: {error}.") from error
    except RecursionError as error:
        raise DocumentInvalid(f"{name or 'The document'} is nested too deeply.") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _parse_float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return number


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True


def _parse_lines(text: str, name: str) -> Iterator[JsonValue]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield parse_json(line, name, number)


def parse_csv(text: str, name: str = "") -> list[JsonObject]:
    """The rows of a CSV text by the names in its first line; an empty cell is null."""
    named = name or "The document"
    if "\x00" in text:
        raise DocumentInvalid(f"{named} is no CSV: it holds NUL characters.")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), _find_dialect(text), strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise DocumentInvalid(f"{named} is no CSV: {error}.") from error
    if not rows:
        raise DocumentInvalid(f"{named} is empty.", hint="The first line names the columns.")
    header = _name_columns(rows[0][1])
    found: list[JsonObject] = []
    for line, row in rows[1:]:
        if len(row) > len(header):
            raise DocumentInvalid(
                f"{named}, line {line}: there are {len(row)} cells, but the first line names "
                f"{len(header)} columns.",
                hint="A cell that holds the separator is put in quotes.",
                line=line,
            )
        found.append({column: cell or None for column, cell in zip(header, row, strict=False)})
    return found


def _name_columns(names: list[str]) -> list[str]:
    header: list[str] = []
    for number, raw in enumerate(names, 1):
        column = base = raw.strip() or f"column {number}"
        copy = 2
        while column in header:
            column = f"{base} {copy}"
            copy += 1
        header.append(column)
    return header


def _find_dialect(text: str) -> Any:
    """The separator that splits the first line into most columns; quotes as RFC 4180 has them."""

    class Dialect(csv.excel):
        delimiter = max(_DELIMITERS, key=lambda mark: _count_outside_quotes(text, mark))

    return Dialect


def _count_outside_quotes(text: str, mark: str) -> int:
    count = 0
    is_quoted = False
    for character in text[:_SAMPLE]:
        if character == '"':
            is_quoted = not is_quoted
        elif character == "\n" and not is_quoted:
            break
        elif character == mark and not is_quoted:
            count += 1
    return count


def _decode(data: bytes, name: str) -> str:
    encoding = next((found for mark, found in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentInvalid(
            f"{name or 'The document'} is no {encoding.upper()} text.",
            hint="Save it as UTF-8.",
        ) from error
