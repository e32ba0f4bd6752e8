"""Requests as code: what a shell and Python make of it is what was asked, whatever the values."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from graphwright.kernel.errors import InvalidInput
from graphwright.modeler.code import write_code
from graphwright.modeler.requests import Sender, build_request, read_request
from graphwright.modeler.wire.tries import CodeAnswer
from tests.http.conftest import NOW, FakeProfile, FakeProfiles

GRAPH = "https://graph.microsoft.com"
PROFILES = FakeProfiles({"mine": FakeProfile(GRAPH, "user", frozenset({"graph.microsoft.com"}))})
MINE = {"type": "oauth2", "profile": "mine"}
HOSTILE = [
    "it's",
    '"double"',
    "$HOME ${HOME} $(touch owned) `touch owned`",
    "line\nbreak\r\n",
    "{{ user.email }}",
    "back\\slash \\",
    "-dash",
    "@file",
    "!! ; & | > < * ? ~ #",
    "é 👋 \u2028 \x7f",
    "",
]


def code(
    values: Mapping[str, Any] | None = None, folder: str = "/a b", **request: Any
) -> CodeAnswer:
    definition = read_request({"authentication": MINE, **request})
    call = build_request(definition, values or {}, profiles=PROFILES, sender=Sender(), now=NOW)
    return write_code(call, definition, PROFILES, Path(folder))


def run_in_shell(text: str, folder: Path) -> list[str]:
    """The arguments that a POSIX shell gives to `curl` or `graphwright`."""
    for name in ("curl", "graphwright"):
        script = folder / name
        script.write_text(
            f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n"
        )
        script.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{folder}:/usr/bin:/bin",
        "ACCESS_TOKEN": "t",
        "PASSWORD": "p",
        "CERTIFICATE": "a certificate.pem",
        "PASSPHRASE": "pass phrase",
    }
    done = subprocess.run(
        ["/bin/sh", "-c", text], cwd=folder, env=environment, capture_output=True, check=True
    )
    assert not (folder / "owned").exists()
    found: list[str] = json.loads(done.stdout)
    return found


def options(arguments: list[str], name: str) -> list[str]:
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return [
        value if here == f"--{name}" else here.partition("=")[2]
        for here, value in pairs
        if here == f"--{name}" or here.startswith(f"--{name}=")
    ]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_shell_hands_on_exactly_what_was_meant(value: str, tmp_path: Path) -> None:
    answer = code(
        {"x": value, "id": value or "id"},
        method="POST",
        url="/users/{{ id }}/events",
        query={"plain": "{{ x }}", "$top": 5},
        body={"json": {"subject": "{{ x }}"}},
    )
    arguments = run_in_shell(answer.curl, tmp_path)
    (url,) = options(arguments, "url")
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) == {
        "plain": value,
        "$top": "5",
    }
    assert json.loads(options(arguments, "data-raw")[0]) == {"subject": value}
    assert "Authorization: Bearer t" in options(arguments, "header")

    arguments = run_in_shell(answer.command, tmp_path)
    assert arguments[:3] == ["request", "/a b", "POST"]
    assert options(arguments, "query") == [f"plain={value}", "$top=5"]
    assert json.loads(options(arguments, "body")[0]) == {"subject": value}
    assert options(arguments, "profile") == ["mine"]
    assert "Authorization" not in answer.command


@pytest.mark.parametrize("value", HOSTILE)
def test_python_sends_exactly_what_was_meant(value: str, tmp_path: Path) -> None:
    answer = code(
        {"x": value},
        method="PUT",
        url="/me/drive/root:/a.txt:/content",
        query={"plain": "{{ x }}"},
        headers={"X-Own": 'it\'s "x" {y}'},
        body={"text": "{{ x }}", "content_type": "text/plain"},
    )
    (tmp_path / "requests.py").write_text(
        "import json\n"
        "class _Answer:\n"
        "    headers = {}\n"
        "    text = 'text'\n"
        "    def raise_for_status(self): pass\n"
        "def request(method, url, headers, data, timeout):\n"
        "    print(json.dumps([method, url, headers, data.decode()]))\n"
        "    return _Answer()\n"
    )
    script = tmp_path / "script.py"
    script.write_text(answer.python, "utf-8", newline="")
    environment = {**os.environ, "ACCESS_TOKEN": "t"}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, check=True
    )
    method, url, headers, data = json.loads(done.stdout.splitlines()[0])
    assert (method, data) == ("PUT", value)
    assert dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) == {"plain": value}
    assert headers == {
        "Authorization": "Bearer t",
        "X-Own": 'it\'s "x" {y}',
        "Content-Type": "text/plain; charset=utf-8",
    }


@pytest.mark.parametrize("value", HOSTILE)
def test_a_text_body_survives_the_command_line(value: str, tmp_path: Path) -> None:
    answer = code(
        {"x": value}, method="PUT", url="/x", body={"text": "{{ x }}", "content_type": "text/plain"}
    )
    arguments = run_in_shell(answer.command, tmp_path)
    (body,) = options(arguments, "body")
    assert body == (f"@{value}" if value.startswith("@") else value)
    assert options(arguments, "content-type") == ["text/plain;charset=utf-8"]
    assert options(run_in_shell(answer.curl, tmp_path), "data-raw") == [value]


def test_beta_head_empty_headers_and_other_hosts_paths() -> None:
    beta = code(method="HEAD", url="/me", api="beta", headers={"X-Empty": ""})
    assert beta.curl.startswith("curl --head ")
    assert "'X-Empty;'" in beta.curl
    assert "--api beta" in beta.command
    assert " HEAD /me " in beta.command
    absolute = code(url=f"{GRAPH}/beta/me")
    assert f"GET {GRAPH}/beta/me " in absolute.command


def test_a_request_without_a_profile_has_no_command() -> None:
    open_data = code(url="https://api.example/x", authentication={"type": "none"})
    assert open_data.command.startswith("#")
    assert "Authorization" not in open_data.curl + open_data.python
    basic = {"type": "basic", "username": "it's me", "password": {"secret": "API"}}
    answer = code(url="https://api.example/x", authentication=basic)
    assert "$PASSWORD" in answer.curl
    assert "os.environ['PASSWORD']" in answer.python


def test_a_client_certificate_is_the_name_of_a_file(tmp_path: Path) -> None:
    shown = {"type": "client_certificate", "certificate": {"secret": "MINE"}}
    answer = code(url="https://api.example/x", authentication=shown)
    assert options(run_in_shell(answer.curl, tmp_path), "cert") == ["a certificate.pem"]
    assert "--pass" not in answer.curl
    assert "cert=os.environ['CERTIFICATE']," in answer.python
    assert answer.python.startswith("import os\n")
    compile(answer.python, "request.py", "exec")
    sealed = code(
        url="https://api.example/x", authentication={**shown, "passphrase": {"secret": "MY_PASS"}}
    )
    assert options(run_in_shell(sealed.curl, tmp_path), "pass") == ["pass phrase"]
    assert "decrypt it" in sealed.python
    assert "MINE" not in str(answer) + str(sealed)
    assert answer.command.startswith("#")


def test_a_null_character_is_refused() -> None:
    with pytest.raises(InvalidInput, match="null character"):
        code({"x": "a\0b"}, method="PUT", url="/x",
             body={"text": "{{ x }}", "content_type": "text/plain"})  # fmt: skip
