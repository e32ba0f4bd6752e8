"""Building calls: headers, bodies, hosts, and what a definition may say."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from graphwright.http.build import build_call
from graphwright.http.definition import RequestDefinition
from graphwright.http.errors import HostRefused, InvalidRequest
from graphwright.kernel.errors import GraphwrightError
from tests.http.helpers import (
    DOTS,
    HOSTILE,
    PROFILES,
    define,
    make_call,
    url_of,
)


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
