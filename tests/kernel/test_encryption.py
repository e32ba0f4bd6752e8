"""Encryption at rest: what another key, another row or an edit does to a blob."""

import json
import stat
from pathlib import Path

import pytest

from graphwright.kernel.encryption import Keyring, Tampered, WrongKey


def test_a_blob_opens_only_where_it_belongs(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys.json")
    blob = keyring.encrypt(b"token", "anna|graph-user")
    assert keyring.decrypt(blob, "anna|graph-user") == b"token"
    with pytest.raises(Tampered):
        keyring.decrypt(blob, "boris|graph-user")


@pytest.mark.parametrize("position", [4, 10, 16, -1])
def test_an_edited_blob_is_detected(position: int) -> None:
    keyring = Keyring.generate()
    blob = bytearray(keyring.encrypt(b"token", "anna"))
    blob[position] ^= 1
    with pytest.raises(Tampered):
        keyring.decrypt(bytes(blob), "anna")


@pytest.mark.parametrize("length", [0, 3, 4, 15, 20])
def test_a_cut_blob_is_refused(length: int) -> None:
    keyring = Keyring.generate()
    with pytest.raises((Tampered, WrongKey)):
        keyring.decrypt(keyring.encrypt(b"token", "anna")[:length], "anna")


def test_another_key_file_says_which_one_is_in_use(tmp_path: Path) -> None:
    blob = Keyring.open(tmp_path / "one.json").encrypt(b"token", "anna")
    with pytest.raises(WrongKey) as caught:
        Keyring.open(tmp_path / "two.json").decrypt(blob, "anna")
    assert "two.json" in caught.value.hint


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "keys.json"
    Keyring.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_keyring_opens_what_it_wrote_before(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    blob = Keyring.open(path).encrypt(b"token", "anna")
    assert Keyring.open(path).decrypt(blob, "anna") == b"token"


def test_an_older_key_still_opens_what_it_closed(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    blob = Keyring.open(path).encrypt(b"token", "anna")
    newer = tmp_path / "newer.json"
    Keyring.open(newer)
    both = [*json.loads(newer.read_text())["keys"], *json.loads(path.read_text())["keys"]]
    newer.write_text(json.dumps({"keys": both}))
    assert Keyring.open(newer).decrypt(blob, "anna") == b"token"


@pytest.mark.parametrize("content", ["", "{}", '{"keys": []}', '{"keys": [{"id": "zz"}]}', "[]"])
def test_a_file_that_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(WrongKey):
        Keyring.open(path)
