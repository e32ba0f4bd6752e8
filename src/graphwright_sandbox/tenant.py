"""The shapes that Entra ID and Microsoft Graph of the sandbox share.

This module is the whole contract between the two halves. It must not know how either half
works: no HTTP, no tokens' encoding, no OData.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from graphwright_sandbox.groups import Groups
    from graphwright_sandbox.people import People

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
"""The application id that Microsoft Graph has in every tenant."""

GRAPH_RESOURCE = "https://graph.microsoft.com"
"""The resource that tokens for Microsoft Graph name as their audience."""

GLOBAL_ADMINISTRATOR = "Global Administrator"
DIRECTORY_ROLES = {
    GLOBAL_ADMINISTRATOR: "62e90394-69f5-4237-9190-012177145e10",
    "User Administrator": "fe930be7-5e62-47db-91af-98c3a49a38b1",
    "Groups Administrator": "fdd7a751-b60b-444a-984c-02652fe8fa1c",
    "License Administrator": "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
    "Privileged Role Administrator": "e8611ab8-c189-46e8-94e1-60213ab1f814",
    "Application Administrator": "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
    "Cloud Application Administrator": "158c047a-c907-4556-b7ef-446551a6b5f7",
}
"""The template ids of the directory roles that the sandbox looks at; every tenant has the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the tenant who can sign in. Texts that nobody filled in are empty."""

    id: str
    user_principal_name: str
    display_name: str
    given_name: str
    surname: str
    job_title: str
    department: str
    office_location: str
    mail: str
    """Empty where there is no mailbox."""
    business_phones: tuple[str, ...] = ()
    mobile_phone: str | None = None
    manager_id: str | None = None
    time_zone: str = "UTC"
    """The Windows name of the zone, as mailbox settings give it."""
    iana_time_zone: str = "Etc/UTC"
    preferred_language: str = "en-US"
    account_enabled: bool = True
    city: str = ""
    country: str = ""
    employee_id: str = ""
    created: datetime = datetime(2019, 1, 1, 9, 0, tzinfo=UTC)
    sessions_valid_from: datetime | None = None
    """Sign-ins and refresh tokens from before are void; None where none was revoked."""
    password_hash: str | None = field(default=None, repr=False)
    """As `passwords.hash_password` makes it; None: signs in without a password."""
    profile: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What was written beyond the fields above, by the names Graph gives it."""
    extensions: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)
    """Open extensions, by name."""
    directory_roles: tuple[str, ...] = ()
    """Template ids of the directory roles that the person holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FederatedCredential:
    """Whose assertions an application may show instead of a secret: a workload elsewhere."""

    name: str
    issuer: str
    subject: str
    keys: str = field(repr=False)
    """The issuer's public keys, a JWK Set as JSON text: the sandbox asks no other server."""
    audience: str = "api://AzureADTokenExchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedScope:
    """A delegated permission of an application's own API."""

    name: str
    title: str
    needs_administrator: bool = False


SamlNameId = Literal["emailAddress", "persistent", "unspecified", "transient"]
SamlSigning = Literal["assertion", "response", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlSettings:
    """How an application signs people in by SAML 2.0."""

    entity_ids: tuple[str, ...]
    """What the application calls itself (Issuer); the first where it is not asked."""
    reply_urls: tuple[str, ...]
    """Where answers are posted to; the first unless a request names another."""
    relay_state: str | None = None
    """What is sent along where the sign-on began at the identity provider."""
    logout_url: str | None = None
    name_id: SamlNameId = "emailAddress"
    signing: SamlSigning = "assertion"
    request_certificate: str | None = None
    """PEM. Where it is there, every request has to be signed with its key."""
    encryption_certificate: str | None = None
    """PEM. Where it is there, assertions are encrypted for its key."""
    group_claims: bool = False


SignInAudience = Literal["AzureADMyOrg", "AzureADMultipleOrgs"]
UserConsent = Literal["all", "admin_for_high", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRegistration:
    """An application registered in the tenant, with what it may ask for."""

    app_id: str
    display_name: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    certificates: tuple[str, ...] = ()
    """Public certificates as PEM text; assertions name them by their thumbprints."""
    federated_credentials: tuple[FederatedCredential, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    front_channel_logout_url: str | None = None
    public_client: bool = False
    sign_in_audience: SignInAudience = "AzureADMyOrg"
    identifier_uris: tuple[str, ...] = ()
    """What clients call the application's own API, beside ``api://`` and its id."""
    exposed_scopes: tuple[ExposedScope, ...] = ()
    delegated_permissions: tuple[str, ...] = ()
    """Microsoft Graph scopes by bare name, such as ``Calendars.ReadWrite``; scopes of another
    application's API with its identifier URI, such as ``api://notes/Notes.Read``."""
    application_permissions: tuple[str, ...] = ()
    """Microsoft Graph app roles by bare name, such as ``User.Read.All``."""
    saml: SamlSettings | None = None
    admin_consented: bool = False
    """True where an administrator agreed to every permission listed above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """One organization: its people and groups, and the applications registered there."""

    id: str
    domain: str
    display_name: str
    people: People
    groups: Groups
    app_registrations: tuple[AppRegistration, ...]
    neighbours: tuple[Tenant, ...] = ()
    """Other organizations: their people may sign in where a registration accepts them."""
    password: str | None = field(default=None, repr=False)
    """What everybody has to type at sign-in; None: nobody has a password."""
    user_consent: UserConsent = "all"
    """What people may consent to themselves: everything, what needs no administrator, nothing."""
    single_use_assertions: bool = False
    """A client assertion is good once only; Entra ID takes one until it expires, and MSAL relies
    on that."""
    opaque_access_tokens: bool = False
    """Access tokens for Microsoft Graph say nothing to anybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a request to Microsoft Graph, as its access token proves.

    ``user_id`` is None for the application itself; then ``roles`` say what it may do. Otherwise
    ``scopes`` say what the application may do for that user.
    """

    app_id: str
    tenant_id: str
    user_id: str | None
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @property
    def permissions(self) -> frozenset[str]:
        """What the application may do, for the user where there is one."""
        return self.roles if self.user_id is None else self.scopes


class InvalidAuthenticationToken(Exception):
    """The access token is missing, forged, expired or meant for another audience.

    Microsoft Graph answers it with 401 ``InvalidAuthenticationToken`` and a
    ``WWW-Authenticate`` header. The message never holds the token.
    """

    def __init__(self, message: str, *, claims: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.claims = claims
        """The claims a new token has to meet, as JSON; None where there is no challenge."""
