"""Rows over the API: what is asked for, one row, a mail's frame, and downloads."""

import csv
import io
import json
from typing import Any

import pytest

from tests.portal.conftest import Browser, Place, event, step_path


@pytest.fixture
def table(place: Place, anna: Browser) -> str:
    sizes = enumerate(["Beta", "alpha", "Gamma 🎉", "Ärger"])
    rows = [event(f"e{i}", name, size=i * 10**16) for i, name in sizes]
    place.put("event", place.owner(anna), *rows)
    return step_path(anna.start("/agenda").json())


def subjects(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["subject"] for row in answer.json()["rows"]]


def test_rows_come_as_the_page_sorts_them(anna: Browser, table: str) -> None:
    answer = anna.get(f"{table}/rows").json()
    assert [row["subject"] for row in answer["rows"]] == ["alpha", "Beta", "Gamma 🎉", "Ärger"]
    assert (answer["total"], answer["offset"]) == (4, 0)
    first = answer["rows"][0]
    assert set(first) == {"_key", "subject", "start", "size", "body"}
    assert first["start"] == {"dateTime": "2026-11-23T09:00:00", "timeZone": "Europe/Berlin"}
    # HTML in a cell is text, and numbers beyond a browser's stay exact.
    assert first["body"] == "Hi"
    assert first["size"] == "10000000000000000"
    assert answer["rows"][1]["size"] == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"sort": "size:desc"}, ["Ärger", "Gamma 🎉", "alpha", "Beta"]),
        ({"search": "ÄRGER"}, ["Ärger"]),
        ({"search": "%"}, []),
        ({"limit": "2", "offset": "1"}, ["Beta", "Gamma 🎉"]),
        ({"filter": '[{"field":"subject","op":"contains","value":"🎉"}]'}, ["Gamma 🎉"]),
        ({"filter": '[{"field":"size","op":"gt","value":5}]', "sort": "size"},
         ["alpha", "Gamma 🎉", "Ärger"]),
        ({"filter": '[{"field":"start","op":"lt","value":"2026-11-23T08:00:00Z"}]'}, []),
        ({"filter": '[{"field":"subject","op":"eq","value":"\' OR 1=1 --"}]'}, []),
    ],
)  # fmt: skip
def test_rows_are_sorted_filtered_and_searched_in_the_database(
    anna: Browser, table: str, query: dict[str, str], expected: list[str]
) -> None:
    assert subjects(anna.get(f"{table}/rows", params=query)) == expected


@pytest.mark.parametrize("tail", ["/rows", "/rows.json", "/rows.csv"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("sort=nowhere", 400),
        ("sort=subject:sideways", 400),
        ("filter={", 400),
        ('filter=[{"field":"pin","op":"eq","value":"0000"}]', 400),
        ("search=a&search=b", 400),
        ("owner=x", 400),
        ("part=nowhere", 404),
    ],
)
def test_a_query_that_is_wrong_is_refused(
    anna: Browser, table: str, tail: str, query: str, status: int
) -> None:
    answer = anna.get(f"{table}{tail}?{query}")
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "limit=x"])
def test_a_range_that_is_wrong_is_refused(anna: Browser, table: str, query: str) -> None:
    assert anna.get(f"{table}/rows?{query}").status_code == 400


def test_one_row_has_its_html_sanitised_its_fields_and_its_questions(
    place: Place, anna: Browser
) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"))
    step = step_path(anna.start("/calendar").json())
    answer = anna.get(f"{step}/rows/e1").json()
    assert answer["row"]["title"] == answer["row"]["subject"] == "Lunch"
    assert answer["row"]["body"] == "<b>Hi</b><img>"
    assert "pin" not in answer["row"]
    assert answer["blocked_images"] == 1
    assert answer["confirm"] == {"clear": "Delete Lunch?"}
    shown = anna.get(f"{step}/rows/e1?images=1").json()
    assert 'src="https://t.example/p.gif"' in shown["row"]["body"]
    assert shown["blocked_images"] == 0


def test_a_frame_holds_the_body_under_a_policy_of_its_own(place: Place, anna: Browser) -> None:
    place.put("event", place.owner(anna), event("e1", "Lunch"))
    step = step_path(anna.start("/mail").json())
    blocked = anna.get(f"{step}/rows/e1/frame?part=messages")
    assert "<b>Hi</b>" in blocked.text
    assert "t.example" not in blocked.text
    assert "<script" not in blocked.text
    policy = blocked.headers["content-security-policy"]
    assert "img-src data:;" in policy
    assert "sandbox allow-popups" in policy
    assert "frame-ancestors 'self'" in policy
    assert blocked.headers["cache-control"] == "no-store"
    shown = anna.get(f"{step}/rows/e1/frame?part=messages&images=1")
    assert "https://t.example/p.gif" in shown.text
    assert "img-src data: https:" in shown.headers["content-security-policy"]
    assert anna.get(f"{step}/rows/e1?images=2").status_code == 400
    assert anna.get(f"{step}/rows/f/frame?part=folders").status_code == 404


