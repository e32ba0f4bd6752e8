"""`flow run`, `runs` and `request`, against a local Microsoft 365."""

import csv
import json
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from graphwright.http.call import Call
from graphwright.http.client import HttpClient
from graphwright.http.errors import ReferralRefused
from graphwright.http.response import Response
from graphwright_sandbox.seed.app_registrations import APPLICATION_SECRET, USERS_SECRET
from graphwright_sandbox.server import Sandbox
from tests.cli.conftest import Run
from tests.sandbox.entra.browser import Browser

MAYA, GRETA = "maya.okafor@northwind.example", "greta.lindqvist@northwind.example"


@pytest.fixture
def opened(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A browser in which Maya signs in; the addresses it was sent to."""
    urls: list[str] = []

    def work(url: str) -> None:
        with Browser(sandbox) as browser:
            answer = browser.sign_in(url, "Maya Okafor").url
        with requests.Session() as session:
            session.trust_env = False
            session.get(answer, timeout=10)

    def open_browser(url: str) -> bool:
        urls.append(url)
        threading.Thread(target=work, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr("webbrowser.open", open_browser)
    return urls


def test_an_action_flow_runs_as_the_application_and_is_remembered(
    run: Run, connected: Path, sandbox: Sandbox
) -> None:
    first = run("flow", "run", connected, "refresh_people", "--json")
    assert first.code == 0, first.said
    assert first.json["counts"]["inserted"] == 40
    assert first.json["result"]["inserted"] == 40
    assert [visit["node"] for visit in first.json["way"]][:3] == [
        "authorize",
        "load_people",
        "import_people",
    ]
    report = first.json["report"]
    assert report["meter"]["requests"] == report["meter"]["pages"] == 2
    assert report["imports"]["person"]["inserted"] == 40
    again = run("flow", "run", connected, "refresh_people", "--input", "department=Management")
    assert again.code == 0
    assert again.out.startswith("Done refresh_people: authorize → load_people → import_people")
    assert "People were refreshed." in again.out

    exported = connected / ".graphwright" / "exports" / "people.csv"
    with exported.open(encoding="utf-8", newline="") as file:
        names = {row["name"].removeprefix("'") for row in csv.DictReader(file)}
    assert names == {person.display_name for person in sandbox.tenant.people}

    (latest, earlier) = run("runs", connected, "--format", "json").json["runs"]
    assert earlier["id"] == first.json["run"]
    assert (latest["flow"], latest["status"], latest["error"]) == ("refresh_people", "done", None)
    assert latest["counts"]["unchanged"] < 40
    text = run("runs", connected)
    assert first.json["run"] in text.out
    assert "refresh_people" in text.out
    one = run("runs", connected, "--run", first.json["run"])
    told = [" ".join(line.split()) for line in one.out.splitlines()]
    assert {"Requests 2", "Pages 2", "Import person 40 inserted"} <= set(told)
    detail = run("runs", connected, "--run", first.json["run"], "--format", "json").json["run"]
    assert detail["report"] == report
    missing = run("runs", connected, "--run", "nobody")
    assert (missing.code, missing.out) == (2, "")
    assert "There is no such run." in missing.err
    assert "done" in text.out
    assert len(run("runs", connected, "--limit", "1", "--format", "json").json["runs"]) == 1

    counted = run("lists", "count", connected)
    assert ["person", "shared", "40"] in [line.split() for line in counted.out.split("\n")]
    shown = run("lists", "show", connected, "person", "--search", "Okafor", "--limit", "5")
    rows = [json.loads(line) for line in shown.out.splitlines()]
    assert [row["name"] for row in rows] == ["Maya Okafor"]
    sorted_rows = run("lists", "show", connected, "person", "--sort", "name:desc", "--limit", "3")
    names_shown = [json.loads(line)["name"] for line in sorted_rows.out.splitlines()]
    assert names_shown == sorted(names_shown, reverse=True)
    everything = first.out + again.out + text.out + shown.out + first.err + again.err
    assert APPLICATION_SECRET not in everything


def test_nothing_has_run_yet(run: Run, connected: Path) -> None:
    assert "Nothing has run yet." in run("runs", connected).out
    assert run("runs", connected, "--format", "json").json == {"runs": []}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["refresh_peple"], "Did you mean refresh_people?"),
        (["calendar"], "regular flow"),
        (["refresh_people", "--input", "departement=Sales"], "Did you mean department?"),
        (["refresh_people", "--input", "department"], "--input name=value"),
        (["refresh_people", "--account", "nobody@x.example"], "Nobody has signed in"),
    ],
)
def test_a_wrong_run_is_told(run: Run, connected: Path, arguments: list[str], words: str) -> None:
    result = run("flow", "run", connected, *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_a_wrong_secret_is_explained_and_not_shown(
    run: Run, connected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_DAY_APPLICATION_SECRET", "planted-wrong-secret")
    result = run("flow", "run", connected, "refresh_people")
    assert result.code == 1
    assert "AADSTS7000215" in result.err
    assert "planted-wrong-secret" not in result.err + result.out
    (failed,) = run("runs", connected, "--format", "json").json["runs"]
    assert failed["status"] == "failed"
    assert failed["error"]["place"] == {"flow": "refresh_people", "node": "authorize"}
    assert "planted-wrong-secret" not in json.dumps(failed)
    assert "failed:" in run("runs", connected).out


def test_a_server_that_is_not_there_is_told(
    run: Run, connected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHWRIGHT_AUTHORITY", "https://localhost:1")
    result = run("flow", "run", connected, "refresh_people")
    assert result.code == 1
    assert result.err.strip()


def test_a_broken_model_runs_nothing(run: Run, connected: Path) -> None:
    (connected / "lists" / "person.yaml").write_text("fields: {}\n")
    result = run("flow", "run", connected, "refresh_people")
    assert (result.code, result.out) == (2, "")
    assert "lists/person.yaml:1:1" in result.err
    assert not (connected / ".graphwright").exists()


def test_the_application_requests_one_page_or_all(run: Run, connected: Path) -> None:
    request = ["request", connected, "GET", "/users?$top=15&$select=displayName"]
    one = run(*request, "--profile", "graph-app")
    assert one.code == 0, one.said
    assert len(one.json["value"]) == 15
    assert "--all-pages" in one.err
    everyone = run(*request, "--profile", "graph-app", "--all-pages")
    assert len(everyone.json) == 40
    assert everyone.err == ""
    single = run("request", connected, "get", f"/users/{MAYA}", "--profile", "graph-app")
    assert single.json["displayName"] == "Maya Okafor"


def test_queries_are_taken_literally_and_in_order(run: Run, connected: Path) -> None:
    request = ["request", connected, "GET", "/users", "--profile", "graph-app"]
    named = run(*request, "--query", "$filter=displayName eq 'Maya Okafor'", "--query", "$top=5")
    assert [user["displayName"] for user in named.json["value"]] == ["Maya Okafor"]
    nobody = run(*request, "--query", "$filter=displayName eq '{{ 1 + 1 }}=&'")
    assert (nobody.code, nobody.json["value"]) == (0, [])


@pytest.mark.parametrize(
    ("body", "content_type", "sent", "named"),
    [
        ("@@ {{ user }} $HOME\nend", "text/plain", "@ {{ user }} $HOME\nend", "text/plain"),
        ("a=1&b=2", "application/x-www-form-urlencoded", "a=1&b=2", "x-www-form-urlencoded"),
        ('{"a": "{{ b }}"}', "application/merge-patch+json", '{"a":"{{ b }}"}', "merge-patch+json"),
    ],
)
def test_a_body_may_be_of_another_type(
    run: Run,
    connected: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    content_type: str,
    sent: str,
    named: str,
) -> None:
    calls: list[Call] = []

    async def send(_: HttpClient, call: Call) -> Response:
        calls.append(call)
        return Response(204, {}, None, call.url)

    monkeypatch.setattr(HttpClient, "send", send)
    request = ["request", connected, "PUT", "/x", "--profile", "graph-app"]
    assert run(*request, "--body", body, "--content-type", content_type).code == 0
    assert calls[0].body == sent.encode()
    assert named in calls[0].headers["Content-Type"]


def test_an_error_of_graph_is_told_with_its_facts(run: Run, connected: Path) -> None:
    result = run("request", connected, "GET", "/users/nobody", "--profile", "graph-app")
    assert (result.code, result.out) == (1, "")
    for words in ("status: 404", "Request_ResourceNotFound", "request_id: "):
        assert words in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["GET", "/users", "--profile", "graph-ap"], "graph-app"),
        (["FETCH", "/users", "--profile", "graph-app"], "request is wrong"),
        (["GET", "/users", "--profile", "graph-app", "--header", "Prefer"], "--header 'Name"),
        (["POST", "/users", "--profile", "graph-app", "--body", "{"], "no JSON"),
        (["POST", "/users", "--profile", "graph-app", "--body", "@missing.json"], "cannot be read"),
        (["GET", "/users", "--profile", "graph-app", "--query", "$top"], "--query '$top=5'"),
        (["GET", "/users", "--profile", "graph-app", "--query", "=5"], "no query parameter"),
        (["POST", "/x", "--profile", "graph-app", "--content-type", "text/plain"], "--body as"),
        (["POST", "/x", "--profile", "graph-app", "--body", "x", "--content-type", "y"], "wrong"),
        (["GET", "/users", "--profile", "graph-app", "--api", "v2"], "request is wrong"),
        (["GET", "/users", "--profile", "graph-app", "--body", "{}"], "request is wrong"),
        (["GET", "/users", "--profile", "graph-app", "--header", "Authorization: x"], "wrong"),
    ],
)
def test_a_wrong_request_is_told(
    run: Run, connected: Path, arguments: list[str], words: str
) -> None:
    result = run("request", connected, *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_a_token_goes_to_no_other_host(run: Run, connected: Path) -> None:
    url = "https://attacker.example/v1.0/users"
    result = run("request", connected, "GET", url, "--profile", "graph-app")
    assert (result.code, result.out) == (2, "")
    assert "attacker.example" in result.err
    assert "hostRefused" in result.err


def test_a_server_that_leads_to_another_host_has_failed(
    run: Run, connected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def send(*_: Any) -> None:
        raise ReferralRefused("The server refers to attacker.example.")

    monkeypatch.setattr(HttpClient, "send", send)
    result = run("request", connected, "GET", "/users", "--profile", "graph-app")
    assert (result.code, result.out) == (1, "")
    assert "hostRefused" in result.err


def test_a_user_signs_in_with_the_browser_and_stays_signed_in(
    run: Run, connected: Path, opened: list[str], tmp_path: Path
) -> None:
    me = run("request", connected, "GET", "/me", "--profile", "graph-user")
    assert me.code == 0, me.said
    assert me.json["userPrincipalName"] == MAYA
    assert "Opening the browser" in me.err
    assert len(opened) == 1

    subject = "{{ user.name }} 'quoted' 👋 <b>"
    body = tmp_path / "event.json"
    moment = {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}
    event = {
        "subject": subject,
        "start": moment,
        "end": {**moment, "dateTime": "2026-11-23T10:00:00"},
    }
    body.write_text(json.dumps(event), "utf-8")
    request: list[Any] = ["request", connected]
    user = ["--profile", "graph-user", "--account", MAYA.upper()]
    made = run(*request, "POST", "/me/events", "--body", f"@{body}", *user)
    assert made.json["subject"] == subject
    assert len(opened) == 1
    gone = run(*request, "DELETE", f"/me/events/{made.json['id']}", *user)
    assert (gone.code, gone.out) == (0, "")
    assert "204" in gone.err

    other = run(*request, "GET", "/me", "--profile", "graph-user", "--account", GRETA)
    assert other.code == 2
    assert f"You signed in as {MAYA}, not as {GRETA}" in other.err
    data = (connected / ".graphwright" / "system.sqlite").read_bytes()
    assert USERS_SECRET.encode() not in data

    # The person is known now: rows can become theirs, and theirs alone are shown.
    listed = tmp_path / "events.json"
    listed.write_text(json.dumps({"value": [{**event, "id": "AAA=", "isAllDay": False}]}), "utf-8")
    taken = run("import", "run", connected, "event", listed, "--account", MAYA, "--json")
    assert taken.code == 0, taken.said
    assert taken.json["inserted"] == 1
    shown = run("lists", "show", connected, "event", "--account", MAYA)
    assert [json.loads(line)["subject"] for line in shown.out.splitlines()] == [subject]
