"""The text of a client certificate: read from a secret, and what is said of a bad one."""

import base64
import datetime as dt
import json
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat
from pydantic import ValidationError

from graphwright.http.certificates import CertificateInvalid, ClientCertificates
from graphwright.http.transport import trust
from tests.http.conftest import NOW
from tests.http.helpers import define
from tests.http.identities import ANNA, AUTHORITY, BEN, FAR, LONG_AGO, PASSPHRASE, SEALED


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_the_file_of_a_key_is_the_users_own_and_gone_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []

    def load(context: ssl.SSLContext, path: str, password: Callable[[], str]) -> None:
        modes.append(Path(path).stat().st_mode & 0o777)
        assert Path(path).parent == folder
        raise ssl.SSLError(1, "no")

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load)
    with pytest.raises(CertificateInvalid, match="TLS refuses"):
        ClientCertificates(lambda: trust(None)).find("ANNA", ANNA.pem, None, NOW)
    assert modes == [0o600]
    assert list(folder.iterdir()) == []


OLD_FORM = AUTHORITY.issue("x", passphrase=PASSPHRASE, form=PrivateFormat.TraditionalOpenSSL)
BAD: list[tuple[str, str | None, str]] = [
    ("", None, "no PEM text"),
    ("hunter2-hunter2", None, "no PEM text"),
    (base64.b64encode(b"\xff\xfe").decode(), None, "no PEM text"),
    (ANNA.pem[:200], None, "no PEM text"),
    (ANNA.certificate, None, "no private key"),
    (ANNA.key, None, "no certificate"),
    (ANNA.pem + BEN.key, None, "2 private keys"),
    (ANNA.certificate + BEN.key, None, "does not belong"),
    (ANNA.key + ANNA.certificate.replace("M", "A"), None, "certificate .* cannot be read"),
    (ANNA.certificate + ANNA.key.replace("M", "A"), None, "private key of MINE cannot be read"),
    (SEALED.pem, None, "is encrypted"),
    (SEALED.pem, "", "is encrypted"),
    (SEALED.pem, "wrong-passphrase", "passphrase does not open"),
    (OLD_FORM.pem, "wrong-passphrase", "passphrase does not open"),
    (
        AUTHORITY.issue("x", ends=dt.datetime(2021, 1, 1, tzinfo=dt.UTC)).pem,
        None,
        "expired on 2021",
    ),
    (
        AUTHORITY.issue("x", begins=dt.datetime(2119, 1, 1, tzinfo=dt.UTC)).pem,
        None,
        "only from 2119",
    ),
]


@pytest.mark.parametrize(("text", "passphrase", "said"), BAD, ids=[said for *_, said in BAD])
def test_what_is_wrong_with_a_certificate_is_said_without_it(
    text: str, passphrase: str | None, said: str
) -> None:
    with pytest.raises(CertificateInvalid, match=said) as caught:
        ClientCertificates(lambda: trust(None)).find("MINE", text, passphrase, NOW)
    error = caught.value
    assert "MINE" in error.message
    assert error.hint
    told = f"{error} {json.dumps(error.to_wire())} {error.__cause__}"
    for secret in [passphrase, text, *text.splitlines()[1:-1]]:
        assert not secret or len(secret) < 8 or secret not in told


@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
def test_one_certificate_is_read_once_and_checked_against_the_clock_each_time(
    form: PrivateFormat,
) -> None:
    made = AUTHORITY.issue("x", passphrase=PASSPHRASE, form=form, ends=NOW)
    known = ClientCertificates(lambda: trust(None))
    first = known.find("MINE", made.pem, PASSPHRASE, NOW)
    assert known.find("MINE", made.pem, PASSPHRASE, NOW) is first
    assert known.find("MINE", ANNA.pem, None, NOW).digest != first.digest
    with pytest.raises(CertificateInvalid, match="expired"):
        known.find("MINE", made.pem, PASSPHRASE, NOW + dt.timedelta(seconds=1))
    # Whoever knows the certificate but not the passphrase does not get it from memory.
    with pytest.raises(CertificateInvalid, match="passphrase"):
        known.find("MINE", made.pem, "wrong-passphrase", NOW)
    assert "BEGIN" not in repr(first)


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("http://localhost/x", {}),
        ("/me", {}),
        ("https://a.example/x", {"certificate": "-----BEGIN"}),
        ("https://a.example/x", {"certificate": None}),
        ("https://a.example/x", {"certificate": {"secret": "lower"}}),
        ("https://a.example/x", {"passphrase": "literal"}),
        ("https://a.example/x", {"profile": "x"}),
    ],
)
def test_a_definition_that_cannot_be_meant_is_refused(url: str, more: dict[str, Any]) -> None:
    good = {"type": "client_certificate", "certificate": {"secret": "MINE"}}
    define("https://a.example/x", authentication=good)
    with pytest.raises(ValidationError):
        define(url, authentication={**good, **more})


def test_the_times_of_the_tests_hold() -> None:
    assert LONG_AGO < NOW < FAR
