"""The definition of an authorization profile: the base of every kind, and how it is resolved.

Knows no protocol: a kind's `config.py` says the rest.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from graphwright.kernel.errors import GraphwrightError, InvalidInput, Place
from graphwright.kernel.registry import Registry
from graphwright.kernel.settings import Settings, is_loopback, setting_names
from graphwright.profiles.errors import ProfileInvalid
from graphwright.profiles.tokens import Flavour

PROFILE_KINDS = Registry("graphwright.profiles.kinds", "graphwright.profile_kinds")

_SETTING_NAME = r"^[A-Z][A-Z0-9_]*$"
_HOST = re.compile(
    r"^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$"
)
AnyProfile = TypeVar("AnyProfile", bound="Profile")


def has_setting(text: str) -> bool:
    """Whether the text still holds a `${NAME}`."""
    return "${" in text


def _check_host(value: str) -> str:
    if has_setting(value):
        return value
    host = value.lower()
    if not _HOST.fullmatch(host):
        raise PydanticCustomError(
            "host",
            "{value} is no host name: write graph.microsoft.com, without scheme and path",
            {"value": repr(value)},
        )
    return host


def _check_plain_host(value: str) -> str:
    if value.startswith("*"):
        raise PydanticCustomError(
            "host", "a token goes to named hosts only: write the host name in full", {}
        )
    return _check_host(value)


def _check_base_url(value: str) -> str:
    if not value or has_setting(value):
        return value
    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username is not None:
        raise PydanticCustomError(
            "base_url", "{value} is no base URL such as https://example.com", {"value": repr(value)}
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise PydanticCustomError("base_url", "only https URLs receive tokens", {})
    return value.rstrip("/")


Host = Annotated[str, AfterValidator(_check_plain_host)]
HostPattern = Annotated[str, AfterValidator(_check_host)]
BaseUrl = Annotated[str, AfterValidator(_check_base_url)]


class _LiteralSecret:
    """Stands for a secret found in a model, so that no error shows its value."""

    def __repr__(self) -> str:
        return "(a literal secret)"


class SecretReference(BaseModel):
    """The name of a secret. Its value is looked up in the environment, `.env`, the secret store."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: str = Field(
        pattern=_SETTING_NAME, description="Name of the secret, such as MY_APP_CLIENT_SECRET."
    )

    @model_validator(mode="before")
    @classmethod
    def _refuse_literal(cls, value: Any) -> Any:
        if isinstance(value, _LiteralSecret):
            raise PydanticCustomError(
                "literal_secret",
                "a secret never stands in the model: write {secret: NAME} and set NAME in the "
                "environment or in .env",
                {},
            )
        return value


@dataclass(frozen=True, slots=True)
class Registration:
    """What a profile's application is registered as at its authorization server."""

    tenant: str
    client_id: str
    scopes: tuple[str, ...]
    admin_consent_url: str | None


