"""What requests need of the parts around them, as shapes: profiles, tokens, settings."""

from collections.abc import Collection
from typing import Any, Protocol


class TokenShape(Protocol):
    """An access token."""

    @property
    def value(self) -> str:
        """The token itself."""
        ...


class ProfileShape(Protocol):
    """An authorization profile, as far as requests need it."""

    @property
    def flavour(self) -> Any:
        """`user` or `application`."""
        ...

    @property
    def transfer_hosts(self) -> Collection[str]:
        """Hosts that pre-authenticated downloads may lead to: `host`, `host:port`, `*.suffix`."""
        ...

    @property
    def ca_file(self) -> Any:
        """A file with certificates to trust besides the usual ones, or None."""
        ...

    @property
    def application(self) -> str:
        """The app registration, by which the service counts: the same for all profiles of it."""
        ...

    def hosts(self) -> Collection[str]:
        """The hosts its tokens may go to: `host`, or `host:port` where the port is not 443."""
        ...

    def base_url(self, api: Any) -> str:
        """The base URL of Graph in that version, such as https://graph.microsoft.com/v1.0."""
        ...


class ProfilesShape(Protocol):
    """The definitions of the profiles: all that building a call needs."""

    def definition(self, name: str) -> ProfileShape:
        """The profile of that name."""
        ...


class TokenSource(ProfilesShape, Protocol):
    """The running profiles: definitions and tokens."""

    async def access_token(
        self,
        name: str,
        principal_id: str | None,
        *,
        account: str | None = None,
        refresh: bool = False,
        claims: str | None = None,
    ) -> TokenShape:
        """A token of the profile for the principal; `refresh`: a fresh one."""
        ...


class SettingsShape(Protocol):
    """The settings of the application."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """The value of a setting."""
        ...

    def secret(self, name: str) -> str:
        """The secret of that name, or an error that says where to set it."""
        ...
