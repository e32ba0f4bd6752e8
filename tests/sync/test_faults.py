"""What Graph does wrong in the middle of an import, met by a whole application: the rows are counted in
its database, the requests on the server. Waits cost no time: the application's clock is held.
"""

import socket
from collections import Counter
from datetime import timedelta

import pytest

from graphwright.http.errors import CollectionLoop, HostRefused, HttpError, NoAnswer
from tests.sync.conftest import SPARED, TOP, Work


@pytest.mark.parametrize(
    ("fault", "requests", "waited"),
    [
        ("429 retry-after=2", 1, 2),
        ("429", 1, 1),
        ("429 times=5", 5, 31),
        ("503 retry-after=7", 1, 7),
        ("504 times=2", 2, 3),
        ("reset", 1, 1),
        ("reset-in-body", 1, 1),
        ("truncated-chunked", 1, 1),
        ("truncated-close", 1, 1),
        ("invalid-json", 1, 1),
        ("error-in-200", 1, 1),
        ("expired-token", 1, 0),
        ("claims-challenge", 1, 0),
    ],
)
def test_what_falls_once_costs_a_request_and_no_row(
    work: Work, fault: str, requests: int, waited: float
) -> None:
    work.fault(fault)
    report = work.run()
    asked = work.asked()
    total = work.total()
    pages = -(-total // TOP)
    assert work.count() == report.counts["inserted"] == total
    assert len(asked) == pages + requests
    assert len({query for query, _ in asked}) == pages
    meter = report.summary.meter
    assert (meter.requests, meter.pages, meter.waited_s) == (len(asked), pages, waited)
    assert report.summary.failures == []


def test_a_token_that_ends_mid_run_leads_to_a_fresh_one_and_costs_no_row(work: Work) -> None:
    # The server alone knows that it has ended: the clock of the application stands still.
    def end_token() -> None:
        work.sandbox.clock.offset += timedelta(hours=2)

    work.fault("503")
    work.clock.on_sleep = end_token
    report = work.run()
    statuses = Counter(status for _, status in work.asked())
    assert (statuses[401], statuses[503]) == (1, 1)
    assert work.count() == report.counts["inserted"] == work.total()


def test_a_token_is_renewed_before_it_ends_mid_run(work: Work) -> None:
    def pass_time() -> None:
        work.clock.time += timedelta(minutes=90)

    work.total()  # There is a token now, whichever test is the first.
    work.sandbox.inspector.clear()
    work.fault("503")
    work.clock.on_sleep = pass_time
    work.run()
    assert {status for _, status in work.asked()} == {200, 503}
    assert [status for _, status in work.asked("/token")] == [200]
    assert work.count() == work.total()


def test_what_falls_every_time_is_told_and_the_next_run_goes_on_behind_what_was_kept(
    work: Work,
) -> None:
    work.fault("reset times=always")
    error, run = work.fail(NoAnswer)
    assert error.facts["retries"] == len(work.clock.sleeps) == work.runtime.http.limits.retries
    assert work.count() == SPARED * TOP
    assert run["report"]["imports"]["message"]["inserted"] == SPARED * TOP
    total = work.total()
    work.sandbox.inspector.clear()
    report = work.run()
    (imported,) = report.summary.imports.values()
    assert imported.resumed
    assert work.count() == imported.inserted == total
    # Of what was kept no page is fetched again, unless to see that the server answers.
    pages = -(-total // TOP)
    assert pages - SPARED <= len(work.asked()) <= pages - SPARED + 1


def test_an_error_in_a_200_is_no_end_of_the_data(work: Work) -> None:
    work.run()
    total = work.total()
    work.fault("error-in-200 times=always code=ErrorAccessDenied")
    error, _ = work.fail(HttpError)
    assert error.graph_code == "ErrorAccessDenied"
    assert work.count() == total


@pytest.mark.parametrize("fault", ["next-host", "next-port", "next-scheme"])
def test_a_nextlink_elsewhere_is_refused_before_any_request(work: Work, fault: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.setblocking(False)
        scheme, host = ("http" if fault == "next-scheme" else "https"), "127.0.0.1"
        work.fault(f"{fault} to={scheme}://{host}:{stranger.getsockname()[1]}")
        error, _ = work.fail(HostRefused)
        with pytest.raises(BlockingIOError):
            stranger.accept()
    assert "127.0.0.1" in error.message
    assert len(work.asked()) == SPARED + 1


@pytest.mark.parametrize(
    ("fault", "after", "asked"), [("next-loop", 4, 5), ("next-loop-of-two", 4, 6)]
)
def test_a_nextlink_that_repeats_is_told_at_the_first_repeat(
    work: Work, fault: str, after: int, asked: int
) -> None:
    work.fault(fault, after)
    work.fail(CollectionLoop)
    queries = [query for query, _ in work.asked()]
    assert len(queries) == len(set(queries)) == asked


def test_items_that_come_twice_become_one_row(work: Work) -> None:
    work.fault("repeated-items")
    report = work.run()
    (imported,) = report.summary.imports.values()
    total = work.total()
    assert (work.count(), imported.inserted, imported.duplicates) == (total, total, TOP)


def test_an_item_without_its_key_is_reported_and_the_rest_is_kept(work: Work) -> None:
    work.fault("missing-id")
    report = work.run()
    (imported,) = report.summary.imports.values()
    assert (work.count(), imported.skipped) == (work.total() - 1, 1)
    ((where, why),) = imported.reasons
    assert where == f"item {SPARED * TOP + 1}"
    assert "key" in why


@pytest.mark.parametrize(
    ("flow", "path", "url", "field"),
    [
        ("mail", "/sendMail", "/users/{}/mailFolders/sentitems/messages", "subject"),
        ("event", "/events", "/users/{}/events", "subject"),
        ("user", "/users$", "/users", "mailNickname"),
    ],
)
def test_a_write_that_was_carried_out_and_reset_is_done_once_and_its_outcome_is_unknown(
    work: Work, flow: str, path: str, url: str, field: str
) -> None:
    work.fault("committed-reset", 0, f"POST {path}")
    error, run = work.fail(NoAnswer, flow)
    assert (error.outcome, run["error"]["outcome"]) == ("unknown", "unknown")
    assert run["report"]["meter"]["requests"] == 1
    found = work.read(f"{url.format(work.mailbox)}?$select={field}&$top=100")
    assert [one[field].lower() for one in found].count("planted") == 1


def test_an_event_with_a_transaction_id_is_sent_again_and_there_once(work: Work) -> None:
    work.fault("committed-reset", 0, "POST /events")
    report = work.run("event_once")
    assert report.summary.meter.requests == 2
    found = work.read(f"/users/{work.mailbox}/events?$select=subject&$top=100")
    assert [one["subject"] for one in found].count("planted") == 1
