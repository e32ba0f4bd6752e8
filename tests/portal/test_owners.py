"""Two people signed in at once, with rows of the same keys: each sees and takes their own only."""

from typing import Any

import pytest

from tests.portal.conftest import Browser, Place, event, step_path

# A step of every page type that shows rows of a user's list, and its part.
PAGES = [
    ("/calendar", None),
    ("/agenda", None),
    ("/mail", "messages"),
]


@pytest.fixture
def both(place: Place, anna: Browser, bert: Browser) -> tuple[Browser, Browser]:
    place.put("event", place.owner(anna), event("e1", "Anna's"), event("a2", "Anna's second"))
    place.put("event", place.owner(bert), event("e1", "Bert's"))
    place.put("mail_folder", place.owner(anna), {"id": "f", "title": "Anna's folder"})
    place.put("mail_folder", place.owner(bert), {"id": "f", "title": "Bert's folder"})
    return anna, bert


def query(part: str | None) -> dict[str, str]:
    return {"part": part} if part else {}


def opened(browser: Browser, path: str) -> Any:
    return browser.start(path).json()


@pytest.mark.parametrize(("path", "part"), PAGES)
def test_pages_rows_and_exports_show_one_s_own(
    both: tuple[Browser, Browser], path: str, part: str | None
) -> None:
    for browser, own, other in ((both[0], "Anna's", "Bert's"), (both[1], "Bert's", "Anna's")):
        step = opened(browser, path)
        texts = [str(step)]
        frame = [] if path == "/calendar" else ["/rows/e1/frame"]
        for tail in ("/rows", "/rows.json", "/rows.csv", "/rows/e1", *frame):
            answer = browser.get(step_path(step) + tail, params=query(part))
            assert answer.status_code == 200, f"{tail}: {answer.text}"
            texts.append(answer.text)
        shown = " ".join(texts)
        assert own in shown
        assert other not in shown


@pytest.mark.parametrize(("path", "part"), PAGES)
def test_somebody_else_s_row_is_not_there(
    both: tuple[Browser, Browser], path: str, part: str | None
) -> None:
    _, bert = both
    step = opened(bert, path)
    for tail in ("/rows/a2", "/rows/a2/frame"):
        assert bert.get(step_path(step) + tail, params=query(part)).status_code == 404
    assert bert.exit(step, "open", {"key": "a2", **query(part)}).status_code == 404


@pytest.mark.parametrize("path", ["/agenda", "/mail"])
def test_a_row_action_hands_over_one_s_own_row_of_the_same_key(
    both: tuple[Browser, Browser], path: str
) -> None:
    for browser, own in ((both[0], "Anna's"), (both[1], "Bert's")):
        end = browser.exit(opened(browser, path), "open", {"key": "e1"}).json()
        assert end["message"].startswith(own)
        # Sensitive values do not even reach the flow.
        assert "0000" not in end["message"]


def test_detail_and_form_show_one_s_own_row(both: tuple[Browser, Browser]) -> None:
    for browser, own in ((both[0], "Anna's"), (both[1], "Bert's")):
        for action in ("open", "edit"):
            step = browser.exit(opened(browser, "/calendar"), action, {"key": "e1"}).json()
            fields = {f["name"]: f["value"] for f in step["page"]["view"]["fields"]}
            assert fields["subject"] == own


def test_a_flow_that_writes_touches_one_s_own_rows(both: tuple[Browser, Browser]) -> None:
    anna, bert = both
    cleared = bert.exit(opened(bert, "/calendar"), "clear", {"key": "e1"}).json()
    assert cleared["page"]["view"]["events"] == []
    assert len(opened(anna, "/calendar")["page"]["view"]["events"]) == 2


def test_folders_are_one_s_own(both: tuple[Browser, Browser]) -> None:
    for browser, own in ((both[0], "Anna's folder"), (both[1], "Bert's folder")):
        step = opened(browser, "/mail")
        assert [folder["title"] for folder in step["page"]["view"]["folders"]] == [own]
        rows = browser.get(f"{step_path(step)}/rows", params={"part": "folders"}).json()["rows"]
        assert [row["title"] for row in rows] == [own]


def test_transient_rows_stay_in_their_own_flow(both: tuple[Browser, Browser]) -> None:
    anna, bert = both
    step = opened(anna, "/notes")
    assert anna.get(f"{step_path(step)}/rows").json()["rows"] == [{"_key": "0", "name": "of Anna"}]
    assert anna.get(f"{step_path(step)}/rows.csv").text.split("\r\n")[1] == "of Anna"
    assert anna.exit(step, "open", {"key": "0"}).json()["message"] == "of Anna"
    own = opened(bert, "/notes")
    assert bert.get(f"{step_path(own)}/rows/0").json()["row"]["name"] == "of Bert"


def test_a_filter_cannot_name_the_owner(both: tuple[Browser, Browser]) -> None:
    _, bert = both
    step = opened(bert, "/agenda")
    for name in ("_owner", "_key", "pin", "id"):
        wanted = f'[{{"field": "{name}", "op": "ne", "value": "x"}}]'
        answer = bert.get(f"{step_path(step)}/rows", params={"filter": wanted})
        assert answer.status_code == 400
