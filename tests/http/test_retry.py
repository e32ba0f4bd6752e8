"""Retries: what is sent again, after which wait, and what people are told."""

import asyncio
import base64
from datetime import timedelta

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.errors import ServiceBusy, ServiceDeferred
from graphwright.http.retry import Limits
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.times import parse_instant
from tests.http.conftest import (
    TOKEN,
    FakeProfiles,
    FakeSettings,
    HeldClock,
    Server,
    cut_connection,
    error_reply,
    reply,
    silence,
)
from tests.http.helpers import (
    EVENT,
    FAULTS,
    fail,
    make_call,
)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize(
    ("after", "waited"),
    [
        ({"Retry-After": "2"}, 2),
        ({"Retry-After": "Mon, 23 Nov 2026 08:00:07 GMT"}, 7),
        ({"Retry-After": "Mon, 23 Nov 2026 07:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 1),
        ({}, 1),
    ],
)
async def test_any_method_is_tried_again_after_429(
    client: HttpClient,
    server: Server,
    profiles: FakeProfiles,
    clock: HeldClock,
    method: str,
    after: dict[str, str],
    waited: float,
) -> None:
    server.answers = [error_reply(429, "TooManyRequests", after), reply(200, {"id": "1"})]
    response = await client.send(make_call(profiles, "/me", method))
    assert response.body == {"id": "1"}
    assert (response.retries, response.waited) == (1, waited)
    assert clock.sleeps == ([waited] if waited else [])
    first, second = server.seen
    assert first.headers["client-request-id"] == second.headers["client-request-id"]


async def test_pauses_double_and_take_jitter(
    server: Server, profiles: FakeProfiles, clock: HeldClock, settings: FakeSettings
) -> None:
    shares = iter([1.0, 0.5, 0.25, 0.0, 0.125])
    client = HttpClient(profiles, clock, settings, random=lambda: next(shares))
    server.answers = [error_reply(429, "x")] * 5 + [reply(200, {})]
    await client.send(make_call(profiles, "/me"))
    await client.close()
    assert clock.sleeps == [1, 1, 1, 2]


async def test_the_budget_ends_and_is_told(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock
) -> None:
    server.answers = [error_reply(429, "TooManyRequests")] * 9
    error = await fail(client, make_call(profiles, "/me"))
    assert isinstance(error, ServiceBusy)
    assert error.retryable
    assert len(server.seen) == 6
    assert (error.retries, error.waited) == (5, 31)
    assert "5 times, over 31 s" in error.hint
    assert clock.sleeps == [1, 2, 4, 8, 16]


async def test_five_429_in_a_row_are_overcome(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [error_reply(429, "TooManyRequests")] * 5 + [reply(200, {"id": "1"})]
    response = await client.send(make_call(profiles, "/me"))
    assert (response.body, response.retries) == ({"id": "1"}, 5)


async def test_waits_together_stay_within_the_budget(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock
) -> None:
    server.answers = [error_reply(429, "x", {"Retry-After": "25"})] * 9
    error = await fail(client, make_call(profiles, "/me"))
    assert (clock.sleeps, error.waited) == ([25, 25], 50)


async def test_a_retry_after_beyond_the_budget_is_told_at_once(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock
) -> None:
    for header in ("3600", "Mon, 23 Nov 2026 09:00:00 GMT"):
        server.answers = [error_reply(429, "TooManyRequests", {"Retry-After": header})]
        error = await fail(client, make_call(profiles, "/me"))
        assert isinstance(error, ServiceDeferred)
        assert (error.code, error.status) == ("serviceDeferred", 429)
        assert error.not_before == parse_instant("2026-11-23T09:00:00Z")
        assert error.facts["retry_after_s"] == 3600
        assert error.facts["not_before"] == "2026-11-23T09:00:00Z"
        assert "asks to wait 3600 s" in error.hint
    assert clock.sleeps == []


@pytest.mark.parametrize(
    ("method", "status", "deferred"),
    [("GET", 503, True), ("POST", 429, True), ("POST", 503, False), ("GET", 404, False)],
)
async def test_only_what_was_surely_not_done_and_may_be_repeated_is_deferred(
    client: HttpClient, server: Server, profiles: FakeProfiles, method: str, status: int,
    deferred: bool,
) -> None:  # fmt: skip
    server.answers = [error_reply(status, "x", {"Retry-After": "3600"})]
    error = await fail(client, make_call(profiles, "/me/sendMail", method))
    assert isinstance(error, ServiceDeferred) == deferred
    assert error.outcome == ("unknown" if (method, status) == ("POST", 503) else "failed")


async def test_a_time_to_come_back_is_never_too_early(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock
) -> None:
    clock.time += timedelta(milliseconds=10)
    server.answers = [error_reply(429, "x", {"Retry-After": "100"})]
    error = await fail(client, make_call(profiles, "/me"))
    assert error.facts["not_before"] == "2026-11-23T08:01:41Z"


@pytest.mark.parametrize("header", ["-5", "1e9", "9" * 400, "\xff", "Mon, 99 Nov 2026", "٣"])
async def test_a_senseless_retry_after_does_no_harm(
    client: HttpClient, server: Server, profiles: FakeProfiles, header: str
) -> None:
    server.answers = [error_reply(429, "x", {"Retry-After": header}), reply(200, {})]
    call = make_call(profiles, "/me")
    if header in ("1e9", "-5", "\xff", "Mon, 99 Nov 2026", "٣"):
        assert (await client.send(call)).waited == 1
    else:
        assert (await fail(client, call)).facts["retry_after_s"] == 1e9


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_what_may_be_repeated_is_after_a_server_error(
    client: HttpClient, server: Server, profiles: FakeProfiles, method: str, status: int
) -> None:
    server.answers = [reply(status)] * 2 + [reply(204)]
    response = await client.send(make_call(profiles, "/me/events/1", method))
    assert (response.status, response.retries, len(server.seen)) == (204, 2, 3)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_write_is_never_sent_twice_and_its_outcome_is_unknown(
    client: HttpClient, server: Server, profiles: FakeProfiles, method: str, fault: str
) -> None:
    server.answers = [FAULTS[fault], reply(200, {})]
    error = await fail(client, make_call(profiles, "/me/sendMail", method, body={"json": EVENT}))
    assert (len(server.seen), error.outcome, error.retries) == (1, "unknown", 0)
    assert error.facts["outcome"] == "unknown"
    assert "not known" in error.hint


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_read_is_repeated_after_every_fault(
    client: HttpClient, server: Server, profiles: FakeProfiles, fault: str
) -> None:
    server.answers = [FAULTS[fault], reply(200, {"id": "1"})]
    response = await client.send(make_call(profiles, "/me"))
    assert (response.body, len(server.seen)) == ({"id": "1"}, 2)


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_event_with_a_transaction_id_is_repeated(
    client: HttpClient, server: Server, profiles: FakeProfiles, fault: str
) -> None:
    server.answers = [FAULTS[fault], reply(201, {"id": "1"})]
    body = {"json": {**EVENT, "transactionId": "t-1"}}
    response = await client.send(make_call(profiles, "/me/events", "POST", body=body))
    assert response.status == 201
    assert server.seen[0].body == server.seen[1].body


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "503"])
async def test_faults_that_stay_end_in_one_clear_error(
    client: HttpClient, server: Server, profiles: FakeProfiles, fault: str
) -> None:
    server.answers = [FAULTS[fault]] * 12
    error = await fail(client, make_call(profiles, "/me"))
    assert (error.outcome, error.retries) == ("failed", 5)
    assert len(server.seen) == 6
    server.answers = [FAULTS[fault]] * 12
    assert (await fail(client, make_call(profiles, "/me", "DELETE"))).outcome == "unknown"


async def test_a_deletion_whose_answer_was_lost_has_succeeded(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [cut_connection, error_reply(404, "ErrorItemNotFound")]
    response = await client.send(make_call(profiles, "/me/events/1", "DELETE"))
    assert (response.status, response.retries) == (204, 1)
    server.answers = [error_reply(404, "ErrorItemNotFound")]
    error = await fail(client, make_call(profiles, "/me/events/1", "DELETE"))
    assert error.status == 404


async def test_a_silent_server_is_given_up_on_and_tried_again(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    released = asyncio.Event()
    server.answers = [silence(released), reply(200, {"id": "1"})]
    assert (await client.send(make_call(profiles, "/me"))).retries == 1
    server.answers = [silence(released)]
    error = await fail(client, make_call(profiles, "/me/sendMail", "POST", timeout=0.1))
    assert "did not answer in time" in error.message
    assert error.outcome == "unknown"
    released.set()


async def test_a_server_that_trickles_runs_into_the_total_time(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    server.answers = [trickle]
    error = await fail(client, make_call(profiles, "/x", "POST", timeout=0.2))
    assert "did not answer in time" in error.message


async def test_a_request_that_never_left_is_tried_again_whatever_the_method(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock
) -> None:
    profile = profiles.profiles["graph-user"]
    closed = "https://localhost:1"
    profile.base, profile.own = closed, frozenset({"localhost:1"})
    error = await fail(client, make_call(profiles, "/me/sendMail", "POST"))
    assert "refuses the connection" in error.message
    assert (error.outcome, error.retries, clock.sleeps) == ("failed", 5, [1, 2, 4, 8, 16])
    assert error.retryable


async def test_a_name_that_nobody_knows_is_told(client: HttpClient, profiles: FakeProfiles) -> None:
    profile = profiles.profiles["graph-user"]
    profile.base, profile.own = "https://nobody.invalid", frozenset({"nobody.invalid"})
    error = await fail(client, make_call(profiles, "/me"))
    assert "name is not known" in error.message


async def test_a_server_that_speaks_no_tls_never_got_the_request(
    client: HttpClient, profiles: FakeProfiles
) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        await reader.read(1)
        writer.close()

    plain = await asyncio.start_server(greet, "127.0.0.1", 0)
    host = f"localhost:{plain.sockets[0].getsockname()[1]}"
    profile = profiles.profiles["graph-user"]
    profile.base, profile.own = f"https://{host}", frozenset({host})
    error = await fail(client, make_call(profiles, "/me", "POST"))
    plain.close()
    assert (error.outcome, error.retries) == ("failed", 5)
    assert "no encrypted connection" in error.message


def test_limits_come_from_settings_and_refuse_nonsense() -> None:
    limits = Limits.read(
        FakeSettings({"GRAPHWRIGHT_HTTP_RETRIES": "1", "GRAPHWRIGHT_HTTP_READ_SECONDS": "2.5"})
    )
    assert (limits.retries, limits.read_seconds, limits.total_seconds) == (1, 2.5, 120)
    assert (limits.connect_seconds, limits.retry_seconds, limits.allow_http) == (10, 60, False)
    for value in ("x", "-1", "1e99", "nan"):
        with pytest.raises(InvalidInput, match="GRAPHWRIGHT_HTTP_RETRIES"):
            Limits.read(FakeSettings({"GRAPHWRIGHT_HTTP_RETRIES": value}))
    paces = ("MAILBOX_CONCURRENT", "MAILBOX_REQUESTS", "APP_CONCURRENT", "APP_RATE")
    limits = Limits.read(FakeSettings({f"GRAPHWRIGHT_HTTP_{name}": "7" for name in paces}))
    assert (limits.mailbox_concurrent, limits.mailbox_requests) == (7, 7)
    assert (limits.app_concurrent, limits.app_rate) == (7, 7)
    for name in paces:
        with pytest.raises(InvalidInput, match=name):
            Limits.read(FakeSettings({f"GRAPHWRIGHT_HTTP_{name}": "0"}))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_401_leads_to_one_fresh_token(
    client: HttpClient, server: Server, profiles: FakeProfiles, clock: HeldClock, method: str
) -> None:
    server.answers = [error_reply(401, "InvalidAuthenticationToken"), reply(200, {"id": "1"})]
    response = await client.send(make_call(profiles, "/me", method))
    assert response.body == {"id": "1"}
    assert [asked["refresh"] for asked in profiles.asked] == [False, True]
    assert server.seen[1].headers["authorization"] == f"Bearer {TOKEN}-1"
    assert clock.sleeps == []


async def test_a_second_401_is_an_error(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [error_reply(401, "InvalidAuthenticationToken")] * 3
    error = await fail(client, make_call(profiles, "/me"))
    assert (error.status, len(server.seen)) == (401, 2)


async def test_a_claims_challenge_goes_into_the_fresh_token(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    packed = base64.b64encode(claims.encode()).decode().rstrip("=")
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{packed}"'
    server.answers = [error_reply(401, "x", {"WWW-Authenticate": challenge}), reply(200, {})]
    await client.send(make_call(profiles, "/me"))
    assert profiles.asked[1]["claims"] == claims


@pytest.mark.parametrize("challenge", ["Bearer", 'claims="%%%"', 'claims="A"', 'claims="//79"'])
async def test_a_broken_claims_challenge_is_a_plain_401(
    client: HttpClient, server: Server, profiles: FakeProfiles, challenge: str
) -> None:
    server.answers = [error_reply(401, "x", {"WWW-Authenticate": challenge}), reply(200, {})]
    await client.send(make_call(profiles, "/me"))
    assert profiles.asked[1] == {**profiles.asked[0], "refresh": True}
