"""The command: one line of JSON, clear refusals, and an end that leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msal
import pytest
import requests

from graphwright_sandbox.cli import main
from graphwright_sandbox.listening import PortTaken, bind_all
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.server import Sandbox
from tools.tracked import ROOT

Start = Callable[..., "subprocess.Popen[str]"]
Refuse = Callable[..., tuple[object, str]]


@pytest.fixture
def start(state: Path) -> Iterator[Start]:
    processes: list[subprocess.Popen[str]] = []

    def run(*arguments: str, columns: str = "200") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "graphwright_sandbox", "--certificates", str(state)]
        process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"COLUMNS": columns, "NO_COLOR": "1"},
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def refuse(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refuse:
    """What a command that does not start ends with and says; in this process, which is quicker."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str) -> tuple[object, str]:
        command = ["graphwright-sandbox", "--certificates", str(state), *arguments]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().err

    return run


FREE_PORTS = ("--https-port", "0", "--http-port", "0", "--transfer-port", "0")


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 60)
    line = process.stdout.readline() if ready else ""
    if not line:
        process.kill()
        pytest.fail(f"no line: {process.communicate()[1]}")
    return line


def test_one_line_of_json_says_all_a_program_needs_and_options_reach_it(
    start: Start, http: requests.Session, tmp_path: Path
) -> None:
    file, uri = tmp_path / "apps.toml", "http://localhost:8123/cb"
    file.write_text(
        '[[app_registrations]]\nclient_id = "99999999-0000-4000-8000-000000000001"\n'
        'display_name = "Own"\nsecrets = ["own"]\napplication_permissions = ["User.Read.All"]\n'
        "admin_consented = true\n",
        "utf-8",
    )
    options = ("--app-registrations", str(file), "--opaque-access-tokens", "--people", "5000")
    process = start("--json", *FREE_PORTS, *options, "--redirect-uri", uri, "--until-stdin-closes")
    facts = json.loads(read_line(process))
    assert facts.keys() >= {
        *("login_url", "browser_url", "graph_url", "transfer_url", "ca_file", "tenant_id"),
        *("domain", "app_registrations", "people"),
    }
    assert len(facts["people"]) == 100  # as many are named; all can sign in
    assert {"id", "name", "user_principal_name", "job_title", "time_zone"} == set(
        facts["people"][0]
    )
    assert any(uri in app["redirect_uris"] for app in facts["app_registrations"])
    http.verify = facts["ca_file"]
    own = facts["app_registrations"][0]
    authority = f"{facts['login_url']}/{facts['tenant_id']}"
    pem = Path(facts["client_credentials_file"]).read_text("ascii")
    certificate = next(
        app for app in facts["app_registrations"] if app["display_name"].endswith("(certificate)")
    )
    proof = {"private_key": pem, "public_certificate": pem}
    for client_id, credential in (
        (own["client_id"], own["client_secret"]),
        (certificate["client_id"], proof),
    ):
        client = msal.ConfidentialClientApplication(
            client_id,
            client_credential=credential,
            authority=authority,
            instance_discovery=False,
            http_client=http,
        )
        token = client.acquire_token_for_client(["https://graph.microsoft.com/.default"])
        assert "." not in token["access_token"]
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        users = http.get(f"{facts['graph_url']}/v1.0/users", headers=headers)
        assert users.status_code == 200, users.text
    rest, errors = process.communicate(timeout=30)  # closes standard input
    assert (process.returncode, rest, errors) == (0, "", "")


def test_registrations_that_cannot_be_read_end_with_2(refuse: Refuse, tmp_path: Path) -> None:
    file = tmp_path / "apps.toml"
    file.write_text("[[app_registrations]]\nfish = 1\n", "utf-8")
    code, errors = refuse("--app-registrations", str(file))
    assert code == 2
    assert f"{file}:2: app_registrations.fish: Extra inputs are not permitted" in errors


