"""One unmodified client against a sandbox that answers under Microsoft's host names.

`python -m tests.verify.clients.world COMMAND…` runs inside a network namespace of its own (see
`namespace.py`): the names lead to the sandbox on port 443, nothing else can be reached. It signs a
person in where the client asks for it: a line `SIGN-IN url` is answered with the address that the
browser came to, `DEVICE url code` with an approval; a device code told as Microsoft tells it is
approved, and a browser that the client opens (`BROWSER`) comes to where the sign-in leads. It must
not know what a client does.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import requests

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import (
    CERTIFICATE_APP_ID,
    FEDERATED_APP_ID,
    FEDERATED_ISSUER,
    FEDERATED_SUBJECT,
)
from graphwright_sandbox.seed.client_credentials import (
    FILE_NAME,
    KEY_ID,
    ensure_client_credentials,
)
from graphwright_sandbox.seed.registrations_file import read_registrations
from graphwright_sandbox.server import HTTPS, REAL_HOST_NAMES, Sandbox
from tests.sandbox.entra.browser import Browser, Page

HERE = Path(__file__).parent
PERSON = "Noah Kim"
_DEVICE_CODE = re.compile(r"open the page (\S+) and enter the code (\S+) to authenticate")
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def raise_loopback() -> None:
    """A new network namespace has a loopback device that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


def name_hosts(folder: Path) -> None:
    """The real names lead to this machine, in this mount namespace alone."""
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {' '.join(REAL_HOST_NAMES)}\n", encoding="ascii")
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def start_sandbox(folder: Path) -> Sandbox:
    credentials = ensure_client_credentials(folder)
    tenant = create_tenant(credentials=credentials)
    registrations = read_registrations(HERE / "registrations.toml", tenant)
    tenant = replace(tenant, app_registrations=registrations)
    return Sandbox.start(tenant, folder, https_port=HTTPS, real_host_names=True)


def environment_of(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """What a client is told: where to find its certificate authority, and who it is."""
    ca_file = str(sandbox.ca_file)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "BROWSER": str(folder / "browser"),
        "SSL_CERT_FILE": ca_file,
        "REQUESTS_CA_BUNDLE": ca_file,
        "NODE_EXTRA_CA_CERTS": ca_file,
        "TENANT_ID": sandbox.tenant.id,
        "DOMAIN": sandbox.tenant.domain,
        "CLIENT_ID": "99999999-0000-4000-8000-0000000000c1",
        "CLIENT_SECRET": "SBX8Q~sandbox-only-not-a-secret-clients.9",
        "PUBLIC_CLIENT_ID": "99999999-0000-4000-8000-0000000000c2",
        "CERTIFICATE_CLIENT_ID": CERTIFICATE_APP_ID,
        "CERTIFICATE_FILE": str(folder / FILE_NAME),
        "FEDERATED_CLIENT_ID": FEDERATED_APP_ID,
        "FEDERATED_ISSUER": FEDERATED_ISSUER,
        "FEDERATED_SUBJECT": FEDERATED_SUBJECT,
        "KEY_ID": KEY_ID,
        "PERSON": f"noah.kim@{sandbox.tenant.domain}",
    }


@contextlib.contextmanager
def run(
    command: list[str], environment: dict[str, str], folder: Path
) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """The client and what it says: itself, and through the browser that it opens."""
    said = folder / "said"
    os.mkfifo(said)
    browser = folder / "browser"
    browser.write_text(f"#!/bin/sh\necho BROWSE \"$1\" > '{said}'\n", "utf-8")
    browser.chmod(0o700)
    # Read and write: opening a pipe for one of both waits for the other end.
    with said.open("r+b", buffering=0) as ends:
        client = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=ends, text=True
        )
        lines = said.open(encoding="utf-8")
    with client, lines:
        yield client, lines


def attend(client: subprocess.Popen[str], lines: IO[str], sandbox: Sandbox) -> int:
    """Passes on what the client says, and signs the person in where it asks."""
    assert client.stdin is not None
    with Browser(sandbox) as browser:
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            if word == "SIGN-IN":
                print(browser.sign_in(rest, PERSON).url, file=client.stdin, flush=True)
            elif word == "DEVICE":
                approve(browser, *rest.split(" "))
                print("approved", file=client.stdin, flush=True)
            elif word == "BROWSE":
                arrive(browser.sign_in(rest, PERSON))
            elif told := _DEVICE_CODE.search(line):
                approve(browser, *told.groups())
            else:
                print(line, end="", flush=True)
    return client.wait()


def arrive(page: Page) -> None:
    """Brings the answer to where the client listens for it: as a form, or in the address."""
    if page.forms:
        requests.post(page.forms[0].action, page.forms[0].fields, timeout=30)
    else:
        requests.get(page.url, timeout=30)


def approve(browser: Browser, url: str, code: str) -> None:
    """Types a device code and agrees to what is asked."""
    page = browser.open(url, {"user_code": code})
    if PERSON in page.buttons:
        page = browser.press(page, PERSON)
    for agreed in ("Continue", "Accept"):
        if agreed in page.buttons:
            page = browser.press(page, agreed)


def explain(sandbox: Sandbox) -> None:
    """What the sandbox refused lately; the inspector keeps no token."""
    refused = [one for one in sandbox.inspector if (one.status or 0) >= 400]
    for one in refused[-5:]:
        print("REFUSED", one.method, one.path, one.query, one.status, one.code, one.reason)
        print("        ", bytes(one.request_body.kept)[:1000])


def main(command: list[str]) -> int:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clients-")))
        raise_loopback()
        name_hosts(folder)
        sandbox = stack.enter_context(start_sandbox(folder))
        environment = environment_of(sandbox, folder)
        client, lines = stack.enter_context(run(command, environment, folder))
        code = attend(client, lines, sandbox)
        if code:
            explain(sandbox)
        return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
