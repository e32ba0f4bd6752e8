"""`modeler` and `demo`: where they listen, what they start from, and what they leave alone."""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from graphwright.cli.commands.modeler import _welcome
from graphwright.cli.demo_copy import own_copy
from graphwright.web.listening import PortTaken, listening
from tests.cli.conftest import Run


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("option", ["--port", "--portal-port"])
def test_a_port_that_is_taken_is_told_with_its_option(
    run: Run, tmp_path: Path, option: str
) -> None:
    other = {"--port": "--portal-port", "--portal-port": "--port"}[option]
    with taken_port() as port:
        result = run("modeler", tmp_path / "app", option, port, other, 0, "--no-open")
    assert result.code == 1
    assert f"port {port}" in result.said
    assert f"another port with {option}." in result.said
    assert not (tmp_path / "app").exists()


def test_the_demo_takes_other_ports() -> None:
    with taken_port() as port:
        with pytest.raises(PortTaken), listening(port, 0):
            pass
        with listening(port, port, or_others=True) as origins:
            assert str(port) not in origins.modeler_url + origins.portal_url
            assert origins.modeler.getsockname()[0] == "127.0.0.1"
            assert origins.portal.getsockname()[0] == "127.0.0.1"


def test_a_folder_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("modeler", tmp_path / "file", "--port", 0, "--portal-port", 0, "--no-open")
    assert result.code == 2
    assert "cannot be used" in result.said


def test_the_printed_link_opens_the_modeler_on_this_machine_only(
    my_day: Path, tmp_path: Path
) -> None:
    (my_day / ".env").write_text("GRAPHWRIGHT_BASE_URL=https://apps.example.com\n")
    command = [sys.executable, "-m", "graphwright", "modeler", str(my_day)]
    command += ["--port", "0", "--portal-port", "0", "--no-open"]
    environment = {**os.environ, "GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], 60)[0]
            process.stdout.readline()
            link = process.stdout.readline().strip()
            told = process.stdout.readline()
            assert link.startswith("http://localhost:")
            assert "http://localhost:" in told
            with requests.Session() as browser:
                browser.trust_env = False
                browser.get(link, timeout=20).raise_for_status()
                address = link.partition("/start")[0]
                session = browser.get(f"{address}/api/session", timeout=20).json()
                assert session["portal_url"] in told
                events = browser.get(f"{address}/api/events", stream=True, timeout=20)
                assert next(events.iter_lines()) == b": connected"
                process.send_signal(signal.SIGTERM)
                # A stream that is open holds nobody up.
                process.wait(10)
        finally:
            process.kill()


def test_the_copy_of_the_demo_follows_the_package_until_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, my_day: Path
) -> None:
    monkeypatch.setattr("graphwright.cli.demo_copy.template_folder", lambda name: my_day)
    folder = tmp_path / "demo"
    page = own_copy(folder, "my-day") / "pages" / "calendar.yaml"
    first = page.read_text()
    (my_day / "pages" / "calendar.yaml").write_text(first + "# newer\n")
    (my_day / "pages" / "more.yaml").write_text("type: table\n")
    (my_day / "layout" / "calendar.yaml").unlink()
    own_copy(folder, "my-day")
    assert page.read_text() == first + "# newer\n"
    assert (folder / "my-day" / "pages" / "more.yaml").is_file()
    assert not (folder / "my-day" / "layout" / "calendar.yaml").exists()
    page.write_text(first + "# mine\n")
    own_copy(folder, "my-day")
    own_copy(folder, "my-day")
    assert page.read_text() == first + "# mine\n"


def test_the_demo_imports_what_takes_long_only_after_the_sandbox_was_started() -> None:
    code = "import sys, graphwright.cli.demo_run; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    names = loaded.stdout.split()
    assert "graphwright.cli.sandbox_run" in names
    assert {"fastapi", "sqlalchemy", "ruamel", "aiohttp", "jlens"} & set(names) == set()


def test_the_modeler_names_the_pages_of_its_sandbox_where_one_runs() -> None:
    ready = {"browser_url": "http://localhost:8481"}
    told = "The local Microsoft 365: http://localhost:8481"
    assert told in list(_welcome("app", "http://a", "http://b", ready))
    assert len(list(_welcome("app", "http://a", "http://b", None))) == 3