@pytest.mark.parametrize(
    "key", ["AAMk/x+y=", "a b", "%41", "ключ", "🎉", "a?b#c", "'; --", "frame", "{{ x }}", "a\\b"]
)
def test_a_key_may_hold_any_character(place: Place, anna: Browser, key: str) -> None:
    from urllib.parse import quote

    place.put("event", place.owner(anna), event(key, "Odd key"))
    step = anna.start("/agenda").json()
    for tail in ("", "/frame"):
        path = f"{step_path(step)}/rows/{quote(key, safe='')}{tail}"
        assert anna.get(path).status_code == 200, path
    end = anna.exit(step, "open", {"key": key}).json()
    assert end["message"].startswith("Odd key")


@pytest.mark.parametrize(
    "tail", ["/rows/", "/rows/a/b", "/rows/a/frame/x", "/rows/%FF", "/rows/%00"]
)
def test_an_address_that_names_no_row_is_not_found(anna: Browser, table: str, tail: str) -> None:
    assert anna.get(table + tail).status_code == 404


def test_a_page_s_own_condition_holds_for_every_way_to_its_rows(
    place: Place, anna: Browser
) -> None:
    place.put("event", place.owner(anna), event("s", "small", size=1), event("b", "big", size=100))
    step = anna.start("/big").json()
    assert subjects(anna.get(f"{step_path(step)}/rows")) == ["big"]
    assert "small" not in anna.get(f"{step_path(step)}/rows.csv").text
    assert anna.get(f"{step_path(step)}/rows/s").status_code == 404
    assert anna.exit(step, "open", {"key": "s"}).status_code == 404
    assert anna.exit(step, "open", {"key": "b"}).json()["message"] == "big"


def test_a_download_holds_what_is_shown_in_the_same_order(anna: Browser, table: str) -> None:
    query = {"sort": "size:desc", "filter": '[{"field":"size","op":"gt","value":5}]'}
    answer = anna.get(f"{table}/rows.json", params=query)
    assert answer.headers["content-disposition"] == 'attachment; filename="agenda.json"'
    rows = json.loads(answer.text)
    assert [row["subject"] for row in rows] == ["Ärger", "Gamma 🎉", "alpha"]
    assert rows[0]["size"] == 3 * 10**16
    assert "_key" not in rows[0]
    assert anna.get(f"{table}/rows.json?search=nothing-has-this").text == "[]\n"


def test_a_csv_download_can_be_read_back(anna: Browser, table: str) -> None:
    answer = anna.get(f"{table}/rows.csv?sort=subject")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="agenda.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Subject", "Start", "Start (time zone)", "Size", "Body"]
    assert rows[1] == ["alpha", "2026-11-23T09:00:00", "Europe/Berlin", "10000000000000000", "Hi"]
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("subject", "cell"),
    [
        ('=HYPERLINK("https://evil.example")', '\'=HYPERLINK("https://evil.example")'),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("plain = text", "plain = text"),
        ('a "quoted", line\nbreak', 'a "quoted", line\nbreak'),
    ],
)
def test_no_cell_is_a_formula(place: Place, anna: Browser, subject: str, cell: str) -> None:
    place.put("event", place.owner(anna), event("e1", subject, size=-5))
    step = step_path(anna.start("/agenda").json())
    text = anna.get(f"{step}/rows.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1][0] == cell
    # A number is a number: it stays below zero.
    assert rows[1][3] == "-5"


def test_a_download_of_many_rows_is_whole(place: Place, anna: Browser) -> None:
    place.put("event", place.owner(anna), *(event(f"e{i:04}", f"s{i:04}") for i in range(1234)))
    step = step_path(anna.start("/agenda").json())
    rows = anna.get(f"{step}/rows.json").json()
    assert [row["subject"] for row in rows] == [f"s{i:04}" for i in range(1234)]
    assert len(anna.get(f"{step}/rows.csv").text.splitlines()) == 1235


def test_a_page_without_rows_says_so(anna: Browser) -> None:
    step = step_path(anna.exit(anna.start("/calendar").json(), "add").json())
    for tail in ("/rows", "/rows.csv", "/rows/e1"):
        assert anna.get(step + tail).status_code == 404
