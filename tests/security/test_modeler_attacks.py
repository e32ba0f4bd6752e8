"""The modeler attacked: by other pages of the browser, by hostile folders, by too much of everything."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.websockets import WebSocketDisconnect

from graphwright.application.schemas import write_schemas
from graphwright.kernel.errors import InvalidInput
from graphwright.modeler.errors import NameInvalid
from graphwright.modeler.events import Events, TooManyListeners
from graphwright.modeler.files import ModelFolder, check_name
from tests.modeler.served.conftest import Bench, Editor

READS = [
    "session",
    "model",
    "documents/app.yaml",
    "tries",
    "traces",
    "secrets",
    "events",
    "catalogue",
]


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
@pytest.mark.parametrize("path", READS)
def test_pages_of_other_sites_and_ports_get_no_answer_though_the_cookie_comes_along(
    editor: Editor, site: str, path: str
) -> None:
    """A page of the portal's origin is same-site: cookies are shared by all ports of localhost."""
    answer = editor.client.get(f"/api/{path}", headers={"sec-fetch-site": site})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrfRefused")
    if path != "events":
        for own in ("same-origin", "none"):
            answer = editor.client.get(f"/api/{path}", headers={"sec-fetch-site": own})
            assert answer.status_code == 200


def test_no_answer_may_be_read_or_framed_by_another_origin(editor: Editor) -> None:
    for path in (
        "/",
        "/flows/calendar",
        "/api/model",
        "/api/nothing",
        "/start?token=x",
        "/nothing.x",
    ):
        headers = editor.client.get(path, headers={"origin": "http://localhost:8080"}).headers
        assert not [name for name in headers if name.startswith("access-control-")]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    # 'self' names the port too: the portal is no ancestor of a preview.
    preview = editor.client.get("/preview/calendar").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in preview
    assert "8080" not in preview


def test_no_web_socket_is_answered(editor: Editor) -> None:
    for path in ("/", "/api/events", "/api/session"):
        with pytest.raises(WebSocketDisconnect), editor.client.websocket_connect(path):
            pass


def test_the_cookies_of_portal_and_modeler_have_names_of_their_own(bench: Bench) -> None:
    """Both are sent to both ports; neither server takes the other's for its own."""
    client = bench.open_client()
    path = bench.modeler.start_url().removeprefix("http://localhost:8090")
    cookie = client.get(path).headers["set-cookie"]
    assert cookie.startswith("graphwright-modeler_8090=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    "name",
    [
        "flows/calendar.yaml\n",
        "flows/../app.yaml",
        "../app.yaml",
        "/etc/passwd",
        "flows//x.yaml",
        "flows/x.yaml\0",
        "flows/X.yaml",
        "flows/ x.yaml",
        f"flows/{'x' * 61}.yaml",
        "flows\\x.yaml",
        "FLOWS/x.yaml",
        ".env",
        "flows/.x.yaml",
        "layout/x.yml",
    ],
)
def test_no_name_leads_elsewhere(editor: Editor, name: str) -> None:
    with pytest.raises(NameInvalid):
        check_name(name)
    body = {"name": name, "value": {"kind": "action"}}
    editor.send("POST", "/api/documents", body, 400)
    for path in ("/api/save", "/api/discard"):
        editor.send("POST", path, {"names": [name]}, 400)
    if name.endswith("\n"):
        return  # in an address the router leaves it out
    for method in ("GET", "PUT", "DELETE"):
        more = {"revision": "x", "text": "a: b"} if method == "PUT" else None
        editor.send(method, f"/api/documents/{quote(name, safe='')}", more, 400)


def test_links_in_a_folder_are_not_followed(
    make_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("title: planted-outside\n")
    bench = make_bench()
    editor = bench.open()
    (bench.root / "flows/linked.yaml").symlink_to(outside / "secret.yaml")
    (bench.root / "layout").mkdir(exist_ok=True)
    for path in (bench.root / "layout").iterdir():
        path.unlink()
    (bench.root / "layout").rmdir()
    (bench.root / "layout").symlink_to(outside, target_is_directory=True)
    bench.put("flows/seen.yaml", bench.disk("flows/calendar.yaml"))
    bench.sync()
    answer = editor.client.get("/api/model")
    assert "flows/seen.yaml" in answer.text, "the folder was read"
    assert "planted-outside" not in answer.text
    assert "linked" not in str(answer.json()["documents"])
    # Nothing is written or removed through them either.
    editor.send("POST", "/api/documents", {"name": "layout/new.yaml", "value": {"nodes": {}}})
    editor.send("POST", "/api/save", {"names": ["layout/new.yaml"]}, 400)
    with pytest.raises(NameInvalid):
        ModelFolder(bench.root).remove("layout/secret.yaml")
    assert [path.name for path in outside.iterdir()] == ["secret.yaml"]


def test_a_template_writes_through_no_link(
    make_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = make_bench(None)
    editor = bench.open()
    (bench.root / ".env").symlink_to(tmp_path / "elsewhere")
    editor.send("POST", "/api/template", {"template": "my-calendar"}, 204)
    assert (bench.root / ".gitignore").is_file()
    assert not (tmp_path / "elsewhere").exists()


def test_schemas_are_written_through_no_link(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "precious").write_text("kept")
    root = tmp_path / "app"
    (root / ".schema").mkdir(parents=True)
    (root / ".schema" / "flow.json").symlink_to(tmp_path / "precious")
    assert "flow.json" in write_schemas(root)
    assert (tmp_path / "precious").read_text() == "kept"
    shutil.rmtree(root / ".schema")
    (root / ".schema").symlink_to(tmp_path / "outside", target_is_directory=True)
    with pytest.raises(InvalidInput):
        write_schemas(root)
    assert list((tmp_path / "outside").iterdir()) == []


HOSTILE_YAML: dict[str, str] = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    ),
    "deep": "a: " + "[" * 20_000 + "]" * 20_000,
    "deep blocks": "".join(f"{' ' * n}a:\n" for n in range(1_500)),
    "tag": "a: !!python/object/apply:os.system ['true']",
    "nul": "a: 'x\0y'",
    "recursive": "a: &a [*a]",
    "long line": "a: " + "x" * 1_900_000,
    "many keys": "".join(f"k{n}: 1\n" for n in range(60_000)),
    "merge": "a: &a {x: 1}\nb: {<<: *a}",
    "number": "a: " + "9" * 5_000,
    "date": "a: 2026-99-99",
    "no mapping": "- a",
}


