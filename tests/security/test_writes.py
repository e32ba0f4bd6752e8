"""What wrote once is not written again, whatever became of the page behind it."""

from collections.abc import Callable
from typing import Any

from graphwright.http.call import Call
from graphwright.http.response import Response
from tests.portal.conftest import Place

FILES = {
    "flows/send.yaml": """
        kind: regular
        path: /send
        variables: {long: "", values: null}
        start: ask
        nodes:
          ask: {type: page, page: ask, outputs: {submit: values}, exits: {submit: send}}
          send:
            type: http_request
            method: POST
            url: https://api.example/send
            exits: {default: swell}
          swell:
            type: assign
            set: {long: "{{ $pad('', 600000, 'x') }}", longer: "{{ $pad('', 600000, 'x') }}"}
            exits: {default: ask}
    """,
    "pages/ask.yaml": """
        type: form
        title: Ask
        list: person
        fields: [name]
    """,
}


def test_a_write_whose_next_page_cannot_be_kept_is_not_sent_again(
    make_place: Callable[..., Place],
) -> None:
    place = make_place(**FILES)
    sent: list[Call] = []

    async def send(call: Call, via: Any = None) -> Any:
        sent.append(call)
        return Response(201, {}, None, call.url)

    place.runtime.http.send = send  # type: ignore[method-assign]
    anna = place.browser().sign_in("anna")
    step = anna.start("/send").json()
    data = {"values": {"name": "x"}}
    first = anna.exit(step, "submit", data)
    assert first.json()["error"]["code"] == "stateTooLarge"
    again = anna.exit(step, "submit", data)
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "stepSpent"
    assert len(sent) == 1
    run = anna.get("/api/runs").json()["runs"][0]
    assert (run["status"], run["error"]["code"]) == ("failed", "stateTooLarge")
