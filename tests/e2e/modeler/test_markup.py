"""Markup in what others write is shown as text everywhere; no script of it ever runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from graphwright_sandbox.server import Sandbox
from tests.e2e.graph import GraphOf, person_named
from tests.e2e.modeler.conftest import OpenModeller, StartModeler, copy_my_day
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

WORD = "planted"
MARKUP = f"<img src=x onerror=window.{WORD}=1><script>window.{WORD}=2</script>{{{{7*7}}}}"
TITLE = f"<img src=x onerror=window.{WORD}=1>"


def plant(root: Path) -> None:
    """Markup wherever a model has words: titles, and what a problem quotes."""
    for name in ("flows/people.yaml", "lists/person.yaml", "pages/people.yaml", "app.yaml"):
        path = root / name
        lines = path.read_text().splitlines()
        titled = [f"title: '{TITLE}'" if line.startswith("title: ") else line for line in lines]
        path.write_text("\n".join(titled) + "\n")
    flow = root / "flows" / "people.yaml"
    text = flow.read_text().replace("title: All users", f"title: '{TITLE}'")
    # A problem whose text quotes it.
    flow.write_text(text.replace("import: person", f"import: '{TITLE}'"))


def check(modeller: Modeller, place: str) -> None:
    """No script of it has run, and no element was made of it, in the page or a frame of it."""
    for frame in modeller.page.frames:
        assert frame.evaluate(f"() => window.{WORD} ?? null") is None, place
        assert frame.locator("img[onerror], img[src=x]").count() == 0, place


def test_no_markup_of_a_model_becomes_an_element(
    start_modeler: StartModeler, open_modeller: OpenModeller, tmp_path: Path
) -> None:
    root = copy_my_day(tmp_path)
    plant(root)
    modeller = open_modeller(start_modeler(root))
    modeller.page.on("dialog", lambda dialog: modeller.watch.complaints.append(dialog.message))
    for address in (
        "/",
        "/flows",
        "/flows/people?node=load_people",
        "/flows/people?node=import_people",
        "/pages/people",
        "/lists/person",
        "/yaml/flows/people.yaml",
    ):
        modeller.open(address)
        text = modeller.page.locator("body")
        if "yaml" in address:
            expect(modeller.page.locator(".cm-content")).to_contain_text(TITLE)
        elif "pages" in address or "lists" in address:
            expect(modeller.page.get_by_label("Title").first).to_be_visible()
            assert (
                f"<img src=x onerror=window.{WORD}" in modeller.page.locator("header").inner_text()
            )
        else:
            expect(text).to_contain_text(TITLE)
        check(modeller, address)
    problems = modeller.page.get_by_role("region", name="Problems")
    problems.get_by_role("button").first.click()
    expect(problems.get_by_role("listitem").first).to_contain_text(TITLE)
    check(modeller, "problems")


def test_no_markup_that_graph_answers_becomes_an_element(
    sandbox: Sandbox, start_modeler: StartModeler, open_modeller: OpenModeller, graph_of: GraphOf
) -> None:
    address = "samuel.carter"
    start = datetime.now(UTC)
    times = {
        name: {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
        for name, moment in (("start", start), ("end", start + timedelta(hours=1)))
    }
    body = {"contentType": "html", "content": MARKUP}
    event = graph_of(address).post("/me/events", {"subject": MARKUP, "body": body, **times})["id"]
    process = start_modeler()
    modeller = open_modeller(process)
    # A run of the draft, so that somebody is signed in to it.
    modeller.send("POST", "/api/run", {"flow": "calendar"})
    visitor = Visitor(modeller.context, process.portal_url, person_named(sandbox, address), "UTC")
    visitor.sign_in("/calendar")
    visitor.watch.check()
    account = modeller.get_json("/api/accounts")["accounts"][0]["id"]
    request = {
        "method": "GET",
        "url": f"/me/events/{event}",
        "query": {"$select": "subject,body"},
        "authentication": {"type": "oauth2", "profile": "graph-user"},
    }
    tried = modeller.send("POST", "/api/tries", {"request": request, "account": account})
    assert tried["error"] is None
    modeller.open(f"/requests/{tried['id']}")
    expect(modeller.page.get_by_role("tree")).to_contain_text(f'"{MARKUP[:30]}')
    check(modeller, "the body of a response")
    # What Graph refuses quotes it.
    request |= {"url": f"/me/events/{TITLE}", "query": {}}
    tried = modeller.send("POST", "/api/tries", {"request": request, "account": account})
    assert tried["error"]
    modeller.open(f"/requests/{tried['id']}")
    expect(modeller.page.get_by_role("region", name="Response")).to_be_visible()
    check(modeller, "an error of Graph")
    trace = modeller.get_json("/api/traces")["traces"][0]["id"]
    modeller.open(f"/runs/{trace}")
    check(modeller, "a run")
