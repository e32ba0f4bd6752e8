"""What is shown of a run's values: never a secret or a token, never more than one can look at."""

import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.application.load import read_application
from graphwright.http.call import Authentication, Call
from graphwright.http.collection import CollectionHandle, Page
from graphwright.kernel.settings import Settings
from graphwright.modeler.masking import MASK, SAMPLE, Limits, Masker, find_masker

SECRET = "s3cret/planted+value"
JWT = ".".join(
    ("eyJ" + "0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9", "eyJhdWQiOiJn", "c2lnbmF0dXJlLW9mLWl0")
)


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        f"a text with {SECRET} in it",
        "https://x.example/?key=s3cret%2Fplanted%2Bvalue&y=1",
        f"Authorization: Bearer {JWT}",
        f"the token {JWT}.",
        "Bearer 0.AXoAabcdefghijklmnopqrstuvwxyz==",
    ],
)
def test_secrets_and_tokens_are_masked_wherever_they_stand(text: str) -> None:
    shown = Masker(frozenset({SECRET})).show({"deep": [{"text": text, text: 1}]})
    assert MASK in str(shown)
    for part in ("s3cret", "planted", "c2lnbmF0", "AXoAabc"):
        assert part not in str(shown)


def test_what_an_address_gives_access_with_is_masked_and_the_rest_stays() -> None:
    text = "https://x.example/f?a=1&tempauth=v1.abc~d&$skiptoken=next#access_token=abc"
    told = f"https://x.example/f?a=1&tempauth={MASK}&$skiptoken=next#access_token={MASK}"
    assert Masker().text(text) == told
    assert Masker().show({"location": text}) == {"location": told}


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Cookie",
        "set-cookie",
        "Set-Cookie",
        "access_token",
        "refreshToken",
        "client_secret",
        "password",
        "@microsoft.graph.downloadUrl",
        "uploadUrl",
        "clientState",
    ],
)
@pytest.mark.parametrize("value", ["x", 7, {"inner": "x"}, ["x"]])
def test_what_a_field_of_that_name_holds_is_masked(name: str, value: Any) -> None:
    assert Masker().show({name: value, "other": "x"}) == {name: MASK, "other": "x"}


def test_whether_a_secret_is_there_may_be_seen() -> None:
    assert Masker().show({"password": None, "token": True}) == {"password": None, "token": True}


def test_words_about_tokens_are_no_tokens() -> None:
    told = "Bearer authentication is basic information; a token is missing."
    assert Masker(frozenset({"a"})).text(told) == told


def test_a_short_secret_is_masked_only_where_it_is_the_whole_text() -> None:
    masker = Masker(frozenset({"abc"}))
    assert (masker.text("abc"), masker.text("abcdef")) == (MASK, "abcdef")


def test_a_secret_on_the_edge_of_a_cut_leaves_no_half() -> None:
    text = "x" * 1_990 + SECRET + "y" * 3_000
    shown = Masker(frozenset({SECRET})).show(text)
    assert shown.startswith("x" * 1_990 + MASK)
    assert "s3c" not in shown
    assert shown.endswith(f"… ({len(text):,} characters)")


def test_large_values_are_cut_and_say_what_was_left_out() -> None:
    limits = Limits(depth=2, items=2, fields=2, text=3, values=1_000)
    value = {"a": [1, 2, 3, 4], "b": {"c": {"d": 1}}, "e": 1, "f": 2}
    assert Masker().show(value, limits) == {
        "a": [1, 2, {"…": "2 more items"}],
        "b": {"c": {"…": "1 field"}},
        "…": "2 more fields",
    }
    assert Masker().show("abcd", limits) == "abc… (4 characters)"


def test_a_wide_and_deep_value_is_cut_by_the_number_of_its_values() -> None:
    wide: Any = 1
    for _ in range(6):
        wide = {str(number): wide for number in range(90)}
    shown = str(Masker().show(wide))
    assert len(shown) < 50_000
    assert "more fields" in shown


def test_a_sample_is_plain_data() -> None:
    shown = Masker().show({"a": list(range(500)), "b": "x" * 30_000}, SAMPLE)
    assert shown == {"a": list(range(200)), "b": "x" * 20_000}


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (None, "A collection: 0 items so far, more to come"),
        (Page([{"id": "1"}], None), "A collection: 1 item so far"),
        (Page([{"id": "1"}, {"id": "2"}], "n"), "A collection: 2 items so far, more to come"),
    ],
)
def test_a_collection_is_shown_as_far_as_it_was_read(first: Page | None, told: str) -> None:
    call = Call("GET", "https://api.example/x", authentication=Authentication("none"))
    handle = CollectionHandle(call, None, first)
    shown = Masker().show({"body": handle})
    assert shown["body"]["…"] == told
    assert shown["body"]["value"] == (first.items if first else [])
    assert handle.first is first


def test_a_file_is_shown_by_its_size() -> None:
    assert Masker().show({"file": b"abc"}) == {"file": {"…": "A file, 3 bytes"}}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.just(SECRET),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=30,
)


@given(JSON)
def test_no_value_shows_a_secret(value: Any) -> None:
    assert SECRET not in str(Masker(frozenset({SECRET})).show({"v": value, "s": SECRET}))


def test_an_application_names_its_secrets_and_sensitive_fields(tmp_path: Path) -> None:
    files = {
        "app.yaml": "format: 1\ntitle: T\nhome: h\n",
        "profiles/p.yaml": """
            type: oauth2_entra
            grant_type: client_credentials
            tenant: t
            client_id: c
            client_secret: {secret: MY_APP_KEY}
        """,
        "lists/person.yaml": """
            owner: shared
            key: [id]
            fields: {id: {type: text}, pin: {type: text, sensitive: true}}
        """,
        "imports/person.yaml": "list: person\nfields: {id: id, pin: card.pinCode}\n",
        ".env": f"MY_APP_KEY={SECRET}\nOTHER_TOKEN=another-value\nSHORT_TOKEN=1\nPLAIN=plain-text\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text), "utf-8")
    application, _ = read_application(tmp_path)
    masker = find_masker(application, Settings.read(tmp_path, environment={}))
    shown = masker.show({"a": SECRET, "b": "another-value", "c": 1, "d": "plain-text"})
    assert shown == {"a": MASK, "b": MASK, "c": 1, "d": "plain-text"}
    assert masker.show({"pin": "1", "card": {"pinCode": "1", "name": "x"}}) == {
        "pin": MASK,
        "card": {"pinCode": MASK, "name": "x"},
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n"])
def test_each_line_of_a_private_key_is_masked(tmp_path: Path, end: str) -> None:
    files = {
        "app.yaml": "format: 1\ntitle: T\nhome: h\n",
        "flows/f.yaml": """
            kind: action
            start: ask
            nodes:
              ask:
                type: http_request
                url: https://api.example/x
                authentication: {type: client_certificate, certificate: {secret: MINE}}
                exits: {default: done}
              done: {type: end}
        """,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text), "utf-8")
    lines = ["-----BEGIN X-----", "MIGHAgEAMBMGByqGSM49", "AgEGCCqGSM49AwEHBG0w", "-----END X-----"]
    application, _ = read_application(tmp_path)
    settings = Settings.read(tmp_path, environment={"MINE": end.join(lines)})
    masker = find_masker(application, settings)
    assert masker.show({"a": f"it is {lines[1]}", "b": lines[2], "c": lines[0]}) == {
        "a": f"it is {MASK}",
        "b": MASK,
        "c": lines[0],
    }
    assert masker.text(end.join(lines)) == MASK
