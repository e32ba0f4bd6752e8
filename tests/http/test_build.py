"""Building calls: what values may do to a request, and what they may not."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graphwright.http.build import build_call
from graphwright.http.call import Call
from graphwright.http.definition import RequestDefinition
from graphwright.http.errors import HostRefused, InvalidRequest
from graphwright.kernel.errors import GraphwrightError, InvalidInput
from tests.http.conftest import FakeProfile, FakeProfiles
from tests.http.helpers import define, make_call

BASE = "https://graph.microsoft.com/v1.0"
PROFILES = FakeProfiles(
    {
        "graph-user": FakeProfile(
            "https://graph.microsoft.com", "user", frozenset({"graph.microsoft.com"})
        ),
        "graph-app": FakeProfile(
            "https://graph.microsoft.com", "application", frozenset({"graph.microsoft.com"})
        ),
    }
)
HOSTILE = [
    "it's",
    "a/b",
    "a?b=c",
    "a#b",
    "a&b=c",
    "{{ secret }}",
    "%2f",
    "a%2fb",
    "a\r\nX-Evil: 1",
    "😀🎉",
    "नमस्ते",
    "<b>&amp;</b>",
    'say "hi"',
    "back\\slash",
    "') or ('1' eq '1",
    "x;y=z",
    "@odata.x",
    "+1 234",
]
DOTS = [".", "..", "../users", "a/../b", "..\\x", "%2e%2e", "%2e%2e%2fusers", "a/./b"]


def url_of(url: str, scope: dict[str, Any] | None = None, **more: Any) -> str:
    return make_call(PROFILES, url, scope=scope, **more).url


def query_of(call: Call) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(call.url).query, keep_blank_values=True)


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


def test_headers_take_values_of_one_line() -> None:
    call = make_call(
        PROFILES,
        "/x",
        scope={"etag": 'W/"abc"', "none": None, "zone": "W. Europe Standard Time"},
        headers={
            "If-Match": "{{ etag }}",
            "Prefer": 'outlook.timezone="{{ zone }}"',
            "X-None": "{{ none }}",
            "X-Number": 5,
        },
    )
    assert call.headers == {
        "If-Match": 'W/"abc"',
        "Prefer": 'outlook.timezone="W. Europe Standard Time"',
        "X-Number": "5",
    }


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "ü", "नम", "😀", "a\x7fb"])
def test_headers_refuse_line_breaks_and_what_is_no_ascii(value: str) -> None:
    for header in ("{{ x }}", "before {{ x }} after"):
        with pytest.raises(InvalidRequest, match="header X-Test"):
            make_call(PROFILES, "/x", scope={"x": value}, headers={"X-Test": header})


@pytest.mark.parametrize("value", [*HOSTILE, *DOTS, 5, 2**60, True, None, ["one"], [], {"a": []}])
def test_json_leaves_keep_type_and_text(value: Any) -> None:
    call = make_call(
        PROFILES,
        "/me/events",
        "POST",
        scope={"x": value},
        body={"json": {"subject": "{{ x }}", "list": ["{{ x }}", 1], "{{ key }}": "plain"}},
    )
    assert call.body is not None
    assert json.loads(call.body) == {
        "subject": value,
        "list": [value, 1],
        "{{ key }}": "plain",
    }
    assert call.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("value", HOSTILE)
def test_mixed_json_texts_hold_the_value_as_it_is(value: str) -> None:
    call = make_call(PROFILES, "/x", "POST", scope={"x": value}, body={"json": {"a": "<{{ x }}>"}})
    assert json.loads(call.body or b"") == {"a": f"<{value}>"}


def test_values_in_html_content_are_escaped_and_whole_html_is_not() -> None:
    def content(text: str, kind: str) -> str:
        body = {"json": {"body": {"contentType": kind, "content": text}}}
        call = make_call(PROFILES, "/x", "POST", scope={"x": "<b>'&"}, body=body)
        return str(json.loads(call.body or b"")["body"]["content"])

    assert content("<p>{{ x }}</p>", "HTML") == "<p>&lt;b&gt;&#x27;&amp;</p>"
    assert content("{{ x }}", "html") == "<b>'&"
    assert content("<p>{{ x }}</p>", "text") == "<p><b>'&</p>"


def test_forms_and_texts() -> None:
    call = make_call(
        PROFILES,
        "/x",
        "POST",
        scope={"x": "a&b=c ü\r\n", "list": ["1", "2"]},
        body={"form": {"a": "{{ x }}", "n": None, "l": "{{ list }}", "yes": True}},
    )
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qsl((call.body or b"").decode()) == [
        ("a", "a&b=c ü\r\n"),
        ("l", "1"),
        ("l", "2"),
        ("yes", "true"),
    ]
    plain = {"text": "Hi {{ x }}", "content_type": "text/plain"}
    call = make_call(PROFILES, "/x", "PUT", scope={"x": "<ü>"}, body=plain)
    assert (call.body, call.headers["Content-Type"]) == (
        "Hi <ü>".encode(),
        "text/plain; charset=utf-8",
    )
    page = {"text": "<i>{{ x }}</i>", "content_type": "text/html"}
    call = make_call(PROFILES, "/x", "PUT", scope={"x": "<ü>"}, body=page)
    assert call.body == "<i>&lt;ü&gt;</i>".encode()


@pytest.mark.parametrize(
    "body",
    [
        {"json": {"a": "{{ x }}"}},
        {"form": {"a": "{{ x }}"}},
        {"text": "{{ x }}", "content_type": "text/plain"},
    ],
)
def test_half_a_character_in_a_body_is_refused(body: Any) -> None:
    with pytest.raises(InvalidRequest, match="half a character"):
        make_call(PROFILES, "/x", "POST", scope={"x": "\ud800"}, body=body)


def test_half_a_character_in_a_url_is_refused() -> None:
    for url in ("/x/{{ x }}", "/x?a={{ x }}"):
        with pytest.raises(InvalidRequest, match="half a character"):
            url_of(url, {"x": "a\ud800"})


def test_a_value_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="JSON cannot hold"):
        make_call(
            PROFILES, "/x", "POST", scope={"x": float("nan")}, body={"json": {"a": "{{ x }}"}}
        )


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1.0/me",
        "https://graph.microsoft.com.evil.example/me",
        "https://graph.microsoft.com:8443/me",
        "http://graph.microsoft.com/me",
        "https://user@graph.microsoft.com/me",
        "https://graph.microsoft.com@evil.example/me",
        "https://evil.example\\@graph.microsoft.com/me",
        "https://gräph.microsoft.com/me",
        "https://login.microsoftonline.com/me",
        "ftp://graph.microsoft.com/me",
    ],
)
def test_a_token_goes_to_the_hosts_of_its_profile_only(url: str) -> None:
    with pytest.raises(HostRefused):
        url_of(url)


def test_http_is_refused_but_on_this_machine() -> None:
    none = {"type": "none"}
    with pytest.raises(HostRefused, match="without encryption"):
        url_of("http://api.example.com/x", authentication=none)
    assert url_of("http://localhost:1/x", authentication=none) == "http://localhost:1/x"


def test_a_call_holds_names_of_secrets_and_no_values() -> None:
    basic = {"type": "basic", "username": "me", "password": {"secret": "API_PASSWORD"}}
    call = make_call(PROFILES, "https://api.example.com/x", authentication=basic)
    assert call.authentication.password_secret == "API_PASSWORD"
    assert call.profile is None
    assert call.principal_id is None


def test_a_call_of_the_application_belongs_to_nobody() -> None:
    app = {"type": "oauth2", "profile": "graph-app"}
    assert make_call(PROFILES, "/users", authentication=app).principal_id is None
    assert make_call(PROFILES, "/users").principal_id == "principal-anna"


@pytest.mark.parametrize(
    ("method", "url", "body", "idempotent"),
    [
        ("GET", "/me/events", None, True),
        ("HEAD", "/me/events", None, True),
        ("PUT", "/me/photo/$value", {"text": "x", "content_type": "image/png"}, True),
        ("DELETE", "/me/events/1", None, True),
        ("PATCH", "/me/events/1", {"json": {"transactionId": "1"}}, False),
        ("POST", "/me/events", {"json": {"subject": "x"}}, False),
        ("POST", "/me/events", {"json": {"transactionId": "{{ t }}"}}, True),
        ("POST", "/users/1/calendar/events", {"json": {"transactionId": "1"}}, True),
        ("POST", "/me/events", {"json": {"transactionId": None}}, False),
        ("POST", "/me/events", {"json": {"transactionId": ""}}, False),
        ("POST", "/me/events/1/accept", {"json": {"transactionId": "1"}}, False),
        ("POST", "/me/sendMail", {"json": {"transactionId": "1"}}, False),
    ],
)
def test_only_what_may_be_repeated_is_idempotent(
    method: str, url: str, body: Any, idempotent: bool
) -> None:
    call = make_call(PROFILES, url, method, scope={"t": "abc"}, body=body)
    assert call.idempotent is idempotent


def test_what_logs_show_holds_no_values() -> None:
    call = make_call(
        PROFILES,
        "/users('{{ x }}')/events/{{ x }}?a={{ x }}",
        scope={"x": "private"},
        headers={"X": "private"},
    )
    assert call.path_template == "/users('{}')/events/{}"
    assert "private" not in repr(call)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"url": "/x", "method": "TRACE"},
        {"url": "/x", "unknown": 1},
        {"url": "/x", "headers": {"Authorization": "Bearer x"}},
        {"url": "/x", "headers": {"cookie": "x"}},
        {"url": "/x", "headers": {"Content-Length": 5}},
        {"url": "/x", "headers": {"a b": "x"}},
        {"url": "/x", "headers": {"A": "1", "a": "2"}},
        {"url": "/x", "headers": {"A": "{{ ( }}"}},
        {"url": "/x", "query": {"{{ a }}": "x"}},
        {"url": "/x", "query": {"": "x"}},
        {"url": "/x", "query": {"a": {"b": 1}}},
        {"url": "/x", "query": {"a": "{{ ( }}"}},
        {"url": "/x", "method": "GET", "body": {"json": 1}},
        {"url": "/x", "method": "POST", "body": {}},
        {"url": "/x", "method": "POST", "body": {"json": 1, "text": "x"}},
        {"url": "/x", "method": "POST", "body": {"json": {"a": "{{ ( }}"}}},
        {"url": "/x", "method": "POST", "body": {"text": "x"}},
        {"url": "/x", "method": "POST", "body": {"text": "{}", "content_type": "application/json"}},
        {"url": "/x", "method": "POST", "body": {"text": "x", "content_type": "a\r\nb"}},
        {"url": "/x", "method": "POST", "body": {"json": 1, "content_type": "text/plain"}},
        {"url": "/x", "method": "POST", "body": {"form": {}, "content_type": "text/plain"}},
        {"url": "/x", "method": "POST", "body": {"json": 1}, "headers": {"Content-Type": "a/b"}},
        {"url": "/x", "api": "v2.0"},
        {"url": "/x", "timeout": 0},
        {"url": "/x", "authentication": {"type": "none"}},
        {"url": "/x", "authentication": {"type": "oauth2"}},
        {"url": "https://a.b/", "authentication": {"type": "basic", "username": "a:b"}},
        {
            "url": "https://a.b/",
            "authentication": {"type": "basic", "username": "a", "password": "literal"},
        },
    ],
)
def test_a_wrong_definition_is_refused(wrong: dict[str, Any]) -> None:
    auth = {"authentication": {"type": "oauth2", "profile": "graph-user"}}
    with pytest.raises(ValidationError):
        RequestDefinition.model_validate({**auth, **wrong})


def test_a_body_may_be_null_json() -> None:
    call = make_call(PROFILES, "/x", "POST", body={"json": None})
    assert call.body == b"null"


def test_every_field_is_described() -> None:
    schema = RequestDefinition.model_json_schema(by_alias=True)
    models = [schema, *schema["$defs"].values()]
    assert len(models) > 5
    for model in models:
        for name, value in model.get("properties", {}).items():
            assert value.get("description"), (model["title"], name)


def test_an_unknown_profile_is_told() -> None:
    definition = define("/me", authentication={"type": "oauth2", "profile": "nobody"})
    with pytest.raises(GraphwrightError, match="nobody"):
        build_call(definition, {}, profiles=PROFILES, principal_id=None)


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
