"""Errors of Entra ID in our own words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from graphwright.profiles import ConsentRefused, TokenRequestFailed
from graphwright.profiles.kinds.oauth2_entra.aadsts import explain, known_codes

FACTS = {
    "client_id": "the-client",
    "tenant": "the-tenant",
    "cloud": "global",
    "secret": "THE_SECRET",
    "scopes": "User.Read",
    "redirect_uri": "https://app.example/auth/callback/p",
}
TRACE = "11111111-aaaa-4bbb-8ccc-222222222222"
CORRELATION = "33333333-aaaa-4bbb-8ccc-444444444444"
MUST_EXPLAIN = [
    7000215, 7000222, 700016, 50011, 65001, 65004, 90002, 50034, 50058, 50057, 50076, 50105,
    53003, 70008, 700082, 54005, 501481, 1002012, 70011, 7000218, 650052, 50173, 16000,
]  # fmt: skip


@pytest.mark.parametrize("code", sorted(known_codes() | set(MUST_EXPLAIN)))
def test_every_code_is_explained_with_a_cure(code: int) -> None:
    answer = {
        "error": "invalid_request",
        "error_description": f"AADSTS{code}: Words of Microsoft. Trace ID: {TRACE} "
        f"Correlation ID: {CORRELATION} Timestamp: 2026-11-23 08:00:00Z",
        "error_codes": [code],
    }
    error = explain(answer, FACTS)
    assert error.facts["aadsts"] == code
    assert error.facts["trace_id"] == TRACE
    assert error.facts["correlation_id"] == CORRELATION
    assert f"AADSTS{code}" in error.message
    assert "Words of Microsoft" not in error.message
    assert len(error.hint) > 10
    assert "{" not in error.hint.replace("{secret: NAME}", "")


def test_the_code_is_read_from_the_text_of_a_callback() -> None:
    error = explain({"error": "invalid_request", "error_description": "AADSTS50011: x"}, FACTS)
    assert error.facts["aadsts"] == 50011
    assert FACTS["redirect_uri"] in error.hint


def test_declining_is_a_refusal_and_not_a_failure() -> None:
    assert isinstance(explain({"error": "access_denied"}, FACTS), ConsentRefused)
    declined = explain({"error": "x_y", "error_description": "AADSTS65004: no"}, FACTS)
    assert isinstance(declined, ConsentRefused)


def test_an_unknown_code_keeps_the_words_of_the_server() -> None:
    error = explain(
        {
            "error": "invalid_client",
            "error_description": f"AADSTS123456: Something new happened. Trace ID: {TRACE}",
            "suberror": "bad_token",
        },
        FACTS,
    )
    assert isinstance(error, TokenRequestFailed)
    assert "Something new happened." in error.message
    assert TRACE not in error.message
    assert error.facts["suberror"] == "bad_token"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"error": None, "error_description": None, "error_codes": None},
        {"error": ["x"], "error_description": 7, "error_codes": ["x"]},
        {"error": "<b>", "error_description": "<b>\r\nX: y\x00", "trace_id": "<b>"},
        {"error": "e" * 5000, "error_description": "long " * 5000, "correlation_id": 7},
        {"error": "invalid_grant", "error_description": "token " + "Ab3_" * 40},
        {"error": "invalid_grant", "suberror": "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.e30.x"},
    ],
)
def test_whatever_a_server_says_becomes_a_short_harmless_error(answer: dict[str, Any]) -> None:
    error = explain(answer, FACTS)
    shown = str(error) + str(error.to_wire())
    assert len(error.message) < 600
    assert not any(ord(character) < 32 for character in error.message)
    assert "Ab3_" * 12 not in shown
    assert "eyJ0eXAi" not in shown
    assert all("<" not in str(fact) for fact in error.facts.values())


def test_hints_use_known_facts_only() -> None:
    asked: dict[str, str] = defaultdict(str)

    class Recording(dict[str, str]):
        def __missing__(self, key: str) -> str:
            asked[key] = "missing"
            return ""

    for code in known_codes():
        explain({"error": "e_e", "error_codes": [code]}, Recording(FACTS))
    assert asked == {}
