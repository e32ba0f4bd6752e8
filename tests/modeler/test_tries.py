"""Tries: what is sent as whom, what comes back, and what never does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from graphwright.http.errors import HostRefused, InvalidRequest
from graphwright.kernel.errors import GraphwrightError
from graphwright.modeler.accounts import AccountMissing
from graphwright.modeler.errors import ConfirmationNeeded
from graphwright.modeler.requests import AccountNeeded
from graphwright.modeler.tries import MOST_TRIES, NoMorePages, TryMissing
from graphwright.profiles.errors import AuthorizationRequired
from tests.http.conftest import TOKEN, Server, error_reply, reply, silence
from tests.modeler.conftest import Trying

MakeServer = Callable[..., Awaitable[Server]]
NOBODY: dict[str, Any] = {"authentication": {"type": "none"}}


async def test_it_is_sent_as_the_chosen_account_and_no_token_is_shown(trying: Trying) -> None:
    anna, ben = trying.profiles.sign_in("Anna"), trying.profiles.sign_in("Ben")
    trying.server.answers = [reply(200, {"id": 1}), reply(200, {"id": 2})]
    first = await trying.send("/me", account=anna.id, flow="main", node="get")
    second = await trying.send("/me", account=ben.id)
    assert (first.sent_as, second.sent_as) == ("anna@contoso.example", "ben@contoso.example")
    assert [(a["principal"], a["account"]) for a in trying.profiles.asked] == [
        ("p-Anna", "home-Anna"),
        ("p-Ben", "home-Ben"),
    ]
    assert trying.server.seen[0].headers["authorization"].startswith(f"Bearer {TOKEN}")
    assert first.request_headers["Authorization"] == "Bearer •••••"
    assert (first.flow, first.node, first.status, first.error) == ("main", "get", 200, None)
    assert TOKEN not in first.model_dump_json()
    assert trying.examples.document(second.example or "") == {"id": 2}
    assert trying.events == [("try", {"id": first.id}), ("try", {"id": second.id})]


async def test_the_application_needs_no_account(trying: Trying) -> None:
    trying.server.answers = [reply(200, {})]
    answer = await trying.send("/users/x", "graph-app")
    assert answer.sent_as == "graph-app (the application)"
    assert trying.profiles.asked[0]["principal"] is None


async def test_a_title_that_says_it_is_the_application_does_not_say_it_twice(
    trying: Trying,
) -> None:
    trying.server.answers = [reply(200, {})]
    title = "Microsoft 365 (the application)"
    own = trying.profiles.definition("graph-app")
    trying.profiles.profiles["graph-app"] = replace(own, title=title)  # type: ignore[call-arg]
    answer = await trying.send("/users/x", "graph-app")
    assert answer.sent_as == title


async def test_who_sends_is_told_where_it_is_not_clear(trying: Trying) -> None:
    with pytest.raises(AuthorizationRequired):
        await trying.send()
    anna = trying.profiles.sign_in("Anna")
    trying.server.answers = [reply(200, {})]
    assert (await trying.send()).sent_as == "anna@contoso.example"
    trying.profiles.sign_in("Ben")
    with pytest.raises(AccountNeeded, match="2 accounts"):
        await trying.send()
    with pytest.raises(AccountMissing):
        await trying.send(account="nobody")
    trying.profiles.profiles["other"] = trying.profiles.profiles["graph-user"]
    with pytest.raises(AccountMissing, match="not signed in to other"):
        await trying.send("/me", "other", account=anna.id)
    assert len(trying.server.seen) == 1


async def test_values_now_and_user_fill_it_as_they_fill_a_node(trying: Trying) -> None:
    trying.profiles.sign_in("Anna")
    trying.server.answers = [reply(201, {})]
    answer = await trying.send(
        "/users/{{ id }}/events",
        type="http_request",
        response="got",
        exits={"default": "next"},
        method="POST",
        query={"$filter": "start/dateTime ge '{{ now.day.start }}'"},
        body={"json": {"by": "{{ user.email }}", "list": "{{ list }}"}},
        values={"id": "a/b", "list": [1]},
        confirmed=True,
    )
    seen = trying.server.seen[0]
    assert seen.target.startswith("/v1.0/users/a%2Fb/events?$filter=start/dateTime%20ge%20'2026-11")
    assert json.loads(seen.body) == {"by": "anna@contoso.example", "list": [1]}
    assert answer.url == trying.server.url + seen.target


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_is_sent_only_where_it_is_confirmed(trying: Trying, method: str) -> None:
    with pytest.raises(ConfirmationNeeded) as needed:
        await trying.send("/groups/1", "graph-app", method=method)
    url = f"{trying.server.url}/v1.0/groups/1"
    assert needed.value.facts == {"method": method, "url": url}
    assert needed.value.status == 409
    assert (trying.server.seen, trying.tries.list()) == ([], [])
    trying.server.answers = [reply(204)]
    answer = await trying.send("/groups/1", "graph-app", method=method, confirmed=True)
    assert (answer.status, answer.example, answer.text, answer.binary) == (204, None, None, False)


async def test_a_refusal_is_data_with_its_code_message_id_and_cure(trying: Trying) -> None:
    trying.server.answers = [error_reply(403, "ErrorAccessDenied")]
    answer = await trying.send("/users/x/events", "graph-app")
    assert (answer.status, answer.error["code"]) == (403, "ErrorAccessDenied")
    assert "It is ErrorAccessDenied." in answer.error["message"]
    assert "Usually needed: Calendars.Read" in answer.error["hint"]
    assert (answer.error["request_id"], answer.error["status"]) == ("req-1", 403)
    shown = trying.examples.document(answer.example or "")
    assert shown["error"]["code"] == "ErrorAccessDenied"
    assert trying.tries.get(answer.id) == answer


@pytest.mark.parametrize(
    ("body", "kind", "text", "binary"),
    [
        ("<html>hé</html>", "text/html; charset=utf-8", "<html>hé</html>", False),
        ("<a/>", "application/xml", "<a/>", False),
        ("x" * 200_000, "text/csv", "x" * 100_000, False),
        (b"\x00\x01", "image/png", None, True),
        (b"", "text/plain", None, False),
    ],
)
async def test_bodies_that_are_no_json(
    trying: Trying, body: Any, kind: str, text: str | None, binary: bool
) -> None:
    trying.server.answers = [reply(200, body, kind=kind)]
    answer = await trying.send("/x", "graph-app")
    assert (answer.text, answer.binary, answer.example) == (text, binary, None)
    assert answer.size == len(body.encode() if isinstance(body, str) else body)


async def test_an_error_that_only_says_it_is_json_is_shown_as_text(trying: Trying) -> None:
    trying.server.answers = [reply(400, b"{oops", kind="application/json")]
    answer = await trying.send("/x", "graph-app")
    assert (answer.status, answer.text, answer.example) == (400, "{oops", None)
    assert answer.headers["content-type"] == "application/json"


async def test_what_is_too_large_or_too_slow_is_a_clear_error(trying: Trying) -> None:
    trying.server.answers = [reply(200, b"x" * 300_001)]
    large = await trying.send("/x", "graph-app")
    assert (large.status, large.error["code"]) == (None, "responseTooLarge")
    released = asyncio.Event()
    trying.server.answers = [silence(released)]
    slow = await trying.send("/x", "graph-app", method="POST", confirmed=True)
    released.set()
    assert (slow.error["code"], slow.error["outcome"]) == ("noAnswer", "unknown")
    assert "in time" in slow.error["message"]


def page(trying: Trying, *ids: int, after: str | None = None) -> bytes:
    link = {"@odata.nextLink": after} if after else {}
    return reply(200, {"@odata.context": "c", "value": [{"id": n} for n in ids], **link})


async def test_pages_are_added_to_the_example(trying: Trying) -> None:
    base = trying.server.url
    trying.server.answers = [
        page(trying, 1, 2, after=f"{base}/v1.0/x?p=2"),
        page(trying, 3, after=f"{base}/v1.0/x?p=3"),
        page(trying, 4),
    ]
    first = await trying.send("/x", "graph-app")
    assert (first.collection, first.items, first.pages, first.more) == (True, 2, 1, True)
    key = first.example or ""
    assert trying.examples.document(key) == {"@odata.context": "c", "value": [{"id": 1}, {"id": 2}]}
    size = first.size
    last = [await trying.tries.next(first.id) for _ in range(2)][-1]
    assert (last.items, last.pages, last.more, last.example) == (4, 3, False, key)
    assert last.size > size
    assert [item["id"] for item in trying.examples.document(key)["value"]] == [1, 2, 3, 4]
    assert [seen.target for seen in trying.server.seen] == ["/v1.0/x", "/v1.0/x?p=2", "/v1.0/x?p=3"]
    with pytest.raises(NoMorePages):
        await trying.tries.next(first.id)


async def test_a_next_page_elsewhere_gets_no_token(trying: Trying, make_server: MakeServer) -> None:
    evil = await make_server()
    trying.server.answers = [page(trying, 1, after=f"{evil.url}/v1.0/x?p=2")]
    first = await trying.send("/x", "graph-app")
    then = await trying.tries.next(first.id)
    assert (then.error["code"], then.items, then.more) == ("hostRefused", 1, True)
    assert evil.seen == []


async def test_pages_that_go_in_a_circle_end(trying: Trying) -> None:
    link = f"{trying.server.url}/v1.0/x?p=2"
    trying.server.answers = [page(trying, 1, after=link), page(trying, 2, after=link)]
    first = await trying.send("/x", "graph-app")
    assert (await trying.tries.next(first.id)).error["code"] == "collectionLoop"


async def test_a_page_that_fails_can_be_read_again(trying: Trying) -> None:
    trying.server.answers = [
        page(trying, 1, after=f"{trying.server.url}/v1.0/x?p=2"),
        error_reply(400, "Nope"),
        page(trying, 2),
    ]
    first = await trying.send("/x", "graph-app")
    assert (await trying.tries.next(first.id)).error["code"] == "Nope"
    again = await trying.tries.next(first.id)
    assert (again.error, again.items) == (None, 2)


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("https://evil.example/v1.0/me", {}),
        ("https://169.254.169.254/latest/meta-data", {}),
        ("https://127.0.0.1/x", {}),
        ("http://graph.microsoft.com/v1.0/me", {}),
        ("http://169.254.169.254/latest/meta-data", NOBODY),
        ("http://evil.example/", NOBODY),
    ],
)
async def test_a_token_goes_to_no_other_host_and_nothing_unencrypted(
    trying: Trying, url: str, more: dict[str, Any]
) -> None:
    with pytest.raises(HostRefused):
        await trying.send(url, "graph-app", **more)
    assert trying.profiles.asked == []


async def test_this_machine_without_encryption_is_reached_only_where_a_setting_allows_it(
    trying: Trying, make_server: MakeServer
) -> None:
    plain = await make_server(tls=False)
    answer = await trying.send(f"{plain.url}/x", **NOBODY)
    assert (answer.error["code"], answer.status) == ("hostRefused", None)
    assert "GRAPHWRIGHT_ALLOW_HTTP" in answer.error["hint"]
    assert plain.seen == []


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/x",
        "https://169.254.169.254/x",
        "https://127.0.0.1:1/x",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("transfer", [False, True])
async def test_a_redirect_leads_to_no_foreign_or_private_address(
    trying: Trying, location: str, transfer: bool
) -> None:
    if transfer:
        trying.profiles.profiles["graph-app"].transfer_hosts = frozenset(
            {"*.254", "*.sharepoint.com"}
        )
    trying.server.answers = [reply(302, None, {"Location": location})]
    answer = await trying.send("/x", "graph-app")
    assert answer.error["code"] == "hostRefused"
    assert len(trying.server.seen) == 1


async def test_basic_authentication_is_masked(trying: Trying) -> None:
    basic = {"type": "basic", "username": "me", "password": {"secret": "API_PASSWORD"}}
    answer = await trying.send(f"{trying.server.url}/x", authentication=basic, confirmed=True)
    assert (answer.sent_as, answer.request_headers["Authorization"]) == ("me", "Basic •••••")
    assert "pass-word" not in answer.model_dump_json()


async def test_a_secret_goes_to_a_server_for_the_first_time_only_when_confirmed(
    trying: Trying,
) -> None:
    basic = {"type": "basic", "username": "me", "password": {"secret": "API_PASSWORD"}}
    with pytest.raises(ConfirmationNeeded, match=trying.server.host) as caught:
        await trying.send(f"{trying.server.url}/x", authentication=basic)
    assert "API_PASSWORD" in caught.value.message
    assert (trying.server.seen, trying.tries.list()) == ([], [])
    await trying.send(f"{trying.server.url}/x", authentication=basic, confirmed=True)
    await trying.send(f"{trying.server.url}/y", authentication=basic)
    with pytest.raises(ConfirmationNeeded, match="elsewhere"):
        await trying.send("https://elsewhere.example/x", authentication=basic)


async def test_a_client_certificate_is_shown_to_a_server_first_only_when_confirmed(
    trying: Trying,
) -> None:
    shown = {"type": "client_certificate", "certificate": {"secret": "API_PASSWORD"}}
    with pytest.raises(ConfirmationNeeded, match=f"shown to {trying.server.host}"):
        await trying.send(f"{trying.server.url}/x", authentication=shown)
    answer = await trying.send(f"{trying.server.url}/x", authentication=shown, confirmed=True)
    assert answer.sent_as == "the client certificate API_PASSWORD"
    assert "Authorization" not in answer.request_headers
    assert answer.error["code"] == "certificateInvalid"
    assert "pass-word" not in answer.model_dump_json()
    assert trying.server.seen == []


async def test_addresses_in_headers_are_shown_without_what_they_give_access_with(
    trying: Trying,
) -> None:
    link = "https://files.example/x?tempauth=planted-access&a=b"
    trying.server.answers = [reply(400, {"error": {"code": "x"}}, {"X-Link": link})]
    answer = await trying.send("/x", "graph-app")
    assert answer.headers["x-link"] == "https://files.example/x?tempauth=•••••&a=b"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"method": "FETCH"}, "method"),
        ({"headers": {"Authorization": "Bearer x"}}, "headers"),
        ({"url": "/x#y"}, "url"),
        ({"surprise": 1}, "surprise"),
        ({"url": "/users/{{ missing }}"}, "url"),
        ({"headers": {"X": "{{ two }}"}, "values": {"two": "a\r\nb: c"}}, "headers.X"),
    ],
)
async def test_a_wrong_request_is_refused_with_its_field(
    trying: Trying, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await trying.send(**{"url": "/x", "profile": "graph-app", **more})
    assert refused.value.place is not None
    assert refused.value.place.field == field
    assert trying.server.seen == []


async def test_a_request_that_is_given_up_is_in_the_history(trying: Trying) -> None:
    released = asyncio.Event()
    trying.server.answers = [silence(released)]
    sending = asyncio.create_task(trying.send("/x", "graph-app", method="POST", confirmed=True))
    await trying.server.has_seen(1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    released.set()
    (kept,) = trying.tries.list()
    assert (kept.error["code"], kept.error["outcome"]) == ("cancelled", "unknown")


async def test_the_last_hundred_are_kept_newest_first_without_their_texts(trying: Trying) -> None:
    trying.server.answers = [reply(200, f"text {n}") for n in range(MOST_TRIES + 2)]
    sent = [await trying.send("/x", "graph-app") for _ in range(MOST_TRIES + 2)]
    kept = trying.tries.list()
    assert [one.id for one in kept] == [one.id for one in reversed(sent[2:])]
    assert {one.text for one in kept} == {None}
    assert trying.tries.get(sent[-1].id).text == f"text {MOST_TRIES + 1}"
    with pytest.raises(TryMissing):
        trying.tries.get(sent[0].id)
    with pytest.raises(GraphwrightError):
        await trying.tries.next("nothing")