class Profile(BaseModel):
    """What every kind of authorization profile has."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    # The settings that stand for fields which the model leaves out, by field.
    default_settings: ClassVar[Mapping[str, str]] = {}

    type: str = Field(description="The kind of profile.")
    title: str = Field(default="", description="What people see, such as `Microsoft 365 (you)`.")
    description: str = Field(default="", description="What the profile is for.")
    grant_type: str = Field(default="", description="How tokens are got; empty: by none.")
    ca_file: str = Field(
        default="",
        description="A file with a further certificate authority to trust (PEM), relative to the "
        "application's folder; absent: the setting GRAPHWRIGHT_CA_FILE, if any.",
    )
    extra_hosts: list[Host] = Field(
        default_factory=list,
        description="Further hosts that may receive this profile's tokens; every one of them can "
        "act as the user.",
    )
    extra_transfer_hosts: list[HostPattern] = Field(
        default_factory=list,
        description="Further hosts of pre-authenticated downloads and uploads, which get no token; "
        "`*.` stands for any name before.",
    )

    @model_validator(mode="before")
    @classmethod
    def _hide_literal_secrets(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            key: _LiteralSecret() if _is_secret_field(key) and isinstance(item, str) else item
            for key, item in value.items()
        }

    @property
    @abstractmethod
    def flavour(self) -> Flavour:
        """Whether requests are sent as a user or as the application."""

    @property
    @abstractmethod
    def api_base_url(self) -> str:
        """Base URL of the API that the tokens are for, without version."""

    @property
    @abstractmethod
    def default_transfer_hosts(self) -> frozenset[str]:
        """Hosts of the API's own pre-authenticated downloads and uploads."""

    def hosts(self) -> frozenset[str]:
        """The only hosts that may get a token: `name`, or `name:port` where it is not 443."""
        return frozenset([authority_of(self.api_base_url), *self.extra_hosts])

    @property
    def transfer_hosts(self) -> frozenset[str]:
        """Hosts (`name`, `*.name`, `name:port`) of transfers without a token."""
        return self.default_transfer_hosts | frozenset(self.extra_transfer_hosts)

    def base_url(self, api: Literal["v1.0", "beta"] = "v1.0") -> str:
        """Base URL of a version of the API."""
        return f"{self.api_base_url}/{api}"

    @abstractmethod
    def registration(self) -> Registration:
        """What an administrator has to know of the profile."""

    @property
    def application(self) -> str:
        """The app registration at its API, without the tenant, which profiles may name differently."""
        return f"{authority_of(self.api_base_url)} {self.registration().client_id.lower()}"

    def secret_names(self) -> list[str]:
        """The secrets that the profile needs."""
        return sorted(value.secret for _, value in self if isinstance(value, SecretReference))

    def setting_names(self) -> list[str]:
        """The settings without a default that the profile reads, and that are not filled in."""
        return sorted({name for text in _texts(self.model_dump()) for name in setting_names(text)})

    def named_urls(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Where the model itself says that tokens or secrets go, each with its place in it."""
        return [(("extra_hosts", n), f"https://{h}") for n, h in enumerate(self.extra_hosts)]

    @classmethod
    def usual_hosts(cls) -> frozenset[str]:
        """The hosts that this kind's tokens and secrets go to without being told."""
        return frozenset()

    def check_resolved(self) -> Self:
        """Raises `ProfileInvalid` for what shows only once the settings are filled in."""
        return self


def authority_of(url: str) -> str:
    """The `host` or `host:port` of a URL, lower case, without the scheme's own port."""
    if has_setting(url):
        raise InvalidInput("The profile's settings are not filled in yet.")
    parts = urlsplit(url)
    own_port = {"https": 443, "http": 80}.get(parts.scheme)
    host = parts.hostname or ""
    return host if parts.port in (None, own_port) else f"{host}:{parts.port}"


def profile_model(kind: str) -> type[Profile]:
    """The model of a kind of profile; `NotFound` naming the nearest kinds."""
    model: type[Profile] = PROFILE_KINDS.kind(kind).config
    return model


def resolve(name: str, definition: AnyProfile, settings: Settings) -> AnyProfile:
    """The definition with its settings filled in; the definition itself keeps the model's text.

    Raises `SettingMissing` naming file and field, `ProfileInvalid` for a value that cannot be.
    """
    resolved = _fill_in(name, definition, settings, partly=False)
    try:
        return resolved.check_resolved()
    except GraphwrightError as error:
        error.place = Place(
            file=f"profiles/{name}.yaml", field=error.place.field if error.place else None
        )
        raise


def resolve_partly(name: str, definition: AnyProfile, settings: Settings) -> AnyProfile:
    """The definition with those settings filled in that are set; the others stay as `${NAME}`.

    It can be looked at, not signed in with. Raises `ProfileInvalid` for a value that cannot be.
    """
    return _fill_in(name, definition, settings, partly=True)


def _fill_in(name: str, definition: AnyProfile, settings: Settings, *, partly: bool) -> AnyProfile:
    file = f"profiles/{name}.yaml"

    def interpolate(text: str, path: tuple[str | int, ...]) -> str:
        return settings.interpolate(text, Place(file=file, field=_dotted(path)), partly=partly)

    values = _map_texts(definition.model_dump(exclude_unset=True), interpolate, ())
    defaults = {
        field: setting
        for field, setting in definition.default_settings.items()
        if field not in values and settings.get(setting)
    }
    values |= {field: settings.get(setting) for field, setting in defaults.items()}
    if values.get("ca_file"):
        values["ca_file"] = str(settings.root / Path(values["ca_file"]))
    try:
        return type(definition).model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        setting = defaults.get(str(first["loc"][0])) if first["loc"] else None
        raise ProfileInvalid(
            f"The profile {name} cannot be used: {first['msg']}.",
            hint=f"Look at the setting {setting}." if setting else "",
            place=Place(file=file, field=_dotted(first["loc"])),
        ) from None


def _map_texts(
    value: Any, change: Callable[[str, tuple[str | int, ...]], str], path: tuple[str | int, ...]
) -> Any:
    if isinstance(value, str):
        return change(value, path)
    if isinstance(value, dict):
        return {k: _map_texts(v, change, (*path, k)) for k, v in value.items()}
    if isinstance(value, list):
        return [_map_texts(v, change, (*path, i)) for i, v in enumerate(value)]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _dotted(path: Iterable[str | int]) -> str:
    return ".".join(str(part) for part in path)


def _is_secret_field(key: Any) -> bool:
    return isinstance(key, str) and key.endswith(("secret", "password", "private_key"))
