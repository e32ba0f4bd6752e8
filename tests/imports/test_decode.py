"""Typed decode: the same rows, skips and removals as from objects, whatever the mapping and the page."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.imports import ImportDefinition, Importer, Mapper
from graphwright.kernel.database import Database
from graphwright.kernel.errors import GraphwrightError
from graphwright.lists import ListDefinition, Lists, RowQuery, build_tables

TYPES = (
    "json",
    "json",
    "text",
    "integer",
    "number",
    "boolean",
    "datetime",
    "zoned_datetime",
    "date",
)
PATHS = (
    "a", "b", "a.a", "a.b", "b.a", "a.b.a", "a.b.b", "b.`x y`.a", "`@odata.type`", "`ü`.b",
    "a.a.a.a.a.a.a.a.a.a", "id",
)  # fmt: skip
EXPRESSIONS = (
    "a & '!'", "$count(b)", "a.b[0]", "$exists(a.a) ? b : a", "b.($keys($))", "a.b[]", "$sum(a.a)",
    '"always"', "null", "[a, b]", "a.%.b", "$lookup(a, 'b')", "a.b ~> $string", "now", "$$.a",
)  # fmt: skip
WHOLE = ("$", "*", "**.a", "$keys($)")


# Mostly null: an item that is skipped says little of its values.
POLICIES = st.sampled_from(["null", "null", "null", "skip_row", "fail"])


def list_of(types: list[str], *, key: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {f"f{n}": {"type": kind} for n, kind in enumerate(types)}
    return {"fields": {"id": {"type": "text"}, **fields}, **({"key": ["id"]} if key else {})}


@st.composite
def mappers(draw: st.DrawFn) -> Mapper:
    """A mapping of some paths and expressions into fields of some types."""
    sources = draw(st.lists(st.sampled_from(PATHS + EXPRESSIONS), min_size=1, max_size=6))
    types = [draw(st.sampled_from(TYPES)) for _ in sources]
    mapping: dict[str, Any] = {
        "list": "thing",
        "fields": {"id": "id", **{f"f{n}": source for n, source in enumerate(sources)}},
        "missing": draw(POLICIES),
        "mistyped": draw(POLICIES),
    }
    if draw(st.booleans()):
        mapping["etag"] = draw(st.sampled_from(["a", "a.b", "$string(a)", None]))
    if draw(st.integers(0, 3)) == 0:
        mapping["key"] = draw(st.sampled_from([["id"], ["a.b", "id"], ["a & b"]]))
    if draw(st.booleans()):
        items = draw(st.sampled_from(["b", "a.b", "a[0]"]))
        mapping["children"] = {"part": {"items": items, "fields": {"f0": "a", "f1": "$"}}}
    lists = {
        "thing": list_of(types, key=draw(st.booleans())),
        "part": {"parent": "thing", "fields": {"f0": {"type": "text"}, "f1": {"type": "json"}}},
    }
    tables = build_tables({n: ListDefinition.model_validate(d) for n, d in lists.items()})
    return Mapper(ImportDefinition.model_validate(mapping), tables)


NAMES = st.sampled_from(["a", "b", "id", "x y", "ü", "c", "@odata.type", "dateTime", "timeZone"])
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(
        ["UTC", "2026-11-23T09:00:00Z", "0001-01-01T00:00:00Z", "7", "true", "2026-11-23"]
    ),
)


def texts_of_objects(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """JSON texts of objects, in which a name may come twice."""
    pair = st.builds(lambda name, value: f"{json.dumps(name)}:{value}", NAMES, inner)
    return st.lists(pair, max_size=5).map(lambda pairs: "{" + ",".join(pairs) + "}")


VALUES = st.recursive(
    st.builds(lambda value, plain: json.dumps(value, ensure_ascii=plain), PLAIN, st.booleans()),
    lambda inner: texts_of_objects(inner) | st.lists(inner, max_size=3).map(
        lambda each: "[" + ",".join(each) + "]"
    ),
    max_leaves=6,
)  # fmt: skip
# Mostly of the shape that the paths say, else nearly every page would be read the usual way.
SHAPED = texts_of_objects(texts_of_objects(texts_of_objects(VALUES) | st.just("null")))
SPECIAL = st.sampled_from(
    ['"@removed":{"reason":"deleted"}', '"@removed":null', '"a":null',
     '"@odata.etag":"W/1"', '"@odata.etag":5', '"a":{"b":"x"}',
     '"now":{"instant":"2001-01-01T00:00:00Z"}']
)  # fmt: skip


def with_special(item: str, special: list[str]) -> str:
    inner = item[1:-1]
    return "{" + ",".join([*([inner] if inner else []), *special]) + "}"


IDS = st.sampled_from(['"id":"1"', '"id":"2"', '"id":3', '"id":null'])
OBJECTS = st.one_of(SHAPED, SHAPED, texts_of_objects(VALUES))
ITEMS = st.one_of(
    st.builds(with_special, OBJECTS, st.lists(IDS, min_size=1, max_size=2)),
    st.builds(with_special, OBJECTS, st.tuples(SPECIAL, IDS).map(list)),
    st.builds(with_special, OBJECTS, st.lists(SPECIAL, max_size=2)),
    VALUES,
)
PAGES = st.lists(ITEMS, max_size=4).map(lambda items: '{"value":[' + ",".join(items) + "]}")


def outcomes(mapper: Mapper, items: list[Any]) -> list[str]:
    """What becomes of every item, to the type of the last value."""
    found = []
    for number, item in enumerate(items):
        try:
            found.append(repr(mapper.map(item, number)))
        except GraphwrightError as error:
            found.append(repr((error.code, error.message, error.facts)))
    return found


def check_page(mapper: Mapper, page: str) -> None:
    """Both ways give the same; what does not fit is left to the slow one."""
    content = page.encode()
    assert mapper.decoder is not None
    typed = mapper.decoder.decode(content)
    if typed is not None:
        slow = msgspec.json.decode(content)["value"]
        assert outcomes(mapper, typed.items) == outcomes(mapper, slow)


@settings(max_examples=120)
@given(mappers(), PAGES)
def test_any_page_gives_the_same_rows_as_by_the_slow_way(mapper: Mapper, page: str) -> None:
    check_page(mapper, page)


@pytest.mark.verify
@settings(max_examples=3_000)
@given(mappers(), PAGES)
def test_very_many_pages_give_the_same_rows(mapper: Mapper, page: str) -> None:
    check_page(mapper, page)


LISTS = {
    "thing": list_of(["text", "json", "zoned_datetime"], key=True),
    "part": {"parent": "thing", "fields": {"f0": {"type": "text"}}},
}
DEFINITIONS = {n: ListDefinition.model_validate(d) for n, d in LISTS.items()}
ITEM = (
    '"id":"1","c":[1.0,{"x":9007199254740993}],'
    '"start":{"dateTime":"2026-11-23T09:00:00","timeZone":"UTC"}'
)


def define(**values: Any) -> ImportDefinition:
    fields = {"id": "id", "f0": "a.b", "f1": "c", "f2": "start"}
    return ImportDefinition.model_validate({"list": "thing", "fields": fields, **values})


def make(**values: Any) -> Mapper:
    return Mapper(define(**values), build_tables(DEFINITIONS))


@pytest.mark.parametrize(
    "item",
    [
        '{"a":{"b":"x"},%s}', '{%s}', '{"a":null,%s}', '{"a":{},%s}', '{"a":{"b":null},%s}',
        '{"a":{"b":"x","b":"y"},%s}', '{"a":{"b":"x"},"a":{},%s}', '{"\\u0061":{"b":"x"},%s}',
        '{"a":{"b":5},%s}', '{"skipped":[{"deep":["\\ud83d\\ude00"]}],%s}',
        '{"@removed":{"reason":"deleted"},%s}', '{"@removed":null,%s}',
        '{"@odata.etag":"W/1","a":{"b":"x"},%s}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("missing", ["null", "skip_row", "fail"])
def test_an_item_of_the_usual_shape_is_decoded_into_what_is_read(item: str, missing: str) -> None:
    mapper = make(missing=missing)
    assert mapper.decoder is not None
    content = ('{"value":[' + item % ITEM + "]}").encode()
    typed = mapper.decoder.decode(content)
    assert typed is not None
    assert not isinstance(typed.items[0], dict)
    assert outcomes(mapper, typed.items) == outcomes(mapper, msgspec.json.decode(content)["value"])


@pytest.mark.parametrize(
    "page",
    [
        b'{"value":[{"id":"1","a":[{"b":"x"}]}]}', b'{"value":[{"id":"1","a":"x"}]}',
        b'{"value":[1]}', b'{"value":[null]}', b'{"value":[[{"id":"1"}]]}', b'{"value":null}',
        b'{"value":{}}', b"{}", b"[]", b"", b'{"value":[', b'{"value":[]}x',
        b'{"value":[],"error":{"code":"x"}}', b'{"value":[],"error":null}',
        b'{"value":[],"@odata.nextLink":5}', b'{"value":[],"@odata.deltaLink":{}}',
        b'{"value":[{"id":"1","skipped":"\xff"}]}', b'{"value":[{"id":"1","\xff":1}]}',
        b'{"value":[{"id":"1","skipped":"\\ud800"}]}', b'{"value":[{"id":"1","skipped":NaN}]}',
        b'{"value":[{"id":"1","skipped":' + b"[" * 10_000 + b"]" * 10_000 + b"}]}",
        b'\xef\xbb\xbf{"value":[]}',
    ],
)  # fmt: skip
def test_what_does_not_fit_is_left_to_the_slow_way(page: bytes) -> None:
    mapper = make()
    assert mapper.decoder is not None
    assert mapper.decoder.decode(page) is None


def test_links_and_count_are_those_of_the_page() -> None:
    mapper = make()
    assert mapper.decoder is not None
    page = {"@odata.count": 7, "@odata.nextLink": "n", "@odata.deltaLink": "d", "value": []}
    typed = mapper.decoder.decode(json.dumps(page).encode())
    assert typed is not None
    assert (typed.items, typed.next, typed.delta, typed.count) == ([], "n", "d", 7)
    last = mapper.decoder.decode(b'{"value": [], "@odata.count": "many"}')
    assert last is not None
    assert (last.next, last.delta, last.count) == (None, None, None)


@pytest.mark.parametrize(
    "values",
    [
        *({"fields": {"id": "id", "f1": source}} for source in WHOLE),
        {"unexpected": "keep"}, {"unexpected": "skip_row"}, {"unexpected": "fail"},
        {"etag": "$string($)"}, {"key": ["$string($)"]},
        {"children": {"part": {"items": "$", "fields": {"f0": "a"}}}},
        {"fields": {"id": "id", "f1": '`a"b`'}}, {"fields": {"id": "id", "f1": "`a\\b`"}},
    ],
)  # fmt: skip
def test_a_mapping_that_may_read_all_of_an_item_has_no_decoder(values: dict[str, Any]) -> None:
    assert make(**values).decoder is None


async def test_the_database_holds_the_same_by_both_ways(database: Database) -> None:
    lists = Lists(DEFINITIONS, database)
    await lists.prepare()
    definition = define(children={"part": {"items": "parts", "fields": {"f0": "x"}}})
    items = [
        {
            "id": str(n),
            "a": {"b": f"ü{n}"},
            "c": n,
            "body": "x" * 50,
            "parts": [{"x": n}],
            "@odata.etag": "1",
        }
        for n in range(300)
    ]
    items += [{"id": "5", "@removed": {}}, {"c": 1}, {"id": "7", "start": "no date"}, {"id": "9"}]
    content = json.dumps({"value": items}).encode()
    found = []
    for owner in ("slow", "quick"):
        importer = Importer(lists, definition, name="x", owner=owner)
        typed = importer.mapper.decoder.decode(content) if importer.mapper.decoder else None
        assert typed is not None
        await importer.apply(typed.items if owner == "quick" else items)
        report = await importer.finish()
        rows = await lists.query("thing", owner, RowQuery(limit=1000))
        parts = [await lists.children("thing", owner, key) for key in ("1", "9", "299")]
        hashes = await database.read(_hashes, owner)
        found.append((report.to_json(), rows.rows, parts, hashes))
    assert found[0] == found[1]
    assert len(found[0][1]) == 299


def _hashes(connection: sa.Connection, owner: str) -> list[Any]:
    query = "SELECT _key, _hash, _etag FROM thing WHERE _owner = :owner ORDER BY _key"
    return [tuple(row) for row in connection.execute(sa.text(query), {"owner": owner})]
