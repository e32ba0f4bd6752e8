"""Steps belong to one principal in one session, and nothing runs for those who may not run it."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from graphwright.flows.definition import RolesAccess
from graphwright.flows.runs import runs_table
from graphwright.flows.steps import steps_table
from tests.portal.conftest import Browser, Place, event, step_path


def count(place: Place, table: sa.Table) -> int:
    with place.runtime.databases.system.engine.connect() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def routes(step: dict[str, object]) -> Iterator[str]:
    path = step_path(step)
    yield from (path, f"{path}/rows", f"{path}/rows.json", f"{path}/rows.csv")
    yield from (f"{path}/rows/1", f"{path}/rows/1/frame")


def test_a_flow_that_was_closed_is_not_run_by_a_step_from_before(place: Place) -> None:
    bert = place.browser().sign_in("bert")
    step = bert.start("/agenda").json()
    flows = place.runtime.application.flows
    flows["agenda"] = flows["agenda"].model_copy(update={"access": RolesAccess(roles=["boss"])})
    runs = count(place, runs_table)
    for path in routes(step):
        assert bert.get(path).status_code == 403, path
    assert bert.exit(step, "open", {"key": "1"}).status_code in (403, 404)
    assert count(place, runs_table) == runs


NESTED = {
    "flows/outer.yaml": """
        kind: regular
        path: /outer
        access: {roles: [boss]}
        start: inner
        nodes:
          inner: {type: subflow, flow: inner, exits: {default: wipe}}
          wipe: {type: import_data, import: person, from: "[{'id': '9', 'name': 'New'}]"}
    """,
    "flows/inner.yaml": """
        kind: regular
        path: /inner
        start: show
        nodes:
          show: {type: page, page: ask, exits: {go: done}}
          done: {type: end}
    """,
    "pages/ask.yaml": """
        type: table
        title: Ask
        list: person
        actions: {go: {title: Go}}
    """,
}


def test_who_lost_a_role_goes_on_in_no_flow_that_needs_it(make_place: Callable[..., Place]) -> None:
    place = make_place(**NESTED)
    anna = place.browser().sign_in("anna")
    step = anna.start("/outer").json()
    place.runtime.application.app.roles["boss"].users.clear()
    assert anna.exit(step, "go").status_code == 403
    for path in routes(step):
        assert anna.get(path).status_code == 403, path
    step = anna.start("/inner").json()
    assert anna.get(f"{step_path(step)}/rows").json()["rows"] == []


ACCOUNT = {
    "flows/mine.yaml": """
        kind: regular
        path: /mine
        inputs: {note: {type: text}}
        start: authorize
        nodes:
          authorize:
            type: authenticate
            profile: graph-user
            exits: {authenticated: told, not_authenticated: told, error: told}
          told: {type: end, message: "{{ input.note }} of {{ user.name }}"}
    """,
}


@pytest.mark.parametrize("answer", [{"error": "access_denied"}, {"error": "invalid_client"}])
def test_who_signs_in_next_does_not_go_on_in_the_flow_of_who_was_there_before(
    make_place: Callable[..., Place], answer: dict[str, str]
) -> None:
    place = make_place(**ACCOUNT)
    browser = place.browser().sign_in("anna")
    owner = place.owner(browser)

    async def forget() -> int:
        return await place.runtime.profiles.remove(owner)

    place.loop.call(forget)
    step = browser.start("/mine", query={"note": "Secret"}).json()
    assert step["kind"] == "redirect"
    state = browser.begin_sign_in(step["url"].removeprefix("/auth/sign-in"))
    # Somebody else signs in with the same browser before the first sign-in is answered.
    browser.come_back(browser.begin_sign_in(), code="bert")
    assert browser.session()["user"]["name"] == "Bert"
    refused = browser.come_back(state, **answer)
    assert "run=" not in refused.headers.get("location", "")
    assert refused.status_code >= 400
    assert "Secret" not in refused.text


def test_steps_end_with_the_session_that_another_person_takes_over(place: Place) -> None:
    browser = place.browser().sign_in("anna")
    browser.start("/calendar")
    assert count(place, steps_table) == 1
    browser.come_back(browser.begin_sign_in(), code="bert")
    assert browser.session()["user"]["name"] == "Bert"
    assert count(place, steps_table) == 0


def test_a_step_opens_for_nobody_else_by_any_route(
    place: Place, anna: Browser, bert: Browser
) -> None:
    place.put("event", place.owner(anna), event("1", "Annas"))
    place.put("event", place.owner(bert), event("1", "Berts"))
    step = anna.start("/agenda").json()
    second = place.browser().sign_in("anna")
    nobody = place.browser()
    nobody.session()
    for other in (bert, second, nobody, place.browser()):
        for path in routes(step):
            answer = other.get(path)
            assert answer.status_code in (401, 404, 410), (path, answer.status_code)
            assert "Annas" not in answer.text
        answer = other.exit(step, "open", {"key": "1"})
        assert answer.status_code in (401, 403, 404, 410)
    anna.post("/auth/sign-out")
    for path in routes(step):
        assert anna.get(path).status_code == 401, path


def test_a_removed_principal_is_nobody(place: Place, anna: Browser) -> None:
    step = anna.start("/agenda").json()
    with place.runtime.databases.system.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM _principals")
    assert anna.session()["signed_in"] is False
    for path in routes(step):
        assert anna.get(path).status_code in (401, 404, 410), path
    assert anna.start("/agenda").status_code == 401
    assert anna.get("/api/runs").status_code == 401
