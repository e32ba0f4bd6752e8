"""The API of sessions and steps: what it answers, and how it refuses what is wrong."""

from typing import Any

import pytest

from graphwright.kernel.ids import new_id
from graphwright.portal.app import describe_api
from graphwright.portal.wire import RunDetailWire
from tests.portal.conftest import Browser, Place, event, step_path


def test_the_session_tells_what_a_visitor_may_see(place: Place, anna: Browser) -> None:
    stranger = place.browser().session()
    assert stranger["user"] is None
    assert [item["title"] for item in stranger["application"]["navigation"]] == ["Hello"]
    assert stranger["sign_in"] == [
        {"title": "Microsoft 365", "url": "/auth/sign-in?profile=graph-user"}
    ]
    assert stranger["may_see_runs"] is False
    session = anna.session()
    assert [item["path"] for item in session["application"]["navigation"]] == [
        "/calendar",
        "/bosses",
        "/hello",
    ]
    assert session["application"]["home"] == "/calendar"
    assert session["may_see_runs"] is True


def test_a_page_names_its_actions_exits_and_view(place: Place, anna: Browser) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"))
    step = anna.start("/calendar").json()
    page = step["page"]
    assert (step["kind"], step["path"], page["title"]) == ("page", "/calendar", "Calendar of Anna")
    assert page["exits"] == ["add", "clear", "edit", "open", "range_changed"]
    actions = {action["name"]: action for action in page["actions"]}
    assert actions["add"]["confirm"] == "Really, Anna?"
    assert actions["clear"]["confirm"] == "Delete {{ row.subject }}?"
    assert page["view"]["time_zone"] == "Europe/Berlin"
    assert [item["title"] for item in page["view"]["events"]] == ["Lunch"]


def test_the_start_path_opens_the_home_flow(anna: Browser) -> None:
    assert anna.start("/").json()["path"] == "/calendar"


def test_a_step_comes_again_after_a_reload(anna: Browser) -> None:
    step = anna.start("/calendar").json()
    assert anna.get(step_path(step)).json()["page"]["name"] == "calendar"


