"""Renaming what expressions read."""

import pytest

from graphwright.expressions.renaming import NotRenamable, rename_in_text, rename_path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("v", "w"),
        ("v.a + items[v = 1]", "w.a + items[v = 1]"),
        ("a.v", "a.v"),
        ("a.(v)", "a.(v)"),
        ("a^(v)", "a^(v)"),
        ("$v := 1; v", None),
        ("($v := 1; v)", "($v := 1; w)"),
        ("'v' & v & \"v\"", "'v' & w & \"v\""),
        ("$.v", "$.w"),
        ("[v, {'v': v}]", "[w, {'v': w}]"),
        ("v in [1] and v", "w in [1] and w"),
        ("$map(v, function($v) { $v.v & v })", "$map(w, function($v) { $v.v & w })"),
        ("v ~> /v/", "w ~> /v/"),
        ("v / 2 / v", "w / 2 / w"),
        ("`v`.x", "w.x"),
        ("other", "other"),
        ("v.v.v", "w.v.v"),
    ],
)
def test_a_variable_is_renamed_where_the_scope_is_read(before: str, after: str | None) -> None:
    if after is None:
        with pytest.raises(NotRenamable):
            rename_path(before, ("v",), "w")
    else:
        assert rename_path(before, ("v",), "w") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("row.a", "row.b"),
        ("row . a & a", "row . b & a"),
        ("row.`a`.a", "row.b.a"),
        ("other.row.a", "other.row.a"),
        ("row.c", "row.c"),
        ("$merge([row, {'a': row.a}])", "$merge([row, {'a': row.b}])"),
    ],
)
def test_a_field_of_a_row_is_renamed(before: str, after: str) -> None:
    assert rename_path(before, ("row", "a"), "b") == after


@pytest.mark.parametrize(
    "source", ["row[0].a", "(row).a", "row.(a)", "row.{'x': a}", "$", "row.a +"]
)
def test_what_reads_it_in_another_way_is_told(source: str) -> None:
    if source == "$":
        assert rename_path(source, ("row", "a"), "b") == source
        return
    with pytest.raises(NotRenamable):
        rename_path(source, ("row", "a"), "b")


def test_names_that_need_quotes_get_them() -> None:
    assert rename_path("v.x", ("v",), "and") == "`and`.x"


def test_templates_are_renamed_inside_their_braces_only() -> None:
    assert rename_in_text("v {{ v.x }} {{{{ v }}{{v}}", ("v",), "w") == "v {{ w.x }} {{{{ v }}{{w}}"
    with pytest.raises(NotRenamable):
        rename_in_text("{{ v", ("v",), "w")
