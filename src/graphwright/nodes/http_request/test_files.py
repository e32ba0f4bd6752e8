"""Files in flows: a response that is kept, a file that is sent; the whole way against a sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from graphwright.flows.context import Exit
from graphwright.http.client import HttpClient
from graphwright.http.errors import FileTooLarge, HttpError
from graphwright.kernel.errors import FileGone, InvalidInput
from graphwright.lists.files import Files
from graphwright.nodes.http_request.files import counted
from graphwright.profiles.service import Profiles
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tests.flows.conftest import ADA, NodeRunner
from tests.http.conftest import FakeProfiles, FakeSettings, HeldClock
from tests.http.helpers import profile_of
from tests.sandbox.open_graph import create_open_graph

LOAD = """
    type: http_request
    url: /me/drive/root:/Documents/Notes.txt:/content
    authentication: {type: oauth2, profile: mine}
    response: got
    save: {%s}
"""
GET = "{type: http_request, url: /me, authentication: {type: oauth2, profile: mine}}"
SEND = """
    type: http_request
    method: PUT
    url: /me/drive/root:/Documents/{{ name }}:/content
    authentication: {type: oauth2, profile: mine}
    body: {file: "{{ got.body }}"}
    response: sent
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox.start(create_tenant(), folder, create_graph=create_open_graph) as running:
        yield running


@pytest.fixture
async def run(sandbox: Sandbox, run_node: NodeRunner) -> AsyncIterator[NodeRunner]:
    """Runs nodes whose requests go to the sandbox."""
    profiles = FakeProfiles({"mine": profile_of(sandbox)})
    client = HttpClient(profiles, HeldClock(), FakeSettings())
    place = run_node.place
    place.services = replace(place.services, http=client, profiles=cast(Profiles, profiles))
    yield run_node
    await client.close()


async def test_what_was_kept_is_sent_on_as_it_is(run: NodeRunner) -> None:
    outcome, context = await run(LOAD % "", person=ADA, name="Copy of notes.txt")
    assert outcome == Exit("default")
    got = context.frame.variables["got"]
    assert got["status"] == 200
    file = got["body"]
    assert (file["name"], file["type"]) == ("Notes.txt", "text/plain")
    path = run.place.services.files.find(file["file"])
    assert path.read_bytes().startswith(b"Notes")
    assert file["size"] == path.stat().st_size == context.counts["bytes"]
    wrote = context.wrote
    await run(SEND, context=context)
    sent = context.frame.variables["sent"]
    assert (sent["status"], sent["body"]["name"]) == (201, "Copy of notes.txt")
    assert sent["body"]["size"] == file["size"]
    assert (wrote, context.wrote) == (False, True)
    assert context.counts["bytes"] == 2 * file["size"]


async def test_only_what_comes_over_now_is_counted(run: NodeRunner) -> None:
    _, context = await run(GET, person=ADA)
    tell = counted(context)
    # An earlier run left five; behind the eighth it begins anew.
    for done in (5, 8, 0, 3, 9):
        tell(done, 9)
    assert context.counts["bytes"] == 3 + 9


async def test_a_row_holds_a_file_and_gives_it_back(run: NodeRunner) -> None:
    _, context = await run(LOAD % "", person=ADA)
    file = context.frame.variables["got"]["body"]
    keep = '{type: import_data, import: paper, from: \'[{"id": "1", "scan": got.body}]\'}'
    await run(keep, context=context)
    lists = run.place.services.lists
    row = await lists.row("paper", ADA.id, "1")
    assert row["scan"] == file
    assert await lists.files_in_use() == {file["file"]}
    _, later = await run(SEND.replace("got.body", "row.scan"), person=ADA, name="b.txt", row=row)
    assert later.frame.variables["sent"]["body"]["size"] == file["size"]


async def test_the_model_names_the_file_and_no_name_leads_out_of_a_folder(run: NodeRunner) -> None:
    for given, name in (("a\r\n/../..\\b c.txt", "b c.txt"), ("..", "file"), ("", "Notes.txt")):
        _, context = await run(LOAD % 'name: "{{ x }}"', person=ADA, x=given)
        assert context.frame.variables["got"]["body"]["name"] == name


async def test_a_file_over_the_limit_is_not_kept(run: NodeRunner) -> None:
    place = run.place
    folder = place.runtime.settings.data / "files"
    place.services = replace(place.services, files=Files(folder, 10))
    with pytest.raises(FileTooLarge):
        await run(LOAD % "", person=ADA)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


async def test_a_file_that_is_not_there_is_the_servers_error(run: NodeRunner) -> None:
    with pytest.raises(HttpError) as caught:
        await run((LOAD % "").replace("Notes.txt", "none.txt"), person=ADA)
    assert caught.value.facts["status"] == 404


FILE = {"file": "A" * 22, "name": "a.txt", "size": 3, "type": "text/plain"}


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (FILE, FileGone),
        (None, InvalidInput),
        ("A" * 22, InvalidInput),
        ({**FILE, "file": "../../system.sqlite"}, InvalidInput),
        ({**FILE, "file": "../system.sqlite#####x"}, InvalidInput),
        ({**FILE, "name": 7}, InvalidInput),
        ({**FILE, "size": True}, InvalidInput),
        ({"file": "A" * 22}, InvalidInput),
    ],
)
async def test_what_is_no_file_is_not_sent(run: NodeRunner, value: Any, error: type) -> None:
    _, context = await run(GET, person=ADA, name="x.txt", got={"body": value})
    with pytest.raises(error):
        await run(SEND, context=context)
    assert not context.wrote


@pytest.mark.parametrize(
    "node",
    [
        LOAD % "" + "    method: POST\n",
        LOAD % 'name: "{{ ("',
        SEND.replace("{file:", "{text: x, file:"),
        SEND.replace("{{ got.body }}", "{{ ("),
    ],
)
async def test_a_model_that_cannot_be_meant_is_refused(run_node: NodeRunner, node: str) -> None:
    with pytest.raises(ValueError, match=r"GET|exactly one|not closed"):
        await run_node(node)
