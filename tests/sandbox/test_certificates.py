"""The certificate authority: made once, trusted by real TLS, renewed in time, worth little."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509

from graphwright_sandbox.certificates import ensure_certificates
from graphwright_sandbox.server import Sandbox


def read_certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "state"
    files = ensure_certificates(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        public = path == files.ca_file
        assert stat.S_IMODE(path.stat().st_mode) == (0o644 if public else 0o600)
        assert (b"PRIVATE KEY" in path.read_bytes()) is not public


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    ensure_certificates(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ensure_certificates(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_server_certificate_is_renewed_and_the_authority_kept(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path)
    authority, server = files.ca_file.read_bytes(), files.server_file.read_bytes()
    ensure_certificates(tmp_path, datetime.now(UTC) + timedelta(days=340))
    assert files.ca_file.read_bytes() == authority
    assert files.server_file.read_bytes() != server


def test_an_old_authority_is_renewed_with_all_it_signed(tmp_path: Path) -> None:
    files = ensure_certificates(tmp_path)
    authority, server = files.ca_file.read_bytes(), files.server_file.read_bytes()
    ensure_certificates(tmp_path, datetime.now(UTC) + timedelta(days=3649))
    assert files.ca_file.read_bytes() != authority
    assert files.server_file.read_bytes() != server
    read_certificate(files.server_file).verify_directly_issued_by(read_certificate(files.ca_file))


@pytest.mark.parametrize("name", ["ca-key.pem", "server.pem", "ca.pem"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_broken_file_is_made_anew(tmp_path: Path, name: str, content: bytes) -> None:
    ensure_certificates(tmp_path)
    (tmp_path / name).write_bytes(content)
    files = ensure_certificates(tmp_path)
    read_certificate(files.server_file).verify_directly_issued_by(read_certificate(files.ca_file))


def test_a_certificate_of_another_authority_is_replaced(tmp_path: Path) -> None:
    other = ensure_certificates(tmp_path / "other")
    files = ensure_certificates(tmp_path / "own")
    files.server_file.write_bytes(other.server_file.read_bytes())
    ensure_certificates(tmp_path / "own")
    read_certificate(files.server_file).verify_directly_issued_by(read_certificate(files.ca_file))


def test_the_authority_may_vouch_for_this_machine_only(tmp_path: Path) -> None:
    authority = read_certificate(ensure_certificates(tmp_path).ca_file)
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees or []
    assert {str(one.value) for one in permitted} == {"localhost", "127.0.0.1/32", "::1/128"}


def test_tls_needs_the_sandboxs_authority(shared_sandbox: Sandbox, http: requests.Session) -> None:
    url = f"{shared_sandbox.login_url}/"
    assert http.get(url, verify=str(shared_sandbox.ca_file)).status_code == 200
    by_address = url.replace("localhost", "127.0.0.1")
    assert http.get(by_address, verify=str(shared_sandbox.ca_file)).status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        http.get(url)
