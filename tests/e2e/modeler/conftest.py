"""One modeler for all tests that change nothing, more for those that do; browsers that are in one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState

from graphwright_sandbox.server import Sandbox
from tests.e2e.modeler.modeller import Modeller
from tests.e2e.modeler.process import ModelerProcess
from tests.e2e.portal import MY_DAY, settings_for

_TIMEOUT = 20_000

StartModeler = Callable[..., ModelerProcess]
OpenModeller = Callable[..., Modeller]


def copy_my_day(folder: Path) -> Path:
    """The example for a test to change."""
    ignore = shutil.ignore_patterns(".graphwright", ".env", "data")
    return shutil.copytree(MY_DAY, folder / "my-day", ignore=ignore)


@pytest.fixture(scope="package")
def modeler(
    sandbox: Sandbox, modeler_ports: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ModelerProcess]:
    """A modeler of the example; a test that changes a document starts one of its own."""
    folder = tmp_path_factory.mktemp("modeler")
    root = copy_my_day(folder)
    with ModelerProcess(root, folder, modeler_ports[0], settings_for(sandbox)) as running:
        yield running
        print(running.log)  # noqa: T201 - pytest shows it where a test failed


@pytest.fixture(scope="module")
def own_modeler(
    sandbox: Sandbox, modeler_ports: list[int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ModelerProcess]:
    """A modeler of a copy of the example that the tests of one file share and change."""
    folder = tmp_path_factory.mktemp("own")
    root = copy_my_day(folder)
    with ModelerProcess(root, folder, modeler_ports[-1], settings_for(sandbox)) as running:
        yield running
        print(running.log)  # noqa: T201 - pytest shows it where a test failed


@pytest.fixture
def start_modeler(
    sandbox: Sandbox, modeler_ports: list[int], tmp_path: Path
) -> Iterator[StartModeler]:
    """Starts a modeler of a test's own: of a copy of the example, or of the folder it names."""
    with ExitStack() as stack:
        ports = iter(modeler_ports[1:-1])

        def start_modeler(root: Path | None = None, *options: str) -> ModelerProcess:
            settings = settings_for(sandbox)
            root = root or copy_my_day(tmp_path)
            process = ModelerProcess(root, tmp_path, next(ports), settings, *options)
            stack.callback(lambda: print(process.log))  # noqa: T201 - pytest shows it
            return stack.enter_context(process)

        yield start_modeler


@pytest.fixture(scope="package")
def keys_of() -> dict[str, StorageState]:
    """By a modeler's address what a browser holds that followed its link; a link works once."""
    return {}


@pytest.fixture
def open_modeller(
    browser: Browser, request: pytest.FixtureRequest, keys_of: dict[str, StorageState]
) -> Iterator[OpenModeller]:
    """Opens a browser in a modeler, else in the one that is shared; at the end nothing went wrong."""
    opened: list[Modeller] = []

    def open_modeller(process: ModelerProcess | None = None, **options: object) -> Modeller:
        if process is None:
            process = request.getfixturevalue("modeler")
        settings = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **options}
        key = keys_of.get(process.url)
        context = browser.new_context(storage_state=key, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(_TIMEOUT)
        modeller = Modeller(context, process.url)
        opened.append(modeller)
        if key is None:
            modeller.page.goto(process.start_url)
            keys_of[process.url] = context.storage_state()
        return modeller

    yield open_modeller
    for modeller in opened:
        modeller.context.close()
    for modeller in opened:
        modeller.watch.check()
