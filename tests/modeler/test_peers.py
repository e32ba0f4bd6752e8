"""Connections of other users of the machine: the table read, and real ones."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.modeler.peers import PeerCheck, read_users

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode\n"
ROW = "   0: {} {} {} 00000000:00000000 00:00000000 00000000  {}        0 265185 1 0 100 0 0 10 0\n"
CLIENT, SERVER = "0100007F:B239", "0100007F:1F9A"
GET = """
import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(sys.argv[1]).status)
except urllib.error.HTTPError as error:
    print(error.code, error.read().decode())
"""


def ask(tmp_path: Path, *rows: str, path: str = "/") -> int:
    """The status of a request over a connection that the table tells of."""
    table = tmp_path / "tcp"
    table.write_text(HEAD + "".join(rows))
    app = PeerCheck(PlainTextResponse("in"), table)

    async def connected(scope: Scope, receive: Receive, send: Send) -> None:
        scope["client"], scope["server"] = ("127.0.0.1", 0xB239), ("127.0.0.1", 0x1F9A)
        await app(scope, receive, send)

    return TestClient(connected).get(path).status_code


OURS = ROW.format(SERVER, CLIENT, "01", os.getuid())
CLOSING = ROW.format(SERVER, CLIENT, "08", os.getuid())


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([OURS, ROW.format(CLIENT, SERVER, "01", os.getuid())], 200),
        ([OURS, ROW.format(CLIENT, SERVER, "01", 0)], 200),
        ([OURS, ROW.format(CLIENT, SERVER, "01", os.getuid() + 12345)], 403),
        # Closed by whoever it was: the table says root of all of those.
        ([OURS, ROW.format(CLIENT, SERVER, "05", 0)], 403),
        ([CLOSING, ROW.format(CLIENT, SERVER, "05", 0)], 403),
        ([CLOSING], 403),
        ([OURS], 403),
        # No table that knows of us says nothing about others.
        ([], 200),
        (["   0: garbage\n"], 200),
    ],
)
def test_only_open_connections_of_the_same_user_are_let_in(
    tmp_path: Path, rows: list[str], status: int
) -> None:
    assert ask(tmp_path, *rows) == status


def test_the_table_is_read_as_the_kernel_writes_it() -> None:
    rows = "".join(
        [
            ROW.format(CLIENT, SERVER, "01", 1000),
            ROW.format(SERVER, CLIENT, "08", 1000),
            ROW.format(SERVER, "00000000:0000", "0A", 0),
        ]
    )
    assert dict(read_users(HEAD + rows, CLIENT)) == {
        (CLIENT, SERVER): 1000,
        (SERVER, CLIENT): None,
    }


def test_a_built_file_is_everybodys(tmp_path: Path) -> None:
    others = ROW.format(CLIENT, SERVER, "01", os.getuid() + 12345)
    assert ask(tmp_path, OURS, others, path="/assets/modeler.js") == 200
    assert ask(tmp_path, OURS, others, path="/assets") == 403


@pytest.fixture
def address() -> Iterator[str]:
    """A real server behind the check."""
    app: ASGIApp = PeerCheck(PlainTextResponse("in"))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


def test_ones_own_programs_are_let_in(address: str) -> None:
    command = [sys.executable, "-c", GET, address]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "200\n"


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.getuid() != 0, reason="needs another user"
)
def test_programs_of_another_user_are_not(address: str) -> None:
    found = subprocess.run(
        ["/usr/bin/python3", "-c", GET, address],
        capture_output=True, text=True, check=True, user=65534, cwd="/",
    )  # fmt: skip
    assert found.stdout.startswith("403")
    assert "peerRefused" in found.stdout
