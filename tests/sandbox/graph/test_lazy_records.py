"""Records whose properties are made when looked at, and rows of permissions that name several."""

from collections.abc import Callable
from pathlib import Path

import pytest

from graphwright_sandbox.graph.lazy_records import LazyRecord
from graphwright_sandbox.graph.permissions import load_requirements


def test_a_property_is_made_once_and_only_when_looked_at() -> None:
    made: list[str] = []

    def maker(name: str) -> Callable[[str], str]:
        def make(source: str) -> str:
            made.append(name)
            return f"{name} of {source}"

        return make

    record = LazyRecord("it", {name: maker(name) for name in ("a", "b", "c")})
    assert (record.get("a"), record["a"], record.get("z", 5)) == ("a of it", "a of it", 5)
    assert made == ["a"]
    assert "b" in record
    assert list(record) == ["a", "b", "c"]
    assert made == ["a"]
    assert {**record, "d": 1} == {"a": "a of it", "b": "b of it", "c": "c of it", "d": 1}
    assert made == ["a", "b", "c"]
    changed = record.with_makers({"b": len})
    assert dict(changed.items()) == {"a": "a of it", "b": 2, "c": "c of it"}
    with pytest.raises(KeyError):
        record["z"]


def test_a_row_may_name_several_operations_but_each_operation_one_row(tmp_path: Path) -> None:
    row = 'me = ["A"]\ndelegated = []\napplication = []\n'
    table = tmp_path / "permissions.toml"
    table.write_text(f'["reading"]\n{row}operations = ["GET /a", "GET /b"]\n["POST /a"]\n{row}')
    found = load_requirements(table)
    assert sorted(found) == ["GET /a", "GET /b", "POST /a"]
    assert found["GET /b"].me == ("A",)
    again = tmp_path / "again.toml"
    again.write_text(f'["reading"]\n{row}operations = ["GET /a"]\n["GET /a"]\n{row}')
    with pytest.raises(LookupError, match="GET /a"):
        load_requirements(again)