def test_moving_to_another_range_makes_a_new_step_and_back_shows_the_old_one(
    place: Place, anna: Browser
) -> None:
    later = {"dateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}
    place.put(
        "event",
        place.owner(anna),
        event("e1", "Now"),
        event("e2", "Later", start=later, end=later),
    )
    first = anna.start("/calendar").json()
    next_week = {"start": "2026-11-30T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
    second = anna.exit(first, "range_changed", next_week).json()
    assert [item["title"] for item in second["page"]["view"]["events"]] == ["Later"]
    assert second["page"]["view"]["range"] == next_week
    back = anna.get(step_path(first)).json()
    assert [item["title"] for item in back["page"]["view"]["events"]] == ["Now"]


def test_a_form_hands_over_what_was_entered_with_the_row_s_key_and_etag(
    place: Place, anna: Browser
) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"))
    step = anna.exit(anna.start("/calendar").json(), "edit", {"key": "e1"}).json()
    fields = {field["name"]: field["value"] for field in step["page"]["view"]["fields"]}
    assert fields["subject"] == "Lunch"
    values = {**fields, "subject": "Dinner 🎉 {{ user.id }} <b> ' /?"}
    end = anna.exit(step, "submit", {"values": values}).json()
    assert end["kind"] == "end"
    assert end["title"] == "Saved"
    assert end["message"] == 'Dinner 🎉 {{ user.id }} <b> \' /? e1 W/"Lunch"'


def test_a_form_that_is_wrong_says_so_at_each_field_and_stays(anna: Browser) -> None:
    step = anna.exit(anna.start("/calendar").json(), "add").json()
    answer = anna.exit(step, "submit", {"values": {"subject": "", "start": 5}})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "formInvalid")
    assert set(error["fields"]) == {"subject", "start"}
    assert anna.get(step_path(step)).json()["page"]["name"] == "form"


def test_a_submission_that_comes_twice_runs_once(place: Place, anna: Browser) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"))
    step = anna.start("/calendar").json()
    submission = new_id()
    first = anna.exit(step, "clear", {"key": "e1"}, submission).json()
    assert first["page"]["view"]["events"] == []
    # The row is gone, and still the second answer is the first one's.
    second = anna.exit(step, "clear", {"key": "e1"}, submission)
    assert second.status_code == 200
    assert second.json()["step"] == first["step"]


def test_a_long_text_is_left_out_of_the_flow_and_back_in_the_form(
    place: Place, anna: Browser
) -> None:
    body = "<p>" + "x" * 900_000
    place.put("event", place.owner(anna), event("e1", "Lunch", body=body))
    step = anna.exit(anna.start("/calendar").json(), "edit", {"key": "e1"}).json()
    fields = {field["name"]: field["value"] for field in step["page"]["view"]["fields"]}
    assert fields["body"] == body


def test_a_detail_page_shows_one_row_and_no_sensitive_value(place: Place, anna: Browser) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"), event("e2", "Other"))
    step = anna.exit(anna.start("/calendar").json(), "open", {"key": "e1"}).json()
    fields = {field["name"]: field["value"] for field in step["page"]["view"]["fields"]}
    assert fields["subject"] == "Lunch"
    assert "pin" not in fields
    assert "<script" not in fields["body"]
    assert "onclick" not in fields["body"]
    assert "t.example" not in fields["body"]
    # Its row is the only one within reach of this page.
    assert anna.exit(step, "edit", {"key": "e2"}).status_code == 404
    assert anna.exit(step, "edit", {"key": "e1"}).json()["page"]["name"] == "form"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("text", 400),
        ([], 400),
        ({}, 400),
        ({"path": 5}, 400),
        ({"path": "/calendar", "owner": "x"}, 400),
        ({"path": "/calendar", "time_zone": "Mars/Olympus"}, 400),
        ({"path": "/calendar", "time_zone": "../../etc/passwd"}, 400),
        ({"path": "/calendar", "time_zone": 5}, 400),
        ({"path": "/calendar", "query": {"week": 5}}, 400),
        ({"path": "/calendar", "query": {"week": "soon"}}, 400),
        ({"path": "/calendar", "query": []}, 400),
        ({"path": "/nowhere"}, 404),
        ({"path": "//evil.example"}, 404),
        ({"path": "/" + "x" * 300}, 400),
    ],
)
def test_a_start_that_is_wrong_is_refused(anna: Browser, body: Any, status: int) -> None:
    answer = anna.post("/api/start", body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_unknown_parameters_of_an_address_start_the_flow_all_the_same(anna: Browser) -> None:
    assert anna.start("/calendar", query={"utm_source": "mail"}).status_code == 200


@pytest.mark.parametrize(
    ("exit_name", "data", "status"),
    [
        ("nowhere", None, 400),
        ("show", None, 400),
        ("edit", None, 400),
        ("edit", {"key": 5}, 400),
        ("edit", {"key": "e1", "owner": "x"}, 400),
        ("edit", {"key": ["e1"]}, 400),
        ("edit", {"key": ""}, 404),
        ("edit", {"key": "missing"}, 404),
        ("edit", {"key": "e1\x00"}, 404),
        ("edit", {"key": "x" * 3000}, 404),
        ("edit", {"key": "e1", "part": "folders"}, 404),
        ("edit", {"key": "e1' OR '1'='1"}, 404),
        ("range_changed", {"start": "soon", "end": "later"}, 400),
        ("range_changed", None, 400),
        ("add", {"values": {}}, 400),
    ],
)
def test_an_exit_that_is_wrong_is_refused(
    place: Place, anna: Browser, exit_name: str, data: Any, status: int
) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"))
    step = anna.start("/calendar").json()
    answer = anna.exit(step, exit_name, data)
    assert answer.status_code == status, answer.text
    assert anna.get(step_path(step)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"submission": "short"},
        {"submission": 5},
        {"submission": "with a space"},
        {"submission": "x" * 101},
        {"submission": "abcdefgh", "time_zone": "nowhere"},
        {"submission": "abcdefgh", "more": 1},
    ],
)
def test_a_submission_that_is_wrong_is_refused(anna: Browser, body: Any) -> None:
    step = anna.start("/calendar").json()
    assert anna.post(f"{step_path(step)}/exits/add", body).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["/api/steps/x/1", "/api/steps/x/one", "/api/steps/x/-1", "/api/steps/x/99999999999999999999"],
)
def test_a_step_that_is_not_there_is_not_found(anna: Browser, path: str) -> None:
    for method, tail in (("GET", ""), ("GET", "/rows"), ("GET", "/rows/e1"), ("GET", "/rows.csv")):
        assert anna.client.request(method, path + tail).status_code == 404
    assert anna.post(f"{path}/exits/add", {"submission": new_id()}).status_code == 404


