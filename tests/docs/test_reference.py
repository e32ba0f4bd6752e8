"""docs/reference/ is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphwright.application.schemas import SCHEMA_FOLDER, write_schemas
from graphwright.application.templates import template_names
from tools import reference
from tools.tracked import ROOT


def test_the_reference_is_up_to_date() -> None:
    assert reference.stale_pages() == [], "run `python -m tools.reference`"


def test_a_page_that_was_edited_missing_or_left_over_is_noticed_and_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    assert reference.main(["--check"]) == 1
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    written = {path.name: path.read_text("utf-8") for path in reference.FOLDER.glob("*.md")}
    assert set(written) == set(reference.pages())
    edited = reference.FOLDER / "nodes.md"
    edited.write_text(written["nodes.md"].replace("loop", "lop", 1), "utf-8")
    (reference.FOLDER / "lists.md").unlink()
    (reference.FOLDER / "gone.md").write_text("old", "utf-8")
    table = reference.FOLDER / "sandbox-coverage.md"
    table.write_text(written[table.name].replace("| GET |", "| TRACE |", 1), "utf-8")
    capsys.readouterr()
    assert reference.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert all(name in told for name in ("nodes.md", "lists.md", "gone.md", table.name))
    assert "app.md" not in told
    assert reference.main([]) == 0
    assert {p.name: p.read_text("utf-8") for p in reference.FOLDER.glob("*.md")} == written


@pytest.mark.parametrize("template", template_names())
def test_the_schemas_beside_an_example_are_up_to_date(template: str, tmp_path: Path) -> None:
    names = write_schemas(tmp_path)
    folder = ROOT / "examples" / template / SCHEMA_FOLDER
    assert sorted(path.name for path in folder.glob("*")) == names
    stale = [
        name
        for name in names
        if (folder / name).read_text("utf-8")
        != (tmp_path / SCHEMA_FOLDER / name).read_text("utf-8")
    ]
    assert stale == [], "run `make schema`"


@pytest.mark.parametrize("name", ["app.md", "lists.md", "imports.md", "nodes.md", "page-types.md"])
def test_every_field_has_a_type_and_nearly_every_one_a_meaning(name: str) -> None:
    rows = re.findall(
        r"^\| `[\w-]+` \| ([^|]*) \| [^|]* \| (.*) \|$", reference.pages()[name], re.MULTILINE
    )
    assert len(rows) > 10
    assert all(kind for kind, _ in rows)
    assert sum(not meaning for _, meaning in rows) < len(rows) / 10


def test_two_models_of_one_name_are_refused() -> None:
    parts = reference.Parts()
    parts.add({"Same": {"type": "object"}})
    parts.add({"Same": {"type": "object"}})
    with pytest.raises(ValueError, match="two models have the name Same"):
        parts.add({"Same": {"type": "object", "properties": {"a": {"type": "string"}}}})
