"""A request held at a breakpoint, on a real server: others are served, and nothing is lost."""

import asyncio

import httpx2 as httpx
import uvicorn

from graphwright.kernel.settings import Settings
from graphwright.web.listening import listen
from tests.modeler.runs.bench import Bench, begin, open_page, submit


async def test_a_held_request_is_not_lost_when_its_browser_gives_up(bench: Bench) -> None:
    listener = listen("127.0.0.1", 0)
    base = f"http://localhost:{listener.getsockname()[1]}"
    bench.ground.settings = Settings.read(
        bench.saved,
        data=bench.draft.parent,
        base_url=base,
        environment={"GRAPHWRIGHT_KEY_FILE": str(bench.ground.settings.key_file)},
    )
    await bench.runner.start("hello", {})
    bench.runner.set_breakpoints({"hello": ["end"]})
    config = uvicorn.Config(
        bench.runner, log_config=None, lifespan="off", timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with httpx.AsyncClient(base_url=base, timeout=10) as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        leaving = asyncio.create_task(submit(client, headers, step))
        run = await bench.until("paused")
        # Somebody else is served meanwhile.
        async with httpx.AsyncClient(base_url=base, timeout=5) as other:
            told = await begin(other)
            assert (await open_page(other, told))["kind"] == "page"
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        bench.runner.traces.resume(run.id, "continue")
        await bench.until("done", run.id)
    # Ctrl-C: what is held ends at once, and so does the server.
    async with httpx.AsyncClient(base_url=base, timeout=10) as client:
        headers = await begin(client)
        step = await open_page(client, headers)
        leaving = asyncio.create_task(submit(client, headers, step))
        await bench.until("paused")
        server.should_exit = True
        bench.runner.interrupt()
        async with asyncio.timeout(3):
            assert (await leaving)["error"]["code"] == "runStopped"
    async with asyncio.timeout(3):
        await serving