@pytest.mark.parametrize("name", HOSTILE_YAML)
def test_hostile_yaml_is_told_as_a_problem_and_stops_nothing(
    editor: Editor, bench: Bench, name: str
) -> None:
    before = editor.get("/api/documents/flows/mail.yaml")
    body = {"revision": before["revision"], "text": HOSTILE_YAML[name]}
    answer = editor.client.put(
        "/api/documents/flows/mail.yaml", json=body, headers={"x-csrf-token": editor.token}
    )
    assert answer.status_code in (200, 400, 413), answer.text[:300]
    model = editor.get("/api/model")
    if answer.status_code == 200:
        assert [p for p in model["problems"] if p["file"] == "flows/mail.yaml"]


HOSTILE_JSON = {
    "deep": '{"value": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "text": '"' + "x" * 1_000_000 + '"',
    "not finite": '{"value": [NaN, 1e999]}',
    "half": '{"value": [{"a": "\\ud800"}]}',
    "many": "[" + ",".join(['{"a": 1}'] * 100_000) + "]",
    "markup": '{"<script>": "</script><script>alert(1)</script>"}',
    "prototype": '{"__proto__": {"x": 1}, "constructor": {"prototype": 1}}',
}


@pytest.mark.parametrize("name", HOSTILE_JSON)
def test_hostile_documents_are_kept_or_refused(editor: Editor, name: str) -> None:
    body = {"title": "x", "text": HOSTILE_JSON[name]}
    headers = {"x-csrf-token": editor.token}
    answer = editor.client.post("/api/examples", json=body, headers=headers)
    assert answer.status_code in (200, 400, 413), answer.text[:300]
    if answer.status_code == 200:
        key = answer.json()["id"]
        tree = editor.client.get(f"/api/examples/{key}/tree")
        assert tree.status_code == 200
        assert tree.headers["content-type"] == "application/json"
        infer = editor.client.post(
            "/api/infer", json={"example": key, "name": "thing"}, headers=headers
        )
        assert infer.status_code in (200, 400, 422), infer.text[:300]


SLOW = [
    "$map([1..100000], function($x) { $map([1..100000], function($y) { $x * $y }) })",
    "($f := function($n) { $f($n + 1) }; $f(0))",
    "$pad('x', 2000000000)",
    "$match('" + "a" * 40 + "!', /(a+)+$/)",
    "[1..10000000]",
    "$eval('$eval(\"1\")')",
]


@pytest.mark.parametrize("source", SLOW)
def test_an_expression_that_would_never_end_is_ended(editor: Editor, source: str) -> None:
    began = time.monotonic()
    for kind, text in (("expression", source), ("template", f"{{{{ {source} }}}}")):
        answer = editor.send("POST", "/api/evaluate", {"source": text, "kind": kind})
        assert answer["error"] or len(str(answer["value"])) < 300_000
    assert time.monotonic() - began < 30


def test_an_expression_reads_no_settings_and_no_secrets(make_bench: Callable[..., Bench]) -> None:
    editor = make_bench(MY_DAY_CLIENT_SECRET="planted-value").open()
    for source in (
        "$",
        "$$",
        "$keys($$)",
        "$env",
        "settings",
        "$string($$)",
        "env.MY_DAY_CLIENT_SECRET",
    ):
        answer = editor.send("POST", "/api/evaluate", {"source": source, "kind": "expression"})
        assert "planted-value" not in str(answer)
        assert "MY_DAY" not in str(answer["value"])


def test_a_profile_shows_no_secret_that_it_reads_as_a_setting(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(
        MY_DAY_CLIENT_SECRET="planted-value", MY_DAY_TENANT="contoso.example", MY_DAY_CLIENT_ID="id"
    )
    editor = bench.open()
    text = bench.disk("profiles/graph-user.yaml")
    assert "contoso.example" in str(editor.get("/api/profiles/graph-user/guide"))
    for old in ("${MY_DAY_TENANT}", "${MY_DAY_CLIENT_ID}", "User.Read"):
        changed = text.replace(old, '"${MY_DAY_CLIENT_SECRET}"')
        assert changed != text
        editor.edit("profiles/graph-user.yaml", changed)
        answer = editor.client.get("/api/profiles/graph-user/guide")
        tested = editor.client.post(
            "/api/profiles/graph-user/test", json={}, headers={"x-csrf-token": editor.token}
        )
        problems = editor.get("/api/model")["problems"]
        assert "planted-value" not in answer.text + tested.text + str(problems)
        assert "secretRead" in [problem["code"] for problem in problems]


async def test_so_many_listen_and_no_more() -> None:
    events = Events()
    streams: list[Any] = []

    async def may_listen() -> bool:
        return True

    while len(streams) < 200:
        try:
            events.check_room()
        except TooManyListeners:
            break
        streams.append(events.listen(may_listen))
        await anext(streams[-1])
    assert len(streams) == 100
    await streams.pop().aclose()
    events.check_room()
    for stream in streams:
        await stream.aclose()
