"""URLs and queries: what a value may do to them, and what it may not."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graphwright.http.errors import InvalidRequest
from graphwright.kernel.errors import InvalidInput
from tests.http.helpers import (
    BASE,
    DOTS,
    HOSTILE,
    PROFILES,
    define,
    make_call,
    query_of,
    url_of,
)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_fills_exactly_one_path_segment(value: str) -> None:
    url = url_of("/users/{{ x }}/events", {"x": value})
    parts = urlsplit(url)
    segments = parts.path.split("/")
    assert segments[:3] == ["", "v1.0", "users"]
    assert segments[4:] == ["events"]
    assert unquote(segments[3]) == value
    assert (parts.netloc, parts.query, parts.fragment) == ("graph.microsoft.com", "", "")


@pytest.mark.parametrize("value", DOTS)
@pytest.mark.parametrize(
    "url", ["/users/{{ x }}/events", "/users('{{ x }}')", "/{{ x }}", "{{ x }}"]
)
def test_dots_that_would_leave_the_path_are_refused(url: str, value: str) -> None:
    with pytest.raises(InvalidRequest, match=r"\. or \.\."):
        url_of(url, {"x": value})


@pytest.mark.parametrize("url", ["/a/{{ x }}{{ y }}/b", "/a/.{{ x }}/b", "/a/%2E{{ x }}"])
def test_dots_put_together_from_two_values_are_refused(url: str) -> None:
    with pytest.raises(InvalidRequest, match=r"\. or \.\."):
        url_of(url, {"x": ".", "y": "."})
    with pytest.raises(InvalidRequest):
        url_of("/a/.{{ x }}./b", {"x": ""})


@pytest.mark.parametrize("value", [None, "", "missing"])
def test_an_empty_value_in_a_path_is_refused(value: str | None) -> None:
    scope = {} if value == "missing" else {"x": value}
    for url in ("/me/events/{{ x }}", "/users('{{ x }}')", "/me/{{ x }}/events"):
        with pytest.raises(InvalidRequest, match="empty"):
            url_of(url, scope)


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
def test_a_list_or_object_in_a_url_is_refused(value: Any) -> None:
    for url in ("/me/events/{{ x }}", "/me/events?a=b{{ x }}", "/me/events?$filter=a eq '{{ x }}'"):
        with pytest.raises(InvalidInput):
            url_of(url, {"x": value})


@pytest.mark.parametrize("value", ["$count", "$ref", "$value", "$batch"])
def test_a_value_cannot_be_a_system_segment_of_odata(value: str) -> None:
    with pytest.raises(InvalidRequest, match="command of OData"):
        url_of("/groups/1/members/{{ x }}", {"x": value})


def test_a_quoted_key_doubles_its_quotes() -> None:
    url = url_of("/users('{{ x }}')/events", {"x": "o'neil'); drop"})
    assert unquote(urlsplit(url).path) == "/v1.0/users('o''neil''); drop')/events"
    assert urlsplit(url).path.count("/") == 3


@pytest.mark.parametrize("value", ["a','b", "1,2", "x)/y", "a b", "a=b"])
def test_a_key_without_quotes_takes_only_plain_values(value: str) -> None:
    assert url_of("/events({{ x }})", {"x": 12}).endswith("/events(12)")
    with pytest.raises(InvalidRequest, match="parentheses"):
        url_of("/events({{ x }})", {"x": value})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("me/events", f"{BASE}/me/events"),
        ("/me/events", f"{BASE}/me/events"),
        (
            "/me/drive/root:/Ordner ä/x.txt:/content",
            f"{BASE}/me/drive/root:/Ordner%20%C3%A4/x.txt:/content",
        ),
        ("/me/drive/root:/a%20b", f"{BASE}/me/drive/root:/a%20b"),
        ("/me/drive/root:/100%", f"{BASE}/me/drive/root:/100%25"),
        ("/sites/a,b,c", f"{BASE}/sites/a,b,c"),
        ("https://graph.microsoft.com/v1.0/me", f"{BASE}/me"),
        ("HTTPS://Graph.Microsoft.Com:443/v1.0/me", f"{BASE}/me"),
        ("https://graph.microsoft.com", "https://graph.microsoft.com/"),
        ("/users?$filter=a eq 'b'&$top=5", f"{BASE}/users?$filter=a%20eq%20'b'&$top=5"),
        ("/users?$search=%22x%22", f"{BASE}/users?$search=%22x%22"),
        ("/users?flag", f"{BASE}/users?flag="),
        ("/x?a=b=c?d", f"{BASE}/x?a=b%3Dc%3Fd"),
    ],
)
def test_what_the_model_writes_stays(url: str, expected: str) -> None:
    assert url_of(url) == expected


def test_beta_is_an_own_base_url() -> None:
    assert url_of("/me", api="beta") == "https://graph.microsoft.com/beta/me"


@pytest.mark.parametrize(
    "url",
    [
        "https://{{ x }}/me",
        "https://{{ x }}",
        "https://graph.microsoft.com{{ x }}",
        "https://graph.microsoft.com:{{ x }}/me",
        "https://{{ x }}.microsoft.com/me",
        "//evil.example/me",
        "//{{ x }}/me",
        "https:/graph.microsoft.com/me",
        "/me#fragment",
        "/me/../users",
        "/me/%2e%2e/users",
        "/me?{{ x }}=1",
        "/me?a{{ x }}=1",
        "/me/{{ x",
    ],
)
def test_urls_that_leave_the_host_open_are_no_definitions(url: str) -> None:
    with pytest.raises(ValidationError):
        define(url)


@pytest.mark.parametrize("value", HOSTILE + DOTS)
def test_a_whole_url_from_a_value_cannot_leave_the_profile(value: str) -> None:
    for prefix in ("https://evil.example/", "//evil.example/", "\\\\evil.example\\"):
        try:
            url = url_of("{{ x }}", {"x": prefix + value})
        except InvalidRequest:
            continue
        assert url.startswith(f"{BASE}/")
        assert urlsplit(url).path.count("/") == 2


@pytest.mark.parametrize("value", HOSTILE + DOTS)
def test_a_value_fills_exactly_one_query_value(value: str) -> None:
    for more in (
        {"url": "/me/x?tag=new-{{ x }}&b=1"},
        {"url": "/me/x", "query": {"tag": "new-{{ x }}", "b": 1}},
        {"url": "/me/x", "query": [["tag", "new-{{ x }}"], ["b", "{{ one }}"]]},
    ):
        call = make_call(PROFILES, scope={"x": value, "one": 1}, **more)
        assert query_of(call) == [("tag", f"new-{value}"), ("b", "1")]


@pytest.mark.parametrize("value", HOSTILE + DOTS)
def test_a_value_stays_inside_an_odata_literal(value: str) -> None:
    for more in (
        {"url": "/users", "query": {"$filter": "name eq '{{ x }}' and a ne 'b'"}},
        {"url": "/users?$filter=name eq '{{ x }}' and a ne 'b'"},
        {"url": "/users", "query": {"filter": "name eq '{{ x }}' and a ne 'b'"}},
    ):
        ((_, text),) = query_of(make_call(PROFILES, scope={"x": value}, **more))
        doubled = value.replace("'", "''")
        assert text == f"name eq '{doubled}' and a ne 'b'"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_value_whatever_leaves_a_literal(value: str) -> None:
    call = make_call(
        PROFILES, "/users", scope={"x": value}, query={"$filter": "a eq 'x{{ x }}y' or b"}
    )
    ((_, text),) = query_of(call)
    inside = text.removeprefix("a eq '").removesuffix("' or b")
    assert "'" not in inside.replace("''", "")
    assert inside.replace("''", "'") == f"x{value}y"


@pytest.mark.parametrize("value", ["x' or 1 eq 1", "a b", "f(x)", "a,b"])
def test_a_value_outside_quotes_is_a_name_or_a_number(value: str) -> None:
    with pytest.raises(InvalidRequest, match="outside quotes") as caught:
        url_of("/users", {"x": value}, query={"$filter": "a eq {{ x }}"})
    assert caught.value.place is not None
    assert caught.value.place.field == "query.$filter"
    for plain in (5, -1.5, True, "2026-11-23T08:00:00Z", "start/dateTime"):
        assert url_of("/users", {"x": plain}, query={"$filter": "a eq {{ x }}"})


def test_a_search_phrase_escapes_its_quotes() -> None:
    call = make_call(
        PROFILES, "/users", scope={"x": 'a" OR "b\\'}, query={"$search": '"name:{{ x }}"'}
    )
    assert query_of(call) == [("$search", '"name:a\\" OR \\"b\\\\"')]
    with pytest.raises(InvalidRequest, match="outside quotes"):
        url_of("/users", {"x": "a OR b"}, query={"$search": "name:{{ x }}"})


def test_null_drops_a_parameter_and_lists_are_joined_or_repeated() -> None:
    call = make_call(
        PROFILES,
        "/users?z={{ none }}",
        scope={"none": None, "fields": ["id", "mail"], "tags": ["a", None, "b"], "yes": True},
        query={
            "a": None,
            "b": "{{ none }}",
            "$select": "{{ fields }}",
            "$orderby": ["name desc", "id"],
            "tag": "{{ tags }}",
            "$count": "{{ yes }}",
            "$top": 5.0,
            "empty": "",
        },
    )
    assert query_of(call) == [
        ("$select", "id,mail"),
        ("$orderby", "name desc,id"),
        ("tag", "a"),
        ("tag", "b"),
        ("$count", "true"),
        ("$top", "5"),
        ("empty", ""),
    ]


def test_a_plus_in_a_value_is_a_plus() -> None:
    assert "a=1%2B1%20x" in url_of("/x", {"x": "1+1 x"}, query={"a": "{{ x }}"})


def test_half_a_character_in_a_url_is_refused() -> None:
    for url in ("/x/{{ x }}", "/x?a={{ x }}"):
        with pytest.raises(InvalidRequest, match="half a character"):
            url_of(url, {"x": "a\ud800"})


def corpus_urls() -> list[str]:
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("GRAPHWRIGHT_CORPUS") or root.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}: set GRAPHWRIGHT_CORPUS")
    lines = (folder / "open" / "get_docs.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["url"] for line in lines]


def test_the_urls_of_the_documentation_mean_the_same_after_building() -> None:
    base = "https://graph.microsoft.com/"
    checked = 0
    for url in corpus_urls():
        parts = urlsplit(url)
        if not url.startswith(base) or parts.fragment or "//" in parts.path:
            continue
        built = urlsplit(url_of(url))
        assert unquote(built.path) == unquote(parts.path)
        expected = parse_qsl(parts.query, keep_blank_values=True)
        assert parse_qsl(built.query, keep_blank_values=True) == expected
        checked += 1
    assert checked > 300