def test_a_person_reads_a_summary_in_a_narrow_terminal_and_ends_it_by_ctrl_c(
    start: Start,
) -> None:
    process = start(*FREE_PORTS, columns="40")
    lines = [read_line(process)]
    assert process.stdout is not None
    # Several lines may have come at once: they are in the reader's buffer, where `select` sees none.
    while "Ctrl-C stops" not in lines[-1] and lines[-1]:
        lines.append(process.stdout.readline())
    text = "".join(lines)
    flowing = " ".join(text.split())
    assert "not Microsoft" in flowing
    assert "http://localhost:" in flowing
    assert "40 people" in flowing
    # What is copied is not broken over lines.
    with_secrets = [one for one in create_tenant().app_registrations if one.secrets]
    assert with_secrets
    for app in with_secrets:
        assert f"    {app.app_id}  {app.secrets[0]}\n" in text
    assert re.search(r"  Authority +https://localhost:\d+/[0-9a-f-]{36}\n", text)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--faults", "The faults cannot be read.\n{}: No such file or directory\n"),
        (
            "--app-registrations",
            "The app registrations cannot be read.\n{}: No such file or directory\n",
        ),
    ],
)
def test_a_missing_file_is_named(refuse: Refuse, tmp_path: Path, option: str, told: str) -> None:
    file = tmp_path / "missing.toml"
    assert refuse(option, str(file)) == (2, told.format(file))


def test_the_script_of_the_guide_runs_as_it_stands_and_a_termination_signal_ends_it_in_order(
    start: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    process = start("--json", *FREE_PORTS)
    (tmp_path / "sandbox.json").write_text(read_line(process), "utf-8")
    guide = (ROOT / "docs" / "sandbox.md").read_text("utf-8")
    (script,) = re.findall(r"(?ms)^```python\n(import json, msal.*?)^```", guide)
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "guide", "exec"), {})  # noqa: S102
    assert "Greta Lindqvist" in capsys.readouterr().out
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_a_state_that_cannot_be_written_is_told_at_the_start(
    refuse: Refuse, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    file = tmp_path / "file" / "state.json"
    code, errors = refuse(*FREE_PORTS, "--state", str(file), "--until-stdin-closes")
    assert code == 1
    assert errors.startswith(f"{file} cannot be ")


def test_an_address_that_is_no_redirect_uri_is_refused(refuse: Refuse) -> None:
    code, errors = refuse(*FREE_PORTS, "--redirect-uri", "not a url")
    assert code == 2
    assert "'not a url' is no http or https URL" in errors


def test_a_port_for_administrators_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(PortTaken, match=r"Port 443 on 127.0.0.1 is only for administrators"):
        bind_all(443)


def test_a_port_named_twice_is_not_called_taken() -> None:
    with pytest.raises(PortTaken, match=r"Port 8450 on 127.0.0.1 was named twice"):
        bind_all(8450, 8450)


def test_a_taken_port_is_one_clear_line(refuse: Refuse) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        code, errors = refuse(*FREE_PORTS, "--http-port", str(port))
    assert code == 1
    assert errors == (
        f"Port {port} on 127.0.0.1 is taken by another program. "
        "Choose another with --https-port, --http-port or --transfer-port.\n"
    )


def test_a_folder_of_certificates_that_is_a_file_is_refused(refuse: Refuse, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, errors = refuse(*FREE_PORTS, "--certificates", str(tmp_path / "file" / "below"))
    assert code == 1
    assert errors.startswith("The sandbox cannot use its folder of certificates")


@pytest.mark.parametrize(
    "arguments", [("--http-port", "70000"), ("--people", "100001"), ("--nonsense",)]
)
def test_a_wrong_option_ends_with_2(refuse: Refuse, arguments: tuple[str, ...]) -> None:
    code, errors = refuse(*arguments)
    assert code == 2
    assert arguments[0] in errors


def test_a_failed_start_frees_its_ports(start_sandbox: Callable[..., Sandbox]) -> None:
    with start_sandbox() as running:
        taken = int(running.browser_url.rpartition(":")[2])
        with pytest.raises(PortTaken):
            start_sandbox(http_port=taken)
    with start_sandbox(http_port=taken) as again:
        assert again.browser_url.endswith(str(taken))
