"""Settings: where values come from, and what is said where one is missing."""

from pathlib import Path

import pytest

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.settings import SecretRead, SettingMissing, Settings, setting_names


def test_the_environment_wins_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('# note\nexport A="from file"\nB = kept\nC=\n')
    settings = Settings.read(tmp_path, environment={"A": "from environment"})
    assert (settings.get("A"), settings.get("B"), settings.get("C")) == (
        "from environment",
        "kept",
        "",
    )


def test_settings_are_filled_into_text(tmp_path: Path) -> None:
    settings = Settings.read(tmp_path, environment={"HOST": "graph"})
    assert settings.interpolate("https://${HOST}/${PATH_:-v1.0}") == "https://graph/v1.0"
    with pytest.raises(SettingMissing, match="MISSING"):
        settings.interpolate("${MISSING}")


def test_a_missing_secret_names_itself_and_the_places_it_may_stand(tmp_path: Path) -> None:
    with pytest.raises(SettingMissing) as caught:
        Settings.read(tmp_path, environment={}).secret("MY_SECRET")
    assert "MY_SECRET" in caught.value.hint
    assert ".env" in caught.value.hint


def test_secrets_do_not_show_in_the_representation(tmp_path: Path) -> None:
    settings = Settings.read(tmp_path, environment={"MY_SECRET": "planted-secret"})
    assert settings.secret("MY_SECRET") == "planted-secret"
    assert "planted-secret" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "https://",
        "http://example.com",
        "https://x/?a=1",
        "https://x/apps",
        "javascript:alert(1)",
    ],
)
def test_a_base_url_that_browsers_must_not_open_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidInput):
        Settings.read(tmp_path, base_url=url, environment={})


def test_names_of_needed_settings_are_those_without_default() -> None:
    assert setting_names("${A}/${B:-x}/${C}") == ["A", "C"]


@pytest.mark.parametrize("name", ["MY_CLIENT_SECRET", "DB_PASSWORD", "GITHUB_TOKEN", "X_API_KEY"])
def test_a_secret_is_not_read_as_a_setting(tmp_path: Path, name: str) -> None:
    settings = Settings.read(tmp_path, environment={name: "planted-value", "TENANT": "contoso"})
    assert settings.interpolate("${TENANT}") == "contoso"
    for text in (f"${{{name}}}", f"x${{{name}:-}}"):
        with pytest.raises(SecretRead) as caught:
            settings.interpolate(text)
        assert "planted-value" not in str(caught.value.to_wire())
