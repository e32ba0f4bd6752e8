"""`graphwright sandbox` is the sandbox: its options, its exit code, and it ends when it is ended."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

COMMAND = [sys.executable, "-m", "graphwright", "sandbox"]
FREE_PORTS = ["--https-port", "0", "--http-port", "0", "--transfer-port", "0"]


def test_a_termination_signal_ends_the_server_and_not_only_the_command(tmp_path: Path) -> None:
    command = [*COMMAND, "--json", *FREE_PORTS, "--certificates", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = urlsplit(json.loads(process.stdout.readline())["browser_url"])
            place = ("127.0.0.1", address.port or 0)
            socket.create_connection(place, timeout=5).close()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(place, timeout=5)
        finally:
            process.kill()


def test_a_wrong_option_ends_with_the_code_of_the_sandbox() -> None:
    done = subprocess.run([*COMMAND, "--nonsense"], capture_output=True, text=True, check=False)
    assert (done.returncode, "No such option" in done.stderr) == (2, True)
