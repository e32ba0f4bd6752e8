"""Data that no form would send: told as wrong, never a failure of the server, nothing lost."""

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from graphwright.kernel.ids import new_id
from tests.portal.conftest import Browser, Place, event, step_path
from tests.security.test_flow_state import JSON_FORM


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


HOSTILE = {
    "deep": nested(400),
    "deeper": nested(900),
    "deepest": nested(100_000),
    "infinite": "1e999",
    "minus infinite": "-1e999",
    "long number": "9" * 4000,
    "longer number": "9" * 5000,
    "half a character": '"\\ud800"',
    "half a name": '{"\\udfff": 1}',
    "nul": '"a\\u0000b"',
    "template": '"{{ $string($$) }} {{{{ 7*7 }}"',
    "markup": '"<script>alert(1)</script>"',
    "wide": json.dumps(["x" * 10] * 50_000),
    "prototype": '{"__proto__": {"x": 1}, "constructor": 1}',
}


def send(browser: Browser, path: str, body: str) -> Any:
    headers = {"content-type": "application/json", "x-csrf-token": browser.csrf}
    return browser.client.post(path, content=body, headers=headers)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_in_a_form_is_kept_exactly_or_refused(
    make_place: Callable[..., Place], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    place = make_place(**JSON_FORM)
    anna = place.browser().sign_in("anna")
    step = anna.start("/thing").json()
    body = f'{{"submission": "{new_id()}", "data": {{"values": {{"extra": {HOSTILE[name]}}}}}}}'
    with caplog.at_level(logging.ERROR):
        answer = send(anna, f"{step_path(step)}/exits/submit", body)
    assert answer.status_code in (200, 400, 413, 422), answer.text[:300]
    assert not caplog.records
    if answer.status_code == 200:
        told = anna.exit(answer.json(), "submit", {"values": {"id": "1"}}).json()["message"]
        # The engine of expressions writes half a character as the sign for one that is missing.
        expected = HOSTILE[name].replace("\\udfff", "\ufffd").replace("\\ud800", "\ufffd")
        assert json.loads(told.rpartition("|")[0]) == json.loads(expected)
    # The person may go on from where they were.
    assert anna.exit(step, "submit", {"values": {"extra": 1}}).status_code == 200


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_in_an_address_is_refused_or_taken(
    make_place: Callable[..., Place], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    place = make_place(**JSON_FORM)
    anna = place.browser().sign_in("anna")
    text = HOSTILE[name]
    with caplog.at_level(logging.ERROR):
        answer = anna.start("/thing", query={"data": text})
        for query in ({"week": text}, {"week": "\ud800"}):
            body = json.dumps({"path": "/calendar", "query": query})
            assert send(anna, "/api/start", body).status_code in (200, 400), query
    assert answer.status_code in (200, 400, 413, 422), answer.text[:300]
    assert not caplog.records


TEXTS = [
    "{{ 7*7 }}",
    "{{{{ x",
    "}}",
    "$eval('1')",
    "' or 1=1 --",
    '"><img src=x>',
    "=1+1",
    "\U0001f600",
]


@pytest.mark.parametrize("text", TEXTS)
def test_data_is_never_run_as_a_template(place: Place, anna: Browser, text: str) -> None:
    place.put("event", place.owner(anna), event(text, text))
    step = anna.start("/calendar").json()
    row = anna.get(f"{step_path(anna.start('/agenda').json())}/rows").json()["rows"][0]
    assert row["subject"] == text
    path = f"{step_path(step)}/rows"
    one = anna.get(f"{path}/{quote(text, safe='')}").json()
    assert one["confirm"]["clear"] == f"Delete {text}?"
    form = anna.exit(step, "edit", {"key": text}).json()
    fields = {field["name"]: field["value"] for field in form["page"]["view"]["fields"]}
    assert fields["subject"] == text
    values = {"subject": text, "start": fields["start"], "end": fields["end"]}
    end = anna.exit(form, "submit", {"values": values}).json()
    assert end["message"].startswith(f"{text} {text} ")


NUMBERS = """
    kind: regular
    path: /numbers
    inputs: {n: {type: number}, i: {type: integer}}
    start: told
    nodes: {told: {type: end, message: "{{ $string(input.n) }} {{ $string(input.i) }}"}}
"""


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e999", "9" * 5000, "\ud800", "0x10"])
@pytest.mark.parametrize("name", ["n", "i"])
def test_a_number_in_an_address_is_a_number(
    make_place: Callable[..., Place], name: str, text: str
) -> None:
    place = make_place(**{"flows/numbers.yaml": NUMBERS})
    anna = place.browser().sign_in("anna")
    body = json.dumps({"path": "/numbers", "query": {name: text}})
    answer = send(anna, "/api/start", body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "inputInvalid"
