"""The definition of a profile that signs in with Microsoft Entra ID by OAuth 2.0."""

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, Self
from urllib.parse import quote

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from graphwright.kernel.clouds import CLOUDS
from graphwright.kernel.errors import Place
from graphwright.profiles.definition import (
    BaseUrl,
    Profile,
    Registration,
    SecretReference,
    authority_of,
    has_setting,
)
from graphwright.profiles.errors import ProfileInvalid
from graphwright.profiles.tokens import Flavour

_TENANT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]*$")
_GUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_SCOPE = re.compile(r"^[\x21\x23-\x5b\x5d-\x7e]+$")  # scope-token of RFC 6749, section 3.3
MULTI_TENANT = frozenset({"common", "organizations", "consumers"})
# MSAL adds these itself and refuses to be given them.
RESERVED_SCOPES = frozenset({"openid", "profile", "offline_access"})


class Config(Profile):
    """Sign in with Microsoft Entra ID and call Microsoft Graph, as a user or as the application."""

    default_settings: ClassVar[Mapping[str, str]] = {
        "authority": "GRAPHWRIGHT_AUTHORITY",
        "graph": "GRAPHWRIGHT_GRAPH",
        "transfers": "GRAPHWRIGHT_TRANSFERS",
        "ca_file": "GRAPHWRIGHT_CA_FILE",
    }

    type: Literal["oauth2_entra"] = Field(description="OAuth 2.0 with Microsoft Entra ID.")
    grant_type: Literal["authorization_code", "client_credentials"] = Field(
        description="`authorization_code`: requests are sent as the signed-in user; "
        "`client_credentials`: as the application itself."
    )
    tenant: str = Field(
        min_length=1,
        description="The directory: its id or a domain of it; for users of any tenant "
        "`organizations` or `common`.",
    )
    cloud: Literal["global", "usgov", "usgov_dod", "china"] = Field(
        default="global", description="Which of Microsoft's clouds the tenant is in."
    )
    authority: BaseUrl = Field(
        default="",
        description="Own base URL to sign in at; absent: the setting GRAPHWRIGHT_AUTHORITY, else the "
        "cloud's.",
    )
    graph: BaseUrl = Field(
        default="",
        description="Own base URL of Microsoft Graph; absent: the setting GRAPHWRIGHT_GRAPH, else "
        "the cloud's.",
    )
    transfers: BaseUrl = Field(
        default="",
        description="Own base URL of pre-authenticated downloads and uploads, which get no token; "
        "absent: the setting GRAPHWRIGHT_TRANSFERS, else only the cloud's hosts.",
    )
    client_id: str = Field(
        min_length=1, description="Application (client) id of the app registration."
    )
    client_secret: SecretReference | None = Field(
        default=None,
        description="Name of the client secret, as {secret: NAME}; absent for a public client.",
    )
    scopes: list[str] = Field(
        default_factory=list,
        description="Delegated permissions to ask the user for, such as Calendars.ReadWrite. The "
        "application flavour has none: it gets those an administrator granted.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not has_setting(self.tenant) and not _TENANT.fullmatch(self.tenant):
            raise PydanticCustomError("tenant", "the tenant is an id (GUID) or a domain name", {})
        for scope in self.scopes:
            if not has_setting(scope) and not _SCOPE.fullmatch(scope):
                raise PydanticCustomError(
                    "scope", "{scope} is no scope: one permission an entry", {"scope": repr(scope)}
                )
        if self.grant_type == "client_credentials":
            self._check_application()
        return self

    def _check_application(self) -> None:
        if self.client_secret is None:
            raise PydanticCustomError(
                "secret_missing",
                "client_credentials needs a client_secret: write {secret: NAME}",
                {},
            )
        if self.scopes:
            raise PydanticCustomError(
                "scopes",
                "client_credentials has no scopes: an administrator grants application permissions",
                {},
            )
        if self.tenant.lower() in MULTI_TENANT:
            raise PydanticCustomError(
                "tenant", "client_credentials needs the id or a domain of one tenant", {}
            )

    def named_urls(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Further hosts, and the own authority and Graph."""
        own = [(("authority",), self.authority), (("graph",), self.graph)]
        return [*super().named_urls(), *own]

    @classmethod
    def usual_hosts(cls) -> frozenset[str]:
        """Those of Microsoft's clouds."""
        return frozenset(
            authority_of(url) for cloud in CLOUDS.values() for url in (cloud.authority, cloud.graph)
        )

    def check_resolved(self) -> Self:
        """Raises `ProfileInvalid` where the authority is not https."""
        if not self.authority_url.startswith("https://"):
            raise ProfileInvalid("The authority must be https.", place=Place(field="authority"))
        return self

    @property
    def flavour(self) -> Flavour:
        """A user by authorization_code, the application by client_credentials."""
        return "user" if self.grant_type == "authorization_code" else "application"

    @property
    def authority_url(self) -> str:
        """Base URL of the authority, without tenant."""
        return self.authority or CLOUDS[self.cloud].authority

    @property
    def api_base_url(self) -> str:
        """Base URL of Microsoft Graph, without version."""
        return self.graph or CLOUDS[self.cloud].graph

    @property
    def resource(self) -> str:
        """The resource that tokens are for: the cloud's Graph, also where its URL is overridden."""
        return CLOUDS[self.cloud].graph

    @property
    def default_transfer_hosts(self) -> frozenset[str]:
        """The hosts of the cloud's files; those of an own Graph and own transfers as well."""
        own = [authority_of(url) for url in (self.graph, self.transfers) if url]
        return CLOUDS[self.cloud].transfer_hosts | frozenset(own)

    @property
    def is_multi_tenant(self) -> bool:
        """Whether users of several tenants may sign in."""
        return self.tenant.lower() in MULTI_TENANT

    @property
    def tenant_id(self) -> str | None:
        """The tenant's id, where the definition names it by id."""
        return self.tenant.lower() if _GUID.fullmatch(self.tenant) else None

    def registration(self) -> Registration:
        """The app registration, and where an administrator consents to all of its permissions."""
        tenant = "organizations" if self.tenant.lower() == "common" else self.tenant
        client_id = quote(self.client_id, safe="")
        return Registration(
            tenant=self.tenant,
            client_id=self.client_id,
            scopes=tuple(self.scopes),
            admin_consent_url=f"{self.authority_url}/{tenant}/adminconsent?client_id={client_id}",
        )

    def requested_scopes(self) -> list[str]:
        """The scopes to ask for, without those that go without saying.

        A scope without resource means the global Graph; elsewhere it must name the cloud's.
        """
        if self.flavour == "application":
            return [f"{self.resource}/.default"]
        short = [s for s in self.scopes if s not in RESERVED_SCOPES] or ["User.Read"]
        if self.cloud == "global":
            return short
        return [s if "://" in s or s == "email" else f"{self.resource}/{s}" for s in short]
