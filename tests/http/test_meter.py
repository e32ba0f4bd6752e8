"""What requests cost is counted on the wire, by whoever asks for it and nobody else."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.errors import HttpError
from graphwright.http.meter import Meter, metering, note
from tests.http.conftest import FakeProfiles, Server, cut_body, error_reply, reply
from tests.http.helpers import drain, make_call, messages, open_handle, serve_pages


async def test_bytes_are_those_of_the_wire_before_they_are_unpacked(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    packed = gzip.compress(json.dumps({"text": "a" * 50_000}).encode())
    headers = {"Content-Encoding": "gzip"}
    server.answers = [reply(200, packed, headers, kind="application/json")]
    with metering() as meter:
        answer = await client.send(make_call(profiles, "/me"))
    assert answer.size > 50_000
    assert meter == Meter(requests=1, bytes_in=len(packed))


async def test_an_answer_without_a_body_costs_none(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [reply(204)]
    with metering() as meter:
        await client.send(make_call(profiles, "/me/events/1", "DELETE"))
    assert meter == Meter(requests=1)


async def test_every_try_is_a_request_and_its_wait_is_told(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    body = {"error": {"code": "c", "message": "It is c.", "innerError": {}}}
    lost = len(json.dumps(body))
    server.answers = [
        error_reply(429, "c", {"Retry-After": "7"}),
        error_reply(503, "c"),
        reply(200, {}),
    ]
    with metering() as meter:
        await client.send(make_call(profiles, "/me"))
    # Without Retry-After: the second pause of a client whose jitter takes all of it.
    assert meter == Meter(requests=3, retries=2, waited_s=7 + 2, bytes_in=2 * lost + 2)


async def test_what_came_of_a_body_that_was_cut_off_counts(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    whole = reply(200, {"text": "a" * 1_000})
    server.answers = [cut_body(whole, len(whole) - 600), reply(200, {})]
    with metering() as meter:
        await client.send(make_call(profiles, "/me"))
    assert (meter.requests, meter.retries) == (2, 1)
    assert 400 < meter.bytes_in < 500


async def test_what_is_sent_counts_and_a_deferral_says_until_when(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    server.answers = [error_reply(429, "c", {"Retry-After": "3600"})]
    call = replace(make_call(profiles, "/me/sendMail", "POST"), body=b"12345")
    with metering() as meter, pytest.raises(HttpError) as caught:
        await client.send(call)
    assert (meter.requests, meter.retries, meter.bytes_out) == (1, 0, 5)
    assert meter.deferred_until == caught.value.facts["not_before"]


async def test_pages_fetched_ahead_by_other_tasks_count(
    client: HttpClient, server: Server, profiles: FakeProfiles
) -> None:
    serve_pages(server, 4)
    with metering() as meter:
        await drain(client, await open_handle(client, messages(profiles)))
    assert (meter.requests, meter.pages) == (4, 4)


async def test_a_meter_counts_what_is_inside_it_and_that_of_others_is_theirs() -> None:
    async def work(outer: Meter, requests: int) -> Meter:
        with metering(outer), metering() as inner:
            note(Meter(requests=requests))
            await asyncio.sleep(0)
            note(Meter(requests=1))
        note(Meter(requests=100))
        return inner

    outer = Meter()
    inner = await asyncio.gather(work(outer, 1), work(outer, 4))
    assert list(inner) == [Meter(requests=2), Meter(requests=5)]
    assert outer == Meter(requests=7)
    assert Meter.from_json(outer.to_json()) == outer
