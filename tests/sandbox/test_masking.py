"""What is masked before anybody sees it, and what is left to read."""

from __future__ import annotations

import json

import pytest

from graphwright_sandbox.masking import MASK, mask_body, mask_json, mask_query, mask_text, mask_url

JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "name",
    [
        "code",
        "client_secret",
        "refresh_token",
        "CODE_VERIFIER",
        "client%5Fassertion",
        "SAMLResponse",
    ],
)
def test_a_secret_parameter_is_masked_by_name_however_it_is_spelled(name: str) -> None:
    assert mask_query(f"a=1&{name}=hidden&state=s%20t") == f"a=1&{name}={MASK}&state=s%20t"


def test_a_token_is_masked_wherever_it_stands() -> None:
    assert mask_text(f"Bearer {JWT}, said it") == f"Bearer {MASK}, said it"
    assert mask_query(f"x={JWT}") == f"x={MASK}"
    assert JWT not in mask_body(f"it was {JWT}".encode(), "text/plain")


def test_a_long_text_that_only_begins_as_a_token_is_read_once() -> None:
    text = "eyJ" * 400_000
    assert mask_text(text) == text


def test_an_address_keeps_its_way_and_loses_its_answer() -> None:
    assert mask_url("https://a.example/cb?code=hidden&state=1") == (
        f"https://a.example/cb?code={MASK}&state=1"
    )
    assert mask_url("https://a.example/cb#id_token=hidden&state=1") == (
        f"https://a.example/cb#id_token={MASK}&state=1"
    )
    named = "https://{}:{}@a.example/".format("user", "hidden")
    assert "hidden" not in mask_url(named)
    assert mask_url(f"https://[broken/{JWT}") == f"https://[broken/{MASK}"


def test_members_of_json_are_masked_by_name_at_any_depth() -> None:
    value = {
        "access_token": "hidden",
        "expires_in": 3599,
        "deep": [{"passwordProfile": {"password": "hidden", "forceChange": True}}],
        "responses": [{"headers": {"Authorization": "Bearer hidden"}}],
        "error": {"code": "invalid", "message": "readable"},
    }
    masked = mask_json(value)
    assert "hidden" not in json.dumps(masked)
    assert masked["expires_in"] == 3599
    assert masked["error"] == value["error"]


@pytest.mark.parametrize("place", ["download", "upload", "monitor"])
def test_an_address_of_the_transfer_origin_is_shown_without_its_key(place: str) -> None:
    shown = mask_url(f"https://127.0.0.1:9/{place}/hidden/a.txt")
    assert shown == f"https://127.0.0.1:9/{place}/{MASK}/a.txt"


def test_of_a_pre_authenticated_address_only_its_host_is_shown() -> None:
    value = {
        "@microsoft.graph.downloadUrl": "https://localhost:9/download/hidden?tempauth=hidden",
        "uploadUrl": "https://localhost:9/upload/hidden",
        "webUrl": "https://localhost/site",
    }
    masked = mask_json(value)
    assert masked["uploadUrl"] == f"https://localhost:9/{MASK}"
    assert "hidden" not in json.dumps(masked)
    assert masked["webUrl"] == value["webUrl"]


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "hidden',
        '{"a": 1, "refresh_token" : "hid\\"den", "b": ',
        '{"uploadUrl": "https://host.example/hidden", ',
        "[" * 100_000 + '{"access_token": "hidden"}',
    ],
)
def test_broken_json_is_masked_too(text: str) -> None:
    shown = mask_body(text.encode(), "application/json")
    assert "hid" not in shown
    assert MASK in shown


def test_a_form_has_a_line_for_each_field() -> None:
    shown = mask_body(b"grant_type=authorization_code&code=hidden", FORM)
    assert shown == f"grant_type=authorization_code\n&code={MASK}"


def test_json_is_indented_and_keeps_its_letters() -> None:
    assert mask_body('{"name":"प्रिया"}'.encode(), "application/json;charset=utf-8") == (
        '{\n  "name": "प्रिया"\n}'
    )


def test_a_page_and_bytes_are_told_by_their_size_alone() -> None:
    assert "hidden" not in mask_body(b"<input name=code value=hidden>", "text/html; charset=utf-8")
    assert mask_body(b"\x89PNG", "image/png") == "(image/png, 4 bytes)"
    assert mask_body(b"", "") == ""
    assert mask_body(b"\xff\xfe", "application/json") == "\ufffd\ufffd"