def test_writes_need_the_token(anna: Browser) -> None:
    step = anna.start("/calendar").json()
    for path in ("/api/start", f"{step_path(step)}/exits/add"):
        answer = anna.client.post(path, json={})
        assert answer.json()["error"]["code"] == "csrfRefused"


def test_a_session_that_ended_says_so(place: Place, anna: Browser) -> None:
    step = anna.start("/calendar").json()
    place.clock.pass_time(hours=2)
    for answer in (anna.get(step_path(step)), anna.exit(step, "add"), anna.get("/api/runs")):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "sessionExpired"


def test_every_flow_s_address_gets_the_shell_with_a_nonce(place: Place) -> None:
    for path in ("/", "/calendar", "/a/b?run=x.1"):
        answer = place.browser().get(path, headers={"accept": "text/html"})
        assert answer.status_code == 200
        nonce = answer.text.partition('content="')[2].partition('"')[0]
        assert f"'nonce-{nonce}'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/nowhere", 404),
        ("/api/start", 404),
        ("/auth/nowhere", 404),
        ("/favicon.ico", 404),
        ("/_static/nowhere.js", 404),
        ("/docs.html", 404),
        ("/openapi.json", 404),
        ("/.env", 404),
        ("/app.yaml", 404),
    ],
)
def test_what_is_not_there_is_not_found_in_one_shape(place: Place, path: str, status: int) -> None:
    answer = place.browser().get(path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"]


def test_the_api_is_described_but_no_route_gives_the_description_out(place: Place) -> None:
    browser = place.browser()
    description = describe_api(browser.client.app)  # type: ignore[arg-type]
    assert "/api/steps/{instance}/{step}/exits/{exit}" in description["paths"]
    assert "PageStepWire" in description["components"]["schemas"]
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert "swagger" not in browser.get(path).text.lower()


def test_the_runs_list_shows_one_s_own_runs(place: Place, anna: Browser, bert: Browser) -> None:
    anna.start("/calendar")
    bert.start("/agenda")
    runs = anna.get("/api/runs").json()["runs"]
    assert [(run["flow"], run["who"], run["way"]) for run in runs] == [
        ("calendar", "Anna", ["show"])
    ]
    assert place.browser().get("/api/runs").status_code == 401


def test_a_run_is_shown_with_its_report_to_those_who_may_see_it(
    place: Place, anna: Browser, bert: Browser
) -> None:
    anna.start("/calendar")
    (listed,) = anna.get("/api/runs").json()["runs"]
    run = anna.get(f"/api/runs/{listed['id']}").json()
    assert {name: run[name] for name in listed} == listed
    assert [(visit["node"], visit["exit"]) for visit in run["visits"]] == [("show", "pause")]
    RunDetailWire.model_validate(run)
    assert "principal_id" not in run
    missing = [bert.get(f"/api/runs/{listed['id']}"), anna.get("/api/runs/nothing")]
    assert [answer.status_code for answer in missing] == [404, 404]
    assert missing[0].json()["error"]["message"] == missing[1].json()["error"]["message"]
    assert place.browser().get(f"/api/runs/{listed['id']}").status_code == 401
