"""Sign in, see the calendar, change an event: over HTTP, on every database, across a killed server."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from tests.verify.processes import Portal, running_portal
from tests.verify.sandbox_process import APPLICATION
from tests.verify.visitor import Visitor

NEW_SUBJECT = "Rückblick 🎉 {{ user.id }} ' /?"


async def test_a_person_changes_an_event_and_is_where_they_were_after_the_server_was_killed(
    tmp_path: Path, database_url: str | None
) -> None:
    with running_portal(tmp_path, bulk_events=0, database_url=database_url) as portal:
        name = portal.sandbox["people"][0]["name"]
        async with Visitor(portal.url) as visitor:
            await visitor.sign_in(name)
            calendar = await visitor.start("/calendar")
            event = _an_event(calendar)
            form = (await visitor.take(calendar, "edit", {"key": event["key"]}, "open-form")).json
            assert form["page"]["type"] == "form", form

            portal.end(signal.SIGKILL)
            portal.start()
            assert (await visitor.reload(form)).json["page"]["name"] == form["page"]["name"]

            values = {field["name"]: field["value"] for field in form["page"]["view"]["fields"]}
            changed = {"values": {**values, "subject": NEW_SUBJECT}}
            first = await visitor.take(form, "submit", changed, "change-it")
            assert first.status == 200, first.text
            again = await visitor.take(form, "submit", changed, "change-it")
            assert again.json["step"] == first.json["step"]
            other = await visitor.take(form, "submit", changed, "change-it-once-more")
            assert (other.status, other.json["error"]["code"]) == (409, "stepSpent")

            assert _titles(first.json)[event["key"]] == NEW_SUBJECT
            assert _subjects_in_graph(portal)[event["key"]] == NEW_SUBJECT
            assert (await visitor.reload(calendar)).status == 200

            runs = (await visitor.call("GET", "/api/runs")).json["runs"]
            mine = next(run for run in runs if "update_event" in run["way"])
            assert (mine["flow"], mine["who"], mine["status"]) == ("calendar", name, "waiting")
            await _check_that_others_see_nothing(portal, calendar)

            assert (await visitor.call("POST", "/auth/sign-out")).status == 200
            assert (await visitor.reload(calendar)).status == 401


def _an_event(step: Mapping[str, Any]) -> Mapping[str, Any]:
    events = step["page"]["view"]["events"]
    assert events, "the calendar is empty"
    event: Mapping[str, Any] = next(one for one in events if not one["all_day"])
    return event


def _titles(step: Mapping[str, Any]) -> dict[str, str]:
    return {event["key"]: event["title"] for event in step["page"]["view"]["events"]}


def _subjects_in_graph(portal: Portal) -> dict[str, str]:
    """What Graph says, asked by the application itself."""
    sandbox = portal.sandbox
    app = next(a for a in sandbox["app_registrations"] if a["display_name"] == APPLICATION)
    now = datetime.now(UTC)
    window = {
        "startDateTime": (now - timedelta(days=8)).isoformat(),
        "endDateTime": (now + timedelta(days=8)).isoformat(),
        "$top": "500",
    }
    with requests.Session() as http:
        http.trust_env, http.verify = False, sandbox["ca_file"]
        token = http.post(
            f"{sandbox['login_url']}/{sandbox['tenant_id']}/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials",
                "client_id": app["client_id"],
                "client_secret": app["client_secret"],
                "scope": f"{sandbox['graph_url']}/.default",
            },
        ).json()["access_token"]
        answer = http.get(
            f"{sandbox['graph_url']}/v1.0/users/{sandbox['people'][0]['id']}/calendarView",
            params=window,
            headers={"Authorization": f"Bearer {token}"},
        ).json()
    return {event["id"]: event["subject"] for event in answer["value"]}


async def _check_that_others_see_nothing(portal: Portal, step: Mapping[str, Any]) -> None:
    async with Visitor(portal.url) as other:
        await other.sign_in(portal.sandbox["people"][3]["name"])
        assert (await other.reload(step)).status == 404
        runs = (await other.call("GET", "/api/runs")).json["runs"]
        assert all(run["who"] == portal.sandbox["people"][3]["name"] for run in runs)
    async with Visitor(portal.url) as nobody:
        assert (await nobody.reload(step)).status == 401
