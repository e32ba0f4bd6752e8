"""Settings of one application: the environment, then `.env`, then (secrets only) the secret store.

Knows where things lie on this machine; nothing of what they are for.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_config_path

from graphwright.kernel.errors import InvalidInput, Place
from graphwright.kernel.secret_store import SECRET_FILE, SecretStore

_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}")
_SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|DATABASE_URL")
_LOOPBACK = re.compile(r"127(\.\d{1,3}){3}", re.ASCII)
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")


class SettingMissing(InvalidInput):
    """A setting or secret that the application needs is set nowhere."""

    code = "settingMissing"


class SecretRead(InvalidInput):
    """A model reads a secret as if it were a setting: it would be shown."""

    code = "secretRead"


@dataclass(frozen=True)
class Settings:
    """Where the application's folder, data and key lie, and the values of its environment."""

    root: Path
    values: Mapping[str, str] = field(repr=False)
    data: Path
    database_url: str | None = field(repr=False)
    key_file: Path
    base_url: str
    find_secret: Callable[[str], str | None] = field(default=lambda name: None, repr=False)
    in_env_file: frozenset[str] = frozenset()
    """The names of the values that come from `.env`."""

    @classmethod
    def read(
        cls,
        root: Path,
        *,
        data: Path | None = None,
        base_url: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> "Settings":
        """The settings of the application in `root`; arguments win over the environment and `.env`."""
        env_file = read_env_file(root / ".env")
        around = os.environ if environment is None else environment
        values = {**env_file, **around}
        named = values.get("GRAPHWRIGHT_KEY_FILE")
        key_file = Path(named) if named else user_config_path("graphwright") / "keys.json"
        return cls(
            root=root,
            values=values,
            data=data or Path(values.get("GRAPHWRIGHT_DATA") or root / ".graphwright"),
            database_url=values.get("GRAPHWRIGHT_DATABASE_URL") or None,
            key_file=key_file,
            base_url=_check_base_url(
                base_url or values.get("GRAPHWRIGHT_BASE_URL") or "http://localhost:8080"
            ),
            find_secret=SecretStore(root / ".graphwright" / SECRET_FILE, key_file).find,
            in_env_file=frozenset(env_file.keys() - around.keys()),
        )

    @property
    def secret_store(self) -> SecretStore:
        """The application's secret store."""
        return SecretStore(self.root / ".graphwright" / SECRET_FILE, self.key_file)

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a setting, or the default."""
        return self.values.get(name, default)

    def interpolate(self, text: str, place: Place | None = None, *, partly: bool = False) -> str:
        """The text with `${NAME}` and `${NAME:-default}` replaced; `SettingMissing` without value.

        `partly`: what has no value stays as it is.

        What it gives is shown to people, so a name that is a secret's raises `SecretRead`.
        """

        def value_of(match: re.Match[str]) -> str:
            name, default = match.group(1), match.group(2)
            if is_secret_name(name):
                raise SecretRead(
                    f"{name} is the name of a secret, which cannot be read as a setting.",
                    hint="Secrets are named as {secret: NAME}. A setting gets another name.",
                    place=place,
                    setting=name,
                )
            value = self.values.get(name) or default
            if value is None and partly:
                return match.group(0)
            if value is None:
                raise SettingMissing(
                    f"The setting {name} is not set.",
                    hint=f"Set {name} in the environment or in {self.root / '.env'}.",
                    place=place,
                    setting=name,
                )
            return value

        return _REFERENCE.sub(value_of, text)

    def secret(self, name: str, place: Place | None = None) -> str:
        """The secret of that name: environment, `.env`, secret store; else `SettingMissing`."""
        value = self.values.get(name) or self.find_secret(name)
        if not value:
            raise SettingMissing(
                f"The secret {name} is not set.",
                hint=f"Set {name} in the environment or in {self.root / '.env'}, or store it: "
                f"`graphwright secrets set {self.root} {name}`.",
                place=place,
                setting=name,
            )
        return value


def setting_names(text: str) -> list[str]:
    """The names of the settings without default that a text needs."""
    return [m.group(1) for m in _REFERENCE.finditer(text) if m.group(2) is None]


def is_secret_name(name: str) -> bool:
    """Whether a value of that name gives access to something."""
    return _SECRET_NAME.search(name) is not None


def all_setting_names(text: str) -> list[str]:
    """The names of all settings that a text reads."""
    return [match.group(1) for match in _REFERENCE.finditer(text)]


def without_settings(text: str) -> str:
    """The text as the model alone says it: each `${NAME}` is its default, or nothing."""
    return _REFERENCE.sub(lambda match: match.group(2) or "", text)


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of an env file; quotes around a value are taken off; {} without file."""
    if not path.is_file():
        return {}
    values = {}
    for line in path.read_text("utf-8").splitlines():
        match = _LINE.match(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        value = match.group(2)
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[match.group(1)] = value
    return values


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address means this machine."""
    return host in ("localhost", "::1") or bool(_LOOPBACK.fullmatch(host or ""))


def _check_base_url(url: str) -> str:
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise InvalidInput(
            f"{url!r} is not a base URL.",
            hint="It looks like https://apps.example.com, without a path.",
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise InvalidInput(
            "The base URL must be https unless it is on this machine.",
            hint="Set GRAPHWRIGHT_BASE_URL to the https address that users open.",
        )
    return url.rstrip("/")
