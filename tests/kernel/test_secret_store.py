"""The encrypted store of secrets: kept, found, never shown; what was tampered with is told."""

import json
import stat
from pathlib import Path

import pytest

from graphwright.kernel.secret_store import (
    SecretNameInvalid,
    SecretNotStored,
    SecretStore,
    SecretStoreBroken,
    SecretValueInvalid,
)
from graphwright.kernel.settings import SettingMissing, Settings

PLANTED = "planted~secret-value"


def store_in(root: Path, key: str = "keys.json") -> SecretStore:
    return SecretStore(root / ".graphwright" / "secrets.json", root / key)


def test_a_secret_is_kept_encrypted_for_its_owner_only(tmp_path: Path) -> None:
    store_in(tmp_path).put("A_SECRET", PLANTED)
    path = tmp_path / ".graphwright" / "secrets.json"
    assert store_in(tmp_path).find("A_SECRET") == PLANTED
    assert PLANTED not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (path.parent / ".gitignore").read_text() == "*\n"
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(".secrets")] == []


def test_looking_makes_neither_file_nor_key(tmp_path: Path) -> None:
    assert store_in(tmp_path).find("A_SECRET") is None
    assert store_in(tmp_path).names() == []
    assert list(tmp_path.iterdir()) == []


def test_secrets_are_replaced_listed_and_removed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for name, value in (("B", "one"), ("A", "two"), ("B", "three")):
        store.put(name, value)
    assert store.names() == ["A", "B"]
    assert store.find("B") == "three"
    store.remove("B")
    assert store.names() == ["A"]
    with pytest.raises(SecretNotStored):
        store.remove("B")


@pytest.mark.parametrize("name", ["", "a", "1A", "A-B", "A B", "../A", "A\n", "A" * 101, "é"])
def test_bad_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecretNameInvalid):
        store_in(tmp_path).put(name, PLANTED)


BEGIN = "-----BEGIN " + "CERTIFICATE-----"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_pem_text_keeps_its_lines(tmp_path: Path, end: str) -> None:
    value = end.join([BEGIN, *["M" * 64] * 300, "-----END CERTIFICATE-----"])
    store_in(tmp_path).put("A", value)
    assert store_in(tmp_path).find("A") == value


@pytest.mark.parametrize(
    "value",
    ["", "two\nlines", "nul\0", "x" * 10_001, f"{BEGIN}\nnul\0", f"{BEGIN}\n" + "x" * 30_000],
)
def test_bad_values_are_refused_without_a_word_of_them(tmp_path: Path, value: str) -> None:
    with pytest.raises(SecretValueInvalid) as caught:
        store_in(tmp_path).put("A", value)
    assert not value or value not in str(caught.value.to_wire())


def test_a_value_moved_to_another_name_is_told(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.put("A", PLANTED)
    path = tmp_path / ".graphwright" / "secrets.json"
    content = json.loads(path.read_text())
    content["secrets"]["B"] = content["secrets"]["A"]
    path.write_text(json.dumps(content))
    with pytest.raises(SecretStoreBroken, match="B was changed, or belongs to another name"):
        store.find("B")
    assert store.find("A") == PLANTED


@pytest.mark.parametrize("edit", ["!", "AAAA", ""])
def test_a_changed_value_is_told(tmp_path: Path, edit: str) -> None:
    store = store_in(tmp_path)
    store.put("A", PLANTED)
    path = tmp_path / ".graphwright" / "secrets.json"
    content = json.loads(path.read_text())
    content["secrets"]["A"] = content["secrets"]["A"][:-8] + edit
    path.write_text(json.dumps(content))
    with pytest.raises(SecretStoreBroken) as caught:
        store.find("A")
    assert PLANTED not in str(caught.value.to_wire())


def test_another_key_and_a_lost_key_are_told(tmp_path: Path) -> None:
    store_in(tmp_path).put("A", PLANTED)
    with pytest.raises(SecretStoreBroken, match="not there any more"):
        store_in(tmp_path, "other.json").find("A")
    assert not (tmp_path / "other.json").exists()
    SecretStore(tmp_path / "elsewhere" / "secrets.json", tmp_path / "other.json").put("A", "x")
    with pytest.raises(SecretStoreBroken, match="another key"):
        store_in(tmp_path, "other.json").find("A")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"secrets": []}', '{"secrets": {"A": 1}}'])
def test_a_file_that_is_no_store_is_told_and_never_overwritten(tmp_path: Path, text: str) -> None:
    path = tmp_path / ".graphwright" / "secrets.json"
    path.parent.mkdir()
    path.write_text(text)
    store = store_in(tmp_path)
    for act in (lambda: store.find("A"), lambda: store.put("A", "x"), store.names):
        with pytest.raises(SecretStoreBroken):
            act()
    assert path.read_text() == text


def test_environment_and_env_file_win_over_the_store(tmp_path: Path) -> None:
    around = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json")}
    (tmp_path / ".env").write_text("B=of .env\n")
    settings = Settings.read(tmp_path, environment={**around, "A": "of the environment"})
    for name in "ABC":
        settings.secret_store.put(name, "of the store")
    assert [settings.secret(name) for name in "ABC"] == [
        "of the environment",
        "of .env",
        "of the store",
    ]
    assert settings.in_env_file == {"B"}
    assert "of the store" not in repr(settings)
    with pytest.raises(SettingMissing):
        settings.secret("D")
