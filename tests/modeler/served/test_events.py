"""Events: everybody who listens is told, nobody is waited for, and no stream outlives its session."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from graphwright.modeler.events import Events
from graphwright.modeler.workspace import Workspace
from tests.modeler.served.conftest import Bench


async def always() -> bool:
    return True


async def never() -> bool:
    return False


def read(message: str) -> tuple[str, Any]:
    kind, data = message.strip().split("\n")
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


async def test_every_listener_is_told_what_happens_from_then_on() -> None:
    events = Events()
    events.publish("try", {"id": "before"})
    listeners = [events.listen(always) for _ in range(2)]
    for listener in listeners:
        assert (await anext(listener)).startswith(":")
    events.publish("try", {"id": "line\nbreak"})
    for listener in listeners:
        assert read(await anext(listener)) == ("try", {"id": "line\nbreak"})
    events.close()
    for listener in listeners:
        assert [message async for message in listener] == []


async def test_a_listener_that_does_not_read_is_dropped_and_others_are_not() -> None:
    events = Events()
    slow, quick = events.listen(always), events.listen(always)
    await anext(slow)
    await anext(quick)
    for number in range(500):
        events.publish("try", {"id": number})
        assert read(await anext(quick)) == ("try", {"id": number})
    assert [message async for message in slow] == []


async def test_a_stream_ends_with_its_session() -> None:
    events = Events(heartbeat=0.01)
    alive: AsyncIterator[str] = events.listen(always)
    ended = events.listen(never)
    await anext(ended)
    assert [message async for message in ended] == []
    await anext(alive)
    assert "still here" in await anext(alive)


def test_an_edit_and_a_change_on_disk_are_told_with_their_problems(bench: Bench) -> None:
    editor = bench.open()

    async def listen() -> list[tuple[str, Any]]:
        stream = bench.modeler.events.listen(always)
        await anext(stream)
        bench.put("pages/calendar.yaml", "type: nothing\n")
        bench.modeler.workspace.sync()
        async with asyncio.timeout(10):
            return [read(await anext(stream)) for _ in range(2)]

    (kind, told), (second, problems) = bench.loop.call(listen)
    assert kind == "documents"
    revision = editor.get("/api/documents/pages/calendar.yaml")["revision"]
    assert told == {
        "changed": [{"name": "pages/calendar.yaml", "revision": revision}],
        "removed": [],
        "by": "disk",
    }
    assert second == "problems"
    assert "pages/calendar.yaml" in {one["file"] for one in problems["problems"]}


def test_whoever_is_told_of_a_change_is_told_by_whom(bench: Bench) -> None:
    heard: list[tuple[list[str], list[str], str]] = []
    workspace = Workspace(bench.root, bench.root / ".graphwright" / "other")
    workspace.on_change(lambda *told: heard.append(told))
    state = workspace.read("app.yaml")
    workspace.write("app.yaml", state.revision, state.text + "# more\n", "me")
    workspace.write("app.yaml", workspace.read("app.yaml").revision, state.text + "# more\n", "me")
    assert heard == [(["app.yaml"], [], "me")]
