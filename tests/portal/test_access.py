"""Closed by default: who gets where, checked at the start, at every step and at its rows."""

from collections.abc import Callable

import pytest

from tests.portal.application import FILES
from tests.portal.conftest import Browser, Place, step_path

ACCESS_WITH_RUNS = "access: signed_in\n        runs: {roles: [boss]}"


@pytest.mark.parametrize("path", ["/", "/calendar", "/agenda", "/mail", "/notes", "/bosses"])
def test_nobody_signed_out_sees_anything(place: Place, path: str) -> None:
    browser = place.browser()
    browser.session()
    answer = browser.start(path)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "signInRequired"


def test_a_public_flow_is_for_everybody_who_has_a_session(place: Place) -> None:
    place.put("person", None, {"id": "p1", "name": "Ada"})
    browser = place.browser()
    browser.session()
    step = browser.start("/hello").json()
    rows = browser.get(f"{step_path(step)}/rows").json()
    assert rows == {"rows": [{"_key": "p1", "name": "Ada"}], "total": 1, "offset": 0}


def test_a_public_page_over_people_s_own_rows_asks_to_sign_in(place: Place) -> None:
    browser = place.browser()
    browser.session()
    step = browser.start("/leak").json()
    for tail in ("/rows", "/rows.json", "/rows.csv", "/rows/e1", "/rows/e1/frame"):
        assert browser.get(step_path(step) + tail).status_code == 401


def test_a_role_opens_what_it_is_for(anna: Browser, bert: Browser) -> None:
    step = anna.start("/bosses").json()
    assert anna.get(f"{step_path(step)}/rows").status_code == 200
    answer = bert.start("/bosses")
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "accessRefused"
    titles = [item["title"] for item in bert.session()["application"]["navigation"]]
    assert "Bosses" not in titles


def test_a_role_that_is_taken_away_closes_steps_that_are_open(place: Place, anna: Browser) -> None:
    step = anna.start("/bosses").json()
    place.runtime.application.app.roles["boss"].users.clear()
    for path in (step_path(step), f"{step_path(step)}/rows", f"{step_path(step)}/rows.csv"):
        assert anna.get(path).status_code == 403
    assert anna.exit(step, "nowhere").status_code == 403


def test_a_step_is_not_there_for_anybody_else(place: Place, anna: Browser, bert: Browser) -> None:
    step = anna.start("/calendar").json()
    for tail in ("", "/rows", "/rows.json", "/rows.csv", "/rows/e1", "/rows/e1/frame"):
        assert bert.get(step_path(step) + tail).status_code == 404
    assert bert.exit(step, "add").status_code == 404


def test_another_browser_of_the_same_person_has_steps_of_its_own(
    place: Place, anna: Browser
) -> None:
    step = anna.start("/calendar").json()
    again = place.browser().sign_in("anna")
    assert again.get(step_path(step)).status_code == 404


def test_steps_without_a_cookie_ask_to_sign_in(place: Place, anna: Browser) -> None:
    step = anna.start("/calendar").json()
    for tail in ("", "/rows", "/rows.csv", "/rows/e1"):
        assert place.browser().get(step_path(step) + tail).status_code == 401


def test_only_regular_flows_with_a_path_can_be_started(
    make_place: Callable[..., Place],
) -> None:
    action = """
        kind: action
        start: done
        nodes: {done: {type: end}}
    """
    place = make_place(**{"flows/job.yaml": action})
    anna = place.browser().sign_in("anna")
    for path in ("/job", "job", "flows/job"):
        assert anna.start(path).status_code == 404


def test_a_runs_list_for_a_role_shows_all_runs_to_it_and_none_to_others(
    make_place: Callable[..., Place],
) -> None:
    app = FILES["app.yaml"].replace("access: signed_in", ACCESS_WITH_RUNS)
    place = make_place(**{"app.yaml": app})
    anna, bert = place.browser().sign_in("anna"), place.browser().sign_in("bert")
    bert.start("/agenda")
    assert [run["who"] for run in anna.get("/api/runs").json()["runs"]] == ["Bert"]
    assert bert.get("/api/runs").status_code == 403
    assert bert.session()["may_see_runs"] is False
